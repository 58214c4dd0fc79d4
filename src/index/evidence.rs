//! Finds the records that could settle a claim, by anchors that mean the same in every language.
//!
//! Three lists are merged by reciprocal rank. The records that the publication as a whole reports on come first to
//! mind: it shares many anchors with them even where one of them is wrong; they are found once for all claims of a
//! publication. Then those with an observation that shares the claim's own anchors without its numbers, since the
//! number may be the error. Then those with the same precise number, which may belong to another month or place. The
//! judge reads each record whole. What an anchor is worth is fixed, times a coarse step for how rare it is, so
//! that the order does not hang on a statistic's last digit; ties go by id. Spec: checking.md, 6.3.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::IndexError;
use super::engine::{Engine, Field, Kind, Plan};
use crate::model::{Claim, Evidence, RevisionId};

/// How many records a publication is taken to report on.
const RECORDS: usize = 6;
/// Anchors of a publication used to find its records: the worthiest ones; more of them change little and cost time.
const CONTEXT_ANCHORS: usize = 60;
/// Anchors of a claim used to find observations.
const OWN_ANCHORS: usize = 32;
/// The constant of reciprocal rank fusion (Cormack and others 2009).
const FUSION: u32 = 60;
/// A list is read this many times longer than asked for, since the lists are merged.
const SPARE: usize = 2;
/// Observations of a list that are looked at for the records they stand in.
const OBSERVATIONS: usize = 150;
/// An anchor of more entries than this does not choose entries on its own, it only ranks them.
const COMMON_HOLDERS: u64 = 1_000;
/// Of the common anchors so many, the worthiest, choose entries in pairs.
const PAIRED_ANCHORS: usize = 5;
/// Numbers of fewer significant digits are too common to be recognised by.
const PRECISE_DIGITS: usize = 3;

/// The records that could settle the claims of one publication: for each claim its own list, best first.
pub(super) fn evidence(
    engine: &dyn Engine,
    claims: &[Claim],
    limit: usize,
) -> Result<Vec<Vec<Evidence>>, IndexError> {
    let Some(first) = claims.first() else {
        return Ok(Vec::new());
    };
    let reported = reported_records(engine, first)?;
    claims
        .par_iter()
        .map(|claim| of_claim(engine, claim, &reported, limit))
        .collect()
}

/// The records that could settle one claim, given those that its publication reports on.
fn of_claim(
    engine: &dyn Engine,
    claim: &Claim,
    reported: &[RevisionId],
    limit: usize,
) -> Result<Vec<Evidence>, IndexError> {
    let own = claim.frame.anchors();
    let topic = worths(engine, own.iter().filter(|a| !is_number(a)), OWN_ANCHORS)?;
    let near = match topic.as_slice() {
        [] => Vec::new(),
        topic => observed_records(engine, selective(topic, 1), limit)?,
    };
    let donors = donors(engine, &own, &topic, limit)?;
    // Among records that fit equally well, those reported on come first.
    let in_order = |mut found: Vec<(RevisionId, u32)>| -> Vec<RevisionId> {
        let rank = |revision: &RevisionId| reported.iter().position(|record| record == revision);
        found.sort_by_key(|(revision, score)| {
            (
                std::cmp::Reverse(*score),
                rank(revision).unwrap_or(usize::MAX),
            )
        });
        found.into_iter().map(|(revision, _)| revision).collect()
    };
    let (near, donors) = (in_order(near), in_order(donors));
    Ok(fuse(&[reported, &near, &donors], limit))
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

/// The records that a publication reports on, the nearest first: those that share most of its anchors.
fn reported_records(engine: &dyn Engine, claim: &Claim) -> Result<Vec<RevisionId>, IndexError> {
    let context = worths(engine, claim.context.iter(), CONTEXT_ANCHORS)?;
    if context.is_empty() {
        return Ok(Vec::new());
    }
    // The page of the claim itself is no news to it; its own tables are still found by the other lists.
    let plan = Plan::All(vec![
        Plan::Kind(Kind::Record),
        selective(&context, 1),
        Plan::Not(Box::new(demand(Field::Url, &claim.url))),
    ]);
    let found = engine.revisions(&plan, RECORDS, RECORDS)?;
    Ok(found.into_iter().map(|(revision, _)| revision).collect())
}

/// The records in which the observations stand that a plan finds, in the order of their best.
fn observed_records(
    engine: &dyn Engine,
    plan: Plan,
    limit: usize,
) -> Result<Vec<(RevisionId, u32)>, IndexError> {
    let plan = Plan::All(vec![Plan::Kind(Kind::Observation), plan]);
    engine.revisions(&plan, OBSERVATIONS, limit * SPARE)
}

/// The records with one of the claim's precise numbers beside something of its topic.
fn donors(
    engine: &dyn Engine,
    own: &[String],
    topic: &[Worth<'_>],
    limit: usize,
) -> Result<Vec<(RevisionId, u32)>, IndexError> {
    let precise = worths(engine, own.iter().filter(|a| is_precise(a)), OWN_ANCHORS)?;
    if precise.is_empty() || topic.is_empty() {
        return Ok(Vec::new());
    }
    let plan = Plan::All(vec![
        Plan::Any(scored(&precise, 1)),
        Plan::Any(scored(topic, 1)),
    ]);
    observed_records(engine, plan, limit)
}

/// Whether an anchor is a number of enough significant digits.
fn is_precise(anchor: &str) -> bool {
    let Some(number) = anchor.strip_prefix("n:") else {
        return false;
    };
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len() >= PRECISE_DIGITS
}

/// Merges lists by reciprocal rank; ties go by id.
fn fuse(lists: &[&[RevisionId]], limit: usize) -> Vec<Evidence> {
    let mut scores: BTreeMap<&RevisionId, u32> = BTreeMap::new();
    for list in lists {
        for (rank, revision) in (1..).zip(*list) {
            *scores.entry(revision).or_default() += 1_000_000 / (FUSION + rank);
        }
    }
    let mut merged: Vec<(&RevisionId, u32)> = scores.into_iter().collect();
    merged.sort_by_key(|(revision, score)| (std::cmp::Reverse(*score), *revision));
    merged.truncate(limit);
    let evidence = |(revision, score): (&RevisionId, u32)| Evidence {
        revision: revision.clone(),
        score,
    };
    merged.into_iter().map(evidence).collect()
}
