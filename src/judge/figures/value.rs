//! Says when a number that a record does not have differs from the one it has: the figure must be of the same thing, and
//! stand nearer than any other; a slip of the hand is recognised by its digits.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::event::{self};
use super::super::explain;
use super::super::fact::{Fact, Source as FactSource};
use super::super::frame::{OTHER_SPEAKER, TELLING_DIGITS, number_anchor, significant_digits};
use super::super::number::{Outcome, Printed, compare_all, is_exchange, is_shift, is_slip};
use super::super::pair::{Numbers, Pair, is_telling};
use super::super::slots::{self, Relation};
use super::super::verdict::Finding;
use crate::language::{Dimension, Lexicon, Mode, Quantity, Role, local_day};
use crate::model::{Claim, Frame, Label, Modality, Origin, Part, SlotName};

use super::{COVER_VALUE, GENERIC, NEAR_BLAME, NEAR_SUPPORT, is_same_key};

/// The concept of being so many.
const AMOUNTED: &str = "amounted";
/// How many times one number may be the other and still be held against it.
const MOST_APART: Decimal = Decimal::from_parts(25, 0, 0, false, 1);
/// Days after which a period that a sentence names is another year's.
const PAST_DAYS: i64 = 200;
/// Numbers of a record that are tried in pairs.
const MOST_RECKONED: usize = 80;
/// Points by which the nearest figure must lead the next one with another value.
const LEAD: i32 = 2;

/// Points of lead that leave no doubt which figure is meant.
const CLEAR_LEAD: i32 = 5;

/// Coverage from which a number that differs is blamed where that figure leads clearly.
const COVER_CLEAR: u32 = 300;

/// Coverage from which the one area or distance of a record is blamed.
const COVER_LONE: u32 = 350;

/// Coverage from which a number of another magnitude is blamed.
const COVER_APART: u32 = 250;

/// Coverage from which a number with one wrong digit is a slip, and no other number.
const COVER_DIGIT: u32 = 600;

/// Share of a cell's row and column that a claim must say before the cell is held against it.
const COVER_ROW: u32 = 400;

/// Coverage from which two exchanged digits of a round number are a slip, «530» for «350».
const COVER_ROUND: u32 = 800;

/// Coverage from which a count below ten is blamed: records are full of them.
const COVER_SMALL: u32 = 700;

/// Coverage from which a number of three digits or more that is a slip of the record's is blamed.
const COVER_SLIP: u32 = 180;

/// Whether two numbers are of one size: what is copied wrongly or rounded badly is seldom more than twice or less than half.
fn is_near(a: Decimal, b: Decimal) -> bool {
    let (large, small) = if a > b { (a, b) } else { (b, a) };
    small > Decimal::ZERO && large <= small * MOST_APART
}

/// Whether a claim is of several places together, and the record's figure of one of them.
fn names_several(claim: &Claim, pair: &Pair<'_>) -> bool {
    let named = |frame: &Frame| {
        let own = slots::own(&frame.places);
        own.into_iter()
            .filter(|place| *place != slots::COUNTRY)
            .count()
    };
    named(&claim.frame) > 1 && named(&pair.fact.frame) == 1
}

/// Whether a number is the difference or the sum of two that the record gives of what is claimed: a publication may reckon
/// with two sentences, or with two cells of a row; with two of a column only where it names a place. Small numbers and
/// percentages come out of any two by chance: only those of one sentence or row count.
fn is_derived<'p>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: impl Iterator<Item = &'p Pair<'p>>,
) -> bool {
    let is_placed = slots::own(&claim.frame.places)
        .iter()
        .any(|place| *place != slots::COUNTRY);
    let is_chance =
        quantity.best.value < Decimal::ONE_HUNDRED || quantity.unit.dimension == Dimension::Percent;
    let mut lines: BTreeMap<Line<'_>, BTreeSet<Decimal>> = BTreeMap::new();
    let stated = pairs.filter(|pair| {
        pair.fact.source == FactSource::Stated
            && !is_of_a_part(claim, pair)
            && slots::is_comparable(&pair.fact.quantity.unit.dimension, &quantity.unit.dimension)
    });
    for pair in stated {
        let text = pair.fact.observation.text.as_str();
        let found = match pair.fact.observation.part {
            Part::Cell { table, row, .. } if is_chance || !is_placed => vec![Line::Row(table, row)],
            Part::Cell { table, row, column } => {
                vec![Line::Row(table, row), Line::Column(table, column)]
            }
            _ if is_chance => vec![Line::Text(text)],
            _ => vec![Line::Text("")],
        };
        for line in found {
            let values = lines.entry(line).or_default();
            values.insert(pair.fact.quantity.best.value);
        }
    }
    lines
        .into_values()
        .any(|values| is_reckoned(quantity, values))
}

