//! Tells days off from working days: weekends, holidays, and days that were moved, year by year from files.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::Deserialize;

use super::{DataError, Worded, line_of, read};
use crate::language::Language;
use crate::pursue::wording::{day, pick};

/// The shipped years.
pub(super) const SHIPPED: [(&str, &str); 4] = [
    (
        "holidays-2024.toml",
        include_str!("data/holidays-2024.toml"),
    ),
    (
        "holidays-2025.toml",
        include_str!("data/holidays-2025.toml"),
    ),
    (
        "holidays-2026.toml",
        include_str!("data/holidays-2026.toml"),
    ),
    (
        "holidays-2027.toml",
        include_str!("data/holidays-2027.toml"),
    ),
];

/// Why a day is none on which offices work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayOff {
    /// Saturday or Sunday.
    Weekend,
    /// A holiday, or another day that the law names.
    Named(Worded),
    /// Off in place of another day.
    InsteadOf(NaiveDate),
}

impl DayOff {
    /// The reason in words.
    pub fn words(&self, language: Language) -> &str {
        match self {
            DayOff::Weekend => pick(&["демалыс күні", "выходной", "weekend"], language),
            DayOff::Named(name) => name.of(language),
            DayOff::InsteadOf(_) => pick(
                &[
                    "ауыстырылған демалыс күні",
                    "перенесённый выходной",
                    "day off in lieu",
                ],
                language,
            ),
        }
    }
}

/// Days off and moved working days of the years that have a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, Year>,
}

/// One year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Year {
    off: BTreeMap<NaiveDate, DayOff>,
    worked: BTreeMap<NaiveDate, NaiveDate>,
    source: String,
}

/// A file of one year.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    /// The year.
    year: toml::Spanned<i32>,
    /// Where the days are taken from.
    source: String,
    /// Days off besides Saturdays and Sundays.
    #[serde(default)]
    day_off: Vec<DayRow>,
    /// Saturdays, Sundays and holidays on which offices work.
    #[serde(default)]
    working_day: Vec<DayRow>,
}

/// One day of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DayRow {
    /// The day.
    date: toml::Spanned<String>,
    /// The holiday.
    name: Option<Worded>,
    /// The day in whose place it is off or worked.
    instead_of: Option<toml::Spanned<String>>,
}

impl Calendar {
    /// The shipped years.
    pub(super) fn shipped() -> Result<Calendar, DataError> {
        let mut calendar = Calendar::default();
        for (file, text) in SHIPPED {
            calendar.add(file, text)?;
        }
        Ok(calendar)
    }

    /// Takes in a file; the year it holds takes the place of what was known of that year.
    pub(super) fn add(&mut self, file: &str, text: &str) -> Result<(), DataError> {
        let rows: YearFile = read(file, text)?;
        let number = *rows.year.get_ref();
        let wrong = |span: std::ops::Range<usize>, message: String| DataError {
            file: file.to_owned(),
            line: line_of(text, span.start),
            message,
        };
        let day = |written: &toml::Spanned<String>| {
            let text = written.get_ref();
            let date = text.parse::<NaiveDate>();
            date.map_err(|_| {
                wrong(
                    written.span(),
                    format!("`{text}` is no day such as 2026-03-08"),
                )
            })
        };
        let mut year = Year {
            source: rows.source,
            ..Year::default()
        };
        for row in &rows.day_off {
            let date = day(&row.date)?;
            if date.year() != number {
                return Err(wrong(
                    row.date.span(),
                    format!("{date} does not lie in {number}"),
                ));
            }
            let off = match (&row.name, &row.instead_of) {
                (Some(name), None) => DayOff::Named(name.clone()),
                (None, Some(other)) => DayOff::InsteadOf(day(other)?),
                _ => {
                    return Err(wrong(
                        row.date.span(),
                        "needs either `name` or `instead_of`".to_owned(),
                    ));
                }
            };
            if year.off.insert(date, off).is_some() {
                return Err(wrong(row.date.span(), format!("{date} is given twice")));
            }
        }
        for row in &rows.working_day {
            let date = day(&row.date)?;
            let other = row.instead_of.as_ref().map_or(Ok(date), day)?;
            year.worked.insert(date, other);
        }
        self.years.insert(number, year);
        Ok(())
    }

    /// Why a day is off; `None` for a working day. Of a year without a file only weekends are known.
    pub fn off(&self, date: NaiveDate) -> Option<DayOff> {
        let known = self.years.get(&date.year());
        if let Some(year) = known {
            if year.worked.contains_key(&date) {
                return None;
            }
            if let Some(off) = year.off.get(&date) {
                return Some(off.clone());
            }
        }
        matches!(date.weekday(), Weekday::Sat | Weekday::Sun).then_some(DayOff::Weekend)
    }

    /// The days of a year that its file names: each with whether it is off, and why.
    pub fn days(&self, year: i32, language: Language) -> Vec<(NaiveDate, bool, String)> {
        let Some(known) = self.years.get(&year) else {
            return Vec::new();
        };
        let instead = |other: NaiveDate| {
            format!(
                "{} {}",
                pick(&["орнына:", "вместо:", "instead of:"], language),
                day(other, language)
            )
        };
        let off = known.off.iter().map(|(date, why)| {
            let words = match why {
                DayOff::InsteadOf(other) => format!("{}, {}", why.words(language), instead(*other)),
                why => why.words(language).to_owned(),
            };
            (*date, true, words)
        });
        let worked = known.worked.iter().map(|(date, other)| {
            let words = if other == date {
                String::new()
            } else {
                instead(*other)
            };
            (*date, false, words)
        });
        let mut days: Vec<_> = off.chain(worked).collect();
        days.sort();
        days
    }

    /// Whether the days off of a year are known.
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains_key(&year)
    }

    /// Where the days of a year are taken from.
    pub fn source(&self, year: i32) -> Option<&str> {
        self.years.get(&year).map(|year| year.source.as_str())
    }

    /// The first working day from a day on; the day itself when it is one. `None` past the end of the calendar.
    pub fn working_from(&self, date: NaiveDate) -> Option<NaiveDate> {
        date.iter_days().find(|day| self.off(*day).is_none())
    }
}
