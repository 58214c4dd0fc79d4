//! The overview, the sources and the check of a draft, over a crawled fictional web and over stores made by hand.

use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::language::local_day;
use aigaq::model::{
    CaseEvent, CaseState, CopyState, Duty, FetchOutcome, FrontierEntry, Health, HealthNote,
    HealthState, Hint, SourceId, SourceRole, TargetKind, User, UserRole, Visits,
};
use aigaq::pipeline::Workspace;
use aigaq::report::digest::{Span, totals};
use aigaq::report::text::Names;
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, CaseChange, Derived, Store};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{TimeDelta, Utc};
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::desk::{case, case_in, minute};
use super::judged;
use super::kinds::demo;
use super::signed::signed_in;
use super::store::{at, sighting};

/// Asks a desk; status and body.
async fn ask(desk: &Arc<Desk>, request: Request<Body>) -> (StatusCode, String) {
    let reader = User::new("aisha", UserRole::Officer, minute(0));
    let pages = signed_in(router(Arc::clone(desk)), &desk.store, &reader);
    let response = pages.oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 22)
        .await
        .unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn get(desk: &Arc<Desk>, path: &str, language: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("cookie", format!("language={language}"));
    ask(desk, request.body(Body::empty()).unwrap()).await
}

async fn post(desk: &Arc<Desk>, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(fields);
    let request = Request::post("/check")
        .header("cookie", "language=en")
        .header("content-type", "application/x-www-form-urlencoded");
    ask(desk, request.body(Body::from(pairs.finish())).unwrap()).await
}

async fn post_json(desk: &Arc<Desk>, body: &str) -> (StatusCode, serde_json::Value) {
    let request = Request::post("/api/v1/check").header("content-type", "application/json");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let (status, body) = ask(desk, request).await;
    (status, serde_json::from_str(&body).unwrap())
}

/// The desk of a workspace.
pub fn whole_desk(workspace: &Workspace) -> Desk {
    Desk::new(
        Arc::clone(&workspace.store),
        workspace.index.clone(),
        workspace.sources.clone(),
        CaseConfig::default(),
        Gate::default(),
    )
}

/// The desk of a workspace, which also checks drafts.
fn desk_of(workspace: &Arc<Workspace>) -> Arc<Desk> {
    Arc::new(whole_desk(workspace).with_checker(Arc::clone(workspace) as _))
}

/// A desk over a store made by hand, with two sources: an agency and an outlet.
fn desk_over(folder: &std::path::Path, store: Box<dyn Store>) -> Arc<Desk> {
    let sources = [
        judged::source("police", SourceRole::Official),
        judged::source("outlet", SourceRole::Media),
    ];
    store.put_sources(&sources).unwrap();
    let names: Names = sources
        .into_iter()
        .map(|source| (source.id.clone(), source))
        .collect();
    let index = Index::open(folder).unwrap();
    index
        .catch_up(&*store, &|revision| {
            names
                .get(&revision.source)
                .cloned()
                .unwrap_or_else(|| judged::source(&revision.source.0, SourceRole::Media))
        })
        .unwrap();
    let desk = Desk::new(
        Arc::from(store),
        index,
        names,
        CaseConfig::default(),
        Gate::default(),
    );
    Arc::new(desk)
}

fn entry(source: &str, url: &str, due: Option<i64>) -> FrontierEntry {
    FrontierEntry {
        url: url.to_owned(),
        source: SourceId(source.to_owned()),
        host: "outlet.example".to_owned(),
        kind: TargetKind::Feed,
        hint: Hint::default(),
        discovered_at: minute(0),
        due_at: due.map(minute),
        fetched_at: Some(minute(0)),
        changed_at: None,
        etag: None,
        last_modified: None,
        body_hash: None,
        n_failures: 0,
        n_gone: 0,
        visits: Visits::default(),
    }
}

/// Nothing in a page may run, load or style itself.
fn is_harmless(body: &str) {
    assert!(
        !body.contains("<script>") && !body.contains("style="),
        "{body}"
    );
    assert_eq!(body.matches("<h1").count(), 1, "{body}");
}

