//! Subscribes to the news of feeds at the hubs that they name, where `[web] hub_callback` says how hubs reach this desk, and has a
//! feed visited when its hub announces something (WebSub).
//!
//! What a hub sends is never evidence: it only makes the feed due, which is then asked for politely from its publisher like any other.
//! Nobody is asked twice within a lease; a hub that fails is asked again ever more rarely.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Config;
use crate::crawl::frontier;
use crate::model::{Secret, Subscription};
use crate::send::hub::{self, Asking};
use crate::serve::hubs::{Announced, HubError, Hubs, Intent};
use crate::serve::token;
use crate::store::Store;
use url::Url;

/// The path of the callback, before the token.
const CALLBACK: &str = "/hubs/";
/// For how long news are asked for at a time.
const LEASE: TimeDelta = TimeDelta::days(10);
/// A lease is taken for no longer than this, whatever the hub says.
const LONGEST_LEASE: TimeDelta = TimeDelta::days(30);
/// Nor is a hub asked more often than this, however short its leases.
const LEAST_LEASE: TimeDelta = TimeDelta::minutes(10);
/// How long a hub may take to verify (it is asked again after an hour at first).
const VERIFIED_WITHIN: TimeDelta = TimeDelta::days(1);
/// Pause before a hub that failed is asked again, doubled each time.
const FIRST_RETRY: TimeDelta = TimeDelta::hours(1);
/// Doublings at most: 64 hours.
const MOST_DOUBLINGS: u32 = 6;
/// Pause before a hub that does not want to is asked again.
const DENIED_LASTS: TimeDelta = TimeDelta::days(7);
/// Hubs asked in one round: there is one a minute.
const HUBS_A_ROUND: usize = 10;
/// Notifications of one feed in a minute that are looked at.
const MOST_A_MINUTE: u32 = 30;

/// Asks hubs whose time has come; says how many were asked.
///
/// # Errors
/// When the store fails or the system gives no random bytes; what a hub does is only noted.
pub async fn ask(store: &dyn Store, config: &Config, now: DateTime<Utc>) -> anyhow::Result<usize> {
    let Some(callback) = &config.web.hub_callback else {
        return Ok(0);
    };
    let due = store.subscriptions()?.into_iter();
    let mut due: Vec<Subscription> = due.filter(|one| one.ask_at <= now).collect();
    due.sort_by_key(|one| one.ask_at);
    due.truncate(HUBS_A_ROUND);
    let mut n_asked = 0;
    for subscription in due {
        let source = config.source(&subscription.source);
        let Some(source) = source.filter(|source| source.is_enabled) else {
            // Nobody watches it any more: its callback is gone, and so ends what the hub sends.
            store.change_subscription(&subscription.source, &subscription.feed, &mut |_| None)?;
            continue;
        };
        let begun = begun(&subscription, now)?;
        let begin = &mut |known: Option<Subscription>| {
            known.map(|known| match known.offer == begun.offer {
                true => begun.clone(),
                false => known,
            })
        };
        // Noted first: a hub may verify before it has answered.
        store.change_subscription(&begun.source, &begun.feed, begin)?;
        let asking = Asking {
            hub: &begun.offer.hub,
            topic: &begun.offer.topic,
            callback: &format!("{callback}{CALLBACK}{}", begun.token),
            secret: &begun.secret,
            lease_s: LEASE.num_seconds().unsigned_abs(),
        };
        let private = &source.crawl.allow_private_addresses;
        let allow_private = Url::parse(asking.hub).is_ok_and(|hub| private.allows(&hub));
        n_asked += 1;
        if let Err(why) = hub::subscribe(&asking, allow_private).await {
            let hub = asking.hub;
            tracing::warn!(hub, %why, feed = begun.feed, "the hub {hub} does not announce {}: {why}", begun.feed);
        }
    }
    Ok(n_asked)
}

