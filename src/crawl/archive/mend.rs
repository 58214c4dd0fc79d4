//! What a killed run left in a file: how far it is whole, and which answers in it nobody was told of.
//!
//! Answers are written by several visits at once, and each tells the store in its own time. So when the run is killed, an answer
//! may stand before others that the store knows without being known itself; nothing can be taken out from there, since the
//! places of the others are written down. Whatever is whole therefore stays and is told now, and only a torn end is cut off.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::path::Path;

use chrono::DateTime;
use url::Url;

use super::record::{self, Record};
use super::{ArchiveError, MAX_RECORD_BYTES, body_of, capture_of, io_error, read_member};
use crate::canonical::ContentHash;
use crate::crawl::fetch::Exchange;
use crate::model::{Capture, SourceId};

/// Answers before the newest known one among which untold ones are looked for: more than can be between file and store at
/// once, which is one for each of the 512 threads that wait for the disk.
const MOST_UNTOLD: usize = 1024;

/// An answer that is kept and that the store was not told of.
#[derive(Debug)]
pub struct Untold {
    /// The capture that it is.
    pub capture: Capture,
    /// Its head: the bodies are left out.
    pub head: Exchange,
}

/// An answer whose last record was not seen yet.
struct Begun {
    id: String,
    offset: u64,
    record: Record,
}

/// Cuts a torn end off a file that is still open and gives the answers in it that the store, which knows those at `known`, was
/// not told of, oldest first. `None` when nothing but a beginning stands in it: then it is removed.
pub(super) fn mend(
    open: &Path,
    name: &str,
    known: &BTreeSet<u64>,
) -> Result<Option<Vec<Untold>>, ArchiveError> {
    let mut at = known.iter().nth_back(MOST_UNTOLD).copied().unwrap_or(0);
    let mut end = at;
    let mut is_empty = at == 0;
    let mut untold = Vec::new();
    let mut begun: Option<Begun> = None;
    // Of a record that cannot be read the end is not known either.
    while let Ok((bytes, next)) = read_member(open, at, MAX_RECORD_BYTES) {
        let Ok(record) = Record::parse(&bytes) else {
            break;
        };
        let field = |name: &str| record.header(name).unwrap_or_default().to_owned();
        let kind = field("WARC-Type");
        match kind.as_str() {
            "warcinfo" => end = next,
            "revisit" => (end, is_empty) = (next, false),
            "response" | "resource" => {
                if known.contains(&at) {
                    (end, is_empty) = (next, false);
                }
                begun = Some(Begun {
                    id: field("WARC-Record-ID"),
                    offset: at,
                    record,
                });
            }
            _ => {
                let of = field("WARC-Concurrent-To");
                let Some(answer) = begun.as_ref().filter(|begun| begun.id == of) else {
                    break;
                };
                if known.contains(&answer.offset) {
                    end = next;
                } else if kind == "metadata"
                    && let Some(one) = untold_of(answer, &record, name)
                {
                    untold.push(one);
                    (end, is_empty) = (next, false);
                }
            }
        }
        at = next;
    }
    if let Some(last) = known.last().filter(|last| end <= **last) {
        // What was told must stand; a file without it is damaged, and nothing of it is touched.
        return Err(ArchiveError::Damaged {
            file: name.to_owned(),
            offset: *last,
            detail: format!("what stands at byte {end} cannot be read"),
        });
    }
    if is_empty {
        fs::remove_file(open).map_err(io_error("remove", open))?;
        return Ok(None);
    }
    let file = OpenOptions::new().write(true).open(open);
    let file = file.map_err(io_error("open", open))?;
    file.set_len(end).map_err(io_error("cut", open))?;
    file.sync_all().map_err(io_error("sync", open))?;
    Ok(Some(untold))
}

/// The answer as it would have been told. A file that an operator gave is not: whoever gives it again finds it unknown.
fn untold_of(answer: &Begun, metadata: &Record, name: &str) -> Option<Untold> {
    if answer.record.is_resource() {
        return None;
    }
    let at = DateTime::parse_from_rfc3339(answer.record.header("WARC-Date")?);
    let (head, _) = answer.record.http()?;
    let (version, status, headers) = record::answer_of(head)?;
    let body = body_of(&answer.record).ok()?;
    let hash = ContentHash::of(&body);
    let head = Exchange {
        url: Url::parse(answer.record.header("WARC-Target-URI")?).ok()?,
        at: at.ok()?.to_utc(),
        remote: None,
        request_headers: Vec::new(),
        version,
        status,
        headers,
        wire: Vec::new(),
        body: Vec::new(),
    };
    let source = SourceId(metadata.warc_field("source")?);
    let requested = metadata.warc_field("requestedUrl")?;
    let place = (name.to_owned(), answer.offset);
    let capture = capture_of(&source, &requested, &head, hash, body.len() as u64, place);
    Some(Untold { capture, head })
}
