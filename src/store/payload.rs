//! Turns the nouns of the model into the bytes of a column and back: JSON, deflated where it is long; times as microseconds.
//!
//! Columns hold only what a query looks for; the rest of a noun is one payload, so that a new field of the
//! model needs no migration. JSON and integers are used because every database reads them alike.

use std::borrow::Cow;
use std::io::{Read, Write};

use chrono::{DateTime, Utc};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
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
    let mut encoder = ZlibEncoder::new(vec![DEFLATED], Compression::fast());
    encoder.write_all(&plain[1..])?;
    Ok(encoder.finish()?)
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
