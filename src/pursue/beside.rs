//! Lays a publication's statement beside the record's, slot by slot, and finds where each value stands in its sentence.
//!
//! What differs was decided by the judge and stands in the case; nothing here adds to it. The other slots are shown so that a
//! reader sees what was the same, what the publication left out, and what nobody compared. What a person read in a slot stands
//! in [`super::reading`].

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::language::{
    Dimension, Direction, Language, Lexicon, Period, PeriodKind, Quantity, Role, Sentence, analyze,
};
use crate::model::{
    Case, Copy, Difference, Frame, Modality, Origin, Polarity, ReadingState, Slot, SlotName,
    SlotReading, SlotResult,
};

/// A value of a slot before it is put into the words of a reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing is said.
    Nothing,
    /// Words of the publication's language, as the case keeps a difference.
    Words(String),
    /// Ids of the lexicon.
    Ids(Vec<String>),
    /// A number in the main unit of its dimension, with the upper end of a range.
    Number(Decimal, Option<Decimal>, Dimension),
    /// First and last day.
    Days(Vec<(NaiveDate, NaiveDate)>),
    /// What the number says of its measure.
    Role(Role),
    /// Which way a change goes.
    Direction(Direction),
    /// How the statement is meant.
    Mood(Modality),
    /// Whether it is negated.
    Negated(bool),
}

/// How a difference writes a day.
pub(super) const DAY: &str = "%d.%m.%Y";

/// How far two values are apart, as far as that can be reckoned; the publication's side is the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// Greater by this much, or less where negative, with the share of the record's value in percent, to a tenth, where the
    /// record's value is not zero.
    By(Decimal, Option<Decimal>),
    /// Greater by so many percentage points, or less where negative: both are shares.
    Points(Decimal),
    /// Later by so many days, or earlier where negative.
    Days(i64),
    /// The other way.
    Opposite,
    /// A larger place than the record's.
    Wider,
    /// A part of the record's place.
    Narrower,
    /// What the record plans is told as done.
    PlanAsDone,
}

/// One slot of both statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The slot.
    pub slot: SlotName,
    /// In the publication.
    pub claimed: Said,
    /// In the record.
    pub official: Said,
    /// How they stand to each other.
    pub result: SlotResult,
    /// By how much, where it can be reckoned.
    pub apart: Option<Apart>,
    /// What a person read in it.
    pub read: Option<Read>,
}

/// What a person read in a slot, with what the program reads there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What the person read.
    pub reading: SlotReading,
    /// How that stands to what is there now.
    pub state: ReadingState,
    /// What the program reads of the publication that is shown.
    pub program: (Said, Said, SlotResult),
}

/// What the program reads in every slot that either statement has. In a case without frames only what differs is known.
pub(super) fn rows(lexicon: &Lexicon, case: &Case, copy: &Copy) -> Vec<Row> {
    let frames = frames(case, copy);
    SlotName::ALL
        .into_iter()
        .filter_map(|slot| {
            let difference = case.differences.iter().find(|one| one.slot == slot);
            match (difference, frames) {
                (Some(difference), frames) => Some(differing(lexicon, difference, frames)),
                (None, Some((mine, theirs))) => agreeing(slot, mine, theirs),
                (None, None) => None,
            }
        })
        .collect()
}

/// Both statements taken apart, where they are known.
pub(super) fn frames<'a>(case: &'a Case, copy: &'a Copy) -> Option<(&'a Frame, &'a Frame)> {
    let claimed = copy.carriers.first().map(|carrier| &carrier.frame);
    let official = case.record.as_ref().map(|record| &record.frame);
    claimed.zip(official)
}

