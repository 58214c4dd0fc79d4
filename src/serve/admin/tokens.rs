//! The page of tokens: all of them, making one for a user, revoking one.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

use super::users::Asked;
use super::{Choice, Once, fault, settled};
use crate::model::{Scope, Token};
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::forms::{Fault, Form};
use crate::serve::pages::off_thread;
use crate::serve::people;
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared};

/// Days that the form proposes for a token.
const USUAL_DAYS: &str = "90";

#[derive(Template)]
#[template(path = "admin_tokens.html")]
struct TokensPage<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
    done: String,
    tokens: Vec<Row>,
    users: Vec<Choice>,
    name: String,
    days: String,
    is_write: bool,
}

/// A token in the list.
struct Row {
    id: String,
    /// Id of the field in which its own is typed.
    field: String,
    name: String,
    user: String,
    is_write: bool,
    made: String,
    expires: String,
    /// The text that says how it stands, and the class of its tag.
    state: (String, &'static str),
    is_valid: bool,
    /// What was typed to confirm that it is revoked, where that was not its id.
    typed: Option<String>,
}

/// The list.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    let done = match asked.done() {
        "revoked" => shell.say("admin-token-revoked-now"),
        _ => String::new(),
    };
    off_thread(move || listed(&desk, &shell, &Form::default(), &[], done)).await
}

/// Makes a token and shows it, or revokes one.
pub(in crate::serve) async fn act(
    State(desk): Shared,
    shell: Shell,
    by: CurrentUser,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    off_thread(move || {
        let (store, by, now) = (&*desk.store, &by.user.id, desk.gate.now());
        let id = form.get("id");
        if form.get("do") == "revoke" && form.get("confirm").trim() != id {
            let text = shell.words.with("admin-token-unconfirmed", "id", id);
            let faults = Fault::at("confirm", text);
            return refused(&desk, &shell, &form, &faults);
        }
        let refusal = match form.get("do") {
            "revoke" => match settled(people::revoke(store, id, by, now))? {
                Ok(_) => return Ok(Redirect::to("/admin/tokens?done=revoked").into_response()),
                Err(refusal) => refusal,
            },
            "add" => {
                let scope = match form.get("scope") {
                    "write" => Scope::Write,
                    _ => Scope::Read,
                };
                let days = form.get("days").trim().parse().unwrap_or_default();
                let (user, name) = (form.get("user"), form.get("name").trim());
                match settled(people::add_token(store, user, name, scope, days, by, now))? {
                    Ok((token, secret)) => return once(&shell, &token, &secret),
                    Err(refusal) => refusal,
                }
            }
            _ => return Err(Error::Wrong("nothing was asked for".to_owned())),
        };
        refused(&desk, &shell, &form, &fault(&shell, &refusal))
    })
    .await
}

/// The page that shows a token this one time.
fn once(shell: &Shell, token: &Token, secret: &str) -> Result<Response, Error> {
    let page = shell::page(&Once {
        shell,
        title: shell.words.with("admin-token-of", "user", &token.user),
        lead: shell.say("admin-token-lead"),
        secret,
        until: shell.words.moment(token.expires_at),
        back: "/admin/tokens".to_owned(),
        back_words: shell.say("admin-to-tokens"),
    })?;
    Ok(page.into_response())
}

fn refused(desk: &Desk, shell: &Shell, form: &Form, faults: &[Fault]) -> Result<Response, Error> {
    let page = listed(desk, shell, form, faults, String::new())?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The list, those that work first and the newest first, with the form that adds to it.
fn listed(
    desk: &Desk,
    shell: &Shell,
    form: &Form,
    faults: &[Fault],
    done: String,
) -> Result<Html<String>, Error> {
    let now = desk.gate.now();
    let mut tokens = desk.store.tokens()?;
    tokens.sort_by(|a, b| {
        let rank = |token: &Token| (token.is_valid(now), token.made_at);
        rank(b).cmp(&rank(a)).then_with(|| a.hash.cmp(&b.hash))
    });
    let users = desk.store.users()?.into_iter();
    let users = users.filter(|user| user.is_active()).map(|user| Choice {
        is_chosen: user.id == form.get("user"),
        name: format!("{} · {}", user.name, user.id),
        value: user.id,
        language: "",
    });
    let days = match form.get("days") {
        "" => USUAL_DAYS,
        typed => typed,
    };
    shell::page(&TokensPage {
        shell,
        faults,
        done,
        tokens: tokens
            .iter()
            .map(|token| row(shell, token, form, now))
            .collect(),
        users: users.collect(),
        name: form.get("name").to_owned(),
        days: days.to_owned(),
        is_write: form.get("scope") == "write",
    })
}

fn row(shell: &Shell, token: &Token, form: &Form, now: DateTime<Utc>) -> Row {
    let is_valid = token.is_valid(now);
    let is_asked = form.get("do") == "revoke" && form.get("id") == token.id();
    let state = match token.revoked_at {
        Some(_) => (shell.say("admin-token-revoked"), ""),
        None if is_valid => (shell.say("admin-token-valid"), "ok"),
        None => (shell.say("admin-token-expired"), "mid"),
    };
    Row {
        id: token.id().to_owned(),
        field: format!("confirm-{}", token.id()),
        name: token.name.clone(),
        user: token.user.clone(),
        is_write: token.scope == Scope::Write,
        made: shell.words.day(token.made_at),
        expires: shell.words.day(token.expires_at),
        state,
        is_valid,
        typed: is_asked.then(|| form.get("confirm").to_owned()),
    }
}
