//! What is derived from revisions: observations, claims, verdicts with their history, and cases.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use super::crawled::payloads;
use super::error::Cause;
use super::payload::{decode, encode, micros, moment};
use super::{Counts, revised, sql};
use crate::model::{
    Case, CaseId, Claim, ClaimId, Label, Observation, ObservationId, RevisionId, Verdict,
};

/// Replaces the observations of a revision.
pub(super) fn put_observations(
    db: &Connection,
    revision: &RevisionId,
    observations: &[Observation],
) -> Result<(), Cause> {
    let seq = revised::sequence(db, revision)?;
    db.prepare_cached(sql::DROP_OBSERVATIONS)?
        .execute(params![seq])?;
    let mut statement = db.prepare_cached(sql::ADD_OBSERVATION)?;
    for (place, observation) in observations.iter().enumerate() {
        let place = i64::try_from(place)?;
        statement.execute(params![seq, place, observation.id.0, encode(observation)?])?;
    }
    Ok(())
}

/// Observations by id, in the order asked for.
pub(super) fn observations(
    db: &Connection,
    ids: &[ObservationId],
) -> Result<Vec<Observation>, Cause> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(observed(db, sql::OBSERVATION, params![id.0])?);
    }
    Ok(found)
}

/// The observations of a query that gives payload and end of standing.
pub(super) fn observed(
    db: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Observation>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(observation(row)?);
    }
    Ok(found)
}

/// An observation together with the place after which the next page begins.
pub(super) type Placed = ((i64, i64), Observation);

/// A page of all observations, after a place.
pub(super) fn observations_after(
    db: &Connection,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<Placed>, Cause> {
    let mut statement = db.prepare_cached(sql::OBSERVATIONS_AFTER)?;
    let mut rows = statement.query(params![after.0, after.1, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(((row.get(2)?, row.get(3)?), observation(row)?));
    }
    Ok(found)
}

/// Reads payload and end of standing; the latter is that of the revision, whatever the payload says.
fn observation(row: &Row<'_>) -> Result<Observation, Cause> {
    let mut observation: Observation = decode(row.get_ref(0)?.as_blob()?)?;
    let superseded_at: Option<i64> = row.get(1)?;
    observation.superseded_at = superseded_at.map(moment).transpose()?;
    Ok(observation)
}

/// Replaces the claims of a revision.
pub(super) fn put_claims(
    db: &Connection,
    revision: &RevisionId,
    claims: &[Claim],
) -> Result<(), Cause> {
    let seq = revised::sequence(db, revision)?;
    db.prepare_cached(sql::DROP_BASES)?.execute(params![seq])?;
    db.prepare_cached(sql::DROP_CLAIMS)?.execute(params![seq])?;
    if let Some(first) = claims.first() {
        db.prepare_cached(sql::PUT_CONTEXT)?
            .execute(params![seq, encode(&first.context)?])?;
    }
    let mut statement = db.prepare_cached(sql::ADD_CLAIM)?;
    for (place, claim) in claims.iter().enumerate() {
        statement.execute(params![
            seq,
            i64::try_from(place)?,
            claim.id.0,
            encode(claim)?
        ])?;
    }
    Ok(())
}

/// Adds verdicts. One that says what the newest says only moves how far the records were considered.
pub(super) fn put_verdicts(db: &Connection, verdicts: &[Verdict]) -> Result<(), Cause> {
    for verdict in verdicts {
        let newest = newest_verdict(db, &verdict.claim)?;
        match newest {
            Some((_, known)) if known == *verdict => {}
            Some((seq, known)) if says_the_same(&known, verdict) => {
                db.prepare_cached(sql::RENEW_VERDICT)?.execute(params![
                    seq,
                    micros(verdict.as_of),
                    encode(verdict)?
                ])?;
            }
            _ => {
                db.prepare_cached(sql::ADD_VERDICT)?.execute(params![
                    verdict.claim.0,
                    word(&verdict.label)?,
                    micros(verdict.as_of),
                    encode(verdict)?
                ])?;
                note_quoted(db, db.last_insert_rowid(), verdict)?;
            }
        }
    }
    Ok(())
}

/// Notes which pages a verdict quotes. A renewed verdict quotes what it quoted before.
fn note_quoted(db: &Connection, seq: i64, verdict: &Verdict) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::ADD_QUOTED)?;
    for quote in &verdict.evidence {
        statement.execute(params![quote.url, seq])?;
    }
    Ok(())
}

/// Notes which pages the verdicts quote that were stored before anybody asked.
pub(super) fn note_all_quoted(db: &Connection) -> Result<(), Cause> {
    let mut statement = db.prepare(sql::ALL_VERDICTS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        note_quoted(db, row.get(0)?, &decode(row.get_ref(1)?.as_blob()?)?)?;
    }
    Ok(())
}

/// Whether two verdicts differ only in the moment as of which they were reached.
fn says_the_same(known: &Verdict, verdict: &Verdict) -> bool {
    let mut known = known.clone();
    known.as_of = verdict.as_of;
    known == *verdict
}

