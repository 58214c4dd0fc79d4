//! Reads how a number is written, in digits or in words, and how precisely it was written.
//!
//! One grammar for the three languages: groups of hundreds, multiplied by magnitude words that fall from left to right, in
//! digits or words or both («2 млрд 305 млн», «екі жарым мың», "two and a half million"). Each number keeps every reading
//! that its writing allows (`1,245`), the weight of its last written digit, and the Kazakh ending it carries.

mod digits;
mod fractions;
mod words;

use std::ops::Range;

use rust_decimal::Decimal;

use super::kazakh::{self, Ending};
use super::quantities::Reading;
use super::{Language, Token, TokenKind};
use words::{Class, Form, lookup};

/// What sort of number was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    /// «25», «двадцать пять».
    Cardinal,
    /// «5-й», «бесінші», "fifth".
    Ordinal,
    /// «трое», «үшеу».
    Collective,
    /// «треть», «үштен бірі», "two thirds": the value is in percent.
    Fraction,
    /// «каждый пятый», «әр бесінші», "one in five": the value is five.
    Nth,
    /// «десятки», «мыңдаған», "hundreds": the value is the power of ten.
    Vague,
}

/// A number as written.
#[derive(Debug, Clone)]
pub struct Number {
    /// Indexes of its tokens.
    pub tokens: Range<usize>,
    /// What it can mean, the likeliest first; never empty.
    pub readings: Vec<Reading>,
    /// Sort.
    pub kind: NumberKind,
    /// Kazakh ending on its last word.
    pub ending: Ending,
    /// Whether any of it is in words.
    pub in_words: bool,
}

impl Number {
    /// The likeliest value.
    pub fn value(&self) -> Decimal {
        self.readings[0].value
    }
}

/// Reads the number that begins at token `at`, as long as it goes.
pub fn parse(tokens: &[Token], at: usize, language: Language) -> Option<Number> {
    fractions::parse(tokens, at, language).or_else(|| cardinal(tokens, at, language))
}

/// The value of an ordinal in words or digits («первый», «1-й», «бірінші», "first").
pub fn ordinal(token: &Token, language: Language) -> Option<u32> {
    if token.kind == TokenKind::Number {
        let is_ordinal = !token.ending.is_empty() && ordinal_ending(&token.ending);
        return if is_ordinal {
            token.lower.parse().ok()
        } else {
            None
        };
    }
    let word = lookup(&token.lower, language)?;
    if word.form == Form::Ordinal {
        u32::try_from(word.value).ok()
    } else {
        None
    }
}

/// The value of a small whole number at one token («9», «девять», «тоғыз»).
pub fn small(token: &Token, language: Language) -> Option<u32> {
    if token.kind == TokenKind::Number {
        return token.lower.parse().ok().filter(|&n| n < 100);
    }
    let word = lookup(&token.lower, language)?;
    let whole = matches!(word.class, Class::Unit | Class::Teen | Class::Tens)
        && word.form == Form::Cardinal;
    if whole {
        u32::try_from(word.value).ok()
    } else {
        None
    }
}

fn ordinal_ending(ending: &str) -> bool {
    matches!(
        ending,
        "й" | "я"
            | "е"
            | "го"
            | "ого"
            | "му"
            | "ому"
            | "ый"
            | "ий"
            | "ая"
            | "ое"
            | "х"
            | "м"
            | "ю"
            | "ую"
            | "ой"
            | "ом"
            | "ми"
            | "st"
            | "nd"
            | "rd"
            | "th"
    ) || kazakh::ending(ending) == Some(Ending::Ordinal)
}

/// Whether letters behind a number and a hyphen are a grammatical ending and not a word of their own.
pub fn is_number_ending(letters: &str) -> bool {
    ordinal_ending(letters)
        || matches!(
            letters,
            "ти" | "и" | "ю" | "ух" | "ех" | "мя" | "ью" | "ть" | "ь"
        )
        || kazakh::ending(letters).is_some()
}

/// Words that a hyphen joins as two words: numbers, and months of a range.
pub fn joins_by_hyphen(lower: &str, language: Language) -> bool {
    lookup(lower, language).is_some()
        || words::is_fraction_word(lower)
        || super::dates::is_month(lower, language)
}

/// Running sum of one number.
struct Sum {
    total: Decimal,
    /// The group before its magnitude: literal readings in digits, or one in words.
    group: Vec<Literal>,
    /// The next piece of the group must be smaller than this.
    floor: u64,
    last_magnitude: u64,
    step: Decimal,
    parts: usize,
    decimals: bool,
    /// What the whole also means where its mark may group digits: «1,245 million» as 1 245 000 000, with its step.
    other: Option<(Decimal, Decimal)>,
}

