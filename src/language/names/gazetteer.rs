//! Finds the names that the lexicon lists: bodies, places, offices with their qualifiers, codes of law.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Name, NameKind};
use crate::language::lexicon::{Named, OfficeKind};
use crate::language::{Language, Lexicon, Token};

/// How many tokens may stand between the parts of one office: a comma or a full stop of an abbreviation.
const MAX_OFFICE_GAP: usize = 1;

/// A phrase of the gazetteer in a sentence.
#[derive(Debug)]
pub(super) struct Mention {
    /// Indices of its tokens.
    pub tokens: Range<usize>,
    /// What it may name, the likeliest first.
    pub candidates: Vec<Named>,
}

/// All phrases of the gazetteer in a sentence, those of an entry that holds on the day preferred.
pub(super) fn mentions(
    lexicon: &Lexicon,
    text: &str,
    tokens: &[Token],
    language: Language,
    written: Option<NaiveDate>,
) -> Vec<Mention> {
    let phrases = lexicon.name_phrases(language);
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(hit) = phrases.longest(Some(text), tokens, at) else {
            at += 1;
            continue;
        };
        let all: Vec<Named> = hit
            .entries
            .iter()
            .map(|&n| lexicon.named_at(n).clone())
            .collect();
        let valid: Vec<Named> = all
            .iter()
            .filter(|named| holds_on(lexicon, named, written))
            .cloned()
            .collect();
        at = hit.tokens.end;
        mentions.push(Mention {
            tokens: hit.tokens,
            candidates: if valid.is_empty() { all } else { valid },
        });
    }
    mentions
}

/// Whether what is named existed on the day.
fn holds_on(lexicon: &Lexicon, named: &Named, day: Option<NaiveDate>) -> bool {
    match named {
        Named::Body(id) => lexicon
            .body(id)
            .is_none_or(|body| body.validity.holds_on(day)),
        Named::Place(id) => lexicon
            .place(id)
            .is_none_or(|place| place.validity.holds_on(day)),
        Named::Office(_) | Named::Law(_) => true,
    }
}

/// The byte range of a mention.
pub(super) fn span(mention: &Mention, tokens: &[Token]) -> Range<usize> {
    tokens[mention.tokens.start].span.start..tokens[mention.tokens.end - 1].span.end
}

/// The bodies and places among the mentions.
pub(super) fn bodies_and_places(
    lexicon: &Lexicon,
    tokens: &[Token],
    mentions: &[Mention],
    written: Option<NaiveDate>,
) -> Vec<Name> {
    let certain: Vec<&str> = mentions
        .iter()
        .filter_map(|mention| match mention.candidates.as_slice() {
            [Named::Place(id)] => Some(id.as_str()),
            _ => None,
        })
        .collect();
    let mut names = Vec::new();
    for mention in mentions {
        let (kind, mut ids) = match &mention.candidates[0] {
            Named::Body(_) => (NameKind::Body, ids_of(mention, NameKind::Body)),
            Named::Place(_) => (NameKind::Place, ids_of(mention, NameKind::Place)),
            Named::Office(_) | Named::Law(_) => continue,
        };
        // A district whose name several regions have is the one of a region named beside it.
        let fits = |id: &String| {
            let ancestors = lexicon.place_ancestors(id, written);
            certain.iter().any(|place| ancestors.contains(place))
        };
        if kind == NameKind::Place
            && ids.len() > 1
            && let Some(at) = ids.iter().position(fits)
        {
            ids = vec![ids.swap_remove(at)];
        }
        let id = ids.remove(0);
        names.push(Name {
            span: span(mention, tokens),
            kind,
            id,
            qualifiers: ids,
        });
    }
    names
}

