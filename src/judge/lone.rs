//! Judges short sentences of a publication that retells a record by what the record has only one of: one article of a code,
//! one day, one author, one number of monthly calculation indices, or what it only plans.
//!
//! Such a sentence shares hardly a word with the record, «Дело ведут по статье 366», and still can mean nothing else. What any
//! other record that the publication may report on says the same way is left alone.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::event::{self, Match};
use super::fact::{Fact, Record, Source as FactSource};
use super::figures::PLAN_DAYS;
use super::frame::MAY_BE_FUTURE;
use super::knowledge;
use super::number::Outcome;
use super::pair::{Numbers, numbers};
use super::sentences::has_figures;
use super::slots::{self, Relation};
use super::verdict::{EARLY_DAYS, Finding};
use crate::language::{Dimension, Lexicon, Mode, Quantity, local_day};
use crate::model::{
    Claim, Difference, Frame, Label, Modality, Observation, Origin, Polarity, SlotName,
};

/// Share of the rest of a sentence that the record must hold anywhere, in thousandths.
const HELD: u32 = 500;
/// Coverage from which a plan is the one that a sentence says was carried out.
const COVER_PLAN: u32 = 600;
/// Words, beside the body, of a sentence that does nothing but name its source.
const FEW_WORDS: usize = 2;
/// How strongly such a difference speaks, beside those of figures and sentences.
pub(super) const STRENGTH: i32 = 12;

/// What the one article, day, author or plan of a record says of a claim, given the other records that may be reported on.
pub(super) fn lone<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &'a Record<'a>,
    matches: &[Match<'a>],
    near: &[&Record<'_>],
) -> Option<Finding<'a>> {
    if !is_asserted(&claim.frame) || has_figures(&claim.frame) {
        return None;
    }
    let (observation, difference) = article(claim, record, near)
        .or_else(|| day(claim, record, matches, near))
        .or_else(|| author(lexicon, claim, record, near))
        .or_else(|| plan(lexicon, claim, matches))?;
    Some(Finding::of_sentence(
        Label::Contradicted,
        vec![difference],
        observation,
        STRENGTH,
    ))
}

/// Whether a sentence says that something is so.
fn is_asserted(frame: &Frame) -> bool {
    frame.modality == Modality::Asserted && frame.polarity == Polarity::Positive
}

/// Another article of the code of which the record names one, in a sentence with a number that the record has.
pub(super) fn article_beside<'a>(
    claim: &Claim,
    quantity: &Quantity,
    record: &'a Record<'a>,
    near: &[&Record<'_>],
) -> Option<Finding<'a>> {
    let mut known = record.facts.iter();
    let is_known = known.any(|fact| {
        fact.source == FactSource::Stated
            && numbers(quantity, fact) == Numbers::Agree(Outcome::Exact)
    });
    let (observation, difference) =
        article(claim, record, near).filter(|_| is_known && is_asserted(&claim.frame))?;
    Some(Finding::same_number(difference, observation, STRENGTH))
}

/// What an amount says that is given in monthly calculation indices, or worked out from them, where the record has one number
/// of them: another number, or an amount by the rate of another year.
pub(super) fn amount<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    record: &'a Record<'a>,
    near: &[&Record<'_>],
) -> Option<Finding<'a>> {
    let is_plain = is_asserted(&claim.frame) && quantity.mode == Mode::Bare;
    let theirs = indices(record);
    let [official] = theirs.iter().copied().collect::<Vec<_>>()[..] else {
        return None;
    };
    let observation = record.observations.iter().find(|one| {
        one.frame
            .terms
            .iter()
            .any(|term| term.strip_prefix(INDEX) == Some(official))
    })?;
    let claimed = quantity.best.value.normalize();
    let is_other = match &quantity.unit.dimension {
        Dimension::CalculationIndex => {
            let written = claimed.to_string();
            near.iter()
                .all(|other| !indices(other).contains(written.as_str()))
        }
        Dimension::Money(currency) if currency == "KZT" => {
            let is_given = |fact: &Fact<'_>| {
                fact.quantity.unit.dimension == quantity.unit.dimension
                    && !matches!(numbers(quantity, fact), Numbers::Different)
            };
            let mut known = near.iter().flat_map(|other| &other.facts);
            !known.any(is_given) && is_of_another_year(lexicon, claim, claimed, official)
        }
        _ => false,
    };
    let words: Vec<Vec<&str>> = event::words(&claim.frame).collect();
    let unheld = words
        .iter()
        .filter(|word| event::held(word, &record.anchors) == 0)
        .count();
    (is_plain && is_other && unheld < FEW_WORDS).then(|| {
        let difference = Difference {
            slot: SlotName::Reference,
            claimed: claimed.to_string(),
            official: official.to_owned(),
        };
        Finding::of_sentence(Label::Contradicted, vec![difference], observation, STRENGTH)
    })
}

/// How the anchor of a number of monthly calculation indices begins.
const INDEX: &str = "k:";
/// Part of an amount by which it may be rounded.
const ROUNDED: i64 = 200;

