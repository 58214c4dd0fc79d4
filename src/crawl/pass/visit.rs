//! One visit: asks for an address, keeps or reads what came, and writes down what the address is now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use url::Url;

use super::CrawlError;
use crate::canonical::{self, ContentHash};
use crate::config::{Api, Listing, SourceConfig};
use crate::crawl::archive::Archive;
use crate::crawl::courier::{Courier, Delivery, Wanted};
use crate::crawl::discover::variants::Variants;
use crate::crawl::discover::{Discovery, api, auto, feed, hub, listing, same_site, sitemap};
use crate::crawl::fetch::Exchange;
use crate::crawl::{Clock, effective, frontier, schedule};
use crate::language::Language;
use crate::model::{FetchOutcome, FrontierEntry, Hint, HubOffer, Subscription, TargetKind};
use crate::store::{Store, StoreError};

/// What a visit came to.
#[derive(Debug)]
pub(super) struct Visit {
    /// The address as it was before.
    pub(super) entry: FrontierEntry,
    /// What asking came to; `None` when the host is left alone for now.
    pub(super) outcome: Option<FetchOutcome>,
    /// Whether it is now known that the page is gone.
    pub(super) is_gone: bool,
    /// Addresses it led to.
    pub(super) found: Vec<FrontierEntry>,
    /// How many of them are stored as new already.
    pub(super) n_new: usize,
    /// Whether the host is left alone for now.
    pub(super) is_put_off: bool,
    /// What a person should know.
    pub(super) warnings: Vec<String>,
}

/// Everything a visit needs.
pub(super) struct Visitor {
    pub(super) source: Arc<SourceConfig>,
    pub(super) store: Arc<dyn Store>,
    pub(super) archive: Arc<Archive>,
    pub(super) courier: Arc<Courier>,
    pub(super) clock: Clock,
    pub(super) is_all: bool,
    /// What offers led to within the hour.
    pub(super) variants: Arc<Mutex<Variants>>,
    /// Whether hubs are asked to announce the news of feeds.
    pub(super) asks_hubs: bool,
}

/// How an offer is read.
#[derive(Debug, Clone)]
enum Offer {
    Feed,
    Sitemap {
        may_be_index: bool,
    },
    Listing(Listing),
    Api(Box<Api>, Option<Language>),
    /// The site's own page, for feeds it links to.
    Home,
}

impl Visitor {
    pub(super) async fn visit(self, entry: FrontierEntry) -> Result<Visit, CrawlError> {
        let mut visit = Visit {
            entry,
            outcome: None,
            is_gone: false,
            found: Vec::new(),
            n_new: 0,
            is_put_off: false,
            warnings: Vec::new(),
        };
        let Ok(url) = Url::parse(&visit.entry.url) else {
            return self
                .nothing(
                    visit,
                    FetchOutcome::Unreachable {
                        detail: "no address".to_owned(),
                    },
                )
                .await;
        };
        visit.entry.visits.is_denied = false;
        let wanted = self.wanted(&visit.entry).await?;
        let mut delivery = self.courier.get(&url, &wanted, &self.source.crawl).await;
        let is_offer = frontier::is_discovery(visit.entry.kind);
        let is_full_due = schedule::is_full_due(&visit.entry.visits, is_offer, self.clock.now());
        if is_full_due && matches!(delivery, Delivery::Nothing(FetchOutcome::NotModified)) {
            // Its word is put to the proof: what differs in the whole body shows that it is not to be taken.
            visit.entry.visits.is_denied = true;
            let whole = Wanted {
                headers: wanted.headers,
                ..Wanted::default()
            };
            delivery = self.courier.get(&url, &whole, &self.source.crawl).await;
        }
        if let Delivery::Body(exchange) = &delivery
            && leaves_encryption(&url, &exchange.url)
        {
            visit.warnings.push(format!(
                "{url} leads to {} without encryption: anybody between could have changed the answer",
                exchange.url
            ));
        }
        match delivery {
            Delivery::PutOff(paused) => {
                let minutes = paused.left.as_secs().div_ceil(60);
                visit.warnings.push(format!(
                    "{}: the host is left alone for {minutes} min",
                    visit.entry.host
                ));
                visit.is_put_off = true;
                Ok(visit)
            }
            Delivery::Nothing(outcome) => self.nothing(visit, outcome).await,
            Delivery::Body(exchange) if visit.entry.kind == TargetKind::Page => {
                let asked = url.clone();
                let (exchange, in_effect) = blocking(move || {
                    let in_effect = effective::outcome(&asked, &exchange);
                    Ok((exchange, in_effect))
                })
                .await?;
                match in_effect {
                    Some(outcome) => self.nothing(visit, outcome).await,
                    None => self.keep(visit, exchange).await,
                }
            }
            Delivery::Body(exchange) => match self.offer(&visit.entry) {
                Some(offer) => self.read_offer(visit, offer, exchange).await,
                None => self.keep(visit, exchange).await,
            },
        }
    }

