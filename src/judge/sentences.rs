//! Judges a claim without a figure against the sentences of one record: borne out, different in one slot, or left open.
//!
//! The sentence that holds most of the claim is looked at first; then those that share little with a short claim, of which
//! the record as a whole must hold the rest.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::absent;
use super::event;
use super::fact::Record;
use super::frame::numbers;
use super::lone;
use super::moved;
use super::quantifiers::{quantified, says_none};
use super::slots::{self, Relation};
use super::topic;
use super::verdict::{EARLY_DAYS, Finding};
use crate::language::{Lexicon, local_day};
use crate::model::{Claim, Frame, Label, Modality, Observation, Part, SlotName};

/// Coverage from which a sentence without a figure is borne out, in thousandths.
const COVER_SUPPORT: u32 = 560;
/// Coverage from which a difference in a sentence is blamed.
const COVER_BLAME: u32 = 600;
/// Coverage from which a difference is blamed in a sentence that no other of the record comes near to.
const COVER_LEAD: u32 = 430;
/// Coverage from which a difference in a short sentence is blamed, given that the record never says what it says.
const COVER_SHORT: u32 = 300;
/// The same for a difference of the predicate itself, which several sentences of a record may have.
const COVER_PREDICATE: u32 = 480;
/// Weight of shared anchors from which it is.
const SHARED_SHORT: u32 = 24;
/// Share of a short sentence that the record must hold anywhere.
const HELD_SHORT: u32 = 700;
/// Coverage from which a short sentence is borne out by a record that the publication retells.
const COVER_RETOLD: u32 = 750;
/// Coverage from which a predicate is blamed that differs in a record that the publication retells.
const COVER_STORY: u32 = 550;
/// Coverage of a claim that is told nearly whole.
const COVER_WHOLE: u32 = 900;
/// Weight of shared anchors from which a difference is blamed in a record that the publication retells.
const SHARED_STORY: u32 = 16;
/// Share of a claim that such a record must hold anywhere, where a predicate differs.
const HELD_STORY: u32 = 600;
/// The same where a day, a place, a body or an article differs.
const HELD_BRIEF: u32 = 500;
/// Words that say of "it" that it was.
const HAPPENED: [&str; 2] = ["w:happen", "w:be_exist"];
/// Least weight of shared anchors for either.
const SHARED_LEAST: u32 = 26;

/// Findings for a claim without a figure from one record.
pub(super) fn sentences<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &'a Record<'a>,
    is_story: bool,
    near: &[&Record<'_>],
) -> Vec<Finding<'a>> {
    let mut matches: Vec<event::Match<'a>> = record
        .observations
        .iter()
        .zip(&record.own_anchors)
        .filter(|(observation, _)| !matches!(observation.part, Part::Cell { .. }))
        .map(|(observation, theirs)| {
            event::compare(lexicon, claim, observation, theirs, &record.anchors)
        })
        .collect();
    matches.sort_by_key(|found| {
        let rank = (found.own, found.coverage);
        (Reverse(rank), found.differences.len())
    });
    let matches = by_clause(matches);
    let found = reported(lexicon, claim, record, &matches)
        .or_else(|| short(lexicon, claim, record, &matches, is_story))
        .or_else(|| is_story.then(|| retold(claim, record, &matches)).flatten());
    let is_blame = |finding: &Finding<'_>| finding.label == Label::Contradicted;
    let found = match found {
        Some(found) if is_blame(&found) || !is_story => Some(found),
        found => quantified(lexicon, claim, record)
            .or_else(|| lone::lone(lexicon, claim, record, &matches, near))
            .or(found),
    };
    found.into_iter().collect()
}

