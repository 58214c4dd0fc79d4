//! What people have typed and not sent: kept while they type, put back when they open the form again, gone when it is sent.
//!
//! The script of the pages sends a form's fields here every few seconds of typing. A form that is sent after its session has ended
//! is kept in the same way, for whoever's session that was: the store still knows, and the origin was checked. Where it does not
//! know, the text is given back on a page of its own. What is kept is one person's: every question to the store names the reader,
//! and no other page, search, export or log has any of it.

use std::sync::Arc;

use askama::Template;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use url::form_urlencoded;

use super::access::{CurrentUser, Via};
use super::error::Error;
use super::pages::off_thread;
use super::shell::{self, Shell};
use super::signin::{Client, session};
use super::words::Words;
use super::{Desk, Shared};
use crate::model::{CaseId, StepKind, Unsent, User};

/// Seconds of typing after which the script has what was typed kept once more.
pub(super) const KEPT_EVERY_SECONDS: u32 = 10;
/// How long it is kept: as long as the longest session, and a weekend.
const KEPT_FOR: TimeDelta = TimeDelta::days(9);
/// Forms of one person that are kept; of more, those typed in last.
const MOST_FORMS: usize = 40;
/// Longest text of all fields of a form, in characters: the longest form is that of the check, with 30,000 and a headline.
const MAX_CHARS: usize = 32_000;
/// Largest request: a letter of Cyrillic takes six bytes in a form.
pub(super) const MAX_BODY_BYTES: usize = 512 << 10;
/// Longest id of a case and number of a letter in the name of a form, in bytes.
const MAX_ID_BYTES: usize = 200;
/// Where the script sends what was typed.
const PATH: &str = "/unsent";
/// Steps of the form of the decision of a case, in its order.
pub(super) const DECISIONS: [StepKind; 10] = [
    StepKind::Confirm,
    StepKind::Dismiss,
    StepKind::Watch,
    StepKind::Merge,
    StepKind::Split,
    StepKind::Answer,
    StepKind::Refuse,
    StepKind::Close,
    StepKind::Reopen,
    StepKind::Withdraw,
];

/// A form in which much is typed: where it is sent, and its name among those that are sent there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormName {
    /// A comment on a case.
    Comment(String),
    /// The decision of a case, on its page or beside the queue.
    Decision(String),
    /// What a person reads in a slot of a case otherwise than the program.
    Reading(String),
    /// A new letter of a case.
    NewLetter(String),
    /// The answer to a letter, by its number.
    Answer(String),
    /// Why a letter goes back to whoever wrote it, by its number.
    GivenBack(String),
    /// The draft that is held against the record.
    Check,
}

impl FormName {
    /// The form of a case's comment.
    pub(super) fn comment(case: &CaseId) -> FormName {
        FormName::Comment(case.0.clone())
    }

    /// The form of a case's decision.
    pub(super) fn decision(case: &CaseId) -> FormName {
        FormName::Decision(case.0.clone())
    }

    /// The form in which a slot of a case is corrected.
    pub(super) fn reading(case: &CaseId) -> FormName {
        FormName::Reading(case.0.clone())
    }

    /// The form of a step of a case; `None` for steps with no more to type than a word.
    pub(super) fn of_step(case: &CaseId, step: &str) -> Option<FormName> {
        if step == StepKind::Comment.word() {
            return Some(FormName::comment(case));
        }
        if step == StepKind::CorrectReading.word() {
            return Some(FormName::reading(case));
        }
        let is_decision = DECISIONS.iter().any(|one| one.word() == step);
        is_decision.then(|| FormName::decision(case))
    }

    /// The name as the store and addresses have it.
    pub(super) fn key(&self) -> String {
        match self {
            FormName::Comment(case) => format!("/cases/{case}/steps#comment"),
            FormName::Decision(case) => format!("/cases/{case}/steps#decision"),
            FormName::Reading(case) => format!("/cases/{case}/steps#reading"),
            FormName::NewLetter(case) => format!("/cases/{case}/letters/new"),
            FormName::Answer(letter) => format!("/letters/{letter}/steps#answer"),
            FormName::GivenBack(letter) => format!("/letters/{letter}/steps#return"),
            FormName::Check => "/check".to_owned(),
        }
    }

    /// The form of a name; `None` for what is no form of these.
    fn of_key(key: &str) -> Option<FormName> {
        let (path, part) = key.split_once('#').unwrap_or((key, ""));
        FormName::of(path, part).filter(|form| form.key() == key)
    }

