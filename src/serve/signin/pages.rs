//! The pages that let people in: sign-in, the first administrator, and links that set a password.
//!
//! Whatever was wrong with a sign-in, the answer is the same and takes as long.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use super::password::{HashError, Unfit};
use super::{Client, password, second_step, session};
use crate::model::{AuditNote, Link, LinkKind, User, UserRole};
use crate::serve::error::Error;
use crate::serve::forms::{Fault, Form};
use crate::serve::pages::off_thread;
use crate::serve::people::MAX_NAME_CHARS;
use crate::serve::place::local;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared, token};

/// Seconds after which to try again where too many sign in at once.
const BUSY_SECONDS: i64 = 5;

/// What stands in the address of these pages.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Asked {
    /// Where to go on.
    #[serde(default)]
    next: String,
    /// The token of a link.
    #[serde(default)]
    token: String,
    /// `set` after a link set a password, `kept` where a session ended while somebody typed, `out` and the
    /// like after a sign-out.
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
    done: String,
    is_new: bool,
    next: &'a str,
    id: &'a str,
    /// Name of the provider at which people may sign in too.
    provider: Option<String>,
}

impl SignIn<'_> {
    /// Address that leads to the provider.
    fn to_provider(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", self.next);
        format!("/sign-in/provider?{}", query.finish())
    }
}

/// Name of the provider at which people may sign in too.
fn provider_name(desk: &Desk, shell: &Shell) -> Option<String> {
    let provider = desk.provider.as_ref();
    provider.map(|provider| provider.name(shell.words.language))
}

#[derive(Template)]
#[template(path = "set_password.html")]
struct SetPassword<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
    title: String,
    lead: String,
    hint: String,
    action: &'static str,
    token: &'a str,
    is_setup: bool,
    id: &'a str,
    name: &'a str,
}

#[derive(Template)]
#[template(path = "no_link.html")]
struct NoLink<'a> {
    shell: &'a Shell,
}

/// The page of sign-in.
pub(in crate::serve) async fn sign_in_page(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let provider = provider_name(&desk, &shell);
    let is_new = off_thread(move || Ok(desk.store.users()?.is_empty())).await?;
    let done = match asked.done.as_str() {
        "set" => shell.say("sign-in-set"),
        "kept" => shell.say("sign-in-kept"),
        "out" => shell.say("sign-out-done"),
        "out-here" => shell.say("sign-out-here"),
        "out-there" => shell.say("sign-out-there"),
        _ => String::new(),
    };
    let page = shell::page(&SignIn {
        shell: &shell,
        faults: &[],
        done,
        is_new,
        next: &local(&asked.next),
        id: "",
        provider,
    })?;
    Ok(no_store(page.into_response()))
}

/// Signs somebody in.
pub(in crate::serve) async fn sign_in(
    State(desk): Shared,
    shell: Shell,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let next = local(form.get("next"));
    let id = form.get("id").trim().to_owned();
    let account = id.to_lowercase();
    let now = desk.gate.now();
    let tried = desk
        .gate
        .brake(|brake| brake.begin(&account, client.address, now));
    if let Err(wait_for) = tried {
        let (status, said) = (StatusCode::TOO_MANY_REQUESTS, shell.say("sign-in-held"));
        let page = form_page(&desk, &shell, status, &next, &id, said);
        return wait(page, wait_for.num_seconds() + 1);
    }
    let (given, known) = (form.get("password").to_owned(), Arc::clone(&desk));
    let checked = desk.gate.hashed(move || -> Result<_, Error> {
        let user = known.store.user(&id)?.filter(User::is_active);
        let stored = user.as_ref().and_then(|user| user.password.clone());
        let is_right = password::is_right(&given, stored.as_deref());
        Ok((user, is_right, id, given))
    });
    let (user, is_right, id, given) = match checked.await {
        Ok(checked) => checked?,
        Err(HashError::Busy) => {
            let (status, said) = (StatusCode::SERVICE_UNAVAILABLE, shell.say("sign-in-busy"));
            return wait(
                form_page(&desk, &shell, status, &next, "", said),
                BUSY_SECONDS,
            );
        }
        Err(error) => return Err(error.into()),
    };
    let code = form.get("code").to_owned();
    let (deciding, from) = (Arc::clone(&desk), client.clone());
    let cookie = off_thread(move || {
        let desk = deciding;
        let right = match &user {
            Some(user) if is_right => second_step::is_right(&*desk.store, user, &code, now)?,
            _ => false,
        };
        let (Some(user), true) = (&user, right) else {
            note_failure(&desk, &id, &from, now)?;
            return Ok(None);
        };
        if user.password.as_deref().is_some_and(password::is_weak) {
            renew(&desk, user, &given, now)?;
        }
        session::begin(&desk, &user.id, session::By::Password, &headers, &from).map(Some)
    });
    let Some(cookie) = cookie.await? else {
        let (status, said) = (StatusCode::UNAUTHORIZED, shell.say("sign-in-wrong"));
        return form_page(&desk, &shell, status, &next, form.get("id"), said);
    };
    desk.gate
        .brake(|brake| brake.succeeded(&account, client.address, now));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&next)).into_response())
}

