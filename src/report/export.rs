//! Writes hits row by row as CSV, JSON lines or XLSX, so that an export may be as long as it likes.
//!
//! Cells come from pages of others. A spreadsheet program takes a cell of CSV that begins with `=`, `+`, `-`, `@`, a tab or
//! a carriage return for a formula (OWASP, CSV injection), so such cells get an apostrophe before them. In XLSX every cell
//! is typed as text and needs none.

use std::io::{Seek, Write};

use chrono::{DateTime, SecondsFormat, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use serde::{Deserialize, Serialize};

use super::json;
use crate::model::{Hit, HitKind};

/// Columns of a table of hits.
const COLUMNS: [&str; 14] = [
    "kind",
    "id",
    "published",
    "first_seen",
    "source",
    "language",
    "title",
    "url",
    "snippet",
    "revision",
    "verdict",
    "differs",
    "record",
    "case_state",
];
/// Rows of one sheet; the format ends at 1,048,576.
const SHEET_ROWS: u32 = 1_000_000;
/// Characters of one cell of XLSX; the format ends at 32,767.
pub(super) const CELL_CHARS: usize = 32_000;

/// Form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Comma-separated values, UTF-8 with a byte-order mark, as spreadsheet programs expect.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Office Open XML workbook.
    Xlsx,
}

impl Form {
    /// The form that a file name ends in.
    pub fn of_extension(extension: &str) -> Option<Form> {
        match extension.to_lowercase().as_str() {
            "csv" => Some(Form::Csv),
            "jsonl" => Some(Form::Jsonl),
            "xlsx" => Some(Form::Xlsx),
            _ => None,
        }
    }
}

/// What an export is, for whoever holds it later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// The query as typed.
    pub query: String,
    /// What was searched.
    pub kind: HitKind,
    /// `relevance` or `date`.
    pub sort: String,
    /// Form of the file.
    pub form: Form,
    /// Place in the store up to which the index had read: the same query at the same place gives the same rows.
    pub index_generation: u64,
    /// When it was made.
    pub exported_at: DateTime<Utc>,
    /// Rows, the heading not counted.
    pub n_rows: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Version of the program.
    pub program: String,
}

impl Manifest {
    /// The program that exports, with its version.
    pub const PROGRAM: &'static str = concat!("aigaq ", env!("CARGO_PKG_VERSION"));
}

/// An export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file refused.
    #[error("the export cannot be written")]
    Io(#[from] std::io::Error),
    /// The file refused a row.
    #[error("the export cannot be written")]
    Csv(#[from] csv::Error),
    /// The workbook refused.
    #[error("the workbook cannot be written")]
    Xlsx(#[from] XlsxError),
}

/// An export under way.
pub enum Export<W: Write + Seek + Send> {
    /// CSV.
    Csv(Box<csv::Writer<W>>),
    /// JSON lines.
    Jsonl(W),
    /// XLSX: the workbook, where it goes, and the rows of the last sheet.
    Xlsx(Box<Workbook>, W, u32),
}

impl<W: Write + Seek + Send> Export<W> {
    /// Begins an export with its heading.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(form: Form, mut to: W) -> Result<Export<W>, ExportError> {
        match form {
            Form::Csv => {
                to.write_all("\u{feff}".as_bytes())?;
                let mut writer = csv::Writer::from_writer(to);
                writer.write_record(COLUMNS)?;
                Ok(Export::Csv(Box::new(writer)))
            }
            Form::Jsonl => Ok(Export::Jsonl(to)),
            Form::Xlsx => {
                let mut workbook = Workbook::new();
                // The same rows are the same bytes, whenever they are written.
                let properties = DocProperties::new().set_creation_datetime(&made_at()?);
                workbook.set_properties(&properties);
                add_sheet(&mut workbook)?;
                Ok(Export::Xlsx(Box::new(workbook), to, 0))
            }
        }
    }

    /// Adds one row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, hit: &Hit) -> Result<(), ExportError> {
        match self {
            Export::Csv(writer) => writer.write_record(cells(hit).map(harmless))?,
            Export::Jsonl(to) => writeln!(to, "{}", json::hit(hit))?,
            Export::Xlsx(workbook, _, rows) => {
                if *rows == SHEET_ROWS {
                    add_sheet(workbook)?;
                    *rows = 0;
                }
                *rows += 1;
                let last = workbook.worksheets().len() - 1;
                let sheet = workbook.worksheet_from_index(last)?;
                for (column, cell) in (0..).zip(cells(hit)) {
                    let cell: String = cell.chars().take(CELL_CHARS).collect();
                    sheet.write_string(*rows, column, cell)?;
                }
            }
        }
        Ok(())
    }

    /// Writes what is left and gives the file back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(self) -> Result<W, ExportError> {
        match self {
            Export::Csv(writer) => writer
                .into_inner()
                .map_err(|error| error.into_error().into()),
            Export::Jsonl(to) => Ok(to),
            Export::Xlsx(mut workbook, mut to, _) => {
                workbook.save_to_writer(&mut to)?;
                Ok(to)
            }
        }
    }
}

