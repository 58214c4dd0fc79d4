//! The audit log row by row: as JSON for the API and files of lines, and as CSV.
//!
//! Subjects and details hold what people typed; see [`super::export`] for what is done about cells that look like formulas.

use std::io::Write;

use serde_json::{Value, json};

use super::export::{ExportError, Form, harmless};
use super::json::moment;
use crate::model::AuditEntry;

/// Columns of the table.
const COLUMNS: [&str; 8] = [
    "number", "at", "actor", "action", "subject", "details", "before", "digest",
];

/// An entry as the API gives it.
pub fn entry(entry: &AuditEntry) -> Value {
    json!({
        "number": entry.seq,
        "at": at(entry),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": serde_json::from_str::<Value>(&entry.details).unwrap_or(Value::Null),
        "before": entry.before,
        "digest": entry.hash,
    })
}

/// When an entry was made.
fn at(entry: &AuditEntry) -> String {
    moment(entry.at())
}

/// A file of entries under way.
pub enum AuditRows<W: Write> {
    /// CSV.
    Csv(Box<csv::Writer<W>>),
    /// JSON lines.
    Jsonl(W),
}

impl<W: Write> AuditRows<W> {
    /// Begins a file with its heading; a log is no workbook, so any form but JSON lines is CSV.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(form: Form, mut to: W) -> Result<AuditRows<W>, ExportError> {
        if form == Form::Jsonl {
            return Ok(AuditRows::Jsonl(to));
        }
        to.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(to);
        writer.write_record(COLUMNS)?;
        Ok(AuditRows::Csv(Box::new(writer)))
    }

    /// Adds one entry.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, one: &AuditEntry) -> Result<(), ExportError> {
        match self {
            AuditRows::Jsonl(to) => writeln!(to, "{}", entry(one))?,
            AuditRows::Csv(writer) => {
                let cells = [
                    one.seq.to_string(),
                    at(one),
                    one.actor.clone(),
                    one.action.clone(),
                    one.subject.clone(),
                    one.details.clone(),
                    one.before.clone(),
                    one.hash.clone(),
                ];
                writer.write_record(cells.map(harmless))?;
            }
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(self) -> Result<(), ExportError> {
        match self {
            AuditRows::Jsonl(mut to) => to.flush()?,
            AuditRows::Csv(mut writer) => writer.flush()?,
        }
        Ok(())
    }
}
