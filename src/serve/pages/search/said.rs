//! What of a query was understood otherwise than typed, and where nothing was seen, in the reader's words.

use crate::language::NameKind;
use crate::model::{Expansion, Gap, Hits, Repair};
use crate::report::text;
use crate::serve::Desk;
use crate::serve::words::Words;

/// What was mended in a query and in those beside it, and which names were searched for in other forms.
pub(super) fn understood(words: &Words, hits: &Hits) -> Vec<String> {
    let others = hits.compared.iter().flat_map(|one| &one.repairs);
    let repairs = hits.repairs.iter().chain(others);
    let mut said: Vec<String> = Vec::new();
    for line in repairs.map(|repair| mended(words, repair)) {
        // Columns of several queries read the same words several times.
        if !said.contains(&line) {
            said.push(line);
        }
    }
    said.extend(hits.expansions.iter().map(|one| expanded(words, one)));
    said
}

/// One thing that was mended.
pub(in crate::serve) fn mended(words: &Words, repair: &Repair) -> String {
    words.with_two(
        &format!("repair-{}", repair.kind.word()),
        ("what", &repair.what),
        ("other", &repair.other),
    )
}

/// A name that was searched for by its other names as well.
fn expanded(words: &Words, expansion: &Expansion) -> String {
    let written = &expansion.written;
    let typed = written.to_lowercase();
    let others = expansion.names.iter();
    let others: Vec<&str> = others
        .map(String::as_str)
        .filter(|name| name.to_lowercase() != typed)
        .collect();
    match expansion.kind {
        NameKind::Person => words.with("search-also-person", "written", written),
        _ if others.is_empty() => words.with("search-also-names", "written", written),
        _ => words.with_two(
            "search-also",
            ("written", written),
            ("names", &others.join(", ")),
        ),
    }
}

/// A time in which a source was not seen: never said of its publisher.
pub(super) fn gap(desk: &Desk, words: &Words, gap: &Gap) -> String {
    let source = text::name(&desk.names, &gap.source, words.language);
    let to = gap
        .to
        .map_or_else(|| words.say("search-gap-now"), |to| words.moment(to));
    let span = format!("{} – {to}", words.moment(gap.from));
    let why = if gap.is_silent {
        "search-gap-silent"
    } else {
        "search-gap-unasked"
    };
    words.with_two(why, ("source", source), ("span", &span))
}
