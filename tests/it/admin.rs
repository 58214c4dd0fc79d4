//! Administration over the router: users, tokens, roles, and the audit log.

use std::sync::Arc;

use aigaq::model::{AuditNote, User, UserRole};
use aigaq::serve::people::{self, UserChange};
use aigaq::serve::signin::Gate;
use aigaq::serve::{router, token};
use aigaq::store::{self, Store};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::Utc;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::signed::{Browser, bare_desk};

/// A desk at which an administrator is signed in.
struct Place {
    _folder: tempfile::TempDir,
    browser: Browser,
    store: Arc<dyn Store>,
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
        let desk = bare_desk(folder.path(), &store, Gate::default());
        let keeper = User::new("keeper", UserRole::Administrator, Utc::now());
        let browser = Browser::of(router(Arc::new(desk)), &store, &keeper);
        Place {
            _folder: folder,
            browser,
            store,
        }
    }

    async fn send(&self, method: Method, path: &str, body: String) -> (StatusCode, String, String) {
        let answer = self.browser.ask(method, path, body).await;
        let to = answer.header("location").to_owned();
        (answer.status, to, answer.body)
    }

    async fn get(&self, path: &str) -> String {
        let (status, _, body) = self.send(Method::GET, path, String::new()).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        self.send(Method::POST, path, body.finish()).await
    }

    async fn api(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let (status, _, body) = self.send(method, path, body.to_string()).await;
        (status, serde_json::from_str(&body).unwrap())
    }

    fn user(&self, id: &str) -> User {
        self.store.user(id).unwrap().unwrap()
    }

    /// Who entered which action last.
    fn last_entry(&self) -> (String, String, String) {
        let entry = self.store.audit_after(0).unwrap().pop().unwrap();
        (entry.actor, entry.action, entry.subject)
    }
}

/// The value of a field of a page.
fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\" value=\"");
    page.split(&start)
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
}

/// What a page shows once.
fn secret(page: &str) -> String {
    let shown = page.split("class=\"once mono\">").nth(1).unwrap();
    shown.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_is_added_with_a_link_that_is_shown_once_and_works() {
    let place = Place::new();
    let fields = [
        ("id", "aisha"),
        ("name", "А. Сәрсен <b>"),
        ("role", "officer"),
        ("language", "kk"),
    ];
    let (status, _, page) = place.post("/admin/users", &fields).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let link = secret(&page);
    let token = link
        .strip_prefix("http://127.0.0.1:8780/link?token=")
        .unwrap();
    let kept = place.store.link(&token::digest(token)).unwrap().unwrap();
    assert_eq!(kept.user, "aisha");
    let user = place.user("aisha");
    assert_eq!(
        (user.role, user.name.as_str()),
        (UserRole::Officer, fields[1].1)
    );
    let list = place.get("/admin").await;
    assert!(
        list.contains("А. Сәрсен &#60;b&#62;") && !list.contains("Сәрсен <b>"),
        "{list}"
    );
    assert!(!list.contains(token) && !place.get("/admin/users/aisha").await.contains(token));
    // The same id again is refused, and what was typed stands there.
    let again = [("id", "AISHA"), ("name", "Other"), ("role", "viewer")];
    let (status, _, page) = place.post("/admin/users", &again).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY
            && page.contains("role=\"alert\"")
            && page.contains("value=\"AISHA\"")
            && page.contains("value=\"Other\""),
        "{page}"
    );
}

