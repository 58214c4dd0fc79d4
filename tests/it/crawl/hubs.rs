//! Subscriptions at hubs: asked for with a secret, verified, renewed, and what a hub may bring about: that a feed is looked at, nothing else.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aigaq::model::{FrontierEntry, SourceId, Subscription};
use aigaq::pipeline::hubs::{self, Room};
use aigaq::serve::signin::Gate;
use aigaq::serve::{Desk, router};
use aigaq::store::Store;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::super::signed::bare_desk;
use super::world::{Site, World, html, not_found, reply, source};

/// What a hub was asked, form by form.
type Asked = Arc<Mutex<Vec<BTreeMap<String, String>>>>;

/// A hub on loopback that takes every question; `/moved` sends on to it.
async fn hub() -> (String, Asked) {
    let asked: Asked = Arc::default();
    let log = Arc::clone(&asked);
    let take = move |body: Bytes| {
        let log = Arc::clone(&log);
        async move {
            let form = form_urlencoded::parse(&body).into_owned().collect();
            log.lock().unwrap().push(form);
            StatusCode::ACCEPTED
        }
    };
    let router = Router::new().route("/", axum::routing::post(take)).route(
        "/moved",
        axum::routing::post(|| async { axum::response::Redirect::temporary("/") }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (origin, asked)
}

/// A site whose feed names a hub, as long as `hub` has one.
async fn site(hub: &Arc<Mutex<Option<String>>>) -> Site {
    let hub = Arc::clone(hub);
    Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/rss.xml" => {
                let link = hub.lock().unwrap().as_ref().map(|hub| {
                    format!("<atom:link rel='hub' href='{hub}'/><atom:link rel='self' href='http://{host}/rss.xml'/>")
                });
                reply(
                    200,
                    "application/rss+xml",
                    format!(
                        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>F</title>{}\
                         <item><title>T</title><link>http://{host}/a</link></item></channel></rss>",
                        link.unwrap_or_default()
                    ),
                )
            }
            "/a" => html("<p>Бір</p>"),
            _ => not_found(),
        }
    })
    .await
}

const CALLBACK: &str = "[web]\nhub_callback = \"https://desk.example\"";

fn world(site: &Site, crawl: &str) -> World {
    let feeds = format!("feeds = [\"{}/rss.xml\"]", site.origin);
    World::new(crawl, &[source("outlet", &site.origin, &feeds)])
}

fn now(world: &World) -> DateTime<Utc> {
    *world.now.lock().unwrap()
}

fn only(store: &dyn Store) -> Subscription {
    let [one] = &store.subscriptions().unwrap()[..] else {
        panic!("one subscription")
    };
    one.clone()
}

fn feed(store: &dyn Store, site: &Site) -> FrontierEntry {
    let url = format!("{}/rss.xml", site.origin);
    let outlet = SourceId("outlet".to_owned());
    store.frontier_entry(&outlet, &url).unwrap().unwrap()
}

/// The pages of a desk, at the clock of a world.
fn desk(world: &World, store: &Arc<dyn Store>) -> Desk {
    let clock = Arc::clone(&world.now);
    let gate = Gate::new(Default::default(), move || *clock.lock().unwrap());
    bare_desk(world.folder.path(), store, gate)
}

fn answering(world: &World, store: &Arc<dyn Store>) -> Router {
    let room = Arc::new(Room::new(Arc::clone(store)));
    router(Arc::new(desk(world, store).with_hubs(room)))
}

/// What a hub gets, as hubs ask: without an origin or a cookie.
async fn call(
    router: &Router,
    method: Method,
    path: &str,
    signature: Option<&str>,
    body: impl Into<Body>,
) -> (StatusCode, String) {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "desk.example");
    if let Some(signature) = signature {
        request = request.header("X-Hub-Signature", signature);
    }
    let request = request.body(body.into()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn intent(token: &str, mode: &str, topic: &str, more: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("hub.mode", mode)
        .append_pair("hub.topic", topic);
    format!(
        "/hubs/{token}?{}&hub.challenge=say%20this{more}",
        query.finish()
    )
}

fn signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let digest = mac.chain_update(body).finalize().into_bytes();
    format!("sha256={}", aigaq::canonical::hex(&digest))
}

