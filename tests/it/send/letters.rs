//! Letters over SMTP, to a server on loopback that answers as a test wants it to.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use aigaq::config::{AlertConfig, MailConfig, MailSecurity, SecretPlace};
use aigaq::model::{Channel, Message, Secret};
use aigaq::send::{Delivery, Fault, Secrets, Sender};

use tokio_rustls::rustls::{self, pki_types::PrivateKeyDer};

use super::{message, now};

/// Everything a server was told, line by line; what is no text is shown with replacement signs.
pub(crate) type Told = Arc<Mutex<Vec<String>>>;

/// An answer that never comes.
const SILENCE: &str = "silence";

/// A server that answers each command by the first word of it; "." is the end of the letter, "" the greeting.
/// An answer that is empty hangs up.
pub(crate) fn server(answers: &[(&'static str, &'static str)]) -> (SocketAddr, Told) {
    let script = script(answers);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let told = Told::default();
    let kept = told.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = converse(stream.unwrap(), &script, &kept);
        }
    });
    (address, told)
}

/// What is answered to what, unless a test says otherwise.
fn script(answers: &[(&'static str, &'static str)]) -> BTreeMap<&'static str, &'static str> {
    let mut script = BTreeMap::from([
        ("", "220 ready"),
        (
            "EHLO",
            "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
        ),
        ("AUTH", "235 in"),
        ("MAIL", "250 ok"),
        ("RCPT", "250 ok"),
        ("DATA", "354 go"),
        (".", "250 taken"),
        ("QUIT", "221 bye"),
    ]);
    script.extend(answers.iter().copied());
    script
}

fn converse<S: Read + Write>(
    stream: S,
    script: &BTreeMap<&str, &str>,
    told: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream);
    let mut is_letter = false;
    let mut command = String::new();
    loop {
        if !is_letter || command == "." {
            let answer = script.get(command.as_str()).copied();
            let answer = answer.unwrap_or("502 unknown");
            if answer.is_empty() {
                return Ok(());
            }
            if answer != SILENCE {
                write!(lines.get_mut(), "{answer}\r\n")?;
            }
            is_letter = command == "DATA" && answer.starts_with("354");
            if command == "STARTTLS" && answer.starts_with("220") {
                // Goes on in clear once the other side has begun with TLS.
                let begun = String::from_utf8_lossy(lines.fill_buf()?).into_owned();
                told.lock().unwrap().push(begun);
                return write!(lines.get_mut(), "250 mail.example\r\n");
            }
        }
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        command = match is_letter {
            true => line.clone(),
            false => line.split(' ').next().unwrap_or_default().to_owned(),
        };
        told.lock().unwrap().push(line);
    }
}

fn config(address: SocketAddr, security: MailSecurity) -> AlertConfig {
    AlertConfig {
        mail: Some(MailConfig {
            host: address.ip().to_string(),
            port: address.port(),
            user: Some("aigaq".to_owned()),
            password: Some(SecretPlace::Variable("PASSWORD".to_owned())),
            from: "Aigaq <aigaq@watch.example>".to_owned(),
            security,
            ca_file: None,
        }),
        ..AlertConfig::default()
    }
}

async fn send(address: SocketAddr, security: MailSecurity, message: &Message) -> Delivery {
    let secrets = Secrets {
        mail_password: Some(Secret::new("canary")),
        ..Secrets::default()
    };
    let sender = Sender::new(&config(address, security), secrets).unwrap();
    let to = "press@agency.example".to_owned();
    sender.send(&Channel::Mail { to }, message, now()).await
}

#[tokio::test]
async fn n09_a_letter_arrives_as_text_and_as_html_that_loads_nothing() {
    let (address, told) = server(&[]);
    let mut crawled = message();
    crawled.items[0].title = "<img src=x onerror=1> {{7*7}}".to_owned();
    let delivery = send(address, MailSecurity::None, &crawled).await;
    assert_eq!(delivery, Delivery::Sent);
    let told = told.lock().unwrap().join("\n");
    for wanted in [
        "MAIL FROM:<aigaq@watch.example>",
        "RCPT TO:<press@agency.example>",
        "From: Aigaq <aigaq@watch.example>",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "Auto-Submitted: auto-generated",
        "QUIT",
    ] {
        assert!(told.contains(wanted), "{wanted}: {told}");
    }
    assert!(
        told.contains("<img src=x onerror=1> {{7*7}}") || told.contains("=3Dx"),
        "{told}"
    );
    let html = told.split("text/html").nth(1).unwrap();
    assert!(
        html.contains("&lt;img src") && !html.contains("<img"),
        "{html}"
    );
}

