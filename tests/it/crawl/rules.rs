//! robots.txt as it comes from sites: moved, endless, slow, unreadable, and how long it is remembered (RFC 9309, 2.3 to 2.5).

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aigaq::crawl::{Crawler, Report, Selection};
use axum::body::Body;
use axum::http::{HeaderMap, Response};
use chrono::TimeDelta;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::watch;

use super::world::{Site, World, html, not_found, of, raw_site, redirect, reply, rss, source};

/// A site with two pages and these rules.
async fn site(
    rules: impl Fn(&str, &HeaderMap) -> Option<Response<Body>> + Clone + Send + Sync + 'static,
) -> Site {
    Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        match (rules(path, headers), path) {
            (Some(answer), _) => answer,
            (None, "/feed") => rss(&["open", "closed"].map(|name| format!("http://{host}/{name}"))),
            (None, "/open" | "/closed") => html("page"),
            (None, _) => not_found(),
        }
    })
    .await
}

fn world_of(site: &Site, more: &str) -> World {
    let feed = format!("feeds = [\"{}/feed\"]\n{more}", site.origin);
    World::new("", &[source("a", &site.origin, &feed)])
}

fn text(rules: impl Into<Body>) -> Response<Body> {
    reply(200, "text/plain", rules)
}

#[tokio::test]
async fn rules_are_followed_over_five_redirects_and_a_sixth_counts_as_no_file() {
    for (n_redirects, n_asked) in [(5, 1), (6, 2)] {
        let site = site(move |path, _| {
            let left = match path {
                "/robots.txt" => n_redirects,
                path => path.strip_prefix("/rules/")?.parse().unwrap(),
            };
            Some(match left {
                0 => text("User-agent: *\nDisallow: /closed"),
                left => redirect(302, &format!("/rules/{}", left - 1)),
            })
        })
        .await;
        world_of(&site, "").pass(true).await;
        let n_pages = site.n_asked("/open") + site.n_asked("/closed");
        assert_eq!(n_pages, n_asked, "{n_redirects} redirects");
    }
}

