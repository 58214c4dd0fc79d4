//! Reads robots.txt and says whether an address may be fetched, how fast, and where sitemaps stand (RFC 9309).
//!
//! Lenient where the wild is sloppy: any line end, a missing colon, misspelt keys, a byte order mark.
//! Where escapes could be compared in two ways both must allow, so that a sloppy file never opens more than it meant to.

use std::time::Duration;

/// Bytes of a file that are read; the RFC asks for at least 500 KiB (2.5).
pub const MAX_BYTES: usize = 512 * 1024;
/// Bytes of a line that are read: eight times the longest address that browsers take.
const MAX_LINE_BYTES: usize = 2083 * 8;
/// Sitemap lines that are kept.
const MAX_SITEMAPS: usize = 100;

/// The rules of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Robots {
    groups: Vec<Group>,
    /// Sitemaps it names, as written.
    pub sitemaps: Vec<String>,
}

/// Rules for some agents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Group {
    /// Product tokens in lower case; `*` for everybody.
    agents: Vec<String>,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    is_allow: bool,
    pattern: String,
}

/// What a line says.
enum Key {
    Agent,
    Allow,
    Disallow,
    CrawlDelay,
    Sitemap,
}

impl Robots {
    /// Reads a file; what cannot be read is left out, never an error (2.2.4).
    pub fn parse(bytes: &[u8]) -> Robots {
        let bytes = match bytes.get(..MAX_BYTES) {
            // A line that the limit cuts would be a shorter rule, which holds for more than was meant.
            Some(start) if bytes.len() > MAX_BYTES => {
                let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
                let is_whole = bytes.get(MAX_BYTES).is_some_and(is_end);
                let end = start.iter().rposition(is_end).map_or(0, |at| at + 1);
                if is_whole { start } else { &start[..end] }
            }
            _ => bytes,
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut robots = Robots::default();
        let mut is_naming_agents = false;
        for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = &line[..line.len().min(MAX_LINE_BYTES)];
            let line = String::from_utf8_lossy(line);
            if let Some((key, value)) = key_and_value(&line) {
                is_naming_agents = robots.take(&key, value, is_naming_agents);
            }
        }
        robots
    }

    /// Takes one line in; returns whether a following agent line joins the same group.
    fn take(&mut self, key: &Key, value: &str, is_naming_agents: bool) -> bool {
        let group = self.groups.last_mut();
        match (key, group) {
            (Key::Agent, group) => {
                let agent = product_token(value);
                match group {
                    Some(group) if is_naming_agents => group.agents.push(agent),
                    _ => self.groups.push(Group {
                        agents: vec![agent],
                        ..Group::default()
                    }),
                }
                return true;
            }
            (Key::Allow | Key::Disallow, Some(group)) => {
                if !value.is_empty() {
                    group.rules.push(Rule {
                        is_allow: matches!(key, Key::Allow),
                        pattern: escape(value),
                    });
                }
                return false;
            }
            (Key::CrawlDelay, Some(group)) => {
                group.crawl_delay = seconds(value).or(group.crawl_delay);
            }
            (Key::Sitemap, _) if self.sitemaps.len() < MAX_SITEMAPS => {
                self.sitemaps.push(value.to_owned());
            }
            _ => {}
        }
        is_naming_agents
    }

    /// The groups that hold for a product token: all that name it, else all for everybody (2.2.1).
    fn groups_for(&self, token: &str) -> Vec<&Group> {
        let agent = token.to_ascii_lowercase();
        let named = |name: &str| -> Vec<&Group> {
            let names = |group: &&Group| group.agents.iter().any(|agent| agent == name);
            self.groups.iter().filter(names).collect()
        };
        let own = if agent.is_empty() || agent == "*" {
            Vec::new()
        } else {
            named(&agent)
        };
        if own.is_empty() { named("*") } else { own }
    }

    /// Whether the agent of a product token may fetch an address, given as path and query with escapes as in a URL.
    pub fn allows(&self, token: &str, path_and_query: &str) -> bool {
        if path_and_query == "/robots.txt" {
            return true;
        }
        let path = if path_and_query.starts_with('/') {
            upper_escapes(path_and_query)
        } else {
            format!("/{}", upper_escapes(path_and_query))
        };
        let rules: Vec<&Rule> = self
            .groups_for(token)
            .into_iter()
            .flat_map(|group| &group.rules)
            .collect();
        let as_written = decide(
            rules
                .iter()
                .map(|rule| (rule.is_allow, rule.pattern.clone())),
            &path,
        );
        let unescaped = decide(
            rules
                .iter()
                .map(|rule| (rule.is_allow, unescape(&rule.pattern))),
            &unescape(&path),
        );
        as_written && unescaped
    }