/// The newest verdict of a claim with its number.
fn newest_verdict(db: &Connection, claim: &ClaimId) -> Result<Option<(i64, Verdict)>, Cause> {
    let mut statement = db.prepare_cached(sql::VERDICT)?;
    let mut rows = statement.query(params![claim.0])?;
    match rows.next()? {
        None => Ok(None),
        Some(row) => Ok(Some((row.get(1)?, decode(row.get_ref(0)?.as_blob()?)?))),
    }
}

/// The newest verdict of a claim.
pub(super) fn verdict(db: &Connection, claim: &ClaimId) -> Result<Option<Verdict>, Cause> {
    Ok(newest_verdict(db, claim)?.map(|(_, verdict)| verdict))
}

/// Reads the columns of claims row by row; the context is read once for all rows of a revision that follow each other.
#[derive(Default)]
struct Claims {
    /// The revision read last, by its place in the order stored, with its context.
    context: Option<(i64, Arc<[String]>)>,
}

impl Claims {
    /// The claim of a row and the place of its revision.
    fn read(&mut self, row: &Row<'_>) -> Result<(i64, Claim), Cause> {
        let revision: i64 = row.get(0)?;
        let mut claim: Claim = decode(row.get_ref(1)?.as_blob()?)?;
        if self.context.as_ref().is_none_or(|(of, _)| *of != revision) {
            let context = row.get_ref(2)?.as_blob_or_null()?.map(decode).transpose()?;
            self.context = context.map(|context| (revision, context));
        }
        if let Some((_, context)) = &self.context {
            claim.context = Arc::clone(context);
        }
        Ok((revision, claim))
    }
}

/// The claims of a query over the claim columns.
pub(super) fn claims(
    db: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Claim>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let (mut claims, mut reader) = (Vec::new(), Claims::default());
    while let Some(row) = rows.next()? {
        claims.push(reader.read(row)?.1);
    }
    Ok(claims)
}

/// The claims of whole revisions, from those after a place on, until there are `limit` claims; with the place of the last.
pub(super) fn claims_after(
    db: &Connection,
    query: &str,
    sequence: u64,
    limit: usize,
) -> Result<(u64, Vec<Claim>), Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params![i64::try_from(sequence)?])?;
    let (mut claims, mut reader) = (Vec::new(), Claims::default());
    let mut last = i64::try_from(sequence)?;
    while let Some(row) = rows.next()? {
        let next: i64 = row.get(0)?;
        if next != last && claims.len() >= limit {
            break;
        }
        claims.push(reader.read(row)?.1);
        last = next;
    }
    Ok((u64::try_from(last)?, claims))
}

/// Standing claims with their newest verdicts, of a query over the finding columns.
pub(super) fn findings(
    db: &Connection,
    query: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<(Claim, Verdict)>, Cause> {
    let mut statement = db.prepare_cached(query)?;
    let mut rows = statement.query(params)?;
    let (mut findings, mut reader) = (Vec::new(), Claims::default());
    while let Some(row) = rows.next()? {
        let verdict = decode(row.get_ref(3)?.as_blob()?)?;
        findings.push((reader.read(row)?.1, verdict));
    }
    Ok(findings)
}

/// Standing revisions with a claim whose newest verdict has a label.
pub(super) fn revisions_with(db: &Connection, label: Label) -> Result<Vec<RevisionId>, Cause> {
    let mut statement = db.prepare_cached(sql::REVISIONS_WITH)?;
    let mut rows = statement.query(params![word(&label)?])?;
    let mut revisions = Vec::new();
    while let Some(row) = rows.next()? {
        revisions.push(RevisionId(row.get(0)?));
    }
    Ok(revisions)
}

/// Standing claims whose newest verdict has a label.
pub(super) fn claims_with(db: &Connection, label: Label) -> Result<Vec<ClaimId>, Cause> {
    let mut statement = db.prepare_cached(sql::CLAIMS_WITH)?;
    let mut rows = statement.query(params![word(&label)?])?;
    let mut claims = Vec::new();
    while let Some(row) = rows.next()? {
        claims.push(ClaimId(row.get(0)?));
    }
    Ok(claims)
}

/// How many standing claims have which newest verdict.
pub(super) fn labels(db: &Connection) -> Result<BTreeMap<Label, usize>, Cause> {
    let mut statement = db.prepare_cached(sql::LABELS)?;
    let mut rows = statement.query([])?;
    let mut labels = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let label = serde_json::from_value(row.get::<_, String>(0)?.into())?;
        labels.insert(label, usize::try_from(row.get::<_, i64>(1)?)?);
    }
    Ok(labels)
}

/// One case.
pub(super) fn case(db: &Connection, id: &CaseId) -> Result<Option<Case>, Cause> {
    Ok(payloads(db, sql::CASE, params![id.0])?.pop())
}

/// Totals.
pub(super) fn counts(db: &Connection) -> Result<Counts, Cause> {
    let mut statement = db.prepare_cached(sql::COUNTS)?;
    let totals: [i64; 6] = statement.query_row([], |row| {
        Ok([
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ])
    })?;
    let [captures, documents, revisions, observations, claims, cases] =
        totals.map(i64::unsigned_abs);
    Ok(Counts {
        captures,
        documents,
        revisions,
        observations,
        claims,
        cases,
    })
}

/// The word under which a plain enumeration is written.
pub(super) fn word<T: Serialize>(value: &T) -> Result<String, Cause> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(format!("{other} is not a word").into()),
    }
}
