//! Compares what two sentences say apart from their figures: who, where, when, which step, whether, and who said so.
//!
//! A record's sentence speaks of the same event when it covers enough of what the claim can be recognised by, the slot
//! in question left out. One slot that differs is then a difference; two make it another event.

use std::collections::BTreeSet;

use super::denials::{CHANGES, FATES, is_denied, is_verb, polarity, predicates};
use super::fact::Record;
use super::frame::CLOCK;
use super::gist;
use super::knowledge;
use super::offices::{offices, other_office, other_speaker, persons};
use super::scope::{DENIED, UNCHANGED};
use super::slots::{self, Relation};
use crate::language::{Lexicon, local_day};
use crate::model::{
    Claim, Difference, Frame, Observation, Origin, Polarity, SlotName, anchor_weight,
};

/// A claim's sentence against one of a record.
#[derive(Debug, Clone)]
pub(super) struct Match<'a> {
    /// The record's sentence.
    pub observation: &'a Observation,
    /// Share of the claim's recognisable content that the record holds, in thousandths.
    pub coverage: u32,
    /// Weight of what both hold.
    pub shared: u32,
    /// Weight of what the record's sentence itself holds, its surroundings left out.
    pub own: u32,
    /// Whether the record's sentence says that what the claim says was done or became.
    pub is_same_deed: bool,
    /// Whether one of the two denies or leaves open what the other says, so that neither bears the other out.
    pub is_doubtful: bool,
    /// What differs.
    pub differences: Vec<Difference>,
}

/// Compares a claim with a sentence of a record, both given with the anchors of their frames.
pub(super) fn compare<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    observation: &'a Observation,
    their_anchors: &[String],
    around: &[String],
) -> Match<'a> {
    let (mine, theirs) = (&claim.frame, &observation.frame);
    let mut differences = differences(lexicon, claim, mine, theirs);
    differences.retain(|difference| !is_article_written(difference, &observation.text));
    differences.extend(other_time(mine, theirs, around));
    if !differences.iter().any(|one| one.slot == SlotName::Place) {
        differences.extend(other_of_list(lexicon, claim, theirs, around));
    }
    let is_of_speaker =
        |one: &Difference| matches!(one.slot, SlotName::Person | SlotName::Attribution);
    if !differences.iter().any(is_of_speaker)
        && is_quoted(&claim.text)
        && is_quoted(&observation.text)
    {
        let other = other_speaker(lexicon, mine, theirs, around);
        differences.extend(other.map(|(claimed, official)| Difference {
            slot: SlotName::Attribution,
            claimed,
            official,
        }));
    }
    let is_same_language = claim.language == observation.language;
    let inherited = inherited(theirs);
    let (mut shared, mut stated, mut total) = (0, 0, 0);
    for word in compared(mine, &differences, is_same_language) {
        let own = held(&word, their_anchors).max(held(&word, &inherited));
        total += worth(&word);
        shared += own.max(held(&word, around) / 2);
        stated += own;
    }
    let is_same_office = differences
        .iter()
        .any(|difference| matches!(difference.slot, SlotName::Person | SlotName::Attribution))
        && !offices(mine).is_disjoint(&offices(theirs));
    if is_same_office {
        total += SAME_OFFICE;
        shared += SAME_OFFICE;
    }
    if other_office(lexicon, mine, theirs).is_some() {
        total += SAME_PERSON;
        shared += SAME_PERSON;
        stated += SAME_PERSON;
    }
    let coverage = (shared * 1000).checked_div(total).unwrap_or(0);
    Match {
        observation,
        coverage,
        shared,
        own: stated,
        is_same_deed: is_same_deed(lexicon, mine, their_anchors),
        is_doubtful: is_denied(mine, theirs)
            || slots::modalities(mine, theirs) == Relation::Disjoint,
        differences,
    }
}

/// The one time of day of a claim, where the record's sentence gives another one and the record the claimed one nowhere.
fn other_time(mine: &Frame, theirs: &Frame, around: &[String]) -> Option<Difference> {
    let times = |frame: &Frame| -> Vec<String> {
        let terms = frame.terms.iter();
        terms
            .filter(|term| term.starts_with(CLOCK))
            .cloned()
            .collect()
    };
    let (mine, theirs) = (times(mine), times(theirs));
    let ([claimed], [official, ..]) = (&mine[..], &theirs[..]) else {
        return None;
    };
    let is_known = theirs.contains(claimed) || around.binary_search(claimed).is_ok();
    let written = |term: &String| term.trim_start_matches(CLOCK).to_owned();
    (!is_known).then(|| Difference {
        slot: SlotName::Date,
        claimed: written(claimed),
        official: written(official),
    })
}