/// The ids of the candidates of a kind.
fn ids_of(mention: &Mention, kind: NameKind) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for named in &mention.candidates {
        let id = match (named, kind) {
            (Named::Body(id), NameKind::Body) | (Named::Place(id), NameKind::Place) => id,
            _ => continue,
        };
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

/// The offices among the mentions: neighbouring qualifiers, offices, ranks and the office's body put together.
pub(super) fn offices(
    lexicon: &Lexicon,
    tokens: &[Token],
    language: Language,
    mentions: &[Mention],
) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < mentions.len() {
        let mut end = at + 1;
        let mut n_bases = usize::from(is_base(lexicon, &mentions[at]));
        while end < mentions.len()
            && is_of_office(&mentions[end])
            // A second office is another one: «приказом министра начальником департамента назначен».
            && n_bases + usize::from(is_base(lexicon, &mentions[end])) < 2
            // What qualifies an office stands before it but in Kazakh: «штаб возглавляет вице-министр».
            && (language == Language::Kk || n_bases == 0 || !is_qualifier(lexicon, &mentions[end]))
            && are_joined(
                tokens,
                mentions[end - 1].tokens.end,
                mentions[end].tokens.start,
            )
        {
            n_bases += usize::from(is_base(lexicon, &mentions[end]));
            end += 1;
        }
        // A place in front belongs to no office, «Аққулы ауданы жер қатынастары бөлімінің басшысы», and a rank behind one to the
        // office before it, «начальником полиции области назначен полковник».
        let is_led_by_place = !is_of_office(&mentions[at]);
        if !is_led_by_place || n_bases > 0 {
            let first = at + usize::from(is_led_by_place);
            names.extend(office(lexicon, tokens, &mentions[first..end]));
        }
        at = end;
    }
    names
}

/// Whether only what belongs to an office's name stands between two of its parts.
fn are_joined(tokens: &[Token], end: usize, start: usize) -> bool {
    let between = &tokens[end.min(start)..start];
    let n_words = between
        .iter()
        .filter(|token| !matches!(token.lower.as_str(), "of" | "the" | "for"))
        .count();
    n_words <= MAX_OFFICE_GAP
}

/// What kind of an office's part a mention names; `None` where it names none.
fn kind_of(lexicon: &Lexicon, mention: &Mention) -> Option<OfficeKind> {
    match &mention.candidates[0] {
        Named::Office(id) => lexicon.office(id).map(|office| office.kind),
        _ => None,
    }
}

/// Whether a mention is an office by itself, no rank and no qualifier.
fn is_base(lexicon: &Lexicon, mention: &Mention) -> bool {
    kind_of(lexicon, mention) == Some(OfficeKind::Office)
}

/// Whether a mention qualifies an office: deputy, acting, former.
fn is_qualifier(lexicon: &Lexicon, mention: &Mention) -> bool {
    kind_of(lexicon, mention) == Some(OfficeKind::Qualifier)
}

/// Whether a mention may be a part of an office's name.
fn is_of_office(mention: &Mention) -> bool {
    matches!(mention.candidates[0], Named::Office(_) | Named::Body(_))
}

/// One office from neighbouring mentions; `None` when there is none among them.
fn office(lexicon: &Lexicon, tokens: &[Token], mentions: &[Mention]) -> Option<Name> {
    let mut base: Option<&str> = None;
    let mut rank: Option<&str> = None;
    let mut body: Option<&str> = None;
    let mut qualifiers = Vec::new();
    let mut used: Option<Range<usize>> = None;
    for mention in mentions {
        match &mention.candidates[0] {
            Named::Office(id) => {
                match lexicon.office(id)?.kind {
                    OfficeKind::Office => base = base.or(Some(id)),
                    OfficeKind::Rank => rank = rank.or(Some(id)),
                    OfficeKind::Qualifier => qualifiers.push(id.clone()),
                }
                let part = span(mention, tokens);
                used = Some(used.map_or(part.clone(), |whole| {
                    whole.start.min(part.start)..whole.end.max(part.end)
                }));
            }
            Named::Body(id) => body = body.or(Some(id)),
            Named::Place(_) | Named::Law(_) => {}
        }
    }
    qualifiers.sort();
    qualifiers.dedup();
    let span = used?;
    let is_head = |base: &str| !base.contains('@');
    let id = match (base, body) {
        (Some(base), Some(body)) if is_head(base) => format!("{base}@{body}"),
        (Some(base), _) => base.to_owned(),
        (None, Some(body)) if !qualifiers.is_empty() => format!("staff@{body}"),
        (None, _) => {
            rank.map_or_else(|| qualifiers.first().cloned(), |rank| Some(rank.to_owned()))?
        }
    };
    Some(Name {
        span,
        kind: NameKind::Office,
        id,
        qualifiers,
    })
}
