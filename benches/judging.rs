//! What one claim costs on one core, and what one new record costs among many claims.
//!
//! `cargo bench --bench judging -- RECORDS CLAIMS` (1,000 and 1,000 without them) makes so many small records and claims of
//! invented figures, judges all of them, then prints for one core: taking a text apart, finding records and judging, per
//! claim; and a pass after one new record: how many claims it had judged again, and how long it took.

#![expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]

use std::path::Path;
use std::time::{Duration, Instant};

use aigaq::config::Config;
use aigaq::judge::{self, Record};
use aigaq::language::Language;
use aigaq::model::{
    Block, BlockKind, CanonicalUrl, Claim, DateOrigin, Dated, Document, Observation, Revision,
    SourceId,
};
use aigaq::pipeline::{self, Workspace};
use aigaq::store::{Derived, Sighting};
use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;

/// Sources; the first half is official.
const N_SOURCES: usize = 40;
/// Pages recorded in one transaction.
const BATCH: usize = 500;
/// Claims of one publication.
const CLAIMS: usize = 20;
/// Publications whose claims are timed on one core.
const TIMED: usize = 25;
/// Records that a claim is held against, as in a pass.
const WHOLE_RECORDS: usize = 12;
/// New records that come one after the other.
const NEW_RECORDS: usize = 5;

const PLACES: [&str; 20] = [
    "Павлодарской области",
    "Акмолинской области",
    "Костанайской области",
    "Жамбылской области",
    "Атырауской области",
    "Мангистауской области",
    "Карагандинской области",
    "Актюбинской области",
    "Кызылординской области",
    "Туркестанской области",
    "Северо-Казахстанской области",
    "Западно-Казахстанской области",
    "Восточно-Казахстанской области",
    "Алматинской области",
    "области Абай",
    "области Жетысу",
    "области Улытау",
    "Астане",
    "Алматы",
    "Шымкенте",
];
const MEASURES: [&str; 20] = [
    "зарегистрировано {} краж",
    "зарегистрировано {} мошенничеств",
    "зарегистрировано {} пожаров",
    "произошло {} дорожно-транспортных происшествий",
    "выдано {} разрешений на строительство",
    "открыто {} малых предприятий",
    "родилось {} детей",
    "зарегистрировано {} браков",
    "построено {} школьных классов",
    "отремонтировано {} километров дорог",
    "трудоустроено {} безработных",
    "высажено {} деревьев",
    "привито {} граждан",
    "составлено {} административных протоколов",
    "рассмотрено {} обращений граждан",
    "направлено в суд {} уголовных дел",
    "подключено к газу {} домов",
    "назначено {} стипендий",
    "выдано {} земельных участков",
    "проверено {} предприятий торговли",
];
const MONTHS: [&str; 12] = [
    "январе",
    "феврале",
    "марте",
    "апреле",
    "мае",
    "июне",
    "июле",
    "августе",
    "сентябре",
    "октябре",
    "ноябре",
    "декабре",
];
const SYLLABLES: [&str; 12] = [
    "ал", "бе", "ка", "ту", "са", "ры", "мо", "на", "ши", "го", "ле", "ды",
];

/// A fixed generator (Knuth's MMIX constants).
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).expect("the remainder is below the limit")
    }

    /// A sentence with a figure, and one with an invented name.
    fn sentences(&mut self) -> String {
        let figure = 100 + self.below(90_000);
        let measure = MEASURES[self.below(MEASURES.len())].replace("{}", &figure.to_string());
        let name: String = (0..3)
            .map(|_| SYLLABLES[self.below(SYLLABLES.len())])
            .collect();
        let mut name = name.chars();
        let first = name.next().unwrap_or('А').to_uppercase();
        let name: String = first.chain(name).collect();
        format!(
            "В {} {} года в {} {measure}. Проверку провёл инспектор {name}ов.",
            MONTHS[self.below(12)],
            2016 + self.below(10),
            PLACES[self.below(PLACES.len())],
        )
    }
}

/// Noon of a day after the start of 2026.
fn moment(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_268_800, 0).expect("a moment") + TimeDelta::days(day)
}

/// A page of a source with so many pairs of sentences.
fn page(source: usize, number: usize, n_pairs: usize, seed: u64) -> Sighting {
    let mut draw = Draw(seed);
    let text: Vec<String> = (0..n_pairs).map(|_| draw.sentences()).collect();
    let seen_at = moment(100);
    Sighting {
        source: SourceId(format!("s{source}")),
        document: Document {
            url: CanonicalUrl(format!("https://s{source}.example/{number}")),
            title: String::new(),
            authors: Vec::new(),
            published: Some(Dated {
                at: moment(i64::try_from(number % 90).unwrap_or(0)).fixed_offset(),
                origin: DateOrigin::Meta,
                is_day_only: false,
            }),
            modified: None,
            language: Some(Language::Ru),
            blocks: vec![Block {
                kind: BlockKind::Paragraph,
                text: text.join(" "),
            }],
            tables: Vec::new(),
            alternates: Vec::new(),
            warnings: Vec::new(),
            about: aigaq::model::About::default(),
        },
        capture: None,
        seen_at,
    }
}

