//! Answers a reader's query: parses it, asks the engine, folds copies, counts facets, and shows each hit from the store's
//! own text.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::IndexError;
use super::engine::{Engine, Field, Kind, Order, Plan, Row};
use super::entry::readable;
use super::facets;
use super::fold::{Story, fold};
use super::query::{Judged, Parsed, Reader, Scope, parse};
use super::snippet;
use crate::language::Language;
use crate::model::{CopyOf, Facet, Hit, Hits, Label, Revision, RevisionId};
use crate::store::{Store, StoreError};

/// How far east of UTC the days of Kazakhstan begin (one time zone since March 2024).
pub const KAZAKHSTAN_OFFSET_S: i64 = 5 * 3600;
/// So many of the first rows are folded and can be paged through; who wants all of more exports them.
pub const WINDOW: usize = 5_000;
/// Most hits on one page.
pub const MAX_LIMIT: usize = 1_000;
/// Copies shown of a story; the others are counted.
const COPIES: usize = 20;
/// What a publication's age adds to its score, in hundredths: of two that say the same, readers want the newer.
const RECENCY: [(i64, u64); 3] = [(7, 15), (30, 10), (180, 5)];
/// Seconds of a day.
const DAY_S: i64 = 24 * 3600;

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
    /// The place to go on from: [`Hits::next`] of the page before; `None` for the first page.
    pub after: Option<String>,
    /// Hits shown at most, up to [`MAX_LIMIT`].
    pub limit: usize,
    /// Whether copies of one text are shown as one hit.
    pub is_folded: bool,
    /// Whether facets and histogram are counted.
    pub is_counted: bool,
    /// Language in which facets name bodies and places.
    pub language: Language,
    /// The reader's day, for `published:-7d` and for what is recent.
    pub today: NaiveDate,
    /// How far east of UTC the reader's days begin, in seconds.
    pub offset_s: i64,
}

impl SearchQuery {
    /// The first 20 hits of a query, best first, copies folded, as read in Kazakhstan.
    pub fn new(text: impl Into<String>, today: NaiveDate) -> SearchQuery {
        SearchQuery {
            text: text.into(),
            sort: Sort::Relevance,
            after: None,
            limit: 20,
            is_folded: true,
            is_counted: false,
            language: Language::En,
            today,
            offset_s: KAZAKHSTAN_OFFSET_S,
        }
    }

    fn order(&self) -> Order {
        match self.sort {
            Sort::Relevance => Order::Score,
            Sort::Date => Order::Newest,
        }
    }
}

/// Answers a query.
pub(super) fn search(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<Hits, IndexError> {
    understood(query, store, |parsed, judged| {
        let mut repairs = parsed.repairs.clone();
        let found = engine.find(&scoped(parsed, None), query.order(), 0, WINDOW)?;
        let rows = match query.sort {
            Sort::Relevance => by_relevance_and_age(found.rows, query),
            Sort::Date => found.rows,
        };
        let stories = if query.is_folded {
            fold(rows)
        } else {
            rows.into_iter().map(alone).collect()
        };
        let start = match query
            .after
            .as_deref()
            .map(|after| place(&stories, after, query))
        {
            None => 0,
            Some(Some(start)) => start,
            Some(None) => {
                repairs.push(
                    "the place to go on from could not be read; this is the beginning".to_owned(),
                );
                0
            }
        };
        let limit = query.limit.min(MAX_LIMIT);
        let shown = &stories[start..stories.len().min(start + limit)];
        let mut hits = Vec::with_capacity(shown.len());
        for story in shown {
            // A hit whose text the store does not have is left out: the index is behind a restored store.
            if let Some(revision) = store.revision(&story.lead.revision)? {
                hits.push(hit(&revision, story, parsed, store)?);
            }
        }
        let has_more = start + shown.len() < stories.len();
        let next = shown
            .last()
            .filter(|_| has_more)
            .map(|story| cursor(&story.lead, query));
        let (facets, histogram) = if query.is_counted {
            (
                facets::facets(engine, parsed, judged, query)?,
                facets::histogram(engine, parsed, query.offset_s)?,
            )
        } else {
            (Vec::new(), Vec::new())
        };
        Ok(Hits {
            total: found.total,
            hits,
            next,
            repairs,
            expansions: parsed.expansions.clone(),
            facets,
            histogram,
        })
    })
}

/// Hands every hit of a query to `each`, one at a time, in the order asked for and without folding; says how many.
pub(super) fn each(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
    each: &mut dyn FnMut(Hit) -> bool,
) -> Result<usize, IndexError> {
    understood(query, store, |parsed, _| {
        let plan = scoped(parsed, None);
        let total = engine.find(&plan, query.order(), 0, 1)?.total;
        let found = engine.find(&plan, query.order(), 0, total.max(1))?;
        let mut n_hits = 0;
        for row in found.rows {
            let Some(revision) = store.revision(&row.revision)? else {
                continue;
            };
            n_hits += 1;
            if !each(hit(&revision, &alone(row), parsed, store)?) {
                break;
            }
        }
        Ok(n_hits)
    })
}

/// Reads the query and does something with it; what the store refuses meanwhile becomes the error of the whole.
fn understood<T>(
    query: &SearchQuery,
    store: &dyn Store,
    work: impl FnOnce(&Parsed, &dyn Fn(&Judged) -> Vec<RevisionId>) -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    let ledger = Ledger::new(store);
    let parsed = ledger.parse(&query.text, query.today, query.offset_s);
    let answer = work(&parsed, &|what| ledger.judged(what))?;
    ledger.end()?;
    Ok(answer)
}

/// What queries ask of the store while they are read: each thing once, and the first refusal kept for the end.
pub(super) struct Ledger<'s> {
    store: &'s dyn Store,
    refused: RefCell<Option<StoreError>>,
    judged: RefCell<BTreeMap<String, Vec<RevisionId>>>,
    saved: OnceCell<BTreeMap<String, String>>,
}

