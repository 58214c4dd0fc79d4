//! Politeness towards sites, and calm when a site is anything but polite.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

use aigaq::model::SourceId;
use axum::body::Body;
use axum::http::Response;
use chrono::TimeDelta;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::world::{
    Site, World, html, not_found, of, outlet, outlet_source, raw_site, redirect, reply, rss, source,
};

#[tokio::test]
async fn a_misbehaving_site_is_told_by_name_and_the_rest_goes_on() {
    let good = Site::start(outlet).await;
    let bad = Site::start(|path, headers| {
        let host = headers["host"].to_str().unwrap().to_owned();
        let page = |name: &str| format!("http://{host}/{name}");
        match path {
            "/robots.txt" => not_found(),
            "/feed" => rss(&[
                "huge", "bomb", "broken", "loop", "error", "lost", "moved", "teapot",
            ]
            .map(page)),
            "/html-feed" => html("<!doctype html><html><body>Техникалық жұмыстар</body></html>"),
            "/huge" => Response::builder()
                .header("content-length", 50 << 20)
                .body(Body::from(vec![b'x'; 50 << 20]))
                .unwrap(),
            "/bomb" => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
                encoder.write_all(&vec![0; 8 << 20]).unwrap();
                Response::builder()
                    .header("content-encoding", "gzip")
                    .body(Body::from(encoder.finish().unwrap()))
                    .unwrap()
            }
            "/broken" => Response::builder()
                .header("content-encoding", "gzip")
                .body(Body::from(vec![0x1f, 0x8b, 8, 0, 1, 2]))
                .unwrap(),
            "/loop" => redirect(302, "/loop2"),
            "/loop2" => redirect(302, "/loop"),
            "/error" => reply(500, "text/html", "500"),
            "/moved" => redirect(301, "/here"),
            "/here" => html("here"),
            "/teapot" => reply(418, "text/html", "418"),
            _ => not_found(),
        }
    })
    .await;
    let feeds = format!("feeds = [\"{0}/feed\", \"{0}/html-feed\"]", bad.origin);
    let dead = source(
        "dead",
        "http://127.0.0.1:1",
        "feeds = [\"http://127.0.0.1:1/feed\"]",
    );
    let world = World::new(
        "max_body = \"2MiB\"",
        &[
            source("bad", &bad.origin, &feeds),
            dead,
            outlet_source(&good),
        ],
    );
    let report = world.pass(true).await;
    assert_eq!(of(&report, "outlet").n_captured, 9);
    let count = |name: &str, number: usize| (name.to_owned(), number);
    let expected = [
        count("gone", 1),
        count("redirect_loop", 1),
        count("refused", 2),
        count("too_large", 2),
        count("unreadable", 2),
    ];
    assert_eq!(of(&report, "bad").failures, BTreeMap::from(expected));
    assert_eq!(of(&report, "bad").n_captured, 1);
    let moved = world
        .captures()
        .into_iter()
        .find(|capture| capture.requested_url.ends_with("/moved"))
        .unwrap();
    assert!(moved.url.ends_with("/here"));
    let warnings = of(&report, "bad").warnings.join("\n");
    assert!(
        warnings.contains(
            "/html-feed: the answer cannot be read: an HTML page stands where the feed should be"
        ),
        "{warnings}"
    );
    assert!(
        warnings.contains("/huge: the body is larger than 2097152 bytes"),
        "{warnings}"
    );
    assert!(
        warnings.contains("/error: the host answered with status 500"),
        "{warnings}"
    );
    assert_eq!(
        of(&report, "dead").failures,
        BTreeMap::from([count("unreachable", 1)])
    );
}

