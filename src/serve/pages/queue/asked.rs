//! What the address of the queue asks for: the view, filters, sorting, page and selected case. What cannot be read is left out.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use url::form_urlencoded;

use super::ranked::{Mark, View};
use crate::language::local_day;
use crate::model::{Case, CaseId, StepKind};
use crate::report::digest;
use crate::report::text::Names;

/// Spans that the time of the first publication is filtered by, in days.
pub(super) const PERIOD_DAYS: [(&str, i64); 3] = [("1", 1), ("7", 7), ("30", 30)];
/// Longest value of a filter that is kept, in bytes.
const MAX_VALUE_BYTES: usize = 400;

/// What the list can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    /// Whose case it is.
    Agency,
    /// How severe.
    Severity,
    /// A slot that differs.
    Slot,
    /// An outlet that carries it.
    Outlet,
    /// A language that it stands in.
    Language,
    /// How long ago it was first published.
    Period,
    /// State.
    State,
    /// Tag.
    Tag,
    /// Days on which it was opened.
    Opened,
    /// Days on which a person first decided of it.
    Decided,
    /// Days on which its first letter left.
    Asked,
}

impl Facet {
    /// All, in the order shown.
    pub(super) const ALL: [Facet; 11] = [
        Facet::Agency,
        Facet::Severity,
        Facet::Slot,
        Facet::Outlet,
        Facet::Language,
        Facet::Period,
        Facet::State,
        Facet::Tag,
        Facet::Opened,
        Facet::Decided,
        Facet::Asked,
    ];

    /// The facet as addresses name it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Facet::Agency => "agency",
            Facet::Severity => "severity",
            Facet::Slot => "slot",
            Facet::Outlet => "outlet",
            Facet::Language => "lang",
            Facet::Period => "period",
            Facet::State => "state",
            Facet::Tag => "tag",
            Facet::Opened => "opened",
            Facet::Decided => "decided",
            Facet::Asked => "asked",
        }
    }

    /// The day that a facet of days goes by, in the country; `None` for other facets, and for duplicates: they count with the case
    /// that took them over.
    fn day(self, case: &Case) -> Option<NaiveDate> {
        let at = match self {
            Facet::Opened => Some(case.opened_at),
            Facet::Decided => digest::first_decision(case),
            Facet::Asked => digest::first_letter(case),
            _ => None,
        };
        at.filter(|_| case.desk.duplicate_of.is_none())
            .map(local_day)
    }

    /// Whether a case has a value of it.
    fn fits(self, value: &str, case: &Case, mark: &Mark, now: DateTime<Utc>) -> bool {
        match self.day(case) {
            Some(day) => days(value).is_some_and(|days| days.contains(&day)),
            None => self
                .values(case, mark, now)
                .iter()
                .any(|known| known == value),
        }
    }

    /// The values that a case has of it, each once.
    pub(super) fn values<'a>(
        self,
        case: &'a Case,
        mark: &'a Mark,
        now: DateTime<Utc>,
    ) -> Vec<Cow<'a, str>> {
        let mut values: Vec<Cow<'a, str>> = match self {
            Facet::Agency => mark
                .agencies
                .iter()
                .map(|id| id.0.as_str().into())
                .collect(),
            Facet::Severity => vec![mark.severity().word().into()],
            Facet::Slot => {
                let slots = case.differing().into_iter();
                slots.map(|one| dashed(one.slot.words())).collect()
            }
            Facet::Outlet => {
                let copies = case.copies.iter();
                copies.map(|copy| copy.source.0.as_str().into()).collect()
            }
            Facet::Language => {
                let copies = case.copies.iter();
                copies.map(|copy| copy.language.code().into()).collect()
            }
            Facet::Period => {
                let age = now - mark.published;
                let spans = PERIOD_DAYS.iter();
                let within = spans.filter(|(_, days)| age < TimeDelta::days(*days));
                within.map(|(word, _)| (*word).into()).collect()
            }
            Facet::State => vec![dashed(case.state.words())],
            Facet::Tag => case
                .desk
                .tags
                .iter()
                .map(|tag| tag.as_str().into())
                .collect(),
            // Days are asked for as spans, of which there are no values to choose among.
            Facet::Opened | Facet::Decided | Facet::Asked => Vec::new(),
        };
        values.sort();
        values.dedup();
        values
    }
}

/// The days of a span as addresses write it: `2026-03-01..2026-03-31`, the ends included.
pub(super) fn days(value: &str) -> Option<RangeInclusive<NaiveDate>> {
    let (from, to) = value.split_once("..")?;
    Some(from.parse().ok()?..=to.parse().ok()?)
}

/// Words as one word, for addresses and ids of texts.
pub(in crate::serve::pages) fn dashed(words: &'static str) -> Cow<'static, str> {
    match words.contains(' ') {
        true => words.replace(' ', "-").into(),
        false => words.into(),
    }
}

/// In which order cases stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sort {
    /// What is due within the month first; the others by priority.
    #[default]
    Deadline,
    /// The most urgent first.
    Priority,
    /// The newest publication first.
    Newest,
}

