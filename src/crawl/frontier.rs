//! Names what is to be asked for: where a source's discovery starts, and what becomes of an address after each answer.
//!
//! Pure: the state of an address and an answer in, the new state out. The store keeps it, so a killed pass goes on where it was.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use super::discover::{Found, api};
use super::fetch::Exchange;
use super::politeness;
use super::schedule;
use crate::canonical;
use crate::config::SourceConfig;
use crate::model::{
    FetchOutcome, FrontierEntry, Hint, Reason, Rhythm, SourceId, TargetKind, Visits,
};
use crate::wire::pause::http_date;

/// A page said to have changed is looked at again at once, but not sooner than this after the last visit. The pause is doubled
/// with each time in a row that it had not changed: some sites say so all the time.
const LEAST_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// Least pause between two looks at a feed, however often its hub announces news.
const ANNOUNCED_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// Doublings of [`LEAST_PAUSE`] at most: a little over five hours.
const MOST_DOUBLINGS: u32 = 6;

/// Whether an address offers publications rather than being one.
pub fn is_discovery(kind: TargetKind) -> bool {
    matches!(
        kind,
        TargetKind::Feed | TargetKind::Sitemap | TargetKind::Listing | TargetKind::ApiList
    )
}

/// A new address, due at once. `None` when it is no address that can be fetched.
pub fn entry(
    source: &SourceId,
    url: &str,
    kind: TargetKind,
    hint: Hint,
    now: DateTime<Utc>,
) -> Option<FrontierEntry> {
    let url = canonical::url(url).ok()?;
    let host = politeness::host_key(&Url::parse(&url).ok()?);
    Some(FrontierEntry {
        url,
        source: source.clone(),
        host,
        kind,
        hint,
        discovered_at: now,
        due_at: Some(now),
        fetched_at: None,
        changed_at: None,
        etag: None,
        last_modified: None,
        body_hash: None,
        n_failures: 0,
        n_gone: 0,
        visits: Visits {
            why: vec![Reason::New],
            ..Visits::default()
        },
    })
}

/// An address that discovery found.
pub fn found(source: &SourceId, found: Found, now: DateTime<Utc>) -> Option<FrontierEntry> {
    entry(source, &found.url, found.kind, found.hint, now)
}

/// Where the discovery of a source starts. A source that names nothing starts at its own address.
pub fn seeds(config: &SourceConfig, now: DateTime<Utc>) -> Vec<FrontierEntry> {
    let id = &config.source.id;
    let plain = |url: &String, kind| entry(id, url, kind, Hint::default(), now);
    let mut seeds = Vec::new();
    seeds.extend(
        config
            .feeds
            .iter()
            .filter_map(|url| plain(url, TargetKind::Feed)),
    );
    seeds.extend(
        config
            .sitemaps
            .iter()
            .filter_map(|url| plain(url, TargetKind::Sitemap)),
    );
    seeds.extend(
        config
            .listings
            .iter()
            .filter_map(|listing| plain(&listing.url, TargetKind::Listing)),
    );
    for (url, language) in config
        .api
        .iter()
        .flat_map(|api| api::first_pages(api, &config.source.languages))
    {
        let hint = Hint {
            language: language.map(|language| language.code().to_owned()),
            ..Hint::default()
        };
        seeds.extend(entry(id, &url, TargetKind::ApiList, hint, now));
    }
    seeds.extend(
        config
            .files
            .iter()
            .filter_map(|url| plain(url, TargetKind::File)),
    );
    if config.has_no_discovery() {
        seeds.extend(plain(&config.source.url, TargetKind::Listing));
    }
    seeds
}

/// The place of an address among those of its host that are due: the lowest comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Offers come first, since they tell of the rest, then what is new, is said to have changed, or has an open case.
    pub class: u8,
    /// Then what is most likely to have changed, in millionths of a change.
    pub likelihood: std::cmp::Reverse<u64>,
    /// Then what was due first.
    pub due_at: Option<DateTime<Utc>>,
    /// The same order in every run.
    pub url: String,
    /// See [`Rank::url`]: two sources may name one address.
    pub source: SourceId,
}

