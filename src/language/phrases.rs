//! A table of fixed wordings found in a row of tokens: the one way this folder looks up words.
//!
//! A pattern is words apart by spaces; `*` at the end of a word allows any continuation, so inflected words are given by
//! the part that does not change. Tables are built once and looked up by first letter.

use std::collections::BTreeMap;

use super::Token;

#[derive(Debug)]
enum Word {
    Exact(&'static str),
    Prefix(&'static str),
}

impl Word {
    fn matches(&self, lower: &str) -> bool {
        match self {
            Word::Exact(word) => lower == *word,
            Word::Prefix(start) => lower.starts_with(start),
        }
    }
}

/// Wordings with what each means.
#[derive(Debug)]
pub struct Phrases<T> {
    by_first: BTreeMap<char, Vec<(Vec<Word>, T)>>,
}

impl<T: Copy> Phrases<T> {
    /// Builds a table from `(meaning, patterns apart by ";")`.
    pub fn new(rows: &[(T, &'static str)]) -> Phrases<T> {
        let mut by_first: BTreeMap<char, Vec<(Vec<Word>, T)>> = BTreeMap::new();
        for (meaning, patterns) in rows {
            for pattern in patterns
                .split(';')
                .map(str::trim)
                .filter(|pattern| !pattern.is_empty())
            {
                let words = pattern
                    .split_whitespace()
                    .map(|word| {
                        word.strip_suffix('*')
                            .map_or(Word::Exact(word), Word::Prefix)
                    })
                    .collect();
                if let Some(first) = pattern.chars().next() {
                    by_first.entry(first).or_default().push((words, *meaning));
                }
            }
        }
        // The longest wording wins; among equals the first of the table.
        for patterns in by_first.values_mut() {
            patterns.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Phrases { by_first }
    }

    /// The longest wording that begins at token `at`, with its number of tokens.
    pub fn at(&self, tokens: &[Token], at: usize) -> Option<(usize, T)> {
        let first = tokens.get(at)?.lower.chars().next()?;
        let patterns = self.by_first.get(&first)?;
        patterns
            .iter()
            .find(|(words, _)| {
                tokens.len() >= at + words.len()
                    && words
                        .iter()
                        .zip(&tokens[at..])
                        .all(|(word, token)| word.matches(&token.lower))
            })
            .map(|(words, meaning)| (words.len(), *meaning))
    }

    /// The longest wording that ends right before token `end`, with its number of tokens.
    pub fn before(&self, tokens: &[Token], end: usize) -> Option<(usize, T)> {
        (1..=end.min(5)).rev().find_map(|length| {
            self.at(tokens, end - length)
                .filter(|&(found, _)| found == length)
        })
    }
}
