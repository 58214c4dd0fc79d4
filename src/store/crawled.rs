//! What the crawl stage writes and reads: the frontier, the log of fetches, captures and which of them wait to be read.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;

use super::error::Cause;
use super::payload::{decode, encode, micros, moment};
use super::{FetchLog, Pending, retained, seen, sql, watched};
use crate::model::{
    Capture, CaptureId, FetchOutcome, FrontierEntry, Hint, Reason, RevisionId, SiteMemory, Source,
    SourceId, Subscription, TargetKind,
};

/// Stores sources as the configuration has them now.
pub(super) fn put_sources(db: &Connection, sources: &[Source]) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::PUT_SOURCE)?;
    for source in sources {
        statement.execute(params![source.id.0, encode(source)?])?;
    }
    Ok(())
}

/// What repeats over the pages of a source; nothing when nothing was learned.
pub(super) fn memory(db: &Connection, source: &SourceId) -> Result<SiteMemory, Cause> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached(sql::MEMORY)?
        .query_row(params![source.0], |row| row.get(0))
        .optional()?;
    Ok(bytes
        .map(|bytes| decode(&bytes))
        .transpose()?
        .unwrap_or_default())
}

/// Keeps what was learned of a source's pages.
pub(super) fn put_memory(
    db: &Connection,
    source: &SourceId,
    memory: &SiteMemory,
) -> Result<(), Cause> {
    db.prepare_cached(sql::PUT_MEMORY)?
        .execute(params![source.0, encode(memory)?])?;
    Ok(())
}

/// Adds unknown entries; a known one only takes what the new hint says. Returns how many were new.
pub(super) fn discover(db: &Connection, entries: &[FrontierEntry]) -> Result<usize, Cause> {
    let mut n_new = 0;
    for entry in entries {
        match frontier_entry(db, &entry.source, &entry.url)? {
            None => {
                put_entry(db, entry)?;
                n_new += 1;
            }
            Some(mut known) => {
                let hint = merged(&known.hint, &entry.hint);
                if hint != known.hint {
                    known.hint = hint;
                    put_entry(db, &known)?;
                }
            }
        }
    }
    Ok(n_new)
}

/// A hint that knows what either knows; a sitemap without titles does not take away a feed's title.
fn merged(known: &Hint, newer: &Hint) -> Hint {
    let either = |newer: &Option<String>, known: &Option<String>| newer.clone().or(known.clone());
    Hint {
        page_url: either(&newer.page_url, &known.page_url),
        title: either(&newer.title, &known.title),
        published: either(&newer.published, &known.published),
        language: either(&newer.language, &known.language),
    }
}

/// Stores the state of an entry.
pub(super) fn put_entry(db: &Connection, entry: &FrontierEntry) -> Result<(), Cause> {
    db.prepare_cached(sql::PUT_ENTRY)?.execute(params![
        entry.source.0,
        entry.url,
        entry.due_at.map(micros),
        encode(entry)?
    ])?;
    Ok(())
}

/// One entry.
pub(super) fn frontier_entry(
    db: &Connection,
    source: &SourceId,
    url: &str,
) -> Result<Option<FrontierEntry>, Cause> {
    let bytes: Option<Vec<u8>> = db
        .prepare_cached(sql::ENTRY)?
        .query_row(params![source.0, url], |row| row.get(0))
        .optional()?;
    bytes.map(|bytes| decode(&bytes)).transpose()
}

/// How long an address counts as having an open case after it was last told so.
const HOT_LASTS: TimeDelta = TimeDelta::days(2);

/// Brings the next visit of what some revisions were read from forward, and marks it as having an open case; what is no longer
/// visited stays so.
pub(super) fn hasten(
    db: &Connection,
    revisions: &[RevisionId],
    due_at: DateTime<Utc>,
) -> Result<(), Cause> {
    for revision in revisions {
        let entries: Vec<FrontierEntry> =
            payloads(db, sql::ENTRIES_OF_REVISION, params![revision.0])?;
        for mut entry in entries {
            let Some(known) = entry.due_at else {
                continue;
            };
            let before = entry.clone();
            // Told again in every pass, written once a day.
            if entry
                .visits
                .hot_until
                .is_none_or(|until| until < due_at + HOT_LASTS / 2)
            {
                entry.visits.hot_until = Some(due_at + HOT_LASTS);
            }
            if known > due_at {
                entry.due_at = Some(due_at);
                let pause = entry
                    .fetched_at
                    .map_or(due_at - known, |asked| due_at - asked);
                let pause_minutes = pause.num_minutes().max(0);
                entry.visits.why.push(Reason::OpenCase { pause_minutes });
            }
            if entry != before {
                put_entry(db, &entry)?;
            }
        }
    }
    Ok(())
}

/// Entries due until a moment, by due time then address.
pub(super) fn due(
    db: &Connection,
    sources: &[SourceId],
    until: Option<DateTime<Utc>>,
) -> Result<Vec<FrontierEntry>, Cause> {
    let until = until.map_or(i64::MAX, micros);
    if sources.is_empty() {
        return payloads(db, sql::DUE, params![until]);
    }
    let mut entries: Vec<FrontierEntry> = Vec::new();
    for source in sources {
        entries.extend(payloads::<FrontierEntry>(
            db,
            sql::DUE_OF_SOURCE,
            params![until, source.0],
        )?);
    }
    entries.sort_by(|a, b| (a.due_at, &a.url, &a.source).cmp(&(b.due_at, &b.url, &b.source)));
    entries.dedup();
    Ok(entries)
}

