//! Finds publications in what a source offers for finding them: feeds, sitemaps, listings, JSON APIs, and the site's own address.
//!
//! Each reader is pure: bytes and the address they came from in, [`Found`] addresses out. Addresses are canonical,
//! absolute and http or https; anything else is left out. Only what these offers name is followed,
//! never the links inside publications, so a calendar without end is never entered.

use std::collections::BTreeMap;

use url::Url;

use crate::canonical;
use crate::model::{Hint, HubOffer, TargetKind};

pub mod api;
pub mod auto;
pub mod feed;
pub mod hub;
pub mod listing;
pub mod sitemap;
pub mod variants;

/// Parts of a path that an address may have.
const MAX_SEGMENTS: usize = 20;
/// How often one part may stand in a path.
const MAX_REPEATS: usize = 2;

/// One address found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Canonical address.
    pub url: String,
    /// What stands there.
    pub kind: TargetKind,
    /// What the offer said of it.
    pub hint: Hint,
}

/// What an offer yielded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Addresses, in order, each once.
    pub found: Vec<Found>,
    /// The next page of the same offer.
    pub next: Option<String>,
    /// Addresses left out because they cannot be fetched or lead elsewhere.
    pub n_skipped: usize,
    /// Who announces news of it.
    pub hub: Option<HubOffer>,
}

impl Discovery {
    /// Adds an address unless it is there already or more than `limit` are.
    fn add(&mut self, base: &Url, href: &str, kind: TargetKind, hint: Hint, limit: usize) {
        match absolute(base, href) {
            Some(url) if self.found.len() < limit => self.found.push(Found { url, kind, hint }),
            _ => self.n_skipped += 1,
        }
    }

    /// Keeps the first mention of each address.
    fn without_repeats(mut self) -> Discovery {
        let mut seen = std::collections::BTreeSet::new();
        self.found.retain(|found| seen.insert(found.url.clone()));
        self
    }
}

/// A link as a canonical absolute address; `None` for what cannot be fetched.
fn absolute(base: &Url, href: &str) -> Option<String> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let url = base.join(href).ok()?;
    if is_trap(&url) {
        return None;
    }
    canonical::url(url.as_str()).ok()
}

/// Whether an address looks like one of an endless family: links that are relative where they should not be grow it at
/// every step. Numbers may repeat, as in `/2026/06/06/06`.
fn is_trap(url: &Url) -> bool {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let segments = url.path().split('/').filter(|segment| !segment.is_empty());
    let mut n_segments = 0;
    for segment in segments {
        n_segments += 1;
        let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
        let n_times = times.entry(segment).or_default();
        *n_times += usize::from(!is_number);
        if *n_times > MAX_REPEATS || n_segments > MAX_SEGMENTS {
            return true;
        }
    }
    false
}

/// Whether two addresses belong to one site: the same host, or one a subdomain of the other, `www.` aside.
/// Hosts given as numbers must be equal with their port.
pub fn same_site(left: &Url, right: &Url) -> bool {
    let (Some(one), Some(other)) = (left.domain(), right.domain()) else {
        return left.host() == right.host()
            && left.port_or_known_default() == right.port_or_known_default();
    };
    let one = one.strip_prefix("www.").unwrap_or(one);
    let other = other.strip_prefix("www.").unwrap_or(other);
    let below = |name: &str, parent: &str| {
        name.strip_suffix(parent)
            .is_some_and(|rest| rest.ends_with('.'))
    };
    one == other || below(one, other) || below(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_grow_without_end_are_left_out() {
        let base = Url::parse("https://example.org/news/").unwrap();
        let deep = |n_segments: usize| {
            let segments: Vec<String> = (0..n_segments).map(|idx| format!("s{idx}")).collect();
            format!("/{}", segments.join("/"))
        };
        let cases = [
            ("/a/a".to_owned(), true),
            ("/a/a/a".to_owned(), false),
            ("/a/b/a/b/c".to_owned(), true),
            ("/a/b/a/b/a/b".to_owned(), false),
            ("/2026/06/06/06/06".to_owned(), true),
            (deep(MAX_SEGMENTS), true),
            (deep(MAX_SEGMENTS + 1), false),
            (format!("/{}", "x".repeat(3000)), false),
            ("news/news/x".to_owned(), false),
            ("javascript:alert(1)".to_owned(), false),
            (" https://example.org/b ".to_owned(), true),
        ];
        for (href, is_kept) in cases {
            assert_eq!(absolute(&base, &href).is_some(), is_kept, "{href}");
        }
    }

    #[test]
    fn one_site_is_a_host_with_its_subdomains() {
        let cases = [
            ("https://example.org/", "https://www.example.org/a", true),
            ("https://kaz.example.org/", "https://example.org/", true),
            ("https://example.org/", "https://notexample.org/", false),
            (
                "https://kaz.example.org/",
                "https://rus.example.org/",
                false,
            ),
            ("http://127.0.0.1:8900/", "http://127.0.0.1:8900/a", true),
            ("http://127.0.0.1:8900/", "http://127.0.0.1:8901/", false),
        ];
        for (left, right, expected) in cases {
            let found = same_site(&Url::parse(left).unwrap(), &Url::parse(right).unwrap());
            assert_eq!(found, expected, "{left} {right}");
        }
    }
}