    /// Headers for an address, and its validators where its host is believed.
    async fn wanted(&self, entry: &FrontierEntry) -> Result<Wanted, CrawlError> {
        let mut wanted = Wanted {
            headers: self.headers(entry),
            ..Wanted::default()
        };
        if entry.etag.is_some() || entry.last_modified.is_some() {
            let (store, host) = (Arc::clone(&self.store), entry.host.clone());
            let host = blocking(move || Ok(store.host(&host)?)).await?;
            if host.is_believed(self.clock.now()) {
                wanted.etag.clone_from(&entry.etag);
                wanted.last_modified.clone_from(&entry.last_modified);
            }
        }
        Ok(wanted)
    }

    /// Headers that the source's API asks for. They may hold a key, so they go where the operator named the API, whatever
    /// its answers name.
    fn headers(&self, entry: &FrontierEntry) -> BTreeMap<String, String> {
        let is_of_api = matches!(entry.kind, TargetKind::ApiList | TargetKind::ApiItem);
        let language = entry.hint.language.clone().unwrap_or_default();
        let api = self.source.api.as_ref();
        let api = api.filter(|api| is_of_api && is_named_by(api, &entry.url, &language));
        let filled = api.into_iter().flat_map(|api| &api.headers);
        filled
            .map(|(name, value)| (name.clone(), value.replace("{language}", &language)))
            .collect()
    }

    /// How the address is read, if it is an offer.
    fn offer(&self, entry: &FrontierEntry) -> Option<Offer> {
        let is_entry = |url: &str| canonical::url(url).is_ok_and(|url| url == entry.url);
        match entry.kind {
            TargetKind::Feed => Some(Offer::Feed),
            TargetKind::Sitemap => Some(Offer::Sitemap {
                may_be_index: entry.hint.page_url.is_none(),
            }),
            TargetKind::Listing => {
                let listing = self
                    .source
                    .listings
                    .iter()
                    .find(|listing| is_entry(&listing.url));
                Some(listing.map_or(Offer::Home, |listing| Offer::Listing(listing.clone())))
            }
            TargetKind::ApiList => {
                let language = entry.hint.language.as_deref().and_then(Language::from_code);
                self.source
                    .api
                    .as_ref()
                    .map(|api| Offer::Api(Box::new(api.clone()), language))
            }
            TargetKind::ApiItem | TargetKind::Page | TargetKind::File => None,
        }
    }

    /// Writes down an answer without a body.
    async fn nothing(&self, mut visit: Visit, outcome: FetchOutcome) -> Result<Visit, CrawlError> {
        let now = self.clock.now();
        let (store, source) = (Arc::clone(&self.store), Arc::clone(&self.source));
        let before = visit.entry.clone();
        let stored = outcome.clone();
        visit.is_gone = blocking(move || {
            let rhythm = store.rhythm(&before.source)?;
            let after = |known: &FrontierEntry| {
                let known = frontier::in_visit(known, &before);
                frontier::after_nothing(&known, &stored, &source, &rhythm, now)
            };
            let expected = after(&before);
            let is_gone = frontier::is_gone(&expected, &stored);
            if is_gone {
                let page = expected.hint.page_url.as_ref();
                store.mark_gone(page.unwrap_or(&expected.url), now)?;
            }
            store.visited(&before, &stored, now, None, &after)?;
            Ok(is_gone)
        })
        .await?;
        visit.outcome = Some(outcome);
        Ok(visit)
    }

