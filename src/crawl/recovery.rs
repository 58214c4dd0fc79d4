//! Opens the folder of captures after whatever a killed run left there, and brings files and store to one another.
//!
//! An answer is written to its file first and the store is told after; a kill between the two leaves an answer that the store
//! does not know. It is told of it now as the visit would have told it. Were it asked for again instead, the same bytes
//! would be kept twice. Files are closed after that, so that a kill during the recovery has it begin anew. Files that were being written
//! anew without what a rule of retention let go are finished or dropped.

use std::path::Path;

use super::archive::{Archive, Untold};
use super::frontier;
use super::pass::CrawlError;
use crate::config::Config;
use crate::model::{FetchOutcome, FrontierEntry};
use crate::store::Store;

/// Opens the folder for writing, with every file of it whole and every answer in it known to the store.
///
/// # Errors
/// When another crawl writes there, the store or the disk refuses, or a capture that the store knows cannot be read.
pub fn open(captures: &Path, config: &Config, store: &dyn Store) -> Result<Archive, CrawlError> {
    let archive = Archive::open(captures)?;
    archive.finish_renewals(&store.rewritten()?)?;
    for name in archive.left_open()? {
        let known = store.offsets_in(&name)?;
        let Some(untold) = archive.mend(&name, &known)? else {
            continue;
        };
        for answer in &untold {
            tell(config, store, answer)?;
        }
        archive.close_mended(&name)?;
    }
    Ok(archive)
}

/// Tells the store of an answer as the visit would have done that brought it.
fn tell(config: &Config, store: &dyn Store, answer: &Untold) -> Result<(), CrawlError> {
    let capture = &answer.capture;
    let (id, url) = (&capture.source, &capture.requested_url);
    let entry = store.frontier_entry(id, url)?;
    let (Some(entry), Some(source)) = (entry, config.source(id)) else {
        tracing::warn!(%url, "an answer is kept that nobody waits for any more: {url}");
        return Ok(());
    };
    let rhythm = store.rhythm(id)?;
    let hash = &capture.body_hash.0;
    let at = capture.fetched_at;
    let after = |known: &FrontierEntry| {
        frontier::after_body(known, &answer.head, hash, source, &rhythm, at)
    };
    let outcome = FetchOutcome::Captured;
    store.visited(&entry, &outcome, at, Some(capture), &after)?;
    tracing::info!(%url, "taken over from a run that was killed: {url}");
    Ok(())
}
