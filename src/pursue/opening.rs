//! Opens a case of contradicted findings that belong together and to no known case.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::advance::Seen;
use super::found::{Contradiction, first_per_page, merged, proof, record, subjects};
use super::history::Told;
use super::home::taken_over_by;
use super::{fact, note};
use crate::canonical;
use crate::language::local_day;
use crate::model::{Case, CaseId, CaseState, Desk, EventKind};

/// Which cases are about what, by their places; the one opened first counts.
pub(super) struct About(BTreeMap<String, usize>);

impl About {
    pub(super) fn of(cases: &[Case]) -> About {
        let mut about = About(BTreeMap::new());
        for (place, case) in cases.iter().enumerate() {
            about.add(case, place);
        }
        about
    }

    pub(super) fn add(&mut self, case: &Case, place: usize) {
        for subject in &case.subjects {
            self.0.entry(subject.clone()).or_insert(place);
        }
    }

    /// The case that was opened first among those about one of the subjects.
    fn first(&self, subjects: &[String]) -> Option<usize> {
        let places = subjects.iter().filter_map(|subject| self.0.get(subject));
        places.min().copied()
    }
}

/// A new case of connected contradictions, earliest first; `cases` are those known before it.
pub(super) fn opened(
    group: &[&Contradiction<'_>],
    about: &About,
    cases: &[Case],
    seen: &Seen<'_>,
    now: DateTime<Utc>,
) -> Case {
    let first = group
        .first()
        .expect("a group holds the contradiction that made it");
    let copies = first_per_page(group, now);
    let anchors = merged(&[], group.iter().flat_map(|one| &one.anchors));
    let subjects = merged(&[], &subjects(group, seen));
    let (differences, evidence, explanation) = proof(group).unwrap_or_default();
    let slot = differences
        .first()
        .map_or(fact::differing_slot(first.verdict), |one| one.slot);
    let follows = about.first(&subjects);
    let follows = follows.map(|place| cases[taken_over_by(cases, place)].id.clone());
    let record = record(&evidence, seen);
    let mut what = format!(
        "opened: {} {} from the record in {}",
        counted(copies.len(), "publication", "publications"),
        if copies.len() == 1 {
            "differs"
        } else {
            "differ"
        },
        slot.words(),
    );
    if let Some(earlier) = &follows {
        what.push_str(&format!("; {earlier} is about the same record"));
    }
    let id = CaseId(canonical::id(
        "case",
        &[anchors.first().map_or("", String::as_str)],
    ));
    let mut case = Case {
        id,
        state: CaseState::Proposed,
        differences,
        evidence,
        explanation,
        copies,
        opened_at: now,
        history: Vec::new(),
        anchors,
        version: 0,
        record,
        subjects,
        follows,
        desk: Desk::default(),
    };
    let kind = if case.follows.is_some() {
        EventKind::OpenedAfter
    } else {
        EventKind::Opened
    };
    let mut events = vec![Told::new(kind, None, what)];
    events.extend(denied_before(&case));
    case.tell(events, now);
    case
}

/// That the record had denied the claim before it was published.
fn denied_before(case: &Case) -> Option<Told> {
    let copy = case.copies.first()?;
    let mut quotes = case.evidence.iter();
    let denial = quotes
        .find(|quote| note::takes_back(&quote.sentence) && quote.published < copy.published)?;
    let day = local_day(denial.published);
    let what = format!("the record had denied this on {day}, before it was published");
    Some(Told::new(EventKind::KnownDenial, None, what))
}

/// A count with its noun.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