/// The row of a slot that the case says differs.
fn differing(lexicon: &Lexicon, difference: &Difference, frames: Option<(&Frame, &Frame)>) -> Row {
    let slot = difference.slot;
    let side = |words: &str, frame: Option<&Frame>| match frame.map(|frame| said(slot, frame)) {
        // The frame knows the unit; what the case says is what was compared.
        Some(Said::Number(value, hi, unit)) if words.parse() == Ok(value) => {
            Said::Number(value, hi, unit)
        }
        Some(said @ (Said::Direction(_) | Said::Mood(_) | Said::Negated(_) | Said::Role(_))) => {
            said
        }
        _ if words.is_empty() => Said::Nothing,
        _ => Said::Words(words.to_owned()),
    };
    let claimed = side(&difference.claimed, frames.map(|(mine, _)| mine));
    let official = side(&difference.official, frames.map(|(_, theirs)| theirs));
    let apart = apart(lexicon, difference, frames);
    Row {
        slot,
        claimed,
        official,
        result: SlotResult::Differs,
        apart,
        read: None,
    }
}

/// The row of a slot that is no difference; `None` where neither side states it.
fn agreeing(slot: SlotName, mine: &Frame, theirs: &Frame) -> Option<Row> {
    let (claimed, official) = (said(slot, mine), said(slot, theirs));
    let result = match (&claimed, &official) {
        (Said::Nothing, Said::Nothing) => return None,
        // Every statement is meant somehow and affirmed or denied: what is usual on both sides is no news.
        (Said::Mood(Modality::Asserted), Said::Mood(Modality::Asserted))
        | (Said::Negated(false), Said::Negated(false))
        | (Said::Role(Role::Level), Said::Role(Role::Level)) => return None,
        (Said::Nothing, _) if is_stated(slot, theirs) => SlotResult::LeftOut,
        (Said::Nothing, _) | (_, Said::Nothing) => SlotResult::NotCompared,
        (a, b) if is_same(a, b, mine, theirs) => SlotResult::Same,
        _ => SlotResult::NotCompared,
    };
    Some(Row {
        slot,
        claimed,
        official,
        result,
        apart: None,
        read: None,
    })
}

/// Whether a frame's own sentence states a slot, and not only its surroundings.
fn is_stated(slot: SlotName, frame: &Frame) -> bool {
    match slot {
        SlotName::Period => frame
            .period
            .as_ref()
            .is_some_and(|slot| slot.origin <= Origin::Sentence),
        _ => lists(slot, frame)
            .into_iter()
            .flatten()
            .any(|slot| slot.origin <= Origin::Sentence),
    }
}

/// Whether two values say the same: one may say less than the other, and a number may be rounded.
fn is_same(a: &Said, b: &Said, mine: &Frame, theirs: &Frame) -> bool {
    match (a, b) {
        (Said::Ids(a), Said::Ids(b)) => {
            let (a, b): (BTreeSet<&String>, BTreeSet<&String>) =
                (a.iter().collect(), b.iter().collect());
            a.is_subset(&b) || b.is_subset(&a)
        }
        (Said::Days(a), Said::Days(b)) => a.iter().any(|day| b.contains(day)),
        (Said::Number(..), Said::Number(..)) => match (&mine.quantity, &theirs.quantity) {
            (Some(a), Some(b)) => are_near(a, b),
            _ => false,
        },
        (a, b) => a == b,
    }
}

/// Whether two numbers are one as far as they were written out.
fn are_near(a: &Quantity, b: &Quantity) -> bool {
    let readings = |quantity: &Quantity| -> Vec<Decimal> {
        let others = quantity.alternatives.iter();
        let all = std::iter::once(&quantity.best).chain(others);
        all.map(|reading| reading.value).collect()
    };
    let step = a.best.step_zeros.max(b.best.step_zeros);
    let is_rounded = a
        .best
        .value
        .checked_sub(b.best.value)
        .is_some_and(|by| by.abs() < step);
    let theirs = readings(b);
    is_rounded || readings(a).iter().any(|value| theirs.contains(value))
}

