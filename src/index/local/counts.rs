//! Counts what matches by the values and days in its columns.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

/// Seconds of a day.
const DAY_S: i64 = 24 * 3600;

/// Counts the values of some text columns.
pub(super) struct Values(pub(super) Vec<&'static str>);

/// Counts of one segment, by the number of the value in its dictionary.
pub(super) struct SegmentValues(Vec<Option<(StrColumn, Vec<u64>)>>);

/// How many entries hold which value, column by column.
type Counted = Vec<BTreeMap<String, u64>>;

impl Collector for Values {
    type Fruit = Counted;
    type Child = SegmentValues;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<SegmentValues, TantivyError> {
        let columns = self.0.iter().map(|name| {
            let column = reader.fast_fields().str(name)?;
            Ok(column.map(|column| {
                let counts = vec![0; column.num_terms()];
                (column, counts)
            }))
        });
        columns
            .collect::<Result<_, TantivyError>>()
            .map(SegmentValues)
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(
        &self,
        segments: Vec<Result<Counted, TantivyError>>,
    ) -> Result<Counted, TantivyError> {
        let mut sum: Counted = vec![BTreeMap::new(); self.0.len()];
        for segment in segments {
            for (sum, counts) in sum.iter_mut().zip(segment?) {
                for (value, count) in counts {
                    *sum.entry(value).or_default() += count;
                }
            }
        }
        Ok(sum)
    }
}

impl SegmentCollector for SegmentValues {
    type Fruit = Result<Counted, TantivyError>;

    fn collect(&mut self, entry: DocId, _: Score) {
        for (column, counts) in self.0.iter_mut().flatten() {
            for value in column.term_ords(entry) {
                counts[value as usize] += 1;
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let counted = self.0.into_iter().map(|column| {
            let mut named = BTreeMap::new();
            let Some((column, counts)) = column else {
                return Ok(named);
            };
            for (value, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
                let mut text = String::new();
                column.ord_to_str(value, &mut text)?;
                named.insert(text, count);
            }
            Ok(named)
        });
        counted.collect()
    }
}

/// Counts entries by the day they were published.
pub(super) struct Days {
    /// How far east of UTC the days begin, in seconds.
    pub(super) offset_s: i64,
}

/// Days of one segment.
pub(super) struct SegmentDays {
    published: Column<i64>,
    offset_s: i64,
    days: BTreeMap<i64, u64>,
}

impl Collector for Days {
    type Fruit = BTreeMap<i64, u64>;
    type Child = SegmentDays;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> Result<SegmentDays, TantivyError> {
        Ok(SegmentDays {
            published: reader.fast_fields().i64("published")?,
            offset_s: self.offset_s,
            days: BTreeMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<BTreeMap<i64, u64>>) -> Result<Self::Fruit, TantivyError> {
        let mut sum = BTreeMap::new();
        for (day, count) in segments.into_iter().flatten() {
            *sum.entry(day).or_default() += count;
        }
        Ok(sum)
    }
}

impl SegmentCollector for SegmentDays {
    type Fruit = BTreeMap<i64, u64>;

    fn collect(&mut self, entry: DocId, _: Score) {
        let published = self.published.first(entry).unwrap_or_default();
        let day = published.saturating_add(self.offset_s).div_euclid(DAY_S);
        *self.days.entry(day).or_default() += 1;
    }

    fn harvest(self) -> Self::Fruit {
        self.days
    }
}
