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
/// Longest string of an embedded object that can be the title, in bytes.
const MAX_TITLE_BYTES: usize = 1_000;
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
        title: "",
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

/// The text a page carries only as data: `articleBody`, the entries of a live blog, or the text of an embedded state
/// object. Of several texts in a state object the one beside the page's own title counts, else the longest.
pub(super) fn embedded_text(
    json_ld: &JsonLd,
    states: &[&str],
    (title, n_found): (&str, usize),
) -> Option<Vec<Block>> {
    let least = MIN_EMBEDDED_CHARS.max(2 * n_found);
    let is_enough = |text: &str| text.chars().count() >= least;
    if let Some(body) = json_ld.body.as_deref().filter(|body| is_enough(body)) {
        return Some(fragment(body, "").0).filter(|blocks| !blocks.is_empty());
    }
    let updates = updates(json_ld);
    if is_enough(
        &updates
            .iter()
            .map(|block| block.text.as_str())
            .collect::<String>(),
    ) {
        return Some(updates);
    }
    let mut search = Search {
        title: metadata::bare(title),
        best: (false, String::new()),
    };
    for state in states {
        // What follows the object in its script is no concern of ours.
        let mut values = serde_json::Deserializer::from_str(state).into_iter::<Value>();
        if let Some(Ok(value)) = values.next() {
            search.look(&value, false, 0);
        }
    }
    if !is_enough(&search.best.1) {
        return None;
    }
    Some(fragment(&search.best.1, title).0).filter(|blocks| !blocks.is_empty())
}

/// The entries of a live blog as blocks.
fn updates(json_ld: &JsonLd) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (headline, body) in &json_ld.updates {
        let headline = plain(headline);
        if !headline.is_empty() && !body.starts_with(&headline) {
            blocks.push(Block {
                kind: BlockKind::Heading,
                text: headline,
            });
        }
        blocks.extend(fragment(body, "").0);
    }
    blocks
}

/// A search for the article's text in a value.
struct Search {
    /// The page's title in bare letters.
    title: String,
    /// Whether the best text so far stands beside the title, and the text.
    best: (bool, String),
}

impl Search {
    /// Looks through a value; `is_titled` says that an object around it carries the page's title.
    fn look(&mut self, value: &Value, is_titled: bool, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Array(items) => {
                let joined = joined(items);
                self.offer(&joined, is_titled);
                for item in items {
                    self.look(item, is_titled, depth + 1);
                }
            }
            Value::Object(map) => {
                let is_title = |inner: &Value| {
                    inner.as_str().is_some_and(|text| {
                        text.len() < MAX_TITLE_BYTES && metadata::bare(text) == self.title
                    })
                };
                let is_titled = is_titled || (!self.title.is_empty() && map.values().any(is_title));
                for (key, inner) in map {
                    match inner {
                        Value::String(text) if is_text_key(key) => self.offer(text, is_titled),
                        other => self.look(other, is_titled, depth + 1),
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes a text when it is better than the best so far.
    fn offer(&mut self, text: &str, is_titled: bool) {
        let is_running = text.contains(". ") && text.len() >= MIN_EMBEDDED_CHARS;
        if is_running && (is_titled, text.len()) > (self.best.0, self.best.1.len()) {
            self.best = (is_titled, text.to_owned());
        }
    }
}

/// The texts of a list of blocks, as editors keep them: objects that each have a text.
fn joined(items: &[Value]) -> String {
    let texts = items.iter().filter_map(|item| {
        let map = item.as_object()?;
        ["text", "content", "value", "html"]
            .iter()
            .find_map(|key| map.get(*key)?.as_str())
            .or_else(|| map.get("data")?.get("text")?.as_str())
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Whether a key names the text of an article.
fn is_text_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    ["body", "content", "text", "html", "story", "full"]
        .iter()
        .any(|word| lower.contains(word))
}