/// A group as written, before its magnitude.
#[derive(Debug, Clone, Copy)]
struct Literal {
    value: Decimal,
    step: Decimal,
    decimals: bool,
}

impl Sum {
    fn new() -> Sum {
        Sum {
            total: Decimal::ZERO,
            group: Vec::new(),
            floor: 1000,
            last_magnitude: u64::MAX,
            step: Decimal::ONE,
            parts: 0,
            decimals: false,
            other: None,
        }
    }

    fn add_words(&mut self, value: u64, floor: u64) {
        let sum = self
            .group
            .first()
            .map_or(Decimal::ZERO, |literal| literal.value)
            + Decimal::from(value);
        self.group = vec![Literal {
            value: sum,
            step: Decimal::ONE,
            decimals: false,
        }];
        self.floor = floor;
    }

    fn close(mut self) -> Vec<Reading> {
        if self.group.is_empty() {
            let (total, step, decimals) = (self.total, self.step, self.decimals);
            let other = self.other.map(|(total, step)| reading(total, step, false));
            return std::iter::once(reading(total, step, decimals))
                .chain(other)
                .collect();
        }
        let total = self.total;
        self.group
            .drain(..)
            .map(|literal| reading(total + literal.value, literal.step, literal.decimals))
            .collect()
    }
}

fn reading(value: Decimal, step: Decimal, has_decimals: bool) -> Reading {
    let step_zeros = if has_decimals {
        step
    } else {
        step * trailing_zeros(value, step)
    };
    Reading {
        value: value.normalize(),
        step: step.normalize(),
        step_zeros: step_zeros.normalize(),
        hi: None,
        has_decimals,
    }
}

/// Ten to the number of zeros that stand at the end of `value / step`.
fn trailing_zeros(value: Decimal, step: Decimal) -> Decimal {
    let ten = Decimal::TEN;
    let mut rest = value / step;
    let mut zeros = Decimal::ONE;
    while !rest.is_zero() && (rest % ten).is_zero() {
        rest /= ten;
        zeros *= ten;
    }
    zeros
}

/// Reads digits and number words from token `at` on.
fn cardinal(tokens: &[Token], at: usize, language: Language) -> Option<Number> {
    let mut sum = Sum::new();
    let mut i = at;
    let mut end = at;
    let (mut ending, mut kind, mut in_words) = (Ending::None, NumberKind::Cardinal, false);
    // A dash may end the sentence, so a range can ask for a number where no token is left.
    let first = tokens.get(at)?;
    if language == Language::En && matches!(first.lower.as_str(), "a" | "an") {
        let multiplier = tokens
            .get(at + 1)
            .and_then(|next| lookup(&next.lower, language))
            .filter(|word| matches!(word.class, Class::Hundred | Class::Magnitude | Class::Dozen));
        multiplier?;
        i += 1;
    }
    while let Some(token) = tokens.get(i) {
        if token.kind == TokenKind::Number {
            if !take_digits(&mut sum, tokens, i, language) {
                break;
            }
            i += 1;
            end = i;
            if !token.ending.is_empty() {
                kind = if ordinal_ending(&token.ending) {
                    NumberKind::Ordinal
                } else {
                    kind
                };
                ending = kazakh::ending(&token.ending).unwrap_or(Ending::None);
                break;
            }
            continue;
        }
        if token.kind == TokenKind::Sign {
            let joins = token.lower == "-"
                && in_words
                && i == end
                && i > at
                && hyphen_goes_on(tokens, i, &sum, language);
            if joins {
                i += 1;
                continue;
            }
            break;
        }
        if let Some(length) = half_after(tokens, i, &sum, language) {
            add_half(&mut sum);
            in_words = true;
            i += length;
            end = i;
            ending = kazakh::ending_after(&tokens[i - 1].lower, "жарым").unwrap_or(Ending::None);
            if ending != Ending::None {
                break;
            }
            continue;
        }
        if language == Language::En
            && token.lower == "and"
            && i > at
            && and_goes_on(tokens, i, &sum, language)
        {
            i += 1;
            continue;
        }
        let Some(word) =
            magnitude_letter(tokens, i, language).or_else(|| lookup(&token.lower, language))
        else {
            break;
        };
        if !take_word(&mut sum, &word) {
            break;
        }
        in_words |= word.class != Class::Magnitude || sum.parts == 0;
        i += 1;
        end = i;
        if word.form == Form::Ordinal {
            kind = NumberKind::Ordinal;
        } else if word.form == Form::Collective {
            kind = NumberKind::Collective;
        } else if word.form == Form::Vague {
            kind = NumberKind::Vague;
        }
        ending = word.ending;
        if !token.ending.is_empty() {
            ending = kazakh::ending(&token.ending).unwrap_or(Ending::None);
        }
        if word.form != Form::Cardinal || !matches!(ending, Ending::None) {
            if kind == NumberKind::Vague && followed_by_magnitude(tokens, i, language) {
                continue;
            }
            break;
        }
        if word.abbreviation
            && tokens.get(i).is_some_and(|next| {
                next.lower == "." && i + 1 < tokens.len() && next.span.start == token.span.end
            })
        {
            i += 1;
            end = i;
        }
    }
    if end == at || (sum.group.is_empty() && sum.last_magnitude == u64::MAX) {
        return None;
    }
    Some(Number {
        tokens: at..end,
        readings: sum.close(),
        kind,
        ending,
        in_words,
    })
}

