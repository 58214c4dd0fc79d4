//! What a case does as pages and records change around it.

use chrono::TimeZone;
use rust_decimal::Decimal;

use super::*;
use crate::language::{
    Dimension, Language, Mode, Period, PeriodKind, Quantity, Reading, Role, Unit,
};
use crate::model::document::Range2;
use crate::model::{
    CanonicalUrl, ClaimId, Document, Frame, Modality, Origin, Part, Polarity, Slot, SourceId,
};

/// A moment on a day of May 2025.
fn day(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 5, day, 9, 0, 0).unwrap()
}

/// A slot found in the clause.
fn slot<T>(best: T) -> Slot<T> {
    Slot {
        best,
        alternatives: Vec::new(),
        origin: Origin::Clause,
    }
}

/// A frame that counts thefts in the first quarter of 2025.
fn frame(value: i64) -> Frame {
    let value = Decimal::from(value);
    let date = |month| chrono::NaiveDate::from_ymd_opt(2025, month, 1).unwrap();
    Frame {
        measures: vec![slot("theft".to_owned())],
        qualifiers: Vec::new(),
        statuses: Vec::new(),
        actions: Vec::new(),
        places: Vec::new(),
        bodies: Vec::new(),
        persons: Vec::new(),
        references: Vec::new(),
        period: Some(slot(Period {
            start: date(1),
            end: date(4),
            kind: PeriodKind::Span,
            end_slack_days: 0,
        })),
        base_period: None,
        quantity: Some(Quantity {
            span: 0..1,
            best: Reading {
                value,
                step: Decimal::ONE,
                step_zeros: Decimal::ONE,
                hi: None,
                has_decimals: false,
            },
            alternatives: Vec::new(),
            mode: Mode::Bare,
            unit: Unit {
                dimension: Dimension::Count,
                of: None,
                noun: None,
            },
            role: Role::Level,
            other_roles: Vec::new(),
            direction: None,
            direction_span: None,
        }),
        direction: None,
        attribution: Vec::new(),
        modality: Modality::Asserted,
        polarity: Polarity::Positive,
        terms: Vec::new(),
    }
}

/// A web in memory: what stands where, and what it was judged.
#[derive(Default)]
struct World {
    findings: Vec<(Claim, Verdict)>,
    pages: BTreeMap<String, Revision>,
    earlier: BTreeMap<RevisionId, Revision>,
    observations: BTreeMap<ObservationId, Observation>,
}

impl World {
    /// A page's revision takes the place of the one before, with its claims.
    fn page(&mut self, url: &str, number: u32, seen: u32, is_gone: bool) {
        self.findings.retain(|(claim, _)| claim.url != url);
        let revision = Revision {
            id: RevisionId(format!("{url}#{number}")),
            source: SourceId("outlet".to_owned()),
            number,
            first_seen: day(seen),
            last_seen: day(seen),
            superseded_at: None,
            is_gone,
            capture: None,
            document: Document {
                url: CanonicalUrl(url.to_owned()),
                title: String::new(),
                authors: Vec::new(),
                published: None,
                modified: None,
                language: None,
                blocks: Vec::new(),
                tables: Vec::new(),
                alternates: Vec::new(),
                warnings: Vec::new(),
                about: crate::model::About::default(),
            },
        };
        if let Some(before) = self.pages.insert(url.to_owned(), revision) {
            self.earlier.insert(before.id.clone(), before);
        }
    }

