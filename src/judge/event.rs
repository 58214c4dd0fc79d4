//! Compares what two sentences say apart from their figures: who, where, when, which step, whether, and who said so.
//!
//! A record's sentence speaks of the same event when it covers enough of what the claim can be recognised by, the slot
//! in question left out. One slot that differs is then a difference; two make it another event.

use std::collections::BTreeSet;

use super::fact::Record;
use super::gist;
use super::knowledge;
use super::slots::{self, Relation};
use crate::language::names::may_be_same_person;
use crate::language::{Lexicon, local_day};
use crate::model::{
    Claim, Difference, Frame, Modality, Observation, Origin, Polarity, SlotName, anchor_weight,
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

/// Whether the article that a claim names stands in a record's words after all: of «92 және 93-баптар» one may be read.
fn is_article_written(difference: &Difference, text: &str) -> bool {
    let article = difference.claimed.split(':').nth(1).unwrap_or_default();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    difference.slot == SlotName::Reference && words.any(|word| word == article)
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
        .filter(|word| is_same_language || !word.iter().all(|anchor| anchor.starts_with("s:")))
        .collect()
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
    let is_deed_of = |word: &Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| concept(anchor));
        ids.any(|id| knowledge::is_deed(lexicon, &id))
    };
    let is_rung = |word: &&Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| concept(anchor));
        ids.all(|id| knowledge::rung(lexicon, &id).is_some())
    };
    let is_verb = |word: &Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("w:"));
        ids.any(is_deed)
    };
    let words: Vec<Vec<&str>> = words(mine).collect();
    let deeds: Vec<&Vec<&str>> = words.iter().filter(|word| is_deed_of(word)).collect();
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
    let is_deed_of = |word: &Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("c:"));
        ids.any(|id| knowledge::is_deed(lexicon, id))
    };
    words(mine).any(|word| is_deed_of(&word) && held(&word, theirs) > 0)
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
    let is_published = record
        .bodies
        .iter()
        .any(|slot| slot.origin == Origin::Default);
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

/// Offices that lead a body and are named one for the other.
const HEADS: [&str; 8] = [
    "chief", "head", "director", "chairman", "leader", "manager", "chair", "staff",
];
/// Qualifiers that make another office.
const APART: [&str; 4] = ["former", "acting", "deputy", "first_deputy"];

/// The word that says of an office who holds it now.
const NOW_HELD: &str = "w:current";
/// How the id of an office begins that somebody held before.
const LEFT: &str = "former+";

/// Another man, or the same man in another office.
fn persons(lexicon: &Lexicon, mine: &Frame, theirs: &Frame) -> Option<(SlotName, String, String)> {
    let (a, b) = (men(mine), men(theirs));
    if a.is_empty() && b.is_empty() {
        let (office, other) = left_office(mine, theirs).or_else(|| {
            let (other, office) = left_office(theirs, mine)?;
            Some((office, other))
        })?;
        return Some((SlotName::Person, office, other));
    }
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if common(&a, &b).is_some() {
        let (office, other) = other_office(lexicon, mine, theirs)?;
        return Some((SlotName::Person, office, other));
    }
    let is_said = is_attributed(mine) && is_attributed(theirs);
    let is_same_office = !offices(mine).is_disjoint(&offices(theirs));
    let slot = if is_said && !is_same_office {
        SlotName::Attribution
    } else {
        SlotName::Person
    };
    Some((slot, joined(&a), joined(&b)))
}

/// An office without a name that one sentence gives to whoever holds it now and the other to who held it before.
fn left_office(now: &Frame, before: &Frame) -> Option<(String, String)> {
    if !now.terms.iter().any(|term| term == NOW_HELD) {
        return None;
    }
    let base = |id: &str| id.rsplit('+').next().unwrap_or(id).to_owned();
    let is_plain = |id: &String| !id.contains('+');
    let held: BTreeSet<String> = ids(now).filter(is_plain).collect();
    let left = ids(before).find(|id| id.starts_with(LEFT) && held.contains(&base(id)))?;
    Some((base(&left), left))
}

