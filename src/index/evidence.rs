//! Finds the records that could settle a claim, by anchors that mean the same in every language.
//!
//! Three lists are merged by reciprocal rank. The records that the publication as a whole reports on come first to
//! mind: it shares many anchors with them even where one of them is wrong; they are found once for all claims of a
//! publication. Then those with an observation that shares the claim's own anchors without its numbers, since the
//! number may be the error. Then those with the same precise number, which may belong to another month or place. The
//! judge reads each record whole. What an anchor is worth is fixed, times a coarse step for how rare it is, so
//! that the order does not hang on a statistic's last digit; ties go by what is said, then by id. With what was found
//! goes its [`Basis`], by which [`super::affected`] tells later what a new record changes. Spec: checking.md, 6.3.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::IndexError;
use super::engine::{Best, Engine, Field, Kind, Plan};
use super::entry;
use crate::model::{Basis, Claim, Evidence, Leaned, RevisionId, anchor_weight};

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
/// An anchor that this many halvings of its holders leave with one (1,024 entries) does not choose entries on its own, it
/// only ranks them.
const COMMON_HALVINGS: u32 = 10;
/// From so many halvings on (8,192 entries) all anchors count alike.
const COMMONEST: u32 = 13;
/// Of the common anchors so many, the worthiest, choose entries in pairs.
const PAIRED_ANCHORS: usize = 5;
/// Statements whose records are remembered.
const REMEMBERED: usize = 20_000;
/// Anchors whose rarity is remembered.
const REMEMBERED_RARITIES: usize = 500_000;
/// Numbers of fewer significant digits are too common to be recognised by.
const PRECISE_DIGITS: usize = 3;

/// Records found through observations, with the score of their best, best first.
type Ranked = Vec<(RevisionId, u32)>;

/// What was found for a statement's anchors.
struct Found {
    /// The records near to the topic.
    near: Ranked,
    /// Those with the number.
    donors: Ranked,
    /// What finding them rested on.
    basis: Basis,
}

/// The records of one publication's claims.
#[derive(Debug, Default)]
pub struct Retrieved {
    /// For each claim its records, best first.
    pub evidence: Vec<Vec<Evidence>>,
    /// For each claim what finding them rested on.
    pub bases: Vec<Basis>,
    /// What finding the records of the publication as a whole rested on.
    pub whole: Basis,
}

/// Retrieval over an index that does not change meanwhile. Outlets repeat each other's sentences, so what was found for
/// a statement's anchors is remembered and found once.
pub struct Retrieval<'i> {
    engine: &'i dyn Engine,
    /// By anchors: what was found.
    known: Mutex<HashMap<Vec<String>, Arc<Found>>>,
    /// How rare anchors are.
    rarities: Mutex<HashMap<String, u8>>,
}

