//! Reads rows from the columns of tantivy's segments.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};

use tantivy::columnar::{Column as Column64, StrColumn};
use tantivy::{DocAddress, Searcher, TantivyError};

use crate::index::engine::{Best, Row};
use crate::index::likeness::Likeness;
use crate::model::RevisionId;

/// Columns of one segment that rows are read from; opening them costs more than reading a row.
struct RowColumns {
    revision: Option<StrColumn>,
    published: Column64<i64>,
    words: Column64<u64>,
    figures: Column64<u64>,
    group: Column64<u64>,
}

/// Reads the rest of rows from the columns of their segments.
pub(super) fn rows(
    searcher: &Searcher,
    scored: Vec<(f32, String, DocAddress)>,
) -> Result<Vec<Row>, TantivyError> {
    let mut opened: BTreeMap<u32, RowColumns> = BTreeMap::new();
    let mut rows = Vec::with_capacity(scored.len());
    for (score, key, address) in scored {
        let columns = match opened.entry(address.segment_ord) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(empty) => {
                let fields = searcher.segment_reader(address.segment_ord).fast_fields();
                empty.insert(RowColumns {
                    revision: fields.str("revision")?,
                    published: fields.i64("published")?,
                    words: fields.u64("words")?,
                    figures: fields.u64("figures")?,
                    group: fields.u64("group")?,
                })
            }
        };
        let mut revision = String::new();
        if let Some(column) = &columns.revision
            && let Some(ord) = column.term_ords(address.doc_id).next()
        {
            column.ord_to_str(ord, &mut revision)?;
        }
        rows.push(Row {
            key: key.split_once(':').map_or("", |(_, key)| key).to_owned(),
            revision: RevisionId(revision),
            score: thousandths(score),
            likeness: Likeness {
                words: columns.words.first(address.doc_id).unwrap_or_default(),
                figures: columns.figures.first(address.doc_id).unwrap_or_default(),
            },
            published: columns.published.first(address.doc_id).unwrap_or_default(),
            group: columns.group.first(address.doc_id).unwrap_or_default(),
        });
    }
    Ok(rows)
}

/// The revisions of scored entries, each once, in the order of the entries; `n_rows` entries were asked for.
pub(super) fn best(
    searcher: &Searcher,
    scored: &[(f32, DocAddress)],
    n_rows: usize,
    limit: usize,
) -> Result<Best, TantivyError> {
    let mut columns: BTreeMap<u32, Option<StrColumn>> = BTreeMap::new();
    let mut known: BTreeSet<(u32, u64)> = BTreeSet::new();
    let mut found: Vec<(RevisionId, u32)> = Vec::new();
    for &(score, at) in scored {
        if found.len() == limit {
            break;
        }
        let column = match columns.entry(at.segment_ord) {
            Slot::Occupied(opened) => opened.into_mut(),
            Slot::Vacant(empty) => {
                let fields = searcher.segment_reader(at.segment_ord).fast_fields();
                empty.insert(fields.str("revision")?)
            }
        };
        let Some(column) = column else { continue };
        let Some(ord) = column.term_ords(at.doc_id).next() else {
            continue;
        };
        if !known.insert((at.segment_ord, ord)) {
            continue;
        }
        let mut revision = String::new();
        column.ord_to_str(ord, &mut revision)?;
        // The entries of one revision may stand in two segments.
        if found.iter().all(|(other, _)| other.0 != revision) {
            found.push((RevisionId(revision), thousandths(score)));
        }
    }
    let last = if found.len() >= limit {
        found.last().map(|(_, score)| *score)
    } else {
        let last = scored.last().filter(|_| scored.len() >= n_rows);
        last.map(|(score, _)| thousandths(*score))
    };
    Ok(Best {
        floor: last.unwrap_or(0),
        revisions: found,
    })
}

/// A score as it is given out.
fn thousandths(score: f32) -> u32 {
    (score * 1000.0) as u32
}
