//! Finds the markers that change what a sentence asserts: negation, rumour, denial, plan, possibility, attribution, quotation.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Language, Token};

/// What a marker does to the statement it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CueKind {
    /// Negation of the predicate: «не», «-ған жоқ», the Kazakh negative affix, "not".
    Negation,
    /// Someone else's unconfirmed word: «якобы», «деген ақпарат», "allegedly".
    Rumour,
    /// The statement is denied: «не соответствует действительности», «шындыққа жанаспайды».
    Denial,
    /// Planned, envisaged, proposed.
    Plan,
    /// Forecast or expectation.
    Forecast,
    /// May, might, could.
    Possibility,
    /// Said by someone: «по данным», «мәліметінше», "according to".
    Attribution,
    /// Direct speech.
    Quotation,
    /// A question.
    Question,
    /// An opinion or an evaluation: «по мнению», «пікірінше», "experts believe".
    Opinion,
}

/// A marker as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// What it does.
    pub kind: CueKind,
}

/// Finds the markers of one sentence.
pub fn find(text: &str, tokens: &[Token], language: Language) -> Vec<Cue> {
    let _ = (text, tokens, language);
    Vec::new()
}
