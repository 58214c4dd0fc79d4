//! A fleet of fictional hosts on loopback addresses of their own: healthy ones of several speeds, and those that fare badly.
//!
//! Every host has a listing in pages of twenty links and publications in Russian, each of other words. What a host was asked is
//! noted as it saw it: from the moment before the last byte of an answer to the moment its next request was there. The crawler
//! can only have waited less than that by the time those bytes were on their way.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Links on a page of a listing.
const LINKS: usize = 20;
/// Longest head of a request.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// What healthy hosts take for an answer, in ms.
const SPEEDS_MS: [u64; 6] = [1, 5, 20, 50, 100, 200];
/// What slow hosts take, in ms.
const SLOW_MS: u64 = 700;
/// Bytes of a large page.
const LARGE_BYTES: usize = 400_000;

/// How a host fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Answers within so many ms.
    Healthy(u64),
    /// Takes [`SLOW_MS`] for every answer.
    Slow,
    /// Some answers are errors of its own, some are cut.
    Flaky,
    /// Nothing listens.
    Dead,
    /// Publications are asked for and never answered.
    Hanging,
    /// Asks now and then to come back in two seconds; every third for an hour.
    Busy,
    /// Some pages are large, some have no end.
    Huge,
    /// A listing that always has a next page, and links from day to day without end.
    Trap,
}

impl Kind {
    /// The kind of a host by its number: fourteen of twenty are healthy.
    pub fn of(number: usize) -> Kind {
        match number % 20 {
            14 => Kind::Slow,
            15 => Kind::Flaky,
            16 if number % 40 == 16 => Kind::Dead,
            16 => Kind::Hanging,
            17 => Kind::Busy,
            18 => Kind::Huge,
            19 => Kind::Trap,
            _ => Kind::Healthy(SPEEDS_MS[number % SPEEDS_MS.len()]),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Healthy(_) => "healthy",
            Kind::Slow => "slow",
            Kind::Flaky => "flaky",
            Kind::Dead => "dead",
            Kind::Hanging => "hanging",
            Kind::Busy => "busy",
            Kind::Huge => "huge",
            Kind::Trap => "trap",
        }
    }
}

/// Which fleet.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Hosts.
    pub hosts: usize,
    /// Publications of each.
    pub pages: usize,
    /// Port of all; 0 for any.
    pub port: u16,
    /// Leaves the hosts out that fare badly, and nothing else.
    pub is_healthy_alone: bool,
}

/// A host and what it saw.
#[derive(Debug)]
pub struct Host {
    /// Number of it.
    number: usize,
    /// Where it stands.
    pub address: SocketAddr,
    /// How it fares.
    pub kind: Kind,
    n_pages: usize,
    seen: Mutex<Seen>,
}

/// What a host saw.
#[derive(Debug, Default)]
struct Seen {
    n_requests: usize,
    n_at_once: usize,
    most_at_once: usize,
    least_gap: Option<Duration>,
    begun: Option<Instant>,
    answered: Option<Instant>,
    /// Publications that were sent whole.
    sent: BTreeSet<usize>,
    n_bytes: usize,
    last_sent: Option<Instant>,
}

/// The fleet at work.
#[derive(Debug)]
pub struct Fleet {
    /// Its hosts.
    pub hosts: Vec<Arc<Host>>,
    begun: Instant,
}

impl Fleet {
    /// Starts every host on the runtime that this is called in.
    ///
    /// # Errors
    /// When an address cannot be had.
    pub async fn start(size: Size) -> io::Result<Fleet> {
        let mut hosts = Vec::new();
        let mut port = size.port;
        for number in 0..size.hosts {
            let kind = Kind::of(number);
            if size.is_healthy_alone && !matches!(kind, Kind::Healthy(_)) {
                continue;
            }
            let [high, low] = u16::try_from(number + 256)
                .unwrap_or(u16::MAX)
                .to_be_bytes();
            let listener = TcpListener::bind((Ipv4Addr::new(127, 7, high, low), port)).await?;
            let address = listener.local_addr()?;
            port = address.port();
            let host = Arc::new(Host {
                number,
                address,
                kind,
                n_pages: size.pages,
                seen: Mutex::default(),
            });
            hosts.push(Arc::clone(&host));
            if kind != Kind::Dead {
                tokio::spawn(host.listen(listener));
            }
        }
        Ok(Fleet {
            hosts,
            begun: Instant::now(),
        })
    }

