//! The crawler against sites on loopback: what is found, how politely, what is kept, and what happens when a site misbehaves.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aigaq::config::Config;
use aigaq::crawl::{Clock, Crawler, Event, Progress, Report, Selection, SourceReport, archive};
use aigaq::model::{Capture, FetchOutcome, SourceId, TargetKind};
use aigaq::store::{self, Store};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::watch;

/// One request a site saw.
#[derive(Debug, Clone)]
struct Seen {
    path: String,
    at: Instant,
    agent: String,
    status: u16,
}

/// A site on loopback that answers as a function says and remembers what it was asked.
struct Site {
    origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Site {
    async fn start(
        answer: impl Fn(&str, &HeaderMap) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> Site {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let log = Arc::clone(&seen);
        let router = Router::new().fallback(move |request: Request| {
            let (answer, log) = (answer.clone(), Arc::clone(&log));
            async move {
                let path = request
                    .uri()
                    .path_and_query()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let response = answer(&path, request.headers());
                let agent = request
                    .headers()
                    .get("user-agent")
                    .and_then(|agent| agent.to_str().ok());
                log.lock().unwrap().push(Seen {
                    path,
                    at: Instant::now(),
                    agent: agent.unwrap_or_default().to_owned(),
                    status: response.status().as_u16(),
                });
                response
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Site { origin, seen }
    }

    /// Paths asked for, robots.txt aside.
    fn paths(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|seen| seen.path.clone())
            .filter(|path| path != "/robots.txt")
            .collect()
    }

    fn n_asked(&self, path: &str) -> usize {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|seen| seen.path == path)
            .count()
    }
}

fn reply(status: u16, content_type: &str, body: impl Into<Body>) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(body.into())
        .unwrap()
}

fn html(body: &str) -> Response<Body> {
    reply(200, "text/html; charset=utf-8", body.to_owned())
}

fn not_found() -> Response<Body> {
    reply(404, "text/html", "404")
}

fn redirect(status: u16, to: &str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("location", to)
        .body(Body::empty())
        .unwrap()
}

fn rss(links: &[String]) -> Response<Body> {
    let items: String = links
        .iter()
        .map(|link| format!("<item><title>T</title><link>{link}</link></item>"))
        .collect();
    reply(
        200,
        "application/rss+xml",
        format!("<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"),
    )
}

/// A `[[source]]` table.
fn source(id: &str, origin: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nname = \"{id}\"\nurl = \"{origin}/\"\nrole = \"media\"\nlanguages = [\"kk\", \"ru\"]\n{more}\n"
    )
}

/// A data folder with a clock that is moved by hand.
struct World {
    folder: tempfile::TempDir,
    config: Arc<Config>,
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl World {
    fn new(crawl: &str, sources: &[String]) -> World {
        let text = format!(
            "[crawl]\nallow_private_addresses = true\ndelay = \"0s\"\n{crawl}\n{}",
            sources.concat()
        );
        let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
        World {
            folder: tempfile::tempdir().unwrap(),
            config: Arc::new(config),
            now: Arc::new(Mutex::new("2026-06-01T10:00:00Z".parse().unwrap())),
        }
    }

    fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    fn store(&self) -> Arc<dyn Store> {
        Arc::from(store::open(self.folder.path()).unwrap())
    }

    fn captures_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("captures")
    }

    fn crawler(&self, store: &Arc<dyn Store>) -> Crawler {
        let now = Arc::clone(&self.now);
        let clock = Clock(Arc::new(move || *now.lock().unwrap()));
        Crawler::open(
            Arc::clone(&self.config),
            Arc::clone(store),
            &self.captures_folder(),
            clock,
        )
        .unwrap()
    }

    /// One pass by a crawler of its own, as the command line makes it.
    async fn pass(&self, is_all: bool) -> Report {
        let store = self.store();
        let (_stop, stopped) = watch::channel(false);
        let selection = Selection {
            sources: Vec::new(),
            is_all,
        };
        self.crawler(&store)
            .pass(&selection, &(), stopped)
            .await
            .unwrap()
    }

