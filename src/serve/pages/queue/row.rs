//! A case as the list shows it: what is claimed, what differs most, where it stands, how it spread, when it is due and who has it.

use chrono::{DateTime, Utc};

use super::Around;
use super::asked::Asked;
use super::ranked::{Mark, View, has_changed, is_asleep, nearness};
use crate::language::detect;
use crate::model::{Case, CopyState, Difference, Part, User};
use crate::pursue::letter::slot_name;
use crate::report::text::name;
use crate::serve::charts::spark;
use crate::serve::pages::document::short_id;
use crate::serve::pages::fields::Fields;
use crate::serve::pages::steps::{name_of, state_name};
use crate::serve::shell::initials;

/// Bars of the drawing of a case's spread.
const SPREAD_BARS: i64 = 12;
/// Tags that a row shows; the case shows all.
const MOST_TAGS: usize = 3;

/// A row.
pub(super) struct Row {
    /// Id of the case.
    pub(super) id: String,
    /// Its beginning, as people say it.
    pub(super) short: String,
    /// The version shown: whoever changes the case says that it was seen.
    pub(super) version: u64,
    /// Severity as styles name it.
    pub(super) severity: &'static str,
    /// Severity in words.
    pub(super) severity_name: String,
    /// The list with the case beside it.
    pub(super) look: String,
    /// The claim.
    pub(super) title: String,
    /// Its language.
    pub(super) language: &'static str,
    /// What differs most.
    pub(super) difference: Option<Apart>,
    /// How many more slots differ, in words.
    pub(super) more: Option<String>,
    /// The first outlet.
    pub(super) source: String,
    /// When it was first published, in words.
    pub(super) at: String,
    /// The same for programs.
    pub(super) moment: String,
    /// Tags: style and words.
    pub(super) tags: Vec<(&'static str, String)>,
    /// The drawing of how it spread, as HTML.
    pub(super) spark: String,
    /// Number of copies.
    pub(super) n_copies: String,
    /// The noun that fits the number.
    pub(super) copies: String,
    /// How near its deadline is, as styles name it; the deadline in words; and for programs.
    pub(super) due: Option<(&'static str, String, String)>,
    /// Who has it: initials, and the name or that nobody does.
    pub(super) who: (String, String),
    /// Whether it stands beside the list.
    pub(super) is_selected: bool,
    /// Whether its box is ticked.
    pub(super) is_marked: bool,
}

/// A slot that differs, as pages show it.
pub(super) struct Apart {
    /// The slot's name.
    pub(super) slot: String,
    /// What is published.
    pub(super) claimed: String,
    /// What the record says.
    pub(super) official: String,
    /// Language of the record, or empty.
    pub(super) official_language: &'static str,
}

impl Around<'_> {
    /// A row of the list.
    pub(super) fn row(
        &self,
        case: &Case,
        mark: &Mark,
        asked: &Asked,
        is_selected: bool,
        kept: Option<&Fields>,
    ) -> Row {
        let (words, differing) = (self.words(), case.differing());
        let first = case.copies.first();
        let box_value = format!("{}@{}", case.id.0, case.version);
        let is_marked =
            kept.is_some_and(|fields| fields.all("case").any(|value| same_case(value, &box_value)));
        Row {
            id: case.id.0.clone(),
            short: short_id(&case.id.0),
            version: case.version,
            severity: mark.severity().word(),
            severity_name: words.say(&format!("severity-{}", mark.severity().word())),
            look: asked.beside(Some(&case.id)).address(),
            title: title(case).to_owned(),
            language: first.map_or("", |copy| copy.language.code()),
            difference: differing
                .first()
                .map(|difference| self.apart(case, difference)),
            more: match differing.len() {
                0 | 1 => None,
                n => Some(words.count("queue-more", n - 1)),
            },
            source: first.map_or_else(String::new, |copy| {
                name(&self.desk.names, &copy.source, words.language).to_owned()
            }),
            at: words.briefly(mark.published, self.now),
            moment: mark.published.to_rfc3339(),
            tags: self.tags(case, asked.view),
            spark: spark::spark(&spread(case, self.now)),
            n_copies: words.number(case.copies.len()),
            copies: words.count("queue-copies", case.copies.len()),
            due: mark.deadline().map(|at| self.due(at)),
            who: self.who(case),
            is_selected,
            is_marked,
        }
    }

    /// A slot that differs.
    pub(super) fn apart(&self, case: &Case, difference: &Difference) -> Apart {
        let record = case.evidence.first();
        let language = record.and_then(|quote| detect::language(&quote.sentence));
        Apart {
            slot: slot_name(difference.slot, self.words().language).to_lowercase(),
            claimed: difference.claimed.clone(),
            official: difference.official.clone(),
            official_language: language.map_or("", crate::language::Language::code),
        }
    }

    /// A deadline in words.
    pub(super) fn due(&self, at: DateTime<Utc>) -> (&'static str, String, String) {
        let (words, near) = (self.words(), nearness(at, self.now));
        let span = words.span(at - self.now);
        let said = match near {
            "late" => words.with("queue-late", "span", &span),
            _ => words.with("queue-left", "span", &span),
        };
        (near, said, at.to_rfc3339())
    }

    /// Who works on a case: initials and name.
    pub(super) fn who(&self, case: &Case) -> (String, String) {
        match &case.desk.assignee {
            None => (String::new(), self.words().say("queue-nobody")),
            Some(id) => {
                let known = name_of(&self.users, id);
                (initials(known), known.to_owned())
            }
        }
    }

    /// What is worth a word in the list. Where all of a view are in one state, the state says nothing.
    fn tags(&self, case: &Case, view: View) -> Vec<(&'static str, String)> {
        let words = self.words();
        let mut tags = Vec::new();
        if !matches!(view, View::New | View::Confirmed | View::Sent) {
            tags.push(("info", state_name(words, case.state)));
        }
        if has_changed(case) && view != View::Changed {
            tags.push(("mid", words.say("queue-tag-changed")));
        }
        if is_asleep(case, self.now) {
            tags.push(("", words.say("queue-tag-asleep")));
        }
        let own = case.desk.tags.iter().take(MOST_TAGS);
        tags.extend(own.map(|tag| ("", tag.clone())));
        tags
    }
}

/// Whether a ticked box is that of a case, whatever the version it was ticked at.
fn same_case(ticked: &str, shown: &str) -> bool {
    let id = |value: &str| value.rsplit_once('@').map(|(id, _)| id.to_owned());
    id(ticked).is_some() && id(ticked) == id(shown)
}

/// The claim as a heading: the headline where one carries it, else the sentence.
pub(super) fn title(case: &Case) -> &str {
    let Some(first) = case.copies.first() else {
        return &case.id.0;
    };
    let mut carriers = first.carriers.iter();
    let headline = carriers.find(|carrier| matches!(carrier.part, Part::Title(_)));
    headline.map_or(&first.sentence, |carrier| &carrier.sentence)
}

/// How many copies there were at equal steps of time, from the first publication to now.
fn spread(case: &Case, now: DateTime<Utc>) -> Vec<u64> {
    let Some(first) = case.copies.iter().map(|copy| copy.published).min() else {
        return Vec::new();
    };
    let whole = (now - first).num_seconds().max(SPREAD_BARS);
    let until = |bar: i64| whole * bar / SPREAD_BARS;
    (1..=SPREAD_BARS)
        .map(|bar| {
            let copies = case.copies.iter();
            let there = copies.filter(|copy| (copy.published - first).num_seconds() <= until(bar));
            there.count() as u64
        })
        .collect()
}

/// How many copies still carry the claim.
pub(super) fn n_standing(case: &Case) -> usize {
    let copies = case.copies.iter();
    copies
        .filter(|copy| copy.state == CopyState::Stands)
        .count()
}

/// Users who can be given a case of these agencies.
pub(in crate::serve::pages) fn assignable<'u>(
    users: &'u [User],
    agencies: &std::collections::BTreeSet<crate::model::SourceId>,
) -> Vec<&'u User> {
    let active = users.iter().filter(|user| user.is_active());
    active.filter(|user| user.works_for(agencies)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_of_its_case_at_any_version() {
        assert!(same_case("case-1@3", "case-1@4"));
        assert!(!same_case("case-1@3", "case-12@3"));
        assert!(!same_case("", "case-1@3"));
    }
}
