//! Commands that read a text without a store: `extract`, `analyze`, `claims`.

use std::io::{BufRead as _, Read as _};
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, NaiveTime, Utc};
use rayon::prelude::*;
use serde_json::Value;

use super::args::{Claims, Extract, Input};
use super::output::Out;
use super::{Outcome, output};
use crate::extract;
use crate::language::{Language, Lexicon, analyze as read_text};
use crate::model::{Document, Revision, RevisionId, Source, SourceId, SourceRole};
use crate::pipeline::{apart, plain_document};
use crate::{canonical, judge, report};

/// Lines of pages read at once by `extract --jsonl` for each core: enough to keep all busy, few enough to stream.
const PAGES_AT_ONCE: usize = 8;

/// Characters of a line that `extract --why` shows.
const MAX_SHOWN_CHARS: usize = 160;

/// Reads one page or many into documents. A page that is no document is an error for one file, a line with `error` in a stream.
pub(super) fn extract(options: &Extract, out: &mut Out) -> anyhow::Result<Outcome> {
    if options.jsonl {
        return extract_lines(options, out);
    }
    let mut outcome = Outcome::Fine;
    for path in inputs(&options.paths) {
        let bytes = read_bytes(path)?;
        let url = options.url.clone().unwrap_or_else(|| {
            path.map_or_else(String::new, |path| format!("file://{}", path.display()))
        });
        if options.why {
            match extract::why(&plain_page(&url, &bytes)) {
                Ok(lines) => show_why(&lines, out)?,
                Err(error) => {
                    output::message(&format!("aigaq: {url}: {error}"));
                    outcome = Outcome::Wrong;
                }
            }
            continue;
        }
        match page_document(&url, &bytes) {
            Ok(document) if options.paths.len() > 1 => out.line(&extract::json(&document))?,
            Ok(document) => out.pretty(&extract::json(&document))?,
            Err(error) => {
                let shown =
                    path.map_or_else(|| "stdin".to_owned(), |path| path.display().to_string());
                output::message(&format!("aigaq: {shown}: {error}"));
                outcome = Outcome::Wrong;
            }
        }
    }
    Ok(outcome)
}

/// Prints each line of a page: `+` and its kind where it was kept, `-` and the reason where not, then its place.
fn show_why(lines: &[extract::Judged], out: &mut Out) -> anyhow::Result<()> {
    for line in lines {
        let (sign, label) = match line.reason {
            None => ('+', line.kind),
            Some(reason) => ('-', reason),
        };
        let start: String = line.text.chars().take(MAX_SHOWN_CHARS).collect();
        let more = if start.len() < line.text.len() {
            "…"
        } else {
            ""
        };
        out.text(&format!(
            "{sign} [{label}] {start}{more}\n      {}\n",
            line.path
        ))?;
    }
    Ok(())
}

/// Lines with pages in, lines with documents out, in the same order.
fn extract_lines(options: &Extract, out: &mut Out) -> anyhow::Result<Outcome> {
    for path in inputs(&options.paths) {
        let mut lines = numbered_lines(path)?;
        loop {
            let batch: Vec<(usize, String)> = lines
                .by_ref()
                .take(PAGES_AT_ONCE * rayon::current_num_threads())
                .collect::<Result<_, _>>()?;
            if batch.is_empty() {
                break;
            }
            let documents: Vec<Value> = batch
                .par_iter()
                .map(|(number, line)| {
                    extract_line(line).with_context(|| format!("line {number} is not a page"))
                })
                .collect::<Result<_, _>>()?;
            for document in &documents {
                out.line(document)?;
            }
        }
    }
    Ok(Outcome::Fine)
}

/// One line with a page as a document with the line's id.
fn extract_line(line: &str) -> anyhow::Result<Value> {
    let page: Value = serde_json::from_str(line)?;
    let url = page["url"].as_str().unwrap_or_default();
    let html = page["html"].as_str().context("it has no `html`")?;
    let mut with_id = serde_json::Map::new();
    with_id.insert("id".to_owned(), page["id"].clone());
    match page_document(url, html.as_bytes()) {
        Ok(document) => {
            if let Value::Object(fields) = extract::json(&document) {
                with_id.extend(fields);
            }
        }
        Err(error) => {
            with_id.insert("error".to_owned(), error.to_string().into());
        }
    }
    Ok(Value::Object(with_id))
}

