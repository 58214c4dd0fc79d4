//! Reads shares written as fractions, "every n-th" and vague plurals: numbers whose words are not a sum.

use rust_decimal::Decimal;

use super::super::kazakh::{self, Ending};
use super::super::quantities::Reading;
use super::super::{Language, Token};
use super::words::{Class, Form, lookup};
use super::{Number, NumberKind, ordinal, small};

/// Reads a fraction, an "every n-th" or a vague plural at token `at`.
pub fn parse(tokens: &[Token], at: usize, language: Language) -> Option<Number> {
    match language {
        Language::Ru => russian(tokens, at),
        Language::Kk => kazakh_fraction(tokens, at),
        Language::En => english(tokens, at),
    }
}

/// A share `part / whole` as percent; a written fraction is exact to about a tenth of itself, so a whole percent is its step.
fn share(
    tokens: &[Token],
    at: usize,
    length: usize,
    part: u32,
    whole: u32,
    ending: Ending,
) -> Option<Number> {
    if whole == 0 || part > whole || at + length > tokens.len() {
        return None;
    }
    if let Some(found) = part_of_magnitude(tokens, at, length, part, whole) {
        return Some(found);
    }
    let value = (Decimal::from(part) * Decimal::from(100) / Decimal::from(whole)).round_dp(2);
    Some(number(
        at,
        length,
        value,
        Decimal::ONE,
        NumberKind::Fraction,
        ending,
    ))
}

/// «треть миллиона», "half a million", "a quarter of a million": a count, not a share.
fn part_of_magnitude(
    tokens: &[Token],
    at: usize,
    length: usize,
    part: u32,
    whole: u32,
) -> Option<Number> {
    let mut end = at + length;
    end += usize::from(is(tokens, end, "of"));
    end += usize::from(is(tokens, end, "a"));
    let value: u64 = match tokens.get(end)?.lower.as_str() {
        "тысячи" | "thousand" => 1_000,
        "миллиона" | "million" => 1_000_000,
        "миллиарда" | "billion" => 1_000_000_000,
        "триллиона" | "trillion" => 1_000_000_000_000,
        _ => return None,
    };
    Some(magnitude_part(at, end + 1, part, whole, value))
}

/// So many parts of a magnitude, as precise as a tenth of it.
fn magnitude_part(at: usize, end: usize, part: u32, whole: u32, magnitude: u64) -> Number {
    let value = (Decimal::from(part) * Decimal::from(magnitude) / Decimal::from(whole)).round();
    let step = Decimal::from(magnitude) / Decimal::TEN;
    let mut found = number(
        at,
        end - at,
        value,
        step,
        NumberKind::Cardinal,
        Ending::None,
    );
    found.readings[0].has_decimals = true;
    found
}

fn number(
    at: usize,
    length: usize,
    value: Decimal,
    step: Decimal,
    kind: NumberKind,
    ending: Ending,
) -> Number {
    let reading = Reading {
        value: value.normalize(),
        step,
        step_zeros: step,
        hi: None,
        has_decimals: false,
    };
    Number {
        tokens: at..at + length,
        readings: vec![reading],
        kind,
        ending,
        in_words: true,
    }
}

fn is(tokens: &[Token], at: usize, words: &str) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| words.split(' ').any(|word| word == token.lower))
}

fn starts(tokens: &[Token], at: usize, stem: &str) -> bool {
    tokens
        .get(at)
        .is_some_and(|token| token.lower.starts_with(stem))
}

