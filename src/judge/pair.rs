//! Compares a claim's figure with one figure of a record: how near the two statements are, what their numbers come
//! to, and which slots differ.
//!
//! Nearness is counted in points over shared concepts, nouns, names, periods and the other numbers of the sentence.
//! It decides whether two figures belong to one fact; only then may a difference mean anything.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::event;
use super::fact::{Fact, Source};
use super::frame::significant_digits;
use super::knowledge;
use super::number::{Outcome, Printed, compare_all};
use super::offices;
use super::slots::{self, Relation};
use crate::language::{Dimension, Lexicon, Mode, Quantity, Reading, Role, local_day};
use crate::model::{Claim, Frame, Modality, Origin, Part, Slot, SlotName, anchor_weight};

/// What two numbers came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Numbers {
    /// The record bears the claim's number out.
    Agree(Outcome),
    /// Too near to call.
    Grey,
    /// The same digits, another magnitude or unit.
    MagnitudeApart,
    /// Different under every reading.
    Different,
    /// Of different kinds.
    Incomparable,
}

/// A claim's figure against one of a record.
#[derive(Debug, Clone)]
pub(super) struct Pair<'a> {
    /// The record's figure.
    pub fact: &'a Fact<'a>,
    /// The numbers.
    pub numbers: Numbers,
    /// How near the statements are, in points.
    pub nearness: i32,
    /// Share of what the claim can be recognised by that the record's sentence holds, numbers left out, in thousandths.
    pub coverage: u32,
    /// Slots other than the number that differ.
    pub differences: Vec<SlotName>,
    /// How the periods stand to each other.
    pub period: Relation,
    /// How the places stand to each other.
    pub place: Relation,
    /// Whether period and place are the same and stated on both sides.
    pub is_keyed: bool,
    /// Whether a region that is stated or inherited is the same on both sides.
    pub is_same_region: bool,
    /// Whether the statements share a concept of the figure's own clause.
    pub is_same_measure: bool,
    /// Whether the figure is borne out only by a second reading of what it says: «X-ға» as "to X" instead of "by X".
    pub is_second_role: bool,
    /// Whether both state their periods and they exclude each other.
    pub is_period_apart: bool,
}

