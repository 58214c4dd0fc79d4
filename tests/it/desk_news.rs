//! What an open queue is told: what came and changed since it was shown, without its rows moving.

use std::sync::Arc;

use aigaq::model::desk::Duty;
use aigaq::model::{Case, CaseState, UserRole};
use aigaq::serve::router;
use aigaq::serve::signin::{Gate, IDLE_HOURS};
use aigaq::store::{self, CaseChange, Store};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::{TimeDelta, Utc};
use serde_json::Value;

use super::desk::{case, case_in, user};
use super::signed::{Browser, bare_desk, gate_at};

fn put(store: &dyn Store, case: Case) -> Case {
    let change = CaseChange {
        case,
        actor: "program".to_owned(),
        action: "test".to_owned(),
        details: Value::Null,
    };
    let changes = std::slice::from_ref(&change);
    store.change_cases(changes, Utc::now()).unwrap();
    store.case(&change.case.id).unwrap().unwrap()
}

/// What a page tells its script to ask.
async fn address(browser: &Browser, list: &str) -> String {
    let page = browser.ask(Method::GET, list, String::new()).await.body;
    let address = page.split("data-news=\"").nth(1).unwrap();
    address.split('"').next().unwrap().replace("&#38;", "&")
}

async fn told(browser: &Browser, address: &str) -> Value {
    let answer = browser.ask(Method::GET, address, String::new()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn an_open_queue_is_told_what_came_changed_and_became_late() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    let first = put(&*store, case_in("case-1", CaseState::Proposed));
    let desk = bare_desk(folder.path(), &store, Gate::default());
    let router = router(Arc::new(desk));
    let aisha = Browser::of(
        router.clone(),
        &store,
        &user("aisha", UserRole::Officer, "police"),
    );
    let far = Browser::of(router, &store, &user("far", UserRole::Officer, "elsewhere"));
    let all = address(&aisha, "/cases").await;
    let filtered = address(&aisha, "/cases?view=confirmed&lang=en").await;
    let foreign = address(&far, "/cases").await;
    assert_eq!(told(&aisha, &all).await["news"], "");
    // One came, and the one that stood there left the view.
    put(&*store, case_in("case-2", CaseState::Proposed));
    put(
        &*store,
        Case {
            state: CaseState::Confirmed,
            ..first
        },
    );
    let news = told(&aisha, &all).await;
    assert_eq!(news["news"], "1 new case · 1 changed");
    assert_eq!(
        (news["href"].as_str(), news["counts"]["new"].as_str()),
        (Some("/cases"), Some("1"))
    );
    assert_eq!(news["counts"]["confirmed"], "1");
    let there = told(&aisha, &filtered).await;
    assert_eq!(there["news"], "1 changed");
    assert_eq!(there["href"], "/cases?view=confirmed&lang=en");
    let nothing = told(&far, &foreign).await;
    assert_eq!(
        (nothing["news"].as_str(), nothing["counts"]["all"].as_str()),
        (Some(""), Some("0"))
    );
    // A page that is shown anew has seen it all.
    assert_eq!(
        told(&aisha, &address(&aisha, "/cases").await).await["news"],
        ""
    );
    // A deadline passes without anybody's doing.
    let mut due = case_in("case-3", CaseState::Proposed);
    due.desk.duties.push(Duty {
        id: "answer".to_owned(),
        deadline: Some(Utc::now() - TimeDelta::seconds(30)),
        done_at: None,
    });
    put(&*store, due);
    let shown = address(&aisha, "/cases").await;
    let an_hour_ago = (Utc::now() - TimeDelta::hours(1)).timestamp();
    let (before, _) = shown.split_once("&at=").unwrap();
    let late = told(&aisha, &format!("{before}&at={an_hour_ago}")).await;
    assert_eq!(late["news"], "1 now overdue");
}

#[tokio::test]
async fn a_list_is_exported_as_it_is_shown_and_a_case_leads_to_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    for (id, state) in [
        ("case-1", CaseState::Proposed),
        ("case-2", CaseState::Proposed),
        ("case-3", CaseState::Confirmed),
    ] {
        put(&*store, Case { state, ..case(id) });
    }
    let desk = bare_desk(folder.path(), &store, Gate::default());
    let router = router(Arc::new(desk));
    let aisha = user("aisha", UserRole::Officer, "police");
    let aisha = Browser::of(router.clone(), &store, &aisha);
    let page = aisha.ask(Method::GET, "/cases?view=confirmed", String::new());
    let page = page.await.body;
    let link = "/cases/export/cases.csv?view=confirmed";
    assert!(page.contains(&format!("href=\"{link}\"")), "{page}");
    let csv = aisha.ask(Method::GET, link, String::new()).await;
    assert_eq!(csv.header("content-disposition"), "attachment");
    assert!(
        csv.body.contains("case-3") && !csv.body.contains("case-1"),
        "{}",
        csv.body
    );
    let log = store
        .audit_before(u64::try_from(i64::MAX).unwrap())
        .unwrap();
    assert!(log[0].action == "export.cases" && log[0].details.contains("view=confirmed"));
    let none = aisha.ask(Method::GET, "/cases/export/cases.exe", String::new());
    assert_eq!(none.await.status, StatusCode::NOT_FOUND);
    let first = aisha.ask(Method::GET, "/cases/case-1", String::new()).await;
    let next = "rel=\"next\" href=\"/cases/case-2\" data-key=\"j\"";
    assert!(first.body.contains(next) && !first.body.contains("rel=\"prev\""));
    let alone = aisha.ask(Method::GET, "/cases/case-3", String::new()).await;
    assert!(!alone.body.contains("rel=\"prev\"") && !alone.body.contains("rel=\"next\""));
    // Nobody sees the neighbours of other agencies, nor exports them.
    let far = user("far", UserRole::Officer, "elsewhere");
    let far = Browser::of(router, &store, &far);
    let csv = far.ask(
        Method::GET,
        "/cases/export/cases.csv?view=all",
        String::new(),
    );
    assert!(!csv.await.body.contains("case-"));
}

