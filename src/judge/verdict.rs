//! Weighs what the records say of a claim into one verdict, with the slot that differs and the passage that shows it.
//!
//! Praise takes the best reading, blame needs every reading; blame also needs a record that the publication as a whole
//! reports on, one differing slot, and nothing in any record that bears the claim out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::absent;
use super::event;
use super::explain;
use super::fact::{Fact, Record, Source as FactSource, by_content};
use super::figures::figures;
use super::moved;
use super::number::Outcome;
use super::observation::{REGIONAL, is_regional};
use super::pair::{Numbers, numbers};
use super::slots::{self, Relation};
use super::topic;
use crate::language::{Lexicon, local_day};
use crate::model::{
    Claim, Difference, Frame, Label, Modality, Observation, Origin, Part, Quote, SlotName, Source,
    SourceRole, Verdict, anchor_weight,
};

/// Share of the best record's affinity below which a record is not the one reported on, in percent.
const AFFINE_PERCENT: u32 = 45;
/// Coverage from which a sentence without a figure is borne out, in thousandths.
const COVER_SUPPORT: u32 = 560;
/// Coverage from which a difference in a sentence is blamed.
const COVER_BLAME: u32 = 600;
/// Coverage from which a difference is blamed in a sentence that no other of the record comes near to.
const COVER_LEAD: u32 = 430;
/// Coverage from which a difference in a short sentence is blamed, given that the record never says what it says.
const COVER_SHORT: u32 = 300;
/// The same for a difference of the predicate itself, which several sentences of a record may have.
const COVER_PREDICATE: u32 = 480;
/// Weight of shared anchors from which it is.
const SHARED_SHORT: u32 = 24;
/// Share of a short sentence that the record must hold anywhere.
const HELD_SHORT: u32 = 700;
/// Affinity from which a publication is taken to retell a record.
const STORY: u32 = 240;
/// Coverage from which a short sentence is borne out by a record that the publication retells.
const COVER_RETOLD: u32 = 750;
/// Coverage from which a predicate is blamed that differs in a record that the publication retells.
const COVER_STORY: u32 = 550;
/// Coverage of a claim that is told nearly whole.
const COVER_WHOLE: u32 = 900;
/// Weight of shared anchors from which a difference is blamed in a record that the publication retells.
const SHARED_STORY: u32 = 16;
/// Share of a claim that such a record must hold anywhere, where a predicate differs.
const HELD_STORY: u32 = 600;
/// The same where a day, a place, a body or an article differs.
const HELD_BRIEF: u32 = 500;
/// Words that say of "it" that it was.
const HAPPENED: [&str; 2] = ["w:happen", "w:be_exist"];
/// Least weight of shared anchors for either.
const SHARED_LEAST: u32 = 26;
/// Share of the best record's affinity from which a record may be held against a claim, in percent.
const BLAME_PERCENT: u32 = 75;
/// The same where the record has the claim's own number.
const SAME_NUMBER_PERCENT: u32 = 60;
/// Points by which blame must be nearer than support by a number that many things have.
const BLAME_LEAD: i32 = 6;
/// Slots of a figure that a record may leave open while it has the number; the value where it is said of all.
const OPEN: [SlotName; 5] = [
    SlotName::Period,
    SlotName::Direction,
    SlotName::Change,
    SlotName::Base,
    SlotName::Value,
];
/// Days after which a claim's publication a record may appear and still be what it reports on.
const EARLY_DAYS: i64 = 2;

/// What was found, before it becomes a verdict.
pub(super) struct Finding<'a> {
    /// What it says.
    pub(super) label: Label,
    /// What differs.
    pub(super) differences: Vec<Difference>,
    /// What shows it.
    pub(super) observation: &'a Observation,
    /// Higher is better.
    pub(super) strength: i32,
    /// Slots that the claim states and the observation answers alike; what is not among them it leaves open.
    pub(super) answered: Vec<SlotName>,
    /// Whether the claim's own number stands there: what differs is then what the number is given for.
    pub(super) is_same_number: bool,
    /// Whether it bears the claim out by a number that many things have: a stronger blame stands against it.
    pub(super) is_weak: bool,
}

