//! Requests of people who are signed in, for tests of pages.

use std::sync::Arc;

use aigaq::model::{Session, User};
use aigaq::serve::token;
use aigaq::store::Store;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use chrono::{TimeDelta, Utc};
use tower::ServiceExt as _;

/// Keeps a user and a session; gives the cookie that the browser sends.
pub fn cookie(store: &dyn Store, user: &User) -> String {
    let now = Utc::now();
    store.put_user(user, "operator", now).unwrap();
    let id = token::fresh().unwrap();
    let session = Session {
        hash: token::digest(&id),
        user: user.id.clone(),
        made_at: now,
        seen_at: now,
        expires_at: now + TimeDelta::hours(1),
        address: "127.0.0.1".to_owned(),
        agent: String::new(),
        is_vouched: false,
    };
    store.add_session(&session).unwrap();
    format!("sid={id}")
}

/// Pages as a browser sees them that sends this cookie with everything.
pub struct Browser {
    /// The pages.
    pub router: Router,
    /// What is sent.
    pub cookie: String,
}

impl Browser {
    /// A browser in which a user is signed in.
    pub fn of(router: Router, store: &Arc<dyn Store>, user: &User) -> Browser {
        let cookie = cookie(&**store, user);
        Browser { router, cookie }
    }

    /// Sends a request.
    pub async fn send(&self, mut request: Request<Body>) -> axum::response::Response {
        let cookie = HeaderValue::from_str(&self.cookie).unwrap();
        request.headers_mut().insert(header::COOKIE, cookie);
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// Pages as a user who is signed in sees them, and as a browser asks for them, whatever else a request carries.
pub fn signed_in(router: Router, store: &Arc<dyn Store>, user: &User) -> Router {
    let cookie = HeaderValue::from_str(&cookie(&**store, user)).unwrap();
    router.layer(axum::middleware::map_request(
        move |mut request: Request<Body>| {
            let headers = request.headers_mut();
            headers.append(header::COOKIE, cookie.clone());
            for (name, value) in [
                ("host", "127.0.0.1:8780"),
                ("sec-fetch-site", "same-origin"),
            ] {
                if !headers.contains_key(name) {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            std::future::ready(request)
        },
    ))
}
