//! The API's way to take a step on a case: a token says who, `If-Match` says which version was seen.
//!
//! There is no sign-in yet, so no cookie can be misused: a write needs a token in the `Authorization` header, made by
//! `aigaq token add` with the scope to write, and the server listens on loopback only. The token's user must be active, and
//! the step is checked as on the command line.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::desk::{Stepped, take_step};
use super::error::Error;
use super::pages::off_thread;
use super::{Desk, Shared};
use crate::canonical;
use crate::model::{Case, CaseEvent, CaseId, Order, Scope, User};
use crate::pursue::Refusal;
use crate::report::json as shape;

/// What becomes of a request to take a step.
enum Answer {
    /// A refusal with its status and, where they help, further fields.
    Not(StatusCode, String, Value),
    /// The cases as they stand.
    Done(Vec<Case>),
}

/// Takes a step.
pub(super) async fn post(
    State(desk): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Result<Json<Order>, JsonRejection>,
) -> Response {
    let answer = off_thread(move || step(&desk, id, &headers, order)).await;
    match answer {
        Err(error) => error.as_json(),
        Ok(Answer::Not(status, detail, more)) => refused(status, &detail, more),
        Ok(Answer::Done(cases)) => {
            let Some(case) = cases.first() else {
                return refused(StatusCode::NOT_FOUND, "no case has this id", Value::Null);
            };
            let others: Vec<Value> = cases.iter().skip(1).map(shape::case).collect();
            let body = json!({ "case": shape::case(case), "others": others });
            ([(header::ETAG, etag(case))], Json(body)).into_response()
        }
    }
}

/// The version of a case as an entity tag.
pub(super) fn etag(case: &Case) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{}\"", case.version))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// Who asks, which version was seen, what is ordered; then the step.
fn step(
    desk: &Desk,
    id: String,
    headers: &HeaderMap,
    order: Result<Json<Order>, JsonRejection>,
) -> Result<Answer, Error> {
    let not = |status, detail: &str| Ok(Answer::Not(status, detail.to_owned(), Value::Null));
    let Some(user) = user(desk, headers)? else {
        return not(
            StatusCode::UNAUTHORIZED,
            "a valid token with the scope to write is needed",
        );
    };
    let Ok(Json(order)) = order else {
        return not(
            StatusCode::UNPROCESSABLE_ENTITY,
            "the body is no order such as {\"step\":\"confirm\",\"note\":\"\"}",
        );
    };
    let Some(seen) = headers.get(header::IF_MATCH) else {
        return not(
            StatusCode::PRECONDITION_REQUIRED,
            "If-Match must name the version that was seen, as ETag gives it",
        );
    };
    let seen = seen.to_str().ok().and_then(|tag| {
        let number = tag.strip_prefix('"')?.strip_suffix('"')?;
        number.parse().ok()
    });
    let Some(seen) = seen else {
        return not(StatusCode::BAD_REQUEST, "If-Match names no version");
    };
    let (store, now) = (&*desk.store, Utc::now());
    Ok(
        match take_step(store, &desk.rules, &CaseId(id), seen, &order, &user, now)? {
            Stepped::Done(cases) => Answer::Done(cases),
            Stepped::Unknown => Answer::Not(
                StatusCode::NOT_FOUND,
                "no case has this id".to_owned(),
                Value::Null,
            ),
            Stepped::Stale(case, since) => Answer::Not(
                StatusCode::PRECONDITION_FAILED,
                "the case was changed since it was seen".to_owned(),
                changed(&case, &since),
            ),
            Stepped::Refused(refusal) => {
                Answer::Not(status(&refusal), refusal.to_string(), Value::Null)
            }
        },
    )
}

/// What changed since a version was seen.
fn changed(case: &Case, since: &[CaseEvent]) -> Value {
    json!({
        "version": case.version,
        "state": case.state,
        "changes": since.iter().map(shape::event).collect::<Vec<_>>(),
    })
}

/// The status that fits a refusal.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Role { .. } | Refusal::Agency { .. } => StatusCode::FORBIDDEN,
        Refusal::State { .. } | Refusal::Quiet { .. } => StatusCode::CONFLICT,
        Refusal::Needs(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The user whose token the request carries; `None` where it carries none that is valid and may write.
pub(super) fn user(desk: &Desk, headers: &HeaderMap) -> Result<Option<User>, Error> {
    let Some(token) = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
    else {
        return Ok(None);
    };
    let hash = canonical::hex(&Sha256::digest(token.trim().as_bytes()));
    let Some(token) = desk.store.token(&hash)? else {
        return Ok(None);
    };
    if !token.is_valid(Utc::now()) || token.scope != Scope::Write {
        return Ok(None);
    }
    Ok(desk.store.user(&token.user)?.filter(User::is_active))
}

/// A refusal in the API's shape.
pub(super) fn refused(status: StatusCode, detail: &str, more: Value) -> Response {
    let mut body = json!({ "errors": [{ "detail": detail }] });
    if let Value::Object(more) = more {
        for (key, value) in more {
            body[key] = value;
        }
    }
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, scheme);
    }
    response
}
