//! Finds the phrases of the lexicon in a sentence: a trie over terms, walked once from each token.
//!
//! A phrase is stored by the terms of its words, so every inflected form is found. A word written in
//! capitals in the data (an abbreviation: «ІІМ», «МВД») matches only capitals in the text; one with a capital
//! at its head (a name: «Тараз») only such a one; a word that begins with `=` matches only that very form. The cost is linear in the text: the longest phrase is bounded.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::loose::Loose;
use super::variants;
use crate::language::{Language, Token, TokenKind, terms};

/// How many paths one phrase may take through the trie: more stems of its words than this are left out.
const MAX_PATHS: usize = 24;
/// A stem of so many letters, cut from a word at least two letters longer, meets too many other words.
const MAX_WEAK_STEM: usize = 3;

/// How one step of a phrase is compared with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Compare {
    /// By stem.
    Stem,
    /// By lower-case form.
    Form,
    /// By lower-case form, and the text must be in capitals.
    Capitals,
    /// By stem, and the text must begin with a capital: names of places.
    Proper,
}

/// A trie of phrases in one language; a phrase leads to the numbers of the entries it names.
#[derive(Debug, Default)]
pub(in crate::language) struct Phrases {
    /// Numbers of the words that occur in phrases.
    words: HashMap<Box<str>, u32>,
    /// From a node by a word to the next node; node 0 is the root.
    edges: HashMap<(u32, Compare, u32), u32>,
    /// Entries that end at a node, in order of insertion.
    ends: Vec<Vec<u32>>,
    /// Phrases whose words may stand apart.
    loose: Loose,
    /// Ways to compare words met while building (by stem, or not, and the text); emptied by [`Phrases::finish`].
    stems: HashMap<String, Vec<(bool, String)>>,
}

/// A phrase found: tokens `tokens` (indices) name `entries`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::language) struct Hit<'a> {
    /// Indices of the first token and after the last.
    pub tokens: Range<usize>,
    /// What the phrase names.
    pub entries: &'a [u32],
}

impl Phrases {
    /// Adds a phrase that [`has_words`].
    pub fn insert(&mut self, phrase: &str, language: Language, entry: u32) {
        if self.ends.is_empty() {
            self.ends.push(Vec::new());
        }
        let (marks, plain) = marked(phrase);
        let tokens = terms::tokens(&plain, 0..plain.len(), language);
        let mut nodes = vec![0];
        for token in &tokens {
            let surface = &plain[token.span.clone()];
            let is_exact = marks.contains(&token.span.start);
            let by_stem = if surface.starts_with(char::is_uppercase) {
                Compare::Proper
            } else {
                Compare::Stem
            };
            let ways: Vec<(Compare, String)> = if is_exact {
                vec![(Compare::Form, token.lower.clone())]
            } else if is_capitals(surface) {
                vec![(Compare::Capitals, token.lower.clone())]
            } else {
                let ways = self.ways(token, language).into_iter();
                ways.map(|(is_stem, word)| (if is_stem { by_stem } else { Compare::Form }, word))
                    .collect()
            };
            nodes = nodes
                .iter()
                .flat_map(|&node| {
                    ways.iter()
                        .map(move |(compare, word)| (node, *compare, word))
                })
                .take(MAX_PATHS)
                .map(|(node, compare, word)| self.step(node, compare, word))
                .collect();
        }
        for &node in nodes.iter().filter(|_| !tokens.is_empty()) {
            let end = &mut self.ends[node as usize];
            if !end.contains(&entry) {
                end.push(entry);
            }
        }
    }

