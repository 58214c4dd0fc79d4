//! Reads multiples in one word or with «в … раза»: «вдвое», «втрое», "twice", "doubled", «екі есе».

use rust_decimal::Decimal;

use super::super::Language;
use super::super::kazakh::Ending;
use super::super::numbers;
use super::{Context, Dimension, Draft, Mode, Quantity, Reading, Role, Unit};

const WORDS: &[(&str, i64, bool)] = &[
    // word, value, whether the word itself says "rose"
    ("вдвое", 2, false),
    ("втрое", 3, false),
    ("вчетверо", 4, false),
    ("впятеро", 5, false),
    ("вшестеро", 6, false),
    ("всемеро", 7, false),
    ("ввосьмеро", 8, false),
    ("вдевятеро", 9, false),
    ("вдесятеро", 10, false),
    ("двукратно", 2, false),
    ("двукратный", 2, false),
    ("трехкратный", 3, false),
    ("doubled", 2, true),
    ("tripled", 3, true),
    ("trebled", 3, true),
    ("quadrupled", 4, true),
    ("twofold", 2, false),
    ("threefold", 3, false),
    ("fourfold", 4, false),
    ("fivefold", 5, false),
    ("tenfold", 10, false),
];

/// Reads a multiple that begins at token `at`.
pub fn read(context: &Context<'_>, at: usize) -> Option<Draft> {
    if let Some((_, value, _)) = WORDS.iter().find(|(word, _, _)| context.is(at, word)) {
        return Some(draft(context, at, at + 1, Decimal::from(*value)));
    }
    if context.language == Language::Ru
        && context.starts(at, "удвои удваи утрои учетвер")
        && context.is_word(at)
    {
        let value = if context.starts(at, "удв") {
            2
        } else if context.starts(at, "утр") {
            3
        } else {
            4
        };
        return Some(draft(context, at, at + 1, Decimal::from(value)));
    }
    if context.language == Language::En
        && context.is(at, "twice")
        && (context.is(at + 1, "as") || context.is(at + 1, "the"))
    {
        return Some(draft(context, at, at + 1, Decimal::TWO));
    }
    if context.language == Language::En && context.is(at, "halved") {
        return Some(draft(context, at, at + 1, Decimal::TWO));
    }
    russian_times(context, at).or_else(|| english_times(context, at))
}

/// «в 1,5 раза», «в два раза», «более чем в три раза»; «988 раз» is a count.
fn russian_times(context: &Context<'_>, at: usize) -> Option<Draft> {
    if context.language != Language::Ru {
        return None;
    }
    let number = numbers::parse(context.tokens, at, Language::Ru)?;
    let preposition = at > 0 && context.is(at - 1, "в во");
    if !preposition || !context.is(number.tokens.end, "раз раза") {
        return None;
    }
    let mut found = draft(context, at, number.tokens.end + 1, number.value());
    found.quantity.best = number.readings[0].clone();
    Some(found)
}

/// "1.5 times higher", "three times as many"; "33 times" alone is a count.
fn english_times(context: &Context<'_>, at: usize) -> Option<Draft> {
    if context.language != Language::En {
        return None;
    }
    let number = numbers::parse(context.tokens, at, Language::En)?;
    let end = number.tokens.end;
    let compares = context.is(
        end + 1,
        "more as higher lower less fewer the larger greater bigger smaller over compared",
    ) || (at > 0
        && context.is(
            at - 1,
            "increased grew rose grown risen by decreased fell dropped",
        ));
    if !context.is(end, "times") || !compares {
        return None;
    }
    let mut found = draft(context, at, end + 1, number.value());
    found.quantity.best = number.readings[0].clone();
    if context.is(end + 1, "more higher") {
        // "two times more" is twice as many to most writers and three times as many to some.
        let mut other = number.readings[0].clone();
        other.value += Decimal::ONE;
        found.quantity.alternatives.push(other);
    }
    Some(found)
}

fn draft(context: &Context<'_>, start: usize, end: usize, value: Decimal) -> Draft {
    let best = Reading {
        value,
        step: Decimal::ONE,
        step_zeros: Decimal::ONE,
        hi: None,
        has_decimals: false,
    };
    let span = context.tokens[start].span.start..context.tokens[end - 1].span.end;
    let mut mode = Mode::Bare;
    let mut from = start;
    let skip = usize::from(start > 0 && context.is(start - 1, "в во"));
    if let Some(hedge) = (start - skip).checked_sub(1) {
        if context.is(hedge, "почти nearly almost") {
            (mode, from) = (Mode::Nearly, hedge);
        } else if context.is(hedge, "чем than")
            && hedge > 0
            && context.is(hedge - 1, "более больше more")
        {
            (mode, from) = (Mode::Gt, hedge - 1);
        } else if context.is(hedge, "примерно около about roughly") {
            (mode, from) = (Mode::About, hedge);
        }
    }
    let quantity = Quantity {
        span,
        best,
        alternatives: Vec::new(),
        mode,
        unit: Unit {
            dimension: Dimension::Times,
            of: None,
            noun: None,
        },
        role: Role::Ratio,
        other_roles: Vec::new(),
        direction: None,
        direction_span: None,
    };
    Draft {
        quantity,
        tokens: start..end,
        from: from.min(start - skip),
        case: Ending::None,
        after: end,
        until: false,
    }
}
