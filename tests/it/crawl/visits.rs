//! Visits over time: what is trusted of a host's word, what a page is in effect, what is asked for first, and why.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aigaq::crawl::{Event, Progress, Selection, frontier};
use aigaq::model::{FetchOutcome, FrontierEntry, Hint, Reason, SourceId, TargetKind, Wall};
use aigaq::pipeline::health;
use aigaq::store::{self, Store};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

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

/// Hears which visits end in a page that is gone, and asks for a stop after a feed that is not read for the first time.
struct Listener {
    gone: Mutex<Vec<bool>>,
    stop: watch::Sender<bool>,
    may_stop: bool,
}

impl Progress for Listener {
    fn visited(&self, event: &Event) {
        match event.url.ends_with("/feed") {
            true => drop(self.stop.send(self.may_stop)),
            false => self.gone.lock().unwrap().push(event.is_gone),
        }
    }
}

/// One pass, over everything or what is due, in a store that others may use meanwhile; says of each page whether it was told to be gone.
async fn heard(world: &World, store: &Arc<dyn Store>, is_all: bool, may_stop: bool) -> Vec<bool> {
    let (stop, stopped) = watch::channel(false);
    let listener = Listener {
        gone: Mutex::default(),
        stop,
        may_stop,
    };
    let selection = Selection {
        is_all,
        ..Selection::default()
    };
    let crawler = world.crawler(store);
    crawler.pass(&selection, &listener, stopped).await.unwrap();
    listener.gone.into_inner().unwrap()
}

#[tokio::test]
async fn that_a_page_is_gone_is_told_once_it_was_confirmed_and_not_before() {
    for is_soft in [false, true] {
        let site = Site::start(move |path, headers| match path {
            "/feed" => rss(&[format!("http://{}/lost", headers["host"].to_str().unwrap())]),
            "/lost" if is_soft => html("<title>Страница не найдена</title>"),
            _ => not_found(),
        })
        .await;
        let world = world_of(&site);
        let mut told = Vec::new();
        for _ in 0..3 {
            let store = world.store();
            told.extend(heard(&world, &store, true, false).await);
            world.advance(TimeDelta::hours(6));
        }
        assert_eq!(told, [false, false, true], "{is_soft}");
    }
}

#[tokio::test]
async fn what_others_learn_of_a_page_while_it_is_asked_for_is_kept() {
    let shared: Arc<Mutex<Option<Arc<dyn Store>>>> = Arc::default();
    let during = Arc::clone(&shared);
    let site = Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/feed" => rss(&[format!("http://{host}/a")]),
            "/a" => {
                // A case is opened and another list names the page, while the answer is on its way.
                let store = during.lock().unwrap().clone().unwrap();
                let url = format!("http://{host}/a");
                let hot = "2027-01-01T00:00:00Z".parse().unwrap();
                let heat = &mut |entry: &mut FrontierEntry| entry.visits.hot_until = Some(hot);
                store.change_entry(&id(), &url, heat).unwrap();
                let hint = Hint {
                    published: Some("2020-01-01T00:00:00Z".to_owned()),
                    ..Hint::default()
                };
                let now = "2026-06-01T10:00:00Z".parse().unwrap();
                let named = frontier::entry(&id(), &url, TargetKind::Page, hint, now).unwrap();
                store.discover(&[named]).unwrap();
                html("<p>page</p>")
            }
            _ => not_found(),
        }
    })
    .await;
    let world = world_of(&site);
    let store = world.store();
    *shared.lock().unwrap() = Some(Arc::clone(&store));
    heard(&world, &store, false, false).await;
    let url = format!("{}/a", site.origin);
    let entry = store.frontier_entry(&id(), &url).unwrap().unwrap();
    assert!(entry.visits.hot_until.is_some());
    assert_eq!(
        entry.hint.published.as_deref(),
        Some("2020-01-01T00:00:00Z")
    );
    assert!(entry.body_hash.is_some());
    // By its age it would rest for a month.
    let pause = entry.due_at.unwrap() - entry.fetched_at.unwrap();
    assert_eq!(pause, TimeDelta::hours(1));
    assert!(matches!(
        entry.visits.why.last(),
        Some(Reason::OpenCase { .. })
    ));
}

#[tokio::test]
async fn a_page_that_is_said_to_have_changed_stays_due_when_the_pass_ends_before_its_turn() {
    let said = Arc::new(Mutex::new("2025-06-01T09:00:00Z"));
    let told = Arc::clone(&said);
    let site = Site::start(move |path, headers| match path {
        "/feed" => {
            let (host, date) = (headers["host"].to_str().unwrap(), told.lock().unwrap());
            let item = format!("<entry><title>T</title><id>1</id><published>{date}</published><link href='http://{host}/a'/></entry>");
            reply(200, "application/atom+xml", format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>f</id>{item}</feed>"))
        }
        _ => html("<p>page</p>"),
    })
    .await;
    let world = world_of(&site);
    world.pass(false).await;
    *said.lock().unwrap() = "2026-06-01T10:30:00Z";
    world.advance(TimeDelta::hours(1));
    heard(&world, &world.store(), false, true).await;
    assert_eq!(site.n_asked("/a"), 1, "the pass ended with the feed");
    let page = entry(&world, &site, "/a");
    assert_eq!(page.visits.why, [Reason::SaidToHaveChanged]);
    world.pass(false).await;
    assert_eq!(site.n_asked("/a"), 2);
    let page = entry(&world, &site, "/a");
    assert!(!page.visits.is_said);
    assert_eq!(page.visits.n_false_alarms, 1);
}

#[tokio::test]
async fn a_date_that_is_still_to_come_is_not_sent_back() {
    let asked: Arc<Mutex<BTreeMap<String, bool>>> = Arc::default();
    let log = Arc::clone(&asked);
    let site = Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        let modified = match path {
            "/feed" => return rss(&["ahead", "past"].map(|name| format!("http://{host}/{name}"))),
            "/ahead" => "Fri, 01 Jan 2027 00:00:00 GMT",
            "/past" => "Fri, 29 May 2026 00:00:00 GMT",
            _ => return not_found(),
        };
        let is_asked = headers.contains_key("if-modified-since");
        log.lock().unwrap().insert(path.to_owned(), is_asked);
        let mut page = html("<p>page</p>");
        let headers = page.headers_mut();
        headers.insert("last-modified", modified.parse().unwrap());
        page
    })
    .await;
    let world = world_of(&site);
    world.pass(true).await;
    world.advance(TimeDelta::days(1));
    world.pass(true).await;
    let asked = asked.lock().unwrap();
    assert_eq!((asked["/ahead"], asked["/past"]), (false, true));
}

#[test]
fn what_comes_before_a_page_is_counted_over_all_sources_of_its_host() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let now: DateTime<Utc> = "2026-06-01T10:00:00Z".parse().unwrap();
    let page = |source: &str, url: &str| {
        let (id, hint) = (SourceId(source.to_owned()), Hint::default());
        frontier::entry(&id, url, TargetKind::Page, hint, now).unwrap()
    };
    let mine = "https://shared.example/mine";
    let pages = [
        page("a", "https://shared.example/first"),
        page("b", "https://shared.example/also"),
        page("b", "https://shared.example/zoo"),
        page("b", "https://other.example/also"),
        page("a", mine),
    ];
    store.discover(&pages).unwrap();
    let why = health::why(&*store, mine, now).unwrap();
    assert_eq!(why[0].n_before, Some(2));
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
