//! What a reader chooses for the pages without signing in: their language and their look. Both live in cookies.

use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::error::Error;
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
    let mut response = Redirect::to(local_path(next)).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// A path of this desk as it was asked for, or its first page: no link may lead elsewhere by way of the desk.
pub(super) fn local_path(next: &str) -> &str {
    let mut bytes = next.bytes();
    let is_rooted = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    // Browsers drop tabs and line ends from addresses and read a backslash as a slash.
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_rooted && is_plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn going_on_never_leads_to_another_site() {
        let elsewhere = [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "https:evil.example",
            "javascript:alert(1)",
            "\\/evil.example",
            "/\t/evil.example",
            " /cases",
            "",
            "cases",
            "/a\\..\\b",
        ];
        for next in elsewhere {
            assert_eq!(local_path(next), "/", "{next:?}");
        }
        for next in [
            "/",
            "/cases?show=all",
            "/search?q=a%20b",
            "/cases/1?next=//evil.example",
        ] {
            assert_eq!(local_path(next), next);
        }
    }
}
