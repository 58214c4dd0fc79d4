//! The crawler against sites on loopback: what is found, what is asked for when, and how a pass is stopped and taken up again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aigaq::crawl::{Event, Progress, Selection, archive};
use aigaq::model::{FetchOutcome, SourceId, TargetKind};
use axum::http::StatusCode;
use chrono::TimeDelta;
use tokio::sync::watch;

mod exchanges;
mod hostile;
mod hubs;
mod manners;
mod network;
mod retained;
mod rules;
mod tls;
mod visits;
mod world;

use world::{Site, World, html, not_found, of, outlet, outlet_source, reply, rss, source};

#[tokio::test]
async fn every_way_of_discovery_leads_to_its_pages_and_nothing_else_is_asked_for() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    let report = world.pass(true).await;
    let captured: Vec<String> = world.bodies().into_keys().collect();
    let expected = [
        "/api/8", "/api/9", "/kk/1", "/kk/2", "/kk/3", "/kk/4", "/kk/5", "/kk/6", "/kk/7",
    ];
    assert_eq!(captured, expected);
    assert_eq!(of(&report, "outlet").n_captured, 9);
    assert_eq!(
        of(&report, "outlet").failures,
        BTreeMap::from([("disallowed".to_owned(), 2)])
    );
    let paths = site.paths();
    assert!(
        !paths.iter().any(|path| path.contains("calendar")
            || path.contains("private")
            || path.contains("99")),
        "{paths:?}"
    );
    assert!(
        site.seen
            .lock()
            .unwrap()
            .iter()
            .all(|seen| seen.agent.starts_with("Aigaq/1.0 (+http"))
    );
    let item = world
        .store()
        .frontier_entry(
            &SourceId("outlet".to_owned()),
            &format!("{}/api/8", site.origin),
        )
        .unwrap()
        .unwrap();
    assert_eq!(item.kind, TargetKind::ApiItem);
    assert_eq!(item.hint.page_url, Some(format!("{}/kk/8", site.origin)));
    assert_eq!(item.hint.language.as_deref(), Some("kk"));
}

#[tokio::test]
async fn a_second_pass_over_everything_is_conditional_and_stores_nothing_twice() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    world.pass(true).await;
    let report = world.pass(true).await;
    assert_eq!(of(&report, "outlet").n_captured, 0);
    // Seven pages answer 304; the two items of the API come again and are the same.
    assert_eq!(of(&report, "outlet").n_not_modified, 9);
    assert_eq!(
        site.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|seen| seen.status == 304)
            .count(),
        7
    );
    assert_eq!(world.captures().len(), 9);
}

#[tokio::test]
async fn what_is_not_due_is_left_alone_until_it_is() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    world.pass(false).await;
    let n_asked = site.paths().len();
    world.pass(false).await;
    assert_eq!(site.paths().len(), n_asked);
    world.advance(TimeDelta::minutes(4));
    world.pass(false).await;
    assert_eq!(site.paths().len(), n_asked);
    world.advance(TimeDelta::minutes(1));
    world.pass(false).await;
    assert_eq!(
        site.n_asked("/kk/1"),
        2,
        "a page is looked at again five minutes after it was found"
    );
    world.advance(TimeDelta::minutes(5));
    world.pass(false).await;
    assert_eq!(site.n_asked("/kk/1"), 2, "the second pause is longer");
    assert_eq!(site.n_asked("/rss.xml"), 1);
    world.advance(TimeDelta::minutes(6));
    world.pass(false).await;
    assert_eq!(
        site.n_asked("/rss.xml"),
        2,
        "discovery is due every quarter of an hour"
    );
    assert_eq!(site.n_asked("/kk/1"), 3);
}

