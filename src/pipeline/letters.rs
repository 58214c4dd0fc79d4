//! Writes the letter of a case and keeps the register: gathers what stands in the store, and lets `pursue` say it and `report` lay it out.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, Utc};

use super::source_of;
use crate::config::{Addressee, Applicant, Config, LetterConfig};
use crate::language::{Language, Lexicon, local_day};
use crate::model::{
    Capture, Case, Copy, CopyState, DueRow, Dues, LetterEntry, Revision, Route, Source, SourceId,
    SourceRole,
};
use crate::pursue::clock::{Clocks, Deadline, Standing};
use crate::pursue::due::{self, Running};
use crate::pursue::letter::{self, Captured, Draft, Material, ROUTES_FILE, Routes};
use crate::report::letter::Templates;
use crate::serve::letter_steps::keep;
use crate::store::Store;

mod own_files;
mod room;
mod sending;

pub use crate::language::noon;
pub use crate::model::letter::{Wanted, Written};
pub use room::Room;
pub use sending::send;

/// Largest file of templates, rules or days off: a larger one is another file.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// The clocks: shipped, and those of the operator's folder.
///
/// # Errors
/// When the folder cannot be read, or the first mistake of its files, with its line.
pub fn clocks(config: &LetterConfig) -> anyhow::Result<Clocks> {
    let files = match &config.clocks {
        Some(folder) => {
            files(folder, |name| name.ends_with(".toml")).context("the clocks of [letters]")?
        }
        None => BTreeMap::new(),
    };
    Ok(Clocks::with(&files)?)
}

/// The routes and templates: shipped, and those of the operator's folder.
fn words(config: &LetterConfig, clocks: &Clocks) -> anyhow::Result<(Routes, Templates)> {
    let files = match &config.templates {
        Some(folder) => files(folder, |_| true).context("the templates of [letters]")?,
        None => BTreeMap::new(),
    };
    let known = Templates::names();
    let is_known = |name: &str| known.contains(&name) || name == ROUTES_FILE;
    if let Some(name) = files
        .keys()
        .find(|name| !is_known(name.rsplit('/').next().unwrap_or(name)))
    {
        bail!(
            "{name}: no template has this name; known are {} and {ROUTES_FILE}",
            known.join(", ")
        );
    }
    let by_name: BTreeMap<String, String> = files
        .iter()
        .filter_map(|(path, text)| Some((path.rsplit('/').next()?.to_owned(), text.clone())))
        .collect();
    let given = by_name
        .get(ROUTES_FILE)
        .map(|text| (ROUTES_FILE, text.as_str()));
    Ok((
        Routes::read(given, &clocks.rules)?,
        Templates::with(&by_name)?,
    ))
}

/// The texts of a folder's files by path; hidden files are passed over.
fn files(
    folder: &Path,
    is_wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<BTreeMap<String, String>> {
    let unread = || format!("cannot read the folder {}", folder.display());
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(unread)? {
        let path = entry.with_context(unread)?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with('.') || !path.is_file() || !is_wanted(&name) {
            continue;
        }
        let shown = path.display().to_string();
        let length = path
            .metadata()
            .with_context(|| format!("cannot read {shown}"))?
            .len();
        if length > MAX_FILE_BYTES {
            bail!("{shown} is larger than {MAX_FILE_BYTES} bytes");
        }
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
        files.insert(shown, text);
    }
    Ok(files)
}

/// What a letter needs of the store, read once.
struct Gathered {
    copy: Copy,
    publication: (Revision, Option<Capture>),
    record: (Revision, Option<Capture>),
    part: Option<crate::model::Part>,
    recipient: Source,
    owner: Source,
    others: Vec<(Source, Copy)>,
}

impl Gathered {
    fn of(store: &dyn Store, case: &Case, publication: Option<&str>) -> anyhow::Result<Gathered> {
        let copy = chosen(case, publication)?.clone();
        let quote = case.evidence.first().context("the case quotes no record")?;
        let sources = store
            .sources()?
            .into_iter()
            .map(|source| (source.id.clone(), source))
            .collect();
        let claims = store.claims(&copy.revision)?;
        let claim = claims.into_iter().find(|claim| claim.id == copy.claim);
        let others = case.copies.iter();
        Ok(Gathered {
            publication: captured(store, &copy.revision)?,
            record: captured(store, &quote.revision)?,
            part: claim.map(|claim| claim.part),
            recipient: source_of(&sources, &copy.source),
            owner: source_of(&sources, &quote.source),
            others: others
                .map(|other| (source_of(&sources, &other.source), other.clone()))
                .collect(),
            copy,
        })
    }
}

/// The copy at an address, or the first that stands, or the first.
fn chosen<'a>(case: &'a Case, publication: Option<&str>) -> anyhow::Result<&'a Copy> {
    if let Some(url) = publication {
        let found = case.copies.iter().find(|copy| copy.url == url);
        return found.with_context(|| {
            format!("the case has no publication at {url}; `aigaq case` lists them")
        });
    }
    let standing = case
        .copies
        .iter()
        .find(|copy| copy.state == CopyState::Stands);
    standing
        .or(case.copies.first())
        .context("the case has no publication")
}

