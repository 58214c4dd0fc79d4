//! The suite against false accusation: true rewordings of fictional records, none of which may be contradicted, their
//! counterfactual twins, nearly none of which is borne out. It prints what it counted.

#![allow(clippy::print_stdout, reason = "the counts are what the suite is for")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use aigaq::judge::{Record, claims, observations, verdict};
use aigaq::language::{Language, Lexicon};
use aigaq::model::{Label, Observation, SlotName, SourceRole, Verdict};
use chrono::{DateTime, Utc};

mod forms;
mod suite;

use crate::judged::{revision, source};
use suite::{SUITE, Told};

/// Share of true rewordings that must be borne out, in thousandths. It only rises.
const SUPPORTED_FLOOR: usize = 980;
/// Share of untrue edits that must be contradicted, in thousandths. It only rises.
const CONTRADICTED_FLOOR: usize = 820;
/// Share of the contradicted edits that name the slot that was changed, in thousandths. It only rises.
const NAMED_FLOOR: usize = 990;
/// Untrue edits that may be borne out. It only falls.
const SUPPORTED_EDITS: usize = 4;

/// The records, laid out once.
static RECORDS: LazyLock<Vec<Record<'static>>> = LazyLock::new(|| {
    let all = SUITE.records.iter().enumerate().map(|(place, official)| {
        let id = format!("agency-{place}");
        let record = revision(
            &id,
            &official.day,
            official.language,
            &official.text,
            &official.table,
        );
        let source = source(&id, SourceRole::Official);
        let observations = observations(Lexicon::shipped(), &record, &source);
        let observations: &'static [Observation] = Vec::leak(observations);
        Record::of(observations).unwrap_or_else(|| panic!("{} says nothing", official.name))
    });
    all.collect()
});

/// The verdicts on everything that a publication of these words states.
fn judged(language: Language, text: &str) -> Vec<Verdict> {
    let lexicon = Lexicon::shipped();
    let now: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    let outlet = source("outlet", SourceRole::Media);
    let report = revision("outlet", "2026-02-03", language, &[text.to_owned()], &[]);
    let evidence: Vec<&Record<'_>> = RECORDS.iter().collect();
    let claims = claims(lexicon, &report, &outlet);
    claims
        .iter()
        .map(|claim| verdict(lexicon, claim, &outlet, &evidence, now))
        .collect()
}

/// What several verdicts come to: what differs before what agrees.
fn summary(verdicts: &[Verdict]) -> Label {
    let has = |label| verdicts.iter().any(|verdict| verdict.label == label);
    [Label::Contradicted, Label::Outdated, Label::Supported]
        .into_iter()
        .find(|label| has(*label))
        .unwrap_or(Label::NoRecord)
}

/// How often each label was given, kind by kind.
#[derive(Default)]
struct Tally(BTreeMap<String, BTreeMap<String, usize>>);

impl Tally {
    fn count(&mut self, told: &Told, label: Label) {
        for row in [
            told.kind.clone(),
            format!("({})", told.language),
            "all".to_owned(),
        ] {
            let label = format!("{label:?}").to_lowercase();
            *self.0.entry(row).or_default().entry(label).or_default() += 1;
        }
    }

    fn of(&self, label: &str) -> usize {
        self.0["all"].get(label).copied().unwrap_or(0)
    }

    fn print(&self, title: &str) {
        let mut text = format!("{title}\n");
        for (kind, labels) in &self.0 {
            let _ = writeln!(text, "  {kind}: {labels:?}");
        }
        println!("{text}");
    }
}

/// A sentence with what was said against it.
fn shown(told: &Told, verdicts: &[Verdict]) -> String {
    let mut text = format!(
        "{} [{}] {}",
        SUITE.records[told.record].name, told.language, told.text
    );
    for verdict in verdicts {
        let slots: Vec<SlotName> = verdict.differences.iter().map(|one| one.slot).collect();
        let quote = verdict.evidence.first().map_or("", |quote| &quote.sentence);
        let _ = write!(text, "\n    {:?} {slots:?} {quote}", verdict.label);
    }
    text
}

#[test]
fn what_is_true_of_a_record_is_never_held_against_it_however_it_is_worded() {
    let mut tally = Tally::default();
    let mut accused = Vec::new();
    let mut silent = Vec::new();
    for told in &SUITE.reworded {
        let verdicts = judged(told.language, &told.text);
        let label = summary(&verdicts);
        tally.count(told, label);
        match label {
            Label::Contradicted | Label::Outdated => accused.push(shown(told, &verdicts)),
            Label::NoRecord => silent.push(shown(told, &verdicts)),
            Label::Supported => {}
        }
    }
    tally.print("true rewordings");
    println!("{}", silent.join("\n"));
    assert!(accused.is_empty(), "{}", accused.join("\n"));
    let share = tally.of("supported") * 1000 / SUITE.reworded.len();
    assert!(share >= SUPPORTED_FLOOR, "{share} of 1000 are borne out");
}

#[test]
fn what_is_no_longer_true_is_contradicted_often_and_seldom_borne_out() {
    let mut tally = Tally::default();
    let mut borne_out = Vec::new();
    let mut silent = Vec::new();
    let mut n_named = 0;
    for (slot, told) in &SUITE.edited {
        let verdicts = judged(told.language, &told.text);
        let label = summary(&verdicts);
        tally.count(told, label);
        let shown = format!("({}) {}", slot.words(), shown(told, &verdicts));
        match label {
            Label::Contradicted => {
                let mut all = verdicts.iter().flat_map(|verdict| &verdict.differences);
                n_named += usize::from(all.any(|difference| difference.slot == *slot));
            }
            Label::Supported => borne_out.push(shown),
            Label::NoRecord | Label::Outdated => silent.push(shown),
        }
    }
    tally.print("untrue edits");
    println!(
        "slot named as changed: {n_named}\nborne out:\n{}",
        borne_out.join("\n")
    );
    println!("silent:\n{}", silent.join("\n"));
    assert!(
        borne_out.len() <= SUPPORTED_EDITS,
        "{} edits are borne out",
        borne_out.len()
    );
    let n_contradicted = tally.of("contradicted");
    let share = n_contradicted * 1000 / SUITE.edited.len();
    assert!(
        share >= CONTRADICTED_FLOOR,
        "{share} of 1000 are contradicted"
    );
    let named = n_named * 1000 / n_contradicted.max(1);
    assert!(named >= NAMED_FLOOR, "{named} of 1000 name their slot");
}
