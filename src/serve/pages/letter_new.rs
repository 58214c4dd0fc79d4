//! The page on which a letter of a case is chosen, looked at with its real data, and entered in the register.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use url::form_urlencoded;

use super::letter_words::{self, Column, Told};
use super::{find_case, off_thread};
use crate::language::Language;
use crate::model::letter::Wanted;
use crate::model::{Case, CopyState, Route, SourceRole, StepKind};
use crate::report::letter::markup::Block;
use crate::report::text::name;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::letters::orders::{self, Fault, Refused};
use crate::serve::letters::{Addressed, RouteShown, api, may, room, who_may};
use crate::serve::shell::{self, Shell};
use crate::serve::unsent::{FormName, Kept};
use crate::serve::{Desk, Shared, unsent};

/// What was chosen or typed.
#[derive(Debug, Clone, Default)]
struct Typed {
    publication: String,
    route: String,
    language: String,
    second: String,
    proposed: String,
    /// How many letters the case had when the page was shown.
    seen: String,
    /// Whether a preview is asked for.
    preview: bool,
    /// What was typed before and not sent, where it stands in the form again.
    kept: Option<Kept>,
}

impl Typed {
    /// What a query or a form says.
    fn of(text: &[u8]) -> Typed {
        let mut typed = Typed::default();
        for (field, value) in form_urlencoded::parse(text) {
            let value = value.into_owned();
            match &*field {
                "publication" => typed.publication = value,
                "route" => typed.route = value,
                "language" => typed.language = value,
                "second" => typed.second = value,
                // Browsers send line ends as two signs.
                "proposed" => typed.proposed = value.replace("\r\n", "\n"),
                "seen" => typed.seen = value,
                "preview" => typed.preview = true,
                _ => {}
            }
        }
        typed
    }

    /// Puts back what was typed before and not sent.
    fn fill(&mut self, kept: Kept) {
        if !kept.is_some() {
            return;
        }
        for (field, name) in [
            (&mut self.publication, "publication"),
            (&mut self.route, "route"),
            (&mut self.language, "language"),
            (&mut self.second, "second"),
            (&mut self.proposed, "proposed"),
        ] {
            kept.get(name).clone_into(field);
        }
        self.kept = Some(kept);
    }

    /// What it asks for.
    fn wanted(&self) -> Result<Wanted, Refused> {
        let unknown = |field| Refused::Field {
            field,
            what: Fault::Unknown,
        };
        let language = |code: &str| Language::from_code(code);
        let mut languages = vec![language(&self.language).ok_or_else(|| unknown("language"))?];
        if !self.second.is_empty() {
            let second = language(&self.second).ok_or_else(|| unknown("second"))?;
            if !languages.contains(&second) {
                languages.push(second);
            }
        }
        languages.truncate(api::MAX_LANGUAGES);
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(Wanted {
            languages,
            route: Some(Route::of(&self.route).ok_or_else(|| unknown("route"))?),
            publication: some(&self.publication),
            proposed: some(&self.proposed),
            ..Wanted::default()
        })
    }
}

/// A publication that can be written about.
struct Publication {
    url: String,
    outlet: String,
    published: String,
    /// Whether it still carries the claim.
    stands: bool,
    is_chosen: bool,
}

/// A route with what it is for.
struct RouteChoice {
    shown: RouteShown,
    name: &'static str,
    word: String,
    fits: String,
    is_chosen: bool,
}

/// A letter as it would be entered.
struct Preview {
    sheet: Vec<Vec<Column>>,
    missing: Vec<String>,
}

#[derive(Template)]
#[template(path = "letter_new.html")]
struct New<'a> {
    shell: &'a Shell,
    case: &'a Case,
    title: &'a str,
    title_language: &'static str,
    told: Option<Told>,
    stale: Option<String>,
    publications: Vec<Publication>,
    routes: Vec<RouteChoice>,
    typed: &'a Typed,
    outlet: String,
    addressee: Addressed,
    may: bool,
    who: Option<String>,
    n_letters: usize,
    preview: Option<Preview>,
    kept: Kept,
}

/// The page to choose on.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, Error> {
    off_thread(move || {
        let case = find_case(&desk, &user, id)?;
        let mut typed = Typed::of(query.unwrap_or_default().as_bytes());
        let form = FormName::NewLetter(case.id.0.clone());
        let kept = Kept::of(&desk, &user.user, &form, &shell.words)?;
        // A form that is looked at again says itself what stands in it.
        if typed.seen.is_empty() {
            typed.fill(kept);
        }
        shown(&desk, &shell, &user, &case, typed, None, None)
    })
    .await
}

