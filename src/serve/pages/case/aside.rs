//! What stands beside a case: facts, versions of the pages, how it spread, what is due, and everything in one line of time.

use chrono::{DateTime, TimeDelta, Utc};

use super::compare::dashed;
use super::files::{Files, Version};
use super::{People, Tag, View, source_name, state_tag};
use crate::model::ledger::Priority;
use crate::model::{Case, Copy, CopyState};
use crate::pursue;
use crate::serve::charts::hours;
use crate::serve::error::Error;
use crate::serve::pages::deeds;
use crate::serve::pages::document::{publication_address, record_address};
use crate::serve::pages::is_web;
use crate::serve::pages::queue::due;
use crate::serve::words::Words;

/// Hours before a deadline from which it is shown as near.
const NEAR_HOURS: i64 = 24;

/// What stands beside a case.
pub(super) struct Aside {
    /// Who works on it: initials and name; empty for nobody.
    pub(super) assignee: (String, String),
    /// The agencies whose records it rests on.
    pub(super) agencies: String,
    /// When it was opened.
    pub(super) opened: String,
    /// When the first copy was published.
    pub(super) first: Option<String>,
    /// Points of its priority.
    pub(super) score: String,
    /// What the points are given for: what, points of how many.
    pub(super) points: Vec<(String, String)>,
    /// Links to other cases: what, id.
    pub(super) links: Vec<(String, String)>,
    /// Whether a person stands behind it, so that it is exported as a review.
    pub(super) has_review: bool,
    /// Until when it is out of sight, in words.
    pub(super) snoozed: Option<String>,
    /// Versions of the pages.
    pub(super) snaps: Vec<Snap>,
    /// Where the versions of the copy are compared; `None` for a single one.
    pub(super) versions: Option<String>,
    /// How it spread, as SVG; empty for a single copy.
    pub(super) chart: String,
    /// The sentence of the chart.
    pub(super) chart_about: String,
    /// The same as a table.
    pub(super) bars: Vec<hours::Bar>,
    /// Copies, first to last.
    pub(super) copies: Vec<CopyRow>,
    /// Letters: id and where each stands.
    pub(super) letters: Vec<(String, String)>,
    /// What is due, and what was.
    pub(super) duties: Vec<Due>,
    /// When the case is due.
    pub(super) deadline: Option<Tag>,
    /// What happened, in one line of time.
    pub(super) events: Vec<Event>,
}

/// One version of a page.
pub(super) struct Snap {
    /// What it is a version of.
    pub(super) what: String,
    /// The page of the publication.
    pub(super) href: String,
    /// What is said of it.
    pub(super) tag: Tag,
    /// When it was captured, or first seen.
    pub(super) at: String,
    /// Digest of the captured bytes.
    pub(super) hash: Option<String>,
}

/// One copy.
pub(super) struct CopyRow {
    /// Its number, by which the page shows it.
    pub(super) number: usize,
    /// Whether it is the one beside the record.
    pub(super) is_shown: bool,
    /// Source.
    pub(super) source: String,
    /// Code of its language.
    pub(super) language: &'static str,
    /// Address.
    pub(super) url: String,
    /// Whether the address may be a link.
    pub(super) is_web: bool,
    /// When it was published.
    pub(super) published: String,
    /// Whether it is the first.
    pub(super) is_first: bool,
    /// Whether an agency published it on its own page.
    pub(super) is_own: bool,
    /// Whom it credits.
    pub(super) credits: Vec<String>,
    /// What became of the claim.
    pub(super) now: Tag,
    /// What the last look saw, where the page changed.
    pub(super) last: Option<String>,
}

/// Something due.
pub(super) struct Due {
    /// What.
    pub(super) what: String,
    /// Id of the duty; `None` for a clock of a letter, which ends otherwise.
    pub(super) duty: Option<String>,
    /// The last moment in words.
    pub(super) until: Option<String>,
    /// When it was done.
    pub(super) done: Option<String>,
}

