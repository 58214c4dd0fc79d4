//! The pages that let people in: sign-in, the first administrator, links that set a password, and sign-out.
//!
//! Whatever was wrong with a sign-in, the answer is the same and takes as long.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use url::form_urlencoded;

use super::password::HashError;
use super::{Client, password, second_step, session};
use crate::model::{AuditNote, Link, LinkKind, User, UserRole};
use crate::serve::access::{CurrentUser, Via};
use crate::serve::error::Error;
use crate::serve::html::escaped;
use crate::serve::pages::off_thread;
use crate::serve::place::local;
use crate::serve::shell::Shell;
use crate::serve::{Desk, Shared, layout, token};

/// Largest form that is read, in bytes: passwords of the longest kind fit several times.
const MAX_FORM_BYTES: usize = 16 * 1024;
/// Longest name of a person, in characters.
const MAX_NAME_CHARS: usize = 120;
/// What is said of every sign-in that fails.
const NOT_RIGHT: &str = "Name, password or code are not right.";
/// What is said of a link that does not work.
const NO_LINK: &str = "this link was used, is older than a day or was replaced by a newer one";

/// Fields of a form.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads a form; of fields of one name the first counts.
    pub(super) fn read(body: &Bytes) -> Result<Form, Error> {
        if body.len() > MAX_FORM_BYTES {
            return Err(Error::Wrong("the form is too long".to_owned()));
        }
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body).into_owned() {
            fields.entry(name).or_insert(value);
        }
        Ok(Form(fields))
    }

    /// A field exactly as given; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// What stands in the address of these pages.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Asked {
    /// Where to go on.
    #[serde(default)]
    next: String,
    /// The token of a link.
    #[serde(default)]
    token: String,
}

