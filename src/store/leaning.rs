//! What verdicts rest on: the bases of claims and publications, and how far records were weighed against them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::error::Cause;
use super::payload::{decode, encode, micros};
use super::{BasisPlace, Weighing, sql};
use crate::model::{Basis, BasisOf, RevisionId};

/// The place under which the basis of a publication as a whole is stored.
const WHOLE: i64 = -1;

impl BasisPlace {
    /// The place as it is stored.
    fn stored(self) -> Result<(i64, i64), Cause> {
        let claim = self.claim.map_or(WHOLE, i64::from);
        Ok((i64::try_from(self.revision)?, claim))
    }
}

/// Stores bases; a claim or revision that is not stored has none.
pub(super) fn put(db: &Connection, bases: &[BasisOf]) -> Result<(), Cause> {
    for one in bases {
        let payload = encode(&one.basis)?;
        match &one.claim {
            Some(claim) => db.prepare_cached(sql::PUT_BASIS)?.execute(params![
                one.revision.0,
                claim.0,
                payload
            ])?,
            None => db
                .prepare_cached(sql::PUT_WHOLE_BASIS)?
                .execute(params![one.revision.0, payload])?,
        };
    }
    Ok(())
}

/// A page of all bases, after a place.
pub(super) fn after(
    db: &Connection,
    place: Option<BasisPlace>,
    limit: usize,
) -> Result<Vec<(BasisPlace, Basis)>, Cause> {
    let (revision, claim) = match place {
        Some(place) => place.stored()?,
        None => (0, WHOLE),
    };
    let mut statement = db.prepare_cached(sql::BASES_AFTER)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![revision, claim, limit])?;
    let mut bases = Vec::new();
    while let Some(row) = rows.next()? {
        let place = BasisPlace {
            revision: u64::try_from(row.get::<_, i64>(0)?)?,
            claim: u32::try_from(row.get::<_, i64>(1)?).ok(),
        };
        bases.push((place, decode(row.get_ref(2)?.as_blob()?)?));
    }
    Ok(bases)
}

/// Place of the newest revision that was weighed.
pub(super) fn weighed(db: &Connection) -> Result<u64, Cause> {
    let place: i64 = db
        .prepare_cached(sql::WEIGHED)?
        .query_row([], |row| row.get(0))?;
    Ok(u64::try_from(place)?)
}

/// Records that waited for a moment up to this one.
pub(super) fn waiting(db: &Connection, now: DateTime<Utc>) -> Result<Vec<RevisionId>, Cause> {
    let mut statement = db.prepare_cached(sql::WAITING)?;
    let rows = statement.query_map(params![micros(now)], |row| row.get(0))?;
    Ok(rows
        .map(|id| id.map(RevisionId))
        .collect::<Result<_, _>>()?)
}

/// Notes what weighing records came to.
pub(super) fn put_weighing(db: &Connection, weighing: &Weighing) -> Result<(), Cause> {
    let mut drop = db.prepare_cached(sql::DROP_BASIS)?;
    for place in &weighing.affected {
        let (revision, claim) = place.stored()?;
        drop.execute(params![revision, claim])?;
    }
    db.prepare_cached(sql::DROP_WAITING)?
        .execute(params![micros(weighing.now)])?;
    for (revision, until) in &weighing.waiting {
        db.prepare_cached(sql::PUT_WAITING)?
            .execute(params![revision.0, micros(*until)])?;
    }
    db.prepare_cached(sql::PUT_WEIGHED)?
        .execute(params![i64::try_from(weighing.until)?])?;
    Ok(())
}
