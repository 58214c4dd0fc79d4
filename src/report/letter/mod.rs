//! Turns what a letter says into a page: a template that an operator can edit, filled and laid out as text, HTML or DOCX.
//!
//! A template holds the phrases of one language and a light markup, one sign at the start of a line ([`markup`]). It is filled
//! once, when the letter is drafted; what is filled is kept, approved and sent, and laid out the same in every form. Values
//! are never markup, whatever was crawled. Two languages stand side by side where the form has columns, section by section.

mod docx;
mod html;
pub mod markup;
mod register;
mod sample;
mod template;
mod text;

pub use docx::docx;
pub use html::html;
pub use register::{csv, deadlines, json, register};
pub use sample::sample;
pub use template::{TemplateError, Templates};
pub use text::text;

use crate::language::Language;
use crate::model::letter::LetterText;
use markup::Block;

/// The kind of a DOCX file.
pub const DOCX_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A letter in one language, ready to be laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Language.
    pub language: Language,
    /// Title, for the head of the file.
    pub title: String,
    /// Blocks in order.
    pub blocks: Vec<Block>,
}

impl Leaf {
    /// The blocks of a kept text.
    pub fn of(text: &LetterText) -> Leaf {
        Leaf {
            language: text.language,
            title: text.title.clone(),
            blocks: markup::blocks(&text.markup),
        }
    }
}

/// The leaves section by section: the first row holds what comes before the first heading. Leaves with fewer sections end early.
pub fn sections(leaves: &[Leaf]) -> Vec<Vec<&[Block]>> {
    let parts: Vec<Vec<&[Block]>> = leaves.iter().map(|leaf| parts(&leaf.blocks)).collect();
    let n_rows = parts.iter().map(Vec::len).max().unwrap_or_default();
    (0..n_rows)
        .map(|row| {
            parts
                .iter()
                .map(|part| part.get(row).copied().unwrap_or_default())
                .collect()
        })
        .collect()
}

/// The blocks cut before each heading.
fn parts(blocks: &[Block]) -> Vec<&[Block]> {
    let heads = blocks.iter().enumerate();
    let heads = heads.filter(|(_, block)| matches!(block, Block::Heading(_)));
    let mut cuts: Vec<usize> = heads.map(|(place, _)| place).collect();
    cuts.insert(0, 0);
    cuts.push(blocks.len());
    cuts.dedup();
    cuts.windows(2)
        .map(|pair| &blocks[pair[0]..pair[1]])
        .collect()
}

#[cfg(test)]
mod tests;
