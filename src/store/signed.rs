//! Who is signed in, the links that set a password once, and changes of a user that rest on what is stored.
//!
//! Sessions and links are let go of when they end: the audit log keeps that they were.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde_json::json;

use super::crawled::payloads;
use super::error::Cause;
use super::payload::{encode, micros};
use super::{audit, desk, sql};
use crate::model::{AuditNote, Link, LinkKind, Session, User};

/// Number and digest of the newest entry of the audit log.
pub(super) type Head = (u64, String);

/// Keeps a new session and enters the sign-in; sessions that are over are let go of.
pub(super) fn add_session(db: &Connection, session: &Session) -> Result<Head, Cause> {
    db.prepare_cached(sql::END_OLD_SESSIONS)?
        .execute(params![micros(session.made_at)])?;
    db.prepare_cached(sql::ADD_SESSION)?.execute(params![
        session.hash,
        session.user,
        micros(session.made_at),
        micros(session.expires_at),
        encode(session)?
    ])?;
    let details =
        json!({ "session": session.id(), "address": session.address, "agent": session.agent });
    let note = note(
        session.made_at,
        &session.user,
        "session.begin",
        &session.user,
        details,
    );
    audit::append(db, &[note])
}

/// The session of a hash.
pub(super) fn session(db: &Connection, hash: &str) -> Result<Option<Session>, Cause> {
    Ok(payloads(db, sql::SESSION, params![hash])?.pop())
}

/// Notes when a session was last seen; one that ended meanwhile stays ended.
pub(super) fn seen_session(db: &Connection, session: &Session) -> Result<(), Cause> {
    db.prepare_cached(sql::SEEN_SESSION)?
        .execute(params![session.hash, encode(session)?])?;
    Ok(())
}

/// Ends a session; `None` where it had ended already.
pub(super) fn end_session(
    db: &Connection,
    hash: &str,
    by: &str,
    why: &str,
    now: DateTime<Utc>,
) -> Result<Option<Head>, Cause> {
    let Some(session) = session(db, hash)? else {
        return Ok(None);
    };
    db.prepare_cached(sql::END_SESSION)?
        .execute(params![hash])?;
    let details = json!({ "session": session.id(), "why": why });
    let note = note(now, by, "session.end", &session.user, details);
    audit::append(db, &[note]).map(Some)
}

/// Ends the sessions of a user but one; gives what is to be entered, nothing where there were none.
pub(super) fn end_sessions(
    db: &Connection,
    user: &str,
    but: Option<&str>,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Option<AuditNote>, Cause> {
    let n_ended = db
        .prepare_cached(sql::END_SESSIONS)?
        .execute(params![user, but.unwrap_or_default()])?;
    let details = json!({ "ended": n_ended });
    Ok((n_ended > 0).then(|| note(now, by, "session.end_all", user, details)))
}

/// Keeps a link; those that the same user had before no longer work.
pub(super) fn add_link(db: &Connection, link: &Link, by: &str) -> Result<Head, Cause> {
    drop_links(db, &link.user)?;
    db.prepare_cached(sql::PUT_LINK)?
        .execute(params![link.hash, link.user, encode(link)?])?;
    let details = json!({ "kind": link.kind, "expires_at": link.expires_at });
    audit::append(
        db,
        &[note(link.made_at, by, "link.add", &link.user, details)],
    )
}

/// The link of a hash.
pub(super) fn link(db: &Connection, hash: &str) -> Result<Option<Link>, Cause> {
    Ok(payloads(db, sql::LINK, params![hash])?.pop())
}

/// Uses a link, stores the user as `change` makes it of the one before, and ends the user's sessions. `None` where the link
/// may not be used, where a first administrator is wanted and there are users, or where `change` makes none.
pub(super) fn redeem_link(
    db: &Connection,
    hash: &str,
    now: DateTime<Utc>,
    change: &mut dyn FnMut(&Link, Option<User>) -> Option<User>,
) -> Result<Option<(User, Head)>, Cause> {
    let Some(mut link) = link(db, hash)?.filter(|link| link.is_valid(now)) else {
        return Ok(None);
    };
    if link.kind == LinkKind::Setup && !payloads::<User>(db, sql::USERS, [])?.is_empty() {
        return Ok(None);
    }
    let before = payloads(db, sql::USER, params![link.user])?.pop();
    let Some(user) = change(&link, before) else {
        return Ok(None);
    };
    link.used_at = Some(now);
    db.prepare_cached(sql::PUT_LINK)?
        .execute(params![link.hash, link.user, encode(&link)?])?;
    let ended = end_sessions(db, &user.id, None, &user.id, now)?;
    if let Some(ended) = ended {
        audit::append(db, &[ended])?;
    }
    let action = match link.kind {
        LinkKind::Setup => "user.set_up",
        LinkKind::Invite | LinkKind::Reset => "user.password_by_link",
    };
    let head = desk::store_user(db, &user, &user.id, Some(action), now)?;
    Ok(Some((user, head)))
}

/// Sets a user's password: with the one before end the user's sessions but the one that set it, and a link not used yet.
pub(super) fn set_password(
    db: &Connection,
    id: &str,
    hash: &str,
    but: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<((), Head)>, Cause> {
    let Some(mut user) = payloads::<User>(db, sql::USER, params![id])?.pop() else {
        return Ok(None);
    };
    user.password = Some(hash.to_owned());
    drop_links(db, id)?;
    if let Some(ended) = end_sessions(db, id, but, id, now)? {
        audit::append(db, &[ended])?;
    }
    let head = desk::store_user(db, &user, id, Some("user.password"), now)?;
    Ok(Some(((), head)))
}

/// Lets go of the links of a user: none of them works from now on.
pub(super) fn drop_links(db: &Connection, user: &str) -> Result<(), Cause> {
    db.prepare_cached(sql::DROP_LINKS)?.execute(params![user])?;
    Ok(())
}

/// Changes users by all that are stored, in one transaction: stores the one that `decide` makes of them and enters it under
/// `action`; `None` where it makes none.
pub(super) fn decide_user(
    db: &Connection,
    by: &str,
    action: &str,
    now: DateTime<Utc>,
    decide: &mut dyn FnMut(&[User]) -> Option<User>,
) -> Result<Option<(User, Head)>, Cause> {
    let Some(user) = decide(&payloads(db, sql::USERS, [])?) else {
        return Ok(None);
    };
    let head = desk::store_user(db, &user, by, Some(action), now)?;
    Ok(Some((user, head)))
}

/// Changes a user as stored, and enters it under `action`; `None` where there is no such user.
pub(super) fn change_user(
    db: &Connection,
    id: &str,
    by: &str,
    action: &str,
    now: DateTime<Utc>,
    change: &mut dyn FnMut(&mut User),
) -> Result<Option<(User, Head)>, Cause> {
    let Some(mut user) = payloads::<User>(db, sql::USER, params![id])?.pop() else {
        return Ok(None);
    };
    change(&mut user);
    let head = desk::store_user(db, &user, by, Some(action), now)?;
    Ok(Some((user, head)))
}

/// Uses the code of a moment; false where it, or one after it, was used before.
pub(super) fn use_step(db: &Connection, user: &str, step: u64) -> Result<bool, Cause> {
    let n_changed = db
        .prepare_cached(sql::USE_STEP)?
        .execute(params![user, i64::try_from(step)?])?;
    Ok(n_changed == 1)
}

/// What is entered.
fn note(
    at: DateTime<Utc>,
    by: &str,
    action: &str,
    subject: &str,
    details: serde_json::Value,
) -> AuditNote {
    AuditNote {
        at,
        actor: by.to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        details,
    }
}