    /// The form that is sent to an address with a step.
    fn of(path: &str, step: &str) -> Option<FormName> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let is_id = |id: &str| {
            id.len() <= MAX_ID_BYTES && !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic())
        };
        match *parts.as_slice() {
            ["check"] => Some(FormName::Check),
            ["cases", id, "letters", "new"] if is_id(id) => {
                Some(FormName::NewLetter(id.to_owned()))
            }
            ["cases", id, "steps"] if is_id(id) => match step {
                "decision" => Some(FormName::Decision(id.to_owned())),
                "reading" => Some(FormName::Reading(id.to_owned())),
                step => FormName::of_step(&CaseId(id.to_owned()), step),
            },
            ["letters", number, "steps"] if is_id(number) => match step {
                "answer" => Some(FormName::Answer(number.to_owned())),
                "return" => Some(FormName::GivenBack(number.to_owned())),
                _ => None,
            },
            _ => None,
        }
    }

    /// The page on which the form stands.
    pub(super) fn page(&self) -> String {
        match self {
            FormName::Comment(case) | FormName::Decision(case) | FormName::Reading(case) => {
                format!("/cases/{case}")
            }
            FormName::NewLetter(case) => format!("/cases/{case}/letters/new"),
            FormName::Answer(letter) | FormName::GivenBack(letter) => format!("/letters/{letter}"),
            FormName::Check => "/check".to_owned(),
        }
    }

    /// The fields that are kept, those in which somebody writes first.
    fn fields(&self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            FormName::Comment(_) | FormName::GivenBack(_) => (&["note"], &[]),
            FormName::Decision(_) => (&["note"], &["step", "reason", "answer", "into", "urls"]),
            FormName::Reading(_) => (&["note", "claimed", "official"], &["slot", "result", "url"]),
            FormName::NewLetter(_) => (
                &["proposed"],
                &["publication", "route", "language", "second"],
            ),
            FormName::Answer(_) => (&["note"], &["answer"]),
            FormName::Check => (&["text", "title"], &["published", "language"]),
        }
    }

    /// Id of the text that names the form.
    fn words(&self) -> &'static str {
        match self {
            FormName::Comment(_) => "unsent-comment",
            FormName::Decision(_) => "unsent-decision",
            FormName::Reading(_) => "unsent-reading",
            FormName::NewLetter(_) => "unsent-letter",
            FormName::Answer(_) => "unsent-answer",
            FormName::GivenBack(_) => "unsent-return",
            FormName::Check => "unsent-check",
        }
    }
}

/// Fields of a form in which somebody wrote something.
#[derive(Debug, Default)]
struct Typed(Vec<(String, String)>);

impl Typed {
    /// The fields of a form as it keeps them; `None` where they are longer than any form is.
    fn of(form: &FormName, body: &[u8]) -> Option<Typed> {
        let (written, chosen) = form.fields();
        let is_kept = |name: &str| written.contains(&name) || chosen.contains(&name);
        let fields: Vec<(String, String)> = form_urlencoded::parse(body)
            .filter(|(name, value)| is_kept(name) && !value.is_empty())
            // Browsers end lines in forms with two characters.
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        let n_chars: usize = fields.iter().map(|(_, value)| value.chars().count()).sum();
        (n_chars <= MAX_CHARS).then_some(Typed(fields))
    }

    /// What was written, by field; nothing where somebody only chose among what was offered.
    fn written<'a>(&'a self, form: &FormName) -> Vec<&'a (String, String)> {
        let (written, _) = form.fields();
        let fields = self.0.iter();
        let fields = fields
            .filter(|(name, value)| written.contains(&name.as_str()) && !value.trim().is_empty());
        fields.collect()
    }
}

/// What of a form stands on its page: where the script sends it, and what was typed before.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// Where the script sends what is typed.
    pub(super) address: String,
    /// When it was typed, where something was.
    pub(super) at: Option<String>,
    unsent: Option<Unsent>,
}

impl Kept {
    /// What the reader of a page has typed into one of its forms.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn of(
        desk: &Desk,
        user: &User,
        form: &FormName,
        words: &Words,
    ) -> Result<Kept, Error> {
        let now = desk.gate.now();
        let unsent = desk.store.unsent(&user.id, &form.key(), now - KEPT_FOR)?;
        Ok(Kept {
            at: unsent.as_ref().map(|unsent| words.briefly(unsent.at, now)),
            unsent,
            ..Kept::none(form)
        })
    }

    /// A form that shows what it was sent with, whatever was kept before.
    pub(super) fn none(form: &FormName) -> Kept {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("form", &form.key());
        Kept {
            address: format!("{PATH}?{}", query.finish()),
            at: None,
            unsent: None,
        }
    }

    /// Whether something was typed.
    pub(super) fn is_some(&self) -> bool {
        self.unsent.is_some()
    }

    /// What stands in a field; empty where nothing was typed.
    pub(super) fn get(&self, name: &str) -> &str {
        self.unsent.as_ref().map_or("", |unsent| unsent.get(name))
    }

    /// Whether one of the values of a field is this.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        let mut unsent = self.unsent.iter();
        unsent.any(|unsent| unsent.all(name).any(|known| known == value))
    }
}

