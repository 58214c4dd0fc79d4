//! Who may use which route: one table, and the layer that holds every request against it before a handler sees it.
//!
//! A route that the table does not name is refused whoever asks, so that a forgotten row closes a door and opens none. What a
//! person may do with a case beyond that stands in the table of steps; which cases a person sees is asked of
//! [`CurrentUser::sight`].

mod current;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use url::form_urlencoded;

pub use current::{CurrentUser, Sight, Via};

use super::error::{self, Error};
use super::pages::off_thread;
use super::shell::Shell;
use super::signin::session::Presence;
use super::signin::{Client, WebConfig};
use super::{Desk, Shared, unsent};
use crate::model::UserRole;
use crate::pursue::table::TABLE;

/// What a route asks of whoever uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Nothing: signing in, health, styles, and feeds and callbacks of hubs, whose address is a secret of its own.
    Public,
    /// To be signed in with a browser, since it is about that: a token will not do.
    Session,
    /// To be signed in or to have a token.
    Read,
    /// A role that the table of steps lets take any step, and no token that only reads.
    Step,
    /// A role that keeps what all use, such as saved searches: all but viewers.
    Keep,
    /// To be an administrator.
    Administer,
}

impl Right {
    /// Whether a role has it.
    pub fn is_of(self, role: UserRole) -> bool {
        match self {
            Right::Public | Right::Session | Right::Read => true,
            Right::Step => TABLE.iter().any(|rule| rule.who.contains(&role)),
            Right::Keep => role != UserRole::Viewer,
            Right::Administer => role == UserRole::Administrator,
        }
    }

    /// Whether a token can have it.
    pub fn is_for_tokens(self) -> bool {
        self != Right::Session
    }
}

