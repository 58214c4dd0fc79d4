//! The page of a publication: its versions beside each other, its text with every checked claim marked, and where else it stands.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::document::{self, Badge, Mark, Piece, Seen, Texts, Version, state};
use super::off_thread;
use crate::index::SearchQuery;
use crate::language::{Language, local_day};
use crate::model::{Case, Claim, Label, Revision, Verdict};
use crate::pursue::letter::slot_name;
use crate::pursue::notes_correction;
use crate::report::changes::{Change, Run, Stretch, stretches};
use crate::report::text;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// Pages with the same headline listed at most.
const SAME_STORY: usize = 10;
/// Verdicts in the order of a legend.
const VERDICTS: [Label; 4] = [
    Label::Contradicted,
    Label::Outdated,
    Label::Supported,
    Label::NoRecord,
];

/// Which publication, and which of its versions.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Wanted {
    /// Address.
    url: String,
    /// Number of the version compared with; the one before when absent.
    from: Option<u32>,
    /// Number of the version shown; the newest when absent.
    to: Option<u32>,
    /// `text` shows changes in one text, anything else side by side.
    view: Option<String>,
}

/// Two versions beside each other.
struct Comparison {
    from: u32,
    to: u32,
    from_moment: String,
    to_moment: String,
    is_side_by_side: bool,
    side_href: String,
    text_href: String,
    said: String,
    lines: Vec<Line>,
    is_without_note: bool,
}

/// A line of two versions. In words: what stayed, what went, what came.
enum Line {
    /// Lines that stayed, folded, with their number in words.
    Kept(String, Vec<String>),
    /// A line that went.
    Gone(String),
    /// A line that came.
    New(String),
    /// A line that was reworded.
    Reworded(Vec<Run>),
}

/// A claim of the text.
struct ClaimRow {
    id: String,
    sentence: String,
    language: &'static str,
    class: &'static str,
    verdict: String,
    differences: Vec<(String, String, String)>,
    case: Option<Badge>,
    record: Option<(String, String)>,
}

/// Another page.
struct Other {
    name: String,
    language: &'static str,
    said: String,
    href: String,
    is_outward: bool,
}

#[derive(Template)]
#[template(path = "publication.html")]
struct PublicationPage<'a> {
    shell: &'a Shell,
    title: String,
    language: &'static str,
    source: String,
    source_language: &'static str,
    moment: String,
    machine_moment: String,
    modified: String,
    authors: String,
    url: String,
    original: Option<String>,
    record: Option<String>,
    cases: Vec<Badge>,
    changed: String,
    gone: Option<String>,
    comparison: Option<Comparison>,
    versions: Vec<Version>,
    numbers: Vec<u32>,
    text_title: String,
    pieces: Vec<Piece>,
    shown: u32,
    legend: Vec<(&'static str, String)>,
    claims: Vec<ClaimRow>,
    same_story: Vec<Other>,
    in_case: Vec<Other>,
    languages: Vec<Other>,
}

/// The page of a publication.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Error> {
    off_thread(move || shell::page(&publication(&desk, &shell, &user, &wanted)?)).await
}

fn publication<'a>(
    desk: &Desk,
    shell: &'a Shell,
    user: &CurrentUser,
    wanted: &Wanted,
) -> Result<PublicationPage<'a>, Error> {
    let words = &shell.words;
    let revisions = desk.store.revisions_of(&wanted.url)?;
    let texts = Texts::of(&revisions)?;
    let shown = texts.of_number(wanted.to).unwrap_or(texts.newest);
    let mut before = texts.all.iter().copied();
    let before = before.rfind(|one| one.number < shown.number);
    let earlier = texts.of_number(wanted.from).or(before);
    let earlier = earlier.filter(|earlier| earlier.number != shown.number);

    let seen = Seen::by(desk, user)?;
    let is_here = |case: &&Case| case.copies.iter().any(|copy| copy.url == wanted.url);
    let cases: Vec<&Case> = seen.cases.iter().filter(is_here).collect();
    let claims = judged(desk, shown, &seen)?;
    let rows: Vec<ClaimRow> = claims
        .iter()
        .map(|(claim, verdict)| claim_row(desk, words, claim, verdict.as_ref(), &cases))
        .collect();
    let marks = marks(words, &claims, &rows);
    let document = &shown.document;
    let language = document.language.unwrap_or(words.language);
    let published = document.trusted_published();
    let at = published.map_or(shown.first_seen, |dated| dated.at.to_utc());
    let n_changes = texts.all.len().saturating_sub(1);
    let numbers = earlier.map(|earlier| vec![earlier.number, shown.number]);
    let numbers = numbers.unwrap_or_else(|| vec![shown.number]);
    let mut versions = Vec::new();
    for revision in revisions.iter().rev() {
        let to = format!("&to={}", revision.number);
        let href = document::publication_address(&wanted.url) + &to;
        versions.push(document::version(desk, words, revision, &numbers, href)?);
    }
    let standing = revisions.last().filter(|last| last.is_gone);
    let is_official = document::address(desk, &shown.source, &wanted.url).starts_with("/records");
    Ok(PublicationPage {
        title: match document.title.trim() {
            "" => wanted.url.clone(),
            title => title.to_owned(),
        },
        language: language.code(),
        source: text::name(&desk.names, &shown.source, language).to_owned(),
        source_language: language.code(),
        moment: match published {
            Some(dated) if dated.is_day_only => words.day(at),
            _ => words.moment(at),
        },
        machine_moment: at.to_rfc3339(),
        modified: document
            .modified
            .as_ref()
            .map_or(String::new(), |dated| words.moment(dated.at.to_utc())),
        authors: document.authors.join(", "),
        original: document::outward(&wanted.url),
        record: is_official.then(|| document::record_address(&wanted.url)),
        cases: cases
            .iter()
            .map(|case| state(words, &case.id, case.state))
            .collect(),
        changed: match n_changes {
            0 => String::new(),
            n => words.count("found-changed", n),
        },
        gone: standing
            .map(|gone| words.with("publication-gone", "when", &words.moment(gone.first_seen))),
        comparison: earlier.map(|earlier| compared(words, wanted, earlier, shown)),
        versions,
        numbers: texts.all.iter().map(|one| one.number).collect(),
        text_title: document::title(document, &marks),
        pieces: document::pieces(document, &marks),
        shown: shown.number,
        legend: legend(words, &claims),
        claims: rows,
        same_story: same_story(desk, words, shown)?,
        in_case: in_cases(desk, words, &cases, &wanted.url),
        languages: languages(desk, words, shown)?,
        url: wanted.url.clone(),
        shell,
    })
}

