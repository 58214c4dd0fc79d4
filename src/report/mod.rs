//! Turns findings and cases into what people and programs read: text for a terminal, JSON for everything else.
//!
//! Pure: the moment, the width and whether colours are wanted are arguments. The JSON shapes here are
//! those of the command line and of the web API alike, and apart from what the store keeps, so either may change.

pub mod atom;
pub mod audit_rows;
pub mod bundle;
pub mod case_tables;
pub mod changes;
pub mod claim_review;
pub mod container;
pub mod digest;
pub mod export;
pub mod json;
pub mod letter;
pub mod people;
pub mod text;
mod xml;
