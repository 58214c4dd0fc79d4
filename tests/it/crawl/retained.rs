//! What a rule of retention lets go, what it leaves alone, and that nothing is lost where it is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use aigaq::crawl::{archive, recovery};
use aigaq::model::Capture;
use aigaq::pipeline::retention::{self, LetGo};
use aigaq::pipeline::{self, Workspace, bundle};
use aigaq::store::{self, Rewrite};
use axum::body::Body;
use axum::http::{HeaderMap, Response};
use chrono::{DateTime, TimeDelta, Utc};

use super::world::{Site, World, html, not_found, rss, source};

/// How long is kept what nobody cites.
const KEEP: TimeDelta = TimeDelta::days(30);
/// Days on which everything is visited; all but the last are long ago at the end.
const DAYS: [i64; 4] = [0, 10, 20, 100];

fn article(title: &str, text: &str) -> Response<Body> {
    html(&format!(
        "<html lang='ru'><head><title>{title}</title><meta property='article:published_time' \
         content='2026-02-06T10:00:00+05:00'></head><body><article><h1>{title}</h1>{text}</article></body></html>"
    ))
}

/// An outlet with a page for each way in which pages change; `visit` counts visits of the whole.
fn outlet(path: &str, headers: &HeaderMap, visit: usize) -> Response<Body> {
    let host = headers["host"].to_str().unwrap();
    let steady = "<p>Мост через реку открыт для пешеходов и велосипедистов до конца лета.</p>";
    match path {
        "/rss.xml" => rss(&["wrong", "nonce", "edited", "steady"]
            .map(|page| format!("http://{host}/{page}"))),
        "/wrong" => article(
            "Кражи в области",
            &format!(
                "<p>В январе 2026 года в Павлодарской области зарегистрировано 1500 краж.</p><p>{}</p>",
                ["Обновлено утром.", "Обновлено днём.", "Обновлено вечером.", "Обновлено ночью."][visit]
            ),
        ),
        "/nonce" => article("Мост", &format!("<script>var n = {visit};</script>{steady}")),
        "/edited" => article(
            "Набережная",
            // Questions state nothing that could be judged, so no verdict cites them.
            ["Куда вы ходите гулять вечером?", "Где вы были прошлой зимой?", "Как вы думаете, куда пойти утром?", "Что вы там видели?"]
                .map(|text| format!("<p>{text} А вы там бывали, когда ещё не было дороги? Что вы скажете о погоде за окном?</p>"))[visit]
                .as_str(),
        ),
        "/steady" => article("Переправа", steady),
        _ => not_found(),
    }
}

fn agency(path: &str, headers: &HeaderMap) -> Response<Body> {
    let host = headers["host"].to_str().unwrap();
    match path {
        "/rss.xml" => rss(&[format!("http://{host}/record")]),
        "/record" => article(
            "Статистика",
            "<p>В январе 2026 года в Павлодарской области зарегистрировано 1200 краж.</p>",
        ),
        _ => not_found(),
    }
}

fn open(world: &World) -> Workspace {
    Workspace::open((*world.config).clone(), world.folder.path()).unwrap()
}

fn now(world: &World) -> DateTime<Utc> {
    *world.now.lock().unwrap()
}

/// A data folder after visits on all days.
async fn watched() -> World {
    let visit = std::sync::Arc::new(AtomicUsize::new(0));
    let visits = std::sync::Arc::clone(&visit);
    let press =
        Site::start(move |path, headers| outlet(path, headers, visits.load(Ordering::SeqCst)))
            .await;
    let office = Site::start(agency).await;
    let feed = |site: &Site| format!("feeds = [\"{}/rss.xml\"]", site.origin);
    let official = source("office", &office.origin, &feed(&office)).replace("media", "official");
    let world = World::new(
        "",
        &[source("press", &press.origin, &feed(&press)), official],
    );
    let start = now(&world);
    for (number, day) in DAYS.into_iter().enumerate() {
        visit.store(number, Ordering::SeqCst);
        *world.now.lock().unwrap() = start + TimeDelta::days(day);
        world.pass(true).await;
        pipeline::settle(&open(&world), now(&world)).unwrap();
    }
    world
}

/// The day and page of each capture.
fn days(world: &World, captures: &[Capture]) -> BTreeSet<(String, i64)> {
    let start = now(world) - TimeDelta::days(DAYS[3]);
    let day = |capture: &Capture| (capture.fetched_at - start).num_days();
    let page = |capture: &Capture| capture.url.rsplit('/').next().unwrap().to_owned();
    captures.iter().map(|one| (page(one), day(one))).collect()
}

