//! The operator's own files as administrators see and change them: templates and routes of letters, days off and rules of clocks.
//!
//! Reading, checking and writing them is the work of whoever writes letters, behind [`OperatorFiles`]; what was changed by whom is
//! entered in the audit log with the whole text, so that every version can be brought back.

use chrono::NaiveDate;

use crate::language::Language;
use crate::model::letter::LetterText;

/// Largest file that pages change, in bytes.
pub const MAX_FILE_BYTES: usize = 64 * 1024;

/// Which folder of the configuration a file stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Templates and routes of letters: `templates` of `[letters]`.
    Templates,
    /// Days off and rules: `clocks` of `[letters]`.
    Clocks,
}

impl FileKind {
    /// Both.
    pub const ALL: [FileKind; 2] = [FileKind::Templates, FileKind::Clocks];

    /// The key of `[letters]` that names the folder.
    pub fn key(self) -> &'static str {
        match self {
            FileKind::Templates => "templates",
            FileKind::Clocks => "clocks",
        }
    }
}

/// A folder of the operator's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Folder {
    /// Files in it can be changed.
    Writable(String),
    /// They cannot.
    Unwritable {
        /// Its path.
        path: String,
        /// Why not, in the words of the system.
        why: String,
    },
    /// The configuration names none.
    Unnamed,
}

/// A file as the program reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorFile {
    /// Its name without the folder.
    pub name: String,
    /// Which folder it belongs to.
    pub kind: FileKind,
    /// Its text.
    pub text: String,
    /// Its path, where it is the operator's own; `None` for a shipped one.
    pub own: Option<String>,
    /// Whether one of the name is shipped, which holds again where the own one is taken away.
    pub is_shipped: bool,
    /// The year whose days off it holds.
    pub year: Option<i32>,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong, with the key or value, in the words of whoever reads the file.
    pub message: String,
}

/// A text as it would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preview {
    /// A letter of a fictional case.
    Letter(LetterText),
    /// Days on which offices do not work, or work although it is a weekend or holiday: the day, whether it is off, and why.
    Days(Vec<(NaiveDate, bool, String)>),
    /// There is nothing to show but that it is right.
    Right,
}

/// Why a file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No such file can be there.
    #[error("no file of this name is read")]
    Unknown,
    /// Somebody changed it meanwhile.
    #[error("the file was changed meanwhile")]
    Stale,
    /// It cannot be written.
    #[error("{0}")]
    Unwritable(String),
    /// What was to be done before failed.
    #[error(transparent)]
    Failed(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// What is done when a file is about to change: it is told the text before, and the file stays where this fails.
pub type Entering<'a> =
    &'a mut dyn FnMut(&str) -> Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Reads, checks and changes the operator's files.
pub trait OperatorFiles: Send + Sync {
    /// The folder of a kind.
    fn folder(&self, kind: FileKind) -> Folder;

    /// Every file that the program reads: shipped ones, and the operator's in their place.
    /// Of a folder that cannot be read only the shipped ones are told.
    fn all(&self) -> Vec<OperatorFile>;

    /// One of them, or an empty one of a name that would be read.
    ///
    /// # Errors
    /// When no file of the name is read.
    fn one(&self, name: &str) -> Result<OperatorFile, FileError>;

    /// How a text would be read under a name.
    ///
    /// # Errors
    /// The mistakes in it.
    fn preview(&self, name: &str, text: &str, language: Language) -> Result<Preview, Vec<Mistake>>;

    /// Puts a text in place of what was `seen`, or with `None` takes the operator's own file away.
    ///
    /// # Errors
    /// When it was changed since, cannot be written, or could not be entered.
    fn change(
        &self,
        name: &str,
        seen: &str,
        text: Option<&str>,
        entering: Entering<'_>,
    ) -> Result<(), FileError>;
}
