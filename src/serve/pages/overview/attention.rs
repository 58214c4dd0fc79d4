//! What waits for somebody, and what nothing is known of: the two lists that are read first on a morning.

use chrono::{DateTime, Utc};

use super::super::period::Period;
use super::super::sources;
use crate::model::{Case, CaseState, Gap};
use crate::report::text::name;
use crate::serve::Desk;
use crate::serve::error::Error;
use crate::serve::pages::document::case_address;
use crate::serve::pages::queue::{Ranked, waits_for_second};
use crate::serve::words::Words;

/// Cases of one kind that are named; the others are counted.
const NAMED: usize = 4;
/// Sources not seen that are named.
const NAMED_GAPS: usize = 8;
/// Characters of a sentence that names a case.
const TITLE_CHARS: usize = 90;

/// Something that waits.
pub(super) struct Waiting {
    /// Class of its tag.
    pub(super) class: &'static str,
    /// What it waits for.
    pub(super) tag: String,
    /// What it is.
    pub(super) text: String,
    /// Language of that; empty for the language of the page.
    pub(super) language: &'static str,
    /// Beside it, such as since when.
    pub(super) note: String,
    /// Where it is done.
    pub(super) href: String,
}

/// A source that was not seen.
pub(super) struct Missing {
    /// Its name.
    pub(super) name: String,
    /// Its page.
    pub(super) href: String,
    /// When, and why.
    pub(super) what: String,
}

/// What waits: what is overdue, what came back, letters to approve, and sources in trouble.
pub(super) fn waiting(
    desk: &Desk,
    words: Words,
    cases: &[Case],
    now: DateTime<Utc>,
) -> Result<Vec<Waiting>, Error> {
    let mut waiting = Vec::new();
    let open: Vec<&Case> = cases.iter().filter(|case| case.state.is_open()).collect();
    let ranked = Ranked::of(desk, now)?;
    let deadlines = ranked.deadlines();
    let mut overdue: Vec<(DateTime<Utc>, &Case)> = open
        .iter()
        .filter_map(|case| {
            let due = deadlines.get(&case.id).filter(|due| **due < now)?;
            Some((*due, *case))
        })
        .collect();
    overdue.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    let overdue: Vec<(String, &Case)> = overdue
        .into_iter()
        .map(|(due, case)| (words.with("overview-due", "when", &words.moment(due)), case))
        .collect();
    add(
        &mut waiting,
        words,
        "crit",
        "overview-overdue",
        "/cases?view=late",
        &overdue,
    );
    let of = |keep: &dyn Fn(&Case) -> bool| -> Vec<(String, &Case)> {
        let kept = open.iter().filter(|case| keep(case));
        kept.map(|case| (String::new(), *case)).collect()
    };
    let regressed = of(&|case| case.state == CaseState::Regressed);
    add(
        &mut waiting,
        words,
        "mid",
        "overview-regressed",
        "/cases?view=all&state=regressed",
        &regressed,
    );
    let unapproved = of(&waits_for_second);
    add(
        &mut waiting,
        words,
        "info",
        "overview-approve",
        "/cases?view=second",
        &unapproved,
    );
    let views = sources::views(desk, now)?;
    let n_troubled = views.iter().filter(|view| view.is_troubled()).count();
    if n_troubled > 0 {
        waiting.push(Waiting {
            class: "mid",
            tag: words.say("overview-sources"),
            text: words.count("overview-troubled", n_troubled),
            language: "",
            note: String::new(),
            href: "/sources?show=troubled".to_owned(),
        });
    }
    Ok(waiting)
}

/// Adds cases that wait for one thing, and how many more there are.
fn add(
    waiting: &mut Vec<Waiting>,
    words: Words,
    class: &'static str,
    text: &'static str,
    list: &str,
    cases: &[(String, &Case)],
) {
    for (note, case) in cases.iter().take(NAMED) {
        let copy = case.copies.first();
        waiting.push(Waiting {
            class,
            tag: words.say(text),
            text: copy.map_or_else(|| case.id.0.clone(), |copy| shortened(&copy.sentence)),
            language: copy.map_or("", |copy| copy.language.code()),
            note: note.clone(),
            href: case_address(&case.id),
        });
    }
    if cases.len() > NAMED {
        waiting.push(Waiting {
            class,
            tag: words.say(text),
            text: words.count("overview-more", cases.len() - NAMED),
            language: "",
            note: String::new(),
            href: list.to_owned(),
        });
    }
}

/// The beginning of a sentence, in whole words.
fn shortened(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(TITLE_CHARS) else {
        return text.to_owned();
    };
    let start = &text[..end];
    let whole = start.rsplit_once(' ').map_or(start, |(whole, _)| whole);
    format!("{whole}…")
}

/// Sources of which nothing could be known for a part of a period; the last row counts the others.
pub(super) fn missing(
    desk: &Desk,
    words: Words,
    gaps: &[Gap],
    period: Period,
    now: DateTime<Utc>,
) -> Result<Vec<Missing>, Error> {
    let span = period.span();
    let here = gaps.iter().filter(|gap| gap.overlaps(span.from, span.to));
    let mut missing: Vec<Missing> = here
        .map(|gap| {
            let text = if gap.is_silent {
                "overview-gap-silent"
            } else {
                "overview-gap-unasked"
            };
            let to = gap.to.map_or_else(
                || words.say("overview-gap-now"),
                |to| words.briefly(to, now),
            );
            let from = words.briefly(gap.from, now);
            Missing {
                name: name(&desk.names, &gap.source, words.language).to_owned(),
                href: format!("/sources/{}", gap.source),
                what: words.with_two(text, ("from", &from), ("to", &to)),
            }
        })
        .collect();
    let left = missing.len().saturating_sub(NAMED_GAPS);
    missing.truncate(NAMED_GAPS);
    if left > 0 {
        missing.push(Missing {
            name: words.count("overview-more", left),
            href: "/sources".to_owned(),
            what: String::new(),
        });
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_long_sentence_ends_with_a_whole_word() {
        let long = "сөз ".repeat(40);
        let short = shortened(&long);
        assert!(
            short.ends_with("сөз…") && short.chars().count() <= 91,
            "{short}"
        );
        assert_eq!(shortened("short"), "short");
    }
}
