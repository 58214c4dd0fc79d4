//! Makes a page safe and small for the parser: one linear pass over the text, before any tree is built.
//!
//! The tree builder's time is quadratic in the depth of open elements and in the attributes of one tag, and misnested
//! formatting elements are cloned into every following block; so start tags past those limits are left out here, with
//! their end tags. Scripts, styles, vector drawings and comments are left out too (most bytes of a page); JSON-LD and
//! other JSON scripts are kept aside as text. Text is never changed, but for NUL, which no text has.

/// Open elements past this are left out; real pages stay under 100.
pub const MAX_DEPTH: usize = 256;
/// Open formatting elements past this are left out: each is rebuilt in every block that follows.
const MAX_FORMATTING: usize = 12;
/// Longest tag that is taken for a tag; one longer is left out. Bounds attributes per tag as well.
const MAX_TAG_BYTES: usize = 64 * 1024;
/// Equals signs in a tag past which it is left out: nobody writes so many attributes.
const MAX_ATTRIBUTES: usize = 200;
/// Longest JSON script kept, in bytes.
const MAX_JSON_BYTES: usize = 4 * 1024 * 1024;

/// Longest name a script gives its state, in bytes.
const MAX_NAME_BYTES: usize = 80;

/// What the pass made of a page.
#[derive(Debug)]
pub struct Scanned<'a> {
    /// The page without scripts, styles and comments.
    pub html: String,
    /// Texts of JSON-LD scripts.
    pub json_ld: Vec<&'a str>,
    /// Texts of embedded state objects: `application/json`, `__NEXT_DATA__`, `window.__STATE__ = {…}`.
    pub state: Vec<&'a str>,
    /// Whether tags were left out for depth or size.
    pub is_cut: bool,
    /// Bytes and open elements looked at: what the pass cost. Tests hold that it grows with the page and no faster.
    pub n_looked: usize,
}

/// Elements that are never open.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr", "frame", "keygen", "basefont", "bgsound",
];
/// Formatting elements of the standard: the parser reopens them after misnesting.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];
/// Elements left out with all they hold; none of them is main text.
const SKIPPED: &[&str] = &[
    "script", "style", "svg", "noscript", "template", "iframe", "object", "math", "noembed",
    "noframes", "canvas",
];
/// Elements whose end tag is often missing: one closes the one before it.
const SELF_CLOSING_PEERS: &[&str] = &["p", "li", "td", "th", "tr", "dd", "dt", "option"];

/// Runs the pass.
pub fn scan(text: &str) -> Scanned<'_> {
    let mut pass = Pass {
        text,
        at: 0,
        out: Scanned {
            html: String::with_capacity(text.len() / 2),
            json_ld: Vec::new(),
            state: Vec::new(),
            is_cut: false,
            n_looked: 0,
        },
        open: Vec::new(),
        n_formatting: 0,
        left_out: Vec::new(),
        never_closed: Vec::new(),
    };
    while pass.at < text.len() {
        pass.step();
    }
    if pass.out.html.contains('\0') {
        pass.out.html = pass.out.html.replace('\0', "");
    }
    pass.out
}

/// State of the pass.
struct Pass<'a> {
    text: &'a str,
    at: usize,
    out: Scanned<'a>,
    open: Vec<&'a str>,
    n_formatting: usize,
    /// Names of start tags left out whose end tags are still to come, and how many.
    left_out: Vec<(&'a str, usize)>,
    /// Skipped elements known to have no end tag further on, so that it is looked for once.
    never_closed: Vec<&'a str>,
}

