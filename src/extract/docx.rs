//! Reads a DOCX file: paragraphs, headings, items, tables with their merged cells, footnotes; what was deleted under
//! review is left out, what was inserted stays. Spec: ECMA-376, part 1, 17.
//!
//! The file is a ZIP archive of XML parts. A part is read as a stream and never larger than the limit, so a small file
//! that unpacks to an enormous one costs no more; document types and entities of their own are refused.

use std::collections::BTreeMap;
use std::io::{BufReader, Cursor, Read};

use chrono::DateTime;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::files::{self, Found};
use super::{NotADocument, Page, tables};
use crate::model::{Block, BlockKind, DateOrigin, Dated, Document, Table};

/// Largest part read, in bytes once unpacked.
const MAX_PART_BYTES: u64 = 64 * 1024 * 1024;
/// Deepest nesting of a part.
const MAX_DEPTH: usize = 512;
/// Most cells read of one table.
const MAX_CELLS: usize = 200_000;
/// Widest span of a merged cell that is believed.
const MAX_SPAN: usize = 200;

/// Whether a body is a DOCX file.
pub(super) fn is_docx(page: &Page<'_>) -> bool {
    files::holds(page.bytes, "word/document.xml")
}

/// Reads the file.
pub(super) fn document(page: &Page<'_>) -> Result<Document, NotADocument> {
    let bad = |detail: String| NotADocument::BadFile { detail };
    let archive = ZipArchive::new(Cursor::new(page.bytes));
    let mut archive = archive.map_err(|error| bad(error.to_string()))?;
    let mut part = |name: &str| -> Option<Vec<u8>> {
        let file = archive.by_name(name).ok()?;
        let mut bytes = Vec::new();
        file.take(MAX_PART_BYTES + 1).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let body = part("word/document.xml").ok_or_else(|| bad("its text is damaged".to_owned()))?;
    if body.len() as u64 > MAX_PART_BYTES {
        return Err(bad(format!(
            "its text is larger than {MAX_PART_BYTES} bytes"
        )));
    }
    let styles = part("word/styles.xml").map_or_else(BTreeMap::new, |bytes| styles(&bytes));
    let mut text = Text::new(&styles);
    text.read(&body).map_err(bad)?;
    let mut warnings = Vec::new();
    if let Some(notes) = part("word/footnotes.xml") {
        // A damaged note costs the notes and not the text.
        let mut of_notes = Text::new(&styles);
        match of_notes.read(&notes) {
            Ok(()) => text.blocks.append(&mut of_notes.blocks),
            Err(detail) => warnings.push(format!("the footnotes cannot be read: {detail}")),
        }
    }
    let properties = part("docProps/core.xml").map_or_else(BTreeMap::new, |bytes| fields(&bytes));
    let time = |name: &str| {
        let at = DateTime::parse_from_rfc3339(properties.get(name)?).ok()?;
        Some(Dated {
            at,
            origin: DateOrigin::Guess,
            is_day_only: false,
        })
    };
    if text.blocks.is_empty() && text.tables.is_empty() && text.title.is_none() {
        return Err(NotADocument::Empty);
    }
    let found = Found {
        title: text.title,
        stated_title: properties.get("title").cloned(),
        authors: properties.get("creator").cloned().into_iter().collect(),
        created: time("created"),
        modified: time("modified"),
        blocks: text.blocks,
        tables: text.tables,
        warnings,
    };
    Ok(files::document(page, found))
}

/// A reader of a part.
fn reader(bytes: &[u8]) -> Reader<BufReader<&[u8]>> {
    Reader::from_reader(BufReader::new(bytes))
}

/// An attribute by its name without prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten();
    let mut found = found.filter(|one| one.key.local_name().as_ref() == name);
    found.next().map(|one| one.value.into_owned())
}

/// The letters that a named or numbered reference stands for.
fn reference(name: &str) -> Option<String> {
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some(letter.to_string())
}

/// What a style is to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Title,
    Block(BlockKind),
}

