//! Commands that collect: `crawl`, and the configuration that every command reads alike.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Outcome;
use super::args::{self, Args, Format};
use super::output::{self, Out};
use super::saved;
use crate::config::{
    AlertConfig, CaseConfig, Config, ConfigError, EvidenceConfig, LetterConfig, WebConfig,
};
use crate::crawl::{self, Clock, Event, Progress, Report, Selection};
use crate::model::SourceId;
use crate::pipeline::{self, Rehearsal, Summary, Told, Workspace, health, secrets};
use crate::report::text::label_words;

/// One pass over what is due, or over everything.
pub(super) fn crawl(args: &Args, options: &args::Crawl, out: &mut Out) -> anyhow::Result<Outcome> {
    let config = config(&args.config)?;
    let selection = Selection {
        sources: options.source.iter().cloned().map(SourceId).collect(),
        is_all: options.all,
        sample: None,
    };
    let workspace = Arc::new(Workspace::open(config, &args.data)?);
    let runtime = runtime()?;
    let (report, summary) = runtime.block_on(pass(&workspace, &selection))?;
    let told = runtime.block_on(tell(&workspace));
    match args.format {
        Format::Text => out.text(&(report_text(&report) + &summary_text(&summary)))?,
        Format::Json => out.pretty(&pass_json(&report, &summary)?)?,
        Format::Jsonl => out.line(&pass_json(&report, &summary)?)?,
    }
    // What was collected stands whether anybody could be told or not.
    match told {
        Ok(told) => saved::say(&told),
        Err(error) => output::message(&format!("aigaq: nobody was told: {error:#}")),
    }
    Ok(Outcome::Fine)
}

/// Tells what is due of saved searches and of sources.
async fn tell(workspace: &Workspace) -> anyhow::Result<Told> {
    let now = Utc::now();
    health::look(workspace, &health::reread(workspace)?, now)?;
    let mut told = saved::tell(workspace, now).await?;
    let alerts = &workspace.config.alerts;
    if let Some(admin) = secrets::admin(alerts)? {
        let sender = saved::sender(alerts)?;
        let base_url = alerts.base_url.as_deref();
        let of_sources = health::tell(&*workspace.store, &sender, &admin, base_url, now).await?;
        told.sent += of_sources.sent;
        told.put_off.extend(of_sources.put_off);
        told.paused.extend(of_sources.paused);
    }
    Ok(told)
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

/// A sample of each source, fetched into a folder that is thrown away.
pub(super) fn rehearsed(config: Config, selection: &Selection) -> anyhow::Result<Vec<Rehearsal>> {
    let folder = tempfile::tempdir().context("cannot make a folder for what is fetched")?;
    let (_stop, stopped) = watch::channel(false);
    let bar = Bar::new();
    let clock = Clock::system();
    let seen = runtime()?.block_on(pipeline::rehearse(
        config,
        folder.path(),
        selection,
        clock,
        &bar,
        stopped,
    ));
    bar.0.finish_and_clear();
    seen
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
        alerts: AlertConfig::default(),
        cases: CaseConfig::default(),
        letters: LetterConfig::default(),
        evidence: EvidenceConfig::default(),
        web: WebConfig::default(),
        oidc: None,
    })
}

/// The text of the configuration file.
pub(super) fn read_config(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the configuration {}", path.display()))
}

/// The configuration, checked by all who know what it must hold.
pub(super) fn parse(text: &str, path: &Path) -> Result<Config, Vec<ConfigError>> {
    let config = Config::parse(text, path)?;
    let errors = crawl::check(&config);
    if errors.is_empty() {
        Ok(config)
    } else {
        Err(errors)
    }
}

/// All mistakes as one error, a line each.
pub(super) fn all_of(errors: &[ConfigError]) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow!(lines.join("\n"))
}
