//! The overview of a period: four numbers beside those of the time before, publications over time, what differs, what grows,
//! what waits for somebody, and what nothing is known of. Every number is a link to the list that makes it.

mod attention;
mod growth;
mod links;
mod timeline;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

use self::attention::{Missing, Waiting};
use self::growth::Growing;
use self::timeline::{By, Timeline};
use super::off_thread;
use super::period::{OFFERED, Period, back};
use crate::index::SearchQuery;
use crate::language::local_day;
use crate::model::{Case, HitKind, SlotName};
use crate::pursue::letter::slot_name;
use crate::report::digest::{self, Tally};
use crate::serve::access::CurrentUser;
use crate::serve::charts::spark::spark;
use crate::serve::error::Error;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// Bars of the small drawing beside a number at most.
const SPARK_BARS: u64 = 12;
/// A span of up to so many minutes is told in hours and minutes, a longer one in days.
const LONG_MINUTES: i64 = 48 * 60;

/// What an address asks for.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Asked {
    /// How many days back from today.
    #[serde(default)]
    days: String,
    /// First day.
    #[serde(default)]
    from: String,
    /// Last day.
    #[serde(default)]
    to: String,
    /// What the bars are made of: `language` or `role`.
    #[serde(default)]
    by: String,
}

/// One of the four numbers.
struct Number {
    label: String,
    value: String,
    /// SVG.
    spark: String,
    note: String,
    is_good: bool,
    href: String,
}

/// One bar of what differs.
struct Differing {
    label: String,
    n: usize,
    shown: String,
    href: String,
}

/// A period that is offered.
struct Offer {
    label: String,
    href: String,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Page<'a> {
    shell: &'a Shell,
    lead: String,
    offers: Vec<Offer>,
    period: Period,
    by: By,
    is_first_run: bool,
    numbers: Vec<Number>,
    timeline: Timeline,
    differing: Vec<Differing>,
    most_differing: usize,
    n_differing: String,
    growing: Option<Vec<Growing>>,
    waiting: Vec<Waiting>,
    missing: Vec<Missing>,
    totals: Vec<(String, String)>,
    printed: String,
}

/// The page.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    off_thread(move || shown(&desk, &shell, &user, &asked, desk.gate.now())).await
}

/// The page as of a moment.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    asked: &Asked,
    now: DateTime<Utc>,
) -> Result<Html<String>, Error> {
    let words = shell.words;
    let today = local_day(now);
    let by = By::of(&asked.by);
    let period = Period::of(asked.days.parse().ok(), &asked.from, &asked.to, today);
    let cases = desk.seen(&user.sight(&*desk.store)?)?;
    let by_day = days(desk, &published(period), today)?;
    let before_by_day = days(desk, &published(period.before()), today)?;
    let parts = period.cut(period.n_days().div_ceil(SPARK_BARS));
    let happened = Happened::of(words, period, &parts, &cases);
    let numbers = vec![
        happened.opened(),
        happened.decided(),
        happened.mended(),
        checked(words, period, &parts, &by_day, &before_by_day),
    ];
    let gaps = desk.store.gaps(now)?;
    let differing = differing(words, period, &cases);
    shell::page(&Page {
        shell,
        lead: words.with_two(
            "overview-lead",
            ("from", &words.date(period.from)),
            ("to", &words.date(period.to)),
        ),
        offers: offers(words, by, period),
        period,
        by,
        is_first_run: desk.store.last_sequence()? == 0,
        numbers,
        timeline: timeline::of(desk, words, period, by, &gaps, today)?,
        most_differing: differing.iter().map(|one| one.n).max().unwrap_or(1),
        n_differing: words.count("overview-cases", happened.tally.n_opened),
        differing,
        growing: growth::of(desk, words, period, today)?,
        waiting: attention::waiting(desk, words, &cases, now)?,
        missing: attention::missing(desk, words, &gaps, period, now)?,
        totals: totals(words, &happened.tally),
        printed: words.with("overview-printed", "at", &words.moment(now)),
    })
}

/// The filter of the publications of a period.
fn published(period: Period) -> String {
    period.filter()
}

