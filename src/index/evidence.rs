//! Finds the observations that could settle a claim, by anchors that mean the same in every language.
//!
//! Three lists are merged by reciprocal rank. The records that the publication as a whole reports on come first to
//! mind: it shares many anchors with them even where one of them is wrong. Then the observations that share the claim's
//! own anchors without its numbers, since the number may be the error. Then those with the same precise number, which
//! may belong to another month or place. What an anchor is worth is fixed, times a coarse step for how rare it is, so
//! that the order does not hang on a statistic's last digit; ties go by id. Spec: checking.md, 6.3.

use std::collections::{BTreeMap, BTreeSet};

use super::IndexError;
use super::engine::{Engine, Field, Kind, Order, Plan, Row};
use crate::model::{Claim, ObservationId, RevisionId};

/// How many records are read in full for one claim.
const RECORDS: usize = 6;
/// How strongly a claim's own anchors count against those of its publication, in finding records.
const OWN_FACTOR: u32 = 3;
/// Anchors of a publication used to find its records: the worthiest ones; more of them change little and cost time.
const CONTEXT_ANCHORS: usize = 60;
/// Anchors of a claim used to find observations.
const OWN_ANCHORS: usize = 32;
/// The constant of reciprocal rank fusion (Cormack and others 2009).
const FUSION: u32 = 60;
/// A list is read this many times longer than asked for, since older copies of the same sentence are dropped from it.
const SPARE: usize = 3;
/// At least so many rows of a list are read, so that rows of equal score can be put in order.
const LEAST_ROWS: usize = 100;
/// An anchor of more entries than this does not choose entries on its own, it only ranks them.
const COMMON_HOLDERS: u64 = 1_000;
/// Of the common anchors so many, the worthiest, choose entries in pairs.
const PAIRED_ANCHORS: usize = 5;
/// Numbers of fewer significant digits are too common to be recognised by.
const PRECISE_DIGITS: usize = 3;

/// The evidence for a claim, best first.
pub(super) fn evidence(
    engine: &dyn Engine,
    claim: &Claim,
    limit: usize,
) -> Result<Vec<(ObservationId, u32)>, IndexError> {
    let own = claim.frame.anchors();
    let topic = worths(engine, own.iter().filter(|a| !is_number(a)), OWN_ANCHORS)?;
    let numbers = worths(engine, own.iter().filter(|a| is_number(a)), OWN_ANCHORS)?;
    let records = reported_records(engine, claim, &topic, &numbers)?;
    let mut near = observations(engine, selective(&topic, 1), limit)?;
    let mut donors = donors(engine, &own, &topic, limit)?;
    // Among observations that fit equally well, those of the records reported on come first.
    for list in [&mut near, &mut donors] {
        let rank = |row: &Row| records.iter().position(|record| *record == row.revision);
        list.sort_by_key(|row| {
            (
                std::cmp::Reverse(row.score),
                rank(row).unwrap_or(usize::MAX),
            )
        });
    }
    let reported = of_records(engine, &records, &topic, &numbers, limit)?;
    Ok(fuse(&[reported, near, donors], limit))
}

/// Whether an anchor is a number.
fn is_number(anchor: &str) -> bool {
    anchor.starts_with("n:") || anchor.starts_with("m:")
}

/// What an anchor is worth as a sign that two texts speak of the same thing.
fn weight(anchor: &str) -> u32 {
    match anchor.split(':').next() {
        Some("n") => 60,
        Some("i" | "l") => 45,
        Some("o") => 30,
        Some("d") => 25,
        Some("t" | "p") => 18,
        Some("c") => 16,
        Some("b" | "w") => 12,
        Some("s") => 8,
        Some("m") => 6,
        _ => 0,
    }
}

/// An anchor that stands in the index.
#[derive(Debug, Clone, Copy)]
struct Worth<'a> {
    /// The anchor.
    anchor: &'a str,
    /// What it is worth.
    worth: u32,
    /// How many entries hold it.
    n_holders: u64,
}

/// Anchors that stand in the index with their worth, the worthiest first, at most `limit`.
fn worths<'a>(
    engine: &dyn Engine,
    anchors: impl Iterator<Item = &'a String>,
    limit: usize,
) -> Result<Vec<Worth<'a>>, IndexError> {
    let mut worths = Vec::new();
    for anchor in anchors {
        let weight = weight(anchor);
        let (n_holders, n_entries) = engine.spread(Field::Anchor, anchor)?;
        if weight > 0 && n_holders > 0 {
            // One step for each halving: an anchor of half the entries counts once or twice, a rare one many times.
            let rarity = 1 + (n_entries / n_holders).max(1).ilog2();
            worths.push(Worth {
                anchor,
                worth: weight * rarity,
                n_holders,
            });
        }
    }
    worths.sort_by_key(|one| (std::cmp::Reverse(one.worth), one.anchor));
    worths.truncate(limit);
    Ok(worths)
}

