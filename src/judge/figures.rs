//! Judges a claim with a figure against the figures of one record: borne out, given for something else, or different.
//!
//! A number is first looked for in the record. Where it stands there for another base, place, period or role, that slot
//! is the difference; only where it stands nowhere may the number itself be one.

mod elsewhere;
mod taken;
mod value;

use chrono::Datelike as _;

pub(super) use taken::{is_of_all, is_parted, said};

use super::explain;
use super::fact::{Record, Source as FactSource};
use super::frame::number_anchor;
use super::number::Outcome;
use super::offices;
use super::pair::{Numbers, Pair, is_telling, pair, profile};
use super::quantifiers::quantified;
use super::slots::{self, Relation};
use super::verdict::Finding;
use crate::language::{Lexicon, Mode, Quantity, Role};
use crate::model::{
    Claim, Difference, Frame, Label, Modality, Observation, Origin, Part, Polarity, SlotName,
};

/// Points of nearness from which a number that agrees bears a claim out, for numbers that tell little by themselves.
const NEAR_SUPPORT: i32 = 5;
/// Points from which a telling number that agrees bears a claim out.
const NEAR_TELLING: i32 = 1;
/// Points from which a number that differs is blamed.
const NEAR_BLAME: i32 = 9;
/// Coverage from which a number that differs is blamed, in thousandths.
const COVER_VALUE: u32 = 450;
/// Days of the longest month.
const MONTH_DAYS: i64 = 31;
/// Days for which a record's plan is taken for one still to be done.
pub(super) const PLAN_DAYS: i64 = 45;
/// Coverage of a claim of which a record's sentence holds nearly all.
const COVER_ALL: u32 = 900;
/// Coverage from which another slot of a figure that agrees is blamed.
const COVER_SLOT: u32 = 350;
/// Concepts that tell no base by themselves.
const GENERIC: [&str; 13] = [
    "person",
    "fact",
    "case",
    "country",
    "annual",
    "number",
    "number_of",
    "total",
    "region",
    "rose",
    "fell",
    "growth",
    "decline",
];

/// Findings for a claim with a figure from one record.
pub(super) fn figures<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    record: &'a Record<'a>,
) -> Vec<Finding<'a>> {
    let pairs: Vec<Pair<'a>> = record
        .facts
        .iter()
        .map(|fact| pair(lexicon, claim, quantity, fact, &record.anchors))
        .collect();
    if is_place_of_another(claim, quantity, &pairs, record) {
        return Vec::new();
    }
    let around = &record.anchors;
    // Only a period whose year the sentence writes is sure enough to be held against it as another one.
    let has_own_period = claim.frame.period.as_ref().is_some_and(|slot| {
        let year = slot.best.start.year().to_string();
        slot.origin == Origin::Clause && claim.text.contains(&year)
    });
    let instead = quantified(lexicon, claim, record)
        .or_else(|| taken::donor(claim, quantity, &pairs))
        .or_else(|| taken::counted_for_another(lexicon, claim, quantity, &pairs))
        .or_else(|| elsewhere::by_for_to(claim, quantity, &pairs))
        .or_else(|| elsewhere::denied(lexicon, claim, quantity, record))
        .or_else(|| elsewhere::swapped(claim, quantity, &pairs))
        .or_else(|| elsewhere::turned(claim, quantity, &pairs))
        .or_else(|| elsewhere::denied_deed(lexicon, claim, quantity, &pairs))
        .or_else(|| elsewhere::told_by_another(lexicon, claim, quantity, &pairs, around))
        .or_else(|| elsewhere::said_by_another(lexicon, claim, &pairs, around))
        .or_else(|| elsewhere::done_by_another(lexicon, claim, quantity, &pairs, around))
        .or_else(|| elsewhere::part_for_whole(claim, quantity, &pairs))
        .or_else(|| taken::whole_for_part(claim, quantity, &pairs))
        .or_else(|| elsewhere::percent_for_points(claim, quantity, &pairs))
        .or_else(|| elsewhere::derived_amount(claim, quantity, &pairs))
        .or_else(|| elsewhere::misplaced(claim, quantity, &pairs, SlotName::Place))
        .or_else(|| {
            let found = elsewhere::misplaced(claim, quantity, &pairs, SlotName::Period);
            found.filter(|_| has_own_period)
        })
        .or_else(|| elsewhere::other_row(claim, quantity, &pairs));
    if let Some(finding) = instead {
        return vec![finding];
    }
    let mut findings: Vec<Finding<'a>> = Vec::new();
    // What is counted differs only where the record counts what the claim does, and comes to another number.
    let has_rival = pairs.iter().any(|pair| {
        pair.numbers == Numbers::Different
            && pair.differences.is_empty()
            && pair.is_keyed
            && pair.is_same_measure
            && quantity.unit.of.is_some()
            && quantity.unit.of == pair.fact.quantity.unit.of
    });
    for pair in &pairs {
        let found = agreement(lexicon, claim, quantity, pair, has_rival);
        let is_place = pair.differences.contains(&SlotName::Place);
        findings.extend(found.filter(|_| !is_place || has_own_figure(&pairs)));
    }
    if findings.iter().all(|finding| finding.is_weak) {
        let found = value::disagreement(claim, quantity, &pairs, around, lexicon)
            .or_else(|| value::slip(claim, quantity, &pairs, around))
            .or_else(|| value::of_region(claim, quantity, &pairs, around))
            .or_else(|| value::beside(claim, quantity, &pairs));
        findings.extend(found);
    }
    findings
}

