//! Undoes content codings (RFC 9110, 8.4) under a limit on the decoded size, from the bytes as received.
//!
//! The HTTP client is built without decompression: it would drop the headers and expand a bomb before
//! anybody can stop it. Only gzip and deflate are known, as only gzip is asked for; wrong labels are recognised by the first bytes.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::GzDecoder;
use flate2::read::{DeflateDecoder, ZlibDecoder};

/// Codings on top of each other that are undone; more is an attack or a broken proxy.
const MAX_LAYERS: usize = 2;
/// First bytes of gzip (RFC 1952, 2.3.1).
pub(super) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why bytes could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The decoded form is larger than the limit.
    #[error("the decoded body is larger than {limit_bytes} bytes")]
    TooLarge {
        /// Limit in bytes.
        limit_bytes: u64,
    },
    /// A coding that was not asked for.
    #[error("content coding `{0}` is not known")]
    Unknown(String),
    /// More codings than anybody needs.
    #[error("more than {MAX_LAYERS} content codings")]
    TooManyLayers,
    /// The coded stream is broken or cut.
    #[error("broken {coding}: {detail}")]
    Broken {
        /// Coding.
        coding: &'static str,
        /// What the decoder said.
        detail: String,
    },
}

/// How much is decoded.
#[derive(Debug, Clone, Copy)]
struct Measure {
    limit_bytes: u64,
    /// Whether the start of a larger form is enough.
    is_start_enough: bool,
    /// Whether the coded bytes end before their stream does: then what they hold of it is taken.
    is_cut: bool,
}

impl Measure {
    /// All of it.
    fn whole(limit_bytes: u64) -> Measure {
        Measure {
            limit_bytes,
            is_start_enough: false,
            is_cut: false,
        }
    }
}

/// The body after undoing the codings of a `Content-Encoding` value.
///
/// # Errors
/// Says what could not be undone.
pub fn body<'b>(
    wire: &'b [u8],
    content_encoding: Option<&str>,
    limit_bytes: u64,
) -> Result<Cow<'b, [u8]>, DecodeError> {
    decoded(wire, content_encoding, Measure::whole(limit_bytes))
}

/// The start of the body, up to the limit. `is_cut` says that the bytes are only the start of what was sent.
///
/// # Errors
/// As [`body`], except that nothing is too large.
pub fn start<'b>(
    wire: &'b [u8],
    content_encoding: Option<&str>,
    limit_bytes: u64,
    is_cut: bool,
) -> Result<Cow<'b, [u8]>, DecodeError> {
    let measure = Measure {
        limit_bytes,
        is_start_enough: true,
        is_cut,
    };
    decoded(wire, content_encoding, measure)
}

fn decoded<'b>(
    wire: &'b [u8],
    content_encoding: Option<&str>,
    mut measure: Measure,
) -> Result<Cow<'b, [u8]>, DecodeError> {
    let codings: Vec<String> = content_encoding
        .unwrap_or_default()
        .split(',')
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    if codings.len() > MAX_LAYERS {
        return Err(DecodeError::TooManyLayers);
    }
    let mut bytes = Cow::Borrowed(wire);
    for coding in codings.iter().rev() {
        if let Some(decoded) = undo(coding, &bytes, measure)? {
            // What is coded once more may have been cut here.
            measure.is_cut |=
                measure.is_start_enough && decoded.len() as u64 == measure.limit_bytes;
            bytes = Cow::Owned(decoded);
        }
    }
    let limit_bytes = measure.limit_bytes;
    if !measure.is_start_enough && bytes.len() as u64 > limit_bytes {
        return Err(DecodeError::TooLarge { limit_bytes });
    }
    Ok(bytes)
}

/// One coding undone; `None` when the bytes are not coded at all although the label says so.
fn undo(coding: &str, bytes: &[u8], measure: Measure) -> Result<Option<Vec<u8>>, DecodeError> {
    match coding {
        _ if bytes.is_empty() => Ok(None),
        "gzip" | "x-gzip" if bytes.starts_with(&GZIP_MAGIC) => members(bytes, measure).map(Some),
        "gzip" | "x-gzip" => Ok(None),
        // RFC 9110 means the zlib format; some servers send the bare stream.
        "deflate" if bytes[0] & 0x0f == 8 => {
            limited("deflate", ZlibDecoder::new(bytes), measure).map(Some)
        }
        "deflate" => limited("deflate", DeflateDecoder::new(bytes), measure).map(Some),
        other => Err(DecodeError::Unknown(other.to_owned())),
    }
}

/// All members of a gzip stream; bytes after a whole member that begin no other are padding and passed over.
///
/// # Errors
/// When it is broken, cut or larger than the limit.
pub fn gunzip(bytes: &[u8], limit_bytes: u64) -> Result<Vec<u8>, DecodeError> {
    members(bytes, Measure::whole(limit_bytes))
}

fn members(bytes: &[u8], measure: Measure) -> Result<Vec<u8>, DecodeError> {
    let mut rest = bytes;
    let mut decoded = Vec::new();
    loop {
        let is_done = read_to_limit("gzip", GzDecoder::new(&mut rest), measure, &mut decoded)?;
        if is_done || !rest.starts_with(&GZIP_MAGIC) {
            return Ok(decoded);
        }
    }
}

