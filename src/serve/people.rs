//! The rules of who may become what: users, links that let them in, and tokens. The command line, the pages and the API come
//! here alike.
//!
//! Whoever works at the machine itself (`operator`) may do everything, since the data folder is theirs. Others must be active
//! administrators, and cannot leave the desk without one.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer};

use super::signin::first;
use super::token;
use crate::config::GivenRole;
use crate::language::Language;
use crate::model::{Scope, Source, SourceId, Token, User, UserRole, Vouched};
use crate::store::{Store, StoreError};

/// The name under which changes are entered that somebody makes at the machine itself.
pub const OPERATOR: &str = "operator";
/// Longest name of a person or a token, in characters.
pub const MAX_NAME_CHARS: usize = 120;
/// Longest claim by which a provider of sign-in knows somebody, in characters.
const MAX_KNOWN_AS_CHARS: usize = 255;
/// Characters of the id that somebody gets whom a provider vouches for.
const MADE_ID_CHARS: usize = 40;
/// Longest life of a token, in days.
pub const MAX_TOKEN_DAYS: i64 = 3_650;
/// What a token begins with, so that one that was published by mistake is known for what it is.
const TOKEN_PREFIX: &str = "aigaq-";

/// Why a change is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The id cannot be one.
    #[error(
        "an id has up to {max} letters, digits, `-`, `_` and `.`; program, operator, reader and nobody are taken",
        max = User::MAX_ID_CHARS
    )]
    Id,
    /// The id is somebody's.
    #[error("there is a user {0} already; `aigaq user change {0}` changes what the person may do")]
    Taken(String),
    /// Nobody has the id.
    #[error("there is no user {0}; `aigaq user add {0}` adds one")]
    NoUser(String),
    /// The name is too long.
    #[error("a name has up to {MAX_NAME_CHARS} characters")]
    Name,
    /// No role is called so.
    #[error("there is no role {0}; it is one of viewer, analyst, officer, approver, administrator")]
    Role(String),
    /// No source has the id.
    #[error("no source has the id {0}; `aigaq sources` lists them")]
    Source(String),
    /// The user is disabled.
    #[error("{0} is disabled")]
    Disabled(String),
    /// Whoever orders it may not.
    #[error("{0} is no active administrator, who alone may change users")]
    Orderer(String),
    /// Nobody would be left to keep users.
    #[error("{0} is the last active administrator; make another one first")]
    LastAdministrator(String),
    /// How a provider knows the person is too long or holds what no name holds.
    #[error("how a provider of sign-in knows somebody has up to 255 characters")]
    KnownAs,
    /// A provider knows somebody else so.
    #[error("the provider of sign-in knows {0} so already")]
    KnownAsTaken(String),
    /// The user was changed since it was seen.
    #[error("the user {0} was changed meanwhile; look again")]
    Stale(String),
    /// A token lasts too short or too long.
    #[error("a token lasts from 1 to {MAX_TOKEN_DAYS} days")]
    Days,
    /// No token, or more than one, has an id that begins so.
    #[error("{1} tokens have an id that begins with {0}; `aigaq token list` lists them")]
    Token(String, usize),
}

/// Why nothing came of a change.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// It is not allowed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gives no random bytes, or the link could not be kept.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// What of a user is to become otherwise; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserChange {
    /// Name as people read it.
    pub name: Option<String>,
    /// The role, as it is written.
    pub role: Option<String>,
    /// Agencies whose cases the person works on; none means all.
    pub agencies: Option<BTreeSet<String>>,
    /// How a provider of sign-in knows the person; empty for not at all.
    pub known_as: Option<String>,
    /// Language of the pages; `null` for that of the browser.
    #[serde(deserialize_with = "given")]
    pub language: Option<Option<Language>>,
    /// Whether the person may do anything.
    pub is_active: Option<bool>,
}

/// A field that was given, be it `null`: absence is told by the default.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<Language>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Adds a user, who cannot sign in before a link was used.
///
/// # Errors
/// When it is not allowed or the store fails.
pub fn add(
    store: &dyn Store,
    id: &str,
    change: &UserChange,
    by: &str,
    now: DateTime<Utc>,
) -> Result<User, PeopleError> {
    let sources = store.sources()?;
    decided(store, "user.add", by, now, |users| {
        orderer(users, by)?;
        if !User::is_id(id) {
            return Err(Refusal::Id);
        }
        // Two ids that differ by case alone would be taken for one another, and sign-in counts them as one.
        let mut known = users.iter();
        if let Some(known) = known.find(|user| user.id.eq_ignore_ascii_case(id)) {
            return Err(Refusal::Taken(known.id.clone()));
        }
        let mut user = User::new(id, UserRole::Viewer, now);
        apply(&sources, &mut user, change, now)?;
        is_known_once(users, &user)?;
        Ok((user, true))
    })
}

