//! A claim: one checkable statement, taken apart into slots. Records are taken apart into the same frames.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ClaimId, Part, RevisionId, SourceId};
use crate::language::{Direction, Language, Period, PeriodKind, Quantity};

/// The parts of a claim that can differ from a record, as they are named everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotName {
    /// A number.
    Value,
    /// Percent or percentage points, tenge or million tenge.
    Unit,
    /// By or to, share or growth.
    Change,
    /// Rose or fell.
    Direction,
    /// Crimes or offences, persons or facts, registered or in production.
    Base,
    /// The period a figure belongs to.
    Period,
    /// The day of an event.
    Date,
    /// Place.
    Place,
    /// Which agency.
    Body,
    /// Which person or office.
    Person,
    /// Procedural or legislative step.
    Status,
    /// Planned or done, may or did.
    Modality,
    /// Negated or not.
    Polarity,
    /// Who said it.
    Attribution,
    /// Article of law, or an amount derived from a rate.
    Reference,
}

impl SlotName {
    /// All, in the order in which pages tell them: who, what, how much, when, where, how it is meant.
    pub const ALL: [SlotName; 15] = [
        SlotName::Attribution,
        SlotName::Body,
        SlotName::Person,
        SlotName::Base,
        SlotName::Value,
        SlotName::Unit,
        SlotName::Change,
        SlotName::Direction,
        SlotName::Period,
        SlotName::Date,
        SlotName::Place,
        SlotName::Status,
        SlotName::Modality,
        SlotName::Polarity,
        SlotName::Reference,
    ];

    /// The slot as people read it.
    pub fn words(self) -> &'static str {
        match self {
            SlotName::Value => "value",
            SlotName::Unit => "unit",
            SlotName::Change => "kind of change",
            SlotName::Direction => "direction",
            SlotName::Base => "what is counted",
            SlotName::Period => "period",
            SlotName::Date => "date",
            SlotName::Place => "place",
            SlotName::Body => "body",
            SlotName::Person => "person",
            SlotName::Status => "status",
            SlotName::Modality => "certainty",
            SlotName::Polarity => "negation",
            SlotName::Attribution => "attribution",
            SlotName::Reference => "reference",
        }
    }
}

/// Where the value of a slot was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// In the clause of the number or predicate.
    Clause,
    /// Elsewhere in the sentence, or in the cell's own row and column.
    Sentence,
    /// In an earlier sentence of the paragraph.
    Paragraph,
    /// In the text before, the title of the table, or the title.
    Document,
    /// From the source or the date of publication.
    Default,
}

/// A slot's value with where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot<T> {
    /// The likeliest value.
    pub best: T,
    /// Other values that the text allows.
    pub alternatives: Vec<T>,
    /// Where it was found.
    pub origin: Origin,
}

/// How a statement is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// As a fact.
    Asserted,
    /// As planned, proposed or envisaged.
    Planned,
    /// As expected.
    Forecast,
    /// As possible.
    Possible,
    /// As somebody's unconfirmed word.
    Rumoured,
}

/// Whether the predicate is negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// It is so.
    Positive,
    /// It is not so.
    Negative,
}

/// A statement taken apart. Lists are sorted and free of repeats; ids are the lexicon's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Measures, most specific first.
    pub measures: Vec<Slot<String>>,
    /// Qualifiers of the base: registered, in production, electronic.
    pub qualifiers: Vec<Slot<String>>,
    /// Statuses, each a rung of a ladder.
    pub statuses: Vec<Slot<String>>,
    /// Actions.
    pub actions: Vec<Slot<String>>,
    /// Places; empty means the whole country or unknown.
    pub places: Vec<Slot<String>>,
    /// Bodies spoken about.
    pub bodies: Vec<Slot<String>>,
    /// Persons and offices.
    pub persons: Vec<Slot<String>>,
    /// Articles of law.
    pub references: Vec<Slot<String>>,
    /// Period or date; `None` when the text gives none.
    pub period: Option<Slot<Period>>,
    /// The period compared with.
    pub base_period: Option<Slot<Period>>,
    /// The quantity; `None` for a statement without one.
    pub quantity: Option<Quantity>,
    /// Direction stated without a quantity, or that of the quantity.
    pub direction: Option<Direction>,
    /// Who is named as having said it: ids of bodies, persons, offices.
    pub attribution: Vec<String>,
    /// How it is meant.
    pub modality: Modality,
    /// Whether it is negated.
    pub polarity: Polarity,
    /// Everything else the sentence can be recognised by, as tokens of [`Frame::anchors`]: the numbers (`n:`) and
    /// days (`d:`) of the whole sentence, vocabulary ids (`w:`), unlisted names (`o:`) and stems (`s:kk:`); and the
    /// words that it is about, each with all it may mean (`g:`), and what its verb is (`v:`), which are no anchors.
    pub terms: Vec<String>,
}

impl Frame {
    /// What the statement can be found by, as tokens with a prefix that names their kind: the same tokens for a claim
    /// and for an observation of the same fact, in whatever language either is written (stems alone keep theirs).
    /// Sorted, free of repeats; values that were only taken from the surroundings are left out.
    pub fn anchors(&self) -> Vec<String> {
        let is_anchor = |term: &&String| !term.starts_with("g:") && !term.starts_with("v:");
        let found = self.terms.iter().filter(is_anchor);
        let mut anchors: BTreeSet<String> = found.cloned().collect();
        let lists = [
            ("c", &self.measures),
            ("c", &self.qualifiers),
            ("c", &self.statuses),
            ("c", &self.actions),
            ("p", &self.places),
            ("b", &self.bodies),
            ("i", &self.persons),
            ("l", &self.references),
        ];
        for (prefix, slots) in lists {
            let own = slots.iter().filter(|slot| slot.origin <= Origin::Sentence);
            anchors.extend(own.map(|slot| format!("{prefix}:{}", slot.best)));
        }
        if let Some(slot) = self
            .period
            .as_ref()
            .filter(|slot| slot.origin <= Origin::Sentence)
            && slot.best.kind != PeriodKind::Current
        {
            anchors.insert(format!("t:{}/{}", slot.best.start, slot.best.end));
        }
        anchors.into_iter().collect()
    }
}

/// One checkable statement of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Digest of address, sentence and place in it.
    pub id: ClaimId,
    /// Revision in which it stands.
    pub revision: RevisionId,
    /// Source that makes it.
    pub source: SourceId,
    /// Address of the publication.
    pub url: String,
    /// When the publication appeared, or else was first seen.
    pub published_at: DateTime<Utc>,
    /// Where it stands.
    pub part: Part,
    /// The sentence, verbatim.
    pub text: String,
    /// Language of the sentence.
    pub language: Language,
    /// The statement taken apart.
    pub frame: Frame,
    /// Language-neutral anchors of the whole publication, sorted: they tell which record it reports on. Shared by all
    /// claims of a revision and stored once for them, so it is no part of a claim that is written out.
    #[serde(default = "no_context", skip_serializing)]
    pub context: Arc<[String]>,
    /// How much it deserves checking, in thousandths.
    pub check_worthiness: u16,
}

/// The context of a claim that is read without one.
fn no_context() -> Arc<[String]> {
    Arc::new([])
}