#[tokio::test]
async fn who_may_not_is_told_who_gives_rights() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    let keeper = aigaq::model::User {
        name: "Keeper of rights".to_owned(),
        ..aigaq::model::User::new("keeper", UserRole::Administrator, Utc::now())
    };
    store.put_user(&keeper, "operator", Utc::now()).unwrap();
    let desk = bare_desk(folder.path(), &store, Gate::default());
    let viewer = aigaq::model::User::new("viewer", UserRole::Viewer, Utc::now());
    let router = router(Arc::new(desk));
    let viewer = Browser::of(router.clone(), &store, &viewer);
    let refused = viewer.ask(Method::GET, "/admin", String::new()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.body.contains("Keeper of rights"),
        "{}",
        refused.body
    );
    // The first run says what there is to do, with links to what its reader may do.
    let empty = viewer.ask(Method::GET, "/cases", String::new()).await.body;
    assert!(empty.contains("aigaq import") && !empty.contains("href=\"/admin\""));
    let keeper = Browser::of(router, &store, &keeper);
    let empty = keeper.ask(Method::GET, "/cases", String::new()).await.body;
    assert!(empty.contains("<li><a href=\"/admin\">Invite people"));
}

#[tokio::test]
async fn a_page_that_asks_by_itself_keeps_no_session_alive() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    let seconds = Arc::new(std::sync::atomic::AtomicI64::new(Utc::now().timestamp()));
    let gate = gate_at(&seconds, Default::default());
    let desk = bare_desk(folder.path(), &store, gate);
    let mut aisha = user("aisha", UserRole::Officer, "police");
    aisha.agencies.clear();
    let browser = Browser::of(router(Arc::new(desk)), &store, &aisha);
    let mut session = store.sessions("aisha").unwrap().remove(0);
    session.expires_at += TimeDelta::days(7);
    store.seen_session(&session).unwrap();
    let get = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        browser.send(request).await.status()
    };
    for _ in 0..IDLE_HOURS - 1 {
        seconds.fetch_add(3_600, std::sync::atomic::Ordering::SeqCst);
        assert_eq!(get("/cases/news").await, StatusCode::OK);
    }
    seconds.fetch_add(3_601, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(get("/cases/news").await, StatusCode::SEE_OTHER);
    assert_eq!(get("/cases").await, StatusCode::SEE_OTHER);
}
