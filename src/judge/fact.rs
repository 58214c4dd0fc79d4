//! Lays out what one record states, figure by figure, and what follows from its figures by arithmetic.
//!
//! Only three derivations are allowed: the change between two levels of one measure (the columns of a row, or two
//! levels of a sentence), the ratio of the same pair, and the share of a part in a whole. A share that no text declares
//! may support a claim but never contradict one.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::slots::is_comparable;
use crate::language::{Dimension, Direction, Mode, Quantity, Reading, Role, Unit};
use crate::model::document::Range2;
use crate::model::{Frame, Observation, Origin, Part};

/// Bytes between two sentences that follow each other.
const GAP_BYTES: usize = 3;
/// Days from the start of a period to that of the same a year later, a week more or less.
const YEAR_DAYS: std::ops::RangeInclusive<i64> = 358..=373;
/// Last row in which the totals of a table are looked for.
const TOTALS_ROW: usize = 1;

/// How a fact comes from its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// It stands there.
    Stated,
    /// The change or ratio of two levels that stand there.
    Change,
    /// The share of one figure in another, or the sum of the two, which the text does not declare.
    Share,
}

/// A figure of a record, or one derived from it.
#[derive(Debug, Clone)]
pub(super) struct Fact<'a> {
    /// Where it stands.
    pub observation: &'a Observation,
    /// Its slots.
    pub frame: Frame,
    /// Its figure.
    pub quantity: Quantity,
    /// How it comes from the record.
    pub source: Source,
    /// Whether it is the earlier level of a pair, given only for comparison.
    pub is_earlier: bool,
}

/// One record, laid out once for all claims that are held against it.
pub struct Record<'a> {
    /// Observations of one revision, in the order of what they say.
    pub(super) observations: Vec<&'a Observation>,
    /// Figures, stated first.
    pub(super) facts: Vec<Fact<'a>>,
    /// Anchors of each observation, sorted.
    pub(super) own_anchors: Vec<Vec<String>>,
    /// Anchors of all observations, sorted.
    pub(super) anchors: Vec<String>,
}

impl<'a> Record<'a> {
    /// Lays out the observations of one revision; their order tells nothing. `None` where there are none.
    pub fn of(observations: impl IntoIterator<Item = &'a Observation>) -> Option<Record<'a>> {
        let mut observations: Vec<&Observation> = observations.into_iter().collect();
        observations.sort_by(|a, b| by_content(a).cmp(&by_content(b)));
        let own_anchors = observations.iter().map(|one| one.frame.anchors());
        let own_anchors: Vec<Vec<String>> = own_anchors.collect();
        let anchors: BTreeSet<String> = own_anchors.iter().flatten().cloned().collect();
        (!observations.is_empty()).then(|| Record {
            facts: facts(&observations),
            anchors: anchors.into_iter().collect(),
            own_anchors,
            observations,
        })
    }

    /// An observation that tells what all of them share: source, address, when it was published.
    pub(super) fn first(&self) -> &'a Observation {
        self.observations[0]
    }
}

/// The order in which observations are weighed: by what they say, so that neither ids nor addresses settle a tie.
pub(super) fn by_content(observation: &Observation) -> impl Ord {
    let quantity = observation.frame.quantity.as_ref();
    (
        observation.published_at,
        &observation.source,
        observation.language,
        &observation.context,
        &observation.part,
        &observation.text,
        quantity.map(|quantity| quantity.span.start),
        // A sentence stands beside its own clauses, with the same words.
        &observation.frame.terms,
    )
}

/// The facts of one record.
fn facts<'a>(observations: &[&'a Observation]) -> Vec<Fact<'a>> {
    let mut facts: Vec<Fact<'a>> = observations
        .iter()
        .filter_map(|observation| stated(observation))
        .collect();
    let neighbours = Neighbours::of(&facts);
    for later in 0..facts.len() {
        for earlier in neighbours.near(&facts[later].observation.part) {
            if later == earlier {
                continue;
            }
            if is_pair(&facts[earlier], &facts[later])
                || is_elliptic(&facts, &neighbours, earlier, later)
            {
                let direction = direction_of(&facts[earlier], &facts[later]);
                let derived = changes(&facts[earlier], &facts[later], direction);
                facts[later].frame.direction = facts[later].frame.direction.or(Some(direction));
                facts[earlier].is_earlier = true;
                facts.extend(derived);
            } else if is_part(&facts[later], &facts[earlier]) {
                let share = share(&facts[later], &facts[earlier]);
                facts.extend(share);
                facts.extend(sum(&facts[later], &facts[earlier]));
            }
        }
    }
    facts
}

