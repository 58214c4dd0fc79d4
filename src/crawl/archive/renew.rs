//! Writes a closed file anew without some of what stands in it, and finishes or drops what a kill left of that.
//!
//! A closed file is never changed. What is kept of it is copied member by member, as it was written, into a successor with a name of
//! its own, which is closed with its digest like any other. Only then is the store told where captures stand now, and only after
//! that is the file before removed. So at each moment whatever the store knows stands where it says; and after a kill one of the
//! two files is too many, which the store tells apart: it knows which files were written anew.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::record::Record;
use super::{
    Archive, ArchiveError, MAX_RECORD_BYTES, PARTIAL, SEAL, check, io_error, member, read_member,
    rename, seal, seal_of, sync_folder,
};

/// Ending of a closed file.
const CLOSED: &str = ".warc.gz";
/// What stands before the number of a file that was written anew.
const RENEWAL: &str = "-r";

/// What a part of a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// An answer or a file that was given, with the records that belong to it.
    Capture,
    /// The note that the same body was seen again.
    Note,
    /// Anything else.
    Other,
}

/// What stands together in a file and is kept or let go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it holds.
    pub kind: PartKind,
    /// Offset of its first member.
    pub from: u64,
    /// Offset behind its last member.
    pub to: u64,
    /// Address of its first record.
    pub url: String,
    /// When that was fetched or given.
    pub at: DateTime<Utc>,
}

/// A file that was written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// Its name.
    pub name: String,
    /// The new offset of each part, by the one before.
    pub offsets: BTreeMap<u64, u64>,
}

/// Names of the closed files of a folder, sorted.
///
/// # Errors
/// When the disk refuses.
pub fn closed_files(folder: &Path) -> Result<Vec<String>, ArchiveError> {
    Ok(names(folder)?
        .into_iter()
        .filter(|name| name.ends_with(CLOSED))
        .collect())
}

