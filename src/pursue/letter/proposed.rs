//! Proposes the text to publish: label and value, so that no ending hangs on a name, and shorter than twice the passage.
//!
//! Article 38 of the law on mass media lets a refutation have less than twice the length of what it refutes. Of several
//! wordings the fullest that is short enough is taken.

use crate::language::Language;
use crate::model::letter::{DifferenceRow, Proposed};

/// Why no text is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// The text is longer than the law allows.
    #[error(
        "the proposed text has {n_chars} characters; less than twice the passage are {most_chars}"
    )]
    TooLong {
        /// Its characters.
        n_chars: usize,
        /// The most it may have.
        most_chars: usize,
    },
    /// Whatever differed is the same as people read it.
    #[error("as people read it nothing differs any more, so there is nothing to ask for")]
    NothingDiffers,
    /// No wording of the program's is short enough.
    #[error(
        "the passage is too short for any wording the program has; propose a text of at most {most_chars} characters"
    )]
    NoneFits {
        /// The most it may have.
        most_chars: usize,
    },
}

/// The most characters a proposed text may have: fewer than twice those of the passage.
pub fn most_chars(passage: &str) -> usize {
    (passage.chars().count() * 2).saturating_sub(1)
}

/// What a proposal is made of, in one language.
pub(super) struct Parts<'a> {
    pub(super) language: Language,
    pub(super) passage: &'a str,
    pub(super) title: &'a str,
    pub(super) published: &'a str,
    pub(super) source: &'a str,
    pub(super) recorded: &'a str,
    pub(super) differences: &'a [DifferenceRow],
}

/// The given text, or the fullest of the program's wordings that is short enough.
pub(super) fn proposed(parts: &Parts<'_>, given: Option<&str>) -> Result<Proposed, ProposalError> {
    let most_chars = most_chars(parts.passage);
    let of = |text: String| Proposed {
        n_chars: text.chars().count(),
        text,
        most_chars,
    };
    if let Some(given) = given {
        let given = of(given.split_whitespace().collect::<Vec<_>>().join(" "));
        let n_chars = given.n_chars;
        return match n_chars <= most_chars && n_chars > 0 {
            true => Ok(given),
            false => Err(ProposalError::TooLong {
                n_chars,
                most_chars,
            }),
        };
    }
    let mut wordings = wordings(parts).into_iter().map(of);
    wordings
        .find(|wording| wording.n_chars <= most_chars)
        .ok_or(ProposalError::NoneFits { most_chars })
}

/// The wordings, fullest first.
fn wordings(parts: &Parts<'_>) -> Vec<String> {
    let Parts {
        title,
        published,
        source,
        recorded,
        ..
    } = parts;
    let rows = |row: &dyn Fn(&DifferenceRow) -> String| -> String {
        let rows: Vec<String> = parts.differences.iter().map(row).collect();
        rows.join("; ")
    };
    let side = |of: &dyn Fn(&DifferenceRow) -> String| {
        rows(&|row| format!("{} – {}", lower(&row.slot), of(row)))
    };
    let claimed = side(&|row| row.claimed.clone());
    let official = side(&|row| row.official.clone());
    let before = match parts.language {
        Language::Kk => "бұрын көрсетілгені",
        Language::Ru => "ранее указано",
        Language::En => "given before",
    };
    let mended = rows(&|row| {
        let DifferenceRow {
            slot,
            official,
            claimed,
            ..
        } = row;
        format!("{slot}: {official} ({before}: {claimed})")
    });
    match parts.language {
        Language::Kk => vec![
            format!(
                "«{title}» жарияланымында ({published}) мынадай мәлімет берілген: {claimed}. Ресми жазбада ({source}, {recorded}): {official}."
            ),
            format!(
                "Жарияланымда ({published}): {claimed}. Ресми жазбада ({source}, {recorded}): {official}."
            ),
            format!("{mended}. Дереккөзі: {source}, {recorded}."),
            format!("{mended}."),
        ],
        Language::Ru => vec![
            format!(
                "В публикации «{title}» ({published}) указано: {claimed}. В официальной записи ({source}, {recorded}): {official}."
            ),
            format!(
                "В публикации ({published}) указано: {claimed}. В официальной записи ({source}, {recorded}): {official}."
            ),
            format!("{mended}. Источник: {source}, {recorded}."),
            format!("{mended}."),
        ],
        Language::En => vec![
            format!(
                "The publication “{title}” ({published}) has: {claimed}. The official record ({source}, {recorded}) has: {official}."
            ),
            format!(
                "The publication ({published}) has: {claimed}. The official record ({source}, {recorded}) has: {official}."
            ),
            format!("{mended}. Source: {source}, {recorded}."),
            format!("{mended}."),
        ],
    }
}

/// A text with its first letter small, for the middle of a sentence.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
