//! How a source fares: numbers of its fetches and of what it brought in, a state in words with what to do about it out.
//!
//! Pure, and in whole numbers. There is no threshold of "too few": what came in the last hours is compared with the same hours of
//! earlier weeks, and a source counts as silent where so little would come by chance once in ten years.
//! That nothing came is no failure, and a failure is never said to be the publisher's fault.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use num_bigint::BigUint;

use super::pass::describe;
use crate::config::SourceConfig;
use crate::model::visits::span;
use crate::model::{
    FetchOutcome, Gap, Health, HealthFetch, HealthNote, HealthState, HostRecord, HourYield,
    SourceId, Wall,
};
use crate::store::FetchLog;

/// Weeks that are compared with.
pub const WEEKS: i64 = 8;
/// Fewer weeks say nothing.
const LEAST_WEEKS: u32 = 2;
/// Hours looked at, up to the last whole one: a burst that ends is seen in few, a trickle that dries up in many.
const WINDOWS: [i64; 6] = [6, 12, 24, 48, 96, 168];
/// By chance alone a source is called silent once in so many looks: once in about ten years of looks each hour.
const CHANCE: u32 = 100_000;
/// Hours whose new pages are looked at for missing titles, dates and texts.
const FIELD_HOURS: i64 = 48;
/// Pages that could no longer be read in that time before the layout is said to have changed: one may be a slip of the site.
const LOST_PAGES: u64 = 2;
/// Fetches that say how a source answers now.
const LATELY: TimeDelta = TimeDelta::hours(24);
/// Fetches shown.
const SHOWN: usize = 5;
/// A change of robots.txt is told for so long.
const RULES_NEWS: TimeDelta = TimeDelta::days(7);
/// A certificate that ends sooner is told of.
const CERTIFICATE_NOTICE: TimeDelta = TimeDelta::days(14);
/// Time-outs in a day before a source that answers is called slow.
const SLOW_FROM: usize = 3;

/// What is known of a source.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Source.
    pub source: SourceId,
    /// Whether it is watched; else why not.
    pub disabled: Option<String>,
    /// Its newest fetches, newest first.
    pub fetches: Vec<FetchLog>,
    /// Which of their addresses are offers: a feed that answers says nothing of pages that stand behind a wall.
    pub offers: BTreeSet<String>,
    /// Times in which it was not seen.
    pub gaps: Vec<Gap>,
    /// What it brought, by hour, for [`WEEKS`] weeks and one more.
    pub yields: Vec<HourYield>,
    /// What is remembered of its host.
    pub host: HostRecord,
    /// Pages by which a change of layout is noticed that are now read otherwise though their bytes are the same.
    pub reread: Vec<String>,
    /// How it fared before.
    pub before: Option<Health>,
}

impl Facts {
    /// Of a source nothing is known yet but what the configuration says.
    pub fn unseen(config: &SourceConfig) -> Facts {
        let note = config.note.clone().unwrap_or_default();
        Facts {
            source: config.source.id.clone(),
            disabled: (!config.is_enabled).then_some(note),
            fetches: Vec::new(),
            offers: BTreeSet::new(),
            gaps: Vec::new(),
            yields: Vec::new(),
            host: HostRecord::default(),
            reread: Vec::new(),
            before: None,
        }
    }
}

/// How a source fares.
pub fn health(facts: &Facts, now: DateTime<Utc>) -> Health {
    let mut notes = notes(facts, now);
    notes.sort_by_key(|note| std::cmp::Reverse(note.state));
    let state = notes.first().map_or(HealthState::Works, |note| note.state);
    let day = Window::ending(facts, 24, now);
    let before = facts.before.as_ref().filter(|before| before.state == state);
    let is_answer = |log: &&FetchLog| is_answer(&log.outcome);
    let newest = facts.fetches.iter().find(is_answer).map(|log| log.at);
    Health {
        source: facts.source.clone(),
        state,
        notes,
        answered_at: newest.or(facts.before.as_ref().and_then(|before| before.answered_at)),
        new_in_day: day.came,
        usual_in_day: (day.n_weeks >= LEAST_WEEKS)
            .then(|| day.came_before * 100 / u64::from(day.n_weeks)),
        fetches: facts.fetches.iter().take(SHOWN).map(shown).collect(),
        since: before.map_or(now, |before| before.since),
        as_of: now,
        told: facts.before.as_ref().and_then(|before| before.told),
    }
}

fn shown(log: &FetchLog) -> HealthFetch {
    HealthFetch {
        at: log.at,
        url: log.url.clone(),
        words: describe(&log.outcome),
    }
}

