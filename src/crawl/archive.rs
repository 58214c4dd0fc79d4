//! Keeps every capture as evidence in WARC 1.1 files: response and request as they went over the wire, and a metadata record
//! with what the program knows besides, all with digests.
//!
//! One gzip member per record, so that any record is read from its offset alone. A file carries `.open`
//! while it is written and is never touched again afterwards; its digest then stands beside it. Bytes are on the disk before
//! the store hears of them; of what a killed run left behind a torn end is cut off, and the store is told of the rest, so no capture is
//! lost or doubled.
//! Spec: ISO 28500:2017 and the WARC 1.1 text of the IIPC.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat, Utc};
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;

use super::decode::{self, DecodeError};
use super::fetch::Exchange;
use crate::canonical::{self, ContentHash};
use crate::model::{Capture, CaptureId, SourceId};
use crate::store;

mod check;
mod extract;
mod foreign;
mod mend;
mod record;
mod renew;

pub use check::{Checked, check, check_bytes};
pub use extract::extract;
pub use foreign::{Given, given};
pub use mend::Untold;
use record::Record;
pub use renew::{Part, PartKind, Renewed, closed_files, parts};

/// Size at which a file is closed and the next begun.
const MAX_FILE_BYTES: u64 = 1 << 30;
/// Largest record that is read back: the largest body a configuration should allow, with its head.
const MAX_RECORD_BYTES: u64 = 1 << 30;
/// Ending of a file that is being written.
const OPEN: &str = ".open";
/// Ending of a file that is being written anew without some of what stood in another.
const PARTIAL: &str = ".part";
/// Ending of the file with the digest of a closed one.
const SEAL: &str = ".sha256";
/// File whose lock keeps a second crawl off the folder.
const LOCK: &str = "crawl.lock";

/// Why a capture could not be kept or read back.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The disk refused.
    #[error("cannot {what} {path}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// File or folder.
        path: PathBuf,
        /// Cause.
        #[source]
        source: io::Error,
    },
    /// Another crawl writes to the folder.
    #[error("another crawl is running on {path}")]
    Locked {
        /// Folder.
        path: PathBuf,
    },
    /// A rule of retention let its bytes go.
    #[error("the bytes of the capture {id} were let go on {at} by the rule of retention")]
    Removed {
        /// Capture.
        id: CaptureId,
        /// When.
        at: DateTime<Utc>,
    },
    /// What stands at the offset is not the record it should be.
    #[error("{file} at byte {offset}: {detail}")]
    Damaged {
        /// WARC file.
        file: String,
        /// Offset of the record.
        offset: u64,
        /// What is wrong.
        detail: String,
    },
}

/// Names the file and the action in an error.
fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ArchiveError {
    let path = path.to_owned();
    move |source| ArchiveError::Io { what, path, source }
}

/// The folder of WARC files, open for writing by one crawl.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    writer: Mutex<Option<Writer>>,
    // Held for its lock.
    _lock: File,
}

/// The file being written.
#[derive(Debug)]
struct Writer {
    name: String,
    path: PathBuf,
    file: File,
    length: u64,
}

impl Archive {
    /// Opens the folder for writing. What a killed run left in it is mended by [`crate::crawl::recovery::open`].
    ///
    /// # Errors
    /// When another crawl writes there or the disk refuses.
    pub fn open(folder: &Path) -> Result<Archive, ArchiveError> {
        fs::create_dir_all(folder).map_err(io_error("create", folder))?;
        let lock_path = folder.join(LOCK);
        let lock = store::lock_file(&lock_path).map_err(|failure| match failure {
            TryLockError::WouldBlock => ArchiveError::Locked {
                path: folder.to_owned(),
            },
            TryLockError::Error(cause) => io_error("open", &lock_path)(cause),
        })?;
        Ok(Archive {
            folder: folder.to_owned(),
            writer: Mutex::new(None),
            _lock: lock,
        })
    }

