//! Sites that would lead the crawler where it must not go, or make it believe what is not so.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aigaq::model::{FrontierEntry, SourceId};
use axum::body::Body;
use axum::http::{HeaderMap, Response};
use chrono::TimeDelta;

use super::world::{Site, World, html, not_found, of, redirect, reply, rss, source};

fn host_of(headers: &HeaderMap) -> String {
    headers["host"].to_str().unwrap().to_owned()
}

/// `127.0.0.1:1234` of `http://127.0.0.1:1234`.
fn authority(site: &Site) -> &str {
    site.origin.trim_start_matches("http://")
}

/// A site whose feed names these pages, each answered by `page`; it has no robots.txt.
async fn paper(
    pages: &'static [&'static str],
    page: impl Fn(&str, &HeaderMap) -> Response<Body> + Clone + Send + Sync + 'static,
) -> Site {
    Site::start(move |path, headers| match path {
        "/robots.txt" => not_found(),
        "/feed" => {
            let page = |path: &&str| format!("http://{}{path}", host_of(headers));
            rss(&pages.iter().map(page).collect::<Vec<_>>())
        }
        path => page(path, headers),
    })
    .await
}

fn paper_source(site: &Site, more: &str) -> String {
    let feed = format!("feeds = [\"{}/feed\"]\n{more}", site.origin);
    source("a", &site.origin, &feed)
}

