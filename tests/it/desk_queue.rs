//! The queue page, its forms, and the endpoint that takes a step from any page, without a socket.

use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::model::desk::{Duty, Snooze};
use aigaq::model::{Case, CaseId, CaseState, SlotName, SourceRole, User, UserRole};
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, CaseChange, Store};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;

use super::desk::{case, case_in, minute, user};
use super::signed::signed_in;

/// A desk whose reader is known, as signing in makes it.
struct Room {
    _folder: tempfile::TempDir,
    store: Arc<dyn Store>,
    router: Router,
}

/// An answer: status, where it leads, body.
type Answer = (StatusCode, String, String);

impl Room {
    fn of(cases: &[Case], reader: &User) -> Room {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
        let police = crate::judged::source("police", SourceRole::Official);
        let outlet = crate::judged::source("outlet", SourceRole::Media);
        let names = [&police, &outlet].map(|source| (source.id.clone(), source.clone()));
        store.put_sources(&[police, outlet]).unwrap();
        let opened: Vec<CaseChange> = cases
            .iter()
            .map(|case| CaseChange {
                case: case.clone(),
                actor: "program".to_owned(),
                action: "open".to_owned(),
                details: serde_json::Value::Null,
            })
            .collect();
        store.change_cases(&opened, minute(0)).unwrap();
        for id in ["aisha", "daniyar"] {
            let person = user(id, UserRole::Officer, "police");
            store.put_user(&person, "test", minute(0)).unwrap();
        }
        let index = Index::open(folder.path()).unwrap();
        let desk = Desk::new(
            Arc::clone(&store),
            index,
            names.into_iter().collect(),
            CaseConfig::default(),
            Gate::default(),
        );
        let router = signed_in(router(Arc::new(desk)), &store, reader);
        Room {
            _folder: folder,
            store,
            router,
        }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION);
        let to = to.map_or("", |to| to.to_str().unwrap()).to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1 << 22)
            .await
            .unwrap();
        (status, to, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, path: &str) -> String {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, "en");
        let (status, _, body) = self.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:8780")
            .header("sec-fetch-site", "same-origin")
            .header(header::ACCEPT_LANGUAGE, "en")
            .body(Body::from(body.to_owned()));
        self.ask(request.unwrap()).await
    }

    fn case(&self, id: &str) -> Case {
        self.store.case(&CaseId(id.to_owned())).unwrap().unwrap()
    }
}

fn officer() -> User {
    user("aisha", UserRole::Officer, "police")
}

/// How many rows a page has.
fn n_rows(body: &str) -> usize {
    body.matches("<tr data-row").count()
}

/// The number beside the name of a view.
fn number_of<'a>(body: &'a str, view: &str) -> &'a str {
    let (_, rest) = body
        .split_once(&format!(">{view} <span class=\"count"))
        .unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split_once('<').unwrap().0
}

