//! The letters as JSON: the register, one letter with its texts and last days, its files, and the steps that people take.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::listing::Asked;
use super::orders::{self, LetterOrder, Ordered, Refused};
use super::{letter_of, letters_of, room};
use crate::language::Language;
use crate::model::letter::Wanted;
use crate::model::{AuditNote, DueRow, LetterEntry, LetterEvent, Route};
use crate::pursue::Refusal;
use crate::report::json as shape;
use crate::report::letter::{self as report, Leaf};
use crate::serve::access::CurrentUser;
use crate::serve::error::{Error, as_json_with};
use crate::serve::letter_steps::LetterStepError;
use crate::serve::pages::{find_case, off_thread};
use crate::serve::{Desk, Shared};

/// What a letter is asked to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::serve) struct Body {
    /// Languages in order, one or two.
    languages: Vec<Language>,
    /// What it asks for.
    route: Option<Route>,
    /// Address of the publication.
    publication: Option<String>,
    /// A person's own wording to propose.
    proposed: Option<String>,
}

/// Most languages of a letter: the page has room for two columns.
pub(in crate::serve) const MAX_LANGUAGES: usize = 2;

/// The register.
pub(in crate::serve) async fn letters(
    State(desk): Shared,
    user: CurrentUser,
    Query(asked): Query<Asked>,
) -> Response {
    answer(off_thread(move || list(&desk, &user, &asked)).await)
}

/// The letters of a case.
pub(in crate::serve) async fn of_case(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
    Query(mut asked): Query<Asked>,
) -> Response {
    let listed = off_thread(move || {
        asked.case = find_case(&desk, &user, id)?.id.0;
        list(&desk, &user, &asked)
    });
    answer(listed.await)
}

fn list(desk: &Desk, user: &CurrentUser, asked: &Asked) -> Result<Value, Error> {
    let (letters, due) = found(desk, user, asked)?;
    let listed = asked.page(letters);
    let items: Vec<Value> = listed
        .letters
        .iter()
        .map(|letter| with_due(letter, &due))
        .collect();
    Ok(json!({
        "letters": items,
        "meta": { "total": listed.n_all, "next": listed.next },
    }))
}

/// The letters that are asked for, with their last days.
fn found(
    desk: &Desk,
    user: &CurrentUser,
    asked: &Asked,
) -> Result<(Vec<LetterEntry>, Vec<DueRow>), Error> {
    if let Some(field) = asked.fault() {
        return Err(Error::Wrong(format!(
            "`{field}` has a value that is not known"
        )));
    }
    let letters = letters_of(desk, user)?;
    let due = due(desk, &letters)?;
    Ok((asked.matching(letters, &due), due))
}

/// The last days of letters in the language of the API; none where this process has no room for letters.
fn due(desk: &Desk, letters: &[LetterEntry]) -> Result<Vec<DueRow>, Error> {
    match &desk.letter_room {
        Some(room) => {
            let mut rows =
                room.deadlines(letters, &desk.store.cases()?, Language::En, desk.gate.now())?;
            rows.retain(|row| row.letter.is_some());
            Ok(rows)
        }
        None => Ok(Vec::new()),
    }
}

/// A letter with its last days.
fn with_due(letter: &LetterEntry, due: &[DueRow]) -> Value {
    let mut value = report::json(letter);
    let due = due
        .iter()
        .filter(|row| row.letter.as_ref() == Some(&letter.number));
    value["due"] = due.map(|row| json!(row)).collect();
    value
}

/// A letter whole: with its texts.
fn whole(desk: &Desk, letter: &LetterEntry) -> Result<Value, Error> {
    let mut value = with_due(letter, &due(desk, std::slice::from_ref(letter))?);
    let texts = letter.texts.iter().map(|text| {
        json!({
            "language": text.language,
            "title": text.title,
            "text": report::text(&[Leaf::of(text)]),
        })
    });
    value["texts"] = texts.collect();
    Ok(value)
}

/// The version of a letter as an entity tag: how much happened to it.
fn tag(letter: &LetterEntry) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{}\"", letter.history.len()))
        .unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// One letter, or one of its files where the address ends in `.html`, `.docx` or `.txt`.
