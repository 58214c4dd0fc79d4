//! Cuts a query into words, quotations, fields and signs, mending what is open or unknown and saying so.

use crate::index::words::distance;
use crate::model::{Repair, RepairKind};

/// Names of fields, as typed.
pub(super) const FIELDS: [&str; 18] = [
    "title",
    "author",
    "source",
    "lang",
    "role",
    "url",
    "body",
    "place",
    "person",
    "case",
    "verdict",
    "slot",
    "amount",
    "published",
    "first_seen",
    "changed",
    "gone",
    "revision",
];
/// Words between two that stand near to each other, where the query does not say how many.
const NEAR: u32 = 5;
/// More than this is not near.
const MAX_NEAR: u32 = 50;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `|`
    Or,
    /// `-` before something.
    Not,
    /// A word, with the name of a field before it.
    Word(Option<String>, String),
    /// A quotation, with the name of a field before it, and how many words may stand between its own.
    Quote(Option<String>, String, u32),
    /// `NEAR/5` between two words: at most so many words between them.
    Near(u32),
}

/// Cuts a query into pieces.
pub(super) fn lex(text: &str, repairs: &mut Vec<Repair>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Some(Token::Open), 1),
            ')' => (Some(Token::Close), 1),
            '|' => (Some(Token::Or), 1),
            '-' | '−' => (Some(Token::Not), first.len_utf8()),
            _ if is_quote(first) => {
                let (quoted, slop, length) = quotation(rest, repairs);
                (Some(Token::Quote(None, quoted, slop)), length)
            }
            _ => word(rest, repairs),
        };
        tokens.extend(token);
        rest = rest[length..].trim_start();
    }
    tokens
}

/// Whether a character opens or closes a quotation.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '“' | '”' | '„')
}

/// A quotation at the start of `rest`: its text, its slop (`~3` after it) and its length with all of that.
fn quotation(rest: &str, repairs: &mut Vec<Repair>) -> (String, u32, usize) {
    let open = rest.chars().next().map_or(0, char::len_utf8);
    match rest[open..].char_indices().find(|(_, c)| is_quote(*c)) {
        Some((end, close)) => {
            let quoted = rest[open..open + end].to_owned();
            let length = open + end + close.len_utf8();
            let digits = rest[length..].strip_prefix('~').map_or("", leading_digits);
            match digits.parse::<u32>() {
                Ok(slop) => (quoted, slop.min(MAX_NEAR), length + 1 + digits.len()),
                Err(_) => (quoted, 0, length),
            }
        }
        None => {
            repairs.push(Repair::of(RepairKind::OpenQuotation));
            (rest[open..].to_owned(), 0, rest.len())
        }
    }
}

/// The digits that a text begins with.
fn leading_digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit());
    &text[..end.unwrap_or(text.len())]
}

/// `NEAR` or `NEAR/5`.
fn near(written: &str) -> Option<u32> {
    let rest = written.strip_prefix("NEAR")?;
    if rest.is_empty() {
        return Some(NEAR);
    }
    let words: u32 = rest.strip_prefix('/')?.parse().ok()?;
    Some(words.min(MAX_NEAR))
}

/// A word at the start of `rest`, or a field with its value.
fn word(rest: &str, repairs: &mut Vec<Repair>) -> (Option<Token>, usize) {
    let end = rest
        .char_indices()
        .find(|(_, c)| c.is_whitespace() || matches!(c, '(' | ')' | '|') || is_quote(*c))
        .map_or(rest.len(), |(end, _)| end);
    let written = &rest[..end];
    match written {
        "OR" | "ИЛИ" | "НЕМЕСЕ" => return (Some(Token::Or), end),
        "NOT" => return (Some(Token::Not), end),
        "AND" => return (None, end),
        _ => {}
    }
    if let Some(words) = near(written) {
        return (Some(Token::Near(words)), end);
    }
    let Some((name, value)) = written.split_once(':') else {
        return (Some(Token::Word(None, written.to_owned())), end);
    };
    let lower = name.to_lowercase();
    if matches!(lower.as_str(), "http" | "https") {
        let field = Some("url".to_owned());
        return (Some(Token::Word(field, written.to_owned())), end);
    }
    if !FIELDS.contains(&lower.as_str()) {
        let is_name = !name.is_empty() && name.chars().all(char::is_alphabetic);
        if is_name && !value.is_empty() {
            repairs.push(Repair::with(RepairKind::NoField, name).near(nearest(&lower)));
        }
        return (Some(Token::Word(None, written.replace(':', " "))), end);
    }
    if !value.is_empty() {
        return (Some(Token::Word(Some(lower), value.to_owned())), end);
    }
    if rest[end..].chars().next().is_some_and(is_quote) {
        let (quoted, slop, length) = quotation(&rest[end..], repairs);
        return (Some(Token::Quote(Some(lower), quoted, slop)), end + length);
    }
    repairs.push(Repair::with(RepairKind::EmptyField, name));
    (None, end)
}

/// The field whose name is most like what was typed.
fn nearest(typed: &str) -> &'static str {
    FIELDS
        .into_iter()
        .min_by_key(|field| distance(field, typed))
        .unwrap_or("title")
}
