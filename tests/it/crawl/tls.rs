//! Encrypted sites on loopback, vouched for by an authority that only the tests know: certificates that do not hold, redirects over
//! encryption, and faults of HTTP/2.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aigaq::store;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use super::world::{Site, html, not_found, rss, source};

/// Who vouches for certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let params = issuing("Fictional root");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// A certificate of a host, for some years.
    fn vouch(&self, host: &str, years: (i32, i32)) -> Chain {
        leaf(&self.issuer, host, years, Vec::new())
    }
}

/// A certificate with those behind it, and its key.
type Chain = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn issuing(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn leaf(
    issuer: &Issuer<'_, KeyPair>,
    host: &str,
    (from, until): (i32, i32),
    behind: Vec<CertificateDer<'static>>,
) -> Chain {
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    let own = params.signed_by(&key, issuer).unwrap();
    let mut chain = vec![own.der().clone()];
    chain.extend(behind);
    (chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// A host whose authority is the hundredth behind a known one.
fn long_chain(authority: &Authority) -> Chain {
    let mut behind = Vec::new();
    let mut issuer: Option<Issuer<'static, KeyPair>> = None;
    for number in 0..100 {
        let params = issuing(&format!("Fictional authority {number}"));
        let key = KeyPair::generate().unwrap();
        let own = params
            .signed_by(&key, issuer.as_ref().unwrap_or(&authority.issuer))
            .unwrap();
        behind.insert(0, own.der().clone());
        issuer = Some(Issuer::new(params, key));
    }
    leaf(&issuer.unwrap(), "127.0.0.1", YEARS, behind)
}

/// Years in which a certificate holds.
const YEARS: (i32, i32) = (2020, 2090);

/// Accepts encrypted connections for ever and hands each to `serve`.
async fn listen<F: Future<Output = ()> + Send>(
    (chain, key): Chain,
    protocol: &str,
    serve: impl Fn(TlsStream<TcpStream>) -> F + Send + 'static,
) -> String {
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A handshake that fails is what some tests are about.
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream).await;
            }
        }
    });
    origin
}

/// A site that answers with what `answer` makes of a path: status line, further headers, body.
async fn site(
    chain: Chain,
    answer: impl Fn(&str) -> (&'static str, String, String) + Clone + Send + Sync + 'static,
) -> String {
    listen(chain, "http/1.1", move |mut stream| {
        let answer = answer.clone();
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => return,
                }
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let (status, more, body) = answer(head.split(' ').nth(1).unwrap_or_default());
            let answer = format!(
                "HTTP/1.1 {status}\r\n{more}content-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            // The client hanging up costs nobody anything.
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

fn page(path: &str) -> (&'static str, String, String) {
    match path {
        "/robots.txt" => ("404 Not Found", String::new(), String::new()),
        path => ("200 OK", String::new(), format!("<p>{path}</p>")),
    }
}

/// Crawls what a feed names with the whole program, which trusts the tests' authority; the addresses that were captured, and what the
/// program said.
async fn crawl(authority: &Authority, feed: &Site) -> (BTreeSet<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    let feeds = format!("feeds = [\"{}/rss.xml\"]", feed.origin);
    let config = format!(
        "[crawl]\nallow_private_addresses = true\ndelay = \"0s\"\ntimeout = \"4s\"\n{}",
        source("press", &feed.origin, &feeds)
    );
    std::fs::write(folder.path().join("sources.toml"), config).unwrap();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, &authority.pem).unwrap();
    let place = folder.path().to_owned();
    let output = tokio::task::spawn_blocking(move || {
        Command::new(env!("CARGO_BIN_EXE_aigaq"))
            .env("SSL_CERT_FILE", roots)
            .env_remove("SSL_CERT_DIR")
            .current_dir(place)
            .args(["crawl", "--format", "json"])
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    assert!(output.status.success(), "{output:?}");
    let store = store::open_read_only(&folder.path().join("index")).unwrap();
    let captures = store.captures().unwrap().into_iter();
    let said = String::from_utf8(output.stdout).unwrap();
    (captures.map(|capture| capture.url).collect(), said)
}

/// A plain site whose feed names these addresses.
async fn feed(links: Vec<String>) -> Site {
    Site::start(move |path, _| match path {
        "/rss.xml" => rss(&links),
        "/plain" => html("<p>plain</p>"),
        _ => not_found(),
    })
    .await
}

#[tokio::test]
async fn certificates_are_held_to_their_time_and_name_and_redirects_are_followed_over_encryption() {
    let authority = Authority::new();
    let other = Authority::new();
    let good = |authority: &Authority| authority.vouch("127.0.0.1", YEARS);
    let second = site(good(&authority), page).await;
    let plain = feed(Vec::new()).await;
    let (to_second, to_plain) = (format!("{second}/moved"), format!("{}/plain", plain.origin));
    let first = site(good(&authority), move |path| {
        let to = |url: &str| ("302 Found", format!("location: {url}\r\n"), String::new());
        match path {
            "/second" => to(&to_second),
            "/in-clear" => to(&to_plain),
            path => page(path),
        }
    })
    .await;
    // Speaks nothing newer than TLS 1.0, and says so in an alert.
    let old = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut hello = [0; 512];
                let _ = stream.read(&mut hello).await;
                let _ = stream.write_all(&[21, 3, 1, 0, 2, 2, 70]).await;
            }
        });
        origin
    };
    let refused = [
        site(authority.vouch("127.0.0.1", (2001, 2002)), page).await,
        site(authority.vouch("127.0.0.1", (2089, 2090)), page).await,
        site(authority.vouch("other.example", YEARS), page).await,
        site(good(&other), page).await,
        site(long_chain(&authority), page).await,
        old,
    ];
    let own = ["/page", "/second", "/in-clear"].map(|path| format!("{first}{path}"));
    let links = own
        .into_iter()
        .chain(refused.iter().map(|site| format!("{site}/page")));
    let (captured, said) = crawl(&authority, &feed(links.collect()).await).await;
    let expected = [
        format!("{first}/page"),
        format!("{second}/moved"),
        format!("{}/plain", plain.origin),
    ];
    assert_eq!(captured, BTreeSet::from(expected), "{said}");
    assert!(
        said.contains("without encryption: anybody between"),
        "{said}"
    );
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let failures = said.pointer("/sources/press/failures/unreachable");
    assert_eq!(failures, Some(&refused.len().into()), "{said}");
}

/// A frame of HTTP/2 (RFC 9113, 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// `:status: 200` and `content-type: text/html` (RFC 7541, appendix A).
const OK: &[u8] = b"\x88\x0f\x10\x09text/html";
/// `:status: 404`.
const NOT_FOUND: &[u8] = b"\x8d";

/// What a host of HTTP/2 sends of a page, once and then again and again.
type Frames = fn(stream: u32) -> (Vec<u8>, Vec<u8>);

/// A host of HTTP/2 that has no robots.txt, which is asked for first, and answers with frames made by hand.
async fn host(chain: Chain, frames: Frames) -> String {
    let n_requests = Arc::new(AtomicUsize::new(0));
    listen(chain, "h2", move |mut stream| {
        let n_requests = Arc::clone(&n_requests);
        async move {
            // Whatever fails is the client's way to say that it has had enough.
            let _ = answer(&mut stream, &n_requests, frames).await;
        }
    })
    .await
}

async fn answer(
    stream: &mut TlsStream<TcpStream>,
    n_requests: &AtomicUsize,
    frames: Frames,
) -> std::io::Result<()> {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        stream.read_exact(&mut vec![0; length]).await?;
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        match head[3] {
            SETTINGS if head[4] == 0 => stream.write_all(&frame(SETTINGS, 1, 0, &[])).await?,
            HEADERS if n_requests.fetch_add(1, Ordering::SeqCst) == 0 => {
                let flags = END_STREAM | END_HEADERS;
                stream
                    .write_all(&frame(HEADERS, flags, id, NOT_FOUND))
                    .await?;
            }
            HEADERS => {
                let (once, again) = frames(id);
                stream.write_all(&once).await?;
                while !again.is_empty() {
                    stream.write_all(&again).await?;
                }
                stream.flush().await?;
                if !once.ends_with(b"</p>") {
                    return stream.shutdown().await;
                }
            }
            _ => {}
        }
    }
}

