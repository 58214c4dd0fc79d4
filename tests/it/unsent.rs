//! What people have typed and not sent: put back for them alone, also after their session has ended, and gone when it is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aigaq::model::{CaseId, CaseState, Unsent, User, UserRole};
use aigaq::serve::router;
use aigaq::serve::signin::{ABSOLUTE_HOURS, IDLE_HOURS};
use aigaq::store::{self, CaseChange, Store};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};

use super::desk::{case_in, minute, user};
use super::signed::{Answer, bare_desk, begun, form, gate_at};

const COMMENT: &str = "/unsent?form=%2Fcases%2Fcase-1%2Fsteps%23comment";
const DECISION: &str = "/unsent?form=%2Fcases%2Fcase-1%2Fsteps%23decision";
const STEPS: &str = "/cases/case-1/steps";
const TEXT: &str = "held against the record, line by line";

/// A desk with a case, whose clock is moved by hand.
struct Place {
    _folder: tempfile::TempDir,
    router: Router,
    store: Arc<dyn Store>,
    seconds: Arc<AtomicI64>,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
        let seconds = Arc::new(AtomicI64::new(minute(0).timestamp()));
        let opened = CaseChange {
            case: case_in("case-1", CaseState::Proposed),
            actor: "program".to_owned(),
            action: "open".to_owned(),
            details: serde_json::Value::Null,
        };
        store.change_cases(&[opened], minute(0)).unwrap();
        for id in ["aisha", "daniyar"] {
            let person = user(id, UserRole::Officer, "police");
            store.put_user(&person, "test", minute(0)).unwrap();
        }
        let gate = gate_at(&seconds, Default::default());
        let desk = bare_desk(folder.path(), &store, gate);
        Place {
            router: router(Arc::new(desk)),
            _folder: folder,
            store,
            seconds,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.seconds.load(Ordering::SeqCst), 0).unwrap()
    }

    fn pass(&self, hours: i64) {
        self.seconds.fetch_add(hours * 3_600, Ordering::SeqCst);
    }

    /// The cookie of a session that begins now.
    fn sign_in(&self, user: &str) -> String {
        let lasts = TimeDelta::hours(ABSOLUTE_HOURS);
        begun(&*self.store, user, self.now(), lasts)
    }

    /// Disables a user.
    fn disable(&self, user: &str) {
        let gone = User {
            disabled_at: Some(self.now()),
            ..self.store.user(user).unwrap().unwrap()
        };
        self.store.put_user(&gone, "operator", self.now()).unwrap();
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header("cookie", cookie)
            .header("accept-language", "en");
        Answer::of(&self.router, request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(&self.router, form(path, cookie, fields)).await
    }

    fn unsent(&self, user: &str) -> Vec<Unsent> {
        self.store
            .all_unsent(user, DateTime::<Utc>::MIN_UTC)
            .unwrap()
    }
}

#[tokio::test]
async fn what_is_typed_is_put_back_for_who_typed_it_and_for_nobody_else() {
    let place = Place::new();
    let (aisha, daniyar) = (place.sign_in("aisha"), place.sign_in("daniyar"));
    let fields = [
        ("seen", "1"),
        ("step", "dismiss"),
        ("reason", "record-wrong"),
        ("note", TEXT),
    ];
    let kept = place.post(DECISION, &aisha, &fields).await;
    assert_eq!((kept.status, kept.body.as_str()), (StatusCode::OK, "14:00"));
    let page = place.get("/cases/case-1", &aisha).await.body;
    assert!(page.contains(TEXT) && page.contains("stands in the form again"));
    assert!(page.contains("value=\"record-wrong\" selected"), "{page}");
    assert!(page.contains(
        "id=\"do-dismiss\" name=\"step\" value=\"dismiss\" required data-key=\"2\" checked"
    ));
    // Beside the queue, and in the list of the account.
    for path in ["/cases", "/account"] {
        assert!(place.get(path, &aisha).await.body.contains(TEXT), "{path}");
    }
    for path in [
        "/cases/case-1",
        "/cases",
        "/account",
        "/api/v1/cases/case-1",
    ] {
        let page = place.get(path, &daniyar).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains(TEXT), "{path}");
    }
    // Later text takes its place; text that was deleted is deleted.
    place.post(DECISION, &aisha, &[("note", "shorter")]).await;
    assert_eq!(place.unsent("aisha")[0].get("note"), "shorter");
    place
        .post(DECISION, &aisha, &[("step", "confirm"), ("note", " \r\n")])
        .await;
    assert!(place.unsent("aisha").is_empty());
    assert!(place.store.verify_audit().unwrap().faults.is_empty());
}

