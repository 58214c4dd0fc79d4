//! Finds what has moved on since: a later figure of the same series, another holder of an office, a further reading of a bill.
//!
//! A publication that repeats what was so once is not held to differ from the record; it is outdated. Only a claim that
//! speaks of the present can be: one that names its day stays true of that day, unless the agency revised the figure.

use super::explain;
use super::fact::{Record, Source};
use super::knowledge;
use super::number::Outcome;
use super::offices::role;
use super::pair::{Numbers, pair, places};
use super::slots::{self, Relation};
use super::verdict::Finding;
use crate::language::names::may_be_same_person;
use crate::language::{Lexicon, Period, PeriodKind, local_day};
use crate::model::{Claim, Difference, Frame, Label, Observation, Origin, Part, Slot, SlotName};

/// Points of nearness from which an earlier figure is the one that a claim repeats.
const NEAR_THEN: i32 = 5;
/// Points of nearness from which a later figure belongs to the same series.
const NEAR_SERIES: i32 = 9;
/// Words by which something is counted up to now; «в этом году» says no more than the year.
const TO_DATE: [&str; 10] = [
    "с начала года",
    "с начала этого года",
    "с начала текущего года",
    "на сегодня",
    "so far this year",
    "since the beginning of the year",
    "since the start of the year",
    "year to date",
    "жыл басынан",
    "бүгінге дейін",
];
/// Days by which the end of what is counted up to now may differ from the day of publication.
const TO_DATE_DAYS: i64 = 2;
/// The ladder on which bills move.
const LEGISLATION: &str = "legislation";

/// A later figure of what a claim says is so now, in a record of the source that bore it out; or a later figure of the very
/// period that the claim names, in the same words: the figure was revised.
pub(super) fn figure<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    borne_out: &Observation,
    records: &[&'a Record<'a>],
) -> Option<Finding<'a>> {
    let quantity = claim.frame.quantity.as_ref()?;
    let period = claim.frame.period.as_ref()?;
    let is_to_date = runs_to_date(claim);
    let is_current = period.best.kind == PeriodKind::Current || is_to_date;
    // Another version of the record that bears the claim out is no later one.
    let says_so_too = |record: &Record<'_>| {
        let mut facts = record.facts.iter();
        facts.any(|fact| fact.quantity.best.value == quantity.best.value)
    };
    let later = records.iter().filter(|record| {
        let first = record.first();
        first.source == borne_out.source
            && first.published_at > borne_out.published_at
            && (!is_to_date || first.published_at <= claim.published_at && !says_so_too(record))
    });
    let facts = later.flat_map(|record| record.facts.iter().map(|fact| (fact, &record.anchors)));
    let facts = facts.filter(|(fact, _)| is_current || is_reworked(fact.observation, borne_out));
    let pairs = facts.filter_map(|(fact, around)| {
        let pair = pair(lexicon, claim, quantity, fact, around);
        let is_of_series = pair.numbers == Numbers::Different
            && pair.differences.is_empty()
            && pair.is_keyed
            && pair.is_same_measure
            && pair.nearness >= NEAR_SERIES
            && (is_current || pair.period == Relation::Equal)
            && fact.source == Source::Stated
            && !fact.is_earlier;
        is_of_series.then_some(pair)
    });
    let newest = pairs.max_by_key(|pair| (pair.fact.observation.published_at, pair.nearness))?;
    Some(outdated(
        newest.fact.observation,
        explain::difference(claim, newest.fact, SlotName::Value),
    ))
}

/// Whether a claim counts from some day up to the day it was published: «жыл басынан бүгінге дейін», "so far this year".
pub(super) fn runs_to_date(claim: &Claim) -> bool {
    let today = local_day(claim.published_at);
    let text = claim.text.to_lowercase();
    let is_said = TO_DATE.iter().any(|words| text.contains(words));
    is_said
        && claim.frame.period.as_ref().is_some_and(|slot| {
            let days = (slot.best.end - today).num_days();
            slot.best.kind == PeriodKind::Cumulative
                && slot.origin == Origin::Clause
                && days.abs() <= TO_DATE_DAYS
        })
}

/// Whether a sentence says again, with other figures, what an earlier one said.
fn is_reworked(later: &Observation, earlier: &Observation) -> bool {
    let without_figures = |text: &str| -> String {
        let letters = text.chars();
        letters.filter(|letter| letter.is_alphabetic()).collect()
    };
    let is_text = |observation: &Observation| matches!(observation.part, Part::Text(_));
    is_text(later)
        && is_text(earlier)
        && without_figures(&later.text) == without_figures(&earlier.text)
}

