//! The API's way to take a step on a case: a token says who, `If-Match` says which version was seen.
//!
//! Who may take steps at all stands in the table of rights; which of them, from which state, is checked as on the command line.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::access::CurrentUser;
use super::desk::{Stepped, take_step};
use super::error::{Error, as_json_with};
use super::pages::queue::due;
use super::pages::{find_case, off_thread};
use super::{Desk, Shared};
use crate::model::{Case, CaseDue, CaseEvent, Order};
use crate::pursue::Refusal;
use crate::report::json as shape;

/// What becomes of a request to take a step.
enum Answer {
    /// A refusal with its status and, where they help, further fields.
    Not(StatusCode, String, Value),
    /// The cases as they stand, each with its deadline.
    Done(Vec<(Case, Option<CaseDue>)>),
}

/// Takes a step.
pub(super) async fn post(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    order: Result<Json<Order>, JsonRejection>,
) -> Response {
    let answer = off_thread(move || step(&desk, &user, id, &headers, order)).await;
    match answer {
        Err(error) => error.as_json(),
        Ok(Answer::Not(status, detail, more)) => as_json_with(status, &detail, more),
        Ok(Answer::Done(cases)) => {
            let shape = |(case, due): &(Case, Option<CaseDue>)| shape::case_due(case, due.as_ref());
            let Some(first) = cases.first() else {
                return as_json_with(StatusCode::NOT_FOUND, "no case has this id", Value::Null);
            };
            let others: Vec<Value> = cases.iter().skip(1).map(shape).collect();
            let body = json!({ "case": shape(first), "others": others });
            ([(header::ETAG, etag(&first.0))], Json(body)).into_response()
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
    user: &CurrentUser,
    id: String,
    headers: &HeaderMap,
    order: Result<Json<Order>, JsonRejection>,
) -> Result<Answer, Error> {
    let not = |status, detail: &str| Ok(Answer::Not(status, detail.to_owned(), Value::Null));
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
    // A case that the user does not see is as good as absent.
    let id = find_case(desk, user, id)?.id;
    let (store, now) = (&*desk.store, desk.gate.now());
    Ok(
        match take_step(store, &desk.rules, &id, seen, &order, &user.user, now)? {
            Stepped::Done(cases) => {
                let with_due = cases.into_iter().map(|case| {
                    let due = due(desk, &case)?;
                    Ok((case, due))
                });
                Answer::Done(with_due.collect::<Result<_, Error>>()?)
            }
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