impl<'a> Finding<'a> {
    /// What a whole sentence says, whatever figures it holds.
    pub(super) fn of_sentence(
        label: Label,
        differences: Vec<Difference>,
        observation: &'a Observation,
        strength: i32,
    ) -> Finding<'a> {
        Finding {
            label,
            differences,
            observation,
            strength,
            answered: Vec::new(),
            is_same_number: false,
            is_weak: false,
        }
    }

    /// The claim's own number, given by the record for something else.
    pub(super) fn same_number(
        difference: Difference,
        observation: &'a Observation,
        strength: i32,
    ) -> Finding<'a> {
        Finding {
            is_same_number: true,
            ..Finding::of_sentence(Label::Contradicted, vec![difference], observation, strength)
        }
    }
}

/// What the records say of a claim.
pub fn verdict(
    lexicon: &Lexicon,
    claim: &Claim,
    source: &Source,
    evidence: &[&Record<'_>],
    now: DateTime<Utc>,
) -> Verdict {
    let scope = Scope::of(lexicon, source);
    let mut evidence = evidence.to_vec();
    evidence.sort_by(|a, b| by_content(a.first()).cmp(&by_content(b.first())));
    let admitted: Vec<Admitted<'_>> = evidence
        .iter()
        .filter_map(|record| scope.admitted(claim, record, now))
        .collect();
    let records = near_records(claim, admitted.iter().map(Admitted::record).collect());
    let best = records.first().map_or(0, |(affinity, _)| *affinity);
    let own: Vec<&Fact<'_>> = evidence
        .iter()
        .filter(|record| record.first().url == claim.url)
        .flat_map(|record| &record.facts)
        .collect();
    let mut findings = Vec::new();
    for &(affinity, record) in &records {
        let mut found = match &claim.frame.quantity {
            Some(quantity) => figures(lexicon, claim, quantity, record),
            None => events(lexicon, claim, record, is_story(affinity, best)),
        };
        let may_blame = scope.may_blame(claim, &own);
        found.retain(|finding| {
            // The claim's own number tells that the record is meant, where a few words more would leave it in doubt.
            let needed = if finding.is_same_number {
                SAME_NUMBER_PERCENT
            } else {
                BLAME_PERCENT
            };
            let is_reported = affinity * 100 >= best * needed;
            finding.label != Label::Contradicted
                || is_reported && may_blame && scope.is_fair(claim, finding)
        });
        findings.extend(found);
    }
    let chosen = choose(findings);
    let all: Vec<&Record<'_>> = admitted.iter().map(Admitted::record).collect();
    let chosen = moved_on(lexicon, claim, &chosen, &all).or(chosen);
    let chosen = chosen.map(|finding| moved::overtaken(lexicon, claim, finding, &all));
    finish(lexicon, claim, chosen, now)
}

/// What has moved on since the record that bears a claim out, or that no record speaks of yet.
fn moved_on<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    chosen: &Option<Finding<'_>>,
    records: &[&'a Record<'a>],
) -> Option<Finding<'a>> {
    match chosen {
        Some(finding) if finding.label == Label::Supported => {
            moved::figure(lexicon, claim, finding.observation, records)
                .or_else(|| moved::office(lexicon, claim, records))
        }
        // A count up to now, of which a later record has more, was right when the earlier one was the newest.
        Some(finding) if is_of_period_only(finding) && moved::runs_to_date(claim) => {
            moved::figure(lexicon, claim, finding.observation, records)
        }
        None => moved::office(lexicon, claim, records),
        Some(_) => None,
    }
}

/// Whether a finding holds nothing against a number but the period it is of.
fn is_of_period_only(finding: &Finding<'_>) -> bool {
    let slots: Vec<SlotName> = finding.differences.iter().map(|one| one.slot).collect();
    finding.label == Label::Contradicted && finding.is_same_number && slots == [SlotName::Period]
}

/// Whose pages a claim may be held against.
struct Scope {
    /// An agency's own page, which is checked against its other versions and its own tables only.
    is_official: bool,
    /// A regional body's page, which is checked against the owner of the fact too.
    is_regional: bool,
}

impl Scope {
    fn of(lexicon: &Lexicon, source: &Source) -> Scope {
        let is_official = source.role == SourceRole::Official;
        Scope {
            is_official,
            is_regional: is_official && is_regional(lexicon, source),
        }
    }

