//! Steps of a letter in the register: drafted, proposed, approved by a second person or given back, sent, received, answered.
//!
//! Pure: each step takes the letter and gives the letter after it, or says why it may not be taken. A step that was taken is
//! never taken back silently; the history only grows.

use chrono::{DateTime, Datelike as _, Utc};

use crate::language::local_day;
use crate::model::letter::{KeptDeadline, LetterText};
use crate::model::{
    Answer, CaseId, LetterEntry, LetterEvent, LetterStatus, LetterStep, Route, SourceId,
    Undelivered,
};
use crate::pursue::clock::Deadline;

/// Why a step may not be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// It was taken before.
    #[error("letter {0} is approved already")]
    ApprovedBefore(String),
    /// It left before.
    #[error("letter {0} was sent already")]
    SentBefore(String),
    /// Who wrote it may not approve it.
    #[error("letter {number} was drafted by {who}; a second person approves it")]
    SamePerson {
        /// Number.
        number: String,
        /// Who.
        who: String,
    },
    /// Nobody approved it.
    #[error(
        "letter {0} is a draft; a second person approves it before it leaves (`second_person` of [cases])"
    )]
    NotApproved(String),
    /// Handing it over began, and nobody noted how that ended.
    #[error(
        "letter {0} began to be sent and nobody noted whether it left: mark it with `aigaq letters sent`, or send it `--again` under the same message id"
    )]
    Uncertain(String),
    /// It has not left.
    #[error("letter {0} was not sent yet, so nobody can have received it")]
    NotSent(String),
    /// It would have been received before it left.
    #[error("letter {0} cannot have been received before it was sent")]
    ReceivedBeforeSent(String),
}

/// The next free number of a year: `2026-0001` and on. Numbers are never used twice, for letters are never removed.
pub fn next_number(letters: &[LetterEntry], now: DateTime<Utc>) -> String {
    let year = local_day(now).year();
    let prefix = format!("{year}-");
    let taken = letters
        .iter()
        .filter_map(|letter| letter.number.strip_prefix(&prefix));
    let last = taken.filter_map(|number| number.parse::<u32>().ok()).max();
    format!("{prefix}{:04}", last.unwrap_or_default().saturating_add(1))
}

/// What a letter is entered with.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// Number.
    pub number: String,
    /// The case.
    pub case: &'a CaseId,
    /// What it asks for.
    pub route: Route,
    /// Source written to.
    pub recipient: &'a SourceId,
    /// Address of the publication.
    pub url: &'a str,
    /// When that appeared.
    pub published_at: DateTime<Utc>,
    /// Its texts.
    pub texts: Vec<LetterText>,
    /// Its deadlines, as far as they are known before it is received.
    pub deadlines: &'a [Deadline],
}

/// Enters a letter.
pub fn draft(draft: Draft<'_>, who: &str, now: DateTime<Utc>) -> LetterEntry {
    LetterEntry {
        number: draft.number,
        case: draft.case.clone(),
        route: draft.route,
        recipient: draft.recipient.clone(),
        url: draft.url.to_owned(),
        published_at: draft.published_at,
        drafted_at: now,
        texts: draft.texts,
        status: LetterStatus::Draft,
        received_at: None,
        deadlines: kept(draft.deadlines),
        history: vec![event(who, now, LetterStep::Drafted)],
    }
}

/// Approves a letter.
///
/// # Errors
/// When it is no draft, or when who drafted it approves it.
pub fn approve(
    letter: &LetterEntry,
    who: &str,
    now: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    is_draft(letter)?;
    let drafted = letter
        .history
        .iter()
        .find(|event| event.step == LetterStep::Drafted);
    if drafted.is_some_and(|event| event.who == who) {
        return Err(StepError::SamePerson {
            number: letter.number.clone(),
            who: who.to_owned(),
        });
    }
    Ok(after(
        letter,
        LetterStatus::Approved,
        event(who, now, LetterStep::Approved),
    ))
}

/// Notes that a letter was given to a second person to approve.
///
/// # Errors
/// When it is no draft any more.
pub fn propose(
    letter: &LetterEntry,
    who: &str,
    now: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    is_draft(letter)?;
    let event = event(who, now, LetterStep::Proposed);
    Ok(after(letter, LetterStatus::Draft, event))
}

/// Says what a letter is that is no draft any more.
fn is_draft(letter: &LetterEntry) -> Result<(), StepError> {
    let number = letter.number.clone();
    match letter.status {
        LetterStatus::Draft => Ok(()),
        LetterStatus::Approved => Err(StepError::ApprovedBefore(number)),
        LetterStatus::Sent => Err(StepError::SentBefore(number)),
        LetterStatus::Sending => Err(StepError::Uncertain(number)),
    }
}

