//! Messages reach receivers on loopback, and every fault of a receiver ends in the right refusal or another try.
//!
//! The names begin with the case of the list of faults they hold: a webhook that leads into the network, a mail server
//! that stops offering TLS, a storm of messages.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aigaq::config::{AlertConfig, SecretPlace, TelegramConfig};
use aigaq::model::{Channel, Message, MessageFact, MessageItem, Secret};
use aigaq::send::{Delivery, Fault, Secrets, Sender, webhook};
use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

pub(crate) mod letters;

use crate::loopback::serve;

/// What a receiver was sent: path, headers and body of each request.
type Received = Arc<Mutex<Vec<(String, HeaderMap, Bytes)>>>;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-06-01T10:00:00Z")
}

fn message() -> Message {
    Message {
        key: "case-1-opened".to_owned(),
        subject: "Өзгешелік: a new case".to_owned(),
        text: "One page differs from the record.".to_owned(),
        link: Some("https://watch.example/cases/1".to_owned()),
        items: vec![MessageItem {
            title: "Ferries carried 9,000".to_owned(),
            url: Some("https://outlet.example/ferries".to_owned()),
            why: "Your search \"ferries\"".to_owned(),
            facts: vec![MessageFact {
                name: "Record".to_owned(),
                value: "8,417".to_owned(),
            }],
        }],
    }
}

/// A receiver that keeps what it is sent and always answers the same.
fn receiver(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> (SocketAddr, Received) {
    serve(move |address| {
        let received = Received::default();
        let kept = received.clone();
        let answer = move |request: Request| async move {
            let (parts, sent) = request.into_parts();
            let sent = axum::body::to_bytes(sent, 1 << 20).await.unwrap();
            let path = parts.uri.to_string();
            kept.lock().unwrap().push((path, parts.headers, sent));
            let mut told = HeaderMap::new();
            for (name, value) in headers {
                told.insert(*name, value.parse().unwrap());
            }
            (StatusCode::from_u16(status).unwrap(), told, body)
        };
        (Router::new().fallback(answer), (address, received))
    })
}

/// A port of the machine on which nobody listens.
fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}

fn open_config() -> AlertConfig {
    AlertConfig {
        allow_private_addresses: true,
        ..AlertConfig::default()
    }
}

fn sender() -> Sender {
    Sender::new(&open_config(), Secrets::default()).unwrap()
}

fn hook(address: SocketAddr) -> Channel {
    Channel::Webhook {
        url: format!("http://{address}/in"),
        secret: Some(Secret::new("s3cret")),
    }
}

#[tokio::test]
async fn n05_a_receiver_can_tell_who_sent_what_and_drops_what_is_played_again() {
    let (address, received) = receiver(204, &[], "");
    let delivery = sender().send(&hook(address), &message(), now()).await;
    assert_eq!(delivery, Delivery::Sent);
    let (path, headers, body) = received.lock().unwrap()[0].clone();
    assert_eq!(path, "/in");
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    let (signature, id) = (
        header(webhook::SIGNATURE_HEADER),
        header(webhook::ID_HEADER),
    );
    assert_eq!(id, "case-1-opened");
    assert_eq!(header("content-type"), "application/json");
    let secret = Secret::new("s3cret");
    let verified = |body: &[u8], id: &str, now| webhook::verify(&secret, &signature, id, body, now);
    assert_eq!(verified(&body, &id, now()), Ok(()));
    let changed = body.to_vec().to_ascii_uppercase();
    assert!(verified(&changed, &id, now()).is_err());
    assert!(verified(&body, "case-2-opened", now()).is_err());
    assert!(verified(&body, &id, at("2026-06-01T10:06:00Z")).is_err());
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(told["version"], 1);
    assert_eq!(told["key"], "case-1-opened");
    assert_eq!(told["items"][0]["facts"][0]["value"], "8,417");
}

#[tokio::test]
async fn n07_each_attempt_carries_the_same_key_and_body() {
    let (address, received) = receiver(500, &[], "");
    let sender = sender();
    for minute in 0..3 {
        let now = now() + chrono::TimeDelta::minutes(minute);
        let delivery = sender.send(&hook(address), &message(), now).await;
        let why = Fault::Status(500);
        assert_eq!(delivery, Delivery::Retry { why, after: None });
    }
    let received = received.lock().unwrap();
    let kept: Vec<_> = received
        .iter()
        .map(|(_, headers, body)| (headers["x-aigaq-id"].clone(), body.clone()))
        .collect();
    assert_eq!(kept.len(), 3);
    assert!(kept.iter().all(|attempt| *attempt == kept[0]));
}