/// Hashes a password anew that was hashed when less was asked for.
fn renew(desk: &Desk, user: &User, given: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let hash = password::hash(given)?;
    desk.store.change_user(
        &user.id,
        "program",
        "user.password_renewed",
        now,
        &mut |user| {
            user.password = Some(hash.clone());
        },
    )?;
    Ok(())
}

/// Enters a failed sign-in. What was typed is entered only where it is the name of a user: it may be a password.
fn note_failure(desk: &Desk, id: &str, client: &Client, now: DateTime<Utc>) -> Result<(), Error> {
    let is_known = desk.store.user(id)?.is_some();
    desk.store.note(&AuditNote {
        at: now,
        actor: "nobody".to_owned(),
        action: "session.refused".to_owned(),
        subject: if is_known { id } else { "unknown" }.to_owned(),
        details: json!({ "address": client.address.to_string() }),
    })?;
    Ok(())
}

/// The page on which the first administrator is set up.
pub(in crate::serve) async fn setup_page(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    shown_link(desk, &shell, &asked.token, true).await
}

/// The page on which a link sets a password.
pub(in crate::serve) async fn link_page(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    shown_link(desk, &shell, &asked.token, false).await
}

/// The form of a link, where it is of the kind that the address says.
async fn shown_link(
    desk: Arc<Desk>,
    shell: &Shell,
    token: &str,
    is_setup: bool,
) -> Result<Response, Error> {
    match usable(desk, token.to_owned()).await? {
        Some(link) if (link.kind == LinkKind::Setup) == is_setup => {
            password_page(shell, token, &link, &Form::default(), &[])
        }
        _ => no_link(shell),
    }
}

/// Sets what a link lets set: a password, for the first administrator also id and name.
pub(in crate::serve) async fn redeem(
    State(desk): Shared,
    shell: Shell,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let token = form.get("token").to_owned();
    let Some(link) = usable(Arc::clone(&desk), token.clone()).await? else {
        return no_link(&shell);
    };
    let (id, mut name) = match link.kind {
        LinkKind::Setup => (
            form.get("id").trim().to_owned(),
            form.get("name").trim().to_owned(),
        ),
        LinkKind::Invite | LinkKind::Reset => {
            let (asking, id) = (Arc::clone(&desk), link.user.clone());
            let user = off_thread(move || Ok(asking.store.user(&id)?)).await?;
            let name = user.map_or_else(String::new, |user| user.name);
            (link.user.clone(), name)
        }
    };
    let given = form.get("password").to_owned();
    let wrong = |faults: Vec<Fault>| password_page(&shell, &token, &link, &form, &faults);
    if link.kind == LinkKind::Setup && !User::is_id(&id) {
        return wrong(Fault::at("id", shell.say("user-id-unfit")));
    }
    if name.is_empty() {
        name.clone_from(&id);
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return wrong(Fault::at("name", shell.say("user-name-long")));
    }
    if let Some(fault) = unfit(&shell.words, &form, &id, &name) {
        return wrong(fault);
    }
    let hash = match desk.gate.hashed(move || password::hash(&given)).await {
        Ok(hash) => hash?,
        Err(HashError::Busy) => return wrong(Fault::of_all(shell.say("sign-in-busy"))),
        Err(error) => return Err(error.into()),
    };
    let digest = token::digest(&token);
    let used = off_thread(move || {
        let now = desk.gate.now();
        let used = desk.store.redeem_link(&digest, now, &mut |link, before| {
            let mut user = match (link.kind, before) {
                (LinkKind::Setup, None) => User {
                    name: name.clone(),
                    ..User::new(&id, UserRole::Administrator, now)
                },
                // A link lets nobody back in who was disabled since.
                (LinkKind::Invite | LinkKind::Reset, Some(user)) if user.is_active() => user,
                _ => return None,
            };
            user.password = Some(hash.clone());
            Some(user)
        })?;
        Ok(used.is_some())
    })
    .await?;
    if !used {
        return no_link(&shell);
    }
    Ok(Redirect::to("/sign-in?done=set").into_response())
}