/// Of a sentence that stands beside its own clauses only what the clause nearest to the claim says of it counts as a
/// difference: a step or a negation of another clause is not held against the claim.
fn by_clause(matches: Vec<event::Match<'_>>) -> Vec<event::Match<'_>> {
    let is_of_clause = |slot: SlotName| {
        matches!(
            slot,
            SlotName::Status | SlotName::Polarity | SlotName::Modality
        )
    };
    let mut nearest: BTreeMap<&str, &event::Match<'_>> = BTreeMap::new();
    let is_event = |found: &&event::Match<'_>| found.observation.frame.quantity.is_none();
    let longest = |text: &str| {
        let same = matches
            .iter()
            .filter(|found| found.observation.text == text);
        let same = same.filter(is_event);
        same.map(|found| found.observation.frame.terms.len()).max()
    };
    for found in matches.iter().filter(is_event) {
        let text = found.observation.text.as_str();
        if Some(found.observation.frame.terms.len()) != longest(text) {
            nearest.entry(text).or_insert(found);
        }
    }
    let is_kept: Vec<bool> = matches
        .iter()
        .map(|found| {
            let slots = found.differences.iter().map(|difference| difference.slot);
            let mut of_clause = slots.filter(|slot| is_of_clause(*slot));
            let Some(clause) = nearest.get(found.observation.text.as_str()) else {
                return true;
            };
            of_clause.all(|slot| clause.differences.iter().any(|other| other.slot == slot))
        })
        .collect();
    let kept = matches
        .into_iter()
        .zip(is_kept)
        .filter(|(_, is_kept)| *is_kept);
    kept.map(|(found, _)| found).collect()
}

/// What the sentence says that holds most of the claim.
fn reported<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &Record<'a>,
    matches: &[event::Match<'a>],
) -> Option<Finding<'a>> {
    let mut shared = matches.iter().filter(|found| found.shared >= SHARED_LEAST);
    let best = shared.next()?;
    let next = shared
        .filter(|found| found.observation.text != best.observation.text)
        .map(|found| found.shared)
        .max()
        .unwrap_or(0);
    if best.differences.is_empty() && best.coverage >= COVER_LEAD {
        let step = moved::step(lexicon, &claim.frame, &best.observation.frame);
        if let Some(step) = step.filter(|_| best.observation.published_at <= claim.published_at) {
            let (label, strength) = (Label::Outdated, strength(best));
            return Some(Finding::of_sentence(
                label,
                vec![step],
                best.observation,
                strength,
            ));
        }
    }
    if best.differences.is_empty()
        && best.coverage >= COVER_SUPPORT
        && best.is_same_deed
        && !best.is_doubtful
        && !has_figures(&claim.frame)
        && is_day_known(claim, record)
    {
        let (label, strength) = (Label::Supported, strength(best));
        return Some(Finding::of_sentence(
            label,
            Vec::new(),
            best.observation,
            strength,
        ));
    }
    let [difference] = best.differences.as_slice() else {
        return None;
    };
    let is_leading = best.coverage >= COVER_LEAD
        && best.shared * 2 >= next * 3
        && difference.slot != SlotName::Polarity;
    let is_blamed = best.coverage >= COVER_BLAME || is_leading;
    // What the record says elsewhere as the claim does is no difference.
    let is_said = matches!(difference.slot, SlotName::Status | SlotName::Polarity)
        && !absent::is_absent(lexicon, claim, record, best, difference);
    let is_said = is_said
        || difference.slot == SlotName::Person
            && absent::is_written(difference, &best.observation.text);
    let is_blamed = is_blamed
        && !is_said
        && is_one_fact(claim, best.observation, record, difference.slot)
        && !topic::are_apart(claim, best.observation, difference.slot);
    is_blamed.then(|| blame(claim, best)).flatten()
}

/// A short sentence that a record says nearly in full, of which the publication retells the rest too.
fn retold<'a>(
    claim: &Claim,
    record: &Record<'a>,
    matches: &[event::Match<'a>],
) -> Option<Finding<'a>> {
    let is_told = |found: &&event::Match<'a>| {
        found.differences.is_empty()
            && found.is_same_deed
            && !found.is_doubtful
            && found.coverage >= COVER_RETOLD
            && found.own >= SHARED_STORY
    };
    if has_figures(&claim.frame) || !is_day_known(claim, record) {
        return None;
    }
    let told = matches.iter().find(is_told)?;
    let (label, strength) = (Label::Supported, strength(told));
    Some(Finding::of_sentence(
        label,
        Vec::new(),
        told.observation,
        strength,
    ))
}

