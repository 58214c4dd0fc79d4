//! Asks for an address politely: every hop of a redirect is checked against the address rules and robots.txt and waits for its host's turn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::Clock;
use super::fetch::{Answer, Exchange, Fetcher, Request};
use super::news::HostNews;
use super::politeness::{HostReply, Paused, Politeness, host_key};
use super::robots::{self, Robots};
use crate::config::CrawlSettings;
use crate::model::FetchOutcome;
use crate::wire::address;

/// Redirects followed for a page, and for robots.txt (RFC 9309, 2.3.1.2).
const MAX_REDIRECTS: usize = 5;
/// How long rules hold (RFC 9309, 2.4).
const RULES_LAST: Duration = Duration::from_secs(24 * 3600);
/// How long they hold at least, however short the host says: they would be asked for before every page.
const RULES_LAST_AT_LEAST: Duration = Duration::from_secs(3600);
/// How long the lack of rules after a failure holds.
const FAILURE_LASTS: Duration = Duration::from_secs(3600);
/// Longest pause that robots.txt may ask for; a host that asks for more is not crawled, and a person is told.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(60);

/// What asking for an address came to.
#[derive(Debug)]
pub enum Delivery {
    /// A body. `moved` is set when the last address differs from the first.
    Body(Box<Exchange>),
    /// Nothing to read.
    Nothing(FetchOutcome),
    /// The host is left alone for now.
    PutOff(Paused),
}

/// What to ask for besides the address.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Further headers.
    pub headers: BTreeMap<String, String>,
    /// `ETag` of the body that is known.
    pub etag: Option<String>,
    /// `Last-Modified` of the body that is known.
    pub last_modified: Option<String>,
}

/// What robots.txt of an authority says.
#[derive(Debug)]
enum Rules {
    /// Its rules; empty when there is no file.
    Known(Robots),
    /// The file could not be had: nothing may be fetched (RFC 9309, 2.3.1.4).
    Unreachable(FetchOutcome),
}

/// Rules of an authority and until when they hold.
type Remembered = (Arc<Rules>, Instant);

/// Sends requests for all sources, so that politeness counts per host.
#[derive(Debug)]
pub struct Courier {
    fetcher: Fetcher,
    politeness: Politeness,
    robots: Mutex<BTreeMap<String, Remembered>>,
    clock: Clock,
}

impl Courier {
    /// A courier that has not asked anything yet.
    pub fn new(fetcher: Fetcher, clock: Clock) -> Courier {
        Courier {
            fetcher,
            politeness: Politeness::default(),
            robots: Mutex::default(),
            clock,
        }
    }

    /// What was learned of hosts since the last time, by host key.
    pub fn take_news(&self) -> BTreeMap<String, HostNews> {
        self.fetcher.news.take()
    }

    /// Asks for an address, following redirects.
    pub async fn get(&self, url: &Url, wanted: &Wanted, settings: &CrawlSettings) -> Delivery {
        let origin = url.origin();
        let mut url = url.clone();
        let mut seen = BTreeSet::new();
        for hop in 0..=MAX_REDIRECTS {
            if !seen.insert(url.to_string()) {
                break;
            }
            let delay = match self.permission(&url, settings).await {
                Ok(delay) => delay,
                Err(delivery) => return delivery,
            };
            // Validators belong to the address they came from, and headers, which may hold a key, to the site they were given for.
            let wanted = Wanted {
                headers: if url.origin() == origin {
                    wanted.headers.clone()
                } else {
                    BTreeMap::new()
                },
                etag: wanted.etag.clone().filter(|_| hop == 0),
                last_modified: wanted.last_modified.clone().filter(|_| hop == 0),
            };
            let limits = Limits {
                delay,
                ..Limits::of(settings)
            };
            match self.once(&url, &wanted, settings, limits).await {
                Ok(Answer::Body(exchange)) => return Delivery::Body(exchange),
                Ok(Answer::Nothing(outcome)) => return Delivery::Nothing(outcome),
                Ok(Answer::Redirect { to, .. }) => url = to,
                Err(paused) => return Delivery::PutOff(paused),
            }
        }
        Delivery::Nothing(FetchOutcome::RedirectLoop)
    }

