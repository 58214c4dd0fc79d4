//! The audit log: entries that are only ever added, each bound to all before it, and the look that finds what was changed.
//!
//! The chain shows what was altered, removed from the middle or moved. What was cut off at the end shows by the head, which is
//! kept twice beside the entries: in a table of its own and in the file [`HEAD_NAME`]. Whoever can write all three can cut the
//! end off unseen; so the head is printed by every look, and one that was noted elsewhere can be held against the log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use super::error::Cause;
use super::payload::plain;
use super::sql;
use crate::canonical;
use crate::model::audit::{BEGINNING, Chain};
use crate::model::{AuditEntry, AuditNote};

/// Name of the file with number and digest of the newest entry, inside the data folder.
pub const HEAD_NAME: &str = "audit.head";
/// Entries read at a time.
pub(super) const PAGE: i64 = 1_000;

/// What a look at the audit log found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct AuditReport {
    /// Entries.
    pub n_entries: u64,
    /// Digest of the newest entry.
    pub head: String,
    /// Entries whose clock stood before that of the entry before; no fault, but worth knowing.
    pub n_clock_back: u64,
    /// Cases that were held against the log.
    pub n_cases: u64,
    /// What does not fit, in words; empty when all is as it was entered.
    pub faults: Vec<String>,
}

/// Enters notes and gives the number and digest of the newest entry.
pub(super) fn append(db: &Connection, notes: &[AuditNote]) -> Result<(u64, String), Cause> {
    let (mut seq, mut hash) = head(db)?;
    let mut statement = db.prepare_cached(sql::ADD_AUDIT)?;
    for note in notes {
        let entry = AuditEntry::after(seq, &hash, note);
        statement.execute(params![
            i64::try_from(entry.seq)?,
            entry.at_micros,
            entry.actor,
            entry.action,
            entry.subject,
            entry.details,
            entry.before,
            entry.hash
        ])?;
        (seq, hash) = (entry.seq, entry.hash);
    }
    db.prepare_cached(sql::PUT_AUDIT_HEAD)?
        .execute(params![i64::try_from(seq)?, hash])?;
    Ok((seq, hash))
}

/// Number and digest of the newest entry, as the table of the head has it.
fn head(db: &Connection) -> Result<(u64, String), Cause> {
    let mut statement = db.prepare_cached(sql::AUDIT_HEAD)?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok((0, BEGINNING.to_owned()));
    };
    Ok((u64::try_from(row.get::<_, i64>(0)?)?, row.get(1)?))
}

/// Entries after a number, at most `limit`.
pub(super) fn after(db: &Connection, seq: u64, limit: i64) -> Result<Vec<AuditEntry>, Cause> {
    page(db, sql::AUDIT_AFTER, i64::try_from(seq)?, limit)
}

/// Entries before a number, the newest first.
pub(super) fn before(db: &Connection, seq: u64, limit: i64) -> Result<Vec<AuditEntry>, Cause> {
    page(db, sql::AUDIT_BEFORE, i64::try_from(seq)?, limit)
}

fn page(db: &Connection, query: &str, seq: i64, limit: i64) -> Result<Vec<AuditEntry>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params![seq, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(entry(row)?);
    }
    Ok(entries)
}

fn entry(row: &Row<'_>) -> Result<AuditEntry, Cause> {
    Ok(AuditEntry {
        seq: u64::try_from(row.get::<_, i64>(0)?)?,
        at_micros: row.get(1)?,
        actor: row.get(2)?,
        action: row.get(3)?,
        subject: row.get(4)?,
        details: row.get(5)?,
        before: row.get(6)?,
        hash: row.get(7)?,
    })
}

/// Writes the head beside the database: whole or not at all.
pub(super) fn write_head(dir: &Path, head: &(u64, String)) -> std::io::Result<()> {
    let path = dir.join(HEAD_NAME);
    // No two writers enter the same number, so none writes over another's file.
    let part = dir.join(format!("{HEAD_NAME}.{}", head.0));
    std::fs::write(&part, format!("{} {}\n", head.0, head.1))?;
    std::fs::rename(part, path)
}

/// The version of a case that an entry speaks of, with the digest of what was stored.
type Stored = BTreeMap<(String, u64), String>;

/// Follows the whole log, then holds its end against the heads and the cases against what was entered of them.
pub(super) fn verify(db: &Connection, dir: &Path) -> Result<AuditReport, Cause> {
    let mut report = AuditReport::default();
    let (mut chain, mut stored) = (Chain::default(), Stored::new());
    let mut users = BTreeMap::new();
    let said = said_head(dir);
    let mut is_said = false;
    let mut statement = db.prepare(sql::AUDIT_ALL)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.n_entries += 1;
        match entry(row) {
            Err(cause) => report
                .faults
                .push(format!("row {} cannot be read: {cause}", report.n_entries)),
            Ok(entry) => {
                if let Err(fault) = chain.next(&entry) {
                    report.faults.push(fault);
                }
                let of_entry = (entry.seq, entry.hash.clone());
                is_said |= matches!(&said, Ok(Some(said)) if *said == of_entry);
                remember(&mut stored, &mut users, &entry);
            }
        }
    }
    report.n_clock_back = chain.n_clock_back;
    let (seq, hash) = chain.head();
    report.head = hash.to_owned();
    match head(db) {
        Ok((known, digest)) if known == seq && digest == hash => {}
        Ok((known, _)) => report.faults.push(format!(
            "the log ends with entry {seq}, the head in the database names another end at {known}: entries were cut off or added"
        )),
        Err(cause) => report.faults.push(format!("the head in the database cannot be read: {cause}")),
    }
    report.faults.extend(head_file(said, seq, is_said));
    verify_cases(db, &stored, &mut report)?;
    verify_users(db, users, &mut report)?;
    Ok(report)
}

