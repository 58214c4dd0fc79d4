//! What the queue reckons of every case before it shows a few: how urgent it is, when it is due, and in which view it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    Case, CaseDue, CaseId, CaseState, CopyState, Dues, EventKind, LetterEntry, SourceId, User,
};
use crate::pursue::{self, due};
use crate::serve::Desk;
use crate::serve::desk::official;
use crate::serve::error::Error;
use crate::serve::pages::severity::Severity;

/// How long before its deadline a case is told to be due soon.
const SOON: TimeDelta = TimeDelta::hours(24);
/// How far ahead a deadline orders the queue: one that is months away says nothing of what to do today, priority does.
const PRESSING: TimeDelta = TimeDelta::days(30);

/// What is reckoned of a case.
#[derive(Debug)]
pub(in crate::serve) struct Mark {
    /// Points of priority.
    pub(super) score: u32,
    /// Its deadline, with what is due.
    due: Option<CaseDue>,
    /// The deadline, where it orders the queue.
    pub(super) pressing: Option<DateTime<Utc>>,
    /// When the first copy was published.
    pub(super) published: DateTime<Utc>,
    /// Whose case it is.
    pub(super) agencies: BTreeSet<SourceId>,
}

impl Mark {
    /// Its deadline.
    pub(super) fn deadline(&self) -> Option<DateTime<Utc>> {
        self.due.as_ref().map(|due| due.ends_at)
    }

    /// How severe it is.
    pub(super) fn severity(&self) -> Severity {
        Severity::of(self.score)
    }
}

/// All cases by id, each with what is reckoned of it.
#[derive(Debug)]
pub(in crate::serve) struct Ranked {
    cases: Arc<Vec<Case>>,
    marks: Vec<Mark>,
}

/// Parts that the marks are reckoned from: the newest version of all cases, how often letters changed, the minute, since points fall
/// as news gets old, and how often a file with clocks was changed.
pub(in crate::serve) const RANKED_OF: usize = 4;

impl Ranked {
    /// The cases of a desk, reckoned anew when one of them or a letter changed or a minute went by.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::serve) fn of(desk: &Desk, now: DateTime<Utc>) -> Result<Arc<Ranked>, Error> {
        let version: [u64; RANKED_OF] = [
            desk.store.last_case_version()?,
            desk.store.n_letter_changes()?,
            u64::try_from(now.timestamp() / 60).unwrap_or_default(),
            desk.letter_room
                .as_ref()
                .map_or(0, |room| room.n_file_changes()),
        ];
        desk.ranked.newest(version, || {
            let (cases, official) = (desk.store.cases()?, official(&*desk.store)?);
            let ends = first_ends(desk, &desk.store.letters(None)?, &cases);
            let marks = cases.iter().map(|case| {
                let due = due::deadline(case, ends.get(&case.id));
                let deadline = due.as_ref().map(|due| due.ends_at);
                Mark {
                    score: pursue::priority(case, &desk.names, &desk.rules, now).score,
                    due,
                    pressing: deadline.filter(|at| *at - now < PRESSING),
                    published: case
                        .copies
                        .first()
                        .map_or(case.opened_at, |copy| copy.published),
                    agencies: pursue::agencies(case, &official),
                }
            });
            let marks = marks.collect();
            Ok(Ranked { cases, marks })
        })
    }

    /// The deadlines of cases, as lists that are no queue tell them.
    pub(in crate::serve::pages) fn deadlines(&self) -> BTreeMap<&CaseId, DateTime<Utc>> {
        let all = self.cases.iter().zip(&self.marks);
        all.filter_map(|(case, mark)| Some((&case.id, mark.deadline()?)))
            .collect()
    }

    /// The deadlines of cases with what is due, as files and the API tell them.
    pub(in crate::serve) fn dues(&self) -> Dues {
        let all = self.cases.iter().zip(&self.marks);
        all.filter_map(|(case, mark)| Some((case.id.clone(), mark.due.clone()?)))
            .collect()
    }

    /// The cases that somebody sees: all, or those of the person's agencies.
    pub(super) fn seen_by(&self, user: &User) -> impl Iterator<Item = (&Case, &Mark)> {
        let all = self.cases.iter().zip(&self.marks);
        all.filter(move |(_, mark)| user.works_for(&mark.agencies))
    }
}

/// The deadline of one case, as [`Ranked`] has it.
///
/// # Errors
/// When the store fails.
pub(in crate::serve) fn due(desk: &Desk, case: &Case) -> Result<Option<CaseDue>, Error> {
    let letters = desk.store.letters(Some(&case.id))?;
    let ends = first_ends(desk, &letters, std::slice::from_ref(case));
    Ok(due::deadline(case, ends.get(&case.id)))
}

