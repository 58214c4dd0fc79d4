//! Views of the queue that people keep: listed, made, renamed and removed, by the pages, the API and the command line alike.
//!
//! A view is what a list asks for and nothing else: sharing one shows nobody a case that the person does not see. Everybody keeps
//! views; what viewers keep is theirs alone.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use super::access::{CurrentUser, Right};
use super::error::{Error, as_json_with};
use super::pages::off_thread;
use super::pages::queue::kept;
use crate::canonical;
use crate::model::{AuditNote, QueueView, User, ViewKept};
use crate::report::json as shape;
use crate::store::{Store, StoreError};

/// Why a view was not made, renamed or removed.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// That is no name.
    #[error("a name has 1 to {} characters on one line", QueueView::MAX_NAME_CHARS)]
    Name,
    /// The owner has another of this name.
    #[error("{0} is the name of another of these views")]
    NameTaken(String),
    /// The owner has as many as one may have.
    #[error("one person keeps at most {} views", QueueView::MOST_OF_ONE)]
    TooMany,
    /// There is none, or none that the person is shown.
    #[error("no view has this id")]
    Unknown,
    /// It is another user's.
    #[error("this view is another user's; who made it or an administrator can change it")]
    NotOwn,
    /// Viewers share nothing.
    #[error("viewers keep views for themselves only")]
    Viewer,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The views that somebody is shown, own ones first.
///
/// # Errors
/// When the store fails.
pub fn shown_to(store: &dyn Store, user: &User) -> Result<Vec<QueueView>, StoreError> {
    let mut views = store.queue_views()?;
    views.retain(|view| view.is_shown_to(user));
    views.sort_by_key(|view| view.owner != user.id);
    Ok(views)
}

/// Makes a view of what a list asks for, as its address writes it; what of that no list knows is left out.
///
/// # Errors
/// When the name does not fit, the person may not, or the store fails.
pub fn keep(
    store: &dyn Store,
    by: &User,
    (name, query, is_shared): (&str, &str, bool),
    now: DateTime<Utc>,
) -> Result<QueueView, ViewError> {
    if is_shared && !Right::Keep.is_of(by.role) {
        return Err(ViewError::Viewer);
    }
    let name = name.trim();
    let made_at = now.timestamp_micros().to_string();
    let view = QueueView {
        id: canonical::id("view", &[by.id.as_str(), name, made_at.as_str()]),
        name: name.to_owned(),
        query: kept(query),
        owner: by.id.clone(),
        is_shared,
        made_at: now,
    };
    stored(store, &view)?;
    noted(store, by, "make", &view, now)?;
    Ok(view)
}

/// Renames a view.
///
/// # Errors
/// When the name does not fit, the view is not the person's, or the store fails.
pub fn rename(
    store: &dyn Store,
    by: &User,
    id: &str,
    name: &str,
    now: DateTime<Utc>,
) -> Result<QueueView, ViewError> {
    let view = QueueView {
        name: name.trim().to_owned(),
        ..own(store, by, id)?
    };
    stored(store, &view)?;
    noted(store, by, "rename", &view, now)?;
    Ok(view)
}

/// Removes a view; what it was.
///
/// # Errors
/// When the view is not the person's, or the store fails.
pub fn remove(
    store: &dyn Store,
    by: &User,
    id: &str,
    now: DateTime<Utc>,
) -> Result<QueueView, ViewError> {
    let view = own(store, by, id)?;
    store.remove_queue_view(id)?;
    noted(store, by, "remove", &view, now)?;
    Ok(view)
}

/// Stores a view, or says what its name keeps it from.
fn stored(store: &dyn Store, view: &QueueView) -> Result<(), ViewError> {
    if !QueueView::is_name(&view.name) {
        return Err(ViewError::Name);
    }
    match store.keep_queue_view(view)? {
        ViewKept::Kept => Ok(()),
        ViewKept::NameTaken => Err(ViewError::NameTaken(view.name.clone())),
        ViewKept::TooMany => Err(ViewError::TooMany),
    }
}

