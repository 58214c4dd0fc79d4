//! Turns verdicts into cases, one for each contradicted fact, and follows every copy of it until it is corrected.
//!
//! Only a contradiction opens a case; a missing record never does. What the program sees on the pages moves a case
//! ([`advance()`]), and so do people ([`take`]); which step is allowed from which state, and to whom, stands in one table
//! ([`table`]). Everything is computed from what was seen and the moment given, so doing it twice, or in another order, gives
//! the same cases. Letters are written in [`letter`], deadlines reckoned in [`clock`]; a case knows a letter by its number.

mod advance;
pub mod beside;
pub mod clock;
pub mod due;
mod fact;
mod follow;
mod found;
mod history;
mod home;
mod ledger;
pub mod letter;
mod look;
mod note;
mod opening;
mod priority;
pub mod reading;
mod steps;
pub mod table;
mod taking;
mod told;
pub mod wording;
mod workflow;

pub use advance::{Seen, addresses, advance, looked_at};
pub use ledger::ledger;
pub use look::notes_correction;
pub use priority::priority;
pub use steps::{Around, Refusal, agencies, illegal, open_to, quiet_until, take};
pub use told::deed_of;
