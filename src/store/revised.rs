//! Turns sightings of pages into revisions: a new one where a reader would see a change, else a later `last_seen`.
//!
//! What a sighting comes to is planned first, reading only, so that what is derived from new revisions can be
//! computed without holding the database; the plan is then written in one transaction with it.
//! The address alone says which document a page is, whichever source or way it was found.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::Cause;
use super::payload::{decode, encode, micros, moment};
use super::{Recorded, Sighting, sql};
use crate::canonical;
use crate::model::{CanonicalUrl, CaptureId, Document, Revision, RevisionId, SourceId};

/// What is known of the revision that stands at an address.
#[derive(Debug, Clone)]
pub(super) struct Head {
    id: RevisionId,
    number: u32,
    source: SourceId,
    last_seen: DateTime<Utc>,
    is_gone: bool,
    content_hash: String,
}

/// What a sighting comes to.
#[derive(Debug)]
pub(super) enum Step {
    /// The revision that stands was seen again.
    Seen {
        /// That revision.
        revision: RevisionId,
        /// When.
        at: DateTime<Utc>,
    },
    /// The sighting is known already, or older than what stands.
    Known(RevisionId),
    /// A new revision.
    Added {
        /// It, complete but for what is derived from it.
        revision: Box<Revision>,
        /// Digest of what a reader sees.
        content_hash: String,
        /// The revision that stood before.
        before: Option<RevisionId>,
    },
}

impl Step {
    /// The step as callers see it.
    pub(super) fn recorded(&self) -> Recorded {
        match self {
            Step::Seen { revision, .. } | Step::Known(revision) => {
                Recorded::Unchanged(revision.clone())
            }
            Step::Added {
                revision, before, ..
            } => match before {
                None => Recorded::New(revision.id.clone()),
                Some(before) => Recorded::Changed {
                    before: before.clone(),
                    now: revision.id.clone(),
                },
            },
        }
    }
}

/// Plans what sightings come to, one after the other; nothing is written.
pub(super) fn plan(db: &Connection, sightings: &[Sighting]) -> Result<Vec<Step>, Cause> {
    let mut heads: BTreeMap<&str, Option<Head>> = BTreeMap::new();
    let mut steps = Vec::with_capacity(sightings.len());
    for sighting in sightings {
        let url = sighting.document.url.0.as_str();
        if !heads.contains_key(url) {
            heads.insert(url, head(db, url)?);
        }
        let known = match &sighting.capture {
            Some(capture) => revision_of_capture(db, capture)?,
            None => None,
        };
        let standing = heads.entry(url).or_default();
        let step = match known {
            Some(revision) => Step::Known(revision),
            None => step(standing.as_ref(), sighting)?,
        };
        follow(standing, &step);
        steps.push(step);
    }
    Ok(steps)
}

/// What one sighting comes to, given what stands.
fn step(head: Option<&Head>, sighting: &Sighting) -> Result<Step, Cause> {
    let content_hash = sighting.document.content_hash().0;
    let at = moment(micros(sighting.seen_at))?;
    if let Some(head) = head {
        // A capture read late must not bring an old text back over a newer one.
        if at < head.last_seen {
            return Ok(Step::Known(head.id.clone()));
        }
        if !head.is_gone && head.content_hash == content_hash {
            return Ok(Step::Seen {
                revision: head.id.clone(),
                at,
            });
        }
    }
    let number = head.map_or(1, |head| head.number + 1);
    let revision = Revision {
        id: revision_id(&sighting.document.url, &content_hash, number),
        source: head.map_or(&sighting.source, |head| &head.source).clone(),
        number,
        first_seen: at,
        last_seen: at,
        superseded_at: None,
        is_gone: false,
        capture: sighting.capture.clone(),
        document: sighting.document.clone(),
    };
    Ok(Step::Added {
        revision: Box::new(revision),
        content_hash,
        before: head.map(|head| head.id.clone()),
    })
}

/// The id of a revision; the same history always gives the same ids.
fn revision_id(url: &CanonicalUrl, content_hash: &str, number: u32) -> RevisionId {
    RevisionId(canonical::id(
        "rev",
        &[&url.0, content_hash, &number.to_string()],
    ))
}

/// What stands after a step.
fn follow(standing: &mut Option<Head>, step: &Step) {
    match step {
        Step::Known(_) => {}
        Step::Seen { at, .. } => {
            if let Some(head) = standing {
                head.last_seen = *at;
            }
        }
        Step::Added {
            revision,
            content_hash,
            ..
        } => {
            *standing = Some(Head {
                id: revision.id.clone(),
                number: revision.number,
                source: revision.source.clone(),
                last_seen: revision.last_seen,
                is_gone: false,
                content_hash: content_hash.clone(),
            });
        }
    }
}

