//! Turns the bytes of a page, feed or table into text, whatever they say they are.
//!
//! Order: byte order mark, markup that starts in wide letters, bytes that are valid UTF-8 beyond ASCII (which other
//! charsets produce by accident almost never), the `Content-Type` header, the document's own `meta` or XML declaration, a
//! guess from the bytes. Letters a charset lacks arrive as numeric character references (Kazakh letters on windows-1251
//! pages); those are the parser's to read. UTF-7 is never read. Never fails: what cannot be decoded becomes U+FFFD, and the
//! caller is told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// How far into the page its own declaration of a charset is looked for, in bytes (the HTML standard asks for 1,024; templates put it later).
const META_WINDOW: usize = 8 * 1024;
/// How many bytes the guess reads: enough for any page, and bounded.
const GUESS_WINDOW: usize = 256 * 1024;

/// Names of the Kazakh standard ST RK 1048-2002, which the web's list of charsets lacks.
const KZ_1048_LABELS: [&str; 4] = ["kz-1048", "rk1048", "strk1048-2002", "cskz1048"];
/// What that standard has in the places of windows-1251.
const KZ_1048_LETTERS: [(char, char); 16] = [
    ('Ќ', 'Қ'),
    ('Ћ', 'Һ'),
    ('ќ', 'қ'),
    ('ћ', 'һ'),
    ('Ў', 'Ұ'),
    ('ў', 'ұ'),
    ('Ј', 'Ә'),
    ('Ґ', 'Ө'),
    ('Є', 'Ғ'),
    ('Ї', 'Ү'),
    ('ґ', 'ө'),
    ('є', 'ғ'),
    ('ј', 'ә'),
    ('Ѕ', 'Ң'),
    ('ѕ', 'ң'),
    ('ї', 'ү'),
];

/// A decoded body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// Whether some bytes were not what the charset allows.
    pub is_broken: bool,
}

/// A charset that a document can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    /// One of the web's (the Encoding standard).
    Web(&'static Encoding),
    /// ST RK 1048-2002.
    Kz1048,
}

impl Charset {
    /// The charset of a label.
    fn of(label: &str) -> Option<Charset> {
        let label = label.trim();
        if KZ_1048_LABELS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(label))
        {
            return Some(Charset::Kz1048);
        }
        Encoding::for_label(label.as_bytes()).map(Charset::Web)
    }

    fn decode(self, bytes: &[u8]) -> Decoded {
        let Charset::Web(encoding) = self else {
            let decoded = Charset::Web(WINDOWS_1251).decode(bytes);
            let kazakh = |letter: char| {
                let known = KZ_1048_LETTERS.iter().find(|(theirs, _)| *theirs == letter);
                known.map_or(letter, |(_, ours)| *ours)
            };
            return Decoded {
                text: decoded.text.chars().map(kazakh).collect(),
                ..decoded
            };
        };
        let (text, is_broken) = encoding.decode_without_bom_handling(bytes);
        Decoded {
            text: text.into_owned(),
            is_broken,
        }
    }

    /// Whether text in it may be made of ASCII bytes and mean something else.
    fn may_look_like_ascii(self) -> bool {
        match self {
            Charset::Web(encoding) => {
                !encoding.is_ascii_compatible() || encoding == encoding_rs::ISO_2022_JP
            }
            Charset::Kz1048 => false,
        }
    }
}

/// Decodes a body.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    if let Some(decoded) = widest(bytes) {
        return decoded;
    }
    if let Some((encoding, n)) = Encoding::for_bom(bytes) {
        return Charset::Web(encoding).decode(&bytes[n..]);
    }
    match bytes {
        [b'<', 0, ..] => return Charset::Web(UTF_16LE).decode(bytes),
        [0, b'<', ..] => return Charset::Web(UTF_16BE).decode(bytes),
        _ => {}
    }
    let in_header = content_type.and_then(|value| charset_in(&value.to_ascii_lowercase()));
    if let Ok(text) = std::str::from_utf8(bytes)
        && (!text.is_ascii() || !in_header.is_some_and(Charset::may_look_like_ascii))
    {
        return Decoded {
            text: text.to_owned(),
            is_broken: false,
        };
    }
    for charset in in_header.into_iter().chain(declared(bytes)) {
        // A page that says UTF-8 and is not valid UTF-8 is either slightly broken or wrongly labelled.
        if charset == Charset::Web(UTF_8) && !is_nearly_utf8(bytes) {
            continue;
        }
        return charset.decode(bytes);
    }
    Charset::Web(guess(bytes)).decode(bytes)
}

