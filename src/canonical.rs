//! Makes the one form of an address and of an id: canonical URLs and digests, so that any stage run twice changes nothing.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

/// Longest address that is taken: longer ones are traps or mistakes, and some servers refuse them.
pub const MAX_URL_BYTES: usize = 2048;

/// Query parameters that say where a reader came from, never which page is shown. Names starting with `utm_` are dropped too.
const TRACKING_PARAMETERS: [&str; 20] = [
    "_ga",
    "_gl",
    "_openstat",
    "dclid",
    "fb_action_ids",
    "fb_ref",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "msclkid",
    "phpsessid",
    "twclid",
    "wbraid",
    "yclid",
    "ysclid",
    "yrclid",
];

/// Query parameters that carry the number of a visit where their value looks like one: another at every visit, the same page.
const SESSION_PARAMETERS: [&str; 8] = [
    "sid",
    "sessid",
    "sessionid",
    "session_id",
    "jsessionid",
    "oscsid",
    "zenid",
    "cftoken",
];
/// Letters and digits from which such a value is the number of a visit and not of a section.
const MIN_SESSION_CHARS: usize = 16;

/// Why a text is no address that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an absolute address.
    #[error("is no absolute address")]
    NotAbsolute,
    /// Another scheme than http and https.
    #[error("is neither http nor https")]
    Scheme,
    /// A user name or password stands in it.
    #[error("carries a user or password")]
    Credentials,
    /// Longer than [`MAX_URL_BYTES`].
    #[error("is longer than {MAX_URL_BYTES} bytes")]
    TooLong,
}

/// The one form of an address: host in lower case and Punycode, no default port, no fragment, no
/// tracking parameters, percent escapes in one form (RFC 3986, 6.2.2). The order of the query and a trailing slash stay:
/// servers may answer differently.
///
/// # Errors
/// Says why the text is no address that can be fetched.
pub fn url(text: &str) -> Result<String, AddressError> {
    if text.len() > MAX_URL_BYTES {
        return Err(AddressError::TooLong);
    }
    let mut url = Url::parse(text.trim()).map_err(|_| AddressError::NotAbsolute)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    url.set_fragment(None);
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')) {
        let host = host.trim_end_matches('.').to_owned();
        url.set_host(Some(&host))
            .map_err(|_| AddressError::NotAbsolute)?;
    }
    let path = one_escape_form(url.path());
    let path = without_session(&path);
    let query = url.query().map(|query| one_escape_form(&kept_query(query)));
    url.set_path(&path);
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    let text = String::from(url);
    if text.len() > MAX_URL_BYTES {
        return Err(AddressError::TooLong);
    }
    Ok(text)
}

/// The query without parameters that never choose a page.
fn kept_query(query: &str) -> String {
    let is_kept = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = one_escape_form(name).to_ascii_lowercase();
        let is_session = SESSION_PARAMETERS.contains(&name.as_str())
            && value.len() >= MIN_SESSION_CHARS
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        !pair.is_empty()
            && !name.starts_with("utm_")
            && !TRACKING_PARAMETERS.contains(&name.as_str())
            && !is_session
    };
    let pairs: Vec<&str> = query.split('&').filter(is_kept).collect();
    pairs.join("&")
}

/// The path without a `;jsessionid=...` at its end.
fn without_session(path: &str) -> String {
    match path.to_ascii_lowercase().find(";jsessionid=") {
        Some(start) => path[..start].to_owned(),
        None => path.to_owned(),
    }
}

/// Percent escapes in upper case, and none where the letter needs none.
fn one_escape_form(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let start = text.len() - rest.len() + at;
        match bytes.get(start + 1..start + 3).and_then(hex_pair) {
            Some(byte) if is_unreserved(byte) => out.push(char::from(byte)),
            Some(byte) => out.push_str(&format!("%{byte:02X}")),
            None => {
                out.push('%');
                rest = &rest[at + 1..];
                continue;
            }
        }
        rest = &rest[at + 3..];
    }
    out.push_str(rest);
    out
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    let high = char::from(*digits.first()?).to_digit(16)?;
    let low = char::from(*digits.get(1)?).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

/// RFC 3986, 2.3, without the dot: an escaped dot beside a slash would change the path when read again.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~')
}

/// SHA-256 of bytes as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentHash(pub String);

