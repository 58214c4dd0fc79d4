//! Finds the lexicon's concepts in a sentence: what is measured, what happened, at which step, of which kind.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Language, Lexicon, Token};

/// What a concept stands for in a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConceptKind {
    /// What is counted or measured: offence, crime, theft, fine, accident, victim.
    Measure,
    /// A qualifier that fixes the base: registered, in production, sent to court, electronic, juvenile.
    Qualifier,
    /// A rung of a status ladder: detained, suspect, convicted, bill, adopted, in force, planned, allocated.
    Status,
    /// Something done: approve, open, install, find.
    Action,
    /// Any other word of the trilingual vocabulary; it only helps to bridge languages.
    Word,
}

/// A concept as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// Stable id in the lexicon, for example `offence`, `sent_to_court`.
    pub id: String,
    /// Kind.
    pub kind: ConceptKind,
}

/// Finds the concepts whose words stand together; the longest match wins, matches do not overlap.
///
/// A phrase with several meanings («мир»: peace, world) gives one concept for each, over the same range,
/// measures first and general words last, so that a reader of slots takes the first and a bridge takes all.
pub fn together(lexicon: &Lexicon, tokens: &[Token], language: Language) -> Vec<Concept> {
    let phrases = lexicon.concept_phrases(language);
    let mut concepts = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(hit) = phrases.longest(None, tokens, at) else {
            at += 1;
            continue;
        };
        let span = tokens[hit.tokens.start].span.start..tokens[hit.tokens.end - 1].span.end;
        let mut entries: Vec<_> = hit.entries.iter().map(|&n| lexicon.concept_at(n)).collect();
        entries.sort_by_key(|entry| entry.kind);
        concepts.extend(entries.into_iter().take(MAX_MEANINGS).map(|entry| Concept {
            span: span.clone(),
            id: entry.id.clone(),
            kind: entry.kind,
        }));
        at = hit.tokens.end;
    }
    concepts
}

/// Adds steps and deeds whose words stand apart, where they are not found together. All are in the order of the text then.
pub fn add_apart(
    lexicon: &Lexicon,
    tokens: &[Token],
    language: Language,
    concepts: &mut Vec<Concept>,
) {
    for (range, number) in lexicon.concept_phrases(language).spread(tokens) {
        let entry = lexicon.concept_at(number);
        let is_known = concepts.iter().any(|concept| concept.id == entry.id);
        if !is_known {
            concepts.push(Concept {
                span: tokens[range.start].span.start..tokens[range.end - 1].span.end,
                id: entry.id.clone(),
                kind: entry.kind,
            });
        }
    }
    concepts.sort_by_key(|concept| concept.span.start);
}

/// How many meanings of one phrase are kept: more would say nothing.
const MAX_MEANINGS: usize = 4;