    fn captures(&self) -> Vec<Capture> {
        self.store().captures().unwrap()
    }

    /// Bodies by the path asked for.
    fn bodies(&self) -> BTreeMap<String, Vec<u8>> {
        let folder = self.captures_folder();
        let read = |capture: Capture| {
            let path = capture
                .requested_url
                .splitn(4, '/')
                .nth(3)
                .unwrap_or_default();
            (
                format!("/{path}"),
                archive::read(&folder, &capture).unwrap(),
            )
        };
        self.captures().into_iter().map(read).collect()
    }
}

fn of<'r>(report: &'r Report, id: &str) -> &'r SourceReport {
    &report.sources[&SourceId(id.to_owned())]
}

/// A site that offers ten pages in every way there is, with a trap beside them.
fn outlet(path: &str, headers: &HeaderMap) -> Response<Body> {
    let host = headers
        .get("host")
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let page = |number: usize| format!("http://{host}/kk/{number}");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match path {
        "/robots.txt" => reply(
            200,
            "text/plain",
            "User-agent: *\nDisallow: /private/\nDisallow: /calendar\n",
        ),
        "/rss.xml" => rss(&[page(1), page(2), format!("http://{host}/private/draft")]),
        "/index.xml" => reply(
            200,
            "application/xml",
            format!(
                "<sitemapindex><sitemap><loc>http://{host}/map.xml.gz</loc></sitemap></sitemapindex>"
            ),
        ),
        "/map.xml.gz" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            write!(
                encoder,
                "<urlset><url><loc>{}</loc></url><url><loc>{}</loc></url></urlset>",
                page(3),
                page(4)
            )
            .unwrap();
            reply(200, "application/gzip", encoder.finish().unwrap())
        }
        "/news" => match query {
            "" => html(
                "<a class=n href=/kk/5>5</a><a href=/calendar?m=1>c</a><a href='/private/x' class=n>p</a><a rel=next href='?page=2'>2</a>",
            ),
            "page=2" => html("<a class=n href=/kk/6#x>6</a><a rel=next href='/news?page=3'>3</a>"),
            // Leads back to the beginning: paging must end by itself.
            _ => html("<a class=n href=/kk/7>7</a><a rel=next href='/news'>1</a>"),
        },
        "/api" => reply(
            200,
            "application/json",
            r#"{"items":[{"id":8,"url":"/kk/8","language":"kk"},{"id":9,"url":"/kk/9"}]}"#,
        ),
        "/api/8" | "/api/9" => reply(200, "application/json", format!("{{\"body\":\"{path}\"}}")),
        path if path.starts_with("/kk/") => {
            if headers
                .get("if-none-match")
                .is_some_and(|tag| tag == "\"1\"")
            {
                return Response::builder().status(304).body(Body::empty()).unwrap();
            }
            let mut page = html(&format!(
                "<p>{path}</p><a href='/calendar?m=2'>next month</a><a href='/kk/99'>related</a>"
            ));
            page.headers_mut().insert("etag", "\"1\"".parse().unwrap());
            page
        }
        _ => not_found(),
    }
}

fn outlet_source(site: &Site) -> String {
    let at = |path: &str| format!("{}{path}", site.origin);
    source(
        "outlet",
        &site.origin,
        &format!(
            "feeds = [\"{}\"]\nsitemaps = [\"{}\"]\nlistings = [{{ url = \"{}\", links = \"a.n\", next = \"a[rel=next]\" }}]\napi = {{ list = \"{}\", items = \"/items\", item = \"{}\", id = \"/id\", url = \"/url\", language = \"/language\" }}",
            at("/rss.xml"),
            at("/index.xml"),
            at("/news"),
            at("/api"),
            at("/api/{id}")
        ),
    )
}

