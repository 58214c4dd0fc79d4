//! Reads the words that bound or hedge a number, the ends of a range, and the Kazakh case the whole stands in.

use std::ops::Range;
use std::sync::LazyLock;

use super::super::kazakh::Ending;
use super::super::numbers::{self, Number, NumberKind};
use super::super::phrases::Phrases;
use super::super::{Language, TokenKind};
use super::units::{self, ReadUnit};
use super::{Context, Dimension, Mode};

static BEFORE: LazyLock<Phrases<Mode>> = LazyLock::new(|| {
    use Mode::{About, Ge, Gt, Le, Lt, Nearly, UpTo};
    Phrases::new(&[
        (
            About,
            "около;примерно;порядка;приблизительно;где-то;ориентировочно;в районе;about;around;some;roughly;approximately;~;≈;an estimated;шамамен;жобамен;шамасы",
        ),
        (
            Gt,
            "более;более чем;больше;больше чем;свыше;превысил*;превышает;выше;more than;over;above;upwards of;in excess of;exceeded;exceeding;exceeds;>",
        ),
        (
            Ge,
            "не менее;не менее чем;не меньше;минимум;как минимум;по меньшей мере;по крайней мере;at least;no fewer than;no less than;not less than;a minimum of;≥;кемінде;кем дегенде;ең кемі;аз дегенде",
        ),
        (
            Lt,
            "менее;менее чем;меньше;меньше чем;ниже;less than;fewer than;under;below;<",
        ),
        (
            Le,
            "не более;не более чем;не больше;максимум;не превыша*;не превысил*;at most;no more than;not more than;not exceeding;does not exceed;a maximum of;up to a maximum of;≤;ең көбі;көп дегенде",
        ),
        (
            Nearly,
            "почти;почти что;без малого;чуть менее;чуть меньше;чуть менее чем;едва не;nearly;almost;just under;close to;just short of;дерлік",
        ),
        (UpTo, "до;вплоть до;up to;as many as;as much as"),
    ])
});

/// Kazakh bounds after the case of the number or of its noun.
static AFTER_KAZAKH: LazyLock<Phrases<Mode>> = LazyLock::new(|| {
    use Mode::{About, Ge, Gt, Le, Lt, Nearly};
    Phrases::new(&[
        (
            Gt,
            "астам*;аса;асады;асқан;асып;асып түсті;асты;артық;көп;асатын;астамы",
        ),
        (Ge, "кем емес;кем түспейді;аз емес;төмен емес"),
        (Lt, "кем;аз;төмен"),
        (
            Le,
            "аспайды;аспайтын;аспаған;аспады;артық емес;көп емес;аспауы",
        ),
        (About, "жуық*;тарта;жақын;шамалас;шақты;шамасында"),
        (Nearly, "таяу;жетер-жетпес;жетпейтін;жетеқабыл"),
    ])
});

/// What stands around a number.
pub struct Bound {
    /// Bound or hedge.
    pub mode: Mode,
    /// First token with the hedges before the number.
    pub from: usize,
    /// Kazakh case of number, unit or noun.
    pub case: Ending,
    /// Token after the one that carries the case and after its hedge.
    pub after: usize,
    /// Whether «дейін» follows a dative.
    pub until: bool,
}

/// Joins «10–12 тыс.» and «от 10 до 12» to one number; `true` when it did.
pub fn range(context: &Context<'_>, number: &mut Number) -> bool {
    let end = number.tokens.end;
    let (gap, joined) =
        if (context.is_dash(end) && !is_spaced_dash(context, end)) || between(context, number) {
            (1, true)
        } else {
            (0, adjacent_words(context, number))
        };
    if !joined
        || number.kind != NumberKind::Cardinal
        || number.ending != Ending::None && gap == 1 && context.language != Language::Kk
    {
        return false;
    }
    let Some(second) = numbers::parse(context.tokens, end + gap, context.language)
        .filter(|second| second.kind == NumberKind::Cardinal)
    else {
        return false;
    };
    let (low, high) = (number.readings[0].clone(), second.readings[0].clone());
    // The magnitude of the second is shared: «10–12 тыс.».
    let scale = if low.value < high.step && low.step < high.step {
        high.step.max(low.step) / low.step
    } else {
        rust_decimal::Decimal::ONE
    };
    let scale = if low.has_decimals && scale > rust_decimal::Decimal::ONE {
        // «1,5–2 тысячи»: the written step of the low end is a tenth of what the magnitude multiplies.
        high.step
    } else {
        scale
    };
    let scale = if high.has_decimals && !low.has_decimals && scale > rust_decimal::Decimal::ONE {
        scale * rust_decimal::Decimal::TEN
    } else {
        scale
    };
    let low_value = low.value * scale;
    if low_value >= high.value
        || (gap == 0 && high.value - low_value > low_value.max(rust_decimal::Decimal::TWO))
    {
        return false;
    }
    let mut joined = high.clone();
    joined.value = low_value.normalize();
    joined.hi = Some(high.value);
    number.readings = vec![joined];
    number.tokens.end = second.tokens.end;
    number.ending = second.ending;
    true
}

