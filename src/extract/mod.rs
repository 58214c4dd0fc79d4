//! Turns the bytes of a page into a document: title, dates, authors, main text block by block, tables.
//!
//! One tree, one pass after another, each linear in the size of the page:
//! 1. `markup::charset`: bytes to text.
//! 2. `markup::scan`: scripts, and what would hurt the parser, go.
//! 3. `scraper` parses by the standard; `tree` flattens.
//! 4. `lines` cuts the page into runs of text; `tables` reads data tables.
//! 5. `maintext` keeps or drops each run, with a reason that [`why`] shows.
//! 6. `metadata`, `when` and `json_ld` read what the page says of itself.
//!
//! An answer of a JSON API takes the same way through `api`; official workbooks and CSV files are read by `workbook`.
//! Pure and total: any bytes give a document or [`NotADocument`], never a panic. No code here knows a site.

mod about;
mod api;
mod credits;
mod dataset;
mod dates;
mod docx;
mod files;
mod json_ld;
mod lines;
mod maintext;
mod marks;
mod metadata;
mod pdf;
mod phrases;
mod render;
mod tables;
mod tree;
mod when;
mod workbook;

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use scraper::{Html, Selector};

use crate::config::{Api, Selectors};
use crate::language::{Language, detect};
use crate::markup::{charset, scan};
use crate::model::{About, Block, BlockKind, CanonicalUrl, Document, Hint, SiteMemory, Table};
use lines::{Line, LineKind};
use maintext::MainText;
use tree::Tree;

pub use render::json;

/// Largest page read, in bytes; the crawler's own limit is lower.
pub const MAX_PAGE_BYTES: usize = 64 * 1024 * 1024;
/// Main text shorter than this, in characters, is doubted, and looked for in embedded JSON.
const MIN_TEXT_CHARS: usize = 200;

/// Bytes of text by which the language is told.
const LANGUAGE_BYTES: usize = 3_000;

/// A page to read.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// Address that answered.
    pub url: &'a str,
    /// `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// Headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Body after content decoding.
    pub bytes: &'a [u8],
    /// Selectors the configuration gives for the source.
    pub selectors: Option<&'a Selectors>,
    /// Pointers of the JSON API the page is an item of.
    pub api: Option<&'a Api>,
    /// What discovery said of the page.
    pub hint: &'a Hint,
    /// Languages of the source.
    pub languages: &'a [Language],
    /// Time zone of the source, for times written without one.
    pub timezone: Option<Tz>,
    /// When the page was captured: a later date is refused.
    pub fetched_at: Option<DateTime<Utc>>,
    /// What repeats over the site's pages, as far as it was learned.
    pub memory: Option<&'a SiteMemory>,
}

impl<'a> Page<'a> {
    /// A page of which only address and bytes are known.
    pub fn plain(url: &'a str, bytes: &'a [u8]) -> Page<'a> {
        static NO_HINT: LazyLock<Hint> = LazyLock::new(Hint::default);
        Page {
            url,
            content_type: None,
            headers: &[],
            bytes,
            selectors: None,
            api: None,
            hint: &NO_HINT,
            languages: &Language::ALL,
            timezone: None,
            fetched_at: None,
            memory: None,
        }
    }
}

/// Why bytes are no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotADocument {
    /// The body is larger than what is read.
    #[error("the page has {n_bytes} bytes, more than the limit of {MAX_PAGE_BYTES}")]
    TooLarge {
        /// Size.
        n_bytes: usize,
    },
    /// There is no text at all.
    #[error("the page has no text")]
    Empty,
    /// The body is of a kind that is not text.
    #[error("the body is not a page but {kind}")]
    Binary {
        /// What it looks like.
        kind: &'static str,
    },
    /// A file shows pictures of pages and no text.
    #[error(
        "the file is a scan without a text layer: it shows pictures of pages, which are not read"
    )]
    Scan,
    /// An office file cannot be read.
    #[error("the file cannot be read: {detail}")]
    BadFile {
        /// What was wrong.
        detail: String,
    },
    /// An API answered with something that is not JSON, or lacks what a pointer names.
    #[error("the API item cannot be read: {detail}")]
    BadItem {
        /// What was wrong.
        detail: String,
    },
}

/// Reads a page.
///
/// # Errors
/// [`NotADocument`] when the body is too large, empty, binary, or not the API item it should be.
pub fn document(page: &Page<'_>) -> Result<Document, NotADocument> {
    if let Some(document) = file(page) {
        return document;
    }
    check(page)?;
    if page.api.is_some() {
        return api::document(page);
    }
    let decoded = charset::decode(page.bytes, page.content_type);
    let read = read(page, &decoded.text)?;
    let mut document = read.0;
    if decoded.is_broken {
        document
            .warnings
            .push("some bytes do not belong to the page's charset".to_owned());
    }
    Ok(document)
}