/// The lists of a frame in which the values of a slot stand.
fn lists(slot: SlotName, frame: &Frame) -> Vec<&Vec<Slot<String>>> {
    match slot {
        SlotName::Base => vec![&frame.measures, &frame.qualifiers],
        SlotName::Place => vec![&frame.places],
        SlotName::Body => vec![&frame.bodies],
        SlotName::Person => vec![&frame.persons],
        SlotName::Status => vec![&frame.statuses, &frame.actions],
        SlotName::Reference => vec![&frame.references],
        _ => Vec::new(),
    }
}

/// What a frame says in a slot; what was only taken from the source or the day of publication is not said.
fn said(slot: SlotName, frame: &Frame) -> Said {
    let quantity = frame.quantity.as_ref();
    match slot {
        SlotName::Value => quantity.map_or(Said::Nothing, |quantity| {
            let reading = &quantity.best;
            Said::Number(reading.value, reading.hi, quantity.unit.dimension.clone())
        }),
        // Shown with the number, and in a row of its own only where it differs.
        SlotName::Unit => Said::Nothing,
        SlotName::Change => quantity.map_or(Said::Nothing, |quantity| Said::Role(quantity.role)),
        SlotName::Direction => frame.direction.map_or(Said::Nothing, Said::Direction),
        SlotName::Period => frame
            .period
            .as_ref()
            .filter(|slot| slot.origin < Origin::Default && slot.best.kind != PeriodKind::Current)
            .map_or(Said::Nothing, |slot| Said::Days(vec![days(&slot.best)])),
        SlotName::Date => {
            let days: Vec<_> = frame
                .terms
                .iter()
                .filter_map(|term| term.strip_prefix("d:"))
                .filter_map(day_or_span)
                .collect();
            // A figure's period has a row of its own.
            match days.is_empty() || frame.period.is_some() {
                true => Said::Nothing,
                false => Said::Days(days),
            }
        }
        SlotName::Attribution => ids(frame.attribution.iter()),
        SlotName::Modality => Said::Mood(frame.modality),
        SlotName::Polarity => Said::Negated(frame.polarity == Polarity::Negative),
        _ => ids(lists(slot, frame)
            .into_iter()
            .flatten()
            .filter(|slot| slot.origin < Origin::Default)
            .map(|slot| &slot.best)),
    }
}

/// Ids without repeats, in their order.
fn ids<'a>(all: impl Iterator<Item = &'a String>) -> Said {
    let mut ids: Vec<String> = Vec::new();
    for id in all {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    match ids.is_empty() {
        true => Said::Nothing,
        false => Said::Ids(ids),
    }
}

/// First and last day of a period.
pub(super) fn days(period: &Period) -> (NaiveDate, NaiveDate) {
    let last = period.end.pred_opt().unwrap_or(period.end);
    (period.start, last.max(period.start))
}

/// A day `2026-03-01`, or a span `2026-03-01/2026-04-01` whose second day is the first one after it.
fn day_or_span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    match text.split_once('/') {
        None => text.parse().ok().map(|day| (day, day)),
        Some((first, end)) => Some((
            first.parse().ok()?,
            end.parse::<NaiveDate>().ok()?.pred_opt()?,
        )),
    }
}

