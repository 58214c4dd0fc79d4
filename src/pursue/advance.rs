//! Brings all cases up to what a pass has seen: opens, extends, follows and closes them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::follow::{OnPage, follow};
use super::found::{Contradiction, contradictions};
use super::home::homes;
use super::opening::{About, opened};
use crate::model::{
    Case, CaseState, Claim, Observation, ObservationId, Revision, RevisionId, Verdict,
};

/// What a pass has seen: all that cases are advanced by.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Claims of the revisions that stand now, with their newest verdicts.
    pub findings: &'a [(Claim, Verdict)],
    /// The newest revision of each address that a finding stands on or [`addresses`] names, markers of gone pages included; by address.
    pub pages: &'a BTreeMap<String, Revision>,
    /// The revisions in which copies were last looked at, where a newer one stands now; one that is missing only makes it harder to say
    /// how a page was mended.
    pub earlier: &'a BTreeMap<RevisionId, Revision>,
    /// The observations that contradicted findings quote; one that is missing only makes copies harder to recognise.
    pub observations: &'a BTreeMap<ObservationId, Observation>,
}

/// The revisions in which copies were last looked at: those that [`Seen::earlier`] holds where a newer one stands now.
pub fn looked_at(cases: &[Case]) -> BTreeSet<(String, RevisionId)> {
    let copies = cases.iter().flat_map(|case| &case.copies);
    copies
        .map(|copy| {
            let revision = copy.looked_at.clone().unwrap_or(copy.revision.clone());
            (copy.url.clone(), revision)
        })
        .collect()
}

/// The addresses whose newest revision [`advance`] has to see: those of all copies and of the records quoted.
pub fn addresses(cases: &[Case]) -> BTreeSet<String> {
    cases
        .iter()
        .flat_map(|case| {
            let copies = case.copies.iter().map(|copy| copy.url.clone());
            copies.chain(case.evidence.iter().map(|quote| quote.url.clone()))
        })
        .collect()
}

/// All cases as they stand after a pass, by id.
///
/// A contradicted finding joins the case that shares an anchor with it (see `fact`), or opens one together
/// with the other findings that share an anchor. A copy ends when its page is gone, when a later revision
/// no longer carries the claim, or when the record no longer differs. Doing the same again changes nothing.
pub fn advance(cases: &[Case], seen: &Seen<'_>, now: DateTime<Utc>) -> Vec<Case> {
    let mut cases = cases.to_vec();
    cases.sort_by(|a, b| (a.opened_at, &a.id).cmp(&(b.opened_at, &b.id)));
    let pages: BTreeMap<&RevisionId, &Revision> = seen
        .pages
        .values()
        .map(|revision| (&revision.id, revision))
        .collect();
    let contradictions = contradictions(seen, &pages);
    let mut groups: BTreeMap<usize, Vec<&Contradiction<'_>>> = BTreeMap::new();
    for (contradiction, home) in contradictions.iter().zip(homes(&contradictions, &cases)) {
        groups.entry(home).or_default().push(contradiction);
    }
    let n_known = cases.len();
    let mut on_page: OnPage<'_> = BTreeMap::new();
    for finding in seen.findings {
        on_page
            .entry(&finding.0.revision)
            .or_default()
            .push(finding);
    }
    for (place, case) in cases.iter_mut().enumerate() {
        let group = groups.get(&place).map_or(&[][..], Vec::as_slice);
        // The copies of a duplicate are followed where they were taken over.
        if case.state != CaseState::Duplicate {
            follow(case, group, seen, &on_page, now);
        }
    }
    let mut about = About::of(&cases);
    for (_, group) in groups.range(n_known..) {
        let case = opened(group, &about, &cases, seen, now);
        about.add(&case, cases.len());
        cases.push(case);
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

#[cfg(test)]
mod tests;
