//! Turns what a reader typed into a plan, mending what is malformed and saying so; no input is an error.
//!
//! | written | finds |
//! | --- | --- |
//! | `суд приговор` | both words, in any of their forms, in any of the three languages |
//! | `"верховный суд"` | the words one after the other |
//! | `суд \| сот` | either; `OR` does the same |
//! | `-приговор` | not the word; `NOT` does the same |
//! | `(суд \| сот) -приговор` | groups |
//! | `=суды` | exactly this form |
//! | `приговор*` | words that begin so |
//! | `title:суд` `author:` `source:` `lang:` `role:` `url:` | in a field; `source:a,b` is either |
//! | `published:2026-01..2026-03` `published:2026` `published:-7d` | published then, ends included |
//! | `changed:yes` `gone:yes` `revision:any` | pages that changed, that are gone, every revision |

mod lex;

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};

use self::lex::{Token, lex};
use super::engine::{Field, Plan};
use super::words::exact;
use crate::language::Language;
use crate::language::terms::{self, TokenKind};

/// Longer queries are cut: nobody types them, and each word costs a look into every segment.
const MAX_CHARS: usize = 2_000;
/// More words than this are left out.
const MAX_WORDS: usize = 64;
/// Groups may stand in each other so deep.
const MAX_DEPTH: usize = 16;
/// A prefix shorter than this would stand for half the dictionary.
const MIN_PREFIX_CHARS: usize = 2;
/// A query as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// What entries must fulfil; `None` when nothing is asked for and everything matches.
    pub plan: Option<Plan>,
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
}

/// Reads a query; `today` anchors `published:-7d`, `offset_s` is how far east of UTC the reader's days begin, in seconds.
pub fn parse(text: &str, today: NaiveDate, offset_s: i64) -> Parsed {
    let mut repairs = Vec::new();
    let cut: String = text.chars().take(MAX_CHARS).collect();
    if cut.len() < text.len() {
        repairs.push(format!("only the first {MAX_CHARS} characters were read"));
    }
    let mut parser = Parser {
        tokens: lex(&cut, &mut repairs),
        at: 0,
        today,
        offset_s,
        marks: Marks::default(),
        repairs,
        scope: Scope::Current,
        n_words: 0,
    };
    let mut parts = Vec::new();
    while parser.at < parser.tokens.len() {
        parts.extend(parser.either(0, true));
        if parser.peek() == Some(&Token::Close) {
            parser
                .repairs
                .push("a `)` without `(` was left out".to_owned());
            parser.at += 1;
        }
    }
    Parsed {
        plan: all(parts),
        marks: parser.marks,
        repairs: parser.repairs,
        scope: parser.scope,
    }
}

/// Everything of several plans; `None` of none.
fn all(mut parts: Vec<Plan>) -> Option<Plan> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Plan::All(parts)),
    }
}

/// Reads pieces into a plan.
struct Parser {
    tokens: Vec<Token>,
    at: usize,
    today: NaiveDate,
    offset_s: i64,
    marks: Marks,
    repairs: Vec<String>,
    scope: Scope,
    n_words: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Alternatives kept apart by `|`, up to a `)` or the end. What is not `wanted` is not highlighted.
    fn either(&mut self, depth: usize, wanted: bool) -> Option<Plan> {
        let mut alternatives = Vec::new();
        let mut n_bars = 0;
        loop {
            alternatives.extend(self.every(depth, wanted));
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
        match alternatives.len() {
            0 | 1 => alternatives.pop(),
            _ => Some(Plan::Any(alternatives)),
        }
    }

    /// Items of which every one must hold.
    fn every(&mut self, depth: usize, wanted: bool) -> Option<Plan> {
        let mut parts = Vec::new();
        while let Some(token) = self.peek() {
            if matches!(token, Token::Or | Token::Close) {
                break;
            }
            parts.extend(self.item(depth, wanted));
        }
        all(parts)
    }

    /// A word, quotation, group, or the exclusion of one.
    fn item(&mut self, depth: usize, wanted: bool) -> Option<Plan> {
        let token = self.peek()?.clone();
        self.at += 1;
        match token {
            Token::Or | Token::Close => None,
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
                let plan = self.either(depth + 1, wanted);
                if self.peek() == Some(&Token::Close) {
                    self.at += 1;
                } else {
                    self.repairs
                        .push("an open `(` was closed at the end".to_owned());
                }
                plan
            }
            Token::Word(field, word) => self.field(field.as_deref(), &word, false, wanted),
            Token::Quote(field, text) => self.field(field.as_deref(), &text, true, wanted),
        }
    }

    /// A word or quotation, in a field or in title and text.
    fn field(
        &mut self,
        field: Option<&str>,
        value: &str,
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
            None => self.text(&[Field::Title, Field::Body], value, quoted, wanted),
            Some("title") => self.text(&[Field::Title], value, quoted, wanted),
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
            Some("published") => self.published(value),
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

    /// Words in fields with positions: any form in any language, unless `=` or `*` says otherwise.
    fn text(&mut self, fields: &[Field], value: &str, quoted: bool, wanted: bool) -> Option<Plan> {
        if !quoted {
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
        }
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
                    slop: 0,
                },
            })
        });
        Some(Plan::Any(plans.collect()))
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
    fn published(&mut self, value: &str) -> Option<Plan> {
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
            None => back(value, self.today)
                .map(|first| (Some(first), None))
                .or_else(|| span(value).map(|(first, end)| (Some(first), Some(end)))),
        };
        let Some((first, end)) = days else {
            self.repairs.push(format!(
                "`published:{value}` is no date; write 2026-01-31, 2026-01, 2026, 2026-01..2026-03 or -7d"
            ));
            return None;
        };
        let seconds = |day: NaiveDate| {
            day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - self.offset_s
        };
        Some(Plan::Published {
            from: first.map(seconds),
            to: end.map(|end| seconds(end) - 1),
        })
    }
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
