//! Takes a person's step: checks it against the table, the agency, the second person and the quiet period, then does it.
//!
//! Pure: cases and users in, changed cases out. The store keeps what comes out only where nobody changed the case meanwhile.
//! A step may change a second case too (a merge, a split); then both are stored or neither.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::table::{Target, open_steps, row};
use super::taking::Taking;
use crate::config::CaseConfig;
use crate::language::Lexicon;
use crate::model::desk::Last;
use crate::model::{
    Case, CaseId, CaseState, CopyState, Deed, Letter, Order, SourceId, StepKind, User,
};

/// Longest note, in characters.
const MAX_NOTE_CHARS: usize = 20_000;

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role may not.
    #[error("{user} is {role}, who may not {step}")]
    Role {
        /// Who.
        user: String,
        /// In which role.
        role: &'static str,
        /// The step.
        step: &'static str,
    },
    /// The case is not one of the person's agencies'.
    #[error("{user} does not work for the agencies of this case")]
    Agency {
        /// Who.
        user: String,
    },
    /// The state does not allow it.
    #[error("a case that is {state} cannot take the step {step}")]
    State {
        /// The state.
        state: &'static str,
        /// The step.
        step: &'static str,
    },
    /// A quiet period runs: only watching is possible.
    #[error("the news is fresh: until {until} the case can only be watched")]
    Quiet {
        /// When it ends.
        until: DateTime<Utc>,
    },
    /// Something else is missing or wrong.
    #[error("{0}")]
    Needs(String),
}

/// What a step is taken in the light of.
pub struct Around<'a> {
    /// Rules of the operator.
    pub rules: &'a CaseConfig,
    /// Known users.
    pub users: &'a [User],
    /// The case of an id and version; version `None` is the newest.
    pub case: &'a dyn Fn(&CaseId, Option<u64>) -> Option<Case>,
    /// Sources that are agencies.
    pub official: &'a BTreeSet<SourceId>,
    /// The knowledge of words and names.
    pub lexicon: &'a Lexicon,
}

/// The agencies whose case it is: those whose record it rests on, and those whose own pages carry the claim.
pub fn agencies(case: &Case, official: &BTreeSet<SourceId>) -> BTreeSet<SourceId> {
    let records = case.evidence.iter().map(|quote| quote.source.clone());
    let own = case.copies.iter().map(|copy| copy.source.clone());
    records
        .chain(own.filter(|source| official.contains(source)))
        .collect()
}

/// Until when only watching is possible; `None` when the news is no longer fresh or no quiet period is set.
pub fn quiet_until(case: &Case, rules: &CaseConfig, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first = case.copies.iter().map(|copy| copy.published).min()?;
    let quiet = TimeDelta::from_std(rules.quiet_period).ok()?;
    let until = first.checked_add_signed(quiet)?;
    (now < until).then_some(until)
}

