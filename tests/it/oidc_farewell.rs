//! Signing out where somebody signed in at a provider: the session there ends too (RP-Initiated Logout 1.0).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use url::Url;

use super::oidc::{Place, cookie_of};
use super::signed::Answer;

/// Signs in and out again.
async fn out(place: &Place) -> Answer {
    let session = cookie_of(&place.sign_in().await, "sid");
    let out = place.post("/sign-out", &session, &[]).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert!(out.header("clear-site-data").contains("cookies"));
    let after = place.get("/account", &session).await;
    assert_eq!(
        after.status,
        StatusCode::SEE_OTHER,
        "the session here is over"
    );
    assert_eq!(place.n_sessions(), 0);
    out
}

/// Where a page leads on to by itself.
fn led_to(page: &str) -> Url {
    let (_, refresh) = page
        .split_once("http-equiv=\"refresh\" content=\"0;url=")
        .unwrap();
    let (address, _) = refresh.split_once('"').unwrap();
    let address = address.replace("&#38;", "&");
    assert!(
        page.contains("<a class=\"btn primary\" href="),
        "and without that by a link"
    );
    Url::parse(&address).unwrap()
}

#[tokio::test]
async fn the_session_at_the_provider_ends_with_the_one_here() {
    let place = Place::with_aisha("", "");
    place.mood(|mood| mood.leaves = "/leave?realm=staff");
    let out = out(&place).await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.body.contains("The Agency") && !out.body.contains("/account"));
    let address = led_to(&out.body);
    let issuer = place.side.lock().unwrap().issuer.clone();
    assert!(
        address
            .as_str()
            .starts_with(&format!("{issuer}/leave?realm=staff&"))
    );
    let asked: BTreeMap<String, String> = address.query_pairs().into_owned().collect();
    assert_eq!(
        asked["id_token_hint"].split('.').count(),
        3,
        "the token as it was given"
    );
    assert_eq!(asked["client_id"], "desk");
    assert_eq!(
        asked["post_logout_redirect_uri"],
        "http://127.0.0.1:8780/sign-out/return"
    );
    // Back again: once it is the end of what was begun, then it is nothing.
    let back = format!("/sign-out/return?state={}", asked["state"]);
    let first = place.get(&back, "").await;
    assert_eq!(first.header("location"), "/sign-in?done=out-there");
    let page = place.get(first.header("location"), "").await;
    assert!(
        page.body.contains("here and with the provider"),
        "{}",
        page.body
    );
    for path in [&back, "/sign-out/return", "/sign-out/return?state=made-up"] {
        assert_eq!(
            place.get(path, "").await.header("location"),
            "/sign-in?done=out"
        );
    }
    // What waits for a sign-out signs nobody in.
    let made_up = format!("away={}", asked["state"]);
    let in_again = place.get("/sign-in/return?code=1&state=2", &made_up).await;
    assert_eq!(in_again.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_token_stands_in_no_log_and_on_no_page_of_the_account() {
    let place = Place::with_aisha("", "");
    place.mood(|mood| mood.leaves = "/leave");
    let session = cookie_of(&place.sign_in().await, "sid");
    let account = place.get("/account", &session).await;
    assert_eq!(account.status, StatusCode::OK);
    assert!(!account.body.contains("eyJ"));
    let kept = place.store.sessions("aisha").unwrap().remove(0);
    assert!(kept.at_provider.is_some() && !format!("{kept:?}").contains("eyJ"));
    place.post("/sign-out", &session, &[]).await;
    let log = place.store.audit_after(0).unwrap();
    assert!(log.iter().all(|entry| !entry.details.contains("eyJ")));
}

#[tokio::test]
async fn the_session_here_ends_whatever_becomes_of_the_one_there() {
    // The file says no; the provider offers nothing; what it offers is no place for a browser; it is down.
    let quiet = Place::with_aisha("ends_session = false", "");
    quiet.mood(|mood| mood.leaves = "/leave");
    let none = Place::with_aisha("", "");
    let odd = Place::with_aisha("", "");
    odd.mood(|mood| mood.leaves = "javascript:alert(1)");
    for place in [&quiet, &none, &odd] {
        let out = out(place).await;
        assert_eq!(out.header("location"), "/sign-in?done=out-here");
        let page = place.get(out.header("location"), "").await;
        assert!(page.body.contains("may go on"), "{}", page.body);
    }
    let down = Place::with_aisha("", "");
    down.mood(|mood| mood.leaves = "/leave");
    let session = cookie_of(&down.sign_in().await, "sid");
    down.mood(|mood| mood.status = 503);
    down.pass(3_600);
    let out = down.post("/sign-out", &session, &[]).await;
    assert_eq!(out.header("location"), "/sign-in?done=out-here");
    assert_eq!(down.n_sessions(), 0);
}
