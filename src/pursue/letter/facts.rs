//! Gathers what a letter says in one language: who writes to whom, both quotations, what differs, what is asked, and by when.

use chrono::{DateTime, Utc};

use super::passage::{as_meant, cut, note, place_of, slot_name, worded};
use super::proposed::{Parts, ProposalError, proposed};
use super::routes::RouteText;
use crate::config::{Addressee, Applicant, name_in};
use crate::language::{Language, Lexicon, local_day};
use crate::model::letter::{
    Attachment, DeadlineRow, DifferenceRow, LetterFacts, Page, Party, Passage,
};
use crate::model::{Capture, Case, Copy, CopyState, Part, Quote, Revision, Route, Source};
use crate::pursue::clock::{Clocks, Deadline, Start};
use crate::pursue::wording::{self, pick};

/// What stands where a value is not known, to be filled in by hand.
const GAP: &str = "____________________";

/// A revision and the capture it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Captured<'a> {
    /// What was read.
    pub revision: &'a Revision,
    /// The bytes it was read from, where they are known.
    pub capture: Option<&'a Capture>,
}

/// All that a letter is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The case.
    pub case: &'a Case,
    /// The publication written about.
    pub copy: &'a Copy,
    /// Its page.
    pub publication: Captured<'a>,
    /// Where in it the passage stands.
    pub part: Option<&'a Part>,
    /// What the record says.
    pub quote: &'a Quote,
    /// The record's page.
    pub record: Captured<'a>,
    /// Who is written to.
    pub recipient: &'a Source,
    /// Whose record it is.
    pub owner: &'a Source,
    /// What the file says of the one written to.
    pub addressee: &'a Addressee,
    /// Who writes.
    pub applicant: &'a Applicant,
    /// Names of the sources of other copies.
    pub others: &'a [(&'a Source, &'a Copy)],
    /// What is asked for.
    pub route: Route,
    /// That in words.
    pub words: &'a RouteText,
    /// Rules and days off.
    pub clocks: &'a Clocks,
    /// The knowledge of words and names.
    pub lexicon: &'a Lexicon,
    /// Number in the register.
    pub number: Option<&'a str>,
    /// When the recipient got it.
    pub received: Option<DateTime<Utc>>,
    /// A person's own wording in place of the program's.
    pub proposed: Option<&'a str>,
    /// The moment of writing.
    pub now: DateTime<Utc>,
}

impl Material<'_> {
    /// The clocks of the letter, those that held when they started.
    pub fn deadlines(&self) -> Vec<Deadline> {
        let received = self.received.unwrap_or(self.now);
        let clocks = self.words.clocks.iter();
        clocks
            .filter_map(|id| {
                let as_received = self.clocks.deadline(id, received)?;
                match as_received.rule.starts {
                    Start::Published => self.clocks.deadline(id, self.copy.published),
                    Start::Received => Some(as_received),
                    Start::Ordered | Start::Event => None,
                }
            })
            .collect()
    }
}

/// What a letter says in a language.
///
/// # Errors
/// When people read every slot as the same, or no text can be proposed that is shorter than twice the passage.
pub fn facts(material: &Material<'_>, language: Language) -> Result<LetterFacts, ProposalError> {
    let differences = differences(material, language);
    if differences.is_empty() && !material.case.differences.is_empty() {
        return Err(ProposalError::NothingDiffers);
    }
    let publication = publication(material, language);
    let record = record(material, language);
    let parts = Parts {
        language,
        passage: &material.copy.sentence,
        title: &publication.title,
        published: &wording::day(local_day(material.copy.published), language),
        source: &record.source,
        recorded: &record.published,
        differences: &differences,
    };
    Ok(LetterFacts {
        number: material.number.unwrap_or("________").to_owned(),
        date: wording::day(local_day(material.now), language),
        addressee: addressee(material, language),
        applicant: applicant(material, language),
        route: material.words.words(material.route, language),
        passage: passage(material, language),
        proposed: proposed(&parts, material.proposed)?,
        differences,
        copies: copies(material, language),
        deadlines: deadlines(material, language),
        is_received_assumed: material.received.is_none(),
        attachments: attachments(&publication, &record),
        publication,
        record,
        is_drafted_by_program: true,
        case_id: material.case.id.0.clone(),
        program: concat!("Aigaq ", env!("CARGO_PKG_VERSION")).to_owned(),
    })
}

