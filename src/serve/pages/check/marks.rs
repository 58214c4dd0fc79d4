//! Lays a checked draft out: its lines with the sentences that claim something marked, and each such sentence beside the record.

use std::collections::BTreeMap;

use crate::language::detect;
use crate::model::{Claim, Document, Label, Part, Quote, Verdict};
use crate::pursue::letter::slot_name;
use crate::report::text::name;
use crate::serve::Desk;
use crate::serve::html::marked_once;
use crate::serve::pages::is_web;
use crate::serve::words::Words;

/// A line of the draft.
pub(super) struct Line {
    /// Whether it is the headline.
    pub(super) is_title: bool,
    /// Its parts in order.
    pub(super) pieces: Vec<Piece>,
}

/// A part of a line; one with a number is a sentence that claims something.
pub(super) struct Piece {
    /// Text.
    pub(super) text: String,
    /// Number of its group; 0 where nothing is claimed.
    pub(super) number: usize,
    /// Class of its mark.
    pub(super) class: &'static str,
    /// What was found, for whoever does not see the mark.
    pub(super) said: String,
}

/// All claims of one sentence.
pub(super) struct Group {
    /// Where the sentence stands.
    part: Part,
    /// Its number in order of appearance, from 1.
    pub(super) number: usize,
    /// What weighs most among what was found of it.
    pub(super) label: Label,
    /// Its language.
    pub(super) language: &'static str,
    /// The sentence.
    pub(super) sentence: String,
    /// What was found of each claim.
    pub(super) shown: Vec<Shown>,
}

/// What was found of one claim.
pub(super) struct Shown {
    /// Class of its tag.
    pub(super) class: &'static str,
    /// The verdict as a word.
    pub(super) verdict: String,
    /// The sentence with the differing element marked, as HTML.
    pub(super) claimed: String,
    /// The record; none where there is no record.
    pub(super) record: Option<Record>,
    /// Elements that differ: name, as the draft has it, as the record has it.
    pub(super) differences: Vec<(String, String, String)>,
}

/// A quoted record.
pub(super) struct Record {
    /// Whose it is.
    pub(super) source: String,
    /// When it was published.
    pub(super) day: String,
    /// Its address.
    pub(super) url: String,
    /// Whether that is an address of the web.
    pub(super) is_link: bool,
    /// Its language; empty where none is told.
    pub(super) language: &'static str,
    /// The quoted sentence with the differing element marked, as HTML.
    pub(super) quoted: String,
}

/// How much a verdict weighs for whoever is about to publish: the least first.
fn weight(label: Label) -> u8 {
    match label {
        Label::NoRecord => 0,
        Label::Supported => 1,
        Label::Outdated => 2,
        Label::Contradicted => 3,
    }
}

/// The claims by sentence, in order of appearance: the headline first.
pub(super) fn groups(desk: &Desk, words: Words, findings: &[(Claim, Verdict)]) -> Vec<Group> {
    let mut by_part: BTreeMap<&Part, Vec<&(Claim, Verdict)>> = BTreeMap::new();
    for finding in findings {
        by_part.entry(&finding.0.part).or_default().push(finding);
    }
    let mut groups = Vec::new();
    for (part, mut findings) in by_part {
        findings.sort_by_key(|(_, verdict)| std::cmp::Reverse(weight(verdict.label)));
        let Some((claim, verdict)) = findings.first() else {
            continue;
        };
        let label = verdict.label;
        // Beside a claim that a record settles, those without a record say nothing.
        let told = findings
            .iter()
            .filter(|(_, verdict)| label == Label::NoRecord || verdict.label != Label::NoRecord);
        groups.push(Group {
            part: part.clone(),
            number: groups.len() + 1,
            label,
            language: claim.language.code(),
            sentence: claim.text.clone(),
            shown: told
                .map(|(claim, verdict)| shown(desk, words, claim, verdict))
                .collect(),
        });
    }
    groups
}

