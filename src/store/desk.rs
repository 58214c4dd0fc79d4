//! Cases with all their versions, and the users and tokens of those who change them.
//!
//! A case is changed only by whoever saw its newest version; every version is kept, and each is entered in the audit log with
//! its digest in the transaction that stores it. Users and tokens are disabled and revoked, never deleted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::crawled::payloads;
use super::error::Cause;
use super::payload::{encode, micros};
use super::{CaseChange, Changed, audit, judged, letters, signed, sql, unsent};
use crate::model::{AuditNote, Case, CaseId, LetterEntry, Token, User};

/// Stores changed cases where each was changed from its newest version, else none of them.
pub(super) fn change_cases(
    db: &Connection,
    changes: &[CaseChange],
    now: DateTime<Utc>,
) -> Result<(Changed, Option<(u64, String)>), Cause> {
    let mut stale = Vec::new();
    for change in changes {
        let newest = judged::case(db, &change.case.id)?.map_or(0, |case| case.version);
        if newest != change.case.version {
            stale.push(change.case.id.clone());
        }
    }
    if !stale.is_empty() {
        return Ok((Changed::Stale(stale), None));
    }
    let (mut cases, mut notes) = (Vec::new(), Vec::new());
    for change in changes {
        let mut case = change.case.clone();
        case.version += 1;
        let payload = encode(&case)?;
        put(db, &case, &payload)?;
        notes.push(note(change, &case, &payload, now)?);
        cases.push(case);
    }
    let head = (!notes.is_empty())
        .then(|| audit::append(db, &notes))
        .transpose()?;
    Ok((Changed::Done(cases), head))
}

/// The same with a letter in place of what it was before; `None`, and nothing stored, where somebody else changed it meanwhile.
pub(super) fn change_cases_and_letter(
    db: &Connection,
    changes: &[CaseChange],
    before: &LetterEntry,
    after: &LetterEntry,
    now: DateTime<Utc>,
) -> Result<(Option<Changed>, Option<signed::Head>), Cause> {
    if letters::letter(db, &before.number)?.as_ref() != Some(before) {
        return Ok((None, None));
    }
    let (changed, head) = change_cases(db, changes, now)?;
    if let Changed::Stale(_) = changed {
        return Ok((Some(changed), None));
    }
    letters::change(db, before, after)?;
    let note = letters::note(Some(before), after);
    let entered = note.map(|note| audit::append(db, &[note])).transpose()?;
    Ok((Some(changed), entered.or(head)))
}

/// Stores one version of a case.
fn put(db: &Connection, case: &Case, payload: &[u8]) -> Result<(), Cause> {
    let version = i64::try_from(case.version)?;
    db.prepare_cached(sql::PUT_CASE)?.execute(params![
        case.id.0,
        judged::word(&case.state)?,
        micros(case.opened_at),
        payload,
        version
    ])?;
    db.prepare_cached(sql::ADD_CASE_VERSION)?
        .execute(params![case.id.0, version, payload])?;
    Ok(())
}

/// What is entered of a change.
fn note(
    change: &CaseChange,
    case: &Case,
    payload: &[u8],
    now: DateTime<Utc>,
) -> Result<AuditNote, Cause> {
    let mut details = json!({
        "version": case.version,
        "state": case.state,
        "digest": audit::digest(payload)?,
    });
    if !change.details.is_null() {
        details["step"] = change.details.clone();
    }
    Ok(AuditNote {
        at: now,
        actor: change.actor.clone(),
        action: format!("case.{}", change.action),
        subject: case.id.0.clone(),
        details,
    })
}

/// One version of a case.
pub(super) fn case_version(
    db: &Connection,
    id: &CaseId,
    version: u64,
) -> Result<Option<Case>, Cause> {
    let version = i64::try_from(version)?;
    Ok(payloads(db, sql::CASE_VERSION, params![id.0, version])?.pop())
}

