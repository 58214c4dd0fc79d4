//! Turns findings and cases into what people and programs read: text for a terminal, JSON for everything else.
//!
//! Pure: the moment, the width and whether colours are wanted are arguments. The JSON shapes here are
//! those of the command line and of the web API alike, and apart from what the store keeps, so either may change.
//! Letters, tables, HTML exports and ClaimReview are not here yet.

pub mod json;
pub mod text;

use crate::model::{Claim, Verdict};

/// One checked claim with the address it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Address of the publication, as readers open it.
    pub url: String,
    /// The claim.
    pub claim: Claim,
    /// Its newest verdict.
    pub verdict: Verdict,
}
