//! Turns a plan into a query of tantivy.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, InvertedIndexRangeQuery,
    Occur, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

use super::Local;
use crate::index::engine::{Field, Number, Plan};

/// A word in the title says more of a publication than the same word in its text.
const TITLE_BOOST: f32 = 2.0;
/// A prefix stands for at most this many terms, so that `а*` costs little.
const PREFIX_TERMS: u64 = 2_000;

impl Local {
    /// A plan as a query.
    pub(super) fn query(&self, plan: &Plan) -> Box<dyn Query> {
        let columns = &self.columns;
        match plan {
            Plan::Kind(kind) => {
                let term = Term::from_field_text(columns.kind, kind.word());
                demanded(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
            }
            Plan::All(plans) => self.all(plans),
            Plan::Any(plans) => Box::new(BooleanQuery::union(
                plans.iter().map(|p| self.query(p)).collect(),
            )),
            Plan::Not(plan) => self.all(std::slice::from_ref(&Plan::Not(plan.clone()))),
            Plan::Ranked(demand, by) => {
                let mut clauses = vec![(Occur::Must, self.query(demand))];
                clauses.extend(by.iter().map(|plan| (Occur::Should, self.query(plan))));
                Box::new(BooleanQuery::new(clauses))
            }
            Plan::Is {
                field,
                value,
                worth,
            } => self.is(*field, value, *worth),
            Plan::Phrase { field, terms, slop } => self.phrase(*field, terms, *slop),
            Plan::Prefix { field, prefix } => {
                let column = columns.of(*field);
                let from = Term::from_field_text(column, prefix);
                let to = Term::from_field_text(column, &format!("{prefix}\u{10FFFF}"));
                let mut query =
                    InvertedIndexRangeQuery::new(Bound::Included(from), Bound::Excluded(to));
                query.limit(PREFIX_TERMS);
                Box::new(query)
            }
            Plan::Like {
                field,
                term,
                letters,
            } => {
                let term = Term::from_field_text(columns.of(*field), term);
                Box::new(FuzzyTermQuery::new(term, *letters, false))
            }
            Plan::OneOf { field, values } => {
                let column = columns.of(*field);
                let terms = values
                    .iter()
                    .map(|value| Term::from_field_text(column, value));
                demanded(Box::new(TermSetQuery::new(terms)))
            }
            Plan::Within { number, from, to } => {
                let column = match number {
                    Number::Published => columns.published,
                    Number::FirstSeen => columns.first_seen,
                    Number::Amount => columns.amount,
                };
                let term = |number: i64| Bound::Included(Term::from_field_i64(column, number));
                let from = term(from.unwrap_or(i64::MIN));
                let to = term(to.unwrap_or(i64::MAX));
                demanded(Box::new(RangeQuery::new(from, to)))
            }
        }
    }

    /// Everything demanded by plans; where only exclusions stand, of all entries.
    fn all(&self, plans: &[Plan]) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = plans
            .iter()
            .map(|plan| match plan {
                Plan::Not(plan) => (Occur::MustNot, self.query(plan)),
                plan => (Occur::Must, self.query(plan)),
            })
            .collect();
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, demanded(Box::new(AllQuery))));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// A term or value.
    fn is(&self, field: Field, value: &str, worth: Option<u32>) -> Box<dyn Query> {
        let term = Term::from_field_text(self.columns.of(field), value);
        let has_frequencies = matches!(field, Field::Title | Field::Body);
        let detail = if has_frequencies && worth.is_none() {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        let query: Box<dyn Query> = Box::new(TermQuery::new(term, detail));
        match worth {
            Some(worth) => Box::new(ConstScoreQuery::new(query, worth as f32)),
            None if field == Field::Title => Box::new(BoostQuery::new(query, TITLE_BOOST)),
            None if field == Field::Body => query,
            None => demanded(query),
        }
    }

    /// A phrase; of one word it is that word.
    fn phrase(&self, field: Field, terms: &[(usize, String)], slop: u32) -> Box<dyn Query> {
        let column = self.columns.of(field);
        match terms {
            [] => demanded(Box::new(AllQuery)),
            [(_, term)] => self.is(field, term, None),
            _ => {
                let terms = terms
                    .iter()
                    .map(|(offset, term)| (*offset, Term::from_field_text(column, term)))
                    .collect();
                let query = PhraseQuery::new_with_offset_and_slop(terms, slop);
                let boost = if field == Field::Title {
                    TITLE_BOOST
                } else {
                    1.0
                };
                Box::new(BoostQuery::new(Box::new(query), boost))
            }
        }
    }
}

/// A query that chooses and does not rank.
fn demanded(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}
