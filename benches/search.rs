//! Times search over generated publications in three languages: `cargo bench --bench search -- 100000`.
//!
//! Prints publications indexed a second, size of the index, the median and the slowest of a hundred of each kind of question,
//! rows exported a second, and publications a second that are matched with ten thousand saved queries.

#![allow(clippy::print_stdout)] // a program of measurements: what it prints is what it is for

use std::path::Path;
use std::time::{Duration, Instant};

use aigaq::index::{Index, SearchQuery, Sort, Watching};
use aigaq::language::Language;
use aigaq::model::{
    About, Block, BlockKind, CanonicalUrl, DateOrigin, Dated, Document, Revision, Source, SourceId,
    SourceRole,
};
use aigaq::store::{self, Derived, Sighting, Store};
use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};

/// Publications of a run that names no number.
const DEFAULT_PAGES: usize = 10_000;
/// Publications recorded in one transaction.
const BATCH: usize = 1_000;
/// Times that each kind of question is asked, with other words.
const TIMES: usize = 100;
/// Saved queries.
const SAVED: usize = 10_000;
/// Publications matched with them.
const MATCHED: usize = 1_000;
/// Sources of the publications.
const SOURCES: usize = 50;

/// Words of each language, the commonest first.
const WORDS: [(Language, [&str; 24]); 3] = [
    (
        Language::Ru,
        [
            "в",
            "на",
            "года",
            "области",
            "сообщили",
            "управление",
            "жители",
            "город",
            "дорога",
            "суд",
            "пожар",
            "школа",
            "вода",
            "дом",
            "закон",
            "проверка",
            "зерно",
            "больница",
            "мост",
            "транспорт",
            "лес",
            "порт",
            "выставка",
            "спор",
        ],
    ),
    (
        Language::Kk,
        [
            "және",
            "мен",
            "жылы",
            "облысы",
            "хабарлады",
            "басқарма",
            "тұрғындар",
            "қала",
            "жол",
            "сот",
            "өрт",
            "мектеп",
            "су",
            "үй",
            "заң",
            "тексеру",
            "астық",
            "аурухана",
            "көпір",
            "көлік",
            "орман",
            "порт",
            "көрме",
            "дау",
        ],
    ),
    (
        Language::En,
        [
            "the",
            "of",
            "year",
            "region",
            "reported",
            "department",
            "residents",
            "city",
            "road",
            "court",
            "fire",
            "school",
            "water",
            "house",
            "law",
            "inspection",
            "grain",
            "hospital",
            "bridge",
            "transport",
            "forest",
            "port",
            "exhibition",
            "dispute",
        ],
    ),
];
/// Rare words are made of these.
const STEMS: [&str; 10] = [
    "бар", "кол", "мед", "тор", "сан", "лин", "гор", "вет", "рам", "пус",
];

fn main() {
    let n_pages = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(DEFAULT_PAGES);
    let folder = tempfile::tempdir().expect("a folder for the run");
    let store = store::open(folder.path()).expect("a store");
    let mut dice = Dice(1);
    timed(n_pages, "publications recorded", || {
        for first in (0..n_pages).step_by(BATCH) {
            let batch: Vec<Sighting> = (first..n_pages.min(first + BATCH))
                .map(|number| page(&mut dice, number))
                .collect();
            let nothing = &mut |new: &[Revision]| vec![Derived::default(); new.len()];
            store
                .record_batch(&batch, &[], nothing)
                .expect("a batch is recorded");
        }
    });
    let index = Index::open(folder.path()).expect("an index");
    timed(n_pages, "publications indexed", || {
        index
            .catch_up(&*store, &source)
            .expect("the index catches up");
    });
    println!(
        "{} MB of index",
        size(&folder.path().join(aigaq::index::FOLDER)) >> 20
    );
    questions(&index, &*store, &mut dice);
    let query = asked("школа", Sort::Date);
    let started = Instant::now();
    let n_rows = index
        .each_hit(&query, &*store, &mut |_| true)
        .expect("every hit");
    report(n_rows, "rows exported", started.elapsed());
    matching(&*store, &mut dice);
    println!("peak memory {}", peak_memory());
}

