//! Reads TOML tables key by key and remembers where every value stands, so that all mistakes of a file are told at once.
//!
//! A plain `Deserialize` stops at the first mistake and knows no other. Here each value is asked for
//! by name and kind; what is wrong goes to [`Problems`] with its line, and keys nobody asked for are
//! reported at the end with the nearest known one.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One mistake in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{}:{line}: {key}: {message}", path.display())]
pub struct ConfigError {
    /// File.
    pub path: PathBuf,
    /// Line, counted from 1.
    pub line: usize,
    /// Key as a path: `source[2].feeds[0]`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Collects mistakes while a file is read.
pub(super) struct Problems<'t> {
    path: &'t Path,
    text: &'t str,
    found: RefCell<Vec<ConfigError>>,
}

impl<'t> Problems<'t> {
    pub(super) fn new(path: &'t Path, text: &'t str) -> Problems<'t> {
        Problems {
            path,
            text,
            found: RefCell::default(),
        }
    }

    /// The line on which a byte stands, counted from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        let before = self.text.as_bytes().iter().take(byte);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    /// Notes a mistake at a place of the text.
    pub(super) fn add(&self, span: &Range<usize>, key: &str, message: impl Into<String>) {
        self.found.borrow_mut().push(ConfigError {
            path: self.path.to_owned(),
            line: self.line(span.start),
            key: key.to_owned(),
            message: message.into(),
        });
    }

    /// Everything noted, by line.
    pub(super) fn into_errors(self) -> Vec<ConfigError> {
        let mut found = self.found.into_inner();
        found.sort();
        found.dedup();
        found
    }
}

/// A value with the path of its key, for messages.
pub(super) struct Value<'a, 'i> {
    pub(super) key: String,
    pub(super) at: Range<usize>,
    value: &'a DeValue<'i>,
    problems: &'a Problems<'a>,
}

impl<'a, 'i> Value<'a, 'i> {
    fn new(problems: &'a Problems<'a>, key: String, value: &'a Spanned<DeValue<'i>>) -> Self {
        Value {
            key,
            at: value.span(),
            value: value.get_ref(),
            problems,
        }
    }

    /// Notes that this value is wrong.
    pub(super) fn wrong(&self, message: impl Into<String>) {
        self.problems.add(&self.at, &self.key, message);
    }

    /// Line of the value.
    pub(super) fn line(&self) -> usize {
        self.problems.line(self.at.start)
    }

    fn expected<T>(&self, what: &str) -> Option<T> {
        self.wrong(format!("expected {what}, found {}", self.value.type_str()));
        None
    }

    /// A string.
    pub(super) fn text(&self) -> Option<String> {
        match self.value.as_str() {
            Some(text) => Some(text.to_owned()),
            None => self.expected("a string"),
        }
    }

    /// `true` or `false`.
    pub(super) fn switch(&self) -> Option<bool> {
        match self.value.as_bool() {
            Some(value) => Some(value),
            None => self.expected("true or false"),
        }
    }

    /// A whole number of at least 1.
    pub(super) fn count(&self) -> Option<usize> {
        let Some(number) = self.value.as_integer() else {
            return self.expected("a whole number");
        };
        let digits = number.as_str().replace('_', "");
        match digits.parse() {
            Ok(count) if count > 0 => Some(count),
            _ => {
                self.wrong(format!("expected a whole number from 1 on, found {digits}"));
                None
            }
        }
    }

    /// Every element of a list.
    pub(super) fn list(&self) -> Vec<Value<'a, 'i>> {
        let Some(array) = self.value.as_array() else {
            self.expected::<()>("a list");
            return Vec::new();
        };
        array
            .iter()
            .enumerate()
            .map(|(idx, value)| Value::new(self.problems, format!("{}[{idx}]", self.key), value))
            .collect()
    }

    /// Every element of a list, or the value itself where it is no list.
    pub(super) fn one_or_list(self) -> Vec<Value<'a, 'i>> {
        match self.value.as_array() {
            Some(_) => self.list(),
            None => vec![self],
        }
    }

    /// Every string of a list.
    pub(super) fn texts(&self) -> Vec<(Value<'a, 'i>, String)> {
        self.list()
            .into_iter()
            .filter_map(|value| value.text().map(|text| (value, text)))
            .collect()
    }

    /// Whether it is a string.
    pub(super) fn is_text(&self) -> bool {
        self.value.is_str()
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.value.as_array().is_some()
    }

    /// A table.
    pub(super) fn section(&self) -> Option<Section<'a, 'i>> {
        match self.value.as_table() {
            Some(table) => Some(Section::new(
                self.problems,
                self.key.clone(),
                self.at.clone(),
                table,
            )),
            None => self.expected("a table"),
        }
    }
}

/// A table whose keys are asked for one by one.
pub(super) struct Section<'a, 'i> {
    pub(super) key: String,
    pub(super) at: Range<usize>,
    table: &'a DeTable<'i>,
    problems: &'a Problems<'a>,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'a, 'i> Section<'a, 'i> {
    pub(super) fn new(
        problems: &'a Problems<'a>,
        key: String,
        at: Range<usize>,
        table: &'a DeTable<'i>,
    ) -> Section<'a, 'i> {
        Section {
            key,
            at,
            table,
            problems,
            asked: RefCell::default(),
        }
    }

    fn path(&self, name: &str) -> String {
        if self.key.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.key)
        }
    }

    /// The value of a key, where the file gives one.
    pub(super) fn get(&self, name: &'static str) -> Option<Value<'a, 'i>> {
        self.asked.borrow_mut().insert(name);
        let value = self.table.get(name)?;
        Some(Value::new(self.problems, self.path(name), value))
    }

    /// The value of a key that must be there.
    pub(super) fn require(&self, name: &'static str) -> Option<Value<'a, 'i>> {
        let value = self.get(name);
        if value.is_none() {
            self.problems
                .add(&self.at, &self.path(name), "is missing; it is required");
        }
        value
    }

    /// Every key with its value, in the order of the file; for tables whose keys are free.
    pub(super) fn entries(&self) -> Vec<(String, Value<'a, 'i>)> {
        self.table
            .iter()
            .map(|(name, value)| {
                let name = name.get_ref().to_string();
                let value = Value::new(self.problems, self.path(&name), value);
                (name, value)
            })
            .collect()
    }

    /// Reports every key that nobody asked for, with the nearest known one.
    pub(super) fn finish(self) {
        let known = self.asked.borrow();
        for name in self.table.keys() {
            let written: &str = name.get_ref();
            if known.contains(written) {
                continue;
            }
            let message = match nearest(written, known.iter().copied()) {
                Some(near) => format!("unknown key; did you mean `{near}`?"),
                None => {
                    let all: Vec<&str> = known.iter().copied().collect();
                    format!("unknown key; known here: {}", all.join(", "))
                }
            };
            self.problems
                .add(&name.span(), &self.path(written), message);
        }
    }
}

/// The known word nearest to what was written, if it is near at all.
pub(super) fn nearest<'k>(written: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    known
        .map(|word| (distance(written, word), word))
        .filter(|(distance, word)| *distance <= 1 + word.len() / 4)
        .min()
        .map(|(_, word)| word)
}

/// How many letters must be inserted, dropped or replaced to make one word of the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (idx, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = idx + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
