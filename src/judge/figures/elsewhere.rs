//! Finds what a number of the record is given for instead: another place, period or row, a change for a level, a share for
//! points, another amount of indices, the other end of a change, another body's word, something that was not.

use std::collections::BTreeSet;

use chrono::Datelike as _;

use super::super::denials::{self, FATES};
use super::super::event;
use super::super::explain;
use super::super::fact::{Fact, Record, Source as FactSource};
use super::super::frame::{TELLING, number_anchor, numbers};
use super::super::number::Outcome;
use super::super::offices;
use super::super::pair::{Numbers, Pair, is_telling};
use super::super::slots::{self, Relation};
use super::super::verdict::Finding;
use crate::language::{Dimension, Direction, Lexicon, Mode, Period, PeriodKind, Quantity, Role};
use crate::model::{Claim, Difference, Frame, Label, Modality, Origin, Part, SlotName};

use super::{COVER_SLOT, COVER_VALUE, NEAR_BLAME, NEAR_SUPPORT, are_in_line, is_sure, taken_from};

/// Days by which a period must be longer than its part to be another one.
const PART_DAYS: i64 = 20;

/// Worth of a word that tells one row of a table from another: a concept, no mere stem.
const ROW_WORTH: u32 = 12;

/// A number given as the change where the record gives it as the level after it, or the other way round, while the
/// record has another number for what is claimed. Kazakh tells the two by one word, so the role as it was written counts.
pub(super) fn by_for_to<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
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
pub(super) fn misplaced<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    slot: SlotName,
) -> Option<Finding<'a>> {
    if quantity.mode != Mode::Bare || claim.frame.modality == Modality::Rumoured {
        return None;
    }
    // Of two numbers with one place between them nobody knows whose it is.
    if slot == SlotName::Place
        && numbers(&claim.frame).count() > 1
        && slots::in_clause(&claim.frame.places).len() < 2
    {
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
    let by_row = slot == SlotName::Period;
    let is_beside = |one: &Pair<'_>, other: &Pair<'_>| {
        are_in_line(one.fact.observation, other.fact.observation, by_row)
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

/// A number of another row of a table, while the row that the claim names gives another one in the same column.
pub(super) fn other_row<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
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
    // Of several numbers each may have a row of its own, and a row of the place that the claim names is the one meant.
    let is_named = agreed
        .iter()
        .any(|(pair, ..)| pair.place == Relation::Equal);
    if is_named || numbers(&claim.frame).count() > 1 {
        return None;
    }
    // The number may stand in several rows: only where none of them is the one named is it another's.
    let rival = cells().find(|(rival, column, row)| {
        rival.numbers == Numbers::Different
            && rival.differences.is_empty()
            && rival.is_same_measure
            && rival.nearness >= NEAR_SUPPORT
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

/// A number given for a month that the record gives for the months up to it, or the other way round, both in so many words.
pub(super) fn part_for_whole<'a>(
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
    // A telling number of the very thing needs no other words.
    let is_of_one_noun = |pair: &Pair<'_>| {
        quantity.unit.of.is_some() && quantity.unit.of == pair.fact.quantity.unit.of
    };
    // A period that stands apart from the number is the number's where the sentence has no other.
    let is_undivided = |pair: &Pair<'_>| {
        let period = |pair: &Pair<'_>| {
            pair.fact
                .frame
                .period
                .as_ref()
                .map(|slot| &slot.best)
                .cloned()
        };
        let mut beside = pairs.iter().filter(|other| {
            other.fact.observation.text == pair.fact.observation.text
                && other.fact.quantity.role != Role::Start
        });
        pair.differences.is_empty() && beside.all(|other| period(other) == period(pair))
    };
    let is_apart = |pair: &&&Pair<'a>| {
        (pair.differences == [SlotName::Period] || is_undivided(pair))
            && (pair.coverage >= COVER_VALUE || is_of_one_noun(pair))
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

/// Percent said of a share that has moved by as many percentage points, which are other percent.
pub(super) fn percent_for_points<'a>(
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
pub(super) fn derived_amount<'a>(
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

/// A change told the wrong way round: what it is said to have come to is what it came from.
pub(super) fn swapped<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let direction = claim.frame.direction?;
    let is_end = quantity.role == Role::ChangeTo
        || quantity.role == Role::Level && quantity.direction.is_some();
    if !is_end || quantity.mode != Mode::Bare {
        return None;
    }
    let is_exact = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && (pair.is_same_measure || pair.coverage >= COVER_VALUE)
    };
    let is_before =
        |pair: &Pair<'_>| pair.fact.is_earlier || pair.fact.quantity.role == Role::Start;
    let agreeing: Vec<&Pair<'a>> = pairs.iter().filter(is_exact).collect();
    let first = agreeing
        .first()
        .filter(|_| agreeing.iter().all(|pair| is_before(pair)))?;
    // The level after it, in the same sentence or row, lies on the other side.
    let later = pairs.iter().find(|pair| {
        pair.fact.observation.text == first.fact.observation.text
            && pair.fact.source == FactSource::Stated
            && !is_before(pair)
            && pair.numbers == Numbers::Different
            && slots::is_comparable(
                &pair.fact.quantity.unit.dimension,
                &first.fact.quantity.unit.dimension,
            )
            && pair
                .fact
                .frame
                .direction
                .is_some_and(|other| other != direction)
    })?;
    let is_keyed = later.is_keyed || first.is_keyed;
    is_keyed.then(|| {
        let difference = explain::difference(claim, later.fact, SlotName::Direction);
        Finding::same_number(
            difference,
            later.fact.observation,
            first.nearness.max(NEAR_BLAME),
        )
    })
}

