//! Reads RSS 0.9 to 2.0, RDF, Atom and JSON feeds, the well-formed ones with `feed-rs`, the broken ones as lenient readers take them.
//!
//! Feeds break in a few ways again and again: a charset that is not the declared one, a missing or unknown version,
//! HTML entities, a cut end, a stray `&`. Bytes are decoded first, then mended where the fault is known, and what is
//! still refused is scanned for items without asking for well-formedness. A document type declaration is never read.

use std::borrow::Cow;
use std::panic;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::Discovery;
use crate::language::Language;
use crate::markup::charset;
use crate::model::{Hint, TargetKind};

mod scan;
mod titles;

/// Entries taken from one feed.
const MAX_ENTRIES: usize = 5000;

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Title of the feed.
    pub title: Option<String>,
    /// Hub that announces news of this feed (WebSub), as written.
    pub hub: Option<String>,
    /// Address by which the hub knows it, as written.
    pub topic: Option<String>,
    /// Entries in order.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Id, as written or made of the rest.
    pub id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Link to the page, as written.
    pub link: Option<String>,
    /// When it was published, or else changed.
    pub published: Option<DateTime<Utc>>,
    /// Language code.
    pub language: Option<String>,
}

/// Publications that a feed names.
pub fn discover(feed: Feed, base: &Url, limit: usize) -> Discovery {
    let mut discovery = Discovery::default();
    for entry in feed.entries {
        let language = entry.language.as_deref().and_then(Language::from_code);
        let hint = Hint {
            page_url: None,
            title: entry.title,
            published: entry.published.map(|at| at.to_rfc3339()),
            language: language.map(|language| language.code().to_owned()),
        };
        // An id that is an address stands in for a missing link (RSS permalinks).
        let link = entry.link.or(entry.id.filter(|id| id.starts_with("http")));
        discovery.add(
            base,
            &link.unwrap_or_default(),
            TargetKind::Page,
            hint,
            limit,
        );
    }
    discovery.without_repeats()
}

/// Reads a feed, however broken.
///
/// # Errors
/// Says what stands there instead of a feed.
pub fn parse(bytes: &[u8], content_type: Option<&str>) -> Result<Feed, String> {
    let text = charset::decode(bytes, content_type).text;
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\0']);
    if text.is_empty() {
        return Err("the feed is empty".to_owned());
    }
    let mended = mend(text);
    match strict(&mended) {
        Some(feed) if feed.is_whole() => Ok(feed),
        // What the strict reader overlooked may still be seen without asking for well-formedness.
        Some(feed) => Ok(feed.filled(scan::feed(&mended).unwrap_or_default())),
        None => scan::feed(&mended).ok_or_else(|| what_else(text)),
    }
}

/// What stands where a feed should be.
fn what_else(text: &str) -> String {
    let what = if is_html(text) {
        "an HTML page stands where the feed should be"
    } else {
        "neither RSS, Atom, RDF nor a JSON feed"
    };
    what.to_owned()
}

impl Feed {
    /// Whether nothing that is used is missing.
    fn is_whole(&self) -> bool {
        let is_whole = |entry: &Entry| {
            entry.link.is_some() && entry.title.is_some() && entry.published.is_some()
        };
        self.title.is_some() && self.entries.iter().all(is_whole)
    }

    /// This feed, with what is missing taken from another reading of the same feed.
    fn filled(mut self, other: Feed) -> Feed {
        self.title = self.title.or(other.title);
        self.hub = self.hub.or(other.hub);
        self.topic = self.topic.or(other.topic);
        if self.entries.len() != other.entries.len() {
            let n_links =
                |entries: &[Entry]| entries.iter().filter(|entry| entry.link.is_some()).count();
            if n_links(&other.entries) > n_links(&self.entries) {
                self.entries = other.entries;
            }
            return self;
        }
        for (entry, other) in self.entries.iter_mut().zip(other.entries) {
            entry.link = entry.link.take().or(other.link);
            entry.title = entry.title.take().or(other.title);
            entry.published = entry.published.or(other.published);
        }
        self
    }
}

fn is_html(text: &str) -> bool {
    let start: String = text.chars().take(1000).collect();
    let start = start.to_ascii_lowercase();
    start.contains("<html") || start.contains("<!doctype html")
}

