//! Turns the figures of a table into passages: what a cell measures, from its row's label, its column's header and the
//! titles above.
//!
//! A form of statistics has thousands of cells for each one that anybody writes about. Its header is read once for all
//! rows and its labels once for all columns; and in a large table a nought is no observation: that nothing of a kind
//! happened is said by nine cells of ten, and would bury what did.

use rust_decimal::Decimal;

use super::frame::{bare, value_anchor, whole};
use super::header;
use super::passage::Passage;
use super::surroundings::Surroundings;
use crate::language::{
    Dimension, Direction, Language, Mode, NameKind, Quantity, Reading, Role, Sentence, Unit,
};
use crate::model::{Frame, Origin, Part, Slot, Table};

/// Figures of a table from which its noughts are left out.
const LARGE_TABLE: usize = 1_000;
/// Figures of a row up to which each is found by the others too: a publication cites a short row whole, a long one never.
const SHORT_ROW: usize = 12;
/// Most columns that name a row.
const MAX_LABELS: usize = 4;
/// Most passages taken from the tables of one document, the first ones: about 2 kB each in the store.
const MAX_CELLS: usize = 60_000;

/// Where a table stands.
pub(super) struct Place<'a> {
    /// Its number in the document.
    pub number: usize,
    /// What the titles above say.
    pub titles: &'a Surroundings,
    /// Title of the document.
    pub document_title: &'a str,
    /// Language of the document.
    pub language: Option<Language>,
}

/// A part of a cell's path, read once: its sentences without the numbers in them.
struct Words {
    text: String,
    sentences: Vec<Sentence>,
    names_place: bool,
    hints: Hints,
}

impl Words {
    fn read(text: String, analyze: &dyn Fn(&str) -> Vec<Sentence>) -> Words {
        let mut sentences = analyze(&text);
        let names_place = sentences.iter().any(|sentence| {
            let mut names = sentence.names.iter();
            names.any(|name| name.kind == NameKind::Place)
        });
        for sentence in &mut sentences {
            sentence.quantities.clear();
        }
        Words {
            hints: Hints::of(&text, analyze),
            text,
            sentences,
            names_place,
        }
    }

    /// The frame these words give, or none where they say nothing.
    fn frame(&self, around: &Surroundings) -> Option<Frame> {
        let mut frame = None;
        for sentence in &self.sentences {
            merge(&mut frame, whole(&self.text, sentence, around));
        }
        frame
    }
}

/// A column of figures.
struct Column {
    header: String,
    around: Surroundings,
    /// What the header alone gives.
    frame: Option<Frame>,
    period: Option<header::Named>,
    hints: Hints,
}