/// A dash with spaces on both sides parts clauses: «всего 5 – 3 из них».
fn is_spaced_dash(context: &Context<'_>, at: usize) -> bool {
    !context.is_glued(at)
        && !context.is_glued(at + 1)
        && context
            .tokens
            .get(at + 1)
            .is_some_and(|next| next.kind != TokenKind::Number || context.is(at, "—"))
}

/// «от 10 до 12», "between 10 and 12"; "from … to …" after a word of change is told by the roles.
fn between(context: &Context<'_>, number: &Number) -> bool {
    let (start, end) = (number.tokens.start, number.tokens.end);
    let Some(before) = start.checked_sub(1) else {
        return false;
    };
    match context.language {
        Language::Ru => context.is(before, "от") && context.is(end, "до"),
        Language::En => {
            context.is(before, "between") && context.is(end, "and")
                || context.is(before, "some about around roughly approximately")
                    && context.is(end, "to")
        }
        Language::Kk => false,
    }
}

/// «два-три» is joined by a hyphen; Kazakh also writes «бес алты» for "five or six".
fn adjacent_words(context: &Context<'_>, number: &Number) -> bool {
    context.language == Language::Kk
        && number.in_words
        && number.readings[0].value < rust_decimal::Decimal::TEN
        && context.is_word(number.tokens.end)
        && number.ending == Ending::None
}

/// Reads the hedges around number and unit.
pub fn read(
    context: &Context<'_>,
    tokens: Range<usize>,
    number: &Number,
    unit: &ReadUnit,
) -> Bound {
    let mut bound = Bound {
        mode: Mode::Bare,
        from: tokens.start,
        case: Ending::None,
        after: tokens.end,
        until: false,
    };
    match number.kind {
        NumberKind::Nth => bound.mode = Mode::Nth,
        NumberKind::Vague => bound.mode = Mode::Vague,
        _ => {}
    }
    let before = BEFORE
        .before(context.tokens, tokens.start)
        .or_else(|| before_preposition(context, tokens.start));
    if let Some((length, mode)) = before {
        apply_before(context, &mut bound, tokens.start - length, mode);
    }
    match context.language {
        Language::Kk => kazakh(context, &mut bound, number, unit),
        Language::Ru => russian_after(context, &mut bound, number, tokens),
        Language::En => english_after(context, &mut bound, tokens.end),
    }
    bound
}

/// «более на 5», «примерно в 200»: the hedge before the preposition of the number, which is then not its end.
fn before_preposition(context: &Context<'_>, start: usize) -> Option<(usize, Mode)> {
    let at = start.checked_sub(1)?;
    if !context.is(at, "на в by") {
        return None;
    }
    let (length, mode) = BEFORE.before(context.tokens, at)?;
    let hedge = matches!(mode, Mode::About | Mode::Nearly | Mode::Gt | Mode::Ge)
        && !context.is(at - length, "больше выше above over");
    hedge.then_some((length + 1, mode))
}

fn apply_before(context: &Context<'_>, bound: &mut Bound, from: usize, mode: Mode) {
    // «до» is a maximum or the end of a change; which one is for the roles to say.
    let mode = if context.is(from, "до") {
        Mode::UpTo
    } else {
        mode
    };
    let negated = from > 0 && context.is(from - 1, "не not no емес");
    bound.from = from;
    bound.mode = match (negated, mode) {
        (true, Mode::Gt) => Mode::Le,
        (true, Mode::Lt) => Mode::Ge,
        (_, mode) if bound.mode == Mode::Bare => mode,
        _ => bound.mode,
    };
    if negated {
        bound.from = from - 1;
    }
}

