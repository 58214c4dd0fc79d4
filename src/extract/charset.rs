//! Turns the bytes of a page into text, whatever they say they are.
//!
//! Order: byte order mark, bytes that are valid UTF-8 beyond ASCII (which other charsets produce by accident almost never),
//! the `Content-Type` header, the page's own `meta`, a guess from the bytes. Letters a charset lacks arrive as numeric
//! character references (Kazakh letters on windows-1251 pages); those are the parser's to read. Never fails: what cannot
//! be decoded becomes U+FFFD, and the caller is told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// How far into the page its own declaration of a charset is looked for, in bytes (the HTML standard asks for 1,024; templates put it later).
const META_WINDOW: usize = 8 * 1024;
/// How many bytes the guess reads: enough for any page, and bounded.
const GUESS_WINDOW: usize = 256 * 1024;

/// A decoded page.
pub(super) struct Decoded {
    /// The text.
    pub(super) text: String,
    /// Whether some bytes were not what the charset allows.
    pub(super) is_broken: bool,
}

/// Decodes a page.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    if let Some((encoding, n)) = Encoding::for_bom(bytes) {
        return with(encoding, &bytes[n..]);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && (!text.is_ascii() || !declares_stateful(content_type))
    {
        return Decoded {
            text: text.to_owned(),
            is_broken: false,
        };
    }
    let declared = content_type
        .and_then(charset_of)
        .into_iter()
        .chain(meta_charset(bytes));
    for encoding in declared {
        // A page that says UTF-8 and is not valid UTF-8 is either slightly broken or wrongly labelled.
        if encoding == UTF_8 && !is_nearly_utf8(bytes) {
            continue;
        }
        return with(encoding, bytes);
    }
    with(guess(bytes), bytes)
}

/// Decodes in one charset.
fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, is_broken) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text: text.into_owned(),
        is_broken,
    }
}

/// Whether the header names a charset whose text looks like ASCII (ISO-2022-JP) or is not a superset of it (UTF-16).
fn declares_stateful(content_type: Option<&str>) -> bool {
    content_type
        .and_then(charset_of)
        .is_some_and(|encoding| !encoding.is_ascii_compatible() || encoding.name() == "ISO-2022-JP")
}

/// Whether broken sequences are rare: at most one in fifty of the bytes that are not ASCII.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut n_high, mut n_broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        n_high += chunk.valid().bytes().filter(|byte| *byte >= 0x80).count();
        n_broken += usize::from(!chunk.invalid().is_empty());
    }
    n_broken * 50 <= n_high
}

/// The charset named in a `Content-Type` value.
fn charset_of(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    let label = lower[at..]
        .trim_start_matches(['"', '\'', ' '])
        .split(['"', '\'', ';', ' ', ',', '>', '/'])
        .next()?;
    Encoding::for_label(label.as_bytes())
}

/// The charset the page's head or XML declaration names. UTF-16 there means UTF-8, as the standard says.
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(META_WINDOW)]).to_ascii_lowercase();
    let found = charset_of(&head).or_else(|| {
        let at = head.find("encoding=")? + "encoding=".len();
        let label = head[at..].trim_start_matches(['"', '\'']);
        Encoding::for_label(label.split(['"', '\'', '?']).next()?.as_bytes())
    })?;
    Some(if found.is_ascii_compatible() {
        found
    } else {
        UTF_8
    })
}

/// The charset the bytes look like.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESS_WINDOW)], true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charset_is_read_from_mark_header_meta_or_bytes() {
        let text = "Прокуратура сообщила о проверке законности в районе";
        let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        let meta = [
            b"<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">"
                .as_slice(),
            &cyrillic,
        ]
        .concat();
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let cases: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
            (
                "header",
                cyrillic.to_vec(),
                Some("text/html; charset=\"Windows-1251\""),
            ),
            ("meta", meta, Some("text/html")),
            ("bytes alone", cyrillic.to_vec(), None),
            (
                "a wrong UTF-8 label",
                cyrillic.to_vec(),
                Some("text/html; charset=utf-8"),
            ),
            (
                "UTF-8 labelled windows-1251",
                text.as_bytes().to_vec(),
                Some("text/html; charset=windows-1251"),
            ),
            ("a mark", utf16, None),
        ];
        for (name, bytes, header) in cases {
            let decoded = decode(&bytes, header);
            assert!(decoded.text.ends_with(text), "{name}: {}", decoded.text);
            assert!(!decoded.is_broken, "{name}");
        }
    }

    #[test]
    fn a_few_broken_bytes_do_not_lose_the_page() {
        let mut bytes = "Сот шешімі күшіне енді. ".repeat(20).into_bytes();
        bytes.push(0xFF);
        let decoded = decode(&bytes, Some("text/html; charset=utf-8"));
        assert!(decoded.is_broken);
        assert!(decoded.text.starts_with("Сот шешімі"));
    }
}