/// The subscription as it is while its hub is asked. Unless the hub verifies it, it is asked for again later.
fn begun(before: &Subscription, now: DateTime<Utc>) -> anyhow::Result<Subscription> {
    let mut begun = before.clone();
    if begun.token.is_empty() {
        begun.token = token::fresh().context("the system gives no random bytes")?;
        begun.secret = Secret::new(token::fresh().context("the system gives no random bytes")?);
    }
    begun.asked_at = Some(now);
    begun.ask_at = now + FIRST_RETRY * (1 << before.n_failures.min(MOST_DOUBLINGS));
    begun.n_failures = before.n_failures.saturating_add(1);
    Ok(begun)
}

/// Answers hubs for the desk.
pub struct Room {
    store: Arc<dyn Store>,
    /// Notifications of the current minute, by token of a feed that is subscribed to.
    heard: Mutex<(i64, BTreeMap<String, u32>)>,
}

impl Room {
    /// A room over a store.
    pub fn new(store: Arc<dyn Store>) -> Room {
        Room {
            store,
            heard: Mutex::default(),
        }
    }

    fn find(&self, token: &str) -> Result<Option<Subscription>, HubError> {
        let known = self.store.subscriptions()?.into_iter();
        let mut known = known.filter(|one| !one.token.is_empty());
        Ok(known.find(|one| one.token == token))
    }

    /// Whether this many notifications in a minute are still looked at.
    fn admits(&self, token: &str, now: DateTime<Utc>) -> bool {
        let minute = now.timestamp().div_euclid(60);
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.0 != minute {
            *heard = (minute, BTreeMap::new());
        }
        let times = heard.1.entry(token.to_owned()).or_default();
        *times = times.saturating_add(1);
        *times <= MOST_A_MINUTE
    }
}

impl Hubs for Room {
    fn agrees(&self, token: &str, intent: &Intent, now: DateTime<Utc>) -> Result<bool, HubError> {
        let Some(found) = self.find(token)? else {
            return Ok(false);
        };
        if found.offer.topic != intent.topic {
            return Ok(false);
        }
        let is_asked = found.asked_at.is_some_and(|at| now - at <= VERIFIED_WITHIN);
        let change: &mut dyn FnMut(&mut Subscription) = match intent.mode.as_str() {
            "subscribe" if is_asked => &mut |one| {
                let lease = lease(intent.lease_s.as_deref());
                one.lease_until = Some(now + lease);
                // Two thirds of it are over when it is renewed.
                one.ask_at = now + lease * 2 / 3;
                one.asked_at = None;
                one.n_failures = 0;
                one.denied = None;
            },
            "denied" => &mut |one| {
                one.lease_until = None;
                one.ask_at = now + DENIED_LASTS;
                one.asked_at = None;
                one.denied = Some(intent.reason.chars().take(200).collect());
            },
            // Nobody here ever asks to be told no more: that ends with the lease or with the callback.
            _ => return Ok(false),
        };
        let changed = &mut |known: Option<Subscription>| {
            known.map(|mut known| {
                if known.token == token {
                    change(&mut known);
                }
                known
            })
        };
        self.store
            .change_subscription(&found.source, &found.feed, changed)?;
        Ok(true)
    }

    fn announced(
        &self,
        token: &str,
        signature: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Announced, HubError> {
        let found = self.find(token)?.filter(|found| found.is_active(now));
        let Some(found) = found else {
            return Ok(Announced::Unwanted);
        };
        if !self.admits(token, now) {
            return Ok(Announced::TooMuch);
        }
        if !hub::is_signed(&found.secret, signature.unwrap_or_default(), body) {
            let feed = &found.feed;
            tracing::warn!(feed, "a notification of {feed} has no signature of its hub");
            return Ok(Announced::Taken);
        }
        let change = &mut |entry: &mut crate::model::FrontierEntry| {
            *entry = frontier::announced(entry, now);
        };
        self.store
            .change_entry(&found.source, &found.feed, change)?;
        Ok(Announced::Taken)
    }
}

/// For how long a hub says that it will announce.
fn lease(said: Option<&str>) -> TimeDelta {
    let seconds = said.and_then(|said| said.trim().parse::<i64>().ok());
    let lease = seconds.and_then(TimeDelta::try_seconds).unwrap_or(LEASE);
    lease.clamp(LEAST_LEASE, LONGEST_LEASE)
}
