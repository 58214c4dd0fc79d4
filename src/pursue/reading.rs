//! What people read in slots: what counts of it beside what the program reads, and how a reading is taken in.
//!
//! A person's reading counts for as long as publication and record say what they said when it was made, whatever the program reads in
//! them by then. Neither is ever put in the other's place.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::beside::{self, DAY, Read, Row, Said, apart, frames};
use super::letter::worded;
use crate::language::{Language, Lexicon, Sentence, analyze, detect};
use crate::model::{
    Case, Copy, Difference, Frame, Polarity, ReadingState, SlotName, SlotReading, SlotResult,
    SlotSeen, SlotSides,
};

/// Longest value that is typed, in characters.
const MAX_VALUE_CHARS: usize = 300;

/// Every slot that either statement has, as it counts. In a case without frames only what differs is known.
pub fn rows(lexicon: &Lexicon, case: &Case, copy: &Copy) -> Vec<Row> {
    let mut rows = beside::rows(lexicon, case, copy);
    for reading in &case.desk.readings {
        let place = rows.iter().position(|row| row.slot == reading.slot);
        let program = match place {
            Some(place) => rows.remove(place),
            None => unread(reading.slot),
        };
        let state = state_of(lexicon, case, copy, reading);
        let row = as_read(lexicon, case, copy, program, reading, state);
        rows.insert(place.unwrap_or(rows.len()), row);
    }
    rows.sort_by_key(|row| SlotName::ALL.iter().position(|slot| *slot == row.slot));
    rows
}

/// Every slot of a case with what counts in it, in words.
fn slots(lexicon: &Lexicon, case: &Case, copy: &Copy) -> Vec<SlotSeen> {
    let plain = Plain::of(lexicon, case, copy);
    let rows = rows(lexicon, case, copy).into_iter();
    rows.map(|row| {
        let counts = plain.sides(row.slot, &row.claimed, &row.official, row.result);
        SlotSeen {
            slot: row.slot,
            program: match &row.read {
                Some(Read { program, .. }) => {
                    plain.sides(row.slot, &program.0, &program.1, program.2)
                }
                None => counts.clone(),
            },
            counts,
            reading: row.read.map(|read| (read.reading, read.state)),
        }
    })
    .collect()
}

/// The slots of a case's first publication; none of a case without one.
pub fn of_first(lexicon: &Lexicon, case: &Case) -> Vec<SlotSeen> {
    let first = case.copies.first();
    first.map_or_else(Vec::new, |copy| slots(lexicon, case, copy))
}

/// What the program reads in a slot of a publication, in words.
pub(super) fn program_sides(
    lexicon: &Lexicon,
    case: &Case,
    copy: &Copy,
    slot: SlotName,
) -> SlotSides {
    let mut rows = beside::rows(lexicon, case, copy).into_iter();
    let row = rows.find(|row| row.slot == slot);
    let row = row.unwrap_or_else(|| unread(slot));
    Plain::of(lexicon, case, copy).sides(slot, &row.claimed, &row.official, row.result)
}

/// A slot in which the program read nothing.
fn unread(slot: SlotName) -> Row {
    Row {
        slot,
        claimed: Said::Nothing,
        official: Said::Nothing,
        result: SlotResult::NotCompared,
        apart: None,
        read: None,
    }
}

/// What a person read in a slot, as typed: what was left as the program read it is `None`.
pub(super) struct Typed<'a> {
    /// The slot.
    pub(super) slot: SlotName,
    /// In the publication.
    pub(super) claimed: Option<&'a str>,
    /// In the record.
    pub(super) official: Option<&'a str>,
    /// How the two stand to each other.
    pub(super) result: SlotResult,
}