/// A head and the beginning of a page.
fn begun(stream: u32) -> Vec<u8> {
    let mut out = frame(HEADERS, END_HEADERS, stream, OK);
    out.extend(frame(DATA, 0, stream, b"<p>half of "));
    out
}

#[tokio::test]
async fn faults_of_http_2_cost_only_their_page() {
    let authority = Authority::new();
    let hosts: [(&str, Frames); 8] = [
        ("whole", |stream| {
            let mut out = begun(stream);
            out.extend(frame(DATA, END_STREAM, stream, b"a page</p>"));
            (out, Vec::new())
        }),
        ("cut", |stream| (begun(stream), Vec::new())),
        ("told to go away", |stream| {
            let mut out = begun(stream);
            out.extend(frame(GOAWAY, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 2]));
            (out, Vec::new())
        }),
        ("reset", |stream| {
            let mut out = begun(stream);
            out.extend(frame(RST_STREAM, 0, stream, &[0, 0, 0, 2]));
            (out, Vec::new())
        }),
        ("empty frames without end", |stream| {
            (begun(stream), frame(DATA, 0, stream, &[]))
        }),
        ("headers without end", |stream| {
            let field = [b"\x00\x01x\x7f\x81\x7f".as_slice(), &[b'y'; 16_000]].concat();
            (
                frame(HEADERS, 0, stream, OK),
                frame(CONTINUATION, 0, stream, &field),
            )
        }),
        ("a frame that is too large", |stream| {
            let mut out = frame(HEADERS, END_HEADERS, stream, OK);
            out.extend(frame(DATA, END_STREAM, stream, &[b'x'; 1 << 20]));
            (out, Vec::new())
        }),
        ("settings without end", |stream| {
            (begun(stream), frame(SETTINGS, 0, 0, &[]))
        }),
    ];
    let mut links = Vec::new();
    for (_, frames) in hosts {
        let host = host(authority.vouch("127.0.0.1", YEARS), frames).await;
        links.push(format!("{host}/page"));
    }
    let whole = BTreeSet::from([links[0].clone()]);
    let (captured, said) = crawl(&authority, &feed(links).await).await;
    assert_eq!(captured, whole, "{said}");
}