/// Writes a planned step.
pub(super) fn apply(db: &Connection, step: &Step) -> Result<(), Cause> {
    match step {
        Step::Known(_) => Ok(()),
        Step::Seen { revision, at } => {
            db.prepare_cached(sql::SEEN)?
                .execute(params![revision.0, micros(*at)])?;
            Ok(())
        }
        Step::Added {
            revision,
            content_hash,
            before,
        } => add(db, revision, content_hash, before.as_ref()),
    }
}

/// Adds a revision after the one it supersedes.
fn add(
    db: &Connection,
    revision: &Revision,
    content_hash: &str,
    before: Option<&RevisionId>,
) -> Result<(), Cause> {
    if let Some(before) = before {
        supersede(db, before, revision.first_seen)?;
    }
    db.prepare_cached(sql::ADD_CONTENT)?
        .execute(params![encode(&revision.document)?])?;
    let content = db.last_insert_rowid();
    db.prepare_cached(sql::ADD_REVISION)?.execute(params![
        revision.id.0,
        revision.document.url.0,
        revision.number,
        revision.source.0,
        micros(revision.first_seen),
        revision.capture.as_ref().map(|capture| &capture.0),
        content_hash,
        content
    ])?;
    Ok(())
}

/// Marks when a revision ceased to stand; its claims are not judged again.
fn supersede(db: &Connection, revision: &RevisionId, at: DateTime<Utc>) -> Result<(), Cause> {
    db.prepare_cached(sql::SUPERSEDE)?
        .execute(params![revision.0, micros(at)])?;
    db.prepare_cached(sql::DROP_BASES_OF)?
        .execute(params![revision.0])?;
    Ok(())
}

/// Adds the marker that nothing stands at the address any more, unless it stands already.
pub(super) fn mark_gone(
    db: &Connection,
    url: &str,
    now: DateTime<Utc>,
) -> Result<Option<RevisionId>, Cause> {
    let Some(head) = head(db, url)? else {
        return Ok(None);
    };
    if head.is_gone || now < head.last_seen {
        return Ok(Some(head.id));
    }
    let id = revision_id(&CanonicalUrl(url.to_owned()), "gone", head.number + 1);
    supersede(db, &head.id, now)?;
    db.prepare_cached(sql::ADD_GONE)?
        .execute(params![head.id.0, id.0, micros(now)])?;
    Ok(Some(id))
}

/// What stands at an address.
fn head(db: &Connection, url: &str) -> Result<Option<Head>, Cause> {
    let mut statement = db.prepare_cached(sql::HEAD)?;
    let mut rows = statement.query(params![url])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Head {
        id: RevisionId(row.get(0)?),
        number: row.get(1)?,
        source: SourceId(row.get(2)?),
        last_seen: moment(row.get(3)?)?,
        is_gone: row.get(4)?,
        content_hash: row.get(5)?,
    }))
}

/// The revision that was read from a capture.
fn revision_of_capture(db: &Connection, id: &CaptureId) -> Result<Option<RevisionId>, Cause> {
    let found = db
        .prepare_cached(sql::REVISION_OF_CAPTURE)?
        .query_row(params![id.0], |row| row.get(0))
        .optional()?;
    Ok(found.map(RevisionId))
}

/// The place of a revision in the order stored.
pub(super) fn sequence(db: &Connection, id: &RevisionId) -> Result<i64, Cause> {
    db.prepare_cached(sql::REVISION_SEQ)?
        .query_row(params![id.0], |row| row.get(0))
        .optional()?
        .ok_or_else(|| format!("revision {id} is not stored").into())
}

/// The revisions of a query over the revision columns, with their place in the order stored.
pub(super) fn revisions(
    db: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<(u64, Revision)>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let mut revisions = Vec::new();
    while let Some(row) = rows.next()? {
        revisions.push(revision(row)?);
    }
    Ok(revisions)
}

/// Reads a row of the revision columns.
fn revision(row: &Row<'_>) -> Result<(u64, Revision), Cause> {
    let superseded_at: Option<i64> = row.get(7)?;
    let document: Document = decode(row.get_ref(10)?.as_blob()?)?;
    let revision = Revision {
        id: RevisionId(row.get(1)?),
        number: row.get(3)?,
        source: SourceId(row.get(4)?),
        first_seen: moment(row.get(5)?)?,
        last_seen: moment(row.get(6)?)?,
        superseded_at: superseded_at.map(moment).transpose()?,
        is_gone: row.get(8)?,
        capture: row.get::<_, Option<String>>(9)?.map(CaptureId),
        document,
    };
    Ok((u64::try_from(row.get::<_, i64>(0)?)?, revision))
}
