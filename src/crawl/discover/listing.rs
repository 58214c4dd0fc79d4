//! Reads a page that lists publications: the links an operator's CSS selector names, and the link to its next page.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{Discovery, same_site};
use crate::config::{Config, ConfigError, Listing};
use crate::markup::{charset, scan};
use crate::model::{Hint, TargetKind};

/// Largest listing that is parsed.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Mistakes in the selectors of listings.
pub fn check(config: &Config) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for source in &config.sources {
        for listing in &source.listings {
            let selectors = [
                ("links", Some(&listing.links)),
                ("next", listing.next.as_ref()),
            ];
            for (key, selector) in selectors {
                if let Some(Err(error)) = selector.map(|text| Selector::parse(text)) {
                    let key = format!("{}: listings.{key}", source.source.id);
                    errors.push(config.error(
                        listing.line,
                        key,
                        format!("no CSS selector: {error}"),
                    ));
                }
            }
        }
    }
    errors
}

/// Publications that a listing names.
///
/// # Errors
/// Says why the page cannot be read as a listing.
pub fn discover(
    bytes: &[u8],
    content_type: Option<&str>,
    base: &Url,
    site: &Url,
    listing: &Listing,
    limit: usize,
) -> Result<Discovery, String> {
    let page = page(bytes, content_type)?;
    let base = document_base(&page, base);
    let links = selector(&listing.links)?;
    let mut discovery = Discovery::default();
    for link in page.select(&links) {
        let Some(href) = href(link) else { continue };
        let is_own = base
            .join(href)
            .is_ok_and(|url| same_site(&url, site) || same_site(&url, &base));
        if !is_own {
            discovery.n_skipped += 1;
            continue;
        }
        let title: String = link.text().collect::<Vec<_>>().join(" ");
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        let hint = Hint {
            title: Some(title).filter(|title| !title.is_empty()),
            ..Hint::default()
        };
        discovery.add(&base, href, TargetKind::Page, hint, limit);
    }
    if let Some(next) = &listing.next {
        let next = page.select(&selector(next)?).find_map(href);
        let next = next.and_then(|href| super::absolute(&base, href));
        discovery.next =
            next.filter(|next| Url::parse(next).is_ok_and(|url| same_site(&url, &base)));
    }
    Ok(discovery.without_repeats())
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text).map_err(|error| format!("`{text}` is no CSS selector: {error}"))
}

/// Where a link leads; the selector may name an element around or inside the link.
fn href(element: ElementRef<'_>) -> Option<&str> {
    let own = element.attr("href");
    own.or_else(|| {
        element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find_map(|above| above.attr("href"))
    })
    .or_else(|| {
        element
            .descendent_elements()
            .find_map(|below| below.attr("href"))
    })
}

/// Parses a page, without what would take the parser too long.
pub(super) fn page(bytes: &[u8], content_type: Option<&str>) -> Result<Html, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("the page is larger than {MAX_BYTES} bytes"));
    }
    let text = charset::decode(bytes, content_type).text;
    Ok(Html::parse_document(&scan::scan(&text).html))
}

/// The address that relative links count from.
pub(super) fn document_base(page: &Html, url: &Url) -> Url {
    let declared = Selector::parse("base[href]").ok().and_then(|selector| {
        let element = page.select(&selector).next()?;
        url.join(element.attr("href")?).ok()
    });
    declared.unwrap_or_else(|| url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str, links: &str, next: Option<&str>) -> Result<Discovery, String> {
        let base = Url::parse("https://example.org/news").unwrap();
        let listing = Listing {
            url: base.to_string(),
            links: links.to_owned(),
            next: next.map(str::to_owned),
            line: 1,
        };
        discover(html.as_bytes(), None, &base, &base, &listing, 100)
    }

    #[test]
    fn only_what_the_selector_names_is_found() {
        let html = r#"<div class="card"><a class="n" href="/a#top">  Бірінші
            хабар </a></div><a class="n" href="https://elsewhere.example/ad">Ad</a><a class="n" href="mailto:a@example.org">m</a>
            <a href="/calendar?m=1">calendar</a><a rel="next" href="?page=2">2</a>"#;
        let discovery = read(html, "a.n", Some("a[rel=next]")).unwrap();
        let urls: Vec<&str> = discovery
            .found
            .iter()
            .map(|found| found.url.as_str())
            .collect();
        assert_eq!(urls, ["https://example.org/a"]);
        assert_eq!(
            discovery.found[0].hint.title.as_deref(),
            Some("Бірінші хабар")
        );
        assert_eq!(
            discovery.next.as_deref(),
            Some("https://example.org/news?page=2")
        );
        assert_eq!(discovery.n_skipped, 2);
    }

    #[test]
    fn the_selector_may_name_what_is_around_or_inside_the_link() {
        let html = r#"<base href="/kk/"><a href="a"><h2>One</h2></a><div class="x"><a href="b">Two</a></div>"#;
        for (selector, expected) in [
            ("h2", "https://example.org/kk/a"),
            ("div.x", "https://example.org/kk/b"),
        ] {
            assert_eq!(read(html, selector, None).unwrap().found[0].url, expected);
        }
    }

    #[test]
    fn a_page_that_would_stall_the_parser_is_read_for_its_links_all_the_same() {
        let link = "<a href='/a'>x</a>";
        let attributes: String = (0..100_000).map(|idx| format!("a{idx}=1 ")).collect();
        let bold: String = (0..1_500).map(|idx| format!("<b id={idx}>")).collect();
        let pages = [
            ("nested blocks", "<div>".repeat(100_000)),
            ("nested tables", "<table><tr><td>".repeat(20_000)),
            ("attributes", format!("<p {attributes}>")),
            ("formatting", format!("{bold}{}", "<p>".repeat(100_000))),
            ("a long list", "<li><a href='/a'>x</a><br>".repeat(5_000)),
        ];
        for (name, page) in pages {
            // That it ends at all is half of the test: without the limits some of these take hours.
            let found = read(&format!("{link}{page}"), "a", None).unwrap().found;
            let urls: Vec<&str> = found.iter().map(|found| found.url.as_str()).collect();
            assert_eq!(urls, ["https://example.org/a"], "{name}");
        }
        let large = "x".repeat(MAX_BYTES + 1);
        assert!(read(&large, "a", None).is_err());
    }
}
