//! Tells whether what a claim says of a slot stands nowhere in a record, and how much of a claim a record holds at all.
//!
//! A short sentence shares few words with the one that settles it. It may still be held against the record that its
//! publication reports on, when that record holds nearly all of what the sentence is about and never says what the
//! sentence says of the slot in question.

use super::event::{self, Match};
use super::fact::Record;
use super::knowledge;
use super::offices::role;
use super::slots::{self, Relation};
use crate::language::names::may_be_same_person;
use crate::language::{Lexicon, local_day};
use crate::model::{Claim, Difference, Frame, SlotName};

/// Whether a record says nowhere what a claim says of the slot in which they differ.
pub(super) fn is_absent(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &Record<'_>,
    found: &Match<'_>,
    difference: &Difference,
) -> bool {
    let frame = &claim.frame;
    let has = |anchor: String| record.anchors.binary_search(&anchor).is_ok();
    let on = Some(local_day(claim.published_at));
    match difference.slot {
        SlotName::Date => {
            let theirs = with_prefix(&record.anchors, "d:").collect();
            slots::dates(&slots::days(frame), &theirs) == Relation::Disjoint
        }
        SlotName::Place => {
            let mine = slots::own(&frame.places);
            let theirs: Vec<&str> = with_prefix(&record.anchors, "p:").collect();
            !mine.is_empty()
                && mine.iter().all(|a| {
                    theirs
                        .iter()
                        .all(|b| !knowledge::are_places_related(lexicon, a, b, on))
                })
        }
        SlotName::Body => {
            let mine = slots::own(&frame.bodies);
            let theirs: Vec<&str> = with_prefix(&record.anchors, "b:").collect();
            mine.iter().all(|a| {
                theirs
                    .iter()
                    .all(|b| a != b && !knowledge::are_bodies_related(lexicon, a, b))
            })
        }
        SlotName::Person if !difference.claimed.contains("person:") => {
            has_no_such_office(lexicon, frame, record)
        }
        SlotName::Person | SlotName::Attribution => {
            let people = |id: &&str| id.starts_with("person:");
            let mine: Vec<&str> = slots::own(&frame.persons)
                .into_iter()
                .filter(people)
                .collect();
            let theirs: Vec<&str> = with_prefix(&record.anchors, "i:").filter(people).collect();
            !mine.is_empty()
                && mine
                    .iter()
                    .all(|a| theirs.iter().all(|b| !may_be_same_person(a, b)))
        }
        SlotName::Reference => {
            let mine = slots::own(&frame.references);
            let theirs: Vec<&str> = with_prefix(&record.anchors, "l:").collect();
            mine.iter().all(|a| {
                theirs
                    .iter()
                    .all(|b| !a.starts_with(b) && !b.starts_with(a))
            })
        }
        SlotName::Status if difference.claimed == difference.official => {
            !says_alike(frame, record, found, &difference.claimed)
        }
        SlotName::Status => !has(format!("c:{}", difference.claimed)),
        SlotName::Polarity => !says_alike(frame, record, found, &difference.claimed),
        _ => false,
    }
}

/// Whether a record never gives a person that it names the office in which a claim has them.
fn has_no_such_office(lexicon: &Lexicon, frame: &Frame, record: &Record<'_>) -> bool {
    let people = slots::own(&frame.persons).into_iter();
    let claimed: Vec<(&str, Vec<String>)> = people
        .filter_map(|man| Some((man, role(lexicon, frame, man)?)))
        .collect();
    let given = record.observations.iter().flat_map(|observation| {
        let people = slots::own(&observation.frame.persons).into_iter();
        people.filter_map(|man| Some((man, role(lexicon, &observation.frame, man)?)))
    });
    let mut given = given.filter(|(man, _)| {
        claimed
            .iter()
            .any(|(other, _)| may_be_same_person(man, other))
    });
    given.all(|(man, office)| {
        let mut same = claimed
            .iter()
            .filter(|(other, _)| may_be_same_person(man, other));
        same.all(|(_, held)| *held != office)
    })
}

/// Whether some sentence of a record asserts or negates a predicate as the claim does. One that holds less than three
/// quarters of what the differing one holds of the claim says it of somebody else: "the vet was detained" beside "no prosecutor was detained".
fn says_alike(claim: &Frame, record: &Record<'_>, found: &Match<'_>, predicate: &str) -> bool {
    let is_negated = |frame: &Frame| frame.terms.contains(&format!("x:{predicate}"));
    let (as_concept, as_word) = (format!("c:{predicate}"), format!("w:{predicate}"));
    let words: Vec<Vec<&str>> = event::words(claim).collect();
    let weight = |own: &[String]| words.iter().map(|word| event::held(word, own)).sum::<u32>();
    let held = weight(&found.observation.frame.anchors());
    record
        .observations
        .iter()
        .zip(&record.own_anchors)
        .filter(|(_, own)| {
            own.binary_search(&as_concept).is_ok() || own.binary_search(&as_word).is_ok()
        })
        .any(|(observation, own)| {
            is_negated(&observation.frame) == is_negated(claim) && weight(own) * 4 >= held * 3
        })
}

/// Ids of the anchors of one kind.
fn with_prefix<'a>(anchors: &'a [String], prefix: &'a str) -> impl Iterator<Item = &'a str> {
    anchors
        .iter()
        .filter_map(move |anchor| anchor.strip_prefix(prefix))
}

/// Words by which an office is another's, or no longer or not yet held: qualifier, and how its words begin.
const QUALIFIERS: [(&str, &[&str]); 4] = [
    ("deputy", &["вице", "зам", "орынбасар", "deputy", "vice"]),
    (
        "first_deputy",
        &["первый зам", "бірінші орынбасар", "first deputy"],
    ),
    (
        "acting",
        &[
            "и.о",
            "и. о",
            "исполняющ",
            "врио",
            "м.а",
            "міндетін атқар",
            "acting",
        ],
    ),
    (
        "former",
        &["бывш", "экс", "прежн", "бұрынғы", "former", "ex-"],
    ),
];

/// Whether the qualifier that sets a claimed office apart stands in a record's words after all.
pub(super) fn is_written(difference: &Difference, text: &str) -> bool {
    let words = text.to_lowercase();
    let claimed: Vec<&str> = difference.claimed.split(' ').collect();
    QUALIFIERS
        .iter()
        .any(|(id, forms)| claimed.contains(id) && forms.iter().any(|form| words.contains(form)))
}
