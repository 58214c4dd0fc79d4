//! Reads a data file of the lexicon into rows of cells, and says where a mistake stands.
//!
//! One row a line, cells separated by `|`, white space around cells ignored; empty lines and lines that
//! begin with `#` are comments. The format is chosen for being written by hand in three languages and two
//! scripts: no quoting, and every mistake has a line number.

use std::fmt;

/// One mistake in a data file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {id}: {problem}")]
pub struct Mistake {
    /// Name of the file.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Id of the entry, `-` when the line has none.
    pub id: String,
    /// What is wrong.
    pub problem: String,
}

/// All mistakes found in the data files, in order of appearance; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexiconError {
    /// The mistakes.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for LexiconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, mistake) in self.mistakes.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            mistake.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for LexiconError {}

/// One row of a data file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// Name of the file.
    pub file: &'a str,
    /// Line, counted from 1.
    pub line: usize,
    /// The line, its comment and end cut off.
    text: &'a str,
}

impl<'a> Row<'a> {
    /// The cell of a column, trimmed; empty when the row is shorter.
    pub fn cell(&self, column: usize) -> &'a str {
        self.text.split('|').nth(column).unwrap_or_default().trim()
    }

    /// The first cell.
    pub fn id(&self) -> &'a str {
        self.cell(0)
    }

    /// How many cells the row has.
    pub fn n_cells(&self) -> usize {
        self.text.split('|').count()
    }

    /// The parts of a cell that are separated by `;`.
    pub fn list(&self, column: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        self.cell(column)
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }

    /// A mistake in this row.
    pub fn mistake(&self, problem: impl Into<String>) -> Mistake {
        let id = self.id();
        Mistake {
            file: self.file.to_owned(),
            line: self.line,
            id: if id.is_empty() { "-" } else { id }.to_owned(),
            problem: problem.into(),
        }
    }
}

/// The rows of a file, comments and empty lines left out.
pub(super) fn rows<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Row<'a>> {
    text.lines()
        .enumerate()
        .map(move |(idx, line)| Row {
            file,
            line: idx + 1,
            text: line.trim_start_matches('\u{feff}').trim(),
        })
        .filter(|row| !row.text.is_empty() && !row.text.starts_with('#'))
}