/// Adds the passages of a table to those found.
pub(super) fn read(
    table: &Table,
    place: &Place<'_>,
    analyze: &dyn Fn(&str) -> Vec<Sentence>,
    found: &mut Vec<Passage>,
) {
    let n_header = table.n_header_rows.max(1).min(table.rows.len());
    let (head, rows) = table.rows.split_at(n_header);
    let titles_period = place.titles.period.as_ref().map(|slot| &slot.best);
    let n_columns = table.rows.iter().map(Vec::len).max().unwrap_or(0);
    let columns: Vec<Column> = (0..n_columns)
        .map(|column| {
            let header = path(head, column);
            let mut around = place.titles.clone();
            for sentence in &analyze(&header) {
                around.take(sentence, Origin::Sentence);
            }
            Column {
                frame: Words::read(header.clone(), analyze).frame(&around),
                period: header::period(&header, titles_period),
                hints: Hints::of(&header, analyze),
                header,
                around,
            }
        })
        .collect();
    let n_labels = label_columns(rows);
    let region = columns.first().and_then(|first| region_word(&first.header));
    let numbers_of = |row: &[String]| -> Vec<(usize, Decimal, Decimal)> {
        let cells = row.iter().enumerate().skip(n_labels);
        cells
            .filter_map(|(column, text)| {
                cell_number(text).map(|(value, step)| (column, value, step))
            })
            .collect()
    };
    let n_figures: usize = rows.iter().map(|row| numbers_of(row).len()).sum();
    let title_hints = Hints::of(&table.title, analyze);
    let is_large = n_figures > LARGE_TABLE;
    let mut section = "";
    for (index, row) in rows.iter().enumerate() {
        let numbers = numbers_of(row);
        if let Some(heading) = heading(row) {
            section = heading;
        }
        if numbers.is_empty() || is_large && numbers.iter().all(|(_, value, _)| value.is_zero()) {
            continue;
        }
        let label = label(&row[..n_labels.min(row.len())]);
        let label_period = header::period(&label, titles_period);
        let words = match section {
            "" => label.clone(),
            section => format!("{section} {label}"),
        };
        let words = match region {
            Some(word) => as_region(&words, word, analyze),
            None => words,
        };
        let words = Words::read(words, analyze);
        let row_anchors: Vec<String> = numbers
            .iter()
            .map(|(_, value, _)| value_anchor(*value, &Dimension::Count))
            .collect();
        let text = row.join(" | ");
        let is_short = numbers.len() <= SHORT_ROW;
        for ((at, value, step), own_anchor) in numbers.iter().zip(&row_anchors) {
            if is_large && value.is_zero() || found.len() >= MAX_CELLS {
                continue;
            }
            let column = &columns[*at];
            let cell = Cell {
                label: &words,
                label_period: label_period.as_ref(),
                column,
                table: &title_hints,
                value: *value,
                step: *step,
            };
            let mut frame = cell.frame(place.titles);
            if is_short {
                frame.terms.extend(row_anchors.iter().cloned());
            } else {
                frame.terms.push(own_anchor.clone());
            }
            frame.terms.sort();
            frame.terms.dedup();
            found.push(Passage {
                part: Part::Cell {
                    table: place.number,
                    row: index + n_header,
                    column: *at,
                },
                text: if is_short {
                    text.clone()
                } else {
                    // A long row cannot be read; its label and the one cell can.
                    let (header, cell) = (&column.header, &row[*at]);
                    format!("{label} | {header} | {cell}")
                },
                context: format!(
                    "{} | {} | {}",
                    place.document_title, table.title, column.header
                ),
                language: place.language.unwrap_or(Language::Ru),
                frame,
                is_opinion: false,
                is_clause: false,
            });
        }
    }
}

/// How many columns at the left name the rows: the first, and those after it that hold words in most rows.
fn label_columns(rows: &[Vec<String>]) -> usize {
    let is_of_words = |column: usize| {
        let filled = || {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.filter(|cell| !cell.is_empty())
        };
        let n_words = filled().filter(|cell| cell_number(cell).is_none()).count();
        n_words * 2 > filled().count()
    };
    1 + (1..MAX_LABELS)
        .take_while(|column| is_of_words(*column))
        .count()
}

/// The words of the cells that name a row; a running number says nothing of it.
fn label(cells: &[String]) -> String {
    let has_words = cells
        .iter()
        .any(|cell| cell_number(cell).is_none() && !cell.is_empty());
    let mut words: Vec<&str> = Vec::new();
    for cell in cells {
        let is_number = cell_number(cell.trim_end_matches('.')).is_some();
        if !(cell.is_empty() || is_number && has_words) && words.last() != Some(&cell.as_str()) {
            words.push(cell);
        }
    }
    words.join(" ")
}

/// Headings of a column that names regions, each with the word that makes a bare name one: «Абай» is a man, a town or a
/// region, and below «Область» a region.
const REGIONS: [(&str, &str); 8] = [
    ("область", "область"),
    ("области", "область"),
    ("регион", "область"),
    ("регионы", "область"),
    ("облыс", "облысы"),
    ("облыстар", "облысы"),
    ("өңір", "облысы"),
    ("region", "region"),
];

/// The word for a region in the language of a column's heading, where it heads a column of regions.
fn region_word(heading: &str) -> Option<&'static str> {
    let lower = heading.to_lowercase();
    let first = lower.split(|letter: char| !letter.is_alphabetic()).next()?;
    let found = REGIONS.iter().find(|(name, _)| *name == first);
    found.map(|(_, word)| *word)
}

