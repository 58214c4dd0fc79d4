//! The JSON API: the shapes of `report::json`, the same as on the command line.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use serde_json::Value;

use super::error::Error;
use super::pages::{find_case, off_thread};
use super::{Desk, Shared, steps};
use crate::model::Case;
use crate::pursue;
use crate::report::json;

/// All cases, by id.
pub(super) async fn cases(State(desk): Shared) -> Response {
    let cases = off_thread(move || Ok(desk.store.cases()?)).await;
    let list = cases.map(|cases| {
        let items: Vec<Value> = cases.iter().map(json::case).collect();
        json::list("cases", &items)
    });
    answer(list)
}

/// One case, with its version as `ETag`: a step on it names the version in `If-Match`.
pub(super) async fn case(
    State(desk): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = off_thread(move || {
        let case = find_case(&desk, id)?;
        let view = whole(&desk, &case);
        Ok((steps::etag(&case), view))
    });
    match found.await {
        Err(error) => error.as_json(),
        Ok((tag, _)) if headers.get(header::IF_NONE_MATCH) == Some(&tag) => {
            (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response()
        }
        Ok((tag, view)) => (
            [(header::ETAG, tag)],
            Json(serde_json::json!({ "case": view })),
        )
            .into_response(),
    }
}

/// A case with what is reckoned of it.
fn whole(desk: &Desk, case: &Case) -> Value {
    let priority = pursue::priority(case, &desk.names, &desk.rules, Utc::now());
    let ledger = pursue::ledger(case, &desk.names);
    json::case_whole(case, &priority, &ledger)
}

/// Every checked claim of the pages that stand now.
pub(super) async fn findings(State(desk): Shared) -> Response {
    let findings = off_thread(move || Ok(desk.store.findings()?)).await;
    let list = findings.map(|findings| {
        let items: Vec<Value> = findings
            .iter()
            .map(|(claim, verdict)| json::finding(claim, verdict))
            .collect();
        json::list("findings", &items)
    });
    answer(list)
}

/// A value, or the error in the API's shape.
fn answer(result: Result<Value, Error>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => error.as_json(),
    }
}
