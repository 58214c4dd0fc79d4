//! Says when an address is to be asked for next, and why: discovery by cron in the source's time zone, pages by their age and by how often
//! their source changes them, failures ever later.
//!
//! Where changes come at a rate r and a request costs as much as a change that stays unseen for a time c, the pause that costs least is
//! the square root of 2c/r. Changes of a page grow rarer the older it is, so its pause grows with its age.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use cron::Schedule;

use crate::canonical::ContentHash;
use crate::config::{Config, ConfigError, CrawlSettings};
use crate::model::rhythm::usual_changes;
use crate::model::{FrontierEntry, Reason, Rhythm, Visits};

/// A page rests so long at first ...
const PAGE_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// ... and this part of its age longer ...
const AGE_PART: i32 = 12;
/// ... and all that once more for each such time of its age: what has stood for months is hardly changed any more ...
const SETTLES_IN: TimeDelta = TimeDelta::days(30);
/// ... but no shorter than this, however often its source changes its pages.
const LEAST_PAUSE: TimeDelta = TimeDelta::minutes(3);
/// Longest pause between visits of a page that stands: what nobody reads any more is still corrected silently.
const LONGEST_PAUSE: TimeDelta = TimeDelta::days(30);
/// How far the yield of a source may stretch or shorten a pause, in hundredths.
const LEAST_TIMES: u64 = 40;
/// See [`LEAST_TIMES`].
const MOST_TIMES: u64 = 300;
/// How far the hour of the day may slow or hasten the passing of a pause, in hundredths.
const LEAST_WEIGHT: u64 = 25;
/// See [`LEAST_WEIGHT`].
const MOST_WEIGHT: u64 = 200;
/// Pauses from this length on are the same whatever the hour: they hold quiet and busy hours alike.
const HOURS_EVEN_OUT: TimeDelta = TimeDelta::days(3);
/// Longest pause between visits of a page about which a case is open: corrections are mostly made within hours.
pub const CASE_PAUSE: TimeDelta = TimeDelta::hours(1);
/// Longest pause between visits of a page by which a change of layout is noticed.
const CANARY_PAUSE: TimeDelta = TimeDelta::days(1);
/// An offer is looked at between two runs of its schedule no sooner than this after the last look.
const LEAST_OFFER_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// The same when one new publication an hour is usual; with four times as many it is half of that.
const OFFER_PAUSE_AT_ONE: u64 = 10;
/// Looks between two runs of a schedule are made only where runs are no farther apart: a source that is looked at once a day is
/// meant to be, and hours without runs are its operator's wish.
const DENSE_SCHEDULE: TimeDelta = TimeDelta::hours(1);
/// First pause after a failure; each further one is twice as long.
const FIRST_RETRY: TimeDelta = TimeDelta::minutes(15);
/// Longest pause after failures.
const LONGEST_RETRY: TimeDelta = TimeDelta::days(7);
/// How often it must be seen that nothing stands at an address: a page lost for an hour during a move is not gone.
pub const GONE_CONFIRMATIONS: u32 = 3;
/// How long that must have lasted, however often it was looked at meanwhile.
pub const GONE_SPAN: TimeDelta = TimeDelta::hours(12);
/// Pause between two confirmations.
const CONFIRM_PAUSE: TimeDelta = TimeDelta::hours(6);
/// A whole body is asked for at least this often, whatever the validators say: some servers answer 304 to everything.
pub const FULL_FETCH_EVERY: TimeDelta = TimeDelta::days(7);
/// The same of a feed or list: while it stands still for a wrong reason, nothing new of its source is seen.
pub const FULL_OFFER_EVERY: TimeDelta = TimeDelta::days(1);
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

/// When an address is visited next, and why then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// When.
    pub due_at: DateTime<Utc>,
    /// Each reason, in the order in which it bore on the moment.
    pub why: Vec<Reason>,
}