/// The one place of a claim's list that is none of the record's, where the record's list of as many has another one instead:
/// «в Актобе и Шалкаре» for «в Актобе и Хромтау».
fn other_of_list(
    lexicon: &Lexicon,
    claim: &Claim,
    theirs: &Frame,
    around: &[String],
) -> Option<Difference> {
    let on = Some(local_day(claim.published_at));
    let (mine, theirs) = (slots::own(&claim.frame.places), slots::own(&theirs.places));
    if mine.len() != theirs.len() || mine.len() < 2 {
        return None;
    }
    let is_related = |a: &str, b: &str| knowledge::are_places_related(lexicon, a, b, on);
    let only = |ours: &BTreeSet<&str>, others: &BTreeSet<&str>| -> Vec<String> {
        let mut ours: Vec<&str> = ours.iter().copied().collect();
        ours.retain(|a| !others.iter().any(|b| a == b || is_related(a, b)));
        ours.into_iter().map(str::to_owned).collect()
    };
    let (claimed, official) = (only(&mine, &theirs), only(&theirs, &mine));
    let ([claimed], [official]) = (&claimed[..], &official[..]) else {
        return None;
    };
    let mut known = around.iter().filter_map(|anchor| anchor.strip_prefix("p:"));
    let is_known = known
        .any(|place| place == claimed || is_related(claimed, place) && place != slots::COUNTRY);
    (!is_known).then(|| Difference {
        slot: SlotName::Place,
        claimed: claimed.clone(),
        official: official.clone(),
    })
}

/// Whether a sentence begins with somebody's words.
pub(super) fn is_quoted(text: &str) -> bool {
    let text = text.trim_start_matches(['–', '—', ' ']);
    text.starts_with(['«', '“', '„', '"'])
}

/// Whether the article that a claim names stands in a record's words after all: of «92 және 93-баптар» one may be read.
pub(super) fn is_article_written(difference: &Difference, text: &str) -> bool {
    let article = |id: &str| id.split(':').nth(1).unwrap_or_default().to_owned();
    let claimed = article(&difference.claimed);
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    // Of two parts of one article the number says nothing.
    difference.slot == SlotName::Reference
        && claimed != article(&difference.official)
        && words.any(|word| word == claimed)
}

/// The words of a claim by which it is compared with a record: those of the slots that differ are left out, and stems of
/// another language.
fn compared<'f>(
    frame: &'f Frame,
    differences: &[Difference],
    is_same_language: bool,
) -> Vec<Vec<&'f str>> {
    let is_skipped = |anchor: &&str| {
        differences.iter().any(|difference| {
            let prefix = prefix(difference.slot);
            let is_step = difference.slot == SlotName::Status
                && difference.claimed != difference.official
                && anchor
                    .strip_prefix("c:")
                    .is_some_and(|id| id == difference.claimed || CARRIERS.contains(&id));
            !prefix.is_empty() && anchor.starts_with(prefix) || is_step
        })
    };
    words(frame)
        .filter(|word| !word.iter().any(is_skipped))
        .filter(|word| is_same_language || !is_stem(word))
        .collect()
}

/// Whether a word is known by its stem alone, which no other language has.
pub(super) fn is_stem(word: &[&str]) -> bool {
    word.iter().all(|anchor| anchor.starts_with("s:"))
}

/// Names of what moves on a ladder: they change with its steps, a bill becomes a law.
const CARRIERS: [&str; 4] = ["bill", "law_act", "document", "draft"];

/// What a word is worth as proof, by the worthiest of its meanings.
pub(super) fn worth(word: &[&str]) -> u32 {
    word.iter()
        .map(|anchor| anchor_weight(anchor))
        .max()
        .unwrap_or(0)
}

