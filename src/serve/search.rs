//! Search: one box, hits with their copies, facets that are links, and how much was published over time.
//!
//! Every state is an address: a facet's link is the query with one more filter in it, the next page the query with the
//! place to go on from. The bars are drawn here, as SVG, and stand in a table as well.

use axum::Json;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use chrono::Utc;
use serde::Deserialize;
use url::form_urlencoded;

use super::access::CurrentUser;
use super::error::Error;
use super::html::escaped;
use super::pages::{day, link, off_thread, pair};
use super::shell::Shell;
use super::{Desk, Shared, bars, layout, token};
use crate::index::{SearchQuery, Sort};
use crate::language::{Language, local_day};
use crate::model::{
    BarWidth, Difference, Facet, FacetCounts, FacetValue, Hit, HitKind, Hits, Snippet, SourceId,
};
use crate::report::{atom, json, text};

/// Hits of a page unless the address says otherwise.
const HITS: usize = 20;
/// Values of a facet shown before the others are folded away.
const SHOWN_VALUES: usize = 6;

/// What is searched for.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Asked {
    /// Query; a page without one shows how to ask.
    q: Option<String>,
    /// `pages`, `publications`, `records`, `claims` or `cases`.
    #[serde(default)]
    kind: HitKind,
    /// `relevance` or `date`.
    sort: Option<Sort>,
    /// The place to go on from.
    after: Option<String>,
    /// Most hits.
    limit: Option<usize>,
    /// `no` lists every copy as a hit of its own.
    folded: Option<String>,
    /// `no` leaves facets, counts of each kind and histogram out of the API's answer.
    facets: Option<String>,
    /// How much time a bar covers.
    step: Option<BarWidth>,
    /// `share` draws bars as share of all publications.
    bars: Option<String>,
    /// Queries to compare with, which stand in the address any number of times.
    #[serde(skip)]
    compared: Vec<String>,
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
            cases: sight.cases(&*desk.store)?,
            agencies: sight.agencies(),
            ..self.query()
        })
    }

    fn query(&self) -> SearchQuery {
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
            ..SearchQuery::new(self.q.clone().unwrap_or_default(), local_day(Utc::now()))
        }
    }

    /// The address of a page of search.
    fn address(&self, query: &str, after: Option<&str>) -> String {
        self.address_at("/search", query, after)
    }

    /// The address of anything that answers this question with another query.
    fn address_at(&self, path: &str, query: &str, after: Option<&str>) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.append_pair("q", query.trim());
        if self.kind != HitKind::Pages {
            pairs.append_pair("kind", self.kind.word());
        }
        if self.sort == Some(Sort::Date) {
            pairs.append_pair("sort", "date");
        }
        if let Some(step) = &self.step {
            pairs.append_pair("step", &json::word(step));
        }
        if let Some(bars) = &self.bars {
            pairs.append_pair("bars", bars);
        }
        for query in &self.compared {
            pairs.append_pair("compare", query);
        }
        if let Some(after) = after {
            pairs.append_pair("after", after);
        }
        escaped(&format!("{path}?{}", pairs.finish()))
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

/// The page of search.
pub(super) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(mut asked): Query<Asked>,
    RawQuery(address): RawQuery,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        asked.compared = compared(address.as_deref());
        let words = asked.q.clone().unwrap_or_default();
        let by_date = if asked.sort == Some(Sort::Date) {
            " selected"
        } else {
            ""
        };
        let form = format!(
            "<h1>Search</h1><form class=\"find\" action=\"/search\" role=\"search\">\
             <label>Query<input name=\"q\" type=\"search\" value=\"{}\"></label>\
             <label>Order<select name=\"sort\"><option value=\"relevance\">best first</option><option value=\"date\"{by_date}>newest first</option></select></label>\
             <label>Compare with<input name=\"compare\" value=\"{}\"></label>{}\
             <button>Search</button></form>",
            escaped(&words),
            escaped(asked.compared.first().map_or("", String::as_str)),
            kept(&asked)
        );
        let found = if words.trim().is_empty() {
            HELP.to_owned()
        } else {
            let hits = desk.index.search(&asked.query_of(&desk, &user)?, &*desk.store)?;
            answer(&desk, &asked, &words, &hits)
        };
        layout::page(&shell, "Search", &(form + &found))
    })
    .await
}

/// What of a question the form keeps without showing it.
fn kept(asked: &Asked) -> String {
    let hidden = |name: &str, value: &str| {
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escaped(value)
        )
    };
    let mut kept = String::new();
    if asked.kind != HitKind::Pages {
        kept.push_str(&hidden("kind", asked.kind.word()));
    }
    if let Some(step) = &asked.step {
        kept.push_str(&hidden("step", &json::word(step)));
    }
    if let Some(bars) = &asked.bars {
        kept.push_str(&hidden("bars", bars));
    }
    kept
}

