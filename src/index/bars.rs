//! Counts what queries find over time: bars of days, weeks or months, beside all publications of the same time.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};

use super::IndexError;
use super::engine::Engine;
use super::query::Parsed;
use super::search::scoped;
use crate::model::{Bar, BarWidth, Facet, Gap};

/// Without a step asked for a bar stands for each day of up to so many days...
const MAX_DAYS: i64 = 92;
/// ...for each week of up to so many days, and for each month of more.
const MAX_WEEK_DAYS: i64 = 730;
/// A shorter step than this many bars allow gives way to the next longer one.
const MAX_BARS: i64 = 1_500;

/// Publications of one query by day: found, and all of the same sources and languages.
struct Days1970 {
    found: BTreeMap<i64, u64>,
    all: BTreeMap<i64, u64>,
}

/// Bars of each query over the time in which the first or any other finds something.
pub(super) fn histograms(
    engine: &dyn Engine,
    queries: &[&Parsed],
    step: Option<BarWidth>,
    offset_s: i64,
    gaps: &[Gap],
) -> Result<Vec<Vec<Bar>>, IndexError> {
    let mut counted = Vec::new();
    for parsed in queries {
        counted.push(Days1970 {
            found: engine.days(&scoped(parsed, None), offset_s)?,
            all: engine.days(&scoped(&of_all(parsed), None), offset_s)?,
        });
    }
    let days = counted.iter().flat_map(|one| one.found.keys());
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
        return Ok(vec![Vec::new(); queries.len()]);
    };
    let spans = spans(*first, *last, step);
    let bars = counted.iter().map(|one| {
        let each = spans.iter().map(|(from, to)| Bar {
            from: *from,
            to: *to,
            count: sum(&one.found, *from, *to),
            all: sum(&one.all, *from, *to),
            unseen: unseen(gaps, *from, *to, offset_s),
        });
        each.collect()
    });
    Ok(bars.collect())
}

/// What all publications of the sources and languages of a query are asked for by.
fn of_all(parsed: &Parsed) -> Parsed {
    let is_kept = |facet: &Option<Facet>| {
        matches!(facet, Some(Facet::Source | Facet::Role | Facet::Language))
    };
    let parts = parsed.parts.iter().filter(|(facet, _)| is_kept(facet));
    Parsed {
        parts: parts.cloned().collect(),
        ..parsed.clone()
    }
}

/// First and last day of each bar.
fn spans(first: i64, last: i64, step: Option<BarWidth>) -> Vec<(NaiveDate, NaiveDate)> {
    let n_days = last - first;
    let asked = step.unwrap_or(if n_days <= MAX_DAYS {
        BarWidth::Day
    } else if n_days <= MAX_WEEK_DAYS {
        BarWidth::Week
    } else {
        BarWidth::Month
    });
    let step = match asked {
        BarWidth::Day if n_days <= MAX_BARS => BarWidth::Day,
        BarWidth::Day | BarWidth::Week if n_days <= MAX_BARS * 7 => BarWidth::Week,
        _ => BarWidth::Month,
    };
    let mut spans = Vec::new();
    let mut from = begin(date(first), step);
    while from <= date(last) {
        let next = next(from, step);
        let to = next.and_then(|day| day.pred_opt()).unwrap_or(from);
        spans.push((from, to));
        let Some(next) = next else { break };
        from = next;
    }
    spans
}

/// How many from the first day to the last.
fn sum(days: &BTreeMap<i64, u64>, from: NaiveDate, to: NaiveDate) -> u64 {
    days.range(number(from)..=number(to)).map(|(_, n)| n).sum()
}

/// How many sources were not seen for a part of some days.
fn unseen(gaps: &[Gap], from: NaiveDate, to: NaiveDate, offset_s: i64) -> u64 {
    let begin = beginning(from, offset_s);
    let end = to
        .succ_opt()
        .map_or(DateTime::<Utc>::MAX_UTC, |day| beginning(day, offset_s));
    let here = gaps.iter().filter(|gap| gap.overlaps(begin, end));
    let sources: std::collections::BTreeSet<_> = here.map(|gap| &gap.source).collect();
    sources.len() as u64
}

/// The moment at which a day of the reader begins.
pub(super) fn beginning(day: NaiveDate, offset_s: i64) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
    chrono::TimeDelta::try_seconds(offset_s)
        .and_then(|offset| midnight.checked_sub_signed(offset))
        .unwrap_or(midnight)
}

/// The first day of the bar in which a day lies.
fn begin(day: NaiveDate, step: BarWidth) -> NaiveDate {
    match step {
        BarWidth::Day => day,
        BarWidth::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
        BarWidth::Month => day.with_day(1).unwrap_or(day),
    }
}

/// The first day of the next bar; `None` at the end of the calendar.
fn next(day: NaiveDate, step: BarWidth) -> Option<NaiveDate> {
    match step {
        BarWidth::Day => day.succ_opt(),
        BarWidth::Week => day.checked_add_days(Days::new(7)),
        BarWidth::Month => day.checked_add_months(Months::new(1)),
    }
}

/// The day of a number of days since 1970; far ones are the last that can be written.
pub(super) fn date(day: i64) -> NaiveDate {
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .unwrap_or(NaiveDate::MAX)
}

/// A day as a number of days since 1970.
fn number(day: NaiveDate) -> i64 {
    i64::from(day.to_epoch_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn bars_are_as_long_as_asked_for_and_never_too_many() {
        let (first, last) = (number(day("2026-03-04")), number(day("2026-03-20")));
        assert_eq!(spans(first, last, None).len(), 17);
        let weeks = spans(first, last, Some(BarWidth::Week));
        assert_eq!(weeks[0], (day("2026-03-02"), day("2026-03-08")));
        assert_eq!(weeks.len(), 3);
        let months = spans(first, last, Some(BarWidth::Month));
        assert_eq!(months, [(day("2026-03-01"), day("2026-03-31"))]);
        assert!(spans(0, last, Some(BarWidth::Day)).len() <= 3_000);
        assert!(spans(first, i64::MAX >> 1, Some(BarWidth::Day)).len() < 5_000_000);
    }

    #[test]
    fn a_bar_tells_how_many_sources_were_not_seen_in_it() {
        let gap = |source: &str, from: &str, to: Option<&str>| Gap {
            source: SourceId(source.to_owned()),
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
            is_silent: true,
        };
        // Days of Kazakhstan: 19:00 UTC is midnight.
        let gaps = [
            gap("a", "2026-03-03T10:00:00Z", Some("2026-03-03T19:00:00Z")),
            gap("a", "2026-03-03T12:00:00Z", Some("2026-03-03T13:00:00Z")),
            gap("b", "2026-03-05T00:00:00Z", None),
        ];
        let seen = |from: &str| unseen(&gaps, day(from), day(from), 5 * 3600);
        let counts = [
            "2026-03-02",
            "2026-03-03",
            "2026-03-04",
            "2026-03-05",
            "2026-03-30",
        ]
        .map(seen);
        assert_eq!(counts, [0, 1, 0, 1, 1]);
    }
}
