//! The address at which hubs verify that their news of feeds are wanted, and announce them (WebSub, 5.3 and 7).
//!
//! Whoever may ask is told apart by the end of the address, which nobody can guess, and by the signature; what is announced is never
//! taken for content. Who looks after subscriptions stands behind [`Hubs`], which whoever starts the desk hands over.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::Shared;
use super::error::Error;
use super::pages::off_thread;

/// Largest notification that is read: a feed with the texts of its entries. Larger ones are refused, and the feed is looked at by its
/// schedule.
pub(super) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
/// Longest challenge that is given back.
const MAX_CHALLENGE_BYTES: usize = 1024;

/// Why a hub could not be answered.
pub type HubError = Box<dyn std::error::Error + Send + Sync>;

/// What a hub says when it verifies what was asked of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Intent {
    /// `subscribe`, `unsubscribe` or `denied`.
    #[serde(rename = "hub.mode", default)]
    pub mode: String,
    /// The feed, as the hub knows it.
    #[serde(rename = "hub.topic", default)]
    pub topic: String,
    /// What is to be given back.
    #[serde(rename = "hub.challenge", default)]
    pub challenge: String,
    /// For how long the hub will announce, in seconds.
    #[serde(rename = "hub.lease_seconds", default)]
    pub lease_s: Option<String>,
    /// Why the hub does not want to.
    #[serde(rename = "hub.reason", default)]
    pub reason: String,
}

/// What became of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announced {
    /// The feed is due, or the signature was wrong, which the sender is not told.
    Taken,
    /// Nobody wants news under this address any more.
    Unwanted,
    /// The hub announces too much; again after a minute.
    TooMuch,
}

/// Looks after subscriptions at hubs.
pub trait Hubs: Send + Sync {
    /// Whether what a hub says fits what was asked of it, which it then is held to.
    ///
    /// # Errors
    /// When the store fails.
    fn agrees(&self, token: &str, intent: &Intent, now: DateTime<Utc>) -> Result<bool, HubError>;

    /// Takes a notification: its feed is due if the hub signed it.
    ///
    /// # Errors
    /// When the store fails.
    fn announced(
        &self,
        token: &str,
        signature: Option<&str>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Announced, HubError>;
}

/// Answers a hub that verifies.
pub(super) async fn verify(
    State(desk): Shared,
    Path(token): Path<String>,
    Query(intent): Query<Intent>,
) -> Result<Response, Error> {
    const UNKNOWN: Error = Error::NotFound("nobody asked a hub for this");
    let Some(hubs) = desk.hubs.as_ref().map(Arc::clone) else {
        return Err(UNKNOWN);
    };
    if intent.challenge.len() > MAX_CHALLENGE_BYTES {
        return Err(UNKNOWN);
    }
    off_thread(move || {
        let agrees = hubs.agrees(&token, &intent, desk.gate.now());
        match agrees.map_err(Error::Broken)? {
            true => {
                let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
                Ok((kind, intent.challenge).into_response())
            }
            false => Err(UNKNOWN),
        }
    })
    .await
}

/// Takes a notification. A wrong signature is answered as a right one (WebSub, 7.1.1): whoever tries learns nothing.
pub(super) async fn notify(
    State(desk): Shared,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let Some(hubs) = desk.hubs.as_ref().map(Arc::clone) else {
        return Ok(StatusCode::GONE.into_response());
    };
    let signature = headers.get("x-hub-signature");
    let signature = signature.and_then(|value| value.to_str().ok());
    let signature = signature.map(str::to_owned);
    off_thread(move || {
        let announced = hubs.announced(&token, signature.as_deref(), &body, desk.gate.now());
        Ok(match announced.map_err(Error::Broken)? {
            Announced::Taken => StatusCode::ACCEPTED.into_response(),
            // A hub ends what is answered so (WebSub, 7).
            Announced::Unwanted => StatusCode::GONE.into_response(),
            Announced::TooMuch => {
                let minute = [(header::RETRY_AFTER, HeaderValue::from_static("60"))];
                (StatusCode::TOO_MANY_REQUESTS, minute).into_response()
            }
        })
    })
    .await
}