/// The moment that every workbook says it was made at; the manifest has the true one.
fn made_at() -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(2026, 1, 1)
}

/// A further sheet with its heading.
fn add_sheet(workbook: &mut Workbook) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, name)?;
    }
    Ok(())
}

/// The cells of a hit.
fn cells(hit: &Hit) -> [String; COLUMNS.len()] {
    let moment = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let verdict = hit.claim.as_ref().and_then(|claim| claim.verdict.as_ref());
    let differences = match (verdict, &hit.case) {
        (Some(verdict), _) => verdict.differences.as_slice(),
        (None, Some(case)) => case.differences.as_slice(),
        (None, None) => &[],
    };
    let quotes = match (verdict, &hit.case) {
        (Some(verdict), _) => verdict.evidence.as_slice(),
        (None, Some(case)) => case.evidence.as_slice(),
        (None, None) => &[],
    };
    let (kind, id) = match (&hit.claim, &hit.case) {
        (Some(claim), _) => ("claim", claim.id.0.clone()),
        (None, Some(case)) => ("case", case.id.0.clone()),
        (None, None) => ("page", hit.revision.0.clone()),
    };
    let differs: Vec<String> = differences
        .iter()
        .map(|one| format!("{}: {} / {}", one.slot.words(), one.claimed, one.official))
        .collect();
    [
        kind.to_owned(),
        id,
        moment(hit.published),
        moment(hit.first_seen),
        hit.source.clone(),
        hit.language
            .map_or_else(String::new, |language| language.code().to_owned()),
        hit.title.text.clone(),
        hit.url.clone(),
        hit.snippet.text.clone(),
        hit.revision.0.clone(),
        verdict.map_or_else(String::new, |verdict| json::word(&verdict.label)),
        differs.join("; "),
        quotes
            .first()
            .map_or_else(String::new, |quote| quote.url.clone()),
        hit.case
            .as_ref()
            .map_or_else(String::new, |case| json::word(&case.state)),
    ]
}

/// A cell that no spreadsheet program takes for a formula.
pub(super) fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::model::{RevisionId, Snippet};

    fn hit(title: &str) -> Hit {
        let snippet = |text: &str| Snippet {
            text: text.to_owned(),
            highlights: Vec::new(),
        };
        Hit {
            revision: RevisionId("rev-1".to_owned()),
            url: "https://outlet.example/1".to_owned(),
            source: "outlet".to_owned(),
            title: snippet(title),
            snippet: snippet("Порт, \"старый\"\nоткрыт"),
            language: None,
            published: DateTime::default(),
            first_seen: DateTime::default(),
            score: 0,
            n_copies: 0,
            copies: Vec::new(),
            claim: None,
            case: None,
        }
    }

    fn export(form: Form, titles: &[&str]) -> Vec<u8> {
        let mut export = Export::begin(form, Cursor::new(Vec::new())).unwrap();
        for title in titles {
            export.add(&hit(title)).unwrap();
        }
        export.end().unwrap().into_inner()
    }

    #[test]
    fn cells_that_look_like_formulas_are_made_harmless_in_csv() {
        let bytes = export(Form::Csv, &["=1+1", "+7", "-2", "@x", "\ty", "мост"]);
        let text = String::from_utf8(bytes).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let titles: Vec<String> = reader
            .records()
            .map(|row| row.unwrap()[6].to_owned())
            .collect();
        assert_eq!(titles, ["'=1+1", "'+7", "'-2", "'@x", "'\ty", "мост"]);
    }

    #[test]
    fn every_form_holds_every_row() {
        let lines = export(Form::Jsonl, &["a", "b"]);
        assert_eq!(String::from_utf8(lines).unwrap().lines().count(), 2);
        // A ZIP container whose sheet has text cells only; tests/it reads the rows back.
        assert!(export(Form::Xlsx, &["=a", "b"]).starts_with(b"PK"));
    }
}
