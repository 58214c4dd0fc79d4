//! Turns findings, cases and hits into the JSON of the command line and of the web API.
//!
//! Keys are in snake case, moments RFC 3339 in UTC with `Z`, confidences from 0 to 1 with three decimals.
//! A list is an object with the key of its kind and `meta`; its lines (JSONL) are the same objects without it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::Finding;
use crate::model::{Case, Copy, Difference, Quote};

/// One finding, keys in the order of the product's description.
pub fn finding(finding: &Finding) -> Value {
    let Finding {
        url,
        claim,
        verdict,
    } = finding;
    json!({
        "url": url,
        "revision": claim.revision,
        "language": claim.language,
        "sentence": claim.text,
        "verdict": verdict.label,
        "confidence": share(verdict.confidence),
        "differences": differences(&verdict.differences),
        "evidence": quotes(&verdict.evidence),
        "as_of": moment(verdict.as_of),
        "explanation": verdict.explanation,
    })
}

/// One case with its copies and history.
pub fn case(case: &Case) -> Value {
    json!({
        "id": case.id,
        "state": case.state,
        "opened_at": moment(case.opened_at),
        "differences": differences(&case.differences),
        "evidence": quotes(&case.evidence),
        "explanation": case.explanation,
        "copies": case.copies.iter().map(copy).collect::<Vec<_>>(),
        "history": case.history.iter().map(|event| json!({
            "at": moment(event.at),
            "what": event.what,
            "state": event.state,
        })).collect::<Vec<_>>(),
    })
}

/// A list under its key, with how many there are.
pub fn list(key: &str, items: &[Value]) -> Value {
    let mut object = serde_json::Map::new();
    object.insert(key.to_owned(), Value::from(items.to_vec()));
    object.insert("meta".to_owned(), json!({ "total": items.len() }));
    Value::Object(object)
}

/// One value a line.
pub fn lines(items: &[Value]) -> String {
    items.iter().map(|item| format!("{item}\n")).collect()
}

/// Differing slots; these are the shape of `verify` too.
pub fn differences(differences: &[Difference]) -> Value {
    differences
        .iter()
        .map(|difference| {
            json!({
                "slot": difference.slot,
                "claimed": difference.claimed,
                "official": difference.official,
            })
        })
        .collect()
}

/// A confidence in thousandths as a number from 0 to 1.
pub fn share(thousandths: u16) -> Value {
    json!(f64::from(thousandths) / 1000.0)
}

/// A moment as RFC 3339 in UTC, to the second.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Quoted official passages.
fn quotes(quotes: &[Quote]) -> Value {
    quotes
        .iter()
        .map(|quote| {
            json!({
                "url": quote.url,
                "revision": quote.revision,
                "sentence": quote.sentence,
                "published": moment(quote.published),
            })
        })
        .collect()
}

/// One copy of a case.
fn copy(copy: &Copy) -> Value {
    json!({
        "source": copy.source,
        "url": copy.url,
        "revision": copy.revision,
        "language": copy.language,
        "sentence": copy.sentence,
        "published": moment(copy.published),
        "state": copy.state,
        "ended_at": copy.ended_at.map(moment),
    })
}
