//! A document: what a page says, without what surrounds it, and its revisions over time.

use std::borrow::Cow;
use std::ops::Range;

use chrono::{DateTime, FixedOffset, Utc};
use serde::{Deserialize, Serialize};

use super::{About, CanonicalUrl, CaptureId, RevisionId, SourceId};
use crate::canonical::{self, ContentHash};
use crate::language::Language;

/// Where a date was read from, most trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrigin {
    /// schema.org JSON-LD.
    JsonLd,
    /// A JSON API.
    Api,
    /// OpenGraph or another meta element.
    Meta,
    /// Microdata.
    Microdata,
    /// A `time` element.
    TimeElement,
    /// Visible text near the title.
    VisibleText,
    /// A date in the address.
    Address,
    /// The feed or sitemap that led here.
    Discovery,
    /// The `Last-Modified` header.
    Header,
    /// Some date of the page that nothing calls the publication's: for people, never judged by.
    Guess,
}

/// A moment and where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The moment, with the offset the site wrote or the source's own.
    pub at: DateTime<FixedOffset>,
    /// Where it was read.
    pub origin: DateOrigin,
    /// Whether the page gave only a day; the time is then 00:00.
    pub is_day_only: bool,
}

/// What a block of main text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A heading inside the text.
    Heading,
    /// An item of a list.
    ListItem,
    /// A block quotation.
    Quotation,
    /// A caption of an image or table.
    Caption,
}

/// One block of main text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Kind.
    pub kind: BlockKind,
    /// Text with white space folded.
    pub text: String,
}

/// A table of the main text: header rows first, all rows of one width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Caption, sheet name or the heading right above; empty when there is none.
    pub title: String,
    /// How many rows at the top are header.
    pub n_header_rows: usize,
    /// Cells, row by row; merged cells repeat their text.
    pub rows: Vec<Vec<String>>,
    /// How many blocks of the document stand before it.
    #[serde(default)]
    pub n_blocks_before: usize,
}

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The one address the page is known by.
    pub url: CanonicalUrl,
    /// Headline, without the site's name.
    pub title: String,
    /// Authors as printed.
    pub authors: Vec<String>,
    /// When it was published.
    pub published: Option<Dated>,
    /// When it was last changed, as the page says.
    pub modified: Option<Dated>,
    /// Language of the main text.
    pub language: Option<Language>,
    /// Main text, block by block.
    pub blocks: Vec<Block>,
    /// Tables of the main text.
    pub tables: Vec<Table>,
    /// The same page in another language or form: (hreflang or `amp`, address).
    pub alternates: Vec<(String, String)>,
    /// What was doubtful, for people.
    pub warnings: Vec<String>,
    /// What it says of itself beside its text.
    #[serde(default)]
    pub about: About,
}

impl Document {
    /// When it was published, where the page or what led to it says so: what may be judged by. A guess may not.
    pub fn trusted_published(&self) -> Option<&Dated> {
        self.published
            .as_ref()
            .filter(|dated| dated.origin != DateOrigin::Guess)
    }

    /// The main text: blocks joined by a line feed. Byte ranges of [`Part::Text`] count in this string.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .blocks
            .iter()
            .map(|block| block.text.as_str())
            .collect();
        texts.join("\n")
    }

    /// What a reader sees, line by line: title, blocks, and rows of tables as cells joined by ` | `.
    pub fn lines(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let title = std::iter::once(Cow::Borrowed(self.title.as_str()));
        let blocks = self.blocks.iter();
        let blocks = blocks.map(|block| Cow::Borrowed(block.text.as_str()));
        let rows = self.tables.iter().flat_map(|table| &table.rows);
        let rows = rows.map(|row| Cow::Owned(row.join(" | ")));
        title.chain(blocks).chain(rows)
    }

    /// Digest of what a reader would see. Signs that only a machine tells apart do not count, see [`canonical::seen`].
    pub fn content_hash(&self) -> ContentHash {
        let mut all = String::with_capacity(4096);
        for line in self.lines() {
            all.push_str(&canonical::seen(&line));
            all.push('\n');
        }
        ContentHash::of(all.as_bytes())
    }
}

/// Where in a document something stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// UTF-8 byte range of the title.
    Title(Range2),
    /// UTF-8 byte range of [`Document::text`].
    Text(Range2),
    /// A cell: table, row and column, counted from 0.
    Cell {
        /// Table.
        table: usize,
        /// Row, header rows included.
        row: usize,
        /// Column.
        column: usize,
    },
}

/// A half-open byte range that has an order (the standard range has none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Range2 {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl From<Range<usize>> for Range2 {
    fn from(range: Range<usize>) -> Range2 {
        Range2 {
            start: range.start,
            end: range.end,
        }
    }
}

/// A document's content as first seen at a time. Revisions are never changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Digest of address, content and number.
    pub id: RevisionId,
    /// Source of the document.
    pub source: SourceId,
    /// 1 for the first revision of a document, then 2, 3...
    pub number: u32,
    /// When this content was first seen.
    pub first_seen: DateTime<Utc>,
    /// When this content was last seen unchanged.
    pub last_seen: DateTime<Utc>,
    /// When the next revision or the page's end was seen; `None` for what stands now.
    pub superseded_at: Option<DateTime<Utc>>,
    /// Whether this marks that the page is gone; the document is then the last one that stood there.
    pub is_gone: bool,
    /// Capture it was read from.
    pub capture: Option<CaptureId>,
    /// What it says.
    pub document: Document,
}
