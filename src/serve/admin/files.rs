//! The pages of the operator's files: what is read, an editor with a preview, and the versions that were.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::log::Filter;
use crate::language::local_day;
use crate::model::AuditNote;
use crate::report::letter::markup::Block;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::files::{
    FileError, FileKind, Folder, MAX_FILE_BYTES, Mistake, OperatorFile, OperatorFiles, Preview,
};
use crate::serve::forms::{Fault, Form};
use crate::serve::letters::room;
use crate::serve::pages::letter_words::{Column, sheet};
use crate::serve::pages::off_thread;
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared, token};

/// What a change is called in the audit log.
const ACTION: &str = "file.change";
/// Bytes of a form: a file, each byte of which may be written as three signs, and the little beside it.
const MAX_FORM_BYTES: usize = 3 * MAX_FILE_BYTES + 4_096;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Asked {
    /// What was done before the page was shown.
    done: String,
    /// Number of the entry of the audit log whose text is taken up.
    version: Option<u64>,
}

#[derive(Template)]
#[template(path = "admin_files.html")]
struct FilesPage<'a> {
    shell: &'a Shell,
    parts: Vec<Part>,
    /// A year that no file holds yet.
    new_year: String,
}

/// The files of a folder.
struct Part {
    title: String,
    id: &'static str,
    folder: String,
    is_writable: bool,
    rows: Vec<Row>,
}

/// A file in the list.
struct Row {
    name: String,
    what: String,
    /// The path of an own file.
    own: Option<String>,
    /// The first mistake of it, with its line.
    mistake: Option<String>,
}

#[derive(Template)]
#[template(path = "admin_file.html")]
struct FilePage<'a> {
    shell: &'a Shell,
    file: &'a OperatorFile,
    what: String,
    faults: &'a [Fault],
    mistakes: Vec<(String, String)>,
    done: String,
    folder: String,
    is_writable: bool,
    /// Digest of the text that the form was made of.
    seen: String,
    typed: &'a str,
    most: String,
    sheet: Vec<Vec<Column>>,
    days: Vec<(String, String, bool, String)>,
    is_right: bool,
    versions: Vec<Version>,
}

/// A text that was once put in place.
struct Version {
    seq: u64,
    at: String,
    who: String,
    /// Whether it took the operator's own file away.
    is_removal: bool,
}

/// What is shown beside the file.
#[derive(Default)]
struct Said {
    status: StatusCode,
    faults: Vec<Fault>,
    mistakes: Vec<Mistake>,
    done: String,
    typed: Option<String>,
    preview: Option<Preview>,
}

/// The list.
pub(in crate::serve) async fn list(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let files = room(&desk)?.files();
        let all = files.all();
        let years = all.iter().filter_map(|file| file.year);
        let this = local_day(desk.gate.now()).year();
        let next = years.max().unwrap_or(this) + 1;
        let part = |kind: FileKind| {
            let (folder, is_writable) = folder_words(&shell, kind, &files.folder(kind));
            let (title, id) = match kind {
                FileKind::Templates => (shell.say("admin-files-templates"), "templates"),
                FileKind::Clocks => (shell.say("admin-files-clocks"), "clocks"),
            };
            let rows = all.iter().filter(|file| file.kind == kind);
            let rows = rows.map(|file| Row {
                name: file.name.clone(),
                what: what(&shell, file),
                own: file.own.clone(),
                mistake: first_mistake(&shell, files, file),
            });
            Part {
                title,
                id,
                folder,
                is_writable,
                rows: rows.collect(),
            }
        };
        shell::page(&FilesPage {
            shell: &shell,
            parts: FileKind::ALL.map(part).into(),
            new_year: format!("holidays-{next}.toml"),
        })
    })
    .await
}

/// One file.
pub(in crate::serve) async fn one(
    State(desk): Shared,
    shell: Shell,
    _: CurrentUser,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    off_thread(move || {
        let file = room(&desk)?.files().one(&name).map_err(unread)?;
        let done = match asked.done.as_str() {
            "saved" => shell.say("admin-file-saved"),
            "removed" => shell.say("admin-file-removed"),
            _ => String::new(),
        };
        let mut said = Said {
            done,
            ..Said::default()
        };
        if let Some(seq) = asked.version {
            said.typed = Some(version_text(&desk, &name, seq)?);
            said.done = shell.say("admin-file-version-taken");
        }
        shown(&desk, &shell, &file, said)
    })
    .await
}

