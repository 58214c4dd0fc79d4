//! The judge in time: which record counted when, months around the turn of the year, changes by and to.

use aigaq::judge::{Record, claims, observations, verdict};
use aigaq::language::{Language, Lexicon};
use aigaq::model::{Label, Observation, RevisionId, SlotName, SourceRole, Verdict};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::judged::{revision, source};

/// Records of one agency, and a sentence of a report.
#[derive(Deserialize)]
struct Case {
    name: String,
    /// Language of the report.
    language: String,
    /// Day of the report.
    day: String,
    /// The report's sentence.
    report: String,
    /// Day of publication, language and text of each record.
    record: Vec<(String, String, String)>,
    /// The day on which it is judged.
    #[serde(default = "march")]
    now: String,
    verdict: Label,
    slot: Option<SlotName>,
}

fn march() -> String {
    "2026-03-15".to_owned()
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// The verdicts on the report of a case.
fn judged(case: &Case) -> Vec<Verdict> {
    let lexicon = Lexicon::shipped();
    let now: DateTime<Utc> = format!("{}T12:00:00Z", case.now).parse().unwrap();
    let language = |code: &str| Language::from_code(code).unwrap();
    let (agency, outlet) = (
        source("agency", SourceRole::Official),
        source("outlet", SourceRole::Media),
    );
    let records = case.record.iter().enumerate();
    let observed: Vec<Vec<Observation>> = records
        .map(|(number, (day, code, text))| {
            let mut record = revision(
                "agency",
                day,
                language(code),
                std::slice::from_ref(text),
                &[],
            );
            record.id = RevisionId(format!("r-{number}"));
            record.document.url.0 = format!("http://agency.test/{number}");
            observations(lexicon, &record, &agency)
        })
        .collect();
    let laid_out: Vec<Record<'_>> = observed.iter().filter_map(Record::of).collect();
    let evidence: Vec<&Record<'_>> = laid_out.iter().collect();
    let words = [case.report.clone()];
    let report = revision("outlet", &case.day, language(&case.language), &words, &[]);
    let claims = claims(lexicon, &report, &outlet);
    claims
        .iter()
        .map(|claim| verdict(lexicon, claim, &outlet, &evidence, now))
        .collect()
}

#[test]
fn every_case_in_time_comes_out_as_written() {
    let text = include_str!("../verdicts/moments.toml");
    let cases: Cases = toml::from_str(text).unwrap();
    let mut wrong = Vec::new();
    for case in cases.case {
        let verdicts = judged(&case);
        let told = [Label::Contradicted, Label::Outdated, Label::Supported]
            .into_iter()
            .find(|label| verdicts.iter().any(|verdict| verdict.label == *label))
            .unwrap_or(Label::NoRecord);
        let of_label = verdicts.iter().filter(|verdict| verdict.label == told);
        let slots: Vec<SlotName> = of_label
            .flat_map(|verdict| &verdict.differences)
            .map(|difference| difference.slot)
            .collect();
        let is_right = told == case.verdict && case.slot.is_none_or(|slot| slots.contains(&slot));
        if !is_right {
            wrong.push(format!(
                "{}: {told:?} {slots:?}, not {:?} {:?}",
                case.name, case.verdict, case.slot
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
