//! Packs a case with all that it rests on, and checks such a bundle: stages meet here, the form of the file is `report`'s.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, json as object};

use crate::canonical::ContentHash;
use crate::config::CaseConfig;
use crate::crawl::archive;
use crate::language::Lexicon;
use crate::model::{
    AuditEntry, AuditNote, Capture, CaptureId, Case, CaseId, Claim, LetterEntry, LetterEvent,
    Revision, Source, SourceId, Verdict,
};
use crate::pursue;
use crate::report::bundle::{
    MANIFEST, Manifest, Mismatch, Opened, Packed, STAMP, manifest, manifest_bytes, open,
};
use crate::report::letter::{self, Leaf};
use crate::report::text::{self, Style};
use crate::send::stamp::{self, Stamp};
use crate::store::Store;

/// The captures of a bundle.
const WARC: &str = "captures.warc.gz";
/// What the audit log calls a bundle that leaves.
const PACKED: &str = "export.bundle";
/// The audit log of a case.
const AUDIT: &str = "audit.jsonl";
/// The program whose rules gave the verdicts as they stand.
const PROGRAM: &str = concat!("Aigaq ", env!("CARGO_PKG_VERSION"));

/// What stands in every bundle for whoever opens it without the program.
const READ_ME: &str = "\
A case with all that it rests on, packed by Aigaq. Nothing here needs a network.

To check it:
  aigaq verify-bundle FILE.zip      everything, with the name of whatever does not match
  sha256sum -c SHA256SUMS           every file, after unpacking
  warcio check captures.warc.gz     the digests inside the captures

case.txt, case.json     the case: what differs, both quotations, publications, history
captures.warc.gz        pages and records as they were received, WARC 1.1, with request and metadata records
captures.json           when and from where each was captured, with its digest; one with `removed_at` was let go before by a rule
                        of retention and stands in captures.warc.gz no more
revisions/, texts/      what was read from them, and the plain text
verdicts.json           every verdict that the claims have had, with the explanation by which to redo it
letters/                letters of the register, each as text, page and office document, with its steps
audit.jsonl             the audit log as far as it tells of this case, where there is one
manifest.json           every file with its SHA-256, the program and the version of its rules
manifest.tsr            an RFC 3161 stamp of manifest.json, where the operator uses an authority:
                        openssl ts -verify -data manifest.json -in manifest.tsr -CAfile AUTHORITY.pem
";

/// A claim of a case with all verdicts it has had.
#[derive(Serialize)]
struct Judged {
    claim: Claim,
    verdicts: Vec<Verdict>,
}

/// What a case rests on, as the store has it.
struct Gathered {
    sources: Vec<Source>,
    revisions: Vec<Revision>,
    captures: Vec<Capture>,
    judged: Vec<Judged>,
    letters: Vec<LetterEntry>,
}

impl Gathered {
    fn of(store: &dyn Store, case: &Case) -> anyhow::Result<Gathered> {
        let urls: BTreeSet<&str> = case
            .copies
            .iter()
            .map(|copy| copy.url.as_str())
            .chain(case.evidence.iter().map(|quote| quote.url.as_str()))
            .collect();
        let mut revisions = Vec::new();
        for url in urls {
            revisions.extend(store.revisions_of(url)?);
        }
        let ids: BTreeSet<&CaptureId> = revisions
            .iter()
            .filter_map(|revision| revision.capture.as_ref())
            .collect();
        let mut captures = Vec::new();
        for id in ids {
            captures.push(
                store
                    .capture(id)?
                    .with_context(|| format!("the store has no capture {id}"))?,
            );
        }
        captures.sort_by(|a, b| (a.fetched_at, &a.id).cmp(&(b.fetched_at, &b.id)));
        let claims: BTreeSet<_> = case.copies.iter().map(|copy| &copy.claim).collect();
        let mut judged = Vec::new();
        for id in claims {
            if let Some(claim) = store.claim(id)? {
                judged.push(Judged {
                    verdicts: store.verdicts(id)?,
                    claim,
                });
            }
        }
        let named: BTreeSet<&SourceId> =
            revisions.iter().map(|revision| &revision.source).collect();
        let sources = store
            .sources()?
            .into_iter()
            .filter(|source| named.contains(&source.id));
        Ok(Gathered {
            sources: sources.collect(),
            letters: store.letters(Some(&case.id))?,
            revisions,
            captures,
            judged,
        })
    }