impl Sort {
    /// All.
    pub(super) const ALL: [Sort; 3] = [Sort::Deadline, Sort::Priority, Sort::Newest];

    /// The order as addresses name it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Sort::Deadline => "deadline",
            Sort::Priority => "priority",
            Sort::Newest => "newest",
        }
    }

    /// Where a case stands in the order: the lower, the earlier.
    pub(super) fn place(self, case: &Case, mark: &Mark) -> Place {
        let urgent = -i64::from(mark.score);
        let (first, second) = match self {
            Sort::Deadline => {
                let due = mark.pressing.map_or(i64::MAX, |at| at.timestamp());
                (due, urgent)
            }
            Sort::Priority => (urgent, -mark.published.timestamp()),
            Sort::Newest => (-mark.published.timestamp(), urgent),
        };
        Place(first, second, case.id.0.clone())
    }
}

/// A place in an order, which a page can begin after: cases that come and go do not move it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(i64, i64, String);

impl Place {
    /// The place as addresses write it.
    fn written(&self) -> String {
        format!("{}.{}.{}", self.0, self.1, self.2)
    }

    /// The place of what an address wrote.
    fn of(text: &str) -> Option<Place> {
        let mut parts = text.splitn(3, '.');
        let first = parts.next()?.parse().ok()?;
        Some(Place(
            first,
            parts.next()?.parse().ok()?,
            parts.next()?.to_owned(),
        ))
    }
}

/// What was done before the page was shown, as the address says it after a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Done {
    /// The step.
    pub(super) step: StepKind,
    /// How many cases.
    pub(super) n: usize,
}

/// What an address asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// The view.
    pub(super) view: View,
    /// Filters: each facet at most once, in their order.
    pub(super) filters: Vec<(Facet, String)>,
    /// Words that the case must have.
    pub(super) words: String,
    /// The order.
    pub(super) sort: Sort,
    /// Where the page begins.
    pub(super) after: Option<Place>,
    /// The case beside the list.
    pub(super) selected: Option<CaseId>,
    /// What was done.
    pub(super) done: Option<Done>,
}