    /// Adds a phrase whose words may stand apart and in any order.
    pub fn insert_loose(&mut self, phrase: &str, language: Language, entry: u32) {
        let (marks, plain) = marked(phrase);
        let tokens = terms::tokens(&plain, 0..plain.len(), language);
        let is_plain = |token: &Token| {
            let surface = &plain[token.span.clone()];
            token.kind == TokenKind::Word && !surface.starts_with(char::is_uppercase)
        };
        if !tokens.iter().all(is_plain) {
            return;
        }
        let words = tokens.iter().map(|token| {
            let keys = if marks.contains(&token.span.start) {
                vec![format!("={}", token.lower)]
            } else {
                let ways = self.ways(token, language).into_iter();
                ways.map(|(is_stem, word)| if is_stem { word } else { format!("={word}") })
                    .collect()
            };
            (token.lower.clone(), keys)
        });
        let words = words.collect();
        self.loose.insert(words, entry);
    }

    /// Entries whose words stand apart, with the tokens from the first to the last of them.
    pub fn spread(&self, tokens: &[Token]) -> Vec<(Range<usize>, u32)> {
        let keys: Vec<[String; 2]> = tokens
            .iter()
            .map(|token| {
                let stem = with_agent(&token.term, &token.lower).into_owned();
                [stem, format!("={}", token.lower)]
            })
            .collect();
        self.loose.find(tokens, &keys)
    }

    /// Gives back what only building needs.
    pub fn finish(&mut self) {
        self.stems = HashMap::new();
    }

    /// The ways to compare a token with a word of a phrase: by the stems its forms come out with, and, where a
    /// stem says too little («бол» of «болат») or the opposite («заң» of «заңсыз»), by the very form.
    fn ways(&mut self, token: &Token, language: Language) -> Vec<(bool, String)> {
        if token.kind != TokenKind::Word {
            return vec![(true, token.term.clone())];
        }
        if let Some(ways) = self.stems.get(&token.lower) {
            return ways.clone();
        }
        let n_letters = token.lower.chars().count();
        // Endings of case and number never make a mark of negation, so the word itself tells.
        let may_negate = variants::has_negation(&token.lower, language);
        let mut ways = Vec::new();
        for (idx, form) in variants::forms(&token.lower, language)
            .into_iter()
            .enumerate()
        {
            let stem = if idx == 0 {
                token.term.clone()
            } else {
                terms::stem(&form, language)
            };
            let n_stem = stem.chars().count();
            let is_telling = (n_stem > MAX_WEAK_STEM || n_letters < n_stem + 2)
                && (n_stem > 1 || n_letters == 1)
                && !(may_negate && variants::loses_negation(&form, &stem, language));
            let way = if is_telling {
                (true, with_agent(&stem, &form).into_owned())
            } else {
                (false, form)
            };
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        self.stems.insert(token.lower.clone(), ways.clone());
        ways
    }

    /// The node after `node` by a word, made when it is not there.
    fn step(&mut self, node: u32, compare: Compare, word: &str) -> u32 {
        let n_words = self.words.len() as u32;
        let word = *self.words.entry(word.into()).or_insert(n_words);
        let next = self.ends.len() as u32;
        let target = *self.edges.entry((node, compare, word)).or_insert(next);
        if target == next {
            self.ends.push(Vec::new());
        }
        target
    }

    /// The longest phrase that begins at token `start`.
    pub fn longest(&self, text: Option<&str>, tokens: &[Token], start: usize) -> Option<Hit<'_>> {
        let mut best: Option<(usize, u32)> = None;
        let mut open = vec![(0_u32, start)];
        while let Some((node, at)) = open.pop() {
            if at > start
                && !self.ends.get(node as usize)?.is_empty()
                && best.is_none_or(|(end, _)| at > end)
            {
                best = Some((at, node));
            }
            if let Some(token) = tokens.get(at) {
                self.successors(node, text, token, |next| open.push((next, at + 1)));
                if at > start && is_passed_over(token) {
                    open.push((node, at + 1));
                }
            }
        }
        let (mut end, node) = best?;
        while end > start + 1 && is_passed_over(&tokens[end - 1]) {
            end -= 1;
        }
        Some(Hit {
            tokens: start..end,
            entries: &self.ends[node as usize],
        })
    }

