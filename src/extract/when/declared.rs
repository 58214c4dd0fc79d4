//! Reads the dates a page declares: JSON-LD, meta elements, microdata, and the day in its address.

use super::names::{META_STEMS, MODIFIED_META, PUBLISHED_META};
use super::{DateOrigin, Dated, Marks, Sources};

/// Longest content of a meta element read for a date by the stem of its name, in characters.
const MAX_META_CHARS: usize = 40;

impl<'t> Sources<'_, 't> {
    /// The declared date of publication.
    pub(super) fn declared_published(&self) -> Option<Dated> {
        self.json_ld
            .published
            .as_deref()
            .and_then(|text| self.read(text, DateOrigin::JsonLd))
            .or_else(|| self.meta(PUBLISHED_META))
            .or_else(|| self.property(&["datePublished"]))
            .or_else(|| self.property(&["dateCreated"]))
    }

    /// The declared date of the last change.
    pub(super) fn declared_modified(&self) -> Option<Dated> {
        self.json_ld
            .modified
            .as_deref()
            .and_then(|text| self.read(text, DateOrigin::JsonLd))
            .or_else(|| self.meta(MODIFIED_META))
            .or_else(|| self.property(&["dateModified", "dateUpdated", "dateUpdate"]))
    }

    /// Names, in lower case, and contents of meta elements.
    fn metas(&self) -> Vec<(String, &'t str)> {
        self.tree
            .heads("meta")
            .filter_map(|node| {
                let name = node
                    .attr("property")
                    .or_else(|| node.attr("name"))
                    .or_else(|| node.attr("itemprop"))?;
                Some((name.to_ascii_lowercase(), node.attr("content")?))
            })
            .collect()
    }

    /// The first meta element of the names, by order of the names.
    fn meta(&self, names: &[&str]) -> Option<Dated> {
        let metas = self.metas();
        names.iter().find_map(|name| {
            metas
                .iter()
                .filter(|(key, _)| key == name)
                .find_map(|(_, content)| self.read(content, DateOrigin::Meta))
        })
    }

    /// A meta element of an unknown name that speaks of publication and holds a date and nothing else.
    pub(super) fn meta_like(&self) -> Option<Dated> {
        self.metas()
            .iter()
            .filter(|(name, content)| {
                META_STEMS.iter().any(|stem| name.contains(stem))
                    && content.chars().count() <= MAX_META_CHARS
            })
            .find_map(|(_, content)| self.read(content, DateOrigin::Meta))
    }

    /// A microdata property of the page.
    fn property(&self, names: &[&str]) -> Option<Dated> {
        let is_named = |value: &str| {
            value
                .split_ascii_whitespace()
                .any(|word| names.contains(&word))
        };
        self.tree
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| {
                node.marks.has(Marks::DATE) && node.attr("itemprop").is_some_and(is_named)
            })
            .find_map(|(at, node)| {
                node.attr("datetime")
                    .or_else(|| node.attr("content"))
                    .or_else(|| node.attr("title"))
                    .and_then(|text| self.read(text, DateOrigin::Microdata))
                    .or_else(|| self.read(&self.tree.text_of(at), DateOrigin::Microdata))
            })
    }

    /// The day in the folders of the address, /2026/03/02/: given once, when the page was made.
    pub(super) fn address_day(&self) -> Option<Dated> {
        let parts: Vec<&str> = path_of(self.url).split(['/', '_']).collect();
        let written = parts.windows(3).find_map(folders)?;
        self.read(&written, DateOrigin::Address)
    }

    /// The date in the address: folders, or a part that holds 2026-03-02 or 20260302.
    pub(super) fn address(&self) -> Option<Dated> {
        self.address_day().or_else(|| {
            path_of(self.url)
                .split(['/', '_'])
                .find_map(|part| self.read(part, DateOrigin::Address))
        })
    }
}

/// The path of an address.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Year, month and day of three folders as a written date.
pub(super) fn folders(three: &[&str]) -> Option<String> {
    let is_number = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let [year, month, rest] = three else {
        return None;
    };
    if !is_number(year, 4..=4) {
        return None;
    }
    let day: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if !(1..=2).contains(&day.len()) {
        return None;
    }
    if is_number(month, 1..=2) {
        return Some(format!("{year}-{month}-{day}"));
    }
    let is_name = month.len() >= 3 && month.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_name && day.len() == rest.len()).then(|| three.join(" "))
}
