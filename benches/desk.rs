//! Fills a data folder with generated publications and cases, so that the desk can be measured over it:
//! `cargo bench --bench desk -- FOLDER [PUBLICATIONS] [CASES]`. `scripts/measure_desk.py` does so and asks the pages.

#![allow(clippy::print_stdout)] // a program of measurements: what it prints is what it is for

#[path = "search/corpus.rs"]
mod corpus;

use std::path::Path;

use aigaq::index::Index;
use aigaq::model::{
    Case, CaseEvent, CaseId, CaseState, ClaimId, Copy, CopyState, Difference, ObservationId, Part,
    Quote, Revision, RevisionId, SlotName, Source, SourceId, SourceRole,
};
use aigaq::store::{self, CaseChange, Derived, Sighting, Store};
use chrono::TimeDelta;

use corpus::{Corpus, Dice, Page, SOURCES, outlet, sighting, source};

/// Publications of a run that names no number.
const DEFAULT_PAGES: usize = 10_000;
/// Cases of a run that names no number.
const DEFAULT_CASES: usize = 500;
/// Publications, or cases, stored in one transaction.
const BATCH: usize = 1_000;
/// Most further publications of a case.
const MOST_COPIES: usize = 12;

fn main() {
    // Cargo adds an argument of its own.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let Some(folder) = arguments.first() else {
        println!(
            "which folder is to be filled? cargo bench --bench desk -- FOLDER [PUBLICATIONS] [CASES]"
        );
        return;
    };
    let number = |place: usize, otherwise: usize| {
        let number = arguments.get(place).and_then(|word| word.parse().ok());
        number.unwrap_or(otherwise)
    };
    let (n_pages, n_cases) = (number(1, DEFAULT_PAGES), number(2, DEFAULT_CASES));
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let corpus = Corpus::new();
    let store = store::open(folder).expect("a store");
    put_sources(&*store);
    for first in (0..n_pages).step_by(BATCH) {
        let batch: Vec<Sighting> = (first..n_pages.min(first + BATCH))
            .map(|number| sighting(corpus.page(number)))
            .collect();
        let nothing = &mut |new: &[Revision]| vec![Derived::default(); new.len()];
        store
            .record_batch(&batch, &[], nothing)
            .expect("a batch is recorded");
    }
    let index = Index::open(folder).expect("an index");
    index
        .catch_up(&*store, &source)
        .expect("the index catches up");
    let mut dice = Dice(11);
    for first in (0..n_cases).step_by(BATCH) {
        let changes: Vec<CaseChange> = (first..n_cases.min(first + BATCH))
            .map(|number| CaseChange {
                case: case(&corpus, number, n_pages, &mut dice),
                actor: "program".to_owned(),
                action: "open".to_owned(),
                details: serde_json::Value::Null,
            })
            .collect();
        store
            .change_cases(&changes, corpus::start())
            .expect("cases are stored");
    }
    println!(
        "{n_pages} publications and {n_cases} cases stand in {}",
        folder.display()
    );
}

/// The outlets, and an agency that the cases are about.
fn put_sources(store: &dyn Store) {
    let numbers = 0..SOURCES;
    let mut sources: Vec<Source> = numbers
        .map(|number| outlet(SourceId(format!("outlet-{number}"))))
        .collect();
    let mut agency = outlet(SourceId("agency".to_owned()));
    agency.role = SourceRole::Official;
    sources.push(agency);
    store.put_sources(&sources).expect("sources are stored");
}

/// A case over publications of the corpus; every other state comes up.
fn case(corpus: &Corpus, number: usize, n_pages: usize, dice: &mut Dice) -> Case {
    let n_copies = 1 + dice.below(MOST_COPIES);
    let copies: Vec<Copy> = (0..n_copies)
        .map(|_| copy(corpus.page(dice.below(n_pages))))
        .collect();
    let opened_at = corpus::start() + TimeDelta::minutes(number as i64);
    let official = 10 + dice.below(10_000);
    Case {
        id: CaseId(format!("case-{number:06}")),
        anchors: vec![format!("anchor {number}")],
        state: CaseState::ALL[number % CaseState::ALL.len()],
        differences: vec![Difference {
            slot: SlotName::Value,
            claimed: (official * 2).to_string(),
            official: official.to_string(),
        }],
        evidence: vec![Quote {
            observation: ObservationId(format!("observation {number}")),
            source: SourceId("agency".to_owned()),
            url: format!("https://agency.example/{number}"),
            revision: RevisionId(format!("record {number}")),
            part: Part::Text((0..1).into()),
            sentence: format!("Some {official} in all."),
            published: opened_at,
        }],
        explanation: format!("{} is not {official}", official * 2),
        copies,
        opened_at,
        history: vec![CaseEvent {
            at: opened_at,
            what: "opened".to_owned(),
            state: CaseState::Proposed,
            by: None,
            kind: None,
            url: None,
            deed: None,
            note: String::new(),
        }],
        version: 0,
        record: None,
        subjects: Vec::new(),
        follows: None,
        desk: Default::default(),
    }
}

/// A publication as a copy of a case.
fn copy(page: Page) -> Copy {
    let url = format!("https://{}.example/{}", page.source, page.number);
    Copy {
        source: SourceId(page.source),
        revision: RevisionId(format!("{url}#1")),
        claim: ClaimId(format!("{url} claim")),
        url,
        sentence: page.title,
        language: page.language,
        published: page.published,
        state: CopyState::Stands,
        ended_at: None,
        found_at: None,
        carriers: Vec::new(),
        looked_at: None,
        is_inferred: false,
        last_event: None,
        credits: Vec::new(),
        links: Vec::new(),
        alternates: Vec::new(),
    }
}
