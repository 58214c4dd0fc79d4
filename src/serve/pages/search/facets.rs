//! Facets as links and filters as chips: values of one facet are alternatives, facets must all hold.

use crate::index::{Filter, filtered, filters};
use crate::language::Language;
use crate::model::{Facet, FacetCounts, SourceId};
use crate::report::text;
use crate::serve::Desk;
use crate::serve::search::Asked;
use crate::serve::words::Words;

/// Values of a facet shown before the others are folded away.
const SHOWN_VALUES: usize = 6;
/// Facets that stand open before anybody chose in them.
const OPEN_FACETS: usize = 4;
/// Width of the thin bar of a value, in units of its drawing.
const BAR: u64 = 100;
/// The order in which facets help most: what was found out first.
const ORDER: [Facet; 8] = [
    Facet::Case,
    Facet::Verdict,
    Facet::Language,
    Facet::Source,
    Facet::Role,
    Facet::Person,
    Facet::Body,
    Facet::Place,
];

/// A filter of the query that can be taken away.
pub(super) struct Chip {
    /// Its field, as queries write it.
    pub(super) field: String,
    /// What the field is called.
    pub(super) name: String,
    /// The value as people read it.
    pub(super) value: String,
    /// The query without it.
    pub(super) href: String,
}

/// A facet with its values.
pub(super) struct Shown {
    pub(super) name: String,
    pub(super) is_open: bool,
    pub(super) n_chosen: usize,
    pub(super) first: Vec<Value>,
    pub(super) rest: Vec<Value>,
}

/// A value of a facet: a link that adds or takes it.
pub(super) struct Value {
    pub(super) name: String,
    pub(super) language: &'static str,
    pub(super) count: String,
    pub(super) bar: u64,
    pub(super) href: String,
    pub(super) is_on: bool,
}

/// The facets of an answer.
pub(super) fn shown(
    desk: &Desk,
    words: &Words,
    asked: &Asked,
    query: &str,
    counted: &[FacetCounts],
) -> Vec<Shown> {
    let chosen = filters(query);
    let mut shown: Vec<Shown> = Vec::new();
    for facet in ORDER {
        let counts = counted.iter().find(|one| one.facet == facet);
        let Some(counts) = counts else { continue };
        let of_field = chosen.iter().find(|filter| filter.field == counts.field);
        let chosen = of_field.map_or(&[][..], |filter| &filter.values);
        let mut values = values(desk, words, asked, query, counts, chosen);
        if values.is_empty() {
            continue;
        }
        let mut rest = values.split_off(values.len().min(SHOWN_VALUES));
        let (on, off): (Vec<Value>, Vec<Value>) = rest.into_iter().partition(|value| value.is_on);
        values.extend(on);
        rest = off;
        shown.push(Shown {
            name: words.say(&format!("search-field-{}", plain(counts.field))),
            is_open: !chosen.is_empty() || shown.len() < OPEN_FACETS,
            n_chosen: chosen.len(),
            first: values,
            rest,
        });
    }
    shown
}

/// The values of a facet, those chosen included though nothing has them.
fn values(
    desk: &Desk,
    words: &Words,
    asked: &Asked,
    query: &str,
    counts: &FacetCounts,
    chosen: &[String],
) -> Vec<Value> {
    let most = counts.values.iter().map(|value| value.count).max();
    let most = most.unwrap_or(0).max(1);
    let is_chosen = |value: &str| chosen.iter().any(|one| one.eq_ignore_ascii_case(value));
    let value = |value: &str, name: &str, count: u64| Value {
        name: called(desk, words, counts.field, value, name),
        language: if counts.facet == Facet::Person {
            ""
        } else {
            words.language.code()
        },
        count: words.number(count),
        bar: count * BAR / most,
        href: asked.address(&toggled(query, counts.field, chosen, value), None),
        is_on: is_chosen(value),
    };
    let mut values: Vec<Value> = Vec::new();
    for counted in &counts.values {
        values.push(value(
            counted.value.trim_matches('"'),
            &counted.name,
            counted.count,
        ));
    }
    let is_counted = |one: &String| {
        let mut all = counts.values.iter();
        all.any(|value| value.value.trim_matches('"').eq_ignore_ascii_case(one))
    };
    let missing = chosen.iter().filter(|one| !is_counted(one));
    values.extend(missing.map(|one| value(one, one, 0)));
    values
}

/// The query with a value of a facet added, or taken where it stands already.
fn toggled(query: &str, field: &str, chosen: &[String], value: &str) -> String {
    let is_same = |one: &&String| one.eq_ignore_ascii_case(value);
    let mut values: Vec<String> = chosen.iter().filter(|one| !is_same(one)).cloned().collect();
    if values.len() == chosen.len() {
        // A query asks for any case or for some states, never for both.
        let is_any = |one: &String| matches!(one.as_str(), "yes" | "no");
        values.retain(|one| field != Facet::Case.field() || !is_any(one));
        values.push(value.to_owned());
    }
    filtered(query, field, &values)
}

/// The filters of a query, each value of a facet on its own.
pub(super) fn chips(
    desk: &Desk,
    words: &Words,
    asked: &Asked,
    query: &str,
    counted: &[FacetCounts],
) -> Vec<Chip> {
    let mut chips = Vec::new();
    for Filter { field, values } in filters(query) {
        let counts = counted.iter().find(|one| one.field == field);
        let known = |value: &str| {
            let values = counts.into_iter().flat_map(|counts| &counts.values);
            let mut same = values.filter(|one| one.value.trim_matches('"') == value);
            same.next()
                .map_or(value, |one| one.name.as_str())
                .to_owned()
        };
        for value in &values {
            chips.push(Chip {
                name: words.say(&format!("search-field-{}", plain(&field))),
                value: called(desk, words, &field, value, &known(value)),
                href: asked.address(&toggled(query, &field, &values, value), None),
                field: field.clone(),
            });
        }
    }
    chips
}

/// A value of a field as people read it; `name` is what else it is called by.
fn called(desk: &Desk, words: &Words, field: &str, value: &str, name: &str) -> String {
    let own = |family: String, is_known: bool| {
        if is_known {
            words.say(&family)
        } else {
            name.to_owned()
        }
    };
    match field {
        "source" => text::name(&desk.names, &SourceId(value.to_owned()), words.language).to_owned(),
        "lang" => own(
            format!("search-lang-{}", value),
            Language::from_code(value).is_some(),
        ),
        "role" => own(
            format!("search-role-{}", value),
            matches!(value, "official" | "media"),
        ),
        "verdict" => own(
            format!("found-verdict-{}", plain(value)),
            is_word::<crate::model::Label>(value),
        ),
        "case" if matches!(value, "yes" | "no") => own(format!("search-case-{}", value), true),
        "case" => own(
            format!("case-state-{}", plain(value)),
            is_word::<crate::model::CaseState>(value),
        ),
        "changed" | "gone" => own(
            format!("search-flag-{}", value),
            matches!(value, "yes" | "no"),
        ),
        "published" | "first_seen" => value.replace("..", " – "),
        _ => name.to_owned(),
    }
}

/// Whether a value is a word of the program's own.
fn is_word<T: serde::de::DeserializeOwned>(value: &str) -> bool {
    serde_json::from_value::<T>(value.into()).is_ok()
}

/// A word of the query language as ids of texts write it.
fn plain(word: &str) -> String {
    word.replace('_', "-")
}
