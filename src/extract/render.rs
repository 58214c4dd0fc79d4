//! Renders a document as the JSON that `aigaq extract` prints.

use serde_json::{Value, json as value};

use crate::model::{BlockKind, Dated, Document};

/// The document as JSON. `text` is the running text; captions of pictures are given apart.
pub fn json(document: &Document) -> Value {
    let texts = |is_caption: bool| {
        document
            .blocks
            .iter()
            .filter(move |block| (block.kind == BlockKind::Caption) == is_caption)
            .map(|block| block.text.as_str())
            .collect::<Vec<_>>()
    };
    let date = |dated: &Option<Dated>| dated.as_ref().map(printed);
    let origin = |dated: &Option<Dated>| dated.as_ref().map(|dated| dated.origin);
    value!({
        "url": document.url,
        "title": document.title,
        "author": document.authors.join(", "),
        "published": date(&document.published),
        "published_origin": origin(&document.published),
        "modified": date(&document.modified),
        "modified_origin": origin(&document.modified),
        "language": document.language,
        "text": texts(false).join("\n"),
        "captions": texts(true),
        "blocks": document.blocks,
        "tables": document.tables,
        "alternates": document.alternates,
        "warnings": document.warnings,
    })
}

/// A date as printed: only the day where only a day is known.
fn printed(dated: &Dated) -> String {
    if dated.is_day_only {
        dated.at.date_naive().to_string()
    } else {
        dated.at.to_rfc3339()
    }
}
