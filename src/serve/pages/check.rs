//! A draft before it is published: pasted, taken apart into claims, and each claim shown beside the record that settles it.
//!
//! A draft that was checked is in the request and in its answer and nowhere else; one that is still typed is kept as any unsent text is.

mod marks;

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use self::marks::{Group, Line};
use super::off_thread;
use crate::language::{Language, local_day};
use crate::model::Label;
use crate::report::json;
use crate::serve::access::CurrentUser;
use crate::serve::draft::{Checked, Draft};
use crate::serve::error::Error;
use crate::serve::shell::{self, Shell};
use crate::serve::unsent::{FormName, Kept};
use crate::serve::{Desk, Shared, unsent};

/// Longest headline, in characters.
const MAX_TITLE_CHARS: usize = 500;
/// Longest text, in characters: far more than an article has, and little enough to be judged while somebody waits.
const MAX_TEXT_CHARS: usize = 30_000;
/// Largest request: such a text in a form takes six bytes for each letter of Cyrillic.
pub(in crate::serve) const MAX_BODY_BYTES: usize = 512 << 10;

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::serve) struct Typed {
    /// Headline.
    #[serde(default)]
    title: String,
    /// Text.
    #[serde(default)]
    text: String,
    /// Day of publication; today when empty.
    #[serde(default)]
    published: String,
    /// `kk`, `ru` or `en`; each sentence tells when empty.
    #[serde(default)]
    language: String,
    /// What was typed before and not sent, where it stands in the form again.
    #[serde(skip)]
    kept: Option<Kept>,
}

/// What is wrong with what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    /// There is no text.
    Empty,
    /// The headline is longer than it may be.
    LongTitle,
    /// The text is longer than it may be.
    LongText,
    /// The day is none.
    NoDay,
    /// The language is none that is read.
    NoLanguage,
    /// The request is larger than it may be, or is no form.
    Unread,
}

impl Mistake {
    /// The field it is in, and its text.
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Mistake::Empty => ("text", "check-empty"),
            Mistake::LongTitle => ("title", "check-long-title"),
            Mistake::LongText => ("text", "check-long-text"),
            Mistake::NoDay => ("published", "check-no-day"),
            Mistake::NoLanguage => ("language", "check-no-language"),
            Mistake::Unread => ("text", "check-unread"),
        }
    }

    /// The most that is allowed, where that is the point.
    fn most(self) -> usize {
        match self {
            Mistake::LongTitle => MAX_TITLE_CHARS,
            _ => MAX_TEXT_CHARS,
        }
    }

    /// The mistake in the words of the API.
    fn words(self) -> String {
        match self {
            Mistake::Empty => "there is no text to check".to_owned(),
            Mistake::LongTitle => format!("`title` has more than {MAX_TITLE_CHARS} characters"),
            Mistake::LongText => format!("`text` has more than {MAX_TEXT_CHARS} characters"),
            Mistake::NoDay => "`published` is a day such as 2026-03-01".to_owned(),
            Mistake::NoLanguage => "`language` is kk, ru or en".to_owned(),
            Mistake::Unread => format!(
                "a JSON object with `text` and perhaps `title`, `published` and `language` of up to {MAX_BODY_BYTES} bytes is wanted"
            ),
        }
    }
}

impl Typed {
    /// What a form brought; fields that it has not are left out.
    fn of_form(body: &[u8]) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in form_urlencoded::parse(body) {
            let field = match name.as_ref() {
                "title" => &mut typed.title,
                "text" => &mut typed.text,
                "published" => &mut typed.published,
                "language" => &mut typed.language,
                _ => continue,
            };
            // Browsers end lines in forms with two characters.
            *field = value.replace("\r\n", "\n");
        }
        typed
    }

    /// The draft that was typed.
    fn draft(&self) -> Result<Draft, Mistake> {
        if self.text.trim().is_empty() && self.title.trim().is_empty() {
            return Err(Mistake::Empty);
        }
        if self.title.chars().count() > MAX_TITLE_CHARS {
            return Err(Mistake::LongTitle);
        }
        if self.text.chars().count() > MAX_TEXT_CHARS {
            return Err(Mistake::LongText);
        }
        let published = match self.published.trim() {
            "" => None,
            day => Some(day.parse::<NaiveDate>().map_err(|_| Mistake::NoDay)?),
        };
        let language = match self.language.as_str() {
            "" => None,
            code => Some(Language::from_code(code).ok_or(Mistake::NoLanguage)?),
        };
        Ok(Draft {
            title: self.title.clone(),
            text: self.text.clone(),
            published,
            language,
        })
    }
}

/// An error of the form.
struct Told {
    field: &'static str,
    text: String,
}

/// How many sentences have a verdict.
struct Count {
    class: &'static str,
    text: String,
}

/// What a check came to, as it is shown.
struct Answer {
    counts: Vec<Count>,
    lines: Vec<Line>,
    settled: Vec<Group>,
    unsettled: Vec<Group>,
    as_of: String,
}

