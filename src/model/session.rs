//! How people stay signed in, and the links that let them in once.
//!
//! Of neither the session's id nor the link's token is more kept than a digest: who reads the store cannot sign in with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Somebody who signed in and has not signed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// SHA-256 of its id, in hexadecimal digits. The id is random and long, so no slow hash is needed.
    pub hash: String,
    /// Whose it is.
    pub user: String,
    /// When the person signed in.
    pub made_at: DateTime<Utc>,
    /// When the last request came, give or take a minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends whatever comes.
    pub expires_at: DateTime<Utc>,
    /// From where the person signed in.
    pub address: String,
    /// What the browser calls itself, shortened.
    pub agent: String,
}

impl Session {
    /// The beginning of its hash, by which people name it.
    pub fn id(&self) -> &str {
        self.hash.get(..12).unwrap_or(&self.hash)
    }
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The first administrator, on a store without users.
    Setup,
    /// A user who has no password yet.
    Invite,
    /// A user who lost the password.
    Reset,
}

/// A link that sets a password, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// SHA-256 of its token, in hexadecimal digits.
    pub hash: String,
    /// What it is for.
    pub kind: LinkKind,
    /// Whose password it sets; empty for [`LinkKind::Setup`].
    pub user: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// From when on it is refused.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

impl Link {
    /// Whether it may be used.
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}
