//! A case: one contradicted fact with all its copies, followed until it is corrected.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{CaseId, ClaimId, Difference, Quote, RevisionId, SourceId};
use crate::language::Language;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// The program proposes it; a person decides.
    Proposed,
    /// Kept in view without a decision.
    Watching,
    /// A person confirmed it.
    Confirmed,
    /// A person dismissed it.
    Dismissed,
    /// The same as another case.
    Duplicate,
    /// A letter has gone out.
    CorrectionRequested,
    /// Every copy is corrected.
    Corrected,
    /// Some copies are corrected.
    PartlyCorrected,
    /// The publisher refused.
    Refused,
    /// Every copy is gone.
    Removed,
    /// Corrected before, wrong again.
    Regressed,
    /// Nothing more to do.
    Closed,
}

/// One publication that carries the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// Source that published it.
    pub source: SourceId,
    /// Address.
    pub url: String,
    /// Revision in which the claim was last seen.
    pub revision: RevisionId,
    /// Claim.
    pub claim: ClaimId,
    /// The sentence, verbatim.
    pub sentence: String,
    /// Language.
    pub language: Language,
    /// When it was published, or else first seen.
    pub published: DateTime<Utc>,
    /// Whether the claim still stands there, or how it ended.
    pub state: CopyState,
    /// When it was seen to end; `None` while it stands.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What became of a claim on one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyState {
    /// The page still carries the claim, and the record still differs from it.
    Stands,
    /// A later revision of the page no longer carries the claim.
    Corrected,
    /// The whole page is gone.
    Gone,
    /// The page is as it was; the record changed and no longer differs from it.
    Cleared,
}

/// One step in a case's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened, in words.
    pub what: String,
    /// The state it led to.
    pub state: CaseState,
}

/// One contradicted fact with all its copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Digest of record slot and claimed value.
    pub id: CaseId,
    /// Digests by which further copies of the same contradicted fact are recognised; sorted, they only grow.
    pub anchors: Vec<String>,
    /// State.
    pub state: CaseState,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What the record says.
    pub evidence: Vec<Quote>,
    /// The comparison in words.
    pub explanation: String,
    /// Copies, earliest first.
    pub copies: Vec<Copy>,
    /// When the case was opened.
    pub opened_at: DateTime<Utc>,
    /// History, earliest first.
    pub history: Vec<CaseEvent>,
}
