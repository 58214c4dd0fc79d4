//! The table of rights against the routes, and every route against everybody who could ask.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use aigaq::canonical;
use aigaq::model::{Scope, SourceId, Token, User, UserRole};
use aigaq::serve::access::{ASKED_BY_POST, RIGHTS, Right};
use aigaq::serve::signin::Gate;
use aigaq::serve::{router, token};
use aigaq::store::{self, CaseChange, Store};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use super::desk;
use super::signed::{bare_desk, cookie};

/// Every `.route(` in the source of the desk: path and methods.
fn routes() -> BTreeSet<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve")];
    let mut routes = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("fiction") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for call in text.split(".route(").skip(1) {
                let mut depth = 1;
                let end = call.find(|c| {
                    depth += i32::from(c == '(') - i32::from(c == ')');
                    depth == 0
                });
                let call = &call[..end.unwrap()];
                let Some(path) = call.split('"').nth(1) else {
                    continue;
                };
                for method in ["get", "post", "put", "delete", "patch"] {
                    let named = |before: char| call.contains(&format!("{before}{method}("));
                    if [' ', '.', ':'].into_iter().any(named) {
                        routes.insert((method.to_uppercase(), path.to_owned()));
                    }
                }
            }
        }
    }
    routes
}

#[test]
fn every_route_stands_in_the_table_of_rights_and_the_table_names_no_other() {
    let rows = RIGHTS.iter();
    let table: BTreeSet<_> = rows
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(table.len(), RIGHTS.len(), "no row stands twice");
    let routes = routes();
    let unlisted: Vec<_> = routes.difference(&table).collect();
    assert!(
        unlisted.is_empty(),
        "give these a right in serve/access: {unlisted:?}"
    );
    let idle: Vec<_> = table.difference(&routes).collect();
    assert!(idle.is_empty(), "no route stands for these rows: {idle:?}");
}

/// A desk with one case of `police`, and its folder.
fn desk() -> (tempfile::TempDir, Router, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let opened = CaseChange {
        case: desk::case("case-1"),
        actor: "program".to_owned(),
        action: "open".to_owned(),
        details: serde_json::Value::Null,
    };
    store.change_cases(&[opened], desk::minute(0)).unwrap();
    let store: Arc<dyn Store> = Arc::from(store);
    let desk = bare_desk(folder.path(), &store, Gate::default());
    (folder, router(Arc::new(desk)), store)
}

/// A token of a user.
pub fn bearer(store: &dyn Store, user: &str, scope: Scope) -> String {
    let secret = token::fresh().unwrap();
    let now = Utc::now();
    let token = Token {
        hash: canonical::hex(&Sha256::digest(secret.as_bytes())),
        name: String::new(),
        user: user.to_owned(),
        scope,
        made_at: now,
        expires_at: now + TimeDelta::days(1),
        revoked_at: None,
    };
    store.put_token(&token, "operator", now).unwrap();
    format!("Bearer {secret}")
}

/// Sends a request with nothing in it; its status and where it leads.
async fn ask(
    router: &Router,
    method: &str,
    path: &str,
    header: Option<(&str, &str)>,
) -> (StatusCode, String) {
    let path = path
        .replace("{id}", "case-1")
        .replace("{name}", "ports")
        .replace("{file}", "cases.csv");
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:8780")
        .header("sec-fetch-site", "same-origin");
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let to = response.headers().get("location");
    let to = to.map_or("", |to| to.to_str().unwrap()).to_owned();
    for name in [
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "x-frame-options",
    ] {
        assert!(response.headers().contains_key(name), "{method} {name}");
    }
    (response.status(), to)
}

/// Whether an answer says that the asker may not.
fn is_refused((status, to): &(StatusCode, String)) -> bool {
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
    refused.contains(status) || to.starts_with("/sign-in?next=")
}

/// The same of a route: that an empty sign-in is not right says nothing of who may try.
fn is_shut(path: &str, answer: &(StatusCode, String)) -> bool {
    let is_try = path == "/sign-in" && answer.0 == StatusCode::UNAUTHORIZED;
    !is_try && is_refused(answer)
}

