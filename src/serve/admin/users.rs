//! The pages of users: the list, one user, and what may be done about either.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{
    Choice, address, agency_choices, agency_names, fault, language_choices, link_page,
    role_choices, role_words, settled,
};
use crate::language::Language;
use crate::model::User;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::forms::{Fault, Form};
use crate::serve::pages::off_thread;
use crate::serve::people::{self, Refusal, UserChange};
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared};

/// Pages of the audit log that are looked through for who changed a user last.
const PAGES_LOOKED_AT: usize = 20;

/// What stands in the address.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Asked {
    /// What was done before the page was shown.
    #[serde(default)]
    done: String,
}

impl Asked {
    /// What was done, as a word; empty for nothing.
    pub(super) fn done(&self) -> &str {
        &self.done
    }
}

#[derive(Template)]
#[template(path = "admin_users.html")]
struct UsersPage<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
    lead: String,
    users: Vec<Row>,
    typed: Typed,
}

/// A user in the list.
struct Row {
    id: String,
    name: String,
    role: String,
    agencies: String,
    has_second_step: bool,
    has_password: bool,
    is_active: bool,
    seen: Option<String>,
}

/// Fields of a user's form.
struct Typed {
    id: String,
    name: String,
    known_as: String,
    roles: Vec<Choice>,
    agencies: Vec<Choice>,
    languages: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "admin_user.html")]
struct UserPage<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
    done: String,
    user: &'a User,
    role: String,
    agencies: String,
    /// What the form was made of, to tell a user who was changed since.
    tag: String,
    typed: Typed,
    added: String,
    disabled: Option<String>,
    /// What was typed to confirm that the user is disabled, where that was not the id.
    unconfirmed: Option<String>,
    sessions: Vec<(String, String, String)>,
}

/// The list.
pub(in crate::serve) async fn list(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
) -> Result<Html<String>, Error> {
    off_thread(move || listed(&desk, &shell, &Form::default(), &[])).await
}

/// Adds a user and shows the link that lets the person in.
pub(in crate::serve) async fn add(
    State(desk): Shared,
    shell: Shell,
    by: CurrentUser,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    off_thread(move || {
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let id = form.get("id").trim();
        match settled(people::add(store, id, &asked(&form), by, now))? {
            Ok(user) => invited(&desk, &shell, &headers, &user, false, by),
            Err(refusal) => {
                let page = listed(&desk, &shell, &form, &fault(&shell, &refusal))?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
            }
        }
    })
    .await
}

/// One user.
pub(in crate::serve) async fn one(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let user = known(&desk, &id)?;
        let done = match asked.done.as_str() {
            "changed" => shell.say("admin-done-changed"),
            "disabled" => shell.say("admin-done-disabled"),
            "enabled" => shell.say("admin-done-enabled"),
            "ended" => shell.say("admin-done-ended"),
            _ => String::new(),
        };
        shown(&desk, &shell, &user, None, &[], done)
    })
    .await
}

