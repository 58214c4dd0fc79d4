//! What is remembered of a host: whether its word that nothing changed is taken, its robots.txt, its certificate.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a host whose "not modified" was wrong is asked for whole bodies: then it may have been mended.
pub const DISTRUST_LASTS: TimeDelta = TimeDelta::days(90);

/// What is remembered of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HostRecord {
    /// When it said "not modified" of something that had changed.
    pub denied_at: Option<DateTime<Utc>>,
    /// Of what.
    pub denied_url: Option<String>,
    /// Digest of its robots.txt.
    pub robots_hash: Option<String>,
    /// When that was last seen to differ from the one before.
    pub robots_changed_at: Option<DateTime<Utc>>,
    /// When its certificate ends.
    pub certificate_ends: Option<DateTime<Utc>>,
}

impl HostRecord {
    /// Whether its word that nothing changed is taken.
    pub fn is_believed(&self, now: DateTime<Utc>) -> bool {
        self.denied_at
            .is_none_or(|denied| now - denied >= DISTRUST_LASTS)
    }

    /// Takes note that it said "not modified" of what had changed.
    pub fn denied(&mut self, url: &str, at: DateTime<Utc>) {
        self.denied_at = Some(at);
        self.denied_url = Some(url.to_owned());
    }

    /// Takes note of its robots.txt; says whether that changed.
    pub fn saw_robots(&mut self, hash: &str, at: DateTime<Utc>) -> bool {
        let is_changed = self
            .robots_hash
            .as_deref()
            .is_some_and(|known| known != hash);
        if is_changed {
            self.robots_changed_at = Some(at);
        }
        self.robots_hash = Some(hash.to_owned());
        is_changed
    }
}
