//! One pass: everything that is due, all hosts at once, each address durable before it counts.
//!
//! One loop owns the queues, one per host, and lets at most one visit of a host run, so a slow host
//! holds up nobody else; what is most likely new or changed is asked for first. A visit ends in one transaction of the store; a pass killed anywhere is
//! repeated from what the store knows. A crawl that goes on is a pass that looks again and again for what became due.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::MissedTickBehavior;

use super::archive::{Archive, ArchiveError};
use super::courier::Courier;
use super::discover::variants::Variants;
use super::fetch::{ClientError, Fetcher};
use super::frontier::Rank;
use super::{Clock, frontier, recovery};
use crate::config::{Config, SourceConfig};
use crate::model::{FetchOutcome, FrontierEntry, HostRecord, Rhythm, SourceId, Wall};
use crate::store::{Store, StoreError};

mod visit;

use visit::{Visit, Visitor};

/// Warnings kept for one source; more of the same kind help nobody.
const MAX_WARNINGS: usize = 50;
/// How often a crawl that goes on looks for what has become due.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The same while addresses still wait: each look reads all that is due.
const LOOK_AGAIN_BUSY: TimeDelta = TimeDelta::seconds(30);
/// How far clocks go apart before one is wrong.
const CLOCK_SLACK: TimeDelta = TimeDelta::hours(1);
/// Newest fetches of a source that are looked at for a clock that was ahead.
const LOG_LOOKED_AT: usize = 100;
/// How long a crawl that goes on forgets a host that is left alone.
const PUT_OFF_FOR: TimeDelta = TimeDelta::minutes(1);

/// Why a pass had to stop.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// Captures cannot be kept.
    #[error("captures cannot be kept")]
    Archive(#[from] ArchiveError),
    /// The store refused.
    #[error("the store refused")]
    Store(#[from] StoreError),
    /// The network cannot be used at all.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The source asked for is not configured or not enabled.
    #[error("no enabled source `{0}` in {1}")]
    UnknownSource(SourceId, PathBuf),
    /// A visit ended in a panic: a mistake of the program.
    #[error("a visit ended unexpectedly")]
    Visit(#[source] JoinError),
}

/// What a pass covers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Sources; all enabled ones when empty.
    pub sources: Vec<SourceId>,
    /// Whether everything known is fetched again, due or not.
    pub is_all: bool,
    /// How little of each source is enough; `None` for all of it.
    pub sample: Option<Sample>,
}

/// How much of each source a sample takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Feeds, sitemaps, listings and lists read.
    pub offers: usize,
    /// Publications and files fetched.
    pub pages: usize,
}

/// One finished visit, for progress.
#[derive(Debug, Clone)]
pub struct Event {
    /// Source.
    pub source: SourceId,
    /// Address.
    pub url: String,
    /// What it came to; `None` when the host is left alone for now.
    pub outcome: Option<FetchOutcome>,
    /// Whether it is now known that the page is gone: confirmed over time, or said by the server for good.
    pub is_gone: bool,
    /// Addresses it led to that were not known.
    pub n_new: usize,
    /// Visits done in this pass.
    pub n_done: usize,
    /// Addresses still waiting in this pass.
    pub n_left: usize,
}

/// Hears of every finished visit.
pub trait Progress: Send + Sync {
    /// A visit has ended.
    fn visited(&self, event: &Event);
}

/// Nobody listens.
impl Progress for () {
    fn visited(&self, _event: &Event) {}
}

/// What a pass did, by source.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Sources of the pass.
    pub sources: BTreeMap<SourceId, SourceReport>,
    /// Whether it was stopped before its end.
    pub is_stopped: bool,
}

/// What a pass did for one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct SourceReport {
    /// Publications and files captured.
    pub n_captured: usize,
    /// Addresses that stand unchanged.
    pub n_not_modified: usize,
    /// Feeds, sitemaps, listings and lists read.
    pub n_discoveries: usize,
    /// Addresses that were not known before.
    pub n_new: usize,
    /// Addresses put off because their host is left alone for now.
    pub n_put_off: usize,
    /// Failures by the name of their outcome.
    pub failures: BTreeMap<String, usize>,
    /// What a person should know, each naming its address.
    pub warnings: Vec<String>,
}

/// Crawls one data folder; holds what is remembered between passes: hosts, robots rules, the open archive.
pub struct Crawler {
    config: Arc<Config>,
    store: Arc<dyn Store>,
    archive: Arc<Archive>,
    courier: Arc<Courier>,
    variants: Arc<Mutex<Variants>>,
    clock: Clock,
}

