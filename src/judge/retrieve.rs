//! Finds the observations that could settle a claim: those of the records its publication reports on, and those that
//! share its own anchors.
//!
//! An anchor is a token that means the same in any language (a number, a day, a person, a place, a concept) or a stem of
//! one language. A publication that repeats a record shares many of its anchors even where one of them is wrong, so the
//! record it reports on is found through the publication as a whole. The weights are fixed, not taken from a corpus:
//! the same pair is compared whatever else the store holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Claim, Evidence, Observation};

/// How many records a claim is compared with in full.
const RECORDS: usize = 6;
/// Anchors that stand in more than one in this many records say little, and count for a quarter.
const COMMON_ONE_IN: usize = 8;
/// How strongly a claim's own anchors count against those of its publication.
const OWN_FACTOR: u32 = 3;

/// What an anchor is worth as proof that two texts speak of the same thing.
pub(super) fn weight(anchor: &str) -> u32 {
    match anchor.split(':').next() {
        Some("n") => 60,
        Some("i" | "l") => 45,
        Some("o") => 30,
        Some("d") => 25,
        Some("t" | "p") => 18,
        Some("c") => 16,
        Some("b") => 12,
        Some("w") => 12,
        Some("s") => 8,
        Some("m") => 6,
        _ => 0,
    }
}

/// Sum of the weights of anchors that both lists hold; both are sorted.
pub(super) fn shared_weight(a: &[String], b: &[String]) -> u32 {
    let b: BTreeSet<&String> = b.iter().collect();
    a.iter()
        .filter(|anchor| b.contains(anchor))
        .map(|anchor| weight(anchor))
        .sum()
}

/// Observations in memory with an index of their anchors.
#[derive(Debug, Default)]
pub struct Pool {
    observations: Vec<Observation>,
    anchors: Vec<Vec<String>>,
    /// Record (by revision) of each observation.
    record_of: Vec<usize>,
    /// Observations of each record.
    records: Vec<Vec<usize>>,
    /// Records that hold an anchor.
    holders: HashMap<String, Vec<usize>>,
}

impl Pool {
    /// Indexes observations.
    pub fn new(observations: Vec<Observation>) -> Pool {
        let mut pool = Pool::default();
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        for (index, observation) in observations.iter().enumerate() {
            let n_records = numbers.len();
            let record = *numbers
                .entry(observation.revision.0.clone())
                .or_insert(n_records);
            if record == pool.records.len() {
                pool.records.push(Vec::new());
            }
            pool.records[record].push(index);
            pool.record_of.push(record);
            let anchors = observation.frame.anchors();
            for anchor in &anchors {
                let holders = pool.holders.entry(anchor.clone()).or_default();
                if holders.last() != Some(&record) && !holders.contains(&record) {
                    holders.push(record);
                }
            }
            pool.anchors.push(anchors);
        }
        pool.observations = observations;
        pool
    }

    /// The evidence for a claim, best first: all of the nearest records, `limit` observations at most.
    pub fn evidence(&self, claim: &Claim, limit: usize) -> Vec<Evidence> {
        let own = claim.frame.anchors();
        let mut scores: BTreeMap<usize, u32> = BTreeMap::new();
        self.add(&mut scores, &claim.context, 1);
        self.add(&mut scores, &own, OWN_FACTOR);
        let mut ranked: Vec<(usize, u32)> = scores.into_iter().collect();
        ranked.sort_by_key(|(record, score)| (std::cmp::Reverse(*score), *record));
        let mut found: Vec<Evidence> = Vec::new();
        for (record, score) in ranked.into_iter().take(RECORDS) {
            let mut of_record: Vec<Evidence> = self.records[record]
                .iter()
                .map(|index| Evidence {
                    observation: self.observations[*index].clone(),
                    score: score * 1000 + shared_weight(&own, &self.anchors[*index]),
                })
                .collect();
            of_record.sort_by_key(|evidence| std::cmp::Reverse(evidence.score));
            found.extend(of_record);
        }
        found.truncate(limit);
        found
    }

    fn add(&self, scores: &mut BTreeMap<usize, u32>, anchors: &[String], factor: u32) {
        let n_records = self.records.len().max(1);
        for anchor in anchors {
            let Some(holders) = self.holders.get(anchor) else {
                continue;
            };
            let is_common = holders.len() * COMMON_ONE_IN > n_records + COMMON_ONE_IN;
            let worth = if is_common {
                weight(anchor) / 4
            } else {
                weight(anchor)
            };
            for record in holders {
                *scores.entry(*record).or_default() += worth * factor;
            }
        }
    }
}