impl<'a> Pass<'a> {
    /// Takes text up to the next tag, and that tag.
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        self.out.n_looked += 1;
        let Some(tag_at) = rest.find('<') else {
            self.out.html.push_str(rest);
            self.at = self.text.len();
            return;
        };
        self.out.html.push_str(&rest[..tag_at]);
        self.out.n_looked += tag_at;
        self.at += tag_at;
        let rest = &self.text[self.at..];
        let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
        match second {
            b'!' | b'?' => self.declaration(rest),
            b'/' => self.end_tag(rest),
            letter if letter.is_ascii_alphabetic() => self.start_tag(rest),
            _ => {
                self.out.html.push('<');
                self.at += 1;
            }
        }
    }

    /// A comment, doctype or processing instruction: left out, except the doctype, which decides how tables nest.
    fn declaration(&mut self, rest: &'a str) {
        let end = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.find("-->").map(|at| at + 7)
        } else {
            rest.find('>').map(|at| at + 1)
        };
        let end = end.unwrap_or(rest.len());
        if rest
            .get(..9)
            .is_some_and(|head| head.eq_ignore_ascii_case("<!doctype"))
        {
            self.out.html.push_str(&rest[..end]);
        }
        self.at += end;
    }

    /// An end tag; the one of a start tag that was left out is left out as well.
    fn end_tag(&mut self, rest: &'a str) {
        let end = rest.find('>').map_or(rest.len(), |at| at + 1);
        let name = name_at(rest, 2);
        self.at += end;
        self.out.n_looked += end + self.left_out.len() + self.open.len();
        let left_out = self
            .left_out
            .iter_mut()
            .find(|(open, n)| *n > 0 && open.eq_ignore_ascii_case(name));
        if let Some((_, n)) = left_out {
            *n -= 1;
            return;
        }
        let open = self
            .open
            .iter()
            .rposition(|open| open.eq_ignore_ascii_case(name));
        match open {
            Some(at) => {
                while self.open.len() > at {
                    self.close();
                }
                self.out.html.push_str(&rest[..end]);
            }
            // The end of what was never begun means something to the parser only for these two.
            None if is_one_of(&["p", "br"], name) => self.out.html.push_str(&rest[..end]),
            None => {}
        }
    }

    /// A start tag: kept, left out, or skipped with all it holds.
    fn start_tag(&mut self, rest: &'a str) {
        let end = tag_end(rest);
        let tag = &rest[..end];
        let name = name_at(rest, 1);
        self.at += end;
        self.out.n_looked += end + self.left_out.len();
        if is_one_of(SKIPPED, name) {
            self.skip(name, tag);
            return;
        }
        let is_formatting = is_one_of(FORMATTING, name);
        let is_void = is_one_of(VOID, name);
        let is_oversized = end > MAX_TAG_BYTES
            || (end > 2 * MAX_ATTRIBUTES
                && tag
                    .bytes()
                    .filter(|byte| *byte == b'=' || *byte == b' ')
                    .count()
                    > MAX_ATTRIBUTES
                && is_flood(tag));
        if is_one_of(SELF_CLOSING_PEERS, name)
            && self
                .open
                .last()
                .is_some_and(|open| open.eq_ignore_ascii_case(name))
        {
            self.close();
        }
        let is_too_deep =
            self.open.len() >= MAX_DEPTH || (is_formatting && self.n_formatting >= MAX_FORMATTING);
        if is_oversized || (is_too_deep && !is_void) {
            self.out.is_cut = true;
            if !is_void {
                self.leave_out(name);
            }
            return;
        }
        if !is_void && !tag.ends_with("/>") {
            self.open.push(name);
            self.n_formatting += usize::from(is_formatting);
        }
        self.out.html.push_str(tag);
    }

    /// Remembers a start tag that was left out.
    fn leave_out(&mut self, name: &'a str) {
        let known = self
            .left_out
            .iter()
            .position(|(open, _)| open.eq_ignore_ascii_case(name));
        match known {
            Some(at) => self.left_out[at].1 += 1,
            None if self.left_out.len() < MAX_DEPTH => self.left_out.push((name, 1)),
            None => {}
        }
    }

    /// Takes the innermost open element off.
    fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.n_formatting -= usize::from(is_one_of(FORMATTING, name));
        }
    }

    /// Goes past an element that is no text, keeping JSON aside.
    fn skip(&mut self, name: &'a str, tag: &str) {
        if is_one_of(&self.never_closed, name) {
            return;
        }
        if tag.ends_with("/>")
            && !name.eq_ignore_ascii_case("script")
            && !name.eq_ignore_ascii_case("style")
        {
            return;
        }
        let rest = &self.text[self.at..];
        self.out.n_looked += rest.len();
        let (content, end) = match find_end_tag(rest, name) {
            Some((start, end)) => {
                self.out.n_looked -= rest.len() - end;
                (&rest[..start], end)
            }
            // An element that is never closed: only a script or style swallows the rest, as in a browser.
            None if is_one_of(&["script", "style"], name) => (rest, rest.len()),
            None => {
                self.never_closed.push(name);
                ("", 0)
            }
        };
        if name.eq_ignore_ascii_case("script") && content.len() <= MAX_JSON_BYTES {
            let lower = tag.to_ascii_lowercase();
            if lower.contains("ld+json") {
                self.out.json_ld.push(content);
            } else if lower.contains("application/json") || lower.contains("__next_data__") {
                self.out.state.push(content);
            } else if let Some(object) = assigned_object(content) {
                self.out.state.push(object);
            }
        }
        self.at += end;
    }
}

