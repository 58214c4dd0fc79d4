//! `search`: a page of hits, all of them as a stream, or an export with its manifest.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::Outcome;
use super::args::{self, Args, Format, Search};
use super::output::{self, Out};
use super::stored::open_to_read;
use crate::canonical;
use crate::index::{Index, MAX_COMPARED, SearchQuery, Sort};
use crate::model::{BarWidth, HitKind};
use crate::report::export::{Export, Form, Manifest};
use crate::report::{json, text};
use crate::store::Store;

/// Hits of a page without `--limit`.
const LIMIT: usize = 20;

/// Searches publications and records.
pub(super) fn search(args: &Args, options: &Search, out: &mut Out) -> anyhow::Result<Outcome> {
    let store = open_to_read(&args.data)?;
    let index = Index::open(&args.data)?;
    let now = Utc::now();
    let query = SearchQuery {
        sort: match options.sort {
            args::Sort::Relevance => Sort::Relevance,
            args::Sort::Date => Sort::Date,
        },
        kind: match options.kind {
            None => HitKind::Pages,
            Some(args::Kind::Publications) => HitKind::Publications,
            Some(args::Kind::Records) => HitKind::Records,
            Some(args::Kind::Claims) => HitKind::Claims,
            Some(args::Kind::Cases) => HitKind::Cases,
        },
        step: options.step.map(|step| match step {
            args::BarWidth::Day => BarWidth::Day,
            args::BarWidth::Week => BarWidth::Week,
            args::BarWidth::Month => BarWidth::Month,
        }),
        compared: options.compare.clone(),
        after: options.after.clone(),
        limit: options.limit.unwrap_or(LIMIT),
        is_folded: !options.unfolded,
        is_counted: options.facets,
        ..SearchQuery::new(options.query.join(" "), crate::language::local_day(now))
    };
    if let Some(path) = &options.export {
        return export(&index, &*store, &query, path, now, out);
    }
    if args.format == Format::Jsonl && options.limit.is_none() {
        return stream(&index, &*store, &query, out);
    }
    if options.compare.len() > MAX_COMPARED {
        bail!("at most {MAX_COMPARED} queries are compared");
    }
    let hits = index.search(&query, &*store)?;
    for repair in &hits.repairs {
        output::message(&format!("aigaq: {repair}"));
    }
    match args.format {
        Format::Text => {
            for expansion in &hits.expansions {
                output::message(&format!("aigaq: {}", text::expansion(expansion)));
            }
            let text = text::hits(&hits, options.share, out.style);
            out.text(&text)?;
        }
        Format::Json => out.pretty(&json::hits(&hits))?,
        Format::Jsonl => {
            for hit in &hits.hits {
                out.line(&json::hit(hit))?;
            }
        }
    }
    Ok(Outcome::Fine)
}

/// Prints every hit as it is read.
fn stream(
    index: &Index,
    store: &dyn Store,
    query: &SearchQuery,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let mut printed = Ok(());
    index.each_hit(query, store, &mut |hit| {
        printed = out.line(&json::hit(&hit));
        printed.is_ok()
    })?;
    printed?;
    Ok(Outcome::Fine)
}

/// Writes every hit to a file, and what the file is to another beside it.
fn export(
    index: &Index,
    store: &dyn Store,
    query: &SearchQuery,
    path: &Path,
    now: DateTime<Utc>,
    out: &mut Out,
) -> anyhow::Result<Outcome> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let Some(form) = extension.and_then(Form::of_extension) else {
        bail!(
            "{}: an export ends in .csv, .jsonl or .xlsx",
            path.display()
        );
    };
    let cannot = || format!("cannot write {}", path.display());
    let index_generation = index.committed_seq()?;
    let file = BufWriter::new(File::create(path).with_context(cannot)?);
    let mut export = Export::begin(form, file)?;
    let mut written = Ok(());
    let n_rows = index.each_hit(query, store, &mut |hit| {
        written = export.add(&hit);
        written.is_ok()
    })?;
    written.with_context(cannot)?;
    let file = export.end().with_context(cannot)?.into_inner();
    file.map_err(|error| error.into_error())
        .with_context(cannot)?
        .sync_all()
        .with_context(cannot)?;
    let sha256 =
        digest_of(path).with_context(|| format!("cannot read {} again", path.display()))?;
    let manifest = Manifest {
        query: query.text.clone(),
        kind: query.kind,
        sort: query.sort.word().to_owned(),
        form,
        index_generation,
        exported_at: now,
        n_rows: n_rows as u64,
        sha256,
        program: Manifest::PROGRAM.to_owned(),
    };
    let beside = PathBuf::from(format!("{}.manifest.json", path.display()));
    let manifest = serde_json::to_value(&manifest)?;
    std::fs::write(&beside, format!("{manifest:#}\n"))
        .with_context(|| format!("cannot write {}", beside.display()))?;
    out.pretty(&manifest)?;
    Ok(Outcome::Fine)
}

/// SHA-256 of a file, in hexadecimal digits.
fn digest_of(path: &Path) -> io::Result<String> {
    let mut file = BufReader::new(File::open(path)?);
    let mut digest = Sha256::new();
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let n_bytes = file.read(&mut bytes)?;
        if n_bytes == 0 {
            break;
        }
        digest.update(&bytes[..n_bytes]);
    }
    Ok(canonical::hex(&digest.finalize()))
}
