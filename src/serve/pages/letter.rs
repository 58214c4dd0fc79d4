//! One letter: its texts, what was done with it, its last days, what is attached, and the steps that the reader may take.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use url::form_urlencoded;

use super::letter_words::{self, Column, Due, Tag, Told};
use super::off_thread;
use crate::language::local_day;
use crate::model::{
    Answer, Case, Deed, LetterEntry, LetterEvent, LetterStatus, LetterStep, StepKind, User,
};
use crate::report::letter::markup::Block;
use crate::report::text::name;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::letters::orders::{self, Fault, LetterOrder, Ordered, Refused};
use crate::serve::letters::{Addressed, api, letter_of, may, who_may};
use crate::serve::shell::{self, Shell};
use crate::serve::unsent::{FormName, Kept};
use crate::serve::{Desk, Shared, unsent};

/// A step in the history.
struct Event {
    at: String,
    iso: String,
    who: String,
    what: String,
    words: Option<String>,
}

/// What is attached to a letter.
struct Attached {
    word: String,
    url: String,
    captured: String,
    sha256: String,
}

/// The steps that are open, and to whom.
#[derive(Default)]
struct Offers {
    propose: bool,
    approve: bool,
    give_back: bool,
    mail: bool,
    by_hand: bool,
    received: bool,
    answer: bool,
    refuse: bool,
    /// Who can take the next step, where the reader cannot.
    who: Option<String>,
    /// Id of the text that says what the next step is.
    next: &'static str,
}

impl Offers {
    /// Whether the reader can do anything.
    fn has_any(&self) -> bool {
        self.propose
            || self.approve
            || self.give_back
            || self.mail
            || self.by_hand
            || self.received
            || self.answer
            || self.refuse
    }
}

/// What was typed into a form that was not taken.
#[derive(Debug, Clone, Default)]
struct Typed(BTreeMap<String, String>);

impl Typed {
    fn of(body: &[u8]) -> Typed {
        Typed(form_urlencoded::parse(body).into_owned().collect())
    }

    /// What stands in a field of the form of a step.
    fn field(&self, step: &str, field: &str) -> &str {
        match self.get("step") == step {
            true => self.get(field),
            false => "",
        }
    }

    fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// A day that was typed.
    fn day(&self) -> Result<Option<NaiveDate>, Refused> {
        let day = self.get("on").trim();
        if day.is_empty() {
            return Ok(None);
        }
        day.parse().map(Some).map_err(|_| Refused::Field {
            field: "on",
            what: Fault::Unknown,
        })
    }

    /// The step that the form asks for.
    fn order(&self) -> Result<LetterOrder, Refused> {
        let fault = |field, what| Refused::Field { field, what };
        let note = self.get("note").replace("\r\n", "\n");
        Ok(match self.get("step") {
            "propose" => LetterOrder::Propose {},
            "approve" => LetterOrder::Approve {},
            "return" => LetterOrder::Return { note },
            "send" => LetterOrder::Send {
                to: Some(self.get("to").to_owned()),
                again: !self.get("again").is_empty(),
            },
            "sent" => LetterOrder::Sent {
                how: self.get("how").to_owned(),
                on: self.day()?,
            },
            "received" => LetterOrder::Received {
                on: self.day()?.ok_or_else(|| fault("on", Fault::Missing))?,
            },
            "answer" => {
                let given = self.get("answer");
                if given == REFUSED {
                    return Ok(LetterOrder::Refuse { note });
                }
                let known = Answer::ALL.into_iter().find(|one| one.word() == given);
                LetterOrder::Answer {
                    answer: known.ok_or_else(|| fault("answer", Fault::Missing))?,
                    note,
                }
            }
            _ => return Err(fault("step", Fault::Unknown)),
        })
    }
}

/// The choice among the answers that stands for a refusal.
const REFUSED: &str = "refused";

#[derive(Template)]
#[template(path = "letter.html")]
struct Page<'a> {
    shell: &'a Shell,
    letter: &'a LetterEntry,
    title: &'a str,
    title_language: &'static str,
    state: Tag,
    route: String,
    outlet: String,
    published: String,
    drafted: String,
    received: Option<String>,
    addressee: Addressed,
    told: Option<Told>,
    stale: Option<Vec<Event>>,
    /// Whether somebody read a slot otherwise since it was drafted.
    is_read_anew: bool,
    sheet: Vec<Vec<Column>>,
    due: Vec<Due>,
    history: Vec<Event>,
    attached: Vec<Attached>,
    offers: Offers,
    typed: Typed,
    today: String,
    seen: usize,
    has_mail: bool,
    /// What the reader has typed into the form of the answer and not sent.
    answer: Kept,
    /// The same of why the letter goes back.
    given_back: Kept,
}

