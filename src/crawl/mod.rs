//! Turns what is due into captures: asks politely, keeps what came as evidence, and remembers what did not come and why.
//!
//! Read in the order of a pass: [`frontier`] names what is due, [`robots`] and [`politeness`] say whether and when
//! it may be asked for, [`fetch`] asks, [`discover`] finds further addresses in what came, [`archive`] keeps it, [`pass`] ties them together.
//! What pages mean is not known here.

pub mod address;
pub mod archive;
pub mod decode;
pub mod fetch;
pub mod politeness;
pub mod robots;
pub mod schedule;

pub use schedule::check;