/// The object a script assigns at its start to a name for embedded state: `window.__STATE__ = {`, `var __data = {`.
fn assigned_object(script: &str) -> Option<&str> {
    let script = script.trim_start();
    let head_end = script.find(['{', ';', '('])?;
    let head = script[..head_end].trim_end();
    let is_state = head.len() <= MAX_NAME_BYTES && head.ends_with('=') && head.contains("__");
    (is_state && script[head_end..].starts_with('{')).then(|| &script[head_end..])
}

/// Whether a long tag really holds more attributes than the limit, counted outside quotes.
fn is_flood(tag: &str) -> bool {
    let (mut n, mut quote) = (0_usize, None);
    for byte in tag.bytes() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b' ' | b'\n' | b'\t' | b'/' | b'\r' | b'\x0c') => n += 1,
            _ => {}
        }
    }
    n > MAX_ATTRIBUTES
}

/// The element name that starts at a byte of a tag.
fn name_at(tag: &str, start: usize) -> &str {
    let tail = tag.get(start..).unwrap_or_default();
    let end = tail
        .bytes()
        .position(|byte| byte.is_ascii_whitespace() || byte == b'>' || byte == b'/' || byte == b'<')
        .unwrap_or(tail.len());
    &tail[..end]
}

/// Byte after a start tag's `>`, quoted attribute values passed over; a quote that never ends counts only to the next `>`.
fn tag_end(rest: &str) -> usize {
    let window = &rest.as_bytes()[..rest.len().min(MAX_TAG_BYTES)];
    let mut quote = None;
    for (at, byte) in window.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            // A quote opens a value only after an equals sign; elsewhere it is a stray one.
            (None, b'"' | b'\'') if follows_equals(&window[..at]) => quote = Some(*byte),
            (Some(open), _) if open == *byte => quote = None,
            _ => {}
        }
    }
    rest.find('>').map_or(rest.len(), |at| at + 1)
}

/// Whether the last byte that is not white space is an equals sign.
fn follows_equals(before: &[u8]) -> bool {
    before.iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'=')
}

/// Start and end of the end tag of `name`.
fn find_end_tag(text: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("</") {
        let start = from + found;
        if name_at(&text[start..], 2).eq_ignore_ascii_case(name) {
            let end = text[start..]
                .find('>')
                .map_or(text.len(), |at| start + at + 1);
            return Some((start, end));
        }
        from = start + 2;
    }
    None
}

/// Whether a name is in a list, whatever its case.
fn is_one_of(list: &[&str], name: &str) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_styles_and_comments_go_and_json_is_kept_aside() {
        let scanned = scan(
            "<p>a<script>if (1 < 2) { x = '</p>' }</script><!-- <p> --><style>p{}</style>b</p>\
             <script type=\"application/ld+json\">{\"@type\":\"NewsArticle\"}</script><svg><path d='1'/></svg>",
        );
        assert_eq!(scanned.html, "<p>ab</p>");
        assert_eq!(scanned.json_ld, ["{\"@type\":\"NewsArticle\"}"]);
    }

    #[test]
    fn depth_and_formatting_are_limited_and_text_is_kept() {
        let page = format!("{}text{}", "<div>".repeat(5000), "</div>".repeat(5000));
        let deep = scan(&page);
        assert!(deep.is_cut);
        assert_eq!(deep.html.matches("<div>").count(), MAX_DEPTH);
        assert_eq!(deep.html.matches("</div>").count(), MAX_DEPTH);
        let page = format!("{}text", "<b>".repeat(500));
        let bold = scan(&page);
        assert_eq!(bold.html.matches("<b>").count(), MAX_FORMATTING);
        let page = "<p>one".repeat(2000);
        let paragraphs = scan(&page);
        assert!(!paragraphs.is_cut);
    }

    #[test]
    fn a_sign_that_is_no_tag_stays_text() {
        assert_eq!(scan("5 < 6 и 7 <- 8").html, "5 < 6 и 7 <- 8");
    }
}
