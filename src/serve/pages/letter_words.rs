//! What the pages of letters say alike: states and routes, last days with their sums, texts in columns, and refusals.

use crate::model::{Case, Copy, DueRow, LetterEntry, LetterStatus, LetterText, Undelivered, User};
use crate::pursue::Refusal;
use crate::pursue::letter::StepError;
use crate::report::letter::markup::Block;
use crate::report::letter::{Leaf, sections};
use crate::serve::letter_steps::LetterStepError;
use crate::serve::letters::RoomError;
use crate::serve::letters::orders::{Fault, Refused};
use crate::serve::words::Words;

/// A tag: its class and its word.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    /// Class that repeats the word by a colour.
    pub(super) class: &'static str,
    /// The word.
    pub(super) word: String,
}

/// Where a letter stands.
pub(super) fn state(words: Words, status: LetterStatus) -> Tag {
    let class = match status {
        LetterStatus::Draft => "mid",
        LetterStatus::Approved => "info",
        LetterStatus::Sending => "high",
        LetterStatus::Sent => "ok",
    };
    Tag {
        class,
        word: words.say(&format!("letters-state-{}", status.name())),
    }
}

/// What a letter asks for.
pub(super) fn route(words: Words, route: crate::model::Route) -> String {
    words.say(&format!("letters-route-{}", route.name()))
}

/// Why a letter was not sent; what the program noted in English where no language has words for it.
pub(super) fn undelivered(words: Words, why: &str, kind: Option<Undelivered>) -> String {
    let Some(kind) = kind.or_else(|| Undelivered::told(why)) else {
        return why.to_owned();
    };
    let number: String = why.chars().filter(char::is_ascii_digit).collect();
    words.with(
        &format!("letters-unsent-{}", kind.word()),
        "number",
        &number,
    )
}

/// A last day as a page shows it.
#[derive(Debug, Clone)]
pub(super) struct Due {
    /// What ends.
    pub(super) name: String,
    /// The day in words.
    pub(super) day: String,
    /// The day for machines.
    pub(super) iso: String,
    /// How long there is, or how late it is.
    pub(super) left: String,
    /// `late`, `soon` or nothing.
    pub(super) class: &'static str,
    /// How it was reckoned.
    pub(super) sum: String,
    /// What it rests on.
    pub(super) basis: String,
    /// The day before the calendar changed it.
    pub(super) was: Option<String>,
}

/// A last day in the words of a page.
pub(super) fn due(words: Words, row: &DueRow) -> Due {
    let days = |id: &str, days: i64| {
        let span = words.count("span-days", days.unsigned_abs());
        words.with(id, "span", &span)
    };
    let (left, class) = match row.days_left {
        0 => (words.say("letters-due-today"), "soon"),
        ahead @ 1.. => {
            let class = if row.is_reminded { "soon" } else { "" };
            (days("letters-due-left", ahead), class)
        }
        late => (days("letters-due-late", late), "late"),
    };
    Due {
        name: row.name.clone(),
        day: words.date(row.due),
        iso: row.due.to_string(),
        left,
        class,
        sum: row.arithmetic.clone(),
        basis: row.basis.clone(),
        was: row.was.map(|day| words.date(day)),
    }
}

/// The last days of a letter.
pub(super) fn dues(words: Words, letter: &LetterEntry, rows: &[DueRow]) -> Vec<Due> {
    let of = rows
        .iter()
        .filter(|row| row.letter.as_ref() == Some(&letter.number));
    of.map(|row| due(words, row)).collect()
}

/// A part of a letter in one language.
#[derive(Debug, Clone)]
pub(in crate::serve) struct Column {
    /// Its language.
    pub(in crate::serve) language: &'static str,
    /// Its blocks.
    pub(in crate::serve) blocks: Vec<Block>,
}

/// The texts of a letter section by section, one column for each language.
pub(in crate::serve) fn sheet(texts: &[LetterText]) -> Vec<Vec<Column>> {
    let leaves: Vec<Leaf> = texts.iter().map(Leaf::of).collect();
    let rows = sections(&leaves).into_iter().map(|row| {
        let columns = leaves.iter().zip(row).map(|(leaf, blocks)| Column {
            language: leaf.language.code(),
            blocks: blocks.to_vec(),
        });
        columns.collect()
    });
    rows.collect()
}

/// Why something was not done, as a page says it above the forms.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// What it is.
    pub(super) title: String,
    /// Details in the program's own words, which are English.
    pub(super) detail: Option<String>,
    /// Who can do it instead.
    pub(super) who: Option<String>,
    /// Name of the field that is to be mended.
    pub(super) field: Option<&'static str>,
}

