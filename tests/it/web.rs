//! The pages and the API over a store made by hand, without a socket.

use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::model::{
    Alert, Case, Copy, CopyState, Difference, Revision, RevisionId, SavedSearch, SlotName, Snippet,
    Source, SourceId, SourceRole, User, UserRole,
};
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, CaseChange, Derived};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, TimeZone as _, Utc};

use super::desk;
use super::signed::Browser;
use super::store::sighting;

fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 5, 1, 9, 0, 0).unwrap()
}

/// A case whose publication tries to carry markup.
fn case() -> Case {
    Case {
        anchors: Vec::new(),
        differences: vec![Difference {
            slot: SlotName::Value,
            claimed: "1903".to_owned(),
            official: "1309".to_owned(),
        }],
        evidence: Vec::new(),
        explanation: "1 903 is not 1 309".to_owned(),
        copies: vec![Copy {
            sentence: "Some 1 903 thefts <script>alert(1)</script>".to_owned(),
            published: moment(),
            found_at: None,
            ..desk::copy("javascript:alert(1)", CopyState::Stands)
        }],
        opened_at: moment(),
        ..desk::case("case-1")
    }
}

/// A page whose text tries to be markup and a formula.
const HOSTILE: &str = "https://outlet.example/hostile";

fn outlet(_: &Revision) -> Source {
    Source {
        id: SourceId("outlet".to_owned()),
        name: Default::default(),
        url: "https://outlet.example/".to_owned(),
        role: SourceRole::Media,
        languages: Vec::new(),
        authority: Vec::new(),
    }
}

/// A search whose feed has the token `right`.
fn saved_search() -> SavedSearch {
    SavedSearch {
        name: "ports".to_owned(),
        query: "порт".to_owned(),
        saved_at: moment(),
        since: 0,
        alert: None,
        paused: None,
        feed: Some("27042f4e6eca7d0b2a7ee4026df2ecfa51d3339e6d122aa099118ecd8563bad9".to_owned()),
        owner: None,
    }
}

fn alert() -> Alert {
    Alert {
        search: "ports".to_owned(),
        revision: RevisionId("rev-1".to_owned()),
        url: "https://outlet.example/?a=1&b=\"2\"".to_owned(),
        title: "Порт <script>alert(1)</script>\u{0}\u{202e}".to_owned(),
        why: Snippet::default(),
        likeness: (1, 0),
        matched_at: moment(),
        told_at: None,
    }
}

/// Asks for a path of a desk with one case and one publication; status, security policy and body.
async fn get(path: &str) -> (StatusCode, String, String) {
    let (_folder, router) = desk();
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.send(request).await;
    let status = response.status();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    (status, policy, text(response).await)
}

/// The body of an answer.
async fn text(response: axum::response::Response) -> String {
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// A desk with one case and one publication, and the folder it lives in.
fn desk() -> (tempfile::TempDir, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let opened = CaseChange {
        case: case(),
        actor: "program".to_owned(),
        action: "open".to_owned(),
        details: serde_json::Value::Null,
    };
    store.change_cases(&[opened], moment()).unwrap();
    store
        .record_batch(
            &[sighting(
                HOSTILE,
                "=1+1 <script>alert(2)</script> Порт открыт.",
                0,
            )],
            &[],
            &mut |new| vec![Derived::default(); new.len()],
        )
        .unwrap();
    store.put_saved_searches(&[saved_search()]).unwrap();
    store.put_alerts(&[alert()], None).unwrap();
    let index = Index::open(folder.path()).unwrap();
    index.catch_up(&*store, &outlet).unwrap();
    let desk = Desk::new(
        Arc::from(store),
        index,
        Default::default(),
        CaseConfig::default(),
        Gate::default(),
    );
    let store = Arc::clone(&desk.store);
    let user = User::new("aisha", UserRole::Officer, moment());
    (folder, Browser::of(router(Arc::new(desk)), &store, &user))
}

#[tokio::test]
async fn pages_show_both_values_and_obey_no_foreign_markup() {
    for path in ["/cases", "/cases?view=all", "/cases/case-1"] {
        let (status, policy, body) = get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(body.replace('\u{a0}', "").contains("1309"), "{path}");
        assert!(!body.contains("<script>"), "{path}");
        assert!(!body.contains("style="), "{path}");
        assert!(!body.contains("href=\"javascript"), "{path}");
    }
    let (_, _, body) = get("/cases/case-1").await;
    assert!(
        body.contains("<a class=\"d d-pub\" href=\"#s1\">1 903<sup>1</sup></a>"),
        "{body}"
    );
}

#[tokio::test]
async fn search_repeats_the_words_without_obeying_them() {
    let (status, _, body) = get("/search?q=%22%3E%3Cb%3E").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("value=\"&#34;&#62;&#60;b&#62;\""), "{body}");
}

