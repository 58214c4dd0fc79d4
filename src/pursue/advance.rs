//! Brings all cases up to what a pass has seen: opens, extends, follows and closes them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::look::{self, Came, Look};
use super::workflow::{Changes, next_state};
use super::{fact, note};
use crate::canonical;
use crate::language::local_day;
use crate::model::{
    Carrier, Case, CaseEvent, CaseId, CaseRecord, CaseState, Claim, Copy, CopyState, Desk,
    Difference, EventKind, Frame, Label, Letter, Observation, ObservationId, Quote, Revision,
    RevisionId, SlotName, Verdict,
};

/// What a pass has seen: all that cases are advanced by.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Claims of the revisions that stand now, with their newest verdicts.
    pub findings: &'a [(Claim, Verdict)],
    /// The newest revision of each address that a finding stands on or [`addresses`] names, markers of gone pages included; by address.
    pub pages: &'a BTreeMap<String, Revision>,
    /// The revisions in which copies were last looked at, where a newer one stands now; one that is missing only makes it harder to say
    /// how a page was mended.
    pub earlier: &'a BTreeMap<RevisionId, Revision>,
    /// The observations that contradicted findings quote; one that is missing only makes copies harder to recognise.
    pub observations: &'a BTreeMap<ObservationId, Observation>,
}

/// The revisions in which copies were last looked at: those that [`Seen::earlier`] holds where a newer one stands now.
pub fn looked_at(cases: &[Case]) -> BTreeSet<(String, RevisionId)> {
    let copies = cases.iter().flat_map(|case| &case.copies);
    copies
        .map(|copy| {
            let revision = copy.looked_at.clone().unwrap_or(copy.revision.clone());
            (copy.url.clone(), revision)
        })
        .collect()
}

/// The addresses whose newest revision [`advance`] has to see: those of all copies and of the records quoted.
pub fn addresses(cases: &[Case]) -> BTreeSet<String> {
    cases
        .iter()
        .flat_map(|case| {
            let copies = case.copies.iter().map(|copy| copy.url.clone());
            copies.chain(case.evidence.iter().map(|quote| quote.url.clone()))
        })
        .collect()
}

/// All cases as they stand after a pass, by id.
///
/// A contradicted finding joins the case that shares an anchor with it (see `fact`), or opens one together
/// with the other findings that share an anchor. A copy ends when its page is gone, when a later revision
/// no longer carries the claim, or when the record no longer differs. Doing the same again changes nothing.
pub fn advance(cases: &[Case], seen: &Seen<'_>, now: DateTime<Utc>) -> Vec<Case> {
    let mut cases = cases.to_vec();
    cases.sort_by(|a, b| (a.opened_at, &a.id).cmp(&(b.opened_at, &b.id)));
    let pages: BTreeMap<&RevisionId, &Revision> = seen
        .pages
        .values()
        .map(|revision| (&revision.id, revision))
        .collect();
    let contradictions = contradictions(seen, &pages);
    let mut groups: BTreeMap<usize, Vec<&Contradiction<'_>>> = BTreeMap::new();
    for (contradiction, home) in contradictions.iter().zip(homes(&contradictions, &cases)) {
        groups.entry(home).or_default().push(contradiction);
    }
    let n_known = cases.len();
    let mut on_page: OnPage<'_> = BTreeMap::new();
    for finding in seen.findings {
        on_page
            .entry(&finding.0.revision)
            .or_default()
            .push(finding);
    }
    for (place, case) in cases.iter_mut().enumerate() {
        let group = groups.get(&place).map_or(&[][..], Vec::as_slice);
        // The copies of a duplicate are followed where they were taken over.
        if case.state != CaseState::Duplicate {
            follow(case, group, seen, &on_page, now);
        }
    }
    let mut about = About::of(&cases);
    for (_, group) in groups.range(n_known..) {
        let case = opened(group, &about, &cases, seen, now);
        about.add(&case, cases.len());
        cases.push(case);
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases
}

/// One contradicted finding on the page where it stands.
struct Contradiction<'a> {
    /// The claim.
    claim: &'a Claim,
    /// The verdict.
    verdict: &'a Verdict,
    /// The revision in which the claim stands.
    page: &'a Revision,
    /// Anchors of the contradicted fact.
    anchors: BTreeSet<String>,
}

