//! When sources were seen: the gaps between their answers, kept as intervals while the fetches are logged.
//!
//! Only offers count (feeds, sitemaps, listings, lists of an API): a source whose feed is down may still answer for an old page,
//! and then nothing new of it is seen. One good answer of any offer ends a gap of the source.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::error::Cause;
use super::payload::{micros, moment};
use super::sql;
use crate::model::{FetchOutcome, FrontierEntry, Gap, SourceId, TargetKind};

/// A source that was asked and gave no good answer for longer than this was not seen: what comes and goes between two
/// looks at a feed still stands in it when the lapse is shorter.
const SILENT: TimeDelta = TimeDelta::hours(6);
/// A source that was not even asked for longer than this was not seen. Some lists are looked at once a day.
const UNASKED: TimeDelta = TimeDelta::hours(36);

/// What is known of a source since its last answer.
struct State {
    asked_since: i64,
    answered_at: Option<i64>,
    n_failed: i64,
}

impl State {
    /// The time since the last answer until a moment, if it is a gap; `is_over` when an answer came at that moment.
    fn gap(&self, source: &SourceId, until: i64, is_over: bool) -> Result<Option<Gap>, Cause> {
        let from = self.answered_at.unwrap_or(self.asked_since);
        let lasted = until.saturating_sub(from);
        let is_longer = |least: TimeDelta| lasted > least.num_microseconds().unwrap_or(i64::MAX);
        let is_silent = self.n_failed > 0;
        let is_gap = is_longer(UNASKED) || is_silent && is_longer(SILENT);
        if !is_gap {
            return Ok(None);
        }
        Ok(Some(Gap {
            source: source.clone(),
            from: moment(from)?,
            to: is_over.then(|| moment(until)).transpose()?,
            is_silent,
        }))
    }
}

/// Takes note of what an offer came to.
pub(super) fn note(
    db: &Connection,
    entry: &FrontierEntry,
    outcome: &FetchOutcome,
    at: DateTime<Utc>,
) -> Result<(), Cause> {
    let is_offer = matches!(
        entry.kind,
        TargetKind::Feed | TargetKind::Sitemap | TargetKind::Listing | TargetKind::ApiList
    );
    if !is_offer {
        return Ok(());
    }
    let at = micros(at);
    let is_answer = matches!(outcome, FetchOutcome::Captured | FetchOutcome::NotModified);
    let before = state(db, &entry.source)?;
    let mut after = before.unwrap_or(State {
        asked_since: at,
        answered_at: None,
        n_failed: 0,
    });
    if is_answer {
        if let Some(gap) = after.gap(&entry.source, at, true)? {
            db.prepare_cached(sql::ADD_GAP)?.execute(params![
                gap.source.0,
                micros(gap.from),
                at,
                gap.is_silent
            ])?;
        }
        after.answered_at = after.answered_at.max(Some(at));
        after.n_failed = 0;
    } else {
        after.n_failed += 1;
    }
    db.prepare_cached(sql::PUT_WATCHED)?.execute(params![
        entry.source.0,
        after.asked_since,
        after.answered_at,
        after.n_failed
    ])?;
    Ok(())
}

/// What is known of a source.
fn state(db: &Connection, source: &SourceId) -> Result<Option<State>, Cause> {
    let row = db
        .prepare_cached(sql::WATCHED)?
        .query_row(params![source.0], |row| {
            Ok(State {
                asked_since: row.get(1)?,
                answered_at: row.get(2)?,
                n_failed: row.get(3)?,
            })
        })
        .optional()?;
    Ok(row)
}

/// All gaps, those that last at `now` included, by source and time.
pub(super) fn gaps(db: &Connection, now: DateTime<Utc>) -> Result<Vec<Gap>, Cause> {
    let mut gaps = Vec::new();
    let mut closed = db.prepare_cached(sql::GAPS)?;
    let mut rows = closed.query([])?;
    while let Some(row) = rows.next()? {
        gaps.push(Gap {
            source: SourceId(row.get(0)?),
            from: moment(row.get(1)?)?,
            to: Some(moment(row.get(2)?)?),
            is_silent: row.get(3)?,
        });
    }
    let mut watched = db.prepare_cached(sql::ALL_WATCHED)?;
    let mut rows = watched.query([])?;
    while let Some(row) = rows.next()? {
        let source = SourceId(row.get(0)?);
        let state = State {
            asked_since: row.get(1)?,
            answered_at: row.get(2)?,
            n_failed: row.get(3)?,
        };
        gaps.extend(state.gap(&source, micros(now), false)?);
    }
    gaps.sort();
    Ok(gaps)
}
