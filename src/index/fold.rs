//! Folds near-duplicates: reprints of one text become one story, led by the copy that ranks first.

use std::collections::BTreeMap;

use super::engine::Row;
use super::likeness::MAX_BITS;

/// Texts that differ in at most [`MAX_BITS`] bits agree in at least one of so many bands.
const BANDS: u32 = MAX_BITS + 1;
/// Bits of a band.
const BAND_BITS: u32 = u64::BITS / BANDS;

/// One story: the row that leads it and its copies, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Story {
    /// The row that ranks first.
    pub(super) lead: Row,
    /// The others.
    pub(super) copies: Vec<Row>,
}

/// Folds rows in their order. A row joins the first story whose lead it is a copy of, so a longer list of rows adds copies
/// and stories and changes none.
pub(super) fn fold(rows: Vec<Row>) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    let mut by_band: BTreeMap<(u32, u64), Vec<usize>> = BTreeMap::new();
    for row in rows {
        let candidates = bands(&row).filter_map(|band| by_band.get(&band)).flatten();
        let story = candidates
            .filter(|story| stories[**story].lead.likeness.is_copy(row.likeness))
            .min()
            .copied();
        match story {
            Some(story) => stories[story].copies.push(row),
            None => {
                for band in bands(&row) {
                    by_band.entry(band).or_default().push(stories.len());
                }
                stories.push(Story {
                    lead: row,
                    copies: Vec::new(),
                });
            }
        }
    }
    stories
}

/// The bands of a row; a row without text has none, so it is like no other.
fn bands(row: &Row) -> impl Iterator<Item = (u32, u64)> + use<> {
    let words = row.likeness.words;
    let bands =
        (0..BANDS).map(move |band| (band, words >> (band * BAND_BITS) & ((1 << BAND_BITS) - 1)));
    bands.filter(move |_| words != 0)
}
