//! Takes in publications and records from files that an operator gives: pages, workbooks, documents, datasets, archives.
//!
//! A file is evidence like an answer of a site: its bytes go to the captures first, then it takes the way of every
//! page. The same bytes for the same address are taken once. A file that cannot be taken costs only itself.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::{Summary, Workspace, settle};
use crate::crawl::archive::{self, Archive};
use crate::crawl::recovery;
use crate::extract::MAX_PAGE_BYTES;
use crate::model::{FrontierEntry, Hint, SourceId, TargetKind, Visits};

/// Deepest folder that is looked into.
const MAX_FOLDER_DEPTH: usize = 16;
/// Most files taken in one run.
const MAX_FILES: usize = 100_000;

/// What is given and what is known of it.
#[derive(Debug, Clone)]
pub struct Import {
    /// Files, and folders whose files are meant.
    pub paths: Vec<PathBuf>,
    /// Source that published them.
    pub source: SourceId,
    /// Address of the one file, or of the folder in which they stand; without it their own place on the disk.
    pub url: Option<Url>,
    /// Title, period or region that the files do not say themselves.
    pub title: Option<String>,
    /// When they were published, RFC 3339 or a day.
    pub published: Option<String>,
}

/// What an import came to.
#[derive(Debug, Default, serde::Serialize)]
pub struct Imported {
    /// Publications and records taken in.
    pub n_taken: usize,
    /// Those that were known with the same bytes.
    pub n_known: usize,
    /// Files, or records in them, that could not be taken, with the reason.
    pub refused: Vec<(String, String)>,
    /// What reading and judging them came to.
    pub summary: Summary,
}

/// One publication or record out of a file.
struct Item {
    url: String,
    at: DateTime<Utc>,
    kind: TargetKind,
    content_type: String,
    bytes: Vec<u8>,
    hint: Hint,
}

/// Takes the files in, then reads, indexes and judges what is new.
///
/// # Errors
/// When the source is not configured, a path does not exist, or the data folder fails.
pub fn import(
    workspace: &Workspace,
    what: &Import,
    now: DateTime<Utc>,
) -> anyhow::Result<Imported> {
    let Some(config) = workspace.config.source(&what.source) else {
        bail!("`{}` is no source of the configuration", what.source);
    };
    let has_api = config.api.is_some();
    let mut files = Vec::new();
    for path in &what.paths {
        collect(path, 0, &mut files)?;
    }
    let archive = recovery::open(&workspace.captures(), &workspace.config, &*workspace.store)?;
    let mut imported = Imported::default();
    for path in &files {
        let url = address(what, path, files.len())?;
        let mut take = |item: Result<Item, String>| -> anyhow::Result<()> {
            match item {
                Ok(item) => match keep(workspace, &archive, &what.source, item)? {
                    true => imported.n_taken += 1,
                    false => imported.n_known += 1,
                },
                Err(reason) => {
                    let refused = (path.display().to_string(), reason);
                    imported.refused.push(refused);
                }
            }
            Ok(())
        };
        match kind_of(path) {
            Kind::Archive => match archive::given(path) {
                Ok(given) => {
                    for item in given {
                        take(item.map(|given| of_archive(what, given)))?;
                    }
                }
                Err(error) => take(Err(error.to_string()))?,
            },
            kind => {
                for item in items(what, path, &url, kind, has_api, now) {
                    take(item)?;
                }
            }
        }
    }
    archive.close()?;
    imported.summary = settle(workspace, now)?;
    Ok(imported)
}

