//! Knows which abbreviations and which phrases are one thing in the three languages: «ДТП», «жол-көлік оқиғасы», "RTA".
//!
//! Nothing is listed for it: a phrase belongs to an abbreviation of the same entry and language whose letters are the
//! first letters of its words, and so does a phrase with some of those words only ("road accident"). An entry may have a
//! longer and a shorter abbreviation of one thing («ӘҚБтК; ӘҚБК»); others in one language («ТОО; АО») may stand for several
//! things, so they are not taken for one another.

use std::collections::HashMap;

use super::Wording;
use crate::language::{Language, TokenKind, terms};

/// Letters of an abbreviation.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=6;
/// Words of the longest phrase that is spelled out for an abbreviation.
const MAX_WORDS: usize = 8;

/// One thing that is abbreviated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abbreviated {
    /// Its entry.
    pub id: String,
    /// Its abbreviations and what they stand for, without repeats.
    pub forms: Vec<(Language, String)>,
}

/// Everything that is abbreviated, by what it is called.
#[derive(Debug, Default)]
pub(super) struct Abbreviations {
    /// The things.
    things: Vec<Abbreviated>,
    /// A thing by its abbreviation, in capitals.
    by_letters: HashMap<String, usize>,
    /// A thing by the terms of a phrase that spells it out.
    by_terms: HashMap<(Language, Vec<String>), usize>,
}

impl Abbreviations {
    /// Adds what an entry abbreviates, if it says so; an entry added before has the first claim to its abbreviations.
    pub(super) fn add(&mut self, id: &str, wording: &Wording) {
        let mut forms: Vec<(Language, String)> = Vec::new();
        let mut keep = |language: Language, phrase: &str| {
            if !forms.iter().any(|(_, known)| known == phrase) {
                forms.push((language, phrase.to_owned()));
            }
        };
        for language in Language::ALL {
            let phrases = wording.of(language);
            let short: Vec<&String> = phrases.iter().filter(|one| is_abbreviation(one)).collect();
            let Some(longest) = short.iter().max_by_key(|one| one.len()) else {
                continue;
            };
            if !short.iter().all(|one| shortens(one, longest)) {
                return;
            }
            for one in &short {
                keep(language, one);
            }
            let is_spelled = |phrase: &&String| short.iter().any(|one| spells(phrase, one));
            let spelled: Vec<&String> = phrases.iter().filter(is_spelled).collect();
            for phrase in phrases {
                if spelled.iter().any(|whole| is_part(phrase, whole)) {
                    keep(language, phrase);
                }
            }
        }
        if forms.len() < 2 {
            return;
        }
        let number = self.things.len();
        for (language, form) in &forms {
            if is_abbreviation(form) {
                let letters = form.to_uppercase();
                self.by_letters.entry(letters).or_insert(number);
            } else {
                let key = (*language, terms_of(form, *language));
                self.by_terms.entry(key).or_insert(number);
            }
        }
        let id = id.to_owned();
        self.things.push(Abbreviated { id, forms });
    }

    /// The thing of which these words, as typed, are an abbreviation or its spelling out, with how many of them, from the
    /// first, those are. Small letters do for an abbreviation of three Cyrillic letters; shorter and Latin ones are words.
    pub(super) fn at(&self, words: &[&str]) -> Option<(&Abbreviated, usize)> {
        let longest = words.len().min(MAX_WORDS);
        let spelled = (2..=longest).rev().find_map(|n| {
            let text = words[..n].join(" ");
            let mut keys = Language::ALL
                .into_iter()
                .map(|language| (language, terms_of(&text, language)));
            let number = keys.find_map(|key| self.by_terms.get(&key))?;
            Some((&self.things[*number], n))
        });
        spelled.or_else(|| {
            let word = *words.first()?;
            let is_typed_small = word.chars().count() > 2 && !word.is_ascii();
            let number = if is_typed_small {
                self.by_letters.get(&word.to_uppercase())
            } else {
                self.by_letters.get(word)
            }?;
            Some((&self.things[*number], 1))
        })
    }
}

