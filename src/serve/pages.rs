//! The pages of cases: the list, and one case with both texts side by side.

mod document;
pub(super) mod fields;
pub(super) mod publication;
pub(super) mod queue;
pub(super) mod record;
pub(super) mod saved;
pub(super) mod search;
pub(super) mod steps;

use axum::extract::{Path, State};
use axum::response::Html;
use chrono::{DateTime, Utc};

use super::access::CurrentUser;
use super::error::Error;
use super::html::{escaped, marked};
use super::shell::Shell;
use super::{Desk, Shared, layout};
use crate::language::local_day;
use crate::model::{Case, CaseEvent, CaseId, Copy, Difference, Quote};
use crate::report::text::{copy_words, is_open, name, state_words};

/// One case.
pub(super) async fn case(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(id): Path<String>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let case = find_case(&desk, &user, id)?;
        let title = case
            .copies
            .first()
            .map_or(case.id.0.as_str(), |copy| &copy.sentence);
        let language = case.copies.first().map_or("en", |copy| copy.language.code());
        let body = format!(
            "<h1 lang=\"{language}\">{}</h1><p>{} <span class=\"muted\">{} · opened {}</span></p>{}{}{}{}",
            escaped(title),
            state_tag(&case),
            escaped(&case.id.0),
            day(case.opened_at),
            versus(&desk, &case),
            slots(&case),
            copies(&desk, &case),
            history(&case.history),
        );
        layout::page(&shell, title, &body)
    })
    .await
}

/// Runs what reads the store off the threads that answer requests.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await?
}

/// A case by its id; one that the user does not see is as good as absent.
pub(super) fn find_case(desk: &Desk, user: &CurrentUser, id: String) -> Result<Case, Error> {
    let sight = user.sight(&*desk.store)?;
    let case = desk.store.case(&CaseId(id))?;
    case.filter(|case| sight.sees(case))
        .ok_or(Error::NotFound("no case has this id"))
}

/// The state as a word.
fn state_tag(case: &Case) -> String {
    let class = if is_open(case.state) { "open" } else { "done" };
    format!(
        "<span class=\"tag {class}\">{}</span>",
        state_words(case.state)
    )
}

/// Publication and record side by side, the differing slot marked in both.
fn versus(desk: &Desk, case: &Case) -> String {
    let difference = case.differences.first();
    let published = case
        .copies
        .first()
        .map_or_else(String::new, |copy| published_side(desk, copy, difference));
    let official = case
        .evidence
        .first()
        .map_or_else(String::new, |quote| official_side(desk, quote, difference));
    format!(
        "<section class=\"panel\" aria-label=\"Comparison\"><div class=\"versus\">{published}{official}</div><p class=\"small\">{}</p></section>",
        escaped(&case.explanation)
    )
}

/// The publication's side.
fn published_side(desk: &Desk, copy: &Copy, difference: Option<&Difference>) -> String {
    let what = difference.map_or("", |one| one.claimed.as_str());
    side(
        "",
        "Publication",
        name(&desk.names, &copy.source, copy.language),
        copy.published,
        copy.language.code(),
        &marked(&copy.sentence, what, "del", "claimed"),
        &copy.url,
    )
}

/// The record's side.
fn official_side(desk: &Desk, quote: &Quote, difference: Option<&Difference>) -> String {
    let what = difference.map_or("", |one| one.official.as_str());
    let language = crate::language::detect::language(&quote.sentence);
    let source = language.map_or(quote.source.0.as_str(), |language| {
        name(&desk.names, &quote.source, language)
    });
    side(
        "off",
        "Official record",
        source,
        quote.published,
        language.map_or("", crate::language::Language::code),
        &marked(&quote.sentence, what, "ins", "official"),
        &quote.url,
    )
}

/// One side of the comparison; `quoted` is HTML, the rest text.
fn side(
    class: &str,
    head: &str,
    source: &str,
    published: DateTime<Utc>,
    language: &str,
    quoted: &str,
    url: &str,
) -> String {
    format!(
        "<article class=\"side {class}\"><p>{head}</p><h3>{}</h3><p class=\"small muted\">{}</p><blockquote lang=\"{language}\">{quoted}</blockquote><p class=\"small\">{}</p></article>",
        escaped(source),
        day(published),
        link(url),
    )
}

/// The slots that differ, as a table.
fn slots(case: &Case) -> String {
    let rows: String = case
        .differences
        .iter()
        .map(|one| {
            format!(
                "<tr><th scope=\"row\">{}</th><td data-label=\"Publication\"><del class=\"claimed\">{}</del></td><td data-label=\"Record\"><ins class=\"official\">{}</ins></td></tr>",
                one.slot.words(),
                escaped(&one.claimed),
                escaped(&one.official)
            )
        })
        .collect();
    table("What differs", ["Element", "Publication", "Record"], &rows)
}

/// Every copy with what became of it.
fn copies(desk: &Desk, case: &Case) -> String {
    let rows: String = case
        .copies
        .iter()
        .map(|copy| {
            format!(
                "<tr><th scope=\"row\">{}<br><span class=\"small\">{}</span></th><td data-label=\"Published\">{}</td><td data-label=\"Now\">{}</td></tr>",
                escaped(name(&desk.names, &copy.source, copy.language)),
                link(&copy.url),
                day(copy.published),
                copy_words(copy),
            )
        })
        .collect();
    table("Where it stands", ["Source", "Published", "Now"], &rows)
}

/// A table with a heading; `rows` is HTML.
fn table(head: &str, columns: [&str; 3], rows: &str) -> String {
    let columns: String = columns
        .iter()
        .map(|column| format!("<th scope=\"col\">{column}</th>"))
        .collect();
    format!(
        "<section class=\"panel\"><h2>{head}</h2><table><caption>{head}</caption><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></section>"
    )
}

/// What happened to a case.
fn history(events: &[CaseEvent]) -> String {
    let rows: String = events
        .iter()
        .map(|event| {
            let at = event.at.format("%Y-%m-%d %H:%M");
            format!(
                "<li><time datetime=\"{}\">{at}</time><span>{} <span class=\"muted\">({})</span></span></li>",
                event.at.to_rfc3339(),
                escaped(&event.what),
                state_words(event.state)
            )
        })
        .collect();
    format!("<section class=\"panel\"><h2>History</h2><ol class=\"history\">{rows}</ol></section>")
}

/// A link to a page of the web; an address that is not one of the web stays text.
pub(super) fn link(url: &str) -> String {
    let url = escaped(url);
    if url.starts_with("https://") || url.starts_with("http://") {
        format!("<a href=\"{url}\" rel=\"noreferrer noopener\">{url}</a>")
    } else {
        url
    }
}

/// A day as an element.
pub(super) fn day(at: DateTime<Utc>) -> String {
    let day = local_day(at);
    format!("<time datetime=\"{day}\">{day}</time>")
}
