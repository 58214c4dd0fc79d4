//! Reads tables: tells data from layout, fills merged cells, finds the header rows.

use super::tree::{Tag, Tree};
use crate::model::Table;

/// Most cells read of one table; more are left out with a warning by the caller.
const MAX_CELLS: usize = 200_000;
/// Most columns read; no printed table has as many.
const MAX_COLUMNS: usize = 2_000;
/// Widest span of a merged cell that is believed.
const MAX_SPAN: usize = 200;
/// Longest mean cell of a data table without header cells, in characters: longer ones are text in a layout.
const MAX_MEAN_CELL_CHARS: usize = 90;

/// Whether a table holds data rather than the layout of a page.
pub(super) fn is_data(tree: &Tree<'_>, at: usize) -> bool {
    let node = &tree.nodes[at];
    if matches!(node.attr("role"), Some("presentation" | "none")) {
        return false;
    }
    let (mut n_rows, mut n_cells, mut n_headers, mut n_wide_rows, mut row_cells) = (0, 0, 0, 0, 0);
    let mut has_caption = false;
    for inner in tree.subtree(at).skip(1) {
        match tree.nodes[inner].tag {
            Tag::Table | Tag::Form | Tag::Article | Tag::Main => return false,
            Tag::Row => {
                n_rows += 1;
                row_cells = 0;
            }
            Tag::Cell | Tag::HeaderCell => {
                n_headers += usize::from(tree.nodes[inner].tag == Tag::HeaderCell);
                n_cells += 1;
                row_cells += 1;
                n_wide_rows += usize::from(row_cells == 2);
            }
            Tag::Caption => has_caption = true,
            _ => {}
        }
    }
    if n_rows == 0 || n_cells < 2 || node.n_chars == 0 || n_wide_rows == 0 {
        return false;
    }
    let mean = node.n_chars / n_cells;
    if node.n_link_chars * 100 > node.n_chars * 70 && n_headers == 0 {
        return false;
    }
    if n_headers > 0 || has_caption {
        return mean <= 3 * MAX_MEAN_CELL_CHARS;
    }
    n_rows >= 2 && n_wide_rows * 2 >= n_rows && mean <= MAX_MEAN_CELL_CHARS
}

/// Reads a data table; `above` is the text right above it, used when it has no caption.
pub(super) fn read(tree: &Tree<'_>, at: usize, above: &str) -> Option<Table> {
    let mut grid = Grid::default();
    let mut n_marked_header_rows = 0;
    let mut is_still_header = true;
    for row in rows_of(tree, at) {
        let cells: Vec<usize> = tree
            .children(row)
            .filter(|cell| matches!(tree.nodes[*cell].tag, Tag::Cell | Tag::HeaderCell))
            .collect();
        if cells.is_empty() {
            continue;
        }
        let is_header = matches!(tree.nodes[tree.nodes[row].parent].tag, Tag::RowGroup(true))
            || cells
                .iter()
                .all(|cell| tree.nodes[*cell].tag == Tag::HeaderCell);
        is_still_header &= is_header;
        n_marked_header_rows += usize::from(is_still_header);
        grid.start_row();
        for cell in cells {
            let node = &tree.nodes[cell];
            let span = |name: &str| {
                node.attr(name)
                    .and_then(|value| value.trim().parse::<usize>().ok())
                    .unwrap_or(1)
                    .clamp(1, MAX_SPAN)
            };
            grid.put(&tree.text_of(cell), span("colspan"), span("rowspan"));
        }
        if grid.n_cells > MAX_CELLS {
            break;
        }
    }
    let rows = grid.finish();
    if rows.is_empty() || rows.iter().flatten().all(String::is_empty) {
        return None;
    }
    let caption = tree
        .subtree(at)
        .find(|inner| tree.nodes[*inner].tag == Tag::Caption)
        .map(|inner| tree.text_of(inner));
    let n_header_rows = if n_marked_header_rows == 0 || n_marked_header_rows == rows.len() {
        guess_header_rows(&rows)
    } else {
        n_marked_header_rows
    };
    Some(Table {
        title: caption.unwrap_or_else(|| above.to_owned()),
        n_header_rows,
        rows,
        n_blocks_before: 0,
    })
}