impl Asked {
    /// What a query asks for.
    pub(super) fn of(query: &str) -> Asked {
        let mut asked = Asked::default();
        let (mut step, mut n) = (None, 1);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            if value.is_empty() || value.len() > MAX_VALUE_BYTES {
                continue;
            }
            match &*name {
                "view" => asked.view = View::of(value).unwrap_or_default(),
                "q" => asked.words = value.to_owned(),
                "sort" => {
                    let known = Sort::ALL.into_iter().find(|sort| sort.word() == value);
                    asked.sort = known.unwrap_or_default();
                }
                "after" => asked.after = Place::of(value),
                "selected" => asked.selected = Some(CaseId(value.to_owned())),
                "done" => step = StepKind::ALL.into_iter().find(|kind| kind.word() == value),
                "n" => n = value.parse().unwrap_or(n),
                name => {
                    let facet = Facet::ALL.into_iter().find(|facet| facet.word() == name);
                    if let Some(facet) = facet {
                        asked.set(facet, Some(value));
                    }
                }
            }
        }
        asked.done = step.map(|step| Done { step, n });
        asked
    }

    fn set(&mut self, facet: Facet, value: Option<&str>) {
        self.filters.retain(|(known, _)| *known != facet);
        if let Some(value) = value {
            self.filters.push((facet, value.to_owned()));
            self.filters.sort();
        }
    }

    /// The value that a facet is filtered by.
    pub(super) fn value(&self, facet: Facet) -> Option<&str> {
        let found = self.filters.iter().find(|(known, _)| *known == facet);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the list is narrowed beyond the view.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.filters.is_empty() || !self.words.is_empty()
    }

    /// Whether the filters let a case through.
    pub(super) fn lets(&self, case: &Case, mark: &Mark, names: &Names, now: DateTime<Utc>) -> bool {
        let fits = |(facet, value): &(Facet, String)| facet.fits(value, case, mark, now);
        self.filters.iter().all(fits) && has_words(case, names, &self.words)
    }

    /// What stays when something else about the list changes: its first page, with nothing selected.
    fn changed(&self, change: impl FnOnce(&mut Asked)) -> Asked {
        let mut next = Asked {
            after: None,
            selected: None,
            done: None,
            ..self.clone()
        };
        change(&mut next);
        next
    }

    /// The same of another view.
    pub(super) fn in_view(&self, view: View) -> Asked {
        self.changed(|next| next.view = view)
    }

    /// The same with a filter or without it.
    pub(super) fn narrowed(&self, facet: Facet, value: Option<&str>) -> Asked {
        self.changed(|next| next.set(facet, value))
    }

    /// The same without words.
    pub(super) fn wordless(&self) -> Asked {
        self.changed(|next| next.words.clear())
    }

    /// The same without any filter.
    pub(super) fn wide(&self) -> Asked {
        self.changed(|next| {
            next.words.clear();
            next.filters.clear();
        })
    }

    /// The same in another order.
    pub(super) fn sorted(&self, sort: Sort) -> Asked {
        self.changed(|next| next.sort = sort)
    }

    /// The page after a place.
    pub(super) fn after(&self, place: Option<Place>) -> Asked {
        self.changed(|next| next.after = place)
    }

    /// The same page with a case beside the list.
    pub(super) fn beside(&self, id: Option<&CaseId>) -> Asked {
        Asked {
            selected: id.cloned(),
            done: None,
            ..self.clone()
        }
    }

    /// The same page after something was done.
    pub(super) fn after_doing(&self, step: StepKind, n: usize, selected: Option<&CaseId>) -> Asked {
        Asked {
            selected: selected.cloned(),
            done: Some(Done { step, n }),
            ..self.clone()
        }
    }

    /// What a form that changes the filters sends along: names and values.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = Vec::new();
        if self.view != View::default() {
            fields.push(("view", self.view.word().to_owned()));
        }
        for (facet, value) in &self.filters {
            fields.push((facet.word(), value.clone()));
        }
        if self.sort != Sort::default() {
            fields.push(("sort", self.sort.word().to_owned()));
        }
        fields
    }

    /// The query of its address; empty for the first page of what stands first.
    pub(super) fn query(&self) -> String {
        let mut fields = self.fields();
        let mut add = |name, value: Option<String>| fields.extend(value.map(|value| (name, value)));
        add(
            "q",
            Some(self.words.clone()).filter(|words| !words.is_empty()),
        );
        add("after", self.after.as_ref().map(Place::written));
        add("selected", self.selected.as_ref().map(|id| id.0.clone()));
        if let Some(done) = &self.done {
            add("done", Some(done.step.word().to_owned()));
            add("n", Some(done.n.to_string()).filter(|_| done.n != 1));
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(fields);
        query.finish()
    }

    /// The address.
    pub(super) fn address(&self) -> String {
        self.at("/cases")
    }

    /// The address of something else about the same list.
    pub(super) fn at(&self, path: &str) -> String {
        match self.query().as_str() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

/// Whether a case has all words, in any of its texts, however they are written large or small.
fn has_words(case: &Case, names: &Names, words: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut texts: Vec<&str> = vec![&case.id.0];
    for copy in &case.copies {
        texts.extend([
            copy.sentence.as_str(),
            copy.url.as_str(),
            copy.source.0.as_str(),
        ]);
        let source = names.get(&copy.source);
        texts.extend(
            source
                .iter()
                .flat_map(|source| source.name.values().map(String::as_str)),
        );
    }
    texts.extend(case.evidence.iter().map(|quote| quote.sentence.as_str()));
    texts.extend(case.desk.tags.iter().map(String::as_str));
    texts.extend(
        case.desk
            .comments
            .iter()
            .map(|comment| comment.text.as_str()),
    );
    let text = folded(&texts.join("\n"));
    folded(words)
        .split_whitespace()
        .all(|word| text.contains(word))
}

/// A text in small letters, with ё as е: both are written for the same word.
fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// The part of an order that a page shows: the cases after a place, and whether more follow.
pub(super) fn page_of<'a>(
    found: &[(&'a Case, &'a Mark)],
    asked: &Asked,
    most: usize,
) -> (Vec<(&'a Case, &'a Mark)>, usize, Option<Place>) {
    let mut placed: Vec<(Place, &'a Case, &'a Mark)> = found
        .iter()
        .map(|(case, mark)| (asked.sort.place(case, mark), *case, *mark))
        .collect();
    placed.sort_by(|a, b| a.0.cmp(&b.0));
    let begin = asked.after.as_ref().map_or(0, |after| {
        placed.partition_point(|(place, ..)| place <= after)
    });
    let end = placed.len().min(begin + most);
    let next = (end < placed.len())
        .then(|| {
            placed
                .get(end.saturating_sub(1))
                .map(|(place, ..)| place.clone())
        })
        .flatten();
    let shown = placed.get(begin..end).unwrap_or_default();
    let shown = shown.iter().map(|(_, case, mark)| (*case, *mark)).collect();
    (shown, begin, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_was_asked_and_leaves_out_what_nobody_knows() {
        let text = "view=mine&agency=police&slot=value&q=a%26b&sort=newest&after=-5.3.case.1&selected=case-2&done=tag&n=3";
        let asked = Asked::of(text);
        let again = asked.address();
        assert_eq!(
            again,
            "/cases?view=mine&agency=police&slot=value&sort=newest&q=a%26b&after=-5.3.case.1&selected=case-2&done=tag&n=3"
        );
        let nothing = Asked::of("view=odd&sort=odd&after=odd&done=odd&n=x&colour=red&tag=");
        assert_eq!(nothing.address(), "/cases");
        let wide = asked.wide().address();
        assert_eq!(wide, "/cases?view=mine&sort=newest");
        let other = asked.narrowed(Facet::Slot, Some("unit")).address();
        assert!(
            other.contains("slot=unit") && !other.contains("after"),
            "{other}"
        );
    }
}