pub(in crate::serve) async fn letter(
    State(desk): Shared,
    user: CurrentUser,
    Path(name): Path<String>,
) -> Response {
    let shown = off_thread(move || {
        if let Some((number, ending)) = name.rsplit_once('.') {
            let (letter, _) = letter_of(&desk, &user, number)?;
            return file(&letter, ending);
        }
        let (letter, _) = letter_of(&desk, &user, &name)?;
        let body = json!({ "letter": whole(&desk, &letter)? });
        Ok(([(header::ETAG, tag(&letter))], Json(body)).into_response())
    });
    shown.await.unwrap_or_else(|error| error.as_json())
}

/// A letter as a file. It is kept and opened elsewhere: its page for print brings its own styles, which no page of the desk may.
fn file(letter: &LetterEntry, ending: &str) -> Result<Response, Error> {
    let leaves: Vec<Leaf> = letter.texts.iter().map(Leaf::of).collect();
    let (kind, bytes) = match ending {
        "html" => (
            "text/html; charset=utf-8",
            report::html(&leaves).into_bytes(),
        ),
        "txt" => (
            "text/plain; charset=utf-8",
            report::text(&leaves).into_bytes(),
        ),
        "docx" => (report::DOCX_TYPE, report::docx(&leaves)?),
        _ => {
            return Err(Error::NotFound(
                "a letter is a file that ends in .html, .docx or .txt",
            ));
        }
    };
    let name = format!("attachment; filename=\"{}.{ending}\"", letter.number);
    let name =
        HeaderValue::from_str(&name).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static(kind);
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// The form of an export.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct AskedForm {
    form: Form,
}

/// Forms of an export of the register.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Form {
    /// Comma-separated values.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// All letters that are asked for, whatever page is open; the export is entered in the audit log.
pub(in crate::serve) async fn export(
    State(desk): Shared,
    user: CurrentUser,
    Query(asked): Query<Asked>,
    Query(AskedForm { form }): Query<AskedForm>,
) -> Response {
    let written = off_thread(move || {
        let (letters, due) = found(&desk, &user, &asked)?;
        let items = letters.iter().map(|letter| with_due(letter, &due));
        let (kind, name, bytes) = match form {
            Form::Csv => (
                "text/csv; charset=utf-8",
                "letters.csv",
                report::csv(&letters, &due)?,
            ),
            Form::Jsonl => (
                "application/jsonl; charset=utf-8",
                "letters.jsonl",
                shape::lines(&items.collect::<Vec<_>>()).into_bytes(),
            ),
        };
        let actor = user.user.id;
        desk.store.note(&AuditNote {
            at: desk.gate.now(),
            actor,
            action: "export.letters".to_owned(),
            subject: name.to_owned(),
            details: json!({ "letters": letters.len() }),
        })?;
        let name = format!("attachment; filename=\"{name}\"");
        let headers = [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ];
        Ok((headers, bytes).into_response())
    });
    written.await.unwrap_or_else(|error| error.as_json())
}

/// An answer to a body that is none.
fn unread(detail: &str) -> Response {
    as_json_with(StatusCode::UNPROCESSABLE_ENTITY, detail, Value::Null)
}

/// Writes a letter of a case and enters it as a draft.
pub(in crate::serve) async fn enter(
    State(desk): Shared,
    user: CurrentUser,
    Path(id): Path<String>,
    body: Result<Json<Body>, JsonRejection>,
) -> Response {
    let entered = off_thread(move || {
        let by = &user.user;
        let Ok(Json(body)) = body else {
            return Ok(unread(
                "the body is no letter such as {\"languages\":[\"kk\",\"ru\"],\"route\":\"reply\"}",
            ));
        };
        if !(1..=MAX_LANGUAGES).contains(&body.languages.len())
            || body.languages.first() == body.languages.get(1)
        {
            return Ok(unread("`languages` are one or two different ones"));
        }
        let case = find_case(&desk, &user, id)?;
        let wanted = Wanted {
            languages: body.languages,
            route: body.route,
            publication: body.publication,
            proposed: body.proposed.filter(|text| !text.trim().is_empty()),
            ..Wanted::default()
        };
        let written = match orders::enter(&desk, &case, &wanted, by, desk.gate.now())? {
            Err(why) => return Ok(not(&why)),
            Ok(written) => written,
        };
        let number = written.number.unwrap_or_default();
        let (letter, _) = letter_of(&desk, &user, &number)?;
        let place = HeaderValue::from_str(&format!("/api/v1/letters/{number}"))?;
        let headers = [(header::LOCATION, place), (header::ETAG, tag(&letter))];
        let body = json!({ "letter": whole(&desk, &letter)?, "missing": written.missing });
        Ok((StatusCode::CREATED, headers, Json(body)).into_response())
    });
    entered.await.unwrap_or_else(|error| error.as_json())
}