/// Whether a body is an office file, whose format others made and others read.
pub fn is_file(page: &Page<'_>) -> bool {
    pdf::is_pdf(page) || docx::is_docx(page) || workbook::is_workbook(page)
}

/// The document of an office file or a dataset; `None` when the body is neither.
fn file(page: &Page<'_>) -> Option<Result<Document, NotADocument>> {
    if page.bytes.len() > MAX_PAGE_BYTES {
        None
    } else if workbook::is_workbook(page) {
        Some(workbook::document(page))
    } else if pdf::is_pdf(page) {
        Some(pdf::document(page))
    } else if docx::is_docx(page) {
        Some(docx::document(page))
    } else if dataset::is_dataset(page) {
        Some(dataset::document(page))
    } else {
        None
    }
}

/// One line of a page, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Text; a table's first cells.
    pub text: String,
    /// What kind of text it is.
    pub kind: &'static str,
    /// `None` when it was kept, else why not.
    pub reason: Option<&'static str>,
    /// Names of the elements around it, outermost first.
    pub path: String,
}

/// Shows, line by line, what of a page was kept and why the rest was not.
///
/// # Errors
/// As [`document`].
pub fn why(page: &Page<'_>) -> Result<Vec<Judged>, NotADocument> {
    if let Some(document) = file(page) {
        // Nothing surrounds the text of a file, so all of it is kept.
        let kept = document?.blocks.into_iter().map(|block| Judged {
            kind: LineKind::Text(block.kind).name(),
            text: block.text,
            reason: None,
            path: "file".to_owned(),
        });
        return Ok(kept.collect());
    }
    check(page)?;
    if page.api.is_some() {
        return Ok(Vec::new());
    }
    let decoded = charset::decode(page.bytes, page.content_type);
    Ok(read(page, &decoded.text)?.1)
}

/// Refuses what is no page before anything is built.
fn check(page: &Page<'_>) -> Result<(), NotADocument> {
    let n_bytes = page.bytes.len();
    if n_bytes > MAX_PAGE_BYTES {
        return Err(NotADocument::TooLarge { n_bytes });
    }
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF file"),
        (b"PK\x03\x04", "a ZIP archive or office file"),
        (b"\xD0\xCF\x11\xE0", "an old office file"),
        (b"\x89PNG", "an image"),
        (b"\xFF\xD8\xFF", "an image"),
        (b"GIF8", "an image"),
        (b"\x1F\x8B", "a compressed file"),
    ];
    match SIGNATURES
        .iter()
        .find(|(signature, _)| page.bytes.starts_with(signature))
    {
        Some((_, kind)) => Err(NotADocument::Binary { kind }),
        None => Ok(()),
    }
}

/// Reads the text of an HTML page: the document, and what became of each line.
fn read(page: &Page<'_>, text: &str) -> Result<(Document, Vec<Judged>), NotADocument> {
    let scanned = scan::scan(text);
    let html = Html::parse_document(&scanned.html);
    let tree = Tree::of(&html);
    let lines = lines::of(&tree);
    let json_ld = json_ld::read(&scanned.json_ld);
    let selected = |selector: Option<&str>| selected(&html, selector);
    let selectors = page.selectors;
    let (mut title, title_line) = metadata::title(
        &tree,
        &lines,
        &json_ld,
        page.url,
        page.hint.title.as_deref(),
    );
    if let Some(found) = selected(selectors.and_then(|given| given.title.as_deref())) {
        title = found;
    }
    let forced = selectors
        .and_then(|given| given.body.as_deref())
        .and_then(|selector| forced_root(&html, &tree, selector));
    let mut main = maintext::find(&tree, &lines, (&title, title_line), forced);
    if let Some(memory) = page.memory {
        main.forget(&lines, memory);
    }
    let mut warnings = Vec::new();
    if scanned.is_cut {
        warnings.push("markup past the limits of depth or size was left out".to_owned());
    }
    let (mut blocks, tables) = parts(&tree, &lines, &main);
    if main.weight < MIN_TEXT_CHARS
        && let Some(found) = api::embedded_text(&json_ld, &scanned.state, (&title, main.weight))
    {
        warnings.push("the main text was read from data embedded in the page".to_owned());
        blocks = found;
    }
    if blocks.is_empty() && tables.is_empty() && title.is_empty() {
        return Err(NotADocument::Empty);
    }
    if blocks.is_empty() && tables.is_empty() {
        warnings.push("no main text was found".to_owned());
    }
    let language = language_of(page, &tree, &json_ld, &blocks, &title);
    let from = when::Sources {
        tree: &tree,
        lines: &lines,
        json_ld: &json_ld,
        title: &title,
        title_line,
        root: main.root,
        url: page.url,
        page_text: text,
        hint: page.hint.published.as_deref(),
        timezone: page.timezone,
        fetched_at: page.fetched_at,
        language,
    };
    let (mut published, modified) = when::published_and_modified(&from);
    if let Some(found) = selected(selectors.and_then(|given| given.published.as_deref()))
        .and_then(|text| from.read(&text, crate::model::DateOrigin::VisibleText))
    {
        published = Some(found);
    }
    let mut document = Document {
        url: CanonicalUrl(metadata::canonical(&tree, page.url)),
        title,
        authors: metadata::authors(&tree, &json_ld),
        published,
        modified,
        language,
        blocks,
        tables,
        alternates: metadata::alternates(&tree, page.url),
        warnings,
        about: About::default(),
    };
    about::add(
        &mut document,
        &about::Sources {
            tree: &tree,
            lines: &lines,
            json_ld: &json_ld,
            main: &main,
            title_line,
            url: page.url,
        },
    );
    Ok((document, judged(&tree, &lines, &main)))
}

