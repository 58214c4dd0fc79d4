//! An entry of the audit log, and the chain of digests that binds each entry to all before it.
//!
//! An entry's digest covers every field of it and the digest of the entry before, each field with its length before it, so
//! that no two different entries have the same bytes. Details are JSON in one form (see [`canonical_json`]): the order in
//! which keys were written says nothing. Times of entries may run backwards where a clock was set back; their numbers never do.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical;

/// Names the form of an entry in its digest, so that a later form can never be taken for this one.
const FORM: &str = "aigaq audit 1";

/// The digest before the first entry.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What is to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditNote {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a user's id, or `program`.
    pub actor: String,
    /// What was done: `case.confirm`, `user.add`, `export`.
    pub action: String,
    /// To what: the id of a case, user or file.
    pub subject: String,
    /// What else is to be known; never a secret.
    pub details: Value,
}

/// An entry as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number; the first is 1.
    pub seq: u64,
    /// When, in microseconds since 1970.
    pub at_micros: i64,
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Details as canonical JSON.
    pub details: String,
    /// Digest of the entry before.
    pub before: String,
    /// Its own digest.
    pub hash: String,
}

impl AuditEntry {
    /// When it was made.
    pub fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.at_micros).unwrap_or_default()
    }

    /// The entry after one of that number and digest.
    pub fn after(seq: u64, hash: &str, note: &AuditNote) -> AuditEntry {
        let mut entry = AuditEntry {
            seq: seq + 1,
            at_micros: note.at.timestamp_micros(),
            actor: note.actor.clone(),
            action: note.action.clone(),
            subject: note.subject.clone(),
            details: canonical_json(&note.details),
            before: hash.to_owned(),
            hash: String::new(),
        };
        entry.hash = entry.digest();
        entry
    }

    /// The digest of everything else in it.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let (seq, at) = (self.seq.to_string(), self.at_micros.to_string());
        let fields = [
            FORM,
            &seq,
            &at,
            &self.actor,
            &self.action,
            &self.subject,
            &self.details,
            &self.before,
        ];
        for field in fields {
            digest.update(field.len().to_be_bytes());
            digest.update(field.as_bytes());
        }
        canonical::hex(&digest.finalize())
    }
}

/// Follows a log entry by entry and finds where it was changed.
#[derive(Debug, Clone)]
pub struct Chain {
    /// Number and digest of the last entry.
    head: (u64, String),
    /// Its time.
    at_micros: i64,
    /// Entries whose clock stood before that of the entry before.
    pub n_clock_back: u64,
}

impl Default for Chain {
    fn default() -> Chain {
        Chain {
            head: (0, BEGINNING.to_owned()),
            at_micros: i64::MIN,
            n_clock_back: 0,
        }
    }
}

impl Chain {
    /// Takes the next entry.
    ///
    /// # Errors
    /// Says what is wrong with it. What follows an entry that is wrong can only be followed from it on.
    pub fn next(&mut self, entry: &AuditEntry) -> Result<(), String> {
        let (seq, hash) = &self.head;
        let fault = if entry.seq != seq + 1 {
            Some(format!(
                "entry {} follows entry {seq}: one was removed, added or moved",
                entry.seq
            ))
        } else if entry.before != *hash {
            Some(format!(
                "entry {} does not continue the entry before it: one of the two was changed",
                entry.seq
            ))
        } else if entry.hash != entry.digest() {
            Some(format!("entry {} was changed", entry.seq))
        } else {
            None
        };
        if entry.at_micros < self.at_micros {
            self.n_clock_back += 1;
        }
        self.at_micros = entry.at_micros;
        self.head = (entry.seq, entry.hash.clone());
        fault.map_or(Ok(()), Err)
    }

    /// Number and digest of the last entry; 0 and [`BEGINNING`] before the first.
    pub fn head(&self) -> (u64, &str) {
        (self.head.0, &self.head.1)
    }
}

/// JSON in one form: keys in order of their bytes, no white space, numbers and strings as `serde_json` writes them.
pub fn canonical_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| key.as_bytes());
            out.push('{');
            for (place, (key, value)) in fields.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                // Writing to a string cannot fail.
                let _ = write!(out, "{}:", Value::from(key.as_str()));
                write_json(value, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_says_nothing_and_different_details_never_look_alike() {
        let a: Value = serde_json::from_str(r#"{"b":[1,{"d":2,"c":"x"}],"a":null}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{ "a":null, "b":[1,{"c":"x","d":2}] }"#).unwrap();
        assert_eq!(canonical_json(&a), canonical_json(&b));
        assert_eq!(canonical_json(&a), r#"{"a":null,"b":[1,{"c":"x","d":2}]}"#);
        assert_ne!(
            canonical_json(&json!({ "a": "1" })),
            canonical_json(&json!({ "a": 1 }))
        );
    }

    #[test]
    fn fields_that_flow_into_each_other_have_different_digests() {
        let entry = |actor: &str, action: &str| {
            let note = AuditNote {
                at: DateTime::default(),
                actor: actor.to_owned(),
                action: action.to_owned(),
                subject: String::new(),
                details: Value::Null,
            };
            AuditEntry::after(0, BEGINNING, &note).hash
        };
        assert_ne!(entry("ab", "c"), entry("a", "bc"));
    }
}