fn entry(world: &World, site: &Site, path: &str) -> FrontierEntry {
    let url = format!("{}{path}", site.origin);
    world
        .store()
        .frontier_entry(&SourceId("a".to_owned()), &url)
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn no_redirect_leads_into_the_network_or_out_of_http() {
    let inside = Site::start(|_, _| html("secret")).await;
    let by_number = inside.origin.clone();
    let by_name = inside.origin.replace("127.0.0.1", "localhost");
    let in_v6 = inside.origin.replace("127.0.0.1", "[::ffff:127.0.0.1]");
    let targets: BTreeMap<&str, String> = BTreeMap::from([
        ("/number", format!("{by_number}/")),
        ("/name", format!("{by_name}/")),
        ("/mapped", format!("{in_v6}/")),
        ("/port", "//127.0.0.1:22/".to_owned()),
        ("/file", "file:///etc/passwd".to_owned()),
        ("/ftp", "ftp://example.org/".to_owned()),
        ("/data", "data:text/html,secret".to_owned()),
        ("/script", "javascript:alert(1)".to_owned()),
        ("/user", "http://a:b@example.org/".to_owned()),
        ("/twice", "/number".to_owned()),
    ]);
    let n_targets = targets.len();
    let pages: &[&str] = &[
        "/number", "/name", "/mapped", "/port", "/file", "/ftp", "/data", "/script", "/user",
        "/twice",
    ];
    let site = paper(pages, move |path, _| match targets.get(path) {
        Some(to) => redirect(302, to),
        None => not_found(),
    })
    .await;
    // The operator allows this one site of the own network, and nothing else in it.
    let only = format!("allow_private_addresses = [\"{}\"]", authority(&site));
    let world = World::new("", &[paper_source(&site, &only)]);
    let report = world.pass(true).await;
    assert_eq!(
        of(&report, "a").failures,
        BTreeMap::from([("private_address".to_owned(), n_targets)]),
        "{report:#?}"
    );
    assert!(inside.seen.lock().unwrap().is_empty());
    assert!(site.n_asked("/number") == 2, "the first hop is asked for");
}

#[tokio::test]
async fn five_redirects_are_followed_and_a_loop_or_a_sixth_is_not() {
    let site = paper(&["/5", "/6", "/self", "/grow"], |path, _| match path {
        "/0" => html("arrived"),
        "/self" => redirect(302, "/self"),
        path if path.starts_with("/grow") => redirect(307, &format!("{path}/more")),
        path => {
            let left: usize = path.trim_start_matches('/').parse().unwrap();
            redirect(301, &format!("/{}", left - 1))
        }
    })
    .await;
    let world = World::new("", &[paper_source(&site, "")]);
    let report = world.pass(true).await;
    assert_eq!(world.bodies().keys().collect::<Vec<_>>(), ["/5"]);
    assert_eq!(
        of(&report, "a").failures,
        BTreeMap::from([("redirect_loop".to_owned(), 3)])
    );
    assert_eq!(site.n_asked("/self"), 1);
    let n_grown = site
        .paths()
        .iter()
        .filter(|path| path.starts_with("/grow"))
        .count();
    assert_eq!(n_grown, 6);
}

#[tokio::test]
async fn the_headers_of_an_api_reach_its_own_site_only() {
    let keys: Arc<Mutex<Vec<(String, bool)>>> = Arc::default();
    let note = {
        let keys = Arc::clone(&keys);
        move |site: &str, path: &str, headers: &HeaderMap| {
            let has_key = headers.contains_key("x-key");
            keys.lock()
                .unwrap()
                .push((format!("{site}{path}"), has_key));
        }
    };
    let foreign_note = note.clone();
    let foreign = Site::start(move |path, headers| {
        foreign_note("foreign", path, headers);
        reply(200, "application/json", "[]")
    })
    .await;
    let elsewhere = foreign.origin.clone();
    let site = Site::start(move |path, headers| {
        note("own", path, headers);
        match path {
            "/list" => reply(
                200,
                "application/json",
                format!(
                    "{{\"items\":[{{\"id\":1}},{{\"id\":2}}],\"next\":\"{elsewhere}/list?page=2\"}}"
                ),
            ),
            "/item/1" => reply(200, "application/json", "{\"body\":\"x\"}"),
            "/item/2" => redirect(302, &format!("{elsewhere}/moved")),
            _ => not_found(),
        }
    })
    .await;
    let api = format!(
        "api = {{ list = \"{0}/list\", items = \"/items\", item = \"{0}/item/{{id}}\", id = \"/id\", next = \"/next\", headers = {{ x-key = \"k\" }} }}",
        site.origin
    );
    let world = World::new("", &[source("a", &site.origin, &api)]);
    world.pass(true).await;
    let mut keys = keys.lock().unwrap().clone();
    keys.retain(|(place, _)| !place.ends_with("/robots.txt"));
    keys.sort();
    let expected = [
        ("foreign/moved", false),
        ("own/item/1", true),
        ("own/item/2", true),
        ("own/list", true),
    ];
    assert_eq!(
        keys,
        expected.map(|(place, has_key)| (place.to_owned(), has_key))
    );
}

#[tokio::test]
async fn two_names_of_one_machine_are_asked_as_one() {
    let site = paper(&["/1", "/2", "/3"], |_, _| html("page")).await;
    let by_name = site.origin.replace("127.0.0.1", "localhost");
    let named = source("b", &by_name, &format!("feeds = [\"{by_name}/feed\"]"));
    let delay = "delay = \"60ms\"\n";
    let world = World::new("", &[paper_source(&site, delay), named + delay]);
    let report = world.pass(true).await;
    assert_eq!(
        (of(&report, "a").n_captured, of(&report, "b").n_captured),
        (3, 3)
    );
    let times: Vec<Instant> = site
        .seen
        .lock()
        .unwrap()
        .iter()
        .map(|seen| seen.at)
        .collect();
    assert_eq!(times.len(), 10, "robots.txt, feed and pages by each name");
    let least = times
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .min()
        .unwrap();
    assert!(least >= Duration::from_millis(55), "{least:?}");
}

#[tokio::test]
async fn what_stands_in_a_pages_place_is_neither_kept_nor_taken_for_its_end() {
    let is_hostile = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&is_hostile);
    let pages: &[&str] = &["/challenge", "/lost", "/works", "/members", "/reload"];
    let site = paper(pages, move |path, _| {
        if !switch.load(Ordering::SeqCst) {
            return html(&format!(
                "<title>Сводка</title><p>{path}: 317 школ открыто."
            ));
        }
        match path {
            "/challenge" => {
                html("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>")
            }
            "/lost" => html("<title>Страница не найдена</title>"),
            "/works" => html("<title>Техникалық жұмыстар</title>"),
            "/members" => redirect(302, "/auth/login?next=1"),
            "/auth/login?next=1" => html("<title>Кіру</title><form>"),
            _ => html("<script>document.cookie='k=1';location.reload()</script>"),
        }
    })
    .await;
    let world = World::new("", &[paper_source(&site, "")]);
    world.pass(true).await;
    assert_eq!(world.captures().len(), pages.len());
    is_hostile.store(true, Ordering::SeqCst);
    // Twice within a few hours: not even the page that says it is missing is taken for gone.
    for _ in 0..2 {
        world.advance(TimeDelta::hours(2));
        let report = world.pass(true).await;
        let count = |name: &str, number: usize| (name.to_owned(), number);
        assert_eq!(
            of(&report, "a").failures,
            BTreeMap::from([
                count("soft_gone", 1),
                count("unreadable", 1),
                count("walled", 3)
            ])
        );
    }
    assert_eq!(world.captures().len(), pages.len());
    for path in pages {
        let entry = entry(&world, &site, path);
        assert_eq!(entry.n_gone, if *path == "/lost" { 2 } else { 0 }, "{path}");
        assert!(
            entry.body_hash.is_some(),
            "{path}: what is known of it stays"
        );
    }
    is_hostile.store(false, Ordering::SeqCst);
    world.advance(TimeDelta::days(8));
    let report = world.pass(true).await;
    assert_eq!(of(&report, "a").n_not_modified, pages.len());
}

