//! Finds the hub that announces a feed's news, in the headers of the answer or in the feed (WebSub, 4; RFC 8288).

use url::Url;

use super::super::fetch::Exchange;
use super::feed::Feed;
use crate::model::HubOffer;

/// Longest address of a hub or topic.
const MAX_ADDRESS_BYTES: usize = 2048;
/// Links of headers that are looked at.
const MAX_LINKS: usize = 64;

/// The first hub that is offered and the address by which it knows the feed; headers come before the feed's own word.
pub fn offer(exchange: &Exchange, feed: &Feed) -> Option<HubOffer> {
    let headers = exchange.headers.iter();
    let linked: Vec<(String, String)> = headers
        .filter(|(name, _)| name == "link")
        .flat_map(|(_, value)| links(value))
        .take(MAX_LINKS)
        .collect();
    let of_header = |rel: &str| {
        let found = linked.iter().find(|(known, _)| known == rel);
        found.map(|(_, href)| href.as_str())
    };
    let hub = of_header("hub").or(feed.hub.as_deref())?;
    let topic = of_header("self").or(feed.topic.as_deref())?;
    Some(HubOffer {
        hub: absolute(&exchange.url, hub)?,
        topic: absolute(&exchange.url, topic)?,
    })
}

/// An address that can be asked for, as it is written: a hub knows its topics by their spelling.
fn absolute(base: &Url, href: &str) -> Option<String> {
    let href = href.trim();
    let url = base.join(href).ok()?;
    let is_fit = matches!(url.scheme(), "http" | "https") && href.len() <= MAX_ADDRESS_BYTES;
    let as_written = Url::parse(href).map_or_else(|_| url.to_string(), |_| href.to_owned());
    is_fit.then_some(as_written)
}

/// Relations and targets of a `Link` header, relations in lower case (RFC 8288, 3).
fn links(value: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((_, from)) = rest.split_once('<') {
        let Some((href, from)) = from.split_once('>') else {
            break;
        };
        let end = outside_quotes(from, ',');
        let relations = relations(&from[..end]).into_iter();
        found.extend(relations.map(|relation| (relation, href.to_owned())));
        rest = &from[end..];
    }
    found
}

/// Where the first such letter outside of quotes stands, or the text ends.
fn outside_quotes(text: &str, wanted: char) -> usize {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            letter if letter == wanted && !is_quoted => return at,
            _ => {}
        }
    }
    text.len()
}

/// The relations that the first `rel` of some parameters names; later ones do not count (RFC 8288, 3.3).
fn relations(parameters: &str) -> Vec<String> {
    let mut rest = parameters;
    while !rest.is_empty() {
        let (parameter, after) = rest.split_at(outside_quotes(rest, ';'));
        rest = after.get(1..).unwrap_or_default();
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("rel") {
            let value = value.trim().trim_matches('"').to_ascii_lowercase();
            return value.split_ascii_whitespace().map(str::to_owned).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::super::feed;
    use super::*;

    fn offered(links: &[&str], body: &str) -> Option<(String, String)> {
        let exchange = Exchange {
            url: Url::parse("https://example.org/feeds/all.xml").unwrap(),
            at: chrono::DateTime::default(),
            remote: None,
            request_headers: Vec::new(),
            version: "HTTP/1.1",
            status: 200,
            headers: links
                .iter()
                .map(|link| ("link".to_owned(), (*link).to_owned()))
                .collect(),
            wire: Vec::new(),
            body: Vec::new(),
        };
        let feed = feed::parse(body.as_bytes(), None).unwrap();
        offer(&exchange, &feed).map(|offer| (offer.hub, offer.topic))
    }

    /// Headers, a feed, and the hub and topic that they offer.
    type Case<'c> = (&'c [&'c str], &'c str, Option<&'c (String, String)>);

    #[test]
    fn hubs_are_found_in_headers_and_feeds_and_headers_come_first() {
        let plain = "<rss version='2.0'><channel><title>T</title><item><link>/a</link></item></channel></rss>";
        let rss = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>T</title>\
            <atom:link rel='self' href='https://example.org/feeds/all.xml'/><atom:link rel='hub' href='https://hub.example/'/>\
            <item><title>A</title><link>/a</link></item></channel></rss>";
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>x</id><updated>2026-06-01T00:00:00Z</updated>\
            <link rel='hub' href='https://hub.example/'/><link rel='self' href='https://example.org/feeds/all.xml'/></feed>";
        // Broken, so that only the lenient reader takes it.
        let broken = "<rss version='2.0'><channel><title>T & U</title><link rel='hub' href='https://hub.example/'>\
            <atom:link href='https://example.org/feeds/all.xml' rel='self'/><item><link>/a</link></item><item><ti";
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","feed_url":"https://example.org/feeds/all.xml",
            "hubs":[{"type":"rssCloud","url":"https://cloud.example/"},{"type":"WebSub","url":"https://hub.example/"}],
            "items":[{"id":"1","url":"https://example.org/a","content_text":"x"}]}"#;
        let own = (
            "https://hub.example/".to_owned(),
            "https://example.org/feeds/all.xml".to_owned(),
        );
        let hub = r#"<https://hub.example/>; rel="hub""#;
        let this = r#"<https://example.org/feeds/all.xml>; title="a, b; rel=none"; REL=self"#;
        let cases: [Case<'_>; 11] = [
            (&[], plain, None),
            (&[], rss, Some(&own)),
            (&[], atom, Some(&own)),
            (&[], broken, Some(&own)),
            (&[], json, Some(&own)),
            (&[hub, this], plain, Some(&own)),
            (&[&format!("{hub}, {this}")], plain, Some(&own)),
            (
                &[r#"</feeds/all.xml>; rel="alternate self", <https://hub.example/>;rel=hub"#],
                plain,
                Some(&own),
            ),
            (&[hub], plain, None),
            (
                &[
                    "<https://hub.example/; rel=hub",
                    "rel=hub",
                    "<javascript:alert(1)>; rel=hub",
                    this,
                ],
                plain,
                None,
            ),
            (
                &[
                    &format!("<https://hub.example/{}>; rel=hub", "x".repeat(3000)),
                    this,
                ],
                plain,
                None,
            ),
        ];
        for (links, body, expected) in cases {
            assert_eq!(offered(links, body).as_ref(), expected, "{links:?} {body}");
        }
        let elsewhere = r#"<https://other.example/>; rel="hub""#;
        let (found, topic) = offered(&[elsewhere], rss).unwrap();
        assert_eq!((found.as_str(), topic), ("https://other.example/", own.1));
    }
}