/// How to ask, for a page without a query.
const HELP: &str = "<section class=\"panel\" aria-label=\"How to ask\"><h2>How to ask</h2><table><caption>Query language</caption>\
<thead><tr><th>written</th><th>finds</th></tr></thead><tbody>\
<tr><td><code>суд приговор</code></td><td>both words, in any of their forms, in any of the three languages</td></tr>\
<tr><td><code>МВД</code></td><td>a body, place or person also by its other names, spellings and languages; <code>=МВД</code> this form alone</td></tr>\
<tr><td><code>&quot;верховный суд&quot;</code></td><td>the words one after the other; <code>~3</code> after it: with up to three others between</td></tr>\
<tr><td><code>суд NEAR/5 приговор</code></td><td>in any order with up to five others between</td></tr>\
<tr><td><code>суд | сот</code>, <code>-приговор</code>, <code>( )</code></td><td>either; not the word; groups</td></tr>\
<tr><td><code>приговор*</code>, <code>приговор~1</code></td><td>words that begin so; that differ in one letter</td></tr>\
<tr><td><code>source:</code> <code>role:</code> <code>lang:</code> <code>title:</code> <code>author:</code> <code>url:</code></td><td>in a field; <code>source:a,b</code> is either</td></tr>\
<tr><td><code>body:</code> <code>place:</code> <code>person:</code></td><td>names it: an id, or any name of it</td></tr>\
<tr><td><code>verdict:contradicted</code> <code>slot:period</code> <code>case:yes</code> <code>amount:&gt;1000</code></td><td>by what was found out of its claims</td></tr>\
<tr><td><code>published:2026-01..2026-03</code> <code>published:-7d</code> <code>first_seen:-7d</code></td><td>then, ends included</td></tr>\
<tr><td><code>changed:yes</code> <code>gone:yes</code> <code>revision:any</code></td><td>pages that changed, that are gone, every revision</td></tr>\
</tbody></table></section>";

/// What a search found.
fn answer(desk: &Desk, asked: &Asked, words: &str, hits: &Hits) -> String {
    let said: String = hits
        .repairs
        .iter()
        .cloned()
        .chain(hits.expansions.iter().map(text::expansion))
        .map(|line| format!("<p class=\"small muted\">{}</p>", escaped(&line)))
        .collect();
    let rows: String = hits.hits.iter().map(|one| hit(desk, one)).collect();
    let list = if hits.hits.is_empty() {
        "<p>Nothing was found. Fewer words or filters find more; the facets show what there is.</p>"
            .to_owned()
            + &gaps(hits)
    } else {
        format!("<ul class=\"rows\">{rows}</ul>")
    };
    let next = hits.next.as_deref().map_or_else(String::new, |next| {
        let address = asked.address(words, Some(next));
        format!("<p><a href=\"{address}\" rel=\"next\">Next page</a></p>")
    });
    let facets: String = hits
        .facets
        .iter()
        .filter(|facet| !facet.values.is_empty())
        .map(|one| facet(desk, asked, one))
        .collect();
    let drawn = bars::drawn(words, hits, asked.bars.as_deref() == Some("share"));
    let drawn = match drawn.as_str() {
        "" => drawn,
        _ => drawn + &bar_links(asked, words),
    };
    format!(
        "{}<p role=\"status\">{} found</p>{said}{drawn}{}<div class=\"found\"><section class=\"panel\" aria-label=\"Found\">{list}{next}</section>\
         <aside class=\"facets\" aria-label=\"Filters\">{facets}</aside></div>",
        tabs(asked, words, hits),
        hits.total,
        taken_away(asked, words)
    )
}

/// Links to the same bars of other lengths, and as share of all.
fn bar_links(asked: &Asked, words: &str) -> String {
    let link = |other: Asked, name: &str| {
        let address = other.address(words, other.after.as_deref());
        format!("<a href=\"{address}\">{name}</a>")
    };
    let step = |step: BarWidth, name: &str| {
        let other = Asked {
            step: Some(step),
            ..asked.clone()
        };
        link(other, name)
    };
    let is_share = asked.bars.as_deref() == Some("share");
    let other = Asked {
        bars: (!is_share).then(|| "share".to_owned()),
        ..asked.clone()
    };
    let name = if is_share {
        "as numbers"
    } else {
        "as share of all"
    };
    format!(
        "<p class=\"small\">Bars by {}, {} or {}, {}</p>",
        step(BarWidth::Day, "day"),
        step(BarWidth::Week, "week"),
        step(BarWidth::Month, "month"),
        link(other, name)
    )
}

/// A tab for each kind with how many the query finds of it.
fn tabs(asked: &Asked, words: &str, hits: &Hits) -> String {
    let all = [HitKind::Publications, HitKind::Records];
    let n_pages = hits.kinds.iter().filter(|(kind, _)| all.contains(kind));
    let pages = (HitKind::Pages, n_pages.map(|(_, n)| n).sum::<usize>());
    let links = [pages].into_iter().chain(hits.kinds.iter().copied());
    let links: String = links
        .map(|(kind, n)| {
            let other = Asked {
                kind,
                ..asked.clone()
            };
            let current = if kind == asked.kind {
                " aria-current=\"page\""
            } else {
                ""
            };
            let name = match kind {
                HitKind::Pages => "Publications and records",
                HitKind::Publications => "Publications",
                HitKind::Records => "Records",
                HitKind::Claims => "Claims",
                HitKind::Cases => "Cases",
            };
            format!(
                "<a href=\"{}\"{current}>{name} ({n})</a>",
                other.address(words, None)
            )
        })
        .collect();
    format!("<nav class=\"tabs\" aria-label=\"What is searched\">{links}</nav>")
}

