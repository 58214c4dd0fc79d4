//! A site watched for weeks by a clock that is moved: what counts as a change, whose word is taken, how the source fares, who is told.

use std::path::Path;
use std::sync::{Arc, Mutex};

use aigaq::config::{AdminChannel, AlertConfig, Config};
use aigaq::crawl::{Clock, Selection};
use aigaq::model::{Channel, Health, HealthState, HourYield, Secret, SourceId};
use aigaq::pipeline::{self, Summary, Workspace, health};
use aigaq::send::{Secrets, Sender};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::cli::{aigaq, stderr};
use super::loopback::serve;

/// Pages by path; what a test changes is served from then on.
type Pages = Arc<Mutex<Vec<(String, String)>>>;

/// A site whose pages a test sets, with a feed of them, and a data folder that watches it.
struct Watched {
    folder: tempfile::TempDir,
    origin: String,
    pages: Pages,
    now: Arc<Mutex<DateTime<Utc>>>,
}

/// Answers with what stands at a path; a page that carries `<!--lies-->` is called unchanged to whoever asks whether it is.
fn answer(origin: &str, pages: &Pages, uri: &Uri, headers: &HeaderMap) -> Response {
    let pages = pages.lock().unwrap();
    if uri.path() == "/rss.xml" {
        let items: String = pages
            .iter()
            .map(|(path, _)| format!("<item><title>Т</title><link>{origin}{path}</link></item>"))
            .collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Т</title><link>{origin}/</link><description/>{items}</channel></rss>"
        );
        return ([(header::CONTENT_TYPE, "application/rss+xml")], feed).into_response();
    }
    let Some((_, html)) = pages.iter().find(|(path, _)| path == uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let lies = html.contains("<!--lies-->");
    if lies && headers.contains_key(header::IF_NONE_MATCH) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = (
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        html.clone(),
    )
        .into_response();
    if lies {
        response
            .headers_mut()
            .insert(header::ETAG, "\"1\"".parse().unwrap());
    }
    response
}

impl Watched {
    fn new() -> Watched {
        let pages: Pages = Arc::default();
        let served = Arc::clone(&pages);
        let origin = serve(move |address| {
            let origin = format!("http://{address}");
            let own = origin.clone();
            let answer = move |uri: Uri, headers: HeaderMap| async move {
                answer(&own, &served, &uri, &headers)
            };
            (Router::new().fallback(answer), origin)
        });
        let folder = tempfile::tempdir().unwrap();
        let sources = format!(
            "[crawl]\ndelay = \"1ms\"\nallow_private_addresses = true\n\n[[source]]\nid = \"outlet\"\nname = \"Outlet\"\nurl = \"{origin}/\"\nrole = \"media\"\n\
             languages = [\"ru\"]\nfeeds = [\"{origin}/rss.xml\"]\n"
        );
        std::fs::write(folder.path().join("sources.toml"), sources).unwrap();
        Watched {
            folder,
            origin,
            pages,
            now: Arc::new(Mutex::new("2026-06-03T10:00:00Z".parse().unwrap())),
        }
    }

    /// Puts a page at a path.
    fn put(&self, path: &str, html: String) {
        let mut pages = self.pages.lock().unwrap();
        pages.retain(|(known, _)| known != path);
        pages.push((path.to_owned(), html));
    }

    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn advance(&self, by: TimeDelta) {
        *self.now.lock().unwrap() += by;
    }

