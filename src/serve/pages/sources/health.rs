//! How each source fares, told from the log of its visits and from what came of it.
//!
//! All that a page knows of a source is [`SourceView`], and [`views`] alone fills it, so that a better judge of health can
//! take its place.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::language::Language;
use crate::model::{FetchOutcome, Source, SourceId, SourceRole};
use crate::serve::Desk;
use crate::store::{FetchLog, StoreError};

/// Visits by which a source is judged.
const RECENT: usize = 20;
/// Hours of a day.
const DAY_HOURS: usize = 24;
/// Hours of the small drawing.
const SHOWN_HOURS: usize = 12;
/// Days before the last that tell what is usual.
const USUAL_DAYS: u64 = 28;
/// A source that usually brings at least so many a day and brought nothing for a day is quiet. In tenths.
const QUIET_FROM_TENTHS: u64 = 30;

/// How a source fares, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Health {
    /// The host cannot be reached.
    Unreachable,
    /// The host answers with an error or refuses.
    Refusing,
    /// robots.txt does not allow what is asked for.
    Disallowed,
    /// What is asked for stands there no more.
    Gone,
    /// The answers cannot be read as what they should be.
    Unreadable,
    /// Answers are larger than the limit.
    TooLarge,
    /// The host asks to come back later.
    Busy,
    /// No complete answer in time.
    Slow,
    /// Nothing new came although something usually does.
    Quiet,
    /// It was never visited.
    New,
    /// It works.
    Fine,
}

impl Health {
    /// The end of the ids of its texts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Health::Unreachable => "unreachable",
            Health::Refusing => "refusing",
            Health::Disallowed => "disallowed",
            Health::Gone => "gone",
            Health::Unreadable => "unreadable",
            Health::TooLarge => "large",
            Health::Busy => "busy",
            Health::Slow => "slow",
            Health::Quiet => "quiet",
            Health::New => "new",
            Health::Fine => "fine",
        }
    }

    /// The class of its tag.
    pub(super) fn class(self) -> &'static str {
        match self {
            Health::Unreachable
            | Health::Refusing
            | Health::Disallowed
            | Health::Gone
            | Health::Unreadable
            | Health::TooLarge => "crit",
            Health::Busy | Health::Slow | Health::Quiet => "mid",
            Health::New => "info",
            Health::Fine => "ok",
        }
    }

    /// What an outcome that brought nothing is a sign of; `None` for an answer.
    fn of(outcome: &FetchOutcome) -> Option<Health> {
        Some(match outcome {
            FetchOutcome::Captured | FetchOutcome::NotModified => return None,
            FetchOutcome::Gone { .. } => Health::Gone,
            FetchOutcome::Disallowed => Health::Disallowed,
            FetchOutcome::TooLarge { .. } => Health::TooLarge,
            FetchOutcome::TimedOut => Health::Slow,
            FetchOutcome::Busy { .. } => Health::Busy,
            FetchOutcome::Refused { .. } | FetchOutcome::RedirectLoop => Health::Refusing,
            FetchOutcome::Unreachable { .. } | FetchOutcome::PrivateAddress => Health::Unreachable,
            FetchOutcome::Unreadable { .. } => Health::Unreadable,
        })
    }
}

/// All that a page shows of how a source fares.
#[derive(Debug, Clone)]
pub(in crate::serve::pages) struct SourceView {
    /// Source.
    pub(super) id: SourceId,
    /// Its names by language.
    names: BTreeMap<String, String>,
    /// Codes of its languages.
    pub(super) languages: Vec<&'static str>,
    /// The host of its site.
    pub(super) host: String,
    /// Whether it is an agency.
    pub(super) is_official: bool,
    /// How it fares.
    pub(super) health: Health,
    /// The last good answer, as far as the log or the captures tell.
    pub(super) last_success: Option<DateTime<Utc>>,
    /// Until when its host asked to be left alone.
    pub(super) paused_until: Option<DateTime<Utc>>,
    /// Publications that came in each of the last 24 hours, the newest last.
    hours: Vec<u64>,
    /// How many usually come in a day, in tenths; `None` while it has not been known for long enough.
    pub(super) usual_tenths: Option<u64>,
}