/// Compares a claim's figure with one of a record.
pub(super) fn pair<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    fact: &'a Fact<'a>,
    around: &[String],
) -> Pair<'a> {
    let numbers = numbers(quantity, fact);
    let (mine, theirs) = (&claim.frame, &fact.frame);
    let mut differences = Vec::new();
    let mut differ = |slot: SlotName, relation: Relation| {
        if relation == Relation::Disjoint {
            differences.push(slot);
        }
    };
    let on = Some(local_day(claim.published_at));
    let place = match places(lexicon, mine, theirs, on) {
        // A place that was only taken over from the sentence before tells nothing against another.
        Relation::Disjoint if slots::own(&mine.places).is_empty() => Relation::Silent,
        relation => relation,
    };
    let period = if slots::is_part_of_whole_year(claim, theirs) {
        Relation::Disjoint
    } else {
        slots::periods(mine.period.as_ref(), theirs.period.as_ref())
    };
    // «By December» is the day by which a plan is to be done: against a plan counts only another day that it gives itself.
    let are_planned = [mine, theirs]
        .iter()
        .all(|frame| frame.modality == Modality::Planned);
    let is_period_blamed = is_stated(mine.period.as_ref(), Origin::Clause)
        && (!are_planned || is_stated(theirs.period.as_ref(), Origin::Clause))
        && is_stated(theirs.period.as_ref(), Origin::Document)
        && theirs
            .period
            .as_ref()
            .is_some_and(|slot| slot.origin != Origin::Sentence);
    let roles = if is_percent(&quantity.unit.dimension) == is_percent(&fact.quantity.unit.dimension)
        || quantity.unit.dimension == fact.quantity.unit.dimension
    {
        slots::roles(quantity, &fact.quantity)
    } else {
        Relation::Silent
    };
    // By and to are told apart only where both texts speak of a movement, or of a share.
    let is_moving = mine.direction.is_some() && theirs.direction.is_some();
    let is_change_clear = is_moving
        || is_percent(&quantity.unit.dimension)
            && (quantity.direction.is_some() || fact.quantity.direction.is_some());
    differ(
        SlotName::Change,
        if is_change_clear {
            roles
        } else {
            Relation::Silent
        },
    );
    if roles != Relation::Disjoint {
        differ(
            SlotName::Direction,
            slots::directions(mine.direction, fact.frame.direction),
        );
    }
    differ(SlotName::Place, place);
    if is_period_blamed {
        differ(SlotName::Period, period);
    }
    differ(SlotName::Modality, slots::modalities(mine, theirs));
    differ(SlotName::Unit, units(quantity, &fact.quantity));
    if offices::other_office(lexicon, mine, theirs).is_some() {
        differ(SlotName::Person, Relation::Disjoint);
    }
    let references = event::references(
        &slots::own(&mine.references),
        &slots::own(&theirs.references),
    );
    if references.is_some() {
        differ(SlotName::Reference, Relation::Disjoint);
    }
    if let Some(slot) = base(lexicon, mine, theirs) {
        differ(slot, Relation::Disjoint);
    } else if are_counted_apart(lexicon, quantity, fact)
        && !is_named_too(quantity, theirs)
        && !is_named_too(&fact.quantity, mine)
    {
        differ(SlotName::Base, Relation::Disjoint);
    }
    let shared = profile(mine)
        .iter()
        .filter(|a| profile(theirs).iter().any(|b| lexicon.is_a(a, b)))
        .count();
    let period_points = match period {
        Relation::Equal => 2,
        Relation::Disjoint => -3,
        _ => 0,
    };
    let place_points = match place {
        Relation::Equal => 3,
        Relation::Disjoint => -4,
        _ => 0,
    };
    Pair {
        fact,
        numbers,
        nearness: nearness(claim, fact, quantity) + period_points + place_points,
        coverage: coverage(claim, fact, around),
        differences,
        period,
        place,
        is_keyed: (period != Relation::Disjoint || has_no_period(mine))
            && is_same_place(lexicon, claim, theirs, local_day(claim.published_at))
            && !is_one_of_several(lexicon, mine, theirs, on),
        is_same_region: share_region(mine, theirs),
        is_same_measure: shared > 0 || same_noun(claim, quantity, fact) || is_carried(mine, theirs),
        is_second_role: slots::is_second_role(quantity, &fact.quantity),
        is_period_apart: period == Relation::Disjoint,
    }
}

/// Whether a sentence that names no measure, «год назад их было 231», took over one that the record's figure has.
fn is_carried(claim: &Frame, record: &Frame) -> bool {
    let is_silent = claim
        .measures
        .iter()
        .all(|slot| slot.origin >= Origin::Paragraph);
    let theirs: BTreeSet<&str> = record
        .measures
        .iter()
        .map(|slot| slot.best.as_str())
        .collect();
    is_silent
        && claim
            .measures
            .iter()
            .any(|slot| theirs.contains(slot.best.as_str()))
}

/// Whether a slot was found at an origin or nearer.
fn is_stated<T>(slot: Option<&Slot<T>>, origin: Origin) -> bool {
    slot.is_some_and(|slot| slot.origin <= origin)
}

/// Whether two statements are about the same place as far as a difference needs it: a region that either names must be
/// the other's too, be it by inheritance. A sentence that names none is set where its publication is.
fn is_same_place(lexicon: &Lexicon, claim: &Claim, record: &Frame, on: NaiveDate) -> bool {
    let regions = |frame: &Frame, origin: Origin| -> BTreeSet<String> {
        let stated = frame
            .places
            .iter()
            .filter(|slot| slot.origin <= origin && slot.best != slots::COUNTRY);
        stated.map(|slot| slot.best.clone()).collect()
    };
    let theirs = regions(record, Origin::Default);
    if !regions(&claim.frame, Origin::Sentence).is_empty() {
        return !regions(&claim.frame, Origin::Default).is_disjoint(&theirs);
    }
    if regions(record, Origin::Sentence).is_empty()
        && regions(&claim.frame, Origin::Paragraph).is_empty()
    {
        return true;
    }
    let named = claim
        .context
        .iter()
        .filter_map(|anchor| anchor.strip_prefix("p:"));
    let inherited = regions(&claim.frame, Origin::Default);
    let mut named = named
        .filter(|place| *place != slots::COUNTRY)
        .chain(inherited.iter().map(String::as_str));
    named.any(|place| {
        theirs
            .iter()
            .any(|other| knowledge::are_places_related(lexicon, place, other, Some(on)))
    })
}

