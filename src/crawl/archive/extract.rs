//! Copies captures out of the archive into one WARC file of their own, member by member as they were written.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::record::Record;
use super::{ArchiveError, OPEN, end_of_exchange, io_error, member};
use crate::model::Capture;

/// The captures with the records that belong to them, as a file of that name. Each capture stands in it once, in the order
/// given; the bytes depend on nothing else but the moment given for the first record.
///
/// # Errors
/// When a file is missing, or what stands at the place of a capture cannot be read.
pub fn extract(
    folder: &Path,
    captures: &[&Capture],
    name: &str,
    at: DateTime<Utc>,
) -> Result<Vec<u8>, ArchiveError> {
    let mut out = member(&Record::info(name, at));
    let mut done = BTreeSet::new();
    for capture in captures {
        if !done.insert((&capture.warc_file, capture.warc_offset)) {
            continue;
        }
        let closed = folder.join(&capture.warc_file);
        let open = folder.join(format!("{}{OPEN}", capture.warc_file));
        let path = if closed.exists() { closed } else { open };
        let end = end_of_exchange(&path, capture.warc_offset)?;
        let mut file = File::open(&path).map_err(io_error("open", &path))?;
        file.seek(SeekFrom::Start(capture.warc_offset))
            .map_err(io_error("read", &path))?;
        let length = end.saturating_sub(capture.warc_offset);
        file.take(length)
            .read_to_end(&mut out)
            .map_err(io_error("read", &path))?;
    }
    Ok(out)
}
