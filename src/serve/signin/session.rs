//! Sessions: the cookie that names one, how long it holds, and how it begins and ends.
//!
//! Over TLS the cookie is `__Host-sid`, which only this very host can set; on plain loopback, where browsers refuse that
//! name, it is `sid`. An id is never taken from a browser: each sign-in makes a new one.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::TimeDelta;

use super::Client;
use crate::model::{Secret, Session};
use crate::serve::error::Error;
use crate::serve::{Desk, token};

/// Hours without a request after which a session ends.
pub const IDLE_HOURS: i64 = 8;
/// Hours after which a session ends whatever comes.
pub const ABSOLUTE_HOURS: i64 = 7 * 24;
/// How much later than noted a session may have been seen: not every request writes.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Hexadecimal digits of an id.
const ID_CHARS: usize = 64;
/// Characters kept of what a browser calls itself.
const AGENT_CHARS: usize = 200;
/// The cookie over TLS.
const SECURE_NAME: &str = "__Host-sid";
/// The cookie on plain loopback.
const PLAIN_NAME: &str = "sid";

/// Whether somebody is there who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::serve) enum Presence {
    /// A person does something.
    Person,
    /// A page that was left open asks by itself: a session does not hold for longer because of it.
    Unattended,
}

/// The session that a request names, whether it still holds or not; `None` where the store knows none of the kind.
pub(in crate::serve) fn named(
    desk: &Desk,
    headers: &HeaderMap,
    client: &Client,
) -> Result<Option<Session>, Error> {
    match id_of(headers, client) {
        Some(id) => Ok(desk.store.session(&token::digest(&id))?),
        None => Ok(None),
    }
}

/// The session that a request names, where it still holds.
pub(in crate::serve) fn find(
    desk: &Desk,
    headers: &HeaderMap,
    client: &Client,
    presence: Presence,
) -> Result<Option<Session>, Error> {
    let now = desk.gate.now();
    let Some(mut session) = named(desk, headers, client)? else {
        return Ok(None);
    };
    let is_idle = now - session.seen_at >= TimeDelta::hours(IDLE_HOURS);
    if is_idle || now >= session.expires_at {
        return Ok(None);
    }
    if presence == Presence::Person && now - session.seen_at >= NOTED_EVERY {
        session.seen_at = now;
        if let Err(error) = desk.store.seen_session(&session) {
            // Reading goes on where nothing can be written; the session ends a little early.
            tracing::warn!(%error, "that a session was seen is not noted: {error}");
        }
    }
    Ok(Some(session))
}

/// How somebody signed in.
#[derive(Debug, Clone)]
pub(super) enum By {
    /// Here, with a password.
    Password,
    /// At a provider.
    Provider {
        /// The token that vouches for the person.
        token: Secret,
        /// Whether it vouches for a second step too.
        is_vouched: bool,
    },
}

/// Begins a session; gives the cookie to set. One that the browser had before ends.
pub(super) fn begin(
    desk: &Desk,
    user: &str,
    by: By,
    headers: &HeaderMap,
    client: &Client,
) -> Result<HeaderValue, Error> {
    let now = desk.gate.now();
    if let Some(old) = id_of(headers, client) {
        let hash = token::digest(&old);
        desk.store
            .end_session(&hash, user, "another sign-in", now)?;
    }
    let id = token::fresh()?;
    let (at_provider, is_vouched) = match by {
        By::Password => (None, false),
        By::Provider { token, is_vouched } => (Some(token), is_vouched),
    };
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    let session = Session {
        hash: token::digest(&id),
        user: user.to_owned(),
        made_at: now,
        seen_at: now,
        expires_at: now + TimeDelta::hours(ABSOLUTE_HOURS),
        address: client.address.to_string(),
        agent: agent
            .unwrap_or_default()
            .chars()
            .take(AGENT_CHARS)
            .collect(),
        is_vouched,
        at_provider,
    };
    desk.store.add_session(&session)?;
    Ok(cookie(&id, ABSOLUTE_HOURS * 3_600, client)?)
}

/// The cookie that takes the one of a session away.
pub(super) fn no_cookie(client: &Client) -> Result<HeaderValue, Error> {
    Ok(cookie("", 0, client)?)
}

fn cookie(
    id: &str,
    seconds: i64,
    client: &Client,
) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let (name, secure) = if client.is_https {
        (SECURE_NAME, "; Secure")
    } else {
        (PLAIN_NAME, "")
    };
    HeaderValue::from_str(&format!(
        "{name}={id}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    ))
}

/// The id in the cookie; `None` where there is none, several that differ, or none of the form of an id.
fn id_of(headers: &HeaderMap, client: &Client) -> Option<String> {
    let name = if client.is_https {
        SECURE_NAME
    } else {
        PLAIN_NAME
    };
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let mut ids = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, id)| id);
    let id = ids.next()?;
    let is_id = id.len() == ID_CHARS && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_id && ids.all(|other| other == id)).then(|| id.to_owned())
}
