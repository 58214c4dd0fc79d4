//! Reads the dates a reader sees: `time` elements, lines near the title, lines that say what their date is, datelines.

use super::names::{MODIFIED_WORDS, PUBLISHED_WORDS};
use super::{DateOrigin, Dated, Sources};
use crate::extract::dates;
use crate::extract::lines::Line;
use crate::extract::marks::Marks;
use crate::extract::tree::{Node, Tag};

/// Lines after the title that are read for a visible date.
const N_LINES_AFTER_TITLE: usize = 8;
/// Lines right at the title in which a date may stand among more words.
const N_LINES_AT_TITLE: usize = 3;
/// Longest visible line read for a date, in characters.
const MAX_VISIBLE_CHARS: usize = 160;
/// Longest line that may say when the page was published, in characters.
const MAX_SAID_CHARS: usize = 320;
/// Longest line that can be a label of the line after it, in characters.
const MAX_LABEL_CHARS: usize = 40;
/// Lines of the main text that may open with its date.
const N_DATELINES: usize = 2;

impl Sources<'_, '_> {
    /// A `time` element: one that says it is the publication's, or stands in the article or its header; or any.
    pub(super) fn time_element(&self, is_strict: bool) -> Option<Dated> {
        let title = self.title_line.map(|line| self.lines[line].first);
        let times = self.tree.nodes.iter().enumerate().filter(|(_, node)| {
            node.tag == Tag::Time
                || (node.name() == "abbr"
                    && (node.attr("data-utime").is_some()
                        || node.attr("title").is_some() && node.marks.has(Marks::DATE)))
        });
        let mut near: Option<(usize, Dated)> = None;
        for (at, node) in times {
            if is_strict && (self.is_elsewhere(at) || self.is_of_another(at)) {
                continue;
            }
            let Some(dated) = self.time_of(at, node) else {
                continue;
            };
            if !is_strict {
                return Some(dated);
            }
            let class = node.attr("class").unwrap_or_default();
            let is_update = class.contains("updated") && !class.contains("published")
                || class.contains("modified")
                || self.is_said_modified(at);
            let is_at_title = title.is_none_or(|title| at + 40 > title && at < title + 60);
            if is_at_title && (node.attr("pubdate").is_some() || class.contains("published")) {
                return Some(dated);
            }
            let is_in_article =
                is_at_title || at + 40 > self.root && at < self.tree.nodes[self.root].end + 20;
            // Of several, the one next to the title is the article's; others may be those of texts it lists.
            let distance = title.map_or(0, |title| at.abs_diff(title));
            if !is_update
                && is_in_article
                && near.as_ref().is_none_or(|(least, _)| distance < *least)
            {
                near = Some((distance, dated));
            }
        }
        near.map(|(_, dated)| dated)
    }

    /// The date of a `time` element. Where text and attribute are days apart, readers go by the text.
    fn time_of(&self, at: usize, node: &Node<'_>) -> Option<Dated> {
        let origin = DateOrigin::TimeElement;
        let written = node
            .attr("datetime")
            .or_else(|| node.attr("title"))
            .and_then(|text| self.read(text, origin));
        let shown = self.read(&self.tree.text_of(at), origin);
        match (written, shown) {
            (Some(written), Some(shown)) if (written.at - shown.at).num_days().abs() > 1 => {
                Some(shown)
            }
            (written, shown) => written.or(shown),
        }
    }

    /// Whether a node stands in a quoted post, or in a link with more text, which is to another page.
    fn is_of_another(&self, at: usize) -> bool {
        let n_own = self.tree.nodes[at].n_chars;
        self.tree.ancestors(at).any(|above| {
            let node = &self.tree.nodes[above];
            node.tag == Tag::Quote
                || (node.tag == Tag::Link && node.n_chars > n_own + MAX_LABEL_CHARS)
        })
    }

    /// Whether the text of the element around a node calls its date that of a change.
    fn is_said_modified(&self, at: usize) -> bool {
        let parent = self.tree.nodes[at].parent;
        self.tree.nodes[parent].n_chars <= MAX_LABEL_CHARS + 40
            && says(&self.tree.text_of(parent), MODIFIED_WORDS)
            && !says(&self.tree.text_of(parent), PUBLISHED_WORDS)
    }