/// Entries with a rare anchor, or with two of the common ones that say most; the other common anchors only rank them.
/// Reading every entry of a common anchor for each claim would make the time grow with the store.
fn selective(anchors: &[Worth<'_>], factor: u32) -> Plan {
    let (common, rare): (Vec<Worth<'_>>, Vec<Worth<'_>>) = anchors
        .iter()
        .partition(|anchor| anchor.n_holders > COMMON_HOLDERS);
    if common.is_empty() {
        return Plan::Any(scored(&rare, factor));
    }
    let mut demands: Vec<Plan> = rare
        .iter()
        .map(|anchor| demand(Field::Anchor, anchor.anchor))
        .collect();
    let telling = &common[..common.len().min(PAIRED_ANCHORS)];
    for (index, first) in telling.iter().enumerate() {
        for second in &telling[index + 1..] {
            let pair = [first, second].map(|one| demand(Field::Anchor, one.anchor));
            demands.push(Plan::All(pair.to_vec()));
        }
    }
    if demands.is_empty() {
        return Plan::Any(scored(&common, factor));
    }
    Plan::Ranked(Box::new(Plan::Any(demands)), scored(anchors, factor))
}

/// A plan for each anchor.
fn scored(worths: &[Worth<'_>], factor: u32) -> Vec<Plan> {
    worths
        .iter()
        .map(|one| Plan::Is {
            field: Field::Anchor,
            value: one.anchor.to_owned(),
            worth: Some(one.worth * factor),
        })
        .collect()
}

/// A plan that only demands.
fn demand(field: Field, value: &str) -> Plan {
    Plan::Is {
        field,
        value: value.to_owned(),
        worth: Some(0),
    }
}

/// The records that the claim's publication reports on, the nearest first.
fn reported_records(
    engine: &dyn Engine,
    claim: &Claim,
    topic: &[Worth<'_>],
    numbers: &[Worth<'_>],
) -> Result<Vec<RevisionId>, IndexError> {
    let context = worths(engine, claim.context.iter(), CONTEXT_ANCHORS)?;
    let mut wanted = vec![selective(&context, 1)];
    wanted.push(selective(topic, OWN_FACTOR));
    wanted.extend(scored(numbers, OWN_FACTOR));
    // The page of the claim itself is no news to it; its own tables are still found by the other lists.
    let plan = Plan::All(vec![
        Plan::Kind(Kind::Record),
        Plan::Any(wanted),
        Plan::Not(Box::new(demand(Field::Url, &claim.url))),
    ]);
    let mut addresses = BTreeSet::new();
    let found = engine.find(&plan, Order::Score, 0, RECORDS * SPARE)?.rows;
    Ok(found
        .into_iter()
        .take_while(|record| {
            addresses.insert(record.group);
            addresses.len() <= RECORDS
        })
        .map(|record| record.revision)
        .collect())
}

/// Observations of records, record by record, in each those first that share most with the claim.
fn of_records(
    engine: &dyn Engine,
    records: &[RevisionId],
    topic: &[Worth<'_>],
    numbers: &[Worth<'_>],
    limit: usize,
) -> Result<Vec<Row>, IndexError> {
    let mut rows = Vec::new();
    for record in records {
        let mut ranking = scored(topic, 1);
        ranking.extend(scored(numbers, 1));
        let plan = Plan::Ranked(
            Box::new(Plan::All(vec![
                Plan::Kind(Kind::Observation),
                demand(Field::Revision, &record.0),
            ])),
            ranking,
        );
        rows.extend(engine.find(&plan, Order::Score, 0, limit)?.rows);
    }
    Ok(rows)
}

/// Observations that a plan finds.
fn observations(engine: &dyn Engine, plan: Plan, limit: usize) -> Result<Vec<Row>, IndexError> {
    let plan = Plan::All(vec![Plan::Kind(Kind::Observation), plan]);
    let limit = (limit * SPARE).max(LEAST_ROWS);
    Ok(engine.find(&plan, Order::Score, 0, limit)?.rows)
}

/// Observations with one of the claim's precise numbers and something of its topic.
fn donors(
    engine: &dyn Engine,
    own: &[String],
    topic: &[Worth<'_>],
    limit: usize,
) -> Result<Vec<Row>, IndexError> {
    let precise = worths(engine, own.iter().filter(|a| is_precise(a)), OWN_ANCHORS)?;
    if precise.is_empty() || topic.is_empty() {
        return Ok(Vec::new());
    }
    let plan = Plan::All(vec![
        Plan::Any(scored(&precise, 1)),
        Plan::Any(scored(topic, 1)),
    ]);
    observations(engine, plan, limit)
}

/// Whether an anchor is a number of enough significant digits.
fn is_precise(anchor: &str) -> bool {
    let Some(number) = anchor.strip_prefix("n:") else {
        return false;
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len() >= PRECISE_DIGITS
}

/// Merges lists by reciprocal rank; of sentences that one address kept over several revisions only one stays: the newest.
fn fuse(lists: &[Vec<Row>], limit: usize) -> Vec<(ObservationId, u32)> {
    let mut scores: BTreeMap<u64, u32> = BTreeMap::new();
    let mut newest: BTreeMap<u64, (i64, String)> = BTreeMap::new();
    for list in lists {
        let mut seen = BTreeSet::new();
        for row in list {
            let candidate = (row.published, row.key.clone());
            let standing = newest.entry(row.group).or_insert_with(|| candidate.clone());
            if candidate.0 > standing.0 {
                *standing = candidate;
            }
            if seen.insert(row.group) {
                let rank = u32::try_from(seen.len()).unwrap_or(u32::MAX - FUSION);
                *scores.entry(row.group).or_default() += 1_000_000 / (FUSION + rank);
            }
        }
    }
    let mut merged: Vec<(ObservationId, u32)> = newest
        .into_iter()
        .map(|(group, (_, key))| {
            let score = scores.get(&group).copied().unwrap_or_default();
            (ObservationId(key), score)
        })
        .collect();
    merged.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    merged.truncate(limit);
    merged
}
