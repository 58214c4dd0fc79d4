//! Answers a reader's query: parses it, asks the engine, folds copies, counts facets, and shows each hit from the store's
//! own text.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::IndexError;
use super::engine::{Engine, Field, Number, Order, Plan, Row};
use super::fold::{Story, fold};
use super::kinds::Seen;
use super::query::{Judged, Parsed, Reader, Scope, parse};
use super::{bars, facets, kinds, seen};
use crate::language::Language;
use crate::model::{Agencies, BarWidth, Compared, Facet, Hit, HitKind, Hits, Repair, RepairKind};
use crate::store::{Store, StoreError};

/// How far east of UTC the days of Kazakhstan begin (one time zone since March 2024).
pub const KAZAKHSTAN_OFFSET_S: i64 = 5 * 3600;
/// So many of the first rows are folded and can be paged through; who wants all of more exports them.
pub const WINDOW: usize = 5_000;
/// Most hits on one page.
pub const MAX_LIMIT: usize = 1_000;
/// Days that a preview looks back.
pub const PREVIEW_DAYS: i64 = 30;
/// Queries that one is compared with.
pub const MAX_COMPARED: usize = 8;
/// Rows of an export by date that are held at once, where no single day has more.
const EXPORT_ROWS: u64 = 20_000;
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

impl Sort {
    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Relevance => "relevance",
            Sort::Date => "date",
        }
    }
}

/// What a reader asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// The query as typed; see [`super::parse`] for its language.
    pub text: String,
    /// What is searched.
    pub kind: HitKind,
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
    /// How much time a bar covers; `None` leaves that to how long the time is.
    pub step: Option<BarWidth>,
    /// Queries whose bars are shown beside, at most [`MAX_COMPARED`].
    pub compared: Vec<String>,
    /// Ids of the cases that whoever asks sees; `None` for all. No other case is found, counted or told by a filter.
    pub cases: Option<BTreeSet<String>>,
    /// The agencies whose verdicts whoever asks sees; `None` for all. No other verdict is shown, counted or told by a filter.
    pub agencies: Option<Agencies>,
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
            kind: HitKind::Pages,
            sort: Sort::Relevance,
            after: None,
            limit: 20,
            is_folded: true,
            is_counted: false,
            step: None,
            compared: Vec::new(),
            cases: None,
            agencies: None,
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
    understood(engine, query, store, |parsed, judged| {
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
                repairs.push(Repair::of(RepairKind::LostPlace));
                0
            }
        };
        let limit = query.limit.min(MAX_LIMIT);
        let shown = &stories[start..stories.len().min(start + limit)];
        let mut hits = Vec::with_capacity(shown.len());
        for story in shown {
            hits.extend(kinds::hit(story, parsed, store)?);
        }
        let has_more = start + shown.len() < stories.len();
        let next = shown
            .last()
            .filter(|_| has_more)
            .map(|story| cursor(&story.lead, query));
        let mut answer = Hits {
            kind: query.kind,
            total: found.total,
            hits,
            next,
            repairs,
            expansions: parsed.expansions.clone(),
            facets: Vec::new(),
            kinds: Vec::new(),
            histogram: Vec::new(),
            compared: Vec::new(),
            gaps: seen::gaps(store, parsed, query)?,
        };
        if query.is_counted {
            answer.facets = facets::facets(engine, parsed, judged, query)?;
            answer.kinds = by_kind(engine, query, store)?;
            count_over_time(engine, parsed, query, store, &mut answer)?;
        }
        within_bars(&mut answer, parsed, query);
        Ok(answer)
    })
}

