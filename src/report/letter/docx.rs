//! A letter as DOCX (ECMA-376): styles instead of direct formatting, so that an office can make it its own.
//!
//! A4, the language of each paragraph marked for the spelling check, page numbers in the footer. Two languages are two
//! columns of a table, section by section. The bytes depend on the letter alone: no clock, no random ids.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::markup::{Block, Span, Spans};
use super::{Leaf, sections};
use crate::language::Language;
use crate::report::xml::escaped;

/// Parts that are the same in every letter.
const FIXED: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        include_str!("docx/content-types.xml"),
    ),
    ("_rels/.rels", include_str!("docx/package-rels.xml")),
    (
        "word/_rels/document.xml.rels",
        include_str!("docx/document-rels.xml"),
    ),
    ("word/styles.xml", include_str!("docx/styles.xml")),
    ("word/footer1.xml", include_str!("docx/footer.xml")),
];
/// Width between the margins, in twentieths of a point.
const WIDTH: usize = 9_639;
/// Share of the first column of a table, in percent: it names, the others quote.
const FIRST_COLUMN: usize = 26;
/// Open and close of the document part.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:body>";
/// Page, margins and footer, in twentieths of a point.
const TAIL: &str = "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1021\" w:right=\"850\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";

/// The letter as the bytes of a DOCX file.
///
/// # Errors
/// When it cannot be packed: a letter of more than four gigabytes.
pub fn docx(leaves: &[Leaf]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let document = document(leaves);
    let core = core(leaves);
    let own = [
        ("word/document.xml", document.as_str()),
        ("docProps/core.xml", core.as_str()),
    ];
    for (name, text) in FIXED.into_iter().chain(own) {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Title and language, as the properties of the file show them.
fn core(leaves: &[Leaf]) -> String {
    let first = leaves.first();
    let title = first.map_or("", |leaf| leaf.title.as_str());
    let language = first.map_or("ru-RU", |leaf| tag(leaf.language));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:language>{language}</dc:language></cp:coreProperties>",
        escaped(title)
    )
}

fn document(leaves: &[Leaf]) -> String {
    let body = match leaves {
        [one] => one
            .blocks
            .iter()
            .map(|block| shown(block, one.language, WIDTH))
            .collect(),
        many => pair(many),
    };
    format!("{HEAD}{body}{TAIL}")
}

/// Leaves side by side: a table without outer borders, a row for each section.
fn pair(leaves: &[Leaf]) -> String {
    let width = WIDTH / leaves.len().max(1);
    let grid: String = leaves
        .iter()
        .map(|_| format!("<w:gridCol w:w=\"{width}\"/>"))
        .collect();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/><w:tblBorders><w:insideV w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/></w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    );
    for row in sections(leaves) {
        out.push_str("<w:tr>");
        for (leaf, blocks) in leaves.iter().zip(row) {
            let inner = width.saturating_sub(240);
            let blocks: String = blocks
                .iter()
                .map(|block| shown(block, leaf.language, inner))
                .collect();
            // A cell ends with a paragraph, also where its last block is a table.
            let end = "<w:p><w:pPr><w:pStyle w:val=\"Gap\"/></w:pPr></w:p>";
            out.push_str(&format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{blocks}{end}</w:tc>"
            ));
        }
        out.push_str("</w:tr>");
    }
    out + "</w:tbl><w:p><w:pPr><w:pStyle w:val=\"Gap\"/></w:pPr></w:p>"
}

fn shown(block: &Block, language: Language, width: usize) -> String {
    let is_column = width < WIDTH;
    let styled = |style: &str, spans: &[Span]| {
        // A column has its own sizes, and no room to set the addressee apart.
        let style = if is_column {
            format!("{style}Column")
        } else {
            style.to_owned()
        };
        paragraph(&style, spans, language)
    };
    match block {
        Block::Title(spans) => styled("Title", spans),
        Block::Heading(spans) => styled("Heading1", spans),
        Block::Right(lines) => lines.iter().map(|line| styled("Addressee", line)).collect(),
        Block::Field(label, value) => {
            let mut spans: Spans = label.iter().map(|span| bold(&span.text)).collect();
            spans.push(bold(": "));
            spans.extend(value.iter().cloned());
            styled("Field", &spans)
        }
        Block::Quote(spans) => styled("Quote", spans),
        Block::Item(number, spans) => {
            let head = number.map_or_else(|| "– ".to_owned(), |number| format!("{number}. "));
            let mut all = vec![Span {
                text: head,
                is_bold: false,
            }];
            all.extend(spans.iter().cloned());
            styled("Item", &all)
        }
        Block::Table(rows) => table(rows, language, width),
        Block::Small(spans) => styled("Small", spans),
        Block::Signature(spans) => styled("Signature", spans),
        Block::Paragraph(spans) => styled("Normal", spans),
    }
}

fn bold(text: &str) -> Span {
    Span {
        text: text.to_owned(),
        is_bold: true,
    }
}

fn table(rows: &[Vec<Spans>], language: Language, width: usize) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or_default().max(1);
    let first = if n_columns > 1 {
        width * FIRST_COLUMN / 100
    } else {
        width
    };
    let others = (width - first) / (n_columns - 1).max(1);
    let widths: Vec<usize> = (0..n_columns)
        .map(|place| if place == 0 { first } else { others })
        .collect();
    let grid: String = widths
        .iter()
        .map(|width| format!("<w:gridCol w:w=\"{width}\"/>"))
        .collect();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    );
    let style = if width < WIDTH { "CellColumn" } else { "Cell" };
    for (number, row) in rows.iter().enumerate() {
        let head = if number == 0 { "<w:tblHeader/>" } else { "" };
        out.push_str(&format!("<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"));
        for (place, width) in widths.iter().enumerate() {
            let cell = row.get(place).map_or(&[][..], Vec::as_slice);
            let cell: Spans = match number {
                0 => cell.iter().map(|span| bold(&span.text)).collect(),
                _ => cell.to_vec(),
            };
            let cell = paragraph(style, &cell, language);
            out.push_str(&format!(
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{cell}</w:tc>"
            ));
        }
        out.push_str("</w:tr>");
    }
    out + "</w:tbl>" + &paragraph("Gap", &[], language)
}

fn paragraph(style: &str, spans: &[Span], language: Language) -> String {
    let runs: String = spans.iter().map(|span| run(span, language)).collect();
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>")
}

fn run(span: &Span, language: Language) -> String {
    let bold = if span.is_bold { "<w:b/><w:bCs/>" } else { "" };
    format!(
        "<w:r><w:rPr>{bold}<w:lang w:val=\"{}\"/></w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
        tag(language),
        escaped(&span.text.replace(['\t', '\n', '\r'], " "))
    )
}

/// The tag of a language as office programs know it.
fn tag(language: Language) -> &'static str {
    match language {
        Language::Kk => "kk-KZ",
        Language::Ru => "ru-RU",
        Language::En => "en-GB",
    }
}
