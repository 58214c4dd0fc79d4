//! Integration tests, one binary.

mod config;
mod index;
mod store;
mod tidy;