/// What a person read, in the form of what the program reads.
///
/// # Errors
/// Says what does not fit together.
pub(super) fn taken_in(
    lexicon: &Lexicon,
    case: &Case,
    copy: &Copy,
    typed: &Typed<'_>,
) -> Result<(SlotSides, SlotSides), String> {
    let program = program_sides(lexicon, case, copy, typed.slot);
    let side = |text: Option<&str>, program: &str| match text {
        Some(text) => value(lexicon, typed.slot, text, copy),
        None => Ok(program.to_owned()),
    };
    let person = SlotSides {
        // What is left out is not said.
        claimed: match typed.result {
            SlotResult::LeftOut => String::new(),
            _ => side(typed.claimed, &program.claimed)?,
        },
        official: side(typed.official, &program.official)?,
        result: typed.result,
    };
    if person == program {
        return Err("that is what the program read: change a value or the result".to_owned());
    }
    let (claimed, official) = (&person.claimed, &person.official);
    match typed.result {
        SlotResult::LeftOut if official.is_empty() => {
            return Err("left out is what the record states: say what it does".to_owned());
        }
        // A plan that is told as done has the same words on both sides.
        SlotResult::Differs if claimed == official && typed.slot != SlotName::Modality => {
            return Err(
                "both sides say the same: change a value, or say that they agree".to_owned(),
            );
        }
        SlotResult::Differs if has_ids(case, typed) => {
            return Err("say in words what publication and record say".to_owned());
        }
        _ => {}
    }
    Ok((person, program))
}

/// Whether what a person left as the program reads it would be an id instead of words that a letter can print.
fn has_ids(case: &Case, typed: &Typed<'_>) -> bool {
    let is_of_ids = matches!(
        typed.slot,
        SlotName::Change | SlotName::Direction | SlotName::Modality | SlotName::Polarity
    );
    let mut known = case.differences.iter();
    is_of_ids
        && (typed.claimed.is_none() || typed.official.is_none())
        && known.all(|one| one.slot != typed.slot)
}

/// A value as typed in the form in which cases keep it: numbers and days in their plain form, known names in the language of the
/// publication, and anything else as it was typed. A dash alone says that nothing is said.
fn value(lexicon: &Lexicon, slot: SlotName, text: &str, copy: &Copy) -> Result<String, String> {
    let text = text.trim();
    if text.chars().all(|sign| matches!(sign, '-' | '–' | '—')) {
        return Ok(String::new());
    }
    if text.chars().count() > MAX_VALUE_CHARS || text.chars().any(char::is_control) {
        return Err(format!(
            "what is read in a slot has at most {MAX_VALUE_CHARS} characters on one line"
        ));
    }
    let read = || analyze(lexicon, text, Some(copy.language), None);
    let known = match slot {
        SlotName::Value | SlotName::Unit => number(text, read),
        SlotName::Date | SlotName::Period => days(text, read),
        _ => None,
    };
    Ok(known.unwrap_or_else(|| {
        let written = detect::language(text).unwrap_or(copy.language);
        match written == copy.language {
            true => text.to_owned(),
            false => worded(lexicon, text, written, copy.language),
        }
    }))
}

/// A number in its plain form, where the text is one number that can be read in one way.
fn number(text: &str, read: impl Fn() -> Vec<Sentence>) -> Option<String> {
    if let Ok(number) = text.parse::<Decimal>() {
        return Some(number.normalize().to_string());
    }
    let sentences = read();
    let [sentence] = &sentences[..] else {
        return None;
    };
    let [quantity] = &sentence.quantities[..] else {
        return None;
    };
    let is_plain = quantity.span == (0..text.len())
        && quantity.alternatives.is_empty()
        && quantity.best.hi.is_none();
    is_plain.then(|| quantity.best.value.normalize().to_string())
}

/// Days in the form of a difference, where the text is one day or one period that can be read in one way.
fn days(text: &str, read: impl Fn() -> Vec<Sentence>) -> Option<String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(span(day, day));
    }
    let sentences = read();
    let [sentence] = &sentences[..] else {
        return None;
    };
    let [mention] = &sentence.periods[..] else {
        return None;
    };
    let is_plain = mention.span == (0..text.len()) && mention.alternatives.is_empty();
    is_plain.then(|| {
        let (first, last) = beside::days(&mention.best);
        span(first, last)
    })
}

/// How a person's reading stands to what is there now. `shown` stands for a publication that belongs to another case by now.
fn state_of(lexicon: &Lexicon, case: &Case, shown: &Copy, reading: &SlotReading) -> ReadingState {
    let mut copies = case.copies.iter();
    let copy = copies.find(|copy| copy.url == reading.url).unwrap_or(shown);
    match case.has_text_of(reading) {
        false => ReadingState::TextChanged,
        true if program_sides(lexicon, case, copy, reading.slot) == reading.program => {
            ReadingState::Holds
        }
        true => ReadingState::ProgramReadsOtherwise,
    }
}