fn limited(
    coding: &'static str,
    reader: impl Read,
    measure: Measure,
) -> Result<Vec<u8>, DecodeError> {
    let mut decoded = Vec::new();
    read_to_limit(coding, reader, measure, &mut decoded)?;
    Ok(decoded)
}

/// Adds what a reader gives to what is decoded already, up to the limit for both; says whether that is all that is wanted.
fn read_to_limit(
    coding: &'static str,
    reader: impl Read,
    measure: Measure,
    decoded: &mut Vec<u8>,
) -> Result<bool, DecodeError> {
    let limit_bytes = measure.limit_bytes;
    let left = limit_bytes.saturating_sub(decoded.len() as u64);
    let read = reader.take(left.saturating_add(1)).read_to_end(decoded);
    match read {
        Ok(_) => {}
        Err(_) if measure.is_cut && !decoded.is_empty() => return Ok(true),
        Err(error) => {
            let detail = error.to_string();
            return Err(DecodeError::Broken { coding, detail });
        }
    }
    if decoded.len() as u64 <= limit_bytes {
        return Ok(false);
    }
    if !measure.is_start_enough {
        return Err(DecodeError::TooLarge { limit_bytes });
    }
    decoded.truncate(usize::try_from(limit_bytes).unwrap_or(usize::MAX));
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder};
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bodies_come_out_whatever_the_label_says() {
        let coded = gzip(b"text");
        let twice = gzip(&coded);
        let padded = [coded.as_slice(), &[0; 9]].concat();
        let joined = [coded.as_slice(), &gzip(b" and more")].concat();
        let cases: [(&[u8], Option<&str>, &[u8]); 9] = [
            (&padded, Some("gzip"), b"text"),
            (&joined, Some("gzip"), b"text and more"),
            (b"text", None, b"text"),
            (b"text", Some("identity"), b"text"),
            (&coded, Some("gzip"), b"text"),
            (&coded, Some("X-GZIP"), b"text"),
            (&twice, Some("gzip, gzip"), b"text"),
            (b"text", Some("gzip"), b"text"),
            (b"", Some("gzip"), b""),
        ];
        for (wire, label, expected) in cases {
            assert_eq!(body(wire, label, 100).as_deref(), Ok(expected), "{label:?}");
        }
    }

    #[test]
    fn of_a_packed_body_the_start_comes_out_where_that_is_enough() {
        // Text that does not pack well, so that half of the bytes hold about half of it.
        let text: Vec<u8> = (0..20_000_u32)
            .flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let coded = gzip(&text);
        let of = |wire: &[u8], coding: &str, is_cut| {
            start(wire, Some(coding), 1000, is_cut).map(Cow::into_owned)
        };
        let expected = Ok(text[..1000].to_vec());
        assert_eq!(of(&coded, "gzip", false), expected);
        assert_eq!(of(&coded[..coded.len() / 2], "gzip", true), expected);
        assert_eq!(
            of(&gzip(&text[..600]).repeat(9), "gzip", false)
                .unwrap()
                .len(),
            1000
        );
        let some = of(&gzip(&coded), "gzip, gzip", false).unwrap();
        assert!(!some.is_empty() && text.starts_with(&some));
        let cut = &gzip(&text[..900])[..400];
        let some = of(cut, "gzip", true).unwrap();
        assert!(!some.is_empty() && text.starts_with(&some));
        assert!(
            of(cut, "gzip", false).is_err(),
            "a stream that was cut on its way"
        );
    }

    #[test]
    fn bombs_layers_and_broken_streams_end_with_their_reason() {
        let bomb = gzip(&vec![0; 1 << 20]);
        let whole = gzip(b"a long enough text to be cut");
        let cut = &whole[..20];
        let mut wrong_sum = whole.clone();
        let sum_at = whole.len() - 8;
        wrong_sum[sum_at] ^= 1;
        assert_eq!(
            body(&bomb, Some("gzip"), 1000),
            Err(DecodeError::TooLarge { limit_bytes: 1000 })
        );
        assert_eq!(
            body(b"x", Some("gzip,gzip,gzip"), 9),
            Err(DecodeError::TooManyLayers)
        );
        assert_eq!(
            body(b"x", Some("br"), 9),
            Err(DecodeError::Unknown("br".to_owned()))
        );
        for broken in [cut, &whole[..whole.len() - 1], &wrong_sum] {
            assert!(matches!(
                body(broken, Some("gzip"), 99),
                Err(DecodeError::Broken { .. })
            ));
        }
        let flat = {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&vec![0; 1 << 20]).unwrap();
            encoder.finish().unwrap()
        };
        let many = bomb.repeat(3);
        for (wire, coding, limit_bytes) in [
            (&flat, "deflate", 1000),
            // No member alone is over the limit.
            (&many, "gzip", 2 << 20),
            (&gzip(&bomb), "gzip, gzip", 1000),
        ] {
            assert_eq!(
                body(wire, Some(coding), limit_bytes),
                Err(DecodeError::TooLarge { limit_bytes }),
                "{coding}"
            );
        }
        assert_eq!(
            body(b"x", Some(&"gzip,".repeat(50)), 9),
            Err(DecodeError::TooManyLayers)
        );
        assert_eq!(
            body(b"0123456789", None, 9),
            Err(DecodeError::TooLarge { limit_bytes: 9 })
        );
    }
}