impl Crawler {
    /// Opens the folder of captures, mending what a killed crawl left behind.
    ///
    /// # Errors
    /// When another crawl writes there, or disk, store or network cannot be used.
    pub fn open(
        config: Arc<Config>,
        store: Arc<dyn Store>,
        captures: &Path,
        clock: Clock,
    ) -> Result<Crawler, CrawlError> {
        let archive = recovery::open(captures, &config, &*store)?;
        let courier = Courier::new(Fetcher::new()?, clock.clone());
        Ok(Crawler {
            config,
            store,
            archive: Arc::new(archive),
            courier: Arc::new(courier),
            variants: Arc::default(),
            clock,
        })
    }

    /// Visits what a selection covers until nothing is due or `stop` turns true.
    ///
    /// # Errors
    /// When store or archive fail; whatever a site does is in the report instead.
    pub async fn pass(
        &self,
        selection: &Selection,
        progress: &dyn Progress,
        stop: watch::Receiver<bool>,
    ) -> Result<Report, CrawlError> {
        let sources = self.chosen(selection)?;
        let mut run = Run::new(self, sources, selection);
        run.seed()?;
        run.take_due().await?;
        let ended = run.until_done(progress, stop).await;
        self.archive.close()?;
        ended?;
        Ok(run.report)
    }

    /// Visits what is due, and then what becomes due, until `stop` turns true.
    ///
    /// # Errors
    /// As [`Crawler::pass`].
    pub async fn follow(
        &self,
        progress: &dyn Progress,
        stop: watch::Receiver<bool>,
    ) -> Result<Report, CrawlError> {
        let everything = Selection::default();
        let mut run = Run::new(self, self.chosen(&everything)?, &everything);
        run.goes_on = true;
        run.seed()?;
        let ended = run.until_stopped(progress, stop).await;
        self.archive.close()?;
        ended?;
        Ok(run.report)
    }

    fn chosen(
        &self,
        selection: &Selection,
    ) -> Result<BTreeMap<SourceId, Arc<SourceConfig>>, CrawlError> {
        let enabled: BTreeMap<SourceId, Arc<SourceConfig>> = self
            .config
            .enabled()
            .map(|source| (source.source.id.clone(), Arc::new(source.clone())))
            .collect();
        if selection.sources.is_empty() {
            return Ok(enabled);
        }
        let find = |id: &SourceId| match enabled.get(id) {
            Some(source) => Ok((id.clone(), Arc::clone(source))),
            None => Err(CrawlError::UnknownSource(
                id.clone(),
                self.config.path.clone(),
            )),
        };
        selection.sources.iter().map(find).collect()
    }
}

/// The state of one pass.
struct Run<'c> {
    crawler: &'c Crawler,
    sources: BTreeMap<SourceId, Arc<SourceConfig>>,
    is_all: bool,
    /// Whether addresses are visited again when they become due again.
    goes_on: bool,
    sample: Option<Sample>,
    /// Where discovery starts: offers that the configuration names now.
    seeds: BTreeSet<(SourceId, String)>,
    /// Hosts that are left alone, and until when they are not looked at.
    resting: BTreeMap<String, DateTime<Utc>>,
    /// When it was last looked at what is due.
    looked_at: DateTime<Utc>,
    /// Offers and publications taken of each source, for a sample.
    taken: BTreeMap<(SourceId, bool), usize>,
    /// Addresses that are or were in a queue of this pass.
    seen: BTreeSet<(SourceId, String)>,
    /// What waits, by host.
    queues: BTreeMap<String, BTreeMap<Rank, FrontierEntry>>,
    /// How sources publish and change, as known when it was last looked at what is due.
    rhythms: BTreeMap<SourceId, Rhythm>,
    /// Hosts with a visit under way.
    busy: BTreeSet<String>,
    n_left: usize,
    n_done: usize,
    report: Report,
}

