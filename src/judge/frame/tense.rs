//! Tells whether a verb may speak of what is still to come without a word of planning: Kazakh has one form for what is done
//! and what will be, and a Russian perfective in the present is a future.

use crate::language::{Language, Sentence, Token, TokenKind};

/// Prefixes that make a Russian verb perfective.
const PERFECTIVE: [&str; 22] = [
    "пере", "при", "про", "под", "пре", "раз", "рас", "вос", "воз", "от", "об", "из", "ис", "на",
    "по", "за", "вы", "до", "со", "у", "о", "с",
];
/// Endings of the third person.
const PRESENT: [&str; 7] = ["ут", "ют", "ат", "ят", "ет", "ит", "ёт"];
/// Suffixes of imperfective verbs.
const IMPERFECTIVE: [&str; 6] = ["ыва", "ива", "ева", "яет", "ает", "ают"];
/// Endings of the Kazakh present, which is the future too.
const KAZAKH: [&str; 4] = ["ады", "еді", "йды", "йді"];
/// Letters below which a word is too short to tell.
const LEAST_LETTERS: usize = 5;

/// Whether some verb of a sentence may be a future.
pub(super) fn may_be_future(sentence: &Sentence) -> bool {
    let words = || {
        sentence
            .tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Word)
    };
    match sentence.language {
        Language::Kk => words()
            .next_back()
            .is_some_and(|token| ends_with(token, &KAZAKH)),
        Language::Ru => words().any(|token| {
            let lower = token.lower.as_str();
            ends_with(token, &PRESENT)
                && lower.chars().count() >= LEAST_LETTERS
                && PERFECTIVE.iter().any(|prefix| lower.starts_with(prefix))
                && !IMPERFECTIVE.iter().any(|suffix| lower.contains(suffix))
        }),
        Language::En => false,
    }
}

fn ends_with(token: &Token, endings: &[&str]) -> bool {
    endings.iter().any(|ending| token.lower.ends_with(ending))
}
