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
    /// When the claim was seen to be gone from the page or mended; `None` while it stands.
    pub corrected_at: Option<DateTime<Utc>>,
    /// Whether the whole page was gone then.
    pub is_gone: bool,
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
