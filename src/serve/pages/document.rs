//! What pages of publications and records share: the text with places marked in it, captures, versions, addresses.
//!
//! Texts of others are hostile: they are escaped here, and templates put them into elements of their own direction.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use url::form_urlencoded;

use crate::language::Language;
use crate::model::{
    BlockKind, Capture, Case, CaseId, CaseState, Document, Label, ObservationId, Part, Revision,
    SourceId, SourceRole,
};
use crate::report::json;
use crate::serve::Desk;
use crate::serve::access::{CurrentUser, Sight};
use crate::serve::error::Error;
use crate::serve::html::escaped;
use crate::serve::pages::is_web;
use crate::serve::pages::steps::state_name;
use crate::serve::words::Words;

/// Rows of one table shown at most, beside those with something marked in them.
const SHOWN_ROWS: usize = 60;
/// Headers of a capture shown at most.
const SHOWN_HEADERS: usize = 60;
/// Letters of a digest that tell one from the others at sight.
const SHORT_ID_CHARS: usize = 8;

/// The cases and findings that a reader sees; others are as good as absent.
pub(super) struct Seen {
    /// What of findings is seen.
    pub(super) sight: Sight,
    /// The cases that are seen.
    pub(super) cases: Arc<Vec<Case>>,
}

impl Seen {
    /// What a user sees.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn by(desk: &Desk, user: &CurrentUser) -> Result<Seen, Error> {
        let sight = user.sight(&*desk.store)?;
        let cases = desk.seen(&sight)?;
        Ok(Seen { sight, cases })
    }
}

/// What stood at an address, first to last; the marker of a gone page is no text.
pub(super) struct Texts<'r> {
    /// All.
    pub(super) all: Vec<&'r Revision>,
    /// The last.
    pub(super) newest: &'r Revision,
}

impl<'r> Texts<'r> {
    /// The texts among the revisions of an address.
    ///
    /// # Errors
    /// When nothing was seen there.
    pub(super) fn of(revisions: &'r [Revision]) -> Result<Texts<'r>, Error> {
        let all: Vec<&Revision> = revisions.iter().filter(|one| !one.is_gone).collect();
        let newest = all.last().copied();
        let newest = newest.ok_or(Error::NotFound("nothing was seen at this address"))?;
        Ok(Texts { all, newest })
    }

    /// The text of a number.
    pub(super) fn of_number(&self, number: Option<u32>) -> Option<&'r Revision> {
        let mut all = self.all.iter().copied();
        all.find(|one| Some(one.number) == number)
    }
}

/// The page of what stands at an address, by the role of its source.
pub(in crate::serve) fn address(desk: &Desk, source: &SourceId, url: &str) -> String {
    match desk.names.get(source).map(|source| source.role) {
        Some(SourceRole::Official) => record_address(url),
        _ => publication_address(url),
    }
}

/// The page of a publication.
pub(in crate::serve) fn publication_address(url: &str) -> String {
    format!("/publications?{}", of_url(url))
}

/// The page of a record.
pub(in crate::serve) fn record_address(url: &str) -> String {
    format!("/records?{}", of_url(url))
}

fn of_url(url: &str) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("url", url);
    pairs.finish()
}

/// The page of a case.
pub(in crate::serve) fn case_address(id: &CaseId) -> String {
    let id: String = form_urlencoded::byte_serialize(id.0.as_bytes()).collect();
    format!("/cases/{id}")
}

/// An id as short as people can tell it from others: the beginning of its digest.
pub(in crate::serve) fn short_id(id: &str) -> String {
    let digest = id.rsplit('-').next().unwrap_or(id);
    digest.chars().take(SHORT_ID_CHARS).collect()
}

/// The id of an observation's element on the page of its record.
pub(in crate::serve) fn observation_id(id: &ObservationId) -> String {
    format!("o-{}", short_id(&id.0))
}

/// An address of the web that may be a link; others stay text.
pub(in crate::serve) fn outward(url: &str) -> Option<String> {
    is_web(url).then(|| url.to_owned())
}

/// Something that was found out about a page, as a link.
pub(in crate::serve) struct Badge {
    pub(in crate::serve) class: &'static str,
    pub(in crate::serve) words: String,
    pub(in crate::serve) href: String,
}

