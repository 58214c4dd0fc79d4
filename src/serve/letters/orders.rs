//! Takes a person's step on a letter: the table decides on its case, the register notes, and whoever was slower is told what changed.
//!
//! Pages and API come here alike. A step is taken only from the letter as it was seen, counted by the events of its history.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{Posted, RoomError, Sending, letter_of, room, who_may};
use crate::language::local_day;
use crate::model::desk::Step;
use crate::model::letter::{Wanted, Written};
use crate::model::{Answer, AuditNote, Case, LetterEntry, LetterEvent, StepKind, User};
use crate::pursue::Refusal;
use crate::pursue::letter::{self as register, StepError};
use crate::serve::Desk;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::letter_steps::{LetterStepError, LetterSteps, adopted};

/// Most characters of how a letter was sent.
const MAX_HOW_CHARS: usize = 200;
/// Most characters of a note on a letter.
const MAX_NOTE_CHARS: usize = 20_000;

/// What a person does with a letter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::serve) enum LetterOrder {
    /// It is ready to be approved.
    Propose {},
    /// A second person approves it.
    Approve {},
    /// It goes back to whoever wrote it.
    Return {
        /// Why.
        note: String,
    },
    /// It leaves by mail.
    Send {
        /// Address; that of the addressee where nobody says.
        #[serde(default)]
        to: Option<String>,
        /// Whether one that may have left already is sent again.
        #[serde(default)]
        again: bool,
    },
    /// It left by hand.
    Sent {
        /// How.
        how: String,
        /// On which day; today where nobody says.
        #[serde(default)]
        on: Option<NaiveDate>,
    },
    /// The recipient has it since a day.
    Received {
        /// The day.
        on: NaiveDate,
    },
    /// The recipient answered.
    Answer {
        /// What the answer comes to.
        answer: Answer,
        /// In what words.
        note: String,
    },
    /// The recipient refused.
    Refuse {
        /// In what words.
        note: String,
    },
}

impl LetterOrder {
    /// The step as the audit log names it.
    fn word(&self) -> &'static str {
        match self {
            LetterOrder::Propose {} => "propose",
            LetterOrder::Approve {} => "approve",
            LetterOrder::Return { .. } => "return",
            LetterOrder::Send { .. } => "send",
            LetterOrder::Sent { .. } => "sent",
            LetterOrder::Received { .. } => "receive",
            LetterOrder::Answer { .. } => "answer",
            LetterOrder::Refuse { .. } => "refuse",
        }
    }

    /// The step of the case by whose row of the table this is allowed.
    pub(in crate::serve) fn kind(&self) -> StepKind {
        match self {
            LetterOrder::Propose {} => StepKind::ProposeLetter,
            LetterOrder::Approve {} => StepKind::ApproveLetter,
            LetterOrder::Return { .. } => StepKind::ReturnLetter,
            LetterOrder::Send { .. } | LetterOrder::Sent { .. } => StepKind::SendLetter,
            // Receipt starts clocks: whoever may add what is due may note it.
            LetterOrder::Received { .. } => StepKind::AddDuty,
            LetterOrder::Answer { .. } => StepKind::Answer,
            LetterOrder::Refuse { .. } => StepKind::Refuse,
        }
    }
}

