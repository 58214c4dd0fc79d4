//! Sums up a period: what was found, asked and corrected, how long it took, and from whom nothing was collected.
//!
//! Outlets and agencies stand in the order of their ids, never of their numbers: a digest says what there is to do, it is no
//! table of who is how truthful, and who publishes more is found more often. Times are medians in minutes; without a single
//! case there is none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::json::moment;
use crate::model::{
    Case, CaseEvent, CaseState, Copy, CopyState, Dismissal, EventKind, Source, SourceId, SourceRole,
};

/// A period: from a moment, up to another that no longer belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First moment.
    pub from: DateTime<Utc>,
    /// The moment after the last.
    pub to: DateTime<Utc>,
}

impl Span {
    /// Whether a moment belongs to it.
    pub fn has(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }
}

/// What happened to some cases or publications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Cases opened.
    pub n_opened: usize,
    /// Publications found to differ.
    pub n_found: usize,
    /// Cases in which a letter was sent.
    pub n_asked: usize,
    /// Publications corrected.
    pub n_corrected: usize,
    /// Of them without a word about it.
    pub n_silently: usize,
    /// Publications removed, or whose sentence was dropped.
    pub n_removed: usize,
    /// Publications cleared, because the record no longer differs.
    pub n_cleared: usize,
    /// Claims that came back after a correction.
    pub n_regressed: usize,
    /// Cases in which we were wrong after something had been sent.
    pub n_withdrawn: usize,
    /// Publications that carry a claim at the end of the period, in cases that nobody dismissed.
    pub n_standing: usize,
    /// Cases of which a person decided for the first time.
    pub n_decided: usize,
    /// Of the cases in which the first letter was sent, those with no publication left that carries the claim, and one that
    /// was corrected, or whose sentence was dropped, since the letter.
    pub n_mended: usize,
    /// From a case's opening to a person's first decision.
    pub median_to_decision_min: Option<i64>,
    /// From publication to detection.
    pub median_to_detection_min: Option<i64>,
    /// From detection to the first letter.
    pub median_to_letter_min: Option<i64>,
    /// From the first letter to a publication's correction.
    pub median_to_correction_min: Option<i64>,
}

/// A source of which nothing could be known for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// Source.
    pub source: SourceId,
    /// In words.
    pub what: String,
}

/// A digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// First moment.
    pub from: String,
    /// The moment after the last.
    pub to: String,
    /// Everything.
    pub all: Tally,
    /// By outlet, of what it published.
    pub outlets: BTreeMap<SourceId, Tally>,
    /// By agency, of cases that rest on its record.
    pub agencies: BTreeMap<SourceId, Tally>,
    /// By agency, of what stood on its own pages.
    pub own_pages: BTreeMap<SourceId, Tally>,
    /// Cases opened in the period that people dismissed, by reason: what the judge gets wrong.
    pub dismissed: BTreeMap<Dismissal, usize>,
    /// From whom nothing was collected.
    pub gaps: Vec<Unseen>,
}

/// The digest of a period.
pub fn digest(
    cases: &[Case],
    sources: &BTreeMap<SourceId, Source>,
    gaps: Vec<Unseen>,
    span: Span,
) -> Digest {
    let of = |keep: &dyn Fn(&Case, &Copy) -> bool| tally(cases, span, keep);
    let mut digest = Digest {
        from: moment(span.from),
        to: moment(span.to),
        all: of(&|_, _| true),
        outlets: BTreeMap::new(),
        agencies: BTreeMap::new(),
        own_pages: BTreeMap::new(),
        dismissed: BTreeMap::new(),
        gaps,
    };
    for case in cases.iter().filter(|case| span.has(case.opened_at)) {
        if let Some(reason) = case.desk.dismissal {
            *digest.dismissed.entry(reason).or_default() += 1;
        }
    }
    let publishers = cases.iter().flat_map(|case| &case.copies);
    let publishers: BTreeSet<&SourceId> = publishers.map(|copy| &copy.source).collect();
    for id in publishers {
        let tally = of(&|_, copy| copy.source == *id);
        let source = sources.get(id);
        let is_agency = source.is_some_and(|source| source.role == SourceRole::Official);
        let rows = if is_agency {
            &mut digest.own_pages
        } else {
            &mut digest.outlets
        };
        rows.insert(id.clone(), tally);
    }
    let owners = cases.iter().filter_map(|case| case.evidence.first());
    let owners: BTreeSet<&SourceId> = owners.map(|quote| &quote.source).collect();
    for id in owners {
        let is_owner = |case: &Case, _: &Copy| {
            let quote = case.evidence.first();
            quote.is_some_and(|quote| quote.source == *id)
        };
        digest.agencies.insert(id.clone(), of(&is_owner));
    }
    digest
}

