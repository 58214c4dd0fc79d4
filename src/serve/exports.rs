//! Exports over HTTP: rows are sent while they are read, whatever their number; a manifest says what the same address gives.
//!
//! Rows of CSV and JSON lines leave as they come. A workbook is a container whose head is known at its end, so it is
//! written to a file without a name first. A reader that goes away ends the reading.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use super::access::CurrentUser;
use super::error::Error;
use super::pages::off_thread;
use super::search::Asked;
use super::{Desk, Shared};
use crate::canonical;
use crate::index::SearchQuery;
use crate::model::AuditNote;
use crate::report::export::{Export, Form, Manifest};

/// Bytes that leave at once.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;
/// Exports that are sent at once: each holds a thread for as long as its reader takes.
pub const EXPORTS_AT_ONCE: usize = 4;
/// How long a reader may take nothing before its export ends.
const PATIENCE: Duration = Duration::from_secs(60);
/// Chunks that wait for a slow reader before reading waits too.
const WAITING_CHUNKS: usize = 4;

/// The form of an export.
#[derive(Debug, Deserialize)]
pub(super) struct AskedForm {
    /// `csv`, `jsonl` or `xlsx`.
    form: Form,
}

/// Everything that a query finds.
pub(super) async fn export(
    State(desk): Shared,
    user: CurrentUser,
    Query(asked): Query<Asked>,
    Query(AskedForm { form }): Query<AskedForm>,
) -> Response {
    let permit = match desk.export_begins() {
        Ok(permit) => permit,
        Err(error) => return error.as_json(),
    };
    let actor = user.user.id.clone();
    let asking = Arc::clone(&desk);
    let query = match off_thread(move || asked.query_of(&asking, &user)).await {
        Ok(query) => query,
        Err(error) => return error.as_json(),
    };
    let counting = (Arc::clone(&desk), query.clone());
    let head = off_thread(move || {
        let (desk, query) = counting;
        let n_rows = desk.index.count(&query, &*desk.store)?;
        desk.store.note(&AuditNote {
            at: desk.gate.now(),
            actor,
            action: "export.search".to_owned(),
            subject: query.kind.word().to_owned(),
            details: json!({ "query": query.text, "form": form, "rows": n_rows }),
        })?;
        Ok((n_rows, desk.index.committed_seq()?))
    });
    let (n_rows, generation) = match head.await {
        Ok(head) => head,
        Err(error) => return error.as_json(),
    };
    let body = streamed(permit, move |send| {
        write(&desk, &query, form, send).map(drop)
    });
    let (kind, ending) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "csv"),
        Form::Jsonl => ("application/jsonl; charset=utf-8", "jsonl"),
        Form::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"aigaq-{generation}.{ending}\""),
        ),
        (HeaderName::from_static("x-aigaq-rows"), n_rows.to_string()),
        (
            HeaderName::from_static("x-aigaq-index-generation"),
            generation.to_string(),
        ),
    ];
    (headers, body).into_response()
}

impl Desk {
    /// A place among the exports that are sent; refused where all are taken.
    pub(super) fn export_begins(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = Arc::clone(&self.exporting).try_acquire_owned();
        permit.map_err(|_| Error::Busy("too many exports are read at once"))
    }
}

/// A body that is sent while `write` hands its chunks over.
pub(super) fn streamed(
    permit: OwnedSemaphorePermit,
    write: impl FnOnce(&mut (dyn FnMut(&[u8]) -> io::Result<()> + Send)) -> io::Result<()>
    + Send
    + 'static,
) -> Body {
    let (sender, chunks) = mpsc::channel::<io::Result<Bytes>>(WAITING_CHUNKS + 1);
    // A place is kept for the news that it ended early, which must arrive although the reader takes nothing.
    let last = sender.clone().try_reserve_owned().ok();
    let here = Handle::current();
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        let mut send = |bytes: &[u8]| {
            let chunk = Ok(Bytes::copy_from_slice(bytes));
            let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
            let sent = here.block_on(sender.send_timeout(chunk, PATIENCE));
            sent.map_err(gone)
        };
        if let Err(error) = write(&mut send) {
            tracing::warn!(%error, "an export ended early: {error}");
            // The connection ends without its last chunk, so that nobody takes a part for the whole.
            if let Some(last) = last {
                last.send(Err(error));
            }
        }
    });
    Body::from_stream(ReceiverStream::new(chunks))
}

