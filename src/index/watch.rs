//! Matches saved queries with one publication: the search the other way round.
//!
//! Each query names terms of which at least one must stand in whatever it matches, where it has such terms; only queries one
//! of whose terms stands in the publication are looked at closely. So the time for a publication grows with the queries
//! that are near to it, not with all.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::engine::{Engine, Entry, Field, Kind, Number, Plan};
use super::entry::{publication, readable};
use super::likeness::Likeness;
use super::query::Parsed;
use super::search::{KAZAKHSTAN_OFFSET_S, Ledger, scoped};
use super::words::{distance, words};
use super::{IndexError, snippet};
use crate::model::{Claim, HitKind, Repair, Revision, Snippet, Source};
use crate::store::Store;

/// Saved queries as they were understood, waiting for publications.
pub struct Watching {
    watch: Watch,
    parsed: Vec<Parsed>,
}

/// A query that a publication matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// Number of the query.
    pub query: usize,
    /// The passage that shows why.
    pub why: Snippet,
    /// What the text is like.
    pub likeness: Likeness,
}

impl Watching {
    /// Reads queries as a search of this engine would; `today` anchors their `published:-7d`.
    pub(super) fn new(
        queries: &[&str],
        engine: &dyn Engine,
        store: &dyn Store,
        today: NaiveDate,
    ) -> Result<Watching, IndexError> {
        let ledger = Ledger::new(store, engine);
        let mut watch = Watch::default();
        let parsed: Vec<Parsed> = queries
            .iter()
            .map(|query| ledger.parse(query, HitKind::Pages, today, KAZAKHSTAN_OFFSET_S))
            .collect();
        for parsed in &parsed {
            watch.add(scoped(parsed, None));
        }
        ledger.end()?;
        Ok(Watching { watch, parsed })
    }

    /// What of a query had to be mended; empty for a well-formed one.
    pub fn repairs(&self, query: usize) -> &[Repair] {
        &self.parsed[query].repairs
    }

    /// The queries that a publication matches, in order; `claims` are those in it.
    pub fn matches(&self, revision: &Revision, source: &Source, claims: &[Claim]) -> Vec<Matched> {
        let entry = publication(revision, source, claims);
        let matched = self.watch.matches(&entry);
        if matched.is_empty() {
            return Vec::new();
        }
        let document = &revision.document;
        let text = readable(document);
        let words = words(&text, document.language);
        let matched = matched.into_iter();
        matched
            .map(|query| Matched {
                query,
                why: snippet::best_among(
                    &text,
                    document.language,
                    &words,
                    &self.parsed[query].marks,
                ),
                likeness: entry.likeness,
            })
            .collect()
    }
}

/// A term or value of a field.
type Key = (Field, String);

/// Queries that wait for publications.
#[derive(Debug, Default)]
struct Watch {
    plans: Vec<Plan>,
    /// Queries by one of their terms.
    by_key: HashMap<Key, Vec<usize>>,
    /// Queries that no term must stand for.
    keyless: Vec<usize>,
}

impl Watch {
    /// Takes a plan in; plans are numbered in the order they come.
    fn add(&mut self, plan: Plan) {
        let number = self.plans.len();
        match keys(&plan) {
            Some(keys) => {
                for key in keys {
                    self.by_key.entry(key).or_default().push(number);
                }
            }
            None => self.keyless.push(number),
        }
        self.plans.push(plan);
    }

    /// The numbers of the plans that an entry fulfils, in order.
    fn matches(&self, entry: &Entry) -> Vec<usize> {
        let entry = Held::of(entry);
        let mut near: BTreeSet<usize> = self.keyless.iter().copied().collect();
        for key in &entry.keys {
            near.extend(self.by_key.get(key).into_iter().flatten());
        }
        near.into_iter()
            .filter(|number| entry.fulfils(&self.plans[*number]))
            .collect()
    }
}

/// Whether an entry fulfils a plan.
pub(super) fn fulfils(entry: &Entry, plan: &Plan) -> bool {
    Held::of(entry).fulfils(plan)
}

