//! The letters of the desk: what the pages and the API ask of whoever writes and sends them, and what becomes of a person's step.
//!
//! Writing a letter needs the operator's templates and clocks, sending one needs the mail: both stand behind [`LetterRoom`], which
//! the desk is given where it is opened. What may be done by whom stands in the one table of steps (see [`super::letter_steps`]).

pub(super) mod api;
pub(super) mod listing;
pub(super) mod orders;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use chrono::{DateTime, NaiveDate, Utc};

use super::Desk;
use super::access::CurrentUser;
use super::desk::official;
use super::error::Error;
use super::files::OperatorFiles;
use super::letter_steps::{LetterStepError, LetterSteps};
use crate::language::Language;
use crate::model::letter::{Wanted, Written};
use crate::model::{Case, DueRow, Dues, LetterEntry, Route, SourceId, StepKind, User};
use crate::pursue;
use crate::pursue::table::{Actor, is_allowed};
use crate::store::{Store, StoreError};

/// Writes letters, reckons their clocks and hands them over. Called on threads that may wait, and only inside the runtime.
pub trait LetterRoom: Send + Sync {
    /// Writes the letter of a case, and enters it where `wanted` says who does.
    ///
    /// # Errors
    /// When something of the case or of the operator's files is wrong, or no text is short enough.
    fn write(
        &self,
        store: &dyn Store,
        case: &Case,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Result<Written, RoomError>;

    /// The routes as a reader chooses among them, with their clocks as they would run from a moment.
    ///
    /// # Errors
    /// When a file of the operator's is wrong.
    fn routes(
        &self,
        published: DateTime<Utc>,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Vec<RouteShown>, RoomError>;

    /// The last days that still run: of letters, as far as their cases are among these and have not ended, and of open cases that
    /// have none of these letters; soonest first.
    ///
    /// # Errors
    /// When a file of the operator's is wrong.
    fn deadlines(
        &self,
        letters: &[LetterEntry],
        cases: &[Case],
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Vec<DueRow>, RoomError>;

    /// Of each of these cases the first of its clocks that ends, as [`LetterRoom::deadlines`] has them.
    ///
    /// # Errors
    /// When a file of the operator's is wrong.
    fn first_ends(&self, letters: &[LetterEntry], cases: &[Case]) -> Result<Dues, RoomError>;

    /// How often a file of the operator's was changed on the pages: what was reckoned before is to be reckoned anew.
    fn n_file_changes(&self) -> u64;

    /// Who is written to at a source, as far as the configuration says.
    fn addressee(&self, source: &SourceId, language: Language) -> Addressed;

    /// The operator's files: templates, routes, days off and rules.
    fn files(&self) -> &dyn OperatorFiles;

    /// Whether mail leaves this process.
    fn sends_mail(&self) -> bool;

    /// Notes when a letter was received and reckons its deadlines from then.
    ///
    /// # Errors
    /// When the day lies ahead, or the step may not be taken.
    fn received(
        &self,
        store: &dyn Store,
        number: &str,
        who: &str,
        on: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<(), RoomError>;

    /// Sends a letter by mail.
    ///
    /// # Errors
    /// When the step may not be taken or no mail leaves this process; that the server did not take it is no error.
    fn send(
        &self,
        store: &dyn Store,
        on_case: &LetterSteps<'_>,
        sending: &Sending<'_>,
    ) -> Result<Posted, RoomError>;
}

/// What is to be sent, by whom, to where.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// Number of the letter.
    pub number: &'a str,
    /// Who sends it.
    pub by: &'a str,
    /// Address of mail; that of the addressee where nobody says.
    pub to: Option<&'a str>,
    /// Whether one that may have left already is sent again, under the same message id.
    pub again: bool,
}

/// What came of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// The server took it for this address.
    Sent(String),
    /// It was not sent, and why.
    Not(String),
}

/// Who is written to; what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressed {
    /// The person, in the form of address.
    pub person: String,
    /// Postal address.
    pub address: String,
    /// E-mail.
    pub email: Option<String>,
}

/// A route to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteShown {
    /// The route.
    pub route: Route,
    /// Title of its letter.
    pub title: String,
    /// What it rests on.
    pub basis: String,
    /// Its clocks.
    pub clocks: Vec<ClockShown>,
}