    /// A configuration of the program in which every host is a source: one of fifteen an agency.
    pub fn configuration(&self, delay: Duration) -> String {
        let mut text = format!(
            "[crawl]\nuser_agent = \"Aigaq/1.0 (+https://fleet.example/contact)\"\nallow_private_addresses = true\ndelay = \"{}ms\"\n\
             timeout = \"10s\"\nmax_body = \"2MB\"\nmax_pages = 12\n",
            delay.as_millis()
        );
        for host in &self.hosts {
            let (number, at) = (host.number, host.address);
            let role = if number.is_multiple_of(15) {
                "official"
            } else {
                "media"
            };
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n[[source]]\nid = \"host-{number}\"\nname = \"Host {number}\"\nurl = \"http://{at}/\"\nrole = \"{role}\"\nlanguages = [\"ru\"]\n\
                 listings = [{{ url = \"http://{at}/list/1\", links = \"a.item\", next = \"a.next\" }}]\n"
            );
        }
        text
    }

    /// What every host saw, in ms since the fleet began.
    pub fn report(&self) -> Value {
        let since = |at: Option<Instant>| at.map(|at| (at - self.begun).as_millis() as u64);
        let hosts = self.hosts.iter().map(|host| {
            let seen = host.seen();
            json!({
                "number": host.number,
                "address": host.address.to_string(),
                "kind": host.kind.name(),
                "requests": seen.n_requests,
                "most_at_once": seen.most_at_once,
                "least_gap_us": seen.least_gap.map(|gap| gap.as_micros() as u64),
                "pages": seen.sent.len(),
                "of": host.n_pages,
                "bytes": seen.n_bytes,
                "begun_ms": since(seen.begun),
                "last_page_ms": since(seen.last_sent),
            })
        });
        json!({ "now_ms": since(Some(Instant::now())), "hosts": hosts.collect::<Vec<_>>() })
    }
}

