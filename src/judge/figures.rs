//! Judges a claim with a figure against the figures of one record: borne out, given for something else, or different.
//!
//! A number is first looked for in the record. Where it stands there for another base, place, period or role, that slot
//! is the difference; only where it stands nowhere may the number itself be one.

use std::collections::BTreeSet;

use chrono::Datelike as _;
use rust_decimal::Decimal;

use super::event::{self, FATES};
use super::explain;
use super::fact::{Fact, Record, Source as FactSource};
use super::frame::{OTHER_SPEAKER, TELLING_DIGITS, number_anchor, significant_digits};
use super::number::{Outcome, is_exchange, is_shift, is_slip};
use super::pair::{Numbers, Pair, is_telling, pair, profile};
use super::slots::{self, Relation};
use super::verdict::Finding;
use crate::language::{Dimension, Lexicon, Mode, Period, PeriodKind, Quantity, Role};
use crate::model::{Claim, Difference, Frame, Label, Modality, Origin, Part, SlotName};

/// Points of nearness from which a number that agrees bears a claim out, for numbers that tell little by themselves.
const NEAR_SUPPORT: i32 = 5;
/// Points from which a telling number that agrees bears a claim out.
const NEAR_TELLING: i32 = 1;
/// Points from which a number that differs is blamed.
const NEAR_BLAME: i32 = 9;
/// Points by which the nearest figure must lead the next one with another value.
const LEAD: i32 = 2;
/// Points by which the figure of the claimed base must be nearer than the one the number was taken from.
const DONOR_LEAD: i32 = 2;
/// Coverage from which a number that differs is blamed, in thousandths.
const COVER_VALUE: u32 = 450;
/// Points of lead that leave no doubt which figure is meant.
const CLEAR_LEAD: i32 = 5;
/// Coverage from which a number that differs is blamed where that figure leads clearly.
const COVER_CLEAR: u32 = 300;
/// Coverage from which a number of another magnitude is blamed.
const COVER_APART: u32 = 250;
/// Coverage from which a number with one wrong digit is a slip, and no other number.
const COVER_DIGIT: u32 = 600;
/// Coverage from which a sentence about all of a number is held against one about a part of it.
const COVER_WHOLE: u32 = 600;
/// Days by which a period must be longer than its part to be another one.
const PART_DAYS: i64 = 20;
/// Worth of a word that tells one row of a table from another: a concept, no mere stem.
const ROW_WORTH: u32 = 12;
/// Coverage from which a count below ten is blamed: records are full of them.
const COVER_SMALL: u32 = 700;
/// Coverage from which a number of three digits or more that is a slip of the record's is blamed.
const COVER_SLIP: u32 = 180;
/// Coverage from which another slot of a figure that agrees is blamed.
const COVER_SLOT: u32 = 350;
/// Coverage from which a figure can be the one a number was taken from.
const COVER_DONOR: u32 = 150;
/// Digits from which a number can only have been taken from where it stands.
const UNIQUE_DIGITS: usize = 5;
/// Qualifiers that say who or what kind, and nothing that was done.
const KINDS: [&str; 15] = [
    "juvenile",
    "adult",
    "electronic",
    "on_paper",
    "repeat",
    "mean_value",
    "grave",
    "minor_gravity",
    "group",
    "organised",
    "public_place",
    "per_capita",
    "per_100k",
    "drunk",
    "sober",
];
/// Concepts that tell no base by themselves.
const GENERIC: [&str; 12] = [
    "person", "fact", "case", "country", "annual", "number", "total", "region", "rose", "fell",
    "growth", "decline",
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
    if let Some(donor) = donor(claim, quantity, &pairs) {
        return vec![donor];
    }
    if let Some(confused) = by_for_to(claim, quantity, &pairs) {
        return vec![confused];
    }
    // Only a period whose year the sentence writes is sure enough to be held against it, or one that is a part of the
    // record's, or the other way round: a month for the months up to it.
    let has_own_period = claim.frame.period.as_ref().is_some_and(|slot| {
        let year = slot.best.start.year().to_string();
        slot.origin == Origin::Clause && claim.text.contains(&year)
    });
    if let Some(denied) = denied(claim, quantity, record) {
        return vec![denied];
    }
    if let Some(swapped) = swapped(claim, quantity, &pairs) {
        return vec![swapped];
    }
    if let Some(told) = told_by_another(lexicon, claim, quantity, &pairs, &record.anchors) {
        return vec![told];
    }
    if let Some(part) = part_for_whole(claim, quantity, &pairs) {
        return vec![part];
    }
    if let Some(whole) = whole_for_part(claim, quantity, &pairs) {
        return vec![whole];
    }
    if let Some(points) = percent_for_points(claim, quantity, &pairs) {
        return vec![points];
    }
    if let Some(amount) = derived_amount(claim, quantity, &pairs) {
        return vec![amount];
    }
    let other_place = misplaced(claim, quantity, &pairs, SlotName::Place);
    let other_period =
        || misplaced(claim, quantity, &pairs, SlotName::Period).filter(|_| has_own_period);
    let other_row = || other_row(claim, quantity, &pairs);
    if let Some(misplaced) = other_place.or_else(other_period).or_else(other_row) {
        return vec![misplaced];
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
        let found = agreement(claim, quantity, pair, has_rival);
        let is_place = pair.differences.contains(&SlotName::Place);
        findings.extend(found.filter(|_| !is_place || has_own_figure(&pairs)));
    }
    if findings.iter().all(|finding| finding.is_weak) {
        let found = disagreement(claim, quantity, &pairs, &record.anchors, lexicon)
            .or_else(|| slip(claim, quantity, &pairs, &record.anchors));
        findings.extend(found);
    }
    findings
}

