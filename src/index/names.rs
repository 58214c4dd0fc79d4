//! Finds the bodies, places and persons that a text or a query names, as values that are the same in every language.
//!
//! What they are called is known by [`crate::language`] alone. A place stands in the index with the regions it lies in,
//! a person under the skeleton of the surname, with the initial where one is written.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::engine::Field;
use super::words::each_sentence;
use crate::language::{Language, Lexicon, Name, NameKind, names, spellings, terms};

/// Abbreviations typed in small letters are looked up in capitals when they have so many letters: shorter ones are words.
const ABBREVIATION_LETTERS: std::ops::RangeInclusive<usize> = 3..=6;

/// The names of a text.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Values to find them by: `b:`, `p:` or `i:` and an id.
    pub(super) values: BTreeSet<String>,
    /// Persons: the value and the name as written, with a tab between.
    pub(super) persons: BTreeSet<String>,
}

impl Named {
    /// Adds the names to the values of an entry.
    pub(super) fn move_to(self, values: &mut Vec<(Field, String)>) {
        values.extend(self.values.into_iter().map(|value| (Field::Named, value)));
        values.extend(self.persons.into_iter().map(|value| (Field::Person, value)));
    }
}

/// Adds the names of one sentence.
pub(super) fn add(
    named: &mut Named,
    text: &str,
    tokens: &[terms::Token],
    language: Language,
    written: Option<NaiveDate>,
) {
    let lexicon = Lexicon::shipped();
    let found = names::find(lexicon, text, tokens, language, written);
    for name in &found {
        if name.kind == NameKind::Person {
            let (surname, _) = names::person_key(&name.id);
            named
                .persons
                .insert(format!("i:{surname}\t{}", &text[name.span.clone()]));
        }
        named.values.extend(held(lexicon, name, written));
        let inner = inner(lexicon, text, tokens, name, language);
        named
            .values
            .extend(inner.into_iter().map(|(_, value)| value));
    }
    let sounds = sounding(text, tokens, &found).into_iter();
    named.values.extend(sounds.map(|(_, value)| value));
}

/// The values under which a name stands in the index.
fn held(lexicon: &Lexicon, name: &Name, written: Option<NaiveDate>) -> Vec<String> {
    match name.kind {
        NameKind::Body => vec![format!("b:{}", name.id)],
        NameKind::Place => {
            let around = lexicon.place_ancestors(&name.id, written).into_iter();
            let within = std::iter::once(name.id.as_str())
                .chain(around.filter(|id| lexicon.place_level(id) > Some(COUNTRY)))
                .map(|id| format!("p:{id}"));
            // Itself, not only a place in it.
            within.chain([format!("d:{}", name.id)]).collect()
        }
        NameKind::Person => {
            let (surname, initial) = names::person_key(&name.id);
            vec![format!("i:{surname}"), format!("i:{surname}.{initial}")]
        }
        _ => Vec::new(),
    }
}

/// The bodies that are named inside the name of another: «ҰҚК» in «ҰҚК Шекара қызметі».
fn inner(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[terms::Token],
    name: &Name,
    language: Language,
) -> Vec<(Range<usize>, String)> {
    let within = |token: &&terms::Token| {
        name.span.start <= token.span.start && token.span.end <= name.span.end
    };
    let own: Vec<terms::Token> = tokens.iter().filter(within).cloned().collect();
    if name.kind != NameKind::Body || own.len() < 2 {
        return Vec::new();
    }
    let mut inner: Vec<(Range<usize>, String)> = Vec::new();
    for part in [
        &own[..own.len() - 1],
        &own[1..],
        &own[..1],
        &own[own.len() - 1..],
    ] {
        for other in names::find(lexicon, text, part, language, None) {
            let value = format!("b:{}", other.id);
            let is_new = inner.iter().all(|(_, known)| *known != value);
            if other.kind == NameKind::Body && other.id != name.id && is_new {
                inner.push((other.span, value));
            }
        }
    }
    inner
}