/// Takes a step on a letter; `If-Match` names the version that was seen.
pub(in crate::serve) async fn step(
    State(desk): Shared,
    user: CurrentUser,
    Path(number): Path<String>,
    headers: HeaderMap,
    order: Result<Json<LetterOrder>, JsonRejection>,
) -> Response {
    let taken = off_thread(move || {
        let Ok(Json(order)) = order else {
            return Ok(unread(
                "the body is no step such as {\"step\":\"approve\"} or {\"step\":\"sent\",\"how\":\"by post\"}",
            ));
        };
        let Some(seen) = headers.get(header::IF_MATCH) else {
            return Ok(as_json_with(
                StatusCode::PRECONDITION_REQUIRED,
                "If-Match must name the version that was seen, as ETag gives it",
                Value::Null,
            ));
        };
        let seen = seen.to_str().ok().and_then(|tag| {
            let number = tag.strip_prefix('"')?.strip_suffix('"')?;
            number.parse().ok()
        });
        let Some(seen) = seen else {
            return Err(Error::Wrong("If-Match names no version".to_owned()));
        };
        Ok(
            match orders::take(&desk, &number, seen, &order, &user, desk.gate.now())? {
                Ordered::Done(letter) => {
                    let body = json!({ "letter": whole(&desk, &letter)? });
                    ([(header::ETAG, tag(&letter))], Json(body)).into_response()
                }
                Ordered::Stale(letter, since) => as_json_with(
                    StatusCode::PRECONDITION_FAILED,
                    "the letter was changed since it was seen",
                    changed(&letter, &since),
                ),
                Ordered::Not(why) => not(&why),
            },
        )
    });
    taken.await.unwrap_or_else(|error| error.as_json())
}

/// What happened to a letter since it was seen.
fn changed(letter: &LetterEntry, since: &[LetterEvent]) -> Value {
    let whole = report::json(letter);
    let events = whole["history"].as_array().map(|all| {
        let n_seen = all.len().saturating_sub(since.len());
        all[n_seen..].to_vec()
    });
    json!({ "status": letter.status, "changes": events })
}

/// A refusal in the API's shape.
fn not(why: &Refused) -> Response {
    let more = match why {
        Refused::Step { who: Some(who), .. } => json!({ "who_can": who }),
        Refused::Field { field, .. } => json!({ "field": field }),
        _ => Value::Null,
    };
    as_json_with(status(why), &why.to_string(), more)
}

/// The status that fits a refusal.
pub(in crate::serve) fn status(why: &Refused) -> StatusCode {
    match why {
        Refused::Step { why, .. } => match why {
            LetterStepError::Refused(Refusal::Role { .. } | Refusal::Agency { .. }) => {
                StatusCode::FORBIDDEN
            }
            LetterStepError::Refused(Refusal::Needs(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            LetterStepError::Letter(crate::pursue::letter::StepError::SamePerson { .. }) => {
                StatusCode::FORBIDDEN
            }
            _ => StatusCode::CONFLICT,
        },
        Refused::Field { .. } | Refused::Room(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::NotSent(_) => StatusCode::BAD_GATEWAY,
    }
}

/// Every last day, soonest first.
pub(in crate::serve) async fn deadlines(State(desk): Shared, user: CurrentUser) -> Response {
    let listed = off_thread(move || {
        let rows = all_due(&desk, &user, Language::En)?;
        let items: Vec<Value> = rows.iter().map(|row| json!(row)).collect();
        Ok(shape::list("deadlines", &items))
    });
    answer(listed.await)
}

/// Every last day of what a reader sees: of letters, and of open cases that have none.
pub(in crate::serve) fn all_due(
    desk: &Desk,
    user: &CurrentUser,
    language: Language,
) -> Result<Vec<DueRow>, Error> {
    let letters = desk.store.letters(None)?;
    let sight = user.sight(&*desk.store)?;
    let mut rows =
        room(desk)?.deadlines(&letters, &desk.seen(&sight)?, language, desk.gate.now())?;
    if let Some(seen) = sight.cases(desk)? {
        rows.retain(|row| seen.contains(&row.case.0));
    }
    Ok(rows)
}

/// A value, or the error in the API's shape.
fn answer(result: Result<Value, Error>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error) => error.as_json(),
    }
}