/// Where figures stand, so that each is compared only with those that stand near it: a table of thousands of cells has
/// millions of pairs, nearly all of them of nothing to do with each other.
struct Neighbours {
    /// Figures by the passage or cell they stand in.
    by_part: BTreeMap<Part, Vec<usize>>,
    /// Figures by table and row.
    by_row: BTreeMap<(usize, usize), Vec<usize>>,
    /// Figures of the first rows, where totals stand, by table and column.
    by_column: BTreeMap<(usize, usize), Vec<usize>>,
}

impl Neighbours {
    fn of(facts: &[Fact<'_>]) -> Neighbours {
        let (mut by_part, mut by_row, mut by_column) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (place, fact) in facts.iter().enumerate() {
            let part = &fact.observation.part;
            by_part
                .entry(part.clone())
                .or_insert_with(Vec::new)
                .push(place);
            if let Part::Cell { table, row, column } = *part {
                let of_row = by_row.entry((table, row)).or_insert_with(Vec::new);
                of_row.push(place);
                if row <= TOTALS_ROW {
                    let of_column = by_column.entry((table, column)).or_insert_with(Vec::new);
                    of_column.push(place);
                }
            }
        }
        Neighbours {
            by_part,
            by_row,
            by_column,
        }
    }

    /// Figures that may make a pair or a whole with one that stands there, in their order.
    fn near(&self, part: &Part) -> Vec<usize> {
        let mut near = BTreeSet::new();
        match *part {
            Part::Cell { table, row, column } => {
                near.extend(self.by_row.get(&(table, row)).into_iter().flatten());
                near.extend(self.by_column.get(&(table, column)).into_iter().flatten());
            }
            Part::Text(at) => {
                // Sentences do not overlap, so those that touch this one begin soon after it or are the last before it.
                let first = Part::Text(Range2 {
                    start: at.start,
                    end: 0,
                });
                let before = self.by_part.range(..first.clone()).rev().take_while(
                    |(other, _)| matches!(other, Part::Text(other) if other.end + GAP_BYTES >= at.start),
                );
                near.extend(before.flat_map(|(_, places)| places));
                let after = self.by_part.range(first..).take_while(
                    |(other, _)| matches!(other, Part::Text(other) if other.start <= at.end + GAP_BYTES),
                );
                near.extend(after.flat_map(|(_, places)| places));
            }
            Part::Title(_) => near.extend(self.by_part.get(part).into_iter().flatten()),
        }
        near.into_iter().copied().collect()
    }
}

/// What an observation states, with «every third» turned into its share.
fn stated(observation: &Observation) -> Option<Fact<'_>> {
    let frame = observation.frame.clone();
    let mut quantity = frame.quantity.clone()?;
    if quantity.mode == Mode::Nth {
        let n = quantity.best.value;
        if n <= Decimal::ONE {
            return None;
        }
        quantity.best = exact(Decimal::ONE_HUNDRED / n, Decimal::ONE);
        quantity.mode = Mode::About;
        quantity.unit.dimension = Dimension::Percent;
        quantity.role = Role::Share;
    }
    Some(Fact {
        observation,
        frame,
        quantity,
        source: Source::Stated,
        is_earlier: false,
    })
}

/// A reading of a computed value, known to within `step`.
fn exact(value: Decimal, step: Decimal) -> Reading {
    Reading {
        value,
        step,
        step_zeros: step,
        hi: None,
        has_decimals: true,
    }
}

/// Whether two facts are the levels of one measure, a year (or the stated base) apart.
fn is_pair(earlier: &Fact<'_>, later: &Fact<'_>) -> bool {
    let (a, b) = (&earlier.quantity, &later.quantity);
    if a.unit.dimension != b.unit.dimension || b.role == Role::Start || b.role == Role::ChangeBy {
        return false;
    }
    let is_row = is_same_row(earlier.observation, later.observation);
    if is_row {
        let starts = |fact: &Fact<'_>| fact.frame.period.as_ref().map(|slot| slot.best.start);
        let (Some(x), Some(y)) = (starts(earlier), starts(later)) else {
            return false;
        };
        return x < y && a.role != Role::ChangeBy && same_path(&earlier.frame, &later.frame);
    }
    let is_near = matches!(
        (&earlier.observation.part, &later.observation.part),
        (Part::Text(x), Part::Text(y)) if x == y || x.start >= y.end && x.start - y.end <= GAP_BYTES
    );
    let is_title = matches!((&earlier.observation.part, &later.observation.part), (Part::Title(x), Part::Title(y)) if x == y);
    (is_near || is_title)
        && (a.role == Role::Start || is_a_year_apart(earlier, later))
        && matches!(b.role, Role::Level | Role::ChangeTo | Role::Share)
}