/// UTF-32 with its byte order mark, or starting with `<`; browsers no longer know it, feeds do.
fn widest(bytes: &[u8]) -> Option<Decoded> {
    let (is_little, rest) = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => (true, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => (false, rest),
        [b'<', 0, 0, 0, ..] => (true, bytes),
        [0, 0, 0, b'<', ..] => (false, bytes),
        _ => return None,
    };
    let (quads, left) = rest.as_chunks();
    let mut decoded = Decoded {
        text: String::with_capacity(quads.len()),
        is_broken: !left.is_empty(),
    };
    for quad in quads {
        let code = if is_little {
            u32::from_le_bytes(*quad)
        } else {
            u32::from_be_bytes(*quad)
        };
        let letter = char::from_u32(code);
        decoded.is_broken |= letter.is_none();
        decoded
            .text
            .push(letter.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Some(decoded)
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

/// The charset that a `Content-Type` value or the head of a page names, given in lower case.
fn charset_in(text: &str) -> Option<Charset> {
    text.match_indices("charset")
        .find_map(|(at, name)| Charset::of(value_after(&text[at + name.len()..])?))
}

/// The charset that a document declares inside. UTF-16 there means UTF-8, as the standard says: the declaration could be read.
fn declared(bytes: &[u8]) -> Option<Charset> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(META_WINDOW)]).to_ascii_lowercase();
    let declaration = head
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
        .map_or("", |(declaration, _)| declaration);
    let in_declaration = declaration
        .find("encoding")
        .and_then(|at| Charset::of(value_after(&declaration[at + "encoding".len()..])?));
    let in_page = charset_in(&head);
    // What a feed quotes of pages is no declaration of its own.
    let found = if head.contains("<html") {
        in_page.or(in_declaration)
    } else {
        in_declaration.or(in_page)
    }?;
    Some(match found {
        Charset::Web(encoding) if !encoding.is_ascii_compatible() => Charset::Web(UTF_8),
        other => other,
    })
}