/// Where numbers stand that may be reckoned with each other.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Line<'a> {
    /// Those of one sentence, or of all of them where none is named.
    Text(&'a str),
    /// Those of a table's row.
    Row(usize, usize),
    /// Those of a table's column.
    Column(usize, usize),
}

/// Whether a number is the difference or the sum of two others.
fn is_reckoned(quantity: &Quantity, values: BTreeSet<Decimal>) -> bool {
    let values: Vec<Decimal> = values.into_iter().take(MOST_RECKONED).collect();
    let agrees = |value: Decimal| {
        let printed = Printed {
            value,
            step: Decimal::ONE,
        };
        compare_all(quantity, printed).0 <= Outcome::Rounded
    };
    values.iter().enumerate().any(|(place, a)| {
        values[place + 1..]
            .iter()
            .any(|b| agrees(b - a) || agrees(a + b))
    })
}

/// Words before a number of what came on top of another: it is no count of all.
const FURTHER: [&str; 8] = [
    "ещё",
    "еще",
    "дополнительно",
    "another",
    "further",
    "additional",
    "тағы",
    "қосымша",
];

/// Whether a claim gives its number as one on top of another: «ещё 1 424 человека».
fn is_further(claim: &Claim, quantity: &Quantity) -> bool {
    let number = quantity.best.value.normalize().to_string();
    let text = claim.text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_number = |word: &&str| {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        !digits.is_empty() && number.starts_with(&digits)
    };
    let mut places = words.iter().enumerate();
    places.any(|(at, word)| {
        let mut behind = words[at + 1..].iter().take(FURTHER_WORDS);
        FURTHER.contains(word) && behind.any(is_number)
    })
}

/// Whether a record's sentence speaks of what came on top.
fn is_further_in(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| FURTHER.contains(&word))
}

/// How far before its number such a word may stand.
const FURTHER_WORDS: usize = 2;