/// «треть», «две трети», «пятая часть», «половина», «каждый пятый», «десятки тысяч», «две целых три десятых».
fn russian(tokens: &[Token], at: usize) -> Option<Number> {
    let denominator = |at: usize| -> Option<u32> {
        if is(tokens, at, "треть трети третью третей третям") {
            Some(3)
        } else if is(tokens, at, "четверть четверти четвертью четвертей")
        {
            Some(4)
        } else {
            None
        }
    };
    if is(tokens, at, "половина половину половины половиной половине")
    {
        return share(tokens, at, 1, 1, 2, Ending::None);
    }
    if let Some(whole) = denominator(at) {
        return share(tokens, at, 1, 1, whole, Ending::None);
    }
    let token = tokens.get(at)?;
    if starts(tokens, at, "кажд")
        && let Some(n) = tokens
            .get(at + 1)
            .and_then(|next| ordinal(next, Language::Ru))
        && n > 1
    {
        return Some(number(
            at,
            2,
            Decimal::from(n),
            Decimal::ONE,
            NumberKind::Nth,
            Ending::None,
        ));
    }
    if let Some(whole) = ordinal(token, Language::Ru)
        && starts(tokens, at + 1, "част")
        && whole > 1
    {
        return share(tokens, at, 2, 1, whole, Ending::None);
    }
    // «тысяч десять»: turned round, which makes it about so many.
    if let Some(magnitude) = [("тысяч", 1_000), ("миллионов", 1_000_000)]
        .iter()
        .find(|(word, _)| *word == token.lower)
        .map(|(_, value)| *value)
        && at.checked_sub(1).is_none_or(|before| {
            tokens[before].kind != super::TokenKind::Number
                && lookup(&tokens[before].lower, Language::Ru).is_none()
                && tokens[before].lower != "половиной"
        })
        && let Some(count) = tokens
            .get(at + 1)
            .filter(|next| next.kind == super::TokenKind::Word)
            .and_then(|next| small(next, Language::Ru))
    {
        let magnitude = Decimal::from(magnitude);
        let value = Decimal::from(count) * magnitude;
        return Some(number(
            at,
            2,
            value,
            magnitude,
            NumberKind::Cardinal,
            Ending::None,
        ));
    }
    if let Some(part) = small(token, Language::Ru) {
        if let Some(whole) = denominator(at + 1) {
            return share(tokens, at, 2, part, whole, Ending::None);
        }
        if starts(tokens, at + 1, "цел") {
            return russian_decimal(tokens, at, part);
        }
        if let Some(whole) = tokens
            .get(at + 1)
            .and_then(|next| ordinal(next, Language::Ru))
            && part < whole
            && tokens[at + 1].lower.ends_with("ых") | tokens[at + 1].lower.ends_with("ая")
            && token.kind == super::TokenKind::Word
            && !starts(tokens, at + 2, "мест")
        {
            return share(tokens, at, 2, part, whole, Ending::None);
        }
    }
    vague(
        tokens,
        at,
        Language::Ru,
        &[
            ("десятки десятков десятками десяткам десятках", 10),
            ("сотни сотен сотнями сотням сотнях", 100),
            ("тысячи тысячами тысячам тысячах тысяч", 1_000),
            ("миллионы миллионами миллионам миллионов", 1_000_000),
        ],
    )
}

/// «две целых три десятых».
fn russian_decimal(tokens: &[Token], at: usize, whole: u32) -> Option<Number> {
    let part = tokens
        .get(at + 2)
        .and_then(|token| small(token, Language::Ru))?;
    let scale = if starts(tokens, at + 3, "десят") {
        1
    } else if starts(tokens, at + 3, "сот") {
        2
    } else {
        return None;
    };
    let step = Decimal::new(1, scale);
    let value = Decimal::from(whole) + Decimal::from(part) * step;
    let mut found = number(at, 4, value, step, NumberKind::Cardinal, Ending::None);
    found.readings[0].has_decimals = true;
    Some(found)
}

/// A power of ten, some of them.
fn vague_number(at: usize, length: usize, value: Decimal) -> Number {
    number(at, length, value, value, NumberKind::Vague, Ending::None)
}

/// Plurals of tens, hundreds, thousands without a number before them.
fn vague(tokens: &[Token], at: usize, language: Language, table: &[(&str, u64)]) -> Option<Number> {
    let (_, value) = table.iter().find(|(forms, _)| is(tokens, at, forms))?;
    // «пять тысяч» has its number before it; «несколько тысяч» is vague.
    let counted = at > 0
        && tokens.get(at - 1).is_some_and(|token| {
            token.kind == super::TokenKind::Number
                || lookup(&token.lower, language).is_some()
                || token.lower == "половиной"
        });
    if counted {
        return None;
    }
    let gap = usize::from(is(tokens, at + 1, "of"));
    let magnitude = tokens
        .get(at + 1 + gap)
        .and_then(|token| lookup(token.lower.trim_end_matches('s'), language))
        .filter(|word| word.class == Class::Magnitude && word.value > *value);
    let (length, value) = magnitude.map_or((1, *value), |word| (2 + gap, value * word.value));
    let value = Decimal::from(value);
    Some(number(
        at,
        length,
        value,
        value,
        NumberKind::Vague,
        Ending::None,
    ))
}

