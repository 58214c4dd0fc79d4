//! Splits a sentence into tokens and gives each word its term: the normalised stem by which it is compared and indexed.
//!
//! Index and judge both take their terms from here, so they cannot disagree. A Kazakh or Russian ending behind a hyphen
//! («ІІМ-нің», «12%-ға», «1 358-ге», «5-й») is not a token of its own: it is kept as the `ending` of the token before it.

use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

use super::scripts::LatinDesign;
use super::{Language, detect, kazakh, numbers, russian, scripts};

static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Russian));
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Letters, with inner hyphens and apostrophes split off where they carry an ending («ІІМ-нің»).
    Word,
    /// Digits with their separators.
    Number,
    /// Anything else that is not a space: punctuation, %, №, currency signs.
    Sign,
}

/// One token of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// UTF-8 byte range in the analysed text, without the ending.
    pub span: Range<usize>,
    /// What the token is.
    pub kind: TokenKind,
    /// Lower-case form, with homoglyphs mended and Kazakh Latin in Cyrillic; the sign itself for signs.
    pub lower: String,
    /// The stem in the sentence's language; equal to `lower` for numbers and signs.
    pub term: String,
    /// Ending written behind a hyphen or an apostrophe, in lower case: «ге» of «1 358-ге»; empty for most tokens.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ending: String,
}

/// Splits `text[span]` into tokens with their terms.
pub fn tokens(text: &str, span: Range<usize>, language: Language) -> Vec<Token> {
    let written = &text[span.clone()];
    let latin_kazakh = (language == Language::Kk && detect::is_latin_script(written))
        .then(|| LatinDesign::of(written));
    let mut scanner = Scanner {
        text,
        at: span.start,
        end: span.end,
        language,
        latin_kazakh,
        out: Vec::new(),
    };
    while let Some(c) = scanner.peek(0) {
        if c.is_whitespace() || is_invisible(c) {
            scanner.at += c.len_utf8();
        } else if c.is_ascii_digit() {
            scanner.number();
        } else if c.is_alphabetic() {
            scanner.word();
        } else {
            scanner.sign(c);
        }
    }
    scanner.out
}

/// The term of one word in a language: what the index stores and the judge compares.
pub fn term(word: &str, language: Language) -> String {
    let lower = scripts::normalise(word);
    stem(&lower, language)
}

/// The term of a word that is in its normal form already.
pub(in crate::language) fn stem(lower: &str, language: Language) -> String {
    if !lower.chars().any(char::is_alphabetic) {
        return lower.to_owned();
    }
    let latin = lower.chars().any(scripts::is_latin);
    match language {
        Language::Kk if latin => {
            let design = LatinDesign::of(lower);
            kazakh::stem(&scripts::kazakh_latin_to_cyrillic(lower, design))
        }
        Language::Kk => kazakh::stem(lower),
        Language::Ru if latin => ENGLISH.stem(lower).into_owned(),
        Language::Ru => russian::irregular(lower)
            .map_or_else(|| russian::tidy(&RUSSIAN.stem(lower)), str::to_owned),
        Language::En => ENGLISH.stem(lower).into_owned(),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}'
    )
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‑' | '‐')
}

/// Spaces and apostrophes that may stand between groups of three digits.
fn is_group_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{00A0}' | '\u{202F}' | '\u{2009}' | '\u{2007}' | '\'' | '’'
    )
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    language: Language,
    /// The alphabet of Kazakh in Latin letters.
    latin_kazakh: Option<LatinDesign>,
    out: Vec<Token>,
}

