//! The page of one's own account: password, second step, how pages are shown, and where one is signed in.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::pages::{password_hint, unfit};
use super::password::HashError;
use super::second_step::{self, SecondStep};
use super::{Client, password};
use crate::language::Language;
use crate::model::User;
use crate::serve::access::{CurrentUser, Via};
use crate::serve::error::Error;
use crate::serve::forms::{Fault, Form};
use crate::serve::pages::off_thread;
use crate::serve::shell::{self, LANGUAGE_COOKIE, Shell};
use crate::serve::unsent::{self, Waiting};
use crate::serve::{Desk, Shared};

/// What stands in the address.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Asked {
    /// What was done before the page was shown: a word of [`done_words`].
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "account.html")]
struct Account<'a> {
    shell: &'a Shell,
    user: &'a User,
    role: String,
    /// Language and name of each.
    agencies: Vec<(&'static str, String)>,
    faults: &'a [Fault],
    done: String,
    hint: String,
    /// Whether the role needs the second step.
    is_required: bool,
    /// Whether nothing else may be done before it is set up.
    must_enrol: bool,
    fresh: Option<SecondStep>,
    sessions: Vec<Row>,
    /// What the person has typed and not sent.
    unsent: Vec<Waiting>,
}

impl Account<'_> {
    /// Whether the user chose the language of a code.
    fn speaks(&self, code: &str) -> bool {
        let mut language = self.user.language.iter();
        language.any(|language| language.code() == code)
    }
}

/// One session.
struct Row {
    id: String,
    agent: String,
    address: String,
    since: String,
    seen: String,
    is_own: bool,
}

/// What is shown on the page beside what always is.
#[derive(Default)]
struct Said {
    faults: Vec<Fault>,
    done: String,
    fresh: Option<SecondStep>,
}

/// The page.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    let said = Said {
        done: done_words(&shell, &asked.done),
        ..Said::default()
    };
    off_thread(move || shown(&desk, &shell, &user, said)).await
}

/// What is said after something was done.
fn done_words(shell: &Shell, done: &str) -> String {
    match done {
        "password" => shell.say("account-done-password"),
        "preferences" => shell.say("account-done-preferences"),
        "on" => shell.say("account-done-on"),
        "off" => shell.say("account-done-off"),
        "session" => shell.say("account-done-session"),
        _ => String::new(),
    }
}

/// Back to the page, which says what was done.
fn done(what: &str) -> Response {
    Redirect::to(&format!("/account?done={what}")).into_response()
}

/// Changes the password: the current one must be known, and every other session and an unused link end.
pub(in crate::serve) async fn change_password(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Extension(client): Extension<Client>,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    if let Some(said) = not_known(&desk, &user, &client, form.get("current")).await? {
        return say(desk, shell.clone(), user, said.at(&shell, "current")).await;
    }
    if let Some(faults) = unfit(&shell.words, &form, &user.user.id, &user.user.name) {
        return say(desk, shell, user, faults).await;
    }
    let given = form.get("password").to_owned();
    let hash = match desk.gate.hashed(move || password::hash(&given)).await {
        Ok(hash) => hash?,
        Err(HashError::Busy) => {
            let faults = Unknown::Busy.at(&shell, "");
            return say(desk, shell, user, faults).await;
        }
        Err(error) => return Err(error.into()),
    };
    off_thread(move || {
        let (now, id) = (desk.gate.now(), &user.user.id);
        desk.store.set_password(id, &hash, own(&user), now)?;
        Ok(done("password"))
    })
    .await
}

