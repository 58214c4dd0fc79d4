//! Writes cases as tables and documents: CSV, JSON lines, XLSX, HTML for print, an Atom feed, and ClaimReview.
//!
//! Cells come from pages of others; see [`super::export`] for what is done about cells that look like formulas. The HTML stands
//! alone: it loads nothing and everything foreign in it is escaped.

use std::io::Cursor;

use chrono::{DateTime, Utc};
use rust_xlsxwriter::Workbook;

use super::export::{CELL_CHARS, ExportError, harmless};
use super::json::{self, moment};
use super::text::{Names, copy_words, name};
use super::xml::escaped;
use super::{atom, claim_review};
use crate::model::{Case, CaseDue, CopyState, Dues};

/// Columns of a table of cases.
const COLUMNS: [&str; 24] = [
    "id",
    "version",
    "state",
    "opened_at",
    "slot",
    "claimed",
    "official",
    "source",
    "url",
    "language",
    "published",
    "sentence",
    "record_source",
    "record_url",
    "record_published",
    "record_sentence",
    "publications",
    "standing",
    "confirmed_by",
    "assignee",
    "tags",
    "follows",
    "deadline",
    "deadline_of",
];

/// Form of an export of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseForm {
    /// Comma-separated values, UTF-8 with a byte-order mark.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Office Open XML workbook.
    Xlsx,
    /// A page for print.
    Html,
    /// Atom feed.
    Atom,
    /// schema.org ClaimReview as JSON-LD, confirmed cases only.
    ClaimReview,
}

impl CaseForm {
    /// The form that a file name ends in.
    pub fn of_extension(extension: &str) -> Option<CaseForm> {
        match extension.to_lowercase().as_str() {
            "csv" => Some(CaseForm::Csv),
            "jsonl" => Some(CaseForm::Jsonl),
            "xlsx" => Some(CaseForm::Xlsx),
            "html" => Some(CaseForm::Html),
            "atom" => Some(CaseForm::Atom),
            "jsonld" => Some(CaseForm::ClaimReview),
            _ => None,
        }
    }

    /// The media type of the form.
    pub fn media_type(self) -> &'static str {
        match self {
            CaseForm::Csv => "text/csv; charset=utf-8",
            CaseForm::Jsonl => "application/jsonl; charset=utf-8",
            CaseForm::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            CaseForm::Html => "text/html; charset=utf-8",
            CaseForm::Atom => "application/atom+xml; charset=utf-8",
            CaseForm::ClaimReview => "application/ld+json; charset=utf-8",
        }
    }
}

/// Cases in a form, in the order given. `dues` are their deadlines. `base` is the address under which readers reach the pages, empty where there is none.
///
/// # Errors
/// When a table cannot be written.
pub fn write(
    form: CaseForm,
    cases: &[Case],
    names: &Names,
    dues: &Dues,
    base: &str,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, ExportError> {
    Ok(match form {
        CaseForm::Csv => csv(cases, dues)?,
        CaseForm::Jsonl => {
            let line = |case: &Case| json::case_due(case, dues.get(&case.id));
            let lines: Vec<serde_json::Value> = cases.iter().map(line).collect();
            json::lines(&lines).into_bytes()
        }
        CaseForm::Xlsx => xlsx(cases, dues)?,
        CaseForm::Html => html(cases, names, dues, now).into_bytes(),
        CaseForm::Atom => atom::cases(cases, names, base, now).into_bytes(),
        CaseForm::ClaimReview => {
            let graph = claim_review::graph(cases, names, base);
            format!("{graph:#}\n").into_bytes()
        }
    })
}

/// A table as CSV.
fn csv(cases: &[Case], dues: &Dues) -> Result<Vec<u8>, ExportError> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(COLUMNS)?;
    for case in cases {
        writer.write_record(cells(case, dues.get(&case.id)).map(harmless))?;
    }
    writer
        .into_inner()
        .map_err(|error| error.into_error().into())
}

