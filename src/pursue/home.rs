//! Decides which case each contradicted finding belongs to, by the anchors that they share.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Contradiction;
use crate::model::Case;

/// For each contradiction the place of its case: below `cases.len()` a known one, from there on one to open.
///
/// A contradiction's own anchors come first, then those of the others it is connected with; among several known cases one
/// that was split off for this address wins, then the one opened first. A duplicate hands its findings on.
pub(super) fn homes(contradictions: &[Contradiction<'_>], cases: &[Case]) -> Vec<usize> {
    let mut known: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        let home = taken_over_by(cases, place);
        for anchor in &case.anchors {
            known.entry(anchor).or_default().insert(home);
        }
    }
    let roots = connected(contradictions);
    let own: Vec<Option<usize>> = contradictions
        .iter()
        .map(|contradiction| {
            let anchors = contradiction.anchors.iter();
            let places: BTreeSet<usize> = anchors
                .filter_map(|anchor| known.get(anchor.as_str()))
                .flatten()
                .copied()
                .collect();
            home_of(&contradiction.claim.url, &places, cases)
        })
        .collect();
    let mut of_group: BTreeMap<usize, usize> = BTreeMap::new();
    for (root, place) in roots.iter().zip(&own) {
        if let Some(place) = place {
            let best = of_group.entry(*root).or_insert(*place);
            *best = (*best).min(*place);
        }
    }
    roots
        .iter()
        .zip(&own)
        .map(|(root, own)| {
            own.or_else(|| of_group.get(root).copied())
                .unwrap_or(cases.len() + root)
        })
        .collect()
}

/// Which of several cases a finding at an address belongs to.
fn home_of(url: &str, places: &BTreeSet<usize>, cases: &[Case]) -> Option<usize> {
    let is_own = |place: &&usize| cases[**place].desk.own_urls.contains(url);
    let is_for_all = |place: &&usize| cases[**place].desk.own_urls.is_empty();
    let mut own = places.iter();
    own.find(is_own)
        .or_else(|| places.iter().find(is_for_all))
        .copied()
}

/// The place of the case that took over the copies of another, step by step; its own place where none did.
pub(super) fn taken_over_by(cases: &[Case], place: usize) -> usize {
    let mut at = place;
    for _ in 0..cases.len() {
        let next = cases[at].desk.duplicate_of.as_ref();
        match next.and_then(|id| cases.iter().position(|case| case.id == *id)) {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    at
}

/// For each contradiction the place of the first one it is connected with through shared anchors.
fn connected(contradictions: &[Contradiction<'_>]) -> Vec<usize> {
    let mut roots: Vec<usize> = (0..contradictions.len()).collect();
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, contradiction) in contradictions.iter().enumerate() {
        for anchor in &contradiction.anchors {
            let first = *owner.entry(anchor).or_insert(place);
            let (a, b) = (roots[first], roots[place]);
            if a != b {
                let (low, high) = (a.min(b), a.max(b));
                for root in roots.iter_mut().filter(|root| **root == high) {
                    *root = low;
                }
            }
        }
    }
    roots
}