/// The claims of a version with their newest verdicts, in the order of the text.
fn judged(
    desk: &Desk,
    revision: &Revision,
    seen: &Seen,
) -> Result<Vec<(Claim, Option<Verdict>)>, Error> {
    let claims = desk.store.claims(&revision.id)?.into_iter();
    let mut judged = Vec::new();
    for claim in claims {
        let verdict = desk.store.verdict(&claim.id)?;
        let is_seen = |verdict: &Verdict| seen.sight.sees_finding(&claim, verdict);
        if verdict.as_ref().is_none_or(is_seen) {
            judged.push((claim, verdict));
        }
    }
    judged.sort_by(|(a, _), (b, _)| a.part.cmp(&b.part));
    Ok(judged)
}

/// A claim as the list beside the text shows it.
fn claim_row(
    desk: &Desk,
    words: &Words,
    claim: &Claim,
    verdict: Option<&Verdict>,
    cases: &[&Case],
) -> ClaimRow {
    let of_claim = |case: &&&Case| {
        let mut copies = case.copies.iter();
        copies.any(|copy| {
            copy.claim == claim.id || copy.carriers.iter().any(|one| one.claim == claim.id)
        })
    };
    let case = cases.iter().find(of_claim);
    let quote = verdict.and_then(|verdict| verdict.evidence.first());
    let differences = verdict.into_iter().flat_map(|verdict| &verdict.differences);
    ClaimRow {
        id: format!("claim-{}", document::short_id(&claim.id.0)),
        sentence: claim.text.clone(),
        language: claim.language.code(),
        class: verdict.map_or("", |verdict| document::verdict_class(verdict.label)),
        verdict: verdict.map_or_else(
            || words.say("publication-unjudged"),
            |verdict| document::verdict_words(words, verdict.label),
        ),
        differences: differences
            .map(|one| {
                let slot = slot_name(one.slot, words.language).to_owned();
                (slot, one.claimed.clone(), one.official.clone())
            })
            .collect(),
        case: case.map(|case| state(words, &case.id, case.state)),
        record: quote.map(|quote| {
            let source = text::name(&desk.names, &quote.source, words.language);
            let said = format!("{source}, {}", words.day(quote.published));
            let place = document::observation_id(&quote.observation);
            (
                said,
                format!("{}#{place}", document::record_address(&quote.url)),
            )
        }),
    }
}

/// The claims as marks in the text: each leads to its case, else to its record, else to its line in the list.
fn marks(words: &Words, claims: &[(Claim, Option<Verdict>)], rows: &[ClaimRow]) -> Vec<Mark> {
    let marks = claims.iter().zip(rows).map(|((claim, verdict), row)| {
        let label = verdict
            .as_ref()
            .map_or(Label::NoRecord, |verdict| verdict.label);
        let (class, weight) = match label {
            Label::Contradicted => ("d-pub", 3),
            Label::Outdated => ("d-old", 2),
            Label::Supported => ("d-agrees", 1),
            Label::NoRecord => ("d-none", 0),
        };
        let case = row.case.as_ref().map(|case| case.href.clone());
        let record = row.record.as_ref().map(|(_, href)| href.clone());
        Mark {
            part: claim.part.clone(),
            class,
            weight,
            href: case.or(record).or_else(|| Some(format!("#{}", row.id))),
            said: verdict.as_ref().map_or_else(
                || words.say("publication-unjudged"),
                |_| row.verdict.clone(),
            ),
            id: String::new(),
        }
    });
    marks.collect()
}

