//! Lays out who published a claim first, who credits whom, who mended it and when, and how it spread by the hour.
//!
//! Whom a text credits and what it links to is read by `extract`. Here the words are held against the names of sources, word by word
//! and by their stems, and against their hosts. A credit that fits no source stays in its words; a link counts where it leads to a
//! source, and shows which of its publications is meant.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use super::fact::folded;
use crate::language::{Language, terms};
use crate::model::ledger::{Credit, HourCount, Ledger, LedgerEntry};
use crate::model::{Case, Copy, Source, SourceId, SourceRole};

/// Shortest word of a name that tells one source from another.
const MIN_WORD_CHARS: usize = 3;

/// The ledger of a case.
pub fn ledger(case: &Case, sources: &BTreeMap<SourceId, Source>) -> Ledger {
    let mut copies: Vec<&Copy> = case.copies.iter().collect();
    copies.sort_by(|a, b| (a.published, &a.url).cmp(&(b.published, &b.url)));
    let entries = copies
        .iter()
        .enumerate()
        .map(|(place, copy)| LedgerEntry {
            source: copy.source.clone(),
            url: copy.url.clone(),
            language: copy.language,
            published: copy.published,
            is_first: place == 0,
            is_own_page: is_official(sources, &copy.source),
            credits: credits(copy, &copies, sources),
            state: copy.state,
            last_event: copy.last_event,
            ended_at: copy.ended_at,
        })
        .collect();
    let languages: BTreeSet<&str> = copies.iter().map(|copy| copy.language.code()).collect();
    Ledger {
        entries,
        by_hour: by_hour(&copies),
        languages: languages
            .into_iter()
            .filter_map(Language::from_code)
            .collect(),
    }
}

/// Whether a source is an agency.
fn is_official(sources: &BTreeMap<SourceId, Source>, id: &SourceId) -> bool {
    sources
        .get(id)
        .is_some_and(|source| source.role == SourceRole::Official)
}

/// How many were published in each hour that has any.
fn by_hour(copies: &[&Copy]) -> Vec<HourCount> {
    let mut hours: BTreeMap<DateTime<Utc>, usize> = BTreeMap::new();
    for copy in copies {
        let hour = copy.published.duration_trunc(TimeDelta::hours(1));
        *hours.entry(hour.unwrap_or(copy.published)).or_default() += 1;
    }
    let mut total = 0;
    let counted = hours.into_iter().map(|(hour, n)| {
        total += n;
        HourCount { hour, n, total }
    });
    counted.collect()
}

/// Whom a publication credits in words, and by links to sources that it does not name.
fn credits(copy: &Copy, copies: &[&Copy], sources: &BTreeMap<SourceId, Source>) -> Vec<Credit> {
    let words = copy.credits.iter();
    let mut credits: Vec<Credit> = words
        .map(|words| credit(words, copy, copies, sources))
        .collect();
    for link in &copy.links {
        let linked = copies.iter().find(|other| bare(&other.url) == bare(link));
        let owner = match linked {
            Some(other) => Some(&other.source),
            None => sources
                .values()
                .find(|source| bare_host(&source.url) == bare_host(link))
                .map(|source| &source.id),
        };
        let Some(owner) = owner.filter(|owner| **owner != copy.source) else {
            continue;
        };
        let url = linked.map(|other| other.url.clone());
        let named = credits
            .iter_mut()
            .find(|credit| credit.source.as_ref() == Some(owner));
        match named {
            // A link says which of the publications of that source is meant.
            Some(credit) => credit.url = url.or(credit.url.take()),
            None => credits.push(Credit {
                words: link.clone(),
                source: Some(owner.clone()),
                url,
            }),
        }
    }
    credits
}

/// Whom some printed words mean. Sources that carry the claim come first: a reprint credits whom it has it from.
fn credit(
    words: &str,
    copy: &Copy,
    copies: &[&Copy],
    sources: &BTreeMap<SourceId, Source>,
) -> Credit {
    let carries = |id: &SourceId| copies.iter().any(|other| other.source == *id);
    let mut meant: Vec<&Source> = sources
        .values()
        .filter(|source| source.id != copy.source && is_named(source, words, copy.language))
        .collect();
    meant.sort_by_key(|source| (!carries(&source.id), source.id.clone()));
    let source = meant.first().map(|source| source.id.clone());
    let is_taken_from = |other: &&&Copy| {
        Some(&other.source) == source.as_ref() && other.published <= copy.published
    };
    let url = copies
        .iter()
        .find(is_taken_from)
        .map(|other| other.url.clone());
    Credit {
        words: words.to_owned(),
        source,
        url,
    }
}

/// Whether words name a source: its host stands in them, or all words of one of its names do, in whatever form.
fn is_named(source: &Source, words: &str, language: Language) -> bool {
    let host = bare_host(&source.url);
    if host.contains('.') && words.to_lowercase().contains(host) {
        return true;
    }
    let said = stems(words, language);
    source.name.values().any(|name| {
        let named = stems(name, language);
        !named.is_empty() && named.is_subset(&said)
    })
}

/// An address without its scheme and `www.`, by which links name a page either way.
fn bare(url: &str) -> &str {
    let rest = url.split_once("//").map_or("", |(_, rest)| rest);
    rest.trim_start_matches("www.")
}

/// The host of an address without `www.`; empty where it has none.
fn bare_host(url: &str) -> &str {
    bare(url).split(['/', ':', '?']).next().unwrap_or_default()
}

/// The stems of the words that tell one name from another.
fn stems(text: &str, language: Language) -> BTreeSet<String> {
    let folded = folded(text);
    folded
        .split(' ')
        .filter(|word| word.chars().count() >= MIN_WORD_CHARS)
        .map(|word| terms::term(word, language))
        .collect()
}