/// Publications of outlets that a query finds, by day.
fn days(desk: &Desk, query: &str, today: NaiveDate) -> Result<BTreeMap<NaiveDate, u64>, Error> {
    days_of(desk, query, HitKind::Publications, today)
}

/// What a query finds, by day.
fn days_of(
    desk: &Desk,
    query: &str,
    kind: HitKind,
    today: NaiveDate,
) -> Result<BTreeMap<NaiveDate, u64>, Error> {
    let query = SearchQuery {
        kind,
        ..SearchQuery::new(query, today)
    };
    Ok(desk.index.by_day(&query, &*desk.store)?)
}

/// How many there were in a period.
fn within(days: &BTreeMap<NaiveDate, u64>, period: Period) -> u64 {
    days.range(period.from..=period.to).map(|(_, n)| n).sum()
}

/// The periods that are offered, each keeping what the bars are made of.
fn offers(words: Words, by: By, period: Period) -> Vec<Offer> {
    let offer = |days: &u64| Offer {
        label: words.count("span-days", *days),
        href: format!("/overview?days={days}&by={}", by.word()),
        is_here: period.chosen == Some(*days),
    };
    OFFERED.iter().map(offer).collect()
}

/// A number beside that of the time before, and by how much it is more or less.
fn beside(words: Words, now: u64, before: u64) -> String {
    let change = match now.cmp(&before) {
        std::cmp::Ordering::Less => format!("−{}", words.number(before - now)),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("+{}", words.number(now - before)),
    };
    words.with_two(
        "overview-before",
        ("before", &words.number(before)),
        ("change", &change),
    )
}

/// What happened to the cases of a period, beside the time of the same length before, and part by part.
struct Happened {
    words: Words,
    period: Period,
    tally: Tally,
    before: Tally,
    parts: Vec<Tally>,
}

impl Happened {
    fn of(words: Words, period: Period, parts: &[Period], cases: &[Case]) -> Happened {
        let tally = |period: Period| digest::totals(cases, period.span());
        Happened {
            words,
            period,
            tally: tally(period),
            before: tally(period.before()),
            parts: parts.iter().map(|part| tally(*part)).collect(),
        }
    }

    /// A value of each part as a small drawing.
    fn spark(&self, value: impl Fn(&Tally) -> u64) -> String {
        spark(&self.parts.iter().map(value).collect::<Vec<u64>>())
    }

    /// New cases.
    fn opened(&self) -> Number {
        let n_opened = |tally: &Tally| tally.n_opened as u64;
        let (now, then) = (n_opened(&self.tally), n_opened(&self.before));
        Number {
            label: self.words.say("overview-opened"),
            value: self.words.number(now),
            spark: self.spark(n_opened),
            note: beside(self.words, now, then),
            is_good: false,
            href: links::opened(self.period),
        }
    }

    /// The median time to a person's first decision.
    fn decided(&self) -> Number {
        let words = self.words;
        let minutes = |tally: &Tally| tally.median_to_decision_min;
        let (now, then) = (minutes(&self.tally), minutes(&self.before));
        let note = match (now, then) {
            (None, None) => words.say("overview-no-decision"),
            (_, None) => words.count("overview-decisions", self.tally.n_decided),
            (_, Some(then)) => words.with("overview-before-only", "before", &duration(words, then)),
        };
        Number {
            label: words.say("overview-decided"),
            value: now.map_or_else(|| "–".to_owned(), |minutes| duration(words, minutes)),
            spark: self.spark(|tally| minutes(tally).unwrap_or_default().unsigned_abs()),
            note,
            is_good: matches!((now, then), (Some(now), Some(then)) if now < then),
            href: links::decided(self.period),
        }
    }

