//! Puts letters that stand at places together again: lines, columns of text, paragraphs, headings and tables.
//!
//! Places are in hundredths of a point from the upper left corner, whole numbers, so that the same file gives the same
//! text on every machine. A line is what stands on one level; a gap wider than a letter cuts it into pieces; lines of
//! several short pieces that stand under each other are a table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::extract::tables;
use crate::model::{Block, BlockKind, Table};

/// Gap after which a word ends, in percent of the size of the letters.
const WORD_GAP: i64 = 18;
/// Gap after which a piece of a line ends, in percent of the size.
const PIECE_GAP: i64 = 110;
/// How far two letters of one line may stand apart in height, in percent of the size.
const LEVEL: i64 = 45;
/// Distance of two lines, in percent of their size, from which a paragraph ends.
const PARAGRAPH_GAP: i64 = 175;
/// Indent of a first line that begins a paragraph, in percent of the size.
const INDENT: i64 = 90;
/// Share of a column's width, in percent, that a full line fills at least.
const FULL_LINE: i64 = 82;
/// Size of a heading, in percent of that of the text.
const HEADING_SIZE: i64 = 114;
/// Longest heading, in characters.
const MAX_HEADING_CHARS: usize = 250;
/// Least rows of a table.
const MIN_ROWS: usize = 3;
/// Least mean length of a piece, in characters, that is running text beside other running text.
const COLUMN_CHARS: usize = 22;
/// Least lines on both sides of the gap between two columns of text.
const COLUMN_LINES: usize = 5;
/// Blocks at the beginning among which the title is looked for.
const TITLE_BLOCKS: usize = 6;
/// Most lines of a header above the first that has several pieces.
const MAX_HEADER_LINES: usize = 4;
/// Pages on which a line must stand to be the file's own and not the text's.
const MIN_REPEATS: usize = 3;
/// Lines at the top and at the foot of a page among which those are looked for.
const MARGIN_LINES: usize = 2;

/// A letter (or several that one glyph shows) at its place.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    x0: i64,
    x1: i64,
    y: i64,
    size: i64,
    text: String,
}

impl Letter {
    /// A letter from `x0` to `x1` on the level `y`, in points.
    pub(super) fn new(x0: f64, x1: f64, y: f64, size: f64, text: String) -> Letter {
        // Saturating: a place past all pages stays one.
        let hundredths = |value: f64| (value * 100.0).round() as i64;
        Letter {
            x0: hundredths(x0),
            x1: hundredths(x1),
            y: hundredths(y),
            size: hundredths(size).max(1),
            text,
        }
    }
}

/// A run of words without a wide gap.
#[derive(Debug, Clone)]
struct Piece {
    x0: i64,
    x1: i64,
    text: String,
}

/// What stands on one level.
#[derive(Debug, Clone)]
struct Line {
    y: i64,
    size: i64,
    pieces: Vec<Piece>,
}

impl Line {
    fn x0(&self) -> i64 {
        self.pieces.first().map_or(0, |piece| piece.x0)
    }

    fn x1(&self) -> i64 {
        self.pieces.iter().map(|piece| piece.x1).max().unwrap_or(0)
    }

    fn text(&self) -> String {
        let texts: Vec<&str> = self
            .pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect();
        texts.join(" ")
    }
}

/// A file put together.
#[derive(Debug, Default)]
pub(super) struct Laid {
    /// The largest heading of the first page.
    pub(super) title: Option<String>,
    /// Text.
    pub(super) blocks: Vec<Block>,
    /// Tables, each after the blocks before it.
    pub(super) tables: Vec<Table>,
}

/// Drops what repeats at the top or the foot of pages: running titles and page numbers.
pub(super) fn without_running_lines(pages: &mut [Vec<Letter>]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let margins: Vec<Vec<(i64, String)>> = pages
        .iter()
        .map(|letters| {
            let lines = lines(letters.clone());
            let n_lines = lines.len();
            let at_edge = lines
                .into_iter()
                .enumerate()
                .filter(|(number, _)| *number < MARGIN_LINES || *number + MARGIN_LINES >= n_lines);
            at_edge
                .map(|(_, line)| (line.y, masked(&line.text())))
                .collect()
        })
        .collect();
    for margin in &margins {
        let texts: BTreeSet<&String> = margin.iter().map(|(_, text)| text).collect();
        for text in texts {
            *seen.entry(text.clone()).or_default() += 1;
        }
    }
    for (letters, margin) in pages.iter_mut().zip(margins) {
        let levels: Vec<i64> = margin
            .into_iter()
            .filter(|(_, text)| seen[text] >= MIN_REPEATS || text.trim_matches('-').trim() == "#")
            .map(|(y, _)| y)
            .collect();
        letters.retain(|letter| {
            let near = |y: &i64| (letter.y - y).abs() * 100 <= letter.size * LEVEL;
            !levels.iter().any(near)
        });
    }
}