fn names(folder: &Path) -> Result<Vec<String>, ArchiveError> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_error("list", folder)(error)),
    };
    let mut names = Vec::new();
    for entry in listing {
        let entry = entry.map_err(io_error("list", folder))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The parts of a closed file in their order, its first record aside.
///
/// # Errors
/// When anything in it cannot be read: then nothing is known of what follows.
pub fn parts(folder: &Path, name: &str) -> Result<Vec<Part>, ArchiveError> {
    let path = folder.join(name);
    let length = fs::metadata(&path).map_err(io_error("read", &path))?.len();
    let mut parts: Vec<Part> = Vec::new();
    let mut newest_id = None;
    let mut from = 0;
    while from < length {
        let (bytes, to) = read_member(&path, from, MAX_RECORD_BYTES)?;
        let damaged = |detail: String| ArchiveError::Damaged {
            file: name.to_owned(),
            offset: from,
            detail,
        };
        let record = Record::parse(&bytes).map_err(damaged)?;
        let field = |name: &str| record.header(name).map(str::to_owned);
        let of = field("WARC-Concurrent-To");
        match parts.last_mut() {
            Some(part) if of.is_some() && of == newest_id => part.to = to,
            _ => {
                let kind = match record.header("WARC-Type") {
                    Some("response" | "resource") => PartKind::Capture,
                    Some("revisit") => PartKind::Note,
                    _ => PartKind::Other,
                };
                let at = field("WARC-Date").unwrap_or_default();
                let at = DateTime::parse_from_rfc3339(&at)
                    .map_err(|_| damaged(format!("`{at}` is no moment")))?;
                // The beginning of a file is the file's own.
                if record.header("WARC-Type") != Some("warcinfo") {
                    newest_id = field("WARC-Record-ID");
                    parts.push(Part {
                        kind,
                        from,
                        to,
                        url: field("WARC-Target-URI").unwrap_or_default(),
                        at: at.to_utc(),
                    });
                }
            }
        }
        from = to;
    }
    Ok(parts)
}

impl Archive {
    /// The SHA-256 of a closed file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn digest_of(&self, name: &str) -> Result<String, ArchiveError> {
        let path = self.folder.join(name);
        check::file_digest(&path).map_err(io_error("read", &path))
    }

    /// Writes a file with these parts of a closed one, as they stand there; `None` when there are none. The file before stays.
    ///
    /// # Errors
    /// When the disk refuses; what was begun is dropped by the next [`Archive::finish_renewals`].
    pub fn renew(
        &self,
        name: &str,
        kept: &[&Part],
        now: DateTime<Utc>,
    ) -> Result<Option<Renewed>, ArchiveError> {
        if kept.is_empty() {
            return Ok(None);
        }
        let source_path = self.folder.join(name);
        let mut source = File::open(&source_path).map_err(io_error("open", &source_path))?;
        let successor = successor(name);
        let path = self.folder.join(format!("{successor}{PARTIAL}"));
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = file.map_err(io_error("create", &path))?;
        let info = member(&Record::info(&successor, now));
        file.write_all(&info).map_err(io_error("write", &path))?;
        let mut length = info.len() as u64;
        let mut offsets = BTreeMap::new();
        for part in kept {
            source
                .seek(SeekFrom::Start(part.from))
                .map_err(io_error("read", &source_path))?;
            let wanted = part.to - part.from;
            let copied = io::copy(&mut (&mut source).take(wanted), &mut file);
            let copied = copied.map_err(io_error("write", &path))?;
            if copied != wanted {
                return Err(ArchiveError::Damaged {
                    file: name.to_owned(),
                    offset: part.from,
                    detail: "the file became shorter while it was read".to_owned(),
                });
            }
            offsets.insert(part.from, length);
            length += wanted;
        }
        file.sync_all().map_err(io_error("sync", &path))?;
        let closed = self.folder.join(&successor);
        seal(&path, &closed)?;
        rename(&path, &closed)?;
        sync_folder(&self.folder)?;
        Ok(Some(Renewed {
            name: successor,
            offsets,
        }))
    }

    /// Removes a closed file and its digest.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove(&self, name: &str) -> Result<(), ArchiveError> {
        let path = self.folder.join(name);
        for path in [&path, &seal_of(&path, name)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(io_error("remove", path)(error));
                }
                _ => {}
            }
        }
        sync_folder(&self.folder)
    }

    /// Finishes what a kill left of files that were written anew: where the store was told (`rewritten`, with the digest that the file
    /// had) the file before is removed, otherwise what was begun is dropped.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish_renewals(
        &self,
        rewritten: &BTreeMap<String, String>,
    ) -> Result<(), ArchiveError> {
        let names = names(&self.folder)?;
        let is_there = |name: &str| {
            names
                .binary_search_by(|known| known.as_str().cmp(name))
                .is_ok()
        };
        for name in &names {
            let file = name.strip_suffix(PARTIAL).or(name.strip_suffix(SEAL));
            let file = file.unwrap_or(name);
            let is_alone = !is_there(file);
            let before = predecessor(file).filter(|before| is_there(before));
            if name.ends_with(PARTIAL) {
                let path = self.folder.join(name);
                fs::remove_file(&path).map_err(io_error("remove", &path))?;
            } else if file != name && !is_alone {
                // The digest goes with its file.
            } else if let Some(digest) = rewritten.get(file) {
                // A clock that was set back can give a later file the name.
                if is_alone || self.digest_of(file)? == *digest {
                    self.remove(file)?;
                }
            } else if before.is_some_and(|before| !rewritten.contains_key(&before)) {
                self.remove(file)?;
            }
        }
        Ok(())
    }
}

/// The name of what a file becomes when it is written anew.
fn successor(name: &str) -> String {
    let stem = name.strip_suffix(CLOSED).unwrap_or(name);
    let (stem, number) = renewal(stem).unwrap_or((stem, 0));
    format!("{stem}{RENEWAL}{}{CLOSED}", number + 1)
}

/// The name of what was written anew to become this file.
fn predecessor(name: &str) -> Option<String> {
    let (stem, number) = renewal(name.strip_suffix(CLOSED)?)?;
    Some(match number {
        1 => format!("{stem}{CLOSED}"),
        _ => format!("{stem}{RENEWAL}{}{CLOSED}", number - 1),
    })
}

/// How often a file was written anew, by its name; `None` where it is as it was first written.
fn renewal(stem: &str) -> Option<(&str, u32)> {
    let (stem, number) = stem.rsplit_once(RENEWAL)?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((stem, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_that_were_written_anew_lead_back_to_where_they_came_from() {
        let first = "aigaq-20260601100000-00000.warc.gz";
        let second = successor(first);
        let third = successor(&second);
        assert_eq!(second, "aigaq-20260601100000-00000-r1.warc.gz");
        assert_eq!(third, "aigaq-20260601100000-00000-r2.warc.gz");
        assert_eq!(predecessor(&third), Some(second.clone()));
        assert_eq!(predecessor(&second), Some(first.to_owned()));
        assert_eq!(predecessor(first), None);
    }
}