#[tokio::test]
async fn a_site_that_says_not_modified_to_everything_is_read_in_full_once_a_week() {
    let version = Arc::new(AtomicUsize::new(1));
    let current = Arc::clone(&version);
    let site = paper(&["/page"], move |_, headers| {
        if headers.contains_key("if-none-match") || headers.contains_key("if-modified-since") {
            return Response::builder().status(304).body(Body::empty()).unwrap();
        }
        let mut page = html(&format!("version {}", current.load(Ordering::SeqCst)));
        let head = page.headers_mut();
        head.insert("etag", "W/\"always".parse().unwrap());
        head.insert(
            "last-modified",
            "Fri, 31 Dec 9999 23:59:59 GMT".parse().unwrap(),
        );
        page
    })
    .await;
    let world = World::new("", &[paper_source(&site, "")]);
    world.pass(true).await;
    version.store(2, Ordering::SeqCst);
    let mut n_days = 0;
    while world.captures().len() < 2 {
        n_days += 1;
        assert!(n_days <= 7, "the change was never seen");
        world.advance(TimeDelta::days(1));
        world.pass(true).await;
    }
    assert!(
        site.seen
            .lock()
            .unwrap()
            .iter()
            .any(|seen| seen.status == 304)
    );
}

#[tokio::test]
async fn a_host_in_trouble_is_left_alone_before_all_its_pages_are_tried() {
    let pages: &[&str] = &[
        "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9", "/10", "/11", "/12", "/13", "/14",
    ];
    let site = paper(pages, |_, _| reply(500, "text/html", "")).await;
    let world = World::new("", &[paper_source(&site, "")]);
    let report = world.pass(true).await;
    assert_eq!(
        site.paths().len(),
        11,
        "the feed, and ten failures in a row"
    );
    assert_eq!(of(&report, "a").n_put_off, 4);
}

#[tokio::test]
async fn a_clock_that_jumps_makes_neither_a_burst_nor_a_halt() {
    let world_clock: Arc<Mutex<Option<Arc<World>>>> = Arc::default();
    let clock = Arc::clone(&world_clock);
    let site = paper(&["/1", "/2", "/3", "/4"], move |path, _| {
        let years = if path == "/1" || path == "/3" {
            365
        } else {
            -365
        };
        if let Some(world) = &*clock.lock().unwrap() {
            world.advance(TimeDelta::days(years));
        }
        html("page")
    })
    .await;
    let world = Arc::new(World::new("", &[paper_source(&site, "delay = \"60ms\"")]));
    *world_clock.lock().unwrap() = Some(Arc::clone(&world));
    let report = world.pass(true).await;
    assert_eq!(of(&report, "a").n_captured, 4);
    let times: Vec<Instant> = site
        .seen
        .lock()
        .unwrap()
        .iter()
        .map(|seen| seen.at)
        .collect();
    let gaps: Vec<Duration> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        gaps.iter().all(|gap| *gap >= Duration::from_millis(55)),
        "{gaps:?}"
    );
    assert!(
        gaps.iter().all(|gap| *gap < Duration::from_secs(10)),
        "{gaps:?}"
    );
    world_clock.lock().unwrap().take();
}

