//! Sign-in at a provider: a browser is sent there, and whoever comes back vouched for is signed in.
//!
//! Asking the provider is the work of another stage, so whoever starts the desk hands it a [`Provider`]. What a browser was sent
//! off with is kept in memory under a cookie of that browser, for one return and not for long: an answer that another browser
//! began, that was made up, or that comes a second time finds nothing. A provider never makes anybody more than the desk
//! says: users are known by what an administrator entered, and who is disabled stays out.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{Client, second_step, session};
use crate::config::GivenRole;
use crate::language::Language;
use crate::model::{AuditNote, Departure, Farewell, Secret, User, Vouched};
use crate::serve::error::Error;
use crate::serve::forms::{Fault, Form};
use crate::serve::pages::off_thread;
use crate::serve::people::{self, PeopleError};
use crate::serve::place::local;
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared, token};

/// Path to which a provider sends people back; the provider must be told it once.
pub const RETURN_PATH: &str = "/sign-in/return";
/// Path to which a provider sends people back who have ended their session there; the provider must be told it too.
pub const LEFT_PATH: &str = "/sign-out/return";
/// How long a browser may be away at the provider.
const AWAY_FOR: TimeDelta = TimeDelta::minutes(10);
/// Browsers of one network that may be away at once; of more the oldest are forgotten.
const MOST_OF_NETWORK: usize = 20;
/// Browsers that may be away at once; of more the oldest are forgotten.
const MOST_AWAY: usize = 5_000;
/// The cookie over TLS.
const SECURE_NAME: &str = "__Host-away";
/// The cookie on plain loopback.
const PLAIN_NAME: &str = "away";

/// Why a provider vouches for nobody; the words are for the log, not for the person.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct NotVouched {
    /// What was wrong.
    pub why: String,
    /// Whether it may work a little later.
    pub is_passing: bool,
}

/// An answer of a provider, to be waited for.
pub type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, NotVouched>> + Send + 'a>>;

/// Asks a provider who has signed in there.
pub trait Provider: Send + Sync {
    /// Its name on the button.
    fn name(&self, language: Language) -> String;
    /// Its address, as it names itself.
    fn issuer(&self) -> &str;
    /// What somebody becomes whom nobody added; `None` keeps them out.
    fn given(&self) -> Option<&GivenRole>;
    /// What a browser is sent off with.
    fn depart(&self, now: DateTime<Utc>) -> Asked<'_, Departure>;
    /// Who came back with a code.
    fn arrive<'a>(
        &'a self,
        departure: &'a Departure,
        code: &'a str,
        now: DateTime<Utc>,
    ) -> Asked<'a, Vouched>;
    /// Where somebody who signed in with a token ends the session there too; `None` where that is not done.
    fn farewell<'a>(&'a self, token: &'a Secret, now: DateTime<Utc>)
    -> Asked<'a, Option<Farewell>>;
}

/// What waits for a browser.
#[derive(Debug, Clone)]
enum Waiting {
    /// Its return from the provider.
    Return(Departure),
    /// The code of the desk's own second step, of a user whom the provider vouched for with a token.
    Code(String, Secret),
    /// The end of the session at the provider.
    Leave,
}

/// A browser that is between two steps of signing in.
#[derive(Debug, Clone)]
struct Traveller {
    waiting: Waiting,
    next: String,
    network: String,
    since: DateTime<Utc>,
}

/// Browsers that are between two steps, by the digest of their cookie. A restart forgets them.
#[derive(Debug, Default)]
pub(super) struct Away(BTreeMap<String, Traveller>);

impl Away {
    fn keep(&mut self, cookie: &str, traveller: Traveller) {
        let now = traveller.since;
        self.0.retain(|_, one| now - one.since < AWAY_FOR);
        let network = traveller.network.clone();
        self.forget_oldest(MOST_OF_NETWORK, |one| one.network == network);
        self.forget_oldest(MOST_AWAY, |_| true);
        self.0.insert(token::digest(cookie), traveller);
    }

