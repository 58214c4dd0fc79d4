//! The one table of allowed steps: from which states each may be taken, where it leads, and who may take it.
//!
//! Everything that asks whether something is allowed asks here: the command line, the API, the pages, and the program itself
//! when pages change. A step and a state that no row joins are forbidden, and so is a step by a role that its row does not name.

use crate::model::CaseState::{
    self, Closed, Confirmed, Corrected, CorrectionRequested, Dismissed, Duplicate, PartlyCorrected,
    Proposed, Refused, Regressed, Removed, Watching,
};
use crate::model::StepKind;
use crate::model::UserRole::{self, Administrator, Analyst, Approver, Officer};

/// Who takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person in a role.
    Person(UserRole),
    /// The program, when it sees pages change.
    Program,
}

/// Where a step leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The state stays.
    Same,
    /// To that state.
    To(CaseState),
    /// To the state before the step that is taken back.
    Back,
}

/// One row: a step, the states it may be taken from, where it leads, who may take it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The step.
    pub step: StepKind,
    /// The states it may be taken from.
    pub from: &'static [CaseState],
    /// Where it leads.
    pub target: Target,
    /// Roles that may take it; none for what only the program does.
    pub who: &'static [UserRole],
    /// Whether the program may take it.
    pub by_program: bool,
    /// Whether it needs words of explanation.
    pub needs_note: bool,
}

/// Every state.
const ANY: &[CaseState] = &CaseState::ALL;
/// States in which somebody has something to do.
const OPEN: &[CaseState] = &[
    Proposed,
    Watching,
    Confirmed,
    CorrectionRequested,
    PartlyCorrected,
    Refused,
    Regressed,
];
/// States in which a letter may be on its way.
const WITH_LETTERS: &[CaseState] = &[
    Confirmed,
    CorrectionRequested,
    PartlyCorrected,
    Refused,
    Regressed,
];
/// States whose copies the program follows to an end.
const FOLLOWED: &[CaseState] = &[
    Proposed,
    Watching,
    Confirmed,
    CorrectionRequested,
    Corrected,
    PartlyCorrected,
    Refused,
    Removed,
    Regressed,
];

/// Those who sort and note.
const SORTERS: &[UserRole] = &[Analyst, Officer, Approver];
/// Those who sort and note, and those who keep the desk.
const EVERYBODY: &[UserRole] = &[Analyst, Officer, Approver, Administrator];
/// Those who decide.
const DECIDERS: &[UserRole] = &[Officer, Approver];
/// Those who look over a colleague's letter.
const APPROVERS: &[UserRole] = &[Approver];

/// A row of a step that people take.
const fn step(
    step: StepKind,
    from: &'static [CaseState],
    target: Target,
    who: &'static [UserRole],
) -> Rule {
    Rule {
        step,
        from,
        target,
        who,
        by_program: false,
        needs_note: false,
    }
}

/// The same row, where the step needs words.
const fn noted(rule: Rule) -> Rule {
    Rule {
        needs_note: true,
        ..rule
    }
}

/// A row of what only the program does.
const fn seen(kind: StepKind, from: &'static [CaseState], target: Target) -> Rule {
    Rule {
        by_program: true,
        ..step(kind, from, target, &[])
    }
}

