//! Tells which words of a sentence a negation governs, so that only what is said not to be counts as negated.
//!
//! Each language puts its negation elsewhere: Russian before the word, Kazakh in its affix or after it, English after the
//! auxiliary. Words that negate a whole clause («нет», «никто», "nobody") govern the clause; a denial governs the sentence.

use std::ops::Range;

use crate::language::{Concept, ConceptKind, Cue, CueKind, Language, Sentence, Token, TokenKind};

/// Concepts that say themselves that something is not: the negation inside their words is theirs.
const NEGATIVE_THEMSELVES: [&str; 8] = [
    "unharmed", "rejected", "unspent", "unpaid", "unsolved", DENIED, UNCHANGED, PREVENTED,
];
/// What turned out not to be so: «сообщения не подтвердились».
pub(super) const DENIED: &str = "denied";
/// What stays as it was: «стоимость не меняется».
pub(super) const UNCHANGED: &str = "unchanged";
/// What was kept from happening did not happen: «побегов не допущено».
pub(super) const PREVENTED: &str = "prevented";
/// Words between a Russian or English negation and the word it governs: auxiliaries, modals, adverbs.
const BETWEEN: [&str; 63] = [
    "был",
    "была",
    "было",
    "были",
    "будет",
    "будут",
    "быть",
    "стал",
    "стала",
    "стали",
    "станет",
    "станут",
    "пришлось",
    "придется",
    "удалось",
    "смог",
    "смогла",
    "смогли",
    "может",
    "могут",
    "должен",
    "должна",
    "должны",
    "еще",
    "ещё",
    "пока",
    "собирается",
    "собираются",
    "планирует",
    "планируют",
    "планируется",
    "намерен",
    "намерена",
    "намерено",
    "намерены",
    "предполагается",
    "подлежит",
    "be",
    "been",
    "being",
    "is",
    "are",
    "was",
    "were",
    "have",
    "has",
    "had",
    "do",
    "does",
    "did",
    "will",
    "would",
    "can",
    "could",
    "may",
    "must",
    "yet",
    "ever",
    "to",
    "a",
    "an",
    "the",
    "any",
];
/// Kazakh words that negate what stands before them.
const KAZAKH_AFTER: [&str; 4] = ["емес", "жоқ", "жоғы", "жоғын"];
/// Words that do nothing but negate.
const PLAIN: [&str; 7] = ["без", "не", "нет", "without", "not", "no", "жоқ"];
/// Words that negate only the noun behind them, not what the sentence says.
const OF_A_NOUN: [&str; 3] = ["без", "without", "lack"];
/// Words with which a purpose begins.
const PURPOSE: [&str; 4] = ["to", "чтобы", "для", "үшін"];
/// How verbs begin that only say that something was there.
const EXISTENCE_STEMS: [&str; 12] = [
    "зарегистрир",
    "зафиксир",
    "выявлен",
    "обнаружен",
    "отмечен",
    "допущен",
    "произошл",
    "тіркел",
    "анықтал",
    "байқал",
    "болған",
    "болма",
];
/// How words that speak of a plan begin.
const PLAN_STEMS: [&str; 8] = [
    "plan",
    "intend",
    "intention",
    "propos",
    "жоспар",
    "көзде",
    "ниет",
    "план",
];
/// How far behind a negation such a word may stand.
const PLAN_WORDS: usize = 3;
/// How many words a negation before a noun governs.
const NOUN_WORDS: usize = 1;

/// Bytes of a sentence that are negated.
pub(super) fn negated(text: &str, sentence: &Sentence) -> Vec<Range<usize>> {
    // «Без изменений» is a concept of its own: a word of negation that begins or ends its words is its own. A verb that is
    // negated by its ending, or a word in between, negates what the concept says.
    let is_own = |cue: &&Cue| {
        let word = text
            .get(cue.span.clone())
            .unwrap_or_default()
            .to_lowercase();
        PLAIN.contains(&word.as_str())
            && sentence.concepts.iter().any(|concept| {
                concept.kind != ConceptKind::Word
                    && concept.id != PREVENTED
                    && concept.span != cue.span
                    && (concept.span.start == cue.span.start || concept.span.end == cue.span.end)
            })
    };
    let cues = sentence.cues.iter().filter(|cue| !is_own(cue));
    let negations = cues.filter_map(|cue| match cue.kind {
        CueKind::Denial => Some(sentence.span.clone()),
        CueKind::Negation => governed(text, sentence, cue),
        _ => None,
    });
    negations.collect()
}

