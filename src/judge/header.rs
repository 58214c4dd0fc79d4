//! Reads the period that a table's column header names: «2025», «4 мес. 2025», «I кв. 2026», «01.01.2026».
//!
//! Headers are written shorter than sentences, so the calendar of sentences does not know all of them. A bare year in
//! a text about a part of a year means the same part: the column «2025» of a bulletin for January–April 2026 holds
//! January–April 2025.

use chrono::{Datelike as _, Months, NaiveDate};

use crate::language::{Period, PeriodKind};

/// Years a statistical table can be about.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// The period a header names, given that of the text around.
pub(super) fn period(header: &str, around: Option<&Period>) -> Option<Period> {
    let words: Vec<String> = header
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'))
        .map(|word| word.trim_end_matches('.').to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    if let Some(day) = words.iter().find_map(|word| day(word)) {
        return Some(span(day, day.succ_opt()?, PeriodKind::Instant));
    }
    let mut years = words.iter().filter_map(|word| year(word));
    let year = years.next().filter(|_| years.next().is_none())?;
    let january = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let from_january = |n| january.checked_add_months(Months::new(n));
    let pairs = || words.iter().zip(words.iter().skip(1));
    if let Some(n) = pairs().find_map(|(number, unit)| months(number, unit)) {
        return Some(span(january, from_january(n)?, PeriodKind::Cumulative));
    }
    if let Some(n) = pairs().find_map(|(number, unit)| quarter(number, unit)) {
        let kind = PeriodKind::Span;
        return Some(span(from_january(3 * n - 3)?, from_january(3 * n)?, kind));
    }
    let part = around.filter(|around| is_part_of_a_year(around));
    if let Some(part) = part {
        let years = year - part.start.year();
        let shift = |day: NaiveDate| match u32::try_from(years) {
            Ok(later) => day.checked_add_months(Months::new(12 * later)),
            Err(_) => day.checked_sub_months(Months::new(12 * years.unsigned_abs())),
        };
        return Some(Period {
            start: shift(part.start)?,
            end: shift(part.end)?,
            ..part.clone()
        });
    }
    Some(span(january, from_january(12)?, PeriodKind::Span))
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

/// A quarter: «I кв», «2 тоқсан», «Q3» is not written so in tables.
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
            ("Всего", None),
            ("2024 к 2025", None),
            ("20251", None),
        ] {
            let found = period(header, None).map(|p| format!("{}..{}", p.start, p.end));
            assert_eq!(found.as_deref(), expected, "{header}");
        }
        assert_eq!(period("2025", Some(&april(2026))), Some(april(2025)));
        assert_eq!(period("2026", Some(&april(2026))), Some(april(2026)));
    }
}
