//! One case: what the program proposes, both texts beside each other, the slots, the decision, and all that happened.

mod aside;
mod compare;
mod files;
mod work;

pub(super) use self::compare::dashed;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use self::aside::Aside;
use self::compare::{Comparison, Looking, comparison};
use self::files::Files;
use self::work::Work;
use super::queue::beside;
use super::severity::Severity;
use super::steps::state_name;
use super::{find_case, off_thread};
use crate::language::Lexicon;
use crate::model::ledger::Priority;
use crate::model::{Case, CaseId, CaseState, Copy, CopyState, Dismissal, User};
use crate::pursue;
use crate::pursue::wording;
use crate::report::text::name;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::serve) struct CaseQuery {
    /// Number of the copy that is laid beside the record, from 1; the first where it is absent or no number of a copy.
    #[serde(default)]
    copy: String,
    /// A slot that is to be corrected by hand; none where it is absent or no slot.
    #[serde(default)]
    read: String,
}

/// A word in a frame, which a colour repeats.
struct Tag {
    /// Class of the colour; empty for none.
    class: &'static str,
    /// The word.
    text: String,
}

/// People by their ids.
struct People(BTreeMap<String, String>);

impl People {
    /// A person's name; the id of whoever is not known.
    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// The first letters of a person's first two names.
    fn initials(&self, id: &str) -> String {
        shell::initials(self.name(id))
    }
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage<'a> {
    shell: &'a Shell,
    case: &'a Case,
    title: String,
    title_language: &'static str,
    level: &'static str,
    level_text: String,
    state: Tag,
    deadline: Option<Tag>,
    n_copies: String,
    language: &'static str,
    /// What the program proposes, or what a person decided.
    head: String,
    comparison: Comparison,
    /// The sentence under the head.
    proposal: String,
    /// The explanation as it was stored, with its language, where that is not the reader's.
    stored: Option<&'static str>,
    quiet: Option<String>,
    work: Work,
    aside: Aside,
    printed: String,
    /// The case before it in its list.
    before: Option<CaseId>,
    /// The case after it.
    after: Option<CaseId>,
}

/// The page.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(id): Path<String>,
    Query(query): Query<CaseQuery>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let case = find_case(&desk, &user, id)?;
        let view = View {
            desk: &desk,
            shell: &shell,
            reader: &user.user,
            copy: query.copy.parse().unwrap_or(1),
            read: &query.read,
            now: desk.gate.now(),
        };
        view.page(&case)
    })
    .await
}

/// Who looks at a case, and how.
struct View<'a> {
    desk: &'a Desk,
    shell: &'a Shell,
    /// The reader, to whom steps are offered.
    reader: &'a User,
    /// Number of the copy that is laid beside the record, from 1.
    copy: usize,
    /// The slot that is to be corrected, as addresses name it.
    read: &'a str,
    now: DateTime<Utc>,
}