impl Scanner<'_> {
    /// The character `skip` characters ahead.
    fn peek(&self, skip: usize) -> Option<char> {
        self.text[self.at..self.end].chars().nth(skip)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) {
        let start = self.at;
        let first = self.digits();
        if first <= 3 && !self.text[start..self.at].starts_with('0') {
            while self.group() {}
        }
        // «1.245,5», «12.03.2026», «12:30»: separators with a digit on both sides belong to the number.
        while self.peek(0).is_some_and(|c| matches!(c, '.' | ',' | ':'))
            && self.peek(1).is_some_and(|c| c.is_ascii_digit())
        {
            self.at += 1;
            self.digits();
        }
        let span = start..self.at;
        let lower: String = self.text[span.clone()]
            .chars()
            .filter(|&c| !is_group_separator(c))
            .collect();
        let ending = self.ending(true);
        self.out.push(Token {
            span,
            kind: TokenKind::Number,
            term: lower.clone(),
            lower,
            ending,
        });
    }

    /// Takes one more group of three digits.
    fn group(&mut self) -> bool {
        let rest = &self.text[self.at..self.end];
        let mut chars = rest.chars();
        let Some(separator) = chars.next().filter(|&c| is_group_separator(c)) else {
            return false;
        };
        let three = chars.as_str().as_bytes();
        let grouped = three.len() >= 3
            && three[..3].iter().all(u8::is_ascii_digit)
            && !three.get(3).is_some_and(u8::is_ascii_digit);
        if grouped {
            self.at += separator.len_utf8() + 3;
        }
        grouped
    }

    /// Takes the ending behind a hyphen, or the letters of an English ordinal.
    fn ending(&mut self, after_number: bool) -> String {
        let rest = &self.text[self.at..self.end];
        let hyphen = rest.chars().next().filter(|&c| {
            is_hyphen(c) || matches!(c, '\'' | '’' | 'ʼ') || (after_number && c == '–')
        });
        let skip = hyphen.map_or(0, char::len_utf8);
        let letters: String = rest[skip..]
            .chars()
            .take_while(|c| c.is_alphabetic())
            .collect();
        if letters.is_empty() || (hyphen.is_none() && !after_number) {
            return String::new();
        }
        let follows_hyphen = rest[skip + letters.len()..]
            .chars()
            .next()
            .is_some_and(is_hyphen);
        let cyrillic = self.lower(&letters);
        let is_ending = match (hyphen.is_some(), after_number) {
            (true, true) => numbers::is_number_ending(&cyrillic) && !follows_hyphen,
            (false, true) => {
                matches!(cyrillic.as_str(), "st" | "nd" | "rd" | "th")
                    || self.is_glued_ending(&cyrillic)
            }
            _ => {
                self.language != Language::En
                    && kazakh::ending(&cyrillic).is_some()
                    && !follows_hyphen
            }
        };
        if !is_ending {
            return String::new();
        }
        self.at += skip + letters.len();
        cyrillic
    }

    /// «1247ге», «90х»: an ending written without a hyphen, where it cannot be a unit.
    fn is_glued_ending(&self, letters: &str) -> bool {
        self.language != Language::En
            && letters.chars().count() > 1
            && !matches!(
                letters,
                "га" | "км" | "кг" | "мм" | "см" | "тг" | "кк" | "мин"
            )
            && numbers::is_number_ending(letters)
    }

    fn word(&mut self) {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            let joins = (is_hyphen(c) || matches!(c, '\'' | '’' | 'ʼ' | '`'))
                && self.at > start
                && self.peek(1).is_some_and(char::is_alphabetic);
            if !(c.is_alphabetic() || is_mark(c) || is_invisible(c) || joins) {
                break;
            }
            self.at += c.len_utf8();
        }
        self.split_word(start..self.at);
    }

    /// Takes a written word apart at hyphens that carry an ending or join numbers and months.
    fn split_word(&mut self, span: Range<usize>) {
        let raw = &self.text[span.clone()];
        if let Some(cut) = raw
            .char_indices()
            .rev()
            .find(|&(_, c)| is_hyphen(c) || matches!(c, '\'' | '’'))
            .map(|(at, _)| at)
        {
            let mark = raw[cut..].chars().next().map_or(1, char::len_utf8);
            let (head, tail) = (&raw[..cut], &raw[cut + mark..]);
            let tail = self.lower(tail);
            let english_possessive =
                self.language == Language::En && tail == "s" && !raw[cut..].starts_with('-');
            let case = self.language != Language::En
                && self.may_carry_ending(head)
                && kazakh::ending(&tail).is_some();
            if english_possessive || case {
                self.push_word(span.start..span.start + cut, tail);
                return;
            }
        }
        if let Some(cut) = raw
            .char_indices()
            .find(|&(at, c)| is_hyphen(c) && self.joins_numbers(raw, at))
            .map(|(at, _)| at)
        {
            let mark = raw[cut..].chars().next().map_or(1, char::len_utf8);
            self.push_word(span.start..span.start + cut, String::new());
            let sign = span.start + cut..span.start + cut + mark;
            self.push_sign(sign.clone());
            self.split_word(sign.end..span.end);
            return;
        }
        self.push_word(span, String::new());
    }

    /// Endings follow capitals («ІІМ-нің») and, in Kazakh, names («Apple-дың»); «ал-ал» is another word.
    fn may_carry_ending(&self, head: &str) -> bool {
        let last = head.chars().last();
        last.is_some_and(char::is_uppercase)
            || (self.language == Language::Kk
                && head.chars().next().is_some_and(char::is_uppercase))
    }

    fn joins_numbers(&self, raw: &str, cut: usize) -> bool {
        let head = self.lower(raw[..cut].rsplit(is_hyphen).next().unwrap_or_default());
        let tail = self.lower(
            raw[cut..]
                .trim_start_matches(is_hyphen)
                .split(is_hyphen)
                .next()
                .unwrap_or_default(),
        );
        numbers::joins_by_hyphen(&head, self.language)
            && numbers::joins_by_hyphen(&tail, self.language)
    }

    fn lower(&self, raw: &str) -> String {
        let lower = scripts::normalise(raw);
        match self.latin_kazakh {
            Some(design) => scripts::kazakh_latin_to_cyrillic(&lower, design),
            None => lower,
        }
    }

    fn push_word(&mut self, span: Range<usize>, ending: String) {
        let lower = self.lower(&self.text[span.clone()]);
        let term = stem(&lower, self.language);
        self.out.push(Token {
            span,
            kind: TokenKind::Word,
            lower,
            term,
            ending,
        });
    }

    fn sign(&mut self, c: char) {
        let start = self.at;
        self.at += c.len_utf8();
        self.push_sign(start..self.at);
        if matches!(c, '%' | '»' | '”' | '"' | '₸' | '$' | '€') {
            let ending = self.ending(false);
            if let Some(last) = self.out.last_mut() {
                last.ending = ending;
            }
        }
    }

    fn push_sign(&mut self, span: Range<usize>) {
        let lower = self.text[span.clone()].to_owned();
        self.out.push(Token {
            span,
            kind: TokenKind::Sign,
            term: lower.clone(),
            lower,
            ending: String::new(),
        });
    }
}

