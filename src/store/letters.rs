//! The register of letters: entries are added and take steps, none is removed.

use rusqlite::{Connection, OptionalExtension as _, Params, params};

use super::error::Cause;
use super::payload::{decode, encode};
use super::sql;
use crate::model::{CaseId, Letter};

/// All letters, or those of a case, in the order entered.
pub(super) fn letters(db: &Connection, case: Option<&CaseId>) -> Result<Vec<Letter>, Cause> {
    match case {
        Some(case) => read(db, sql::LETTERS_OF, params![case.0]),
        None => read(db, sql::LETTERS, []),
    }
}

fn read(db: &Connection, query: &str, with: impl Params) -> Result<Vec<Letter>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(with)?;
    let mut letters = Vec::new();
    while let Some(row) = rows.next()? {
        letters.push(decode(&row.get::<_, Vec<u8>>(0)?)?);
    }
    Ok(letters)
}

/// The letter of a number.
pub(super) fn letter(db: &Connection, number: &str) -> Result<Option<Letter>, Cause> {
    let mut statement = db.prepare_cached(sql::LETTER)?;
    let found = statement.query_row(params![number], |row| row.get::<_, Vec<u8>>(0));
    found.optional()?.map(|bytes| decode(&bytes)).transpose()
}

/// Enters a letter under its number, which nobody may have taken.
pub(super) fn add(db: &Connection, letter: &Letter) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::ADD_LETTER)?;
    statement.execute(params![letter.number, letter.case.0, encode(letter)?])?;
    Ok(())
}

/// Puts a letter in place of what it was before; says whether it was still that.
pub(super) fn change(db: &Connection, before: &Letter, after: &Letter) -> Result<bool, Cause> {
    let mut statement = db.prepare_cached(sql::CHANGE_LETTER)?;
    let changed = statement.execute(params![before.number, encode(after)?, encode(before)?])?;
    Ok(changed > 0)
}