/// Whether a claim's own sentence names no period: what it took over from the sentence before is then no word against
/// the record that its publication reports on.
fn has_no_period(claim: &Frame) -> bool {
    let period = claim.period.as_ref();
    period.is_some_and(|slot| slot.origin > Origin::Sentence)
}

/// Whether a record's sentence gives one figure for several places together of which the claim names only some.
fn is_one_of_several(
    lexicon: &Lexicon,
    claim: &Frame,
    record: &Frame,
    on: Option<chrono::NaiveDate>,
) -> bool {
    let (mine, theirs) = (slots::own(&claim.places), slots::own(&record.places));
    let is_apart = |place: &&&str| {
        mine.iter()
            .all(|own| !knowledge::are_places_related(lexicon, own, place, on))
    };
    !mine.is_empty()
        && theirs.iter().filter(is_apart).count() > 0
        && theirs.iter().any(|place| mine.contains(place))
}

/// Whether both statements name or inherit one region.
fn share_region(claim: &Frame, record: &Frame) -> bool {
    let regions = |frame: &Frame| -> BTreeSet<String> {
        let named = frame
            .places
            .iter()
            .filter(|slot| slot.best != slots::COUNTRY);
        named.map(|slot| slot.best.clone()).collect()
    };
    !regions(claim).is_disjoint(&regions(record))
}

/// Whether a dimension is a percentage of some kind.
fn is_percent(dimension: &Dimension) -> bool {
    matches!(
        dimension,
        Dimension::Percent | Dimension::Fraction | Dimension::PercentPoints
    )
}

/// Percent against percentage points.
fn units(claim: &Quantity, record: &Quantity) -> Relation {
    match (&claim.unit.dimension, &record.unit.dimension) {
        (Dimension::Percent, Dimension::PercentPoints)
        | (Dimension::PercentPoints, Dimension::Percent)
            if claim.role == Role::ChangeBy && record.role == Role::ChangeBy =>
        {
            Relation::Disjoint
        }
        _ => Relation::Equal,
    }
}

/// Compares the numbers.
pub(super) fn numbers(claim: &Quantity, fact: &Fact<'_>) -> Numbers {
    let record = &fact.quantity;
    let (mine, theirs) = (&claim.unit.dimension, &record.unit.dimension);
    let points = matches!(
        (mine, theirs),
        (Dimension::Percent, Dimension::PercentPoints)
            | (Dimension::PercentPoints, Dimension::Percent)
    );
    if !slots::is_comparable(mine, theirs) && !points {
        return Numbers::Incomparable;
    }
    if claim.mode == Mode::Nth || *mine == Dimension::Fraction {
        return fraction(claim, record);
    }
    if record.mode != Mode::Bare {
        return hedged(claim, record);
    }
    let printed = Printed {
        value: record.best.value,
        step: record.best.step,
    };
    let printed = if fact.source == Source::Stated {
        printed
    } else {
        Printed {
            step: record.best.step * Decimal::TWO,
            ..printed
        }
    };
    let (best, worst) = compare_all(claim, printed);
    if best.agrees() {
        Numbers::Agree(best)
    } else if worst == Outcome::Different && best == Outcome::Different {
        // A number without a unit may leave out the magnitude that stands beside it: «96 млн из 548».
        match magnitude(claim, &record.best) {
            Numbers::MagnitudeApart if *mine == Dimension::Bare => Numbers::Grey,
            Numbers::MagnitudeApart => Numbers::MagnitudeApart,
            _ => Numbers::Different,
        }
    } else {
        Numbers::Grey
    }
}

