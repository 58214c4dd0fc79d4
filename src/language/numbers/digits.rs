//! Reads a number in digits: group marks, decimal marks, and the cases where either is possible.

use rust_decimal::Decimal;

use super::super::Language;
use super::Literal;

/// Longest run of digits read as a number; longer ones are identifiers.
const MAX_DIGITS: usize = 15;

/// What digits with marks (spaces already taken out) can mean, the likeliest first; empty for dates, times and identifiers.
pub fn literals(written: &str, language: Language) -> Vec<Literal> {
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    if digits > MAX_DIGITS || written.contains(':') || (digits > 1 && leading_zero(written)) {
        return Vec::new();
    }
    let (points, commas) = (count(written, '.'), count(written, ','));
    match (points, commas) {
        (0, 0) => whole(written).into_iter().collect(),
        (1, 0) => single(written, '.', language),
        (0, 1) => single(written, ',', language),
        (_, 0) => grouped(written, '.').into_iter().collect(),
        (0, _) => grouped(written, ',').into_iter().collect(),
        _ => both(written).into_iter().collect(),
    }
}

/// «007», «01.02» are codes or dates; «0,5» is a number.
fn leading_zero(written: &str) -> bool {
    written.starts_with('0') && written.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

fn count(written: &str, mark: char) -> usize {
    written.matches(mark).count()
}

fn whole(written: &str) -> Option<Literal> {
    let value = Decimal::from_str_exact(written).ok()?;
    Some(Literal {
        value,
        step: Decimal::ONE,
        decimals: false,
    })
}

fn decimal(written: &str, mark: char) -> Option<Literal> {
    let places = written.rsplit(mark).next()?.len();
    let value = Decimal::from_str_exact(&written.replace(mark, ".")).ok()?;
    Some(Literal {
        value,
        step: Decimal::new(1, u32::try_from(places).ok()?),
        decimals: true,
    })
}

/// Digits in groups of three.
fn grouped(written: &str, mark: char) -> Option<Literal> {
    let mut groups = written.split(mark);
    let first = groups.next()?;
    let regular = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if regular {
        whole(&written.replace(mark, ""))
    } else {
        None
    }
}

/// One mark: a decimal one, unless three digits follow a short non-zero group; then both, in the order of the language.
fn single(written: &str, mark: char, language: Language) -> Vec<Literal> {
    let (head, tail) = written.split_once(mark).unwrap_or((written, ""));
    let fraction = decimal(written, mark);
    if tail.len() != 3 || head.len() > 3 || head.starts_with('0') {
        return fraction.into_iter().collect();
    }
    let whole = grouped(written, mark);
    let whole_first = (language == Language::En) == (mark == ',');
    let ordered = if whole_first {
        [whole, fraction]
    } else {
        [fraction, whole]
    };
    ordered.into_iter().flatten().collect()
}

/// Both marks: the last one is the decimal mark.
fn both(written: &str) -> Option<Literal> {
    let last = written.rfind([',', '.'])?;
    let mark = if written.as_bytes()[last] == b',' {
        ','
    } else {
        '.'
    };
    let group = if mark == ',' { '.' } else { ',' };
    if count(written, mark) != 1 {
        return None;
    }
    grouped(&written[..last], group)?;
    decimal(&written.replace(group, ""), mark)
}