/// A number that is another of the record's with a digit exchanged or wrong, of the same measure, while the record has the
/// claimed one nowhere: what a hand does that copies a figure needs fewer words to be recognised by.
fn slip<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    let n_digits = significant_digits(quantity.best.value);
    let is_exchanged = |pair: &Pair<'_>| {
        let (mine, theirs) = (quantity.best.value, pair.fact.quantity.best.value);
        is_exchange(mine, theirs) || is_shift(mine, theirs) && n_digits >= 2
    };
    let is_slip_of = |pair: &Pair<'_>| {
        is_exchanged(pair) || is_slip(quantity.best.value, pair.fact.quantity.best.value)
    };
    let is_alike = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Different
            && pair.fact.source == FactSource::Stated
            && pair.differences.is_empty()
            && pair.is_keyed
            && !is_of_a_part(claim, pair)
            && is_slip_of(pair)
            && slots::roles(quantity, &pair.fact.quantity) != Relation::Disjoint
    };
    let nearest = pairs
        .iter()
        .filter(is_alike)
        .max_by_key(|pair| (is_same_key(claim, pair), pair.coverage, pair.nearness))?;
    let is_known = pairs.iter().any(|pair| {
        matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
            && pair.fact.source == FactSource::Stated
    });
    let is_telling =
        is_exchanged(nearest) && (n_digits >= TELLING_DIGITS || is_same_key(claim, nearest));
    let is_sure = is_exchanged(nearest) && n_digits >= TELLING_DIGITS;
    let is_keyed = is_same_key(claim, nearest) && n_digits >= TELLING_DIGITS;
    let needed = match (is_telling || is_keyed, is_exchanged(nearest)) {
        (true, _) => COVER_SLIP,
        (false, true) => COVER_VALUE,
        (false, false) => COVER_DIGIT,
    };
    let is_meant = nearest.coverage >= needed
        && (is_sure || is_unrestricted(claim, nearest.fact, around))
        && (nearest.is_same_measure || nearest.coverage >= COVER_VALUE || is_sure);
    let is_told = quantity.mode == Mode::Bare
        && claim.frame.modality != Modality::Rumoured
        && !claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    (is_meant && is_told && !is_known).then(|| {
        let differences = vec![explain::difference(claim, nearest.fact, SlotName::Value)];
        let strength = nearest.nearness.max(NEAR_BLAME);
        Finding::of_sentence(
            Label::Contradicted,
            differences,
            nearest.fact.observation,
            strength,
        )
    })
}

/// Whether a record's figure is that of one row of places, of which the claim's sentence names none.
fn is_of_a_part(claim: &Claim, pair: &Pair<'_>) -> bool {
    let named = |frame: &Frame, origin: Origin| {
        let mut places = frame.places.iter();
        places.any(|slot| slot.origin <= origin && slot.best != slots::COUNTRY)
    };
    matches!(pair.fact.observation.part, Part::Cell { .. })
        && named(&pair.fact.frame, Origin::Clause)
        && !named(&claim.frame, Origin::Paragraph)
}

/// Whether a record's figure is of the very region that the claim's own sentence names.
fn is_same_key(claim: &Claim, pair: &Pair<'_>) -> bool {
    pair.place == Relation::Equal
        && slots::own(&claim.frame.places)
            .iter()
            .any(|place| *place != slots::COUNTRY)
}

