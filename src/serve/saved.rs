//! Saved searches over HTTP: listed, tried, saved, removed, resumed and given a feed, by programs; the page is `pages::saved`.
//!
//! All who are signed in see them; whoever is more than a viewer makes them and sees who is told; a
//! search is changed by who made it and by administrators. A search tells the same to
//! everybody, so one that asks for verdicts or cases is kept only by those who see all of them, and to others it shows no finds.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json as object};

use super::access::{CurrentUser, Right};
use super::error::Error;
use super::pages::off_thread;
use super::repeat::secretive;
use super::{Desk, Shared, token};
use crate::index::{PREVIEW_DAYS, SearchQuery};
use crate::language::local_day;
use crate::model::{AlertRule, AuditNote, Channel, Pace, Repair, SavedSearch, Secret};
use crate::report::json;

/// What is saved under a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The query.
    pub(super) query: String,
    /// Who is told; nobody without one.
    pub(super) tell: Option<Tell>,
    /// `at_once` (also when absent) or `daily`.
    pub(super) pace: Option<Pace>,
}

/// Who is told.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tell {
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
pub(super) async fn list(State(desk): Shared, user: CurrentUser) -> Response {
    let searches = off_thread(move || Ok(desk.store.saved_searches()?));
    as_json(searches.await.map(|searches| {
        let searches = searches.iter();
        let items: Vec<_> = searches.map(|search| as_seen(search, &user)).collect();
        json::list("saved", &items)
    }))
}

/// A search as a user sees it: whom it tells is not for viewers.
fn as_seen(search: &SavedSearch, user: &CurrentUser) -> Value {
    let mut value = json::saved(search);
    if !Right::Keep.is_of(user.user.role) {
        value["tells"] = Value::Null;
    }
    value
}

/// Most alerts shown of one search.
const SHOWN: usize = 100;

/// One saved search with what it found since it was saved.
pub(super) async fn show(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
) -> Response {
    let shown = off_thread(move || {
        let search = found(&desk, &name)?;
        let alerts = match is_beyond(&desk, &user, &search.query)? {
            true => Vec::new(),
            false => desk.store.alerts(&name, SHOWN)?,
        };
        let alerts: Vec<Value> = alerts.iter().map(json::alert).collect();
        Ok(object!({ "saved": as_seen(&search, &user), "alerts": alerts }))
    });
    as_json(shown.await)
}

/// What a query would have told.
pub(super) async fn preview(
    State(desk): Shared,
    user: CurrentUser,
    Query(tried): Query<Tried>,
) -> Response {
    as_json(off_thread(move || previewed(&desk, &user, &tried.q)).await)
}

/// Saves a query under a name, in place of the one before.
pub(super) async fn put(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
    Json(wanted): Json<Wanted>,
) -> Response {
    let saved = off_thread(move || save(&desk, &user, &name, wanted)).await;
    let has_secret = saved
        .as_ref()
        .is_ok_and(|saved| saved["secret"].is_string());
    match has_secret {
        true => secretive(as_json(saved)),
        false => as_json(saved),
    }
}

/// Removes a search with what it found.
pub(super) async fn remove(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
) -> Response {
    emptied(off_thread(move || taken_away(&desk, &user, &name)).await)
}

/// The answer to what leaves nothing to show.
fn emptied(done: Result<(), Error>) -> Response {
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => error.as_json(),
    }
}

/// Lets a paused search go on.
pub(super) async fn resume(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
) -> Response {
    let resumed = off_thread(move || {
        resumed(&desk, &user, &name)?;
        Ok(object!({ "saved": as_seen(&found(&desk, &name)?, &user) }))
    });
    as_json(resumed.await)
}

/// Gives a search a new feed; the address before stops working.
pub(super) async fn feed(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
) -> Response {
    let made = off_thread(move || Ok(object!({ "feed": fed(&desk, &user, &name)? })));
    // The address of a feed is a secret.
    secretive(as_json(made.await))
}

/// Gives a search a new feed and says its address, which nobody can read again.
pub(super) fn fed(desk: &Desk, user: &CurrentUser, name: &str) -> Result<String, Error> {
    if is_beyond(desk, user, &owned(desk, user, name)?.query)? {
        return Err(Error::Wrong(BEYOND.to_owned()));
    }
    let token = token::fresh()?;
    let digest = token::digest(&token);
    changed(desk, name, &mut |search| search.feed = Some(digest.clone()))?;
    noted(desk, user, "feed", name, Value::Null)?;
    Ok(format!("/feeds/{token}.atom"))
}

/// Lets a paused search go on.
pub(super) fn resumed(desk: &Desk, user: &CurrentUser, name: &str) -> Result<(), Error> {
    owned(desk, user, name)?;
    changed(desk, name, &mut SavedSearch::resume)?;
    noted(desk, user, "resume", name, Value::Null)
}

/// Takes the feed of a search away.
pub(super) fn unfed(desk: &Desk, user: &CurrentUser, name: &str) -> Result<(), Error> {
    owned(desk, user, name)?;
    changed(desk, name, &mut |search| search.feed = None)?;
    noted(desk, user, "revoke_feed", name, Value::Null)
}

