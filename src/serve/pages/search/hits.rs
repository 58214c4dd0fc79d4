//! Hits as rows: outlet, language, time, title, passage, and what was found out about them.

use crate::language::Language;
use crate::model::{Case, Difference, Hit, HitKind, Hits, Label, RevisionId, Snippet, SourceId};
use crate::pursue::letter::slot_name;
use crate::report::text;
use crate::serve::Desk;
use crate::serve::error::Error;
use crate::serve::html::escaped;
use crate::serve::pages::document::{self, Badge, Seen, state};
use crate::serve::words::Words;

/// Differences shown of one hit.
const DIFFERENCES: usize = 2;

/// A hit.
pub(super) struct Row {
    pub(super) source: String,
    pub(super) source_language: &'static str,
    pub(super) language: &'static str,
    pub(super) moment: String,
    pub(super) machine_moment: String,
    pub(super) authors: String,
    /// HTML with what was searched for marked.
    pub(super) title: String,
    pub(super) href: String,
    /// HTML with what was searched for marked.
    pub(super) passage: String,
    pub(super) badges: Vec<Badge>,
    pub(super) differences: Vec<(String, String, String)>,
    pub(super) n_copies: String,
    pub(super) copies: Vec<(String, String, String)>,
}

/// The rows of an answer.
///
/// # Errors
/// When the store fails.
pub(super) fn rows(
    desk: &Desk,
    words: &Words,
    hits: &Hits,
    seen: &Seen,
) -> Result<Vec<Row>, Error> {
    let rows = hits.hits.iter();
    rows.map(|hit| row(desk, words, hits.kind, hit, seen))
        .collect()
}

fn row(desk: &Desk, words: &Words, kind: HitKind, hit: &Hit, seen: &Seen) -> Result<Row, Error> {
    let id = SourceId(hit.source.clone());
    let spoken = hit.language.unwrap_or(words.language);
    let mut row = Row {
        source: text::name(&desk.names, &id, spoken).to_owned(),
        source_language: spoken.code(),
        language: hit.language.map_or("", Language::code),
        moment: words.moment(hit.published),
        machine_moment: hit.published.to_rfc3339(),
        authors: String::new(),
        title: highlighted(&hit.title),
        href: document::address(desk, &id, &hit.url),
        passage: highlighted(&hit.snippet),
        badges: Vec::new(),
        differences: Vec::new(),
        n_copies: match hit.n_copies {
            0 => String::new(),
            n if kind == HitKind::Cases => words.count("search-publications-more", n),
            n => words.count("search-copies", n),
        },
        copies: Vec::new(),
    };
    for copy in &hit.copies {
        let href = document::publication_address(&copy.url);
        row.copies
            .push((copy.url.clone(), words.day(copy.published), href));
    }
    match (&hit.claim, &hit.case) {
        (_, Some(case)) => {
            row.href = document::case_address(&case.id);
            row.badges.push(state(words, &case.id, case.state));
            row.differences = differing(words, &case.differences);
        }
        (Some(claim), None) => {
            if let Some(verdict) = &claim.verdict {
                row.badges
                    .push(verdict_badge(words, verdict.label, 1, row.href.clone()));
                row.differences = differing(words, &verdict.differences);
            }
            let of_claim = |case: &&Case| {
                let mut copies = case.copies.iter();
                copies.any(|copy| {
                    copy.claim == claim.id || copy.carriers.iter().any(|one| one.claim == claim.id)
                })
            };
            let cases = seen.cases.iter().filter(of_claim);
            row.badges
                .extend(cases.map(|case| state(words, &case.id, case.state)));
        }
        (None, None) => judged(desk, words, hit, seen, &mut row)?,
    }
    Ok(row)
}

/// What was found out about a page: its cases, the verdicts of its claims, how often it changed.
fn judged(desk: &Desk, words: &Words, hit: &Hit, seen: &Seen, row: &mut Row) -> Result<(), Error> {
    let here = seen
        .cases
        .iter()
        .filter(|case| case.copies.iter().any(|copy| copy.url == hit.url));
    row.badges
        .extend(here.map(|case| state(words, &case.id, case.state)));
    let mut findings = desk.store.findings_of(&hit.url)?;
    findings.retain(|(claim, verdict)| seen.sight.sees_finding(claim, verdict));
    for label in [Label::Contradicted, Label::Outdated, Label::Supported] {
        let n = findings
            .iter()
            .filter(|(_, verdict)| verdict.label == label)
            .count();
        if n > 0 {
            row.badges.push(verdict_badge(
                words,
                label,
                n,
                format!("{}#claims", row.href),
            ));
        }
    }
    let revision = desk.store.revision(&RevisionId(hit.revision.0.clone()))?;
    let Some(revision) = revision else {
        return Ok(());
    };
    row.authors = revision.document.authors.join(", ");
    let n_changes = revision
        .number
        .saturating_sub(1 + u32::from(revision.is_gone));
    if n_changes > 0 {
        row.badges.push(Badge {
            class: "mid",
            words: words.count("found-changed", n_changes),
            href: format!("{}#versions", row.href),
        });
    }
    if revision.is_gone {
        row.badges.push(Badge {
            class: "",
            words: words.say("found-gone"),
            href: row.href.clone(),
        });
    }
    Ok(())
}

/// A verdict, with how many claims have it where that is more than one.
fn verdict_badge(words: &Words, label: Label, n: usize, href: String) -> Badge {
    let name = document::verdict_words(words, label);
    Badge {
        class: document::verdict_class(label),
        words: match n {
            1 => name,
            n => format!("{name}: {}", words.number(n)),
        },
        href,
    }
}

/// What differs: slot, as published, as recorded.
fn differing(words: &Words, differences: &[Difference]) -> Vec<(String, String, String)> {
    let first = differences.iter().take(DIFFERENCES);
    let each = first.map(|one| {
        let slot = slot_name(one.slot, words.language).to_owned();
        (slot, one.claimed.clone(), one.official.clone())
    });
    each.collect()
}

/// Escaped text with its highlights marked.
fn highlighted(snippet: &Snippet) -> String {
    let text = &snippet.text;
    let mut html = String::new();
    let mut done = 0;
    for (start, end) in &snippet.highlights {
        let pieces = text.get(done..*start).zip(text.get(*start..*end));
        let Some((before, found)) = pieces else {
            continue;
        };
        html.push_str(&escaped(before));
        html.push_str(&format!("<mark>{}</mark>", escaped(found)));
        done = *end;
    }
    html + &escaped(text.get(done..).unwrap_or_default())
}
