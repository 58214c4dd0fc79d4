//! The page of saved searches: tried before they are saved, told of by letter, chat or webhook, and read as feeds.
//!
//! What proves something (the secret of a webhook, the address of a feed) is shown once, in the answer that made it; everything
//! else that changes something is answered by a redirect, so that nothing is done twice by going back.

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::form_urlencoded;

use super::search::mended;
use super::steps::name_of;
use super::{document, off_thread};
use crate::index::PREVIEW_DAYS;
use crate::model::{Alert, Channel, Pace, SavedSearch};
use crate::serve::access::{CurrentUser, Right};
use crate::serve::error::Error;
use crate::serve::saved::{Tell, Wanted, fed, is_beyond, resumed, save, taken_away, tried, unfed};
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// The newest finds shown of one search.
const SHOWN_ALERTS: usize = 5;

/// What the address asks for: a query to begin with.
#[derive(Debug, Default, Deserialize)]
pub(in crate::serve) struct Begun {
    /// The query.
    #[serde(default)]
    query: String,
    /// A name for it.
    #[serde(default)]
    name: String,
}

/// What stands in the form.
#[derive(Debug, Clone, Default)]
struct Typed {
    name: String,
    query: String,
    /// `mail`, `telegram`, `webhook`, or empty for nobody.
    tell: String,
    recipient: String,
    /// `daily`, or anything else for at once.
    pace: String,
    /// The state of the search of this name that the person agreed to replace.
    replace: String,
}

/// Something the form must be mended in, with the field that it is about.
struct Complaint {
    field: &'static str,
    said: String,
}

/// What the page says above its form.
#[derive(Default)]
struct Said {
    complaints: Vec<Complaint>,
    /// How many stories the query would have told of.
    preview: Option<String>,
    /// Something that is shown this once: what it is, and itself.
    once: Option<(String, String)>,
    /// The search that would be replaced: its query and its state.
    taken: Option<(String, String)>,
    /// What was to go for good and was not confirmed.
    unsure: Option<Unsure>,
}

/// A search of which something was to go for good, and what was typed in place of its name.
struct Unsure {
    name: String,
    /// Whether all of it was to go; else what reads its feed.
    is_whole: bool,
    typed: String,
}

/// A saved search in the list.
struct Row {
    name: String,
    query: String,
    href: String,
    /// Who is told; `None` where that is not for the reader.
    told: Option<String>,
    saved: String,
    paused: Option<String>,
    has_feed: bool,
    /// Who made it; `None` where it is everybody's.
    owner: Option<String>,
    /// Whether the reader may change it.
    is_changed: bool,
    /// Ids of the fields in which its name is typed, with what was typed wrong: before its feed goes, and before all of it does.
    confirms: [(String, Option<String>); 2],
    alerts: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "saved.html")]
struct SavedPage<'a> {
    shell: &'a Shell,
    typed: Typed,
    said: Said,
    rows: Vec<Row>,
    /// Whether the reader may change anything here.
    may_keep: bool,
    channels: [(&'static str, String); 4],
}

/// The page.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(begun): Query<Begun>,
) -> Result<Response, Error> {
    off_thread(move || {
        let mut said = Said::default();
        if !begun.query.trim().is_empty() {
            let (n_stories, repairs) = tried(&desk, &user, &begun.query)?;
            said.preview = Some(preview(&shell.words, n_stories));
            said.complaints = unread(&shell.words, &repairs);
        }
        let typed = Typed {
            name: begun.name,
            query: begun.query,
            ..Typed::default()
        };
        Ok(shown(&desk, &shell, &user, typed, said)?.into_response())
    })
    .await
}