/// Names and bytes of the folder of captures.
fn listing(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    entries
        .map(|path| (name(&path), fs::read(&path).unwrap()))
        .collect()
}

/// Every file passes the strict check, every capture that was not let go reads back, and the files name exactly these.
fn assert_consistent(world: &World) {
    let folder = world.captures_folder();
    let (gone, kept): (Vec<Capture>, Vec<Capture>) = world
        .captures()
        .into_iter()
        .partition(|capture| capture.removed_at.is_some());
    for capture in &kept {
        archive::read(&folder, capture).unwrap();
    }
    for capture in &gone {
        let error = archive::read(&folder, capture).unwrap_err();
        assert!(matches!(error, archive::ArchiveError::Removed { .. }));
    }
    let mut found = BTreeSet::new();
    for name in archive::closed_files(&folder).unwrap() {
        let path = folder.join(name);
        let checked = archive::check(&path).unwrap();
        assert_eq!((checked.faults, checked.is_sealed), (Vec::new(), true));
        for given in archive::given(&path).unwrap() {
            let given = given.unwrap();
            found.insert((given.url, given.at));
        }
    }
    let known = kept
        .iter()
        .map(|capture| (capture.url.clone(), capture.fetched_at));
    assert_eq!(found, known.collect());
}

/// Counts of captures, notes and what stays.
fn counts(gone: &LetGo) -> Vec<(usize, usize, usize)> {
    let files = gone.files.iter();
    files
        .map(|file| (file.n_captures, file.n_notes, file.n_kept))
        .collect()
}

#[tokio::test]
async fn what_nobody_cites_is_let_go_after_its_time_and_nothing_else_ever() {
    let world = watched().await;
    let (folder, at) = (world.captures_folder(), now(&world));
    let before = world.captures();
    let files = listing(&folder);
    let plan = retention::plan(&*world.store(), &folder, KEEP, at).unwrap();
    assert_eq!(listing(&folder), files, "a plan changes nothing");
    assert_eq!(world.captures(), before);
    let done = {
        let workspace = open(&world);
        assert_eq!(workspace.store.cases().unwrap().len(), 1);
        retention::let_go(&workspace, KEEP, "operator", at).unwrap()
    };
    assert_eq!(counts(&done), counts(&plan));
    assert_eq!(
        (&done.unreadable, &done.put_off),
        (&BTreeMap::new(), &Vec::new())
    );
    // Each pass made a file; of the first goes only what the edited page said then.
    assert_eq!(counts(&done), [(1, 0, 4), (2, 1, 2), (0, 1, 4)]);
    let after = world.captures();
    let ids = |captures: &[Capture]| {
        captures
            .iter()
            .map(|one| one.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&after), ids(&before), "each capture stays known");
    let gone: Vec<Capture> = after
        .iter()
        .filter(|capture| capture.removed_at == Some(at))
        .cloned()
        .collect();
    let expected = [("edited", 0), ("edited", 10), ("nonce", 10)];
    let expected = expected.map(|(page, day)| (page.to_owned(), day));
    assert_eq!(days(&world, &gone), BTreeSet::from(expected));
    assert_consistent(&world);

    let workspace = open(&world);
    let log = workspace.store.audit_after(0).unwrap();
    let entered: Vec<_> = log
        .iter()
        .filter(|entry| entry.action == "captures.remove")
        .map(|entry| (entry.subject.clone(), entry.actor.clone()))
        .collect();
    let shown = done
        .files
        .iter()
        .map(|file| (file.file.clone(), "operator".to_owned()));
    assert_eq!(entered, shown.collect::<Vec<_>>());
    assert_eq!(
        workspace.store.verify_audit().unwrap().faults,
        Vec::<String>::new()
    );
    let case = &workspace.store.cases().unwrap()[0];
    bundle::files(
        &*workspace.store,
        world.folder.path(),
        case,
        &workspace.config.cases,
        None,
    )
    .unwrap();
    let again = retention::let_go(&workspace, KEEP, "operator", at).unwrap();
    assert_eq!(counts(&again), []);
    let everything = TimeDelta::days(365);
    assert_eq!(
        counts(&retention::let_go(&workspace, everything, "operator", at).unwrap()),
        []
    );
    drop(workspace);

    // Later the same files are written anew once more.
    world.advance(TimeDelta::days(100));
    let workspace = open(&world);
    let later = retention::let_go(&workspace, KEEP, "operator", now(&world)).unwrap();
    assert!(!later.files.is_empty());
    drop(workspace);
    assert_consistent(&world);
    let kept: Vec<Capture> = world.captures();
    let kept: Vec<Capture> = kept
        .into_iter()
        .filter(|one| one.removed_at.is_none())
        .collect();
    let stays = days(&world, &kept);
    for day in DAYS {
        let day = day - 100;
        assert!(
            stays.contains(&("wrong".to_owned(), day)),
            "of an address of a case all stays"
        );
    }
}

