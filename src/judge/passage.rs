//! Turns a revision into passages: every sentence of title and text and every figure of a table, with its frame.
//!
//! Claims and observations are both made of passages. Period, place, measure and body flow from title to text, from
//! sentence to sentence and from a table's titles to its cells.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::frame::{bare, frames, number_anchor, whole};
use super::header;
use super::surroundings::Surroundings;
use crate::language::{
    CueKind, Dimension, Direction, Language, Lexicon, Mode, NameKind, Period, Quantity, Reading,
    Role, Sentence, Unit, analyze,
};
use crate::model::{BlockKind, Frame, Origin, Part, Revision, Slot, Source, Table};

/// One statement of a page.
pub(super) struct Passage {
    /// Where it stands.
    pub part: Part,
    /// The sentence, or the row as cells joined by ` | `.
    pub text: String,
    /// What belongs to it from around: titles and header of a cell.
    pub context: String,
    /// Language.
    pub language: Language,
    /// The statement taken apart.
    pub frame: Frame,
    /// Whether it is a question, a forecast or somebody's opinion.
    pub is_opinion: bool,
}

/// The day a revision's relative dates count from.
pub(super) fn written(revision: &Revision) -> NaiveDate {
    revision.document.trusted_published().map_or_else(
        || revision.first_seen.date_naive(),
        |dated| dated.at.date_naive(),
    )
}

/// All passages of a revision.
pub(super) fn passages(lexicon: &Lexicon, revision: &Revision, source: &Source) -> Vec<Passage> {
    let mut reader = Reader {
        lexicon,
        hint: revision.document.language,
        written: written(revision),
        found: Vec::new(),
    };
    let mut around = reader.of_source(source);
    reader.title(&revision.document.title, &mut around);
    reader.blocks(revision, around.clone());
    for (number, table) in revision.document.tables.iter().enumerate() {
        reader.table(number, table, &around, &revision.document.title);
    }
    reader.found
}

/// Reads a revision part by part.
struct Reader<'a> {
    lexicon: &'a Lexicon,
    hint: Option<Language>,
    written: NaiveDate,
    found: Vec<Passage>,
}

