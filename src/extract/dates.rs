//! Reads dates as pages write them: ISO 8601 and RFC 2822 in attributes, and visible dates in Kazakh, Russian, English
//! and the commonest other languages, with the time and zone beside them.
//!
//! Only whole dates count (day, month and year); impossible ones are no dates. Which of several dates is the date of
//! publication is decided in [`super::when`].

mod months;

use chrono::{FixedOffset, NaiveDate, NaiveTime};

use months::number_of as month;

/// Longest line that can be nothing but a date with its label, in characters.
const MAX_DATE_LINE_CHARS: usize = 90;
/// Longest byline that may hold the date, in characters.
const MAX_BYLINE_CHARS: usize = 120;
/// Most tokens read of one text: a date near a title stands at the start.
const MAX_TOKENS: usize = 400;

/// A date with the time and zone written beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Day.
    pub(super) date: NaiveDate,
    /// Time, where written.
    pub(super) time: Option<NaiveTime>,
    /// Zone, where written.
    pub(super) offset: Option<FixedOffset>,
}

/// A token of a text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A number and how many digits it was written with.
    Number(u64, usize),
    /// A word in lower case.
    Word(String),
    /// Any other sign.
    Sign(char),
}

/// The first whole date of a text. `is_month_first` settles 03/04/2026.
pub(super) fn first(text: &str, is_month_first: bool) -> Option<Found> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| at_token(&tokens, at, is_month_first).map(|(found, _)| found))
}

/// Whether a line is nothing but a date, with or without a label, a place or a name beside it.
pub(super) fn is_date_line(text: &str) -> bool {
    text.chars().count() <= MAX_DATE_LINE_CHARS && words_beside(text, 3, 4)
}

/// Whether a line is a byline with a date: some names and no sentence.
pub(super) fn is_dated_byline(text: &str) -> bool {
    text.chars().count() <= MAX_BYLINE_CHARS && words_beside(text, 8, 8)
}

/// Whether a line has a date with at most so many words before and after it, and is no sentence.
fn words_beside(text: &str, most_before: usize, most_after: usize) -> bool {
    let tokens = tokens(text);
    let Some((start, end)) =
        (0..tokens.len()).find_map(|at| at_token(&tokens, at, false).map(|(_, end)| (at, end)))
    else {
        return false;
    };
    let n_words = |part: &[Token]| {
        part.iter()
            .filter(|token| matches!(token, Token::Word(word) if word.chars().count() > 1))
            .count()
    };
    let (n_before, n_after) = (n_words(&tokens[..start]), n_words(&tokens[end..]));
    let ends_sentence = text.trim_end().ends_with(['.', '!', '?']) && n_before >= 2;
    n_before <= most_before && n_after <= most_after && !ends_sentence
}

/// Cuts a text into tokens.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if tokens.len() >= MAX_TOKENS {
            break;
        }
        if let Some(digit) = letter.to_digit(10) {
            let (mut value, mut n) = (u64::from(digit), 1);
            while let Some(next) = letters.peek().and_then(|next| next.to_digit(10)) {
                value = value.saturating_mul(10).saturating_add(u64::from(next));
                n += 1;
                letters.next();
            }
            tokens.push(Token::Number(value, n));
        } else if matches!(letter, '年' | '月' | '日') {
            tokens.push(Token::Word(letter.to_string()));
        } else if letter.is_alphabetic() {
            let mut word: String = letter.to_lowercase().collect();
            while let Some(next) = letters
                .peek()
                .copied()
                .filter(|next| next.is_alphabetic() && !matches!(next, '年' | '月' | '日'))
            {
                word.extend(next.to_lowercase());
                letters.next();
            }
            tokens.push(Token::Word(word));
        } else if !letter.is_whitespace() {
            tokens.push(Token::Sign(letter));
        }
    }
    tokens
}

/// The number at a place, when it was written with that many digits.
fn number(tokens: &[Token], at: usize, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    match tokens.get(at)? {
        Token::Number(value, n) if digits.contains(n) => u32::try_from(*value).ok(),
        _ => None,
    }
}

/// Whether one of the signs stands at a place.
fn is_sign(tokens: &[Token], at: usize, signs: &str) -> bool {
    matches!(tokens.get(at), Some(Token::Sign(sign)) if signs.contains(*sign))
}

