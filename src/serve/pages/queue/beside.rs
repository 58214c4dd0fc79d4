//! The cases before and after one: in the first view that it stands in, in the order of the queue.

use chrono::{DateTime, Utc};

use super::asked::Sort;
use super::ranked::{Mark, Ranked, View};
use crate::model::{Case, CaseId, User};
use crate::serve::Desk;
use crate::serve::error::Error;

/// Ids of the cases before and after a case, as far as its reader sees any.
///
/// # Errors
/// When the store fails.
pub(in crate::serve::pages) fn beside(
    desk: &Desk,
    reader: &User,
    id: &CaseId,
    now: DateTime<Utc>,
) -> Result<[Option<CaseId>; 2], Error> {
    let ranked = Ranked::of(desk, now)?;
    let seen: Vec<(&Case, &Mark)> = ranked.seen_by(reader).collect();
    let Some((case, mark)) = seen.iter().find(|(case, _)| case.id == *id) else {
        return Ok([None, None]);
    };
    let mut views = View::ALL.into_iter();
    let Some(view) = views.find(|view| view.holds(case, mark, reader, now)) else {
        return Ok([None, None]);
    };
    let order = Sort::default();
    let here = order.place(case, mark);
    let others = seen
        .iter()
        .filter(|(case, mark)| view.holds(case, mark, reader, now))
        .map(|(case, mark)| (order.place(case, mark), &case.id));
    let (mut before, mut after) = (None, None);
    for (place, id) in others {
        if place < here && before.as_ref().is_none_or(|(known, _)| *known < place) {
            before = Some((place, id));
        } else if place > here && after.as_ref().is_none_or(|(known, _)| *known > place) {
            after = Some((place, id));
        }
    }
    Ok([before, after].map(|found| found.map(|(_, id)| id.clone())))
}