impl Reader<'_> {
    fn analyze(&self, text: &str) -> Vec<Sentence> {
        analyze(self.lexicon, text, self.hint, Some(self.written))
    }

    /// What a source's name says of every page: a regional body writes about its region.
    fn of_source(&self, source: &Source) -> Surroundings {
        let mut around = Surroundings::default();
        if source.role == crate::model::SourceRole::Official {
            for sentence in source.name.values().flat_map(|name| self.analyze(name)) {
                around.take(&sentence, Origin::Default);
            }
        }
        around.period = None;
        around.measures = Vec::new();
        around
    }

    fn title(&mut self, title: &str, around: &mut Surroundings) {
        for sentence in self.analyze(title) {
            let frames = frames(title, &sentence, around);
            let part = Part::Title(sentence.span.clone().into());
            self.keep(title, &sentence, &part, frames, 0);
            around.take(&sentence, Origin::Document);
        }
    }

    fn blocks(&mut self, revision: &Revision, title: Surroundings) {
        let mut offset = 0;
        let mut document = title;
        let mut is_lead = true;
        for block in &revision.document.blocks {
            if block.kind != BlockKind::Caption {
                let mut around = document.clone();
                self.block(
                    &block.text,
                    offset,
                    &mut around,
                    is_lead.then_some(&mut document),
                );
                is_lead = false;
            }
            offset += block.text.len() + 1;
        }
    }

    /// Reads a block; what the title left open, the first sentence of the lead settles for the whole text.
    fn block(
        &mut self,
        text: &str,
        offset: usize,
        around: &mut Surroundings,
        mut document: Option<&mut Surroundings>,
    ) {
        for sentence in self.analyze(text) {
            let frames = frames(text, &sentence, around);
            let range = sentence.span.start + offset..sentence.span.end + offset;
            self.keep(text, &sentence, &Part::Text(range.into()), frames, offset);
            around.take(&sentence, Origin::Paragraph);
            if let Some(document) = document.take() {
                document.complete(&sentence);
            }
        }
    }

    /// Stores a sentence's frames as passages; ranges count in the document's whole text from then on.
    fn keep(
        &mut self,
        text: &str,
        sentence: &Sentence,
        part: &Part,
        frames: Vec<Frame>,
        offset: usize,
    ) {
        let is_opinion = sentence.cues.iter().any(|cue| {
            matches!(
                cue.kind,
                CueKind::Question | CueKind::Opinion | CueKind::Forecast
            )
        });
        for mut frame in frames {
            if let Some(quantity) = &mut frame.quantity {
                shift(quantity, offset);
            }
            self.found.push(Passage {
                part: part.clone(),
                text: text
                    .get(sentence.span.clone())
                    .unwrap_or_default()
                    .to_owned(),
                context: String::new(),
                language: sentence.language,
                frame,
                is_opinion,
            });
        }
    }

    fn table(&mut self, number: usize, table: &Table, title: &Surroundings, document_title: &str) {
        let mut around = title.clone();
        for sentence in self.analyze(&table.title) {
            around.take(&sentence, Origin::Document);
        }
        let n_header = table.n_header_rows.max(1).min(table.rows.len());
        let (header, rows) = table.rows.split_at(n_header);
        for (index, row) in rows.iter().enumerate() {
            for column in 1..row.len() {
                let Some((value, step)) = cell_number(&row[column]) else {
                    continue;
                };
                let path: Vec<&str> = header
                    .iter()
                    .filter_map(|cells| cells.get(column).map(String::as_str))
                    .collect();
                let cell = Cell {
                    label: &row[0],
                    header: path.join(" "),
                    table,
                    value,
                    step,
                    row,
                };
                let mut frame = self.cell(&cell, &around);
                frame
                    .terms
                    .extend(row[1..].iter().filter_map(|text| row_anchor(text)));
                frame.terms.sort();
                frame.terms.dedup();
                self.found.push(Passage {
                    part: Part::Cell {
                        table: number,
                        row: index + n_header,
                        column,
                    },
                    text: row.join(" | "),
                    context: format!("{document_title} | {} | {}", table.title, cell.header),
                    language: self.hint.unwrap_or(Language::Ru),
                    frame,
                    is_opinion: false,
                });
            }
        }
    }

    /// The frame of one cell: what it measures from the row's label and the column's header.
    fn cell(&self, cell: &Cell<'_>, titles: &Surroundings) -> Frame {
        let mut around = titles.clone();
        let header = self.analyze(&cell.header);
        for sentence in &header {
            around.take(sentence, Origin::Sentence);
        }
        let text = format!("{} {}", cell.label, cell.header);
        let mut frame: Option<Frame> = None;
        for part in [cell.label, cell.header.as_str()] {
            for mut sentence in self.analyze(part) {
                sentence.quantities.clear();
                merge(&mut frame, whole(part, &sentence, &around));
            }
        }
        let mut frame = frame.unwrap_or_else(|| bare(&around));
        let named = |slot: &Slot<Period>| slot.origin == Origin::Clause;
        if !frame.period.as_ref().is_some_and(named)
            && let Some(best) = [cell.header.as_str(), cell.label]
                .into_iter()
                .find_map(|text| {
                    header::period(text, titles.period.as_ref().map(|slot| &slot.best))
                })
        {
            frame.period = Some(Slot {
                best,
                alternatives: Vec::new(),
                origin: Origin::Clause,
            });
        }
        let quantity = cell.quantity(&text);
        frame.direction = quantity.direction;
        frame.quantity = Some(quantity);
        let has_place = self.analyze(cell.label).iter().any(|sentence| {
            sentence
                .names
                .iter()
                .any(|name| name.kind == NameKind::Place)
        });
        if !has_place
            && frame
                .places
                .iter()
                .all(|slot| slot.origin == Origin::Default)
        {
            frame.places.clone_from(&titles.places);
        }
        frame
    }
}

/// A cell with what it belongs to.
struct Cell<'a> {
    label: &'a str,
    header: String,
    table: &'a Table,
    value: Decimal,
    step: Decimal,
    row: &'a [String],
}

/// Words in a header or label that make a column one of changes.
const CHANGE_WORDS: [&str; 14] = [
    "измен",
    "прирост",
    "динамик",
    "рост",
    "снижен",
    "өзгер",
    "өсім",
    "динамика",
    "төменде",
    "change",
    "growth",
    "increase",
    "decrease",
    "+/-",
];