/// A number given as the change where the record gives it as the level after it, or the other way round, while the
/// record has another number for what is claimed. Kazakh tells the two by one word, so the role as it was written counts.
fn by_for_to<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    let is_by = |role: Role| role == Role::ChangeBy;
    let is_to = |role: Role| matches!(role, Role::ChangeTo | Role::Level);
    if quantity.mode != Mode::Bare || !is_by(quantity.role) && quantity.role != Role::ChangeTo {
        return None;
    }
    let is_claimed_by = is_by(quantity.role);
    let speaks = |pair: &Pair<'_>, of_by: bool| {
        let role = pair.fact.quantity.role;
        if of_by { is_by(role) } else { is_to(role) }
    };
    let other = |pair: &Pair<'_>| speaks(pair, !is_claimed_by);
    let same = |pair: &Pair<'_>| speaks(pair, is_claimed_by);
    let is_agreed = |pair: &&Pair<'_>| {
        matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
            && pair.is_keyed
            && pair.is_same_measure
    };
    if pairs.iter().filter(is_agreed).any(same) {
        return None;
    }
    let taken = pairs
        .iter()
        .filter(is_agreed)
        .filter(|pair| other(pair) && pair.fact.source != FactSource::Share)
        .max_by_key(|pair| pair.nearness)?;
    let is_rival = |pair: &Pair<'_>| {
        same(pair)
            && pair.numbers == Numbers::Different
            && pair.fact.source != FactSource::Share
            && pair.is_keyed
            && (pair.is_same_measure || pair.fact.observation.text == taken.fact.observation.text)
    };
    let is_near = taken.nearness >= NEAR_SUPPORT
        && (taken.coverage >= COVER_SLOT || is_sure(quantity, taken));
    (is_near && pairs.iter().any(is_rival))
        .then(|| taken_from(claim, taken, SlotName::Change, taken.nearness))
}

/// A number that the record gives for another place or period, while it gives the claimed one a number of its own: in
/// the same column or row, or in the same sentence.
fn misplaced<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    slot: SlotName,
) -> Option<Finding<'a>> {
    if quantity.mode != Mode::Bare || claim.frame.modality == Modality::Rumoured {
        return None;
    }
    let is_stated = |pair: &&Pair<'_>| pair.fact.source == FactSource::Stated;
    let is_agreed = |pair: &&Pair<'_>| matches!(pair.numbers, Numbers::Agree(Outcome::Exact));
    let stated = || pairs.iter().filter(is_stated);
    let relation = |pair: &Pair<'_>| match slot {
        SlotName::Place => pair.place,
        _ => pair.period,
    };
    if stated()
        .filter(is_agreed)
        .any(|pair| relation(pair) != Relation::Disjoint)
    {
        return None;
    }
    let is_beside = |one: &Pair<'_>, other: &Pair<'_>| {
        let (a, b) = (one.fact.observation, other.fact.observation);
        match (&a.part, &b.part) {
            (
                Part::Cell { table, row, column },
                Part::Cell {
                    table: t,
                    row: r,
                    column: c,
                },
            ) => table == t && (column == c || slot == SlotName::Period && row == r),
            _ => a.text == b.text,
        }
    };
    let taken = stated().filter(is_agreed).find(|pair| {
        pair.differences.iter().all(|other| *other == slot)
            && stated().any(|own| {
                relation(own) == Relation::Equal
                    && own.numbers == Numbers::Different
                    && own.differences.is_empty()
                    && is_beside(pair, own)
                    && (is_telling(quantity) || own.is_same_measure)
            })
    })?;
    let strength = taken.nearness.max(NEAR_SUPPORT);
    Some(taken_from(claim, taken, slot, strength))
}

/// A number of what the record says there was none of.
fn denied<'a>(claim: &Claim, quantity: &Quantity, record: &Record<'a>) -> Option<Finding<'a>> {
    let own = slots::in_clause(&claim.frame.measures);
    let is_affirmed = |frame: &Frame, id: &str| {
        slots::own(&frame.measures).contains(id) && !frame.terms.contains(&format!("x:{id}"))
    };
    let id = own.into_iter().find(|id| {
        FATES.contains(id)
            && !claim.frame.terms.contains(&format!("x:{id}"))
            && record.anchors.binary_search(&format!("x:{id}")).is_ok()
            && !record.observations.iter().any(|one| is_affirmed(&one.frame, id))
    })?;
    let told = record.observations.iter().find(|one| one.frame.terms.contains(&format!("x:{id}")))?;
    let is_level = matches!(quantity.role, Role::Level | Role::ChangeTo) && !quantity.best.value.is_zero();
    let is_plain = claim.frame.modality == Modality::Asserted && is_level;
    is_plain.then(|| {
        let difference = Difference {
            slot: SlotName::Polarity,
            claimed: id.to_owned(),
            official: id.to_owned(),
        };
        Finding::of_sentence(Label::Contradicted, vec![difference], told, NEAR_BLAME)
    })
}

