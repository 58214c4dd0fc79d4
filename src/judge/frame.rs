//! Takes sentences apart into frames: one for each quantity, and one for what the sentence says without it.
//!
//! Claims and records go through this one builder, so that a bias of reading falls on both sides and cancels.
//! A slot that the sentence leaves out is taken from the sentence before, the heading, the title or the source, and
//! says so in its origin: inherited slots may support, but blame is careful with them.

mod clauses;
mod clock;
mod layout;
mod listing;
mod tense;
mod timing;

use std::collections::BTreeSet;
use std::ops::Range;

use rust_decimal::Decimal;

use super::surroundings::{Surroundings, names};
use super::{gist, scope, slots};
use crate::language::{
    Concept, ConceptKind, Cue, CueKind, Dimension, Direction, Name, NameKind, PeriodKind,
    PeriodMention, Quantity, Role, Sentence, Token, TokenKind,
};
use crate::model::{Frame, Modality, Origin, Polarity, Slot};
use layout::Layout;

pub(super) use clock::PREFIX as CLOCK;

/// How far before a bracket, in tokens, the period may end that its number belongs to.
const COMPARED_TOKENS: usize = 2;
/// How near, in tokens, a name must stand to a marker of attribution to be the speaker.
const SPEAKER_TOKENS: usize = 9;
/// Marks a statement that is attributed to somebody who is no body and no official.
pub(super) const OTHER_SPEAKER: &str = "a:other";
/// Words for a draft, which mark a plan only where nothing else is said of the draft itself.
const DRAFTS: [&str; 6] = [
    "законопроект",
    "проект",
    "заң жоба",
    "bill",
    "draft",
    "a draft",
];
/// Marks a statement whose verb may speak of what is still to come.
pub(super) const MAY_BE_FUTURE: &str = "v:future";
/// Offices that are no state offices: what their holders count is nobody's record.
const PRIVATE: [&str; 5] = [
    "activist",
    "expert_office",
    "lawyer_office",
    "journalist_office",
    "resident",
];
/// Measures that only name a unit or that something is counted.
const UNIT_CONCEPTS: [&str; 6] = ["percent", "fact", "case", "person", "number_of", "total"];
/// Longest time, in days, that an event can be said to have taken.
const EVENT_DAYS: i64 = 24;
/// Significant digits from which a number alone nearly tells a fact.
pub(super) const TELLING_DIGITS: usize = 3;

/// The frames of one sentence: of each figure, and of the whole. `text` is the analysed text in which the sentence's ranges count.
pub(super) fn frames(text: &str, sentence: &Sentence, around: &Surroundings) -> Vec<Frame> {
    let layout = Layout::of(text, sentence);
    let mut frames: Vec<Frame> = (0..sentence.quantities.len())
        .filter(|number| !is_quarter(text, &sentence.quantities[*number]))
        .map(|number| {
            Builder {
                text,
                sentence,
                layout: &layout,
                around,
                number: Some(number),
            }
            .frame()
        })
        .collect();
    let event = Builder {
        text,
        sentence,
        layout: &layout,
        around,
        number: None,
    }
    .frame();
    if is_telling(&event) {
        frames.push(event);
    }
    frames
}

/// The frames of a sentence's clauses where several say what was done: what is said in one is not said in the other.
pub(super) fn clause_frames(text: &str, sentence: &Sentence, around: &Surroundings) -> Vec<Frame> {
    let layout = Layout::of(text, sentence);
    // What the sentence names belongs to each of its clauses that names nobody itself.
    let mut within = around.clone();
    within.take(sentence, Origin::Paragraph);
    let frames = clauses::clauses(&layout, sentence)
        .into_iter()
        .map(|clause| {
            Builder {
                text,
                sentence: &clause,
                layout: &layout,
                around: &within,
                number: None,
            }
            .frame()
        });
    frames.filter(is_telling).collect()
}

/// Whether a Kazakh «тоқсан» without a noun was read as ninety: it is a quarter of a year.
fn is_quarter(text: &str, quantity: &Quantity) -> bool {
    let written = text
        .get(quantity.span.clone())
        .unwrap_or_default()
        .to_lowercase();
    written.starts_with("тоқсан") && !written.contains(' ')
}