impl<'c> Run<'c> {
    fn new(
        crawler: &'c Crawler,
        sources: BTreeMap<SourceId, Arc<SourceConfig>>,
        selection: &Selection,
    ) -> Run<'c> {
        let reports = sources
            .keys()
            .map(|id| (id.clone(), SourceReport::default()));
        Run {
            crawler,
            report: Report {
                sources: reports.collect(),
                is_stopped: false,
            },
            sources,
            is_all: selection.is_all,
            goes_on: false,
            sample: selection.sample,
            seeds: BTreeSet::new(),
            resting: BTreeMap::new(),
            looked_at: DateTime::UNIX_EPOCH,
            taken: BTreeMap::new(),
            seen: BTreeSet::new(),
            queues: BTreeMap::new(),
            rhythms: BTreeMap::new(),
            busy: BTreeSet::new(),
            n_left: 0,
            n_done: 0,
        }
    }

    /// Makes known where discovery starts.
    fn seed(&mut self) -> Result<(), CrawlError> {
        let now = self.crawler.clock.now();
        let seeds: Vec<FrontierEntry> = self
            .sources
            .values()
            .flat_map(|source| frontier::seeds(source, now))
            .collect();
        self.crawler.store.discover(&seeds)?;
        self.seeds = seeds
            .into_iter()
            .map(|entry| (entry.source, entry.url))
            .collect();
        Ok(())
    }

    /// Fills the queues with everything that is due. What waits in them is ranked anew: since it was queued a case may have opened.
    async fn take_due(&mut self) -> Result<(), CrawlError> {
        let now = self.crawler.clock.now();
        // At the first look, and when the clock has gone back meanwhile.
        let may_be_overtaken =
            self.looked_at == DateTime::UNIX_EPOCH || now + CLOCK_SLACK < self.looked_at;
        self.looked_at = now;
        self.resting.retain(|_, until| *until > now);
        let ids: Vec<SourceId> = self.sources.keys().cloned().collect();
        let (store, is_all) = (Arc::clone(&self.crawler.store), self.is_all);
        let due = tokio::task::spawn_blocking(move || {
            let rhythms = ids.iter().map(|id| Ok((id.clone(), store.rhythm(id)?)));
            let rhythms = rhythms.collect::<Result<BTreeMap<_, _>, StoreError>>()?;
            let mut due = store.due(&ids, now, is_all)?;
            if may_be_overtaken {
                due.extend(overtaken(&*store, &ids, now)?);
            }
            Ok::<_, StoreError>((due, rhythms))
        });
        let (due, rhythms) = due.await.map_err(CrawlError::Visit)??;
        self.rhythms = rhythms;
        let queues = std::mem::take(&mut self.queues).into_values();
        let waiting: Vec<FrontierEntry> = queues.flat_map(BTreeMap::into_values).collect();
        self.n_left = 0;
        waiting.iter().for_each(|entry| self.forget(entry));
        for entry in due {
            // An offer that the configuration no longer names is left alone; what it led to is not.
            let key = (entry.source.clone(), entry.url.clone());
            let is_named = self.seeds.contains(&key)
                || entry.hint.page_url.is_some()
                || self.is_auto(&entry.source);
            if !frontier::is_discovery(entry.kind) || is_named {
                self.enqueue(entry);
            }
        }
        waiting.into_iter().for_each(|entry| self.enqueue(entry));
        Ok(())
    }

    /// Whether the offers of a source are found rather than named.
    fn is_auto(&self, source: &SourceId) -> bool {
        self.sources
            .get(source)
            .is_some_and(|source| source.has_no_discovery())
    }

    fn enqueue(&mut self, entry: FrontierEntry) {
        if self.resting.contains_key(&entry.host) {
            return;
        }
        if !self.seen.insert((entry.source.clone(), entry.url.clone())) {
            return;
        }
        if let Some(sample) = self.sample {
            let is_offer = frontier::is_discovery(entry.kind);
            let most = if is_offer {
                sample.offers
            } else {
                sample.pages
            };
            let taken = self.taken.entry((entry.source.clone(), is_offer));
            let taken = taken.or_default();
            if *taken == most {
                return;
            }
            *taken += 1;
        }
        let unknown = Rhythm::default();
        let rhythm = self.rhythms.get(&entry.source).unwrap_or(&unknown);
        let rank = frontier::rank(&entry, rhythm, self.crawler.clock.now());
        let queue = self.queues.entry(entry.host.clone()).or_default();
        self.n_left += 1;
        queue.insert(rank, entry);
    }

    async fn until_done(
        &mut self,
        progress: &dyn Progress,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), CrawlError> {
        let mut visits = JoinSet::new();
        loop {
            self.start(&mut visits);
            let ended = tokio::select! {
                biased;
                () = stopped(&mut stop) => {
                    self.report.is_stopped = true;
                    visits.abort_all();
                    // What is being written is finished by the blocking threads; only waiting is cut short.
                    while visits.join_next().await.is_some() {}
                    return Ok(());
                }
                ended = visits.join_next() => ended,
            };
            match ended {
                None => return Ok(()),
                Some(visit) => self.finish(visit.map_err(CrawlError::Visit)??, progress)?,
            }
        }
    }

    async fn until_stopped(
        &mut self,
        progress: &dyn Progress,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), CrawlError> {
        let mut visits = JoinSet::new();
        let mut look = tokio::time::interval(LOOK_AGAIN);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.start(&mut visits);
            tokio::select! {
                biased;
                () = stopped(&mut stop) => {
                    self.report.is_stopped = true;
                    visits.abort_all();
                    while visits.join_next().await.is_some() {}
                    return Ok(());
                }
                Some(visit) = visits.join_next() => {
                    self.finish(visit.map_err(CrawlError::Visit)??, progress)?;
                }
                _ = look.tick() => {
                    let is_early = self.crawler.clock.now() - self.looked_at < LOOK_AGAIN_BUSY;
                    if self.n_left == 0 || !is_early {
                        self.take_due().await?;
                    }
                }
            }
        }
    }

    /// Starts the next visit of every host that is free.
    fn start(&mut self, visits: &mut JoinSet<Result<Visit, CrawlError>>) {
        let free: Vec<String> = self
            .queues
            .keys()
            .filter(|host| !self.busy.contains(*host))
            .cloned()
            .collect();
        for host in free {
            let next = self.queues.get_mut(&host).and_then(BTreeMap::pop_first);
            let Some((_, entry)) = next else {
                self.queues.remove(&host);
                continue;
            };
            self.n_left -= 1;
            let Some(source) = self.sources.get(&entry.source) else {
                continue;
            };
            let visitor = Visitor {
                source: Arc::clone(source),
                store: Arc::clone(&self.crawler.store),
                archive: Arc::clone(&self.crawler.archive),
                courier: Arc::clone(&self.crawler.courier),
                clock: self.crawler.clock.clone(),
                is_all: self.is_all,
                variants: Arc::clone(&self.crawler.variants),
                asks_hubs: self.crawler.config.web.hub_callback.is_some(),
            };
            self.busy.insert(host);
            visits.spawn(async move { visitor.visit(entry).await });
        }
    }

    /// Takes in what a visit came to.
    fn finish(&mut self, visit: Visit, progress: &dyn Progress) -> Result<(), CrawlError> {
        self.busy.remove(&visit.entry.host);
        self.n_done += 1;
        let now = self.crawler.clock.now();
        for (host, news) in self.crawler.courier.take_news() {
            let tell = &mut |record: &mut HostRecord| news.tell(record, now);
            self.crawler.store.change_host(&host, tell)?;
        }
        let n_new = self.take_found(&visit)?;
        let mut n_put_off = 0;
        if self.goes_on {
            self.forget(&visit.entry);
        }
        if visit.is_put_off {
            let rest = self.queues.remove(&visit.entry.host).unwrap_or_default();
            self.n_left -= rest.len();
            n_put_off = 1 + rest.len();
            if self.goes_on {
                let until = self.crawler.clock.now() + PUT_OFF_FOR;
                self.resting.insert(visit.entry.host.clone(), until);
                rest.values().for_each(|entry| self.forget(entry));
            }
        }
        if let Some(report) = self.report.sources.get_mut(&visit.entry.source) {
            report.n_new += n_new;
            report.n_put_off += n_put_off;
            report.count(&visit);
        }
        progress.visited(&Event {
            source: visit.entry.source,
            url: visit.entry.url,
            outcome: visit.outcome,
            is_gone: visit.is_gone,
            n_new,
            n_done: self.n_done,
            n_left: self.n_left,
        });
        Ok(())
    }

    /// Lets an address be queued again.
    fn forget(&mut self, entry: &FrontierEntry) {
        self.seen.remove(&(entry.source.clone(), entry.url.clone()));
    }

    /// Queues what a visit led to, and stores what was not known; returns how many those were.
    fn take_found(&mut self, visit: &Visit) -> Result<usize, CrawlError> {
        let now = self.crawler.clock.now();
        let mut n_new = visit.n_new;
        for found in &visit.found {
            if self
                .seen
                .contains(&(found.source.clone(), found.url.clone()))
            {
                continue;
            }
            let known = self
                .crawler
                .store
                .frontier_entry(&found.source, &found.url)?;
            let Some(mut known) = known else {
                n_new += self.crawler.store.discover(std::slice::from_ref(found))?;
                self.enqueue(found.clone());
                continue;
            };
            let is_due = known.due_at.is_some_and(|due| due <= now);
            let is_early = known.due_at.is_some()
                && frontier::is_said_to_have_changed(&known, &found.hint, now)
                && frontier::may_be_early(&known, now);
            if is_early {
                let (store, said) = (&self.crawler.store, frontier::said_to_have_changed);
                let change = &mut |entry: &mut FrontierEntry| *entry = said(entry, now);
                store.change_entry(&known.source, &known.url, change)?;
                known = said(&known, now);
            }
            if is_due || is_early || (self.is_all && known.due_at.is_some()) {
                self.enqueue(known);
            }
        }
        Ok(n_new)
    }
}

