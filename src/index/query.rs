//! Turns what a reader typed into a plan, mending what is malformed and saying so; no input is an error.
//!
//! | written | finds |
//! | --- | --- |
//! | `суд приговор` | both words, in any of their forms, in any of the three languages |
//! | `МВД`, `Алматы`, `Жумагулов` | a body, place or person also by its other names, spellings and languages |
//! | `"верховный суд"` | the words one after the other; `"суд приговор"~3` with up to three others between |
//! | `суд NEAR/5 приговор` | the words in any order with up to five others between |
//! | `суд \| сот` | either; `OR` does the same |
//! | `-приговор` | not the word; `NOT` does the same |
//! | `(суд \| сот) -приговор` | groups |
//! | `=суды` | exactly this form, no other name of it |
//! | `приговор*` | words that begin so |
//! | `приговор~1` | words that differ in one letter, `~2` in two |
//! | `title:суд` `author:` `source:` `lang:` `role:` `url:` | in a field; `source:a,b` is either |
//! | `published:2026-01..2026-03` `published:2026` `published:-7d` | published then, ends included |
//! | `first_seen:-7d` | first seen then |
//! | `body:mia` `place:Алматы` `person:Жумагулов` | names this body, place or person: an id, or any name of it |
//! | `verdict:contradicted` `slot:period` | with such a claim, with a claim that differs from the record in this |
//! | `case:yes` `case:corrected` | in a case, in a case of this state |
//! | `amount:>1000` `amount:10..20` | with a claim of such a figure |
//! | `@name` | what the query saved under this name finds |
//! | `changed:yes` `gone:yes` `revision:any` | pages that changed, that are gone, every revision |

mod lex;

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use self::lex::{Token, lex};
use super::engine::{Field, Number, Plan};
use super::entry::AMOUNT_STEPS;
use super::names;
use super::words::exact;
use crate::language::terms::{self, TokenKind};
use crate::language::{Language, NameKind};
use crate::model::{CaseState, Expansion, Facet, Label, RevisionId, SlotName};

/// Longer queries are cut: nobody types them, and each word costs a look into every segment.
const MAX_CHARS: usize = 2_000;
/// More words than this are left out.
const MAX_WORDS: usize = 64;
/// Groups may stand in each other so deep.
const MAX_DEPTH: usize = 16;
/// A prefix shorter than this would stand for half the dictionary.
const MIN_PREFIX_CHARS: usize = 2;
/// Saved queries that one query may use, those within them included.
const MAX_SAVED: usize = 32;
/// Words of fewer letters are like too many others.
const MIN_LIKE_CHARS: usize = 4;
/// Most letters in which a word may differ: the engine's own bound.
const MAX_LIKE_LETTERS: u8 = 2;
/// What a name found in another language or spelling is worth: about as much as a rare word.
const NAMED_WORTH: u32 = 5;

/// What a query is read against.
pub struct Reader<'a> {
    /// The reader's day, for `published:-7d`.
    pub today: NaiveDate,
    /// How far east of UTC the reader's days begin, in seconds.
    pub offset_s: i64,
    /// The revisions of which something was found out after they were indexed.
    pub judged: &'a dyn Fn(&Judged) -> Vec<RevisionId>,
    /// The query that is saved under a name.
    pub saved: &'a dyn Fn(&str) -> Option<String>,
}

/// What is found out about a publication by judging it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// One of its claims has this verdict.
    Verdict(Label),
    /// One of its claims differs from the record in this slot.
    Slot(SlotName),
    /// It carries the claim of a case, of this state where one is given.
    Case(Option<CaseState>),
}

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What entries must fulfil, each part with the facet it filters by; everything matches when there is none.
    pub parts: Vec<(Option<Facet>, Plan)>,
    /// Names that are also searched for by their other names.
    pub expansions: Vec<Expansion>,
    /// What is highlighted.
    pub marks: Marks,
    /// What was mended, in words.
    pub repairs: Vec<String>,
    /// Which revisions are searched.
    pub scope: Scope,
}

/// Which revisions are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those that stand now.
    Current,
    /// The last text of pages that are gone.
    Gone,
    /// Every one.
    Any,
}

/// What is highlighted in a hit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Terms.
    pub terms: BTreeSet<String>,
    /// Forms as written.
    pub forms: BTreeSet<String>,
    /// Beginnings of words.
    pub prefixes: BTreeSet<String>,
    /// Forms with the number of letters in which a word may differ from them.
    pub like: BTreeSet<(String, u8)>,
    /// Bodies, places and persons, as values of the index.
    pub named: BTreeSet<String>,
}

