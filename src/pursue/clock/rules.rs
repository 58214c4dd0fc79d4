//! Rules of clocks: how long each runs, from what, since and until when it holds, and what it rests on.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{DataError, Worded, line_of, read};
use crate::language::Language;
use crate::pursue::wording::{Unit, pick};

/// The shipped rules.
pub(super) const SHIPPED: (&str, &str) = ("rules.toml", include_str!("data/rules.toml"));
/// Most units a rule may run: a longer one is a slip of the key.
const MAX_AMOUNT: u32 = 3_660;

/// What starts a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// The recipient has the letter.
    Received,
    /// The publication appeared.
    Published,
    /// A court's decision is in force.
    Ordered,
    /// Something happened that must be told of.
    Event,
}

impl Start {
    /// The words before the day on which it began.
    pub(super) fn words(self, language: Language) -> &'static str {
        let words = match self {
            Start::Received => ["алынған күні –", "получено", "received on"],
            Start::Published => ["жарияланған күні –", "опубликовано", "published on"],
            Start::Ordered => [
                "шешім күшіне енген күн –",
                "решение вступило в силу",
                "decision in force since",
            ],
            Start::Event => ["басталған уақыты –", "начало:", "began on"],
        };
        pick(&words, language)
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Name by which letters and routes ask for it.
    pub id: String,
    /// What starts it.
    pub starts: Start,
    /// How long it runs.
    pub amount: u32,
    /// In what.
    pub unit: Unit,
    /// Whether a last day that is off moves to the next working day.
    pub moves: bool,
    /// How many days before its end people are reminded.
    pub remind_days_before: Vec<u32>,
    /// First day on which a start falls under it.
    pub valid_from: NaiveDate,
    /// Last such day; `None` while it holds.
    pub valid_to: Option<NaiveDate>,
    /// What ends with it.
    pub name: Worded,
    /// What it rests on.
    pub basis: Worded,
}

impl Rule {
    /// Whether a start on a day falls under it.
    fn holds(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|last| on <= last)
    }

    /// Whether some day falls under both.
    fn overlaps(&self, other: &Rule) -> bool {
        let ends = |rule: &Rule| rule.valid_to.unwrap_or(NaiveDate::MAX);
        self.valid_from <= ends(other) && other.valid_from <= ends(self)
    }
}

/// A file of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rule: Vec<toml::Spanned<Rule>>,
}

/// All rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// The shipped rules.
    pub(super) fn shipped() -> Result<Rules, DataError> {
        let mut rules = Rules::default();
        rules.add(SHIPPED.0, SHIPPED.1)?;
        Ok(rules)
    }

    /// Takes in a file; its rules take the place of all that were known under their ids.
    pub(super) fn add(&mut self, file: &str, text: &str) -> Result<(), DataError> {
        let rows: RuleFile = read(file, text)?;
        let mut added: Vec<Rule> = Vec::new();
        for row in rows.rule {
            let span = row.span();
            let rule = row.into_inner();
            let wrong = |message: String| DataError {
                file: file.to_owned(),
                line: line_of(text, span.start),
                message,
            };
            if rule.amount == 0 || rule.amount > MAX_AMOUNT {
                return Err(wrong(format!(
                    "`amount` of rule `{}` must be 1 to {MAX_AMOUNT}",
                    rule.id
                )));
            }
            if let Some(other) = added
                .iter()
                .find(|other| other.id == rule.id && other.overlaps(&rule))
            {
                let since = other.valid_from;
                return Err(wrong(format!(
                    "rule `{}` overlaps the one that holds from {since}",
                    rule.id
                )));
            }
            added.push(rule);
        }
        self.0
            .retain(|known| added.iter().all(|rule| rule.id != known.id));
        self.0.extend(added);
        Ok(())
    }

    /// The rule of an id under which a start on a day falls; `None` when none did on that day.
    pub fn rule(&self, id: &str, on: NaiveDate) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.id == id && rule.holds(on))
    }

    /// Whether a rule of that id holds on any day.
    pub fn knows(&self, id: &str) -> bool {
        self.0.iter().any(|rule| rule.id == id)
    }

    /// All rules in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter()
    }
}