/// What a number that differs from the record comes to when another record has it: one of before says what was so then, and
/// the claim is outdated; one of after bears it out.
pub(super) fn overtaken<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    finding: Finding<'a>,
    records: &[&'a Record<'a>],
) -> Finding<'a> {
    // The number itself, unless it is the record's own and said of too much; or the time that it is of.
    let is_of_number = |difference: &Difference| match difference.slot {
        SlotName::Value => !finding.is_same_number,
        SlotName::Period => true,
        _ => false,
    };
    let is_of_time = finding
        .differences
        .iter()
        .any(|difference| difference.slot == SlotName::Period);
    let Some(quantity) = claim.frame.quantity.as_ref().filter(|_| {
        finding.label == Label::Contradicted && finding.differences.iter().all(is_of_number)
    }) else {
        return finding;
    };
    let told_at = finding.observation.published_at;
    let facts = records
        .iter()
        .flat_map(|record| record.facts.iter().map(|fact| (fact, &record.anchors)));
    let borne_out = facts.filter_map(|(fact, around)| {
        let pair = pair(lexicon, claim, quantity, fact, around);
        let is_borne_out = matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
            && fact.source == Source::Stated
            && fact.observation.revision != finding.observation.revision
            && pair.differences.iter().all(|slot| *slot == SlotName::Period)
            && !(is_of_time && pair.is_period_apart)
            && pair.is_same_measure
            && pair.nearness >= NEAR_THEN;
        is_borne_out.then_some(fact.observation)
    });
    let Some(other) = borne_out.max_by_key(|observation| observation.published_at) else {
        return finding;
    };
    // What was so when it was written stays so.
    if other.published_at < told_at && told_at <= claim.published_at {
        outdated(finding.observation, finding.differences[0].clone())
    } else {
        Finding::of_sentence(Label::Supported, Vec::new(), other, NEAR_SERIES)
    }
}

/// An office that a record gives to somebody else than the claim does, by an appointment before the claim was published.
pub(super) fn office<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    records: &[&'a Record<'a>],
) -> Option<Finding<'a>> {
    let mine = &claim.frame;
    if appoints(mine) {
        return None;
    }
    let on = Some(local_day(claim.published_at));
    let holders = |frame: &Frame| -> Vec<(String, Vec<String>)> {
        let people = slots::own(&frame.persons).into_iter();
        let people = people.filter(|id| id.starts_with("person:"));
        people
            .filter_map(|man| Some((man.to_owned(), role(lexicon, frame, man)?)))
            .collect()
    };
    let claimed = holders(mine);
    let observations = records.iter().flat_map(|record| &record.observations);
    let appointments = observations.filter(|observation| {
        appoints(&observation.frame)
            && observation.published_at < claim.published_at
            && places(lexicon, mine, &observation.frame, on) == Relation::Equal
            && slots::sets(
                &slots::own(&mine.bodies),
                &slots::own(&observation.frame.bodies),
            ) != Relation::Disjoint
    });
    for observation in appointments {
        for (official, office) in holders(&observation.frame) {
            let other = claimed
                .iter()
                .find(|(man, held)| *held == office && !may_be_same_person(man, &official));
            if let Some((man, _)) = other {
                let difference = Difference {
                    slot: SlotName::Person,
                    claimed: man.clone(),
                    official,
                };
                return Some(outdated(observation, difference));
            }
        }
    }
    None
}

/// The step of a bill that a record has seen taken beyond the one that a claim gives.
pub(super) fn step(lexicon: &Lexicon, mine: &Frame, theirs: &Frame) -> Option<Difference> {
    let highest = |frame: &Frame| -> Option<(u8, String)> {
        let lists = [&frame.statuses, &frame.actions, &frame.qualifiers];
        let own = lists.into_iter().flat_map(|list| slots::own(list));
        own.filter_map(|id| {
            let (ladder, rung) = knowledge::rung(lexicon, id)?;
            (ladder == LEGISLATION).then(|| (rung, id.to_owned()))
        })
        .max()
    };
    let (claimed, official) = (highest(mine)?, highest(theirs)?);
    let is_dated = mine.period.as_ref().is_some_and(is_dated);
    let is_bill = mine.measures.iter().any(|slot| slot.best.contains("bill"));
    (official.0 > claimed.0 && is_bill && !is_dated).then_some(Difference {
        slot: SlotName::Status,
        claimed: claimed.1,
        official: official.1,
    })
}

/// Whether a period is a day that the sentence itself names.
fn is_dated(slot: &Slot<Period>) -> bool {
    slot.best.kind == PeriodKind::Day && slot.origin <= Origin::Sentence
}

/// Whether a statement speaks of an appointment.
pub(super) fn appoints(frame: &Frame) -> bool {
    [&frame.actions, &frame.statuses]
        .into_iter()
        .flatten()
        .any(|slot| slot.best.contains("appoint"))
}

/// A claim that was so once.
fn outdated(observation: &Observation, difference: Difference) -> Finding<'_> {
    let (label, differences) = (Label::Outdated, vec![difference]);
    Finding::of_sentence(label, differences, observation, NEAR_SERIES)
}
