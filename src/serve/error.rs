//! What goes wrong in a request, as the reader sees it; causes are logged, not shown.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::html::escaped;
use super::layout;
use crate::store::StoreError;

/// A request that has no answer.
#[derive(Debug)]
pub(super) enum Error {
    /// Nothing stands there.
    NotFound(&'static str),
    /// The request cannot be done as it was asked, with what to do instead.
    Wrong(String),
    /// The request came from a page of somebody else.
    Foreign,
    /// The asker may not, or not now, with its status.
    Refused(StatusCode, &'static str),
    /// The process cannot write.
    ReadOnly,
    /// The store or the index failed.
    Broken(Box<dyn std::error::Error + Send + Sync>),
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(cause: E) -> Error {
        let any: &dyn std::any::Any = &cause;
        match any.downcast_ref::<StoreError>() {
            Some(StoreError::ReadOnly { .. }) => Error::ReadOnly,
            _ => Error::Broken(Box::new(cause)),
        }
    }
}

impl Error {
    /// Status and words for the reader.
    fn parts(&self) -> (StatusCode, &str) {
        match self {
            Error::NotFound(what) => (StatusCode::NOT_FOUND, what),
            Error::Wrong(what) => (StatusCode::BAD_REQUEST, what),
            Error::Foreign => (
                StatusCode::FORBIDDEN,
                "only pages of this desk change anything here",
            ),
            Error::Refused(status, why) => (*status, why),
            Error::ReadOnly => (
                StatusCode::CONFLICT,
                "this process only reads; one that was started with `aigaq run` also writes",
            ),
            Error::Broken(cause) => {
                tracing::error!(%cause, "a request failed: {cause}");
                let words = "the store could not be read; the log says why";
                (StatusCode::INTERNAL_SERVER_ERROR, words)
            }
        }
    }

    /// The error as the API gives it.
    pub(super) fn as_json(&self) -> Response {
        let (status, detail) = self.parts();
        (status, Json(json!({ "errors": [{ "detail": detail }] }))).into_response()
    }

    /// The error as a page.
    pub(super) fn page(&self) -> Response {
        let (status, detail) = self.parts();
        let body = format!(
            "<h1>Not available</h1><p>{}.</p><p><a href=\"/\">All cases</a></p>",
            escaped(detail)
        );
        (status, Html(layout::page("Not available", "", &body))).into_response()
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.page()
    }
}
