//! Brings the cases up to what a pass has seen, and has the pages of open cases visited more often.
//!
//! People take steps while a pass runs, also from other processes. Cases are stored only where nobody changed them meanwhile;
//! else the pass looks at them again with what was changed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::Workspace;
use crate::model::{Case, CopyState, Label, ObservationId, Revision, RevisionId};
use crate::pursue;
use crate::store::{CaseChange, Changed, Store};

/// How often a pass tries again when people change cases under its hands.
const TRIES: usize = 8;
/// Pause between two visits of a page that carries the claim of an open case: corrections are mostly made within hours.
const CASE_PAUSE: TimeDelta = TimeDelta::hours(1);
/// The actor under whom the log enters what a pass did.
const PROGRAM: &str = "program";

/// Brings the cases up to the findings and stores those that changed.
pub(super) fn advance(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<Vec<Case>> {
    let store = &*workspace.store;
    for _ in 0..TRIES {
        let before = store.cases()?;
        let after = advanced(store, &before, now)?;
        let known: BTreeMap<_, &Case> = before.iter().map(|case| (&case.id, case)).collect();
        let changes: Vec<CaseChange> = after
            .iter()
            .filter(|case| known.get(&case.id).is_none_or(|known| *known != *case))
            .map(|case| change(case, known.get(&case.id).copied()))
            .collect();
        if let Changed::Done(_) = store.change_cases(&changes, now)? {
            hasten(store, &after, now)?;
            workspace.index.follow_cases(store)?;
            return Ok(after);
        }
        tracing::info!("a case was changed while it was looked at; looking again");
    }
    bail!("cases were changed under every of {TRIES} looks; the next pass looks again")
}

/// A case that a pass changed, with what is entered of it.
fn change(case: &Case, before: Option<&Case>) -> CaseChange {
    let n_known = before.map_or(0, |before| before.history.len());
    let events = case.history.get(n_known..).unwrap_or_default();
    let events: Vec<_> = events
        .iter()
        .map(|event| json!({ "kind": event.kind, "url": event.url }))
        .collect();
    CaseChange {
        case: case.clone(),
        actor: PROGRAM.to_owned(),
        action: if before.is_some() { "seen" } else { "open" }.to_owned(),
        details: json!(events),
    }
}

/// All cases as they stand after what the store has seen.
fn advanced(store: &dyn Store, cases: &[Case], now: DateTime<Utc>) -> anyhow::Result<Vec<Case>> {
    let mut findings = store.findings_with(Label::Contradicted)?;
    let quoted: BTreeSet<ObservationId> = findings
        .iter()
        .flat_map(|(_, verdict)| &verdict.evidence)
        .map(|quote| quote.observation.clone())
        .collect();
    let quoted: Vec<ObservationId> = quoted.into_iter().collect();
    let observations = store
        .observations(&quoted)?
        .into_iter()
        .map(|observation| (observation.id.clone(), observation))
        .collect();
    // What no longer differs counts only where a case once stood.
    let mut addresses = pursue::addresses(cases);
    for url in &addresses {
        let others = store.findings_of(url)?.into_iter();
        findings.extend(others.filter(|(_, verdict)| verdict.label != Label::Contradicted));
    }
    addresses.extend(findings.iter().map(|(claim, _)| claim.url.clone()));
    let mut pages = BTreeMap::new();
    for url in addresses {
        if let Some(newest) = store.newest_revision(&url)? {
            pages.insert(url, newest);
        }
    }
    let earlier = earlier(store, cases, &pages)?;
    let seen = pursue::Seen {
        findings: &findings,
        pages: &pages,
        earlier: &earlier,
        observations: &observations,
    };
    Ok(pursue::advance(cases, &seen, now))
}

/// The revisions in which copies were last looked at, where a newer one stands now.
fn earlier(
    store: &dyn Store,
    cases: &[Case],
    pages: &BTreeMap<String, Revision>,
) -> anyhow::Result<BTreeMap<RevisionId, Revision>> {
    let mut earlier = BTreeMap::new();
    for (url, id) in pursue::looked_at(cases) {
        if pages.get(&url).is_some_and(|newest| newest.id != id)
            && let Some(revision) = store.revision(&id)?
        {
            earlier.insert(id, revision);
        }
    }
    Ok(earlier)
}

/// Brings forward the next visit of every page that carries the claim of an open case.
fn hasten(store: &dyn Store, cases: &[Case], now: DateTime<Utc>) -> anyhow::Result<()> {
    let open = cases.iter().filter(|case| case.state.is_open());
    let copies = open.flat_map(|case| &case.copies);
    let standing: BTreeSet<RevisionId> = copies
        .filter(|copy| copy.state == CopyState::Stands)
        .map(|copy| copy.revision.clone())
        .collect();
    let standing: Vec<RevisionId> = standing.into_iter().collect();
    Ok(store.hasten(&standing, now + CASE_PAUSE)?)
}