    /// Whether an address may be fetched, and the pause its host asks for.
    async fn permission(&self, url: &Url, settings: &CrawlSettings) -> Result<Duration, Delivery> {
        if is_refused(url, settings) {
            return Err(Delivery::Nothing(FetchOutcome::PrivateAddress));
        }
        let rules = self.rules(url, settings).await.map_err(Delivery::PutOff)?;
        let robots = match &*rules {
            Rules::Known(robots) => robots,
            Rules::Unreachable(outcome) => return Err(Delivery::Nothing(outcome.clone())),
        };
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let token = robots::product_token(&settings.user_agent);
        let asked = robots.crawl_delay(&token).unwrap_or_default();
        if !robots.allows(&token, &target) || asked > LONGEST_CRAWL_DELAY {
            return Err(Delivery::Nothing(FetchOutcome::Disallowed));
        }
        Ok(asked.max(settings.delay))
    }

    /// Sitemaps that robots.txt of an address names.
    pub async fn sitemaps(&self, url: &Url, settings: &CrawlSettings) -> Vec<String> {
        match self.rules(url, settings).await.as_deref() {
            Ok(Rules::Known(robots)) => robots.sitemaps.clone(),
            _ => Vec::new(),
        }
    }

    /// The rules of an address's authority, from memory or asked for.
    async fn rules(&self, url: &Url, settings: &CrawlSettings) -> Result<Arc<Rules>, Paused> {
        // Rules hold for scheme, host and port (RFC 9309, 2.3).
        let key = format!("{}://{}", url.scheme(), host_key(url));
        let remembered = {
            let robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
            robots.get(&key).cloned()
        };
        if let Some((rules, until)) = remembered
            && Instant::now() < until
        {
            return Ok(rules);
        }
        let (rules, lasts) = self.ask_for_rules(url, settings).await?;
        let rules = Arc::new(rules);
        let mut robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        robots.insert(key, (Arc::clone(&rules), Instant::now() + lasts));
        Ok(rules)
    }

    /// The rules of an address's authority as they are now, and for how long they hold.
    async fn ask_for_rules(
        &self,
        url: &Url,
        settings: &CrawlSettings,
    ) -> Result<(Rules, Duration), Paused> {
        // Wherever the file stands, it holds for the host that was asked.
        let host = host_key(url);
        let Ok(mut url) = url.join("/robots.txt") else {
            return Ok((Rules::Known(Robots::default()), RULES_LAST));
        };
        for _ in 0..=MAX_REDIRECTS {
            if is_refused(&url, settings) {
                return Ok((
                    Rules::Unreachable(FetchOutcome::PrivateAddress),
                    FAILURE_LASTS,
                ));
            }
            // Any longer file is cut rather than refused (RFC 9309, 2.5); one byte more tells the reader that it was.
            let limits = Limits {
                max_body_bytes: robots::MAX_BYTES as u64 + 1,
                is_start_enough: true,
                ..Limits::of(settings)
            };
            match self
                .once(&url, &Wanted::default(), settings, limits)
                .await?
            {
                Answer::Body(exchange) => {
                    self.fetcher.news.robots(&host, &exchange.body);
                    let rules = Rules::Known(Robots::parse(&exchange.body));
                    return Ok((rules, rules_last(exchange.header("cache-control"))));
                }
                Answer::Redirect { to, .. } => url = to,
                Answer::Nothing(outcome) => return Ok(rules_without_file(outcome)),
            }
        }
        // More redirects than followed count as no file (RFC 9309, 2.3.1.2).
        Ok((Rules::Known(Robots::default()), RULES_LAST))
    }

