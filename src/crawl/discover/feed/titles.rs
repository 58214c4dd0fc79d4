//! Rewrites titles that strict readers take for something else into one form: HTML, escaped.
//!
//! Three forms: Base64 (`mode="base64"` of Atom before it was a standard, and a binary type, which some took to mean the same of a title
//! as of a content: RFC 4287, 4.1.3.3; RFC 4648, 4), text that is declared as plain, in which a `<` is a `<` (RFC 4287, 3.1.1.1), and
//! markup that stands in the title unescaped, whether it was declared so (3.1.1.3) or not.

use super::scan::{attribute, tags, text_of};

/// Elements of HTML that stand in titles.
const INLINE: [&str; 17] = [
    "a", "abbr", "b", "br", "div", "em", "i", "img", "p", "q", "script", "small", "span", "strong",
    "style", "sub", "sup",
];

/// The feed with such titles rewritten; all else stays as it stands.
pub(super) fn rewritten(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(title) = Title::next(rest) {
        match title.as_html() {
            Some(html) => {
                out.push_str(&rest[..title.start]);
                out.push_str(&format!("<{} type=\"html\">{}", title.name, escaped(&html)));
            }
            None => out.push_str(&rest[..title.end]),
        }
        rest = &rest[title.end..];
    }
    out + rest
}

/// A title as it stands in a feed.
struct Title<'t> {
    /// Where its opening tag begins.
    start: usize,
    /// Where its closing tag begins.
    end: usize,
    name: &'t str,
    attributes: &'t str,
    content: &'t str,
}

impl<'t> Title<'t> {
    /// The next title of a text.
    fn next(text: &'t str) -> Option<Title<'t>> {
        let mut from = 0;
        loop {
            let start = from + text[from..].find('<')?;
            from = start + 1;
            let inside = &text[from..];
            let end = inside.find(['<', '>'])?;
            let (tag, behind) = (&inside[..end], &inside[end..]);
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let local = name.rsplit(':').next().unwrap_or(name);
            let is_title = local.eq_ignore_ascii_case("title") && !attributes.ends_with('/');
            let Some(behind) = behind.strip_prefix('>').filter(|_| is_title) else {
                continue;
            };
            let begin = text.len() - behind.len();
            // Where none ends any more, none is rewritten: looking for the end of each would take for ever.
            let length = behind.find(&format!("</{name}"))?;
            return Some(Title {
                start,
                end: begin + length,
                name,
                attributes,
                content: &behind[..length],
            });
        }
    }

    /// Its HTML, where it is in one of the forms.
    fn as_html(&self) -> Option<String> {
        let says = |name: &str, values: &[&str]| {
            let said = attribute(self.attributes, name).unwrap_or_default();
            let said = said.trim().to_ascii_lowercase();
            values.contains(&said.as_str())
        };
        if self.content.contains("<![") {
            return None;
        }
        if self.content.contains('<') {
            let are_inline = tags(self.content).all(|tag| INLINE.contains(&tag.as_str()));
            return are_inline.then(|| escaped(&text_of(self.content).unwrap_or_default()));
        }
        if says("mode", &["base64"]) || says("type", &["application/octet-stream"]) {
            return decoded(self.content);
        }
        let is_plain = says("type", &["text", "text/plain"]) && self.content.contains('&');
        // Escaped once as it stands, for XML; that once is for HTML now.
        is_plain.then(|| self.content.to_owned())
    }
}

/// A text as HTML or XML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The text that some digits of Base64 stand for; `None` where they are none, or stand for no text.
fn decoded(digits: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut bits, mut n_bits) = (0u32, 0);
    for digit in digits.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            // What is cut off was taken before.
            bytes.push((bits >> n_bits & 0xFF) as u8);
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn titles_are_read_in_whatever_form_they_are_written() {
        // "Көктем", "Туман &amp; <b>тишина</b>", and bytes that are no text.
        let kazakh = "0JrTqdC60YLQtdC8";
        let marked = "\n  0KLRg9C80LDQvSAmYW1wOyA8Yj7RgtC40YjQuNC90LA8L2I+\n";
        let cases = [
            (format!("<title mode='base64'>{kazakh}</title>"), Some("Көктем")),
            (format!("<title type=\"text/html\" mode=\"BASE64\">{marked}</title>"), Some("Туман & тишина")),
            (format!("<title type='application/octet-stream'>{kazakh}</title>"), Some("Көктем")),
            (format!("<title>{kazakh}</title>"), Some(kazakh)),
            ("<title mode='base64'>Көктем</title>".to_owned(), Some("Көктем")),
            ("<title mode='base64'>/////w==</title>".to_owned(), Some("/////w==")),
            ("<title mode='base64'/>".to_owned(), None),
            ("<title mode='base64'>".to_owned(), None),
            ("<title type='text'>Что значит &lt;title&gt; &amp;amp; где он</title>".to_owned(), Some("Что значит <title> &amp; где он")),
            ("<title type='text/plain'>A &amp; B</title>".to_owned(), Some("A & B")),
            ("<title>Не &lt;b&gt;жирно&lt;/b&gt;</title>".to_owned(), Some("Не жирно")),
            ("<title>Пример <b>марки</b> &amp; шрифта</title>".to_owned(), Some("Пример марки & шрифта")),
            (
                "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>тихо<script type='text/javascript'>alert('x');</script> здесь</div></title>".to_owned(),
                Some("тихо здесь"),
            ),
            (
                "<title type='application/xhtml+xml' mode='xml'><div>2 &lt; 3</div></title>".to_owned(),
                Some("2 < 3"),
            ),
            ("<title><![CDATA[Вода <i>и</i> лёд]]></title>".to_owned(), Some("Вода и лёд")),
        ];
        for (title, expected) in cases {
            let atom = "<feed version='0.3' xmlns='http://purl.org/atom/ns#'>";
            for feed in [
                format!("{atom}<entry>{title}<link rel='alternate' href='/a'/></entry></feed>"),
                format!("{atom}{title}<entry><link rel='alternate' href='/a'/></entry></feed>"),
            ] {
                let read = parse(feed.as_bytes(), None).expect(&feed);
                let of_entry = read.entries.first().and_then(|entry| entry.title.clone());
                assert_eq!(read.title.or(of_entry).as_deref(), expected, "{feed}");
            }
        }
    }

    #[test]
    fn titles_without_end_cost_no_more_than_their_length() {
        let feeds = [
            "<title mode='base64'>".repeat(50_000),
            "<".repeat(400_000),
            "<title ".repeat(50_000),
            "<title>x</b></title>".repeat(20_000),
        ];
        for inner in feeds {
            let feed = format!(
                "<rss version='2.0'><channel><item><title>One</title><link>https://example.org/a</link></item>{inner}"
            );
            // That it ends at all is half of the test.
            let read = parse(feed.as_bytes(), None).unwrap();
            assert_eq!(
                read.entries[0].link.as_deref(),
                Some("https://example.org/a")
            );
        }
    }
}