/// Addresses that were asked for while the clock was ahead, and would be due only when it is there again: due now.
fn overtaken(
    store: &dyn Store,
    ids: &[SourceId],
    now: DateTime<Utc>,
) -> Result<Vec<FrontierEntry>, StoreError> {
    let mut entries = Vec::new();
    for id in ids {
        let log = store.fetch_log(id, LOG_LOOKED_AT)?;
        if log.iter().all(|fetch| fetch.at <= now + CLOCK_SLACK) {
            continue;
        }
        let all = store.due(std::slice::from_ref(id), now, true)?;
        entries.extend(all.into_iter().filter(|entry| {
            let is_ahead = |fetched| fetched > now + CLOCK_SLACK;
            entry.fetched_at.is_some_and(is_ahead)
        }));
    }
    Ok(entries)
}

/// Waits until a stop is asked for; for ever when nobody can ask any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

impl SourceReport {
    fn count(&mut self, visit: &Visit) {
        match &visit.outcome {
            None => {}
            Some(FetchOutcome::Captured) if frontier::is_discovery(visit.entry.kind) => {
                self.n_discoveries += 1
            }
            Some(FetchOutcome::Captured) => self.n_captured += 1,
            Some(FetchOutcome::NotModified) => self.n_not_modified += 1,
            Some(outcome) => {
                *self.failures.entry(name(outcome)).or_default() += 1;
                self.warn(format!("{}: {}", visit.entry.url, describe(outcome)));
            }
        }
        for warning in &visit.warnings {
            self.warn(warning.clone());
        }
    }

