//! Finds the items of a feed that no strict reader takes, by looking for tags without asking that they nest.

use chrono::{DateTime, Utc};

use super::{Entry, Feed, MAX_ENTRIES};

/// A piece of markup.
enum Piece<'t> {
    /// An opening tag: local name in lower case, and what stands behind it.
    Open(String, &'t str),
    /// A closing tag.
    Close(String),
    /// Text, with entities still in it.
    Text(&'t str),
    /// Text of a CDATA section.
    Raw(&'t str),
}

/// The items found; `None` when nothing looks like a feed.
pub(super) fn feed(text: &str) -> Option<Feed> {
    let mut scan = Scan::default();
    for piece in Pieces(text) {
        scan.take(piece);
        if scan.feed.entries.len() >= MAX_ENTRIES {
            break;
        }
    }
    scan.end_entry();
    scan.is_feed.then_some(scan.feed)
}

/// The text of a piece of HTML without tags, scripts and styles; `None` when nothing is left.
pub(super) fn text_of(html: &str) -> Option<String> {
    let mut text = String::new();
    let mut hidden: Option<String> = None;
    for piece in Pieces(html) {
        match piece {
            Piece::Open(name, attributes)
                if matches!(name.as_str(), "script" | "style") && !attributes.ends_with('/') =>
            {
                hidden = Some(name)
            }
            Piece::Close(name) if hidden.as_deref() == Some(name.as_str()) => hidden = None,
            Piece::Text(part) if hidden.is_none() => text.push_str(&unescape(part)),
            Piece::Raw(part) if hidden.is_none() => text.push_str(part),
            _ => {}
        }
    }
    let text: Vec<&str> = text.split_whitespace().collect();
    Some(text.join(" ")).filter(|text| !text.is_empty())
}

/// The local names of the opening tags in a piece of markup, in lower case.
pub(super) fn tags(text: &str) -> impl Iterator<Item = String> {
    Pieces(text).filter_map(|piece| match piece {
        Piece::Open(name, _) => Some(name),
        _ => None,
    })
}

/// Where a scan stands.
#[derive(Default)]
struct Scan {
    feed: Feed,
    is_feed: bool,
    entry: Option<Entry>,
    /// The element whose text is being read, and the text so far.
    reading: Option<(String, String)>,
    /// Inside an element of the feed that has a title of its own.
    aside: Option<String>,
}

impl Scan {
    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Open(name, attributes) => self.open(&name, attributes),
            Piece::Close(name) => self.close(&name),
            Piece::Text(text) => {
                if let Some((_, read)) = &mut self.reading {
                    read.push_str(&unescape(text));
                }
            }
            Piece::Raw(text) => {
                if let Some((_, read)) = &mut self.reading {
                    read.push_str(text);
                }
            }
        }
    }

    fn open(&mut self, name: &str, attributes: &str) {
        match name {
            "rss" | "feed" | "rdf" | "channel" => self.is_feed = true,
            "item" | "entry" => {
                self.end_entry();
                self.is_feed = true;
                self.entry = Some(Entry::default());
                // The old channel definition format carries the address on the item itself.
                let link = attribute(attributes, "href").or_else(|| attribute(attributes, "about"));
                self.set("link", &link.unwrap_or_default());
            }
            "textinput" | "image" | "author" | "source" => {
                self.end_text();
                self.aside = Some(name.to_owned());
            }
            "link" => {
                self.end_text();
                let rel = attribute(attributes, "rel");
                let is_page = rel.as_deref().is_none_or(|rel| rel == "alternate");
                let is_feeds = self.entry.is_none();
                match attribute(attributes, "href") {
                    Some(href) if is_page => self.set("link", &href),
                    Some(href) if is_feeds && rel.as_deref() == Some("hub") => {
                        self.feed.hub.get_or_insert(href);
                    }
                    Some(href) if is_feeds && rel.as_deref() == Some("self") => {
                        self.feed.topic.get_or_insert(href);
                    }
                    Some(_) => {}
                    None => self.reading = Some((name.to_owned(), String::new())),
                }
            }
            "title" | "guid" | "id" | "pubdate" | "published" | "updated" | "date" | "modified"
            | "issued" | "language" => {
                self.end_text();
                self.reading = Some((name.to_owned(), String::new()));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if self.aside.as_deref() == Some(name) {
            self.aside = None;
        }
        if self
            .reading
            .as_ref()
            .is_some_and(|(reading, _)| reading == name)
        {
            self.end_text();
        }
        if matches!(name, "item" | "entry") {
            self.end_entry();
        }
    }

    fn end_text(&mut self) {
        if let Some((name, text)) = self.reading.take() {
            self.set(&name, &text);
        }
    }

    fn end_entry(&mut self) {
        self.end_text();
        self.aside = None;
        self.feed.entries.extend(self.entry.take());
    }

    /// Sets a field unless it is set already.
    fn set(&mut self, name: &str, text: &str) {
        let text = if name == "title" {
            text_of(text)
        } else {
            Some(text.trim().to_owned())
        };
        let Some(text) = text.filter(|text| !text.is_empty() && self.aside.is_none()) else {
            return;
        };
        let Some(entry) = &mut self.entry else {
            if name == "title" && self.feed.title.is_none() {
                self.feed.title = Some(text);
            }
            return;
        };
        let place = match name {
            "link" => &mut entry.link,
            "title" => &mut entry.title,
            "guid" | "id" => &mut entry.id,
            "language" => &mut entry.language,
            _ => {
                entry.published = entry.published.or_else(|| moment(&text));
                return;
            }
        };
        place.get_or_insert(text);
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let parsed = DateTime::parse_from_rfc2822(text).or_else(|_| DateTime::parse_from_rfc3339(text));
    parsed.ok().map(|at| at.with_timezone(&Utc))
}

/// Walks over markup.
struct Pieces<'t>(&'t str);

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        loop {
            if self.0.is_empty() {
                return None;
            }
            let Some(rest) = self.0.strip_prefix('<') else {
                let end = self.0.find('<').unwrap_or(self.0.len());
                return Some(Piece::Text(self.cut(end, 0)));
            };
            if rest.starts_with("!--") {
                let end = self.0.find("-->").unwrap_or(self.0.len());
                self.cut(end, 3);
            } else if let Some(inside) = rest.strip_prefix("![CDATA[") {
                self.0 = inside;
                let end = self.0.find("]]>").unwrap_or(self.0.len());
                return Some(Piece::Raw(self.cut(end, 3)));
            } else if rest.starts_with(['!', '?']) {
                let end = self.0.find('>').unwrap_or(self.0.len());
                self.cut(end, 1);
            } else if rest.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/')
            {
                self.0 = rest;
                let end = self.0.find('>').unwrap_or(self.0.len());
                return Some(tag(self.cut(end, 1)));
            } else {
                // A stray `<`.
                let end = rest.find('<').map_or(self.0.len(), |at| at + 1);
                return Some(Piece::Text(self.cut(end, 0)));
            }
        }
    }
}

