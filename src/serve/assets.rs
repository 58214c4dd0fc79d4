//! The files that pages load: styles, scripts, fonts and the sign of the program, compiled in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

use super::error::Error;
use crate::canonical;

/// How long a browser may go on without asking, in the words of RFC 9111; then the entity tag answers in a few bytes.
const KEPT: &str = "public, max-age=3600";

/// A file.
struct Asset {
    kind: &'static str,
    body: &'static [u8],
    tag: HeaderValue,
}

/// The files by the path below `/assets/`.
static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    macro_rules! files {
        ($($kind:literal: $($path:literal),+;)+) => {
            [$($(($path, $kind, include_bytes!(concat!("assets/", $path)).as_slice())),+),+]
        };
    }
    let files = files! {
        "text/css; charset=utf-8": "app.css", "vendor/swagger-ui.css";
        "text/javascript; charset=utf-8": "app.js", "api-docs.js", "vendor/htmx.min.js", "vendor/swagger-ui-bundle.js";
        "image/svg+xml": "icon.svg";
        "font/woff2":
            "fonts/literata-cyrillic-ext-wght-normal.woff2",
            "fonts/literata-cyrillic-wght-normal.woff2",
            "fonts/literata-latin-ext-wght-normal.woff2",
            "fonts/literata-latin-wght-normal.woff2",
            "fonts/onest-cyrillic-ext-wght-normal.woff2",
            "fonts/onest-cyrillic-wght-normal.woff2",
            "fonts/onest-latin-ext-wght-normal.woff2",
            "fonts/onest-latin-wght-normal.woff2";
    };
    let assets = files.into_iter().map(|(path, kind, body)| {
        let digest = canonical::hex(&Sha256::digest(body));
        let tag = format!("\"{}\"", &digest[..16]);
        let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
        (path, Asset { kind, body, tag })
    });
    assets.collect()
});

/// A file, or the word that the browser's copy is still right.
pub(super) async fn get(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.get(path.as_str()) else {
        return Error::NotFound("nothing stands at this address").into_response();
    };
    let tag = (header::ETAG, asset.tag.clone());
    let kept = (header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
    if headers.get(header::IF_NONE_MATCH) == Some(&asset.tag) {
        return (StatusCode::NOT_MODIFIED, [tag, kept]).into_response();
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    ([tag, kept, kind], asset.body).into_response()
}