/// Letters of a word at least that is indexed by its sound.
const MIN_SOUND_CHARS: usize = 5;

/// Words with a capital inside a sentence that are no listed name, by how they sound: a surname without the ending of one, in
/// any script.
fn sounding(text: &str, tokens: &[terms::Token], found: &[Name]) -> Vec<(Range<usize>, String)> {
    let words = tokens
        .iter()
        .filter(|token| token.kind == terms::TokenKind::Word);
    let inside = words.skip(1).filter(|token| {
        let is_listed =
            |name: &Name| name.span.start < token.span.end && token.span.start < name.span.end;
        text[token.span.clone()].starts_with(char::is_uppercase) && !found.iter().any(is_listed)
    });
    let sounds =
        inside.filter_map(|token| Some((token.span.clone(), sound(&text[token.span.clone()])?)));
    sounds.collect()
}

/// How a word sounds, as a value of the index; `None` for one that is too short or not of letters.
fn sound(word: &str) -> Option<String> {
    let is_name = word.chars().count() >= MIN_SOUND_CHARS && word.chars().all(char::is_alphabetic);
    is_name.then(|| {
        let (surname, _) = names::person_key(&names::surname_id(word));
        format!("s:{surname}")
    })
}

/// A word of a query that is no listed name, if it is written like one: by its sound.
pub(super) fn asked_by_sound(word: &str, at: usize) -> Option<Asked> {
    let value = sound(word).filter(|_| word.starts_with(char::is_uppercase))?;
    let surname = value.trim_start_matches("s:").to_owned();
    Some(Asked {
        words: at..at + 1,
        kind: NameKind::Person,
        id: format!("person:{surname}"),
        values: vec![value, format!("i:{surname}")],
        names: Vec::new(),
        forms: Vec::new(),
    })
}

/// Other spellings of one word that are searched for.
const MAX_SPELLINGS: usize = 3;
/// A spelling that occurs must be so many times as common as the word as it was typed: people who write «кала» in a Kazakh
/// text do not make another word of the Russian one.
const COMMONER: u64 = 3;

/// A word of a query that is no name, if it was typed without the letters of Kazakh: by the words that occur and may be
/// meant. `n_holders` says how many texts hold a term.
pub(super) fn asked_by_spelling(
    word: &str,
    at: usize,
    n_holders: &dyn Fn(&str) -> u64,
) -> Option<Asked> {
    let n_in = |word: &str, languages: &[Language]| {
        let n_found = languages
            .iter()
            .map(|language| n_holders(&terms::term(word, *language)));
        n_found.max().unwrap_or(0)
    };
    // A word in Latin letters that occurs so is meant so; its Kazakh term is a reading of it already. What was typed in Russian
    // letters is Kazakh where it is none of theirs.
    let is_latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
    let (n_typed, meant_in) = if is_latin {
        let n_typed = n_in(word, &[Language::En]);
        (n_typed, &[Language::Kk, Language::Ru][..])
    } else {
        (n_in(word, &Language::ALL), &[Language::Kk][..])
    };
    if is_latin && n_typed > 0 {
        return None;
    }
    let readings = spellings::readings(word).into_iter();
    let mut occurring: Vec<(u64, String)> = readings
        .map(|reading| (n_in(&reading, meant_in), reading))
        .filter(|(n_found, _)| *n_found > n_typed.saturating_mul(COMMONER))
        .collect();
    occurring.sort_by(|(a, reading), (b, other)| b.cmp(a).then_with(|| reading.cmp(other)));
    occurring.truncate(MAX_SPELLINGS);
    let names: Vec<String> = occurring.into_iter().map(|(_, reading)| reading).collect();
    let first = names.first()?;
    let forms = meant_in
        .iter()
        .flat_map(|language| names.iter().map(|name| (*language, name.clone())))
        .collect();
    Some(Asked {
        words: at..at + 1,
        kind: NameKind::Other,
        id: format!("word:{first}"),
        values: Vec::new(),
        forms,
        names,
    })
}