#[tokio::test]
async fn n14_each_answer_of_a_server_is_tried_again_or_refused() {
    let again = |why| Delivery::Retry { why, after: None };
    let cases: [(&str, &str, Delivery); 12] = [
        ("", "421 busy", again(Fault::Status(421))),
        ("", "554 no service", again(Fault::Status(554))),
        ("", "what", again(Fault::Unreadable)),
        ("AUTH", "535 wrong password", again(Fault::Login(535))),
        ("AUTH", "454 later", again(Fault::Login(454))),
        ("MAIL", "530 log in first", again(Fault::Login(530))),
        ("MAIL", "451 later", again(Fault::Status(451))),
        ("RCPT", "450 greylisted", again(Fault::Status(450))),
        (
            "RCPT",
            "550 nobody",
            Delivery::Refused {
                why: Fault::Status(550),
            },
        ),
        ("DATA", "421 closing", again(Fault::Status(421))),
        (".", "452 full", again(Fault::Status(452))),
        (
            ".",
            "554 spam",
            Delivery::Refused {
                why: Fault::Status(554),
            },
        ),
    ];
    for (command, answer, wanted) in cases {
        let (address, _) = server(&[(command, answer)]);
        let delivery = send(address, MailSecurity::None, &message()).await;
        assert_eq!(delivery, wanted, "{command} {answer}");
        assert!(!format!("{delivery:?}").contains("canary"));
    }
}

#[tokio::test]
async fn n13_a_lost_answer_to_a_letter_is_no_success_and_the_next_attempt_has_the_same_id() {
    let (address, told) = server(&[(".", "")]);
    for _ in 0..2 {
        let delivery = send(address, MailSecurity::None, &message()).await;
        assert!(matches!(delivery, Delivery::Retry { .. }), "{delivery:?}");
    }
    let told = told.lock().unwrap();
    let ids: Vec<&String> = told
        .iter()
        .filter(|line| line.starts_with("Message-ID:"))
        .collect();
    assert_eq!(ids.len(), 2, "{told:?}");
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn n13_a_server_that_breaks_off_after_taking_a_letter_has_taken_it() {
    let (address, _) = server(&[("QUIT", "")]);
    let delivery = send(address, MailSecurity::None, &message()).await;
    assert_eq!(delivery, Delivery::Sent);
}

#[tokio::test]
async fn n13_a_server_that_never_says_goodbye_has_taken_the_letter() {
    let (address, told) = server(&[("QUIT", SILENCE)]);
    let sent = tokio::spawn(async move {
        let message = message();
        send(address, MailSecurity::None, &message).await
    });
    while told
        .lock()
        .unwrap()
        .last()
        .is_none_or(|line| line != "QUIT")
    {
        tokio::task::yield_now().await;
    }
    // From here on only the clock can end it.
    tokio::time::pause();
    assert_eq!(sent.await.unwrap(), Delivery::Sent);
}

#[tokio::test]
async fn n14_without_starttls_nothing_is_said_in_clear() {
    const WITH: &str = "250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN";
    let scripts: [&[(&str, &str)]; 4] = [
        // Taken out of the answer by somebody in between.
        &[],
        &[("EHLO", WITH), ("STARTTLS", "454 not now")],
        &[("EHLO", WITH), ("STARTTLS", "502 unknown")],
        &[("EHLO", WITH), ("STARTTLS", "220 go")],
    ];
    for script in scripts {
        let (address, told) = server(script);
        let delivery = send(address, MailSecurity::StartTls, &message()).await;
        let why = Fault::NotProtected;
        assert_eq!(delivery, Delivery::Retry { why, after: None }, "{script:?}");
        for line in told.lock().unwrap().iter() {
            let is_said = ["AUTH", "MAIL", "RCPT", "DATA"]
                .iter()
                .any(|word| line.starts_with(word));
            assert!(!is_said, "{script:?}: {line}");
        }
    }
}

#[tokio::test]
async fn n14_a_server_in_clear_where_tls_is_wanted_gets_no_letter() {
    let (address, told) = server(&[]);
    let delivery = send(address, MailSecurity::Tls, &message()).await;
    let why = Fault::NotProtected;
    assert_eq!(delivery, Delivery::Retry { why, after: None });
    let told = told.lock().unwrap().join("\n");
    assert!(!told.contains("AUTH") && !told.contains("MAIL"), "{told}");
}

/// A server behind TLS, from the start or after STARTTLS, and the certificate that vouches for it.
fn protected(security: MailSecurity) -> (SocketAddr, Told, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let told = Told::default();
    let kept = told.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut answers = script(&[]);
            if security == MailSecurity::StartTls {
                let offer = ["220 ready", "250-mail.example\r\n250 STARTTLS", "220 go"];
                for answer in offer {
                    write!(stream, "{answer}\r\n").unwrap();
                    if answer != "220 go" {
                        let _ = stream.read(&mut [0; 512]);
                    }
                }
                answers.insert("", SILENCE);
            }
            let tls = rustls::ServerConnection::new(config.clone()).unwrap();
            let _ = converse(rustls::StreamOwned::new(tls, stream), &answers, &kept);
        }
    });
    let pem = made.cert.pem().into_bytes();
    (address, told, pem)
}