/// A row as a person's reading leaves it: where that no longer counts, as the program reads it.
fn as_read(
    lexicon: &Lexicon,
    case: &Case,
    copy: &Copy,
    program: Row,
    reading: &SlotReading,
    state: ReadingState,
) -> Row {
    let read = Some(Read {
        reading: reading.clone(),
        state,
        program: (
            program.claimed.clone(),
            program.official.clone(),
            program.result,
        ),
    });
    if state == ReadingState::TextChanged {
        return Row { read, ..program };
    }
    // What the person left as it was keeps its form, with its unit.
    let plain = Plain::of(lexicon, case, copy);
    let sides = plain.sides(
        reading.slot,
        &program.claimed,
        &program.official,
        program.result,
    );
    let side = |said: Said, read: &str, words: &str| match words {
        "" => Said::Nothing,
        words if read == words => said,
        words => Said::Words(words.to_owned()),
    };
    let person = &reading.person;
    let difference = Difference {
        slot: reading.slot,
        claimed: person.claimed.clone(),
        official: person.official.clone(),
    };
    let is_apart = person.result == SlotResult::Differs;
    let is_as_read = is_apart && sides == *person;
    Row {
        slot: reading.slot,
        apart: match is_as_read {
            true => program.apart,
            // Directions and moods of the frames are what the program read.
            false => is_apart
                .then(|| apart(lexicon, &difference, unit_frames(case, copy, reading.slot)))
                .flatten(),
        },
        claimed: side(program.claimed, &sides.claimed, &person.claimed),
        official: side(program.official, &sides.official, &person.official),
        result: person.result,
        read,
    }
}

/// The frames, where all that is asked of them is the unit of a number.
fn unit_frames<'a>(
    case: &'a Case,
    copy: &'a Copy,
    slot: SlotName,
) -> Option<(&'a Frame, &'a Frame)> {
    (slot == SlotName::Value)
        .then(|| frames(case, copy))
        .flatten()
}

/// Puts what the program read into words.
struct Plain<'a> {
    lexicon: &'a Lexicon,
    case: &'a Case,
    language: Language,
}

impl<'a> Plain<'a> {
    fn of(lexicon: &'a Lexicon, case: &'a Case, copy: &Copy) -> Plain<'a> {
        Plain {
            lexicon,
            case,
            language: copy.language,
        }
    }

    fn sides(
        &self,
        slot: SlotName,
        claimed: &Said,
        official: &Said,
        result: SlotResult,
    ) -> SlotSides {
        let mut known = self.case.differences.iter();
        let known = known.find(|one| one.slot == slot);
        SlotSides {
            claimed: self.words(claimed, known.map(|one| one.claimed.as_str())),
            official: self.words(official, known.map(|one| one.official.as_str())),
            result,
        }
    }

    /// A value as a [`Difference`] has it. What has no words of its own is told as the case does, where it does, else by its id.
    fn words(&self, said: &Said, known: Option<&str>) -> String {
        let id = |id: String| known.map_or(id, str::to_owned);
        match said {
            Said::Nothing => String::new(),
            Said::Words(words) => words.clone(),
            Said::Ids(ids) => {
                let names = ids.iter().map(|id| self.lexicon.name(id, self.language));
                names.collect::<Vec<_>>().join(", ")
            }
            Said::Number(value, hi, _) => match hi {
                Some(hi) => format!("{}–{}", value.normalize(), hi.normalize()),
                None => value.normalize().to_string(),
            },
            Said::Days(days) => {
                let spans = days.iter().map(|(first, last)| span(*first, *last));
                spans.collect::<Vec<_>>().join("; ")
            }
            Said::Role(role) => id(id_of(role)),
            Said::Direction(way) => id(id_of(way)),
            Said::Mood(mood) => id(id_of(mood)),
            Said::Negated(true) => id(id_of(&Polarity::Negative)),
            Said::Negated(false) => id(id_of(&Polarity::Positive)),
        }
    }
}

/// A day, or first and last day, as a [`Difference`] has them.
fn span(first: NaiveDate, last: NaiveDate) -> String {
    let day = |day: NaiveDate| day.format(DAY).to_string();
    match first == last {
        true => day(first),
        false => format!("{} – {}", day(first), day(last)),
    }
}

/// The word that a value has in JSON.
fn id_of<T: serde::Serialize>(value: &T) -> String {
    let id = serde_json::to_value(value).ok();
    id.and_then(|id| id.as_str().map(str::to_owned))
        .unwrap_or_default()
}