/// The place of an address among those of its host that are due at `now`.
pub fn rank(entry: &FrontierEntry, rhythm: &Rhythm, now: DateTime<Utc>) -> Rank {
    let is_hot = entry.visits.hot_until.is_some_and(|until| until > now);
    let class = match entry.kind {
        kind if is_discovery(kind) => 0,
        _ if entry.fetched_at.is_none() || entry.visits.is_said || is_hot => 1,
        _ => 2,
    };
    Rank {
        class,
        likelihood: std::cmp::Reverse(schedule::likelihood(entry, rhythm, now)),
        due_at: entry.due_at,
        url: entry.url.clone(),
        source: entry.source.clone(),
    }
}

/// Whether an address that discovery names again should be looked at before its time: it is said to have changed since. What is said
/// of a time to come, by a clock that is ahead or a wrong time zone, would be so at every look and tells nothing.
pub fn is_said_to_have_changed(known: &FrontierEntry, hint: &Hint, now: DateTime<Utc>) -> bool {
    let said = hint
        .published
        .as_deref()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    match (said, known.fetched_at) {
        (Some(said), Some(fetched)) => said > fetched && said <= now + LEAST_PAUSE,
        _ => false,
    }
}

/// Whether such an address may be looked at yet.
pub fn may_be_early(known: &FrontierEntry, now: DateTime<Utc>) -> bool {
    let pause = LEAST_PAUSE * (1 << known.visits.n_false_alarms.min(MOST_DOUBLINGS));
    known
        .fetched_at
        .is_none_or(|fetched| now - fetched >= pause)
}

/// The state of an address that is said to have changed: it is due, and stays so should the pass end before its turn.
pub fn said_to_have_changed(known: &FrontierEntry, now: DateTime<Utc>) -> FrontierEntry {
    let mut after = known.clone();
    after.due_at = known.due_at.map(|due| due.min(now));
    after.visits.is_said = true;
    after.visits.why = vec![Reason::SaidToHaveChanged];
    after
}

/// The state of a feed whose hub announces news: it is due, though never within a minute of the last visit, nor while it fails.
pub fn announced(known: &FrontierEntry, now: DateTime<Utc>) -> FrontierEntry {
    let rested = known.fetched_at.map_or(now, |at| at + ANNOUNCED_PAUSE);
    let at = rested.max(now);
    let mut after = known.clone();
    if known.n_failures == 0 && known.due_at.is_some_and(|due| due > at) {
        after.due_at = Some(at);
        after.visits.why = vec![Reason::Announced];
    }
    after
}

/// An entry as it stands now, with what a visit under way knows of itself: others may have changed the rest since the visit began.
pub fn in_visit(known: &FrontierEntry, visit: &FrontierEntry) -> FrontierEntry {
    let mut entry = known.clone();
    entry.visits.is_said = visit.visits.is_said;
    entry.visits.is_denied = visit.visits.is_denied;
    entry
}

/// The state after an answer with a body.
pub fn after_body(
    before: &FrontierEntry,
    exchange: &Exchange,
    body_hash: &str,
    config: &SourceConfig,
    rhythm: &Rhythm,
    now: DateTime<Utc>,
) -> FrontierEntry {
    let is_changed = before.body_hash.as_deref() != Some(body_hash);
    let mut after = after_success(before, is_changed, now);
    after.visits.full_at = Some(now);
    after.etag = exchange.header("etag").map(str::to_owned);
    // Sent back, a date that is still to come would have every change before it called none (RFC 9110, 13.1.3).
    let modified = exchange.header("last-modified");
    let modified = modified.filter(|text| http_date(text).is_none_or(|date| date <= now));
    after.last_modified = modified.map(str::to_owned);
    after.body_hash = Some(body_hash.to_owned());
    plan(&mut after, config, rhythm, now);
    after
}

/// The state after an answer that the address still stands, without its next visit.
fn after_success(before: &FrontierEntry, is_changed: bool, now: DateTime<Utc>) -> FrontierEntry {
    let mut after = asked(before, now);
    after.n_failures = 0;
    after.n_gone = 0;
    after.visits.missing_since = None;
    if is_changed {
        after.changed_at = Some(now);
    } else if before.visits.is_said {
        after.visits.n_false_alarms = before.visits.n_false_alarms.saturating_add(1);
    }
    after
}

