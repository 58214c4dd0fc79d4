//! Finds whom a text credits: «со ссылкой на…», «деп жазады…», "according to…", as printed.
//!
//! A credit is the words after the phrase (or, where the language says so, before it) up to the next sign that ends them.
//! Only what names somebody is kept: a capital letter, a quotation mark or an address of a site must stand in it.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Block, BlockKind};

/// Most credits kept of one text.
const MAX_CREDITS: usize = 20;
/// Longest credit, in characters.
const MAX_CREDIT_CHARS: usize = 100;
/// Most words of a credit that stands before its phrase.
const MAX_WORDS_BEFORE: usize = 6;

/// Phrases after which the source stands.
const BEFORE_SOURCE: &[&str] = &[
    // Russian
    "со ссылкой на ",
    "ссылаясь на ",
    "по данным ",
    "по сведениям ",
    "по информации ",
    "как сообщает ",
    "как сообщают ",
    "как сообщили ",
    "как сообщила ",
    "как сообщил ",
    "как передает ",
    "как передаёт ",
    "как пишет ",
    "об этом сообщает ",
    "об этом сообщили ",
    "об этом сообщила ",
    "об этом сообщил ",
    "об этом пишет ",
    "сообщает ",
    "сообщают ",
    "сообщили ",
    "передает ",
    "передаёт ",
    "пишет ",
    "источник: ",
    // Kazakh
    "деп хабарлайды ",
    "деп хабарлады ",
    "деп хабарлаған ",
    "деп жазады ",
    "деп жазды ",
    "деп мәлімдеді ",
    "деп мәлім етті ",
    "хабарлайды ",
    "дереккөз: ",
    "дереккөзі: ",
    // English
    "according to ",
    "with reference to ",
    "citing ",
    "as reported by ",
    "reported by ",
    "source: ",
    "sources: ",
];
/// Phrases before which the source stands.
const AFTER_SOURCE: &[&str] = &[
    // Kazakh
    " сілтеме жасап",
    " сілтеме жасай отырып",
    " мәліметінше",
    " мәліметі бойынша",
    " дерегінше",
    " деректеріне сүйенсек",
    " хабарлауынша",
    " хабарлағандай",
    // English
    " reports",
    " reported",
    " has reported",
];

/// Parts of words of which every phrase has one: a text without them needs no closer look.
static MAY_CREDIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "(?i:сообщ|переда|пиш[еу]т|ссыл|по данным|по сведениям|по информации|источник|деп |хабарла|дереккөз|сілтеме|мәлім|дере[кг]|accord|report|citing|reference|source)",
    )
    .ok()
});

/// The sources a text credits, in order, each once.
pub(super) fn of(blocks: &[Block]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for block in blocks
        .iter()
        .filter(|block| block.kind != BlockKind::Heading)
    {
        if !MAY_CREDIT
            .as_ref()
            .is_none_or(|words| words.is_match(&block.text))
        {
            continue;
        }
        // Lower case must keep byte places: only letters whose case forms are of one length are lowered.
        let lower: String = block.text.chars().map(lowered).collect();
        for credit in after(&block.text, &lower)
            .into_iter()
            .chain(before(&block.text, &lower))
        {
            if found.len() < MAX_CREDITS && !found.contains(&credit) {
                found.push(credit);
            }
        }
    }
    found
}

/// A letter in lower case when that takes as many bytes, else itself.
fn lowered(letter: char) -> char {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) if only.len_utf8() == letter.len_utf8() => only,
        _ => letter,
    }
}

/// Credits after a phrase. Of phrases inside each other the longest counts.
fn after(text: &str, lower: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for phrase in BEFORE_SOURCE {
        for (at, _) in lower.match_indices(phrase) {
            let is_word = !lower[..at].ends_with(char::is_alphabetic);
            let start = at + phrase.len();
            if is_word
                && !found.iter().any(|(known, _)| *known == start)
                && let Some(credit) = named(until_phrase(until_sign(&text[start..])))
            {
                found.push((start, credit));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, credit)| credit).collect()
}

/// Credits before a phrase.
fn before(text: &str, lower: &str) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for phrase in AFTER_SOURCE {
        for (at, _) in lower.match_indices(phrase) {
            let is_word = !lower[at + phrase.len()..].starts_with(char::is_alphabetic);
            let sentence = text[..at]
                .rfind(['.', ',', '!', '?', ';', ':', '–', '—', '\n'])
                .map_or(0, |end| {
                    end + text[end..].chars().next().map_or(1, char::len_utf8)
                });
            let words: Vec<&str> = text[sentence..at]
                .split(' ')
                .filter(|word| !word.is_empty())
                .collect();
            if is_word
                && words.len() <= MAX_WORDS_BEFORE
                && let Some(credit) = named(&words.join(" "))
            {
                found.push((at, credit));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, credit)| credit).collect()
}

/// The words up to the sign that ends them. A point inside a site's address ends nothing.
fn until_sign(text: &str) -> &str {
    let mut is_quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '«' | '“' => is_quoted = true,
            '»' | '”' => is_quoted = false,
            ',' | ';' | '(' | '—' | '–' | '\n' | '!' | '?' | ':' if !is_quoted => {
                return &text[..at];
            }
            '.' if !is_quoted => {
                let rest = &text[at + 1..];
                if rest.is_empty() || rest.starts_with([' ', '»', '"', ')']) {
                    return &text[..at];
                }
            }
            _ => {}
        }
    }
    text
}

/// The words up to the next phrase: «сообщает X со ссылкой на Y» are two credits.
fn until_phrase(text: &str) -> &str {
    [
        "со ссылкой на ",
        "ссылаясь на ",
        "with reference to ",
        "citing ",
    ]
    .iter()
    .filter_map(|phrase| text.find(phrase))
    .min()
    .map_or(text, |at| &text[..at])
}

/// A credit when it names somebody.
fn named(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '-', ' ']);
    let n_chars = text.chars().count();
    let names = text.split(' ').any(|word| {
        word.starts_with(|letter: char| letter.is_uppercase() || matches!(letter, '«' | '“' | '"'))
            || word.contains('.') && word.len() > 4
    });
    ((2..=MAX_CREDIT_CHARS).contains(&n_chars) && names).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_are_found_as_printed_in_three_languages() {
        let cases: [(&str, &[&str]); 8] = [
            (
                "Пожар потушен, сообщает Zhel.kz со ссылкой на пресс-службу ДЧС Ордалы.",
                &["Zhel.kz", "пресс-службу ДЧС Ордалы"],
            ),
            (
                "Об этом сообщили в прокуратуре Тасты, передаёт «Ордалы ньюс».",
                &["в прокуратуре Тасты", "«Ордалы ньюс»"],
            ),
            ("Сот үкім шығарды, деп жазады Dala.kz.", &["Dala.kz"]),
            (
                "Тасты прокуратурасының мәліметінше, іс сотқа жолданды.",
                &["Тасты прокуратурасының"],
            ),
            (
                "The case went to court, according to the Ministry of Rivers.",
                &["the Ministry of Rivers"],
            ),
            (
                "Steppe Herald reports that the road is closed.",
                &["Steppe Herald"],
            ),
            ("Он сообщил, что дождь прошёл.", &[]),
            ("According to him, it rained.", &[]),
        ];
        for (text, expected) in cases {
            let block = Block {
                kind: BlockKind::Paragraph,
                text: text.to_owned(),
            };
            assert_eq!(of(&[block]), expected, "{text}");
        }
    }
}