/// A change told the wrong way round: what it is said to have come to is what it came from.
fn swapped<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    let direction = claim.frame.direction?;
    let is_end = quantity.role == Role::ChangeTo || quantity.role == Role::Level && quantity.direction.is_some();
    if !is_end || quantity.mode != Mode::Bare {
        return None;
    }
    let is_exact = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && (pair.is_same_measure || pair.coverage >= COVER_VALUE)
    };
    let is_before = |pair: &Pair<'_>| pair.fact.is_earlier || pair.fact.quantity.role == Role::Start;
    let agreeing: Vec<&Pair<'a>> = pairs.iter().filter(is_exact).collect();
    let first = agreeing.first().filter(|_| agreeing.iter().all(|pair| is_before(pair)))?;
    // The level after it, in the same sentence or row, lies on the other side.
    let later = pairs.iter().find(|pair| {
        pair.fact.observation.text == first.fact.observation.text
            && pair.fact.source == FactSource::Stated
            && !is_before(pair)
            && pair.numbers == Numbers::Different
            && pair.fact.quantity.unit.dimension == first.fact.quantity.unit.dimension
            && pair.fact.frame.direction.is_some_and(|other| other != direction)
    })?;
    let is_keyed = later.is_keyed || first.is_keyed;
    is_keyed.then(|| {
        let difference = explain::difference(claim, later.fact, SlotName::Direction);
        Finding::same_number(difference, later.fact.observation, first.nearness.max(NEAR_BLAME))
    })
}

/// A telling number of the record's, given as the word of a body that has nothing to do with it.
fn told_by_another<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    let pair = pairs.iter().find(|pair| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && pair.differences.is_empty()
            && pair.is_keyed
            && pair.coverage >= COVER_VALUE
            && pair.nearness >= NEAR_BLAME
    })?;
    let claimed = event::is_other_source(lexicon, &claim.frame, &pair.fact.frame, around)?;
    let published = pair.fact.frame.bodies.iter().filter(|slot| slot.origin == Origin::Default);
    let difference = Difference {
        slot: SlotName::Body,
        claimed,
        official: published.map(|slot| slot.best.as_str()).collect::<Vec<_>>().join(", "),
    };
    is_telling(quantity).then(|| Finding::same_number(difference, pair.fact.observation, pair.nearness))
}

/// A number given for a month that the record gives for the months up to it, or the other way round, both in so many words.
fn part_for_whole<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let mine = claim
        .frame
        .period
        .as_ref()
        .filter(|slot| slot.origin == Origin::Clause)?;
    let is_span = |kind: PeriodKind| matches!(kind, PeriodKind::Span | PeriodKind::Cumulative);
    let is_written = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && !pair.fact.is_earlier
            && pair.fact.quantity.role != Role::Start
    };
    let holds = |one: &Period, other: &Period| {
        let is_part = one.start <= other.start && other.end <= one.end;
        is_part
            && (one.end - one.start).num_days() > (other.end - other.start).num_days() + PART_DAYS
    };
    let agreeing: Vec<&Pair<'a>> = pairs.iter().filter(is_written).collect();
    let is_apart = |pair: &&&Pair<'a>| {
        pair.differences == [SlotName::Period]
            && pair.coverage >= COVER_VALUE
            && pair.fact.frame.period.as_ref().is_some_and(|slot| {
                let (a, b) = (&mine.best, &slot.best);
                slot.origin <= Origin::Sentence
                    && is_span(a.kind)
                    && is_span(b.kind)
                    && a.start.year() == b.start.year()
                    && (holds(a, b) || holds(b, a))
            })
    };
    let is_telling = is_telling(quantity) && quantity.mode == Mode::Bare;
    let is_all = is_telling
        && agreeing
            .iter()
            .all(|pair| pair.period == Relation::Disjoint);
    let pair = agreeing.iter().find(is_apart).filter(|_| is_all)?;
    Some(taken_from(
        claim,
        pair,
        SlotName::Period,
        pair.nearness.max(NEAR_SUPPORT),
    ))
}

/// Words that say that something holds for all of a number.
const UNIVERSAL: [&str; 12] = [
    "все",
    "всех",
    "всем",
    "всеми",
    "all",
    "every",
    "барлық",
    "барлығы",
    "барлығының",
    "бәрі",
    "бәріне",
    "түгел",
];
/// Words that take something away from all.
const NEARLY: [&str; 8] = [
    "nearly",
    "almost",
    "почти",
    "практически",
    "дерлік",
    "жуығы",
    "most of",
    "большинств",
];
/// Words with which a record goes on from a number to a part of it.
const PARTITIVE: [&str; 16] = [
    " из них",
    " из которых",
    " из них",
    "в том числе",
    "по ним",
    " of them",
    " of whom",
    " of which",
    " of these",
    "among them",
    "оның",
    "соның",
    "олардың",
    "ішінде",
    "солардың",
    " из ",
];

