//! Which period a statement belongs to, and which it is compared with.

use std::ops::Range;

use super::Builder;
use crate::language::{Period, PeriodKind, PeriodMention, Role};
use crate::model::{Origin, Slot};

impl Builder<'_> {
    /// The period that the frame's statement belongs to, its own or inherited.
    pub(super) fn period(&self) -> Option<Slot<Period>> {
        let is_start = self
            .read_quantity()
            .is_some_and(|quantity| quantity.role == Role::Start);
        let own = |is_comparison: bool| {
            let mut mentions: Vec<&PeriodMention> = self
                .sentence
                .periods
                .iter()
                .filter(|mention| mention.is_comparison == is_comparison)
                .filter(|mention| !self.is_bracketed_away(&mention.span))
                .collect();
            mentions.sort_by_key(|mention| {
                (
                    mention.best.kind == PeriodKind::Day,
                    self.period_origin(&mention.span),
                )
            });
            mentions.first().map(|mention| Slot {
                best: mention.best.clone(),
                alternatives: mention.alternatives.clone(),
                origin: self.period_origin(&mention.span),
            })
        };
        if is_start && let Some(earlier) = own(true) {
            return Some(self.resumed(earlier));
        }
        let period = own(false)
            .map(|slot| self.with_same_part(slot))
            .or_else(|| self.around.period.clone());
        if is_start {
            period.as_ref().map(a_year_earlier)
        } else {
            period
        }
    }

    /// «The same period last year» without a period in the sentence: that of the text, a year before.
    fn resumed(&self, slot: Slot<Period>) -> Slot<Period> {
        let mut mentions = self.sentence.periods.iter();
        let is_whole_year = (slot.best.end - slot.best.start).num_days() >= 365;
        let says_same = self.sentence.periods.iter().any(|mention| {
            let written = self.text.get(mention.span.clone()).unwrap_or_default();
            let written = written.to_lowercase();
            mention.is_comparison
                && ["период", "period", "кезең", "months"]
                    .iter()
                    .any(|word| written.contains(word))
        });
        let around = self
            .around
            .period
            .as_ref()
            .filter(|_| is_whole_year && says_same);
        match around {
            Some(around) if mentions.all(|mention| mention.is_comparison) => Slot {
                origin: slot.origin,
                ..a_year_earlier(around)
            },
            _ => slot,
        }
    }

    /// «Last year» in a text about a part of this year may mean the same part of the last.
    fn with_same_part(&self, mut slot: Slot<Period>) -> Slot<Period> {
        let is_year = (slot.best.end - slot.best.start).num_days() >= 365;
        if let Some(around) = self.around.period.as_ref().filter(|_| is_year) {
            let part = a_year_earlier(around).best;
            if part.start >= slot.best.start && part.end <= slot.best.end {
                slot.alternatives.push(part);
            }
        }
        slot
    }

    /// Where a period counts as found: with other numbers about, only in the clause of the own.
    fn period_origin(&self, span: &Range<usize>) -> Origin {
        let is_near = self.quantity().is_none_or(|quantity| {
            self.sentence.quantities.len() == 1
                || self.layout.clause(quantity.span.start) == self.layout.clause(span.start)
        });
        if is_near {
            self.origin(span)
        } else {
            Origin::Sentence
        }
    }

    /// The period compared with.
    pub(super) fn base_period(&self) -> Option<Slot<Period>> {
        let mention = self
            .sentence
            .periods
            .iter()
            .find(|mention| mention.is_comparison)?;
        Some(Slot {
            best: mention.best.clone(),
            alternatives: mention.alternatives.clone(),
            origin: self.origin(&mention.span),
        })
    }
}

/// The longest period that is compared with the one right before it, not with that of the year before, in days.
const SHORT_DAYS: i64 = 14;

/// The same part of the year before; of days and weeks those before them.
fn a_year_earlier(slot: &Slot<Period>) -> Slot<Period> {
    let days = (slot.best.end - slot.best.start).num_days();
    let back = |day: chrono::NaiveDate| {
        let earlier = if days <= SHORT_DAYS {
            day.checked_sub_signed(chrono::TimeDelta::days(days))
        } else {
            day.checked_sub_months(chrono::Months::new(12))
        };
        earlier.unwrap_or(day)
    };
    Slot {
        best: Period {
            start: back(slot.best.start),
            end: back(slot.best.end),
            ..slot.best.clone()
        },
        alternatives: Vec::new(),
        origin: slot.origin,
    }
}