impl Contradiction<'_> {
    /// The claim's page as a copy of the fact.
    fn copy(&self, carrier: Carrier, now: DateTime<Utc>) -> Copy {
        Copy {
            source: self.page.source.clone(),
            url: self.page.document.url.0.clone(),
            revision: self.page.id.clone(),
            claim: self.claim.id.clone(),
            sentence: self.claim.text.clone(),
            language: self.claim.language,
            published: self.claim.published_at,
            state: CopyState::Stands,
            ended_at: None,
            found_at: Some(now),
            carriers: vec![carrier],
            looked_at: Some(self.page.id.clone()),
            is_inferred: false,
            last_event: None,
            credits: self.page.document.about.credits.clone(),
            alternates: self.page.document.alternates.clone(),
        }
    }
}

/// The contradicted findings, earliest publication first.
fn contradictions<'a>(
    seen: &Seen<'a>,
    pages: &BTreeMap<&RevisionId, &'a Revision>,
) -> Vec<Contradiction<'a>> {
    let mut found: Vec<Contradiction<'a>> = seen
        .findings
        .iter()
        .filter(|(_, verdict)| verdict.label == Label::Contradicted)
        .filter_map(|(claim, verdict)| {
            let page = *pages.get(&claim.revision)?;
            let is_asserted = !page.is_gone && !note::takes_back(&claim.text);
            is_asserted.then(|| Contradiction {
                claim,
                verdict,
                page,
                anchors: fact::anchors(claim, verdict, seen.observations),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |c: &Contradiction<'a>| {
            (
                c.claim.published_at,
                c.page.document.url.clone(),
                c.claim.part.clone(),
                c.claim.id.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    found
}

/// For each contradiction the place of its case: below `cases.len()` a known one, from there on one to open.
///
/// A contradiction's own anchors come first, then those of the others it is connected with; among several known cases one
/// that was split off for this address wins, then the one opened first. A duplicate hands its findings on.
fn homes(contradictions: &[Contradiction<'_>], cases: &[Case]) -> Vec<usize> {
    let mut known: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        let home = taken_over_by(cases, place);
        for anchor in &case.anchors {
            known.entry(anchor).or_default().insert(home);
        }
    }
    let roots = connected(contradictions);
    let own: Vec<Option<usize>> = contradictions
        .iter()
        .map(|contradiction| {
            let anchors = contradiction.anchors.iter();
            let places: BTreeSet<usize> = anchors
                .filter_map(|anchor| known.get(anchor.as_str()))
                .flatten()
                .copied()
                .collect();
            home_of(&contradiction.claim.url, &places, cases)
        })
        .collect();
    let mut of_group: BTreeMap<usize, usize> = BTreeMap::new();
    for (root, place) in roots.iter().zip(&own) {
        if let Some(place) = place {
            let best = of_group.entry(*root).or_insert(*place);
            *best = (*best).min(*place);
        }
    }
    roots
        .iter()
        .zip(&own)
        .map(|(root, own)| {
            own.or_else(|| of_group.get(root).copied())
                .unwrap_or(cases.len() + root)
        })
        .collect()
}

/// Which of several cases a finding at an address belongs to.
fn home_of(url: &str, places: &BTreeSet<usize>, cases: &[Case]) -> Option<usize> {
    let is_own = |place: &&usize| cases[**place].desk.own_urls.contains(url);
    let is_for_all = |place: &&usize| cases[**place].desk.own_urls.is_empty();
    let mut own = places.iter();
    own.find(is_own)
        .or_else(|| places.iter().find(is_for_all))
        .copied()
}

/// The place of the case that took over the copies of another, step by step; its own place where none did.
fn taken_over_by(cases: &[Case], place: usize) -> usize {
    let mut at = place;
    for _ in 0..cases.len() {
        let next = cases[at].desk.duplicate_of.as_ref();
        match next.and_then(|id| cases.iter().position(|case| case.id == *id)) {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    at
}

/// For each contradiction the place of the first one it is connected with through shared anchors.
fn connected(contradictions: &[Contradiction<'_>]) -> Vec<usize> {
    let mut roots: Vec<usize> = (0..contradictions.len()).collect();
    let mut owner: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, contradiction) in contradictions.iter().enumerate() {
        for anchor in &contradiction.anchors {
            let first = *owner.entry(anchor).or_insert(place);
            let (a, b) = (roots[first], roots[place]);
            if a != b {
                let (low, high) = (a.min(b), a.max(b));
                for root in roots.iter_mut().filter(|root| **root == high) {
                    *root = low;
                }
            }
        }
    }
    roots
}

/// Which cases are about what, by their places; the one opened first counts.
struct About(BTreeMap<String, usize>);

impl About {
    fn of(cases: &[Case]) -> About {
        let mut about = About(BTreeMap::new());
        for (place, case) in cases.iter().enumerate() {
            about.add(case, place);
        }
        about
    }

    fn add(&mut self, case: &Case, place: usize) {
        for subject in &case.subjects {
            self.0.entry(subject.clone()).or_insert(place);
        }
    }

    /// The case that was opened first among those about one of the subjects.
    fn first(&self, subjects: &[String]) -> Option<usize> {
        let places = subjects.iter().filter_map(|subject| self.0.get(subject));
        places.min().copied()
    }
}

/// A new case of connected contradictions, earliest first; `cases` are those known before it.
fn opened(
    group: &[&Contradiction<'_>],
    about: &About,
    cases: &[Case],
    seen: &Seen<'_>,
    now: DateTime<Utc>,
) -> Case {
    let first = group
        .first()
        .expect("a group holds the contradiction that made it");
    let copies = first_per_page(group, now);
    let anchors = merged(&[], group.iter().flat_map(|one| &one.anchors));
    let subjects = merged(&[], &subjects(group, seen));
    let (differences, evidence, explanation) = proof(group).unwrap_or_default();
    let slot = differences
        .first()
        .map_or(fact::differing_slot(first.verdict), |one| one.slot);
    let follows = about.first(&subjects);
    let follows = follows.map(|place| cases[taken_over_by(cases, place)].id.clone());
    let record = record(&evidence, seen);
    let mut what = format!(
        "opened: {} {} from the record in {}",
        counted(copies.len(), "publication", "publications"),
        if copies.len() == 1 {
            "differs"
        } else {
            "differ"
        },
        slot.words(),
    );
    if let Some(earlier) = &follows {
        what.push_str(&format!("; {earlier} is about the same record"));
    }
    let id = CaseId(canonical::id(
        "case",
        &[anchors.first().map_or("", String::as_str)],
    ));
    let mut case = Case {
        id,
        state: CaseState::Proposed,
        differences,
        evidence,
        explanation,
        copies,
        opened_at: now,
        history: Vec::new(),
        anchors,
        version: 0,
        record,
        subjects,
        follows,
        desk: Desk::default(),
    };
    let kind = if case.follows.is_some() {
        EventKind::OpenedAfter
    } else {
        EventKind::Opened
    };
    let mut events = vec![Told::new(kind, None, what)];
    events.extend(denied_before(&case));
    case.tell(events, now);
    case
}

/// That the record had denied the claim before it was published.
fn denied_before(case: &Case) -> Option<Told> {
    let copy = case.copies.first()?;
    let mut quotes = case.evidence.iter();
    let denial = quotes
        .find(|quote| note::takes_back(&quote.sentence) && quote.published < copy.published)?;
    let day = local_day(denial.published);
    let what = format!("the record had denied this on {day}, before it was published");
    Some(Told::new(EventKind::KnownDenial, None, what))
}

/// The record a case rests on.
fn record(evidence: &[Quote], seen: &Seen<'_>) -> Option<CaseRecord> {
    let quote = evidence.first()?;
    let observation = seen.observations.get(&quote.observation)?;
    Some(CaseRecord {
        observation: observation.id.clone(),
        authority: observation.authority,
        frame: observation.frame.clone(),
    })
}

/// What some contradictions are about, whatever they claim.
fn subjects(group: &[&Contradiction<'_>], seen: &Seen<'_>) -> BTreeSet<String> {
    let group = group.iter();
    group
        .flat_map(|one| fact::subjects(one.verdict, seen.observations))
        .collect()
}

/// What a case rests on: the surest verdict on the first copy's sentence, with all that differs in that sentence.
fn proof(group: &[&Contradiction<'_>]) -> Option<(Vec<Difference>, Vec<Quote>, String)> {
    let first = group.first()?;
    let mut verdicts: Vec<&Verdict> = group
        .iter()
        .filter(|other| other.claim.url == first.claim.url && other.claim.text == first.claim.text)
        .map(|other| other.verdict)
        .collect();
    verdicts.sort_by_key(|verdict| std::cmp::Reverse(verdict.confidence));
    let surest = verdicts.first()?;
    let mut differences: Vec<Difference> = Vec::new();
    for difference in verdicts.iter().flat_map(|verdict| &verdict.differences) {
        if !differences.contains(difference) {
            differences.push(difference.clone());
        }
    }
    Some((
        differences,
        surest.evidence.clone(),
        surest.explanation.clone(),
    ))
}

/// One copy per page with everything on it that carries the claim, the first named; in order of publication.
fn first_per_page(group: &[&Contradiction<'_>], now: DateTime<Utc>) -> Vec<Copy> {
    let mut copies: Vec<Copy> = Vec::new();
    for contradiction in group {
        let url = &contradiction.page.document.url.0;
        let carrier = look::carrier(contradiction.claim);
        match copies.iter_mut().find(|copy| copy.url == *url) {
            Some(copy) => {
                let is_known = |known: &Carrier| {
                    known.sentence == carrier.sentence && known.part == carrier.part
                };
                if !copy.carriers.iter().any(is_known) {
                    copy.carriers.push(carrier);
                }
            }
            None => copies.push(contradiction.copy(carrier, now)),
        }
    }
    copies
}

/// What was known so far and what was added, sorted, each once.
fn merged<'a>(known: &'a [String], more: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let all: BTreeSet<&String> = known.iter().chain(more).collect();
    all.into_iter().cloned().collect()
}

/// Something that happened, for the history.
struct Told {
    /// Kind.
    kind: EventKind,
    /// Page.
    url: Option<String>,
    /// In words.
    what: String,
}

impl Told {
    fn new(kind: EventKind, url: Option<&str>, what: String) -> Told {
        Told {
            kind,
            url: url.map(str::to_owned),
            what,
        }
    }
}

impl Case {
    /// Adds what happened to the history, in an order that does not depend on how it was found.
    fn tell(&mut self, mut events: Vec<Told>, now: DateTime<Utc>) {
        events.sort_by(|a, b| (&a.url, a.kind, &a.what).cmp(&(&b.url, b.kind, &b.what)));
        let state = self.state;
        self.history
            .extend(events.into_iter().map(|told| CaseEvent {
                at: now,
                what: told.what,
                state,
                by: None,
                kind: Some(told.kind),
                url: told.url,
            }));
    }
}

/// Brings one known case up to what was seen.
fn follow(
    case: &mut Case,
    group: &[&Contradiction<'_>],
    seen: &Seen<'_>,
    on_page: &OnPage<'_>,
    now: DateTime<Utc>,
) {
    case.anchors = merged(&case.anchors, group.iter().flat_map(|one| &one.anchors));
    case.subjects = merged(&case.subjects, &subjects(group, seen));
    let mut told = Vec::new();
    let mut changes = Changes::default();
    let before = case.state;
    let view = View {
        seen,
        on_page,
        group,
        slot: case
            .differences
            .first()
            .map_or(SlotName::Value, |one| one.slot),
        claimed: case
            .differences
            .first()
            .map_or_else(String::new, |one| one.claimed.clone()),
        official: case.record.as_ref().map(|record| record.frame.clone()),
        has_record_changed: has_record_changed(case, seen),
        is_confirmed: case.desk.confirmed.is_some(),
        is_letter_out: case.desk.letters.iter().any(Letter::is_out),
        now,
    };
    let mut ended = BTreeSet::new();
    for copy in &mut case.copies {
        if let Some(event) = view.follow(copy, &mut changes) {
            if copy.state == CopyState::Corrected {
                ended.insert(copy.url.clone());
            }
            told.push(event);
        }
    }
    told.extend(other_forms(case, &ended));
    told.extend(added(case, group, before, &mut changes, now));
    if let Some((differences, evidence, explanation)) = proof(group) {
        told.extend(record_revised(case, &differences, &evidence));
        case.record = record(&evidence, seen).or(case.record.take());
        case.differences = differences;
        case.evidence = evidence;
        case.explanation = explanation;
    }
    case.copies
        .sort_by(|a, b| (a.published, &a.url).cmp(&(b.published, &b.url)));
    case.state = next_state(before, &case.copies, changes);
    told.extend(woken(case, changes));
    if before != case.state && told.is_empty() {
        let what = "the copies were looked at again".to_owned();
        told.push(Told::new(EventKind::JudgedAgain, None, what));
    }
    case.tell(told, now);
}

/// That the record was revised and the publications differ from it still.
fn record_revised(case: &Case, differences: &[Difference], evidence: &[Quote]) -> Option<Told> {
    let (before, now) = (case.evidence.first()?, evidence.first()?);
    if before.url != now.url || before.revision == now.revision {
        return None;
    }
    let (said, says) = (case.differences.first()?, differences.first()?);
    let what = if said.official == says.official {
        "the record was revised and says the same here; the publications differ from it still"
            .to_owned()
    } else {
        format!(
            "the record was revised from {} to {}; the publications differ from it still",
            said.official, says.official
        )
    };
    Some(Told::new(EventKind::RecordRevised, Some(&now.url), what))
}

/// Adds the publications that carry the claim and are not known yet.
fn added(
    case: &mut Case,
    group: &[&Contradiction<'_>],
    before: CaseState,
    changes: &mut Changes,
    now: DateTime<Utc>,
) -> Vec<Told> {
    let mut told = Vec::new();
    for copy in first_per_page(group, now) {
        if case.copies.iter().any(|known| known.url == copy.url) {
            continue;
        }
        changes.has_grown = true;
        told.push(if before.is_open() {
            let what = format!("also published at {}", copy.url);
            Told::new(EventKind::CopyAdded, Some(&copy.url), what)
        } else {
            let what = format!("a known claim is back, published at {}", copy.url);
            Told::new(EventKind::Returned, Some(&copy.url), what)
        });
        case.copies.push(copy);
    }
    told
}

/// Other language versions and forms of a page corrected just now that still carry the claim.
fn other_forms(case: &Case, ended: &BTreeSet<String>) -> Vec<Told> {
    let mut told = Vec::new();
    let standing = case.copies.iter();
    for copy in standing.filter(|copy| copy.state == CopyState::Stands) {
        for page in case.copies.iter().filter(|page| ended.contains(&page.url)) {
            let named = |from: &Copy, to: &Copy| {
                let mut alternates = from.alternates.iter();
                let found = alternates.find(|(_, url)| *url == to.url);
                found.map(|(kind, _)| kind.clone())
            };
            let Some(kind) = named(page, copy).or_else(|| named(copy, page)) else {
                continue;
            };
            let (kind, word) = if kind == "amp" {
                (EventKind::OtherFormStands, "form")
            } else {
                (EventKind::OtherLanguageStands, "language version")
            };
            let what = format!(
                "{} was corrected, its other {word} {} was not",
                page.url, copy.url
            );
            told.push(Told::new(kind, Some(&copy.url), what));
        }
    }
    told
}

/// Brings a case back in sight that was put away until it gets worse.
fn woken(case: &mut Case, changes: Changes) -> Option<Told> {
    let n_before = case.desk.snooze.as_ref()?.n_copies?;
    let standing = case.copies.iter();
    let n_now = standing
        .filter(|copy| copy.state == CopyState::Stands)
        .count();
    if !changes.has_regressed && n_now < n_before.max(1) * 2 {
        return None;
    }
    case.desk.snooze = None;
    let what = "back in sight: it got worse".to_owned();
    Some(Told::new(EventKind::Woken, None, what))
}

/// Whether a record that the case quotes has another revision now.
fn has_record_changed(case: &Case, seen: &Seen<'_>) -> bool {
    case.evidence.iter().any(|quote| {
        let page = seen.pages.get(&quote.url);
        page.is_some_and(|page| page.id != quote.revision)
    })
}

/// The findings of each revision, in the order seen.
type OnPage<'a> = BTreeMap<&'a RevisionId, Vec<&'a (Claim, Verdict)>>;

/// What the copies of one case are looked at with.
struct View<'a> {
    /// All that was seen.
    seen: &'a Seen<'a>,
    /// The findings of each revision.
    on_page: &'a OnPage<'a>,
    /// The contradictions that belong to the case.
    group: &'a [&'a Contradiction<'a>],
    /// The slot that differs.
    slot: SlotName,
    /// The differing value as published.
    claimed: String,
    /// The official statement.
    official: Option<Frame>,
    /// Whether the record has another revision than the case quotes.
    has_record_changed: bool,
    /// Whether a person confirmed the case.
    is_confirmed: bool,
    /// Whether a letter is out.
    is_letter_out: bool,
    /// When.
    now: DateTime<Utc>,
}

impl View<'_> {
    /// Brings one copy up to what its page says now; says what happened.
    fn follow(&self, copy: &mut Copy, changes: &mut Changes) -> Option<Told> {
        let page = self.seen.pages.get(&copy.url)?;
        let on_page = self.on_page.get(&page.id);
        let on_page = on_page.map_or(&[][..], Vec::as_slice);
        let contradicting: Vec<&Claim> = self
            .group
            .iter()
            .filter(|one| one.page.id == page.id)
            .map(|one| one.claim)
            .collect();
        let looked_at = copy.looked_at.clone().unwrap_or(copy.revision.clone());
        let look = Look {
            page,
            earlier: self.seen.earlier.get(&looked_at),
            on_page,
            contradicting: &contradicting,
            slot: self.slot,
            claimed: &self.claimed,
            official: self.official.as_ref(),
            has_record_changed: self.has_record_changed,
            is_confirmed: self.is_confirmed,
        };
        let told = if copy.state == CopyState::Stands {
            self.stood(copy, &look)
        } else {
            back(copy, &look, looked_at == page.id, changes)
        };
        copy.looked_at = Some(page.id.clone());
        if let Some(told) = &told {
            copy.last_event = Some(told.kind);
            copy.alternates.clone_from(&page.document.alternates);
        }
        told
    }

    /// A copy that stood when it was last looked at.
    fn stood(&self, copy: &mut Copy, look: &Look<'_>) -> Option<Told> {
        match look::look(copy, look) {
            Came::Same => None,
            Came::Stands(carriers, kind) => {
                stands(copy, carriers, look);
                let what = standing_words(kind);
                Some(Told::new(
                    kind,
                    Some(&copy.url),
                    format!("{} {what}", copy.url),
                ))
            }
            Came::Ended(state, kind, sentence) => {
                copy.state = state;
                copy.ended_at = Some(match state {
                    CopyState::Cleared => copy.published.max(look.page.last_seen).min(self.now),
                    _ => look.page.first_seen,
                });
                let mut what = format!("{}: {}", copy.url, ending_words(kind));
                if let Some(sentence) = sentence {
                    what.push_str(&format!("; it now says «{sentence}»"));
                }
                if state == CopyState::Cleared && self.is_letter_out {
                    what.push_str("; a letter is out that may have to be withdrawn");
                }
                Some(Told::new(kind, Some(&copy.url), what))
            }
        }
    }
}

/// Takes back a copy that had ended, where its claim stands again.
fn back(
    copy: &mut Copy,
    look: &Look<'_>,
    is_same_page: bool,
    changes: &mut Changes,
) -> Option<Told> {
    if look.page.is_gone || is_same_page && look.contradicting.is_empty() {
        return None;
    }
    let was_cleared = copy.state == CopyState::Cleared;
    if was_cleared && look.contradicting.is_empty() {
        return None;
    }
    let carriers = look::carriers(copy, look);
    if carriers.is_empty() {
        return None;
    }
    stands(copy, carriers, look);
    copy.state = CopyState::Stands;
    copy.ended_at = None;
    if was_cleared {
        changes.has_grown = true;
        let what = format!("{} differs from the record again", copy.url);
        return Some(Told::new(EventKind::DiffersAgain, Some(&copy.url), what));
    }
    changes.has_regressed = true;
    let what = format!("the claim is back at {}", copy.url);
    Some(Told::new(EventKind::Regressed, Some(&copy.url), what))
}

/// Moves a copy to what carries it on its page now.
fn stands(copy: &mut Copy, carriers: Vec<Carrier>, look: &Look<'_>) {
    let page = look.page;
    copy.is_inferred = look.contradicting.is_empty();
    copy.revision = page.id.clone();
    if let Some(first) = carriers.first() {
        copy.claim = first.claim.clone();
        copy.sentence.clone_from(&first.sentence);
    }
    copy.carriers = carriers;
    copy.credits.clone_from(&page.document.about.credits);
}

/// How a claim stands on a page that changed, as people read it after the address.
fn standing_words(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Moved => "changed, the claim stands elsewhere on it",
        EventKind::Reworded => "was reworded, the claim stands",
        EventKind::HeadlineStands => "was mended in its text, the claim stands in the headline",
        EventKind::TextStands => "was mended in its headline, the claim stands in the text",
        EventKind::SomeMended => "was mended in part, the claim stands",
        _ => "changed, the claim stands",
    }
}

/// How a claim ended, as people read it.
fn ending_words(kind: EventKind) -> &'static str {
    match kind {
        EventKind::PageGone => "the page is gone",
        EventKind::CorrectedWithNote => "corrected, and the page says so",
        EventKind::CorrectedSilently => "corrected without a word about it",
        EventKind::ReplacedByOther => "now it differs from the record otherwise",
        EventKind::WithdrawnWithNote => "the sentence is gone, and the page says why",
        EventKind::DroppedSilently => "a later revision no longer carries the claim",
        EventKind::RecordChanged => {
            "the record changed and no longer differs; the outlet is cleared"
        }
        _ => "judged again: it no longer differs from the record; the outlet is cleared",
    }
}

/// A count with its noun.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests;
