//! A source: one agency or outlet of `sources.toml`, as the rest of the program needs it.

use serde::{Deserialize, Serialize};

use super::SourceId;
use crate::language::Language;

/// Whether a source's pages are the record on the topics it has authority over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A state body; its pages are records, and are checked too.
    Official,
    /// An outlet.
    Media,
}

/// One agency or outlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Slug.
    pub id: SourceId,
    /// Name by language code; one entry under `""` when the configuration gives a single string.
    pub name: std::collections::BTreeMap<String, String>,
    /// Address of the site.
    pub url: String,
    /// Role.
    pub role: Role,
    /// Languages it publishes in.
    pub languages: Vec<Language>,
    /// Topics on which its pages are the record; empty means its own activity only.
    pub authority: Vec<String>,
}

impl Source {
    /// The name in a language, else in any.
    pub fn name_in(&self, language: Language) -> &str {
        self.name
            .get(language.code())
            .or_else(|| self.name.values().next())
            .map_or(self.id.0.as_str(), String::as_str)
    }
}
