//! What people did to a case, in parts, so that it can be told in any language.

use serde::{Deserialize, Serialize};

use super::CaseId;
use super::desk::{Step, StepKind};

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A step, as it was taken.
    Took(Step),
    /// Publications were split off; they are another case now.
    SplitOff {
        /// How many.
        n: usize,
        /// The other case.
        into: CaseId,
    },
    /// The case is one that was split off.
    SplitFrom {
        /// The case before.
        from: CaseId,
    },
    /// Another case was the same, and its publications are of this one now.
    TookOver {
        /// How many.
        n: usize,
        /// The other case.
        from: CaseId,
    },
    /// We were wrong, and what was out is withdrawn.
    Withdrew {
        /// How many letters were out.
        n: usize,
    },
    /// The last step was taken back.
    TookBack {
        /// Which it was.
        step: StepKind,
    },
    /// A step of another case that changed this one was taken back there.
    TookBackAt {
        /// The other case.
        case: CaseId,
    },
}
