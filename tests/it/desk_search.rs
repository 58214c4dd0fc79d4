//! The page of search: what its links lead to, what it says in each language, and what it does not obey.

use std::sync::Arc;

use aigaq::config::CaseConfig;
use aigaq::index::Index;
use aigaq::model::{Revision, Source, SourceId, SourceRole, User, UserRole};
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::{self, Derived, Store};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt as _;
use url::form_urlencoded::byte_serialize;

use super::judged;
use super::signed::{bare_desk, signed_in};
use super::store::sighting;

/// A page whose title and text turn the direction of writing and carry markup.
const HOSTILE: &str = "https://outlet.example/\"><script>alert(1)</script>";

fn outlet(revision: &Revision) -> Source {
    judged::source(&revision.source.0, SourceRole::Media)
}

/// A desk over some pages, each seen so many minutes after the others.
fn desk(pages: &[(&str, &str, i64)]) -> (tempfile::TempDir, axum::Router) {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let pages: Vec<_> = pages
        .iter()
        .map(|(url, text, at)| sighting(url, text, *at))
        .collect();
    store
        .record_batch(&pages, &[], &mut |new| vec![Derived::default(); new.len()])
        .unwrap();
    let index = Index::open(folder.path()).unwrap();
    index.catch_up(&*store, &outlet).unwrap();
    let names = [(
        SourceId("outlet".to_owned()),
        judged::source("outlet", SourceRole::Media),
    )];
    let desk = Desk::new(
        Arc::from(store),
        index,
        names.into(),
        CaseConfig::default(),
        Gate::default(),
    );
    (folder, signed(desk))
}

/// The pages as an officer of no single agency sees them.
pub fn signed(desk: Desk) -> axum::Router {
    let store = Arc::clone(&desk.store);
    let user = User::new("aisha", UserRole::Officer, super::store::at(0));
    signed_in(router(Arc::new(desk)), &store, &user)
}

/// A desk with two pages about a port, of which one is hostile.
fn ports() -> (tempfile::TempDir, axum::Router) {
    desk(&[
        (HOSTILE, "\u{202e}Порт <script>alert(2)</script> открыт.", 0),
        (
            "https://outlet.example/2",
            "Порт закрыт. Мост открыт.",
            60 * 24 * 3,
        ),
    ])
}

/// The page of a query in a language.
async fn search(router: &axum::Router, query: &str, more: &str, language: &str) -> String {
    let query: String = byte_serialize(query.as_bytes()).collect();
    let (status, body, _) = get(router, &format!("/search?q={query}{more}"), language).await;
    assert_eq!(status, StatusCode::OK);
    body
}

/// Status, body and where an address leads.
async fn get(router: &axum::Router, path: &str, language: &str) -> (StatusCode, String, String) {
    let request = Request::get(path).header(header::COOKIE, format!("language={language}"));
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let status = response.status();
    let to = response.headers().get(header::LOCATION);
    let to = to.map_or("", |to| to.to_str().unwrap()).to_owned();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap(), to)
}

/// The addresses of a page's links that have something in them, as they are written.
fn links(body: &str, what: &str) -> Vec<String> {
    let pieces = body.split("href=\"").skip(1);
    let links = pieces.filter_map(|piece| piece.split_once('"'));
    let links = links.map(|(link, _)| link.replace("&amp;", "&").replace("&#38;", "&"));
    links.filter(|link| link.contains(what)).collect()
}

#[tokio::test]
async fn a_page_is_said_in_the_language_of_the_reader() {
    let (_folder, router) = ports();
    for (language, tab, found) in [
        ("kk", "Мәлімдемелер", "Табылғаны: 2"),
        ("ru", "Утверждения", "Нашлось 2 записи"),
        ("en", "Claims", "2 found"),
    ] {
        let body = search(&router, "порт", "", language).await;
        assert!(
            body.contains(&format!("<html lang=\"{language}\"")),
            "{body}"
        );
        assert!(body.contains(tab) && body.contains(found), "{body}");
        assert_eq!(body.matches("<h1").count(), 1);
    }
}

#[tokio::test]
async fn what_was_mended_is_said_in_the_language_of_the_reader_too() {
    let (_folder, router) = ports();
    for (language, said) in [
        ("kk", "Ашық қалған ( соңында жабылды"),
        ("ru", "Открытая ( закрыта в конце"),
        ("en", "An open ( was closed at the end"),
    ] {
        let body = search(&router, "(порт", "", language).await;
        assert!(body.contains(said), "{body}");
    }
    let body = search(&router, "порт sorce:x", "", "ru").await;
    assert!(body.contains("ближайшее – source:"), "{body}");
}

