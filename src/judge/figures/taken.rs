//! Finds the figure that a number was taken from when it is given for another base: for what was done with other people or
//! things, or for all where the record speaks of a part.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::denials::FATES;
use super::super::explain;
use super::super::fact::Source as FactSource;
use super::super::frame::{TELLING_DIGITS, number_anchor, numbers, significant_digits};
use super::super::number::Outcome;
use super::super::pair::{Numbers, Pair, is_telling, profile};
use super::super::slots::{self};
use super::super::verdict::Finding;
use crate::language::{Lexicon, Mode, Quantity, Role};
use crate::model::{Claim, Difference, Frame, Modality, Part, SlotName};

use super::{COVER_SLOT, GENERIC, NEAR_BLAME, NEAR_SUPPORT, taken_from};

/// Points by which the figure of the claimed base must be nearer than the one the number was taken from.
const DONOR_LEAD: i32 = 2;

/// Coverage from which a figure can be the one a number was taken from.
const COVER_DONOR: u32 = 150;

/// Digits from which a number can only have been taken from where it stands.
const UNIQUE_DIGITS: usize = 5;

/// Words that say who or what kind, or only that something was counted, and nothing that was done.
const KINDS: [&str; 20] = [
    "collected",
    "amounted",
    "detected",
    "found",
    "registered",
    "juvenile",
    "adult",
    "electronic",
    "on_paper",
    "repeat",
    "mean_value",
    "grave",
    "minor_gravity",
    "group",
    "organised",
    "public_place",
    "per_capita",
    "per_100k",
    "drunk",
    "sober",
];

/// Those of them that tell how something came to be counted.
const COUNTING: [&str; 4] = ["collected", "detected", "found", "registered"];

/// Coverage from which a sentence about all of a number is held against one about a part of it.
const COVER_WHOLE: u32 = 600;

/// Words that say that something holds for all of a number.
const UNIVERSAL: [&str; 12] = [
    "все",
    "всех",
    "всем",
    "всеми",
    "all",
    "every",
    "барлық",
    "барлығы",
    "барлығының",
    "бәрі",
    "бәріне",
    "түгел",
];

/// Words that take something away from all.
const NEARLY: [&str; 8] = [
    "nearly",
    "almost",
    "почти",
    "практически",
    "дерлік",
    "жуығы",
    "most of",
    "большинств",
];

/// Words with which a record goes on from a number to a part of it.
const PARTITIVE: [&str; 11] = [
    " из ",
    "в том числе",
    "по ним",
    " of them",
    " of whom",
    " of which",
    " of these",
    "among them",
    "оның",
    "олардың",
    "ішінде",
];

/// Words with which such a sentence begins.
const WHOLE_FIRST: [&str; 2] = ["из ", "of "];
/// Kazakh endings of a number that is a part of what stands before it.
const POSSESSIVE: [&str; 4] = ["і", "ы", "сі", "сы"];

/// A number that the record gives for another base, while it gives a different number for the claimed one: a telling number
/// anywhere in the record, any number where one sentence gives both.
pub(super) fn donor<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    if claim.frame.modality != Modality::Asserted {
        return None;
    }
    let is_agreeing = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Agree(Outcome::Exact)
            && pair.fact.source == FactSource::Stated
            && !pair.fact.is_earlier
            && pair.fact.quantity.role != Role::Start
    };
    let agreeing = pairs
        .iter()
        .filter(is_agreeing)
        .max_by_key(|pair| pair.nearness)?;
    let rivals = || {
        let different = pairs.iter().filter(|pair| {
            pair.numbers == Numbers::Different && pair.is_keyed && pair.differences.is_empty()
        });
        different.filter(|pair| pair.fact.source == FactSource::Stated && !pair.fact.is_earlier)
    };
    let is_beside = |pair: &Pair<'_>| pair.fact.observation.text == agreeing.fact.observation.text;
    let nearest = rivals()
        .max_by_key(|pair| (pair.nearness, is_beside(pair)))
        .filter(|_| is_telling(quantity));
    let beside = rivals()
        .filter(|pair| is_beside(pair))
        .filter(|pair| matches!(pair.fact.observation.part, Part::Text(_)))
        .filter(|_| quantity.best.value >= Decimal::TEN);
    let mut rivals = nearest.into_iter().chain(beside);
    let is_said_too = |rival: &Pair<'_>| {
        let mut others = pairs.iter().filter(is_agreeing);
        others.any(|other| !tells(claim, other, rival))
    };
    let rival =
        rivals.find(|rival| is_taken(claim, quantity, agreeing, rival) && !is_said_too(rival));
    rival.map(|_| {
        let slot = agreeing.differences.first().copied();
        taken_from(
            claim,
            agreeing,
            slot.unwrap_or(SlotName::Base),
            agreeing.nearness,
        )
    })
}