/// What figures that disagree in number say: the nearest of them, when it leads.
pub(super) fn disagreement<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
    lexicon: &Lexicon,
) -> Option<Finding<'a>> {
    // A change is no rival of a level, nor the level before of the one after.
    let is_keyed = pairs.iter().any(|pair| {
        is_same_key(claim, pair) && pair.is_same_measure && pair.numbers != Numbers::Incomparable
    });
    let is_indexed = |frame: &Frame| frame.terms.iter().any(|term| term.starts_with("k:"));
    let comparable = || {
        let pairs = pairs
            .iter()
            .filter(|pair| !is_indexed(&claim.frame) || is_indexed(&pair.fact.frame));
        let pairs = pairs.filter(|pair| !is_keyed || is_same_key(claim, pair));
        let pairs = pairs.filter(|pair| !is_of_a_part(claim, pair));
        pairs.filter(|pair| {
            pair.numbers != Numbers::Incomparable
                && pair.fact.source != FactSource::Share
                && pair.differences.is_empty()
                && slots::roles(quantity, &pair.fact.quantity) != Relation::Disjoint
                && (!pair.fact.is_earlier || quantity.role == Role::Start)
        })
    };
    let best = comparable().max_by_key(|pair| pair.nearness)?;
    // The same digits with another magnitude are that figure, where another is hardly nearer.
    let is_money = matches!(quantity.unit.dimension, Dimension::Money(_));
    let is_plain = |pair: &Pair<'_>| match quantity.unit.dimension {
        Dimension::Duration => pair.coverage >= COVER_SMALL,
        _ => is_telling(quantity) || is_money && pair.coverage >= COVER_VALUE,
    };
    let shifted = comparable().filter(|pair| {
        pair.numbers == Numbers::MagnitudeApart
            && is_plain(pair)
            && pair.is_same_measure
            && pair.is_keyed
            && pair.nearness + LEAD >= best.nearness
    });
    let best = shifted.max_by_key(|pair| pair.nearness).unwrap_or(best);
    let is_apart = best.numbers == Numbers::MagnitudeApart;
    // An area, a distance or a time of which the record gives one alone.
    let dimension = &best.fact.quantity.unit.dimension;
    let is_measured = matches!(
        dimension,
        Dimension::Length
            | Dimension::Area
            | Dimension::Mass
            | Dimension::Volume
            | Dimension::Duration
    );
    let mut alike = pairs
        .iter()
        .filter(|pair| pair.fact.quantity.unit.dimension == *dimension);
    let is_lone = is_measured
        && alike.all(|pair| pair.fact.quantity.best.value == best.fact.quantity.best.value);
    let needed = match is_apart || is_lone && best.coverage >= COVER_VALUE {
        true => NEAR_SUPPORT,
        false => NEAR_BLAME,
    };
    if best.nearness < needed || !best.is_same_measure || !best.is_keyed {
        return None;
    }
    let is_borne_out = pairs.iter().any(|pair| {
        matches!(pair.numbers, Numbers::Agree(_))
            && pair.fact.observation.text == best.fact.observation.text
    });
    if is_borne_out {
        return None;
    }
    if !is_apart
        && is_further(claim, quantity)
        && !is_further_in(best.fact.observation.text.as_str())
    {
        return None;
    }
    let is_elsewhere = claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    if is_elsewhere && !is_apart {
        return None;
    }
    // Numbers of quite another size are of something else, were they taken for a slip or not.
    let is_of_a_size = is_apart || is_near(quantity.best.value, best.fact.quantity.best.value);
    // A figure of another year is held against that of its own time only.
    let is_past = claim.frame.period.as_ref().is_some_and(|slot| {
        let age = local_day(claim.published_at) - slot.best.end;
        slot.origin <= Origin::Sentence && age.num_days() > PAST_DAYS
    });
    if is_past && best.period != Relation::Equal {
        return None;
    }
    if !is_of_a_size
        || names_several(claim, best)
        || !is_apart && is_derived(claim, quantity, pairs.iter())
    {
        return None;
    }
    let is_small = quantity.best.value < Decimal::TEN && !quantity.best.has_decimals;
    let is_ambiguous = quantity.role == Role::ChangeBy && best.fact.quantity.role != Role::ChangeBy;
    let is_magnitude = is_apart && is_plain(best);
    if !is_magnitude && !is_unrestricted(claim, best.fact, around)
        || !is_row_named(claim, best)
        || is_ambiguous
        || !is_magnitude && !is_lone && !is_done_too(lexicon, claim, quantity, best)
        || is_small && best.coverage < COVER_SMALL
    {
        return None;
    }
    let others =
        comparable().filter(|pair| pair.fact.quantity.best.value != best.fact.quantity.best.value);
    let lead = best.nearness - others.map(|pair| pair.nearness).max().unwrap_or(0);
    let needed = match (is_apart, lead >= CLEAR_LEAD) {
        (true, _) => COVER_APART,
        (false, true) => COVER_CLEAR,
        (false, false) if is_lone => COVER_LONE,
        (false, false) => COVER_VALUE,
    };
    if best.coverage < needed {
        return None;
    }
    if !matches!(best.numbers, Numbers::Different | Numbers::MagnitudeApart) {
        return None;
    }
    if lead < LEAD && !is_apart
        || claim.frame.modality == Modality::Rumoured
        || quantity.role == Role::Rank
    {
        return None;
    }
    let differences = vec![explain::difference(claim, best.fact, slot(best))];
    let (label, observation) = (Label::Contradicted, best.fact.observation);
    Some(Finding::of_sentence(
        label,
        differences,
        observation,
        best.nearness,
    ))
}

