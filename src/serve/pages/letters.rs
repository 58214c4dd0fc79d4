//! The register of letters, and every last day that is ahead or passed.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use url::form_urlencoded;

use super::letter_words::{self, Due, Tag};
use super::off_thread;
use crate::language::Language;
use crate::model::{Case, CaseId, LetterEntry, LetterStatus, Route};
use crate::report::text::name;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::letters::listing::{Asked, OVERDUE};
use crate::serve::letters::{api, letters_of};
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared};

/// A choice of a filter.
struct Choice {
    value: String,
    word: String,
    is_chosen: bool,
}

/// A letter in the register.
struct Row {
    number: String,
    case: CaseId,
    title: String,
    title_language: &'static str,
    outlet: String,
    route: String,
    state: Tag,
    languages: Vec<Language>,
    drafted: String,
    drafted_iso: String,
    by: String,
    received: Option<String>,
    due: Vec<Due>,
}

#[derive(Template)]
#[template(path = "letters.html")]
struct Register<'a> {
    shell: &'a Shell,
    asked: &'a Asked,
    fault: bool,
    count: String,
    states: Vec<Choice>,
    routes: Vec<Choice>,
    outlets: Vec<Choice>,
    rows: Vec<Row>,
    has_any: bool,
    next: Option<String>,
    export: String,
}

/// The register.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let words = shell.words;
        let fault = asked.fault().is_some();
        let letters = letters_of(&desk, &user)?;
        let due = match &desk.letter_room {
            Some(room) => room.deadlines(
                &letters,
                &desk.store.cases()?,
                words.language,
                desk.gate.now(),
            )?,
            None => Vec::new(),
        };
        let has_any = !letters.is_empty();
        let outlets: BTreeSet<_> = letters
            .iter()
            .map(|letter| letter.recipient.clone())
            .collect();
        let outlets = outlets.iter().map(|id| Choice {
            value: id.0.clone(),
            word: name(&desk.names, id, words.language).to_owned(),
            is_chosen: asked.outlet == id.0,
        });
        let listed = asked.page(asked.matching(letters, &due));
        let cases = desk.seen(&user.sight(&*desk.store)?)?;
        let cases: BTreeMap<&CaseId, &Case> = cases.iter().map(|case| (&case.id, case)).collect();
        let users = desk.store.users()?;
        let row = |letter: &LetterEntry| {
            let case = cases.get(&letter.case);
            let copy = case.and_then(|case| letter_words::about(letter, case));
            let drafted = letter.history.first();
            Row {
                number: letter.number.clone(),
                case: letter.case.clone(),
                title: copy.map_or_else(|| letter.case.0.clone(), |copy| copy.sentence.clone()),
                title_language: copy.map_or("", |copy| copy.language.code()),
                outlet: name(&desk.names, &letter.recipient, words.language).to_owned(),
                route: letter_words::route(words, letter.route),
                state: letter_words::state(words, letter.status),
                languages: letter.texts.iter().map(|text| text.language).collect(),
                drafted: words.day(letter.drafted_at),
                drafted_iso: letter.drafted_at.to_rfc3339(),
                by: drafted
                    .map_or_else(String::new, |event| letter_words::name(&users, &event.who)),
                received: letter.received_at.map(|at| words.day(at)),
                due: letter_words::dues(words, letter, &due),
            }
        };
        let choice = |name: &str, chosen: &str, word: String| Choice {
            value: name.to_owned(),
            word,
            is_chosen: chosen == name,
        };
        let states = LetterStatus::ALL.iter().map(|one| one.name());
        let page = Register {
            shell: &shell,
            fault,
            count: words.count("letters-count", listed.n_all),
            states: states
                .chain([OVERDUE])
                .map(|one| {
                    let word = words.say(&format!("letters-state-{}", one));
                    choice(one, &asked.state, word)
                })
                .collect(),
            routes: Route::ALL
                .iter()
                .map(|one| choice(one.name(), &asked.route, letter_words::route(words, *one)))
                .collect(),
            outlets: outlets.collect(),
            rows: listed.letters.iter().map(row).collect(),
            has_any,
            next: listed
                .next
                .map(|after| address("/letters", &asked, Some(&after))),
            export: address("/api/v1/letters/export", &asked, None),
            asked: &asked,
        };
        shell::page(&page)
    })
    .await
}

/// An address that asks the same, after a letter.
fn address(path: &str, asked: &Asked, after: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let fields = [
        ("state", asked.state.as_str()),
        ("route", &asked.route),
        ("outlet", &asked.outlet),
        ("case", &asked.case),
        ("after", after.unwrap_or_default()),
    ];
    for (field, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(field, value);
    }
    format!("{path}?{}", query.finish())
}

/// A last day in the list of all.
struct DueLine {
    due: Due,
    letter: Option<String>,
    case: CaseId,
    title: String,
    title_language: &'static str,
    outlet: String,
}

/// Last days that one page shows; those of open cases without a letter can be many.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "deadlines.html")]
struct Deadlines<'a> {
    shell: &'a Shell,
    count: String,
    rows: Vec<DueLine>,
    more: Option<String>,
}

/// Every last day, soonest first.
pub(in crate::serve) async fn deadlines(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let words = shell.words;
        let all = api::all_due(&desk, &user, words.language)?;
        let more = all.len().saturating_sub(SHOWN);
        let page = Deadlines {
            shell: &shell,
            count: words.count("letters-deadlines-count", all.len()),
            more: (more > 0).then(|| words.count("letters-deadlines-more", more)),
            rows: lines(&desk, &shell, &user, &all[..all.len() - more])?,
        };
        shell::page(&page)
    })
    .await
}

/// Last days in words.
fn lines(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    rows: &[crate::model::DueRow],
) -> Result<Vec<DueLine>, Error> {
    let words = shell.words;
    let cases = desk.seen(&user.sight(&*desk.store)?)?;
    let cases: BTreeMap<&CaseId, &Case> = cases.iter().map(|case| (&case.id, case)).collect();
    let lines = rows.iter().map(|row| {
        let copy = cases.get(&row.case).and_then(|case| case.copies.first());
        DueLine {
            due: letter_words::due(words, row),
            letter: row.letter.clone(),
            case: row.case.clone(),
            title: copy.map_or_else(|| row.case.0.clone(), |copy| copy.sentence.clone()),
            title_language: copy.map_or("", |copy| copy.language.code()),
            outlet: name(&desk.names, &row.recipient, words.language).to_owned(),
        }
    });
    Ok(lines.collect())
}