    /// Keeps a publication: evidence first, then the store.
    async fn keep(&self, mut visit: Visit, exchange: Box<Exchange>) -> Result<Visit, CrawlError> {
        let (store, archive) = (Arc::clone(&self.store), Arc::clone(&self.archive));
        let source = Arc::clone(&self.source);
        let before = visit.entry.clone();
        let outcome = blocking(move || {
            let hash = ContentHash::of(&exchange.body).0;
            let rhythm = store.rhythm(&before.source)?;
            let at = exchange.at;
            let after = |known: &FrontierEntry| {
                let known = frontier::in_visit(known, &before);
                frontier::after_body(&known, &exchange, &hash, &source, &rhythm, at)
            };
            if before.body_hash.as_deref() == Some(hash.as_str()) {
                archive.revisit(&exchange)?;
                let outcome = FetchOutcome::NotModified;
                store.visited(&before, &outcome, at, None, &after)?;
                return Ok(outcome);
            }
            let capture = archive.keep(&before.source, &before.url, &exchange)?;
            let (outcome, at) = (FetchOutcome::Captured, capture.fetched_at);
            store.visited(&before, &outcome, at, Some(&capture), &after)?;
            Ok(outcome)
        })
        .await?;
        visit.outcome = Some(outcome);
        Ok(visit)
    }

    /// Reads an offer and its further pages, storing what each names; the offer counts as read only at the end.
    async fn read_offer(
        &self,
        mut visit: Visit,
        offer: Offer,
        first: Box<Exchange>,
    ) -> Result<Visit, CrawlError> {
        let is_first_time = visit.entry.changed_at.is_none();
        let hash = ContentHash::of(&first.body).0;
        let head = head_only(&first);
        let mut pages_seen = BTreeSet::from([visit.entry.url.clone()]);
        let mut exchange = first;
        for number in 1..=self.source.crawl.max_pages {
            let discovery = match self.read(&offer, exchange).await? {
                Ok(discovery) => discovery,
                Err(detail) => {
                    return self
                        .nothing(visit, FetchOutcome::Unreadable { detail })
                        .await;
                }
            };
            if self.asks_hubs && matches!(offer, Offer::Feed) {
                self.note_hub(&visit.entry, discovery.hub.clone()).await?;
            }
            let next = discovery.next.clone();
            let n_found = discovery.found.len();
            let n_new = self.store_found(&mut visit, discovery).await?;
            let next = next.or_else(|| next_number(&offer, number + 1));
            // Newest come first: a page without news ends a walk that was once made to its end.
            let is_worth_it = n_found > 0 && (n_new > 0 || is_first_time || self.is_all);
            let Some(next) = next.filter(|next| is_worth_it && pages_seen.insert(next.clone()))
            else {
                return self.read_to_end(visit, &head, &hash).await;
            };
            let Ok(url) = Url::parse(&next) else { break };
            if number == self.source.crawl.max_pages {
                break;
            }
            let page = FrontierEntry {
                url: next,
                ..visit.entry.clone()
            };
            let wanted = Wanted {
                headers: self.headers(&page),
                ..Wanted::default()
            };
            match self.courier.get(&url, &wanted, &self.source.crawl).await {
                Delivery::Body(body) => exchange = body,
                // A number beyond the last page.
                Delivery::Nothing(FetchOutcome::Gone { .. }) => {
                    return self.read_to_end(visit, &head, &hash).await;
                }
                Delivery::Nothing(outcome) => return self.nothing(visit, outcome).await,
                Delivery::PutOff(_) => {
                    visit.is_put_off = true;
                    return Ok(visit);
                }
            }
        }
        let limit = self.source.crawl.max_pages;
        visit.warnings.push(format!(
            "{}: not followed beyond {limit} pages (max_pages)",
            visit.entry.url
        ));
        self.read_to_end(visit, &head, &hash).await
    }