/// Whether a sentence gives a number of all and one of a part: «из них 640», "of whom 17", «206 соттың 148-і», or with the
/// whole in front, «из 3 120 обратившихся 2 688».
pub(in crate::judge) fn is_parted(text: &str) -> bool {
    let text = text.to_lowercase();
    let is_first = WHOLE_FIRST.iter().any(|word| text.starts_with(word));
    // Several such numbers beside each other are a list.
    let is_owned = || {
        let words = text.split_whitespace();
        let numbers = words.filter_map(|word| word.split_once('-'));
        let owned = numbers.filter(|(number, ending)| {
            let ending = ending.trim_end_matches(|c: char| !c.is_alphabetic());
            number.ends_with(|c: char| c.is_ascii_digit()) && POSSESSIVE.contains(&ending)
        });
        owned.count() == 1
    };
    is_first || PARTITIVE.iter().any(|word| text.contains(word)) || is_owned()
}

/// A number of one thing, said of another thing that the same sentence of the record gives another number of: «1 914
/// inspections and 3,276 violations» told as 3,276 inspections. The record must give the number of nothing else, and of
/// nothing that the claim's word may stand for.
pub(super) fn counted_for_another<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let counted = quantity.unit.of.as_deref()?;
    let is_plain = claim.frame.modality == Modality::Asserted
        && quantity.mode == Mode::Bare
        && quantity.best.value >= Decimal::TEN
        && !GENERIC.contains(&counted);
    if !is_plain {
        return None;
    }
    let is_stated = |pair: &&Pair<'a>| {
        pair.fact.source == FactSource::Stated
            && !pair.fact.is_earlier
            && matches!(pair.fact.observation.part, Part::Text(_) | Part::Title(_))
    };
    let is_agreeing = |pair: &&Pair<'a>| matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded);
    let is_of_another = |pair: &Pair<'_>| {
        let of = pair.fact.quantity.unit.of.as_deref();
        of.is_some_and(|of| !GENERIC.contains(&of) && !lexicon.is_a(of, counted))
    };
    let mut agreeing = pairs.iter().filter(is_agreeing);
    if !agreeing.clone().all(is_of_another) {
        return None;
    }
    let taken = agreeing.find(is_stated)?;
    let rival = pairs.iter().filter(is_stated).find(|pair| {
        pair.fact.observation.text == taken.fact.observation.text
            && pair.numbers == Numbers::Different
            && pair.fact.quantity.unit.of.as_deref() == Some(counted)
    })?;
    let rival_number = number_anchor(&rival.fact.quantity);
    // Who gives both numbers of the sentence and this one for the other thing has exchanged them.
    let is_sure = taken.is_keyed && (taken.coverage >= COVER_DONOR || taken.is_same_region);
    let is_exchanged = claim.frame.terms.contains(&rival_number)
        && taken.coverage >= COVER_WHOLE
        && !is_parted(&taken.fact.observation.text);
    let is_sure = is_sure && (is_exchanged || !claim.frame.terms.contains(&rival_number));
    is_sure.then(|| {
        let difference = Difference {
            slot: SlotName::Base,
            claimed: counted.to_owned(),
            official: taken.fact.quantity.unit.of.clone().unwrap_or_default(),
        };
        let strength = taken.nearness.max(NEAR_BLAME);
        Finding::same_number(difference, taken.fact.observation, strength)
    })
}

/// Whether a claim says something specific that the rival says of its number and the figure that agrees does not.
fn tells(claim: &Claim, agreeing: &Pair<'_>, rival: &Pair<'_>) -> bool {
    let (its, rivals) = (profile(&agreeing.fact.frame), profile(&rival.fact.frame));
    profile(&claim.frame)
        .iter()
        .filter(|id| !GENERIC.contains(id))
        .filter(|id| !claim.frame.terms.contains(&format!("x:{id}")))
        .any(|id| rivals.contains(id) && !its.contains(id))
}

