//! Judges sentences that say something of all or of none, by a record that gives the number of those of whom it holds: "all
//! courts are connected" where 148 of 206 are, «ни одной проверке не отказано» where 73 were refused.

use super::denials::predicates;
use super::event;
use super::explain;
use super::fact::{Fact, Record, Source as FactSource};
use super::figures::{is_of_all, is_parted, said};
use super::lone::STRENGTH;
use super::sentences::has_figures;
use super::slots;
use super::verdict::Finding;
use crate::language::{Dimension, Lexicon, Mode, Role};
use crate::model::{Claim, Label, Modality, Part, Polarity, SlotName};

/// Words that say that something holds for none.
const NONE: [&str; 11] = [
    "none of",
    "not a single",
    "not one of",
    "ни один",
    "ни одна",
    "ни одно",
    "ни одной",
    "ни одного",
    "ни одному",
    "бірде-бір",
    "бірде бір",
];

/// Share of what the claim can be recognised by that the record's sentence must hold, in thousandths.
const COVER: u32 = 500;

/// Whether a sentence says that something holds for none.
pub(super) fn says_none(text: &str) -> bool {
    let text = text.to_lowercase();
    NONE.iter().any(|words| text.contains(words))
}

/// What a record says against a claim of all or of none.
pub(super) fn quantified<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &'a Record<'a>,
) -> Option<Finding<'a>> {
    if claim.frame.modality != Modality::Asserted {
        return None;
    }
    let text = claim.text.to_lowercase();
    let is_none = claim.frame.polarity == Polarity::Negative && says_none(&claim.text);
    // Beside a figure «all» may tell what it is a share of.
    let is_all = claim.frame.polarity == Polarity::Positive
        && !has_figures(&claim.frame)
        && is_of_all(&text);
    if !is_none && !is_all {
        return None;
    }
    let told = predicates(&claim.frame);
    let is_told = |fact: &Fact<'_>| said(&fact.frame).iter().any(|id| told.contains(*id));
    let covers = |fact: &Fact<'_>| {
        let anchors = fact.observation.frame.anchors();
        let found = event::compare(lexicon, claim, fact.observation, &anchors, &record.anchors);
        found.coverage >= COVER && found.own > 0
    };
    let mut facts = record.facts.iter();
    let fact = facts.find(|fact| {
        is_counted(fact) && is_told(fact) && (is_none || is_part(fact, record)) && covers(fact)
    })?;
    let slot = if is_none {
        SlotName::Polarity
    } else {
        SlotName::Value
    };
    let difference = explain::difference(claim, fact, slot);
    Some(Finding::of_sentence(
        Label::Contradicted,
        vec![difference],
        fact.observation,
        STRENGTH,
    ))
}

/// Whether a figure counts those of whom something holds: stated in a sentence, as it is, of now, and not of what is denied.
fn is_counted(fact: &Fact<'_>) -> bool {
    let quantity = &fact.quantity;
    fact.source == FactSource::Stated
        && !fact.is_earlier
        && matches!(fact.observation.part, Part::Text(_) | Part::Title(_))
        && matches!(quantity.role, Role::Level | Role::Share)
        && quantity.mode == Mode::Bare
        && !quantity.best.value.is_zero()
        && fact.frame.modality == Modality::Asserted
        && fact.frame.polarity == Polarity::Positive
        && matches!(
            quantity.unit.dimension,
            Dimension::Count | Dimension::Bare | Dimension::Percent
        )
}

/// Whether a figure is a part of a greater one of its sentence, of which what it says does not hold.
fn is_part(fact: &Fact<'_>, record: &Record<'_>) -> bool {
    let of_part = said(&fact.frame);
    let is_whole = |other: &Fact<'_>| {
        other.source == FactSource::Stated
            && other.observation.text == fact.observation.text
            && other.quantity.best.value > fact.quantity.best.value
            && slots::is_comparable(
                &other.quantity.unit.dimension,
                &fact.quantity.unit.dimension,
            )
            && said(&other.frame).is_disjoint(&of_part)
    };
    is_parted(&fact.observation.text) && record.facts.iter().any(is_whole)
}
