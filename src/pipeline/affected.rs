//! Finds the claims that new, revised and withdrawn records can affect, so that they and no others are judged again.
//!
//! Whatever the order in which pages come and passes run, the verdicts end as if all had been judged at once: a claim
//! that is left alone is one for which the same records would be found. What a kill leaves undone, the next pass does.

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::Workspace;
use crate::index::Changed;
use crate::model::{Basis, Observation, Revision, RevisionId};
use crate::store::{BasisPlace, Weighing};

/// Revisions weighed together: the claims are walked over once for them, with their anchors in memory.
const REVISIONS: usize = 256;
/// Bases read from the store at once.
const BASES: usize = 8_192;

/// Makes the claims wait for a verdict again whose records a revision of the store changes that was not weighed yet, or
/// a record whose day has come; says how many there are.
pub(super) fn forget(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<usize> {
    let store = &workspace.store;
    if store.bases_after(None, 1)?.is_empty() {
        // Nothing was judged yet, so nothing is to be judged again.
        return weigh_nothing(workspace, now);
    }
    let mut n_affected = 0;
    loop {
        let weighed = store.weighed()?;
        let stored = store.revisions_after(weighed, REVISIONS)?;
        let due = store.waiting(now)?;
        if stored.is_empty() && due.is_empty() {
            return Ok(n_affected);
        }
        let mut records = Vec::new();
        let mut waiting = Vec::new();
        for (_, revision) in &stored {
            collect(workspace, revision, now, &mut records, &mut waiting)?;
        }
        for revision in &due {
            records.push(store.observations_of(revision)?);
        }
        let affected = affected(workspace, &records)?;
        n_affected += affected.iter().filter(|one| one.claim.is_some()).count();
        store.put_weighing(&Weighing {
            affected,
            until: stored.last().map_or(weighed, |(place, _)| *place),
            waiting,
            now,
        })?;
    }
}

/// Notes that everything stored is weighed; of records only those are looked at that are dated after this moment.
fn weigh_nothing(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<usize> {
    let store = &workspace.store;
    loop {
        let stored = store.revisions_after(store.weighed()?, REVISIONS)?;
        let Some((until, _)) = stored.last() else {
            return Ok(0);
        };
        let mut waiting = Vec::new();
        for (_, revision) in &stored {
            let at = revision.document.trusted_published();
            if let Some(dated) = at.filter(|dated| dated.at > now) {
                waiting.push((revision.id.clone(), dated.at.to_utc()));
            }
        }
        store.put_weighing(&Weighing {
            affected: Vec::new(),
            until: *until,
            waiting,
            now,
        })?;
    }
}

/// Adds what a revision says as a record, and what the ones before it said, for they no longer stand.
fn collect(
    workspace: &Workspace,
    revision: &Revision,
    now: DateTime<Utc>,
    records: &mut Vec<Vec<Observation>>,
    waiting: &mut Vec<(RevisionId, DateTime<Utc>)>,
) -> anyhow::Result<()> {
    let store = &workspace.store;
    let mut add = |observations: Vec<Observation>| {
        if !observations.is_empty() {
            records.push(observations);
        }
    };
    let own = store.observations_of(&revision.id)?;
    if let Some(first) = own.first().filter(|first| first.published_at > now) {
        waiting.push((revision.id.clone(), first.published_at));
    }
    add(own);
    if revision.number > 1 {
        let before = store.revisions_of(&revision.document.url.0)?.into_iter();
        for earlier in before.filter(|one| one.number < revision.number) {
            add(store.observations_of(&earlier.id)?);
        }
    }
    Ok(())
}

/// Where the bases stand that records change.
fn affected(
    workspace: &Workspace,
    records: &[Vec<Observation>],
) -> anyhow::Result<Vec<BasisPlace>> {
    let mut affected = Vec::new();
    if records.is_empty() {
        return Ok(affected);
    }
    let changed = workspace.index.changed(records)?;
    let mut after = None;
    // The publication all of whose claims are affected; its own basis stands before theirs.
    let mut whole = None;
    loop {
        let bases = workspace.store.bases_after(after, BASES)?;
        let Some((last, _)) = bases.last() else {
            return Ok(affected);
        };
        after = Some(*last);
        let flags: Vec<bool> = bases
            .par_iter()
            .map(|(place, basis)| is_affected(&changed, *place, basis))
            .collect();
        for ((place, _), is_affected) in bases.iter().zip(flags) {
            if is_affected && place.claim.is_none() {
                whole = Some(place.revision);
            }
            if is_affected || whole == Some(place.revision) {
                affected.push(*place);
            }
        }
    }
}

/// Whether records change what a basis was left by.
fn is_affected(changed: &Changed, place: BasisPlace, basis: &Basis) -> bool {
    match place.claim {
        Some(_) => changed.affects_claim(basis),
        None => changed.affects_publication(basis),
    }
}
