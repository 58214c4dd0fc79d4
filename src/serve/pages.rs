//! The list of cases, and what pages share.

pub(super) mod case;

use axum::extract::{Query, State};
use axum::response::Html;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::error::Error;
use super::html::escaped;
use super::shell::Shell;
use super::{Desk, Shared, layout};
use crate::language::local_day;
use crate::model::{Case, CaseId, Difference};
use crate::report::text::{is_open, name, state_words};

/// What the list is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct ListQuery {
    /// `open` (also when absent) or `all`.
    show: Option<String>,
}

/// The list of cases, newest publication first.
pub(super) async fn cases(
    State(desk): Shared,
    shell: Shell,
    Query(query): Query<ListQuery>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let mut cases: Vec<Case> = desk.cases()?.to_vec();
        let n_all = cases.len();
        let shows_all = query.show.as_deref() == Some("all");
        let n_open = cases.iter().filter(|case| is_open(case.state)).count();
        cases.retain(|case| shows_all || is_open(case.state));
        cases.sort_by(|a, b| (first_seen(b), &a.id).cmp(&(first_seen(a), &b.id)));
        let rows: String = cases.iter().map(|case| row(&desk, case)).collect();
        let tab = |href: &str, words: &str, n: usize, is_here: bool| {
            let current = if is_here { " aria-current=\"page\"" } else { "" };
            format!("<a href=\"{href}\"{current}>{words} ({n})</a>")
        };
        let list = if rows.is_empty() {
            "<p>No case here: no checked publication differs from a record.</p>".to_owned()
        } else {
            format!("<ul class=\"rows\">{rows}</ul>")
        };
        let body = format!(
            "<h1>Cases</h1><nav class=\"tabs\" aria-label=\"Which cases\">{}{}</nav><section class=\"panel\" aria-label=\"Cases\">{list}</section>",
            tab("/cases", "Open", n_open, !shows_all),
            tab("/cases?show=all", "All", n_all, shows_all),
        );
        layout::page(&shell, "Cases", &body)
    })
    .await
}

/// Runs what reads the store off the threads that answer requests.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await?
}

/// A case by its id.
pub(super) fn find_case(desk: &Desk, id: String) -> Result<Case, Error> {
    desk.store
        .case(&CaseId(id))?
        .ok_or(Error::NotFound("no case has this id"))
}

/// When the first copy was published.
fn first_seen(case: &Case) -> Option<DateTime<Utc>> {
    case.copies.first().map(|copy| copy.published)
}

/// A case in the list: the sentence, what differs, and where it stands.
fn row(desk: &Desk, case: &Case) -> String {
    let Some(copy) = case.copies.first() else {
        return String::new();
    };
    let difference = case.differences.first().map_or_else(String::new, |one| {
        format!(
            "<p class=\"pair\"><b>{}</b> {}</p>",
            one.slot.words(),
            pair(one)
        )
    });
    let more = match case.copies.len() {
        1 => String::new(),
        n => format!(" · {n} publications"),
    };
    format!(
        "<li><h2 lang=\"{}\"><a href=\"/cases/{}\">{}</a></h2>{difference}<p class=\"small muted\">{} {}, {}{more}</p></li>",
        copy.language,
        escaped(&case.id.0),
        escaped(&copy.sentence),
        state_tag(case),
        escaped(name(&desk.names, &copy.source, copy.language)),
        day(copy.published),
    )
}

/// The two values of a differing slot, each with a word for those who do not see the marks.
pub(super) fn pair(difference: &Difference) -> String {
    format!(
        "<span>published <del class=\"claimed\">{}</del></span> <span>record <ins class=\"official\">{}</ins></span>",
        escaped(&difference.claimed),
        escaped(&difference.official)
    )
}

/// The state as a word.
fn state_tag(case: &Case) -> String {
    let class = if is_open(case.state) { "open" } else { "done" };
    format!(
        "<span class=\"tag {class}\">{}</span>",
        state_words(case.state)
    )
}

/// A link to a page of the web; an address that is not one of the web stays text.
pub(super) fn link(url: &str) -> String {
    let shown = escaped(url);
    if is_web(url) {
        format!("<a href=\"{shown}\" rel=\"noreferrer noopener\">{shown}</a>")
    } else {
        shown
    }
}

/// Whether an address is one of the web; others are never linked to.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// A day as an element.
pub(super) fn day(at: DateTime<Utc>) -> String {
    let day = local_day(at);
    format!("<time datetime=\"{day}\">{day}</time>")
}
