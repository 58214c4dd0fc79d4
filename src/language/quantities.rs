//! Finds quantities: a number with its unit, its mode (about, more than...), its role (level, change by, change to...) and direction.

use std::ops::Range;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Concept, Language, Lexicon, Name, PeriodMention, Token};

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
    /// The value before the change («с 65 до 48»: 65; «против 55 540»: the earlier period's level).
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
    let _ = (lexicon, text, tokens, periods, names, concepts, language);
    Vec::new()
}