/// The value that an equals sign gives, quoted or not.
fn value_after(text: &str) -> Option<&str> {
    let value = text.trim_start().strip_prefix('=')?;
    value
        .trim_start_matches(|letter: char| {
            letter.is_ascii_whitespace() || matches!(letter, '"' | '\'')
        })
        .split(['"', '\'', ';', ' ', ',', '>', '/', '?'])
        .next()
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

    const RUSSIAN: &str = "Прокуратура сообщила о проверке законности в районе";
    const KAZAKH: &str =
        "Әкімдік ғимаратында құқық бұзушылық туралы өтініш, үміт, қаңтар, һәм ІҰҮҢҒҚӨҺ";

    fn wide(text: &str, bytes_of: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    fn written_in(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, is_lossy) = encoding.encode(text);
        assert!(!is_lossy, "{} lacks a letter of {text}", encoding.name());
        bytes.into_owned()
    }

    /// The bytes of a text in the Kazakh standard.
    fn kz_1048(text: &str) -> Vec<u8> {
        let theirs = |letter: char| {
            let known = KZ_1048_LETTERS.iter().find(|(_, ours)| *ours == letter);
            known.map_or(letter, |(theirs, _)| *theirs)
        };
        let text: String = text.chars().map(theirs).collect();
        written_in(WINDOWS_1251, &text)
    }

    /// Charset by header, by `meta`, by XML declaration and by the bytes alone, for the charsets of old sites.
    #[test]
    fn a_charset_is_read_wherever_it_is_named() {
        let charsets = [
            ("windows-1251", WINDOWS_1251, true),
            ("koi8-r", encoding_rs::KOI8_R, true),
            ("iso-8859-5", encoding_rs::ISO_8859_5, true),
            ("ibm866", encoding_rs::IBM866, true),
            ("x-mac-cyrillic", encoding_rs::X_MAC_CYRILLIC, false),
            ("utf-8", UTF_8, true),
        ];
        for (label, encoding, is_guessed) in charsets {
            let text = RUSSIAN.repeat(20);
            let bytes = written_in(encoding, &text);
            let headers = [
                format!("text/html; charset={label}"),
                format!("text/html;charset = \"{}\"", label.to_uppercase()),
            ];
            for header in &headers {
                assert_eq!(decode(&bytes, Some(header)).text, text, "{header}");
            }
            let declarations = [
                format!("<html><meta charset={label}>"),
                format!("<html><meta charset = '{label}' />"),
                format!("<meta http-equiv=Content-Type content=\"text/html; charset={label}\">"),
                format!("<?xml version='1.0' encoding='{label}'?><rss>"),
                format!(
                    "<?xml version=\"1.0\" encoding = \"{label}\" ?><rss><!-- charset=koi8-u -->"
                ),
            ];
            for declaration in &declarations {
                let page = [declaration.as_bytes(), &bytes].concat();
                let decoded = decode(&page, Some("text/html"));
                assert!(
                    decoded.text.ends_with(&text),
                    "{declaration}: {}",
                    decoded.text
                );
                assert!(!decoded.is_broken, "{declaration}");
            }
            if is_guessed {
                assert_eq!(decode(&bytes, None).text, text, "{label} by its bytes");
            }
        }
    }

    #[test]
    fn kazakh_letters_arrive_in_every_charset_that_has_them() {
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let tagged = format!("<p>{KAZAKH}</p>");
        let cases: [(&str, Vec<u8>, Option<&str>); 12] = [
            ("UTF-8", tagged.clone().into_bytes(), None),
            (
                "UTF-8 with a mark and a wrong label",
                marked(b"\xef\xbb\xbf", tagged.clone().into_bytes()),
                Some("text/html; charset=windows-1251"),
            ),
            (
                "UTF-8 labelled windows-1251",
                tagged.clone().into_bytes(),
                Some("text/html; charset=windows-1251"),
            ),
            (
                "UTF-8 labelled as no charset at all",
                tagged.clone().into_bytes(),
                Some("text/html; charset=unknown-8bit"),
            ),
            (
                "UTF-16 with a mark",
                marked(&[0xff, 0xfe], wide(&tagged, u16::to_le_bytes)),
                Some("text/html; charset=utf-8"),
            ),
            (
                "UTF-16 the other way round",
                marked(&[0xfe, 0xff], wide(&tagged, u16::to_be_bytes)),
                None,
            ),
            (
                "UTF-16 without a mark",
                wide(&tagged, u16::to_le_bytes),
                None,
            ),
            (
                "UTF-16 the other way round, without a mark",
                wide(&tagged, u16::to_be_bytes),
                None,
            ),
            (
                "UTF-16 by its header alone",
                wide(&format!(" {tagged}"), u16::to_le_bytes),
                Some("text/html; charset=utf-16le"),
            ),
            (
                "UTF-32",
                tagged
                    .chars()
                    .flat_map(|letter| u32::from(letter).to_le_bytes())
                    .collect(),
                None,
            ),
            (
                "the Kazakh standard by header",
                kz_1048(&tagged),
                Some("text/html; charset=KZ-1048"),
            ),
            (
                "the Kazakh standard by meta",
                marked(b"<meta charset=STRK1048-2002>", kz_1048(&tagged)),
                None,
            ),
        ];
        for (name, bytes, header) in cases {
            let decoded = decode(&bytes, header);
            assert!(decoded.text.contains(KAZAKH), "{name}: {}", decoded.text);
            assert!(!decoded.is_broken, "{name}");
        }
    }

    #[test]
    fn labels_that_are_wrong_and_bytes_that_are_none_lose_nothing_else() {
        let cyrillic = written_in(WINDOWS_1251, RUSSIAN);
        let lied = decode(&cyrillic, Some("text/html; charset=utf-8"));
        assert_eq!((lied.text.as_str(), lied.is_broken), (RUSSIAN, false));
        let mut slightly = KAZAKH.repeat(20).into_bytes();
        slightly.push(0xff);
        let decoded = decode(&slightly, Some("text/html; charset=utf-8"));
        assert!(decoded.is_broken);
        assert!(decoded.text.starts_with(KAZAKH));
        let broken: [(&str, &[u8]); 4] = [
            ("overlong", b"<p>\xc0\xaf \xe0\x80\xaf</p>"),
            ("lone surrogates", b"<p>\xed\xa0\x80 \xed\xbf\xbf</p>"),
            ("cut", b"<p>\xd2\x9b\xd2</p>"),
            ("odd wide letters", b"<\0p\0>\0\x00\xd8x"),
        ];
        for (name, bytes) in broken {
            let decoded = decode(bytes, Some("text/html; charset=utf-8"));
            assert!(
                !decoded.text.contains('/') || decoded.text.contains("</p>"),
                "{name}"
            );
            assert!(decoded.text.starts_with("<p>"), "{name}: {}", decoded.text);
        }
        let seven = decode(
            b"+ADw-script+AD4-alert(1)",
            Some("text/html; charset=utf-7"),
        );
        assert_eq!(seven.text, "+ADw-script+AD4-alert(1)");
        assert_eq!(decode(b"a\0b", None).text, "a\0b");
    }
}