    fn open(&self) -> Workspace {
        let path = self.folder.path().join("sources.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let config = Config::parse(&text, Path::new("sources.toml")).unwrap();
        Workspace::open(config, &self.folder.path().join("index")).unwrap()
    }

    /// One pass over everything, at the moment it is.
    async fn pass(&self) -> Summary {
        let now = Arc::clone(&self.now);
        let clock = Clock(Arc::new(move || *now.lock().unwrap()));
        let selection = Selection {
            is_all: true,
            ..Selection::default()
        };
        let (_stop, stopped) = watch::channel(false);
        let workspace = Arc::new(self.open());
        let passed = pipeline::crawl(workspace, &selection, clock, &(), stopped).await;
        passed.unwrap().1
    }

    /// How the source fares.
    fn health(&self) -> Health {
        let workspace = self.open();
        let reread = health::reread(&workspace).unwrap();
        let found = health::look(&workspace, &reread, self.now());
        found.unwrap().remove(0)
    }

    fn n_revisions(&self, path: &str) -> usize {
        let url = format!("{}{path}", self.origin);
        self.open().store.revisions_of(&url).unwrap().len()
    }
}

fn outlet() -> SourceId {
    SourceId("outlet".to_owned())
}

/// What stands around the text of a page and changes without an editor.
struct Around {
    views: &'static str,
    updated: &'static str,
    related: &'static str,
    ad: &'static str,
    comments: &'static str,
}

const BEFORE: Around = Around {
    views: "12",
    updated: "3 июня 2026, 15:00",
    related: "В порту починили старый кран",
    ad: "Купите новые сапоги со скидкой",
    comments: "2 комментария",
};
const AFTER: Around = Around {
    views: "3 480",
    updated: "4 июня 2026, 09:30",
    related: "На озере открылась лодочная станция",
    ad: "Окна и двери на заказ",
    comments: "57 комментариев",
};

/// A page as sites have them, with what surrounds its text.
fn article(around: &Around, figure: u32) -> String {
    let Around {
        views,
        updated,
        related,
        ad,
        comments,
    } = around;
    format!(
        "<!doctype html><html lang=\"ru\"><head><title>Сводка лесхоза — Долина</title>\
         <meta property=\"article:published_time\" content=\"2026-06-03T12:00:00+05:00\">\
         <meta property=\"article:modified_time\" content=\"{updated}\"></head><body>\
         <header><nav><a href=/>Главная</a> <a href=/news>Новости</a></nav></header>\
         <main><article><h1>Сводка лесхоза</h1>\
         <div class=\"meta\"><time datetime=\"2026-06-03T12:00:00+05:00\">3 июня 2026, 12:00</time> <span class=\"updated\">Обновлено: {updated}</span> \
         <span class=\"views\">{views}</span> <span>Просмотров: {views}</span></div>\
         <p>В июне 2026 года в Павлодарской области зарегистрировано {figure} лесных пожаров. Об этом рассказали в лесхозе на встрече с жителями.</p>\
         <div class=\"banner\"><a href=\"https://shop.example/\">{ad}</a></div>\
         <p>Дежурная смена работает без перерыва, посты расставлены у каждого кордона. Добровольцы помогают с первых дней весны.</p>\
         <p>Жителей просят не разводить костры рядом с лесом и сообщать о дыме по короткому номеру в любое время суток.</p>\
         <div class=\"related\"><h3>Читайте также</h3><ul><li><a href=/news/9>{related}</a></li></ul></div>\
         </article></main><aside><h3>Популярное</h3><ul><li><a href=/news/7>{related}</a></li></ul></aside>\
         <div class=\"comments\">{comments}</div><footer>© 2026 Долина. {views}</footer></body></html>"
    )
}

/// The same text in a layout that no reader of pages would take for a text: every sentence a link of a menu.
fn in_other_layout(article: &str) -> String {
    let text = article.split_once("</div><p>").unwrap().1;
    let text = text.split("<div class=\"related\">").next().unwrap();
    let text = text
        .replace("<p>", "<li><a href=/x>")
        .replace("</p>", "</a></li>");
    format!(
        "<html lang=\"ru\"><head><title>Сводка лесхоза — Долина</title></head><body><nav><ul>{text}</ul></nav><p>Долина</p></body></html>"
    )
}

#[tokio::test]
async fn dates_counters_related_links_and_ads_never_make_a_revision_and_a_figure_does() {
    let web = Watched::new();
    let single = [
        Around {
            views: AFTER.views,
            ..BEFORE
        },
        Around {
            updated: AFTER.updated,
            ..BEFORE
        },
        Around {
            related: AFTER.related,
            ..BEFORE
        },
        Around {
            ad: AFTER.ad,
            ..BEFORE
        },
        Around {
            comments: AFTER.comments,
            ..BEFORE
        },
        AFTER,
    ];
    web.put("/news/1", article(&BEFORE, 317));
    assert_eq!(web.pass().await.new, 1);
    for around in &single {
        web.advance(TimeDelta::hours(1));
        web.put("/news/1", article(around, 317));
        let summary = web.pass().await;
        assert_eq!(
            (summary.read, summary.changed),
            (1, 0),
            "the bytes changed, the text did not"
        );
    }
    assert_eq!(web.n_revisions("/news/1"), 1);
    web.advance(TimeDelta::hours(1));
    web.put("/news/1", article(&AFTER, 371));
    assert_eq!(web.pass().await.changed, 1);
    assert_eq!(web.n_revisions("/news/1"), 2);
}

#[tokio::test]
async fn undated_pages_are_the_archive_of_a_source_in_its_first_two_days_and_new_from_the_third_on()
{
    let web = Watched::new();
    let mut n_new = Vec::new();
    for path in ["/news/1", "/news/2", "/news/3"] {
        let text = "Дежурная смена работает без перерыва, посты расставлены у каждого кордона. ";
        let text = format!("{text}{path} ").repeat(4);
        let page = format!(
            "<html lang=\"ru\"><title>Сводка лесхоза {path}</title><main><h1>Сводка лесхоза {path}</h1><p>{text}</p></main></html>"
        );
        web.put(path, page);
        assert_eq!(web.pass().await.new, 1);
        let yields = web.open().store.yields(&outlet(), 0).unwrap();
        n_new.push(yields.iter().map(|one| one.n_new).sum::<u64>());
        web.advance(TimeDelta::days(1));
    }
    assert_eq!(n_new, [0, 0, 1]);
}

#[tokio::test]
async fn a_change_that_readers_saw_makes_a_page_young_and_teaches_the_rhythm_of_its_source() {
    let web = Watched::new();
    web.put("/news/1", article(&BEFORE, 317));
    web.pass().await;
    web.advance(TimeDelta::days(20));
    web.put("/news/1", article(&BEFORE, 371));
    web.pass().await;
    let workspace = web.open();
    let url = format!("{}/news/1", web.origin);
    let entry = workspace
        .store
        .frontier_entry(&outlet(), &url)
        .unwrap()
        .unwrap();
    assert_eq!(entry.visits.revised_at, Some(web.now()));
    let pause = entry.due_at.unwrap() - web.now();
    assert!(
        pause < TimeDelta::hours(12),
        "{pause}: a page of twenty days rests longer"
    );
    let rhythm = workspace.store.rhythm(&outlet()).unwrap();
    let seen: u64 = rhythm.ages.iter().map(|age| age.seen).sum();
    assert_eq!(seen, 1);
    assert!(
        rhythm.ages[3].usual_millionths > 0,
        "the twenty days were looked at"
    );
    let published: u32 = rhythm.published.iter().flatten().sum();
    assert_eq!(published, 1);
}

#[tokio::test]
async fn a_host_that_calls_a_changed_page_unchanged_is_asked_for_whole_pages_from_then_on() {
    let web = Watched::new();
    let lying = |around: &Around, figure| article(around, figure) + "<!--lies-->";
    web.put("/news/1", lying(&BEFORE, 317));
    web.pass().await;
    let host = web.origin.trim_start_matches("http://").to_owned();
    let is_believed = || web.open().store.host(&host).unwrap().is_believed(web.now());
    // Only what no reader sees has changed: its word was good.
    web.put("/news/1", lying(&AFTER, 317));
    web.advance(TimeDelta::days(8));
    web.pass().await;
    assert!(is_believed());
    web.put("/news/1", lying(&AFTER, 371));
    web.advance(TimeDelta::days(1));
    assert_eq!(web.pass().await.changed, 0, "its word is taken for a week");
    web.advance(TimeDelta::days(7));
    assert_eq!(web.pass().await.changed, 1);
    assert!(!is_believed());
    web.put("/news/1", lying(&AFTER, 400));
    web.advance(TimeDelta::hours(1));
    assert_eq!(
        web.pass().await.changed,
        1,
        "nobody asks it any more whether it has changed"
    );
}

#[tokio::test]
async fn a_layout_that_hides_the_text_is_told_and_makes_no_revision() {
    let web = Watched::new();
    for number in 1..=2 {
        web.put(&format!("/news/{number}"), article(&BEFORE, 300 + number));
    }
    web.pass().await;
    assert_eq!(web.health().state, HealthState::Works);
    web.advance(TimeDelta::days(1));
    for number in 1..=2 {
        let moved = in_other_layout(&article(&BEFORE, 300 + number));
        web.put(&format!("/news/{number}"), moved);
    }
    let summary = web.pass().await;
    assert_eq!(
        (summary.changed, summary.unreadable.len()),
        (0, 2),
        "{summary:?}"
    );
    assert_eq!(web.n_revisions("/news/1"), 1);
    let health = web.health();
    assert_eq!(health.state, HealthState::LayoutChanged);
    assert!(
        health.notes[0].what_to_do.contains("selectors"),
        "{health:?}"
    );
}

#[tokio::test]
async fn a_source_that_answers_with_nothing_new_is_silent_and_not_failed() {
    let web = Watched::new();
    web.put("/news/1", article(&BEFORE, 317));
    web.pass().await;
    // Nine weeks with five publications in each hour from nine to eighteen, and then none.
    let store = Arc::clone(&web.open().store);
    let end = HourYield::hour_of(web.now());
    let yields = (end - 9 * 168..end).filter(|hour| (4..14).contains(&hour.rem_euclid(24)));
    let yields: Vec<(SourceId, HourYield)> = yields
        .map(|hour| {
            let n_new = 5;
            (
                outlet(),
                HourYield {
                    hour,
                    n_new,
                    ..HourYield::default()
                },
            )
        })
        .collect();
    store.add_yields(&yields).unwrap();
    drop(store);
    for _ in 0..2 {
        web.advance(TimeDelta::days(1));
        let summary = web.pass().await;
        assert!(summary.unreadable.is_empty());
    }
    let health = web.health();
    assert_eq!(health.state, HealthState::Silent, "{health:?}");
    assert!(health.answered_at.is_some());
    assert!(health.usual_in_day > Some(4_000), "{health:?}");
}

#[tokio::test]
async fn the_administrator_is_told_once_of_what_lasts_and_once_when_it_is_over() {
    let received = Arc::<Mutex<Vec<serde_json::Value>>>::default();
    let kept = Arc::clone(&received);
    let hook = serve(move |address| {
        let take = move |body: Bytes| async move {
            kept.lock()
                .unwrap()
                .push(serde_json::from_slice(&body).unwrap());
        };
        (
            Router::new().fallback(take),
            format!("http://{address}/hook"),
        )
    });
    let admin = Channel::Webhook {
        url: hook,
        secret: Some(Secret::new("a secret of the test")),
    };
    let config = AlertConfig {
        allow_private_addresses: true,
        ..AlertConfig::default()
    };
    let sender = Sender::new(&config, Secrets::default()).unwrap();
    let web = Watched::new();
    web.put("/news/1", article(&BEFORE, 317));
    let tell = async || {
        web.health();
        let store = Arc::clone(&web.open().store);
        let told = health::tell(&*store, &sender, &admin, None, web.now()).await;
        told.unwrap().sent
    };
    web.pass().await;
    assert_eq!(tell().await, 0, "that it works is no news");
    // Checks for browsers stand before its pages.
    let pages = std::mem::take(&mut *web.pages.lock().unwrap());
    web.put("/news/1", "<title>Just a moment...</title>".to_owned());
    web.put("/news/2", "<title>Just a moment...</title>".to_owned());
    web.advance(TimeDelta::hours(25));
    for expected in [0, 1, 0] {
        web.pass().await;
        assert_eq!(tell().await, expected);
        web.advance(TimeDelta::minutes(61));
    }
    *web.pages.lock().unwrap() = pages;
    web.advance(TimeDelta::days(2));
    for expected in [0, 1, 0] {
        web.pass().await;
        assert_eq!(tell().await, expected);
        web.advance(TimeDelta::minutes(61));
    }
    let received = received.lock().unwrap();
    assert!(
        received[0]["subject"]
            .as_str()
            .unwrap()
            .contains("check for browsers"),
        "{received:?}"
    );
    assert!(
        received[0]["items"][0]["why"]
            .as_str()
            .unwrap()
            .contains("What to do:")
    );
    assert!(
        received[1]["subject"]
            .as_str()
            .unwrap()
            .contains("it works"),
        "{received:?}"
    );
}

#[tokio::test]
async fn the_command_shows_states_and_why_an_address_is_visited_when_it_is() {
    let web = Watched::new();
    web.put("/news/1", article(&BEFORE, 317));
    web.pass().await;
    // The command looks by the clock of the machine: here it was long ago.
    let run = |arguments: &[&str]| {
        let output = aigaq(web.folder.path(), arguments, "");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let url = format!("{}/news/1", web.origin);
    let text = run(&["sources", "--why", &url]);
    assert!(text.contains("because it was published or found"), "{text}");
    assert!(text.contains("next visit 2026-06-03T"), "{text}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&["--format", "json", "sources", "--why", &url])).unwrap();
    let visit = &json["visits"][0];
    assert_eq!(visit["source"], "outlet");
    assert_eq!(visit["why"][0]["reason"], "age");
    assert!(
        visit["why"][0]["words"].is_string() && visit["due_at"].is_string(),
        "{visit}"
    );
    let sources: serde_json::Value =
        serde_json::from_str(&run(&["--format", "json", "sources"])).unwrap();
    let source = &sources["sources"][0];
    for key in [
        "state",
        "words",
        "what_to_do",
        "answered_at",
        "new_in_day",
        "fetches",
    ] {
        assert!(!source[key].is_null(), "{key}: {source}");
    }
    assert_eq!(source["last"], "captured");
    assert!(run(&["sources"]).contains("what to do:"));
    let unknown = aigaq(
        web.folder.path(),
        &["sources", "--why", "https://nobody.example/"],
        "",
    );
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("not known"));
}

#[test]
fn the_administrator_is_named_in_one_way() {
    let read = |admin: &str| {
        let text = format!("[alerts]\nadmin = {admin}\n");
        Config::parse(&text, Path::new("sources.toml"))
    };
    let mail = read("{ mail = \"admin@desk.example\" }")
        .unwrap()
        .alerts
        .admin;
    assert_eq!(
        mail,
        Some(AdminChannel::Mail("admin@desk.example".to_owned()))
    );
    assert!(read("{ webhook = \"https://hook.example/\", secret_env = \"HOOK\" }").is_ok());
    for wrong in [
        "{}",
        "{ webhook = \"https://hook.example/\" }",
        "{ mail = \"a@desk.example\", telegram = \"@desk\" }",
    ] {
        let errors = read(wrong).unwrap_err();
        assert_eq!(errors[0].line, 2, "{wrong}");
        assert!(errors[0].message.contains("needs one of"), "{errors:?}");
    }
}
