//! A frontier entry: one known address, how it was found, and when it is due.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{SourceId, Visits};

/// What stands at an address, and so how its answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// RSS, Atom, RDF or JSON feed.
    Feed,
    /// Sitemap or sitemap index.
    Sitemap,
    /// A page whose links lead to publications.
    Listing,
    /// The list of a JSON API.
    ApiList,
    /// One publication as JSON of an API.
    ApiItem,
    /// One publication as HTML.
    Page,
    /// An official file: workbook, CSV, PDF, DOCX.
    File,
}

/// What discovery said of a publication before it was fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// Address of the page that readers see, where that is not the address fetched.
    pub page_url: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Publication time, as RFC 3339 text.
    pub published: Option<String>,
    /// Language code.
    pub language: Option<String>,
}

/// One known address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrontierEntry {
    /// Address to fetch, in canonical form; unique together with the source.
    pub url: String,
    /// Source on whose behalf.
    pub source: SourceId,
    /// Host key: lower-case host and port, used for politeness.
    pub host: String,
    /// What stands there.
    pub kind: TargetKind,
    /// What discovery said.
    pub hint: Hint,
    /// When it was first discovered.
    pub discovered_at: DateTime<Utc>,
    /// When it is to be fetched next; `None` once it is retired.
    pub due_at: Option<DateTime<Utc>>,
    /// When it was last asked for.
    pub fetched_at: Option<DateTime<Utc>>,
    /// When its content was last seen to change.
    pub changed_at: Option<DateTime<Utc>>,
    /// `ETag` of the last answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// Digest of the last body.
    pub body_hash: Option<String>,
    /// Fetches in a row that failed.
    pub n_failures: u32,
    /// Fetches in a row that were answered 404 or 410.
    pub n_gone: u32,
    /// What visits came to, and why the next one is when it is.
    #[serde(default)]
    pub visits: Visits,
}

/// A page that changed is young again, but never younger than this part of its age.
const YOUNG_PART: i32 = 8;

impl FrontierEntry {
    /// The age that counts for the next visit, and whether it is counted from a change: what was changed is likely changed again.
    pub fn felt_age(&self, now: DateTime<Utc>) -> (TimeDelta, bool) {
        let age = (now - self.born_at()).max(TimeDelta::zero());
        match self.visits.revised_at {
            Some(revised) if now - revised < age => {
                let young = (now - revised).max(age / YOUNG_PART);
                (young.max(TimeDelta::zero()), true)
            }
            _ => (age, false),
        }
    }

    /// When what stands there was published, as far as is known: the page's own word first, then that of what led to it, else
    /// when it was found. A date after it was found is one of a change.
    pub fn born_at(&self) -> DateTime<Utc> {
        let hinted = || {
            let text = self.hint.published.as_deref()?;
            let at = DateTime::parse_from_rfc3339(text).ok()?;
            Some(at.with_timezone(&Utc))
        };
        let said = self.visits.published_at.or_else(hinted);
        said.map_or(self.discovered_at, |said| said.min(self.discovered_at))
    }
}