#[tokio::test]
async fn n07_a_receiver_that_is_busy_or_down_is_tried_again() {
    let (address, _) = receiver(429, &[("retry-after", "120")], "");
    let delivery = sender().send(&hook(address), &message(), now()).await;
    let (why, after) = (Fault::Status(429), Some(Duration::from_secs(120)));
    assert_eq!(delivery, Delivery::Retry { why, after });
    let delivery = sender().send(&hook(closed_port()), &message(), now()).await;
    let why = Fault::Unreachable;
    assert_eq!(delivery, Delivery::Retry { why, after: None });
}

#[tokio::test]
async fn n06_redirects_are_not_followed() {
    let (inside, touched) = receiver(200, &[], "");
    let to: &'static str = format!("http://{inside}/admin").leak();
    let headers: &'static [_] = vec![("location", to)].leak();
    for status in [301, 302, 307, 308] {
        let (address, _) = receiver(status, headers, "");
        let delivery = sender().send(&hook(address), &message(), now()).await;
        let why = Fault::Redirect(status);
        assert_eq!(delivery, Delivery::Refused { why });
    }
    assert!(touched.lock().unwrap().is_empty());
}

#[tokio::test]
async fn n06_an_endless_answer_is_left_after_64_kibibytes() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        // Ends only when the other side hangs up.
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let delivery = sender().send(&hook(address), &message(), now()).await;
    assert_eq!(delivery, Delivery::Sent);
    tokio::task::spawn_blocking(move || server.join().unwrap())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn n06_a_receiver_that_never_answers_costs_ten_seconds() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let start = tokio::time::Instant::now();
    let silent = hook(listener.local_addr().unwrap());
    let delivery = sender().send(&silent, &message(), now()).await;
    let why = Fault::TimedOut;
    assert_eq!(delivery, Delivery::Retry { why, after: None });
    assert!(start.elapsed() <= Duration::from_secs(11));
}

#[tokio::test]
async fn n01_a_webhook_cannot_lead_into_the_network_unless_the_operator_says_so() {
    let (address, received) = receiver(200, &[], "");
    let guarded = Sender::new(&AlertConfig::default(), Secrets::default()).unwrap();
    for url in [
        format!("http://{address}/"),
        format!("https://{address}/"),
        format!("https://localhost:{}/", address.port()),
        "https://[::1]/".to_owned(),
        "https://169.254.169.254/".to_owned(),
    ] {
        let channel = Channel::Webhook {
            url: url.clone(),
            secret: Some(Secret::new("s")),
        };
        assert!(matches!(guarded.check(&channel), Err(Fault::Address(_))));
        let delivery = guarded.send(&channel, &message(), now()).await;
        let is_refused = matches!(
            delivery,
            Delivery::Refused {
                why: Fault::Address(_)
            }
        );
        assert!(is_refused, "{url}: {delivery:?}");
    }
    assert!(received.lock().unwrap().is_empty());
}

#[tokio::test]
async fn n03_a_webhook_that_moved_is_sent_nothing_until_its_secret_is_entered_again() {
    let (address, received) = receiver(200, &[], "");
    let moved = hook(closed_port()).moved_to(&format!("http://{address}/"));
    let delivery = sender().send(&moved, &message(), now()).await;
    let why = Fault::SecretMissing;
    assert_eq!(delivery, Delivery::Refused { why });
    assert!(received.lock().unwrap().is_empty());
}

#[tokio::test]
async fn n12_messages_over_the_limit_wait_and_none_is_lost() {
    let (address, received) = receiver(200, &[], "");
    let config = AlertConfig {
        max_per_minute: 2,
        ..open_config()
    };
    let sender = Sender::new(&config, Secrets::default()).unwrap();
    let mut now = now();
    for idx in 0..5 {
        let message = Message {
            key: format!("m{idx}"),
            ..message()
        };
        loop {
            match sender.send(&hook(address), &message, now).await {
                Delivery::Sent => break,
                Delivery::Later { after } => now += after,
                other => panic!("{other:?}"),
            }
        }
    }
    let keys: Vec<_> = received
        .lock()
        .unwrap()
        .iter()
        .map(|(_, headers, _)| headers["x-aigaq-id"].to_str().unwrap().to_owned())
        .collect();
    assert_eq!(keys, ["m0", "m1", "m2", "m3", "m4"]);
    assert_eq!(now, at("2026-06-01T10:02:00Z"));
}

#[tokio::test]
async fn a_channel_that_is_not_set_up_is_refused() {
    for channel in [
        Channel::Mail {
            to: "a@b.example".to_owned(),
        },
        Channel::Telegram {
            chat: "1".to_owned(),
        },
    ] {
        let delivery = sender().send(&channel, &message(), now()).await;
        let is_refused = matches!(
            delivery,
            Delivery::Refused {
                why: Fault::NotSetUp(_)
            }
        );
        assert!(is_refused, "{delivery:?}");
    }
}

