//! The page of a case: both texts with their marks, the slots, and the steps that its reader may take.

use std::collections::BTreeSet;
use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::judge;
use aigaq::language::{Language, Lexicon};
use aigaq::model::desk::{Comment, Item, Last};
use aigaq::model::{
    Carrier, Case, CaseRecord, CaseState, Copy, CopyState, Difference, Quote, SlotName, Source,
    SourceId, SourceRole, StepKind, User, UserRole,
};
use aigaq::pursue::open_to;
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, CaseChange, Store};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Utc;
use regex::Regex;
use tower::ServiceExt as _;

use super::desk::{self, case_in, minute};
use super::judged;
use super::readings::reading;
use super::signed::signed_in;

/// What the publication says.
const CLAIMED: &str = "За первый квартал 2025 года зарегистрировано 1 903 кражи.";
/// What the record says.
const OFFICIAL: &str = "За первый квартал 2025 года в Алматы зарегистрировано 1 309 краж.";

/// A case whose two statements were read as the judge reads them.
pub fn case() -> Case {
    let read = |source: &str, role, text: &str| {
        let revision =
            judged::revision(source, "2026-03-01", Language::Ru, &[text.to_owned()], &[]);
        judge::statements(Lexicon::shipped(), &revision, &judged::source(source, role))
    };
    let (_, claims) = read("outlet", SourceRole::Media, CLAIMED);
    let (observations, _) = read("police", SourceRole::Official, OFFICIAL);
    let claim = claims.iter().find(|claim| claim.frame.quantity.is_some());
    let claim = claim.unwrap();
    let record = observations
        .iter()
        .find(|record| record.frame.quantity.is_some());
    let record = record.unwrap();
    let copy = |url: &str, hours: i64| Copy {
        sentence: CLAIMED.to_owned(),
        language: Language::Ru,
        published: minute(60 * hours),
        carriers: vec![Carrier {
            claim: claim.id.clone(),
            part: claim.part.clone(),
            sentence: CLAIMED.to_owned(),
            frame: claim.frame.clone(),
        }],
        ..desk::copy(url, CopyState::Stands)
    };
    Case {
        differences: vec![Difference {
            slot: SlotName::Value,
            claimed: "1903".to_owned(),
            official: "1309".to_owned(),
        }],
        evidence: vec![Quote {
            observation: record.id.clone(),
            part: record.part.clone(),
            sentence: OFFICIAL.to_owned(),
            ..desk::case("x").evidence[0].clone()
        }],
        record: Some(CaseRecord {
            observation: record.id.clone(),
            authority: record.authority,
            frame: record.frame.clone(),
        }),
        explanation: "Расходится с официальной записью.".to_owned(),
        copies: vec![
            copy("https://outlet.example/1", 0),
            Copy {
                credits: vec!["outlet.example".to_owned()],
                source: SourceId("second".to_owned()),
                ..copy("https://second.example/2", 2)
            },
        ],
        ..desk::case("case-1")
    }
}

/// A desk with these cases, as one person sees it or as nobody does.
pub fn desk_of(cases: &[Case], reader: &User, rules: CaseConfig) -> (tempfile::TempDir, Router) {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let changes: Vec<CaseChange> = cases
        .iter()
        .map(|case| CaseChange {
            case: case.clone(),
            actor: "program".to_owned(),
            action: "open".to_owned(),
            details: serde_json::Value::Null,
        })
        .collect();
    store.change_cases(&changes, minute(0)).unwrap();
    let named = |id: &str, name: &str, role| Source {
        name: [(String::new(), name.to_owned())].into(),
        url: format!("https://{id}.example/"),
        ..judged::source(id, role)
    };
    let sources = [
        named("outlet", "Вестник", SourceRole::Media),
        named("second", "Айна", SourceRole::Media),
        named("police", "Полиция", SourceRole::Official),
    ];
    store.put_sources(&sources).unwrap();
    let names = sources.map(|source| (source.id.clone(), source)).into();
    let index = Index::open(folder.path()).unwrap();
    let store: Arc<dyn Store> = Arc::from(store);
    let desk = Desk::new(Arc::clone(&store), index, names, rules, Gate::default());
    let router = signed_in(router(Arc::new(desk)), &store, reader);
    (folder, router)
}

