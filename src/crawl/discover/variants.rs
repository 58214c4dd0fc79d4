//! Bounds how many addresses one source can make of one page: sessions, facets and mirrors give an address to every visit or choice.
//!
//! Agencies number their pages, so addresses that differ in numbers alone are never bounded here (`/view?id=123`): all of them are one
//! variant. What is bounded is how many other variants of a path's query, and how many hosts, a source can add in an hour. Addresses
//! that are known already count for nothing, and what is left out is named again by the same offer and taken then: a site that writes
//! titles into its queries is slowed down in its archive and loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use url::Url;

use crate::model::SourceId;

/// New variants of the query of one path that a source can add in an hour; no newsroom publishes more.
const VARIANTS_AN_HOUR: usize = 100;
/// Hosts to which the offers of a source can lead in an hour.
const HOSTS_AN_HOUR: usize = 100;
/// Paths of a source whose variants are counted; random paths with queries to them would fill the memory.
const PATHS_COUNTED: usize = 10_000;

/// What the offers of sources led to within the current hour.
#[derive(Debug, Default)]
pub struct Variants {
    hour: i64,
    /// By source and path, its numbers masked: the queries, masked as well.
    queries: BTreeMap<SourceId, BTreeMap<String, BTreeSet<String>>>,
    /// By source: hosts that its offers led to, and how many of them only for new addresses.
    hosts: BTreeMap<SourceId, (BTreeSet<String>, usize)>,
}

impl Variants {
    /// Whether an address of a source may be added at `now`. `is_known` says whether it stands in the frontier already; it is asked
    /// only where that matters.
    ///
    /// # Errors
    /// As `is_known`.
    pub fn admits<E>(
        &mut self,
        source: &SourceId,
        url: &str,
        now: DateTime<Utc>,
        is_known: impl Fn() -> Result<bool, E>,
    ) -> Result<bool, E> {
        let hour = now.timestamp().div_euclid(3600);
        if hour != self.hour {
            *self = Variants {
                hour,
                ..Variants::default()
            };
        }
        let Ok(url) = Url::parse(url) else {
            return Ok(false);
        };
        let (hosts, n_new_hosts) = self.hosts.entry(source.clone()).or_default();
        let host = url.host_str().unwrap_or_default();
        if !hosts.contains(host) {
            let is_known = is_known()?;
            if !is_known && *n_new_hosts == HOSTS_AN_HOUR {
                return Ok(false);
            }
            hosts.insert(host.to_owned());
            *n_new_hosts += usize::from(!is_known);
            if is_known {
                return Ok(true);
            }
        }
        let Some(query) = url.query() else {
            return Ok(true);
        };
        let paths = self.queries.entry(source.clone()).or_default();
        let path = format!("{host}{}", masked(url.path()));
        if paths.len() == PATHS_COUNTED && !paths.contains_key(&path) {
            return Ok(true);
        }
        let variants = paths.entry(path).or_default();
        let variant = masked(query);
        if variants.contains(&variant) || is_known()? {
            return Ok(true);
        }
        let has_room = variants.len() < VARIANTS_AN_HOUR;
        if has_room {
            variants.insert(variant);
        }
        Ok(has_room)
    }
}

/// A text in which every run of digits is one `0`.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '0'..='9' if out.ends_with('0') => {}
            '0'..='9' => out.push('0'),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn admitted(variants: &mut Variants, urls: &[String], known: usize, now: &str) -> usize {
        let (source, now) = (SourceId("a".to_owned()), now.parse().unwrap());
        let mut n_admitted = 0;
        for (idx, url) in urls.iter().enumerate() {
            let is_known = || Ok::<_, Infallible>(idx < known);
            let Ok(is_admitted) = variants.admits(&source, url, now, is_known);
            n_admitted += usize::from(is_admitted);
        }
        n_admitted
    }

    #[test]
    fn numbered_pages_are_never_bounded_and_what_multiplies_one_page_is() {
        // Letters alone, so that no digits are masked.
        let word = |number: usize| -> String {
            let digits = number.to_string();
            digits
                .bytes()
                .map(|digit| char::from(digit - b'0' + b'a'))
                .collect()
        };
        let urls = |make: &dyn Fn(usize) -> String| (0..300).map(make).collect::<Vec<_>>();
        let numbered: [Vec<String>; 5] = [
            urls(&|n| format!("https://a.example/view?id={n}")),
            urls(&|n| format!("https://a.example/index.php?option=news&id={n}&lang=kk")),
            urls(&|n| format!("https://a.example/news/{n}?lang=ru")),
            urls(&|n| format!("https://a.example/news/{}", word(n))),
            urls(&|n| format!("https://a.example/calendar?month=2026-{n}")),
        ];
        for urls in numbered {
            let n = admitted(&mut Variants::default(), &urls, 0, "2026-06-01T10:00:00Z");
            assert_eq!(n, 300, "{}", urls[1]);
        }
        let endless: [Vec<String>; 4] = [
            urls(&|n| format!("https://a.example/news?sid={}", word(n))),
            urls(&|n| format!("https://a.example/news?{}=yes", word(n))),
            urls(&|n| format!("https://a.example/{n}?sort={}", word(n))),
            urls(&|n| format!("https://{}.a.example/news", word(n))),
        ];
        for urls in endless {
            let mut variants = Variants::default();
            let n = admitted(&mut variants, &urls, 0, "2026-06-01T10:00:00Z");
            assert_eq!(n, 100, "{}", urls[1]);
            assert_eq!(
                admitted(&mut variants, &urls, 0, "2026-06-01T10:59:59Z"),
                100
            );
            // What is known by then counts for nothing, so that the next hour takes the next ones.
            assert_eq!(
                admitted(&mut variants, &urls, 100, "2026-06-01T11:00:00Z"),
                200
            );
        }
    }
}
