//! Four small fictional webs with a label on every claim of interest, judged from the pages to the verdicts.
//!
//! Each file of `tests/worlds` has sources, their publications as a reader sees them, and labels: what a careful editor
//! says of a sentence, with the slots that differ. All people, outlets and figures are fictional. The writers of the
//! webs had not seen the judge. Its rules have been improved with the first three since, so their floors guard what was
//! reached and promise nothing for other webs; the misses of `works` were never looked at (see `docs/quality.md`). Floors
//! only rise, ceilings only fall.

#![allow(clippy::print_stdout, reason = "the table is what the webs are for")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::cli::{aigaq, stderr};

/// Share of the words of the shorter of two sentences that must be in both for a verdict to be of a label, in percent.
const SAME_SENTENCE: usize = 80;

#[derive(Deserialize)]
struct World {
    sources: Vec<Source>,
    articles: Vec<Article>,
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Source {
    id: String,
    name: String,
    role: String,
    languages: Vec<String>,
    authority: Vec<String>,
}

#[derive(Deserialize)]
struct Article {
    id: String,
    source: String,
    language: String,
    published: String,
    title: String,
    paragraphs: Vec<String>,
    #[serde(default)]
    table: Vec<Vec<String>>,
}

#[derive(Deserialize)]
struct Label {
    article: String,
    sentence: String,
    label: String,
    #[serde(default)]
    slots: Vec<String>,
}

#[derive(Deserialize)]
struct Verdict {
    url: String,
    sentence: String,
    verdict: String,
    differences: Vec<Value>,
}

/// What the verdicts on one web come to.
#[derive(Debug, Default)]
struct Count {
    /// Contradicted sentences that were found.
    found: usize,
    /// Those of them whose differing slot was named.
    slots: usize,
    /// Contradicted sentences.
    contradicted: usize,
    /// Sentences held to differ that do not, labelled or not.
    accused: usize,
    /// Supported sentences that were borne out.
    borne_out: usize,
    /// Supported sentences.
    supported: usize,
}

#[test]
fn prosecutors() {
    let count = judged("prosecutors");
    assert!(count.found >= 75 && count.slots >= 69, "{count:?}");
    assert!(count.accused <= 6 && count.borne_out >= 201, "{count:?}");
}

#[test]
fn emergencies() {
    let count = judged("emergencies");
    assert!(count.found >= 85 && count.slots >= 79, "{count:?}");
    assert!(count.accused <= 3 && count.borne_out >= 199, "{count:?}");
}

#[test]
fn benefits() {
    let count = judged("benefits");
    assert!(count.found >= 81 && count.slots >= 70, "{count:?}");
    assert!(count.accused <= 7 && count.borne_out >= 414, "{count:?}");
}

#[test]
fn works() {
    let count = judged("works");
    assert!(count.found >= 31 && count.slots >= 27, "{count:?}");
    assert!(count.accused <= 2 && count.borne_out >= 78, "{count:?}");
}

/// Takes a web in, as an operator would, and holds the verdicts against the labels.
fn judged(name: &str) -> Count {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/worlds/{name}.json"));
    let world: World = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sources.toml"), settings(&world)).unwrap();
    // The records first: then every publication is judged once.
    let (official, media): (Vec<&Source>, Vec<&Source>) = world
        .sources
        .iter()
        .partition(|source| source.role == "official");
    for source in official.into_iter().chain(media) {
        let pages: String = world
            .articles
            .iter()
            .filter(|article| article.source == source.id)
            .fold(String::new(), |mut lines, article| {
                writeln!(lines, "{}", page(article)).unwrap();
                lines
            });
        if pages.is_empty() {
            continue;
        }
        std::fs::write(folder.path().join("pages.jsonl"), pages).unwrap();
        run(
            folder.path(),
            &["import", "pages.jsonl", "--source", &source.id],
        );
    }
    let verdicts: Vec<Verdict> = run(folder.path(), &["findings", "--format", "jsonl"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let count = count(&world.labels, &verdicts);
    println!("{name}: {count:?}");
    count
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = aigaq(folder, arguments, "");
    let told = stderr(&output);
    assert!(output.status.success(), "{arguments:?}: {told}");
    String::from_utf8(output.stdout).unwrap()
}

fn settings(world: &World) -> String {
    world
        .sources
        .iter()
        .fold(String::new(), |mut text, source| {
            let Source {
                id,
                name,
                role,
                languages,
                authority,
            } = source;
            writeln!(
                text,
                "[[source]]\nid = \"{id}\"\nname = {name:?}\nurl = \"https://{id}.example/\"\nrole = \"{role}\"\n\
                 languages = {languages:?}\nauthority = {authority:?}\n"
            )
            .unwrap();
            text
        })
}

fn page(article: &Article) -> Value {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let paragraphs: String = article
        .paragraphs
        .iter()
        .map(|text| format!("<p>{}</p>", escaped(text)))
        .collect();
    let rows: String = article
        .table
        .iter()
        .enumerate()
        .map(|(row, cells)| {
            let tag = if row == 0 { "th" } else { "td" };
            let cells: String = cells
                .iter()
                .map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell)))
                .collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    let table = match rows.as_str() {
        "" => String::new(),
        rows => format!("<table>{rows}</table>"),
    };
    let Article {
        id,
        source,
        language,
        published,
        ..
    } = article;
    let title = escaped(&article.title);
    json!({
        "url": format!("https://{source}.example/{language}/news/{id}"),
        "title": article.title,
        "published": published,
        "html": format!(
            "<!doctype html><html lang=\"{language}\"><head><title>{title}</title></head><body><main><article>\
             <h1>{title}</h1>{paragraphs}{table}</article></main></body></html>"
        ),
    })
}

fn count(labels: &[Label], verdicts: &[Verdict]) -> Count {
    let mut by_article: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
    for verdict in verdicts {
        let id = verdict.url.rsplit('/').next().unwrap_or_default();
        by_article.entry(id).or_default().push(verdict);
    }
    let mut count = Count::default();
    for label in labels {
        let of_article = by_article.get(label.article.as_str()).into_iter().flatten();
        let near: Vec<&&Verdict> = of_article
            .filter(|verdict| is_same(&label.sentence, &verdict.sentence))
            .collect();
        let differs = near
            .iter()
            .find(|verdict| verdict.verdict == "contradicted");
        match (label.label.as_str(), differs) {
            ("contradicted", Some(verdict)) => {
                count.found += 1;
                let mut slots = verdict.differences.iter();
                let is_named = slots.any(|one| {
                    let slot = one["slot"].as_str().unwrap_or_default();
                    label.slots.iter().any(|labelled| labelled == slot)
                });
                count.slots += usize::from(is_named);
            }
            (_, Some(_)) => count.accused += 1,
            ("supported", None) => {
                let is_borne_out = near.iter().any(|verdict| verdict.verdict == "supported");
                count.borne_out += usize::from(is_borne_out);
            }
            _ => {}
        }
        count.contradicted += usize::from(label.label == "contradicted");
        count.supported += usize::from(label.label == "supported");
    }
    // What nobody labelled was written to agree or to be no claim at all.
    let accused = verdicts
        .iter()
        .filter(|verdict| verdict.verdict == "contradicted");
    let unlabelled = accused.filter(|verdict| {
        !labels.iter().any(|label| {
            verdict.url.ends_with(&format!("/{}", label.article))
                && is_same(&label.sentence, &verdict.sentence)
        })
    });
    count.accused += unlabelled.count();
    count
}

/// Whether two sentences are one, cut or printed differently.
fn is_same(a: &str, b: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (a, mut b) = (words(a), words(b));
    let shorter = a.len().min(b.len()).max(1);
    let shared = a.iter().filter(|word| {
        let at = b.iter().position(|other| other == *word);
        at.map(|at| b.swap_remove(at)).is_some()
    });
    shared.count() * 100 >= shorter * SAME_SENTENCE
}
