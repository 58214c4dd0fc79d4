//! Steps, users, tokens and reports from the command line and over the API, with the built binary and the router.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::model::{CaseState, Source, SourceRole};
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, CaseChange};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::cli::{aigaq, lines, stderr};
use crate::desk::{case, minute};

/// A folder with two cases of the police.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("index");
    let store = store::open(&data).unwrap();
    let police: Source = crate::judged::source("police", SourceRole::Official);
    let outlet: Source = crate::judged::source("outlet", SourceRole::Media);
    store.put_sources(&[police, outlet]).unwrap();
    let changes = ["case-0aa1", "case-0bb2"].map(|id| CaseChange {
        case: case(id),
        actor: "program".to_owned(),
        action: "open".to_owned(),
        details: Value::Null,
    });
    store.change_cases(&changes, minute(0)).unwrap();
    drop(store);
    drop(Index::open(&data));
    folder
}

/// Runs a command that must succeed.
fn done(folder: &Path, arguments: &[&str]) -> Output {
    let output = aigaq(folder, arguments, "");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        stderr(&output)
    );
    output
}

/// Adds an officer and two approvers.
fn staff(folder: &Path) {
    for (id, role) in [
        ("aisha", "officer"),
        ("daniyar", "approver"),
        ("marat", "analyst"),
    ] {
        done(
            folder,
            &["user", "add", id, "--role", role, "--agency", "police"],
        );
    }
}

#[test]
fn a_case_is_worked_on_from_the_command_line_up_to_a_sent_letter() {
    let folder = folder();
    let folder = folder.path();
    staff(folder);
    let step = |seen: &str, by: &str, more: &[&str]| {
        let mut all = vec![
            "--format", "jsonl", "case", "0aa", "--as", by, "--seen", seen, "--do",
        ];
        all.extend(more);
        aigaq(folder, &all, "")
    };
    let confirmed = step("1", "aisha", &["confirm", "--note", "read both"]);
    assert_eq!(confirmed.status.code(), Some(0), "{}", stderr(&confirmed));
    assert_eq!(lines(&confirmed)[0]["state"], "confirmed");
    assert_eq!(lines(&confirmed)[0]["version"], 2);

    // Somebody else saw the version before.
    let late = step("1", "daniyar", &["dismiss", "--reason", "agrees"]);
    assert_eq!(late.status.code(), Some(2));
    let told = stderr(&late);
    assert!(
        told.contains("stands at version 2 now") && told.contains("aisha: confirmed: read both"),
        "{told}"
    );

    assert_eq!(
        step("2", "marat", &["propose-letter", "--letter", "7"])
            .status
            .code(),
        Some(2),
        "an analyst"
    );
    assert_eq!(
        step("2", "aisha", &["propose-letter", "--letter", "7"])
            .status
            .code(),
        Some(0)
    );
    let early = step("3", "aisha", &["send-letter", "--letter", "7"]);
    assert!(
        stderr(&early).contains("second person"),
        "{}",
        stderr(&early)
    );
    assert_eq!(
        step("3", "daniyar", &["approve-letter", "--letter", "7"])
            .status
            .code(),
        Some(0)
    );
    let sent = step("4", "aisha", &["send-letter", "--letter", "7"]);
    assert_eq!(lines(&sent)[0]["state"], "correction_requested");
    assert_eq!(
        step("5", "marat", &["comment", "--note", "@daniyar they called"])
            .status
            .code(),
        Some(0)
    );
    let shown = done(folder, &["case", "0aa"]);
    let text = String::from_utf8(shown.stdout).unwrap();
    for part in [
        "Letter    7, sent by aisha",
        "Version   6",
        "Confirmed by aisha",
        "of 1000",
        "marat: commented: @daniyar they called",
    ] {
        assert!(text.contains(part), "{part} of:\n{text}");
    }

    let missing = aigaq(
        folder,
        &["case", "0aa", "--as", "aisha", "--do", "watch"],
        "",
    );
    assert!(stderr(&missing).contains("--seen"), "{}", stderr(&missing));
    let unknown = step("6", "nobody", &["watch"]);
    assert!(
        stderr(&unknown).contains("user add nobody"),
        "{}",
        stderr(&unknown)
    );

    let verified = done(folder, &["--format", "jsonl", "verify-audit"]);
    assert_eq!(lines(&verified)[0]["faults"], json!([]));
    // Three users, two opened cases, five steps, and four refusals.
    assert!(lines(&verified)[0]["n_entries"].as_u64().unwrap() >= 12);
}