/// A number of the region of which a publication tells, against that region's row of a table: the cell of what is claimed, or
/// the one change that the row gives.
pub(super) fn of_region<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    let is_plain = claim.frame.modality == Modality::Asserted
        && quantity.mode == Mode::Bare
        && !claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    let is_cell = |pair: &Pair<'_>| matches!(pair.fact.observation.part, Part::Cell { .. });
    let is_borne_out = || {
        pairs.iter().any(|pair| {
            matches!(pair.numbers, Numbers::Agree(_) | Numbers::Grey)
                && (pair.is_same_region || !is_cell(pair))
        })
    };
    if !is_plain || is_further(claim, quantity) || is_borne_out() {
        return None;
    }
    let cells: Vec<&Pair<'a>> = pairs
        .iter()
        .filter(|pair| {
            is_cell(pair)
                && pair.fact.source == FactSource::Stated
                && pair.numbers == Numbers::Different
                && pair.is_same_region
                && pair.is_keyed
                && pair.period == Relation::Equal
                && pair.differences.is_empty()
                && !pair.fact.is_earlier
                && slots::roles(quantity, &pair.fact.quantity) != Relation::Disjoint
        })
        .collect();
    let first = cells.first()?;
    let is_beside = |pair: &Pair<'_>| pair.fact.observation.text == first.fact.observation.text;
    let is_one_row = cells.iter().all(|pair| is_beside(pair));
    let row = pairs.iter().filter(|pair| is_beside(pair));
    let is_change = |pair: &&&Pair<'a>| {
        quantity.role == Role::ChangeBy && pair.fact.quantity.role == Role::ChangeBy
    };
    let named: Vec<&&Pair<'a>> = cells.iter().filter(|pair| pair.is_same_measure).collect();
    let found = if named.is_empty() {
        cells.iter().filter(is_change).collect()
    } else {
        named
    };
    let [best] = found[..] else {
        return None;
    };
    let is_clear = best.nearness >= NEAR_SUPPORT
        && best.coverage >= COVER_SMALL
        && is_near(quantity.best.value, best.fact.quantity.best.value)
        && is_unrestricted(claim, best.fact, around)
        && !is_derived(claim, quantity, row);
    (is_one_row && is_clear).then(|| {
        let difference = explain::difference(claim, best.fact, SlotName::Value);
        let strength = best.nearness.max(NEAR_BLAME);
        Finding::of_sentence(
            Label::Contradicted,
            vec![difference],
            best.fact.observation,
            strength,
        )
    })
}

/// The slot in which a number differs: an amount of money or a time with the same digits has another unit, «тыс.» for «млн».
fn slot(pair: &Pair<'_>) -> SlotName {
    let has_units = matches!(
        pair.fact.quantity.unit.dimension,
        Dimension::Money(_) | Dimension::Duration
    );
    match pair.numbers {
        Numbers::MagnitudeApart if has_units => SlotName::Unit,
        _ => SlotName::Value,
    }
}