impl Parsed {
    /// What entries must fulfil, less what filters by a facet; `None` when everything matches.
    pub fn plan_without(&self, left_out: Option<Facet>) -> Option<Plan> {
        let kept = self.parts.iter();
        let kept = kept.filter(|(facet, _)| facet.is_none() || *facet != left_out);
        all(kept.map(|(_, plan)| plan.clone()).collect())
    }
}

/// Reads a query.
pub fn parse(text: &str, reader: &Reader<'_>) -> Parsed {
    let mut repairs = Vec::new();
    let cut: String = text.chars().take(MAX_CHARS).collect();
    if cut.len() < text.len() {
        repairs.push(format!("only the first {MAX_CHARS} characters were read"));
    }
    let mut parser = Parser {
        tokens: lex(&cut, &mut repairs),
        at: 0,
        reader,
        marks: Marks::default(),
        expansions: Vec::new(),
        repairs,
        scope: Scope::Current,
        n_words: 0,
        n_saved: 0,
    };
    let parts = parser.whole(0, true);
    Parsed {
        parts,
        marks: parser.marks,
        expansions: parser.expansions,
        repairs: parser.repairs,
        scope: parser.scope,
    }
}

/// A query with a filter by a field in place of those by the same field.
pub(super) fn narrowed(text: &str, field: &str, value: &str) -> String {
    let mut pieces: Vec<String> = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        is_quoted ^= lex::is_quote(letter);
        if letter.is_whitespace() && !is_quoted {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(letter);
        }
    }
    let of_field = format!("{field}:");
    pieces.retain(|piece| !piece.is_empty() && !piece.to_lowercase().starts_with(&of_field));
    pieces.push(of_field + value);
    pieces.join(" ")
}

/// Everything of several plans; `None` of none.
fn all(mut parts: Vec<Plan>) -> Option<Plan> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Plan::All(parts)),
    }
}