/// What of a word's worth stands among anchors, which are sorted.
pub(super) fn held(word: &[&str], anchors: &[String]) -> u32 {
    let is_in = |anchor: &&&str| {
        let place = anchors.binary_search_by(|known| known.as_str().cmp(anchor));
        place.is_ok() || is_office_in(anchor, anchors)
    };
    let weights = word
        .iter()
        .filter(is_in)
        .map(|anchor| anchor_weight(anchor));
    weights.max().unwrap_or(0)
}

/// Share of what a claim can be recognised by that a record holds anywhere, the slot in question left out, in thousandths.
pub(super) fn held_anywhere(claim: &Claim, record: &Record<'_>, difference: &Difference) -> u32 {
    let is_same_language = record
        .observations
        .iter()
        .any(|observation| observation.language == claim.language);
    let words = compared(
        &claim.frame,
        std::slice::from_ref(difference),
        is_same_language,
    );
    let total: u32 = words.iter().map(|word| worth(word)).sum();
    let shared: u32 = words.iter().map(|word| held(word, &record.anchors)).sum();
    (shared * 1000).checked_div(total).unwrap_or(0)
}

/// Whether a record's sentence says what a claim says was done or became: one of its steps and deeds, and each step of a
/// ladder. A claim that names neither is compared by its verbs.
pub(super) fn is_same_deed(lexicon: &Lexicon, mine: &Frame, theirs: &[String]) -> bool {
    let concept = |anchor: &str| anchor.strip_prefix("c:").map(str::to_owned);
    let is_rung = |word: &&Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| concept(anchor));
        ids.all(|id| knowledge::rung(lexicon, &id).is_some())
    };
    let is_verb = |word: &Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("w:"));
        ids.any(is_verb)
    };
    let words: Vec<Vec<&str>> = words(mine).collect();
    let deeds = words.iter().filter(|word| may_be_deed(lexicon, word));
    let deeds: Vec<&Vec<&str>> = deeds.collect();
    let is_held = |word: &Vec<&str>| held(word, theirs) > 0;
    let is_fate = |word: &&Vec<&str>| {
        word.iter().any(|anchor| {
            let id = anchor.strip_prefix("c:");
            id.is_some_and(|id| FATES.contains(&id))
        })
    };
    if words.iter().filter(is_fate).any(|word| !is_held(word)) {
        return false;
    }
    if deeds.is_empty() {
        let mut verbs = words.iter().filter(|word| is_verb(word)).peekable();
        return verbs.peek().is_none() || verbs.any(is_held);
    }
    deeds.iter().any(|word| is_held(word)) && deeds.iter().copied().filter(is_rung).all(is_held)
}

/// Whether a claim tells a deed, and a record's sentence tells it too.
pub(super) fn tells_deed(lexicon: &Lexicon, mine: &Frame, theirs: &[String]) -> bool {
    words(mine).any(|word| may_be_deed(lexicon, &word) && held(&word, theirs) > 0)
}

/// Whether a word may mean a step or a deed.
pub(super) fn may_be_deed(lexicon: &Lexicon, word: &[&str]) -> bool {
    let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("c:"));
    ids.any(|id| knowledge::is_deed(lexicon, id))
}

/// What the same office of two differently named persons is worth as proof that one event is meant.
const SAME_OFFICE: u32 = 30;

/// What one person in two offices is worth as proof that the person is meant.
const SAME_PERSON: u32 = 30;

/// Who a sentence speaks of without naming them, as anchors, sorted.
fn inherited(frame: &Frame) -> Vec<String> {
    let lists = [("i", &frame.persons), ("b", &frame.bodies)];
    let mut anchors: Vec<String> = lists
        .into_iter()
        .flat_map(|(prefix, slots)| {
            let carried = slots.iter().filter(|slot| slot.origin == Origin::Paragraph);
            carried.map(move |slot| format!("{prefix}:{}", slot.best))
        })
        .collect();
    anchors.sort();
    anchors
}

/// Whether an office is among anchors with or without the body it belongs to.
fn is_office_in(anchor: &str, anchors: &[String]) -> bool {
    let base = |anchor: &str| anchor.split('@').next().unwrap_or_default().to_owned();
    let is_office = anchor.starts_with("i:") && !anchor.starts_with("i:person:");
    is_office
        && anchors.iter().any(|other| {
            other.starts_with("i:")
                && anchor.contains('@') != other.contains('@')
                && base(anchor) == base(other)
        })
}

