//! Tells what one sentence says was done and another denies: a step not taken, a deed left undone, a thing that was not there.

use std::collections::BTreeSet;

use super::event::{may_be_deed, words};
use super::knowledge;
use super::scope::PREVENTED;
use super::slots;
use crate::language::Lexicon;
use crate::model::{Frame, Modality, SlotName};

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
pub(super) fn is_denied(mine: &Frame, theirs: &Frame) -> bool {
    denied(mine, theirs).next().is_some()
}

/// A deed that both sentences tell and only one of them denies.
pub(super) fn denied_deed(lexicon: &Lexicon, mine: &Frame, theirs: &Frame) -> Option<String> {
    let mut deeds = denied(mine, theirs).filter(|word| may_be_deed(lexicon, word));
    let id = |anchor: &&str| anchor.strip_prefix("c:").map(str::to_owned);
    deeds.find_map(|word| word.iter().find_map(id))
}

/// The words of both sentences that only one of them denies, each as the anchors of what it may mean.
fn denied<'f>(mine: &'f Frame, theirs: &'f Frame) -> impl Iterator<Item = Vec<&'f str>> {
    let (not_mine, not_theirs) = denials(mine, theirs).unwrap_or_default();
    let is_denied = |word: &Vec<&str>, denied: &BTreeSet<&str>| {
        word.iter().any(|anchor| {
            let id = anchor.strip_prefix("c:").or(anchor.strip_prefix("w:"));
            denied.contains(id.unwrap_or(anchor))
        })
    };
    let by_them = words(mine).filter(move |word| is_denied(word, &not_theirs));
    by_them.chain(words(theirs).filter(move |word| is_denied(word, &not_mine)))
}

/// A step or deed that one sentence says was done and the other was not. A step of a ladder that has not been taken is a
/// difference of status.
pub(super) fn polarity(
    lexicon: &Lexicon,
    mine: &Frame,
    theirs: &Frame,
) -> Option<(SlotName, String)> {
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
    // «Справка обязательна» and «справки не требуются» speak of one need.
    let is_needed = |frame: &Frame| {
        let mut words = frame
            .terms
            .iter()
            .filter_map(|term| term.strip_prefix("w:"));
        words.any(|id| OBLIGATIONS.contains(&id))
    };
    let denies = |not: &BTreeSet<&str>| not.iter().any(|id| OBLIGATIONS.contains(id));
    if is_needed(mine) && is_needed(theirs) && denies(&not_mine) != denies(&not_theirs) {
        return Some((SlotName::Polarity, OBLIGATIONS[0].to_owned()));
    }
    // «Погибших нет»: what is counted and is not there.
    let is_told = |id: &&str| {
        let names = |frame: &Frame| slots::own(&frame.measures).contains(id);
        names(mine) && names(theirs) && is_event(lexicon, id)
    };
    let is_prevented = slots::own(&mine.statuses).contains(PREVENTED);
    let mut absent = not_theirs.difference(&not_mine).copied();
    let id = absent.find(is_told).filter(|_| !is_prevented)?;
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
        .filter(|word| may_be_deed(lexicon, word))
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

/// Whether something can be said not to have been: people of a kind, or what happens to them.
pub(super) fn is_event(lexicon: &Lexicon, id: &str) -> bool {
    EVENTS.iter().any(|kind| lexicon.is_a(id, kind)) && !NEVER_DENIED.contains(&id)
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
pub(super) const CHANGES: [&str; 4] = ["rose", "fell", "growth", "decline"];

/// Words that tell what is done or becomes, by their ids.
pub(super) fn predicates(frame: &Frame) -> BTreeSet<String> {
    let lists = [&frame.statuses, &frame.actions, &frame.qualifiers];
    let own = lists.into_iter().flat_map(|list| slots::own(list));
    let mut ids: BTreeSet<String> = own.map(str::to_owned).collect();
    let words = frame
        .terms
        .iter()
        .filter_map(|term| term.strip_prefix("w:"));
    ids.extend(words.filter(|id| is_verb(id)).map(str::to_owned));
    let fates = slots::own(&frame.measures).into_iter();
    ids.extend(fates.filter(|id| FATES.contains(id)).map(str::to_owned));
    ids
}

/// What is needed, used or allowed.
const NEEDS: [&str; 6] = ["necessary", "require", "demand", "use", "allow", "permit"];

/// Words for what must be, one of which may stand for another.
const OBLIGATIONS: [&str; 4] = ["mandatory", "necessary", "require", "demand"];

/// Whether a word of the vocabulary is a verb or a need.
pub(super) fn is_verb(id: &str) -> bool {
    id.starts_with("to_") || NEEDS.contains(&id)
}
