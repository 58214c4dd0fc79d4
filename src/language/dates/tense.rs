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
    const STEMS: [&str; 23] = [
        "будет",
        "будут",
        "планир",
        "намечен",
        "намерен",
        "ожидает",
        "предстоит",
        "завтра",
        "откро",
        "закро",
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
    // Perfective verbs in the third person, which Russian says the future with.
    const RUSSIAN: &str = "пройдет пройдёт пройдут состоится состоятся начнет начнёт начнут начнется начнётся начнутся \
        проведет проведёт проведут заработает заработают вступит вступят появится появятся запустит запустят примет примут";
    // Kazakh says it with its present tense; only endings that no past tense shares.
    const KAZAKH: [&str; 6] = ["йды", "йді", "ылады", "ізіледі", "тіріледі", "ынады"];
    let is_future = |at: usize| {
        let lower = context.lower(at);
        let of_language = match context.language {
            Language::Ru => context.is(at, RUSSIAN),
            Language::Kk => KAZAKH.iter().any(|ending| lower.ends_with(ending)),
            Language::En => context.is(at, "is are") && context.is(at + 1, "to"),
        };
        of_language || lower == "will" || STEMS.iter().any(|stem| lower.starts_with(stem))
    };
    (0..context.tokens.len()).any(is_future)
}