    /// A visible date right after the title, or right before it.
    pub(super) fn near_title(&self) -> Option<Dated> {
        let title = self.title_line?;
        let after = (title + 1..self.lines.len()).take(N_LINES_AFTER_TITLE);
        let before = (0..title).rev().take(N_LINES_AT_TITLE);
        after.chain(before).find_map(|at| {
            let line = &self.lines[at];
            let is_at_title = at.abs_diff(title) <= N_LINES_AT_TITLE;
            let is_date = dates::is_date_line(&line.text)
                || (line.n_chars <= MAX_VISIBLE_CHARS && self.has_date_mark(line.first))
                || (is_at_title && dates::is_dated_byline(&line.text));
            let is_update = says(&line.text, MODIFIED_WORDS) && !says(&line.text, PUBLISHED_WORDS);
            let is_comment = self.stands_in(line.first, Marks::COMMENT.with(Marks::RELATED), &[]);
            (is_date && !is_update && !is_comment)
                .then(|| self.read(&line.text, DateOrigin::VisibleText))
                .flatten()
        })
    }

    /// Whether an element around a node is marked as a date.
    fn has_date_mark(&self, at: usize) -> bool {
        self.tree
            .ancestors(at)
            .take(3)
            .any(|above| self.tree.nodes[above].marks.has(Marks::DATE))
    }

    /// An element whose class says it is a date, outside comments and lists of links; the one nearest to the title.
    pub(super) fn marked(&self) -> Option<Dated> {
        let tree = self.tree;
        let title = self.title_line.map_or(0, |line| self.lines[line].first);
        tree.nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.marks.has(Marks::DATE) && node.n_chars > 0)
            .filter(|(at, node)| node.n_chars <= MAX_VISIBLE_CHARS && !self.is_elsewhere(*at))
            .filter_map(|(at, _)| {
                let text = tree.text_of(at);
                let dated = self.read(&text, DateOrigin::VisibleText)?;
                Some(((at < title, at.abs_diff(title)), dated))
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, dated)| dated)
    }

    /// A line that says in words when the page was published: "Posted on…", «Опубликовано…», «Жарияланған күні…».
    pub(super) fn said_published(&self) -> Option<Dated> {
        self.said(PUBLISHED_WORDS)
    }

    /// A line that says in words when the page was last changed.
    pub(super) fn said_modified(&self) -> Option<Dated> {
        self.said(MODIFIED_WORDS)
    }

    /// A line with a date and one of the words, in it or in the label before it. The foot of a page may say it too.
    fn said(&self, words: &[&str]) -> Option<Dated> {
        let is_label = |at: usize| {
            at.checked_sub(1).is_some_and(|before| {
                let label = &self.lines[before];
                label.n_chars <= MAX_LABEL_CHARS
                    && says(&format!("{}:", label.text.trim_end_matches(':')), words)
            })
        };
        self.lines
            .iter()
            .enumerate()
            .filter(|(at, line)| {
                line.n_chars <= MAX_SAID_CHARS
                    && line.text.bytes().any(|byte| byte.is_ascii_digit())
                    && (says(&line.text, words) || dates::is_date_line(&line.text) && is_label(*at))
            })
            .filter(|(_, line)| {
                let marks = Marks::COMMENT.with(Marks::RELATED).with(Marks::NAVIGATION);
                !self.stands_in(line.first, marks, &[Tag::Nav])
            })
            .find_map(|(_, line)| self.read(&line.text, DateOrigin::VisibleText))
    }

    /// The date the main text opens with: «Астана, 2 марта 2026 года. –», "(2 March 2026)".
    pub(super) fn dateline(&self) -> Option<Dated> {
        let range = self.tree.subtree(self.root);
        self.lines
            .iter()
            .filter(|line: &&Line| range.contains(&line.first) && !line.is_heading())
            .take(N_DATELINES)
            .find_map(|line| dates::opening(&line.text, self.is_month_first()))
            .and_then(|found| self.dated(found, DateOrigin::VisibleText))
    }

    /// The first line of the page that is only a date: outside lists and columns if there is one.
    pub(super) fn any_date_line(&self) -> Option<Dated> {
        let lines = || {
            self.lines
                .iter()
                .filter(|line| dates::is_date_line(&line.text))
        };
        let read = |line: &Line| self.read(&line.text, DateOrigin::VisibleText);
        lines()
            .filter(|line| !self.is_elsewhere(line.first))
            .find_map(read)
    }
}

/// Whether a text holds one of the words.
fn says(text: &str, words: &[&str]) -> bool {
    let lower = text.to_lowercase();
    words.iter().any(|word| lower.contains(word))
}
