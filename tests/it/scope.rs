//! What people of one agency are told of the findings of others: on pages, in lists, counts, searches and saved searches.

use std::collections::BTreeSet;
use std::sync::Arc;

use aigaq::model::{Alert, Label, Snippet, SourceId, User, UserRole};
use aigaq::pipeline::Workspace;
use aigaq::serve::router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::desk::minute;
use super::desk_overview::whole_desk;
use super::kinds::demo;
use super::signed::Browser;

/// Somebody at a desk over a workspace, for one agency or for all.
fn reader(workspace: &Arc<Workspace>, id: &str, role: UserRole, agency: Option<&str>) -> Browser {
    let desk = whole_desk(workspace);
    let agency = agency.map(|agency| SourceId(agency.to_owned()));
    let user = User {
        agencies: agency.into_iter().collect(),
        ..User::new(id, role, minute(0))
    };
    Browser::of(router(Arc::new(desk)), &workspace.store, &user)
}

async fn ask(browser: &Browser, method: &str, path: &str, body: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "127.0.0.1:8780")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .header("accept-language", "en")
        .body(Body::from(body.to_owned()));
    let response = browser.send(request.unwrap()).await;
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await;
    (status, String::from_utf8(bytes.unwrap().to_vec()).unwrap())
}

async fn get(browser: &Browser, path: &str) -> String {
    let (status, body) = ask(browser, "GET", path, "").await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

async fn json(browser: &Browser, path: &str) -> Value {
    serde_json::from_str(&get(browser, path).await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_agency_is_listed_counted_found_or_told() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let store = &*workspace.store;
    let all = reader(&workspace, "all", UserRole::Officer, None);
    let far = reader(&workspace, "far", UserRole::Officer, Some("elsewhere"));
    let findings = store.findings().unwrap();
    let official: BTreeSet<SourceId> = aigaq::serve::desk::official(store).unwrap();
    let is_free = |place: &&(aigaq::model::Claim, aigaq::model::Verdict)| {
        place.1.evidence.is_empty() && !official.contains(&place.0.source)
    };
    let n_free = findings.iter().filter(is_free).count();
    assert!(n_free < findings.len());

    // Lists and counts of the API.
    let total = async |browser: &Browser, path: &str| {
        json(browser, path).await["meta"]["total"].as_u64().unwrap()
    };
    for (path, whole, scoped) in [
        ("/api/v1/findings", findings.len(), n_free),
        ("/api/v1/findings?verdict=contradicted", 1, 0),
        ("/api/v1/cases", 1, 0),
        ("/api/v1/search?kind=claims&q=verdict:contradicted", 1, 0),
        ("/api/v1/search?kind=cases&q=", 1, 0),
        ("/api/v1/search?q=case:proposed%20%7C%20slot:value", 1, 0),
    ] {
        let (n_all, n_far) = (total(&all, path).await, total(&far, path).await);
        assert!(n_all >= whole as u64, "{path}: {n_all}");
        assert_eq!(n_far, scoped as u64, "{path}");
    }

    // Pages: no case of others stands on any of them, nor a publication among what was held against a record.
    let (claim, verdict) = store.findings_with(Label::Contradicted).unwrap().remove(0);
    let encoded = |url: &str| byte_serialize(url.as_bytes()).collect::<String>();
    let record = format!("/records?url={}", encoded(&verdict.evidence[0].url));
    let publication = format!("/publications?url={}", encoded(&claim.url));
    let cases = store.cases().unwrap();
    let names_case = |page: &str| cases.iter().any(|case| page.contains(&case.id.0));
    let held = format!("/publications?url={}", encoded(&claim.url));
    for path in ["/cases?view=all", &record, &publication] {
        let (open, shut) = (get(&all, path).await, get(&far, path).await);
        if path != record {
            assert!(names_case(&open), "{path}");
        }
        assert!(!names_case(&shut), "{path}: {shut}");
    }
    assert!(get(&all, &record).await.contains(&held));
    assert!(!get(&far, &record).await.contains(&held));
    for (browser, n) in [(&all, cases.len()), (&far, 0)] {
        let page = get(browser, "/overview?days=30").await;
        let count = format!("<span class=\"end small muted\">{n} case");
        assert!(page.contains(&count), "{count}: {page}");
    }
    let empty = get(&far, "/cases").await;
    let counted = format!("{n_free} claims were checked");
    assert!(empty.contains(&counted), "{counted}: {empty}");

    // Saved searches: tried within what is seen, and none is kept that would tell of what is not.
    let tried = "/api/v1/saved/preview?q=verdict:contradicted";
    let wide = r#"{"query":"verdict:contradicted"}"#;
    assert_eq!(json(&far, tried).await["stories"], 0);
    let mut known = json(&all, tried).await["stories"].as_u64().unwrap();
    if known == 0 {
        // The fictional web may lie outside of the days that are tried; then the claims say whether the filter finds.
        known = total(&all, "/api/v1/search?q=verdict:contradicted").await;
    }
    assert!(known > 0);
    let (status, _) = ask(&all, "PUT", "/api/v1/saved/wide", wide).await;
    assert_eq!(status, StatusCode::OK);
    for query in [
        "verdict:contradicted",
        "slot:value port",
        "(case:proposed)",
        "@wide",
    ] {
        let body = format!(r#"{{"query":"{query}"}}"#);
        let (status, said) = ask(&far, "PUT", "/api/v1/saved/own", &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {said}");
        assert!(said.contains("`verdict:`"), "{said}");
    }
    let (status, said) = ask(&far, "PUT", "/api/v1/saved/own", r#"{"query":"port"}"#).await;
    assert_eq!(status, StatusCode::OK, "{said}");
    let alert = |search: &str| Alert {
        search: search.to_owned(),
        revision: claim.revision.clone(),
        url: claim.url.clone(),
        title: format!("Found by {search}"),
        why: Snippet::default(),
        likeness: (0, 0),
        matched_at: minute(0),
        told_at: None,
    };
    store
        .put_alerts(&[alert("wide"), alert("own")], None)
        .unwrap();
    for (browser, n_wide) in [(&all, 1), (&far, 0)] {
        let found = json(browser, "/api/v1/saved/wide").await;
        assert_eq!(found["alerts"].as_array().unwrap().len(), n_wide);
        let found = json(browser, "/api/v1/saved/own").await;
        assert_eq!(found["alerts"].as_array().unwrap().len(), 1);
        let page = get(browser, "/saved").await;
        assert_eq!(page.contains("Found by wide"), n_wide == 1);
        assert!(page.contains("Found by own"));
    }
    let (status, _) = ask(&far, "POST", "/api/v1/saved/wide/feed", "").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_walked_to_their_end_and_none_twice() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let all = reader(&workspace, "all", UserRole::Officer, None);
    let findings = workspace.store.findings().unwrap();
    let expected: Vec<(&str, &str)> = findings
        .iter()
        .map(|(claim, _)| (claim.url.as_str(), claim.text.as_str()))
        .collect();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = json(&all, &format!("/api/v1/findings?limit=3{after}")).await;
        let items = page["findings"].as_array().unwrap().clone();
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        seen.extend(
            items
                .iter()
                .map(|one| (text(one, "url"), text(one, "sentence"))),
        );
        let Some(next) = page["meta"]["next"].as_str() else {
            break;
        };
        after = format!(
            "&after={}",
            byte_serialize(next.as_bytes()).collect::<String>()
        );
    }
    let seen: Vec<(&str, &str)> = seen.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(seen, expected);
    // A claim that is gone since leads to the first of its page, so that none is passed over.
    let last = &findings[findings.len() - 1].0;
    let gone: String = byte_serialize(format!("gone {}", last.url).as_bytes()).collect();
    let page = json(&all, &format!("/api/v1/findings?after={gone}")).await;
    let n_of_page = findings
        .iter()
        .filter(|(claim, _)| claim.url == last.url)
        .count();
    assert_eq!(page["findings"].as_array().unwrap().len(), n_of_page);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_with_saved_searches_and_exports_is_entered_and_viewers_see_nobodys_address() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = demo(folder.path()).await;
    let all = reader(&workspace, "all", UserRole::Officer, None);
    let viewer = reader(&workspace, "viewer", UserRole::Viewer, None);
    let told = r#"{"query":"port","tell":{"mail":"desk@bureau.example"}}"#;
    for (method, path, body) in [
        ("PUT", "/api/v1/saved/ports", told),
        ("POST", "/api/v1/saved/ports/feed", ""),
        ("POST", "/api/v1/saved/ports/resume", ""),
        ("DELETE", "/api/v1/saved/ports/feed", ""),
        ("GET", "/api/v1/search/export?q=port&form=csv", ""),
    ] {
        let (status, said) = ask(&all, method, path, body).await;
        assert!(status.is_success(), "{path}: {said}");
    }
    for path in ["/api/v1/saved", "/api/v1/saved/ports", "/saved"] {
        assert!(
            get(&all, path).await.contains("desk@bureau.example"),
            "{path}"
        );
        assert!(
            !get(&viewer, path).await.contains("desk@bureau.example"),
            "{path}"
        );
    }
    ask(&all, "DELETE", "/api/v1/saved/ports", "").await;
    let entries = workspace.store.audit_after(0).unwrap();
    let entered: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.actor == "all" && !entry.action.starts_with("session."))
        .map(|entry| entry.action.as_str())
        .collect();
    let expected = [
        "saved.put",
        "saved.feed",
        "saved.resume",
        "saved.revoke_feed",
        "export.search",
        "saved.remove",
    ];
    assert_eq!(entered, expected);
    assert!(
        entries
            .iter()
            .all(|entry| !entry.details.contains("bureau.example"))
    );
}
