//! Writes days, moments, numbers and spans of time as each language prints them.
//!
//! Kazakh case endings follow the last sound of a number («5-ке», «6-ға»), and Russian nouns follow its last digits, so
//! nothing here hangs an ending on a value: numbers stand with the form of the noun that the count asks for, everything
//! else stands as a label and a value. Spaces inside a number or a date do not break.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeDelta, Utc, Weekday};
use rust_decimal::Decimal;

use crate::language::Language;

/// A space at which no line ends.
pub const NO_BREAK: char = '\u{a0}';
/// Offset of the clocks of Kazakhstan since 1 March 2024; letters carry the time that a reader's clock showed.
const LOCAL_OFFSET_SECONDS: i32 = 5 * 3600;

/// The months: genitive in Russian, as they stand after a day.
const MONTHS: [[&str; 3]; 12] = [
    ["қаңтар", "января", "January"],
    ["ақпан", "февраля", "February"],
    ["наурыз", "марта", "March"],
    ["сәуір", "апреля", "April"],
    ["мамыр", "мая", "May"],
    ["маусым", "июня", "June"],
    ["шілде", "июля", "July"],
    ["тамыз", "августа", "August"],
    ["қыркүйек", "сентября", "September"],
    ["қазан", "октября", "October"],
    ["қараша", "ноября", "November"],
    ["желтоқсан", "декабря", "December"],
];

/// The days of the week from Monday.
const WEEKDAYS: [[&str; 3]; 7] = [
    ["дүйсенбі", "понедельник", "Monday"],
    ["сейсенбі", "вторник", "Tuesday"],
    ["сәрсенбі", "среда", "Wednesday"],
    ["бейсенбі", "четверг", "Thursday"],
    ["жұма", "пятница", "Friday"],
    ["сенбі", "суббота", "Saturday"],
    ["жексенбі", "воскресенье", "Sunday"],
];

/// What a span of time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hours.
    Hour,
    /// Days of the calendar.
    CalendarDay,
    /// Days on which offices work.
    WorkingDay,
    /// Months of the calendar.
    Month,
    /// Years of the calendar.
    Year,
}

/// One of three texts, in the order of [`Language::ALL`].
pub fn pick<'a>(texts: &[&'a str; 3], language: Language) -> &'a str {
    texts[language as usize]
}

/// A day: `2026 жылғы 3 наурыз`, `3 марта 2026 года`, `3 March 2026`.
pub fn day(date: NaiveDate, language: Language) -> String {
    let month = MONTHS
        .get(date.month0() as usize)
        .map_or("", |names| pick(names, language));
    let (day, year, gap) = (date.day(), date.year(), NO_BREAK);
    match language {
        Language::Kk => format!("{year}{gap}жылғы {day}{gap}{month}"),
        Language::Ru => format!("{day}{gap}{month} {year}{gap}года"),
        Language::En => format!("{day}{gap}{month} {year}"),
    }
}

/// A day with the time that the clocks of the country showed.
pub fn moment(at: DateTime<Utc>, language: Language) -> String {
    let local = local(at);
    format!(
        "{}, {}",
        day(local.date_naive(), language),
        local.format("%H:%M")
    )
}

/// A moment by the clocks of the country.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    let offset =
        FixedOffset::east_opt(LOCAL_OFFSET_SECONDS).expect("five hours are less than a day");
    at.with_timezone(&offset)
}

/// The end of a day by the clocks of the country; `None` beyond the calendar.
pub fn end_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc();
    // The clocks of the country are ahead: its midnight is earlier.
    midnight.checked_sub_signed(TimeDelta::seconds(LOCAL_OFFSET_SECONDS.into()))
}

/// The name of a day of the week.
pub fn weekday(weekday: Weekday, language: Language) -> &'static str {
    WEEKDAYS
        .get(weekday.num_days_from_monday() as usize)
        .map_or("", |names| pick(names, language))
}

