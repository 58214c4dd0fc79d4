//! The pages of publications and records: versions beside each other, claims and observations marked, hostile texts harmless.

use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::language::Language;
use aigaq::model::document::Range2;
use aigaq::model::{
    Carrier, Case, Claim, ClaimId, Copy, CopyState, Difference, Label, Observation, ObservationId,
    Part, Quote, Revision, RevisionId, SlotName, Source, SourceId, SourceRole, Verdict,
};
use aigaq::serve::Desk;
use aigaq::serve::signin::Gate;
use aigaq::store::{self, CaseChange, Derived, Sighting, Store};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::desk_search::signed;
use super::store::{at, claim, observation, sighting};
use super::{desk, judged};

const PAGE: &str = "https://outlet.example/1";
const RECORD: &str = "https://agency.example/release";
/// What the publication says first, and what after it was edited.
const TEXTS: [&str; 2] = [
    "Тело <script>alert(1)</script> \u{202e}краж 8 741.",
    "Тело <script>alert(1)</script> \u{202e}краж 8 417.",
];
const OFFICIAL: &str = "Зарегистрировано 8 417 краж <b>всего</b>.";

fn source(revision: &Revision) -> Source {
    let role = match revision.source.0.as_str() {
        "agency" => SourceRole::Official,
        _ => SourceRole::Media,
    };
    judged::source(&revision.source.0, role)
}

fn whole(text: &str) -> Part {
    Part::Text(Range2::from(0..text.len()))
}

/// What is drawn from the pages: a claim of each text, an observation of the record.
fn derived(revisions: &[Revision]) -> Vec<Derived> {
    let of = |revision: &Revision| {
        let text = revision.document.text();
        match revision.source.0.as_str() {
            "agency" => Derived {
                observations: vec![Observation {
                    url: RECORD.to_owned(),
                    part: whole(&text),
                    text,
                    ..observation("obs-official1", &revision.id)
                }],
                claims: Vec::new(),
            },
            _ => Derived {
                observations: Vec::new(),
                claims: vec![Claim {
                    url: PAGE.to_owned(),
                    part: whole(&text),
                    text,
                    ..claim(&format!("claim-{}", revision.number), &revision.id)
                }],
            },
        }
    };
    revisions.iter().map(of).collect()
}

fn seen(store: &dyn Store, sighting: Sighting) -> RevisionId {
    let url = sighting.document.url.0.clone();
    store.record_batch(&[sighting], &[], &mut derived).unwrap();
    store.newest_revision(&url).unwrap().unwrap().id
}

/// A verdict that quotes the record.
fn verdict(number: u32, label: Label, record: &RevisionId) -> Verdict {
    Verdict {
        claim: ClaimId(format!("claim-{number}")),
        label,
        confidence: 900,
        differences: match label {
            Label::Contradicted => vec![Difference {
                slot: SlotName::Value,
                claimed: "8741".to_owned(),
                official: "8417".to_owned(),
            }],
            _ => Vec::new(),
        },
        evidence: vec![Quote {
            observation: ObservationId("obs-official1".to_owned()),
            source: SourceId("agency".to_owned()),
            url: RECORD.to_owned(),
            revision: record.clone(),
            part: whole(OFFICIAL),
            sentence: OFFICIAL.to_owned(),
            published: at(0),
        }],
        as_of: at(0),
        explanation: "Compared.".to_owned(),
    }
}