fn is_answer(outcome: &FetchOutcome) -> bool {
    matches!(outcome, FetchOutcome::Captured | FetchOutcome::NotModified)
}

/// Everything that is to be said of a source; at least one note.
fn notes(facts: &Facts, now: DateTime<Utc>) -> Vec<HealthNote> {
    if let Some(why) = &facts.disabled {
        let words = match why.is_empty() {
            true => "it is switched off in the configuration".to_owned(),
            false => format!("it is switched off in the configuration: {why}"),
        };
        return vec![note(
            HealthState::Disabled,
            words,
            "nothing; `enabled = true` switches it on",
        )];
    }
    if facts.fetches.is_empty() {
        return vec![note(
            HealthState::New,
            "it was not asked for anything yet".to_owned(),
            "wait for the next pass, or run `aigaq crawl`",
        )];
    }
    let mut notes = answering(facts, now);
    notes.extend(reading(facts, now));
    notes.extend(of_host(&facts.host, now));
    // Only of a source that was seen can be said that it is silent.
    let is_seen = !notes
        .iter()
        .any(|note| note.state > HealthState::LayoutChanged);
    if is_seen {
        notes.extend(silent(facts, now));
    }
    if notes.is_empty() {
        notes.push(note(HealthState::Works, "it works".to_owned(), "nothing"));
    }
    notes
}

fn note(state: HealthState, words: String, what_to_do: &str) -> HealthNote {
    HealthNote {
        state,
        words,
        what_to_do: what_to_do.to_owned(),
    }
}

/// What its answers of the last day say.
fn answering(facts: &Facts, now: DateTime<Utc>) -> Vec<HealthNote> {
    let mut notes = Vec::new();
    if let Some(gap) = facts.gaps.iter().find(|gap| gap.to.is_none()) {
        let lasted = span((now - gap.from).num_minutes());
        notes.push(match gap.is_silent {
            true => note(
                HealthState::Down,
                format!("none of its feeds and lists has answered well for {lasted}"),
                "open its address in a browser; where it has moved, change `url`, `feeds` or `listings`; what it publishes meanwhile is taken up once it answers",
            ),
            false => note(
                HealthState::NotAsked,
                format!("it was not asked for {lasted}"),
                "see that `aigaq run` is running, or run `aigaq crawl`",
            ),
        });
    }
    let newest = facts.fetches.iter();
    let newest: Vec<&FetchLog> = newest.filter(|log| now - log.at <= LATELY).collect();
    let lately: Vec<&FetchOutcome> = newest.iter().map(|log| &log.outcome).collect();
    let count = |is: fn(&FetchOutcome) -> bool| lately.iter().filter(|outcome| is(outcome)).count();
    let n_answers = count(is_answer);
    let n_forbidden = count(|outcome| matches!(outcome, FetchOutcome::Disallowed));
    let n_walled = count(|outcome| matches!(outcome, FetchOutcome::Walled { .. }));
    let n_unreadable = count(|outcome| matches!(outcome, FetchOutcome::Unreadable { .. }));
    let n_busy = count(|outcome| matches!(outcome, FetchOutcome::Busy { .. }));
    let n_late = count(|outcome| matches!(outcome, FetchOutcome::TimedOut));
    let n_gone = count(|outcome| {
        matches!(
            outcome,
            FetchOutcome::Gone { .. } | FetchOutcome::SoftGone { .. }
        )
    });
    if n_answers == 0 && n_forbidden > 0 {
        notes.push(note(
            HealthState::RobotsForbids,
            "its robots.txt does not allow what is to be fetched".to_owned(),
            "ask the publisher for leave, or name a feed that is allowed; the program never goes around robots.txt",
        ));
    } else if n_answers == 0 && n_unreadable > 0 {
        notes.push(note(
            HealthState::Unreadable,
            "its feeds or lists answer, and not with what they should be".to_owned(),
            "run `aigaq sources check --source` for it and look at what comes; the address may lead to a page now",
        ));
    } else if n_answers == 0 && !lately.is_empty() && n_busy < lately.len() && notes.is_empty() {
        let last = lately
            .first()
            .map_or_else(String::new, |outcome| describe(outcome));
        let what_to_do = match n_gone == lately.len() {
            true => {
                "the address has probably moved: look for the new one and change `feeds`, `sitemaps` or `listings`"
            }
            false => {
                "nothing yet: it is asked again with growing pauses; open its address in a browser if this lasts"
            }
        };
        notes.push(note(
            HealthState::Down,
            format!("nothing was answered well in the last day; the last time: {last}"),
            what_to_do,
        ));
    }
    let is_page = |log: &&&FetchLog| is_answer(&log.outcome) && !facts.offers.contains(&log.url);
    let n_pages = newest.iter().filter(is_page).count();
    if n_walled > 1 && n_walled >= n_pages {
        notes.push(note(
            HealthState::Walled,
            format!("{n_walled} times in the last day {} came instead of a page", walls(&lately)),
            "ask the publisher to let the program through by its name (`user_agent`), or import what is needed from files",
        ));
    }
    if n_busy > 0 {
        notes.push(note(
            HealthState::LimitsRequests,
            format!("{n_busy} times in the last day it asked to come back later; it is left alone for as long as it says"),
            "nothing, or raise `delay` for it",
        ));
    }
    if n_late >= SLOW_FROM && n_answers > 0 {
        notes.push(note(
            HealthState::Slow,
            format!("{n_late} of its answers of the last day did not come in time"),
            "nothing, or raise `timeout` for it",
        ));
    }
    notes
}

