//! The steps of a letter are steps of its case: the table allows or refuses them before the register notes anything.

use chrono::{DateTime, Utc};

use super::desk::{changes, decide};
use crate::config::CaseConfig;
use crate::model::desk::Step;
use crate::model::{Case, CaseId, LetterEntry, LetterStatus, Order, User};
use crate::pursue::Refusal;
use crate::pursue::letter::{self, StepError};
use crate::store::{Changed, Store, StoreError};

/// Times that a step is taken again after a pass or a person changed the case meanwhile.
const MAX_TRIES: usize = 5;

/// Who works with the letters of a case.
pub struct LetterSteps<'a> {
    /// The store.
    pub store: &'a dyn Store,
    /// The operator's rules for cases.
    pub rules: &'a CaseConfig,
    /// The case.
    pub case: &'a CaseId,
    /// Who takes the steps; `None` where the store knows no users and the register stands alone.
    pub by: Option<User>,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LetterStepError {
    /// The table does not allow it.
    #[error("{0}")]
    Refused(Refusal),
    /// There is no such case.
    #[error("no case has the id {0}")]
    Unknown(CaseId),
    /// Others changed the case each time.
    #[error("the case {0} is changed again and again; try once more")]
    Busy(CaseId),
    /// The letter itself does not allow it.
    #[error(transparent)]
    Letter(#[from] StepError),
    /// Somebody else changed the letter meanwhile.
    #[error("letter {0} was changed by somebody else meanwhile; look at it again")]
    Overtaken(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts a letter after a step in place of what it was.
///
/// # Errors
/// When somebody else changed it meanwhile, or the store fails.
pub fn keep(
    store: &dyn Store,
    before: &LetterEntry,
    after: &LetterEntry,
) -> Result<(), LetterStepError> {
    match store.change_letter(before, after)? {
        true => Ok(()),
        false => Err(LetterStepError::Overtaken(before.number.clone())),
    }
}

/// A letter with the approval that its case carries for its number, where the register has none yet: who approves there has approved.
///
/// # Errors
/// When the store fails, or somebody else changed the letter meanwhile.
pub fn adopted(store: &dyn Store, letter: &LetterEntry) -> Result<LetterEntry, LetterStepError> {
    let case = store.case(&letter.case)?;
    let known = case.iter().flat_map(|case| &case.desk.letters);
    let approved = known
        .filter(|known| known.id == letter.number)
        .find_map(|known| known.approved.as_ref());
    let (Some((who, at)), LetterStatus::Draft) = (approved, letter.status) else {
        return Ok(letter.clone());
    };
    match letter::approve(letter, who, *at) {
        // Who wrote it approved it on the case, where another had proposed it: here that is no second person, and the letter goes
        // on as the draft that it is instead of taking no step ever again.
        Err(StepError::SamePerson { .. }) => Ok(letter.clone()),
        approved => {
            let after = approved?;
            keep(store, letter, &after)?;
            Ok(after)
        }
    }
}

impl LetterSteps<'_> {
    /// Whether a step would be taken; nothing is stored.
    ///
    /// # Errors
    /// When it would not, or the store fails.
    pub fn may(&self, step: Step, now: DateTime<Utc>) -> Result<(), LetterStepError> {
        let Some(by) = &self.by else { return Ok(()) };
        let case = self.found()?;
        if is_taken(&case, &step) {
            return Ok(());
        }
        let decided = decide(self.store, self.rules, &case, &ordered(step), by, now)?;
        decided.map(|_| ()).map_err(LetterStepError::Refused)
    }

    /// Takes a step on the case with a person's words and puts the letter after it in place of what it was: both or neither.
    ///
    /// # Errors
    /// When it is refused, somebody else changed the letter meanwhile, others change the case again and again, or the store fails.
    pub fn take_both(
        &self,
        step: Step,
        note: &str,
        (before, after): (&LetterEntry, &LetterEntry),
        now: DateTime<Utc>,
    ) -> Result<(), LetterStepError> {
        let overtaken = || LetterStepError::Overtaken(before.number.clone());
        let Some(by) = &self.by else {
            return keep(self.store, before, after);
        };
        let note = note.to_owned();
        let order = Order { step, note };
        for _ in 0..MAX_TRIES {
            let case = self.found()?;
            if is_taken(&case, &order.step) {
                return keep(self.store, before, after);
            }
            let changes = changes(self.store, self.rules, &case, &order, by, now)?;
            let changes = changes.map_err(LetterStepError::Refused)?;
            let letter = (before, after);
            match self.store.change_cases_and_letter(&changes, letter, now)? {
                Some(Changed::Done(_)) => return Ok(()),
                Some(Changed::Stale(_)) => {}
                None => return Err(overtaken()),
            }
        }
        Err(LetterStepError::Busy(self.case.clone()))
    }

    fn found(&self) -> Result<Case, LetterStepError> {
        let case = self.store.case(self.case)?;
        case.ok_or_else(|| LetterStepError::Unknown(self.case.clone()))
    }
}

fn ordered(step: Step) -> Order {
    Order {
        step,
        note: String::new(),
    }
}

/// Whether a case knows already what a step of a letter would say.
fn is_taken(case: &Case, step: &Step) -> bool {
    let known = |id: &str| case.desk.letters.iter().find(|letter| letter.id == id);
    match step {
        Step::ProposeLetter { letter } => known(letter).is_some(),
        Step::ApproveLetter { letter } => known(letter).is_some_and(|one| one.approved.is_some()),
        Step::SendLetter { letter } => known(letter).is_some_and(|one| one.sent.is_some()),
        _ => false,
    }
}
