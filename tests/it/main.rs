//! Integration tests, one binary.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where something it needs is missing"
)]

mod access;
mod accusations;
mod admin;
mod admin_files;
mod again;
mod api;
mod audit;
mod case_dues;
mod casework;
mod cli;
mod clocks;
mod config;
mod crawl;
mod desk;
mod desk_case;
mod desk_deadlines;
mod desk_documents;
mod desk_letters;
mod desk_news;
mod desk_overview;
mod desk_queue;
mod desk_search;
mod desk_views;
mod end_to_end;
mod extract;
mod files;
mod fleet;
mod following;
mod import;
mod index;
mod index_names;
mod judged;
mod killed;
mod kinds;
mod language;
mod letters;
mod loopback;
mod moments;
mod newsrooms;
mod oidc;
mod oidc_farewell;
mod openapi;
mod pass;
mod readings;
mod reported;
mod run;
mod saved;
mod scope;
mod search_gold;
mod send;
mod signed;
mod signin;
mod stamp;
mod steps;
mod store;
mod tidy;
mod told;
mod troubled;
mod unsent;
mod verdicts;
mod walks;
mod watched;
mod web;
mod worlds;

/// How many cases a property is tried on: `PROPTEST_CASES` asks for a longer run.
fn cases(usual: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("PROPTEST_CASES");
    let n = asked.ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    proptest::test_runner::Config::with_cases(n)
}