/// A line with every number as one sign, so that page numbers do not set two lines apart.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_digit() {
            out.push(letter);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
    out
}

/// Puts pages together.
pub(super) fn lay_out(pages: Vec<Vec<Letter>>) -> Laid {
    let pages: Vec<Vec<Line>> = pages.into_iter().map(lines).collect();
    let text_size = usual_size(&pages);
    let mut laid = Laid::default();
    for (number, page) in pages.into_iter().enumerate() {
        let n_before = laid.blocks.len();
        for flow in flows(page) {
            lay_flow(&flow, text_size, &mut laid);
        }
        if number > 0 {
            join_over_pages(&mut laid, n_before);
        }
    }
    let mut near_top = laid.blocks.iter().take(TITLE_BLOCKS);
    if let Some(at) = near_top.position(|block| block.kind == BlockKind::Heading) {
        laid.title = Some(laid.blocks.remove(at).text);
        for table in &mut laid.tables {
            if table.n_blocks_before > at {
                table.n_blocks_before -= 1;
            }
        }
    }
    laid
}

/// The size of most letters.
fn usual_size(pages: &[Vec<Line>]) -> i64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for line in pages.iter().flatten() {
        *counts.entry(line.size).or_default() += line.text().len();
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map_or(1_000, |(size, _)| size)
}

/// Letters as lines from the top down, each as pieces from the left.
fn lines(mut letters: Vec<Letter>) -> Vec<Line> {
    letters.sort_by_key(|letter| (letter.y, letter.x0));
    let mut levels: Vec<Vec<Letter>> = Vec::new();
    for letter in letters {
        let is_same = levels
            .last()
            .and_then(|level| level.last())
            .is_some_and(|last| (letter.y - last.y) * 100 <= letter.size.max(last.size) * LEVEL);
        match levels.last_mut().filter(|_| is_same) {
            Some(level) => level.push(letter),
            None => levels.push(vec![letter]),
        }
    }
    let lines = levels.into_iter().filter_map(line);
    lines.collect()
}

/// One level of letters as a line; `None` where only spaces stand.
fn line(mut letters: Vec<Letter>) -> Option<Line> {
    letters.sort_by_key(|letter| letter.x0);
    let size = letters.iter().map(|letter| letter.size).max()?;
    let y = letters.iter().map(|letter| letter.y).min()?;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last: Option<Letter> = None;
    for letter in letters {
        let is_space = letter.text.chars().all(char::is_whitespace);
        if is_space {
            continue;
        }
        let gap = last.as_ref().map_or(i64::MAX, |last| letter.x0 - last.x1);
        // A letter drawn twice in place makes it bold.
        let is_twice = last.as_ref().is_some_and(|last| {
            last.text == letter.text && (letter.x0 - last.x0).abs() * 10 < letter.size
        });
        if is_twice {
            continue;
        }
        let percent = gap.saturating_mul(100) / letter.size;
        match pieces.last_mut().filter(|_| percent < PIECE_GAP) {
            Some(piece) => {
                if percent >= WORD_GAP {
                    piece.text.push(' ');
                }
                piece.text.push_str(&letter.text);
                piece.x1 = piece.x1.max(letter.x1);
            }
            None => pieces.push(Piece {
                x0: letter.x0,
                x1: letter.x1,
                text: letter.text.clone(),
            }),
        }
        last = Some(letter);
    }
    (!pieces.is_empty()).then_some(Line { y, size, pieces })
}