    /// A claim on a page, judged against the record at `record`.
    fn claim(&mut self, url: &str, text: &str, value: i64, label: Label, record: &str) {
        let page = self.pages[url].clone();
        let id = ClaimId(format!("{url} {text}"));
        let observation = ObservationId(record.to_owned());
        let claim = Claim {
            id: id.clone(),
            revision: page.id.clone(),
            source: page.source.clone(),
            url: url.to_owned(),
            published_at: page.first_seen,
            part: Part::Text(Range2 { start: 0, end: 1 }),
            text: text.to_owned(),
            language: Language::En,
            frame: frame(value),
            context: [].into(),
            check_worthiness: 1000,
        };
        let is_contradicted = label == Label::Contradicted;
        let verdict = Verdict {
            claim: id,
            label,
            confidence: 900,
            differences: is_contradicted
                .then(|| Difference {
                    slot: SlotName::Value,
                    claimed: value.to_string(),
                    official: "40".to_owned(),
                })
                .into_iter()
                .collect(),
            evidence: vec![Quote {
                observation: observation.clone(),
                source: SourceId("police".to_owned()),
                url: "https://police.example/1".to_owned(),
                revision: RevisionId(format!("rev of {record}")),
                part: Part::Text(Range2 { start: 0, end: 1 }),
                sentence: "40 thefts".to_owned(),
                published: day(1),
            }],
            as_of: day(9),
            explanation: "40 is not the figure published".to_owned(),
        };
        self.observations.insert(
            observation.clone(),
            Observation {
                id: observation,
                revision: RevisionId(format!("rev of {record}")),
                source: SourceId("police".to_owned()),
                url: "https://police.example/1".to_owned(),
                published_at: day(1),
                superseded_at: None,
                part: Part::Text(Range2 { start: 0, end: 1 }),
                text: "40 thefts".to_owned(),
                context: String::new(),
                language: Language::En,
                authority: 2,
                frame: frame(40),
            },
        );
        self.findings.push((claim, verdict));
    }

    /// A page that differs from the record.
    fn wrong(&mut self, url: &str, number: u32, seen: u32, text: &str, value: i64) {
        self.page(url, number, seen, false);
        self.claim(url, text, value, Label::Contradicted, "o-1");
    }

    /// All cases after a pass.
    fn advance(&self, cases: &[Case], at: u32) -> Vec<Case> {
        let earlier = self.earlier.clone();
        let seen = Seen {
            findings: &self.findings,
            pages: &self.pages,
            earlier: &earlier,
            observations: &self.observations,
        };
        advance(cases, &seen, day(at))
    }
}

const A: &str = "https://a.example/1";
const B: &str = "https://b.example/1";

#[test]
fn one_fact_with_copies_in_two_wordings_is_one_case() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    world.wrong(B, 1, 2, "Ұрлық саны 90-ға жетті.", 90);
    let cases = world.advance(&[], 9);
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].state, CaseState::Proposed);
    let urls: Vec<&str> = cases[0].copies.iter().map(|copy| &*copy.url).collect();
    assert_eq!(urls, [B, A], "earliest first");
}

#[test]
fn copies_meet_over_records_in_two_languages() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    world.page(B, 1, 2, false);
    world.claim(B, "Ұрлық саны 90.", 90, Label::Contradicted, "o-kk");
    assert_eq!(world.advance(&[], 9).len(), 1);
}

#[test]
fn two_claimed_values_are_two_cases() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    world.wrong(B, 1, 2, "Thefts reached 91.", 91);
    assert_eq!(world.advance(&[], 9).len(), 2);
}

#[test]
fn one_sentence_that_differs_in_two_ways_is_one_case() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90 after 17.", 90);
    world.claim(
        A,
        "Thefts reached 90 after 17.",
        17,
        Label::Contradicted,
        "o-2",
    );
    let cases = world.advance(&[], 9);
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].differences.len(), 2);
}

#[test]
fn only_a_contradiction_opens_a_case() {
    for label in [Label::Supported, Label::Outdated, Label::NoRecord] {
        let mut world = World::default();
        world.page(A, 1, 3, false);
        world.claim(A, "Thefts reached 90.", 90, label, "o-1");
        assert_eq!(world.advance(&[], 9), [], "{label:?}");
    }
}

#[test]
fn doing_it_again_changes_nothing_and_order_does_not_matter() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    world.wrong(B, 1, 2, "Some 90 thefts were registered.", 90);
    world.wrong("https://c.example/1", 1, 2, "Thefts: 17.", 17);
    let once = world.advance(&[], 9);
    assert_eq!(world.advance(&once, 10), once);
    world.findings.reverse();
    assert_eq!(world.advance(&[], 9), once);
    assert_eq!(world.advance(&once, 10), once);
    let mut reversed = once.clone();
    reversed.reverse();
    assert_eq!(world.advance(&reversed, 10), once);
}