#[tokio::test]
async fn a_hub_is_asked_verified_held_to_its_lease_and_asked_again() {
    let (hub, asked) = hub().await;
    let named = Arc::new(Mutex::new(Some(format!("{hub}/moved"))));
    let site = site(&named).await;
    let world = world(&site, CALLBACK);
    let topic = format!("{}/rss.xml", site.origin);
    world.pass(true).await;
    {
        let store = world.store();
        let router = answering(&world, &store);
        assert_eq!(only(&*store).offer.hub, format!("{hub}/moved"));
        assert_eq!(
            hubs::ask(&*store, &world.config, now(&world))
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            hubs::ask(&*store, &world.config, now(&world))
                .await
                .unwrap(),
            0
        );
        let form = asked.lock().unwrap().remove(0);
        let Subscription { token, secret, .. } = only(&*store);
        assert_eq!((token.len(), secret.reveal().len()), (64, 64));
        let expected = [
            ("hub.mode", "subscribe"),
            ("hub.topic", &topic),
            (
                "hub.callback",
                &format!("https://desk.example/hubs/{token}"),
            ),
            ("hub.secret", secret.reveal()),
            ("hub.lease_seconds", "864000"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(form, BTreeMap::from(expected));
        // Whoever asks for what was not asked for is told that nobody did.
        let wrong = [
            intent("guessed", "subscribe", &topic, "&hub.lease_seconds=86400"),
            intent(
                &token,
                "subscribe",
                "https://other.example/rss.xml",
                "&hub.lease_seconds=86400",
            ),
            intent(&token, "unsubscribe", &topic, ""),
            intent(&token, "", &topic, ""),
            format!("/hubs/{token}"),
            intent(
                &token,
                "subscribe",
                &topic,
                &format!("&hub.challenge={}", "x".repeat(5000)),
            ),
        ];
        for path in wrong {
            let (status, text) = call(&router, Method::GET, &path, None, "").await;
            assert!(status.is_client_error(), "{path}: {status}");
            assert!(!text.contains("say this"), "{path}");
        }
        assert!(!only(&*store).is_active(now(&world)));
        let path = intent(&token, "subscribe", &topic, "&hub.lease_seconds=86400");
        let answer = call(&router, Method::GET, &path, None, "").await;
        assert_eq!(answer, (StatusCode::OK, "say this".to_owned()));
        let found = only(&*store);
        assert_eq!(found.lease_until, Some(now(&world) + TimeDelta::days(1)));
        assert_eq!(found.ask_at, now(&world) + TimeDelta::hours(16));
        // Once is enough: another verification was not asked for.
        let again = call(&router, Method::GET, &path, None, "").await;
        assert_eq!(again.0, StatusCode::NOT_FOUND);

        // Two thirds of the lease over it is renewed, under the same address and secret.
        world.advance(TimeDelta::hours(16));
        assert_eq!(
            hubs::ask(&*store, &world.config, now(&world))
                .await
                .unwrap(),
            1
        );
        assert_eq!(asked.lock().unwrap().remove(0), form);
        assert!(
            only(&*store).is_active(now(&world)),
            "it goes on while it is renewed"
        );
        let path = intent(
            &token,
            "denied",
            &topic,
            "&hub.reason=closed%20on%20sundays",
        );
        assert_eq!(
            call(&router, Method::GET, &path, None, "").await.0,
            StatusCode::OK
        );
        let denied = only(&*store);
        assert_eq!(denied.denied.as_deref(), Some("closed on sundays"));
        assert_eq!(
            (denied.lease_until, denied.ask_at),
            (None, now(&world) + TimeDelta::days(7))
        );
        let note = call(
            &router,
            Method::POST,
            &format!("/hubs/{token}"),
            None,
            "news",
        )
        .await;
        assert_eq!(note.0, StatusCode::GONE);

        // A hub that never verifies is asked ever more rarely.
        let mut pauses = Vec::new();
        world.advance(TimeDelta::days(7));
        for _ in 0..9 {
            assert_eq!(
                hubs::ask(&*store, &world.config, now(&world))
                    .await
                    .unwrap(),
                1
            );
            let next = only(&*store).ask_at - now(&world);
            pauses.push(next.num_hours());
            world.advance(next);
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 64, 64, 64]);
    }
    // A feed that names another hub is subscribed to anew, and one that names none no more.
    let before = only(&*world.store()).token;
    *named.lock().unwrap() = Some(hub.clone());
    world.pass(true).await;
    {
        let store = world.store();
        hubs::ask(&*store, &world.config, now(&world))
            .await
            .unwrap();
        assert_ne!(only(&*store).token, before);
    }
    *named.lock().unwrap() = None;
    world.advance(TimeDelta::hours(1));
    world.pass(true).await;
    assert_eq!(world.store().subscriptions().unwrap(), []);
}

#[tokio::test]
async fn a_notification_has_the_feed_looked_at_and_brings_nothing_else() {
    let (hub, _) = hub().await;
    let site = site(&Arc::new(Mutex::new(Some(hub)))).await;
    let world = world(&site, CALLBACK);
    world.pass(true).await;
    let fetched = now(&world);
    let news = "<rss version='2.0'><channel><item><title>Жаңа</title><link>/forged</link></item></channel></rss>";
    {
        let store = world.store();
        let router = answering(&world, &store);
        hubs::ask(&*store, &world.config, now(&world))
            .await
            .unwrap();
        let Subscription {
            token,
            secret,
            offer,
            ..
        } = only(&*store);
        let callback = format!("/hubs/{token}");
        let signed = signature(secret.reveal(), news);
        let planned = feed(&*store, &site);
        // Before the hub has verified, nothing it sends counts.
        let early = call(&router, Method::POST, &callback, Some(&signed), news).await;
        assert_eq!(early.0, StatusCode::GONE);
        let path = intent(
            &token,
            "subscribe",
            &offer.topic,
            "&hub.lease_seconds=864000",
        );
        call(&router, Method::GET, &path, None, "").await;
        world.advance(TimeDelta::seconds(20));
        let forged = signature("another secret", news);
        for wrong in [None, Some("sha256=00"), Some(forged.as_str())] {
            let answer = call(&router, Method::POST, &callback, wrong, news).await;
            assert_eq!(answer, (StatusCode::ACCEPTED, String::new()));
            assert_eq!(feed(&*store, &site), planned, "{wrong:?}");
        }
        let huge = "x".repeat(3 << 20);
        let answer = call(&router, Method::POST, &callback, Some(&signed), huge).await;
        assert_eq!(answer.0, StatusCode::PAYLOAD_TOO_LARGE);
        let answer = call(&router, Method::POST, "/hubs/guessed", Some(&signed), news).await;
        assert_eq!(answer.0, StatusCode::GONE);
        assert_eq!(feed(&*store, &site), planned);
        // The feed was fetched a moment ago: it is looked at a minute after that, however often its hub says so.
        for n_said in 5..=40 {
            let answer = call(&router, Method::POST, &callback, Some(&signed), news).await;
            let expected = match n_said {
                ..=31 => StatusCode::ACCEPTED,
                _ => StatusCode::TOO_MANY_REQUESTS,
            };
            assert_eq!(answer.0, expected, "{n_said}");
            assert_eq!(
                feed(&*store, &site).due_at,
                Some(fetched + TimeDelta::minutes(1))
            );
        }
        world.advance(TimeDelta::seconds(100));
        let answer = call(&router, Method::POST, &callback, Some(&signed), news).await;
        assert_eq!(answer.0, StatusCode::ACCEPTED, "another minute");
    }
    let n_before = site.n_asked("/rss.xml");
    world.pass(false).await;
    assert_eq!(site.n_asked("/rss.xml"), n_before + 1);
    assert_eq!(site.n_asked("/forged"), 0);
    assert_eq!(world.bodies().into_keys().collect::<Vec<_>>(), ["/a"]);
    let store = world.store();
    let forged = format!("{}/forged", site.origin);
    assert_eq!(store.entries_at(&forged).unwrap(), []);
    // What is said of a feed that fails does not shorten the pause that its host was given.
    let outlet = SourceId("outlet".to_owned());
    let url = format!("{}/rss.xml", site.origin);
    let failing = &mut |entry: &mut FrontierEntry| entry.n_failures = 3;
    store.change_entry(&outlet, &url, failing).unwrap();
    world.advance(TimeDelta::minutes(5));
    let planned = feed(&*store, &site);
    let Subscription { token, secret, .. } = only(&*store);
    let router = answering(&world, &store);
    let callback = format!("/hubs/{token}");
    let signed = signature(secret.reveal(), news);
    let answer = call(&router, Method::POST, &callback, Some(&signed), news).await;
    assert_eq!(answer.0, StatusCode::ACCEPTED);
    assert_eq!(feed(&*store, &site), planned);
    // The lease is over.
    world.advance(TimeDelta::days(10));
    let answer = call(&router, Method::POST, &callback, Some(&signed), news).await;
    assert_eq!(answer.0, StatusCode::GONE);
}

#[tokio::test]
async fn no_hub_is_asked_without_a_callback_nor_in_the_own_network() {
    let (hub, asked) = hub().await;
    let hub = format!("{hub}/");
    let named = Arc::new(Mutex::new(Some(hub.clone())));
    let outlet = site(&named).await;
    let unasked = world(&outlet, "");
    unasked.pass(true).await;
    let store = unasked.store();
    assert_eq!(store.subscriptions().unwrap(), []);
    assert_eq!(
        hubs::ask(&*store, &unasked.config, now(&unasked))
            .await
            .unwrap(),
        0
    );
    let router = router(Arc::new(desk(&unasked, &store)));
    let path = intent("any", "subscribe", "https://other.example/", "");
    assert_eq!(
        call(&router, Method::GET, &path, None, "").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        call(&router, Method::POST, "/hubs/any", None, "x").await.0,
        StatusCode::GONE
    );

    // The operator allows the site's own address and no other.
    let host = outlet.origin.trim_start_matches("http://");
    let more = format!(
        "feeds = [\"{}/rss.xml\"]\nallow_private_addresses = [\"{host}\"]",
        outlet.origin
    );
    let guarded = World::new(CALLBACK, &[source("outlet", &outlet.origin, &more)]);
    guarded.pass(true).await;
    let store = guarded.store();
    assert_eq!(only(&*store).offer.hub, hub);
    assert_eq!(
        hubs::ask(&*store, &guarded.config, now(&guarded))
            .await
            .unwrap(),
        1
    );
    assert!(asked.lock().unwrap().is_empty(), "no connection was made");
    assert!(!only(&*store).is_active(now(&guarded)));
}