impl<'i> Retrieval<'i> {
    pub(super) fn new(engine: &'i dyn Engine) -> Retrieval<'i> {
        Retrieval {
            engine,
            known: Mutex::default(),
            rarities: Mutex::default(),
        }
    }

    /// The records that could settle the claims of one publication: for each claim at most `limit`, best first, whatever
    /// language they are in. The score orders work; it decides nothing.
    ///
    /// # Errors
    /// When the index cannot answer.
    pub fn evidence(&self, claims: &[Claim], limit: usize) -> Result<Retrieved, IndexError> {
        let Some(first) = claims.first() else {
            return Ok(Retrieved::default());
        };
        let (reported, whole) = self.reported(first)?;
        let found: Vec<(Vec<Evidence>, Basis)> = claims
            .par_iter()
            .map(|claim| {
                let found = self.found(claim.frame.anchors(), limit)?;
                let near = in_order(&found.near, &reported);
                let donors = in_order(&found.donors, &reported);
                let evidence = fuse(&[&reported, &near, &donors], limit);
                Ok((evidence, found.basis.clone()))
            })
            .collect::<Result<_, IndexError>>()?;
        let (evidence, bases) = found.into_iter().unzip();
        Ok(Retrieved {
            evidence,
            bases,
            whole,
        })
    }

    /// The records found for a statement's anchors.
    fn found(&self, own: Vec<String>, limit: usize) -> Result<Arc<Found>, IndexError> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&own) {
            return Ok(Arc::clone(found));
        }
        let topic = self.worths(own.iter().filter(|a| !is_number(a)), OWN_ANCHORS)?;
        let precise = self.worths(own.iter().filter(|a| is_precise(a)), OWN_ANCHORS)?;
        let near = match topic.as_slice() {
            [] => Best::default(),
            topic => observed_records(self.engine, selective(topic), limit)?,
        };
        let donors = donors(self.engine, &precise, &topic, limit)?;
        let mut basis = self.basis(&own, &topic, &precise)?;
        basis.near_floor = near.floor;
        basis.number_floor = donors.floor;
        let found = Arc::new(Found {
            near: near.revisions,
            donors: donors.revisions,
            basis,
        });
        let mut known = known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(own, Arc::clone(&found));
        Ok(found)
    }

    /// The records that a publication reports on, the nearest first: those that share most of its anchors.
    fn reported(&self, claim: &Claim) -> Result<(Vec<RevisionId>, Basis), IndexError> {
        let context = self.worths(claim.context.iter(), CONTEXT_ANCHORS)?;
        let mut basis = self.basis(&claim.context, &context, &[])?;
        if context.is_empty() {
            return Ok((Vec::new(), basis));
        }
        // The page of the claim itself is no news to it; its own tables are still found by the other lists.
        let plan = Plan::All(vec![
            Plan::Kind(Kind::Record),
            selective(&context),
            Plan::Not(Box::new(demand(Field::Url, &claim.url))),
        ]);
        let best = self.engine.revisions(&plan, RECORDS, RECORDS)?;
        basis.near_floor = best.floor;
        let found = best.revisions.into_iter();
        Ok((found.map(|(revision, _)| revision).collect(), basis))
    }

    /// How rare an anchor is; found once.
    fn rarity(&self, anchor: &str) -> Result<u8, IndexError> {
        let known = || self.rarities.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rarity) = known().get(anchor) {
            return Ok(*rarity);
        }
        let rarity = rarity(self.engine, anchor)?;
        let mut known = known();
        if known.len() >= REMEMBERED_RARITIES {
            known.clear();
        }
        known.insert(anchor.to_owned(), rarity);
        Ok(rarity)
    }

    /// Anchors that stand in the index with their worth, the worthiest first, at most `limit`.
    fn worths<'a>(
        &self,
        anchors: impl Iterator<Item = &'a String>,
        limit: usize,
    ) -> Result<Vec<Worth<'a>>, IndexError> {
        let mut worths = Vec::new();
        for anchor in anchors {
            let weight = anchor_weight(anchor);
            let rarity = self.rarity(anchor)?;
            if weight > 0 && rarity > 0 {
                worths.push(Worth {
                    anchor,
                    worth: weight * u32::from(rarity),
                    rarity,
                });
            }
        }
        worths.sort_by_key(|one| (Reverse(one.worth), one.anchor));
        worths.truncate(limit);
        Ok(worths)
    }

    /// What a search by these anchors rests on, its floors left open.
    fn basis(
        &self,
        all: &[String],
        topic: &[Worth<'_>],
        precise: &[Worth<'_>],
    ) -> Result<Basis, IndexError> {
        let leaned = |worths: &[Worth<'_>]| -> Vec<Leaned> {
            let leaned = worths.iter();
            leaned.map(|one| (digest(one.anchor), one.rarity)).collect()
        };
        let used: BTreeSet<&str> = topic.iter().chain(precise).map(|one| one.anchor).collect();
        let mut spare = Vec::new();
        for anchor in all {
            if anchor_weight(anchor) > 0 && !used.contains(anchor.as_str()) {
                spare.push((digest(anchor), self.rarity(anchor)?));
            }
        }
        Ok(Basis {
            topics: leaned(topic),
            numbers: leaned(precise),
            spare,
            near_floor: 0,
            number_floor: 0,
        })
    }
}

/// The number that stands for an anchor in a [`Basis`].
pub(super) fn digest(anchor: &str) -> u32 {
    (entry::digest(&[anchor]) >> u32::BITS) as u32
}

/// How rare an anchor is: one step less for each doubling of the entries that hold it, 0 where none does. Only the
/// holders count, not how many entries there are: what an anchor is worth then changes with records that hold it and
/// with no others.
pub(super) fn rarity(engine: &dyn Engine, anchor: &str) -> Result<u8, IndexError> {
    let n_holders = engine.n_holders(Field::Anchor, anchor)?;
    let halvings = n_holders.checked_ilog2().map(|steps| steps.min(COMMONEST));
    Ok(halvings.map_or(0, |steps| (COMMONEST + 1 - steps) as u8))
}

/// Whether an anchor of a rarity is too common to choose entries on its own.
pub(super) fn is_common(rarity: u8) -> bool {
    u32::from(rarity) <= COMMONEST + 1 - COMMON_HALVINGS
}

/// Records in their order; among those that fit equally well, the ones reported on come first.
fn in_order(found: &Ranked, reported: &[RevisionId]) -> Vec<RevisionId> {
    let rank = |revision: &RevisionId| reported.iter().position(|record| record == revision);
    let mut found: Vec<_> = found
        .iter()
        .map(|(revision, score)| {
            let rank = rank(revision).unwrap_or(usize::MAX);
            (Reverse(*score), rank, revision)
        })
        .collect();
    found.sort_by_key(|(score, rank, _)| (*score, *rank));
    found.into_iter().map(|(_, _, one)| one.clone()).collect()
}

/// Whether an anchor is a number.
fn is_number(anchor: &str) -> bool {
    anchor.starts_with("n:") || anchor.starts_with("m:")
}

/// An anchor that stands in the index.
#[derive(Debug, Clone, Copy)]
struct Worth<'a> {
    /// The anchor.
    anchor: &'a str,
    /// What it is worth.
    worth: u32,
    /// How rare it is.
    rarity: u8,
}

