//! The filters of the queue as chips: one that is set can be taken away, another opens its values with their numbers.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Around;
use super::asked::{Asked, Facet, PERIOD_DAYS, Sort, dashed, days};
use super::ranked::Mark;
use crate::model::{Case, SlotName, SourceId};
use crate::pursue::letter::slot_name;
use crate::report::text::name;
use crate::serve::pages::severity::Severity;

/// Most values that a filter offers, the commonest.
const MOST_VALUES: usize = 15;

/// A filter, or the order.
pub(super) struct Chip {
    /// What it filters by.
    pub(super) label: String,
    /// What it is set to, in words.
    pub(super) value: Option<String>,
    /// The list without it, where it is set and can be taken away.
    pub(super) without: Option<String>,
    /// Its values: words, number of cases, address.
    pub(super) choices: Vec<(String, String, String)>,
}

/// All filters of the cases found, and the order.
pub(super) fn chips(around: &Around<'_>, asked: &Asked, found: &[(&Case, &Mark)]) -> Vec<Chip> {
    let words = around.words();
    let filters = Facet::ALL.into_iter().filter_map(|facet| {
        let label = words.say(&format!("queue-by-{}", facet.word()));
        if let Some(value) = asked.value(facet) {
            return Some(Chip {
                label,
                value: Some(around.value_name(facet, value)),
                without: Some(asked.narrowed(facet, None).address()),
                choices: Vec::new(),
            });
        }
        let choices = choices(around, asked, facet, found);
        (!choices.is_empty()).then_some(Chip {
            label,
            value: None,
            without: None,
            choices,
        })
    });
    let mut chips: Vec<Chip> = filters.collect();
    let by_words = (!asked.words.is_empty()).then(|| Chip {
        label: words.say("queue-by-words"),
        value: Some(asked.words.clone()),
        without: Some(asked.wordless().address()),
        choices: Vec::new(),
    });
    chips.extend(by_words);
    let name = |sort: Sort| words.say(&format!("queue-sort-{}", sort.word()));
    chips.push(Chip {
        label: words.say("queue-sort"),
        value: Some(name(asked.sort)),
        without: None,
        choices: Sort::ALL
            .into_iter()
            .map(|sort| (name(sort), String::new(), asked.sorted(sort).address()))
            .collect(),
    });
    chips
}

/// The commonest values of a facet among the cases found.
fn choices(
    around: &Around<'_>,
    asked: &Asked,
    facet: Facet,
    found: &[(&Case, &Mark)],
) -> Vec<(String, String, String)> {
    let mut counts: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    for (case, mark) in found {
        for value in facet.values(case, mark, around.now) {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counts: Vec<(Cow<'_, str>, usize)> = counts.into_iter().collect();
    if facet == Facet::Period {
        counts.sort_by_key(|(value, _)| value.parse::<i64>().unwrap_or_default());
    } else {
        counts.sort_by_key(|(_, n)| Reverse(*n));
    }
    counts.truncate(MOST_VALUES);
    counts
        .into_iter()
        .map(|(value, n)| {
            (
                around.value_name(facet, &value),
                around.words().number(n),
                asked.narrowed(facet, Some(&value)).address(),
            )
        })
        .collect()
}

impl Around<'_> {
    /// The value of a filter in words; one that nobody knows stays as it was asked.
    pub(super) fn value_name(&self, facet: Facet, value: &str) -> String {
        let words = self.words();
        let known = |family: String, all: bool| {
            if all {
                words.say(&family)
            } else {
                value.to_owned()
            }
        };
        match facet {
            Facet::Agency | Facet::Outlet => {
                let id = SourceId(value.to_owned());
                name(&self.desk.names, &id, words.language).to_owned()
            }
            Facet::Severity => {
                let is_known = Severity::ALL.iter().any(|one| one.word() == value);
                known(format!("severity-{}", value), is_known)
            }
            Facet::Slot => {
                let named = SlotName::ALL
                    .into_iter()
                    .find(|slot| dashed(slot.words()) == value);
                named
                    .map_or(value, |slot| slot_name(slot, words.language))
                    .to_owned()
            }
            Facet::Language => {
                let languages = crate::serve::shell::LANGUAGES;
                let found = languages.iter().find(|(code, ..)| *code == value);
                found.map_or(value, |(_, _, name)| name).to_owned()
            }
            Facet::Period => {
                let is_known = PERIOD_DAYS.iter().any(|(word, _)| *word == value);
                known(format!("queue-period-{}", value), is_known)
            }
            Facet::State => {
                let mut states = crate::model::CaseState::ALL.into_iter();
                let is_known = states.any(|state| dashed(state.words()) == value);
                known(format!("case-state-{}", value), is_known)
            }
            Facet::Tag => value.to_owned(),
            Facet::Opened | Facet::Decided | Facet::Asked => match days(value) {
                Some(days) => format!(
                    "{} – {}",
                    words.date(*days.start()),
                    words.date(*days.end())
                ),
                None => value.to_owned(),
            },
        }
    }
}
