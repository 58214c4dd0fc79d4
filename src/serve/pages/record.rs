//! The page of a record: the official text with every observation marked, and with each the claims that were held against it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::document::{self, Badge, Mark, Piece, Seen, Texts, Version, state};
use super::off_thread;
use crate::index::SearchQuery;
use crate::language::local_day;
use crate::model::{
    Case, Claim, Label, Observation, ObservationId, Quote, Revision, SourceId, Verdict,
};
use crate::pursue::letter::slot_name;
use crate::report::text;
use crate::serve::access::CurrentUser;
use crate::serve::error::Error;
use crate::serve::shell::{self, Shell};
use crate::serve::words::Words;
use crate::serve::{Desk, Shared};

/// Claims shown at most; the rest is told by number and found by search.
const SHOWN_CLAIMS: usize = 500;
/// Other records of the same series listed at most.
const SERIES: usize = 8;
/// Words of a title shorter than this say nothing of a series.
const MIN_WORD_CHARS: usize = 4;
/// Words of a title that a series is looked for by, at most.
const SERIES_WORDS: usize = 8;

/// Which record, and which of its versions.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Wanted {
    /// Address.
    url: String,
    /// Number of the version; the newest when absent.
    version: Option<u32>,
}

/// A statement of the record with the claims that were held against it.
struct Used {
    id: String,
    sentence: String,
    language: &'static str,
    is_earlier: bool,
    claims: Vec<ClaimRow>,
}

/// A claim that was held against a record.
struct ClaimRow {
    sentence: String,
    language: &'static str,
    source: String,
    moment: String,
    href: String,
    class: &'static str,
    verdict: String,
    differences: Vec<(String, String, String)>,
    case: Option<Badge>,
}

/// Another record.
struct Other {
    title: String,
    language: &'static str,
    said: String,
    href: String,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage<'a> {
    shell: &'a Shell,
    title: String,
    language: &'static str,
    source: String,
    moment: String,
    machine_moment: String,
    url: String,
    original: Option<String>,
    publication: String,
    replaced: Option<String>,
    newest: String,
    gone: Option<String>,
    observations: String,
    text_title: String,
    pieces: Vec<Piece>,
    used: Vec<Used>,
    n_claims: String,
    is_cut: bool,
    versions: Vec<Version>,
    series: Vec<Other>,
}

/// The page of a record.
pub(in crate::serve) async fn page(
    State(desk): Shared,
    shell: Shell,
    user: CurrentUser,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, Error> {
    off_thread(move || shell::page(&record(&desk, &shell, &user, &wanted)?)).await
}

fn record<'a>(
    desk: &Desk,
    shell: &'a Shell,
    user: &CurrentUser,
    wanted: &Wanted,
) -> Result<RecordPage<'a>, Error> {
    let words = &shell.words;
    let revisions = desk.store.revisions_of(&wanted.url)?;
    let texts = Texts::of(&revisions)?;
    let shown = texts.of_number(wanted.version).unwrap_or(texts.newest);

    let observations = desk.store.observations_of(&shown.id)?;
    let mut findings = desk.store.findings_quoting(&wanted.url, SHOWN_CLAIMS)?;
    let is_cut = findings.len() >= SHOWN_CLAIMS;
    let seen = Seen::by(desk, user)?;
    findings.retain(|(claim, verdict)| seen.sight.sees_finding(claim, verdict));
    let used = used(
        desk,
        words,
        &wanted.url,
        &observations,
        &findings,
        &seen.cases,
    );
    let marks = marks(words, &observations, &used);

    let document = &shown.document;
    let language = document.language.unwrap_or(words.language);
    let published = document.trusted_published();
    let at = published.map_or(shown.first_seen, |dated| dated.at.to_utc());
    let address = document::record_address(&wanted.url);
    let mut versions = Vec::new();
    for revision in revisions.iter().rev() {
        let href = format!("{address}&version={}", revision.number);
        versions.push(document::version(
            desk,
            words,
            revision,
            &[shown.number],
            href,
        )?);
    }
    let standing = revisions.last().filter(|last| last.is_gone);
    let replaced = shown
        .superseded_at
        .filter(|_| shown.number != texts.newest.number);
    Ok(RecordPage {
        title: match document.title.trim() {
            "" => wanted.url.clone(),
            title => title.to_owned(),
        },
        language: language.code(),
        source: text::name(&desk.names, &shown.source, language).to_owned(),
        moment: match published {
            Some(dated) if dated.is_day_only => words.day(at),
            _ => words.moment(at),
        },
        machine_moment: at.to_rfc3339(),
        original: document::outward(&wanted.url),
        publication: document::publication_address(&wanted.url),
        replaced: replaced.map(|at| words.with("record-replaced", "when", &words.moment(at))),
        newest: address,
        gone: standing
            .map(|gone| words.with("record-gone", "when", &words.moment(gone.first_seen))),
        observations: words.count("record-observations", observations.len()),
        text_title: document::title(document, &marks),
        pieces: document::pieces(document, &marks),
        n_claims: words.count("record-claims", findings.len()),
        is_cut,
        used,
        versions,
        series: series(desk, words, shown)?,
        url: wanted.url.clone(),
        shell,
    })
}

