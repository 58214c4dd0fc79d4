//! Takes a person's step on a stored case: only from the version that was seen, and entered in the audit log whatever comes of it.
//!
//! The command line and the API come here alike. The store is asked, `pursue` decides, and the store keeps the outcome in one
//! transaction or says that somebody else was faster; then whoever was slower is told what changed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::config::CaseConfig;
use crate::language::Lexicon;
use crate::model::{
    AuditNote, Case, CaseEvent, CaseId, Order, SourceId, SourceRole, StepKind, User,
};
use crate::pursue::{self, Around, Refusal};
use crate::report::digest::{Span, Unseen};
use crate::report::json::moment;
use crate::store::{CaseChange, Changed, Store, StoreError};

/// What became of an order.
#[derive(Debug)]
pub enum Stepped {
    /// Taken: the case as it stands, and the other case that it changed.
    Done(Vec<Case>),
    /// The case was changed since it was seen: as it stands now, and what happened since.
    Stale(Box<Case>, Vec<CaseEvent>),
    /// Not allowed.
    Refused(Refusal),
    /// No case has this id.
    Unknown,
}

/// Takes a step.
///
/// # Errors
/// When the store fails.
pub fn take_step(
    store: &dyn Store,
    rules: &CaseConfig,
    id: &CaseId,
    seen: u64,
    order: &Order,
    by: &User,
    now: DateTime<Utc>,
) -> Result<Stepped, StoreError> {
    let Some(case) = store.case(id)? else {
        return Ok(Stepped::Unknown);
    };
    if case.version != seen {
        return stale(store, case, seen);
    }
    match changes(store, rules, &case, order, by, now)? {
        Err(refusal) => Ok(Stepped::Refused(refusal)),
        Ok(changes) => keep(store, case, &changes, now),
    }
}

/// What a step would store, or why it is not allowed, which is entered in the audit log.
///
/// # Errors
/// When the store fails.
pub fn changes(
    store: &dyn Store,
    rules: &CaseConfig,
    case: &Case,
    order: &Order,
    by: &User,
    now: DateTime<Utc>,
) -> Result<Result<Vec<CaseChange>, Refusal>, StoreError> {
    match decide(store, rules, case, order, by, now)? {
        Err(refusal) => {
            store.note(&refused(case, order, by, &refusal, now))?;
            Ok(Err(refusal))
        }
        Ok(cases) => Ok(Ok(changes_of(case, &cases, order, by).collect())),
    }
}

/// What became of one step on several cases.
#[derive(Debug)]
pub enum Together {
    /// Taken on all of them.
    Done(Vec<Case>),
    /// Taken on none: these would not have it, and why.
    Not(Vec<(CaseId, NotTaken)>),
}

/// Why a case would not have a step.
#[derive(Debug)]
pub enum NotTaken {
    /// It was changed since it was seen.
    Stale,
    /// Not allowed.
    Refused(Refusal),
    /// No case has this id.
    Unknown,
}

/// Takes one step on several cases, each from the version that was seen: on all of them or on none.
///
/// A step that changes another case too cannot be taken so and is refused.
///
/// # Errors
/// When the store fails.
pub fn take_together(
    store: &dyn Store,
    rules: &CaseConfig,
    seen: &BTreeMap<CaseId, u64>,
    order: &Order,
    by: &User,
    now: DateTime<Utc>,
) -> Result<Together, StoreError> {
    let (mut changes, mut not) = (Vec::new(), Vec::new());
    for (id, version) in seen {
        let Some(case) = store.case(id)? else {
            not.push((id.clone(), NotTaken::Unknown));
            continue;
        };
        if case.version != *version {
            not.push((id.clone(), NotTaken::Stale));
            continue;
        }
        match decide(store, rules, &case, order, by, now)? {
            Ok(cases) if cases.len() == 1 => changes.extend(changes_of(&case, &cases, order, by)),
            Ok(_) => {
                let why = "a step that changes another case is taken alone".to_owned();
                not.push((id.clone(), NotTaken::Refused(Refusal::Needs(why))));
            }
            Err(refusal) => {
                store.note(&refused(&case, order, by, &refusal, now))?;
                not.push((id.clone(), NotTaken::Refused(refusal)));
            }
        }
    }
    if !not.is_empty() {
        return Ok(Together::Not(not));
    }
    Ok(match store.change_cases(&changes, now)? {
        Changed::Done(cases) => Together::Done(cases),
        Changed::Stale(ids) => {
            let stale = ids.into_iter().map(|id| (id, NotTaken::Stale));
            Together::Not(stale.collect())
        }
    })
}

