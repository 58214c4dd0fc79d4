//! The page of search: one box, what was understood, tabs by kind, columns over time, facets, and hits.
//!
//! Every state is an address: a facet's link is the query with one more value in it, a column's link the query of its days.
//! So the page needs no script, and whoever gets the link sees the same.

mod chart;
mod facets;
mod hits;
mod said;

pub(super) use self::said::mended;

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use url::form_urlencoded;

use self::chart::Chart;
use self::facets::{Chip, Shown};
use self::hits::Row;
use super::document::Seen;
use super::off_thread;
use crate::index::{Filter, SearchQuery, Sort, WINDOW, filtered, filters};
use crate::model::{HitKind, Hits};
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::search::{Asked, compared};
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// Filters whose price is told when nothing was found: each is one more count.
const PRICED_FILTERS: usize = 8;

/// First and last day, as the fields of the page give them.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::serve) struct Days {
    /// First day, or empty.
    from: Option<String>,
    /// Last day, or empty.
    to: Option<String>,
}

/// A kind of hits as a tab.
struct Tab {
    name: String,
    count: String,
    href: String,
    is_here: bool,
}

/// A choice of several, one of which holds.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) is_on: bool,
}

/// What was found.
struct Answer {
    said: Vec<String>,
    tabs: Vec<Tab>,
    facets: Vec<Shown>,
    chart: Option<Chart>,
    head: String,
    by_match: Choice,
    by_date: Choice,
    folding: Choice,
    exports: Vec<(String, String)>,
    manifest: String,
    hits: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
    cut: Option<String>,
    loosened: Vec<(String, String)>,
    gaps: Vec<String>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    shell: &'a Shell,
    title: String,
    query: String,
    hidden: Vec<(&'static str, String)>,
    chips: Vec<Chip>,
    clear: Option<String>,
    is_first_run: bool,
    save: String,
    help: Vec<(&'static str, String)>,
    from: String,
    to: String,
    compare: String,
    without_days: Vec<(&'static str, String)>,
    answer: Option<Answer>,
}

/// The page of search.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(mut asked): Query<Asked>,
    Query(days): Query<Days>,
    RawQuery(address): RawQuery,
) -> Result<Response, Error> {
    asked.compared = compared(address.as_deref());
    let query = asked.q.clone().unwrap_or_default();
    if days.from.is_some() || days.to.is_some() {
        return Ok(Redirect::to(&asked.address(&within(&query, &days), None)).into_response());
    }
    off_thread(move || {
        let is_asked = !query.trim().is_empty();
        let answer = is_asked.then(|| answer(&desk, &shell.words, &user, &asked, &query));
        let (answer, chips) = match answer.transpose()? {
            Some((answer, chips)) => (Some(answer), chips),
            None => (None, Vec::new()),
        };
        let words = &shell.words;
        let title = match query.trim() {
            "" => words.say("search-title"),
            typed => words.with("search-title-of", "query", typed),
        };
        let kept = asked.kept();
        let (from, to) = days_of(&query);
        // The first is a field of the form itself.
        let mut n_compared = 0;
        let without_days = kept.iter().filter(|(name, _)| {
            n_compared += usize::from(*name == "compare");
            *name != "compare" || n_compared > 1
        });
        let page = SearchPage {
            title,
            chips,
            clear: (!filters(&query).is_empty()).then(|| asked.address(&bare(&query), None)),
            is_first_run: !is_asked && desk.store.last_sequence()? == 0,
            save: saving(&query),
            help: help(words),
            from,
            to,
            compare: asked.compared.first().cloned().unwrap_or_default(),
            without_days: without_days.cloned().collect(),
            hidden: kept,
            query,
            answer,
            shell: &shell,
        };
        Ok(shell::page(&page)?.into_response())
    })
    .await
}

/// What a query finds, and its filters.
fn answer(
    desk: &Desk,
    words: &Words,
    user: &CurrentUser,
    asked: &Asked,
    query: &str,
) -> Result<(Answer, Vec<Chip>), Error> {
    let own = asked.query_of(desk, user)?;
    let seen = Seen::by(desk, user)?;
    let search = SearchQuery {
        language: words.language,
        is_counted: true,
        compared: chart::compared(asked, query),
        ..own.clone()
    };
    let hits = desk.index.search(&search, &*desk.store)?;
    let chips = facets::chips(desk, words, asked, query, &hits.facets);
    let choice = |text: &str, other: Asked, is_on: bool| Choice {
        name: words.say(text),
        href: other.address(query, None),
        is_on,
    };
    let sorted = |sort: Sort| Asked {
        sort: Some(sort),
        ..asked.clone()
    };
    let is_by_date = asked.sort == Some(Sort::Date);
    let is_folded = search.is_folded;
    let folding = if is_folded {
        "search-unfold"
    } else {
        "search-fold"
    };
    let folded = Asked {
        folded: is_folded.then(|| "no".to_owned()),
        ..asked.clone()
    };
    let export = |form: &str| {
        let address = asked.address_at("/api/v1/search/export", query, None);
        format!("{address}&form={form}")
    };
    let answer = Answer {
        said: said::understood(words, &hits),
        tabs: tabs(words, asked, query, &hits),
        facets: facets::shown(desk, words, asked, query, &hits.facets),
        chart: chart::chart(desk, words, (asked, &own), query, &hits)?,
        head: words.count("search-found", hits.total),
        by_match: choice("search-by-match", sorted(Sort::Relevance), !is_by_date),
        by_date: choice("search-by-date", sorted(Sort::Date), is_by_date),
        folding: choice(folding, folded, false),
        exports: [("CSV", "csv"), ("XLSX", "xlsx"), ("JSONL", "jsonl")]
            .map(|(name, form)| (name.to_owned(), export(form)))
            .into(),
        manifest: asked.address_at("/api/v1/search/manifest", query, None) + "&form=csv",
        hits: hits::rows(desk, words, &hits, &seen)?,
        next: hits
            .next
            .as_deref()
            .map(|next| asked.address(query, Some(next))),
        first: asked.after.is_some().then(|| asked.address(query, None)),
        cut: (hits.total > WINDOW).then(|| words.count("search-cut", WINDOW)),
        loosened: match hits.total {
            0 => loosened(desk, words, (asked, &own), query, &chips)?,
            _ => Vec::new(),
        },
        gaps: hits
            .gaps
            .iter()
            .map(|gap| said::gap(desk, words, gap))
            .collect(),
    };
    Ok((answer, chips))
}

/// A tab for each kind with how many the query finds of it.
fn tabs(words: &Words, asked: &Asked, query: &str, hits: &Hits) -> Vec<Tab> {
    let of_pages = [HitKind::Publications, HitKind::Records];
    let n_pages = hits
        .kinds
        .iter()
        .filter(|(kind, _)| of_pages.contains(kind));
    let n_pages = n_pages.map(|(_, n)| n).sum();
    let all = [(HitKind::Pages, n_pages)].into_iter();
    let all = all.chain(hits.kinds.iter().copied());
    let tab = |(kind, n): (HitKind, usize)| {
        let other = Asked {
            kind,
            ..asked.clone()
        };
        Tab {
            name: words.say(&format!("search-kind-{}", kind.word())),
            count: words.number(n),
            href: other.address(query, None),
            is_here: kind == asked.kind,
        }
    };
    all.map(tab).collect()
}

/// What leaving out one filter would find: for each, its words and the link that does so.
fn loosened(
    desk: &Desk,
    words: &Words,
    (asked, own): (&Asked, &SearchQuery),
    query: &str,
    chips: &[Chip],
) -> Result<Vec<(String, String)>, Error> {
    let mut loosened = Vec::new();
    for Filter { field, .. } in filters(query).iter().take(PRICED_FILTERS) {
        let without = filtered(query, field, &[]);
        if without.trim().is_empty() {
            continue;
        }
        let count = SearchQuery {
            text: without.clone(),
            compared: Vec::new(),
            ..own.clone()
        };
        let n = desk.index.count(&count, &*desk.store)?;
        let chip = chips.iter().find(|chip| chip.field == *field);
        let name = chip.map_or(field.as_str(), |chip| &chip.name);
        if n > 0 {
            let said = words.with_two(
                "search-without",
                ("filter", name),
                ("count", &words.number(n)),
            );
            loosened.push((said, asked.address(&without, None)));
        }
    }
    Ok(loosened)
}

/// A query within the days of the fields; what is no day is as if it were empty.
fn within(query: &str, days: &Days) -> String {
    let day = |text: &Option<String>| {
        let day = text.as_deref().unwrap_or_default().trim();
        day.parse::<NaiveDate>()
            .map_or(String::new(), |day| day.to_string())
    };
    match (day(&days.from), day(&days.to)) {
        // Empty fields take away the days that they showed, and nothing that they could not show.
        (from, to) if from.is_empty() && to.is_empty() => match days_of(query) {
            (from, to) if from.is_empty() && to.is_empty() => query.to_owned(),
            _ => filtered(query, "published", &[]),
        },
        (from, to) => filtered(query, "published", &[format!("{from}..{to}")]),
    }
}

/// The days that a query asks for, as its fields show them; empty where it asks otherwise.
fn days_of(query: &str) -> (String, String) {
    let asked = filters(query)
        .into_iter()
        .find(|one| one.field == "published");
    let value = asked
        .and_then(|one| one.values.into_iter().next())
        .unwrap_or_default();
    let (from, to) = value.split_once("..").unwrap_or((&value, &value));
    let day = |text: &str| {
        text.parse::<NaiveDate>()
            .map_or(String::new(), |day| day.to_string())
    };
    (day(from), day(to))
}

/// A query without its filters.
fn bare(query: &str) -> String {
    let fields = filters(query).into_iter();
    fields.fold(query.to_owned(), |query, filter| {
        filtered(&query, &filter.field, &[])
    })
}

/// Where a query is saved.
fn saving(query: &str) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("query", query.trim());
    format!("/saved?{}#save", pairs.finish())
}

/// How to ask: what is written, and what it finds.
fn help(words: &Words) -> Vec<(&'static str, String)> {
    [
        ("суд приговор", "search-help-words"),
        ("МВД · =МВД", "search-help-names"),
        ("кылмыс · prokuratura", "search-help-letters"),
        ("\"верховный суд\" · \"…\"~3", "search-help-phrase"),
        ("суд NEAR/5 приговор", "search-help-near"),
        ("суд | сот · -приговор · ( )", "search-help-signs"),
        ("приговор* · приговор~1", "search-help-parts"),
        (
            "source: role: lang: title: author: url:",
            "search-help-fields",
        ),
        ("body: place: person:", "search-help-named"),
        (
            "verdict:contradicted slot:period case:yes amount:>1000",
            "search-help-judged",
        ),
        (
            "published:2026-01..2026-03 published:-7d first_seen:-7d",
            "search-help-days",
        ),
        (
            "changed:yes gone:yes revision:any · @name",
            "search-help-pages",
        ),
    ]
    .map(|(written, text)| (written, words.say(text)))
    .into()
}
