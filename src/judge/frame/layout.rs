//! Where the tokens, clauses and brackets of a sentence stand, and how far apart two places of it are.

use std::ops::Range;

use crate::language::{Sentence, TokenKind};

/// How many tokens a clause boundary between a word and a number counts for.
const BOUNDARY_TOKENS: usize = 8;

/// Where tokens and clause boundaries of a sentence stand.
pub(super) struct Layout {
    /// Byte ranges in brackets.
    brackets: Vec<Range<usize>>,
    /// First byte of each token.
    starts: Vec<usize>,
    /// Number of clause boundaries before each token.
    clauses: Vec<usize>,
}

impl Layout {
    pub(super) fn of(text: &str, sentence: &Sentence) -> Layout {
        let mut n_boundaries = 0;
        let mut layout = Layout {
            brackets: brackets(text, sentence),
            starts: Vec::new(),
            clauses: Vec::new(),
        };
        for token in &sentence.tokens {
            let surface = text.get(token.span.clone()).unwrap_or_default();
            let is_boundary = token.kind == TokenKind::Sign
                && matches!(surface, "," | ";" | ":" | "–" | "—" | "(" | ")" | "-");
            n_boundaries += usize::from(is_boundary);
            layout.starts.push(token.span.start);
            layout.clauses.push(n_boundaries);
        }
        layout
    }

    /// The brackets around a byte, if any.
    pub(super) fn bracket(&self, byte: usize) -> Option<&Range<usize>> {
        self.brackets.iter().find(|range| range.contains(&byte))
    }

    /// Index of the token at or before a byte.
    pub(super) fn token(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= byte)
            .saturating_sub(1)
    }

    /// Clause in which a byte stands.
    pub(super) fn clause(&self, byte: usize) -> usize {
        self.clauses.get(self.token(byte)).copied().unwrap_or(0)
    }

    /// How far two ranges stand apart: tokens between them, boundaries counted for more.
    pub(super) fn distance(&self, a: &Range<usize>, b: &Range<usize>) -> usize {
        let tokens = self.token(a.start).abs_diff(self.token(b.start));
        tokens + BOUNDARY_TOKENS * self.clause(a.start).abs_diff(self.clause(b.start))
    }
}

/// Byte ranges in brackets.
fn brackets(text: &str, sentence: &Sentence) -> Vec<Range<usize>> {
    let mut open = None;
    let mut found = Vec::new();
    for token in &sentence.tokens {
        match text.get(token.span.clone()) {
            Some("(") => open = Some(token.span.start),
            Some(")") => found.extend(open.take().map(|start| start..token.span.end)),
            _ => {}
        }
    }
    found
}
