//! Decides in which state a case is, from what became of its copies: names the step of the program, and the table leads on.
//!
//! A person's decision to dismiss a case or to call it a duplicate stands until a person changes it.

use super::table::seen_state;
use crate::model::{CaseState, Copy, CopyState, StepKind};

/// What happened to the copies of a case in one pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// A claim that had been corrected or removed stands again.
    pub(super) has_regressed: bool,
    /// A copy was added, or one that the record had cleared differs again.
    pub(super) has_grown: bool,
}

/// The state after a pass.
pub(super) fn next_state(before: CaseState, copies: &[Copy], changes: Changes) -> CaseState {
    step(before, copies, changes).map_or(before, |step| seen_state(step, before))
}

/// The step of the program that a pass comes to; none when nothing is to be done.
fn step(before: CaseState, copies: &[Copy], changes: Changes) -> Option<StepKind> {
    let has = |state: CopyState| copies.iter().any(|copy| copy.state == state);
    let is_less = has(CopyState::Gone) || has(CopyState::Dropped);
    if !has(CopyState::Stands) {
        return Some(match (has(CopyState::Corrected), is_less) {
            (true, _) => StepKind::SeenCorrected,
            (false, true) => StepKind::SeenRemoved,
            (false, false) => StepKind::SeenCleared,
        });
    }
    if changes.has_regressed {
        return Some(StepKind::SeenAgain);
    }
    match before {
        CaseState::Regressed => None,
        CaseState::Closed => changes.has_grown.then_some(StepKind::SeenGrown),
        _ => (has(CopyState::Corrected) || is_less).then_some(StepKind::SeenPartly),
    }
}
