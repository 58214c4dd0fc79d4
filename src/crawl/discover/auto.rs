//! Looks for feeds in a site's own page, for a source whose configuration names no way to find its publications.

use scraper::Selector;
use url::Url;

use super::{Discovery, listing, same_site};
use crate::model::{Hint, TargetKind};

/// Media types of feeds that a page may link to.
const FEED_TYPES: [&str; 4] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
];
/// Feeds taken from one page: the site's own come first, those of its sections after.
const MAX_FEEDS: usize = 20;

/// Feeds that a page links to.
///
/// # Errors
/// Says why the page cannot be read.
pub fn discover(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Result<Discovery, String> {
    let page = listing::page(bytes, content_type)?;
    let base = listing::document_base(&page, url);
    let links =
        Selector::parse("link[rel~=alternate][href][type]").map_err(|error| error.to_string())?;
    let mut discovery = Discovery::default();
    for link in page.select(&links) {
        let media_type = link.attr("type").unwrap_or_default().to_ascii_lowercase();
        let is_feed = FEED_TYPES.iter().any(|feed| media_type.starts_with(feed));
        let href = link.attr("href").unwrap_or_default();
        // Comments are no publications of the source.
        let is_comments = href.to_ascii_lowercase().contains("comment");
        let is_own = base.join(href).is_ok_and(|feed| same_site(&feed, url));
        if is_feed && is_own && !is_comments {
            discovery.add(&base, href, TargetKind::Feed, Hint::default(), MAX_FEEDS);
        }
    }
    Ok(discovery.without_repeats())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_site_are_found_and_those_of_comments_and_others_are_not() {
        let html = r#"<link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="alternate" type="application/rss+xml" href="/comments/feed/">
            <link rel="alternate" hreflang="kk" href="/kk/"><link rel="alternate" type="application/atom+xml; charset=utf-8" href="https://kaz.example.org/atom.xml">
            <link rel="alternate" type="application/rss+xml" href="https://elsewhere.example/feed/">"#;
        let url = Url::parse("https://example.org/").unwrap();
        let found = discover(html.as_bytes(), None, &url).unwrap().found;
        let urls: Vec<&str> = found.iter().map(|found| found.url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://example.org/feed/",
                "https://kaz.example.org/atom.xml"
            ]
        );
    }
}