/// By how much the values of a difference are apart.
pub(super) fn apart(
    lexicon: &Lexicon,
    difference: &Difference,
    frames: Option<(&Frame, &Frame)>,
) -> Option<Apart> {
    match difference.slot {
        SlotName::Value => {
            let claimed: Decimal = difference.claimed.parse().ok()?;
            let official: Decimal = difference.official.parse().ok()?;
            let by = claimed.checked_sub(official)?;
            let unit = frames.and_then(|(mine, _)| mine.quantity.as_ref());
            let is_share = unit.is_some_and(|quantity| {
                matches!(
                    quantity.unit.dimension,
                    Dimension::Percent | Dimension::PercentPoints | Dimension::Fraction
                )
            });
            let share = by.abs().checked_mul(Decimal::ONE_HUNDRED);
            let share = share.and_then(|by| by.checked_div(official.abs()));
            Some(if is_share {
                Apart::Points(by)
            } else {
                Apart::By(by, share.map(|share| share.round_dp(1)))
            })
        }
        SlotName::Date | SlotName::Period => {
            let [claimed, official] = [&difference.claimed, &difference.official].map(|text| {
                let mut days = text
                    .split(" – ")
                    .map(|day| NaiveDate::parse_from_str(day, DAY).ok());
                let first = days.next().flatten()?;
                Some((first, days.next().flatten().unwrap_or(first)))
            });
            let (claimed, official) = (claimed?, official?);
            let by = (claimed.0 - official.0).num_days();
            // Spans of different length are not earlier or later than each other.
            let is_shift = claimed.1 - claimed.0 == official.1 - official.0;
            (is_shift && by != 0).then_some(Apart::Days(by))
        }
        SlotName::Polarity => Some(Apart::Opposite),
        // "Did not change" is no opposite of "rose".
        SlotName::Direction => frames
            .filter(|(mine, theirs)| {
                let both = [mine.direction, theirs.direction];
                both.contains(&Some(Direction::Up)) && both.contains(&Some(Direction::Down))
            })
            .map(|_| Apart::Opposite),
        SlotName::Modality => frames
            .filter(|(mine, theirs)| {
                mine.modality == Modality::Asserted && theirs.modality == Modality::Planned
            })
            .map(|_| Apart::PlanAsDone),
        SlotName::Place => frames.and_then(|(mine, theirs)| {
            let (mine, theirs) = (mine.places.first()?, theirs.places.first()?);
            let is_in = |inner: &str, outer: &str| {
                inner != outer && lexicon.place_ancestors(inner, None).contains(&outer)
            };
            match () {
                () if is_in(&theirs.best, &mine.best) => Some(Apart::Wider),
                () if is_in(&mine.best, &theirs.best) => Some(Apart::Narrower),
                () => None,
            }
        }),
        _ => None,
    }
}

/// A sentence read once, in which values are looked for.
pub struct Reading<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    sentences: Vec<Sentence>,
}

