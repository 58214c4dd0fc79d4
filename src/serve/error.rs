//! What goes wrong in a request, as the reader sees it; causes are logged, not shown.
//!
//! A handler returns an [`Error`] without knowing the reader's language. It travels with the answer as an extension, and
//! [`dress`], which knows the language, makes the page of it. At an address of the API it makes JSON of it, as it does of what the
//! framework refuses in plain words before a handler is asked: a program is never answered with a page.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Desk;
use super::access::CurrentUser;
use super::pages::off_thread;
use super::shell::{self, Shell};
use super::token;
use crate::model::UserRole;

/// A request that has no answer.
#[derive(Debug)]
pub(super) enum Error {
    /// Nothing stands there.
    NotFound(&'static str),
    /// The request cannot be done as it was asked, with what to do instead.
    Wrong(String),
    /// The request came from a page of somebody else.
    Foreign,
    /// The asker may not, or not now, with its status.
    Refused(StatusCode, &'static str),
    /// Too much of it goes on at once; whoever comes a little later finds a place.
    Busy(&'static str),
    /// The store or the index failed.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Error {
        Error::Broken(Box::new(cause))
    }
}

/// What a page says of an error.
#[derive(Debug, Clone)]
struct Told {
    /// Id of its title among the texts; the advice stands beside it.
    text: &'static str,
    /// What exactly, where that helps.
    detail: Option<String>,
    /// In the words of the API.
    words: String,
    /// The number under which the log says why, where it does.
    number: Option<String>,
}

/// Seconds after which to come again where too much goes on.
const BUSY_SECONDS: &str = "10";
/// Digits of the number of a failure.
const NUMBER_CHARS: usize = 8;
/// Longest refusal of the framework that is handed on, in bytes.
const MAX_WORDS_BYTES: usize = 1 << 16;

/// Whether an address is one of the API, whose errors are JSON.
pub(super) fn is_api(path: &str) -> bool {
    path.starts_with("/api/v")
}

impl Error {
    /// Status, text of the pages, and words of the API.
    fn parts(&self) -> (StatusCode, &'static str, String, Option<String>) {
        let (status, text, words) = match self {
            Error::NotFound(what) => (StatusCode::NOT_FOUND, "error-not-found", *what),
            Error::Wrong(what) => (StatusCode::BAD_REQUEST, "error-wrong", what.as_str()),
            Error::Foreign => (
                StatusCode::FORBIDDEN,
                "error-foreign",
                "only pages of this desk change anything here",
            ),
            Error::Refused(status, why) => (*status, "error-refused", *why),
            Error::Busy(what) => (StatusCode::SERVICE_UNAVAILABLE, "error-busy", *what),
            Error::Broken(cause) => {
                let number = fresh_number();
                tracing::error!(%cause, number, "request {number} failed: {cause}");
                let words = format!("the store could not be read; the log says why under {number}");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                return (status, "error-broken", words, Some(number));
            }
        };
        (status, text, words.to_owned(), None)
    }

    /// The error as a page that [`dress`] will make.
    pub(super) fn page(&self) -> Response {
        let (status, text, words, number) = self.parts();
        let is_exact = matches!(self, Error::Wrong(_) | Error::Refused(..));
        let mut response = status.into_response();
        let told = Told {
            text,
            detail: is_exact.then(|| words.clone()),
            words,
            number,
        };
        response.extensions_mut().insert(told);
        self.waiting(response)
    }

    /// The error as the API gives it.
    pub(super) fn as_json(&self) -> Response {
        let (status, _, words, _) = self.parts();
        self.waiting(as_json(status, &words))
    }

    /// The answer, which says when to come again where that helps.
    fn waiting(&self, mut response: Response) -> Response {
        if let Error::Busy(_) = self {
            let after = HeaderValue::from_static(BUSY_SECONDS);
            response.headers_mut().insert(header::RETRY_AFTER, after);
        }
        response
    }
}

/// A number by which a person can ask after a failure; without random bytes it is none.
fn fresh_number() -> String {
    let number = token::fresh().unwrap_or_default();
    number.chars().take(NUMBER_CHARS).collect()
}

/// An error as the API gives it.
pub(super) fn as_json(status: StatusCode, detail: &str) -> Response {
    as_json_with(status, detail, Value::Null)
}

/// The same with further fields, where there are some: the one place where the shape of an error is made.
pub(super) fn as_json_with(status: StatusCode, detail: &str, more: Value) -> Response {
    let mut body = json!({ "errors": [{ "detail": detail }] });
    if let Value::Object(more) = more {
        for (key, value) in more {
            body[key] = value;
        }
    }
    (status, Json(body)).into_response()
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.page()
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    shell: &'a Shell,
    title: String,
    advice: String,
    detail: Option<String>,
    number: Option<String>,
    /// Who gives rights, where one is missing.
    givers: Option<String>,
    /// Where the same can be tried again.
    again: Option<String>,
}

/// The people who give rights; `None` where nobody is signed in, or the store cannot be asked.
async fn givers(desk: Arc<Desk>) -> Option<String> {
    let users = off_thread(move || Ok(desk.store.users()?)).await.ok()?;
    let givers = users
        .into_iter()
        .filter(|user| user.is_active() && user.role == UserRole::Administrator);
    let names: Vec<String> = givers.map(|user| user.name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Makes pages of errors, in the language of the reader.
pub(super) async fn dress(
    State(desk): State<Arc<Desk>>,
    mut shell: Shell,
    request: Request,
    next: Next,
) -> Response {
    let is_api = is_api(request.uri().path());
    let is_look = request.method() == Method::GET;
    let mut response = next.run(request).await;
    if is_api {
        return in_json(response).await;
    }
    let Some(told) = response.extensions_mut().remove::<Told>() else {
        return response;
    };
    let user = response.extensions_mut().remove::<CurrentUser>();
    shell.user = user.map(|current| current.user);
    let is_refused = response.status() == StatusCode::FORBIDDEN && told.text == "error-refused";
    let givers = match is_refused && shell.user.is_some() {
        true => givers(desk).await,
        false => None,
    };
    let page = shell::page(&ErrorPage {
        shell: &shell,
        title: shell.say(told.text),
        advice: shell.say(&format!("{}-advice", told.text)),
        detail: told.detail,
        givers,
        again: (is_look && told.number.is_some()).then(|| shell.here.clone()),
        number: told.number,
    });
    match page {
        Ok(page) => {
            let dressed = (response.status(), page).into_response();
            keeping(dressed, &response)
        }
        // Without its template an error is still a status.
        Err(_) => response,
    }
}

/// An error of the API, whoever refused: one that was to be a page, and the plain words of the framework, become JSON.
async fn in_json(mut response: Response) -> Response {
    let status = response.status();
    if let Some(told) = response.extensions_mut().remove::<Told>() {
        return keeping(as_json(status, &told.words), &response);
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_plain = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !is_plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let words = to_bytes(body, MAX_WORDS_BYTES).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words);
    keeping(
        as_json(status, words.trim()),
        &Response::from_parts(parts, Body::empty()),
    )
}

/// An answer made anew, with what else the one before told, such as when to come again.
fn keeping(mut anew: Response, before: &Response) -> Response {
    for (name, value) in before.headers() {
        if *name != header::CONTENT_LENGTH && *name != header::CONTENT_TYPE {
            anew.headers_mut().insert(name, value.clone());
        }
    }
    anew
}
