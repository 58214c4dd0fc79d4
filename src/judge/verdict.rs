//! Weighs what the records say of a claim into one verdict, with the slot that differs and the passage that shows it.
//!
//! Praise takes the best reading, blame needs every reading; blame also needs a record that the publication as a whole
//! reports on, one differing slot, and nothing in any record that bears the claim out.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::event;
use super::explain;
use super::fact::{self, Fact, Record, Source as FactSource, records};
use super::frame::OTHER_SPEAKER;
use super::number::Outcome;
use super::observation::{REGIONAL, is_regional};
use super::pair::{Numbers, Pair, is_current, is_telling, numbers, pair, profile};
use super::retrieve::shared_weight;
use super::slots;
use crate::language::{Lexicon, Mode, Quantity, Role};
use crate::model::{
    Claim, Difference, Evidence, Frame, Label, Modality, Observation, Part, Quote, SlotName,
    Source, SourceRole, Verdict,
};

/// Points of nearness from which a number that agrees bears a claim out, for numbers that tell little by themselves.
const NEAR_SUPPORT: i32 = 5;
/// Points from which a telling number that agrees bears a claim out.
const NEAR_TELLING: i32 = 1;
/// Points from which a number that differs is blamed.
const NEAR_BLAME: i32 = 9;
/// Points by which the nearest figure must lead the next one with another value.
const LEAD: i32 = 2;
/// Points by which the figure of the claimed base must be nearer than the one the number was taken from.
const DONOR_LEAD: i32 = 2;
/// Share of the best record's affinity below which a record is not the one reported on, in percent.
const AFFINE_PERCENT: u32 = 45;
/// Coverage from which a sentence without a figure is borne out, in thousandths.
const COVER_SUPPORT: u32 = 560;
/// Coverage from which a difference in a sentence is blamed.
const COVER_BLAME: u32 = 600;
/// Coverage from which a difference is blamed in a sentence that no other of the record comes near to.
const COVER_LEAD: u32 = 430;
/// Least weight of shared anchors for either.
const SHARED_LEAST: u32 = 48;
/// Coverage from which a number that differs is blamed, in thousandths.
const COVER_VALUE: u32 = 450;
/// Coverage from which a number of another magnitude is blamed.
const COVER_APART: u32 = 250;
/// Coverage from which another slot of a figure that agrees is blamed.
const COVER_SLOT: u32 = 350;
/// Coverage from which a figure can be the one a number was taken from.
const COVER_DONOR: u32 = 150;
/// Concepts that tell no base by themselves.
const GENERIC: [&str; 12] = [
    "person", "fact", "case", "country", "annual", "number", "total", "region", "rose", "fell",
    "growth", "decline",
];
/// Share of the best record's affinity from which a record may be held against a claim, in percent.
const BLAME_PERCENT: u32 = 75;
/// Days after which a claim's publication a record may appear and still be what it reports on.
const EARLY_DAYS: i64 = 2;

/// What was found, before it becomes a verdict.
struct Finding<'a> {
    label: Label,
    differences: Vec<Difference>,
    observation: &'a Observation,
    /// Higher is better.
    strength: i32,
}