/// A number: `1 284,5` in Kazakh and Russian, `1,284.5` in English.
pub fn number(value: Decimal, language: Language) -> String {
    let text = value.normalize().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let (group, point) = match language {
        Language::En => (',', '.'),
        Language::Kk | Language::Ru => (NO_BREAK, ','),
    };
    let mut out = String::new();
    if value.is_sign_negative() && !value.is_zero() {
        out.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

/// A share: `7,5 %` in Kazakh and Russian, `7.5%` in English.
pub fn percent(value: Decimal, language: Language) -> String {
    let number = number(value, language);
    match language {
        Language::En => format!("{number}%"),
        Language::Kk | Language::Ru => format!("{number}{NO_BREAK}%"),
    }
}

/// A span of time: `5 күнтізбелік күн`, `5 календарных дней`, `5 calendar days`.
pub fn span(amount: u32, unit: Unit, language: Language) -> String {
    let words = match language {
        Language::Kk => match unit {
            Unit::Hour => "сағат",
            Unit::CalendarDay => "күнтізбелік күн",
            Unit::WorkingDay => "жұмыс күні",
            Unit::Month => "ай",
            Unit::Year => "жыл",
        },
        Language::Ru => russian(amount, unit),
        Language::En => english(amount, unit),
    };
    format!("{amount}{NO_BREAK}{words}")
}

/// The Russian noun after a count: one, few or many.
fn russian(amount: u32, unit: Unit) -> &'static str {
    let forms = match unit {
        Unit::Hour => ["час", "часа", "часов"],
        Unit::CalendarDay => ["календарный день", "календарных дня", "календарных дней"],
        Unit::WorkingDay => ["рабочий день", "рабочих дня", "рабочих дней"],
        Unit::Month => ["месяц", "месяца", "месяцев"],
        Unit::Year => ["год", "года", "лет"],
    };
    let form = match (amount % 10, amount % 100) {
        (_, 11..=14) => 2,
        (1, _) => 0,
        (2..=4, _) => 1,
        _ => 2,
    };
    forms[form]
}

/// The English noun after a count.
fn english(amount: u32, unit: Unit) -> &'static str {
    let (one, many) = match unit {
        Unit::Hour => ("hour", "hours"),
        Unit::CalendarDay => ("calendar day", "calendar days"),
        Unit::WorkingDay => ("working day", "working days"),
        Unit::Month => ("month", "months"),
        Unit::Year => ("year", "years"),
    };
    if amount == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all<T>(of: impl Fn(Language) -> T) -> [T; 3] {
        Language::ALL.map(of)
    }

    #[test]
    fn days_and_moments_are_written_as_each_language_prints_them() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 3).unwrap();
        let expected = [
            "2026\u{a0}жылғы 3\u{a0}наурыз",
            "3\u{a0}марта 2026\u{a0}года",
            "3\u{a0}March 2026",
        ];
        assert_eq!(all(|language| day(date, language)), expected);
        // Late in the evening of London it is the next day here.
        let late = "2026-03-02T21:05:00Z".parse().unwrap();
        assert_eq!(moment(late, Language::En), "3\u{a0}March 2026, 02:05");
        assert_eq!(
            all(|language| weekday(Weekday::Sun, language)),
            ["жексенбі", "воскресенье", "Sunday"]
        );
    }

    #[test]
    fn numbers_group_their_digits_and_keep_their_sign() {
        for (value, kk, en) in [
            ("8741", "8\u{a0}741", "8,741"),
            ("999", "999", "999"),
            ("-1234567.50", "−1\u{a0}234\u{a0}567,5", "−1,234,567.5"),
            ("0.00", "0", "0"),
        ] {
            let value: Decimal = value.parse().unwrap();
            assert_eq!(number(value, Language::Kk), kk);
            assert_eq!(number(value, Language::Ru), kk);
            assert_eq!(number(value, Language::En), en);
        }
        assert_eq!(
            all(|language| percent(Decimal::new(75, 1), language)),
            ["7,5\u{a0}%", "7,5\u{a0}%", "7.5%"]
        );
    }

    #[test]
    fn the_noun_after_a_count_has_the_form_that_the_count_asks_for() {
        let russian =
            [1, 2, 5, 11, 12, 21, 22, 101, 111].map(|n| span(n, Unit::CalendarDay, Language::Ru));
        let ends = [
            "ый день",
            "ых дня",
            "ых дней",
            "ых дней",
            "ых дней",
            "ый день",
            "ых дня",
            "ый день",
            "ых дней",
        ];
        for (text, end) in russian.iter().zip(ends) {
            assert!(text.ends_with(end), "{text}");
        }
        assert_eq!(span(1, Unit::WorkingDay, Language::Kk), "1\u{a0}жұмыс күні");
        assert_eq!(span(5, Unit::WorkingDay, Language::Kk), "5\u{a0}жұмыс күні");
        assert_eq!(span(1, Unit::Month, Language::En), "1\u{a0}month");
    }
}