/// A case with its state.
pub(in crate::serve) fn state(words: &Words, id: &CaseId, state: CaseState) -> Badge {
    let name = state_name(words, state).to_lowercase();
    Badge {
        class: if state.is_open() { "crit" } else { "" },
        words: words.with_two("found-case", ("id", &short_id(&id.0)), ("state", &name)),
        href: case_address(id),
    }
}

/// A verdict in words that accuse nobody.
pub(in crate::serve) fn verdict_words(words: &Words, label: Label) -> String {
    words.say(&format!(
        "found-verdict-{}",
        json::word(&label).replace('_', "-")
    ))
}

/// The class of a verdict's tag.
pub(in crate::serve) fn verdict_class(label: Label) -> &'static str {
    match label {
        Label::Contradicted => "high",
        Label::Outdated => "mid",
        Label::Supported => "ok",
        Label::NoRecord => "",
    }
}

/// A place in a document that is marked.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// Where.
    pub(super) part: Part,
    /// Class of the mark.
    pub(super) class: &'static str,
    /// Of marks at one place the heaviest is shown.
    pub(super) weight: u8,
    /// Where its link leads; none for a mark that is no link.
    pub(super) href: Option<String>,
    /// What it means, for whoever points at it or hears it.
    pub(super) said: String,
    /// Id of its element; empty for none.
    pub(super) id: String,
}

/// A piece of a text as the template shows it.
pub(super) enum Piece {
    /// A heading inside the text.
    Heading(Spoken),
    /// A paragraph.
    Paragraph(Spoken),
    /// An item of a list.
    Item(Spoken),
    /// A quotation.
    Quotation(Spoken),
    /// A caption.
    Caption(Spoken),
    /// A table.
    Table(Rows),
}

/// HTML of a block with its language.
pub(super) struct Spoken {
    pub(super) html: String,
    pub(super) language: &'static str,
}

/// A table; cells are HTML.
pub(super) struct Rows {
    pub(super) title: String,
    pub(super) head: Vec<Vec<String>>,
    pub(super) body: Vec<Vec<String>>,
    pub(super) n_left_out: usize,
}

/// The title with its marks, as HTML.
pub(super) fn title(document: &Document, marks: &[Mark]) -> String {
    let of_title = marks.iter().filter_map(|mark| match &mark.part {
        Part::Title(range) => Some((range.start..range.end, mark)),
        _ => None,
    });
    marked(&document.title, of_title.collect())
}

/// The text with its marks, blocks and tables in their order.
pub(super) fn pieces(document: &Document, marks: &[Mark]) -> Vec<Piece> {
    let cells: Cells = marks.iter().filter_map(cell).collect();
    let mut pieces = Vec::new();
    let mut start = 0;
    for (number, block) in document.blocks.iter().enumerate() {
        pieces.extend(tables_before(document, number, &cells));
        let end = start + block.text.len();
        let here = marks.iter().filter_map(|mark| match &mark.part {
            Part::Text(range) if range.start < end && range.end > start => {
                let from = range.start.saturating_sub(start);
                Some((from..range.end.min(end) - start, mark))
            }
            _ => None,
        });
        let spoken = Spoken {
            html: marked(&block.text, here.collect()),
            language: language_of(document, number),
        };
        pieces.push(match block.kind {
            BlockKind::Heading => Piece::Heading(spoken),
            BlockKind::ListItem => Piece::Item(spoken),
            BlockKind::Quotation => Piece::Quotation(spoken),
            BlockKind::Caption => Piece::Caption(spoken),
            BlockKind::Paragraph => Piece::Paragraph(spoken),
        });
        // Blocks are joined by a line feed.
        start = end + 1;
    }
    pieces.extend(tables_before(document, document.blocks.len(), &cells));
    pieces
}

/// The language of a block, where the document says so.
fn language_of(document: &Document, block: usize) -> &'static str {
    let mut others = document.about.other_languages.iter();
    let other = others.find(|(number, _)| *number == block);
    let language = other.map(|(_, language)| *language).or(document.language);
    language.map_or("", Language::code)
}

