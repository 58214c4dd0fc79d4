//! Deadlines against a table that was reckoned apart from the program: holidays, moved days, ends of months and years.

use std::collections::BTreeMap;
use std::path::Path;

use aigaq::language::Language;
use aigaq::pursue::clock::Clocks;
use chrono::{DateTime, NaiveDate, Utc};

/// One row of the table.
#[derive(serde::Deserialize)]
struct Row {
    rule: String,
    started: NaiveDate,
    due: NaiveDate,
    why: String,
}

#[derive(serde::Deserialize)]
struct Table {
    deadline: Vec<Row>,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Noon of a day by the clocks of the country.
fn noon(day: NaiveDate) -> DateTime<Utc> {
    format!("{day}T07:00:00Z").parse().unwrap()
}

/// The shipped calendar with rules that hold in every year of the table: most of the shipped ones began in August 2024.
fn clocks() -> Clocks {
    let rules = read("src/pursue/clock/data/rules.toml");
    let mut earlier = String::new();
    for line in rules.lines() {
        let since = line.starts_with("valid_from");
        earlier.push_str(if since {
            "valid_from = \"2020-01-01\""
        } else {
            line
        });
        earlier.push('\n');
    }
    Clocks::with(&BTreeMap::from([("rules.toml".to_owned(), earlier)])).unwrap()
}

#[test]
fn every_deadline_of_the_table_ends_on_its_day() {
    let table: Table = toml::from_str(&read("tests/clocks/deadlines.toml")).unwrap();
    assert!(table.deadline.len() >= 60);
    let clocks = clocks();
    let mut wrong = Vec::new();
    for row in &table.deadline {
        let deadline = clocks.deadline(&row.rule, noon(row.started)).unwrap();
        if deadline.due != row.due {
            wrong.push(format!(
                "{} from {} ({}): {} instead of {}",
                row.rule, row.started, row.why, deadline.due, row.due
            ));
        }
        assert_eq!(
            deadline
                .unknown_years
                .iter()
                .filter(|year| **year <= 2027)
                .count(),
            0
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_arithmetic_names_the_start_the_span_and_the_last_day() {
    let table: Table = toml::from_str(&read("tests/clocks/deadlines.toml")).unwrap();
    let clocks = clocks();
    for row in &table.deadline {
        let deadline = clocks.deadline(&row.rule, noon(row.started)).unwrap();
        for language in Language::ALL {
            let text = deadline.arithmetic(language);
            let due = aigaq::pursue::wording::day(row.due, language);
            let started = aigaq::pursue::wording::day(row.started, language);
            assert!(
                text.contains(&due) && text.contains(&started) && text.contains(" + "),
                "{text}"
            );
            assert!(text.contains(" = "), "{text}");
        }
    }
}
