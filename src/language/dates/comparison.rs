//! Marks the periods a figure is compared with, and moves "a year earlier" to a year before the sentence's own period.

use super::super::Language;
use super::{Context, Found, PeriodKind, calendar};

/// Decides for each period whether it is the claim's own or the one compared with.
pub fn mark(context: &Context<'_>, found: &mut [Found]) {
    for mention in found.iter_mut() {
        mention.is_comparison = mention.is_comparison || is_compared(context, mention);
    }
    let own = found
        .iter()
        .find(|mention| {
            !mention.is_comparison
                && matches!(
                    mention.best.kind,
                    PeriodKind::Span | PeriodKind::Cumulative | PeriodKind::Instant
                )
        })
        .map(|mention| mention.best.clone());
    let Some(own) = own else {
        return;
    };
    let own_year = chrono::Datelike::year(&own.start);
    for mention in found
        .iter_mut()
        .filter(|mention| mention.is_comparison && is_year_earlier(context, mention))
    {
        if let Some(shifted) = calendar::shift_years(
            &own,
            mention.same_period_of.map_or(-1, |year| year - own_year),
        ) {
            mention
                .alternatives
                .insert(0, std::mem::replace(&mut mention.best, shifted));
            mention.alternatives.truncate(1);
        }
    }
}

/// Joins «тот же период» and «2025 года», «2025 жылғы» and «сәйкес кезең»: the same months of the year that is named.
pub fn join_same_period(context: &Context<'_>, found: &mut Vec<Found>) {
    let mut at = 0;
    while at + 1 < found.len() {
        let (first, second) = (&found[at], &found[at + 1]);
        let gap = second.tokens.start - first.tokens.end;
        let joins = gap == 0 || (gap == 1 && context.is(first.tokens.end, "of in в"));
        let (same, year) = if first.is_comparison {
            (first, second)
        } else {
            (second, first)
        };
        let whole_year = year.best.kind == PeriodKind::Span
            && !year.is_comparison
            && (year.best.end - year.best.start).num_days() > 364;
        if joins && whole_year && same.is_comparison && is_year_earlier(context, same) {
            let tokens = first.tokens.start..second.tokens.end;
            let named = chrono::Datelike::year(&year.best.start);
            let best = year.best.clone();
            found[at] = Found {
                tokens,
                best,
                alternatives: Vec::new(),
                is_relative: false,
                is_comparison: true,
                same_period_of: Some(named),
            };
            found.remove(at + 1);
        }
        at += 1;
    }
}

/// Leaves out «тот же период», "the same period" where the sentence names no period and compares with none: it is then the
/// period that the text speaks of, and no year before it.
pub fn drop_resumed(context: &Context<'_>, found: &mut Vec<Found>) {
    let names_own = found.iter().any(|mention| !mention.is_comparison);
    if names_own || context.language == Language::Kk {
        return;
    }
    found.retain(|mention| {
        let first = mention.tokens.start;
        let is_plain = mention.same_period_of.is_none()
            && match context.language {
                Language::Ru => {
                    mention.tokens.len() == 3 && context.starts(first, "тот том того тому тем")
                }
                _ => mention.tokens.len() == 3 && context.is(first + 1, "same"),
            };
        !is_plain || is_compared(context, mention)
    });
}

/// Whether the words of the mention mean "the same, a year before".
fn is_year_earlier(context: &Context<'_>, mention: &Found) -> bool {
    let first = mention.tokens.start;
    match context.language {
        Language::Ru => {
            context.starts(
                first,
                "аналогичн соответствующ том тем тот годом год прошлогодн аппг",
            ) && !context.is(first, "годах")
        }
        Language::En => context.is(first, "a one the year"),
        Language::Kk => mention
            .tokens
            .clone()
            .any(|at| context.starts(at, "кезең бұрын")),
    }
}

/// Whether the words around a period set it against the claim's own.
fn is_compared(context: &Context<'_>, mention: &Found) -> bool {
    let (start, end) = (mention.tokens.start, mention.tokens.end);
    // «Өткен жылы бұл көрсеткіш 1 655 болған»: the same figure at another time.
    let resumes = context.is(end, "бұл этот эта this")
        && context.starts(end + 1, "көрсеткіш показател цифра figure number");
    if resumes {
        return true;
    }
    match context.language {
        Language::Ru => russian(context, start, mention),
        Language::En => english(context, start),
        Language::Kk => kazakh(context, mention.tokens.clone(), end),
    }
}