/// Whether a level is given right after another of its sentence without what it counts: «118 человек (годом ранее – 131)».
fn is_elliptic(facts: &[Fact<'_>], neighbours: &Neighbours, earlier: usize, later: usize) -> bool {
    let (a, b) = (&facts[earlier].quantity, &facts[later].quantity);
    let part = &facts[earlier].observation.part;
    let is_meant = a.role == Role::Start
        && a.unit.dimension == Dimension::Bare
        && matches!(b.role, Role::Level | Role::ChangeTo)
        && is_comparable(&a.unit.dimension, &b.unit.dimension)
        && matches!(part, Part::Text(_) | Part::Title(_));
    let before = || {
        let near = neighbours.near(part).into_iter();
        let same = near.filter(|place| facts[*place].observation.part == *part);
        let before = same.filter(|place| facts[*place].quantity.span.end <= a.span.start);
        before.max_by_key(|place| facts[*place].quantity.span.start)
    };
    is_meant && before() == Some(later)
}

/// Whether two levels of one measure stand in sentences that follow each other, the one a year before the other.
fn is_a_year_apart(earlier: &Fact<'_>, later: &Fact<'_>) -> bool {
    let start = |fact: &Fact<'_>| fact.frame.period.as_ref().map(|slot| slot.best.start);
    let (Some(a), Some(b)) = (start(earlier), start(later)) else {
        return false;
    };
    let of_clause = |fact: &Fact<'_>| -> BTreeSet<String> {
        let lists = [
            &fact.frame.measures,
            &fact.frame.statuses,
            &fact.frame.actions,
        ];
        let own = lists.into_iter().flatten();
        let own = own.filter(|slot| slot.origin == Origin::Clause);
        own.map(|slot| slot.best.clone()).collect()
    };
    let (mine, theirs) = (of_clause(earlier), of_clause(later));
    let is_same_noun =
        earlier.quantity.unit.of.is_some() && earlier.quantity.unit.of == later.quantity.unit.of;
    is_same_noun
        && (YEAR_DAYS).contains(&(b - a).num_days())
        && !mine.is_empty()
        && mine == theirs
        && matches!(earlier.quantity.role, Role::Level)
}

/// Whether two observations are cells of one row.
fn is_same_row(a: &Observation, b: &Observation) -> bool {
    matches!((&a.part, &b.part),
        (Part::Cell { table, row, .. }, Part::Cell { table: t, row: r, .. }) if table == t && row == r)
}

/// Whether two cells of a row measure the same: what sets them apart is the period alone.
fn same_path(a: &Frame, b: &Frame) -> bool {
    let ids = |frame: &Frame| -> Vec<String> {
        let lists = [&frame.measures, &frame.qualifiers, &frame.statuses];
        let mut ids: Vec<String> = lists
            .into_iter()
            .flatten()
            .map(|slot| slot.best.clone())
            .collect();
        ids.sort();
        ids
    };
    ids(a) == ids(b)
}

fn direction_of(earlier: &Fact<'_>, later: &Fact<'_>) -> Direction {
    match later.quantity.best.value.cmp(&earlier.quantity.best.value) {
        std::cmp::Ordering::Greater => Direction::Up,
        std::cmp::Ordering::Less => Direction::Down,
        std::cmp::Ordering::Equal => Direction::Flat,
    }
}