/// The same digits with another magnitude word, thousand for million, or with another unit of time, months for years.
fn magnitude(claim: &Quantity, record: &Reading) -> Numbers {
    let value = claim.best.value;
    if value.is_zero() || record.value.is_zero() || value == record.value {
        return Numbers::Incomparable;
    }
    if claim.unit.dimension == Dimension::Duration {
        let n_units = |reading: &Reading| reading.value.checked_div(reading.step);
        let n_claimed = n_units(&claim.best).filter(|n| *n > Decimal::ONE);
        return match n_claimed.is_some() && n_claimed == n_units(record) {
            true => Numbers::MagnitudeApart,
            false => Numbers::Incomparable,
        };
    }
    let (large, small) = if value > record.value {
        (value, record.value)
    } else {
        (record.value, value)
    };
    let thousand = Decimal::ONE_THOUSAND;
    let mut ratio = large / small;
    let mut n_steps = 0;
    while ratio > Decimal::from(200) {
        ratio /= thousand;
        n_steps += 1;
    }
    let is_same_digits = (ratio - Decimal::ONE).abs() <= Decimal::new(6, 3);
    if n_steps > 0 && is_same_digits && significant_digits(value) >= 2 {
        Numbers::MagnitudeApart
    } else {
        Numbers::Incomparable
    }
}

/// A fraction in words, or «every n-th», against a share: words are loose, so five percent of it either way.
fn fraction(claim: &Quantity, record: &Quantity) -> Numbers {
    let share = if claim.mode == Mode::Nth {
        if claim.best.value.is_zero() {
            return Numbers::Incomparable;
        }
        Decimal::ONE_HUNDRED / claim.best.value
    } else {
        claim.best.value
    };
    let difference = record.best.value - share;
    let limits = match claim.mode {
        Mode::Gt | Mode::Ge => (Decimal::new(-5, 1), share * Decimal::new(3, 1)),
        Mode::Lt | Mode::Le | Mode::UpTo => (share * Decimal::new(-3, 1), Decimal::new(5, 1)),
        Mode::Nearly => (share * Decimal::new(-8, 2), Decimal::new(5, 1)),
        _ => (share * Decimal::new(-7, 2), share * Decimal::new(7, 2)),
    };
    let band = share * Decimal::new(1, 1);
    if difference >= limits.0 && difference <= limits.1 {
        Numbers::Agree(Outcome::Rounded)
    } else if difference >= limits.0 - band && difference <= limits.1 + band {
        Numbers::Grey
    } else {
        Numbers::Different
    }
}

/// A record that is itself hedged: it agrees when either text accepts the other's number.
fn hedged(claim: &Quantity, record: &Quantity) -> Numbers {
    let mine = compare_all(
        claim,
        Printed {
            value: record.best.value,
            step: record.best.step,
        },
    );
    let theirs = compare_all(
        record,
        Printed {
            value: claim.best.value,
            step: claim.best.step,
        },
    );
    if mine.0.agrees() || theirs.0.agrees() {
        Numbers::Agree(mine.0.min(theirs.0))
    } else if mine.0 == Outcome::Different && theirs.0 == Outcome::Different {
        Numbers::Different
    } else {
        Numbers::Grey
    }
}

/// Places: only what both texts state can differ; what lies inside the other does not.
pub(super) fn places(
    lexicon: &Lexicon,
    claim: &Frame,
    record: &Frame,
    on: Option<chrono::NaiveDate>,
) -> Relation {
    let stated = |frame: &Frame, origin: Origin| -> Vec<String> {
        let near = frame.places.iter().filter(|slot| slot.origin <= origin);
        near.map(|slot| slot.best.clone()).collect()
    };
    let (mine, theirs) = (
        stated(claim, Origin::Paragraph),
        stated(record, Origin::Default),
    );
    if mine.is_empty() || theirs.is_empty() {
        return Relation::Silent;
    }
    // Where a list gives each number its place, only that place counts.
    let (near, near_theirs) = (
        stated(claim, Origin::Clause),
        stated(record, Origin::Clause),
    );
    let (mine, theirs) = if near.is_empty() || near_theirs.is_empty() {
        (mine, theirs)
    } else {
        (near, near_theirs)
    };
    // «Жаңаарқа ауданы» of one region is not that of another, when both name the region beside it.
    let written = |frame: &Frame| only_region(stated(frame, Origin::Sentence));
    if let (Some(a), Some(b)) = (written(claim), written(record))
        && !knowledge::are_places_related(lexicon, &a, &b, on)
    {
        return Relation::Disjoint;
    }
    if mine.iter().any(|place| theirs.contains(place)) {
        return Relation::Equal;
    }
    let is_related = mine.iter().any(|a| {
        theirs
            .iter()
            .any(|b| knowledge::are_places_related(lexicon, a, b, on))
    });
    if is_related {
        Relation::Overlap
    } else {
        Relation::Disjoint
    }
}

