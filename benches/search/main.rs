//! Times search over generated publications in three languages: `cargo bench --bench search -- 100000`.
//!
//! Prints publications indexed a second, size of the index, the median and the 99th percentile of each kind of question, rows
//! exported a second, and publications a second that are matched with ten thousand saved queries. With `--write FOLDER` it
//! writes the publications and the questions as JSON lines instead, for `scripts/compare_search.py` to ask other engines.

#![allow(clippy::print_stdout)] // a program of measurements: what it prints is what it is for

mod corpus;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use aigaq::index::{Index, SearchQuery, Sort};
use aigaq::model::Revision;
use aigaq::store::{self, Derived, Sighting, Store};
use chrono::NaiveDate;
use serde_json::json;

use corpus::{Corpus, Dice, sighting, source};

/// Publications of a run that names no number.
const DEFAULT_PAGES: usize = 10_000;
/// Publications recorded in one transaction.
const BATCH: usize = 1_000;
/// Times that each kind of question is asked, with other words.
const TIMES: usize = 200;
/// Saved queries.
const SAVED: usize = 10_000;
/// Publications matched with them.
const MATCHED: usize = 2_000;

/// Kinds of questions.
const KINDS: [&str; 6] = [
    "three words, two filters",
    "phrase",
    "prefix",
    "facets and histogram",
    "page 100",
    "a name",
];

/// One question, as any engine can be asked it.
struct Question {
    kind: &'static str,
    words: Vec<String>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let n_pages = arguments
        .iter()
        .find_map(|word| word.parse().ok())
        .unwrap_or(DEFAULT_PAGES);
    let corpus = Corpus::new();
    let questions = questions(&corpus, n_pages);
    let written = arguments.iter().position(|word| word == "--write");
    match written.and_then(|at| arguments.get(at + 1)) {
        Some(folder) => write(Path::new(folder), &corpus, &questions, n_pages),
        None => measure(&corpus, &questions, n_pages),
    }
}

/// Questions of each kind, with words of publications that there are.
fn questions(corpus: &Corpus, n_pages: usize) -> Vec<Question> {
    let mut dice = Dice(7);
    let mut questions = Vec::new();
    for kind in KINDS {
        for _ in 0..TIMES {
            let page = corpus.page(dice.below(n_pages));
            let words: Vec<&str> = page.text.split([' ', '.']).collect();
            let long =
                |word: &&&str| word.chars().count() >= 5 && word.chars().all(char::is_alphabetic);
            let mut picked: Vec<&str> = words.iter().filter(long).copied().collect();
            let words = match kind {
                "phrase" => {
                    let mut pair = words
                        .windows(2)
                        .filter(|pair| pair.iter().all(|word| long(&word)));
                    pair.next_back().map(<[&str]>::to_vec).unwrap_or_default()
                }
                "prefix" => {
                    let word = picked[dice.below(picked.len())];
                    let end = word
                        .char_indices()
                        .nth(4)
                        .map_or(word.len(), |(end, _)| end);
                    vec![&word[..end]]
                }
                "a name" => vec!["МВД"],
                "three words, two filters" => (0..3)
                    .map(|_| picked.swap_remove(dice.below(picked.len())))
                    .collect(),
                _ => vec![picked[dice.below(picked.len())]],
            };
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            if !words.is_empty() {
                questions.push(Question { kind, words });
            }
        }
    }
    questions
}

/// Writes publications and questions for other engines.
fn write(folder: &Path, corpus: &Corpus, questions: &[Question], n_pages: usize) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let file = |name: &str| BufWriter::new(File::create(folder.join(name)).expect("a file"));
    let mut pages = file("pages.jsonl");
    for number in 0..n_pages {
        let page = corpus.page(number);
        let line = json!({
            "id": page.number, "language": page.language, "source": page.source,
            "published": page.published.timestamp(), "title": page.title, "text": page.text,
        });
        writeln!(pages, "{line}").expect("a line is written");
    }
    pages.flush().expect("the pages are written");
    let mut asked = file("questions.jsonl");
    for question in questions {
        let line = json!({ "kind": question.kind, "words": question.words });
        writeln!(asked, "{line}").expect("a line is written");
    }
    asked.flush().expect("the questions are written");
}

/// Measures our own.
fn measure(corpus: &Corpus, questions: &[Question], n_pages: usize) {
    let folder = tempfile::tempdir().expect("a folder for the run");
    let store = store::open(folder.path()).expect("a store");
    timed(n_pages, "publications recorded", || {
        for first in (0..n_pages).step_by(BATCH) {
            let batch: Vec<Sighting> = (first..n_pages.min(first + BATCH))
                .map(|number| sighting(corpus.page(number)))
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
        "{} MB of index, peak memory {}",
        size(&folder.path().join(aigaq::index::FOLDER)) >> 20,
        peak_memory()
    );
    for kind in KINDS {
        ask(&index, &*store, kind, questions);
    }
    let query = asked("школа", Sort::Date);
    let started = Instant::now();
    let n_rows = index
        .each_hit(&query, &*store, &mut |_| true)
        .expect("every hit");
    report(n_rows, "rows exported", started.elapsed());
    matching(&index, &*store, corpus);
    println!("peak memory {}", peak_memory());
}

/// Asks one kind of question and prints median and 99th percentile.
fn ask(index: &Index, store: &dyn Store, kind: &str, questions: &[Question]) {
    let of_kind = questions.iter().filter(|question| question.kind == kind);
    let mut times: Vec<Duration> = of_kind
        .map(|question| {
            let words = question.words.join(" ");
            let mut query = match kind {
                "three words, two filters" => asked(
                    &format!("{words} lang:ru,kk,en published:2025-09..2026-05"),
                    Sort::Relevance,
                ),
                "phrase" => asked(&format!("\"{words}\""), Sort::Relevance),
                "prefix" => asked(&format!("{words}*"), Sort::Relevance),
                "a name" => asked(&words, Sort::Relevance),
                _ => asked(&words, Sort::Date),
            };
            query.is_counted = kind == "facets and histogram";
            if kind == "page 100" {
                // The place is known from the page before, which is not timed.
                query.limit = 99 * 20;
                query.limit = query.limit.min(aigaq::index::MAX_LIMIT);
                for _ in 0..2 {
                    let before = index.search(&query, store).expect("the pages before");
                    query.after = before.next.or(query.after);
                    query.limit = 980;
                }
                query.limit = 20;
            }
            let started = Instant::now();
            index.search(&query, store).expect("an answer");
            started.elapsed()
        })
        .collect();
    times.sort();
    let at =
        |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "{kind}: p50 {:.1} ms, p99 {:.1} ms of {}",
        at(50),
        at(99),
        times.len()
    );
}

/// Matches publications with many saved queries.
fn matching(index: &Index, store: &dyn Store, corpus: &Corpus) {
    let mut dice = Dice(3);
    let queries: Vec<String> = (0..SAVED)
        .map(|_| {
            let page = corpus.page(dice.below(1 << 20));
            // Nobody saves a query of the commonest words.
            let words = page.text.split([' ', '.']);
            let words: Vec<&str> = words.filter(|word| word.chars().count() >= 5).collect();
            let mut word = || words[dice.below(words.len())];
            format!("{} {} -{}", word(), word(), word())
        })
        .collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let watching = index
        .watching(&queries, store, today())
        .expect("queries are read");
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