/// Why the new password of a form is not taken, for a user of that id and name.
pub(super) fn unfit(words: &Words, form: &Form, id: &str, name: &str) -> Option<Vec<Fault>> {
    let given = form.get("password");
    match password::check(given, id, name) {
        Err(Unfit::Length) => {
            let [min, max] = [password::MIN_CHARS, password::MAX_CHARS].map(|n| n.to_string());
            let text = words.with_two("password-length", ("min", &min), ("max", &max));
            Some(Fault::at("password", text))
        }
        Err(Unfit::Common) => Some(Fault::at("password", words.say("password-common"))),
        Ok(()) if given != form.get("again") => {
            Some(Fault::at("again", words.say("password-differ")))
        }
        Ok(()) => None,
    }
}

/// How long a password must be.
pub(super) fn password_hint(words: &Words) -> String {
    words.with("password-hint", "min", &password::MIN_CHARS.to_string())
}

/// The link of a token, where it may be used.
async fn usable(desk: Arc<Desk>, token: String) -> Result<Option<Link>, Error> {
    off_thread(move || {
        let link = desk.store.link(&token::digest(&token))?;
        Ok(link.filter(|link| link.is_valid(desk.gate.now())))
    })
    .await
}

/// Says that a link does not work, whatever it was.
fn no_link(shell: &Shell) -> Result<Response, Error> {
    let page = shell::page(&NoLink { shell })?;
    Ok(secretive((StatusCode::NOT_FOUND, page).into_response()))
}

/// The form of sign-in again, with what was wrong.
fn form_page(
    desk: &Desk,
    shell: &Shell,
    status: StatusCode,
    next: &str,
    id: &str,
    said: String,
) -> Result<Response, Error> {
    with_faults(desk, shell, status, (next, id), &Fault::at("id", said))
}

/// The form of sign-in, with why a provider signed nobody in.
pub(super) fn not_signed_in(
    desk: &Desk,
    shell: &Shell,
    status: StatusCode,
    next: &str,
    said: String,
) -> Result<Response, Error> {
    with_faults(desk, shell, status, (next, ""), &Fault::of_all(said))
}

fn with_faults(
    desk: &Desk,
    shell: &Shell,
    status: StatusCode,
    (next, id): (&str, &str),
    faults: &[Fault],
) -> Result<Response, Error> {
    let page = shell::page(&SignIn {
        shell,
        faults,
        done: String::new(),
        is_new: false,
        next,
        id,
        provider: provider_name(desk, shell),
    })?;
    Ok(no_store((status, page).into_response()))
}

/// An answer that says when to come again.
fn wait(page: Result<Response, Error>, seconds: i64) -> Result<Response, Error> {
    let mut response = page?;
    let after = HeaderValue::from(seconds.unsigned_abs());
    response.headers_mut().insert(header::RETRY_AFTER, after);
    Ok(response)
}

/// The form that sets a password, with what was typed but for passwords.
fn password_page(
    shell: &Shell,
    token: &str,
    link: &Link,
    typed: &Form,
    faults: &[Fault],
) -> Result<Response, Error> {
    let is_setup = link.kind == LinkKind::Setup;
    let (title, lead, action) = match is_setup {
        true => (shell.say("setup"), shell.say("setup-lead"), "/setup"),
        false => (
            shell.say("password-set"),
            shell.say("password-set-lead"),
            "/link",
        ),
    };
    let page = shell::page(&SetPassword {
        shell,
        faults,
        title,
        lead,
        hint: password_hint(&shell.words),
        action,
        token,
        is_setup,
        id: if is_setup {
            typed.get("id")
        } else {
            &link.user
        },
        name: typed.get("name"),
    })?;
    let status = if faults.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(secretive((status, page).into_response()))
}

/// The address of such a page is a secret: nothing that it loads or leads to is told it.
fn secretive(mut response: Response) -> Response {
    let none = HeaderValue::from_static("no-referrer");
    response.headers_mut().insert(header::REFERRER_POLICY, none);
    no_store(response)
}

fn no_store(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
