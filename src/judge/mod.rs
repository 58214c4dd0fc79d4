//! Turns revisions into claims and observations, and a claim with its evidence into a verdict.
//!
//! In the order of the flow: [`claim`] and [`observation`] take pages apart through one builder of frames,
//! and [`mod@verdict`] weighs what was retrieved for a claim. Everything here is pure: the same claim and
//! evidence give the same verdict on any machine and in any order.

mod absent;
mod cells;
pub mod claim;
pub mod confidence;
mod denials;
mod event;
mod explain;
mod fact;
mod figures;
mod frame;
mod gist;
mod header;
mod knowledge;
mod lone;
mod moved;
pub mod number;
pub mod observation;
mod offices;
mod pair;
mod passage;
mod quantifiers;
mod scope;
mod sentences;
mod slots;
mod surroundings;
mod topic;
pub mod verdict;

pub use claim::{claims, statements};
pub use fact::Record;
pub use observation::observations;
pub use verdict::verdict;