/// The files that a path means, in the order of their names; what begins with a dot is left out.
fn collect(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let shown = path.display();
    let meta = fs::metadata(path).with_context(|| format!("cannot read {shown}"))?;
    if meta.is_file() {
        if files.len() >= MAX_FILES {
            bail!("more than {MAX_FILES} files are given");
        }
        files.push(path.to_owned());
        return Ok(());
    }
    if depth >= MAX_FOLDER_DEPTH {
        bail!("{shown} lies deeper than {MAX_FOLDER_DEPTH} folders");
    }
    let listing = fs::read_dir(path).with_context(|| format!("cannot list {shown}"))?;
    let mut entries = Vec::new();
    for entry in listing {
        let entry = entry.with_context(|| format!("cannot list {shown}"))?;
        // A link could lead round in a circle, or out of what was given.
        let is_link = entry.file_type()?.is_symlink();
        if !is_link && !entry.file_name().as_encoded_bytes().starts_with(b".") {
            entries.push(entry.path());
        }
    }
    entries.sort();
    for entry in entries {
        collect(&entry, depth + 1, files)?;
    }
    Ok(())
}

/// The address a file is known by.
fn address(what: &Import, path: &Path, n_files: usize) -> anyhow::Result<Url> {
    let shown = path.display();
    let Some(base) = &what.url else {
        let whole = fs::canonicalize(path).with_context(|| format!("cannot find {shown}"))?;
        let url = Url::from_file_path(&whole);
        return url.map_err(|()| anyhow::anyhow!("{shown} has no address"));
    };
    if n_files == 1 {
        return Ok(base.clone());
    }
    let root = what.paths.iter().find(|root| path.starts_with(root));
    let rest = root.and_then(|root| path.strip_prefix(root).ok());
    let rest = rest.filter(|rest| !rest.as_os_str().is_empty());
    let name = rest.or_else(|| path.file_name().map(Path::new));
    let mut url = base.clone();
    if let (Some(name), Ok(mut segments)) = (name, url.path_segments_mut()) {
        segments.pop_if_empty();
        segments.extend(name.iter().map(|part| part.to_string_lossy().into_owned()));
    }
    Ok(url)
}

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Web archive.
    Archive,
    /// JSON, whole.
    Json,
    /// JSON, a value a line.
    JsonLines,
    /// A page.
    Page,
    /// An official file: read by its bytes, whatever its name.
    File(&'static str),
}

fn kind_of(path: &Path) -> Kind {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".warc", ".warc.gz"]) {
        Kind::Archive
    } else if ends(&[".jsonl", ".ndjson"]) {
        Kind::JsonLines
    } else if ends(&[".json"]) {
        Kind::Json
    } else if ends(&[".html", ".htm", ".xhtml"]) {
        Kind::Page
    } else if ends(&[".csv"]) {
        Kind::File("text/csv")
    } else if ends(&[".xlsx", ".xls"]) {
        Kind::File("application/vnd.ms-excel")
    } else if ends(&[".pdf"]) {
        Kind::File("application/pdf")
    } else {
        Kind::File("application/octet-stream")
    }
}

/// What the operator says of every file.
fn hint(what: &Import) -> Hint {
    Hint {
        title: what.title.clone(),
        published: what.published.clone(),
        ..Hint::default()
    }
}

fn of_archive(what: &Import, given: archive::Given) -> Item {
    Item {
        url: given.url,
        at: given.at,
        kind: TargetKind::Page,
        content_type: given.content_type,
        bytes: given.body,
        hint: hint(what),
    }
}