/// Both ends of a change, told in the other direction than the record has them: «снизилось: 248 против 214», where they
/// were 248 before. The two numbers say which change is meant, whatever they are called.
pub(super) fn turned<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let is_told_up = match claim.frame.direction? {
        Direction::Up => true,
        Direction::Down => false,
        Direction::Flat => return None,
    };
    if quantity.mode != Mode::Bare || claim.frame.modality != Modality::Asserted {
        return None;
    }
    let is_level = |role: Role| matches!(role, Role::Level | Role::ChangeTo | Role::Start);
    let is_stated = |pair: &&Pair<'a>| {
        pair.fact.source == FactSource::Stated && is_level(pair.fact.quantity.role)
    };
    let is_here = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact) && pair.place != Relation::Disjoint
    };
    // The change that the record itself makes of two figures tells that they are levels of one measure.
    let is_change_of = |change: &Pair<'_>, before: &Pair<'_>, after: &Pair<'_>| {
        let (from, to) = (
            before.fact.quantity.best.value,
            after.fact.quantity.best.value,
        );
        change.fact.source == FactSource::Change
            && change.fact.quantity.role == Role::ChangeBy
            && change.fact.observation.part == after.fact.observation.part
            && change.fact.quantity.best.value == (to - from).abs()
    };
    let is_made = |before: &Pair<'_>, after: &Pair<'_>| {
        pairs
            .iter()
            .any(|change| is_change_of(change, before, after))
    };
    let is_told = |fact: &Fact<'_>| claim.frame.terms.contains(&number_anchor(&fact.quantity));
    let one = pairs.iter().filter(is_stated).filter(is_here);
    let mut found = one.flat_map(|one| {
        let others = pairs
            .iter()
            .filter(is_stated)
            .filter(|other| other.numbers != Numbers::Agree(Outcome::Exact) && is_told(other.fact));
        others.map(move |other| (one, other))
    });
    let (before, after) = found.find_map(|(one, other)| {
        let (before, after) = in_time(one, other)?;
        let is_pair = is_made(before, after) || are_levels(before, after);
        is_pair.then_some((before, after))
    })?;
    let is_up = after.fact.quantity.best.value > before.fact.quantity.best.value;
    let word = |is_up: bool| if is_up { "rose" } else { "fell" }.to_owned();
    (is_up != is_told_up).then(|| {
        let difference = Difference {
            slot: SlotName::Direction,
            claimed: word(is_told_up),
            official: word(is_up),
        };
        let strength = before.nearness.max(after.nearness).max(NEAR_BLAME);
        Finding::same_number(difference, after.fact.observation, strength)
    })
}

