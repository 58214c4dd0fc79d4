//! Reckons how urgent a case is, in parts that are shown with it: points a person can add up and disagree with.
//!
//! All points are whole numbers. What is counted is what stands now: copies that were corrected no longer spread anything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::steps::quiet_until;
use crate::config::CaseConfig;
use crate::model::ledger::{Priority, PriorityPart};
use crate::model::{Case, Copy, CopyState, Difference, SlotName, Source, SourceId, SourceRole};

/// Most points for how far the values are apart.
const MOST_SIZE: u32 = 200;
/// Most points for which slot differs.
const MOST_SLOT: u32 = 150;
/// Most points for how many sources carry it.
const MOST_SPREAD: u32 = 200;
/// Points for standing in a headline.
const MOST_HEADLINE: u32 = 100;
/// Most points for the authority of the record.
const MOST_AUTHORITY: u32 = 100;
/// Most points for how fresh it is.
const MOST_FRESH: u32 = 150;
/// Points for an agency's own page.
const MOST_OWN: u32 = 100;

/// What stands for a slot where people read every one of them as the same.
const NOTHING_DIFFERS: &str = "as people read it nothing differs";

/// The priority of a case at a moment.
pub fn priority(
    case: &Case,
    sources: &BTreeMap<SourceId, Source>,
    rules: &CaseConfig,
    now: DateTime<Utc>,
) -> Priority {
    let standing: Vec<&Copy> = case
        .copies
        .iter()
        .filter(|copy| copy.state == CopyState::Stands)
        .collect();
    let parts = vec![
        size(case),
        slot(case),
        spread(&standing),
        headline(&standing),
        authority(case),
        fresh(&standing, now),
        own_page(&standing, sources),
    ];
    Priority {
        score: parts.iter().map(|part| part.points).sum(),
        parts,
        quiet_until: quiet_until(case, rules, now),
    }
}

fn part(name: &'static str, points: u32, most: u32, why: impl Into<String>) -> PriorityPart {
    PriorityPart {
        name,
        points,
        most,
        why: why.into(),
    }
}

/// The first row whose bound a number reaches.
fn step<T: PartialOrd>(value: &T, rows: &[(T, u32)]) -> u32 {
    let row = rows.iter().find(|(least, _)| value >= least);
    row.map_or(0, |(_, points)| *points)
}

/// How far the values are apart.
fn size(case: &Case) -> PriorityPart {
    const ROWS: [(u64, u32); 6] = [
        (9_000, MOST_SIZE),
        (1_000, 160),
        (500, 130),
        (200, 100),
        (50, 60),
        (0, 30),
    ];
    let differing = case.differing();
    let Some(first) = differing.first() else {
        return match case.differences.is_empty() {
            true => nameless(),
            false => part("difference", 0, MOST_SIZE, NOTHING_DIFFERS),
        };
    };
    let Some(apart) = apart(case, first) else {
        return nameless();
    };
    let why = format!("{}.{} % of the official value", apart / 10, apart % 10);
    part("difference", step(&apart, &ROWS), MOST_SIZE, why)
}

/// Points where no two numbers are apart.
fn nameless() -> PriorityPart {
    part(
        "difference",
        120,
        MOST_SIZE,
        "another name, step or kind, not another number",
    )
}

/// The difference of two numbers in thousandths of the official one; `None` where no numbers differ.
fn apart(case: &Case, first: &Difference) -> Option<u64> {
    if !matches!(first.slot, SlotName::Value | SlotName::Unit) {
        return None;
    }
    let (claimed, official): (Decimal, Decimal) = match case.reading_of(first.slot) {
        Some(_) => (first.claimed.parse().ok()?, first.official.parse().ok()?),
        None => {
            let carrier = case.copies.iter().find_map(|copy| copy.carriers.first())?;
            let claimed = carrier.frame.quantity.as_ref()?.best.value;
            (
                claimed,
                case.record.as_ref()?.frame.quantity.as_ref()?.best.value,
            )
        }
    };
    let difference = claimed.checked_sub(official)?.abs();
    if official.is_zero() {
        return Some(u64::MAX / 2).filter(|_| !difference.is_zero());
    }
    // A tenth of the official value, ten times too small, is as far off as ten times too large.
    let least = claimed.abs().min(official.abs()).max(Decimal::new(1, 3));
    let share = difference
        .checked_div(least)
        .and_then(|share| share.checked_mul(Decimal::from(1000)))?;
    Some(share.to_u64().unwrap_or(u64::MAX / 2))
}