/// The frame of a text that is no sentence, such as a table's row label or column header.
pub(super) fn whole(text: &str, sentence: &Sentence, around: &Surroundings) -> Frame {
    let layout = Layout::of(text, sentence);
    Builder {
        text,
        sentence,
        layout: &layout,
        around,
        number: None,
    }
    .frame()
}

/// A frame that says only what the surroundings give.
pub(super) fn bare(around: &Surroundings) -> Frame {
    Frame {
        measures: around.measures.clone(),
        qualifiers: Vec::new(),
        statuses: Vec::new(),
        actions: Vec::new(),
        places: around.places.clone(),
        bodies: around.bodies.clone(),
        persons: Vec::new(),
        references: Vec::new(),
        period: around.period.clone(),
        base_period: None,
        quantity: None,
        direction: None,
        attribution: Vec::new(),
        modality: Modality::Asserted,
        polarity: Polarity::Positive,
        terms: Vec::new(),
    }
}

/// Whether a frame without a quantity says anything that could be compared.
fn is_telling(frame: &Frame) -> bool {
    let n_slots = frame.statuses.len() + frame.actions.len() + frame.persons.len();
    let n_words = frame
        .terms
        .iter()
        .filter(|term| term.starts_with("w:"))
        .count();
    n_slots > 0
        || !frame.references.is_empty()
        || n_words + frame.measures.len() > 1
        || frame.terms.len() > 4
}

/// Builds the frame of one quantity, or that of the sentence without one.
struct Builder<'a> {
    text: &'a str,
    sentence: &'a Sentence,
    layout: &'a Layout,
    around: &'a Surroundings,
    number: Option<usize>,
}

