//! All that is asked of a search engine: entries of ready terms in, rows of keys out.
//!
//! Nothing here names an engine. Texts are analysed before, hits are read from the store after, and the order of a page
//! of rows is fixed down to the key, so that two engines with the same entries give the same answers.

use std::collections::BTreeMap;

use super::IndexError;
use super::likeness::Likeness;
use crate::model::RevisionId;

/// What an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A revision of a publication, to be read by people.
    Publication,
    /// All observations of a revision taken together.
    Record,
    /// One observation.
    Observation,
    /// One claim of a revision, to be read by people.
    Claim,
    /// One case, to be read by people.
    Case,
}

impl Kind {
    /// The word under which it stands in the index.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Publication => "publication",
            Kind::Record => "record",
            Kind::Observation => "observation",
            Kind::Claim => "claim",
            Kind::Case => "case",
        }
    }
}

/// A field that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Terms of the title, with positions.
    Title,
    /// Terms of main text and tables, with positions.
    Body,
    /// Anchors of a record or an observation.
    Anchor,
    /// Anchors that an observation takes from what stands around it.
    Around,
    /// Source.
    Source,
    /// Language code.
    Language,
    /// `official` or `media`.
    Role,
    /// The address, its host and the segments of its path.
    Url,
    /// `current`, `superseded` or `gone`; `changed` beside it for a document with more than one revision.
    State,
    /// Words of the authors' names.
    Author,
    /// Bodies, places and persons that are named, as the values that `names` makes of them.
    Named,
    /// Persons with their names as written, for lists.
    Person,
    /// The revision an entry belongs to; of a case its id.
    Revision,
    /// Claims: the one that an entry is, or those of a case.
    Claim,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Unique among entries of its kind: the id of the revision, observation or case, or revision and claim with a `/` between.
    pub key: String,
    /// Kind.
    pub kind: Kind,
    /// Revision it belongs to; a case stands here with its own id.
    pub revision: RevisionId,
    /// Terms with their positions; only title and body have any.
    pub terms: Vec<(Field, Vec<(usize, String)>)>,
    /// Whole values.
    pub values: Vec<(Field, String)>,
    /// Figures of its claims, in thousandths.
    pub amounts: Vec<i64>,
    /// What its text is like; publications and claims have it.
    pub likeness: Likeness,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// When it was first seen, in seconds since 1970.
    pub first_seen: i64,
    /// A number of what the entry says: it orders entries of equal score without reading their keys, and tells a case that
    /// grew from what stands in the index.
    pub group: u64,
}

/// A question, free of any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Entries of this kind.
    Kind(Kind),
    /// Every one of these.
    All(Vec<Plan>),
    /// At least one of these.
    Any(Vec<Plan>),
    /// Not this.
    Not(Box<Plan>),
    /// What the first demands, ranked also by the others where they apply.
    Ranked(Box<Plan>, Vec<Plan>),
    /// A term or value of a field; ranked by rarity and length, or by a fixed worth.
    Is {
        /// Field.
        field: Field,
        /// Term or value.
        value: String,
        /// What a match is worth; `None` leaves that to the engine's relevance.
        worth: Option<u32>,
    },
    /// Terms one after the other, with at most `slop` others between.
    Phrase {
        /// Field with positions.
        field: Field,
        /// Terms with their distance from the first.
        terms: Vec<(usize, String)>,
        /// How many positions they may be off.
        slop: u32,
    },
    /// A term that begins so.
    Prefix {
        /// Field.
        field: Field,
        /// Beginning.
        prefix: String,
    },
    /// A term that can be had from this one by so many changed, added or dropped letters.
    Like {
        /// Field.
        field: Field,
        /// Term.
        term: String,
        /// Letters, 1 or 2.
        letters: u8,
    },
    /// Any of many values; does not rank.
    OneOf {
        /// Field.
        field: Field,
        /// Values.
        values: Vec<String>,
    },
    /// A number within bounds, ends included; does not rank.
    Within {
        /// Which number.
        number: Number,
        /// Least; `None` for no bound.
        from: Option<i64>,
        /// Greatest; `None` for no bound.
        to: Option<i64>,
    },
}

/// A number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// When it was published, in seconds since 1970.
    Published,
    /// When it was first seen, in seconds since 1970.
    FirstSeen,
    /// A figure of its claims, in thousandths.
    Amount,
}

/// How rows are ordered; rows that are equal in it are ordered by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Best first.
    Score,
    /// Newest first.
    Newest,
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Key of the entry.
    pub key: String,
    /// Revision of the entry.
    pub revision: RevisionId,
    /// What its text is like.
    pub likeness: Likeness,
    /// Score in thousandths; 0 when ordered by time.
    pub score: u32,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// The number of what the entry says.
    pub group: u64,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How many entries match.
    pub total: usize,
    /// The asked page of them.
    pub rows: Vec<Row>,
}

/// The best entries of an answer, as the revisions they belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Best {
    /// Revisions with the score of their best entry in thousandths, best first, each once.
    pub revisions: Vec<(RevisionId, u32)>,
    /// Score in thousandths below which a further entry would change nothing; 0 while there was room for any.
    pub floor: u32,
}

/// A search engine.
pub trait Engine: Send + Sync {
    /// Adds an entry, or replaces the one of the same kind and key.
    fn put(&self, entry: &Entry) -> Result<(), IndexError>;
    /// Removes the entries of a kind that belong to a revision.
    fn remove(&self, kind: Kind, revision: &RevisionId) -> Result<(), IndexError>;
    /// Makes everything since the last commit durable and visible, together with this number.
    fn commit(&self, sequence: u64) -> Result<(), IndexError>;
    /// The number of the last commit; 0 when there was none.
    fn sequence(&self) -> Result<u64, IndexError>;
    /// Removes everything and commits that.
    fn clear(&self) -> Result<(), IndexError>;
    /// Answers a question.
    fn find(
        &self,
        plan: &Plan,
        order: Order,
        offset: usize,
        limit: usize,
    ) -> Result<Found, IndexError>;
    /// The revisions of the best `n_rows` entries, at most `limit`: cheaper than [`Engine::find`], since only what is given
    /// back is read.
    fn revisions(&self, plan: &Plan, n_rows: usize, limit: usize) -> Result<Best, IndexError>;
    /// How many entries hold a value; those that were removed do not count, whether the engine still keeps them or not.
    fn n_holders(&self, field: Field, value: &str) -> Result<u64, IndexError>;
    /// How many entries that match hold which value of each field, in the order of the fields, which are among `Source`,
    /// `Language`, `Role`, `Named` and `Person`.
    fn counts(
        &self,
        plan: &Plan,
        fields: &[Field],
    ) -> Result<Vec<BTreeMap<String, u64>>, IndexError>;
    /// How many entries that match were published on which day: days since 1970 that begin `offset_s` seconds east of UTC.
    fn days(&self, plan: &Plan, offset_s: i64) -> Result<BTreeMap<i64, u64>, IndexError>;
}
