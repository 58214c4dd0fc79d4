//! What can be seen without storing it: a sample of a source, the page at an address, the verdicts on a draft.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveTime, Utc};
use tokio::sync::watch;
use url::Url;

use super::{Memories, Records, Workspace, apart, read_one, verdicts};
use crate::config::{Config, SourceConfig};
use crate::crawl::courier::{Courier, Delivery, Wanted};
use crate::crawl::fetch::Fetcher;
use crate::crawl::{Clock, Crawler, Progress, Report, Selection, SourceReport};
use crate::language::{Language, local_day};
use crate::model::{
    About, Block, BlockKind, CanonicalUrl, Claim, DateOrigin, Dated, Document, FrontierEntry, Hint,
    Revision, RevisionId, Source, SourceId, SourceRole, Verdict,
};
use crate::serve::draft::{CheckError, Checked, Checker, Draft};
use crate::{canonical, crawl, extract, judge};

/// The source of a draft: an outlet without a name.
const DRAFT: &str = "draft";

/// What a source would bring, seen on a sample of it.
#[derive(Debug)]
pub struct Rehearsal {
    /// The source.
    pub source: SourceId,
    /// What asking came to.
    pub report: SourceReport,
    /// Publications and files that its offers name.
    pub n_offered: usize,
    /// The sample: each address with what was read there, or why nothing was.
    pub pages: Vec<(String, Result<Document, String>)>,
}

