//! Compares the slots of a claim with those of a record, each by its own rule.
//!
//! Every comparator answers with a relation. Only `Disjoint` between values that both texts state can become a
//! difference; silence on either side is never one.

use std::collections::BTreeSet;

use chrono::Days;

use super::frame::MAY_BE_FUTURE;
use crate::language::{Dimension, Direction, Period, PeriodKind, Quantity, Role};
use crate::model::{Claim, Frame, Modality, Origin, Polarity, Slot};

/// Id of the whole country among places.
pub(super) const COUNTRY: &str = "kz";

/// How far, in days, a day and a span may lie apart and still speak of one time.
const MONTH_DAYS: i64 = 45;

/// How two values stand to each other, the claim's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    /// The same.
    Equal,
    /// One of them is not stated.
    Silent,
    /// They share a part.
    Overlap,
    /// They exclude each other.
    Disjoint,
}

/// Values stated in the sentence itself.
pub(super) fn own(slots: &[Slot<String>]) -> BTreeSet<&str> {
    let stated = slots.iter().filter(|slot| slot.origin <= Origin::Sentence);
    stated.map(|slot| slot.best.as_str()).collect()
}

/// The bodies that published a record.
pub(super) fn publishers(record: &Frame) -> impl Iterator<Item = &str> {
    let own = record.bodies.iter();
    let own = own.filter(|slot| slot.origin == Origin::Default);
    own.map(|slot| slot.best.as_str())
}

/// Values of the clause of the number.
pub(super) fn in_clause(slots: &[Slot<String>]) -> BTreeSet<&str> {
    let stated = slots.iter().filter(|slot| slot.origin == Origin::Clause);
    stated.map(|slot| slot.best.as_str()).collect()
}

/// Compares sets of values.
pub(super) fn sets(claim: &BTreeSet<&str>, record: &BTreeSet<&str>) -> Relation {
    if claim.is_empty() || record.is_empty() {
        Relation::Silent
    } else if claim == record {
        Relation::Equal
    } else if claim.intersection(record).next().is_some() {
        Relation::Overlap
    } else {
        Relation::Disjoint
    }
}

/// Compares periods: equal within slack, of one kind, under any reading.
pub(super) fn periods(claim: Option<&Slot<Period>>, record: Option<&Slot<Period>>) -> Relation {
    let (Some(claim), Some(record)) = (claim, record) else {
        return Relation::Silent;
    };
    let readings = || std::iter::once(&claim.best).chain(&claim.alternatives);
    let others = || std::iter::once(&record.best).chain(&record.alternatives);
    let relations = readings().flat_map(|a| others().map(move |b| period(a, b)));
    relations.min().unwrap_or(Relation::Silent)
}

/// Words by which a year is meant as a whole.
const WHOLE_YEAR: [&str; 12] = [
    "весь год",
    "весь прошлый год",
    "весь 20",
    "целый год",
    "whole year",
    "full year",
    "entire year",
    "whole of 20",
    "whole of last year",
    "жыл бойы",
    "бүкіл жыл",
    "толық жыл",
];
/// Days of the shortest period that is a year, and of the longest that is a part of one.
const YEAR_DAYS: (i64, i64) = (360, 330);

/// Whether a claim speaks of a year as a whole, and the record's figure is of a part of that year.
pub(super) fn is_part_of_whole_year(claim: &Claim, record: &Frame) -> bool {
    let (Some(mine), Some(theirs)) = (&claim.frame.period, &record.period) else {
        return false;
    };
    let n_days = |period: &Period| (period.end - period.start).num_days();
    let text = claim.text.to_lowercase();
    mine.origin == Origin::Clause
        && n_days(&mine.best) >= YEAR_DAYS.0
        && (2..=YEAR_DAYS.1).contains(&n_days(&theirs.best))
        && mine.best.start == theirs.best.start
        && WHOLE_YEAR.iter().any(|words| text.contains(words))
}

/// Compares two readings of periods.
fn period(claim: &Period, record: &Period) -> Relation {
    if claim.kind == PeriodKind::Current || record.kind == PeriodKind::Current {
        return Relation::Silent;
    }
    let slack = u64::from(claim.end_slack_days.max(record.end_slack_days)) + 1;
    let near = |a: chrono::NaiveDate, b: chrono::NaiveDate, days: u64| {
        a.checked_add_days(Days::new(days))
            .is_none_or(|end| end >= b)
            && b.checked_add_days(Days::new(days))
                .is_none_or(|end| end >= a)
    };
    if near(claim.start, record.start, 1) && near(claim.end, record.end, slack) {
        return Relation::Equal;
    }
    // A stock value «as of 1 October» and the span that ends there are told apart by their measure, not here.
    let is_instant = |period: &Period| matches!(period.kind, PeriodKind::Instant | PeriodKind::Day);
    if is_instant(claim) != is_instant(record) {
        let is_far = claim.end < record.start || record.end < claim.start;
        let days = if claim.end < record.start {
            record.start - claim.end
        } else {
            claim.start - record.end
        };
        return if is_far && days.num_days() > MONTH_DAYS {
            Relation::Disjoint
        } else {
            Relation::Silent
        };
    }
    Relation::Disjoint
}

