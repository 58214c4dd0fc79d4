//! Prints risk and coverage of verdicts that people have labelled, by verdict, language and kind of claim.
//!
//! `cargo bench --bench confidence -- FILE...`. Each line of a file is a JSON object with `verdict`, `confidence` (0 to 1, as
//! `aigaq findings --format jsonl` writes both), `language`, `type` (any word: count, money, office...) and `right`, whether
//! the verdict is the one a person gives. Only cases that no rule was made on show what to expect.

#![expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]

use std::collections::BTreeMap;

use aigaq::judge::confidence::{Kept, Labelled, WHOLE, curve, threshold};
use serde::Deserialize;

/// What is promised of the verdicts that are kept, in ten-thousandths.
const PROMISE: u32 = 9_500;
/// Rows of a curve that are printed.
const ROWS: usize = 8;

/// One line.
#[derive(Deserialize)]
struct Line {
    verdict: String,
    confidence: f64,
    #[serde(default)]
    language: String,
    #[serde(default, rename = "type")]
    kind: String,
    right: bool,
}

fn main() {
    let files: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if files.is_empty() {
        println!("no file of labelled verdicts was given; see the head of benches/confidence.rs");
        return;
    }
    let mut groups: BTreeMap<String, Vec<Labelled>> = BTreeMap::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        for (number, line) in (1..).zip(text.lines()) {
            let line: Line = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{file}, line {number}: {error}"));
            if line.verdict == "no_record" {
                continue;
            }
            let labelled = Labelled {
                confidence: (line.confidence * 1000.0).round() as u16,
                is_right: line.right,
            };
            let verdict = &line.verdict;
            for group in [
                verdict.clone(),
                format!("{verdict}, language {}", line.language),
                format!("{verdict}, type {}", line.kind),
            ] {
                groups.entry(group).or_default().push(labelled);
            }
        }
    }
    for (group, labelled) in &groups {
        print(group, &curve(labelled), labelled.len());
    }
}

/// Prints a curve, its rows spread evenly, and where the promise can be kept.
fn print(group: &str, curve: &[Kept], n_all: usize) {
    println!("{group}: {n_all}");
    let every = curve.len().div_ceil(ROWS).max(1);
    let last = curve.len().saturating_sub(1);
    for (place, row) in curve.iter().enumerate() {
        if place % every == 0 || place == last {
            println!("  {}", shown(row, n_all));
        }
    }
    match threshold(curve, PROMISE) {
        Some(row) => println!("  promise of 0.95 kept from: {}", shown(&row, n_all)),
        None => println!("  promise of 0.95: too few or too many wrong at any threshold"),
    }
}

/// A row in words.
fn shown(row: &Kept, n_all: usize) -> String {
    let share = |part: u32, whole: f64| f64::from(part) / whole;
    format!(
        "confidence {:.3}: {} kept, coverage {:.3}, {} wrong, right at least {:.4}",
        share(u32::from(row.threshold), 1000.0),
        row.n,
        share(row.n, n_all as f64),
        row.n_wrong,
        share(row.bound, f64::from(WHOLE)),
    )
}