/// The next look at an offer after one at `now`: the next run of its schedule, or sooner where that is dense and something new is likely.
pub fn offer_plan(
    settings: &CrawlSettings,
    rhythm: &Rhythm,
    may_be_early: bool,
    now: DateTime<Utc>,
) -> Plan {
    let run = next_discovery(&settings.schedule, settings.timezone, now);
    let by_schedule = Plan {
        due_at: run,
        why: vec![Reason::Schedule {
            cron: settings.schedule.clone(),
            timezone: settings.timezone.name().to_owned(),
        }],
    };
    let usual = rhythm.usual_new(now).unwrap_or_default();
    if !may_be_early || !settings.has_early_looks || usual == 0 {
        return by_schedule;
    }
    // The run before this one: a look may be made by hand at any hour, and none follows it before the first run of a morning.
    let since = run - DENSE_SCHEDULE - TimeDelta::seconds(1);
    if next_discovery(&settings.schedule, settings.timezone, since) == run {
        return by_schedule;
    }
    // The shorter the pause, the less each look saves: pauses go with the square root of what is expected.
    let minutes = (OFFER_PAUSE_AT_ONE * OFFER_PAUSE_AT_ONE * 100 / usual).isqrt();
    let pause = TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX).min(24 * 60));
    let early = now + pause.max(LEAST_OFFER_PAUSE);
    if early + LEAST_OFFER_PAUSE / 2 > run {
        return by_schedule;
    }
    Plan {
        due_at: early,
        why: vec![Reason::LikelyNew {
            hundredths_an_hour: usual,
        }],
    }
}

/// The next visit of a page that stands, after one at `now`: by its age, by how often its source changes pages of that age,
/// by the hours in which it does, and at least hourly while a case about it is open.
pub fn page_plan(entry: &FrontierEntry, rhythm: &Rhythm, now: DateTime<Utc>) -> Plan {
    let (age, is_since_change) = entry.felt_age(now);
    let aged = by_age(age);
    let mut why = vec![Reason::Age {
        minutes: age.num_minutes(),
        pause_minutes: aged.num_minutes(),
        is_since_change,
    }];
    let (seen, usual) = rhythm.changes(age);
    let times = (usual.saturating_mul(10_000) / seen.max(1))
        .isqrt()
        .clamp(LEAST_TIMES, MOST_TIMES);
    if times != 100 {
        let group = rhythm.ages[Rhythm::age_group(age)];
        why.push(Reason::Yield {
            seen: group.seen,
            usual_hundredths: group.usual_millionths / 10_000,
            times_hundredths: times,
        });
    }
    let pause =
        (aged * i32::try_from(times).unwrap_or(100) / 100).clamp(LEAST_PAUSE, LONGEST_PAUSE);
    let mut due_at = now + pause;
    if pause < HOURS_EVEN_OUT {
        due_at = (now + LEAST_PAUSE).max(after_weighted(rhythm, now, pause));
        let later_minutes = (due_at - now - pause).num_minutes();
        if later_minutes != 0 {
            why.push(Reason::Hours { later_minutes });
        }
    }
    if entry.visits.hot_until.is_some_and(|until| until > now) && due_at > now + CASE_PAUSE {
        due_at = now + CASE_PAUSE;
        why.push(Reason::OpenCase {
            pause_minutes: CASE_PAUSE.num_minutes(),
        });
    }
    if entry.visits.is_canary && due_at > now + CANARY_PAUSE {
        due_at = now + CANARY_PAUSE;
        why.push(Reason::Canary);
    }
    Plan { due_at, why }
}

/// How long a page of an age rests.
fn by_age(age: TimeDelta) -> TimeDelta {
    let first = (PAGE_PAUSE + age / AGE_PART).num_seconds();
    let settles = SETTLES_IN.num_seconds();
    let seconds = first.saturating_mul(settles.saturating_add(age.num_seconds())) / settles;
    TimeDelta::seconds(seconds.min(LONGEST_PAUSE.num_seconds()))
}

/// The moment at which a pause is over when time passes faster in hours in which the source is busy.
fn after_weighted(rhythm: &Rhythm, from: DateTime<Utc>, pause: TimeDelta) -> DateTime<Utc> {
    let weight = |at| {
        (rhythm.activity(at) * 100)
            .isqrt()
            .clamp(LEAST_WEIGHT, MOST_WEIGHT)
    };
    let mut left = u64::try_from(pause.num_seconds()).unwrap_or_default() * 100;
    let mut at = from;
    loop {
        let weight = weight(at);
        let in_hour = 3600 - u64::try_from(at.timestamp().rem_euclid(3600)).unwrap_or_default();
        if left <= in_hour * weight {
            let seconds = i64::try_from(left / weight).unwrap_or_default();
            return at + TimeDelta::seconds(seconds);
        }
        left -= in_hour * weight;
        at += TimeDelta::seconds(i64::try_from(in_hour).unwrap_or(3600));
    }
}

