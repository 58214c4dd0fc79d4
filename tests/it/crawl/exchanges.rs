//! Single exchanges with servers that answer against the protocol or without sense: each has one outcome, and none is half a page.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use aigaq::crawl::fetch::{Answer, Exchange, Fetcher, Request};
use aigaq::model::FetchOutcome;
use chrono::Utc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use super::world::raw_site;

const LIMIT_BYTES: u64 = 1 << 20;

fn request(url: &str) -> Request {
    Request {
        url: Url::parse(url).unwrap(),
        user_agent: "Aigaq/1.0 (+https://watch.example/)".to_owned(),
        headers: BTreeMap::new(),
        etag: None,
        last_modified: None,
        max_body_bytes: LIMIT_BYTES,
        is_start_enough: false,
        timeout: Duration::from_secs(20),
        allow_private: true,
    }
}

async fn ask(request: &Request) -> Answer {
    Fetcher::new().unwrap().fetch(request, &Utc::now).await
}

/// Asks a server that sends these bytes to whoever comes, then hangs up.
async fn ask_for(bytes: impl Into<Vec<u8>>) -> Answer {
    let bytes = bytes.into();
    let origin = raw_site(move |_, stream| stream.write_all(&bytes));
    ask(&request(&origin)).await
}

fn body(answer: Answer) -> Box<Exchange> {
    match answer {
        Answer::Body(exchange) => exchange,
        other => panic!("{other:?}"),
    }
}

fn is_failure(answer: &Answer) -> bool {
    matches!(answer, Answer::Nothing(FetchOutcome::Unreachable { .. }))
}