/// A clock of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockShown {
    /// What ends.
    pub name: String,
    /// How it is reckoned.
    pub arithmetic: String,
    /// What it rests on.
    pub basis: String,
}

/// Why a letter was not written, sent or noted.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// The step may not be taken, or the store failed.
    #[error(transparent)]
    Step(#[from] LetterStepError),
    /// The proposed text is longer than the law allows.
    #[error(
        "the proposed text has {n_chars} characters; less than twice the passage are {most_chars}"
    )]
    TooLong {
        /// Its characters.
        n_chars: usize,
        /// The most it may have.
        most_chars: usize,
    },
    /// No wording of the program's is short enough.
    #[error(
        "the passage is too short for any wording the program has; propose a text of at most {most_chars} characters"
    )]
    NoneFits {
        /// The most it may have.
        most_chars: usize,
    },
    /// Whatever differed is the same as people read it.
    #[error("as people read it nothing differs any more, so there is nothing to ask for")]
    NothingDiffers,
    /// The day lies ahead.
    #[error("the day lies ahead")]
    Ahead,
    /// No mail leaves this process.
    #[error("no mail server is configured in this process")]
    NoMail,
    /// Something else, in words for whoever keeps the configuration.
    #[error("{0}")]
    Said(String),
}

/// The letter of a number with its case; one of a case that is not shown is as good as absent.
pub(super) fn letter_of(
    desk: &Desk,
    user: &CurrentUser,
    number: &str,
) -> Result<(LetterEntry, Case), Error> {
    const NONE: Error = Error::NotFound("no letter has this number");
    let letter = desk.store.letter(number)?.ok_or(NONE)?;
    let case = desk.store.case(&letter.case)?.ok_or(NONE)?;
    match user.sight(&*desk.store)?.sees(&case) {
        true => Ok((letter, case)),
        false => Err(NONE),
    }
}

/// The letters that are shown, newest first.
pub(super) fn letters_of(desk: &Desk, user: &CurrentUser) -> Result<Vec<LetterEntry>, Error> {
    let mut letters = desk.store.letters(None)?;
    if let Some(seen) = user.sight(&*desk.store)?.cases(desk)? {
        letters.retain(|letter| seen.contains(&letter.case.0));
    }
    letters.reverse();
    Ok(letters)
}

/// The room, or that this process has none.
pub(super) fn room(desk: &Desk) -> Result<&dyn LetterRoom, Error> {
    desk.letter_room
        .as_deref()
        .ok_or_else(|| Error::Wrong("this process was started without letters".to_owned()))
}

/// Whether the table lets a person take a step on a case now.
pub(super) fn may(
    store: &dyn Store,
    user: &User,
    case: &Case,
    step: StepKind,
) -> Result<bool, StoreError> {
    Ok(user.is_active()
        && is_allowed(step, case.state, Actor::Person(user.role))
        && user.works_for(&pursue::agencies(case, &official(store)?)))
}

/// Names of those who may take a step on a case, but for some people.
pub(super) fn who_may(
    store: &dyn Store,
    case: &Case,
    step: StepKind,
    but: &[&str],
) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for user in store.users()? {
        if !but.contains(&user.id.as_str()) && may(store, &user, case, step)? {
            names.push(user.name);
        }
    }
    Ok(names)
}

/// The routes of letters: pages and API.
pub(super) fn routes() -> Router<Arc<Desk>> {
    use super::pages::{letter, letter_new, letters as register};
    Router::new()
        .route("/letters", get(register::page))
        .route("/deadlines", get(register::deadlines))
        .route("/letters/{number}", get(letter::page))
        .route("/letters/{number}/steps", post(letter::step))
        .route(
            "/cases/{id}/letters/new",
            get(letter_new::page).post(letter_new::enter),
        )
        .route("/api/v1/letters", get(api::letters))
        .route("/api/v1/letters/export", get(api::export))
        .route("/api/v1/letters/{number}", get(api::letter))
        .route("/api/v1/letters/{number}/steps", post(api::step))
        .route(
            "/api/v1/cases/{id}/letters",
            get(api::of_case).post(api::enter),
        )
        .route("/api/v1/deadlines", get(api::deadlines))
}