/// Enters the letter; what cannot be entered is shown again with why.
pub(in crate::serve) async fn enter(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    off_thread(move || {
        let case = find_case(&desk, &user, id)?;
        let typed = Typed::of(&body);
        let again = |status: StatusCode, told: Option<Told>, stale: Option<String>| {
            let page = shown(&desk, &shell, &user, &case, typed.clone(), told, stale)?;
            Ok((status, page).into_response())
        };
        let by = &user.user;
        let letters = desk.store.letters(Some(&case.id))?;
        // Whoever sends the form twice, or after a colleague, is shown what there is first.
        if let (Ok(seen), Some(last)) = (typed.seen.parse::<usize>(), letters.last())
            && seen < letters.len()
        {
            let who = last.history.first().map_or("", |event| &event.who);
            let who = letter_words::name(&desk.store.users()?, who);
            let stale =
                shell
                    .words
                    .with_two("letters-new-stale", ("who", &who), ("number", &last.number));
            return again(StatusCode::CONFLICT, None, Some(stale));
        }
        let entered = match typed.wanted() {
            Err(why) => Err(why),
            Ok(wanted) => orders::enter(&desk, &case, &wanted, by, desk.gate.now())?,
        };
        match entered {
            Ok(written) => {
                unsent::sent(&desk, &user, &FormName::NewLetter(case.id.0.clone()))?;
                let number = written.number.unwrap_or_default();
                Ok(Redirect::to(&format!("/letters/{number}")).into_response())
            }
            Err(why) => again(
                api::status(&why),
                Some(letter_words::told(shell.words, &why)),
                None,
            ),
        }
    })
    .await
}

/// The page with what was typed, and a preview where it was asked for.
fn shown(
    desk: &Desk,
    shell: &Shell,
    user: &CurrentUser,
    case: &Case,
    mut typed: Typed,
    told: Option<Told>,
    stale: Option<String>,
) -> Result<Html<String>, Error> {
    let (words, now) = (shell.words, desk.gate.now());
    let room = room(desk)?;
    let chosen = case
        .copies
        .iter()
        .find(|copy| copy.url == typed.publication)
        .or_else(|| {
            let mut copies = case.copies.iter();
            copies.find(|copy| copy.state == CopyState::Stands)
        })
        .or(case.copies.first());
    let copy = chosen.ok_or(Error::NotFound("the case has no publication"))?;
    let role = desk.names.get(&copy.source).map(|source| source.role);
    if typed.route.is_empty() {
        let route = match role {
            Some(SourceRole::Official) => Route::Replacement,
            _ => Route::Clarification,
        };
        typed.route = route.name().to_owned();
    }
    if typed.language.is_empty() {
        typed.language = Language::Kk.code().to_owned();
        typed.second = Language::Ru.code().to_owned();
    }
    if typed.publication.is_empty() {
        typed.publication = copy.url.clone();
    }
    let mut told = told;
    let mut preview = None;
    if typed.preview {
        let written = typed
            .wanted()
            .and_then(|wanted| Ok(room.write(&*desk.store, case, &wanted, now)?));
        match written {
            Ok(written) => {
                preview = Some(Preview {
                    sheet: letter_words::sheet(&written.texts),
                    missing: written.missing,
                });
            }
            Err(why) => told = told.or(Some(letter_words::told(words, &why))),
        }
    }
    let publications = case.copies.iter().map(|one| Publication {
        url: one.url.clone(),
        outlet: name(&desk.names, &one.source, words.language).to_owned(),
        published: words.day(one.published),
        stands: one.state == CopyState::Stands,
        is_chosen: one.url == copy.url,
    });
    let routes = room.routes(copy.published, words.language, now)?;
    let routes = routes.into_iter().map(|shown| RouteChoice {
        name: shown.route.name(),
        word: letter_words::route(words, shown.route),
        fits: words.say(&format!("letters-fits-{}", shown.route.name())),
        is_chosen: typed.route == shown.route.name(),
        shown,
    });
    let step = StepKind::ProposeLetter;
    let may = may(&*desk.store, &user.user, case, step)?;
    let who = match may {
        true => None,
        false => {
            let names = who_may(&*desk.store, case, step, &[&user.user.id])?;
            (!names.is_empty()).then(|| words.with("letters-who-can", "names", &names.join(", ")))
        }
    };
    let first = case.copies.first().unwrap_or(copy);
    shell::page(&New {
        shell,
        case,
        title: &first.sentence,
        title_language: first.language.code(),
        told,
        stale,
        publications: publications.collect(),
        routes: routes.collect(),
        typed: &typed,
        outlet: name(&desk.names, &copy.source, words.language).to_owned(),
        addressee: room.addressee(&copy.source, words.language),
        may,
        who,
        n_letters: desk.store.letters(Some(&case.id))?.len(),
        preview,
        kept: match &typed.kept {
            Some(kept) => kept.clone(),
            None => Kept::none(&FormName::NewLetter(case.id.0.clone())),
        },
    })
}
