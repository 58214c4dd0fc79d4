//! Reads the period that a table's column header names: «2025», «4 мес. 2025», «I кв. 2026», «01.01.2026».
//!
//! Headers are written shorter than sentences, so the calendar of sentences does not know all of them. A bare year in
//! a text about a part of a year means the same part: the column «2025» of a bulletin for January–April 2026 holds
//! January–April 2025.

use chrono::{Datelike as _, Months, NaiveDate};

use crate::language::dates::month_of_heading;
use crate::language::{Period, PeriodKind};

/// Years a statistical table can be about.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// What a header says of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The period.
    pub period: Period,
    /// Whether the header writes a day, months or a quarter beside the year: then no other reading of its words counts.
    pub is_exact: bool,
}

/// The period a header names, given that of the text around.
pub(super) fn period(header: &str, around: Option<&Period>) -> Option<Named> {
    let words: Vec<String> = header
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '–' | '—'))
        .flat_map(|word| match day(word) {
            Some(_) => vec![word],
            None => word.split('-').collect(),
        })
        .map(|word| word.trim_end_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let exact = |period| Named {
        period,
        is_exact: true,
    };
    if let Some(day) = words.iter().find_map(|word| day(word)) {
        return Some(exact(span(day, day.succ_opt()?, PeriodKind::Instant)));
    }
    let mut years = words.iter().filter_map(|word| year(word));
    let year = years.next().filter(|_| years.next().is_none())?;
    let january = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let from_january = |n| january.checked_add_months(Months::new(n));
    let pairs = || words.iter().zip(words.iter().skip(1));
    if let Some(n) = pairs().find_map(|(number, unit)| months(number, unit)) {
        let period = span(january, from_january(n)?, PeriodKind::Cumulative);
        return Some(exact(period));
    }
    let quarters = pairs().find_map(|(number, unit)| quarter(number, unit));
    if let Some(n) = quarters.or_else(|| words.iter().find_map(|word| short_quarter(word))) {
        let kind = PeriodKind::Span;
        let period = span(from_january(3 * n - 3)?, from_january(3 * n)?, kind);
        return Some(exact(period));
    }
    if let Some((first, last)) = named_months(&words) {
        let kind = match first {
            1 if last > 1 => PeriodKind::Cumulative,
            _ => PeriodKind::Span,
        };
        let period = span(from_january(first - 1)?, from_january(last)?, kind);
        return Some(exact(period));
    }
    let loose = |period| Named {
        period,
        is_exact: false,
    };
    let part = around.filter(|around| is_part_of_a_year(around));
    if let Some(part) = part {
        let years = year - part.start.year();
        let shift = |day: NaiveDate| match u32::try_from(years) {
            Ok(later) => day.checked_add_months(Months::new(12 * later)),
            Err(_) => day.checked_sub_months(Months::new(12 * years.unsigned_abs())),
        };
        return Some(loose(Period {
            start: shift(part.start)?,
            end: shift(part.end)?,
            ..part.clone()
        }));
    }
    Some(loose(span(january, from_january(12)?, PeriodKind::Span)))
}

/// The first and the last of the months that a header names, one or two of them.
fn named_months(words: &[String]) -> Option<(u32, u32)> {
    let months = words.iter().filter_map(|word| month_of_heading(word));
    let named: Vec<u32> = months.collect();
    match named[..] {
        [only] => Some((only, only)),
        [first, last] if first < last => Some((first, last)),
        _ => None,
    }
}

fn span(start: NaiveDate, end: NaiveDate, kind: PeriodKind) -> Period {
    Period {
        start,
        end,
        kind,
        end_slack_days: 0,
    }
}

/// Whether a period lies within one year and is shorter than it.
fn is_part_of_a_year(period: &Period) -> bool {
    let last = period.end.pred_opt().unwrap_or(period.end);
    let n_days = (period.end - period.start).num_days();
    period.start.year() == last.year() && n_days > 27 && n_days < 365
}

/// A day written in figures, as 01.01.2026 or 2026-01-01.
fn day(word: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(word, "%d.%m.%Y");
    let day = day.or_else(|_| NaiveDate::parse_from_str(word, "%Y-%m-%d"));
    day.ok().filter(|day| YEARS.contains(&day.year()))
}

/// A year, alone or with the ending that «2025-го» or «2025ж» has.
fn year(word: &str) -> Option<i32> {
    let digits = word.get(..4)?;
    let is_ended = word[4..].chars().next().is_none_or(|c| !c.is_ascii_digit());
    let year: i32 = digits.parse().ok().filter(|_| is_ended)?;
    YEARS.contains(&year).then_some(year)
}

/// Months from the start of the year: «4 мес», «9 ай», «6 months».
fn months(number: &str, unit: &str) -> Option<u32> {
    let is_unit = ["мес", "ай", "month"]
        .iter()
        .any(|name| unit.starts_with(name));
    let n: u32 = number.parse().ok().filter(|_| is_unit)?;
    (1..=12).contains(&n).then_some(n)
}

/// A quarter: «I кв», «2 тоқсан».
fn quarter(number: &str, unit: &str) -> Option<u32> {
    let is_unit = ["кв", "тоқ", "quarter"]
        .iter()
        .any(|name| unit.starts_with(name));
    let roman = ["i", "ii", "iii", "iv"];
    let n = roman.iter().position(|roman| *roman == number);
    let n = n.map_or_else(
        || number.parse().ok(),
        |place| u32::try_from(place + 1).ok(),
    )?;
    (is_unit && (1..=4).contains(&n)).then_some(n)
}

/// A quarter in one word: «Q3».
fn short_quarter(word: &str) -> Option<u32> {
    let number = word.strip_prefix('q')?.parse().ok()?;
    (1..=4).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_periods_in_all_their_short_forms() {
        let april = |year| {
            span(
                NaiveDate::from_ymd_opt(year, 1, 1).unwrap(),
                NaiveDate::from_ymd_opt(year, 5, 1).unwrap(),
                PeriodKind::Cumulative,
            )
        };
        for (header, expected) in [
            ("2025", Some("2025-01-01..2026-01-01")),
            ("Қайтыс болды, 2025 ж.", Some("2025-01-01..2026-01-01")),
            ("4 мес. 2025", Some("2025-01-01..2025-05-01")),
            ("9 ай 2024", Some("2024-01-01..2024-10-01")),
            ("Обращения, I кв. 2026", Some("2026-01-01..2026-04-01")),
            ("2 тоқсан 2026", Some("2026-04-01..2026-07-01")),
            ("01.01.2026", Some("2026-01-01..2026-01-02")),
            ("2025 ж. I тоқсан", Some("2025-01-01..2025-04-01")),
            ("Нарушения, янв.–апр. 2025", Some("2025-01-01..2025-05-01")),
            ("Fires, Jan-Apr 2025", Some("2025-01-01..2025-05-01")),
            ("Қыркүйек 2025", Some("2025-09-01..2025-10-01")),
            ("Q1 2025", Some("2025-01-01..2025-04-01")),
            ("Всего", None),
            ("2024 к 2025", None),
            ("20251", None),
        ] {
            let found = period(header, None).map(|named| named.period);
            let found = found.map(|p| format!("{}..{}", p.start, p.end));
            assert_eq!(found.as_deref(), expected, "{header}");
        }
        for year in [2025, 2026] {
            let named = period(&year.to_string(), Some(&april(2026)));
            assert_eq!(named.map(|named| named.period), Some(april(year)));
        }
    }
}