    /// The newest moment that anything of the case is of.
    fn newest(&self, case: &Case) -> DateTime<Utc> {
        let history = case.history.iter().map(|event| event.at);
        let captured = self.captures.iter().map(|capture| capture.fetched_at);
        let seen = self.revisions.iter().map(|revision| revision.last_seen);
        let steps = self
            .letters
            .iter()
            .flat_map(|letter| letter.history.iter().map(|LetterEvent { at, .. }| *at));
        let all = history.chain(captured).chain(seen).chain(steps);
        all.max().unwrap_or(case.opened_at)
    }
}

/// What the audit log tells of a case and its letters, a line of JSON each, as they stand in the log. That it was packed before is left
/// out, so that packing it again gives the same bytes.
///
/// # Errors
/// When the store fails.
pub fn audit_lines(store: &dyn Store, case: &CaseId) -> anyhow::Result<Option<Vec<u8>>> {
    let mut lines = String::new();
    let mut after = 0;
    loop {
        let page = store.audit_after(after)?;
        let Some(last) = page.last() else {
            break;
        };
        after = last.seq;
        let of_case = |entry: &&AuditEntry| {
            let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
            entry.action != PACKED
                && (entry.subject == case.0 || details["case"] == case.0.as_str())
        };
        for entry in page.iter().filter(of_case) {
            lines.push_str(&format!("{}\n", audit_line(entry)));
        }
    }
    Ok((!lines.is_empty()).then(|| lines.into_bytes()))
}

/// An entry with everything that its digest covers.
fn audit_line(entry: &AuditEntry) -> Value {
    object!({
        "seq": entry.seq,
        "at_micros": entry.at_micros,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "before": entry.before,
        "hash": entry.hash,
    })
}

/// What is entered in the audit log when a bundle leaves.
pub fn packed_note(manifest: &Manifest, actor: &str, now: DateTime<Utc>) -> AuditNote {
    let sha256 = ContentHash::of(&manifest_bytes(manifest)).0;
    AuditNote {
        at: now,
        actor: actor.to_owned(),
        action: PACKED.to_owned(),
        subject: manifest.case.0.clone(),
        details: object!({ "manifest_sha256": sha256 }),
    }
}

/// The files of a case's bundle with their manifest. `audit` is what the audit log tells of the case, where there is one.
///
/// # Errors
/// When something that the case rests on is missing or damaged: a bundle is whole or there is none.
pub fn files(
    store: &dyn Store,
    data: &Path,
    case: &Case,
    rules: &CaseConfig,
    audit: Option<Vec<u8>>,
) -> anyhow::Result<(Manifest, Vec<Packed>)> {
    let gathered = Gathered::of(store, case)?;
    let as_of = gathered.newest(case);
    let names: text::Names = gathered
        .sources
        .iter()
        .map(|source| (source.id.clone(), source.clone()))
        .collect();
    let priority = pursue::priority(case, &names, rules, as_of);
    let ledger = pursue::ledger(case, &names);
    let slots = pursue::reading::of_first(Lexicon::shipped(), case);
    let whole = crate::report::json::case_whole(case, &priority, &ledger, &slots);
    let shown = text::case(case, None, &priority, &ledger, &names, Style::default());
    let mut files = vec![
        packed(
            "README.txt",
            "how to check and read this bundle",
            READ_ME.as_bytes().to_vec(),
        ),
        json("case.json", "the case", &whole)?,
        packed("case.txt", "the case as text", shown.into_bytes()),
        json(
            "sources.json",
            "who published what is quoted",
            &gathered.sources,
        )?,
        packed(WARC, "the captures", warc(data, &gathered.captures, as_of)?),
        json(
            "captures.json",
            "when and from where each was captured",
            &gathered.captures,
        )?,
    ];
    for revision in &gathered.revisions {
        let id = &revision.id;
        files.push(json(
            &format!("revisions/{id}.json"),
            "what was read from a capture",
            revision,
        )?);
        let text: Vec<_> = revision.document.lines().map(|line| line + "\n").collect();
        files.push(packed(
            &format!("texts/{id}.txt"),
            "the plain text of a revision",
            text.concat().into_bytes(),
        ));
    }
    files.push(json(
        "verdicts.json",
        "claims with every verdict they have had",
        &gathered.judged,
    )?);
    for entry in &gathered.letters {
        files.extend(letter_files(entry)?);
    }
    files.extend(audit.map(|lines| packed(AUDIT, "the audit log of the case", lines)));
    let as_of = as_of.to_rfc3339_opts(SecondsFormat::Micros, true);
    Ok((manifest(&case.id, PROGRAM, &as_of, &files), files))
}

fn packed(path: &str, what: &str, bytes: Vec<u8>) -> Packed {
    Packed {
        path: path.to_owned(),
        what: what.to_owned(),
        bytes,
    }
}