    /// The share of cases that were corrected after a letter.
    fn mended(&self) -> Number {
        let (words, tally, before) = (self.words, &self.tally, &self.before);
        let percent = |tally: &Tally| (tally.n_mended * 100).checked_div(tally.n_asked);
        let value = match tally.n_asked {
            0 => "–".to_owned(),
            all => words.share(tally.n_mended, all),
        };
        let note = match (tally.n_asked, before.n_asked) {
            (0, _) => words.say("overview-no-letter"),
            (all, 0) => words.with_two(
                "overview-mended-of",
                ("part", &words.number(tally.n_mended)),
                ("whole", &words.number(all)),
            ),
            (_, all) => words.with(
                "overview-before-only",
                "before",
                &words.share(before.n_mended, all),
            ),
        };
        // Compared as fractions: part / whole > before / whole before.
        let is_good =
            before.n_asked > 0 && tally.n_mended * before.n_asked > before.n_mended * tally.n_asked;
        Number {
            label: words.say("overview-mended"),
            value,
            spark: self.spark(|tally| percent(tally).unwrap_or_default() as u64),
            note,
            is_good,
            href: links::asked(self.period),
        }
    }
}

/// Publications checked.
fn checked(
    words: Words,
    period: Period,
    parts: &[Period],
    days: &BTreeMap<NaiveDate, u64>,
    before: &BTreeMap<NaiveDate, u64>,
) -> Number {
    let bars: Vec<u64> = parts.iter().map(|part| within(days, *part)).collect();
    let (now, then) = (within(days, period), within(before, period.before()));
    Number {
        label: words.say("overview-checked"),
        value: words.number(now),
        spark: spark(&bars),
        note: beside(words, now, then),
        is_good: false,
        href: links::search(&published(period), HitKind::Publications),
    }
}

/// Minutes as hours and minutes, or days where they are many.
fn duration(words: Words, minutes: i64) -> String {
    if minutes >= LONG_MINUTES {
        return words.span(TimeDelta::minutes(minutes));
    }
    words.with_two(
        "overview-duration",
        ("hours", &(minutes / 60).to_string()),
        ("minutes", &(minutes % 60).to_string()),
    )
}

/// The cases opened in a period by the elements in which they differ, most frequent first.
fn differing(words: Words, period: Period, cases: &[Case]) -> Vec<Differing> {
    let span = period.span();
    let mut counts: BTreeMap<SlotName, usize> = BTreeMap::new();
    // A duplicate is counted with the case that took it over.
    let is_counted = |case: &&Case| span.has(case.opened_at) && case.desk.duplicate_of.is_none();
    for case in cases.iter().filter(is_counted) {
        let slots: BTreeSet<SlotName> = case.differing().iter().map(|one| one.slot).collect();
        for slot in slots {
            *counts.entry(slot).or_default() += 1;
        }
    }
    let mut counts: Vec<(SlotName, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let row = |(slot, n): (SlotName, usize)| Differing {
        label: slot_name(slot, words.language).to_owned(),
        n,
        shown: words.number(n),
        href: links::differing(period, slot),
    };
    counts.into_iter().map(row).collect()
}

/// The digest of the period, line by line.
fn totals(words: Words, tally: &Tally) -> Vec<(String, String)> {
    let count = |text: &str, n: usize| (words.say(text), words.number(n));
    let time = |text: &str, minutes: Option<i64>| {
        let value = minutes.map_or_else(|| "–".to_owned(), |minutes| duration(words, minutes));
        (words.say(text), value)
    };
    vec![
        count("overview-total-found", tally.n_found),
        count("overview-total-asked", tally.n_asked),
        count("overview-total-corrected", tally.n_corrected),
        count("overview-total-silently", tally.n_silently),
        count("overview-total-removed", tally.n_removed),
        count("overview-total-cleared", tally.n_cleared),
        count("overview-total-regressed", tally.n_regressed),
        count("overview-total-withdrawn", tally.n_withdrawn),
        count("overview-total-standing", tally.n_standing),
        time("overview-total-detection", tally.median_to_detection_min),
        time("overview-total-letter", tally.median_to_letter_min),
        time("overview-total-correction", tally.median_to_correction_min),
    ]
}

/// The days before a period by which what is usual is told.
fn usual(recent: Period, n_days: u64) -> Period {
    let to = back(recent.from, 1);
    Period {
        from: back(to, n_days - 1),
        to,
        chosen: None,
    }
}
