//! Tells which claims new, revised and withdrawn records can affect, without looking for their records again.
//!
//! [`Retrieval`](super::Retrieval) leaves with each claim the [`Basis`] of what it found. What it found is another thing
//! only where an anchor of the claim has become rarer or commoner, or where an entry that came or went scores at least as
//! high as the last one that was looked at. Both can be told from the changed records alone, so every claim is asked
//! and few are judged again. The answer may be yes too often, never no too often: judging again what nothing changed
//! gives the same verdict. Spec: checking.md, 7.

use std::collections::{BTreeSet, HashMap};

use super::engine::Engine;
use super::evidence::{digest, is_common, rarity};
use super::{IndexError, entry};
use crate::model::{Basis, Leaned, Observation, anchor_weight};

/// A rarity that no basis has: for a digest that two anchors share.
const UNKNOWN: u8 = u8::MAX;
/// Scores are counted in thousandths.
const THOUSANDTHS: u32 = 1_000;

/// Records that came, went or were revised since some claims were judged.
pub struct Changed {
    /// What stands in any of them.
    anchors: HashMap<u32, Held>,
    /// For each record the anchors of each of its observations, sorted.
    records: Vec<Vec<Vec<u32>>>,
}

/// An anchor of changed records.
struct Held {
    /// What it is worth where it is commonest.
    weight: u32,
    /// How rare it is now.
    rarity: u8,
    /// Records that hold it, by number, ascending.
    records: Vec<usize>,
}

/// What a claim and an entry share.
#[derive(Debug, Default, Clone, Copy)]
struct Shared {
    /// Worth of the topics.
    topic: u32,
    /// Worth of the numbers.
    number: u32,
    /// How many of the topics are rare.
    n_rare: usize,
    /// How many of them are common.
    n_common: usize,
}

impl Changed {
    /// Lays changed records out: the observations that each revision has or had.
    pub(super) fn of(
        engine: &dyn Engine,
        records: &[Vec<Observation>],
    ) -> Result<Changed, IndexError> {
        let mut changed = Changed {
            anchors: HashMap::new(),
            records: Vec::with_capacity(records.len()),
        };
        for (number, observations) in records.iter().enumerate() {
            let all: BTreeSet<String> = observations.iter().flat_map(entry::anchors).collect();
            for anchor in &all {
                changed.hold(engine, anchor, number)?;
            }
            let own = observations.iter().map(|one| {
                let anchors = one.frame.anchors();
                let digests: BTreeSet<u32> = anchors.iter().map(|one| digest(one)).collect();
                digests.into_iter().collect()
            });
            changed.records.push(own.collect());
        }
        Ok(changed)
    }

    /// Notes that a record holds an anchor.
    fn hold(&mut self, engine: &dyn Engine, anchor: &str, record: usize) -> Result<(), IndexError> {
        let weight = anchor_weight(anchor);
        if weight == 0 {
            return Ok(());
        }
        let rarity = rarity(engine, anchor)?;
        let held = self.anchors.entry(digest(anchor)).or_insert_with(|| Held {
            weight,
            rarity,
            records: Vec::new(),
        });
        if (held.weight, held.rarity) != (weight, rarity) {
            held.weight = held.weight.max(weight);
            held.rarity = UNKNOWN;
        }
        if held.records.last() != Some(&record) {
            held.records.push(record);
        }
        Ok(())
    }

    /// Whether they change which records are found for a claim.
    pub fn affects_claim(&self, basis: &Basis) -> bool {
        let is_reached = |record: usize| {
            let observations = self.records[record].iter();
            let mut shared = observations.map(|one| self.shared(basis, one));
            shared.any(|shared| reaches(basis, shared))
        };
        self.is_weighed_anew(basis) || self.near(basis).into_iter().any(is_reached)
    }

    /// Whether they change which records are found for a publication as a whole.
    pub fn affects_publication(&self, basis: &Basis) -> bool {
        self.is_weighed_anew(basis) || !self.near(basis).is_empty()
    }

    /// Whether an anchor has become rarer or commoner.
    fn is_weighed_anew(&self, basis: &Basis) -> bool {
        let mut all = [&basis.topics, &basis.numbers, &basis.spare]
            .into_iter()
            .flatten();
        all.any(|(anchor, rarity)| {
            let held = self.anchors.get(anchor);
            held.is_some_and(|held| held.rarity != *rarity)
        })
    }

