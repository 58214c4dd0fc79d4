//! Integration tests, one binary.

mod cli;
mod config;
mod crawl;
mod end_to_end;
mod extract;
mod index;
mod language;
mod store;
mod tidy;
mod verdicts;
mod web;