/// The state after any answer, without what it says.
fn asked(before: &FrontierEntry, now: DateTime<Utc>) -> FrontierEntry {
    let mut after = before.clone();
    after.visits.before = before.fetched_at;
    after.visits.is_said = false;
    after.fetched_at = Some(now);
    after
}

/// The state after an answer without a body.
pub fn after_nothing(
    before: &FrontierEntry,
    outcome: &FetchOutcome,
    config: &SourceConfig,
    rhythm: &Rhythm,
    now: DateTime<Utc>,
) -> FrontierEntry {
    if matches!(outcome, FetchOutcome::Captured | FetchOutcome::NotModified) {
        let mut after = after_success(before, false, now);
        plan(&mut after, config, rhythm, now);
        return after;
    }
    let mut after = asked(before, now);
    let (due_at, why) = match outcome {
        FetchOutcome::Gone { .. } | FetchOutcome::SoftGone { .. } => {
            after.n_gone += 1;
            after.n_failures = 0;
            after.visits.missing_since.get_or_insert(now);
            let is_gone = is_gone(&after, outcome);
            let why = match is_gone {
                true => Reason::Gone,
                false => Reason::Missing {
                    times: after.n_gone,
                },
            };
            (schedule::next_confirmation(is_gone, now), why)
        }
        FetchOutcome::Busy {
            retry_after_s: Some(seconds),
            ..
        } => {
            after.n_failures += 1;
            let pause = i64::try_from(*seconds).unwrap_or(i64::MAX).min(86_400);
            let asked = now + TimeDelta::seconds(pause);
            let retry = schedule::next_retry(after.n_failures, &after.url, now);
            let why = match asked >= retry {
                true => Reason::AskedToWait { seconds: *seconds },
                false => Reason::Failed {
                    times: after.n_failures,
                },
            };
            (asked.max(retry), why)
        }
        _ => {
            after.n_failures += 1;
            let why = Reason::Failed {
                times: after.n_failures,
            };
            (schedule::next_retry(after.n_failures, &after.url, now), why)
        }
    };
    after.due_at = Some(due_at);
    after.visits.why = vec![why];
    after
}

/// Whether an address is gone beyond doubt: the server says for good, or it was confirmed often enough and over a long enough time.
pub fn is_gone(entry: &FrontierEntry, outcome: &FetchOutcome) -> bool {
    let lasted = match (entry.visits.missing_since, entry.fetched_at) {
        (Some(since), Some(now)) => now - since,
        _ => TimeDelta::zero(),
    };
    match outcome {
        FetchOutcome::Gone { status: 410 } => true,
        FetchOutcome::Gone { .. } | FetchOutcome::SoftGone { .. } => {
            entry.n_gone >= schedule::GONE_CONFIRMATIONS && lasted >= schedule::GONE_SPAN
        }
        _ => false,
    }
}

/// The state after a reader would have seen the page change: its next visit is brought forward, never put off.
pub fn after_revision(
    before: &FrontierEntry,
    config: &SourceConfig,
    rhythm: &Rhythm,
    at: DateTime<Utc>,
) -> FrontierEntry {
    let mut after = before.clone();
    after.visits.revised_at = Some(at);
    after.visits.n_revised += 1;
    after.visits.n_false_alarms = 0;
    sooner(&mut after, config, rhythm, at);
    after
}

/// The state after its page was read for the first time and says when it was published: it is visited as pages of its age are.
pub fn after_publication(
    before: &FrontierEntry,
    published_at: DateTime<Utc>,
    config: &SourceConfig,
    rhythm: &Rhythm,
) -> FrontierEntry {
    let mut after = before.clone();
    after.visits.published_at = Some(published_at);
    if let (Some(asked_at), Some(_)) = (before.fetched_at, before.due_at)
        && before.visits.hot_until.is_none()
        && before.n_failures == 0
        && before.n_gone == 0
    {
        plan(&mut after, config, rhythm, asked_at);
    }
    after
}