/// The walls that were met, in words.
fn walls(outcomes: &[&FetchOutcome]) -> String {
    let mut walls: Vec<Wall> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            FetchOutcome::Walled { wall } => Some(*wall),
            _ => None,
        })
        .collect();
    walls.sort_unstable();
    walls.dedup();
    let words = walls.into_iter().map(|wall| match wall {
        Wall::Challenge => "a check for browsers",
        Wall::Consent => "a question for consent",
        Wall::Login => "a page to log in",
        Wall::Paywall => "an invitation to subscribe",
    });
    words.collect::<Vec<&str>>().join(" or ")
}

/// What reading its pages says.
fn reading(facts: &Facts, now: DateTime<Utc>) -> Vec<HealthNote> {
    let mut notes = Vec::new();
    let until = HourYield::hour_of(now) + 1;
    let recent = sum(facts, until - FIELD_HOURS, until);
    if recent.n_lost >= LOST_PAGES {
        notes.push(note(
            HealthState::LayoutChanged,
            format!("{} pages still hold their text, and it is no longer read as their text", recent.n_lost),
            "look at one with `aigaq extract --url` and set `selectors` for it; until then what was read before stands",
        ));
    }
    if let Some(url) = facts.reread.first() {
        notes.push(note(
            HealthState::LayoutChanged,
            format!("the same bytes are read otherwise than before: {url}"),
            "look at its `selectors`, or at what an update of the program changed, with `aigaq extract --url`",
        ));
    }
    let earlier = sum(facts, i64::MIN, until - FIELD_HOURS);
    let fields: [(&str, u64, u64); 3] = [
        ("title", recent.n_titled, earlier.n_titled),
        ("date", recent.n_dated, earlier.n_dated),
        ("text", recent.n_bodied, earlier.n_bodied),
    ];
    for (field, has, had) in fields {
        if is_fewer(has, recent.n_read, had, earlier.n_read) {
            notes.push(note(
                HealthState::FieldsMissing,
                format!(
                    "a {field} is found on {has} of {} new pages, where it was on {had} of {}",
                    recent.n_read, earlier.n_read
                ),
                "look at a new page with `aigaq extract --url`; where its layout changed, set `selectors`",
            ));
        }
    }
    notes
}

/// What its host says.
fn of_host(host: &HostRecord, now: DateTime<Utc>) -> Vec<HealthNote> {
    let mut notes = Vec::new();
    if host
        .robots_changed_at
        .is_some_and(|at| now - at < RULES_NEWS)
    {
        notes.push(note(
            HealthState::RulesChanged,
            "its robots.txt was changed; the new rules are followed".to_owned(),
            "read it, and see that feeds and lists are still allowed",
        ));
    }
    if let Some(ends) = host
        .certificate_ends
        .filter(|ends| *ends - now < CERTIFICATE_NOTICE)
    {
        let left = span((ends - now).num_minutes().max(0));
        notes.push(note(
            HealthState::CertificateEnds,
            format!(
                "its certificate ends in {left}; without a new one nothing can be fetched then"
            ),
            "nothing, or tell its owner",
        ));
    }
    notes
}

