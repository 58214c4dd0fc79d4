//! What the kinds of hits differ in: which entries they are, what is found out of them, and what a hit says.

use std::collections::BTreeSet;

use super::IndexError;
use super::engine::{Field, Kind, Plan};
use super::entry::readable;
use super::fold::Story;
use super::query::{Judged, Marks, Parsed};
use super::search::moment;
use super::snippet;
use crate::model::{
    Agencies, Case, CaseHit, CaseId, Claim, ClaimHit, CopyOf, Hit, HitKind, Label, Revision,
    RevisionId, Snippet, Verdict,
};
use crate::store::{Store, StoreError};

/// Copies shown of a story; the others are counted.
const COPIES: usize = 20;

/// The entries that are searched.
pub(super) fn entries(kind: HitKind) -> Vec<Plan> {
    let role = |word: &str| Plan::Is {
        field: Field::Role,
        value: word.to_owned(),
        worth: Some(0),
    };
    match kind {
        HitKind::Pages => vec![Plan::Kind(Kind::Publication)],
        HitKind::Publications => vec![Plan::Kind(Kind::Publication), role("media")],
        HitKind::Records => vec![Plan::Kind(Kind::Publication), role("official")],
        HitKind::Claims => vec![Plan::Kind(Kind::Claim)],
        HitKind::Cases => vec![Plan::Kind(Kind::Case)],
    }
}

/// What whoever asks sees.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen<'a> {
    /// Ids of the cases; `None` for all.
    pub(super) cases: Option<&'a BTreeSet<String>>,
    /// The agencies whose verdicts are seen; `None` for all.
    pub(super) agencies: Option<&'a Agencies>,
}

impl Seen<'_> {
    /// Whether a case is seen.
    fn sees(&self, case: &Case) -> bool {
        self.cases.is_none_or(|seen| seen.contains(&case.id.0))
    }

    /// The findings of a label that are seen.
    fn findings(
        &self,
        store: &dyn Store,
        label: Label,
    ) -> Result<Vec<(Claim, Verdict)>, StoreError> {
        let mut findings = store.findings_with(label)?;
        findings.retain(|(claim, verdict)| {
            self.agencies
                .is_none_or(|agencies| agencies.sees(claim, verdict))
        });
        Ok(findings)
    }
}

/// Those of a kind of which something was found out by judging.
pub(super) fn judged(
    store: &dyn Store,
    kind: HitKind,
    what: &Judged,
    seen: Seen<'_>,
) -> Result<Plan, StoreError> {
    let (field, values) = match kind {
        HitKind::Claims => (Field::Claim, claims(store, what, seen)?),
        HitKind::Cases => (Field::Revision, cases(store, what, seen)?),
        _ => (Field::Revision, revisions(store, what, seen)?),
    };
    let values = values.into_iter().collect();
    Ok(Plan::OneOf { field, values })
}

/// Revisions with such a claim.
fn revisions(
    store: &dyn Store,
    what: &Judged,
    seen: Seen<'_>,
) -> Result<BTreeSet<String>, StoreError> {
    Ok(match what {
        Judged::Verdict(label) if seen.agencies.is_some() => {
            let findings = seen.findings(store, *label)?.into_iter();
            findings.map(|(claim, _)| claim.revision.0).collect()
        }
        Judged::Verdict(label) => {
            let revisions = store.revisions_with(*label)?.into_iter();
            revisions.map(|revision| revision.0).collect()
        }
        Judged::Slot(slot) => seen
            .findings(store, Label::Contradicted)?
            .into_iter()
            .filter(|(_, verdict)| verdict.differences.iter().any(|one| one.slot == *slot))
            .map(|(claim, _)| claim.revision.0)
            .collect(),
        Judged::Case(_) => {
            let revisions = |case: &Case| {
                let copies = case.copies.iter();
                copies.map(|copy| copy.revision.0.clone()).collect()
            };
            of_cases(store, what, seen, revisions)?
        }
    })
}

/// Such claims.
fn claims(
    store: &dyn Store,
    what: &Judged,
    seen: Seen<'_>,
) -> Result<BTreeSet<String>, StoreError> {
    Ok(match what {
        Judged::Verdict(label) if seen.agencies.is_some() => {
            let findings = seen.findings(store, *label)?.into_iter();
            findings.map(|(claim, _)| claim.id.0).collect()
        }
        Judged::Verdict(label) => {
            let claims = store.claims_with(*label)?.into_iter();
            claims.map(|claim| claim.0).collect()
        }
        Judged::Slot(slot) => seen
            .findings(store, Label::Contradicted)?
            .into_iter()
            .filter(|(_, verdict)| verdict.differences.iter().any(|one| one.slot == *slot))
            .map(|(claim, _)| claim.id.0)
            .collect(),
        Judged::Case(_) => {
            let claims = |case: &Case| {
                let copies = case.copies.iter();
                copies.map(|copy| copy.claim.0.clone()).collect()
            };
            of_cases(store, what, seen, claims)?
        }
    })
}