    /// The pause the agent of a product token is asked for: the longest of its groups.
    pub fn crawl_delay(&self, token: &str) -> Option<Duration> {
        let groups = self.groups_for(token);
        groups.iter().filter_map(|group| group.crawl_delay).max()
    }
}

/// The verdict of the longest matching pattern; allow wins a tie, and no match allows (2.2.2).
fn decide(rules: impl Iterator<Item = (bool, String)>, path: &str) -> bool {
    let mut best: Option<(usize, bool)> = None;
    for (is_allow, pattern) in rules {
        let Some(length) = match_length(is_allow, &pattern, path) else {
            continue;
        };
        if best.is_none_or(|best| (length, is_allow) > best) {
            best = Some((length, is_allow));
        }
    }
    best.is_none_or(|(_, is_allow)| is_allow)
}

/// How specific a matching pattern is, in bytes. An allowed index page allows its folder too.
fn match_length(is_allow: bool, pattern: &str, path: &str) -> Option<usize> {
    if matches(pattern, path) {
        return Some(pattern.len());
    }
    let (folder, page) = pattern.rsplit_once('/')?;
    let names_index = is_allow && page.starts_with("index.htm");
    let folder = format!("{folder}/$");
    (names_index && matches(&folder, path)).then_some(folder.len())
}

/// Whether a pattern matches the start of a path; `*` stands for anything, a last `$` for the end (2.2.3).
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return !is_anchored || rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if is_anchored {
        rest.ends_with(last)
    } else {
        rest.contains(last)
    }
}

fn key_and_value(line: &str) -> Option<(Key, &str)> {
    let line = line.split('#').next().unwrap_or_default();
    let blank = |letter: char| letter.is_ascii_whitespace() || letter == '\0';
    let line = line.trim_matches(blank);
    let (key, value) = match line.split_once(':') {
        Some(pair) => pair,
        // A forgotten colon, where the line is exactly two words.
        None => {
            let (key, value) = line.split_once([' ', '\t'])?;
            let value = value.trim_matches(blank);
            if value.contains([' ', '\t']) {
                return None;
            }
            (key, value)
        }
    };
    let key = match key.trim_matches(blank).to_ascii_lowercase().as_str() {
        "user-agent" | "useragent" | "user agent" => Key::Agent,
        "allow" => Key::Allow,
        "disallow" | "dissallow" | "dissalow" | "disalow" | "diasllow" | "disallaw" => {
            Key::Disallow
        }
        "crawl-delay" | "crawldelay" => Key::CrawlDelay,
        "sitemap" | "site-map" => Key::Sitemap,
        _ => return None,
    };
    Some((key, value.trim_matches(blank)))
}

/// The part of an agent that names the product, in lower case (2.2.1); `*` for everybody.
pub fn product_token(agent: &str) -> String {
    if agent == "*" || agent.starts_with("* ") || agent.starts_with("*\t") {
        return "*".to_owned();
    }
    let is_token = |letter: &char| letter.is_ascii_alphabetic() || matches!(letter, '-' | '_');
    let token: String = agent.chars().take_while(is_token).collect();
    token.to_ascii_lowercase()
}

/// Whole and decimal seconds; anything else is no pause.
fn seconds(value: &str) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let whole: u64 = whole.parse().ok()?;
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    let milliseconds: u64 = thousandths.parse().ok()?;
    Some(Duration::from_millis(
        whole.checked_mul(1000)?.checked_add(milliseconds)?,
    ))
}

/// Escapes what is not ASCII and writes escapes in upper case; everything else stays.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii() {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    upper_escapes(&out)
}

/// Writes escapes in upper case.
fn upper_escapes(text: &str) -> String {
    let mut n_digits = 0;
    let raise = |letter: char| {
        n_digits = match letter {
            '%' => 2,
            _ if n_digits > 0 => n_digits - 1,
            _ => return letter,
        };
        letter.to_ascii_uppercase()
    };
    text.chars().map(raise).collect()
}

/// Undoes escapes of letters that need none (RFC 3986, 2.3).
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let byte = rest
            .get(at + 1..at + 3)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte)
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') =>
            {
                out.push(char::from(byte));
                rest = &rest[at + 3..];
            }
            _ => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
