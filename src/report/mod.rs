//! Turns findings and cases into what people and programs read: text for a terminal, JSON for everything else.
//!
//! Pure: the moment, the width and whether colours are wanted are arguments. The JSON shapes here are
//! those of the command line and of the web API alike, and apart from what the store keeps, so either may change.
//! ClaimReview is not here yet.

pub mod atom;
pub mod bundle;
pub mod changes;
pub mod container;
pub mod export;
pub mod json;
pub mod letter;
pub mod text;
