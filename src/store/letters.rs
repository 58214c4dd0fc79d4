//! The register of letters: entries are added and take steps, none is removed, and each step is entered in the audit log.

use rusqlite::{Connection, OptionalExtension as _, Params, params};
use serde_json::json;

use super::error::Cause;
use super::payload::{decode, encode};
use super::sql;
use crate::canonical::ContentHash;
use crate::model::{AuditNote, CaseId, LetterEntry, LetterStep};

/// All letters, or those of a case, in the order entered.
pub(super) fn letters(db: &Connection, case: Option<&CaseId>) -> Result<Vec<LetterEntry>, Cause> {
    match case {
        Some(case) => read(db, sql::LETTERS_OF, params![case.0]),
        None => read(db, sql::LETTERS, []),
    }
}

fn read(db: &Connection, query: &str, with: impl Params) -> Result<Vec<LetterEntry>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(with)?;
    let mut letters = Vec::new();
    while let Some(row) = rows.next()? {
        letters.push(decode(&row.get::<_, Vec<u8>>(0)?)?);
    }
    Ok(letters)
}

/// How often the register changed.
pub(super) fn n_changes(db: &Connection) -> Result<u64, Cause> {
    let n: i64 = db
        .prepare_cached(sql::LETTERS_CHANGED)?
        .query_row([], |row| row.get(0))?;
    Ok(u64::try_from(n)?)
}

/// The letter of a number.
pub(super) fn letter(db: &Connection, number: &str) -> Result<Option<LetterEntry>, Cause> {
    let mut statement = db.prepare_cached(sql::LETTER)?;
    let found = statement.query_row(params![number], |row| row.get::<_, Vec<u8>>(0));
    found.optional()?.map(|bytes| decode(&bytes)).transpose()
}

/// Enters a letter under its number, which nobody may have taken.
pub(super) fn add(db: &Connection, letter: &LetterEntry) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::ADD_LETTER)?;
    statement.execute(params![letter.number, letter.case.0, encode(letter)?])?;
    Ok(())
}

/// Puts a letter in place of what it was before; says whether it was still that.
pub(super) fn change(
    db: &Connection,
    before: &LetterEntry,
    after: &LetterEntry,
) -> Result<bool, Cause> {
    let mut statement = db.prepare_cached(sql::CHANGE_LETTER)?;
    let changed = statement.execute(params![before.number, encode(after)?, encode(before)?])?;
    Ok(changed > 0)
}

/// What is entered in the audit log of the newest step of a letter: the words that were approved and sent by their digest.
pub(super) fn note(before: Option<&LetterEntry>, after: &LetterEntry) -> Option<AuditNote> {
    let n_before = before.map_or(0, |letter| letter.history.len());
    let event = after.history.get(n_before..)?.last()?;
    let words: String = after
        .texts
        .iter()
        .map(|text| text.markup.as_str())
        .collect();
    let step = match event.step {
        LetterStep::Drafted => "draft",
        LetterStep::Proposed => "propose",
        LetterStep::Returned { .. } => "return",
        LetterStep::Approved => "approve",
        LetterStep::Sending { .. } => "begin_send",
        LetterStep::Failed { .. } => "fail",
        LetterStep::Sent { .. } => "send",
        LetterStep::Received { .. } => "receive",
        LetterStep::Answered { .. } => "answer",
        LetterStep::Refused { .. } => "refuse",
    };
    Some(AuditNote {
        at: event.at,
        actor: event.who.clone(),
        action: format!("letter.{step}"),
        subject: after.number.clone(),
        details: json!({ "case": after.case, "sha256": ContentHash::of(words.as_bytes()).0 }),
    })
}
