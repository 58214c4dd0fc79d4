//! Bodies and places that publications name more often than they usually do.
//!
//! A week is held against the four weeks before it, in whole numbers: twelve in the week and eight in the four weeks before
//! is six times the usual, since two a week are usual.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::super::period::{Period, back};
use super::{days, links, usual};
use crate::index::SearchQuery;
use crate::language::Lexicon;
use crate::model::HitKind;
use crate::serve::Desk;
use crate::serve::charts::spark::spark;
use crate::serve::error::Error;
use crate::serve::words::Words;

/// Days that are held against what is usual.
const RECENT_DAYS: u64 = 7;
/// Days that tell what is usual.
const USUAL_DAYS: u64 = 28;
/// How often the recent days fit into those.
const WEEKS: u64 = USUAL_DAYS / RECENT_DAYS;
/// What is named by fewer publications than this is left to chance.
const LEAST_RECENT: u64 = 3;
/// It grows when it is named at least so many times as often: three halves.
const GROWTH: (u64, u64) = (3, 2);
/// How many are shown.
const SHOWN: usize = 5;
/// Days of the small drawing.
const SPARK_DAYS: u64 = 14;

/// Something that is named more often than usual.
pub(super) struct Growing {
    /// Name.
    pub(super) name: String,
    /// SVG.
    pub(super) spark: String,
    /// How many publications named it in the week.
    pub(super) recent: String,
    /// How many times what is usual, or that it is new.
    pub(super) times: String,
    /// Where they are listed.
    pub(super) href: String,
}

/// How often something is named, and how often in the time that tells what is usual.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Named {
    value: String,
    recent: u64,
    usual: u64,
}

impl Named {
    /// How many times what is usual, in tenths and rounded down; `None` where it was not named before.
    fn tenths(&self) -> Option<u64> {
        (self.recent * WEEKS * 10).checked_div(self.usual)
    }
}

/// What grows towards the end of a period, fastest first; `None` where too little is known of the time before.
pub(super) fn of(
    desk: &Desk,
    words: Words,
    period: Period,
    today: NaiveDate,
) -> Result<Option<Vec<Growing>>, Error> {
    let recent = Period {
        from: back(period.to, RECENT_DAYS - 1),
        to: period.to,
        chosen: None,
    };
    let before = usual(recent, USUAL_DAYS);
    if days(desk, &before.filter(), today)?.is_empty() {
        return Ok(None);
    }
    let named = |period: Period| {
        let query = SearchQuery {
            kind: HitKind::Publications,
            ..SearchQuery::new(period.filter(), today)
        };
        desk.index.by_name(&query, &*desk.store)
    };
    let mut growing = Vec::new();
    for one in fastest(&named(recent)?, &named(before)?) {
        growing.push(shown(desk, words, &one, recent, today)?);
    }
    Ok(Some(growing))
}

/// What grows, fastest first; what is new comes first, and of equals what is named more.
fn fastest(recent: &BTreeMap<String, u64>, usual: &BTreeMap<String, u64>) -> Vec<Named> {
    let named = recent.iter().map(|(value, recent)| Named {
        value: value.clone(),
        recent: *recent,
        usual: usual.get(value).copied().unwrap_or_default(),
    });
    let is_growing = |one: &Named| {
        let is_topic = one.value.starts_with("b:") || one.value.starts_with("p:");
        let (times, of) = GROWTH;
        is_topic && one.recent >= LEAST_RECENT && one.recent * WEEKS * of >= one.usual * times
    };
    let mut growing: Vec<Named> = named.filter(is_growing).collect();
    growing.sort_by(|a, b| {
        let faster = (b.recent * a.usual).cmp(&(a.recent * b.usual));
        let newer = (a.usual > 0).cmp(&(b.usual > 0));
        let more = b.recent.cmp(&a.recent);
        newer.then(faster).then(more).then(a.value.cmp(&b.value))
    });
    growing.truncate(SHOWN);
    growing
}

/// A row of what grows.
fn shown(
    desk: &Desk,
    words: Words,
    one: &Named,
    recent: Period,
    today: NaiveDate,
) -> Result<Growing, Error> {
    let (kind, id) = one.value.split_once(':').unwrap_or_default();
    let filter = match kind {
        "b" => format!("body:{id}"),
        _ => format!("place:{id}"),
    };
    let drawn = Period {
        from: back(recent.to, SPARK_DAYS - 1),
        ..recent
    };
    let by_day = days(desk, &format!("{filter} {}", drawn.filter()), today)?;
    let bars: Vec<u64> = drawn
        .cut(1)
        .iter()
        .map(|day| by_day.get(&day.from).copied().unwrap_or_default())
        .collect();
    let times = match one.tenths() {
        None => words.say("overview-new"),
        Some(tenths) => format!("× {}", words.tenths(tenths)),
    };
    Ok(Growing {
        name: Lexicon::shipped().name(id, words.language).to_owned(),
        spark: spark(&bars),
        recent: words.number(one.recent),
        times,
        href: links::search(
            &format!("{filter} {}", recent.filter()),
            HitKind::Publications,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_held_against_four_in_whole_numbers() {
        let counts = |pairs: &[(&str, u64)]| -> BTreeMap<String, u64> {
            let pairs = pairs.iter();
            pairs.map(|(value, n)| ((*value).to_owned(), *n)).collect()
        };
        let recent = counts(&[
            ("b:a", 12),
            ("b:steady", 10),
            ("p:new", 3),
            ("p:rare", 2),
            ("i:person", 50),
            ("p:half", 3),
            ("p:less", 3),
        ]);
        let usual = counts(&[("b:a", 8), ("b:steady", 40), ("p:half", 8), ("p:less", 9)]);
        let growing = fastest(&recent, &usual);
        let told: Vec<(&str, Option<u64>)> = growing
            .iter()
            .map(|one| (one.value.as_str(), one.tenths()))
            .collect();
        assert_eq!(
            told,
            [("p:new", None), ("b:a", Some(60)), ("p:half", Some(15))]
        );
    }
}
