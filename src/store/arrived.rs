//! What pages show of sources: how many publications came when, the newest captures, and the next visits.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::crawled::payloads;
use super::error::Cause;
use super::payload::micros;
use super::retained;
use super::sql;
use crate::model::{Capture, FrontierEntry, SourceId};

/// Documents first seen in each of `n_steps` spans of time from a moment on, by source; a source without any is left out.
pub(super) fn arrivals(
    db: &Connection,
    from: DateTime<Utc>,
    step: TimeDelta,
    n_steps: usize,
) -> Result<BTreeMap<SourceId, Vec<u64>>, Cause> {
    let step = step.num_microseconds().unwrap_or(i64::MAX).max(1);
    let length = step.saturating_mul(i64::try_from(n_steps)?);
    let from = micros(from);
    let mut statement = db.prepare_cached(sql::ARRIVALS)?;
    let mut rows = statement.query(params![from, from.saturating_add(length), step])?;
    let mut arrivals: BTreeMap<SourceId, Vec<u64>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let place = usize::try_from(row.get::<_, i64>(1)?)?;
        let of_source = arrivals
            .entry(SourceId(row.get(0)?))
            .or_insert_with(|| vec![0; n_steps]);
        if let Some(count) = of_source.get_mut(place) {
            *count = u64::try_from(row.get::<_, i64>(2)?)?;
        }
    }
    Ok(arrivals)
}

/// The newest captures of a source, newest first.
pub(super) fn newest_captures(
    db: &Connection,
    source: &SourceId,
    limit: usize,
) -> Result<Vec<Capture>, Cause> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    retained::captures(db, sql::NEWEST_CAPTURES, params![source.0, limit])
}

/// The addresses of a source that are visited next, by due time then address.
pub(super) fn next_visits(
    db: &Connection,
    source: &SourceId,
    limit: usize,
) -> Result<Vec<FrontierEntry>, Cause> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    payloads(db, sql::NEXT_VISITS, params![source.0, limit])
}
