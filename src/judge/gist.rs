//! What a sentence can be recognised by, word by word: each word or name once, with all it may mean.
//!
//! A word with several meanings gives several anchors, of which another text need share only one. Counted one by one they
//! would make a sentence with ambiguous words look unlike its own translation, so they are kept together here. Who is
//! named as the speaker is left out: a report may add or drop it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::language::{CueKind, Language, Name, NameKind, Sentence, TokenKind};

/// Prefix of the terms that hold a word's meanings.
pub(super) const PREFIX: &str = "g:";
/// Between the meanings of a word.
const BETWEEN: char = '|';
/// Words that carry a sentence without saying anything of it.
const LIGHT: [&str; 14] = [
    "w:be_exist",
    "w:say",
    "w:report",
    "w:to_report",
    "w:according_to",
    "w:now",
    "w:earlier",
    "w:later",
    "w:also",
    "w:happen",
    "w:have",
    "p:kz",
    "w:kazakhstan",
    "w:without",
];
/// The least number of words that must remain when the speaker is left out.
const LEAST_WORDS: usize = 2;

/// The words of a sentence, or of the part of it that a figure is about, each as one term.
pub(super) fn words(
    sentence: &Sentence,
    name_id: impl Fn(&Name) -> String,
    is_own: impl Fn(&Range<usize>) -> bool,
) -> Vec<String> {
    let mut groups: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let said = said_by(sentence);
    let is_said = |span: &Range<usize>| {
        said.iter()
            .any(|range| range.start <= span.start && span.end <= range.end)
    };
    let mut outside = 0;
    let mut inside: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for token in &sentence.tokens {
        let (start, anchors) = meanings(sentence, token, &name_id);
        if anchors.is_empty()
            || !is_own(&token.span)
            || anchors
                .iter()
                .any(|anchor| LIGHT.contains(&anchor.as_str()))
        {
            continue;
        }
        let list = if is_said(&token.span) {
            &mut inside
        } else {
            outside += 1;
            &mut groups
        };
        list.entry(start).or_default().extend(anchors);
    }
    if outside < LEAST_WORDS {
        groups.extend(inside);
    }
    let lists = groups.into_values().map(|group| {
        let list: Vec<String> = group.into_iter().collect();
        format!("{PREFIX}{}", list.join(&BETWEEN.to_string()))
    });
    lists.collect()
}

/// Pronouns that stand for a person named before.
const PRONOUNS: [&str; 24] = [
    "он",
    "она",
    "его",
    "её",
    "ее",
    "него",
    "нее",
    "неё",
    "ему",
    "ней",
    "ним",
    "нём",
    "нем",
    "he",
    "she",
    "him",
    "her",
    "his",
    "ол",
    "оның",
    "оған",
    "оны",
    "онымен",
    "одан",
];

/// Whether a sentence speaks of somebody by a pronoun.
pub(super) fn has_pronoun(sentence: &Sentence) -> bool {
    let mut words = sentence.tokens.iter();
    words.any(|token| PRONOUNS.contains(&token.lower.as_str()))
}

/// Function words of four letters and more.
const FUNCTION_WORDS: [&str; 79] = [
    "would",
    "were",
    "have",
    "been",
    "that",
    "this",
    "with",
    "from",
    "they",
    "their",
    "which",
    "will",
    "more",
    "than",
    "least",
    "also",
    "when",
    "where",
    "into",
    "over",
    "about",
    "after",
    "before",
    "these",
    "those",
    "being",
    "each",
    "some",
    "such",
    "there",
    "который",
    "которая",
    "которые",
    "которого",
    "которой",
    "которых",
    "этот",
    "этого",
    "этой",
    "эти",
    "также",
    "того",
    "были",
    "было",
    "была",
    "будет",
    "если",
    "чтобы",
    "через",
    "после",
    "перед",
    "между",
    "около",
    "ещё",
    "тоже",
    "всего",
    "лишь",
    "только",
    "более",
    "және",
    "үшін",
    "бойынша",
    "туралы",
    "деген",
    "болып",
    "болды",
    "болған",
    "кезінде",
    "осы",
    "олар",
    "оған",
    "оның",
    "тағы",
    "ғана",
    "дейін",
    "кейін",
    "бірге",
    "арқылы",
    "үстінде",
];

/// The meanings kept in a term of [`words`].
pub(super) fn meanings_of(term: &str) -> Option<impl Iterator<Item = &str>> {
    term.strip_prefix(PREFIX).map(|list| list.split(BETWEEN))
}

/// What a token means, and where the name or phrase that it belongs to begins.
fn meanings(
    sentence: &Sentence,
    token: &crate::language::Token,
    name_id: &impl Fn(&Name) -> String,
) -> (usize, Vec<String>) {
    let is_in = |span: &Range<usize>| span.start <= token.span.start && token.span.end <= span.end;
    let names: Vec<&Name> = sentence
        .names
        .iter()
        .filter(|name| is_in(&name.span))
        .collect();
    if let Some(first) = names.first() {
        let anchors = names.iter().map(|name| {
            let prefix = match name.kind {
                NameKind::Place => "p",
                NameKind::Body => "b",
                NameKind::Law => "l",
                NameKind::Person | NameKind::Office => "i",
                NameKind::Other => "o",
            };
            format!("{prefix}:{}", name_id(name))
        });
        return (first.span.start, anchors.collect());
    }
    if sentence.periods.iter().any(|mention| is_in(&mention.span))
        || sentence
            .quantities
            .iter()
            .any(|quantity| is_in(&quantity.span))
    {
        return (token.span.start, Vec::new());
    }
    let mut start = token.span.start;
    let mut anchors = Vec::new();
    for concept in sentence
        .concepts
        .iter()
        .filter(|concept| is_in(&concept.span))
    {
        start = concept.span.start;
        let prefix = if concept.kind == crate::language::ConceptKind::Word {
            "w"
        } else {
            "c"
        };
        anchors.push(format!("{prefix}:{}", concept.id));
    }
    if FUNCTION_WORDS.contains(&token.lower.as_str()) {
        return (start, Vec::new());
    }
    if token.kind == TokenKind::Word && token.lower.chars().count() > 3 {
        let code = sentence.language.code();
        anchors.push(format!("s:{code}:{}", token.term));
    }
    (start, anchors)
}

/// Where the sentence only tells who said it. In Kazakh a marker at the end reaches over what was said as well.
fn said_by(sentence: &Sentence) -> Vec<Range<usize>> {
    let last = sentence
        .tokens
        .iter()
        .rev()
        .find(|token| token.kind == TokenKind::Word)
        .map_or(sentence.span.end, |token| token.span.end);
    let markers = sentence.cues.iter().filter(|cue| {
        cue.kind == CueKind::Attribution
            && !(sentence.language == Language::Kk && cue.span.end >= last)
    });
    markers.map(|cue| cue.span.clone()).collect()
}
