//! Cuts a page into lines: the runs of text a reader sees as one block, each with its kind, its place and its links.
//!
//! A run ends at a block element, at two line breaks, or at one line break after the end of a sentence (pages that write
//! paragraphs without `p`). Data tables become one line each, to be read by [`super::tables`].

use super::tables;
use super::tree::{Tag, Tree, fold_into};
use crate::model::BlockKind;

/// Shortest run after which a single line break ends a paragraph, in bytes: under it the break is one of layout.
const MIN_BROKEN_LINE_BYTES: usize = 60;

/// What a line is before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Text of a block kind.
    Text(BlockKind),
    /// A data table, whose element is the line's node.
    Table,
}

impl LineKind {
    /// Its name for people.
    pub(super) fn name(self) -> &'static str {
        match self {
            LineKind::Table => "table",
            LineKind::Text(BlockKind::Paragraph) => "paragraph",
            LineKind::Text(BlockKind::Heading) => "heading",
            LineKind::Text(BlockKind::ListItem) => "list item",
            LineKind::Text(BlockKind::Quotation) => "quotation",
            LineKind::Text(BlockKind::Caption) => "caption",
        }
    }
}

/// One run of text.
#[derive(Debug)]
pub(super) struct Line {
    /// Innermost block element around it.
    pub(super) at: usize,
    /// First node of the run.
    pub(super) first: usize,
    /// Kind.
    pub(super) kind: LineKind,
    /// Level of the heading it stands in; 0 elsewhere.
    pub(super) level: u8,
    /// Text with white space folded; empty for tables.
    pub(super) text: String,
    /// Characters.
    pub(super) n_chars: usize,
    /// Characters inside links.
    pub(super) n_link_chars: usize,
    /// Characters in bold.
    pub(super) n_bold_chars: usize,
}

impl Line {
    /// Whether links make up more than `percent` of the text.
    pub(super) fn is_linked_over(&self, percent: usize) -> bool {
        self.n_link_chars * 100 > self.n_chars * percent
    }

    /// Words, roughly: runs between white space; in scripts without spaces two letters are a word.
    pub(super) fn n_words(&self) -> usize {
        let n_runs = self
            .text
            .split(' ')
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .count();
        n_runs + self.n_dense_chars() / 2
    }

    /// Letters of scripts in which one letter says as much as several of an alphabet.
    pub(super) fn n_dense_chars(&self) -> usize {
        // Their UTF-8 starts with E3 to ED, so a text in an alphabet is not looked through letter by letter.
        if !self.text.bytes().any(|byte| (0xE3..=0xED).contains(&byte)) {
            return 0;
        }
        self.text.chars().filter(|letter| is_dense(*letter)).count()
    }

    /// Whether it is a heading.
    pub(super) fn is_heading(&self) -> bool {
        self.kind == LineKind::Text(BlockKind::Heading)
    }
}

/// Cuts a page.
pub(super) fn of(tree: &Tree<'_>) -> Vec<Line> {
    let mut cutter = Cutter {
        lines: Vec::new(),
        blocks: vec![Open {
            at: 0,
            end: usize::MAX,
            kind: BlockKind::Paragraph,
            level: 0,
        }],
        text: String::new(),
        first: 0,
        n_link: 0,
        n_bold: 0,
        n_breaks: 0,
        link_end: 0,
        bold_end: 0,
    };
    let mut next = 0;
    while next < tree.nodes.len() {
        next = cutter.take(tree, next);
    }
    cutter.flush();
    cutter.lines
}