/// «үштен бірі», «жартысы», «ширегі», «әр бесінші», «ондаған мың», «нөл бүтін оннан үш».
fn kazakh_fraction(tokens: &[Token], at: usize) -> Option<Number> {
    let token = tokens.get(at)?;
    if token.lower == "жарты"
        && let Some(word) = tokens
            .get(at + 1)
            .and_then(|next| lookup(&next.lower, Language::Kk))
            .filter(|word| word.class == Class::Magnitude)
    {
        let mut found = magnitude_part(at, at + 2, 1, 2, word.value);
        found.ending = word.ending;
        return Some(found);
    }
    if is(tokens, at, "бірнеше")
        && let Some(word) = tokens
            .get(at + 1)
            .and_then(|next| lookup(&next.lower, Language::Kk))
            .filter(|word| matches!(word.class, Class::Magnitude | Class::Hundred))
    {
        let mut found = vague_number(at, 2, Decimal::from(word.value));
        found.ending = word.ending;
        return Some(found);
    }
    for stem in ["жартысы", "жартысына", "тең жартысы"] {
        if let Some(ending) = kazakh::ending_after(&token.lower, stem)
            .or_else(|| token.lower.strip_prefix(stem).and_then(kazakh::ending))
        {
            return share(tokens, at, 1, 1, 2, ending);
        }
    }
    if let Some(ending) = token.lower.strip_prefix("жартысы").and_then(|rest| {
        kazakh::ending(rest.trim_start_matches('н')).or_else(|| kazakh::ending(rest))
    }) {
        return share(tokens, at, 1, 1, 2, ending);
    }
    if let Some(ending) = kazakh::ending_after(&token.lower, "ширег") {
        return share(tokens, at, 1, 1, 4, ending);
    }
    if is(tokens, at, "әр әрбір")
        && let Some(n) = tokens
            .get(at + 1)
            .and_then(|next| ordinal(next, Language::Kk))
        && n > 1
    {
        return Some(number(
            at,
            2,
            Decimal::from(n),
            Decimal::ONE,
            NumberKind::Nth,
            Ending::None,
        ));
    }
    let word = lookup(&token.lower, Language::Kk)?;
    if word.form == Form::Vague {
        return kazakh_vague(tokens, at, word.value);
    }
    if is(tokens, at + 1, "бүтін") && word.form == Form::Cardinal {
        return kazakh_decimal(tokens, at, u32::try_from(word.value).ok()?);
    }
    if word.ending != Ending::Ablative {
        return None;
    }
    let next = tokens.get(at + 1)?;
    let whole = u32::try_from(word.value).ok()?;
    let (stem, part) = [
        ("бір", 1),
        ("екі", 2),
        ("үш", 3),
        ("төрт", 4),
        ("бес", 5),
        ("алты", 6),
        ("жеті", 7),
        ("сегіз", 8),
        ("тоғыз", 9),
    ]
    .into_iter()
    .find(|(stem, _)| next.lower.starts_with(stem))?;
    let ending = next.lower.strip_prefix(stem).and_then(kazakh::ending)?;
    let possessive = next.lower.len() > stem.len();
    let has_part_word = starts(tokens, at + 2, "бөлі");
    if !possessive && !has_part_word {
        return None;
    }
    share(
        tokens,
        at,
        2 + usize::from(has_part_word),
        part,
        whole,
        ending,
    )
}

fn kazakh_vague(tokens: &[Token], at: usize, value: u64) -> Option<Number> {
    let magnitude = tokens
        .get(at + 1)
        .and_then(|next| lookup(&next.lower, Language::Kk))
        .filter(|word| word.class == Class::Magnitude && word.value > value);
    let (length, value) = magnitude.map_or((1, value), |word| (2, value * word.value));
    let value = Decimal::from(value);
    Some(number(
        at,
        length,
        value,
        value,
        NumberKind::Vague,
        Ending::None,
    ))
}

