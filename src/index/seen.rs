//! Which gaps in what is seen of the sources concern a query: a source that was down is not a quiet source.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use super::IndexError;
use super::bars::beginning;
use super::engine::{Entry, Field, Kind, Number, Plan};
use super::entry::role;
use super::likeness::Likeness;
use super::query::Parsed;
use super::search::SearchQuery;
use super::watch::fulfils;
use crate::model::{Gap, RevisionId, Source, SourceId};
use crate::store::Store;

/// Without days asked for, an empty answer speaks of the gaps of so many last days.
const LAST_DAYS: u64 = 30;

/// The gaps of the sources that a query looks at, in the days that it asks for.
pub(super) fn gaps(
    store: &dyn Store,
    parsed: &Parsed,
    query: &SearchQuery,
) -> Result<Vec<Gap>, IndexError> {
    // The reader's day has begun; how much of it is over is not known here.
    let today = beginning(query.today, query.offset_s);
    let mut gaps = store.gaps(today)?;
    if gaps.is_empty() {
        return Ok(gaps);
    }
    let sources = store.sources()?.into_iter();
    let sources: BTreeMap<_, Source> = sources.map(|one| (one.id.clone(), one)).collect();
    let (from, until) = days(parsed);
    gaps.retain(|gap| {
        let source = sources.get(&gap.source);
        is_asked(&gap.source, source, parsed) && gap.overlaps(from, until)
    });
    Ok(gaps)
}

/// Those of the last days, for an answer that holds no days of its own.
pub(super) fn recent(mut gaps: Vec<Gap>, parsed: &Parsed, query: &SearchQuery) -> Vec<Gap> {
    let (from, until) = days(parsed);
    if from == DateTime::<Utc>::MIN_UTC && until == DateTime::<Utc>::MAX_UTC {
        let first = query.today.checked_sub_days(Days::new(LAST_DAYS));
        let first = beginning(first.unwrap_or(query.today), query.offset_s);
        gaps.retain(|gap| gap.overlaps(first, until));
    }
    gaps
}

/// The time that a query asks for; all of it without `published:` and `first_seen:`.
fn days(parsed: &Parsed) -> (DateTime<Utc>, DateTime<Utc>) {
    let (mut from, mut until) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    for (_, plan) in &parsed.parts {
        if let Plan::Within {
            number: Number::Published | Number::FirstSeen,
            from: first,
            to: last,
        } = plan
        {
            let moment = |seconds: &i64| DateTime::from_timestamp(*seconds, 0);
            from = from.max(first.as_ref().and_then(moment).unwrap_or(from));
            until = until.min(last.as_ref().and_then(moment).unwrap_or(until));
        }
    }
    (from, until)
}

/// Whether a publication of a source could be found, as far as source, role and language go; of a source that was never
/// configured only the id is known.
fn is_asked(id: &SourceId, source: Option<&Source>, parsed: &Parsed) -> bool {
    let mut values = vec![(Field::Source, id.0.clone())];
    let mut known = vec![Field::Source];
    if let Some(source) = source {
        known.push(Field::Role);
        values.push((Field::Role, role(source).to_owned()));
        if !source.languages.is_empty() {
            known.push(Field::Language);
        }
        let languages = source.languages.iter();
        values.extend(languages.map(|one| (Field::Language, one.code().to_owned())));
    }
    let entry = Entry {
        key: String::new(),
        kind: Kind::Publication,
        revision: RevisionId(String::new()),
        terms: Vec::new(),
        values,
        amounts: Vec::new(),
        likeness: Likeness::default(),
        published: 0,
        first_seen: 0,
        group: 0,
    };
    let of_kind = super::kinds::entries(parsed.kind);
    let parts = parsed.parts.iter().map(|(_, plan)| plan);
    let mut asked = of_kind
        .iter()
        .chain(parts)
        .filter(|plan| asks_of(plan, &known));
    asked.all(|plan| fulfils(&entry, plan))
}

/// Whether a plan asks for nothing but some fields.
fn asks_of(plan: &Plan, known: &[Field]) -> bool {
    match plan {
        Plan::Is { field, .. } | Plan::OneOf { field, .. } => known.contains(field),
        Plan::All(plans) | Plan::Any(plans) => plans.iter().all(|plan| asks_of(plan, known)),
        Plan::Not(plan) => asks_of(plan, known),
        _ => false,
    }
}