/// A number of all, said of what the record says only of a part that it gives in the same sentence.
fn whole_for_part<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let words = claim.text.to_lowercase();
    let mut all = words.split(|letter: char| !letter.is_alphanumeric());
    let is_universal = all.any(|word| UNIVERSAL.contains(&word));
    let is_nearly = NEARLY.iter().any(|word| words.contains(word));
    let done = deeds(&claim.frame);
    let whole = pairs
        .iter()
        .filter(|pair| {
            pair.numbers == Numbers::Agree(Outcome::Exact)
                && pair.fact.source == FactSource::Stated
                && matches!(pair.fact.observation.part, Part::Text(_))
        })
        .max_by_key(|pair| pair.nearness)?;
    let told = whole.fact.observation.text.to_lowercase();
    let is_parted = PARTITIVE.iter().any(|word| told.contains(word));
    let of_whole = deeds(&whole.fact.frame);
    let is_part = |pair: &&Pair<'a>| {
        let its: Vec<&str> = deeds(&pair.fact.frame)
            .difference(&of_whole)
            .copied()
            .collect();
        pair.fact.source == FactSource::Stated
            && pair.fact.observation.text == whole.fact.observation.text
            && pair.fact.quantity.best.value < quantity.best.value
            && slots::is_comparable(&pair.fact.quantity.unit.dimension, &quantity.unit.dimension)
            && its.iter().any(|id| done.contains(id))
            && !claim
                .frame
                .terms
                .contains(&number_anchor(&pair.fact.quantity))
    };
    let is_sure = is_universal || whole.coverage >= COVER_WHOLE;
    let part = pairs
        .iter()
        .filter(|_| is_parted && is_sure)
        .find(is_part)?;
    let is_asserted = claim.frame.modality == Modality::Asserted
        && quantity.mode == Mode::Bare
        && quantity.best.value >= Decimal::TEN
        && !is_nearly;
    is_asserted.then(|| {
        Finding::same_number(
            explain::difference(claim, part.fact, SlotName::Base),
            part.fact.observation,
            whole.nearness.max(NEAR_SUPPORT),
        )
    })
}

/// Percent said of a share that has moved by as many percentage points, which are other percent.
fn percent_for_points<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    if quantity.unit.dimension != Dimension::Percent || quantity.role != Role::ChangeBy {
        return None;
    }
    let is_stated = |pair: &&Pair<'a>| {
        pair.fact.quantity.unit.dimension == Dimension::Percent
            && pair.fact.quantity.role == Role::ChangeBy
            && pair.fact.source == FactSource::Stated
            && matches!(pair.numbers, Numbers::Agree(_))
    };
    if pairs.iter().any(|pair| is_stated(&pair)) {
        return None;
    }
    let points = pairs.iter().find(|pair| {
        pair.fact.quantity.unit.dimension == Dimension::PercentPoints
            && pair.fact.quantity.best.value == quantity.best.value
            && pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.is_keyed
            && pair.is_same_measure
            && pair.coverage >= COVER_SLOT
    })?;
    Some(taken_from(
        claim,
        points,
        SlotName::Unit,
        points.nearness.max(NEAR_SUPPORT),
    ))
}

/// An amount that stands for a number of monthly calculation indices, which the record gives as another amount for as many.
fn derived_amount<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let is_money = matches!(quantity.unit.dimension, Dimension::Money(_));
    let indices = |frame: &Frame| -> BTreeSet<String> {
        let terms = frame.terms.iter();
        terms
            .filter(|term| term.starts_with("k:"))
            .cloned()
            .collect()
    };
    let mine = indices(&claim.frame);
    if !is_money || mine.len() != 1 || quantity.mode != Mode::Bare {
        return None;
    }
    let pair = pairs.iter().find(|pair| {
        pair.fact.source == FactSource::Stated
            && pair.fact.quantity.unit.dimension == quantity.unit.dimension
            && indices(&pair.fact.frame) == mine
    })?;
    (pair.numbers == Numbers::Different).then(|| {
        Finding::of_sentence(
            Label::Contradicted,
            vec![explain::difference(claim, pair.fact, SlotName::Reference)],
            pair.fact.observation,
            pair.nearness.max(NEAR_BLAME),
        )
    })
}

