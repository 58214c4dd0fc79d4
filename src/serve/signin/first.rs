//! Links that let people in once: for the first administrator, for who is new, for who lost the password.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Link, LinkKind, User};
use crate::serve::token;
use crate::store::Store;

/// Hours that a link holds.
pub const LINK_HOURS: i64 = 24;

/// Makes a link for the first administrator where the store knows no users; gives its path.
///
/// # Errors
/// When the store fails or the system gives no random bytes.
pub fn setup_path(
    store: &dyn Store,
    now: DateTime<Utc>,
) -> Result<Option<String>, Box<dyn std::error::Error + Send + Sync>> {
    if !store.users()?.is_empty() {
        return Ok(None);
    }
    let token = add(store, LinkKind::Setup, "", "program", now)?;
    Ok(Some(format!("/setup?token={token}")))
}

/// Makes a link with which a user sets a password; gives its path. One made before no longer works.
///
/// # Errors
/// When the store fails or the system gives no random bytes.
pub fn link_path(
    store: &dyn Store,
    user: &User,
    by: &str,
    now: DateTime<Utc>,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let kind = match user.password {
        None => LinkKind::Invite,
        Some(_) => LinkKind::Reset,
    };
    let token = add(store, kind, &user.id, by, now)?;
    Ok(format!("/link?token={token}"))
}

fn add(
    store: &dyn Store,
    kind: LinkKind,
    user: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let token = token::fresh()?;
    let link = Link {
        hash: token::digest(&token),
        kind,
        user: user.to_owned(),
        made_at: now,
        expires_at: now + TimeDelta::hours(LINK_HOURS),
        used_at: None,
    };
    store.add_link(&link, by)?;
    Ok(token)
}