#[tokio::test]
async fn a_value_of_a_facet_is_a_link_that_adds_it_and_then_one_that_takes_it() {
    let (_folder, router) = ports();
    let body = search(&router, "порт", "", "ru").await;
    let [add] = &links(&body, "q=%D0%BF%D0%BE%D1%80%D1%82+source%3Aoutlet")[..] else {
        panic!("{body}");
    };
    let (_, narrowed, _) = get(&router, add, "ru").await;
    assert!(narrowed.contains("<a class=\"chip on\""), "{narrowed}");
    assert!(
        narrowed.contains("aria-current=\"true\"><span class=\"tick\""),
        "{narrowed}"
    );
    let body = search(&router, "порт source:outlet,other", "", "ru").await;
    assert!(
        body.contains("Нашлось 2 записи"),
        "values of a facet are alternatives: {body}"
    );
    assert!(
        !links(&body, "source%3Aother").is_empty(),
        "one value can be taken away: {body}"
    );
}

#[tokio::test]
async fn a_column_leads_to_its_days_and_the_fields_of_days_do_the_same() {
    let (_folder, router) = ports();
    let body = search(&router, "порт", "&step=day", "ru").await;
    let columns = links(&body, "published%3A");
    assert!(columns.len() >= 2, "{columns:?}");
    let (_, zoomed, _) = get(&router, &columns[0], "ru").await;
    assert!(zoomed.contains("Нашлась 1 запись"), "{zoomed}");
    let query = "/search?q=%D0%BF%D0%BE%D1%80%D1%82&kind=publications";
    let (status, _, to) = get(&router, &format!("{query}&from=2026-01-02&to="), "ru").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(
        to.ends_with("published%3A2026-01-02..&kind=publications"),
        "{to}"
    );
    let (_, _, to) = get(&router, &format!("{query}&from=yesterday&to="), "ru").await;
    assert!(
        !to.contains("published"),
        "what is no day filters nothing: {to}"
    );
}

#[tokio::test]
async fn where_nothing_was_found_the_price_of_each_filter_is_told() {
    let (_folder, router) = ports();
    let body = search(&router, "порт source:nobody lang:ru", "", "ru").await;
    assert!(body.contains("Ничего не нашлось"), "{body}");
    assert!(
        body.contains("Без фильтра «Источник» нашлось бы: 2"),
        "{body}"
    );
    assert!(
        !body.contains("Без фильтра «Язык»"),
        "it would change nothing: {body}"
    );
    let (_folder, empty) = desk(&[]);
    let (_, body, _) = get(&empty, "/search", "ru").await;
    assert!(body.contains("Пока ничего не собрано"), "{body}");
}

#[tokio::test]
async fn pages_of_hits_are_gone_through_one_by_one() {
    let (_folder, router) = ports();
    let body = search(&router, "порт", "&limit=1&folded=no", "ru").await;
    let next = links(&body, "after=");
    assert_eq!(body.matches("data-row").count(), 1);
    let first = links(&body, "/publications?");
    let (_, body, _) = get(&router, &next[0], "ru").await;
    assert_eq!(body.matches("data-row").count(), 1);
    assert_ne!(links(&body, "/publications?")[0], first[0], "another hit");
    assert!(body.contains("К первой странице"), "{body}");
}

#[tokio::test]
async fn hostile_addresses_titles_and_texts_are_shown_and_not_obeyed() {
    let (_folder, router) = ports();
    for more in [
        "",
        "&bars=share",
        "&compare=%22%3E%3Cscript%3E",
        "&kind=claims",
    ] {
        let body = search(&router, "порт \"><img src=x>", more, "ru").await;
        let body = body + &search(&router, "порт", more, "ru").await;
        for foreign in ["<script>", "<img", "style=", "onclick"] {
            assert!(!body.contains(foreign), "{foreign} {more}: {body}");
        }
    }
    let body = search(&router, "порт", "", "ru").await;
    assert!(
        body.contains("dir=\"auto\"><a href=\"/publications?url="),
        "{body}"
    );
}

