//! Shows cases, findings and search over HTTP: pages for people that work without scripts, JSON for programs.
//!
//! The reader's side, the saved searches, and the steps that people take on cases. Pages are rendered on the server, everything
//! foreign in them is escaped, and the content security policy allows no inline script or style at all. Nobody signs in yet:
//! the API takes steps from whoever has a token, and [`listen`] opens loopback only.

mod api;
mod assets;
mod bars;
mod charts;
pub mod desk;
mod error;
mod exports;
pub mod fiction;
mod held;
mod html;
mod layout;
pub mod letter_steps;
mod pages;
mod preferences;
mod saved;
mod search;
mod shell;
mod steps;
pub mod token;
mod words;

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;

use self::held::Held;
use crate::config::CaseConfig;
use crate::index::Index;
use crate::model::Case;
use crate::report::text::Names;
use crate::store::{Store, StoreError};

/// What the pages are made of.
pub struct Desk {
    /// The ground truth.
    pub store: Arc<dyn Store>,
    /// The search index.
    pub index: Index,
    /// The sources by id.
    pub names: Names,
    /// How cases are worked on.
    pub rules: CaseConfig,
    /// Cases as they were last read.
    held: Held<Vec<Case>>,
}

impl Desk {
    /// A desk over a store and its index.
    pub fn new(store: Arc<dyn Store>, index: Index, names: Names, rules: CaseConfig) -> Desk {
        Desk {
            store,
            index,
            names,
            rules,
            held: Held::default(),
        }
    }

    /// All cases by id, read anew only after one of them changed.
    ///
    /// # Errors
    /// When the store fails.
    fn cases(&self) -> Result<Arc<Vec<Case>>, StoreError> {
        self.held
            .newest(self.store.last_case_version()?, || self.store.cases())
    }
}

/// The desk as handlers share it.
type Shared = State<Arc<Desk>>;

/// Nothing may be loaded but the program's own files, nothing inline is obeyed, and nothing may frame or embed it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// All routes.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/cases") }))
        .route("/cases", get(pages::cases))
        .route("/cases/{id}", get(pages::case::page))
        .route("/search", get(search::page))
        .route("/api/v1/cases", get(api::cases))
        .route("/api/v1/cases/{id}", get(api::case))
        .route("/api/v1/cases/{id}/steps", post(steps::post))
        .route("/api/v1/cases/{id}/claim-review", get(api::review))
        .route("/api/v1/exports/{file}", get(api::export))
        .route("/api/v1/digest", get(api::digest))
        .route("/api/v1/findings", get(api::findings))
        .route("/api/v1/search", get(search::api))
        .route("/api/v1/search/export", get(exports::export))
        .route("/api/v1/search/manifest", get(exports::manifest))
        .route("/api/v1/saved", get(saved::list))
        .route("/api/v1/saved/preview", get(saved::preview))
        .route(
            "/api/v1/saved/{name}",
            get(saved::show).put(saved::put).delete(saved::remove),
        )
        .route("/api/v1/saved/{name}/resume", post(saved::resume))
        .route(
            "/api/v1/saved/{name}/feed",
            post(saved::feed).delete(saved::revoke),
        )
        .route("/saved", get(saved::page).post(saved::act))
        .route("/feeds/{file}", get(search::feed))
        .route("/health/live", get(|| async { "ok\n" }))
        .route("/language/{code}", get(preferences::language))
        .route("/theme/{theme}", get(preferences::theme))
        .route("/assets/{*path}", get(assets::get))
        .fallback(|| async { error::Error::NotFound("nothing stands at this address") })
        .layer(middleware::from_fn_with_state(
            Arc::clone(&desk),
            error::dress,
        ))
        .layer(middleware::from_fn(headers))
        .with_state(desk)
}

/// Opens a port on loopback; 0 takes a free one.
///
/// # Errors
/// When the port is taken.
pub async fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until `until` ends, and lets requests under way finish.
///
/// # Errors
/// When the port fails.
pub async fn serve(
    listener: TcpListener,
    desk: Arc<Desk>,
    until: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router(desk))
        .with_graceful_shutdown(until)
        .await
}

/// Adds the headers that every answer carries.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
