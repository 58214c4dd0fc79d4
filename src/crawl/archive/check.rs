//! Checks WARC files that this program wrote, strictly: every record whole, known, in its place, and every byte accounted for.
//!
//! Common checkers pass a stump, a missing digest or a missing record. Here a member has to begin as this program begins one, its
//! checksum and length have to hold, its record has to have the id that its content gives, digests have to be there and right,
//! and what belongs to a capture has to stand behind it. Two things the records alone cannot show, bits that compression leaves
//! unused and records missing at the end; the digest that is written beside a file when it is closed shows both.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;
use sha2::{Digest as _, Sha256};

use super::record::{Record, digest};
use super::{MAX_RECORD_BYTES, OPEN, SEAL, body_of};
use crate::canonical::{self, ContentHash};

/// How this program begins a member: gzip, deflate, no flags, no time, no extra, unknown system.
const MEMBER_HEAD: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
/// Kinds of records that this program writes.
const KINDS: [&str; 6] = [
    "warcinfo", "response", "request", "metadata", "revisit", "resource",
];
/// Bytes hashed at once.
const PIECE_BYTES: usize = 64 * 1024;

/// What was found in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Records read.
    pub n_records: usize,
    /// What does not hold, by record and place.
    pub faults: Vec<String>,
    /// Whether a digest stands beside the file; without it unused bits and records missing at the end cannot be seen.
    pub is_sealed: bool,
}

/// Checks a file of the archive, and the digest beside it.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn check(path: &Path) -> io::Result<Checked> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let name = name.strip_suffix(OPEN).unwrap_or(&name).to_owned();
    let mut checked = records(&name, BufReader::new(File::open(path)?))?;
    let seal = path.with_file_name(format!("{name}{SEAL}"));
    match fs::read_to_string(&seal) {
        Ok(line) => {
            checked.is_sealed = true;
            if line != seal_line(&name, &file_digest(path)?) {
                checked.faults.push(format!(
                    "the file differs from the digest in {}",
                    seal.display()
                ));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(checked)
}

/// Checks the records of a file that is held in memory.
pub fn check_bytes(name: &str, bytes: &[u8]) -> Checked {
    // Reading memory cannot fail.
    records(name, bytes).unwrap_or_default()
}

/// The line that stands beside a closed file, as `sha256sum` writes it.
pub(super) fn seal_line(name: &str, digest: &str) -> String {
    format!("{digest}  {name}\n")
}

/// The digest of a file, read piece by piece.
pub(super) fn file_digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(canonical::hex(&digest.finalize())),
            n => digest.update(&piece[..n]),
        }
    }
}

/// A reader that knows its place.
struct Counted<R> {
    inner: R,
    at: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.at += n as u64;
        self.inner.consume(n);
    }
}

/// What of the records read so far later ones refer to.
#[derive(Default)]
struct Seen {
    /// Kind by record id.
    kinds: BTreeMap<String, String>,
    /// The newest response or resource: its id and the digest of its decoded body.
    capture: Option<(String, Option<ContentHash>)>,
}

/// Checks all records.
fn records(name: &str, reader: impl BufRead) -> io::Result<Checked> {
    let mut reader = Counted {
        inner: reader,
        at: 0,
    };
    let mut checked = Checked::default();
    let mut seen = Seen::default();
    while !reader.fill_buf()?.is_empty() {
        let at = reader.at;
        checked.n_records += 1;
        let number = checked.n_records;
        let mut fault = |what: String| {
            checked
                .faults
                .push(format!("record {number} at byte {at}: {what}"))
        };
        let bytes = match member(&mut reader) {
            Ok(bytes) => bytes,
            Err(what) => {
                // Where the next member begins cannot be known.
                fault(what);
                return Ok(checked);
            }
        };
        match Record::parse(&bytes) {
            Ok(record) => seen.take(name, number, &record).into_iter().for_each(fault),
            Err(what) => fault(what),
        }
    }
    if checked.n_records == 0 {
        checked.faults.push("holds no record".to_owned());
    }
    Ok(checked)
}

/// The next member, unpacked and checked against its own checksum.
fn member(reader: &mut impl BufRead) -> Result<Vec<u8>, String> {
    let mut head = Vec::new();
    let read = reader.take(MEMBER_HEAD.len() as u64).read_to_end(&mut head);
    read.map_err(|error| error.to_string())?;
    if head != MEMBER_HEAD {
        return Err("no member begins here as this program begins one".to_owned());
    }
    let mut bytes = Vec::new();
    let mut decoder = GzDecoder::new(Cursor::new(head).chain(reader));
    let read = (&mut decoder)
        .take(MAX_RECORD_BYTES)
        .read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    if bytes.len() as u64 == MAX_RECORD_BYTES {
        return Err("the record is larger than the limit".to_owned());
    }
    Ok(bytes)
}

impl Seen {
    /// What does not hold of a record, after those before it.
    fn take(&mut self, name: &str, number: usize, record: &Record) -> Vec<String> {
        let mut faults = Vec::new();
        let mut wrong = |is_wrong: bool, what: &str| {
            if is_wrong {
                faults.push(what.to_owned());
            }
        };
        let field = |field: &str| record.header(field).unwrap_or_default();
        let kind = field("WARC-Type");
        wrong(
            !KINDS.contains(&kind),
            "its kind is none that this program writes",
        );
        wrong(
            (kind == "warcinfo") != (number == 1),
            "a file begins with one warcinfo record, and only begins with it",
        );
        wrong(
            kind == "warcinfo" && field("WARC-Filename") != name,
            "it names another file",
        );
        wrong(
            !record.has_own_id(),
            "its id is not the one that its content gives",
        );
        wrong(
            record.is_out_of_order(),
            "its fields are not those that this program writes for its kind",
        );
        wrong(
            kind != "warcinfo" && field("WARC-Target-URI").is_empty(),
            "it names no address",
        );
        if matches!(kind, "response" | "resource") {
            let body = body_of(record);
            wrong(body.is_err(), "its body cannot be unpacked");
            let hash = body.ok().map(|body| ContentHash::of(&body));
            self.capture = Some((field("WARC-Record-ID").to_owned(), hash));
        }
        if kind == "response" {
            let payload = record.http().map(|(_, wire)| digest(wire));
            wrong(
                payload.as_deref() != record.header("WARC-Payload-Digest"),
                "the payload digest is missing or differs",
            );
        }
        if matches!(kind, "request" | "metadata") {
            let of = self.capture.as_ref().map(|(id, _)| id.as_str());
            wrong(
                of != record.header("WARC-Concurrent-To"),
                "it does not stand behind the capture that it belongs to",
            );
        }
        if kind == "metadata" {
            let said = record.warc_field("bodySha256");
            let hash = self.capture.as_ref().and_then(|(_, hash)| hash.as_ref());
            wrong(
                said.as_deref() != hash.map(|hash| hash.0.as_str()),
                "the digest of the body differs from the capture's",
            );
        }
        let id = field("WARC-Record-ID").to_owned();
        wrong(
            self.kinds.insert(id, kind.to_owned()).is_some(),
            "a record of this id stood before",
        );
        faults
    }
}
