//! Visits over time: what is trusted of a host's word, what a page is in effect, what is asked for first, and why.

use std::sync::{Arc, Mutex};

use aigaq::model::{FetchOutcome, FrontierEntry, Reason, SourceId, Wall};
use chrono::TimeDelta;

use super::world::{Site, World, html, not_found, of, redirect, reply, rss, source};

fn id() -> SourceId {
    SourceId("a".to_owned())
}

/// A world with one source that has a feed at `/feed`.
fn world_of(site: &Site) -> World {
    let feed = format!("feeds = [\"{}/feed\"]", site.origin);
    World::new("", &[source("a", &site.origin, &feed)])
}

fn entry(world: &World, site: &Site, path: &str) -> FrontierEntry {
    let store = world.store();
    let url = format!("{}{path}", site.origin);
    store.frontier_entry(&id(), &url).unwrap().unwrap()
}

/// What was asked for at a path, newest first.
fn outcomes(world: &World, site: &Site, path: &str) -> Vec<FetchOutcome> {
    let url = format!("{}{path}", site.origin);
    let log = world.store().fetch_log_of(&id(), &url, 10).unwrap();
    log.into_iter().map(|log| log.outcome).collect()
}

#[tokio::test]
async fn pages_about_nothing_and_walls_are_typed_and_never_kept_as_publications() {
    let site = Site::start(|path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/feed" => {
                rss(&["soft", "sent", "wall", "news"].map(|name| format!("http://{host}/{name}")))
            }
            "/soft" => html("<title>404 — Долина</title><h1>Страница не найдена</h1>"),
            "/sent" => redirect(302, "/error/not-found"),
            "/error/not-found" => html("<h1>Упс</h1>"),
            "/wall" => html("<title>Just a moment...</title>"),
            "/news" => html("<title>404 дела</title><p>Суд принял 404 дела за год.</p>"),
            _ => not_found(),
        }
    })
    .await;
    let world = world_of(&site);
    let report = world.pass(false).await;
    assert_eq!(world.bodies().into_keys().collect::<Vec<_>>(), ["/news"]);
    assert_eq!(of(&report, "a").failures["soft_gone"], 2);
    assert_eq!(
        outcomes(&world, &site, "/wall"),
        [FetchOutcome::Walled {
            wall: Wall::Challenge
        }]
    );
    // It is confirmed over half a day before it counts as gone, however often it is asked for.
    for hours in [0, 1, 1, 10] {
        world.advance(TimeDelta::hours(hours));
        world.pass(true).await;
    }
    let soft = entry(&world, &site, "/soft");
    assert_eq!(soft.visits.why, [Reason::Gone]);
    assert_eq!(soft.n_gone, 5);
    assert_eq!(
        soft.due_at,
        soft.fetched_at.map(|at| at + TimeDelta::days(7))
    );
}

#[tokio::test]
async fn a_page_missing_for_some_minutes_is_not_gone() {
    let site = Site::start(|path, headers| match path {
        "/feed" => rss(&[format!("http://{}/lost", headers["host"].to_str().unwrap())]),
        _ => not_found(),
    })
    .await;
    let world = world_of(&site);
    for _ in 0..5 {
        world.pass(true).await;
        world.advance(TimeDelta::minutes(10));
    }
    assert_eq!(
        entry(&world, &site, "/lost").visits.why,
        [Reason::Missing { times: 5 }]
    );
}

#[tokio::test]
async fn a_whole_page_is_asked_for_weekly_and_a_304_before_it_is_remembered() {
    // The server calls everything unchanged, and everything has changed.
    let n_bodies = Arc::new(Mutex::new(0));
    let site = Site::start(move |path, headers| match path {
        "/feed" => rss(&[format!("http://{}/page", headers["host"].to_str().unwrap())]),
        "/page" if headers.contains_key("if-none-match") => reply(304, "text/html", ""),
        "/page" => {
            *n_bodies.lock().unwrap() += 1;
            let mut page = html(&format!("<p>version {}</p>", n_bodies.lock().unwrap()));
            page.headers_mut()
                .insert("etag", "\"same\"".parse().unwrap());
            page
        }
        _ => not_found(),
    })
    .await;
    let world = world_of(&site);
    world.pass(true).await;
    world.advance(TimeDelta::days(6));
    world.pass(true).await;
    assert_eq!(site.n_asked("/page"), 2, "its word is taken");
    world.advance(TimeDelta::days(1));
    world.pass(true).await;
    assert_eq!(site.n_asked("/page"), 4, "its word is put to the proof");
    assert_eq!(world.captures().len(), 2);
    let page = entry(&world, &site, "/page");
    assert!(page.visits.is_denied);
    assert_eq!(page.visits.full_at, page.fetched_at);
}