/// Whether a concept is negated wherever the sentence speaks of it.
pub(super) fn is_negated(sentence: &Sentence, negated: &[Range<usize>], concept: &Concept) -> bool {
    if NEGATIVE_THEMSELVES.contains(&concept.id.as_str()) {
        return false;
    }
    let is_in = |span: &Range<usize>| {
        negated
            .iter()
            .any(|range| range.start < span.end && span.start < range.end)
    };
    sentence
        .concepts
        .iter()
        .filter(|other| other.id == concept.id)
        .all(|other| is_in(&other.span))
}

/// What one negation governs.
fn governed(text: &str, sentence: &Sentence, cue: &Cue) -> Option<Range<usize>> {
    let tokens = &sentence.tokens;
    let first = tokens
        .iter()
        .position(|token| token.span.start >= cue.span.start)?;
    let last = tokens
        .iter()
        .rposition(|token| token.span.end <= cue.span.end)?
        .max(first);
    let word = tokens[first].lower.as_str();
    let clause = clause(text, tokens, first);
    let (from, to) = match sentence.language {
        Language::Kk if KAZAKH_AFTER.contains(&word) => match tokens[..first].last() {
            Some(verb) if is_existence(verb) => (clause.start, first),
            _ => (first.saturating_sub(2), first),
        },
        // «Ешкім», «ешқандай» only go along with a negated verb.
        Language::Kk if word.starts_with("еш") => return None,
        // «Сатып алу биыл жоспарланбаған»: what is not planned is not done either.
        Language::Kk if is_plan(&tokens[first]) || is_existence(&tokens[first]) => {
            (clause.start, last)
        }
        Language::Kk => (first.saturating_sub(1), last),
        _ if OF_A_NOUN.contains(&word) => (first, last + NOUN_WORDS),
        Language::Ru if word == "ни" => return None,
        Language::Ru | Language::En if is_before_a_verb(word) => {
            let mut to = last + 1;
            while tokens
                .get(to)
                .is_some_and(|token| BETWEEN.contains(&token.lower.as_str()))
            {
                to += 1;
            }
            // A negated auxiliary at the end of its clause negates what went before it: «применять не пришлось».
            // So does one whose verb ends the clause and says little by itself: «под стражу не заключался».
            let is_known = |token: &Token| {
                let mut spans = sentence.concepts.iter().map(|concept| &concept.span);
                spans.any(|span| span.start <= token.span.start && token.span.end <= span.end)
            };
            let is_final = sentence.language == Language::Ru
                && to + 1 >= clause.end
                && tokens
                    .get(to)
                    .is_some_and(|token| !is_known(token) || is_existence(token));
            let is_inverted = to >= clause.end && to > last + 1 || is_final;
            if is_inverted {
                (clause.start, clause.end)
            } else {
                (first, to)
            }
        }
        // «No permit is needed to enter the park»: the purpose is not negated. What nobody plans is.
        _ if tokens[first..clause.end]
            .iter()
            .take(PLAN_WORDS)
            .any(is_plan) =>
        {
            (clause.start, clause.end)
        }
        _ => {
            let purpose = tokens[first..clause.end]
                .iter()
                .position(|token| PURPOSE.contains(&token.lower.as_str()));
            (
                clause.start,
                purpose.map_or(clause.end, |n| (first + n).saturating_sub(1)),
            )
        }
    };
    let from = from.max(clause.start);
    let to = to.min(clause.end.saturating_sub(1));
    Some(tokens.get(from)?.span.start..tokens.get(to)?.span.end)
}

/// Whether a verb only says that something was there or came to be known: without it there was none.
fn is_existence(token: &Token) -> bool {
    let mut stems = EXISTENCE_STEMS.iter();
    stems.any(|stem| token.lower.starts_with(stem))
}

/// Whether a word speaks of a plan.
fn is_plan(token: &Token) -> bool {
    let mut stems = PLAN_STEMS.iter();
    stems.any(|stem| token.lower.starts_with(stem))
}

/// Whether a negation stands before the word it governs.
fn is_before_a_verb(word: &str) -> bool {
    word == "не"
        || word == "нельзя"
        || word == "not"
        || word == "never"
        || word == "cannot"
        || word.ends_with("n't")
}

/// The tokens of the clause in which a token stands.
fn clause(text: &str, tokens: &[Token], at: usize) -> Range<usize> {
    let is_boundary = |token: &Token| {
        token.kind == TokenKind::Sign
            && matches!(
                text.get(token.span.clone()).unwrap_or_default(),
                "," | ";" | ":" | "–" | "—" | "(" | ")" | "." | "!" | "?"
            )
    };
    let start = tokens[..at]
        .iter()
        .rposition(is_boundary)
        .map_or(0, |n| n + 1);
    let end = tokens[at..]
        .iter()
        .position(is_boundary)
        .map_or(tokens.len(), |n| at + n);
    start..end
}
