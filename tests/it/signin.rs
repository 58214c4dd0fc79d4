//! Signing in over the router, with a clock that is moved by hand.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use aigaq::config::WebConfig;
use aigaq::model::{Scope, User, UserRole};
use aigaq::serve::signin::{ABSOLUTE_HOURS, FREE_OF_PAIR, IDLE_HOURS, SHOWN_FOR, first, password};
use aigaq::serve::{people, router, token};
use aigaq::store::{self, Store};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, Utc};

use super::access::bearer;
use super::signed::{Answer, bare_desk, form, gate_at};

const PASSWORD: &str = "nine grey geese в степи";

/// A desk whose clock is moved by hand.
struct Place {
    _folder: tempfile::TempDir,
    router: Router,
    store: Arc<dyn Store>,
    seconds: Arc<AtomicI64>,
}

/// The password's hash, made once.
fn hashed() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(PASSWORD).unwrap())
        .clone()
}

impl Place {
    fn new(web: WebConfig) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
        let seconds = Arc::new(AtomicI64::new(1_800_000_000));
        let desk = bare_desk(folder.path(), &store, gate_at(&seconds, web));
        let router = router(Arc::new(desk));
        Place {
            _folder: folder,
            router,
            store,
            seconds,
        }
    }

    /// A desk with a user who has a password.
    fn with_user() -> Place {
        Place::with_user_at(WebConfig::default())
    }

    /// The same behind a proxy.
    fn with_user_at(web: WebConfig) -> Place {
        let place = Place::new(web);
        let user = User {
            password: Some(hashed()),
            ..User::new("aisha", UserRole::Officer, place.now())
        };
        place
            .store
            .put_user(&user, "operator", place.now())
            .unwrap();
        place
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.seconds.load(Ordering::SeqCst), 0).unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(&self.router, request).await
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header("cookie", cookie)
            .header("accept-language", "en");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(form(path, cookie, fields)).await
    }

    async fn sign_in(&self, id: &str, password: &str, code: &str) -> Answer {
        let fields = [
            ("id", id),
            ("password", password),
            ("code", code),
            ("next", "/saved"),
        ];
        self.post("/sign-in", "", &fields).await
    }

    fn actions(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for entry in self.store.audit_after(0).unwrap() {
            *counts.entry(entry.action).or_default() += 1;
        }
        counts
    }
}

#[tokio::test]
async fn one_signs_in_and_out_and_the_old_cookie_is_worth_nothing() {
    let place = Place::with_user();
    let preset = format!("sid={}", "a".repeat(64));
    let fields = [("id", "aisha"), ("password", PASSWORD), ("next", "/saved")];
    let answer = place.post("/sign-in", &preset, &fields).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/saved"),
        "{}",
        answer.body
    );
    let set = answer.header("set-cookie");
    assert!(
        set.contains("; Path=/; ")
            && set.contains("HttpOnly")
            && set.contains("SameSite=Lax")
            && !set.contains("Secure"),
        "{set}"
    );
    let cookie = answer.cookie();
    assert_ne!(cookie, preset, "an id that was planted is not taken");
    assert_eq!(
        place.get("/cases", &preset).await.status,
        StatusCode::SEE_OTHER
    );
    let page = place.get("/account", &cookie).await;
    assert!(
        page.status == StatusCode::OK && page.body.contains("this one"),
        "{}",
        page.body
    );
    assert_eq!(page.header("cache-control"), "no-store");
    let again = place.post("/sign-in", &cookie, &fields).await.cookie();
    assert_eq!(
        place.get("/cases", &cookie).await.status,
        StatusCode::SEE_OTHER,
        "signing in again ends the session before"
    );
    let out = place.post("/sign-out", &again, &[]).await;
    assert!(
        out.header("clear-site-data").contains("cookies")
            && out.header("set-cookie").contains("Max-Age=0")
    );
    assert_eq!(
        place.get("/cases", &again).await.status,
        StatusCode::SEE_OTHER
    );
    let actions = place.actions();
    assert_eq!((actions["session.begin"], actions["session.end"]), (2, 2));
    assert!(place.store.verify_audit().unwrap().faults.is_empty());
}

