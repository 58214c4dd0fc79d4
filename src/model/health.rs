//! How a source fares: what is known of it in numbers, and the state that follows, with what to do about it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::SourceId;

/// What a source brought in one hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourYield {
    /// Whole hours since 1970, UTC.
    pub hour: i64,
    /// New publications, without those that were old when they were found.
    pub n_new: u64,
    /// Pages that a reader saw change.
    pub n_changed: u64,
    /// Pages read for the first time, old ones included.
    pub n_read: u64,
    /// Of those, pages with a title.
    pub n_titled: u64,
    /// Of those, pages that say when they were published.
    pub n_dated: u64,
    /// Of those, pages with a text.
    pub n_bodied: u64,
    /// Pages seen again that still hold their text but could no longer be read.
    pub n_lost: u64,
}

impl HourYield {
    /// The hour of a moment.
    pub fn hour_of(at: DateTime<Utc>) -> i64 {
        at.timestamp().div_euclid(3600)
    }

    /// When the hour begins.
    pub fn begins_at(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(self.hour)
    }

    /// Both hours' counts under the hour of the first.
    #[must_use]
    pub fn plus(self, other: &HourYield) -> HourYield {
        HourYield {
            hour: self.hour,
            n_new: self.n_new + other.n_new,
            n_changed: self.n_changed + other.n_changed,
            n_read: self.n_read + other.n_read,
            n_titled: self.n_titled + other.n_titled,
            n_dated: self.n_dated + other.n_dated,
            n_bodied: self.n_bodied + other.n_bodied,
            n_lost: self.n_lost + other.n_lost,
        }
    }
}

/// How a source fares, in one word; the worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// It is not watched.
    Disabled,
    /// It was never asked.
    New,
    /// It works.
    Works,
    /// Its rules for crawlers were changed; it still works.
    RulesChanged,
    /// Its certificate ends soon.
    CertificateEnds,
    /// It answers late.
    Slow,
    /// It asks for fewer requests.
    LimitsRequests,
    /// A title, date or text is found on fewer of its pages than before.
    FieldsMissing,
    /// It answers, and far less is new than is usual.
    Silent,
    /// Something stands between the crawler and its pages.
    Walled,
    /// Pages that stand as before can no longer be read.
    LayoutChanged,
    /// Its offers answer, and cannot be read.
    Unreadable,
    /// robots.txt does not allow its offers.
    RobotsForbids,
    /// It was not asked for a long time.
    NotAsked,
    /// It does not answer.
    Down,
}

/// One thing found of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthNote {
    /// What state it stands for.
    pub state: HealthState,
    /// What was seen, in words.
    pub words: String,
    /// What a person can do about it, in words.
    pub what_to_do: String,
}

/// How a source fares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Source.
    pub source: SourceId,
    /// Its state: the worst of the notes.
    pub state: HealthState,
    /// What was found, the worst first; at least one.
    pub notes: Vec<HealthNote>,
    /// When it last answered well.
    pub answered_at: Option<DateTime<Utc>>,
    /// New publications of the last 24 hours.
    pub new_in_day: u64,
    /// New publications that are usual in the same 24 hours of the week, in hundredths; `None` while that is not known.
    pub usual_in_day: Option<u64>,
    /// Its newest fetches, newest first.
    pub fetches: Vec<HealthFetch>,
    /// Since when it is in this state.
    pub since: DateTime<Utc>,
    /// As of when this was found.
    pub as_of: DateTime<Utc>,
    /// What the administrator was last told of it; `None` when that is nothing yet.
    #[serde(default)]
    pub told: Option<HealthTold>,
}

/// What the administrator was told of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthTold {
    /// The state that was told; it worked, before anything was told.
    pub state: HealthState,
    /// Tries in a row that failed to tell of what came after.
    pub n_failed: u32,
    /// Not tried again before.
    pub not_before: Option<DateTime<Utc>>,
}

/// One fetch, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthFetch {
    /// When.
    pub at: DateTime<Utc>,
    /// Address.
    pub url: String,
    /// What it came to, in words.
    pub words: String,
}
