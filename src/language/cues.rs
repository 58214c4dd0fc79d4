//! Finds the markers that change what a sentence asserts: negation, rumour, denial, plan, possibility, attribution, quotation.
//!
//! A marker says that something is there, not what it governs: the judge decides by place. The span of an attribution reaches
//! over the words that name the speaker, the span of a quotation over everything quoted. Negation inside a bound («не менее»)
//! and double negation («болмай қоймайды») negate nothing and are left out.

mod wordings;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Language, Token, TokenKind, kazakh};
use wordings::{Reach, Wording};

/// What a marker does to the statement it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CueKind {
    /// Negation of the predicate: «не», «-ған жоқ», the Kazakh negative affix, "not".
    Negation,
    /// Someone else's unconfirmed word: «якобы», «деген ақпарат», "allegedly".
    Rumour,
    /// The statement is denied: «не соответствует действительности», «шындыққа жанаспайды».
    Denial,
    /// Planned, envisaged, proposed.
    Plan,
    /// Forecast or expectation.
    Forecast,
    /// May, might, could.
    Possibility,
    /// Said by someone: «по данным», «мәліметінше», "according to".
    Attribution,
    /// Direct speech.
    Quotation,
    /// A question.
    Question,
    /// An opinion or an evaluation: «по мнению», «пікірінше», "experts believe".
    Opinion,
}

/// A marker as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// UTF-8 byte range in the analysed text.
    pub span: Range<usize>,
    /// What it does.
    pub kind: CueKind,
}

/// Shortest quotation, in words, that is speech and not a name in quotation marks.
const SHORTEST_SPEECH: usize = 4;

/// Finds the markers of one sentence.
pub fn find(text: &str, tokens: &[Token], language: Language) -> Vec<Cue> {
    let _ = text;
    let mut cues = quotations(tokens);
    let table = wordings::table(language);
    let mut at = 0;
    while at < tokens.len() {
        if let Some((length, wording)) = table.at(tokens, at) {
            let is_month = language == Language::En && is_month_of_may(tokens, at);
            if let Some(kind) = wording.kind.filter(|_| !is_month) {
                cues.push(Cue {
                    span: reach(tokens, at..at + length, wording),
                    kind,
                });
                // «жоспарланбаған», «күтілмейді»: what is planned or expected is told and denied by one word.
                let is_open = matches!(kind, CueKind::Plan | CueKind::Forecast);
                let last = at + length - 1;
                if is_open && affix(tokens, last, language) == Some(CueKind::Negation) {
                    cues.push(Cue {
                        span: tokens[last].span.clone(),
                        kind: CueKind::Negation,
                    });
                }
            }
            at += length;
        } else {
            if let Some(kind) = affix(tokens, at, language) {
                cues.push(Cue {
                    span: tokens[at].span.clone(),
                    kind,
                });
            }
            at += 1;
        }
    }
    if tokens.iter().rev().take(3).any(|token| token.lower == "?") {
        cues.extend(whole(tokens).map(|span| Cue {
            span,
            kind: CueKind::Question,
        }));
    }
    if asks(tokens, language) {
        cues.extend(whole(tokens).map(|span| Cue {
            span,
            kind: CueKind::Question,
        }));
    }
    cues.sort_by_key(|cue| (cue.span.start, cue.span.end, cue.kind));
    cues.dedup();
    cues
}

/// Whether a word is the month and no verb: «May 18», «by May», «25 May».
fn is_month_of_may(tokens: &[Token], at: usize) -> bool {
    let is_number = |token: &Token| token.lower.starts_with(|c: char| c.is_ascii_digit());
    let before = at.checked_sub(1).map(|at| &tokens[at]);
    let is_dated = before
        .is_some_and(|token| is_number(token) || BEFORE_MONTH.contains(&token.lower.as_str()));
    tokens[at].lower == "may" && (is_dated || tokens.get(at + 1).is_some_and(is_number))
}

/// Words that stand before a month.
const BEFORE_MONTH: [&str; 16] = [
    "in", "of", "on", "by", "since", "from", "until", "till", "to", "last", "early", "late", "mid",
    "this", "for", "during",
];

/// Whether a sentence asks by a particle, as headlines do without a mark: «Закрывают ли школы», «Мектептер жабыла ма».
fn asks(tokens: &[Token], language: Language) -> bool {
    let words: Vec<&str> = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| token.lower.as_str())
        .collect();
    match language {
        Language::Ru => words.get(1) == Some(&"ли"),
        Language::Kk => words
            .last()
            .is_some_and(|last| matches!(*last, "ма" | "ме" | "ба" | "бе" | "па" | "пе")),
        Language::En => false,
    }
}

fn whole(tokens: &[Token]) -> Option<Range<usize>> {
    Some(tokens.first()?.span.start..tokens.last()?.span.end)
}

