//! What visits taught: the rhythm of sources, what is remembered of hosts, what sources brought hour by hour, how they fare.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::crawled::{self, payloads};
use super::error::Cause;
use super::payload::{decode, encode};
use super::sql;
use crate::model::{FrontierEntry, Health, HostRecord, HourYield, Rhythm, SourceId};

/// One payload by its key; `None` where there is none.
fn one<T: DeserializeOwned>(db: &Connection, query: &str, key: &str) -> Result<Option<T>, Cause> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached(query)?
        .query_row(params![key], |row| row.get(0))
        .optional()?;
    bytes.map(|bytes| decode(&bytes)).transpose()
}

fn put<T: Serialize>(db: &Connection, query: &str, key: &str, noun: &T) -> Result<(), Cause> {
    db.prepare_cached(query)?
        .execute(params![key, encode(noun)?])?;
    Ok(())
}

/// The rhythm of a source.
pub(super) fn rhythm(db: &Connection, source: &SourceId) -> Result<Rhythm, Cause> {
    Ok(one(db, sql::RHYTHM, &source.0)?.unwrap_or_default())
}

/// Changes the rhythm of a source.
pub(super) fn change_rhythm(
    db: &Connection,
    source: &SourceId,
    change: &mut dyn FnMut(&mut Rhythm),
) -> Result<(), Cause> {
    let before = rhythm(db, source)?;
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return Ok(());
    }
    put(db, sql::PUT_RHYTHM, &source.0, &after)
}

/// What is remembered of a host.
pub(super) fn host(db: &Connection, host: &str) -> Result<HostRecord, Cause> {
    Ok(one(db, sql::HOST, host)?.unwrap_or_default())
}

/// Changes what is remembered of a host.
pub(super) fn change_host(
    db: &Connection,
    name: &str,
    change: &mut dyn FnMut(&mut HostRecord),
) -> Result<(), Cause> {
    let before = host(db, name)?;
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return Ok(());
    }
    put(db, sql::PUT_HOST, name, &after)
}

/// Changes an entry of the frontier where there is one.
pub(super) fn change_entry(
    db: &Connection,
    source: &SourceId,
    url: &str,
    change: &mut dyn FnMut(&mut FrontierEntry),
) -> Result<(), Cause> {
    let Some(before) = crawled::frontier_entry(db, source, url)? else {
        return Ok(());
    };
    let mut after = before.clone();
    change(&mut after);
    if after == before {
        return Ok(());
    }
    crawled::put_entry(db, &after)
}

/// Adds to what sources brought.
pub(super) fn add_yields(db: &Connection, yields: &[(SourceId, HourYield)]) -> Result<(), Cause> {
    for (source, more) in yields {
        let known: Option<Vec<u8>> = db
            .prepare_cached(sql::YIELD)?
            .query_row(params![source.0, more.hour], |row| row.get(0))
            .optional()?;
        let known: HourYield =
            known
                .map(|bytes| decode(&bytes))
                .transpose()?
                .unwrap_or(HourYield {
                    hour: more.hour,
                    ..HourYield::default()
                });
        db.prepare_cached(sql::PUT_YIELD)?.execute(params![
            source.0,
            more.hour,
            encode(&known.plus(more))?
        ])?;
    }
    Ok(())
}

/// What a source brought from an hour on, by hour; hours in which it brought nothing are left out.
pub(super) fn yields(
    db: &Connection,
    source: &SourceId,
    from_hour: i64,
) -> Result<Vec<HourYield>, Cause> {
    payloads(db, sql::YIELDS, params![source.0, from_hour])
}

/// How all sources fared when it was last looked, by source.
pub(super) fn healths(db: &Connection) -> Result<Vec<Health>, Cause> {
    payloads(db, sql::HEALTHS, [])
}

/// Keeps how sources fare.
pub(super) fn put_healths(db: &Connection, healths: &[Health]) -> Result<(), Cause> {
    for health in healths {
        put(db, sql::PUT_HEALTH, &health.source.0, health)?;
    }
    Ok(())
}
