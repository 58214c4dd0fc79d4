//! What is judged again when records come, change and go: the claims that this can affect and no others, so that any order
//! of events ends in the verdicts of one batch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aigaq::config::Config;
use aigaq::judge;
use aigaq::language::{Language, Lexicon};
use aigaq::model::{Block, BlockKind, CanonicalUrl, DateOrigin, Dated, Document, Label, SourceId};
use aigaq::pipeline::{self, Workspace};
use aigaq::store::{Derived, Sighting};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

/// Sources of the fictional web; the first half publishes records.
const N_SOURCES: usize = 8;
/// Pages of records: more than retrieval looks at for one claim.
const N_RECORDS: usize = 110;
/// Publications.
const N_REPORTS: usize = 40;

const PLACES: [[&str; 3]; 4] = [
    [
        "Павлодар облысында",
        "в Павлодарской области",
        "in Pavlodar Region",
    ],
    [
        "Ақмола облысында",
        "в Акмолинской области",
        "in Akmola Region",
    ],
    [
        "Атырау облысында",
        "в Атырауской области",
        "in Atyrau Region",
    ],
    [
        "Жамбыл облысында",
        "в Жамбылской области",
        "in Zhambyl Region",
    ],
];
const MEASURES: [[&str; 3]; 3] = [
    ["ұрлық", "краж", "thefts"],
    ["өрт", "пожаров", "fires"],
    [
        "жол-көлік оқиғасы",
        "дорожно-транспортных происшествий",
        "road accidents",
    ],
];
const MONTHS: [[&str; 3]; 6] = [
    ["қаңтарда", "январе", "January"],
    ["ақпанда", "феврале", "February"],
    ["наурызда", "марте", "March"],
    ["сәуірде", "апреле", "April"],
    ["мамырда", "мае", "May"],
    ["маусымда", "июне", "June"],
];

/// Something that happens at an address.
#[derive(Clone)]
struct Event {
    source: usize,
    url: String,
    /// When it was seen.
    at: DateTime<Utc>,
    /// What stands there; nothing where the page is gone.
    document: Option<Document>,
}

/// A generator of numbers that repeats from run to run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }
}

/// Noon so many hours after the first of August.
fn at(hours: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-08-01T12:00:00Z".parse().unwrap();
    start + TimeDelta::hours(hours)
}

/// A figure in one of the three languages.
fn sentence(language: usize, [place, measure, month]: [usize; 3], value: usize) -> String {
    let (p, m, t) = (
        PLACES[place][language],
        MEASURES[measure][language],
        MONTHS[month][language],
    );
    match language {
        0 => format!("2026 жылғы {t} {p} {value} {m} тіркелді."),
        1 => format!("В {t} 2026 года {p} зарегистрировано {value} {m}."),
        _ => format!("In {t} 2026, {value} {m} were registered {p}."),
    }
}

fn document(url: &str, language: usize, published: DateTime<Utc>, text: String) -> Document {
    Document {
        url: CanonicalUrl(url.to_owned()),
        title: String::new(),
        authors: Vec::new(),
        published: Some(Dated {
            at: published.fixed_offset(),
            origin: DateOrigin::Meta,
            is_day_only: false,
        }),
        modified: None,
        language: Some([Language::Kk, Language::Ru, Language::En][language]),
        blocks: vec![Block {
            kind: BlockKind::Paragraph,
            text,
        }],
        tables: Vec::new(),
        alternates: Vec::new(),
        warnings: Vec::new(),
        about: aigaq::model::About::default(),
    }
}

/// The true figure of a place, measure and month.
fn figure([place, measure, month]: [usize; 3]) -> usize {
    1_000 + Draw((place * 100 + measure * 10 + month) as u64).below(8_000)
}

/// What one page says, and what it says after it was revised.
fn texts(draw: &mut Draw, language: usize, n_facts: usize, one_wrong_in: usize) -> [String; 2] {
    let facts: Vec<[usize; 3]> = (0..n_facts)
        .map(|_| [draw.below(4), draw.below(3), draw.below(6)])
        .collect();
    let mut text = || -> String {
        let sentences = facts.iter().map(|fact| {
            let off = if draw.below(one_wrong_in) == 0 {
                317
            } else {
                0
            };
            sentence(language, *fact, figure(*fact) + off)
        });
        sentences.collect::<Vec<_>>().join(" ")
    };
    [text(), text()]
}

/// The events at each address, in their order.
fn web() -> Vec<Vec<Event>> {
    let mut draw = Draw(5);
    let mut web = Vec::new();
    for page in 0..N_RECORDS + N_REPORTS {
        let is_record = page < N_RECORDS;
        let source = page % (N_SOURCES / 2) + if is_record { 0 } else { N_SOURCES / 2 };
        let url = format!("https://s{source}.example/{page}");
        let language = draw.below(3);
        let published = at(page as i64 % 50 - 60);
        // Some records are dated after the first passes.
        let published = if page % 23 == 7 { at(3) } else { published };
        let n_facts = 1 + draw.below(3);
        let [first, second] = texts(&mut draw, language, n_facts, 3);
        let event = |hours: i64, text: Option<String>| Event {
            source,
            url: url.clone(),
            at: at(hours),
            document: text.map(|text| document(&url, language, published, text)),
        };
        let mut events = vec![event(0, Some(first))];
        match draw.below(5) {
            0 => events.push(event(1, Some(second))),
            1 if is_record => events.push(event(2, None)),
            2 => events.extend([event(1, Some(second)), event(2, None)]),
            _ => {}
        }
        web.push(events);
    }
    web
}