impl Host {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn listen(self: Arc<Host>, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(Arc::clone(&self).serve(stream));
        }
    }

    /// Answers one request after another until the connection ends.
    async fn serve(self: Arc<Host>, mut stream: TcpStream) {
        let mut head = Vec::new();
        while let Some(path) = request(&mut stream, &mut head).await {
            let number = self.asked();
            let is_kept = self
                .answer(&mut stream, &path, number)
                .await
                .unwrap_or(false);
            self.seen().n_at_once -= 1;
            if !is_kept {
                return;
            }
        }
    }

    /// Notes a request; gives its number on this host.
    fn asked(&self) -> usize {
        let now = Instant::now();
        let mut seen = self.seen();
        seen.n_requests += 1;
        seen.n_at_once += 1;
        seen.most_at_once = seen.most_at_once.max(seen.n_at_once);
        seen.begun.get_or_insert(now);
        if let Some(before) = seen.answered {
            let gap = now.saturating_duration_since(before);
            seen.least_gap = Some(seen.least_gap.map_or(gap, |least| least.min(gap)));
        }
        // Should the answer not come to its end, the pause is counted from here: when the other side gave up is not seen.
        seen.answered = Some(now);
        seen.n_requests
    }

    /// Answers a request; says whether the connection goes on.
    async fn answer(&self, stream: &mut TcpStream, path: &str, number: usize) -> io::Result<bool> {
        if let Kind::Healthy(ms) = self.kind {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
        if path == "/robots.txt" {
            let rules = b"User-agent: *\nDisallow: /private/\n";
            return self.send(stream, "200 OK", "text/plain", rules).await;
        }
        let page = path
            .strip_prefix("/news/")
            .and_then(|rest| rest.parse::<usize>().ok());
        match self.kind {
            Kind::Slow => tokio::time::sleep(Duration::from_millis(SLOW_MS)).await,
            Kind::Hanging if page.is_some() => {
                // Until the other side gives up.
                let _ = stream.read(&mut [0]).await;
                return Ok(false);
            }
            Kind::Flaky if number.is_multiple_of(7) => {
                return self.send(stream, "500 Oops", "text/plain", b"oops").await;
            }
            Kind::Flaky if number.is_multiple_of(11) => {
                let cut = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5000\r\n\r\n<html><body>cut";
                stream.write_all(cut).await?;
                return Ok(false);
            }
            Kind::Busy if page.is_some() && self.number % 60 == 57 => {
                return self.later(stream, 3600).await;
            }
            Kind::Busy if number.is_multiple_of(40) => return self.later(stream, 2).await,
            Kind::Huge if page.is_some_and(|page| page % 20 == 7) => {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html><body>")
                    .await?;
                let piece = "<p>Без конца. </p>".repeat(2000);
                loop {
                    stream.write_all(piece.as_bytes()).await?;
                }
            }
            _ => {}
        }
        let list = path
            .strip_prefix("/list/")
            .and_then(|rest| rest.parse::<usize>().ok());
        let is_known = |page: &usize| *page < self.n_pages || self.kind == Kind::Trap;
        let body = match (list, page.filter(is_known)) {
            (Some(list), _) => self.listing(list),
            (_, Some(page)) => self.page(page),
            _ => {
                return self
                    .send(stream, "404 Not Found", "text/plain", b"nothing here")
                    .await;
            }
        };
        let is_kept = self
            .send(
                stream,
                "200 OK",
                "text/html; charset=utf-8",
                body.as_bytes(),
            )
            .await?;
        if let Some(page) = page {
            let mut seen = self.seen();
            seen.sent.insert(page);
            seen.last_sent = Some(Instant::now());
        }
        Ok(is_kept)
    }

    async fn later(&self, stream: &mut TcpStream, seconds: u32) -> io::Result<bool> {
        let status = format!("429 Too Many Requests\r\nretry-after: {seconds}");
        self.send(stream, &status, "text/plain", b"later").await
    }

    async fn send(
        &self,
        stream: &mut TcpStream,
        status: &str,
        kind: &str,
        body: &[u8],
    ) -> io::Result<bool> {
        let length = body.len();
        let mut answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
        )
        .into_bytes();
        answer.extend_from_slice(body);
        let last = answer.split_off(answer.len() - 1);
        stream.write_all(&answer).await?;
        {
            let mut seen = self.seen();
            seen.answered = Some(Instant::now());
            seen.n_bytes += answer.len() + 1;
        }
        stream.write_all(&last).await?;
        Ok(true)
    }

    /// A page of the listing.
    fn listing(&self, list: usize) -> String {
        let from = list.saturating_sub(1) * LINKS;
        let to = match self.kind {
            Kind::Trap => from + LINKS,
            _ => (from + LINKS).min(self.n_pages),
        };
        let links: String = (from..to.max(from))
            .map(|page| {
                format!(
                    "<li><a class=\"item\" href=\"/news/{page}\">{}</a></li>\n",
                    self.title(page)
                )
            })
            .collect();
        let has_next = self.kind == Kind::Trap || to < self.n_pages;
        let next = match has_next {
            true => format!("<a class=\"next\" href=\"/list/{}\">Дальше</a>", list + 1),
            false => String::new(),
        };
        format!(
            "<!doctype html><html lang=\"ru\"><head><title>Новости</title></head><body><ul>{links}</ul>{next}</body></html>"
        )
    }

    fn title(&self, page: usize) -> String {
        let mut dice = Dice::of(self.number, page);
        let (what, whose) = (dice.one_of(&WHAT), dice.one_of(&WHOSE));
        format!("{what} {whose} № {}", self.number * 1000 + page)
    }

    /// A publication: a menu, four paragraphs of a sentence or two, one of them with a figure, links to others.
    fn page(&self, page: usize) -> String {
        let mut dice = Dice::of(self.number, page);
        let title = self.title(page);
        let day = 1 + page % 28;
        let mut text = String::new();
        for paragraph in 0..4 {
            text.push_str("<p>");
            for _ in 0..1 + dice.below(2) {
                let (who, does) = (dice.one_of(&WHO), dice.one_of(&DOES));
                let (what, when) = (dice.one_of(&WHAT), dice.one_of(&WHEN));
                // Writing to a string cannot fail.
                let _ = write!(
                    text,
                    "{when} {who} {does}, как продвигается {}. ",
                    what.to_lowercase()
                );
            }
            if paragraph == 2 {
                let (district, month) = (1 + dice.below(500), dice.below(MONTHS.len()));
                // One of twenty is not what the others say.
                let wrong = usize::from(dice.below(20) == 0);
                let n = 100 + Dice::of(district, month).below(4000) + wrong;
                let month = MONTHS[month];
                let _ = write!(
                    text,
                    "В {month} 2026 года в районе № {district} зарегистрировано {n} пожаров. "
                );
            }
            text.push_str("</p>\n");
        }
        let menu: String = (0..30)
            .map(|n| format!("<li><a href=\"/section/{n}\">Раздел {n}</a></li>"))
            .collect();
        let others: String = (0..10)
            .map(|_| dice.below(self.n_pages))
            .map(|other| {
                format!(
                    "<li><a href=\"/news/{other}\">{}</a></li>",
                    self.title(other)
                )
            })
            .collect();
        // Pages are large for what stands around their text.
        let more = match self.kind {
            Kind::Huge if page % 10 == 3 => format!(
                "<script>const seen = \"{}\";</script>",
                "0123456789abcdef".repeat(LARGE_BYTES / 16)
            ),
            _ => String::new(),
        };
        let trap = match self.kind {
            Kind::Trap => format!("<a href=\"/calendar/{}\">завтра</a>", page + 1),
            _ => String::new(),
        };
        format!(
            "<!doctype html><html lang=\"ru\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <meta property=\"article:published_time\" content=\"2026-06-{day:02}T10:00:00+05:00\">{more}</head>\
             <body><nav><ul>{menu}</ul></nav><article><h1>{title}</h1>{text}</article><aside><ul>{others}</ul>{trap}</aside>\
             <footer>Вымышленное издание</footer></body></html>"
        )
    }
}