impl Builder<'_> {
    fn quantity(&self) -> Option<&Quantity> {
        self.number
            .and_then(|number| self.sentence.quantities.get(number))
    }

    /// Whether something at `span` belongs to a number: no other number stands nearer.
    fn is_nearest(&self, number: usize, span: &Range<usize>) -> bool {
        let quantities = &self.sentence.quantities;
        let mine = self.layout.distance(span, &quantities[number].span);
        quantities
            .iter()
            .enumerate()
            .filter(|(other, quantity)| {
                *other != number && !self.is_one_change(&quantities[number], quantity)
            })
            .all(|(_, other)| mine <= self.layout.distance(span, &other.span))
    }

    /// Whether two numbers are the ends of one change, «from 64 to 59»: what is said of one is said of both.
    fn is_one_change(&self, one: &Quantity, other: &Quantity) -> bool {
        let is_start = |quantity: &Quantity| quantity.role == Role::Start;
        is_start(one) != is_start(other)
            && one.unit.dimension == other.unit.dimension
            && self.layout.clause(one.span.start) == self.layout.clause(other.span.start)
    }

    /// Whether a mention in brackets belongs to another number: «71 пожар (в 2024 году – 83)».
    fn is_bracketed_away(&self, span: &Range<usize>) -> bool {
        let bracket = self.layout.bracket(span.start);
        let quantity = self.quantity();
        bracket.is_some_and(|bracket| {
            quantity.is_some_and(|quantity| !bracket.contains(&quantity.span.start))
                && self
                    .sentence
                    .quantities
                    .iter()
                    .any(|other| bracket.contains(&other.span.start))
        })
    }

    /// The number whose words this one leans on: a change, share or second level without a measure of its own belongs to
    /// the number before it («4 136 crashes, 6.4 percent fewer», «rose from 71 to 76»).
    fn leant_on(&self) -> Option<usize> {
        let number = self.number.filter(|number| *number > 0)?;
        let quantity = self.quantity()?;
        let before = &self.sentence.quantities[number - 1];
        let is_leaning = match quantity.role {
            Role::ChangeBy | Role::Start => true,
            Role::ChangeTo => before.role == Role::Start,
            _ => false,
        };
        let measures = self
            .sentence
            .concepts
            .iter()
            .filter(|concept| concept.kind == ConceptKind::Measure)
            .any(|concept| {
                !UNIT_CONCEPTS.contains(&concept.id.as_str())
                    && self.is_nearest(number, &concept.span)
            });
        if measures {
            None
        } else if is_leaning {
            Some(number - 1)
        } else {
            // A list says once what it counts: «410 cameras stand in Oral, 95 in Aktau, 135 in Atyrau».
            let is_plain = quantity.unit.noun.is_none()
                || quantity.unit.dimension == self.sentence.quantities[0].unit.dimension;
            (is_plain && self.listed_places().is_some()).then_some(0)
        }
    }

    /// Whether something at `span` belongs to this frame's number, or to the number that it leans on.
    fn is_own(&self, span: &Range<usize>) -> bool {
        let Some(number) = self.number else {
            return true;
        };
        self.is_nearest(number, span)
            || self
                .leant_on()
                .is_some_and(|before| self.is_nearest(before, span))
    }

    /// Where something at `span` counts as found.
    fn origin(&self, span: &Range<usize>) -> Origin {
        if self.is_own(span) {
            Origin::Clause
        } else {
            Origin::Sentence
        }
    }

    /// Values at their spans as slots, those of the own clause first.
    fn placed(&self, values: impl Iterator<Item = (String, Range<usize>)>) -> Vec<Slot<String>> {
        let mut found: Vec<(Origin, String)> = values
            .map(|(value, span)| (self.origin(&span), value))
            .collect();
        found.sort_by_key(|(origin, _)| *origin);
        let mut seen = BTreeSet::new();
        found
            .into_iter()
            .filter(|(_, value)| seen.insert(value.clone()))
            .map(|(origin, best)| Slot {
                best,
                alternatives: Vec::new(),
                origin,
            })
            .collect()
    }

    fn concepts(&self, kind: ConceptKind) -> Vec<Slot<String>> {
        let of_kind = self
            .sentence
            .concepts
            .iter()
            .filter(|concept| concept.kind == kind && !is_in_place(self.sentence, concept));
        self.placed(of_kind.map(|concept| (concept.id.clone(), concept.span.clone())))
    }

    fn named(&self, kind: NameKind) -> Vec<Slot<String>> {
        let of_kind = self.sentence.names.iter().filter(|name| name.kind == kind);
        self.placed(of_kind.map(|name| (name_id(name), name.span.clone())))
    }

    /// The own number, as the level compared with where brackets after a period of comparison say so: «былтырғыдан (83)».
    fn read_quantity(&self) -> Option<Quantity> {
        let mut quantity = self.quantity()?.clone();
        let bracket = self.layout.bracket(quantity.span.start);
        let is_compared = bracket.is_some_and(|bracket| {
            let begin = self.layout.token(bracket.start);
            self.sentence.periods.iter().any(|mention| {
                let end = self.layout.token(mention.span.end.saturating_sub(1));
                bracket.contains(&mention.span.start)
                    || mention.is_comparison && end < begin && begin - end <= COMPARED_TOKENS
            })
        });
        if is_compared && quantity.role == Role::Level && quantity.direction.is_none() {
            quantity.role = Role::Start;
        }
        // A number of percentage points is always a change.
        if quantity.unit.dimension == Dimension::PercentPoints {
            quantity.role = Role::ChangeBy;
            quantity.other_roles.clear();
        }
        Some(quantity)
    }

    fn frame(&self) -> Frame {
        let quantity = self.read_quantity();
        let mut measures = self.concepts(ConceptKind::Measure);
        if let Some(of) = quantity
            .as_ref()
            .and_then(|quantity| quantity.unit.of.clone())
            && !measures.iter().any(|slot| slot.best == of)
        {
            measures.insert(
                0,
                Slot {
                    best: of,
                    alternatives: Vec::new(),
                    origin: Origin::Clause,
                },
            );
        }
        let mut persons = self.named(NameKind::Person);
        persons.extend(self.named(NameKind::Office));
        if persons.is_empty() && gist::has_pronoun(self.sentence) {
            persons.clone_from(&self.around.persons);
        }
        let direction = quantity
            .as_ref()
            .and_then(|quantity| quantity.direction)
            .or_else(|| self.stated_direction());
        Frame {
            measures: or_inherited(measures, &self.around.measures),
            qualifiers: self.concepts(ConceptKind::Qualifier),
            statuses: self.concepts(ConceptKind::Status),
            actions: self.concepts(ConceptKind::Action),
            places: self
                .listed_places()
                .unwrap_or_else(|| or_inherited(self.named(NameKind::Place), &self.around.places)),
            bodies: or_inherited(self.named(NameKind::Body), &self.around.bodies),
            persons,
            references: self.named(NameKind::Law),
            period: self.period(),
            base_period: self.base_period(),
            direction,
            attribution: self.attribution(),
            modality: self.modality(),
            polarity: self.polarity(),
            terms: self.terms(),
            quantity,
        }
    }

    /// The direction that a concept of the own clause states: «rose», «decline».
    fn stated_direction(&self) -> Option<Direction> {
        let negated = scope::negated(self.text, self.sentence);
        let own = self.sentence.concepts.iter().filter(|concept| {
            self.is_own(&concept.span) && !scope::is_negated(self.sentence, &negated, concept)
        });
        let mut stated: Vec<Direction> = own
            .filter_map(|concept| match concept.id.as_str() {
                "rose" | "growth" | "doubled" | "tripled" => Some(Direction::Up),
                "fell" | "decline" | "halved" => Some(Direction::Down),
                _ => None,
            })
            .collect();
        stated.dedup();
        (stated.len() == 1).then(|| stated[0])
    }

    /// Markers that belong to this frame: for a number those nearest to it, for the sentence all.
    fn has_cue(&self, kind: CueKind) -> bool {
        self.sentence
            .cues
            .iter()
            .any(|cue| cue.kind == kind && self.is_own(&cue.span))
    }

    fn modality(&self) -> Modality {
        if self.has_cue(CueKind::Rumour) && !self.has_cue(CueKind::Denial) {
            Modality::Rumoured
        } else if self.is_planned() || self.is_envisaged() {
            Modality::Planned
        } else if self.has_cue(CueKind::Forecast) {
            Modality::Forecast
        } else if self.has_cue(CueKind::Possibility) {
            Modality::Possible
        } else {
            Modality::Asserted
        }
    }

    /// Whether a word of planning stands in the clause of the number, or anywhere where there is none. A bill that is
    /// spoken of as a document, and a penalty that a law provides for, are no plans.
    fn is_planned(&self) -> bool {
        let clause = self
            .quantity()
            .map(|quantity| self.layout.clause(quantity.span.start));
        let is_procedure = self.sentence.concepts.iter().any(|concept| {
            concept.kind == ConceptKind::Action
                || concept.id != "bill" && concept.kind == ConceptKind::Status
        });
        self.sentence
            .cues
            .iter()
            .filter(|cue| cue.kind == CueKind::Plan)
            .any(|cue| {
                let written = self
                    .text
                    .get(cue.span.clone())
                    .unwrap_or_default()
                    .to_lowercase();
                let is_document = DRAFTS.iter().any(|draft| written.starts_with(draft));
                clause.is_none_or(|clause| self.layout.clause(cue.span.start) == clause)
                    && self.is_own(&cue.span)
                    && !(is_document && is_procedure)
                    && !self.names_law()
            })
    }

    /// Whether the sentence names a law.
    fn names_law(&self) -> bool {
        let mut names = self.sentence.names.iter();
        names.any(|name| name.kind == NameKind::Law)
    }

    /// Whether the own clause says that money is set aside for something, which is then still to be done.
    fn is_envisaged(&self) -> bool {
        let own = self
            .sentence
            .concepts
            .iter()
            .filter(|concept| self.is_own(&concept.span));
        let is_money = self
            .quantity()
            .is_some_and(|quantity| matches!(quantity.unit.dimension, Dimension::Money(_)));
        !is_money && !self.names_law() && own.into_iter().any(|concept| concept.id == "envisaged")
    }

    fn polarity(&self) -> Polarity {
        if self.has_cue(CueKind::Negation) || self.has_cue(CueKind::Denial) {
            Polarity::Negative
        } else {
            Polarity::Positive
        }
    }

    /// Persons, offices and bodies that stand next to a marker of attribution.
    fn attribution(&self) -> Vec<String> {
        let markers: Vec<&Cue> = self
            .sentence
            .cues
            .iter()
            .filter(|cue| cue.kind == CueKind::Attribution)
            .collect();
        let mut speakers: Vec<String> = self
            .sentence
            .names
            .iter()
            .filter(|name| {
                matches!(
                    name.kind,
                    NameKind::Person | NameKind::Office | NameKind::Body
                )
            })
            .filter(|name| {
                markers
                    .iter()
                    .any(|cue| self.layout.distance(&name.span, &cue.span) <= SPEAKER_TOKENS)
            })
            .map(name_id)
            .collect();
        speakers.retain(|id| !PRIVATE.contains(&id.as_str()));
        speakers.sort();
        speakers.dedup();
        speakers
    }

    /// The token of the days an event took, «19–22 февраля»: written in figures, and too short to be those of statistics.
    fn event_span(&self, mention: &PeriodMention) -> Option<String> {
        let written = self.text.get(mention.span.clone()).unwrap_or_default();
        let period = &mention.best;
        let is_short = (2..=EVENT_DAYS).contains(&(period.end - period.start).num_days());
        let is_written = written.chars().any(|c| c.is_ascii_digit());
        (is_short && is_written && period.kind == PeriodKind::Span)
            .then(|| format!("d:{}/{}", period.start, period.end))
    }

    /// Tokens by which the sentence is recognised and that no other slot took.
    fn terms(&self) -> Vec<String> {
        let sentence = self.sentence;
        let mut terms: BTreeSet<String> = BTreeSet::new();
        terms.extend(sentence.quantities.iter().map(number_anchor));
        let days = sentence
            .periods
            .iter()
            .filter(|mention| mention.best.kind == PeriodKind::Day);
        for mention in days {
            // «Накануне» and «in the evening» lean on the day of writing: they find nothing and blame nothing.
            let written = self.text.get(mention.span.clone()).unwrap_or_default();
            if written.chars().any(|c| c.is_ascii_digit()) {
                terms.insert(format!("d:{}", mention.best.start));
                if mention.is_relative {
                    terms.insert(format!("{}{}", slots::OPEN_YEAR, mention.best.start));
                }
            }
        }
        terms.extend(
            sentence
                .periods
                .iter()
                .filter_map(|mention| self.event_span(mention)),
        );
        let negated = scope::negated(self.text, sentence);
        for concept in &sentence.concepts {
            if is_in_place(sentence, concept) {
                continue;
            }
            if concept.kind == ConceptKind::Word {
                terms.insert(format!("w:{}", concept.id));
            }
            if scope::is_negated(sentence, &negated, concept) {
                terms.insert(format!("x:{}", concept.id));
            }
        }
        terms.extend(
            names(sentence, NameKind::Other)
                .into_iter()
                .map(|id| format!("o:{id}")),
        );
        terms.extend(stems(sentence));
        let is_negated = |token: &&Token| {
            let mut ranges = negated.iter();
            ranges.any(|range| range.start <= token.span.start && token.span.end <= range.end)
        };
        let denied = sentence.tokens.iter().filter(is_negated);
        terms.extend(denied.filter_map(|token| Some(format!("x:{}", stem(sentence, token)?))));
        let is_open = sentence.cues.iter().any(|cue| {
            matches!(
                cue.kind,
                CueKind::Plan | CueKind::Forecast | CueKind::Possibility
            )
        });
        if is_open || tense::may_be_future(sentence) {
            terms.insert(MAY_BE_FUTURE.to_owned());
        }
        if self.has_cue(CueKind::Attribution) && self.attribution().is_empty() {
            terms.insert(OTHER_SPEAKER.to_owned());
        }
        for quantity in &sentence.quantities {
            if quantity.unit.dimension == Dimension::CalculationIndex {
                terms.insert(format!("k:{}", quantity.best.value.normalize()));
            }
        }
        let persons = sentence
            .names
            .iter()
            .filter(|name| name.kind == NameKind::Person);
        terms.extend(persons.filter_map(role_term));
        terms.extend(clock::times(self.text, sentence));
        terms.extend(gist::words(sentence, name_id, |span| self.is_own(span)));
        terms.into_iter().collect()
    }
}

