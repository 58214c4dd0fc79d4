//! Counts what a query finds by source, language, place and the like.
//!
//! A facet's own filter does not count against it: whoever asks for one source still sees how many the others have.

use std::collections::BTreeMap;

use super::IndexError;
use super::bars::date;
use super::engine::{Engine, Field, Order, Plan};
use super::names;
use super::query::{Judged, Parsed, narrowed};
use super::search::{SearchQuery, scoped};
use crate::language::Language;
use crate::model::{CaseState, Facet, FacetCounts, FacetValue, Label};

/// Values listed of one facet, those with most publications first.
const VALUES: usize = 20;
/// Months listed, the newest first.
const MONTHS: usize = 24;

/// Counts the facets of a query; `judged` finds what something was found out of.
pub(super) fn facets(
    engine: &dyn Engine,
    parsed: &Parsed,
    judged: &dyn Fn(&Judged) -> Plan,
    query: &SearchQuery,
) -> Result<Vec<FacetCounts>, IndexError> {
    // Facets that nothing filters by share one count.
    let whole = counted(engine, &scoped(parsed, None))?;
    let mut facets = Vec::new();
    for facet in Facet::ALL {
        let is_filtered = parsed.parts.iter().any(|(by, _)| *by == Some(facet));
        let plan = scoped(parsed, Some(facet));
        let mut values = match facet {
            Facet::Published => months(&engine.days(&plan, query.offset_s)?),
            Facet::Verdict => verdicts(engine, &plan, judged)?,
            Facet::Case => cases(engine, &plan, judged)?,
            _ if is_filtered => values(facet, &counted(engine, &plan)?, query.language),
            _ => values(facet, &whole, query.language),
        };
        for value in &mut values {
            value.query = narrowed(&query.text, facet.field(), &value.value);
        }
        facets.push(FacetCounts {
            facet,
            field: facet.field(),
            values,
        });
    }
    Ok(facets)
}

/// Counts by column.
type Counted = BTreeMap<Field, BTreeMap<String, u64>>;

/// Counts of all columns.
fn counted(engine: &dyn Engine, plan: &Plan) -> Result<Counted, IndexError> {
    let fields = [
        Field::Source,
        Field::Role,
        Field::Language,
        Field::Named,
        Field::Person,
    ];
    let counts = engine.counts(plan, &fields)?;
    Ok(fields.into_iter().zip(counts).collect())
}

/// The column that holds the values of a facet; none for what is found out by judging.
fn column(facet: Facet) -> Option<Field> {
    match facet {
        Facet::Source => Some(Field::Source),
        Facet::Role => Some(Field::Role),
        Facet::Language => Some(Field::Language),
        Facet::Place | Facet::Body | Facet::Person => Some(Field::Named),
        Facet::Verdict | Facet::Case | Facet::Published => None,
    }
}

/// The values of one facet.
fn values(facet: Facet, counted: &Counted, language: Language) -> Vec<FacetValue> {
    let prefix = match facet {
        Facet::Place => "p:",
        Facet::Body => "b:",
        Facet::Person => "i:",
        _ => "",
    };
    let column = column(facet).and_then(|field| counted.get(&field));
    let mut values: Vec<FacetValue> = column
        .into_iter()
        .flatten()
        .filter(|(value, _)| value.starts_with(prefix))
        // A person stands once under the surname and once more under surname and initial.
        .filter(|(value, _)| facet != Facet::Person || !value.contains('.'))
        .map(|(value, count)| FacetValue {
            value: value[prefix.len()..].to_owned(),
            name: names::shown(value, language).to_owned(),
            count: *count,
            query: String::new(),
        })
        .collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    values.truncate(VALUES);
    if facet == Facet::Person {
        for person in &mut values {
            person.name = as_written(&person.value, counted);
            person.value = format!("\"{}\"", person.name);
        }
    }
    values
}

/// How most publications write a person's name; of equals the shortest.
fn as_written(surname: &str, counted: &Counted) -> String {
    let prefix = format!("i:{surname}\t");
    let written = counted.get(&Field::Person).into_iter().flatten();
    let written = written.filter_map(|(value, count)| Some((value.strip_prefix(&prefix)?, count)));
    let most = written.max_by_key(|(name, count)| {
        let length = std::cmp::Reverse(name.chars().count());
        (**count, length, std::cmp::Reverse(*name))
    });
    most.map_or(surname, |(name, _)| name).to_owned()
}

/// How many match that are among some others.
fn among(engine: &dyn Engine, plan: &Plan, among: Plan) -> Result<u64, IndexError> {
    let found = engine.find(&Plan::All(vec![plan.clone(), among]), Order::Newest, 0, 1)?;
    Ok(found.total as u64)
}

/// Publications by the verdicts of their claims that a record settles; one with claims of several verdicts counts for each.
fn verdicts(
    engine: &dyn Engine,
    plan: &Plan,
    judged: &dyn Fn(&Judged) -> Plan,
) -> Result<Vec<FacetValue>, IndexError> {
    let mut values = Vec::new();
    for (label, word, name) in [
        (
            Label::Contradicted,
            "contradicted",
            "differs from the record",
        ),
        (
            Label::Outdated,
            "outdated",
            "agreed with a record that has changed since",
        ),
        (Label::Supported, "supported", "agrees with the record"),
    ] {
        let count = among(engine, plan, judged(&Judged::Verdict(label)))?;
        values.push((word, name, count));
    }
    Ok(listed(values))
}

/// Publications by the states of the cases they are in.
fn cases(
    engine: &dyn Engine,
    plan: &Plan,
    judged: &dyn Fn(&Judged) -> Plan,
) -> Result<Vec<FacetValue>, IndexError> {
    let mut values = Vec::new();
    for (state, word) in [
        (CaseState::Proposed, "proposed"),
        (CaseState::Watching, "watching"),
        (CaseState::Confirmed, "confirmed"),
        (CaseState::Dismissed, "dismissed"),
        (CaseState::Duplicate, "duplicate"),
        (CaseState::CorrectionRequested, "correction_requested"),
        (CaseState::Corrected, "corrected"),
        (CaseState::PartlyCorrected, "partly_corrected"),
        (CaseState::Refused, "refused"),
        (CaseState::Removed, "removed"),
        (CaseState::Regressed, "regressed"),
        (CaseState::Closed, "closed"),
    ] {
        let count = among(engine, plan, judged(&Judged::Case(Some(state))))?;
        values.push((word, word, count));
    }
    Ok(listed(values))
}

/// Values that occur.
fn listed(values: Vec<(&str, &str, u64)>) -> Vec<FacetValue> {
    let values = values.into_iter().filter(|(_, _, count)| *count > 0);
    let values = values.map(|(value, name, count)| FacetValue {
        value: value.to_owned(),
        name: name.replace('_', " "),
        count,
        query: String::new(),
    });
    values.collect()
}

/// Publications by month, the newest first.
fn months(days: &BTreeMap<i64, u64>) -> Vec<FacetValue> {
    let mut months: BTreeMap<String, u64> = BTreeMap::new();
    for (day, count) in days {
        *months
            .entry(date(*day).format("%Y-%m").to_string())
            .or_default() += count;
    }
    let newest = months.into_iter().rev().take(MONTHS);
    let values = newest.map(|(month, count)| FacetValue {
        value: month.clone(),
        name: month,
        count,
        query: String::new(),
    });
    values.collect()
}