#[tokio::test]
async fn unknown_disabled_and_wrong_are_answered_alike() {
    let place = Place::with_user();
    let gone = User {
        disabled_at: Some(place.now()),
        password: Some(hashed()),
        ..User::new("gone", UserRole::Viewer, place.now())
    };
    place
        .store
        .put_user(&gone, "operator", place.now())
        .unwrap();
    place
        .store
        .put_user(
            &User::new("new", UserRole::Viewer, place.now()),
            "operator",
            place.now(),
        )
        .unwrap();
    let wrong = place.sign_in("aisha", "not the password", "").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(
        wrong.body.contains("role=\"alert\"") && !wrong.body.contains("not the password"),
        "{}",
        wrong.body
    );
    for (id, given) in [
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("new", PASSWORD),
        ("", ""),
        ("aisha", &PASSWORD[..5]),
    ] {
        let answer = place.sign_in(id, given, "").await;
        // What was typed stands there again, the password never.
        let typed = format!("name=\"id\" value=\"{id}\"");
        let expected = wrong.body.replace("name=\"id\" value=\"aisha\"", &typed);
        assert_eq!(
            (answer.status, &answer.body),
            (wrong.status, &expected),
            "{id}"
        );
        let bare = |headers: &HeaderMap| {
            let mut headers = headers.clone();
            headers.remove("content-length");
            headers
        };
        assert_eq!(bare(&answer.headers), bare(&wrong.headers), "{id}");
    }
    let entries = place.store.audit_after(0).unwrap();
    assert!(
        entries
            .iter()
            .all(|entry| !entry.subject.contains("nobody")),
        "what was typed may be a password"
    );
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_its_days() {
    let place = Place::with_user();
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    place.pass(IDLE_HOURS * 3_600 - 1);
    assert_eq!(place.get("/cases", &cookie).await.status, StatusCode::OK);
    place.pass(IDLE_HOURS * 3_600);
    assert_eq!(
        place.get("/cases", &cookie).await.status,
        StatusCode::SEE_OTHER
    );
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    for _ in 0..ABSOLUTE_HOURS / 6 - 1 {
        place.pass(6 * 3_600);
        assert_eq!(place.get("/cases", &cookie).await.status, StatusCode::OK);
    }
    place.pass(6 * 3_600);
    assert_eq!(
        place.get("/cases", &cookie).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn who_guesses_waits_and_the_wait_ends() {
    let place = Place::with_user();
    for _ in 0..FREE_OF_PAIR {
        assert_eq!(
            place.sign_in("aisha", "not the password", "").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let held = place.sign_in("AISHA", PASSWORD, "").await;
    assert_eq!(held.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: i64 = held.header("retry-after").parse().unwrap();
    place.pass(wait);
    assert_eq!(
        place.sign_in("aisha", PASSWORD, "").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn the_first_administrator_is_set_up_once() {
    let place = Place::new(WebConfig::default());
    let path = first::setup_path(&*place.store, place.now())
        .unwrap()
        .unwrap();
    let token = path.split('=').nth(1).unwrap().to_owned();
    let none = place.get(&path.replace('=', "=0"), "").await;
    assert!(
        none.status == StatusCode::NOT_FOUND && none.body.contains("no longer works"),
        "{}",
        none.body
    );
    let page = place.get(&path, "").await;
    assert_eq!(
        (page.status, page.header("referrer-policy")),
        (StatusCode::OK, "no-referrer")
    );
    let fields = |password| {
        [
            ("token", token.as_str()),
            ("id", "keeper"),
            ("name", "К. Сақшы"),
            ("password", password),
            ("again", password),
        ]
    };
    let short = place.post("/setup", "", &fields("short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        short.body.contains("value=\"К. Сақшы\"")
            && short.body.contains("href=\"#password\"")
            && !short.body.contains("value=\"short\""),
        "{}",
        short.body
    );
    assert_eq!(
        place.post("/setup", "", &fields(PASSWORD)).await.status,
        StatusCode::SEE_OTHER
    );
    let user = place.store.user("keeper").unwrap().unwrap();
    assert_eq!(
        (user.role, user.name.as_str()),
        (UserRole::Administrator, "К. Сақшы")
    );
    assert_eq!(
        place.post("/setup", "", &fields(PASSWORD)).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        place.sign_in("keeper", PASSWORD, "").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(
        first::setup_path(&*place.store, place.now())
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_link_sets_a_password_once_within_a_day_and_a_newer_one_replaces_it() {
    let place = Place::with_user();
    let user = place.store.user("aisha").unwrap().unwrap();
    let link = || {
        let path = first::link_path(&*place.store, &user, "operator", place.now()).unwrap();
        path.split('=').nth(1).unwrap().to_owned()
    };
    let session = place.sign_in("aisha", PASSWORD, "").await.cookie();
    let fields = |token: &str| {
        ["token", "password", "again"]
            .map(str::to_owned)
            .into_iter()
            .zip([
                token.to_owned(),
                "another long one".to_owned(),
                "another long one".to_owned(),
            ])
            .collect::<Vec<_>>()
    };
    let redeem = async |token: &str| {
        let fields = fields(token);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        place.post("/link", "", &fields).await.status
    };
    let (replaced, late) = (link(), link());
    assert_eq!(redeem(&replaced).await, StatusCode::NOT_FOUND);
    place.pass(first::LINK_HOURS * 3_600);
    assert_eq!(redeem(&late).await, StatusCode::NOT_FOUND);
    let good = link();
    assert_eq!(redeem(&good[..good.len() - 1]).await, StatusCode::NOT_FOUND);
    assert_eq!(redeem(&good).await, StatusCode::SEE_OTHER);
    assert_eq!(redeem(&good).await, StatusCode::NOT_FOUND);
    assert_eq!(
        place.get("/cases", &session).await.status,
        StatusCode::SEE_OTHER,
        "sessions before it ended"
    );
    assert_eq!(
        place.sign_in("aisha", PASSWORD, "").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        place.sign_in("aisha", "another long one", "").await.status,
        StatusCode::SEE_OTHER
    );
    let disabled = link();
    place
        .store
        .change_user(
            "aisha",
            "operator",
            "user.change",
            place.now(),
            &mut |user| user.disabled_at = Some(place.now()),
        )
        .unwrap();
    assert_eq!(redeem(&disabled).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changing_the_password_needs_the_current_one_and_ends_other_sessions() {
    let place = Place::with_user();
    let (here, there) = (
        place.sign_in("aisha", PASSWORD, "").await.cookie(),
        place.sign_in("aisha", PASSWORD, "").await.cookie(),
    );
    let change = |current| {
        [
            ("current", current),
            ("password", "another long one"),
            ("again", "another long one"),
        ]
    };
    let wrong = place
        .post("/account/password", &here, &change("not the password"))
        .await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("not right"),
        "{}",
        wrong.body
    );
    assert_eq!(place.get("/cases", &there).await.status, StatusCode::OK);
    let changed = place
        .post("/account/password", &here, &change(PASSWORD))
        .await;
    assert_eq!(
        (changed.status, changed.header("location")),
        (StatusCode::SEE_OTHER, "/account?done=password")
    );
    assert_eq!(place.get("/cases", &here).await.status, StatusCode::OK);
    assert_eq!(
        place.get("/cases", &there).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        place.sign_in("aisha", PASSWORD, "").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(place.actions()["user.password"], 1);
}

/// The code of a secret at a moment.
pub(super) fn code(secret: &str, at: DateTime<Utc>) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let totp = totp_rs::Builder::new()
        .with_secret(secret)
        .with_account_name("aisha")
        .build()
        .unwrap();
    totp.generate(u64::try_from(at.timestamp()).unwrap())
        .to_string()
}

/// The secret of a second step as a page shows it.
fn shown_secret(page: &str) -> String {
    let shown = page.split("class=\"mono secret\">").nth(1).unwrap();
    shown.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn no_second_step_is_turned_on_with_a_secret_that_the_session_was_not_shown() {
    let place = Place::with_user();
    let (own, other) = (
        place.sign_in("aisha", PASSWORD, "").await.cookie(),
        place.sign_in("aisha", PASSWORD, "").await.cookie(),
    );
    // A secret that a form brings is none, although its code is right.
    let brought = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let now = code(brought, place.now());
    let path = "/account/second-step";
    let confirm = |now: String, secret: String| {
        [
            ("do", "confirm".to_owned()),
            ("secret", secret),
            ("code", now),
        ]
    };
    let send = async |cookie: &str, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        place.post(path, cookie, &fields).await
    };
    let late = "shown too long ago";
    let refused = send(&own, &confirm(now, brought.to_owned())).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(late),
        "{}",
        refused.body
    );
    let without = place.post(
        path,
        &own,
        &[("do", "begin"), ("current", "not the password")],
    );
    assert_eq!(without.await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let begin = [("do", "begin"), ("current", PASSWORD)];
    let secret = shown_secret(&place.post(path, &own, &begin).await.body);
    // Another session gave no password for it.
    let now = code(&secret, place.now());
    let refused = send(&other, &confirm(now, secret.clone())).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    place.pass(SHOWN_FOR.num_seconds());
    let now = code(&secret, place.now());
    let refused = send(&own, &confirm(now, secret)).await;
    assert!(refused.body.contains(late), "{}", refused.body);
    assert!(
        place
            .store
            .user("aisha")
            .unwrap()
            .unwrap()
            .second_step
            .is_none()
    );
}

#[tokio::test]
async fn a_new_password_and_a_disabled_user_end_what_let_in_before() {
    let place = Place::with_user();
    let user = place.store.user("aisha").unwrap().unwrap();
    let link = || {
        let path = first::link_path(&*place.store, &user, "operator", place.now()).unwrap();
        place
            .store
            .link(&token::digest(path.split('=').nth(1).unwrap()))
            .unwrap()
            .unwrap()
            .hash
    };
    let (unused, cookie) = (link(), place.sign_in("aisha", PASSWORD, "").await.cookie());
    let new = [
        ("current", PASSWORD),
        ("password", "another long one"),
        ("again", "another long one"),
    ];
    let changed = place.post("/account/password", &cookie, &new).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    assert_eq!(
        place.store.link(&unused).unwrap(),
        None,
        "a link made before"
    );

    let unused = link();
    let bearer = bearer(&*place.store, "aisha", Scope::Read);
    let with_token = async || {
        let request = Request::get("/api/v1/cases").header("authorization", &bearer);
        place
            .send(request.body(Body::empty()).unwrap())
            .await
            .status
    };
    place.pass(chrono::Utc::now().timestamp() - place.now().timestamp());
    assert_eq!(with_token().await, StatusCode::OK);
    let change = |is_active| people::UserChange {
        is_active: Some(is_active),
        ..people::UserChange::default()
    };
    for is_active in [false, true] {
        let (store, now) = (&*place.store, place.now());
        people::change(store, "aisha", &change(is_active), None, "operator", now).unwrap();
    }
    assert_eq!(place.store.link(&unused).unwrap(), None);
    assert_eq!(
        with_token().await,
        StatusCode::UNAUTHORIZED,
        "revoked for good"
    );
    assert!(place.store.sessions("aisha").unwrap().is_empty());
    assert_eq!(place.actions()["token.revoke"], 1);
    assert!(place.store.verify_audit().unwrap().faults.is_empty());
}

#[tokio::test]
async fn taking_the_second_step_away_by_a_reset_ends_the_sessions() {
    let place = Place::with_user();
    let on = |user: &mut User| user.second_step = Some("JBSWY3DPEHPK3PXP".to_owned());
    let (store, now) = (&*place.store, place.now());
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    store
        .change_user("aisha", "aisha", "user.second_step_on", now, &mut { on })
        .unwrap();
    people::link(store, "aisha", true, "operator", now).unwrap();
    assert_eq!(
        place.get("/cases", &cookie).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn an_invitation_takes_no_password_that_is_made_of_the_name() {
    let place = Place::new(WebConfig::default());
    let user = User {
        name: "Гүлнәр Сейітқазы".to_owned(),
        ..User::new("new", UserRole::Viewer, place.now())
    };
    place
        .store
        .put_user(&user, "operator", place.now())
        .unwrap();
    let path = first::link_path(&*place.store, &user, "operator", place.now()).unwrap();
    let token = path.split('=').nth(1).unwrap();
    for (given, status) in [
        ("Сейітқазы-2026!", StatusCode::UNPROCESSABLE_ENTITY),
        (PASSWORD, StatusCode::SEE_OTHER),
    ] {
        let fields = [("token", token), ("password", given), ("again", given)];
        let answer = place.post("/link", "", &fields).await;
        assert_eq!(answer.status, status, "{given}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_goes_on_where_it_cannot_be_noted_that_a_session_was_seen() {
    let place = Place::with_user();
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    place.pass(120);
    let seen = place.store.sessions("aisha").unwrap()[0].seen_at;
    // Whatever writes is held up for longer than the store waits.
    let (begun, is_begun) = std::sync::mpsc::channel();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (path, now) = (place._folder.path().to_owned(), place.now());
    let writer = std::thread::spawn(move || {
        let other = store::open_desk(&path).unwrap();
        other.decide_user("operator", "user.change", now, &mut |_| {
            begun.send(()).unwrap();
            ended.recv().unwrap();
            None
        })
    });
    is_begun.recv().unwrap();
    assert_eq!(place.get("/account", &cookie).await.status, StatusCode::OK);
    assert_eq!(place.store.sessions("aisha").unwrap()[0].seen_at, seen);
    end.send(()).unwrap();
    writer.join().unwrap().unwrap();
}

#[tokio::test]
async fn a_second_step_is_confirmed_before_it_holds_and_a_code_works_once() {
    let place = Place::with_user();
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    let begun = place
        .post(
            "/account/second-step",
            &cookie,
            &[("do", "begin"), ("current", PASSWORD)],
        )
        .await;
    assert!(
        begun.body.contains("<svg ")
            && begun.body.contains("otpauth://totp/")
            && !begun.body.contains("style="),
        "{}",
        begun.body
    );
    let secret = shown_secret(&begun.body);
    let wrong = place
        .post(
            "/account/second-step",
            &cookie,
            &[("do", "confirm"), ("code", "000000")],
        )
        .await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains(&secret),
        "the same secret is shown again: {}",
        wrong.body
    );
    assert_eq!(
        place.sign_in("aisha", PASSWORD, "").await.status,
        StatusCode::SEE_OTHER,
        "not on before it is confirmed"
    );
    let now = code(&secret, place.now());
    let on = place
        .post(
            "/account/second-step",
            &cookie,
            &[("do", "confirm"), ("code", &now)],
        )
        .await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.body);
    assert_eq!(
        place.sign_in("aisha", PASSWORD, &now).await.status,
        StatusCode::UNAUTHORIZED,
        "used"
    );
    assert_eq!(
        place.sign_in("aisha", PASSWORD, "").await.status,
        StatusCode::UNAUTHORIZED
    );
    place.pass(30);
    let next = code(&secret, place.now());
    assert_eq!(
        place.sign_in("aisha", PASSWORD, &next).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        place.sign_in("aisha", PASSWORD, &next).await.status,
        StatusCode::UNAUTHORIZED,
        "used"
    );
    place.pass(90);
    let old = code(&secret, place.now() - chrono::TimeDelta::seconds(60));
    assert_eq!(
        place.sign_in("aisha", PASSWORD, &old).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(place.actions()["user.second_step_on"], 1);
}

#[tokio::test]
async fn a_role_that_needs_a_second_step_sets_it_up_before_anything_else() {
    let place = Place::new(WebConfig {
        second_step: [UserRole::Officer].into(),
        ..WebConfig::default()
    });
    for (id, role) in [("aisha", UserRole::Officer), ("berik", UserRole::Analyst)] {
        let user = User {
            password: Some(hashed()),
            ..User::new(id, role, place.now())
        };
        place
            .store
            .put_user(&user, "operator", place.now())
            .unwrap();
    }
    let free = place.sign_in("berik", PASSWORD, "").await.cookie();
    assert_eq!(place.get("/cases", &free).await.status, StatusCode::OK);
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    let led = place.get("/cases", &cookie).await;
    assert_eq!(
        (led.status, led.header("location")),
        (StatusCode::SEE_OTHER, "/account")
    );
    let api = place.get("/api/v1/cases", &cookie).await;
    assert_eq!(api.status, StatusCode::FORBIDDEN);
    let page = place.get("/account", &cookie).await;
    assert!(page.body.contains("Your role needs the second step"));
    let begin = [("do", "begin"), ("current", PASSWORD)];
    let begun = place.post("/account/second-step", &cookie, &begin).await;
    let now = code(&shown_secret(&begun.body), place.now());
    let confirm = [("do", "confirm"), ("code", &*now)];
    place.post("/account/second-step", &cookie, &confirm).await;
    assert_eq!(place.get("/cases", &cookie).await.status, StatusCode::OK);
    let off = [("do", "off"), ("current", PASSWORD)];
    let kept = place.post("/account/second-step", &cookie, &off).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
    let user = place.store.user("aisha").unwrap().unwrap();
    assert!(user.second_step.is_some());
}

#[tokio::test]
async fn one_chooses_the_language_of_pages_and_whether_single_keys_act() {
    let place = Place::with_user();
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    let chosen = place
        .post("/account/preferences", &cookie, &[("language", "kk")])
        .await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    let page = place.get("/account", &cookie).await;
    assert!(
        page.body.contains("<html lang=\"kk\"") && page.body.contains("data-keys=\"off\""),
        "{}",
        page.body
    );
    let fields = [("language", ""), ("keys", "on")];
    place.post("/account/preferences", &cookie, &fields).await;
    let page = place.get("/account", &cookie).await;
    assert!(page.body.contains("<html lang=\"en\"") && !page.body.contains("data-keys"));
}

#[tokio::test]
async fn only_the_configured_proxy_is_believed() {
    let web = WebConfig {
        origin: Some("https://aigaq.agency.example".to_owned()),
        trusted_proxies: vec!["192.0.2.1".parse().unwrap()],
        ..WebConfig::default()
    };
    let place = Place::with_user_at(web);
    let from = async |peer: &str| {
        let mut request = form("/sign-in", "", &[("id", "aisha"), ("password", PASSWORD)]);
        let headers = request.headers_mut();
        headers.insert("host", "aigaq.agency.example".parse().unwrap());
        headers.insert("origin", "https://aigaq.agency.example".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        headers.insert(
            "x-forwarded-for",
            "203.0.113.9, 198.51.100.7".parse().unwrap(),
        );
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        place.send(request).await
    };
    let told = from("192.0.2.1:1").await;
    assert!(
        told.header("set-cookie").starts_with("__Host-sid=")
            && told.header("set-cookie").ends_with("; Secure"),
        "{}",
        told.body
    );
    assert_eq!(
        place.store.sessions("aisha").unwrap()[0].address,
        "198.51.100.7"
    );
    let made_up = from("192.0.2.2:1").await;
    assert!(
        made_up.header("set-cookie").starts_with("sid="),
        "{}",
        made_up.body
    );
    let addresses: Vec<String> = place
        .store
        .sessions("aisha")
        .unwrap()
        .into_iter()
        .map(|one| one.address)
        .collect();
    assert!(addresses.contains(&"192.0.2.2".to_owned()), "{addresses:?}");
}

#[tokio::test]
async fn pages_of_others_neither_sign_in_nor_out() {
    let place = Place::with_user();
    let cookie = place.sign_in("aisha", PASSWORD, "").await.cookie();
    for path in [
        "/sign-in",
        "/sign-out",
        "/setup",
        "/link",
        "/account/password",
        "/account/sessions",
        "/account/second-step",
        "/account/preferences",
    ] {
        for (name, value) in [
            ("origin", "https://other.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("x-none", ""),
        ] {
            let mut request = form(path, &cookie, &[("id", "aisha"), ("password", PASSWORD)]);
            request.headers_mut().remove("origin");
            request.headers_mut().insert(name, value.parse().unwrap());
            assert_eq!(
                place.send(request).await.status,
                StatusCode::FORBIDDEN,
                "{path} {name} {value}"
            );
        }
    }
    assert_eq!(place.get("/cases", &cookie).await.status, StatusCode::OK);
}
