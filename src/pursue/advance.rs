//! Brings all cases up to what a pass has seen: opens, extends, follows and closes them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::fact;
use super::workflow::{Changes, next_state};
use crate::canonical;
use crate::model::{
    Case, CaseEvent, CaseId, CaseState, Claim, Copy, CopyState, Difference, Label, Observation,
    ObservationId, Quote, Revision, RevisionId, SlotName, Verdict,
};

/// What a pass has seen: all that cases are advanced by.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Claims of the revisions that stand now, with their newest verdicts.
    pub findings: &'a [(Claim, Verdict)],
    /// The newest revision of each address that a finding stands on or [`addresses`] names, markers of gone pages included; by address.
    pub pages: &'a BTreeMap<String, Revision>,
    /// The observations that contradicted findings quote; one that is missing only makes copies harder to recognise.
    pub observations: &'a BTreeMap<ObservationId, Observation>,
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
    for (place, case) in cases.iter_mut().enumerate() {
        let group = groups.get(&place).map_or(&[][..], Vec::as_slice);
        follow(case, group, seen, &pages, now);
    }
    cases.extend(groups.range(n_known..).map(|(_, group)| opened(group, now)));
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

/// One contradicted finding on the page where it stands.
struct Contradiction<'a> {
    /// The claim.
    claim: &'a Claim,
    /// The verdict.
    verdict: &'a Verdict,
    /// The revision in which the claim stands.
    page: &'a Revision,
    /// Anchors of the contradicted fact.
    anchors: BTreeSet<String>,
}

impl Contradiction<'_> {
    /// The claim's page as a copy of the fact.
    fn copy(&self) -> Copy {
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
        }
    }
}

