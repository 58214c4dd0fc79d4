//! Doing a write of the API once, however often it is sent: `Idempotency-Key` names it.
//!
//! A program that got no answer sends the request again with the same key and is given the answer of the first. Another request
//! under the same key is refused. Answers are kept in memory for a day: after a restart a step is still safe, since it names
//! the version that was seen. Of an answer that carries a secret only is kept that it was given, and cookies never are. A write
//! under a key is done to its end, whether or not the program that asked for it still waits.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::Desk;
use super::access::CurrentUser;
use super::error::{as_json, is_api};
use crate::canonical;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);
/// Most answers that are kept; the oldest go first.
const MOST_KEPT: usize = 10_000;
/// Longest key, in bytes.
const MAX_KEY_BYTES: usize = 255;
/// Largest request and answer that are kept, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// Most bytes of answers that are kept; the oldest go first.
const MOST_BYTES: usize = 32 << 20;
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
    answer: Option<Answer>,
}

/// What was answered.
#[derive(Debug, Clone)]
enum Answer {
    /// This.
    Whole(StatusCode, HeaderMap, Bytes),
    /// Something with a secret in it.
    Secret,
}

impl Done {
    /// Bytes that it holds.
    fn n_bytes(&self) -> usize {
        match &self.answer {
            Some(Answer::Whole(_, _, body)) => body.len(),
            _ => 0,
        }
    }
}

/// Marks an answer that carries a secret, which is shown once and kept nowhere.
#[derive(Debug, Clone, Copy)]
struct IsSecret;

/// The answer, marked as one that carries a secret.
pub(super) fn secretive(mut response: Response) -> Response {
    response.extensions_mut().insert(IsSecret);
    response
}

/// What is known of a key.
enum Known {
    /// Nothing: it is under way from now on.
    New,
    /// The same request was answered.
    Same(Answer),
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
                    Some(answer) => Known::Same(answer.clone()),
                };
            }
            make_room(known);
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
    fn end(&self, id: &(String, String), status: StatusCode, answer: Answer) {
        self.with(|known| {
            if status.is_server_error() {
                known.remove(id);
            } else if let Some(done) = known.get_mut(id) {
                done.answer = Some(answer);
                make_room(known);
            }
        });
    }
}

/// Lets go of the oldest answers while there are too many; what is under way stays.
fn make_room(known: &mut BTreeMap<(String, String), Done>) {
    let mut n_bytes: usize = known.values().map(Done::n_bytes).sum();
    while known.len() >= MOST_KEPT || n_bytes > MOST_BYTES {
        let answered = known.iter().filter(|(_, done)| done.answer.is_some());
        let oldest = answered.min_by_key(|(_, done)| done.at);
        let Some(oldest) = oldest.map(|(id, _)| id.clone()) else {
            return;
        };
        n_bytes -= known.remove(&oldest).map_or(0, |done| done.n_bytes());
    }
}

/// Forgets a write that ended without an answer, so that it can be tried again.
struct Begun {
    desk: Arc<Desk>,
    id: (String, String),
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.desk.repeats.with(|known| {
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
    let is_write =
        is_api(request.uri().path()) && !matches!(*request.method(), Method::GET | Method::HEAD);
    let key = request.headers().get(KEY).cloned();
    let user = request.extensions().get::<CurrentUser>();
    let (Some(key), Some(user), true) = (key, user, is_write) else {
        return next.run(request).await;
    };
    let key = key.to_str().unwrap_or_default();
    if key.is_empty() || key.len() > MAX_KEY_BYTES {
        let why = "an Idempotency-Key has 1 to 255 letters, digits and signs";
        return as_json(StatusCode::BAD_REQUEST, why);
    }
    let id = (user.user.id.clone(), key.to_owned());
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        return as_json(StatusCode::PAYLOAD_TOO_LARGE, "the request is too large");
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
        Known::Same(Answer::Secret) => {
            let why = "this was done already; its answer carried a secret, which is kept nowhere";
            return as_json(StatusCode::CONFLICT, why);
        }
        Known::Same(Answer::Whole(status, mut headers, body)) => {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
            return (status, headers, body).into_response();
        }
        Known::UnderWay => return as_json(StatusCode::CONFLICT, "this request is under way"),
        Known::Other => {
            let why = "another request was sent under this Idempotency-Key";
            return as_json(StatusCode::UNPROCESSABLE_ENTITY, why);
        }
    }
    let begun = Begun { desk, id };
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: it ends although nobody waits for its answer any more, and its answer is then there for who asks again.
    let answered = tokio::spawn(async move { done(&begun, next.run(request).await).await });
    answered.await.unwrap_or_else(|cause| {
        tracing::error!(%cause, "a write failed: {cause}");
        as_json(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the write failed; the log says why",
        )
    })
}

/// Keeps the answer of a write.
async fn done(begun: &Begun, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, MAX_BYTES).await else {
        let why = "the answer is too large to be kept under an Idempotency-Key";
        return as_json(StatusCode::INTERNAL_SERVER_ERROR, why);
    };
    let answer = if parts.extensions.get::<IsSecret>().is_some() {
        Answer::Secret
    } else {
        let mut headers = parts.headers.clone();
        headers.remove(header::SET_COOKIE);
        Answer::Whole(parts.status, headers, body.clone())
    };
    begun.desk.repeats.end(&begun.id, parts.status, answer);
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_bounded_by_bytes_and_what_is_under_way_stays() {
        let repeats = Repeats::default();
        let id = |n: usize| ("aisha".to_owned(), format!("key-{n:04}"));
        let at = |n: usize| DateTime::UNIX_EPOCH + TimeDelta::seconds(n as i64);
        assert!(matches!(
            repeats.begin(&id(0), String::new(), at(0)),
            Known::New
        ));
        let n_full = MOST_BYTES / MAX_BYTES;
        for n in 1..=n_full + 3 {
            assert!(matches!(
                repeats.begin(&id(n), String::new(), at(n)),
                Known::New
            ));
            let whole = Answer::Whole(StatusCode::OK, HeaderMap::new(), vec![0; MAX_BYTES].into());
            repeats.end(&id(n), StatusCode::OK, whole);
        }
        let (n_bytes, n_known) = repeats.with(|known| {
            (
                known.values().map(Done::n_bytes).sum::<usize>(),
                known.len(),
            )
        });
        assert_eq!((n_bytes, n_known), (MOST_BYTES, n_full + 1));
        let now = at(n_full + 4);
        let known = repeats.begin(&id(0), String::new(), now);
        assert!(
            matches!(known, Known::UnderWay),
            "the oldest, but not answered"
        );
        assert!(matches!(
            repeats.begin(&id(1), String::new(), now),
            Known::New
        ));
    }

    #[test]
    fn of_an_answer_with_a_secret_and_of_one_that_failed_nothing_is_kept() {
        let repeats = Repeats::default();
        let id = ("aisha".to_owned(), "key".to_owned());
        let now = DateTime::UNIX_EPOCH;
        repeats.begin(&id, String::new(), now);
        repeats.end(&id, StatusCode::OK, Answer::Secret);
        let known = repeats.begin(&id, String::new(), now);
        assert!(matches!(known, Known::Same(Answer::Secret)));
        let id = ("aisha".to_owned(), "other".to_owned());
        repeats.begin(&id, String::new(), now);
        repeats.end(&id, StatusCode::BAD_GATEWAY, Answer::Secret);
        assert!(matches!(repeats.begin(&id, String::new(), now), Known::New));
    }
}
