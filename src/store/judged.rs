//! What is derived from revisions: observations, claims, verdicts with their history, and cases.

use rusqlite::{Connection, params};
use serde::Serialize;

use super::crawled::payloads;
use super::error::Cause;
use super::payload::{decode, encode, micros, moment};
use super::{Counts, revised, sql};
use crate::model::{Case, CaseId, Claim, ClaimId, Observation, ObservationId, RevisionId, Verdict};

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
fn observation(row: &rusqlite::Row<'_>) -> Result<Observation, Cause> {
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
    db.prepare_cached(sql::DROP_CLAIMS)?.execute(params![seq])?;
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
            }
        }
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

/// Standing claims with their newest verdicts.
pub(super) fn findings(db: &Connection) -> Result<Vec<(Claim, Verdict)>, Cause> {
    let mut statement = db.prepare_cached(sql::FINDINGS)?;
    let mut rows = statement.query([])?;
    let mut findings = Vec::new();
    while let Some(row) = rows.next()? {
        let claim = decode(row.get_ref(0)?.as_blob()?)?;
        findings.push((claim, decode(row.get_ref(1)?.as_blob()?)?));
    }
    Ok(findings)
}

/// Stores cases as they now stand.
pub(super) fn put_cases(db: &Connection, cases: &[Case]) -> Result<(), Cause> {
    let mut statement = db.prepare_cached(sql::PUT_CASE)?;
    for case in cases {
        statement.execute(params![
            case.id.0,
            word(&case.state)?,
            micros(case.opened_at),
            encode(case)?
        ])?;
    }
    Ok(())
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
fn word<T: Serialize>(value: &T) -> Result<String, Cause> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(format!("{other} is not a word").into()),
    }
}