/// A number that stands beside another one of the record's: a sentence that gives one telling number of a record's sentence
/// or row speaks of it, and the one other number of that kind in it is the one meant.
pub(super) fn beside<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
) -> Option<Finding<'a>> {
    let own = number_anchor(quantity);
    let is_told = |fact: &Fact<'_>| {
        let number = number_anchor(&fact.quantity);
        number != own && claim.frame.terms.contains(&number)
    };
    let is_line = |one: &Pair<'_>, other: &Pair<'_>| {
        one.fact.source == FactSource::Stated
            && one.fact.observation.text == other.fact.observation.text
    };
    let is_known = pairs.iter().any(|pair| {
        matches!(pair.numbers, Numbers::Agree(_)) && pair.fact.source != FactSource::Change
    });
    let is_plain = claim.frame.modality == Modality::Asserted
        && quantity.mode == Mode::Bare
        && matches!(quantity.role, Role::Level | Role::ChangeTo)
        && !claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    if is_known || !is_plain {
        return None;
    }
    let (mine, n_digits) = (quantity.best.value, significant_digits(quantity.best.value));
    let is_meant = |pair: &&Pair<'a>| {
        let dimension = &pair.fact.quantity.unit.dimension;
        let theirs = pair.fact.quantity.best.value;
        let is_amount = matches!(
            dimension,
            Dimension::Money(_) | Dimension::Area | Dimension::Mass | Dimension::Volume
        );
        let is_slipped = pair.numbers == Numbers::MagnitudeApart
            || pair.numbers == Numbers::Different
                && (is_exchange(mine, theirs) || is_shift(mine, theirs));
        let mut line = pairs.iter().filter(|other| is_line(other, pair));
        // What a hand slipped on needs no more than an odd two of the sentence's other number.
        let needed = if is_slipped { 2 } else { TELLING_DIGITS };
        let is_anchored = line.clone().any(|other| {
            is_told(other.fact) && significant_digits(other.fact.quantity.best.value) >= needed
        });
        let is_only = line.all(|other| {
            other.fact.quantity.unit.dimension != *dimension
                || other.fact.quantity.best.value == theirs
                || is_told(other.fact)
        });
        let is_of_kind = quantity.unit.dimension == *dimension
            || is_slipped && slots::is_comparable(&quantity.unit.dimension, dimension);
        pair.fact.source == FactSource::Stated
            && is_of_kind
            && pair.differences.is_empty()
            && pair.period != Relation::Disjoint
            && !is_told(pair.fact)
            && (is_amount || is_slipped || pair.is_same_measure)
            && (is_slipped && n_digits >= 2 || pair.is_same_measure && is_near(mine, theirs))
            && is_anchored
            && is_only
    };
    let meant = pairs
        .iter()
        .filter(is_meant)
        .max_by_key(|pair| pair.nearness)?;
    let differences = vec![explain::difference(claim, meant.fact, slot(meant))];
    let strength = meant.nearness.max(NEAR_BLAME);
    Some(Finding::of_sentence(
        Label::Contradicted,
        differences,
        meant.fact.observation,
        strength,
    ))
}

/// A number that is another of the record's with a digit exchanged or wrong, of the same measure, while the record has the
/// claimed one nowhere: what a hand does that copies a figure needs fewer words to be recognised by.
pub(super) fn slip<'a>(
    claim: &Claim,
    quantity: &Quantity,
    pairs: &[Pair<'a>],
    around: &[String],
) -> Option<Finding<'a>> {
    let n_digits = significant_digits(quantity.best.value);
    let is_exchanged = |pair: &Pair<'_>| {
        let (mine, theirs) = (quantity.best.value, pair.fact.quantity.best.value);
        is_exchange(mine, theirs) || is_shift(mine, theirs) && n_digits >= 2
    };
    let is_slip_of = |pair: &Pair<'_>| {
        is_exchanged(pair) || is_slip(quantity.best.value, pair.fact.quantity.best.value)
    };
    let is_alike = |pair: &&Pair<'a>| {
        pair.numbers == Numbers::Different
            && pair.fact.source == FactSource::Stated
            && pair.differences.is_empty()
            && pair.is_keyed
            && !is_of_a_part(claim, pair)
            && is_slip_of(pair)
            && slots::roles(quantity, &pair.fact.quantity) != Relation::Disjoint
    };
    let nearest = pairs
        .iter()
        .filter(is_alike)
        .max_by_key(|pair| (is_same_key(claim, pair), pair.coverage, pair.nearness))?;
    let is_known = pairs.iter().any(|pair| {
        matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
            && pair.fact.source == FactSource::Stated
    });
    let is_telling =
        is_exchanged(nearest) && (n_digits >= TELLING_DIGITS || is_same_key(claim, nearest));
    let is_whole = nearest.is_same_measure && nearest.coverage >= COVER_ROUND;
    let is_sure = is_exchanged(nearest) && (n_digits >= TELLING_DIGITS || is_whole);
    let is_keyed = is_same_key(claim, nearest) && n_digits >= TELLING_DIGITS;
    let needed = match (is_telling || is_keyed, is_exchanged(nearest)) {
        (true, _) => COVER_SLIP,
        (false, true) => COVER_VALUE,
        (false, false) => COVER_DIGIT,
    };
    let is_meant = nearest.coverage >= needed
        && (is_sure || is_unrestricted(claim, nearest.fact, around))
        && (nearest.is_same_measure || nearest.coverage >= COVER_VALUE || is_sure);
    // «Около 84 000» for 8,400: with a nought too many no hedge helps.
    let is_shifted = is_shift(quantity.best.value, nearest.fact.quantity.best.value);
    let is_told = (quantity.mode == Mode::Bare || quantity.mode == Mode::About && is_shifted)
        && claim.frame.modality != Modality::Rumoured
        && !claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    (is_meant && is_told && !is_known).then(|| {
        let differences = vec![explain::difference(claim, nearest.fact, SlotName::Value)];
        let strength = nearest.nearness.max(NEAR_BLAME);
        Finding::of_sentence(
            Label::Contradicted,
            differences,
            nearest.fact.observation,
            strength,
        )
    })
}