/// The words of a statement, each as the anchors of what it may mean.
pub(super) fn words(frame: &Frame) -> impl Iterator<Item = Vec<&str>> {
    let words = frame
        .terms
        .iter()
        .filter_map(|term| gist::meanings_of(term));
    words.map(Iterator::collect)
}

/// Prefix of the anchors that a slot's values make.
pub(super) fn prefix(slot: SlotName) -> &'static str {
    match slot {
        SlotName::Person | SlotName::Attribution => "i:",
        SlotName::Place => "p:",
        SlotName::Body => "b:",
        SlotName::Date => "d:",
        SlotName::Reference => "l:",
        SlotName::Period => "t:",
        _ => "",
    }
}

/// The slots in which two sentences differ.
fn differences(lexicon: &Lexicon, claim: &Claim, mine: &Frame, theirs: &Frame) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |slot: SlotName, claimed: String, official: String| {
        found.push(Difference {
            slot,
            claimed,
            official,
        });
    };
    if let Some((slot, a, b)) = persons(lexicon, mine, theirs) {
        differ(slot, a, b);
    }
    let (a, b) = (slots::days(mine), slots::days(theirs));
    if slots::dates(&a, &b) == Relation::Disjoint && !slots::are_days_alike(mine, theirs) {
        differ(SlotName::Date, listed(&a), listed(&b));
    }
    let on = Some(local_day(claim.published_at));
    if super::pair::places(lexicon, &stated(mine), &stated(theirs), on) == Relation::Disjoint {
        differ(
            SlotName::Place,
            listed(&slots::own(&mine.places)),
            listed(&slots::own(&theirs.places)),
        );
    }
    let (a, b) = (slots::own(&mine.bodies), slots::own(&theirs.bodies));
    if is_other_body(lexicon, mine, theirs) {
        differ(SlotName::Body, listed(&a), listed(&b));
    }
    let (a, b) = (slots::own(&mine.references), slots::own(&theirs.references));
    if let Some((x, y)) = references(&a, &b) {
        differ(SlotName::Reference, x, y);
    }
    if let Some((slot, a, b)) = statuses(lexicon, mine, theirs) {
        differ(slot, a, b);
    }
    let is_same_deed = !predicates(mine).is_disjoint(&predicates(theirs));
    // Of a day that is still to come nobody says that it has been.
    let today = local_day(claim.published_at).to_string();
    let is_ahead = slots::days(mine).iter().any(|day| **day > *today);
    if is_same_deed && !is_ahead && slots::modalities(mine, theirs) == Relation::Disjoint {
        differ(
            SlotName::Modality,
            format!("{:?}", mine.modality),
            format!("{:?}", theirs.modality),
        );
    }
    if let Some((slot, id)) = polarity(lexicon, mine, theirs) {
        differ(slot, id.clone(), id);
    }
    found
}

/// Whether each sentence names a body that did or said what it tells, and the two are not one, nor one of the other.
pub(super) fn is_other_body(lexicon: &Lexicon, mine: &Frame, theirs: &Frame) -> bool {
    let (a, b) = (slots::own(&mine.bodies), slots::own(&theirs.bodies));
    slots::sets(&a, &b) == Relation::Disjoint && !are_related(lexicon, &a, &b)
}

/// Whether some of two sets of bodies are related.
fn are_related(lexicon: &Lexicon, a: &BTreeSet<&str>, b: &BTreeSet<&str>) -> bool {
    a.iter().any(|x| {
        b.iter().any(|y| {
            knowledge::are_bodies_related(lexicon, x, y) || x.starts_with(y) || y.starts_with(x)
        })
    })
}

/// Whether a claim names as its source a body that is neither the record's publisher nor named in the record.
pub(super) fn is_other_source(
    lexicon: &Lexicon,
    claim: &Frame,
    record: &Frame,
    around: &[String],
) -> Option<String> {
    let said: BTreeSet<&str> = claim.attribution.iter().map(String::as_str).collect();
    let bodies: BTreeSet<&str> = slots::own(&claim.bodies)
        .intersection(&said)
        .copied()
        .collect();
    let named = around.iter().filter_map(|anchor| anchor.strip_prefix("b:"));
    let known: BTreeSet<&str> = named
        .chain(record.bodies.iter().map(|slot| slot.best.as_str()))
        .collect();
    let is_published = slots::publishers(record).next().is_some();
    let is_other = !bodies.is_empty()
        && bodies.len() == said.len()
        && is_published
        && !are_related(lexicon, &bodies, &known);
    is_other.then(|| listed(&bodies))
}