/// Entries with a rare anchor, or with two of the common ones that say most; the other common anchors only rank them.
/// Reading every entry of a common anchor for each claim would make the time grow with the store.
fn selective(anchors: &[Worth<'_>]) -> Plan {
    let (common, rare): (Vec<Worth<'_>>, Vec<Worth<'_>>) =
        anchors.iter().partition(|anchor| is_common(anchor.rarity));
    if common.is_empty() {
        return Plan::Any(scored(&rare));
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
        return Plan::Any(scored(&common));
    }
    Plan::Ranked(Box::new(Plan::Any(demands)), scored(anchors))
}

/// A plan for each anchor.
fn scored(worths: &[Worth<'_>]) -> Vec<Plan> {
    worths
        .iter()
        .map(|one| Plan::Is {
            field: Field::Anchor,
            value: one.anchor.to_owned(),
            worth: Some(one.worth),
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

/// The records in which the observations stand that a plan finds, in the order of their best.
fn observed_records(engine: &dyn Engine, plan: Plan, limit: usize) -> Result<Best, IndexError> {
    let plan = Plan::All(vec![Plan::Kind(Kind::Observation), plan]);
    engine.revisions(&plan, OBSERVATIONS, limit * SPARE)
}

/// The records with one of the claim's precise numbers beside something of its topic.
fn donors(
    engine: &dyn Engine,
    precise: &[Worth<'_>],
    topic: &[Worth<'_>],
    limit: usize,
) -> Result<Best, IndexError> {
    if precise.is_empty() || topic.is_empty() {
        return Ok(Best::default());
    }
    let plan = Plan::All(vec![Plan::Any(scored(precise)), Plan::Any(scored(topic))]);
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
    merged.sort_by_key(|(revision, score)| (Reverse(*score), *revision));
    merged.truncate(limit);
    let evidence = |(revision, score): (&RevisionId, u32)| Evidence {
        revision: revision.clone(),
        score,
    };
    merged.into_iter().map(evidence).collect()
}
