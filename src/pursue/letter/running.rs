//! Which last days of a letter still run: those of a case that goes on, whose recipient has not done what they wait for.

use crate::model::{Answer, CaseState, LetterEntry, LetterStep, Route};
use crate::pursue::clock::Rule;

/// Rules whose last day is the applicant's own: no answer of the recipient ends them, only the end of the case.
const OWN: [&str; 2] = ["court", "limitation"];

/// Whether a clock of a letter still runs. `state` is that of its case; of a case that is not known nothing is said to have ended.
pub fn runs(letter: &LetterEntry, state: Option<CaseState>, rule: &Rule) -> bool {
    if state.is_some_and(|state| !state.is_open()) {
        return false;
    }
    OWN.contains(&rule.id.as_str()) || !is_met(letter)
}

/// Whether the recipient has done, or refused, what the letter asks for. An outlet that is asked to clarify owes an answer, and has
/// given it with any; who is to publish or to replace something has not done so by promising it.
fn is_met(letter: &LetterEntry) -> bool {
    letter.history.iter().any(|event| match &event.step {
        LetterStep::Refused { .. } => true,
        LetterStep::Answered { answer, .. } => {
            *answer == Answer::Done || letter.route == Route::Clarification
        }
        _ => false,
    })
}
