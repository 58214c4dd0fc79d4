//! Tells two events of one kind from one event told with another place.
//!
//! Agencies word alike what is alike: "the case of forged diplomas was sent to court in Taldykorgan" differs from "the
//! case of smuggled medicine was sent to court in Arkalyk" in the place, and in what the case is about. Where nothing that
//! belongs to one event alone is shared (a man, an article of law, a name, a number) and each sentence has words of its
//! own that the other lacks, the place is no difference.

use std::collections::BTreeSet;

use super::gist;
use crate::model::{Claim, Frame, Observation, SlotName};

/// So many words that stand in one of the sentences only, with some in each, make another topic.
const OWN_WORDS: usize = 3;
/// Anchors that belong to one event and hardly to another of its kind.
const TELLING: [&str; 5] = ["i:", "l:", "o:", "n:", "m:"];

/// Whether a claim and a record's sentence that differ in this slot speak of different events.
pub(super) fn are_apart(claim: &Claim, observation: &Observation, slot: SlotName) -> bool {
    let (mine, theirs) = (&claim.frame, &observation.frame);
    if slot != SlotName::Place || share_telling(mine, theirs) {
        return false;
    }
    let is_same_language = claim.language == observation.language;
    let (a, b) = (
        words(mine, is_same_language),
        words(theirs, is_same_language),
    );
    let (mine, theirs) = (n_only(&a, &b), n_only(&b, &a));
    mine > 0 && theirs > 0 && mine + theirs >= OWN_WORDS
}

/// Whether both name a man, a law, a name or a number that is the same.
fn share_telling(mine: &Frame, theirs: &Frame) -> bool {
    let theirs = theirs.anchors();
    let mine = mine.anchors();
    let mut telling = mine
        .iter()
        .filter(|anchor| TELLING.iter().any(|prefix| anchor.starts_with(prefix)));
    telling.any(|anchor| theirs.binary_search(anchor).is_ok())
}

/// The words of a sentence that its counterpart could hold, names left out: each with all it may mean.
fn words(frame: &Frame, is_same_language: bool) -> Vec<BTreeSet<&str>> {
    let words = frame
        .terms
        .iter()
        .filter_map(|term| gist::meanings_of(term));
    let comparable = words.map(|meanings| {
        meanings
            .filter(|anchor| {
                anchor.starts_with("c:")
                    || anchor.starts_with("w:")
                    || is_same_language && anchor.starts_with("s:")
            })
            .collect::<BTreeSet<&str>>()
    });
    comparable.filter(|word| !word.is_empty()).collect()
}

/// How many words of one sentence have no counterpart in the other.
fn n_only(mine: &[BTreeSet<&str>], theirs: &[BTreeSet<&str>]) -> usize {
    let is_alone = |word: &&BTreeSet<&str>| theirs.iter().all(|other| word.is_disjoint(other));
    mine.iter().filter(is_alone).count()
}