/// A number of another row of a table, while the row that the claim names gives another one in the same column.
fn other_row<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    if quantity.mode != Mode::Bare || claim.frame.modality == Modality::Rumoured {
        return None;
    }
    let cells = || {
        pairs
            .iter()
            .filter_map(|pair| match pair.fact.observation.part {
                Part::Cell { table, row, column } if pair.fact.source == FactSource::Stated => {
                    Some((pair, (table, column), row))
                }
                _ => None,
            })
    };
    let is_agreed = |pair: &Pair<'_>| matches!(pair.numbers, Numbers::Agree(Outcome::Exact));
    let named = |pair: &Pair<'_>| -> BTreeSet<Vec<&str>> {
        let theirs = pair.fact.frame.anchors();
        let words = event::words(&claim.frame);
        words
            .filter(|word| event::held(word, &theirs) > 0)
            .collect()
    };
    let agreed: Vec<_> = cells().filter(|(pair, ..)| is_agreed(pair)).collect();
    // The number may stand in several rows: only where none of them is the one named is it another's.
    let rival = cells().find(|(rival, column, row)| {
        rival.numbers == Numbers::Different
            && rival.differences.is_empty()
            && rival.is_same_measure
            && !agreed.is_empty()
            && agreed.iter().all(|(pair, other_column, other_row)| {
                let (mine, theirs) = (named(rival), named(pair));
                column == other_column
                    && row != other_row
                    && pair.differences.is_empty()
                    && theirs.is_subset(&mine)
                    && mine
                        .difference(&theirs)
                        .any(|word| event::worth(word) >= ROW_WORTH)
            })
    });
    let borne_out_elsewhere = pairs
        .iter()
        .any(|pair| is_agreed(pair) && !matches!(pair.fact.observation.part, Part::Cell { .. }));
    let (rival, ..) = rival.filter(|_| !borne_out_elsewhere)?;
    Some(Finding::of_sentence(
        Label::Contradicted,
        vec![explain::difference(claim, rival.fact, SlotName::Value)],
        rival.fact.observation,
        rival.nearness.max(NEAR_BLAME),
    ))
}

/// What a figure's own clause says was done and to whom, as far as it sets the figure apart; not the noun that is counted.
fn specific(frame: &Frame) -> BTreeSet<&str> {
    let counted = frame
        .quantity
        .as_ref()
        .and_then(|quantity| quantity.unit.of.as_deref());
    let own = profile(frame).into_iter();
    own.filter(|id| !GENERIC.contains(id) && Some(*id) != counted)
        .collect()
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

/// A number that the record gives for another base, while it gives a different number for the claimed one: a telling number
/// anywhere in the record, any number where one sentence gives both.
fn donor<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    if claim.frame.modality != Modality::Asserted {
        return None;
    }
    let is_agreeing = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && !pair.fact.is_earlier
            && pair.fact.quantity.role != Role::Start
    };
    let agreeing = pairs
        .iter()
        .filter(is_agreeing)
        .max_by_key(|pair| pair.nearness)?;
    let rivals = || {
        let different = pairs.iter().filter(|pair| {
            pair.numbers == Numbers::Different && pair.is_keyed && pair.differences.is_empty()
        });
        different.filter(|pair| pair.fact.source == FactSource::Stated && !pair.fact.is_earlier)
    };
    let nearest = rivals()
        .max_by_key(|pair| pair.nearness)
        .filter(|_| is_telling(quantity));
    let beside = rivals()
        .filter(|pair| pair.fact.observation.text == agreeing.fact.observation.text)
        .filter(|pair| matches!(pair.fact.observation.part, Part::Text(_)))
        .filter(|_| quantity.best.value >= Decimal::TEN);
    let mut rivals = nearest.into_iter().chain(beside);
    let is_said_too = |rival: &Pair<'_>| {
        let mut others = pairs.iter().filter(is_agreeing);
        others.any(|other| !tells(claim, other, rival))
    };
    let rival =
        rivals.find(|rival| is_taken(claim, quantity, agreeing, rival) && !is_said_too(rival));
    rival.map(|_| {
        let slot = agreeing.differences.first().copied();
        taken_from(
            claim,
            agreeing,
            slot.unwrap_or(SlotName::Base),
            agreeing.nearness,
        )
    })
}

/// Whether a claim says something specific that the rival says of its number and the figure that agrees does not.
fn tells(claim: &Claim, agreeing: &Pair<'_>, rival: &Pair<'_>) -> bool {
    let (its, rivals) = (profile(&agreeing.fact.frame), profile(&rival.fact.frame));
    profile(&claim.frame)
        .iter()
        .filter(|id| !GENERIC.contains(id))
        .filter(|id| !claim.frame.terms.contains(&format!("x:{id}")))
        .any(|id| rivals.contains(id) && !its.contains(id))
}