#[tokio::test]
async fn n14_a_letter_goes_over_tls_to_a_server_that_somebody_vouches_for_and_to_no_other() {
    for security in [MailSecurity::Tls, MailSecurity::StartTls] {
        let (address, told, pem) = protected(security);
        let delivery = send(address, security, &message()).await;
        let why = Fault::NotProtected;
        assert_eq!(delivery, Delivery::Retry { why, after: None });
        assert!(told.lock().unwrap().is_empty());
        let secrets = Secrets {
            mail_password: Some(Secret::new("canary")),
            mail_authority: Some(pem),
            ..Secrets::default()
        };
        let sender = Sender::new(&config(address, security), secrets).unwrap();
        let to = "press@agency.example".to_owned();
        let delivery = sender.send(&Channel::Mail { to }, &message(), now()).await;
        assert_eq!(delivery, Delivery::Sent, "{security:?}");
        let told = told.lock().unwrap().join("\n");
        assert!(
            told.contains("AUTH PLAIN") && told.contains("\nQUIT"),
            "{told}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn n14_a_server_that_never_greets_costs_a_minute() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let start = tokio::time::Instant::now();
    let silent = listener.local_addr().unwrap();
    let delivery = send(silent, MailSecurity::None, &message()).await;
    let why = Fault::TimedOut;
    assert_eq!(delivery, Delivery::Retry { why, after: None });
    assert!(start.elapsed().as_secs() <= 61);
}

#[tokio::test]
async fn subjects_with_line_breaks_and_recipients_with_headers_are_refused() {
    let (address, told) = server(&[]);
    for subject in ["a\r\nBcc: b@c.example", "a\nb", "a\u{0}"] {
        let forged = Message {
            subject: subject.to_owned(),
            ..message()
        };
        let delivery = send(address, MailSecurity::None, &forged).await;
        let why = Fault::ControlCharacter;
        assert_eq!(delivery, Delivery::Refused { why }, "{subject:?}");
    }
    let config = config(address, MailSecurity::None);
    let secrets = Secrets {
        mail_password: Some(Secret::new("canary")),
        ..Secrets::default()
    };
    let sender = Sender::new(&config, secrets).unwrap();
    for to in [
        "a@b.example\r\nRCPT TO:<c@d.example>",
        "a@b.example, c@d.example",
        "",
    ] {
        let channel = Channel::Mail { to: to.to_owned() };
        let delivery = sender.send(&channel, &message(), now()).await;
        let why = Fault::Recipient;
        assert_eq!(delivery, Delivery::Refused { why }, "{to:?}");
    }
    assert!(told.lock().unwrap().is_empty());
}