/// How likely it is that a page has changed since it was last asked for, in millionths of a change: by this the requests that a host's
/// delay leaves room for are spent. A page that was never asked for comes before all that were.
pub fn likelihood(entry: &FrontierEntry, rhythm: &Rhythm, now: DateTime<Utc>) -> u64 {
    let Some(fetched) = entry.fetched_at else {
        return u64::MAX;
    };
    let (age, _) = entry.felt_age(now);
    let (seen, usual) = rhythm.changes(age);
    let from = (age - (now - fetched)).max(TimeDelta::zero());
    usual_changes(from, age).saturating_mul(seen) / usual.max(1)
}

/// The next visit of a sitemap below an index: the longer it has stood unchanged, the later, but never before discovery runs again.
pub fn next_unchanged(
    changed: DateTime<Utc>,
    discovery: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let pause = ((now - changed) / 4).min(LONGEST_PAUSE);
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

/// Whether a whole body is due, whatever the validators say.
pub fn is_full_due(visits: &Visits, is_offer: bool, now: DateTime<Utc>) -> bool {
    let every = match is_offer {
        true => FULL_OFFER_EVERY,
        false => FULL_FETCH_EVERY,
    };
    visits.full_at.is_none_or(|full_at| now - full_at >= every)
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

    fn page(born: &str) -> FrontierEntry {
        let id = crate::model::SourceId("a".to_owned());
        let kind = crate::model::TargetKind::Page;
        let hint = crate::model::Hint::default();
        crate::crawl::frontier::entry(&id, "https://example.org/a", kind, hint, at(born)).unwrap()
    }

    #[test]
    fn a_page_is_visited_ever_less_often_and_monthly_at_a_year() {
        let entry = page("2026-06-01T00:00:00Z");
        let pause = |age: TimeDelta| {
            let now = at("2026-06-01T00:00:00Z") + age;
            page_plan(&entry, &Rhythm::default(), now).due_at - now
        };
        assert_eq!(pause(TimeDelta::zero()).num_minutes(), 5);
        assert_eq!(pause(TimeDelta::hours(24)).num_minutes(), 129);
        assert_eq!(pause(TimeDelta::days(7)).num_hours(), 17);
        assert_eq!(pause(TimeDelta::days(365)), TimeDelta::days(30));
        assert_eq!(pause(TimeDelta::days(900)), TimeDelta::days(30));
        let pauses: Vec<TimeDelta> = (0..200)
            .map(|hours| pause(TimeDelta::hours(hours)))
            .collect();
        assert!(pauses.is_sorted());
    }

    #[test]
    fn a_page_that_changed_is_young_again() {
        let mut entry = page("2026-06-01T00:00:00Z");
        let now = at("2026-06-11T00:00:00Z");
        let before = page_plan(&entry, &Rhythm::default(), now).due_at;
        entry.visits.revised_at = Some(now);
        let after = page_plan(&entry, &Rhythm::default(), now);
        assert!(after.due_at - now < (before - now) / 4, "{after:?}");
        assert!(after.why[0].words().contains("it last changed"));
    }

    #[test]
    fn a_source_that_changes_its_pages_often_is_visited_more_often() {
        let entry = page("2026-06-01T00:00:00Z");
        let now = at("2026-06-01T10:00:00Z");
        let watched = |n_changes: u64| {
            let mut rhythm = Rhythm::default();
            for _ in 0..300 {
                rhythm.looked(TimeDelta::hours(3), TimeDelta::hours(24));
            }
            for _ in 0..n_changes {
                // At all hours alike, so that only the number counts.
                rhythm.ages[1].seen += 1;
            }
            rhythm
        };
        let pause = |rhythm: &Rhythm| page_plan(&entry, rhythm, now).due_at - now;
        let usual = pause(&Rhythm::default());
        assert!(pause(&watched(200)) < usual * 2 / 3);
        assert!(pause(&watched(0)) > usual * 3 / 2);
        let why = page_plan(&entry, &watched(200), now).why;
        let words: Vec<String> = why.iter().map(Reason::words).collect();
        assert!(words[1].contains("changed 200 pages"), "{words:?}");
    }

    #[test]
    fn quiet_hours_put_a_visit_off_and_busy_ones_bring_it_forward() {
        // Forty working days with ten publications in each hour from nine to eighteen by the clocks of Almaty.
        let mut rhythm = Rhythm::default();
        for day in 0..56 {
            let morning = at("2026-04-06T04:00:00Z") + TimeDelta::days(day);
            rhythm.watched(morning);
            if day % 7 < 5 {
                (0..90).for_each(|n| rhythm.published(morning + TimeDelta::minutes(6 * n)));
                // A few before the hours proper.
                (1..5).for_each(|n| rhythm.published(morning - TimeDelta::minutes(6 * n)));
            }
        }
        let pause = |now: &str| {
            let plan = page_plan(&page("2026-05-31T00:00:00Z"), &rhythm, at(now));
            (plan.due_at - at(now), plan.why)
        };
        let (night, why) = pause("2026-06-01T19:00:00Z");
        let (noon, _) = pause("2026-06-02T07:00:00Z");
        let even = by_age(TimeDelta::hours(43));
        assert!(night > even * 3 / 2, "{night}");
        assert!(noon < even, "{noon}");
        assert!(matches!(why[1], Reason::Hours { later_minutes } if later_minutes > 60));
        // Offers: every quarter of an hour at night, more often at noon, never outside of a sparse schedule.
        let settings = CrawlSettings::default();
        let look = |settings: &CrawlSettings, now: &str| {
            let plan = offer_plan(settings, &rhythm, true, at(now));
            (plan.due_at - at(now)).num_minutes()
        };
        assert_eq!(look(&settings, "2026-06-01T19:00:00Z"), 15);
        assert_eq!(look(&settings, "2026-06-02T07:00:00Z"), 5);
        let daily = CrawlSettings {
            schedule: "0 9 * * *".to_owned(),
            ..CrawlSettings::default()
        };
        assert_eq!(look(&daily, "2026-06-02T07:00:00Z"), 21 * 60);
        let office = CrawlSettings {
            schedule: "0 */15 9-18 * * Mon-Fri".to_owned(),
            ..CrawlSettings::default()
        };
        assert_eq!(look(&office, "2026-06-02T07:00:00Z"), 5);
        // Half past eight in the morning, and a quarter to seven in the evening.
        let early = "2026-06-02T03:30:00Z";
        assert!(rhythm.usual_new(at(early)) > Some(0));
        assert_eq!(look(&office, early), 30);
        assert_eq!(look(&office, "2026-06-02T13:45:00Z"), 855);
        let plain = CrawlSettings {
            has_early_looks: false,
            ..CrawlSettings::default()
        };
        assert_eq!(look(&plain, "2026-06-02T07:00:00Z"), 15);
    }

    #[test]
    fn an_open_case_keeps_a_page_hot_and_new_pages_come_first() {
        let mut entry = page("2025-06-01T00:00:00Z");
        let now = at("2026-06-01T00:00:00Z");
        entry.visits.hot_until = Some(now + TimeDelta::days(1));
        let plan = page_plan(&entry, &Rhythm::default(), now);
        assert_eq!(plan.due_at, now + CASE_PAUSE);
        assert!(matches!(plan.why.last(), Some(Reason::OpenCase { .. })));
        let asked = |born: &str, fetched: &str| {
            let mut entry = page(born);
            entry.fetched_at = Some(at(fetched));
            likelihood(&entry, &Rhythm::default(), now)
        };
        let never = likelihood(&page("2025-06-01T00:00:00Z"), &Rhythm::default(), now);
        let young = asked("2026-05-31T20:00:00Z", "2026-05-31T23:00:00Z");
        let old = asked("2026-05-01T20:00:00Z", "2026-05-20T23:00:00Z");
        let older = asked("2025-05-01T20:00:00Z", "2026-05-20T23:00:00Z");
        assert!(
            never > young && young > old && old > older,
            "{young} {old} {older}"
        );
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
    fn a_page_is_fetched_in_full_at_least_weekly_and_an_offer_daily() {
        let now = at("2026-06-08T00:00:00Z");
        let full = |at| Visits {
            full_at: at,
            ..Visits::default()
        };
        assert!(is_full_due(&full(None), false, now));
        assert!(is_full_due(
            &full(Some(now - TimeDelta::days(7))),
            false,
            now
        ));
        assert!(!is_full_due(
            &full(Some(now - TimeDelta::days(6))),
            false,
            now
        ));
        assert!(is_full_due(
            &full(Some(now - TimeDelta::days(1))),
            true,
            now
        ));
    }
}
