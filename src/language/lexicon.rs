//! Holds the knowledge of the program: concepts, bodies, places, offices, laws, rates and the trilingual vocabulary.
//!
//! It is built once from the data files compiled in, and from files of an operator that add to them. Nothing
//! else in the program knows a name of a body or a word of a measure. Phrases are kept by the terms of their
//! words ([`super::terms`]), so inflected forms need no entries of their own.

mod abbreviations;
mod build;
mod entries;
mod loose;
mod phrases;
mod table;
#[cfg(test)]
mod tests;
mod variants;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{ConceptKind, Language};
pub use abbreviations::Abbreviated;
use abbreviations::Abbreviations;
pub use entries::{
    BodyEntry, ConceptEntry, LawEntry, OfficeEntry, OfficeKind, PlaceEntry, PlaceLevel,
    PlaceParent, RateEntry, Rung, Validity, Wording,
};
pub(in crate::language) use phrases::Phrases;
pub use table::{LexiconError, Mistake};

/// How many steps up a chain of parents or successors are followed; chains are short, cycles are mistakes.
const MAX_CHAIN: usize = 12;

/// The knowledge compiled in, without an operator's additions.
static SHIPPED: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::with(&[]).expect("the shipped data files hold, as the tests show"));

/// Everything the program knows about words and names.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Concepts by number.
    concepts: Vec<ConceptEntry>,
    /// Number of a concept by id.
    concept_numbers: BTreeMap<String, usize>,
    /// Phrases of concepts in each language.
    concept_phrases: [Phrases; 3],
    /// Bodies by id.
    bodies: BTreeMap<String, BodyEntry>,
    /// Places by id.
    places: BTreeMap<String, PlaceEntry>,
    /// Offices, ranks and their qualifiers by id.
    offices: BTreeMap<String, OfficeEntry>,
    /// Codes and laws by id.
    laws: BTreeMap<String, LawEntry>,
    /// Values of a rate, oldest first, by id.
    rates: BTreeMap<String, Vec<RateEntry>>,
    /// What the phrases of names name, by number.
    named: Vec<Named>,
    /// Phrases of names in each language.
    name_phrases: [Phrases; 3],
    /// What is abbreviated.
    abbreviations: Abbreviations,
}

/// What a phrase of a name leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::language) enum Named {
    /// A body.
    Body(String),
    /// A place.
    Place(String),
    /// An office, rank or qualifier.
    Office(String),
    /// A code or law.
    Law(String),
}