/// How many a query finds of each kind.
fn by_kind(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<Vec<(HitKind, usize)>, IndexError> {
    let mut counts = Vec::new();
    for kind in HitKind::COUNTED {
        let of_kind = SearchQuery {
            kind,
            ..query.clone()
        };
        counts.push((kind, count(engine, &of_kind, store)?));
    }
    Ok(counts)
}

/// How many match, copies included.
pub(super) fn count(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<usize, IndexError> {
    understood(engine, query, store, |parsed, _| {
        Ok(engine
            .find(&scoped(parsed, None), Order::Newest, 0, 1)?
            .total)
    })
}

/// Adds the bars of a query and of those it is compared with.
fn count_over_time(
    engine: &dyn Engine,
    parsed: &Parsed,
    query: &SearchQuery,
    store: &dyn Store,
    answer: &mut Hits,
) -> Result<(), IndexError> {
    let ledger = Ledger::new(store, engine).seeing(query);
    let texts = query.compared.iter().take(MAX_COMPARED);
    let others: Vec<(&String, Parsed)> = texts
        .map(|text| {
            (
                text,
                ledger.parse(text, query.kind, query.today, query.offset_s),
            )
        })
        .collect();
    ledger.end()?;
    let queries: Vec<&Parsed> = [parsed]
        .into_iter()
        .chain(others.iter().map(|(_, one)| one))
        .collect();
    let bars = bars::histograms(engine, &queries, query.step, query.offset_s, &answer.gaps)?;
    let mut bars = bars.into_iter();
    answer.histogram = bars.next().unwrap_or_default();
    for ((text, parsed), histogram) in others.iter().zip(bars) {
        let found = engine.find(&scoped(parsed, None), Order::Newest, 0, 1)?;
        answer.compared.push(Compared {
            query: (*text).clone(),
            total: found.total,
            repairs: parsed.repairs.clone(),
            histogram,
        });
    }
    Ok(())
}

/// Leaves the gaps that a reader needs: those within the bars, and where there are none, those that may be why.
fn within_bars(answer: &mut Hits, parsed: &Parsed, query: &SearchQuery) {
    let gaps = std::mem::take(&mut answer.gaps);
    if answer.total == 0 {
        answer.gaps = seen::recent(gaps, parsed, query);
    } else if let (Some(first), Some(last)) = (answer.histogram.first(), answer.histogram.last()) {
        let from = bars::beginning(first.from, query.offset_s);
        let end = last.to.succ_opt().unwrap_or(last.to);
        let until = bars::beginning(end, query.offset_s);
        let here = gaps.into_iter().filter(|gap| gap.overlaps(from, until));
        answer.gaps = here.collect();
    }
}

/// How many stories of the last [`PREVIEW_DAYS`] days a query finds among what whoever asks sees, and what of it had to be mended.
pub(super) fn preview(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<(usize, Vec<Repair>), IndexError> {
    let mut asked = SearchQuery {
        text: format!("({}) first_seen:-{PREVIEW_DAYS}d", query.text),
        limit: MAX_LIMIT,
        ..query.clone()
    };
    let mut n_stories = 0;
    loop {
        let hits = search(engine, &asked, store)?;
        n_stories += hits.hits.len();
        match hits.next {
            Some(next) => asked.after = Some(next),
            None => return Ok((n_stories, hits.repairs)),
        }
    }
}

/// Whether a query asks for what is judged of publications: verdicts, what differs, or cases.
pub(super) fn asks_for_judged(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<bool, IndexError> {
    let ledger = Ledger::new(store, engine);
    ledger.parse(&query.text, query.kind, query.today, query.offset_s);
    let asks = !ledger.judged.borrow().is_empty();
    ledger.end()?;
    Ok(asks)
}

/// How many match by day of publication, copies included.
pub(super) fn by_day(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<BTreeMap<NaiveDate, u64>, IndexError> {
    understood(engine, query, store, |parsed, _| {
        let days = engine.days(&scoped(parsed, None), query.offset_s)?;
        let days = days.into_iter();
        Ok(days.map(|(day, count)| (bars::date(day), count)).collect())
    })
}

/// How many match by what they name, copies included.
pub(super) fn by_name(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
) -> Result<BTreeMap<String, u64>, IndexError> {
    understood(engine, query, store, |parsed, _| {
        let counts = engine.counts(&scoped(parsed, None), &[Field::Named])?;
        Ok(counts.into_iter().next().unwrap_or_default())
    })
}

/// Hands every hit of a query to `each`, one at a time, in the order asked for and without folding; says how many.
pub(super) fn each(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
    each: &mut dyn FnMut(Hit) -> bool,
) -> Result<usize, IndexError> {
    understood(engine, query, store, |parsed, _| {
        let plan = scoped(parsed, None);
        let mut n_hits = 0;
        for part in parts(engine, &plan, query)? {
            let total = engine.find(&part, query.order(), 0, 1)?.total;
            if total == 0 {
                continue;
            }
            for row in engine.find(&part, query.order(), 0, total)?.rows {
                let Some(hit) = kinds::hit(&alone(row), parsed, store)? else {
                    continue;
                };
                n_hits += 1;
                if !each(hit) {
                    return Ok(n_hits);
                }
            }
        }
        Ok(n_hits)
    })
}

/// A plan cut into spans of time, the newest first, so that few rows of a long answer by date are held at once. By
/// relevance there is one part: which row is the next is only known when all were looked at.
fn parts(engine: &dyn Engine, plan: &Plan, query: &SearchQuery) -> Result<Vec<Plan>, IndexError> {
    if query.sort == Sort::Relevance {
        return Ok(vec![plan.clone()]);
    }
    let days = engine.days(plan, 0)?;
    let mut parts = Vec::new();
    let mut until = None;
    let mut n_rows = 0;
    let span = |from: Option<i64>, to: Option<i64>| {
        let within = Plan::Within {
            number: Number::Published,
            from,
            to,
        };
        Plan::All(vec![plan.clone(), within])
    };
    for (day, n_of_day) in days.iter().rev() {
        n_rows += n_of_day;
        if n_rows >= EXPORT_ROWS {
            let begin = day.saturating_mul(DAY_S);
            parts.push(span(Some(begin), until));
            until = Some(begin.saturating_sub(1));
            n_rows = 0;
        }
    }
    parts.push(span(None, until));
    Ok(parts)
}

/// Reads the query and does something with it; what the store refuses meanwhile becomes the error of the whole.
fn understood<T>(
    engine: &dyn Engine,
    query: &SearchQuery,
    store: &dyn Store,
    work: impl FnOnce(&Parsed, &dyn Fn(&Judged) -> Plan) -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    let ledger = Ledger::new(store, engine).seeing(query);
    let parsed = ledger.parse(&query.text, query.kind, query.today, query.offset_s);
    let answer = work(&parsed, &|what| ledger.judged(query.kind, what))?;
    ledger.end()?;
    Ok(answer)
}

/// What queries ask of the store while they are read: each thing once, and the first refusal kept for the end.
pub(super) struct Ledger<'s> {
    store: &'s dyn Store,
    /// What knows which names and words occur.
    engine: &'s dyn Engine,
    /// What whoever asks sees.
    seen: Seen<'s>,
    refused: RefCell<Option<StoreError>>,
    judged: RefCell<BTreeMap<String, Plan>>,
    saved: OnceCell<BTreeMap<String, String>>,
}

impl<'s> Ledger<'s> {
    pub(super) fn new(store: &'s dyn Store, engine: &'s dyn Engine) -> Ledger<'s> {
        Ledger {
            store,
            engine,
            seen: Seen::default(),
            refused: RefCell::default(),
            judged: RefCell::default(),
            saved: OnceCell::new(),
        }
    }

    /// The same, over what whoever asks sees.
    fn seeing(self, query: &'s SearchQuery) -> Ledger<'s> {
        let seen = Seen {
            cases: query.cases.as_ref(),
            agencies: query.agencies.as_ref(),
        };
        Ledger { seen, ..self }
    }

    pub(super) fn parse(
        &self,
        text: &str,
        kind: HitKind,
        today: NaiveDate,
        offset_s: i64,
    ) -> Parsed {
        let reader = Reader {
            today,
            offset_s,
            kind,
            n_holders: &|field, value| self.n_holders(field, value),
            judged: &|what| self.judged(kind, what),
            saved: &|name| self.saved(name),
        };
        Parsed {
            cases: self.seen.cases.cloned(),
            agencies: self.seen.agencies.cloned(),
            ..parse(text, &reader)
        }
    }

    fn n_holders(&self, field: Field, value: &str) -> u64 {
        // An engine that cannot answer will say so when it is asked the query.
        self.engine.n_holders(field, value).unwrap_or(0)
    }

    fn judged(&self, kind: HitKind, what: &Judged) -> Plan {
        let key = format!("{kind:?} {what:?}");
        if let Some(known) = self.judged.borrow().get(&key) {
            return known.clone();
        }
        let found = kinds::judged(self.store, kind, what, self.seen).unwrap_or_else(|error| {
            self.refused.borrow_mut().get_or_insert(error);
            Plan::Any(Vec::new())
        });
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
    let mut parts = kinds::entries(parsed.kind);
    parts.extend(match parsed.scope {
        // A case is looked for to the end of its history.
        Scope::Current if parsed.kind == HitKind::Cases => None,
        Scope::Current => Some(state("current")),
        Scope::Gone => Some(state("gone")),
        Scope::Any => None,
    });
    if let (HitKind::Cases, Some(seen)) = (parsed.kind, &parsed.cases) {
        parts.push(Plan::OneOf {
            field: Field::Revision,
            values: seen.iter().cloned().collect(),
        });
    }
    parts.extend(parsed.plan_without(left_out));
    Plan::All(parts)
}

/// A moment of so many seconds since 1970.
pub(super) fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