/// Text of the first element a selector of the configuration finds. A selector that does not parse finds nothing.
fn selected(html: &Html, selector: Option<&str>) -> Option<String> {
    let selector = Selector::parse(selector?).ok()?;
    let element = html.select(&selector).next()?;
    let text = metadata::fold(&element.text().collect::<String>());
    (!text.is_empty()).then_some(text)
}

/// The node of the first element the body selector finds.
fn forced_root(html: &Html, tree: &Tree<'_>, selector: &str) -> Option<usize> {
    let selector = Selector::parse(selector).ok()?;
    let element = html.select(&selector).next()?.value();
    tree.nodes
        .iter()
        .position(|node| node.element.is_some_and(|own| std::ptr::eq(own, element)))
}

/// The blocks and tables of the main text.
fn parts(tree: &Tree<'_>, lines: &[Line], main: &MainText) -> (Vec<Block>, Vec<Table>) {
    let (mut blocks, mut tables): (Vec<Block>, Vec<Table>) = (Vec::new(), Vec::new());
    for (line, _) in lines
        .iter()
        .zip(&main.fates)
        .filter(|(_, fate)| fate.is_ok())
    {
        match line.kind {
            LineKind::Text(kind) => blocks.push(Block {
                kind,
                text: line.text.clone(),
            }),
            LineKind::Table => {
                let above = blocks
                    .last()
                    .filter(|block| matches!(block.kind, BlockKind::Heading | BlockKind::Caption));
                let table = tables::read(tree, line.at, above.map_or("", |block| &block.text));
                tables.extend(table.map(|table| Table {
                    n_blocks_before: blocks.len(),
                    ..table
                }));
            }
        }
    }
    (blocks, tables)
}

/// The language: letters of the text first, then what the page and the source declare.
fn language_of(
    page: &Page<'_>,
    tree: &Tree<'_>,
    json_ld: &json_ld::JsonLd,
    blocks: &[Block],
    title: &str,
) -> Option<Language> {
    let mut text = title.to_owned();
    for block in blocks {
        if text.len() >= LANGUAGE_BYTES {
            break;
        }
        text.push('\n');
        text.push_str(&block.text);
    }
    let declared = tree
        .nodes
        .iter()
        .take(4)
        .find_map(|node| node.attr("lang"))
        .or(json_ld.language.as_deref())
        .or(page.hint.language.as_deref())
        .and_then(Language::from_code);
    detect::language(&text)
        .or(declared)
        .or(match page.languages {
            [only] => Some(*only),
            _ => None,
        })
}

/// What became of each line, for people.
fn judged(tree: &Tree<'_>, lines: &[Line], main: &MainText) -> Vec<Judged> {
    lines
        .iter()
        .zip(&main.fates)
        .map(|(line, fate)| Judged {
            text: match line.kind {
                LineKind::Table => tree.text_of(line.at),
                LineKind::Text(_) => line.text.clone(),
            },
            kind: line.kind.name(),
            reason: fate.err(),
            path: path_of(tree, line.at),
        })
        .collect()
}

/// Names and classes of the elements around a node.
fn path_of(tree: &Tree<'_>, at: usize) -> String {
    let mut names: Vec<String> = std::iter::once(at)
        .chain(tree.ancestors(at))
        .filter(|above| !tree.nodes[*above].name().is_empty())
        .map(|above| {
            let node = &tree.nodes[above];
            match node.attr("class") {
                Some(class) => format!(
                    "{}.{}",
                    node.name(),
                    class.split_ascii_whitespace().collect::<Vec<_>>().join(".")
                ),
                None => node.name().to_owned(),
            }
        })
        .collect();
    names.reverse();
    names.join(" > ")
}
