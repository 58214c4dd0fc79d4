//! Says when an address is to be asked for next: discovery by cron in the source's time zone, pages by their age, failures ever later.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use cron::Schedule;

use crate::canonical::ContentHash;
use crate::config::{Config, ConfigError};

/// Ages at which a page is looked at again. Most corrections come in the first day; no outlet announces the later ones.
const AGES: [TimeDelta; 5] = [
    TimeDelta::hours(1),
    TimeDelta::hours(6),
    TimeDelta::hours(24),
    TimeDelta::days(7),
    TimeDelta::days(30),
];
/// Pause between visits of a page older than all [`AGES`].
const OLD_PAGE_PAUSE: TimeDelta = TimeDelta::days(30);
/// First pause after a failure; each further one is twice as long.
const FIRST_RETRY: TimeDelta = TimeDelta::minutes(15);
/// Longest pause after failures.
const LONGEST_RETRY: TimeDelta = TimeDelta::days(7);
/// How often a 404 must be confirmed, and the pauses between: a page lost for an hour during a move is not gone.
pub const GONE_CONFIRMATIONS: u32 = 3;
/// Pause between two confirmations.
const CONFIRM_PAUSE: TimeDelta = TimeDelta::hours(6);
/// Pause between visits of a page that is gone: it may come back, or be silently restored.
const GONE_PAUSE: TimeDelta = TimeDelta::days(7);

/// Mistakes in the cron expressions of a configuration.
pub fn check(config: &Config) -> Vec<ConfigError> {
    let mut errors: Vec<ConfigError> = Vec::new();
    for source in &config.sources {
        let settings = &source.crawl;
        if let Err(message) = parse(&settings.schedule) {
            let line = settings.schedule_line;
            if !errors.iter().any(|error| error.line == line) {
                errors.push(config.error(line, "schedule".to_owned(), message));
            }
        }
    }
    errors
}

/// Reads a cron expression of five fields (from minutes) or six (from seconds).
fn parse(text: &str) -> Result<Schedule, String> {
    let n_fields = text.split_whitespace().count();
    let full = match n_fields {
        5 => format!("0 {text}"),
        6 => text.to_owned(),
        _ => {
            return Err(format!(
                "`{text}` has {n_fields} fields; a schedule has 5 (from minutes) or 6 (from seconds)"
            ));
        }
    };
    let schedule = Schedule::from_str(&full)
        .map_err(|error| format!("`{text}` is no cron expression: {error}"))?;
    if schedule.after(&DateTime::UNIX_EPOCH).next().is_none() {
        return Err(format!("`{text}` never comes"));
    }
    Ok(schedule)
}

/// The next moment of a schedule after `now`; an unreadable schedule (refused by [`check`]) counts as hourly.
pub fn next_discovery(schedule: &str, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let next = parse(schedule)
        .ok()
        .and_then(|schedule| schedule.after(&now.with_timezone(&zone)).next());
    next.map_or(now + TimeDelta::hours(1), |next| next.with_timezone(&Utc))
}

/// The next visit of a page first published (or found) at `since`.
pub fn next_visit(since: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let rung = AGES.iter().map(|age| since + *age).find(|at| *at > now);
    rung.unwrap_or(now + OLD_PAGE_PAUSE)
}

/// The next visit of a sitemap below an index: the longer it has stood unchanged, the later, but never before discovery runs again.
pub fn next_unchanged(
    changed: DateTime<Utc>,
    discovery: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let pause = ((now - changed) / 4).min(OLD_PAGE_PAUSE);
    discovery.max(now + pause)
}

/// The next try after `n_failures` failures in a row, spread by up to a quarter so that a site that returns is not rushed.
/// The spread is drawn from the address: the same run gives the same times.
pub fn next_retry(n_failures: u32, url: &str, now: DateTime<Utc>) -> DateTime<Utc> {
    let doublings = n_failures.saturating_sub(1).min(16);
    let pause = (FIRST_RETRY * (1 << doublings)).min(LONGEST_RETRY);
    let spread = i32::try_from(draw(url, n_failures) % 256).unwrap_or_default();
    now + pause + pause * spread / 1024
}