/// «екі бүтін оннан үш» is 2.3.
fn kazakh_decimal(tokens: &[Token], at: usize, whole: u32) -> Option<Number> {
    let scale = match tokens.get(at + 2)?.lower.as_str() {
        "оннан" => 1,
        "жүзден" => 2,
        _ => return None,
    };
    let part = super::cardinal(tokens, at + 3, Language::Kk)?;
    let step = Decimal::new(1, scale);
    let mut found = number(
        at,
        0,
        Decimal::from(whole) + part.value() * step,
        step,
        NumberKind::Cardinal,
        part.ending,
    );
    found.tokens = at..part.tokens.end;
    found.readings[0].has_decimals = true;
    Some(found)
}

/// "a third", "two-thirds", "half", "one in five", "every fifth", "hundreds of thousands".
fn english(tokens: &[Token], at: usize) -> Option<Number> {
    let token = tokens.get(at)?;
    // "several hundred", "a couple of thousand": how many of them is not said.
    let gap = usize::from(is(tokens, at, "couple") && is(tokens, at + 1, "of"));
    if gap + usize::from(is(tokens, at, "several few many")) > 0
        && let Some(word) = tokens
            .get(at + 1 + gap)
            .and_then(|next| lookup(&next.lower, Language::En))
            .filter(|word| matches!(word.class, Class::Hundred | Class::Magnitude | Class::Dozen))
    {
        return Some(vague_number(at, 2 + gap, Decimal::from(word.value)));
    }
    if is(tokens, at, "half") && !is(tokens, at + 1, "year - - of-year") {
        return share(tokens, at, 1, 1, 2, Ending::None);
    }
    if is(tokens, at, "every each")
        && let Some(n) = tokens
            .get(at + 1)
            .and_then(|next| ordinal(next, Language::En))
        && n > 1
    {
        return Some(number(
            at,
            2,
            Decimal::from(n),
            Decimal::ONE,
            NumberKind::Nth,
            Ending::None,
        ));
    }
    if is(tokens, at, "one") {
        let gap = if is(tokens, at + 1, "in") {
            2
        } else if is(tokens, at + 1, "out") && is(tokens, at + 2, "of") {
            3
        } else {
            0
        };
        let gap = gap + usize::from(gap > 0 && is(tokens, at + gap, "every"));
        if gap > 0
            && let Some(n) = tokens
                .get(at + gap)
                .and_then(|next| small(next, Language::En))
            && n > 1
            && !super::super::dates::follows_month_or_year(tokens, at + gap)
        {
            return Some(number(
                at,
                gap + 1,
                Decimal::from(n),
                Decimal::ONE,
                NumberKind::Nth,
                Ending::None,
            ));
        }
    }
    let part = if is(tokens, at, "a one") {
        Some(1)
    } else {
        small(token, Language::En).filter(|_| token.kind == super::TokenKind::Word)
    };
    if let Some(part) = part {
        let gap = 1 + usize::from(is(tokens, at + 1, "-"));
        let whole = tokens
            .get(at + gap)
            .and_then(|next| denominator(&next.lower));
        if let Some(whole) = whole
            && (part > 1
                || is(tokens, at + gap, "half quarter")
                || is(
                    tokens,
                    at + gap + 1,
                    "of - the less more lower higher fewer",
                )
                || tokens.len() == at + gap + 1)
            && !is(tokens, at + gap + 1, "of the")
                | (is(
                    tokens,
                    at + gap,
                    "quarter third fourth fifth tenth thirds quarters fourths fifths tenths half",
                ) && !is(tokens, at + gap + 2, "year quarter 2024 2025 2026"))
        {
            return share(tokens, at, gap + 1, part, whole, Ending::None);
        }
    }
    vague(
        tokens,
        at,
        Language::En,
        &[
            ("dozens tens", 10),
            ("scores", 20),
            ("hundreds", 100),
            ("thousands", 1_000),
            ("millions", 1_000_000),
        ],
    )
}

fn denominator(lower: &str) -> Option<u32> {
    match lower {
        "half" | "halves" => Some(2),
        "quarter" | "quarters" => Some(4),
        _ => lookup(lower.strip_suffix('s').unwrap_or(lower), Language::En)
            .filter(|word| word.form == Form::Ordinal && word.value > 2)
            .and_then(|word| u32::try_from(word.value).ok()),
    }
}
