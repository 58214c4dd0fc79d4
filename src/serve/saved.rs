//! Saved searches over HTTP: listed, tried, saved, removed, resumed and given a feed, by programs and on a page.
//!
//! Nobody logs in yet, so what changes something must come from this desk itself: the address asked must be loopback, which
//! keeps out names that were pointed at it, and a browser must not name a page of another origin.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Value, json as object};
use url::form_urlencoded;

use super::error::Error;
use super::html::escaped;
use super::pages::{day, off_thread};
use super::shell::Shell;
use super::{Desk, Shared, layout, token};
use crate::index::PREVIEW_DAYS;
use crate::language::local_day;
use crate::model::{AlertRule, Channel, Pace, SavedSearch, Secret};
use crate::report::{json, text};

/// What is saved under a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The query.
    query: String,
    /// Who is told; nobody without one.
    tell: Option<Tell>,
    /// `at_once` (also when absent) or `daily`.
    pace: Option<Pace>,
}

/// Who is told.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tell {
    /// An address of mail.
    Mail(String),
    /// An address that takes signed messages.
    Webhook(String),
    /// A chat.
    Telegram(String),
}

/// A query to try.
#[derive(Debug, Deserialize)]
pub(super) struct Tried {
    /// The query.
    q: String,
}

/// All saved searches.
pub(super) async fn list(State(desk): Shared) -> Response {
    let searches = off_thread(move || Ok(desk.store.saved_searches()?)).await;
    as_json(searches.map(|searches| {
        let items: Vec<_> = searches.iter().map(json::saved).collect();
        json::list("saved", &items)
    }))
}

/// Most alerts shown of one search.
const SHOWN: usize = 100;

/// One saved search with what it found since it was saved.
pub(super) async fn show(State(desk): Shared, Path(name): Path<String>) -> Response {
    let shown = off_thread(move || {
        let search = found(&desk, &name)?;
        let alerts = desk.store.alerts(&name, SHOWN)?;
        let alerts: Vec<Value> = alerts.iter().map(json::alert).collect();
        Ok(object!({ "saved": json::saved(&search), "alerts": alerts }))
    });
    as_json(shown.await)
}

/// What a query would have told.
pub(super) async fn preview(State(desk): Shared, Query(tried): Query<Tried>) -> Response {
    as_json(off_thread(move || previewed(&desk, &tried.q)).await)
}

/// Saves a query under a name, in place of the one before.
pub(super) async fn put(
    State(desk): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
    Json(wanted): Json<Wanted>,
) -> Response {
    let saved = off_thread(move || {
        is_own(&headers)?;
        save(&desk, &name, wanted)
    });
    as_json(saved.await)
}

/// Removes a search with what it found.
pub(super) async fn remove(
    State(desk): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let removed = off_thread(move || {
        is_own(&headers)?;
        taken_away(&desk, &name)
    });
    match removed.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => error.as_json(),
    }
}

/// Lets a paused search go on.
pub(super) async fn resume(
    State(desk): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let resumed = off_thread(move || {
        is_own(&headers)?;
        changed(&desk, &name, &mut SavedSearch::resume)?;
        Ok(object!({ "saved": json::saved(&found(&desk, &name)?) }))
    });
    as_json(resumed.await)
}

/// Gives a search a new feed; the address before stops working.
pub(super) async fn feed(
    State(desk): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let made = off_thread(move || {
        is_own(&headers)?;
        let token = token::fresh()?;
        let digest = token::digest(&token);
        changed(&desk, &name, &mut |search| {
            search.feed = Some(digest.clone())
        })?;
        Ok(object!({ "feed": format!("/feeds/{token}.atom") }))
    });
    as_json(made.await)
}

/// Takes the feed of a search away.
pub(super) async fn revoke(
    State(desk): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let revoked = off_thread(move || {
        is_own(&headers)?;
        changed(&desk, &name, &mut |search| search.feed = None)
    });
    match revoked.await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => error.as_json(),
    }
}