impl Page<'_> {
    /// The answer that is chosen: by the form that was sent, else as it was left.
    fn is_answer(&self, word: &str) -> bool {
        match self.typed.field("answer", "answer") {
            "" => self.answer.get("answer") == word,
            sent => sent == word,
        }
    }

    /// What stands in the note of a form: as it was sent, else as it was left.
    fn note<'a>(&'a self, step: &str, kept: &'a Kept) -> &'a str {
        match self.typed.get("step") == step {
            true => self.typed.get("note"),
            false => kept.get("note"),
        }
    }
}

/// The page of a letter.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(number): Path<String>,
) -> Result<Html<String>, Error> {
    off_thread(move || shown(&desk, &shell, &user, &number, Typed::default(), None, None)).await
}

/// Takes the step that a form asks for; one that is not taken is shown again with why, and with what was typed.
pub(in crate::serve) async fn step(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    off_thread(move || {
        let typed = Typed::of(&body);
        let again = |status, told, stale: Option<&[LetterEvent]>| {
            let page = shown(&desk, &shell, &user, &number, typed.clone(), told, stale)?;
            Ok((status, page).into_response())
        };
        let not = |why: &Refused| {
            let told = letter_words::told(shell.words, why);
            again(api::status(why), Some(told), None)
        };
        // A form without the version that was seen is no form of this desk.
        let seen = typed.get("seen").parse().unwrap_or(usize::MAX);
        let order = match typed.order() {
            Ok(order) => order,
            Err(why) => return not(&why),
        };
        match orders::take(&desk, &number, seen, &order, &user, desk.gate.now())? {
            Ordered::Done(_) => {
                let form = match typed.get("step") {
                    "return" => FormName::GivenBack(number.clone()),
                    _ => FormName::Answer(number.clone()),
                };
                unsent::sent(&desk, &user, &form)?;
                Ok(Redirect::to(&format!("/letters/{number}")).into_response())
            }
            Ordered::Stale(_, since) => again(StatusCode::CONFLICT, None, Some(&since)),
            Ordered::Not(why) => not(&why),
        }
    })
    .await
}

/// The page, with why a step was not taken and what was typed.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    number: &str,
    typed: Typed,
    told: Option<Told>,
    stale: Option<&[LetterEvent]>,
) -> Result<Html<String>, Error> {
    let (words, now) = (shell.words, desk.gate.now());
    let (letter, case) = letter_of(desk, user, number)?;
    let users = desk.store.users()?;
    let copy = letter_words::about(&letter, &case);
    let (due, addressee, has_mail) = match &desk.letter_room {
        Some(room) => (
            room.deadlines(
                std::slice::from_ref(&letter),
                std::slice::from_ref(&case),
                words.language,
                now,
            )?,
            room.addressee(&letter.recipient, words.language),
            room.sends_mail(),
        ),
        None => (Vec::new(), Addressed::default(), false),
    };
    let events = |all: &[LetterEvent]| all.iter().map(|one| event(shell, &users, one)).collect();
    shell::page(&Page {
        shell,
        title: copy.map_or(case.id.0.as_str(), |copy| &copy.sentence),
        title_language: copy.map_or("", |copy| copy.language.code()),
        state: letter_words::state(words, letter.status),
        route: letter_words::route(words, letter.route),
        outlet: name(&desk.names, &letter.recipient, words.language).to_owned(),
        published: words.day(letter.published_at),
        drafted: words.moment(letter.drafted_at),
        received: letter.received_at.map(|at| words.day(at)),
        addressee,
        told,
        stale: stale.map(events),
        is_read_anew: is_read_anew(&letter, &case),
        sheet: letter_words::sheet(&letter.texts),
        due: letter_words::dues(words, &letter, &due),
        history: events(&letter.history),
        attached: attached(desk, shell, &letter, &case)?,
        offers: offers(desk, shell, user, &letter, &case, has_mail)?,
        typed,
        today: local_day(now).to_string(),
        seen: letter.history.len(),
        has_mail,
        answer: Kept::of(
            desk,
            &user.user,
            &FormName::Answer(number.to_owned()),
            &words,
        )?,
        given_back: Kept::of(
            desk,
            &user.user,
            &FormName::GivenBack(number.to_owned()),
            &words,
        )?,
        letter: &letter,
    })
}

/// Whether somebody read a slot of the case otherwise after a letter that has not left was drafted.
fn is_read_anew(letter: &LetterEntry, case: &Case) -> bool {
    let is_reading = |step| matches!(step, StepKind::CorrectReading | StepKind::DropReading);
    let later = case
        .history
        .iter()
        .filter(|event| event.at > letter.drafted_at);
    let mut deeds = later.filter_map(|event| event.deed.as_ref());
    letter.status != LetterStatus::Sent
        && deeds.any(|deed| match deed {
            Deed::Took(step) => is_reading(step.kind()),
            Deed::TookBack { step } => is_reading(*step),
            _ => false,
        })
}

