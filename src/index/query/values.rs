//! Reads the values of fields: days, figures, the program's own words, and in how many letters a word may differ.

use chrono::{Days, Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::MAX_LIKE_LETTERS;
use super::plans::lower;
use crate::index::entry::AMOUNT_STEPS;

/// A value by the word it has in JSON; `-` may stand for `_`.
pub(super) fn named_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    let word = word.to_lowercase().replace('-', "_");
    serde_json::from_value(serde_json::Value::String(word)).ok()
}

/// The bounds of a figure in thousandths, ends included.
pub(super) fn amounts(value: &str) -> Option<(Option<i64>, Option<i64>)> {
    let read = |text: &str| -> Option<i64> {
        let digits: String = text.chars().filter(|c| !matches!(c, '_' | '\'')).collect();
        let number = digits.replace(',', ".").parse::<Decimal>().ok()?;
        number
            .checked_mul(Decimal::from(AMOUNT_STEPS))?
            .trunc()
            .to_i64()
    };
    if let Some((from, to)) = value.split_once("..") {
        let bound = |text: &str| {
            if text.is_empty() {
                Some(None)
            } else {
                read(text).map(Some)
            }
        };
        return Some((bound(from)?, bound(to)?));
    }
    if let Some(least) = value.strip_prefix(">=") {
        return Some((Some(read(least)?), None));
    }
    if let Some(most) = value.strip_prefix("<=") {
        return Some((None, Some(read(most)?)));
    }
    if let Some(below) = value.strip_prefix('>') {
        return Some((Some(read(below)?.checked_add(1)?), None));
    }
    if let Some(above) = value.strip_prefix('<') {
        return Some((None, Some(read(above)?.checked_sub(1)?)));
    }
    let exactly = read(value)?;
    Some((Some(exactly), Some(exactly)))
}

/// The first day of a day, month or year, and the day after its last.
pub(super) fn span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let numbers: Vec<u32> = text
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let year = i32::try_from(*numbers.first()?).ok()?;
    if !(1900..=2999).contains(&year) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(
        year,
        numbers.get(1).copied().unwrap_or(1),
        numbers.get(2).copied().unwrap_or(1),
    )?;
    let end = match numbers.len() {
        1 => first.checked_add_months(Months::new(12))?,
        2 => first.checked_add_months(Months::new(1))?,
        3 => first.checked_add_days(Days::new(1))?,
        _ => return None,
    };
    Some((first, end))
}

/// The first day of the last so many days, weeks, months or years.
pub(super) fn back(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let counted = text.strip_prefix('-')?;
    let unit = counted.chars().next_back()?;
    let n: u32 = counted[..counted.len() - unit.len_utf8()].parse().ok()?;
    match unit {
        'd' => today.checked_sub_days(Days::new(u64::from(n))),
        'w' => today.checked_sub_days(Days::new(u64::from(n) * 7)),
        'm' => today.checked_sub_months(Months::new(n)),
        'y' => today.checked_sub_months(Months::new(n.checked_mul(12)?)),
        _ => None,
    }
}

/// Whether a value means yes.
pub(super) fn is_yes(value: &str) -> bool {
    !matches!(value, "no" | "false" | "0")
}

/// A form and in how many letters words may differ from it: `word~`, `word~2`.
pub(super) fn like(value: &str) -> Option<(String, u8)> {
    let (form, letters) = value.rsplit_once('~')?;
    let letters = if letters.is_empty() {
        1
    } else {
        letters.parse().ok()?
    };
    (letters > 0).then(|| (lower(form), letters.min(MAX_LIKE_LETTERS)))
}
