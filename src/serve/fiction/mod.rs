//! Serves a fictional web on loopback: agencies and outlets that `aigaq demo` crawls like any others.
//!
//! Content is data (see [`Web`]); here stand the page templates and the ways in which real sites list
//! their publications: feed, sitemap, listing with pages, JSON API. Each site answers on a port of its own,
//! with its own robots.txt. Time passes in phases: a page may change or go away when a phase begins.

mod discovery;
mod pages;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use tokio::net::TcpListener;

use crate::language::Language;

/// A fictional web.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    /// Its sites.
    pub site: Vec<Site>,
}

/// One agency or outlet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Slug.
    pub id: String,
    /// Name, as `sources.toml` gives it: one string or one for each language.
    pub name: Name,
    /// `official` or `media`.
    pub role: String,
    /// Languages it publishes in.
    pub languages: Vec<Language>,
    /// Topics on which it is the record.
    #[serde(default)]
    pub authority: Vec<String>,
    /// How its pages are built.
    pub template: Template,
    /// How its pages are found.
    pub discovery: Discovery,
    /// What it publishes.
    pub article: Vec<Article>,
}

/// A site's name.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Name {
    /// The same in all languages.
    One(String),
    /// By language code.
    Each(BTreeMap<String, String>),
}

impl Name {
    /// The name, in any language.
    fn any(&self) -> &str {
        match self {
            Name::One(name) => name,
            Name::Each(names) => names.values().next().map_or("", String::as_str),
        }
    }
}

/// How a page is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Template {
    /// Semantic HTML with JSON-LD and OpenGraph.
    Modern,
    /// The markup of a common blog engine, with meta elements.
    Wordpress,
    /// Nested tables in windows-1251, a visible date only.
    Legacy,
    /// No pages: a JSON API and an empty shell.
    Json,
}

/// How pages are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Discovery {
    /// An RSS feed.
    Rss,
    /// A sitemap.
    Sitemap,
    /// A listing of `PER_PAGE` links a page.
    Listing,
    /// The list of a JSON API.
    Api,
}

/// Links on a page of a listing: few, so that a small site has a second page.
const PER_PAGE: usize = 2;

/// One publication.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Path and query below the site's root.
    pub path: String,
    /// Language.
    pub language: Language,
    /// Title.
    pub title: String,
    /// When it was published.
    pub published: DateTime<FixedOffset>,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// A table below them, header first.
    #[serde(default)]
    pub table: Vec<Vec<String>>,
    /// In what it differs from the record, for people.
    #[serde(default)]
    pub wrong: Option<String>,
    /// How it repeats the record rightly, for people.
    #[serde(default)]
    pub right: Option<String>,
    /// Later texts.
    #[serde(default)]
    pub revision: Vec<Revision>,
}

/// A later text of a publication.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// Phase from which it stands.
    pub phase: u8,
    /// Paragraphs.
    #[serde(default)]
    pub paragraphs: Vec<String>,
    /// Whether the page is gone.
    #[serde(default)]
    pub gone: bool,
}

impl Article {
    /// The paragraphs in a phase; `None` when the page is gone.
    fn paragraphs_in(&self, phase: u8) -> Option<&[String]> {
        let newest = self
            .revision
            .iter()
            .rfind(|revision| revision.phase <= phase);
        match newest {
            Some(revision) if revision.gone => None,
            Some(revision) => Some(&revision.paragraphs),
            None => Some(&self.paragraphs),
        }
    }
}

/// A site that is being served.
struct Served {
    /// The site.
    site: Site,
    /// Its root address.
    root: String,
    /// The phase of the whole web.
    phase: Arc<AtomicU8>,
}

/// A fictional web that is being served.
pub struct Serving {
    /// Each site with its root address, in the order of the web.
    pub sites: Vec<(Site, String)>,
    /// The phase of the whole web.
    phase: Arc<AtomicU8>,
}

impl Serving {
    /// Lets a phase begin.
    pub fn begin_phase(&self, phase: u8) {
        self.phase.store(phase, Ordering::SeqCst);
    }

    /// The `sources.toml` by which the web is crawled.
    pub fn sources(&self) -> String {
        let head = "[crawl]\ndelay = \"0s\"\nallow_private_addresses = true\n";
        let sites = self.sites.iter();
        head.to_owned()
            + &sites
                .map(|(site, root)| discovery::source(site, root))
                .collect::<String>()
    }
}

/// First port tried: addresses, and with them all ids, are then the same from run to run.
const FIRST_PORT: u16 = 18_931;

/// A port of a site's own: the preferred one, or any that is free.
async fn listen(port: u16) -> std::io::Result<TcpListener> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await,
    }
}

/// Serves a web on loopback ports until the program ends.
///
/// # Errors
/// When no port can be opened.
pub async fn serve(web: Web) -> std::io::Result<Serving> {
    let phase = Arc::new(AtomicU8::new(1));
    let mut sites = Vec::new();
    for (port, site) in (FIRST_PORT..).zip(web.site) {
        let listener = listen(port).await?;
        let root = format!("http://{}/", listener.local_addr()?);
        sites.push((site.clone(), root.clone()));
        let served = Served {
            site,
            root,
            phase: Arc::clone(&phase),
        };
        let router = Router::new().fallback(answer).with_state(Arc::new(served));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    Ok(Serving { sites, phase })
}

/// Answers one request: robots.txt, a list, or a page.
async fn answer(State(served): State<Arc<Served>>, uri: Uri) -> Response {
    let wanted = uri
        .path_and_query()
        .map_or("", |path| path.as_str())
        .trim_start_matches('/');
    let phase = served.phase.load(Ordering::SeqCst);
    if wanted == "robots.txt" {
        let rules = "User-agent: *\nDisallow: /admin/\n";
        return typed("text/plain; charset=utf-8", rules.as_bytes().to_vec());
    }
    if let Some((kind, body)) = discovery::list(&served.site, &served.root, wanted, phase) {
        return typed(kind, body.into_bytes());
    }
    let address = wanted.strip_prefix("api/news/").unwrap_or(wanted);
    let Some(article) = served.site.article.iter().find(|one| one.path == address) else {
        return (StatusCode::NOT_FOUND, "not found").into_response();
    };
    let Some(paragraphs) = article.paragraphs_in(phase) else {
        return (StatusCode::GONE, "gone").into_response();
    };
    if wanted.starts_with("api/") {
        let item = discovery::item(&served.root, article, paragraphs);
        return typed("application/json", item.to_string().into_bytes());
    }
    let (kind, bytes) = pages::page(&served.site, &served.root, article, paragraphs);
    typed(kind, bytes)
}

/// A body of a kind.
fn typed(kind: &'static str, body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