const DRAFT: &str = "За первый квартал 2025 года в Казахстане зарегистрирована 8 741 кража.\nТакие данные приводит Бюро правовой отчётности.\n<script>alert(1)</script> Пришли 12 345 человек.";

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_shown_beside_the_record_and_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let desk = desk_of(&workspace);
    let before = workspace.store.counts().unwrap();
    let fields = [
        ("title", "Кражи"),
        ("text", DRAFT),
        ("published", "2025-04-11"),
    ];
    let (status, body) = post(&desk, &fields).await;
    assert_eq!(status, StatusCode::OK);
    is_harmless(&body);
    for what in [
        "<del class=\"d d-pub\">8 741</del>",
        "<ins class=\"d d-off\">8 417</ins>",
        "differs: 1",
        "value=\"Кражи\"",
        "value=\"2025-04-11\"",
        "&#60;script&#62;",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    let object = serde_json::json!({ "text": DRAFT, "published": "2025-04-11" });
    let (status, found) = post_json(&desk, &object.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(found["findings"][0]["verdict"], "contradicted", "{found}");
    assert_eq!(found["findings"][0]["differences"][0]["slot"], "value");
    let n_findings = found["findings"].as_array().unwrap().len();
    assert_eq!(found["meta"]["total"], n_findings);
    assert_eq!(
        workspace.store.counts().unwrap(),
        before,
        "nothing is stored"
    );

    let (_, body) = get(&desk, "/overview?from=2025-04-01&to=2025-09-30", "ru").await;
    is_harmless(&body);
    let wide = "kind=publications";
    assert!(
        body.contains(wide) && body.contains("class=\"plot\""),
        "{body}"
    );
    assert!(body.contains("по неделям"), "{body}");
    let (_, body) = get(&desk, "/overview?days=7", "en").await;
    let n_cases = workspace.store.cases().unwrap();
    let week = Span {
        from: Utc::now() - TimeDelta::days(7),
        to: Utc::now(),
    };
    let n_opened = totals(&n_cases, week).n_opened;
    assert!(n_opened > 0);
    let shown = format!("New cases</a></dt><dd><b>{n_opened}</b>");
    assert!(body.contains(&shown), "{shown} is missing:\n{body}");
    for (language, title) in [
        ("kk", "Дереккөздер"),
        ("ru", "Источники"),
        ("en", "Sources"),
    ] {
        let (status, body) = get(&desk, "/sources", language).await;
        assert_eq!(status, StatusCode::OK);
        is_harmless(&body);
        assert!(body.contains(&format!("<h1>{title}</h1>")), "{body}");
    }
    let (status, body) = get(&desk, "/sources/legal-statistics", "ru").await;
    assert_eq!(status, StatusCode::OK);
    is_harmless(&body);
    assert!(
        body.contains("получено") && body.contains("1\u{a0}016 Б"),
        "{body}"
    );
}

#[tokio::test]
async fn what_cannot_be_checked_is_refused_with_the_text_kept() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_over(folder.path(), store::open(folder.path()).unwrap());
    let long = "я ".repeat(20_000);
    for (fields, told) in [
        (vec![("text", "  ")], "Paste a text."),
        (
            vec![("title", "Kept"), ("text", long.as_str())],
            "longer than allowed",
        ),
        (
            vec![("text", "Kept"), ("published", "soon")],
            "cannot be read",
        ),
        (
            vec![("text", "Kept"), ("language", "de")],
            "no such language",
        ),
    ] {
        let (status, body) = post(&desk, &fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
        assert!(
            body.contains("role=\"alert\"") && body.contains(told),
            "{told}"
        );
        let is_kept = !fields.iter().any(|(_, value)| *value == "Kept") || body.contains("Kept");
        assert!(is_kept, "{told}");
    }
    let huge = "a".repeat(600 << 10);
    let (status, body) = post(&desk, &[("text", &huge)]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("request is too large"));
    let (status, body) = post(&desk, &[("text", "Some 90 thefts.")]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        body.contains("checks no drafts") && body.contains("Some 90 thefts."),
        "{body}"
    );
    for body in [r#"{"text":""}"#, r#"{"text":"a","published":"x"}"#, "[]"] {
        let (status, told) = post_json(&desk, body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        assert!(told["errors"][0]["detail"].is_string());
    }
}

#[tokio::test]
async fn a_first_run_says_where_to_begin_and_an_odd_period_is_the_usual_one() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_over(folder.path(), store::open(folder.path()).unwrap());
    for path in [
        "/overview",
        "/overview?days=many&by=other&from=x&to=y",
        "/overview?by=role",
    ] {
        let (status, body) = get(&desk, path, "en").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        is_harmless(&body);
        assert!(body.contains("Where to begin"), "{path}");
        assert!(
            body.contains("days=30&#38;by=") || body.contains("days=30&amp;by="),
            "{body}"
        );
        assert!(
            body.contains("Nothing was published in this time."),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_overdue_and_what_differs_is_on_the_overview_with_its_case() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let mut late = case_in("late", CaseState::Confirmed);
    late.opened_at = Utc::now();
    late.copies[0].sentence = "Some <b>90</b> thefts".to_owned();
    late.desk.duties = vec![Duty {
        id: "reply".to_owned(),
        deadline: Some(minute(0)),
        done_at: None,
    }];
    let mut back = case_in("back", CaseState::Regressed);
    back.opened_at = Utc::now();
    let day = local_day(Utc::now());
    back.history.push(CaseEvent {
        at: Utc::now(),
        what: "confirmed".to_owned(),
        state: CaseState::Confirmed,
        by: Some("aisha".to_owned()),
        kind: None,
        url: None,
        deed: None,
        note: String::new(),
    });
    for case in [late, back] {
        let change = CaseChange {
            case,
            actor: "program".to_owned(),
            action: "open".to_owned(),
            details: serde_json::Value::Null,
        };
        store.change_cases(&[change], Utc::now()).unwrap();
    }
    let desk = desk_over(folder.path(), store);
    let (status, body) = get(&desk, "/overview", "en").await;
    assert_eq!(status, StatusCode::OK);
    is_harmless(&body);
    for what in [
        "<span class=\"tag crit\">overdue</span> <a href=\"/cases/late\" lang=\"en\">Some &#60;b&#62;90",
        "<span class=\"tag mid\">differs again</span> <a href=\"/cases/back\"",
        "letter to approve",
        "slot=value",
        "2 cases",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    // A number leads to the list that makes it.
    for (filter, n) in [
        ("opened", 2),
        ("slot=value&opened", 2),
        ("slot=place&opened", 0),
        ("decided", 1),
        ("asked", 0),
    ] {
        let path = format!("/cases?view=all&{filter}={day}..{day}");
        let (status, body) = get(&desk, &path, "en").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(body.matches("<tr data-row").count(), n, "{path}");
    }
    // The letter of the case that is back left in March 2026.
    let (_, body) = get(&desk, "/cases?view=all&asked=2026-03-01..2026-03-31", "en").await;
    assert_eq!(body.matches("<tr data-row").count(), 1);
    let (_, body) = get(&desk, "/cases?view=all&opened=2020-01-01..2020-01-31", "en").await;
    assert_eq!(body.matches("<tr data-row").count(), 0);
    assert!(
        body.contains("1\u{a0}January 2020 – 31\u{a0}January 2020"),
        "{body}"
    );
}

#[tokio::test]
async fn sources_that_fail_stand_first_with_what_to_do_and_no_blame() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let now = Utc::now();
    let good = entry("police", "https://police.example/rss", None);
    store
        .fetched(&good, &FetchOutcome::NotModified, now)
        .unwrap();
    let bad = entry("outlet", "https://outlet.example/rss", None);
    let outcome = FetchOutcome::Unreachable {
        detail: "<img src=x>".to_owned(),
    };
    store.fetched(&bad, &outcome, now).unwrap();
    let health = |source: &str, state: HealthState, words: &str| Health {
        source: SourceId(source.to_owned()),
        state,
        notes: vec![HealthNote {
            state,
            words: words.to_owned(),
            what_to_do: "look".to_owned(),
        }],
        answered_at: None,
        new_in_day: 0,
        usual_in_day: None,
        fetches: Vec::new(),
        since: now,
        as_of: now,
        told: None,
    };
    store
        .put_healths(&[
            health("police", HealthState::Works, "it works"),
            health("outlet", HealthState::Down, "<img src=x>"),
        ])
        .unwrap();
    let desk = desk_over(folder.path(), store);
    let (status, body) = get(&desk, "/sources", "en").await;
    assert_eq!(status, StatusCode::OK);
    is_harmless(&body);
    let place = |what: &str| body.find(what).unwrap();
    assert!(
        place("/sources/outlet") < place("/sources/police"),
        "{body}"
    );
    assert!(
        body.contains("does not answer") && body.contains("lays no fault"),
        "{body}"
    );
    let (_, body) = get(&desk, "/sources?show=troubled", "en").await;
    assert!(
        body.contains("/sources/outlet") && !body.contains("/sources/police"),
        "{body}"
    );
    let (status, body) = get(&desk, "/sources/outlet", "kk").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("&#60;img src=x&#62;"), "{body}");
    assert_eq!(
        get(&desk, "/sources/none", "ru").await.0,
        StatusCode::NOT_FOUND
    );
    let (_, body) = get(&desk, "/overview", "en").await;
    assert!(body.contains("1 source is behind"), "{body}");
}

#[test]
fn arrivals_are_counted_once_for_each_document_in_the_span_in_which_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let pages = [
        sighting("https://outlet.example/1", "one", 0),
        sighting("https://outlet.example/2", "two", 59),
        sighting("https://outlet.example/3", "three", 60),
        sighting("https://outlet.example/1", "one changed", 70),
        sighting("https://outlet.example/4", "four", 180),
    ];
    store
        .record_batch(&pages, &[], &mut |new| vec![Derived::default(); new.len()])
        .unwrap();
    let arrivals = store.arrivals(at(0), TimeDelta::hours(1), 3).unwrap();
    assert_eq!(arrivals[&SourceId("outlet".to_owned())], [2, 1, 0]);
    assert!(
        store
            .arrivals(at(500), TimeDelta::hours(1), 3)
            .unwrap()
            .is_empty()
    );
    let entries = [("b", Some(5)), ("a", Some(9)), ("c", None), ("d", Some(1))]
        .map(|(name, due)| entry("outlet", &format!("https://outlet.example/{name}"), due));
    store.discover(&entries).unwrap();
    let next = store
        .next_visits(&SourceId("outlet".to_owned()), 2)
        .unwrap();
    let next: Vec<&str> = next.iter().map(|entry| entry.url.as_str()).collect();
    assert_eq!(
        next,
        ["https://outlet.example/d", "https://outlet.example/b"]
    );
}

#[test]
fn a_decision_counts_when_a_person_makes_it_and_a_correction_when_nothing_stands_any_more() {
    let span = Span {
        from: minute(-600),
        to: minute(600),
    };
    let event = |minutes, state, by: Option<&str>| CaseEvent {
        at: minute(minutes),
        what: "a step".to_owned(),
        state,
        by: by.map(str::to_owned),
        kind: None,
        url: None,
        deed: None,
        note: String::new(),
    };
    let mut decided = case("decided");
    decided.history.extend([
        event(-490, CaseState::Watching, Some("aisha")),
        event(-470, CaseState::Confirmed, Some("aisha")),
        event(-100, CaseState::Dismissed, Some("aisha")),
    ]);
    let mut untouched = case("untouched");
    untouched.history.push(event(-1, CaseState::Removed, None));
    let tally = totals(&[decided, untouched], span);
    assert_eq!(
        (tally.n_decided, tally.median_to_decision_min),
        (1, Some(30))
    );
    let mended = case_in("mended", CaseState::Corrected);
    let mut half = case_in("half", CaseState::PartlyCorrected);
    half.copies[0].ended_at = Some(minute(-1));
    let mut before_the_letter = case_in("before", CaseState::Corrected);
    for copy in &mut before_the_letter.copies {
        copy.ended_at = Some(minute(-200));
        copy.state = CopyState::Corrected;
    }
    let tally = totals(&[mended, half, before_the_letter], span);
    assert_eq!((tally.n_asked, tally.n_mended), (3, 1));
}
