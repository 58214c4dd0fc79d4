//! Looks for a claim in a page as it stands now: does it still stand, where and in which words, or what became of it?
//!
//! A page that changed is no page that was corrected. The claim's own frame is held against every claim of the new revision:
//! a sentence about the same thing that says the same in the slot that differs is the claim, in whatever words and wherever it
//! stands, also where the judge no longer finds its record. Only where no claim carries it, and the text itself does not, has
//! it ended; then what stands in its place and what the editor wrote about it tell how.

use std::collections::BTreeSet;

use super::fact::{self, folded};
use super::note;
use crate::language::Dimension;
use crate::model::{
    Carrier, Claim, Copy, CopyState, Document, EventKind, Frame, Label, Part, Revision, SlotName,
    Verdict, anchor_weight,
};

/// Share of the anchors' weight, in thousandths, from which on two sentences of one page speak of the same thing.
const SAME_THING: u32 = 500;
/// The same where both say one precise number.
const SAME_NUMBER: u32 = 150;
/// The same for a sentence that may have taken the place of another: the mended one often says more, or less.
const IN_PLACE: u32 = 350;
/// The same for slots that most sentences fill alike (certainty, negation): there the words must agree more.
const SAME_WORDS: u32 = 650;
/// Share of its words, in thousandths, that a sentence keeps when it is only touched up.
const TOUCHED_UP: usize = 800;

/// A page as it stands now, and what a case knows of its claim.
pub(super) struct Look<'a> {
    /// The newest revision.
    pub(super) page: &'a Revision,
    /// The revision in which the copy was last looked at; `None` when it is the newest, or not at hand.
    pub(super) earlier: Option<&'a Revision>,
    /// The claims of the newest revision with their verdicts.
    pub(super) on_page: &'a [&'a (Claim, Verdict)],
    /// Those of them that the record of this case contradicts in the same way.
    pub(super) contradicting: &'a [&'a Claim],
    /// The slot that differs.
    pub(super) slot: SlotName,
    /// The value that differs, as the publication had it.
    pub(super) claimed: &'a str,
    /// The official statement.
    pub(super) official: Option<&'a Frame>,
    /// Whether the record has another revision than the case quotes.
    pub(super) has_record_changed: bool,
    /// Whether a person confirmed the case.
    pub(super) is_confirmed: bool,
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    /// Nothing changed.
    Same,
    /// The claim stands, carried by these sentences.
    Stands(Vec<Carrier>, EventKind),
    /// The claim has ended; with the sentence that took its place.
    Ended(CopyState, EventKind, Option<String>),
}

/// A claim as what carries it.
pub(super) fn carrier(claim: &Claim) -> Carrier {
    Carrier {
        claim: claim.id.clone(),
        part: claim.part.clone(),
        sentence: claim.text.clone(),
        frame: claim.frame.clone(),
    }
}

/// Looks for the claim of a copy that stood when it was last looked at.
pub(super) fn look(copy: &Copy, look: &Look<'_>) -> Came {
    if look.page.is_gone {
        return Came::Ended(CopyState::Gone, EventKind::PageGone, None);
    }
    if look.page.id == *copy.looked_at.as_ref().unwrap_or(&copy.revision) {
        return judged_again(copy, look);
    }
    let carriers = carriers(copy, look);
    if !carriers.is_empty() {
        let kind = how_it_stands(copy, &carriers, look);
        return Came::Stands(carriers, kind);
    }
    if says_so_still(copy, look) {
        let why = if look.has_record_changed {
            EventKind::RecordChanged
        } else {
            EventKind::JudgedAgain
        };
        return Came::Ended(CopyState::Cleared, why, None);
    }
    let (in_place, is_official) = in_place(copy, look);
    if !is_official && let Some(kind) = text_carries(copy, look) {
        return Came::Stands(copy.carriers.clone(), kind);
    }
    ended(in_place, is_official, has_note(look))
}

/// The page is as it was; what was judged of it is not.
fn judged_again(copy: &Copy, look: &Look<'_>) -> Came {
    if !look.contradicting.is_empty() {
        return Came::Same;
    }
    if look.has_record_changed {
        return Came::Ended(CopyState::Cleared, EventKind::RecordChanged, None);
    }
    let is_settled = said(copy, look).any(|(_, verdict)| is_agreed(verdict.label));
    // Without a record that agrees, a person's decision outweighs a record that is no longer found; and of a sentence that was
    // never held against the record nothing new is known.
    if !is_settled && (look.is_confirmed || copy.is_inferred) {
        return Came::Same;
    }
    Came::Ended(CopyState::Cleared, EventKind::JudgedAgain, None)
}

/// Whether a verdict says that the record agrees, or once did.
fn is_agreed(label: Label) -> bool {
    matches!(label, Label::Supported | Label::Outdated)
}