/// The word at a place.
fn word(tokens: &[Token], at: usize) -> Option<&str> {
    match tokens.get(at)? {
        Token::Word(word) => Some(word),
        _ => None,
    }
}

/// The date a text opens with, in brackets or after a place of three words at most: a dateline.
pub(super) fn opening(text: &str, is_month_first: bool) -> Option<Found> {
    let tokens = tokens(text);
    let end = tokens.len().min(6);
    let at = (0..end).find(|at| at_token(&tokens, *at, is_month_first).is_some())?;
    let is_place = tokens[..at].iter().all(|token| {
        matches!(
            token,
            Token::Word(_) | Token::Sign('(' | '[' | ',' | '.' | '-' | '–' | '—')
        )
    });
    let (found, end) = at_token(&tokens, at, is_month_first)?;
    // "On 2 March 2026 the court ruled" opens with a date that is not the text's own: a dateline is set off.
    let is_set_off = is_sign(&tokens, end, ")].-–—:|/")
        || (is_sign(&tokens, end, ",") && at > 0 && is_sign(&tokens, at - 1, ",(["));
    (is_place && is_set_off).then_some(found)
}

/// The date that starts at a token, with the token after it and its time.
fn at_token(tokens: &[Token], at: usize, is_month_first: bool) -> Option<(Found, usize)> {
    let (date, end) = numeric(tokens, at, is_month_first)
        .or_else(|| worded(tokens, at))
        .or_else(|| compact(tokens, at))?;
    let (time, offset, end) = time_after(tokens, end).unwrap_or_else(|| {
        let before = time_before(tokens, at);
        (before, None, end)
    });
    Some((Found { date, time, offset }, end))
}

/// 2026-03-02, 02.03.2026, 3/2/26.
fn numeric(tokens: &[Token], at: usize, is_month_first: bool) -> Option<(NaiveDate, usize)> {
    const SEPARATORS: &str = "-./–‑";
    if at > 0
        && is_sign(tokens, at - 1, "./")
        && number(tokens, at.wrapping_sub(2), 1..=20).is_some()
    {
        return None;
    }
    if !is_sign(tokens, at + 1, SEPARATORS) || !is_sign(tokens, at + 3, SEPARATORS) {
        return None;
    }
    let middle = number(tokens, at + 2, 1..=2)?;
    if let Some(year) = number(tokens, at, 4..=4) {
        let day = number(tokens, at + 4, 1..=2)?;
        return Some((day_of(year, middle, day)?, at + 5));
    }
    let start = number(tokens, at, 1..=2)?;
    let year = number(tokens, at + 4, 4..=4)
        .or_else(|| number(tokens, at + 4, 2..=2).map(|short| 2000 + short))?;
    let is_month_first = is_month_first && start <= 12 && !is_sign(tokens, at + 1, ".");
    let (day, month) = if is_month_first || middle > 12 {
        (middle, start)
    } else {
        (start, middle)
    };
    Some((day_of(year, month, day)?, at + 5))
}

/// «2 марта 2026», "March 2, 2026", «2026 жылғы 2 наурыз», 2026年3月2日.
fn worded(tokens: &[Token], at: usize) -> Option<(NaiveDate, usize)> {
    if let Some(name) = word(tokens, at) {
        let month = month(name)?;
        let after_name = skip(tokens, at + 1);
        let day = number(tokens, after_name, 1..=2)?;
        let after = skip(tokens, after_name + 1);
        let year = number(tokens, after, 4..=4)?;
        return Some((day_of(year, month, day)?, after + 1));
    }
    if let Some(day) = number(tokens, at, 1..=2) {
        let name_at = skip(tokens, at + 1);
        let month = month(word(tokens, name_at)?)?;
        let after = skip(tokens, name_at + 1);
        let year = number(tokens, after, 4..=4).or_else(|| {
            // 02-Mar-26
            number(tokens, after, 2..=2)
                .filter(|_| is_sign(tokens, after - 1, "-'’"))
                .map(|short| 2000 + short)
        })?;
        return Some((day_of(year, month, day)?, after + 1));
    }
    let year = number(tokens, at, 4..=4)?;
    let next = skip(tokens, at + 1);
    if let Some(day) = number(tokens, next, 1..=2) {
        if word(tokens, next + 1) == Some("月") {
            let month = day;
            let day = number(tokens, next + 2, 1..=2)?;
            return Some((day_of(year, month, day)?, next + 4));
        }
        let name_at = skip(tokens, next + 1);
        let month = month(word(tokens, name_at)?)?;
        return Some((day_of(year, month, day)?, name_at + 1));
    }
    // 2026, наурыз 2
    let month = month(word(tokens, next)?)?;
    let day_at = skip(tokens, next + 1);
    let day = number(tokens, day_at, 1..=2)?;
    Some((day_of(year, month, day)?, day_at + 1))
}

