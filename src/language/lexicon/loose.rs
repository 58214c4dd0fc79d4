//! Finds phrases whose words stand apart or in another order: «досудебное расследование не начиналось» says of an
//! investigation what «начато досудебное расследование» says, and an order of words of its own is no other fact.
//!
//! Only steps and deeds are looked for so, in one clause and with few words between; a noun of two words taken apart
//! would be another noun.

use std::collections::HashMap;
use std::ops::Range;

use crate::language::{Token, TokenKind};

/// How many tokens may stand between and around the words of a phrase.
const GAP_TOKENS: usize = 4;
/// Ways to compare one word beyond which a phrase is not kept.
const MAX_WAYS: usize = 24;
/// Words that tie a phrase together and may be left out or stand elsewhere.
const TIES: [&str; 22] = [
    "в", "во", "на", "к", "ко", "с", "со", "по", "за", "из", "от", "о", "об", "a", "an", "the",
    "of", "to", "in", "on", "for", "by",
];

/// Phrases of several words, each word as the keys it may be found under.
#[derive(Debug, Default)]
pub(super) struct Loose {
    /// Words with their keys, and the entry.
    phrases: Vec<(Vec<Vec<String>>, u32)>,
    /// Phrases by each key of their first word.
    by_first: HashMap<String, Vec<usize>>,
}

impl Loose {
    /// Adds a phrase given by the words it is written with and the keys of each; one with fewer than two words that say
    /// something is left out.
    pub(super) fn insert(&mut self, words: Vec<(String, Vec<String>)>, entry: u32) {
        let words: Vec<Vec<String>> = words
            .into_iter()
            .filter(|(word, _)| !TIES.contains(&word.as_str()))
            .map(|(_, keys)| keys)
            .collect();
        if words.len() < 2
            || words
                .iter()
                .any(|keys| keys.is_empty() || keys.len() > MAX_WAYS)
        {
            return;
        }
        let number = self.phrases.len();
        for key in &words[0] {
            self.by_first.entry(key.clone()).or_default().push(number);
        }
        self.phrases.push((words, entry));
    }

    /// Entries with the tokens their phrases take up, from the first to the last, in the order of the text.
    pub(super) fn find(&self, tokens: &[Token], keys: &[[String; 2]]) -> Vec<(Range<usize>, u32)> {
        let mut found = Vec::new();
        for (at, of_token) in keys.iter().enumerate() {
            for key in of_token {
                for &number in self.by_first.get(key).into_iter().flatten() {
                    let (words, entry) = &self.phrases[number];
                    if let Some(span) = spread(words, at, tokens, keys)
                        && !found.contains(&(span.clone(), *entry))
                    {
                        found.push((span, *entry));
                    }
                }
            }
        }
        found.sort_by_key(|(span, entry)| (span.start, span.end, *entry));
        found
    }
}

/// The tokens over which the words of a phrase are spread when its first stands at `at`; `None` when they are not all
/// there. Words that follow each other are no business of this file.
fn spread(
    words: &[Vec<String>],
    at: usize,
    tokens: &[Token],
    keys: &[[String; 2]],
) -> Option<Range<usize>> {
    let reach = words.len() + GAP_TOKENS;
    let clause = clause(tokens, at);
    let window = clause.start.max(at.saturating_sub(reach))..clause.end.min(at + reach);
    let mut taken = vec![at];
    for word in &words[1..] {
        let is_it = |&place: &usize| {
            !taken.contains(&place) && keys[place].iter().any(|key| word.contains(key))
        };
        let place = window
            .clone()
            .filter(is_it)
            .min_by_key(|place| place.abs_diff(at))?;
        taken.push(place);
    }
    let span = *taken.iter().min()?..*taken.iter().max()? + 1;
    let is_short = span.len() <= reach;
    let has_number = tokens[span.clone()]
        .iter()
        .any(|token| token.kind == TokenKind::Number);
    (is_short && !has_number).then_some(span)
}

/// The tokens of the clause in which one stands.
fn clause(tokens: &[Token], at: usize) -> Range<usize> {
    let is_boundary = |token: &Token| {
        token.kind == TokenKind::Sign
            && matches!(
                token.lower.as_str(),
                "," | ";" | ":" | "–" | "—" | "(" | ")"
            )
    };
    let start = tokens[..at]
        .iter()
        .rposition(is_boundary)
        .map_or(0, |place| place + 1);
    let end = tokens[at..]
        .iter()
        .position(is_boundary)
        .map_or(tokens.len(), |place| at + place);
    start..end
}
