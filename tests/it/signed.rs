//! Desks with nothing in particular about them, and requests of people who are signed in, for tests of pages.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aigaq::config::{CaseConfig, WebConfig};
use aigaq::index::Index;
use aigaq::model::{Session, User};
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, token};
use aigaq::store::Store;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use tower::ServiceExt as _;
use url::form_urlencoded;

/// A desk over the store and index of a folder, with no names and the rules that stand without a configuration.
pub fn bare_desk(folder: &Path, store: &Arc<dyn Store>, gate: Gate) -> Desk {
    Desk::new(
        Arc::clone(store),
        Index::open(folder).unwrap(),
        Default::default(),
        CaseConfig::default(),
        gate,
    )
}

/// A gate whose clock is moved by hand, in seconds since 1970.
pub fn gate_at(seconds: &Arc<AtomicI64>, web: WebConfig) -> Gate {
    let clock = Arc::clone(seconds);
    Gate::new(web, move || {
        DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap()
    })
}

/// Keeps a user and a session of an hour; gives the cookie that the browser sends.
pub fn cookie(store: &dyn Store, user: &User) -> String {
    let now = Utc::now();
    store.put_user(user, "operator", now).unwrap();
    begun(store, &user.id, now, TimeDelta::hours(1))
}

/// Keeps a session that begins at a moment and lasts so long; gives its cookie.
pub fn begun(store: &dyn Store, user: &str, now: DateTime<Utc>, lasts: TimeDelta) -> String {
    let id = token::fresh().unwrap();
    let session = Session {
        hash: token::digest(&id),
        user: user.to_owned(),
        made_at: now,
        seen_at: now,
        expires_at: now + lasts,
        address: "127.0.0.1".to_owned(),
        agent: String::new(),
        is_vouched: false,
        at_provider: None,
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

    /// Asks in English, from a page of the desk.
    pub async fn ask(&self, method: Method, path: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8780")
            .header("origin", "http://127.0.0.1:8780")
            .header("accept-language", "en")
            .body(Body::from(body))
            .unwrap();
        Answer::read(self.send(request).await).await
    }
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// What pages answer to whoever has no more than what the request carries.
    pub async fn of(router: &Router, request: Request<Body>) -> Answer {
        Answer::read(router.clone().oneshot(request).await.unwrap()).await
    }

    async fn read(response: axum::response::Response) -> Answer {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await;
        let body = String::from_utf8(bytes.unwrap().to_vec()).unwrap();
        Answer {
            status,
            headers,
            body,
        }
    }

    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The first cookie that is set, as a browser sends it back.
    pub fn cookie(&self) -> String {
        let set = self.header("set-cookie");
        set.split(';').next().unwrap().to_owned()
    }
}

/// A form that a browser sends from a page of the desk.
pub fn form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(fields);
    Request::post(path)
        .header("host", "127.0.0.1:8780")
        .header("origin", "http://127.0.0.1:8780")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept-language", "en")
        .header("cookie", cookie)
        .body(Body::from(body.finish()))
        .unwrap()
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
