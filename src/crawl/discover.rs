//! Finds publications in what a source offers for finding them: feeds, sitemaps, listings, JSON APIs, and the site's own address.
//!
//! Each reader is pure: bytes and the address they came from in, [`Found`] addresses out. Addresses are canonical,
//! absolute and http or https; anything else is left out. Only what these offers name is followed,
//! never the links inside publications, so a calendar without end is never entered.

use encoding_rs::{Encoding, UTF_8};
use url::Url;

use crate::canonical;
use crate::model::{Hint, TargetKind};

pub mod api;
pub mod auto;
pub mod feed;
pub mod listing;
pub mod sitemap;

/// Bytes in which a page or feed names its own charset.
const CHARSET_PREFIX_BYTES: usize = 2048;

/// One address found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Canonical address.
    pub url: String,
    /// What stands there.
    pub kind: TargetKind,
    /// What the offer said of it.
    pub hint: Hint,
}

/// What an offer yielded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Addresses, in order, each once.
    pub found: Vec<Found>,
    /// The next page of the same offer.
    pub next: Option<String>,
    /// Addresses left out because they cannot be fetched or lead elsewhere.
    pub n_skipped: usize,
}

impl Discovery {
    /// Adds an address unless it is there already or more than `limit` are.
    fn add(&mut self, base: &Url, href: &str, kind: TargetKind, hint: Hint, limit: usize) {
        match absolute(base, href) {
            Some(url) if self.found.len() < limit => self.found.push(Found { url, kind, hint }),
            _ => self.n_skipped += 1,
        }
    }

    /// Keeps the first mention of each address.
    fn without_repeats(mut self) -> Discovery {
        let mut seen = std::collections::BTreeSet::new();
        self.found.retain(|found| seen.insert(found.url.clone()));
        self
    }
}

/// A link as a canonical absolute address; `None` for what cannot be fetched.
fn absolute(base: &Url, href: &str) -> Option<String> {
    let href = href.trim();
    if href.is_empty() || href.starts_with('#') {
        return None;
    }
    let url = base.join(href).ok()?;
    canonical::url(url.as_str()).ok()
}

/// Whether two addresses belong to one site: the same host, or one a subdomain of the other, `www.` aside.
/// Hosts given as numbers must be equal with their port.
pub fn same_site(left: &Url, right: &Url) -> bool {
    let (Some(one), Some(other)) = (left.domain(), right.domain()) else {
        return left.host() == right.host()
            && left.port_or_known_default() == right.port_or_known_default();
    };
    let one = one.strip_prefix("www.").unwrap_or(one);
    let other = other.strip_prefix("www.").unwrap_or(other);
    let below = |name: &str, parent: &str| {
        name.strip_suffix(parent)
            .is_some_and(|rest| rest.ends_with('.'))
    };
    one == other || below(one, other) || below(other, one)
}

/// Bytes as text: by byte order mark, header, what the document says of itself, else by guess.
pub fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some(text) = widest(bytes) {
        return text;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned();
    }
    if let Some(text) = wide_without_mark(bytes) {
        return text;
    }
    let prefix = &bytes[..bytes.len().min(CHARSET_PREFIX_BYTES)];
    let prefix = String::from_utf8_lossy(prefix).to_ascii_lowercase();
    let declared = content_type
        .and_then(charset_of_header)
        .or_else(|| charset_inside(&prefix));
    // Valid UTF-8 with letters beyond ASCII is hardly ever anything else, whatever the label says.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let is_plain = bytes.is_ascii();
        if !is_plain
            || declared.is_none_or(|encoding| encoding == UTF_8 || encoding.is_ascii_compatible())
        {
            return text.to_owned();
        }
    }
    let encoding = declared
        .filter(|encoding| *encoding != UTF_8)
        .unwrap_or_else(|| guess(bytes));
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// UTF-32 with its byte order mark, or starting with `<`; browsers no longer know it, feeds do.
fn widest(bytes: &[u8]) -> Option<String> {
    let (is_little, rest) = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => (true, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => (false, rest),
        [b'<', 0, 0, 0, ..] => (true, bytes),
        [0, 0, 0, b'<', ..] => (false, bytes),
        _ => return None,
    };
    let letter = |quad: &[u8; 4]| {
        let code = if is_little {
            u32::from_le_bytes(*quad)
        } else {
            u32::from_be_bytes(*quad)
        };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    Some(rest.as_chunks().0.iter().map(letter).collect())
}

/// UTF-16 that starts with `<` and carries no mark.
fn wide_without_mark(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [b'<', 0, ..] => encoding_rs::UTF_16LE,
        [0, b'<', ..] => encoding_rs::UTF_16BE,
        _ => return None,
    };
    Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

fn charset_of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    label_after(&lower, "charset=")
}

/// The charset of an XML declaration or a `meta` element.
fn charset_inside(prefix: &str) -> Option<&'static Encoding> {
    let declaration = prefix.find("?>").map_or("", |end| &prefix[..end]);
    label_after(declaration, "encoding=").or_else(|| label_after(prefix, "charset="))
}

fn label_after(text: &str, name: &str) -> Option<&'static Encoding> {
    let start = text.find(name)? + name.len();
    let label = text[start..].trim_start_matches(['"', '\'', ' ']);
    let end = label
        .find(['"', '\'', ' ', ';', '>', '?', '/'])
        .unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text_in_the_charset_they_are_written_in() {
        let russian = "<p>Генеральная прокуратура сообщила</p>";
        let windows = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
        let declared = encoding_rs::WINDOWS_1251
            .encode("<?xml version='1.0' encoding='windows-1251'?><a>әкім жоқ, әділ</a>")
            .0
            .into_owned();
        let wide: Vec<u8> = "<a>қазақ</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let cases: [(&[u8], Option<&str>, &str); 6] = [
            (russian.as_bytes(), None, "прокуратура"),
            (
                russian.as_bytes(),
                Some("text/html; charset=windows-1251"),
                "прокуратура",
            ),
            (
                &windows,
                Some("text/html; charset=windows-1251"),
                "прокуратура",
            ),
            (&windows, Some("text/html; charset=utf-8"), "прокуратура"),
            (
                &declared,
                Some("text/xml"),
                "ділә".get(..6).unwrap_or_default(),
            ),
            (&wide, None, "қазақ"),
        ];
        for (bytes, content_type, expected) in cases {
            let found = text(bytes, content_type);
            assert!(found.contains(expected), "{content_type:?}: {found}");
        }
    }

    #[test]
    fn one_site_is_a_host_with_its_subdomains() {
        let cases = [
            ("https://example.org/", "https://www.example.org/a", true),
            ("https://kaz.example.org/", "https://example.org/", true),
            ("https://example.org/", "https://notexample.org/", false),
            (
                "https://kaz.example.org/",
                "https://rus.example.org/",
                false,
            ),
            ("http://127.0.0.1:8900/", "http://127.0.0.1:8900/a", true),
            ("http://127.0.0.1:8900/", "http://127.0.0.1:8901/", false),
        ];
        for (left, right, expected) in cases {
            let found = same_site(&Url::parse(left).unwrap(), &Url::parse(right).unwrap());
            assert_eq!(found, expected, "{left} {right}");
        }
    }
}
