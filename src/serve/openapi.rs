//! The description of the API: an OpenAPI document, and a page that shows it without asking any other machine.
//!
//! The document is written by hand, since shapes are made as JSON values and not by types; `tests/it/openapi.rs` holds its
//! routes against the table of rights and real answers against its schemas.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The document, OpenAPI 3.1.
const DOCUMENT: &str = include_str!("assets/openapi.json");
/// The page that shows it. It begins with a script of its own, since the policy allows none inside a page.
const PAGE: &str = include_str!("assets/api-docs.html");

/// The description as programs read it.
pub(super) async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}

/// The description as people read it.
pub(super) async fn page() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE).into_response()
}