fn addressee(material: &Material<'_>, language: Language) -> Party {
    let given = material.addressee;
    let name = match given.name.is_empty() {
        true => material.recipient.name_in(language),
        false => name_in(&given.name, language),
    };
    Party {
        name: name.to_owned(),
        person: name_in(&given.person, language).to_owned(),
        address: name_in(&given.address, language).to_owned(),
        email: given.email.clone().unwrap_or_default(),
        ..Party::default()
    }
}

fn applicant(material: &Material<'_>, language: Language) -> Party {
    let given = material.applicant;
    let text = |names| name_in(names, language).to_owned();
    let or_gap = |text: String| {
        if text.is_empty() {
            GAP.to_owned()
        } else {
            text
        }
    };
    let name = match given.name.is_empty() {
        true => material.owner.name_in(language).to_owned(),
        false => text(&given.name),
    };
    Party {
        name,
        bin: given.bin.clone().unwrap_or_default(),
        representative: or_gap(text(&given.representative)),
        position: or_gap(text(&given.position)),
        authority: text(&given.authority),
        address: text(&given.address),
        phone: given.phone.clone().unwrap_or_default(),
        email: given.email.clone().unwrap_or_default(),
        ..Party::default()
    }
}

/// The page with the passage.
fn publication(material: &Material<'_>, language: Language) -> Page {
    let revision = material.publication.revision;
    let about = &revision.document.about;
    Page {
        source: material.recipient.name_in(language).to_owned(),
        section: about.section.clone().unwrap_or_default(),
        authors: revision.document.authors.join(", "),
        published: published(material.publication, material.copy.published, language),
        language: language_name(material.copy.language, language).to_owned(),
        ..page(material.publication, language)
    }
}

/// The page with the record.
fn record(material: &Material<'_>, language: Language) -> Page {
    let quote = material.quote;
    let revision = material.record.revision;
    let written = revision.document.language.unwrap_or(material.copy.language);
    let differing = material.case.differing();
    let first = differing.first();
    let at =
        first.and_then(|one| place_of(material.lexicon, &quote.sentence, &one.official, written));
    let (before, differs, after) = cut(&quote.sentence, at);
    Page {
        source: material.owner.name_in(language).to_owned(),
        published: wording::day(local_day(quote.published), language),
        language: language_name(written, language).to_owned(),
        place: place(Some(&quote.part), revision, language),
        is_superseded: revision.superseded_at.is_some(),
        before,
        differs,
        after,
        ..page(material.record, language)
    }
}

/// What every page has.
fn page(of: Captured<'_>, language: Language) -> Page {
    let seen = of
        .capture
        .map_or(of.revision.first_seen, |capture| capture.fetched_at);
    Page {
        title: of.revision.document.title.clone(),
        url: of.revision.document.url.0.clone(),
        captured_at: wording::moment(seen, language),
        sha256: of
            .capture
            .map_or_else(|| GAP.to_owned(), |capture| capture.body_hash.0.clone()),
        ..Page::default()
    }
}

/// When a page was published: with the time, where the page gives one.
fn published(of: Captured<'_>, at: DateTime<Utc>, language: Language) -> String {
    let dated = of.revision.document.trusted_published();
    match dated.is_some_and(|dated| !dated.is_day_only) {
        true => wording::moment(at, language),
        false => wording::day(local_day(at), language),
    }
}

fn passage(material: &Material<'_>, language: Language) -> Passage {
    let copy = material.copy;
    let differing = material.case.differing();
    let first = differing.first();
    let at = first.and_then(|one| {
        place_of(
            material.lexicon,
            &copy.sentence,
            &one.claimed,
            copy.language,
        )
    });
    let (before, differs, after) = cut(&copy.sentence, at);
    Passage {
        before,
        differs,
        after,
        place: place(material.part, material.publication.revision, language),
    }
}