impl<'a> Reading<'a> {
    /// Reads a sentence; relative dates in it are reckoned from the day it was written.
    pub fn of(
        lexicon: &'a Lexicon,
        text: &'a str,
        language: Language,
        written: NaiveDate,
    ) -> Reading<'a> {
        Reading {
            lexicon,
            text,
            sentences: analyze(lexicon, text, Some(language), Some(written)),
        }
    }

    /// Byte ranges at which a value of a slot stands, in order; none where it is not found. `worded` is the language of the
    /// words of a difference, which the sentence need not share.
    pub fn places(&self, said: &Said, worded: Language) -> Vec<Range<usize>> {
        let mut places = match said {
            Said::Number(value, ..) => self.numbers(*value),
            Said::Days(days) => self.days(days),
            Said::Ids(ids) => self.named(&|id| ids.iter().any(|one| one == id)),
            Said::Direction(_) => {
                let quantities = self.sentences.iter().flat_map(|one| &one.quantities);
                let spans = quantities.filter_map(|quantity| quantity.direction_span.clone());
                spans.take(1).collect()
            }
            Said::Words(words) => self.words(words, worded),
            Said::Nothing | Said::Role(_) | Said::Mood(_) | Said::Negated(_) => Vec::new(),
        };
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup();
        places
    }

    /// The first number of that value.
    fn numbers(&self, value: Decimal) -> Vec<Range<usize>> {
        let quantities = self.sentences.iter().flat_map(|one| &one.quantities);
        let found = quantities.filter(|quantity| quantity.best.value == value);
        found.take(1).map(|found| found.span.clone()).collect()
    }

    /// Mentions of these days.
    fn days(&self, wanted: &[(NaiveDate, NaiveDate)]) -> Vec<Range<usize>> {
        let mentions = self.sentences.iter().flat_map(|one| &one.periods);
        let is_wanted = |period: &Period| wanted.contains(&days(period));
        let found = mentions.filter(|mention| {
            is_wanted(&mention.best) || mention.alternatives.iter().any(is_wanted)
        });
        found.map(|mention| mention.span.clone()).collect()
    }

    /// Names and concepts whose id a test takes.
    fn named(&self, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
        let names = self.sentences.iter().flat_map(|one| &one.names);
        let names = names.map(|name| (name.id.as_str(), &name.span));
        let concepts = self.sentences.iter().flat_map(|one| &one.concepts);
        let concepts = concepts.map(|concept| (concept.id.as_str(), &concept.span));
        names
            .chain(concepts)
            .filter(|(id, _)| is_wanted(id))
            .map(|(_, span)| span.clone())
            .collect()
    }

    /// Where the words of a difference stand: a number, days, names, or the words themselves.
    fn words(&self, words: &str, worded: Language) -> Vec<Range<usize>> {
        if let Ok(value) = words.parse() {
            return self.numbers(value);
        }
        let day = |text: &str| NaiveDate::parse_from_str(text, DAY).ok();
        let days: Option<Vec<NaiveDate>> = words.split(" – ").map(day).collect();
        if let Some([first, rest @ ..]) = days.as_deref() {
            return self.days(&[(*first, *rest.last().unwrap_or(first))]);
        }
        let parts: BTreeSet<&str> = words.split(", ").collect();
        let found = self.named(&|id| parts.contains(self.lexicon.name(id, worded)));
        if !found.is_empty() {
            return found;
        }
        let at = self.text.find(words);
        at.map(|at| at..at + words.len()).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(slot: SlotName, claimed: &str, official: &str) -> Difference {
        Difference {
            slot,
            claimed: claimed.to_owned(),
            official: official.to_owned(),
        }
    }

    #[test]
    fn how_far_values_are_apart_is_exact_and_names_the_publications_side() {
        let of = |slot, claimed, official| {
            apart(
                Lexicon::shipped(),
                &difference(slot, claimed, official),
                None,
            )
        };
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let more = Apart::By(number("0.3"), Some(number("300.0")));
        assert_eq!(of(SlotName::Value, "0.4", "0.1"), Some(more));
        let less = Apart::By(number("-594"), Some(number("31.2")));
        assert_eq!(of(SlotName::Value, "1309", "1903"), Some(less));
        // Of nothing there is no share.
        assert_eq!(
            of(SlotName::Value, "3", "0"),
            Some(Apart::By(number("3"), None))
        );
        let earlier = of(SlotName::Date, "01.09.2026", "01.10.2026");
        assert_eq!(earlier, Some(Apart::Days(-30)));
        // A quarter and a half-year begin on one day and are no shift of each other.
        let spans = ("01.01.2025 – 31.03.2025", "01.01.2025 – 30.06.2025");
        assert_eq!(of(SlotName::Period, spans.0, spans.1), None);
        assert_eq!(of(SlotName::Value, "many", "3"), None);
        assert_eq!(of(SlotName::Person, "a", "b"), None);
    }

    #[test]
    fn a_value_is_found_in_a_sentence_of_another_language_than_its_words() {
        let text = "2025 жылдың бірінші тоқсанында Павлодар облысында 1 309 ұрлық тіркелді.";
        let day = NaiveDate::from_ymd_opt(2025, 5, 1).unwrap();
        let reading = Reading::of(Lexicon::shipped(), text, Language::Kk, day);
        let found = |said: Said| {
            let places = reading.places(&said, Language::Ru);
            places.into_iter().next().map(|place| &text[place])
        };
        let words = |text: &str| Said::Words(text.to_owned());
        assert_eq!(found(words("1309")), Some("1 309"));
        let place = found(words("Павлодарская область"));
        assert!(
            place.is_some_and(|place| place.starts_with("Павлодар")),
            "{place:?}"
        );
        let quarter = found(words("01.01.2025 – 31.03.2025"));
        assert!(
            quarter.is_some_and(|span| span.starts_with("2025")),
            "{quarter:?}"
        );
        assert_eq!(found(words("1310")), None);
        assert_eq!(found(Said::Nothing), None);
    }
}