#[tokio::test]
async fn a_feed_that_was_called_unchanged_and_names_something_new_loses_its_host_its_trust() {
    let n_pages = Arc::new(Mutex::new(1));
    let told = Arc::clone(&n_pages);
    let site = Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/feed" if headers.contains_key("if-none-match") => reply(304, "text/xml", ""),
            "/feed" => {
                let links: Vec<String> = (0..*told.lock().unwrap())
                    .map(|n| format!("http://{host}/{n}"))
                    .collect();
                let mut feed = rss(&links);
                feed.headers_mut().insert("etag", "\"f\"".parse().unwrap());
                feed
            }
            _ => html("<p>page</p>"),
        }
    })
    .await;
    let world = world_of(&site);
    world.pass(false).await;
    *n_pages.lock().unwrap() = 2;
    world.advance(TimeDelta::hours(1));
    world.pass(false).await;
    assert_eq!(site.n_asked("/1"), 0, "its word is taken for a day");
    world.advance(TimeDelta::days(1));
    world.pass(false).await;
    assert_eq!(site.n_asked("/1"), 1);
    // From now on its word is not asked for: what is new is seen the next time.
    *n_pages.lock().unwrap() = 3;
    world.advance(TimeDelta::hours(1));
    world.pass(false).await;
    assert_eq!(site.n_asked("/2"), 1);
    let host = entry(&world, &site, "/0").host;
    let record = world.store().host(&host).unwrap();
    assert!(record.denied_url.unwrap().ends_with("/feed"));
}

#[tokio::test]
async fn what_is_new_is_asked_for_before_what_is_old_and_the_feed_before_all() {
    let n_pages = Arc::new(Mutex::new(2));
    let told = Arc::clone(&n_pages);
    let site = Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            // The younger page stands later in the alphabet, and was found at the same time.
            "/feed" => {
                let days = ["2026-05-01", "2026-05-31", "2026-07-01"];
                let items: String = (0..*told.lock().unwrap())
                    .map(|n: usize| {
                        let path = ["a-old", "b-young", "c-new"][n];
                        let date = days[n];
                        format!("<entry><title>T</title><id>{n}</id><published>{date}T10:00:00Z</published><link href='http://{host}/{path}'/></entry>")
                    })
                    .collect();
                reply(200, "application/atom+xml", format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>f</id>{items}</feed>"))
            }
            _ => html(&format!("<p>{path}</p>")),
        }
    })
    .await;
    let world = world_of(&site);
    world.pass(false).await;
    *n_pages.lock().unwrap() = 3;
    // All are due by now.
    world.advance(TimeDelta::days(31));
    let n_before = site.paths().len();
    world.pass(false).await;
    let paths = site.paths();
    assert_eq!(paths[n_before..], ["/feed", "/c-new", "/b-young", "/a-old"]);
}

#[tokio::test]
async fn each_visit_has_its_reasons() {
    let site = Site::start(|path, headers| match path {
        "/feed" => rss(&[format!("http://{}/a", headers["host"].to_str().unwrap())]),
        _ => html("<p>page</p>"),
    })
    .await;
    let world = world_of(&site);
    world.pass(false).await;
    let feed = entry(&world, &site, "/feed");
    assert!(
        feed.visits.why[0]
            .words()
            .contains("0 */15 * * * * (Asia/Almaty)")
    );
    let page = entry(&world, &site, "/a");
    assert!(
        matches!(
            page.visits.why[0],
            Reason::Age {
                minutes: 0,
                pause_minutes: 5,
                ..
            }
        ),
        "{:?}",
        page.visits.why
    );
    assert_eq!(
        page.due_at,
        page.fetched_at.map(|at| at + TimeDelta::minutes(5))
    );
}