/// The page of saved searches.
pub(super) async fn page(State(desk): Shared, shell: Shell) -> Result<Html<String>, Error> {
    off_thread(move || shown(&desk, &shell, "", "", "")).await
}

/// What the forms of the page ask for: to try, save, remove or resume.
pub(super) async fn act(
    State(desk): Shared,
    shell: Shell,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    off_thread(move || {
        is_own(&headers)?;
        let fields: std::collections::BTreeMap<String, String> =
            form_urlencoded::parse(&body).into_owned().collect();
        let field = |name: &str| fields.get(name).map_or("", String::as_str).trim();
        let (name, query) = (field("name"), field("query"));
        match field("do") {
            "try" => {
                let found = previewed(&desk, query)?;
                let mut said = format!(
                    "{} stories would have been told in the last {PREVIEW_DAYS} days. ",
                    found["stories"]
                );
                let repairs = found["repairs"].as_array().into_iter().flatten();
                repairs
                    .filter_map(Value::as_str)
                    .for_each(|repair| said.push_str(repair));
                return Ok(shown(&desk, &shell, name, query, &said)?.into_response());
            }
            "save" => {
                let wanted = Wanted {
                    query: query.to_owned(),
                    tell: None,
                    pace: None,
                };
                save(&desk, name, wanted)?;
            }
            "remove" => taken_away(&desk, name)?,
            "resume" => changed(&desk, name, &mut SavedSearch::resume)?,
            _ => return Err(Error::Wrong("nothing was asked for".to_owned())),
        }
        Ok(Redirect::to("/saved").into_response())
    })
    .await
}

/// Whether a request that changes something comes from this desk itself.
pub(super) fn is_own(headers: &HeaderMap) -> Result<(), Error> {
    let value = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = value(header::HOST).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let is_loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    let is_same = value(header::ORIGIN).is_none_or(|origin| origin == format!("http://{host}"));
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    let is_near = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
    if is_loopback && is_same && is_near {
        Ok(())
    } else {
        Err(Error::Foreign)
    }
}

/// What a query would have told.
fn previewed(desk: &Desk, query: &str) -> Result<Value, Error> {
    let today = local_day(Utc::now());
    let (n_stories, repairs) = desk.index.preview(query, &*desk.store, today)?;
    Ok(object!({ "query": query, "stories": n_stories, "days": PREVIEW_DAYS, "repairs": repairs }))
}

/// Saves a query, unless it would not be read as written.
fn save(desk: &Desk, name: &str, wanted: Wanted) -> Result<Value, Error> {
    if !SavedSearch::is_name(name) {
        let most = SavedSearch::MAX_NAME_CHARS;
        return Err(Error::Wrong(format!(
            "a name has up to {most} letters, digits, - and _"
        )));
    }
    let mut answer = previewed(desk, &wanted.query)?;
    if let Some(repair) = answer["repairs"].get(0).and_then(Value::as_str) {
        return Err(Error::Wrong(format!(
            "the query is not saved, since it would not be read as written: {repair}"
        )));
    }
    let mut secret = None;
    let channel = match wanted.tell {
        None => None,
        Some(Tell::Mail(to)) => Some(Channel::Mail { to }),
        Some(Tell::Telegram(chat)) => Some(Channel::Telegram { chat }),
        Some(Tell::Webhook(url)) => {
            let fresh = Secret::new(token::fresh()?);
            secret = Some(fresh.reveal().to_owned());
            Some(Channel::Webhook {
                url,
                secret: Some(fresh),
            })
        }
    };
    let before = desk.store.saved_searches()?;
    let before = before.into_iter().find(|one| one.name == name);
    let search = SavedSearch {
        name: name.to_owned(),
        query: wanted.query,
        saved_at: Utc::now(),
        since: desk.store.last_sequence()?,
        alert: channel.map(|channel| AlertRule {
            channel,
            pace: wanted.pace.unwrap_or(Pace::AtOnce),
            n_failed: 0,
            not_before: None,
        }),
        paused: None,
        feed: before.and_then(|before| before.feed),
    };
    desk.store
        .put_saved_searches(std::slice::from_ref(&search))?;
    answer["saved"] = json::saved(&search);
    if let Some(secret) = secret {
        answer["secret"] = object!(secret);
    }
    Ok(answer)
}

