//! Views of the queue that people keep under a name: their tabs, and the page on which they are made, renamed and removed.
//!
//! A view is what a list asks for and nothing else. What stands in it, and how much, is reckoned for whoever looks: sharing a view
//! shows nobody a case that the person does not see.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use super::asked::{Asked, Sort};
use super::ranked::Mark;
use super::{Around, Tab, off_thread};
use crate::model::{Case, QueueView};
use crate::serve::Shared;
use crate::serve::access::{CurrentUser, Right};
use crate::serve::error::Error;
use crate::serve::forms::{Fault, Form};
use crate::serve::pages::steps::name_of;
use crate::serve::queue_views::{self, ViewError};
use crate::serve::shell::{self, Shell};

/// The page of views.
const PAGE: &str = "/cases/views";

/// What stands in the address: the list that is to be kept, and what was done before the page was shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Begun {
    /// What the list asks for.
    query: String,
    /// A name for it.
    name: String,
    /// Whether it was shared.
    shared: String,
    /// What was done, as a word.
    done: String,
}

/// A view in the list.
struct Row {
    id: String,
    name: String,
    href: String,
    /// What it lists, in words.
    about: String,
    n: String,
    is_shared: bool,
    /// Who made it; empty for the reader.
    owner: String,
    is_changed: bool,
    /// Id of the field with its name, and what stands in it.
    field: (String, String),
    /// Whether what stands in it was refused.
    is_wrong: bool,
}

#[derive(Template)]
#[template(path = "queue_views.html")]
struct ViewsPage<'a> {
    shell: &'a Shell,
    faults: &'a [Fault],
    done: String,
    rows: Vec<Row>,
    /// The list that would be kept: its query, and what it lists in words.
    query: String,
    about: String,
    name: String,
    is_shared: bool,
    may_share: bool,
}

/// The page.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(begun): Query<Begun>,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let around = Around::of(&desk, &shell, &user.user)?;
        around.views_page(&begun, None, &[])
    })
    .await
}

/// Keeps a view, renames or removes one.
pub(in crate::serve) async fn act(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read(&body)?;
    off_thread(move || {
        let around = Around::of(&desk, &shell, &user.user)?;
        match form.get("do") {
            "keep" => around.keep(&form),
            "rename" => around.rename(&form),
            "remove" => around.remove(&form),
            _ => Err(Error::Wrong("nothing was asked for".to_owned())),
        }
    })
    .await
}

impl Asked {
    /// The list as a view keeps it: its first page, with nothing selected.
    fn kept(&self) -> String {
        self.after(None).query()
    }

    /// Where the list can be kept as a view.
    pub(super) fn keeping(&self) -> String {
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("query", &self.kept());
        format!("{PAGE}?{}", address.finish())
    }
}

