//! Decides in which state a case is, from what became of its copies.
//!
//! A person's decision to dismiss a case or to call it a duplicate stands until a person changes it;
//! the copies of such a case are still followed.

use crate::model::{CaseState, Copy, CopyState};

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
    if matches!(before, CaseState::Dismissed | CaseState::Duplicate) {
        return before;
    }
    let has = |state: CopyState| copies.iter().any(|copy| copy.state == state);
    let is_mended = has(CopyState::Corrected) || has(CopyState::Gone);
    if !has(CopyState::Stands) {
        return ended_state(before, has(CopyState::Corrected), has(CopyState::Gone));
    }
    if changes.has_regressed {
        return CaseState::Regressed;
    }
    match before {
        CaseState::Regressed => CaseState::Regressed,
        _ if is_mended => CaseState::PartlyCorrected,
        CaseState::Closed | CaseState::Corrected | CaseState::Removed if changes.has_grown => {
            CaseState::Proposed
        }
        _ => before,
    }
}

/// The state of a case of which no copy stands.
fn ended_state(before: CaseState, is_corrected: bool, is_gone: bool) -> CaseState {
    match (before, is_corrected, is_gone) {
        (CaseState::Closed, _, _) => CaseState::Closed,
        (_, true, _) => CaseState::Corrected,
        (_, false, true) => CaseState::Removed,
        (_, false, false) => CaseState::Closed,
    }
}
