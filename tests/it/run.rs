//! `run` through the built binary: what a site publishes is soon found, told of, and everything ends when it is asked to.

#![allow(clippy::print_stdout, reason = "how long it took is worth reading")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aigaq::model::{Scope, User, UserRole};
use aigaq::store;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::access::bearer;
use super::loopback::serve;

/// A reader sees a document within so much time of its capture.
const SEEN_WITHIN_MS: i64 = 2_000;
/// A stop takes no longer.
const STOPPED_WITHIN: Duration = Duration::from_secs(5);
/// What is waited for at most before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pages that are published while the program runs.
const N_PAGES: usize = 5;

/// A site whose feed names so many pages, and a webhook that keeps what it is sent.
struct Site {
    address: std::net::SocketAddr,
    n_pages: Mutex<usize>,
    received: Mutex<Vec<Value>>,
}

async fn answer(State(site): State<Arc<Site>>, uri: Uri, body: Bytes) -> Response {
    let path = uri.path();
    if path == "/hook" {
        let message = serde_json::from_slice(&body).unwrap();
        site.received.lock().unwrap().push(message);
        return StatusCode::OK.into_response();
    }
    let n_pages = *site.n_pages.lock().unwrap();
    if path == "/rss.xml" {
        let items: String = (0..n_pages)
            .map(|n| {
                format!(
                    "<item><title>Порт {n}</title><link>http://{}/news/{n}</link></item>",
                    site.address
                )
            })
            .collect();
        let feed = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Т</title><link>http://{}/</link><description/>{items}</channel></rss>",
            site.address
        );
        return ([(header::CONTENT_TYPE, "application/rss+xml")], feed).into_response();
    }
    let number = path
        .strip_prefix("/news/")
        .and_then(|n| n.parse::<usize>().ok());
    match number.filter(|number| *number < n_pages) {
        Some(number) => {
            let words = ["кран", "причал", "баржа", "склад", "буксир"];
            let page = format!(
                "<html><head><title>Порт {number}</title></head><body><article><h1>Порт {number}</h1>\
                 <p>В старом порту {} номер {number} снова работает после долгого ремонта. Об этом рассказали в управлении транспорта города.</p></article></body></html>",
                words[number % words.len()]
            );
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The program at work: ended for good when the test ends.
struct Running {
    child: Child,
    address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(folder: &Path) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aigaq"))
        .args(["run", "--port", "0"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let said = lines.next().unwrap().unwrap();
    // What is said later must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let address = said.split_once("http://").unwrap().1;
    let address = address.split_once('/').unwrap().0.to_owned();
    Running { child, address }
}

/// Asks again and again until an answer comes.
async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Somebody whose token the program takes.
fn reader(data: &Path) -> reqwest::Client {
    let store = store::open(data).unwrap();
    let user = User::new("aisha", UserRole::Officer, Utc::now());
    store.put_user(&user, "operator", Utc::now()).unwrap();
    let token = bearer(&*store, "aisha", Scope::Write);
    let headers = [(header::AUTHORIZATION, token.parse().unwrap())];
    let client = reqwest::Client::builder().default_headers(headers.into_iter().collect());
    client.build().unwrap()
}

/// The address of the page a search finds.
async fn found(client: &reqwest::Client, address: &str, number: usize) -> Option<String> {
    let url = format!("http://{address}/api/v1/search?facets=no&q=title%3A{number}");
    let answer = client.get(url).send().await.ok()?.text().await.ok()?;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    Some(answer["hits"].get(0)?["url"].as_str()?.to_owned())
}

/// When the page of an address was captured.
fn captured_at(folder: &Path, url: &str) -> DateTime<Utc> {
    let store = store::open_read_only(&folder.join("index")).unwrap();
    let captures = store.captures().unwrap();
    let capture = captures.iter().find(|capture| capture.url == url);
    capture.unwrap().fetched_at
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_found_and_told_at_once_and_a_stop_ends_everything() {
    let folder = tempfile::tempdir().unwrap();
    let site = serve(|address| {
        let site = Arc::new(Site {
            address,
            n_pages: Mutex::new(0),
            received: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&site));
        (router, site)
    });
    let sources = format!(
        "[crawl]\nschedule = \"* * * * * *\"\ndelay = \"10ms\"\nallow_private_addresses = true\n\n[alerts]\nallow_private_addresses = true\n\n\
         [[source]]\nid = \"outlet\"\nname = \"Outlet\"\nurl = \"http://{0}/\"\nrole = \"media\"\nlanguages = [\"ru\"]\nfeeds = [\"http://{0}/rss.xml\"]\n",
        site.address
    );
    std::fs::write(folder.path().join("sources.toml"), sources).unwrap();
    let client = reader(&folder.path().join("index"));
    let mut running = start(folder.path());
    let saved = client
        .put(format!("http://{}/api/v1/saved/cranes", running.address))
        .header("content-type", "application/json")
        .body(json!({ "query": "кран", "tell": { "webhook": format!("http://{}/hook", site.address) } }).to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(saved.status().as_u16(), 200);

    let mut waited_ms = Vec::new();
    for number in 0..N_PAGES {
        *site.n_pages.lock().unwrap() = number + 1;
        let url = until("the page", async || {
            found(&client, &running.address, number).await
        })
        .await;
        let waited = Utc::now() - captured_at(folder.path(), &url);
        waited_ms.push(waited.num_milliseconds());
    }
    waited_ms.sort_unstable();
    println!("found after its capture, in ms: {waited_ms:?}");
    // The one in the middle, so that a machine with other work to do costs no more than a page.
    assert!(waited_ms[N_PAGES / 2] < SEEN_WITHIN_MS, "{waited_ms:?}");

    let told = until("the message", async || {
        site.received.lock().unwrap().first().cloned()
    })
    .await;
    assert!(told.to_string().contains("/news/0"), "{told}");

    let stopping = Instant::now();
    let pid = running.child.id().to_string();
    let kill = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(kill.success());
    let ended = until("the end", async || running.child.try_wait().unwrap()).await;
    assert_eq!(ended.code(), Some(0));
    assert!(
        stopping.elapsed() < STOPPED_WITHIN,
        "{:?}",
        stopping.elapsed()
    );
    // What was captured stands, and the folder is free for the next.
    let store = store::open(&folder.path().join("index")).unwrap();
    assert_eq!(store.counts().unwrap().documents, N_PAGES as u64);
    assert!(store.pending(1).unwrap().is_empty());
}
