//! Guesses when a page was published where it says nothing of it: the least trusted dates, always named a guess.
//!
//! In order: data embedded for scripts, the description, a date line in a side column, the address of the page's picture,
//! a paragraph of the foot. A guess is shown to people; what is judged by dates goes by when the page was first seen.

use std::sync::LazyLock;

use regex::Regex;

use super::names::DATA_KEYS;
use super::{DateOrigin, Dated, Marks, Sources, Tag, declared};
use crate::extract::{dates, metadata};

/// Most keys of embedded data looked at.
const MAX_KEYS: usize = 200;

impl Sources<'_, '_> {
    /// The best guess.
    pub(super) fn guess(&self) -> Option<Dated> {
        self.in_data()
            .or_else(|| self.in_description())
            .or_else(|| self.aside())
            .or_else(|| self.in_image_address())
            .or_else(|| self.foot())
    }

    /// A time under a key that names publication, in data for scripts.
    fn in_data(&self) -> Option<Dated> {
        static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(
                r#"["']([A-Za-z_\-]{6,30})\\?["']\s*:\s*\\?["'](\d{4}-\d\d-\d\d[^"'\\]{0,20})"#,
            )
            .ok()
        });
        let titles: Vec<usize> = self
            .page_text
            .match_indices(self.title)
            .filter(|_| !self.title.is_empty())
            .take(MAX_KEYS)
            .map(|(at, _)| at)
            .collect();
        // Data often lists other texts too: the time that stands nearest to the title is this one's.
        let distance = |at: usize| titles.iter().map(|title| title.abs_diff(at)).min();
        PAIR.as_ref()?
            .captures_iter(self.page_text)
            .take(MAX_KEYS)
            .filter(|found| {
                let key: String = found[1]
                    .chars()
                    .filter(|letter| letter.is_ascii_alphabetic())
                    .flat_map(char::to_lowercase)
                    .collect();
                DATA_KEYS.contains(&key.as_str())
            })
            .filter_map(|found| {
                let at = found.get(0)?.start();
                Some((distance(at), self.read(&found[2], DateOrigin::Guess)?))
            })
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, dated)| dated)
    }

    /// A date in the page's description of itself.
    fn in_description(&self) -> Option<Dated> {
        let text = metadata::meta(self.tree, &["description", "og:description"])?;
        self.read(text, DateOrigin::Guess)
    }

    /// A line in a side column or the foot that is only a date.
    fn aside(&self) -> Option<Dated> {
        self.lines
            .iter()
            .filter(|line| dates::is_date_line(&line.text))
            .filter(|line| {
                let marks = Marks::COMMENT.with(Marks::RELATED).with(Marks::NAVIGATION);
                !self.stands_in(line.first, marks, &[Tag::Nav])
            })
            .find_map(|line| self.read(&line.text, DateOrigin::Guess))
    }

    /// The day in the address of the page's picture.
    fn in_image_address(&self) -> Option<Dated> {
        let image = metadata::meta(self.tree, &["og:image", "twitter:image"])?;
        let parts: Vec<&str> = image.split('/').collect();
        let written = parts.windows(3).find_map(declared::folders)?;
        self.read(&written, DateOrigin::Guess)
    }

    /// The last date of the foot.
    fn foot(&self) -> Option<Dated> {
        self.lines
            .iter()
            .rev()
            .filter(|line| self.stands_in(line.first, Marks::FOOT, &[Tag::Footer]))
            .find_map(|line| self.read(&line.text, DateOrigin::Guess))
    }
}