/// Such cases.
fn cases(store: &dyn Store, what: &Judged, seen: Seen<'_>) -> Result<BTreeSet<String>, StoreError> {
    Ok(match what {
        Judged::Verdict(_) => {
            let claims = claims(store, what, seen)?;
            let holds = |case: &&Case| {
                let mut copies = case.copies.iter();
                copies.any(|copy| claims.contains(&copy.claim.0))
            };
            let all = store.cases()?;
            let seen = all.iter().filter(|case| seen.sees(case));
            seen.filter(holds).map(|case| case.id.0.clone()).collect()
        }
        Judged::Slot(_) | Judged::Case(_) => {
            of_cases(store, what, seen, |case| vec![case.id.0.clone()])?
        }
    })
}

/// What is taken of the cases of a state or with a difference.
fn of_cases(
    store: &dyn Store,
    what: &Judged,
    seen: Seen<'_>,
    taken: impl Fn(&Case) -> Vec<String>,
) -> Result<BTreeSet<String>, StoreError> {
    let is_asked = |case: &&Case| match what {
        Judged::Case(state) => state.is_none_or(|state| case.state == state),
        Judged::Slot(slot) => case.differing().iter().any(|one| one.slot == *slot),
        Judged::Verdict(_) => false,
    };
    let cases = store.cases()?;
    let seen = cases.iter().filter(|case| seen.sees(case));
    Ok(seen.filter(is_asked).flat_map(taken).collect())
}

/// A story as a hit; `None` when the store does not have what it says: the index is ahead of a restored store.
pub(super) fn hit(
    story: &Story,
    parsed: &Parsed,
    store: &dyn Store,
) -> Result<Option<Hit>, IndexError> {
    let lead = &story.lead;
    if parsed.kind == HitKind::Cases {
        let case = store.case(&CaseId(lead.revision.0.clone()))?;
        return Ok(case.map(|case| of_case(case, story, &parsed.marks)));
    }
    let Some(revision) = store.revision(&lead.revision)? else {
        return Ok(None);
    };
    let mut hit = of_page(&revision, story, &parsed.marks);
    hit.copies = copies(story, store)?;
    if parsed.kind != HitKind::Claims {
        let document = &revision.document;
        hit.snippet = snippet::best(&readable(document), document.language, &parsed.marks);
        return Ok(Some(hit));
    }
    let id = lead.key.split_once('/').map_or("", |(_, id)| id);
    let claims = store.claims(&lead.revision)?;
    let Some(claim) = claims.into_iter().find(|claim| claim.id.0 == id) else {
        return Ok(None);
    };
    hit.snippet = snippet::whole(&claim.text, Some(claim.language), &parsed.marks);
    hit.language = Some(claim.language);
    // A verdict that rests on what is none of the reader's is as good as none; the sentence stands in the publication.
    let is_seen = |verdict: &Verdict| {
        let agencies = parsed.agencies.as_ref();
        agencies.is_none_or(|agencies| agencies.sees(&claim, verdict))
    };
    hit.claim = Some(ClaimHit {
        verdict: store.verdict(&claim.id)?.filter(is_seen),
        id: claim.id,
    });
    Ok(Some(hit))
}

/// What a page says of itself; the passage is still to be chosen.
fn of_page(revision: &Revision, story: &Story, marks: &Marks) -> Hit {
    let document = &revision.document;
    Hit {
        revision: revision.id.clone(),
        url: document.url.0.clone(),
        source: revision.source.0.clone(),
        title: snippet::whole(&document.title, document.language, marks),
        snippet: Snippet::default(),
        language: document.language,
        published: moment(story.lead.published),
        first_seen: revision.first_seen,
        score: story.lead.score,
        n_copies: story.copies.len(),
        copies: Vec::new(),
        claim: None,
        case: None,
    }
}

/// A case: its first copy, and the passage of the record.
fn of_case(case: Case, story: &Story, marks: &Marks) -> Hit {
    let first = case.copies.first();
    let language = first.map(|copy| copy.language);
    let sentence = first.map_or("", |copy| copy.sentence.as_str());
    let record = case
        .evidence
        .first()
        .map_or("", |quote| quote.sentence.as_str());
    let others = case.copies.iter().skip(1);
    Hit {
        revision: first.map_or_else(|| RevisionId(String::new()), |copy| copy.revision.clone()),
        url: first.map_or_else(String::new, |copy| copy.url.clone()),
        source: first.map_or_else(String::new, |copy| copy.source.0.clone()),
        title: snippet::whole(sentence, language, marks),
        snippet: snippet::best(record, None, marks),
        language,
        published: moment(story.lead.published),
        first_seen: case.opened_at,
        score: story.lead.score,
        n_copies: case.copies.len().saturating_sub(1),
        copies: others
            .take(COPIES)
            .map(|copy| CopyOf {
                revision: copy.revision.clone(),
                url: copy.url.clone(),
                published: copy.published,
            })
            .collect(),
        claim: None,
        case: Some(CaseHit {
            state: case.state,
            differences: case.differing(),
            evidence: case.evidence,
            id: case.id,
        }),
    }
}

/// The first copies of a story.
fn copies(story: &Story, store: &dyn Store) -> Result<Vec<CopyOf>, IndexError> {
    let mut copies = Vec::new();
    for copy in story.copies.iter().take(COPIES) {
        if let Some(revision) = store.revision(&copy.revision)? {
            copies.push(CopyOf {
                revision: copy.revision.clone(),
                url: revision.document.url.0,
                published: moment(copy.published),
            });
        }
    }
    Ok(copies)
}
