//! Renders a document as the JSON that `aigaq extract` prints.

use serde_json::{Value, json as value};

use crate::model::{BlockKind, Dated, Document};

/// The document as JSON. `text` is what a reader reads in order, table rows in their places as cells between tabs;
/// captions of pictures are given apart.
pub fn json(document: &Document) -> Value {
    let captions: Vec<&str> = document
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Caption)
        .map(|block| block.text.as_str())
        .collect();
    let date = |dated: &Option<Dated>| dated.as_ref().map(printed);
    let origin = |dated: &Option<Dated>| dated.as_ref().map(|dated| dated.origin);
    value!({
        "url": document.url,
        "title": document.title,
        "author": document.authors.join(", "),
        "subtitle": document.about.subtitle,
        "section": document.about.section,
        "image": document.about.image,
        "credits": document.about.credits,
        "links": document.about.links,
        "published": date(&document.published),
        "published_origin": origin(&document.published),
        "modified": date(&document.modified),
        "modified_origin": origin(&document.modified),
        "language": document.language,
        "other_languages": document.about.other_languages,
        "confidence": document.about.confidence,
        "text": text(document),
        "captions": captions,
        "blocks": document.blocks,
        "tables": document.tables,
        "alternates": document.alternates,
        "warnings": document.warnings,
    })
}

/// The text a reader reads: blocks without captions, and tables where they stand.
fn text(document: &Document) -> String {
    let mut lines: Vec<String> = Vec::with_capacity(document.blocks.len());
    let rows_before = |at: usize| {
        document
            .tables
            .iter()
            .filter(move |table| table.n_blocks_before == at)
            .flat_map(|table| table.rows.iter().map(|row| row.join("\t")))
    };
    for (at, block) in document.blocks.iter().enumerate() {
        lines.extend(rows_before(at));
        if block.kind != BlockKind::Caption {
            lines.push(block.text.clone());
        }
    }
    lines.extend(rows_before(document.blocks.len()));
    lines.join("\n")
}

/// A date as printed: only the day where only a day is known.
fn printed(dated: &Dated) -> String {
    if dated.is_day_only {
        dated.at.date_naive().to_string()
    } else {
        dated.at.to_rfc3339()
    }
}
