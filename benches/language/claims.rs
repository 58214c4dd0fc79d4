//! Claims with evidence: verdicts of `aigaq verify` beside the bare rule "numbers differ".
//!
//! The sets are far from agency figures, so what counts is caution: how often `contradicted` is right, and coverage.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Verdicts on a set.
#[derive(Default)]
struct Tally {
    right: usize,
    decided: usize,
    contradicted: usize,
    rightly_contradicted: usize,
    supported: usize,
    rightly_supported: usize,
}

/// Figures of ours and of the bare rule.
pub fn figures(text: &str) -> Result<String, String> {
    let rows: Vec<Value> = parsed(text)?;
    let answers = parsed(&verified(text)?)?;
    let (mut ours, mut bare) = (Tally::default(), Tally::default());
    for (row, answer) in rows.iter().zip(&answers) {
        let gold = row["label"].as_str().unwrap_or_default();
        ours.add(gold, answer["verdict"].as_str().unwrap_or_default());
        bare.add(gold, bare_rule(row));
    }
    let n = rows.len();
    Ok(format!(
        "  {n} claims\n  ours                {}\n  numbers that differ {}\n",
        ours.line(n),
        bare.line(n)
    ))
}

impl Tally {
    /// Counts one verdict.
    fn add(&mut self, gold: &str, verdict: &str) {
        let is_right = gold == verdict;
        self.right += usize::from(is_right);
        self.decided += usize::from(verdict != "no_record");
        if verdict == "contradicted" {
            self.contradicted += 1;
            self.rightly_contradicted += usize::from(is_right);
        } else if verdict == "supported" {
            self.supported += 1;
            self.rightly_supported += usize::from(is_right);
        }
    }

    /// The figures as one line.
    fn line(&self, n: usize) -> String {
        let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
        format!(
            "contradicted {:.3} right of {}, supported {:.3} right of {}, coverage {:.3}, accuracy {:.3}",
            share(self.rightly_contradicted, self.contradicted),
            self.contradicted,
            share(self.rightly_supported, self.supported),
            self.supported,
            share(self.decided, n),
            share(self.right, n),
        )
    }
}

/// Contradicted if the claim has a number that the evidence has not, supported if it has all, undecided without numbers.
fn bare_rule(row: &Value) -> &'static str {
    let numbers = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_digit())
            .filter(|run| !run.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let claimed = numbers(row["claim"].as_str().unwrap_or_default());
    let evidence = row["evidence"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let known: BTreeSet<String> = evidence
        .iter()
        .flat_map(|one| numbers(one["text"].as_str().unwrap_or_default()))
        .collect();
    if claimed.is_empty() {
        "no_record"
    } else if claimed.is_subset(&known) {
        "supported"
    } else {
        "contradicted"
    }
}

/// The answers of `aigaq verify` to these lines.
fn verified(text: &str) -> Result<String, String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aigaq"))
        .arg("verify")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut input = child.stdin.take().ok_or("no way to ask")?;
    let lines = text.to_owned();
    let asking = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let answers = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    asking
        .join()
        .map_err(|_| "asking ended early")?
        .map_err(|error| error.to_string())?;
    String::from_utf8(answers.stdout).map_err(|error| error.to_string())
}

/// Lines of JSON.
fn parsed(text: &str) -> Result<Vec<Value>, String> {
    let lines = text.lines().map(serde_json::from_str);
    lines
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}
