//! Measures the reading of words beside a simple baseline, on public sets given by path.
//!
//! `cargo bench --bench language -- kk.tsv valid.iob2.gz claims.jsonl.gz translations.jsonl.gz`; any of them may be
//! packed with gzip. What a file holds shows by its name and first line: forms with lemmas of Universal Dependencies
//! (`*.tsv`, the language being the name), sentences with marked spans (`*.iob2`), claims with evidence and label, or
//! translations of one sentence (`*.jsonl`). Without a path it times loading and reading. `docs/language.md` has the figures.

#![expect(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]

mod claims;
mod spans;
mod stems;
mod translations;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use aigaq::language::{Language, Lexicon, analyze};

/// Sentences of the timing run; enough that one more or less does not show.
const N_TIMED: usize = 500;

fn main() {
    let started = Instant::now();
    let n_concepts = Lexicon::shipped().concepts().count();
    let loaded = started.elapsed().as_millis();
    println!("lexicon: {n_concepts} concepts in {loaded} ms");
    let paths: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if paths.is_empty() {
        reading_speed();
    }
    for path in &paths {
        match measured(Path::new(path)) {
            Ok(figures) => println!("{path}\n{figures}"),
            Err(problem) => println!("{path}: {problem}"),
        }
    }
}

/// Prints how long a sentence of each language takes.
fn reading_speed() {
    for (language, sentence) in [
        (
            Language::Kk,
            "Өткен айда облыс полициясы 1 204 құқық бұзушылықты тіркеді, бұл былтырғыдан 7,3 пайызға аз. ",
        ),
        (
            Language::Ru,
            "За прошлый месяц полиция области зарегистрировала 1 204 правонарушения, это на 7,3 % меньше. ",
        ),
        (
            Language::En,
            "Last month the regional police registered 1,204 offences, which is 7.3 percent fewer. ",
        ),
    ] {
        let text = sentence.repeat(N_TIMED);
        let started = Instant::now();
        let n_read = analyze(Lexicon::shipped(), &text, None, None).len();
        let micros = started.elapsed().as_micros() / n_read.max(1) as u128;
        println!("{language}: {micros} µs a sentence");
    }
}

/// The figures of one file.
fn measured(path: &Path) -> Result<String, String> {
    let text = read(path).map_err(|error| error.to_string())?;
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    if name.contains(".tsv") {
        let code = name.split('.').next().unwrap_or_default();
        let language = Language::from_code(code).ok_or("the file is not named by its language")?;
        Ok(stems::figures(&text, language))
    } else if name.contains(".iob2") {
        Ok(spans::figures(&text))
    } else if first.contains("\"claim\"") {
        claims::figures(&text)
    } else if first.contains("\"kk\"") {
        translations::figures(&text)
    } else {
        Err("nothing is known of such a file".to_owned())
    }
}

/// The text of a file, unpacked if its name ends in `.gz`.
fn read(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut text = String::new();
    if path.extension().is_some_and(|end| end == "gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?;
    } else {
        file.read_to_string(&mut text)?;
    }
    Ok(text)
}

/// Precision, recall and F1 of `n_both` right answers among `n_got` given and `n_gold` wanted.
fn shares(n_both: usize, n_got: usize, n_gold: usize) -> String {
    let precision = n_both as f64 / n_got.max(1) as f64;
    let recall = n_both as f64 / n_gold.max(1) as f64;
    let f1 = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    format!("P {precision:.3} R {recall:.3} F1 {f1:.3}")
}