/// Marked cells by table, row and column.
type Cells<'m> = BTreeMap<(usize, usize, usize), &'m Mark>;

/// A mark of a cell with its place.
fn cell(mark: &Mark) -> Option<((usize, usize, usize), &Mark)> {
    match mark.part {
        Part::Cell { table, row, column } => Some(((table, row, column), mark)),
        _ => None,
    }
}

/// The tables that stand before a block; those after the last one come with the end.
fn tables_before(document: &Document, block: usize, marked_cells: &Cells<'_>) -> Vec<Piece> {
    let is_last = block == document.blocks.len();
    let tables = document.tables.iter().enumerate();
    let here = tables.filter(|(_, table)| match is_last {
        true => table.n_blocks_before >= block,
        false => table.n_blocks_before == block,
    });
    here.map(|(number, table)| {
        let at = |row: usize, column: usize| marked_cells.get(&(number, row, column)).copied();
        let mut shown = Rows {
            title: table.title.clone(),
            head: Vec::new(),
            body: Vec::new(),
            n_left_out: 0,
        };
        for (place, row) in table.rows.iter().enumerate() {
            let cells: Vec<Option<&Mark>> =
                (0..row.len()).map(|column| at(place, column)).collect();
            let html = row.iter().zip(&cells).map(|(cell, mark)| match mark {
                Some(mark) => marked(cell, vec![(0..cell.len(), *mark)]),
                None => escaped(cell),
            });
            let html: Vec<String> = html.collect();
            let is_heavy = cells.iter().flatten().any(|mark| mark.weight > 0);
            if place < table.n_header_rows {
                shown.head.push(html);
            } else if shown.body.len() < SHOWN_ROWS || is_heavy {
                shown.body.push(html);
            } else {
                shown.n_left_out += 1;
            }
        }
        Piece::Table(shown)
    })
    .collect()
}

/// Marks that stand over one stretch of a text.
struct Over<'m> {
    range: Range<usize>,
    heaviest: &'m Mark,
    /// Ids of those that are not shown: links still lead to them.
    ids: Vec<&'m str>,
}

/// Escaped text with marks; of those that overlap the heaviest is shown over all of them.
fn marked(text: &str, mut marks: Vec<(Range<usize>, &Mark)>) -> String {
    marks.sort_by_key(|(range, mark)| (range.start, std::cmp::Reverse(mark.weight)));
    let mut all: Vec<Over<'_>> = Vec::new();
    for (range, mark) in marks {
        match all.last_mut() {
            Some(over) if range.start < over.range.end => {
                over.range.end = over.range.end.max(range.end);
                let mut lighter = mark;
                if mark.weight > over.heaviest.weight {
                    std::mem::swap(&mut over.heaviest, &mut lighter);
                }
                over.ids.push(&lighter.id);
            }
            _ => all.push(Over {
                range,
                heaviest: mark,
                ids: Vec::new(),
            }),
        }
    }
    let (mut html, mut done) = (String::new(), 0);
    for over in all {
        // A range of another text than this one marks nothing.
        let before = text.get(done..over.range.start);
        let Some((before, inner)) = before.zip(text.get(over.range.clone())) else {
            continue;
        };
        html.push_str(&escaped(before));
        for id in over.ids.into_iter().filter(|id| !id.is_empty()) {
            html.push_str(&format!("<span id=\"{}\"></span>", escaped(id)));
        }
        html.push_str(&element(inner, over.heaviest));
        done = over.range.end;
    }
    html + &escaped(text.get(done..).unwrap_or_default())
}

/// A marked piece of text.
fn element(text: &str, mark: &Mark) -> String {
    let id = match mark.id.as_str() {
        "" => String::new(),
        id => format!(" id=\"{}\"", escaped(id)),
    };
    let (class, said, text) = (mark.class, escaped(&mark.said), escaped(text));
    let inner = format!("{text}<span class=\"vh\"> ({said})</span>");
    match &mark.href {
        Some(href) => format!(
            "<a class=\"d {class}\"{id} href=\"{}\" title=\"{said}\">{inner}</a>",
            escaped(href)
        ),
        None => format!("<span class=\"d {class}\"{id} title=\"{said}\">{inner}</span>"),
    }
}

