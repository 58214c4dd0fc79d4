//! The views of the queue that people keep.

use rusqlite::{Connection, params};

use super::crawled::payloads;
use super::error::Cause;
use super::payload::encode;
use super::sql;
use crate::model::{QueueView, ViewKept};

/// All views, by name.
pub(super) fn all(db: &Connection) -> Result<Vec<QueueView>, Cause> {
    payloads(db, sql::QUEUE_VIEWS, [])
}

/// Keeps a view in place of the one of its id.
pub(super) fn keep(db: &Connection, view: &QueueView) -> Result<ViewKept, Cause> {
    let known = all(db)?.into_iter();
    let others: Vec<QueueView> = known
        .filter(|one| one.owner == view.owner && one.id != view.id)
        .collect();
    if others.iter().any(|one| one.name == view.name) {
        return Ok(ViewKept::NameTaken);
    }
    if others.len() >= QueueView::MOST_OF_ONE {
        return Ok(ViewKept::TooMany);
    }
    db.prepare_cached(sql::KEEP_QUEUE_VIEW)?.execute(params![
        view.id,
        view.name,
        view.owner,
        encode(view)?
    ])?;
    Ok(ViewKept::Kept)
}

/// Removes a view; says whether there was one.
pub(super) fn remove(db: &Connection, id: &str) -> Result<bool, Cause> {
    let n_removed = db
        .prepare_cached(sql::REMOVE_QUEUE_VIEW)?
        .execute(params![id])?;
    Ok(n_removed > 0)
}