impl Cell<'_> {
    /// The number of the cell with the unit that label, header and title give.
    fn quantity(&self, words: &str) -> Quantity {
        let words = words.to_lowercase();
        let title = self.table.title.to_lowercase();
        let is_change = CHANGE_WORDS
            .iter()
            .any(|word| self.header.to_lowercase().contains(word));
        let is_percent = self.row.iter().any(|text| text.contains('%')) && words.contains('%')
            || words.contains('%')
            || words.contains("процент")
            || words.contains("пайыз")
            || words.contains("percent");
        let magnitude = magnitude(&words).or_else(|| magnitude(&title)).unwrap_or(1);
        let is_money = ["тенге", "теңге", "tenge", "₸"]
            .iter()
            .any(|word| words.contains(word) || title.contains(word));
        let dimension = if is_percent {
            Dimension::Percent
        } else if is_money {
            Dimension::Money("KZT".to_owned())
        } else {
            Dimension::Count
        };
        let scale = if is_percent {
            Decimal::ONE
        } else {
            Decimal::from(magnitude)
        };
        let direction = is_change.then(|| {
            if self.value < Decimal::ZERO {
                Direction::Down
            } else {
                Direction::Up
            }
        });
        let value = if is_change {
            self.value.abs()
        } else {
            self.value
        } * scale;
        Quantity {
            span: 0..0,
            best: Reading {
                value,
                step: self.step * scale,
                step_zeros: self.step * scale,
                hi: None,
                has_decimals: self.step < Decimal::ONE,
            },
            alternatives: Vec::new(),
            mode: Mode::Bare,
            unit: Unit {
                dimension,
                of: None,
                noun: None,
            },
            role: if is_change {
                Role::ChangeBy
            } else if is_percent {
                Role::Share
            } else {
                Role::Level
            },
            other_roles: Vec::new(),
            direction,
            direction_span: None,
        }
    }
}

/// The magnitude that words of a header give to its figures.
fn magnitude(words: &str) -> Option<i64> {
    let table = [
        (["млрд", "миллиард", "billion"], 1_000_000_000),
        (["млн", "миллион", "million"], 1_000_000),
        (["тыс", "мың", "thousand"], 1_000),
    ];
    table
        .iter()
        .find(|(names, _)| names.iter().any(|name| words.contains(name)))
        .map(|(_, scale)| *scale)
}

/// The number a table cell holds and the weight of its last digit; `None` when it holds words, or nothing.
fn cell_number(text: &str) -> Option<(Decimal, Decimal)> {
    let mut digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '%' | '+' | '\u{a0}' | '\u{202f}' | '\''))
        .map(|c| if matches!(c, '−' | '–') { '-' } else { c })
        .collect();
    let n_commas = digits.matches(',').count();
    let is_grouped = n_commas > 0
        && digits
            .trim_start_matches('-')
            .split(',')
            .skip(1)
            .all(|group| group.len() == 3)
        && !digits.starts_with("0,");
    digits = if is_grouped && !text.contains(['%', '−']) {
        digits.replace(',', "")
    } else {
        digits.replace(',', ".")
    };
    let value: Decimal = digits.parse().ok()?;
    Some((value, Decimal::new(1, value.scale())))
}

/// The anchor of another figure of the row.
fn row_anchor(text: &str) -> Option<String> {
    let (value, step) = cell_number(text)?;
    let reading = Reading {
        value,
        step,
        step_zeros: step,
        hi: None,
        has_decimals: false,
    };
    Some(number_anchor(&Quantity {
        span: 0..0,
        best: reading,
        alternatives: Vec::new(),
        mode: Mode::Bare,
        unit: Unit {
            dimension: Dimension::Count,
            of: None,
            noun: None,
        },
        role: Role::Level,
        other_roles: Vec::new(),
        direction: None,
        direction_span: None,
    }))
}

/// Adds what a second part of a cell's path says to the first.
fn merge(frame: &mut Option<Frame>, other: Frame) {
    let Some(first) = frame else {
        *frame = Some(other);
        return;
    };
    join(&mut first.measures, other.measures);
    join(&mut first.qualifiers, other.qualifiers);
    join(&mut first.statuses, other.statuses);
    join(&mut first.actions, other.actions);
    join(&mut first.places, other.places);
    join(&mut first.bodies, other.bodies);
    let is_nearer = other
        .period
        .as_ref()
        .is_some_and(|slot| slot.origin <= Origin::Sentence);
    if is_nearer || first.period.is_none() {
        first.period = other.period;
    }
    first.terms.extend(other.terms);
}

/// Joins two lists: own values drive inherited ones out.
fn join(list: &mut Vec<Slot<String>>, other: Vec<Slot<String>>) {
    for slot in other {
        match list.iter_mut().find(|known| known.best == slot.best) {
            Some(known) => known.origin = known.origin.min(slot.origin),
            None => list.push(slot),
        }
    }
    list.sort_by_key(|slot| slot.origin);
    if list
        .first()
        .is_some_and(|slot| slot.origin <= Origin::Sentence)
    {
        list.retain(|slot| slot.origin <= Origin::Sentence);
    }
}

/// Moves a quantity's ranges by the offset of its block.
fn shift(quantity: &mut Quantity, offset: usize) {
    quantity.span = quantity.span.start + offset..quantity.span.end + offset;
    if let Some(span) = &mut quantity.direction_span {
        *span = span.start + offset..span.end + offset;
    }
}