/// The text without what is known to trip strict readers: comments, the XML declaration (its charset no longer
/// holds), document types, and an RSS version they do not know.
fn mend(text: &str) -> String {
    let mut text = without_comments(text);
    if let Some(start) = text.find("<?xml")
        && let Some(end) = text[start..].find("?>")
    {
        text.replace_range(start..start + end + 2, "");
    }
    if let Some(start) = text.find("<!DOCTYPE") {
        let end = doctype_end(&text[start..]);
        text.replace_range(start..start + end, "");
    }
    if let Some(start) = text.find("<rss")
        && let Some(length) = text[start..].find('>')
    {
        let tag = &text[start..start + length];
        let is_known = ["2.0", "0.91", "0.92"]
            .iter()
            .any(|version| tag.contains(version));
        if !is_known {
            let tag = tag
                .replacen("version", "was", 1)
                .replacen("<rss", "<rss version=\"2.0\"", 1);
            text.replace_range(start..start + length, &tag);
        }
    }
    // Atom before it became a standard.
    titles::rewritten(text.trim_start())
        .replace("http://purl.org/atom/ns#", "http://www.w3.org/2005/Atom")
}

/// The text without comments, in the middle of which readers end a title or a link. What stands in CDATA sections stays.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<!") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (kept, end) = if from.starts_with("<![CDATA[") {
            (true, from.find("]]>").map(|at| at + 3))
        } else if from.starts_with("<!--") {
            (false, from.find("-->").map(|at| at + 3))
        } else {
            (true, Some(2))
        };
        let (piece, after) = from.split_at(end.unwrap_or(from.len()));
        if kept {
            out.push_str(piece);
        }
        rest = after;
    }
    out + rest
}

/// The byte behind a document type declaration, its inner subset included.
fn doctype_end(text: &str) -> usize {
    let close = text.find('>');
    let end = match (text.find('['), close) {
        (Some(open), Some(close)) if open < close => text.find("]>").map(|at| at + 2),
        (_, close) => close.map(|at| at + 1),
    };
    end.unwrap_or(text.len())
}

/// What the strict reader makes of it; `None` when it refuses or finds nothing to read.
fn strict(text: &str) -> Option<Feed> {
    // The reader is known to panic on some input; nothing of it is shared, so nothing is left half done.
    let parsed = panic::catch_unwind(|| feed_rs::parser::parse(text.as_bytes()));
    let parsed = parsed.ok()?.ok()?;
    let language = parsed.language.clone();
    let linked = |rel: &str| {
        let mut links = parsed.links.iter();
        let found = links.find(|link| link.rel.as_deref() == Some(rel));
        found.map(|link| link.href.clone())
    };
    let (hub, topic) = match text.starts_with('{') {
        true => json_hub(text),
        false => (linked("hub"), linked("self")),
    };
    let entries = parsed.entries.into_iter().take(MAX_ENTRIES);
    Some(Feed {
        title: parsed.title.and_then(|title| plain(&title.content)),
        hub,
        topic,
        entries: entries
            .map(|entry| Entry {
                link: page_link(&entry.links),
                id: Some(entry.id).filter(|id| !id.is_empty()),
                title: entry.title.and_then(|title| plain(&title.content)),
                published: entry.published.or(entry.updated),
                language: entry.language.or_else(|| language.clone()),
            })
            .collect(),
    })
}

/// The hub that a JSON feed names, and its own address (JSON Feed 1.1, `hubs` and `feed_url`).
fn json_hub(text: &str) -> (Option<String>, Option<String>) {
    let feed: Value = serde_json::from_str(text).unwrap_or_default();
    let is_hub = |hub: &&Value| {
        let kind = hub["type"].as_str().unwrap_or_default();
        kind.eq_ignore_ascii_case("websub")
    };
    let mut hubs = feed["hubs"].as_array().into_iter().flatten();
    let hub = hubs.find(is_hub).and_then(|hub| hub["url"].as_str());
    let topic = feed["feed_url"].as_str();
    (hub.map(str::to_owned), topic.map(str::to_owned))
}

/// A title without its markup; `None` when nothing is left.
fn plain(title: &str) -> Option<String> {
    if !title.contains(['<', '&']) {
        return Some(title.trim().to_owned()).filter(|title| !title.is_empty());
    }
    scan::text_of(&with_closed_comment(title))
}