#[tokio::test]
async fn pages_fetched_while_the_clock_was_ahead_are_not_left_until_it_is_there_again() {
    let site = paper(&["/1"], |_, _| html("page")).await;
    let world = World::new("", &[paper_source(&site, "")]);
    world.advance(TimeDelta::days(365));
    world.pass(false).await;
    world.advance(TimeDelta::days(-365));
    for n_asked in [2, 2] {
        world.pass(false).await;
        assert_eq!(site.n_asked("/1"), n_asked);
        assert_eq!(site.n_asked("/feed"), n_asked);
    }
    world.advance(TimeDelta::days(1));
    world.pass(false).await;
    assert_eq!(site.n_asked("/1"), 3);
}

#[tokio::test]
async fn the_environments_proxy_is_not_asked() {
    let site = paper(&["/1"], |_, _| html("page")).await;
    let proxy = Site::start(|_, _| html("proxied")).await;
    let folder = tempfile::tempdir().unwrap();
    let config = format!(
        "[crawl]\nallow_private_addresses = true\ndelay = \"0s\"\n{}",
        paper_source(&site, "")
    );
    std::fs::write(folder.path().join("sources.toml"), config).unwrap();
    let (place, url) = (folder.path().to_owned(), proxy.origin.clone());
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aigaq"));
        for name in [
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env(name, &url);
        }
        command
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .current_dir(place)
            .arg("crawl")
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(site.n_asked("/1"), 1);
    assert!(proxy.seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn links_without_end_are_bounded_by_the_limits_of_the_source() {
    let n_asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&n_asked);
    let site = Site::start(move |path, _| match path {
        "/robots.txt" => not_found(),
        // Each page of the calendar leads to the next month; each names a thousand pages.
        path if path.starts_with("/calendar") => {
            let month = count.fetch_add(1, Ordering::SeqCst);
            let links: String = (0..1000)
                .map(|idx| format!("<a class=n href='/{month}/{idx}'>x</a>"))
                .collect();
            html(&format!(
                "{links}<a rel=next href='/calendar?m={}'>next</a>",
                month + 1
            ))
        }
        _ => html("page"),
    })
    .await;
    let listing = format!(
        "listings = [{{ url = \"{}/calendar\", links = \"a.n\", next = \"a[rel=next]\" }}]\nmax_pages = 3\nmax_entries = 5",
        site.origin
    );
    let world = World::new("", &[source("a", &site.origin, &listing)]);
    let report = world.pass(true).await;
    assert_eq!(n_asked.load(Ordering::SeqCst), 3);
    assert_eq!(of(&report, "a").n_captured, 15);
    let warnings = of(&report, "a").warnings.join("\n");
    assert!(warnings.contains("995 entries left out"), "{warnings}");
    assert!(
        warnings.contains("not followed beyond 3 pages"),
        "{warnings}"
    );
}

#[tokio::test]
async fn addresses_that_only_vary_a_query_are_added_a_hundred_an_hour_and_numbered_pages_all_at_once()
 {
    let word = |number: usize| -> String {
        let digits = number.to_string();
        digits
            .bytes()
            .map(|digit| char::from(digit - b'0' + b'a'))
            .collect()
    };
    let site = Site::start(move |path, headers| {
        let host = host_of(headers);
        match path {
            "/robots.txt" => not_found(),
            // A facet of each letter, and the agency's own numbered pages.
            "/rss.xml" => {
                let facets = (0..150).map(|n| format!("http://{host}/list?facet={}", word(n)));
                let pages = (0..150).map(|n| format!("http://{host}/view?id={n}"));
                rss(&facets.chain(pages).collect::<Vec<_>>())
            }
            path => html(&format!("<p>{path}</p>")),
        }
    })
    .await;
    let feeds = format!("feeds = [\"{}/rss.xml\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feeds)]);
    let report = world.pass(true).await;
    let count = |start: &str| {
        site.paths()
            .iter()
            .filter(|path| path.starts_with(start))
            .count()
    };
    assert_eq!((count("/list?"), count("/view?")), (100, 150));
    let warnings = of(&report, "a").warnings.join("\n");
    assert!(
        warnings.contains("50 addresses left out until the next hour"),
        "{warnings}"
    );
    // Known ones count for nothing, so nothing is lost: the rest comes with the next look.
    world.advance(TimeDelta::hours(1));
    world.pass(false).await;
    let facets: std::collections::BTreeSet<String> = site
        .paths()
        .into_iter()
        .filter(|path| path.starts_with("/list?"))
        .collect();
    assert_eq!(facets.len(), 150);
}
