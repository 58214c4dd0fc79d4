//! The audit log: a page of it by filters that stand in the address, files of it, and whether its chain holds.

use std::io::{self, BufWriter};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use crate::language::local_day;
use crate::model::{AuditEntry, AuditNote};
use crate::report::audit_rows::AuditRows;
use crate::report::export::Form;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::exports::{CHUNK_BYTES, Chunks, streamed};
use crate::serve::pages::off_thread;
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared};
use crate::store::AuditReport;

/// Entries of a page.
const ENTRIES: usize = 50;
/// Entries that are looked at for one page; a filter that finds less goes on with the next page.
const LOOKED_AT: usize = 100_000;
/// A number after that of every entry.
pub(super) const END: u64 = i64::MAX as u64;
/// Characters of an entry's details on the page.
const DETAILS_CHARS: usize = 1_000;
/// Faults that are listed; the rest are counted.
const FAULTS: usize = 50;

/// The first and the last day that are looked for.
type Days = (Option<NaiveDate>, Option<NaiveDate>);

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Filter {
    /// Who did it, as a whole.
    who: String,
    /// What was done: an action, or the beginning of one.
    what: String,
    /// To what: a part of the subject.
    subject: String,
    /// First day, by the clocks of the country.
    from: String,
    /// Last day.
    to: String,
    /// The number to go on before.
    before: Option<u64>,
    /// Form of a file.
    form: Option<Form>,
}

impl Filter {
    /// What was done to one subject.
    pub(super) fn of(what: &str, subject: &str) -> Filter {
        Filter {
            what: what.to_owned(),
            subject: subject.to_owned(),
            ..Filter::default()
        }
    }

    /// First and last day; an error names the field that is no day.
    fn days(&self) -> Result<Days, Error> {
        let day = |name: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Error::Wrong(format!("`{name}` is no day such as 2026-01-31"))),
        };
        Ok((day("from", &self.from)?, day("to", &self.to)?))
    }

    fn takes(&self, entry: &AuditEntry, (from, to): Days) -> bool {
        let (who, what, subject) = (self.who.trim(), self.what.trim(), self.subject.trim());
        let day = local_day(entry.at());
        (who.is_empty() || entry.actor == who)
            && entry.action.starts_with(what)
            && entry.subject.contains(subject)
            && from.is_none_or(|from| from <= day)
            && to.is_none_or(|to| day <= to)
    }

    /// The filters as a query, with more to it.
    fn query(&self, more: Option<(&str, &str)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("who", &self.who),
            ("what", &self.what),
            ("subject", &self.subject),
            ("from", &self.from),
            ("to", &self.to),
        ] {
            if !value.trim().is_empty() {
                query.append_pair(name, value.trim());
            }
        }
        if let Some((name, value)) = more {
            query.append_pair(name, value);
        }
        query.finish()
    }

    /// The next entries, the newest first, and the number to go on before; `None` at the beginning of the log.
    pub(super) fn find(&self, desk: &Desk) -> Result<(Vec<AuditEntry>, Option<u64>), Error> {
        let days = self.days()?;
        let mut before = self.before.unwrap_or(END).min(END);
        let (mut found, mut n_looked_at) = (Vec::new(), 0);
        loop {
            let entries = desk.store.audit_before(before)?;
            if entries.is_empty() {
                return Ok((found, None));
            }
            for entry in entries {
                (before, n_looked_at) = (entry.seq, n_looked_at + 1);
                if self.takes(&entry, days) {
                    found.push(entry);
                }
                if found.len() == ENTRIES || n_looked_at == LOOKED_AT {
                    // The first entry of all is 1.
                    return Ok((found, Some(before).filter(|before| *before > 1)));
                }
            }
        }
    }
}

#[derive(Template)]
#[template(path = "admin_audit.html")]
struct AuditPage<'a> {
    shell: &'a Shell,
    filter: &'a Filter,
    rows: Vec<Row>,
    csv: String,
    lines: String,
    /// The place to go on.
    next: Option<String>,
    verified: Option<Verified>,
}

/// An entry in the list.
struct Row {
    seq: u64,
    at: String,
    exact: String,
    actor: String,
    action: String,
    subject: String,
    details: String,
}

/// What following the chain came to.
struct Verified {
    is_whole: bool,
    text: String,
    head: String,
    faults: Vec<String>,
    more: Option<String>,
}

