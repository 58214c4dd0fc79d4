//! The limits that a test from outside cannot reach: names that lie, and answers that come too slowly.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A server that sends some bytes to whoever asks and then waits until the other side hangs up; counts its visitors.
fn server(bytes: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let n_visitors = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&n_visitors);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            counter.fetch_add(1, Ordering::SeqCst);
            let bytes = bytes.clone();
            std::thread::spawn(move || {
                let mut asked = [0; 4096];
                if stream.read(&mut asked).is_ok() && stream.write_all(&bytes).is_ok() {
                    while stream.read(&mut asked).is_ok_and(|n| n > 0) {}
                }
            });
        }
    });
    (address, n_visitors)
}

fn request(url: &str, allow_private: bool) -> Request {
    Request {
        url: Url::parse(url).unwrap(),
        user_agent: "Aigaq/1.0 (+https://watch.example/)".to_owned(),
        headers: BTreeMap::new(),
        etag: None,
        last_modified: None,
        max_body_bytes: 1 << 20,
        is_start_enough: false,
        timeout: Duration::from_secs(60),
        allow_private,
    }
}

fn nothing(answer: Answer) -> FetchOutcome {
    match answer {
        Answer::Nothing(outcome) => outcome,
        other => panic!("{other:?}"),
    }
}

const WHOLE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret";

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let (address, n_visitors) = server(WHOLE.to_vec());
    let lookup = Lookup::of(move |_| async move { Ok(vec![address]) });
    let fetcher = Fetcher::with_lookup(lookup).unwrap();
    let refused = fetcher
        .fetch(&request("http://news.example.org/", false), &Utc::now)
        .await;
    assert_eq!(nothing(refused), FetchOutcome::PrivateAddress);
    assert_eq!(n_visitors.load(Ordering::SeqCst), 0);
    // The same name where the operator allows it: the server is there.
    let allowed = fetcher
        .fetch(&request("http://news.example.org/", true), &Utc::now)
        .await;
    assert!(matches!(allowed, Answer::Body(body) if body.body == b"secret"));
}

#[tokio::test]
async fn an_address_that_was_not_the_checked_one_is_found_out_after_connecting() {
    let (address, n_visitors) = server(WHOLE.to_vec());
    let lookup = Lookup::of(move |_| async move { Ok(vec![address]) });
    let mut fetcher = Fetcher::with_lookup(lookup).unwrap();
    // As if the guard at name resolution had been passed by.
    fetcher.guarded = fetcher.open.clone();
    let refused = fetcher
        .fetch(&request("http://news.example.org/", false), &Utc::now)
        .await;
    assert_eq!(nothing(refused), FetchOutcome::PrivateAddress);
    assert_eq!(n_visitors.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn answers_that_come_too_slowly_end_long_before_the_whole_timeout() {
    let mut fetcher = Fetcher::new().unwrap();
    fetcher.patience = Patience {
        // A fifth of a second of the minute.
        head_share: 300,
        least_bytes: 100,
        window: Duration::from_millis(200),
    };
    let begun = Instant::now();
    let slow: [&[u8]; 4] = [
        b"",
        b"HTTP/1.1 200 OK\r\nx: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\na little",
    ];
    for bytes in slow {
        let (address, _) = server(bytes.to_vec());
        let url = format!("http://{address}/");
        let answer = fetcher.fetch(&request(&url, true), &Utc::now).await;
        assert_eq!(
            nothing(answer),
            FetchOutcome::TimedOut,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
    // What has come fast enough so far is waited for until the next window is over.
    let mut well = b"HTTP/1.1 200 OK\r\ncontent-length: 150\r\n\r\n".to_vec();
    well.extend([b'x'; 150]);
    let (address, _) = server(well);
    let answer = fetcher
        .fetch(&request(&format!("http://{address}/"), true), &Utc::now)
        .await;
    assert!(matches!(answer, Answer::Body(_)));
}

#[tokio::test]
async fn a_moment_to_come_back_is_one_of_the_hosts_own_clock() {
    // An hour ahead of ours, whatever ours says.
    let now = "2026-06-01T10:00:00Z".parse::<DateTime<Utc>>().unwrap();
    let busy = b"HTTP/1.1 503 X\r\ndate: Mon, 01 Jun 2026 11:00:00 GMT\r\nretry-after: Mon, 01 Jun 2026 11:02:00 GMT\r\ncontent-length: 0\r\n\r\n";
    let (address, _) = server(busy.to_vec());
    let asked = request(&format!("http://{address}/"), true);
    let answer = Fetcher::new().unwrap().fetch(&asked, &|| now).await;
    let retry_after_s = Some(120);
    let expected = FetchOutcome::Busy {
        status: 503,
        retry_after_s,
    };
    assert_eq!(nothing(answer), expected);
}

#[tokio::test]
async fn the_start_of_a_body_is_enough_where_it_is_asked_for() {
    let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 3000\r\n\r\n".to_vec();
    long.extend([b'x'; 3000]);
    let (address, _) = server(long);
    let whole = Request {
        max_body_bytes: 1000,
        ..request(&format!("http://{address}/"), true)
    };
    let refused = Fetcher::new().unwrap().fetch(&whole, &Utc::now).await;
    assert_eq!(
        nothing(refused),
        FetchOutcome::TooLarge { limit_bytes: 1000 }
    );
    let start = Request {
        is_start_enough: true,
        ..whole
    };
    // A client of its own: the server answers once on a connection.
    let cut = Fetcher::new().unwrap().fetch(&start, &Utc::now).await;
    assert!(matches!(cut, Answer::Body(body) if body.body.len() == 1000));
}
