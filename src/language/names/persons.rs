//! Finds persons by pattern: two or three capitalised words of which one is built like a surname, initials with a
//! surname, any capitalised words beside an office or rank, and surnames alone.
//!
//! There is no list of people: the id is made from the name itself, `person:SURNAME.INITIAL`, see [`super::skeleton`].

use std::ops::Range;

use super::skeleton::{is_patronymic, may_be_surname, skeleton, without_ending};
use super::{Name, NameKind};
use crate::language::{Language, Lexicon, Token, TokenKind};

/// How many tokens may stand between an office and its holder: a comma, a rank, an opening bracket.
const MAX_OFFICE_GAP: usize = 3;
/// How many words a person's name has at most.
const MAX_WORDS: usize = 4;
/// How many letters a surname that stands alone has at least.
const MIN_LONE_SURNAME: usize = 5;

/// Words that open a sentence with a capital right before a name ("As Aigul Seitkali noted").
const OPENERS: [&str; 8] = ["as", "but", "and", "when", "while", "if", "like", "for"];

/// What Kazakh puts after the name of a place.
const SETTLEMENTS: [&str; 5] = ["ауыл", "кент", "аудан", "қала", "облыс"];

/// A word or initial of a run of capitalised words.
#[derive(Debug, Clone)]
struct Part {
    /// Index of its token.
    token: usize,
    /// Lower-case form.
    lower: String,
    /// Whether it is one letter with a full stop.
    is_initial: bool,
}

/// The persons of a sentence; `taken` are tokens that belong to names of the gazetteer, `offices` the offices found.
pub(super) fn find(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    language: Language,
    taken: &[Range<usize>],
    offices: &[Name],
) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (parts, end) = run(lexicon, text, tokens, language, taken, at);
        if parts.is_empty() {
            at += 1;
            continue;
        }
        let last = parts[parts.len() - 1].token;
        let span = tokens[parts[0].token].span.start..tokens[last].span.end;
        let office = beside(tokens, taken, parts[0].token, end, offices);
        if let Some(name) = person(lexicon, tokens, language, &parts, span, office) {
            names.push(name);
        }
        at = end.max(at + 1);
    }
    names
}

/// The run of capitalised words and initials that begins at `start`, and the index of the token after it.
fn run(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    language: Language,
    taken: &[Range<usize>],
    start: usize,
) -> (Vec<Part>, usize) {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = start;
    while at < tokens.len() && parts.len() < MAX_WORDS {
        let token = &tokens[at];
        let is_free = !taken.iter().any(|range| range.contains(&at));
        let surface = &text[token.span.clone()];
        if token.kind != TokenKind::Word || !is_free || !surface.starts_with(char::is_uppercase) {
            break;
        }
        if !parts.is_empty() && is_settlement(tokens, at) {
            break;
        }
        let n_letters = surface.chars().count();
        let is_initial = n_letters == 1;
        let has_stop = tokens.get(at + 1).is_some_and(|next| next.lower == ".");
        let is_capitals = surface
            .chars()
            .all(|c| c.is_uppercase() || !c.is_alphabetic());
        if is_initial && !has_stop || !is_initial && is_capitals {
            break;
        }
        let opens = OPENERS.contains(&token.lower.as_str());
        let is_first_word = at == 0 && (opens || is_known_word(lexicon, tokens, language, at));
        if is_first_word {
            break;
        }
        parts.push(Part {
            token: at,
            lower: token.lower.clone(),
            is_initial,
        });
        at += if is_initial { 2 } else { 1 };
        if !is_initial && !token.ending.is_empty() {
            break;
        }
    }
    (parts, at)
}

/// Whether the word names the settlement that the next word says it is («Байжанов Шолаққорған ауылында»).
fn is_settlement(tokens: &[Token], at: usize) -> bool {
    let next = tokens.get(at + 1).map_or("", |token| token.lower.as_str());
    SETTLEMENTS.iter().any(|stem| next.starts_with(stem))
}

