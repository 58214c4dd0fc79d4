//! Sites on loopback that answer as a test says, and a data folder with a clock that is moved by hand.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use aigaq::config::Config;
use aigaq::crawl::{Clock, Crawler, Report, Selection, SourceReport, archive};
use aigaq::model::{Capture, SourceId};
use aigaq::store::{self, Store};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::watch;

/// One request a site saw.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) at: Instant,
    pub(super) agent: String,
    pub(super) status: u16,
}

/// A site on loopback that answers as a function says and remembers what it was asked.
pub(super) struct Site {
    pub(super) origin: String,
    pub(super) seen: Arc<Mutex<Vec<Seen>>>,
}

impl Site {
    pub(super) async fn start(
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
    pub(super) fn paths(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|seen| seen.path.clone())
            .filter(|path| path != "/robots.txt")
            .collect()
    }

    pub(super) fn n_asked(&self, path: &str) -> usize {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|seen| seen.path == path)
            .count()
    }
}

pub(super) fn reply(status: u16, content_type: &str, body: impl Into<Body>) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("content-type", content_type)
        .body(body.into())
        .unwrap()
}

pub(super) fn html(body: &str) -> Response<Body> {
    reply(200, "text/html; charset=utf-8", body.to_owned())
}

pub(super) fn not_found() -> Response<Body> {
    reply(404, "text/html", "404")
}

pub(super) fn redirect(status: u16, to: &str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("location", to)
        .body(Body::empty())
        .unwrap()
}

pub(super) fn rss(links: &[String]) -> Response<Body> {
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
pub(super) fn source(id: &str, origin: &str, more: &str) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nname = \"{id}\"\nurl = \"{origin}/\"\nrole = \"media\"\nlanguages = [\"kk\", \"ru\"]\n{more}\n"
    )
}

/// A data folder with a clock that is moved by hand.
pub(super) struct World {
    pub(super) folder: tempfile::TempDir,
    pub(super) config: Arc<Config>,
    pub(super) now: Arc<Mutex<DateTime<Utc>>>,
}

impl World {
    pub(super) fn new(crawl: &str, sources: &[String]) -> World {
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

    pub(super) fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    /// The store of the folder.
    pub(super) fn store(&self) -> Arc<dyn Store> {
        Arc::from(store::open(self.folder.path()).unwrap())
    }

    pub(super) fn captures_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("captures")
    }

    pub(super) fn crawler(&self, store: &Arc<dyn Store>) -> Crawler {
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
    pub(super) async fn pass(&self, is_all: bool) -> Report {
        let store = self.store();
        let (_stop, stopped) = watch::channel(false);
        let selection = Selection {
            sources: Vec::new(),
            is_all,
            sample: None,
        };
        self.crawler(&store)
            .pass(&selection, &(), stopped)
            .await
            .unwrap()
    }

    pub(super) fn captures(&self) -> Vec<Capture> {
        self.store().captures().unwrap()
    }

    /// Bodies by the path asked for.
    pub(super) fn bodies(&self) -> BTreeMap<String, Vec<u8>> {
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

pub(super) fn of<'r>(report: &'r Report, id: &str) -> &'r SourceReport {
    &report.sources[&SourceId(id.to_owned())]
}

/// A site that offers ten pages in every way there is, with a trap beside them.
pub(super) fn outlet(path: &str, headers: &HeaderMap) -> Response<Body> {
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

pub(super) fn outlet_source(site: &Site) -> String {
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

/// A site that writes raw bytes to a connection whose request has been read, and then whatever `write` writes.
pub(super) fn raw_site(
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
            // All of the request: a connection that is closed on unread bytes is reset, and the answer lost with it.
            let mut field = String::new();
            while reader
                .read_line(&mut field)
                .is_ok_and(|n_bytes| n_bytes > 2)
            {
                field.clear();
            }
            let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
            // The client hanging up is what the test is about.
            let _ = write(&path, &mut stream);
        }
    });
    origin
}
