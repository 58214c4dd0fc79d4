//! Tells who is meant: another man, one man in two offices, an office that somebody left.

use std::collections::BTreeSet;

use super::knowledge;
use super::slots;
use crate::language::Lexicon;
use crate::language::names::may_be_same_person;
use crate::model::{Frame, Origin, SlotName};

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
pub(super) fn persons(
    lexicon: &Lexicon,
    mine: &Frame,
    theirs: &Frame,
) -> Option<(SlotName, String, String)> {
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
    // One of the two may leave the body to the reader.
    let base = |id: &str| {
        let office = id.rsplit('+').next().unwrap_or(id);
        office.split('@').next().unwrap_or(office).to_owned()
    };
    let is_plain = |id: &String| !id.contains('+');
    let held: BTreeSet<String> = ids(now).filter(is_plain).map(|id| base(&id)).collect();
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

/// Another speaker of one quotation: another man, or an office of a body that has nothing to do with the record's speaker or
/// publisher, nor is named in the record.
pub(super) fn other_speaker(
    lexicon: &Lexicon,
    mine: &Frame,
    theirs: &Frame,
    around: &[String],
) -> Option<(String, String)> {
    match persons(lexicon, mine, theirs) {
        Some((SlotName::Attribution, claimed, official)) => return Some((claimed, official)),
        Some(_) => return None,
        None => {}
    }
    let bodies = |frame: &Frame| -> BTreeSet<String> {
        let said = frame
            .attribution
            .iter()
            .filter(|id| !id.starts_with("person:"));
        let of_office = |id: &String| id.split_once('@').map(|(_, body)| body.to_owned());
        let is_body = |id: &&String| slots::own(&frame.bodies).contains(id.as_str());
        let named = frame.attribution.iter().filter(is_body).cloned();
        said.filter_map(of_office).chain(named).collect()
    };
    let (claimed, official) = (bodies(mine), bodies(theirs));
    let published = slots::publishers(theirs).map(str::to_owned);
    let known: BTreeSet<String> = official.iter().cloned().chain(published).collect();
    let named = around.iter().filter_map(|anchor| anchor.strip_prefix("b:"));
    let is_apart = |id: &String| {
        let mut known = known.iter().map(String::as_str).chain(named.clone());
        known.all(|other| !knowledge::are_bodies_related(lexicon, id, other))
    };
    let is_same_man = common(&men(mine), &men(theirs)).is_some();
    let is_told = is_attributed(mine) && !theirs.attribution.is_empty() && !known.is_empty();
    let is_other = !claimed.is_empty() && claimed.iter().all(is_apart);
    (is_told && is_other && !is_same_man).then(|| (joined(&claimed), joined(&known)))
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
pub(super) fn offices(frame: &Frame) -> BTreeSet<String> {
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
