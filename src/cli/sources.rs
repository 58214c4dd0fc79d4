//! `sources` shows what is watched and how it fares; `sources check` what is wrong and what would be collected.

use anyhow::bail;
use chrono::Utc;
use serde_json::{Value, json};

use super::Outcome;
use super::args::{Args, Format, SourcesCheck, SourcesCommand};
use super::collect::{self, parse, read_config};
use super::output::Out;
use super::stored::open_to_read;
use crate::config::{ConfigError, SourceConfig};
use crate::crawl::{self, Sample, Selection};
use crate::model::{Document, Health, Reason, SourceId, SourceRole};
use crate::pipeline::Rehearsal;
use crate::pipeline::health::{self, WhyVisited};
use crate::report;

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
    let healths = health::of(&config, store.as_deref(), Utc::now())?;
    let pairs = || config.sources.iter().zip(&healths);
    let items: Vec<Value> = pairs()
        .map(|(entry, health)| health_json(entry, health))
        .collect();
    out.list(args.format, "sources", &items, |_| {
        pairs()
            .map(|(entry, health)| health_lines(entry, health))
            .collect()
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

/// A source with how it fares, as JSON.
fn health_json(entry: &SourceConfig, health: &Health) -> Value {
    let newest = health.fetches.first();
    let first = health.notes.first();
    json!({
        "id": entry.source.id,
        "role": entry.source.role,
        "url": entry.source.url,
        "enabled": entry.is_enabled,
        "note": entry.note,
        "state": health.state,
        "since": report::json::moment(health.since),
        "words": first.map(|note| &note.words),
        "what_to_do": first.map(|note| &note.what_to_do),
        "notes": health.notes,
        "answered_at": health.answered_at.map(report::json::moment),
        "new_in_day": health.new_in_day,
        "usual_in_day_hundredths": health.usual_in_day,
        "fetched_at": newest.map(|one| report::json::moment(one.at)),
        "last": newest.map(|one| &one.words),
        "fetches": health.fetches.iter().map(|one| json!({
            "at": report::json::moment(one.at),
            "url": one.url,
            "outcome": one.words,
        })).collect::<Vec<Value>>(),
    })
}

/// A source in a line, and a line for each further thing found and what to do.
fn health_lines(entry: &SourceConfig, health: &Health) -> String {
    let usual = match health.usual_in_day {
        Some(usual) => format!(
            "{} new in a day, about {} usual",
            health.new_in_day,
            usual / 100
        ),
        None => format!("{} new in a day", health.new_in_day),
    };
    let answered = health.answered_at.map_or_else(
        || "no answer yet".to_owned(),
        |at| format!("answered {}", report::json::moment(at)),
    );
    let mut lines = format!(
        "{:<24} {:<9} ",
        entry.source.id.0,
        role_word(entry.source.role)
    );
    for (number, note) in health.notes.iter().enumerate() {
        if number > 0 {
            lines.push_str("  ");
        }
        lines.push_str(&note.words);
        if number == 0 && entry.is_enabled {
            lines.push_str(&format!(" ({answered}; {usual})"));
        }
        lines.push('\n');
        if note.what_to_do != "nothing" {
            lines.push_str(&format!("  what to do: {}\n", note.what_to_do));
        }
    }
    lines
}

fn role_word(role: SourceRole) -> &'static str {
    match role {
        SourceRole::Official => "official",
        SourceRole::Media => "media",
    }
}

/// Shows when an address was and will be visited, with each reason.
pub(super) fn why(args: &Args, url: &str, out: &mut Out) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let found = health::why(&*store, url, Utc::now())?;
    if found.is_empty() {
        bail!("{url} is not known: no feed, list or sitemap of a source has named it");
    }
    let items: Vec<Value> = found.iter().map(why_json).collect();
    out.list(args.format, "visits", &items, |_| {
        found.iter().map(why_text).collect()
    })?;
    Ok(Outcome::Fine)
}

fn why_json(found: &WhyVisited) -> Value {
    let (entry, moment) = (&found.entry, report::json::moment);
    let reason = |reason: &Reason| {
        let mut value = serde_json::to_value(reason).unwrap_or_default();
        value["words"] = json!(reason.words());
        value
    };
    json!({
        "url": entry.url,
        "source": entry.source,
        "kind": entry.kind,
        "found_at": moment(entry.discovered_at),
        "published_at": moment(entry.born_at()),
        "visited_at": entry.fetched_at.map(moment),
        "changed_at": entry.visits.revised_at.map(moment),
        "changes": entry.visits.n_revised,
        "due_at": entry.due_at.map(moment),
        "why": entry.visits.why.iter().map(reason).collect::<Vec<Value>>(),
        "likelihood_of_change_millionths": found.likelihood,
        "due_before_it": found.n_before,
        "fetches": found.fetches.iter().map(|log| json!({
            "at": moment(log.at),
            "outcome": crawl::pass::describe(&log.outcome),
        })).collect::<Vec<Value>>(),
    })
}

fn why_text(found: &WhyVisited) -> String {
    let (entry, moment) = (&found.entry, report::json::moment);
    let mut text = format!("{} of {}\n", entry.url, entry.source);
    text.push_str(&format!("  found {}\n", moment(entry.discovered_at)));
    if let Some(revised) = entry.visits.revised_at {
        let n = entry.visits.n_revised;
        text.push_str(&format!("  changed {n} times, last {}\n", moment(revised)));
    }
    for log in found.fetches.iter().rev() {
        let outcome = crawl::pass::describe(&log.outcome);
        text.push_str(&format!("  visited {}: {outcome}\n", moment(log.at)));
    }
    match entry.due_at {
        Some(due) => text.push_str(&format!("  next visit {}\n", moment(due))),
        None => text.push_str("  not visited any more\n"),
    }
    for reason in &entry.visits.why {
        text.push_str(&format!("    because {}\n", reason.words()));
    }
    if let Some(likelihood) = found.likelihood {
        text.push_str(&format!(
            "    {likelihood} in a million is the likelihood that it changed since the last visit; pages of a host are visited in that order\n"
        ));
    }
    if let Some(n_before) = found.n_before {
        text.push_str(&format!(
            "    it is due, and {n_before} of its host come before it\n"
        ));
    }
    text
}

/// One mistake as JSON.
fn mistake(error: &ConfigError) -> Value {
    json!({ "line": error.line, "key": error.key, "message": error.message })
}