impl<'s> Ledger<'s> {
    pub(super) fn new(store: &'s dyn Store) -> Ledger<'s> {
        Ledger {
            store,
            refused: RefCell::default(),
            judged: RefCell::default(),
            saved: OnceCell::new(),
        }
    }

    pub(super) fn parse(&self, text: &str, today: NaiveDate, offset_s: i64) -> Parsed {
        let reader = Reader {
            today,
            offset_s,
            judged: &|what| self.judged(what),
            saved: &|name| self.saved(name),
        };
        parse(text, &reader)
    }

    fn judged(&self, what: &Judged) -> Vec<RevisionId> {
        let key = format!("{what:?}");
        if let Some(known) = self.judged.borrow().get(&key) {
            return known.clone();
        }
        let found = self.or_refused(judged(self.store, what));
        self.judged.borrow_mut().insert(key, found.clone());
        found
    }

    fn saved(&self, name: &str) -> Option<String> {
        let all = self.saved.get_or_init(|| {
            let searches = self.or_refused(self.store.saved_searches()).into_iter();
            searches.map(|search| (search.name, search.query)).collect()
        });
        all.get(name).cloned()
    }

    fn or_refused<T: Default>(&self, result: Result<T, StoreError>) -> T {
        result.unwrap_or_else(|error| {
            self.refused.borrow_mut().get_or_insert(error);
            T::default()
        })
    }

    /// The first refusal, if there was one.
    pub(super) fn end(self) -> Result<(), StoreError> {
        self.refused.into_inner().map_or(Ok(()), Err)
    }
}

/// The revisions of which something was found out by judging.
fn judged(store: &dyn Store, what: &Judged) -> Result<Vec<RevisionId>, StoreError> {
    let mut revisions: Vec<RevisionId> = match what {
        Judged::Verdict(label) => return store.revisions_with(*label),
        Judged::Slot(slot) => store
            .findings_with(Label::Contradicted)?
            .into_iter()
            .filter(|(_, verdict)| verdict.differences.iter().any(|one| one.slot == *slot))
            .map(|(claim, _)| claim.revision)
            .collect(),
        Judged::Case(state) => store
            .cases()?
            .into_iter()
            .filter(|case| state.is_none_or(|state| case.state == state))
            .flat_map(|case| case.copies)
            .map(|copy| copy.revision)
            .collect(),
    };
    revisions.sort();
    revisions.dedup();
    Ok(revisions)
}

/// A row that is a story of its own.
fn alone(lead: Row) -> Story {
    Story {
        lead,
        copies: Vec::new(),
    }
}

/// Rows by their score, to which a recent publication adds a little; equal ones by key.
fn by_relevance_and_age(mut rows: Vec<Row>, query: &SearchQuery) -> Vec<Row> {
    let today = query
        .today
        .and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp()
        - query.offset_s;
    for row in &mut rows {
        let age = today.saturating_sub(row.published) / DAY_S;
        let more = RECENCY.iter().find(|(days, _)| age < *days);
        let more = more.map_or(0, |(_, hundredths)| *hundredths);
        let score = u64::from(row.score) * (100 + more) / 100;
        row.score = u32::try_from(score).unwrap_or(u32::MAX);
    }
    rows.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    rows
}

/// Where a row stands in its order, written so that the next page can begin after it.
fn cursor(row: &Row, query: &SearchQuery) -> String {
    match query.sort {
        Sort::Relevance => format!("s{}.{}", row.score, row.key),
        Sort::Date => format!("d{}.{}", row.published, row.key),
    }
}

/// The number of the first story after a cursor; `None` when it cannot be read or is of another order.
fn place(stories: &[Story], after: &str, query: &SearchQuery) -> Option<usize> {
    let (number, key) = after.split_once('.')?;
    let before = |lead: &Row, own: i64, number: i64| {
        own > number || own == number && lead.key.as_str() <= key
    };
    Some(match query.sort {
        Sort::Relevance => {
            let score: u32 = number.strip_prefix('s')?.parse().ok()?;
            stories
                .partition_point(|story| before(&story.lead, story.lead.score.into(), score.into()))
        }
        Sort::Date => {
            let published: i64 = number.strip_prefix('d')?.parse().ok()?;
            stories.partition_point(|story| before(&story.lead, story.lead.published, published))
        }
    })
}

/// The query within the publications it looks at, less what filters by a facet.
pub(super) fn scoped(parsed: &Parsed, left_out: Option<Facet>) -> Plan {
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
    parts.extend(parsed.plan_without(left_out));
    Plan::All(parts)
}

/// A story with the text of its lead.
fn hit(
    revision: &Revision,
    story: &Story,
    parsed: &Parsed,
    store: &dyn Store,
) -> Result<Hit, IndexError> {
    let document = &revision.document;
    let mut copies = Vec::new();
    for copy in story.copies.iter().take(COPIES) {
        if let Some(revision) = store.revision(&copy.revision)? {
            copies.push(CopyOf {
                revision: copy.revision.clone(),
                url: revision.document.url.0,
                published: moment(copy.published),
            });
        }
    }
    Ok(Hit {
        revision: revision.id.clone(),
        url: document.url.0.clone(),
        source: revision.source.0.clone(),
        title: snippet::whole(&document.title, document.language, &parsed.marks),
        snippet: snippet::best(&readable(document), document.language, &parsed.marks),
        language: document.language,
        published: moment(story.lead.published),
        first_seen: revision.first_seen,
        score: story.lead.score,
        n_copies: story.copies.len(),
        copies,
    })
}

/// A moment of so many seconds since 1970.
fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
