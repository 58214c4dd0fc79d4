//! The forms of a case: exactly the steps that its reader may take now.

use std::collections::BTreeSet;

use super::compare::dashed;
use super::{People, View, source_name};
use crate::model::{Case, StepKind};
use crate::pursue;
use crate::serve::desk::official;
use crate::serve::error::Error;
use crate::serve::pages::document::case_address;
use crate::serve::pages::steps::{ANSWERS, REASONS};
use crate::serve::unsent::{DECISIONS, FormName, Kept};
use crate::serve::words::Words;

/// A choice of the decision.
pub(super) struct Choice {
    /// The step's word.
    pub(super) word: &'static str,
    /// Name.
    pub(super) label: String,
    /// What it means.
    pub(super) meaning: String,
}

/// Something to choose from a list: value, words.
pub(super) type Choosable = (String, String);

/// The forms of a case.
pub(super) struct Work {
    /// Where they are sent.
    pub(super) action: String,
    /// The version that the reader sees.
    pub(super) seen: u64,
    /// Where the reader goes afterwards.
    pub(super) next: String,
    /// Steps that are open to the reader, by word.
    steps: BTreeSet<&'static str>,
    /// Id of the reader.
    pub(super) reader: String,
    /// Choices of the decision.
    pub(super) choices: Vec<Choice>,
    /// Reasons of a dismissal.
    pub(super) reasons: Vec<(&'static str, String)>,
    /// What a recipient answered.
    pub(super) answers: Vec<(&'static str, String)>,
    /// Copies that can be split off: address, source.
    pub(super) splits: Vec<Choosable>,
    /// Whom it can be given to.
    pub(super) assignees: Vec<Choosable>,
    /// Comments: initials, name, moment, text.
    pub(super) comments: Vec<(String, String, String, String)>,
    /// Things to do: what, who did it and when.
    pub(super) items: Vec<(String, Option<String>)>,
    /// What the recipient answered: when, what, words.
    pub(super) answered: Vec<(String, String, String)>,
    /// The last step in words, where the reader can take it back.
    pub(super) last: Option<String>,
    /// What the reader has typed into the form of the decision and not sent.
    pub(super) decision: Kept,
    /// The same of a comment.
    pub(super) comment: Kept,
    /// The same of the form in which a slot is corrected.
    pub(super) reading: Kept,
}

impl Work {
    /// The forms.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn of(view: &View<'_>, case: &Case, people: &People) -> Result<Work, Error> {
        let (words, store) = (&view.shell.words, &view.desk.store);
        let official = official(&**store)?;
        let (reader, rules) = (view.reader, &view.desk.rules);
        let steps: Vec<StepKind> = pursue::open_to(reader, case, &official, rules, view.now);
        let agencies = pursue::agencies(case, &official);
        let users = store.users()?;
        let fit = users
            .iter()
            .filter(|user| user.is_active() && user.works_for(&agencies));
        let last = case.desk.last.as_ref();
        Ok(Work {
            action: format!("{}/steps", case_address(&case.id)),
            seen: case.version,
            next: case_address(&case.id),
            steps: steps.iter().map(|step| step.word()).collect(),
            reader: reader.id.clone(),
            choices: choices(words, &steps),
            reasons: REASONS
                .map(|reason| (reason, words.say(&format!("step-reason-{}", reason))))
                .to_vec(),
            answers: ANSWERS
                .map(|answer| (answer, words.say(&format!("step-answer-{}", answer))))
                .to_vec(),
            splits: case
                .copies
                .iter()
                .map(|copy| (copy.url.clone(), source_name(view, &copy.source)))
                .collect(),
            assignees: fit
                .map(|user| (user.id.clone(), user.name.clone()))
                .collect(),
            comments: case
                .desk
                .comments
                .iter()
                .map(|one| {
                    let name = people.name(&one.by).to_owned();
                    (
                        people.initials(&one.by),
                        name,
                        words.moment(one.at),
                        one.text.clone(),
                    )
                })
                .collect(),
            items: case
                .desk
                .checklist
                .iter()
                .map(|item| {
                    let done = item.done.as_ref().map(|(who, at)| {
                        let (who, at) = (people.name(who), words.moment(*at));
                        words.with_two("case-done-by", ("who", who), ("at", &at))
                    });
                    (item.what.clone(), done)
                })
                .collect(),
            answered: case
                .desk
                .answers
                .iter()
                .map(|(at, answer, note)| {
                    let said = words.say(&format!("step-answer-{}", dashed(answer)));
                    (words.moment(*at), said, note.clone())
                })
                .collect(),
            last: last
                .filter(|_| steps.contains(&StepKind::Undo))
                .map(|last| words.say(&format!("step-name-{}", last.step.word()))),
            decision: Kept::of(view.desk, reader, &FormName::decision(&case.id), words)?,
            comment: Kept::of(view.desk, reader, &FormName::comment(&case.id), words)?,
            reading: Kept::of(view.desk, reader, &FormName::reading(&case.id), words)?,
        })
    }

    /// Whether a step is open to the reader.
    pub(super) fn can(&self, step: &str) -> bool {
        self.steps.contains(step)
    }

    /// Whether any of these steps is open to the reader.
    pub(super) fn can_any(&self, steps: &[&str]) -> bool {
        steps.iter().any(|step| self.can(step))
    }
}

/// The choices of the decision that are open.
fn choices(words: &Words, steps: &[StepKind]) -> Vec<Choice> {
    let open = DECISIONS.into_iter().filter(|step| steps.contains(step));
    open.map(|step| Choice {
        word: step.word(),
        label: words.say(&format!("step-name-{}", step.word())),
        meaning: words.say(&format!("case-meaning-{}", step.word())),
    })
    .collect()
}
