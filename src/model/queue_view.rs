//! A view of the queue that somebody keeps: which list, under which name.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{User, UserRole};

/// A list of the queue under a name. Only what the list asks for is kept: what stands in it is found anew for whoever looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// Digest of who made it, when, and its first name.
    pub id: String,
    /// Name, as its tab shows it.
    pub name: String,
    /// What the list asks for, as its address writes it.
    pub query: String,
    /// Id of the user who made it.
    pub owner: String,
    /// Whether everybody is shown it.
    pub is_shared: bool,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

impl QueueView {
    /// Most characters of a name: it stands in a tab.
    pub const MAX_NAME_CHARS: usize = 40;
    /// Most views of one person: all stand beside one another.
    pub const MOST_OF_ONE: usize = 12;

    /// Whether a text can be the name of a view. Signs that turn the direction of text around would reach beyond its tab.
    pub fn is_name(text: &str) -> bool {
        !text.trim().is_empty()
            && text.chars().count() <= QueueView::MAX_NAME_CHARS
            && !text.chars().any(is_hidden)
    }

    /// Whether a user is shown it.
    pub fn is_shown_to(&self, user: &User) -> bool {
        self.is_shared || self.owner == user.id
    }

    /// Whether a user may rename and remove it: who made it, and of shared ones administrators.
    pub fn is_of(&self, user: &User) -> bool {
        self.owner == user.id || self.is_shared && user.role == UserRole::Administrator
    }
}

fn is_hidden(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What became of keeping a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewKept {
    /// It is kept.
    Kept,
    /// Its owner has another of this name.
    NameTaken,
    /// Its owner has as many as one may have.
    TooMany,
}
