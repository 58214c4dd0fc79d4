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
use crate::model::{FetchOutcome, FrontierEntry, Hint, SourceId, TargetKind};

/// A page said to have changed is looked at again at once, but not more often than this: some sites say so all the time.
const LEAST_PAUSE: TimeDelta = TimeDelta::hours(1);

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

/// Whether an address that discovery names again should be looked at before its time: it is said to have changed since.
pub fn is_said_to_have_changed(known: &FrontierEntry, hint: &Hint) -> bool {
    let said = hint
        .published
        .as_deref()
        .and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    match (said, known.fetched_at) {
        (Some(said), Some(fetched)) => said > fetched,
        _ => false,
    }
}

/// Whether such an address may be looked at yet.
pub fn may_be_early(known: &FrontierEntry, now: DateTime<Utc>) -> bool {
    known
        .fetched_at
        .is_none_or(|fetched| now - fetched >= LEAST_PAUSE)
}

/// The state after an answer with a body.
pub fn after_body(
    before: &FrontierEntry,
    exchange: &Exchange,
    body_hash: &str,
    config: &SourceConfig,
    now: DateTime<Utc>,
) -> FrontierEntry {
    let is_changed = before.body_hash.as_deref() != Some(body_hash);
    let mut after = after_success(before, config, now);
    if is_changed {
        after.changed_at = Some(now);
        after.due_at = Some(next_due(&after, config, now));
    }
    after.etag = exchange.header("etag").map(str::to_owned);
    after.last_modified = exchange.header("last-modified").map(str::to_owned);
    after.body_hash = Some(body_hash.to_owned());
    after
}

/// The state after an answer that the address still stands as it was.
fn after_success(
    before: &FrontierEntry,
    config: &SourceConfig,
    now: DateTime<Utc>,
) -> FrontierEntry {
    let mut after = before.clone();
    after.fetched_at = Some(now);
    after.n_failures = 0;
    after.n_gone = 0;
    after.due_at = Some(next_due(&after, config, now));
    after
}

/// The state after an answer without a body.
pub fn after_nothing(
    before: &FrontierEntry,
    outcome: &FetchOutcome,
    config: &SourceConfig,
    now: DateTime<Utc>,
) -> FrontierEntry {
    let mut after = before.clone();
    after.fetched_at = Some(now);
    match outcome {
        FetchOutcome::Captured | FetchOutcome::NotModified => {
            return after_success(before, config, now);
        }
        FetchOutcome::Gone { .. } => {
            after.n_gone += 1;
            after.n_failures = 0;
            after.due_at = Some(schedule::next_confirmation(is_gone(&after, outcome), now));
        }
        FetchOutcome::Busy {
            retry_after_s: Some(seconds),
            ..
        } => {
            after.n_failures += 1;
            let asked =
                now + TimeDelta::seconds(i64::try_from(*seconds).unwrap_or(i64::MAX).min(86_400));
            after.due_at = Some(asked.max(schedule::next_retry(after.n_failures, &after.url, now)));
        }
        _ => {
            after.n_failures += 1;
            after.due_at = Some(schedule::next_retry(after.n_failures, &after.url, now));
        }
    }
    after
}

/// Whether an address is gone beyond doubt: the server says for good, or it was confirmed often enough.
pub fn is_gone(entry: &FrontierEntry, outcome: &FetchOutcome) -> bool {
    match outcome {
        FetchOutcome::Gone { status: 410 } => true,
        FetchOutcome::Gone { .. } => entry.n_gone >= schedule::GONE_CONFIRMATIONS,
        _ => false,
    }
}

/// When an address that stands is next asked for.
fn next_due(entry: &FrontierEntry, config: &SourceConfig, now: DateTime<Utc>) -> DateTime<Utc> {
    let discovery = schedule::next_discovery(&config.crawl.schedule, config.crawl.timezone, now);
    let changed = entry.changed_at.unwrap_or(now);
    match entry.kind {
        // A sitemap below an index, or a file, is worth asking for less often the longer it has stood.
        TargetKind::Sitemap if entry.hint.page_url.is_some() => {
            schedule::next_unchanged(changed, discovery, now)
        }
        TargetKind::File => schedule::next_unchanged(changed, discovery, now),
        kind if is_discovery(kind) => discovery,
        _ => {
            let published = entry.hint.published.as_deref();
            let published = published.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            let since = published.map_or(entry.discovered_at, |at| at.with_timezone(&Utc));
            schedule::next_visit(since.min(now), now)
        }
    }
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
    fn a_404_must_be_confirmed_and_a_410_not() {
        let config = source("");
        let lost = FetchOutcome::Gone { status: 404 };
        let mut entry = page();
        let mut gone = Vec::new();
        for _ in 0..4 {
            entry = after_nothing(&entry, &lost, &config, now());
            gone.push(is_gone(&entry, &lost));
        }
        assert_eq!(gone, [false, false, true, true]);
        let ended = FetchOutcome::Gone { status: 410 };
        assert!(is_gone(
            &after_nothing(&page(), &ended, &config, now()),
            &ended
        ));
        let back = after_nothing(&entry, &FetchOutcome::NotModified, &config, now());
        assert_eq!(back.n_gone, 0);
    }

    #[test]
    fn failures_put_off_and_a_busy_host_is_obeyed() {
        let config = source("");
        let failed = after_nothing(&page(), &FetchOutcome::TimedOut, &config, now());
        assert!(failed.due_at > Some(now()));
        let busy = FetchOutcome::Busy {
            status: 503,
            retry_after_s: Some(7200),
        };
        let busy = after_nothing(&page(), &busy, &config, now());
        assert_eq!(busy.due_at, Some(now() + TimeDelta::hours(2)));
        assert_eq!(busy.n_failures, 1);
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
        assert!(is_said_to_have_changed(
            &known,
            &said("2026-06-01T16:00:00+05:00")
        ));
        assert!(!is_said_to_have_changed(
            &known,
            &said("2026-06-01T14:00:00+05:00")
        ));
        assert!(!is_said_to_have_changed(&known, &said("yesterday")));
        assert!(!may_be_early(&known, now() + TimeDelta::minutes(59)));
        assert!(may_be_early(&known, now() + TimeDelta::minutes(60)));
    }
}