    /// Makes room for one more of a kind.
    fn forget_oldest(&mut self, most: usize, is_of_kind: impl Fn(&Traveller) -> bool) {
        let of_kind = || self.0.iter().filter(|(_, one)| is_of_kind(one));
        if of_kind().count() < most {
            return;
        }
        let oldest = of_kind().min_by_key(|(_, one)| one.since);
        if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
            self.0.remove(&oldest);
        }
    }

    /// What waits for a browser, which then waits no more.
    fn take(&mut self, cookie: &str, now: DateTime<Utc>) -> Option<Traveller> {
        let traveller = self.0.remove(&token::digest(cookie))?;
        (now - traveller.since < AWAY_FOR).then_some(traveller)
    }

    /// What waits for a browser, and goes on waiting.
    fn of(&self, cookie: &str, now: DateTime<Utc>) -> Option<Traveller> {
        let traveller = self.0.get(&token::digest(cookie))?;
        (now - traveller.since < AWAY_FOR).then(|| traveller.clone())
    }
}

/// What stands in the address of these pages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Returned {
    /// Where to go on.
    next: String,
    /// What the provider gives for the person.
    code: String,
    /// What the browser was sent off with.
    state: String,
    /// Why the provider gives nothing.
    error: String,
    /// Who answers (RFC 9207); many providers do not say.
    iss: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
}

/// Sends a browser to the provider.
pub(in crate::serve) async fn depart(
    State(desk): Shared,
    shell: Shell,
    Extension(client): Extension<Client>,
    Query(asked): Query<Returned>,
) -> Result<Response, Error> {
    let next = local(&asked.next);
    let provider = of_desk(&desk)?;
    let now = desk.gate.now();
    let departure = match provider.depart(now).await {
        Ok(departure) => departure,
        Err(error) => return failed(&desk, &shell, &client, &next, &error).await,
    };
    let address = departure.address.clone();
    let cookie = travel(&desk, &client, Waiting::Return(departure), &next)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&address)).into_response())
}