/// The sentences of a copy, folded.
fn sentences(copy: &Copy) -> BTreeSet<String> {
    let own = std::iter::once(copy.sentence.as_str());
    let carriers = copy
        .carriers
        .iter()
        .map(|carrier| carrier.sentence.as_str());
    own.chain(carriers).map(folded).collect()
}

/// The claims of the page whose sentences the copy had.
fn said<'a>(copy: &Copy, look: &Look<'a>) -> impl Iterator<Item = &'a (Claim, Verdict)> {
    let sentences = sentences(copy);
    let id = copy.claim.clone();
    let on_page = look.on_page.iter().copied();
    on_page.filter(move |(claim, _)| claim.id == id || sentences.contains(&folded(&claim.text)))
}

/// Whether the page says word for word what it said, and the record no longer differs.
fn says_so_still(copy: &Copy, look: &Look<'_>) -> bool {
    said(copy, look).any(|(_, verdict)| look.has_record_changed || is_agreed(verdict.label))
}

/// The claims of the page that carry the claim, in the order of the page.
pub(super) fn carriers(copy: &Copy, look: &Look<'_>) -> Vec<Carrier> {
    let sentences = sentences(copy);
    let carries = |claim: &Claim, verdict: &Verdict| {
        if note::takes_back(&claim.text) {
            return false;
        }
        if look.contradicting.iter().any(|one| one.id == claim.id) {
            return true;
        }
        if is_agreed(verdict.label) {
            return false;
        }
        if sentences.contains(&folded(&claim.text)) {
            return !look.has_record_changed;
        }
        if verdict.label == Label::Contradicted && is_touched_up(copy, claim, look.slot) {
            return true;
        }
        restates(copy, claim, look.slot)
    };
    let mut seen = BTreeSet::new();
    let on_page = look.on_page.iter();
    on_page
        .filter(|(claim, verdict)| carries(claim, verdict))
        .filter(|(claim, _)| seen.insert((folded(&claim.text), is_title(&claim.part))))
        .map(|(claim, _)| carrier(claim))
        .collect()
}

fn is_title(part: &Part) -> bool {
    matches!(part, Part::Title(_))
}

/// Whether a claim says in other words what the copy said.
fn restates(copy: &Copy, claim: &Claim, slot: SlotName) -> bool {
    if copy.carriers.is_empty() {
        return keeps_words(&copy.sentence, &claim.text);
    }
    copy.carriers.iter().any(|carrier| {
        says_the_same(slot, &carrier.frame, &claim.frame)
            && about_the_same(&carrier.frame, &claim.frame, slot) >= least(slot, &carrier.frame)
    })
}

/// The share of anchors from which on a sentence that says the same in the slot is the claim. A precise number is nearly proof
/// alone: one page seldom says it of two things.
fn least(slot: SlotName, frame: &Frame) -> u32 {
    match slot {
        SlotName::Modality | SlotName::Polarity | SlotName::Attribution => SAME_WORDS,
        SlotName::Value | SlotName::Unit if is_precise(frame) => SAME_NUMBER,
        _ => SAME_THING,
    }
}

/// Whether the number of a frame has three digits that say something.
fn is_precise(frame: &Frame) -> bool {
    frame.quantity.as_ref().is_some_and(|quantity| {
        let digits = quantity.best.value.normalize().mantissa();
        digits.unsigned_abs() >= 100
    })
}

/// Whether a claim that differs from the record too is the copy's sentence with a word more or less, where what differs is a
/// step, a certainty or a negation: the judge may then name another slot.
fn is_touched_up(copy: &Copy, claim: &Claim, slot: SlotName) -> bool {
    if !matches!(
        slot,
        SlotName::Status | SlotName::Polarity | SlotName::Modality
    ) {
        return false;
    }
    let after = folded(&claim.text);
    let after: BTreeSet<&str> = after.split(' ').collect();
    sentences(copy).iter().any(|sentence| {
        let before: BTreeSet<&str> = sentence.split(' ').collect();
        before.intersection(&after).count() * 1000 >= before.len() * TOUCHED_UP
    })
}

/// For copies of which no frame is kept: whether a sentence repeats all digits and half of the words of another.
fn keeps_words(before: &str, after: &str) -> bool {
    let (before, after) = (folded(before), folded(after));
    let before: BTreeSet<&str> = before.split(' ').collect();
    let after: BTreeSet<&str> = after.split(' ').collect();
    let is_digits = |word: &&&str| word.chars().all(|letter| letter.is_ascii_digit());
    let digits: BTreeSet<&str> = before.iter().filter(is_digits).copied().collect();
    let n_shared = before.intersection(&after).count();
    !digits.is_empty() && digits.is_subset(&after) && n_shared * 2 >= before.len()
}