/// Whether a claim's number was taken from the figure that agrees with it, and should have been the rival's.
fn is_taken(claim: &Claim, quantity: &Quantity, agreeing: &Pair<'_>, rival: &Pair<'_>) -> bool {
    // A sentence that gives the other number too tells the two apart by itself.
    if claim
        .frame
        .terms
        .contains(&number_anchor(&rival.fact.quantity))
    {
        return false;
    }
    let (mine, its, rivals) = (
        profile(&claim.frame),
        profile(&agreeing.fact.frame),
        profile(&rival.fact.frame),
    );
    let said = specific(&claim.frame);
    let shared = |pair: &Pair<'_>| specific(&pair.fact.frame).intersection(&said).count();
    // One sentence that gives two numbers, and says of the other what the claim says, needs no name for the first.
    let is_beside = agreeing.fact.observation.text == rival.fact.observation.text;
    let done = steps(&claim.frame);
    let alike = |pair: &Pair<'_>| steps(&pair.fact.frame).intersection(&done).count();
    // «Of 5,240 appeals 612 were upheld»: the whole is named for its part.
    let is_parted = is_parted(&rival.fact.observation.text);
    let is_whole = is_beside && is_parted && rival.fact.quantity.best.value > quantity.best.value;
    // What stands before the first number of a list is said of all: only a figure with a deed of its own is another's.
    let is_contrasted = is_beside
        && alike(rival) > 0
        && alike(agreeing) == 0
        && !steps(&agreeing.fact.frame).is_empty();
    let mut own = its.iter().filter(|id| !GENERIC.contains(id));
    let tells_donor = is_contrasted || own.any(|id| !mine.contains(id) && !rivals.contains(id));
    let is_nearer =
        rival.nearness >= agreeing.nearness + DONOR_LEAD || shared(rival) > shared(agreeing);
    let is_nearer = is_nearer || is_contrasted;
    // Figures of the whole country share no region: there the figure of the claimed base must be beyond doubt.
    let is_national = agreeing.is_keyed && rival.is_same_measure && rival.nearness >= NEAR_BLAME;
    let is_sure = agreeing.is_same_region
        || agreeing.coverage >= COVER_DONOR
        || significant_digits(quantity.best.value) >= UNIQUE_DIGITS
        || is_national;
    // Between two sentences only a deed of the claim's that the other one has tells whose number it is; between cells of a
    // row the column does.
    let is_row = is_beside && matches!(agreeing.fact.observation.part, Part::Cell { .. });
    let is_done = alike(rival) > 0 && alike(agreeing) == 0;
    let is_done = is_done
        && !deeds(&agreeing.fact.frame).is_empty()
        && quantity.unit.of.is_some()
        && quantity.unit.of == rival.fact.quantity.unit.of;
    // «Айыппұл салынды – 412 млн», «өндірілді – 287»: of one thing the record gives the number on which the deed was done.
    let is_refined =
        quantity.best.has_decimals || significant_digits(quantity.best.value) >= TELLING_DIGITS;
    let is_refined = is_refined
        && alike(rival) > 0
        && alike(agreeing) == 0
        && specific(&agreeing.fact.frame).is_subset(&specific(&rival.fact.frame))
        && shared(agreeing) > 0
        && rival.fact.quantity.unit.dimension == quantity.unit.dimension
        && rival.fact.quantity.best.value < quantity.best.value;
    let is_told = if is_beside {
        is_contrasted || is_row && shared(rival) > 0
    } else {
        is_done || is_refined
    };
    let tells_donor = tells_donor || is_refined;
    is_nearer
        && !is_whole
        && is_told
        && tells(claim, agreeing, rival)
        && tells_donor
        && is_sure
        && (is_refined || rival.coverage >= agreeing.coverage)
}

/// What a figure's own clause says was done and to whom, as far as it sets the figure apart; not the noun that is counted.
pub(super) fn specific(frame: &Frame) -> BTreeSet<&str> {
    let counted = frame
        .quantity
        .as_ref()
        .and_then(|quantity| quantity.unit.of.as_deref());
    let own = profile(frame).into_iter();
    own.filter(|id| !GENERIC.contains(id) && Some(*id) != counted)
        .collect()
}

/// What a figure's own clause says was done or became, in whatever words.
pub(in crate::judge) fn said(frame: &Frame) -> BTreeSet<&str> {
    let lists = [&frame.qualifiers, &frame.statuses, &frame.actions];
    let own = lists.into_iter().flat_map(|list| slots::in_clause(list));
    own.filter(|id| !GENERIC.contains(id))
        .chain(deeds(frame))
        .collect()
}