/// Every route with its methods and what it asks. `GET` stands for `HEAD` too.
pub const RIGHTS: &[(&str, &str, Right)] = &[
    ("GET", "/", Right::Read),
    ("GET", "/cases", Right::Read),
    ("POST", "/cases", Right::Step),
    ("GET", "/cases/news", Right::Read),
    ("GET", "/cases/export/{file}", Right::Read),
    ("GET", "/cases/views", Right::Session),
    ("POST", "/cases/views", Right::Session),
    ("GET", "/cases/{id}", Right::Read),
    ("POST", "/cases/{id}/steps", Right::Step),
    ("GET", "/overview", Right::Read),
    ("GET", "/check", Right::Read),
    ("POST", "/check", Right::Read),
    ("POST", "/api/v1/check", Right::Read),
    ("GET", "/sources", Right::Read),
    ("GET", "/sources/{id}", Right::Read),
    ("GET", "/letters", Right::Read),
    ("GET", "/letters/{number}", Right::Read),
    ("POST", "/letters/{number}/steps", Right::Step),
    ("GET", "/deadlines", Right::Read),
    ("GET", "/cases/{id}/letters/new", Right::Read),
    ("POST", "/cases/{id}/letters/new", Right::Step),
    ("GET", "/api/v1/letters", Right::Read),
    ("GET", "/api/v1/letters/export", Right::Read),
    ("GET", "/api/v1/letters/{number}", Right::Read),
    ("POST", "/api/v1/letters/{number}/steps", Right::Step),
    ("GET", "/api/v1/cases/{id}/letters", Right::Read),
    ("POST", "/api/v1/cases/{id}/letters", Right::Step),
    ("GET", "/api/v1/deadlines", Right::Read),
    ("GET", "/search", Right::Read),
    ("GET", "/publications", Right::Read),
    ("GET", "/records", Right::Read),
    ("GET", "/saved", Right::Read),
    ("POST", "/saved", Right::Keep),
    ("GET", "/api/docs", Right::Read),
    ("GET", "/api/v1/openapi.json", Right::Read),
    ("GET", "/api/v1/cases", Right::Read),
    ("GET", "/api/v1/cases/{id}", Right::Read),
    ("POST", "/api/v1/cases/{id}/steps", Right::Step),
    ("GET", "/api/v1/cases/{id}/claim-review", Right::Read),
    ("GET", "/api/v1/exports/{file}", Right::Read),
    ("GET", "/api/v1/digest", Right::Read),
    ("GET", "/api/v1/findings", Right::Read),
    ("GET", "/api/v1/search", Right::Read),
    ("GET", "/api/v1/search/export", Right::Read),
    ("GET", "/api/v1/search/manifest", Right::Read),
    // Everybody keeps views; what viewers may not share is asked where one is made.
    ("GET", "/api/v1/views", Right::Read),
    ("POST", "/api/v1/views", Right::Read),
    ("PATCH", "/api/v1/views/{id}", Right::Read),
    ("DELETE", "/api/v1/views/{id}", Right::Read),
    ("GET", "/api/v1/saved", Right::Read),
    ("GET", "/api/v1/saved/preview", Right::Read),
    ("GET", "/api/v1/saved/{name}", Right::Read),
    ("PUT", "/api/v1/saved/{name}", Right::Keep),
    ("DELETE", "/api/v1/saved/{name}", Right::Keep),
    ("POST", "/api/v1/saved/{name}/resume", Right::Keep),
    ("POST", "/api/v1/saved/{name}/feed", Right::Keep),
    ("DELETE", "/api/v1/saved/{name}/feed", Right::Keep),
    ("GET", "/admin", Right::Administer),
    ("POST", "/admin/users", Right::Administer),
    ("GET", "/admin/users/{id}", Right::Administer),
    ("POST", "/admin/users/{id}", Right::Administer),
    ("GET", "/admin/roles", Right::Administer),
    ("GET", "/admin/tokens", Right::Administer),
    ("POST", "/admin/tokens", Right::Administer),
    ("GET", "/admin/audit", Right::Administer),
    ("POST", "/admin/audit", Right::Administer),
    ("GET", "/admin/audit/export", Right::Administer),
    ("GET", "/admin/files", Right::Administer),
    ("GET", "/admin/files/{name}", Right::Administer),
    ("POST", "/admin/files/{name}", Right::Administer),
    ("GET", "/admin/about", Right::Administer),
    ("GET", "/api/v1/users", Right::Administer),
    ("POST", "/api/v1/users", Right::Administer),
    ("PATCH", "/api/v1/users/{id}", Right::Administer),
    ("GET", "/api/v1/tokens", Right::Administer),
    ("POST", "/api/v1/tokens", Right::Administer),
    ("DELETE", "/api/v1/tokens/{id}", Right::Administer),
    ("GET", "/api/v1/audit", Right::Administer),
    ("POST", "/unsent", Right::Session),
    ("GET", "/account", Right::Session),
    ("POST", "/account/password", Right::Session),
    ("POST", "/account/second-step", Right::Session),
    ("POST", "/account/sessions", Right::Session),
    ("POST", "/account/preferences", Right::Session),
    ("POST", "/sign-out", Right::Session),
    ("GET", "/sign-out/return", Right::Public),
    ("GET", "/sign-in", Right::Public),
    ("POST", "/sign-in", Right::Public),
    ("GET", "/sign-in/provider", Right::Public),
    ("GET", "/sign-in/return", Right::Public),
    ("GET", "/sign-in/code", Right::Public),
    ("POST", "/sign-in/code", Right::Public),
    ("GET", "/setup", Right::Public),
    ("POST", "/setup", Right::Public),
    ("GET", "/link", Right::Public),
    ("POST", "/link", Right::Public),
    ("GET", "/feeds/{file}", Right::Public),
    ("GET", "/hubs/{token}", Right::Public),
    ("POST", "/hubs/{token}", Right::Public),
    ("GET", "/health/live", Right::Public),
    ("GET", "/health/ready", Right::Public),
    ("GET", "/metrics", Right::Administer),
    ("GET", "/language/{code}", Right::Public),
    ("GET", "/theme/{theme}", Right::Public),
    ("GET", "/assets/{*path}", Right::Public),
];