/// Adds a line to the log of fetches.
pub(super) fn log_fetch(
    db: &Connection,
    entry: &FrontierEntry,
    outcome: &FetchOutcome,
    at: DateTime<Utc>,
) -> Result<(), Cause> {
    db.prepare_cached(sql::LOG_FETCH)?.execute(params![
        entry.source.0,
        entry.url,
        micros(at),
        encode(outcome)?
    ])?;
    watched::note(db, entry, outcome, at)?;
    learn(db, entry, outcome, at)
}

/// Takes from a visit what it says of the source's rhythm: a day on which it was watched, a time in which a page could have changed.
fn learn(
    db: &Connection,
    entry: &FrontierEntry,
    outcome: &FetchOutcome,
    at: DateTime<Utc>,
) -> Result<(), Cause> {
    if !matches!(outcome, FetchOutcome::Captured | FetchOutcome::NotModified) {
        return Ok(());
    }
    seen::change_rhythm(db, &entry.source, &mut |rhythm| match entry.kind {
        TargetKind::Page | TargetKind::ApiItem => {
            if let Some(before) = entry.visits.before {
                let (to, _) = entry.felt_age(at);
                rhythm.looked(to - (at - before), to);
            }
        }
        TargetKind::File => {}
        TargetKind::Feed | TargetKind::Sitemap | TargetKind::Listing | TargetKind::ApiList => {
            rhythm.watched(at);
        }
    })
}

/// Changes the subscription to a feed's news as it stands now.
pub(super) fn change_subscription(
    db: &Connection,
    source: &SourceId,
    feed: &str,
    change: &mut dyn FnMut(Option<Subscription>) -> Option<Subscription>,
) -> Result<(), Cause> {
    let known: Option<Subscription> =
        payloads(db, sql::SUBSCRIPTION, params![source.0, feed])?.pop();
    match change(known.clone()) {
        changed if changed == known => {}
        Some(changed) => {
            let payload = encode(&changed)?;
            db.prepare_cached(sql::PUT_SUBSCRIPTION)?
                .execute(params![source.0, feed, payload])?;
        }
        None => {
            db.prepare_cached(sql::DROP_SUBSCRIPTION)?
                .execute(params![source.0, feed])?;
        }
    }
    Ok(())
}

/// The newest outcomes of a source.
pub(super) fn fetch_log(
    db: &Connection,
    source: &SourceId,
    limit: usize,
) -> Result<Vec<FetchLog>, Cause> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    log_of(db, sql::FETCHES, source, params![source.0, limit])
}

/// The newest outcomes of one address of a source.
pub(super) fn fetch_log_of(
    db: &Connection,
    source: &SourceId,
    url: &str,
    limit: usize,
) -> Result<Vec<FetchLog>, Cause> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    log_of(db, sql::FETCHES_AT, source, params![source.0, limit, url])
}

fn log_of(
    db: &Connection,
    query: &str,
    source: &SourceId,
    params: impl rusqlite::Params,
) -> Result<Vec<FetchLog>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let mut log = Vec::new();
    while let Some(row) = rows.next()? {
        log.push(FetchLog {
            source: source.clone(),
            url: row.get(0)?,
            at: moment(row.get(1)?)?,
            outcome: decode(row.get_ref(2)?.as_blob()?)?,
        });
    }
    Ok(log)
}

/// Adds a capture that waits to be read; one that is stored already is left as it is.
pub(super) fn add_capture(
    db: &Connection,
    entry: &FrontierEntry,
    capture: &Capture,
) -> Result<(), Cause> {
    let offset = i64::try_from(capture.warc_offset)?;
    let n_added = db.prepare_cached(sql::ADD_CAPTURE)?.execute(params![
        capture.id.0,
        capture.source.0,
        capture.url,
        micros(capture.fetched_at),
        capture.warc_file,
        offset,
        encode(capture)?
    ])?;
    if n_added > 0 {
        db.prepare_cached(sql::ADD_PENDING)?
            .execute(params![capture.id.0, encode(entry)?])?;
    }
    Ok(())
}

/// Captures that wait to be read, oldest first.
pub(super) fn pending(db: &Connection, limit: usize) -> Result<Vec<Pending>, Cause> {
    let mut statement = db.prepare_cached(sql::PENDING)?;
    let mut rows = statement.query(params![i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut pending = Vec::new();
    while let Some(row) = rows.next()? {
        pending.push(Pending {
            capture: retained::capture(row)?,
            entry: decode(row.get_ref(5)?.as_blob()?)?,
        });
    }
    Ok(pending)
}

/// Takes captures off the waiting list.
pub(super) fn processed(db: &Connection, captures: &[CaptureId]) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::PROCESSED)?;
    for capture in captures {
        statement.execute(params![capture.0])?;
    }
    Ok(())
}

/// One capture.
pub(super) fn capture(db: &Connection, id: &CaptureId) -> Result<Option<Capture>, Cause> {
    Ok(retained::captures(db, sql::CAPTURE, params![id.0])?.pop())
}

/// Where in a WARC file captures stand that the store knows.
pub(super) fn offsets_in(db: &Connection, warc_file: &str) -> Result<BTreeSet<u64>, Cause> {
    let mut statement = db.prepare_cached(sql::OFFSETS_IN)?;
    let mut rows = statement.query(params![warc_file])?;
    let mut offsets = BTreeSet::new();
    while let Some(row) = rows.next()? {
        offsets.insert(u64::try_from(row.get::<_, i64>(0)?)?);
    }
    Ok(offsets)
}

/// The nouns whose payload is the first column of a query, in its order.
pub(super) fn payloads<T: DeserializeOwned>(
    db: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<T>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let mut nouns = Vec::new();
    while let Some(row) = rows.next()? {
        nouns.push(decode(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(nouns)
}