/// Sends the form of saved searches as a browser of this desk does.
async fn send(router: &axum::Router, body: &str) -> (StatusCode, String) {
    let request = Request::post("/saved")
        .header(header::HOST, "localhost:8780")
        .header(header::ORIGIN, "http://localhost:8780")
        .header(header::COOKIE, "language=ru")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_search_that_cannot_be_saved_is_shown_again_as_typed_with_what_to_mend() {
    let (_folder, router) = ports();
    let (status, body) = send(
        &router,
        "do=save&name=a+b&query=(%D0%BC%D0%BE%D1%81%D1%82&tell=mail&recipient=nobody&pace=daily",
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("role=\"alert\""), "{body}");
    for said in [
        "href=\"#name\"",
        "href=\"#query\"",
        "href=\"#recipient\"",
        "value=\"a b\"",
        ">(мост</textarea>",
        "value=\"nobody\"",
        "value=\"mail\" checked",
        "value=\"daily\" checked",
    ] {
        assert!(body.contains(said), "{said}: {body}");
    }
}

#[tokio::test]
async fn a_search_of_the_same_name_is_only_replaced_by_who_saw_it() {
    let (_folder, router) = ports();
    let saved = send(
        &router,
        "do=save&name=bridges&query=%D0%BC%D0%BE%D1%81%D1%82",
    )
    .await;
    assert_eq!(saved.0, StatusCode::SEE_OTHER);
    let (status, body) = send(
        &router,
        "do=save&name=bridges&query=%D0%BF%D0%BE%D1%80%D1%82",
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body.contains("<bdi>мост</bdi>"),
        "what stands there is shown: {body}"
    );
    let state = body.split("name=\"replace\" value=\"").nth(1).unwrap();
    let state = state.split('"').next().unwrap();
    let again = format!("do=save&name=bridges&query=%D0%BF%D0%BE%D1%80%D1%82&replace={state}");
    assert_eq!(send(&router, &again).await.0, StatusCode::SEE_OTHER);
    assert_eq!(
        send(&router, &again).await.0,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it changed meanwhile"
    );
}

#[tokio::test]
async fn what_proves_something_is_shown_once() {
    let (_folder, router) = ports();
    let hook = "do=save&name=hook&query=%D0%BF%D0%BE%D1%80%D1%82&tell=webhook&recipient=https%3A%2F%2Fhook.example%2Fin";
    let (status, body) = send(&router, hook).await;
    assert_eq!(status, StatusCode::OK);
    let secret = body.split("class=\"mono breaks\">").nth(1).unwrap();
    let secret = secret.split('<').next().unwrap().to_owned();
    assert!(secret.len() > 20, "{secret}");
    let (_, body) = send(&router, "do=feed&name=hook").await;
    assert!(
        body.contains("/feeds/") && !body.contains(&secret),
        "{body}"
    );
    let (_, body, _) = get(&router, "/saved", "ru").await;
    assert!(
        !body.contains("/feeds/") && !body.contains(&secret),
        "{body}"
    );
    assert!(body.contains("Вебхук: https://hook.example/in"), "{body}");
}

#[tokio::test]
async fn a_search_is_changed_by_who_made_it_and_by_administrators() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::from(store::open(folder.path()).unwrap());
    let desk = Arc::new(bare_desk(folder.path(), &store, Gate::default()));
    let as_user = |id: &str, role| {
        let user = User::new(id, role, super::store::at(0));
        signed_in(router(Arc::clone(&desk)), &store, &user)
    };
    let aisha = as_user("aisha", UserRole::Officer);
    let berik = as_user("berik", UserRole::Officer);
    let keeper = as_user("keeper", UserRole::Administrator);
    let (status, _) = send(&aisha, "do=save&name=ports&query=port").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let owner = || store.saved_searches().unwrap()[0].owner.clone();
    assert_eq!(owner().as_deref(), Some("aisha"));
    let (_, body, _) = get(&berik, "/saved", "en").await;
    assert!(
        body.contains("Made by: aisha") && !body.contains("value=\"remove\""),
        "{body}"
    );
    let (_, body, _) = get(&aisha, "/saved", "en").await;
    assert!(body.contains("value=\"remove\""));
    let (status, body) = send(&berik, "do=save&name=ports&query=bridge").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("href=\"#name\""), "{body}");
    for what in ["remove", "resume", "feed", "revoke"] {
        let (status, _) = send(&berik, &format!("do={what}&name=ports")).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
    }
    assert_eq!(store.saved_searches().unwrap()[0].query, "port");
    // What an administrator changes stays its maker's.
    let (status, _) = send(&keeper, "do=feed&name=ports").await;
    assert_eq!(
        (status, owner().as_deref()),
        (StatusCode::OK, Some("aisha"))
    );
    // What is gone for good goes only when its name was typed; what was typed wrong stays on the page.
    for what in ["feed", "revoke", "remove"] {
        let (status, body) = send(&aisha, &format!("do={what}&name=ports&confirm=port")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        let field = "id=\"confirm\" name=\"confirm\" value=\"port\"";
        assert!(
            body.contains(field) && body.contains("href=\"#confirm\""),
            "{what}: {body}"
        );
        assert!(store.saved_searches().unwrap()[0].feed.is_some(), "{what}");
    }
    let (status, _) = send(&aisha, "do=revoke&name=ports&confirm=ports").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(store.saved_searches().unwrap()[0].feed.is_none());
    // One that nobody owns is everybody's.
    store
        .change_saved_search("ports", &mut |search| search.owner = None)
        .unwrap();
    let (status, _) = send(&berik, "do=remove&name=ports&confirm=ports").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(store.saved_searches().unwrap().is_empty());
}