impl SourceView {
    /// Whether somebody should look at it.
    pub(in crate::serve::pages) fn is_troubled(&self) -> bool {
        !matches!(self.health, Health::Fine | Health::New)
    }

    /// Its name in a language, else in any.
    pub(super) fn name_in(&self, language: Language) -> String {
        let name = self.names.get(language.code());
        let name = name.or_else(|| self.names.values().next());
        name.unwrap_or(&self.id.0).clone()
    }

    /// Publications of the last 24 hours.
    pub(super) fn n_day(&self) -> u64 {
        self.hours.iter().sum()
    }

    /// Those of the hours that are drawn.
    pub(super) fn recent_hours(&self) -> &[u64] {
        let start = self.hours.len().saturating_sub(SHOWN_HOURS);
        &self.hours[start..]
    }
}

/// Every known source as it fares at a moment, the worst first; of equals the one that has been without an answer longest.
///
/// # Errors
/// When the store fails.
pub(in crate::serve::pages) fn views(
    desk: &Desk,
    now: DateTime<Utc>,
) -> Result<Vec<SourceView>, StoreError> {
    let store = &*desk.store;
    let day_ago = now - TimeDelta::hours(DAY_HOURS as i64);
    let hours = store.arrivals(day_ago, TimeDelta::hours(1), DAY_HOURS)?;
    let days = USUAL_DAYS as i64;
    let before = store.arrivals(
        day_ago - TimeDelta::days(days),
        TimeDelta::days(1),
        USUAL_DAYS as usize,
    )?;
    let mut views = Vec::new();
    for source in desk.names.values() {
        let log = store.fetch_log(&source.id, RECENT)?;
        let mut last_success = newest_answer(&log);
        if last_success.is_none() && !log.is_empty() {
            let captures = store.newest_captures(&source.id, 1)?;
            last_success = captures.first().map(|capture| capture.fetched_at);
        }
        let hours = hours.get(&source.id).cloned();
        let hours = hours.unwrap_or_else(|| vec![0; DAY_HOURS]);
        let usual_tenths = before.get(&source.id).and_then(|days| usual(days));
        views.push(SourceView {
            health: health(&log, hours.iter().sum(), usual_tenths),
            paused_until: paused_until(&log, now),
            last_success,
            hours,
            usual_tenths,
            ..named(source)
        });
    }
    views.sort_by(|a, b| {
        let key = |view: &SourceView| (view.health, view.last_success);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    Ok(views)
}

/// A source of which nothing but its name is known yet.
fn named(source: &Source) -> SourceView {
    let url = url::Url::parse(&source.url);
    let host = url.ok().and_then(|url| url.host_str().map(str::to_owned));
    SourceView {
        id: source.id.clone(),
        names: source.name.clone(),
        languages: source.languages.iter().map(|one| one.code()).collect(),
        host: host.unwrap_or_default(),
        is_official: source.role == SourceRole::Official,
        health: Health::New,
        last_success: None,
        paused_until: None,
        hours: Vec::new(),
        usual_tenths: None,
    }
}

/// When the newest good answer came.
fn newest_answer(log: &[FetchLog]) -> Option<DateTime<Utc>> {
    let answer = log.iter().find(|one| Health::of(&one.outcome).is_none());
    answer.map(|one| one.at)
}

/// Publications of a usual day in tenths, since the first day on which any came; less than a week tells nothing.
fn usual(days: &[u64]) -> Option<u64> {
    /// Days from which on something can be called usual.
    const LEAST_DAYS: usize = 7;
    let first = days.iter().position(|n| *n > 0)?;
    let known = &days[first..];
    (known.len() >= LEAST_DAYS).then(|| known.iter().sum::<u64>() * 10 / known.len() as u64)
}

/// How a source fares: what most of the newest visits failed of, if most failed; otherwise whether anything comes.
fn health(log: &[FetchLog], n_day: u64, usual_tenths: Option<u64>) -> Health {
    if log.is_empty() {
        return Health::New;
    }
    let mut failures: BTreeMap<Health, usize> = BTreeMap::new();
    for one in log {
        if let Some(failure) = Health::of(&one.outcome) {
            *failures.entry(failure).or_default() += 1;
        }
    }
    let n_failed: usize = failures.values().sum();
    if n_failed * 2 > log.len() {
        // Of equals the worse one, which stands first.
        let most = failures.into_iter().rev().max_by_key(|(_, n)| *n);
        return most.map_or(Health::Fine, |(failure, _)| failure);
    }
    if n_day == 0 && usual_tenths.is_some_and(|usual| usual >= QUIET_FROM_TENTHS) {
        return Health::Quiet;
    }
    Health::Fine
}

/// Until when the host asked to be left alone, if that is not over.
fn paused_until(log: &[FetchLog], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let newest = log.first()?;
    let FetchOutcome::Busy { retry_after_s, .. } = newest.outcome else {
        return None;
    };
    let pause = TimeDelta::try_seconds(i64::try_from(retry_after_s?).ok()?)?;
    newest
        .at
        .checked_add_signed(pause)
        .filter(|until| *until > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(outcomes: &[FetchOutcome]) -> Vec<FetchLog> {
        let at = "2026-03-01T09:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let entry = |(place, outcome): (usize, &FetchOutcome)| FetchLog {
            source: SourceId("outlet".to_owned()),
            url: "https://outlet.example/".to_owned(),
            at: at - TimeDelta::minutes(place as i64),
            outcome: outcome.clone(),
        };
        outcomes.iter().enumerate().map(entry).collect()
    }

    #[test]
    fn a_source_is_in_trouble_when_most_visits_fail_and_not_for_one_page() {
        let busy = FetchOutcome::Busy {
            status: 429,
            retry_after_s: Some(600),
        };
        let refused = FetchOutcome::Refused { status: 500 };
        let fine = FetchOutcome::Captured;
        let of = |outcomes: &[FetchOutcome]| health(&log(outcomes), 5, Some(100));
        assert_eq!(of(&[]), Health::New);
        assert_eq!(of(&[refused.clone(), fine.clone()]), Health::Fine);
        assert_eq!(
            of(&[refused.clone(), refused.clone(), fine.clone()]),
            Health::Refusing
        );
        let mixed = [busy.clone(), busy.clone(), refused.clone(), fine.clone()];
        assert_eq!(of(&mixed), Health::Busy);
        assert_eq!(
            of(&[busy.clone(), refused]),
            Health::Refusing,
            "the worse of equals"
        );
        let now = "2026-03-01T09:05:00Z".parse::<DateTime<Utc>>().unwrap();
        let until = paused_until(&log(std::slice::from_ref(&busy)), now).unwrap();
        assert_eq!(until.to_rfc3339(), "2026-03-01T09:10:00+00:00");
        assert_eq!(paused_until(&log(&[fine, busy]), now), None);
    }

    #[test]
    fn silence_counts_only_where_something_usually_comes() {
        let answered = log(&[FetchOutcome::NotModified]);
        assert_eq!(health(&answered, 0, Some(30)), Health::Quiet);
        assert_eq!(health(&answered, 1, Some(30)), Health::Fine);
        assert_eq!(health(&answered, 0, Some(29)), Health::Fine);
        assert_eq!(health(&answered, 0, None), Health::Fine);
        let mut days = vec![0; 28];
        days[20..].fill(3);
        assert_eq!(
            usual(&days),
            Some(30),
            "counted since the first publication"
        );
        days[20] = 0;
        assert_eq!(usual(&days), Some(30));
        days[21] = 0;
        assert_eq!(usual(&days), None, "six days are too few");
    }
}
