//! The whole pipeline over a small web on loopback: killed at any moment it goes on, and its stores agree.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aigaq::store;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::loopback;

/// Pages of the small web.
const N_PAGES: usize = 6;

/// What the small web's server knows.
struct Web {
    /// Where it listens.
    address: SocketAddr,
    /// Requests answered so far.
    n_requests: AtomicUsize,
    /// The process to kill before answering the request of that number.
    victim: Mutex<Option<(usize, Child)>>,
}

impl Web {
    /// Counts a request and kills the crawler when its turn has come; the count starts at 1.
    fn count(&self) {
        let number = self.n_requests.fetch_add(1, Ordering::SeqCst) + 1;
        let mut victim = self.victim.lock().unwrap();
        if victim.as_ref().is_some_and(|(at, _)| *at == number) {
            let (_, mut child) = victim.take().unwrap();
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// Answers robots.txt, the feed and the pages.
async fn answer(State(web): State<Arc<Web>>, uri: Uri) -> Response {
    web.count();
    let path = uri.path();
    if path == "/rss.xml" {
        return ([(header::CONTENT_TYPE, "application/rss+xml")], feed(&web)).into_response();
    }
    let number = path
        .strip_prefix("/news/")
        .and_then(|rest| rest.parse::<usize>().ok());
    match number.filter(|number| *number < N_PAGES) {
        Some(number) => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            page(number),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The feed that names every page.
fn feed(web: &Web) -> String {
    let items: String = (0..N_PAGES)
        .map(|number| {
            let url = format!("http://{}/news/{number}", web.address);
            format!(
                "<item><title>Сводка {number}</title><link>{url}</link><guid>{url}</guid></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Сводки</title>\
         <link>http://{}/</link><description/>{items}</channel></rss>",
        web.address
    )
}

/// One page with a figure of its own.
fn page(number: usize) -> String {
    format!(
        "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\"><title>Сводка {number}</title>\
         <meta property=\"article:published_time\" content=\"2026-07-{:02}T10:00:00+05:00\"></head><body><article>\
         <h1>Сводка {number}</h1><p>За {number} неделю наблюдений в районе Заречном зарегистрировано {} пожаров, \
         и все они потушены без пострадавших. Дежурная смена работает без перерыва.</p></article></body></html>",
        number + 1,
        300 + 17 * number
    )
}

/// Starts the small web.
fn serve() -> Arc<Web> {
    loopback::serve(|address| {
        let web = Arc::new(Web {
            address,
            n_requests: AtomicUsize::new(0),
            victim: Mutex::new(None),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&web));
        (router, web)
    })
}

/// A configuration with the small web as its one source.
fn write_config(path: &Path, web: &Web) {
    let text = format!(
        "[crawl]\nallow_private_addresses = true\ndelay = \"1ms\"\n\n[[source]]\nid = \"station\"\n\
         name = \"Станция\"\nurl = \"http://{0}/\"\nrole = \"official\"\nlanguages = [\"ru\"]\n\
         feeds = [\"http://{0}/rss.xml\"]\n",
        web.address
    );
    std::fs::write(path, text).unwrap();
}

/// The crawl command over that configuration.
fn crawl(config: &Path, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aigaq"));
    command
        .arg("--config")
        .arg(config)
        .arg("--data")
        .arg(data)
        .args(["crawl", "--all"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// What must hold of a data folder after a whole pass, whatever happened before.
fn assert_whole(data: &Path) {
    let store = store::open_read_only(data).unwrap();
    let mut urls: Vec<String> = store
        .current_revisions()
        .unwrap()
        .into_iter()
        .map(|revision| revision.document.url.0)
        .collect();
    urls.sort();
    urls.dedup();
    assert_eq!(urls.len(), N_PAGES, "every page stands once: {urls:?}");
    for url in &urls {
        assert_eq!(
            store.revisions_of(url).unwrap().len(),
            1,
            "{url} did not change"
        );
    }
    let mut captures: Vec<(String, String)> = store
        .captures()
        .unwrap()
        .into_iter()
        .map(|capture| {
            let body = aigaq::crawl::archive::read(&data.join("captures"), &capture).unwrap();
            assert_eq!(aigaq::canonical::ContentHash::of(&body), capture.body_hash);
            (capture.url, capture.body_hash.0)
        })
        .collect();
    let n_captures = captures.len();
    captures.sort();
    captures.dedup();
    assert_eq!(captures.len(), n_captures, "no capture stands twice");
    assert!(
        store.pending(1).unwrap().is_empty(),
        "every capture was read"
    );
    let index = aigaq::index::Index::open(data).unwrap();
    assert_eq!(
        index.committed_seq().unwrap(),
        store.last_sequence().unwrap(),
        "index and store agree"
    );
}

#[test]
fn a_crawl_killed_before_any_answer_goes_on_where_it_was() {
    let web = serve();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("sources.toml");
    write_config(&config, &web);
    let whole = folder.path().join("whole");
    assert!(crawl(&config, &whole).status().unwrap().success());
    assert_whole(&whole);
    let n_requests = web.n_requests.load(Ordering::SeqCst);
    assert!(
        n_requests > N_PAGES,
        "robots.txt, the feed and the pages were asked for"
    );
    for moment in 1..=n_requests {
        let data = folder.path().join(format!("killed-{moment}"));
        web.n_requests.store(0, Ordering::SeqCst);
        {
            let mut victim = web.victim.lock().unwrap();
            *victim = Some((moment, crawl(&config, &data).spawn().unwrap()));
        }
        while web.victim.lock().unwrap().is_some() {
            std::thread::yield_now();
        }
        assert!(
            crawl(&config, &data).status().unwrap().success(),
            "after a kill at request {moment}"
        );
        assert_whole(&data);
    }
}