/// The path of the next request; `None` when none comes.
async fn request(stream: &mut TcpStream, head: &mut Vec<u8>) -> Option<String> {
    head.clear();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > MAX_HEAD_BYTES || stream.read_buf(head).await.ok()? == 0 {
            return None;
        }
    }
    let line = head.split(|byte| *byte == b'\r').next()?;
    let path = std::str::from_utf8(line).ok()?.split(' ').nth(1)?;
    Some(path.to_owned())
}

/// A linear congruential generator (Knuth's MMIX constants): enough to vary text, the same in every run.
struct Dice(u64);

impl Dice {
    fn of(host: usize, page: usize) -> Dice {
        let mut dice = Dice((host * 1_000_003 + page) as u64);
        dice.below(1);
        dice
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n.max(1) as u64).unwrap_or_default()
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

const MONTHS: [&str; 5] = ["январе", "феврале", "марте", "апреле", "мае"];
const WHAT: [&str; 16] = [
    "Ремонт моста",
    "Закладка парка",
    "Перепись садов",
    "Очистка русла",
    "Выставка ремёсел",
    "Прокладка тропы",
    "Починка маяка",
    "Настройка колоколов",
    "Постройка причала",
    "Расчистка склона",
    "Подготовка ярмарки",
    "Сбор урожая",
    "Набор в хор",
    "Обход плотины",
    "Замена фонарей",
    "Роспись стены",
];
const WHOSE: [&str; 8] = [
    "в верхнем посёлке",
    "у старого порта",
    "за рекой",
    "на северном склоне",
    "в долине",
    "на острове",
    "у переправы",
    "под горой",
];
const WHO: [&str; 12] = [
    "дежурная смена",
    "управа посёлка",
    "совет садоводов",
    "мастерская",
    "смотритель",
    "бригада",
    "школа",
    "артель",
    "музей",
    "служба пути",
    "библиотека",
    "редакция",
];
const DOES: [&str; 10] = [
    "рассказала соседям",
    "показала на карте",
    "обсудила с жителями",
    "написала в отчёте",
    "объяснила гостям",
    "напомнила всем",
    "сообщила на сходе",
    "разобрала на примере",
    "спросила у мастеров",
    "записала в журнал",
];
const WHEN: [&str; 8] = [
    "Утром",
    "После полудня",
    "Вечером",
    "На той неделе",
    "К началу лета",
    "Как и прежде",
    "Впервые",
    "Снова",
];
