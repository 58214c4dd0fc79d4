//! What is reckoned of a case when somebody looks at it: how urgent it is, and who published, credited and corrected what.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{CopyState, EventKind, SourceId};
use crate::language::Language;

/// How urgent a case is, in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Priority {
    /// Sum of all parts, from 0 to 1000.
    pub score: u32,
    /// Parts, in a fixed order.
    pub parts: Vec<PriorityPart>,
    /// Until when only watching is possible, while the news is fresh.
    pub quiet_until: Option<DateTime<Utc>>,
}

/// One part of a priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PriorityPart {
    /// What is counted.
    pub name: &'static str,
    /// Points.
    pub points: u32,
    /// Most points that there are.
    pub most: u32,
    /// Why so many.
    pub why: String,
}

/// Who first published a claim, who took it from whom, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Publications, earliest first.
    pub entries: Vec<LedgerEntry>,
    /// How many were published in each hour that has any, earliest first.
    pub by_hour: Vec<HourCount>,
    /// Languages in which it stands or stood.
    pub languages: Vec<Language>,
}

/// One publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerEntry {
    /// Source.
    pub source: SourceId,
    /// Address.
    pub url: String,
    /// Language.
    pub language: Language,
    /// When it was published, or else first seen.
    pub published: DateTime<Utc>,
    /// Whether it is the first.
    pub is_first: bool,
    /// Whether an agency published it on a page of its own.
    pub is_own_page: bool,
    /// Whom it credits.
    pub credits: Vec<Credit>,
    /// What became of the claim.
    pub state: CopyState,
    /// What the last change of the page came to.
    pub last_event: Option<EventKind>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Whom a publication credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credit {
    /// As printed; of a link that stands without words of credit, its address.
    pub words: String,
    /// The source that is meant, where one is known by these words.
    pub source: Option<SourceId>,
    /// That source's publication of the same claim, where it has one that is not later.
    pub url: Option<String>,
}

/// Publications of one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HourCount {
    /// The beginning of the hour.
    pub hour: DateTime<Utc>,
    /// Publications in it.
    pub n: usize,
    /// Publications up to its end.
    pub total: usize,
}