#[tokio::test]
async fn every_way_of_discovery_leads_to_its_pages_and_nothing_else_is_asked_for() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    let report = world.pass(true).await;
    let captured: Vec<String> = world.bodies().into_keys().collect();
    let expected = [
        "/api/8", "/api/9", "/kk/1", "/kk/2", "/kk/3", "/kk/4", "/kk/5", "/kk/6", "/kk/7",
    ];
    assert_eq!(captured, expected);
    assert_eq!(of(&report, "outlet").n_captured, 9);
    assert_eq!(
        of(&report, "outlet").failures,
        BTreeMap::from([("disallowed".to_owned(), 2)])
    );
    let paths = site.paths();
    assert!(
        !paths.iter().any(|path| path.contains("calendar")
            || path.contains("private")
            || path.contains("99")),
        "{paths:?}"
    );
    assert!(
        site.seen
            .lock()
            .unwrap()
            .iter()
            .all(|seen| seen.agent.starts_with("Aigaq/1.0 (+http"))
    );
    let item = world
        .store()
        .frontier_entry(
            &SourceId("outlet".to_owned()),
            &format!("{}/api/8", site.origin),
        )
        .unwrap()
        .unwrap();
    assert_eq!(item.kind, TargetKind::ApiItem);
    assert_eq!(item.hint.page_url, Some(format!("{}/kk/8", site.origin)));
    assert_eq!(item.hint.language.as_deref(), Some("kk"));
}

#[tokio::test]
async fn a_second_pass_over_everything_is_conditional_and_stores_nothing_twice() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    world.pass(true).await;
    let report = world.pass(true).await;
    assert_eq!(of(&report, "outlet").n_captured, 0);
    // Seven pages answer 304; the two items of the API come again and are the same.
    assert_eq!(of(&report, "outlet").n_not_modified, 9);
    assert_eq!(
        site.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|seen| seen.status == 304)
            .count(),
        7
    );
    assert_eq!(world.captures().len(), 9);
}

#[tokio::test]
async fn what_is_not_due_is_left_alone_until_it_is() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    world.pass(false).await;
    let n_asked = site.paths().len();
    world.pass(false).await;
    assert_eq!(site.paths().len(), n_asked);
    world.advance(TimeDelta::minutes(16));
    world.pass(false).await;
    assert_eq!(
        site.n_asked("/rss.xml"),
        2,
        "discovery is due every quarter of an hour"
    );
    assert_eq!(site.n_asked("/kk/1"), 1);
    world.advance(TimeDelta::hours(1));
    world.pass(false).await;
    assert_eq!(
        site.n_asked("/kk/1"),
        2,
        "a page is looked at again an hour after it was found"
    );
}

#[tokio::test]
async fn a_page_that_changes_is_captured_again_and_one_that_comes_again_unchanged_is_not() {
    let n_asked = Arc::new(Mutex::new(0));
    let site = Site::start(move |path, headers| match path {
        "/rss.xml" => {
            let host = headers["host"].to_str().unwrap().to_owned();
            rss(&[
                format!("http://{host}/changing"),
                format!("http://{host}/same"),
            ])
        }
        "/changing" => {
            *n_asked.lock().unwrap() += 1;
            html(&format!("version {}", n_asked.lock().unwrap()))
        }
        "/same" => html("same"),
        _ => not_found(),
    })
    .await;
    let feed = format!("feeds = [\"{}/rss.xml\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    world.pass(true).await;
    world.advance(TimeDelta::minutes(1));
    let report = world.pass(true).await;
    assert_eq!(
        (of(&report, "a").n_captured, of(&report, "a").n_not_modified),
        (1, 1)
    );
    let changing = world
        .captures()
        .into_iter()
        .filter(|capture| capture.url.ends_with("/changing"));
    let bodies: Vec<Vec<u8>> = changing
        .map(|capture| archive::read(&world.captures_folder(), &capture).unwrap())
        .collect();
    assert_eq!(bodies, [b"version 1", b"version 2"]);
}

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

/// A site that writes raw bytes to a connection whose request has been read, and then whatever `write` writes.
fn raw_site(
    write: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + 'static,
) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut line = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let _ = reader.read_line(&mut line);
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            // The client hanging up is what the test is about.
            let _ = write(&path, &mut stream);
        }
    });
    origin
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

