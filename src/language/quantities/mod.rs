//! Finds quantities: a number with its unit, its mode (about, more than...), its role (level, change by, change to...) and direction.
//!
//! Numbers are found first, then what they count (`units`), how they are hedged (`bounds`), and last what they say about their
//! measure (`roles`), because «на 12 фактов – с 53 до 41» needs all three numbers at once. Dates, times, telephones, routes,
//! articles of law, list numbers and ordinals are not quantities; they are turned away by `refuse`.

mod bounds;
mod refuse;
mod roles;
mod times;
mod units;

pub use roles::directions;

use std::ops::Range;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::kazakh::Ending;
use super::numbers::{self, Number, NumberKind};
use super::{Concept, Language, Lexicon, Name, NameKind, PeriodMention, Token, TokenKind};

/// How a number was bounded or hedged by the words around it (`checking`: the number lattice).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// No hedge: «14 523».
    Bare,
    /// About: «около», «шамамен», "around", «человек двадцать».
    About,
    /// More than: «более», «астам», "over".
    Gt,
    /// At least: «не менее», «кемінде», "at least".
    Ge,
    /// Less than: «менее», "under".
    Lt,
    /// At most: «не более», «аспайды», "no more than".
    Le,
    /// Nearly: «почти», «дерлік», "almost".
    Nearly,
    /// Up to a maximum: «до 500 человек», «500-ге дейін» (not after a verb of change).
    UpTo,
    /// From the value to `hi`.
    Range,
    /// Every n-th; the value is n.
    Nth,
    /// Tens, hundreds, thousands; the value is the power of ten.
    Vague,
}

/// What the number says about its measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The measure's own value.
    Level,
    /// Changed by this much, in the unit or in percent.
    ChangeBy,
    /// Changed to this value.
    ChangeTo,
    /// The value before the change («с 53 до 41»: 53; «против 3 310»: the earlier period's level).
    Start,
    /// A part of a whole, in percent or as a fraction.
    Share,
    /// So many times.
    Ratio,
    /// A place in an order.
    Rank,
}

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Rose, more.
    Up,
    /// Fell, less.
    Down,
    /// Did not change.
    Flat,
}

/// What is measured; values of different dimensions are never compared as numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// A count of things; `Unit::of` says of what.
    Count,
    /// Money in a currency (ISO 4217), in its main unit.
    Money(String),
    /// Percent, in percent (12.9 % is 12.9).
    Percent,
    /// Percentage points.
    PercentPoints,
    /// A share written as a fraction, «треть», «үштен бірі»: value in percent.
    Fraction,
    /// Times, «в 1,5 раза», «екі есе».
    Times,
    /// Metres.
    Length,
    /// Square metres.
    Area,
    /// Kilograms.
    Mass,
    /// Cubic metres.
    Volume,
    /// Seconds.
    Duration,
    /// Years of age.
    Age,
    /// Degrees Celsius.
    Temperature,
    /// Monthly calculation indices (МРП, АЕК).
    CalculationIndex,
    /// A number whose unit is not known.
    Bare,
}

/// The unit of a quantity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// What is measured.
    pub dimension: Dimension,
    /// Concept id of what is counted («offence», «person», «case», «fact»); `None` when unknown or not a count.
    pub of: Option<String>,
    /// Term of the counted noun as written, when there is one.
    pub noun: Option<String>,
}

/// One way to read a written number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Value in the canonical unit of the dimension.
    pub value: Decimal,
    /// Weight of the last written digit, after the magnitude word («14,5 тыс.»: 100).
    pub step: Decimal,
    /// The step if trailing zeros of an integer are read as rounding («14 500»: 100); equal to `step` otherwise.
    pub step_zeros: Decimal,
    /// Upper end of a range; `None` otherwise.
    pub hi: Option<Decimal>,
    /// Whether a decimal mark was written.
    pub has_decimals: bool,
}

/// One quantity as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// UTF-8 byte range of number, magnitude and unit sign in the analysed text.
    pub span: Range<usize>,
    /// The likeliest reading.
    pub best: Reading,
    /// Other readings that the writing allows; blame needs all of them to differ.
    pub alternatives: Vec<Reading>,
    /// Bound or hedge.
    pub mode: Mode,
    /// Unit.
    pub unit: Unit,
    /// Role.
    pub role: Role,
    /// Other roles the wording allows (a bare «-ге» in Kazakh, a missing verb).
    pub other_roles: Vec<Role>,
    /// Direction of change where the clause states one.
    pub direction: Option<Direction>,
    /// Byte range of the words that state the direction.
    pub direction_span: Option<Range<usize>>,
}