/// What a step would come to: the changed cases, or why it is not allowed. Nothing is stored.
///
/// # Errors
/// When the store fails.
pub fn decide(
    store: &dyn Store,
    rules: &CaseConfig,
    case: &Case,
    order: &Order,
    by: &User,
    now: DateTime<Utc>,
) -> Result<Result<Vec<Case>, Refusal>, StoreError> {
    let (users, official) = (store.users()?, official(store)?);
    let failure = RefCell::new(None);
    let find = |id: &CaseId, version: Option<u64>| {
        let found = match version {
            Some(version) => store.case_version(id, version),
            None => store.case(id),
        };
        found.unwrap_or_else(|error| {
            failure.replace(Some(error));
            None
        })
    };
    let around = Around {
        rules,
        users: &users,
        case: &find,
        official: &official,
        lexicon: Lexicon::shipped(),
    };
    let taken = pursue::take(case, order, by, &around, now);
    match failure.take() {
        Some(error) => Err(error),
        None => Ok(taken),
    }
}

/// Stores what a step came to.
fn keep(
    store: &dyn Store,
    before: Case,
    changes: &[CaseChange],
    now: DateTime<Utc>,
) -> Result<Stepped, StoreError> {
    match store.change_cases(changes, now)? {
        Changed::Done(cases) => Ok(Stepped::Done(cases)),
        Changed::Stale(_) => {
            let seen = before.version;
            let case = store.case(&before.id)?.unwrap_or(before);
            stale(store, case, seen)
        }
    }
}

/// Cases as a step left them, with what the audit log says of it.
fn changes_of<'a>(
    before: &'a Case,
    cases: &'a [Case],
    order: &'a Order,
    by: &'a User,
) -> impl Iterator<Item = CaseChange> + 'a {
    cases.iter().map(move |case| CaseChange {
        case: case.clone(),
        actor: by.id.clone(),
        action: action(order.step.kind()),
        details: json!({ "of": before.id, "order": order }),
    })
}

/// A step as it stands in the audit log.
fn action(step: StepKind) -> String {
    step.word().replace('-', "_")
}

/// What happened since a version was seen.
fn stale(store: &dyn Store, case: Case, seen: u64) -> Result<Stepped, StoreError> {
    let before = store.case_version(&case.id, seen)?;
    let n_seen = before.map_or(0, |before| before.history.len());
    let since = case.history.get(n_seen..).unwrap_or_default().to_vec();
    Ok(Stepped::Stale(Box::new(case), since))
}

/// The entry of a refusal: what was tried is worth knowing.
fn refused(
    case: &Case,
    order: &Order,
    by: &User,
    refusal: &Refusal,
    now: DateTime<Utc>,
) -> AuditNote {
    AuditNote {
        at: now,
        actor: by.id.clone(),
        action: format!("refused.{}", action(order.step.kind())),
        subject: case.id.0.clone(),
        details: json!({ "why": refusal.to_string(), "state": case.state }),
    }
}

/// The sources that are agencies.
pub fn official(store: &dyn Store) -> Result<BTreeSet<SourceId>, StoreError> {
    let sources = store.sources()?.into_iter();
    let official = sources.filter(|source| source.role == SourceRole::Official);
    Ok(official.map(|source| source.id).collect())
}

/// Sources of which nothing could be known for a part of a period.
///
/// # Errors
/// When the store fails.
pub fn unseen(
    store: &dyn Store,
    span: Span,
    now: DateTime<Utc>,
) -> Result<Vec<Unseen>, StoreError> {
    let gaps = store.gaps(now)?;
    let gaps = gaps
        .into_iter()
        .filter(|gap| gap.overlaps(span.from, span.to));
    let mut unseen: Vec<Unseen> = gaps
        .map(|gap| {
            let why = if gap.is_silent {
                "it did not answer"
            } else {
                "it was not asked"
            };
            let to = gap.to.map_or_else(|| "now".to_owned(), moment);
            Unseen {
                source: gap.source,
                what: format!("{why} from {} to {to}", moment(gap.from)),
            }
        })
        .collect();
    for source in store.sources()? {
        if store.fetch_log(&source.id, 1)?.is_empty() {
            unseen.push(Unseen {
                source: source.id,
                what: "it was never visited".to_owned(),
            });
        }
    }
    unseen.sort_by(|a, b| (&a.source, &a.what).cmp(&(&b.source, &b.what)));
    Ok(unseen)
}