#[tokio::test]
async fn a_site_that_names_nothing_is_searched_for_feeds_and_sitemaps() {
    let site = Site::start(|path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/robots.txt" => reply(
                200,
                "text/plain",
                format!("Sitemap: http://{host}/map.xml\n"),
            ),
            "/" => html("<link rel=alternate type='application/rss+xml' href='/feed/'>"),
            "/feed/" => rss(&[format!("http://{host}/a")]),
            "/map.xml" => reply(
                200,
                "text/xml",
                format!("<urlset><url><loc>http://{host}/b</loc></url></urlset>"),
            ),
            "/a" | "/b" => html("page"),
            _ => not_found(),
        }
    })
    .await;
    let world = World::new("", &[source("a", &site.origin, "")]);
    world.pass(false).await;
    assert_eq!(world.bodies().into_keys().collect::<Vec<_>>(), ["/a", "/b"]);
}

/// Asks for a stop after some visits, as Ctrl-C does.
struct StopAfter {
    n_visits: usize,
    stop: watch::Sender<bool>,
}

impl Progress for StopAfter {
    fn visited(&self, event: &Event) {
        if event.n_done >= self.n_visits {
            let _ = self.stop.send(true);
        }
    }
}

#[tokio::test]
async fn a_pass_stopped_anywhere_goes_on_where_it_was() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    for n_visits in 1..=4 {
        let store = world.store();
        let (stop, stopped) = watch::channel(false);
        let report = world
            .crawler(&store)
            .pass(
                &Selection::default(),
                &StopAfter { n_visits, stop },
                stopped,
            )
            .await
            .unwrap();
        assert!(report.is_stopped);
    }
    let report = world.pass(false).await;
    assert!(!report.is_stopped);
    assert_eq!(world.captures().len(), 9);
    assert_eq!(world.bodies().len(), 9, "none twice");
    for path in ["/kk/1", "/kk/5", "/api/9"] {
        assert_eq!(site.n_asked(path), 1, "{path}");
    }
}

#[tokio::test]
async fn only_the_source_asked_for_is_crawled() {
    let site = Site::start(outlet).await;
    let other = Site::start(outlet).await;
    let disabled = source("off", &other.origin, "enabled = false");
    let world = World::new("", &[outlet_source(&site), disabled]);
    let store = world.store();
    let crawler = world.crawler(&store);
    let only = |id: &str| Selection {
        sources: vec![SourceId(id.to_owned())],
        is_all: false,
    };
    let (_stop, stopped) = watch::channel(false);
    crawler
        .pass(&only("outlet"), &(), stopped.clone())
        .await
        .unwrap();
    assert!(!site.paths().is_empty());
    for unknown in ["off", "nobody"] {
        let error = crawler
            .pass(&only(unknown), &(), stopped.clone())
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("no enabled source `{unknown}` in sources.toml")
        );
    }
    assert!(other.paths().is_empty());
}

#[tokio::test]
async fn outcomes_are_logged_for_each_source() {
    let site = Site::start(|path, _| {
        if path == "/feed" {
            reply(500, "text/html", "")
        } else {
            not_found()
        }
    })
    .await;
    let feed = format!("feeds = [\"{}/feed\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    world.pass(true).await;
    let log = world
        .store()
        .fetch_log(&SourceId("a".to_owned()), 10)
        .unwrap();
    assert_eq!(
        log[0].outcome,
        FetchOutcome::Refused {
            status: StatusCode::INTERNAL_SERVER_ERROR.as_u16()
        }
    );
}