impl Around<'_> {
    /// The views that the reader is shown, own ones first, each with what its list asks for.
    pub(super) fn views(&self) -> Result<Vec<(QueueView, Asked)>, Error> {
        let views = queue_views::shown_to(&*self.desk.store, self.reader)?;
        let asked = views.into_iter().map(|view| {
            let asked = Asked::of(&view.query);
            (view, asked)
        });
        Ok(asked.collect())
    }

    /// The tabs of the views that the reader is shown.
    pub(super) fn kept_tabs(
        &self,
        here: &Asked,
        seen: &[(&Case, &Mark)],
    ) -> Result<Vec<Tab>, Error> {
        let here = here.kept();
        let tabs = self.views()?.into_iter().map(|(view, asked)| Tab {
            href: asked.address(),
            n: self.words().number(self.in_list(&asked, seen).count()),
            is_hot: false,
            is_here: asked.kept() == here,
            words: view.name,
            view: view.id,
        });
        Ok(tabs.collect())
    }

    /// What a list asks for, in words.
    fn about(&self, asked: &Asked) -> String {
        let words = self.words();
        let mut parts = vec![words.say(&format!("queue-view-{}", asked.view.word()))];
        let filters = asked.filters.iter();
        parts.extend(filters.map(|(facet, value)| self.value_name(*facet, value)));
        if !asked.words.is_empty() {
            parts.push(asked.words.clone());
        }
        if asked.sort != Sort::default() {
            parts.push(words.say(&format!("queue-sort-{}", asked.sort.word())));
        }
        parts.join(" · ")
    }

    /// The page, with what stands in its form and why a form was refused.
    fn views_page(
        &self,
        begun: &Begun,
        refused: Option<&Form>,
        faults: &[Fault],
    ) -> Result<Html<String>, Error> {
        let ranked = super::Ranked::of(self.desk, self.now)?;
        let seen: Vec<(&Case, &Mark)> = ranked.seen_by(self.reader).collect();
        let renamed = refused.filter(|form| form.get("do") == "rename");
        let rows = self.views()?.into_iter().map(|(view, asked)| {
            let typed = renamed.filter(|form| form.get("id") == view.id);
            Row {
                href: asked.address(),
                about: self.about(&asked),
                n: self
                    .words()
                    .count("views-count", self.in_list(&asked, &seen).count()),
                is_shared: view.is_shared,
                owner: match view.owner == self.reader.id {
                    true => String::new(),
                    false => name_of(&self.users, &view.owner).to_owned(),
                },
                is_changed: view.is_of(self.reader),
                field: match typed {
                    Some(form) => ("rename".to_owned(), form.get("name").to_owned()),
                    None => (format!("rename-{}", view.id), view.name.clone()),
                },
                is_wrong: typed.is_some(),
                name: view.name,
                id: view.id,
            }
        });
        let made = refused.filter(|form| form.get("do") == "keep");
        let asked = Asked::of(made.map_or(&begun.query, |form| form.get("query")));
        shell::page(&ViewsPage {
            shell: self.shell,
            faults,
            done: match begun.done.as_str() {
                "removed" => self.words().say("views-done-removed"),
                _ => String::new(),
            },
            rows: rows.collect(),
            query: asked.kept(),
            about: self.about(&asked),
            name: made
                .map_or(begun.name.as_str(), |form| form.get("name"))
                .to_owned(),
            is_shared: made.map_or(begun.shared.as_str(), |form| form.get("shared")) == "on",
            may_share: Right::Keep.is_of(self.reader.role),
        })
    }

    /// Makes a view and goes to its list.
    fn keep(&self, form: &Form) -> Result<Response, Error> {
        let wanted = (
            form.get("name"),
            form.get("query"),
            form.get("shared") == "on",
        );
        match queue_views::keep(&*self.desk.store, self.reader, wanted, self.now) {
            Ok(view) => Ok(Redirect::to(&Asked::of(&view.query).address()).into_response()),
            Err(why) => self.refused(form, "name", why),
        }
    }

    /// Renames a view.
    fn rename(&self, form: &Form) -> Result<Response, Error> {
        let (id, name) = (form.get("id"), form.get("name"));
        match queue_views::rename(&*self.desk.store, self.reader, id, name, self.now) {
            Ok(_) => Ok(Redirect::to(PAGE).into_response()),
            Err(why) => self.refused(form, "rename", why),
        }
    }

    /// Removes a view; the page that follows holds it in its form, so that it can be made again.
    fn remove(&self, form: &Form) -> Result<Response, Error> {
        let id = form.get("id");
        let view = match queue_views::remove(&*self.desk.store, self.reader, id, self.now) {
            Ok(view) => view,
            Err(why) => return self.refused(form, "id", why),
        };
        let mut address = form_urlencoded::Serializer::new(String::new());
        address
            .append_pair("done", "removed")
            .append_pair("name", &view.name)
            .append_pair("query", &view.query);
        if view.is_shared {
            address.append_pair("shared", "on");
        }
        Ok(Redirect::to(&format!("{PAGE}?{}", address.finish())).into_response())
    }

    /// The page that says at a field what is wrong with a name; whatever else was refused is an error of its own.
    fn refused(&self, form: &Form, field: &'static str, why: ViewError) -> Result<Response, Error> {
        let words = self.words();
        let text = match why {
            ViewError::Name => words.count("views-error-name", QueueView::MAX_NAME_CHARS),
            ViewError::NameTaken(name) => words.with("views-error-taken", "name", &name),
            ViewError::TooMany => words.count("views-error-many", QueueView::MOST_OF_ONE),
            ViewError::Unknown => return Err(Error::NotFound("no view has this id")),
            ViewError::NotOwn => {
                return Err(Error::Refused(
                    StatusCode::FORBIDDEN,
                    "this view is another user's; who made it or an administrator can change it",
                ));
            }
            ViewError::Viewer => {
                let why = "viewers keep views for themselves only";
                return Err(Error::Refused(StatusCode::FORBIDDEN, why));
            }
            ViewError::Store(error) => return Err(error.into()),
        };
        let faults = Fault::at(field, text);
        let page = self.views_page(&Begun::default(), Some(form), &faults)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

/// What a list asks for as a view keeps it.
pub(in crate::serve) fn kept(query: &str) -> String {
    Asked::of(query).kept()
}
