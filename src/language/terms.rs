//! Splits a sentence into tokens and gives each word its term: the normalised stem by which it is compared and indexed.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Language;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Letters, with inner hyphens and apostrophes split off where they carry an ending («ІІМ-нің»).
    Word,
    /// Digits with their separators.
    Number,
    /// Anything else that is not a space: punctuation, %, №, currency signs.
    Sign,
}

/// One token of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// What the token is.
    pub kind: TokenKind,
    /// Lower-case form, with homoglyphs mended and Kazakh Latin in Cyrillic; the sign itself for signs.
    pub lower: String,
    /// The stem in the sentence's language; equal to `lower` for numbers and signs.
    pub term: String,
}

/// Splits `text[span]` into tokens with their terms.
pub fn tokens(text: &str, span: Range<usize>, language: Language) -> Vec<Token> {
    let _ = (text, span, language);
    Vec::new()
}

/// The term of one word in a language: what the index stores and the judge compares.
pub fn term(word: &str, language: Language) -> String {
    let _ = language;
    word.to_lowercase()
}
