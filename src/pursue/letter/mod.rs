//! Turns a case into the contents of a letter that asks for a correction, and keeps the register of such letters.
//!
//! Content only: every value is put into the words and typography of one language here, templates around it and
//! the form of a page are `report`'s. Nothing here says more than that two texts differ; which route fits is for a person.

mod facts;
mod passage;
mod proposed;
mod register;
mod routes;
mod running;

pub use facts::{Captured, Material, facts};
pub use passage::{slot_name, worded};
pub use proposed::{ProposalError, most_chars};
pub use register::{
    Draft, StepError, answer, approve, begin_send, draft, fail, give_back, kept, next_number,
    propose, receive, send,
};
pub use routes::{FILE_NAME as ROUTES_FILE, RouteText, Routes};
pub use running::runs;

#[cfg(test)]
mod tests;