#[test]
fn cases_are_filtered_ordered_and_exported_and_the_export_is_entered() {
    let folder = folder();
    let folder = folder.path();
    staff(folder);
    done(
        folder,
        &[
            "case", "0bb", "--as", "aisha", "--seen", "1", "--do", "confirm",
        ],
    );
    let states = |arguments: &[&str]| -> Vec<Value> {
        let mut all = vec!["--format", "jsonl", "cases"];
        all.extend(arguments);
        lines(&done(folder, &all))
            .iter()
            .map(|case| case["state"].clone())
            .collect()
    };
    assert_eq!(states(&["--state", "confirmed"]), ["confirmed"]);
    assert_eq!(states(&["--agency", "customs"]), Vec::<Value>::new());
    assert_eq!(states(&["--agency", "police", "--sort", "urgent"]).len(), 2);
    assert_eq!(
        aigaq(folder, &["cases", "--state", "lost"], "")
            .status
            .code(),
        Some(2)
    );
    for file in ["c.csv", "c.jsonl", "c.xlsx", "c.html", "c.atom", "c.jsonld"] {
        done(folder, &["cases", "--export", file, "--as", "aisha"]);
        assert!(folder.join(file).metadata().unwrap().len() > 100, "{file}");
    }
    assert_eq!(
        aigaq(folder, &["cases", "--export", "c.doc"], "")
            .status
            .code(),
        Some(2)
    );
    let store = store::open_read_only(&folder.join("index")).unwrap();
    let exports = store.audit_after(0).unwrap();
    let exports = exports
        .iter()
        .filter(|entry| entry.action == "export.cases" && entry.actor == "aisha");
    assert_eq!(exports.count(), 6);
    let digest = done(
        folder,
        &[
            "--format",
            "jsonl",
            "digest",
            "--from",
            "2026-02-01",
            "--to",
            "2026-03-02",
        ],
    );
    let digest = &lines(&digest)[0];
    assert_eq!(digest["all"]["n_opened"], 2);
    assert_eq!(
        digest["gaps"].as_array().unwrap().len(),
        2,
        "neither source was ever visited"
    );
    assert_eq!(
        aigaq(
            folder,
            &["digest", "--from", "2026-03-02", "--to", "2026-02-01"],
            ""
        )
        .status
        .code(),
        Some(2)
    );
}

