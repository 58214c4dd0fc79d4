//! Turns a day on which something happened, a rule and the calendar of Kazakhstan into a deadline with its arithmetic.
//!
//! Rules and days off are data with validity dates: a file of rules, and a file of days off for each year. An operator
//! adds files of the same shape; a year or a rule of theirs takes the place of the shipped one. A deadline is never kept as the
//! truth: it is computed again from its start, so that a change of the calendar is seen, and said.

mod calendar;
mod deadline;
mod rules;

pub use calendar::{Calendar, DayOff};
pub use deadline::{Deadline, Standing};
pub use rules::{Rule, Rules, Start};

use std::collections::BTreeMap;

use crate::language::Language;

/// A text in the three languages of the program.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worded {
    /// Kazakh.
    pub kk: String,
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl Worded {
    /// The text in a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Kk => &self.kk,
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

/// What is wrong with a data file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct DataError {
    /// File.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads a data file; what is wrong is told at its line.
pub(in crate::pursue) fn read<T: serde::de::DeserializeOwned>(
    file: &str,
    text: &str,
) -> Result<T, DataError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        DataError {
            file: file.to_owned(),
            line: line_of(text, at),
            message: error.message().to_owned(),
        }
    })
}

/// The line on which a byte stands, counted from 1.
fn line_of(text: &str, byte: usize) -> usize {
    let before = text.bytes().take(byte);
    before.filter(|byte| *byte == b'\n').count() + 1
}

/// Clocks: the calendar and the rules, shipped and given.
#[derive(Debug, Clone)]
pub struct Clocks {
    /// Days off.
    pub calendar: Calendar,
    /// Rules.
    pub rules: Rules,
}

impl Clocks {
    /// The shipped clocks.
    ///
    /// # Panics
    /// Never: the shipped files are read by a test.
    pub fn shipped() -> Clocks {
        Clocks::with(&BTreeMap::new()).expect("the shipped files are right")
    }

    /// The shipped files: a year each, and the rules.
    pub fn shipped_files() -> [(&'static str, &'static str); 5] {
        let [first, second, third, fourth] = calendar::SHIPPED;
        [first, second, third, fourth, rules::SHIPPED]
    }

    /// The shipped clocks with an operator's files, by name. A file with `year` holds days off, one with `rule` holds rules.
    ///
    /// # Errors
    /// The first mistake of a file, with its line.
    pub fn with(files: &BTreeMap<String, String>) -> Result<Clocks, DataError> {
        let mut clocks = Clocks {
            calendar: Calendar::shipped()?,
            rules: Rules::shipped()?,
        };
        for (file, text) in files {
            let table: toml::Table = read(file, text)?;
            if table.contains_key("year") {
                clocks.calendar.add(file, text)?;
            } else if table.contains_key("rule") {
                clocks.rules.add(file, text)?;
            } else {
                return Err(DataError {
                    file: file.clone(),
                    line: 1,
                    message: "holds neither `year` with days off nor [[rule]]".to_owned(),
                });
            }
        }
        Ok(clocks)
    }
}

#[cfg(test)]
mod tests;