/// When the first clock of each case ends. A mistake in a file of the operator's is said where letters are; lists and cases are
/// read without these clocks.
fn first_ends(desk: &Desk, letters: &[LetterEntry], cases: &[Case]) -> Dues {
    let Some(room) = &desk.letter_room else {
        return Dues::new();
    };
    room.first_ends(letters, cases).unwrap_or_else(|error| {
        tracing::warn!("last days are not reckoned: {error}");
        Dues::new()
    })
}

/// Whether a case is out of sight at a moment.
pub(super) fn is_asleep(case: &Case, now: DateTime<Utc>) -> bool {
    let snooze = case.desk.snooze.as_ref();
    snooze.is_some_and(|snooze| snooze.until.is_none_or(|until| now < until))
}

/// Whether a publication was changed and the claim is not wholly gone from it.
pub(super) fn has_changed(case: &Case) -> bool {
    let is_touched = |event: Option<EventKind>| {
        matches!(
            event,
            Some(
                EventKind::HeadlineStands
                    | EventKind::TextStands
                    | EventKind::SomeMended
                    | EventKind::Reworded
                    | EventKind::ReplacedByOther
                    | EventKind::OtherLanguageStands
                    | EventKind::OtherFormStands
                    | EventKind::Regressed
                    | EventKind::DiffersAgain
            )
        )
    };
    let mut copies = case.copies.iter();
    matches!(
        case.state,
        CaseState::Regressed | CaseState::PartlyCorrected
    ) || case.state.is_open()
        && copies.any(|copy| copy.state == CopyState::Stands && is_touched(copy.last_event))
}

/// Whether a letter waits for a second person.
pub(in crate::serve::pages) fn waits_for_second(case: &Case) -> bool {
    let mut letters = case.desk.letters.iter();
    letters.any(|one| one.approved.is_none() && one.sent.is_none() && one.withdrawn.is_none())
}

/// How near a deadline is, as styles name it.
pub(super) fn nearness(deadline: DateTime<Utc>, now: DateTime<Utc>) -> &'static str {
    match deadline - now {
        left if left < TimeDelta::zero() => "late",
        left if left < SOON => "soon",
        _ => "",
    }
}

/// A view of the queue that everybody has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum View {
    /// Proposed by the program.
    #[default]
    New,
    /// Given to whoever reads.
    Mine,
    /// A letter waits for a second person.
    Second,
    /// Confirmed, and no letter has left.
    Confirmed,
    /// A letter has left.
    Sent,
    /// The publication changed and still differs.
    Changed,
    /// A deadline has passed.
    Late,
    /// Watched, or out of sight for now.
    Watching,
    /// Ended.
    Closed,
    /// Every case.
    All,
}

impl View {
    /// All views, as they stand beside one another.
    pub(super) const ALL: [View; 10] = [
        View::New,
        View::Mine,
        View::Second,
        View::Confirmed,
        View::Sent,
        View::Changed,
        View::Late,
        View::Watching,
        View::Closed,
        View::All,
    ];

    /// The view as addresses name it.
    pub(super) fn word(self) -> &'static str {
        match self {
            View::New => "new",
            View::Mine => "mine",
            View::Second => "second",
            View::Confirmed => "confirmed",
            View::Sent => "sent",
            View::Changed => "changed",
            View::Late => "late",
            View::Watching => "watching",
            View::Closed => "closed",
            View::All => "all",
        }
    }

    /// The view of a word.
    pub(super) fn of(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.word() == word)
    }

    /// Whether somebody should look at it before the others.
    pub(super) fn is_hot(self) -> bool {
        matches!(self, View::New | View::Late)
    }

    /// Whether a case stands in it. What is out of sight stands only where it is looked for, but no deadline sleeps.
    pub(super) fn holds(self, case: &Case, mark: &Mark, user: &User, now: DateTime<Utc>) -> bool {
        let is_awake = !is_asleep(case, now);
        match self {
            View::New => case.state == CaseState::Proposed && is_awake,
            View::Mine => {
                let is_own = case.desk.assignee.as_ref() == Some(&user.id);
                is_own && case.state.is_open() && is_awake
            }
            View::Second => waits_for_second(case) && case.state.is_open() && is_awake,
            View::Confirmed => case.state == CaseState::Confirmed && is_awake,
            View::Sent => case.state == CaseState::CorrectionRequested && is_awake,
            View::Changed => has_changed(case) && is_awake,
            View::Late => {
                case.state.is_open() && mark.deadline().is_some_and(|deadline| deadline < now)
            }
            View::Watching => {
                case.state == CaseState::Watching || case.state.is_open() && !is_awake
            }
            View::Closed => !case.state.is_open(),
            View::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_late_after_it_and_soon_within_a_day() {
        let now: DateTime<Utc> = "2026-03-04T06:00:00Z".parse().unwrap();
        let near = |hours| nearness(now + TimeDelta::hours(hours), now);
        assert_eq!(
            [near(-1), near(0), near(23), near(24)],
            ["late", "soon", "soon", ""]
        );
    }
}
