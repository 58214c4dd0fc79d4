//! Carries what a text has said so far to the sentences that leave it out: period, place, measure, body.

use std::collections::BTreeSet;

use super::frame::name_id;
use super::knowledge;
use crate::language::{
    ConceptKind, Lexicon, NameKind, Period, PeriodKind, PeriodMention, Sentence,
};
use crate::model::{Origin, Slot};

/// Places in one sentence up to which the sentences after it may be set there: a city with its region, not a list.
const LISTED: usize = 2;

/// What the text so far, the title and the source give to a sentence that leaves it out.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    /// Period, with where it was found.
    pub period: Option<Slot<Period>>,
    /// Places, with where they were found.
    pub places: Vec<Slot<String>>,
    /// Measures, with where they were found.
    pub measures: Vec<Slot<String>>,
    /// Bodies, with where they were found.
    pub bodies: Vec<Slot<String>>,
    /// Persons and offices of the sentence before, for a pronoun.
    pub persons: Vec<Slot<String>>,
}

impl Surroundings {
    /// Takes over what a sentence states itself, as found at `origin` for the sentences after it.
    pub(super) fn take(&mut self, sentence: &Sentence, origin: Origin) {
        let own = own_period(sentence).map(|mention| mention.best.clone());
        if let Some(best) = own.filter(|period| period.kind != PeriodKind::Day) {
            self.period = Some(Slot {
                best,
                alternatives: Vec::new(),
                origin,
            });
        }
        let places = names(sentence, NameKind::Place);
        // A list of places is what that sentence speaks of, not where the next one is set.
        if places.len() <= LISTED || origin != Origin::Paragraph {
            replace(&mut self.places, places, origin);
        }
        let bodies = slots(names(sentence, NameKind::Body), origin);
        self.name_bodies(bodies, origin);
        let persons = sentence
            .names
            .iter()
            .filter(|name| matches!(name.kind, NameKind::Person | NameKind::Office))
            .map(name_id);
        replace(&mut self.persons, persons.collect(), origin);
        let measures = sentence
            .concepts
            .iter()
            .filter(|concept| concept.kind == ConceptKind::Measure)
            .map(|concept| concept.id.clone());
        replace(&mut self.measures, measures.collect(), origin);
    }

    /// Takes over what a sentence states and these surroundings still leave open.
    /// A town of the title that gives its name to the region of which the sentence speaks was that region: «Павлодар: итоги
    /// года».
    pub(super) fn complete(&mut self, lexicon: &Lexicon, sentence: &Sentence) {
        let mut stated = Surroundings::default();
        stated.take(sentence, Origin::Document);
        self.period = self.period.take().or(stated.period);
        if let ([town], [region]) = (self.places.as_slice(), stated.places.as_slice())
            && knowledge::is_called_after(lexicon, &region.best, &town.best)
        {
            self.places = vec![region.clone()];
        }
        if self
            .bodies
            .iter()
            .all(|slot| slot.origin == Origin::Default)
        {
            self.name_bodies(stated.bodies, Origin::Document);
        }
        let pairs = [
            (&mut self.places, stated.places),
            (&mut self.measures, stated.measures),
        ];
        for (known, new) in pairs {
            if known.iter().all(|slot| slot.origin == Origin::Default) && !new.is_empty() {
                *known = new;
            }
        }
    }

    /// Replaces the bodies by those that a title or a sentence names, if it names any. Whose page it is stays known beside them.
    fn name_bodies(&mut self, named: Vec<Slot<String>>, origin: Origin) {
        if named.is_empty() {
            return;
        }
        let known = std::mem::replace(&mut self.bodies, named).into_iter();
        let published = known.filter(|slot| slot.origin == Origin::Default);
        self.bodies
            .extend(published.filter(|_| origin != Origin::Default));
    }
}

/// Replaces a list by new values, when there are any.
fn replace(list: &mut Vec<Slot<String>>, values: Vec<String>, origin: Origin) {
    if !values.is_empty() {
        *list = slots(values, origin);
    }
}

/// Values as slots of one origin, without repeats, in order.
fn slots(values: impl IntoIterator<Item = String>, origin: Origin) -> Vec<Slot<String>> {
    let mut seen = BTreeSet::new();
    values
        .into_iter()
        .filter(|value| seen.insert(value.clone()))
        .map(|best| Slot {
            best,
            alternatives: Vec::new(),
            origin,
        })
        .collect()
}

/// Ids of the names of one kind.
pub(super) fn names(sentence: &Sentence, kind: NameKind) -> Vec<String> {
    sentence
        .names
        .iter()
        .filter(|name| name.kind == kind)
        .map(|name| name.id.clone())
        .collect()
}

/// The period a sentence speaks of: the first that is not named for comparison; a span before a day.
fn own_period(sentence: &Sentence) -> Option<&PeriodMention> {
    let own = || {
        sentence
            .periods
            .iter()
            .filter(|mention| !mention.is_comparison)
    };
    own()
        .find(|mention| mention.best.kind != PeriodKind::Day)
        .or_else(|| own().next())
}