/// A page of the log.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
    Query(filter): Query<Filter>,
) -> Result<Html<String>, Error> {
    off_thread(move || shown(&desk, &shell, &filter, None)).await
}

/// Follows the log from its first entry and says whether it is as it was entered. Nothing is changed, so the answer is the page.
pub(in crate::serve) async fn verify(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let report = desk.store.verify_audit()?;
        let verified = verified(&shell, report);
        shown(&desk, &shell, &Filter::default(), Some(verified))
    })
    .await
}

fn verified(shell: &Shell, report: AuditReport) -> Verified {
    let words = &shell.words;
    let is_whole = report.faults.is_empty();
    let n_more = report.faults.len().saturating_sub(FAULTS);
    let text = if is_whole {
        words.count("audit-whole", report.n_entries)
    } else {
        words.count("audit-faults", report.faults.len())
    };
    Verified {
        is_whole,
        text,
        head: format!("{}:{}", report.n_entries, report.head),
        faults: report.faults.into_iter().take(FAULTS).collect(),
        more: (n_more > 0).then(|| words.count("audit-more-faults", n_more)),
    }
}

fn shown(
    desk: &Desk,
    shell: &Shell,
    filter: &Filter,
    verified: Option<Verified>,
) -> Result<Html<String>, Error> {
    let (entries, next) = filter.find(desk)?;
    let rows = entries.into_iter().map(|entry| Row {
        seq: entry.seq,
        at: shell.words.moment(entry.at()),
        exact: entry.at().to_rfc3339(),
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        details: match entry.details.as_str() {
            "null" => String::new(),
            _ => shortened(entry.details),
        },
    });
    let next = next.map(|before| filter.query(Some(("before", &before.to_string()))));
    shell::page(&AuditPage {
        shell,
        filter,
        rows: rows.collect(),
        csv: filter.query(Some(("form", "csv"))),
        lines: filter.query(Some(("form", "jsonl"))),
        next,
        verified,
    })
}

/// Details as long as a row bears; whole ones stand in exports.
fn shortened(details: String) -> String {
    match details.char_indices().nth(DETAILS_CHARS) {
        Some((end, _)) => format!("{}…", &details[..end]),
        None => details,
    }
}

/// All entries that a filter finds, the oldest first, as a file; the export is entered in the log first.
pub(in crate::serve) async fn export(
    State(desk): Shared,
    user: CurrentUser,
    Query(filter): Query<Filter>,
) -> Result<Response, Error> {
    let (form, days) = (filter.form.unwrap_or(Form::Csv), filter.days()?);
    let permit = desk.export_begins()?;
    let (noting, query) = (Arc::clone(&desk), filter.query(None));
    off_thread(move || {
        noting.store.note(&AuditNote {
            at: noting.gate.now(),
            actor: user.user.id.clone(),
            action: "export.audit".to_owned(),
            subject: "audit".to_owned(),
            details: json!({ "filters": query }),
        })?;
        Ok(())
    })
    .await?;
    let body = streamed(permit, move |send| write(&desk, &filter, days, form, send));
    let (kind, file) = match form {
        Form::Jsonl => ("application/jsonl; charset=utf-8", "aigaq-audit.jsonl"),
        Form::Csv | Form::Xlsx => ("text/csv; charset=utf-8", "aigaq-audit.csv"),
    };
    let attachment = format!("attachment; filename=\"{file}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, attachment),
    ];
    Ok((headers, body).into_response())
}

/// Hands every entry to `send`, chunk by chunk, up to the newest as it is now.
fn write(
    desk: &Desk,
    filter: &Filter,
    days: Days,
    form: Form,
    send: &mut (dyn FnMut(&[u8]) -> io::Result<()> + Send),
) -> io::Result<()> {
    let newest = desk.store.audit_before(END).map_err(io::Error::other)?;
    let newest = newest.first().map_or(0, |entry| entry.seq);
    let to = BufWriter::with_capacity(CHUNK_BYTES, Chunks(send));
    let mut rows = AuditRows::begin(form, to).map_err(io::Error::other)?;
    let mut after = 0;
    while after < newest {
        let entries = desk.store.audit_after(after).map_err(io::Error::other)?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        let wanted = entries.iter().filter(|entry| entry.seq <= newest);
        for entry in wanted.filter(|entry| filter.takes(entry, days)) {
            rows.add(entry).map_err(io::Error::other)?;
        }
    }
    rows.end().map_err(io::Error::other)
}