/// Takes up a browser that comes back.
pub(in crate::serve) async fn arrive(
    State(desk): Shared,
    shell: Shell,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response, Error> {
    let provider = of_desk(&desk)?;
    let now = desk.gate.now();
    let traveller = shell::cookie(&headers, cookie_name(&client))
        .and_then(|cookie| desk.gate.away(|away| away.take(cookie, now)));
    let (departure, next) = match traveller {
        Some(Traveller {
            waiting: Waiting::Return(departure),
            next,
            ..
        }) if departure.state.reveal() == returned.state => (departure, next),
        // Nobody began it, so nobody was refused: what anybody can send at any time fills no log.
        _ => {
            return not_begun(&desk, &shell);
        }
    };
    // Counted as failed until it is not, so that what fails again and again is held up and fills no log.
    let account = format!(
        "at the provider from {}",
        super::brake::network(client.address)
    );
    let begun = desk
        .gate
        .brake(|brake| brake.begin(&account, client.address, now));
    if begun.is_err() {
        return refused(
            &desk,
            &shell,
            StatusCode::TOO_MANY_REQUESTS,
            &next,
            "sign-in-held",
        );
    }
    let other = returned.iss.as_deref();
    if other.is_some_and(|issuer| issuer != provider.issuer()) {
        let why = json!({ "why": "another provider answers" });
        note_refusal(&desk, &client, "unknown", why).await?;
        return refused(
            &desk,
            &shell,
            StatusCode::BAD_REQUEST,
            &next,
            "provider-failed",
        );
    }
    if !returned.error.is_empty() || returned.code.is_empty() {
        let error: String = returned.error.chars().take(60).collect();
        let why = json!({ "why": "the provider signed nobody in", "error": error });
        note_refusal(&desk, &client, "unknown", why).await?;
        return refused(
            &desk,
            &shell,
            StatusCode::UNAUTHORIZED,
            &next,
            "provider-denied",
        );
    }
    let vouched = match provider.arrive(&departure, &returned.code, now).await {
        Ok(vouched) => vouched,
        Err(error) => return failed(&desk, &shell, &client, &next, &error).await,
    };
    let (asked, given) = (Arc::clone(&desk), provider.given().cloned());
    let known_as = vouched.known_as.clone();
    let has_second_step = vouched.has_second_step;
    let token = vouched.token.clone();
    let user = off_thread(move || known(&asked, &vouched, given.as_ref(), now)).await?;
    let user = match user {
        Ok(user) => user,
        Err(subject) => {
            let why = json!({ "why": "no active user is known so", "known_as": known_as });
            note_refusal(&desk, &client, &subject, why).await?;
            return refused(
                &desk,
                &shell,
                StatusCode::FORBIDDEN,
                &next,
                "provider-unknown",
            );
        }
    };
    desk.gate
        .brake(|brake| brake.succeeded(&account, client.address, now));
    if user.second_step.is_some() && !has_second_step {
        let cookie = travel(&desk, &client, Waiting::Code(user.id, token), &next)?;
        let to_code = Redirect::to("/sign-in/code");
        return Ok(([(header::SET_COOKIE, cookie)], to_code).into_response());
    }
    let by = (user.id, token, has_second_step);
    signed_in(desk, by, headers, client, &next).await
}

/// The page that asks for the code of the desk's own second step.
pub(in crate::serve) async fn code_page(
    State(desk): Shared,
    shell: Shell,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let now = desk.gate.now();
    let traveller = shell::cookie(&headers, cookie_name(&client))
        .and_then(|cookie| desk.gate.away(|away| away.of(cookie, now)));
    match traveller.map(|traveller| traveller.waiting) {
        Some(Waiting::Code(..)) => code_form(&shell, StatusCode::OK, &[]),
        _ => Ok(Redirect::to("/sign-in").into_response()),
    }
}

/// Signs in whom the provider vouched for, when the code of the second step is right. Tries are held up as at sign-in.
pub(in crate::serve) async fn code(
    State(desk): Shared,
    shell: Shell,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    let now = desk.gate.now();
    let cookie = shell::cookie(&headers, cookie_name(&client)).map(str::to_owned);
    let waits = |cookie: &String| desk.gate.away(|away| away.of(cookie, now));
    let traveller = cookie.as_ref().and_then(waits);
    let Some(Traveller {
        waiting: Waiting::Code(id, token),
        next,
        ..
    }) = traveller
    else {
        return not_begun(&desk, &shell);
    };
    let account = id.to_lowercase();
    let begun = |address| desk.gate.brake(|brake| brake.begin(&account, address, now));
    if begun(client.address).is_err() {
        let faults = Fault::at("code", shell.say("sign-in-held"));
        return code_form(&shell, StatusCode::TOO_MANY_REQUESTS, &faults);
    }
    let (asked, subject, given) = (Arc::clone(&desk), id.clone(), form.get("code").to_owned());
    let is_right = off_thread(move || {
        let user = asked.store.user(&subject)?.filter(User::is_active);
        Ok(match user {
            Some(user) => second_step::is_right(&*asked.store, &user, &given, now)?,
            None => false,
        })
    });
    if !is_right.await? {
        note_refusal(
            &desk,
            &client,
            &id,
            json!({ "why": "the code is not right" }),
        )
        .await?;
        let faults = Fault::at("code", shell.say("second-step-wrong"));
        return code_form(&shell, StatusCode::UNAUTHORIZED, &faults);
    }
    // Two requests with one cookie: only one of them signs in.
    let taken = cookie.and_then(|cookie| desk.gate.away(|away| away.take(&cookie, now)));
    if taken.is_none() {
        return not_begun(&desk, &shell);
    }
    desk.gate
        .brake(|brake| brake.succeeded(&account, client.address, now));
    signed_in(desk, (id, token, false), headers, client, &next).await
}

/// The provider of a desk.
fn of_desk(desk: &Desk) -> Result<Arc<dyn Provider>, Error> {
    let provider = desk.provider.as_ref().map(Arc::clone);
    provider.ok_or(Error::NotFound("this desk has no provider of sign-in"))
}

/// Keeps what waits for a browser; gives the cookie that names it.
fn travel(
    desk: &Desk,
    client: &Client,
    waiting: Waiting,
    next: &str,
) -> Result<HeaderValue, Error> {
    let id = token::fresh()?;
    let traveller = Traveller {
        waiting,
        next: next.to_owned(),
        network: super::brake::network(client.address),
        since: desk.gate.now(),
    };
    desk.gate.away(|away| away.keep(&id, traveller));
    Ok(cookie(&id, AWAY_FOR.num_seconds(), client)?)
}

fn cookie_name(client: &Client) -> &'static str {
    if client.is_https {
        SECURE_NAME
    } else {
        PLAIN_NAME
    }
}

/// The cookie must come along when the provider's page leads back here, so it is `Lax` and not `Strict`.
fn cookie(
    id: &str,
    seconds: i64,
    client: &Client,
) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let name = cookie_name(client);
    let secure = if client.is_https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={id}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    ))
}

