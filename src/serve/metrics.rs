//! Figures of the program for those who watch over it, in the text form of Prometheus (exposition format 0.0.4).

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::error::Error;
use super::pages::off_thread;
use super::{Desk, Shared};
use crate::model::CaseState;
use crate::report::json;

/// The media type of the form.
const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All figures.
pub(super) async fn get(State(desk): Shared) -> Result<Response, Error> {
    let text = off_thread(move || figures(&desk)).await?;
    Ok(([(header::CONTENT_TYPE, KIND)], text).into_response())
}

/// The figures as text.
fn figures(desk: &Desk) -> Result<String, Error> {
    let counts = desk.store.counts()?;
    let mut out = String::new();
    for (name, what, n) in [
        (
            "captures",
            "Answers of sites that are kept",
            counts.captures,
        ),
        (
            "documents",
            "Addresses with at least one revision",
            counts.documents,
        ),
        ("revisions", "Revisions of documents", counts.revisions),
        (
            "observations",
            "Statements of records that stand now",
            counts.observations,
        ),
        (
            "claims",
            "Claims of publications that stand now",
            counts.claims,
        ),
    ] {
        head(&mut out, name, what);
        line(&mut out, name, "", n);
    }
    head(&mut out, "findings", "Claims that stand now, by verdict");
    for (label, n) in desk.store.labels()? {
        line(
            &mut out,
            "findings",
            &format!("{{verdict=\"{}\"}}", json::word(&label)),
            n as u64,
        );
    }
    head(&mut out, "cases", "Cases by state");
    let cases = desk.store.cases()?;
    for state in CaseState::ALL {
        let n = cases.iter().filter(|case| case.state == state).count();
        line(
            &mut out,
            "cases",
            &format!("{{state=\"{}\"}}", json::word(&state)),
            n as u64,
        );
    }
    head(&mut out, "sources_unseen", "Sources that are not seen now");
    let gaps = desk.store.gaps(desk.gate.now())?;
    let n = gaps.iter().filter(|gap| gap.to.is_none()).count();
    line(&mut out, "sources_unseen", "", n as u64);
    Ok(out)
}

/// What a figure means.
fn head(out: &mut String, name: &str, what: &str) {
    // Writing to a text cannot fail.
    let _ = write!(
        out,
        "# HELP aigaq_{name} {what}.\n# TYPE aigaq_{name} gauge\n"
    );
}

/// One value of a figure.
fn line(out: &mut String, name: &str, labels: &str, n: u64) {
    let _ = writeln!(out, "aigaq_{name}{labels} {n}");
}