/// Routes that are posted to because much is asked, and that change nothing: a token that only reads may use them.
pub const ASKED_BY_POST: &[&str] = &["/check", "/api/v1/check", "/admin/audit"];

/// Routes to which other programs post, which name no origin. They read no cookie, so no foreign page could misuse one.
const POSTED_BY_PROGRAMS: &[&str] = &["/hubs/{token}"];

/// Routes that an open page asks by itself: that it does so keeps no session alive for somebody who is not there.
const ASKED_UNATTENDED: &[&str] = &["/cases/news"];

/// What a route asks; `None` where the table has no such route and method.
pub fn right(method: &Method, path: &str) -> Option<Right> {
    let method = if method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    let mut rows = RIGHTS.iter();
    let row = rows.find(|(known, route, _)| *known == method && *route == path);
    row.map(|(_, _, right)| *right)
}

/// Holds a request against the table and hands on who asks.
pub(super) async fn guard(
    State(desk): Shared,
    shell: Shell,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(route) = request.extensions().get::<MatchedPath>().cloned() else {
        // Nothing stands at this address; saying so tells nobody anything.
        return next.run(request).await;
    };
    let door = Door::of(&request, route.as_str());
    let Some(right) = right(request.method(), route.as_str()) else {
        return unlisted(&door, route.as_str());
    };
    let client = Client::of(&request, &desk.gate.web);
    let has_token = request.headers().contains_key(header::AUTHORIZATION);
    let is_programs = POSTED_BY_PROGRAMS.contains(&route.as_str());
    let is_foreign =
        door.is_write && !has_token && !is_programs && !is_own(request.headers(), &desk.gate.web);
    request.extensions_mut().insert(client.clone());
    if right == Right::Public {
        return match is_foreign {
            true => door.answer(&Error::Foreign),
            false => next.run(request).await,
        };
    }
    let presence = match ASKED_UNATTENDED.contains(&route.as_str()) {
        true => Presence::Unattended,
        false => Presence::Person,
    };
    let user = match identified(&desk, request.headers(), &client, presence).await {
        Ok(Some(user)) => user,
        // What somebody typed is not lost because the session ended meanwhile.
        Ok(None) if !has_token && !is_foreign => {
            let rescued = unsent::rescue(&desk, &client, &shell, request).await;
            return rescued.unwrap_or_else(|| door.anonymous());
        }
        Ok(None) => return door.anonymous(),
        Err(error) => return door.answer(&error),
    };
    if is_foreign {
        return door.answer(&Error::Foreign);
    }
    let changes = door.is_write && !ASKED_BY_POST.contains(&route.as_str());
    if let Some(why) = refusal(right, &user, changes) {
        return of(user, door.refused(StatusCode::FORBIDDEN, why));
    }
    if right != Right::Session && must_enrol(&user, &desk.gate.web) {
        return door.unenrolled();
    }
    if door.is_write && !desk.gate.may_write(&user.user.id) {
        let why = "too many changes at once; try again in a minute";
        let mut response = door.refused(StatusCode::TOO_MANY_REQUESTS, why);
        let minute = HeaderValue::from_static("60");
        response.headers_mut().insert(header::RETRY_AFTER, minute);
        return of(user, response);
    }
    request.extensions_mut().insert(user.clone());
    let mut response = of(user, next.run(request).await);
    // What somebody signed in to see stays in no cache.
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

/// An answer to somebody: a page that is made of an error needs the reader too.
fn of(user: CurrentUser, mut response: Response) -> Response {
    response.extensions_mut().insert(user);
    response
}

/// Why somebody may not use a route of that right.
fn refusal(right: Right, user: &CurrentUser, changes: bool) -> Option<&'static str> {
    match user.via {
        Via::Token { .. } if !right.is_for_tokens() => {
            Some("this needs a browser that is signed in; a token will not do")
        }
        Via::Token { may_write: false } if changes => Some("this token only reads"),
        _ if !right.is_of(user.user.role) => Some("your role does not allow this"),
        _ => None,
    }
}

