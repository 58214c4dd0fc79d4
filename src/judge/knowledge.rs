//! Asks the lexicon what the comparison of slots needs to know, in the judge's own terms.

use chrono::NaiveDate;

use crate::language::lexicon::OfficeKind;
use crate::language::{ConceptKind, Language, Lexicon};

/// Whether one place is the other or lies in it on a day.
pub(super) fn are_places_related(
    lexicon: &Lexicon,
    a: &str,
    b: &str,
    on: Option<NaiveDate>,
) -> bool {
    lexicon.are_places_related(a, b, on)
}

/// Whether two bodies are one, one inside the other, or one the other's successor.
pub(super) fn are_bodies_related(lexicon: &Lexicon, a: &str, b: &str) -> bool {
    lexicon.are_bodies_related(a, b)
}

/// Whether a region is called after a town of it.
pub(super) fn is_called_after(lexicon: &Lexicon, region: &str, town: &str) -> bool {
    lexicon.region_called_after(town) == Some(region)
}

/// Whether two concepts are opposites.
pub(super) fn are_antonyms(lexicon: &Lexicon, a: &str, b: &str) -> bool {
    lexicon.are_antonyms(a, b)
}

/// Ladder and height of a status.
pub(super) fn rung(lexicon: &Lexicon, id: &str) -> Option<(String, u8)> {
    lexicon
        .rung(id)
        .map(|rung| (rung.ladder.clone(), rung.rung))
}

/// The name of an id for people.
pub(super) fn name<'a>(lexicon: &'a Lexicon, id: &'a str, language: Language) -> &'a str {
    lexicon.name(id, language)
}

/// Whether an id is that of an office and not of a rank.
pub(super) fn is_office(lexicon: &Lexicon, id: &str) -> bool {
    lexicon
        .office(id)
        .is_none_or(|office| office.kind == OfficeKind::Office)
}

/// Whether a concept is a step of a ladder and not a qualifier or a deed.
pub(super) fn is_status(lexicon: &Lexicon, id: &str) -> bool {
    lexicon.kind(id) == Some(ConceptKind::Status)
}

/// Whether a concept is something done or become.
pub(super) fn is_deed(lexicon: &Lexicon, id: &str) -> bool {
    matches!(
        lexicon.kind(id),
        Some(ConceptKind::Status | ConceptKind::Action)
    )
}
