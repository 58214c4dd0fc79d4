//! Builds the lexicon from the shipped data files and an operator's, and checks that they fit together.

use super::entries::Wording;
use super::phrases::has_words;
use super::table::{Mistake, Row, rows};
use super::{
    BodyEntry, ConceptEntry, LawEntry, Lexicon, LexiconError, Named, OfficeEntry, PlaceEntry,
    RateEntry,
};
use crate::language::{ConceptKind, Language};

/// The shipped data files. Their order is the order of precedence where one phrase names several concepts.
const SHIPPED_FILES: [(&str, &str); 12] = [
    ("concepts.psv", include_str!("../data/concepts.psv")),
    (
        "concepts-justice.psv",
        include_str!("../data/concepts-justice.psv"),
    ),
    (
        "concepts-safety.psv",
        include_str!("../data/concepts-safety.psv"),
    ),
    (
        "concepts-public.psv",
        include_str!("../data/concepts-public.psv"),
    ),
    ("vocabulary.psv", include_str!("../data/vocabulary.psv")),
    (
        "vocabulary-general.psv",
        include_str!("../data/vocabulary-general.psv"),
    ),
    ("bodies.psv", include_str!("../data/bodies.psv")),
    ("places.psv", include_str!("../data/places.psv")),
    (
        "places-districts.psv",
        include_str!("../data/places-districts.psv"),
    ),
    ("offices.psv", include_str!("../data/offices.psv")),
    ("laws.psv", include_str!("../data/laws.psv")),
    ("rates.psv", include_str!("../data/rates.psv")),
];

/// The lexicon of the shipped files and `extra`.
pub(super) fn lexicon(extra: &[(&str, &str)]) -> Result<Lexicon, LexiconError> {
    of_files(SHIPPED_FILES.iter().chain(extra))
}

/// The lexicon of these files alone.
pub(super) fn of_files<'a>(
    files: impl IntoIterator<Item = &'a (&'a str, &'a str)>,
) -> Result<Lexicon, LexiconError> {
    let mut builder = Builder::default();
    for (file, text) in files {
        for row in rows(file, text) {
            if let Err(mistake) = builder.row(row) {
                builder.mistakes.push(mistake);
            }
        }
    }
    builder.finish()
}

/// A lexicon being built.
#[derive(Default)]
struct Builder {
    /// What has been read.
    lexicon: Lexicon,
    /// Mistakes so far.
    mistakes: Vec<Mistake>,
    /// Phrases of each language, in the order of the files.
    phrases: [Vec<(Trie, String, u32)>; 3],
    /// References to check at the end: the mistake to report if `id` is unknown, and what it must be.
    references: Vec<(Reference, Mistake)>,
}

/// Which trie a phrase goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trie {
    /// Of concepts.
    Concepts,
    /// Of names.
    Names,
}

/// An id that another entry must have.
enum Reference {
    /// Of a concept.
    Concept(String),
    /// Of a body.
    Body(String),
    /// Of a place.
    Place(String),
}

impl Builder {
    /// Reads one row into the lexicon, by what its file holds.
    fn row(&mut self, row: Row<'_>) -> Result<(), Mistake> {
        if row.id().is_empty() {
            return Err(row.mistake("the row has no id"));
        }
        let (prefix, n_cells) = match row.file {
            file if file.starts_with("concepts") => ("concepts", 8..=8),
            file if file.starts_with("vocabulary") => ("vocabulary", 4..=5),
            file if file.starts_with("bodies") => ("bodies", 7..=7),
            file if file.starts_with("places") => ("places", 7..=7),
            file if file.starts_with("offices") => ("offices", 5..=5),
            file if file.starts_with("laws") => ("laws", 4..=4),
            file if file.starts_with("rates") => ("rates", 3..=3),
            file => return Err(row.mistake(format!("nothing is known of files named `{file}`"))),
        };
        if !n_cells.contains(&row.n_cells()) {
            let problem = format!(
                "the row has {} cells, {prefix} have {}",
                row.n_cells(),
                n_cells.end()
            );
            return Err(row.mistake(problem));
        }
        match prefix {
            "concepts" => self.concept(row, ConceptEntry::read(row)?),
            "vocabulary" => self.concept(row, ConceptEntry::read_word(row)?),
            "bodies" => self.body(row, BodyEntry::read(row)?),
            "places" => self.place(row, PlaceEntry::read(row)?),
            "offices" => self.office(row, OfficeEntry::read(row)?),
            "laws" => self.law(row, LawEntry::read(row)),
            _ => {
                let entry = RateEntry::read(row)?;
                let values = self.lexicon.rates.entry(entry.id.clone()).or_default();
                values.retain(|value| value.from != entry.from);
                values.push(entry);
                values.sort_by_key(|value| value.from);
                Ok(())
            }
        }
    }

