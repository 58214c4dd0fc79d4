//! Aigaq (Айғақ, Kazakh for *evidence*) finds where agency sites and news media publish incorrect
//! information about the work of state bodies, shows it against the official record, and follows it until it is corrected.

pub mod canonical;
pub mod cli;
pub mod config;
pub mod crawl;
pub mod extract;
pub mod index;
pub mod judge;
pub mod language;
pub mod markup;
pub mod model;
pub mod pipeline;
pub mod pursue;
pub mod report;
pub mod send;
pub mod serve;
pub mod store;
pub mod wire;