fn workspace(dir: &Path) -> Workspace {
    let sources: String = (0..N_SOURCES)
        .map(|number| {
            let role = if number < N_SOURCES / 2 { "official" } else { "media" };
            format!(
                "[[source]]\nid = \"s{number}\"\nname = \"Source {number}\"\nurl = \"https://s{number}.example/\"\n\
                 role = \"{role}\"\nlanguages = [\"kk\", \"ru\", \"en\"]\nfeeds = [\"https://s{number}.example/rss.xml\"]\n\n"
            )
        })
        .collect();
    let config = Config::parse(&sources, Path::new("web.toml")).unwrap();
    Workspace::open(config, dir).unwrap()
}

/// Records events as a crawl does.
fn happen(workspace: &Workspace, events: &[Event]) {
    let mut derive = |revisions: &[aigaq::model::Revision]| {
        let derived = revisions.iter().map(|revision| {
            let source = workspace.source_of(&revision.source);
            let (observations, claims) = judge::statements(Lexicon::shipped(), revision, &source);
            Derived {
                observations,
                claims,
            }
        });
        derived.collect()
    };
    for event in events {
        match &event.document {
            None => {
                workspace.store.mark_gone(&event.url, event.at).unwrap();
            }
            Some(document) => {
                let sighting = Sighting {
                    source: SourceId(format!("s{}", event.source)),
                    document: document.clone(),
                    capture: None,
                    seen_at: event.at,
                };
                workspace
                    .store
                    .record_batch(&[sighting], &[], &mut derive)
                    .unwrap();
            }
        }
    }
}

/// What every standing claim came to; the moment of judging left out.
fn verdicts(workspace: &Workspace) -> BTreeSet<String> {
    let findings = workspace.store.findings().unwrap().into_iter();
    findings
        .map(|(claim, mut verdict)| {
            verdict.as_of = at(0);
            format!("{} {} {verdict:?}", claim.url, claim.text)
        })
        .collect()
}

/// The verdicts after events in this order, a pass after each part of them; and how many claims the passes judged.
fn told(parts: &[&[Event]], threads: usize) -> (BTreeSet<String>, usize) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let mut n_judged = 0;
        for (pass, part) in parts.iter().enumerate() {
            happen(&workspace, part);
            let hours = if pass + 1 == parts.len() {
                9
            } else {
                pass as i64
            };
            n_judged += pipeline::settle(&workspace, at(hours)).unwrap().judged;
        }
        (verdicts(&workspace), n_judged)
    })
}

/// The events of the web in an order that keeps that of each address.
fn shuffled(web: &[Vec<Event>], seed: u64) -> Vec<Event> {
    let mut draw = Draw(seed);
    let mut drawn: BTreeMap<(usize, usize), Event> = BTreeMap::new();
    for (page, events) in web.iter().enumerate() {
        let mut keys: Vec<usize> = events.iter().map(|_| draw.below(1 << 30)).collect();
        keys.sort_unstable();
        for (place, (key, event)) in keys.into_iter().zip(events).enumerate() {
            drawn.insert((key, page * 10 + place), event.clone());
        }
    }
    drawn.into_values().collect()
}

/// The verdicts of everything judged at once.
fn batch() -> &'static BTreeSet<String> {
    static BATCH: std::sync::LazyLock<BTreeSet<String>> = std::sync::LazyLock::new(|| {
        let all: Vec<Event> = web().into_iter().flatten().collect();
        told(&[&all], 2).0
    });
    &BATCH
}

proptest! {
    #![proptest_config(crate::cases(3))]

    #[test]
    fn any_order_of_events_ends_in_the_verdicts_of_one_batch(
        seed in any::<u64>(), n_passes in 3_usize..7, threads in 1_usize..4,
    ) {
        let events = shuffled(&web(), seed);
        // Most of it first, then little by little: each later pass leaves most claims alone.
        let (first, rest) = events.split_at(events.len() * 4 / 5);
        let mut parts = vec![first];
        parts.extend(rest.chunks(rest.len().div_ceil(n_passes)));
        let (told, _) = told(&parts, threads);
        let differing: Vec<&String> = told.symmetric_difference(batch()).collect();
        prop_assert!(differing.is_empty(), "{differing:#?}");
    }
}

#[test]
fn the_fictional_web_has_claims_of_every_kind_of_verdict() {
    let labels = [Label::Supported, Label::Contradicted, Label::NoRecord];
    for label in labels {
        let word = format!("{label:?}");
        let n = batch().iter().filter(|one| one.contains(&word)).count();
        assert!(n >= 3, "{n} claims are {word}");
    }
}

#[test]
fn a_record_has_those_claims_judged_again_that_it_can_affect() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let all: Vec<Event> = web().into_iter().flatten().collect();
    happen(&workspace, &all);
    let first = pipeline::settle(&workspace, at(9)).unwrap().judged;
    let record = |page: &str, text: &str| Event {
        source: 0,
        url: format!("https://s0.example/{page}"),
        at: at(3),
        document: Some(document(
            &format!("https://s0.example/{page}"),
            1,
            at(-5),
            text.to_owned(),
        )),
    };
    let judged_after = |event: Event| {
        happen(&workspace, &[event]);
        pipeline::settle(&workspace, at(9)).unwrap().judged
    };
    assert_eq!(pipeline::settle(&workspace, at(9)).unwrap().judged, 0);
    let far = "Аким села Тестовое Ерлан Болатов принял участие в выставке ремесленников.";
    // An agency's page is checked too, so each has a claim of its own.
    assert_eq!(judged_after(record("far", far)), 1);
    let near = sentence(1, [0, 0, 0], 7_777);
    let n_near = judged_after(record("near", &near));
    assert!(n_near > 1 && n_near < first, "{n_near} of {first} claims");
}