/// The case after a step, and the other case that it changed.
///
/// # Errors
/// Says why the step is not taken.
pub fn take(
    case: &Case,
    order: &Order,
    by: &User,
    around: &Around<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<Case>, Refusal> {
    let kind = order.step.kind();
    let target = allowed(case, order, by, around, now)?;
    let mut next = case.clone();
    next.desk.last = Some(Last {
        by: by.id.clone(),
        step: kind,
        version: case.version,
        other: None,
    });
    let mut taking = Taking {
        before: case,
        case: next,
        others: Vec::new(),
        note: order.note.trim(),
        deed: Deed::Took(order.step.clone()),
        by: &by.id,
        user: by,
        around,
        now,
    };
    let what = taking.step(&order.step)?;
    if let Target::To(state) = target {
        taking.case.state = state;
    }
    if !can_be_undone(kind) {
        taking.case.desk.last = None;
    }
    taking.tell(what);
    let Taking { case, others, .. } = taking;
    Ok(std::iter::once(case).chain(others).collect())
}

/// What leaves the house cannot be taken back, and taking back is not taken back.
fn can_be_undone(step: StepKind) -> bool {
    !matches!(
        step,
        StepKind::SendLetter | StepKind::Withdraw | StepKind::Undo
    )
}

/// Checks everything that does not depend on the step's own words.
fn allowed(
    case: &Case,
    order: &Order,
    by: &User,
    around: &Around<'_>,
    now: DateTime<Utc>,
) -> Result<Target, Refusal> {
    let kind = order.step.kind();
    let step = kind.word();
    let refused_role = || Refusal::Role {
        user: by.id.clone(),
        role: by.role.word(),
        step,
    };
    if !by.is_active() {
        return Err(Refusal::Needs(format!("{} is disabled", by.id)));
    }
    if !by.works_for(&agencies(case, around.official)) {
        return Err(Refusal::Agency {
            user: by.id.clone(),
        });
    }
    let rule = row(kind, case.state).ok_or(Refusal::State {
        state: case.state.words(),
        step,
    })?;
    if !rule.who.contains(&by.role) {
        return Err(refused_role());
    }
    if is_decision(kind)
        && let Some(until) = quiet_until(case, around.rules, now)
    {
        return Err(Refusal::Quiet { until });
    }
    if rule.needs_note && order.note.trim().is_empty() {
        return Err(Refusal::Needs(format!("{step} needs a note")));
    }
    if order.note.chars().count() > MAX_NOTE_CHARS {
        return Err(Refusal::Needs(format!(
            "a note has at most {MAX_NOTE_CHARS} characters"
        )));
    }
    Ok(rule.target)
}

/// Whether a step decides something; in a quiet period only those that decide nothing are possible, and watching.
fn is_decision(step: StepKind) -> bool {
    matches!(
        step,
        StepKind::Confirm
            | StepKind::Dismiss
            | StepKind::ProposeLetter
            | StepKind::ApproveLetter
            | StepKind::SendLetter
            | StepKind::Refuse
            | StepKind::Close
    )
}

/// The steps that a person can take on a case now, in the order of the table; some still need words, or more to be named.
pub fn open_to(
    by: &User,
    case: &Case,
    official: &BTreeSet<SourceId>,
    rules: &CaseConfig,
    now: DateTime<Utc>,
) -> Vec<StepKind> {
    if !by.is_active() || !by.works_for(&agencies(case, official)) {
        return Vec::new();
    }
    let is_quiet = quiet_until(case, rules, now).is_some();
    let mut steps = open_steps(case.state, by.role);
    steps.retain(|step| !(is_quiet && is_decision(*step)) && has_object(*step, case, by));
    steps
}

/// Whether there is something that a step could be taken on.
fn has_object(step: StepKind, case: &Case, by: &User) -> bool {
    let desk = &case.desk;
    let is_out = desk.letters.iter().any(Letter::is_out);
    match step {
        StepKind::Dismiss | StepKind::Merge => !is_out,
        StepKind::Answer | StepKind::Refuse => is_out,
        StepKind::Split => case.copies.len() > 1,
        StepKind::Untag => !desk.tags.is_empty(),
        StepKind::TickItem => !desk.checklist.is_empty(),
        StepKind::Wake => desk.snooze.is_some(),
        StepKind::DropReading => !desk.readings.is_empty(),
        StepKind::FinishDuty => desk.duties.iter().any(|duty| duty.done_at.is_none()),
        StepKind::Undo => {
            let last = desk.last.as_ref();
            last.is_some_and(|last| last.by == by.id && last.version + 1 == case.version)
        }
        _ => true,
    }
}

/// What is wrong with a case that no sequence of allowed steps can lead to; for tests and for looks at a store.
pub fn illegal(case: &Case) -> Option<&'static str> {
    let desk = &case.desk;
    let is_out = desk.letters.iter().any(Letter::is_out);
    let stands = case
        .copies
        .iter()
        .any(|copy| copy.state == CopyState::Stands);
    let faults = [
        (
            case.state == CaseState::Confirmed && desk.confirmed.is_none(),
            "it is confirmed and nobody did so",
        ),
        (
            is_out && desk.confirmed.is_none(),
            "a letter is out and nobody confirmed the case",
        ),
        (
            matches!(
                case.state,
                CaseState::CorrectionRequested | CaseState::Refused
            ) && !is_out,
            "a correction is requested or refused and no letter is out",
        ),
        (
            (case.state == CaseState::Dismissed) != desk.dismissal.is_some(),
            "a dismissed case has a reason, and no other has",
        ),
        (
            (case.state == CaseState::Duplicate) != desk.duplicate_of.is_some(),
            "a duplicate names another case, and no other does",
        ),
        (
            desk.duplicate_of.as_ref() == Some(&case.id),
            "it is a duplicate of itself",
        ),
        (
            case.state == CaseState::Dismissed && is_out,
            "it is dismissed and a letter is still out",
        ),
        (
            matches!(case.state, CaseState::Corrected | CaseState::Removed) && stands,
            "it is corrected or removed and a copy still carries the claim",
        ),
        (
            desk.letters.iter().any(|letter| {
                letter
                    .approved
                    .as_ref()
                    .is_some_and(|(by, _)| *by == letter.proposed.0)
            }),
            "a letter was approved by whoever wrote it",
        ),
        (case.copies.is_empty(), "it has no publication"),
    ];
    faults
        .into_iter()
        .find(|(is_so, _)| *is_so)
        .map(|(_, why)| why)
}