/// Whether a word is part of a place's name, and so says nothing by itself: «Қарағанды» is not of «қарау». What kind of
/// place it is, «область», is said.
fn is_in_place(sentence: &Sentence, concept: &Concept) -> bool {
    let span = &concept.span;
    if concept.kind == ConceptKind::Measure {
        return false;
    }
    sentence.names.iter().any(|name| {
        name.kind == NameKind::Place
            && name.id != slots::COUNTRY
            && name.span.start <= span.start
            && span.end <= name.span.end
    })
}

/// The id of a name; an office keeps its qualifiers in front: `acting+prosecutor_general`. What office a person holds
/// stands in a term of its own.
pub(super) fn name_id(name: &Name) -> String {
    if name.kind == NameKind::Person || name.qualifiers.is_empty() {
        name.id.clone()
    } else {
        format!("{}+{}", name.qualifiers.join("+"), name.id)
    }
}

/// The token of a person in an office, `r:PERSON|OFFICE|QUALIFIERS`; it finds nothing, but tells who is meant.
fn role_term(name: &Name) -> Option<String> {
    let office = name
        .qualifiers
        .iter()
        .find_map(|qualifier| qualifier.strip_prefix("office:"))?;
    let qualifiers: Vec<&str> = name
        .qualifiers
        .iter()
        .filter(|qualifier| !qualifier.starts_with("office:"))
        .map(String::as_str)
        .collect();
    Some(format!("r:{}|{office}|{}", name.id, qualifiers.join("+")))
}