/// What became of an order.
#[derive(Debug)]
pub(in crate::serve) enum Ordered {
    /// Done: the letter as it stands.
    Done(Box<LetterEntry>),
    /// The letter was changed since it was seen: as it stands, and what happened since.
    Stale(Box<LetterEntry>, Vec<LetterEvent>),
    /// It was not done.
    Not(Refused),
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(in crate::serve) enum Refused {
    /// The table or the register does not allow it.
    #[error("{why}{}", named(.who.as_deref()))]
    Step {
        /// Why.
        why: LetterStepError,
        /// Names of those who may; `None` where that is not the point.
        who: Option<Vec<String>>,
    },
    /// A field is missing or wrong.
    #[error("{field}: {what}")]
    Field {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        what: Fault,
    },
    /// The mail server did not take it.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The room could not.
    #[error("{0}")]
    Room(RoomError),
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::serve) enum Fault {
    /// It is empty.
    #[error("is missing")]
    Missing,
    /// It has too many characters.
    #[error("is too long")]
    Long,
    /// The day lies ahead.
    #[error("lies ahead")]
    Ahead,
    /// It is no value that is known here.
    #[error("is not known")]
    Unknown,
}

/// The end of a refusal that names people.
fn named(who: Option<&[String]>) -> String {
    match who {
        None => String::new(),
        Some([]) => "; nobody here can: an administrator adds somebody".to_owned(),
        Some(who) => format!("; who can: {}", who.join(", ")),
    }
}

impl From<RoomError> for Refused {
    fn from(error: RoomError) -> Refused {
        match error {
            RoomError::Step(why) => Refused::Step { why, who: None },
            RoomError::Ahead => Refused::Field {
                field: "on",
                what: Fault::Ahead,
            },
            other => Refused::Room(other),
        }
    }
}

impl From<LetterStepError> for Refused {
    fn from(why: LetterStepError) -> Refused {
        Refused::Step { why, who: None }
    }
}

impl From<StepError> for Refused {
    fn from(error: StepError) -> Refused {
        LetterStepError::Letter(error).into()
    }
}

/// Takes a step on the letter of a number as it was seen: after `seen` events of its history.
pub(in crate::serve) fn take(
    desk: &Desk,
    number: &str,
    seen: usize,
    order: &LetterOrder,
    user: &CurrentUser,
    now: DateTime<Utc>,
) -> Result<Ordered, Error> {
    let by = &user.user;
    let (letter, case) = letter_of(desk, user, number)?;
    if letter.history.len() != seen {
        return Ok(stale(letter, seen));
    }
    match taken(desk, &letter, order, by, now) {
        Ok(()) => {
            let (letter, _) = letter_of(desk, user, number)?;
            Ok(Ordered::Done(Box::new(letter)))
        }
        Err(Refused::Step {
            why: LetterStepError::Overtaken(_),
            ..
        }) => Ok(stale(letter_of(desk, user, number)?.0, seen)),
        Err(Refused::Step {
            why: LetterStepError::Store(error),
            ..
        }) => Err(error.into()),
        Err(Refused::Step { why, .. }) => {
            note_refusal(desk, &letter, order, by, &why, now)?;
            let who = who_instead(desk, &letter, &case, order, by, &why)?;
            Ok(Ordered::Not(Refused::Step { why, who }))
        }
        Err(refused) => Ok(Ordered::Not(refused)),
    }
}

/// Enters a refusal in the audit log: what was tried is worth knowing. Those of the table's steps are entered where they are taken.
fn note_refusal(
    desk: &Desk,
    letter: &LetterEntry,
    order: &LetterOrder,
    by: &User,
    why: &LetterStepError,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let is_noted = matches!(why, LetterStepError::Refused(_))
        && !matches!(
            order,
            LetterOrder::Received { .. } | LetterOrder::Send { .. }
        );
    if !is_noted {
        desk.store.note(&AuditNote {
            at: now,
            actor: by.id.clone(),
            action: format!("refused.letter.{}", order.word()),
            subject: letter.number.clone(),
            details: json!({ "case": letter.case, "why": why.to_string() }),
        })?;
    }
    Ok(())
}

/// Those who may do what somebody may not.
fn who_instead(
    desk: &Desk,
    letter: &LetterEntry,
    case: &Case,
    order: &LetterOrder,
    by: &User,
    why: &LetterStepError,
) -> Result<Option<Vec<String>>, Error> {
    let is_about_people = match why {
        LetterStepError::Refused(Refusal::Role { .. } | Refusal::Agency { .. })
        | LetterStepError::Letter(StepError::SamePerson { .. }) => true,
        // The table says in words that whoever proposed a letter does not approve it.
        LetterStepError::Refused(Refusal::Needs(_)) => *order == LetterOrder::Approve {},
        _ => false,
    };
    if !is_about_people {
        return Ok(None);
    }
    let mut but = vec![by.id.as_str()];
    if *order == (LetterOrder::Approve {}) {
        but.extend(authors(letter, case));
    }
    Ok(Some(who_may(&*desk.store, case, order.kind(), &but)?))
}

/// Who wrote or proposed a letter, and so does not approve it.
pub(in crate::serve) fn authors<'a>(letter: &'a LetterEntry, case: &'a Case) -> Vec<&'a str> {
    let drafted = letter.history.first().map(|event| event.who.as_str());
    let known = case.desk.letters.iter().find(|one| one.id == letter.number);
    let proposed = known.map(|one| one.proposed.0.as_str());
    drafted.into_iter().chain(proposed).collect()
}

/// A letter that was changed since.
fn stale(letter: LetterEntry, seen: usize) -> Ordered {
    let since = letter.history.get(seen..).unwrap_or_default().to_vec();
    Ordered::Stale(Box::new(letter), since)
}

/// Takes the step: the table first, then the register, both in one transaction.
fn taken(
    desk: &Desk,
    letter: &LetterEntry,
    order: &LetterOrder,
    by: &User,
    now: DateTime<Utc>,
) -> Result<(), Refused> {
    let store = &*desk.store;
    let on_case = LetterSteps {
        store,
        rules: &desk.rules,
        case: &letter.case,
        by: Some(by.clone()),
    };
    let before = adopted(store, letter)?;
    let id = before.number.clone();
    let (after, step, said) = match order {
        LetterOrder::Propose {} => {
            let after = register::propose(&before, &by.id, now)?;
            (after, Step::ProposeLetter { letter: id }, "")
        }
        LetterOrder::Approve {} => {
            let after = register::approve(&before, &by.id, now)?;
            (after, Step::ApproveLetter { letter: id }, "")
        }
        LetterOrder::Return { note } => {
            let note = words("note", note, MAX_NOTE_CHARS)?;
            let after = register::give_back(&before, &by.id, note, now)?;
            (after, Step::ReturnLetter { letter: id }, note)
        }
        LetterOrder::Send { to, again } => {
            let to = to.as_deref().map(str::trim).filter(|to| !to.is_empty());
            let sending = Sending {
                number: &id,
                by: &by.id,
                to,
                again: *again,
            };
            let room = room(desk).map_err(|_| RoomError::NoMail)?;
            return match room.send(store, &on_case, &sending)? {
                Posted::Sent(_) => Ok(()),
                Posted::Not(why) => Err(Refused::NotSent(why)),
            };
        }
        LetterOrder::Sent { how, on } => {
            let how = words("how", how, MAX_HOW_CHARS)?;
            let at = sent_at(*on, now)?;
            let needs_second = desk.rules.needs_second_person;
            let after = register::send(&before, &by.id, how, needs_second, at)?;
            (after, Step::SendLetter { letter: id }, "")
        }
        LetterOrder::Received { on } => {
            let duty = Step::AddDuty {
                duty: format!("letter {id}"),
                deadline: None,
            };
            on_case.may(duty, now)?;
            let room = room(desk).map_err(|_| RoomError::NoMail)?;
            return Ok(room.received(store, &id, &by.id, *on, now)?);
        }
        LetterOrder::Answer { answer, note } => {
            let note = words("note", note, MAX_NOTE_CHARS)?;
            let after = register::answer(&before, &by.id, Some(*answer), note, now)?;
            (after, Step::Answer { answer: *answer }, note)
        }
        LetterOrder::Refuse { note } => {
            let note = words("note", note, MAX_NOTE_CHARS)?;
            let after = register::answer(&before, &by.id, None, note, now)?;
            (after, Step::Refuse, note)
        }
    };
    Ok(on_case.take_both(step, said, (&before, &after), now)?)
}

/// When a letter left: now, or at noon of a day that is not ahead.
fn sent_at(on: Option<NaiveDate>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refused> {
    match on {
        Some(day) if day > local_day(now) => Err(Refused::Field {
            field: "on",
            what: Fault::Ahead,
        }),
        Some(day) if day < local_day(now) => Ok(crate::language::noon(day)),
        _ => Ok(now),
    }
}

/// The words of a field, without the blanks around them.
fn words<'a>(field: &'static str, text: &'a str, most: usize) -> Result<&'a str, Refused> {
    let text = text.trim();
    let what = match text.chars().count() {
        0 => Fault::Missing,
        n if n > most => Fault::Long,
        _ => return Ok(text),
    };
    Err(Refused::Field { field, what })
}

/// Writes a letter of a case and enters it as a draft of a person's, where that person may propose it.
pub(in crate::serve) fn enter(
    desk: &Desk,
    case: &Case,
    wanted: &Wanted,
    by: &User,
    now: DateTime<Utc>,
) -> Result<Result<Written, Refused>, Error> {
    let store = &*desk.store;
    let on_case = LetterSteps {
        store,
        rules: &desk.rules,
        case: &case.id,
        by: Some(by.clone()),
    };
    // Its number is not known yet: whether the case may have a letter does not hang on it.
    let step = Step::ProposeLetter {
        letter: "new".to_owned(),
    };
    if let Err(why) = on_case.may(step, now) {
        if let LetterStepError::Store(error) = why {
            return Err(error.into());
        }
        let who = match &why {
            LetterStepError::Refused(Refusal::Role { .. } | Refusal::Agency { .. }) => {
                Some(who_may(store, case, StepKind::ProposeLetter, &[&by.id])?)
            }
            _ => None,
        };
        return Ok(Err(Refused::Step { why, who }));
    }
    let wanted = Wanted {
        register: Some(by.id.clone()),
        ..wanted.clone()
    };
    Ok(room(desk)?
        .write(store, case, &wanted, now)
        .map_err(Refused::from))
}
