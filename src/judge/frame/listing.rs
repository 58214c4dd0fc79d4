//! Lists that give several places a number each.

use super::{Builder, name_id};
use crate::judge::slots::COUNTRY;
use crate::language::{Name, NameKind};
use crate::model::{Origin, Slot};

impl Builder<'_> {
    /// Places of a list that gives each its number, as an order of writing tells: «in Oral 5, in Aktau 7», «5 in Oral, 7 in
    /// Aktau». The first is the place of this frame's number; `None` when the sentence is no such list.
    pub(super) fn listed_places(&self) -> Option<Vec<Slot<String>>> {
        let number = self.number?;
        let spans = |is_place: bool| -> Vec<(usize, Option<&Name>)> {
            if is_place {
                let places = self.sentence.names.iter();
                let places =
                    places.filter(|name| name.kind == NameKind::Place && name.id != COUNTRY);
                places.map(|name| (name.span.start, Some(name))).collect()
            } else {
                let numbers = self.sentence.quantities.iter();
                numbers
                    .map(|quantity| (quantity.span.start, None))
                    .collect()
            }
        };
        let mut order = spans(true);
        let n_places = order.len();
        order.extend(spans(false));
        order.sort_by_key(|(start, _)| *start);
        let is_alternating = order
            .windows(2)
            .all(|pair| pair[0].1.is_some() != pair[1].1.is_some());
        if n_places < 2 || order.len() != 2 * n_places || !is_alternating {
            return None;
        }
        let at = order.iter().position(|(start, name)| {
            name.is_none() && *start == self.sentence.quantities[number].span.start
        })?;
        let partner = if order[0].1.is_some() { at - 1 } else { at + 1 };
        let mine = order.get(partner)?.1?;
        let mut slots = vec![Slot {
            best: name_id(mine),
            alternatives: Vec::new(),
            origin: Origin::Clause,
        }];
        let others = order.iter().filter_map(|(_, name)| *name);
        slots.extend(others.filter(|name| name.id != mine.id).map(|name| Slot {
            best: name_id(name),
            alternatives: Vec::new(),
            origin: Origin::Sentence,
        }));
        Some(slots)
    }
}
