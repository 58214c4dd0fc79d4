//! The queue: the cases that somebody has to look at, in saved views, with filters in the address, and the selected case beside them.

mod asked;
mod beside;
mod bulk;
mod export;
mod filters;
mod news;
mod peek;
mod ranked;
mod row;
mod views;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};

pub(in crate::serve::pages) use self::asked::dashed;
use self::asked::{Asked, page_of};
pub(in crate::serve::pages) use self::beside::beside;
use self::bulk::Bar;
pub(in crate::serve) use self::export::export;
use self::filters::{Chip, chips};
pub(in crate::serve) use self::news::news;
use self::news::{LOOKED_EVERY_SECONDS, Seen};
pub(in crate::serve::pages) use self::ranked::waits_for_second;
use self::ranked::{Mark, View};
pub(in crate::serve) use self::ranked::{RANKED_OF, Ranked, due};
use self::row::Row;
pub(in crate::serve::pages) use self::row::assignable;
pub(in crate::serve) use self::views::{act as views_act, kept, page as views_page};
use super::fields::Fields;
use super::off_thread;
use super::sources::is_troubled;
use crate::model::{Case, CaseId, User, UserRole};
use crate::serve::access::{CurrentUser, Sight};
use crate::serve::error::Error;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// Cases on one page.
const MOST_ROWS: usize = 25;
/// How long a case counts as new in the head of the page.
const NEW_FOR: TimeDelta = TimeDelta::hours(24);
/// The fragment beside the list, by the id that requests for it name.
const PEEK: &str = "peek";
/// The header by which a script asks for a fragment.
const FRAGMENT: HeaderName = HeaderName::from_static("hx-request");

/// A view with its number.
struct Tab {
    /// Its word, or the id of one that somebody keeps.
    view: String,
    href: String,
    words: String,
    n: String,
    is_hot: bool,
    is_here: bool,
}

/// What stands in the place of rows.
struct Empty {
    icon: &'static str,
    title: String,
    advice: String,
    /// What there is to do, where nothing was done yet: words, and where.
    steps: Vec<(String, Option<&'static str>)>,
    /// Links that would show something: words and address.
    ways: Vec<(String, String)>,
}

/// What keeps several cases from being changed together.
struct Problem {
    words: String,
    /// Cases and why, where it is about some of them: address, short id, reason, and details in English.
    cases: Vec<(String, String, String, Option<String>)>,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage<'a> {
    shell: &'a Shell,
    n_new: String,
    at: String,
    moment: String,
    tabs: Vec<Tab>,
    /// Where the list can be kept as a view.
    keeping: String,
    chips: Vec<Chip>,
    asked_words: &'a str,
    fields: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    range: String,
    first_page: Option<String>,
    next_page: Option<String>,
    empty: Option<Empty>,
    peek: Option<String>,
    bar: Option<Bar>,
    problem: Option<Problem>,
    done: Option<String>,
    /// Where the script asks whether something came or changed since.
    news: String,
    /// That not all sources are seen as they should be, where that is so.
    partial: Option<String>,
    /// The list as a file: name of the form and address.
    exports: Vec<(&'static str, String)>,
}

/// Everything a page of the queue is made of.
struct Around<'a> {
    desk: &'a Desk,
    shell: &'a Shell,
    reader: &'a User,
    users: Vec<User>,
    now: DateTime<Utc>,
}

impl Around<'_> {
    fn words(&self) -> &Words {
        &self.shell.words
    }
}

/// The queue, or the selected case alone for a script that has the rest.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    off_thread(move || {
        let asked = Asked::of(&query.unwrap_or_default());
        let around = Around::of(&desk, &shell, &user.user)?;
        let html = if is_fragment(&headers) {
            around.peek_alone(&asked)?
        } else {
            around.page(&asked, None)?
        };
        let vary = (header::VARY, HeaderValue::from_static("HX-Request"));
        Ok(([vary], Html(html)).into_response())
    })
    .await
}

/// Takes one step on all marked cases, or on none of them; the address says which list the form stood in.
pub(in crate::serve) async fn bulk(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Error> {
    off_thread(move || {
        let asked = Asked::of(&query.unwrap_or_default());
        let around = Around::of(&desk, &shell, &user.user)?;
        bulk::take(&around, &asked, &Fields::of(&body))
    })
    .await
}

/// Whether a script asks for what stands beside the list.
fn is_fragment(headers: &HeaderMap) -> bool {
    let target = headers
        .get("hx-target")
        .and_then(|value| value.to_str().ok());
    headers.contains_key(FRAGMENT) && target.is_some_and(|target| target.contains(PEEK))
}

/// What a refused form had typed and marked, and why it was refused.
struct Kept<'a> {
    fields: &'a Fields,
    problem: Problem,
}