/// An officer of the agency that the cases are about.
pub fn officer() -> User {
    desk::user("zhanar", UserRole::Officer, "police")
}

/// The page at a path in a language; status and text.
pub async fn get(router: &Router, path: &str, language: &str) -> (StatusCode, String) {
    let request = Request::get(path).header("cookie", format!("language={language}"));
    let request = request.body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20);
    let body = body.await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The page of one case for an officer of the police.
async fn seen(case: Case, language: &str) -> String {
    let (_folder, router) = desk_of(&[case], &officer(), CaseConfig::default());
    let (status, body) = get(&router, "/cases/case-1", language).await;
    assert_eq!(status, StatusCode::OK);
    body
}

/// Steps that the page offers.
fn offered(body: &str) -> BTreeSet<String> {
    let named = Regex::new(r#"name="step" value="([a-z-]+)""#).unwrap();
    let found = named.captures_iter(body);
    found.map(|found| found[1].to_owned()).collect()
}

#[tokio::test]
async fn each_slot_stands_beside_the_records_and_is_linked_from_both_texts() {
    let mark = Regex::new(r#"<a class="d d-pub" href="\#(s\d+)">1 903<sup>"#).unwrap();
    let gone = Regex::new(r##"<a class="d d-off d-gone" href="#s\d+">Алматы<sup>"##).unwrap();
    for (language, words) in [
        (
            "ru",
            [
                "Число",
                "больше на 594 (45,4\u{a0}%)",
                "опущено",
                "совпадает",
            ],
        ),
        (
            "kk",
            ["Сан", "артық: 594 (45,4\u{a0}%)", "айтылмаған", "сәйкес"],
        ),
        ("en", ["Number", "by 594 (45.4%)", "left out", "the same"]),
    ] {
        let body = seen(case(), language).await;
        for what in words {
            assert!(
                body.contains(what),
                "{what} is missing in {language}:\n{body}"
            );
        }
        let row = mark.captures(&body).unwrap()[1].to_owned();
        assert!(
            body.contains(&format!("<tr id=\"{row}\" class=\"diff\">")),
            "{body}"
        );
        let number = row.trim_start_matches('s');
        let record = format!("<a class=\"d d-off\" href=\"#{row}\">1 309<sup>{number}</sup></a>");
        assert!(body.contains(&record), "{body}");
        // The record's place is what the publication does not say.
        assert!(gone.is_match(&body), "{body}");
        assert!(body.contains("<blockquote lang=\"ru\">"), "{body}");
        assert_eq!(body.matches("<h1").count(), 1);
    }
}

#[tokio::test]
async fn foreign_words_are_shown_on_the_page_and_never_obeyed() {
    let hostile = "<script>alert(1)</script>\"'";
    let mut case = case();
    case.copies[0].sentence = format!("{hostile} 1 903 кражи");
    case.copies[0].url = "javascript:alert(2)".to_owned();
    case.copies[0].credits = vec![hostile.to_owned()];
    case.copies[1].alternates = vec![("kk".to_owned(), "javascript:alert(3)".to_owned())];
    case.evidence[0].sentence = format!("{hostile} 1 309 краж");
    case.explanation = hostile.to_owned();
    case.desk.tags = [hostile.to_owned()].into();
    case.desk.checklist = vec![Item {
        what: hostile.to_owned(),
        done: None,
    }];
    case.desk.comments = vec![Comment {
        at: minute(0),
        by: hostile.to_owned(),
        text: hostile.to_owned(),
        mentions: BTreeSet::new(),
    }];
    case.history[0].what = hostile.to_owned();
    case.history[0].url = Some(hostile.to_owned());
    let body = seen(case, "kk").await;
    assert!(!body.contains("<script>"), "{body}");
    assert!(
        !body.contains("style=") && !body.contains("onclick"),
        "{body}"
    );
    assert!(!body.contains("href=\"javascript"), "{body}");
    assert!(body.contains("&lt;script&gt;") || body.contains("&#60;script&#62;"));
}

#[tokio::test]
async fn a_reader_is_offered_the_steps_that_the_table_allows_and_no_others() {
    // Letters have pages of their own.
    let of_letters = [
        StepKind::ProposeLetter,
        StepKind::ApproveLetter,
        StepKind::ReturnLetter,
        StepKind::SendLetter,
    ];
    let rules = CaseConfig::default();
    let official = [SourceId("police".to_owned())].into();
    for state in CaseState::ALL {
        for role in UserRole::ALL {
            let mut case = case_in("case-1", state);
            case.desk.tags = ["urgent".to_owned()].into();
            case.desk.readings = vec![reading(SlotName::Place)];
            let reader = desk::user("zhanar", role, "police");
            let (_folder, router) = desk_of(&[case.clone()], &reader, rules.clone());
            let (_, body) = get(&router, "/cases/case-1?read=value", "ru").await;
            case.version = 1;
            let open = open_to(&reader, &case, &official, &rules, Utc::now());
            let expected: BTreeSet<String> = open
                .into_iter()
                .filter(|step| !of_letters.contains(step))
                .map(|step| step.word().to_owned())
                .collect();
            assert_eq!(offered(&body), expected, "{role:?} in {state:?}");
        }
    }
}

#[tokio::test]
async fn every_form_names_the_version_that_was_seen_and_where_to_go_back() {
    let body = seen(case(), "ru").await;
    let others = [
        "<form class=\"quick\"",
        "<form method=\"dialog\"",
        "<form class=\"panel-body further noprint\" method=\"get\"",
    ];
    let others: usize = others.iter().map(|form| body.matches(form).count()).sum();
    let forms = body.matches("<form ").count() - others;
    let posts = body
        .matches("method=\"post\" action=\"/cases/case-1/steps\"")
        .count();
    assert!(posts > 5, "{posts} forms");
    assert_eq!(posts, forms, "every form of the page is one of the case");
    let seen = "<input type=\"hidden\" name=\"seen\" value=\"1\">";
    assert_eq!(body.matches(seen).count(), posts, "{body}");
    let next = "<input type=\"hidden\" name=\"next\" value=\"/cases/case-1\">";
    assert_eq!(body.matches(next).count(), posts);
    for field in [
        "reason", "into", "urls", "note", "to", "tag", "item", "until", "duty",
    ] {
        assert!(body.contains(&format!("name=\"{field}\"")), "{field}");
    }
}

#[tokio::test]
async fn viewers_are_told_why_they_decide_nothing_and_other_agencies_see_no_case() {
    let viewer = desk::user("viewer", UserRole::Viewer, "police");
    let (_folder, router) = desk_of(&[case()], &viewer, CaseConfig::default());
    let (_, body) = get(&router, "/cases/case-1", "ru").await;
    assert!(offered(&body).is_empty(), "{body}");
    assert!(body.contains("Права меняет администратор"), "{body}");
    let other = desk::user("other", UserRole::Officer, "ministry");
    let (_folder, router) = desk_of(&[case()], &other, CaseConfig::default());
    let (status, body) = get(&router, "/cases/case-1", "ru").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!body.contains("case-1/steps"), "{body}");
}

#[tokio::test]
async fn while_the_news_is_fresh_the_page_offers_to_watch_and_not_to_decide() {
    let mut case = case();
    for copy in &mut case.copies {
        copy.published = Utc::now();
    }
    let rules = CaseConfig {
        quiet_period: std::time::Duration::from_secs(3_600),
        ..CaseConfig::default()
    };
    let (_folder, router) = desk_of(&[case], &officer(), rules);
    let (_, body) = get(&router, "/cases/case-1", "ru").await;
    let steps = offered(&body);
    assert!(steps.contains("watch"), "{steps:?}");
    assert!(
        !steps.contains("confirm") && !steps.contains("dismiss"),
        "{steps:?}"
    );
    assert!(body.contains("Новость свежая"), "{body}");
}

#[tokio::test]
async fn the_last_step_is_taken_back_by_whoever_took_it() {
    let last = |by: &str| {
        let mut case = case();
        case.desk.last = Some(Last {
            by: by.to_owned(),
            step: StepKind::Watch,
            version: 0,
            other: None,
        });
        case
    };
    let mine = seen(last("zhanar"), "ru").await;
    assert!(offered(&mine).contains("undo") && mine.contains("Последний шаг: Наблюдать"));
    assert!(!offered(&seen(last("daniyar"), "ru").await).contains("undo"));
}

#[tokio::test]
async fn another_copy_is_laid_beside_the_record_by_its_number() {
    let (_folder, router) = desk_of(&[case()], &officer(), CaseConfig::default());
    let (_, body) = get(&router, "/cases/case-1?copy=2", "ru").await;
    assert!(body.contains("<h3>Айна</h3>"), "{body}");
    // Whom it credits is known by its host.
    assert!(body.contains("outlet.example (Вестник)"), "{body}");
    for path in [
        "/cases/case-1?copy=9",
        "/cases/case-1?copy=x",
        "/cases/case-1",
    ] {
        let (status, body) = get(&router, path, "ru").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(body.contains("<h3>Вестник</h3>"), "{path}");
    }
}

#[tokio::test]
async fn a_case_of_an_older_program_shows_what_differs_and_says_what_is_missing() {
    let (_folder, router) = desk_of(&[desk::case("case-1")], &officer(), CaseConfig::default());
    let (_, body) = get(&router, "/cases/case-1", "en").await;
    assert!(
        body.contains("more in the publication by 50 (125%)"),
        "{body}"
    );
    assert!(body.contains("did not keep them"), "{body}");
    assert!(
        body.contains("The store has no capture of this page"),
        "{body}"
    );
}

#[tokio::test]
async fn record_publications_program_and_people_stand_in_one_line_of_time() {
    let mut case = case();
    let mut by_hand = case.history[0].clone();
    (by_hand.at, by_hand.by) = (minute(200), Some("zhanar".to_owned()));
    by_hand.what = "called the editors".to_owned();
    case.history.push(by_hand);
    case.history[0].kind = Some(aigaq::model::EventKind::Opened);
    let body = seen(case, "ru").await;
    let line = &body[body.find("<ol class=\"line\">").unwrap()..];
    let at = |what: &str| {
        line.find(what)
            .unwrap_or_else(|| panic!("no {what} in {line}"))
    };
    let order = [
        at("Официальная запись: Полиция"),
        at("Программа открыла дело"),
        at("Публикация: Вестник"),
        at("Публикация: Айна"),
        at("called the editors"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    // The second copy came two hours after the first: three bars' room, two bars.
    assert_eq!(body.matches("<rect class=\"s1\"").count(), 2, "{body}");
}

#[tokio::test]
async fn only_a_confirmed_case_is_exported_as_a_review() {
    let mut confirmed = case();
    confirmed.id.0 = "case-2".to_owned();
    confirmed.state = CaseState::Confirmed;
    confirmed.desk.confirmed = Some(("zhanar".to_owned(), minute(0)));
    let (_folder, router) = desk_of(&[case(), confirmed], &officer(), CaseConfig::default());
    let (status, _) = get(&router, "/api/v1/cases/case-1/claim-review", "ru").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        !get(&router, "/cases/case-1", "ru")
            .await
            .1
            .contains("ClaimReview")
    );
    let (status, body) = get(&router, "/api/v1/cases/case-2/claim-review", "ru").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("\"ClaimReview\""), "{body}");
    let (_, page) = get(&router, "/cases/case-2", "ru").await;
    assert!(page.contains("/api/v1/cases/case-2/claim-review"));
    assert!(page.contains("Расхождение подтверждено: zhanar"), "{page}");
}