/// The sentence's own values, or else the inherited ones.
fn or_inherited(own: Vec<Slot<String>>, around: &[Slot<String>]) -> Vec<Slot<String>> {
    if own.is_empty() { around.to_vec() } else { own }
}

/// Number of significant digits as written, trailing zeros of whole numbers left out.
pub(super) fn significant_digits(value: Decimal) -> usize {
    let digits = value.normalize().mantissa().unsigned_abs().to_string();
    digits.trim_end_matches('0').len()
}

/// How the token of a number begins that nearly tells the fact, and of one that only helps.
pub(super) const TELLING: &str = "n:";
const HELPING: &str = "m:";

/// The tokens of the numbers that a sentence gives.
pub(super) fn numbers(frame: &Frame) -> impl Iterator<Item = &String> {
    let terms = frame.terms.iter();
    terms.filter(|term| term.starts_with(TELLING) || term.starts_with(HELPING))
}

/// The token of a number: one that nearly tells the fact, or one that only helps.
pub(super) fn number_anchor(quantity: &Quantity) -> String {
    value_anchor(quantity.best.value, &quantity.unit.dimension)
}

/// The token of a value in a dimension.
pub(super) fn value_anchor(value: Decimal, dimension: &Dimension) -> String {
    let value = value.normalize();
    let percent = match dimension {
        Dimension::Percent | Dimension::PercentPoints => "%",
        _ => "",
    };
    let begin = match significant_digits(value) >= TELLING_DIGITS {
        true => TELLING,
        false => HELPING,
    };
    format!("{begin}{value}{percent}")
}

/// Stems of content words, each with its language; a capital at the start of a sentence does not matter here.
fn stems(sentence: &Sentence) -> impl Iterator<Item = String> + '_ {
    let tokens = sentence.tokens.iter();
    tokens.filter_map(|token| stem(sentence, token))
}

/// The stem of a content word with its language.
fn stem(sentence: &Sentence, token: &Token) -> Option<String> {
    let is_content = token.kind == TokenKind::Word && token.lower.chars().count() > 3;
    is_content.then(|| format!("s:{}:{}", sentence.language.code(), token.term))
}