/// Finds the case-bearing word of a Kazakh number phrase, and the bound after it.
fn kazakh(context: &Context<'_>, bound: &mut Bound, number: &Number, unit: &ReadUnit) {
    let mut after = unit.end.max(number.tokens.end);
    let mut case = if unit.end > number.tokens.end {
        unit.ending.unwrap_or(Ending::None)
    } else {
        number.ending
    };
    if matches!(case, Ending::None) && number.ending == Ending::Approximate {
        case = Ending::Approximate;
    }
    if matches!(case, Ending::None) {
        let (found, at) = noun_case(context, after, &unit.unit.dimension);
        if found != Ending::None {
            (case, after) = (found, at);
        }
    }
    bound.case = case;
    bound.after = after;
    if number.ending == Ending::Approximate && bound.mode == Mode::Bare {
        bound.mode = Mode::About;
    }
    // «сотқа дейінгі тергеп-тексеру» is a name of a procedure, not a bound.
    let is_procedure = after > 0 && context.is(after - 1, "сотқа");
    if matches!(case, Ending::Dative) && !is_procedure && context.is(after, "дейін дейінгі шейін")
    {
        bound.until = true;
        bound.after = after + 1;
        if bound.mode == Mode::Bare {
            bound.mode = Mode::UpTo;
        }
        return;
    }
    if let Some((length, mode)) = AFTER_KAZAKH.at(context.tokens, after) {
        let needs_ablative = matches!(mode, Mode::Gt | Mode::Ge | Mode::Lt | Mode::Le)
            && !context.starts(after, "астам аса");
        let needs_dative = matches!(mode, Mode::About | Mode::Nearly)
            && !context.starts(after, "шақты тарта шамалас");
        let fits = if needs_ablative {
            case == Ending::Ablative
        } else if needs_dative {
            case == Ending::Dative
        } else {
            true
        };
        if fits && matches!(bound.mode, Mode::Bare | Mode::UpTo | Mode::About) {
            bound.mode = mode;
            bound.after = after + length;
            // The noun after the hedge carries the case that tells the role: «1000-нан астам адамға».
            let (next, at) = noun_case(context, bound.after, &Dimension::Bare);
            bound.case = next;
            if next != Ending::None {
                bound.after = at;
            }
        }
    }
    if context.is(bound.after, "дерлік") && bound.mode == Mode::Bare {
        bound.mode = Mode::Nearly;
    }
}

/// The first case within the next words of the noun phrase; stops at numbers, signs and words of change.
fn noun_case(context: &Context<'_>, at: usize, dimension: &Dimension) -> (Ending, usize) {
    let reach = if matches!(
        dimension,
        Dimension::Percent | Dimension::Times | Dimension::PercentPoints
    ) {
        0
    } else {
        3
    };
    for n in at..at + reach {
        if !context.is_word(n)
            || super::roles::is_kazakh_change(context.lower(n))
            || AFTER_KAZAKH.at(context.tokens, n).is_some()
            || context.is(n, "дейін және мен ал бойынша")
        {
            break;
        }
        if !context.tokens[n].ending.is_empty() {
            return (
                super::super::kazakh::ending(&context.tokens[n].ending).unwrap_or(Ending::None),
                n + 1,
            );
        }
        let case = units::case_of(context.lower(n));
        if matches!(
            case,
            Ending::Dative
                | Ending::Ablative
                | Ending::Locative
                | Ending::Instrumental
                | Ending::Genitive
        ) {
            return (case, n + 1);
        }
    }
    (Ending::None, at)
}

/// «человек двадцать», «двадцать с лишним».
fn russian_after(context: &Context<'_>, bound: &mut Bound, number: &Number, tokens: Range<usize>) {
    // The words stand before or after the unit.
    let excess = [tokens.end, number.tokens.end].map(|at| (at, units::past_excess(context, at)));
    if let Some((_, after)) = excess.into_iter().find(|(at, after)| after > at) {
        bound.mode = Mode::Gt;
        bound.after = after.max(tokens.end);
        return;
    }
    if context.is(number.tokens.start, "тысяч миллионов")
        && number.kind == NumberKind::Cardinal
        && bound.mode == Mode::Bare
    {
        bound.mode = Mode::About;
        return;
    }
    let inverted = number.in_words && tokens.start > 0 && context.is(tokens.start - 1, "человек лет дней часов минут штук месяцев раз рублей тенге километров метров процентов домов семей");
    let starts_phrase = tokens.start < 2
        || !context.tokens.get(tokens.start - 2).is_some_and(|token| {
            token.kind == TokenKind::Number
                || numbers::small(token, Language::Ru).is_some()
                || token.lower.ends_with("тысяч")
                || token.lower == "несколько"
        });
    if inverted && starts_phrase && bound.mode == Mode::Bare {
        bound.mode = Mode::About;
        bound.from = tokens.start - 1;
    }
}

/// "1,000 or more", "500-plus".
fn english_after(context: &Context<'_>, bound: &mut Bound, end: usize) {
    if context.is(end, "or") && context.is(end + 1, "more") {
        bound.mode = Mode::Ge;
    } else if context.is(end, "or") && context.is(end + 1, "less fewer") {
        bound.mode = Mode::Le;
    } else if context.is(end, "+ plus") && context.is_glued(end) {
        bound.mode = Mode::Ge;
    }
}