/// The text of a verdict, and the class of its tag.
fn verdict_text(label: Label) -> (&'static str, &'static str) {
    match label {
        Label::Contradicted => ("check-contradicted", "crit"),
        Label::Outdated => ("check-outdated", "mid"),
        Label::Supported => ("check-supported", "ok"),
        Label::NoRecord => ("check-no-record", ""),
    }
}

/// What was found of a claim.
fn shown(desk: &Desk, words: Words, claim: &Claim, verdict: &Verdict) -> Shown {
    let (text, class) = verdict_text(verdict.label);
    let first = verdict.differences.first();
    let claimed = first.map_or("", |one| one.claimed.as_str());
    let official = first.map_or("", |one| one.official.as_str());
    let quote = verdict.evidence.first();
    Shown {
        class,
        verdict: words.say(text),
        claimed: marked_once(&claim.text, claimed, "del", "d d-pub"),
        record: quote.map(|quote| record(desk, words, quote, official)),
        differences: verdict
            .differences
            .iter()
            .map(|one| {
                (
                    slot_name(one.slot, words.language).to_owned(),
                    one.claimed.clone(),
                    one.official.clone(),
                )
            })
            .collect(),
    }
}

/// A quoted record; `what` is the element that differs.
fn record(desk: &Desk, words: Words, quote: &Quote, what: &str) -> Record {
    let language = detect::language(&quote.sentence);
    Record {
        source: name(&desk.names, &quote.source, words.language).to_owned(),
        day: words.day(quote.published),
        is_link: is_web(&quote.url),
        url: quote.url.clone(),
        language: language.map_or("", |language| language.code()),
        quoted: marked_once(&quote.sentence, what, "ins", "d d-off"),
    }
}

/// The lines of a draft with its sentences marked.
pub(super) fn lines(words: Words, document: &Document, groups: &[Group]) -> Vec<Line> {
    let mut lines = Vec::new();
    if !document.title.is_empty() {
        let of_title = groups.iter().filter_map(|group| match &group.part {
            Part::Title(range) => Some((range.start, range.end, group)),
            _ => None,
        });
        lines.push(Line {
            is_title: true,
            pieces: pieces(words, &document.title, 0, of_title),
        });
    }
    let mut offset = 0;
    for block in &document.blocks {
        let of_text = groups.iter().filter_map(|group| match &group.part {
            Part::Text(range) => Some((range.start, range.end, group)),
            _ => None,
        });
        lines.push(Line {
            is_title: false,
            pieces: pieces(words, &block.text, offset, of_text),
        });
        offset += block.text.len() + 1;
    }
    lines
}

/// A line cut at the sentences that stand in it; `offset` is where it begins in what the ranges count in.
fn pieces<'a>(
    words: Words,
    text: &str,
    offset: usize,
    groups: impl Iterator<Item = (usize, usize, &'a Group)>,
) -> Vec<Piece> {
    let plain = |text: &str| Piece {
        text: text.to_owned(),
        number: 0,
        class: "",
        said: String::new(),
    };
    let mut pieces = Vec::new();
    let mut at = 0;
    for (start, end, group) in groups {
        let here = start.checked_sub(offset).zip(end.checked_sub(offset));
        let Some((start, end)) = here.filter(|(start, _)| *start >= at) else {
            continue;
        };
        let (Some(before), Some(sentence)) = (text.get(at..start), text.get(start..end)) else {
            continue;
        };
        if !before.is_empty() {
            pieces.push(plain(before));
        }
        pieces.push(Piece {
            number: group.number,
            class: match group.label {
                Label::Contradicted => "d-pub",
                Label::Outdated => "d-old",
                Label::Supported => "d-off",
                Label::NoRecord => "d-none",
            },
            said: words.say(verdict_text(group.label).0),
            ..plain(sentence)
        });
        at = end;
    }
    if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        pieces.push(plain(rest));
    }
    pieces
}