#[tokio::test]
async fn rows_and_quick_look_show_both_sides_and_obey_no_foreign_markup() {
    let mut hostile = case("case-1");
    hostile.copies[0].sentence = "Some 90 <script>alert(1)</script>".to_owned();
    hostile.differences[0].claimed = "90\"><b>".to_owned();
    hostile.evidence[0].url = "javascript:alert(2)".to_owned();
    hostile.desk.tags.insert("<i>urgent</i>".to_owned());
    let room = Room::of(&[hostile], &officer());
    let body = room.get("/cases").await;
    for what in [
        "Some 90 &#60;script&#62;",
        "90&#34;&#62;&#60;b&#62;",
        ">40</ins>",
        "<span class=\"what\">number</span>",
        "<svg class=\"spark\"",
        "<b>3</b> copies",
        "no deadline",
        "id=\"peek\"",
        "&#60;i&#62;urgent",
        "lang=\"en\"",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    for what in [
        "<script>",
        "style=",
        "href=\"javascript",
        "onclick",
        "<i>urgent",
    ] {
        assert!(!body.contains(what), "{what} stands there");
    }
    assert_eq!(body.matches("<h1").count(), 1);
}

#[tokio::test]
async fn the_queue_speaks_all_three_languages_whatever_the_content_speaks() {
    let room = Room::of(&[case("case-1")], &officer());
    for (language, title) in [("kk", "Істер кезегі"), ("ru", "Очередь дел")] {
        let request = Request::get("/cases").header(header::ACCEPT_LANGUAGE, language);
        let (_, _, body) = room.ask(request.body(Body::empty()).unwrap()).await;
        assert!(body.contains(title), "{body}");
        assert!(body.contains("lang=\"en\">Some 90 thefts"), "{body}");
    }
}

#[tokio::test]
async fn a_form_takes_a_step_and_goes_on_to_a_page_of_this_desk_only() {
    let room = Room::of(&[case("case-1"), case("case-2")], &officer());
    let step = |next: &str| format!("step=confirm&seen=1&note=checked&next={next}");
    let (status, to, _) = room
        .post("/cases/case-1/steps", &step("%2Fcases%3Fview%3Dmine"))
        .await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/cases?view=mine")
    );
    let confirmed = room.case("case-1");
    assert_eq!(confirmed.state, CaseState::Confirmed);
    assert_eq!(confirmed.history.last().unwrap().what, "confirmed: checked");
    let (_, to, _) = room
        .post("/cases/case-2/steps", &step("%2F%2Fevil.example"))
        .await;
    assert_eq!(to, "/");
    let (status, to, _) = room.post("/cases/case-2/steps", "step=undo&seen=2").await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/cases/case-2")
    );
    assert_eq!(room.case("case-2").state, CaseState::Proposed);
}

