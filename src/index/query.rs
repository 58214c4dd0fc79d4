//! Turns what a reader typed into a plan, mending what is malformed and saying so; no input is an error.
//!
//! | written | finds |
//! | --- | --- |
//! | `суд приговор` | both words, in any of their forms, in any of the three languages |
//! | `МВД`, `Алматы`, `Жумагулов` | a body, place or person also by its other names, spellings and languages |
//! | `кылмыс`, `prokuratura` | without the letters of Kazakh, or in Latin ones: also the words that occur and may be meant |
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

mod fields;
mod filters;
mod lex;
mod plans;
mod values;

use std::collections::BTreeSet;

use chrono::NaiveDate;

pub(super) use self::filters::narrowed;
pub use self::filters::{Filter, filtered, filters};
use self::lex::{Token, lex};
use self::plans::{all, chained, variants, variants_in};
use super::engine::{Field, Plan};
use super::names;
use crate::language::NameKind;
use crate::model::{
    Agencies, CaseState, Expansion, Facet, HitKind, Label, Repair, RepairKind, SlotName,
};

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
/// Shorter words of a thing's other names are not highlighted: they stand everywhere («с», "of").
const MIN_MARKED_CHARS: usize = 3;
/// What a name found in another language or spelling is worth: about as much as a rare word.
const NAMED_WORTH: u32 = 5;

/// What a query is read against.
pub struct Reader<'a> {
    /// The reader's day, for `published:-7d`.
    pub today: NaiveDate,
    /// How far east of UTC the reader's days begin, in seconds.
    pub offset_s: i64,
    /// What is searched.
    pub kind: HitKind,
    /// How many of what is indexed hold a value or term in a field.
    pub n_holders: &'a dyn Fn(Field, &str) -> u64,
    /// Those of which something was found out after they were indexed.
    pub judged: &'a dyn Fn(&Judged) -> Plan,
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
    /// What was mended.
    pub repairs: Vec<Repair>,
    /// Which revisions are searched.
    pub scope: Scope,
    /// What is searched.
    pub kind: HitKind,
    /// Ids of the cases that whoever asks sees; `None` for all.
    pub cases: Option<BTreeSet<String>>,
    /// The agencies whose verdicts whoever asks sees; `None` for all.
    pub agencies: Option<Agencies>,
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
        repairs.push(Repair::with(RepairKind::TooLong, MAX_CHARS.to_string()));
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
        kind: reader.kind,
        cases: None,
        agencies: None,
    }
}

/// Where a word outside of any field is looked for. The title of a page is no part of each claim in it.
fn spoken_in(kind: HitKind) -> &'static [Field] {
    match kind {
        HitKind::Pages | HitKind::Publications | HitKind::Records => &[Field::Title, Field::Body],
        HitKind::Claims | HitKind::Cases => &[Field::Body],
    }
}

/// Reads pieces into a plan.
struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    reader: &'a Reader<'a>,
    marks: Marks,
    expansions: Vec<Expansion>,
    repairs: Vec<Repair>,
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
                self.repairs.push(Repair::of(RepairKind::LooseClose));
                self.at += 1;
            }
        }
        parts
    }

    /// What the query saved under a name asks for.
    fn saved(&mut self, name: &str, depth: usize, wanted: bool) -> Option<Plan> {
        self.n_saved += 1;
        if self.n_saved > MAX_SAVED || depth >= MAX_DEPTH {
            self.repairs
                .push(Repair::with(RepairKind::SavedTooDeep, name));
            return None;
        }
        let Some(text) = (self.reader.saved)(name) else {
            self.repairs.push(Repair::with(RepairKind::NoSaved, name));
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
            self.repairs.push(Repair::of(RepairKind::LooseOr));
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
            // A word that only ends like a surname is one where somebody is called so.
            let name = name.filter(|name| name.kind != NameKind::Person || self.occurs(name));
            let guessed = match name {
                Some(_) => None,
                None => self.by_sound(&run[at], at).or_else(|| {
                    let n_holders = |term: &str| self.n_speaking(term);
                    names::asked_by_spelling(&run[at], at, &n_holders)
                }),
            };
            let name = name.or(guessed.as_ref());
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

    /// A word as a name that is not listed, if it sounds like one that occurs.
    fn by_sound(&self, word: &str, at: usize) -> Option<names::Asked> {
        names::asked_by_sound(word, at).filter(|name| self.occurs(name))
    }

    /// Whether anything that is indexed names what a name of the query does.
    fn occurs(&self, name: &names::Asked) -> bool {
        let mut values = name.values.iter();
        values.any(|value| (self.reader.n_holders)(Field::Named, value) > 0)
    }

    /// How many entries hold a term where words are looked for, those that hold it in two places twice.
    fn n_speaking(&self, term: &str) -> u64 {
        let fields = spoken_in(self.reader.kind).iter();
        fields
            .map(|field| (self.reader.n_holders)(*field, term))
            .sum()
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
        let mut plans: Vec<Plan> = values.collect();
        for (language, form) in &name.forms {
            let terms = variants_in(form, *language, |token| token.term);
            if wanted {
                let terms = terms.iter().map(|(_, term)| term);
                let longer = terms.filter(|term| term.chars().count() >= MIN_MARKED_CHARS);
                self.marks.terms.extend(longer.cloned());
            }
            let fields = spoken_in(self.reader.kind).iter();
            plans.extend(fields.map(|field| plans::phrase(*field, &terms, 0)));
        }
        Plan::Any(plans)
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
            self.repairs.push(Repair::of(RepairKind::LooseNear));
            return None;
        }
        if wanted {
            let terms = left.iter().chain(&right).flatten();
            self.marks.terms.extend(terms.map(|(_, term)| term.clone()));
        }
        let mut plans = Vec::new();
        for (left, right) in left.iter().flat_map(|l| right.iter().map(move |r| (l, r))) {
            for terms in [chained(left, right), chained(right, left)] {
                let fields = spoken_in(self.reader.kind).iter();
                plans.extend(fields.map(|field| Plan::Phrase {
                    field: *field,
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
                self.repairs.push(Repair::of(RepairKind::LooseNear));
                None
            }
            Token::Not => match self.peek() {
                None | Some(Token::Or | Token::Close | Token::Not) => {
                    self.repairs.push(Repair::of(RepairKind::LooseNot));
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
                    self.repairs.push(Repair::of(RepairKind::DeepGroup));
                    return None;
                }
                let parts = self.alternatives(depth + 1, wanted).into_iter();
                let plan = all(parts.map(|(_, plan)| plan).collect());
                if self.peek() == Some(&Token::Close) {
                    self.at += 1;
                } else {
                    self.repairs.push(Repair::of(RepairKind::OpenGroup));
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

#[cfg(test)]
mod tests;