/// What happened in a period to all publications.
pub fn totals(cases: &[Case], span: Span) -> Tally {
    tally(cases, span, &|_, _| true)
}

/// When a person first confirmed or dismissed a case, or found it to be another.
pub fn first_decision(case: &Case) -> Option<DateTime<Utc>> {
    let is_decision = |event: &&CaseEvent| {
        let is_decided = matches!(
            event.state,
            CaseState::Confirmed | CaseState::Dismissed | CaseState::Duplicate
        );
        event.by.is_some() && is_decided
    };
    let first = case.history.iter().find(is_decision);
    first.map(|event| event.at)
}

/// When the first letter of a case left.
pub fn first_letter(case: &Case) -> Option<DateTime<Utc>> {
    let sent = case
        .desk
        .letters
        .iter()
        .filter_map(|letter| letter.sent.as_ref());
    sent.map(|(_, at)| *at).min()
}

/// Minutes from a case's opening to a person's first decision, where that was made in the period.
pub fn minutes_to_decision(case: &Case, span: Span) -> Option<i64> {
    let at = first_decision(case).filter(|at| span.has(*at))?;
    Some(minutes(case.opened_at, at))
}

/// Whether nothing of a case stands any more, and a publication was mended since a letter.
fn is_mended_since(case: &Case, sent: DateTime<Utc>) -> bool {
    let stands = |copy: &Copy| copy.state == CopyState::Stands;
    let is_mended = |copy: &Copy| {
        let is_mended = matches!(copy.state, CopyState::Corrected | CopyState::Dropped);
        is_mended && copy.ended_at.is_some_and(|at| at >= sent)
    };
    !case.copies.iter().any(stands) && case.copies.iter().any(is_mended)
}

/// What happened in a period to the publications that are kept.
fn tally(cases: &[Case], span: Span, keep: &dyn Fn(&Case, &Copy) -> bool) -> Tally {
    let mut tally = Tally::default();
    let (mut to_detection, mut to_letter, mut to_correction) = (Vec::new(), Vec::new(), Vec::new());
    let mut to_decision = Vec::new();
    for case in cases {
        let copies: Vec<&Copy> = case.copies.iter().filter(|copy| keep(case, copy)).collect();
        if copies.is_empty() || case.desk.duplicate_of.is_some() {
            continue;
        }
        let is_new = span.has(case.opened_at);
        tally.n_opened += usize::from(is_new);
        to_decision.extend(minutes_to_decision(case, span));
        let first_sent = first_letter(case);
        if let Some(at) = first_sent.filter(|at| span.has(*at)) {
            tally.n_asked += 1;
            tally.n_mended += usize::from(is_mended_since(case, at));
            to_letter.push(minutes(case.opened_at, at));
        }
        let withdrawn = case
            .desk
            .letters
            .iter()
            .filter_map(|letter| letter.withdrawn);
        tally.n_withdrawn += usize::from(withdrawn.into_iter().any(|at| span.has(at)));
        tally.n_regressed += regressions(case, &copies, span);
        for copy in copies {
            let found_at = copy.found_at.unwrap_or(case.opened_at);
            if span.has(found_at) {
                tally.n_found += 1;
                to_detection.push(minutes(copy.published, found_at));
            }
            count_end(&mut tally, case, copy, span);
            let is_mended = matches!(copy.state, CopyState::Corrected | CopyState::Dropped);
            if let (Some(sent), Some(ended)) = (first_sent, copy.ended_at)
                && is_mended
                && span.has(ended)
                && sent <= ended
            {
                to_correction.push(minutes(sent, ended));
            }
        }
    }
    tally.n_decided = to_decision.len();
    tally.median_to_decision_min = median(to_decision);
    tally.median_to_detection_min = median(to_detection);
    tally.median_to_letter_min = median(to_letter);
    tally.median_to_correction_min = median(to_correction);
    tally
}