/// Takes the feed of a search away.
pub(super) async fn revoke(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
) -> Response {
    emptied(off_thread(move || unfed(&desk, &user, &name)).await)
}

/// Why somebody keeps no search that asks for what is judged.
const BEYOND: &str = "a saved search tells of all agencies, so who works for some of them keeps none that asks for `verdict:`, `slot:` or `case:`";

/// Whether a query would tell of verdicts or cases that a user does not see.
pub(super) fn is_beyond(desk: &Desk, user: &CurrentUser, query: &str) -> Result<bool, Error> {
    if user.user.agencies.is_empty() {
        return Ok(false);
    }
    let asked = SearchQuery::new(query, local_day(desk.gate.now()));
    Ok(desk.index.asks_for_judged(&asked, &*desk.store)?)
}

/// Enters in the audit log what was done with a search.
fn noted(
    desk: &Desk,
    user: &CurrentUser,
    what: &str,
    name: &str,
    details: Value,
) -> Result<(), Error> {
    desk.store.note(&AuditNote {
        at: desk.gate.now(),
        actor: user.user.id.clone(),
        action: format!("saved.{what}"),
        subject: name.to_owned(),
        details,
    })?;
    Ok(())
}

/// What a query would have told.
fn previewed(desk: &Desk, user: &CurrentUser, query: &str) -> Result<Value, Error> {
    let (n_stories, repairs) = tried(desk, user, query)?;
    Ok(object!({ "query": query, "stories": n_stories, "days": PREVIEW_DAYS, "repairs": repairs }))
}

/// How many stories that a user sees a query would have told of, and what of it would be read otherwise than written.
pub(super) fn tried(
    desk: &Desk,
    user: &CurrentUser,
    query: &str,
) -> Result<(usize, Vec<Repair>), Error> {
    let sight = user.sight(&*desk.store)?;
    let asked = SearchQuery {
        cases: sight.cases(desk)?,
        agencies: sight.agencies(),
        ..SearchQuery::new(query, local_day(desk.gate.now()))
    };
    Ok(desk.index.preview(&asked, &*desk.store)?)
}

/// Saves a query, unless it would not be read as written.
pub(super) fn save(
    desk: &Desk,
    user: &CurrentUser,
    name: &str,
    wanted: Wanted,
) -> Result<Value, Error> {
    if !SavedSearch::is_name(name) {
        let most = SavedSearch::MAX_NAME_CHARS;
        return Err(Error::Wrong(format!(
            "a name has up to {most} letters, digits, - and _"
        )));
    }
    if is_beyond(desk, user, &wanted.query)? {
        return Err(Error::Wrong(BEYOND.to_owned()));
    }
    let mut answer = previewed(desk, user, &wanted.query)?;
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
    if before.as_ref().is_some_and(|one| !one.is_of(&user.user)) {
        return Err(NOT_YOURS);
    }
    let search = SavedSearch {
        name: name.to_owned(),
        query: wanted.query,
        saved_at: desk.gate.now(),
        since: desk.store.last_sequence()?,
        alert: channel.map(|channel| AlertRule {
            channel,
            pace: wanted.pace.unwrap_or(Pace::AtOnce),
            n_failed: 0,
            not_before: None,
        }),
        paused: None,
        feed: before.as_ref().and_then(|before| before.feed.clone()),
        owner: match before {
            Some(before) => before.owner,
            None => Some(user.user.id.clone()),
        },
    };
    desk.store
        .put_saved_searches(std::slice::from_ref(&search))?;
    // Whom it tells is no matter of the log, which keeps for ever.
    let tells = search.alert.as_ref().map(|rule| match rule.channel {
        Channel::Mail { .. } => "mail",
        Channel::Webhook { .. } => "webhook",
        Channel::Telegram { .. } => "telegram",
    });
    noted(
        desk,
        user,
        "put",
        name,
        object!({ "query": search.query, "tells": tells }),
    )?;
    answer["saved"] = json::saved(&search);
    if let Some(secret) = secret {
        answer["secret"] = object!(secret);
    }
    Ok(answer)
}

/// Removes a search.
pub(super) fn taken_away(desk: &Desk, user: &CurrentUser, name: &str) -> Result<(), Error> {
    owned(desk, user, name)?;
    if desk.store.remove_saved_search(name)? {
        noted(desk, user, "remove", name, Value::Null)
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

/// What somebody is told who would change another's search.
const NOT_YOURS: Error = Error::Refused(
    StatusCode::FORBIDDEN,
    "this search is another user's; its owner or an administrator can change it",
);

/// The search of a name, where the user may change it.
fn owned(desk: &Desk, user: &CurrentUser, name: &str) -> Result<SavedSearch, Error> {
    let search = found(desk, name)?;
    match search.is_of(&user.user) {
        true => Ok(search),
        false => Err(NOT_YOURS),
    }
}

/// The search of a name.
fn found(desk: &Desk, name: &str) -> Result<SavedSearch, Error> {
    let mut searches = desk.store.saved_searches()?.into_iter();
    searches
        .find(|search| search.name == name)
        .ok_or(Error::NotFound("no query is saved under this name"))
}

/// A value, or the error in the API's shape.
fn as_json(result: Result<Value, Error>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => error.as_json(),
    }
}