fn followed_by_magnitude(tokens: &[Token], at: usize, language: Language) -> bool {
    let at = if tokens.get(at).is_some_and(|token| token.lower == "of") {
        at + 1
    } else {
        at
    };
    tokens
        .get(at)
        .and_then(|token| lookup(&token.lower, language))
        .is_some_and(|word| word.class == Class::Magnitude)
}

/// Whether the hyphen at `at` joins the parts of one number («twenty-five») and not a range («два-три»).
fn hyphen_goes_on(tokens: &[Token], at: usize, sum: &Sum, language: Language) -> bool {
    tokens
        .get(at + 1)
        .and_then(|token| lookup(&token.lower, language))
        .is_some_and(|word| {
            word.class == Class::Unit && sum.floor == 10 && language == Language::En
        })
}

fn and_goes_on(tokens: &[Token], at: usize, sum: &Sum, language: Language) -> bool {
    let after_magnitude = sum.group.is_empty() && sum.last_magnitude != u64::MAX;
    let hundreds = sum.floor == 100;
    (hundreds || after_magnitude)
        && tokens
            .get(at + 1)
            .and_then(|token| lookup(&token.lower, language))
            .is_some_and(|word| matches!(word.class, Class::Unit | Class::Teen | Class::Tens))
}

/// «k», «m», «bn» glued to digits.
fn magnitude_letter(tokens: &[Token], at: usize, language: Language) -> Option<words::NumberWord> {
    if language != Language::En
        || at == 0
        || tokens[at - 1].kind != TokenKind::Number
        || tokens[at - 1].span.end != tokens[at].span.start
    {
        return None;
    }
    let money = at >= 2 && matches!(tokens[at - 2].lower.as_str(), "$" | "€" | "₸" | "£");
    match tokens[at].lower.as_str() {
        "k" => Some(words::magnitude(1_000)),
        "m" if money => Some(words::magnitude(1_000_000)),
        "b" if money => Some(words::magnitude(1_000_000_000)),
        _ => None,
    }
}

/// Adds digits to the sum; `false` when they begin another number.
fn take_digits(sum: &mut Sum, tokens: &[Token], at: usize, language: Language) -> bool {
    if !sum.group.is_empty() {
        return false;
    }
    let literals = digits::literals(&tokens[at].lower, language);
    if literals.is_empty() {
        return false;
    }
    if sum.last_magnitude != u64::MAX {
        // After a magnitude word only a smaller part of the same sum can follow.
        let magnitude = tokens
            .get(at + 1)
            .and_then(|next| lookup(&next.lower, language))
            .filter(|word| word.class == Class::Magnitude);
        let goes_on = match magnitude {
            Some(word) => {
                word.value < sum.last_magnitude && literals[0].value < Decimal::from(1000)
            }
            None => {
                sum.last_magnitude == 1000
                    && literals.len() == 1
                    && !literals[0].decimals
                    && literals[0].value < Decimal::from(1000)
                    && tokens[at].lower.len() == 3
            }
        };
        // «5 тыс. 320»: the full stop was taken with its magnitude.
        let follows =
            at > 0 && (tokens[at - 1].kind == TokenKind::Word || tokens[at - 1].lower == ".");
        if !goes_on || !follows {
            return false;
        }
    }
    sum.group = literals;
    sum.floor = 0;
    true
}

/// Adds a number word to the sum; `false` when it begins another number.
fn take_word(sum: &mut Sum, word: &words::NumberWord) -> bool {
    match word.class {
        Class::Unit if sum.floor >= 10 => sum.add_words(word.value, 1),
        Class::Teen if sum.floor >= 100 => sum.add_words(word.value, 1),
        Class::Tens if sum.floor >= 100 => sum.add_words(word.value, 10),
        Class::Hundreds if sum.floor >= 1000 => sum.add_words(word.value, 100),
        Class::Hundred => return times_hundred(sum),
        Class::Dozen => return times(sum, word.value),
        Class::Half if sum.group.is_empty() && sum.last_magnitude == u64::MAX => {
            let value = Decimal::new(i64::try_from(word.value).unwrap_or(0), 1);
            sum.group = vec![Literal {
                value,
                step: Decimal::new(1, 1),
                decimals: true,
            }];
            sum.floor = 0;
        }
        Class::HalfMagnitude if sum.group.is_empty() && sum.last_magnitude == u64::MAX => {
            let magnitude = Decimal::from(word.value);
            sum.total = magnitude / Decimal::TWO;
            sum.step = magnitude / Decimal::TEN;
            sum.decimals = true;
            sum.last_magnitude = word.value;
        }
        Class::Magnitude => return times_magnitude(sum, word.value),
        _ => return false,
    }
    sum.parts += 1;
    true
}