/// The statements of the record that claims were held against: those of the version shown in their order, then those of earlier
/// ones.
fn used(
    desk: &Desk,
    words: &Words,
    url: &str,
    observations: &[Observation],
    findings: &[(Claim, Verdict)],
    cases: &[Case],
) -> Vec<Used> {
    let places: BTreeMap<&ObservationId, usize> = observations
        .iter()
        .enumerate()
        .map(|(place, observation)| (&observation.id, place))
        .collect();
    let mut by_place: BTreeMap<(usize, &ObservationId), (&Quote, Vec<ClaimRow>)> = BTreeMap::new();
    for (claim, verdict) in findings {
        for quote in verdict.evidence.iter().filter(|quote| quote.url == url) {
            let place = places
                .get(&quote.observation)
                .copied()
                .unwrap_or(usize::MAX);
            let row = claim_row(desk, words, claim, verdict, cases);
            let entry = by_place.entry((place, &quote.observation));
            entry.or_insert_with(|| (quote, Vec::new())).1.push(row);
        }
    }
    let used = by_place
        .into_iter()
        .map(|((place, id), (quote, claims))| Used {
            id: document::observation_id(id),
            sentence: quote.sentence.clone(),
            language: crate::language::detect::language(&quote.sentence)
                .map_or("", |one| one.code()),
            is_earlier: place == usize::MAX,
            claims,
        });
    used.collect()
}

fn claim_row(
    desk: &Desk,
    words: &Words,
    claim: &Claim,
    verdict: &Verdict,
    cases: &[Case],
) -> ClaimRow {
    let of_claim = |case: &&Case| {
        let mut copies = case.copies.iter();
        copies.any(|copy| {
            copy.claim == claim.id || copy.carriers.iter().any(|one| one.claim == claim.id)
        })
    };
    // Only what differs is in a case.
    let case = match verdict.label {
        Label::Contradicted => cases.iter().find(of_claim),
        _ => None,
    };
    let differences = verdict.differences.iter().map(|one| {
        let slot = slot_name(one.slot, words.language).to_owned();
        (slot, one.claimed.clone(), one.official.clone())
    });
    ClaimRow {
        sentence: claim.text.clone(),
        language: claim.language.code(),
        source: text::name(&desk.names, &claim.source, claim.language).to_owned(),
        moment: words.moment(claim.published_at),
        href: document::publication_address(&claim.url),
        class: document::verdict_class(verdict.label),
        verdict: document::verdict_words(words, verdict.label),
        differences: differences.collect(),
        case: case.map(|case| state(words, &case.id, case.state)),
    }
}

/// The observations as marks: those that claims were held against lead to them.
fn marks(words: &Words, observations: &[Observation], used: &[Used]) -> Vec<Mark> {
    let by_id: BTreeMap<&str, &Used> = used.iter().map(|one| (one.id.as_str(), one)).collect();
    let marks = observations.iter().map(|observation| {
        let id = document::observation_id(&observation.id);
        let used = by_id.get(id.as_str());
        Mark {
            part: observation.part.clone(),
            class: if used.is_some() { "d-off" } else { "d-none" },
            weight: u8::from(used.is_some()),
            href: used.map(|used| format!("#used-{}", used.id)),
            said: match used {
                Some(used) => words.count("record-held", used.claims.len()),
                None => words.say("record-read"),
            },
            id,
        }
    });
    marks.collect()
}

/// Other records of the same source whose titles have most words in common with this one's.
fn series(desk: &Desk, words: &Words, revision: &Revision) -> Result<Vec<Other>, Error> {
    let title = revision.document.title.split(|c: char| !c.is_alphabetic());
    let title = title.filter(|word| word.chars().count() >= MIN_WORD_CHARS);
    let title: Vec<&str> = title.take(SERIES_WORDS).collect();
    if title.is_empty() {
        return Ok(Vec::new());
    }
    let fields: Vec<String> = title.iter().map(|word| format!("title:{word}")).collect();
    let query = format!("source:{} ({})", revision.source.0, fields.join(" | "));
    let search = SearchQuery {
        limit: SERIES + 1,
        ..SearchQuery::new(query, local_day(desk.gate.now()))
    };
    let hits = desk.index.search(&search, &*desk.store)?.hits.into_iter();
    let others = hits.filter(|hit| hit.url != revision.document.url.0);
    let others = others.take(SERIES).map(|hit| Other {
        title: hit.title.text,
        language: hit.language.map_or("", |language| language.code()),
        said: words.day(hit.published),
        href: document::address(desk, &SourceId(hit.source), &hit.url),
    });
    Ok(others.collect())
}