fn main() {
    let mut given = std::env::args().filter_map(|word| word.parse::<usize>().ok());
    let (n_records, n_claims) = (given.next().unwrap_or(1_000), given.next().unwrap_or(1_000));
    let folder = tempfile::tempdir().expect("a folder for the run");
    let workspace = workspace(folder.path());
    let half = N_SOURCES / 2;
    let records = (0..n_records).map(|n| page(n % half, n, 1, n as u64 * 7 + 1));
    record(&workspace, records);
    let started = Instant::now();
    pipeline::settle(&workspace, moment(200)).expect("the records settle");
    println!("{n_records} records settled in {:.1?}", started.elapsed());
    let pages = n_claims.div_ceil(CLAIMS);
    let reports = (0..pages).map(|n| {
        let number = n_records + n;
        page(half + n % half, number, CLAIMS / 2, number as u64 * 7 + 1)
    });
    record(&workspace, reports);
    let started = Instant::now();
    let summary = pipeline::settle(&workspace, moment(200)).expect("the claims settle");
    println!(
        "{} claims judged in {:.1?}: {:?}",
        summary.judged,
        started.elapsed(),
        summary.verdicts
    );
    per_claim(&workspace);
    one_record(&workspace, n_records + pages);
    if let Some(peak) = peak_memory() {
        println!("peak memory {peak}");
    }
}

/// Records pages as a crawl does, what follows from them on all cores.
fn record(workspace: &Workspace, pages: impl Iterator<Item = Sighting>) {
    let mut derive = |revisions: &[Revision]| -> Vec<Derived> {
        revisions
            .par_iter()
            .map(|revision| {
                let source = workspace.source_of(&revision.source);
                let (observations, claims) =
                    judge::statements(workspace.lexicon, revision, &source);
                // Agencies' own pages are judged like any other; here they are records only.
                let is_record = !observations.is_empty();
                Derived {
                    observations,
                    claims: if is_record { Vec::new() } else { claims },
                }
            })
            .collect()
    };
    let pages: Vec<Sighting> = pages.collect();
    for batch in pages.chunks(BATCH) {
        let recorded = workspace.store.record_batch(batch, &[], &mut derive);
        recorded.expect("the store takes the pages");
    }
}

/// Prints what a claim costs on one core, step by step.
fn per_claim(workspace: &Workspace) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.expect("a thread");
    let mut spent = [Duration::ZERO; 3];
    let mut n_claims = 0;
    pool.install(|| {
        let retrieval = workspace.index.retrieval();
        for revision in publications(workspace) {
            let source = workspace.source_of(&revision.source);
            let started = Instant::now();
            let claims = judge::claims(workspace.lexicon, &revision, &source);
            spent[0] += started.elapsed();
            let started = Instant::now();
            let retrieved = retrieval.evidence(&claims, WHOLE_RECORDS);
            let retrieved = retrieved.expect("the index answers");
            spent[1] += started.elapsed();
            let started = Instant::now();
            for (claim, evidence) in claims.iter().zip(&retrieved.evidence) {
                judged(workspace, claim, &source, evidence);
            }
            spent[2] += started.elapsed();
            n_claims += claims.len();
        }
    });
    let names = [
        "taking apart",
        "finding records",
        "reading records and judging",
    ];
    for (name, spent) in names.into_iter().zip(spent) {
        let each = spent.as_secs_f64() * 1000.0 / f64::from(u32::try_from(n_claims).unwrap_or(1));
        println!("{name}: {each:.2} ms a claim ({n_claims} claims, one core)");
    }
}

/// Some publications of the store.
fn publications(workspace: &Workspace) -> Vec<Revision> {
    let last = workspace.store.last_sequence().expect("the store answers");
    let first = last.saturating_sub(TIMED as u64);
    let stored = workspace.store.revisions_after(first, TIMED);
    let stored = stored.expect("the store answers");
    stored.into_iter().map(|(_, revision)| revision).collect()
}

/// Judges a claim as a pass does, its records read from the store.
fn judged(
    workspace: &Workspace,
    claim: &Claim,
    source: &aigaq::model::Source,
    evidence: &[aigaq::model::Evidence],
) {
    let observed: Vec<Vec<Observation>> = evidence
        .iter()
        .map(|one| workspace.store.observations_of(&one.revision))
        .collect::<Result<_, _>>()
        .expect("the store answers");
    let records: Vec<Record<'_>> = observed.iter().filter_map(Record::of).collect();
    let records: Vec<&Record<'_>> = records.iter().collect();
    let now = moment(200);
    std::hint::black_box(judge::verdict(
        workspace.lexicon,
        claim,
        source,
        &records,
        now,
    ));
}

/// Prints what a pass costs after one new record, and after none.
fn one_record(workspace: &Workspace, next: usize) {
    let pass = |what: &str| {
        let started = Instant::now();
        let summary = pipeline::settle(workspace, moment(200)).expect("the pass ends well");
        let spent = started.elapsed();
        println!("{what}: {} claims judged in {spent:.2?}", summary.judged);
    };
    pass("a pass with nothing new");
    let newcomers = (0..NEW_RECORDS).map(|n| page(1, next + n, 1, 99 + n as u64));
    for newcomer in newcomers {
        record(workspace, std::iter::once(newcomer));
        pass("a pass after one new record");
    }
}

fn workspace(dir: &Path) -> Workspace {
    let sources: String = (0..N_SOURCES)
        .map(|number| {
            let role = if number < N_SOURCES / 2 { "official" } else { "media" };
            format!(
                "[[source]]\nid = \"s{number}\"\nname = \"Source {number}\"\nurl = \"https://s{number}.example/\"\n\
                 role = \"{role}\"\nlanguages = [\"kk\", \"ru\"]\nfeeds = [\"https://s{number}.example/rss.xml\"]\n\n"
            )
        })
        .collect();
    let config = Config::parse(&sources, Path::new("generated.toml")).expect("a configuration");
    Workspace::open(config, dir).expect("a new folder opens")
}

/// The peak of resident memory, as Linux prints it; `None` elsewhere.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}