impl<'a> Around<'a> {
    fn of(desk: &'a Desk, shell: &'a Shell, reader: &'a User) -> Result<Self, Error> {
        Ok(Around {
            desk,
            shell,
            reader,
            users: desk.store.users()?,
            now: desk.gate.now(),
        })
    }

    /// The whole page.
    fn page(&self, asked: &Asked, kept: Option<Kept<'_>>) -> Result<String, Error> {
        let (words, now) = (self.words(), self.now);
        // Asked for before the cases are read: what is stored in between is told as news rather than missed.
        let seen_until = Seen::now(self.desk, now)?;
        let ranked = Ranked::of(self.desk, now)?;
        let seen: Vec<(&Case, &Mark)> = ranked.seen_by(self.reader).collect();
        let let_through = self.let_through(asked, seen.iter().copied());
        let let_through: Vec<(&Case, &Mark)> = let_through.collect();
        let found: Vec<(&Case, &Mark)> = self.in_view(asked.view, &let_through).collect();
        let (shown, begin, next) = page_of(&found, asked, MOST_ROWS);
        let selected = Self::selected(asked, &seen, &shown);
        let neighbours: Vec<&CaseId> = shown.iter().map(|(case, _)| &case.id).collect();
        let peek = selected
            .map(|(case, mark)| self.peek(case, mark, asked, &neighbours))
            .transpose()?;
        let selected = selected.map(|(case, _)| &case.id);
        let fields = kept.as_ref().map(|kept| kept.fields);
        let rows = shown.iter().map(|(case, mark)| {
            let is_selected = selected == Some(&case.id);
            self.row(case, mark, asked, is_selected, fields)
        });
        let rows: Vec<Row> = rows.collect();
        let kept_tabs = self.kept_tabs(asked, &seen)?;
        let is_kept = kept_tabs.iter().any(|tab| tab.is_here);
        let tabs = View::ALL.into_iter().map(|view| {
            let n = self.in_view(view, &let_through).count();
            Tab {
                view: view.word().to_owned(),
                href: asked.in_view(view).address(),
                words: words.say(&format!("queue-view-{}", view.word())),
                n: words.number(n),
                is_hot: view.is_hot() && n > 0,
                is_here: asked.view == view && !is_kept,
            }
        });
        let is_new = |(case, _): &&(&Case, &Mark)| now - case.opened_at < NEW_FOR;
        let n_new = seen.iter().filter(is_new).count();
        let empty = match found.is_empty() {
            true => Some(self.empty(asked, &seen)?),
            false => None,
        };
        let page = QueuePage {
            shell: self.shell,
            n_new: words.count("queue-new", n_new),
            at: words.briefly(now, now),
            moment: now.to_rfc3339(),
            tabs: tabs.chain(kept_tabs).collect(),
            keeping: asked.keeping(),
            chips: chips(self, asked, &found),
            asked_words: &asked.words,
            fields: asked.fields(),
            range: self.range(begin, rows.len(), found.len()),
            first_page: (begin > 0).then(|| asked.after(None).address()),
            next_page: next.map(|place| asked.after(Some(place)).address()),
            bar: self.bar(asked, fields).filter(|_| !rows.is_empty()),
            rows,
            empty,
            peek,
            problem: kept.map(|kept| kept.problem),
            done: asked.done.as_ref().map(|done| self.told(done)),
            news: seen_until.address(asked),
            partial: self.partial()?,
            exports: export::FORMS
                .map(|(ending, name)| (name, asked.export(ending)))
                .to_vec(),
        };
        let html: Html<String> = shell::page(&page)?;
        Ok(html.0)
    }

    /// What stands beside the list, for a script that has the list.
    fn peek_alone(&self, asked: &Asked) -> Result<String, Error> {
        let ranked = Ranked::of(self.desk, self.now)?;
        let seen: Vec<(&Case, &Mark)> = ranked.seen_by(self.reader).collect();
        let found: Vec<(&Case, &Mark)> = self.in_list(asked, &seen).collect();
        let (shown, ..) = page_of(&found, asked, MOST_ROWS);
        let Some((case, mark)) = Self::selected(asked, &seen, &shown) else {
            return Err(Error::NotFound("no case has this id"));
        };
        let neighbours: Vec<&CaseId> = shown.iter().map(|(case, _)| &case.id).collect();
        self.peek(case, mark, asked, &neighbours)
    }