/// Reads pieces into a plan.
struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    reader: &'a Reader<'a>,
    marks: Marks,
    expansions: Vec<Expansion>,
    repairs: Vec<String>,
    scope: Scope,
    n_words: usize,
    n_saved: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Everything up to the end.
    fn whole(&mut self, depth: usize, wanted: bool) -> Vec<(Option<Facet>, Plan)> {
        let mut parts = Vec::new();
        while self.at < self.tokens.len() {
            parts.extend(self.alternatives(depth, wanted));
            if self.peek() == Some(&Token::Close) {
                self.repairs
                    .push("a `)` without `(` was left out".to_owned());
                self.at += 1;
            }
        }
        parts
    }

    /// What the query saved under a name asks for.
    fn saved(&mut self, name: &str, depth: usize, wanted: bool) -> Option<Plan> {
        self.n_saved += 1;
        if self.n_saved > MAX_SAVED || depth >= MAX_DEPTH {
            self.repairs.push(format!(
                "`@{name}` was left out: too many saved queries, or one that uses itself"
            ));
            return None;
        }
        let Some(text) = (self.reader.saved)(name) else {
            self.repairs
                .push(format!("no query is saved as `@{name}`; it was left out"));
            return None;
        };
        let tokens = lex(&text, &mut self.repairs);
        let outer = (
            std::mem::replace(&mut self.tokens, tokens),
            std::mem::replace(&mut self.at, 0),
        );
        let parts = self.whole(depth + 1, wanted).into_iter();
        (self.tokens, self.at) = outer;
        all(parts.map(|(_, plan)| plan).collect())
    }

    /// Alternatives kept apart by `|`, up to a `)` or the end; a single one in its parts. What is not `wanted` is not
    /// highlighted.
    fn alternatives(&mut self, depth: usize, wanted: bool) -> Vec<(Option<Facet>, Plan)> {
        let mut alternatives = Vec::new();
        let mut n_bars = 0;
        loop {
            let parts = self.every(depth, wanted);
            if !parts.is_empty() {
                alternatives.push(parts);
            }
            if self.peek() != Some(&Token::Or) {
                break;
            }
            self.at += 1;
            n_bars += 1;
        }
        if n_bars >= alternatives.len().max(1) {
            self.repairs
                .push("a `|` without words on both sides was left out".to_owned());
        }
        if alternatives.len() <= 1 {
            return alternatives.pop().unwrap_or_default();
        }
        let whole =
            |parts: Vec<(Option<Facet>, Plan)>| all(parts.into_iter().map(|(_, p)| p).collect());
        let plans = alternatives.into_iter().filter_map(whole).collect();
        vec![(None, Plan::Any(plans))]
    }

    /// Items of which every one must hold.
    fn every(&mut self, depth: usize, wanted: bool) -> Vec<(Option<Facet>, Plan)> {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            if matches!(token, Token::Or | Token::Close) {
                break;
            }
            let facet = facet(token);
            if let Some(plan) = self.near(wanted) {
                parts.push((None, plan));
                continue;
            }
            let run = self.run();
            if run.is_empty() {
                parts.extend(self.item(depth, wanted).map(|plan| (facet, plan)));
            } else {
                self.at += run.len();
                let plans = self.words(&run, wanted).into_iter();
                parts.extend(plans.map(|plan| (None, plan)));
            }
        }
        parts
    }

    /// The plain words that stand here one after the other: those that may be names of several words.
    fn run(&self) -> Vec<String> {
        let rest = self.tokens[self.at..].iter();
        let mut run: Vec<String> = Vec::new();
        for token in rest {
            match token {
                Token::Word(None, word) if is_plain(word) => run.push(word.clone()),
                // The word before belongs to what follows.
                Token::Near(_) => {
                    run.pop();
                    break;
                }
                _ => break,
            }
        }
        run
    }

    /// Words, with the other names of the bodies, places and persons among them.
    fn words(&mut self, run: &[String], wanted: bool) -> Vec<Plan> {
        let typed: Vec<&str> = run.iter().map(String::as_str).collect();
        let named = names::asked(&typed);
        let mut plans = Vec::new();
        let mut at = 0;
        while at < run.len() {
            let name = named.iter().find(|name| name.words.start == at);
            let end = name.map_or(at + 1, |name| name.words.end.min(run.len()));
            let literal = run[at..end].iter();
            let literal: Vec<Plan> = literal
                .filter_map(|word| self.field(None, word, 0, false, wanted))
                .collect();
            let literal = all(literal);
            plans.extend(match (literal, name) {
                (Some(literal), Some(name)) => {
                    let by_name = self.by_name(&run[at..end].join(" "), name, wanted);
                    Some(Plan::Any(vec![literal, by_name]))
                }
                (literal, _) => literal,
            });
            at = end;
        }
        plans
    }

    /// A name by what the index calls it.
    fn by_name(&mut self, written: &str, name: &names::Asked, wanted: bool) -> Plan {
        if wanted {
            self.marks.named.extend(name.values.iter().cloned());
            self.expansions.push(Expansion {
                written: written.to_owned(),
                kind: name.kind,
                id: name.id.clone(),
                names: name.names.clone(),
            });
        }
        let values = name.values.iter().map(|value| Plan::Is {
            field: Field::Named,
            value: value.clone(),
            worth: Some(NAMED_WORTH),
        });
        Plan::Any(values.collect())
    }

    /// Two words or quotations that stand near to each other, in any order.
    fn near(&mut self, wanted: bool) -> Option<Plan> {
        let [first, Token::Near(slop), second] = self.tokens.get(self.at..self.at + 3)? else {
            return None;
        };
        let (left, right) = (variants(spoken(first)?), variants(spoken(second)?));
        let slop = *slop;
        self.at += 3;
        self.n_words += 2;
        if left.is_empty() || right.is_empty() || self.n_words > MAX_WORDS {
            self.repairs
                .push("`NEAR` without words on both sides was left out".to_owned());
            return None;
        }
        if wanted {
            let terms = left.iter().chain(&right).flatten();
            self.marks.terms.extend(terms.map(|(_, term)| term.clone()));
        }
        let mut plans = Vec::new();
        for (left, right) in left.iter().flat_map(|l| right.iter().map(move |r| (l, r))) {
            for terms in [chained(left, right), chained(right, left)] {
                plans.extend([Field::Title, Field::Body].map(|field| Plan::Phrase {
                    field,
                    terms: terms.clone(),
                    slop,
                }));
            }
        }
        Some(Plan::Any(plans))
    }

    /// A word, quotation, group, or the exclusion of one.
    fn item(&mut self, depth: usize, wanted: bool) -> Option<Plan> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Or | Token::Close => None,
            Token::Near(_) => {
                self.repairs
                    .push("`NEAR` without words on both sides was left out".to_owned());
                None
            }
            Token::Not => match self.peek() {
                None | Some(Token::Or | Token::Close | Token::Not) => {
                    self.repairs
                        .push("a `-` before nothing was left out".to_owned());
                    None
                }
                Some(_) => {
                    let plan = self.item(depth, false)?;
                    Some(Plan::Not(Box::new(plan)))
                }
            },
            Token::Open => {
                let is_deep = depth >= MAX_DEPTH;
                if is_deep {
                    self.repairs
                        .push("a group stands too deep and was opened".to_owned());
                    return None;
                }
                let parts = self.alternatives(depth + 1, wanted).into_iter();
                let plan = all(parts.map(|(_, plan)| plan).collect());
                if self.peek() == Some(&Token::Close) {
                    self.at += 1;
                } else {
                    self.repairs
                        .push("an open `(` was closed at the end".to_owned());
                }
                plan
            }
            Token::Word(None, word) if word.starts_with('@') => {
                self.saved(&word[1..], depth, wanted)
            }
            Token::Word(field, word) => self.field(field.as_deref(), &word, 0, false, wanted),
            Token::Quote(field, text, slop) => {
                self.field(field.as_deref(), &text, slop, true, wanted)
            }
        }
    }

    /// A word or quotation, in a field or in title and text.
    fn field(
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
                self.repairs
                    .push(format!("only the first {MAX_WORDS} words were read"));
            }
            return None;
        }
        match field {
            None if quoted => self.phrase(&[Field::Title, Field::Body], value, slop, wanted),
            None => self.word(&[Field::Title, Field::Body], value, wanted),
            Some("title") if quoted => self.phrase(&[Field::Title], value, slop, wanted),
            Some("title") => self.word(&[Field::Title], value, wanted),
            Some("author") => author(value),
            Some("source") => values(Field::Source, value, str::to_owned),
            Some("lang") => self.language(value),
            Some("role") => values(Field::Role, value, str::to_lowercase),
            Some("url") => values(Field::Url, value, |url| {
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
    fn word(&mut self, fields: &[Field], value: &str, wanted: bool) -> Option<Plan> {
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
            self.repairs.push(format!(
                "`{value}` is too short to stand for the beginning of words"
            ));
        }
        if let Some((form, letters)) = like(value) {
            if form.chars().count() >= MIN_LIKE_CHARS {
                if wanted {
                    self.marks.like.insert((form.clone(), letters));
                }
                let form = exact(&form);
                return Some(anywhere(fields, |field| Plan::Like {
                    field,
                    term: form.clone(),
                    letters,
                }));
            }
            self.repairs
                .push(format!("`{value}` is too short to be like other words"));
        }
        self.phrase(fields, value, 0, wanted)
    }

    /// Words one after the other, in any form in any language, with up to `slop` others between.
    fn phrase(&mut self, fields: &[Field], value: &str, slop: u32, wanted: bool) -> Option<Plan> {
        let variants = variants(value);
        if variants.is_empty() {
            self.repairs
                .push(format!("`{value}` holds no word and was left out"));
            return None;
        }
        if wanted {
            let terms = variants.iter().flatten().map(|(_, term)| term.clone());
            self.marks.terms.extend(terms);
        }
        let plans = fields.iter().flat_map(|field| {
            variants.iter().map(|variant| match variant.as_slice() {
                [(_, one)] => term(*field, one),
                terms => Plan::Phrase {
                    field: *field,
                    terms: terms.to_vec(),
                    slop,
                },
            })
        });
        Some(Plan::Any(plans.collect()))
    }

    /// Bodies, places or persons by id or name, any of those between commas.
    fn named(&mut self, kind: NameKind, list: &str, wanted: bool) -> Option<Plan> {
        let mut known = Vec::new();
        for value in list
            .split(',')
            .map(str::trim)
            .filter(|value| !value.is_empty())
        {
            let values = names::of_field(kind, value);
            if values.is_empty() {
                self.repairs.push(format!(
                    "`{value}` is no known name of this kind and was left out"
                ));
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
    fn known<T: serde::de::DeserializeOwned>(
        &mut self,
        field: &str,
        list: &str,
        judged: impl Fn(T) -> Judged,
    ) -> Option<Plan> {
        let mut values = Vec::new();
        let mut is_known = false;
        for word in list.split(',').filter(|word| !word.is_empty()) {
            match named_word(word) {
                Some(value) => {
                    is_known = true;
                    values.extend(self.revisions(&judged(value)));
                }
                None => self.repairs.push(format!("`{field}:` has no `{word}`")),
            }
        }
        is_known.then_some(of_revisions(values))
    }

    /// Publications in a case, in none, or in one of some states.
    fn case(&mut self, value: &str) -> Option<Plan> {
        match value {
            "yes" | "true" | "1" => Some(of_revisions(self.revisions(&Judged::Case(None)))),
            "no" | "false" | "0" => {
                let any = of_revisions(self.revisions(&Judged::Case(None)));
                Some(Plan::Not(Box::new(any)))
            }
            states => self.known("case", states, |state| Judged::Case(Some(state))),
        }
    }

    fn revisions(&self, judged: &Judged) -> Vec<String> {
        let revisions = (self.reader.judged)(judged).into_iter();
        revisions.map(|revision| revision.0).collect()
    }

    /// A figure of a claim: `>1000`, `>=1000`, `<5`, `10..20`, `42`.
    fn amount(&mut self, value: &str) -> Option<Plan> {
        let bounds = amounts(value);
        if bounds.is_none() {
            self.repairs.push(format!(
                "`amount:{value}` is no figure; write amount:1000, amount:>1000, amount:<=5 or amount:10..20"
            ));
        }
        let (from, to) = bounds?;
        Some(Plan::Within {
            number: Number::Amount,
            from,
            to,
        })
    }

    /// A language by its code.
    fn language(&mut self, value: &str) -> Option<Plan> {
        let mut plans = Vec::new();
        for code in value.split(',') {
            match Language::from_code(code) {
                Some(language) => plans.push(demand(Field::Language, language.code().to_owned())),
                None => self
                    .repairs
                    .push(format!("`{code}` is none of the languages kk, ru, en")),
            }
        }
        (!plans.is_empty()).then_some(Plan::Any(plans))
    }

    /// A day, month, year, a span of them, or the last days, weeks, months or years.
    fn days(&mut self, number: Number, field: &str, value: &str) -> Option<Plan> {
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
            self.repairs.push(format!(
                "`{field}:{value}` is no date; write 2026-01-31, 2026-01, 2026, 2026-01..2026-03 or -7d"
            ));
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

/// The facet that a piece of a query filters by.
fn facet(token: &Token) -> Option<Facet> {
    let (Token::Word(Some(field), _) | Token::Quote(Some(field), ..)) = token else {
        return None;
    };
    Facet::ALL.into_iter().find(|facet| facet.field() == field)
}

/// Whether a word is written without any sign of the query language.
fn is_plain(word: &str) -> bool {
    !word.starts_with(['=', '@']) && !word.contains(['*', '~'])
}

/// A word or quotation outside of any field.
fn spoken(token: &Token) -> Option<&str> {
    match token {
        Token::Word(None, text) | Token::Quote(None, text, _) => Some(text),
        _ => None,
    }
}

/// The terms of two phrases one after the other.
fn chained(left: &[(usize, String)], right: &[(usize, String)]) -> Vec<(usize, String)> {
    let moved = right
        .iter()
        .map(|(place, term)| (place + left.len(), term.clone()));
    left.iter().cloned().chain(moved).collect()
}

/// A form and in how many letters words may differ from it: `word~`, `word~2`.
fn like(value: &str) -> Option<(String, u8)> {
    let (form, letters) = value.rsplit_once('~')?;
    let letters = if letters.is_empty() {
        1
    } else {
        letters.parse().ok()?
    };
    (letters > 0).then(|| (lower(form), letters.min(MAX_LIKE_LETTERS)))
}

/// A value by the word it has in JSON; `-` may stand for `_`.
fn named_word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    let word = word.to_lowercase().replace('-', "_");
    serde_json::from_value(serde_json::Value::String(word)).ok()
}

/// Some revisions.
fn of_revisions(values: Vec<String>) -> Plan {
    Plan::OneOf {
        field: Field::Revision,
        values,
    }
}

/// The bounds of a figure in thousandths, ends included.
fn amounts(value: &str) -> Option<(Option<i64>, Option<i64>)> {
    let read = |text: &str| -> Option<i64> {
        let digits: String = text.chars().filter(|c| !matches!(c, '_' | '\'')).collect();
        let number = digits.replace(',', ".").parse::<Decimal>().ok()?;
        number
            .checked_mul(Decimal::from(AMOUNT_STEPS))?
            .trunc()
            .to_i64()
    };
    if let Some((from, to)) = value.split_once("..") {
        let bound = |text: &str| {
            if text.is_empty() {
                Some(None)
            } else {
                read(text).map(Some)
            }
        };
        return Some((bound(from)?, bound(to)?));
    }
    if let Some(least) = value.strip_prefix(">=") {
        return Some((Some(read(least)?), None));
    }
    if let Some(most) = value.strip_prefix("<=") {
        return Some((None, Some(read(most)?)));
    }
    if let Some(below) = value.strip_prefix('>') {
        return Some((Some(read(below)?.checked_add(1)?), None));
    }
    if let Some(above) = value.strip_prefix('<') {
        return Some((None, Some(read(above)?.checked_sub(1)?)));
    }
    let exactly = read(value)?;
    Some((Some(exactly), Some(exactly)))
}

/// Words of an author's name, all of them.
fn author(value: &str) -> Option<Plan> {
    let plans: Vec<Plan> = variants_in(value, Language::Ru, |token| token.lower)
        .into_iter()
        .map(|(_, lower)| demand(Field::Author, lower))
        .collect();
    all(plans)
}

/// Whether a value means yes.
fn is_yes(value: &str) -> bool {
    !matches!(value, "no" | "false" | "0")
}

/// A value that stands or does not.
fn flag(field: Field, value: &str, is_wanted: bool) -> Plan {
    let plan = demand(field, value.to_owned());
    if is_wanted {
        plan
    } else {
        Plan::Not(Box::new(plan))
    }
}

/// Any of the values between commas.
fn values(field: Field, list: &str, form: impl Fn(&str) -> String) -> Option<Plan> {
    let values = list.split(',').filter(|value| !value.is_empty());
    let plans: Vec<Plan> = values.map(|value| demand(field, form(value))).collect();
    (!plans.is_empty()).then_some(Plan::Any(plans))
}

/// A value that is demanded and does not rank.
fn demand(field: Field, value: String) -> Plan {
    Plan::Is {
        field,
        value,
        worth: Some(0),
    }
}

/// A term that ranks.
fn term(field: Field, value: &str) -> Plan {
    Plan::Is {
        field,
        value: value.to_owned(),
        worth: None,
    }
}

/// The same question to each of several fields.
fn anywhere(fields: &[Field], ask: impl Fn(Field) -> Plan) -> Plan {
    Plan::Any(fields.iter().map(|field| ask(*field)).collect())
}

/// The terms of some words in each of the three languages, without repeats.
fn variants(text: &str) -> Vec<Vec<(usize, String)>> {
    let mut variants: Vec<Vec<(usize, String)>> = Vec::new();
    for language in Language::ALL {
        let terms = variants_in(text, language, |token| token.term);
        if !terms.is_empty() && !variants.contains(&terms) {
            variants.push(terms);
        }
    }
    variants
}

/// The words of a text in one language, each with its place.
fn variants_in(
    text: &str,
    language: Language,
    form: impl Fn(terms::Token) -> String,
) -> Vec<(usize, String)> {
    terms::tokens(text, 0..text.len(), language)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Sign)
        .map(form)
        .enumerate()
        .collect()
}

/// A word in lower case, mended as the words of texts are.
fn lower(word: &str) -> String {
    terms::tokens(word, 0..word.len(), Language::Ru)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Sign)
        .map(|token| token.lower)
        .collect()
}

/// The first day of a day, month or year, and the day after its last.
fn span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let numbers: Vec<u32> = text
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let year = i32::try_from(*numbers.first()?).ok()?;
    if !(1900..=2999).contains(&year) {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(
        year,
        numbers.get(1).copied().unwrap_or(1),
        numbers.get(2).copied().unwrap_or(1),
    )?;
    let end = match numbers.len() {
        1 => first.checked_add_months(Months::new(12))?,
        2 => first.checked_add_months(Months::new(1))?,
        3 => first.checked_add_days(Days::new(1))?,
        _ => return None,
    };
    Some((first, end))
}

/// The first day of the last so many days, weeks, months or years.
fn back(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let counted = text.strip_prefix('-')?;
    let unit = counted.chars().next_back()?;
    let n: u32 = counted[..counted.len() - unit.len_utf8()].parse().ok()?;
    match unit {
        'd' => today.checked_sub_days(Days::new(u64::from(n))),
        'w' => today.checked_sub_days(Days::new(u64::from(n) * 7)),
        'm' => today.checked_sub_months(Months::new(n)),
        'y' => today.checked_sub_months(Months::new(n.checked_mul(12)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