/// Lying in a country tells two places of it from nothing.
const COUNTRY: crate::language::lexicon::PlaceLevel = crate::language::lexicon::PlaceLevel::Country;

/// A name in a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Which words of the query it is.
    pub(super) words: Range<usize>,
    /// What is named.
    pub(super) kind: NameKind,
    /// Its id.
    pub(super) id: String,
    /// Values any of which will do.
    pub(super) values: Vec<String>,
    /// What it is called in the three languages; empty for a person.
    pub(super) names: Vec<String>,
    /// What else stands in texts for it, where the index has no value of it: abbreviations and what they stand for.
    pub(super) forms: Vec<(Language, String)>,
}

/// The names among the words of a query, in any of the three languages and however they are capitalised; those that take
/// most words first, none over another.
pub(super) fn asked(words: &[&str]) -> Vec<Asked> {
    let lexicon = Lexicon::shipped();
    let mut found: Vec<Asked> = Vec::new();
    for written in spellings(words) {
        for language in Language::ALL {
            let tokens = terms::tokens(&written, 0..written.len(), language);
            for name in names::find(lexicon, &written, &tokens, language, None) {
                found.extend(asked_one(lexicon, &written, &name));
            }
        }
    }
    found.extend((0..words.len()).filter_map(|at| abbreviated(lexicon, words, at)));
    // A listed name is surer than a word that looks like a surname («Минфин» ends as many do).
    found.sort_by_key(|one| {
        let is_guess = one.kind == NameKind::Person;
        (
            std::cmp::Reverse(one.words.len()),
            is_guess,
            one.words.start,
        )
    });
    let mut kept: Vec<Asked> = Vec::new();
    for one in found {
        let overlaps =
            |other: &Asked| one.words.start < other.words.end && other.words.start < one.words.end;
        // One spelling may name things of several languages.
        if let Some(same) = kept.iter_mut().find(|other| other.words == one.words) {
            if same.kind == one.kind {
                let new = one.values.into_iter();
                let new: Vec<String> = new.filter(|v| !same.values.contains(v)).collect();
                same.values.extend(new);
            }
        } else if !kept.iter().any(overlaps) {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| one.words.start);
    kept
}

/// The thing that is abbreviated or spelled out by the words of a query from one on.
fn abbreviated(lexicon: &Lexicon, words: &[&str], at: usize) -> Option<Asked> {
    let (thing, n_words) = lexicon.abbreviated(&words[at..])?;
    let kind = match lexicon.law(&thing.id) {
        Some(_) => NameKind::Law,
        None => NameKind::Other,
    };
    Some(Asked {
        words: at..at + n_words,
        kind,
        id: thing.id.clone(),
        values: Vec::new(),
        names: thing.forms.iter().map(|(_, form)| form.clone()).collect(),
        forms: thing.forms.clone(),
    })
}

/// The words as typed, with capitals at their heads, and as abbreviations.
fn spellings(words: &[&str]) -> Vec<String> {
    let each = |change: &dyn Fn(&str) -> String| {
        let changed: Vec<String> = words.iter().map(|word| change(word)).collect();
        changed.join(" ")
    };
    let headed = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |head| {
            head.to_uppercase().chain(letters).collect()
        })
    };
    let shortened = |word: &str| {
        if ABBREVIATION_LETTERS.contains(&word.chars().count()) {
            word.to_uppercase()
        } else {
            word.to_owned()
        }
    };
    let mut spellings = vec![each(&str::to_owned), each(&headed), each(&shortened)];
    spellings.dedup();
    spellings
}

