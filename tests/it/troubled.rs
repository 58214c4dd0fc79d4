//! The commands against a web in trouble: what is wrong is named, the rest goes on, and nothing is lost.

use std::path::Path;
use std::process::{Command, Output};

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

use crate::loopback;

/// Bytes of a page that no newsroom writes.
const HUGE: usize = 50 << 20;

/// Starts a site; returns its origin.
fn site(router: impl FnOnce(&str) -> Router + Send + 'static) -> String {
    loopback::serve(move |address| {
        let origin = format!("http://{address}");
        (router(&origin), origin)
    })
}

/// A feed that names some pages of a site.
fn feed(origin: &str, paths: &[&str]) -> Response {
    let items: String = paths
        .iter()
        .map(|path| format!("<item><title>Сводка</title><link>{origin}{path}</link></item>"))
        .collect();
    let feed = format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Сводки</title>\
         <link>{origin}/</link><description/>{items}</channel></rss>"
    );
    ([(header::CONTENT_TYPE, "application/rss+xml")], feed).into_response()
}

/// A page with one figure.
fn page(figure: u32) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"ru\"><head><title>Сводка лесхоза</title>\
         <meta property=\"article:published_time\" content=\"2026-07-03T10:00:00+05:00\"></head><body><article>\
         <h1>Сводка лесхоза</h1><p>В июне 2026 года в Павлодарской области зарегистрировано {figure} лесных пожаров. \
         Дежурная смена работает без перерыва, посты расставлены у каждого кордона.</p></article></body></html>"
    ))
}

