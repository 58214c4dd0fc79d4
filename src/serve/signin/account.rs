//! The page of one's own account: password, second step, and where one is signed in.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::pages::{Form, said_in};
use super::password::HashError;
use super::second_step::{self, SecondStep};
use super::{Client, password};
use crate::model::Session;
use crate::report::json::moment;
use crate::serve::access::{CurrentUser, Via};
use crate::serve::error::Error;
use crate::serve::html::escaped;
use crate::serve::pages::off_thread;
use crate::serve::shell::Shell;
use crate::serve::{Desk, Shared, layout};
use axum::Extension;

/// The page.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
) -> Result<Html<String>, Error> {
    off_thread(move || shown(&desk, &shell, &user, "", "")).await
}

/// Changes the password: the current one must be known, and every other session ends.
pub(in crate::serve) async fn change_password(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Extension(client): Extension<Client>,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    if let Some(said) = not_known(&desk, &user, &client, form.get("current")).await? {
        return say(desk, shell, user, said).await;
    }
    let given = form.get("password").to_owned();
    if let Err(unfit) = password::check(&given, &user.user.id, &user.user.name) {
        return say(desk, shell, user, &format!("{unfit}.")).await;
    }
    if given != form.get("again") {
        return say(desk, shell, user, "The two passwords differ.").await;
    }
    let hash = match desk.gate.hashed(move || password::hash(&given)).await {
        Ok(hash) => hash?,
        Err(HashError::Busy) => return say(desk, shell, user, BUSY).await,
        Err(error) => return Err(error.into()),
    };
    off_thread(move || {
        let (now, id) = (desk.gate.now(), &user.user.id);
        desk.store
            .change_user(id, id, "user.password", now, &mut |user| {
                user.password = Some(hash.clone());
            })?;
        desk.store.end_sessions(id, own(&user), id, now)?;
        let said = "The password is changed; everywhere else you are signed out.";
        Ok(shown(&desk, &shell, &user, said, "")?.into_response())
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
        let (secret, code) = (form.get("secret").to_owned(), form.get("code").to_owned());
        braked(&desk, &user, &client)?;
        let (confirming, confirmed) = (Arc::clone(&desk), user.clone());
        off_thread(move || {
            let now = confirming.gate.now();
            second_step::confirm(&*confirming.store, &confirmed.user, &secret, &code, now)
        })
        .await?;
        let now = desk.gate.now();
        desk.gate
            .brake(|brake| brake.succeeded(&account(&user), client.address, now));
        return Ok(Redirect::to("/account").into_response());
    }
    if let Some(said) = not_known(&desk, &user, &client, form.get("current")).await? {
        return say(desk, shell, user, said).await;
    }
    off_thread(move || match action.as_str() {
        "begin" => {
            let fresh = SecondStep::fresh(&user.user.id)?;
            Ok(shown(&desk, &shell, &user, "", &enrolment(&fresh))?.into_response())
        }
        "off" => {
            let (now, id) = (desk.gate.now(), &user.user.id);
            desk.store
                .change_user(id, id, "user.second_step_off", now, &mut |user| {
                    user.second_step = None;
                })?;
            Ok(Redirect::to("/account").into_response())
        }
        _ => Err(Error::Wrong("nothing was asked for".to_owned())),
    })
    .await
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
        Ok(Redirect::to("/account").into_response())
    })
    .await
}

/// What is said where too many passwords are hashed.
const BUSY: &str = "Too many people sign in at once; please try again.";

/// The name under which the brake counts.
fn account(user: &CurrentUser) -> String {
    user.user.id.to_lowercase()
}

/// Counts a try at the account; one that comes too soon is refused.
fn braked(desk: &Desk, user: &CurrentUser, client: &Client) -> Result<(), Error> {
    let (now, account) = (desk.gate.now(), account(user));
    let tried = desk
        .gate
        .brake(|brake| brake.begin(&account, client.address, now));
    tried.map_err(|_| Error::Wrong("too many tries; wait a little and try again".to_owned()))
}

/// What to say where the current password is not the one given; tries are held up as at sign-in.
async fn not_known(
    desk: &Arc<Desk>,
    user: &CurrentUser,
    client: &Client,
    given: &str,
) -> Result<Option<&'static str>, Error> {
    braked(desk, user, client)?;
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
        Ok(false) => Ok(Some("The current password is not right.")),
        Err(HashError::Busy) => Ok(Some(BUSY)),
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
    said: &str,
) -> Result<Response, Error> {
    let said = said.to_owned();
    let page = off_thread(move || shown(&desk, &shell, &user, &said, "")).await?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The page, with what is said above it and what stands below its head as HTML.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    said: &str,
    extra: &str,
) -> Result<Html<String>, Error> {
    let sessions = desk.store.sessions(&user.user.id)?;
    let own = own(user);
    let rows: String = sessions.iter().map(|session| row(session, own)).collect();
    let current = "<label>Current password<input name=\"current\" type=\"password\" autocomplete=\"current-password\" required></label>";
    let (step, words) = match user.user.second_step {
        Some(_) => ("off", "Take the second step away"),
        None => ("begin", "Set up a second step"),
    };
    let body = format!(
        "<h1>{}</h1>{}<p>{}, {}</p>{extra}\
         <section class=\"panel\"><h2>Password</h2><form class=\"find\" action=\"/account/password\" method=\"post\">{current}\
         <label>New password<input name=\"password\" type=\"password\" autocomplete=\"new-password\" required></label>\
         <label>Once more<input name=\"again\" type=\"password\" autocomplete=\"new-password\" required></label><button>Change</button></form></section>\
         <section class=\"panel\"><h2>Second step</h2><form class=\"find\" action=\"/account/second-step\" method=\"post\">{current}\
         <button name=\"do\" value=\"{step}\">{words}</button></form></section>\
         <section class=\"panel\"><h2>Signed in</h2><ul class=\"rows\">{rows}</ul><form action=\"/account/sessions\" method=\"post\">\
         <button name=\"session\" value=\"others\">End all others</button></form></section>\
         <form action=\"/sign-out\" method=\"post\"><button>Sign out</button></form>",
        escaped(&user.user.name),
        said_in(said),
        escaped(&user.user.id),
        user.user.role.word(),
    );
    layout::page(shell, "Account", &body)
}

/// One session.
fn row(session: &Session, own: Option<&str>) -> String {
    let end = if own == Some(session.hash.as_str()) {
        "this one".to_owned()
    } else {
        format!(
            "<form action=\"/account/sessions\" method=\"post\"><button name=\"session\" value=\"{}\">End</button></form>",
            session.id()
        )
    };
    format!(
        "<li><p>{} · {}</p><p class=\"small muted\">since {}, last seen {}</p>{end}</li>",
        escaped(&session.address),
        escaped(&session.agent),
        moment(session.made_at),
        moment(session.seen_at)
    )
}

/// What an authenticator is shown.
fn enrolment(fresh: &SecondStep) -> String {
    format!(
        "<section class=\"panel\"><h2>Second step</h2><p>Let your authenticator read this, then type the code that it shows.</p>\
         {}<p><code>{}</code></p><p class=\"small\"><a href=\"{}\">Open in an authenticator on this device</a></p>\
         <form class=\"find\" action=\"/account/second-step\" method=\"post\"><input type=\"hidden\" name=\"secret\" value=\"{}\">\
         <label>Code<input name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required></label>\
         <button name=\"do\" value=\"confirm\">Turn on</button></form></section>",
        fresh.picture,
        fresh.secret,
        escaped(&fresh.url),
        fresh.secret,
    )
}