#[tokio::test]
async fn a_removal_that_is_killed_is_finished_or_dropped_and_loses_nothing() {
    let world = watched().await;
    let (folder, at) = (world.captures_folder(), now(&world));
    let before = listing(&folder);
    // Killed before the store was told: what was begun is dropped.
    let cited = world.store().cited(at - KEEP).unwrap();
    {
        let archive = archive::Archive::open(&folder).unwrap();
        for name in archive::closed_files(&folder).unwrap() {
            let parts = archive::parts(&folder, &name).unwrap();
            let kept: Vec<_> = parts.iter().collect();
            archive.renew(&name, &kept, at).unwrap().unwrap();
            fs::write(folder.join(format!("{name}.part")), "half").unwrap();
        }
    }
    assert!(listing(&folder).len() > before.len());
    drop(recovery::open(&folder, &world.config, &*world.store()).unwrap());
    assert_eq!(listing(&folder), before);
    assert_consistent(&world);
    // Killed between the name and its digest.
    let first = archive::closed_files(&folder).unwrap().remove(0);
    let seal = folder.join(first.replace(".warc.gz", "-r1.warc.gz.sha256"));
    fs::write(&seal, "half").unwrap();
    drop(recovery::open(&folder, &world.config, &*world.store()).unwrap());
    assert_eq!(listing(&folder), before);

    let done = retention::let_go(&open(&world), KEEP, "operator", at).unwrap();
    let after = listing(&folder);
    // Killed after the store was told: what was written anew is removed, with its digest or when only that is left.
    for file in &done.files {
        let seal = format!("{}.sha256", file.file);
        for names in [
            vec![file.file.clone(), seal.clone()],
            vec![file.file.clone()],
            vec![seal],
        ] {
            for name in names {
                fs::write(folder.join(&name), &before[&name]).unwrap();
            }
            drop(recovery::open(&folder, &world.config, &*world.store()).unwrap());
            assert_eq!(listing(&folder), after);
        }
    }
    assert_consistent(&world);
    // Another file of the same name, which a clock that was set back can bring, is none of it.
    let name = &done.files[0].file;
    fs::write(folder.join(name), "another").unwrap();
    drop(recovery::open(&folder, &world.config, &*world.store()).unwrap());
    assert!(folder.join(name).exists());
    fs::remove_file(folder.join(name)).unwrap();

    // What was planned before a case or letter changed is not done.
    let stale = Rewrite {
        file: "a.warc.gz".to_owned(),
        removed: world.captures(),
        as_of: (cited.as_of.0 + 1, cited.as_of.1),
        ..Rewrite::default()
    };
    let known = world.captures();
    let note = aigaq::model::AuditNote {
        at,
        actor: "operator".to_owned(),
        action: "captures.remove".to_owned(),
        subject: "a.warc.gz".to_owned(),
        details: serde_json::Value::Null,
    };
    assert!(!world.store().rewrite(&stale, &note).unwrap());
    assert_eq!(world.captures(), known);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_whole_is_left_as_it_is() {
    let world = watched().await;
    let folder = world.captures_folder();
    let name = archive::closed_files(&folder).unwrap().remove(1);
    let mut bytes = fs::read(folder.join(&name)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(folder.join(&name), &bytes).unwrap();
    let done = retention::let_go(&open(&world), KEEP, "operator", now(&world)).unwrap();
    assert_eq!(done.unreadable.keys().collect::<Vec<_>>(), [&name]);
    assert_eq!(counts(&done).len(), 2);
    assert_eq!(fs::read(folder.join(&name)).unwrap(), bytes);
    let of_it = store::open_read_only(world.folder.path())
        .unwrap()
        .captures_in(&name)
        .unwrap();
    assert!(!of_it.is_empty());
}
