//! Commands that collect: `crawl` and `sources`.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Outcome;
use super::args::{self, Args, Format};
use super::output::Out;
use super::stored::open_to_read;
use crate::config::{Config, ConfigError};
use crate::crawl::{self, Clock, Event, Progress, Report, Selection};
use crate::model::SourceId;
use crate::pipeline::{self, Summary, Workspace};
use crate::report::text::label_words;
use crate::store::Store;

/// One pass over what is due, or over everything.
pub(super) fn crawl(args: &Args, options: &args::Crawl, out: &mut Out) -> anyhow::Result<Outcome> {
    let config = config(&args.config)?;
    let selection = Selection {
        sources: options.source.iter().cloned().map(SourceId).collect(),
        is_all: options.all,
    };
    let workspace = Arc::new(Workspace::open(config, &args.data)?);
    let (report, summary) = runtime()?.block_on(pass(&workspace, &selection))?;
    match args.format {
        Format::Text => out.text(&(report_text(&report) + &summary_text(&summary)))?,
        Format::Json => out.pretty(&pass_json(&report, &summary)?)?,
        Format::Jsonl => out.line(&pass_json(&report, &summary)?)?,
    }
    Ok(Outcome::Fine)
}

/// The threads that wait for the network.
pub(super) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the threads that wait for the network")
}

/// One pass with progress on a terminal; the first Ctrl-C ends it after what is under way, and what came is kept.
pub(super) async fn pass(
    workspace: &Arc<Workspace>,
    selection: &Selection,
) -> anyhow::Result<(Report, Summary)> {
    let (stop, stopped) = watch::channel(false);
    let on_interrupt = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            // Nobody listens any more when the pass has ended.
            let _ = stop.send(true);
        }
        std::future::pending::<()>().await;
    });
    let bar = Bar::new();
    let clock = Clock::system();
    let passed = pipeline::crawl(Arc::clone(workspace), selection, clock, &bar, stopped).await;
    on_interrupt.abort();
    bar.0.finish_and_clear();
    passed
}

/// Progress on a terminal; nothing in a pipe.
struct Bar(ProgressBar);

impl Bar {
    /// A bar on stderr, hidden where stderr is no terminal.
    fn new() -> Bar {
        if !std::io::stderr().is_terminal() {
            return Bar(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{pos}/{len} {wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Bar(bar)
    }
}

impl Progress for Bar {
    fn visited(&self, event: &Event) {
        self.0.set_length((event.n_done + event.n_left) as u64);
        self.0.set_position(event.n_done as u64);
        self.0.set_message(event.url.clone());
    }
}

/// What a pass came to, source by source.
fn report_text(report: &Report) -> String {
    let mut out = String::new();
    for (id, source) in &report.sources {
        let failed: usize = source.failures.values().sum();
        out.push_str(&format!(
            "{id}: {} new pages known, {} fetched, {} not modified, {failed} failed",
            source.n_new, source.n_captured, source.n_not_modified
        ));
        if source.n_put_off > 0 {
            out.push_str(&format!(", {} put off", source.n_put_off));
        }
        out.push('\n');
        for warning in &source.warnings {
            out.push_str(&format!("  {warning}\n"));
        }
    }
    if report.is_stopped {
        out.push_str("stopped before the end; the next pass goes on from here\n");
    }
    out
}

/// What was read and judged.
pub(super) fn summary_text(summary: &Summary) -> String {
    let mut out = format!(
        "{} pages read: {} new, {} changed, {} not documents\n{} claims judged\n",
        summary.read,
        summary.new,
        summary.changed,
        summary.unreadable.len(),
        summary.judged
    );
    for (label, n) in &summary.verdicts {
        out.push_str(&format!("{n:>8} {}\n", label_words(*label)));
    }
    out.push_str(&format!("{} cases\n", summary.cases));
    out
}

/// A pass as JSON.
fn pass_json(report: &Report, summary: &Summary) -> anyhow::Result<Value> {
    let sources: serde_json::Map<String, Value> = report
        .sources
        .iter()
        .map(|(id, source)| {
            let value = json!({
                "new": source.n_new,
                "captured": source.n_captured,
                "not_modified": source.n_not_modified,
                "put_off": source.n_put_off,
                "failures": source.failures,
                "warnings": source.warnings,
            });
            (id.0.clone(), value)
        })
        .collect();
    Ok(
        json!({ "sources": sources, "is_stopped": report.is_stopped, "summary": serde_json::to_value(summary)? }),
    )
}

/// Shows the sources and their health, or only validates the configuration.
pub(super) fn sources(args: &Args, is_check: bool, out: &mut Out) -> anyhow::Result<Outcome> {
    let text = read_config(&args.config)?;
    let config = match parse(&text, &args.config) {
        Ok(config) => config,
        Err(errors) if is_check => {
            let items: Vec<Value> = errors.iter().map(mistake).collect();
            out.list(args.format, "mistakes", &items, |_| {
                errors.iter().map(|error| format!("{error}\n")).collect()
            })?;
            return Ok(Outcome::Wrong);
        }
        Err(errors) => return Err(all_of(&errors)),
    };
    if is_check {
        let n_enabled = config.enabled().count();
        let n_all = config.sources.len();
        let value = json!({ "mistakes": [], "sources": n_all, "enabled": n_enabled });
        match args.format {
            Format::Text => out.text(&format!(
                "{}: {n_all} sources, {n_enabled} enabled, no mistake\n",
                args.config.display()
            ))?,
            Format::Json => out.pretty(&value)?,
            Format::Jsonl => {}
        }
        return Ok(Outcome::Fine);
    }
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
                "fetched_at": newest.map(|one| crate::report::json::moment(one.at)),
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

/// The configuration; every mistake in it is part of the error.
pub(super) fn config(path: &Path) -> anyhow::Result<Config> {
    parse(&read_config(path)?, path).map_err(|errors| all_of(&errors))
}

/// The configuration where there is one, else one without sources: the store remembers those it has seen.
pub(super) fn config_if_there(args: &Args) -> anyhow::Result<Config> {
    if args.config.exists() {
        return config(&args.config);
    }
    Ok(Config {
        path: args.config.clone(),
        sources: Vec::new(),
    })
}

/// The text of the configuration file.
fn read_config(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))
}

/// The configuration, checked by all who know what it must hold.
fn parse(text: &str, path: &Path) -> Result<Config, Vec<ConfigError>> {
    let config = Config::parse(text, path)?;
    let errors = crawl::check(&config);
    if errors.is_empty() {
        Ok(config)
    } else {
        Err(errors)
    }
}

/// All mistakes as one error, a line each.
fn all_of(errors: &[ConfigError]) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow!(lines.join("\n"))
}
