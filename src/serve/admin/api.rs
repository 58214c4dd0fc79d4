//! Users, tokens and the audit log over the API.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::log::Filter;
use super::{address, settled};
use crate::model::{Scope, User};
use crate::report::{audit_rows, json as shape, people as people_shape};
use crate::serve::Shared;
use crate::serve::access::CurrentUser;
use crate::serve::error::{self, Error};
use crate::serve::pages::off_thread;
use crate::serve::people::{self, Refusal, UserChange};
use crate::serve::repeat::secretive;
use crate::serve::signin::first;

/// What came of a request: an answer, or a refusal of the rules.
type Settled = Result<Result<Response, Refusal>, Error>;

/// A token that is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedToken {
    /// Whose it is to be.
    user: String,
    /// What it is for.
    #[serde(default)]
    name: String,
    /// What it allows; to read unless said.
    #[serde(default = "read")]
    scope: Scope,
    /// How long it is to last.
    days: i64,
}

fn read() -> Scope {
    Scope::Read
}

/// All users, by id.
pub(in crate::serve) async fn users(State(desk): Shared, _: CurrentUser) -> Response {
    let users = off_thread(move || {
        let users = desk.store.users()?;
        let items: Vec<Value> = users.iter().map(people_shape::user).collect();
        Ok(Ok(Json(shape::list("users", &items)).into_response()))
    });
    answer(users.await)
}

/// Adds a user; the answer has the link with which the person sets a password.
pub(in crate::serve) async fn add_user(
    State(desk): Shared,
    by: CurrentUser,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let added = off_thread(move || {
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let mut asked: serde_json::Map<String, Value> = read_json(&body)?;
        let id = asked.remove("id");
        let id = id.as_ref().and_then(Value::as_str).unwrap_or_default();
        let change: UserChange =
            serde_json::from_value(Value::Object(asked)).map_err(|cause| wrong(&cause))?;
        let user = match settled(people::add(store, id, &change, by, now))? {
            Ok(user) => user,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let path = match settled(people::link(store, id, false, by, now))? {
            Ok(path) => path,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let until = now + TimeDelta::hours(first::LINK_HOURS);
        let body = json!({
            "user": people_shape::user(&user),
            "link": address(&desk, &headers, &path),
            "link_expires_at": shape::moment(until),
        });
        let tag = [(header::ETAG, etag(&user))];
        let added = (StatusCode::CREATED, tag, Json(body)).into_response();
        Ok(Ok(secretive(added)))
    });
    answer(added.await)
}

/// Changes a user; with `If-Match`, only one that is as it was seen.
pub(in crate::serve) async fn change_user(
    State(desk): Shared,
    by: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let changed = off_thread(move || {
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let change: UserChange = read_json(&body)?;
        let seen = headers.get(header::IF_MATCH);
        let seen = seen.map(|tag| {
            let tag = tag.to_str().ok();
            let tag = tag.and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
            tag.ok_or_else(|| Error::Wrong("If-Match names no version".to_owned()))
        });
        let seen = seen.transpose()?;
        let user = settled(people::change(store, &id, &change, seen, by, now))?;
        Ok(user.map(|user| {
            let body = json!({ "user": people_shape::user(&user) });
            ([(header::ETAG, etag(&user))], Json(body)).into_response()
        }))
    });
    answer(changed.await)
}

/// All tokens.
pub(in crate::serve) async fn tokens(State(desk): Shared, _: CurrentUser) -> Response {
    let tokens = off_thread(move || {
        let tokens = desk.store.tokens()?;
        let items: Vec<Value> = tokens.iter().map(people_shape::token).collect();
        Ok(Ok(Json(shape::list("tokens", &items)).into_response()))
    });
    answer(tokens.await)
}

/// Makes a token; the answer alone has it.
pub(in crate::serve) async fn add_token(
    State(desk): Shared,
    by: CurrentUser,
    body: Bytes,
) -> Response {
    let added = off_thread(move || {
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let asked: AskedToken = read_json(&body)?;
        let (user, name) = (&asked.user, &asked.name);
        let made = people::add_token(store, user, name, asked.scope, asked.days, by, now);
        Ok(settled(made)?.map(|(token, secret)| {
            let mut body = people_shape::token(&token);
            body["token"] = json!(secret);
            secretive((StatusCode::CREATED, Json(body)).into_response())
        }))
    });
    answer(added.await)
}

/// Revokes a token, named by its whole id.
pub(in crate::serve) async fn revoke_token(
    State(desk): Shared,
    by: CurrentUser,
    Path(id): Path<String>,
) -> Response {
    let revoked = off_thread(move || {
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let is_whole = desk.store.tokens()?.iter().any(|token| token.id() == id);
        if !is_whole {
            return Ok(Err(Refusal::Token(id, 0)));
        }
        let token = settled(people::revoke(store, &id, by, now))?;
        Ok(token.map(|token| Json(people_shape::token(&token)).into_response()))
    });
    answer(revoked.await)
}

/// Entries of the audit log, the newest first; `meta.before` is the place to go on.
pub(in crate::serve) async fn audit(
    State(desk): Shared,
    _: CurrentUser,
    Query(filter): Query<Filter>,
) -> Response {
    let found = off_thread(move || {
        let (entries, before) = filter.find(&desk)?;
        let items: Vec<Value> = entries.iter().map(audit_rows::entry).collect();
        let mut list = shape::list("entries", &items);
        list["meta"]["before"] = json!(before);
        Ok(Ok(Json(list).into_response()))
    });
    answer(found.await)
}

/// The answer in the API's shape.
fn answer(settled: Settled) -> Response {
    let refusal = match settled {
        Ok(Ok(response)) => return response,
        Ok(Err(refusal)) => refusal,
        Err(error) => return error.as_json(),
    };
    let status = match refusal {
        Refusal::NoUser(_) | Refusal::Token(..) => StatusCode::NOT_FOUND,
        Refusal::Taken(_) | Refusal::LastAdministrator(_) => StatusCode::CONFLICT,
        Refusal::Stale(_) => StatusCode::PRECONDITION_FAILED,
        Refusal::Orderer(_) => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    error::as_json(status, &refusal.to_string())
}

/// A user as seen, as an entity tag.
fn etag(user: &User) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{}\"", people::tag(user)))
        .unwrap_or_else(|_| HeaderValue::from_static("\"\""))
}

fn read_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|cause| wrong(&cause))
}

fn wrong(cause: &serde_json::Error) -> Error {
    Error::Wrong(format!("the body is not what is asked for here: {cause}"))
}