/// Whether a record's figure is of the very region that the claim's own sentence names.
fn is_same_key(claim: &Claim, pair: &Pair<'_>) -> bool {
    pair.place == Relation::Equal
        && slots::own(&claim.frame.places)
            .iter()
            .any(|place| *place != slots::COUNTRY)
}

/// Whether the place that a claim names is that of another number of its sentence: "she is second after Akmola: 1,125 against
/// 1,188", where one column of the record has 1,188 for Akmola and 1,125 for another place.
fn is_place_of_another(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'_>],
    record: &Record<'_>,
) -> bool {
    let (own, named) = (number_anchor(quantity), slots::own(&claim.frame.places));
    let mut others = record.facts.iter().filter(|fact| {
        let number = number_anchor(&fact.quantity);
        let places = slots::in_clause(&fact.frame.places);
        number != own && claim.frame.terms.contains(&number) && !places.is_disjoint(&named)
    });
    let elsewhere = |pair: &&Pair<'_>| {
        pair.numbers == Numbers::Agree(Outcome::Exact) && pair.place == Relation::Disjoint
    };
    others.any(|other| {
        let mut pairs = pairs.iter().filter(elsewhere);
        pairs.any(|pair| are_in_line(pair.fact.observation, other.observation, false))
    })
}

/// Whether two figures stand in one sentence, or in one column of a table; in one row too where `by_row` says so.
fn are_in_line(a: &Observation, b: &Observation, by_row: bool) -> bool {
    match (&a.part, &b.part) {
        (
            Part::Cell { table, row, column },
            Part::Cell {
                table: t,
                row: r,
                column: c,
            },
        ) => table == t && (column == c || by_row && row == r),
        _ => a.text == b.text,
    }
}