    /// Names of the files that a killed run was writing, oldest first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn left_open(&self) -> Result<Vec<String>, ArchiveError> {
        let listing = fs::read_dir(&self.folder).map_err(io_error("list", &self.folder))?;
        let mut names = Vec::new();
        for entry in listing {
            let entry = entry.map_err(io_error("list", &self.folder))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            names.extend(name.strip_suffix(OPEN).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// Cuts the torn end off such a file, and gives the answers in it that the store, which knows those at `known`, was not
    /// told of. `None` when nothing stands in it: then it is gone. Once the store is told the file is to be closed.
    ///
    /// # Errors
    /// When the disk refuses, or a capture that the store knows cannot be read.
    pub fn mend(
        &self,
        name: &str,
        known: &BTreeSet<u64>,
    ) -> Result<Option<Vec<Untold>>, ArchiveError> {
        mend::mend(&self.folder.join(format!("{name}{OPEN}")), name, known)
    }

    /// Closes a mended file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn close_mended(&self, name: &str) -> Result<(), ArchiveError> {
        let open = self.folder.join(format!("{name}{OPEN}"));
        let closed = self.folder.join(name);
        seal(&open, &closed)?;
        rename(&open, &closed)?;
        sync_folder(&self.folder)
    }

    /// Writes an exchange and waits until it is on the disk; the capture that results names its place.
    ///
    /// # Errors
    /// When the disk refuses; nothing is then claimed to be kept.
    pub fn keep(
        &self,
        source: &SourceId,
        requested_url: &str,
        exchange: &Exchange,
    ) -> Result<Capture, ArchiveError> {
        let response = Record::response(exchange);
        let request = Record::request(exchange, &response);
        let body_hash = ContentHash::of(&exchange.body);
        let known = known_of_exchange(source, requested_url, exchange, &body_hash);
        let metadata = Record::metadata(&response, exchange.url.as_str(), exchange.at, &known);
        let (file, offset) = self.append(&[&response, &request, &metadata], exchange.at)?;
        let size_bytes = exchange.body.len() as u64;
        let place = (file, offset);
        Ok(capture_of(
            source,
            requested_url,
            exchange,
            body_hash,
            size_bytes,
            place,
        ))
    }

    /// Writes a file that an operator gave, as it was given, and waits until it is on the disk.
    ///
    /// # Errors
    /// As [`Archive::keep`].
    pub fn keep_file(
        &self,
        source: &SourceId,
        url: &str,
        content_type: &str,
        bytes: Vec<u8>,
        at: DateTime<Utc>,
    ) -> Result<Capture, ArchiveError> {
        let body_hash = ContentHash::of(&bytes);
        let size_bytes = bytes.len() as u64;
        let record = Record::resource(url, content_type, bytes, at);
        let known = [
            ("source", source.0.clone()),
            ("bodySha256", body_hash.0.clone()),
            ("bodyBytes", size_bytes.to_string()),
        ];
        let metadata = Record::metadata(&record, url, at, &known);
        let (file, offset) = self.append(&[&record, &metadata], at)?;
        Ok(Capture {
            id: file_id_of(url, &body_hash),
            source: source.clone(),
            requested_url: url.to_owned(),
            url: url.to_owned(),
            fetched_at: at,
            status: 200,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body_hash,
            size_bytes,
            warc_file: file,
            warc_offset: offset,
            removed_at: None,
        })
    }

    /// Notes that the same body was seen again, without storing it again.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn revisit(&self, exchange: &Exchange) -> Result<(), ArchiveError> {
        self.append(&[&Record::revisit(exchange)], exchange.at)?;
        Ok(())
    }

    /// Appends records and returns the file's final name and the offset of the first.
    fn append(
        &self,
        records: &[&Record],
        now: DateTime<Utc>,
    ) -> Result<(String, u64), ArchiveError> {
        let mut members = Vec::new();
        for record in records {
            members.extend(member(record));
        }
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if slot
            .as_ref()
            .is_some_and(|writer| writer.length >= MAX_FILE_BYTES)
        {
            close(&self.folder, slot.take())?;
        }
        let mut writer = match slot.take() {
            Some(writer) => writer,
            None => self.begin(now)?,
        };
        let offset = writer.length;
        // On failure the slot stays empty: what a failed write left behind is unknown, so the file is never written again.
        writer
            .file
            .write_all(&members)
            .map_err(io_error("write", &writer.path))?;
        writer
            .file
            .sync_data()
            .map_err(io_error("sync", &writer.path))?;
        writer.length += members.len() as u64;
        let name = writer.name.clone();
        *slot = Some(writer);
        Ok((name, offset))
    }