    /// Whether a record may be held against an agency's own page: a figure that the page's own arithmetic bears out is
    /// not the one to blame when two versions of a page disagree.
    fn may_blame(&self, claim: &Claim, own: &[&Fact<'_>]) -> bool {
        let Some(quantity) = claim.frame.quantity.as_ref().filter(|_| self.is_official) else {
            return true;
        };
        !own.iter().any(|fact| match fact.source {
            FactSource::Stated => false,
            FactSource::Change => {
                fact.observation.text == claim.text
                    && numbers(quantity, fact) == Numbers::Agree(Outcome::Exact)
                    && quantity.role == fact.quantity.role
            }
            FactSource::Share => {
                fact.quantity.span == quantity.span
                    && own.iter().any(|stated| {
                        stated.source == FactSource::Stated
                            && stated.observation.text == claim.text
                            && matches!(numbers(&stated.quantity, fact), Numbers::Agree(_))
                    })
            }
        })
    }

    /// Whether a finding may be held against a page of this kind: a regional body only for its own region.
    fn is_fair(&self, claim: &Claim, finding: &Finding<'_>) -> bool {
        if !self.is_official {
            return true;
        }
        // Two versions of one release word offices, plans, periods and what is counted each in their own way.
        let is_wording = finding.differences.iter().any(|difference| {
            matches!(
                difference.slot,
                SlotName::Modality | SlotName::Base | SlotName::Period | SlotName::Status
            ) || difference.slot == SlotName::Person && !difference.claimed.contains("person:")
        });
        if finding.observation.source == claim.source {
            return !is_wording;
        }
        let is_event = claim.frame.quantity.is_none();
        let slot = finding
            .differences
            .first()
            .map(|difference| difference.slot);
        let regions = |frame: &Frame| -> Vec<String> {
            let named = frame
                .places
                .iter()
                .filter(|place| place.best != slots::COUNTRY);
            named.map(|place| place.best.clone()).collect()
        };
        let theirs = regions(&finding.observation.frame);
        let is_same_region = regions(&claim.frame)
            .iter()
            .any(|place| theirs.contains(place));
        // A page that names the owner of the figure as its source is held to the owner's words.
        let owners = finding.observation.frame.bodies.iter();
        let mut owners = owners.filter(|slot| slot.origin == Origin::Default);
        let is_quoted = owners.any(|slot| claim.frame.attribution.contains(&slot.best));
        (is_same_region || is_quoted && finding.is_same_number)
            && !(is_event && slot == Some(SlotName::Place))
    }

    /// Whether an observation may be held against or for a claim at all.
    fn admits(&self, claim: &Claim, observation: &Observation, now: DateTime<Utc>) -> bool {
        let is_own_page = observation.url == claim.url;
        if observation.published_at > now {
            false
        } else if is_own_page {
            matches!(observation.part, Part::Cell { .. })
        } else if !self.is_official {
            true
        } else if observation.source == claim.source {
            observation.language != claim.language
                && (observation.published_at - claim.published_at)
                    .num_days()
                    .abs()
                    <= EARLY_DAYS
        } else {
            self.is_regional && observation.authority < REGIONAL
        }
    }

    /// What of a record may be held against or for a claim; `None` where nothing may.
    fn admitted<'r>(
        &self,
        claim: &Claim,
        record: &'r Record<'r>,
        now: DateTime<Utc>,
    ) -> Option<Admitted<'r>> {
        let admits = |observation: &&&Observation| self.admits(claim, observation, now);
        if record.observations.iter().all(|one| admits(&one)) {
            return Some(Admitted::Whole(record));
        }
        let part = record.observations.iter().filter(admits).copied();
        Record::of(part).map(|part| Admitted::Part(Box::new(part)))
    }
}

/// A record as far as it may be held against or for a claim.
enum Admitted<'r> {
    /// All of it.
    Whole(&'r Record<'r>),
    /// Some of its observations, laid out anew.
    Part(Box<Record<'r>>),
}

impl<'r> Admitted<'r> {
    /// The record.
    fn record(&self) -> &Record<'r> {
        match self {
            Admitted::Whole(record) => record,
            Admitted::Part(record) => record,
        }
    }
}

