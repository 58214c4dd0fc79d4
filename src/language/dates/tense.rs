//! Whether a sentence or a date in it is about the future: only then may a date without a year lie ahead.

use super::super::Language;
use super::Context;

/// «до 1 апреля», "by 1 April", «1 сәуірге дейін».
pub fn is_deadline(context: &Context<'_>, tokens: &std::ops::Range<usize>) -> bool {
    let before = tokens.start.checked_sub(1);
    match context.language {
        Language::Ru => before.is_some_and(|at| context.is(at, "до к позднее с")),
        Language::En => before.is_some_and(|at| context.is(at, "by until before from")),
        Language::Kk => context.is(tokens.end, "дейін дейінгі бастап"),
    }
}

/// Whether the sentence speaks of the future.
pub fn is_future(context: &Context<'_>) -> bool {
    const STEMS: [&str; 22] = [
        "будет",
        "будут",
        "планир",
        "намечен",
        "намерен",
        "ожидает",
        "предстоит",
        "завтра",
        "откро",
        "вернут",
        "обеща",
        "planned",
        "plans",
        "scheduled",
        "expected",
        "intend",
        "болады",
        "жоспарлан",
        "күтіледі",
        "өтеді",
        "ниетт",
        "келеді",
    ];
    let matches = |lower: &str| lower == "will" || STEMS.iter().any(|stem| lower.starts_with(stem));
    context.tokens.iter().any(|token| matches(&token.lower))
}