#[tokio::test]
async fn a_page_that_changes_is_captured_again_and_one_that_comes_again_unchanged_is_not() {
    let n_asked = Arc::new(Mutex::new(0));
    let site = Site::start(move |path, headers| match path {
        "/rss.xml" => {
            let host = headers["host"].to_str().unwrap().to_owned();
            rss(&[
                format!("http://{host}/changing"),
                format!("http://{host}/same"),
            ])
        }
        "/changing" => {
            *n_asked.lock().unwrap() += 1;
            html(&format!("version {}", n_asked.lock().unwrap()))
        }
        "/same" => html("same"),
        _ => not_found(),
    })
    .await;
    let feed = format!("feeds = [\"{}/rss.xml\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    world.pass(true).await;
    world.advance(TimeDelta::minutes(1));
    let report = world.pass(true).await;
    assert_eq!(
        (of(&report, "a").n_captured, of(&report, "a").n_not_modified),
        (1, 1)
    );
    let changing = world
        .captures()
        .into_iter()
        .filter(|capture| capture.url.ends_with("/changing"));
    let bodies: Vec<Vec<u8>> = changing
        .map(|capture| archive::read(&world.captures_folder(), &capture).unwrap())
        .collect();
    assert_eq!(bodies, [b"version 1", b"version 2"]);
}

#[tokio::test]
async fn a_site_that_names_nothing_is_searched_for_feeds_and_sitemaps() {
    let site = Site::start(|path, headers| {
        let host = headers["host"].to_str().unwrap();
        match path {
            "/robots.txt" => reply(
                200,
                "text/plain",
                format!("Sitemap: http://{host}/map.xml\n"),
            ),
            "/" => html("<link rel=alternate type='application/rss+xml' href='/feed/'>"),
            "/feed/" => rss(&[format!("http://{host}/a")]),
            "/map.xml" => reply(
                200,
                "text/xml",
                format!("<urlset><url><loc>http://{host}/b</loc></url></urlset>"),
            ),
            "/a" | "/b" => html("page"),
            _ => not_found(),
        }
    })
    .await;
    let world = World::new("", &[source("a", &site.origin, "")]);
    world.pass(false).await;
    assert_eq!(world.bodies().into_keys().collect::<Vec<_>>(), ["/a", "/b"]);
}

/// Asks for a stop after some visits, as Ctrl-C does.
struct StopAfter {
    n_visits: usize,
    stop: watch::Sender<bool>,
}

impl Progress for StopAfter {
    fn visited(&self, event: &Event) {
        if event.n_done >= self.n_visits {
            let _ = self.stop.send(true);
        }
    }
}

#[tokio::test]
async fn a_pass_stopped_anywhere_goes_on_where_it_was() {
    let site = Site::start(outlet).await;
    let world = World::new("", &[outlet_source(&site)]);
    for n_visits in 1..=4 {
        let store = world.store();
        let (stop, stopped) = watch::channel(false);
        let report = world
            .crawler(&store)
            .pass(
                &Selection::default(),
                &StopAfter { n_visits, stop },
                stopped,
            )
            .await
            .unwrap();
        assert!(report.is_stopped);
    }
    let report = world.pass(false).await;
    assert!(!report.is_stopped);
    assert_eq!(world.captures().len(), 9);
    assert_eq!(world.bodies().len(), 9, "none twice");
    for path in ["/kk/1", "/kk/5", "/api/9"] {
        assert_eq!(site.n_asked(path), 1, "{path}");
    }
}

#[tokio::test]
async fn only_the_source_asked_for_is_crawled() {
    let site = Site::start(outlet).await;
    let other = Site::start(outlet).await;
    let disabled = source("off", &other.origin, "enabled = false");
    let world = World::new("", &[outlet_source(&site), disabled]);
    let store = world.store();
    let crawler = world.crawler(&store);
    let only = |id: &str| Selection {
        sources: vec![SourceId(id.to_owned())],
        is_all: false,
        sample: None,
    };
    let (_stop, stopped) = watch::channel(false);
    crawler
        .pass(&only("outlet"), &(), stopped.clone())
        .await
        .unwrap();
    assert!(!site.paths().is_empty());
    for unknown in ["off", "nobody"] {
        let error = crawler
            .pass(&only(unknown), &(), stopped.clone())
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("no enabled source `{unknown}` in sources.toml")
        );
    }
    assert!(other.paths().is_empty());
}

#[tokio::test]
async fn outcomes_are_logged_for_each_source() {
    let site = Site::start(|path, _| {
        if path == "/feed" {
            reply(500, "text/html", "")
        } else {
            not_found()
        }
    })
    .await;
    let feed = format!("feeds = [\"{}/feed\"]", site.origin);
    let world = World::new("", &[source("a", &site.origin, &feed)]);
    world.pass(true).await;
    let log = world
        .store()
        .fetch_log(&SourceId("a".to_owned()), 10)
        .unwrap();
    assert_eq!(
        log[0].outcome,
        FetchOutcome::Refused {
            status: StatusCode::INTERNAL_SERVER_ERROR.as_u16()
        }
    );
}
