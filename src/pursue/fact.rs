//! Turns a contradicted claim into anchors: digests that two copies of one contradicted fact share, whatever their language or outlet.
//!
//! No single digest fits all copies: a translation shares no words, a page that was re-crawled shares
//! no revision, and a record that was reprinted shares no observation. So each finding has several
//! anchors, and findings that share one belong to one case. An anchor holds the slot and the claimed
//! value, so two outlets that differ from one record in two ways are two cases; only the findings of
//! one sentence of one page belong together whatever they are.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::canonical;
use crate::model::{Claim, Frame, Observation, ObservationId, Slot, SlotName, Verdict};

/// The anchors of a contradicted finding, sorted.
pub(super) fn anchors(
    claim: &Claim,
    verdict: &Verdict,
    observations: &BTreeMap<ObservationId, Observation>,
) -> BTreeSet<String> {
    let slot = differing_slot(verdict);
    let slot_text = format!("{slot:?}");
    let value = claimed_value(claim, verdict);
    let digest = |kind: &str, what: &str| canonical::id("fact", &[kind, &slot_text, &value, what]);
    let mut found = BTreeSet::from([
        digest("claim", &claim.id.0),
        digest("text", &folded(&claim.text)),
    ]);
    // One sentence of one page is one case, in however many ways it differs.
    let sentence = [claim.url.as_str(), &folded(&claim.text)];
    found.insert(canonical::id(
        "fact",
        &["sentence", sentence[0], sentence[1]],
    ));
    for quote in &verdict.evidence {
        found.insert(digest("observation", &quote.observation.0));
        let key = observations
            .get(&quote.observation)
            .and_then(|observation| record_key(slot, &observation.frame));
        if let Some(key) = key {
            found.insert(digest("record", &key));
        }
    }
    found
}

/// What a contradicted finding is about, whatever it claims: digests that a later, different error about the same record shares.
pub(super) fn subjects(
    verdict: &Verdict,
    observations: &BTreeMap<ObservationId, Observation>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(quote) = verdict.evidence.first() {
        found.insert(canonical::id(
            "subject",
            &["observation", &quote.observation.0],
        ));
        let frame = observations.get(&quote.observation).map(|one| &one.frame);
        let key = frame.and_then(|frame| record_key(SlotName::Value, frame));
        found.extend(key.map(|key| canonical::id("subject", &["record", &key])));
    }
    found
}

/// The slot a verdict rests on; a contradiction without one is taken for a value.
pub(super) fn differing_slot(verdict: &Verdict) -> SlotName {
    verdict
        .differences
        .first()
        .map_or(SlotName::Value, |difference| difference.slot)
}

/// What the claim says in the differing slot, free of language and wording where its frame knows it.
pub(super) fn claimed_value(claim: &Claim, verdict: &Verdict) -> String {
    let value = slot_value(differing_slot(verdict), &claim.frame);
    if !value.is_empty() {
        return value;
    }
    let written = verdict.differences.first();
    folded(written.map_or(claim.text.as_str(), |difference| &difference.claimed))
}

/// A frame's value of one slot as text that does not depend on the language; empty when the frame has none.
pub(super) fn slot_value(slot: SlotName, frame: &Frame) -> String {
    match slot {
        SlotName::Value | SlotName::Unit | SlotName::Change => quantity(frame),
        SlotName::Reference if frame.references.is_empty() => quantity(frame),
        SlotName::Direction => frame
            .direction
            .map(|direction| format!("{direction:?}"))
            .unwrap_or_default(),
        SlotName::Base => joined(&[&frame.measures, &frame.qualifiers]),
        SlotName::Period | SlotName::Date => period(frame),
        SlotName::Place => joined(&[&frame.places]),
        SlotName::Body => joined(&[&frame.bodies]),
        SlotName::Person => joined(&[&frame.persons]),
        SlotName::Status => joined(&[&frame.statuses]),
        SlotName::Modality => format!("{:?}", frame.modality),
        SlotName::Polarity => format!("{:?}", frame.polarity),
        SlotName::Attribution => frame.attribution.join(" "),
        SlotName::Reference => joined(&[&frame.references]),
    }
}

/// What a record speaks about, without its wording; `None` when the frame knows too little to tell two facts apart.
///
/// The number itself belongs to the key only where it is not what differs: a revised figure is the same fact.
fn record_key(slot: SlotName, frame: &Frame) -> Option<String> {
    let about = joined(&[&frame.measures, &frame.statuses, &frame.actions]);
    let when = period(frame);
    let who = joined(&[&frame.places, &frame.bodies, &frame.persons]);
    let how_much = match slot {
        SlotName::Value | SlotName::Unit | SlotName::Change => String::new(),
        _ => quantity(frame),
    };
    let n_known = [&when, &who, &how_much]
        .iter()
        .filter(|part| !part.is_empty())
        .count();
    let tells_apart = !about.is_empty() && !when.is_empty() && n_known >= 2
        || !about.is_empty() && !when.is_empty() && frame.quantity.is_some();
    tells_apart.then(|| [about, when, who, how_much].join("|"))
}

/// The likeliest values of some slots, in order.
fn joined(slots: &[&[Slot<String>]]) -> String {
    let values: Vec<&str> = slots
        .iter()
        .flat_map(|slots| slots.iter())
        .map(|slot| slot.best.as_str())
        .collect();
    values.join(" ")
}

/// First and last day of the frame's period.
fn period(frame: &Frame) -> String {
    frame.period.as_ref().map_or_else(String::new, |period| {
        format!("{}..{}", period.best.start, period.best.end)
    })
}

/// Value, dimension and role of the frame's quantity.
fn quantity(frame: &Frame) -> String {
    frame
        .quantity
        .as_ref()
        .map_or_else(String::new, |quantity| {
            let end = quantity.best.hi.as_ref().map(Decimal::normalize);
            format!(
                "{} {end:?} {:?} {:?}",
                quantity.best.value.normalize(),
                quantity.unit.dimension,
                quantity.role
            )
        })
}

/// Words and digits in lower case, one space between: what a reprint keeps when it changes quotation marks and dashes.
pub(super) fn folded(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}
