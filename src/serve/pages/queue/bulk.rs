//! One step on all marked cases: taken on every one of them or on none, and said which would not have it.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::asked::Asked;
use super::ranked::Ranked;
use super::{Around, Kept, Problem, with_status};
use crate::model::{CaseId, Order, StepKind};
use crate::pursue::table::TABLE;
use crate::serve::desk::{NotTaken, Together, take_together};
use crate::serve::error::Error;
use crate::serve::pages::document::{case_address, short_id};
use crate::serve::pages::fields::Fields;
use crate::serve::pages::steps::{REASONS, refused, unreadable};
use crate::store::StoreError;

/// Most cases that are changed together: what a person can have looked at.
const MOST_TOGETHER: usize = 200;
/// Steps that are taken together. Each leaves other cases alone and needs nothing that belongs to one case only.
const STEPS: [StepKind; 4] = [
    StepKind::Tag,
    StepKind::Assign,
    StepKind::Snooze,
    StepKind::Dismiss,
];
/// Moments that snoozing together offers, as forms name them.
const SNOOZES: [&str; 4] = ["hour", "evening", "morning", "worse"];

/// The bar of what can be done with all marked cases, filled as it was sent.
pub(super) struct Bar {
    /// Where the form goes: the list as it stands.
    pub(super) action: String,
    /// People, with nobody first: value, name, whether chosen.
    pub(super) people: Vec<(String, String, bool)>,
    /// Until when: value, words, whether chosen.
    pub(super) snoozes: Vec<(String, String, bool)>,
    /// Reasons to dismiss: value, words, whether chosen.
    pub(super) reasons: Vec<(String, String, bool)>,
    /// A tag.
    pub(super) tag: String,
    /// Why.
    pub(super) note: String,
    may: Vec<StepKind>,
}

impl Bar {
    /// Whether the reader's role may take a step at all, named as it is typed.
    pub(super) fn may(&self, step: &str) -> bool {
        self.may.iter().any(|kind| kind.word() == step)
    }
}

impl Around<'_> {
    /// The bar, for those who may do any of it.
    pub(super) fn bar(&self, asked: &Asked, kept: Option<&Fields>) -> Option<Bar> {
        let (user, words) = (self.reader, self.words());
        let may = STEPS.into_iter().filter(|step| {
            let mut rules = TABLE.iter();
            rules.any(|rule| rule.step == *step && rule.who.contains(&user.role))
        });
        let may: Vec<StepKind> = may.collect();
        if may.is_empty() {
            return None;
        }
        let sent = |name: &str| kept.map_or("", |fields| fields.get(name));
        let nobody = (String::new(), words.say("step-to-nobody"), false);
        let active = self.users.iter().filter(|one| one.is_active());
        let chosen = if kept.is_some() { sent("to") } else { &user.id };
        let people = active.map(|one| (one.id.clone(), one.name.clone(), one.id == chosen));
        let named = |all: &[&str], field: &str, name: &dyn Fn(&str) -> String| {
            let values = all.iter().map(|value| {
                let is_chosen = *value == sent(field);
                ((*value).to_owned(), name(value), is_chosen)
            });
            values.collect()
        };
        Some(Bar {
            action: asked.beside(asked.selected.as_ref()).address(),
            people: std::iter::once(nobody).chain(people).collect(),
            snoozes: named(&SNOOZES, "until", &|value| {
                words.say(&format!("queue-snooze-{}", value))
            }),
            reasons: named(&REASONS, "reason", &|value| {
                words.say(&format!("step-reason-{}", value))
            }),
            tag: sent("tag").to_owned(),
            note: sent("note").to_owned(),
            may,
        })
    }

    /// Why one of several cases would not have the step.
    fn why(&self, id: &CaseId, not: &NotTaken) -> (String, String, String, Option<String>) {
        let words = self.words();
        let (said, detail) = match not {
            NotTaken::Stale => (words.say("queue-stale"), None),
            NotTaken::Unknown => (words.say("queue-unknown"), None),
            NotTaken::Refused(refusal) => {
                let why = refused(words, refusal);
                (why.words, why.detail)
            }
        };
        (case_address(id), short_id(&id.0), said, detail)
    }
}

/// Takes the step that the bar orders, or shows the list again with all that was marked and typed.
pub(super) fn take(around: &Around<'_>, asked: &Asked, fields: &Fields) -> Result<Response, Error> {
    let words = around.words();
    let again = |status, said: String, cases| {
        let problem = Problem { words: said, cases };
        let html = around.page(asked, Some(Kept { fields, problem }))?;
        Ok(with_status(status, html))
    };
    let user = around.reader;
    let seen: BTreeMap<CaseId, u64> = fields.all("case").filter_map(marked).collect();
    if seen.is_empty() || seen.len() > MOST_TOGETHER {
        let said = match seen.is_empty() {
            true => words.say("queue-none-marked"),
            false => words.count("queue-too-many", MOST_TOGETHER),
        };
        return again(StatusCode::UNPROCESSABLE_ENTITY, said, Vec::new());
    }
    let step = match fields.step(around.now) {
        Ok(step) if STEPS.contains(&step.kind()) => step,
        Ok(_) => {
            return again(
                StatusCode::UNPROCESSABLE_ENTITY,
                words.say("queue-not-together"),
                Vec::new(),
            );
        }
        Err(unread) => {
            let why = unreadable(words, unread);
            return again(why.status, why.words, Vec::new());
        }
    };
    let kind = step.kind();
    let order = Order {
        step,
        note: fields.get("note").to_owned(),
    };
    let desk = around.desk;
    let taken: Result<Together, StoreError> =
        take_together(&*desk.store, &desk.rules, &seen, &order, user, around.now);
    match taken? {
        Together::Done(cases) => {
            let next = asked.after_doing(kind, cases.len(), asked.selected.as_ref());
            Ok(Redirect::to(&next.address()).into_response())
        }
        Together::Not(mut not) => {
            // A case that the reader does not see is as good as absent, whatever it was refused for.
            let ranked = Ranked::of(desk, around.now)?;
            let visible: BTreeSet<&CaseId> =
                ranked.seen_by(user).map(|(case, _)| &case.id).collect();
            for (id, why) in &mut not {
                if !visible.contains(id) {
                    *why = NotTaken::Unknown;
                }
            }
            let is_stale = not.iter().any(|(_, why)| matches!(why, NotTaken::Stale));
            let status = match is_stale {
                true => StatusCode::CONFLICT,
                false => StatusCode::FORBIDDEN,
            };
            let cases = not.iter().map(|(id, why)| around.why(id, why));
            again(
                status,
                words.count("queue-not-done", seen.len()),
                cases.collect(),
            )
        }
    }
}

/// The case and version of a ticked box.
fn marked(value: &str) -> Option<(CaseId, u64)> {
    let (id, version) = value.rsplit_once('@')?;
    Some((CaseId(id.to_owned()), version.parse().ok()?))
}
