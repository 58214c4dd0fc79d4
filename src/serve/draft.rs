//! A text before it is published, and who can hold it against the record.
//!
//! Judging is the work of other stages, so whoever starts the desk hands it a [`Checker`]. Nothing of a draft is stored.

use chrono::{DateTime, NaiveDate, Utc};

use crate::language::Language;
use crate::model::{Claim, Document, Verdict};

/// A text that is not published yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Its headline; may be empty.
    pub title: String,
    /// Its text; each line is a paragraph.
    pub text: String,
    /// The day on which it is to be published; `None` for now.
    pub published: Option<NaiveDate>,
    /// Its language; `None` to have each sentence tell.
    pub language: Option<Language>,
}

/// What a check came to.
#[derive(Debug)]
pub struct Checked {
    /// The draft as it was read.
    pub document: Document,
    /// Each claim of it with its verdict, in order of appearance.
    pub findings: Vec<(Claim, Verdict)>,
}

/// Why a draft could not be checked.
pub type CheckError = Box<dyn std::error::Error + Send + Sync>;

/// Holds a draft against the record.
pub trait Checker: Send + Sync {
    /// Each claim of a draft with its verdict as of a moment.
    ///
    /// # Errors
    /// When the store or the index fails.
    fn check(&self, draft: &Draft, now: DateTime<Utc>) -> Result<Checked, CheckError>;
}
