//! What is asked of a search, as an address says it; its answer as JSON, and saved searches as feeds. The page is `pages::search`.

use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use url::form_urlencoded;

use super::access::CurrentUser;
use super::error::Error;
use super::pages::off_thread;
use super::{Desk, Shared, token};
use crate::index::{SearchQuery, Sort};
use crate::language::local_day;
use crate::model::{BarWidth, HitKind};
use crate::report::{atom, json};

/// Hits of a page unless the address says otherwise.
const HITS: usize = 20;

/// What is searched for.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    /// Query; a page without one shows how to ask.
    pub(super) q: Option<String>,
    /// `pages`, `publications`, `records`, `claims` or `cases`.
    #[serde(default)]
    pub(super) kind: HitKind,
    /// `relevance` or `date`.
    pub(super) sort: Option<Sort>,
    /// The place to go on from.
    pub(super) after: Option<String>,
    /// Most hits.
    pub(super) limit: Option<usize>,
    /// `no` lists every copy as a hit of its own.
    pub(super) folded: Option<String>,
    /// `no` leaves facets, counts of each kind and histogram out of the API's answer.
    pub(super) facets: Option<String>,
    /// How much time a bar covers.
    pub(super) step: Option<BarWidth>,
    /// `share` draws bars as share of all publications.
    pub(super) bars: Option<String>,
    /// Queries to compare with, which stand in the address any number of times.
    #[serde(skip)]
    pub(super) compared: Vec<String>,
}

/// Queries to compare with: every `compare` of an address.
pub(super) fn compared(address: Option<&str>) -> Vec<String> {
    let pairs = form_urlencoded::parse(address.unwrap_or_default().as_bytes());
    let compared = pairs.filter(|(name, value)| name == "compare" && !value.trim().is_empty());
    compared.map(|(_, value)| value.into_owned()).collect()
}

impl Asked {
    /// The query, over the cases that a user sees.
    pub(super) fn query_of(&self, desk: &Desk, user: &CurrentUser) -> Result<SearchQuery, Error> {
        let sight = user.sight(&*desk.store)?;
        Ok(SearchQuery {
            cases: sight.cases(desk)?,
            agencies: sight.agencies(),
            ..self.query(local_day(desk.gate.now()))
        })
    }

    fn query(&self, today: NaiveDate) -> SearchQuery {
        let is_on = |value: &Option<String>| value.as_deref() != Some("no");
        SearchQuery {
            kind: self.kind,
            step: self.step,
            compared: self.compared.clone(),
            sort: self.sort.unwrap_or_default(),
            after: self.after.clone(),
            limit: self.limit.unwrap_or(HITS),
            is_folded: is_on(&self.folded),
            is_counted: is_on(&self.facets),
            ..SearchQuery::new(self.q.clone().unwrap_or_default(), today)
        }
    }

    /// The address of a page of search.
    pub(super) fn address(&self, query: &str, after: Option<&str>) -> String {
        self.address_at("/search", query, after)
    }

    /// The address of anything that answers this question with another query.
    pub(super) fn address_at(&self, path: &str, query: &str, after: Option<&str>) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("q", query.trim());
        for (name, value) in self.kept() {
            pairs.append_pair(name, &value);
        }
        if let Some(after) = after {
            pairs.append_pair("after", after);
        }
        format!("{path}?{}", pairs.finish())
    }

    /// What of a question stays when its query changes, as names and values of an address.
    pub(super) fn kept(&self) -> Vec<(&'static str, String)> {
        let mut kept = Vec::new();
        if self.kind != HitKind::Pages {
            kept.push(("kind", self.kind.word().to_owned()));
        }
        if self.sort == Some(Sort::Date) {
            kept.push(("sort", Sort::Date.word().to_owned()));
        }
        kept.extend(self.step.as_ref().map(|step| ("step", json::word(step))));
        kept.extend(self.bars.clone().map(|bars| ("bars", bars)));
        if self.folded.as_deref() == Some("no") {
            kept.push(("folded", "no".to_owned()));
        }
        kept.extend(self.compared.iter().map(|query| ("compare", query.clone())));
        kept
    }
}

/// The JSON of a search, the same as on the command line.
pub(super) async fn api(
    State(desk): Shared,
    user: CurrentUser,
    Query(mut asked): Query<Asked>,
    RawQuery(address): RawQuery,
) -> Response {
    asked.compared = compared(address.as_deref());
    let found = off_thread(move || {
        let query = asked.query_of(&desk, &user)?;
        Ok(desk.index.search(&query, &*desk.store)?)
    })
    .await;
    match found {
        Ok(found) => Json(json::hits(&found)).into_response(),
        Err(error) => error.as_json(),
    }
}

/// Entries of a feed.
const FEED_ENTRIES: usize = 50;

/// What a saved search found, as a feed for whoever has its token.
pub(super) async fn feed(State(desk): Shared, Path(file): Path<String>) -> Result<Response, Error> {
    off_thread(move || {
        let token = file.strip_suffix(".atom").unwrap_or_default();
        let digest = token::digest(token);
        let searches = desk.store.saved_searches()?.into_iter();
        let mut searches = searches.filter(|search| search.feed.as_deref() == Some(&digest));
        let search = searches
            .next()
            .ok_or(Error::NotFound("no feed stands at this address"))?;
        let alerts = desk.store.alerts(&search.name, FEED_ENTRIES)?;
        let id = format!("urn:aigaq:feed:{}", &digest[..16]);
        let kind = [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")];
        Ok((kind, atom::feed(&search, &alerts, &id)).into_response())
    })
    .await
}
