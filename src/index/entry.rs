//! Turns revisions and observations into entries of ready terms.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use sha2::{Digest, Sha256};

use super::engine::{Entry, Field, Kind};
use super::likeness::{Likeness, likeness};
use super::names::{self, Named};
use super::words::{LINE_GAP, Word, WordList, each_sentence, exact, words};
use crate::language::Language;
use crate::model::{
    Case, Claim, CopyState, Document, Frame, Observation, Origin, Revision, RevisionId, Slot,
    Source, SourceId, SourceRole,
};

/// Values are indexed in thousandths, so that fractions keep their order.
pub(super) const AMOUNT_STEPS: i64 = 1_000;

/// The entry of a publication's revision; `claims` are those that stand in it.
pub(super) fn publication(revision: &Revision, source: &Source, claims: &[Claim]) -> Entry {
    let document = &revision.document;
    let written = written(document);
    let mut named = Named::default();
    let title = read(&document.title, document.language, written, &mut named);
    let body = read(&readable(document), document.language, written, &mut named);
    let mut values = page_values(revision, source);
    if let Some(language) = document.language {
        values.push((Field::Language, language.code().to_owned()));
    }
    named.move_to(&mut values);
    Entry {
        key: revision.id.0.clone(),
        kind: Kind::Publication,
        revision: revision.id.clone(),
        likeness: likeness(&body),
        terms: vec![(Field::Title, terms(title)), (Field::Body, terms(body))],
        values,
        amounts: claims.iter().filter_map(amount).collect(),
        published: published(revision),
        first_seen: revision.first_seen.timestamp(),
        group: 0,
    }
}

/// The entries of the claims of a revision: the sentence of each, and what the page says for all.
pub(super) fn claims(revision: &Revision, source: &Source, claims: &[Claim]) -> Vec<Entry> {
    if claims.is_empty() {
        return Vec::new();
    }
    let document = &revision.document;
    let written = written(document);
    let title = read(
        &document.title,
        document.language,
        written,
        &mut Named::default(),
    );
    let title = terms(title);
    let page = page_values(revision, source);
    let each = claims.iter().map(|claim| {
        let mut named = Named::default();
        let body = read(&claim.text, Some(claim.language), written, &mut named);
        let mut values = page.clone();
        values.push((Field::Language, claim.language.code().to_owned()));
        values.push((Field::Claim, claim.id.0.clone()));
        named.move_to(&mut values);
        Entry {
            key: format!("{}/{}", revision.id, claim.id),
            kind: Kind::Claim,
            revision: revision.id.clone(),
            likeness: likeness(&body),
            terms: vec![(Field::Title, title.clone()), (Field::Body, terms(body))],
            values,
            amounts: amount(claim).into_iter().collect(),
            published: published(revision),
            first_seen: revision.first_seen.timestamp(),
            group: 0,
        }
    });
    each.collect()
}

/// What a case is made of beside itself.
pub(super) struct CaseParts<'a> {
    /// Titles of the pages that carry its claim.
    pub(super) titles: Vec<String>,
    /// Its claims as they stand now.
    pub(super) claims: Vec<Claim>,
    /// Sources by id.
    pub(super) sources: &'a BTreeMap<SourceId, Source>,
}

/// The entry of a case: the sentences of its copies and of the record, and what the pages of its copies say.
pub(super) fn case(case: &Case, parts: &CaseParts<'_>) -> Entry {
    let mut named = Named::default();
    let copies = case
        .copies
        .iter()
        .map(|copy| (copy.sentence.as_str(), Some(copy.language)));
    let quoted = case
        .evidence
        .iter()
        .map(|quote| (quote.sentence.as_str(), None));
    let body = lines(copies.chain(quoted), &mut named);
    let titles = parts.titles.iter().map(|title| (title.as_str(), None));
    let title = lines(titles, &mut named);
    let mut values: BTreeSet<(Field, String)> = BTreeSet::new();
    for copy in &case.copies {
        values.insert((Field::Source, copy.source.0.clone()));
        let role = parts.sources.get(&copy.source).map_or("media", role);
        values.insert((Field::Role, role.to_owned()));
        values.insert((Field::Language, copy.language.code().to_owned()));
        values.insert((Field::Claim, copy.claim.0.clone()));
        values.extend(url_values(&copy.url).map(|value| (Field::Url, value)));
        if copy.state == CopyState::Corrected {
            values.insert((Field::State, "changed".to_owned()));
        }
    }
    let stands = case.copies.iter().any(|copy| copy.state != CopyState::Gone);
    let state = if stands { "current" } else { "gone" };
    values.insert((Field::State, state.to_owned()));
    let mut values: Vec<(Field, String)> = values.into_iter().collect();
    named.move_to(&mut values);
    let first = case.copies.iter().map(|copy| copy.published).min();
    Entry {
        key: case.id.0.clone(),
        kind: Kind::Case,
        revision: RevisionId(case.id.0.clone()),
        terms: vec![(Field::Title, terms(title)), (Field::Body, terms(body))],
        values,
        amounts: parts.claims.iter().filter_map(amount).collect(),
        likeness: Likeness::default(),
        published: first.unwrap_or(case.opened_at).timestamp(),
        first_seen: case.opened_at.timestamp(),
        group: case_group(case),
    }
}