/// Where something stands in a document, counted as people count: characters of the text, rows and columns from 1.
fn place(part: Option<&Part>, revision: &Revision, language: Language) -> String {
    match part {
        None => pick(
            &[
                "жарияланым мәтіні",
                "текст публикации",
                "the text of the publication",
            ],
            language,
        )
        .to_owned(),
        Some(Part::Title(_)) => {
            pick(&["тақырыбы", "заголовок", "the headline"], language).to_owned()
        }
        Some(Part::Text(range)) => {
            let text = revision.document.text();
            let count = |end: usize| text.get(..end).map_or(0, |text| text.chars().count());
            let (from, to) = (count(range.start) + 1, count(range.end));
            let head = pick(
                &[
                    "негізгі мәтін, таңбалар",
                    "основной текст, знаки",
                    "the main text, characters",
                ],
                language,
            );
            format!("{head} {from}–{to}")
        }
        Some(Part::Cell { table, row, column }) => {
            let [a, b, c] = match language {
                Language::Kk => ["кесте", "жол", "баған"],
                Language::Ru => ["таблица", "строка", "столбец"],
                Language::En => ["table", "row", "column"],
            };
            format!("{a} {}, {b} {}, {c} {}", table + 1, row + 1, column + 1)
        }
    }
}

fn differences(material: &Material<'_>, language: Language) -> Vec<DifferenceRow> {
    let written = material.copy.language;
    let value = |text: &str| worded(material.lexicon, text, written, language);
    let differing = material.case.differing().into_iter();
    differing
        .map(|one| {
            let (claimed, official) = (value(&one.claimed), value(&one.official));
            let (claimed, official) = as_meant(one.slot, claimed, official, language);
            let reading = material.case.reading_of(one.slot);
            DifferenceRow {
                slot: slot_name(one.slot, language).to_owned(),
                claimed,
                official,
                note: note(&one, language),
                is_by_person: reading.is_some(),
                program_claimed: reading
                    .map_or_else(String::new, |one| value(&one.program.claimed)),
                program_official: reading
                    .map_or_else(String::new, |one| value(&one.program.official)),
            }
        })
        .collect()
}

/// The other publications in which the passage still stands.
fn copies(material: &Material<'_>, language: Language) -> Vec<Party> {
    let others = material.others.iter();
    others
        .filter(|(_, copy)| copy.state == CopyState::Stands && copy.url != material.copy.url)
        .map(|(source, copy)| Party {
            name: source.name_in(language).to_owned(),
            url: copy.url.clone(),
            ..Party::default()
        })
        .collect()
}

fn deadlines(material: &Material<'_>, language: Language) -> Vec<DeadlineRow> {
    let deadlines = material.deadlines().into_iter();
    deadlines
        .map(|deadline| DeadlineRow {
            name: deadline.rule.name.of(language).to_owned(),
            due: wording::day(deadline.due, language),
            arithmetic: deadline.arithmetic(language),
            basis: deadline.rule.basis.of(language).to_owned(),
        })
        .collect()
}

fn attachments(publication: &Page, record: &Page) -> Vec<Attachment> {
    let attached = [("publication", publication), ("record", record)];
    attached
        .map(|(kind, page)| Attachment {
            kind: kind.to_owned(),
            url: page.url.clone(),
            captured_at: page.captured_at.clone(),
            sha256: page.sha256.clone(),
        })
        .to_vec()
}

/// The name of a language in another.
fn language_name(named: Language, language: Language) -> &'static str {
    let names = match named {
        Language::Kk => ["қазақ тілі", "казахский", "Kazakh"],
        Language::Ru => ["орыс тілі", "русский", "Russian"],
        Language::En => ["ағылшын тілі", "английский", "English"],
    };
    pick(&names, language)
}
