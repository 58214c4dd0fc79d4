//! What the API promises whatever it is asked: lists in pages, writes done once, figures.

use std::sync::Arc;

use aigaq::model::{User, UserRole};
use aigaq::serve::signin::Gate;
use aigaq::serve::{EXPORTS_AT_ONCE, router};
use aigaq::store::{self, CaseChange, Store};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use serde_json::Value;

use super::desk::{case, minute};
use super::signed::{Browser, bare_desk};

/// A desk with five cases, a browser in which an officer is signed in, and the folder.
fn desk() -> (tempfile::TempDir, Browser, Arc<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    let opened: Vec<CaseChange> = (1..=5)
        .map(|number| CaseChange {
            case: case(&format!("case-{number}")),
            actor: "program".to_owned(),
            action: "open".to_owned(),
            details: Value::Null,
        })
        .collect();
    store.change_cases(&opened, minute(0)).unwrap();
    let desk = bare_desk(folder.path(), &store, Gate::default());
    let user = User::new("aisha", UserRole::Officer, minute(0));
    let browser = Browser::of(router(Arc::new(desk)), &store, &user);
    (folder, browser, store)
}

async fn body(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    String::from_utf8(bytes.unwrap().to_vec()).unwrap()
}

async fn get(browser: &Browser, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = browser.send(request).await;
    (response.status(), body(response).await)
}

