//! The sources: how each fares, in words and with what to do, and what its last visits came to.
//!
//! What went wrong is told as what the crawler saw; it is never the publisher's fault.

mod health;
mod visits;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use self::health::SourceView;
pub(super) use self::health::{is_troubled, views};
use self::visits::{Next, Visit};
use super::off_thread;
use crate::model::{HealthState, SourceId};
use crate::serve::charts::spark::spark;
use crate::serve::error::Error;
use crate::serve::pages::is_web;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// What an address asks for.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Asked {
    /// `troubled` leaves out what works.
    show: Option<String>,
}

/// A source as a row shows it.
struct Row {
    id: String,
    name: String,
    languages: Vec<&'static str>,
    host: String,
    role: String,
    class: &'static str,
    state: String,
    advice: String,
    last: String,
    n_day: String,
    usual: String,
    /// SVG.
    spark: String,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct Page<'a> {
    shell: &'a Shell,
    lead: String,
    n_all: usize,
    n_troubled: usize,
    shows_troubled: bool,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "source.html")]
struct SourcePage<'a> {
    shell: &'a Shell,
    row: Row,
    url: String,
    is_link: bool,
    topics: String,
    gaps: Vec<String>,
    next: Vec<Next>,
    n_refused_by_robots: String,
    /// What was found, in English as it is stored: what was seen, and what to do.
    notes: Vec<(String, String)>,
    visits: Vec<Visit>,
}

/// All sources, the worst first.
pub(in crate::serve) async fn list(
    State(desk): Shared,
    shell: Shell,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let now = desk.gate.now();
        let words = shell.words;
        let views = views(&desk, now)?;
        let n_all = views.len();
        let n_troubled = views.iter().filter(|view| view.is_troubled()).count();
        let shows_troubled = asked.show.as_deref() == Some("troubled");
        let shown = views
            .iter()
            .filter(|view| !shows_troubled || view.is_troubled());
        shell::page(&Page {
            shell: &shell,
            lead: format!(
                "{} · {} · {}",
                words.count("sources-all", n_all),
                words.count("sources-fine", n_all - n_troubled),
                words.with("sources-as-of", "at", &words.moment(now)),
            ),
            n_all,
            n_troubled,
            shows_troubled,
            rows: shown.map(|view| row(words, view, now)).collect(),
        })
    })
    .await
}

/// One source with its last visits.
pub(in crate::serve) async fn one(
    State(desk): Shared,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Html<String>, Error> {
    off_thread(move || shown(&desk, &shell, &SourceId(id), desk.gate.now())).await
}

/// The page of a source as of a moment.
fn shown(
    desk: &Desk,
    shell: &Shell,
    id: &SourceId,
    now: DateTime<Utc>,
) -> Result<Html<String>, Error> {
    let words = shell.words;
    let views = views(desk, now)?;
    let view = views
        .into_iter()
        .find(|view| view.id == *id)
        .ok_or(Error::NotFound("no source has this id"))?;
    let source = desk.names.get(id);
    let url = source.map_or_else(String::new, |source| source.url.clone());
    let log = visits::log(desk, id)?;
    shell::page(&SourcePage {
        shell,
        is_link: is_web(&url),
        url,
        topics: source.map_or_else(String::new, |source| source.authority.join(", ")),
        gaps: gaps(desk, words, id, now)?,
        next: visits::next(desk, words, id, now)?,
        notes: view
            .notes
            .iter()
            .map(|note| (note.words.clone(), note.what_to_do.clone()))
            .collect(),
        n_refused_by_robots: words.number(visits::disallowed(&log)),
        visits: visits::shown(desk, words, id, &log, now)?,
        row: row(words, &view, now),
    })
}

/// The times in which a source was not seen, the newest first.
fn gaps(
    desk: &Desk,
    words: Words,
    id: &SourceId,
    now: DateTime<Utc>,
) -> Result<Vec<String>, Error> {
    /// Gaps shown.
    const SHOWN: usize = 10;
    let gaps = desk.store.gaps(now)?.into_iter();
    let gaps = gaps.rev().filter(|gap| gap.source == *id).take(SHOWN);
    let told = gaps.map(|gap| {
        let text = if gap.is_silent {
            "sources-gap-silent"
        } else {
            "sources-gap-unasked"
        };
        let to = gap
            .to
            .map_or_else(|| words.say("sources-gap-now"), |to| words.moment(to));
        words.with_two(text, ("from", &words.moment(gap.from)), ("to", &to))
    });
    Ok(told.collect())
}

/// A source as a row.
fn row(words: Words, view: &SourceView, now: DateTime<Utc>) -> Row {
    let last = match view.last_success {
        None => words.say("sources-never"),
        Some(at) => words.with_two(
            "sources-ago",
            ("at", &words.briefly(at, now)),
            ("span", &words.span(now.signed_duration_since(at))),
        ),
    };
    let usual = match view.usual_tenths {
        None => "–".to_owned(),
        Some(tenths) => words.tenths(tenths),
    };
    let state = health::word(view.state);
    let advice = match (view.state, view.paused_until) {
        (HealthState::LimitsRequests, Some(until)) => {
            words.with("sources-advice-paused", "until", &words.briefly(until, now))
        }
        _ => words.say(&format!("sources-advice-{}", state)),
    };
    Row {
        id: view.id.0.clone(),
        name: view.name_in(words.language),
        languages: view.languages.clone(),
        host: view.host.clone(),
        role: words.say(if view.is_official {
            "sources-official"
        } else {
            "sources-media"
        }),
        class: health::class(view.state),
        state: words.say(&format!("sources-state-{}", state)),
        advice,
        last,
        n_day: words.number(view.n_day()),
        usual,
        spark: spark(view.recent_hours()),
    }
}