    /// Reads one page of an offer, off the async threads.
    async fn read(
        &self,
        offer: &Offer,
        exchange: Box<Exchange>,
    ) -> Result<Result<Discovery, String>, CrawlError> {
        let source = Arc::clone(&self.source);
        let offer = offer.clone();
        let is_home = matches!(offer, Offer::Home);
        let url = exchange.url.clone();
        let read = blocking(move || Ok(parse(&offer, &exchange, &source))).await?;
        if !is_home {
            return Ok(read);
        }
        // Sitemaps that robots.txt names are an offer of the whole site.
        let mut discovery = read.unwrap_or_default();
        for sitemap in self.courier.sitemaps(&url, &self.source.crawl).await {
            // A sitemap elsewhere would make its own host's pages publications of this source.
            let named = url
                .join(&sitemap)
                .ok()
                .filter(|sitemap| same_site(sitemap, &url))
                .and_then(|url| canonical::url(url.as_str()).ok());
            discovery.n_skipped += usize::from(named.is_none());
            discovery
                .found
                .extend(named.map(|url| crate::crawl::discover::Found {
                    url,
                    kind: TargetKind::Sitemap,
                    hint: Hint::default(),
                }));
        }
        if discovery.found.is_empty() {
            return Ok(Err("the page links to no feed and robots.txt names no sitemap; name one in sources.toml".to_owned()));
        }
        Ok(Ok(discovery))
    }

    /// Stores what a page of an offer names; returns how many addresses were not known.
    async fn store_found(
        &self,
        visit: &mut Visit,
        discovery: Discovery,
    ) -> Result<usize, CrawlError> {
        let now = self.clock.now();
        if discovery.n_skipped > 0 {
            let n_skipped = discovery.n_skipped;
            visit.warnings.push(format!(
                "{}: {n_skipped} entries left out: no address, another site, or beyond the limit",
                visit.entry.url
            ));
        }
        let id = &self.source.source.id;
        let entries: Vec<FrontierEntry> = discovery
            .found
            .into_iter()
            .filter_map(|found| frontier::found(id, found, now))
            .collect();
        let (store, variants) = (Arc::clone(&self.store), Arc::clone(&self.variants));
        let (entries, n_new, left_out) = blocking(move || {
            let (entries, left_out) = admitted(&*store, &variants, entries, now)?;
            let n_new = store.discover(&entries)?;
            Ok((entries, n_new, left_out))
        })
        .await?;
        if let Some(first) = left_out.first() {
            visit.warnings.push(format!(
                "{}: {} addresses left out until the next hour, such as {first}: they only vary the query of a path, or the host, as an address for each visit would",
                visit.entry.url,
                left_out.len()
            ));
        }
        visit.found.extend(entries);
        visit.n_new += n_new;
        Ok(n_new)
    }

    /// Remembers who announces a feed's news, so that it is asked to. What is offered anew is subscribed to anew.
    async fn note_hub(
        &self,
        entry: &FrontierEntry,
        offer: Option<HubOffer>,
    ) -> Result<(), CrawlError> {
        let now = self.clock.now();
        let (store, source, feed) = (
            Arc::clone(&self.store),
            entry.source.clone(),
            entry.url.clone(),
        );
        blocking(move || {
            let known = store.subscriptions()?.into_iter();
            let mut known = known.filter(|one| one.source == source && one.feed == feed);
            if known.next().map(|one| one.offer) == offer {
                return Ok(());
            }
            let change = &mut |_| {
                let anew = |offer| Subscription::new(source.clone(), feed.clone(), offer, now);
                offer.clone().map(anew)
            };
            Ok(store.change_subscription(&source, &feed, change)?)
        })
        .await
    }

    /// Writes down that an offer was read to its end.
    async fn read_to_end(
        &self,
        mut visit: Visit,
        head: &Exchange,
        hash: &str,
    ) -> Result<Visit, CrawlError> {
        let now = self.clock.now();
        let (store, source) = (Arc::clone(&self.store), Arc::clone(&self.source));
        let (before, head, hash) = (visit.entry.clone(), head.clone(), hash.to_owned());
        // It said that nothing had changed, and named what was not known.
        let was_wrong = before.visits.is_denied && visit.n_new > 0;
        blocking(move || {
            let rhythm = store.rhythm(&before.source)?;
            let after = |known: &FrontierEntry| {
                let known = frontier::in_visit(known, &before);
                frontier::after_body(&known, &head, &hash, &source, &rhythm, now)
            };
            if was_wrong {
                let url = before.url.clone();
                store.change_host(&before.host, &mut |host| host.denied(&url, now))?;
            }
            Ok(store.visited(&before, &FetchOutcome::Captured, now, None, &after)?)
        })
        .await?;
        visit.outcome = Some(FetchOutcome::Captured);
        Ok(visit)
    }
}

