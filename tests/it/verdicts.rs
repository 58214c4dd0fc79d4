//! The judge on small fictional records and reports: what differs is named, what agrees stays silent.

use aigaq::judge::{Record, claims, observations, verdict};
use aigaq::language::{Language, Lexicon};
use aigaq::model::{Label, RevisionId, SlotName, SourceRole, Verdict};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::judged::{revision, source};

/// One record and one report of it.
#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    language: Option<String>,
    /// The agency's name, where it matters, and the title of its record.
    #[serde(default)]
    publisher: String,
    #[serde(default)]
    title: String,
    record: Vec<String>,
    /// A record of the same agency two weeks before.
    #[serde(default)]
    earlier: Vec<String>,
    #[serde(default)]
    table: Vec<Vec<String>>,
    report: Vec<String>,
    sentence: usize,
    verdict: Label,
    slot: Option<SlotName>,
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// The verdicts of the judged sentence.
fn judged(case: &Case) -> Vec<Verdict> {
    let lexicon = Lexicon::shipped();
    let now: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    let language = case
        .language
        .as_deref()
        .and_then(Language::from_code)
        .unwrap_or(Language::Ru);
    let (mut agency, outlet) = (
        source("agency", SourceRole::Official),
        source("outlet", SourceRole::Media),
    );
    if !case.publisher.is_empty() {
        agency.name = [("ru".to_owned(), case.publisher.clone())].into();
    }
    let mut record = revision(
        "agency",
        "2026-02-02",
        Language::Ru,
        &case.record,
        &case.table,
    );
    record.document.title.clone_from(&case.title);
    let report = revision("outlet", "2026-02-03", language, &case.report, &[]);
    let mut earlier = revision("agency", "2026-01-20", Language::Ru, &case.earlier, &[]);
    earlier.id = RevisionId("r-agency-earlier".to_owned());
    let evidence = [&record, &earlier].map(|record| observations(lexicon, record, &agency));
    let backwards = evidence.iter().rev();
    let backwards = backwards.filter_map(|observations| Record::of(observations.iter().rev()));
    let backwards: Vec<Record<'_>> = backwards.collect();
    let forwards: Vec<Record<'_>> = evidence.iter().filter_map(Record::of).collect();
    claims(lexicon, &report, &outlet)
        .iter()
        .filter(|claim| claim.text == case.report[case.sentence])
        .map(|claim| {
            let verdict = |records: &[Record<'_>]| {
                let evidence: Vec<&Record<'_>> = records.iter().collect();
                verdict(lexicon, claim, &outlet, &evidence, now)
            };
            let found = verdict(&forwards);
            assert_eq!(
                found,
                verdict(&backwards),
                "the order of evidence tells nothing"
            );
            found
        })
        .collect()
}

/// The verdict of a sentence: what differs before what agrees.
fn summary(verdicts: &[Verdict]) -> Label {
    let has = |label| verdicts.iter().any(|verdict| verdict.label == label);
    [Label::Contradicted, Label::Outdated, Label::Supported]
        .into_iter()
        .find(|label| has(*label))
        .unwrap_or(Label::NoRecord)
}

#[test]
fn every_report_is_judged_as_its_case_says_and_the_slot_is_named() {
    let cases: Cases = toml::from_str(include_str!("../verdicts/slots.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in cases.case {
        let verdicts = judged(&case);
        let label = summary(&verdicts);
        let slots: Vec<SlotName> = verdicts
            .iter()
            .filter(|verdict| verdict.label == Label::Contradicted)
            .flat_map(|verdict| verdict.differences.iter().map(|difference| difference.slot))
            .collect();
        if label != case.verdict || case.slot.is_some_and(|slot| !slots.contains(&slot)) {
            wrong.push(format!("{}: {label:?} {slots:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_verdict_but_no_record_quotes_what_it_rests_on() {
    let cases: Cases = toml::from_str(include_str!("../verdicts/slots.toml")).unwrap();
    for verdict in cases.case.iter().flat_map(judged) {
        assert_eq!(
            verdict.evidence.is_empty(),
            verdict.label == Label::NoRecord
        );
        assert!(!verdict.explanation.is_empty());
    }
}
