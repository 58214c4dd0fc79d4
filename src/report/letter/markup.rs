//! The markup of letters: what a line is follows from its first sign; `**…**` is bold, a backslash takes a sign as it is.
//!
//! | sign | a line is |
//! | --- | --- |
//! | `# ` | the title |
//! | `## ` | the heading of a section |
//! | `@ ` | a line of the block at the right |
//! | `: ` | a label and its value, parted by the first `: ` |
//! | `> ` | a quotation |
//! | `- ` | an item |
//! | `1. ` | an item with that number |
//! | `\| ` | a row of a table, the first is its head |
//! | `~ ` | small print |
//! | `= ` | the line to sign |
//!
//! Other lines are paragraphs; lines of one paragraph are joined. Every text is a letter: nothing here can fail.

/// Text of one weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Text.
    pub text: String,
    /// Whether it is bold.
    pub is_bold: bool,
}

/// Text of changing weight.
pub type Spans = Vec<Span>;

/// A block of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title.
    Title(Spans),
    /// The heading of a section.
    Heading(Spans),
    /// The block at the right, line by line.
    Right(Vec<Spans>),
    /// A label and its value.
    Field(Spans, Spans),
    /// A quotation.
    Quote(Spans),
    /// An item; with its number where it has one.
    Item(Option<u32>, Spans),
    /// A table, row by row; the first is its head.
    Table(Vec<Vec<Spans>>),
    /// Small print.
    Small(Spans),
    /// The line to sign.
    Signature(Spans),
    /// Running text.
    Paragraph(Spans),
}

/// The text of spans.
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// Reads a filled template.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut running: Vec<&str> = Vec::new();
    let mut joins = false;
    for line in text.lines().map(str::trim) {
        let next = block(line);
        if next.is_some() || line.is_empty() {
            flush(&mut running, &mut blocks);
        }
        match (next, blocks.last_mut()) {
            (Some(Block::Right(lines)), Some(Block::Right(before))) if joins => {
                before.extend(lines)
            }
            (Some(Block::Table(rows)), Some(Block::Table(before))) if joins => before.extend(rows),
            (Some(next), _) => blocks.push(next),
            (None, _) if !line.is_empty() => running.push(line),
            (None, _) => {}
        }
        joins = !line.is_empty();
    }
    flush(&mut running, &mut blocks);
    blocks
}

/// Ends the paragraph that was running.
fn flush(running: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !running.is_empty() {
        blocks.push(Block::Paragraph(spans(&running.join(" "))));
        running.clear();
    }
}

/// The block that a line's first sign makes it; `None` for running text.
fn block(line: &str) -> Option<Block> {
    let (sign, rest) = line.split_once(' ')?;
    let rest = rest.trim_start();
    let block = match sign {
        "#" => Block::Title(spans(rest)),
        "##" => Block::Heading(spans(rest)),
        "@" => Block::Right(vec![spans(rest)]),
        ":" => field(rest),
        ">" => Block::Quote(spans(rest)),
        "-" => Block::Item(None, spans(rest)),
        "~" => Block::Small(spans(rest)),
        "=" => Block::Signature(spans(rest)),
        "|" => Block::Table(vec![row(rest)]),
        number => Block::Item(Some(number.strip_suffix('.')?.parse().ok()?), spans(rest)),
    };
    Some(block)
}

/// A label and its value.
fn field(text: &str) -> Block {
    match text.split_once(": ") {
        Some((label, value)) => Block::Field(spans(label), spans(value)),
        None => Block::Field(spans(text.trim_end_matches(':')), Vec::new()),
    }
}

/// The cells of a row.
fn row(text: &str) -> Vec<Spans> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                cell.push('\\');
                cell.extend(letters.next());
            }
            '|' => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    if !cell.trim().is_empty() {
        cells.push(cell);
    }
    cells.iter().map(|cell| spans(cell.trim())).collect()
}

/// Text with its bold parts; an empty bold part is none.
fn spans(text: &str) -> Spans {
    let mut spans: Spans = Vec::new();
    let mut is_bold = false;
    let mut part = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => part.extend(letters.next()),
            '*' if letters.peek() == Some(&'*') => {
                letters.next();
                push(&mut spans, &mut part, is_bold);
                is_bold = !is_bold;
            }
            other => part.push(other),
        }
    }
    push(&mut spans, &mut part, is_bold);
    spans
}

fn push(spans: &mut Spans, part: &mut String, is_bold: bool) {
    if !part.is_empty() {
        let text = std::mem::take(part);
        spans.push(Span { text, is_bold });
    }
}

/// A value so that it stays one: no line of it begins a block, no sign of it is markup.
pub fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\\' | '|' | '*' | '#' | '@' | ':' | '>' | '~' | '=' | '-' | '.' => {
                out.push('\\');
                out.push(letter);
            }
            // Lines and pages end only where the template ends them.
            letter if letter.is_control() || letter == '\u{2028}' || letter == '\u{2029}' => {
                out.push(' ')
            }
            letter => out.push(letter),
        }
    }
    out
}