/// Fetches a sample of each source as politely as a crawl and reads it. Everything is kept in `dir`, which the caller
/// throws away; of listings only the first page is read.
///
/// # Errors
/// When `dir` cannot be written; what a site does is in the rehearsal instead.
pub async fn rehearse(
    mut config: Config,
    dir: &Path,
    selection: &Selection,
    clock: Clock,
    progress: &dyn Progress,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<Vec<Rehearsal>> {
    for source in &mut config.sources {
        source.crawl.max_pages = 1;
    }
    let workspace = Workspace::open(config, dir)?;
    let store = Arc::clone(&workspace.store);
    let config = Arc::new(workspace.config.clone());
    let crawler = Crawler::open(config, store, &workspace.captures(), clock)?;
    let report = crawler.pass(selection, progress, stop).await?;
    tokio::task::spawn_blocking(move || rehearsals(&workspace, report)).await?
}

/// What a rehearsal's pass brought, source by source.
fn rehearsals(workspace: &Workspace, report: Report) -> anyhow::Result<Vec<Rehearsal>> {
    let pending = workspace.store.pending(usize::MAX)?;
    let memories = Memories::of(workspace, &pending)?;
    let mut rehearsals = Vec::new();
    for (source, report) in report.sources {
        let ids = std::slice::from_ref(&source);
        let known = workspace.store.due(ids, DateTime::<Utc>::MAX_UTC, true)?;
        let is_offered = |entry: &&FrontierEntry| !crawl::frontier::is_discovery(entry.kind);
        let of_source = pending.iter().filter(|page| page.capture.source == source);
        let pages = of_source.map(|page| match read_one(workspace, &memories, page) {
            Ok(sighting) => (page.capture.url.clone(), Ok(sighting.document)),
            Err(unread) => (page.capture.url.clone(), Err(unread.reason)),
        });
        rehearsals.push(Rehearsal {
            n_offered: known.iter().filter(is_offered).count(),
            pages: pages.collect(),
            source,
            report,
        });
    }
    Ok(rehearsals)
}

/// The page at an address as a document, fetched under the rules of the source that owns its site, else the built-in ones.
/// Nothing of it is stored.
///
/// # Errors
/// When the address is none, nothing readable comes, or it is no document; the message says what the crawler saw.
pub async fn fetch(
    config: &Config,
    address: &str,
    clock: Clock,
) -> anyhow::Result<(Document, Option<Source>)> {
    let url: Url = address
        .parse()
        .with_context(|| format!("`{address}` is not an address"))?;
    let is_of_site = |source: &&SourceConfig| {
        let site = source.source.url.parse::<Url>();
        site.is_ok_and(|site| (site.host_str(), site.port()) == (url.host_str(), url.port()))
    };
    let owner = config.sources.iter().find(is_of_site);
    let settings = owner.map(|owner| owner.crawl.clone()).unwrap_or_default();
    let courier = Courier::new(Fetcher::new()?, clock);
    let exchange = match courier.get(&url, &Wanted::default(), &settings).await {
        Delivery::Body(exchange) => exchange,
        Delivery::Nothing(outcome) => {
            bail!("no page from {url}: {}", crawl::pass::describe(&outcome))
        }
        Delivery::PutOff(_) => bail!("no page from {url}: its host asked to be left alone for now"),
    };
    let document = apart::document(&extract::Page {
        url: exchange.url.as_str(),
        content_type: exchange.header("content-type"),
        headers: &exchange.headers,
        bytes: &exchange.body,
        selectors: owner.map(|owner| &owner.selectors),
        api: None,
        hint: &Hint::default(),
        languages: owner.map_or(&[], |owner| &owner.source.languages),
        timezone: Some(settings.timezone),
        fetched_at: Some(exchange.at),
        memory: None,
    })?;
    Ok((document, owner.map(|owner| owner.source.clone())))
}

/// Claims of a document that is not stored, each with its verdict: a draft, or a page before publication.
///
/// # Errors
/// When the store or the index fails.
pub fn check(
    workspace: &Workspace,
    document: Document,
    source: &Source,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<(Claim, Verdict)>> {
    let revision = Revision {
        id: RevisionId(canonical::id(
            "draft",
            &[&document.url.0, &document.content_hash().0],
        )),
        source: source.id.clone(),
        number: 1,
        first_seen: now,
        last_seen: now,
        superseded_at: None,
        is_gone: false,
        capture: None,
        document,
    };
    let claims = judge::claims(workspace.lexicon, &revision, source);
    let sources = BTreeMap::from([(source.id.clone(), source.clone())]);
    let records = &mut Records::new(workspace);
    let judged = verdicts(workspace, &sources, &claims, records, now)?;
    Ok(claims.into_iter().zip(judged.verdicts).collect())
}

/// A plain text as a document: each line that is not empty is a paragraph, with its white space folded.
pub fn plain_document(
    url: String,
    title: &str,
    text: &str,
    language: Option<Language>,
    published: DateTime<Utc>,
) -> Document {
    let folded = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let blocks = text.lines().map(folded).filter(|line| !line.is_empty());
    let blocks = blocks.map(|text| Block {
        kind: BlockKind::Paragraph,
        text,
    });
    Document {
        url: CanonicalUrl(url),
        title: folded(title),
        authors: Vec::new(),
        published: Some(Dated {
            at: published.fixed_offset(),
            origin: DateOrigin::Discovery,
            is_day_only: false,
        }),
        modified: None,
        language,
        blocks: blocks.collect(),
        tables: Vec::new(),
        alternates: Vec::new(),
        warnings: Vec::new(),
        about: About::default(),
    }
}

impl Checker for Workspace {
    fn check(&self, draft: &Draft, now: DateTime<Utc>) -> Result<Checked, CheckError> {
        // What is published today is published now: records of this morning count.
        let day = draft.published.filter(|day| *day != local_day(now));
        let published = day.map_or(now, |day| day.and_time(NaiveTime::MIN).and_utc());
        let url = format!("text:{DRAFT}");
        let document = plain_document(url, &draft.title, &draft.text, draft.language, published);
        let source = Source {
            id: SourceId(DRAFT.to_owned()),
            name: BTreeMap::new(),
            url: String::new(),
            role: SourceRole::Media,
            languages: Vec::new(),
            authority: Vec::new(),
        };
        let findings = check(self, document.clone(), &source, now)?;
        Ok(Checked { document, findings })
    }
}