#[tokio::test]
async fn changes_of_a_user_hold_are_entered_and_refused_over_a_newer_one() {
    let place = Place::new();
    let aisha = User::new("aisha", UserRole::Officer, Utc::now());
    place
        .store
        .put_user(&aisha, "operator", Utc::now())
        .unwrap();
    let page = place.get("/admin/users/aisha").await;
    let seen = field(&page, "seen").to_owned();
    let change = |role: &'static str, seen: &str| {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs([
            ("do", "change"),
            ("seen", seen),
            ("name", "Aisha"),
            ("role", role),
            ("language", ""),
        ]);
        body.finish()
    };
    let path = "/admin/users/aisha";
    let done = place
        .send(Method::POST, path, change("approver", &seen))
        .await;
    assert_eq!(
        (done.0, done.1.as_str()),
        (StatusCode::SEE_OTHER, "/admin/users/aisha?done=changed")
    );
    assert_eq!(place.user("aisha").role, UserRole::Approver);
    assert_eq!(
        place.last_entry(),
        (
            "keeper".to_owned(),
            "user.change".to_owned(),
            "aisha".to_owned()
        )
    );
    let stale = place
        .send(Method::POST, path, change("viewer", &seen))
        .await;
    assert!(
        stale.0 == StatusCode::CONFLICT
            && stale.2.contains("changed meanwhile: keeper")
            && stale.2.contains("value=\"viewer\" selected"),
        "{}",
        stale.2
    );
    assert_eq!(place.user("aisha").role, UserRole::Approver);
    // With what now stands in the form it goes through.
    let seen = field(&stale.2, "seen").to_owned();
    let done = place
        .send(Method::POST, path, change("viewer", &seen))
        .await;
    assert_eq!(done.0, StatusCode::SEE_OTHER, "{}", done.2);
    // Links and tokens of who is disabled end for good, so the name is typed; what was typed wrong stays.
    let unsure = [("do", "disable"), ("confirm", "aysha")];
    let (status, _, page) = place.post(path, &unsure).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("value=\"aysha\"") && page.contains("href=\"#confirm\""),
        "{page}"
    );
    assert!(place.user("aisha").is_active());
    for (what, is_active) in [("disable", false), ("enable", true)] {
        let sure = [("do", what), ("confirm", "aisha")];
        assert_eq!(place.post(path, &sure).await.0, StatusCode::SEE_OTHER);
        assert_eq!(place.user("aisha").is_active(), is_active);
    }
    assert!(place.store.verify_audit().unwrap().faults.is_empty());
}

#[tokio::test]
async fn the_last_administrator_neither_leaves_nor_is_made_less() {
    let place = Place::new();
    let (status, _, page) = place
        .post(
            "/admin/users/keeper",
            &[("do", "disable"), ("confirm", "keeper")],
        )
        .await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("last active administrator"),
        "{page}"
    );
    let less = json!({ "role": "viewer" });
    let path = "/api/v1/users/keeper";
    let (status, _) = place.api(Method::PATCH, path, less.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(place.user("keeper").role, UserRole::Administrator);
    // One who is disabled keeps nothing.
    let other = User {
        disabled_at: Some(Utc::now()),
        ..User::new("other", UserRole::Administrator, Utc::now())
    };
    place
        .store
        .put_user(&other, "operator", Utc::now())
        .unwrap();
    let (status, _) = place.api(Method::PATCH, path, less.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let other = User {
        disabled_at: None,
        ..other
    };
    place
        .store
        .put_user(&other, "operator", Utc::now())
        .unwrap();
    let (status, _) = place.api(Method::PATCH, path, less).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(place.user("keeper").role, UserRole::Viewer);
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_is_revoked_on_confirmation() {
    let place = Place::new();
    let fields = [
        ("do", "add"),
        ("user", "keeper"),
        ("name", "nightly export"),
        ("days", "30"),
        ("scope", "read"),
    ];
    let (status, _, page) = place.post("/admin/tokens", &fields).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let secret = secret(&page);
    let kept = place.store.token(&token::digest(&secret)).unwrap().unwrap();
    assert!(kept.is_valid(Utc::now()));
    let list = place.get("/admin/tokens").await;
    assert!(list.contains("nightly export") && list.contains(kept.id()));
    assert!(!list.contains(&secret) && !list.contains(&kept.hash));
    let id = kept.id().to_owned();
    let unsure = [("do", "revoke"), ("id", &*id), ("confirm", "yes")];
    let (status, _, page) = place.post("/admin/tokens", &unsure).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("id=\"confirm\" name=\"confirm\" value=\"yes\""),
        "{page}"
    );
    let sure = [("do", "revoke"), ("id", &*id), ("confirm", &*id)];
    let (status, to, _) = place.post("/admin/tokens", &sure).await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/admin/tokens?done=revoked")
    );
    assert!(place.store.tokens().unwrap()[0].revoked_at.is_some());
    let endless = [
        ("do", "add"),
        ("user", "keeper"),
        ("name", "x"),
        ("days", "999999"),
    ];
    let (status, _, page) = place.post("/admin/tokens", &endless).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("href=\"#days\""));
}