/// A deadline as a tag: how much time is left, or since when it is over.
fn due_tag(words: &Words, at: DateTime<Utc>, now: DateTime<Utc>) -> Tag {
    let left = at - now;
    let (class, text) = if left < TimeDelta::zero() {
        ("crit", "case-overdue")
    } else if left < TimeDelta::hours(NEAR_HOURS) {
        ("high", "case-left")
    } else {
        ("", "case-left")
    };
    Tag {
        class,
        text: words.with(text, "span", &words.span(left)),
    }
}

/// One thing that happened.
pub(super) struct Event {
    at: DateTime<Utc>,
    /// `off` for the record, `key` for the publications, empty for the program and people.
    pub(super) class: &'static str,
    /// When.
    pub(super) when: String,
    /// Who did it; empty for the program.
    pub(super) who: String,
    /// What, in the language of the reader.
    pub(super) what: String,
    /// What, as it is stored in English, where the reader's language has no words for it.
    pub(super) stored: Option<String>,
    /// The page it happened at.
    pub(super) url: Option<String>,
    /// The state it led to, where that is another than before.
    pub(super) state: Option<Tag>,
}

impl Aside {
    /// What stands beside a case.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn of(
        view: &View<'_>,
        case: &Case,
        copy: Option<&Copy>,
        files: &Files<'_>,
        people: &People,
        priority: &Priority,
    ) -> Result<Aside, Error> {
        let words = &view.shell.words;
        let ledger = pursue::ledger(case, &view.desk.names);
        let (bars, by_hour) = hours::bars(&ledger.by_hour, words);
        let chart_about = spread(words, case, by_hour);
        let mut agencies: Vec<String> = Vec::new();
        for quote in &case.evidence {
            let name = source_name(view, &quote.source);
            if !agencies.contains(&name) {
                agencies.push(name);
            }
        }
        let duties = duties(view, case)?;
        let deadline = due(view.desk, case)?.map(|due| due.ends_at);
        let assignee = case.desk.assignee.as_deref();
        Ok(Aside {
            assignee: assignee.map_or_else(Default::default, |id| {
                (people.initials(id), people.name(id).to_owned())
            }),
            agencies: agencies.join(", "),
            opened: words.moment(case.opened_at),
            first: ledger
                .entries
                .first()
                .map(|one| words.moment(one.published)),
            score: words.number(priority.score),
            points: points(words, priority),
            links: links(words, case),
            has_review: crate::report::claim_review::is_review(case),
            snoozed: snoozed(words, case),
            snaps: snaps(words, case, copy, files),
            versions: copy
                .filter(|copy| files.versions(&copy.url).len() > 1)
                .map(|copy| publication_address(&copy.url)),
            chart: match case.copies.len() {
                0 | 1 => String::new(),
                _ => hours::svg(&bars, &chart_about),
            },
            chart_about,
            bars,
            copies: copies(view, case, copy, &ledger),
            letters: letters(words, case),
            deadline: deadline.map(|at| due_tag(words, at, view.now)),
            duties,
            events: events(view, case, copy, files, people),
        })
    }
}

/// What the chart shows.
fn spread(words: &Words, case: &Case, by_hour: bool) -> String {
    let sources: std::collections::BTreeSet<_> =
        case.copies.iter().map(|copy| &copy.source).collect();
    let by = if by_hour {
        "case-spread-hours"
    } else {
        "case-spread-days"
    };
    words.with_two(
        by,
        ("copies", &words.number(case.copies.len())),
        ("sources", &words.number(sources.len())),
    )
}

/// The parts of a priority with their points.
fn points(words: &Words, priority: &Priority) -> Vec<(String, String)> {
    let parts = priority.parts.iter();
    parts
        .map(|part| {
            let what = words.say(&format!("case-part-{}", part.name.replace(' ', "-")));
            let of = words.with_two(
                "case-points-of",
                ("points", &words.number(part.points)),
                ("most", &words.number(part.most)),
            );
            (what, of)
        })
        .collect()
}