#[tokio::test]
async fn rules_that_lead_into_the_network_close_the_site() {
    let inside = site(|_, _| Some(text("User-agent: *\nAllow: /"))).await;
    let to = format!("{}/robots.txt", inside.origin);
    let site = site(move |path, _| (path == "/robots.txt").then(|| redirect(302, &to))).await;
    let authority = site.origin.trim_start_matches("http://");
    let only = format!("allow_private_addresses = [\"{authority}\"]");
    let report = world_of(&site, &only).pass(true).await;
    assert_eq!(
        of(&report, "a").failures,
        BTreeMap::from([("private_address".to_owned(), 1)])
    );
    assert!(site.paths().is_empty());
    assert!(inside.seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn of_a_long_file_the_first_half_mebibyte_is_obeyed_and_a_cut_line_is_none() {
    let half = 512 * 1024;
    let mut file = b"User-agent: *\nDisallow: /closed\n".to_vec();
    while file.len() < half - 30 {
        file.extend(b"# the road is long\n");
    }
    file.resize(half - 11, b'\n');
    // The limit falls after the slash: read as it stands, the line would close everything.
    file.extend(b"Disallow: /somewhere/else\n");
    file.extend(b"Disallow: /open\n".repeat(100_000));
    let packed = {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&file).unwrap();
        encoder.finish().unwrap()
    };
    assert!(packed.len() < half);
    for (coding, body) in [("identity", file), ("gzip", packed)] {
        let site = site(move |path, _| {
            let answer = Response::builder()
                .header("content-type", "text/plain")
                .header("content-encoding", coding);
            (path == "/robots.txt").then(|| answer.body(Body::from(body.clone())).unwrap())
        })
        .await;
        world_of(&site, "max_body = \"100KiB\"").pass(true).await;
        assert_eq!(site.paths(), ["/feed", "/open"], "{coding}");
    }
}

#[tokio::test]
async fn rules_that_stand_elsewhere_are_news_of_the_host_that_was_asked() {
    let n_rules = Arc::new(Mutex::new(0));
    let told = Arc::clone(&n_rules);
    let elsewhere = Site::start(move |path, _| match path {
        "/robots.txt" => text("# ".repeat(*told.lock().unwrap())),
        _ => not_found(),
    })
    .await;
    let to = format!("{}/robots.txt", elsewhere.origin);
    let site = site(move |path, _| (path == "/robots.txt").then(|| redirect(302, &to))).await;
    let world = world_of(&site, "");
    world.pass(true).await;
    *n_rules.lock().unwrap() = 1;
    world.advance(TimeDelta::days(1));
    world.pass(true).await;
    let changed = |origin: &str| {
        let host = origin.trim_start_matches("http://");
        world.store().host(host).unwrap().robots_changed_at
    };
    assert!(changed(&site.origin).is_some());
    assert_eq!(changed(&elsewhere.origin), None);
}

#[tokio::test]
async fn a_file_that_cannot_be_had_closes_the_site_and_one_without_rules_opens_it() {
    let cases: [(&str, &[u8], bool); 8] = [
        ("hung up at once", b"", false),
        ("no protocol", b"\x00\x01 nonsense\r\n\r\n", false),
        (
            "cut",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nUser-agent",
            false,
        ),
        (
            "unknown status",
            b"HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n",
            false,
        ),
        (
            "empty",
            b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            true,
        ),
        ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", true),
        (
            "a page",
            b"HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n<p>Disallow everything.",
            true,
        ),
        (
            "forbidden",
            b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
            true,
        ),
    ];
    for (name, rules, is_open) in cases {
        let rules = rules.to_vec();
        let origin = raw_site(move |path, stream| match path {
            "/robots.txt" => stream.write_all(&rules),
            _ => stream
                .write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        });
        let feed = format!("feeds = [\"{origin}/feed\"]");
        let world = World::new("", &[source("a", &origin, &feed)]);
        let report = world.pass(true).await;
        let was_asked = of(&report, "a").failures.contains_key("gone");
        assert_eq!(was_asked, is_open, "{name}: {report:#?}");
    }
}

#[tokio::test]
async fn a_site_that_asks_for_too_long_a_pause_is_not_crawled() {
    for (delay, n_pages) in [("0", 2), ("-1", 2), ("soon", 2), ("61", 0), ("86400", 0)] {
        let site = site(move |path, _| {
            let rules = format!("User-agent: *\nCrawl-delay: {delay}\n");
            (path == "/robots.txt").then(|| text(rules))
        })
        .await;
        let report = world_of(&site, "").pass(true).await;
        assert_eq!(of(&report, "a").n_captured, n_pages, "{delay}");
        let warnings = of(&report, "a").warnings.join("\n");
        assert_eq!(
            warnings.contains("longer pause"),
            n_pages == 0,
            "{warnings}"
        );
    }
}

/// One pass of a crawler that is kept.
async fn pass(crawler: &Crawler) -> Report {
    let (_stop, stopped) = watch::channel(false);
    let everything = Selection {
        is_all: true,
        ..Selection::default()
    };
    crawler.pass(&everything, &(), stopped).await.unwrap()
}

/// Lets time go by on the clock that rules are remembered by.
async fn let_pass(hours: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(hours * 3600)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn rules_are_remembered_for_a_day_or_as_long_as_the_site_says() {
    for (cache, hours) in [
        ("", 24),
        ("max-age=7200", 2),
        ("no-cache, max-age=0", 1),
        ("max-age=999999999", 24),
    ] {
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&is_closed);
        let site = site(move |path, _| {
            let rules = match closed.load(Ordering::SeqCst) {
                true => "User-agent: *\nDisallow: /",
                false => "User-agent: *\nAllow: /",
            };
            let answer = Response::builder().header("cache-control", cache);
            (path == "/robots.txt").then(|| answer.body(Body::from(rules)).unwrap())
        })
        .await;
        let world = world_of(&site, "");
        let store = world.store();
        let crawler = world.crawler(&store);
        pass(&crawler).await;
        is_closed.store(true, Ordering::SeqCst);
        let_pass(hours - 1).await;
        assert!(
            pass(&crawler)
                .await
                .sources
                .values()
                .all(|report| report.failures.is_empty())
        );
        assert_eq!(site.n_asked("/robots.txt"), 1, "{cache}");
        let n_pages = site.paths().len();
        let_pass(1).await;
        pass(&crawler).await;
        assert_eq!(site.n_asked("/robots.txt"), 2, "{cache}");
        assert_eq!(
            site.paths().len(),
            n_pages,
            "{cache}: nothing is asked for any more"
        );
    }
}

#[tokio::test]
async fn a_file_that_was_busy_is_asked_for_again_when_the_host_says() {
    let is_busy = Arc::new(AtomicBool::new(true));
    let busy = Arc::clone(&is_busy);
    let site = site(move |path, _| {
        let answer = match busy.load(Ordering::SeqCst) {
            true => Response::builder()
                .status(429)
                .header("retry-after", "10800"),
            false => Response::builder().status(404),
        };
        (path == "/robots.txt").then(|| answer.body(Body::empty()).unwrap())
    })
    .await;
    let world = world_of(&site, "");
    let store = world.store();
    let crawler = world.crawler(&store);
    pass(&crawler).await;
    is_busy.store(false, Ordering::SeqCst);
    let_pass(2).await;
    pass(&crawler).await;
    assert_eq!(site.seen.lock().unwrap().len(), 1);
    let_pass(1).await;
    let report = pass(&crawler).await;
    assert_eq!(of(&report, "a").n_captured, 2);
}

#[tokio::test]
async fn sitemaps_that_rules_name_elsewhere_are_not_read() {
    let foreign = Site::start(|_, headers| {
        let host = headers["host"].to_str().unwrap();
        let entry = format!("<urlset><url><loc>http://{host}/page</loc></url></urlset>");
        reply(200, "text/xml", entry)
    })
    .await;
    let elsewhere = foreign.origin.clone();
    let site = Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        let entry = format!("<urlset><url><loc>http://{host}/own</loc></url></urlset>");
        match path {
            "/robots.txt" => text(format!(
                "Sitemap: {elsewhere}/map.xml\nSitemap: file:///etc/passwd\nSitemap: http://10.0.0.1/map.xml\nSitemap: /map.xml\n"
            )),
            "/map.xml" => reply(200, "text/xml", entry),
            _ => html("<p>page</p>"),
        }
    })
    .await;
    let world = World::new("", &[source("a", &site.origin, "")]);
    let report = world.pass(true).await;
    assert_eq!(world.bodies().keys().collect::<Vec<_>>(), ["/own"]);
    assert!(foreign.seen.lock().unwrap().is_empty());
    let warnings = of(&report, "a").warnings.join("\n");
    assert!(warnings.contains("3 entries left out"), "{warnings}");
}
