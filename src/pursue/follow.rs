//! Brings one known case up to what a pass has seen of its pages and its record.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::advance::Seen;
use super::found::{Contradiction, first_per_page, merged, proof, record, subjects};
use super::history::Told;
use super::look::{self, Came, Look};
use super::workflow::{Changes, next_state};
use crate::model::{
    Carrier, Case, CaseState, Claim, Copy, CopyState, Difference, EventKind, Frame, Letter, Quote,
    RevisionId, SlotName, Verdict,
};

/// Brings one known case up to what was seen.
pub(super) fn follow(
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
pub(super) type OnPage<'a> = BTreeMap<&'a RevisionId, Vec<&'a (Claim, Verdict)>>;

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
    copy.links.clone_from(&page.document.about.links);
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