/// A number of what the entry of a case says.
pub(super) fn case_group(case: &Case) -> u64 {
    let mut said = Vec::new();
    for copy in &case.copies {
        let state = if copy.state == CopyState::Corrected {
            "corrected"
        } else if copy.state == CopyState::Gone {
            "gone"
        } else {
            ""
        };
        said.extend([
            copy.claim.0.as_str(),
            &copy.revision.0,
            &copy.sentence,
            state,
        ]);
    }
    said.extend(case.evidence.iter().map(|quote| quote.sentence.as_str()));
    digest(&said)
}

/// The words of several texts, far enough apart that no phrase reaches from one into the next.
fn lines<'t>(
    texts: impl Iterator<Item = (&'t str, Option<Language>)>,
    named: &mut Named,
) -> Vec<Word> {
    let mut words = Vec::new();
    let mut next = 0;
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (text, language) in texts {
        if !known.insert(text) {
            continue;
        }
        let read = read(text, language, None, named).into_iter();
        words.extend(read.map(|word| Word {
            position: word.position + next,
            ..word
        }));
        next = words.last().map_or(0, |word| word.position + LINE_GAP);
    }
    words
}

/// The day a document was written, as far as it is trusted.
fn written(document: &Document) -> Option<NaiveDate> {
    document
        .trusted_published()
        .map(|dated| dated.at.date_naive())
}

/// The values that a page has whatever stands in it.
fn page_values(revision: &Revision, source: &Source) -> Vec<(Field, String)> {
    let document = &revision.document;
    let mut values = vec![
        (Field::Source, source.id.0.clone()),
        (Field::Role, role(source).to_owned()),
        (Field::State, state(revision).to_owned()),
    ];
    if revision.number > 1 && !revision.is_gone {
        values.push((Field::State, "changed".to_owned()));
    }
    values.extend(url_values(&document.url.0).map(|value| (Field::Url, value)));
    let authors = document.authors.join(" ");
    values.extend(
        words(&authors, document.language)
            .into_iter()
            .map(|word| (Field::Author, word.lower)),
    );
    values
}

/// The words of a text; the names in it are added to `named` on the way.
fn read(
    text: &str,
    language: Option<Language>,
    written: Option<NaiveDate>,
    named: &mut Named,
) -> Vec<Word> {
    let mut list = WordList::default();
    each_sentence(
        text,
        language,
        |line_start, line, language, tokens, ends_line| {
            names::add(named, line, &tokens, language, written);
            list.add(line_start, tokens, language, ends_line);
        },
    );
    list.words
}

/// The figure of a claim in thousandths.
fn amount(claim: &Claim) -> Option<i64> {
    let value = claim.frame.quantity.as_ref()?.best.value;
    (value * Decimal::from(AMOUNT_STEPS)).trunc().to_i64()
}

/// The word for a source's role.
pub(super) fn role(source: &Source) -> &'static str {
    match source.role {
        SourceRole::Official => "official",
        SourceRole::Media => "media",
    }
}

/// Whether a revision stands now.
fn state(revision: &Revision) -> &'static str {
    if revision.is_gone {
        "gone"
    } else if revision.superseded_at.is_some() {
        "superseded"
    } else {
        "current"
    }
}

/// When a revision was published, or else first seen, in seconds.
fn published(revision: &Revision) -> i64 {
    revision
        .document
        .trusted_published()
        .map_or(revision.first_seen.timestamp(), |dated| {
            dated.at.timestamp()
        })
}

/// All that a reader can read of a document after its title: the main text, then the tables, a line for each row.
pub(super) fn readable(document: &Document) -> String {
    let mut text = document.text();
    for table in &document.tables {
        text.push('\n');
        text.push_str(&table.title);
        for row in &table.rows {
            text.push('\n');
            text.push_str(&row.join(" | "));
        }
    }
    text
}