/// The records a publication reports on, those that share most of its anchors, with how much they share.
fn near_records<'a, 'r>(claim: &Claim, records: Vec<&'a Record<'r>>) -> Vec<(u32, &'a Record<'r>)> {
    let mut ranked: Vec<(u32, &Record<'_>)> = records
        .into_iter()
        .map(|record| (affinity(claim, record), record))
        .collect();
    ranked.sort_by_key(|(affinity, _)| Reverse(*affinity));
    let best = ranked.first().map_or(0, |(affinity, _)| *affinity);
    ranked.retain(|(affinity, _)| affinity * 100 >= best * AFFINE_PERCENT);
    ranked
}

/// Weight of the anchors that a publication and a record share; records of other days count for less.
fn affinity(claim: &Claim, record: &Record<'_>) -> u32 {
    let shared = shared_weight(&claim.context, &record.anchors);
    let age = (claim.published_at - record.first().published_at).num_days();
    match age {
        i64::MIN..0 if age < -EARLY_DAYS => shared / 2,
        ..=7 => shared * 5 / 4,
        8..=45 => shared,
        _ => shared * 3 / 4,
    }
}

/// Sum of the weights of anchors that both lists hold; both are sorted and free of repeats.
fn shared_weight(a: &[String], b: &[String]) -> u32 {
    let mut b = b.iter().peekable();
    let mut sum = 0;
    for anchor in a {
        while b.next_if(|other| *other < anchor).is_some() {}
        if b.peek() == Some(&anchor) {
            sum += anchor_weight(anchor);
        }
    }
    sum
}

/// Findings for a claim without a figure from one record.
fn events<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &'a Record<'a>,
    is_story: bool,
) -> Vec<Finding<'a>> {
    let mut matches: Vec<event::Match<'a>> = record
        .observations
        .iter()
        .zip(&record.own_anchors)
        .filter(|(observation, _)| !matches!(observation.part, Part::Cell { .. }))
        .map(|(observation, theirs)| {
            event::compare(lexicon, claim, observation, theirs, &record.anchors)
        })
        .collect();
    matches.sort_by_key(|found| {
        let rank = (found.own, found.coverage);
        (Reverse(rank), found.differences.len())
    });
    let matches = by_clause(matches);
    let found = reported(lexicon, claim, record, &matches)
        .or_else(|| short(lexicon, claim, record, &matches, is_story))
        .or_else(|| is_story.then(|| retold(claim, record, &matches)).flatten());
    found.into_iter().collect()
}

/// Of a sentence that stands beside its own clauses only what the clause nearest to the claim says of it counts as a
/// difference: a step or a negation of another clause is not held against the claim.
fn by_clause(matches: Vec<event::Match<'_>>) -> Vec<event::Match<'_>> {
    let is_of_clause = |slot: SlotName| {
        matches!(
            slot,
            SlotName::Status | SlotName::Polarity | SlotName::Modality
        )
    };
    let mut nearest: BTreeMap<&str, &event::Match<'_>> = BTreeMap::new();
    let is_event = |found: &&event::Match<'_>| found.observation.frame.quantity.is_none();
    let longest = |text: &str| {
        let same = matches
            .iter()
            .filter(|found| found.observation.text == text);
        let same = same.filter(is_event);
        same.map(|found| found.observation.frame.terms.len()).max()
    };
    for found in matches.iter().filter(is_event) {
        let text = found.observation.text.as_str();
        if Some(found.observation.frame.terms.len()) != longest(text) {
            nearest.entry(text).or_insert(found);
        }
    }
    let is_kept: Vec<bool> = matches
        .iter()
        .map(|found| {
            let slots = found.differences.iter().map(|difference| difference.slot);
            let mut of_clause = slots.filter(|slot| is_of_clause(*slot));
            let Some(clause) = nearest.get(found.observation.text.as_str()) else {
                return true;
            };
            of_clause.all(|slot| clause.differences.iter().any(|other| other.slot == slot))
        })
        .collect();
    let kept = matches
        .into_iter()
        .zip(is_kept)
        .filter(|(_, is_kept)| *is_kept);
    kept.map(|(found, _)| found).collect()
}

/// What the sentence says that holds most of the claim.
fn reported<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &Record<'a>,
    matches: &[event::Match<'a>],
) -> Option<Finding<'a>> {
    let mut shared = matches.iter().filter(|found| found.shared >= SHARED_LEAST);
    let best = shared.next()?;
    let next = shared
        .filter(|found| found.observation.text != best.observation.text)
        .map(|found| found.shared)
        .max()
        .unwrap_or(0);
    if best.differences.is_empty() && best.coverage >= COVER_LEAD {
        let step = moved::step(lexicon, &claim.frame, &best.observation.frame);
        if let Some(step) = step.filter(|_| best.observation.published_at <= claim.published_at) {
            let (label, strength) = (Label::Outdated, strength(best));
            return Some(Finding::of_sentence(
                label,
                vec![step],
                best.observation,
                strength,
            ));
        }
    }
    if best.differences.is_empty()
        && best.coverage >= COVER_SUPPORT
        && best.is_same_deed
        && !best.is_doubtful
        && !has_figures(&claim.frame)
        && is_day_known(claim, record)
    {
        let (label, strength) = (Label::Supported, strength(best));
        return Some(Finding::of_sentence(
            label,
            Vec::new(),
            best.observation,
            strength,
        ));
    }
    let [difference] = best.differences.as_slice() else {
        return None;
    };
    let is_leading = best.coverage >= COVER_LEAD
        && best.shared * 2 >= next * 3
        && difference.slot != SlotName::Polarity;
    let is_blamed = best.coverage >= COVER_BLAME || is_leading;
    // What the record says elsewhere as the claim does is no difference.
    let is_said = matches!(difference.slot, SlotName::Status | SlotName::Polarity)
        && !absent::is_absent(lexicon, claim, record, best, difference);
    let is_said = is_said
        || difference.slot == SlotName::Person
            && absent::is_written(difference, &best.observation.text);
    let is_blamed = is_blamed
        && !is_said
        && is_one_fact(claim, best.observation, difference.slot)
        && !topic::are_apart(claim, best.observation, difference.slot);
    is_blamed.then(|| blame(claim, best)).flatten()
}