/// The numbers of monthly calculation indices that a record gives.
fn indices<'r>(record: &'r Record<'_>) -> BTreeSet<&'r str> {
    let terms = record.observations.iter().flat_map(|one| &one.frame.terms);
    terms.filter_map(|term| term.strip_prefix(INDEX)).collect()
}

/// Whether an amount is a number of indices by the rate of another year than that of the publication.
fn is_of_another_year(lexicon: &Lexicon, claim: &Claim, amount: Decimal, indices: &str) -> bool {
    let Ok(indices) = indices.parse::<Decimal>() else {
        return false;
    };
    let is_by = |rate: Decimal| {
        let product = indices * rate;
        (product - amount).abs() * Decimal::from(ROUNDED) <= product
    };
    let day = local_day(claim.published_at);
    let rates = lexicon.rates("mci");
    lexicon.rate("mci", day).is_some_and(|rate| !is_by(rate))
        && rates.iter().any(|rate| is_by(rate.value))
}

/// What anchors of one kind say, the prefix left out.
fn ids<'r>(record: &'r Record<'_>, prefix: &'r str) -> impl Iterator<Item = &'r str> {
    let anchors = record.anchors.iter();
    anchors.filter_map(move |anchor| anchor.strip_prefix(prefix))
}

/// Another article of the code of which the record names one.
fn article<'a>(
    claim: &Claim,
    record: &'a Record<'a>,
    near: &[&Record<'_>],
) -> Option<(&'a Observation, Difference)> {
    let mine = slots::own(&claim.frame.references);
    let [claimed] = mine.iter().copied().collect::<Vec<_>>()[..] else {
        return None;
    };
    let code = |id: &str| id.split(':').next().unwrap_or_default().to_owned();
    let is_one = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    let of_code = |record: &'a Record<'a>| -> Vec<&'a str> {
        let all = ids(record, "l:");
        all.filter(|id| code(id) == code(claimed)).collect()
    };
    let theirs = of_code(record);
    let longest = theirs.iter().copied().max_by_key(|id| id.len())?;
    let is_lone = theirs.iter().all(|id| is_one(id, longest));
    // Who names an article alone names no other part of it than the one that is named beside.
    let is_known = near.iter().any(|other| {
        let all: Vec<&str> = ids(other, "l:").collect();
        let is_part = |id: &str| {
            all.iter()
                .any(|part| part.len() > id.len() && part.starts_with(id))
        };
        all.iter()
            .any(|id| id.starts_with(claimed) || is_one(id, claimed) && !is_part(id))
    });
    if !is_lone || is_known || !claimed.contains(':') || !longest.contains(':') {
        return None;
    }
    let observation = record
        .observations
        .iter()
        .find(|one| slots::own(&one.frame.references).contains(longest))?;
    let difference = Difference {
        slot: SlotName::Reference,
        claimed: claimed.to_owned(),
        official: longest.to_owned(),
    };
    let is_written = event::is_article_written(&difference, &observation.text);
    (!is_written).then_some((observation, difference))
}