/// A step of the history in words.
fn event(shell: &Shell, users: &[User], event: &LetterEvent) -> Event {
    let words = shell.words;
    let (id, more) = match &event.step {
        LetterStep::Drafted => ("letters-step-drafted", None),
        LetterStep::Proposed => ("letters-step-proposed", None),
        LetterStep::Returned { why } => ("letters-step-returned", Some(why.clone())),
        LetterStep::Approved => ("letters-step-approved", None),
        LetterStep::Sending { how } => ("letters-step-sending", Some(how.clone())),
        LetterStep::Failed { why, kind } => {
            let why = letter_words::undelivered(words, why, *kind);
            ("letters-step-failed", Some(why))
        }
        LetterStep::Sent { how } => ("letters-step-sent", Some(how.clone())),
        LetterStep::Received { since } => ("letters-step-received", Some(words.day(*since))),
        LetterStep::Answered {
            answer,
            words: said,
        } => {
            let id = match answer {
                Answer::Promised => "letters-answer-promised",
                Answer::Done => "letters-answer-done",
                Answer::Disputed => "letters-answer-disputed",
            };
            (id, Some(said.clone()))
        }
        LetterStep::Refused { words: said } => ("letters-answer-refused", Some(said.clone())),
    };
    Event {
        at: words.moment(event.at),
        iso: event.at.to_rfc3339(),
        who: letter_words::name(users, &event.who),
        what: words.say(id),
        words: more,
    }
}

/// What is attached: the captures of the publication and of the record, with their digests.
fn attached(
    desk: &Desk,
    shell: &Shell,
    letter: &LetterEntry,
    case: &Case,
) -> Result<Vec<Attached>, Error> {
    let copy = case.copies.iter().find(|copy| copy.url == letter.url);
    let publication = copy.map(|copy| ("letters-attached-publication", &copy.revision));
    let record = case.evidence.first();
    let record = record.map(|quote| ("letters-attached-record", &quote.revision));
    let mut all = Vec::new();
    for (id, revision) in publication.into_iter().chain(record) {
        let revision = desk.store.revision(revision)?;
        let Some(capture) = revision.and_then(|revision| revision.capture) else {
            continue;
        };
        if let Some(capture) = desk.store.capture(&capture)? {
            all.push(Attached {
                word: shell.say(id),
                url: capture.url,
                captured: shell.words.moment(capture.fetched_at),
                sha256: capture.body_hash.0,
            });
        }
    }
    Ok(all)
}

/// The steps that are open to a reader, and who can take the next one where the reader cannot.
fn offers(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    letter: &LetterEntry,
    case: &Case,
    has_mail: bool,
) -> Result<Offers, Error> {
    let store = &*desk.store;
    let user = &user.user;
    let can = |step| may(store, user, case, step);
    let known = case.desk.letters.iter().find(|one| one.id == letter.number);
    let authors = orders::authors(letter, case);
    let is_author = authors.contains(&user.id.as_str());
    // An approval that the case has counts here, whatever the register says yet.
    let is_approved = letter.status == LetterStatus::Approved
        || known.is_some_and(|known| known.approved.is_some());
    let mut offers = Offers::default();
    let (next, but): (StepKind, &[&str]) = match letter.status {
        LetterStatus::Sent => {
            offers.next = "letters-next-answer";
            offers.received = can(StepKind::AddDuty)?;
            offers.answer = can(StepKind::Answer)?;
            offers.refuse = can(StepKind::Refuse)?;
            (StepKind::AddDuty, &[])
        }
        LetterStatus::Sending => {
            offers.next = "letters-next-doubt";
            offers.by_hand = can(StepKind::SendLetter)?;
            offers.mail = offers.by_hand && has_mail;
            (StepKind::SendLetter, &[])
        }
        _ if known.is_none() => {
            offers.next = "letters-next-propose";
            offers.propose = can(StepKind::ProposeLetter)?;
            (StepKind::ProposeLetter, &[])
        }
        _ if is_approved || !desk.rules.needs_second_person => {
            offers.next = "letters-next-send";
            offers.by_hand = can(StepKind::SendLetter)?;
            offers.mail = offers.by_hand && has_mail;
            offers.give_back = can(StepKind::ReturnLetter)?;
            (StepKind::SendLetter, &[])
        }
        _ => {
            offers.next = "letters-next-approve";
            offers.approve = can(StepKind::ApproveLetter)? && !is_author;
            offers.give_back = can(StepKind::ReturnLetter)?;
            (StepKind::ApproveLetter, &authors)
        }
    };
    let is_stuck = !offers.propose && !offers.approve && !offers.by_hand && !offers.received;
    if is_stuck {
        let names = who_may(store, case, next, but)?;
        offers.who = Some(match names.is_empty() {
            true => shell.say("letters-nobody-can"),
            false => shell
                .words
                .with("letters-who-can", "names", &names.join(", ")),
        });
    }
    Ok(offers)
}
