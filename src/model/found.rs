//! What a search finds: hits with their copies, facets and bars, as plain data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::RevisionId;
use crate::language::{Language, NameKind};

/// A passage with highlights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The passage: whole words, `…` where the text goes on.
    pub text: String,
    /// What to highlight: UTF-8 byte ranges of `text`, in order, whole words.
    pub highlights: Vec<(usize, usize)>,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Revision.
    pub revision: RevisionId,
    /// Address.
    pub url: String,
    /// Source that published it.
    pub source: String,
    /// Title with highlights.
    pub title: Snippet,
    /// The passage that shows why it was found.
    pub snippet: Snippet,
    /// Language.
    pub language: Option<Language>,
    /// When it was published, or else first seen.
    pub published: DateTime<Utc>,
    /// When it was first seen.
    pub first_seen: DateTime<Utc>,
    /// Relevance in thousandths; 0 when ordered by date.
    pub score: u32,
    /// How many more publications carry nearly the same text.
    pub n_copies: usize,
    /// The first of them.
    pub copies: Vec<CopyOf>,
}

/// A publication that carries nearly the text of a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyOf {
    /// Revision.
    pub revision: RevisionId,
    /// Address.
    pub url: String,
    /// When it was published, or else first seen.
    pub published: DateTime<Utc>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// How many publications match in all, copies included.
    pub total: usize,
    /// The asked page of them.
    pub hits: Vec<Hit>,
    /// The place to go on from; `None` on the last page.
    pub next: Option<String>,
    /// What of the query was mended, in words; empty for a well-formed one.
    pub repairs: Vec<String>,
    /// Names of the query that were also searched for by their other names.
    pub expansions: Vec<Expansion>,
    /// Facets, when they were asked for.
    pub facets: Vec<FacetCounts>,
    /// Publications over time, when they were asked for.
    pub histogram: Vec<Bar>,
}

/// A name in the query that is also searched for by its other names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expansion {
    /// As typed.
    pub written: String,
    /// What is named.
    pub kind: NameKind,
    /// Its id.
    pub id: String,
    /// What it is called in the three languages; empty for a person, who is found in any spelling and case.
    pub names: Vec<String>,
}

/// What publications are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// Source.
    Source,
    /// Agency or outlet.
    Role,
    /// Language.
    Language,
    /// Places named.
    Place,
    /// Bodies named.
    Body,
    /// Persons named.
    Person,
    /// Verdicts of their claims.
    Verdict,
    /// States of their cases.
    Case,
    /// Month of publication.
    Published,
}

impl Facet {
    /// All, in the order they are shown.
    pub const ALL: [Facet; 9] = [
        Facet::Source,
        Facet::Role,
        Facet::Language,
        Facet::Place,
        Facet::Body,
        Facet::Person,
        Facet::Verdict,
        Facet::Case,
        Facet::Published,
    ];

    /// The field of the query language that filters by it.
    pub fn field(self) -> &'static str {
        match self {
            Facet::Source => "source",
            Facet::Role => "role",
            Facet::Language => "lang",
            Facet::Place => "place",
            Facet::Body => "body",
            Facet::Person => "person",
            Facet::Verdict => "verdict",
            Facet::Case => "case",
            Facet::Published => "published",
        }
    }
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetValue {
    /// What to write after the facet's field.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// Publications.
    pub count: u64,
    /// The query narrowed to it; another value of the same facet in the query is replaced.
    pub query: String,
}

/// A facet with its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCounts {
    /// The facet.
    pub facet: Facet,
    /// The field of the query language that filters by it.
    pub field: &'static str,
    /// Values, those with most publications first; months newest first.
    pub values: Vec<FacetValue>,
}

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Publications found.
    pub count: u64,
    /// All publications of these days, found or not, so that a share can be told.
    pub all: u64,
}
