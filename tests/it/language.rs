//! Reads the tables of `tests/claims`, and holds `language` to its properties on any text.

use aigaq::language::{Language, Lexicon, analyze};
use chrono::NaiveDate;
use proptest::prelude::{any, proptest};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
    none: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    value: Option<String>,
    role: Option<String>,
    mode: Option<String>,
    #[serde(default)]
    ru: Vec<String>,
    #[serde(default)]
    kk: Vec<String>,
    #[serde(default)]
    en: Vec<String>,
}

impl Case {
    fn phrasings(&self) -> impl Iterator<Item = (Language, &String)> {
        self.ru
            .iter()
            .map(|text| (Language::Ru, text))
            .chain(self.kk.iter().map(|text| (Language::Kk, text)))
            .chain(self.en.iter().map(|text| (Language::En, text)))
    }
}

fn written() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2026, 5, 15)
}

/// The first quantity of a text as value, role and mode.
fn first(language: Language, text: &str) -> Option<(String, String, String)> {
    let read = analyze(Lexicon::shipped(), text, Some(language), written());
    let quantity = read.first()?.quantities.first()?;
    let word = |field: serde_json::Value| field.as_str().unwrap_or_default().to_owned();
    Some((
        quantity.best.value.to_string(),
        word(serde_json::to_value(quantity.role).unwrap()),
        word(serde_json::to_value(quantity.mode).unwrap()),
    ))
}

#[test]
fn one_value_is_read_from_many_phrasings() {
    let table: Table = toml::from_str(include_str!("../claims/quantities.toml")).unwrap();
    for case in &table.case {
        let expected = Some((
            case.value.clone().unwrap(),
            case.role.clone().unwrap(),
            case.mode.clone().unwrap(),
        ));
        for (language, text) in case.phrasings() {
            assert_eq!(first(language, text), expected, "{}: {text}", case.name);
        }
    }
}

#[test]
fn what_counts_nothing_is_no_quantity() {
    let table: Table = toml::from_str(include_str!("../claims/quantities.toml")).unwrap();
    for case in &table.none {
        for (language, text) in case.phrasings() {
            assert_eq!(first(language, text), None, "{}: {text}", case.name);
        }
    }
}

/// Every span must be cut at characters, lie in its sentence, and sentences must follow each other.
fn holds_its_properties(text: &str, hint: Option<Language>) {
    let mut last = 0;
    for sentence in analyze(Lexicon::shipped(), text, hint, written()) {
        assert!(sentence.span.start >= last && sentence.span.end <= text.len());
        last = sentence.span.end;
        let spans = sentence.tokens.iter().map(|t| &t.span);
        let spans = spans
            .chain(sentence.quantities.iter().map(|q| &q.span))
            .chain(sentence.periods.iter().map(|p| &p.span));
        let spans = spans
            .chain(sentence.names.iter().map(|n| &n.span))
            .chain(sentence.concepts.iter().map(|c| &c.span))
            .chain(sentence.cues.iter().map(|c| &c.span));
        for span in spans {
            assert!(
                text.get(span.clone())
                    .is_some_and(|words| !words.is_empty()),
                "{span:?} of {text:?}"
            );
            assert!(
                sentence.span.start <= span.start && span.end <= sentence.span.end,
                "{span:?} of {text:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        holds_its_properties(&text, None);
    }

    #[test]
    fn any_mixture_of_our_own_words_is_read_without_panic(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..25),
        language in proptest::sample::select(Language::ALL.to_vec()),
    ) {
        holds_its_properties(&words.join(" "), Some(language));
        holds_its_properties(&words.concat(), Some(language));
    }

    #[test]
    fn a_number_means_the_same_however_it_is_grouped(n in 10_000u32..999_999_999) {
        let digits = n.to_string();
        let mut groups: Vec<&str> = digits.as_bytes().rchunks(3).map(|group| std::str::from_utf8(group).unwrap()).collect();
        groups.reverse();
        for (language, separators) in [(Language::Ru, vec!["", " ", "\u{A0}", "\u{202F}"]), (Language::Kk, vec!["", " ", "\u{A0}"]), (Language::En, vec!["", ","])] {
            for separator in separators {
                let text = format!("{} %", groups.join(separator));
                let read = first(language, &text).map(|(value, ..)| value);
                assert_eq!(read, Some(digits.clone()), "{text}");
            }
        }
    }
}

/// Words and signs that the readers of numbers, dates and cues branch on.
const WORDS: &[&str] = &[
    "на",
    "до",
    "с",
    "в",
    "2026",
    "года",
    "1",
    "12,5",
    "1 245",
    "%",
    "млрд",
    "тыс",
    ".",
    ",",
    "–",
    "-",
    "(",
    ")",
    "«",
    "»",
    "\"",
    "марта",
    "I",
    "квартал",
    "два",
    "сорок",
    "тысяч",
    "с половиной",
    "не",
    "более",
    "чем",
    "годом ранее",
    "жылғы",
    "тоқсан",
    "мың",
    "жүз",
    "үштен",
    "бірі",
    "ға",
    "дейін",
    "азайды",
    "сәйкес",
    "кезеңде",
    "жарым",
    "from",
    "to",
    "by",
    "a",
    "half",
    "third",
    "million",
    "May",
    "in",
    "percent",
    "more",
    "than",
    "Q1",
    "31",
    "02.03.2026",
    "12:30",
    "№",
    "0",
    "99999999999999999999",
    "$",
    "e\u{301}",
    "и\u{306}",
    "İ",
    "ß",
    "mid-May",
    "прошлого года",
    "последние",
    "месяцев",
];

#[test]
fn a_range_that_ends_with_its_dash_is_read_without_panic() {
    for language in aigaq::language::Language::ALL {
        for text in ["from million –", "from 10 –", "5 –", "от миллиона –"] {
            let lexicon = aigaq::language::Lexicon::shipped();
            let sentences = aigaq::language::analyze(lexicon, text, Some(language), None);
            assert_eq!(sentences.len(), 1, "{text}");
        }
    }
}