/// Whether it answers and yet brings far less than is usual.
fn silent(facts: &Facts, now: DateTime<Utc>) -> Option<HealthNote> {
    let looks = u32::try_from(WINDOWS.len()).unwrap_or(1);
    let window = WINDOWS
        .iter()
        .map(|hours| Window::ending(facts, *hours, now))
        .find(|window| {
            window.n_weeks >= LEAST_WEEKS
                && !window.is_blind
                && is_rare(
                    window.came,
                    window.came_before,
                    window.n_weeks,
                    CHANCE * looks,
                )
        })?;
    let usual = window.came_before / u64::from(window.n_weeks);
    Some(note(
        HealthState::Silent,
        format!(
            "it answers, and brought {} new publications in the last {}, where about {usual} are usual in these hours of the week",
            window.came,
            span(window.hours * 60)
        ),
        "see whether it still publishes, and where: a feed that stands still may have been replaced by another",
    ))
}

/// Hours up to the last whole one, and the same hours of earlier weeks.
struct Window {
    hours: i64,
    came: u64,
    came_before: u64,
    n_weeks: u32,
    /// Whether the source was not seen for a part of it.
    is_blind: bool,
}

impl Window {
    fn ending(facts: &Facts, hours: i64, now: DateTime<Utc>) -> Window {
        let until = HourYield::hour_of(now);
        let moment = |hour: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        let is_seen = |from: i64, to: i64| {
            let mut gaps = facts.gaps.iter();
            !gaps.any(|gap| gap.overlaps(moment(from), moment(to)))
        };
        let first = facts.yields.first().map_or(until, |first| first.hour);
        let mut window = Window {
            hours,
            came: sum(facts, until - hours, until).n_new,
            came_before: 0,
            n_weeks: 0,
            is_blind: !is_seen(until - hours, until),
        };
        for week in 1..=WEEKS {
            let (from, to) = (until - hours - week * 168, until - week * 168);
            if from >= first && is_seen(from, to) {
                window.came_before += sum(facts, from, to).n_new;
                window.n_weeks += 1;
            }
        }
        window
    }
}

/// What came from an hour on and before another.
fn sum(facts: &Facts, from: i64, to: i64) -> HourYield {
    let within = facts
        .yields
        .iter()
        .filter(|one| (from..to).contains(&one.hour));
    within.fold(HourYield::default(), |sum, one| sum.plus(one))
}

/// Whether so few would come by chance at most once in `chance` times, where so many came in `n_weeks` equal times before and
/// nothing has changed.
///
/// Of all that came, each came in the last of the equal times with the same chance, so the number is binomial (the exact test that
/// compares two Poisson counts). Both sides are multiplied out, so that nothing is rounded.
fn is_rare(came: u64, came_before: u64, n_weeks: u32, chance: u32) -> bool {
    // No fewer than before: by chance about every other time. Nearly every look ends here, before the numbers grow large.
    if came.saturating_mul(u64::from(n_weeks)) >= came_before {
        return false;
    }
    let n_all = came + came_before;
    let weeks = BigUint::from(n_weeks);
    // Terms C(n, i) * weeks^(n - i), from i = 0 on.
    let Ok(exponent) = u32::try_from(n_all) else {
        return false;
    };
    let mut term = weeks.pow(exponent);
    let mut tail = term.clone();
    for i in 1..=came {
        term = term * (n_all - i + 1) / (BigUint::from(i) * &weeks);
        tail += &term;
    }
    tail * chance <= (weeks + 1_u32).pow(exponent)
}

/// Whether a share fell: so few of the new ones would have the field by chance at most once in [`CHANCE`] times, where all are drawn
/// from one lot (Fisher's exact test). What it costs grows with the new ones; those before only make its numbers longer.
fn is_fewer(has: u64, of: u64, had: u64, of_before: u64) -> bool {
    // No smaller share than before, as in [`is_rare`].
    let share = |has: u64, of: u64| u128::from(has) * u128::from(of);
    if of == 0 || of_before == 0 || share(has, of_before) >= share(had, of) {
        return false;
    }
    let (marked, all) = (has + had, of + of_before);
    let fewest = (marked + of).saturating_sub(all);
    // Ways to draw `i` marked ones and the rest of the others; each number of ways follows from the one before.
    let mut ways = choose(marked, fewest) * choose(all - marked, of - fewest);
    let mut tail = ways.clone();
    for i in fewest..has {
        ways = ways * (marked - i) * (of - i) / (i + 1) / (all - marked + i + 1 - of);
        tail += &ways;
    }
    tail * CHANCE <= choose(all, of)
}

/// In how many ways so many can be chosen.
fn choose(n: u64, k: u64) -> BigUint {
    if k > n {
        return BigUint::default();
    }
    let k = k.min(n - k);
    (1..=k).fold(BigUint::from(1_u32), |ways, i| ways * (n - k + i) / i)
}

#[cfg(test)]
mod tests;