#[tokio::test]
async fn hostile_transfers_end_at_their_limit() {
    let origin = raw_site(|path, stream| match path {
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
            loop {
                stream.write_all(b"400\r\n")?;
                stream.write_all(&[b'x'; 1024])?;
                stream.write_all(b"\r\n")?;
            }
        }
        "/interim" => loop {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        },
        // Silence: the connection is kept open until the client gives up.
        "/silent" => std::io::copy(&mut stream.try_clone()?, &mut std::io::sink()).map(drop),
        "/headers" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            for _ in 0..10_000 {
                stream.write_all(b"x-a: b\r\n")?;
            }
            stream.write_all(b"\r\n")
        }
        "/short" => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort"),
        "/two-lengths" => stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\nshort"),
        "/garbage" => stream.write_all(b"\x00\x01\x02\x03 not HTTP at all\r\n\r\n"),
        "/feed" => {
            let names = [
                "endless",
                "interim",
                "silent",
                "headers",
                "short",
                "two-lengths",
                "garbage",
                "last",
            ];
            let items: String = names
                .map(|name| format!("<item><link>/{name}</link></item>"))
                .concat();
            let body =
                format!("<rss version='2.0'><channel><title>F</title>{items}</channel></rss>");
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        }
        "/last" => stream
            .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nlast"),
        _ => stream
            .write_all(b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
    });
    let feed = format!("feeds = [\"{origin}/feed\"]");
    let world = World::new(
        "max_body = \"1MiB\"\ntimeout = \"700ms\"",
        &[source("raw", &origin, &feed)],
    );
    let report = world.pass(true).await;
    let failures = &of(&report, "raw").failures;
    assert_eq!(failures.get("too_large"), Some(&1), "{report:#?}");
    assert_eq!(failures.get("timed_out"), Some(&2), "{report:#?}");
    assert_eq!(failures.get("unreachable"), Some(&4), "{report:#?}");
    assert_eq!(world.bodies()["/last"], b"last");
}

#[tokio::test]
async fn loopback_is_refused_at_every_door_unless_the_operator_allows_it() {
    let inside = Site::start(|_, _| html("secret")).await;
    let offers = format!(
        "feeds = [\"{0}/feed\"]\nsitemaps = [\"{0}/map\"]\nlistings = [{{ url = \"{0}/list\", links = \"a\" }}]\napi = {{ list = \"{0}/api\", items = \"\", url = \"/u\" }}\nfiles = [\"{0}/file\"]",
        inside.origin
    );
    let by_name = inside.origin.replace("127.0.0.1", "localhost");
    let world = World::new(
        "",
        &[
            source(
                "literal",
                &inside.origin,
                &format!("allow_private_addresses = false\n{offers}"),
            ),
            source(
                "name",
                &by_name,
                &format!("allow_private_addresses = false\nfeeds = [\"{by_name}/feed\"]"),
            ),
            source("auto", &inside.origin, "allow_private_addresses = false"),
        ],
    );
    let report = world.pass(true).await;
    let refused = |id: &str| of(&report, id).failures.get("private_address").copied();
    assert_eq!(
        (refused("literal"), refused("name"), refused("auto")),
        (Some(5), Some(1), Some(1)),
        "{report:#?}"
    );
    assert!(
        inside.seen.lock().unwrap().is_empty(),
        "nothing was asked, not even for robots.txt"
    );
}

#[tokio::test]
async fn robots_that_cannot_be_had_close_the_site_and_a_missing_one_opens_it() {
    // RFC 9309, 2.3.1.2 to 2.3.1.4.
    let cases = [
        (404, true),
        (403, true),
        (410, true),
        (429, false),
        (500, false),
        (503, false),
    ];
    for (status, is_open) in cases {
        let site = Site::start(move |path, headers| match path {
            "/robots.txt" => reply(status, "text/plain", ""),
            "/feed" => rss(&[format!("http://{}/a", headers["host"].to_str().unwrap())]),
            _ => html("page"),
        })
        .await;
        let feed = format!("feeds = [\"{}/feed\"]", site.origin);
        let world = World::new("", &[source("a", &site.origin, &feed)]);
        world.pass(true).await;
        assert_eq!(site.paths().len(), if is_open { 2 } else { 0 }, "{status}");
    }
}