    fn warn(&mut self, warning: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        }
    }
}

/// The name of an outcome as it is written in data.
fn name(outcome: &FetchOutcome) -> String {
    let value = serde_json::to_value(outcome).unwrap_or_default();
    value
        .get("outcome")
        .and_then(|name| name.as_str())
        .unwrap_or("unknown")
        .to_owned()
}

/// An outcome in words for people. It says what the crawler saw, never that a publisher is at fault.
pub fn describe(outcome: &FetchOutcome) -> String {
    match outcome {
        FetchOutcome::Captured => "captured".to_owned(),
        FetchOutcome::NotModified => "not modified".to_owned(),
        FetchOutcome::Gone { status } => format!("nothing stands there now (status {status})"),
        FetchOutcome::SoftGone { sign } => {
            format!("nothing stands there now, though the status is that of success: {sign}")
        }
        FetchOutcome::Walled { wall } => match wall {
            Wall::Challenge => "a check for browsers came instead of the page".to_owned(),
            Wall::Consent => "a question for consent came instead of the page".to_owned(),
            Wall::Login => "a page to log in came instead".to_owned(),
            Wall::Paywall => "the text is for subscribers; only its beginning came".to_owned(),
        },
        FetchOutcome::Disallowed => {
            "robots.txt does not allow it, or asks for a longer pause than is waited".to_owned()
        }
        FetchOutcome::PrivateAddress => {
            "it leads to an address that is not public; allow_private_addresses would allow it"
                .to_owned()
        }
        FetchOutcome::TooLarge { limit_bytes } => {
            format!("the body is larger than {limit_bytes} bytes (max_body)")
        }
        FetchOutcome::TimedOut => "no complete answer in time (timeout)".to_owned(),
        FetchOutcome::Busy {
            status,
            retry_after_s: Some(seconds),
        } => format!("the host asks to come back in {seconds} s (status {status})"),
        FetchOutcome::Busy {
            status,
            retry_after_s: None,
        } => format!("the host asks to come back later (status {status})"),
        FetchOutcome::Refused { status } => format!("the host answered with status {status}"),
        FetchOutcome::RedirectLoop => "redirects without end".to_owned(),
        FetchOutcome::Unreachable { detail } => format!("the host cannot be reached: {detail}"),
        FetchOutcome::Unreadable { detail } => format!("the answer cannot be read: {detail}"),
    }
}

#[cfg(test)]
mod tests;