#[tokio::test]
async fn a_step_that_is_not_taken_keeps_what_was_typed_and_says_why() {
    let room = Room::of(&[case("case-1")], &officer());
    let typed = "note=my+%3Cb%3Ewords&reason=agrees&next=%2Fcases%3Fview%3Dall";
    let post = async |body: String| room.post("/cases/case-1/steps", &body).await;
    let (status, _, body) = post(format!("step=dismiss&seen=0&{typed}")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    for what in [
        "role=\"alert\"",
        "my &#60;b&#62;words</textarea>",
        "value=\"agrees\" selected",
        "name=\"seen\" value=\"1\"",
        "href=\"/cases?view=all\"",
        "opened",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    let (status, _, body) = post("step=dismiss&seen=1&reason=mood&note=kept".to_owned()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body.contains("Reason") && body.contains("kept</textarea>"),
        "{body}"
    );
    let (status, _, body) = post("step=merge&seen=1&into=case-9".to_owned()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("value=\"case-9\""), "{body}");
    let (status, _, _) = post("step=close&seen=1".to_owned()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(room.case("case-1").version, 1, "nothing was changed");
    let (status, _, _) = room.post("/cases/case-0/steps", "step=watch&seen=1").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_role_that_may_not_decide_is_offered_no_decision_and_refused_one() {
    let analyst = user("aisha", UserRole::Analyst, "police");
    let room = Room::of(&[case("case-1")], &analyst);
    let body = room.get("/cases").await;
    assert!(!body.contains("value=\"confirm\"") && !body.contains("value=\"dismiss\""));
    assert!(body.contains("value=\"worse\""), "it may snooze");
    let (status, _, body) = room
        .post("/cases/case-1/steps", "step=confirm&seen=1&note=why+not")
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("why not</textarea>"), "{body}");
}

#[tokio::test]
async fn forms_of_other_sites_take_no_step() {
    let room = Room::of(&[case("case-1")], &officer());
    for path in ["/cases/case-1/steps", "/cases"] {
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:8780")
            .header("sec-fetch-site", "cross-site")
            .header(header::ORIGIN, "https://evil.example")
            .body(Body::from("step=tag&tag=a&seen=1&case=case-1%401"));
        let (status, ..) = room.ask(request.unwrap()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(room.case("case-1").version, 1);
}

#[tokio::test]
async fn views_hold_what_they_promise_and_count_it() {
    let mut mine = case_in("case-2", CaseState::Confirmed);
    mine.desk.assignee = Some("aisha".to_owned());
    mine.desk.duties.push(Duty {
        id: "answer".to_owned(),
        deadline: Some(minute(60)),
        done_at: None,
    });
    let mut asleep = case("case-3");
    asleep.desk.snooze = Some(Snooze {
        until: None,
        n_copies: Some(3),
    });
    let cases = [
        case("case-1"),
        mine,
        asleep,
        case_in("case-4", CaseState::CorrectionRequested),
        case_in("case-5", CaseState::Regressed),
        case_in("case-6", CaseState::Dismissed),
    ];
    let room = Room::of(&cases, &officer());
    let body = room.get("/cases?view=late").await;
    for (view, n) in [
        ("New", "1"),
        ("Mine", "1"),
        ("Wait for a second person", "3"),
        ("Confirmed", "1"),
        ("Letter sent", "1"),
        ("The text changed", "1"),
        ("Overdue", "1"),
        ("Watched, snoozed", "1"),
        ("Closed", "1"),
        ("All cases", "6"),
    ] {
        assert_eq!(number_of(&body, view), n, "{view}");
    }
    assert!(body.contains("Late by") && body.contains("href=\"/cases/case-2\""));
    let empty = Room::of(&[], &officer()).get("/cases").await;
    assert!(empty.contains("nothing has been checked"), "{empty}");
}

#[tokio::test]
async fn filters_stand_in_the_address_and_an_empty_list_offers_ways_out() {
    let mut other = case("case-2");
    other.differences[0].slot = SlotName::Place;
    other.copies[0].sentence = "Ёлка упала".to_owned();
    other.desk.tags.insert("winter".to_owned());
    let room = Room::of(&[case("case-1"), other], &officer());
    for (query, n) in [
        ("", 2),
        ("?slot=place", 1),
        ("?tag=winter&slot=place", 1),
        ("?q=елка", 1),
        ("?outlet=outlet&lang=en&agency=police&state=proposed", 2),
        ("?severity=odd&colour=red", 0),
        ("?slot=place&q=thefts+nowhere", 0),
    ] {
        let query = query.replace("елка", "%D0%B5%D0%BB%D0%BA%D0%B0");
        let body = room.get(&format!("/cases{query}")).await;
        assert_eq!(n_rows(&body), n, "{query}");
    }
    let body = room.get("/cases?slot=place&q=nowhere").await;
    for way in [
        "href=\"/cases?slot=place\">Without “nowhere”: 1",
        "href=\"/cases?q=nowhere\">Without “Place”: 0",
        "href=\"/cases\">Without any filter: 2",
    ] {
        assert!(body.contains(way), "{way} is missing:\n{body}");
    }
}

#[tokio::test]
async fn every_case_stands_on_one_page_also_when_some_leave_meanwhile() {
    let cases: Vec<Case> = (10..70).map(|n| case(&format!("case-{n}"))).collect();
    let room = Room::of(&cases, &officer());
    let mut path = "/cases?sort=newest".to_owned();
    let (mut seen, mut n_pages) = (std::collections::BTreeSet::new(), 0);
    loop {
        let body = room.get(&path).await;
        let rows = body.split("<tr data-row").skip(1);
        for row in rows {
            let (_, rest) = row.split_once("class=\"title\" href=\"/cases/").unwrap();
            assert!(seen.insert(rest.split_once('"').unwrap().0.to_owned()));
        }
        n_pages += 1;
        if n_pages == 1 {
            // The case that the next page begins after leaves the view.
            let last = seen.last().unwrap().clone();
            let (status, ..) = room
                .post(&format!("/cases/{last}/steps"), "step=watch&seen=1")
                .await;
            assert_eq!(status, StatusCode::SEE_OTHER);
        }
        let Some((before, _)) = body.split_once("\">Next</a>") else {
            break;
        };
        let (_, next) = before.rsplit_once("href=\"").unwrap();
        path = next.replace("&#38;", "&");
    }
    assert_eq!((seen.len(), n_pages), (60, 3));
}

#[tokio::test]
async fn a_case_is_selected_by_the_address_and_alone_for_a_script() {
    let room = Room::of(&[case("case-1"), case("case-2")], &officer());
    let body = room.get("/cases?selected=case-2").await;
    assert!(body.contains("action=\"/cases/case-2/steps\""), "{body}");
    assert_eq!(body.matches("aria-selected=\"true\"").count(), 1);
    let request = Request::get("/cases?selected=case-2")
        .header("hx-request", "true")
        .header("hx-target", "aside#peek")
        .body(Body::empty());
    let (_, _, body) = room.ask(request.unwrap()).await;
    assert!(body.trim_start().starts_with("<aside"), "{body}");
    assert!(body.contains("/cases/case-2") && !body.contains("<html"));
}

#[tokio::test]
async fn whoever_works_for_another_agency_sees_none_of_it() {
    let other = user("marat", UserRole::Officer, "railway");
    let room = Room::of(&[case("case-1")], &other);
    let body = room.get("/cases?view=all&selected=case-1").await;
    assert_eq!(n_rows(&body), 0);
    assert!(!body.contains("thefts"), "{body}");
}

#[tokio::test]
async fn one_step_on_all_marked_cases_is_taken_on_every_one_or_on_none() {
    let room = Room::of(
        &[case("case-1"), case("case-2"), case("case-3")],
        &officer(),
    );
    let marked = "case=case-1%401&case=case-2%400";
    let (status, _, body) = room
        .post("/cases?view=all", &format!("{marked}&step=tag&tag=my+tag"))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    for what in [
        "role=\"alert\"",
        "Marked: 2",
        "changed by others",
        "value=\"my tag\"",
        "value=\"case-1@1\" checked",
        "value=\"case-2@1\" checked",
    ] {
        assert!(body.contains(what), "{what} is missing:\n{body}");
    }
    assert!(!body.contains("value=\"case-3@1\" checked"));
    assert_eq!(room.case("case-1").version, 1, "nothing was changed");
    let both = "case=case-1%401&case=case-2%401";
    let (status, to, _) = room
        .post("/cases?view=all", &format!("{both}&step=assign&to=daniyar"))
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(to, "/cases?view=all&done=assign&n=2");
    for id in ["case-1", "case-2"] {
        assert_eq!(room.case(id).desk.assignee.as_deref(), Some("daniyar"));
    }
    assert!(room.get(&to).await.contains("Done: Assign. Cases: 2"));
    for (body, status) in [
        ("step=tag&tag=a", StatusCode::UNPROCESSABLE_ENTITY),
        (
            "case=case-3%401&step=confirm",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "case=case-3%401&step=tag&tag=",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        assert_eq!(room.post("/cases", body).await.0, status, "{body}");
    }
    assert_eq!(room.case("case-3").version, 1);
}

#[tokio::test]
async fn a_right_that_is_missing_for_one_case_leaves_all_as_they_were() {
    let mut foreign = case("case-2");
    foreign.evidence[0].source = aigaq::model::SourceId("railway".to_owned());
    let room = Room::of(&[case("case-1"), foreign], &officer());
    let (status, _, body) = room
        .post(
            "/cases",
            "case=case-1%401&case=case-2%401&step=dismiss&reason=agrees&note=both",
        )
        .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("not one of your agency"), "{body}");
    assert!(body.contains("value=\"agrees\" selected") && body.contains("value=\"both\""));
    assert_eq!(room.case("case-1").state, CaseState::Proposed);
    let audit = room.store.audit_after(0).unwrap();
    assert!(
        audit.iter().any(|entry| entry.action == "refused.dismiss"),
        "what was tried is known"
    );
}