/// The place of the newest version among all; versions are only ever added, so it only grows.
pub(super) fn last_case_version(db: &Connection) -> Result<u64, Cause> {
    let last: i64 = db.query_row(sql::LAST_CASE_VERSION, [], |row| row.get(0))?;
    Ok(u64::try_from(last)?)
}

/// The cases of which a version was stored after a place, each with the first of these versions.
pub(super) fn cases_changed_after(
    db: &Connection,
    place: u64,
) -> Result<BTreeMap<CaseId, u64>, Cause> {
    let place = i64::try_from(place).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached(sql::CHANGED_CASES)?;
    let mut rows = statement.query(params![place])?;
    let mut changed = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let version: i64 = row.get(1)?;
        changed.insert(CaseId(row.get(0)?), u64::try_from(version)?);
    }
    Ok(changed)
}

/// Stores a user, new or changed, and enters who did so.
pub(super) fn put_user(
    db: &Connection,
    user: &User,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(u64, String), Cause> {
    store_user(db, user, by, None, now)
}

/// Stores a user and enters it under an action of its own; without one it is an addition or a change. Who is disabled is
/// signed out everywhere and loses links and tokens, so that being enabled again brings none of them back.
pub(super) fn store_user(
    db: &Connection,
    user: &User,
    by: &str,
    action: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(u64, String), Cause> {
    let known: Option<User> = payloads(db, sql::USER, params![user.id])?.pop();
    let payload = encode(user)?;
    db.prepare_cached(sql::PUT_USER)?
        .execute(params![user.id, payload])?;
    let rights = |user: &User| json!({ "role": user.role, "agencies": user.agencies, "known_as": user.known_as, "disabled_at": user.disabled_at });
    let usual = if known.is_some() {
        "user.change"
    } else {
        "user.add"
    };
    let mut notes = Vec::new();
    if !user.is_active() {
        notes.extend(signed::end_sessions(db, &user.id, None, by, now)?);
        signed::drop_links(db, &user.id)?;
        unsent::remove_all(db, &user.id)?;
        notes.extend(revoke_tokens(db, &user.id, by, now)?);
    }
    let note = AuditNote {
        at: now,
        actor: by.to_owned(),
        action: action.unwrap_or(usual).to_owned(),
        subject: user.id.clone(),
        details: json!({
            "before": known.as_ref().map_or(Value::Null, rights),
            "after": rights(user),
            "digest": audit::digest(&payload)?,
            "has_new_password": known.is_none_or(|known| known.password != user.password) && user.password.is_some(),
        }),
    };
    notes.push(note);
    audit::append(db, &notes)
}

/// Revokes the tokens of a user; gives what is to be entered.
fn revoke_tokens(
    db: &Connection,
    user: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Vec<AuditNote>, Cause> {
    let mut tokens: Vec<Token> = payloads(db, sql::TOKENS, [])?;
    tokens.retain(|token| token.user == user && token.revoked_at.is_none());
    let revoked = tokens.into_iter().map(|mut token| {
        token.revoked_at = Some(now);
        keep_token(db, &token, by, now)
    });
    revoked.collect()
}

/// Stores a token, new or revoked, and enters who did so.
pub(super) fn put_token(
    db: &Connection,
    token: &Token,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(u64, String), Cause> {
    let note = keep_token(db, token, by, now)?;
    audit::append(db, &[note])
}

/// Stores a token; gives what is to be entered.
fn keep_token(
    db: &Connection,
    token: &Token,
    by: &str,
    now: DateTime<Utc>,
) -> Result<AuditNote, Cause> {
    db.prepare_cached(sql::PUT_TOKEN)?
        .execute(params![token.hash, encode(token)?])?;
    let action = if token.revoked_at.is_some() {
        "revoke"
    } else {
        "add"
    };
    Ok(AuditNote {
        at: now,
        actor: by.to_owned(),
        action: format!("token.{action}"),
        subject: token.id().to_owned(),
        details: json!({
            "name": token.name,
            "user": token.user,
            "scope": token.scope,
            "expires_at": token.expires_at,
        }),
    })
}