/// What a Kazakh affix or an English contraction says.
fn affix(tokens: &[Token], at: usize, language: Language) -> Option<CueKind> {
    let token = tokens
        .get(at)
        .filter(|token| token.kind == TokenKind::Word)?;
    match language {
        Language::Kk if kazakh::is_negated_verb(&token.lower) && !doubly_negated(tokens, at) => {
            Some(CueKind::Negation)
        }
        // «салынбақ», «ашылмақ»: intention.
        Language::Kk if is_intention(tokens, at) => Some(CueKind::Plan),
        Language::En if token.lower.ends_with("n't") || token.lower == "cannot" => {
            Some(CueKind::Negation)
        }
        _ => None,
    }
}

/// «болмай қоймайды», «келмеген жоқ»: two negations are none; a bound («аспайды») is no negation.
fn doubly_negated(tokens: &[Token], at: usize) -> bool {
    let negated = |n: usize| {
        tokens.get(n).is_some_and(|token| {
            kazakh::is_negated_verb(&token.lower) || token.lower == "жоқ" || token.lower == "емес"
        })
    };
    let next = negated(at + 1);
    let previous = at > 0 && kazakh::is_negated_verb(&tokens[at - 1].lower);
    let bound = tokens[at].lower.starts_with("аспа") || tokens[at].lower.starts_with("түспе");
    next || previous || bound
}

/// Kazakh nouns that end like a verb of intention.
const NOT_INTENDED: [&str; 16] = [
    "еңбек",
    "көмек",
    "аймақ",
    "сабақ",
    "тамақ",
    "бармақ",
    "қармақ",
    "ермек",
    "қақпақ",
    "шақпақ",
    "қалпақ",
    "табақ",
    "қабақ",
    "тоқпақ",
    "өрмек",
    "жұмақ",
];

/// Whether a Kazakh verb at the end of its clause tells an intention: «салынбақ», «көшпек», «қарамақ».
fn is_intention(tokens: &[Token], at: usize) -> bool {
    let lower = tokens[at].lower.as_str();
    let is_last = tokens
        .get(at + 1)
        .is_none_or(|next| next.kind == TokenKind::Sign);
    let is_verb = ["мақ", "мек", "бақ", "бек", "пақ", "пек"]
        .iter()
        .any(|tail| lower.ends_with(tail));
    is_last && is_verb && lower.chars().count() > 4 && !NOT_INTENDED.contains(&lower)
}

/// The span of a marker with the words it reaches over.
fn reach(tokens: &[Token], marker: Range<usize>, wording: Wording) -> Range<usize> {
    let stops = |token: &Token| {
        matches!(
            token.lower.as_str(),
            "," | ";" | "." | ":" | "–" | "—" | "»" | "”" | "!" | "?" | "\""
        )
    };
    let (mut first, mut last) = (marker.start, marker.end);
    let goes_back = match wording.reach {
        Reach::Word => false,
        Reach::Back => true,
        Reach::Forward => false,
        // A verb of saying after a quotation or a comma has its speaker behind it, otherwise before it.
        Reach::Saying => marker.start > 0 && !stops(&tokens[marker.start - 1]),
    };
    if goes_back {
        while first > 0 && !stops(&tokens[first - 1]) {
            first -= 1;
        }
    } else if !matches!(wording.reach, Reach::Word) {
        while last < tokens.len() && !stops(&tokens[last]) {
            last += 1;
        }
    }
    tokens[first].span.start..tokens[last - 1].span.end
}

/// Direct speech: what stands between quotation marks and is longer than a name.
fn quotations(tokens: &[Token]) -> Vec<Cue> {
    let mut cues = Vec::new();
    let mut open: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate() {
        let opens = matches!(token.lower.as_str(), "«" | "“" | "„")
            || (token.lower == "\"" && open.is_none());
        let closes =
            matches!(token.lower.as_str(), "»" | "”") || (token.lower == "\"" && open.is_some());
        if opens {
            open = Some(at);
        } else if closes {
            let start = open.take().unwrap_or(0);
            let words = tokens[start..at]
                .iter()
                .filter(|token| token.kind == TokenKind::Word)
                .count();
            let spoken = tokens[start..at]
                .last()
                .is_some_and(|last| matches!(last.lower.as_str(), "." | "!" | "?" | "," | "…"));
            if words >= SHORTEST_SPEECH || (spoken && words > 0) {
                cues.push(Cue {
                    span: tokens[start].span.start..token.span.end,
                    kind: CueKind::Quotation,
                });
            }
        }
    }
    // A quotation that runs over several sentences is closed in a later one.
    if let Some(start) = open {
        let words = tokens[start..]
            .iter()
            .filter(|token| token.kind == TokenKind::Word)
            .count();
        if words >= SHORTEST_SPEECH {
            cues.push(Cue {
                span: tokens[start].span.start..tokens[tokens.len() - 1].span.end,
                kind: CueKind::Quotation,
            });
        }
    }
    cues
}

#[cfg(test)]
mod tests;