/// 20260302 and 20260302140500.
fn compact(tokens: &[Token], at: usize) -> Option<(NaiveDate, usize)> {
    let Token::Number(value, n) = tokens.get(at)? else {
        return None;
    };
    let value = match n {
        8 => *value,
        12 => value / 10_000,
        14 => value / 1_000_000,
        _ => return None,
    };
    let part = |divisor: u64, modulus: u64| u32::try_from(value / divisor % modulus).ok();
    Some((
        day_of(part(10_000, 10_000)?, part(100, 100)?, part(1, 100)?)?,
        at + 1,
    ))
}

/// Goes past what stands between the parts of a worded date.
fn skip(tokens: &[Token], at: usize) -> usize {
    let mut at = at;
    for _ in 0..3 {
        let is_joint = match tokens.get(at) {
            Some(Token::Sign(sign)) => ",.-–/'’".contains(*sign),
            Some(Token::Word(word)) => matches!(
                word.as_str(),
                "жылғы"
                    | "жылы"
                    | "жылдың"
                    | "ж"
                    | "г"
                    | "год"
                    | "года"
                    | "st"
                    | "nd"
                    | "rd"
                    | "th"
                    | "de"
                    | "of"
                    | "del"
                    | "числа"
                    | "року"
                    | "年"
                    | "er"
            ),
            _ => false,
        };
        if !is_joint {
            break;
        }
        at += 1;
    }
    at
}

/// A calendar day of the time of the web.
fn day_of(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok()?;
    (1990..=2100)
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, month, day))
        .flatten()
}

/// The time after a date: `T14:05:00+05:00`, `, 14:05`, «в 14:05», "at 2:05 p.m.".
fn time_after(
    tokens: &[Token],
    at: usize,
) -> Option<(Option<NaiveTime>, Option<FixedOffset>, usize)> {
    let mut at = at;
    for _ in 0..5 {
        match tokens.get(at)? {
            Token::Number(..) => break,
            Token::Sign(sign) if ",-–—|·•./(".contains(*sign) => at += 1,
            Token::Word(word)
                if matches!(
                    word.as_str(),
                    "t" | "в"
                        | "at"
                        | "сағат"
                        | "г"
                        | "года"
                        | "ж"
                        | "жыл"
                        | "um"
                        | "à"
                        | "o"
                        | "日"
                ) =>
            {
                at += 1
            }
            Token::Word(_) | Token::Sign(_) => return None,
        }
    }
    let (time, end) = time_at(tokens, at)?;
    let (offset, end) = offset_at(tokens, end);
    Some((Some(time), offset, end))
}

/// The time right before a date: `14:05, 2 марта 2026`.
fn time_before(tokens: &[Token], at: usize) -> Option<NaiveTime> {
    (3..=5).find_map(|back| {
        let start = at.checked_sub(back)?;
        let (time, end) = time_at(tokens, start)?;
        let is_joined = (end..at).all(|joint| is_sign(tokens, joint, ",-–—|·•/"));
        (is_joined && end <= at).then_some(time)
    })
}

/// A time at a token.
fn time_at(tokens: &[Token], at: usize) -> Option<(NaiveTime, usize)> {
    let hour = number(tokens, at, 1..=2)?;
    if !is_sign(tokens, at + 1, ":.") {
        return None;
    }
    let minute = number(tokens, at + 2, 2..=2)?;
    let mut end = at + 3;
    let mut second = 0;
    if is_sign(tokens, end, ":")
        && let Some(value) = number(tokens, end + 1, 2..=2)
    {
        second = value.min(59);
        end += 2;
        if is_sign(tokens, end, ".,") && number(tokens, end + 1, 1..=9).is_some() {
            end += 2;
        }
    }
    let half = match (word(tokens, end), word(tokens, end + 2)) {
        (Some("am"), _) | (Some("a"), Some("m")) => Some(false),
        (Some("pm"), _) | (Some("p"), Some("m")) => Some(true),
        _ => None,
    };
    let hour = match half {
        Some(is_afternoon) if hour <= 12 => hour % 12 + if is_afternoon { 12 } else { 0 },
        _ => hour,
    };
    if half.is_some() {
        end += if word(tokens, end).is_some_and(|word| word.len() == 1) {
            3
        } else {
            1
        };
    }
    Some((NaiveTime::from_hms_opt(hour, minute, second)?, end))
}