/// The flows of a page in the order of reading: two columns of text are read one after the other, between lines that
/// run over both.
fn flows(page: Vec<Line>) -> Vec<Vec<Line>> {
    let Some(gutter) = gutter(&page) else {
        return vec![page];
    };
    let mut flows: Vec<Vec<Line>> = Vec::new();
    let (mut left, mut right, mut wide) = (Vec::new(), Vec::new(), Vec::new());
    for line in page {
        let crosses = line
            .pieces
            .iter()
            .any(|piece| piece.x0 < gutter && piece.x1 > gutter);
        if crosses {
            flows.extend([std::mem::take(&mut left), std::mem::take(&mut right)]);
            wide.push(line);
            continue;
        }
        flows.push(std::mem::take(&mut wide));
        let (of_left, of_right): (Vec<Piece>, Vec<Piece>) =
            line.pieces.into_iter().partition(|piece| piece.x0 < gutter);
        for (pieces, column) in [(of_left, &mut left), (of_right, &mut right)] {
            if !pieces.is_empty() {
                let (y, size) = (line.y, line.size);
                column.push(Line { y, size, pieces });
            }
        }
    }
    flows.extend([left, right, wide]);
    flows.retain(|flow| !flow.is_empty());
    flows
}

/// The middle of the gap between two columns of running text, where a page has them.
fn gutter(page: &[Line]) -> Option<i64> {
    let pieces: Vec<&Piece> = page.iter().flat_map(|line| &line.pieces).collect();
    let left = pieces.iter().map(|piece| piece.x0).min()?;
    let right = pieces.iter().map(|piece| piece.x1).max()?;
    // Columns are about as wide as each other, so the gap is looked for in the middle third.
    let third = (right - left) / 3;
    let mut ends: Vec<i64> = pieces.iter().map(|piece| piece.x1).collect();
    ends.retain(|end| (left + third..right - third).contains(end));
    ends.sort_unstable();
    ends.dedup();
    let middle = |end: &i64| {
        let starts = pieces
            .iter()
            .map(|piece| piece.x0)
            .filter(|start| start > end);
        starts.min().map(|start| (end + start) / 2)
    };
    let crossing = |at: i64| {
        let over = pieces.iter().filter(|piece| piece.x0 < at && piece.x1 > at);
        over.count()
    };
    let at = ends
        .iter()
        .filter_map(middle)
        .min_by_key(|at| crossing(*at))?;
    let is_column = |side: &dyn Fn(&Piece) -> bool| {
        let of_side = || pieces.iter().filter(|piece| side(piece));
        let n_chars: usize = of_side().map(|piece| piece.text.chars().count()).sum();
        let n_pieces = of_side().count();
        n_pieces >= COLUMN_LINES && n_chars >= COLUMN_CHARS * n_pieces
    };
    let is_text = is_column(&|piece| piece.x1 <= at) && is_column(&|piece| piece.x0 >= at);
    (is_text && crossing(at) * 5 <= pieces.len()).then_some(at)
}

/// Puts a flow together: tables where lines of pieces stand under each other, text elsewhere.
fn lay_flow(flow: &[Line], text_size: i64, laid: &mut Laid) {
    let mut text: Vec<Line> = Vec::new();
    let mut at = 0;
    while at < flow.len() {
        let end = table_end(flow, at);
        if let Some(columns) = table_columns(&flow[at..end]) {
            let n_above = header_lines(&text, &flow[at], &columns);
            text.truncate(text.len() - n_above);
            let rows = table(&flow[at - n_above..end], &columns);
            paragraphs(&text, text_size, &mut laid.blocks);
            text.clear();
            let above = laid.blocks.last().map(|block| block.text.clone());
            let n_header_rows = tables::guess_header_rows(&rows);
            laid.tables.push(Table {
                title: above
                    .filter(|text| text.chars().count() <= MAX_HEADING_CHARS)
                    .unwrap_or_default(),
                n_header_rows,
                rows,
                n_blocks_before: laid.blocks.len(),
            });
            at = end;
        } else {
            text.push(flow[at].clone());
            at += 1;
        }
    }
    paragraphs(&text, text_size, &mut laid.blocks);
}

/// Where a table that begins with a line would end: after the last line of several pieces that follows closely; a line
/// of one piece may stand between, as a cell's further line.
fn table_end(flow: &[Line], start: usize) -> usize {
    if flow[start].pieces.len() < 2 {
        return start;
    }
    let mut end = start + 1;
    let mut at = start + 1;
    while at < flow.len() {
        let gap = flow[at].y - flow[at - 1].y;
        if gap * 100 > flow[at].size.max(flow[at - 1].size) * 3 * PARAGRAPH_GAP {
            break;
        }
        if flow[at].pieces.len() >= 2 {
            end = at + 1;
        } else if at - end >= 2 {
            break;
        }
        at += 1;
    }
    end
}

