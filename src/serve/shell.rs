//! What every page has around its content: language, look, who reads, and where in the desk it stands.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::response::Html;
use url::form_urlencoded;

use super::Desk;
use super::access::CurrentUser;
use super::error::Error;
use super::words::Words;
use crate::language::Language;
use crate::model::{User, UserRole};

/// Language of the pages for whoever asks for none that the desk speaks.
const DEFAULT_LANGUAGE: Language = Language::Ru;

/// Cookie of the language of the pages.
pub(super) const LANGUAGE_COOKIE: &str = "language";
/// Cookie of the look.
pub(super) const THEME_COOKIE: &str = "theme";

/// The languages of the pages: code, short name, name.
pub(super) const LANGUAGES: [(&str, &str, &str); 3] = [
    ("kk", "ҚАЗ", "Қазақша"),
    ("ru", "РУС", "Русский"),
    ("en", "ENG", "English"),
];

/// How pages look where a reader chose; without a choice they follow the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme as addresses, cookies and styles name it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of a word.
    pub(super) fn of(word: &str) -> Option<Theme> {
        [Theme::Light, Theme::Dark]
            .into_iter()
            .find(|theme| theme.word() == word)
    }
}

/// What a page has around its content.
#[derive(Debug, Clone)]
pub(super) struct Shell {
    /// Its words.
    pub(super) words: Words,
    /// The look that was chosen.
    pub(super) theme: Option<Theme>,
    /// Path and query, as links that come back here carry them.
    pub(super) here: String,
    /// First segment of the path: the section of the desk.
    pub(super) section: String,
    /// Who reads; `None` before signing in.
    pub(super) user: Option<User>,
}

impl Shell {
    /// A text of the pages; templates say it often.
    pub(super) fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// ` aria-current="page"` on the link of the section that is open, as HTML.
    pub(super) fn current(&self, section: &str) -> &'static str {
        if self.section == section {
            " aria-current=\"page\""
        } else {
            ""
        }
    }

    /// This place as a value of a query.
    pub(super) fn back(&self) -> String {
        form_urlencoded::byte_serialize(self.here.as_bytes()).collect()
    }

    /// The look that the button changes to.
    pub(super) fn other_theme(&self) -> &'static str {
        match self.theme {
            Some(Theme::Dark) => Theme::Light.word(),
            _ => Theme::Dark.word(),
        }
    }

    /// Whether single keys take steps (WCAG 2.2, 2.1.4 asks that they can be switched off).
    pub(super) fn has_keys(&self) -> bool {
        self.user.as_ref().is_none_or(|user| user.has_single_keys)
    }

    /// The first letters of the reader's name, at most two.
    pub(super) fn initials(&self) -> String {
        self.user
            .as_ref()
            .map(|user| initials(&user.name))
            .unwrap_or_default()
    }

    /// Whether the reader keeps users, tokens and the like.
    pub(super) fn is_administrator(&self) -> bool {
        let mut user = self.user.iter();
        user.any(|user| user.role == UserRole::Administrator)
    }

    /// A shell of its parts; what cannot be read is as if it were not there.
    fn of(uri: &Uri, headers: &HeaderMap, user: Option<User>) -> Shell {
        let here = uri
            .path_and_query()
            .map_or("/", |here| here.as_str())
            .to_owned();
        let section = uri.path().split('/').nth(1).unwrap_or_default().to_owned();
        let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(Language::from_code);
        let own = user.as_ref().and_then(|user| user.language);
        let language = chosen.or(own).or_else(|| accepted(headers));
        Shell {
            words: Words::of(language.unwrap_or(DEFAULT_LANGUAGE)),
            theme: cookie(headers, THEME_COOKIE).and_then(Theme::of),
            here,
            section,
            user,
        }
    }
}

impl FromRequestParts<Arc<Desk>> for Shell {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Desk>) -> Result<Shell, Infallible> {
        let user = parts.extensions.get::<CurrentUser>();
        let user = user.map(|current| current.user.clone());
        Ok(Shell::of(&parts.uri, &parts.headers, user))
    }
}

/// The first letters of a name, at most two.
pub(super) fn initials(name: &str) -> String {
    let words = name.split_whitespace().take(2);
    let letters = words.filter_map(|word| word.chars().next());
    letters.flat_map(char::to_uppercase).collect()
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let mut found = pairs.filter_map(|pair| pair.trim().split_once('='));
    found
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.trim())
}

/// The first language of `Accept-Language` that the desk speaks; browsers list them by preference.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    accepted.split(',').find_map(|range| {
        let tag = range.split([';', '-']).next()?;
        Language::from_code(&tag.trim().to_ascii_lowercase())
    })
}

/// A page from its template.
pub(super) fn page(template: &impl Template) -> Result<Html<String>, Error> {
    Ok(Html(template.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_two_words() {
        assert_eq!(initials("Жанар Қасымова Әліқызы"), "ЖҚ");
        assert_eq!(initials("aisha"), "A");
        assert_eq!(initials(""), "");
    }
}