/// How a publication stands or ended.
fn count_end(tally: &mut Tally, case: &Case, copy: &Copy, span: Span) {
    if copy.state == CopyState::Stands {
        let is_ours = case.desk.dismissal.is_none() && copy.published < span.to;
        tally.n_standing += usize::from(is_ours);
        return;
    }
    if !copy.ended_at.is_some_and(|at| span.has(at)) {
        return;
    }
    match copy.state {
        CopyState::Corrected => {
            tally.n_corrected += 1;
            let is_silent = copy.last_event == Some(EventKind::CorrectedSilently);
            tally.n_silently += usize::from(is_silent);
        }
        CopyState::Dropped | CopyState::Gone => tally.n_removed += 1,
        CopyState::Cleared => tally.n_cleared += 1,
        CopyState::Stands => {}
    }
}

/// How often a claim came back on one of these pages.
fn regressions(case: &Case, copies: &[&Copy], span: Span) -> usize {
    let is_of_copy = |event: &CaseEvent| {
        let url = event.url.as_deref();
        copies.iter().any(|copy| Some(copy.url.as_str()) == url)
    };
    let history = case.history.iter();
    history
        .filter(|event| event.kind == Some(EventKind::Regressed) && span.has(event.at))
        .filter(|event| is_of_copy(event))
        .count()
}

/// Minutes between two moments.
fn minutes(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    to.signed_duration_since(from).num_minutes().max(0)
}

/// The middle one; of two in the middle the lower.
pub fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    let middle = values.len().checked_sub(1)? / 2;
    values.get(middle).copied()
}

/// A digest for people.
pub fn text(digest: &Digest) -> String {
    let mut out = format!("from {} to {}\n\n", digest.from, digest.to);
    out.push_str(&lines("all", &digest.all));
    for (head, rows) in [
        ("outlets, by what they published", &digest.outlets),
        (
            "agencies, by cases that rest on their records",
            &digest.agencies,
        ),
        ("agencies' own pages", &digest.own_pages),
    ] {
        if rows.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{head}\n"));
        for (id, tally) in rows {
            out.push_str(&lines(&id.0, tally));
        }
    }
    if !digest.dismissed.is_empty() {
        out.push_str("\ndismissed by people\n");
        for (reason, n) in &digest.dismissed {
            out.push_str(&format!("  {n}: {}\n", reason.words()));
        }
    }
    if !digest.gaps.is_empty() {
        out.push_str("\nnothing was collected from\n");
        for gap in &digest.gaps {
            out.push_str(&format!("  {}: {}\n", gap.source, gap.what));
        }
    }
    out
}

/// One row of a digest.
fn lines(head: &str, tally: &Tally) -> String {
    let time = |minutes: Option<i64>| match minutes {
        None => "none".to_owned(),
        Some(minutes) if minutes < 120 => format!("{minutes} min"),
        Some(minutes) if minutes < 2_880 => format!("{} h", minutes / 60),
        Some(minutes) => format!("{} days", minutes / 1_440),
    };
    format!(
        "  {head}: {} cases opened, {} publications found, {} asked, {} corrected ({} silently), {} removed, {} cleared, {} back after correction, {} withdrawn by us, {} stand\n    median time to detection {}, to the letter {}, from the letter to the correction {}\n",
        tally.n_opened,
        tally.n_found,
        tally.n_asked,
        tally.n_corrected,
        tally.n_silently,
        tally.n_removed,
        tally.n_cleared,
        tally.n_regressed,
        tally.n_withdrawn,
        tally.n_standing,
        time(tally.median_to_detection_min),
        time(tally.median_to_letter_min),
        time(tally.median_to_correction_min),
    )
}
