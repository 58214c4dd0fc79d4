//! Who asks, from a session's cookie or a token, and which cases that person sees.

use std::collections::BTreeSet;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use crate::model::{Agencies, Case, Claim, Scope, SourceId, User, Verdict};
use crate::pursue;
use crate::serve::desk::official;
use crate::serve::error::Error;
use crate::serve::signin::session::Presence;
use crate::serve::signin::{Client, session};
use crate::serve::{Desk, token};
use crate::store::{Store, StoreError};

/// How somebody showed who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A browser that is signed in, with the digest of its session.
    Session(String),
    /// A token of the API.
    Token {
        /// Whether it allows more than reading.
        may_write: bool,
    },
}

/// Who asks; handlers of routes that need a right take it as an argument.
#[derive(Debug, Clone)]
pub struct CurrentUser {
    /// The user, as stored when the request came.
    pub user: User,
    /// How the user showed it.
    pub via: Via,
    /// Whether a provider at which the user signed in vouches for a second step.
    pub is_vouched: bool,
}

impl CurrentUser {
    /// What the user sees.
    ///
    /// # Errors
    /// When the store fails.
    pub fn sight(&self, store: &dyn Store) -> Result<Sight, StoreError> {
        Sight::of(&self.user, store)
    }
}

/// What of cases and findings a user sees: everything, or what is of the user's agencies.
#[derive(Debug, Clone)]
pub struct Sight {
    user: User,
    official: BTreeSet<SourceId>,
}

impl Sight {
    /// What a user sees.
    ///
    /// # Errors
    /// When the store fails.
    pub fn of(user: &User, store: &dyn Store) -> Result<Sight, StoreError> {
        let official = match user.agencies.is_empty() {
            true => BTreeSet::new(),
            false => official(store)?,
        };
        Ok(Sight {
            user: user.clone(),
            official,
        })
    }

    /// How many checked claims are seen.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::serve) fn n_findings(&self, store: &dyn Store) -> Result<usize, StoreError> {
        if self.is_whole() {
            return Ok(store.labels()?.values().sum());
        }
        let findings = store.findings()?.into_iter();
        let seen = findings.filter(|(claim, verdict)| self.sees_finding(claim, verdict));
        Ok(seen.count())
    }

    /// Whether everything is seen.
    pub fn is_whole(&self) -> bool {
        self.user.agencies.is_empty()
    }

    /// Whether a case is seen. One that is not is as good as absent.
    pub fn sees(&self, case: &Case) -> bool {
        self.is_whole() || self.user.works_for(&pursue::agencies(case, &self.official))
    }

    /// Whether a finding is seen.
    pub fn sees_finding(&self, claim: &Claim, verdict: &Verdict) -> bool {
        self.agencies()
            .is_none_or(|agencies| agencies.sees(claim, verdict))
    }

    /// The agencies whose findings are seen; `None` where all are.
    pub fn agencies(&self) -> Option<Agencies> {
        (!self.is_whole()).then(|| Agencies {
            own: self.user.agencies.clone(),
            official: self.official.clone(),
        })
    }

    /// Ids of the cases that are seen; `None` where all are.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::serve) fn cases(
        &self,
        desk: &Desk,
    ) -> Result<Option<BTreeSet<String>>, StoreError> {
        if self.is_whole() {
            return Ok(None);
        }
        let seen = desk.seen(self)?;
        Ok(Some(seen.iter().map(|case| case.id.0.clone()).collect()))
    }
}

/// Who asks, as far as the store knows; `None` for nobody. A user who was disabled is nobody from then on.
pub(super) fn identify(
    desk: &Desk,
    headers: &HeaderMap,
    client: &Client,
    presence: Presence,
) -> Result<Option<CurrentUser>, Error> {
    let found = match headers.get(header::AUTHORIZATION) {
        Some(value) => {
            let secret = value
                .to_str()
                .ok()
                .and_then(|value| value.strip_prefix("Bearer "));
            let found = by_token(desk, secret.unwrap_or_default())?;
            found.map(|(user, via)| (user, via, false))
        }
        None => session::find(desk, headers, client, presence)?
            .map(|session| (session.user, Via::Session(session.hash), session.is_vouched)),
    };
    let Some((id, via, is_vouched)) = found else {
        return Ok(None);
    };
    let user = desk.store.user(&id)?.filter(User::is_active);
    Ok(user.map(|user| CurrentUser {
        user,
        via,
        is_vouched,
    }))
}

/// Whose token it is, where it is valid.
fn by_token(desk: &Desk, secret: &str) -> Result<Option<(String, Via)>, Error> {
    let token = desk.store.token(&token::digest(secret.trim()))?;
    let valid = token.filter(|token| token.is_valid(desk.gate.now()));
    Ok(valid.map(|token| {
        let may_write = token.scope == Scope::Write;
        (token.user, Via::Token { may_write })
    }))
}

impl<S: Send + Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<CurrentUser, Self::Rejection> {
        let user = parts.extensions.get::<CurrentUser>().cloned();
        // A handler of a public route that asks for somebody all the same gets nobody.
        user.ok_or((StatusCode::UNAUTHORIZED, "nobody is signed in"))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for CurrentUser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> Result<Option<CurrentUser>, Self::Rejection> {
        Ok(parts.extensions.get::<CurrentUser>().cloned())
    }
}
