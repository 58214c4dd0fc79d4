//! Answers a reader's query: parses it, asks the engine, and shows each hit from the store's own text.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::IndexError;
use super::engine::{Engine, Field, Kind, Order, Plan, Row};
use super::entry::readable;
use super::query::{Parsed, Scope, parse};
use super::snippet::{self, Snippet};
use crate::language::Language;
use crate::model::{Document, RevisionId};

/// How far east of UTC the days of Kazakhstan begin (one time zone since March 2024).
pub const KAZAKHSTAN_OFFSET_S: i64 = 5 * 3600;

/// How hits are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Newest first.
    Date,
}

/// What a reader asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// The query as typed; see [`super::parse`] for its language.
    pub text: String,
    /// Order.
    pub sort: Sort,
    /// Hits left out at the beginning.
    pub offset: usize,
    /// Hits shown at most.
    pub limit: usize,
    /// The reader's day, for `published:-7d`.
    pub today: NaiveDate,
    /// How far east of UTC the reader's days begin, in seconds.
    pub offset_s: i64,
}

impl SearchQuery {
    /// The first 20 hits of a query, best first, as read in Kazakhstan.
    pub fn new(text: impl Into<String>, today: NaiveDate) -> SearchQuery {
        SearchQuery {
            text: text.into(),
            sort: Sort::Relevance,
            offset: 0,
            limit: 20,
            today,
            offset_s: KAZAKHSTAN_OFFSET_S,
        }
    }
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Revision.
    pub revision: RevisionId,
    /// Address.
    pub url: String,
    /// Title with highlights.
    pub title: Snippet,
    /// The passage that shows why it was found.
    pub snippet: Snippet,
    /// Language.
    pub language: Option<Language>,
    /// When it was published, or else first seen.
    pub published: DateTime<Utc>,
    /// Relevance in thousandths; 0 when ordered by date.
    pub score: u32,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hits {
    /// How many publications match in all.
    pub total: usize,
    /// The asked page of them.
    pub hits: Vec<Hit>,
    /// What of the query was mended, in words; empty for a well-formed one.
    pub repairs: Vec<String>,
}

/// Answers a query.
pub(super) fn search(
    engine: &dyn Engine,
    query: &SearchQuery,
    open: &dyn Fn(&RevisionId) -> Option<Document>,
) -> Result<Hits, IndexError> {
    let parsed = parse(&query.text, query.today, query.offset_s);
    let order = match query.sort {
        Sort::Relevance => Order::Score,
        Sort::Date => Order::Newest,
    };
    let plan = scoped(&parsed);
    let found = engine.find(&plan, order, query.offset, query.limit)?;
    let hits = found
        .rows
        .into_iter()
        .filter_map(|row| {
            // A hit whose text the store does not have is left out: the index is behind a restored store.
            let document = open(&row.revision)?;
            Some(hit(row, &document, &parsed))
        })
        .collect();
    Ok(Hits {
        total: found.total,
        hits,
        repairs: parsed.repairs,
    })
}

/// The query within the publications it looks at.
fn scoped(parsed: &Parsed) -> Plan {
    let state = |word: &str| Plan::Is {
        field: Field::State,
        value: word.to_owned(),
        worth: Some(0),
    };
    let mut parts = vec![Plan::Kind(Kind::Publication)];
    parts.extend(match parsed.scope {
        Scope::Current => Some(state("current")),
        Scope::Gone => Some(state("gone")),
        Scope::Any => None,
    });
    parts.extend(parsed.plan.clone());
    Plan::All(parts)
}

/// A row with its text.
fn hit(row: Row, document: &Document, parsed: &Parsed) -> Hit {
    Hit {
        revision: row.revision,
        url: document.url.0.clone(),
        title: snippet::whole(&document.title, document.language, &parsed.marks),
        snippet: snippet::best(&readable(document), document.language, &parsed.marks),
        language: document.language,
        published: DateTime::from_timestamp(row.published, 0).unwrap_or_default(),
        score: row.score,
    }
}