impl Lexicon {
    /// The lexicon shipped with the program.
    pub fn shipped() -> &'static Lexicon {
        &SHIPPED
    }

    /// The shipped lexicon with an operator's files, each a name and its text.
    ///
    /// The name says what the file holds by how it begins: `concepts`, `vocabulary`, `bodies`, `places`,
    /// `offices`, `laws` or `rates`. A row with a known id adds its phrases to that entry.
    ///
    /// # Errors
    /// Every mistake of the files, with file, line and id.
    pub fn with(extra: &[(&str, &str)]) -> Result<Lexicon, LexiconError> {
        build::lexicon(extra)
    }

    /// The concept of an id.
    pub fn concept(&self, id: &str) -> Option<&ConceptEntry> {
        self.concept_numbers
            .get(id)
            .map(|&number| &self.concepts[number])
    }

    /// All concepts, in the order of the files.
    pub fn concepts(&self) -> impl Iterator<Item = &ConceptEntry> {
        self.concepts.iter()
    }

    /// The kind of a concept.
    pub fn kind(&self, id: &str) -> Option<ConceptKind> {
        self.concept(id).map(|concept| concept.kind)
    }

    /// The broader concepts of a concept, nearest first, itself left out.
    pub fn ancestors(&self, id: &str) -> Vec<&str> {
        chain(id, |id| {
            self.concept(id)
                .map(|concept| concept.parents.iter().map(String::as_str).collect())
                .unwrap_or_default()
        })
    }

    /// Whether `broad` is `narrow` or one of its broader concepts.
    pub fn is_a(&self, narrow: &str, broad: &str) -> bool {
        narrow == broad || self.ancestors(narrow).contains(&broad)
    }

    /// Whether two concepts are opposites, whichever of them says so.
    pub fn are_antonyms(&self, left: &str, right: &str) -> bool {
        let says = |a: &str, b: &str| {
            self.concept(a)
                .is_some_and(|concept| concept.antonyms.iter().any(|id| id == b))
        };
        says(left, right) || says(right, left)
    }

    /// Where a status stands on its ladder.
    pub fn rung(&self, id: &str) -> Option<&Rung> {
        self.concept(id)?.rung.as_ref()
    }

    /// The thing that the first of some words, as somebody types them, abbreviate or spell out, and how many they are.
    pub fn abbreviated(&self, words: &[&str]) -> Option<(&Abbreviated, usize)> {
        self.abbreviations.at(words)
    }

    /// The body of an id.
    pub fn body(&self, id: &str) -> Option<&BodyEntry> {
        self.bodies.get(id)
    }

    /// All bodies by id.
    pub fn bodies(&self) -> impl Iterator<Item = &BodyEntry> {
        self.bodies.values()
    }

    /// The bodies a body belongs to, nearest first, itself left out.
    pub fn body_ancestors(&self, id: &str) -> Vec<&str> {
        chain(id, |id| {
            self.body(id)
                .map(|body| body.parents.iter().map(String::as_str).collect())
                .unwrap_or_default()
        })
    }

    /// Whether two bodies are one, one inside the other, or one the other's successor.
    pub fn are_bodies_related(&self, left: &str, right: &str) -> bool {
        left == right
            || self.body_ancestors(left).contains(&right)
            || self.body_ancestors(right).contains(&left)
            || self.succeeds(left, right)
            || self.succeeds(right, left)
    }

    /// Whether `new` took over the work of `old`.
    pub fn succeeds(&self, new: &str, old: &str) -> bool {
        chain(old, |id| {
            self.body(id)
                .map(|body| body.successors.iter().map(String::as_str).collect())
                .unwrap_or_default()
        })
        .contains(&new)
    }

    /// The place of an id.
    pub fn place(&self, id: &str) -> Option<&PlaceEntry> {
        self.places.get(id)
    }

    /// The region that is called after a town of it: «Павлодар облысы» of «Павлодар».
    pub fn region_called_after(&self, town: &str) -> Option<&str> {
        let called = format!("{} облысы", self.name(town, Language::Kk));
        let mut around = self.place_ancestors(town, None).into_iter();
        around.find(|id| self.name(id, Language::Kk) == called)
    }

    /// All places by id.
    pub fn places(&self) -> impl Iterator<Item = &PlaceEntry> {
        self.places.values()
    }

    /// How large a place is.
    pub fn place_level(&self, id: &str) -> Option<PlaceLevel> {
        self.place(id).map(|place| place.level)
    }

    /// The places a place lies in on a day, nearest first; without a day, at any time.
    pub fn place_ancestors(&self, id: &str, on: Option<NaiveDate>) -> Vec<&str> {
        chain(id, |id| {
            let parents = self.place(id).map(|place| place.parents.as_slice());
            parents
                .unwrap_or_default()
                .iter()
                .filter(|parent| parent.validity.holds_on(on))
                .map(|parent| parent.id.as_str())
                .collect()
        })
    }

    /// Whether one place is the other or lies in it on a day; without a day, at any time.
    pub fn are_places_related(&self, left: &str, right: &str, on: Option<NaiveDate>) -> bool {
        left == right
            || self.place_ancestors(left, on).contains(&right)
            || self.place_ancestors(right, on).contains(&left)
    }

    /// The office, rank or qualifier of an id.
    pub fn office(&self, id: &str) -> Option<&OfficeEntry> {
        self.offices.get(id)
    }

    /// The code or law of an id.
    pub fn law(&self, id: &str) -> Option<&LawEntry> {
        self.laws.get(id)
    }

    /// The value of a rate on a day: `rate("mci", day)` is the monthly calculation index in tenge.
    pub fn rate(&self, id: &str, on: NaiveDate) -> Option<Decimal> {
        let values = self.rates.get(id)?;
        let entry = values.iter().rev().find(|entry| entry.from <= on)?;
        Some(entry.value)
    }

    /// All values of a rate, oldest first.
    pub fn rates(&self, id: &str) -> &[RateEntry] {
        self.rates.get(id).map_or(&[], Vec::as_slice)
    }

    /// The name of a concept, body, place, office or law for display; the id itself when nothing has it.
    pub fn name<'a>(&'a self, id: &'a str, language: Language) -> &'a str {
        let wording = self
            .concept(id)
            .map(|entry| &entry.wording)
            .or_else(|| self.body(id).map(|entry| &entry.wording))
            .or_else(|| self.place(id).map(|entry| &entry.wording))
            .or_else(|| self.office(id).map(|entry| &entry.wording))
            .or_else(|| self.law(id).map(|entry| &entry.wording));
        wording.map_or(id, |wording| wording.name(language))
    }

    /// The phrases of concepts in a language.
    pub(in crate::language) fn concept_phrases(&self, language: Language) -> &Phrases {
        &self.concept_phrases[language as usize]
    }

    /// The concept of a number that a phrase leads to.
    pub(in crate::language) fn concept_at(&self, number: u32) -> &ConceptEntry {
        &self.concepts[number as usize]
    }

    /// The phrases of names in a language.
    pub(in crate::language) fn name_phrases(&self, language: Language) -> &Phrases {
        &self.name_phrases[language as usize]
    }

    /// What a phrase of a name with this number names.
    pub(in crate::language) fn named_at(&self, number: u32) -> &Named {
        &self.named[number as usize]
    }
}

/// Everything reachable from `start` by `next`, nearest first, `start` left out.
fn chain<'a>(start: &str, next: impl Fn(&str) -> Vec<&'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut layer: Vec<&str> = next(start);
    for _ in 0..MAX_CHAIN {
        let mut deeper = Vec::new();
        for id in layer {
            if id != start && !found.contains(&id) {
                found.push(id);
                deeper.extend(next(id));
            }
        }
        layer = deeper;
    }
    found
}