/// Gives a letter back to whoever wrote it: an approval no longer holds.
///
/// # Errors
/// When it left, or may have left.
pub fn give_back(
    letter: &LetterEntry,
    who: &str,
    why: &str,
    now: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    let number = letter.number.clone();
    match letter.status {
        LetterStatus::Sent => return Err(StepError::SentBefore(number)),
        LetterStatus::Sending => return Err(StepError::Uncertain(number)),
        LetterStatus::Draft | LetterStatus::Approved => {}
    }
    let why = why.to_owned();
    let event = event(who, now, LetterStep::Returned { why });
    Ok(after(letter, LetterStatus::Draft, event))
}

/// Notes what the recipient answered; `None` for a refusal.
///
/// # Errors
/// When the letter has not left.
pub fn answer(
    letter: &LetterEntry,
    who: &str,
    answer: Option<Answer>,
    words: &str,
    now: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    if letter.status != LetterStatus::Sent {
        return Err(StepError::NotSent(letter.number.clone()));
    }
    let words = words.to_owned();
    let step = match answer {
        Some(answer) => LetterStep::Answered { answer, words },
        None => LetterStep::Refused { words },
    };
    Ok(after(letter, letter.status, event(who, now, step)))
}

/// Notes that handing a letter over begins, so that a program killed meanwhile leaves the doubt behind and no second letter.
///
/// # Errors
/// When it left before, is being handed over, or is not approved where that is asked for.
pub fn begin_send(
    letter: &LetterEntry,
    who: &str,
    how: &str,
    needs_approval: bool,
    now: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    may_leave(letter, needs_approval)?;
    if letter.status == LetterStatus::Sending {
        return Err(StepError::Uncertain(letter.number.clone()));
    }
    let how = how.to_owned();
    Ok(after(
        letter,
        LetterStatus::Sending,
        event(who, now, LetterStep::Sending { how }),
    ))
}

/// Notes that handing over did not work: the letter may be sent again.
pub fn fail(
    letter: &LetterEntry,
    who: &str,
    (why, kind): (&str, Option<Undelivered>),
    now: DateTime<Utc>,
) -> LetterEntry {
    let mut status = LetterStatus::Draft;
    for event in &letter.history {
        match event.step {
            LetterStep::Approved => status = LetterStatus::Approved,
            LetterStep::Returned { .. } => status = LetterStatus::Draft,
            _ => {}
        }
    }
    let why = why.to_owned();
    after(
        letter,
        status,
        event(who, now, LetterStep::Failed { why, kind }),
    )
}

/// Marks a letter as sent at a moment.
///
/// # Errors
/// When it left before, or is not approved where that is asked for.
pub fn send(
    letter: &LetterEntry,
    who: &str,
    how: &str,
    needs_approval: bool,
    at: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    may_leave(letter, needs_approval)?;
    let how = how.to_owned();
    Ok(after(
        letter,
        LetterStatus::Sent,
        event(who, at, LetterStep::Sent { how }),
    ))
}

/// Whether a letter may leave.
fn may_leave(letter: &LetterEntry, needs_approval: bool) -> Result<(), StepError> {
    match letter.status {
        LetterStatus::Sent => Err(StepError::SentBefore(letter.number.clone())),
        LetterStatus::Draft if needs_approval => Err(StepError::NotApproved(letter.number.clone())),
        LetterStatus::Draft | LetterStatus::Approved | LetterStatus::Sending => Ok(()),
    }
}

/// A letter after a step.
fn after(letter: &LetterEntry, status: LetterStatus, event: LetterEvent) -> LetterEntry {
    let mut letter = letter.clone();
    letter.status = status;
    letter.history.push(event);
    letter
}

/// Notes when the recipient got a letter: its clocks start. A later note takes the place of an earlier one.
///
/// # Errors
/// When it has not left, or left after that moment.
pub fn receive(
    letter: &LetterEntry,
    who: &str,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<LetterEntry, StepError> {
    let number = letter.number.clone();
    let is_sent = |event: &&LetterEvent| matches!(event.step, LetterStep::Sent { .. });
    let Some(sent) = letter.history.iter().find(is_sent) else {
        return Err(StepError::NotSent(number));
    };
    if local_day(at) < local_day(sent.at) {
        return Err(StepError::ReceivedBeforeSent(number));
    }
    let mut letter = letter.clone();
    letter.received_at = Some(at);
    letter
        .history
        .push(event(who, now, LetterStep::Received { since: at }));
    Ok(letter)
}

/// Deadlines as they are kept.
pub fn kept(deadlines: &[Deadline]) -> Vec<KeptDeadline> {
    let kept = deadlines.iter().map(|deadline| KeptDeadline {
        rule: deadline.rule.id.clone(),
        due: deadline.due,
    });
    kept.collect()
}

fn event(who: &str, at: DateTime<Utc>, step: LetterStep) -> LetterEvent {
    LetterEvent {
        at,
        who: who.to_owned(),
        step,
    }
}