/// What the records say of a claim.
pub fn verdict(
    lexicon: &Lexicon,
    claim: &Claim,
    source: &Source,
    evidence: &[Evidence],
    now: DateTime<Utc>,
) -> Verdict {
    let scope = Scope::of(lexicon, source);
    let usable: Vec<Evidence> = evidence
        .iter()
        .filter(|item| scope.admits(claim, &item.observation, now))
        .cloned()
        .collect();
    let records = near_records(claim, records(&usable));
    let best = records.first().map_or(0, |record| affinity(claim, record));
    let own_page: Vec<Evidence> = evidence
        .iter()
        .filter(|item| item.observation.url == claim.url)
        .cloned()
        .collect();
    let own: Vec<Fact<'_>> = fact::records(&own_page)
        .into_iter()
        .flat_map(|record| record.facts)
        .collect();
    let mut findings = Vec::new();
    for record in &records {
        let mut found = match &claim.frame.quantity {
            Some(quantity) => figures(lexicon, claim, quantity, record),
            None => events(lexicon, claim, record),
        };
        let may_blame = affinity(claim, record) * 100 >= best * BLAME_PERCENT;
        let may_blame = may_blame && scope.may_blame(claim, &own);
        found.retain(|finding| {
            finding.label != Label::Contradicted || may_blame && scope.is_fair(claim, finding)
        });
        findings.extend(found);
    }
    let chosen = choose(claim, findings);
    finish(lexicon, claim, chosen, now)
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
    fn may_blame(&self, claim: &Claim, own: &[Fact<'_>]) -> bool {
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
        // Two versions of one release word offices and plans each in their own way.
        let is_wording = finding.differences.iter().any(|difference| {
            difference.slot == SlotName::Modality
                || difference.slot == SlotName::Person && !difference.claimed.contains("person:")
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
        is_same_region && !(is_event && slot == Some(SlotName::Place))
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
}

/// The records a publication reports on: those that share most of its anchors.
fn near_records<'a>(claim: &Claim, records: Vec<Record<'a>>) -> Vec<Record<'a>> {
    let mut ranked: Vec<(u32, Record<'a>)> = records
        .into_iter()
        .map(|record| (affinity(claim, &record), record))
        .collect();
    ranked.sort_by_key(|(affinity, _)| std::cmp::Reverse(*affinity));
    let best = ranked.first().map_or(0, |(affinity, _)| *affinity);
    ranked
        .into_iter()
        .filter(|(affinity, _)| affinity * 100 >= best * AFFINE_PERCENT)
        .map(|(_, record)| record)
        .collect()
}

/// Weight of the anchors that a publication and a record share; records of other days count for less.
fn affinity(claim: &Claim, record: &Record<'_>) -> u32 {
    let mut anchors: Vec<String> = record
        .observations
        .iter()
        .flat_map(|observation| observation.frame.anchors())
        .collect();
    anchors.sort();
    anchors.dedup();
    let shared = shared_weight(&claim.context, &anchors);
    let age = (claim.published_at - record.observations[0].published_at).num_days();
    match age {
        i64::MIN..0 if age < -EARLY_DAYS => shared / 2,
        ..=7 => shared * 5 / 4,
        8..=45 => shared,
        _ => shared * 3 / 4,
    }
}

/// Findings for a claim with a figure from one record.
fn figures<'a>(
    lexicon: &Lexicon,
    claim: &Claim,
    quantity: &Quantity,
    record: &'a Record<'a>,
) -> Vec<Finding<'a>> {
    let pairs: Vec<Pair<'a>> = record
        .facts
        .iter()
        .map(|fact| pair(lexicon, claim, quantity, fact))
        .collect();
    if let Some(donor) = donor(claim, quantity, &pairs) {
        return vec![donor];
    }
    if let Some(confused) = by_for_to(claim, quantity, &pairs) {
        return vec![confused];
    }
    let mut findings: Vec<Finding<'a>> = Vec::new();
    for pair in &pairs {
        let found = agreement(claim, quantity, pair);
        let is_place = pair.differences.contains(&SlotName::Place);
        findings.extend(found.filter(|_| !is_place || has_own_figure(&pairs)));
    }
    if findings.is_empty() {
        findings.extend(disagreement(claim, quantity, &pairs));
    }
    findings
}

/// A number given as the change where the record gives it as the level after it, or the other way round, while the
/// record has another number for what is claimed. Kazakh tells the two by one word, so the role as it was written counts.
fn by_for_to<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    let is_by = |role: Role| role == Role::ChangeBy;
    let is_to = |role: Role| matches!(role, Role::ChangeTo | Role::Level);
    if quantity.mode != Mode::Bare || !is_by(quantity.role) && quantity.role != Role::ChangeTo {
        return None;
    }
    let other = |pair: &Pair<'_>| {
        let role = pair.fact.quantity.role;
        if is_by(quantity.role) {
            is_to(role)
        } else {
            is_by(role)
        }
    };
    let same = |pair: &Pair<'_>| {
        let role = pair.fact.quantity.role;
        if is_by(quantity.role) {
            is_by(role)
        } else {
            is_to(role)
        }
    };
    let is_agreed = |pair: &&Pair<'_>| {
        matches!(pair.numbers, Numbers::Agree(outcome) if outcome <= Outcome::Rounded)
            && pair.is_keyed
            && pair.is_same_measure
    };
    if pairs.iter().filter(is_agreed).any(same) {
        return None;
    }
    let taken = pairs
        .iter()
        .filter(is_agreed)
        .filter(|pair| other(pair) && pair.fact.source != FactSource::Share)
        .max_by_key(|pair| pair.nearness)?;
    let is_rival = |pair: &Pair<'_>| {
        same(pair)
            && pair.numbers == Numbers::Different
            && pair.fact.source != FactSource::Share
            && pair.is_keyed
            && (pair.is_same_measure || pair.fact.observation.text == taken.fact.observation.text)
    };
    let is_near = taken.nearness >= NEAR_SUPPORT && taken.coverage >= COVER_SLOT;
    (is_near && pairs.iter().any(is_rival)).then(|| Finding {
        label: Label::Contradicted,
        differences: vec![explain::difference(claim, taken.fact, SlotName::Change)],
        observation: taken.fact.observation,
        strength: taken.nearness,
    })
}