/// A name of a query as it is asked for.
fn asked_one(lexicon: &Lexicon, text: &str, name: &Name) -> Option<Asked> {
    let mut values = match name.kind {
        NameKind::Body => vec![format!("b:{}", name.id)],
        NameKind::Place => vec![format!("p:{}", name.id)],
        NameKind::Person => return Some(person(text, name)),
        _ => return None,
    };
    if name.kind == NameKind::Place {
        values.extend(name.qualifiers.iter().map(|id| format!("p:{id}")));
        // Who asks for «Павлодар» means «Павлодарская область» too, though not all in it.
        values.extend(
            lexicon
                .region_called_after(&name.id)
                .map(|id| format!("d:{id}")),
        );
    }
    Some(Asked {
        words: words_of(text, &name.span),
        kind: name.kind,
        id: name.id.clone(),
        values,
        names: called(lexicon, &name.id),
        forms: Vec::new(),
    })
}

/// A person: the surname; with an initial, those of that initial or of none.
fn person(text: &str, name: &Name) -> Asked {
    let (surname, initial) = names::person_key(&name.id);
    let values = if initial.is_empty() {
        vec![format!("i:{surname}")]
    } else {
        vec![format!("i:{surname}.{initial}"), format!("i:{surname}.")]
    };
    Asked {
        words: words_of(text, &name.span),
        kind: NameKind::Person,
        id: name.id.clone(),
        values,
        names: Vec::new(),
        forms: Vec::new(),
    }
}

/// What a body or place is called in the three languages.
fn called(lexicon: &Lexicon, id: &str) -> Vec<String> {
    let mut names: Vec<String> = Language::ALL
        .map(|language| lexicon.name(id, language).to_owned())
        .to_vec();
    names.dedup();
    names
}

/// Which words of a text, parted by single spaces, a range covers.
fn words_of(text: &str, span: &Range<usize>) -> Range<usize> {
    let spaces = |until: usize| text[..until].matches(' ').count();
    spaces(span.start)..spaces(span.end) + 1
}

/// What a field `body:`, `place:` or `person:` asks for: an id, or any name of it. Empty when it is none.
pub(super) fn of_field(kind: NameKind, value: &str) -> Vec<String> {
    let lexicon = Lexicon::shipped();
    let id = match kind {
        NameKind::Body => lexicon.body(value).map(|_| format!("b:{value}")),
        NameKind::Place => lexicon.place(value).map(|_| format!("p:{value}")),
        _ => None,
    };
    if let Some(id) = id {
        return vec![id];
    }
    let words: Vec<&str> = value.split_whitespace().collect();
    let named = asked(&words)
        .into_iter()
        .filter(|one| one.kind == kind)
        .flat_map(|one| one.values);
    let values: BTreeSet<String> = named.collect();
    if values.is_empty() && kind == NameKind::Person {
        let surname = words.last().copied().unwrap_or_default();
        let (surname, _) = names::person_key(&names::surname_id(surname));
        return vec![format!("i:{surname}"), format!("s:{surname}")];
    }
    values.into_iter().collect()
}

/// Where a text names one of some values.
pub(super) fn spans(
    text: &str,
    language: Option<Language>,
    wanted: &BTreeSet<String>,
) -> Vec<Range<usize>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let lexicon = Lexicon::shipped();
    let mut spans = Vec::new();
    each_sentence(text, language, |line_start, line, language, tokens, _| {
        let found = names::find(lexicon, line, &tokens, language, None);
        let mut here: Vec<(Range<usize>, String)> = sounding(line, &tokens, &found);
        for name in &found {
            let values = held(lexicon, name, None).into_iter();
            here.extend(values.map(|value| (name.span.clone(), value)));
            here.extend(inner(lexicon, line, &tokens, name, language));
        }
        let asked = here.into_iter().filter(|(_, value)| wanted.contains(value));
        spans.extend(asked.map(|(span, _)| line_start + span.start..line_start + span.end));
    });
    spans
}

/// What a value is called in a language, for lists of values; a person's is as most texts write it and not known here.
pub(super) fn shown(value: &str, language: Language) -> &str {
    match value.split_once(':') {
        Some(("b" | "p", id)) => Lexicon::shipped().name(id, language),
        _ => value,
    }
}
