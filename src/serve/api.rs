//! The JSON API: the shapes of `report::json`, the same as on the command line.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{TimeDelta, Utc};
use serde_json::Value;

use super::desk::unseen;
use super::error::Error;
use super::pages::{find_case, off_thread};
use super::{Desk, Shared, steps};
use crate::model::{AuditNote, Case};
use crate::pursue;
use crate::report::case_tables::{self, CaseForm};
use crate::report::claim_review;
use crate::report::digest::{self, Span};
use crate::report::json;

/// All cases, by id.
pub(super) async fn cases(State(desk): Shared) -> Response {
    let cases = off_thread(move || Ok(desk.cases()?)).await;
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

/// A confirmed case as schema.org ClaimReview.
pub(super) async fn review(State(desk): Shared, Path(id): Path<String>) -> Response {
    let found = off_thread(move || {
        let case = find_case(&desk, id)?;
        if !claim_review::is_review(&case) {
            return Err(Error::NotFound("no person confirmed this case"));
        }
        let graph = claim_review::graph(std::slice::from_ref(&case), &desk.names, "");
        Ok(graph.to_string())
    });
    match found.await {
        Err(error) => error.as_json(),
        Ok(graph) => (
            [(header::CONTENT_TYPE, CaseForm::ClaimReview.media_type())],
            graph,
        )
            .into_response(),
    }
}

/// All cases as a file in the form that its name ends in; the export is entered in the audit log.
pub(super) async fn export(State(desk): Shared, Path(file): Path<String>) -> Response {
    let written = off_thread(move || {
        let form = file.strip_prefix("cases.").and_then(CaseForm::of_extension);
        let Some(form) = form else {
            return Err(Error::NotFound(
                "cases are exported as cases.csv, .jsonl, .xlsx, .html, .atom and .jsonld",
            ));
        };
        let (cases, now) = (desk.cases()?, Utc::now());
        let bytes = case_tables::write(form, &cases, &desk.names, "", now)?;
        desk.store.note(&AuditNote {
            at: now,
            actor: "reader".to_owned(),
            action: "export.cases".to_owned(),
            subject: file,
            details: serde_json::json!({ "cases": cases.len() }),
        })?;
        Ok((form, bytes))
    });
    match written.await {
        Err(error) => error.as_json(),
        Ok((form, bytes)) => {
            let attachment = (header::CONTENT_DISPOSITION, "attachment");
            (
                [(header::CONTENT_TYPE, form.media_type()), attachment],
                bytes,
            )
                .into_response()
        }
    }
}

/// The last days of a digest.
const DIGEST_DAYS: i64 = 7;

/// What happened in the last seven days.
pub(super) async fn digest(State(desk): Shared) -> Response {
    let digest = off_thread(move || {
        let to = Utc::now();
        let span = Span {
            from: to - TimeDelta::days(DIGEST_DAYS),
            to,
        };
        let gaps = unseen(&*desk.store, span, to)?;
        let digest = digest::digest(&desk.cases()?, &desk.names, gaps, span);
        Ok(serde_json::json!({ "digest": digest }))
    });
    answer(digest.await)
}

/// A value, or the error in the API's shape.
fn answer(result: Result<Value, Error>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => error.as_json(),
    }
}