fn captured(
    store: &dyn Store,
    id: &crate::model::RevisionId,
) -> anyhow::Result<(Revision, Option<Capture>)> {
    let revision = store.revision(id)?;
    let revision = revision.with_context(|| format!("the store has no revision {id}"))?;
    let capture = match &revision.capture {
        Some(id) => store.capture(id)?,
        None => None,
    };
    Ok((revision, capture))
}

/// Writes the letter of a case, and enters it where that is wanted.
///
/// # Errors
/// When something of the case is missing, a template or data file is wrong, or no text can be proposed that is short enough.
pub fn write(
    store: &dyn Store,
    config: &Config,
    case: &Case,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> anyhow::Result<Written> {
    let letters = &config.letters;
    let clocks = clocks(letters)?;
    let (routes, templates) = words(letters, &clocks)?;
    let gathered = Gathered::of(store, case, wanted.publication.as_deref())?;
    let route = wanted.route.unwrap_or(match gathered.recipient.role {
        SourceRole::Official => Route::Replacement,
        SourceRole::Media => Route::Clarification,
    });
    let number = match &wanted.register {
        Some(_) => Some(letter::next_number(&store.letters(None)?, now)),
        None => None,
    };
    let nobody = Addressee::default();
    let addressee = letters
        .addressees
        .get(&gathered.recipient.id.0)
        .unwrap_or(&nobody);
    let nameless = Applicant::default();
    let applicant = letters.applicant(&gathered.owner.id.0).unwrap_or(&nameless);
    let others: Vec<(&Source, &Copy)> = gathered
        .others
        .iter()
        .map(|(source, copy)| (source, copy))
        .collect();
    let material = Material {
        case,
        copy: &gathered.copy,
        publication: Captured {
            revision: &gathered.publication.0,
            capture: gathered.publication.1.as_ref(),
        },
        part: gathered.part.as_ref(),
        quote: case.evidence.first().context("the case quotes no record")?,
        record: Captured {
            revision: &gathered.record.0,
            capture: gathered.record.1.as_ref(),
        },
        recipient: &gathered.recipient,
        owner: &gathered.owner,
        addressee,
        applicant,
        others: &others,
        route,
        words: routes.of(route),
        clocks: &clocks,
        lexicon: Lexicon::shipped(),
        number: number.as_deref(),
        received: wanted.received,
        proposed: wanted.proposed.as_deref(),
        now,
    };
    let mut texts = Vec::new();
    for language in &wanted.languages {
        let facts = letter::facts(&material, *language)?;
        texts.push(templates.fill(&facts, *language)?);
    }
    if let (Some(number), Some(who)) = (&number, &wanted.register) {
        let deadlines: Vec<Deadline> = material.deadlines();
        let entry = letter::draft(
            Draft {
                number: number.clone(),
                case: &case.id,
                route,
                recipient: &gathered.recipient.id,
                url: &gathered.copy.url,
                published_at: gathered.copy.published,
                texts: texts.clone(),
                deadlines: &deadlines,
            },
            who,
            now,
        );
        store.add_letter(&entry)?;
    }
    Ok(Written {
        texts,
        number,
        missing: missing(applicant, addressee, &gathered.recipient.id),
    })
}

/// The keys of the configuration whose values a letter should have and has not.
fn missing(applicant: &Applicant, addressee: &Addressee, recipient: &SourceId) -> Vec<String> {
    let gaps = [
        (
            applicant.name.is_empty(),
            "letters.applicant.name".to_owned(),
        ),
        (applicant.bin.is_none(), "letters.applicant.bin".to_owned()),
        (
            applicant.representative.is_empty(),
            "letters.applicant.representative".to_owned(),
        ),
        (
            applicant.authority.is_empty(),
            "letters.applicant.authority".to_owned(),
        ),
        (
            addressee.address.is_empty() || addressee.person.is_empty(),
            format!("letters.addressee with source = \"{recipient}\", person and address"),
        ),
    ];
    gaps.into_iter()
        .filter(|(is_missing, _)| *is_missing)
        .map(|(_, key)| key)
        .collect()
}

/// The letter of a number.
///
/// # Errors
/// When there is none.
pub fn find(store: &dyn Store, number: &str) -> anyhow::Result<LetterEntry> {
    let letter = store.letter(number)?;
    letter.with_context(|| {
        format!("no letter has the number {number}; `aigaq letters list` lists them")
    })
}

/// Notes when a letter was received and reckons its deadlines from then.
///
/// # Errors
/// When the step may not be taken, or a data file is wrong.
pub fn received(
    store: &dyn Store,
    config: &LetterConfig,
    number: &str,
    who: &str,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> anyhow::Result<LetterEntry> {
    let before = find(store, number)?;
    let mut after = letter::receive(&before, who, noon(on), now)?;
    after.deadlines = letter::kept(&deadlines_of(&after, &clocks(config)?)?);
    keep(store, &before, &after)?;
    Ok(after)
}

/// The deadlines of a letter.
fn deadlines_of(letter: &LetterEntry, clocks: &Clocks) -> anyhow::Result<Vec<Deadline>> {
    let routes = Routes::read(None, &clocks.rules)?;
    Ok(due::of_letter(letter, clocks, &routes))
}

/// Every last day that still runs: of letters, and of open cases that have none, soonest first.
///
/// With `accept` the days of letters are kept as they are reckoned now.
///
/// # Errors
/// When the store or a data file fails.
pub fn deadlines(
    store: &dyn Store,
    config: &LetterConfig,
    language: Language,
    accept: bool,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<DueRow>> {
    let letters = store.letters(None)?;
    let clocks = clocks(config)?;
    let rows = due_rows(&clocks, &letters, &store.cases()?, language, now)?;
    if accept {
        for letter in &letters {
            let mut after = letter.clone();
            after.deadlines = letter::kept(&deadlines_of(letter, &clocks)?);
            keep(store, letter, &after)?;
        }
    }
    Ok(rows)
}

/// Of each of these cases the first of its clocks that ends.
///
/// # Errors
/// When a file of the operator's is wrong.
pub fn first_ends(
    config: &LetterConfig,
    letters: &[LetterEntry],
    cases: &[Case],
) -> anyhow::Result<Dues> {
    let clocks = clocks(config)?;
    let routes = Routes::read(None, &clocks.rules)?;
    Ok(due::first_ends(&due::running(
        letters, cases, &clocks, &routes,
    )))
}

/// The last days of letters that still run, and of those of the cases that are open and have none of these letters, soonest
/// first.
fn due_rows(
    clocks: &Clocks,
    letters: &[LetterEntry],
    cases: &[Case],
    language: Language,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<DueRow>> {
    let routes = Routes::read(None, &clocks.rules)?;
    let running = due::running(letters, cases, clocks, &routes);
    let mut rows: Vec<DueRow> = running.iter().map(|one| row(one, language, now)).collect();
    rows.sort_by(|a, b| {
        (a.due, &a.case, &a.letter, &a.rule).cmp(&(b.due, &b.case, &b.letter, &b.rule))
    });
    Ok(rows)
}

fn row(running: &Running<'_>, language: Language, now: DateTime<Utc>) -> DueRow {
    let deadline = &running.deadline;
    DueRow {
        case: running.case.clone(),
        letter: running.letter.map(|letter| letter.number.clone()),
        recipient: running.recipient.clone(),
        rule: deadline.rule.id.clone(),
        name: deadline.rule.name.of(language).to_owned(),
        due: deadline.due,
        ends_at: deadline.ends_at(),
        was: running.was(),
        days_left: match deadline.standing(now) {
            Standing::Overdue { days } => -days,
            Standing::Today => 0,
            Standing::Ahead { days } => days,
        },
        is_reminded: deadline.is_reminded(now),
        arithmetic: deadline.arithmetic(language),
        basis: deadline.rule.basis.of(language).to_owned(),
    }
}

/// Whether a day lies ahead of a moment in the country: nothing is sent or received in the future.
pub fn is_ahead(day: NaiveDate, now: DateTime<Utc>) -> bool {
    day > local_day(now)
}