/// One text that waits to be sent, as the reader's own list shows it.
pub(super) struct Waiting {
    /// The page of the form.
    pub(super) page: String,
    /// What it is.
    pub(super) what: String,
    /// When it was typed.
    pub(super) at: String,
    /// How it begins.
    pub(super) begins: String,
    /// Where it is let go of.
    pub(super) address: String,
}

/// Longest beginning of a text in that list, in characters.
const BEGINS_CHARS: usize = 120;

/// All that a person has typed and not sent, the last first.
///
/// # Errors
/// When the store fails.
pub(super) fn waiting(desk: &Desk, user: &User, words: &Words) -> Result<Vec<Waiting>, Error> {
    let now = desk.gate.now();
    let all = desk.store.all_unsent(&user.id, now - KEPT_FOR)?;
    let shown = all.into_iter().filter_map(|unsent| {
        let form = FormName::of_key(&unsent.form)?;
        let (written, _) = form.fields();
        let mut texts = written.iter().map(|name| unsent.get(name).trim());
        let text = texts.find(|text| !text.is_empty()).unwrap_or_default();
        Some(Waiting {
            page: form.page(),
            what: words.say(form.words()),
            at: words.briefly(unsent.at, now),
            begins: text.chars().take(BEGINS_CHARS).collect(),
            address: format!("{}&drop=account", Kept::none(&form).address),
        })
    });
    Ok(shown.collect())
}

/// Lets go of what was typed into a form that has been sent. A program with a token typed nothing.
///
/// # Errors
/// When the store fails.
pub(super) fn sent(desk: &Desk, user: &CurrentUser, form: &FormName) -> Result<(), Error> {
    if matches!(user.via, Via::Session(_)) {
        forget(desk, &user.user, &form.key())?;
    }
    Ok(())
}

/// Lets go of what was kept of a form; most were sent before anything was kept, and then nothing is written.
fn forget(desk: &Desk, user: &User, key: &str) -> Result<(), Error> {
    if desk
        .store
        .unsent(&user.id, key, DateTime::<Utc>::MIN_UTC)?
        .is_some()
    {
        desk.store.drop_unsent(&user.id, key)?;
    }
    Ok(())
}

/// Keeps what somebody typed; a form in which nothing is written any more is let go of.
fn keep(desk: &Desk, user: &User, form: &FormName, typed: Typed) -> Result<(), Error> {
    if typed.written(form).is_empty() {
        return forget(desk, user, &form.key());
    }
    let now = desk.gate.now();
    let unsent = Unsent {
        user: user.id.clone(),
        form: form.key(),
        at: now,
        fields: typed.0,
    };
    let oldest = now - KEPT_FOR;
    Ok(desk.store.keep_unsent(&unsent, oldest, MOST_FORMS)?)
}

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Name of the form.
    form: String,
    /// Whether what was kept is to be let go of.
    drop: String,
}

/// Keeps what the script sends and answers when, or lets go of what was kept and leads back to the page.
pub(super) async fn post(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(asked): Query<Asked>,
    body: Bytes,
) -> Result<Response, Error> {
    let wrong = |why: &str| Err(Error::Wrong(why.to_owned()));
    let Some(form) = FormName::of_key(&asked.form) else {
        return wrong("`form` names no form of which text is kept");
    };
    if !asked.drop.is_empty() {
        let page = match asked.drop.as_str() {
            "account" => "/account".to_owned(),
            _ => form.page(),
        };
        off_thread(move || forget(&desk, &user.user, &form.key())).await?;
        return Ok(Redirect::to(&page).into_response());
    }
    let Some(typed) = Typed::of(&form, &body) else {
        let why = "the text is longer than any form takes";
        return Err(Error::Refused(StatusCode::PAYLOAD_TOO_LARGE, why));
    };
    let now = desk.gate.now();
    off_thread(move || keep(&desk, &user.user, &form, typed)).await?;
    Ok(shell.words.briefly(now, now).into_response())
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut<'a> {
    shell: &'a Shell,
    /// Where to go on after signing in.
    next: String,
    /// What was typed, by field.
    written: Vec<&'a (String, String)>,
}