fn json<T: Serialize>(path: &str, what: &str, noun: &T) -> anyhow::Result<Packed> {
    let mut bytes = serde_json::to_vec_pretty(noun)?;
    bytes.push(b'\n');
    Ok(packed(path, what, bytes))
}

/// The captures as one WARC file, each read back once so that nothing damaged is packed.
fn warc(data: &Path, captures: &[Capture], at: DateTime<Utc>) -> anyhow::Result<Vec<u8>> {
    let folder = super::captures(data);
    // What a rule of retention let go before there was a case stays listed in `captures.json`, with its digest and when it went.
    let captures = captures
        .iter()
        .filter(|capture| capture.removed_at.is_none());
    let captures: Vec<&Capture> = captures.collect();
    for capture in &captures {
        archive::read(&folder, capture)?;
    }
    Ok(archive::extract(&folder, &captures, WARC, at)?)
}

/// A letter in every form, and its entry in the register.
fn letter_files(entry: &LetterEntry) -> anyhow::Result<Vec<Packed>> {
    let number = &entry.number;
    let leaves: Vec<Leaf> = entry.texts.iter().map(Leaf::of).collect();
    Ok(vec![
        json(
            &format!("letters/{number}.json"),
            "a letter in the register",
            &letter::json(entry),
        )?,
        packed(
            &format!("letters/{number}.txt"),
            "the letter as text",
            letter::text(&leaves).into_bytes(),
        ),
        packed(
            &format!("letters/{number}.html"),
            "the letter for print",
            letter::html(&leaves).into_bytes(),
        ),
        packed(
            &format!("letters/{number}.docx"),
            "the letter as an office document",
            letter::docx(&leaves)?,
        ),
    ])
}

/// What a check of a bundle came to.
#[derive(Debug)]
pub struct Verified {
    /// Its manifest and files, as far as they could be read.
    pub opened: Option<Opened>,
    /// All that does not match.
    pub mismatches: Vec<Mismatch>,
    /// What its stamp says, where there is one that fits.
    pub stamp: Option<Stamp>,
}

/// Opens a bundle and says all that does not match: the files, the captures record by record, and the stamp, where there is one.
/// `authorities` are the certificates in PEM of those whose stamps are believed. Nothing is written anywhere.
pub fn verify(bytes: &[u8], authorities: Option<&[u8]>) -> Verified {
    let (opened, mut found) = open(bytes);
    let captures = opened.as_ref().and_then(|opened| opened.files.get(WARC));
    for fault in captures
        .map(|bytes| archive::check_bytes(WARC, bytes))
        .into_iter()
        .flat_map(|checked| checked.faults)
    {
        found.push(Mismatch {
            path: WARC.to_owned(),
            what: fault,
        });
    }
    let log = opened.as_ref().and_then(|opened| opened.files.get(AUDIT));
    for fault in log.into_iter().flat_map(|lines| audit_faults(lines)) {
        found.push(Mismatch {
            path: AUDIT.to_owned(),
            what: fault,
        });
    }
    let stamp = opened.as_ref().and_then(|opened| {
        let stamp = opened.files.get(STAMP)?;
        let manifest = opened.files.get(MANIFEST)?;
        Some(stamp::read(stamp, manifest, None, authorities))
    });
    let stamp = match stamp {
        Some(Err(error)) => {
            found.push(Mismatch {
                path: STAMP.to_owned(),
                what: error.to_string(),
            });
            None
        }
        Some(Ok(stamp)) => Some(stamp),
        None => None,
    };
    Verified {
        opened,
        mismatches: found,
        stamp,
    }
}

/// What is wrong with the entries of an extract of the audit log: each has the digest of what it says, and their numbers grow.
/// Whether they continue one another only the whole log can show.
fn audit_faults(lines: &[u8]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut last = 0;
    for (number, line) in String::from_utf8_lossy(lines).lines().enumerate() {
        let entry = audit_entry(line);
        let fits = entry
            .as_ref()
            .is_some_and(|entry| entry.hash == entry.digest() && entry.seq > last);
        if !fits {
            faults.push(format!(
                "line {} is no entry, or not as it was entered",
                number + 1
            ));
        }
        last = entry.map_or(last, |entry| entry.seq);
    }
    faults
}

/// An entry out of a line of an extract.
fn audit_entry(line: &str) -> Option<AuditEntry> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Some(AuditEntry {
        seq: value["seq"].as_u64()?,
        at_micros: value["at_micros"].as_i64()?,
        actor: text("actor")?,
        action: text("action")?,
        subject: text("subject")?,
        details: text("details")?,
        before: text("before")?,
        hash: text("hash")?,
    })
}
