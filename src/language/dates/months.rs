//! The names of months, quarters and weekdays in every form.

use super::super::Language;
use super::super::kazakh;

const RUSSIAN: [&str; 12] = [
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
];
const KAZAKH: [&str; 12] = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
];
/// Kazakh months as typed without the Kazakh letters.
const KAZAKH_PLAIN: [&str; 12] = [
    "кантар",
    "акпан",
    "наурыз",
    "сауир",
    "мамыр",
    "маусым",
    "шилде",
    "тамыз",
    "кыркуйек",
    "казан",
    "караша",
    "желтоксан",
];
const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const ENGLISH_SHORT: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The month (1 to 12) a lower-case word names in any of its forms.
pub fn month(lower: &str, language: Language) -> Option<u32> {
    let found = match language {
        Language::Ru => RUSSIAN.iter().position(|stem| {
            lower
                .strip_prefix(stem)
                .is_some_and(|tail| russian_tail(stem, tail))
        }),
        Language::Kk => kazakh_month(lower),
        Language::En => ENGLISH.iter().position(|name| lower == *name).or_else(|| {
            ENGLISH_SHORT
                .iter()
                .position(|name| lower == *name || (lower == "sept" && *name == "sep"))
        }),
    };
    found.and_then(|index| u32::try_from(index + 1).ok())
}

/// Months as headings of tables shorten them, in Russian and Kazakh.
const SHORT: [&str; 12] = [
    "янв қаң",
    "фев февр ақп",
    "мар нау",
    "апр сәу",
    "мам",
    "июн мау",
    "июл шіл",
    "авг там",
    "сен сент қыр",
    "окт қаз",
    "ноя нояб қар",
    "дек жел",
];

/// The month (1 to 12) that a lower-case word of a heading names in any language, whole or shortened.
pub fn month_of_heading(lower: &str) -> Option<u32> {
    let mut languages = [Language::Ru, Language::Kk, Language::En].into_iter();
    let whole = languages.find_map(|language| month(lower, language));
    whole.or_else(|| {
        let mut months = (1..).zip(SHORT);
        let found = months.find(|(_, names)| names.split(' ').any(|name| name == lower));
        found.map(|(n, _)| n)
    })
}

fn russian_tail(stem: &str, tail: &str) -> bool {
    match stem {
        "ма" => matches!(tail, "й" | "я" | "ю" | "ем" | "е"),
        "март" | "август" => matches!(tail, "" | "а" | "у" | "ом" | "е"),
        _ => matches!(tail, "ь" | "я" | "ю" | "ем" | "е"),
    }
}

fn kazakh_month(lower: &str) -> Option<usize> {
    // «қазанның» is the month, «қазандық» the boiler: only endings of a case, with or without a possessive.
    let named = |names: &[&str; 12]| {
        names.iter().position(|name| {
            kazakh::ending_after(lower, name).is_some()
                || (name.ends_with("ек")
                    && lower
                        .strip_prefix(name.trim_end_matches('к'))
                        .and_then(|tail| tail.strip_prefix('г'))
                        .is_some_and(|tail| kazakh::ending(tail).is_some()))
        })
    };
    named(&KAZAKH).or_else(|| named(&KAZAKH_PLAIN))
}

/// The weekday (0 is Monday) a lower-case word names.
pub fn weekday(lower: &str, language: Language) -> Option<u32> {
    let names: [&str; 7] = match language {
        Language::Ru => [
            "понедельник",
            "вторник",
            "сред",
            "четверг",
            "пятниц",
            "суббот",
            "воскресень",
        ],
        Language::Kk => [
            "дүйсенбі",
            "сейсенбі",
            "сәрсенбі",
            "бейсенбі",
            "жұма",
            "сенбі",
            "жексенбі",
        ],
        Language::En => [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ],
    };
    let found = names
        .iter()
        .position(|name| match (language, lower.strip_prefix(name)) {
            (Language::Ru, Some(tail)) => {
                tail.chars().count() <= 2
                    && (*name != "сред" || matches!(tail, "а" | "у" | "ы" | "е"))
            }
            (Language::Kk, Some(tail)) => kazakh::ending(tail).is_some(),
            (Language::En, Some(tail)) => tail.is_empty(),
            (_, None) => false,
        });
    found.and_then(|index| u32::try_from(index).ok())
}

/// A Roman numeral up to four, as quarters and half-years are numbered; Cyrillic «І» counts.
pub fn roman(lower: &str) -> Option<u32> {
    let latin: String = lower
        .chars()
        .map(|c| if c == 'і' { 'i' } else { c })
        .collect();
    match latin.as_str() {
        "i" => Some(1),
        "ii" => Some(2),
        "iii" => Some(3),
        "iv" | "іv" => Some(4),
        _ => None,
    }
}