/// A frame with only the places its sentence states.
fn stated(frame: &Frame) -> Frame {
    let mut frame = frame.clone();
    frame.places.retain(|slot| slot.origin <= Origin::Sentence);
    frame
}

/// Values in a line.
fn listed(values: &BTreeSet<&str>) -> String {
    values.iter().copied().collect::<Vec<_>>().join(", ")
}

/// Articles of one code that differ.
pub(super) fn references(
    mine: &BTreeSet<&str>,
    theirs: &BTreeSet<&str>,
) -> Option<(String, String)> {
    if mine.is_empty() || theirs.is_empty() {
        return None;
    }
    let is_known = |claimed: &str| {
        let mut theirs = theirs.iter();
        theirs.any(|official| official.starts_with(claimed) || claimed.starts_with(official))
    };
    // Of a list, «статьи 92 и 93», another text may name one.
    if mine.iter().any(|claimed| is_known(claimed)) {
        return None;
    }
    for claimed in mine {
        let code = |id: &str| id.split(':').next().unwrap_or_default().to_owned();
        if let Some(official) = theirs
            .iter()
            .find(|official| code(official) == code(claimed))
        {
            return Some(((*claimed).to_owned(), (*official).to_owned()));
        }
    }
    None
}

/// The step at which something goes on, and the one at which it began.
const GOES_ON: &str = "under_way";
const BEGAN: &str = "started";

/// Steps of one ladder, or opposites, of which each sentence states another.
fn statuses(lexicon: &Lexicon, mine: &Frame, theirs: &Frame) -> Option<(SlotName, String, String)> {
    let is_law = [&mine.measures, &theirs.measures]
        .into_iter()
        .flatten()
        .any(|slot| slot.best.contains("bill") || slot.best.contains("law"));
    let ids = |frame: &Frame| -> BTreeSet<String> {
        let lists = [&frame.statuses, &frame.actions, &frame.qualifiers];
        let own = lists.into_iter().flat_map(|list| slots::own(list));
        own.map(str::to_owned).collect()
    };
    let (a, b) = (ids(mine), ids(theirs));
    // What is not so, or not yet, is told apart by its negation, but for what says itself that it is not.
    let is_affirmed = |frame: &Frame| frame.polarity == Polarity::Positive;
    let is_said = |frame: &Frame, id: &str| {
        let is_negative = [DENIED, UNCHANGED].contains(&id);
        (is_affirmed(frame) || is_negative) && !frame.terms.contains(&format!("x:{id}"))
    };
    let only_theirs: Vec<&String> = b.difference(&a).filter(|id| is_said(theirs, id)).collect();
    for x in a.difference(&b).filter(|id| is_said(mine, id)) {
        for y in &only_theirs {
            let is_change = CHANGES.contains(&x.as_str()) && *y == UNCHANGED;
            let is_denial = [x, *y].iter().any(|id| *id == DENIED);
            if is_change || is_denial && knowledge::are_antonyms(lexicon, x, y) {
                return Some((SlotName::Polarity, x.clone(), (*y).clone()));
            }
            // What began goes on: one says no more than the other.
            if x == GOES_ON && *y == BEGAN {
                continue;
            }
            if knowledge::are_antonyms(lexicon, x, y)
                && !super::pair::PERIODIC.contains(&x.as_str())
            {
                return Some((SlotName::Status, x.clone(), (*y).clone()));
            }
            let (Some(rung), Some(other)) =
                (knowledge::rung(lexicon, x), knowledge::rung(lexicon, y))
            else {
                continue;
            };
            // Things move on: only a claim that is further along than the record differs from it.
            let is_ahead = rung.0 == other.0 && rung.1 > other.1;
            let is_money = rung.0 == "money";
            if is_ahead
                && (is_law || rung.0 != "legislation")
                && (!is_money || other.1 == super::pair::ENVISAGED)
            {
                let slot = if rung.0 == "money" {
                    SlotName::Modality
                } else {
                    SlotName::Status
                };
                return Some((slot, x.clone(), (*y).clone()));
            }
        }
    }
    None
}