/// Whether a publication retells a record, so that what it says of "it" and "there" is said of what the record tells.
fn is_story(affinity: u32, best: u32) -> bool {
    affinity >= STORY && affinity * 100 >= best * BLAME_PERCENT
}

/// A short sentence that a record says nearly in full, of which the publication retells the rest too.
fn retold<'a>(
    claim: &Claim,
    record: &Record<'a>,
    matches: &[event::Match<'a>],
) -> Option<Finding<'a>> {
    let is_told = |found: &&event::Match<'a>| {
        found.differences.is_empty()
            && found.is_same_deed
            && !found.is_doubtful
            && found.coverage >= COVER_RETOLD
            && found.own >= SHARED_STORY
    };
    if has_figures(&claim.frame) || !is_day_known(claim, record) {
        return None;
    }
    let told = matches.iter().find(is_told)?;
    let (label, strength) = (Label::Supported, strength(told));
    Some(Finding::of_sentence(
        label,
        Vec::new(),
        told.observation,
        strength,
    ))
}

/// Whether a sentence gives figures, which speak for themselves: only they can bear it out.
fn has_figures(frame: &Frame) -> bool {
    let mut terms = frame.terms.iter();
    terms.any(|term| term.starts_with("n:") || term.starts_with("m:"))
}

/// Whether a record holds a day that a claim names; the day of its publication goes without saying.
fn is_day_known(claim: &Claim, record: &Record<'_>) -> bool {
    let days = slots::days(&claim.frame);
    let theirs = record.anchors.iter();
    let theirs = theirs
        .filter_map(|anchor| anchor.strip_prefix("d:"))
        .collect();
    let told = local_day(record.first().published_at);
    let is_told = |day: &str| {
        day.parse::<NaiveDate>()
            .is_ok_and(|day| (told - day).num_days().abs() <= EARLY_DAYS)
    };
    slots::dates(&days, &theirs) != Relation::Disjoint && !theirs.is_empty()
        || days.iter().all(|day| is_told(day))
}