fn russian(context: &Context<'_>, start: usize, mention: &Found) -> bool {
    let back = |n: usize| start.checked_sub(n);
    let near = |n: usize, words: &str| back(n).is_some_and(|at| context.is(at, words));
    // «к I кварталу 2025 года», «к январю–маю»; «к 1 июля» is a deadline, «к 2027 году» a plan.
    let towards = near(1, "к ко")
        && !matches!(mention.best.kind, PeriodKind::Day | PeriodKind::Instant)
        && context
            .tokens
            .iter()
            .take(start)
            .any(|token| is_change_word(&token.lower));
    near(1, "чем против относительно")
        || (near(1, "в за на") && near(2, "чем нежели"))
        || near(1, "уровня уровнем показателя показателем")
        || (near(1, "с со") && (near(2, "сравнению сравнении") || near(2, "отношению")))
        || near(1, "сравнению")
        || towards
        || near(1, "вместо")
        || against_before(context, start)
}

/// «против 66,3 тысячи в 2024 году»: a figure with «против» right before the period.
fn against_before(context: &Context<'_>, start: usize) -> bool {
    let from = start.saturating_sub(7);
    let window = &context.tokens[from..start];
    let Some(against) = window
        .iter()
        .rposition(|token| matches!(token.lower.as_str(), "против" | "вместо" | "against"))
    else {
        return false;
    };
    !window[against..]
        .iter()
        .any(|token| matches!(token.lower.as_str(), "," | ";" | "." | ")"))
}

fn english(context: &Context<'_>, start: usize) -> bool {
    let near = |n: usize, words: &str| start.checked_sub(n).is_some_and(|at| context.is(at, words));
    near(1, "than against versus vs")
        || (near(1, "in for at the") && near(2, "than"))
        || (near(1, "with to") && near(2, "compared comparison relative"))
        || (near(1, "in the") && near(2, "with to") && near(3, "compared comparison"))
        || (near(1, "from on over")
            && context
                .tokens
                .iter()
                .take(start)
                .any(|token| is_change_word(&token.lower))
            && near(1, "from on"))
        || against_before(context, start)
        || figure_compared(context, start)
}

/// "compared with 640 in 2024".
fn figure_compared(context: &Context<'_>, start: usize) -> bool {
    let from = start.saturating_sub(8);
    let window = &context.tokens[from..start];
    let Some(at) = window
        .iter()
        .rposition(|token| token.lower == "compared" || token.lower == "than")
    else {
        return false;
    };
    // "by more than 200 in 2024" bounds a number; "3.5 percent fewer than 640 in 2024" compares two.
    let is_counted = window[..at].iter().rev().take(4).any(|token| {
        token.kind == super::super::TokenKind::Number
            || matches!(token.lower.as_str(), "percent" | "percentage" | "points")
    });
    if window[at].lower == "than" && !is_counted {
        return false;
    }
    !window[at..]
        .iter()
        .any(|token| matches!(token.lower.as_str(), "," | ";" | "." | ")"))
}

fn kazakh(context: &Context<'_>, tokens: std::ops::Range<usize>, end: usize) -> bool {
    let last = tokens.end - 1;
    let lower = context.lower(last);
    let ablative = ["нан", "нен", "дан", "ден", "тан", "тен"]
        .iter()
        .any(|ending| lower.ends_with(ending))
        && !lower.ends_with("стан");
    let measured = (end..end + 2).any(|at| context.starts(at, "салыстыр қарағанда"));
    let since = context.is(end, "бері бастап бергі") || context.is(end, "кейін");
    let beside = (end..end + 3).any(|at| context.is(at, "аз көп кем артық төмен жоғары"));
    measured || (ablative && !since && beside)
}

/// Stems of words of change, in Russian and English.
fn is_change_word(lower: &str) -> bool {
    [
        "сниж",
        "сниз",
        "рост",
        "вырос",
        "прирост",
        "увелич",
        "сокра",
        "уменьш",
        "больше",
        "меньше",
        "fell",
        "fall",
        "rose",
        "rise",
        "down",
        "up",
        "drop",
        "increas",
        "decreas",
        "declin",
        "grew",
        "lower",
        "higher",
        "fewer",
    ]
    .iter()
    .any(|stem| lower.starts_with(stem))
}