/// The contradicted findings, earliest publication first.
fn contradictions<'a>(
    seen: &Seen<'a>,
    pages: &BTreeMap<&RevisionId, &'a Revision>,
) -> Vec<Contradiction<'a>> {
    let mut found: Vec<Contradiction<'a>> = seen
        .findings
        .iter()
        .filter(|(_, verdict)| verdict.label == Label::Contradicted)
        .filter_map(|(claim, verdict)| {
            let page = *pages.get(&claim.revision)?;
            (!page.is_gone).then(|| Contradiction {
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

/// For each contradiction the place of its case: below `cases.len()` a known one, from there on one to open.
///
/// A contradiction's own anchors come first, then those of the others it is connected with; among
/// several known cases the one opened first wins.
fn homes(contradictions: &[Contradiction<'_>], cases: &[Case]) -> Vec<usize> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        for anchor in &case.anchors {
            known.entry(anchor).or_insert(place);
        }
    }
    let roots = connected(contradictions);
    let own: Vec<Option<usize>> = contradictions
        .iter()
        .map(|contradiction| {
            let hits = contradiction.anchors.iter();
            hits.filter_map(|anchor| known.get(anchor.as_str()).copied())
                .min()
        })
        .collect();
    let mut of_group: BTreeMap<usize, usize> = BTreeMap::new();
    for (root, place) in roots.iter().zip(&own) {
        if let Some(place) = place {
            let best = of_group.entry(*root).or_insert(*place);
            *best = (*best).min(*place);
        }
    }
    roots
        .iter()
        .zip(&own)
        .map(|(root, own)| {
            own.or_else(|| of_group.get(root).copied())
                .unwrap_or(cases.len() + root)
        })
        .collect()
}

/// For each contradiction the place of the first one it is connected with through shared anchors.
fn connected(contradictions: &[Contradiction<'_>]) -> Vec<usize> {
    let mut roots: Vec<usize> = (0..contradictions.len()).collect();
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, contradiction) in contradictions.iter().enumerate() {
        for anchor in &contradiction.anchors {
            let first = *owner.entry(anchor).or_insert(place);
            let (a, b) = (roots[first], roots[place]);
            if a != b {
                let (low, high) = (a.min(b), a.max(b));
                for root in roots.iter_mut().filter(|root| **root == high) {
                    *root = low;
                }
            }
        }
    }
    roots
}

/// A new case of connected contradictions, earliest first.
fn opened(group: &[&Contradiction<'_>], now: DateTime<Utc>) -> Case {
    let first = group
        .first()
        .expect("a group holds the contradiction that made it");
    let copies = first_per_page(group);
    let anchors = merged_anchors(&[], group);
    let (differences, evidence, explanation) = proof(group).unwrap_or_default();
    let what = format!(
        "opened: {} {} from the record in {}",
        counted(copies.len(), "publication", "publications"),
        if copies.len() == 1 {
            "differs"
        } else {
            "differ"
        },
        differences
            .first()
            .map_or(fact::differing_slot(first.verdict), |one| one.slot)
            .words(),
    );
    Case {
        id: CaseId(canonical::id(
            "case",
            &[anchors.first().map_or("", String::as_str)],
        )),
        state: CaseState::Proposed,
        differences,
        evidence,
        explanation,
        copies,
        opened_at: now,
        history: vec![CaseEvent {
            at: now,
            what,
            state: CaseState::Proposed,
        }],
        anchors,
    }
}

/// What a case rests on: the surest verdict on the first copy's sentence, with all that differs in that sentence.
fn proof(group: &[&Contradiction<'_>]) -> Option<(Vec<Difference>, Vec<Quote>, String)> {
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

/// One copy per page, the claim that comes first on it; in order of publication.
fn first_per_page(group: &[&Contradiction<'_>]) -> Vec<Copy> {
    let mut seen = BTreeSet::new();
    group
        .iter()
        .filter(|contradiction| seen.insert(&contradiction.page.document.url))
        .map(|contradiction| contradiction.copy())
        .collect()
}

/// The anchors known so far and those of further contradictions, sorted.
fn merged_anchors(known: &[String], group: &[&Contradiction<'_>]) -> Vec<String> {
    let mut anchors: BTreeSet<String> = known.iter().cloned().collect();
    for contradiction in group {
        anchors.extend(contradiction.anchors.iter().cloned());
    }
    anchors.into_iter().collect()
}

/// Brings one known case up to what was seen.
fn follow(
    case: &mut Case,
    group: &[&Contradiction<'_>],
    seen: &Seen<'_>,
    pages: &BTreeMap<&RevisionId, &Revision>,
    now: DateTime<Utc>,
) {
    case.anchors = merged_anchors(&case.anchors, group);
    let mut notes = Vec::new();
    let mut changes = Changes::default();
    let standing = first_per_page(group);
    for copy in &standing {
        notes.extend(seen_standing(case, copy, &mut changes));
    }
    let urls: BTreeSet<&str> = standing.iter().map(|copy| copy.url.as_str()).collect();
    let slot = case.differences.first().map(|difference| difference.slot);
    let has_record_changed = has_record_changed(case, seen);
    for copy in &mut case.copies {
        if copy.state != CopyState::Stands || urls.contains(copy.url.as_str()) {
            continue;
        }
        let Some(page) = seen.pages.get(&copy.url) else {
            continue;
        };
        notes.extend(seen_without(
            copy,
            page,
            slot,
            seen,
            pages,
            has_record_changed,
        ));
    }
    if let Some((differences, evidence, explanation)) = proof(group) {
        case.differences = differences;
        case.evidence = evidence;
        case.explanation = explanation;
    }
    case.copies
        .sort_by(|a, b| (a.published, &a.url).cmp(&(b.published, &b.url)));
    notes.sort();
    let before = case.state;
    case.state = next_state(before, &case.copies, changes);
    if before != case.state && notes.is_empty() {
        notes.push("the copies were looked at again".to_owned());
    }
    let state = case.state;
    case.history.extend(notes.into_iter().map(|what| CaseEvent {
        at: now,
        what,
        state,
    }));
}

/// Notes that a copy stands: adds it, brings it up to its page's revision, or takes it back as standing again.
fn seen_standing(case: &mut Case, copy: &Copy, changes: &mut Changes) -> Option<String> {
    let Some(known) = case.copies.iter_mut().find(|known| known.url == copy.url) else {
        case.copies.push(copy.clone());
        changes.has_grown = true;
        return Some(format!("also published at {}", copy.url));
    };
    let before = std::mem::replace(known, copy.clone());
    match before.state {
        CopyState::Stands if before.revision == copy.revision => None,
        CopyState::Stands => Some(format!("{} changed, the claim stands", copy.url)),
        CopyState::Cleared => {
            changes.has_grown = true;
            Some(format!("{} differs from the record again", copy.url))
        }
        CopyState::Corrected | CopyState::Gone => {
            changes.has_regressed = true;
            Some(format!("the claim is back at {}", copy.url))
        }
    }
}

/// Whether a record that the case quotes has another revision now.
fn has_record_changed(case: &Case, seen: &Seen<'_>) -> bool {
    case.evidence.iter().any(|quote| {
        let page = seen.pages.get(&quote.url);
        page.is_some_and(|page| page.id != quote.revision)
    })
}

/// Ends a copy that is no longer found to differ, or follows it into a reworded revision; says what happened.
fn seen_without(
    copy: &mut Copy,
    page: &Revision,
    slot: Option<SlotName>,
    seen: &Seen<'_>,
    pages: &BTreeMap<&RevisionId, &Revision>,
    has_record_changed: bool,
) -> Option<String> {
    if page.is_gone {
        return end(copy, CopyState::Gone, page.first_seen, "the page is gone");
    }
    let on_page: Vec<&(Claim, Verdict)> = seen
        .findings
        .iter()
        .filter(|(claim, _)| {
            pages
                .get(&claim.revision)
                .is_some_and(|at| at.id == page.id)
        })
        .collect();
    let folded = fact::folded(&copy.sentence);
    let is_said_still = on_page
        .iter()
        .any(|(claim, _)| claim.id == copy.claim || fact::folded(&claim.text) == folded);
    if is_said_still || page.id == copy.revision {
        let why = if has_record_changed {
            "the record changed and no longer differs; the outlet is cleared"
        } else {
            "judged again: it no longer differs from the record; the outlet is cleared"
        };
        let at = copy.published.max(page.last_seen);
        return end(copy, CopyState::Cleared, at, why);
    }
    let reworded = slot.and_then(|slot| reworded(copy, slot, &on_page));
    if let Some(claim) = reworded {
        copy.revision = page.id.clone();
        copy.claim = claim.id.clone();
        copy.sentence = claim.text.clone();
        return Some(format!("{} was reworded, the claim stands", copy.url));
    }
    let why = "a later revision no longer carries the claim";
    end(copy, CopyState::Corrected, page.first_seen, why)
}

/// The unsettled claim of a later revision that still says in the slot what the copy said, about the same measure.
///
/// The copy's own frame is found among the findings only while its revision stands, so the comparison
/// goes by the written value: a claim that repeats its digits and most of its words is the same claim.
fn reworded<'a>(
    copy: &Copy,
    slot: SlotName,
    on_page: &[&'a (Claim, Verdict)],
) -> Option<&'a Claim> {
    if !matches!(slot, SlotName::Value | SlotName::Unit | SlotName::Change) {
        return None;
    }
    let before = fact::folded(&copy.sentence);
    let before: BTreeSet<&str> = before.split(' ').collect();
    let is_digits = |word: &&&str| word.chars().all(|letter| letter.is_ascii_digit());
    let digits: BTreeSet<&str> = before.iter().filter(is_digits).copied().collect();
    on_page
        .iter()
        .filter(|(_, verdict)| verdict.label == Label::NoRecord)
        .map(|(claim, _)| claim)
        .find(|claim| {
            let after = fact::folded(&claim.text);
            let after: BTreeSet<&str> = after.split(' ').collect();
            let n_shared = before.intersection(&after).count();
            !digits.is_empty() && digits.is_subset(&after) && n_shared * 2 >= before.len()
        })
}

/// Ends a copy and says why.
fn end(copy: &mut Copy, state: CopyState, at: DateTime<Utc>, why: &str) -> Option<String> {
    copy.state = state;
    copy.ended_at = Some(at);
    Some(format!("{}: {why}", copy.url))
}

/// A count with its noun.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