/// A store with a record and a publication that differs from it; `edits` says whether it was edited to agree.
fn store(folder: &std::path::Path, is_edited: bool) -> Box<dyn Store> {
    let store = store::open(folder).unwrap();
    let record = Sighting {
        source: SourceId("agency".to_owned()),
        ..sighting(RECORD, OFFICIAL, 0)
    };
    let record = seen(&*store, record);
    let page = seen(&*store, sighting(PAGE, TEXTS[0], 1));
    let mut verdicts = vec![verdict(1, Label::Contradicted, &record)];
    if is_edited {
        seen(&*store, sighting(PAGE, TEXTS[1], 2));
        verdicts.push(verdict(2, Label::Supported, &record));
    }
    store.put_verdicts(&verdicts).unwrap();
    let case = Case {
        copies: vec![Copy {
            url: PAGE.to_owned(),
            revision: page,
            claim: ClaimId("claim-1".to_owned()),
            language: Language::Ru,
            carriers: Vec::<Carrier>::new(),
            ..desk::copy(PAGE, CopyState::Stands)
        }],
        ..desk::case("case-0123456789abcdef")
    };
    let opened = CaseChange {
        case,
        actor: "program".to_owned(),
        action: "open".to_owned(),
        details: serde_json::Value::Null,
    };
    store.change_cases(&[opened], at(3)).unwrap();
    store
}

fn desk_of(folder: &std::path::Path, store: Box<dyn Store>) -> axum::Router {
    let index = Index::open(folder).unwrap();
    index.catch_up(&*store, &source).unwrap();
    let names = ["outlet", "agency"].map(|id| {
        let role = if id == "agency" {
            SourceRole::Official
        } else {
            SourceRole::Media
        };
        (SourceId(id.to_owned()), judged::source(id, role))
    });
    let desk = Desk::new(
        Arc::from(store),
        index,
        names.into(),
        CaseConfig::default(),
        Gate::default(),
    );
    signed(desk)
}

async fn get(router: &axum::Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::COOKIE, "language=ru");
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// Nothing of the pages' own is obeyed.
fn is_harmless(body: &str) {
    for foreign in ["<script>", "<b>всего", "style=", "href=\"javascript"] {
        assert!(!body.contains(foreign), "{foreign}: {body}");
    }
    assert_eq!(body.matches("<h1").count(), 1);
}

#[tokio::test]
async fn a_publication_shows_its_claims_marked_by_what_the_record_says() {
    let folder = tempfile::tempdir().unwrap();
    let router = desk_of(folder.path(), store(folder.path(), false));
    let (status, body) = get(&router, &format!("/publications?url={PAGE}")).await;
    assert_eq!(status, StatusCode::OK);
    is_harmless(&body);
    for shown in [
        "class=\"d d-pub\" href=\"/cases/case-0123456789abcdef\"",
        "расходится с записью: 1",
        "8741",
        "8417",
        "/records?url=https%3A%2F%2Fagency.example%2Frelease#o-official",
        "Дело 01234567: новое",
    ] {
        assert!(body.contains(shown), "{shown}: {body}");
    }
    assert!(
        !body.contains("compare-head"),
        "there is nothing to compare: {body}"
    );
}

#[tokio::test]
async fn versions_are_compared_word_by_word_with_words_for_who_does_not_see_the_colours() {
    let folder = tempfile::tempdir().unwrap();
    let router = desk_of(folder.path(), store(folder.path(), true));
    let (_, side) = get(&router, &format!("/publications?url={PAGE}")).await;
    is_harmless(&side);
    for shown in [
        "<del><span class=\"vh\">удалено: </span>8 741.</del>",
        "<ins><span class=\"vh\">добавлено: </span>8 417.</ins>",
        "пометки об исправлении не найдено",
        "class=\"d d-agrees\"",
        "изменена 1 раз",
    ] {
        assert!(side.contains(shown), "{shown}: {side}");
    }
    let (_, text) = get(
        &router,
        &format!("/publications?url={PAGE}&from=2&to=1&view=text"),
    )
    .await;
    assert!(text.contains("добавлено: </span>8 741.</ins>"), "{text}");
    assert!(
        !text.contains("пометки об исправлении не найдено"),
        "{text}"
    );
    assert!(
        text.contains("class=\"d d-pub\""),
        "the earlier text has its own claims: {text}"
    );
}