/// Whether a phrase is an abbreviation: one word in capitals, with a small letter for a small word at most («КоАП»).
fn is_abbreviation(phrase: &str) -> bool {
    let n_small = phrase
        .chars()
        .filter(|letter| !letter.is_uppercase())
        .count();
    LETTERS.contains(&phrase.chars().count())
        && n_small <= 1
        && phrase.chars().all(char::is_alphabetic)
        && phrase.starts_with(char::is_uppercase)
        && phrase.ends_with(char::is_uppercase)
}

/// Whether an abbreviation is another one, or that with letters left out.
fn shortens(abbreviation: &str, longer: &str) -> bool {
    let mut rest = longer.chars();
    abbreviation
        .chars()
        .all(|letter| rest.any(|other| other == letter))
}

/// Whether the first letters of the words of a phrase, those on both sides of a hyphen too, are the letters of an
/// abbreviation. Words of one or two letters may go without a letter there.
fn spells(phrase: &str, abbreviation: &str) -> bool {
    let words = || phrase.split([' ', '-']).filter(|word| !word.is_empty());
    let letters = |words: &mut dyn Iterator<Item = &str>| -> String {
        words
            .filter_map(|word| word.chars().next())
            .flat_map(char::to_uppercase)
            .collect()
    };
    let mut long = words().filter(|word| word.chars().count() > 2);
    let abbreviation = abbreviation.to_uppercase();
    words().count() > 1
        && (letters(&mut words()) == abbreviation || letters(&mut long) == abbreviation)
}

/// Whether a phrase of several words is another one or that with words left out.
fn is_part(phrase: &str, whole: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split([' ', '-']).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (part, whole) = (words(phrase), words(whole));
    let mut rest = whole.iter();
    part.len() > 1 && part.iter().all(|word| rest.any(|other| other == word))
}

/// The terms of a phrase.
fn terms_of(phrase: &str, language: Language) -> Vec<String> {
    terms::tokens(phrase, 0..phrase.len(), language)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Sign)
        .map(|token| token.term)
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::language::Lexicon;

    fn forms(words: &[&str]) -> Vec<String> {
        let found = Lexicon::shipped().abbreviated(words);
        let forms = found.map_or_else(Vec::new, |(thing, _)| thing.forms.clone());
        forms.into_iter().map(|(_, form)| form).collect()
    }

    #[test]
    fn an_abbreviation_is_all_its_spellings_in_three_languages() {
        let accident = forms(&["ДТП"]);
        for form in [
            "ЖКО",
            "RTA",
            "дорожно-транспортное происшествие",
            "жол-көлік оқиғасы",
            "road accident",
        ] {
            assert!(accident.iter().any(|known| known == form), "{accident:?}");
        }
        assert_eq!(forms(&["дтп"]), accident);
        assert_eq!(forms(&["дорожно-транспортных", "происшествий"]), accident);
        assert_eq!(forms(&["road", "traffic", "accidents", "rose"]), accident);
        assert!(!accident.iter().any(|form| form == "апат"), "any accident");
    }

    #[test]
    fn words_and_abbreviations_of_several_things_are_none() {
        // A small "who" is a word, and the entry of companies holds several kinds of them.
        for words in [&["who"][..], &["us"], &["вода"], &[], &["СПИД"]] {
            assert!(forms(words).is_empty(), "{words:?}: {:?}", forms(words));
        }
        let company = forms(&["ТОО"]);
        assert!(company.iter().any(|form| form == "ЖШС"), "{company:?}");
        assert!(!company.iter().any(|form| form == "АО"), "{company:?}");
    }

    #[test]
    fn a_longer_and_a_shorter_abbreviation_are_of_one_thing_and_may_have_a_small_letter() {
        let code = forms(&["КоАП"]);
        for form in ["ӘҚБтК", "ӘҚБК", "КРКоАП", "Code of Administrative Offences"] {
            assert!(code.iter().any(|known| known == form), "{code:?}");
        }
        assert_eq!(forms(&["коап"]), code);
        assert_eq!(forms(&["ӘҚБтК"]), code);
    }
}
