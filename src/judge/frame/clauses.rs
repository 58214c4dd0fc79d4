//! Takes a sentence of several deeds apart into the clauses that hold one each, so that what is said in one is not held
//! against the other: «the first road is open again, the second stays closed».

use std::ops::Range;

use super::Layout;
use crate::language::{ConceptKind, Sentence};

/// The clauses of a sentence that say of something what was done or became, each as a sentence of its own; none where there are fewer than two. What says no deed stays with the clause before it.
pub(super) fn clauses(layout: &Layout, sentence: &Sentence) -> Vec<Sentence> {
    let mut spans: Vec<(Range<usize>, bool)> = Vec::new();
    for token in &sentence.tokens {
        let span = token.span.clone();
        let has_deed = sentence.concepts.iter().any(|concept| {
            matches!(concept.kind, ConceptKind::Status | ConceptKind::Action)
                && concept.span.contains(&span.start)
        });
        let is_same = spans
            .last()
            .is_some_and(|(last, _)| layout.clause(last.start) == layout.clause(span.start));
        match spans.last_mut() {
            Some((last, holds)) if is_same => {
                last.end = span.end;
                *holds |= has_deed;
            }
            _ => spans.push((span, has_deed)),
        }
    }
    let mut merged: Vec<(Range<usize>, bool)> = Vec::new();
    for (span, has_deed) in spans {
        match merged.last_mut() {
            Some((last, holds)) if !has_deed || !*holds => {
                last.end = span.end;
                *holds |= has_deed;
            }
            _ => merged.push((span, has_deed)),
        }
    }
    if merged.len() < 2 {
        return Vec::new();
    }
    merged
        .into_iter()
        .map(|(span, _)| part(sentence, &span))
        .collect()
}

/// What of a sentence stands in a range.
fn part(sentence: &Sentence, range: &Range<usize>) -> Sentence {
    let is_in = |span: &Range<usize>| range.start <= span.start && span.end <= range.end;
    let mut part = sentence.clone();
    part.span = range.clone();
    part.tokens.retain(|token| is_in(&token.span));
    part.concepts.retain(|concept| is_in(&concept.span));
    part.names.retain(|name| is_in(&name.span));
    part.cues.retain(|cue| is_in(&cue.span));
    part.periods.retain(|mention| is_in(&mention.span));
    part.quantities.retain(|quantity| is_in(&quantity.span));
    part
}
