//! Lets go what was captured long ago and what nobody cites, as the file says (`[evidence] keep_uncited`); by default nothing.
//!
//! What a case, verdict or letter rests on, what stands now at an address, and what waits to be read stay whatever their age, and so
//! does every note about an address of a case. A capture that is let go stays known with its digest; only its bytes go. Files are
//! written anew one by one, see [`crate::crawl::archive`]; the store is told of each in one transaction with a line in the audit log.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;

use super::Workspace;
use crate::crawl::archive::{self, Part, PartKind};
use crate::crawl::recovery;
use crate::model::{AuditNote, Capture};
use crate::store::{Cited, Rewrite, Store};

/// What the audit log calls it.
const LET_GO: &str = "captures.remove";

/// What the rule lets go, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LetGo {
    /// What is older than this.
    pub before: DateTime<Utc>,
    /// Files with anything to let go.
    pub files: Vec<FileLetGo>,
    /// Files that cannot be read whole and are left as they are, with the reason.
    pub unreadable: BTreeMap<String, String>,
    /// Files that were left for the next time, since a case or letter changed meanwhile.
    pub put_off: Vec<String>,
}

/// What is let go of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileLetGo {
    /// The file.
    pub file: String,
    /// What is kept of it stands there from then on; `None` in a plan, and where nothing is kept.
    pub successor: Option<String>,
    /// Captures let go.
    pub n_captures: usize,
    /// Notes of unchanged pages let go.
    pub n_notes: usize,
    /// Captures and notes that stay.
    pub n_kept: usize,
    /// Bytes of the file let go.
    pub bytes: u64,
}

/// One file as the rule divides it.
struct Divided {
    shown: FileLetGo,
    kept: Vec<Part>,
    /// Captures that stay, with their offsets before.
    moved: Vec<Capture>,
    removed: Vec<Capture>,
}

/// What a rule that keeps for a time would let go at `now`. Changes nothing.
///
/// # Errors
/// When the store or the disk fails.
pub fn plan(
    store: &dyn Store,
    captures: &Path,
    keep: TimeDelta,
    now: DateTime<Utc>,
) -> anyhow::Result<LetGo> {
    let before = now - keep;
    let cited = store.cited(before)?;
    each_divided(store, captures, &cited, before, &mut |plan, divided| {
        plan.files.push(divided.shown);
        Ok(())
    })
}

