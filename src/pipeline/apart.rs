//! Reads office files in a process of its own, with limits on processor time and memory.
//!
//! A file of a foreign format can ask its reader for far more work than its size tells: two kilobytes of PDF can ask
//! for a billion drawings, one megabyte unpack to a thousand. No check of the bytes beforehand knows all of these ways, so the
//! reader itself is limited, and a file that costs more is refused like any other that cannot be read. Pages in HTML are
//! read here: their reader is our own and linear.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::extract::{self, Page};
use crate::language::Language;
use crate::model::{Document, Hint};

/// Most processor time for one file, in seconds: a thousand pages of text take two, a statistical form of a region one.
const MAX_SECONDS: u32 = 20;
/// Most memory for one file, in bytes.
const MAX_MEMORY_BYTES: u64 = 1 << 30;
/// The command of the program that [`serve`]s.
pub const COMMAND: &str = "read-file";
/// Sets the limits and becomes the reader. A system without a limit of memory still has that of time.
const LIMITED: &str = "ulimit -t \"$1\"; ulimit -v \"$2\" 2>/dev/null; exec \"$3\" \"$4\"";

/// The program that is started for each file; none in tests of the library, which read files here.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// From now on files are read by that program, which must answer to [`COMMAND`]. The first call counts.
pub fn read_files_by(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// What is known of a file, sent before its bytes.
#[derive(Serialize, Deserialize)]
struct Order {
    url: String,
    content_type: Option<String>,
    hint: Hint,
    languages: Vec<Language>,
    /// Name of the time zone.
    timezone: Option<String>,
    fetched_at: Option<DateTime<Utc>>,
}

/// What came of it.
#[derive(Serialize, Deserialize)]
enum Answer {
    Document(Box<Document>),
    Refused(String),
}

/// The document of a page or file.
///
/// # Errors
/// When it is no document, or when reading it costs more than the limits.
pub(super) fn document(page: &Page<'_>) -> anyhow::Result<Document> {
    match PROGRAM.get() {
        Some(program) if extract::is_file(page) => by_program(program, page),
        _ => Ok(extract::document(page)?),
    }
}

/// The document of a file, read by another process.
fn by_program(program: &PathBuf, page: &Page<'_>) -> anyhow::Result<Document> {
    let order = Order {
        url: page.url.to_owned(),
        content_type: page.content_type.map(str::to_owned),
        hint: page.hint.clone(),
        languages: page.languages.to_vec(),
        timezone: page.timezone.map(|zone| zone.name().to_owned()),
        fetched_at: page.fetched_at,
    };
    let mut child = Command::new("sh")
        .args(["-c", LIMITED, "sh"])
        .args([
            MAX_SECONDS.to_string(),
            (MAX_MEMORY_BYTES / 1024).to_string(),
        ])
        .arg(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the reader of files")?;
    if let Some(mut input) = child.stdin.take() {
        let mut line = serde_json::to_vec(&order)?;
        line.push(b'\n');
        // The reader takes all of its input before it answers; one that ended early is told by its status below.
        let _ = input
            .write_all(&line)
            .and_then(|()| input.write_all(page.bytes));
    }
    let output = child
        .wait_with_output()
        .context("the reader of files is lost")?;
    if !output.status.success() {
        let limit = MAX_MEMORY_BYTES >> 20;
        bail!(
            "reading the file took more than {MAX_SECONDS} s of processor time or {limit} MB of memory"
        );
    }
    match serde_json::from_slice(&output.stdout).context("the reader of files did not answer")? {
        Answer::Document(document) => Ok(*document),
        Answer::Refused(reason) => Err(anyhow!(reason)),
    }
}

/// Reads the one file that stands on `input` and writes what came of it.
///
/// # Errors
/// When the input is not what the parent process sends, or the output cannot be written.
pub fn serve(mut input: impl Read, mut output: impl Write) -> anyhow::Result<()> {
    let mut all = Vec::new();
    input.read_to_end(&mut all)?;
    let end = all
        .iter()
        .position(|byte| *byte == b'\n')
        .context("no line tells of the file")?;
    let order: Order = serde_json::from_slice(&all[..end])?;
    let read = extract::document(&Page {
        content_type: order.content_type.as_deref(),
        hint: &order.hint,
        languages: &order.languages,
        timezone: order.timezone.and_then(|name| name.parse().ok()),
        fetched_at: order.fetched_at,
        ..Page::plain(&order.url, &all[end + 1..])
    });
    let answer = match read {
        Ok(document) => Answer::Document(Box::new(document)),
        Err(error) => Answer::Refused(error.to_string()),
    };
    serde_json::to_writer(&mut output, &answer)?;
    Ok(())
}
