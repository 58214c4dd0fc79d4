//! What repeats over a site's own pages: lines that are the site's and not the article's, learned without code per site.
//!
//! A line is remembered by its letters. It becomes the site's when it stood in several pages and in a good share of the
//! newest ones. Caution: a line with a figure in it never does, for it may be a claim; and a page most of whose lines are
//! known already is a copy of another and teaches nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::canonical::ContentHash;

/// Pages in which a line must stand to be the site's.
const LEAST_PAGES: u32 = 4;
/// Least share of the pages seen lately, as one in so many.
const ONE_IN: u32 = 5;
/// Pages after which counts are halved, so that what a new design brings is learned too.
const PAGES_OF_MEMORY: u32 = 200;
/// Most lines counted at once; those seen least are forgotten.
const MAX_COUNTED: usize = 20_000;
/// Longest line that can be the site's, in characters; an article's own paragraphs are longer more often than not.
const MAX_CHARS: usize = 400;
/// Letters of a digest that are kept: collisions are rarer than repeated paragraphs.
const DIGEST_CHARS: usize = 16;

/// What repeats over the pages of one site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteMemory {
    /// Pages counted.
    n_pages: u32,
    /// For each line not yet known to be the site's, in how many pages it stood.
    counted: BTreeMap<String, u32>,
    /// Lines that are the site's.
    known: BTreeSet<String>,
}

impl SiteMemory {
    /// Whether anything was learned yet.
    pub fn knows_any(&self) -> bool {
        !self.known.is_empty()
    }

    /// Whether a line is the site's.
    pub fn knows(&self, line: &str) -> bool {
        !self.known.is_empty() && key(line).is_some_and(|key| self.known.contains(&key))
    }

    /// Learns from the lines of a page that was not seen before; says whether a line became the site's.
    pub fn learn<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) -> bool {
        let keys: BTreeSet<String> = lines.into_iter().filter_map(key).collect();
        let new: Vec<&String> = keys
            .iter()
            .filter(|key| !self.known.contains(*key))
            .collect();
        let n_seen = new
            .iter()
            .filter(|key| self.counted.contains_key(**key))
            .count();
        if new.is_empty() || n_seen * 2 > new.len() {
            return false;
        }
        self.n_pages += 1;
        let mut has_learned = false;
        for key in new {
            let n = self.counted.entry(key.clone()).or_default();
            *n += 1;
            if *n >= LEAST_PAGES && *n * ONE_IN >= self.n_pages {
                self.counted.remove(key);
                self.known.insert(key.clone());
                has_learned = true;
            }
        }
        self.forget();
        has_learned
    }

    /// Lets old counts fade, and the least seen go when there are too many.
    fn forget(&mut self) {
        if self.n_pages >= PAGES_OF_MEMORY {
            self.n_pages /= 2;
            self.counted.retain(|_, n| {
                *n /= 2;
                *n > 0
            });
        }
        let mut least = 1;
        while self.counted.len() > MAX_COUNTED {
            self.counted.retain(|_, n| *n > least);
            least += 1;
        }
    }
}

/// The digest of a line's letters; `None` for a line that is never the site's.
fn key(line: &str) -> Option<String> {
    if line.chars().any(|letter| letter.is_ascii_digit()) || line.chars().count() > MAX_CHARS {
        return None;
    }
    let bare: String = line
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    (!bare.is_empty()).then(|| {
        ContentHash::of(bare.as_bytes())
            .0
            .chars()
            .take(DIGEST_CHARS)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of an article of its own with the site's line at the end.
    fn page(number: usize) -> Vec<String> {
        let word = "абвгдежзиклмнопрст".chars().nth(number).expect("a letter");
        let own = |part: &str| format!("{part} {word}{word} о деле {word}");
        vec![
            own("Первый абзац"),
            own("Второй абзац"),
            "Наш канал в мессенджере".to_owned(),
        ]
    }

    #[test]
    fn a_line_of_many_pages_becomes_the_sites_and_an_articles_own_does_not() {
        let mut memory = SiteMemory::default();
        let learned: Vec<bool> = (0..5)
            .map(|number| memory.learn(page(number).iter().map(String::as_str)))
            .collect();
        assert_eq!(learned, [false, false, false, true, false]);
        assert!(memory.knows("Наш канал в мессенджере!"));
        assert!(!memory.knows(&page(0)[0]));
    }

    #[test]
    fn copies_of_one_article_and_lines_with_figures_teach_nothing() {
        let mut memory = SiteMemory::default();
        for _ in 0..10 {
            assert!(!memory.learn(page(1).iter().map(String::as_str)));
        }
        for number in 0..10 {
            let own = page(number);
            memory.learn(["В суд направлено 412 дел", own[0].as_str(), own[1].as_str()]);
        }
        assert!(!memory.knows("В суд направлено 412 дел"));
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut memory = SiteMemory::default();
        for number in 0..3_000_u32 {
            let lines: Vec<String> = (0..20_u32)
                .map(|line| letters(number * 20 + line))
                .collect();
            memory.learn(lines.iter().map(String::as_str));
        }
        assert!(memory.counted.len() <= MAX_COUNTED);
    }

    /// A number written in letters.
    fn letters(number: u32) -> String {
        number
            .to_string()
            .bytes()
            .map(|digit| char::from(digit - b'0' + b'a'))
            .collect()
    }
}