/// What a figure's own clause says was done, and of which kind; not what is counted.
fn predicates(frame: &Frame) -> BTreeSet<&str> {
    let lists = [&frame.qualifiers, &frame.statuses, &frame.actions];
    let own = lists.into_iter().flat_map(|list| slots::in_clause(list));
    own.filter(|id| !GENERIC.contains(id)).collect()
}

/// Whether the record gives another number for the very place, period and measure that are claimed.
fn has_own_figure(pairs: &[Pair<'_>]) -> bool {
    pairs.iter().any(|pair| {
        pair.numbers == Numbers::Different
            && pair.differences.is_empty()
            && pair.is_same_region
            && pair.is_same_measure
    })
}

/// A telling number that the record gives for another base, while it gives a different number for the claimed one.
fn donor<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    if !is_telling(quantity) || claim.frame.modality != Modality::Asserted {
        return None;
    }
    let agreeing = pairs
        .iter()
        .filter(|pair| {
            pair.numbers == Numbers::Agree(Outcome::Exact) && pair.fact.source == FactSource::Stated
        })
        .max_by_key(|pair| pair.nearness)?;
    let rival = pairs
        .iter()
        .filter(|pair| {
            pair.numbers == Numbers::Different && pair.is_keyed && pair.differences.is_empty()
        })
        .filter(|pair| pair.fact.source == FactSource::Stated && !pair.fact.is_earlier)
        .max_by_key(|pair| pair.nearness)?;
    let (mine, its, rivals) = (
        profile(&claim.frame),
        profile(&agreeing.fact.frame),
        profile(&rival.fact.frame),
    );
    let is_specific = |id: &&&str| !GENERIC.contains(*id);
    let tells_rival = mine
        .iter()
        .filter(is_specific)
        .any(|id| rivals.contains(id) && !its.contains(id));
    let tells_donor = its
        .iter()
        .filter(is_specific)
        .any(|id| !mine.contains(id) && !rivals.contains(id));
    let said = predicates(&claim.frame);
    let shared = |frame: &Frame| predicates(frame).intersection(&said).count();
    let is_nearer = rival.nearness >= agreeing.nearness + DONOR_LEAD
        || shared(&rival.fact.frame) > shared(&agreeing.fact.frame);
    if !is_nearer
        || !tells_rival
        || !tells_donor
        || !(agreeing.is_same_region || agreeing.coverage >= COVER_DONOR)
    {
        return None;
    }
    let slot = agreeing
        .differences
        .first()
        .copied()
        .unwrap_or(SlotName::Base);
    Some(Finding {
        label: Label::Contradicted,
        differences: vec![explain::difference(claim, agreeing.fact, slot)],
        observation: agreeing.fact.observation,
        strength: agreeing.nearness,
    })
}