    /// One request in its host's and its machine's turn.
    async fn once(
        &self,
        url: &Url,
        wanted: &Wanted,
        settings: &CrawlSettings,
        limits: Limits,
    ) -> Result<Answer, Paused> {
        let mut turn = self.politeness.turn(&host_key(url), limits.delay).await?;
        let machine = self.fetcher.machine(url).await;
        let port = url.port_or_known_default().unwrap_or_default();
        self.politeness.machine_turn(&mut turn, machine, port).await;
        let request = Request {
            url: url.clone(),
            user_agent: settings.user_agent.clone(),
            headers: wanted.headers.clone(),
            etag: wanted.etag.clone(),
            last_modified: wanted.last_modified.clone(),
            max_body_bytes: limits.max_body_bytes,
            is_start_enough: limits.is_start_enough,
            timeout: settings.timeout,
            allow_private: settings.allow_private_addresses.allows(url),
        };
        let answer = self.fetcher.fetch(&request, &*self.clock.0).await;
        if matches!(answer, Answer::Nothing(FetchOutcome::PrivateAddress)) {
            tracing::warn!(%url, ?machine, "its name leads to an address that is not public");
        }
        turn.end(reply(&answer));
        Ok(answer)
    }
}

/// Whether an address must not be connected to; the log says which and why.
fn is_refused(url: &Url, settings: &CrawlSettings) -> bool {
    let may_be_private = settings.allow_private_addresses.allows(url);
    let refusal = address::check(url, may_be_private).err();
    if let Some(refusal) = &refusal {
        tracing::warn!(%url, %refusal, "not asked for");
    }
    refusal.is_some()
}

/// What one request may take.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Least pause since the host was last asked.
    delay: Duration,
    /// Largest body.
    max_body_bytes: u64,
    /// Whether the start of a larger body is enough.
    is_start_enough: bool,
}

impl Limits {
    /// Those of a source.
    fn of(settings: &CrawlSettings) -> Limits {
        Limits {
            delay: settings.delay,
            max_body_bytes: settings.max_body_bytes,
            is_start_enough: false,
        }
    }
}

/// For how long rules hold: a day, or less if the host says so with `Cache-Control: max-age` (RFC 9309, 2.4).
fn rules_last(cache_control: Option<&str>) -> Duration {
    let directives = cache_control.unwrap_or_default().split(',');
    let max_age = directives
        .filter_map(|directive| directive.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("max-age"))
        .and_then(|(_, seconds)| seconds.trim_matches('"').parse().ok());
    max_age.map_or(RULES_LAST, |seconds| {
        Duration::from_secs(seconds).clamp(RULES_LAST_AT_LEAST, RULES_LAST)
    })
}

/// What the lack of robots.txt means (RFC 9309, 2.3.1.3 and 2.3.1.4), and for how long: a client error leaves all open,
/// a server error, a 429 or silence closes all.
fn rules_without_file(outcome: FetchOutcome) -> (Rules, Duration) {
    let none = || (Rules::Known(Robots::default()), RULES_LAST);
    match outcome {
        FetchOutcome::Gone { .. } => none(),
        FetchOutcome::Refused { status } if status < 500 => none(),
        FetchOutcome::Busy { retry_after_s, .. } => {
            let asked = retry_after_s.map_or(FAILURE_LASTS, Duration::from_secs);
            let lasts = asked.clamp(FAILURE_LASTS, RULES_LAST);
            (Rules::Unreachable(outcome), lasts)
        }
        outcome => (Rules::Unreachable(outcome), FAILURE_LASTS),
    }
}

/// What an answer says of the health of its host.
fn reply(answer: &Answer) -> HostReply {
    match answer {
        Answer::Nothing(FetchOutcome::Busy { retry_after_s, .. }) => {
            HostReply::Later(retry_after_s.map(Duration::from_secs))
        }
        Answer::Nothing(FetchOutcome::TimedOut | FetchOutcome::Unreachable { .. }) => {
            HostReply::Trouble
        }
        Answer::Nothing(FetchOutcome::Refused { status }) if *status >= 500 => HostReply::Trouble,
        _ => HostReply::Well,
    }
}