/// The rows of a table in order.
fn rows_of<'t>(tree: &'t Tree<'_>, at: usize) -> impl Iterator<Item = usize> + 't {
    tree.subtree(at)
        .filter(|inner| tree.nodes[*inner].tag == Tag::Row)
}

/// How many rows at the top are header where nothing marks them: those before the first row that holds a figure
/// beside its label; a row of column numbers (1, 2, 3...) right under the header belongs to it.
pub(super) fn guess_header_rows(rows: &[Vec<String>]) -> usize {
    let first_data = rows
        .iter()
        .position(|row| row.iter().skip(1).any(|cell| is_figure(cell)) && !is_numbering(row));
    match first_data {
        Some(0) => usize::from(is_numbering(&rows[0])),
        Some(n) if n <= 6 => n,
        // A table of words: the first row names the columns.
        _ => usize::from(rows.len() > 1),
    }
}

/// Whether a row counts its columns: 1, 2, 3... after labels such as "А", "Б".
pub(super) fn is_numbering(row: &[String]) -> bool {
    let numbers: Vec<usize> = row
        .iter()
        .filter_map(|cell| cell.trim().parse().ok())
        .collect();
    let n_filled = row.iter().filter(|cell| !cell.trim().is_empty()).count();
    numbers.len() >= 3
        && numbers.len() + 3 >= n_filled
        && numbers
            .windows(2)
            .all(|pair| pair[1] == pair[0] + 1 || pair[1] == pair[0])
        && numbers[0] <= 2
}

/// Whether a cell is a figure: a number with signs, spaces, a percent sign or a dash for none. A bare year is a label.
pub(super) fn is_figure(cell: &str) -> bool {
    let text = cell.trim();
    let n_digits = text.chars().filter(char::is_ascii_digit).count();
    let is_year =
        n_digits == 4 && text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    n_digits > 0
        && !is_year
        && text.chars().all(|letter| {
            letter.is_ascii_digit() || letter.is_whitespace() || "+-–−.,%()*/".contains(letter)
        })
}

/// A grid that fills merged cells.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    /// For each column, rows still covered by a cell above, and that cell's text.
    below: Vec<(usize, String)>,
    column: usize,
    n_cells: usize,
}

impl Grid {
    /// Begins a row.
    fn start_row(&mut self) {
        self.end_row();
        self.rows.push(Vec::new());
        self.column = 0;
    }

    /// Fills what is left of the row from merged cells above.
    fn end_row(&mut self) {
        if !self.rows.is_empty() {
            let last = self.below.iter().rposition(|(n_left, _)| *n_left > 0);
            while last.is_some_and(|last| self.column <= last) {
                if !self.take_from_above() {
                    // A gap: a cell further right still reaches down to this row.
                    self.add(String::new());
                }
            }
        }
    }

    /// Takes the cell above where it reaches down to this row.
    fn take_from_above(&mut self) -> bool {
        let Some((n_left, text)) = self.below.get_mut(self.column) else {
            return false;
        };
        if *n_left == 0 {
            return false;
        }
        *n_left -= 1;
        let text = text.clone();
        self.add(text);
        true
    }

    /// Adds one cell to the row.
    fn add(&mut self, text: String) {
        if let Some(row) = self.rows.last_mut() {
            row.push(text);
            self.column += 1;
            self.n_cells += 1;
        }
    }

    /// Puts a cell with its spans.
    fn put(&mut self, text: &str, n_columns: usize, n_rows: usize) {
        while self.take_from_above() {}
        for _ in 0..n_columns {
            if self.column >= MAX_COLUMNS {
                return;
            }
            if self.below.len() <= self.column {
                self.below.resize(self.column + 1, (0, String::new()));
            }
            if n_rows > 1 {
                self.below[self.column] = (n_rows - 1, text.to_owned());
            }
            self.add(text.to_owned());
        }
    }

    /// The rows, all of one width.
    fn finish(mut self) -> Vec<Vec<String>> {
        self.end_row();
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        if width.saturating_mul(self.rows.len()) <= 4 * MAX_CELLS {
            for row in &mut self.rows {
                row.resize(width, String::new());
            }
        }
        self.rows
    }
}
