//! How long the store takes for a batch of pages, and the index to follow it and to find evidence for a claim.
//!
//! `cargo bench --bench store`. The texts are drawn from made-up words by a fixed generator, so runs compare.

use std::collections::BTreeMap;
use std::hint::black_box;

use aigaq::index::Index;
use aigaq::language::Language;
use aigaq::model::document::Range2;
use aigaq::model::{
    Block, BlockKind, CanonicalUrl, Claim, ClaimId, Document, Frame, Modality, Observation,
    ObservationId, Part, Polarity, Revision, Source, SourceId, SourceRole,
};
use aigaq::store::{self, Derived, Sighting, Store};
use chrono::DateTime;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// Pages of one batch, as the pipeline sends them.
const PAGES: usize = 200;
/// Observations and claims of one page.
const STATEMENTS: usize = 10;
/// Words of one page.
const WORDS: usize = 200;

/// A fixed generator (the multiplier of Knuth's MMIX), low numbers likelier than high ones.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        let mut next = || {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            self.0 >> 33
        };
        next() % (next() % limit + 1)
    }

    fn word(&mut self) -> String {
        let mut number = self.below(20_000) + 400;
        let mut word = String::new();
        while number > 0 {
            word.push(['б', 'а', 'д', 'о', 'к', 'и', 'л', 'е', 'с', 'у'][(number % 10) as usize]);
            number /= 10;
        }
        word
    }

    fn frame(&mut self) -> Frame {
        let mut terms: Vec<String> = (0..10).map(|_| format!("s:ru:{}", self.word())).collect();
        for (kind, limit) in [("c", 300), ("c", 300), ("p", 200), ("b", 60), ("n", 90_000)] {
            terms.push(format!("{kind}:{}", self.below(limit)));
        }
        terms.sort();
        terms.dedup();
        Frame {
            measures: Vec::new(),
            qualifiers: Vec::new(),
            statuses: Vec::new(),
            actions: Vec::new(),
            places: Vec::new(),
            bodies: Vec::new(),
            persons: Vec::new(),
            references: Vec::new(),
            period: None,
            base_period: None,
            quantity: None,
            direction: None,
            attribution: Vec::new(),
            modality: Modality::Asserted,
            polarity: Polarity::Positive,
            terms,
        }
    }
}

fn source() -> SourceId {
    SourceId("agency".to_owned())
}

fn source_of(_: &Revision) -> Source {
    Source {
        id: source(),
        name: BTreeMap::new(),
        url: "https://agency.example/".to_owned(),
        role: SourceRole::Official,
        languages: vec![Language::Ru],
        authority: Vec::new(),
    }
}

fn sighting(draw: &mut Draw, number: usize) -> Sighting {
    let words: Vec<String> = (0..WORDS).map(|_| draw.word()).collect();
    Sighting {
        source: source(),
        document: Document {
            url: CanonicalUrl(format!("https://agency.example/{number}")),
            title: words[..8].join(" "),
            authors: Vec::new(),
            published: None,
            modified: None,
            language: Some(Language::Ru),
            blocks: vec![Block {
                kind: BlockKind::Paragraph,
                text: words.join(" "),
            }],
            tables: Vec::new(),
            alternates: Vec::new(),
            warnings: Vec::new(),
            about: aigaq::model::About::default(),
        },
        capture: None,
        seen_at: DateTime::UNIX_EPOCH,
    }
}

fn derive(draw: &mut Draw, revision: &Revision) -> Derived {
    let part = |place| {
        Part::Text(Range2 {
            start: place,
            end: place + 1,
        })
    };
    let url = &revision.document.url.0;
    Derived {
        observations: (0..STATEMENTS)
            .map(|place| Observation {
                id: ObservationId(format!("o-{}-{place}", revision.id)),
                revision: revision.id.clone(),
                source: source(),
                url: url.clone(),
                published_at: revision.first_seen,
                superseded_at: None,
                part: part(place),
                text: format!("{url} {place}"),
                context: String::new(),
                language: Language::Ru,
                authority: 2,
                frame: draw.frame(),
            })
            .collect(),
        claims: (0..STATEMENTS)
            .map(|place| Claim {
                id: ClaimId(format!("c-{}-{place}", revision.id)),
                revision: revision.id.clone(),
                source: source(),
                url: url.clone(),
                published_at: revision.first_seen,
                part: part(place),
                text: format!("{url} {place}"),
                language: Language::Ru,
                frame: draw.frame(),
                context: draw.frame().terms.into(),
                check_worthiness: 500,
            })
            .collect(),
    }
}

/// Records one batch of new pages.
fn record(store: &dyn Store, draw: &mut Draw, batch: usize) {
    let first = batch * PAGES;
    let pages: Vec<Sighting> = (first..first + PAGES).map(|n| sighting(draw, n)).collect();
    let recorded = store.record_batch(&pages, &[], &mut |added| {
        added
            .iter()
            .map(|revision| derive(draw, revision))
            .collect()
    });
    black_box(recorded).expect("the folder can be written");
}

fn batches(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("store");
    group.sample_size(10);
    group.bench_function("record 200 pages", |bench| {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store::open(dir.path()).expect("a store");
        let (mut draw, mut batch) = (Draw(1), 0);
        bench.iter(|| {
            record(&*store, &mut draw, batch);
            batch += 1;
        });
    });
    group.bench_function("index 200 pages", |bench| {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store::open(dir.path()).expect("a store");
        record(&*store, &mut Draw(1), 0);
        bench.iter_batched(
            || {
                let fresh = tempfile::tempdir().expect("a folder");
                let index = Index::open(fresh.path()).expect("an index");
                (fresh, index)
            },
            |(fresh, index)| {
                index.catch_up(&*store, &source_of).expect("catching up");
                fresh
            },
            BatchSize::PerIteration,
        );
    });
    group.bench_function("evidence among 20,000 observations", |bench| {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store::open(dir.path()).expect("a store");
        let index = Index::open(dir.path()).expect("an index");
        let mut draw = Draw(1);
        (0..10).for_each(|batch| record(&*store, &mut draw, batch));
        index.catch_up(&*store, &source_of).expect("catching up");
        let (_, claims) = store.unjudged_after(0, usize::MAX).expect("claims");
        let mut claims = claims.chunks(1).cycle();
        bench.iter(|| {
            index
                .retrieval()
                .evidence(claims.next().expect("a claim"), 12)
                .expect("evidence")
        });
    });
    group.finish();
}

criterion_group!(benches, batches);
criterion_main!(benches);