/// The other cases that a case names.
fn links(words: &Words, case: &Case) -> Vec<(String, String)> {
    let follows = case.follows.iter().map(|id| ("case-follows", id));
    let same = case.desk.duplicate_of.iter();
    let same = same.map(|id| ("case-duplicate-of", id));
    follows
        .chain(same)
        .map(|(text, id)| (words.say(text), id.0.clone()))
        .collect()
}

/// Until when a case is out of sight.
fn snoozed(words: &Words, case: &Case) -> Option<String> {
    let snooze = case.desk.snooze.as_ref()?;
    Some(match snooze.until {
        Some(until) => words.with("case-snoozed-until", "at", &words.moment(until)),
        None => words.say("case-snoozed-worse"),
    })
}

/// Versions of the shown copy, newest first, then of the records.
fn snaps(words: &Words, case: &Case, copy: Option<&Copy>, files: &Files<'_>) -> Vec<Snap> {
    let snap = |what: String, url: &str, version: &Version, is_record: bool| {
        let (revision, capture) = version;
        let (class, text) = match (revision.is_gone, revision.number) {
            (true, _) => ("crit", "case-snap-gone"),
            (_, 1) if is_record && revision.superseded_at.is_none() => ("ok", "case-snap-same"),
            (_, 1) => ("", "case-snap-first"),
            _ => ("mid", "case-snap-changed"),
        };
        let at = capture.as_ref();
        Snap {
            what,
            href: match is_record {
                true => record_address(url),
                false => publication_address(url),
            },
            tag: Tag {
                class,
                text: words.say(text),
            },
            at: words.moment(at.map_or(revision.first_seen, |one| one.fetched_at)),
            hash: at.map(|one| one.body_hash.0.clone()),
        }
    };
    let mut snaps = Vec::new();
    if let Some(copy) = copy {
        for version in files.versions(&copy.url).iter().rev() {
            let number = words.number(version.0.number);
            let what = words.with("case-snap-version", "number", &number);
            snaps.push(snap(what, &copy.url, version, false));
        }
    }
    let mut known: Vec<&str> = Vec::new();
    for quote in &case.evidence {
        if known.contains(&quote.url.as_str()) {
            continue;
        }
        known.push(&quote.url);
        for version in files.versions(&quote.url).iter().rev() {
            let number = words.number(version.0.number);
            let what = words.with("case-snap-record", "number", &number);
            snaps.push(snap(what, &quote.url, version, true));
        }
    }
    snaps
}

/// Copies, first to last, with whom each credits.
fn copies(
    view: &View<'_>,
    case: &Case,
    shown: Option<&Copy>,
    ledger: &crate::model::ledger::Ledger,
) -> Vec<CopyRow> {
    let words = &view.shell.words;
    let entries = ledger.entries.iter();
    entries
        .map(|entry| {
            let place = case.copies.iter().position(|copy| copy.url == entry.url);
            let credits = entry.credits.iter();
            CopyRow {
                number: place.unwrap_or_default() + 1,
                is_shown: shown.is_some_and(|copy| copy.url == entry.url),
                source: source_name(view, &entry.source),
                language: entry.language.code(),
                url: entry.url.clone(),
                is_web: is_web(&entry.url),
                published: words.moment(entry.published),
                is_first: entry.is_first,
                is_own: entry.is_own_page,
                credits: credits
                    .map(|credit| match &credit.source {
                        Some(source) => {
                            format!("{} ({})", credit.words, source_name(view, source))
                        }
                        None => credit.words.clone(),
                    })
                    .collect(),
                now: copy_tag(words, entry.state, entry.ended_at),
                last: entry
                    .last_event
                    .map(|kind| words.say(&format!("case-event-{}", dashed(&kind)))),
            }
        })
        .collect()
}

/// What became of a claim on a page.
fn copy_tag(words: &Words, state: CopyState, ended: Option<DateTime<Utc>>) -> Tag {
    let class = match state {
        CopyState::Stands => "high",
        CopyState::Corrected => "ok",
        CopyState::Dropped | CopyState::Gone => "mid",
        CopyState::Cleared => "",
    };
    let text = words.say(&format!("case-copy-{}", dashed(&state)));
    Tag {
        class,
        text: match ended {
            Some(at) => format!("{text}, {}", words.day(at)),
            None => text,
        },
    }
}