/// Terms of which at least one stands in whatever fulfils a plan, the fewest that are known; `None` when there are none.
fn keys(plan: &Plan) -> Option<BTreeSet<Key>> {
    match plan {
        Plan::Is { field, value, .. } => Some([(*field, value.clone())].into()),
        Plan::OneOf { field, values } => {
            Some(values.iter().map(|value| (*field, value.clone())).collect())
        }
        // Of a phrase every term must stand; the longest is likely the rarest.
        Plan::Phrase { field, terms, .. } => {
            let longest = terms.iter().max_by_key(|(_, term)| term.len());
            longest.map(|(_, term)| [(*field, term.clone())].into())
        }
        Plan::All(plans) => {
            let each = plans.iter().filter_map(keys);
            // Every publication is in some source, language and state; words are rarer.
            each.min_by_key(|keys| {
                let is_common = keys.iter().any(|(field, _)| {
                    matches!(
                        field,
                        Field::Source | Field::Language | Field::Role | Field::State
                    )
                });
                (is_common, keys.len())
            })
        }
        Plan::Any(plans) => plans
            .iter()
            .map(keys)
            .collect::<Option<Vec<_>>>()
            .map(|each| each.into_iter().flatten().collect()),
        Plan::Ranked(plan, _) => keys(plan),
        Plan::Kind(_)
        | Plan::Not(_)
        | Plan::Prefix { .. }
        | Plan::Like { .. }
        | Plan::Within { .. } => None,
    }
}

/// What an entry holds, laid out for questions.
struct Held<'e> {
    entry: &'e Entry,
    keys: BTreeSet<Key>,
    places: HashMap<(Field, &'e str), Vec<usize>>,
}

impl<'e> Held<'e> {
    fn of(entry: &'e Entry) -> Held<'e> {
        let mut keys: BTreeSet<Key> = entry.values.iter().cloned().collect();
        keys.insert((Field::Revision, entry.revision.0.clone()));
        let mut places: HashMap<(Field, &str), Vec<usize>> = HashMap::new();
        for (field, terms) in &entry.terms {
            for (place, term) in terms {
                keys.insert((*field, term.clone()));
                places.entry((*field, term)).or_default().push(*place);
            }
        }
        Held {
            entry,
            keys,
            places,
        }
    }

    fn fulfils(&self, plan: &Plan) -> bool {
        match plan {
            Plan::Kind(kind) => *kind == Kind::Publication && self.entry.kind == *kind,
            Plan::All(plans) => plans.iter().all(|plan| self.fulfils(plan)),
            Plan::Any(plans) => plans.iter().any(|plan| self.fulfils(plan)),
            Plan::Not(plan) => !self.fulfils(plan),
            Plan::Ranked(plan, _) => self.fulfils(plan),
            Plan::Is { field, value, .. } => self.holds(*field, value),
            Plan::OneOf { field, values } => values.iter().any(|value| self.holds(*field, value)),
            Plan::Phrase { field, terms, slop } => self.phrase(*field, terms, *slop),
            Plan::Prefix { field, prefix } => {
                let from = (*field, prefix.clone());
                let mut after = self.keys.range(from..);
                after
                    .next()
                    .is_some_and(|(of, term)| of == field && term.starts_with(prefix.as_str()))
            }
            Plan::Like {
                field,
                term,
                letters,
            } => {
                let of_field = self.keys.iter().filter(|(of, _)| of == field);
                let mut terms = of_field.map(|(_, own)| own);
                terms.any(|own| distance(own, term) <= usize::from(*letters))
            }
            Plan::Within { number, from, to } => {
                let is_within =
                    |own: i64| from.is_none_or(|from| own >= from) && to.is_none_or(|to| own <= to);
                match number {
                    Number::Published => is_within(self.entry.published),
                    Number::FirstSeen => is_within(self.entry.first_seen),
                    Number::Amount => self.entry.amounts.iter().copied().any(is_within),
                }
            }
        }
    }

    fn holds(&self, field: Field, value: &str) -> bool {
        self.keys.contains(&(field, value.to_owned()))
    }

    /// Whether terms stand one after the other with at most `slop` places between them in all.
    fn phrase(&self, field: Field, terms: &[(usize, String)], slop: u32) -> bool {
        let Some(((first, term), rest)) = terms.split_first() else {
            return true;
        };
        let starts = self.places.get(&(field, term.as_str()));
        starts.into_iter().flatten().any(|start| {
            let mut spare = slop as usize;
            let mut before = *start;
            let mut offset = *first;
            rest.iter().all(|(next, term)| {
                let expected = before + (next - offset);
                let places = self.places.get(&(field, term.as_str()));
                let mut places = places.into_iter().flatten();
                let found = places.find(|place| (expected..=expected + spare).contains(*place));
                let Some(place) = found else { return false };
                spare -= place - expected;
                (before, offset) = (*place, *next);
                true
            })
        })
    }
}
