//! What of a query had to be mended, so that each reader is told in their own words.

use std::fmt;

use serde::{Serialize, Serializer};

/// Declares the kinds of repairs with the word of each.
macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        /// What was mended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum RepairKind {$(
            $(#[$doc])*
            $name,
        )*}

        impl RepairKind {
            /// The kind as texts name it.
            pub fn word(self) -> &'static str {
                match self {$(RepairKind::$name => $word,)*}
            }
        }
    };
}

kinds! {
    /// Only the first characters were read; `what` says how many.
    TooLong = "too-long",
    /// Only the first words were read; `what` says how many.
    TooManyWords = "too-many-words",
    /// A `)` without `(`.
    LooseClose = "loose-close",
    /// A `(` without `)`.
    OpenGroup = "open-group",
    /// A group in too many others.
    DeepGroup = "deep-group",
    /// A quotation without its end.
    OpenQuotation = "open-quotation",
    /// A `|` without words on both sides.
    LooseOr = "loose-or",
    /// A `-` before nothing.
    LooseNot = "loose-not",
    /// `NEAR` without words on both sides.
    LooseNear = "loose-near",
    /// A saved query that could not be opened, `what` its name: too many, or one in itself.
    SavedTooDeep = "saved-too-deep",
    /// No query is saved under the name `what`.
    NoSaved = "no-saved",
    /// The beginning `what` is too short.
    ShortPrefix = "short-prefix",
    /// The word `what` is too short to be like others.
    ShortLike = "short-like",
    /// `what` holds no word.
    NoWord = "no-word",
    /// `what` is no known name of its kind.
    NoName = "no-name",
    /// The field `other` has no value `what`.
    NoValue = "no-value",
    /// `what` is no figure.
    NoFigure = "no-figure",
    /// `what` is no language.
    NoLanguage = "no-language",
    /// `what` is no date, in the field `other`.
    NoDate = "no-date",
    /// There is no field `what`; the nearest is `other`.
    NoField = "no-field",
    /// The field `what` has no value.
    EmptyField = "empty-field",
    /// The place to go on from could not be read.
    LostPlace = "lost-place",
}

/// One thing of a query that was mended. Its `Display` is English; other readers' words are made of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What was mended.
    pub kind: RepairKind,
    /// What was typed, or the bound that it broke; empty where the kind says all.
    pub what: String,
    /// What `what` belongs to or is nearest to; mostly empty.
    pub other: String,
}

impl Repair {
    /// A repair whose kind says all.
    pub fn of(kind: RepairKind) -> Repair {
        Repair::with(kind, "")
    }

    /// A repair of something typed.
    pub fn with(kind: RepairKind, what: impl Into<String>) -> Repair {
        Repair {
            kind,
            what: what.into(),
            other: String::new(),
        }
    }

    /// The same with what it belongs to or is nearest to.
    #[must_use]
    pub fn near(mut self, other: &str) -> Repair {
        other.clone_into(&mut self.other);
        self
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Repair { kind, what, other } = self;
        match kind {
            RepairKind::TooLong => write!(f, "only the first {what} characters were read"),
            RepairKind::TooManyWords => write!(f, "only the first {what} words were read"),
            RepairKind::LooseClose => f.write_str("a `)` without `(` was left out"),
            RepairKind::OpenGroup => f.write_str("an open `(` was closed at the end"),
            RepairKind::DeepGroup => f.write_str("a group stands too deep and was opened"),
            RepairKind::OpenQuotation => f.write_str("an open quotation was closed at the end"),
            RepairKind::LooseOr => f.write_str("a `|` without words on both sides was left out"),
            RepairKind::LooseNot => f.write_str("a `-` before nothing was left out"),
            RepairKind::LooseNear => f.write_str("`NEAR` without words on both sides was left out"),
            RepairKind::SavedTooDeep => write!(
                f,
                "`@{what}` was left out: too many saved queries, or one that uses itself"
            ),
            RepairKind::NoSaved => write!(f, "no query is saved as `@{what}`; it was left out"),
            RepairKind::ShortPrefix => {
                write!(
                    f,
                    "`{what}` is too short to stand for the beginning of words"
                )
            }
            RepairKind::ShortLike => write!(f, "`{what}` is too short to be like other words"),
            RepairKind::NoWord => write!(f, "`{what}` holds no word and was left out"),
            RepairKind::NoName => {
                write!(f, "`{what}` is no known name of this kind and was left out")
            }
            RepairKind::NoValue => write!(f, "`{other}:` has no `{what}`"),
            RepairKind::NoFigure => write!(
                f,
                "`amount:{what}` is no figure; write amount:1000, amount:>1000, amount:<=5 or amount:10..20"
            ),
            RepairKind::NoLanguage => write!(f, "`{what}` is none of the languages kk, ru, en"),
            RepairKind::NoDate => write!(
                f,
                "`{other}:{what}` is no date; write 2026-01-31, 2026-01, 2026, 2026-01..2026-03 or -7d"
            ),
            RepairKind::NoField => write!(
                f,
                "there is no field `{what}:` (the nearest is `{other}:`); it was searched for as words"
            ),
            RepairKind::EmptyField => write!(f, "`{what}:` without a value was left out"),
            RepairKind::LostPlace => {
                f.write_str("the place to go on from could not be read; this is the beginning")
            }
        }
    }
}

impl Serialize for Repair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