/// How many claims have which verdict, with the class of the mark.
fn legend(words: &Words, claims: &[(Claim, Option<Verdict>)]) -> Vec<(&'static str, String)> {
    let classes = ["d-pub", "d-old", "d-agrees", "d-none"];
    let labels = VERDICTS.map(Some).into_iter().zip(classes);
    let counted = labels.chain([(None, "d-none")]);
    let counted = counted.filter_map(|(label, class)| {
        let of_label = claims
            .iter()
            .filter(|(_, verdict)| verdict.as_ref().map(|verdict| verdict.label) == label);
        let n = of_label.count();
        let name = label.map_or_else(
            || words.say("publication-unjudged"),
            |label| document::verdict_words(words, label),
        );
        (n > 0).then(|| (class, format!("{name}: {}", words.number(n))))
    });
    counted.collect()
}

/// Two versions beside each other.
fn compared(words: &Words, wanted: &Wanted, earlier: &Revision, shown: &Revision) -> Comparison {
    let mut lines = Vec::new();
    let mut n_changed = 0_usize;
    for stretch in stretches(&earlier.document, &shown.document) {
        n_changed += usize::from(matches!(stretch, Stretch::Changed(_)));
        lines.push(match stretch {
            Stretch::Kept(kept) => {
                Line::Kept(words.count("publication-unchanged", kept.len()), kept)
            }
            Stretch::Changed(Change::Added(line)) => Line::New(line),
            Stretch::Changed(Change::Removed(line)) => Line::Gone(line),
            Stretch::Changed(Change::Reworded(runs)) => Line::Reworded(runs),
        });
    }
    let address = format!(
        "{}&from={}&to={}",
        document::publication_address(&wanted.url),
        earlier.number,
        shown.number
    );
    let is_later = earlier.number < shown.number;
    Comparison {
        from: earlier.number,
        to: shown.number,
        from_moment: words.moment(earlier.first_seen),
        to_moment: words.moment(shown.first_seen),
        is_side_by_side: wanted.view.as_deref() != Some("text"),
        text_href: format!("{address}&view=text"),
        side_href: address,
        said: words.count("publication-changes", n_changed),
        is_without_note: is_later
            && n_changed > 0
            && !notes_correction(Some(&earlier.document), &shown.document),
        lines,
    }
}

/// Other publications with the same headline.
fn same_story(desk: &Desk, words: &Words, revision: &Revision) -> Result<Vec<Other>, Error> {
    let quotes = ['"', '«', '»', '“', '”', '„'];
    let title = revision.document.title.replace(quotes, " ");
    if title.trim().is_empty() {
        return Ok(Vec::new());
    }
    let search = SearchQuery {
        limit: SAME_STORY + 1,
        is_folded: false,
        ..SearchQuery::new(
            format!("title:\"{}\"", title.trim()),
            local_day(desk.gate.now()),
        )
    };
    let hits = desk.index.search(&search, &*desk.store)?.hits.into_iter();
    let others = hits.filter(|hit| hit.url != revision.document.url.0);
    let others = others.take(SAME_STORY).map(|hit| {
        let source = crate::model::SourceId(hit.source);
        let language = hit.language.unwrap_or(words.language);
        Other {
            name: text::name(&desk.names, &source, language).to_owned(),
            language: language.code(),
            said: words.moment(hit.published),
            href: document::address(desk, &source, &hit.url),
            is_outward: false,
        }
    });
    Ok(others.collect())
}

/// The other publications of the cases that a publication is in.
fn in_cases(desk: &Desk, words: &Words, cases: &[&Case], url: &str) -> Vec<Other> {
    let copies = cases.iter().flat_map(|case| &case.copies);
    let mut others: Vec<Other> = Vec::new();
    for copy in copies.filter(|copy| copy.url != url) {
        let href = document::publication_address(&copy.url);
        if others.iter().all(|other| other.href != href) {
            others.push(Other {
                name: text::name(&desk.names, &copy.source, copy.language).to_owned(),
                language: copy.language.code(),
                said: words.moment(copy.published),
                href,
                is_outward: false,
            });
        }
    }
    others
}

/// The same page in other languages or forms, where it was seen here too as a link that stays.
fn languages(desk: &Desk, words: &Words, revision: &Revision) -> Result<Vec<Other>, Error> {
    let mut others = Vec::new();
    for (form, url) in &revision.document.alternates {
        let seen = desk.store.newest_revision(url)?;
        let language = Language::from_code(form);
        let href = match &seen {
            Some(seen) => Some(document::address(desk, &seen.source, url)),
            None => document::outward(url),
        };
        let Some(href) = href else { continue };
        others.push(Other {
            name: language.map_or_else(
                || form.clone(),
                |language| words.say(&format!("search-lang-{}", language.code())),
            ),
            language: "",
            said: url.clone(),
            is_outward: seen.is_none(),
            href,
        });
    }
    Ok(others)
}