#[test]
fn a_case_is_partly_corrected_then_corrected_then_regressed() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    world.wrong(B, 1, 2, "Thefts reached 90.", 90);
    let cases = world.advance(&[], 9);

    world.page(A, 2, 10, false);
    world.claim(A, "Thefts reached 40.", 40, Label::Supported, "o-1");
    let cases = world.advance(&cases, 10);
    assert_eq!(cases[0].state, CaseState::PartlyCorrected);
    let ended: Vec<_> = cases[0].copies.iter().map(|copy| copy.ended_at).collect();
    assert_eq!(ended, [None, Some(day(10))]);

    world.page(B, 2, 11, true);
    let cases = world.advance(&cases, 11);
    assert_eq!(cases[0].state, CaseState::Corrected);
    assert_eq!(cases[0].copies[0].state, CopyState::Gone);
    assert_eq!(world.advance(&cases, 12), cases, "idempotent when ended");

    world.wrong(A, 3, 13, "Thefts reached 90.", 90);
    let cases = world.advance(&cases, 13);
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].state, CaseState::Regressed);
    assert_eq!(
        world.advance(&cases, 14),
        cases,
        "idempotent when regressed"
    );
}

#[test]
fn a_case_whose_only_page_is_gone_is_removed() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    let cases = world.advance(&[], 9);
    world.page(A, 2, 10, true);
    assert_eq!(world.advance(&cases, 10)[0].state, CaseState::Removed);
}

#[test]
fn a_changed_page_that_keeps_the_claim_is_not_corrected() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    let cases = world.advance(&[], 9);
    world.wrong(A, 2, 10, "Thefts reached 90.", 90);
    let cases = world.advance(&cases, 10);
    assert_eq!(cases[0].state, CaseState::Proposed);
    assert!(cases[0].history[1].what.contains("the claim stands"));
}

#[test]
fn a_claim_that_was_only_reworded_past_recognition_of_its_record_stands() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90 in spring.", 90);
    let cases = world.advance(&[], 9);
    world.page(A, 2, 10, false);
    world.claim(
        A,
        "Thefts reached 90 or so in spring.",
        90,
        Label::NoRecord,
        "o-1",
    );
    let cases = world.advance(&cases, 10);
    assert_eq!(cases[0].copies[0].state, CopyState::Stands);
    assert_eq!(cases[0].copies[0].revision.0, format!("{A}#2"));
}

#[test]
fn a_record_that_changes_clears_the_outlet() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    let cases = world.advance(&[], 9);
    world.page("https://police.example/1", 2, 10, false);
    world.page(A, 1, 3, false);
    world.claim(A, "Thefts reached 90.", 90, Label::Supported, "o-2");
    let cases = world.advance(&cases, 10);
    assert_eq!(cases[0].state, CaseState::Closed);
    assert_eq!(cases[0].copies[0].state, CopyState::Cleared);
    assert!(cases[0].history[1].what.contains("the record changed"));
    assert_eq!(world.advance(&cases, 11), cases, "idempotent when cleared");
}

#[test]
fn a_later_copy_joins_the_case_it_repeats() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    let cases = world.advance(&[], 9);
    world.wrong(B, 1, 10, "Thefts reached 90!", 90);
    let after = world.advance(&cases, 10);
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].id, cases[0].id);
    assert_eq!(after[0].copies.len(), 2);
}

#[test]
fn a_person_who_dismissed_a_case_is_not_overruled() {
    let mut world = World::default();
    world.wrong(A, 1, 3, "Thefts reached 90.", 90);
    let mut cases = world.advance(&[], 9);
    cases[0].state = CaseState::Dismissed;
    world.wrong(B, 1, 10, "Thefts reached 90.", 90);
    assert_eq!(world.advance(&cases, 10)[0].state, CaseState::Dismissed);
}
