//! A letter as plain text, for mail: one language after another, for two columns of text do not survive a mail program.

use super::Leaf;
use super::markup::{Block, Spans, plain};

/// Columns of a line: what mail programs quote without breaking it.
const WIDTH: usize = 76;
/// Where the block at the right begins.
const RIGHT: usize = 40;

/// The letter as text.
pub fn text(leaves: &[Leaf]) -> String {
    let rule = format!("\n{}\n\n", "―".repeat(WIDTH / 2));
    let leaves: Vec<String> = leaves.iter().map(leaf).collect();
    leaves.join(&rule)
}

fn leaf(leaf: &Leaf) -> String {
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in &leaf.blocks {
        let is_close = matches!(
            (before, block),
            (Some(Block::Field(..)), Block::Field(..)) | (Some(Block::Item(..)), Block::Item(..))
        );
        if before.is_some() && !is_close {
            out.push('\n');
        }
        out.push_str(&shown(block));
        before = Some(block);
    }
    out
}

fn shown(block: &Block) -> String {
    match block {
        Block::Title(spans) => folded("", "", &plain(spans).to_uppercase()),
        Block::Heading(spans) => {
            folded("", "", &plain(spans))
                + &"-".repeat(plain(spans).chars().count().min(WIDTH))
                + "\n"
        }
        Block::Right(lines) => {
            let indent = " ".repeat(RIGHT);
            let lines = lines
                .iter()
                .map(|line| folded(&indent, &indent, &plain(line)));
            lines.collect()
        }
        Block::Field(label, value) => {
            folded("", "    ", &format!("{}: {}", plain(label), plain(value)))
        }
        Block::Quote(spans) => folded("    ", "    ", &plain(spans)),
        Block::Item(None, spans) => folded("- ", "  ", &plain(spans)),
        Block::Item(Some(number), spans) => folded(&format!("{number}. "), "   ", &plain(spans)),
        Block::Table(rows) => table(rows),
        Block::Signature(spans) => format!("\n{}", folded("", "", &plain(spans))),
        Block::Small(spans) | Block::Paragraph(spans) => folded("", "", &plain(spans)),
    }
}

/// A table as a list: what a row is about, then each further column by its head.
fn table(rows: &[Vec<Spans>]) -> String {
    let Some((head, rows)) = rows.split_first() else {
        return String::new();
    };
    let mut out = String::new();
    for row in rows {
        let mut cells = head
            .iter()
            .zip(row)
            .map(|(head, cell)| (plain(head), plain(cell)));
        if let Some((_, about)) = cells.next() {
            out.push_str(&folded("", "  ", &about));
        }
        for (head, cell) in cells {
            out.push_str(&folded("  ", "      ", &format!("{head}: {cell}")));
        }
    }
    out
}

/// Text folded between words, the first line and the others indented each in its way.
fn folded(first: &str, others: &str, text: &str) -> String {
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut is_fresh = true;
    // Only plain spaces part words here: a number stays whole.
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !is_fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(&line);
            out.push('\n');
            line = others.to_owned();
            is_fresh = true;
        }
        if !is_fresh {
            line.push(' ');
        }
        line.push_str(word);
        is_fresh = false;
    }
    out + line.trim_end() + "\n"
}
