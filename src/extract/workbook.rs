//! Reads an official workbook (XLSX, XLS) or CSV file into tables: one per sheet, every figure under the full path of
//! its column and beside the full path of its row.
//!
//! Forms of statistics nest their labels («из них» beside a group of rows), merge their headers and count their columns
//! in a row of numbers. The path is written out in each label, so that a cell can be quoted alone. Codes of rows are
//! used for the form's own checks and left out of the table: they are not figures. Formulas are read by their stored
//! values. Left out: charts, notes, styles.

mod notes;

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Reader, Xls, Xlsx};

use super::{NotADocument, Page, files, tables};
use crate::model::{About, CanonicalUrl, DateOrigin, Document, Table};

/// Most cells read of one sheet.
const MAX_CELLS: usize = 500_000;
/// Rows past this are left out.
const MAX_ROWS: usize = 100_000;
/// Columns past this are left out.
const MAX_COLUMNS: usize = 512;
/// Rows at the top of a sheet among which the header is looked for.
const MAX_HEADER_ROWS: usize = 20;
/// Rows of headings above the row that counts the columns.
const MAX_HEADER_DEPTH: usize = 6;
/// Most merged areas of a header looked at.
const MAX_MERGED: usize = 2_000;
/// Words that open a group of parts under the label before them.
const GROUP_WORDS: &[&str] = &[
    "из них",
    "в том числе",
    "в т.ч.",
    "в т.ч",
    "из графы",
    "из гр.",
    "из них:",
    "в том числе:",
    "оның ішінде",
    "соның ішінде",
    "олардан",
    "of which",
    "of them",
    "including",
];

/// A sheet as cells: row, column, text. Rows and columns count from 0.
struct Sheet {
    name: String,
    cells: BTreeMap<(usize, usize), String>,
    merged: Vec<Dimensions>,
    is_cut: bool,
}

/// Whether a body is a file this module reads: XLSX is known by its parts, the older formats by name or type too.
pub(super) fn is_workbook(page: &Page<'_>) -> bool {
    let path = page
        .url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let kind = page.content_type.unwrap_or_default().to_ascii_lowercase();
    let is_office =
        page.bytes.starts_with(b"PK\x03\x04") || page.bytes.starts_with(b"\xD0\xCF\x11\xE0");
    (is_office
        && (path.ends_with(".xlsx")
            || path.ends_with(".xls")
            || kind.contains("spreadsheet")
            || kind.contains("excel")))
        || files::holds(page.bytes, "xl/workbook.xml")
        || path.ends_with(".csv")
        || kind.starts_with("text/csv")
}

/// Reads the file.
pub(super) fn document(page: &Page<'_>) -> Result<Document, NotADocument> {
    let sheets = files::contained(|| sheets(page))?;
    let mut warnings = Vec::new();
    let mut form = String::new();
    let mut found = Vec::new();
    for sheet in &sheets {
        if sheet.is_cut {
            warnings.push(format!("sheet {} is larger than what is read", sheet.name));
        }
        if let Some(read) = read_sheet(sheet) {
            if form.is_empty() {
                form.clone_from(&read.form);
            }
            warnings.extend(
                read.notes
                    .iter()
                    .map(|note| format!("sheet {}: {note}", sheet.name)),
            );
            found.push(read.table);
        }
    }
    if found.is_empty() {
        return Err(NotADocument::Empty);
    }
    Ok(Document {
        url: CanonicalUrl(page.url.to_owned()),
        title: files::title(page, &form),
        authors: Vec::new(),
        published: super::api::read_date(
            page,
            page.hint.published.as_deref(),
            DateOrigin::Discovery,
        ),
        modified: None,
        language: files::language(page, &found),
        blocks: Vec::new(),
        tables: found,
        alternates: Vec::new(),
        warnings,
        about: About::default(),
    })
}

