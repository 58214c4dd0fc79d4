//! What a search finds: hits with their copies, facets and bars, as plain data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{CaseId, CaseState, ClaimId, Difference, Gap, Quote, Repair, RevisionId, Verdict};
use crate::language::{Language, NameKind};

/// A passage with highlights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The passage: whole words, `…` where the text goes on.
    pub text: String,
    /// What to highlight: UTF-8 byte ranges of `text`, in order, whole words.
    pub highlights: Vec<(usize, usize)>,
}

/// What is searched, and so what a hit is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    /// Pages of outlets and agencies alike.
    #[default]
    Pages,
    /// Pages of outlets.
    Publications,
    /// Pages of agencies.
    Records,
    /// Single claims with their verdicts.
    Claims,
    /// Cases.
    Cases,
}

impl HitKind {
    /// The kinds that a query is counted by; [`HitKind::Pages`] is the first two together.
    pub const COUNTED: [HitKind; 4] = [
        HitKind::Publications,
        HitKind::Records,
        HitKind::Claims,
        HitKind::Cases,
    ];

    /// The word it is asked for by.
    pub fn word(self) -> &'static str {
        match self {
            HitKind::Pages => "pages",
            HitKind::Publications => "publications",
            HitKind::Records => "records",
            HitKind::Claims => "claims",
            HitKind::Cases => "cases",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<HitKind> {
        let all = [HitKind::Pages].into_iter().chain(HitKind::COUNTED);
        all.into_iter().find(|kind| kind.word() == word)
    }
}

/// What a hit says of the claim that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimHit {
    /// Claim.
    pub id: ClaimId,
    /// Its newest verdict; `None` while nobody judged it.
    pub verdict: Option<Verdict>,
}

/// What a hit says of the case that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseHit {
    /// Case.
    pub id: CaseId,
    /// Where it stands.
    pub state: CaseState,
    /// What differs.
    pub differences: Vec<Difference>,
    /// What the record says.
    pub evidence: Vec<Quote>,
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
    /// The claim, of a hit that is one.
    pub claim: Option<ClaimHit>,
    /// The case, of a hit that is one.
    pub case: Option<CaseHit>,
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
    /// What was searched.
    pub kind: HitKind,
    /// How many match in all, copies included.
    pub total: usize,
    /// The asked page of them.
    pub hits: Vec<Hit>,
    /// The place to go on from; `None` on the last page.
    pub next: Option<String>,
    /// What of the query was mended; empty for a well-formed one.
    pub repairs: Vec<Repair>,
    /// Names of the query that were also searched for by their other names.
    pub expansions: Vec<Expansion>,
    /// Facets, when they were asked for.
    pub facets: Vec<FacetCounts>,
    /// How many the query finds of each kind, when that was asked for.
    pub kinds: Vec<(HitKind, usize)>,
    /// Publications over time, when they were asked for.
    pub histogram: Vec<Bar>,
    /// The same for each query to compare with, over the same time.
    pub compared: Vec<Compared>,
    /// Times in which sources that the query looks at were not seen, among the time it looks at.
    pub gaps: Vec<Gap>,
}

/// Another query, counted over the time of the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The query as typed.
    pub query: String,
    /// How many it finds.
    pub total: usize,
    /// What of it was mended.
    pub repairs: Vec<Repair>,
    /// As many bars as the first query has, of the same days.
    pub histogram: Vec<Bar>,
}

/// How much time one bar of a histogram covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BarWidth {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
}

/// A name, abbreviation or word in the query that is also searched for by its other names or in other spellings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expansion {
    /// As typed.
    pub written: String,
    /// What is named; a thing that is no name, such as an accident, is of the other kind.
    pub kind: NameKind,
    /// Its id: of a body, place, person or law, or of a concept; `word:` and the likeliest spelling for a word that was
    /// typed without the letters of Kazakh.
    pub id: String,
    /// What it is called in the three languages, or the spellings that occur; empty for a person, who is found in any
    /// spelling and case.
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
    /// Hits.
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
    /// Sources that the query looks at and that were not seen for a part of these days.
    pub unseen: u64,
}

impl Bar {
    /// How many of each hundred thousand publications were found, rounded down.
    pub fn per_100k(&self) -> u64 {
        self.count
            .saturating_mul(100_000)
            .checked_div(self.all)
            .unwrap_or_default()
    }
}
