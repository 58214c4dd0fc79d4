//! The register as a reader asks for it: filtered, newest first, a page at a time after a letter that was seen.

use serde::{Deserialize, Serialize};

use crate::model::{DueRow, LetterEntry, LetterStatus, Route};

/// Letters of one page.
const PAGE: usize = 50;
/// Most letters of one answer of the API.
const MOST: usize = 500;

/// What the register is asked for; empty fields ask for nothing.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(in crate::serve) struct Asked {
    /// Where letters stand: a status, or `overdue`.
    pub(in crate::serve) state: String,
    /// What they ask for.
    pub(in crate::serve) route: String,
    /// Whom they are written to.
    pub(in crate::serve) outlet: String,
    /// Whose they are.
    pub(in crate::serve) case: String,
    /// Number of the last letter of the page before.
    pub(in crate::serve) after: String,
    /// How many at most; what a page holds where nobody says.
    pub(in crate::serve) limit: Option<usize>,
}

/// The state that asks for letters with a last day that passed.
pub(in crate::serve) const OVERDUE: &str = "overdue";

/// A page of the register.
#[derive(Debug)]
pub(in crate::serve) struct Listed {
    /// Letters of this page.
    pub(in crate::serve) letters: Vec<LetterEntry>,
    /// How many there are on all pages.
    pub(in crate::serve) n_all: usize,
    /// Number after which the next page begins.
    pub(in crate::serve) next: Option<String>,
}

impl Asked {
    /// What is asked for that nobody knows: the name of the field.
    pub(in crate::serve) fn fault(&self) -> Option<&'static str> {
        let knows_state = |state: &str| {
            state == OVERDUE || LetterStatus::ALL.iter().any(|one| one.name() == state)
        };
        if !self.state.is_empty() && !knows_state(&self.state) {
            return Some("state");
        }
        if !self.route.is_empty() && Route::of(&self.route).is_none() {
            return Some("route");
        }
        if self.limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
            return Some("limit");
        }
        None
    }

    /// Whether nothing is left out.
    pub(in crate::serve) fn is_whole(&self) -> bool {
        [&self.state, &self.route, &self.outlet, &self.case]
            .iter()
            .all(|field| field.is_empty())
    }

    /// The letters asked for, of letters newest first with their last days.
    pub(in crate::serve) fn matching(
        &self,
        letters: Vec<LetterEntry>,
        due: &[DueRow],
    ) -> Vec<LetterEntry> {
        let is_in = |field: &str, value: &str| field.is_empty() || field == value;
        let has_state = |letter: &LetterEntry| match self.state.as_str() {
            OVERDUE => is_overdue(letter, due),
            state => is_in(state, letter.status.name()),
        };
        let mut letters = letters;
        letters.retain(|letter| {
            is_in(&self.route, letter.route.name())
                && is_in(&self.outlet, &letter.recipient.0)
                && is_in(&self.case, &letter.case.0)
                && has_state(letter)
        });
        letters
    }

    /// One page of letters.
    pub(in crate::serve) fn page(&self, letters: Vec<LetterEntry>) -> Listed {
        let n_all = letters.len();
        let n = self.limit.unwrap_or(PAGE).clamp(1, MOST);
        // By order and not by place: the letter that was seen last may have left the filter since.
        let mut letters = letters;
        letters
            .retain(|letter| self.after.is_empty() || order(&letter.number) < order(&self.after));
        let has_more = letters.len() > n;
        letters.truncate(n);
        let next = letters.last().filter(|_| has_more);
        Listed {
            next: next.map(|letter| letter.number.clone()),
            letters,
            n_all,
        }
    }
}

/// Where a number stands in the register: numbers grow with each letter of a year.
fn order(number: &str) -> (&str, u64) {
    let parts = number.rsplit_once('-');
    let parts = parts.and_then(|(year, n)| Some((year, n.parse().ok()?)));
    parts.unwrap_or((number, 0))
}

/// Whether a last day of a letter that left has passed.
fn is_overdue(letter: &LetterEntry, due: &[DueRow]) -> bool {
    letter.received_at.is_some()
        && due
            .iter()
            .any(|row| row.letter.as_ref() == Some(&letter.number) && row.days_left < 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_order_of_the_register_beyond_four_digits_too() {
        let mut numbers = ["2027-0001", "2026-10000", "2026-9999", "2026-0002"];
        numbers.sort_by(|a, b| order(a).cmp(&order(b)));
        assert_eq!(
            numbers,
            ["2026-0002", "2026-9999", "2026-10000", "2027-0001"]
        );
    }
}
