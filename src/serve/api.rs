//! The JSON API: the shapes of `report::json`, the same as on the command line.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::Value;

use super::access::CurrentUser;
use super::desk::unseen;
use super::error::Error;
use super::pages::queue::{Ranked, due};
use super::pages::{find_case, off_thread};
use super::{Desk, Shared, steps};
use crate::language::Lexicon;
use crate::model::{AuditNote, Case, CaseState, Claim, Label, Verdict};
use crate::pursue;
use crate::report::case_tables::{self, CaseForm};
use crate::report::claim_review;
use crate::report::digest::{self, Span};
use crate::report::json;

/// Entries of a page of a list unless the address says otherwise, and at most.
const ENTRIES: usize = 100;
const MOST_ENTRIES: usize = 1_000;

/// Which part of a list is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paged {
    /// The place to go on from: what `meta.next` of the page before gave.
    after: Option<String>,
    /// Most entries.
    limit: Option<usize>,
    /// Only cases in this state, or findings with this verdict.
    state: Option<CaseState>,
    /// Only findings with this verdict.
    verdict: Option<Label>,
    /// Only findings of this address.
    url: Option<String>,
}

impl Paged {
    /// A page of a list under its key, from a place on; `id` names an entry so that the next page can begin after it.
    fn page<T>(
        &self,
        key: &str,
        entries: &[T],
        from: usize,
        id: impl Fn(&T) -> String,
        shape: impl Fn(&T) -> Value,
    ) -> Result<Value, Error> {
        let limit = self.limit.unwrap_or(ENTRIES);
        if !(1..=MOST_ENTRIES).contains(&limit) {
            return Err(Error::Wrong(format!(
                "`limit` is a number from 1 to {MOST_ENTRIES}"
            )));
        }
        let to = entries.len().min(from.saturating_add(limit));
        let page = &entries[from..to];
        let items: Vec<Value> = page.iter().map(shape).collect();
        let next = page.last().filter(|_| to < entries.len()).map(id);
        let mut list = json::list(key, &items);
        list["meta"] = serde_json::json!({ "total": entries.len(), "next": next });
        Ok(list)
    }

    /// Where a page of findings begins, which are sorted by address and order in it: after the claim that the page before ended
    /// with, and where that is gone because its page changed, with the first of the page's, so that none is passed over.
    fn place_among(&self, findings: &[(Claim, Verdict)]) -> Result<usize, Error> {
        let Some(after) = &self.after else {
            return Ok(0);
        };
        let (id, url) = after
            .split_once(' ')
            .ok_or_else(|| Error::Wrong("`after` is none that `meta.next` gave".to_owned()))?;
        let begin = findings.partition_point(|(claim, _)| claim.url.as_str() < url);
        let mut own = findings[begin..].iter();
        let place = own.position(|(claim, _)| claim.id.0 == id);
        Ok(place.map_or(begin, |place| begin + place + 1))
    }
}

/// Cases by id, a page of them.
pub(super) async fn cases(
    State(desk): Shared,
    user: CurrentUser,
    paged: Result<Query<Paged>, QueryRejection>,
) -> Response {
    let list = off_thread(move || {
        let Query(paged) = paged.map_err(|error| Error::Wrong(error.body_text()))?;
        let cases = seen(&desk, &user)?;
        let dues = Ranked::of(&desk, desk.gate.now())?.dues();
        let is_wanted = |case: &&Case| paged.state.is_none_or(|state| case.state == state);
        let seen: Vec<&Case> = cases.iter().filter(is_wanted).collect();
        let from = paged
            .after
            .as_ref()
            .map_or(0, |after| seen.partition_point(|case| case.id.0 <= *after));
        paged.page(
            "cases",
            &seen,
            from,
            |case| case.id.0.clone(),
            |case| json::case_due(case, dues.get(&case.id)),
        )
    });
    answer(list.await)
}

/// One case, with its version as `ETag`: a step on it names the version in `If-Match`.
pub(super) async fn case(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = off_thread(move || {
        let case = find_case(&desk, &user, id)?;
        let view = whole(&desk, &case)?;
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

/// The cases that a user sees, by id.
fn seen(desk: &Desk, user: &CurrentUser) -> Result<Arc<Vec<Case>>, Error> {
    Ok(desk.seen(&user.sight(&*desk.store)?)?)
}

/// A case with what is reckoned of it.
fn whole(desk: &Desk, case: &Case) -> Result<Value, Error> {
    let priority = pursue::priority(case, &desk.names, &desk.rules, desk.gate.now());
    let ledger = pursue::ledger(case, &desk.names);
    let slots = pursue::reading::of_first(Lexicon::shipped(), case);
    let mut whole = json::case_whole(case, &priority, &ledger, &slots);
    whole["deadline"] = json::deadline(due(desk, case)?.as_ref());
    Ok(whole)
}

/// Checked claims of the pages that stand now, by address and order of appearance, a page of them.
pub(super) async fn findings(
    State(desk): Shared,
    user: CurrentUser,
    paged: Result<Query<Paged>, QueryRejection>,
) -> Response {
    let list = off_thread(move || {
        let Query(paged) = paged.map_err(|error| Error::Wrong(error.body_text()))?;
        let sight = user.sight(&*desk.store)?;
        let mut findings = match (&paged.url, paged.verdict) {
            (Some(url), _) => desk.store.findings_of(url)?,
            (None, Some(label)) => desk.store.findings_with(label)?,
            (None, None) => desk.store.findings()?,
        };
        findings.retain(|(claim, verdict)| {
            sight.sees_finding(claim, verdict)
                && paged.verdict.is_none_or(|label| verdict.label == label)
        });
        paged.page(
            "findings",
            &findings,
            paged.place_among(&findings)?,
            |(claim, _)| format!("{} {}", claim.id.0, claim.url),
            |(claim, verdict)| json::finding(claim, verdict),
        )
    });
    answer(list.await)
}

/// A confirmed case as schema.org ClaimReview.
pub(super) async fn review(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
) -> Response {
    let found = off_thread(move || {
        let case = find_case(&desk, &user, id)?;
        if !claim_review::is_review(&case) {
            return Err(Error::NotFound(
                "no person confirmed that this case differs",
            ));
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
pub(super) async fn export(
    State(desk): Shared,
    user: CurrentUser,
    Path(file): Path<String>,
) -> Response {
    let written = off_thread(move || {
        let form = file.strip_prefix("cases.").and_then(CaseForm::of_extension);
        let Some(form) = form else {
            return Err(Error::NotFound(
                "cases are exported as cases.csv, .jsonl, .xlsx, .html, .atom and .jsonld",
            ));
        };
        let (cases, now) = (seen(&desk, &user)?, desk.gate.now());
        let dues = Ranked::of(&desk, now)?.dues();
        let bytes = case_tables::write(form, &cases, &desk.names, &dues, "", now)?;
        desk.store.note(&AuditNote {
            at: now,
            actor: user.user.id.clone(),
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
pub(super) async fn digest(State(desk): Shared, user: CurrentUser) -> Response {
    let digest = off_thread(move || {
        let to = desk.gate.now();
        let span = Span {
            from: to - TimeDelta::days(DIGEST_DAYS),
            to,
        };
        let gaps = unseen(&*desk.store, span, to)?;
        let digest = digest::digest(&seen(&desk, &user)?, &desk.names, gaps, span);
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