/// Ids of the persons that a sentence names.
fn men(frame: &Frame) -> BTreeSet<String> {
    ids(frame).filter(|id| id.starts_with("person:")).collect()
}

/// One person of two sentences, as each names them.
fn common<'i>(
    a: &'i BTreeSet<String>,
    b: &'i BTreeSet<String>,
) -> Option<(&'i String, &'i String)> {
    let same = |x: &'i String| b.iter().find(|y| may_be_same_person(x, y)).map(|y| (x, y));
    a.iter().find_map(same)
}

/// The offices that two sentences give to one person, where they differ.
pub(super) fn other_office(
    lexicon: &Lexicon,
    mine: &Frame,
    theirs: &Frame,
) -> Option<(String, String)> {
    let (a, b) = (men(mine), men(theirs));
    let (x, y) = common(&a, &b)?;
    let (office, other) = (role(lexicon, mine, x)?, role(lexicon, theirs, y)?);
    (office != other).then(|| (office.join(" "), other.join(" ")))
}

/// Whether a sentence says who said it.
fn is_attributed(frame: &Frame) -> bool {
    !frame.attribution.is_empty()
        || frame
            .terms
            .iter()
            .any(|term| term == super::frame::OTHER_SPEAKER)
}

/// The office of a person, see [`office_parts`].
pub(super) fn role(lexicon: &Lexicon, frame: &Frame, man: &str) -> Option<Vec<String>> {
    let term = frame
        .terms
        .iter()
        .find_map(|term| term.strip_prefix("r:").filter(|term| term.starts_with(man)))?;
    let mut parts = term.split('|').skip(1);
    let office = parts.next()?;
    office_parts(lexicon, office, parts.next().unwrap_or_default().split('+'))
}

/// The qualifiers that set an office apart, and its kind without the body it belongs to; `None` for a rank.
pub(super) fn office_parts<'q>(
    lexicon: &Lexicon,
    office: &str,
    qualifiers: impl Iterator<Item = &'q str>,
) -> Option<Vec<String>> {
    if !knowledge::is_office(lexicon, office) {
        return None;
    }
    let base = office.split('@').next().unwrap_or(office);
    let base = if HEADS.contains(&base) { "head" } else { base };
    let apart = qualifiers.filter(|id| APART.contains(id));
    let mut parts: Vec<String> = apart.map(str::to_owned).collect();
    parts.sort();
    parts.push(base.to_owned());
    Some(parts)
}

/// Offices a frame names, with or without a person.
fn offices(frame: &Frame) -> BTreeSet<String> {
    let held = frame
        .terms
        .iter()
        .filter_map(|term| term.strip_prefix("r:"));
    let held = held.filter_map(|term| term.split('|').nth(1).map(str::to_owned));
    let bare = ids(frame).filter(|id| !id.starts_with("person:"));
    held.chain(bare).collect()
}

/// Ids of persons and offices.
fn ids(frame: &Frame) -> impl Iterator<Item = String> + '_ {
    let own = frame
        .persons
        .iter()
        .filter(|slot| slot.origin <= Origin::Sentence);
    own.map(|slot| slot.best.clone())
}

/// Values in a line.
fn joined(values: &BTreeSet<String>) -> String {
    values.iter().cloned().collect::<Vec<_>>().join(", ")
}