/// Compares how two numbers speak of their measure.
pub(super) fn roles(claim: &Quantity, record: &Quantity) -> Relation {
    let sets = |quantity: &Quantity| -> Vec<Role> {
        let mut roles = vec![quantity.role];
        roles.extend(&quantity.other_roles);
        roles
    };
    let (a, b) = (sets(claim), sets(record));
    if a.iter()
        .any(|x| b.iter().any(|y| same_role(*x, *y, &claim.unit.dimension)))
    {
        return Relation::Equal;
    }
    let is_by = |roles: &[Role]| roles.iter().all(|role| *role == Role::ChangeBy);
    if is_by(&a) != is_by(&b) {
        Relation::Disjoint
    } else {
        Relation::Silent
    }
}

/// Whether a change in the claim matches a level of the record only in its second reading.
pub(super) fn is_second_role(claim: &Quantity, record: &Quantity) -> bool {
    claim.role == Role::ChangeBy
        && claim.other_roles.contains(&Role::ChangeTo)
        && matches!(record.role, Role::Level | Role::ChangeTo)
}

/// Whether two roles can be the same statement.
fn same_role(a: Role, b: Role, dimension: &Dimension) -> bool {
    let is_level = |role: Role| {
        matches!(role, Role::Level | Role::ChangeTo | Role::Start)
            || role == Role::Share && matches!(dimension, Dimension::Percent | Dimension::Fraction)
    };
    a == b || is_level(a) && is_level(b)
}

/// Compares directions.
pub(super) fn directions(claim: Option<Direction>, record: Option<Direction>) -> Relation {
    match (claim, record) {
        (Some(a), Some(b)) if a == b => Relation::Equal,
        (Some(_), Some(_)) => Relation::Disjoint,
        _ => Relation::Silent,
    }
}

/// Compares how statements are meant: what a record only plans is not done. The other way round says nothing: a
/// publication may speak of a plan that a record has since seen done.
pub(super) fn modalities(claim: &Frame, record: &Frame) -> Relation {
    let is_open = record.modality == Modality::Planned;
    let is_affirmed = claim.polarity == Polarity::Positive && record.polarity == Polarity::Positive;
    if claim.modality == record.modality {
        Relation::Equal
    } else if is_of_penalty(claim) || is_of_penalty(record) {
        // What a law threatens with is neither planned nor done.
        Relation::Silent
    } else if claim.modality == Modality::Asserted
        && !claim.terms.iter().any(|term| term == MAY_BE_FUTURE)
        && is_open
        && is_affirmed
    {
        Relation::Disjoint
    } else {
        Relation::Silent
    }
}

/// Whether a statement is about a punishment.
fn is_of_penalty(frame: &Frame) -> bool {
    let lists = [&frame.measures, &frame.statuses];
    let mut own = lists
        .into_iter()
        .flatten()
        .filter(|slot| slot.origin <= Origin::Sentence);
    own.any(|slot| PENALTIES.contains(&slot.best.as_str()))
}

/// Punishments.
const PENALTIES: [&str; 4] = ["imprisonment", "punishment", "fine", "jail"];

/// Whether numbers of two dimensions can be compared as they are.
pub(super) fn is_comparable(a: &Dimension, b: &Dimension) -> bool {
    use Dimension as D;
    match (a, b) {
        (x, y) if x == y => true,
        (D::Bare, D::Count | D::Money(_)) | (D::Count | D::Money(_), D::Bare) => true,
        (D::Percent, D::Fraction) | (D::Fraction, D::Percent) => true,
        _ => false,
    }
}

/// Compares the days that two frames name, each a day or `first/after-the-last`: one day may lie within the span that the
/// other gives.
pub(super) fn dates(claim: &BTreeSet<&str>, record: &BTreeSet<&str>) -> Relation {
    if claim.is_empty() || record.is_empty() {
        return Relation::Silent;
    }
    let ends = |day: &&str| -> (String, String) {
        let (first, end) = day.split_once('/').unwrap_or((day, day));
        (first.to_owned(), end.to_owned())
    };
    let is_met = claim.iter().any(|a| {
        let (first, end) = ends(a);
        record.iter().any(|b| {
            let (other_first, other_end) = ends(b);
            first <= other_end && other_first <= end
        })
    });
    if is_met {
        Relation::Equal
    } else {
        Relation::Disjoint
    }
}

/// Days a frame names.
pub(super) fn days(frame: &Frame) -> BTreeSet<&str> {
    frame
        .terms
        .iter()
        .filter_map(|term| term.strip_prefix("d:"))
        .collect()
}

/// Whether two frames name a day of one month and number, the year of which one of them leaves to the reader: nobody is
/// held to a year that he did not write.
pub(super) fn are_days_alike(claim: &Frame, record: &Frame) -> bool {
    let without_year = |day: &str| day.split_once('-').map(|(_, rest)| rest.to_owned());
    let all = |frame: &Frame| -> BTreeSet<String> {
        days(frame).into_iter().filter_map(without_year).collect()
    };
    let open = |frame: &Frame| -> BTreeSet<String> {
        let terms = frame.terms.iter();
        let open = terms.filter_map(|term| term.strip_prefix(OPEN_YEAR));
        open.filter_map(without_year).collect()
    };
    !open(claim).is_disjoint(&all(record)) || !all(claim).is_disjoint(&open(record))
}

/// Prefix of the terms for days whose year the text does not give.
pub(super) const OPEN_YEAR: &str = "y:";