/// Whether a claim's number was taken from the figure that agrees with it, and should have been the rival's.
fn is_taken(claim: &Claim, quantity: &Quantity, agreeing: &Pair<'_>, rival: &Pair<'_>) -> bool {
    // A sentence that gives the other number too tells the two apart by itself.
    if claim
        .frame
        .terms
        .contains(&number_anchor(&rival.fact.quantity))
    {
        return false;
    }
    let (mine, its, rivals) = (
        profile(&claim.frame),
        profile(&agreeing.fact.frame),
        profile(&rival.fact.frame),
    );
    let said = specific(&claim.frame);
    let shared = |pair: &Pair<'_>| specific(&pair.fact.frame).intersection(&said).count();
    // One sentence that gives two numbers, and says of the other what the claim says, needs no name for the first.
    let is_beside = agreeing.fact.observation.text == rival.fact.observation.text;
    let done = deeds(&claim.frame);
    let alike = |pair: &Pair<'_>| deeds(&pair.fact.frame).intersection(&done).count();
    // What stands before the first number of a list is said of all: only a figure with a deed of its own is another's.
    let is_contrasted = is_beside
        && alike(rival) > 0
        && alike(agreeing) == 0
        && !deeds(&agreeing.fact.frame).is_empty();
    let mut own = its.iter().filter(|id| !GENERIC.contains(id));
    let tells_donor = is_contrasted || own.any(|id| !mine.contains(id) && !rivals.contains(id));
    let is_nearer =
        rival.nearness >= agreeing.nearness + DONOR_LEAD || shared(rival) > shared(agreeing);
    let is_nearer = is_nearer || is_contrasted;
    // Figures of the whole country share no region: there the figure of the claimed base must be beyond doubt.
    let is_national = agreeing.is_keyed && rival.is_same_measure && rival.nearness >= NEAR_BLAME;
    let is_sure = agreeing.is_same_region
        || agreeing.coverage >= COVER_DONOR
        || significant_digits(quantity.best.value) >= UNIQUE_DIGITS
        || is_national;
    // Between two sentences only a deed of the claim's that the other one has tells whose number it is; between cells of a
    // row the column does.
    let is_row = is_beside && matches!(agreeing.fact.observation.part, Part::Cell { .. });
    let is_done = alike(rival) > 0 && alike(agreeing) == 0;
    let is_done = is_done && !deeds(&agreeing.fact.frame).is_empty();
    let is_told = if is_beside {
        is_contrasted || is_row
    } else {
        is_done
    };
    is_nearer
        && is_told
        && tells(claim, agreeing, rival)
        && tells_donor
        && is_sure
        && rival.coverage >= agreeing.coverage
}

/// What a figure's own clause says was done or befell somebody.
fn deeds(frame: &Frame) -> BTreeSet<&str> {
    let lists = [&frame.qualifiers, &frame.statuses, &frame.actions];
    let own = lists.into_iter().flat_map(|list| slots::in_clause(list));
    let own = own.filter(|id| !KINDS.contains(id));
    let fates = slots::in_clause(&frame.measures).into_iter();
    let fates = fates.filter(|id| FATES.contains(id));
    let is_negated = |id: &&str| frame.terms.contains(&format!("x:{id}"));
    own.filter(|id| !GENERIC.contains(id))
        .chain(fates)
        .filter(|id| !is_negated(id))
        .collect()
}

/// What a figure that agrees in number says.
fn agreement<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pair: &Pair<'a>,
    has_rival: bool,
) -> Option<Finding<'a>> {
    let Numbers::Agree(outcome) = pair.numbers else {
        return None;
    };
    let is_exact = outcome <= Outcome::Rounded;
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
    if is_other_time || is_loose || pair.is_second_role {
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
        });
    }
    if pair.differences.len() > 1
        || fact.source == FactSource::Share
        || claim.frame.modality == Modality::Rumoured
    {
        return None;
    }
    let is_donor = is_telling(quantity) && outcome == Outcome::Exact;
    let is_near = is_donor || pair.nearness >= NEAR_BLAME;
    if !is_near || pair.coverage < COVER_SLOT && !is_sure(quantity, pair) {
        return None;
    }
    let slot = pair.differences[0];
    let is_hedged = slot == SlotName::Change && quantity.mode != Mode::Bare;
    if is_hedged || slot == SlotName::Base && !has_rival {
        return None;
    }
    Some(taken_from(claim, pair, slot, pair.nearness))
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
    let answers = [
        (SlotName::Direction, mine.direction == fact.frame.direction),
        (SlotName::Change, is_same_change),
        (SlotName::Base, is_same_base),
    ];
    let alike = answers.into_iter().filter(|(_, is_alike)| *is_alike);
    alike.map(|(slot, _)| slot).collect()
}

/// Whether a record's figure tells of what the claim says was done: of one of its deeds, or of nearly all of it.
fn is_done_too(lexicon: &Lexicon, claim: &Claim, pair: &Pair<'_>) -> bool {
    let is_cell = matches!(pair.fact.observation.part, Part::Cell { .. });
    is_cell
        || pair.coverage >= COVER_SMALL
        || event::is_same_deed(lexicon, &claim.frame, &pair.fact.frame.anchors())
}