/// Whether a letter is one of Chinese, Japanese or Korean.
fn is_dense(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

/// An open block element.
struct Open {
    at: usize,
    end: usize,
    kind: BlockKind,
    level: u8,
}

/// State of the cut.
struct Cutter {
    lines: Vec<Line>,
    blocks: Vec<Open>,
    text: String,
    first: usize,
    n_link: usize,
    n_bold: usize,
    n_breaks: usize,
    link_end: usize,
    bold_end: usize,
}

impl Cutter {
    /// Takes one node; returns the next.
    fn take(&mut self, tree: &Tree<'_>, at: usize) -> usize {
        while self.blocks.len() > 1 && self.blocks.last().is_some_and(|open| open.end <= at) {
            self.flush();
            self.blocks.pop();
        }
        let node = &tree.nodes[at];
        if node.is_hidden {
            return node.end;
        }
        match node.tag {
            Tag::Text => self.text(node.text, at),
            Tag::Break => self.n_breaks += 1,
            Tag::Link => self.link_end = self.link_end.max(node.end),
            Tag::Bold => self.bold_end = self.bold_end.max(node.end),
            Tag::Inline | Tag::Time => {}
            Tag::Rule => self.flush(),
            Tag::Table if tables::is_data(tree, at) => {
                self.flush();
                self.lines.push(Line {
                    at,
                    first: at,
                    kind: LineKind::Table,
                    level: 0,
                    text: String::new(),
                    n_chars: node.n_chars,
                    n_link_chars: node.n_link_chars,
                    n_bold_chars: 0,
                });
                return node.end;
            }
            tag => {
                self.flush();
                let outer = self
                    .blocks
                    .last()
                    .map_or(BlockKind::Paragraph, |open| open.kind);
                let (kind, level) = kind_of(tag, outer);
                self.blocks.push(Open {
                    at,
                    end: node.end,
                    kind,
                    level,
                });
            }
        }
        at + 1
    }

    /// Takes a text node.
    fn text(&mut self, text: &str, at: usize) {
        if text.trim().is_empty() {
            fold_into(&mut self.text, text);
            return;
        }
        if self.n_breaks >= 2
            || (self.n_breaks == 1 && (self.ends_sentence() || self.is_bold_line(at)))
        {
            self.flush();
        } else if self.n_breaks == 1 {
            fold_into(&mut self.text, " ");
        }
        self.n_breaks = 0;
        if self.text.trim().is_empty() {
            self.text.clear();
            self.first = at;
        }
        let before = self.text.len();
        fold_into(&mut self.text, text);
        let n_new = self.text[before..].chars().count();
        if at < self.link_end {
            self.n_link += n_new;
        }
        if at < self.bold_end {
            self.n_bold += n_new;
        }
    }

    /// Whether the run so far is long and ends a sentence.
    fn ends_sentence(&self) -> bool {
        let text = self.text.trim_end();
        text.len() >= MIN_BROKEN_LINE_BYTES
            && text.ends_with(['.', '!', '?', '…', ':', ';', '»', '”', '"'])
    }

    /// Whether the run so far is all bold and what comes is not: a heading above its text.
    fn is_bold_line(&self, at: usize) -> bool {
        at >= self.bold_end && self.n_bold > 0 && self.n_bold >= self.text.trim().chars().count()
    }

    /// Ends the run.
    fn flush(&mut self) {
        self.n_breaks = 0;
        let text = self.text.trim();
        if !text.is_empty()
            && let Some(open) = self.blocks.last()
        {
            let kind = if open.kind == BlockKind::Paragraph && is_credited(text) {
                BlockKind::Caption
            } else {
                open.kind
            };
            self.lines.push(Line {
                at: open.at,
                first: self.first,
                kind: LineKind::Text(kind),
                level: open.level,
                n_chars: text.chars().count(),
                text: text.to_owned(),
                n_link_chars: self.n_link,
                n_bold_chars: self.n_bold,
            });
        }
        self.text.clear();
        self.n_link = 0;
        self.n_bold = 0;
    }
}

/// The kind and heading level of what stands in an element whose surroundings are of kind `outer`.
fn kind_of(tag: Tag, outer: BlockKind) -> (BlockKind, u8) {
    match tag {
        Tag::Heading(level) => (BlockKind::Heading, level),
        Tag::Item => (BlockKind::ListItem, 0),
        Tag::Quote => (BlockKind::Quotation, 0),
        Tag::Caption | Tag::Figure => (BlockKind::Caption, 0),
        Tag::Article | Tag::Main => (BlockKind::Paragraph, 0),
        _ => (outer, 0),
    }
}

/// Longest line that can be a caption for its credit alone, in characters.
const MAX_CREDITED_CHARS: usize = 320;

/// Whether a short line ends with the credit of a picture: (Photo by N), (Фото: N), N / Getty Images.
fn is_credited(text: &str) -> bool {
    if text.chars().count() > MAX_CREDITED_CHARS {
        return false;
    }
    let tail: String = text
        .chars()
        .rev()
        .take(90)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let tail = tail.to_lowercase();
    let has_bracket = tail.rfind('(').is_some_and(|at| {
        let inner = &tail[at + 1..];
        tail.trim_end().ends_with([')', '.'])
            && [
                "photo",
                "image:",
                "image credit",
                "picture:",
                "credit:",
                "ap photo",
                "getty",
                "reuters/",
                "фото",
                "сурет",
                "иллюстрац",
                "скриншот",
                "коллаж",
                "screenshot",
                "illustration",
                "courtesy of",
            ]
            .iter()
            .any(|word| inner.starts_with(word))
    });
    has_bracket
        || [
            "getty images",
            "shutterstock",
            "/reuters",
            "/afp",
            "/ap photo",
            "via getty images",
            "/ getty images",
            "/epa",
        ]
        .iter()
        .any(|end| tail.trim_end_matches([')', '.', ' ']).ends_with(end))
}