/// What a sentence says that shares little with a short claim, while the record as a whole holds what the claim is about
/// and says nowhere what the claim says of the slot. Of a record that the publication retells, less has to be shared.
fn short<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    record: &Record<'a>,
    matches: &[event::Match<'a>],
    is_story: bool,
) -> Option<Finding<'a>> {
    let is_telling = |found: &&event::Match<'a>| {
        let [difference] = found.differences.as_slice() else {
            return false;
        };
        let is_predicate = matches!(difference.slot, SlotName::Status | SlotName::Polarity);
        let is_placed = matches!(
            difference.slot,
            SlotName::Date | SlotName::Place | SlotName::Body | SlotName::Reference
        );
        // «Вице-министр» may be read without its first half: what stands in the record's words is no difference.
        if difference.slot == SlotName::Person
            && absent::is_written(difference, &found.observation.text)
        {
            return false;
        }
        let Needs {
            coverage,
            shared,
            own,
            held,
        } = Needs::of(is_story, is_predicate, found.coverage);
        let is_told = || {
            let theirs = found.observation.frame.anchors();
            difference.slot == SlotName::Date || event::tells_deed(lexicon, &claim.frame, &theirs)
        };
        let is_held = found.shared >= shared
            && found.own >= own
            && found.coverage >= coverage
            && event::held_anywhere(claim, record, difference) >= held
            && (!is_story || is_predicate || found.shared >= SHARED_SHORT || is_told());
        (found.is_same_deed || !is_placed)
            && (is_held || is_story && is_pointing(claim, record, found))
            && is_one_fact(claim, found.observation, difference.slot)
            && !topic::are_apart(claim, found.observation, difference.slot)
            && absent::is_absent(lexicon, claim, record, found, difference)
    };
    let best = matches.iter().find(is_telling)?;
    blame(claim, best)
}

/// What a record's sentence must share with a short claim that differs from it.
struct Needs {
    /// Share of the claim's recognisable content.
    coverage: u32,
    /// Weight of what is shared, the surroundings included.
    shared: u32,
    /// Weight of what the sentence itself shares.
    own: u32,
    /// Share of the claim that the record must hold anywhere.
    held: u32,
}

impl Needs {
    /// What is needed where a predicate differs, or something else; less of a record that the publication retells.
    fn of(is_story: bool, is_predicate: bool, coverage: u32) -> Needs {
        let needs = |coverage, shared, own, held| Needs {
            coverage,
            shared,
            own,
            held,
        };
        match (is_story, is_predicate) {
            (true, true) if coverage >= COVER_WHOLE => {
                needs(COVER_WHOLE, SHARED_STORY, SHARED_STORY, HELD_STORY)
            }
            (true, true) => needs(COVER_STORY, SHARED_SHORT, SHARED_SHORT, HELD_STORY),
            (true, false) => needs(HELD_BRIEF, SHARED_STORY, SHARED_STORY, HELD_BRIEF),
            (false, true) => needs(COVER_PREDICATE, SHARED_SHORT, 0, HELD_SHORT),
            (false, false) => needs(COVER_SHORT, SHARED_SHORT, 0, HELD_SHORT),
        }
    }
}

/// Whether a claim says of nothing but "it" that it happened on a day, and a record's sentence is the first that dates what
/// the record tells.
fn is_pointing(claim: &Claim, record: &Record<'_>, found: &event::Match<'_>) -> bool {
    let has = |frame: &Frame, prefix: &str| frame.terms.iter().any(|term| term.starts_with(prefix));
    let mut dated = record.observations.iter();
    let first = dated.find(|observation| has(&observation.frame, "d:"));
    found
        .differences
        .iter()
        .all(|one| one.slot == SlotName::Date)
        && event::words(&claim.frame).next().is_none()
        && claim
            .frame
            .terms
            .iter()
            .any(|term| HAPPENED.contains(&term.as_str()))
        && first.is_some_and(|first| first.text == found.observation.text)
}

/// A sentence that differs in one slot.
fn blame<'a>(claim: &Claim, found: &event::Match<'a>) -> Option<Finding<'a>> {
    if claim.frame.modality == Modality::Rumoured {
        return None;
    }
    let is_replaced =
        found.differences[0].slot == SlotName::Person && is_appointment(claim, found.observation);
    let label = if is_replaced {
        Label::Outdated
    } else {
        Label::Contradicted
    };
    let differences = found.differences.clone();
    let strength = strength(found);
    Some(Finding::of_sentence(
        label,
        differences,
        found.observation,
        strength,
    ))
}

/// How strongly a sentence that holds much of a claim speaks, beside figures.
fn strength(found: &event::Match<'_>) -> i32 {
    (found.coverage / 40) as i32
}