/// What an export of the same query is: its rows and the digest of its bytes.
pub(super) async fn manifest(
    State(desk): Shared,
    user: CurrentUser,
    Query(asked): Query<Asked>,
    Query(AskedForm { form }): Query<AskedForm>,
) -> Response {
    let written = off_thread(move || {
        let query = asked.query_of(&desk, &user)?;
        let index_generation = desk.index.committed_seq()?;
        let mut digest = Sha256::new();
        let n_rows = write(&desk, &query, form, &mut |bytes| {
            digest.update(bytes);
            Ok(())
        })?;
        Ok(Manifest {
            query: query.text.clone(),
            kind: query.kind,
            sort: query.sort.word().to_owned(),
            form,
            index_generation,
            exported_at: desk.gate.now(),
            n_rows: n_rows as u64,
            sha256: canonical::hex(&digest.finalize()),
            program: Manifest::PROGRAM.to_owned(),
        })
    });
    match written.await {
        Ok(manifest) => Json(manifest).into_response(),
        Err(error) => error.as_json(),
    }
}

/// Hands every row to `send`, chunk by chunk; says how many rows there were.
fn write(
    desk: &Desk,
    query: &SearchQuery,
    form: Form,
    send: &mut (dyn FnMut(&[u8]) -> io::Result<()> + Send),
) -> io::Result<usize> {
    if form != Form::Xlsx {
        let to = BufWriter::with_capacity(CHUNK_BYTES, Chunks(send));
        let (n_rows, mut to) = rows(desk, query, form, to)?;
        to.flush()?;
        return Ok(n_rows);
    }
    let (n_rows, to) = rows(desk, query, form, BufWriter::new(tempfile::tempfile()?))?;
    let mut file: File = to.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = vec![0; CHUNK_BYTES];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(n_rows),
            n_bytes => send(&bytes[..n_bytes])?,
        }
    }
}

/// Writes every row.
fn rows<W: Write + Seek + Send>(
    desk: &Desk,
    query: &SearchQuery,
    form: Form,
    to: W,
) -> io::Result<(usize, W)> {
    let mut export = Export::begin(form, to).map_err(io::Error::other)?;
    let mut written = Ok(());
    let found = desk.index.each_hit(query, &*desk.store, &mut |hit| {
        written = export.add(&hit);
        written.is_ok()
    });
    written.map_err(io::Error::other)?;
    let n_rows = found.map_err(io::Error::other)?;
    Ok((n_rows, export.end().map_err(io::Error::other)?))
}

/// A writer that hands over what it gets.
pub(super) struct Chunks<'s>(pub(super) &'s mut (dyn FnMut(&[u8]) -> io::Result<()> + Send));

impl Write for Chunks<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Only workbooks are written out of order, and those go to a file.
impl Seek for Chunks<'_> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::Semaphore;

    #[tokio::test]
    async fn an_export_that_ends_early_is_never_taken_for_a_whole_one() {
        for is_whole in [true, false] {
            let places = Arc::new(Semaphore::new(1));
            let permit = Arc::clone(&places).try_acquire_owned().unwrap();
            let body = streamed(permit, move |send| {
                // As much as waits for a reader, so that there is no room left.
                (0..WAITING_CHUNKS).try_for_each(|_| send(b"row\n"))?;
                match is_whole {
                    true => Ok(()),
                    false => Err(io::ErrorKind::Other.into()),
                }
            });
            // Its place is free once nothing more is written.
            let _ended = places.acquire().await.unwrap();
            let read = axum::body::to_bytes(body, 1 << 10).await;
            assert_eq!(read.is_ok(), is_whole);
        }
    }
}