/// Combining marks inside a word.
fn is_mark(c: char) -> bool {
    ('\u{0300}'..='\u{036F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, language: Language) -> Vec<String> {
        tokens(text, 0..text.len(), language)
            .into_iter()
            .map(|t| {
                if t.ending.is_empty() {
                    t.lower
                } else {
                    format!("{}+{}", t.lower, t.ending)
                }
            })
            .collect()
    }

    #[test]
    fn endings_behind_hyphens_are_kept_with_their_token() {
        for (text, language, expected) in [
            (
                "ІІМ-нің 1 358-ге",
                Language::Kk,
                "ііім+нің 1358+ге".replace("ііі", "іі"),
            ),
            ("12%-ға өсті", Language::Kk, "12 %+ға өсті".to_owned()),
            (
                "«Қазақгаз»-дың",
                Language::Kk,
                "« қазақгаз »+дың".to_owned(),
            ),
            ("25-летний", Language::Ru, "25 - летний".to_owned()),
            ("5-й", Language::Ru, "5+й".to_owned()),
            ("вице-министр", Language::Ru, "вице-министр".to_owned()),
            ("январе-марте", Language::Ru, "январе - марте".to_owned()),
            ("twenty-five", Language::En, "twenty - five".to_owned()),
            (
                "Kazakhstan's 21st",
                Language::En,
                "kazakhstan+s 21+st".to_owned(),
            ),
            ("274-баптың", Language::Kk, "274 - баптың".to_owned()),
        ] {
            assert_eq!(words(text, language).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn groups_of_digits_are_one_number() {
        for (text, expected) in [
            ("1 245 лет", "1245 лет"),
            ("1\u{00A0}245\u{202F}300", "1245300"),
            ("в 2025 163 480", "в 2025 163480"),
            ("12.03.2026, 12:30", "12.03.2026 , 12:30"),
            ("1,245.5", "1,245.5"),
            ("5 2026", "5 2026"),
        ] {
            assert_eq!(words(text, Language::Ru).join(" "), expected);
        }
    }

    #[test]
    fn kazakh_latin_text_has_the_terms_of_cyrillic() {
        let latin = words("Qylmys sany azaıdy, 12 myń adam", Language::Kk);
        assert_eq!(latin.join(" "), "қылмыс саны азайды , 12 мың адам");
    }
}