/// Whether a sentence gives figures, which speak for themselves: only they can bear it out.
pub(super) fn has_figures(frame: &Frame) -> bool {
    numbers(frame).next().is_some()
}

/// Whether a record holds a day that a claim names; the day of its publication goes without saying.
fn is_day_known(claim: &Claim, record: &Record<'_>) -> bool {
    let days = slots::days(&claim.frame);
    let theirs = record.anchors.iter();
    let theirs = theirs
        .filter_map(|anchor| anchor.strip_prefix("d:"))
        .collect();
    let told = local_day(record.first().published_at);
    let is_told = |day: &str| {
        day.parse::<NaiveDate>()
            .is_ok_and(|day| (told - day).num_days().abs() <= EARLY_DAYS)
    };
    slots::dates(&days, &theirs) != Relation::Disjoint && !theirs.is_empty()
        || days.iter().all(|day| is_told(day))
}

/// What a sentence says that shares little with a short claim, while the record as a whole holds what the claim is about
/// and says nowhere what the claim says of the slot. Of a record that the publication retells, less has to be shared.
fn short<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &Record<'a>,
    matches: &[event::Match<'a>],
    is_story: bool,
) -> Option<Finding<'a>> {
    let is_telling = |found: &&event::Match<'a>| {
        let [difference] = found.differences.as_slice() else {
            return false;
        };
        let is_predicate = matches!(difference.slot, SlotName::Status | SlotName::Polarity);
        let is_placed = matches!(
            difference.slot,
            SlotName::Date | SlotName::Place | SlotName::Body | SlotName::Reference
        );
        // «Вице-министр» may be read without its first half: what stands in the record's words is no difference.
        if difference.slot == SlotName::Person
            && absent::is_written(difference, &found.observation.text)
        {
            return false;
        }
        let is_told = || {
            let theirs = found.observation.frame.anchors();
            difference.slot == SlotName::Date || event::tells_deed(lexicon, &claim.frame, &theirs)
        };
        let held = event::held_anywhere(claim, record, difference);
        let meets = |needs: Needs| {
            found.shared >= needs.shared
                && found.own >= needs.own
                && found.coverage >= needs.coverage
                && held >= needs.held
        };
        let denied = format!("x:{}", difference.official);
        let is_denial = is_predicate
            && found.observation.frame.terms.contains(&denied)
            && !has_figures(&claim.frame);
        let is_held = meets(Needs::of(is_story, is_predicate, found.coverage))
            && (!is_story || is_predicate || found.shared >= SHARED_SHORT || is_told())
            || is_story && is_denial && meets(Needs::DENIED);
        (found.is_same_deed || !is_placed)
            && (is_held || is_story && is_pointing(claim, record, found))
            && is_one_fact(claim, found.observation, record, difference.slot)
            && !topic::are_apart(claim, found.observation, difference.slot)
            && absent::is_absent(lexicon, claim, record, found, difference)
    };
    let best = matches.iter().find(is_telling)?;
    blame(claim, best)
}

/// What a record's sentence must share with a short claim that differs from it.
struct Needs {
    /// Share of the claim's recognisable content.
    coverage: u32,
    /// Weight of what is shared, the surroundings included.
    shared: u32,
    /// Weight of what the sentence itself shares.
    own: u32,
    /// Share of the claim that the record must hold anywhere.
    held: u32,
}

impl Needs {
    /// What is needed where the record denies the deed itself, if only in passing, and holds most of the rest elsewhere.
    const DENIED: Needs = Needs {
        coverage: 0,
        shared: SHARED_STORY,
        own: SHARED_STORY,
        held: HELD_SHORT,
    };