/// Which slot differs: what turns a statement around weighs most.
fn slot(case: &Case) -> PriorityPart {
    let differing = case.differing();
    if differing.is_empty() && !case.differences.is_empty() {
        return part("slot", 0, MOST_SLOT, NOTHING_DIFFERS);
    }
    let slot = differing.first().map_or(SlotName::Value, |one| one.slot);
    let points = match slot {
        SlotName::Polarity => MOST_SLOT,
        SlotName::Status | SlotName::Person => 140,
        SlotName::Attribution | SlotName::Direction | SlotName::Unit => 120,
        SlotName::Value | SlotName::Modality => 100,
        SlotName::Base | SlotName::Change => 90,
        SlotName::Period | SlotName::Place | SlotName::Body => 80,
        SlotName::Reference => 70,
        SlotName::Date => 60,
    };
    part(
        "slot",
        points,
        MOST_SLOT,
        format!("the {} differs", slot.words()),
    )
}

/// How many sources carry it.
fn spread(standing: &[&Copy]) -> PriorityPart {
    const ROWS: [(usize, u32); 5] = [(10, MOST_SPREAD), (5, 160), (3, 120), (2, 80), (1, 40)];
    let sources: BTreeSet<&SourceId> = standing.iter().map(|copy| &copy.source).collect();
    let n = sources.len();
    let why = format!("{n} sources carry it now");
    part("spread", step(&n, &ROWS), MOST_SPREAD, why)
}

fn headline(standing: &[&Copy]) -> PriorityPart {
    if standing.iter().any(|copy| copy.is_in_title()) {
        part(
            "headline",
            MOST_HEADLINE,
            MOST_HEADLINE,
            "a headline carries it",
        )
    } else {
        part("headline", 0, MOST_HEADLINE, "no headline carries it")
    }
}

/// The authority of the record.
fn authority(case: &Case) -> PriorityPart {
    let (points, why) = match case.record.as_ref().map(|record| record.authority) {
        Some(0) => (MOST_AUTHORITY, "law, register or final table"),
        Some(1) => (90, "statistics release"),
        Some(2) => (70, "release of a ministry or agency"),
        Some(3) => (50, "release of a regional body"),
        Some(4) => (30, "spoken statement"),
        Some(_) => (10, "republication of a record"),
        None => (0, "the record's authority is not known"),
    };
    part("authority", points, MOST_AUTHORITY, why)
}

/// How fresh the first publication is that still stands.
fn fresh(standing: &[&Copy], now: DateTime<Utc>) -> PriorityPart {
    const ROWS: [(i64, u32); 5] = [(30 * 24, 0), (7 * 24, 30), (3 * 24, 60), (24, 90), (6, 120)];
    let Some(first) = standing.iter().map(|copy| copy.published).min() else {
        return part("freshness", 0, MOST_FRESH, "it stands nowhere any more");
    };
    let age = now.signed_duration_since(first).max(TimeDelta::zero());
    let hours = age.num_hours();
    let row = ROWS.iter().find(|(least, _)| hours >= *least);
    let points = row.map_or(MOST_FRESH, |(_, points)| *points);
    let why = match hours / 24 {
        0 => format!("published {hours} hours ago"),
        days => format!("published {days} days ago"),
    };
    part("freshness", points, MOST_FRESH, why)
}

/// Whether an agency's own page carries it.
fn own_page(standing: &[&Copy], sources: &BTreeMap<SourceId, Source>) -> PriorityPart {
    let is_own = |copy: &&Copy| {
        let source = sources.get(&copy.source);
        source.is_some_and(|source| source.role == SourceRole::Official)
    };
    if standing.iter().any(is_own) {
        part(
            "own page",
            MOST_OWN,
            MOST_OWN,
            "an agency's own page carries it",
        )
    } else {
        part("own page", 40, MOST_OWN, "only the press carries it")
    }
}