/// Whether the record gives another number for the very place, period and measure that are claimed.
fn has_own_figure(pairs: &[Pair<'_>]) -> bool {
    pairs.iter().any(|pair| {
        pair.numbers == Numbers::Different
            && pair.differences.is_empty()
            && pair.is_same_region
            && pair.is_same_measure
    })
}

/// What a figure that agrees in number says.
fn agreement<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    pair: &Pair<'a>,
    has_rival: bool,
) -> Option<Finding<'a>> {
    // «Четыре тысячи» may stand for 4 318: near enough to tell what was counted, not how many there were.
    let is_grey_step = pair.numbers == Numbers::Grey
        && pair.differences == [SlotName::Status]
        && pair.is_same_measure
        && pair.nearness >= NEAR_BLAME
        && pair.coverage >= COVER_VALUE;
    let outcome = match pair.numbers {
        Numbers::Agree(outcome) => outcome,
        Numbers::Grey if is_grey_step => Outcome::Coarse,
        _ => return None,
    };
    let is_exact = outcome <= Outcome::Rounded;
    let is_meant = pair.is_same_measure || pair.coverage >= COVER_SLOT;
    let needed = if is_telling(quantity) && is_exact {
        NEAR_TELLING
    } else {
        NEAR_SUPPORT
    };
    if pair.nearness < needed {
        return None;
    }
    let fact = pair.fact;
    // The earlier level bears nothing out that is said of the later one, nor does a share that nobody declares a change.
    let is_other_time = fact.is_earlier && quantity.role != Role::Start && pair.is_period_apart;
    let is_loose = fact.source == FactSource::Share
        && quantity.role != Role::Share
        && claim.frame.direction.is_some();
    // Nor is a number of another period, which both sentences write.
    let is_dated = |frame: &Frame| {
        let period = frame.period.as_ref();
        period.is_some_and(|slot| slot.origin == Origin::Clause)
    };
    let is_other_period = pair.is_period_apart && is_dated(&claim.frame) && is_dated(&fact.frame);
    let is_blamed = pair.differences == [SlotName::Period];
    if is_other_time || is_other_period && !is_blamed || is_loose || pair.is_second_role {
        return None;
    }
    if pair.differences.is_empty() {
        return Some(Finding {
            label: Label::Supported,
            differences: Vec::new(),
            observation: fact.observation,
            strength: pair.nearness + if is_exact { 3 } else { 0 },
            answered: answered(claim, quantity, pair),
            is_same_number: true,
            is_weak: outcome > Outcome::Rounded || !is_telling(quantity),
            is_loose: !is_meant && pair.nearness < NEAR_SUPPORT,
            is_far: false,
        });
    }
    // What is planned is of another time than what is done.
    let is_later = |slot: &SlotName| {
        *slot == SlotName::Period && pair.differences.contains(&SlotName::Modality)
    };
    let differences = || pair.differences.iter().filter(|slot| !is_later(slot));
    if differences().count() > 1
        || fact.source == FactSource::Share
        || claim.frame.modality == Modality::Rumoured
    {
        return None;
    }
    let is_donor = is_telling(quantity) && outcome == Outcome::Exact;
    let slot = *differences().next()?;
    // As much up as the record has it down, or done as it is still planned there: the number and what it is of need not tell
    // more. A plan of some time ago may be done by now.
    let age = claim.published_at - fact.observation.published_at;
    let may_be_turned =
        slot == SlotName::Direction || slot == SlotName::Modality && age.num_days() <= PLAN_DAYS;
    // The row of the very place, with all else that the claim says, needs no name of its column.
    let is_row = slot == SlotName::Direction
        && matches!(fact.observation.part, Part::Cell { .. })
        && pair.coverage >= COVER_ALL
        && is_same_key(claim, pair);
    let is_turned = may_be_turned
        && (pair.is_same_measure || is_row)
        && pair.is_keyed
        && pair.nearness >= NEAR_SUPPORT
        && pair.coverage >= COVER_VALUE;
    // All that the claim says stands there, with another time that is written too.
    let is_retimed = slot == SlotName::Period
        && is_other_period
        && quantity.mode == Mode::Bare
        && pair.coverage >= COVER_ALL
        && pair.is_same_measure;
    let is_near = is_donor || is_turned || is_retimed || pair.nearness >= NEAR_BLAME;
    if !is_near || pair.coverage < COVER_SLOT && !is_sure(quantity, pair) {
        return None;
    }
    // Of what both deny the claim may say when it was told.
    let is_denial = [claim.frame.polarity, fact.frame.polarity] == [Polarity::Negative; 2];
    if slot == SlotName::Period && (is_denial || is_another_year(claim, &fact.frame)) {
        return None;
    }
    let is_hedged = slot == SlotName::Change && quantity.mode != Mode::Bare;
    if is_hedged || slot == SlotName::Base && !has_rival {
        return None;
    }
    if slot == SlotName::Person {
        let (claimed, official) = offices::other_office(lexicon, &claim.frame, &fact.frame)?;
        let difference = Difference {
            slot,
            claimed,
            official,
        };
        return Some(Finding::same_number(
            difference,
            fact.observation,
            pair.nearness,
        ));
    }
    Some(taken_from(claim, pair, slot, pair.nearness))
}

/// Whether a claim's period is a day or month that begins in the record's month, of a year that the claim does not write:
/// nobody is held to that.
fn is_another_year(claim: &Claim, record: &Frame) -> bool {
    let (Some(mine), Some(theirs)) = (&claim.frame.period, &record.period) else {
        return false;
    };
    let days = (mine.best.end - mine.best.start).num_days();
    let (mine, theirs) = (mine.best.start, theirs.best.start);
    days <= MONTH_DAYS
        && mine.month() == theirs.month()
        && mine.year() != theirs.year()
        && !claim.text.contains(&mine.year().to_string())
}

/// The claim's number, which the record gives for something else in one slot.
fn taken_from<'a>(claim: &Claim, pair: &Pair<'a>, slot: SlotName, strength: i32) -> Finding<'a> {
    let difference = explain::difference(claim, pair.fact, slot);
    Finding::same_number(difference, pair.fact.observation, strength)
}

/// Whether a pair is of one fact by its number alone: a telling number of the same measure, place and period.
fn is_sure(quantity: &Quantity, pair: &Pair<'_>) -> bool {
    is_telling(quantity)
        && matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
        && pair.is_same_measure
        && pair.is_keyed
}

/// Slots that a claim states and a figure of the same number answers alike.
fn answered(claim: &Claim, quantity: &Quantity, pair: &Pair<'_>) -> Vec<SlotName> {
    let (mine, fact) = (&claim.frame, pair.fact);
    let is_moved = |role: Role| matches!(role, Role::ChangeBy | Role::ChangeTo);
    let is_same_change = quantity.role == fact.quantity.role
        || !is_moved(quantity.role) && !is_moved(fact.quantity.role);
    let theirs = profile(&fact.frame);
    let is_same_base = profile(mine)
        .iter()
        .all(|id| GENERIC.contains(id) || theirs.contains(id));
    let is_same_time = matches!(pair.period, Relation::Equal | Relation::Overlap);
    let answers = [
        (SlotName::Period, is_same_time),
        (SlotName::Direction, mine.direction == fact.frame.direction),
        (SlotName::Change, is_same_change),
        (SlotName::Base, is_same_base),
    ];
    let alike = answers.into_iter().filter(|(_, is_alike)| *is_alike);
    alike.map(|(slot, _)| slot).collect()
}