fn times_hundred(sum: &mut Sum) -> bool {
    let group = sum
        .group
        .first()
        .map_or(Decimal::ONE, |literal| literal.value);
    if sum.floor == 100 || sum.floor == 0 || group >= Decimal::from(100) {
        return false;
    }
    sum.group.clear();
    let value = (group * Decimal::from(100)).try_into().unwrap_or(100);
    sum.add_words(value, 100);
    sum.parts += 1;
    true
}

/// Dozens and tens as nouns: «два десятка», "three dozen".
fn times(sum: &mut Sum, value: u64) -> bool {
    let group = sum
        .group
        .first()
        .map_or(Decimal::ONE, |literal| literal.value);
    if sum.last_magnitude != u64::MAX || group >= Decimal::from(100) {
        return false;
    }
    let value = Decimal::from(value);
    sum.group = vec![Literal {
        value: group * value,
        step: Decimal::ONE.max(value / Decimal::TWO),
        decimals: false,
    }];
    sum.floor = 0;
    sum.parts += 1;
    true
}

fn times_magnitude(sum: &mut Sum, magnitude: u64) -> bool {
    if magnitude >= sum.last_magnitude {
        return false;
    }
    let scale = Decimal::from(magnitude);
    if sum.group.is_empty() {
        if sum.last_magnitude != u64::MAX {
            return false;
        }
        sum.group = vec![Literal {
            value: Decimal::ONE,
            step: Decimal::ONE,
            decimals: false,
        }];
    }
    let literal = sum.group[0];
    let Some(value) = literal.value.checked_mul(scale) else {
        return false;
    };
    if sum.group.len() > 1 {
        // «1,245 млн»: before a magnitude word the mark is a decimal one, whatever the language.
        if let Some(decimal) = sum.group.iter().find(|literal| literal.decimals).copied() {
            let whole = sum.group.iter().find(|literal| !literal.decimals);
            sum.other = whole
                .filter(|_| sum.total.is_zero())
                .and_then(|whole| Some((whole.value.checked_mul(scale)?, whole.step * scale)));
            sum.total += decimal.value * scale;
            sum.step = decimal.step * scale;
            sum.decimals = true;
            return finish_group(sum, magnitude);
        }
    }
    // What another group is added to has one meaning: the groups tell which mark is which.
    sum.other = None;
    sum.total += value;
    sum.step = literal.step * scale;
    sum.decimals = literal.decimals;
    finish_group(sum, magnitude)
}

fn finish_group(sum: &mut Sum, magnitude: u64) -> bool {
    sum.group.clear();
    sum.floor = 1000;
    sum.last_magnitude = magnitude;
    true
}

/// Length of «с половиной», «жарым», "and a half" after a number.
fn half_after(tokens: &[Token], at: usize, sum: &Sum, language: Language) -> Option<usize> {
    if sum.group.is_empty() && sum.last_magnitude == u64::MAX {
        return None;
    }
    let is = |offset: usize, word: &str| {
        tokens
            .get(at + offset)
            .is_some_and(|token| token.lower == word)
    };
    match language {
        Language::Kk
            if tokens[at].lower.starts_with("жарым")
                && kazakh::ending_after(&tokens[at].lower, "жарым").is_some() =>
        {
            Some(1)
        }
        Language::Ru if is(0, "с") && is(1, "половиной") => Some(2),
        Language::En if is(0, "and") && is(1, "a") && is(2, "half") => Some(3),
        _ => None,
    }
}

/// Adds a half of what the last word counted: «два с половиной», «миллион с половиной».
fn add_half(sum: &mut Sum) {
    let half = Decimal::new(5, 1);
    if let Some(literal) = sum.group.first_mut() {
        literal.value += half;
        literal.step = Decimal::new(1, 1);
        literal.decimals = true;
        sum.floor = 0;
    } else {
        let magnitude = Decimal::from(sum.last_magnitude);
        sum.total += magnitude * half;
        sum.step = magnitude / Decimal::TEN;
        sum.decimals = true;
    }
}

#[cfg(test)]
mod tests;