/// Lets go at `now` what a rule that keeps for a time does not keep; `by` is who wants it.
///
/// # Errors
/// When another crawl writes to the folder, or the store or the disk fails. What was done until then stands, and doing it again goes on.
pub fn let_go(
    workspace: &Workspace,
    keep: TimeDelta,
    by: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<LetGo> {
    let (store, captures) = (&*workspace.store, workspace.captures());
    let before = now - keep;
    let archive = recovery::open(&captures, &workspace.config, store)?;
    let cited = store.cited(before)?;
    each_divided(store, &captures, &cited, before, &mut |done, divided| {
        let mut shown = divided.shown;
        let sha256 = archive.digest_of(&shown.file)?;
        let kept: Vec<&Part> = divided.kept.iter().collect();
        let renewed = archive.renew(&shown.file, &kept, now)?;
        let mut moved = Vec::new();
        for capture in divided.moved {
            let renewed = renewed.as_ref();
            let offset = renewed.and_then(|renewed| renewed.offsets.get(&capture.warc_offset));
            let lost = || format!("{} was written anew without {}", shown.file, capture.id);
            moved.push((capture.id.clone(), *offset.with_context(lost)?));
        }
        shown.successor = renewed.map(|renewed| renewed.name);
        let rewrite = Rewrite {
            file: shown.file.clone(),
            sha256,
            successor: shown.successor.clone(),
            moved,
            removed: divided.removed,
            as_of: cited.as_of,
            at: now,
        };
        if store.rewrite(&rewrite, &note(&shown, &rewrite, by, before, now))? {
            archive.remove(&shown.file)?;
            done.files.push(shown);
        } else {
            if let Some(successor) = &rewrite.successor {
                archive.remove(successor)?;
            }
            done.put_off.push(shown.file);
        }
        Ok(())
    })
}

/// Divides each closed file and hands over those of which something goes.
fn each_divided(
    store: &dyn Store,
    folder: &Path,
    cited: &Cited,
    before: DateTime<Utc>,
    take: &mut dyn FnMut(&mut LetGo, Divided) -> anyhow::Result<()>,
) -> anyhow::Result<LetGo> {
    let mut all = LetGo {
        before,
        ..LetGo::default()
    };
    for file in archive::closed_files(folder)? {
        match divide(store, folder, &file, cited, before) {
            Ok(Some(divided)) => take(&mut all, divided)?,
            Ok(None) => {}
            Err(Undivided::Unreadable(reason)) => {
                all.unreadable.insert(file, reason);
            }
            Err(Undivided::Store(error)) => return Err(error),
        }
    }
    Ok(all)
}

/// Why a file could not be divided.
enum Undivided {
    /// The file is damaged.
    Unreadable(String),
    /// The store fails.
    Store(anyhow::Error),
}

/// What of a file stays and what does not; `None` where all of it stays.
fn divide(
    store: &dyn Store,
    folder: &Path,
    file: &str,
    cited: &Cited,
    before: DateTime<Utc>,
) -> Result<Option<Divided>, Undivided> {
    let unreadable = |error| Undivided::Unreadable(format!("{error:#}"));
    let parts = archive::parts(folder, file).map_err(|error| unreadable(error.into()))?;
    let known = store
        .captures_in(file)
        .map_err(|error| Undivided::Store(error.into()))?;
    let mut by_offset: BTreeMap<u64, Vec<Capture>> = BTreeMap::new();
    for capture in known {
        by_offset
            .entry(capture.warc_offset)
            .or_default()
            .push(capture);
    }
    let found: BTreeSet<u64> = parts.iter().map(|part| part.from).collect();
    if let Some(missing) = by_offset.keys().find(|offset| !found.contains(offset)) {
        return Err(unreadable(anyhow::anyhow!(
            "no capture stands at byte {missing}, where the store has one"
        )));
    }
    let mut divided = Divided {
        shown: FileLetGo {
            file: file.to_owned(),
            successor: None,
            n_captures: 0,
            n_notes: 0,
            n_kept: 0,
            bytes: 0,
        },
        kept: Vec::new(),
        moved: Vec::new(),
        removed: Vec::new(),
    };
    for part in parts {
        let captures = by_offset.remove(&part.from).unwrap_or_default();
        if is_kept(&part, &captures, cited, before) {
            divided.shown.n_kept += 1;
            divided.moved.extend(captures);
            divided.kept.push(part);
        } else {
            divided.shown.bytes += part.to - part.from;
            divided.shown.n_captures += usize::from(part.kind == PartKind::Capture);
            divided.shown.n_notes += usize::from(part.kind == PartKind::Note);
            divided.removed.extend(captures);
        }
    }
    Ok((divided.shown.bytes > 0).then_some(divided))
}

/// Whether a part of a file stays: it is recent, cited, or not for the rule to judge, as is what the store does not know.
fn is_kept(part: &Part, captures: &[Capture], cited: &Cited, before: DateTime<Utc>) -> bool {
    if part.at >= before || cited.urls.contains(&part.url) {
        return true;
    }
    let is_cited = |capture: &Capture| {
        cited.captures.contains(&capture.id) || cited.urls.contains(&capture.requested_url)
    };
    match part.kind {
        PartKind::Capture => captures.is_empty() || captures.iter().any(is_cited),
        PartKind::Note => false,
        PartKind::Other => true,
    }
}

/// What is entered in the audit log.
fn note(
    shown: &FileLetGo,
    rewrite: &Rewrite,
    by: &str,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> AuditNote {
    AuditNote {
        at: now,
        actor: by.to_owned(),
        action: LET_GO.to_owned(),
        subject: shown.file.clone(),
        details: json!({
            "before": before.to_rfc3339_opts(SecondsFormat::Secs, true),
            "sha256": rewrite.sha256,
            "successor": shown.successor,
            "captures": shown.n_captures,
            "notes": shown.n_notes,
            "kept": shown.n_kept,
            "bytes": shown.bytes,
        }),
    }
}