/// What the forms of the page ask for.
pub(in crate::serve) async fn act(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    body: Bytes,
) -> Result<Response, Error> {
    off_thread(move || {
        let fields: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
        let field = |name: &str| {
            fields
                .get(name)
                .map_or("", String::as_str)
                .trim()
                .to_owned()
        };
        let typed = Typed {
            name: field("name"),
            query: field("query"),
            tell: field("tell"),
            recipient: field("recipient"),
            pace: field("pace"),
            replace: field("replace"),
        };
        let asked = field("do");
        if let Some(said) = unsure(
            &desk,
            &shell.words,
            &user,
            &asked,
            &typed.name,
            field("confirm"),
        )? {
            let page = shown(&desk, &shell, &user, Typed::default(), said)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        match asked.as_str() {
            "try" => {
                let (n_stories, repairs) = tried(&desk, &user, &typed.query)?;
                let said = Said {
                    preview: Some(preview(&shell.words, n_stories)),
                    complaints: unread(&shell.words, &repairs),
                    ..Said::default()
                };
                return Ok(shown(&desk, &shell, &user, typed, said)?.into_response());
            }
            "save" => return saving(&desk, &shell, &user, typed),
            "remove" => taken_away(&desk, &user, &typed.name)?,
            "resume" => resumed(&desk, &user, &typed.name)?,
            "revoke" => unfed(&desk, &user, &typed.name)?,
            "feed" => {
                let address = fed(&desk, &user, &typed.name)?;
                let said = Said {
                    once: Some((shell.say("saved-feed-once"), address)),
                    ..Said::default()
                };
                return Ok(shown(&desk, &shell, &user, Typed::default(), said)?.into_response());
            }
            _ => return Err(Error::Wrong("nothing was asked for".to_owned())),
        }
        Ok(Redirect::to("/saved").into_response())
    })
    .await
}

/// What is said where something was to go for good and its name was not typed: a search with what it found, or the address of a
/// feed, which others may read. Who may not change the search is told that instead.
fn unsure(
    desk: &Desk,
    words: &Words,
    user: &CurrentUser,
    asked: &str,
    name: &str,
    typed: String,
) -> Result<Option<Said>, Error> {
    let searches = desk.store.saved_searches()?;
    let mut own = searches.iter().filter(|search| search.is_of(&user.user));
    let Some(search) = own.find(|search| search.name == name) else {
        return Ok(None);
    };
    let goes = match asked {
        "remove" => true,
        "feed" | "revoke" => search.feed.is_some(),
        _ => false,
    };
    if !goes || typed == name {
        return Ok(None);
    }
    Ok(Some(Said {
        complaints: vec![Complaint {
            field: "confirm",
            said: words.with("saved-error-unconfirmed", "name", name),
        }],
        unsure: Some(Unsure {
            name: name.to_owned(),
            is_whole: asked == "remove",
            typed,
        }),
        ..Said::default()
    }))
}

/// Saves what was typed, or shows it again with what stands in the way.
fn saving(desk: &Desk, shell: &Shell, user: &CurrentUser, typed: Typed) -> Result<Response, Error> {
    let said = refused(desk, &shell.words, user, &typed)?;
    if !said.complaints.is_empty() {
        let page = shown(desk, shell, user, typed, said)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let recipient = typed.recipient.clone();
    let wanted = Wanted {
        query: typed.query.clone(),
        tell: match typed.tell.as_str() {
            "mail" => Some(Tell::Mail(recipient)),
            "telegram" => Some(Tell::Telegram(recipient)),
            "webhook" => Some(Tell::Webhook(recipient)),
            _ => None,
        },
        pace: Some(match typed.pace.as_str() {
            "daily" => Pace::Daily,
            _ => Pace::AtOnce,
        }),
    };
    let saved = save(desk, user, &typed.name, wanted)?;
    match saved["secret"].as_str() {
        Some(secret) => {
            let said = Said {
                once: Some((shell.say("saved-secret-once"), secret.to_owned())),
                ..Said::default()
            };
            Ok(shown(desk, shell, user, Typed::default(), said)?.into_response())
        }
        None => Ok(Redirect::to("/saved").into_response()),
    }
}

/// What stands in the way of saving; nothing when it can be done.
fn refused(desk: &Desk, words: &Words, user: &CurrentUser, typed: &Typed) -> Result<Said, Error> {
    let mut said = Said::default();
    let mut complain =
        |field: &'static str, text: String| said.complaints.push(Complaint { field, said: text });
    if !SavedSearch::is_name(&typed.name) {
        complain(
            "name",
            words.count("saved-error-name", SavedSearch::MAX_NAME_CHARS),
        );
    }
    if typed.query.is_empty() {
        complain("query", words.say("saved-error-query"));
    }
    if is_beyond(desk, user, &typed.query)? {
        complain("query", words.say("saved-error-judged"));
    }
    let recipient = &typed.recipient;
    let is_address = match typed.tell.as_str() {
        "mail" => recipient
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()),
        "webhook" => recipient.starts_with("https://"),
        "telegram" => !recipient.is_empty(),
        _ => true,
    };
    if !is_address {
        complain(
            "recipient",
            words.say(&format!("saved-error-{}", typed.tell)),
        );
    }
    let (_, repairs) = tried(desk, user, &typed.query)?;
    said.complaints.extend(unread(words, &repairs));
    let searches = desk.store.saved_searches()?;
    let before = searches
        .into_iter()
        .find(|search| search.name == typed.name);
    if before
        .as_ref()
        .is_some_and(|before| !before.is_of(&user.user))
    {
        let text = words.with("saved-error-others", "name", &typed.name);
        said.complaints.push(Complaint {
            field: "name",
            said: text,
        });
        return Ok(said);
    }
    if let Some(before) = before.filter(|before| typed.replace != state_of(before)) {
        let text = words.with("saved-error-taken", "name", &typed.name);
        said.complaints.push(Complaint {
            field: "replace",
            said: text,
        });
        said.taken = Some((before.query.clone(), state_of(&before)));
    }
    Ok(said)
}

/// What tells a search from what it is after somebody changed it.
fn state_of(search: &SavedSearch) -> String {
    search.saved_at.timestamp_micros().to_string()
}

/// What of a query would be read otherwise than written.
fn unread(words: &Words, repairs: &[crate::model::Repair]) -> Vec<Complaint> {
    let each = repairs.iter().map(|repair| Complaint {
        field: "query",
        said: mended(words, repair),
    });
    each.collect()
}

/// How many stories a query would have told of.
fn preview(words: &Words, n_stories: usize) -> String {
    let stories = words.count("saved-stories", n_stories);
    let days = words.number(PREVIEW_DAYS.unsigned_abs());
    words.with_two("saved-preview", ("stories", &stories), ("days", &days))
}

/// The page, with what stands in its form and what is said above it.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    typed: Typed,
    said: Said,
) -> Result<axum::response::Html<String>, Error> {
    let words = &shell.words;
    let may_keep = Right::Keep.is_of(user.user.role);
    let users = desk.store.users()?;
    let mut rows = Vec::new();
    for (place, search) in desk.store.saved_searches()?.into_iter().enumerate() {
        let alerts = match is_beyond(desk, user, &search.query)? {
            true => Vec::new(),
            false => desk.store.alerts(&search.name, SHOWN_ALERTS)?,
        };
        let owner = search.owner.as_deref();
        let owner = owner.map(|id| name_of(&users, id).to_owned());
        let is_changed = may_keep && search.is_of(&user.user);
        let confirms = [false, true].map(|is_whole| {
            let unsure = said.unsure.as_ref();
            let unsure = unsure.filter(|one| one.name == search.name && one.is_whole == is_whole);
            match unsure {
                Some(unsure) => ("confirm".to_owned(), Some(unsure.typed.clone())),
                None => (format!("confirm-{place}-{is_whole}"), None),
            }
        });
        rows.push(Row {
            confirms,
            ..row(words, search, &alerts, may_keep, (owner, is_changed))
        });
    }
    shell::page(&SavedPage {
        channels: ["", "mail", "telegram", "webhook"].map(|channel| {
            let name = match channel {
                "" => words.say("saved-tell-nobody"),
                channel => words.say(&format!("saved-tell-{}", channel)),
            };
            (channel, name)
        }),
        may_keep,
        typed,
        said,
        rows,
        shell,
    })
}

