//! Commands over what is stored: `changes`, `findings`, `check`, `recheck`, `reindex`.
//!
//! Those that only read need no configuration: the store remembers its sources.

use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{SecondsFormat, Utc};
use serde_json::Value;

use super::Outcome;
use super::args::{self, Args, Claims, Format};
use super::collect::{config_if_there, summary_text};
use super::output::Out;
use super::reading::{draft, page_document, read_bytes};
use crate::crawl::Clock;
use crate::model::{Claim, Document, Label, Revision, Verdict};
use crate::pipeline::{self, Workspace};
use crate::report::{changes, json, text};
use crate::store::{self, Store};

/// Shows the revisions of an address, each with what it changed.
pub(super) fn changes(args: &Args, url: &str, out: &mut Out) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let revisions = store.revisions_of(url)?;
    if revisions.is_empty() {
        bail!("nothing is stored of {url}; `aigaq search` shows what is");
    }
    let mut before: Option<&Revision> = None;
    for revision in &revisions {
        let changes = match before {
            Some(before) if !revision.is_gone => {
                changes::changes(&before.document, &revision.document)
            }
            _ => Vec::new(),
        };
        let seen = revision
            .first_seen
            .to_rfc3339_opts(SecondsFormat::Secs, true);
        if args.format == Format::Text {
            let state = match (before, revision.is_gone) {
                (_, true) => "the page is gone",
                (None, false) => "first seen",
                (Some(_), false) => "changed",
            };
            out.text(&format!("{}  {seen}  {state}\n", revision.number))?;
            out.text(&changes::text(&changes))?;
        } else {
            out.line(&changes::to_json(revision, &changes))?;
        }
        before = Some(revision);
    }
    Ok(Outcome::Fine)
}

/// Lists every checked claim.
pub(super) fn findings(
    args: &Args,
    options: &args::Findings,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let mut findings = store.findings()?;
    findings.retain(|(claim, verdict)| {
        options
            .verdict
            .is_none_or(|label| is_label(label, verdict.label))
            && options
                .source
                .as_ref()
                .is_none_or(|id| claim.source.0 == *id)
    });
    list_findings(args.format, &findings, out)?;
    Ok(Outcome::Fine)
}

/// Prints findings in the form asked for.
fn list_findings(
    format: Format,
    findings: &[(Claim, Verdict)],
    out: &mut Out,
) -> anyhow::Result<()> {
    if format == Format::Text {
        for (claim, verdict) in findings {
            let text = text::finding(claim, verdict, out.style);
            out.text(&(text + "\n"))?;
        }
        return out.text(&format!("{} findings\n", findings.len()));
    }
    let items: Vec<Value> = findings
        .iter()
        .map(|(claim, verdict)| json::finding(claim, verdict))
        .collect();
    out.list(format, "findings", &items, |_| String::new())
}

/// Whether a verdict is the one asked for.
fn is_label(asked: args::Verdict, label: Label) -> bool {
    let asked = match asked {
        args::Verdict::Supported => Label::Supported,
        args::Verdict::Contradicted => Label::Contradicted,
        args::Verdict::Outdated => Label::Outdated,
        args::Verdict::NoRecord => Label::NoRecord,
    };
    asked == label
}

/// Checks a text, a page that was saved, or the page at an address against the stored record.
pub(super) fn check(args: &Args, options: &Claims, out: &mut Out) -> anyhow::Result<Outcome> {
    let workspace = Workspace::open(config_if_there(args)?, &args.data)?;
    let (document, source) = match address(options) {
        Some(url) => checked_page(&workspace, url, options)?,
        None => checked_document(&read_bytes(options.input.path.as_deref())?, options)?,
    };
    let configured = options
        .source
        .as_ref()
        .map(|id| crate::model::SourceId(id.clone()));
    let source = match configured {
        Some(id) => workspace.source_of(&id),
        None => source,
    };
    let findings = pipeline::check(&workspace, document, &source, Utc::now())?;
    let differs = findings
        .iter()
        .any(|(_, verdict)| verdict.label == Label::Contradicted);
    list_findings(args.format, &findings, out)?;
    Ok(if differs {
        Outcome::Wrong
    } else {
        Outcome::Fine
    })
}

