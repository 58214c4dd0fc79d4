//! `verify`: judges claims against the evidence given with them, without a store or retrieval.

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Outcome;
use super::output::Out;
use super::reading::{numbered_lines, plain_revision, plain_source};
use crate::judge::Record;
use crate::language::Lexicon;
use crate::model::{Label, Observation, SourceRole, Verdict};
use crate::{judge, report};

/// One line in.
#[derive(Debug, Deserialize)]
struct Line {
    /// Copied to the answer.
    #[serde(default)]
    id: Value,
    /// The claim as published.
    claim: String,
    /// When it was published; now when absent.
    #[serde(default)]
    published: Option<String>,
    /// The official texts.
    #[serde(default)]
    evidence: Vec<Given>,
}

/// One official text.
#[derive(Debug, Deserialize)]
struct Given {
    /// The text.
    text: String,
    /// When it was published; with the claim when absent.
    #[serde(default)]
    published: Option<String>,
    /// Who published it.
    #[serde(default)]
    source: Option<String>,
}

/// Lines with claims in, lines with verdicts out.
pub(super) fn run(out: &mut Out) -> anyhow::Result<Outcome> {
    let now = Utc::now();
    for line in numbered_lines(None)? {
        let (number, text) = line?;
        let line: Line = serde_json::from_str(&text)
            .with_context(|| format!("line {number} of stdin is not a claim with evidence"))?;
        out.line(&answer(&line, now))?;
    }
    Ok(Outcome::Fine)
}

/// The verdict on one line: the strongest of those on its sentences.
fn answer(line: &Line, now: DateTime<Utc>) -> Value {
    let published = moment(line.published.as_deref()).unwrap_or(now);
    let lexicon = Lexicon::shipped();
    let source = plain_source("publication", SourceRole::Media);
    let revision = plain_revision(&line.claim, "publication", None, published);
    let observations = observations(line, published);
    let records = observations.chunk_by(|a, b| a.revision == b.revision);
    let records: Vec<Record<'_>> = records.filter_map(Record::of).collect();
    let evidence: Vec<&Record<'_>> = records.iter().collect();
    let as_of = now.max(published);
    let verdicts = judge::claims(lexicon, &revision, &source)
        .into_iter()
        .map(|claim| judge::verdict(lexicon, &claim, &source, &evidence, as_of));
    let Some(verdict) = verdicts.max_by_key(|verdict| (rank(verdict.label), verdict.confidence))
    else {
        let explanation = "the text states nothing that a record could settle";
        return json!({ "id": line.id, "verdict": Label::NoRecord, "confidence": 0.0, "differences": [], "explanation": explanation });
    };
    rendered(&line.id, &verdict)
}

/// A verdict as it is printed.
fn rendered(id: &Value, verdict: &Verdict) -> Value {
    json!({
        "id": id,
        "verdict": verdict.label,
        "confidence": report::json::share(verdict.confidence),
        "differences": report::json::differences(&verdict.differences),
        "explanation": verdict.explanation,
    })
}

/// Everything the given texts say, as evidence in the order given.
fn observations(line: &Line, published: DateTime<Utc>) -> Vec<Observation> {
    line.evidence
        .iter()
        .enumerate()
        .flat_map(|(place, given)| {
            let id = given
                .source
                .clone()
                .unwrap_or_else(|| format!("record-{place}"));
            let at = moment(given.published.as_deref()).unwrap_or(published);
            let source = plain_source(&id, SourceRole::Official);
            let revision = plain_revision(&given.text, &id, None, at);
            judge::observations(Lexicon::shipped(), &revision, &source)
        })
        .collect()
}

/// What one text with several verdicts comes to: one contradiction is enough, then one agreement.
fn rank(label: Label) -> u8 {
    match label {
        Label::Contradicted => 3,
        Label::Supported => 2,
        Label::Outdated => 1,
        Label::NoRecord => 0,
    }
}

/// A moment or a day, as RFC 3339 writes them.
fn moment(written: Option<&str>) -> Option<DateTime<Utc>> {
    let written = written?;
    let moment = DateTime::parse_from_rfc3339(written).map(|at| at.with_timezone(&Utc));
    moment.ok().or_else(|| {
        let day: NaiveDate = written.get(..10)?.parse().ok()?;
        Some(day.and_time(NaiveTime::MIN).and_utc())
    })
}