/// The active user whom a provider vouches for, added where the configuration gives such people a role; else the subject of the
/// refusal.
fn known(
    desk: &Desk,
    vouched: &Vouched,
    given: Option<&GivenRole>,
    now: DateTime<Utc>,
) -> Result<Result<User, String>, Error> {
    let users = desk.store.users()?;
    let mut known = users.into_iter().filter(|user| vouched.is(user));
    if let Some(user) = known.next() {
        return Ok(match user.is_active() {
            true => Ok(user),
            false => Err(user.id),
        });
    }
    let Some(given) = given else {
        return Ok(Err("unknown".to_owned()));
    };
    match people::add_vouched(&*desk.store, vouched, given, now) {
        Ok(user) => Ok(Ok(user)),
        Err(PeopleError::Refused(refusal)) => {
            tracing::warn!("whom the provider vouches for is not added: {refusal}");
            Ok(Err("unknown".to_owned()))
        }
        Err(PeopleError::Store(cause)) => Err(cause.into()),
        Err(PeopleError::Failed(cause)) => Err(Error::Broken(cause)),
    }
}

/// Keeps that a browser has been sent off to end its session at the provider, under what comes back with it: its cookies are gone.
pub(super) fn leave(desk: &Desk, client: &Client, farewell: &Farewell) {
    let traveller = Traveller {
        waiting: Waiting::Leave,
        next: String::new(),
        network: super::brake::network(client.address),
        since: desk.gate.now(),
    };
    let state = farewell.state.reveal();
    desk.gate.away(|away| away.keep(state, traveller));
}

/// Whether a browser comes back that was sent off so, once.
pub(super) fn has_left(desk: &Desk, state: &str) -> bool {
    let now = desk.gate.now();
    let traveller = desk.gate.away(|away| away.take(state, now));
    traveller.is_some_and(|traveller| matches!(traveller.waiting, Waiting::Leave))
}

/// Begins a session of a user, with the token that vouches for it and whether it does for a second step too, and goes on.
async fn signed_in(
    desk: Arc<Desk>,
    (id, token, is_vouched): (String, Secret, bool),
    headers: HeaderMap,
    client: Client,
    next: &str,
) -> Result<Response, Error> {
    let clear = cookie("", 0, &client)?;
    let begun = off_thread(move || {
        let by = session::By::Provider { token, is_vouched };
        session::begin(&desk, &id, by, &headers, &client)
    });
    let mut response = Redirect::to(next).into_response();
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, begun.await?);
    headers.append(header::SET_COOKIE, clear);
    Ok(response)
}

/// What a person sees when the provider vouches for nobody; why is entered and logged.
async fn failed(
    desk: &Arc<Desk>,
    shell: &Shell,
    client: &Client,
    next: &str,
    error: &NotVouched,
) -> Result<Response, Error> {
    tracing::warn!("nobody signs in at the provider: {error}");
    note_refusal(desk, client, "unknown", json!({ "why": error.why })).await?;
    match error.is_passing {
        true => refused(
            desk,
            shell,
            StatusCode::SERVICE_UNAVAILABLE,
            next,
            "provider-down",
        ),
        false => refused(
            desk,
            shell,
            StatusCode::BAD_GATEWAY,
            next,
            "provider-failed",
        ),
    }
}

/// Enters that somebody was not let in.
async fn note_refusal(
    desk: &Arc<Desk>,
    client: &Client,
    subject: &str,
    mut details: serde_json::Value,
) -> Result<(), Error> {
    details["address"] = json!(client.address.to_string());
    details["at_provider"] = json!(true);
    let note = AuditNote {
        at: desk.gate.now(),
        actor: "nobody".to_owned(),
        action: "session.refused".to_owned(),
        subject: subject.to_owned(),
        details,
    };
    let desk = Arc::clone(desk);
    off_thread(move || Ok(desk.store.note(&note)?)).await?;
    Ok(())
}

/// The page of sign-in, which says why nobody was.
fn refused(
    desk: &Desk,
    shell: &Shell,
    status: StatusCode,
    next: &str,
    why: &str,
) -> Result<Response, Error> {
    super::pages::not_signed_in(desk, shell, status, next, shell.say(why))
}

/// The page for a browser that nobody sent off, or that was away for too long.
fn not_begun(desk: &Desk, shell: &Shell) -> Result<Response, Error> {
    refused(
        desk,
        shell,
        StatusCode::BAD_REQUEST,
        "/",
        "provider-not-begun",
    )
}

/// The form of the code.
fn code_form(shell: &Shell, status: StatusCode, faults: &[Fault]) -> Result<Response, Error> {
    let page = shell::page(&CodePage { shell, faults })?;
    let mut response = (status, page).into_response();
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    Ok(response)
}
