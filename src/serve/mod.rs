//! Shows cases, findings and search over HTTP: pages for people that work without scripts, JSON for programs.
//!
//! The reader's side, the saved searches, and the steps that people take on cases. Pages are rendered on the server, everything
//! foreign in them is escaped, and the content security policy allows no inline script or style at all. Nobody signs in yet:
//! the API takes steps from whoever has a token, and [`listen`] opens loopback only.

mod api;
mod bars;
pub mod desk;
mod error;
mod exports;
pub mod fiction;
mod html;
mod layout;
pub mod letter_steps;
mod pages;
mod saved;
mod search;
mod steps;
pub mod token;

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::config::CaseConfig;
use crate::index::Index;
use crate::report::text::Names;
use crate::store::Store;

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
}

/// The desk as handlers share it.
type Shared = State<Arc<Desk>>;

/// The styles of all pages.
const STYLE: &str = include_str!("assets/app.css");
/// The sign of the program, which browsers ask for.
const ICON: &str = include_str!("assets/icon.svg");

/// Nothing may be loaded but the program's own styles and images; nothing may frame or embed it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// All routes.
pub fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(pages::cases))
        .route("/cases/{id}", get(pages::case))
        .route("/search", get(search::page))
        .route("/api/v1/cases", get(api::cases))
        .route("/api/v1/cases/{id}", get(api::case))
        .route("/api/v1/cases/{id}/steps", post(steps::post))
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
        .route(
            "/assets/app.css",
            get(|| async { asset("text/css", STYLE) }),
        )
        .route(
            "/assets/icon.svg",
            get(|| async { asset("image/svg+xml", ICON) }),
        )
        .fallback(|| async { error::Error::NotFound("nothing stands at this address") })
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

/// A file compiled in.
fn asset(kind: &'static str, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "max-age=3600"),
    ];
    (StatusCode::OK, headers, body).into_response()
}