/// Whether somebody signed in with a password alone in a role that needs the second step. A token is a secret of its own.
fn must_enrol(user: &CurrentUser, web: &WebConfig) -> bool {
    let is_browser = matches!(user.via, Via::Session(_));
    let has_none = user.user.second_step.is_none() && !user.is_vouched;
    is_browser && has_none && web.second_step.contains(&user.user.role)
}

/// Who asks, read off the threads that answer requests.
async fn identified(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
    client: &Client,
    presence: Presence,
) -> Result<Option<CurrentUser>, Error> {
    let (desk, headers, client) = (Arc::clone(desk), headers.clone(), client.clone());
    off_thread(move || current::identify(&desk, &headers, &client, presence)).await
}

/// What of a request decides how it is refused.
struct Door {
    is_api: bool,
    is_write: bool,
    /// Where to go on after signing in.
    wanted: String,
}

impl Door {
    fn of(request: &Request, route: &str) -> Door {
        let is_write = !matches!(*request.method(), Method::GET | Method::HEAD);
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        Door {
            is_api: error::is_api(request.uri().path()),
            is_write,
            // A form that was sent in vain stands on the page of its address, where there is one.
            wanted: match right(&Method::GET, route) {
                None if is_write => "/",
                _ => path,
            }
            .to_owned(),
        }
    }

    /// Asks for a sign-in: a page sends there, the API says so.
    fn anonymous(&self) -> Response {
        if self.is_api {
            let detail = "a valid token, or a browser that is signed in, is needed";
            let mut response = self.refused(StatusCode::UNAUTHORIZED, detail);
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
            return response;
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", &self.wanted);
        Redirect::to(&format!("/sign-in?{}", query.finish())).into_response()
    }

    /// Asks for the second step to be set up: a page leads there, the API says so.
    fn unenrolled(&self) -> Response {
        if self.is_api {
            let why = "your role needs the second step of sign-in; set it up at /account first";
            return self.refused(StatusCode::FORBIDDEN, why);
        }
        Redirect::to("/account").into_response()
    }

    /// A refusal in the shape of the API or as a page.
    fn refused(&self, status: StatusCode, why: &'static str) -> Response {
        if self.is_api {
            return error::as_json(status, why);
        }
        Error::Refused(status, why).into_response()
    }

    fn answer(&self, error: &Error) -> Response {
        if self.is_api {
            error.as_json()
        } else {
            error.page()
        }
    }
}

/// A route or method that the table does not name.
fn unlisted(door: &Door, path: &str) -> Response {
    let methods: BTreeSet<&str> = RIGHTS
        .iter()
        .filter(|(_, route, _)| *route == path)
        .map(|(method, _, _)| *method)
        .collect();
    if methods.is_empty() {
        tracing::error!(
            path,
            "a route stands in no row of the table of rights: {path}"
        );
        return door.refused(StatusCode::FORBIDDEN, "nobody was given a right to this");
    }
    let mut response = door.refused(StatusCode::METHOD_NOT_ALLOWED, "this is not done here");
    let allowed: Vec<&str> = methods.into_iter().collect();
    if let Ok(allowed) = HeaderValue::from_str(&allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

/// Whether a change that a browser asks for comes from a page of this desk: it names an origin or says that it is its own,
/// which the layer against foreign pages then checks, and it asks under a name that is the desk's.
fn is_own(headers: &HeaderMap, web: &WebConfig) -> bool {
    let says = headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    says && host.is_some_and(|host| web.is_ours(host))
}

/// Lets a request with a token pass the layer against foreign pages: no browser adds a token by itself, so there is nothing
/// that a foreign page could misuse.
pub(super) async fn tokens_are_no_browsers(mut request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::AUTHORIZATION) {
        request.headers_mut().remove(header::ORIGIN);
        request.headers_mut().remove("sec-fetch-site");
        // The token alone says who asks.
        request.headers_mut().remove(header::COOKIE);
    }
    next.run(request).await
}