/// Changes a user, in the way that the button says.
pub(in crate::serve) async fn change(
    State(desk): Shared,
    shell: Shell,
    by: CurrentUser,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    off_thread(move || {
        let user = known(&desk, &id)?;
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let active = |is_active: bool| UserChange {
            is_active: Some(is_active),
            ..UserChange::default()
        };
        if form.get("do") == "disable" && form.get("confirm").trim() != user.id {
            let text = shell
                .words
                .with("admin-disable-unconfirmed", "id", &user.id);
            let faults = Fault::at("confirm", text);
            let page = shown(&desk, &shell, &user, Some(&form), &faults, String::new())?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        let (asked, seen, done) = match form.get("do") {
            "change" => (asked(&form), Some(form.get("seen")), "changed"),
            "disable" => (active(false), None, "disabled"),
            "enable" => (active(true), None, "enabled"),
            "end" => {
                store.end_sessions(&id, None, by, now)?;
                return Ok(back(&id, "ended"));
            }
            "link" => {
                let without = form.get("without_second_step") == "on";
                return invited(&desk, &shell, &headers, &user, without, by);
            }
            _ => return Err(Error::Wrong("nothing was asked for".to_owned())),
        };
        match settled(people::change(store, &id, &asked, seen, by, now))? {
            Ok(_) => Ok(back(&id, done)),
            Err(refusal) => refused(&desk, &shell, &user, &form, &refusal),
        }
    })
    .await
}

/// The page again after a change was refused, with what was typed.
fn refused(
    desk: &Desk,
    shell: &Shell,
    user: &User,
    form: &Form,
    refusal: &Refusal,
) -> Result<Response, Error> {
    let status = match refusal {
        Refusal::Stale(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut faults = fault(shell, refusal);
    if let (Refusal::Stale(_), Some((who, when))) = (refusal, last_change(desk, shell, &user.id)?) {
        let text = shell
            .words
            .with_two("admin-stale-by", ("who", &who), ("when", &when));
        faults = Fault::of_all(text);
    }
    let page = shown(desk, shell, user, Some(form), &faults, String::new())?;
    Ok((status, page).into_response())
}

/// Who changed a user last, and when.
fn last_change(desk: &Desk, shell: &Shell, id: &str) -> Result<Option<(String, String)>, Error> {
    let mut before = super::log::END;
    for _ in 0..PAGES_LOOKED_AT {
        let entries = desk.store.audit_before(before)?;
        let Some(last) = entries.last() else { break };
        before = last.seq;
        let mut entries = entries.iter();
        let entry = entries.find(|entry| entry.subject == id && entry.action.starts_with("user."));
        if let Some(entry) = entry {
            let when = shell.words.moment(entry.at());
            return Ok(Some((entry.actor.clone(), when)));
        }
    }
    Ok(None)
}

/// Makes a link and shows it.
fn invited(
    desk: &Desk,
    shell: &Shell,
    headers: &HeaderMap,
    user: &User,
    without_second_step: bool,
    by: &str,
) -> Result<Response, Error> {
    let (store, now) = (&*desk.store, desk.gate.now());
    match settled(people::link(store, &user.id, without_second_step, by, now))? {
        Ok(path) => link_page(shell, user, &address(desk, headers, &path), now),
        Err(refusal) => refused(desk, shell, user, &Form::default(), &refusal),
    }
}

/// A user who is there.
fn known(desk: &Desk, id: &str) -> Result<User, Error> {
    let user = desk.store.user(id)?;
    user.ok_or(Error::NotFound("no user has this id"))
}

/// Back to a user, where it is said what was done.
fn back(id: &str, done: &str) -> Response {
    Redirect::to(&format!("/admin/users/{id}?done={done}")).into_response()
}

/// What a form asks for.
fn asked(form: &Form) -> UserChange {
    let agencies: BTreeSet<String> = form.all("agencies").map(str::to_owned).collect();
    UserChange {
        name: Some(form.get("name").to_owned()),
        role: Some(form.get("role").to_owned()),
        agencies: Some(agencies),
        known_as: Some(form.get("known_as").to_owned()),
        language: Some(Language::from_code(form.get("language"))),
        is_active: None,
    }
}

/// The fields as they were typed.
fn typed(desk: &Desk, shell: &Shell, form: &Form) -> Typed {
    let agencies: Vec<String> = form.all("agencies").map(str::to_owned).collect();
    Typed {
        id: form.get("id").to_owned(),
        name: form.get("name").to_owned(),
        known_as: form.get("known_as").to_owned(),
        roles: role_choices(shell, form.get("role")),
        agencies: agency_choices(desk, shell, &agencies),
        languages: language_choices(shell, form.get("language")),
    }
}

/// The list with the form that adds to it.
fn listed(
    desk: &Arc<Desk>,
    shell: &Shell,
    form: &Form,
    faults: &[Fault],
) -> Result<Html<String>, Error> {
    let (words, now) = (&shell.words, desk.gate.now());
    let users = desk.store.users()?;
    let mut rows = Vec::with_capacity(users.len());
    for user in &users {
        let sessions = desk.store.sessions(&user.id)?;
        let seen = sessions.iter().map(|session| session.seen_at).max();
        rows.push(Row {
            id: user.id.clone(),
            name: user.name.clone(),
            role: role_words(shell, user.role),
            agencies: agency_names(desk, shell, user),
            has_second_step: user.second_step.is_some(),
            has_password: user.password.is_some() || user.known_as.is_some(),
            is_active: user.is_active(),
            seen: seen.map(|at| words.briefly(at, now)),
        });
    }
    let n_active = users.iter().filter(|user| user.is_active()).count();
    shell::page(&UsersPage {
        shell,
        faults,
        lead: words.count("admin-users-lead", n_active),
        users: rows,
        typed: typed(desk, shell, form),
    })
}

/// The page of a user; the form shows what is stored, or what was typed.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &User,
    form: Option<&Form>,
    faults: &[Fault],
    done: String,
) -> Result<Html<String>, Error> {
    let words = &shell.words;
    let sessions = desk.store.sessions(&user.id)?.into_iter();
    let sessions = sessions.map(|session| {
        let seen = words.moment(session.seen_at);
        (session.agent, session.address, seen)
    });
    let stored = || {
        let agencies: Vec<String> = user.agencies.iter().map(|id| id.0.clone()).collect();
        Typed {
            id: user.id.clone(),
            name: user.name.clone(),
            known_as: user.known_as.clone().unwrap_or_default(),
            roles: role_choices(shell, user.role.word()),
            agencies: agency_choices(desk, shell, &agencies),
            languages: language_choices(shell, user.language.map_or("", Language::code)),
        }
    };
    shell::page(&UserPage {
        shell,
        faults,
        done,
        user,
        role: role_words(shell, user.role),
        agencies: agency_names(desk, shell, user),
        tag: people::tag(user),
        typed: match form.filter(|form| form.get("do") == "change") {
            Some(form) => typed(desk, shell, form),
            None => stored(),
        },
        unconfirmed: form
            .filter(|_| Fault::is_at(faults, "confirm"))
            .map(|form| form.get("confirm").to_owned()),
        added: words.day(user.added_at),
        disabled: user.disabled_at.map(|at| words.moment(at)),
        sessions: sessions.collect(),
    })
}