/// A version of a document in a list.
pub(super) struct Version {
    pub(super) number: u32,
    pub(super) moment: String,
    pub(super) machine_moment: String,
    pub(super) last_seen: String,
    pub(super) is_gone: bool,
    pub(super) is_shown: bool,
    pub(super) href: String,
    /// Absent where no capture is known.
    pub(super) capture: Option<Fetched>,
}

/// The facts of a capture.
pub(super) struct Fetched {
    pub(super) moment: String,
    pub(super) status: u16,
    pub(super) sha256: String,
    pub(super) size: String,
    pub(super) warc_file: String,
    /// When a rule of retention let its bytes go.
    pub(super) removed: Option<String>,
    pub(super) address: String,
    pub(super) headers: Vec<(String, String)>,
}

/// A version with what is known of its capture; `href` shows it.
///
/// # Errors
/// When the store fails.
pub(super) fn version(
    desk: &Desk,
    words: &Words,
    revision: &Revision,
    shown: &[u32],
    href: String,
) -> Result<Version, Error> {
    let capture = match &revision.capture {
        Some(id) => desk.store.capture(id)?,
        None => None,
    };
    Ok(Version {
        number: revision.number,
        moment: words.moment(revision.first_seen),
        machine_moment: revision.first_seen.to_rfc3339(),
        last_seen: words.moment(revision.last_seen),
        is_gone: revision.is_gone,
        is_shown: shown.contains(&revision.number),
        href,
        capture: capture.map(|capture| fetched(words, capture)),
    })
}

fn fetched(words: &Words, capture: Capture) -> Fetched {
    let headers = capture.headers.into_iter().take(SHOWN_HEADERS);
    Fetched {
        moment: words.moment(capture.fetched_at),
        status: capture.status,
        sha256: capture.body_hash.0,
        size: words.count("found-bytes", capture.size_bytes),
        warc_file: capture.warc_file,
        removed: capture.removed_at.map(|at| words.moment(at)),
        address: capture.url,
        headers: headers.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::Range2;

    fn mark(range: Range<usize>, class: &'static str, weight: u8) -> Mark {
        Mark {
            part: Part::Text(Range2::from(range)),
            class,
            weight,
            href: None,
            said: "said <b>".to_owned(),
            id: String::new(),
        }
    }

    /// The classes of the marks in a text, with what each covers.
    fn check(text: &str, marks: &[Mark], expected: &[(&str, &str)]) {
        let ranges = marks.iter().map(|mark| match &mark.part {
            Part::Text(range) => (range.start..range.end, mark),
            _ => (0..0, mark),
        });
        let html = marked(text, ranges.collect());
        let mut found = Vec::new();
        for piece in html.split("<span class=\"d ").skip(1) {
            let (class, rest) = piece.split_once('"').unwrap();
            let covered = rest.split_once('>').unwrap().1;
            found.push((class, covered.split_once("<span").unwrap().0));
        }
        assert_eq!(found, expected, "{html}");
        assert!(!html.contains("<b>"), "{html}");
    }

    #[test]
    fn marks_that_overlap_are_one_mark_of_the_heaviest() {
        let text = "Алғашқы <i> екінші.";
        let all = text.len();
        check(
            text,
            &[mark(0..14, "light", 1), mark(0..all, "heavy", 3)],
            &[("heavy", "Алғашқы &lt;i&gt; екінші.")],
        );
        check(
            text,
            &[mark(0..14, "light", 1), mark(19..all, "heavy", 3)],
            &[("light", "Алғашқы"), ("heavy", "екінші.")],
        );
    }

    #[test]
    fn a_place_that_is_none_of_the_text_marks_nothing() {
        check(
            "Алма",
            &[mark(1..3, "light", 1), mark(0..900, "heavy", 1)],
            &[],
        );
    }

    #[test]
    fn ids_are_short_and_addresses_of_the_web_alone_are_links() {
        assert_eq!(short_id("case-0123456789abcdef"), "01234567");
        assert_eq!(outward("javascript:alert(1)"), None);
        assert_eq!(
            publication_address("https://a.example/?b=1&c"),
            "/publications?url=https%3A%2F%2Fa.example%2F%3Fb%3D1%26c"
        );
    }
}
