//! Takes a text apart into the words that are indexed: exactly the terms of [`crate::language`], with their places.

use std::ops::Range;

use crate::language::terms::{self, TokenKind};
use crate::language::{Language, detect, sentences};

/// Positions left free between two lines, so that no phrase reaches from one paragraph into the next.
const LINE_GAP: usize = 10;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// UTF-8 byte range in the text.
    pub span: Range<usize>,
    /// Place in the order of words.
    pub position: usize,
    /// Lower-case form.
    pub lower: String,
    /// Stem in the language of the sentence.
    pub term: String,
}

/// The words and numbers of a text, signs left out; `language` is that of the whole text where it is known.
pub fn words(text: &str, language: Option<Language>) -> Vec<Word> {
    let document = language
        .or_else(|| detect::language(text))
        .unwrap_or(Language::Ru);
    let mut words: Vec<Word> = Vec::new();
    let mut position = 0;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        for span in sentences::split(line) {
            let language = detect::sentence_language(&line[span.clone()], document);
            for token in terms::tokens(line, span, language) {
                if token.kind == TokenKind::Sign {
                    continue;
                }
                words.push(Word {
                    span: line_start + token.span.start..line_start + token.span.end,
                    position,
                    lower: token.lower,
                    term: token.term,
                });
                position += 1;
            }
        }
        position += LINE_GAP;
        line_start += line.len();
    }
    words
}

/// How a form as written stands in the index beside its term.
pub(super) fn exact(lower: &str) -> String {
    format!("={lower}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_those_of_language_and_spans_point_into_the_text() {
        let text = "Қазақстанда жаңа заң қабылданды.\nСуд вынес решение. Courts decided.";
        let words = words(text, None);
        assert!(words.len() > 7);
        for word in &words {
            let known = Language::ALL
                .map(|language| terms::term(&text[word.span.clone()], language))
                .contains(&word.term);
            assert!(known, "{word:?}");
        }
        assert!(
            words
                .windows(2)
                .all(|pair| pair[0].position < pair[1].position
                    && pair[0].span.end <= pair[1].span.start)
        );
    }

    #[test]
    fn a_text_without_words_has_none() {
        for text in ["", "\n\n", "… — «»", "\u{200b}"] {
            assert!(words(text, None).is_empty(), "{text:?}");
        }
    }
}