#[derive(Template)]
#[template(path = "check.html")]
struct Page<'a> {
    shell: &'a Shell,
    typed: &'a Typed,
    is_possible: bool,
    today: NaiveDate,
    max_title: usize,
    max_text: usize,
    told: Option<Told>,
    answer: Option<Answer>,
    kept: Kept,
}

/// The form, with what its reader has typed before and not sent.
pub(in crate::serve) async fn form(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
) -> Result<Response, Error> {
    off_thread(move || {
        let kept = Kept::of(&desk, &user.user, &FormName::Check, &shell.words)?;
        let typed = Typed {
            title: kept.get("title").to_owned(),
            text: kept.get("text").to_owned(),
            published: kept.get("published").to_owned(),
            language: kept.get("language").to_owned(),
            kept: Some(kept),
        };
        page(&desk, &shell, &typed, None, None)
    })
    .await
}

/// Checks what was typed and shows it again with what was found.
pub(in crate::serve) async fn post(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let Ok(body) = body else {
        return page(
            &desk,
            &shell,
            &Typed::default(),
            Some(Mistake::Unread),
            None,
        );
    };
    let typed = Typed::of_form(&body);
    let draft = match typed.draft() {
        Ok(draft) => draft,
        Err(mistake) => return page(&desk, &shell, &typed, Some(mistake), None),
    };
    off_thread(move || {
        let now = desk.gate.now();
        let checked = checked(&desk, &draft, now)?;
        unsent::sent(&desk, &user, &FormName::Check)?;
        let answer = checked.map(|checked| answer(&desk, &shell, &checked, now));
        page(&desk, &shell, &typed, None, answer)
    })
    .await
}

/// The same for programs, in the shape of `aigaq check --format json`.
pub(in crate::serve) async fn api(
    State(desk): Shared,
    typed: Result<Json<Typed>, JsonRejection>,
) -> Response {
    let draft = typed
        .map_err(|_| Mistake::Unread)
        .and_then(|Json(typed)| typed.draft());
    let draft = match draft {
        Ok(draft) => draft,
        Err(mistake) => return Error::Wrong(mistake.words()).as_json(),
    };
    let found = off_thread(move || {
        checked(&desk, &draft, desk.gate.now())?
            .ok_or(Error::NotFound("this process does not check drafts"))
    });
    match found.await {
        Err(error) => error.as_json(),
        Ok(checked) => {
            let findings = checked.findings.iter();
            let items: Vec<Value> = findings
                .map(|(claim, verdict)| json::finding(claim, verdict))
                .collect();
            Json(json::list("findings", &items)).into_response()
        }
    }
}

/// What a check comes to; `None` where nobody can check.
fn checked(desk: &Desk, draft: &Draft, now: DateTime<Utc>) -> Result<Option<Checked>, Error> {
    let Some(checker) = &desk.checker else {
        return Ok(None);
    };
    checker.check(draft, now).map(Some).map_err(Error::Broken)
}

/// The form with what was typed, what is wrong with it, and what was found.
fn page(
    desk: &Arc<Desk>,
    shell: &Shell,
    typed: &Typed,
    mistake: Option<Mistake>,
    answer: Option<Answer>,
) -> Result<Response, Error> {
    let told = mistake.map(|mistake| {
        let (field, text) = mistake.told();
        Told {
            field,
            text: shell.words.count(text, mistake.most()),
        }
    });
    let status = match mistake {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = shell::page(&Page {
        shell,
        typed,
        is_possible: desk.checker.is_some(),
        today: local_day(desk.gate.now()),
        max_title: MAX_TITLE_CHARS,
        max_text: MAX_TEXT_CHARS,
        told,
        answer,
        kept: match &typed.kept {
            Some(kept) => kept.clone(),
            None => Kept::none(&FormName::Check),
        },
    })?;
    Ok((status, page).into_response())
}

/// What was found, as it is shown.
fn answer(desk: &Desk, shell: &Shell, checked: &Checked, now: DateTime<Utc>) -> Answer {
    let words = shell.words;
    let groups = marks::groups(desk, words, &checked.findings);
    let count = |label: Label| {
        let n = groups.iter().filter(|group| group.label == label).count();
        let (class, text) = match label {
            Label::Contradicted => ("crit", "check-n-contradicted"),
            Label::Outdated => ("mid", "check-n-outdated"),
            Label::Supported => ("ok", "check-n-supported"),
            Label::NoRecord => ("", "check-n-no-record"),
        };
        Count {
            class,
            text: words.count(text, n),
        }
    };
    let counts = [
        Label::Contradicted,
        Label::Outdated,
        Label::Supported,
        Label::NoRecord,
    ]
    .map(count)
    .into();
    let lines = marks::lines(words, &checked.document, &groups);
    let (unsettled, settled) = groups
        .into_iter()
        .partition(|group| group.label == Label::NoRecord);
    Answer {
        counts,
        lines,
        settled,
        unsettled,
        as_of: words.with("check-as-of", "at", &words.moment(now)),
    }
}