#[tokio::test]
async fn a_page_that_is_gone_keeps_its_last_text_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), false);
    store.mark_gone(PAGE, at(9)).unwrap();
    let router = desk_of(folder.path(), store);
    let (status, body) = get(&router, &format!("/publications?url={PAGE}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Страница больше не открывается"), "{body}");
    assert!(body.contains("краж 8 741."), "{body}");
}

#[tokio::test]
async fn a_record_shows_what_was_held_against_each_of_its_statements() {
    let folder = tempfile::tempdir().unwrap();
    let router = desk_of(folder.path(), store(folder.path(), false));
    let (status, body) = get(&router, &format!("/records?url={RECORD}")).await;
    assert_eq!(status, StatusCode::OK);
    is_harmless(&body);
    for shown in [
        "id=\"o-official\" href=\"#used-o-official\"",
        "id=\"used-o-official\"",
        "сравнено утверждений: 1",
        "расходится с записью",
        "/publications?url=https%3A%2F%2Foutlet.example%2F1",
        "&lt;b&gt;всего&lt;/b&gt;",
    ] {
        assert!(body.contains(shown), "{shown}: {body}");
    }
}

#[tokio::test]
async fn an_earlier_version_of_a_record_says_that_it_was_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), false);
    let revised = Sighting {
        source: SourceId("agency".to_owned()),
        ..sighting(RECORD, "Зарегистрировано 8 741 краж.", 7)
    };
    store
        .record_batch(&[revised], &[], &mut |new| {
            vec![Derived::default(); new.len()]
        })
        .unwrap();
    let router = desk_of(folder.path(), store);
    let (_, now) = get(&router, &format!("/records?url={RECORD}")).await;
    assert!(!now.contains("Это прежняя версия"), "{now}");
    assert!(now.contains("в этой версии этого нет"), "{now}");
    let (_, before) = get(&router, &format!("/records?url={RECORD}&version=1")).await;
    assert!(before.contains("Это прежняя версия"), "{before}");
    assert!(before.contains("id=\"o-official\""), "{before}");
}

#[tokio::test]
async fn an_address_that_was_never_seen_has_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let router = desk_of(folder.path(), store(folder.path(), false));
    for path in [
        "/publications?url=https://nowhere.example/",
        "/records?url=x",
    ] {
        assert_eq!(get(&router, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(get(&router, "/records").await.0, StatusCode::BAD_REQUEST);
}

#[test]
fn a_store_of_an_earlier_version_learns_which_verdicts_quote_a_page() {
    let folder = tempfile::tempdir().unwrap();
    drop(store(folder.path(), true));
    let database = folder.path().join(store::FILE_NAME);
    let db = rusqlite::Connection::open(&database).unwrap();
    let number: i64 = db
        .query_row(
            "SELECT number FROM migrations WHERE name = 'quoted'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    db.execute_batch(&format!(
        "DROP TABLE quoted; DROP INDEX revisions_arrived; DROP INDEX captures_of_source; DROP INDEX frontier_due_of_source;
         DROP TABLE rhythms; DROP TABLE hosts; DROP TABLE yields; DROP TABLE healths; DROP TABLE unsent; DROP TABLE letters_changed; DROP TABLE queue_views; DROP TABLE moved; DROP TABLE rewritten;
         DROP TABLE subscriptions;
         DROP TRIGGER letters_entered; DROP TRIGGER letters_went_on; DELETE FROM migrations WHERE number >= {number}; PRAGMA user_version = {};",
        number - 1
    ))
    .unwrap();
    drop(db);
    let store = store::open(folder.path()).unwrap();
    let found = store.findings_quoting(RECORD, 10).unwrap();
    let labels: Vec<Label> = found.iter().map(|(_, verdict)| verdict.label).collect();
    assert_eq!(
        labels,
        [Label::Supported],
        "what the page no longer says is left out"
    );
    assert!(store.findings_quoting(PAGE, 10).unwrap().is_empty());
    assert!(store.findings_quoting(RECORD, 0).unwrap().is_empty());
}
