//! Where captures stand after files of them were written anew, and what a rule of retention has to leave alone.
//!
//! What was captured stays known for ever, with its digest; only its bytes can go. A row of `captures` is never changed: where a
//! capture stands otherwise than it says, a row of `moved` says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::error::Cause;
use super::payload::{decode, micros, moment};
use super::{Cited, Rewrite, audit, desk, letters, sql};
use crate::model::{AuditNote, Capture, CaptureId, Case, LetterEntry, Verdict};

/// A capture of a row of `capture_columns`, where it stands now.
pub(super) fn capture(row: &Row<'_>) -> Result<Capture, Cause> {
    let mut capture: Capture = decode(row.get_ref(0)?.as_blob()?)?;
    if let Some(at) = row.get(1)? {
        capture.removed_at = row.get::<_, bool>(2)?.then(|| moment(at)).transpose()?;
        capture.warc_file = row.get(3)?;
        capture.warc_offset = u64::try_from(row.get::<_, i64>(4)?)?;
    }
    Ok(capture)
}

/// The captures of a query, in its order.
pub(super) fn captures(
    db: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Capture>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let mut captures = Vec::new();
    while let Some(row) = rows.next()? {
        captures.push(capture(row)?);
    }
    Ok(captures)
}

/// What is never let go, whatever its age.
pub(super) fn cited(db: &Connection, before: DateTime<Utc>) -> Result<Cited, Cause> {
    let mut cited = Cited {
        as_of: as_of(db)?,
        ..Cited::default()
    };
    let mut statement = db.prepare(sql::CITED_CAPTURES)?;
    let mut rows = statement.query(params![micros(before)])?;
    while let Some(row) = rows.next()? {
        cited.captures.insert(CaptureId(row.get(0)?));
    }
    quoted(db, &mut cited.captures)?;
    for query in [sql::CASES, sql::CASE_PAYLOADS] {
        each(db, query, &mut |case: Case| {
            let copies = case.copies.into_iter().map(|copy| copy.url);
            cited.urls.extend(copies);
            let records = case.evidence.into_iter().map(|quote| quote.url);
            cited.urls.extend(records);
            Ok(())
        })?;
    }
    let of_letters: Vec<LetterEntry> = letters::letters(db, None)?;
    cited
        .urls
        .extend(of_letters.into_iter().map(|letter| letter.url));
    // A document may have another address than the one that answered.
    let mut statement = db.prepare_cached(sql::CAPTURED_AT)?;
    for url in cited.urls.clone() {
        let mut rows = statement.query(params![url])?;
        while let Some(row) = rows.next()? {
            cited.captures.insert(CaptureId(row.get(0)?));
            cited.urls.insert(row.get(1)?);
        }
    }
    Ok(cited)
}

/// What the records quoted by verdicts, newest and older, were read from.
fn quoted(db: &Connection, captures: &mut BTreeSet<CaptureId>) -> Result<(), Cause> {
    let mut revisions = BTreeSet::new();
    each(db, sql::VERDICT_PAYLOADS, &mut |verdict: Verdict| {
        let quoted = verdict.evidence.into_iter().map(|quote| quote.revision);
        revisions.extend(quoted);
        Ok(())
    })?;
    let mut statement = db.prepare_cached(sql::CAPTURE_OF_REVISION)?;
    for revision in revisions {
        let mut rows = statement.query(params![revision.0])?;
        while let Some(row) = rows.next()? {
            captures.insert(CaptureId(row.get(0)?));
        }
    }
    Ok(())
}

/// Hands over the nouns of a query one by one, so that memory stays flat.
fn each<T: serde::de::DeserializeOwned>(
    db: &Connection,
    query: &str,
    take: &mut dyn FnMut(T) -> Result<(), Cause>,
) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        take(decode(row.get_ref(0)?.as_blob()?)?)?;
    }
    Ok(())
}

/// How many versions of cases and changes of letters there are.
fn as_of(db: &Connection) -> Result<(u64, u64), Cause> {
    Ok((desk::last_case_version(db)?, letters::n_changes(db)?))
}

/// Files that were written anew, each with the digest that it had.
pub(super) fn rewritten(db: &Connection) -> Result<BTreeMap<String, String>, Cause> {
    let mut statement = db.prepare_cached(sql::REWRITTEN)?;
    let mut rows = statement.query([])?;
    let mut files = BTreeMap::new();
    while let Some(row) = rows.next()? {
        files.insert(row.get(0)?, row.get(1)?);
    }
    Ok(files)
}

/// Notes that a file was written anew, unless a case or letter changed since it was asked what is cited; gives the newest entry
/// of the audit log.
pub(super) fn rewrite(
    db: &Connection,
    rewrite: &Rewrite,
    note: &AuditNote,
) -> Result<Option<(u64, String)>, Cause> {
    if as_of(db)? != rewrite.as_of {
        return Ok(None);
    }
    let at = micros(rewrite.at);
    let mut statement = db.prepare_cached(sql::MOVE_CAPTURE)?;
    let mut put =
        |id: &CaptureId, is_removed: bool, file: &str, offset: u64| -> Result<(), Cause> {
            let offset = i64::try_from(offset)?;
            statement.execute(params![id.0, at, is_removed, file, offset])?;
            Ok(())
        };
    if let Some(successor) = &rewrite.successor {
        for (id, offset) in &rewrite.moved {
            put(id, false, successor, *offset)?;
        }
    }
    for capture in &rewrite.removed {
        put(&capture.id, true, &capture.warc_file, capture.warc_offset)?;
    }
    db.prepare_cached(sql::PUT_REWRITTEN)?
        .execute(params![rewrite.file, rewrite.sha256, at])?;
    audit::append(db, std::slice::from_ref(note)).map(Some)
}