/// Whether a record's figure is that of one row of places, of which the claim's sentence names none.
fn is_of_a_part(claim: &Claim, pair: &Pair<'_>) -> bool {
    let named = |frame: &Frame, origin: Origin| {
        let mut places = frame.places.iter();
        places.any(|slot| slot.origin <= origin && slot.best != slots::COUNTRY)
    };
    matches!(pair.fact.observation.part, Part::Cell { .. })
        && named(&pair.fact.frame, Origin::Clause)
        && !named(&claim.frame, Origin::Paragraph)
}

/// Whether a claim says most of what sets a cell's row and column apart; a figure of a sentence needs no such name.
fn is_row_named(claim: &Claim, pair: &Pair<'_>) -> bool {
    if !matches!(pair.fact.observation.part, Part::Cell { .. }) {
        return true;
    }
    let mine = claim.frame.anchors();
    let is_same_language = claim.language == pair.fact.observation.language;
    let (mut held, mut total) = (0, 0);
    for word in event::words(&pair.fact.frame) {
        if !is_same_language && event::is_stem(&word) {
            continue;
        }
        total += event::worth(&word);
        held += event::held(&word, &mine);
    }
    held * 1000 >= total * COVER_ROW
}

/// Whether a record's figure tells of what the claim says was done: of one of its deeds, of nearly all of it, or of a change
/// that both give.
fn is_done_too(lexicon: &Lexicon, claim: &Claim, quantity: &Quantity, pair: &Pair<'_>) -> bool {
    let is_cell = matches!(pair.fact.observation.part, Part::Cell { .. });
    let is_change = |quantity: &Quantity| quantity.role == Role::ChangeBy;
    is_cell
        || is_change(quantity) && is_change(&pair.fact.quantity)
        || pair.coverage >= COVER_SMALL
        || event::is_same_deed(lexicon, &claim.frame, &pair.fact.frame.anchors())
}

/// Whether a record's figure is of all that a claim's is of: a measure or a kind that only the claim names makes its figure
/// that of a part, of which the record says nothing.
fn is_unrestricted(claim: &Claim, fact: &Fact<'_>, around: &[String]) -> bool {
    let counted = claim
        .frame
        .quantity
        .as_ref()
        .and_then(|quantity| quantity.unit.of.as_deref());
    let lists = [&claim.frame.measures, &claim.frame.qualifiers];
    let own: BTreeSet<&str> = lists
        .into_iter()
        .flat_map(|list| slots::in_clause(list))
        .collect();
    let mut theirs: Vec<String> = fact.frame.anchors();
    let lists = [&fact.frame.measures, &fact.frame.qualifiers];
    theirs.extend(
        lists
            .into_iter()
            .flatten()
            .map(|slot| format!("c:{}", slot.best)),
    );
    theirs.sort();
    let is_own = |id: &str| own.contains(id) && !GENERIC.contains(&id) && Some(id) != counted;
    // «Составило» is a word for being so many, whatever else it may mean.
    let is_restricting = |word: &Vec<&str>| {
        let mut ids = word.iter().filter_map(|anchor| anchor.strip_prefix("c:"));
        ids.clone().any(is_own) && !ids.any(|id| id == AMOUNTED)
    };
    // A table is of what the page around it is about.
    let is_cell = matches!(fact.observation.part, Part::Cell { .. });
    event::words(&claim.frame)
        .filter(is_restricting)
        .all(|word| event::held(&word, &theirs) > 0 || is_cell && event::held(&word, around) > 0)
}
