//! A record's observations: each official sentence or table cell with its slots, and evidence drawn from them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Frame, ObservationId, Part, RevisionId, SourceId};
use crate::language::Language;

/// One official figure or statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Digest of revision and place in it.
    pub id: ObservationId,
    /// Revision in which it stands.
    pub revision: RevisionId,
    /// Source that published it.
    pub source: SourceId,
    /// Address of the record.
    pub url: String,
    /// When the record was published, or else first seen.
    pub published_at: DateTime<Utc>,
    /// When the revision was superseded; evidence for later moments must not use it.
    pub superseded_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub part: Part,
    /// The sentence verbatim, or the row as cells joined by ` | `.
    pub text: String,
    /// What stands around it and belongs to it: document title, table title, header path.
    pub context: String,
    /// Language.
    pub language: Language,
    /// Authority: 0 law text, register, final table; 1 statistics release; 2 ministry or agency; 3 regional body; 4 oral statement; 5 republication.
    pub authority: u8,
    /// The statement taken apart.
    pub frame: Frame,
}

/// A record retrieved for a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The record's revision; all of its observations are held against the claim.
    pub revision: RevisionId,
    /// Retrieval score in thousandths; orders work and never decides.
    pub score: u32,
}