/// Adds a user whom a provider of sign-in vouches for, in the role that the operator's file gives; who is there already stays
/// as stored.
///
/// # Errors
/// When the store fails or no id is free.
pub fn add_vouched(
    store: &dyn Store,
    vouched: &Vouched,
    given: &GivenRole,
    now: DateTime<Utc>,
) -> Result<User, PeopleError> {
    decided(store, "user.add", "program", now, |users| {
        if let Some(user) = users.iter().find(|user| vouched.is(user)) {
            return match user.is_active() {
                true => Ok((user.clone(), false)),
                false => Err(Refusal::Disabled(user.id.clone())),
            };
        }
        let id = free_id(users, &vouched.known_as);
        let name = vouched.name.as_deref().unwrap_or(&vouched.known_as);
        let user = User {
            name: name.chars().take(MAX_NAME_CHARS).collect(),
            agencies: given.agencies.clone(),
            known_as: Some(vouched.known_as.clone()),
            ..User::new(&id, given.role, now)
        };
        is_known_once(users, &user)?;
        Ok((user, true))
    })
}

/// An id that nobody has, like the claim by which somebody is known: `a.omarova` of `a.omarova@agency.example`.
fn free_id(users: &[User], known_as: &str) -> String {
    let own = known_as.split('@').next().unwrap_or_default();
    let own = own.to_ascii_lowercase();
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut own: String = own.chars().filter(fits).take(MADE_ID_CHARS).collect();
    if !User::is_id(&own) {
        own.insert_str(0, "user-");
    }
    let is_free = |id: &String| !users.iter().any(|user| user.id.eq_ignore_ascii_case(id));
    let further = (2..).map(|n: u32| format!("{own}-{n}"));
    let mut ids = std::iter::once(own.clone()).chain(further);
    ids.find(is_free).unwrap_or(own)
}

/// Refuses what would have a provider's person be two users.
fn is_known_once(users: &[User], user: &User) -> Result<(), Refusal> {
    let Some(known_as) = user.known_as.as_ref().map(|text| text.to_lowercase()) else {
        return Ok(());
    };
    let is_same = |other: &&User| {
        let theirs = other.known_as.as_ref().map(|text| text.to_lowercase());
        other.id != user.id && theirs.as_ref() == Some(&known_as)
    };
    match users.iter().find(is_same) {
        Some(other) => Err(Refusal::KnownAsTaken(other.id.clone())),
        None => Ok(()),
    }
}

/// Changes a user; with `seen`, only one that still has this [`tag`].
///
/// # Errors
/// When it is not allowed or the store fails.
pub fn change(
    store: &dyn Store,
    id: &str,
    change: &UserChange,
    seen: Option<&str>,
    by: &str,
    now: DateTime<Utc>,
) -> Result<User, PeopleError> {
    let sources = store.sources()?;
    decided(store, "user.change", by, now, |users| {
        orderer(users, by)?;
        let before = among(users, id)?;
        if seen.is_some_and(|seen| seen != tag(before)) {
            return Err(Refusal::Stale(before.id.clone()));
        }
        let mut after = before.clone();
        apply(&sources, &mut after, change, now)?;
        is_known_once(users, &after)?;
        let keeps = |user: &User| user.is_active() && user.role == UserRole::Administrator;
        if by != OPERATOR && keeps(before) && !keeps(&after) {
            let mut others = users.iter().filter(|user| user.id != before.id);
            if !others.any(keeps) {
                return Err(Refusal::LastAdministrator(before.id.clone()));
            }
        }
        let is_other = after != *before;
        Ok((after, is_other))
    })
}

/// Decides in the store's own transaction, over the users as nobody changes them meanwhile; stores the user that came of it where
/// it is another than before.
fn decided(
    store: &dyn Store,
    action: &str,
    by: &str,
    now: DateTime<Utc>,
    decide: impl Fn(&[User]) -> Result<(User, bool), Refusal>,
) -> Result<User, PeopleError> {
    let mut made = None;
    store.decide_user(by, action, now, &mut |users| {
        let decided = decide(users);
        let stored = decided.as_ref().ok().filter(|(_, is_other)| *is_other);
        let stored = stored.map(|(user, _)| user.clone());
        made = Some(decided);
        stored
    })?;
    let (user, _) = made.ok_or_else(|| Refusal::NoUser(by.to_owned()))??;
    Ok(user)
}

/// Tells a user as seen from the same user changed since: a digest of what administrators change.
pub fn tag(user: &User) -> String {
    let seen = (
        &user.name,
        user.role,
        &user.agencies,
        &user.known_as,
        user.language,
        user.disabled_at,
    );
    let text = serde_json::to_string(&seen).unwrap_or_default();
    token::digest(&text).chars().take(TAG_CHARS).collect()
}

/// Digits of a [`tag`].
const TAG_CHARS: usize = 16;

