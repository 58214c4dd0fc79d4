//! The small plans that a query is made of: terms of words in each language, values of fields, and what all must hold.

use crate::index::bases::{base, noun};
use crate::index::engine::{Field, Plan};
use crate::language::Language;
use crate::language::terms::{self, TokenKind};

/// Words of an author's name, all of them.
pub(super) fn author(value: &str) -> Option<Plan> {
    let plans: Vec<Plan> = variants_in(value, Language::Ru, |token| token.lower)
        .into_iter()
        .map(|(_, lower)| demand(Field::Author, lower))
        .collect();
    all(plans)
}

/// A value that stands or does not.
pub(super) fn flag(field: Field, value: &str, is_wanted: bool) -> Plan {
    let plan = demand(field, value.to_owned());
    if is_wanted {
        plan
    } else {
        Plan::Not(Box::new(plan))
    }
}

/// Any of the values between commas.
pub(super) fn values(field: Field, list: &str, form: impl Fn(&str) -> String) -> Option<Plan> {
    let values = list.split(',').filter(|value| !value.is_empty());
    let plans: Vec<Plan> = values.map(|value| demand(field, form(value))).collect();
    (!plans.is_empty()).then_some(Plan::Any(plans))
}

/// A value that is demanded and does not rank.
pub(super) fn demand(field: Field, value: String) -> Plan {
    Plan::Is {
        field,
        value,
        worth: Some(0),
    }
}

/// A term that ranks.
pub(super) fn term(field: Field, value: &str) -> Plan {
    Plan::Is {
        field,
        value: value.to_owned(),
        worth: None,
    }
}

/// Terms one after the other, with up to `slop` others between; one alone is a term.
pub(super) fn phrase(field: Field, terms: &[(usize, String)], slop: u32) -> Plan {
    match terms {
        [(_, one)] => term(field, one),
        terms => Plan::Phrase {
            field,
            terms: terms.to_vec(),
            slop,
        },
    }
}

/// The same question to each of several fields.
pub(super) fn anywhere(fields: &[Field], ask: impl Fn(Field) -> Plan) -> Plan {
    Plan::Any(fields.iter().map(|field| ask(*field)).collect())
}

/// The terms of some words in each of the three languages, without repeats.
pub(super) fn variants(text: &str) -> Vec<Vec<(usize, String)>> {
    let of = |text: &str, language: Language| variants_in(text, language, |token| token.term);
    let lower = lower(text);
    let is_word = !text.contains(char::is_whitespace);
    let base = base(&lower).filter(|_| is_word);
    let mut read = match base {
        // The word before a plain plural says better what is meant than a stem cut further. It may be one of all three.
        Some(base) => Language::ALL.map(|language| of(base, language)).to_vec(),
        None => vec![of(text, Language::Kk)],
    };
    read.push(of(text, Language::Ru));
    read.push(of(text, Language::En));
    read.push(variants_in(text, Language::Ru, |token| {
        noun(&token.lower, &token.term).unwrap_or(token.term)
    }));
    if is_word {
        // What is typed may be a stem already: «қызылша» is cut to «қызыл», «қызылшаға» is not.
        read.push(variants_in(text, Language::Kk, |token| token.lower));
    }
    let mut variants: Vec<Vec<(usize, String)>> = Vec::new();
    for terms in read {
        if !terms.is_empty() && !variants.contains(&terms) {
            variants.push(terms);
        }
    }
    variants
}

/// The words of a text in one language, each with its place.
pub(super) fn variants_in(
    text: &str,
    language: Language,
    form: impl Fn(terms::Token) -> String,
) -> Vec<(usize, String)> {
    terms::tokens(text, 0..text.len(), language)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Sign)
        .map(form)
        .enumerate()
        .collect()
}

/// A word in lower case, mended as the words of texts are.
pub(super) fn lower(word: &str) -> String {
    terms::tokens(word, 0..word.len(), Language::Ru)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Sign)
        .map(|token| token.lower)
        .collect()
}

/// The terms of two phrases one after the other.
pub(super) fn chained(left: &[(usize, String)], right: &[(usize, String)]) -> Vec<(usize, String)> {
    let moved = right
        .iter()
        .map(|(place, term)| (place + left.len(), term.clone()));
    left.iter().cloned().chain(moved).collect()
}

/// Everything of several plans; `None` of none.
pub(super) fn all(mut parts: Vec<Plan>) -> Option<Plan> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Plan::All(parts)),
    }
}