    /// Those of some cases that the words and filters of a list let through.
    fn let_through<'c>(
        &self,
        asked: &Asked,
        cases: impl Iterator<Item = (&'c Case, &'c Mark)>,
    ) -> impl Iterator<Item = (&'c Case, &'c Mark)> {
        cases.filter(|(case, mark)| asked.lets(case, mark, &self.desk.names, self.now))
    }

    /// Those that stand in a view.
    fn in_view<'c>(
        &self,
        view: View,
        cases: &[(&'c Case, &'c Mark)],
    ) -> impl Iterator<Item = (&'c Case, &'c Mark)> {
        let cases = cases.iter().copied();
        cases.filter(move |(case, mark)| view.holds(case, mark, self.reader, self.now))
    }

    /// Those that stand in a list: in its view, and let through.
    fn in_list<'c>(
        &self,
        asked: &Asked,
        seen: &[(&'c Case, &'c Mark)],
    ) -> impl Iterator<Item = (&'c Case, &'c Mark)> {
        self.let_through(asked, self.in_view(asked.view, seen))
    }

    /// The case beside the list: the one asked for, else the first of the page.
    fn selected<'c>(
        asked: &Asked,
        seen: &[(&'c Case, &'c Mark)],
        shown: &[(&'c Case, &'c Mark)],
    ) -> Option<(&'c Case, &'c Mark)> {
        let named = asked.selected.as_ref();
        let asked_for = named.and_then(|id| seen.iter().find(|(case, _)| case.id == *id));
        asked_for.or(shown.first()).copied()
    }

    /// Which part of what was found the page shows.
    fn range(&self, begin: usize, n_shown: usize, n_found: usize) -> String {
        let words = self.words();
        let part = format!(
            "{}–{}",
            words.number(begin + 1),
            words.number(begin + n_shown)
        );
        words.with_two(
            "queue-range",
            ("part", &part),
            ("whole", &words.number(n_found)),
        )
    }

    /// That sources are not seen as they should be, so that cases may be missing here.
    fn partial(&self) -> Result<Option<String>, Error> {
        let healths = self.desk.store.healths()?.into_iter();
        let n_troubled = healths
            .filter(|one| self.desk.names.contains_key(&one.source) && is_troubled(one.state))
            .count();
        let words = self.words();
        Ok((n_troubled > 0).then(|| words.count("queue-partial", n_troubled)))
    }

    /// What was done, in words.
    fn told(&self, done: &asked::Done) -> String {
        let words = self.words();
        let step = words.say(&format!("step-name-{}", done.step.word()));
        match done.n {
            1 => words.with("queue-done", "step", &step),
            n => words.with_two(
                "queue-done-many",
                ("step", &step),
                ("whole", &words.number(n)),
            ),
        }
    }

    /// What there is to do before there can be cases.
    fn first_steps(&self) -> Vec<(String, Option<&'static str>)> {
        let keeps_users = self.reader.role == UserRole::Administrator;
        let steps = [
            ("queue-first-sources", Some("/sources")),
            ("queue-first-records", None),
            ("queue-first-people", keeps_users.then_some("/admin")),
        ];
        steps.map(|(id, href)| (self.words().say(id), href)).into()
    }

    /// Why there are no rows, and what would show some.
    fn empty(&self, asked: &Asked, seen: &[(&Case, &Mark)]) -> Result<Empty, Error> {
        let words = self.words();
        if asked.is_narrowed() {
            let count = |less: &Asked| {
                let holds = |case, mark| {
                    less.view.holds(case, mark, self.reader, self.now)
                        && less.lets(case, mark, &self.desk.names, self.now)
                };
                let n = seen.iter().filter(|(case, mark)| holds(case, mark)).count();
                words.number(n)
            };
            let mut ways: Vec<(String, String)> = Vec::new();
            for (facet, value) in &asked.filters {
                let less = asked.narrowed(*facet, None);
                let name = self.value_name(*facet, value);
                let said = words.with_two("queue-without", ("filter", &name), ("n", &count(&less)));
                ways.push((said, less.address()));
            }
            if !asked.words.is_empty() {
                let less = asked.wordless();
                let said = words.with_two(
                    "queue-without",
                    ("filter", &asked.words),
                    ("n", &count(&less)),
                );
                ways.push((said, less.address()));
            }
            if ways.len() > 1 {
                let less = asked.wide();
                let said = words.with("queue-without-all", "n", &count(&less));
                ways.push((said, less.address()));
            }
            return Ok(Empty {
                icon: "search",
                title: words.say("queue-nothing"),
                steps: Vec::new(),
                advice: words.say("queue-nothing-advice"),
                ways,
            });
        }
        let store = &*self.desk.store;
        let n_checked = Sight::of(self.reader, store)?.n_findings(store)?;
        if n_checked == 0 && seen.is_empty() {
            return Ok(Empty {
                icon: "plus",
                title: words.say("queue-first"),
                advice: words.say("queue-first-advice"),
                steps: self.first_steps(),
                ways: Vec::new(),
            });
        }
        let all = asked.in_view(View::All);
        Ok(Empty {
            icon: "check",
            title: words.say("queue-empty"),
            steps: Vec::new(),
            advice: words.count("queue-empty-advice", n_checked),
            ways: vec![(words.say("queue-view-all"), all.address())],
        })
    }
}

/// The status of a page that says why a form was refused.
fn with_status(status: StatusCode, html: String) -> Response {
    (status, Html(html)).into_response()
}