/// Change in the unit, in percent and as a ratio from one level to the other.
fn changes<'a>(earlier: &Fact<'a>, later: &Fact<'a>, direction: Direction) -> Vec<Fact<'a>> {
    let (from, to) = (&earlier.quantity.best, &later.quantity.best);
    let mut derived = Vec::new();
    let mut add = |value: Decimal, step: Decimal, dimension: Dimension, role: Role| {
        let mut frame = later.frame.clone();
        let quantity = Quantity {
            best: exact(value, step),
            mode: Mode::Bare,
            unit: Unit {
                dimension,
                of: later.quantity.unit.of.clone(),
                noun: later.quantity.unit.noun.clone(),
            },
            role,
            other_roles: Vec::new(),
            direction: Some(direction),
            ..later.quantity.clone()
        };
        frame.direction = Some(direction);
        frame.quantity = Some(quantity.clone());
        derived.push(Fact {
            observation: later.observation,
            frame,
            quantity,
            source: Source::Change,
            is_earlier: false,
        });
    };
    let step = from.step + to.step;
    let is_percent = later.quantity.unit.dimension == Dimension::Percent;
    let unit = if is_percent {
        Dimension::PercentPoints
    } else {
        later.quantity.unit.dimension.clone()
    };
    let step = if step <= Decimal::TWO {
        Decimal::ZERO
    } else {
        step
    };
    add((to.value - from.value).abs(), step, unit, Role::ChangeBy);
    if from.value > Decimal::ZERO {
        let percent = (to.value - from.value).abs() * Decimal::ONE_HUNDRED / from.value;
        let blur = (from.step + to.step) * Decimal::from(50) / from.value;
        add(
            percent.round_dp(3),
            blur.round_dp(3),
            Dimension::Percent,
            Role::ChangeBy,
        );
        add(
            (to.value / from.value).round_dp(4),
            Decimal::ZERO,
            Dimension::Times,
            Role::Ratio,
        );
        // What has become half of itself has fallen by two times: «екі есе қысқарды».
        if direction == Direction::Down && to.value > Decimal::ZERO {
            add(
                (from.value / to.value).round_dp(4),
                Decimal::ZERO,
                Dimension::Times,
                Role::Ratio,
            );
        }
    }
    derived
}

/// Whether one figure may be a part of the other: the same sentence or column, one unit, and smaller.
fn is_part(part: &Fact<'_>, whole: &Fact<'_>) -> bool {
    let (a, b) = (&part.quantity, &whole.quantity);
    let is_amount = |quantity: &Quantity| {
        matches!(
            quantity.unit.dimension,
            Dimension::Count | Dimension::Money(_) | Dimension::Bare | Dimension::Area
        ) && matches!(quantity.role, Role::Level | Role::ChangeTo)
    };
    if !is_amount(a) || !is_amount(b) || a.best.value >= b.best.value {
        return false;
    }
    match (&part.observation.part, &whole.observation.part) {
        (Part::Text(x), Part::Text(y)) => {
            x == y
                || x.start >= y.end && x.start - y.end <= GAP_BYTES
                || y.start >= x.end && y.start - x.end <= GAP_BYTES
        }
        (
            Part::Cell {
                table: t,
                column: c,
                ..
            },
            Part::Cell { table, row, column },
        ) => t == table && c == column && *row <= TOTALS_ROW,
        _ => false,
    }
}

/// The sum of two figures of one sentence: a publication may add what its record gives apart.
fn sum<'a>(one: &Fact<'a>, other: &Fact<'a>) -> Option<Fact<'a>> {
    // What is there and what is only planned make no sum.
    let is_beside = matches!(one.observation.part, Part::Text(_))
        && one.frame.modality == other.frame.modality
        && one.observation.part == other.observation.part
        && is_comparable(&one.quantity.unit.dimension, &other.quantity.unit.dimension);
    is_beside.then(|| {
        let value = one.quantity.best.value + other.quantity.best.value;
        let quantity = Quantity {
            best: exact(value, one.quantity.best.step.max(other.quantity.best.step)),
            mode: Mode::Bare,
            ..other.quantity.clone()
        };
        let mut frame = other.frame.clone();
        frame.quantity = Some(quantity.clone());
        Fact {
            observation: other.observation,
            frame,
            quantity,
            source: Source::Share,
            is_earlier: false,
        }
    })
}

/// The share of a part in a whole, in percent.
fn share<'a>(part: &Fact<'a>, whole: &Fact<'a>) -> Option<Fact<'a>> {
    let total = whole.quantity.best.value;
    if total <= Decimal::ZERO {
        return None;
    }
    let value = (part.quantity.best.value * Decimal::ONE_HUNDRED / total).round_dp(3);
    let mut frame = part.frame.clone();
    let quantity = Quantity {
        best: exact(value, Decimal::ZERO),
        mode: Mode::Bare,
        unit: Unit {
            dimension: Dimension::Percent,
            of: None,
            noun: None,
        },
        role: Role::Share,
        other_roles: vec![Role::Level],
        direction: None,
        ..part.quantity.clone()
    };
    frame.direction = None;
    frame.quantity = Some(quantity.clone());
    Some(Fact {
        observation: part.observation,
        frame,
        quantity,
        source: Source::Share,
        is_earlier: false,
    })
}