/// Makes a link with which a user sets a password, and where asked takes the second step away; gives its path.
///
/// # Errors
/// When it is not allowed or the store fails.
pub fn link(
    store: &dyn Store,
    id: &str,
    without_second_step: bool,
    by: &str,
    now: DateTime<Utc>,
) -> Result<String, PeopleError> {
    orderer(&store.users()?, by)?;
    let mut user = active(store, id)?;
    if without_second_step && user.second_step.is_some() {
        let off = "user.second_step_off";
        let changed = store.change_user(id, by, off, now, &mut |user| user.second_step = None)?;
        user = changed.unwrap_or(user);
        // Whoever has the lost authenticator may have the browser too.
        store.end_sessions(id, None, by, now)?;
    }
    first::link_path(store, &user, by, now).map_err(PeopleError::Failed)
}

/// Makes a token for a user; gives it and the secret, which is kept nowhere.
///
/// # Errors
/// When it is not allowed or the store fails.
pub fn add_token(
    store: &dyn Store,
    id: &str,
    name: &str,
    scope: Scope,
    days: i64,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(Token, String), PeopleError> {
    orderer(&store.users()?, by)?;
    let user = active(store, id)?;
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(Refusal::Name.into());
    }
    if !(1..=MAX_TOKEN_DAYS).contains(&days) {
        return Err(Refusal::Days.into());
    }
    let fresh = token::fresh().map_err(|cause| PeopleError::Failed(cause.into()))?;
    let secret = format!("{TOKEN_PREFIX}{fresh}");
    let token = Token {
        hash: token::digest(&secret),
        name: name.to_owned(),
        user: user.id,
        scope,
        made_at: now,
        expires_at: now + TimeDelta::days(days),
        revoked_at: None,
    };
    store.put_token(&token, by, now)?;
    Ok((token, secret))
}

/// Revokes the token whose id begins so; one that is revoked stays as it was.
///
/// # Errors
/// When none or several have such an id, when it is not allowed, or when the store fails.
pub fn revoke(
    store: &dyn Store,
    id: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Token, PeopleError> {
    orderer(&store.users()?, by)?;
    let mut found = store.tokens()?;
    found.retain(|token| token.hash.starts_with(id));
    let [token] = found.as_mut_slice() else {
        return Err(Refusal::Token(id.to_owned(), found.len()).into());
    };
    if token.revoked_at.is_none() {
        token.revoked_at = Some(now);
        store.put_token(token, by, now)?;
    }
    Ok(token.clone())
}

/// A user by id.
///
/// # Errors
/// When there is none or the store fails.
pub fn find(store: &dyn Store, id: &str) -> Result<User, PeopleError> {
    let user = store.user(id)?;
    user.ok_or_else(|| Refusal::NoUser(id.to_owned()).into())
}

/// A user who may do something.
fn active(store: &dyn Store, id: &str) -> Result<User, PeopleError> {
    let user = find(store, id)?;
    if user.is_active() {
        Ok(user)
    } else {
        Err(Refusal::Disabled(user.id).into())
    }
}

/// A user of several.
fn among<'a>(users: &'a [User], id: &str) -> Result<&'a User, Refusal> {
    let mut users = users.iter();
    let user = users.find(|user| user.id == id);
    user.ok_or_else(|| Refusal::NoUser(id.to_owned()))
}

/// Refuses whoever is neither at the machine nor an active administrator.
fn orderer(users: &[User], by: &str) -> Result<(), Refusal> {
    if by == OPERATOR {
        return Ok(());
    }
    let user = among(users, by)?;
    if user.role == UserRole::Administrator && user.is_active() {
        Ok(())
    } else {
        Err(Refusal::Orderer(user.id.clone()))
    }
}

/// Changes what was asked for.
fn apply(
    sources: &[Source],
    user: &mut User,
    change: &UserChange,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if let Some(name) = &change.name {
        let name = name.trim();
        if name.chars().count() > MAX_NAME_CHARS {
            return Err(Refusal::Name);
        }
        user.name = if name.is_empty() { &user.id } else { name }.to_owned();
    }
    if let Some(role) = &change.role {
        let known = UserRole::ALL.into_iter().find(|one| one.word() == role);
        user.role = known.ok_or_else(|| Refusal::Role(role.clone()))?;
    }
    if let Some(agencies) = &change.agencies {
        for id in agencies {
            if !sources.iter().any(|source| source.id.0 == *id) {
                return Err(Refusal::Source(id.clone()));
            }
        }
        user.agencies = agencies.iter().cloned().map(SourceId).collect();
    }
    if let Some(known_as) = &change.known_as {
        let known_as = known_as.trim();
        if known_as.chars().count() > MAX_KNOWN_AS_CHARS || known_as.chars().any(char::is_control) {
            return Err(Refusal::KnownAs);
        }
        user.known_as = (!known_as.is_empty()).then(|| known_as.to_owned());
    }
    if let Some(language) = change.language {
        user.language = language;
    }
    match change.is_active {
        Some(true) => user.disabled_at = None,
        Some(false) => {
            user.disabled_at.get_or_insert(now);
        }
        None => {}
    }
    Ok(())
}
