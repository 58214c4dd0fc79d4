//! Turns revisions and observations into entries of ready terms.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use sha2::{Digest, Sha256};

use super::engine::{Entry, Field, Kind};
use super::likeness::{Likeness, likeness};
use super::names::{self, Named};
use super::words::{Word, WordList, each_sentence, exact, words};
use crate::language::Language;
use crate::model::{
    Claim, Document, Frame, Observation, Origin, Revision, RevisionId, Slot, Source, SourceRole,
};

/// Values are indexed in thousandths, so that fractions keep their order.
pub(super) const AMOUNT_STEPS: i64 = 1_000;

/// The entry of a publication's revision; `claims` are those that stand in it.
pub(super) fn publication(revision: &Revision, source: &Source, claims: &[Claim]) -> Entry {
    let document = &revision.document;
    let written = document
        .trusted_published()
        .map(|dated| dated.at.date_naive());
    let mut named = Named::default();
    let title = read(&document.title, document.language, written, &mut named);
    let body = read(&readable(document), document.language, written, &mut named);
    let mut values = vec![
        (Field::Source, source.id.0.clone()),
        (Field::Role, role(source).to_owned()),
        (Field::State, state(revision).to_owned()),
    ];
    if revision.number > 1 && !revision.is_gone {
        values.push((Field::State, "changed".to_owned()));
    }
    if let Some(language) = document.language {
        values.push((Field::Language, language.code().to_owned()));
    }
    values.extend(url_values(&document.url.0).map(|value| (Field::Url, value)));
    let authors = document.authors.join(" ");
    values.extend(
        words(&authors, document.language)
            .into_iter()
            .map(|word| (Field::Author, word.lower)),
    );
    values.extend(named.values.into_iter().map(|value| (Field::Named, value)));
    values.extend(
        named
            .persons
            .into_iter()
            .map(|value| (Field::Person, value)),
    );
    Entry {
        key: revision.id.0.clone(),
        kind: Kind::Publication,
        revision: revision.id.clone(),
        likeness: likeness(&body),
        terms: vec![(Field::Title, terms(title)), (Field::Body, terms(body))],
        values,
        amounts: claims.iter().flat_map(amounts).collect(),
        published: published(revision),
        first_seen: revision.first_seen.timestamp(),
        group: 0,
    }
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

/// The figures of a claim in thousandths.
fn amounts(claim: &Claim) -> Option<i64> {
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
