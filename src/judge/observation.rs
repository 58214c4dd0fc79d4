//! Turns a revision of an official page into observations: each sentence and each table figure, with its frame.

use super::claim::published_at;
use super::passage::{Passage, passages};
use crate::canonical;
use crate::language::Lexicon;
use crate::model::{Observation, ObservationId, Part, Revision, Source, SourceRole};

/// Authority of a statistical table.
const TABLE: u8 = 1;
/// Authority of a release of a ministry, agency or committee.
const AGENCY: u8 = 2;
/// Authority of a release of a regional body.
pub(super) const REGIONAL: u8 = 3;

/// The observations of a revision; none for a page of a medium, whose word is no record.
pub fn observations(lexicon: &Lexicon, revision: &Revision, source: &Source) -> Vec<Observation> {
    if source.role != SourceRole::Official {
        return Vec::new();
    }
    let passages = passages(lexicon, revision, source);
    observations_of(lexicon, revision, source, &passages)
}

/// The observations among the passages of a revision.
pub(super) fn observations_of(
    lexicon: &Lexicon,
    revision: &Revision,
    source: &Source,
    passages: &[Passage],
) -> Vec<Observation> {
    if source.role != SourceRole::Official || revision.is_gone {
        return Vec::new();
    }
    let is_regional = is_regional(lexicon, source);
    passages
        .iter()
        .enumerate()
        .map(|(number, passage)| observation(revision, is_regional, number, passage))
        .collect()
}

/// Whether a source is the body of a region: its name names a place.
pub(super) fn is_regional(lexicon: &Lexicon, source: &Source) -> bool {
    source
        .name
        .values()
        .flat_map(|name| crate::language::analyze(lexicon, name, None, None))
        .any(|sentence| {
            sentence.names.iter().any(|name| {
                name.kind == crate::language::NameKind::Place && name.id != super::slots::COUNTRY
            })
        })
}

fn observation(
    revision: &Revision,
    is_regional: bool,
    number: usize,
    passage: &Passage,
) -> Observation {
    let place = number.to_string();
    let authority = match passage.part {
        _ if is_regional => REGIONAL,
        Part::Cell { .. } => TABLE,
        _ => AGENCY,
    };
    let title = &revision.document.title;
    Observation {
        id: ObservationId(canonical::id("o", &[&revision.id.0, &place])),
        revision: revision.id.clone(),
        source: revision.source.clone(),
        url: revision.document.url.0.clone(),
        published_at: published_at(revision),
        superseded_at: revision.superseded_at,
        part: passage.part.clone(),
        text: passage.text.clone(),
        context: if passage.context.is_empty() {
            title.clone()
        } else {
            passage.context.clone()
        },
        language: passage.language,
        authority,
        frame: passage.frame.clone(),
    }
}
