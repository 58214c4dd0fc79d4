//! What office files have in common: a document of what was found in one.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use url::Url;
use zip::ZipArchive;

use super::{LANGUAGE_BYTES, NotADocument, Page, about, api};
use crate::language::{Language, detect};
use crate::model::{About, Block, CanonicalUrl, DateOrigin, Dated, Document, Table};

/// Longest first block that is taken for the title, in characters.
const MAX_TITLE_CHARS: usize = 250;

/// What was found in a file.
pub(super) struct Found {
    /// Title as it stands in the text.
    pub(super) title: Option<String>,
    /// Title that the file's properties state; often that of an old file it was made from.
    pub(super) stated_title: Option<String>,
    /// Authors.
    pub(super) authors: Vec<String>,
    /// When the file was made.
    pub(super) created: Option<Dated>,
    /// When it was last saved.
    pub(super) modified: Option<Dated>,
    /// Text.
    pub(super) blocks: Vec<Block>,
    /// Tables.
    pub(super) tables: Vec<Table>,
    /// What was doubtful.
    pub(super) warnings: Vec<String>,
}

/// Most bytes that the parts of an office file may unpack to: a small file can claim to hold far more than a machine.
const MAX_UNPACKED_BYTES: u64 = 512 * 1024 * 1024;

/// Runs the reader of a foreign format, made by others. It is meant to refuse what is damaged; should it panic instead,
/// only that file is lost.
pub(super) fn contained<T>(
    read: impl FnOnce() -> Result<T, NotADocument>,
) -> Result<T, NotADocument> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        let detail = "it is damaged in a way that its reader does not know".to_owned();
        Err(NotADocument::BadFile { detail })
    })
}

/// Whether a body is an archive that holds a part.
pub(super) fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && ZipArchive::new(Cursor::new(bytes))
            .is_ok_and(|archive| archive.index_for_name(part).is_some())
}

/// Refuses an archive that says that it unpacks to more than the limit.
pub(super) fn check_size(bytes: &[u8]) -> Result<(), NotADocument> {
    let bad = |detail: String| NotADocument::BadFile { detail };
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| bad(error.to_string()))?;
    let n_bytes = archive.decompressed_size().unwrap_or(u128::MAX);
    if n_bytes > u128::from(MAX_UNPACKED_BYTES) {
        let limit = MAX_UNPACKED_BYTES;
        return Err(bad(format!(
            "it unpacks to {n_bytes} bytes, more than {limit}"
        )));
    }
    Ok(())
}

/// The document of a file. What an operator or a link says of it is added to its title, and its date goes before the
/// file's own, which only tells when it was made.
pub(super) fn document(page: &Page<'_>, mut found: Found) -> Document {
    let first = found.blocks.first().map(|block| &block.text);
    let first = first.filter(|text| text.chars().count() <= MAX_TITLE_CHARS);
    let title = match (found.title, first) {
        (Some(title), _) => title,
        (None, Some(_)) => found.blocks.remove(0).text,
        (None, None) => found.stated_title.unwrap_or_default(),
    };
    let hint = page
        .hint
        .title
        .clone()
        .filter(|hint| !hint.is_empty() && !title.contains(hint.as_str()));
    let title = match (title.is_empty(), hint) {
        (true, _) => self::title(page, ""),
        (false, Some(hint)) => format!("{title}, {hint}"),
        (false, None) => title,
    };
    let mut sample = title.clone();
    for block in &found.blocks {
        sample.push(' ');
        sample.push_str(&block.text);
        if sample.len() > LANGUAGE_BYTES {
            break;
        }
    }
    let language = detect::language(&sample).or(page.languages.first().copied());
    let hinted = api::read_date(page, page.hint.published.as_deref(), DateOrigin::Discovery);
    let about = About {
        other_languages: about::other_languages(&found.blocks, language),
        ..About::default()
    };
    Document {
        url: CanonicalUrl(page.url.to_owned()),
        title,
        authors: found.authors,
        published: hinted.or(found.created),
        modified: found.modified,
        language,
        blocks: found.blocks,
        tables: found.tables,
        alternates: Vec::new(),
        warnings: found.warnings,
        about,
    }
}

/// The language of the labels, or else that of the source.
pub(super) fn language(page: &Page<'_>, tables: &[Table]) -> Option<Language> {
    let cells = tables.iter().flat_map(|table| table.rows.iter().flatten());
    let mut sample = String::new();
    for cell in cells.filter(|cell| cell.chars().any(char::is_alphabetic)) {
        sample.push_str(cell);
        sample.push(' ');
        if sample.len() > LANGUAGE_BYTES {
            break;
        }
    }
    detect::language(&sample).or(page.languages.first().copied())
}

/// The title: what the form calls itself, and what only the address knows (the region and the period).
pub(super) fn title(page: &Page<'_>, form: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend((!form.is_empty()).then(|| form.to_owned()));
    parts.extend(page.hint.title.clone().filter(|title| !title.is_empty()));
    let path =
        Url::parse(page.url).map_or_else(|_| page.url.to_owned(), |url| url.path().to_owned());
    let mut segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    if let Some(file) = segments.pop() {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        parts.push(stem.replace(['-', '_', '+'], " ").replace("%20", " "));
    }
    parts.extend(period(&segments));
    parts.join(", ")
}

/// The period that folders of the address name: year, then month.
fn period(segments: &[&str]) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ];
    let at = segments.iter().position(|segment| {
        segment.len() == 4
            && segment
                .parse::<u16>()
                .is_ok_and(|year| (1990..=2100).contains(&year))
    })?;
    let year = segments[at];
    let month = segments
        .get(at + 1)
        .and_then(|segment| segment.parse::<usize>().ok())
        .filter(|month| (1..=12).contains(month));
    Some(match month {
        Some(month @ 2..=11) => format!("январь – {} {year} года", MONTHS[month - 1]),
        Some(1) => format!("январь {year} года"),
        _ => format!("{year} год"),
    })
}