/// A table as a workbook; every cell is text.
fn xlsx(cases: &[Case], dues: &Dues) -> Result<Vec<u8>, ExportError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_string(0, column, name)?;
    }
    for (row, case) in (1..).zip(cases) {
        for (column, cell) in (0..).zip(cells(case, dues.get(&case.id))) {
            let cell: String = cell.chars().take(CELL_CHARS).collect();
            sheet.write_string(row, column, cell)?;
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    workbook.save_to_writer(&mut bytes)?;
    Ok(bytes.into_inner())
}

/// The cells of a case.
fn cells(case: &Case, due: Option<&CaseDue>) -> [String; COLUMNS.len()] {
    let differing = case.differing();
    let difference = differing.first();
    let copy = case.copies.first();
    let quote = case.evidence.first();
    let of_difference = |read: &dyn Fn(&crate::model::Difference) -> String| {
        difference.map(read).unwrap_or_default()
    };
    let of_copy = |read: &dyn Fn(&crate::model::Copy) -> String| copy.map(read).unwrap_or_default();
    let of_quote =
        |read: &dyn Fn(&crate::model::Quote) -> String| quote.map(read).unwrap_or_default();
    let standing = case.copies.iter();
    let standing = standing.filter(|copy| copy.state == CopyState::Stands);
    let tags: Vec<&str> = case.desk.tags.iter().map(String::as_str).collect();
    [
        case.id.0.clone(),
        case.version.to_string(),
        case.state.words().to_owned(),
        moment(case.opened_at),
        of_difference(&|one| one.slot.words().to_owned()),
        of_difference(&|one| one.claimed.clone()),
        of_difference(&|one| one.official.clone()),
        of_copy(&|copy| copy.source.0.clone()),
        of_copy(&|copy| copy.url.clone()),
        of_copy(&|copy| copy.language.code().to_owned()),
        of_copy(&|copy| moment(copy.published)),
        of_copy(&|copy| copy.sentence.clone()),
        of_quote(&|quote| quote.source.0.clone()),
        of_quote(&|quote| quote.url.clone()),
        of_quote(&|quote| moment(quote.published)),
        of_quote(&|quote| quote.sentence.clone()),
        case.copies.len().to_string(),
        standing.count().to_string(),
        case.desk
            .confirmed
            .as_ref()
            .map_or_else(String::new, |(by, _)| by.clone()),
        case.desk.assignee.clone().unwrap_or_default(),
        tags.join(", "),
        case.follows
            .as_ref()
            .map_or_else(String::new, |id| id.0.clone()),
        due.map_or_else(String::new, |due| moment(due.ends_at)),
        due.map_or_else(String::new, |due| due.what.words()),
    ]
}

/// Styles of the page for print.
const STYLE: &str = "body{font:14px/1.45 sans-serif;margin:2em auto;max-width:60em}article{break-inside:avoid;border-top:1px solid #999;padding:.6em 0}blockquote{margin:.3em 0 .3em 1em;font-family:serif}dt{font-weight:bold}dd{margin:0 0 .3em 1em}.muted{color:#555}";

/// Cases as a page for print.
fn html(cases: &[Case], names: &Names, dues: &Dues, now: DateTime<Utc>) -> String {
    let article = |case: &Case| article(case, names, dues.get(&case.id));
    let articles: String = cases.iter().map(article).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Cases</title>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<style>{STYLE}</style></head>\n<body><h1>Cases</h1><p class=\"muted\">{} cases as of {}. The program proposes, a person decides. Both sides are quoted as published.</p>\n{articles}</body></html>\n",
        cases.len(),
        moment(now),
    )
}

/// One case of the page.
fn article(case: &Case, names: &Names, due: Option<&CaseDue>) -> String {
    let due = due.map_or_else(String::new, |due| {
        let what = escaped(&due.what.words());
        format!("<p>Deadline: {}, {what}</p>", moment(due.ends_at))
    });
    let differences: String = case
        .differing()
        .iter()
        .map(|one| {
            format!(
                "<dt>{}</dt><dd>publication: <del>{}</del>, record: <ins>{}</ins></dd>",
                one.slot.words(),
                escaped(&one.claimed),
                escaped(&one.official)
            )
        })
        .collect();
    let copies: String = case
        .copies
        .iter()
        .map(|copy| {
            format!(
                "<li>{}, {}, {} <span class=\"muted\">({})</span></li>",
                escaped(name(names, &copy.source, copy.language)),
                moment(copy.published),
                escaped(&copy.url),
                copy_words(copy)
            )
        })
        .collect();
    let sentence = case
        .copies
        .first()
        .map_or("", |copy| copy.sentence.as_str());
    let record = case.evidence.first().map_or_else(String::new, |quote| {
        format!(
            "<p>Record, {} <span class=\"muted\">{}</span></p><blockquote>{}</blockquote>",
            moment(quote.published),
            escaped(&quote.url),
            escaped(&quote.sentence)
        )
    });
    format!(
        "<article><h2>{} <span class=\"muted\">{}</span></h2>{due}<p>Publication</p><blockquote>{}</blockquote>{record}<dl>{differences}</dl><ul>{copies}</ul></article>\n",
        escaped(&case.id.0),
        case.state.words(),
        escaped(sentence)
    )
}
