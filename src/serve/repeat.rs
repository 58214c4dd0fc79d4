//! Doing a write of the API once, however often it is sent: `Idempotency-Key` names it.
//!
//! A program that got no answer sends the request again with the same key and is given the answer of the first. Another request
//! under the same key is refused. Answers are kept in memory for a day: after a restart a step is still safe, since it names
//! the version that was seen.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Desk;
use super::access::CurrentUser;
use crate::canonical;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);
/// Most answers that are kept; the oldest go first.
const MOST_KEPT: usize = 10_000;
/// Longest key, in bytes.
const MAX_KEY_BYTES: usize = 255;
/// Largest request and answer that are kept, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// The header that names a write.
const KEY: &str = "idempotency-key";
/// The header of an answer that was given before.
const REPLAYED: &str = "idempotency-replayed";

/// Answers by user and key.
#[derive(Debug, Default)]
pub(super) struct Repeats(Mutex<BTreeMap<(String, String), Done>>);

/// A write that was begun.
#[derive(Debug, Clone)]
struct Done {
    /// Digest of the request.
    request: String,
    /// When it came.
    at: DateTime<Utc>,
    /// What was answered; `None` while it is under way.
    answer: Option<(StatusCode, HeaderMap, Bytes)>,
}

/// What is known of a key.
enum Known {
    /// Nothing: it is under way from now on.
    New,
    /// The same request was answered.
    Same(StatusCode, HeaderMap, Bytes),
    /// The same request is under way.
    UnderWay,
    /// Another request has the key.
    Other,
}

impl Repeats {
    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<(String, String), Done>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a write, unless the key is known.
    fn begin(&self, id: &(String, String), request: String, now: DateTime<Utc>) -> Known {
        self.with(|known| {
            known.retain(|_, done| now - done.at < KEPT);
            if let Some(done) = known.get(id) {
                return match &done.answer {
                    _ if done.request != request => Known::Other,
                    None => Known::UnderWay,
                    Some((status, headers, body)) => {
                        Known::Same(*status, headers.clone(), body.clone())
                    }
                };
            }
            if known.len() >= MOST_KEPT {
                let oldest = known.iter().min_by_key(|(_, done)| done.at);
                if let Some(oldest) = oldest.map(|(id, _)| id.clone()) {
                    known.remove(&oldest);
                }
            }
            let begun = Done {
                request,
                at: now,
                answer: None,
            };
            known.insert(id.clone(), begun);
            Known::New
        })
    }

    /// Ends a write. One that failed on our side may be tried again.
    fn end(&self, id: &(String, String), status: StatusCode, headers: &HeaderMap, body: &Bytes) {
        self.with(|known| {
            if status.is_server_error() {
                known.remove(id);
            } else if let Some(done) = known.get_mut(id) {
                done.answer = Some((status, headers.clone(), body.clone()));
            }
        });
    }
}

/// Forgets a write that ended without an answer, so that it can be tried again.
struct Begun<'a> {
    repeats: &'a Repeats,
    id: (String, String),
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.repeats.with(|known| {
            if known
                .get(&self.id)
                .is_some_and(|done| done.answer.is_none())
            {
                known.remove(&self.id);
            }
        });
    }
}

/// Answers a write that was sent before as it was answered then.
pub(super) async fn once(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD);
    let key = request.headers().get(KEY).cloned();
    let user = request.extensions().get::<CurrentUser>();
    let (Some(key), Some(user), true) = (key, user, is_write) else {
        return next.run(request).await;
    };
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        let why = "an Idempotency-Key has 1 to 255 letters, digits and signs";
        return refused(StatusCode::BAD_REQUEST, why);
    }
    let id = (user.user.id.clone(), key.to_owned());
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large");
    };
    let mut digest = Sha256::new();
    for part in [
        parts.method.as_str().as_bytes(),
        parts.uri.to_string().as_bytes(),
        parts
            .headers
            .get(header::IF_MATCH)
            .map_or(&[][..], HeaderValue::as_bytes),
        &body,
    ] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let digest = canonical::hex(&digest.finalize());
    match desk.repeats.begin(&id, digest, desk.gate.now()) {
        Known::New => {}
        Known::Same(status, mut headers, body) => {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
            return (status, headers, body).into_response();
        }
        Known::UnderWay => return refused(StatusCode::CONFLICT, "this request is under way"),
        Known::Other => {
            let why = "another request was sent under this Idempotency-Key";
            return refused(StatusCode::UNPROCESSABLE_ENTITY, why);
        }
    }
    let begun = Begun {
        repeats: &desk.repeats,
        id,
    };
    let request = Request::from_parts(parts, Body::from(body));
    let (parts, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        let why = "the answer is too large to be kept under an Idempotency-Key";
        return refused(StatusCode::INTERNAL_SERVER_ERROR, why);
    };
    desk.repeats
        .end(&begun.id, parts.status, &parts.headers, &body);
    Response::from_parts(parts, Body::from(body))
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "errors": [{ "detail": why }] }))).into_response()
}
