//! What people have typed and not sent: theirs alone, few, and let go of after a while.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::crawled::payloads;
use super::error::Cause;
use super::payload::{encode, micros};
use super::sql;
use crate::model::Unsent;

/// Keeps what was typed in place of what was kept of the same person and form. What is older than a moment is let go of, whoever's
/// it is, and of one person's forms only the `most` that were typed in last stay.
pub(super) fn keep(
    db: &Connection,
    unsent: &Unsent,
    oldest: DateTime<Utc>,
    most: usize,
) -> Result<(), Cause> {
    db.prepare_cached(sql::DROP_OLD_UNSENT)?
        .execute(params![micros(oldest)])?;
    db.prepare_cached(sql::KEEP_UNSENT)?.execute(params![
        unsent.user,
        unsent.form,
        micros(unsent.at),
        encode(unsent)?
    ])?;
    db.prepare_cached(sql::DROP_MANY_UNSENT)?
        .execute(params![unsent.user, i64::try_from(most)?])?;
    Ok(())
}

/// What a person has typed into a form since a moment.
pub(super) fn one(
    db: &Connection,
    user: &str,
    form: &str,
    oldest: DateTime<Utc>,
) -> Result<Option<Unsent>, Cause> {
    Ok(payloads(db, sql::UNSENT, params![user, form, micros(oldest)])?.pop())
}

/// What a person has typed since a moment, the last first.
pub(super) fn all(
    db: &Connection,
    user: &str,
    oldest: DateTime<Utc>,
) -> Result<Vec<Unsent>, Cause> {
    payloads(db, sql::UNSENT_OF, params![user, micros(oldest)])
}

/// Lets go of what a person has typed into a form; says whether there was anything.
pub(super) fn remove(db: &Connection, user: &str, form: &str) -> Result<bool, Cause> {
    let n_dropped = db
        .prepare_cached(sql::DROP_UNSENT)?
        .execute(params![user, form])?;
    Ok(n_dropped > 0)
}

/// Lets go of all that a person has typed.
pub(super) fn remove_all(db: &Connection, user: &str) -> Result<(), Cause> {
    db.prepare_cached(sql::DROP_ALL_UNSENT)?
        .execute(params![user])?;
    Ok(())
}