/// Begins, confirms or takes away the second step. Beginning and taking away need the password.
pub(in crate::serve) async fn second_step(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Extension(client): Extension<Client>,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let action = form.get("do").to_owned();
    if action == "confirm" {
        return confirm(desk, shell, user, client, &form).await;
    }
    if let Some(said) = not_known(&desk, &user, &client, form.get("current")).await? {
        return say(desk, shell.clone(), user, said.at(&shell, "step-current")).await;
    }
    off_thread(move || match action.as_str() {
        "begin" if user.user.second_step.is_some() => {
            Err(Error::Wrong("the second step is on already".to_owned()))
        }
        "begin" => {
            let fresh = SecondStep::fresh(&user.user.id)?;
            let (now, session) = (desk.gate.now(), own(&user).unwrap_or_default());
            desk.gate
                .shown(|shown| shown.keep(session, &fresh.secret, now));
            let said = Said {
                fresh: Some(fresh),
                ..Said::default()
            };
            Ok(shown(&desk, &shell, &user, said)?.into_response())
        }
        "off" if desk.gate.web.second_step.contains(&user.user.role) => {
            let said = Said {
                faults: Fault::of_all(shell.say("second-step-kept")),
                ..Said::default()
            };
            refused(&desk, &shell, &user, said)
        }
        "off" => {
            let (now, id) = (desk.gate.now(), &user.user.id);
            desk.store
                .change_user(id, id, "user.second_step_off", now, &mut |user| {
                    user.second_step = None;
                })?;
            Ok(done("off"))
        }
        _ => Err(Error::Wrong("nothing was asked for".to_owned())),
    })
    .await
}

/// Turns the second step on where the code is that of the secret that this session was shown, for which it gave the password;
/// else the same secret is shown again.
async fn confirm(
    desk: Arc<Desk>,
    shell: Shell,
    user: CurrentUser,
    client: Client,
    form: &Form,
) -> Result<Response, Error> {
    let code = form.get("code").to_owned();
    let session = own(&user).unwrap_or_default().to_owned();
    let now = desk.gate.now();
    let Some(secret) = desk.gate.shown(|shown| shown.of(&session, now)) else {
        let faults = Fault::at("step-current", shell.say("second-step-late"));
        return say(desk, shell, user, faults).await;
    };
    let is_held = !may_try(&desk, &user, &client);
    off_thread(move || {
        let is_on =
            !is_held && second_step::confirm(&*desk.store, &user.user, &secret, &code, now)?;
        if is_on {
            desk.gate
                .brake(|brake| brake.succeeded(&account(&user), client.address, now));
            desk.gate.shown(|shown| shown.forget(&session));
            return Ok(done("on"));
        }
        let faults = if is_held {
            Unknown::Held.at(&shell, "code")
        } else {
            Fault::at("code", shell.say("second-step-wrong"))
        };
        let fresh = SecondStep::again(&secret, &user.user.id)?;
        let said = Said {
            faults,
            fresh: Some(fresh),
            ..Said::default()
        };
        refused(&desk, &shell, &user, said)
    })
    .await
}

/// Keeps the language of pages and whether single keys take steps.
pub(in crate::serve) async fn preferences(
    State(desk): Shared,
    user: CurrentUser,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let language = Language::from_code(form.get("language"));
    let has_single_keys = form.get("keys") == "on";
    off_thread(move || {
        let (now, id) = (desk.gate.now(), &user.user.id);
        desk.store
            .change_user(id, id, "user.preferences", now, &mut |user| {
                user.language = language;
                user.has_single_keys = has_single_keys;
            })?;
        Ok(())
    })
    .await?;
    let mut response = done("preferences");
    // What this browser was told once, before signing in, gives way.
    let none = HeaderValue::from_str(&format!(
        "{LANGUAGE_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax"
    ))?;
    response.headers_mut().insert(header::SET_COOKIE, none);
    Ok(response)
}

/// Ends one's own sessions: one, or all others.
pub(in crate::serve) async fn sessions(
    State(desk): Shared,
    user: CurrentUser,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let named = form.get("session").to_owned();
    off_thread(move || {
        let (now, id) = (desk.gate.now(), &user.user.id);
        if named == "others" {
            desk.store.end_sessions(id, own(&user), id, now)?;
        } else {
            // Only among one's own: another's is as good as absent.
            let mut sessions = desk.store.sessions(id)?.into_iter();
            let session = sessions.find(|session| session.id() == named);
            let session = session.ok_or(Error::NotFound("no session of yours has this id"))?;
            desk.store
                .end_session(&session.hash, id, "ended by its user", now)?;
        }
        Ok(done("session"))
    })
    .await
}