impl View<'_> {
    /// The page of a case as it stands.
    fn page(&self, case: &Case) -> Result<Html<String>, Error> {
        let words = &self.shell.words;
        let place = self.copy.saturating_sub(1);
        let copy = case.copies.get(place).or_else(|| case.copies.first());
        let files = Files::load(self.desk, words, case, copy)?;
        let people = self.people()?;
        let priority = pursue::priority(case, &self.desk.names, &self.desk.rules, self.now);
        let (level, level_text) = level(words, &priority);
        let work = Work::of(self, case, &people)?;
        let looking = Looking {
            words,
            lexicon: Lexicon::shipped(),
            people: &people,
            read: match self.read {
                "" => work.reading.get("slot"),
                read => read,
            },
            kept: &work.reading,
        };
        let comparison = comparison(&looking, &files, case, copy);
        let quiet = priority.quiet_until.map(|until| words.moment(until));
        let mut aside = Aside::of(self, case, copy, &files, &people, &priority)?;
        let [before, after] = beside(self.desk, self.reader, &case.id, self.now)?;
        let language = copy.map_or("", |copy| copy.language.code());
        let (title, title_language) = files.title(copy);
        let template = CasePage {
            shell: self.shell,
            case,
            title,
            title_language,
            level,
            level_text,
            state: state_tag(words, case.state),
            deadline: aside.deadline.take(),
            n_copies: words.count("case-copies", case.copies.len()),
            language,
            head: head(words, case, &people),
            proposal: self.proposal(case.state.is_open(), copy, &comparison)?,
            comparison,
            stored: copy
                .filter(|copy| copy.language != words.language)
                .map(|copy| copy.language.code()),
            quiet,
            work,
            aside,
            printed: self.printed(case),
            before,
            after,
        };
        shell::page(&template)
    }

    /// How many slots differ, how sure the program was, and that it does not decide.
    fn proposal(
        &self,
        is_open: bool,
        copy: Option<&Copy>,
        comparison: &Comparison,
    ) -> Result<String, Error> {
        let words = &self.shell.words;
        if !is_open {
            return Ok(words.say("case-ended"));
        }
        let mut told = vec![words.with_two(
            "case-counts",
            ("differ", &words.number(comparison.n_differ)),
            ("same", &words.number(comparison.n_same)),
        )];
        if comparison.n_differ == 0 && comparison.is_read {
            told.push(words.say("queue-nothing-differs"));
        }
        if comparison.n_left_out > 0 {
            told.push(words.count("case-counts-left-out", comparison.n_left_out));
        }
        let verdict = match copy {
            Some(copy) => self.desk.store.verdict(&copy.claim)?,
            None => None,
        };
        if let Some(verdict) = verdict.filter(|verdict| verdict.confidence > 0) {
            let sure = rust_decimal::Decimal::new(verdict.confidence.into(), 3).round_dp(2);
            let sure = wording::number(sure, words.language);
            told.push(words.with("case-confidence", "value", &sure));
        }
        told.push(words.say("case-person-decides"));
        Ok(told.join(" "))
    }

    /// What stands under a printed page: when it was made, for whom, of which version.
    fn printed(&self, case: &Case) -> String {
        let words = &self.shell.words;
        let at = words.moment(self.now);
        let made = words.with_two("case-printed-by", ("at", &at), ("who", &self.reader.name));
        let of = words.with_two(
            "case-printed-version",
            ("id", &case.id.0),
            ("version", &words.number(case.version)),
        );
        format!("{made} {of}")
    }

    /// Everybody who is known.
    fn people(&self) -> Result<People, Error> {
        let users = self.desk.store.users()?.into_iter();
        Ok(People(users.map(|user| (user.id, user.name)).collect()))
    }
}

/// How urgent a case is: a level and its word.
fn level(words: &Words, priority: &Priority) -> (&'static str, String) {
    let level = Severity::of(priority.score).word();
    (level, words.say(&format!("severity-{}", level)))
}

/// A state as a tag.
fn state_tag(words: &Words, state: CaseState) -> Tag {
    let class = match state {
        CaseState::Proposed | CaseState::Watching => "info",
        CaseState::Confirmed | CaseState::CorrectionRequested => "high",
        CaseState::Regressed | CaseState::Refused => "crit",
        CaseState::PartlyCorrected => "mid",
        CaseState::Corrected => "ok",
        CaseState::Dismissed | CaseState::Duplicate | CaseState::Removed | CaseState::Closed => "",
    };
    Tag {
        class,
        text: state_name(words, state),
    }
}

/// Whether the record changed and no publication of a case differs from it any more.
fn is_cleared(case: &Case) -> bool {
    let mut copies = case.copies.iter();
    !case.copies.is_empty() && copies.all(|copy| copy.state == CopyState::Cleared)
}

/// What is proposed, what was decided and by whom, or how it ended.
fn head(words: &Words, case: &Case, people: &People) -> String {
    let desk = &case.desk;
    if let Some(reason) = desk.dismissal {
        if reason == Dismissal::Withdrawn {
            return words.say("case-head-withdrawn");
        }
        let reason = words.say(&format!("step-reason-{}", dashed(&reason)));
        return words.with("case-head-dismissed", "reason", &reason);
    }
    let ended = match case.state {
        CaseState::Corrected => Some("case-head-corrected"),
        CaseState::Removed => Some("case-head-removed"),
        CaseState::Duplicate => Some("case-head-duplicate"),
        CaseState::Closed if is_cleared(case) => Some("case-head-cleared"),
        CaseState::Closed => Some("case-head-closed"),
        _ => None,
    };
    if let Some(ended) = ended {
        return words.say(ended);
    }
    match &desk.confirmed {
        Some((who, at)) => words.with_two(
            "case-head-confirmed",
            ("who", people.name(who)),
            ("at", &words.moment(*at)),
        ),
        None => words.say("case-head-proposed"),
    }
}

/// A source's name in the language of the reader.
fn source_name(view: &View<'_>, id: &crate::model::SourceId) -> String {
    name(&view.desk.names, id, view.shell.words.language).to_owned()
}
