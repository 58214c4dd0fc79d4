//! By when something is due: every clock that runs, and of a case the one moment that lists and pages tell.
//!
//! What people noted as duties and what letters and laws set count alike, so that no list calls a case free of deadlines whose own
//! page says that one has passed.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::clock::{Clocks, Deadline, Start};
use super::letter::{Routes, runs};
use crate::language::Language;
use crate::model::{Case, CaseDue, CaseId, DueWhat, Dues, LetterEntry, SourceId};

/// The rule under which a case's own clock runs.
const LIMITATION: &str = "limitation";

/// A clock that runs.
#[derive(Debug)]
pub struct Running<'a> {
    /// The case.
    pub case: &'a CaseId,
    /// The letter whose clock it is; `None` for a clock of the case itself.
    pub letter: Option<&'a LetterEntry>,
    /// Source written to, or whose publication it is.
    pub recipient: &'a SourceId,
    /// When it ends.
    pub deadline: Deadline,
}

impl Running<'_> {
    /// The last day as it was reckoned before, where the calendar changed it.
    pub fn was(&self) -> Option<NaiveDate> {
        let letter = self.letter.filter(|letter| letter.received_at.is_some())?;
        let mut kept = letter.deadlines.iter();
        let kept = kept.find(|kept| kept.rule == self.deadline.rule.id)?;
        (kept.due != self.deadline.due).then_some(kept.due)
    }
}

/// The deadlines of a letter: those that its route starts, and of those that run from receipt only where it was received.
pub fn of_letter(letter: &LetterEntry, clocks: &Clocks, routes: &Routes) -> Vec<Deadline> {
    let from = |id: &String| {
        let received = letter.received_at.and_then(|at| clocks.deadline(id, at));
        let published = clocks.deadline(id, letter.published_at);
        let published = published.filter(|deadline| deadline.rule.starts == Start::Published);
        received
            .filter(|deadline| deadline.rule.starts == Start::Received)
            .or(published)
    };
    let ids = &routes.of(letter.route).clocks;
    ids.iter().filter_map(from).collect()
}

/// The clocks that run: of letters whose cases have not ended, and of open cases that have none of these letters.
pub fn running<'a>(
    letters: &'a [LetterEntry],
    cases: &'a [Case],
    clocks: &Clocks,
    routes: &Routes,
) -> Vec<Running<'a>> {
    let known: HashMap<&CaseId, &Case> = cases.iter().map(|case| (&case.id, case)).collect();
    let mut all = Vec::new();
    for letter in letters {
        let state = known.get(&letter.case).map(|case| case.state);
        let deadlines = of_letter(letter, clocks, routes).into_iter();
        let still = deadlines.filter(|deadline| runs(letter, state, &deadline.rule));
        all.extend(still.map(|deadline| Running {
            case: &letter.case,
            letter: Some(letter),
            recipient: &letter.recipient,
            deadline,
        }));
    }
    let with_letters: BTreeSet<&CaseId> = letters.iter().map(|letter| &letter.case).collect();
    let without = |case: &&Case| case.state.is_open() && !with_letters.contains(&case.id);
    for case in cases.iter().filter(without) {
        let Some(copy) = case.copies.first() else {
            continue;
        };
        all.extend(
            clocks
                .deadline(LIMITATION, copy.published)
                .map(|deadline| Running {
                    case: &case.id,
                    letter: None,
                    recipient: &copy.source,
                    deadline,
                }),
        );
    }
    all
}

/// Of each case the first of its clocks that ends; of two that end together the one that was reckoned first.
pub fn first_ends(running: &[Running<'_>]) -> Dues {
    let mut first = Dues::new();
    for one in running {
        let due = CaseDue {
            ends_at: one.deadline.ends_at(),
            what: DueWhat::Clock {
                rule: one.deadline.rule.id.clone(),
                name: one.deadline.rule.name.of(Language::En).to_owned(),
                letter: one.letter.map(|letter| letter.number.clone()),
            },
        };
        match first.get(one.case) {
            Some(known) if known.ends_at <= due.ends_at => {}
            _ => drop(first.insert(one.case.clone(), due)),
        }
    }
    first
}

/// The deadline of a case: the first moment at which a duty that is not done, or a clock that runs, ends. `first_end` is that of its
/// clocks (see [`first_ends`]).
pub fn deadline(case: &Case, first_end: Option<&CaseDue>) -> Option<CaseDue> {
    let duties = case.desk.duties.iter();
    let open = duties.filter(|duty| duty.done_at.is_none());
    let own = open.filter_map(|duty| {
        let what = DueWhat::Duty(duty.id.clone());
        duty.deadline.map(|ends_at| CaseDue { ends_at, what })
    });
    own.chain(first_end.cloned()).min_by_key(|due| due.ends_at)
}

/// The deadlines of cases. `first_ends` are those of their clocks.
pub fn deadlines(cases: &[Case], first_ends: &Dues) -> Dues {
    let due = cases.iter().filter_map(|case| {
        let due = deadline(case, first_ends.get(&case.id))?;
        Some((case.id.clone(), due))
    });
    due.collect()
}