/// A view that somebody may change. That another has one for themselves is told to nobody else.
fn own(store: &dyn Store, by: &User, id: &str) -> Result<QueueView, ViewError> {
    let mut views = store.queue_views()?.into_iter();
    let view = views.find(|view| view.id == id && view.is_shown_to(by));
    let view = view.ok_or(ViewError::Unknown)?;
    match view.is_of(by) {
        true => Ok(view),
        false => Err(ViewError::NotOwn),
    }
}

/// Enters in the audit log what was done with a view that others see.
fn noted(
    store: &dyn Store,
    by: &User,
    what: &str,
    view: &QueueView,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !view.is_shared {
        return Ok(());
    }
    store.note(&AuditNote {
        at: now,
        actor: by.id.clone(),
        action: format!("view.{what}"),
        subject: view.id.clone(),
        details: json!({ "name": view.name, "query": view.query, "owner": view.owner }),
    })
}

/// What is kept as a view.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Name.
    name: String,
    /// What the list asks for, as the address of the queue writes it; without it what it shows at first.
    #[serde(default)]
    query: String,
    /// Whether everybody is shown it.
    #[serde(default)]
    is_shared: bool,
}

/// What of a view is changed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Its new name.
    name: String,
}

/// The views that the asker is shown.
pub(super) async fn list(State(desk): Shared, user: CurrentUser) -> Response {
    let views = off_thread(move || Ok(shown_to(&*desk.store, &user.user)?));
    match views.await {
        Ok(views) => {
            let items: Vec<Value> = views.iter().map(shape::view).collect();
            Json(shape::list("views", &items)).into_response()
        }
        Err(error) => error.as_json(),
    }
}

/// Makes a view.
pub(super) async fn post(
    State(desk): Shared,
    user: CurrentUser,
    Json(wanted): Json<Wanted>,
) -> Response {
    let made = off_thread(move || {
        let asked = (
            wanted.name.as_str(),
            wanted.query.as_str(),
            wanted.is_shared,
        );
        settled(keep(&*desk.store, &user.user, asked, desk.gate.now()))
    });
    answer(made.await, |view| {
        let body = json!({ "view": shape::view(view) });
        (StatusCode::CREATED, Json(body)).into_response()
    })
}

/// Renames a view.
pub(super) async fn patch(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> Response {
    let renamed = off_thread(move || {
        let now = desk.gate.now();
        settled(rename(&*desk.store, &user.user, &id, &change.name, now))
    });
    answer(renamed.await, |view| {
        Json(json!({ "view": shape::view(view) })).into_response()
    })
}

/// Removes a view.
pub(super) async fn delete(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
) -> Response {
    let removed =
        off_thread(move || settled(remove(&*desk.store, &user.user, &id, desk.gate.now())));
    answer(removed.await, |_| StatusCode::NO_CONTENT.into_response())
}

/// A refusal is an answer; only what the store could not do is an error.
fn settled(done: Result<QueueView, ViewError>) -> Result<Result<QueueView, ViewError>, Error> {
    match done {
        Err(ViewError::Store(error)) => Err(error.into()),
        done => Ok(done),
    }
}

/// What was done as the API tells it.
fn answer(
    done: Result<Result<QueueView, ViewError>, Error>,
    tell: impl FnOnce(&QueueView) -> Response,
) -> Response {
    let refusal = match done {
        Ok(Ok(view)) => return tell(&view),
        Ok(Err(refusal)) => refusal,
        Err(error) => return error.as_json(),
    };
    let status = match &refusal {
        ViewError::Name => StatusCode::UNPROCESSABLE_ENTITY,
        ViewError::NameTaken(_) | ViewError::TooMany => StatusCode::CONFLICT,
        ViewError::Unknown => StatusCode::NOT_FOUND,
        ViewError::NotOwn | ViewError::Viewer => StatusCode::FORBIDDEN,
        ViewError::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    as_json_with(status, &refusal.to_string(), Value::Null)
}