/// The publications and records in a file that is no web archive.
fn items(
    what: &Import,
    path: &Path,
    url: &Url,
    kind: Kind,
    has_api: bool,
    now: DateTime<Utc>,
) -> Vec<Result<Item, String>> {
    let size = fs::metadata(path).map_or(0, |meta| meta.len());
    if size > MAX_PAGE_BYTES as u64 {
        let reason = format!("it has {size} bytes, more than the limit of {MAX_PAGE_BYTES}");
        return vec![Err(reason)];
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return vec![Err(error.to_string())],
    };
    let whole = |kind, content_type: &str, bytes| Item {
        url: url.to_string(),
        at: now,
        kind,
        content_type: content_type.to_owned(),
        bytes,
        hint: hint(what),
    };
    let values: Vec<Result<Value, String>> = match kind {
        Kind::File(content_type) => {
            return vec![Ok(whole(TargetKind::File, content_type, bytes))];
        }
        Kind::Page => return vec![Ok(whole(TargetKind::Page, "text/html", bytes))],
        Kind::Archive => return Vec::new(),
        Kind::Json => vec![serde_json::from_slice(&bytes).map_err(|error| error.to_string())],
        Kind::JsonLines => lines(&bytes),
    };
    let values: Vec<Result<Value, String>> = values.into_iter().flat_map(spread).collect();
    let is_publication =
        |value: &Result<Value, String>| value.as_ref().is_ok_and(|value| value["html"].is_string());
    if !has_api && !values.iter().any(is_publication) {
        // Rows of a dataset: one record, read as a table.
        let rows: Result<Vec<Value>, String> = values.into_iter().collect();
        return vec![rows.map(|rows| {
            let bytes = match kind {
                Kind::Json => bytes,
                _ => Value::Array(rows).to_string().into_bytes(),
            };
            whole(TargetKind::File, "application/json", bytes)
        })];
    }
    let numbered = (1..).zip(values);
    let named = numbered.map(|(number, value)| {
        let named = |reason: String| format!("entry {number}: {reason}");
        let value = value.map_err(named)?;
        if has_api {
            let mut item = whole(
                TargetKind::ApiItem,
                "application/json",
                value.to_string().into_bytes(),
            );
            item.url = format!("{url}#{number}");
            return Ok(item);
        }
        publication(&value, whole(TargetKind::Page, "text/html", Vec::new())).map_err(named)
    });
    named.collect()
}

/// The entries of a list, or the one value that is none.
fn spread(value: Result<Value, String>) -> Vec<Result<Value, String>> {
    match value {
        Ok(Value::Array(entries)) => entries.into_iter().map(Ok).collect(),
        other => vec![other],
    }
}

/// A value a line; blank lines say nothing.
fn lines(bytes: &[u8]) -> Vec<Result<Value, String>> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let filled = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    let read = filled.map(|(number, line)| {
        serde_json::from_slice(line).map_err(|error| format!("line {}: {error}", number + 1))
    });
    read.collect()
}

/// A publication written as `{"url", "html", "title", "published", "language"}`.
fn publication(value: &Value, mut item: Item) -> Result<Item, String> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    let url = text("url").ok_or("it has no `url`")?;
    item.url = Url::parse(&url)
        .map_err(|error| format!("`{url}` is no address: {error}"))?
        .into();
    item.bytes = text("html").ok_or("it has no `html`")?.into_bytes();
    item.hint.title = text("title").or(item.hint.title);
    item.hint.published = text("published").or(item.hint.published);
    item.hint.language = text("language");
    Ok(item)
}

/// Keeps one item: evidence first, then the store. Says whether it was new.
fn keep(
    workspace: &Workspace,
    archive: &Archive,
    source: &SourceId,
    item: Item,
) -> anyhow::Result<bool> {
    let store = &workspace.store;
    if store
        .capture(&archive::file_id(&item.url, &item.bytes))?
        .is_some()
    {
        return Ok(false);
    }
    let known = store.frontier_entry(source, &item.url)?;
    let entry = known.unwrap_or_else(|| FrontierEntry {
        url: item.url.clone(),
        source: source.clone(),
        host: String::new(),
        kind: item.kind,
        hint: item.hint.clone(),
        discovered_at: item.at,
        // What was given is never asked of a site, unless discovery finds it too.
        due_at: None,
        fetched_at: Some(item.at),
        changed_at: Some(item.at),
        etag: None,
        last_modified: None,
        body_hash: None,
        n_failures: 0,
        n_gone: 0,
        visits: Visits::default(),
    });
    let capture = archive.keep_file(source, &item.url, &item.content_type, item.bytes, item.at)?;
    store.captured(&entry, &capture)?;
    Ok(true)
}