/// A page where the bytes are HTML, else a draft of plain text.
fn checked_document(
    bytes: &[u8],
    options: &Claims,
) -> anyhow::Result<(Document, crate::model::Source)> {
    let text = String::from_utf8_lossy(bytes);
    let (revision, source) = draft(&text, options);
    if text.trim_start().starts_with('<') {
        let mut page = page_document("draft:page", bytes)?;
        page.language = options.input.language.or(page.language);
        if options.input.published.is_some() {
            page.published = revision.document.published;
        }
        return Ok((page, source));
    }
    Ok((revision.document, source))
}

/// What was typed as a path but is an address.
fn address(options: &Claims) -> Option<&str> {
    let typed = options.input.path.as_deref()?.to_str()?;
    let is_address = typed.starts_with("http://") || typed.starts_with("https://");
    is_address.then_some(typed)
}

/// A page of the web as a document, with the source whose site it stands on.
fn checked_page(
    workspace: &Workspace,
    url: &str,
    options: &Claims,
) -> anyhow::Result<(Document, crate::model::Source)> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start the network")?;
    let fetched = pipeline::fetch(&workspace.config, url, Clock::system());
    let (mut page, owner) = runtime.block_on(fetched)?;
    page.language = options.input.language.or(page.language);
    let (revision, stranger) = draft("", options);
    if options.input.published.is_some() {
        page.published = revision.document.published;
    }
    Ok((page, owner.unwrap_or(stranger)))
}

/// Judges every claim again.
pub(super) fn recheck(args: &Args, out: &mut Out) -> anyhow::Result<Outcome> {
    let workspace = Workspace::open(config_if_there(args)?, existing(&args.data)?)?;
    let summary = pipeline::recheck(&workspace, Utc::now())?;
    match args.format {
        Format::Text => out.text(&summary_text(&summary))?,
        Format::Json => out.pretty(&serde_json::to_value(&summary)?)?,
        Format::Jsonl => out.line(&serde_json::to_value(&summary)?)?,
    }
    Ok(Outcome::Fine)
}

/// Builds the search index again.
pub(super) fn reindex(args: &Args, out: &mut Out) -> anyhow::Result<Outcome> {
    let workspace = pipeline::reindex(config_if_there(args)?, existing(&args.data)?)?;
    let counts = workspace.store.counts()?;
    match args.format {
        Format::Text => out.text(&format!(
            "{} revisions and {} observations indexed\n",
            counts.revisions, counts.observations
        ))?,
        Format::Json => out.pretty(&serde_json::to_value(&counts)?)?,
        Format::Jsonl => out.line(&serde_json::to_value(&counts)?)?,
    }
    Ok(Outcome::Fine)
}

/// The store of a data folder that is there, for reading.
pub(super) fn open_to_read(data: &Path) -> anyhow::Result<Box<dyn Store>> {
    Ok(store::open_read_only(existing(data)?)?)
}

/// The data folder, if it is one.
pub(super) fn existing(data: &Path) -> anyhow::Result<&Path> {
    let meta = std::fs::metadata(data).with_context(|| {
        format!(
            "cannot open the data folder {}; `aigaq crawl` makes it",
            data.display()
        )
    })?;
    if !meta.is_dir() {
        bail!("{} is not a folder", data.display());
    }
    Ok(data)
}

/// The sources that a store knows, by id.
pub(super) fn names(store: &dyn Store) -> anyhow::Result<text::Names> {
    let sources = store.sources()?.into_iter();
    Ok(sources.map(|source| (source.id.clone(), source)).collect())
}