    /// Adds a concept, or the phrases of one that is there.
    fn concept(&mut self, row: Row<'_>, entry: ConceptEntry) -> Result<(), Mistake> {
        for id in entry.parents.iter().chain(&entry.antonyms) {
            let mistake = row.mistake(format!("there is no concept `{id}`"));
            self.references
                .push((Reference::Concept(id.clone()), mistake));
        }
        let next = self.lexicon.concepts.len();
        let number = *self
            .lexicon
            .concept_numbers
            .entry(entry.id.clone())
            .or_insert(next);
        for language in Language::ALL {
            for phrase in entry.wording.of(language) {
                self.phrase(row, language, Trie::Concepts, phrase.clone(), number as u32);
            }
        }
        if number == next {
            self.demand_all_languages(row, &entry.wording);
            self.lexicon.concepts.push(entry);
            return Ok(());
        }
        let known = &mut self.lexicon.concepts[number];
        known.wording.extend(entry.wording);
        known.parents.extend(entry.parents);
        known.antonyms.extend(entry.antonyms);
        known.rung = entry.rung.or(known.rung.take());
        if entry.kind != known.kind && entry.kind != ConceptKind::Word {
            return Err(row.mistake("the kind differs from that of the entry it adds to"));
        }
        Ok(())
    }

    /// Adds a body, or the phrases of one that is there.
    fn body(&mut self, row: Row<'_>, entry: BodyEntry) -> Result<(), Mistake> {
        for id in entry.parents.iter().chain(&entry.successors) {
            let mistake = row.mistake(format!("there is no body `{id}`"));
            self.references.push((Reference::Body(id.clone()), mistake));
        }
        self.name(row, Named::Body(entry.id.clone()), &entry.wording);
        match self.lexicon.bodies.get_mut(&entry.id) {
            Some(known) => {
                known.wording.extend(entry.wording);
                known.parents.extend(entry.parents);
                known.successors.extend(entry.successors);
            }
            None => {
                self.demand_all_languages(row, &entry.wording);
                self.lexicon.bodies.insert(entry.id.clone(), entry);
            }
        }
        Ok(())
    }

    /// Adds a place, or the phrases of one that is there.
    fn place(&mut self, row: Row<'_>, entry: PlaceEntry) -> Result<(), Mistake> {
        for parent in &entry.parents {
            let mistake = row.mistake(format!("there is no place `{}`", parent.id));
            self.references
                .push((Reference::Place(parent.id.clone()), mistake));
        }
        self.name(row, Named::Place(entry.id.clone()), &entry.wording);
        match self.lexicon.places.get_mut(&entry.id) {
            Some(known) => known.wording.extend(entry.wording),
            None => {
                self.demand_all_languages(row, &entry.wording);
                self.lexicon.places.insert(entry.id.clone(), entry);
            }
        }
        Ok(())
    }

    /// Adds an office, or the phrases of one that is there.
    fn office(&mut self, row: Row<'_>, entry: OfficeEntry) -> Result<(), Mistake> {
        self.name(row, Named::Office(entry.id.clone()), &entry.wording);
        match self.lexicon.offices.get_mut(&entry.id) {
            Some(known) => known.wording.extend(entry.wording),
            None => {
                self.demand_all_languages(row, &entry.wording);
                self.lexicon.offices.insert(entry.id.clone(), entry);
            }
        }
        Ok(())
    }

    /// Adds a law, or the phrases of one that is there.
    fn law(&mut self, row: Row<'_>, entry: LawEntry) -> Result<(), Mistake> {
        self.name(row, Named::Law(entry.id.clone()), &entry.wording);
        match self.lexicon.laws.get_mut(&entry.id) {
            Some(known) => known.wording.extend(entry.wording),
            None => {
                self.demand_all_languages(row, &entry.wording);
                self.lexicon.laws.insert(entry.id.clone(), entry);
            }
        }
        Ok(())
    }