/// Brings the next visit of an entry forward to where what is now known of it puts it.
fn sooner(
    entry: &mut FrontierEntry,
    config: &SourceConfig,
    rhythm: &Rhythm,
    asked_at: DateTime<Utc>,
) {
    let mut planned = entry.clone();
    plan(&mut planned, config, rhythm, asked_at);
    if entry.due_at.is_some_and(|due| planned.due_at < Some(due)) {
        *entry = planned;
    }
}

/// Plans the next visit of an address that stands.
fn plan(entry: &mut FrontierEntry, config: &SourceConfig, rhythm: &Rhythm, now: DateTime<Utc>) {
    let settings = &config.crawl;
    let changed = entry.changed_at.unwrap_or(now);
    let unchanged = |why: &mut Vec<Reason>| {
        let run = schedule::next_discovery(&settings.schedule, settings.timezone, now);
        let due = schedule::next_unchanged(changed, run, now);
        if due > run {
            *why = vec![Reason::Unchanged {
                minutes: (now - changed).num_minutes(),
            }];
        }
        due
    };
    let plan = match entry.kind {
        // A sitemap below an index, or a file, is worth asking for less often the longer it has stood.
        kind if kind == TargetKind::File
            || kind == TargetKind::Sitemap && entry.hint.page_url.is_some() =>
        {
            let mut plan = schedule::offer_plan(settings, rhythm, false, now);
            plan.due_at = unchanged(&mut plan.why);
            plan
        }
        // A sitemap may be large; feeds and lists are small.
        kind if is_discovery(kind) => {
            schedule::offer_plan(settings, rhythm, kind != TargetKind::Sitemap, now)
        }
        _ => schedule::page_plan(entry, rhythm, now),
    };
    entry.due_at = Some(plan.due_at);
    entry.visits.why = plan.why;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::path::Path;

    fn source(more: &str) -> SourceConfig {
        let text = format!(
            "[[source]]\nid = \"a\"\nname = \"A\"\nurl = \"https://example.org/\"\nrole = \"media\"\nlanguages = [\"kk\", \"ru\"]\n{more}"
        );
        Config::parse(&text, Path::new("sources.toml"))
            .unwrap()
            .sources
            .remove(0)
    }

    fn now() -> DateTime<Utc> {
        "2026-06-01T10:07:00Z".parse().unwrap()
    }

    fn page() -> FrontierEntry {
        let id = SourceId("a".to_owned());
        entry(
            &id,
            "https://example.org/a",
            TargetKind::Page,
            Hint::default(),
            now(),
        )
        .unwrap()
    }

    #[test]
    fn discovery_starts_where_the_source_says_and_else_at_its_address() {
        let named = source(
            "feeds = [\"https://example.org/rss\"]\napi = { list = \"https://example.org/{language}/api\", items = \"/i\", url = \"/u\" }\nfiles = [\"https://example.org/f.xlsx\"]\n",
        );
        let seeds_of = |config: &SourceConfig| -> Vec<(TargetKind, String)> {
            seeds(config, now())
                .into_iter()
                .map(|entry| (entry.kind, entry.url))
                .collect()
        };
        let expected = [
            (TargetKind::Feed, "https://example.org/rss"),
            (TargetKind::ApiList, "https://example.org/kk/api"),
            (TargetKind::ApiList, "https://example.org/ru/api"),
            (TargetKind::File, "https://example.org/f.xlsx"),
        ];
        let expected: Vec<(TargetKind, String)> =
            expected.map(|(kind, url)| (kind, url.to_owned())).to_vec();
        assert_eq!(seeds_of(&named), expected);
        assert_eq!(
            seeds_of(&source("")),
            [(TargetKind::Listing, "https://example.org/".to_owned())]
        );
    }

    #[test]
    fn a_404_must_be_confirmed_over_time_and_a_410_not() {
        let config = source("");
        let lost = FetchOutcome::Gone { status: 404 };
        let soft = FetchOutcome::SoftGone {
            sign: "its title".to_owned(),
        };
        let gone_after = |hours: &[i64], outcome: &FetchOutcome| -> Vec<bool> {
            let mut entry = page();
            let ask = |hour: &i64| {
                let at = now() + TimeDelta::hours(*hour);
                entry = after_nothing(&entry, outcome, &config, &Rhythm::default(), at);
                is_gone(&entry, outcome)
            };
            hours.iter().map(ask).collect()
        };
        assert_eq!(
            gone_after(&[0, 6, 12, 13], &lost),
            [false, false, true, true]
        );
        assert_eq!(gone_after(&[0, 6, 12], &soft), [false, false, true]);
        assert_eq!(
            gone_after(&[0, 0, 0, 1, 2, 11, 12], &lost),
            [false, false, false, false, false, false, true],
            "asking often confirms nothing"
        );
        assert_eq!(gone_after(&[0, 30], &lost), [false, false]);
        let ended = FetchOutcome::Gone { status: 410 };
        assert_eq!(gone_after(&[0], &ended), [true]);
        let mut entry = page();
        for hours in [0, 6] {
            let at = now() + TimeDelta::hours(hours);
            entry = after_nothing(&entry, &lost, &config, &Rhythm::default(), at);
        }
        let stands = FetchOutcome::NotModified;
        let back = after_nothing(&entry, &stands, &config, &Rhythm::default(), now());
        assert_eq!((back.n_gone, back.visits.missing_since), (0, None));
    }

    #[test]
    fn failures_put_off_and_a_busy_host_is_obeyed() {
        let config = source("");
        let after = |outcome: &FetchOutcome| {
            after_nothing(&page(), outcome, &config, &Rhythm::default(), now())
        };
        let failed = after(&FetchOutcome::TimedOut);
        assert!(failed.due_at > Some(now()));
        assert_eq!(failed.visits.why, [Reason::Failed { times: 1 }]);
        let busy = after(&FetchOutcome::Busy {
            status: 503,
            retry_after_s: Some(7200),
        });
        assert_eq!(busy.due_at, Some(now() + TimeDelta::hours(2)));
        assert_eq!(busy.n_failures, 1);
        assert_eq!(busy.visits.why, [Reason::AskedToWait { seconds: 7200 }]);
    }

    #[test]
    fn a_page_that_a_reader_saw_change_is_visited_sooner_and_never_later() {
        let config = source("");
        let later = now() + TimeDelta::days(20);
        let known = after_nothing(
            &page(),
            &FetchOutcome::NotModified,
            &config,
            &Rhythm::default(),
            later,
        );
        let revised = after_revision(&known, &config, &Rhythm::default(), later);
        assert!(revised.due_at < known.due_at);
        assert_eq!(revised.visits.n_revised, 1);
        let soon = FrontierEntry {
            due_at: Some(later + TimeDelta::minutes(1)),
            ..known
        };
        let revised = after_revision(&soon, &config, &Rhythm::default(), later);
        assert_eq!(revised.due_at, soon.due_at);
    }

    #[test]
    fn a_page_is_early_only_when_it_is_said_to_have_changed_since() {
        let known = FrontierEntry {
            fetched_at: Some(now()),
            ..page()
        };
        let said = |text: &str| Hint {
            published: Some(text.to_owned()),
            ..Hint::default()
        };
        let is_said = |text: &str| {
            let later = now() + TimeDelta::hours(1);
            is_said_to_have_changed(&known, &said(text), later)
        };
        assert!(is_said("2026-06-01T16:00:00+05:00"));
        assert!(!is_said("2026-06-01T14:00:00+05:00"));
        assert!(!is_said("yesterday"));
        assert!(
            !is_said("2026-06-01T16:13:00+05:00"),
            "a clock that is ahead"
        );
        assert!(!may_be_early(&known, now() + TimeDelta::minutes(4)));
        assert!(may_be_early(&known, now() + TimeDelta::minutes(5)));
        let mut alarmed = known;
        alarmed.visits.n_false_alarms = 3;
        assert!(!may_be_early(&alarmed, now() + TimeDelta::minutes(39)));
        assert!(may_be_early(&alarmed, now() + TimeDelta::minutes(40)));
    }
}