/// Another day than the one that the record names, or than the one that it names of what the claim tells.
fn day<'a>(
    claim: &Claim,
    record: &'a Record<'a>,
    matches: &[Match<'a>],
    near: &[&Record<'_>],
) -> Option<(&'a Observation, Difference)> {
    let mine = slots::days(&claim.frame);
    let [claimed] = mine.iter().copied().collect::<Vec<_>>()[..] else {
        return None;
    };
    let all: BTreeSet<&str> = ids(record, "d:").collect();
    let of_deed = || {
        let held = matches
            .iter()
            .filter(|found| found.own > 0 && found.coverage >= HELD);
        held.flat_map(|found| slots::days(&found.observation.frame))
            .collect()
    };
    let theirs: BTreeSet<&str> = if all.len() == 1 { all } else { of_deed() };
    let [official] = theirs.iter().copied().collect::<Vec<_>>()[..] else {
        return None;
    };
    let is_known = near.iter().any(|other| {
        let days: BTreeSet<&str> = ids(other, "d:").collect();
        are_met(claimed, &days)
    });
    // The day of the announcement goes without saying.
    let told = [claim.published_at, record.first().published_at].map(local_day);
    let is_told = claimed.parse::<NaiveDate>().is_ok_and(|day| {
        let mut told = told.iter();
        told.any(|told| (*told - day).num_days().abs() <= EARLY_DAYS)
    });
    let observation = record
        .observations
        .iter()
        .find(|one| slots::days(&one.frame).contains(official))?;
    let difference = Difference {
        slot: SlotName::Date,
        claimed: claimed.to_owned(),
        official: official.to_owned(),
    };
    let is_about = event::held_anywhere(claim, record, &difference) >= HELD
        && event::words(&claim.frame).any(|word| event::held(&word, &record.anchors) > 0);
    let is_apart =
        !is_known && !is_told && !slots::are_days_alike(&claim.frame, &observation.frame);
    (is_apart && is_about).then_some((observation, difference))
}

/// Whether a day or span stands among others: two spans are one only with both their ends.
fn are_met(claimed: &str, days: &BTreeSet<&str>) -> bool {
    let span = claimed.split_once('/');
    days.iter().any(|day| match (span, day.split_once('/')) {
        (Some(mine), Some(theirs)) => mine == theirs,
        (Some((first, _)), None) => first == *day,
        _ => slots::dates(&BTreeSet::from([claimed]), &BTreeSet::from([*day])) == Relation::Equal,
    })
}

/// A sentence that does nothing but name who told or wrote what the record tells, and names a body that the record does not.
fn author<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &'a Record<'a>,
    near: &[&Record<'_>],
) -> Option<(&'a Observation, Difference)> {
    let mine = slots::own(&claim.frame.bodies);
    let [claimed] = mine.iter().copied().collect::<Vec<_>>()[..] else {
        return None;
    };
    let is_said = claim.frame.attribution.iter().any(|said| said == claimed);
    let is_written = claim.frame.terms.iter().any(|term| {
        let id = term.strip_prefix("w:");
        id.is_some_and(|id| AUTHORS.contains(&id))
    });
    let is_rest = |word: &Vec<&str>| {
        !word.iter().any(|anchor| {
            let id = anchor.split_once(':').map(|(_, id)| id).unwrap_or_default();
            anchor.starts_with("b:") || AUTHORS.contains(&id) || WORKS.contains(&id)
        })
    };
    let n_rest = event::words(&claim.frame).filter(is_rest).count();
    let is_of_none = |record: &Record<'_>| {
        let mut bodies = ids(record, "b:").chain(slots::publishers(&record.first().frame));
        bodies.all(|other| !knowledge::are_bodies_related(lexicon, claimed, other))
    };
    let official = slots::publishers(&record.first().frame).next()?;
    let is_apart = is_of_none(record) && near.iter().all(|other| is_of_none(other));
    let is_source = (is_said || is_written) && n_rest < FEW_WORDS;
    let difference = Difference {
        slot: if is_said {
            SlotName::Attribution
        } else {
            SlotName::Body
        },
        claimed: claimed.to_owned(),
        official: official.to_owned(),
    };
    (is_source && is_apart && has_no_other_name(&claim.frame)).then(|| (record.first(), difference))
}

/// Whether a sentence names neither a person nor a place.
fn has_no_other_name(frame: &Frame) -> bool {
    let mut names = frame.persons.iter().chain(&frame.places);
    names.all(|slot| slot.origin > Origin::Sentence)
}

/// Words that tell who made a document or gave its figures.
const AUTHORS: [&str; 12] = [
    "prepare",
    "to_prepare",
    "to_elaborate",
    "report",
    "message",
    "to_release",
    "released",
    "published_law",
    "bring",
    "to_publish",
    "say",
    "compile",
];
/// Words for what they made or gave.
const WORKS: [&str; 12] = [
    "document",
    "indicator",
    "number_of",
    "figure",
    "data",
    "data_noun",
    "report_doc",
    "statistics",
    "statistics_noun",
    "bill",
    "concerning",
    "according_to",
];

/// What the record only plans, told as done.
fn plan<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    matches: &[Match<'a>],
) -> Option<(&'a Observation, Difference)> {
    let is_open = |found: &&Match<'_>| found.observation.frame.modality == Modality::Planned;
    let best = matches
        .iter()
        .max_by_key(|found| (found.own, found.coverage))?;
    let planned = matches
        .iter()
        .filter(is_open)
        .find(|found| found.observation.text == best.observation.text)?;
    let others = || {
        matches
            .iter()
            .filter(|found| found.observation.text != best.observation.text)
    };
    let done = others().map(|found| found.own).max();
    let is_step = |word: &Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("c:"));
        ids.any(|id| knowledge::rung(lexicon, id).is_some())
    };
    // A step that the record tells elsewhere is no plan: «прошёл пока только первое чтение».
    let is_told = others().any(|found| {
        let theirs = found.observation.frame.anchors();
        let mut steps = event::words(&claim.frame).filter(is_step);
        steps.any(|word| event::held(&word, &theirs) > 0)
    });
    let age = claim.published_at - planned.observation.published_at;
    let is_meant = !is_told
        && planned.coverage >= COVER_PLAN
        && planned.differences.is_empty()
        && planned.own * 2 >= done.unwrap_or_default() * 3
        && age.num_days() <= PLAN_DAYS;
    let is_done = event::words(&claim.frame).any(|word| event::may_be_deed(lexicon, &word))
        && !claim.frame.terms.iter().any(|term| term == MAY_BE_FUTURE)
        && slots::modalities(&claim.frame, &planned.observation.frame) == Relation::Disjoint;
    let today = local_day(claim.published_at).to_string();
    let is_ahead = slots::days(&claim.frame).iter().any(|day| **day > *today);
    (is_meant && is_done && !is_ahead).then(|| {
        let difference = Difference {
            slot: SlotName::Modality,
            claimed: format!("{:?}", claim.frame.modality),
            official: format!("{:?}", planned.observation.frame.modality),
        };
        (planned.observation, difference)
    })
}