/// Whether a line is a row of figures.
fn is_of_figures(line: &Line) -> bool {
    let mut pieces = line.pieces.iter();
    line.pieces.len() >= 2 && pieces.any(|piece| tables::is_figure(&piece.text))
}

/// The columns of lines that are a table; `None` where they are none.
fn table_columns(lines: &[Line]) -> Option<Vec<(i64, i64)>> {
    let rows: Vec<&Line> = lines.iter().filter(|line| is_of_figures(line)).collect();
    let columns = columns(&rows);
    (rows.len() >= MIN_ROWS && columns.len() >= 2).then_some(columns)
}

/// How many of the lines right above a table are headings of its columns: they stand beside the column of labels.
fn header_lines(above: &[Line], first: &Line, columns: &[(i64, i64)]) -> usize {
    let labels_end = columns[0].1;
    let mut below = first;
    let mut n_lines = 0;
    for line in above.iter().rev().take(MAX_HEADER_LINES) {
        let is_near = (below.y - line.y) * 100 <= line.size.max(below.size) * PARAGRAPH_GAP;
        if !is_near || line.x0() < labels_end {
            break;
        }
        below = line;
        n_lines += 1;
    }
    n_lines
}

/// Lines as the rows of a table.
fn table(lines: &[Line], columns: &[(i64, i64)]) -> Vec<Vec<String>> {
    let mut rows: Vec<(i64, Vec<String>)> = Vec::new();
    let mut has_figures = false;
    for line in lines {
        let mut row = vec![String::new(); columns.len()];
        for piece in &line.pieces {
            let over = columns_under(piece, columns);
            for cell in &mut row[over] {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&piece.text);
            }
        }
        let is_of_figures = is_of_figures(line);
        // A further line of the label above it.
        let is_rest = has_figures && !is_of_figures && line.pieces.len() == 1 && !row[0].is_empty();
        if is_of_figures && !has_figures {
            spread_headings(&mut rows);
        }
        has_figures |= is_of_figures;
        match rows.last_mut().filter(|_| is_rest) {
            Some((y, last)) if (line.y - *y) * 100 <= line.size * PARAGRAPH_GAP => {
                last[0] = joined(&last[0], &row[0]);
                *y = line.y;
            }
            _ => rows.push((line.y, row)),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The columns that a piece stands over, or else the one it stands nearest to.
fn columns_under(piece: &Piece, columns: &[(i64, i64)]) -> Range<usize> {
    let is_under = |(x0, x1): &(i64, i64)| piece.x0 < *x1 && piece.x1 > *x0;
    if let (Some(first), Some(last)) = (
        columns.iter().position(is_under),
        columns.iter().rposition(is_under),
    ) {
        return first..last + 1;
    }
    let middle = piece.x0 + piece.x1;
    let nearest = (0..columns.len()).min_by_key(|number| {
        let (x0, x1) = columns[*number];
        (middle - (x0 + x1)).abs()
    });
    nearest.map_or(0..0, |number| number..number + 1)
}

/// Fills the further cells of a heading that is set over several columns: the row below names each of them, and none has
/// a heading of its own beside it.
fn spread_headings(head: &mut [(i64, Vec<String>)]) {
    for at in 1..head.len() {
        let (above, below) = head.split_at_mut(at);
        let (Some((_, row)), Some((_, next))) = (above.last_mut(), below.first()) else {
            return;
        };
        for column in 1..row.len() {
            let is_open = row[column].is_empty() && !row[column - 1].is_empty();
            if is_open && !next[column].is_empty() && !next[column - 1].is_empty() {
                row[column] = row[column - 1].clone();
            }
        }
    }
}

/// The columns that the pieces of rows make: those that overlap from row to row are one.
fn columns(rows: &[&Line]) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = rows
        .iter()
        .flat_map(|line| line.pieces.iter().map(|piece| (piece.x0, piece.x1)))
        .collect();
    spans.sort_unstable();
    let mut columns: Vec<(i64, i64)> = Vec::new();
    for (x0, x1) in spans {
        match columns.last_mut().filter(|(_, end)| x0 < *end) {
            Some((_, end)) => *end = (*end).max(x1),
            None => columns.push((x0, x1)),
        }
    }
    columns
}

/// Lines of running text as paragraphs, headings and items.
fn paragraphs(lines: &[Line], text_size: i64, blocks: &mut Vec<Block>) {
    let left = lines.iter().map(Line::x0).min().unwrap_or(0);
    let right = lines.iter().map(Line::x1).max().unwrap_or(0);
    let mut open: Option<(Block, &Line)> = None;
    for line in lines {
        let text = line.text();
        let kind = kind_of(&text, line.size, text_size);
        let goes_on = open.as_ref().is_some_and(|(block, last)| {
            let gap = (line.y - last.y) * 100;
            let is_near = gap > 0 && gap <= line.size.max(last.size) * PARAGRAPH_GAP;
            let is_full = (last.x1() - left) * 100 >= (right - left) * FULL_LINE;
            let is_indented = (line.x0() - last.x0()) * 100 > line.size * INDENT;
            let is_same_size = (line.size - last.size).abs() * 100 <= line.size * 8;
            let ends = block.text.ends_with(['.', '!', '?', ':', ';', '»']);
            let is_item = kind == BlockKind::ListItem;
            let is_heading = block.kind == BlockKind::Heading;
            let is_whole = if is_heading {
                kind == block.kind
            } else {
                kind != BlockKind::Heading
            };
            is_near
                && is_same_size
                && is_whole
                && !is_item
                && (is_heading || !is_indented || !ends)
                && (is_full || !ends)
        });
        if goes_on && let Some((block, last)) = &mut open {
            block.text = joined(&block.text, &text);
            *last = line;
        } else {
            blocks.extend(open.take().map(|(block, _)| block));
            open = Some((Block { kind, text }, line));
        }
    }
    blocks.extend(open.map(|(block, _)| block));
    for block in blocks.iter_mut() {
        if block.kind == BlockKind::Heading && block.text.chars().count() > MAX_HEADING_CHARS {
            block.kind = BlockKind::Paragraph;
        }
    }
}

/// What a line looks like alone.
fn kind_of(text: &str, size: i64, text_size: i64) -> BlockKind {
    let mut letters = text.chars();
    let first = letters.next();
    let is_apart = letters.next() == Some(' ');
    if matches!(
        first,
        Some('•' | '▪' | '●' | '◦' | '‣' | '–' | '—' | '-' | '*')
    ) && is_apart
    {
        BlockKind::ListItem
    } else if size * 100 >= text_size * HEADING_SIZE {
        BlockKind::Heading
    } else {
        BlockKind::Paragraph
    }
}

/// Two lines as one text: a word cut by a hyphen at the end of the first is whole again.
fn joined(first: &str, second: &str) -> String {
    let is_cut = first.ends_with('-')
        && first.chars().rev().nth(1).is_some_and(char::is_alphabetic)
        && second.chars().next().is_some_and(char::is_lowercase);
    if first.ends_with('\u{AD}') || is_cut {
        let whole: String = first.chars().take(first.chars().count() - 1).collect();
        whole + second
    } else {
        format!("{first} {second}")
    }
}

/// Joins the paragraph that a page's end cut.
fn join_over_pages(laid: &mut Laid, n_before: usize) {
    let Some(before) = n_before.checked_sub(1) else {
        return;
    };
    let has_table_between = laid
        .tables
        .iter()
        .any(|table| table.n_blocks_before == n_before);
    if has_table_between || n_before >= laid.blocks.len() {
        return;
    }
    let is_open = laid.blocks[before].kind == BlockKind::Paragraph
        && !laid.blocks[before]
            .text
            .ends_with(['.', '!', '?', ':', ';', '»']);
    let goes_on = laid.blocks[n_before].kind == BlockKind::Paragraph
        && laid.blocks[n_before].text.starts_with(char::is_lowercase);
    if is_open && goes_on {
        let rest = laid.blocks.remove(n_before);
        laid.blocks[before].text = joined(&laid.blocks[before].text, &rest.text);
        for table in &mut laid.tables {
            if table.n_blocks_before > n_before {
                table.n_blocks_before -= 1;
            }
        }
    }
}