    /// Calls `visit` with every node that `token` leads to from `node`.
    fn successors(&self, node: u32, text: Option<&str>, token: &Token, mut visit: impl FnMut(u32)) {
        let mut follow = |compare: Compare, word: &str| {
            let next = self
                .words
                .get(word)
                .and_then(|&word| self.edges.get(&(node, compare, word)));
            if let Some(&next) = next {
                visit(next);
            }
        };
        if token.kind != TokenKind::Word {
            follow(Compare::Stem, &token.term);
            return;
        }
        let stem = with_agent(&token.term, &token.lower);
        follow(Compare::Stem, &stem);
        follow(Compare::Form, &token.lower);
        let surface = text.and_then(|text| text.get(token.span.clone()));
        if surface.is_none_or(|word| word.starts_with(char::is_uppercase)) {
            follow(Compare::Proper, &stem);
        }
        if surface.is_none_or(begins_in_capitals) {
            follow(Compare::Capitals, bare(&token.lower));
        }
    }
}

/// Put behind the stem of a word for a doer, whose suffix the stemmer has cut off.
const AGENT: char = '+';
/// Suffixes of Kazakh words for a doer.
const KAZAKH_AGENTS: [&str; 2] = ["ушы", "уші"];
/// Suffixes of English words for a doer.
const ENGLISH_AGENTS: [&str; 2] = ["er", "or"];

/// A stem, marked where its word names a doer and the stem does not say so any more: «тергеуші» (the investigator) and
/// «тергеп» (having investigated), an officer and an office have one stem, and are not one thing.
fn with_agent<'s>(stem: &'s str, form: &str) -> Cow<'s, str> {
    let has_lost = |agents: &[&str], is_in: fn(&str, &str) -> bool| {
        agents
            .iter()
            .any(|agent| is_in(form, agent) && !is_in(stem, agent))
    };
    let is_kazakh = has_lost(&KAZAKH_AGENTS, |word, agent| word.contains(agent));
    let is_english = form.is_ascii()
        && has_lost(&ENGLISH_AGENTS, |word, agent| {
            word.strip_suffix('s').unwrap_or(word).ends_with(agent)
        });
    if is_kazakh || is_english {
        Cow::Owned(format!("{stem}{AGENT}"))
    } else {
        Cow::Borrowed(stem)
    }
}

/// Whether there is anything in a phrase to be found.
pub(super) fn has_words(phrase: &str) -> bool {
    phrase.chars().any(|c| !c.is_whitespace() && c != '=')
}

/// The phrase without its `=` marks, and the places where a marked word begins.
fn marked(phrase: &str) -> (Vec<usize>, String) {
    let mut plain = String::with_capacity(phrase.len());
    let mut marks = Vec::new();
    for letter in phrase.chars() {
        if letter == '=' {
            marks.push(plain.len());
        } else {
            plain.push(letter);
        }
    }
    (marks, plain)
}

/// Whether a sign may stand inside a phrase without breaking it: quotation marks around a part of a name.
fn is_passed_over(token: &Token) -> bool {
    token.kind == TokenKind::Sign
        && matches!(token.lower.as_str(), "«" | "»" | "\"" | "“" | "”" | "„")
}

/// A form without the ending that a hyphen or apostrophe joins to it.
fn bare(form: &str) -> &str {
    form.split(['-', '’', '\'', '‑']).next().unwrap_or(form)
}

/// Whether a word is an abbreviation in capitals: two letters or more, at most one of them small («ҚСжАЕК»).
fn is_capitals(word: &str) -> bool {
    let n_upper = word.chars().filter(|c| c.is_uppercase()).count();
    let n_lower = word.chars().filter(|c| c.is_lowercase()).count();
    n_upper >= 2 && n_lower <= 1
}

/// Whether a word of the text begins with two capitals, or is one capital only.
fn begins_in_capitals(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters
            .find(|c| c.is_alphabetic())
            .is_none_or(char::is_uppercase)
        || is_capitals(bare(word))
}
