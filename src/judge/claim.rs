//! Turns a revision into claims: the statements of a publication that a record could settle.
//!
//! Left out are questions, forecasts and opinions, and what stands in tables of media pages.
//! An agency's own pages make claims too: they are checked like any other, against the owner of the fact.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::observation::observations_of;
use super::passage::{Passage, passages};
use crate::canonical;
use crate::language::Lexicon;
use crate::model::{Claim, ClaimId, Modality, Observation, Part, Revision, Source};

/// Base of check-worthiness, in thousandths.
const WORTH_BASE: u16 = 300;
/// Added for a quantity.
const WORTH_QUANTITY: u16 = 400;
/// Added for a status, person or reference.
const WORTH_NAMED: u16 = 200;
/// Added for standing in the title, which most readers see.
const WORTH_TITLE: u16 = 100;

/// The claims of a revision.
pub fn claims(lexicon: &Lexicon, revision: &Revision, source: &Source) -> Vec<Claim> {
    claims_of(revision, passages(lexicon, revision, source))
}

/// The observations and the claims of a revision, which is read once for both.
pub fn statements(
    lexicon: &Lexicon,
    revision: &Revision,
    source: &Source,
) -> (Vec<Observation>, Vec<Claim>) {
    let passages = passages(lexicon, revision, source);
    let observations = observations_of(lexicon, revision, source, &passages);
    (observations, claims_of(revision, passages))
}

fn claims_of(revision: &Revision, passages: Vec<Passage>) -> Vec<Claim> {
    let context = context(&passages);
    passages
        .into_iter()
        .filter(|passage| !passage.is_opinion && !passage.is_clause)
        .filter(|passage| !matches!(passage.part, Part::Cell { .. }))
        .filter(|passage| passage.frame.modality != Modality::Forecast)
        .enumerate()
        .map(|(number, passage)| claim(revision, &context, number, passage))
        .collect()
}

/// When a revision's content appeared.
pub(super) fn published_at(revision: &Revision) -> DateTime<Utc> {
    let first = revision.document.trusted_published();
    first.map_or(revision.first_seen, |dated| dated.at.to_utc())
}

/// Anchors of the whole publication, without stems, which say nothing across languages.
fn context(passages: &[Passage]) -> Arc<[String]> {
    let all: BTreeSet<String> = passages
        .iter()
        .flat_map(|passage| passage.frame.anchors())
        .collect();
    all.into_iter().collect()
}

fn claim(revision: &Revision, context: &Arc<[String]>, number: usize, passage: Passage) -> Claim {
    let url = revision.document.url.0.clone();
    let place = number.to_string();
    Claim {
        id: ClaimId(canonical::id(
            "c",
            &[&url, &revision.id.0, &passage.text, &place],
        )),
        revision: revision.id.clone(),
        source: revision.source.clone(),
        url,
        published_at: published_at(revision),
        check_worthiness: worth(&passage),
        part: passage.part,
        text: passage.text,
        language: passage.language,
        frame: passage.frame,
        context: Arc::clone(context),
    }
}

/// How much a statement deserves checking.
fn worth(passage: &Passage) -> u16 {
    let frame = &passage.frame;
    let is_named =
        !frame.statuses.is_empty() || !frame.persons.is_empty() || !frame.references.is_empty();
    WORTH_BASE
        + if frame.quantity.is_some() {
            WORTH_QUANTITY
        } else {
            0
        }
        + if is_named { WORTH_NAMED } else { 0 }
        + if matches!(passage.part, Part::Title(_)) {
            WORTH_TITLE
        } else {
            0
        }
}
