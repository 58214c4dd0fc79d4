//! A crawl of several hosts killed again and again on one data folder: nothing that was acknowledged is lost, nothing doubled.
//!
//! `scripts/kill_crawl.py` does the same hundreds of times, at moments of the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use aigaq::canonical::ContentHash;
use aigaq::config::Config;
use aigaq::crawl::archive::{self, Archive};
use aigaq::crawl::fetch::Exchange;
use aigaq::crawl::{frontier, recovery};
use aigaq::model::{CaptureId, Hint, SourceId, TargetKind};
use aigaq::store;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::loopback;

/// Hosts of the small web.
const N_HOSTS: usize = 4;
/// Pages of each.
const N_PAGES: usize = 8;
/// How often the crawl is killed.
const N_KILLS: usize = 10;

/// What all hosts share.
#[derive(Default)]
struct Web {
    /// Times each page was served: every third page changes with each.
    served: BTreeMap<String, usize>,
    /// Digests of all bodies served, by address.
    bodies: BTreeMap<String, BTreeSet<String>>,
    /// How many requests are answered before the program is killed, and the program.
    victim: Option<(usize, Child)>,
}

/// One of its hosts.
#[derive(Clone)]
struct Host {
    address: SocketAddr,
    web: Arc<Mutex<Web>>,
}

