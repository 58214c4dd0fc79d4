//! The one deadline of a case in lists, files and the API: the same moment and the same cause wherever it is told.

use std::sync::Arc;

use aigaq::model::{User, UserRole};
use aigaq::serve::router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use calamine::{Reader as _, Xlsx, open_workbook_from_rs};
use serde_json::Value;
use tower::ServiceExt as _;

use super::cli::{aigaq, lines};
use super::desk::minute;
use super::letters::Desk as Folder;
use super::signed::signed_in;

/// The bytes of an answer to an approver.
async fn get(folder: &Folder, path: &str) -> Vec<u8> {
    let (desk, store) = folder.served();
    let approver = User::new("daniyar", UserRole::Approver, minute(0));
    let router = signed_in(router(Arc::clone(&desk)), &store, &approver);
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let body = axum::body::to_bytes(response.into_body(), 1 << 22).await;
    body.unwrap().to_vec()
}

/// What a list of the command line says of the deadline of its one case.
fn listed(folder: &Folder) -> Value {
    let cases = lines(&aigaq(folder.path(), &["--format", "jsonl", "cases"], ""));
    let shown = aigaq(
        folder.path(),
        &["--format", "jsonl", "case", &folder.case],
        "",
    );
    let deadline = cases[0]["deadline"].clone();
    assert_eq!(
        lines(&shown)[0]["deadline"],
        deadline,
        "one deadline of a case"
    );
    deadline
}

/// Moment and cause as files tell them, in each of their forms from both places.
async fn exported(folder: &Folder) -> Vec<[String; 2]> {
    let mut told = Vec::new();
    for list in ["/api/v1/exports", "/cases/export"] {
        let query = if list.starts_with("/api") {
            ""
        } else {
            "?view=all"
        };
        let path = |ending: &str| format!("{list}/cases.{ending}{query}");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let csv = text(get(folder, &path("csv")).await);
        let mut rows = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let head = rows.headers().unwrap().clone();
        let row = rows.records().next().unwrap().unwrap();
        let cell = |name: &str| {
            let place = head.iter().position(|known| known == name).unwrap();
            row[place].to_owned()
        };
        told.push(["deadline", "deadline_of"].map(cell));
        let bytes = get(folder, &path("xlsx")).await;
        let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let last = sheet.rows().nth(1).unwrap();
        let n = last.len();
        told.push([n - 2, n - 1].map(|place| last[place].to_string()));
        let line: Value = serde_json::from_slice(&get(folder, &path("jsonl")).await).unwrap();
        let deadline = &line["deadline"];
        let name = deadline["name"].as_str().unwrap();
        let name = match deadline["letter"].as_str() {
            Some(number) => format!("{name} (letter {number})"),
            None => name.to_owned(),
        };
        told.push([deadline["ends_at"].as_str().unwrap().to_owned(), name]);
        let html = text(get(folder, &path("html")).await);
        let said = html.split_once("<p>Deadline: ").unwrap().1;
        let said = said.split_once("</p>").unwrap().0;
        let (at, what) = said.split_once(", ").unwrap();
        told.push([at.to_owned(), what.to_owned()]);
    }
    told
}

#[tokio::test]
async fn lists_files_and_the_api_tell_one_deadline_with_what_it_is_for() {
    let folder = Folder::new("[cases]\nsecond_person = false\n");
    folder.run(&["user", "add", "aisha", "--role", "officer"]);
    let step = |more: &[&str]| {
        let shown = aigaq(
            folder.path(),
            &["--format", "jsonl", "case", &folder.case],
            "",
        );
        let version = lines(&shown).remove(0)["version"].to_string();
        let head = [
            "case",
            &folder.case,
            "--as",
            "aisha",
            "--seen",
            &version,
            "--do",
        ];
        folder.run(&[&head[..], more].concat())
    };
    // A case that nobody wrote about yet has the limitation of its own.
    let own = listed(&folder);
    assert_eq!(own["kind"], "clock");
    assert_eq!(own["rule"], "limitation");
    assert_eq!(own["letter"], Value::Null);
    let check = async |due: &Value, what: &str| {
        let api: Value = serde_json::from_slice(&get(&folder, "/api/v1/cases").await).unwrap();
        assert_eq!(api["cases"][0]["deadline"], *due);
        let path = format!("/api/v1/cases/{}", folder.case);
        let one: Value = serde_json::from_slice(&get(&folder, &path).await).unwrap();
        assert_eq!(one["case"]["deadline"], *due);
        let wanted = [due["ends_at"].as_str().unwrap(), what].map(str::to_owned);
        let told = exported(&folder).await;
        assert_eq!(told.len(), 8);
        assert!(
            told.iter().all(|one| *one == wanted),
            "{wanted:?}: {told:?}"
        );
        let text = folder.run(&["cases"]);
        assert!(
            text.contains("  Deadline  ") && text.contains(what),
            "{text}"
        );
    };
    check(&own, own["name"].as_str().unwrap()).await;

    // A letter that was received sets clocks of its own.
    step(&["confirm"]);
    let number = folder.draft("aisha", &["--route", "reply"]);
    folder.run(&[
        "letters",
        "sent",
        &number,
        "--by",
        "aisha",
        "--how",
        "post",
        "--on",
        "2026-04-13",
    ]);
    folder.run(&[
        "letters",
        "received",
        &number,
        "--by",
        "aisha",
        "--on",
        "2026-04-14",
    ]);
    let letter = listed(&folder);
    assert_eq!(letter["letter"], number);
    assert_ne!(letter["rule"], "limitation");
    assert!(
        letter["ends_at"].as_str() < own["ends_at"].as_str(),
        "{letter} {own}"
    );
    let what = format!("{} (letter {number})", letter["name"].as_str().unwrap());
    check(&letter, &what).await;

    // What somebody noted as due and is sooner comes before it; done, it is due no longer.
    step(&[
        "add-duty",
        "--duty",
        "call the editor",
        "--until",
        "2026-04-15T10:00:00+05:00",
    ]);
    let duty = listed(&folder);
    assert_eq!(duty["kind"], "duty");
    assert_eq!(duty["ends_at"], "2026-04-15T05:00:00Z");
    check(&duty, "call the editor").await;
    step(&["finish-duty", "--duty", "call the editor"]);
    assert_eq!(listed(&folder), letter);
}

#[test]
fn a_mistake_in_a_file_of_clocks_is_said_and_the_cases_are_listed_without_them() {
    let folder = Folder::new("[letters]\nclocks = \"days\"\n");
    std::fs::create_dir(folder.path().join("days")).unwrap();
    std::fs::write(folder.path().join("days/rules.toml"), "[[rule]]\nid = 7\n").unwrap();
    let listed = aigaq(folder.path(), &["--format", "jsonl", "cases"], "");
    assert_eq!(listed.status.code(), Some(0));
    assert_eq!(lines(&listed)[0]["deadline"], Value::Null);
    let said = String::from_utf8_lossy(&listed.stderr).into_owned();
    assert!(said.contains("last days are not reckoned"), "{said}");
}