/// A refusal in the words of a page.
pub(super) fn told(words: Words, why: &Refused) -> Told {
    let plain = |id: &str| Told {
        title: words.say(id),
        detail: None,
        who: None,
        field: None,
    };
    let with = |id: &str, detail: String| Told {
        detail: Some(detail),
        ..plain(id)
    };
    match why {
        Refused::Step { why, who } => Told {
            who: who.as_deref().map(|who| match who {
                [] => words.say("letters-who-nobody"),
                who => words.with("letters-who-can", "names", &who.join(", ")),
            }),
            ..step(words, why)
        },
        Refused::Field { field, what } => {
            let id = match what {
                Fault::Missing => "letters-field-missing",
                Fault::Long => "letters-field-long",
                Fault::Ahead => "letters-field-ahead",
                Fault::Unknown => "letters-field-unknown",
            };
            let name = words.say(&format!("letters-field-name-{}", *field));
            Told {
                title: words.with(id, "field", &name),
                field: Some(field),
                ..plain(id)
            }
        }
        Refused::NotSent(why) => with("letters-not-sent", why.clone()),
        Refused::Room(RoomError::TooLong {
            n_chars,
            most_chars,
        }) => Told {
            title: words.with_two(
                "letters-own-long",
                ("n", &words.number(*n_chars)),
                ("most", &words.number(*most_chars)),
            ),
            field: Some("proposed"),
            ..plain("letters-own-long")
        },
        Refused::Room(RoomError::NoneFits { most_chars }) => Told {
            title: words.with("letters-own-needed", "most", &words.number(*most_chars)),
            field: Some("proposed"),
            ..plain("letters-own-needed")
        },
        Refused::Room(RoomError::NoMail) => plain("letters-no-mail"),
        Refused::Room(RoomError::NothingDiffers) => plain("letters-nothing-differs"),
        Refused::Room(other) => with("letters-not-done", other.to_string()),
    }
}

/// Why a step was not taken.
fn step(words: Words, why: &LetterStepError) -> Told {
    let (id, detail) = match why {
        LetterStepError::Refused(Refusal::Role { .. }) => ("letters-no-role", None),
        LetterStepError::Refused(Refusal::Agency { .. }) => ("letters-no-agency", None),
        LetterStepError::Refused(Refusal::State { .. }) => ("letters-no-state", None),
        LetterStepError::Refused(Refusal::Quiet { until }) => {
            let title = words.with("letters-quiet", "until", &words.moment(*until));
            return Told {
                title,
                detail: None,
                who: None,
                field: None,
            };
        }
        LetterStepError::Refused(Refusal::Needs(what)) => ("letters-not-done", Some(what.clone())),
        LetterStepError::Letter(StepError::SamePerson { .. }) => ("letters-same-person", None),
        LetterStepError::Letter(StepError::ApprovedBefore(_)) => ("letters-approved-before", None),
        LetterStepError::Letter(StepError::SentBefore(_)) => ("letters-sent-before", None),
        LetterStepError::Letter(StepError::NotApproved(_)) => ("letters-not-approved", None),
        LetterStepError::Letter(StepError::Uncertain(_)) => ("letters-uncertain", None),
        LetterStepError::Letter(StepError::NotSent(_)) => ("letters-not-yet-sent", None),
        LetterStepError::Letter(StepError::ReceivedBeforeSent(_)) => {
            ("letters-received-before-sent", None)
        }
        LetterStepError::Busy(_) | LetterStepError::Overtaken(_) => ("letters-busy", None),
        LetterStepError::Unknown(_) | LetterStepError::Store(_) => {
            ("letters-not-done", Some(why.to_string()))
        }
    };
    Told {
        title: words.say(id),
        detail,
        who: None,
        field: None,
    }
}

/// The name of a user, or the word by which the register knows whoever it was.
pub(super) fn name(users: &[User], id: &str) -> String {
    let known = users.iter().find(|user| user.id == id);
    known.map_or_else(|| id.to_owned(), |user| user.name.clone())
}

/// The publication that a letter is about.
pub(super) fn about<'c>(letter: &LetterEntry, case: &'c Case) -> Option<&'c Copy> {
    let named = case.copies.iter().find(|copy| copy.url == letter.url);
    named.or(case.copies.first())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn why_a_letter_was_not_sent_is_told_in_each_language_and_what_is_unknown_as_it_was_noted() {
        for (kind, noted) in Undelivered::ALL {
            let noted = format!("{noted}42");
            let told = |language| undelivered(Words::of(language), &noted, None);
            for language in [Language::Kk, Language::Ru] {
                let said = told(language);
                let is_foreign = said.chars().any(|sign| sign.is_ascii_alphabetic());
                assert!(!is_foreign, "{kind:?}: {said}");
                assert_eq!(undelivered(Words::of(language), &noted, Some(kind)), said);
            }
            assert!(!told(Language::En).contains("Unknown"), "{kind:?}");
            let has_number = matches!(
                kind,
                Undelivered::Later | Undelivered::Login | Undelivered::Status
            );
            assert_eq!(told(Language::Ru).contains("42"), has_number, "{kind:?}");
        }
        let other = "the postman was ill";
        assert_eq!(undelivered(Words::of(Language::Ru), other, None), other);
    }
}