/// Articles of one code that differ.
pub(super) fn references(
    mine: &BTreeSet<&str>,
    theirs: &BTreeSet<&str>,
) -> Option<(String, String)> {
    if mine.is_empty() || theirs.is_empty() {
        return None;
    }
    let is_known = |claimed: &&&str| {
        let mut theirs = theirs.iter();
        theirs.any(|official| official.starts_with(**claimed) || claimed.starts_with(official))
    };
    // Of a list, «статьи 92 и 93», another text may name one.
    if mine.iter().any(|claimed| is_known(&claimed)) {
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
    // What is not so, or not yet, is told apart by its negation.
    let is_affirmed = |frame: &Frame| frame.polarity == Polarity::Positive;
    if !is_affirmed(mine) || !is_affirmed(theirs) {
        return None;
    }
    let only_theirs: Vec<&String> = b.difference(&a).collect();
    for x in a.difference(&b) {
        for y in &only_theirs {
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

/// What a sentence says not to be: ids of concepts and words, and stems with their language.
fn negated(frame: &Frame) -> BTreeSet<&str> {
    let terms = frame.terms.iter();
    terms.filter_map(|term| term.strip_prefix("x:")).collect()
}

/// What each of two sentences says not to be, where only one of them denies.
fn denials<'f>(
    mine: &'f Frame,
    theirs: &'f Frame,
) -> Option<(BTreeSet<&'f str>, BTreeSet<&'f str>)> {
    let (not_mine, not_theirs) = (negated(mine), negated(theirs));
    let is_apart = mine.polarity != theirs.polarity && not_mine.is_disjoint(&not_theirs);
    let is_denied = !not_mine.is_empty() || !not_theirs.is_empty();
    (is_apart && is_denied).then_some((not_mine, not_theirs))
}

/// Whether a word of both sentences is denied by only one of them.
fn is_denied(mine: &Frame, theirs: &Frame) -> bool {
    let Some((not_mine, not_theirs)) = denials(mine, theirs) else {
        return false;
    };
    let is_said = |frame: &Frame, denied: &BTreeSet<&str>| {
        words(frame).flatten().any(|anchor| {
            let id = anchor.strip_prefix("c:").or(anchor.strip_prefix("w:"));
            denied.contains(id.unwrap_or(anchor))
        })
    };
    is_said(mine, &not_theirs) || is_said(theirs, &not_mine)
}

/// A step or deed that one sentence says was done and the other was not. A step of a ladder that has not been taken is a
/// difference of status.
fn polarity(lexicon: &Lexicon, mine: &Frame, theirs: &Frame) -> Option<(SlotName, String)> {
    let (not_mine, not_theirs) = denials(mine, theirs)?;
    let (ours, others) = (predicates(mine), predicates(theirs));
    let ours = asserted(lexicon, mine, ours, &others, &not_theirs);
    let both: Vec<&String> = ours.intersection(&others).collect();
    // A change that came about has a slot of its own; one that is planned is a deed.
    let is_plan = [mine, theirs]
        .iter()
        .all(|frame| frame.modality == Modality::Planned);
    let differing = || {
        both.iter()
            .filter(|id| not_mine.contains(id.as_str()) != not_theirs.contains(id.as_str()))
            .filter(|id| is_plan || !CHANGES.contains(&id.as_str()))
            .filter(|id| is_deniable(lexicon, id))
            .filter(|id| id.as_str() != ENTERED || is_single(not_mine.union(&not_theirs)))
    };
    // A word that both sentences negate, or both assert, is the one they are about.
    let is_step = |id: &str| {
        knowledge::is_status(lexicon, id)
            && knowledge::rung(lexicon, id).is_some_and(|rung| STEPS.contains(&rung.0.as_str()))
    };
    let ranked = differing().find(|id| is_step(id));
    if let Some(id) = ranked {
        return Some((SlotName::Status, (*id).clone()));
    }
    if let Some(id) = differing().next() {
        return Some((SlotName::Polarity, (*id).clone()));
    }
    // «Погибших нет»: what is counted and is not there.
    let is_told = |id: &&str| {
        let names = |frame: &Frame| slots::own(&frame.measures).contains(id);
        let is_event = EVENTS.iter().any(|kind| lexicon.is_a(id, kind));
        names(mine) && names(theirs) && is_event && !NEVER_DENIED.contains(id)
    };
    let mut absent = not_theirs.difference(&not_mine).copied();
    let id = absent.find(is_told)?;
    Some((SlotName::Polarity, id.to_owned()))
}

/// Whether one thing alone is denied: «тіркелмей жүргізілмейді» denies nothing, it sets a condition.
fn is_single<'a>(denied: impl Iterator<Item = &'a &'a str>) -> bool {
    denied.filter(|id| !id.starts_with("s:")).count() == 1
}

/// What a claim asserts of the words that tell what is done or becomes. Where it says what was done, «cancelled», a noun
/// that goes with it, «decision», is not what it asserts, unless the record affirms the deed too: «no decision on
/// cancelling».
fn asserted(
    lexicon: &Lexicon,
    mine: &Frame,
    predicates: BTreeSet<String>,
    others: &BTreeSet<String>,
    not_theirs: &BTreeSet<&str>,
) -> BTreeSet<String> {
    let is_deed = |id: &&str| knowledge::is_deed(lexicon, id);
    let id = |anchor: &&str| -> Option<String> {
        let id = anchor.strip_prefix("c:").or(anchor.strip_prefix("w:"));
        id.map(str::to_owned)
    };
    // A word may mean a step or something else, «қолдану» is to impose and to use: each of its meanings is asserted.
    let deeds: BTreeSet<String> = words(mine)
        .filter(|word| {
            let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("c:"));
            ids.any(|id| is_deed(&id))
        })
        .flat_map(|word| word.iter().filter_map(id).collect::<Vec<_>>())
        .collect();
    let told = predicates.iter().filter(|id| is_deed(&id.as_str()));
    let mut told = told.peekable();
    let is_affirmed = |id: &String| others.contains(id) && !not_theirs.contains(id.as_str());
    if told.peek().is_none() || told.all(is_affirmed) {
        return predicates;
    }
    let mut asserted = predicates;
    asserted.retain(|id| deeds.contains(id) || is_deed(&id.as_str()));
    asserted
}

/// Whether the denial of a word is one of a deed: a step, an action, a fate or a need, and no plan, which is denied of
/// many things at once.
fn is_deniable(lexicon: &Lexicon, id: &str) -> bool {
    let is_money = knowledge::rung(lexicon, id).is_some_and(|rung| rung.0 == "money");
    let is_need = NEEDS.contains(&id) || FATES.contains(&id) || id == ENTERED;
    !is_money && !PLANS.contains(&id) && (knowledge::is_deed(lexicon, id) || is_need)
}

/// Kinds of what can be said not to have been: people and what happens to them.
const EVENTS: [&str; 6] = [
    "person",
    "offence",
    "dead",
    "road_accident",
    "fire",
    "escape",
];
/// Measures too general to be denied: what is said not to be is said of something else.
const NEVER_DENIED: [&str; 4] = ["person", "offence", "case", "employee"];
/// Ladders whose steps are a matter of status: a step not taken is another status, not a deed left undone.
const STEPS: [&str; 3] = ["procedure", "case", "legislation"];
/// What befalls people or is decided: counted as a measure, and told as an event.
pub(super) const FATES: [&str; 3] = ["dead", "injured", "decision"];

/// A qualifier of what is counted that is also a deed: somebody enters something in a register.
const ENTERED: &str = "registered";

/// Steps that are denied of many things at once.
const PLANS: [&str; 2] = ["planned", "under_way"];

/// Changes, which have a slot of their own.
const CHANGES: [&str; 4] = ["rose", "fell", "growth", "decline"];

/// Words that tell what is done or becomes, by their ids.
fn predicates(frame: &Frame) -> BTreeSet<String> {
    let lists = [&frame.statuses, &frame.actions, &frame.qualifiers];
    let own = lists.into_iter().flat_map(|list| slots::own(list));
    let mut ids: BTreeSet<String> = own.map(str::to_owned).collect();
    let words = frame
        .terms
        .iter()
        .filter_map(|term| term.strip_prefix("w:"));
    ids.extend(words.filter(|id| is_deed(id)).map(str::to_owned));
    let fates = slots::own(&frame.measures).into_iter();
    ids.extend(fates.filter(|id| FATES.contains(id)).map(str::to_owned));
    ids
}

/// What is needed, used or allowed.
const NEEDS: [&str; 6] = ["necessary", "require", "demand", "use", "allow", "permit"];

/// Whether a word of the vocabulary is a verb or a need.
fn is_deed(id: &str) -> bool {
    id.starts_with("to_") || NEEDS.contains(&id)
}
