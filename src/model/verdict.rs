//! A verdict: what the records say of a claim, with the quotation and the slots that differ.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ClaimId, ObservationId, Part, RevisionId, SlotName, SourceId};

/// What the comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// The record says the same.
    Supported,
    /// The record differs in one slot.
    Contradicted,
    /// It agreed with a record that has since been superseded.
    Outdated,
    /// No record settles it.
    NoRecord,
}

/// One slot that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which slot.
    pub slot: SlotName,
    /// As the publication has it.
    pub claimed: String,
    /// As the record has it.
    pub official: String,
}

/// A quoted official passage or table row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Observation quoted.
    pub observation: ObservationId,
    /// Source of the record.
    pub source: SourceId,
    /// Address of the record.
    pub url: String,
    /// Revision of the record.
    pub revision: RevisionId,
    /// Where in it.
    pub part: Part,
    /// The sentence verbatim, or the row as cells joined by ` | `.
    pub sentence: String,
    /// When the record was published.
    pub published: DateTime<Utc>,
}

/// What the records say of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Claim judged.
    pub claim: ClaimId,
    /// Result.
    pub label: Label,
    /// Confidence, in thousandths.
    pub confidence: u16,
    /// Slots that differ; the first is the one the verdict rests on.
    pub differences: Vec<Difference>,
    /// Official passages it rests on; never empty unless `label` is `no_record`.
    pub evidence: Vec<Quote>,
    /// The newest moment whose records were considered.
    pub as_of: DateTime<Utc>,
    /// Sentences that let a reader redo the comparison by hand.
    pub explanation: String,
}