/// A telling number of the record's, given as the word of a body that has nothing to do with it.
pub(super) fn told_by_another<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    // Of two numbers in one sentence each tells that the other is meant.
    let has_both = |pair: &Pair<'_>| {
        let mine = numbers(&claim.frame).filter(|term| term.starts_with(TELLING));
        mine.filter(|term| pair.fact.frame.terms.contains(term))
            .count()
            > 1
    };
    let pair = pairs.iter().find(|pair| {
        let needed = if has_both(pair) {
            COVER_SLOT
        } else {
            COVER_VALUE
        };
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && pair.differences.is_empty()
            && pair.is_keyed
            && pair.coverage >= needed
            && pair.nearness >= NEAR_BLAME
    })?;
    let claimed = event::is_other_source(lexicon, &claim.frame, &pair.fact.frame, around)?;
    let published: Vec<&str> = slots::publishers(&pair.fact.frame).collect();
    let difference = Difference {
        slot: SlotName::Body,
        claimed,
        official: published.join(", "),
    };
    is_telling(quantity)
        .then(|| Finding::same_number(difference, pair.fact.observation, pair.nearness))
}

/// A number of those of whom the record denies what the claim says of them, or the other way round: «1 002 не были привиты».
pub(super) fn denied_deed<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    if claim.frame.modality != Modality::Asserted || quantity.mode != Mode::Bare {
        return None;
    }
    let is_stated = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact) && pair.fact.source == FactSource::Stated
    };
    // Of several numbers in one sentence only some may be those of whom it is denied.
    let is_alone = |pair: &Pair<'_>| {
        let dimension = &pair.fact.quantity.unit.dimension;
        let mut beside = pairs.iter().filter(|other| {
            other.fact.source == FactSource::Stated
                && other.fact.observation.text == pair.fact.observation.text
                && slots::is_comparable(&other.fact.quantity.unit.dimension, dimension)
        });
        beside.all(|other| other.fact.quantity.best.value == pair.fact.quantity.best.value)
    };
    let mut agreeing = pairs.iter().filter(is_stated);
    let found = agreeing.find_map(|pair| {
        let is_meant = pair.differences.is_empty()
            && pair.coverage >= COVER_VALUE
            && is_alone(pair)
            && numbers(&claim.frame).count() <= numbers(&pair.fact.frame).count();
        let (mine, theirs) = (&claim.frame, &pair.fact.frame);
        let id = denials::denied_deed(lexicon, mine, theirs).filter(|_| is_meant)?;
        Some((pair, id))
    });
    let (pair, id) = found.filter(|_| is_telling(quantity))?;
    let difference = Difference {
        slot: SlotName::Polarity,
        claimed: id.clone(),
        official: id,
    };
    let strength = pair.nearness.max(NEAR_BLAME);
    Some(Finding::same_number(
        difference,
        pair.fact.observation,
        strength,
    ))
}

/// Two figures of a record in the order of their times: one is marked as the earlier level, or is of a period that began
/// before that of the other.
fn in_time<'p, 'a>(one: &'p Pair<'a>, other: &'p Pair<'a>) -> Option<(&'p Pair<'a>, &'p Pair<'a>)> {
    let is_marked =
        |pair: &Pair<'_>| pair.fact.is_earlier || pair.fact.quantity.role == Role::Start;
    let start = |pair: &Pair<'_>| {
        let period = pair.fact.frame.period.as_ref();
        period.map(|slot| slot.best.start)
    };
    match (is_marked(one), is_marked(other)) {
        (true, false) => Some((one, other)),
        (false, true) => Some((other, one)),
        _ => match (start(one)?, start(other)?) {
            (a, b) if a < b => Some((one, other)),
            (a, b) if b < a => Some((other, one)),
            _ => None,
        },
    }
}

