//! Publications over time, by language or by who published them, with the times in which sources were not seen.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::super::period::Period;
use super::{days_of, links, within};
use crate::model::{Gap, HitKind};
use crate::serve::Desk;
use crate::serve::charts::bars::{self, Column, SERIES};
use crate::serve::error::Error;
use crate::serve::words::Words;

/// A bar stands for a day of up to so many days, and for a week of more.
const MOST_DAY_BARS: u64 = 92;
/// Days of a week.
const WEEK: u64 = 7;

/// What the bars are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Publications of outlets by language.
    Language,
    /// Publications of outlets and agencies.
    Role,
}

impl By {
    /// What a word of an address asks for; languages unless it is another's.
    pub(super) fn of(word: &str) -> By {
        match word {
            "role" => By::Role,
            _ => By::Language,
        }
    }

    /// The word of the address.
    pub(super) fn word(self) -> &'static str {
        match self {
            By::Language => "language",
            By::Role => "role",
        }
    }

    /// Whether it is this word's.
    pub(super) fn is(self, word: &str) -> bool {
        self.word() == word
    }

    /// What is searched for.
    fn kind(self) -> HitKind {
        match self {
            By::Language => HitKind::Publications,
            By::Role => HitKind::Pages,
        }
    }

    /// The series with the filter and name of each; what none of them has is the rest.
    fn series(self) -> &'static [(&'static str, &'static str)] {
        match self {
            By::Language => &[
                ("lang:kk", "overview-kazakh"),
                ("lang:ru", "overview-russian"),
                ("lang:en", "overview-english"),
            ],
            By::Role => &[
                ("role:media", "overview-media"),
                ("role:official", "overview-official"),
            ],
        }
    }
}

/// A series of the legend.
pub(super) struct Series {
    /// Class of its colour.
    pub(super) class: &'static str,
    /// Name.
    pub(super) name: String,
    /// All of it.
    pub(super) sum: String,
}

/// A row of the table.
pub(super) struct Row {
    /// The day or week.
    pub(super) name: String,
    /// Where its publications are listed.
    pub(super) href: String,
    /// The numbers of the series shown.
    pub(super) values: Vec<String>,
    /// All of them.
    pub(super) total: String,
    /// Sources not seen.
    pub(super) unseen: usize,
}

/// Publications over time.
pub(super) struct Timeline {
    /// SVG; empty where there was nothing to draw.
    pub(super) drawn: String,
    /// What is to be seen, in words.
    pub(super) finding: String,
    /// The legend.
    pub(super) series: Vec<Series>,
    /// The same as a table, without the days on which there was nothing.
    pub(super) rows: Vec<Row>,
    /// Whether a bar stands for a week.
    pub(super) is_weekly: bool,
    /// Whether a source was not seen in some of it.
    pub(super) has_gaps: bool,
}

/// The publications of a period.
pub(super) fn of(
    desk: &Desk,
    words: Words,
    period: Period,
    by: By,
    gaps: &[Gap],
    today: NaiveDate,
) -> Result<Timeline, Error> {
    let is_weekly = period.n_days() > MOST_DAY_BARS;
    let parts = period.cut(if is_weekly { WEEK } else { 1 });
    let filter = period.filter();
    let all = days_of(desk, &filter, by.kind(), today)?;
    let mut counted = Vec::new();
    for (only, _) in by.series() {
        counted.push(days_of(
            desk,
            &format!("{filter} {only}"),
            by.kind(),
            today,
        )?);
    }
    let columns: Vec<Column> = parts
        .iter()
        .map(|part| {
            let mut values = [0; SERIES];
            for (value, days) in values.iter_mut().zip(&counted) {
                *value = within(days, *part);
            }
            let named: u64 = values.iter().sum();
            values[SERIES - 1] = within(&all, *part).saturating_sub(named);
            Column {
                name: named_days(words, *part),
                tick: tick(part.from),
                href: links::search(&part.filter(), by.kind()),
                values,
                unseen: unseen(gaps, *part),
            }
        })
        .collect();
    let sums = bars::sums(&columns);
    let series = series(words, by, &sums);
    let total: u64 = sums.iter().sum();
    let finding = finding(words, &columns, total);
    let has_gaps = columns.iter().any(|column| column.unseen > 0);
    let is_shown =
        |place: usize| place < by.series().len() || place == SERIES - 1 && sums[place] > 0;
    let rows = columns
        .iter()
        .filter(|column| column.total() > 0 || column.unseen > 0)
        .map(|column| Row {
            name: column.name.clone(),
            href: column.href.clone(),
            values: (0..SERIES)
                .filter(|place| is_shown(*place))
                .map(|place| words.number(column.values[place]))
                .collect(),
            total: words.number(column.total()),
            unseen: column.unseen,
        })
        .collect();
    Ok(Timeline {
        drawn: if total == 0 && !has_gaps {
            String::new()
        } else {
            bars::stacked(&finding, &columns)
        },
        finding,
        series,
        rows,
        is_weekly,
        has_gaps,
    })
}

/// The legend; the rest is named where there is any.
fn series(words: Words, by: By, sums: &[u64; SERIES]) -> Vec<Series> {
    const CLASSES: [&str; SERIES] = ["k1", "k2", "k3", "k4"];
    let named = by.series().iter().enumerate();
    let mut series: Vec<Series> = named
        .map(|(place, (_, text))| Series {
            class: CLASSES[place],
            name: words.say(text),
            sum: words.number(sums[place]),
        })
        .collect();
    if sums[SERIES - 1] > 0 {
        series.push(Series {
            class: CLASSES[SERIES - 1],
            name: words.say("overview-other"),
            sum: words.number(sums[SERIES - 1]),
        });
    }
    series
}

/// What is to be seen: how many in all, and when most.
fn finding(words: Words, columns: &[Column], total: u64) -> String {
    // Of equals the first: the search for the greatest takes the last it meets.
    let most = columns.iter().rev().max_by_key(|column| column.total());
    match most.filter(|column| column.total() > 0) {
        None => words.say("overview-none-published"),
        Some(most) => format!(
            "{} {}",
            words.count("overview-found-all", total),
            words.with_two(
                "overview-found-most",
                ("count", &words.number(most.total())),
                ("when", &most.name),
            )
        ),
    }
}

/// A day, or the first and last of several.
fn named_days(words: Words, part: Period) -> String {
    if part.from == part.to {
        return words.date(part.from);
    }
    format!("{} – {}", words.date(part.from), words.date(part.to))
}

/// A day as short as it fits below a bar.
fn tick(day: NaiveDate) -> String {
    format!("{:02}.{:02}", day.day(), day.month())
}

/// How many sources were not seen for a part of some days.
fn unseen(gaps: &[Gap], part: Period) -> usize {
    let span = part.span();
    let here = gaps.iter().filter(|gap| gap.overlaps(span.from, span.to));
    let sources: BTreeSet<_> = here.map(|gap| &gap.source).collect();
    sources.len()
}