/// The name under which the brake counts.
fn account(user: &CurrentUser) -> String {
    user.user.id.to_lowercase()
}

/// Counts a try at the account; false for one that comes too soon.
fn may_try(desk: &Desk, user: &CurrentUser, client: &Client) -> bool {
    let (now, account) = (desk.gate.now(), account(user));
    desk.gate
        .brake(|brake| brake.begin(&account, client.address, now))
        .is_ok()
}

/// Why the current password counts as not known.
enum Unknown {
    /// It is another.
    Wrong,
    /// Too many tries.
    Held,
    /// Too many passwords are hashed.
    Busy,
}

impl Unknown {
    /// In words, at a field.
    fn at(&self, shell: &Shell, field: &'static str) -> Vec<Fault> {
        let text = match self {
            Unknown::Wrong => shell.say("account-current-wrong"),
            Unknown::Held => shell.say("sign-in-held"),
            Unknown::Busy => shell.say("sign-in-busy"),
        };
        Fault::at(field, text)
    }
}

/// Whether the current password is not the one given; tries are held up as at sign-in.
async fn not_known(
    desk: &Arc<Desk>,
    user: &CurrentUser,
    client: &Client,
    given: &str,
) -> Result<Option<Unknown>, Error> {
    if !may_try(desk, user, client) {
        return Ok(Some(Unknown::Held));
    }
    let (given, stored) = (given.to_owned(), user.user.password.clone());
    let checked = desk
        .gate
        .hashed(move || password::is_right(&given, stored.as_deref()));
    match checked.await {
        Ok(true) => {
            let (now, account) = (desk.gate.now(), account(user));
            desk.gate
                .brake(|brake| brake.succeeded(&account, client.address, now));
            Ok(None)
        }
        Ok(false) => Ok(Some(Unknown::Wrong)),
        Err(HashError::Busy) => Ok(Some(Unknown::Busy)),
        Err(error) => Err(error.into()),
    }
}

/// The digest of the session that asks.
fn own(user: &CurrentUser) -> Option<&str> {
    match &user.via {
        Via::Session(hash) => Some(hash),
        Via::Token { .. } => None,
    }
}

async fn say(
    desk: Arc<Desk>,
    shell: Shell,
    user: CurrentUser,
    faults: Vec<Fault>,
) -> Result<Response, Error> {
    let said = Said {
        faults,
        ..Said::default()
    };
    off_thread(move || refused(&desk, &shell, &user, said)).await
}

/// The page after something was not done.
fn refused(desk: &Desk, shell: &Shell, user: &CurrentUser, said: Said) -> Result<Response, Error> {
    let page = shown(desk, shell, user, said)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The page.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    said: Said,
) -> Result<Html<String>, Error> {
    let (own, words) = (own(user), &shell.words);
    let sessions = desk.store.sessions(&user.user.id)?.into_iter();
    let sessions = sessions.map(|session| Row {
        is_own: own == Some(session.hash.as_str()),
        id: session.id().to_owned(),
        since: words.moment(session.made_at),
        seen: words.moment(session.seen_at),
        agent: session.agent,
        address: session.address,
    });
    let agencies = user.user.agencies.iter().map(|id| {
        desk.names.get(id).map_or(("", id.0.clone()), |source| {
            let name = source.name_in(words.language).to_owned();
            (words.language.code(), name)
        })
    });
    let is_required = desk.gate.web.second_step.contains(&user.user.role);
    shell::page(&Account {
        shell,
        user: &user.user,
        role: words.say(&format!("people-role-{}", user.user.role.word())),
        agencies: agencies.collect(),
        faults: &said.faults,
        done: said.done,
        hint: password_hint(words),
        is_required,
        must_enrol: is_required && user.user.second_step.is_none() && !user.is_vouched,
        fresh: said.fresh,
        sessions: sessions.collect(),
        unsent: unsent::waiting(desk, &user.user, words)?,
    })
}