    /// Begins a file with its `warcinfo` record.
    fn begin(&self, now: DateTime<Utc>) -> Result<Writer, ArchiveError> {
        let stamp = now.format("%Y%m%d%H%M%S");
        let taken = |name: &String| {
            self.folder.join(name).exists() || self.folder.join(format!("{name}{OPEN}")).exists()
        };
        let mut number = 0;
        let name = loop {
            let name = format!("aigaq-{stamp}-{number:05}.warc.gz");
            if !taken(&name) {
                break name;
            }
            number += 1;
        };
        let path = self.folder.join(format!("{name}{OPEN}"));
        let file = OpenOptions::new().create_new(true).append(true).open(&path);
        let mut file = file.map_err(io_error("create", &path))?;
        let info = member(&Record::info(&name, now));
        file.write_all(&info).map_err(io_error("write", &path))?;
        file.sync_data().map_err(io_error("sync", &path))?;
        sync_folder(&self.folder)?;
        Ok(Writer {
            name,
            path,
            file,
            length: info.len() as u64,
        })
    }

    /// Closes the file being written; it is never touched again.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn close(&self) -> Result<(), ArchiveError> {
        let mut slot = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        close(&self.folder, slot.take())
    }
}

fn close(folder: &Path, writer: Option<Writer>) -> Result<(), ArchiveError> {
    let Some(writer) = writer else {
        return Ok(());
    };
    writer
        .file
        .sync_all()
        .map_err(io_error("sync", &writer.path))?;
    let closed = folder.join(&writer.name);
    seal(&writer.path, &closed)?;
    rename(&writer.path, &closed)?;
    sync_folder(folder)
}

/// Writes the digest of a file that is about to be closed beside the name it will have.
fn seal(open: &Path, closed: &Path) -> Result<(), ArchiveError> {
    let name = closed
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let digest = check::file_digest(open).map_err(io_error("read", open))?;
    let path = seal_of(closed, &name);
    let mut file = File::create(&path).map_err(io_error("create", &path))?;
    let line = check::seal_line(&name, &digest);
    file.write_all(line.as_bytes())
        .map_err(io_error("write", &path))?;
    file.sync_all().map_err(io_error("sync", &path))
}

/// Where the digest of a file stands.
fn seal_of(closed: &Path, name: &str) -> PathBuf {
    closed.with_file_name(format!("{name}{SEAL}"))
}

fn rename(open: &Path, closed: &Path) -> Result<(), ArchiveError> {
    fs::rename(open, closed).map_err(io_error("rename", open))
}

/// Makes a new or renamed name last.
fn sync_folder(folder: &Path) -> Result<(), ArchiveError> {
    let handle = File::open(folder).map_err(io_error("open", folder))?;
    handle.sync_all().map_err(io_error("sync", folder))
}

/// One gzip member.
fn member(record: &Record) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let _ = encoder.write_all(&record.to_bytes());
    encoder.finish().unwrap_or_default()
}

/// The capture that an exchange became, by the digest and size of its body and the place of its record.
fn capture_of(
    source: &SourceId,
    requested_url: &str,
    exchange: &Exchange,
    body_hash: ContentHash,
    size_bytes: u64,
    (warc_file, warc_offset): (String, u64),
) -> Capture {
    let fetched_at = exchange.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let url = exchange.url.as_str();
    Capture {
        id: CaptureId(canonical::id("cap", &[url, &fetched_at, &body_hash.0])),
        source: source.clone(),
        requested_url: requested_url.to_owned(),
        url: url.to_owned(),
        fetched_at: exchange.at,
        status: exchange.status,
        headers: exchange.headers.clone(),
        body_hash,
        size_bytes,
        warc_file,
        warc_offset,
        removed_at: None,
    }
}

/// What the program knows of an exchange besides its bytes. How far the server's clock was from this machine's is part of
/// the evidence: a time of publication is only as good as the clock that told it.
fn known_of_exchange(
    source: &SourceId,
    requested_url: &str,
    exchange: &Exchange,
    body_hash: &ContentHash,
) -> Vec<(&'static str, String)> {
    let mut known = vec![
        ("source", source.0.clone()),
        ("requestedUrl", requested_url.to_owned()),
        ("httpVersion", exchange.version.to_owned()),
        ("bodySha256", body_hash.0.clone()),
        ("bodyBytes", exchange.body.len().to_string()),
        ("wireSha256", ContentHash::of(&exchange.wire).0),
        ("wireBytes", exchange.wire.len().to_string()),
    ];
    if let Some(date) = exchange.header("date") {
        known.push(("serverDate", date.to_owned()));
        if let Ok(date) = DateTime::parse_from_rfc2822(date) {
            let apart = (date.to_utc() - exchange.at).num_seconds();
            known.push(("serverClockSeconds", apart.to_string()));
        }
    }
    known
}

