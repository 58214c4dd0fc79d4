//! Gathers the contradicted findings of a pass, and what several of them together say: copies, proof, record, subjects.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::advance::Seen;
use super::{fact, look, note};
use crate::model::{
    Carrier, CaseRecord, Claim, Copy, CopyState, Difference, Label, Quote, Revision, RevisionId,
    Verdict,
};

/// One contradicted finding on the page where it stands.
pub(super) struct Contradiction<'a> {
    /// The claim.
    pub(super) claim: &'a Claim,
    /// The verdict.
    pub(super) verdict: &'a Verdict,
    /// The revision in which the claim stands.
    pub(super) page: &'a Revision,
    /// Anchors of the contradicted fact.
    pub(super) anchors: BTreeSet<String>,
}

impl Contradiction<'_> {
    /// The claim's page as a copy of the fact.
    fn copy(&self, carrier: Carrier, now: DateTime<Utc>) -> Copy {
        Copy {
            source: self.page.source.clone(),
            url: self.page.document.url.0.clone(),
            revision: self.page.id.clone(),
            claim: self.claim.id.clone(),
            sentence: self.claim.text.clone(),
            language: self.claim.language,
            published: self.claim.published_at,
            state: CopyState::Stands,
            ended_at: None,
            found_at: Some(now),
            carriers: vec![carrier],
            looked_at: Some(self.page.id.clone()),
            is_inferred: false,
            last_event: None,
            credits: self.page.document.about.credits.clone(),
            links: self.page.document.about.links.clone(),
            alternates: self.page.document.alternates.clone(),
        }
    }
}

/// The contradicted findings, earliest publication first.
pub(super) fn contradictions<'a>(
    seen: &Seen<'a>,
    pages: &BTreeMap<&RevisionId, &'a Revision>,
) -> Vec<Contradiction<'a>> {
    let mut found: Vec<Contradiction<'a>> = seen
        .findings
        .iter()
        .filter(|(_, verdict)| verdict.label == Label::Contradicted)
        .filter_map(|(claim, verdict)| {
            let page = *pages.get(&claim.revision)?;
            let is_asserted = !page.is_gone && !note::takes_back(&claim.text);
            is_asserted.then(|| Contradiction {
                claim,
                verdict,
                page,
                anchors: fact::anchors(claim, verdict, seen.observations),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |c: &Contradiction<'a>| {
            (
                c.claim.published_at,
                c.page.document.url.clone(),
                c.claim.part.clone(),
                c.claim.id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    found
}

/// The record a case rests on.
pub(super) fn record(evidence: &[Quote], seen: &Seen<'_>) -> Option<CaseRecord> {
    let quote = evidence.first()?;
    let observation = seen.observations.get(&quote.observation)?;
    Some(CaseRecord {
        observation: observation.id.clone(),
        authority: observation.authority,
        frame: observation.frame.clone(),
    })
}

/// What some contradictions are about, whatever they claim.
pub(super) fn subjects(group: &[&Contradiction<'_>], seen: &Seen<'_>) -> BTreeSet<String> {
    let group = group.iter();
    group
        .flat_map(|one| fact::subjects(one.verdict, seen.observations))
        .collect()
}

/// What a case rests on: the surest verdict on the first copy's sentence, with all that differs in that sentence.
pub(super) fn proof(group: &[&Contradiction<'_>]) -> Option<(Vec<Difference>, Vec<Quote>, String)> {
    let first = group.first()?;
    let mut verdicts: Vec<&Verdict> = group
        .iter()
        .filter(|other| other.claim.url == first.claim.url && other.claim.text == first.claim.text)
        .map(|other| other.verdict)
        .collect();
    verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.confidence));
    let surest = verdicts.first()?;
    let mut differences: Vec<Difference> = Vec::new();
    for difference in verdicts.iter().flat_map(|verdict| &verdict.differences) {
        if !differences.contains(difference) {
            differences.push(difference.clone());
        }
    }
    Some((
        differences,
        surest.evidence.clone(),
        surest.explanation.clone(),
    ))
}

/// One copy per page with everything on it that carries the claim, the first named; in order of publication.
pub(super) fn first_per_page(group: &[&Contradiction<'_>], now: DateTime<Utc>) -> Vec<Copy> {
    let mut copies: Vec<Copy> = Vec::new();
    for contradiction in group {
        let url = &contradiction.page.document.url.0;
        let carrier = look::carrier(contradiction.claim);
        match copies.iter_mut().find(|copy| copy.url == *url) {
            Some(copy) => {
                let is_known = |known: &Carrier| {
                    known.sentence == carrier.sentence && known.part == carrier.part
                };
                if !copy.carriers.iter().any(is_known) {
                    copy.carriers.push(carrier);
                }
            }
            None => copies.push(contradiction.copy(carrier, now)),
        }
    }
    copies
}

/// What was known so far and what was added, sorted, each once.
pub(super) fn merged<'a>(
    known: &'a [String],
    more: impl IntoIterator<Item = &'a String>,
) -> Vec<String> {
    let all: BTreeSet<&String> = known.iter().chain(more).collect();
    all.into_iter().cloned().collect()
}