/// A title of which a comment without an end takes no more than its own tag: the rest was meant to be read.
fn with_closed_comment(title: &str) -> Cow<'_, str> {
    let open = title
        .rfind("<!--")
        .filter(|at| !title[*at..].contains("-->"));
    match open.and_then(|at| Some((at, at + title[at..].find('>')?))) {
        Some((at, end)) => Cow::Owned(format!("{}{}", &title[..at], &title[end + 1..])),
        None => Cow::Borrowed(title),
    }
}

/// The link to the page itself, not to comments, enclosures or the entry's own feed.
fn page_link(links: &[feed_rs::model::Link]) -> Option<String> {
    let is_page =
        |link: &&feed_rs::model::Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    let found = links.iter().find(is_page).or_else(|| {
        let other = ["enclosure", "replies", "self", "hub", "edit"];
        links
            .iter()
            .find(|link| link.rel.as_deref().is_none_or(|rel| !other.contains(&rel)))
    });
    found
        .map(|link| link.href.trim().to_owned())
        .filter(|href| !href.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(feed: &str) -> Vec<(String, Option<String>)> {
        let base = Url::parse("https://example.org/feeds/all.xml").unwrap();
        let discovery = discover(parse(feed.as_bytes(), None).expect(feed), &base, 100);
        discovery
            .found
            .into_iter()
            .map(|found| (found.url, found.hint.title))
            .collect()
    }

    #[test]
    fn a_comment_without_an_end_hides_nothing_of_a_title() {
        for (title, expected) in [
            ("over&lt;!-- -- x &gt;all", "overall"),
            ("over&lt;!-- x --&gt;all", "overall"),
            ("over&lt;!-- all", "over"),
        ] {
            let feed = format!(
                "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><id>1</id><title type='html'>{title}</title><link href='/a'/></entry></feed>"
            );
            assert_eq!(found(&feed)[0].1.as_deref(), Some(expected), "{title}");
        }
    }

    #[test]
    fn every_kind_of_feed_yields_its_pages() {
        let feeds = [
            "<rss version='2.0'><channel><title>T</title><item><title>One</title><link>/a?utm_source=rss</link><pubDate>Mon, 01 Jun 2026 10:00:00 +0500</pubDate></item></channel></rss>",
            "<rss version='0.91'><channel><title>T</title><link>/</link><description/><item><title>One</title><link>https://example.org/a</link></item></channel></rss>",
            "<rss><channel><title>T</title><item><title>One</title><link>https://example.org/a</link></item></channel></rss>",
            "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>x</id><updated>2026-06-01T00:00:00Z</updated><entry><id>1</id><title>One</title><link rel='replies' href='/c'/><link href='https://example.org/a'/><updated>2026-06-01T00:00:00Z</updated></entry></feed>",
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='/'><title>T</title></channel><item rdf:about='/a'><title>One</title><link>https://example.org/a</link></item></rdf:RDF>",
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","url":"https://example.org/a","title":"One","content_text":"x"}]}"#,
        ];
        for feed in feeds {
            assert_eq!(
                found(feed),
                [("https://example.org/a".to_owned(), Some("One".to_owned()))],
                "{feed}"
            );
        }
    }

    #[test]
    fn broken_feeds_are_read_leniently() {
        let feeds = [
            // Cut in the middle of the second item.
            "<rss version='2.0'><channel><title>T</title><item><title>One</title><link>https://example.org/a</link></item><item><ti",
            // A stray ampersand and an HTML entity.
            "<rss version='2.0'><channel><title>A & B&nbsp;</title><item><title>One</title><link>https://example.org/a</link></item></channel></rss>",
            // Leading blank lines before the declaration, a document type, an unknown version.
            "\n\n<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x 'y'>]><rss version='9'><channel><item><title>One</title><link>https://example.org/a</link></item></channel></rss>",
            // Unclosed and crossed elements.
            "<rss version='2.0'><channel><item><title>One<link>https://example.org/a</link></title></item></channel>",
            // Comments in the middle, one of them in a CDATA section, where it is none.
            "<rss version='2.0'><!-- <item><link>/x</link></item> --><channel><item><title>On<!-- e -->e</title><link>https://example<!-- -->.org/a</link></item><item><title><![CDATA[<!-- ]]></title><link>/b</link></item></channel></rss>",
            // Only a permalink.
            "<rss version='2.0'><channel><title>T</title><item><title>One</title><guid>https://example.org/a</guid></item></channel></rss>",
        ];
        for feed in feeds {
            let found = found(feed);
            assert_eq!(
                found.first().map(|found| found.0.as_str()),
                Some("https://example.org/a"),
                "{feed}"
            );
        }
    }

    #[test]
    fn what_is_no_feed_says_what_it_is() {
        let cases = [
            ("", "the feed is empty"),
            (
                "<!doctype html><html><body>Бұл бет табылмады</body></html>",
                "an HTML page stands where the feed should be",
            ),
            (
                "not a feed at all",
                "neither RSS, Atom, RDF nor a JSON feed",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(
                parse(text.as_bytes(), None),
                Err(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn links_that_cannot_be_fetched_are_left_out_and_counted() {
        let feed = "<rss version='2.0'><channel><title>T</title><item><link>javascript:alert(1)</link></item><item><link>file:///etc/passwd</link></item><item><title>None</title></item><item><link>//cdn.example.org/a</link></item></channel></rss>";
        let base = Url::parse("https://example.org/rss.xml").unwrap();
        let discovery = discover(parse(feed.as_bytes(), None).unwrap(), &base, 100);
        assert_eq!(discovery.n_skipped, 3);
        assert_eq!(discovery.found[0].url, "https://cdn.example.org/a");
    }

    #[test]
    fn feeds_that_would_stall_a_reader_end_all_the_same() {
        let item = "<item><title>One</title><link>https://example.org/a</link></item>";
        let attributes: String = (0..200_000).map(|idx| format!("a{idx}='1' ")).collect();
        let spaces: String = (0..50_000)
            .map(|idx| format!("xmlns:n{idx}='u' "))
            .collect();
        let entities: String = ('b'..='j')
            .map(|name| {
                let before = char::from_u32(u32::from(name) - 1).unwrap_or('a');
                format!("<!ENTITY {name} '{}'>", format!("&{before};").repeat(10))
            })
            .collect();
        let rss = |inner: &str| format!("<rss version='2.0'><channel>{inner}</channel></rss>");
        let feeds = [
            ("deep", rss(&format!("{item}{}", "<a>".repeat(100_000)))),
            ("attributes", rss(&format!("{item}<x {attributes}/>"))),
            ("namespaces", rss(&format!("<x {spaces}/>{item}"))),
            (
                "comments",
                rss(&format!("{item}{}", "<!--".repeat(100_000))),
            ),
            (
                "entities",
                format!("<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>{entities}]>")
                    + &rss(&format!("<title>&j;</title>{item}")),
            ),
            (
                "a parameter entity from elsewhere",
                format!(
                    "<!DOCTYPE rss [<!ENTITY % x SYSTEM 'http://127.0.0.1/x'> %x;]>{}",
                    rss(item)
                ),
            ),
            (
                "included",
                rss(&format!("<xi:include href='file:///etc/passwd'/>{item}")),
            ),
            ("two roots", rss(item) + &rss("")),
            ("many items", rss(&item.repeat(6000))),
        ];
        for (name, text) in feeds {
            // That it ends at all is half of the test.
            let feed = parse(text.as_bytes(), None).expect(name);
            assert_eq!(
                feed.entries.first().and_then(|entry| entry.link.as_deref()),
                Some("https://example.org/a"),
                "{name}"
            );
            assert!(feed.entries.len() <= MAX_ENTRIES, "{name}");
            assert!(feed.title.unwrap_or_default().len() < 1000, "{name}");
        }
    }

    #[test]
    fn one_publication_is_one_entry_whatever_its_ids_and_dates_say() {
        let item = |more: &str| format!("<item><link>/a</link>{more}</item>");
        let dates = [
            "",
            "32 Jan 2026",
            "Mon, 01 Jan 0000 00:00:00 GMT",
            "9999-99-99",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "1 Jun 26 10:00 XYZ",
            &"(".repeat(10_000),
        ];
        let items: String = dates
            .iter()
            .enumerate()
            .map(|(idx, date)| item(&format!("<guid>{idx}</guid><pubDate>{date}</pubDate>")))
            .chain([item(""), item("<guid>0</guid>")])
            .collect();
        let feed = format!("<rss version='2.0'><channel>{items}</channel></rss>");
        assert_eq!(found(&feed), [("https://example.org/a".to_owned(), None)]);
    }

    #[test]
    fn entities_of_a_document_type_are_never_expanded() {
        let feed = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><title>&x;</title><item><link>https://example.org/a</link></item></channel></rss>";
        let title = parse(feed.as_bytes(), None)
            .unwrap()
            .title
            .unwrap_or_default();
        assert!(!title.contains("root"), "{title}");
    }
}
