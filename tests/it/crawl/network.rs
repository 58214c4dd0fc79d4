//! The whole program in a network of its own, where every address can be given to this machine: a listener stands on each address that
//! must not be connected to, and what the listeners counted is the assertion.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aigaq::model::SourceId;
use aigaq::store;

use super::world::source;

/// Tells the test that it runs inside the network that it made.
const INSIDE: &str = "AIGAQ_TEST_INSIDE";
/// Where the public site stands.
const PUBLIC: [&str; 2] = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"];
/// Addresses that must not be connected to.
const FORBIDDEN: [&str; 24] = [
    "127.0.0.1",
    "127.1.2.3",
    "10.0.0.5",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "0.0.0.1",
    "::1",
    "fc00::1",
    "fd00:ec2::254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "2001:db8::1",
    "100::1",
    "3fff::1",
];
/// Names, and what the name server answers of them.
const NAMES: [(&str, &[Answer]); 12] = [
    ("news.example.org", &[Answer::V4(PUBLIC[0])]),
    ("six.example.org", &[Answer::V6(PUBLIC[1])]),
    (
        "both.example.org",
        &[Answer::V4(PUBLIC[0]), Answer::V6(PUBLIC[1])],
    ),
    ("inside.example.org", &[Answer::V4("10.0.0.5")]),
    (
        "mixed.example.org",
        &[Answer::V4(PUBLIC[0]), Answer::V4("10.0.0.5")],
    ),
    (
        "xedmi.example.org",
        &[Answer::V4("10.0.0.5"), Answer::V4(PUBLIC[0])],
    ),
    (
        "families.example.org",
        &[Answer::V4(PUBLIC[0]), Answer::V6("fd00:ec2::254")],
    ),
    (
        "mapped.example.org",
        &[Answer::V6("::ffff:169.254.169.254")],
    ),
    (
        "other.example.org",
        &[Answer::Other("inside.example.org"), Answer::V4("10.0.0.5")],
    ),
    ("round.example.org", &[Answer::Other("round.example.org")]),
    ("cut.example.org", &[Answer::Cut]),
    ("failing.example.org", &[Answer::Failure]),
];
/// A name whose answer changes between public and loopback with every question.
const CHANGING: &str = "changing.example.org";
/// A name of which the name server says nothing.
const SILENT: &str = "silent.example.org";

