//! Finds the lexicon's concepts in a sentence: what is measured, what happened, at which step, of which kind.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Language, Lexicon, Token};

/// What a concept stands for in a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConceptKind {
    /// What is counted or measured: offence, crime, theft, fine, accident, victim.
    Measure,
    /// A qualifier that fixes the base: registered, in production, sent to court, electronic, juvenile.
    Qualifier,
    /// A rung of a status ladder: detained, suspect, convicted, bill, adopted, in force, planned, allocated.
    Status,
    /// Something done: approve, open, install, find.
    Action,
    /// Any other word of the trilingual vocabulary; it only helps to bridge languages.
    Word,
}

/// A concept as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// Stable id in the lexicon, for example `offence`, `sent_to_court`.
    pub id: String,
    /// Kind.
    pub kind: ConceptKind,
}

/// Finds the concepts of one sentence; the longest match wins, matches do not overlap.
pub fn find(lexicon: &Lexicon, tokens: &[Token], language: Language) -> Vec<Concept> {
    let _ = (lexicon, tokens, language);
    Vec::new()
}
