//! Weighs what the records say of a claim into one verdict, with the slot that differs and the passage that shows it.
//!
//! Praise takes the best reading, blame needs every reading; blame also needs a record that the publication as a whole
//! reports on, one differing slot, and nothing in any record that bears the claim out.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use super::explain;
use super::fact::{Fact, Record, Source as FactSource, by_content};
use super::figures::figures;
use super::lone;
use super::moved;
use super::number::Outcome;
use super::observation::{REGIONAL, is_regional};
use super::pair::{Numbers, numbers};
use super::sentences::sentences;
use super::slots;
use crate::language::{Lexicon, Quantity};
use crate::model::{
    Claim, Difference, Frame, Label, Observation, Part, Quote, SlotName, Source, SourceRole,
    Verdict, anchor_weight,
};

/// Share of the best record's affinity below which a record is not the one reported on, in percent.
const AFFINE_PERCENT: u32 = 45;
/// Affinity from which a publication is taken to retell a record.
const STORY: u32 = 240;
/// Share of the best record's affinity from which a record may be held against a claim, in percent.
const BLAME_PERCENT: u32 = 75;
/// The same where the record has the claim's own number.
const SAME_NUMBER_PERCENT: u32 = 60;
/// The same below which a number alone bears nothing out.
const STRAY_PERCENT: u32 = 50;
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
pub(super) const EARLY_DAYS: i64 = 2;

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
    /// Whether a number that agrees is all that speaks for it.
    pub(super) is_loose: bool,
    /// Whether the publication reports on another record much rather than on this one.
    pub(super) is_far: bool,
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
            is_loose: false,
            is_far: false,
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
    let near: Vec<&Record<'_>> = records.iter().map(|(_, record)| *record).collect();
    let own: Vec<&Fact<'_>> = evidence
        .iter()
        .filter(|record| record.first().url == claim.url)
        .flat_map(|record| &record.facts)
        .collect();
    let mut findings = Vec::new();
    for &(affinity, record) in &records {
        let mut found: Vec<Finding<'_>> = match &claim.frame.quantity {
            Some(quantity) => {
                let near = is_story(affinity, best).then_some(near.as_slice());
                of_figure(lexicon, claim, quantity, record, near)
            }
            None => sentences(lexicon, claim, record, is_story(affinity, best), &near),
        };
        let may_blame = scope.may_blame(claim, &own);
        let is_far = affinity * 100 < best * BLAME_PERCENT;
        // A number that any record may have, and hardly a word beside it, bears nothing out.
        let is_stray = affinity * 100 < best * STRAY_PERCENT;
        found.retain(|finding| !is_stray || !finding.is_loose);
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
        findings.extend(
            found
                .into_iter()
                .map(|finding| Finding { is_far, ..finding }),
        );
    }
    let chosen = choose(findings);
    let all: Vec<&Record<'_>> = admitted.iter().map(Admitted::record).collect();
    let chosen = moved_on(lexicon, claim, &chosen, &all).or(chosen);
    let chosen = chosen.map(|finding| moved::overtaken(lexicon, claim, finding, &all));
    finish(lexicon, claim, chosen, now)
}

/// Findings for a claim with a figure from one record; `near` are the records that the publication may retell, where this is
/// one of them.
fn of_figure<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    record: &'a Record<'a>,
    near: Option<&[&Record<'_>]>,
) -> Vec<Finding<'a>> {
    let found = figures(lexicon, claim, quantity, record);
    let is_blamed = found.iter().any(|one| one.label == Label::Contradicted);
    let Some(near) = near.filter(|_| !is_blamed) else {
        return found;
    };
    let amount = || lone::amount(lexicon, claim, quantity, record, near);
    let amount = found.is_empty().then(amount).flatten();
    let lone = amount.or_else(|| lone::article_beside(claim, quantity, record, near));
    lone.map_or(found, |lone| vec![lone])
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
        let said = &claim.frame.attribution;
        let mut owners = slots::publishers(&finding.observation.frame);
        let is_quoted = owners.any(|owner| said.iter().any(|speaker| speaker == owner));
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

/// Whether a publication retells a record, so that what it says of "it" and "there" is said of what the record tells.
fn is_story(affinity: u32, best: u32) -> bool {
    affinity >= STORY && affinity * 100 >= best * BLAME_PERCENT
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
    // What another record says in other words bears nothing out that the one reported on says otherwise.
    let is_outdone = |finding: &Finding<'_>| {
        let is_stray = finding.is_far && !finding.is_same_number;
        let lead = if is_stray { i32::MIN } else { BLAME_LEAD };
        (finding.is_weak || is_stray)
            && strongest_blame.is_some_and(|blame| blame >= finding.strength.saturating_add(lead))
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