/// A site with a feed and its pages.
fn paper(origin: &str, pages: &[(&'static str, u32)]) -> Router {
    let paths: Vec<&str> = pages.iter().map(|(path, _)| *path).collect();
    let origin = origin.to_owned();
    let mut router = Router::new();
    for (path, figure) in pages {
        let figure = *figure;
        router = router.route(path, get(move || async move { page(figure) }));
    }
    router.route(
        "/rss.xml",
        get(move || async move { feed(&origin, &paths) }),
    )
}

/// An agency and an outlet that are well, and three sites in trouble; the configuration names all of them.
struct Troubled {
    folder: tempfile::TempDir,
    outlet: String,
}

impl Troubled {
    fn new() -> Troubled {
        let agency = site(|origin| paper(origin, &[("/news/1", 317)]));
        let outlet = site(|origin| paper(origin, &[("/news/1", 317), ("/news/2", 371)]));
        let html = site(|_| {
            Router::new().fallback(|| async { Html("<p>Скоро открытие</p>") })
        });
        let failing =
            site(|_| Router::new().fallback(|| async { StatusCode::INTERNAL_SERVER_ERROR }));
        let huge = site(|origin| {
            let page = Bytes::from(vec![b'a'; HUGE]);
            let page = move || async move { Html(page) };
            paper(origin, &[])
                .route("/huge", get(page))
                .route("/feed.xml", {
                    let origin = origin.to_owned();
                    get(move || async move { feed(&origin, &["/huge"]) })
                })
        });
        let sources = [
            ("agency", "official", format!("{agency}/rss.xml"), &agency),
            ("outlet", "media", format!("{outlet}/rss.xml"), &outlet),
            ("html", "media", format!("{html}/rss.xml"), &html),
            ("failing", "media", format!("{failing}/rss.xml"), &failing),
            ("huge", "media", format!("{huge}/feed.xml"), &huge),
        ];
        let sources: String = sources
            .iter()
            .map(|(id, role, feed, origin)| {
                format!(
                    "[[source]]\nid = \"{id}\"\nname = \"{id}\"\nurl = \"{origin}/\"\nrole = \"{role}\"\n\
                     languages = [\"ru\"]\nfeeds = [\"{feed}\"]\n\n"
                )
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        let crawl = "[crawl]\nallow_private_addresses = true\ndelay = \"1ms\"\n\n";
        std::fs::write(
            folder.path().join("sources.toml"),
            format!("{crawl}{sources}"),
        )
        .unwrap();
        Troubled { folder, outlet }
    }

    /// Runs a command in the folder of the configuration.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aigaq"));
        command.current_dir(self.path()).args(arguments);
        command.output().unwrap()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The lines of a crawl's report that belong to a source.
fn of_source(report: &str, id: &str) -> String {
    let lines = report.lines();
    let mut lines = lines.skip_while(|line| !line.starts_with(&format!("{id}:")));
    let first = lines.next().unwrap().to_owned();
    let rest = lines.take_while(|line| line.starts_with("  "));
    rest.fold(first, |text, line| text + "\n" + line)
}

#[test]
fn a_crawl_names_what_is_wrong_with_each_site_and_judges_the_rest() {
    let web = Troubled::new();
    let crawled = web.run(&["crawl"]);
    let report = stdout(&crawled);
    assert_eq!(
        crawled.status.code(),
        Some(0),
        "{report}{}",
        stderr(&crawled)
    );
    for (id, words) in [
        ("agency", &["1 fetched", "0 failed"][..]),
        ("outlet", &["2 fetched", "0 failed"]),
        ("html", &["1 failed", "/rss.xml"]),
        ("failing", &["failed", "500"]),
        ("huge", &["1 failed", "/huge"]),
    ] {
        let said = of_source(&report, id);
        assert!(words.iter().all(|word| said.contains(word)), "{id}: {said}");
    }
    let findings = stdout(&web.run(&["findings", "--verdict", "contradicted"]));
    assert!(findings.contains("371"), "{findings}");
    let cases = stdout(&web.run(&["cases"]));
    assert!(cases.contains("outlet"), "{cases}");
}

#[test]
fn a_check_of_the_sources_fetches_a_little_of_each_and_keeps_nothing() {
    let web = Troubled::new();
    let checked = web.run(&["sources", "check"]);
    let seen = stdout(&checked);
    assert_eq!(checked.status.code(), Some(1), "{seen}");
    assert!(
        of_source(&seen, "agency").contains("2026-07-03 ru"),
        "{seen}"
    );
    assert!(of_source(&seen, "outlet").contains("2 publications offered"));
    assert!(of_source(&seen, "html").contains("nothing that can be read"));
    assert!(of_source(&seen, "huge").contains("1 publications offered, 0 of them"));
    assert!(!web.path().join("index").exists());
    let one = web.run(&[
        "--format", "jsonl", "sources", "check", "--source", "outlet",
    ]);
    assert_eq!(one.status.code(), Some(0), "{}", stderr(&one));
    let one: serde_json::Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(one["pages"][0]["title"], "Сводка лесхоза");
    let offline = web.run(&["sources", "check", "--offline"]);
    assert_eq!(offline.status.code(), Some(0));
    assert_eq!(stdout(&offline).lines().count(), 1);
}

#[test]
fn the_page_at_an_address_is_checked_without_being_stored() {
    let web = Troubled::new();
    assert!(web.run(&["crawl", "--source", "agency"]).status.success());
    let url = |path: &str| format!("{}{path}", web.outlet);
    let right = web.run(&["check", &url("/news/1")]);
    assert_eq!(right.status.code(), Some(0), "{}", stdout(&right));
    let wrong = web.run(&["check", &url("/news/2")]);
    assert_eq!(wrong.status.code(), Some(1), "{}", stderr(&wrong));
    let said = stdout(&wrong);
    assert!(said.contains("371") && said.contains("317"), "{said}");
    let missing = web.run(&["check", &url("/news/3")]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(stderr(&missing).contains("404"), "{}", stderr(&missing));
    let findings = stdout(&web.run(&["findings", "--source", "outlet"]));
    assert!(findings.contains("0 findings"), "{findings}");
}

#[test]
fn a_damaged_index_is_named_and_built_again_and_a_foreign_folder_is_left_alone() {
    let web = Troubled::new();
    assert!(web.run(&["crawl"]).status.success());
    let cases = stdout(&web.run(&["cases"]));
    let search = web.path().join("index").join("search");
    std::fs::write(search.join("meta.json"), "{").unwrap();
    let damaged = web.run(&["search", "сводка"]);
    assert_eq!(damaged.status.code(), Some(2));
    let said = stderr(&damaged);
    assert!(
        said.contains("search") && said.contains("reindex"),
        "{said}"
    );
    let rebuilt = web.run(&["reindex"]);
    assert!(rebuilt.status.success(), "{}", stderr(&rebuilt));
    assert!(stdout(&web.run(&["search", "сводка"])).contains("Сводка лесхоза"));
    assert_eq!(stdout(&web.run(&["cases"])), cases);
    // What writes mends it without being told to, and says so.
    std::fs::write(search.join("meta.json"), "{").unwrap();
    let crawled = web.run(&["crawl"]);
    assert!(crawled.status.success(), "{}", stderr(&crawled));
    assert!(stderr(&crawled).contains("again"), "{}", stderr(&crawled));
    assert!(stdout(&web.run(&["search", "сводка"])).contains("Сводка лесхоза"));
    // A rebuild that was killed left a folder beside; the next begins anew.
    std::fs::create_dir_all(web.path().join("index").join("search-new")).unwrap();
    assert!(web.run(&["reindex"]).status.success());
    assert!(!web.path().join("index").join("search-new").exists());

    let foreign = web.path().join("letters");
    std::fs::create_dir_all(foreign.join("search")).unwrap();
    std::fs::write(foreign.join("search").join("draft.txt"), "Dear").unwrap();
    for command in ["crawl", "reindex"] {
        let refused = web.run(&["--data", "letters", command]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        assert!(stderr(&refused).contains("letters"), "{command}");
    }
    assert!(foreign.join("search").join("draft.txt").exists());
    std::fs::write(web.path().join("file"), "x").unwrap();
    let refused = web.run(&["--data", "file", "crawl"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("file"), "{}", stderr(&refused));
}