/// Links to exports of everything that was found.
fn taken_away(asked: &Asked, words: &str) -> String {
    let link = |form: &str, name: &str| {
        let address = asked.address_at("/api/v1/search/export", words, None);
        format!("<a href=\"{address}&amp;form={form}\">{name}</a>")
    };
    format!(
        "<p class=\"small\">Everything found as {}, {} or {} (<a href=\"{}\">manifest of the CSV</a>)</p>",
        link("csv", "CSV"),
        link("xlsx", "XLSX"),
        link("jsonl", "JSON lines"),
        asked.address_at("/api/v1/search/manifest", words, None) + "&amp;form=csv"
    )
}

/// Times in which sources were not seen.
fn gaps(hits: &Hits) -> String {
    let items = hits.gaps.iter().map(text::gap);
    let items: String = items
        .map(|gap| format!("<li>{}</li>", escaped(gap.trim_end())))
        .collect();
    if items.is_empty() {
        return items;
    }
    format!(
        "<p>It may be that nothing was seen rather than that nothing was published:</p><ul>{items}</ul>"
    )
}

/// One hit.
fn hit(desk: &Desk, hit: &Hit) -> String {
    let id = SourceId(hit.source.clone());
    let source = text::name(&desk.names, &id, hit.language.unwrap_or(Language::Ru));
    let language = hit.language.map_or("", |language| language.code());
    let copies = if hit.n_copies == 0 {
        String::new()
    } else {
        let links: String = hit
            .copies
            .iter()
            .map(|copy| format!("<li>{} · {}</li>", day(copy.published), link(&copy.url)))
            .collect();
        format!(
            "<details><summary>{} more</summary><ul>{links}</ul></details>",
            hit.n_copies
        )
    };
    let judged = match (&hit.claim, &hit.case) {
        (Some(claim), _) => claim.verdict.as_ref().map_or_else(String::new, |verdict| {
            let label = text::label_words(verdict.label);
            format!(
                "<p><span class=\"tag\">{label}</span></p>{}",
                differs(&verdict.differences)
            )
        }),
        (None, Some(case)) => format!(
            "<p><a href=\"/cases/{}\">{}</a> <span class=\"tag\">{}</span></p>{}",
            escaped(&case.id.0),
            escaped(&case.id.0),
            text::state_words(case.state),
            differs(&case.differences)
        ),
        (None, None) => String::new(),
    };
    format!(
        "<li><h2>{}</h2><p>{}</p>{judged}<p class=\"small muted\">{} · {} · {language} · {}</p>{copies}</li>",
        highlighted(&hit.title),
        highlighted(&hit.snippet),
        day(hit.published),
        escaped(source),
        link(&hit.url)
    )
}

/// What differs, side by side.
fn differs(differences: &[Difference]) -> String {
    let each = differences.iter().map(|one| {
        format!(
            "<p class=\"pair\"><b>{}</b> {}</p>",
            one.slot.words(),
            pair(one)
        )
    });
    each.collect()
}

/// A facet: each value narrows the query.
fn facet(desk: &Desk, asked: &Asked, facet: &FacetCounts) -> String {
    let item = |value: &FacetValue| {
        let id = SourceId(value.value.clone());
        let shown = match facet.facet {
            Facet::Source => text::name(&desk.names, &id, Language::En),
            _ => &value.name,
        };
        format!(
            "<li><a href=\"{}\">{}</a> <span class=\"muted\">{}</span></li>",
            asked.address(&value.query, None),
            escaped(shown),
            value.count
        )
    };
    let first: String = facet.values.iter().take(SHOWN_VALUES).map(item).collect();
    let rest: String = facet.values.iter().skip(SHOWN_VALUES).map(item).collect();
    let rest = if rest.is_empty() {
        rest
    } else {
        format!("<details><summary>more</summary><ul>{rest}</ul></details>")
    };
    format!(
        "<section class=\"panel\"><h2>{}</h2><ul>{first}</ul>{rest}</section>",
        facet.field
    )
}

/// Escaped text with its highlights marked.
fn highlighted(snippet: &Snippet) -> String {
    let mut html = String::new();
    let mut done = 0;
    for (start, end) in &snippet.highlights {
        html.push_str(&escaped(&snippet.text[done..*start]));
        html.push_str(&format!(
            "<mark>{}</mark>",
            escaped(&snippet.text[*start..*end])
        ));
        done = *end;
    }
    html + &escaped(&snippet.text[done..])
}