/// A label of a column of regions with the word for one, where it names one with it and is no city's name.
fn as_region(label: &str, word: &str, analyze: &dyn Fn(&str) -> Vec<Sentence>) -> String {
    let places = |text: &str| -> Vec<String> {
        let sentences = analyze(text);
        let names = sentences.iter().flat_map(|sentence| &sentence.names);
        let places = names.filter(|name| name.kind == NameKind::Place);
        places.map(|name| name.id.clone()).collect()
    };
    let full = format!("{label} {word}");
    let is_region = |id: &String| id.starts_with("kz-");
    // What is a region, or a city with the rank of one, by its name alone stays that.
    match (&places(label)[..], &places(&full)[..]) {
        ([own], _) if is_region(own) => label.to_owned(),
        (_, [found]) if is_region(found) => full,
        _ => label.to_owned(),
    }
}

/// The heading that a row is for the rows below it: one text over all of its cells.
fn heading(row: &[String]) -> Option<&str> {
    let first = row.first().filter(|first| cell_number(first).is_none())?;
    let is_one = row.len() > 1 && row.iter().all(|cell| cell == first);
    is_one.then_some(first.as_str())
}

/// The headings of a column from the top down; one that a merged cell repeats stands once.
fn path(head: &[Vec<String>], column: usize) -> String {
    let mut path: Vec<&str> = Vec::new();
    for cell in head.iter().filter_map(|cells| cells.get(column)) {
        let cell = cell.as_str();
        if !cell.is_empty() && path.last() != Some(&cell) {
            path.push(cell);
        }
    }
    path.join(" ")
}

/// A cell with what it belongs to.
struct Cell<'a> {
    label: &'a Words,
    label_period: Option<&'a header::Named>,
    column: &'a Column,
    table: &'a Hints,
    value: Decimal,
    step: Decimal,
}

/// Words in a header or label that make a column one of changes.
const CHANGE_WORDS: [&str; 13] = [
    "измен",
    "прирост",
    "динамик",
    "рост",
    "снижен",
    "өзгер",
    "өсім",
    "төменде",
    "change",
    "growth",
    "increase",
    "decrease",
    "+/-",
];