/// Whether two frames say the same in a slot. A number is the same in whatever role where the role is not what differs.
fn says_the_same(slot: SlotName, before: &Frame, after: &Frame) -> bool {
    match (slot, &before.quantity, &after.quantity) {
        (SlotName::Value | SlotName::Unit, Some(before), Some(after)) => {
            let (one, other) = (&before.unit.dimension, &after.unit.dimension);
            let is_one_kind = one == other || *one == Dimension::Bare || *other == Dimension::Bare;
            before.best.value == after.best.value && before.best.hi == after.best.hi && is_one_kind
        }
        _ => {
            let value = fact::slot_value(slot, before);
            let same_number = match (&before.quantity, &after.quantity) {
                (Some(before), Some(after)) => before.best.value == after.best.value,
                (None, None) => true,
                _ => false,
            };
            !value.is_empty() && value == fact::slot_value(slot, after) && same_number
        }
    }
}

/// The share of a statement's anchors that another has too, by weight and in thousandths; those of the slot are left out.
fn about_the_same(before: &Frame, after: &Frame, slot: SlotName) -> u32 {
    let is_counted = |anchor: &String| !is_of_slot(slot, anchor);
    let before: BTreeSet<String> = before.anchors().into_iter().filter(is_counted).collect();
    let after: BTreeSet<String> = after.anchors().into_iter().collect();
    let weight = |anchors: &mut dyn Iterator<Item = &String>| -> u32 {
        anchors.map(|anchor| anchor_weight(anchor)).sum()
    };
    let all = weight(&mut before.iter());
    let shared = weight(&mut before.intersection(&after));
    (shared * 1000).checked_div(all).unwrap_or_default()
}

/// Whether an anchor may belong to the slot.
fn is_of_slot(slot: SlotName, anchor: &str) -> bool {
    let kinds: &[&str] = match slot {
        SlotName::Value | SlotName::Unit | SlotName::Change => &["n:"],
        SlotName::Direction | SlotName::Modality | SlotName::Polarity | SlotName::Attribution => {
            &[]
        }
        SlotName::Base | SlotName::Status => &["c:"],
        SlotName::Period | SlotName::Date => &["t:", "d:"],
        SlotName::Place => &["p:"],
        SlotName::Body => &["b:"],
        SlotName::Person => &["i:", "o:"],
        SlotName::Reference => &["l:"],
    };
    kinds.iter().any(|kind| anchor.starts_with(kind))
}

/// How the claim stands now against how it stood.
fn how_it_stands(copy: &Copy, now: &[Carrier], look: &Look<'_>) -> EventKind {
    let before = &copy.carriers;
    let has = |carriers: &[Carrier], title: bool| {
        carriers
            .iter()
            .any(|carrier| is_title(&carrier.part) == title)
    };
    if has(before, true) && has(before, false) && has(now, true) != has(now, false) {
        return if has(now, true) {
            EventKind::HeadlineStands
        } else {
            EventKind::TextStands
        };
    }
    let known = sentences(copy);
    let is_known = |carrier: &Carrier| known.contains(&folded(&carrier.sentence));
    if now.len() < before.len() && now.iter().all(is_known) {
        return EventKind::SomeMended;
    }
    if !now.iter().all(is_known) {
        return EventKind::Reworded;
    }
    let moved = before.iter().any(|carrier| {
        let others = now.iter();
        let mut same = others.filter(|one| folded(&one.sentence) == folded(&carrier.sentence));
        same.next().is_some_and(|one| has_moved(carrier, one, look))
    });
    if moved {
        EventKind::Moved
    } else {
        EventKind::Stands
    }
}

/// Whether a sentence stands elsewhere: in another kind of place, or between two other blocks than before.
fn has_moved(before: &Carrier, now: &Carrier, look: &Look<'_>) -> bool {
    match (&before.part, &now.part, look.earlier) {
        (Part::Text(old), Part::Text(new), Some(earlier)) => {
            let (old_above, old_below) = around(earlier, old.start);
            let (new_above, new_below) = around(look.page, new.start);
            old_above != new_above && old_below != new_below
        }
        (Part::Text(_), Part::Text(_), None) => false,
        (before, now, _) => std::mem::discriminant(before) != std::mem::discriminant(now),
    }
}

/// The blocks before and after the one in which a byte of the text stands, folded.
fn around(revision: &Revision, at: usize) -> (Option<String>, Option<String>) {
    let blocks = &revision.document.blocks;
    let mut end = 0;
    let mut place = blocks.len();
    for (number, block) in blocks.iter().enumerate() {
        end += block.text.len() + 1;
        if at < end {
            place = number;
            break;
        }
    }
    let text = |place: Option<usize>| {
        place
            .and_then(|place| blocks.get(place))
            .map(|block| folded(&block.text))
    };
    (text(place.checked_sub(1)), text(place.checked_add(1)))
}