/// The table.
pub const TABLE: &[Rule] = &[
    step(
        StepKind::Watch,
        &[Proposed, Confirmed, Regressed],
        Target::To(Watching),
        SORTERS,
    ),
    step(
        StepKind::Confirm,
        &[Proposed, Watching, Regressed],
        Target::To(Confirmed),
        DECIDERS,
    ),
    // What was mended before anybody decided did differ all the same.
    step(
        StepKind::Confirm,
        &[PartlyCorrected, Corrected, Removed],
        Target::Same,
        DECIDERS,
    ),
    step(
        StepKind::Dismiss,
        &[Proposed, Watching, Confirmed, PartlyCorrected, Regressed],
        Target::To(Dismissed),
        DECIDERS,
    ),
    step(
        StepKind::Merge,
        &[Proposed, Watching, Confirmed, Regressed],
        Target::To(Duplicate),
        DECIDERS,
    ),
    step(StepKind::Split, OPEN, Target::Same, DECIDERS),
    step(
        StepKind::ProposeLetter,
        WITH_LETTERS,
        Target::Same,
        DECIDERS,
    ),
    step(
        StepKind::ApproveLetter,
        WITH_LETTERS,
        Target::Same,
        APPROVERS,
    ),
    noted(step(
        StepKind::ReturnLetter,
        WITH_LETTERS,
        Target::Same,
        APPROVERS,
    )),
    step(
        StepKind::SendLetter,
        WITH_LETTERS,
        Target::To(CorrectionRequested),
        DECIDERS,
    ),
    noted(step(
        StepKind::Answer,
        &[
            CorrectionRequested,
            Corrected,
            PartlyCorrected,
            Refused,
            Removed,
            Regressed,
        ],
        Target::Same,
        DECIDERS,
    )),
    noted(step(
        StepKind::Refuse,
        &[CorrectionRequested, PartlyCorrected, Regressed],
        Target::To(Refused),
        DECIDERS,
    )),
    noted(step(
        StepKind::Withdraw,
        &[
            Proposed,
            Watching,
            Confirmed,
            CorrectionRequested,
            Corrected,
            PartlyCorrected,
            Refused,
            Removed,
            Regressed,
            Closed,
        ],
        Target::To(Dismissed),
        DECIDERS,
    )),
    noted(step(
        StepKind::Reopen,
        &[Dismissed, Duplicate, Refused, Closed],
        Target::To(Proposed),
        DECIDERS,
    )),
    step(
        StepKind::Close,
        &[Corrected, Removed],
        Target::To(Closed),
        DECIDERS,
    ),
    // The claim may still stand: why nothing more is done must be said.
    noted(step(
        StepKind::Close,
        &[
            Watching,
            CorrectionRequested,
            PartlyCorrected,
            Refused,
            Regressed,
        ],
        Target::To(Closed),
        DECIDERS,
    )),
    step(StepKind::Assign, ANY, Target::Same, EVERYBODY),
    noted(step(StepKind::Comment, ANY, Target::Same, EVERYBODY)),
    step(StepKind::Tag, ANY, Target::Same, SORTERS),
    step(StepKind::Untag, ANY, Target::Same, SORTERS),
    step(StepKind::AddItem, ANY, Target::Same, SORTERS),
    step(StepKind::TickItem, ANY, Target::Same, SORTERS),
    step(StepKind::Snooze, OPEN, Target::Same, SORTERS),
    step(StepKind::Wake, ANY, Target::Same, SORTERS),
    step(StepKind::AddDuty, ANY, Target::Same, DECIDERS),
    step(StepKind::FinishDuty, ANY, Target::Same, DECIDERS),
    noted(step(StepKind::CorrectReading, ANY, Target::Same, SORTERS)),
    step(StepKind::DropReading, ANY, Target::Same, SORTERS),
    step(StepKind::Undo, ANY, Target::Back, EVERYBODY),
    seen(StepKind::SeenGrown, &[Closed], Target::To(Proposed)),
    seen(
        StepKind::SeenPartly,
        &[
            Proposed,
            Watching,
            Confirmed,
            CorrectionRequested,
            Corrected,
            PartlyCorrected,
            Refused,
            Removed,
        ],
        Target::To(PartlyCorrected),
    ),
    seen(StepKind::SeenCorrected, FOLLOWED, Target::To(Corrected)),
    seen(StepKind::SeenRemoved, FOLLOWED, Target::To(Removed)),
    seen(StepKind::SeenCleared, FOLLOWED, Target::To(Closed)),
    seen(
        StepKind::SeenAgain,
        &[
            Proposed,
            Watching,
            Confirmed,
            CorrectionRequested,
            Corrected,
            PartlyCorrected,
            Refused,
            Removed,
            Regressed,
            Closed,
        ],
        Target::To(Regressed),
    ),
];

/// The row that joins a step and a state, whoever takes it; a table has one at most.
pub fn row(step: StepKind, from: CaseState) -> Option<&'static Rule> {
    TABLE
        .iter()
        .find(|rule| rule.step == step && rule.from.contains(&from))
}

/// Whether somebody may take a step from a state.
pub fn is_allowed(step: StepKind, from: CaseState, actor: Actor) -> bool {
    row(step, from).is_some_and(|rule| match actor {
        Actor::Person(role) => rule.who.contains(&role),
        Actor::Program => rule.by_program,
    })
}

/// The state to which a step of the program leads; where the table has no row, the state stays.
pub(super) fn seen_state(step: StepKind, from: CaseState) -> CaseState {
    match row(step, from).map(|rule| rule.target) {
        Some(Target::To(state)) => state,
        _ => from,
    }
}

/// The steps that a role may take from a state, in the order of the table.
pub fn open_steps(from: CaseState, role: UserRole) -> Vec<StepKind> {
    TABLE
        .iter()
        .filter(|rule| rule.from.contains(&from) && rule.who.contains(&role))
        .map(|rule| rule.step)
        .collect()
}
