//! Reads sitemaps and sitemap indexes, plain or gzipped, with Google's news extension, as a stream.
//!
//! Spec: sitemaps.org protocol 0.9. Entries of other sites are dropped, as the protocol asks.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::{Discovery, same_site};
use crate::crawl::decode::{self, GZIP_MAGIC};
use crate::language::Language;
use crate::markup::charset;
use crate::model::{Hint, TargetKind};

/// Largest sitemap after unpacking (the protocol's limit).
const MAX_BYTES: u64 = 50 * 1024 * 1024;
/// Sitemaps taken from one index.
const MAX_CHILDREN: usize = 500;

/// One `url` or `sitemap` element.
#[derive(Debug, Default)]
struct Item {
    is_sitemap: bool,
    fields: BTreeMap<&'static str, String>,
}

/// Publications and further sitemaps that a sitemap names. `may_be_index` is whether an index is expected here.
///
/// # Errors
/// Says what stands there instead of a sitemap.
pub fn discover(
    bytes: &[u8],
    base: &Url,
    site: &Url,
    may_be_index: bool,
    limit: usize,
) -> Result<Discovery, String> {
    let unpacked;
    let bytes = if bytes.starts_with(&GZIP_MAGIC) {
        unpacked = decode::gunzip(bytes, MAX_BYTES).map_err(|error| error.to_string())?;
        &unpacked
    } else {
        bytes
    };
    let text = charset::decode(bytes, None).text;
    let items = items(&text)?;
    let mut discovery = Discovery::default();
    let mut n_children = 0;
    for item in items {
        let kind = if item.is_sitemap {
            TargetKind::Sitemap
        } else {
            TargetKind::Page
        };
        n_children += usize::from(item.is_sitemap);
        let location = item
            .fields
            .get("loc")
            .map(String::as_str)
            .unwrap_or_default();
        let is_own = base
            .join(location)
            .is_ok_and(|url| same_site(&url, site) || same_site(&url, base));
        if !is_own || (item.is_sitemap && (!may_be_index || n_children > MAX_CHILDREN)) {
            discovery.n_skipped += 1;
            continue;
        }
        let hint = hint(&item, base);
        discovery.add(base, location, kind, hint, limit);
    }
    Ok(discovery.without_repeats())
}

fn hint(item: &Item, base: &Url) -> Hint {
    let field = |name| item.fields.get(name).cloned();
    let language = field("language").and_then(|code| Language::from_code(&code));
    // A sitemap below an index remembers the index, and when it says that it changed.
    Hint {
        page_url: item.is_sitemap.then(|| base.to_string()),
        title: field("title"),
        published: field("publication_date").or_else(|| field("lastmod")),
        language: language.map(|language| language.code().to_owned()),
    }
}

/// Every item, in order; a cut or ill-formed end keeps what stands before it.
fn items(text: &str) -> Result<Vec<Item>, String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let mut items = Vec::new();
    let mut item: Option<Item> = None;
    let mut field: Option<&'static str> = None;
    let mut is_sitemap_file = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "urlset" | "sitemapindex" => is_sitemap_file = true,
                name @ ("url" | "sitemap") => {
                    item = Some(Item {
                        is_sitemap: name == "sitemap",
                        fields: BTreeMap::new(),
                    });
                }
                name => field = known_field(name, tag.name().as_ref()),
            },
            Ok(Event::Text(text)) => add(&mut item, field, &text),
            Ok(Event::CData(text)) => add(&mut item, field, &text),
            Ok(Event::GeneralRef(name)) => add(&mut item, field, reference(&name)),
            Ok(Event::End(tag)) => {
                field = None;
                if matches!(tag.local_name().as_ref(), "url" | "sitemap") {
                    items.extend(item.take());
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    if is_sitemap_file {
        Ok(items)
    } else {
        Err("neither a sitemap nor a sitemap index".to_owned())
    }
}

/// The fields that are read; `image:loc` and `video:title` are not the page's.
fn known_field(local: &str, full: &str) -> Option<&'static str> {
    if full.starts_with("image:") || full.starts_with("video:") {
        return None;
    }
    match local {
        "loc" => Some("loc"),
        "lastmod" => Some("lastmod"),
        "publication_date" => Some("publication_date"),
        "title" => Some("title"),
        "language" => Some("language"),
        _ => None,
    }
}