/// Orders a comment on a case under a key; status, whether it is an answer given before, and body.
async fn comment(browser: &Browser, key: &str, note: &str) -> (StatusCode, bool, String) {
    let request = Request::post("/api/v1/cases/case-1/steps")
        .header("host", "127.0.0.1:8780")
        .header("origin", "http://127.0.0.1:8780")
        .header("content-type", "application/json")
        .header("if-match", "\"1\"")
        .header("idempotency-key", key)
        .body(Body::from(format!(
            r#"{{"step":"comment","note":"{note}"}}"#
        )))
        .unwrap();
    let response = browser.send(request).await;
    let is_repeated = response.headers().contains_key("idempotency-replayed");
    (response.status(), is_repeated, body(response).await)
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_to_its_end() {
    let (_folder, browser, _) = desk();
    let (mut seen, mut after) = (Vec::new(), String::new());
    for _ in 0..3 {
        let (status, page) = get(&browser, &format!("/api/v1/cases?limit=2{after}")).await;
        assert_eq!(status, StatusCode::OK);
        let page: Value = serde_json::from_str(&page).unwrap();
        assert_eq!(page["meta"]["total"], 5);
        let cases = page["cases"].as_array().unwrap().iter();
        seen.extend(cases.map(|case| case["id"].as_str().unwrap().to_owned()));
        after = match page["meta"]["next"].as_str() {
            Some(next) => format!("&after={next}"),
            None => "end".to_owned(),
        };
    }
    assert_eq!(after, "end");
    assert_eq!(seen, ["case-1", "case-2", "case-3", "case-4", "case-5"]);
    let (_, none) = get(&browser, "/api/v1/cases?state=closed").await;
    let none: Value = serde_json::from_str(&none).unwrap();
    assert_eq!(none["meta"]["total"], 0);
    for wrong in [
        "/api/v1/cases?limit=many",
        "/api/v1/cases?limit=0",
        "/api/v1/cases?limit=1001",
        "/api/v1/findings?after=nowhere",
        "/api/v1/cases?state=open",
        "/api/v1/findings?pages=2",
    ] {
        let (status, said) = get(&browser, wrong).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {said}");
        assert!(said.contains("errors"), "{said}");
    }
}

#[tokio::test]
async fn a_write_that_is_sent_again_under_its_key_is_done_once() {
    let (_folder, browser, store) = desk();
    let first = comment(&browser, "key-1", "checked").await;
    assert_eq!((first.0, first.1), (StatusCode::OK, false), "{}", first.2);
    let again = comment(&browser, "key-1", "checked").await;
    assert_eq!((again.0, again.1), (StatusCode::OK, true));
    assert_eq!(again.2, first.2);
    let other = comment(&browser, "key-1", "another").await;
    assert_eq!(other.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.2);
    // Under a new key it is a new request, and comes too late for the version it names.
    let late = comment(&browser, "key-2", "checked").await;
    assert_eq!(late.0, StatusCode::PRECONDITION_FAILED, "{}", late.2);
    let case = store.cases().unwrap()[0].clone();
    assert_eq!(case.desk.comments.len(), 1);
}

#[tokio::test]
async fn figures_are_told_in_the_form_of_prometheus() {
    let (_folder, browser, store) = desk();
    let keeper = User::new("keeper", UserRole::Administrator, minute(0));
    let browser = Browser::of(browser.router, &store, &keeper);
    let (status, text) = get(&browser, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        text.contains("aigaq_cases{state=\"proposed\"} 5\n"),
        "{text}"
    );
    assert!(text.contains("# TYPE aigaq_documents gauge\n"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("aigaq_"), "{line}");
        assert!(value.parse::<u64>().is_ok(), "{line}");
    }
}

#[tokio::test]
async fn an_answer_with_a_secret_is_not_given_again_and_pages_keep_no_answers() {
    let (_folder, browser, store) = desk();
    let keeper = User::new("keeper", UserRole::Administrator, minute(0));
    let browser = Browser::of(browser.router, &store, &keeper);
    let send = async |path: &str, body: &str| {
        let request = Request::post(path)
            .header("host", "127.0.0.1:8780")
            .header("origin", "http://127.0.0.1:8780")
            .header("content-type", "application/json")
            .header("idempotency-key", "once")
            .body(Body::from(body.to_owned()));
        let response = browser.send(request.unwrap()).await;
        let is_repeated = response.headers().contains_key("idempotency-replayed");
        (response.status(), is_repeated, self::body(response).await)
    };
    let asked = r#"{"user":"aisha","days":1}"#;
    let made = send("/api/v1/tokens", asked).await;
    assert_eq!(made.0, StatusCode::CREATED, "{}", made.2);
    let again = send("/api/v1/tokens", asked).await;
    assert_eq!((again.0, again.1), (StatusCode::CONFLICT, false));
    assert!(
        again.2.contains("secret") && !again.2.contains("aigaq-"),
        "{}",
        again.2
    );
    assert_eq!(store.tokens().unwrap().len(), 1, "it was made once");
    // Pages know no keys: the same form again is looked at again.
    for _ in 0..2 {
        let page = send("/admin/audit", "").await;
        assert_eq!((page.0, page.1), (StatusCode::OK, false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_done_and_remembered_although_nobody_waits_for_its_answer() {
    let (folder, browser, store) = desk();
    // Whatever writes is held up, so that the write has begun and has no answer when who asked for it goes away.
    let (begun, is_begun) = std::sync::mpsc::channel();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let path = folder.path().to_owned();
    let writer = std::thread::spawn(move || {
        let other = store::open_desk(&path).unwrap();
        other.decide_user("operator", "user.change", minute(0), &mut |_| {
            begun.send(()).unwrap();
            ended.recv().unwrap();
            None
        })
    });
    is_begun.recv().unwrap();
    let patience = std::time::Duration::from_secs(2);
    let gone = tokio::time::timeout(patience, comment(&browser, "key-9", "checked")).await;
    assert!(gone.is_err(), "answered although it was held up");
    let under_way = comment(&browser, "key-9", "checked").await;
    assert_eq!(under_way.0, StatusCode::CONFLICT, "{}", under_way.2);
    end.send(()).unwrap();
    writer.join().unwrap().unwrap();
    let mut answer = comment(&browser, "key-9", "checked").await;
    while answer.0 == StatusCode::CONFLICT {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        answer = comment(&browser, "key-9", "checked").await;
    }
    assert_eq!((answer.0, answer.1), (StatusCode::OK, true), "{}", answer.2);
    let case = store
        .case(&aigaq::model::CaseId("case-1".to_owned()))
        .unwrap()
        .unwrap();
    assert_eq!(
        case.desk.comments.len(),
        1,
        "once, and never refused as too late"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_that_take_nothing_use_up_places_and_not_the_desk() {
    let (_folder, browser, store) = desk();
    // Enough that an export does not fit into what waits for a reader.
    let keeper = User::new("keeper", UserRole::Administrator, minute(0));
    let browser = Browser::of(browser.router, &store, &keeper);
    for n in 0..400 {
        let note = aigaq::model::AuditNote {
            at: minute(0),
            actor: "aisha".to_owned(),
            action: "export.cases".to_owned(),
            subject: n.to_string(),
            details: serde_json::json!({ "note": "x".repeat(4_000) }),
        };
        store.note(&note).unwrap();
    }
    let path = "/admin/audit/export?form=jsonl";
    let ask = async || {
        browser
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await
    };
    let mut open = Vec::new();
    for _ in 0..EXPORTS_AT_ONCE {
        let response = ask().await;
        assert_eq!(response.status(), StatusCode::OK);
        open.push(response);
    }
    let refused = ask().await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(get(&browser, "/api/v1/cases").await.0, StatusCode::OK);
    let n_lines = {
        let bytes = axum::body::to_bytes(open.pop().unwrap().into_body(), 1 << 24).await;
        bytes.unwrap().iter().filter(|byte| **byte == b'\n').count()
    };
    assert!(n_lines > 400, "{n_lines}");
    drop(open);
    // A place is free as soon as the reading of one ended.
    while ask().await.status() == StatusCode::SERVICE_UNAVAILABLE {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