/// The offset behind the capture at `offset` and the records that belong to it.
fn end_of_exchange(path: &Path, offset: u64) -> Result<u64, ArchiveError> {
    let (bytes, mut end) = read_member(path, offset, MAX_RECORD_BYTES)?;
    let first = Record::parse(&bytes).ok();
    let id = first
        .as_ref()
        .and_then(|record| record.header("WARC-Record-ID"));
    // The capture is what the store knows; a torn record beside it is cut off.
    while let Ok((bytes, next)) = read_member(path, end, MAX_RECORD_BYTES) {
        let belongs = Record::parse(&bytes)
            .is_ok_and(|record| id.is_some() && record.header("WARC-Concurrent-To") == id);
        if !belongs {
            break;
        }
        end = next;
    }
    Ok(end)
}

/// One record's bytes and the offset behind its member.
fn read_member(path: &Path, offset: u64, limit: u64) -> Result<(Vec<u8>, u64), ArchiveError> {
    let mut file = File::open(path).map_err(io_error("open", path))?;
    file.seek(SeekFrom::Start(offset))
        .map_err(io_error("read", path))?;
    let mut decoder = GzDecoder::new(BufReader::new(file));
    let mut bytes = Vec::new();
    let damaged = |detail: String| ArchiveError::Damaged {
        file: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        offset,
        detail,
    };
    let read = (&mut decoder).take(limit).read_to_end(&mut bytes);
    read.map_err(|error| damaged(error.to_string()))?;
    if bytes.is_empty() {
        return Err(damaged("no record stands here".to_owned()));
    }
    let mut reader = decoder.into_inner();
    let end = reader.stream_position().map_err(io_error("read", path))?;
    // The trailer is checked only when the end of the member was reached.
    if reader
        .fill_buf()
        .map_err(io_error("read", path))?
        .is_empty()
        && bytes.len() as u64 == limit
    {
        return Err(damaged("the record is larger than the limit".to_owned()));
    }
    Ok((bytes, end))
}

/// The decoded body of a capture, checked against its digest.
///
/// # Errors
/// When the file is missing, what stands there is not what was captured, or a rule of retention let it go.
pub fn read(folder: &Path, capture: &Capture) -> Result<Vec<u8>, ArchiveError> {
    if let Some(at) = capture.removed_at {
        let id = capture.id.clone();
        return Err(ArchiveError::Removed { id, at });
    }
    let closed = folder.join(&capture.warc_file);
    let open = folder.join(format!("{}{OPEN}", capture.warc_file));
    let path = if closed.exists() { closed } else { open };
    let (bytes, _) = read_member(&path, capture.warc_offset, MAX_RECORD_BYTES)?;
    let damaged = |detail: String| ArchiveError::Damaged {
        file: capture.warc_file.clone(),
        offset: capture.warc_offset,
        detail,
    };
    let record = Record::parse(&bytes).map_err(damaged)?;
    let body = body_of(&record).map_err(damaged)?;
    let found = ContentHash::of(&body);
    if found != capture.body_hash {
        return Err(damaged(format!(
            "the body has the digest {}, the store says {}",
            found.0, capture.body_hash.0
        )));
    }
    Ok(body)
}

/// The id of a file that an operator gives: the same bytes at the same address are the same capture, however often they
/// are given.
pub fn file_id(url: &str, bytes: &[u8]) -> CaptureId {
    file_id_of(url, &ContentHash::of(bytes))
}

fn file_id_of(url: &str, hash: &ContentHash) -> CaptureId {
    CaptureId(canonical::id("cap", &[url, "given", &hash.0]))
}

/// The decoded body that a record holds.
fn body_of(record: &Record) -> Result<Vec<u8>, String> {
    if record.is_resource() {
        return Ok(record.block().to_vec());
    }
    if record.header("WARC-Type") != Some("response") {
        return Err("the record is no response".to_owned());
    }
    let (head, wire) = record.http().ok_or("the record holds no HTTP answer")?;
    let coding = record::http_header(head, "content-encoding");
    decode::body(wire, coding.as_deref(), MAX_RECORD_BYTES)
        .map(std::borrow::Cow::into_owned)
        .map_err(|error: DecodeError| error.to_string())
}

#[cfg(test)]
mod tests;
