//! Takes a text apart into the words that are indexed: exactly the terms of [`crate::language`], with their places.

use std::ops::Range;

use super::bases::{base, noun};
use crate::language::terms::{self, Token, TokenKind};
use crate::language::{Language, detect, sentences};

/// Positions left free between two lines, so that no phrase reaches from one paragraph into the next.
pub(super) const LINE_GAP: usize = 10;

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
    /// Other stems by which it is found too: of the parts of a word with a hyphen, or those of `bases`.
    pub parts: Vec<String>,
}

/// Hands each sentence of a text to `each`: where its line begins, the line, the language, the tokens, and whether it is
/// the last of its line. `language` is that of the whole text where it is known.
pub(super) fn each_sentence(
    text: &str,
    language: Option<Language>,
    mut each: impl FnMut(usize, &str, Language, Vec<Token>, bool),
) {
    let document = language
        .or_else(|| detect::language(text))
        .unwrap_or(Language::Ru);
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let spans = sentences::split(line);
        let last = spans.len();
        for (number, span) in (1..).zip(spans) {
            let language = detect::sentence_language(&line[span.clone()], document);
            let tokens = terms::tokens(line, span, language);
            each(line_start, line, language, tokens, number == last);
        }
        line_start += line.len();
    }
}

/// The words and numbers of a text, signs left out; `language` is that of the whole text where it is known.
pub fn words(text: &str, language: Option<Language>) -> Vec<Word> {
    let mut list = WordList::default();
    each_sentence(
        text,
        language,
        |line_start, _, language, tokens, ends_line| {
            list.add(line_start, tokens, language, ends_line);
        },
    );
    list.words
}

/// Words with their places, sentence by sentence.
#[derive(Default)]
pub(super) struct WordList {
    /// The words so far.
    pub(super) words: Vec<Word>,
    /// Place of the next.
    position: usize,
}

impl WordList {
    /// Adds the words of a sentence.
    pub(super) fn add(
        &mut self,
        line_start: usize,
        tokens: Vec<Token>,
        language: Language,
        ends_line: bool,
    ) {
        for token in tokens {
            if token.kind == TokenKind::Sign {
                continue;
            }
            self.words.push(Word {
                span: line_start + token.span.start..line_start + token.span.end,
                position: self.position,
                parts: parts(&token, language),
                lower: token.lower,
                term: token.term,
            });
            self.position += 1;
        }
        if ends_line {
            self.position += LINE_GAP;
        }
    }
}

/// Letters of a part that is found on its own: shorter ones are endings and particles.
const MIN_PART_CHARS: usize = 4;

/// Other stems by which a word is found.
fn parts(token: &Token, language: Language) -> Vec<String> {
    let lower = token.lower.as_str();
    if !lower.contains('-') {
        let other = match language {
            Language::Kk => base(lower).map(|base| terms::term(base, language)),
            Language::Ru => noun(lower, &token.term),
            Language::En => None,
        };
        let other = other.into_iter();
        return other.filter(|term| *term != token.term).collect();
    }
    lower
        .split('-')
        .filter(|part| part.chars().count() >= MIN_PART_CHARS)
        .map(|part| terms::term(part, language))
        .collect()
}

/// How a form as written stands in the index beside its term.
pub(super) fn exact(lower: &str) -> String {
    format!("={lower}")
}

/// How many letters must be changed, added or dropped to make one word the other.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut before = i;
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = before + usize::from(from != *to);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
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
