//! The last visits of a source with what they came to, and the next ones with why they are due.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::model::{FetchOutcome, FrontierEntry, SourceId, TargetKind};
use crate::serve::Desk;
use crate::serve::pages::is_web;
use crate::serve::words::Words;
use crate::store::{FetchLog, StoreError};

/// Visits shown.
const VISITS: usize = 50;
/// Next visits shown.
const NEXT: usize = 5;
/// Bytes of a kilobyte.
const KB: u64 = 1 << 10;
/// Bytes of a megabyte.
const MB: u64 = 1 << 20;

/// A visit that was made.
pub(super) struct Visit {
    /// When.
    pub(super) at: String,
    /// The same for machines.
    pub(super) moment: String,
    /// Address.
    pub(super) url: String,
    /// Whether it is an address of the web.
    pub(super) is_link: bool,
    /// Class of the tag.
    pub(super) class: &'static str,
    /// What it came to.
    pub(super) outcome: String,
    /// What exactly, in the words of the network; empty where there is nothing more to say.
    pub(super) detail: String,
    /// Size of what came; empty where nothing did.
    pub(super) size: String,
}

/// A visit that is due.
pub(super) struct Next {
    /// When.
    pub(super) at: String,
    /// Address.
    pub(super) url: String,
    /// What stands there.
    pub(super) kind: String,
    /// Why it is visited then.
    pub(super) why: String,
}

/// The newest visits of a source.
pub(super) fn log(desk: &Desk, id: &SourceId) -> Result<Vec<FetchLog>, StoreError> {
    desk.store.fetch_log(id, VISITS)
}

/// How many of them robots.txt did not allow.
pub(super) fn disallowed(log: &[FetchLog]) -> usize {
    let disallowed = log
        .iter()
        .filter(|one| one.outcome == FetchOutcome::Disallowed);
    disallowed.count()
}

/// Visits as they are shown.
pub(super) fn shown(
    desk: &Desk,
    words: Words,
    id: &SourceId,
    log: &[FetchLog],
    now: DateTime<Utc>,
) -> Result<Vec<Visit>, StoreError> {
    let captures = desk.store.newest_captures(id, VISITS)?;
    // The log keeps moments to the microsecond.
    let sizes: BTreeMap<i64, u64> = captures
        .into_iter()
        .map(|capture| (capture.fetched_at.timestamp_micros(), capture.size_bytes))
        .collect();
    let visits = log.iter().map(|one| {
        let size = match one.outcome {
            FetchOutcome::Captured => sizes.get(&one.at.timestamp_micros()).copied(),
            _ => None,
        };
        let (word, class) = outcome(&one.outcome);
        Visit {
            at: words.briefly(one.at, now),
            moment: one.at.to_rfc3339(),
            url: one.url.clone(),
            is_link: is_web(&one.url),
            class,
            outcome: words.say(word),
            detail: detail(&one.outcome),
            size: size.map_or_else(String::new, |bytes| bytes_shown(words, bytes)),
        }
    });
    Ok(visits.collect())
}

/// The text of an outcome and the class of its tag.
fn outcome(outcome: &FetchOutcome) -> (&'static str, &'static str) {
    match outcome {
        FetchOutcome::Captured => ("sources-outcome-captured", "ok"),
        FetchOutcome::NotModified => ("sources-outcome-same", "ok"),
        FetchOutcome::Gone { .. } => ("sources-outcome-gone", "mid"),
        FetchOutcome::SoftGone { .. } => ("sources-outcome-soft-gone", "mid"),
        FetchOutcome::Walled { .. } => ("sources-outcome-walled", "mid"),
        FetchOutcome::Disallowed => ("sources-outcome-disallowed", "mid"),
        FetchOutcome::PrivateAddress => ("sources-outcome-private", "crit"),
        FetchOutcome::TooLarge { .. } => ("sources-outcome-large", "crit"),
        FetchOutcome::TimedOut => ("sources-outcome-slow", "mid"),
        FetchOutcome::Busy { .. } => ("sources-outcome-busy", "mid"),
        FetchOutcome::Refused { .. } => ("sources-outcome-refused", "crit"),
        FetchOutcome::RedirectLoop => ("sources-outcome-loop", "crit"),
        FetchOutcome::Unreachable { .. } => ("sources-outcome-unreachable", "crit"),
        FetchOutcome::Unreadable { .. } => ("sources-outcome-unreadable", "crit"),
    }
}

/// The number or words that the network gave.
fn detail(outcome: &FetchOutcome) -> String {
    match outcome {
        FetchOutcome::Gone { status }
        | FetchOutcome::Busy { status, .. }
        | FetchOutcome::Refused { status } => status.to_string(),
        FetchOutcome::Unreachable { detail } | FetchOutcome::Unreadable { detail } => {
            detail.clone()
        }
        FetchOutcome::SoftGone { sign } => sign.clone(),
        _ => String::new(),
    }
}

/// A size in the largest unit in which it is at least one.
fn bytes_shown(words: Words, bytes: u64) -> String {
    match bytes {
        MB.. => words.with("sources-mb", "size", &words.tenths(bytes * 10 / MB)),
        KB.. => words.with("sources-kb", "size", &words.tenths(bytes * 10 / KB)),
        _ => words.with("sources-bytes", "size", &words.number(bytes)),
    }
}

/// The next visits of a source.
pub(super) fn next(
    desk: &Desk,
    words: Words,
    id: &SourceId,
    now: DateTime<Utc>,
) -> Result<Vec<Next>, StoreError> {
    let entries = desk.store.next_visits(id, NEXT)?.into_iter();
    let next = entries.map(|entry| Next {
        at: match entry.due_at {
            Some(at) if at > now => words.moment(at),
            _ => words.say("sources-next-now"),
        },
        kind: words.say(kind(entry.kind)),
        why: why(words, &entry),
        url: entry.url,
    });
    Ok(next.collect())
}

/// Why an address is visited when it is.
fn why(words: Words, entry: &FrontierEntry) -> String {
    if entry.n_failures > 0 {
        return words.count("sources-why-failed", entry.n_failures);
    }
    if entry.n_gone > 0 {
        return words.count("sources-why-gone", entry.n_gone);
    }
    match (entry.fetched_at, is_offer(entry.kind)) {
        (None, _) => words.say("sources-why-new"),
        (Some(_), true) => words.say("sources-why-offer"),
        (Some(_), false) => words.say("sources-why-again"),
    }
}

/// Whether it is looked at for what is new.
fn is_offer(kind: TargetKind) -> bool {
    matches!(
        kind,
        TargetKind::Feed | TargetKind::Sitemap | TargetKind::Listing | TargetKind::ApiList
    )
}

/// The text of what stands at an address.
fn kind(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Feed => "sources-kind-feed",
        TargetKind::Sitemap => "sources-kind-sitemap",
        TargetKind::Listing => "sources-kind-listing",
        TargetKind::ApiList => "sources-kind-list",
        TargetKind::ApiItem => "sources-kind-item",
        TargetKind::Page => "sources-kind-page",
        TargetKind::File => "sources-kind-file",
    }
}
