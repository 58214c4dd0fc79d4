//! The matrix of roles, made of the tables that are obeyed, and what this program and its folder are.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::role_words;
use crate::model::{StepKind, UserRole};
use crate::pursue::table::TABLE;
use crate::serve::Shared;
use crate::serve::access::{CurrentUser, RIGHTS, Right};
use crate::serve::error::Error;
use crate::serve::pages::off_thread;
use crate::serve::shell::{self, Shell};

/// A row of the matrix: what is done, and for each role whether it may.
type Line = (String, Vec<bool>);

#[derive(Template)]
#[template(path = "admin_roles.html")]
struct RolesPage<'a> {
    shell: &'a Shell,
    roles: Vec<String>,
    rights: Vec<Line>,
    steps: Vec<Line>,
}

#[derive(Template)]
#[template(path = "admin_about.html")]
struct AboutPage<'a> {
    shell: &'a Shell,
    program: &'static str,
    facts: Vec<(String, String)>,
}

/// The matrix of roles.
pub(in crate::serve) async fn roles(shell: Shell, _: CurrentUser) -> Result<Html<String>, Error> {
    // What the program does by itself is no right of a role, and neither is what needs no sign-in.
    let rights = [
        (Right::Read, "matrix-right-read"),
        (Right::Keep, "matrix-right-keep"),
        (Right::Step, "matrix-right-step"),
        (Right::Administer, "matrix-right-administer"),
    ];
    let rights = rights.into_iter().filter(|(right, _)| {
        let mut rows = RIGHTS.iter();
        rows.any(|(_, _, asked)| asked == right)
    });
    let rights = rights.map(|(right, text)| {
        let may = UserRole::ALL.map(|role| right.is_of(role));
        (shell.say(text), may.to_vec())
    });
    let may_take = |kind: StepKind, role: UserRole| {
        let mut rules = TABLE.iter();
        rules.any(|rule| rule.step == kind && rule.who.contains(&role))
    };
    let steps = StepKind::ALL.into_iter().filter_map(|kind| {
        let may = UserRole::ALL.map(|role| may_take(kind, role));
        let text = shell.say(&format!("step-name-{}", kind.word()));
        may.contains(&true).then(|| (text, may.to_vec()))
    });
    let roles = UserRole::ALL.map(|role| role_words(&shell, role));
    shell::page(&RolesPage {
        shell: &shell,
        roles: roles.to_vec(),
        rights: rights.collect(),
        steps: steps.collect(),
    })
}

/// What this program and its folder are.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let counts = desk.store.counts()?;
        let facts = [
            ("about-sources", desk.names.len() as u64),
            ("about-captures", counts.captures),
            ("about-documents", counts.documents),
            ("about-revisions", counts.revisions),
            ("about-observations", counts.observations),
            ("about-claims", counts.claims),
            ("about-cases", counts.cases),
            ("about-letters", desk.store.letters(None)?.len() as u64),
            ("about-saved", desk.store.saved_searches()?.len() as u64),
            ("about-users", desk.store.users()?.len() as u64),
            ("about-stored", desk.store.last_sequence()?),
            ("about-indexed", desk.index.committed_seq()?),
        ];
        let words = &shell.words;
        let facts = facts.map(|(text, n)| (words.say(text), words.number(n)));
        shell::page(&AboutPage {
            shell: &shell,
            program: concat!("aigaq ", env!("CARGO_PKG_VERSION")),
            facts: facts.to_vec(),
        })
    })
    .await
}
