//! A saved search and what it found: queries that are kept, matched with every new publication, and told to somebody.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::alert::Channel;
use super::{RevisionId, Snippet, User, UserRole};

/// A query under a name. Another query uses it as `@name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Name: letters of any script, digits, `-` and `_`.
    pub name: String,
    /// The query as typed.
    pub query: String,
    /// When it was saved or last changed.
    pub saved_at: DateTime<Utc>,
    /// Place in the store after which publications are new to it.
    pub since: u64,
    /// Who is told of new matches; `None` keeps the query without telling anybody.
    pub alert: Option<AlertRule>,
    /// Why it is not matched at the moment; `None` while it works.
    pub paused: Option<Paused>,
    /// Digest of the token with which its feed is read; `None` while it has no feed.
    pub feed: Option<String>,
    /// Id of the user who made it, who alone changes it beside administrators; `None` for one of the command line, or of before
    /// searches had owners, which is everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl SavedSearch {
    /// Most letters of a name: it is typed after `@`.
    pub const MAX_NAME_CHARS: usize = 64;

    /// Whether a text can be the name of a search.
    pub fn is_name(text: &str) -> bool {
        let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        !text.is_empty()
            && text.chars().count() <= SavedSearch::MAX_NAME_CHARS
            && text.chars().all(is_letter)
    }

    /// Whether a user may change it, as far as it has an owner.
    pub fn is_of(&self, user: &User) -> bool {
        let is_own = self.owner.as_ref().is_none_or(|owner| *owner == user.id);
        is_own || user.role == UserRole::Administrator
    }

    /// Lets a paused search go on: what failed before is forgotten.
    pub fn resume(&mut self) {
        self.paused = None;
        if let Some(rule) = &mut self.alert {
            (rule.n_failed, rule.not_before) = (0, None);
        }
    }
}

/// Who is told of new matches, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRule {
    /// Who is told.
    pub channel: Channel,
    /// When.
    pub pace: Pace,
    /// Attempts that failed since the last that did not.
    pub n_failed: u32,
    /// Not before this moment; `None` when nothing stands in the way.
    pub not_before: Option<DateTime<Utc>>,
}

/// Why a search rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// In words.
    pub why: String,
    /// Whether its owner was told.
    pub is_told: bool,
}

/// When somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// At the end of the pass that found it.
    AtOnce,
    /// Once a day, all matches together.
    Daily,
}

/// A new publication that a saved search matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Name of the saved search.
    pub search: String,
    /// Revision that matches.
    pub revision: RevisionId,
    /// Address.
    pub url: String,
    /// Title.
    pub title: String,
    /// The passage that shows why.
    pub why: Snippet,
    /// What the text is like, so that a story is told once: see `index::Likeness`.
    pub likeness: (u64, u64),
    /// When it was matched.
    pub matched_at: DateTime<Utc>,
    /// When somebody was told; `None` while nobody was.
    pub told_at: Option<DateTime<Utc>>,
}
