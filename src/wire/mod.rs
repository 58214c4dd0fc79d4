//! What everything that speaks to other machines must hold to: which addresses may be connected to at all,
//! and how long to leave alone who asks for it.
//!
//! `crawl` follows addresses that stand in pages, `send` those that people typed as their webhook. Neither may become
//! a way into the network the program runs in, and one set of rules for both cannot drift apart.

pub mod address;
pub mod pause;
