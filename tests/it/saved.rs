//! Saved searches through the built binary: saved with a preview, matched with what is new, told of once, used by name.

use std::path::Path;
use std::sync::{Arc, Mutex};

use aigaq::config::AlertConfig;
use aigaq::model::{Alert, AlertRule, Channel, Pace, RevisionId, SavedSearch, Secret, Snippet};
use aigaq::send::{Secrets, Sender};
use aigaq::{pipeline, store};
use axum::Router;
use axum::body::Bytes;
use serde_json::Value;

use super::cli::{aigaq, lines, stderr};
use super::loopback::serve;

/// A data folder with one outlet, and what a webhook of the test received.
struct Desk {
    folder: tempfile::TempDir,
    received: Arc<Mutex<Vec<Value>>>,
    hook: String,
}

/// A webhook that keeps what it is sent.
fn receiver() -> (String, Arc<Mutex<Vec<Value>>>) {
    serve(|address| {
        let received = Arc::<Mutex<Vec<Value>>>::default();
        let kept = Arc::clone(&received);
        let take = move |body: Bytes| async move {
            let message = serde_json::from_slice(&body).unwrap();
            kept.lock().unwrap().push(message);
        };
        let router = Router::new().fallback(take);
        (router, (format!("http://{address}/hook"), received))
    })
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let sources = "[alerts]\nbase_url = \"https://desk.example/\"\nallow_private_addresses = true\n\n\
            [[source]]\nid = \"outlet\"\nname = \"Outlet\"\nurl = \"https://outlet.example/\"\nrole = \"media\"\nlanguages = [\"ru\"]\n";
        std::fs::write(folder.path().join("sources.toml"), sources).unwrap();
        let (hook, received) = receiver();
        Desk {
            folder,
            received,
            hook,
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command that must succeed; what it printed.
    fn run(&self, arguments: &[&str]) -> String {
        let output = aigaq(self.path(), arguments, "");
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            stderr(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Takes in publications: the last part of the address and the text.
    fn publish(&self, pages: &[(&str, &str)]) {
        let text: String = pages
            .iter()
            .map(|(name, text)| {
                let html = format!(
                    "<html><body><article><h1>Новость</h1><p>{text}</p></article></body></html>"
                );
                let line = serde_json::json!({
                    "url": format!("https://outlet.example/{name}"),
                    "html": html,
                    "title": format!("Новость {name}"),
                });
                format!("{line}\n")
            })
            .collect();
        std::fs::write(self.path().join("pages.jsonl"), text).unwrap();
        self.run(&["import", "pages.jsonl", "--source", "outlet"]);
    }

    fn found(&self, name: &str) -> Vec<String> {
        let output = aigaq(
            self.path(),
            &["saved", "show", name, "--format", "jsonl"],
            "",
        );
        let alerts = lines(&output).into_iter();
        alerts
            .map(|alert| {
                alert["url"]
                    .as_str()
                    .unwrap()
                    .replace("https://outlet.example/", "")
            })
            .collect()
    }

    fn saved(&self, name: &str) -> Value {
        let output = aigaq(self.path(), &["saved", "list", "--format", "jsonl"], "");
        let mut saved = lines(&output).into_iter();
        saved.find(|search| search["name"] == name).unwrap()
    }
}

const OPENED: &str = "В городе после долгого ремонта открыли старый речной порт, сообщили в управлении транспорта. Первые баржи с зерном \
    и щебнем придут в апреле, когда сойдёт лёд и поднимется вода. За зиму рабочие заменили оба крана, укрепили причал, \
    провели свет на дальний склад и починили дорогу, по которой грузовики подъезжают к воде. Раньше суда ждали разгрузки \
    по трое суток, теперь её обещают закончить за один день.";
const REPRINT: &str = "В городе после долгого ремонта открыли старый речной порт, рассказали в управлении транспорта. Первые баржи с зерном \
    и щебнем придут в апреле, когда сойдёт лёд и поднимется вода. За зиму рабочие заменили оба крана, укрепили причал, \
    провели свет на дальний склад и починили дорогу, по которой грузовики подъезжают к воде. Раньше суда ждали разгрузки \
    по трое суток, теперь её обещают закончить за один день.";

#[test]
fn what_is_new_is_told_once_for_each_story() {
    let desk = Desk::new();
    desk.publish(&[("before", "Порт закрыли на зиму до лучших времён.")]);
    let said = desk.run(&["saved", "add", "ports", "порт", "--webhook", &desk.hook]);
    assert!(said.contains("1 stories would have been told"), "{said}");
    assert!(said.contains("secret"), "{said}");
    desk.publish(&[
        ("opened", OPENED),
        ("reprint", REPRINT),
        ("river", "Река вышла из берегов."),
    ]);
    let found = desk.found("ports");
    assert!(found == ["opened"] || found == ["reprint"], "{found:?}");
    desk.run(&["saved", "tell"]);
    desk.run(&["saved", "tell"]);
    let received = desk.received.lock().unwrap().clone();
    assert_eq!(received.len(), 1, "{received:?}");
    let message = received[0].to_string();
    assert!(message.contains("outlet.example/"), "{message}");
    assert!(message.contains("desk.example/search?q="), "{message}");
    // Nothing new, nothing matched again.
    desk.publish(&[("opened", OPENED)]);
    assert_eq!(desk.found("ports").len(), 1);
}

/// An alert of the search `ports`.
fn alert(name: &str) -> Alert {
    Alert {
        search: "ports".to_owned(),
        revision: RevisionId(format!("rev-{name}")),
        url: format!("https://outlet.example/{name}"),
        title: name.to_owned(),
        why: Snippet::default(),
        likeness: (0, 0),
        matched_at: "2026-03-01T00:00:00Z".parse().unwrap(),
        told_at: None,
    }
}

#[tokio::test]
async fn a_daily_search_tells_once_a_day_after_eight_and_a_dead_channel_is_left_alone_for_a_while()
{
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    let (hook, received) = receiver();
    let search = |url: &str| SavedSearch {
        name: "ports".to_owned(),
        query: "порт".to_owned(),
        saved_at: "2026-03-01T00:00:00Z".parse().unwrap(),
        since: 0,
        alert: Some(AlertRule {
            channel: Channel::Webhook {
                url: url.to_owned(),
                secret: Some(Secret::new("a secret of some length")),
            },
            pace: Pace::Daily,
            n_failed: 0,
            not_before: None,
        }),
        paused: None,
        feed: None,
        owner: None,
    };
    store.put_saved_searches(&[search(&hook)]).unwrap();
    store.put_alerts(&[alert("a"), alert("b")], None).unwrap();
    let config = AlertConfig {
        allow_private_addresses: true,
        ..AlertConfig::default()
    };
    let sender = Sender::new(&config, Secrets::default()).unwrap();
    // Almaty is five hours east.
    for (moment, n_sent) in [
        ("2026-03-02T02:30:00Z", 0),
        ("2026-03-02T03:30:00Z", 1),
        ("2026-03-02T09:00:00Z", 1),
        ("2026-03-03T02:30:00Z", 1),
        ("2026-03-03T04:00:00Z", 2),
    ] {
        pipeline::tell(&*store, &sender, None, moment.parse().unwrap())
            .await
            .unwrap();
        assert_eq!(received.lock().unwrap().len(), n_sent, "{moment}");
        store
            .put_alerts(&[alert(&format!("later-{n_sent}"))], None)
            .unwrap();
    }
    let first = received.lock().unwrap()[0].to_string();
    assert!(
        first.contains("/a") && first.contains("/b"),
        "both in one message: {first}"
    );
    // Nobody listens there: it is tried again after a pause, not at once, and nothing is lost.
    store
        .put_saved_searches(&[search("http://127.0.0.1:9/")])
        .unwrap();
    store.put_alerts(&[alert("last")], None).unwrap();
    let at = |moment: &str| moment.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let told = pipeline::tell(&*store, &sender, None, at("2026-03-05T04:00:00Z"))
        .await
        .unwrap();
    assert_eq!((told.sent, told.put_off.len()), (0, 1));
    let told = pipeline::tell(&*store, &sender, None, at("2026-03-05T04:00:10Z"))
        .await
        .unwrap();
    assert_eq!(told, pipeline::Told::default());
    let told = pipeline::tell(&*store, &sender, None, at("2026-03-05T04:05:00Z"))
        .await
        .unwrap();
    assert_eq!(told.put_off.len(), 1);
    assert!(store.alerts("ports", 10).unwrap()[0].told_at.is_none());
    assert_eq!(
        store.saved_searches().unwrap()[0]
            .alert
            .as_ref()
            .unwrap()
            .n_failed,
        2
    );
}

#[test]
fn a_query_is_saved_as_it_is_written_or_not_at_all() {
    let desk = Desk::new();
    desk.publish(&[("1", OPENED)]);
    for (arguments, said) in [
        (&["saved", "add", "x", "sorce:outlet"][..], "source:"),
        (&["saved", "add", "x", "@nobody"], "@nobody"),
        (&["saved", "add", "x y", "порт"], "letters"),
        (
            &["saved", "add", "x", "порт", "--mail", "a@b.example"],
            "mail",
        ),
        (
            &["saved", "add", "x", "порт", "--webhook", "ftp://a.example/"],
            "told",
        ),
        (&["saved", "show", "nobody"], "nobody"),
    ] {
        let output = aigaq(desk.path(), arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(said),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    assert_eq!(desk.run(&["saved", "list"]), "");
}

#[test]
fn a_search_is_used_by_name_and_one_whose_part_is_removed_pauses_and_says_so() {
    let desk = Desk::new();
    desk.publish(&[("1", OPENED)]);
    desk.run(&["saved", "add", "ports", "порт | гавань"]);
    desk.run(&[
        "saved",
        "add",
        "barges",
        "@ports баржа",
        "--webhook",
        &desk.hook,
    ]);
    let hits = lines(&aigaq(
        desk.path(),
        &["search", "@ports", "--format", "jsonl"],
        "",
    ));
    assert_eq!(hits.len(), 1);
    desk.publish(&[(
        "2",
        "В гавань пришла баржа с зерном, разгрузка займёт два дня.",
    )]);
    assert_eq!(desk.found("barges"), ["2"]);
    desk.run(&["saved", "tell"]);
    desk.run(&["saved", "remove", "ports"]);
    desk.publish(&[(
        "3",
        "Ещё одна баржа ждёт у входа в гавань, сообщил капитан.",
    )]);
    assert_eq!(desk.found("barges"), ["2"]);
    let paused = desk.saved("barges")["paused"].to_string();
    assert!(paused.contains("@ports"), "{paused}");
    desk.run(&["saved", "tell"]);
    let received = desk.received.lock().unwrap().clone();
    assert_eq!(received.len(), 2);
    assert!(
        received[1].to_string().contains("paused"),
        "{}",
        received[1]
    );
    // The owner puts it right and goes on.
    desk.run(&["saved", "add", "ports", "гавань"]);
    desk.run(&["saved", "resume", "barges"]);
    desk.publish(&[("4", "Четвёртая баржа прошла в гавань ночью.")]);
    assert_eq!(desk.found("barges"), ["4", "2"]);
}
