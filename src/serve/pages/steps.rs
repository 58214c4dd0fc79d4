//! Takes a step on a case from a form of any page, and says on a page of its own why one was not taken, with all that was typed.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};

use super::deeds;
use super::document::case_address;
use super::fields::{Fields, Unread, word_of};
use super::queue::{assignable, dashed};
use super::{find_case, off_thread};
use crate::model::{Case, CaseEvent, CaseId, Order, SlotName, SlotResult, StepKind, User};
use crate::pursue::letter::slot_name;
use crate::pursue::{self, Refusal};
use crate::report::json::word;
use crate::serve::access::CurrentUser;
use crate::serve::desk::{Stepped, official, take_step};
use crate::serve::error::Error;
use crate::serve::place::local;
use crate::serve::shell::{self, Shell};
use crate::serve::unsent::{FormName, Kept};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared, unsent};

/// Reasons for which a case is dismissed by hand, as forms name them; withdrawing is a step of its own.
pub(in crate::serve) const REASONS: [&str; 5] = [
    "other-fact",
    "no-statement",
    "agrees",
    "record-wrong",
    "immaterial",
];
/// Answers of recipients, as forms name them.
pub(in crate::serve) const ANSWERS: [&str; 3] = ["promised", "done", "disputed"];

/// Why a step was not taken, in the words of the page.
#[derive(Debug, Clone)]
pub(in crate::serve) struct Why {
    /// The status that fits.
    pub(in crate::serve) status: StatusCode,
    /// In the language of the page.
    pub(in crate::serve) words: String,
    /// What exactly, in English, where the page's own words do not say it all.
    pub(in crate::serve) detail: Option<String>,
    /// Whether the same step can be tried again, by the same person.
    pub(in crate::serve) may_try: bool,
}

/// One thing that happened to a case.
struct Since {
    at: String,
    by: String,
    state: String,
    /// What, in the language of the page, where it has words for it.
    what: Option<String>,
    /// What, as it is stored in English.
    stored: String,
}

/// A field of the form, filled as it was sent.
struct Field {
    name: &'static str,
    label: String,
    kind: FieldKind,
}

/// How a field is filled.
enum FieldKind {
    /// One line.
    Line(String),
    /// Several lines.
    Text(String),
    /// One of some: value, words, whether it was chosen.
    Choice(Vec<(String, String, bool)>),
    /// Yes or no.
    Tick(bool),
    /// As it came, not shown: one input for each value.
    Hidden(Vec<String>),
}

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage<'a> {
    shell: &'a Shell,
    id: String,
    title: String,
    step: String,
    step_name: String,
    why: Why,
    since: Vec<Since>,
    version: u64,
    state: String,
    fields: Vec<Field>,
    next: String,
    may_try: bool,
    /// The form, where much is typed in it.
    kept: Option<Kept>,
}

/// Takes the step that a form orders and goes on to where the form says.
///
/// Fields: `seen` (the version that was seen), `step` (as it is typed), what the step needs, `note`, and `next`, a path of this
/// desk. A step that was refused, or that came too late, is answered by a page that keeps what was typed.
pub(in crate::serve) async fn post(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    off_thread(move || {
        let (fields, now) = (Fields::of(&body), desk.gate.now());
        let case = find_case(&desk, &user, id)?;
        let step = match fields.step(now) {
            Ok(step) => step,
            Err(unread) => {
                let why = unreadable(&shell.words, unread);
                return not_taken(&desk, &shell, &case, &fields, why, &[]);
            }
        };
        let Ok(seen) = fields.get("seen").parse::<u64>() else {
            let why = unreadable(&shell.words, Unread("seen"));
            return not_taken(&desk, &shell, &case, &fields, why, &[]);
        };
        let order = Order {
            step,
            note: fields.get("note").to_owned(),
        };
        match take_step(
            &*desk.store,
            &desk.rules,
            &case.id,
            seen,
            &order,
            &user.user,
            now,
        )? {
            Stepped::Done(_) => {
                if let Some(form) = FormName::of_step(&case.id, fields.get("step")) {
                    unsent::sent(&desk, &user, &form)?;
                }
                Ok(Redirect::to(&next(&fields, &case.id)).into_response())
            }
            Stepped::Unknown => Err(Error::NotFound("no case has this id")),
            Stepped::Refused(refusal) => {
                let why = refused(&shell.words, &refusal);
                not_taken(&desk, &shell, &case, &fields, why, &[])
            }
            Stepped::Stale(case, since) => {
                let why = Why {
                    status: StatusCode::CONFLICT,
                    words: shell.say("step-stale"),
                    detail: None,
                    may_try: true,
                };
                not_taken(&desk, &shell, &case, &fields, why, &since)
            }
        }
    })
    .await
}