/// What a figure that agrees in number says.
fn agreement<'a>(claim: &Claim, quantity: &Quantity, pair: &Pair<'a>) -> Option<Finding<'a>> {
    let Numbers::Agree(outcome) = pair.numbers else {
        return None;
    };
    let is_exact = outcome <= Outcome::Rounded;
    let needed = if is_telling(quantity) && is_exact {
        NEAR_TELLING
    } else {
        NEAR_SUPPORT
    };
    if pair.nearness < needed {
        return None;
    }
    let fact: &'a Fact<'a> = pair.fact;
    if pair.differences.is_empty() {
        return Some(Finding {
            label: Label::Supported,
            differences: Vec::new(),
            observation: fact.observation,
            strength: pair.nearness + if is_exact { 3 } else { 0 },
        });
    }
    if pair.differences.len() > 1
        || fact.source == FactSource::Share
        || claim.frame.modality == Modality::Rumoured
    {
        return None;
    }
    let is_donor = is_telling(quantity) && outcome == Outcome::Exact;
    if !is_donor && pair.nearness < NEAR_BLAME || pair.coverage < COVER_SLOT {
        return None;
    }
    let slot = pair.differences[0];
    if slot == SlotName::Change && quantity.mode != Mode::Bare {
        return None;
    }
    Some(Finding {
        label: Label::Contradicted,
        differences: vec![explain::difference(claim, fact, slot)],
        observation: fact.observation,
        strength: pair.nearness,
    })
}

/// What figures that disagree in number say: the nearest of them, when it leads.
fn disagreement<'a>(claim: &Claim, quantity: &Quantity, pairs: &[Pair<'a>]) -> Option<Finding<'a>> {
    let comparable = || {
        pairs.iter().filter(|pair| {
            pair.numbers != Numbers::Incomparable
                && pair.fact.source != FactSource::Share
                && pair.differences.is_empty()
        })
    };
    let best = comparable().max_by_key(|pair| pair.nearness)?;
    let is_apart = best.numbers == Numbers::MagnitudeApart;
    let needed = if is_apart { NEAR_SUPPORT } else { NEAR_BLAME };
    if best.nearness < needed || !best.is_same_measure || !best.is_keyed {
        return None;
    }
    let is_borne_out = pairs.iter().any(|pair| {
        matches!(pair.numbers, Numbers::Agree(_))
            && pair.fact.observation.text == best.fact.observation.text
    });
    if is_borne_out {
        return None;
    }
    let is_elsewhere = claim.frame.terms.iter().any(|term| term == OTHER_SPEAKER);
    if is_elsewhere && !is_apart {
        return None;
    }
    if best.coverage < if is_apart { COVER_APART } else { COVER_VALUE } {
        return None;
    }
    if !matches!(best.numbers, Numbers::Different | Numbers::MagnitudeApart) {
        return None;
    }
    let is_rival = comparable().any(|pair| {
        pair.nearness + LEAD > best.nearness
            && pair.fact.quantity.best.value != best.fact.quantity.best.value
    });
    if is_rival && !is_apart
        || claim.frame.modality == Modality::Rumoured
        || quantity.role == Role::Rank
    {
        return None;
    }
    let slot = if is_apart {
        SlotName::Unit
    } else {
        SlotName::Value
    };
    Some(Finding {
        label: Label::Contradicted,
        differences: vec![explain::difference(claim, best.fact, slot)],
        observation: best.fact.observation,
        strength: best.nearness,
    })
}

/// Findings for a claim without a figure from one record.
fn events<'a>(lexicon: &Lexicon, claim: &Claim, record: &'a Record<'a>) -> Vec<Finding<'a>> {
    let mut matches: Vec<event::Match<'a>> = record
        .observations
        .iter()
        .filter(|observation| !matches!(observation.part, Part::Cell { .. }))
        .map(|observation| event::compare(lexicon, claim, observation))
        .filter(|found| found.shared >= SHARED_LEAST)
        .collect();
    matches.sort_by_key(|found| (std::cmp::Reverse(found.coverage), found.differences.len()));
    let next = matches
        .iter()
        .filter(|found| found.observation.text != matches[0].observation.text)
        .map(|found| found.shared)
        .max()
        .unwrap_or(0);
    let Some(best) = matches.into_iter().next() else {
        return Vec::new();
    };
    let strength = (best.coverage / 40) as i32;
    // The figures of a sentence speak for themselves: only they can bear it out.
    let has_figures = claim
        .frame
        .terms
        .iter()
        .any(|term| term.starts_with("n:") || term.starts_with("m:"));
    if best.differences.is_empty() && best.coverage >= COVER_SUPPORT && !has_figures {
        return vec![Finding {
            label: Label::Supported,
            differences: Vec::new(),
            observation: best.observation,
            strength,
        }];
    }
    if best.differences.len() == 1
        && (best.coverage >= COVER_BLAME
            || best.coverage >= COVER_LEAD
                && best.shared * 2 >= next * 3
                && best.differences[0].slot != SlotName::Polarity)
        && claim.frame.modality != Modality::Rumoured
    {
        let is_replaced =
            best.differences[0].slot == SlotName::Person && is_appointment(claim, best.observation);
        return vec![Finding {
            label: if is_replaced {
                Label::Outdated
            } else {
                Label::Contradicted
            },
            differences: best.differences,
            observation: best.observation,
            strength,
        }];
    }
    Vec::new()
}

