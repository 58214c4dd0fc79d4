//! How many pages one core reads in a second, and how that stands to parsing them and nothing else.
//!
//! `cargo bench --bench extract` takes the pages of `tests/pages`, or with `AIGAQ_PAGES=FILE` those of a file with lines
//! {"id", "url", "html"}. Prints pages a second and milliseconds a page: the mean, the slowest, and the bare parse.

#![allow(clippy::print_stdout, missing_docs)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use aigaq::extract::{self, Page};

/// Times every page is read; the fastest counts, as the machine is not idle.
const ROUNDS: usize = 3;

/// Address and text of the pages.
fn pages() -> Vec<(String, String)> {
    if let Some(file) = std::env::var_os("AIGAQ_PAGES") {
        let lines = fs::read_to_string(file).expect("the file of pages can be read");
        return lines
            .lines()
            .map(|line| {
                let page: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
                let text = |key: &str| page[key].as_str().unwrap_or_default().to_owned();
                (text("url"), text("html"))
            })
            .collect();
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let folders = fs::read_dir(folder).expect("the folder of pages is there");
    folders
        .map(|folder| {
            let page = folder
                .expect("a folder can be listed")
                .path()
                .join("source.html");
            let bytes = fs::read(page).expect("every folder has a page");
            (
                "https://site.example/".to_owned(),
                String::from_utf8_lossy(&bytes).into_owned(),
            )
        })
        .collect()
}

/// The fastest of several times a page took.
fn fastest(mut work: impl FnMut()) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn main() {
    let pages = pages();
    let n_bytes: usize = pages.iter().map(|(_, html)| html.len()).sum();
    println!("{} pages, {} KB", pages.len(), n_bytes / 1024);
    let read = |url: &str, html: &str| extract::document(&Page::plain(url, html.as_bytes()));
    let document = |url: &str, html: &str| drop(std::hint::black_box(read(url, html)));
    let parse =
        |_: &str, html: &str| drop(std::hint::black_box(scraper::Html::parse_document(html)));
    let ours = report("document", &pages, &document);
    let bare = report("bare parse", &pages, &parse);
    println!(
        "a document costs {:.2} times the bare parse",
        ours.as_secs_f64() / bare.as_secs_f64().max(f64::MIN_POSITIVE)
    );
    println!("hostile bytes: seconds for one megabyte, and how that grows to four");
    for (name, unit) in HOSTILE {
        let time = |n_bytes: usize| {
            let page = unit.repeat(n_bytes / unit.len());
            fastest(|| document("https://site.example/", &page)).as_secs_f64()
        };
        let (one, four) = (time(MEGABYTE), time(4 * MEGABYTE));
        println!(
            "{name}: {one:.3} s, {:.1} times",
            four / one.max(f64::MIN_POSITIVE)
        );
    }
}

const MEGABYTE: usize = 1 << 20;

/// What repeats in pages made to be slow; linear reading takes four times as long for four megabytes.
const HOSTILE: [(&str, &str); 14] = [
    ("text", "Текст о деле, 2 марта 2026 года. "),
    ("paragraphs", "<p>Мәтін, 417 іс.</p>"),
    ("nested blocks", "<div>"),
    ("nested tables", "<table><tr><td>"),
    (
        "wide merged cells",
        "<table><tr><td colspan=9999 rowspan=9999>1",
    ),
    ("unclosed formatting", "<b><i><a href=x>"),
    ("misnested formatting", "<a><p></a><b></p></b>"),
    ("links", "<a href='/a'>a</a> "),
    ("line breaks", "a<br>"),
    ("entities", "&amp;&#1179;&notin"),
    ("open tags", "<"),
    ("open comments", "<!--"),
    ("open scripts", "<script>x</script"),
    ("nulls", "<p>\0a\0</p>"),
];

/// Reads all pages, prints the speed and gives the time of all.
fn report(name: &str, pages: &[(String, String)], work: &dyn Fn(&str, &str)) -> Duration {
    let times: Vec<Duration> = pages
        .iter()
        .map(|(url, html)| fastest(|| work(url, html)))
        .collect();
    let total: Duration = times.iter().sum();
    let slowest = times.iter().max().copied().unwrap_or_default();
    println!(
        "{name}: {:.0} pages/s, {:.2} ms/page, slowest {:.1} ms",
        pages.len() as f64 / total.as_secs_f64().max(f64::MIN_POSITIVE),
        total.as_secs_f64() * 1000.0 / pages.len().max(1) as f64,
        slowest.as_secs_f64() * 1000.0
    );
    total
}
