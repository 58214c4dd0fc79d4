//! Signing out: on this side, and at the provider where somebody signed in there.
//!
//! The desk's session ends first, whatever the provider answers. A browser is led on to the provider by a page and not by a
//! redirect: the policy of the pages lets no form end at another origin, and browsers hold redirects against it.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Client, provider, session};
use crate::model::{Farewell, Secret};
use crate::serve::access::{CurrentUser, Via};
use crate::serve::error::Error;
use crate::serve::pages::off_thread;
use crate::serve::shell::{self, Shell};
use crate::serve::{Desk, Shared};

#[derive(Template)]
#[template(path = "farewell.html")]
struct Leaving<'a> {
    shell: &'a Shell,
    address: &'a str,
    /// The provider's name.
    name: String,
}

/// Signs the browser out, on this side too.
pub(in crate::serve) async fn sign_out(
    State(desk): Shared,
    mut shell: Shell,
    user: CurrentUser,
    Extension(client): Extension<Client>,
) -> Result<Response, Error> {
    let cookie = session::no_cookie(&client)?;
    let ending = Arc::clone(&desk);
    let token = off_thread(move || ended(&ending, &user)).await?;
    let clear = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    let headers = [
        (header::SET_COOKIE, cookie),
        (HeaderName::from_static("clear-site-data"), clear),
    ];
    let Some(token) = token else {
        return Ok((headers, Redirect::to("/sign-in?done=out")).into_response());
    };
    let (Some(farewell), Some(provider)) = (farewell(&desk, &token).await, &desk.provider) else {
        return Ok((headers, Redirect::to("/sign-in?done=out-here")).into_response());
    };
    provider::leave(&desk, &client, &farewell);
    shell.user = None;
    let page = shell::page(&Leaving {
        shell: &shell,
        address: &farewell.address,
        name: provider.name(shell.words.language),
    })?;
    Ok((HeaderMap::from_iter(headers), page).into_response())
}

/// Ends the session of a request; gives the provider's token where the person signed in there.
fn ended(desk: &Desk, user: &CurrentUser) -> Result<Option<Secret>, Error> {
    let Via::Session(hash) = &user.via else {
        return Ok(None);
    };
    let token = desk.store.session(hash)?;
    let token = token.and_then(|session| session.at_provider);
    let now = desk.gate.now();
    desk.store
        .end_session(hash, &user.user.id, "signed out", now)?;
    Ok(token)
}

/// Where the provider ends its session; `None` where it offers nothing of the kind, or cannot be asked.
async fn farewell(desk: &Desk, token: &Secret) -> Option<Farewell> {
    let provider = desk.provider.as_ref()?;
    match provider.farewell(token, desk.gate.now()).await {
        Ok(farewell) => farewell,
        Err(error) => {
            tracing::warn!("the session at the provider is not ended: {error}");
            None
        }
    }
}

/// What a provider sends a browser back with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Returned {
    /// What the browser was sent off with.
    state: String,
}

/// Takes up a browser that has been at the provider to end its session there. Nothing rests on it but what the page says.
pub(in crate::serve) async fn left(
    State(desk): Shared,
    Query(returned): Query<Returned>,
) -> Redirect {
    Redirect::to(match provider::has_left(&desk, &returned.state) {
        true => "/sign-in?done=out-there",
        false => "/sign-in?done=out",
    })
}