#[tokio::test]
async fn search_shows_hits_facets_and_bars_of_hostile_pages_harmlessly() {
    let (status, policy, body) = get("/search?q=%D0%BF%D0%BE%D1%80%D1%82").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!policy.contains("unsafe"));
    for what in [
        "Нашлась 1 запись",
        "<mark>Порт</mark>",
        "&lt;script&gt;",
        "lang%3A",
        "<rect ",
        "Доля от всех",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    assert!(
        !body.contains("<script>") && !body.contains("style="),
        "{body}"
    );
    let (status, _, help) = get("/search").await;
    assert_eq!(status, StatusCode::OK);
    assert!(help.contains("Язык запросов"));
}

#[tokio::test]
async fn a_feed_is_read_with_its_token_alone_and_is_harmless() {
    let (status, _, body) = get("/feeds/right.atom").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        body.contains("&lt;script&gt;") && !body.contains("<script"),
        "{body}"
    );
    assert!(
        body.contains("?a=1&amp;b=&quot;2&quot;") && !body.contains('\0'),
        "{body}"
    );
    let feed = feed_rs::parser::parse(body.as_bytes()).unwrap();
    assert_eq!(feed.entries.len(), 1);
    for path in ["/feeds/wrong.atom", "/feeds/.atom", "/feeds/right"] {
        assert_eq!(get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (_, _, body) = get("/api/v1/saved").await;
    let saved: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(saved["saved"][0]["has_feed"], true);
    assert!(!body.contains("27042f4e"), "digests stay inside: {body}");
}

#[tokio::test]
async fn the_api_searches_with_the_shape_of_the_command_line() {
    let (status, _, body) =
        get("/api/v1/search?q=%D0%BF%D0%BE%D1%80%D1%82%20sorce:x&limit=1").await;
    assert_eq!(status, StatusCode::OK);
    let found: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(found["repairs"].as_array().unwrap().len(), 1);
    let (_, _, body) = get("/api/v1/search?q=%D0%BF%D0%BE%D1%80%D1%82&limit=1").await;
    let found: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(found["meta"]["total"], 1);
    assert_eq!(found["hits"][0]["url"], HOSTILE);
    assert_eq!(found["facets"][0]["field"], "source");
    let narrowed = found["facets"][0]["values"][0]["query"].as_str().unwrap();
    assert_eq!(narrowed, "порт source:outlet");
    let (status, _, _) = get("/api/v1/search?q=a&limit=many").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_api_gives_the_shape_of_the_command_line() {
    let (status, _, body) = get("/api/v1/cases").await;
    assert_eq!(status, StatusCode::OK);
    let cases: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(cases["meta"]["total"], 1);
    assert_eq!(cases["cases"][0]["state"], "proposed");
    let (status, _, body) = get("/api/v1/cases/none").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("errors"), "{body}");
}

#[tokio::test]
async fn what_stands_nowhere_is_not_found_and_life_is_told() {
    assert_eq!(get("/cases/none").await.0, StatusCode::NOT_FOUND);
    assert_eq!(get("/nowhere").await.0, StatusCode::NOT_FOUND);
    assert_eq!(get("/health/live").await.0, StatusCode::OK);
    assert_eq!(get("/assets/app.css").await.0, StatusCode::OK);
}

/// Asks a desk to change something, as a browser or program would.
async fn ask(
    router: &Browser,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = router.send(request).await;
    (response.status(), text(response).await)
}

/// What a page of the desk sends.
const OWN: [(&str, &str); 3] = [
    ("host", "127.0.0.1:8780"),
    ("sec-fetch-site", "same-origin"),
    ("content-type", "application/json"),
];

#[tokio::test]
async fn saved_searches_are_tried_saved_changed_and_removed_over_the_api() {
    let (_folder, router) = desk();
    let path = "/api/v1/saved/bridges";
    let (status, body) = ask(
        &router,
        "GET",
        "/api/v1/saved/preview?q=%D0%BF%D0%BE%D1%80%D1%82",
        &[],
        "",
    )
    .await;
    let tried: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &tried["days"]), (StatusCode::OK, &30.into()));
    let told = r#"{"query":"мост","tell":{"webhook":"https://hook.example/in"},"pace":"daily"}"#;
    let (status, body) = ask(&router, "PUT", path, &OWN, told).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let saved: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(saved["saved"]["tells"], "webhook:https://hook.example/in");
    let secret = saved["secret"].as_str().unwrap().to_owned();
    let (_, listed) = ask(&router, "GET", "/api/v1/saved", &[], "").await;
    assert!(
        listed.contains("bridges") && !listed.contains(&secret),
        "{listed}"
    );
    let (_, body) = ask(&router, "GET", "/api/v1/saved/ports", &[], "").await;
    let shown: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(shown["alerts"][0]["revision"], "rev-1", "{body}");
    let (status, body) = ask(&router, "POST", "/api/v1/saved/bridges/feed", &OWN, "").await;
    assert_eq!(status, StatusCode::OK);
    let feed: serde_json::Value = serde_json::from_str(&body).unwrap();
    let feed = feed["feed"].as_str().unwrap();
    assert_eq!(ask(&router, "GET", feed, &[], "").await.0, StatusCode::OK);
    let revoked = ask(&router, "DELETE", "/api/v1/saved/bridges/feed", &OWN, "").await;
    assert_eq!(revoked.0, StatusCode::NO_CONTENT);
    assert_eq!(
        ask(&router, "GET", feed, &[], "").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ask(&router, "POST", "/api/v1/saved/bridges/resume", &OWN, "")
            .await
            .0,
        StatusCode::OK
    );
    for (name, body, status) in [
        (
            "bridges",
            r#"{"query":"sorce:x мост"}"#,
            StatusCode::BAD_REQUEST,
        ),
        ("a%20b", r#"{"query":"мост"}"#, StatusCode::BAD_REQUEST),
        (
            "bridges",
            r#"{"quary":"мост"}"#,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let path = format!("/api/v1/saved/{name}");
        assert_eq!(
            ask(&router, "PUT", &path, &OWN, body).await.0,
            status,
            "{body}"
        );
    }
    assert_eq!(
        ask(&router, "DELETE", path, &OWN, "").await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        ask(&router, "DELETE", path, &OWN, "").await.0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn pages_of_others_change_nothing() {
    let (_folder, router) = desk();
    let json = ("content-type", "application/json");
    for headers in [
        vec![("host", "rebound.example:8780"), json],
        vec![
            ("host", "rebound.example:8780"),
            ("origin", "http://rebound.example:8780"),
            json,
        ],
        vec![json],
        vec![("host", "127.0.0.1:8780"), json],
        vec![
            ("host", "127.0.0.1:8780"),
            ("origin", "https://other.example"),
            json,
        ],
        vec![
            ("host", "127.0.0.1:8780"),
            ("sec-fetch-site", "cross-site"),
            json,
        ],
        vec![("host", "127.0.0.1:8780"), ("origin", "null"), json],
    ] {
        let (status, body) = ask(
            &router,
            "PUT",
            "/api/v1/saved/x",
            &headers,
            r#"{"query":"мост"}"#,
        )
        .await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}: {body}");
        let (status, _) = ask(
            &router,
            "POST",
            "/saved",
            &headers,
            "do=remove&name=ports&confirm=ports",
        )
        .await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(
            ask(&router, "DELETE", "/api/v1/saved/ports", &headers, "")
                .await
                .0,
            StatusCode::FORBIDDEN
        );
    }
    let (_, listed) = ask(&router, "GET", "/api/v1/saved", &[], "").await;
    assert!(
        listed.contains("ports") && !listed.contains("\"x\""),
        "{listed}"
    );
}

#[tokio::test]
async fn the_page_of_saved_searches_tries_before_it_saves() {
    let (_folder, router) = desk();
    let own = [
        ("host", "localhost:8780"),
        ("origin", "http://localhost:8780"),
    ];
    let (status, body) = ask(
        &router,
        "POST",
        "/saved",
        &own,
        "do=try&name=a&query=%3Cb%3E",
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        body.contains("сообщили бы") && body.contains(">&#60;b&#62;</textarea>"),
        "{body}"
    );
    let (status, _) = ask(
        &router,
        "POST",
        "/saved",
        &own,
        "do=save&name=a&query=%D0%BC%D0%BE%D1%81%D1%82",
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, body) = ask(&router, "GET", "/saved", &[], "").await;
    assert!(
        body.contains("<bdi>a</bdi></a>") && !body.contains("<script>"),
        "{body}"
    );
    let (status, _) = ask(
        &router,
        "POST",
        "/saved",
        &own,
        "do=remove&name=a&confirm=a",
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(
        !ask(&router, "GET", "/saved", &[], "")
            .await
            .1
            .contains("<bdi>a</bdi></a>")
    );
}

#[tokio::test]
async fn an_export_over_http_is_what_its_manifest_says() {
    use sha2::{Digest as _, Sha256};
    let (_folder, router) = desk();
    for form in ["csv", "jsonl", "xlsx"] {
        let of =
            |what: &str| format!("/api/v1/search/{what}?q=%D0%BF%D0%BE%D1%80%D1%82&form={form}");
        let request = Request::get(of("export")).body(Body::empty()).unwrap();
        let response = router.send(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["x-aigaq-rows"], "1");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        if form == "csv" {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(
                text.contains(HOSTILE) && text.lines().count() >= 2,
                "{text}"
            );
        }
        let (_, manifest) = ask(&router, "GET", &of("manifest"), &[], "").await;
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(manifest["n_rows"], 1);
        let digest = aigaq::canonical::hex(&Sha256::digest(&bytes));
        assert_eq!(manifest["sha256"], digest, "{form}");
    }
    let bad = ask(
        &router,
        "GET",
        "/api/v1/search/export?q=a&form=pdf",
        &[],
        "",
    )
    .await;
    assert_eq!(bad.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_api_and_the_page_search_each_kind() {
    let (_, _, body) = get("/api/v1/search?q=%D0%BF%D0%BE%D1%80%D1%82&compare=%D0%BC%D0%BE%D1%81%D1%82&compare=a&step=month").await;
    let found: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(found["meta"]["kinds"]["publications"], 1);
    assert_eq!(found["compared"].as_array().unwrap().len(), 2);
    assert_eq!(found["histogram"][0]["per_100k"], 100_000);
    let (status, _, body) = get("/search?q=&kind=cases").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (_, _, body) =
        get("/search?q=%D0%BF%D0%BE%D1%80%D1%82&compare=%22%3E%3Cb%3E&bars=share").await;
    assert!(
        body.contains("Дела <span class=\"count\">0</span>")
            && body.contains("Публикации <span class=\"count\">1</span>")
            && body.contains("compare=%22%3E%3Cb%3E"),
        "{body}"
    );
    assert!(!body.contains("\"><b>"), "{body}");
    assert_eq!(get("/search?q=a&kind=all").await.0, StatusCode::BAD_REQUEST);
}