/// The next look at an address that answered 404 or 410 `n_gone` times in a row.
pub fn next_confirmation(is_gone: bool, now: DateTime<Utc>) -> DateTime<Utc> {
    now + if is_gone { GONE_PAUSE } else { CONFIRM_PAUSE }
}

/// Whether validators are left out today: once a week on a day drawn from the address, because some servers answer 304 to everything.
pub fn is_full_fetch_day(url: &str, fetched: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    let today = now.timestamp().div_euclid(86_400);
    let is_new_day = fetched.is_none_or(|fetched| fetched.timestamp().div_euclid(86_400) < today);
    is_new_day && today.rem_euclid(7) == i64::from(draw(url, 0) % 7)
}

/// A number drawn from an address, the same in every run.
fn draw(url: &str, salt: u32) -> u32 {
    let digest = ContentHash::of(format!("{salt} {url}").as_bytes());
    u32::from_str_radix(&digest.0[..8], 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn discovery_follows_the_clock_of_the_source() {
        let cases = [
            (
                "0 */15 * * * *",
                "2026-06-01T10:07:00Z",
                "2026-06-01T10:15:00Z",
            ),
            (
                "*/15 * * * *",
                "2026-06-01T10:15:00Z",
                "2026-06-01T10:30:00Z",
            ),
            (
                "0 0 9 * * *",
                "2026-06-01T10:00:00Z",
                "2026-06-02T04:00:00Z",
            ),
            (
                "0 30 9-18 * * Mon-Fri",
                "2026-06-05T13:31:00Z",
                "2026-06-08T04:30:00Z",
            ),
        ];
        for (schedule, now, expected) in cases {
            let next = next_discovery(schedule, Tz::Asia__Almaty, at(now));
            assert_eq!(next, at(expected), "{schedule}");
        }
    }

    #[test]
    fn schedules_that_cannot_be_read_are_told_with_their_line() {
        let source = |id: &str, schedule: &str| {
            format!(
                "[[source]]\nid = \"{id}\"\nname = \"A\"\nurl = \"https://example.org/\"\nrole = \"media\"\nlanguages = [\"en\"]\nschedule = \"{schedule}\"\n"
            )
        };
        let text = [
            source("a", "0 */15 * * * *"),
            source("b", "every hour"),
            source("c", "0 0 25 * * *"),
            source("d", "0 9 * * *"),
            source("e", "0 0 0 30 2 *"),
        ]
        .concat();
        let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
        let lines: Vec<usize> = check(&config).iter().map(|error| error.line).collect();
        assert_eq!(lines, [14, 21, 35]);
    }

    #[test]
    fn a_page_is_visited_at_its_ages_and_then_monthly() {
        let born = at("2026-06-01T00:00:00Z");
        let mut now = born;
        let mut hours = Vec::new();
        for _ in 0..7 {
            now = next_visit(born, now);
            hours.push((now - born).num_hours());
        }
        assert_eq!(hours, [1, 6, 24, 168, 720, 1440, 2160]);
    }

    #[test]
    fn failures_are_tried_again_ever_later_and_never_all_at_once() {
        let now = at("2026-06-01T00:00:00Z");
        let mut before = TimeDelta::zero();
        for n_failures in 1..40 {
            let pause = next_retry(n_failures, "https://example.org/a", now) - now;
            assert!(pause >= FIRST_RETRY && pause <= LONGEST_RETRY * 5 / 4);
            assert!(pause > before || pause >= LONGEST_RETRY, "{n_failures}");
            before = pause;
        }
        let pauses: std::collections::BTreeSet<_> = (0..20)
            .map(|idx| next_retry(3, &format!("https://example.org/{idx}"), now))
            .collect();
        assert!(pauses.len() > 15);
    }

    #[test]
    fn once_a_week_a_page_is_fetched_in_full() {
        let url = "https://example.org/a";
        let start = at("2026-06-01T12:00:00Z");
        let days = (0..28).map(|day| start + TimeDelta::days(day));
        let full = days
            .filter(|now| is_full_fetch_day(url, Some(*now - TimeDelta::days(1)), *now))
            .count();
        assert_eq!(full, 4);
        assert!((0..7).all(|day| {
            let now = start + TimeDelta::days(day);
            !is_full_fetch_day(url, Some(now - TimeDelta::hours(1)), now)
        }));
    }
}