impl Cell<'_> {
    /// What the cell measures.
    fn frame(&self, titles: &Surroundings) -> Frame {
        let mut frame = self.label.frame(&self.column.around);
        let is_in_clause = |frame: &Frame| {
            let period = frame.period.as_ref();
            period.is_some_and(|slot| slot.origin == Origin::Clause)
        };
        let is_of_label = frame.as_ref().is_some_and(is_in_clause);
        if let Some(of_column) = &self.column.frame {
            merge(&mut frame, of_column.clone());
        }
        let mut frame = frame.unwrap_or_else(|| bare(&self.column.around));
        let is_exact = self
            .column
            .period
            .as_ref()
            .is_some_and(|named| named.is_exact);
        let is_open = !is_in_clause(&frame) || is_exact && !is_of_label;
        if is_open && let Some(named) = self.column.period.as_ref().or(self.label_period) {
            frame.period = Some(Slot {
                best: named.period.clone(),
                alternatives: Vec::new(),
                origin: Origin::Clause,
            });
        }
        let quantity = self.quantity();
        frame.direction = quantity.direction;
        frame.quantity = Some(quantity);
        let is_default = |slot: &Slot<String>| slot.origin == Origin::Default;
        if !self.label.names_place && frame.places.iter().all(is_default) {
            frame.places.clone_from(&titles.places);
        }
        frame
    }

    /// The number of the cell with the unit that label, header and title give.
    fn quantity(&self) -> Quantity {
        let hints = [&self.label.hints, &self.column.hints];
        let is_change = self.column.hints.is_change;
        let is_percent = hints.iter().any(|hints| hints.is_percent);
        let magnitude = hints.iter().find_map(|hints| hints.magnitude);
        let magnitude = magnitude.or(self.table.magnitude).unwrap_or(1);
        let is_money = self.table.is_money || hints.iter().any(|hints| hints.is_money);
        let unit = hints.iter().find_map(|hints| hints.unit.clone());
        let unit = unit.or_else(|| self.table.unit.clone());
        let dimension = if let Some((dimension, _)) = &unit {
            dimension.clone()
        } else if is_percent {
            Dimension::Percent
        } else if is_money {
            Dimension::Money("KZT".to_owned())
        } else {
            Dimension::Count
        };
        let scale = if let Some((_, scale)) = unit {
            scale
        } else if is_percent {
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

/// What words above or beside a figure say of its unit.
#[derive(Debug, Clone)]
struct Hints {
    is_change: bool,
    is_percent: bool,
    is_money: bool,
    magnitude: Option<i64>,
    /// A physical unit, with what one of it is in the unit that figures of its dimension are kept in.
    unit: Option<(Dimension, Decimal)>,
}

impl Hints {
    fn of(words: &str, analyze: &dyn Fn(&str) -> Vec<Sentence>) -> Hints {
        let unit = unit(words, analyze);
        let words = words.to_lowercase();
        let has = |list: &[&str]| list.iter().any(|word| words.contains(word));
        Hints {
            is_change: has(&CHANGE_WORDS),
            is_percent: has(&["%", "процент", "пайыз", "percent"]),
            is_money: has(&["тенге", "теңге", "tenge", "₸"]),
            magnitude: magnitude(&words),
            unit,
        }
    }
}

/// The physical unit that stands at the end of a header or label, behind a comma or in brackets: «Изъято, кг».
fn unit(words: &str, analyze: &dyn Fn(&str) -> Vec<Sentence>) -> Option<(Dimension, Decimal)> {
    let (_, end) = words.trim_end_matches([')', ' ']).rsplit_once([',', '('])?;
    let sentence = analyze(&format!("1 {}", end.trim())).into_iter().next()?;
    let quantity = sentence.quantities.first()?;
    let is_physical = matches!(
        quantity.unit.dimension,
        Dimension::Length | Dimension::Area | Dimension::Mass | Dimension::Volume
    );
    is_physical.then(|| (quantity.unit.dimension.clone(), quantity.best.value))
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

/// A cell without the sign of a footnote at its end: «417*», «417¹», «417 1)».
fn without_note(text: &str) -> &str {
    let is_sign = |letter: char| letter == '*' || "¹²³⁴⁵⁶⁷⁸⁹⁰".contains(letter);
    let text = text.trim().trim_end_matches(is_sign).trim_end();
    let Some((figure, note)) = text.rsplit_once(' ') else {
        return text;
    };
    let is_note = note
        .strip_suffix(')')
        .is_some_and(|n| n.len() <= 2 && n.parse::<u8>().is_ok());
    if is_note { figure.trim_end() } else { text }
}

/// The number a table cell holds and the weight of its last digit; `None` when it holds words, or nothing.
fn cell_number(text: &str) -> Option<(Decimal, Decimal)> {
    let mut digits: String = without_note(text)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_cell_gives_its_number_however_it_is_written() {
        let cases = [
            ("1 204", Some("1204")),
            ("1\u{a0}204*", Some("1204")),
            ("417¹", Some("417")),
            ("417 1)", Some("417")),
            ("−3,5", Some("-3.5")),
            ("12,5 %", Some("12.5")),
            ("+7", Some("7")),
            ("1,204", Some("1204")),
            ("0,204", Some("0.204")),
            ("–", None),
            ("…", None),
            ("x", None),
            ("нет данных", None),
            ("*", None),
        ];
        for (text, expected) in cases {
            let found = cell_number(text).map(|(value, _)| value.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn rows_are_named_by_all_their_columns_of_words() {
        let rows = [
            row(&["1.", "Улытауская область", "город", "120", "7"]),
            row(&["2.", "Абайская область", "село", "80", ""]),
        ];
        assert_eq!(label_columns(&rows), 3);
        assert_eq!(label(&rows[0][..3]), "Улытауская область город");
        let years = [row(&["2024", "120"]), row(&["2025", "80"])];
        assert_eq!(label_columns(&years), 1);
        assert_eq!(label(&years[0][..1]), "2024");
        assert_eq!(
            heading(&row(&["Города", "Города", "Города"])),
            Some("Города")
        );
        assert_eq!(heading(&row(&["Города", "12", ""])), None);
        assert_eq!(heading(&row(&["12", "12"])), None);
    }

    #[test]
    fn a_columns_headings_are_read_from_the_top_and_merged_ones_once() {
        let head = [row(&["", "Кражи", "Кражи"]), row(&["", "2024", "2025"])];
        assert_eq!(path(&head, 2), "Кражи 2025");
        assert_eq!(
            path(&[row(&["", "Всего"]), row(&["", "Всего"])], 1),
            "Всего"
        );
    }
}