/// The page of sign-in.
pub(in crate::serve) async fn sign_in_page(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let is_new = off_thread(move || Ok(desk.store.users()?.is_empty())).await?;
    let said = if is_new {
        "Nobody can sign in yet: where the program was started, it printed a link for the first administrator."
    } else {
        ""
    };
    Ok(form_page(&shell, StatusCode::OK, &local(&asked.next), said))
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
    if let Err(wait) = tried {
        let said = "Too many tries; please wait a little and try again.";
        return Ok(wait_page(&shell, &next, said, wait.num_seconds() + 1));
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
            let said = "Too many people sign in at once; please try again.";
            return Ok(wait_page(&shell, &next, said, 5));
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
        session::begin(&desk, &user.id, &headers, &from).map(Some)
    });
    let Some(cookie) = cookie.await? else {
        return Ok(form_page(
            &shell,
            StatusCode::UNAUTHORIZED,
            &next,
            NOT_RIGHT,
        ));
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

/// Signs the browser out, on this side too.
pub(in crate::serve) async fn sign_out(
    State(desk): Shared,
    user: CurrentUser,
    Extension(client): Extension<Client>,
) -> Result<Response, Error> {
    let cookie = session::no_cookie(&client)?;
    off_thread(move || {
        if let Via::Session(hash) = &user.via {
            let now = desk.gate.now();
            desk.store
                .end_session(hash, &user.user.id, "signed out", now)?;
        }
        Ok(())
    })
    .await?;
    let clear = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    let headers = [
        (header::SET_COOKIE, cookie),
        (header::HeaderName::from_static("clear-site-data"), clear),
    ];
    Ok((headers, Redirect::to("/sign-in")).into_response())
}

/// The page on which the first administrator is set up.
pub(in crate::serve) async fn setup_page(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let link = usable(desk, asked.token.clone()).await?;
    if link.kind != LinkKind::Setup {
        return Err(Error::NotFound(NO_LINK));
    }
    Ok(password_page(&shell, &asked.token, &link, ""))
}

/// The page on which a link sets a password.
pub(in crate::serve) async fn link_page(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let link = usable(desk, asked.token.clone()).await?;
    if link.kind == LinkKind::Setup {
        return Err(Error::NotFound(NO_LINK));
    }
    Ok(password_page(&shell, &asked.token, &link, ""))
}

/// Sets what a link lets set: a password, for the first administrator also id and name.
pub(in crate::serve) async fn redeem(
    State(desk): Shared,
    shell: Shell,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let token = form.get("token").to_owned();
    let link = usable(Arc::clone(&desk), token.clone()).await?;
    let (id, mut name) = match link.kind {
        LinkKind::Setup => (
            form.get("id").trim().to_owned(),
            form.get("name").trim().to_owned(),
        ),
        LinkKind::Invite | LinkKind::Reset => (link.user.clone(), String::new()),
    };
    let given = form.get("password").to_owned();
    let wrong = |said: &str| Ok(password_page(&shell, &token, &link, said));
    if link.kind == LinkKind::Setup && !User::is_id(&id) {
        return wrong(
            "An id has up to 64 letters, digits, -, _ and . and is no word that the audit log uses.",
        );
    }
    if name.is_empty() {
        name.clone_from(&id);
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return wrong("The name is too long.");
    }
    if let Err(unfit) = password::check(&given, &id, &name) {
        return wrong(&format!("{unfit}."));
    }
    if given != form.get("again") {
        return wrong("The two passwords differ.");
    }
    let hash = match desk.gate.hashed(move || password::hash(&given)).await {
        Ok(hash) => hash?,
        Err(HashError::Busy) => return wrong("Too many people sign in at once; please try again."),
        Err(error) => return Err(error.into()),
    };
    let digest = token::digest(&token);
    off_thread(move || {
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
        used.map(|_| ()).ok_or(Error::NotFound(NO_LINK))
    })
    .await?;
    Ok(Redirect::to("/sign-in").into_response())
}

/// The link of a token, where it may be used.
async fn usable(desk: Arc<Desk>, token: String) -> Result<Link, Error> {
    off_thread(move || {
        let link = desk.store.link(&token::digest(&token))?;
        link.filter(|link| link.is_valid(desk.gate.now()))
            .ok_or(Error::NotFound(NO_LINK))
    })
    .await
}

/// The form of sign-in.
fn form_page(shell: &Shell, status: StatusCode, next: &str, said: &str) -> Response {
    let body = format!(
        "<h1>Sign in</h1>{}<form class=\"find\" action=\"/sign-in\" method=\"post\"><input type=\"hidden\" name=\"next\" value=\"{}\">\
         <label>Name<input name=\"id\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required></label>\
         <label>Password<input name=\"password\" type=\"password\" autocomplete=\"current-password\" required></label>\
         <label>Code, where a second step is on<input name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\"></label>\
         <button>Sign in</button></form>",
        said_in(said),
        escaped(next)
    );
    no_store((status, layout::page(shell, "Sign in", &body)).into_response())
}

/// The form of sign-in again, after a while.
fn wait_page(shell: &Shell, next: &str, said: &str, seconds: i64) -> Response {
    let status = if seconds == 5 {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::TOO_MANY_REQUESTS
    };
    let mut response = form_page(shell, status, next, said);
    let headers = response.headers_mut();
    headers.insert(
        header::RETRY_AFTER,
        HeaderValue::from(seconds.unsigned_abs()),
    );
    response
}

/// The form that sets a password.
fn password_page(shell: &Shell, token: &str, link: &Link, said: &str) -> Response {
    let (action, who) = match link.kind {
        LinkKind::Setup => (
            "/setup",
            "<label>Id<input name=\"id\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required></label>\
             <label>Name<input name=\"name\" autocomplete=\"name\"></label>"
                .to_owned(),
        ),
        LinkKind::Invite | LinkKind::Reset => (
            "/link",
            format!(
                "<label>Name<input value=\"{}\" autocomplete=\"username\" readonly></label>",
                escaped(&link.user)
            ),
        ),
    };
    let status = if said.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let body = format!(
        "<h1>Set a password</h1>{}<form class=\"find\" action=\"{action}\" method=\"post\"><input type=\"hidden\" name=\"token\" value=\"{}\">{who}\
         <label>Password<input name=\"password\" type=\"password\" autocomplete=\"new-password\" required></label>\
         <label>Once more<input name=\"again\" type=\"password\" autocomplete=\"new-password\" required></label>\
         <button>Set</button></form><p class=\"small muted\">From {} characters on; any character counts.</p>",
        said_in(said),
        escaped(token),
        password::MIN_CHARS,
    );
    let mut response = (status, layout::page(shell, "Set a password", &body)).into_response();
    // The address of this page is a secret: nothing that it loads is told it.
    let none = HeaderValue::from_static("no-referrer");
    response.headers_mut().insert(header::REFERRER_POLICY, none);
    no_store(response)
}

/// What is said above a form.
pub(super) fn said_in(said: &str) -> String {
    if said.is_empty() {
        return String::new();
    }
    format!("<p role=\"alert\">{}</p>", escaped(said))
}

fn no_store(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}