/// Whether a sentence with figures and a record's sentence may be held against each other in a slot: those that belong
/// to a figure can differ only where a figure is shared.
fn is_one_fact(claim: &Claim, observation: &Observation, slot: SlotName) -> bool {
    let figures = |frame: &Frame| -> Vec<String> {
        let terms = frame.terms.iter();
        let figures = terms.filter(|term| term.starts_with("n:") || term.starts_with("m:"));
        figures.cloned().collect()
    };
    let (mine, theirs) = (figures(&claim.frame), figures(&observation.frame));
    let is_of_deed = matches!(slot, SlotName::Status | SlotName::Polarity);
    if mine.is_empty() || !is_of_deed && mine.iter().any(|figure| theirs.contains(figure)) {
        return true;
    }
    match slot {
        SlotName::Person | SlotName::Attribution | SlotName::Reference => true,
        // A figure is of many cases, a step or a negation of one.
        SlotName::Status | SlotName::Polarity => mine.iter().all(|figure| theirs.contains(figure)),
        _ => false,
    }
}

/// Whether the record appoints somebody to an office that the publication still gives to another, without speaking of
/// an appointment itself.
fn is_appointment(claim: &Claim, observation: &Observation) -> bool {
    moved::appoints(&observation.frame)
        && !moved::appoints(&claim.frame)
        && observation.published_at < claim.published_at
}

/// The finding that counts: support before blame, the stronger before the weaker. Support that leaves a slot open is
/// none against a record that has the same number and answers that slot otherwise.
fn choose<'a>(findings: Vec<Finding<'a>>) -> Option<Finding<'a>> {
    let blamed = findings
        .iter()
        .filter(|finding| finding.label == Label::Contradicted && finding.is_same_number)
        .max_by_key(|finding| finding.strength)
        .and_then(|finding| finding.differences.first())
        .map(|difference| difference.slot);
    // A table is of one time, whether its cells say so or not.
    let is_timed = |finding: &Finding<'_>| matches!(finding.observation.part, Part::Cell { .. });
    let is_open = |finding: &Finding<'_>| {
        blamed.is_some_and(|slot| {
            let is_left = OPEN.contains(&slot) && !finding.answered.contains(&slot);
            is_left && (slot != SlotName::Period || !is_timed(finding))
        })
    };
    // What a later record has seen changed is outdated, however well an earlier one bears it out.
    let outdated = findings
        .iter()
        .filter(|finding| finding.label == Label::Outdated);
    let outdated_at = outdated
        .map(|finding| finding.observation.published_at)
        .max();
    let is_past =
        |finding: &Finding<'_>| outdated_at.is_some_and(|at| finding.observation.published_at < at);
    let strongest_blame = findings
        .iter()
        .filter(|finding| finding.label == Label::Contradicted)
        .map(|finding| finding.strength)
        .max();
    let is_outdone = |finding: &Finding<'_>| {
        finding.is_weak
            && strongest_blame.is_some_and(|blame| blame >= finding.strength + BLAME_LEAD)
    };
    findings.into_iter().max_by_key(|finding| {
        let is_support = finding.label == Label::Supported && !is_outdone(finding);
        let is_support = is_support && !is_open(finding) && !is_past(finding);
        let is_blame = finding.label != Label::Supported;
        (is_support, is_blame, finding.strength)
    })
}

/// Builds the verdict.
fn finish(
    lexicon: &Lexicon,
    claim: &Claim,
    chosen: Option<Finding<'_>>,
    now: DateTime<Utc>,
) -> Verdict {
    let Some(finding) = chosen else {
        return Verdict {
            claim: claim.id.clone(),
            label: Label::NoRecord,
            confidence: 0,
            differences: Vec::new(),
            evidence: Vec::new(),
            as_of: now,
            explanation: explain::nothing(claim.language),
        };
    };
    let observation = finding.observation;
    let differences = explain::worded(lexicon, &finding.differences, claim, observation);
    let confidence = (500 + finding.strength.clamp(0, 25) * 20) as u16;
    Verdict {
        claim: claim.id.clone(),
        label: finding.label,
        confidence,
        explanation: explain::explanation(claim, finding.label, &differences, observation),
        differences,
        evidence: vec![Quote {
            observation: observation.id.clone(),
            source: observation.source.clone(),
            url: observation.url.clone(),
            revision: observation.revision.clone(),
            part: observation.part.clone(),
            sentence: observation.text.clone(),
            published: observation.published_at,
        }],
        as_of: now,
    }
}
