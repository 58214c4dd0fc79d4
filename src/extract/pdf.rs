//! Reads a PDF file with a text layer: its pages are interpreted, and what is shown is put together again from where
//! each letter stands.
//!
//! A PDF holds letters at places and nothing of words, lines, paragraphs or tables; [`layout`] finds those. A file whose
//! pages are pictures of text is said to be a scan: nothing is guessed from pictures. Spec: ISO 32000-2.

mod layout;

use chrono::{DateTime, FixedOffset, NaiveDate};
use hayro_interpret::hayro_syntax::object::DateTime as PdfTime;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, Point};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RectExt, SoftMask, TransformExt, font::Glyph,
    font::GlyphRun, hayro_cmap::BfString, interpret_page,
};

use super::{NotADocument, Page, files};
use crate::model::{DateOrigin, Dated, Document};
use layout::{Laid, Letter};

/// Most pages read; the rest is left out with a warning.
const MAX_PAGES: usize = 1_000;
/// Most letters read of one file.
const MAX_LETTERS: usize = 4_000_000;
/// Units of a font's square.
const EM: f64 = 1_000.0;
/// Letters a page must show on the mean not to be a picture of text with a stamp or a page number on it.
const MIN_LETTERS: usize = 50;
/// Share of letters that no table of the file explains from which the text is doubted, in percent.
const DOUBTED_PERCENT: usize = 10;

/// Whether a body is a PDF file: the mark may stand a little after the beginning.
pub(super) fn is_pdf(page: &Page<'_>) -> bool {
    let start = &page.bytes[..page.bytes.len().min(1_024)];
    start.windows(5).any(|mark| mark == b"%PDF-")
}

/// Reads the file.
pub(super) fn document(page: &Page<'_>) -> Result<Document, NotADocument> {
    let bytes = page.bytes.to_vec();
    let shown = files::contained(|| shown(bytes))?;
    let n_letters: usize = shown.pages.iter().map(Vec::len).sum();
    let is_empty = n_letters < MIN_LETTERS * shown.pages.len().min(10);
    if is_empty && shown.n_images > 0 {
        return Err(NotADocument::Scan);
    }
    let mut warnings = shown.warnings;
    let mut pages = shown.pages;
    layout::without_running_lines(&mut pages);
    let Laid {
        title,
        blocks,
        tables,
    } = layout::lay_out(pages);
    if blocks.is_empty() && tables.is_empty() && title.is_none() {
        return Err(NotADocument::Empty);
    }
    if shown.n_unknown * 100 > n_letters * DOUBTED_PERCENT {
        warnings.push("many letters of the file cannot be told; its text is doubtful".to_owned());
    }
    if shown.n_images >= shown.n_pages && is_empty {
        warnings.push("most pages are pictures without a text layer".to_owned());
    }
    let found = files::Found {
        title,
        stated_title: shown.title,
        authors: shown.author.into_iter().collect(),
        created: shown.created.map(guess),
        modified: shown.modified.map(guess),
        blocks,
        tables,
        warnings,
    };
    Ok(files::document(page, found))
}

/// A time of the file's own: when it was made, not when it was published.
fn guess(at: DateTime<FixedOffset>) -> Dated {
    Dated {
        at,
        origin: DateOrigin::Guess,
        is_day_only: false,
    }
}

/// What a file shows.
struct Shown {
    pages: Vec<Vec<Letter>>,
    n_pages: usize,
    n_images: usize,
    n_unknown: usize,
    title: Option<String>,
    author: Option<String>,
    created: Option<DateTime<FixedOffset>>,
    modified: Option<DateTime<FixedOffset>>,
    warnings: Vec<String>,
}

