//! Turns the nouns of the model into the bytes of a column and back: JSON, deflated where it is long; times as microseconds.
//!
//! Columns hold only what a query looks for; the rest of a noun is one payload, so that a new field of the
//! model needs no migration. JSON and integers are used because every database reads them alike.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::Read;

use chrono::{DateTime, Utc};
use flate2::{Compress, Compression, FlushCompress, Status, read::ZlibDecoder};
use serde::{Serialize, de::DeserializeOwned};

use super::error::Cause;

/// Payloads from this length on are deflated: below it the gain is less than the time it takes.
const DEFLATE_FROM_BYTES: usize = 2048;

/// First byte of every payload: how the rest is written.
const PLAIN: u8 = b'j';
/// See [`PLAIN`].
const DEFLATED: u8 = b'z';

/// The bytes under which a noun is stored.
pub(super) fn encode<T: Serialize>(noun: &T) -> Result<Vec<u8>, Cause> {
    let mut plain = vec![PLAIN];
    serde_json::to_writer(&mut plain, noun)?;
    if plain.len() < DEFLATE_FROM_BYTES {
        return Ok(plain);
    }
    deflated(&plain[1..])
}

thread_local! {
    /// The state of deflating is a third of a megabyte. Made anew for each payload it would leave a hole of that size behind each
    /// payload that is kept for a while, and a pass that opens a thousand cases would take hundreds of megabytes.
    static DEFLATER: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), true));
}

/// A long payload.
fn deflated(plain: &[u8]) -> Result<Vec<u8>, Cause> {
    DEFLATER.with_borrow_mut(|deflater| {
        deflater.reset();
        let mut bytes = Vec::with_capacity(plain.len() / 2);
        bytes.push(DEFLATED);
        let mut rest = plain;
        loop {
            let before = deflater.total_in();
            let status = deflater.compress_vec(rest, &mut bytes, FlushCompress::Finish)?;
            if status == Status::StreamEnd {
                return Ok(bytes);
            }
            let n_taken = usize::try_from(deflater.total_in() - before)?;
            rest = &rest[n_taken..];
            bytes.reserve(bytes.len());
        }
    })
}

/// The noun stored under these bytes.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Cause> {
    Ok(serde_json::from_slice(&plain(bytes)?)?)
}

/// The JSON stored under these bytes, as it was written.
pub(super) fn plain(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Cause> {
    match bytes.split_first() {
        Some((&PLAIN, json)) => Ok(Cow::Borrowed(json)),
        Some((&DEFLATED, deflated)) => {
            let mut json = Vec::with_capacity(deflated.len() * 4);
            ZlibDecoder::new(deflated).read_to_end(&mut json)?;
            Ok(Cow::Owned(json))
        }
        _ => Err("a stored payload has no known form".into()),
    }
}

/// A moment as it is stored: microseconds since 1970, UTC. Finer parts are dropped.
pub(super) fn micros(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_micros()
}

/// The moment stored as these microseconds.
pub(super) fn moment(micros: i64) -> Result<DateTime<Utc>, Cause> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| format!("stored time {micros} is out of range").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_payloads_come_back_as_they_were() {
        for length in [0, 10, DEFLATE_FROM_BYTES, 100_000] {
            let noun = "ә".repeat(length);
            let bytes = encode(&noun).unwrap();
            assert_eq!(decode::<String>(&bytes).unwrap(), noun);
            assert!(bytes.len() <= 2 * length + 3);
        }
    }

    #[test]
    fn broken_payloads_are_errors() {
        for bytes in [&b""[..], b"x{}", b"j{", b"z\x00\x01"] {
            assert!(decode::<serde_json::Value>(bytes).is_err());
        }
    }
}
