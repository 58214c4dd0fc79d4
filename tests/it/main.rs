//! Integration tests, one binary.

mod config;
mod crawl;
mod index;
mod language;
mod store;
mod tidy;