    /// What is needed where a predicate differs, or something else; less of a record that the publication retells.
    fn of(is_story: bool, is_predicate: bool, coverage: u32) -> Needs {
        let needs = |coverage, shared, own, held| Needs {
            coverage,
            shared,
            own,
            held,
        };
        match (is_story, is_predicate) {
            (true, true) if coverage >= COVER_WHOLE => {
                needs(COVER_WHOLE, SHARED_STORY, SHARED_STORY, HELD_STORY)
            }
            (true, true) => needs(COVER_STORY, SHARED_SHORT, SHARED_SHORT, HELD_STORY),
            (true, false) => needs(HELD_BRIEF, SHARED_STORY, SHARED_STORY, HELD_BRIEF),
            (false, true) => needs(COVER_PREDICATE, SHARED_SHORT, 0, HELD_SHORT),
            (false, false) => needs(COVER_SHORT, SHARED_SHORT, 0, HELD_SHORT),
        }
    }
}

/// Whether a claim says of nothing but "it" that it happened on a day, and a record's sentence is the first that dates what
/// the record tells.
fn is_pointing(claim: &Claim, record: &Record<'_>, found: &event::Match<'_>) -> bool {
    let has = |frame: &Frame, prefix: &str| frame.terms.iter().any(|term| term.starts_with(prefix));
    let mut dated = record.observations.iter();
    let first = dated.find(|observation| has(&observation.frame, "d:"));
    found
        .differences
        .iter()
        .all(|one| one.slot == SlotName::Date)
        && event::words(&claim.frame).next().is_none()
        && claim
            .frame
            .terms
            .iter()
            .any(|term| HAPPENED.contains(&term.as_str()))
        && first.is_some_and(|first| first.text == found.observation.text)
}

/// A sentence that differs in one slot.
fn blame<'a>(claim: &Claim, found: &event::Match<'a>) -> Option<Finding<'a>> {
    if claim.frame.modality == Modality::Rumoured {
        return None;
    }
    let is_replaced =
        found.differences[0].slot == SlotName::Person && is_appointment(claim, found.observation);
    let label = if is_replaced {
        Label::Outdated
    } else {
        Label::Contradicted
    };
    let differences = found.differences.clone();
    let strength = strength(found);
    Some(Finding::of_sentence(
        label,
        differences,
        found.observation,
        strength,
    ))
}

/// How strongly a sentence that holds much of a claim speaks, beside figures.
fn strength(found: &event::Match<'_>) -> i32 {
    (found.coverage / 40) as i32
}

/// Whether a sentence with figures and a record's sentence may be held against each other in a slot: those that belong
/// to a figure can differ only where a figure is shared, a place also where the record gives all of them
/// elsewhere and never names that place.
fn is_one_fact(
    claim: &Claim,
    observation: &Observation,
    record: &Record<'_>,
    slot: SlotName,
) -> bool {
    let [mine, theirs] =
        [&claim.frame, &observation.frame].map(|frame| numbers(frame).collect::<Vec<_>>());
    let is_of_deed = matches!(slot, SlotName::Status | SlotName::Polarity);
    if mine.is_empty() || !is_of_deed && mine.iter().any(|figure| theirs.contains(figure)) {
        return true;
    }
    let has = |anchor: &String| record.anchors.binary_search(anchor).is_ok();
    match slot {
        SlotName::Person | SlotName::Attribution | SlotName::Reference => true,
        SlotName::Place => {
            let places = slots::own(&claim.frame.places);
            let is_named = |place: &&str| has(&format!("p:{place}"));
            mine.iter().all(|figure| has(figure)) && !places.iter().any(is_named)
        }
        // Of what was not done to a single one no number was.
        SlotName::Polarity if says_none(&observation.text) => true,
        // A figure is of many cases, a step or a negation of one.
        SlotName::Status | SlotName::Polarity => mine.iter().all(|figure| theirs.contains(figure)),
        _ => false,
    }
}

/// Whether the record appoints somebody to an office that the publication still gives to another, without speaking of
/// an appointment itself.
fn is_appointment(claim: &Claim, observation: &Observation) -> bool {
    moved::appoints(&observation.frame)
        && !moved::appoints(&claim.frame)
        && observation.published_at < claim.published_at
}