/// The one region among places, if there is one; regions have the codes of ISO 3166-2 without anything behind.
fn only_region(places: Vec<String>) -> Option<String> {
    let is_region = |place: &String| *place != slots::COUNTRY && place.matches('-').count() == 1;
    let mut regions = places.into_iter().filter(is_region);
    let first = regions.next()?;
    regions.all(|other| other == first).then_some(first)
}

/// The lowest rung of money: set aside, and not given yet. What is given and what is spent are told alike.
pub(super) const ENVISAGED: u8 = 1;
/// Qualifiers that speak of the period, which has its own slot.
pub(super) const PERIODIC: [&str; 6] = [
    "annual",
    "monthly",
    "quarterly",
    "daily",
    "weekly",
    "half_yearly",
];

/// What the figure's own clause says it measures.
pub(super) fn profile(frame: &Frame) -> BTreeSet<&str> {
    let lists = [
        &frame.measures,
        &frame.qualifiers,
        &frame.statuses,
        &frame.actions,
    ];
    lists
        .into_iter()
        .flat_map(|list| slots::in_clause(list))
        .collect()
}

/// The difference of base or status between two statements, when both state one and they exclude each other.
pub(super) fn base(lexicon: &Lexicon, claim: &Frame, record: &Frame) -> Option<SlotName> {
    let (mine, theirs) = (profile(claim), profile(record));
    let (only_mine, only_theirs): (Vec<&str>, Vec<&str>) = (
        mine.difference(&theirs).copied().collect(),
        theirs.difference(&mine).copied().collect(),
    );
    for a in &only_mine {
        for b in &only_theirs {
            if knowledge::are_antonyms(lexicon, a, b) && !PERIODIC.contains(a) {
                return Some(SlotName::Base);
            }
            let is_law = [&claim.measures, &record.measures]
                .into_iter()
                .flatten()
                .any(|slot| slot.best.contains("bill") || slot.best.contains("law"));
            if let (Some(x), Some(y)) = (knowledge::rung(lexicon, a), knowledge::rung(lexicon, b))
                && x.0 == y.0
                && x.1 > y.1
                && (is_law || x.0 != "legislation")
                && (x.0 != "money" || y.1 == ENVISAGED)
            {
                return Some(if x.0 == "money" {
                    SlotName::Modality
                } else {
                    SlotName::Status
                });
            }
        }
    }
    None
}

/// Kinds of things that are never counted one for the other: persons, offences, cases.
const COUNTED: [&str; 3] = ["person", "offence", "case"];
/// Kinds of things that stand for anything counted.
const ANYTHING: [&str; 4] = ["fact", "number_of", "materials", "total"];

/// Whether two figures count things of kinds that exclude each other: persons against cases, cases against appeals.
fn are_counted_apart(lexicon: &Lexicon, claim: &Quantity, fact: &Fact<'_>) -> bool {
    let kind = |of: &str| -> Option<String> {
        let of = if of == "population" { "person" } else { of };
        let top = lexicon.ancestors(of).last().copied().unwrap_or(of);
        (!ANYTHING.contains(&of)).then(|| top.to_owned())
    };
    // The total of a table counts what the table is of.
    let is_total = slots::in_clause(&fact.frame.qualifiers).contains("total");
    let of_table = match (&fact.observation.part, fact.frame.measures.as_slice()) {
        (Part::Cell { .. }, [measure]) if is_total => Some(measure.best.as_str()),
        _ => None,
    };
    let mine = claim.unit.of.as_deref().and_then(kind);
    let of_table = of_table
        .and_then(kind)
        .filter(|kind| COUNTED.contains(&kind.as_str()));
    let theirs = fact.quantity.unit.of.as_deref().and_then(kind).or(of_table);
    let (Some(mine), Some(theirs)) = (mine, theirs) else {
        return false;
    };
    mine != theirs
        && [&mine, &theirs]
            .iter()
            .any(|kind| COUNTED.contains(&kind.as_str()))
}