impl<'t> Pieces<'t> {
    /// Takes `length` bytes and drops `skip` more.
    fn cut(&mut self, length: usize, skip: usize) -> &'t str {
        let (taken, rest) = self.0.split_at(length);
        self.0 = rest.get(skip..).unwrap_or_default();
        taken
    }
}

fn tag(inside: &str) -> Piece<'_> {
    let (is_close, inside) = match inside.strip_prefix('/') {
        Some(inside) => (true, inside),
        None => (false, inside),
    };
    let end = inside
        .find(|letter: char| letter.is_ascii_whitespace() || letter == '/')
        .unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(end);
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    if is_close {
        Piece::Close(local)
    } else {
        Piece::Open(local, attributes)
    }
}

/// The value of an attribute, by its local name.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(name).map(|at| from + at) {
        from = at + name.len();
        let starts = at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric();
        let Some(value) = attributes[from..].trim_start().strip_prefix('=') else {
            continue;
        };
        if !starts {
            continue;
        }
        let value = value.trim_start();
        let quote = value
            .chars()
            .next()
            .filter(|letter| matches!(letter, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split([' ', '\t', '\r', '\n']).next(),
        };
        return value.map(unescape);
    }
    None
}

/// Undoes the entities of XML and the commonest of HTML; unknown ones stay.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .char_indices()
            .take(12)
            .find(|(_, letter)| *letter == ';')
            .map(|(idx, _)| idx);
        match end.and_then(|end| entity(&rest[1..end]).map(|letter| (end, letter))) {
            Some((end, letter)) => {
                out.push(letter);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "laquo" => '«',
        "raquo" => '»',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "ldquo" => '“',
        "rdquo" => '”',
        "bdquo" => '„',
        "lsquo" => '‘',
        "rsquo" => '’',
        "copy" => '©',
        _ => return None,
    })
}