/// The sheets of the file.
fn sheets(page: &Page<'_>) -> Result<Vec<Sheet>, NotADocument> {
    let unreadable = |detail: String| NotADocument::BadFile { detail };
    Ok(if page.bytes.starts_with(b"PK\x03\x04") {
        files::check_size(page.bytes)?;
        xlsx(page.bytes).map_err(unreadable)?
    } else if page.bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        xls(page.bytes).map_err(unreadable)?
    } else {
        vec![csv_sheet(page).map_err(unreadable)?]
    })
}

/// The sheets of an XLSX file, cell by cell, so that one far cell does not make a grid of billions.
fn xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let names = book.sheet_names();
    let mut sheets = Vec::new();
    for name in names {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut sheet = Sheet {
            name,
            cells: BTreeMap::new(),
            merged: header_areas(merged),
            is_cut: false,
        };
        while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
            let text = Data::from(match cell.get_value() {
                DataRef::SharedString(text) => DataRef::String((*text).to_owned()),
                other => other.clone(),
            });
            if !sheet.put(cell.get_position(), &text) {
                break;
            }
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// The sheets of an XLS file, whose grid the format itself bounds.
fn xls(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let names = book.sheet_names();
    let mut sheets = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        let merged = book.merge_cells_by_sheet_id(at).unwrap_or_default();
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        let (top, left) = range.start().unwrap_or_default();
        let mut sheet = Sheet {
            name,
            cells: BTreeMap::new(),
            merged: header_areas(merged),
            is_cut: false,
        };
        for (row, column, value) in range.used_cells() {
            let place = (
                u32::try_from(row).unwrap_or(u32::MAX).saturating_add(top),
                u32::try_from(column)
                    .unwrap_or(u32::MAX)
                    .saturating_add(left),
            );
            if !sheet.put(place, value) {
                break;
            }
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// A CSV file as a sheet; the separator is the one its first line has most of.
fn csv_sheet(page: &Page<'_>) -> Result<Sheet, String> {
    let decoded = crate::markup::charset::decode(page.bytes, page.content_type);
    let head = decoded.text.lines().next().unwrap_or_default();
    let separator = [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|separator| {
            (
                head.bytes().filter(|byte| byte == separator).count(),
                *separator == b',',
            )
        })
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(decoded.text.as_bytes());
    let mut sheet = Sheet {
        name: String::new(),
        cells: BTreeMap::new(),
        merged: Vec::new(),
        is_cut: false,
    };
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        for (column, text) in record.iter().enumerate() {
            let place = (
                u32::try_from(row).unwrap_or(u32::MAX),
                u32::try_from(column).unwrap_or(u32::MAX),
            );
            if !sheet.put(place, &Data::String(text.to_owned())) {
                return Ok(sheet);
            }
        }
    }
    Ok(sheet)
}

impl Sheet {
    /// Puts a cell; `false` once the sheet is full.
    fn put(&mut self, (row, column): (u32, u32), value: &Data) -> bool {
        let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else {
            return true;
        };
        if row >= MAX_ROWS || column >= MAX_COLUMNS || self.cells.len() >= MAX_CELLS {
            self.is_cut = true;
            return self.cells.len() < MAX_CELLS && row < MAX_ROWS;
        }
        let text = super::metadata::fold(&value.to_string());
        if !text.is_empty() && !matches!(value, Data::Error(_)) {
            self.cells.insert((row, column), text);
        }
        true
    }

    /// The text of a cell; merged cells of the header repeat theirs.
    fn text(&self, row: usize, column: usize) -> &str {
        self.cells.get(&(row, column)).map_or("", String::as_str)
    }
}

/// The merged areas that a header can have.
fn header_areas(merged: Vec<Dimensions>) -> Vec<Dimensions> {
    merged
        .into_iter()
        .filter(|area| usize::try_from(area.start.0).is_ok_and(|row| row < MAX_HEADER_ROWS))
        .take(MAX_MERGED)
        .collect()
}

/// What a sheet says.
struct Read {
    form: String,
    table: Table,
    notes: Vec<String>,
}

/// Where the parts of a sheet stand.
struct Layout {
    first_header: usize,
    numbering: Option<usize>,
    first_data: usize,
    /// Columns of figures; the labels stand before them.
    figures: Vec<usize>,
    labels: Vec<usize>,
    code: Option<usize>,
}

/// Reads a sheet; `None` when it holds no table.
fn read_sheet(sheet: &Sheet) -> Option<Read> {
    let n_rows = sheet.cells.keys().next_back()?.0 + 1;
    let n_columns = sheet.cells.keys().map(|(_, column)| column + 1).max()?;
    let layout = layout(sheet, n_rows, n_columns)?;
    let above: Vec<String> = (0..layout.first_header)
        .flat_map(|row| (0..n_columns).map(move |column| (row, column)))
        .map(|(row, column)| sheet.text(row, column).to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    let mut rows = vec![header(sheet, &layout)];
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    let mut paths = Paths {
        above: vec![String::new(); layout.labels.len()],
        last: String::new(),
    };
    for row in layout.first_data..n_rows {
        let label = paths.label(sheet, &layout, row);
        let figures: Vec<String> = layout
            .figures
            .iter()
            .map(|column| sheet.text(row, *column).to_owned())
            .collect();
        if label.is_empty() && figures.iter().all(String::is_empty) {
            continue;
        }
        if let Some(code) = layout
            .code
            .map(|column| sheet.text(row, column))
            .filter(|code| !code.is_empty())
        {
            codes.insert(code.to_owned(), rows.len());
        }
        rows.push(std::iter::once(label).chain(figures).collect());
    }
    let form = above.first().cloned().unwrap_or_default();
    let section = above.last().cloned().unwrap_or_default();
    let title = [sheet.name.as_str(), section.as_str()]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(". ");
    let notes = notes::notes(&rows, &codes);
    (rows.len() > 1).then_some(Read {
        form,
        table: Table {
            title,
            n_header_rows: 1,
            rows,
            n_blocks_before: 0,
        },
        notes,
    })
}

/// Finds header, labels and figures: by the row that counts the columns, else by the first row of figures.
fn layout(sheet: &Sheet, n_rows: usize, n_columns: usize) -> Option<Layout> {
    let row_of = |row: usize| -> Vec<String> {
        (0..n_columns)
            .map(|column| sheet.text(row, column).to_owned())
            .collect()
    };
    let n_filled = |row: usize| {
        (0..n_columns)
            .filter(|column| !sheet.text(row, *column).is_empty())
            .count()
    };
    let numbering =
        (0..n_rows.min(MAX_HEADER_ROWS)).find(|row| tables::is_numbering(&row_of(*row)));
    if let Some(numbering) = numbering {
        let first_figure = (0..n_columns).find(|column| sheet.text(numbering, *column) == "1")?;
        // The highest row close above that names several columns; rows between may hold a single merged heading.
        let first_header = (numbering.saturating_sub(MAX_HEADER_DEPTH)..numbering)
            .find(|row| n_filled(*row) >= 3)
            .unwrap_or(numbering);
        let figures = (first_figure..n_columns)
            .filter(|column| sheet.text(numbering, *column).parse::<u32>().is_ok())
            .collect();
        // The last column before the figures holds the codes when the row of numbers gives it a letter of its own.
        let code = (first_figure > 1 && !sheet.text(numbering, first_figure - 1).is_empty())
            .then(|| first_figure - 1);
        let n_labels = code.unwrap_or(first_figure);
        return Some(Layout {
            first_header,
            numbering: Some(numbering),
            first_data: numbering + 1,
            figures,
            labels: (0..n_labels).collect(),
            code,
        });
    }
    let head: Vec<Vec<String>> = (0..n_rows.min(MAX_HEADER_ROWS)).map(row_of).collect();
    let first_header = (0..head.len()).find(|row| n_filled(*row) >= 2)?;
    let n_header = tables::guess_header_rows(&head[first_header..]).max(1);
    let first_data = first_header + n_header;
    let is_figures = |column: usize| {
        let cells: Vec<&str> = (first_data..n_rows.min(first_data + 50))
            .map(|row| sheet.text(row, column))
            .filter(|text| !text.is_empty())
            .collect();
        !cells.is_empty()
            && cells.iter().filter(|text| tables::is_figure(text)).count() * 2 > cells.len()
    };
    let first_figure = (1..n_columns)
        .find(|column| is_figures(*column))
        .unwrap_or(1);
    Some(Layout {
        first_header,
        numbering: None,
        first_data,
        figures: (first_figure..n_columns).collect(),
        labels: (0..first_figure).collect(),
        code: None,
    })
}

/// The header as one row: for each column of figures the path of its headings.
fn header(sheet: &Sheet, layout: &Layout) -> Vec<String> {
    let end = layout.numbering.unwrap_or(layout.first_data);
    let heading = |row: usize, column: usize| -> &str {
        let own = sheet.text(row, column);
        if !own.is_empty() {
            return own;
        }
        sheet
            .merged
            .iter()
            .find(|area| {
                let inside = |at: usize, from: u32, to: u32| {
                    u32::try_from(at).is_ok_and(|at| from <= at && at <= to)
                };
                inside(row, area.start.0, area.end.0) && inside(column, area.start.1, area.end.1)
            })
            .map_or("", |area| {
                sheet.text(area.start.0 as usize, area.start.1 as usize)
            })
    };
    let mut header = vec![layout.labels.first().map_or(String::new(), |column| {
        heading(layout.first_header, *column).to_owned()
    })];
    let mut by_number: BTreeMap<String, String> = BTreeMap::new();
    let mut whole = String::new();
    for column in &layout.figures {
        let mut path: Vec<String> = Vec::new();
        for row in layout.first_header..end {
            let text = heading(row, *column);
            if text.is_empty() || path.last().is_some_and(|last| last == text) {
                continue;
            }
            if is_group(text) {
                // «из графы 2» names its whole by number; «из них» means the column before the group.
                let number: String = text.chars().filter(char::is_ascii_digit).collect();
                path.push(by_number.get(&number).unwrap_or(&whole).clone());
            }
            path.push(text.to_owned());
        }
        let joined = path
            .iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" > ");
        if !path.iter().any(|part| is_group(part)) {
            whole.clone_from(&joined);
        }
        if let Some(row) = layout.numbering {
            by_number.insert(sheet.text(row, *column).to_owned(), joined.clone());
        }
        header.push(joined);
    }
    header
}

/// Whether a label opens a group of parts.
fn is_group(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    GROUP_WORDS.iter().any(|word| lower.starts_with(word)) && lower.chars().count() <= 24
}

/// The labels above the row at hand, one for each column of labels.
struct Paths {
    above: Vec<String>,
    last: String,
}

impl Paths {
    /// The label of a row with the labels it belongs under.
    fn label(&mut self, sheet: &Sheet, layout: &Layout, row: usize) -> String {
        let mut own: Vec<String> = Vec::new();
        for (depth, column) in layout.labels.iter().enumerate() {
            let text = sheet.text(row, *column);
            if text.is_empty() {
                continue;
            }
            self.above[depth..].iter_mut().for_each(String::clear);
            if is_group(text) {
                self.above[depth].clone_from(&self.last);
            } else {
                own.push(text.to_owned());
            }
        }
        if own.is_empty() {
            return String::new();
        }
        let own = own.join(" > ");
        let path: Vec<&str> = self
            .above
            .iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .chain([own.as_str()])
            .collect();
        let label = path.join(" > ");
        self.last = own;
        label
    }
}