/// Whether the other statement speaks of what a figure counts, though it counts by another word: «3 915 прививок» and
/// "3,915 people were vaccinated".
fn is_named_too(quantity: &Quantity, other: &Frame) -> bool {
    let of = quantity.unit.of.as_deref();
    of.is_some_and(|of| slots::in_clause(&other.measures).contains(of))
}

/// Whether both figures count things of one name.
fn same_noun(claim: &Claim, quantity: &Quantity, fact: &Fact<'_>) -> bool {
    let (mine, theirs) = (&quantity.unit, &fact.quantity.unit);
    mine.of.is_some() && mine.of == theirs.of
        || claim.language == fact.observation.language
            && mine.noun.is_some()
            && mine.noun == theirs.noun
}

/// How near two statements are, in points, period and place left out.
fn nearness(claim: &Claim, fact: &Fact<'_>, quantity: &Quantity) -> i32 {
    let (mine, theirs) = (profile(&claim.frame), profile(&fact.frame));
    let shared = mine.intersection(&theirs).count() as i32;
    // «Факты» of a heading count whatever the row is of.
    let n_telling = |ids: &BTreeSet<&str>| ids.iter().filter(|id| !ANYTHING.contains(id)).count();
    let unshared = (n_telling(&mine).min(n_telling(&theirs)) as i32 - shared).max(0);
    let sentence = |frame: &Frame| -> BTreeSet<String> {
        frame
            .anchors()
            .into_iter()
            .filter(|anchor| {
                ["c:", "w:", "n:", "i:", "l:", "o:", "s:", "d:"]
                    .iter()
                    .any(|p| anchor.starts_with(p))
            })
            .collect()
    };
    let own_number = super::frame::number_anchor(quantity);
    let record_number = super::frame::number_anchor(&fact.quantity);
    let points: u32 = sentence(&claim.frame)
        .intersection(&sentence(&fact.frame))
        .filter(|anchor| **anchor != own_number && **anchor != record_number)
        .map(|anchor| anchor_weight(anchor).min(40))
        .sum();
    let mut near = 3 * shared - unshared + (points / 12) as i32;
    if same_noun(claim, quantity, fact) {
        near += 3;
    } else if let (Some(a), Some(b)) = (&quantity.unit.of, &fact.quantity.unit.of)
        && a != b
    {
        near -= 2;
    }
    if quantity.unit.dimension == fact.quantity.unit.dimension {
        near += 1;
    }
    if quantity.role == fact.quantity.role {
        near += 1;
    }
    let is_earlier = fact.is_earlier || fact.quantity.role == Role::Start;
    if is_earlier && quantity.role != Role::Start {
        near -= 3;
    }
    near
}

/// Whether a number as written tells enough to recognise a figure by: three digits, or an odd two.
pub(super) fn is_telling(quantity: &Quantity) -> bool {
    significant_digits(quantity.best.value) >= super::frame::TELLING_DIGITS
}

/// Share of a claim's recognisable content that a record's statement holds with what belongs to it, in thousandths.
fn coverage(claim: &Claim, fact: &Fact<'_>, around: &[String]) -> u32 {
    let mut record: BTreeSet<String> = fact.frame.anchors().into_iter().collect();
    let inherited = [
        ("c", &fact.frame.measures),
        ("p", &fact.frame.places),
        ("b", &fact.frame.bodies),
    ];
    for (prefix, slots) in inherited {
        record.extend(slots.iter().map(|slot| format!("{prefix}:{}", slot.best)));
    }
    let record: Vec<String> = record.into_iter().collect();
    let is_cell = matches!(fact.observation.part, Part::Cell { .. });
    let is_same_language = claim.language == fact.observation.language;
    let (mut shared, mut total) = (0, 0);
    for word in event::words(&claim.frame) {
        if !is_same_language && event::is_stem(&word) {
            continue;
        }
        total += event::worth(&word);
        // What stands elsewhere on the record's page counts half, and whole for a table, which is of what its page is about.
        let beside = event::held(&word, around);
        let beside = if is_cell { beside } else { beside / 2 };
        shared += event::held(&word, &record).max(beside);
    }
    (shared * 1000).checked_div(total).unwrap_or(500)
}