/// What a name server answers.
#[derive(Clone, Copy)]
enum Answer {
    V4(&'static str),
    V6(&'static str),
    /// Another name.
    Other(&'static str),
    /// More than fits into an answer, of which nothing comes.
    Cut,
    /// SERVFAIL.
    Failure,
}

#[test]
fn nothing_of_the_own_network_is_connected_to_whatever_sites_and_name_servers_say() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let unshared = |program: &Path, args: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--net", "--mount", "--map-root-user"]);
        command.arg(program).args(args).env(INSIDE, "1").output()
    };
    let probe = unshared(Path::new("ip"), &["link", "set", "lo", "up"]);
    if !probe.as_ref().is_ok_and(|output| output.status.success()) {
        // Past the harness, which keeps to itself what a test that passes says.
        let why = "no network of its own can be made here (`unshare --net --mount` and `ip`)";
        writeln!(std::io::stderr(), "skipped: {why}: {probe:?}").unwrap();
        return;
    }
    let test = "crawl::network::nothing_of_the_own_network_is_connected_to_whatever_sites_and_name_servers_say";
    let output = unshared(
        &std::env::current_exe().unwrap(),
        &["--exact", test, "--nocapture"],
    )
    .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

fn run(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
}

fn inside() {
    let folder = tempfile::tempdir().unwrap();
    run("ip", &["link", "set", "lo", "up"]);
    for address in PUBLIC.iter().chain(&FORBIDDEN) {
        let is_there = matches!(*address, "127.0.0.1" | "::1" | "127.1.2.3" | "0.0.0.1");
        if !is_there {
            run("ip", &["address", "add", address, "dev", "lo"]);
        }
    }
    let resolver = folder.path().join("resolv.conf");
    std::fs::write(
        &resolver,
        "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
    )
    .unwrap();
    run(
        "mount",
        &["--bind", resolver.to_str().unwrap(), "/etc/resolv.conf"],
    );
    serve_names();
    let n_connected = Arc::new(AtomicUsize::new(0));
    for address in FORBIDDEN.iter().filter(|address| **address != "0.0.0.1") {
        watch(address.parse().unwrap(), &n_connected);
    }
    let pages = pages();
    for address in PUBLIC {
        serve(address.parse().unwrap(), &pages);
    }
    let more = "feeds = [\"http://news.example.org/rss.xml\"]";
    let config = format!(
        "[crawl]\ndelay = \"0s\"\ntimeout = \"6s\"\n{}",
        source("news", "http://news.example.org", more)
    );
    std::fs::write(folder.path().join("sources.toml"), config).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_aigaq"))
        .current_dir(folder.path())
        .arg("crawl")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(n_connected.load(Ordering::SeqCst), 0, "{output:?}");
    let store = store::open_read_only(&folder.path().join("index")).unwrap();
    let captures = store.captures().unwrap().into_iter();
    let captured: BTreeSet<String> = captures.map(|capture| capture.requested_url).collect();
    let expected = [
        "http://both.example.org/ok",
        "http://news.example.org/ok",
        "http://six.example.org/ok",
    ];
    let literal = format!("http://{}/ok", PUBLIC[0]);
    let six = format!("http://[{}]/ok", PUBLIC[1]);
    let expected = expected
        .into_iter()
        .map(str::to_owned)
        .chain([literal, six]);
    let changing = format!("http://{CHANGING}/ok");
    let captured: BTreeSet<String> = captured
        .into_iter()
        .filter(|url| *url != changing)
        .collect();
    assert_eq!(captured, expected.collect(), "{output:?}");
    // A name that could not be asked for is no page that is gone: it is tried again.
    for name in [
        "failing.example.org",
        "cut.example.org",
        "round.example.org",
        SILENT,
    ] {
        let url = format!("http://{name}/ok");
        let entry = store
            .frontier_entry(&SourceId("news".to_owned()), &url)
            .unwrap()
            .unwrap();
        assert!(
            entry.n_failures == 1 && entry.n_gone == 0 && entry.due_at.is_some(),
            "{entry:?}"
        );
    }
}

/// What the feed names: every way to a forbidden address, and the public pages.
fn pages() -> Vec<String> {
    let names = NAMES
        .iter()
        .map(|(name, _)| *name)
        .chain([CHANGING, SILENT]);
    let named = names.map(|name| format!("http://{name}/ok"));
    let bracketed = |address: &str| match address.parse() {
        Ok(IpAddr::V6(address)) => format!("[{address}]"),
        _ => address.to_owned(),
    };
    let literal = PUBLIC
        .iter()
        .chain(&FORBIDDEN)
        .map(|address| format!("http://{}/ok", bracketed(address)));
    let spelled = [
        "0",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
    ];
    let spelled = spelled.map(|host| format!("http://{host}/ok"));
    let targets: Vec<String> = named
        .clone()
        .chain(literal.clone())
        .chain(spelled.clone())
        .collect();
    let places = targets
        .iter()
        .enumerate()
        .filter(|(_, url)| !is_public(url));
    let redirected = places.map(|(place, _)| format!("http://news.example.org/to/{place}"));
    let redirected: Vec<String> = redirected.collect();
    targets.iter().cloned().chain(redirected).collect()
}

fn is_public(url: &str) -> bool {
    let hosts = ["news.", "six.", "both.", PUBLIC[0], "[2606:"];
    hosts
        .iter()
        .any(|host| url.starts_with(&format!("http://{host}")))
}

/// Counts connections to an address on the ports that sites have.
fn watch(address: IpAddr, n_connected: &Arc<AtomicUsize>) {
    for port in [80, 443, 8080] {
        let listener = TcpListener::bind(SocketAddr::new(address, port)).unwrap();
        let n_connected = Arc::clone(n_connected);
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                n_connected.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
}

/// The public site: its feed, its page, and ways to what the feed names.
fn serve(address: IpAddr, pages: &[String]) {
    let listener = TcpListener::bind(SocketAddr::new(address, 80)).unwrap();
    let pages = pages.to_vec();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let (status, more, body) = match path {
                "/rss.xml" => {
                    let items: String = pages
                        .iter()
                        .map(|url| format!("<item><link>{url}</link></item>"))
                        .collect();
                    (
                        "200 OK",
                        String::new(),
                        format!(
                            "<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
                        ),
                    )
                }
                "/ok" => (
                    "200 OK",
                    "content-type: text/html\r\n".to_owned(),
                    "<p>Айдын көл</p>".to_owned(),
                ),
                path => match path
                    .strip_prefix("/to/")
                    .and_then(|place| place.parse::<usize>().ok())
                {
                    Some(place) => (
                        "302 Found",
                        format!("location: {}\r\n", pages[place]),
                        String::new(),
                    ),
                    None => ("404 Not Found", String::new(), String::new()),
                },
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            // The client hanging up costs nobody anything.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
}

/// A name server on the port of name servers.
fn serve_names() {
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    std::thread::spawn(move || {
        let mut question = [0; 512];
        let mut n_changes = 0;
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            if let Some(answer) = answer(&question[..length], &mut n_changes) {
                socket.send_to(&answer, from).unwrap();
            }
        }
    });
}

/// The answer to a question (RFC 1035, 4); `None` where nothing is said.
fn answer(question: &[u8], n_changes: &mut usize) -> Option<Vec<u8>> {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] > 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let (name, kind) = (labels.join("."), question[at + 2]);
    let asked = &question[12..at + 5];
    if name == SILENT {
        return None;
    }
    let changing = [Answer::V4(if n_changes.is_multiple_of(2) {
        PUBLIC[0]
    } else {
        "127.0.0.1"
    })];
    let answers: &[Answer] = if name == CHANGING {
        *n_changes += usize::from(kind == 1);
        &changing
    } else {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(&[], |(_, answers)| answers)
    };
    let mut records = Vec::new();
    let mut n_records: u8 = 0;
    // A response, recursion there; what could not be said in it.
    let (mut flags, mut code) = (0x81, 0x80);
    for answer in answers {
        let (record_kind, data): (u8, Vec<u8>) = match answer {
            Answer::V4(address) => (1, address.parse::<Ipv4Addr>().unwrap().octets().to_vec()),
            Answer::V6(address) => (28, address.parse::<Ipv6Addr>().unwrap().octets().to_vec()),
            Answer::Other(other) => (5, encoded(other)),
            Answer::Cut => {
                flags |= 0x02;
                continue;
            }
            Answer::Failure => {
                code |= 2;
                continue;
            }
        };
        let is_asked = record_kind == kind || record_kind == 5;
        if is_asked {
            // An address behind another name is that name's.
            let owner = match (answers.first(), record_kind) {
                (Some(Answer::Other(other)), 1 | 28) => encoded(other),
                _ => encoded(&name),
            };
            records.extend(owner);
            records.extend([0, record_kind, 0, 1, 0, 0, 0, 0, 0]);
            records.push(u8::try_from(data.len()).unwrap());
            records.extend(data);
            n_records += 1;
        }
    }
    let mut answer = vec![
        question[0],
        question[1],
        flags,
        code,
        0,
        1,
        0,
        n_records,
        0,
        0,
        0,
        0,
    ];
    answer.extend(asked);
    answer.extend(records);
    Some(answer)
}

/// A name as it stands in a record.
fn encoded(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for label in name.split('.') {
        out.push(u8::try_from(label.len()).unwrap());
        out.extend(label.as_bytes());
    }
    out.push(0);
    out
}
