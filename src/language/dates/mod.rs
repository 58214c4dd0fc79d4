//! Finds dates and periods and resolves them against the day a text was written.
//!
//! Expressions are read first as a calendar shape with holes («9 months of an unsaid year»), then the holes are filled from
//! the day of writing: the latest such time that had begun. A published figure can only be about the past, so a bare «в марте»
//! written in February is last year's March; only words of the future turn this round. Periods that a claim is compared with
//! («годом ранее», «былтырғы сәйкес кезең») are marked, because the claim's own value does not belong to them.

mod calendar;
mod comparison;
mod months;
mod relative;
mod seasons;
mod shapes;
mod tense;
mod years;

pub use calendar::{local_day, local_hour, noon};
pub use months::month_of_heading;

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Language, Token, TokenKind};

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

/// What was read at one place: how many tokens, and what they mean.
struct Found {
    tokens: Range<usize>,
    best: Period,
    alternatives: Vec<Period>,
    is_relative: bool,
    is_comparison: bool,
    /// The year named with "the same period", which is then not the year before.
    same_period_of: Option<i32>,
}

impl Found {
    fn new(tokens: Range<usize>, best: Period, is_relative: bool) -> Found {
        Found {
            tokens,
            best,
            alternatives: Vec::new(),
            is_relative,
            is_comparison: false,
            same_period_of: None,
        }
    }
}

/// Everything a reader of dates looks at.
#[derive(Clone, Copy)]
struct Context<'a> {
    tokens: &'a [Token],
    language: Language,
    written: Option<NaiveDate>,
}

impl Context<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn is(&self, at: usize, words: &str) -> bool {
        let lower = self.lower(at);
        !lower.is_empty() && words.split(' ').any(|word| word == lower)
    }

    fn starts(&self, at: usize, stems: &str) -> bool {
        let lower = self.lower(at);
        stems.split(' ').any(|stem| lower.starts_with(stem))
    }

    fn month(&self, at: usize) -> Option<u32> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Word)?;
        // "may" is a verb unless it is written as a name.
        months::month(&token.lower, self.language)
    }

    /// Whole number in digits at `at`, within bounds.
    fn digits(&self, at: usize, low: u32, high: u32) -> Option<u32> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Number)?;
        token
            .lower
            .parse()
            .ok()
            .filter(|n| (low..=high).contains(n))
    }

    /// A year written in four digits without group marks.
    fn year_digits(&self, at: usize) -> Option<i32> {
        let token = self.tokens.get(at)?;
        if token.kind != TokenKind::Number || token.span.len() != 4 {
            return None;
        }
        self.digits(at, 1900, 2100)
            .and_then(|year| i32::try_from(year).ok())
    }

    fn is_dash(&self, at: usize) -> bool {
        self.is(at, "- – — ‑ −")
    }
}

/// Finds the periods of one sentence; relative ones need `written`, and are left out without it.
pub fn find(
    text: &str,
    tokens: &[Token],
    language: Language,
    written: Option<NaiveDate>,
) -> Vec<PeriodMention> {
    let context = Context {
        tokens,
        language,
        written,
    };
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let next = seasons::read(&context, at)
            .or_else(|| shapes::read(&context, text, at))
            .or_else(|| relative::read(&context, at));
        match next {
            Some(mention) => {
                at = mention.tokens.end.max(at + 1);
                found.push(mention);
            }
            None => at += 1,
        }
    }
    comparison::join_same_period(&context, &mut found);
    comparison::drop_resumed(&context, &mut found);
    comparison::mark(&context, &mut found);
    found
        .into_iter()
        .filter_map(|mention| finish(tokens, mention))
        .collect()
}

fn finish(tokens: &[Token], mention: Found) -> Option<PeriodMention> {
    let first = tokens.get(mention.tokens.start)?;
    let last = tokens.get(mention.tokens.end.checked_sub(1)?)?;
    Some(PeriodMention {
        span: first.span.start..last.span.end,
        best: mention.best,
        alternatives: mention.alternatives,
        is_relative: mention.is_relative,
        is_comparison: mention.is_comparison,
    })
}

/// Whether a lower-case word names a month.
pub fn is_month(lower: &str, language: Language) -> bool {
    months::month(lower, language).is_some()
}

/// Whether a month or a year stands right after token `at`.
pub fn follows_month_or_year(tokens: &[Token], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|token| {
        Language::ALL
            .iter()
            .any(|&language| is_month(&token.lower, language))
            || (token.kind == TokenKind::Number && token.lower.len() == 4)
    })
}

#[cfg(test)]
mod tests;