/// Interprets all pages.
fn shown(bytes: Vec<u8>) -> Result<Shown, NotADocument> {
    let bad = |detail: &str| NotADocument::BadFile {
        detail: detail.to_owned(),
    };
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => bad("it is locked with a password"),
        LoadPdfError::Invalid => bad("it is damaged or no PDF file"),
    })?;
    let mut warnings = Vec::new();
    let n_pages = pdf.pages().len();
    if n_pages > MAX_PAGES {
        warnings.push(format!(
            "only the first {MAX_PAGES} of {n_pages} pages are read"
        ));
    }
    let mut eye = Eye::default();
    let mut pages = Vec::new();
    let cache = InterpreterCache::new();
    for page in pdf.pages().iter().take(MAX_PAGES) {
        let area = page.intersected_crop_box().to_kurbo();
        let start = page.initial_transform(true).to_kurbo();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(start, area, &cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut eye);
        pages.push(std::mem::take(&mut eye.letters));
        if eye.n_seen >= MAX_LETTERS {
            warnings.push(format!("only the first {MAX_LETTERS} letters are read"));
            break;
        }
    }
    let metadata = pdf.metadata();
    Ok(Shown {
        pages,
        n_pages,
        n_images: eye.n_images,
        n_unknown: eye.n_unknown,
        title: metadata.title.as_deref().and_then(text),
        author: metadata.author.as_deref().and_then(text),
        created: metadata.creation_date.as_ref().and_then(moment),
        modified: metadata.modification_date.as_ref().and_then(moment),
        warnings,
    })
}

/// A text string of the file: UTF-16 with a mark, UTF-8, or Latin letters (ISO 32000-2, 7.9.2.2).
fn text(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        _ => String::from_utf8_lossy(bytes),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER)).then_some(text)
}

/// A letter, or the letters that a ligature joins.
fn apart(letter: char) -> String {
    let joined = match letter {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        other => return other.to_string(),
    };
    joined.to_owned()
}

/// A time of the file's metadata.
fn moment(time: &PdfTime) -> Option<DateTime<FixedOffset>> {
    let day = NaiveDate::from_ymd_opt(time.year.into(), time.month.into(), time.day.into())?;
    let at = day.and_hms_opt(time.hour.into(), time.minute.into(), time.second.into())?;
    let hours = i32::from(time.utc_offset_hour);
    let minutes = i32::from(time.utc_offset_minute) * if hours < 0 { -1 } else { 1 };
    let offset = FixedOffset::east_opt((hours * 60 + minutes) * 60)?;
    at.and_local_timezone(offset).single()
}

/// What looks at a page while it is drawn, and remembers the letters.
#[derive(Default)]
struct Eye {
    letters: Vec<Letter>,
    n_seen: usize,
    n_images: usize,
    n_unknown: usize,
}

impl<'a> Device<'a> for Eye {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _mode: &DrawMode) {
        for glyph in run.glyphs() {
            self.n_seen += 1;
            if self.n_seen > MAX_LETTERS {
                return;
            }
            let place: Affine = props.transform * glyph.transform();
            let width = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width().unwrap_or(500.0),
                Glyph::Type3(drawn) => drawn.advance_width().unwrap_or(500.0),
            };
            let start = place * Point::ORIGIN;
            let end = place * Point::new(f64::from(width), 0.0);
            let top = place * Point::new(0.0, EM);
            let size = (top - start).hypot();
            // Text that runs up or down a page belongs to a margin or a picture.
            let is_level = (end.y - start.y).abs() <= size * 0.2 && end.x >= start.x;
            let text = match glyph.as_unicode() {
                Some(BfString::Char(letter)) => apart(letter),
                Some(BfString::String(text)) => text.chars().map(apart).collect(),
                None => {
                    self.n_unknown += 1;
                    continue;
                }
            };
            if is_level && size.is_finite() && size > 0.5 {
                self.letters
                    .push(Letter::new(start.x, end.x, start.y, size, text));
            }
        }
    }

    fn draw_image(&mut self, _image: Image<'a, '_>, _props: ImageDrawProps<'a>) {
        self.n_images += 1;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