/// Where a form goes on to: its own choice among this desk's pages, or the case.
fn next(fields: &Fields, id: &CaseId) -> String {
    match fields.get("next") {
        "" => case_address(id),
        path => local(path).to_owned(),
    }
}

/// The answer to a form that lacks something.
pub(in crate::serve) fn unreadable(words: &Words, unread: Unread) -> Why {
    let field = words.say(&format!("step-field-{}", unread.0));
    Why {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        words: words.with("step-unread", "field", &field),
        detail: None,
        may_try: true,
    }
}

/// A refusal in the words of the page.
pub(in crate::serve) fn refused(words: &Words, refusal: &Refusal) -> Why {
    let (status, said, detail) = match refusal {
        Refusal::Role { .. } => (StatusCode::FORBIDDEN, words.say("step-refused-role"), None),
        Refusal::Agency { .. } => (
            StatusCode::FORBIDDEN,
            words.say("step-refused-agency"),
            None,
        ),
        Refusal::State { .. } => (StatusCode::CONFLICT, words.say("step-refused-now"), None),
        Refusal::Quiet { until } => {
            let until = words.moment(*until);
            let said = words.with("step-refused-quiet", "until", &until);
            (StatusCode::CONFLICT, said, None)
        }
        Refusal::Needs(what) => {
            let said = words.say("step-refused-needs");
            (StatusCode::UNPROCESSABLE_ENTITY, said, Some(what.clone()))
        }
    };
    Why {
        status,
        words: said,
        detail,
        may_try: !matches!(refusal, Refusal::Role { .. } | Refusal::Agency { .. }),
    }
}

/// The name of a state.
pub(in crate::serve) fn state_name(words: &Words, state: crate::model::CaseState) -> String {
    words.say(&format!("case-state-{}", dashed(state.words())))
}

/// The page that says why a step was not taken.
fn not_taken(
    desk: &Desk,
    shell: &Shell,
    case: &Case,
    fields: &Fields,
    why: Why,
    since: &[CaseEvent],
) -> Result<Response, Error> {
    let words = &shell.words;
    let users = desk.store.users()?;
    let agencies = pursue::agencies(case, &official(&*desk.store)?);
    let people = assignable(&users, &agencies);
    let (status, now) = (why.status, desk.gate.now());
    let step = StepKind::ALL
        .into_iter()
        .find(|kind| kind.word() == fields.get("step"));
    let page = StepPage {
        shell,
        id: case.id.0.clone(),
        title: shell.say("step-not-taken"),
        step: fields.get("step").to_owned(),
        step_name: step.map_or_else(String::new, |step| {
            words.say(&format!("step-name-{}", step.word()))
        }),
        since: since
            .iter()
            .map(|event| told(event, &users, words, now))
            .collect(),
        version: case.version,
        state: state_name(words, case.state),
        fields: step.map_or_else(Vec::new, |step| refilled(step, fields, &people, words)),
        next: next(fields, &case.id),
        may_try: step.is_some() && why.may_try,
        kept: FormName::of_step(&case.id, fields.get("step")).map(|form| Kept::none(&form)),
        why,
    };
    Ok((status, shell::page(&page)?).into_response())
}