#[tokio::test]
async fn the_api_keeps_users_and_tokens() {
    let place = Place::new();
    let new = json!({ "id": "aisha", "role": "analyst", "language": "ru" });
    let (status, body) = place.api(Method::POST, "/api/v1/users", new.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    assert!(body["link"].as_str().unwrap().contains("/link?token="));
    assert_eq!(body["user"]["has_password"], false);
    let (status, _) = place.api(Method::POST, "/api/v1/users", new).await;
    assert_eq!(status, StatusCode::CONFLICT);
    for (wrong, expected) in [
        (json!({ "role": "king" }), StatusCode::UNPROCESSABLE_ENTITY),
        (
            json!({ "agencies": ["nobody-knows"] }),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (json!({ "password": "x" }), StatusCode::BAD_REQUEST),
    ] {
        let (status, body) = place
            .api(Method::PATCH, "/api/v1/users/aisha", wrong.clone())
            .await;
        assert_eq!(status, expected, "{wrong} {body}");
    }
    let (status, _) = place
        .api(Method::PATCH, "/api/v1/users/none", json!({}))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let browser = json!({ "language": null, "is_active": false });
    let (status, body) = place
        .api(Method::PATCH, "/api/v1/users/aisha", browser)
        .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let user = place.user("aisha");
    assert!(user.language.is_none() && !user.is_active() && user.role == UserRole::Analyst);
    let asked = json!({ "user": "keeper", "name": "bot", "days": 1 });
    let (status, body) = place.api(Method::POST, "/api/v1/tokens", asked).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(body["scope"], "read");
    let path = format!("/api/v1/tokens/{}", body["id"].as_str().unwrap());
    let (status, body) = place.api(Method::DELETE, &path, json!(null)).await;
    assert!(status == StatusCode::OK && body["revoked_at"].is_string());
    let (status, _) = place
        .api(Method::DELETE, "/api/v1/tokens/0", json!(null))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_audit_log_is_filtered_paged_exported_and_verified() {
    let place = Place::new();
    for n in 0..120 {
        let note = AuditNote {
            at: Utc::now(),
            actor: if n % 2 == 0 { "aisha" } else { "berik" }.to_owned(),
            action: "export.cases".to_owned(),
            subject: format!("=HYPERLINK({n})"),
            details: json!({ "cases": n, "note": "<script>" }),
        };
        place.store.note(&note).unwrap();
    }
    let page = place.get("/admin/audit?who=aisha&what=export").await;
    assert_eq!(
        page.matches("<td class=\"mono\" lang=\"en\">export.cases")
            .count(),
        50
    );
    assert!(
        !page.contains("<script>") && !page.contains(">berik<"),
        "{page}"
    );
    assert!(place.get("/admin/audit").await.contains(">berik<"));
    let (before, _) = page.split_once("rel=\"next\"").unwrap();
    let next = before.rsplit_once("href=\"").unwrap().1;
    let next = next.split('"').next().unwrap();
    let next = next.replace("&#38;", "&").replace("&amp;", "&");
    let rest = place.get(&next).await;
    assert_eq!(
        rest.matches("<td class=\"mono\" lang=\"en\">export.cases")
            .count(),
        10
    );
    assert!(!rest.contains("rel=\"next\""), "60 are two pages: {rest}");
    for wrong in ["from=yesterday", "to=2026-02-30", "before=first"] {
        for place_of in ["/admin/audit", "/admin/audit/export", "/api/v1/audit"] {
            let path = format!("{place_of}?{wrong}");
            let (status, _, said) = place.send(Method::GET, &path, String::new()).await;
            let field = wrong.split('=').next().unwrap();
            assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
            assert!(said.contains(field), "{path}: {said}");
        }
    }
    assert!(
        place
            .get("/admin/audit?to=2001-01-01")
            .await
            .contains("No entry matches")
    );
    let csv = place.get("/admin/audit/export?form=csv&who=berik").await;
    assert_eq!(csv.lines().count(), 61, "{csv}");
    assert!(
        csv.contains("'=HYPERLINK(1)") && !csv.contains(",=HYPERLINK"),
        "{csv}"
    );
    let lines = place
        .get("/admin/audit/export?form=jsonl&what=export.audit")
        .await;
    let entry: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(entry["actor"], "keeper", "the export before is entered");
    let (status, body) = place
        .api(Method::GET, "/api/v1/audit?who=aisha", Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["entries"].as_array().unwrap().len(), 50);
    assert!(body["meta"]["before"].is_u64());
    let (status, _, page) = place.post("/admin/audit", &[]).await;
    assert!(
        status == StatusCode::OK && page.contains("All is as it was entered"),
        "{page}"
    );
}

#[tokio::test]
async fn roles_are_shown_as_the_tables_have_them_and_all_pages_speak_three_languages() {
    let place = Place::new();
    let page = place.get("/admin/roles").await;
    let row = page.split("Approve the letter").nth(1).unwrap();
    let row = row.split("</tr>").next().unwrap();
    assert_eq!(row.matches(">yes<").count(), 1, "approvers alone: {row}");
    assert_eq!(row.matches(">no<").count(), 4);
    for path in [
        "/admin",
        "/admin/users/keeper",
        "/admin/roles",
        "/admin/tokens",
        "/admin/audit",
        "/admin/about",
        "/account",
    ] {
        for language in ["kk", "ru", "en"] {
            let cookie = format!("{}; language={language}", place.browser.cookie);
            let browser = Browser {
                router: place.browser.router.clone(),
                cookie,
            };
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = browser.send(request).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 24)
                .await
                .unwrap();
            let page = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(page.contains(&format!("<html lang=\"{language}\"")));
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
            assert!(!page.contains("Unknown localization"), "{path} {language}");
            assert!(!page.contains(" style="), "{path}");
        }
    }
}

#[tokio::test]
async fn a_version_that_cannot_be_read_is_refused_and_changes_nothing() {
    let place = Place::new();
    for tag in ["keeper", "\"half", "*", ""] {
        let request = Request::patch("/api/v1/users/keeper")
            .header("host", "127.0.0.1:8780")
            .header("origin", "http://127.0.0.1:8780")
            .header("if-match", tag)
            .body(Body::from(r#"{"name":"Other"}"#));
        let response = place.browser.send(request.unwrap()).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{tag}");
    }
    let request = Request::patch("/api/v1/users/keeper")
        .header("host", "127.0.0.1:8780")
        .header("origin", "http://127.0.0.1:8780")
        .header("if-match", &b"\"\xff\""[..])
        .body(Body::from(r#"{"name":"Other"}"#));
    let response = place.browser.send(request.unwrap()).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(place.user("keeper").name, "keeper");
}

#[test]
fn two_administrators_who_make_each_other_less_at_once_do_not_both_succeed() {
    let place = Place::new();
    let other = User::new("other", UserRole::Administrator, Utc::now());
    place
        .store
        .put_user(&other, "operator", Utc::now())
        .unwrap();
    let less = UserChange {
        role: Some("viewer".to_owned()),
        ..UserChange::default()
    };
    let (store, asked) = (Arc::clone(&place.store), less);
    let mut second = None;
    // While one is being decided on, the other is asked for by another process, as another handle of the folder stands for.
    let folder = place._folder.path().to_owned();
    store
        .decide_user("other", "user.change", Utc::now(), &mut |users| {
            let (folder, asked) = (folder.clone(), asked.clone());
            let (told, tells) = std::sync::mpsc::channel();
            second = Some(std::thread::spawn(move || {
                let store = store::open_desk(&folder).unwrap();
                told.send("begun").unwrap();
                let changed = people::change(&*store, "other", &asked, None, "keeper", Utc::now());
                // Nobody listens any more when it did not wait.
                let _ = told.send("done");
                changed
            }));
            assert_eq!(tells.recv().unwrap(), "begun");
            let while_deciding = tells.recv_timeout(std::time::Duration::from_millis(100));
            assert!(while_deciding.is_err(), "it waits");
            let keeper = users.iter().find(|user| user.id == "keeper").unwrap();
            Some(User {
                role: UserRole::Viewer,
                ..keeper.clone()
            })
        })
        .unwrap();
    let refused = second.unwrap().join().unwrap().unwrap_err();
    assert!(
        refused.to_string().contains("no active administrator"),
        "{refused}"
    );
    assert_eq!(place.user("other").role, UserRole::Administrator);
}