#[tokio::test]
async fn nobody_gets_what_the_table_does_not_give() {
    let (_folder, router, store) = desk();
    for (method, path, right) in RIGHTS {
        let answer = ask(&router, method, path, None).await;
        let what = format!("{method} {path}: {answer:?}");
        assert_ne!(answer.0, StatusCode::METHOD_NOT_ALLOWED, "{what}");
        assert!(!answer.0.is_server_error(), "{what}");
        assert_eq!(
            is_shut(path, &answer),
            *right != Right::Public,
            "anonymous {what}"
        );
        if path.starts_with("/api/v1/") && *right != Right::Public {
            assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{what}");
        }
    }
    for role in UserRole::ALL {
        let user = User::new(role.word(), role, Utc::now());
        for (method, path, right) in RIGHTS {
            // Each with a session of its own, since one of the routes ends it.
            let cookie = cookie(&*store, &user);
            let by = ask(&router, method, path, Some(("cookie", &cookie))).await;
            let what = format!("{} by session {method} {path}: {by:?}", role.word());
            assert!(!by.0.is_server_error(), "{what}");
            assert_eq!(is_shut(path, &by), !right.is_of(role), "{what}");
        }
        for scope in [Scope::Read, Scope::Write] {
            let token = bearer(&*store, role.word(), scope);
            for (method, path, right) in RIGHTS {
                let by = ask(&router, method, path, Some(("authorization", &token))).await;
                let changes = *method != "GET" && !ASKED_BY_POST.contains(path);
                let may_write = scope == Scope::Write || !changes;
                let may = *right == Right::Public
                    || (right.is_for_tokens() && right.is_of(role) && may_write);
                let what = format!("{} by {scope:?} token {method} {path}: {by:?}", role.word());
                assert_eq!(is_shut(path, &by), !may, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_asked_by_post_changes_nothing_and_figures_are_for_administrators() {
    let (_folder, router, store) = desk();
    let keeper = User::new("keeper", UserRole::Administrator, Utc::now());
    cookie(&*store, &keeper);
    let token = bearer(&*store, "keeper", Scope::Read);
    let entries = || {
        store
            .audit_before(u64::try_from(i64::MAX).unwrap())
            .unwrap()
            .len()
    };
    let (before, cases) = (entries(), store.last_case_version().unwrap());
    for path in ASKED_BY_POST {
        let answer = ask(&router, "POST", path, Some(("authorization", &token))).await;
        assert_ne!(answer.0, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(
        (before, cases),
        (entries(), store.last_case_version().unwrap())
    );
    let officer = User::new("aisha", UserRole::Officer, Utc::now());
    let figures = async |user: &User| {
        let cookie = cookie(&*store, user);
        ask(&router, "GET", "/metrics", Some(("cookie", &cookie)))
            .await
            .0
    };
    assert_eq!(figures(&officer).await, StatusCode::FORBIDDEN);
    assert_eq!(figures(&keeper).await, StatusCode::OK);
}

#[tokio::test]
async fn the_roles_have_the_rights_that_were_written_down() {
    let of = |right: Right| -> Vec<&str> {
        let roles = UserRole::ALL.into_iter();
        roles
            .filter(|role| right.is_of(*role))
            .map(UserRole::word)
            .collect()
    };
    let all = ["viewer", "analyst", "officer", "approver", "administrator"];
    assert_eq!(of(Right::Read), all);
    assert_eq!(of(Right::Step), all[1..]);
    assert_eq!(of(Right::Keep), all[1..]);
    assert_eq!(of(Right::Administer), all[4..]);
}

#[tokio::test]
async fn a_case_of_another_agency_is_as_absent_as_one_that_never_was() {
    let (_folder, router, store) = desk();
    let of = |agency: &str, id: &str| User {
        agencies: BTreeSet::from([SourceId(agency.to_owned())]),
        ..User::new(id, UserRole::Officer, Utc::now())
    };
    let own = desk::case("case-1").evidence[0].source.0.clone();
    let (near, far) = (
        cookie(&*store, &of(&own, "near")),
        cookie(&*store, &of("elsewhere", "far")),
    );
    let body = async |cookie: &str, path: &str| {
        let request = Request::get(path)
            .header("cookie", cookie)
            .body(Body::empty())
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    };
    for path in ["/cases/case-1", "/api/v1/cases/case-1"] {
        assert_eq!(body(&near, path).await.0, StatusCode::OK);
        let absent = body(&far, &path.replace("case-1", "none")).await;
        // The links of the page that come back here have the address in them.
        let (status, text) = body(&far, path).await;
        let text = text.replace("case-1", "none");
        assert_eq!((status, text), absent, "{path}");
        assert_eq!(absent.0, StatusCode::NOT_FOUND);
    }
    for path in [
        "/cases",
        "/api/v1/cases",
        "/api/v1/exports/cases.csv",
        "/api/v1/exports/cases.jsonl",
    ] {
        assert!(body(&near, path).await.1.contains("case-1"), "{path}");
        let (status, text) = body(&far, path).await;
        assert!(
            status == StatusCode::OK && !text.contains("case-1"),
            "{path}: {text}"
        );
    }
    let (_, digest) = body(&far, "/api/v1/digest").await;
    let digest: serde_json::Value = serde_json::from_str(&digest).unwrap();
    assert_eq!(digest["digest"]["all"]["n_found"], 0);
}

#[tokio::test]
async fn what_stands_at_no_address_is_not_found_and_other_methods_are_named() {
    let (_folder, router, _store) = desk();
    assert_eq!(
        ask(&router, "GET", "/nowhere", None).await.0,
        StatusCode::NOT_FOUND
    );
    for method in ["TRACE", "PATCH", "DELETE", "OPTIONS"] {
        let answer = ask(&router, method, "/search", None).await;
        assert_eq!(answer.0, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    assert_eq!(
        ask(&router, "HEAD", "/health/live", None).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn who_is_disabled_or_demoted_is_so_with_the_next_request() {
    let (_folder, router, store) = desk();
    let mut user = User::new("aisha", UserRole::Officer, Utc::now());
    let cookie = cookie(&*store, &user);
    let token = bearer(&*store, "aisha", Scope::Write);
    let steps = "/api/v1/cases/{id}/steps";
    assert!(!is_refused(
        &ask(&router, "POST", steps, Some(("cookie", &cookie))).await
    ));
    user.role = UserRole::Viewer;
    store.put_user(&user, "operator", Utc::now()).unwrap();
    assert_eq!(
        ask(&router, "POST", steps, Some(("cookie", &cookie)))
            .await
            .0,
        StatusCode::FORBIDDEN
    );
    user.disabled_at = Some(Utc::now());
    store.put_user(&user, "operator", Utc::now()).unwrap();
    for by in [("cookie", &cookie), ("authorization", &token)] {
        let answer = ask(&router, "GET", "/api/v1/cases", Some((by.0, by.1))).await;
        assert_eq!(answer.0, StatusCode::UNAUTHORIZED, "{}", by.0);
    }
    user.disabled_at = None;
    store.put_user(&user, "operator", Utc::now()).unwrap();
    let answer = ask(&router, "GET", "/api/v1/cases", Some(("cookie", &cookie))).await;
    assert_eq!(
        answer.0,
        StatusCode::UNAUTHORIZED,
        "the session ended for good"
    );
}

#[tokio::test]
async fn cookies_of_any_form_are_nobody_and_no_fault() {
    let (_folder, router, store) = desk();
    let good = cookie(&*store, &User::new("aisha", UserRole::Viewer, Utc::now()));
    let long = format!("sid={}", "a".repeat(8_000));
    let twice = format!("{good}; sid={}", "0".repeat(64));
    for bad in [
        "sid=",
        "sid",
        "=",
        ";;;",
        "sid=abc",
        &long,
        &twice,
        &good.to_uppercase(),
        &good.replace("sid", "__Host-sid"),
    ] {
        let answer = ask(&router, "GET", "/", Some(("cookie", bad))).await;
        assert_eq!(
            answer,
            (StatusCode::SEE_OTHER, "/sign-in?next=%2F".to_owned()),
            "{bad}"
        );
    }
    let request = Request::get("/")
        .header("cookie", &b"sid=\xff\xfe"[..])
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        router.clone().oneshot(request).await.unwrap().status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        ask(&router, "GET", "/cases", Some(("cookie", &good)))
            .await
            .0,
        StatusCode::OK
    );
}