/// A quantity being read, with where its words stand.
struct Draft {
    quantity: Quantity,
    /// Tokens of number, magnitude and unit sign.
    tokens: Range<usize>,
    /// First token with the hedges before the number.
    from: usize,
    /// Kazakh case the number or the noun it counts stands in.
    case: Ending,
    /// The token after the counted noun that carries the case, or after the quantity.
    after: usize,
    /// Whether «дейін» follows the case.
    until: bool,
}

/// What the readers of this folder look at.
struct Context<'a> {
    tokens: &'a [Token],
    language: Language,
    concepts: &'a [Concept],
    /// Byte ranges of the periods compared with.
    compared: Vec<Range<usize>>,
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
        !lower.is_empty() && stems.split(' ').any(|stem| lower.starts_with(stem))
    }

    fn is_dash(&self, at: usize) -> bool {
        self.is(at, "- – — − ‑ …")
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// Whether a period compared with begins at the token.
    fn begins_compared(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            self.compared
                .iter()
                .any(|span| span.start == token.span.start)
        })
    }

    /// Whether the token belongs to a period compared with.
    fn in_compared(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| self.compared.iter().any(|span| overlaps(span, &token.span)))
    }

    /// Whether no space stands between the token and the one before it.
    fn is_glued(&self, at: usize) -> bool {
        at > 0
            && at < self.tokens.len()
            && self.tokens[at - 1].span.end == self.tokens[at].span.start
    }
}

/// Finds the quantities of one sentence.
pub fn find(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    periods: &[PeriodMention],
    names: &[Name],
    concepts: &[Concept],
    language: Language,
) -> Vec<Quantity> {
    let _ = (lexicon, text);
    let compared = periods
        .iter()
        .filter(|period| period.is_comparison)
        .map(|period| period.span.clone())
        .collect();
    let context = Context {
        tokens,
        language,
        concepts,
        compared,
    };
    let taken = taken_spans(periods, names);
    let mut drafts = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if taken.iter().any(|span| overlaps(span, &tokens[at].span)) {
            at += 1;
            continue;
        }
        if let Some(draft) = times::read(&context, at) {
            at = draft.tokens.end;
            drafts.push(draft);
            continue;
        }
        let Some(mut number) = numbers::parse(tokens, at, language) else {
            at += 1;
            continue;
        };
        let cut = number
            .tokens
            .clone()
            .find(|&n| taken.iter().any(|span| overlaps(span, &tokens[n].span)));
        if let Some(cut) = cut {
            // «в 2 млн 2025 году» cannot be; what reaches into a date is not a number of its own.
            at = cut + 1;
            continue;
        }
        if refuse::is_refused(&context, &number) {
            at = number.tokens.end;
            continue;
        }
        let range = bounds::range(&context, &mut number);
        let draft = draft(&context, &number, range);
        at = draft.tokens.end.max(at + 1);
        drafts.push(draft);
    }
    roles::assign(&context, &mut drafts);
    drafts
        .into_iter()
        .filter(|draft| !refuse::is_base_of_rate(&context, draft))
        .map(|draft| draft.quantity)
        .collect()
}

/// Spans whose digits are not quantities: dates, and the names of laws and persons.
fn taken_spans(periods: &[PeriodMention], names: &[Name]) -> Vec<Range<usize>> {
    let laws = names
        .iter()
        .filter(|name| matches!(name.kind, NameKind::Law | NameKind::Body | NameKind::Other))
        .map(|name| name.span.clone());
    periods
        .iter()
        .map(|mention| mention.span.clone())
        .chain(laws)
        .collect()
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Puts number, unit and hedges together.
fn draft(context: &Context<'_>, number: &Number, is_range: bool) -> Draft {
    let unit = units::read(context, number);
    let start = unit.start.min(number.tokens.start);
    let end = unit.end.max(number.tokens.end);
    let bound = bounds::read(context, start..end, number, &unit);
    let mode = if is_range { Mode::Range } else { bound.mode };
    let mut readings: Vec<Reading> = number
        .readings
        .iter()
        .map(|reading| unit.scaled(reading))
        .collect();
    units::drop_impossible(&mut readings, &unit.unit);
    let best = readings.remove(0);
    let role = if number.kind == NumberKind::Fraction || number.kind == NumberKind::Nth {
        Role::Share
    } else {
        Role::Level
    };
    let tokens = start..end;
    let last = end - 1;
    let span = context.tokens[start].span.start..context.tokens[last].span.end;
    let quantity = Quantity {
        span,
        best,
        alternatives: readings,
        mode,
        unit: unit.unit,
        role,
        other_roles: Vec::new(),
        direction: None,
        direction_span: None,
    };
    Draft {
        quantity,
        tokens,
        from: bound.from,
        case: bound.case,
        after: bound.after,
        until: bound.until,
    }
}

#[cfg(test)]
mod tests;