/// Terms with positions; each word also stands as it was written, for those who ask for exactly that.
fn terms(words: Vec<Word>) -> Vec<(usize, String)> {
    words
        .into_iter()
        .flat_map(|word| {
            let own = [exact(&word.lower), word.term].into_iter();
            let terms = own.chain(word.parts);
            terms.map(move |term| (word.position, term))
        })
        .collect()
}

/// The address whole, its host with and without `www.`, and the segments of its path.
fn url_values(url: &str) -> impl Iterator<Item = String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let mut values: BTreeSet<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(str::to_lowercase)
        .collect();
    let host = rest.split('/').next().unwrap_or_default().to_lowercase();
    if let Some(bare) = host.strip_prefix("www.") {
        values.insert(bare.to_owned());
    }
    values.insert(url.to_owned());
    values.into_iter()
}

/// The entry of an observation.
pub(super) fn observation(observation: &Observation) -> Entry {
    let own = observation.frame.anchors();
    let mut values: Vec<(Field, String)> = around(&observation.frame)
        .into_iter()
        .filter(|anchor| own.binary_search(anchor).is_err())
        .map(|anchor| (Field::Around, anchor))
        .collect();
    values.extend(own.into_iter().map(|anchor| (Field::Anchor, anchor)));
    values.push((Field::Url, observation.url.clone()));
    values.push((Field::Language, observation.language.code().to_owned()));
    Entry {
        key: observation.id.0.clone(),
        kind: Kind::Observation,
        revision: observation.revision.clone(),
        terms: Vec::new(),
        values,
        amounts: Vec::new(),
        likeness: Likeness::default(),
        published: observation.published_at.timestamp(),
        first_seen: 0,
        group: group(
            &[&observation.url, &observation.text],
            &observation.revision,
        ),
    }
}

/// All anchors of an observation, those that it takes from what stands around it too.
pub(super) fn anchors(observation: &Observation) -> Vec<String> {
    let mut anchors = observation.frame.anchors();
    anchors.extend(around(&observation.frame));
    anchors
}

/// The entry of a record: the anchors of all observations of one revision, at least one of which is given.
pub(super) fn record(observations: &[Observation]) -> Entry {
    let first = &observations[0];
    let anchors: BTreeSet<String> = observations.iter().flat_map(anchors).collect();
    let mut values: Vec<(Field, String)> = anchors
        .into_iter()
        .map(|anchor| (Field::Anchor, anchor))
        .collect();
    values.push((Field::Url, first.url.clone()));
    Entry {
        key: first.revision.0.clone(),
        kind: Kind::Record,
        revision: first.revision.clone(),
        terms: Vec::new(),
        values,
        amounts: Vec::new(),
        likeness: Likeness::default(),
        published: first.published_at.timestamp(),
        first_seen: 0,
        group: group(&[&first.url], &first.revision),
    }
}

/// Anchors that a statement takes from its title, table or paragraph; [`Frame::anchors`] leaves them out.
fn around(frame: &Frame) -> BTreeSet<String> {
    let lists: [(&str, &Vec<Slot<String>>); 8] = [
        ("c", &frame.measures),
        ("c", &frame.qualifiers),
        ("c", &frame.statuses),
        ("c", &frame.actions),
        ("p", &frame.places),
        ("b", &frame.bodies),
        ("i", &frame.persons),
        ("l", &frame.references),
    ];
    let mut anchors = BTreeSet::new();
    for (prefix, slots) in lists {
        let inherited = slots.iter().filter(|slot| slot.origin > Origin::Sentence);
        anchors.extend(inherited.map(|slot| format!("{prefix}:{}", slot.best)));
    }
    if let Some(slot) = frame
        .period
        .as_ref()
        .filter(|slot| slot.origin > Origin::Sentence)
    {
        anchors.insert(format!("t:{}/{}", slot.best.start, slot.best.end));
    }
    anchors
}

/// Bits of a group that tell revisions apart which say the same: their order must not be that of arrival.
const REVISION_BITS: u32 = 16;

/// The number that orders entries of equal score: by what they say, then by revision.
fn group(said: &[&str], revision: &RevisionId) -> u64 {
    let of_revision = (1 << REVISION_BITS) - 1;
    digest(said) & !of_revision | digest(&[&revision.0]) & of_revision
}

/// A number that stands for texts, kept apart by a zero byte.
pub(super) fn digest(parts: &[&str]) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest.finalize()[..8]);
    u64::from_be_bytes(bytes)
}