#[tokio::test]
async fn what_is_sent_or_discarded_is_kept_no_longer() {
    let place = Place::new();
    let aisha = place.sign_in("aisha");
    place.post(COMMENT, &aisha, &[("note", TEXT)]).await;
    place.post(DECISION, &aisha, &[("note", TEXT)]).await;
    let fields = [("seen", "1"), ("step", "comment"), ("note", TEXT)];
    let done = place.post(STEPS, &aisha, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let forms: Vec<String> = place
        .unsent("aisha")
        .into_iter()
        .map(|one| one.form)
        .collect();
    assert_eq!(forms, ["/cases/case-1/steps#decision"]);
    // A step that came too late keeps it, and shows what was sent.
    let fields = [("seen", "1"), ("step", "confirm"), ("note", "another text")];
    let late = place.post(STEPS, &aisha, &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("another text") && late.body.contains("data-keep="));
    assert_eq!(place.unsent("aisha").len(), 1);
    let gone = place
        .post(&format!("{DECISION}&drop=page"), &aisha, &[("note", TEXT)])
        .await;
    assert_eq!(gone.header("location"), "/cases/case-1");
    assert!(place.unsent("aisha").is_empty());
}

#[tokio::test]
async fn a_form_that_arrives_after_the_session_ended_is_kept_for_its_owner() {
    let place = Place::new();
    let ended = place.sign_in("aisha");
    place.pass(IDLE_HOURS);
    let fields = [("seen", "1"), ("step", "comment"), ("note", TEXT)];
    let answer = place.post(STEPS, &ended, &fields).await;
    assert_eq!(
        answer.header("location"),
        "/sign-in?next=%2Fcases%2Fcase-1&done=kept"
    );
    assert!(
        place
            .get(answer.header("location"), "")
            .await
            .body
            .contains("is kept")
    );
    let case = place
        .store
        .case(&CaseId("case-1".to_owned()))
        .unwrap()
        .unwrap();
    assert!(case.desk.comments.is_empty(), "nothing was done");
    // Somebody else at the same machine is not shown it.
    let daniyar = place.sign_in("daniyar");
    assert!(
        !place
            .get("/cases/case-1", &daniyar)
            .await
            .body
            .contains(TEXT)
    );
    let aisha = place.sign_in("aisha");
    assert!(place.get("/cases/case-1", &aisha).await.body.contains(TEXT));
    // The same of what the script sends.
    place.pass(IDLE_HOURS);
    let answer = place
        .post(COMMENT, &aisha, &[("note", "later words")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(place.unsent("aisha")[0].get("note"), "later words");
}

#[tokio::test]
async fn what_nobody_can_be_told_to_have_typed_is_given_back_on_a_page() {
    let place = Place::new();
    let fields = [("seen", "1"), ("step", "confirm"), ("note", "<b>1 & 2</b>")];
    // Nobody's session, one that was signed out, and one of a person who was disabled.
    let out = place.sign_in("aisha");
    place.post("/sign-out", &out, &[]).await;
    let off = place.sign_in("daniyar");
    place.disable("daniyar");
    for cookie in ["", &out, &off] {
        let answer = place.post(STEPS, cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(
            answer.body.contains("&#60;b&#62;1 &#38; 2&#60;/b&#62;"),
            "{}",
            answer.body
        );
        assert!(answer.body.contains("/sign-in?next=%2Fcases%2Fcase-1"));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert!(place.unsent("aisha").is_empty() && place.unsent("daniyar").is_empty());
    // Where nothing was typed there is nothing to give back.
    let empty = [("seen", "1"), ("step", "confirm"), ("note", " ")];
    let answer = place.post(STEPS, &out, &empty).await;
    assert_eq!(answer.header("location"), "/sign-in?next=%2F");
    // Another site's page can have nothing kept or shown.
    let foreign = Request::post(STEPS)
        .header("host", "127.0.0.1:8780")
        .header("origin", "https://evil.example")
        .header("cookie", &out)
        .body(Body::from("step=confirm&note=planted"))
        .unwrap();
    let answer = Answer::of(&place.router, foreign).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.body.contains("planted"));
}

#[tokio::test]
async fn no_more_is_kept_than_is_said() {
    let place = Place::new();
    let aisha = place.sign_in("aisha");
    for form in ["", "%2Fadmin", "%2Fcases%2Fcase-1%2Fsteps%23tag"] {
        let path = format!("/unsent?form={form}");
        let answer = place.post(&path, &aisha, &[("note", TEXT)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{form}");
    }
    let long = "a".repeat(33_000);
    let answer = place.post(COMMENT, &aisha, &[("note", &long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Of one person the forms typed in last.
    for n in 0..45 {
        place.seconds.fetch_add(60, Ordering::SeqCst);
        let path = format!("/unsent?form=%2Fcases%2Fcase-{n}%2Fsteps%23comment");
        place.post(&path, &aisha, &[("note", TEXT)]).await;
    }
    let kept = place.unsent("aisha");
    assert_eq!(
        (kept.len(), kept[0].form.as_str()),
        (40, "/cases/case-44/steps#comment")
    );
    // And not for ever: it is shown no more, and gone with the next that anybody types.
    place.pass(9 * 24);
    let again = place.sign_in("aisha");
    assert!(!place.get("/account", &again).await.body.contains(TEXT));
    let daniyar = place.sign_in("daniyar");
    place.post(COMMENT, &daniyar, &[("note", TEXT)]).await;
    assert!(place.unsent("aisha").is_empty());
    // Who is disabled leaves nothing behind.
    place.disable("daniyar");
    assert!(place.unsent("daniyar").is_empty());
}
