//! Weighs what the records say of a claim into one verdict, with the slot that differs and the passage that shows it.
//!
//! Praise takes the best reading, blame needs every reading; blame also needs a record that the publication as a whole
//! reports on, one differing slot, and nothing in any record that bears the claim out.

use chrono::{DateTime, Utc};

use super::event;
use super::explain;
use super::fact::{Fact, Record, Source as FactSource, records};
use super::number::Outcome;
use super::pair::{Numbers, Pair, is_current, is_telling, pair};
use super::retrieve::shared_weight;
use crate::language::{Lexicon, Quantity, Role};
use crate::model::{
    Claim, Difference, Evidence, Label, Modality, Observation, Part, Quote, SlotName, Source,
    Verdict,
};

/// Points of nearness from which a number that agrees bears a claim out, for numbers that tell little by themselves.
const NEAR_SUPPORT: i32 = 5;
/// Points from which a telling number that agrees bears a claim out.
const NEAR_TELLING: i32 = 1;
/// Points from which a number that differs is blamed.
const NEAR_BLAME: i32 = 9;
/// Points by which the nearest figure must lead the next one with another value.
const LEAD: i32 = 2;
/// Share of the best record's affinity below which a record is not the one reported on, in percent.
const AFFINE_PERCENT: u32 = 45;
/// Coverage from which a sentence without a figure is borne out, in thousandths.
const COVER_SUPPORT: u32 = 560;
/// Coverage from which a difference in a sentence is blamed.
const COVER_BLAME: u32 = 600;
/// Least weight of shared anchors for either.
const SHARED_LEAST: u32 = 48;
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
    let usable: Vec<Evidence> = evidence
        .iter()
        .filter(|item| is_usable(claim, source, &item.observation, now))
        .cloned()
        .collect();
    let records = near_records(claim, records(&usable));
    let mut findings = Vec::new();
    for record in &records {
        match &claim.frame.quantity {
            Some(quantity) => findings.extend(figures(lexicon, claim, quantity, record)),
            None => findings.extend(events(lexicon, claim, record)),
        }
    }
    let chosen = choose(claim, findings);
    finish(lexicon, claim, chosen, now)
}

/// Whether an observation may be held against or for a claim at all.
fn is_usable(
    claim: &Claim,
    source: &Source,
    observation: &Observation,
    now: DateTime<Utc>,
) -> bool {
    let is_own_page = observation.url == claim.url;
    let is_own_table = is_own_page && matches!(observation.part, Part::Cell { .. });
    let _ = source;
    observation.published_at <= now && (!is_own_page || is_own_table)
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
    let mut findings: Vec<Finding<'a>> = Vec::new();
    for pair in &pairs {
        findings.extend(agreement(claim, quantity, pair));
    }
    if findings
        .iter()
        .all(|finding| finding.label != Label::Supported)
    {
        findings.extend(disagreement(claim, quantity, &pairs));
    }
    findings
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
    if !is_donor && pair.nearness < NEAR_BLAME {
        return None;
    }
    let slot = pair.differences[0];
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
    let Some(best) = matches.into_iter().next() else {
        return Vec::new();
    };
    let strength = (best.coverage / 40) as i32;
    if best.differences.is_empty() && best.coverage >= COVER_SUPPORT {
        return vec![Finding {
            label: Label::Supported,
            differences: Vec::new(),
            observation: best.observation,
            strength,
        }];
    }
    if best.differences.len() == 1
        && best.coverage >= COVER_BLAME
        && claim.frame.modality != Modality::Rumoured
    {
        return vec![Finding {
            label: Label::Contradicted,
            differences: best.differences,
            observation: best.observation,
            strength,
        }];
    }
    Vec::new()
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
    let usable: Vec<Evidence> = evidence
        .iter()
        .filter(|item| is_usable(claim, source, &item.observation, now))
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
                    "  near {} {:?} {:?} same {} keyed {} {:?} {} {:?} | {}",
                    pair.nearness,
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