/// Whether the word is one of the vocabulary.
fn is_known_word(lexicon: &Lexicon, tokens: &[Token], language: Language, at: usize) -> bool {
    let alone = &tokens[at..=at];
    lexicon
        .concept_phrases(language)
        .longest(None, alone, 0)
        .is_some()
}

/// The office that stands right before or after the tokens from `start` to `end`. The body and the place that an office
/// is of may stand between («начальник департамента полиции области Ахметов»): tokens that are `taken` are no gap.
fn beside<'a>(
    tokens: &[Token],
    taken: &[Range<usize>],
    start: usize,
    end: usize,
    offices: &'a [Name],
) -> Option<&'a Name> {
    let is_taken = |token: usize| taken.iter().any(|range| range.contains(&token));
    let (mut reach_before, mut gap) = (start, 0);
    while reach_before > 0 && gap < MAX_OFFICE_GAP {
        reach_before -= 1;
        gap += usize::from(!is_taken(reach_before));
    }
    let before = tokens.get(reach_before).map_or(0, |token| token.span.start);
    let from = tokens.get(start).map_or(0, |token| token.span.start);
    let until = tokens
        .get(end.saturating_sub(1))
        .map_or(from, |token| token.span.end);
    let after = tokens
        .get((end + 1).min(tokens.len().saturating_sub(1)))
        .map_or(until, |token| token.span.end);
    offices
        .iter()
        .rev()
        .find(|office| office.span.end > before && office.span.end <= from)
        .or_else(|| {
            offices
                .iter()
                .find(|office| office.span.start >= until && office.span.start < after)
        })
}

/// The person of a run; `None` when nothing shows that it is a person.
fn person(
    lexicon: &Lexicon,
    tokens: &[Token],
    language: Language,
    parts: &[Part],
    span: Range<usize>,
    office: Option<&Name>,
) -> Option<Name> {
    let words: Vec<&Part> = parts.iter().filter(|part| !part.is_initial).collect();
    let surname = surname(&words)?;
    let is_surname_like = may_be_surname(&surname.lower);
    let has_initial = parts.iter().any(|part| part.is_initial);
    let is_known = is_known_word(lexicon, tokens, language, surname.token);
    let is_person = if words.len() == 1 && !has_initial {
        let n_letters = surname.lower.chars().count();
        // A Russian genitive plural at the start of a sentence looks like a surname: «Пожаров за год...».
        let is_doubtful = surname.token == 0 && language == Language::Ru;
        !is_known
            && n_letters >= MIN_LONE_SURNAME
            && (is_surname_like && !is_doubtful || office.is_some())
    } else {
        has_initial || is_surname_like && !is_known || office.is_some()
    };
    if !is_person {
        return None;
    }
    let given = parts
        .iter()
        .find(|part| part.token != surname.token && !is_patronymic(&part.lower) || part.is_initial);
    let mut id = format!("person:{}", skeleton(&without_ending(&surname.lower)));
    if let Some(initial) = given.and_then(|part| skeleton(&part.lower).chars().next()) {
        id.push('.');
        id.push(initial);
    }
    let mut qualifiers = Vec::new();
    if let Some(office) = office {
        qualifiers.push(format!("office:{}", office.id));
        qualifiers.extend(office.qualifiers.iter().cloned());
    }
    Some(Name {
        span,
        kind: NameKind::Person,
        id,
        qualifiers,
    })
}

/// Which of the words is the surname.
fn surname<'a>(words: &[&'a Part]) -> Option<&'a Part> {
    match words {
        [] => None,
        [only] => Some(only),
        [first, second] => {
            let first_is_surname = may_be_surname(&first.lower) && !is_patronymic(&first.lower);
            let second_is_surname = may_be_surname(&second.lower) || is_patronymic(&second.lower);
            // «Жумагулов Асет», but «Асет Жумагулов» and, where neither shows, the order of the press.
            Some(if first_is_surname && !second_is_surname {
                first
            } else {
                second
            })
        }
        [first, .., last] => Some(if is_patronymic(&last.lower) && words.len() > 2 {
            first
        } else {
            last
        }),
    }
}