#[test]
fn users_and_tokens_are_kept_and_a_token_is_shown_once() {
    let folder = folder();
    let folder = folder.path();
    staff(folder);
    for (arguments, said) in [
        (&["user", "add", "aisha"][..], "already"),
        (&["user", "add", "program"][..], "taken"),
        (&["user", "add", "a b"][..], "letters"),
        (&["user", "add", "x", "--role", "king"][..], "no role king"),
        (&["user", "add", "x", "--agency", "nowhere"][..], "nowhere"),
        (&["user", "change", "nobody"][..], "no user nobody"),
        (&["token", "add", "--user", "nobody"][..], "no user nobody"),
        (
            &["token", "add", "--user", "aisha", "--days", "0"][..],
            "from 1 to",
        ),
        (&["token", "revoke", "ffff"][..], "0 tokens"),
    ] {
        let output = aigaq(folder, arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(said),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    let made = done(
        folder,
        &[
            "--format", "jsonl", "token", "add", "--user", "aisha", "--name", "script", "--write",
        ],
    );
    let token = lines(&made)[0]["token"].as_str().unwrap().to_owned();
    let listed = String::from_utf8(done(folder, &["token", "list"]).stdout).unwrap();
    assert!(
        listed.contains("script  aisha reads and writes, valid") && !listed.contains(&token),
        "{listed}"
    );
    let database = std::fs::read(folder.join("index").join(store::FILE_NAME)).unwrap();
    let stands_there = database
        .windows(token.len())
        .any(|bytes| bytes == token.as_bytes());
    assert!(!stands_there, "the token itself is stored nowhere");
    let id = lines(&made)[0]["id"].as_str().unwrap().to_owned();
    done(folder, &["token", "revoke", &id]);
    let listed = String::from_utf8(done(folder, &["token", "list"]).stdout).unwrap();
    assert!(listed.contains("revoked"), "{listed}");
    done(
        folder,
        &["user", "add", "keeper", "--role", "administrator"],
    );
    let disable = |by| ["user", "change", "aisha", "--disable", "--as", by];
    let presumed = aigaq(folder, &disable("daniyar"), "");
    assert!(
        stderr(&presumed).contains("no active administrator"),
        "{}",
        stderr(&presumed)
    );
    done(folder, &disable("keeper"));
    let refused = aigaq(
        folder,
        &[
            "case", "0aa", "--as", "aisha", "--seen", "1", "--do", "watch",
        ],
        "",
    );
    assert!(
        stderr(&refused).contains("disabled"),
        "{}",
        stderr(&refused)
    );
    let store = store::open_read_only(&folder.join("index")).unwrap();
    let entry = store
        .audit_after(0)
        .unwrap()
        .into_iter()
        .find(|entry| entry.action == "user.change")
        .unwrap();
    assert_eq!(
        (entry.actor.as_str(), entry.subject.as_str()),
        ("keeper", "aisha")
    );
}

/// The desk over a folder.
fn desk(folder: &Path) -> Arc<Desk> {
    let data = folder.join("index");
    Arc::new(Desk::new(
        Arc::from(store::open_desk(&data).unwrap()),
        Index::open(&data).unwrap(),
        Default::default(),
        CaseConfig::default(),
        Gate::default(),
    ))
}

/// Sends a request; status, entity tag and body.
async fn ask(desk: &Arc<Desk>, request: Request<Body>) -> (StatusCode, Option<String>, Value) {
    let response = router(Arc::clone(desk)).oneshot(request).await.unwrap();
    let status = response.status();
    let tag = response
        .headers()
        .get(header::ETAG)
        .map(|tag| tag.to_str().unwrap().to_owned());
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    (
        status,
        tag,
        serde_json::from_slice(&body).unwrap_or(Value::Null),
    )
}

fn post(token: Option<&str>, seen: Option<&str>, body: &str) -> Request<Body> {
    let mut request =
        Request::post("/api/v1/cases/case-0aa1/steps").header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(seen) = seen {
        request = request.header("if-match", seen);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

fn token(folder: &Path, user: &str, more: &[&str]) -> String {
    let mut all = vec!["--format", "jsonl", "token", "add", "--user", user];
    all.extend(more);
    lines(&done(folder, &all))[0]["token"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_api_takes_steps_from_who_has_a_token_and_saw_the_newest_version() {
    let folder = folder();
    let folder = folder.path();
    staff(folder);
    done(
        folder,
        &[
            "user", "add", "zhanna", "--role", "officer", "--agency", "outlet",
        ],
    );
    let write = token(folder, "aisha", &["--write"]);
    let read = token(folder, "aisha", &[]);
    let analyst = token(folder, "marat", &["--write"]);
    let stranger = token(folder, "zhanna", &["--write"]);
    let desk = desk(folder);

    let get = || {
        Request::get("/api/v1/cases/case-0aa1")
            .header("authorization", format!("Bearer {read}"))
            .body(Body::empty())
            .unwrap()
    };
    let (status, tag, body) = ask(&desk, get()).await;
    assert_eq!((status, tag.as_deref()), (StatusCode::OK, Some("\"1\"")));
    assert!(
        body["case"]["priority"]["score"].is_u64() && body["case"]["ledger"]["entries"].is_array()
    );
    let known = Request::get("/api/v1/cases/case-0aa1")
        .header("if-none-match", "\"1\"")
        .header("authorization", format!("Bearer {read}"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(ask(&desk, known).await.0, StatusCode::NOT_MODIFIED);

    let confirm = r#"{"step":"confirm","note":"read both"}"#;
    for (request, expected) in [
        (post(None, Some("\"1\""), confirm), StatusCode::UNAUTHORIZED),
        (
            post(Some("aigaq-0000"), Some("\"1\""), confirm),
            StatusCode::UNAUTHORIZED,
        ),
        (
            post(Some(&read), Some("\"1\""), confirm),
            StatusCode::FORBIDDEN,
        ),
        (
            post(Some(&analyst), Some("\"1\""), confirm),
            StatusCode::FORBIDDEN,
        ),
        (
            post(Some(&stranger), Some("\"1\""), confirm),
            StatusCode::NOT_FOUND,
        ),
        (
            post(Some(&write), None, confirm),
            StatusCode::PRECONDITION_REQUIRED,
        ),
        (
            post(Some(&write), Some("1"), confirm),
            StatusCode::BAD_REQUEST,
        ),
        (
            post(Some(&write), Some("\"9\""), confirm),
            StatusCode::PRECONDITION_FAILED,
        ),
        (
            post(Some(&write), Some("\"1\""), "{\"step\":\"crown\"}"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            post(
                Some(&write),
                Some("\"1\""),
                "{\"step\":\"confirm\",\"by\":\"daniyar\"}",
            ),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            post(Some(&write), Some("\"1\""), "{\"step\":\"comment\"}"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            post(Some(&write), Some("\"1\""), "{\"step\":\"close\"}"),
            StatusCode::CONFLICT,
        ),
    ] {
        let (status, _, body) = ask(&desk, request).await;
        assert_eq!(status, expected, "{body}");
        assert!(body["errors"][0]["detail"].is_string(), "{body}");
    }
    let (status, tag, body) = ask(&desk, post(Some(&write), Some("\"1\""), confirm)).await;
    assert_eq!(
        (status, tag.as_deref()),
        (StatusCode::OK, Some("\"2\"")),
        "{body}"
    );
    assert_eq!(body["case"]["state"], json!(CaseState::Confirmed));

    // Whoever is second is told what the first did.
    let late = post(
        Some(&write),
        Some("\"1\""),
        r#"{"step":{"dismiss":{"reason":"agrees"}}}"#,
    );
    let (status, _, body) = ask(&desk, late).await;
    assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(
        (&body["version"], &body["changes"][0]["by"]),
        (&json!(2), &json!("aisha"))
    );
    assert_eq!(body["changes"][0]["what"], "confirmed: read both");

    // A disabled user's token is worth nothing at once.
    done(folder, &["user", "change", "aisha", "--disable"]);
    let (status, _, _) = ask(
        &desk,
        post(Some(&write), Some("\"2\""), r#"{"step":"watch"}"#),
    )
    .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    let csv = Request::get("/api/v1/exports/cases.csv")
        .header("authorization", format!("Bearer {analyst}"))
        .body(Body::empty())
        .unwrap();
    let response = router(Arc::clone(&desk)).oneshot(csv).await.unwrap();
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/csv; charset=utf-8"
    );
    let digest = Request::get("/api/v1/digest")
        .header("authorization", format!("Bearer {analyst}"))
        .body(Body::empty())
        .unwrap();
    assert!(ask(&desk, digest).await.2["digest"]["all"]["n_found"].is_u64());
    assert!(desk.store.verify_audit().unwrap().faults.is_empty());
}