    /// Records all of whose anchors together reach what was looked at.
    fn near(&self, basis: &Basis) -> Vec<usize> {
        let mut shared = vec![Shared::default(); self.records.len()];
        let mut share = |leaned: &[Leaned], add: fn(&mut Shared, u32, bool)| {
            for (anchor, rarity) in leaned {
                let Some(held) = self.anchors.get(anchor) else {
                    continue;
                };
                let worth = held.weight * u32::from(*rarity);
                for record in &held.records {
                    add(&mut shared[*record], worth, is_common(*rarity));
                }
            }
        };
        share(&basis.topics, Shared::add_topic);
        share(&basis.numbers, |shared, worth, _| shared.number += worth);
        let numbered = shared.into_iter().enumerate();
        let near = numbered.filter(|(_, shared)| reaches(basis, *shared));
        near.map(|(record, _)| record).collect()
    }

    /// What a claim shares with an observation.
    fn shared(&self, basis: &Basis, observation: &[u32]) -> Shared {
        let mut shared = Shared::default();
        let worth = |(anchor, rarity): &Leaned| -> Option<u32> {
            observation.binary_search(anchor).ok()?;
            Some(self.anchors.get(anchor)?.weight * u32::from(*rarity))
        };
        for topic in &basis.topics {
            if let Some(worth) = worth(topic) {
                shared.add_topic(worth, is_common(topic.1));
            }
        }
        shared.number = basis.numbers.iter().filter_map(worth).sum();
        shared
    }
}

impl Shared {
    fn add_topic(&mut self, worth: u32, is_common: bool) {
        self.topic += worth;
        if is_common {
            self.n_common += 1;
        } else {
            self.n_rare += 1;
        }
    }
}

/// Whether an entry that shares so much comes as far as what was looked at: near to the topic, or by a number.
fn reaches(basis: &Basis, shared: Shared) -> bool {
    if shared.topic == 0 {
        return false;
    }
    // Retrieval lets one rare anchor choose an entry, or two common ones; a single common one where there is no other.
    let is_single = basis.topics.len() == 1;
    let is_chosen = shared.n_rare > 0 || shared.n_common > 1 || is_single;
    let is_near = is_chosen && shared.topic * THOUSANDTHS >= basis.near_floor;
    let is_donor =
        shared.number > 0 && (shared.topic + shared.number) * THOUSANDTHS >= basis.number_floor;
    is_near || is_donor
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Anchors of an observation, each with weight and rarity.
    type Anchors = &'static [(u32, u32, u8)];

    /// One changed record whose observations hold these anchors.
    fn changed(observations: &[Anchors]) -> Changed {
        let mut anchors = HashMap::new();
        for &(anchor, weight, rarity) in observations.iter().copied().flatten() {
            let held = Held {
                weight,
                rarity,
                records: vec![0],
            };
            anchors.insert(anchor, held);
        }
        let own = observations.iter();
        let own = own.map(|one| {
            let anchors: BTreeSet<u32> = one.iter().map(|(anchor, ..)| *anchor).collect();
            anchors.into_iter().collect()
        });
        Changed {
            anchors,
            records: vec![own.collect()],
        }
    }

    #[test]
    fn a_claim_is_affected_where_an_entry_reaches_its_floor_or_an_anchor_has_another_worth() {
        let basis = Basis {
            topics: vec![(1, 14), (2, 3), (3, 3)],
            numbers: vec![(9, 14)],
            spare: vec![(7, 0)],
            near_floor: 150_000,
            number_floor: 0,
        };
        let cases: [(&str, &[Anchors], bool); 9] = [
            ("nothing shared", &[&[(5, 60, 14)]], false),
            ("one rare topic, below the floor", &[&[(1, 8, 14)]], false),
            ("one rare topic, at the floor", &[&[(1, 11, 14)]], true),
            (
                "two common topics, above it",
                &[&[(2, 30, 3), (3, 30, 3)]],
                true,
            ),
            ("one common topic, above it", &[&[(2, 60, 3)]], false),
            (
                "enough together, but not in one observation",
                &[&[(1, 8, 14)], &[(2, 16, 3)]],
                false,
            ),
            ("a number with a topic", &[&[(9, 60, 14), (2, 16, 3)]], true),
            ("a number alone", &[&[(9, 60, 14)]], false),
            ("an anchor that nothing held before", &[&[(7, 8, 14)]], true),
        ];
        for (case, observations, expected) in cases {
            assert_eq!(
                changed(observations).affects_claim(&basis),
                expected,
                "{case}"
            );
        }
        let commoner = changed(&[&[(1, 1, 13)]]);
        assert!(commoner.affects_claim(&basis) && commoner.affects_publication(&basis));
    }

    #[test]
    fn a_publication_is_affected_by_what_a_record_says_as_a_whole() {
        let basis = Basis {
            topics: vec![(1, 14), (2, 3)],
            near_floor: 150_000,
            ..Basis::default()
        };
        let record = changed(&[&[(1, 8, 14)], &[(2, 16, 3)]]);
        assert!(record.affects_publication(&basis) && !record.affects_claim(&basis));
    }
}
