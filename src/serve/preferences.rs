//! What a reader chooses for the pages without signing in: their language and their look. Both live in cookies.

use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::error::Error;
use super::place::local;
use super::shell::{LANGUAGE_COOKIE, THEME_COOKIE, Theme};
use crate::language::Language;

/// How long a choice holds, in seconds: a year.
const MAX_AGE_SECONDS: u32 = 31_536_000;

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct Next {
    /// A path of this desk.
    #[serde(default)]
    next: String,
}

/// Chooses the language of the pages.
pub(super) async fn language(Path(code): Path<String>, Query(next): Query<Next>) -> Response {
    let known = Language::ALL.into_iter().find(|one| one.code() == code);
    match known {
        None => Error::NotFound("the pages speak kk, ru and en").into_response(),
        Some(language) => chosen(LANGUAGE_COOKIE, language.code(), &next.next),
    }
}

/// Chooses the look.
pub(super) async fn theme(Path(word): Path<String>, Query(next): Query<Next>) -> Response {
    match Theme::of(&word) {
        None => Error::NotFound("a theme is light or dark").into_response(),
        Some(theme) => chosen(THEME_COOKIE, theme.word(), &next.next),
    }
}

/// Keeps a choice and goes back.
fn chosen(name: &str, value: &str, next: &str) -> Response {
    let cookie = format!("{name}={value}; Path=/; Max-Age={MAX_AGE_SECONDS}; SameSite=Lax");
    let mut response = Redirect::to(&local(next)).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