#[tokio::test]
async fn each_status_has_one_meaning_and_only_404_and_410_mean_gone() {
    let refused = |status| Some(FetchOutcome::Refused { status });
    let busy = |status| {
        Some(FetchOutcome::Busy {
            status,
            retry_after_s: None,
        })
    };
    let cases = [
        (200, None),
        (203, None),
        (202, refused(202)),
        (204, refused(204)),
        (205, refused(205)),
        (206, refused(206)),
        (300, refused(300)),
        // Without an address to go to, and without having been asked whether anything changed.
        (301, refused(301)),
        (304, refused(304)),
        (400, refused(400)),
        (401, refused(401)),
        (402, refused(402)),
        (403, refused(403)),
        (404, Some(FetchOutcome::Gone { status: 404 })),
        (410, Some(FetchOutcome::Gone { status: 410 })),
        (418, refused(418)),
        (429, busy(429)),
        (451, refused(451)),
        (500, refused(500)),
        (503, busy(503)),
        (520, refused(520)),
        (999, refused(999)),
    ];
    for (status, expected) in cases {
        let has_none = [204, 304].contains(&status);
        let framing = if has_none {
            ""
        } else {
            "content-length: 4\r\n"
        };
        let page = if has_none { "" } else { "page" };
        let answer = format!("HTTP/1.1 {status} X\r\n{framing}connection: close\r\n\r\n{page}");
        match (ask_for(answer).await, expected) {
            (Answer::Body(exchange), None) => assert_eq!(exchange.body, b"page", "{status}"),
            (Answer::Nothing(outcome), Some(expected)) => assert_eq!(outcome, expected, "{status}"),
            (other, _) => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn not_modified_counts_only_where_it_was_asked_for() {
    let bytes = b"HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n";
    let origin = raw_site(|_, stream| stream.write_all(bytes));
    let asked = Request {
        etag: Some("W/\"odd, but sent back as it came".to_owned()),
        ..request(&origin)
    };
    let answer = ask(&asked).await;
    assert!(matches!(answer, Answer::Nothing(FetchOutcome::NotModified)));
}

#[tokio::test]
async fn an_answer_cut_after_any_byte_is_no_answer() {
    let whole = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 21\r\nconnection: close\r\n\r\n<p>all of the page</p";
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n<p>al\r\n3\r\nl</\r\n0\r\n\r\n";
    for answer in [whole.as_slice(), chunked.as_slice()] {
        let origin = raw_site(move |path, stream| {
            let n_bytes = path.trim_start_matches('/').parse().unwrap_or(0);
            stream.write_all(&answer[..n_bytes])
        });
        let fetcher = Fetcher::new().unwrap();
        for n_bytes in 0..answer.len() {
            let asked = request(&format!("{origin}/{n_bytes}"));
            let answer = fetcher.fetch(&asked, &Utc::now).await;
            assert!(is_failure(&answer), "{n_bytes}: {answer:?}");
        }
        let all = request(&format!("{origin}/{}", answer.len()));
        assert!(!body(fetcher.fetch(&all, &Utc::now).await).body.is_empty());
    }
}

#[tokio::test]
async fn lengths_and_chunks_that_lie_are_refused_or_read_in_the_one_safe_way() {
    let head = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
    let chunked = "transfer-encoding: chunked\r\n";
    let refused = [
        ("a shorter body", head("content-length: 100\r\n") + "short"),
        (
            "two lengths",
            head("content-length: 5\r\ncontent-length: 7\r\n") + "short..",
        ),
        (
            "a length below nothing",
            head("content-length: -5\r\n") + "short",
        ),
        (
            "a length beyond numbers",
            head("content-length: 99999999999999999999999\r\n") + "x",
        ),
        (
            "a chunk without a size",
            head(chunked) + "zz\r\nshort\r\n0\r\n\r\n",
        ),
        (
            "a chunk below nothing",
            head(chunked) + "-5\r\nshort\r\n0\r\n\r\n",
        ),
        (
            "a chunk beyond numbers",
            head(chunked) + "fffffffffffffffffff\r\nshort\r\n0\r\n\r\n",
        ),
        ("no last chunk", head(chunked) + "5\r\nshort\r\n"),
        (
            "endless trailers",
            head(chunked) + "5\r\nshort\r\n0\r\n" + &"x: y\r\n".repeat(100_000),
        ),
        ("no protocol", "<p>short".to_owned()),
        ("a zero byte in a header", head("x: a\0b\r\n") + "short"),
        (
            "a header of a mebibyte",
            head(&format!("x: {}\r\n", "y".repeat(1 << 20))) + "short",
        ),
        (
            "ten thousand headers",
            head(&"x: y\r\n".repeat(10_000)) + "short",
        ),
    ];
    for (name, answer) in refused {
        let answer = ask_for(answer).await;
        assert!(is_failure(&answer), "{name}: {answer:?}");
    }
    let read = [
        (
            "a longer body",
            head("content-length: 5\r\n") + "short and more",
        ),
        (
            "chunks beside a length",
            head(&format!("content-length: 3\r\n{chunked}")) + "5\r\nshort\r\n0\r\n\r\n",
        ),
        (
            "interim answers",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(5) + &head("content-length: 5\r\n") + "short",
        ),
    ];
    for (name, answer) in read {
        assert_eq!(body(ask_for(answer).await).body, b"short", "{name}");
    }
}

#[tokio::test]
async fn a_second_answer_on_a_connection_is_never_taken_for_the_next_pages() {
    let origin = raw_site(|path, stream| {
        let page = format!("page {path}");
        let honest = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}",
            page.len()
        );
        let smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecond";
        stream.write_all(format!("{honest}{smuggled}").as_bytes())?;
        // Kept open, so that the client could use it again.
        std::io::copy(&mut stream.try_clone()?, &mut std::io::sink()).map(drop)
    });
    let fetcher = Fetcher::new().unwrap();
    for path in ["/1", "/2", "/3"] {
        let asked = Request {
            timeout: Duration::from_secs(5),
            ..request(&format!("{origin}{path}"))
        };
        // The client hangs up on what it did not ask for, so the raw site, which reads one connection after another, comes to the next.
        let exchange = body(fetcher.fetch(&asked, &Utc::now).await);
        assert_eq!(exchange.body, format!("page {path}").as_bytes());
    }
}

#[tokio::test]
async fn what_came_compressed_is_kept_as_it_came() {
    let packed = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all("<p>Әділ сот</p>".as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nContent-Length: {}\r\nX-Odd: \u{e9}\r\n\r\n",
        packed.len()
    )
    .into_bytes();
    answer.extend(&packed);
    let exchange = body(ask_for(answer).await);
    assert_eq!(exchange.wire, packed);
    assert_eq!(exchange.body, "<p>Әділ сот</p>".as_bytes());
    assert_eq!(exchange.header("content-encoding"), Some("gzip"));
    assert_eq!(
        exchange.header("content-length"),
        Some(packed.len().to_string().as_str())
    );
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_and_one_that_stalls_are_unreachable() {
    let silent = raw_site(|_, stream| {
        std::io::copy(&mut stream.try_clone()?, &mut std::io::sink()).map(drop)
    });
    let stalled = Request {
        timeout: Duration::from_millis(500),
        ..request(&silent.replace("http:", "https:"))
    };
    let answer = ask(&stalled).await;
    assert!(
        matches!(answer, Answer::Nothing(FetchOutcome::TimedOut)),
        "{answer:?}"
    );
    let own = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key =
        tokio_rustls::rustls::pki_types::PrivateKeyDer::try_from(own.signing_key.serialize_der())
            .unwrap();
    let config = tokio_rustls::rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = acceptor.accept(stream).await;
        }
    });
    let answer = ask(&request(&url)).await;
    assert!(is_failure(&answer), "{answer:?}");
}

#[tokio::test]
async fn a_connection_that_is_reset_after_any_byte_gives_no_half_answer() {
    let whole = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 20\r\n\r\n<p>half or whole</p>";
    for n_bytes in 0..=whole.len() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let resets = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await.unwrap();
            stream.write_all(&whole[..n_bytes]).await.unwrap();
            // Closed without a farewell: the network says that there is no such connection.
            stream.set_zero_linger().unwrap();
        });
        let answer = ask(&request(&url)).await;
        resets.await.unwrap();
        match answer {
            Answer::Body(exchange) => {
                assert_eq!(n_bytes, whole.len());
                assert_eq!(exchange.body, b"<p>half or whole</p>");
            }
            answer => assert!(is_failure(&answer), "after {n_bytes} bytes: {answer:?}"),
        }
    }
}
