//! The JSON API: the shapes of `report::json`, the same as on the command line.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::Shared;
use super::error::Error;
use super::pages::{find_case, off_thread};
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

/// One case.
pub(super) async fn case(State(desk): Shared, Path(id): Path<String>) -> Response {
    let case = off_thread(move || find_case(&desk, id)).await;
    answer(case.map(|case| serde_json::json!({ "case": json::case(&case) })))
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
