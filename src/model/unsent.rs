//! What somebody has typed into a form and not sent yet.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The fields of one form as one person left them. It is that person's alone: nobody else is shown it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Whose it is.
    pub user: String,
    /// The form: its address, and its name among those that are sent there, as `/cases/ID/steps#comment`.
    pub form: String,
    /// When it was last kept.
    pub at: DateTime<Utc>,
    /// The fields in the order of the form; a name may come more than once.
    pub fields: Vec<(String, String)>,
}

impl Unsent {
    /// A field exactly as typed, the first of its name; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        let mut fields = self.fields.iter();
        let field = fields.find(|(key, _)| key == name);
        field.map_or("", |(_, value)| value)
    }

    /// All values of a field, as boxes to tick leave them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Unsent {
    /// Without what was typed: it is nobody else's, and so stands in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Unsent");
        shown.field("user", &self.user).field("form", &self.form);
        shown.field("at", &self.at).finish_non_exhaustive()
    }
}