async fn answer(State(host): State<Host>, uri: Uri) -> Response {
    let mut web = host.web.lock().unwrap();
    if let Some((left, mut child)) = web.victim.take() {
        if left == 0 {
            child.kill().unwrap();
            child.wait().unwrap();
        } else {
            web.victim = Some((left - 1, child));
        }
    }
    let path = uri.path();
    if path == "/rss.xml" {
        let items: String = (0..N_PAGES)
            .map(|n| format!("<item><link>http://{}/news/{n}</link></item>", host.address))
            .collect();
        let feed =
            format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>{items}</channel></rss>");
        return ([(header::CONTENT_TYPE, "application/rss+xml")], feed).into_response();
    }
    let number = path
        .strip_prefix("/news/")
        .and_then(|rest| rest.parse::<usize>().ok());
    let Some(number) = number.filter(|number| *number < N_PAGES) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let url = format!("http://{}{path}", host.address);
    let times = web.served.entry(url.clone()).or_default();
    *times += 1;
    let times = if number.is_multiple_of(3) { *times } else { 0 };
    let page = format!(
        "<html><head><title>Пост {number}</title></head><body><article><h1>Пост {number}</h1><p>На посту {url} за неделю \
         записано {times} новостей, и дежурная смена работает без перерыва, как и прежде.</p></article></body></html>"
    );
    let hash = ContentHash::of(page.as_bytes()).0;
    web.bodies.entry(url).or_default().insert(hash);
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

fn serve(web: &Arc<Mutex<Web>>) -> SocketAddr {
    let web = Arc::clone(web);
    loopback::serve(move |address| {
        let host = Host { address, web };
        (Router::new().fallback(answer).with_state(host), address)
    })
}

fn sources(hosts: &[SocketAddr]) -> String {
    let sources = hosts.iter().enumerate().map(|(number, at)| {
        format!(
            "\n[[source]]\nid = \"host-{number}\"\nname = \"Host\"\nurl = \"http://{at}/\"\nrole = \"media\"\nlanguages = [\"ru\"]\n\
             feeds = [\"http://{at}/rss.xml\"]\n"
        )
    });
    let sources: String = sources.collect();
    format!("[crawl]\nallow_private_addresses = true\ndelay = \"1ms\"\n{sources}")
}

fn crawl(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aigaq"));
    command.args(["crawl", "--all"]).current_dir(folder);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Holds what the store knows against what was served and what it knew before.
fn assert_kept(data: &Path, web: &Mutex<Web>, known: &mut BTreeSet<CaptureId>) {
    // Killed so early that there is no store yet.
    let Ok(store) = store::open_read_only(data) else {
        assert!(known.is_empty());
        return;
    };
    let captures = store.captures().unwrap();
    let ids: BTreeSet<CaptureId> = captures.iter().map(|one| one.id.clone()).collect();
    assert!(ids.is_superset(known), "what was acknowledged stays");
    *known = ids;
    let mut bodies = BTreeSet::new();
    for capture in &captures {
        let body = archive::read(&data.join("captures"), capture).unwrap();
        let hash = ContentHash::of(&body).0;
        let was_served = web.lock().unwrap().bodies[&capture.url].contains(&hash);
        assert!(was_served, "{} was served", capture.url);
        assert!(
            bodies.insert((&capture.url, hash)),
            "{} stands once",
            capture.url
        );
    }
}

/// The addresses and digests of all answers in closed files, which pass the strict check.
fn answers(data: &Path) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for entry in std::fs::read_dir(data.join("captures")).unwrap() {
        let path = entry.unwrap().path();
        assert!(!path.ends_with(".open"));
        if path.extension().is_some_and(|extension| extension == "gz") {
            assert_eq!(archive::check(&path).unwrap().faults, Vec::<String>::new());
            answers.extend(archive::given(&path).unwrap().map(|given| {
                let given = given.unwrap();
                (given.url, ContentHash::of(&given.body).0)
            }));
        }
    }
    answers.sort();
    answers
}

#[test]
fn a_crawl_killed_again_and_again_loses_and_doubles_nothing() {
    let web = Arc::<Mutex<Web>>::default();
    let hosts: Vec<SocketAddr> = (0..N_HOSTS).map(|_| serve(&web)).collect();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sources.toml"), sources(&hosts)).unwrap();
    let data = folder.path().join("index");
    let mut known = BTreeSet::new();
    // Moments from the same generator in every run (Knuth's MMIX constants): requests answered until the kill.
    let mut dice = 26_u64;
    for _ in 0..N_KILLS {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let moment = usize::try_from((dice >> 33) % 40).unwrap();
        web.lock().unwrap().victim = Some((moment, crawl(folder.path()).spawn().unwrap()));
        loop {
            let mut web = web.lock().unwrap();
            let victim = web.victim.as_mut();
            if victim.is_none_or(|(_, child)| child.try_wait().unwrap().is_some()) {
                break;
            }
            drop(web);
            std::thread::yield_now();
        }
        web.lock().unwrap().victim = None;
        assert_kept(&data, &web, &mut known);
    }
    assert!(crawl(folder.path()).status().unwrap().success());
    assert_kept(&data, &web, &mut known);
    let store = store::open_read_only(&data).unwrap();
    let captures = store.captures().unwrap().into_iter();
    let mut told: Vec<(String, String)> = captures.map(|one| (one.url, one.body_hash.0)).collect();
    told.sort();
    assert_eq!(
        answers(&data),
        told,
        "files and store know the same answers"
    );
    let urls: BTreeSet<String> = told.into_iter().map(|(url, _)| url).collect();
    assert_eq!(urls.len(), N_HOSTS * N_PAGES);
    assert!(
        store.pending(1).unwrap().is_empty(),
        "every capture was read"
    );
}

#[test]
fn an_answer_of_which_the_store_was_not_told_is_told_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    let at = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 80));
    let config = Config::parse(&sources(&[at]), Path::new("sources.toml")).unwrap();
    let store = store::open(folder.path()).unwrap();
    let source = SourceId("host-0".to_owned());
    let url = "http://192.0.2.1/news/1";
    let moment = "2026-06-01T10:00:00.123456Z".parse().unwrap();
    let entry = frontier::entry(&source, url, TargetKind::Page, Hint::default(), moment).unwrap();
    store.discover(std::slice::from_ref(&entry)).unwrap();
    let exchange = Exchange {
        url: Url::parse(url).unwrap(),
        at: moment,
        remote: Some(at),
        request_headers: Vec::new(),
        version: "HTTP/1.1",
        status: 200,
        headers: [("etag", "\"7\""), ("transfer-encoding", "chunked")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        wire: b"<p>kept</p>".to_vec(),
        body: b"<p>kept</p>".to_vec(),
    };
    let archive = Archive::open(&captures).unwrap();
    let kept = archive.keep(&source, &entry.url, &exchange).unwrap();
    // As a kill leaves it.
    drop(archive);

    for _ in 0..2 {
        drop(recovery::open(&captures, &config, &*store).unwrap());
        assert_eq!(store.captures().unwrap(), std::slice::from_ref(&kept));
        assert_eq!(store.pending(9).unwrap().len(), 1);
        assert_eq!(archive::read(&captures, &kept).unwrap(), exchange.body);
    }
    let entry = store.frontier_entry(&source, url).unwrap().unwrap();
    assert_eq!(entry.etag.as_deref(), Some("\"7\""));
    assert_eq!(entry.body_hash, Some(kept.body_hash.0));
    assert_eq!(store.fetch_log(&source, 9).unwrap().len(), 1);
}