fn bot(api: &str, allow_private_addresses: bool) -> Sender {
    let config = AlertConfig {
        allow_private_addresses,
        telegram: Some(TelegramConfig {
            token: SecretPlace::Variable("TOKEN".to_owned()),
            api: api.to_owned(),
        }),
        ..AlertConfig::default()
    };
    let secrets = Secrets {
        telegram_token: Some(Secret::new("12:canary")),
        ..Secrets::default()
    };
    Sender::new(&config, secrets).unwrap()
}

fn chat() -> Channel {
    Channel::Telegram {
        chat: "-1001".to_owned(),
    }
}

/// Texts that a Telegram of one's own was sent.
async fn told_by_telegram(message: &Message) -> Value {
    let (address, received) = receiver(200, &[], r#"{"ok":true,"result":{}}"#);
    let sender = bot(&format!("http://{address}"), true);
    let delivery = sender.send(&chat(), message, now()).await;
    assert_eq!(delivery, Delivery::Sent);
    let (path, _, body) = received.lock().unwrap()[0].clone();
    assert_eq!(path, "/bot12:canary/sendMessage");
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test]
async fn n10_signs_of_markup_and_n08_of_templates_reach_telegram_as_they_are() {
    let title = "_*[]()~`>#+-=|{}.! <b>&amp; {{7*7}} {% x %} ${y}";
    let mut marked = message();
    marked.subject = title.to_owned();
    marked.items[0].title = title.to_owned();
    let told = told_by_telegram(&marked).await;
    let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["chat_id", "text", "link_preview_options"]);
    assert_eq!(told["chat_id"], "-1001");
    assert_eq!(told["link_preview_options"], json!({"is_disabled": true}));
    let text = told["text"].as_str().unwrap();
    assert_eq!(text.matches(title).count(), 2, "{text}");
    assert!(text.ends_with("https://watch.example/cases/1"), "{text}");
}

#[tokio::test]
async fn n10_a_long_message_is_cut_at_a_character_and_keeps_its_link() {
    let long = Message {
        text: "🗂️ұлы ".repeat(2000),
        ..message()
    };
    let told = told_by_telegram(&long).await;
    let text = told["text"].as_str().unwrap();
    let n_units = text.encode_utf16().count();
    assert!((4000..=4096).contains(&n_units), "{n_units}");
    assert!(text.ends_with("…\n\nhttps://watch.example/cases/1"));
}

#[tokio::test]
async fn n07_telegram_is_left_alone_as_long_as_it_asks() {
    let answer = r#"{"ok":false,"error_code":429,"parameters":{"retry_after":41}}"#;
    let (address, _) = receiver(429, &[], answer);
    let sender = bot(&format!("http://{address}"), true);
    let delivery = sender.send(&chat(), &message(), now()).await;
    let (why, after) = (Fault::Status(429), Some(Duration::from_secs(41)));
    assert_eq!(delivery, Delivery::Retry { why, after });
}

#[tokio::test]
async fn n11_no_failure_tells_the_token() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(Log(log.clone()))
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let telling = r#"{"ok":false,"description":"12:canary"}"#;
    let mut apis = BTreeMap::from([("down", format!("http://{}", closed_port()))]);
    for (name, status) in [("unauthorized", 401), ("broken", 500), ("bad", 400)] {
        apis.insert(name, format!("http://{}", receiver(status, &[], telling).0));
    }
    for (name, api) in &apis {
        let sender = bot(api, true);
        let delivery = sender.send(&chat(), &message(), now()).await;
        let shown = match &delivery {
            Delivery::Retry { why, .. } | Delivery::Refused { why } => why.to_string(),
            other => panic!("{name}: {other:?}"),
        };
        let all = format!("{shown} {delivery:?} {sender:?}");
        assert!(!all.contains("canary"), "{name}: {all}");
    }
    drop(guard);
    let log = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    assert!(!log.contains("canary"), "{log}");
}

/// A place for events that can be looked at.
#[derive(Clone)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn n04_the_operators_server_is_guarded_like_any_other() {
    let (address, received) = receiver(200, &[], r#"{"ok":true}"#);
    let sender = bot(&format!("http://{address}"), false);
    let delivery = sender.send(&chat(), &message(), now()).await;
    let is_refused = matches!(
        delivery,
        Delivery::Refused {
            why: Fault::Address(_)
        }
    );
    assert!(is_refused, "{delivery:?}");
    assert!(received.lock().unwrap().is_empty());
    // A channel names a recipient, and nothing that it holds can name a server.
    let forged = json!({"kind": "telegram", "chat": "1", "api": "http://127.0.0.1/"});
    let channel: Channel = serde_json::from_value(forged).unwrap();
    let chat = "1".to_owned();
    assert_eq!(channel, Channel::Telegram { chat });
}
