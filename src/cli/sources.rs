//! `sources` shows what is watched and how it fares; `sources check` what is wrong and what would be collected.

use serde_json::{Value, json};

use super::Outcome;
use super::args::{Args, Format, SourcesCheck, SourcesCommand};
use super::collect::{self, parse, read_config};
use super::output::Out;
use super::stored::open_to_read;
use crate::config::{Config, ConfigError};
use crate::crawl::{self, Sample, Selection};
use crate::model::{Document, SourceId};
use crate::pipeline::Rehearsal;
use crate::report;
use crate::store::Store;

/// What a check takes of each source: enough to see that offers lead to pages that can be read.
const SAMPLE: Sample = Sample {
    offers: 3,
    pages: 3,
};

/// Shows the sources and their health.
pub(super) fn run(
    args: &Args,
    command: Option<&SourcesCommand>,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    if let Some(SourcesCommand::Check(options)) = command {
        return check(args, options, out);
    }
    let config = collect::config(&args.config)?;
    let store = match args.data.is_dir() {
        true => Some(open_to_read(&args.data)?),
        false => None,
    };
    let items = health(&config, store.as_deref())?;
    out.list(args.format, "sources", &items, |_| {
        items.iter().map(health_line).collect()
    })?;
    Ok(Outcome::Fine)
}

/// Lists every mistake of the configuration; where there is none, fetches a little of each source and shows it.
fn check(args: &Args, options: &SourcesCheck, out: &mut Out) -> anyhow::Result<Outcome> {
    let text = read_config(&args.config)?;
    let config = match parse(&text, &args.config) {
        Ok(config) => config,
        Err(errors) => {
            let items: Vec<Value> = errors.iter().map(mistake).collect();
            out.list(args.format, "mistakes", &items, |_| {
                errors.iter().map(|error| format!("{error}\n")).collect()
            })?;
            return Ok(Outcome::Wrong);
        }
    };
    let (n_all, n_enabled) = (config.sources.len(), config.enabled().count());
    let path = args.config.display();
    let head = format!("{path}: {n_all} sources, {n_enabled} enabled, no mistake\n");
    let seen = match options.offline {
        true => Vec::new(),
        false => collect::rehearsed(config, &selection(options))?,
    };
    let value = json!({
        "mistakes": [],
        "sources": n_all,
        "enabled": n_enabled,
        "seen": seen.iter().map(seen_json).collect::<Vec<Value>>(),
    });
    match args.format {
        Format::Text => {
            let seen: String = seen.iter().map(seen_text).collect();
            out.text(&(head + &seen))?;
        }
        Format::Json => out.pretty(&value)?,
        Format::Jsonl => seen.iter().try_for_each(|one| out.line(&seen_json(one)))?,
    }
    let is_each_fine = seen.iter().all(brings_something);
    Ok(if is_each_fine {
        Outcome::Fine
    } else {
        Outcome::Wrong
    })
}

/// What a check looks at.
fn selection(options: &SourcesCheck) -> Selection {
    Selection {
        sources: options.source.iter().cloned().map(SourceId).collect(),
        is_all: false,
        sample: Some(SAMPLE),
    }
}

/// Whether a source would bring anything that can be read.
fn brings_something(seen: &Rehearsal) -> bool {
    seen.pages.iter().any(|(_, page)| page.is_ok())
}

/// What was seen of a source, for people.
fn seen_text(seen: &Rehearsal) -> String {
    let mut text = format!(
        "{}: {} publications offered, {} of them fetched{}\n",
        seen.source,
        seen.n_offered,
        seen.pages.len(),
        if brings_something(seen) {
            ""
        } else {
            "; nothing that can be read"
        }
    );
    for (url, page) in &seen.pages {
        let said = match page {
            Ok(document) => {
                let published = document.published.as_ref();
                let day =
                    published.map_or("no date".to_owned(), |at| at.at.date_naive().to_string());
                let language = document.language.map_or("-", |language| language.code());
                let n_words = n_words(document);
                format!(
                    "{day} {language} {n_words} words: {} <{url}>",
                    document.title
                )
            }
            Err(reason) => format!("{url}: {reason}"),
        };
        text.push_str(&format!("  {said}\n"));
    }
    for warning in &seen.report.warnings {
        text.push_str(&format!("  {warning}\n"));
    }
    text
}

/// What was seen of a source, as JSON.
fn seen_json(seen: &Rehearsal) -> Value {
    let page = |(url, page): &(String, Result<Document, String>)| match page {
        Ok(document) => json!({
            "url": url,
            "title": document.title,
            "published": document.published.as_ref().map(|at| at.at.to_rfc3339()),
            "language": document.language.map(|language| language.code()),
            "words": n_words(document),
        }),
        Err(reason) => json!({ "url": url, "problem": reason }),
    };
    json!({
        "id": seen.source,
        "offered": seen.n_offered,
        "pages": seen.pages.iter().map(page).collect::<Vec<Value>>(),
        "failures": seen.report.failures,
        "warnings": seen.report.warnings,
    })
}

/// Words of the main text.
fn n_words(document: &Document) -> usize {
    document.text().split_whitespace().count()
}

/// Outcomes looked at for a source's health.
const HEALTH_LOG: usize = 100;

/// Each source with what its newest fetches came to.
fn health(config: &Config, store: Option<&dyn Store>) -> anyhow::Result<Vec<Value>> {
    config
        .sources
        .iter()
        .map(|entry| {
            let id = &entry.source.id;
            let log = store
                .map(|store| store.fetch_log(id, HEALTH_LOG))
                .transpose()?;
            let newest = log.as_ref().and_then(|log| log.first());
            Ok(json!({
                "id": id,
                "role": entry.source.role,
                "url": entry.source.url,
                "enabled": entry.is_enabled,
                "note": entry.note,
                "fetched_at": newest.map(|one| report::json::moment(one.at)),
                "last": newest.map(|one| crawl::pass::describe(&one.outcome)),
                "fetches": log.as_ref().map_or(0, Vec::len),
            }))
        })
        .collect()
}

/// One source in a line.
fn health_line(source: &Value) -> String {
    let text = |key: &str| source[key].as_str().unwrap_or("-").to_owned();
    let state = match (source["enabled"].as_bool(), source["last"].as_str()) {
        (Some(false), _) => format!("disabled: {}", text("note")),
        (_, None) => "not fetched yet".to_owned(),
        (_, Some(last)) => format!("{} {last}", text("fetched_at")),
    };
    format!("{:<24} {:<9} {state}\n", text("id"), text("role"))
}

/// One mistake as JSON.
fn mistake(error: &ConfigError) -> Value {
    json!({ "line": error.line, "key": error.key, "message": error.message })
}