/// The styles that matter, by id. Ids are translated by the program that wrote the file, names are not (17.7.4.9).
fn styles(bytes: &[u8]) -> BTreeMap<String, Style> {
    let mut styles = BTreeMap::new();
    let mut reader = reader(bytes);
    let (mut buffer, mut id) = (Vec::new(), None);
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match &event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "style" => id = attribute(tag, "styleId"),
                "name" => {
                    let name = attribute(tag, "val").unwrap_or_default().to_lowercase();
                    let style = if name == "title" {
                        Some(Style::Title)
                    } else if name.starts_with("heading") || name == "subtitle" {
                        Some(Style::Block(BlockKind::Heading))
                    } else if name.starts_with("list") {
                        Some(Style::Block(BlockKind::ListItem))
                    } else if name.contains("quote") {
                        Some(Style::Block(BlockKind::Quotation))
                    } else if name == "caption" {
                        Some(Style::Block(BlockKind::Caption))
                    } else {
                        None
                    };
                    if let (Some(id), Some(style)) = (id.take(), style) {
                        styles.insert(id, style);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        buffer.clear();
    }
    styles
}

/// The texts of the elements of a part that has no structure, by name.
fn fields(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut reader = reader(bytes);
    let (mut buffer, mut name) = (Vec::new(), String::new());
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        let text = match &event {
            Event::Eof => break,
            Event::Start(tag) => {
                name = tag.local_name().as_ref().to_owned();
                None
            }
            Event::Text(text) => Some(text.to_string()),
            Event::GeneralRef(entity) => reference(entity),
            _ => None,
        };
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            fields.entry(name.clone()).or_default().push_str(&text);
        }
        buffer.clear();
    }
    fields
}

/// A paragraph being read.
#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<Style>,
    is_item: bool,
}

/// A table being read.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    n_cells: usize,
    n_header_rows: usize,
    is_header: bool,
    /// Columns the cell at hand covers.
    span: usize,
    /// Whether the cell at hand continues the one above it.
    is_below: bool,
    cell: String,
}

impl Grid {
    /// Ends a cell: a merged one repeats its text.
    fn end_cell(&mut self) {
        let above = self.rows.len().checked_sub(2);
        let text = std::mem::take(&mut self.cell);
        for _ in 0..self.span.clamp(1, MAX_SPAN) {
            if self.n_cells >= MAX_CELLS {
                return;
            }
            let Some(column) = self.rows.last().map(Vec::len) else {
                return;
            };
            let text = match above.filter(|_| self.is_below) {
                Some(above) => self.rows[above].get(column).cloned().unwrap_or_default(),
                None => text.clone(),
            };
            if let Some(row) = self.rows.last_mut() {
                row.push(text);
                self.n_cells += 1;
            }
        }
    }
}

/// The text of a part.
struct Text<'s> {
    styles: &'s BTreeMap<String, Style>,
    title: Option<String>,
    blocks: Vec<Block>,
    tables: Vec<Table>,
    /// Open paragraphs: a text box stands inside one.
    paragraphs: Vec<Paragraph>,
    /// Open tables, outermost first.
    grids: Vec<Grid>,
}