/// A zone at a token: Z, GMT, +05:00, +0500, GMT+5.
fn offset_at(tokens: &[Token], at: usize) -> (Option<FixedOffset>, usize) {
    let mut at = at;
    let mut named = None;
    if let Some(name) = word(tokens, at)
        && matches!(name, "z" | "gmt" | "utc" | "ut")
    {
        named = FixedOffset::east_opt(0);
        at += 1;
    }
    let sign = match tokens.get(at) {
        Some(Token::Sign('+')) => 1,
        Some(Token::Sign('-' | '−')) => -1,
        _ => return (named, at),
    };
    let Some(Token::Number(value, n)) = tokens.get(at + 1) else {
        return (named, at);
    };
    let Ok(value) = i32::try_from(*value) else {
        return (named, at);
    };
    let (hours, minutes, end) = match n {
        4 => (value / 100, value % 100, at + 2),
        1 | 2 if is_sign(tokens, at + 2, ":") => {
            let minutes = number(tokens, at + 3, 2..=2).and_then(|n| i32::try_from(n).ok());
            (value, minutes.unwrap_or(0), at + 4)
        }
        1 | 2 => (value, 0, at + 2),
        _ => return (named, at),
    };
    if hours > 14 || minutes > 59 {
        return (named, at);
    }
    (
        FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)),
        end,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_way_pages_write_them() {
        let cases = [
            ("2026-03-02T14:05:07+05:00", "2026-03-02 14:05:07", Some(5)),
            ("2026-03-02T14:05:07.123Z", "2026-03-02 14:05:07", Some(0)),
            (
                "Mon, 02 Mar 2026 14:05:00 +0500",
                "2026-03-02 14:05:00",
                Some(5),
            ),
            ("02.03.2026 14:05", "2026-03-02 14:05:00", None),
            ("14:05, 2 марта 2026", "2026-03-02 14:05:00", None),
            ("2 марта 2026 года, 09:30", "2026-03-02 09:30:00", None),
            ("2026 жылғы 2 наурыз", "2026-03-02", None),
            ("2026 ж. 2 наурызда", "2026-03-02", None),
            ("2 наурыз, 2026", "2026-03-02", None),
            ("March 2nd, 2026 at 2:05 p.m.", "2026-03-02 14:05:00", None),
            ("2 March 2026", "2026-03-02", None),
            ("Опубликовано: 17 мая 2026", "2026-05-17", None),
            ("2026/03/02", "2026-03-02", None),
            ("20260302", "2026-03-02", None),
            ("25/12/2026", "2026-12-25", None),
            ("12/25/2026", "2026-12-25", None),
            ("2026年3月2日", "2026-03-02", None),
        ];
        for (text, expected, hours) in cases {
            let found = first(text, false).unwrap_or_else(|| panic!("no date in {text}"));
            let read = found.time.map_or_else(
                || found.date.to_string(),
                |time| format!("{} {time}", found.date),
            );
            assert_eq!(read, expected, "{text}");
            assert_eq!(
                found.offset.map(|offset| offset.local_minus_utc() / 3600),
                hours,
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_not_read_as_one() {
        for text in [
            "32.01.2026",
            "30 февраля 2026",
            "1.2.3.4",
            "2026",
            "в 2025 году",
            "тел. 8 701 555 22 11",
            "31/31/2026",
        ] {
            assert_eq!(first(text, false), None, "{text}");
        }
    }

    #[test]
    fn a_line_that_is_only_a_date_is_told_from_a_sentence_with_one() {
        for line in [
            "2 марта 2026",
            "Опубликовано: 02.03.2026 14:05",
            "Astana, 2 March 2026",
            "2026 жылғы 2 наурыз · Асқар Тілеу",
        ] {
            assert!(is_date_line(line), "{line}");
        }
        for line in [
            "Закон вступил в силу 2 марта 2026 года.",
            "Мораторий действует с 2 марта 2026 года для всех районов области",
        ] {
            assert!(!is_date_line(line), "{line}");
        }
    }
}