/// Whether the record appoints somebody to an office that the publication still gives to another, without speaking of
/// an appointment itself.
fn is_appointment(claim: &Claim, observation: &Observation) -> bool {
    let appoints = |frame: &Frame| {
        [&frame.actions, &frame.statuses]
            .into_iter()
            .flatten()
            .any(|slot| slot.best.contains("appoint"))
    };
    appoints(&observation.frame)
        && !appoints(&claim.frame)
        && observation.published_at < claim.published_at
}

/// The finding that counts: support before blame, the stronger before the weaker.
fn choose<'a>(claim: &Claim, findings: Vec<Finding<'a>>) -> Option<Finding<'a>> {
    let _ = is_current(&claim.frame);
    findings
        .into_iter()
        .max_by_key(|finding| (finding.label == Label::Supported, finding.strength))
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
    let confidence = (500 + finding.strength.clamp(0, 25) * 20) as u16;
    let observation = finding.observation;
    Verdict {
        claim: claim.id.clone(),
        label: finding.label,
        confidence,
        explanation: explain::explanation(
            lexicon,
            claim,
            finding.label,
            &finding.differences,
            observation,
        ),
        differences: finding.differences,
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

/// The nearest figures of the nearest records with what came of each: for people who look into a verdict.
pub fn trace(
    lexicon: &Lexicon,
    claim: &Claim,
    source: &Source,
    evidence: &[Evidence],
    now: DateTime<Utc>,
) -> String {
    let scope = Scope::of(lexicon, source);
    let usable: Vec<Evidence> = evidence
        .iter()
        .filter(|item| scope.admits(claim, &item.observation, now))
        .cloned()
        .collect();
    let mut lines = Vec::new();
    for record in near_records(claim, records(&usable)) {
        lines.push(format!(
            "record {} affinity {}",
            record.observations[0].url,
            affinity(claim, &record)
        ));
        if let Some(quantity) = &claim.frame.quantity {
            let mut pairs: Vec<Pair<'_>> = record
                .facts
                .iter()
                .map(|fact| pair(lexicon, claim, quantity, fact))
                .collect();
            pairs.sort_by_key(|pair| std::cmp::Reverse(pair.nearness));
            lines.extend(pairs.iter().take(6).map(|pair| {
                format!(
                    "  near {} cov {} {:?} {:?} same {} keyed {} {:?} {} {:?} | {}",
                    pair.nearness,
                    pair.coverage,
                    pair.numbers,
                    pair.differences,
                    pair.is_same_measure,
                    pair.is_keyed,
                    pair.fact.source,
                    pair.fact.quantity.best.value,
                    pair.fact.quantity.role,
                    pair.fact.observation.text
                )
            }));
        } else {
            let mut matches: Vec<event::Match<'_>> = record
                .observations
                .iter()
                .map(|observation| event::compare(lexicon, claim, observation))
                .collect();
            matches.sort_by_key(|found| std::cmp::Reverse(found.coverage));
            lines.extend(matches.iter().take(3).map(|found| {
                format!(
                    "  cover {} shared {} {:?} | {}",
                    found.coverage, found.shared, found.differences, found.observation.text
                )
            }));
        }
    }
    lines.join("\n")
}