/// An event as the page tells it.
fn told(event: &CaseEvent, users: &[User], words: &Words, now: DateTime<Utc>) -> Since {
    let by = match &event.by {
        None => words.say("step-by-program"),
        Some(id) => name_of(users, id).to_owned(),
    };
    Since {
        at: words.briefly(event.at, now),
        by,
        state: state_name(words, event.state),
        what: deeds::told(words, event, |id| name_of(users, id).to_owned()),
        stored: event.what.clone(),
    }
}

/// The text that says how the two sides of a slot stand to each other.
pub(in crate::serve) fn result_name(result: SlotResult) -> &'static str {
    match result {
        SlotResult::Differs => "case-differs",
        SlotResult::LeftOut => "case-left-out",
        SlotResult::Same => "case-same",
        SlotResult::NotCompared => "case-not-compared",
    }
}

/// A person's name by id; whoever is not known stays an id.
pub(in crate::serve) fn name_of<'a>(users: &'a [User], id: &'a str) -> &'a str {
    let known = users.iter().find(|user| user.id == id);
    known.map_or(id, |user| &user.name)
}

/// The fields of a step, filled as they were sent.
fn refilled(step: StepKind, fields: &Fields, people: &[&User], words: &Words) -> Vec<Field> {
    let line = |name: &'static str| (name, FieldKind::Line(fields.get(name).to_owned()));
    let hidden = |name: &'static str| {
        let values = fields.all(name).map(str::to_owned);
        (name, FieldKind::Hidden(values.collect()))
    };
    let choice = |name: &'static str, all: &[&str], family: &dyn Fn(&str) -> String| {
        let chosen = fields.get(name).replace('_', "-");
        let options = all.iter().map(|value| {
            let is_chosen = *value == chosen;
            ((*value).to_owned(), family(value), is_chosen)
        });
        (name, FieldKind::Choice(options.collect()))
    };
    let own = match step {
        StepKind::Dismiss => vec![choice("reason", &REASONS, &|value| {
            words.say(&format!("step-reason-{}", value))
        })],
        StepKind::Answer => vec![choice("answer", &ANSWERS, &|value| {
            words.say(&format!("step-answer-{}", value))
        })],
        StepKind::Assign => {
            let to = fields.get("to");
            let nobody = (String::new(), words.say("step-to-nobody"), to.is_empty());
            let people = people
                .iter()
                .map(|user| (user.id.clone(), user.name.clone(), user.id == to));
            let options = std::iter::once(nobody).chain(people).collect();
            vec![("to", FieldKind::Choice(options))]
        }
        StepKind::Merge => vec![line("into")],
        StepKind::Split => vec![hidden("urls")],
        StepKind::ProposeLetter
        | StepKind::ApproveLetter
        | StepKind::ReturnLetter
        | StepKind::SendLetter => vec![line("letter")],
        StepKind::Tag | StepKind::Untag => vec![line("tag")],
        StepKind::AddItem => vec![line("item")],
        StepKind::TickItem => vec![
            line("item"),
            ("done", FieldKind::Tick(fields.is_on("done"))),
        ],
        StepKind::Snooze => vec![
            line("until"),
            ("worse", FieldKind::Tick(fields.is_on("worse"))),
        ],
        StepKind::AddDuty => vec![line("duty"), line("until")],
        StepKind::FinishDuty => vec![line("duty")],
        StepKind::CorrectReading => vec![
            (
                "slot",
                FieldKind::Choice(
                    SlotName::ALL
                        .map(|slot| {
                            let name = slot_name(slot, words.language).to_owned();
                            (word(&slot), name, word(&slot) == fields.get("slot"))
                        })
                        .to_vec(),
                ),
            ),
            line("claimed"),
            line("official"),
            choice("result", &SlotResult::ALL.map(SlotResult::word), &|value| {
                word_of(value).map_or_else(String::new, |result| words.say(result_name(result)))
            }),
            hidden("url"),
        ],
        StepKind::DropReading => vec![hidden("slot")],
        _ => Vec::new(),
    };
    let note = ("note", FieldKind::Text(fields.get("note").to_owned()));
    let all = own.into_iter().chain([note]);
    all.map(|(name, kind)| Field {
        name,
        label: words.say(&format!("step-field-{}", name)),
        kind,
    })
    .collect()
}
