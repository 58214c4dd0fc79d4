//! Administration: users, roles, tokens, the audit log, the operator's files, and what the folder holds; pages and the API alike.
//!
//! The rules of what may be changed are those of [`people`](super::people); here they are asked, and their refusals said in the
//! reader's language.

pub(super) mod about;
pub(super) mod api;
pub(super) mod files;
pub(super) mod log;
pub(super) mod tokens;
pub(super) mod users;

use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};

use super::Desk;
use super::error::Error;
use super::forms::Fault;
use super::people::{MAX_TOKEN_DAYS, PeopleError, Refusal};
use super::shell::{self, Shell};
use super::signin::first;
use crate::model::{SourceRole, User, UserRole};

/// What came of a change: done, or refused by the rules; failures are errors.
fn settled<T>(result: Result<T, PeopleError>) -> Result<Result<T, Refusal>, Error> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(PeopleError::Refused(refusal)) => Ok(Err(refusal)),
        Err(PeopleError::Store(cause)) => Err(cause.into()),
        Err(PeopleError::Failed(cause)) => Err(Error::Broken(cause)),
    }
}

/// A refusal in the reader's language, at its field.
fn fault(shell: &Shell, refusal: &Refusal) -> Vec<Fault> {
    let words = &shell.words;
    match refusal {
        Refusal::Id => Fault::at("id", words.say("user-id-unfit")),
        Refusal::Taken(id) => Fault::at("id", words.with("admin-taken", "id", id)),
        Refusal::NoUser(id) => Fault::at("user", words.with("admin-no-user", "id", id)),
        Refusal::Name => Fault::at("name", words.say("user-name-long")),
        Refusal::Role(_) => Fault::at("role", words.say("admin-no-role")),
        Refusal::Source(id) => Fault::at("agencies", words.with("admin-no-agency", "id", id)),
        Refusal::Disabled(id) => Fault::of_all(words.with("admin-is-disabled", "id", id)),
        Refusal::Orderer(_) => Fault::of_all(words.say("admin-not-you")),
        Refusal::LastAdministrator(id) => Fault::of_all(words.with("admin-last", "id", id)),
        Refusal::KnownAs => Fault::at("known_as", words.say("admin-known-as-long")),
        Refusal::KnownAsTaken(id) => {
            Fault::at("known_as", words.with("admin-known-as-taken", "id", id))
        }
        Refusal::Stale(_) => Fault::of_all(words.say("admin-stale")),
        Refusal::Days => {
            let most = words.number(MAX_TOKEN_DAYS.unsigned_abs());
            Fault::at("days", words.with("admin-days-wrong", "most", &most))
        }
        Refusal::Token(id, _) => Fault::of_all(words.with("admin-no-token", "id", id)),
    }
}

/// The name of a role.
fn role_words(shell: &Shell, role: UserRole) -> String {
    shell.say(&format!("people-role-{}", role.word()))
}

/// One of several to choose from.
struct Choice {
    value: String,
    name: String,
    /// Language of the name; empty where it is that of the page.
    language: &'static str,
    is_chosen: bool,
}

/// The roles, one of them chosen.
fn role_choices(shell: &Shell, chosen: &str) -> Vec<Choice> {
    let roles = UserRole::ALL.into_iter();
    let choice = |role: UserRole| Choice {
        value: role.word().to_owned(),
        name: role_words(shell, role),
        language: "",
        is_chosen: role.word() == chosen,
    };
    roles.map(choice).collect()
}

/// The agencies by name, some of them chosen; those that are chosen stay although no source is called so any more.
fn agency_choices(desk: &Desk, shell: &Shell, chosen: &[String]) -> Vec<Choice> {
    let official = desk.names.values();
    let official = official.filter(|source| source.role == SourceRole::Official);
    let mut choices: Vec<Choice> = official
        .map(|source| Choice {
            value: source.id.0.clone(),
            name: source.name_in(shell.words.language).to_owned(),
            language: "",
            is_chosen: chosen.contains(&source.id.0),
        })
        .collect();
    choices.sort_by(|a, b| a.name.cmp(&b.name));
    for id in chosen {
        if !choices.iter().any(|choice| choice.value == *id) {
            choices.push(Choice {
                value: id.clone(),
                name: id.clone(),
                language: "",
                is_chosen: true,
            });
        }
    }
    choices
}

/// The languages of pages, one of them chosen; an empty one is that of the browser.
fn language_choices(shell: &Shell, chosen: &str) -> Vec<Choice> {
    let browser = Choice {
        value: String::new(),
        name: shell.say("account-language-browser"),
        language: "",
        is_chosen: chosen.is_empty(),
    };
    let known = super::shell::LANGUAGES.map(|(code, _, name)| Choice {
        value: code.to_owned(),
        name: name.to_owned(),
        language: code,
        is_chosen: code == chosen,
    });
    [browser].into_iter().chain(known).collect()
}

/// The names of a user's agencies.
fn agency_names(desk: &Desk, shell: &Shell, user: &User) -> String {
    if user.agencies.is_empty() {
        return shell.say("people-agencies-all");
    }
    let names = user.agencies.iter().map(|id| {
        let source = desk.names.get(id);
        source.map_or(id.0.as_str(), |source| source.name_in(shell.words.language))
    });
    names.collect::<Vec<_>>().join(", ")
}

#[derive(Template)]
#[template(path = "admin_once.html")]
struct Once<'a> {
    shell: &'a Shell,
    title: String,
    lead: String,
    /// What is shown this one time.
    secret: &'a str,
    /// Until when it works.
    until: String,
    /// Where to go on.
    back: String,
    back_words: String,
}

/// The page that shows a link this one time.
fn link_page(
    shell: &Shell,
    user: &User,
    link: &str,
    now: DateTime<Utc>,
) -> Result<Response, Error> {
    let until = now + TimeDelta::hours(first::LINK_HOURS);
    let page = shell::page(&Once {
        shell,
        title: shell.words.with("admin-link-of", "name", &user.name),
        lead: shell.say("admin-link-lead"),
        secret: link,
        until: shell.words.moment(until),
        back: format!("/admin/users/{}", user.id),
        back_words: shell.say("admin-to-user"),
    })?;
    Ok(page.into_response())
}

/// A whole address of a path of this desk, under the name that the configuration or the request gives.
fn address(desk: &Desk, headers: &HeaderMap, path: &str) -> String {
    let host = headers.get(header::HOST);
    let host = host
        .and_then(|host| host.to_str().ok())
        .filter(|host| desk.gate.web.is_ours(host));
    match (&desk.gate.web.origin, host) {
        (Some(origin), _) => format!("{origin}{path}"),
        (None, Some(host)) => format!("http://{host}{path}"),
        (None, None) => path.to_owned(),
    }
}
