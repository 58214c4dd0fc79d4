//! Integration tests, one binary.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where something it needs is missing"
)]

mod cli;
mod config;
mod crawl;
mod end_to_end;
mod extract;
mod files;
mod import;
mod index;
mod language;
mod loopback;
mod pass;
mod store;
mod tidy;
mod troubled;
mod verdicts;
mod web;
