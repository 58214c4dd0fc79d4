//! The pages of the desk, one file each, and what they share.

pub(super) mod case;
pub(super) mod check;
mod deeds;
mod document;
pub(super) mod fields;
pub(super) mod letter;
pub(super) mod letter_new;
pub(super) mod letter_words;
pub(super) mod letters;
pub(super) mod overview;
mod period;
pub(super) mod publication;
pub(super) mod queue;
pub(super) mod record;
pub(super) mod saved;
pub(super) mod search;
mod severity;
pub(super) mod sources;
pub(super) mod steps;

use super::Desk;
use super::access::CurrentUser;
use super::error::Error;
use crate::model::{Case, CaseId};

/// Runs what reads the store off the threads that answer requests.
pub(super) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await?
}

/// A case by its id; one that the user does not see is as good as absent.
pub(super) fn find_case(desk: &Desk, user: &CurrentUser, id: String) -> Result<Case, Error> {
    let sight = user.sight(&*desk.store)?;
    let case = desk.store.case(&CaseId(id))?;
    case.filter(|case| sight.sees(case))
        .ok_or(Error::NotFound("no case has this id"))
}

/// Whether an address is one of the web; others are never linked to.
pub(super) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
