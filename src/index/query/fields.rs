//! Turns a word or quotation into a plan: in title and text, or in the field that stands before it.

use chrono::NaiveDate;

use super::plans::{self, anywhere, author, demand, flag, lower, term, variants};
use super::values::{amounts, back, is_yes, like, named_word, span};
use super::{Judged, MAX_WORDS, MIN_LIKE_CHARS, MIN_PREFIX_CHARS, Parser, Scope, spoken_in};
use crate::index::engine::{Field, Number, Plan};
use crate::index::names;
use crate::index::words::exact;
use crate::language::{Language, NameKind};
use crate::model::{Repair, RepairKind};

impl Parser<'_> {
    /// A word or quotation, in a field or in title and text.
    pub(super) fn field(
        &mut self,
        field: Option<&str>,
        value: &str,
        slop: u32,
        quoted: bool,
        wanted: bool,
    ) -> Option<Plan> {
        self.n_words += 1;
        if self.n_words > MAX_WORDS {
            if self.n_words == MAX_WORDS + 1 {
                self.repairs.push(Repair::with(
                    RepairKind::TooManyWords,
                    MAX_WORDS.to_string(),
                ));
            }
            return None;
        }
        match field {
            None if quoted => self.phrase(spoken_in(self.reader.kind), value, slop, wanted),
            None => self.word(spoken_in(self.reader.kind), value, wanted),
            Some("title") if quoted => self.phrase(&[Field::Title], value, slop, wanted),
            Some("title") => self.word(&[Field::Title], value, wanted),
            Some("author") => author(value),
            Some("source") => plans::values(Field::Source, value, str::to_owned),
            Some("lang") => self.language(value),
            Some("role") => plans::values(Field::Role, value, str::to_lowercase),
            Some("url") => plans::values(Field::Url, value, |url| {
                if url.contains("://") {
                    url.to_owned()
                } else {
                    url.trim_matches('/').to_lowercase()
                }
            }),
            Some("published") => self.days(Number::Published, "published", value),
            Some("first_seen") => self.days(Number::FirstSeen, "first_seen", value),
            Some("body") => self.named(NameKind::Body, value, wanted),
            Some("place") => self.named(NameKind::Place, value, wanted),
            Some("person") => self.named(NameKind::Person, value, wanted),
            Some("amount") => self.amount(value),
            Some("verdict") => self.known("verdict", value, Judged::Verdict),
            Some("slot") => self.known("slot", value, Judged::Slot),
            Some("case") => self.case(value),
            Some("changed") => Some(flag(Field::State, "changed", is_yes(value))),
            Some("gone") => {
                self.scope = if is_yes(value) {
                    Scope::Gone
                } else {
                    Scope::Current
                };
                None
            }
            _ => {
                self.scope = if value == "any" {
                    Scope::Any
                } else {
                    Scope::Current
                };
                None
            }
        }
    }

    /// A word in fields with positions: any form in any language, unless `=`, `*` or `~` says otherwise.
    pub(super) fn word(&mut self, fields: &[Field], value: &str, wanted: bool) -> Option<Plan> {
        if let Some(form) = value.strip_prefix('=').filter(|form| !form.is_empty()) {
            let form = lower(form);
            if wanted {
                self.marks.forms.insert(form.clone());
            }
            return Some(anywhere(fields, |field| term(field, &exact(&form))));
        }
        if let Some(prefix) = value.strip_suffix('*') {
            let prefix = lower(prefix);
            if prefix.chars().count() >= MIN_PREFIX_CHARS {
                if wanted {
                    self.marks.prefixes.insert(prefix.clone());
                }
                let prefix = exact(&prefix);
                return Some(anywhere(fields, |field| Plan::Prefix {
                    field,
                    prefix: prefix.clone(),
                }));
            }
            self.repairs
                .push(Repair::with(RepairKind::ShortPrefix, value));
        }
        if let Some((form, letters)) = like(value) {
            if form.chars().count() >= MIN_LIKE_CHARS {
                if wanted {
                    self.marks.like.insert((form.clone(), letters));
                }
                // A slip of the pen stands in some form of the word: its stem is as good as the form.
                let mut terms: Vec<String> = variants(&form)
                    .into_iter()
                    .filter_map(|variant| match variant.as_slice() {
                        [(_, term)] => Some(term.clone()),
                        _ => None,
                    })
                    .collect();
                terms.push(exact(&form));
                let plans = fields.iter().flat_map(|field| {
                    terms.iter().map(|term| Plan::Like {
                        field: *field,
                        term: term.clone(),
                        letters,
                    })
                });
                return Some(Plan::Any(plans.collect()));
            }
            self.repairs
                .push(Repair::with(RepairKind::ShortLike, value));
        }
        self.phrase(fields, value, 0, wanted)
    }

    /// Words one after the other, in any form in any language, with up to `slop` others between.
    pub(super) fn phrase(
        &mut self,
        fields: &[Field],
        value: &str,
        slop: u32,
        wanted: bool,
    ) -> Option<Plan> {
        let variants = variants(value);
        if variants.is_empty() {
            self.repairs.push(Repair::with(RepairKind::NoWord, value));
            return None;
        }
        if wanted {
            let terms = variants.iter().flatten().map(|(_, term)| term.clone());
            self.marks.terms.extend(terms);
        }
        let plans = fields.iter().flat_map(|field| {
            variants
                .iter()
                .map(|terms| plans::phrase(*field, terms, slop))
        });
        Some(Plan::Any(plans.collect()))
    }

    /// Bodies, places or persons by id or name, any of those between commas.
    pub(super) fn named(&mut self, kind: NameKind, list: &str, wanted: bool) -> Option<Plan> {
        let mut known = Vec::new();
        for value in list
            .split(',')
            .map(str::trim)
            .filter(|value| !value.is_empty())
        {
            let values = names::of_field(kind, value);
            if values.is_empty() {
                self.repairs.push(Repair::with(RepairKind::NoName, value));
            }
            known.extend(values);
        }
        if wanted {
            self.marks.named.extend(known.iter().cloned());
        }
        (!known.is_empty()).then_some(Plan::OneOf {
            field: Field::Named,
            values: known,
        })
    }

    /// What is named by a word of the program's own, any of those between commas.
    pub(super) fn known<T: serde::de::DeserializeOwned>(
        &mut self,
        field: &str,
        list: &str,
        judged: impl Fn(T) -> Judged,
    ) -> Option<Plan> {
        let mut plans = Vec::new();
        for word in list.split(',').filter(|word| !word.is_empty()) {
            match named_word(word) {
                Some(value) => plans.push((self.reader.judged)(&judged(value))),
                None => self
                    .repairs
                    .push(Repair::with(RepairKind::NoValue, word).near(field)),
            }
        }
        match plans.len() {
            0 | 1 => plans.pop(),
            _ => Some(Plan::Any(plans)),
        }
    }

    /// What is in a case, in none, or in one of some states.
    pub(super) fn case(&mut self, value: &str) -> Option<Plan> {
        match value {
            "yes" | "true" | "1" => Some((self.reader.judged)(&Judged::Case(None))),
            "no" | "false" | "0" => {
                let any = (self.reader.judged)(&Judged::Case(None));
                Some(Plan::Not(Box::new(any)))
            }
            states => self.known("case", states, |state| Judged::Case(Some(state))),
        }
    }

    /// A figure of a claim: `>1000`, `>=1000`, `<5`, `10..20`, `42`.
    pub(super) fn amount(&mut self, value: &str) -> Option<Plan> {
        let bounds = amounts(value);
        if bounds.is_none() {
            self.repairs.push(Repair::with(RepairKind::NoFigure, value));
        }
        let (from, to) = bounds?;
        Some(Plan::Within {
            number: Number::Amount,
            from,
            to,
        })
    }

    /// A language by its code.
    pub(super) fn language(&mut self, value: &str) -> Option<Plan> {
        let mut plans = Vec::new();
        for code in value.split(',') {
            match Language::from_code(code) {
                Some(language) => plans.push(demand(Field::Language, language.code().to_owned())),
                None => self
                    .repairs
                    .push(Repair::with(RepairKind::NoLanguage, code)),
            }
        }
        (!plans.is_empty()).then_some(Plan::Any(plans))
    }

    /// A day, month, year, a span of them, or the last days, weeks, months or years.
    pub(super) fn days(&mut self, number: Number, field: &str, value: &str) -> Option<Plan> {
        let days = match value.split_once("..") {
            Some((from, to)) => {
                let first = if from.is_empty() {
                    Some(None)
                } else {
                    span(from).map(|s| Some(s.0))
                };
                let last = if to.is_empty() {
                    Some(None)
                } else {
                    span(to).map(|s| Some(s.1))
                };
                first.zip(last)
            }
            None => back(value, self.reader.today)
                .map(|first| (Some(first), None))
                .or_else(|| span(value).map(|(first, end)| (Some(first), Some(end)))),
        };
        let Some((first, end)) = days else {
            self.repairs
                .push(Repair::with(RepairKind::NoDate, value).near(field));
            return None;
        };
        let seconds = |day: NaiveDate| {
            day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - self.reader.offset_s
        };
        Some(Plan::Within {
            number,
            from: first.map(seconds),
            to: end.map(|end| seconds(end) - 1),
        })
    }
}