/// One saved search with its newest finds; whom it tells is shown to those who may keep searches.
fn row(
    words: &Words,
    search: SavedSearch,
    alerts: &[Alert],
    may_keep: bool,
    (owner, is_changed): (Option<String>, bool),
) -> Row {
    let mut address = form_urlencoded::Serializer::new(String::new());
    address
        .append_pair("q", &search.query)
        .append_pair("sort", "date");
    let told = search.alert.as_ref().map(|rule| {
        let (channel, to) = match &rule.channel {
            Channel::Mail { to } => ("saved-tell-mail", to),
            Channel::Telegram { chat } => ("saved-tell-telegram", chat),
            Channel::Webhook { url, .. } => ("saved-tell-webhook", url),
        };
        let pace = match rule.pace {
            Pace::AtOnce => words.say("saved-at-once"),
            Pace::Daily => words.say("saved-daily"),
        };
        format!("{}: {to} · {pace}", words.say(channel))
    });
    let alerts = alerts.iter().map(|alert| {
        let href = document::publication_address(&alert.url);
        (alert.title.clone(), words.moment(alert.matched_at), href)
    });
    Row {
        href: format!("/search?{}", address.finish()),
        told: may_keep.then(|| told.unwrap_or_else(|| words.say("saved-tell-nobody"))),
        saved: words.with("saved-at", "when", &words.moment(search.saved_at)),
        paused: search.paused.map(|paused| paused.why),
        has_feed: search.feed.is_some(),
        owner,
        is_changed,
        confirms: Default::default(),
        alerts: alerts.collect(),
        name: search.name,
        query: search.query,
    }
}