impl ContentHash {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> ContentHash {
        ContentHash(hex(&Sha256::digest(bytes)))
    }
}

/// A text as a reader sees it: white space of every kind is one space, letters that show nothing are left out, and the
/// typographic forms of one sign (quotation marks, dashes, apostrophes, dots of an ellipsis) are that sign.
pub fn seen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_apart = false;
    for letter in text.chars() {
        let sign = match letter {
            '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}' => {
                continue;
            }
            space if space.is_whitespace() => {
                is_apart = true;
                continue;
            }
            '«' | '»' | '“' | '”' | '„' | '‟' | '″' => '"',
            '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' => '\'',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
            other => other,
        };
        if is_apart && !out.is_empty() {
            out.push(' ');
        }
        is_apart = false;
        if sign == '…' {
            out.push_str("...");
        } else {
            out.push(sign);
        }
    }
    out
}

/// A short stable id: a prefix and 16 hexadecimal digits of the digest of all parts, kept apart by a zero byte.
pub fn id(prefix: &str, parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    format!("{prefix}-{}", &hex(&digest.finalize())[..16])
}

/// Lower-case hexadecimal digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes of hexadecimal digits, of either case; `None` when they are none.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_page_has_one_address_however_it_is_written() {
        let cases = [
            ("HTTP://Example.ORG", "http://example.org/"),
            ("https://example.org:443/a#top", "https://example.org/a"),
            ("https://example.org./a", "https://example.org/a"),
            ("https://example.org/a/../b/./c", "https://example.org/b/c"),
            (
                "https://example.org/%7euser/%d0%b0",
                "https://example.org/~user/%D0%B0",
            ),
            (
                "https://example.org/жаңа",
                "https://example.org/%D0%B6%D0%B0%D2%A3%D0%B0",
            ),
            (
                "https://example.org/a?utm_source=x&id=7&fbclid=9",
                "https://example.org/a?id=7",
            ),
            (
                "https://example.org/a?UTM_Medium=x",
                "https://example.org/a",
            ),
            ("https://example.org/a?", "https://example.org/a"),
            (
                "https://example.org/a?sid=0f3a9c2b7d1e4f60&p=2",
                "https://example.org/a?p=2",
            ),
            (
                "https://example.org/a?PHPSESSID=1&SessionID=abcdefghijklmnop",
                "https://example.org/a",
            ),
            (
                "https://example.org/a;jsessionid=12AB?p=1",
                "https://example.org/a?p=1",
            ),
        ];
        for (written, expected) in cases {
            assert_eq!(url(written).as_deref(), Ok(expected), "{written}");
        }
        let punycode = url("https://қазақ.example/").unwrap();
        assert!(punycode.starts_with("https://xn--"), "{punycode}");
    }

    #[test]
    fn different_pages_keep_different_addresses() {
        let cases = [
            ("https://example.org/a", "https://example.org/a/"),
            ("https://example.org/?sid=5", "https://example.org/?sid=6"),
            (
                "https://example.org/a?x=1&y=2",
                "https://example.org/a?y=2&x=1",
            ),
            ("http://example.org/a", "https://example.org/a"),
            ("https://example.org/a%2Fb", "https://example.org/a/b"),
            ("https://example.org/A", "https://example.org/a"),
            ("https://example.org/?p=%26", "https://example.org/?p=&"),
        ];
        for (left, right) in cases {
            assert_ne!(url(left), url(right), "{left} {right}");
        }
    }

    #[test]
    fn what_cannot_be_fetched_is_refused_with_its_reason() {
        let long = format!("https://example.org/{}", "a".repeat(MAX_URL_BYTES));
        let cases = [
            ("/news", AddressError::NotAbsolute),
            ("javascript:alert(1)", AddressError::Scheme),
            ("file:///etc/passwd", AddressError::Scheme),
            ("https://me:secret@example.org/", AddressError::Credentials),
            (long.as_str(), AddressError::TooLong),
        ];
        for (text, expected) in cases {
            assert_eq!(url(text), Err(expected), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_canonical_form_of_a_canonical_form_is_itself(tail in "[ -~а-яқғ]{0,60}") {
            if let Ok(once) = url(&format!("https://example.org/{tail}")) {
                prop_assert_eq!(url(&once), Ok(once.clone()));
            }
        }
    }
}