/// The addresses that may be added now, and those that are left out.
fn admitted(
    store: &dyn Store,
    variants: &Mutex<Variants>,
    entries: Vec<FrontierEntry>,
    now: DateTime<Utc>,
) -> Result<(Vec<FrontierEntry>, Vec<String>), CrawlError> {
    let mut variants = variants.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut kept, mut left_out) = (Vec::with_capacity(entries.len()), Vec::new());
    for entry in entries {
        // Items of an API were named one by one by the operator's own template.
        if entry.kind == TargetKind::ApiItem {
            kept.push(entry);
            continue;
        }
        let is_known =
            || Ok::<_, StoreError>(store.frontier_entry(&entry.source, &entry.url)?.is_some());
        match variants.admits(&entry.source, &entry.url, now, is_known)? {
            true => kept.push(entry),
            false => left_out.push(entry.url),
        }
    }
    Ok((kept, left_out))
}

/// Whether an address stands on a site that the operator named for an API: of its list or of its items.
fn is_named_by(api: &Api, url: &str, language: &str) -> bool {
    let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
    let asked = origin(url);
    std::iter::once(&api.list)
        .chain(&api.item)
        .any(|named| asked.is_some() && origin(&named.replace("{language}", language)) == asked)
}

/// The address of a numbered page.
fn next_number(offer: &Offer, number: usize) -> Option<String> {
    match offer {
        Offer::Api(api, language) => {
            api::numbered_page(api, *language, number).and_then(|url| canonical::url(&url).ok())
        }
        _ => None,
    }
}

/// Reads one page of an offer.
fn parse(offer: &Offer, exchange: &Exchange, source: &SourceConfig) -> Result<Discovery, String> {
    let (body, base) = (&exchange.body, &exchange.url);
    let content_type = exchange.header("content-type");
    let limit = source.crawl.max_entries;
    let site = Url::parse(&source.source.url).unwrap_or_else(|_| base.clone());
    match offer {
        Offer::Feed => {
            let feed = feed::parse(body, content_type)?;
            let hub = hub::offer(exchange, &feed);
            let discovery = feed::discover(feed, base, limit);
            Ok(Discovery { hub, ..discovery })
        }
        Offer::Sitemap { may_be_index } => {
            sitemap::discover(body, base, &site, *may_be_index, limit)
        }
        Offer::Listing(listing) => {
            listing::discover(body, content_type, base, &site, listing, limit)
        }
        Offer::Api(api, language) => api::discover(body, base, api, *language, limit),
        Offer::Home => auto::discover(body, content_type, base),
    }
}

/// Whether a page asked for with encryption was answered without.
fn leaves_encryption(asked: &Url, answered: &Url) -> bool {
    asked.scheme() == "https" && answered.scheme() != "https"
}

/// The exchange without its body: what an offer's validators are read from once all its pages are read.
fn head_only(exchange: &Exchange) -> Exchange {
    Exchange {
        wire: Vec::new(),
        body: Vec::new(),
        ..exchange.clone()
    }
}

/// Runs what waits for the disk or the processor off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CrawlError> + Send + 'static,
) -> Result<T, CrawlError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(CrawlError::Visit)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_encryption_is_told_apart() {
        let cases = [
            ("https://example.org/a", "http://example.org/a", true),
            ("https://example.org/a", "https://example.net/a", false),
            ("http://example.org/a", "http://example.org/b", false),
            ("http://example.org/a", "https://example.org/a", false),
        ];
        for (asked, answered, expected) in cases {
            let [asked, answered] = [asked, answered].map(|text| Url::parse(text).unwrap());
            assert_eq!(leaves_encryption(&asked, &answered), expected, "{answered}");
        }
    }
}
