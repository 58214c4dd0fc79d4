//! Saved searches and the alerts they led to.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::Cause;
use super::payload::{decode, encode};
use super::sql;
use crate::model::{Alert, SavedSearch};

/// All saved searches, by name.
pub(super) fn searches(db: &Connection) -> Result<Vec<SavedSearch>, Cause> {
    let mut statement = db.prepare_cached(sql::SAVED)?;
    let mut rows = statement.query([])?;
    let mut searches = Vec::new();
    while let Some(row) = rows.next()? {
        searches.push(decode(&row.get::<_, Vec<u8>>(0)?)?);
    }
    Ok(searches)
}

/// Stores searches under their names.
pub(super) fn put(db: &Connection, searches: &[SavedSearch]) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::PUT_SAVED)?;
    for search in searches {
        statement.execute(params![search.name, encode(search)?])?;
    }
    Ok(())
}

/// Changes the search of a name as it stands now; says whether there is one.
pub(super) fn change(
    db: &Connection,
    name: &str,
    change: &mut dyn FnMut(&mut SavedSearch),
) -> Result<bool, Cause> {
    let found: Option<Vec<u8>> = db
        .prepare_cached(sql::SAVED_OF)?
        .query_row(params![name], |row| row.get(0))
        .optional()?;
    let Some(payload) = found else {
        return Ok(false);
    };
    let mut search: SavedSearch = decode(&payload)?;
    change(&mut search);
    put(db, std::slice::from_ref(&search))?;
    Ok(true)
}

/// Removes a search with its alerts; says whether there was one.
pub(super) fn remove(db: &Connection, name: &str) -> Result<bool, Cause> {
    db.execute(sql::REMOVE_ALERTS, params![name])?;
    Ok(db.execute(sql::REMOVE_SAVED, params![name])? > 0)
}

/// The alerts of a search, newest first, at most `limit`.
pub(super) fn alerts(db: &Connection, name: &str, limit: usize) -> Result<Vec<Alert>, Cause> {
    let mut statement = db.prepare_cached(sql::ALERTS)?;
    let mut rows = statement.query(params![name, i64::try_from(limit)?])?;
    let mut alerts = Vec::new();
    while let Some(row) = rows.next()? {
        alerts.push(decode(&row.get::<_, Vec<u8>>(0)?)?);
    }
    Ok(alerts)
}

/// Stores alerts; one of the same search and revision is replaced.
pub(super) fn put_alerts(db: &Connection, alerts: &[Alert]) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::PUT_ALERT)?;
    for alert in alerts {
        statement.execute(params![alert.search, alert.revision.0, encode(alert)?])?;
    }
    Ok(())
}

/// Place in the store up to which publications were matched.
pub(super) fn matched(db: &Connection) -> Result<u64, Cause> {
    let place: i64 = db
        .prepare_cached(sql::MATCHED)?
        .query_row([], |row| row.get(0))?;
    Ok(u64::try_from(place)?)
}

/// Moves that place.
pub(super) fn put_matched(db: &Connection, place: u64) -> Result<(), Cause> {
    db.prepare_cached(sql::PUT_MATCHED)?
        .execute(params![i64::try_from(place)?])?;
    Ok(())
}
