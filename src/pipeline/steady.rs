//! Tells a page that changed from a page that is read worse: where its text still stands on it and is no longer found, the site's layout
//! has changed, and no reader saw a change.

use std::collections::BTreeSet;

use crate::canonical;
use crate::extract::{self, Page};
use crate::model::Document;
use crate::store::Store;

/// Letters that a page must have had for its loss to mean anything.
const LEAST_LETTERS: usize = 200;
/// Parts of the text before, in hundredths, that must still stand on the page ...
const STILL_THERE: usize = 90;
/// ... while fewer than these are read from it.
const STILL_READ: usize = 50;

/// The same against what stands at the page's address.
pub(super) fn lost_since(
    store: &dyn Store,
    now: &Document,
    page: &Page<'_>,
) -> anyhow::Result<Option<String>> {
    let before = store.newest_revision(&now.url.0)?;
    let before = before.filter(|before| !before.is_gone);
    Ok(before.and_then(|before| lost(&before.document, now, page)))
}

/// What of a page is no longer read though it still stands there, in words; `None` when it is read as before, or changed.
pub(super) fn lost(before: &Document, now: &Document, page: &Page<'_>) -> Option<String> {
    if before.content_hash() == now.content_hash() {
        return None;
    }
    let before_text: Vec<String> = before
        .blocks
        .iter()
        .map(|block| seen(&block.text))
        .collect();
    let n_letters: usize = before_text.iter().map(|text| text.chars().count()).sum();
    let now_text: Vec<String> = now.lines().map(|line| seen(&line)).collect();
    let is_title_lost = !before.title.trim().is_empty() && now.title.trim().is_empty();
    let is_text_lost = n_letters >= LEAST_LETTERS && share(&before_text, &now_text) < STILL_READ;
    if !is_title_lost && !is_text_lost {
        return None;
    }
    // Only now the page is read a second time, line by line.
    let lines = extract::why(page).ok()?;
    let lines: Vec<String> = lines.iter().map(|line| seen(&line.text)).collect();
    if is_text_lost && share(&before_text, &lines) >= STILL_THERE {
        return Some(
            "its text still stands on the page and is no longer read as its text".to_owned(),
        );
    }
    let title = seen(&before.title);
    if is_title_lost && lines.contains(&title) {
        return Some(
            "its title still stands on the page and is no longer read as its title".to_owned(),
        );
    }
    None
}

/// A line as a reader sees it.
fn seen(line: &str) -> String {
    canonical::seen(line).trim().to_owned()
}

/// How many hundredths of the letters of some lines stand in others, whole or as parts of longer ones.
fn share(wanted: &[String], lines: &[String]) -> usize {
    let whole: BTreeSet<&str> = lines.iter().map(String::as_str).collect();
    let all = lines.join(" ");
    let is_there = |line: &str| whole.contains(line) || all.contains(line);
    let length = |line: &String| line.chars().count();
    let n_all: usize = wanted.iter().map(length).sum();
    let n_there: usize = wanted
        .iter()
        .filter(|line| is_there(line))
        .map(length)
        .sum();
    (n_there * 100).checked_div(n_all).unwrap_or(100)
}