fn add(item: &mut Option<Item>, field: Option<&'static str>, text: &str) {
    if let (Some(item), Some(field)) = (item, field) {
        let value = item.fields.entry(field).or_default();
        value.push_str(text);
        if value.trim().is_empty() {
            value.clear();
        }
    }
}

/// The five entities of XML; no other is known, and none is looked up.
fn reference(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn read(text: &str) -> Result<Discovery, String> {
        let base = Url::parse("https://example.org/sitemap.xml").unwrap();
        discover(text.as_bytes(), &base, &base, true, 100)
    }

    #[test]
    fn pages_and_news_come_with_what_is_said_of_them() {
        let text = "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' xmlns:image='i'>
            <url><loc> https://example.org/a?x=1&amp;y=2 </loc><lastmod>2026-06-01</lastmod><image:image><image:loc>https://example.org/a.jpg</image:loc></image:image></url>
            <url><loc>https://example.org/b</loc><news:news><news:publication><news:name>N</news:name><news:language>kk</news:language></news:publication>
            <news:publication_date>2026-06-02T10:00:00+05:00</news:publication_date><news:title><![CDATA[Басты бет]]></news:title></news:news></url></urlset>";
        let found = read(text).unwrap().found;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].url, "https://example.org/a?x=1&y=2");
        assert_eq!(found[0].hint.published.as_deref(), Some("2026-06-01"));
        assert_eq!(found[1].hint.title.as_deref(), Some("Басты бет"));
        assert_eq!(found[1].hint.language.as_deref(), Some("kk"));
    }

    #[test]
    fn an_index_names_its_sitemaps_gzipped_or_not_and_only_where_one_is_expected() {
        let text = "<sitemapindex><sitemap><loc>https://example.org/s1.xml.gz</loc><lastmod>2026-06-01</lastmod></sitemap><sitemap><loc>https://elsewhere.example/s.xml</loc></sitemap></sitemapindex>";
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        let gzipped = encoder.finish().unwrap();
        let base = Url::parse("https://example.org/index.xml").unwrap();
        let index = discover(&gzipped, &base, &base, true, 100).unwrap();
        assert_eq!(index.found.len(), 1);
        assert_eq!(index.found[0].kind, TargetKind::Sitemap);
        assert_eq!(
            index.found[0].hint.page_url.as_deref(),
            Some("https://example.org/index.xml")
        );
        assert_eq!(index.n_skipped, 1);
        assert!(
            discover(&gzipped, &base, &base, false, 100)
                .unwrap()
                .found
                .is_empty()
        );
    }

    #[test]
    fn a_cut_sitemap_keeps_what_stands_before_the_cut_and_limits_hold() {
        let cut = "<urlset><url><loc>https://example.org/a</loc></url><url><loc>https://exa";
        assert_eq!(read(cut).unwrap().found.len(), 1);
        let many: String = (0..150)
            .map(|idx| format!("<url><loc>https://example.org/{idx}</loc></url>"))
            .collect();
        let discovery = read(&format!("<urlset>{many}</urlset>")).unwrap();
        assert_eq!((discovery.found.len(), discovery.n_skipped), (100, 50));
    }

    #[test]
    fn what_is_no_sitemap_says_so() {
        for text in ["", "<html><body>404</body></html>", "plain"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn deep_and_wide_markup_ends_quickly() {
        let deep = "<a>".repeat(100_000);
        assert!(read(&deep).is_err());
        let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><urlset><url><loc>https://example.org/&b;</loc></url></urlset>";
        assert_eq!(read(bomb).unwrap().found[0].url, "https://example.org/");
    }
}
