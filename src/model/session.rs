//! How people stay signed in, and the links that let them in once.
//!
//! Of neither the session's id nor the link's token is more kept than a digest: who reads the store cannot sign in with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Secret, User};

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
    /// Whether the provider at which the person signed in vouches for a second step; the desk's own is then not asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_vouched: bool,
    /// The provider's token with which the person signed in: it tells the provider whose session is to end there too. `None` where
    /// the person signed in here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_provider: Option<Secret>,
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

/// What a browser takes along to a provider of sign-in, and what is kept to know its answer by.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The provider's page.
    pub address: String,
    /// What must come back with the browser.
    pub state: Secret,
    /// What must stand in the provider's token.
    pub nonce: Secret,
    /// What must be shown for the code that comes back (PKCE, RFC 7636).
    pub verifier: Secret,
}

/// What a browser takes along to a provider to end the session there.
#[derive(Debug, Clone)]
pub struct Farewell {
    /// The provider's page.
    pub address: String,
    /// What comes back with the browser.
    pub state: Secret,
}

/// Whom a provider says it has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The value of the claim by which users are known.
    pub known_as: String,
    /// Whether it is a mail address, in which case counts for nothing.
    pub is_mail: bool,
    /// The person's name, where the provider tells it.
    pub name: Option<String>,
    /// Whether the provider vouches for a second step that counts.
    pub has_second_step: bool,
    /// The token that says all this.
    pub token: Secret,
}

impl Vouched {
    /// Whether it is this user, active or not.
    pub fn is(&self, user: &User) -> bool {
        user.known_as
            .as_deref()
            .is_some_and(|known_as| match self.is_mail {
                true => known_as.to_lowercase() == self.known_as.to_lowercase(),
                false => known_as == self.known_as,
            })
    }
}
