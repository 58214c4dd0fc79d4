//! Reads an item of a JSON API by the pointers of the configuration, and text embedded in a page as JSON.

use scraper::Html;
use serde_json::Value;
use url::Url;

use super::json_ld::JsonLd;
use super::tree::Tree;
use super::{NotADocument, Page, lines, maintext, metadata, parts, scan, when};
use crate::config::Api;
use crate::language::{Language, detect};
use crate::model::{About, Block, BlockKind, CanonicalUrl, DateOrigin, Dated, Document, Table};

/// Least characters of a text embedded in a page that is taken for its main text.
const MIN_EMBEDDED_CHARS: usize = 300;
/// Deepest nesting of an embedded object that is searched.
const MAX_DEPTH: usize = 40;

/// Reads the item.
pub(super) fn document(page: &Page<'_>) -> Result<Document, NotADocument> {
    let bad = |detail: String| NotADocument::BadItem { detail };
    let Some(pointers) = page.api else {
        return Err(bad("no pointers are configured".to_owned()));
    };
    let bytes = page
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(page.bytes);
    let item: Value = serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
    let get = |pointer: Option<&String>| {
        pointer
            .and_then(|pointer| item.pointer(pointer))
            .map(text_of)
            .filter(|text| !text.is_empty())
    };
    let title = get(pointers.title.as_ref())
        .map(|text| plain(&text))
        .or_else(|| page.hint.title.clone())
        .unwrap_or_default();
    let Some(body) = get(pointers.body.as_ref()) else {
        let pointer = pointers.body.as_deref().unwrap_or_default();
        return Err(bad(format!("there is no text at {pointer:?}")));
    };
    let (blocks, tables, is_cut) = fragment(&body, &title);
    let mut warnings = Vec::new();
    if is_cut {
        warnings.push("markup past the limits of depth or size was left out".to_owned());
    }
    if blocks.is_empty() && tables.is_empty() {
        warnings.push("no main text was found".to_owned());
    }
    let language = language_of(page, pointers, &item, &blocks);
    let published = published(page, get(pointers.published.as_ref()));
    Ok(Document {
        url: CanonicalUrl(address(page, get(pointers.url.as_ref()))),
        title,
        authors: Vec::new(),
        published,
        modified: None,
        language,
        blocks,
        tables,
        alternates: Vec::new(),
        warnings,
        about: About::default(),
    })
}

/// A value as text: strings and numbers.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The address readers see: the item's own, what discovery said, else the address fetched.
fn address(page: &Page<'_>, written: Option<String>) -> String {
    let written = written.or_else(|| page.hint.page_url.clone());
    written
        .and_then(|address| match Url::parse(page.url) {
            Ok(base) => base.join(&address).ok(),
            Err(_) => Url::parse(&address).ok(),
        })
        .map_or_else(|| page.url.to_owned(), Url::into)
}

/// When the item was published.
fn published(page: &Page<'_>, written: Option<String>) -> Option<Dated> {
    let written = written.map(|text| unix_time(&text).unwrap_or(text));
    read_date(page, written.as_deref(), DateOrigin::Api)
        .or_else(|| read_date(page, page.hint.published.as_deref(), DateOrigin::Discovery))
}

/// Reads a written date in the zone of the source.
pub(super) fn read_date(
    page: &Page<'_>,
    written: Option<&str>,
    origin: DateOrigin,
) -> Option<Dated> {
    let html = Html::new_document();
    let tree = Tree::of(&html);
    let from = when::Sources {
        tree: &tree,
        lines: &[],
        json_ld: &JsonLd::default(),
        title_line: None,
        root: 0,
        url: page.url,
        page_text: "",
        hint: None,
        timezone: page.timezone,
        fetched_at: page.fetched_at,
        language: None,
    };
    from.read(written?, origin)
}

/// A number of seconds or milliseconds since 1970 as a written moment.
fn unix_time(text: &str) -> Option<String> {
    let number: i64 = text.parse().ok()?;
    let seconds = match text.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    chrono::DateTime::from_timestamp(seconds, 0).map(|at| at.to_rfc3339())
}

/// The language of an item.
fn language_of(
    page: &Page<'_>,
    pointers: &Api,
    item: &Value,
    blocks: &[Block],
) -> Option<Language> {
    let text: Vec<&str> = blocks
        .iter()
        .take(40)
        .map(|block| block.text.as_str())
        .collect();
    let declared = pointers
        .language
        .as_ref()
        .and_then(|pointer| item.pointer(pointer))
        .and_then(Value::as_str)
        .or(page.hint.language.as_deref())
        .and_then(Language::from_code);
    detect::language(&text.join("\n"))
        .or(declared)
        .or(match page.languages {
            [only] => Some(*only),
            _ => None,
        })
}

/// The blocks and tables of an HTML fragment or of plain text.
fn fragment(body: &str, title: &str) -> (Vec<Block>, Vec<Table>, bool) {
    if !body.contains('<') {
        return (plain_blocks(body), Vec::new(), false);
    }
    let scanned = scan::scan(body);
    let html = Html::parse_document(&scanned.html);
    let tree = Tree::of(&html);
    let lines = lines::of(&tree);
    let main = maintext::find(&tree, &lines, (title, None), Some(0));
    let (blocks, tables) = parts(&tree, &lines, &main);
    (blocks, tables, scanned.is_cut)
}

/// Paragraphs of plain text: one for each line.
fn plain_blocks(text: &str) -> Vec<Block> {
    text.lines()
        .map(plain)
        .filter(|line| !line.is_empty())
        .map(|text| Block {
            kind: BlockKind::Paragraph,
            text,
        })
        .collect()
}

/// Plain text with its character references read and white space folded.
fn plain(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return metadata::fold(text);
    }
    let html = Html::parse_fragment(&scan::scan(text).html);
    metadata::fold(&html.root_element().text().collect::<String>())
}

/// The text a page carries only as data: `articleBody`, or the longest text of an embedded state object.
pub(super) fn embedded_text(
    json_ld: &JsonLd,
    states: &[String],
    n_found: usize,
) -> Option<Vec<Block>> {
    let least = MIN_EMBEDDED_CHARS.max(2 * n_found);
    if let Some(body) = json_ld
        .body
        .as_deref()
        .filter(|body| body.chars().count() >= least)
    {
        return Some(fragment(body, "").0).filter(|blocks| !blocks.is_empty());
    }
    let mut best = String::new();
    for state in states {
        if let Ok(value) = serde_json::from_str::<Value>(state) {
            longest(&value, 0, &mut best);
        }
    }
    if best.chars().count() < least {
        return None;
    }
    Some(fragment(&best, "").0).filter(|blocks| !blocks.is_empty())
}

/// Keeps the longest running text among the strings of a value, under keys that name a text.
fn longest(value: &Value, depth: usize, best: &mut String) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| longest(item, depth + 1, best)),
        Value::Object(map) => {
            for (key, inner) in map {
                match inner {
                    Value::String(text) if is_text_key(key) => {
                        if text.len() > best.len() && text.contains(". ") && text.contains(' ') {
                            best.clone_from(text);
                        }
                    }
                    other => longest(other, depth + 1, best),
                }
            }
        }
        _ => {}
    }
}

/// Whether a key names the text of an article.
fn is_text_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    ["body", "content", "text", "html", "story", "full"]
        .iter()
        .any(|word| lower.contains(word))
}
