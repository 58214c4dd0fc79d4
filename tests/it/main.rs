//! Integration tests, one binary.

mod config;
mod index;
mod crawl;
mod store;
mod tidy;