/// Keeps a form that came from a page of the desk when nobody was signed in any more; `None` where there is nothing to keep, and
/// the request is answered like any other.
///
/// Where the session that the browser names has run out, its user's text is kept and the answer leads to the sign-in and from there
/// to the form. Where nobody knows whose it was, as after a sign-out in another window, the page of the answer gives the text back.
pub(super) async fn rescue(
    desk: &Arc<Desk>,
    client: &Client,
    shell: &Shell,
    request: Request,
) -> Option<Response> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return None;
    }
    let path = parts.uri.path().to_owned();
    let asked = Query::<Asked>::try_from_uri(&parts.uri)
        .unwrap_or_default()
        .0;
    if path != PATH && FormName::of(&path, DECISIONS[0].word()).is_none() && !is_letters(&path) {
        return None;
    }
    let body = to_bytes(body, MAX_BODY_BYTES).await.ok()?;
    let form = match path.as_str() {
        PATH => FormName::of_key(&asked.form)?,
        path => FormName::of(path, &step_of(&body))?,
    };
    let typed = Typed::of(&form, &body)?;
    if typed.written(&form).is_empty() {
        return None;
    }
    let owner = owner(desk, &parts.headers, client).await?;
    let Some(owner) = owner else {
        return given_back(shell, &form, &typed).ok();
    };
    let (keeping, kept_form) = (Arc::clone(desk), form.clone());
    let kept = off_thread(move || keep(&keeping, &owner, &kept_form, typed)).await;
    if let Err(error) = kept {
        return Some(error.page());
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", &form.page());
    query.append_pair("done", "kept");
    Some(Redirect::to(&format!("/sign-in?{}", query.finish())).into_response())
}

/// Whether forms of letters are sent there.
fn is_letters(path: &str) -> bool {
    FormName::of(path, "answer").is_some()
}

/// The step that a form orders.
fn step_of(body: &[u8]) -> String {
    let mut fields = form_urlencoded::parse(body);
    let step = fields.find(|(name, _)| name == "step");
    step.map_or_else(String::new, |(_, step)| step.into_owned())
}

/// Whose session it was that a browser names and that has run out; `Some(None)` where nobody knows, or where that person sends too
/// much at once; `None` where the store cannot be asked.
async fn owner(desk: &Arc<Desk>, headers: &HeaderMap, client: &Client) -> Option<Option<User>> {
    let (desk, headers, client) = (Arc::clone(desk), headers.clone(), client.clone());
    let found = off_thread(move || {
        let Some(session) = session::named(&desk, &headers, &client)? else {
            return Ok(None);
        };
        let user = desk.store.user(&session.user)?.filter(User::is_active);
        Ok(user.filter(|user| desk.gate.may_write(&user.id)))
    });
    found.await.ok()
}

/// The page that gives back what nobody can be told to have typed.
fn given_back(shell: &Shell, form: &FormName, typed: &Typed) -> Result<Response, Error> {
    let page = shell::page(&SignedOut {
        shell,
        next: form_urlencoded::byte_serialize(form.page().as_bytes()).collect(),
        written: typed.written(form),
    })?;
    let mut response = (StatusCode::UNAUTHORIZED, page).into_response();
    let no_store = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_known_by_its_name_and_by_where_it_is_sent() {
        for key in [
            "/cases/case-1/steps#comment",
            "/cases/case-1/steps#decision",
            "/cases/case-1/steps#reading",
            "/cases/case-1/letters/new",
            "/letters/2026-3/steps#answer",
            "/letters/2026-3/steps#return",
            "/check",
        ] {
            let form = FormName::of_key(key).unwrap();
            assert_eq!(form.key(), key);
        }
        for key in [
            "",
            "/",
            "/check#",
            "/check#x",
            "/cases/case-1/steps",
            "/cases/case-1/steps#confirm",
            "/cases//steps#comment",
            "/cases/a b/steps#comment",
            "/cases/a/../steps#comment",
            "/letters/2026-3/steps#send",
            "/admin/users",
            "https://evil.example/check",
        ] {
            assert_eq!(FormName::of_key(key), None, "{key}");
        }
        let long = format!("/cases/{}/steps#comment", "a".repeat(MAX_ID_BYTES + 1));
        assert_eq!(FormName::of_key(&long), None);
        let decision = Some(FormName::Decision("case-1".to_owned()));
        assert_eq!(FormName::of("/cases/case-1/steps", "dismiss"), decision);
        assert_eq!(FormName::of("/cases/case-1/steps", "tag"), None);
    }

    #[test]
    fn only_the_fields_of_the_form_are_kept_and_no_more_than_a_form_holds() {
        let form = FormName::Comment("case-1".to_owned());
        let typed = Typed::of(&form, b"seen=3&next=%2F&note=a%0D%0Ab&password=x").unwrap();
        assert_eq!(typed.0, [("note".to_owned(), "a\nb".to_owned())]);
        let blank = Typed::of(&form, b"note=+%0A+").unwrap();
        assert!(blank.written(&form).is_empty());
        let long = format!("note={}", "a".repeat(MAX_CHARS + 1));
        assert!(Typed::of(&form, long.as_bytes()).is_none());
    }
}