impl<'s> Text<'s> {
    fn new(styles: &'s BTreeMap<String, Style>) -> Text<'s> {
        Text {
            styles,
            title: None,
            blocks: Vec::new(),
            tables: Vec::new(),
            paragraphs: Vec::new(),
            grids: Vec::new(),
        }
    }

    /// Reads a part.
    fn read(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut reader = reader(bytes);
        let mut buffer = Vec::new();
        let (mut depth, mut skipped_from, mut is_text) = (0_usize, None, false);
        loop {
            let event = reader.read_event_into(&mut buffer);
            match event.map_err(|error| error.to_string())? {
                Event::Eof => break,
                Event::DocType(_) => return Err("it declares a document type".to_owned()),
                Event::Start(tag) => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(format!("it is nested deeper than {MAX_DEPTH}"));
                    }
                    let name = tag.local_name();
                    if skipped_from.is_none() {
                        if is_left_out(name.as_ref()) {
                            skipped_from = Some(depth);
                        } else {
                            is_text = name.as_ref() == "t";
                            self.open(&tag);
                        }
                    }
                }
                Event::Empty(tag)
                    if skipped_from.is_none() && !is_left_out(tag.local_name().as_ref()) =>
                {
                    self.open(&tag);
                    self.close(tag.local_name().as_ref());
                }
                Event::End(tag) => {
                    if skipped_from == Some(depth) {
                        skipped_from = None;
                    } else if skipped_from.is_none() {
                        is_text = false;
                        self.close(tag.local_name().as_ref());
                    }
                    depth = depth.saturating_sub(1);
                }
                Event::Text(text) if is_text && skipped_from.is_none() => {
                    self.add(&text);
                }
                Event::GeneralRef(name) if is_text && skipped_from.is_none() => {
                    self.add(&reference(&name).unwrap_or_default());
                }
                _ => {}
            }
            buffer.clear();
        }
        if depth > 0 {
            return Err("it is cut".to_owned());
        }
        Ok(())
    }

    fn add(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        let value = || attribute(tag, "val");
        match tag.local_name().as_ref() {
            "p" => self.paragraphs.push(Paragraph::default()),
            "pStyle" => {
                let style = value().and_then(|id| self.styles.get(&id).copied());
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.style = style;
                }
            }
            "numPr" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.is_item = true;
                }
            }
            "tab" | "br" | "cr" | "ptab" => self.add(" "),
            "noBreakHyphen" => self.add("-"),
            "tbl" => self.grids.push(Grid::default()),
            name => {
                let Some(grid) = self.grids.last_mut() else {
                    return;
                };
                match name {
                    "tr" => {
                        grid.rows.push(Vec::new());
                        grid.is_header = false;
                    }
                    "tblHeader" => {
                        grid.is_header = value().is_none_or(|on| on != "0" && on != "false")
                    }
                    "tc" => {
                        (grid.span, grid.is_below) = (1, false);
                        grid.cell.clear();
                    }
                    "gridSpan" => grid.span = value().and_then(|n| n.parse().ok()).unwrap_or(1),
                    "vMerge" => grid.is_below = value().is_none_or(|how| how != "restart"),
                    _ => {}
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.end_paragraph(&paragraph);
                }
            }
            "tc" => {
                if let Some(grid) = self.grids.last_mut() {
                    grid.end_cell();
                }
            }
            "tr" => {
                if let Some(grid) = self.grids.last_mut()
                    && grid.is_header
                    && grid.n_header_rows + 1 == grid.rows.len()
                {
                    grid.n_header_rows += 1;
                }
            }
            "tbl" => {
                if let Some(grid) = self.grids.pop() {
                    self.end_table(grid);
                }
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self, paragraph: &Paragraph) {
        let text = paragraph
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if text.is_empty() {
            return;
        }
        if let Some(grid) = self.grids.last_mut() {
            if !grid.cell.is_empty() {
                grid.cell.push(' ');
            }
            grid.cell.push_str(&text);
            return;
        }
        let kind = match paragraph.style {
            Some(Style::Title) if self.title.is_none() => {
                self.title = Some(text);
                return;
            }
            Some(Style::Title) => BlockKind::Heading,
            Some(Style::Block(kind)) => kind,
            None if paragraph.is_item => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        self.blocks.push(Block { kind, text });
    }

    /// Ends a table; one that stands in a cell of another is text of that cell.
    fn end_table(&mut self, grid: Grid) {
        if let Some(outer) = self.grids.last_mut() {
            let rows: Vec<String> = grid.rows.iter().map(|row| row.join(" ")).collect();
            outer.cell.push_str(&format!(" {}", rows.join(" ")));
            outer.cell = outer.cell.trim().to_owned();
            return;
        }
        let mut rows = grid.rows;
        rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        if width == 1 {
            // A frame around text.
            let texts = rows.into_iter().flatten();
            let kind = BlockKind::Paragraph;
            self.blocks.extend(texts.map(|text| Block { kind, text }));
        } else if width > 1 {
            for row in &mut rows {
                row.resize(width, String::new());
            }
            let n_header_rows = match grid.n_header_rows {
                n if n == 0 || n >= rows.len() => tables::guess_header_rows(&rows),
                n => n,
            };
            let above = self.blocks.last().map(|block| block.text.clone());
            self.tables.push(Table {
                title: above.unwrap_or_default(),
                n_header_rows,
                rows,
                n_blocks_before: self.blocks.len(),
            });
        }
    }
}

/// Elements whose text a reader does not see: what was deleted or moved away under review, field codes, and the old
/// form of a drawing that stands beside its new form.
fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "del" | "moveFrom" | "instrText" | "delText" | "Fallback" | "rPrChange" | "pPrChange"
    )
}