/// Number and digest in the file of the head; `None` where there is no such file.
fn said_head(dir: &Path) -> Result<Option<(u64, String)>, String> {
    let text = match std::fs::read_to_string(dir.join(HEAD_NAME)) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(format!("{HEAD_NAME} cannot be read: {cause}")),
    };
    let said = text
        .strip_suffix('\n')
        .and_then(|line| line.split_once(' '));
    let said = said.and_then(|(number, hash)| Some((number.parse().ok()?, hash.to_owned())));
    said.map_or_else(
        || Err(format!("{HEAD_NAME} is not as it was written")),
        |said| Ok(Some(said)),
    )
}

/// What the file of the head says against the log. A process that was killed between the two leaves the file behind the log,
/// never before it.
fn head_file(
    said: Result<Option<(u64, String)>, String>,
    seq: u64,
    is_said: bool,
) -> Option<String> {
    match said {
        Err(fault) => Some(fault),
        Ok(None) if seq == 0 => None,
        Ok(None) => Some(format!("{HEAD_NAME} is missing")),
        Ok(Some((number, _))) if number > seq => Some(format!(
            "the log ends with entry {seq}, {HEAD_NAME} knows entry {number}: the end was cut off"
        )),
        Ok(Some(_)) if is_said => None,
        Ok(Some((number, _))) => Some(format!("{HEAD_NAME} has another digest of entry {number}")),
    }
}

/// Keeps what an entry says of a stored version of a case, or of a stored user.
fn remember(stored: &mut Stored, users: &mut BTreeMap<String, String>, entry: &AuditEntry) {
    let Ok(details) = serde_json::from_str::<serde_json::Value>(&entry.details) else {
        return;
    };
    let Some(digest) = details["digest"].as_str() else {
        return;
    };
    if entry.action.starts_with("user.") {
        users.insert(entry.subject.clone(), digest.to_owned());
    }
    if entry.action.starts_with("case.")
        && let Some(version) = details["version"].as_u64()
    {
        stored.insert((entry.subject.clone(), version), digest.to_owned());
    }
}

/// Holds every user against the last entry about the person: rights that were changed in the file show.
fn verify_users(
    db: &Connection,
    mut entered: BTreeMap<String, String>,
    report: &mut AuditReport,
) -> Result<(), Cause> {
    let mut statement = db.prepare(sql::USER_ROWS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = || -> Result<(String, String), Cause> {
            Ok((row.get(0)?, digest(row.get_ref(1)?.as_blob()?)?))
        };
        match read() {
            Err(cause) => report
                .faults
                .push(format!("a user cannot be read: {cause}")),
            Ok((id, digest)) => {
                if entered.remove(&id) != Some(digest) {
                    report
                        .faults
                        .push(format!("the user {id} is not as was entered"));
                }
            }
        }
    }
    let missing = entered
        .into_keys()
        .map(|id| format!("the user {id} was entered and is missing"));
    report.faults.extend(missing);
    Ok(())
}

/// The digest under which a stored case is entered.
pub(super) fn digest(payload: &[u8]) -> Result<String, Cause> {
    Ok(canonical::hex(&Sha256::digest(plain(payload)?)))
}

/// Holds every stored version of every case against the log, and what stands now against the newest version entered.
fn verify_cases(db: &Connection, stored: &Stored, report: &mut AuditReport) -> Result<(), Cause> {
    let versions = held(db, sql::CASE_VERSIONS, "version", stored, report)?;
    let current = held(db, sql::CASE_HEADS, "current version", stored, report)?;
    for (id, version) in stored.keys().filter(|key| !versions.contains(*key)) {
        report.faults.push(format!(
            "version {version} of {id} was entered and is missing"
        ));
    }
    let newest: BTreeMap<&String, u64> =
        stored.keys().map(|(id, version)| (id, *version)).collect();
    for (id, version) in newest {
        if !current.contains(&(id.clone(), version)) {
            report.faults.push(format!(
                "version {version} of {id} is the newest entered, and not what stands"
            ));
        }
    }
    Ok(())
}

/// The versions of a query over cases; those that are not what was entered of them are faults.
fn held(
    db: &Connection,
    query: &str,
    what: &str,
    stored: &Stored,
    report: &mut AuditReport,
) -> Result<BTreeSet<(String, u64)>, Cause> {
    let mut found = BTreeSet::new();
    let mut statement = db.prepare(query)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let read = || -> Result<((String, u64), String), Cause> {
            let key = (row.get(0)?, u64::try_from(row.get::<_, i64>(1)?)?);
            Ok((key, digest(row.get_ref(2)?.as_blob()?)?))
        };
        match read() {
            Err(cause) => report
                .faults
                .push(format!("a {what} of a case cannot be read: {cause}")),
            Ok((key, digest)) => {
                if stored.get(&key) != Some(&digest) {
                    let (id, version) = &key;
                    report.faults.push(format!(
                        "{what} {version} of {id} is not what was entered of it"
                    ));
                }
                report.n_cases += 1;
                found.insert(key);
            }
        }
    }
    Ok(found)
}
