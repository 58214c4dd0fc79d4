//! The selected case beside the list: what differs, slot by slot, and the forms of the steps that may be taken on it.

use askama::Template;

use super::Around;
use super::asked::Asked;
use super::ranked::{Mark, is_asleep};
use super::row::{Apart, assignable, n_standing, title};
use crate::language::detect;
use crate::model::{Case, CaseId, StepKind, User};
use crate::pursue;
use crate::report::text::name;
use crate::serve::desk::official;
use crate::serve::error::Error;
use crate::serve::pages::document::short_id;
use crate::serve::pages::is_web;
use crate::serve::pages::steps::{REASONS, state_name};
use crate::serve::shell::Shell;
use crate::serve::unsent::{FormName, Kept};

/// The record of a case: who published it, when, where, and whether the address is one of the web.
struct Record {
    source: String,
    day: String,
    url: String,
    is_link: bool,
}

/// Where the forms go on to, and which of them are shown.
struct Forms {
    may: Vec<StepKind>,
    /// People the case can be given to: id, name, whether it has it.
    people: Vec<(String, String, bool)>,
    /// Reasons to dismiss: value and words.
    reasons: Vec<(&'static str, String)>,
    /// An earlier case about the same record, offered as the one it is the same as.
    into: String,
    me: String,
    is_mine: bool,
    /// The step that can be taken back, in words.
    undo: Option<String>,
    asleep: bool,
    quiet: Option<String>,
    /// Where to go on to, by step: the next case after what ends the look at this one.
    on: Vec<(StepKind, String)>,
}

impl Forms {
    /// Whether the reader may take a step, named as it is typed.
    fn may(&self, step: &str) -> bool {
        self.may.iter().any(|kind| kind.word() == step)
    }

    /// Whether any of the steps that decide may be taken.
    fn decides(&self) -> bool {
        ["confirm", "dismiss", "merge"]
            .iter()
            .any(|step| self.may(step))
    }

    /// Where to go on to after a step.
    fn next(&self, step: &str) -> &str {
        let found = self.on.iter().find(|(kind, _)| kind.word() == step);
        found.map_or("/cases", |(_, next)| next)
    }
}

#[derive(Template)]
#[template(path = "queue_peek.html")]
struct Peek<'a> {
    shell: &'a Shell,
    id: &'a str,
    short: String,
    version: u64,
    severity: &'static str,
    severity_name: String,
    state: String,
    title: &'a str,
    language: &'static str,
    source: String,
    at: String,
    moment: String,
    copies: String,
    differences: Vec<Apart>,
    record: Option<Record>,
    score: String,
    due: Option<(&'static str, String, String)>,
    who: (String, String),
    forms: Forms,
    /// What the reader has typed as the reason of a decision and not sent.
    kept: Kept,
}

impl Around<'_> {
    /// What stands beside the list, as HTML.
    pub(super) fn peek(
        &self,
        case: &Case,
        mark: &Mark,
        asked: &Asked,
        neighbours: &[&CaseId],
    ) -> Result<String, Error> {
        let words = self.words();
        let first = case.copies.first();
        let record = case.evidence.first().map(|quote| {
            let language = detect::language(&quote.sentence).unwrap_or(words.language);
            Record {
                source: name(&self.desk.names, &quote.source, language).to_owned(),
                day: words.day(quote.published),
                url: quote.url.clone(),
                is_link: is_web(&quote.url),
            }
        });
        let standing = n_standing(case);
        let peek = Peek {
            shell: self.shell,
            id: &case.id.0,
            short: short_id(&case.id.0),
            version: case.version,
            severity: mark.severity().word(),
            severity_name: words.say(&format!("severity-{}", mark.severity().word())),
            state: state_name(words, case.state),
            title: title(case),
            language: first.map_or("", |copy| copy.language.code()),
            source: first.map_or_else(String::new, |copy| {
                name(&self.desk.names, &copy.source, words.language).to_owned()
            }),
            at: words.moment(mark.published),
            moment: mark.published.to_rfc3339(),
            copies: words.with_two(
                "queue-standing",
                ("standing", &words.number(standing)),
                ("whole", &words.number(case.copies.len())),
            ),
            differences: case
                .differing()
                .iter()
                .map(|difference| self.apart(case, difference))
                .collect(),
            record,
            score: words.with("queue-score", "score", &words.number(mark.score)),
            due: mark.deadline().map(|at| self.due(at)),
            who: self.who(case),
            forms: self.forms(self.reader, case, mark, asked, neighbours)?,
            kept: Kept::of(self.desk, self.reader, &FormName::decision(&case.id), words)?,
        };
        Ok(peek.render()?)
    }

    /// The forms of what the reader may do with a case.
    fn forms(
        &self,
        user: &User,
        case: &Case,
        mark: &Mark,
        asked: &Asked,
        neighbours: &[&CaseId],
    ) -> Result<Forms, Error> {
        let words = self.words();
        let official = official(&*self.desk.store)?;
        let open = pursue::open_to(user, case, &official, &self.desk.rules, self.now);
        let allowed = |kind: &StepKind| open.contains(kind);
        let last = case.desk.last.as_ref();
        let undo = last.filter(|_| allowed(&StepKind::Undo));
        let place = neighbours.iter().position(|id| **id == case.id);
        let beside = |place: usize| {
            let later = neighbours.get(place + 1);
            let earlier = place.checked_sub(1).and_then(|place| neighbours.get(place));
            later.or(earlier).copied()
        };
        let following = place.map_or(Some(&case.id), beside);
        let on = [
            (StepKind::Confirm, following),
            (StepKind::Dismiss, following),
            (StepKind::Merge, following),
            (StepKind::Watch, following),
            (StepKind::Snooze, following),
            (StepKind::Wake, Some(&case.id)),
            (StepKind::Assign, Some(&case.id)),
            (StepKind::Undo, Some(&case.id)),
        ];
        let quiet = pursue::quiet_until(case, &self.desk.rules, self.now);
        let assignee = case.desk.assignee.as_deref();
        Ok(Forms {
            may: on.iter().map(|(kind, _)| *kind).filter(allowed).collect(),
            people: assignable(&self.users, &mark.agencies)
                .into_iter()
                .map(|one| {
                    let has_it = assignee == Some(one.id.as_str());
                    (one.id.clone(), one.name.clone(), has_it)
                })
                .collect(),
            reasons: REASONS
                .iter()
                .map(|reason| (*reason, words.say(&format!("step-reason-{}", reason))))
                .collect(),
            into: case
                .follows
                .as_ref()
                .map_or_else(String::new, |id| id.0.clone()),
            me: user.id.clone(),
            is_mine: assignee == Some(user.id.as_str()),
            undo: undo.map(|last| words.say(&format!("step-name-{}", last.step.word()))),
            asleep: is_asleep(case, self.now),
            quiet: quiet
                .map(|until| words.with("step-refused-quiet", "until", &words.moment(until))),
            on: on
                .into_iter()
                .map(|(kind, next)| (kind, asked.after_doing(kind, 1, next).address()))
                .collect(),
        })
    }
}
