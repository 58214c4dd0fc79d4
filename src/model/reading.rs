//! What a person read in a slot of a case, beside what the program had read: neither takes the other's place.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Case, Difference, SlotName};

/// How the two sides of a slot stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotResult {
    /// Both say the same.
    Same,
    /// They differ.
    Differs,
    /// The record states it, the publication does not.
    LeftOut,
    /// Nothing was decided of it: only the publication states it, or the two cannot be compared.
    NotCompared,
}

impl SlotResult {
    /// All of them.
    pub const ALL: [SlotResult; 4] = [
        SlotResult::Same,
        SlotResult::Differs,
        SlotResult::LeftOut,
        SlotResult::NotCompared,
    ];

    /// The result as it is typed: `left-out`.
    pub fn word(self) -> &'static str {
        match self {
            SlotResult::Same => "same",
            SlotResult::Differs => "differs",
            SlotResult::LeftOut => "left-out",
            SlotResult::NotCompared => "not-compared",
        }
    }

    /// The result as people read it.
    pub fn words(self) -> &'static str {
        match self {
            SlotResult::Same => "the same",
            SlotResult::Differs => "differs",
            SlotResult::LeftOut => "left out",
            SlotResult::NotCompared => "not compared",
        }
    }
}

/// Both sides of a slot in words, as a [`Difference`] has them: numbers and days in their plain form, names in the language of the
/// publication. What says nothing is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotSides {
    /// In the publication.
    pub claimed: String,
    /// In the record.
    pub official: String,
    /// How they stand to each other.
    pub result: SlotResult,
}

impl SlotSides {
    /// Both sides in one line, as people read it.
    pub fn words(&self) -> String {
        let or_nothing = |side: &str| match side {
            "" => "nothing".to_owned(),
            side => format!("“{side}”"),
        };
        format!(
            "{} in the publication and {} in the record, {}",
            or_nothing(&self.claimed),
            or_nothing(&self.official),
            self.result.words()
        )
    }
}

/// What a person read in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotReading {
    /// The slot.
    pub slot: SlotName,
    /// What the person read, whole: what the person did not change is as the program had read it.
    pub person: SlotSides,
    /// What the program had read when the person looked.
    pub program: SlotSides,
    /// Why it is read so.
    pub note: String,
    /// Who read it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Address of the publication that was read.
    pub url: String,
    /// The sentence of it that was read.
    pub passage: String,
    /// The sentence of the record that was read; empty where the case quoted none.
    pub quoted: String,
}

/// How a person's reading stands to what is there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingState {
    /// It is of this text, and the program reads as it did.
    Holds,
    /// It is of this text and counts, but the program reads the slot otherwise by now.
    ProgramReadsOtherwise,
    /// The publication or the record says something else by now: it was made for an earlier text and no longer counts.
    TextChanged,
}

/// A slot of a case with what counts in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotSeen {
    /// The slot.
    pub slot: SlotName,
    /// What counts: the person's reading where there is one of this text, else the program's.
    pub counts: SlotSides,
    /// What the program reads now.
    pub program: SlotSides,
    /// What a person read, and how that stands to what is there now.
    pub reading: Option<(SlotReading, ReadingState)>,
}

impl Case {
    /// Whether a reading is of the text that the case has now. A publication that belongs to another case by now is as it was.
    pub fn has_text_of(&self, reading: &SlotReading) -> bool {
        let mut copies = self.copies.iter();
        let copy = copies.find(|copy| copy.url == reading.url);
        let is_quoted = || {
            let mut quotes = self.evidence.iter();
            quotes.any(|quote| quote.sentence == reading.quoted)
        };
        copy.is_none_or(|copy| copy.sentence == reading.passage)
            && (reading.quoted.is_empty() || is_quoted())
    }

    /// What differs as it counts: a person's reading of this text comes before the program's. What the program found first stands
    /// first.
    pub fn differing(&self) -> Vec<Difference> {
        let readings = self.desk.readings.iter();
        let readings: Vec<&SlotReading> = readings.filter(|one| self.has_text_of(one)).collect();
        let of = |slot| readings.iter().find(|reading| reading.slot == slot);
        let read = |reading: &SlotReading| {
            let SlotSides {
                claimed,
                official,
                result,
            } = reading.person.clone();
            (result == SlotResult::Differs).then_some(Difference {
                slot: reading.slot,
                claimed,
                official,
            })
        };
        let mut all: Vec<Difference> = Vec::new();
        for one in &self.differences {
            match of(one.slot) {
                None => all.push(one.clone()),
                Some(_) if all.iter().any(|known| known.slot == one.slot) => {}
                Some(reading) => all.extend(read(reading)),
            }
        }
        for reading in &readings {
            if all.iter().all(|one| one.slot != reading.slot) {
                all.extend(read(reading));
            }
        }
        all
    }

    /// What a person read in a slot, where that counts.
    pub fn reading_of(&self, slot: SlotName) -> Option<&SlotReading> {
        let mut readings = self.desk.readings.iter();
        readings.find(|one| one.slot == slot && self.has_text_of(one))
    }
}
