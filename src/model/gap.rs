//! A gap in what is seen of a source: a time in which nothing of it could be known, so its silence says nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::SourceId;

/// A time in which a source was not seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// Source.
    pub source: SourceId,
    /// The last answer before, or the first time it was asked where it never answered.
    pub from: DateTime<Utc>,
    /// The first answer after; `None` while there is none.
    pub to: Option<DateTime<Utc>>,
    /// Whether it was asked and did not answer; it was not asked otherwise.
    pub is_silent: bool,
}

impl Gap {
    /// Whether it shares a moment with a time whose end is not part of it.
    pub fn overlaps(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.from < until && self.to.is_none_or(|to| to > from)
    }
}