/// The new sentence that took the claim's place, and whether it says what the record says; `None` when there is none.
fn in_place<'a>(copy: &Copy, look: &Look<'a>) -> (Option<&'a (Claim, Verdict)>, bool) {
    let before = look.earlier.map(|earlier| {
        let lines: Vec<String> = earlier.document.lines().map(|line| folded(&line)).collect();
        lines.join("\n")
    });
    let is_new = |claim: &Claim| match &before {
        Some(before) => !before.contains(&folded(&claim.text)),
        None => true,
    };
    let mut best: Option<(u32, &'a (Claim, Verdict))> = None;
    for finding in look.on_page.iter().copied() {
        let (claim, _) = finding;
        if note::takes_back(&claim.text) || !is_new(claim) {
            continue;
        }
        let frames = copy.carriers.iter();
        let nearness =
            frames.map(|carrier| about_the_same(&carrier.frame, &claim.frame, look.slot));
        let nearness = nearness.max().unwrap_or_default();
        if nearness >= IN_PLACE && best.is_none_or(|(known, _)| nearness > known) {
            best = Some((nearness, finding));
        }
    }
    let is_official = best.is_some_and(|(_, (claim, verdict))| {
        is_agreed(verdict.label)
            || look
                .official
                .is_some_and(|official| says_the_same(look.slot, official, &claim.frame))
    });
    (best.map(|(_, finding)| finding), is_official)
}

/// Whether the text itself still has the claim, where no claim was read from it: a sentence that stands whole in some line, or
/// one that keeps most of its words and the value.
fn text_carries(copy: &Copy, look: &Look<'_>) -> Option<EventKind> {
    let claimed = folded(look.claimed);
    let claimed: BTreeSet<&str> = claimed.split(' ').filter(|word| !word.is_empty()).collect();
    let lines = look.page.document.lines();
    let lines: Vec<String> = lines
        .filter(|line| !note::takes_back(line))
        .map(|line| folded(&line))
        .collect();
    for sentence in sentences(copy) {
        if lines.iter().any(|line| contains_words(line, &sentence)) {
            return Some(EventKind::Moved);
        }
    }
    if matches!(
        look.slot,
        SlotName::Modality | SlotName::Polarity | SlotName::Attribution | SlotName::Status
    ) {
        return None;
    }
    let is_touched_up = |sentence: &String| {
        let words: BTreeSet<&str> = sentence.split(' ').collect();
        !claimed.is_empty()
            && claimed.is_subset(&words)
            && lines.iter().any(|line| {
                let line: BTreeSet<&str> = line.split(' ').collect();
                let n_kept = words.intersection(&line).count();
                claimed.is_subset(&line) && n_kept * 1000 >= words.len() * TOUCHED_UP
            })
    };
    sentences(copy)
        .iter()
        .any(is_touched_up)
        .then_some(EventKind::Reworded)
}

/// Whether a line has the words of a sentence one after the other.
fn contains_words(line: &str, sentence: &str) -> bool {
    !sentence.is_empty() && format!(" {line} ").contains(&format!(" {sentence} "))
}

/// Whether the page has a line about a correction that it did not have before.
fn has_note(look: &Look<'_>) -> bool {
    let earlier = look.earlier.map(|earlier| &earlier.document);
    notes_correction(earlier, &look.page.document)
}

/// Whether a document has a line about a correction that the one before did not have.
pub fn notes_correction(before: Option<&Document>, now: &Document) -> bool {
    let before: BTreeSet<String> = match before {
        Some(before) => before.lines().map(|line| folded(&line)).collect(),
        None => BTreeSet::new(),
    };
    let mut lines = now.lines();
    lines.any(|line| note::tells_of_correction(&line) && !before.contains(&folded(&line)))
}

/// How a claim ended, by what stands in its place and whether the editor wrote about it.
fn ended(in_place: Option<&(Claim, Verdict)>, is_official: bool, has_note: bool) -> Came {
    let sentence = in_place.map(|(claim, _)| claim.text.clone());
    let is_other_error = in_place.is_some_and(|(_, verdict)| verdict.label == Label::Contradicted);
    let (state, kind) = match (in_place.is_some(), has_note) {
        (true, _) if is_other_error && !is_official => {
            (CopyState::Dropped, EventKind::ReplacedByOther)
        }
        (true, true) => (CopyState::Corrected, EventKind::CorrectedWithNote),
        (true, false) => (CopyState::Corrected, EventKind::CorrectedSilently),
        (false, true) => (CopyState::Corrected, EventKind::WithdrawnWithNote),
        (false, false) => (CopyState::Dropped, EventKind::DroppedSilently),
    };
    Came::Ended(state, kind, sentence)
}