/// Asks each kind of question and prints median and slowest.
fn questions(index: &Index, store: &dyn Store, dice: &mut Dice) {
    let word = |dice: &mut Dice, language: usize| WORDS[language].1[3 + dice.below(21)];
    for kind in [
        "three words, two filters",
        "phrase",
        "prefix",
        "facets and bars",
        "page 100",
        "a name",
    ] {
        let mut times: Vec<Duration> = (0..TIMES)
            .map(|turn| {
                let language = turn % 3;
                let (a, b, c) = (
                    word(dice, language),
                    word(dice, language),
                    word(dice, language),
                );
                let mut query = match kind {
                    "three words, two filters" => asked(
                        &format!("{a} {b} {c} lang:ru,kk published:2026"),
                        Sort::Relevance,
                    ),
                    "phrase" => asked(&format!("\"{a} {b}\""), Sort::Relevance),
                    "prefix" => asked(&format!("{}*", &STEMS[dice.below(10)]), Sort::Relevance),
                    "a name" => asked("МВД", Sort::Relevance),
                    _ => asked(a, Sort::Date),
                };
                query.is_counted = kind == "facets and bars";
                if kind == "page 100" {
                    query.limit = 1_000;
                    query.after = index.search(&query, store).expect("the pages before").next;
                    query.limit = 20;
                }
                let started = Instant::now();
                index.search(&query, store).expect("an answer");
                started.elapsed()
            })
            .collect();
        times.sort();
        println!(
            "{kind}: median {:.1} ms, slowest of {TIMES} {:.1} ms",
            times[TIMES / 2].as_secs_f64() * 1e3,
            times[TIMES - 1].as_secs_f64() * 1e3
        );
    }
}

/// Matches publications with many saved queries.
fn matching(store: &dyn Store, dice: &mut Dice) {
    let queries: Vec<String> = (0..SAVED)
        .map(|turn| {
            let words = WORDS[turn % 3].1;
            format!(
                "{} {} -{}",
                rare(dice),
                words[dice.below(24)],
                words[dice.below(24)]
            )
        })
        .collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let watching = Watching::new(&queries, store, today()).expect("queries are read");
    let revisions = store.revisions_after(0, MATCHED).expect("revisions");
    let started = Instant::now();
    let n_matches: usize = revisions
        .iter()
        .map(|(_, revision)| watching.matches(revision, &source(revision), &[]).len())
        .sum();
    report(
        revisions.len(),
        "publications matched with 10,000 saved queries",
        started.elapsed(),
    );
    println!("{n_matches} matches");
}

fn asked(text: &str, sort: Sort) -> SearchQuery {
    SearchQuery {
        sort,
        ..SearchQuery::new(text, today())
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day")
}

fn timed(n: usize, what: &str, work: impl FnOnce()) {
    let started = Instant::now();
    work();
    report(n, what, started.elapsed());
}

fn report(n: usize, what: &str, time: Duration) {
    let seconds = time.as_secs_f64();
    println!(
        "{n} {what} in {seconds:.1} s: {:.0} a second",
        n as f64 / seconds
    );
}

/// A publication of about 120 words, a tenth of them rare.
fn page(dice: &mut Dice, number: usize) -> Sighting {
    let (language, words) = WORDS[number % 3];
    let mut text = String::new();
    for place in 0..120 {
        let word = if dice.below(10) == 0 {
            rare(dice)
        } else {
            // The smaller of two throws: the first words of the list are the commonest.
            words[dice.below(24).min(dice.below(24))].to_owned()
        };
        text.push_str(&word);
        text.push_str(if place % 12 == 11 { ". " } else { " " });
    }
    text.push_str(&format!("МВД: {}.", dice.below(100_000)));
    let seen_at = start() + TimeDelta::minutes(number as i64 % 500_000);
    let url = format!("https://outlet-{}.example/{number}", number % SOURCES);
    Sighting {
        source: SourceId(format!("outlet-{}", number % SOURCES)),
        document: Document {
            title: format!("{} {}", words[3 + dice.below(21)], rare(dice)),
            language: Some(language),
            published: Some(Dated {
                at: seen_at.fixed_offset(),
                origin: DateOrigin::JsonLd,
                is_day_only: false,
            }),
            blocks: vec![Block {
                kind: BlockKind::Paragraph,
                text,
            }],
            url: CanonicalUrl(url),
            authors: Vec::new(),
            modified: None,
            tables: Vec::new(),
            alternates: Vec::new(),
            warnings: Vec::new(),
            about: About::default(),
        },
        capture: None,
        seen_at,
    }
}

fn rare(dice: &mut Dice) -> String {
    (0..3).map(|_| STEMS[dice.below(10)]).collect::<String>() + STEMS[dice.below(10)]
}

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 7, 1, 0, 0, 0)
        .single()
        .expect("a moment")
}

fn source(revision: &Revision) -> Source {
    Source {
        id: revision.source.clone(),
        name: Default::default(),
        url: "https://outlet.example/".to_owned(),
        role: SourceRole::Media,
        languages: Vec::new(),
        authority: Vec::new(),
    }
}

/// Bytes of the files of a folder.
fn size(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("the folder is there");
    files
        .map(|file| {
            file.and_then(|file| file.metadata())
                .map_or(0, |meta| meta.len())
        })
        .sum()
}

/// The most memory the process had (Linux).
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}

/// A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).expect("the remainder is below n")
    }
}
