//! Finds names: bodies, places, persons with their office, and articles of law, with the dates between which each is valid.

mod gazetteer;
pub mod laws;
mod persons;
mod skeleton;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lexicon::Named;
use super::{Language, Lexicon, Token, terms};

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A state body, from the list of bodies.
    Body,
    /// A region, city or district.
    Place,
    /// A person; the id is a script-independent skeleton of the surname.
    Person,
    /// An office («генеральный прокурор», «acting head»), with its qualifiers in the id.
    Office,
    /// An article of law, «ст. 274 ч. 2 УК»: id `crim:274:2`.
    Law,
    /// A name in quotation marks or capitals that no list knows; the id is its skeleton.
    Other,
}

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// What is named.
    pub kind: NameKind,
    /// Stable id (`mia`, `kz-75`, `person:jomagolov.a`, `crim:254:2`).
    pub id: String,
    /// For a person or office: qualifiers such as `former`, `acting`, `deputy`, `first_deputy`.
    pub qualifiers: Vec<String>,
}

/// Finds the names of one sentence; `written` chooses the entry valid on that day.
///
/// Names do not overlap, but an article of law takes in the name of its code. Of a place whose name several
/// places have, `qualifiers` holds the ids it may also mean. A person's `qualifiers` begin with `office:ID` where an
/// office stands beside the name.
pub fn find(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    language: Language,
    written: Option<NaiveDate>,
) -> Vec<Name> {
    let tokens = &apart(text, tokens, language);
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return Vec::new();
    };
    let sentence = first.span.start..last.span.end;
    let mentions = gazetteer::mentions(lexicon, text, tokens, language, written);
    let codes: Vec<(Range<usize>, String)> = mentions
        .iter()
        .filter_map(|mention| match &mention.candidates[0] {
            Named::Law(id) => Some((gazetteer::span(mention, tokens), id.clone())),
            _ => None,
        })
        .collect();
    let mut names = laws::find(text, sentence, language, &codes);
    let laws: Vec<Range<usize>> = names.iter().map(|name| name.span.clone()).collect();
    for (span, id) in codes {
        if !laws.iter().any(|law| overlap(law, &span)) {
            names.push(Name {
                span,
                kind: NameKind::Law,
                id,
                qualifiers: Vec::new(),
            });
        }
    }
    let offices = gazetteer::offices(lexicon, tokens, language, &mentions);
    let taken: Vec<Range<usize>> = mentions
        .iter()
        .map(|mention| mention.tokens.clone())
        .collect();
    names.extend(gazetteer::bodies_and_places(
        lexicon, tokens, &mentions, written,
    ));
    names.extend(persons::find(
        lexicon, text, tokens, language, &taken, &offices,
    ));
    names.extend(offices);
    names.extend(quoted(text, tokens, &names));
    names.sort_by_key(|name| (name.span.start, name.span.end));
    names
}

/// Whether two ids of persons may be of one person: the surnames are equal, and the initials where both have one. Short
/// high and round vowels come and go between the scripts (Ысқақов, Исқақов; Жүнісов, Жунусов), so they are not counted
/// after the first letter.
pub fn may_be_same_person(left: &str, right: &str) -> bool {
    let ((left, left_initial), (right, right_initial)) = (person_key(left), person_key(right));
    left == right
        && (left_initial.is_empty() || right_initial.is_empty() || left_initial == right_initial)
}

/// The surname of a person's id by which persons are compared, and the initial, empty where none was written.
pub fn person_key(id: &str) -> (String, String) {
    let (surname, initial) = id.split_once('.').unwrap_or((id, ""));
    let surname = surname.strip_prefix("person:").unwrap_or(surname);
    let letters = surname.chars().enumerate();
    let counted = letters.filter(|(place, letter)| *place == 0 || !matches!(letter, 'i' | 'o'));
    let surname: String = counted.map(|(_, letter)| letter).collect();
    (surname, initial.to_owned())
}

/// The id of a person of whom only the surname is known, in any case ending and script.
pub fn surname_id(surname: &str) -> String {
    let lower = surname.to_lowercase();
    format!(
        "person:{}",
        skeleton::skeleton(&skeleton::without_ending(&lower))
    )
}

/// Whether two ranges have a byte in common.
fn overlap(left: &Range<usize>, right: &Range<usize>) -> bool {
    left.start < right.end && right.start < left.end
}

/// The tokens with «экс-» and «вице-» cut from the office they stand before.
fn apart(text: &str, tokens: &[Token], language: Language) -> Vec<Token> {
    const PREFIXES: [&str; 5] = ["экс-", "вице-", "ex-", "vice-", "экс‑"];
    let mut out = Vec::with_capacity(tokens.len() + 1);
    for token in tokens {
        let prefix = PREFIXES
            .iter()
            .find(|prefix| token.lower.starts_with(**prefix));
        let rest =
            prefix.and_then(|prefix| text.get(token.span.start + prefix.len()..token.span.end));
        let (Some(prefix), Some(rest)) = (prefix, rest) else {
            out.push(token.clone());
            continue;
        };
        let cut = token.span.start + prefix.len();
        let word = prefix.trim_end_matches(['-', '‑']);
        out.push(Token {
            span: token.span.start..cut,
            lower: word.to_owned(),
            term: terms::term(word, language),
            ..token.clone()
        });
        out.push(Token {
            span: cut..token.span.end,
            lower: rest.to_lowercase(),
            term: terms::term(rest, language),
            ..token.clone()
        });
    }
    out
}

/// How many words a name in quotation marks has at most; longer ones are quotations.
const MAX_QUOTED_WORDS: usize = 5;

/// The names in quotation marks that nothing else took: companies, operations, programmes.
fn quoted(text: &str, tokens: &[Token], names: &[Name]) -> Vec<Name> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (idx, token) in tokens.iter().enumerate() {
        let mark = token.lower.as_str();
        if matches!(mark, "»" | "”" | "\"")
            && let Some(start) = open
        {
            let inside = &tokens[start + 1..idx];
            if let Some(name) = quoted_name(text, inside)
                && !names.iter().any(|other| overlap(&other.span, &name.span))
            {
                found.push(name);
            }
            open = None;
        } else if matches!(mark, "«" | "“" | "„" | "\"") {
            open = Some(idx);
        }
    }
    found
}

/// The name that the tokens between quotation marks are; `None` for a quotation.
fn quoted_name(text: &str, inside: &[Token]) -> Option<Name> {
    let (first, last) = (inside.first()?, inside.last()?);
    let span = first.span.start..last.span.end;
    let is_capital = text[span.clone()].starts_with(char::is_uppercase);
    let has_stop = inside
        .iter()
        .any(|token| matches!(token.lower.as_str(), "." | "," | "!" | "?"));
    if !is_capital || has_stop || inside.len() > MAX_QUOTED_WORDS {
        return None;
    }
    let words: Vec<String> = inside
        .iter()
        .map(|token| skeleton::skeleton(&token.lower))
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then(|| Name {
        span,
        kind: NameKind::Other,
        id: format!("name:{}", words.join("_")),
        qualifiers: Vec::new(),
    })
}