/// Shows how a text would be read, puts it in place, or takes the operator's own file away.
pub(in crate::serve) async fn post(
    State(desk): Shared,
    shell: Shell,
    by: CurrentUser,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let form = Form::read_up_to(&body, MAX_FORM_BYTES)?;
    off_thread(move || {
        let files = room(&desk)?.files();
        let file = files.one(&name).map_err(unread)?;
        // Browsers end lines in two signs.
        let text = form.get("text").replace("\r\n", "\n");
        let given = match form.get("do") {
            "remove" => None,
            "save" | "preview" => Some(text.as_str()),
            _ => return Err(Error::Wrong("nothing was asked for".to_owned())),
        };
        let mut said = Said {
            typed: given.map(str::to_owned),
            ..Said::default()
        };
        if text.len() > MAX_FILE_BYTES {
            let most = shell.words.number(MAX_FILE_BYTES);
            said.status = StatusCode::UNPROCESSABLE_ENTITY;
            said.faults = Fault::at("text", shell.words.with("admin-file-long", "most", &most));
            return shown(&desk, &shell, &file, said);
        }
        if let Some(text) = given {
            match files.preview(&name, text, shell.words.language) {
                Ok(preview) => said.preview = Some(preview),
                Err(mistakes) => {
                    said.status = StatusCode::UNPROCESSABLE_ENTITY;
                    said.mistakes = mistakes;
                    return shown(&desk, &shell, &file, said);
                }
            }
        }
        if form.get("do") == "preview" {
            return shown(&desk, &shell, &file, said);
        }
        let is_seen = form.get("seen") == token::digest(&file.text);
        let enter = &mut |before: &str| {
            let note = AuditNote {
                at: desk.gate.now(),
                actor: by.user.id.clone(),
                action: ACTION.to_owned(),
                subject: name.clone(),
                details: json!({ "text": given, "before": before }),
            };
            desk.store.note(&note).map(|_| ()).map_err(Into::into)
        };
        let changed = match is_seen {
            true => files.change(&name, &file.text, given, enter),
            false => Err(FileError::Stale),
        };
        match changed {
            Ok(()) => {
                let done = if given.is_some() { "saved" } else { "removed" };
                Ok(Redirect::to(&format!("/admin/files/{name}?done={done}")).into_response())
            }
            Err(FileError::Stale) => {
                said.status = StatusCode::CONFLICT;
                said.faults = Fault::of_all(shell.say("admin-file-stale"));
                let file = files.one(&name).map_err(unread)?;
                shown(&desk, &shell, &file, said)
            }
            Err(FileError::Unwritable(why)) => {
                tracing::warn!(name, "a file is not changed: {why}");
                said.status = StatusCode::CONFLICT;
                let text = shell.words.with("admin-file-unwritten", "why", &why);
                said.faults = Fault::of_all(text);
                shown(&desk, &shell, &file, said)
            }
            Err(error) => Err(unread(error)),
        }
    })
    .await
}

/// An error of reading the files.
fn unread(error: FileError) -> Error {
    match error {
        FileError::Unknown => Error::NotFound("no file of this name is read"),
        FileError::Failed(cause) => Error::Broken(cause),
        other => Error::Broken(other.into()),
    }
}

/// What a file is for.
fn what(shell: &Shell, file: &OperatorFile) -> String {
    let words = &shell.words;
    match (file.kind, file.year) {
        (_, Some(year)) => words.with("admin-file-year", "year", &year.to_string()),
        (FileKind::Templates, None) => match file.name.split('.').nth(1) {
            Some("kk") => words.say("admin-file-letter-kk"),
            Some("ru") => words.say("admin-file-letter-ru"),
            Some("en") => words.say("admin-file-letter-en"),
            _ => words.say("admin-file-routes"),
        },
        (FileKind::Clocks, None) => words.say("admin-file-rules"),
    }
}

