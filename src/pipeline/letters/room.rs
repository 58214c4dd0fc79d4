//! What the pages ask of the letters: texts, clocks and the mail, behind the trait that `serve` declares.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::runtime::Handle;

use super::{
    Wanted, Written, clocks, due_rows, first_ends, is_ahead, received, send, words, write,
};
use crate::config::{Config, name_in};
use crate::language::Language;
use crate::model::{Case, Channel, DueRow, Dues, LetterEntry, Route, SourceId};
use crate::pursue::clock::{Deadline, Start};
use crate::pursue::letter::ProposalError;
use crate::send::Sender;
use crate::serve::files::OperatorFiles;
use crate::serve::letter_steps::{LetterStepError, LetterSteps};
use crate::serve::letters::{
    Addressed, ClockShown, LetterRoom, Posted, RoomError, RouteShown, Sending,
};
use crate::store::{Store, StoreError};

/// The letters of an operator's configuration.
pub struct Room {
    config: Config,
    /// Hands letters over; `None` where no mail leaves this process.
    sender: Option<Sender>,
    /// Held while a letter is entered, so that two of one moment do not take one number.
    entering: Mutex<()>,
    /// How often a file of the operator's was changed here.
    n_file_changes: AtomicU64,
}

impl Room {
    /// A room that writes with a configuration and sends with a sender.
    pub fn new(config: Config, sender: Option<Sender>) -> Room {
        Room {
            config,
            sender,
            entering: Mutex::new(()),
            n_file_changes: AtomicU64::new(0),
        }
    }

    /// The operator's configuration.
    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Notes that a file of the operator's is another now.
    pub(super) fn file_changed(&self) {
        self.n_file_changes.fetch_add(1, Ordering::Release);
    }

    /// Keeps others from entering letters and changing files.
    pub(super) fn hold(&self) -> MutexGuard<'_, ()> {
        self.entering.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LetterRoom for Room {
    fn write(
        &self,
        store: &dyn Store,
        case: &Case,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Result<Written, RoomError> {
        // Whoever panicked while entering left nothing half done: the store enters in one transaction.
        let _held = wanted.register.as_ref().map(|_| self.hold());
        write(store, &self.config, case, wanted, now).map_err(told)
    }

    fn routes(
        &self,
        published: DateTime<Utc>,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Vec<RouteShown>, RoomError> {
        let clocks = clocks(&self.config.letters).map_err(told)?;
        let (routes, _) = words(&self.config.letters, &clocks).map_err(told)?;
        let shown = |deadline: Deadline| ClockShown {
            name: deadline.rule.name.of(language).to_owned(),
            arithmetic: deadline.arithmetic(language),
            basis: deadline.rule.basis.of(language).to_owned(),
        };
        let of = |route: Route| {
            let text = routes.of(route);
            let clock = |id: &String| {
                let if_received = clocks.deadline(id, now)?;
                match if_received.rule.starts {
                    Start::Published => clocks.deadline(id, published),
                    _ => Some(if_received),
                }
            };
            RouteShown {
                route,
                title: text.title.of(language).to_owned(),
                basis: text.basis.of(language).to_owned(),
                clocks: text.clocks.iter().filter_map(clock).map(shown).collect(),
            }
        };
        Ok(Route::ALL.into_iter().map(of).collect())
    }

    fn deadlines(
        &self,
        letters: &[LetterEntry],
        cases: &[Case],
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Vec<DueRow>, RoomError> {
        let clocks = clocks(&self.config.letters).map_err(told)?;
        due_rows(&clocks, letters, cases, language, now).map_err(told)
    }

    fn first_ends(&self, letters: &[LetterEntry], cases: &[Case]) -> Result<Dues, RoomError> {
        first_ends(&self.config.letters, letters, cases).map_err(told)
    }

    fn n_file_changes(&self) -> u64 {
        self.n_file_changes.load(Ordering::Acquire)
    }

    fn addressee(&self, source: &SourceId, language: Language) -> Addressed {
        let known = self.config.letters.addressees.get(&source.0);
        let said = known.map(|one| {
            let name = |names| name_in(names, language).to_owned();
            Addressed {
                person: name(&one.person),
                address: name(&one.address),
                email: one.email.clone(),
            }
        });
        said.unwrap_or_default()
    }

    fn files(&self) -> &dyn OperatorFiles {
        self
    }

    fn sends_mail(&self) -> bool {
        // Only whether a mail server is known is asked; this address is written to by nobody.
        let to = "nobody@letters.example".to_owned();
        let sender = self.sender.as_ref();
        sender.is_some_and(|sender| sender.check(&Channel::Mail { to }).is_ok())
    }

    fn received(
        &self,
        store: &dyn Store,
        number: &str,
        who: &str,
        on: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<(), RoomError> {
        if is_ahead(on, now) {
            return Err(RoomError::Ahead);
        }
        received(store, &self.config.letters, number, who, on, now)
            .map(|_| ())
            .map_err(told)
    }

    fn send(
        &self,
        store: &dyn Store,
        on_case: &LetterSteps<'_>,
        sending: &Sending<'_>,
    ) -> Result<Posted, RoomError> {
        let Some(sender) = &self.sender else {
            return Err(RoomError::NoMail);
        };
        let sent = send(store, &self.config, sender, on_case, sending);
        // The caller is on a thread that may wait; see the trait.
        Handle::current().block_on(sent).map_err(told)
    }
}

/// What the pages make of an error: the kinds that they have words for keep theirs.
fn told(error: anyhow::Error) -> RoomError {
    let error = match error.downcast::<LetterStepError>() {
        Ok(step) => return RoomError::Step(step),
        Err(error) => error,
    };
    let error = match error.downcast::<crate::pursue::letter::StepError>() {
        Ok(step) => return RoomError::Step(LetterStepError::Letter(step)),
        Err(error) => error,
    };
    let error = match error.downcast::<StoreError>() {
        Ok(failed) => return RoomError::Step(LetterStepError::Store(failed)),
        Err(error) => error,
    };
    match error.downcast::<ProposalError>() {
        Ok(ProposalError::TooLong {
            n_chars,
            most_chars,
        }) => RoomError::TooLong {
            n_chars,
            most_chars,
        },
        Ok(ProposalError::NoneFits { most_chars }) => RoomError::NoneFits { most_chars },
        Ok(ProposalError::NothingDiffers) => RoomError::NothingDiffers,
        Err(error) => RoomError::Said(format!("{error:#}")),
    }
}