/// Reads one file for another process, which limits this one.
pub(super) fn file() -> anyhow::Result<Outcome> {
    apart::serve(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(Outcome::Fine)
}

/// A page that no source is known for, as a document.
pub(super) fn page_document(url: &str, bytes: &[u8]) -> Result<Document, extract::NotADocument> {
    extract::document(&plain_page(url, bytes))
}

/// A page of which only address and bytes are known, captured now.
fn plain_page<'a>(url: &'a str, bytes: &'a [u8]) -> extract::Page<'a> {
    extract::Page {
        fetched_at: Some(Utc::now()),
        ..extract::Page::plain(url, bytes)
    }
}

/// What is read from each line of a text.
pub(super) fn analyze(input: &Input, out: &mut Out) -> anyhow::Result<Outcome> {
    for line in numbered_lines(input.path.as_deref())? {
        let (_, text) = line?;
        let sentences = read_text(Lexicon::shipped(), &text, input.language, input.published);
        out.line(&report::json::analysis(&text, &sentences))?;
    }
    Ok(Outcome::Fine)
}

/// The claims of a text with their slots, one a line.
pub(super) fn claims(options: &Claims, out: &mut Out) -> anyhow::Result<Outcome> {
    let text = read_text_of(options.input.path.as_deref())?;
    let (revision, source) = draft(&text, options);
    for claim in judge::claims(Lexicon::shipped(), &revision, &source) {
        out.line(&report::json::claim(&claim))?;
    }
    Ok(Outcome::Fine)
}

/// A text that is not published yet as a revision of a source, that of `--source` or an outlet without a name.
pub(super) fn draft(text: &str, options: &Claims) -> (Revision, Source) {
    let now = Utc::now();
    let published = options
        .input
        .published
        .map_or(now, |day| day.and_time(NaiveTime::MIN).and_utc());
    let id = options.source.as_deref().unwrap_or("draft");
    let revision = plain_revision(text, id, options.input.language, published);
    (revision, plain_source(id, SourceRole::Media))
}

/// A plain text as a revision: each line a paragraph.
pub(super) fn plain_revision(
    text: &str,
    source: &str,
    language: Option<Language>,
    published: DateTime<Utc>,
) -> Revision {
    Revision {
        id: RevisionId(canonical::id("text", &[source, text])),
        source: SourceId(source.to_owned()),
        number: 1,
        first_seen: published,
        last_seen: published,
        superseded_at: None,
        is_gone: false,
        capture: None,
        document: plain_document(format!("text:{source}"), "", text, language, published),
    }
}

/// A source of which only the id and the role are known.
pub(super) fn plain_source(id: &str, role: SourceRole) -> Source {
    Source {
        id: SourceId(id.to_owned()),
        name: std::collections::BTreeMap::new(),
        url: String::new(),
        role,
        languages: Vec::new(),
        authority: Vec::new(),
    }
}

/// The files named, or stdin once.
fn inputs(paths: &[std::path::PathBuf]) -> Vec<Option<&Path>> {
    if paths.is_empty() {
        vec![None]
    } else {
        paths.iter().map(|path| Some(path.as_path())).collect()
    }
}

/// The bytes of a file or of stdin.
pub(super) fn read_bytes(path: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    match path {
        Some(path) => {
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
        }
        None => {
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .context("cannot read stdin")?;
            Ok(bytes)
        }
    }
}

/// The text of a file or of stdin.
pub(super) fn read_text_of(path: Option<&Path>) -> anyhow::Result<String> {
    let shown = path.map_or_else(|| "stdin".to_owned(), |path| path.display().to_string());
    String::from_utf8(read_bytes(path)?).with_context(|| format!("{shown} is not text in UTF-8"))
}

/// The lines of a file or of stdin that are not empty, numbered from 1.
pub(super) fn numbered_lines(
    path: Option<&Path>,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<(usize, String)>>> {
    let shown = path.map_or_else(|| "stdin".to_owned(), |path| path.display().to_string());
    let reader: Box<dyn std::io::BufRead> = match path {
        Some(path) => Box::new(std::io::BufReader::new(
            std::fs::File::open(path).with_context(|| format!("cannot read {shown}"))?,
        )),
        None => Box::new(std::io::stdin().lock()),
    };
    Ok(reader
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.as_ref().is_ok_and(|line| line.trim().is_empty()))
        .map(move |(place, line)| {
            let line = line.with_context(|| format!("line {} of {shown}", place + 1))?;
            Ok((place + 1, line))
        }))
}
