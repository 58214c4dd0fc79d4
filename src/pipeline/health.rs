//! Looks how sources fare, keeps it for those who show it, and tells the administrator when it changes.
//!
//! What is kept ([`Store::healths`]) is what the pages and the command show; [`of`] finds it without keeping it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use url::Url;

use super::{Told, Workspace, apart, page_of, steady};
use crate::canonical;
use crate::config::{Config, SourceConfig};
use crate::crawl::health::Facts;
use crate::crawl::{self, frontier, politeness};
use crate::language::local_day;
use crate::model::rhythm::Canary;
use crate::model::{
    Channel, FetchOutcome, FrontierEntry, Gap, Health, HealthState, HealthTold, HourYield, Message,
    MessageItem, Rhythm, SourceId,
};
use crate::pursue::clock::Clocks;
use crate::send::Sender;
use crate::send::retry::{Next, next};
use crate::store::{FetchLog, Pending, Store};

/// Fetches looked at for a source.
const FETCHES: usize = 200;
/// A state must have lasted so long before it is told of: what passes by itself is nobody's work.
const TELL_AFTER: TimeDelta = TimeDelta::hours(1);

/// How all configured sources fare now, in the order of the file. Without a store nothing was asked yet. Nothing is kept.
///
/// # Errors
/// When the store cannot be read.
pub fn of(
    config: &Config,
    store: Option<&dyn Store>,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Health>> {
    if let Some(store) = store {
        return found(config, store, &Reread::new(), now);
    }
    let sources = config.sources.iter();
    let unseen = sources.map(|entry| crawl::health::health(&Facts::unseen(entry), now));
    Ok(unseen.collect())
}

/// Addresses of canaries whose stored bytes are read worse now than they were, by source.
pub type Reread = BTreeMap<SourceId, Vec<String>>;

/// Looks how all configured sources fare and keeps what was found.
///
/// # Errors
/// When the store cannot be used.
pub fn look(
    workspace: &Workspace,
    reread: &Reread,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Health>> {
    let healths = found(&workspace.config, &*workspace.store, reread, now)?;
    workspace.store.put_healths(&healths)?;
    Ok(healths)
}

fn found(
    config: &Config,
    store: &dyn Store,
    reread: &Reread,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Health>> {
    let known = store.healths()?.into_iter();
    let mut known: BTreeMap<SourceId, Health> = known
        .map(|health| (health.source.clone(), health))
        .collect();
    let gaps = store.gaps(now)?;
    let days_off = days_off(now);
    let from_hour = HourYield::hour_of(now) - (crawl::health::WEEKS + 2) * 168;
    let mut healths = Vec::with_capacity(config.sources.len());
    for entry in &config.sources {
        let id = &entry.source.id;
        let own_gaps = gaps.iter().filter(|gap| gap.source == *id).cloned();
        // On a day off little is published, and that says nothing: it is left out like a time in which nothing was seen.
        let off = days_off.iter().map(|(from, to)| Gap {
            source: id.clone(),
            from: *from,
            to: Some(*to),
            is_silent: false,
        });
        let host = Url::parse(&entry.source.url).map(|url| politeness::host_key(&url));
        let fetches = store.fetch_log(id, FETCHES)?;
        let facts = Facts {
            offers: offers(store, id, &fetches)?,
            fetches,
            gaps: own_gaps.chain(off).collect(),
            yields: store.yields(id, from_hour)?,
            host: host.map_or(Ok(Default::default()), |host| store.host(&host))?,
            reread: reread.get(id).cloned().unwrap_or_default(),
            before: known.remove(id),
            ..Facts::unseen(entry)
        };
        healths.push(crawl::health::health(&facts, now));
    }
    Ok(healths)
}

/// Which addresses of some fetches are offers; looked up only where a wall was met, since nothing else asks.
fn offers(
    store: &dyn Store,
    id: &SourceId,
    fetches: &[FetchLog],
) -> anyhow::Result<BTreeSet<String>> {
    let is_walled = |log: &FetchLog| matches!(log.outcome, FetchOutcome::Walled { .. });
    let mut offers = BTreeSet::new();
    if !fetches.iter().any(is_walled) {
        return Ok(offers);
    }
    let urls: BTreeSet<&String> = fetches.iter().map(|log| &log.url).collect();
    for url in urls {
        let entry = store.frontier_entry(id, url)?;
        if entry.is_some_and(|entry| frontier::is_discovery(entry.kind)) {
            offers.insert(url.clone());
        }
    }
    Ok(offers)
}

/// Days off between Monday and Friday of the weeks that are compared, by the calendar of the country, as times.
fn days_off(now: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let clocks = Clocks::shipped();
    let today = local_day(now);
    let days = today
        .iter_days()
        .rev()
        .take(usize::try_from((crawl::health::WEEKS + 2) * 7).unwrap_or_default());
    days.filter(|day| {
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        !is_weekend && clocks.calendar.off(*day).is_some()
    })
    .filter_map(|day| {
        let midnight = day.and_hms_opt(0, 0, 0)?;
        let from = midnight
            .and_local_timezone(chrono_tz::Asia::Almaty)
            .earliest()?;
        let from = from.with_timezone(&Utc);
        Some((from, from + TimeDelta::days(1)))
    })
    .collect()
}

/// Reads the stored bytes of every canary again: where they give less than they did, an update or a selector did that, not the site.
///
/// # Errors
/// When the store cannot be read.
pub fn reread(workspace: &Workspace) -> anyhow::Result<Reread> {
    let mut lost = Reread::new();
    for config in workspace.config.enabled() {
        let id = &config.source.id;
        let canaries = workspace.store.rhythm(id)?.canaries;
        let worse = lost_of(&canaries, |canary| is_lost(workspace, config, canary))?;
        if !worse.is_empty() {
            lost.insert(id.clone(), worse);
        }
    }
    Ok(lost)
}

/// The addresses of the canaries that are lost; one whose reading panics is, and costs only itself.
fn lost_of(
    canaries: &[Canary],
    is_lost: impl Fn(&Canary) -> anyhow::Result<bool>,
) -> anyhow::Result<Vec<String>> {
    let mut lost = Vec::new();
    for canary in canaries {
        if catch_unwind(AssertUnwindSafe(|| is_lost(canary))).unwrap_or(Ok(true))? {
            lost.push(canary.url.clone());
        }
    }
    Ok(lost)
}

/// Whether the stored bytes of a canary give less than they did.
fn is_lost(workspace: &Workspace, config: &SourceConfig, canary: &Canary) -> anyhow::Result<bool> {
    let store = &*workspace.store;
    let Some(revision) = store.newest_revision(&canary.url)? else {
        return Ok(false);
    };
    let capture = match &revision.capture {
        Some(capture) if !revision.is_gone => store.capture(capture)?,
        _ => None,
    };
    let entry = store.frontier_entry(&config.source.id, &canary.fetched_from)?;
    let (Some(capture), Some(entry)) = (capture, entry) else {
        return Ok(false);
    };
    let page = Pending { capture, entry };
    // A capture that cannot be read back is told of by `verify-warc`.
    let Ok(bytes) = crawl::archive::read(&workspace.captures(), &page.capture) else {
        return Ok(false);
    };
    let whole = page_of(Some(config), &page, &bytes);
    Ok(match apart::document(&whole) {
        Ok(now) => steady::lost(&revision.document, &now, &whole).is_some(),
        Err(_) => true,
    })
}

/// Whether an administrator is told of a state: not of what needs nobody, or what the operator did himself.
fn is_told(state: HealthState) -> bool {
    !matches!(
        state,
        HealthState::Disabled
            | HealthState::New
            | HealthState::Works
            | HealthState::LimitsRequests
            | HealthState::Slow
    )
}

/// Tells the administrator of sources whose state has changed and stayed so for an hour, all in one message.
///
/// # Errors
/// When the store refuses; a channel that fails is in the answer.
pub async fn tell(
    store: &dyn Store,
    sender: &Sender,
    channel: &Channel,
    base_url: Option<&str>,
    now: DateTime<Utc>,
) -> anyhow::Result<Told> {
    let mut told = Told::default();
    let due: Vec<Health> = store
        .healths()?
        .into_iter()
        .filter(|health| is_due(health, now))
        .collect();
    for part in due.chunks(channel.most_items().max(1)) {
        let delivery = sender.send(channel, &message(part, base_url), now).await;
        let n_failed = part
            .iter()
            .filter_map(|health| health.told)
            .map(|told| told.n_failed);
        let after = next(&delivery, n_failed.max().unwrap_or_default(), now);
        let changed: Vec<Health> = part
            .iter()
            .map(|health| settled(health, &after, now))
            .collect();
        store.put_healths(&changed)?;
        match after {
            Next::Done => told.sent += 1,
            Next::Again { at, .. } => told.put_off.push(format!("administrator: not before {at}")),
            Next::Refused { why } | Next::Disabled { why } => {
                told.paused.push(format!("administrator: {why}"));
            }
        }
    }
    Ok(told)
}

/// The state that the administrator knows of.
fn known_state(health: &Health) -> HealthState {
    health.told.map_or(HealthState::Works, |told| told.state)
}

fn is_due(health: &Health, now: DateTime<Utc>) -> bool {
    let known = known_state(health);
    let is_news = health.state != known && (is_told(health.state) || is_told(known));
    let not_before = health.told.and_then(|told| told.not_before);
    is_news && now - health.since >= TELL_AFTER && not_before.is_none_or(|moment| moment <= now)
}

/// How a source fares after a try to tell of it.
fn settled(health: &Health, after: &Next, now: DateTime<Utc>) -> Health {
    let told = match after {
        Next::Done => HealthTold {
            state: health.state,
            n_failed: 0,
            not_before: None,
        },
        Next::Again { at, n_failures } => HealthTold {
            state: known_state(health),
            n_failed: *n_failures,
            not_before: Some(*at),
        },
        // A person must mend the channel; until then it is tried once a day.
        Next::Refused { .. } | Next::Disabled { .. } => HealthTold {
            state: known_state(health),
            n_failed: 0,
            not_before: Some(now + TimeDelta::days(1)),
        },
    };
    Health {
        told: Some(told),
        ..health.clone()
    }
}

/// The message that tells of some sources.
fn message(healths: &[Health], base_url: Option<&str>) -> Message {
    let moments: Vec<String> = healths
        .iter()
        .map(|health| format!("{} {}", health.source, health.since.to_rfc3339()))
        .collect();
    let keys: Vec<&str> = moments.iter().map(String::as_str).collect();
    let subject = match healths {
        [only] => format!("Source {}: {}", only.source, first_words(only)),
        _ => format!("{} sources fare otherwise than before", healths.len()),
    };
    Message {
        key: canonical::id("health", &keys),
        subject,
        text:
            "What was seen of the sources, and what can be done. `aigaq sources` shows all of them."
                .to_owned(),
        link: base_url.map(|base| format!("{}/", base.trim_end_matches('/'))),
        items: healths
            .iter()
            .map(|health| MessageItem {
                title: health.source.0.clone(),
                url: None,
                why: health
                    .notes
                    .iter()
                    .map(|note| {
                        format!("{} What to do: {}.", sentence(&note.words), note.what_to_do)
                    })
                    .collect::<Vec<String>>()
                    .join(" "),
                facts: Vec::new(),
            })
            .collect(),
    }
}

fn first_words(health: &Health) -> &str {
    health
        .notes
        .first()
        .map_or("it works", |note| note.words.as_str())
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    let rest = letters.as_str();
    format!(
        "{}{rest}.",
        first.map(String::from_iter).unwrap_or_default()
    )
}

/// Why an address is visited when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyVisited {
    /// The address as the crawler knows it.
    pub entry: FrontierEntry,
    /// Its newest fetches, newest first.
    pub fetches: Vec<FetchLog>,
    /// Addresses of its host that are due and come before it; `None` while it is not due itself.
    pub n_before: Option<usize>,
    /// How likely it has changed since the last visit, in millionths of a change; `None` before the first.
    pub likelihood: Option<u64>,
}

/// Fetches of one address that are shown.
const FETCHES_SHOWN: usize = 10;

/// What is known of the visits of an address, once for each source that it was found for.
///
/// # Errors
/// When the store cannot be read.
pub fn why(store: &dyn Store, url: &str, now: DateTime<Utc>) -> anyhow::Result<Vec<WhyVisited>> {
    let canonical = canonical::url(url);
    let url = canonical.as_deref().unwrap_or(url);
    let mut all = Vec::new();
    for entry in store.entries_at(url)? {
        let rhythm = store.rhythm(&entry.source)?;
        let is_due = entry.due_at.is_some_and(|due| due <= now);
        let n_before = match is_due {
            true => Some(n_before(store, &entry, &rhythm, now)?),
            false => None,
        };
        all.push(WhyVisited {
            fetches: store.fetch_log_of(&entry.source, url, FETCHES_SHOWN)?,
            n_before,
            likelihood: entry
                .fetched_at
                .map(|_| crawl::schedule::likelihood(&entry, &rhythm, now)),
            entry,
        });
    }
    Ok(all)
}

/// How many addresses come before one that is due: a host has one queue, whichever sources its addresses belong to.
fn n_before(
    store: &dyn Store,
    entry: &FrontierEntry,
    rhythm: &Rhythm,
    now: DateTime<Utc>,
) -> anyhow::Result<usize> {
    let own = frontier::rank(entry, rhythm, now);
    let mut due = store.due(&[], now, false)?;
    due.retain(|other| other.host == entry.host);
    let mut rhythms: BTreeMap<SourceId, Rhythm> = BTreeMap::new();
    let mut n_before = 0;
    for other in &due {
        if !rhythms.contains_key(&other.source) {
            rhythms.insert(other.source.clone(), store.rhythm(&other.source)?);
        }
        n_before += usize::from(frontier::rank(other, &rhythms[&other.source], now) < own);
    }
    Ok(n_before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_whose_reading_panics_costs_only_itself() {
        let canary = |name: &str| Canary {
            fetched_from: format!("https://a.example/{name}"),
            url: name.to_owned(),
            since: DateTime::UNIX_EPOCH,
        };
        let canaries = ["sound", "bad", "lost"].map(canary);
        let read = |canary: &Canary| match canary.url.as_str() {
            "bad" => panic!("one bad page"),
            name => Ok(name == "lost"),
        };
        assert_eq!(lost_of(&canaries, read).unwrap(), ["bad", "lost"]);
        let broken = |_: &Canary| anyhow::bail!("the store cannot be read");
        assert!(
            lost_of(&canaries, broken).is_err(),
            "that is no matter of a page"
        );
    }
}
