//! Turns verdicts into cases, one for each contradicted fact, and follows every copy of it until it is corrected.
//!
//! Only a contradiction opens a case; a missing record never does. A case is closed by what is seen
//! on the pages: the claim is gone, the page is gone, or the record changed and no longer differs.
//! Everything is computed from what a pass has seen and the moment given, so doing it twice, or in
//! another order, gives the same cases. Deadlines are reckoned in [`clock`].

mod advance;
pub mod clock;
mod fact;
pub mod letter;
pub mod wording;
mod workflow;

pub use advance::{Seen, addresses, advance};