/// What a figure's own clause says was done or befell somebody.
pub(super) fn deeds(frame: &Frame) -> BTreeSet<&str> {
    let lists = [&frame.qualifiers, &frame.statuses, &frame.actions];
    let own = lists.into_iter().flat_map(|list| slots::in_clause(list));
    let own = own.filter(|id| !KINDS.contains(id));
    let fates = slots::in_clause(&frame.measures).into_iter();
    let fates = fates.filter(|id| FATES.contains(id));
    let is_negated = |id: &&str| frame.terms.contains(&format!("x:{id}"));
    own.filter(|id| !GENERIC.contains(id))
        .chain(fates)
        .filter(|id| !is_negated(id))
        .collect()
}

/// The same with what only says how something came to be counted: beside another deed, «registered 642, sent 214 to court», it
/// tells whose number is whose.
fn steps(frame: &Frame) -> BTreeSet<&str> {
    let lists = [&frame.qualifiers, &frame.statuses, &frame.actions];
    let own = lists.into_iter().flat_map(|list| slots::in_clause(list));
    let counted = own.filter(|id| COUNTING.contains(id));
    counted.chain(deeds(frame)).collect()
}

/// Whether a text in small letters says that something holds for all.
fn is_universal(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| UNIVERSAL.contains(&word))
}

/// Whether it takes something away from all.
fn is_nearly(text: &str) -> bool {
    NEARLY.iter().any(|word| text.contains(word))
}

/// Whether a text in small letters says that something holds for all, and takes nothing away.
pub(in crate::judge) fn is_of_all(text: &str) -> bool {
    is_universal(text) && !is_nearly(text)
}

/// A number of all, said of what the record says only of a part that it gives in the same sentence.
pub(super) fn whole_for_part<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let words = claim.text.to_lowercase();
    let is_universal = is_universal(&words);
    let is_nearly = is_nearly(&words);
    let mut done = said(&claim.frame);
    // Deaths are what the dead are counted by.
    if slots::in_clause(&claim.frame.measures).contains("death") {
        done.insert("dead");
    }
    let whole = pairs
        .iter()
        .filter(|pair| {
            pair.numbers == Numbers::Agree(Outcome::Exact)
                && pair.fact.source == FactSource::Stated
                && matches!(pair.fact.observation.part, Part::Text(_))
        })
        .max_by_key(|pair| pair.nearness)?;
    // Who gives the number as a whole of something, «из 3 264 вернулись почти 74%», says nothing of all.
    let is_whole_here = numbers(&claim.frame).count() > 1 && is_parted(&claim.text);
    let is_parted = is_parted(&whole.fact.observation.text);
    let of_whole = said(&whole.fact.frame);
    let is_part = |pair: &&Pair<'a>| {
        let its: Vec<&str> = said(&pair.fact.frame)
            .difference(&of_whole)
            .copied()
            .collect();
        pair.fact.source == FactSource::Stated
            && pair.fact.observation.text == whole.fact.observation.text
            && pair.fact.quantity.best.value < quantity.best.value
            && slots::is_comparable(&pair.fact.quantity.unit.dimension, &quantity.unit.dimension)
            && its.iter().any(|id| done.contains(id))
            && !claim
                .frame
                .terms
                .contains(&number_anchor(&pair.fact.quantity))
    };
    // Who says of the number what the record says of it may say the other beside it: «61 пострадавший, есть погибшие».
    let is_own = done.iter().any(|id| of_whole.contains(id));
    let needed = if is_own { COVER_WHOLE } else { COVER_SLOT };
    let is_sure = is_universal || whole.coverage >= needed && numbers(&claim.frame).count() == 1;
    let part = pairs
        .iter()
        .filter(|_| is_parted && is_sure)
        .find(is_part)?;
    let is_asserted = claim.frame.modality == Modality::Asserted
        && quantity.mode == Mode::Bare
        && quantity.best.value >= Decimal::TEN
        && !is_nearly
        && !is_whole_here;
    // Who says «all of the 206» says how many; who says «206» may have taken the whole for its part.
    let slot = if is_universal {
        SlotName::Value
    } else {
        SlotName::Base
    };
    is_asserted.then(|| {
        Finding::same_number(
            explain::difference(claim, part.fact, slot),
            part.fact.observation,
            whole.nearness.max(NEAR_SUPPORT),
        )
    })
}