/// Removes a search.
fn taken_away(desk: &Desk, name: &str) -> Result<(), Error> {
    if desk.store.remove_saved_search(name)? {
        Ok(())
    } else {
        Err(Error::NotFound("no query is saved under this name"))
    }
}

/// Changes a search as it stands now.
fn changed(desk: &Desk, name: &str, change: &mut dyn FnMut(&mut SavedSearch)) -> Result<(), Error> {
    if desk.store.change_saved_search(name, change)? {
        Ok(())
    } else {
        Err(Error::NotFound("no query is saved under this name"))
    }
}

/// The search of a name.
fn found(desk: &Desk, name: &str) -> Result<SavedSearch, Error> {
    let mut searches = desk.store.saved_searches()?.into_iter();
    searches
        .find(|search| search.name == name)
        .ok_or(Error::NotFound("no query is saved under this name"))
}

/// The page, with what stands in its form and what is said above it.
fn shown(
    desk: &Desk,
    shell: &Shell,
    name: &str,
    query: &str,
    said: &str,
) -> Result<Html<String>, Error> {
    let searches = desk.store.saved_searches()?;
    let rows: String = searches.iter().map(row).collect();
    let list = if rows.is_empty() {
        "<p>Nothing is saved yet.</p>".to_owned()
    } else {
        format!("<ul class=\"rows\">{rows}</ul>")
    };
    let said = match said {
        "" => String::new(),
        said => format!("<p role=\"status\">{}</p>", escaped(said)),
    };
    let body = format!(
        "<h1>Saved searches</h1>{said}<form class=\"find\" action=\"/saved\" method=\"post\">\
         <label>Name<input name=\"name\" value=\"{}\"></label><label>Query<input name=\"query\" value=\"{}\"></label>\
         <button name=\"do\" value=\"try\">Try</button><button name=\"do\" value=\"save\">Save</button></form>\
         <p class=\"small muted\">Channels are set with the command line or the API.</p>\
         <section class=\"panel\" aria-label=\"Saved searches\">{list}</section>",
        escaped(name),
        escaped(query)
    );
    layout::page(shell, "Saved searches", &body)
}

/// One saved search with its buttons.
fn row(search: &SavedSearch) -> String {
    let mut address = form_urlencoded::Serializer::new(String::new());
    address
        .append_pair("q", &search.query)
        .append_pair("sort", "date");
    let button = |action: &str, words: &str| {
        format!(
            "<form action=\"/saved\" method=\"post\"><input type=\"hidden\" name=\"name\" value=\"{}\"><button name=\"do\" value=\"{action}\">{words}</button></form>",
            escaped(&search.name)
        )
    };
    let resume = match &search.paused {
        Some(_) => button("resume", "Resume"),
        None => String::new(),
    };
    let state: String = text::saved(search)
        .lines()
        .skip(1)
        .map(|line| format!("<p class=\"small\">{}</p>", escaped(line)))
        .collect();
    format!(
        "<li><h2><a href=\"/search?{}\">{}</a></h2><p>{}</p>{state}<p class=\"small muted\">saved {}</p>{resume}{}</li>",
        escaped(&address.finish()),
        escaped(&search.name),
        escaped(&search.query),
        day(search.saved_at),
        button("remove", "Remove")
    )
}

/// A value, or the error in the API's shape.
fn as_json(result: Result<Value, Error>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => error.as_json(),
    }
}