    /// Puts the phrases of a name into the tries.
    fn name(&mut self, row: Row<'_>, named: Named, wording: &Wording) {
        let number = self.lexicon.named.len() as u32;
        let is_place = matches!(named, Named::Place(_));
        self.lexicon.named.push(named);
        for language in Language::ALL {
            for phrase in wording.of(language) {
                let spelt = if is_place {
                    phrase.clone()
                } else {
                    uncapitalised(phrase)
                };
                self.phrase(row, language, Trie::Names, spelt, number);
            }
        }
    }

    /// Keeps a phrase for the tries, which are built last and each language by itself.
    fn phrase(
        &mut self,
        row: Row<'_>,
        language: Language,
        trie: Trie,
        phrase: String,
        number: u32,
    ) {
        if has_words(&phrase) {
            self.phrases[language as usize].push((trie, phrase, number));
        } else {
            let problem = format!("the phrase `{phrase}` has no words");
            self.mistakes.push(row.mistake(problem));
        }
    }

    /// Builds the tries, the languages side by side: stemming every form of every word is what a start waits for.
    fn build_tries(&mut self) {
        let phrases = std::mem::take(&mut self.phrases);
        let lexicon = &mut self.lexicon;
        let kinds: Vec<ConceptKind> = lexicon
            .concepts
            .iter()
            .map(|concept| concept.kind)
            .collect();
        let is_deed = |number: u32| {
            matches!(
                kinds.get(number as usize),
                Some(ConceptKind::Status | ConceptKind::Action)
            )
        };
        let tries = lexicon
            .concept_phrases
            .iter_mut()
            .zip(&mut lexicon.name_phrases);
        std::thread::scope(|scope| {
            for ((language, (concepts, names)), phrases) in
                Language::ALL.into_iter().zip(tries).zip(phrases)
            {
                let is_deed = &is_deed;
                scope.spawn(move || {
                    for (trie, phrase, number) in phrases {
                        match trie {
                            Trie::Concepts => {
                                concepts.insert(&phrase, language, number);
                                if is_deed(number) {
                                    concepts.insert_loose(&phrase, language, number);
                                }
                            }
                            Trie::Names => names.insert(&phrase, language, number),
                        }
                    }
                    concepts.finish();
                    names.finish();
                });
            }
        });
    }

    /// Reports an entry that is not written in one of the languages.
    fn demand_all_languages(&mut self, row: Row<'_>, wording: &Wording) {
        if let Some(language) = wording.missing() {
            self.mistakes
                .push(row.mistake(format!("there is no phrase in `{language}`")));
        }
    }

    /// The lexicon, if nothing is wrong with it.
    fn finish(mut self) -> Result<Lexicon, LexiconError> {
        for (reference, mistake) in std::mem::take(&mut self.references) {
            let is_known = match &reference {
                Reference::Concept(id) => self.lexicon.concept_numbers.contains_key(id),
                Reference::Body(id) => self.lexicon.bodies.contains_key(id),
                Reference::Place(id) => self.lexicon.places.contains_key(id),
            };
            if !is_known {
                self.mistakes.push(mistake);
            }
        }
        self.build_tries();
        let Lexicon {
            concepts,
            laws,
            abbreviations,
            ..
        } = &mut self.lexicon;
        for concept in concepts.iter() {
            abbreviations.add(&concept.id, &concept.wording);
        }
        for (id, law) in laws.iter() {
            abbreviations.add(id, &law.wording);
        }
        if self.mistakes.is_empty() {
            Ok(self.lexicon)
        } else {
            Err(LexiconError {
                mistakes: self.mistakes,
            })
        }
    }
}

/// A phrase of several words with small first letters, abbreviations kept: texts write «министерство» as well as
/// «Министерство». A name of one word («Акорда») keeps its capital.
fn uncapitalised(phrase: &str) -> String {
    let words: Vec<&str> = phrase.split(' ').collect();
    if words.len() == 1 {
        return phrase.to_owned();
    }
    let lowered: Vec<String> = words
        .iter()
        .map(|word| {
            let n_upper = word.chars().filter(|c| c.is_uppercase()).count();
            if n_upper == 1 {
                word.to_lowercase()
            } else {
                (*word).to_owned()
            }
        })
        .collect();
    lowered.join(" ")
}