/// A folder in words, and whether files in it can be changed.
fn folder_words(shell: &Shell, kind: FileKind, folder: &Folder) -> (String, bool) {
    let words = &shell.words;
    match folder {
        Folder::Writable(path) => (words.with("admin-folder", "path", path), true),
        Folder::Unwritable { path, why } => {
            let text = words.with_two("admin-folder-unwritable", ("path", path), ("why", why));
            (text, false)
        }
        Folder::Unnamed => (words.with("admin-folder-unnamed", "key", kind.key()), false),
    }
}

/// The first mistake of the operator's own file.
fn first_mistake(shell: &Shell, files: &dyn OperatorFiles, file: &OperatorFile) -> Option<String> {
    file.own.as_ref()?;
    let read = files.preview(&file.name, &file.text, shell.words.language);
    let mistake = read.err()?.into_iter().next()?;
    Some(line_words(shell, &mistake))
}

/// A mistake with its line.
fn line_words(shell: &Shell, mistake: &Mistake) -> String {
    let line = shell.words.number(mistake.line);
    let line = shell.words.with("admin-file-line", "line", &line);
    format!("{line}: {}", mistake.message)
}

/// The text that an entry of the audit log put in place.
fn version_text(desk: &Desk, name: &str, seq: u64) -> Result<String, Error> {
    let none = || Error::NotFound("no version has this number");
    let entries = desk
        .store
        .audit_after(seq.checked_sub(1).ok_or_else(none)?)?;
    let mut entries = entries.into_iter();
    let entry = entries.find(|entry| entry.seq == seq).ok_or_else(none)?;
    if entry.action != ACTION || entry.subject != name {
        return Err(none());
    }
    let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
    let text = details["text"].as_str().or(details["before"].as_str());
    text.map(str::to_owned).ok_or_else(none)
}

/// The versions of a file, the newest first.
fn versions(desk: &Desk, shell: &Shell, name: &str) -> Result<Vec<Version>, Error> {
    let (entries, _) = Filter::of(ACTION, name).find(desk)?;
    let own = entries.into_iter().filter(|entry| entry.subject == name);
    let versions = own.map(|entry| {
        let details: Value = serde_json::from_str(&entry.details).unwrap_or_default();
        Version {
            seq: entry.seq,
            at: shell.words.moment(entry.at()),
            is_removal: details["text"].is_null(),
            who: entry.actor,
        }
    });
    Ok(versions.collect())
}

/// The page of a file.
fn shown(desk: &Desk, shell: &Shell, file: &OperatorFile, said: Said) -> Result<Response, Error> {
    let words = &shell.words;
    let files = room(desk)?.files();
    let (folder, is_writable) = folder_words(shell, file.kind, &files.folder(file.kind));
    let typed = said.typed.as_deref().unwrap_or(&file.text);
    // What is stored is shown as it is read, unless a preview of something else was asked for.
    let (mut mistakes, mut preview) = (said.mistakes, said.preview);
    if mistakes.is_empty() && preview.is_none() && !typed.is_empty() {
        match files.preview(&file.name, typed, words.language) {
            Ok(read) => preview = Some(read),
            Err(found) => mistakes = found,
        }
    }
    let day = |(date, is_off, why): (NaiveDate, bool, String)| {
        (words.date(date), date.to_string(), is_off, why)
    };
    let (sheet, days, is_right): (Vec<Vec<Column>>, Vec<_>, bool) = match preview {
        Some(Preview::Letter(text)) => (sheet(&[text]), Vec::new(), true),
        Some(Preview::Days(days)) => (Vec::new(), days.into_iter().map(day).collect(), true),
        Some(Preview::Right) => (Vec::new(), Vec::new(), true),
        None => (Vec::new(), Vec::new(), false),
    };
    let mistakes = mistakes.into_iter().map(|mistake| {
        let line = words.number(mistake.line);
        (
            words.with("admin-file-line", "line", &line),
            mistake.message,
        )
    });
    let page = shell::page(&FilePage {
        shell,
        file,
        what: what(shell, file),
        faults: &said.faults,
        mistakes: mistakes.collect(),
        done: said.done,
        folder,
        is_writable,
        seen: token::digest(&file.text),
        typed,
        most: words.number(MAX_FILE_BYTES),
        sheet,
        days,
        is_right,
        versions: versions(desk, shell, &file.name)?,
    })?;
    Ok((said.status, page).into_response())
}
