//! Times one pass over generated captures, from bytes to verdicts: `cargo bench --bench pipeline -- 10000`.
//!
//! A whole pass is the unit, not a function, so this is a program of its own and not a set of samples: it
//! prints pages a second, claims judged a second and the peak of memory, for the number of pages asked for.

#[path = "pipeline/generated.rs"]
mod generated;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use aigaq::config::Config;
use aigaq::crawl::archive::Archive;
use aigaq::crawl::fetch::Exchange;
use aigaq::model::{FrontierEntry, Hint, SourceId, TargetKind};
use aigaq::pipeline::{self, Summary, Workspace};
use chrono::{DateTime, TimeZone as _, Utc};
use generated::{GeneratedPage, N_OFFICIAL, N_SOURCES};

/// Pages of a run that names no number.
const DEFAULT_PAGES: usize = 1_000;

fn main() {
    // `cargo bench` adds `--bench`; the first number is the number of pages.
    let n_pages = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(DEFAULT_PAGES);
    let folder = tempfile::tempdir().expect("a folder for the run");
    let workspace = captured(folder.path(), n_pages);
    let started = Instant::now();
    let summary = pass(&workspace);
    let seconds = started.elapsed().as_secs_f64();
    report(&summary, seconds);
}

/// A data folder with captures that wait to be read.
pub fn captured(folder: &Path, n_pages: usize) -> Workspace {
    let config = Config::parse(&sources(), Path::new("generated.toml"))
        .expect("the generated configuration is right");
    let workspace = Workspace::open(config, folder).expect("a new folder opens");
    let archive = Archive::open(&workspace.captures()).expect("a new archive opens");
    for number in 0..n_pages {
        keep(&workspace, &archive, generated::page(number));
    }
    archive.close().expect("the archive closes");
    workspace
}

/// Reads, records, indexes and judges what was captured.
pub fn pass(workspace: &Workspace) -> Summary {
    pipeline::settle(workspace, moment(31)).expect("the pass ends well")
}

/// A `sources.toml` for the generated web.
fn sources() -> String {
    (0..N_SOURCES)
        .map(|number| {
            let role = if number < N_OFFICIAL { "official" } else { "media" };
            format!(
                "[[source]]\nid = \"s{number}\"\nname = \"Source {number}\"\nurl = \"https://s{number}.example/\"\n\
                 role = \"{role}\"\nlanguages = [\"kk\", \"ru\"]\nfeeds = [\"https://s{number}.example/rss.xml\"]\n\n"
            )
        })
        .collect()
}

/// Noon of a day in July 2026.
fn moment(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, day, 12, 0, 0)
        .single()
        .expect("a day of July")
}

/// Writes one page to the archive and the store, as a crawl does.
fn keep(workspace: &Workspace, archive: &Archive, page: GeneratedPage) {
    let source = SourceId(format!("s{}", page.source));
    let url = format!("https://{source}.example{}", page.path);
    let body = page.html.into_bytes();
    let exchange = Exchange {
        url: url.parse().expect("the address is right"),
        at: moment(30),
        remote: None,
        request_headers: Vec::new(),
        version: "HTTP/1.1",
        status: 200,
        headers: vec![(
            "content-type".to_owned(),
            "text/html; charset=utf-8".to_owned(),
        )],
        wire: body.clone(),
        body,
    };
    let capture = archive
        .keep(&source, &url, &exchange)
        .expect("the disk takes it");
    let entry = FrontierEntry {
        url,
        host: format!("{source}.example"),
        source,
        kind: TargetKind::Page,
        hint: Hint::default(),
        discovered_at: moment(30),
        due_at: None,
        fetched_at: Some(moment(30)),
        changed_at: None,
        etag: None,
        last_modified: None,
        body_hash: None,
        n_failures: 0,
        n_gone: 0,
        visits: aigaq::model::Visits::default(),
    };
    workspace
        .store
        .captured(&entry, &capture)
        .expect("the store takes it");
}

/// Prints the figures.
#[expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]
fn report(summary: &Summary, seconds: f64) {
    let per_second = |n: usize| n as f64 / seconds;
    let verdicts: BTreeMap<_, _> = summary.verdicts.iter().collect();
    println!(
        "{} pages in {seconds:.1} s: {:.0} pages/s",
        summary.read,
        per_second(summary.read)
    );
    println!(
        "{} claims judged: {:.0} claims/s, {verdicts:?}",
        summary.judged,
        per_second(summary.judged)
    );
    println!("{} cases", summary.cases);
    if let Some(peak) = peak_memory() {
        println!("peak memory {peak}");
    }
}

/// The peak of resident memory, as Linux prints it; `None` elsewhere.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}