/// Letters with where each stands.
fn letters(words: &Words, case: &Case) -> Vec<(String, String)> {
    let letters = case.desk.letters.iter();
    letters
        .map(|letter| {
            let text = if letter.withdrawn.is_some() {
                "case-letter-withdrawn"
            } else if letter.sent.is_some() {
                "case-letter-sent"
            } else if letter.approved.is_some() {
                "case-letter-approved"
            } else {
                "case-letter-proposed"
            };
            (letter.id.clone(), words.say(text))
        })
        .collect()
}

/// What is due: duties of the case, and the clocks of its letters.
fn duties(view: &View<'_>, case: &Case) -> Result<Vec<Due>, Error> {
    let words = &view.shell.words;
    let own = case.desk.duties.iter().map(|duty| Due {
        what: duty.id.clone(),
        duty: Some(duty.id.clone()),
        until: duty.deadline.map(|at| words.moment(at)),
        done: duty.done_at.map(|at| words.moment(at)),
    });
    let mut due: Vec<Due> = own.collect();
    let Some(room) = &view.desk.letter_room else {
        return Ok(due);
    };
    // As the page of deadlines has them: what was answered, and what ended with the case, no longer runs.
    let letters = view.desk.store.letters(Some(&case.id))?;
    let cases = std::slice::from_ref(case);
    let rows = room.deadlines(&letters, cases, words.language, view.now);
    // A mistake in a file of the operator's is said where letters are; the case is read without it.
    let rows = rows.unwrap_or_else(|error| {
        tracing::warn!(case = %case.id, "last days are not reckoned: {error}");
        Vec::new()
    });
    due.extend(rows.into_iter().map(|row| Due {
        what: match &row.letter {
            Some(number) => format!("{number}: {}", row.name),
            None => row.name,
        },
        duty: None,
        until: Some(words.date(row.due)),
        done: None,
    }));
    Ok(due)
}

/// Publication, record, program and people in one line of time.
fn events(
    view: &View<'_>,
    case: &Case,
    shown: Option<&Copy>,
    files: &Files<'_>,
    people: &People,
) -> Vec<Event> {
    let words = &view.shell.words;
    let event =
        |at: DateTime<Utc>, class: &'static str, what: String, url: Option<&String>| Event {
            at,
            class,
            when: words.moment(at),
            who: String::new(),
            what,
            stored: None,
            url: url.cloned(),
            state: None,
        };
    let mut all = Vec::new();
    for quote in &case.evidence {
        let source = source_name(view, &quote.source);
        let what = words.with("case-line-record", "source", &source);
        all.push(event(quote.published, "off", what, Some(&quote.url)));
    }
    for copy in &case.copies {
        let source = source_name(view, &copy.source);
        let what = words.with("case-line-published", "source", &source);
        all.push(event(copy.published, "key", what, Some(&copy.url)));
    }
    if let Some(copy) = shown {
        for (revision, _) in files.versions(&copy.url) {
            let text = match (revision.is_gone, revision.number) {
                (false, 1) => continue,
                (true, _) => "case-line-gone",
                _ => "case-line-changed",
            };
            let source = source_name(view, &copy.source);
            let what = words.with(text, "source", &source);
            all.push(event(revision.first_seen, "key", what, Some(&copy.url)));
        }
    }
    let mut before = None;
    for one in &case.history {
        let state = (before != Some(one.state)).then(|| state_tag(words, one.state));
        before = Some(one.state);
        let who = one.by.as_deref();
        let told = deeds::told(words, one, |id| people.name(id).to_owned());
        all.push(Event {
            who: who.map_or_else(String::new, |id| people.name(id).to_owned()),
            stored: told.is_none().then(|| one.what.clone()),
            state,
            ..event(one.at, "", told.unwrap_or_default(), one.url.as_ref())
        });
    }
    all.sort_by_key(|event| event.at);
    all
}
