//! The list as a file: the cases that it shows on all its pages, in its order.

use axum::extract::{Path, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::asked::{Asked, page_of};
use super::ranked::{Mark, Ranked};
use super::{Around, off_thread};
use crate::model::{AuditNote, Case};
use crate::report::case_tables::{self, CaseForm};
use crate::serve::Shared;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::shell::Shell;

/// Forms that the page offers, by the ending of the file.
pub(super) const FORMS: [(&str, &str); 4] = [
    ("csv", "CSV"),
    ("xlsx", "XLSX"),
    ("jsonl", "JSON Lines"),
    ("html", "HTML"),
];

impl Asked {
    /// Where the list is had as a file.
    pub(super) fn export(&self, ending: &str) -> String {
        self.after(None)
            .at(&format!("/cases/export/cases.{ending}"))
    }
}

/// The list as a file in the form that its name ends in; the export is entered in the audit log.
pub(in crate::serve) async fn export(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    off_thread(move || {
        let form = file.strip_prefix("cases.").and_then(CaseForm::of_extension);
        let form = form.ok_or(Error::NotFound(
            "lists are exported as cases.csv, .xlsx and others",
        ))?;
        let asked = Asked::of(&query.unwrap_or_default()).after(None);
        let around = Around::of(&desk, &shell, &user.user)?;
        let ranked = Ranked::of(&desk, around.now)?;
        let cases = around.listed(&ranked, &asked);
        let dues = ranked.dues();
        let bytes = case_tables::write(form, &cases, &desk.names, &dues, "", around.now)?;
        desk.store.note(&AuditNote {
            at: around.now,
            actor: user.user.id.clone(),
            action: "export.cases".to_owned(),
            subject: file,
            details: json!({ "cases": cases.len(), "list": asked.address() }),
        })?;
        let attachment = (header::CONTENT_DISPOSITION, "attachment");
        let kind = (header::CONTENT_TYPE, form.media_type());
        Ok(([kind, attachment], bytes).into_response())
    })
    .await
}

impl Around<'_> {
    /// All cases of a list, in its order.
    fn listed(&self, ranked: &Ranked, asked: &Asked) -> Vec<Case> {
        let seen: Vec<(&Case, &Mark)> = ranked.seen_by(self.reader).collect();
        let found: Vec<(&Case, &Mark)> = self.in_list(asked, &seen).collect();
        let (listed, ..) = page_of(&found, asked, found.len());
        listed.into_iter().map(|(case, _)| case.clone()).collect()
    }
}
