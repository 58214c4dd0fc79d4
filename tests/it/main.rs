//! Integration tests, one binary.

mod config;
mod crawl;
mod index;
mod store;
mod tidy;