#[tokio::test]
async fn robots_of_the_host_redirected_to_is_obeyed() {
    let target = Site::start(|path, _| match path {
        "/robots.txt" => reply(200, "text/plain", "User-agent: aigaq\nDisallow: /closed"),
        _ => html("open"),
    })
    .await;
    let to = target.origin.clone();
    let site = Site::start(move |path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/robots.txt" => redirect(301, "/rules.txt"),
            "/rules.txt" => reply(200, "text/plain", "User-agent: *\nDisallow: /own"),
            "/feed" => rss(&["closed", "open", "own"].map(|name| format!("http://{host}/{name}"))),
            path => redirect(302, &format!("{to}{path}")),
        }
    })
    .await;
    let feed = format!("feeds = [\"{}/feed\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    let report = world.pass(true).await;
    assert_eq!(
        of(&report, "a").failures,
        BTreeMap::from([("disallowed".to_owned(), 2)])
    );
    assert_eq!(target.paths(), ["/open"]);
    assert_eq!(site.n_asked("/own"), 0);
}

#[tokio::test]
async fn requests_to_a_host_keep_its_delay_whatever_source_asks() {
    let site = Site::start(|path, headers| match path {
        "/robots.txt" => reply(200, "text/plain", "User-agent: *\nCrawl-delay: 0.08"),
        "/feed" | "/feed2" => rss(&(0..3)
            .map(|idx| format!("http://{}{path}/{idx}", headers["host"].to_str().unwrap()))
            .collect::<Vec<_>>()),
        _ => html("page"),
    })
    .await;
    let feed = |name: &str| format!("feeds = [\"{}/{name}\"]", site.origin);
    let world = World::new(
        "",
        &[
            source("a", &site.origin, &feed("feed")),
            source("b", &site.origin, &feed("feed2")),
        ],
    );
    world.pass(true).await;
    let times: Vec<Instant> = site
        .seen
        .lock()
        .unwrap()
        .iter()
        .filter(|seen| seen.path != "/robots.txt")
        .map(|seen| seen.at)
        .collect();
    assert_eq!(times.len(), 8);
    let least = times
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .min()
        .unwrap();
    assert!(least >= Duration::from_millis(80), "{least:?}");
}

#[tokio::test]
async fn a_busy_host_is_left_alone_as_long_as_it_asks() {
    let site = Site::start(|path, headers| match path {
        "/robots.txt" => not_found(),
        "/feed" => rss(&(0..5)
            .map(|idx| format!("http://{}/{idx}", headers["host"].to_str().unwrap()))
            .collect::<Vec<_>>()),
        _ => Response::builder()
            .status(429)
            .header("retry-after", "7200")
            .body(Body::empty())
            .unwrap(),
    })
    .await;
    let feed = format!("feeds = [\"{}/feed\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    let report = world.pass(true).await;
    assert_eq!(site.paths().len(), 2, "the feed and one page");
    assert_eq!(
        (
            of(&report, "a").failures["busy"],
            of(&report, "a").n_put_off
        ),
        (1, 4)
    );
    let store = world.store();
    let later = store
        .due(&[], "2026-06-01T10:00:00Z".parse().unwrap(), false)
        .unwrap();
    assert_eq!(later.len(), 4, "what was put off is still due: {later:?}");
}

#[tokio::test]
async fn a_page_sent_to_the_front_page_counts_as_gone_only_after_confirmations_and_a_410_at_once() {
    let site = Site::start(|path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/feed" => rss(&["moved", "ended"].map(|name| format!("http://{host}/{name}"))),
            "/" => html("front"),
            "/moved" => redirect(301, "/"),
            "/ended" => reply(410, "text/html", "410"),
            _ => not_found(),
        }
    })
    .await;
    let feed = format!("feeds = [\"{}/feed\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    let entry = |name: &str| {
        world
            .store()
            .frontier_entry(
                &SourceId("a".to_owned()),
                &format!("{}/{name}", site.origin),
            )
            .unwrap()
            .unwrap()
    };
    for confirmed in 1..=3 {
        world.pass(true).await;
        assert_eq!(entry("moved").n_gone, confirmed);
        world.advance(TimeDelta::hours(6));
    }
    assert!(world.captures().is_empty());
    let due = entry("moved").due_at.unwrap() - entry("moved").fetched_at.unwrap();
    assert_eq!(
        due,
        TimeDelta::days(7),
        "confirmed: looked at weekly in case it comes back"
    );
    assert_eq!(
        entry("ended").due_at.unwrap() - entry("ended").fetched_at.unwrap(),
        TimeDelta::days(7)
    );
}
