//! What the search for a claim's records rested on: enough to tell which new records would change what it found.
//!
//! A record is found by anchors (see [`super::anchor_weight`]), each worth more the fewer entries hold it. Nothing else of
//! the store has a part in it. So what was found stays as it is until an anchor is worth something else, or an entry
//! comes or goes that scores at least as high as the last one that was looked at.

use serde::{Deserialize, Serialize};

use super::{ClaimId, RevisionId};

/// An anchor by a digest of it, with how rare it was: 0 where no entry held it.
pub type Leaned = (u32, u8);

/// What finding records rested on, for one claim or for a publication as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Anchors by which entries were chosen and ranked.
    pub topics: Vec<Leaned>,
    /// Precise numbers by which entries were chosen beside a topic.
    pub numbers: Vec<Leaned>,
    /// Anchors that were not used: the least worthy ones of many, and numbers that are too common.
    pub spare: Vec<Leaned>,
    /// Score in thousandths below which an entry near to the topic changes nothing; 0 while every entry counts.
    pub near_floor: u32,
    /// The same for entries that share a number.
    pub number_floor: u32,
}

/// A basis with what it is the basis of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasisOf {
    /// Revision of the publication.
    pub revision: RevisionId,
    /// The claim; `None` for the publication as a whole.
    pub claim: Option<ClaimId>,
    /// What it rested on.
    pub basis: Basis,
}