/// Whether two figures are of one measure by their names: what both count, or what both and the claim speak of.
fn are_levels(before: &Pair<'_>, after: &Pair<'_>) -> bool {
    let (a, b) = (&before.fact.quantity, &after.fact.quantity);
    let is_one_noun = a.unit.of.is_some() && a.unit.of == b.unit.of;
    let is_one_sentence = before.fact.observation.text == after.fact.observation.text;
    slots::is_comparable(&a.unit.dimension, &b.unit.dimension)
        && !matches!(before.fact.observation.part, Part::Cell { .. })
        && !matches!(after.fact.observation.part, Part::Cell { .. })
        && (is_one_noun || is_one_sentence || before.is_same_measure)
        && after.is_same_measure
}

/// A quotation with a number that the record has from somebody else's mouth.
pub(super) fn said_by_another<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    let mut agreeing = pairs.iter().filter(|pair| {
        matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
            && pair.fact.source == FactSource::Stated
            && pair
                .differences
                .iter()
                .all(|slot| *slot == SlotName::Modality)
            && pair.coverage >= COVER_VALUE
            && pair.nearness >= NEAR_SUPPORT
            && event::is_quoted(&pair.fact.observation.text)
    });
    let pair = agreeing.next().filter(|_| event::is_quoted(&claim.text))?;
    let (claimed, official) =
        offices::other_speaker(lexicon, &claim.frame, &pair.fact.frame, around)?;
    let difference = Difference {
        slot: SlotName::Attribution,
        claimed,
        official,
    };
    let strength = pair.nearness.max(NEAR_BLAME);
    Some(Finding::same_number(
        difference,
        pair.fact.observation,
        strength,
    ))
}

/// A telling number of what the record's sentence gives as the work of a body that has nothing to do with the claim's.
pub(super) fn done_by_another<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    let mine = slots::own(&claim.frame.bodies);
    let is_named = |id: &&str| around.binary_search(&format!("b:{id}")).is_ok();
    if mine.len() != 1 || mine.iter().any(is_named) || !is_telling(quantity) {
        return None;
    }
    let pair = pairs.iter().find(|pair| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && pair.differences.is_empty()
            && pair.is_keyed
            && pair.is_same_measure
            && pair.coverage >= COVER_VALUE
            && pair.nearness >= NEAR_BLAME
            && slots::own(&pair.fact.frame.bodies).len() == 1
            && event::is_other_body(lexicon, &claim.frame, &pair.fact.frame)
    })?;
    let listed = |frame: &Frame| slots::own(&frame.bodies).into_iter().collect::<String>();
    let difference = Difference {
        slot: SlotName::Body,
        claimed: listed(&claim.frame),
        official: listed(&pair.fact.frame),
    };
    Some(Finding::same_number(
        difference,
        pair.fact.observation,
        pair.nearness,
    ))
}

/// A number of what the record says there was none of.
pub(super) fn denied<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    record: &Record<'a>,
) -> Option<Finding<'a>> {
    let own = slots::in_clause(&claim.frame.measures);
    let is_affirmed = |frame: &Frame, id: &str| {
        slots::own(&frame.measures).contains(id) && !frame.terms.contains(&format!("x:{id}"))
    };
    let id = own.into_iter().find(|id| {
        let is_counted = || quantity.unit.of.as_deref() == Some(*id);
        (FATES.contains(id) || denials::is_event(lexicon, id) && is_counted())
            && !claim.frame.terms.contains(&format!("x:{id}"))
            && record.anchors.binary_search(&format!("x:{id}")).is_ok()
            && !record
                .observations
                .iter()
                .any(|one| is_affirmed(&one.frame, id))
    })?;
    let told = record
        .observations
        .iter()
        .find(|one| one.frame.terms.contains(&format!("x:{id}")))?;
    let is_level =
        matches!(quantity.role, Role::Level | Role::ChangeTo) && !quantity.best.value.is_zero();
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