/// Whether a record's figure is of all that a claim's is of: a measure or a kind that only the claim names makes its figure
/// that of a part, of which the record says nothing.
fn is_unrestricted(claim: &Claim, fact: &Fact<'_>, around: &[String]) -> bool {
    let counted = claim
        .frame
        .quantity
        .as_ref()
        .and_then(|quantity| quantity.unit.of.as_deref());
    let lists = [&claim.frame.measures, &claim.frame.qualifiers];
    let own: BTreeSet<&str> = lists
        .into_iter()
        .flat_map(|list| slots::in_clause(list))
        .collect();
    let mut theirs: Vec<String> = fact.frame.anchors();
    let lists = [&fact.frame.measures, &fact.frame.qualifiers];
    theirs.extend(
        lists
            .into_iter()
            .flatten()
            .map(|slot| format!("c:{}", slot.best)),
    );
    theirs.sort();
    let is_restricting = |word: &Vec<&str>| {
        word.iter().any(|anchor| {
            let id = anchor.strip_prefix("c:");
            id.is_some_and(|id| own.contains(id) && !GENERIC.contains(&id) && Some(id) != counted)
        })
    };
    // A table is of what the page around it is about.
    let is_cell = matches!(fact.observation.part, Part::Cell { .. });
    event::words(&claim.frame)
        .filter(is_restricting)
        .all(|word| event::held(&word, &theirs) > 0 || is_cell && event::held(&word, around) > 0)
}

/// What figures that disagree in number say: the nearest of them, when it leads.
fn disagreement<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
    lexicon: &Lexicon,
) -> Option<Finding<'a>> {
    // A change is no rival of a level, nor the level before of the one after.
    let is_keyed = pairs.iter().any(|pair| {
        is_same_key(claim, pair) && pair.is_same_measure && pair.numbers != Numbers::Incomparable
    });
    let is_indexed = |frame: &Frame| frame.terms.iter().any(|term| term.starts_with("k:"));
    let comparable = || {
        let pairs = pairs
            .iter()
            .filter(|pair| !is_indexed(&claim.frame) || is_indexed(&pair.fact.frame));
        let pairs = pairs.filter(|pair| !is_keyed || is_same_key(claim, pair));
        let pairs = pairs.filter(|pair| !is_of_a_part(claim, pair));
        pairs.filter(|pair| {
            pair.numbers != Numbers::Incomparable
                && pair.fact.source != FactSource::Share
                && pair.differences.is_empty()
                && slots::roles(quantity, &pair.fact.quantity) != Relation::Disjoint
                && (!pair.fact.is_earlier || quantity.role == Role::Start)
        })
    };
    let best = comparable().max_by_key(|pair| pair.nearness)?;
    let is_apart = best.numbers == Numbers::MagnitudeApart;
    let needed = if is_apart { NEAR_SUPPORT } else { NEAR_BLAME };
    if best.nearness < needed || !best.is_same_measure || !best.is_keyed {
        return None;
    }
    let is_borne_out = pairs.iter().any(|pair| {
        matches!(pair.numbers, Numbers::Agree(_))
            && pair.fact.observation.text == best.fact.observation.text
    });
    if is_borne_out {
        return None;
    }
    let is_elsewhere = claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    if is_elsewhere && !is_apart {
        return None;
    }
    let is_small = quantity.best.value < Decimal::TEN && !quantity.best.has_decimals;
    let is_ambiguous = quantity.role == Role::ChangeBy && best.fact.quantity.role != Role::ChangeBy;
    let is_magnitude = is_apart && is_telling(quantity);
    if !is_magnitude && !is_unrestricted(claim, best.fact, around)
        || is_ambiguous
        || !is_magnitude && !is_done_too(lexicon, claim, best)
        || is_small && best.coverage < COVER_SMALL
    {
        return None;
    }
    let others =
        comparable().filter(|pair| pair.fact.quantity.best.value != best.fact.quantity.best.value);
    let lead = best.nearness - others.map(|pair| pair.nearness).max().unwrap_or(0);
    let needed = match (is_apart, lead >= CLEAR_LEAD) {
        (true, _) => COVER_APART,
        (false, true) => COVER_CLEAR,
        (false, false) => COVER_VALUE,
    };
    if best.coverage < needed {
        return None;
    }
    if !matches!(best.numbers, Numbers::Different | Numbers::MagnitudeApart) {
        return None;
    }
    if lead < LEAD && !is_apart
        || claim.frame.modality == Modality::Rumoured
        || quantity.role == Role::Rank
    {
        return None;
    }
    let slot = if is_apart {
        SlotName::Unit
    } else {
        SlotName::Value
    };
    let differences = vec![explain::difference(claim, best.fact, slot)];
    let (label, observation) = (Label::Contradicted, best.fact.observation);
    Some(Finding::of_sentence(
        label,
        differences,
        observation,
        best.nearness,
    ))
}
