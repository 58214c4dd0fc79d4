//! The pages and the API over a store made by hand, without a socket.

use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::language::Language;
use aigaq::model::{
    Alert, Case, CaseEvent, CaseId, CaseState, ClaimId, Copy, CopyState, Desk as CaseDesk,
    Difference, Revision, RevisionId, SavedSearch, SlotName, Snippet, Source, SourceId, SourceRole,
};
use aigaq::serve::{Desk, router};
use aigaq::store::{self, CaseChange, Derived};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, TimeZone as _, Utc};
use tower::ServiceExt as _;

use super::store::sighting;

fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 5, 1, 9, 0, 0).unwrap()
}

/// A case whose publication tries to carry markup.
fn case() -> Case {
    Case {
        id: CaseId("case-1".to_owned()),
        anchors: Vec::new(),
        state: CaseState::Proposed,
        differences: vec![Difference {
            slot: SlotName::Value,
            claimed: "1903".to_owned(),
            official: "1309".to_owned(),
        }],
        evidence: Vec::new(),
        explanation: "1 903 is not 1 309".to_owned(),
        copies: vec![Copy {
            source: SourceId("outlet".to_owned()),
            url: "javascript:alert(1)".to_owned(),
            revision: RevisionId("r".to_owned()),
            claim: ClaimId("c".to_owned()),
            sentence: "Some 1 903 thefts <script>alert(1)</script>".to_owned(),
            language: Language::En,
            published: moment(),
            state: CopyState::Stands,
            ended_at: None,
            found_at: None,
            carriers: Vec::new(),
            looked_at: None,
            is_inferred: false,
            last_event: None,
            credits: Vec::new(),
            alternates: Vec::new(),
        }],
        opened_at: moment(),
        history: vec![CaseEvent {
            at: moment(),
            what: "opened".to_owned(),
            state: CaseState::Proposed,
            by: None,
            kind: None,
            url: None,
        }],
        version: 0,
        record: None,
        subjects: Vec::new(),
        follows: None,
        desk: CaseDesk::default(),
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
    let desk = Desk {
        store: Arc::from(store),
        index,
        names: Default::default(),
        rules: CaseConfig::default(),
    };
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router(Arc::new(desk)).oneshot(request).await.unwrap();
    let status = response.status();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    (status, policy, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn pages_show_both_values_and_obey_no_foreign_markup() {
    for path in ["/", "/?show=all", "/cases/case-1"] {
        let (status, policy, body) = get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(body.contains("1309"), "{path}");
        assert!(!body.contains("<script"), "{path}");
        assert!(!body.contains("style="), "{path}");
        assert!(!body.contains("href=\"javascript"), "{path}");
    }
    let (_, _, body) = get("/cases/case-1").await;
    assert!(
        body.contains("<del class=\"claimed\">1 903</del>"),
        "{body}"
    );
}

#[tokio::test]
async fn search_repeats_the_words_without_obeying_them() {
    let (status, _, body) = get("/search?q=%22%3E%3Cb%3E").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("value=\"&quot;&gt;&lt;b&gt;\""), "{body}");
}

#[tokio::test]
async fn search_shows_hits_facets_and_bars_of_hostile_pages_harmlessly() {
    let (status, policy, body) = get("/search?q=%D0%BF%D0%BE%D1%80%D1%82").await;
    assert_eq!(status, StatusCode::OK);
    assert!(!policy.contains("unsafe"));
    for what in [
        "1 found",
        "<mark>Порт</mark>",
        "&lt;script&gt;",
        "lang%3A",
        "<rect ",
        "of all",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    assert!(
        !body.contains("<script") && !body.contains("style="),
        "{body}"
    );
    let (status, _, help) = get("/search").await;
    assert_eq!(status, StatusCode::OK);
    assert!(help.contains("How to ask"));
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
