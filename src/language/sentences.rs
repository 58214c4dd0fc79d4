//! Splits text into sentences, knowing the abbreviations, initials, decimals and quotations of the three languages.
//!
//! A mark ends a sentence only when what follows looks like a beginning. After a full stop that may belong to an abbreviation
//! or an initial the text goes on. Newlines always end a sentence: extraction gives paragraphs.

use std::ops::Range;

/// Abbreviations after which a sentence goes on, in lower case and without the final stop.
const NEVER_LAST: &str = " ст ч п пп подп гл рис табл им ул пр просп мкр д кв стр корп тел ф св г-н г-жа см ср напр т.е т.к т.н и.о вр врио ген полк подполк майор кап лейт серж проф акад доц инж ред сост изд об обл р-н пос с дер ст-ца оз р о-в mr mrs ms dr prof gen col lt maj capt sgt sen rep gov st no nos vs art sec fig jan feb mar apr jun jul aug sep sept oct nov dec m.a м.а к-сі кеш б.з.б дж мысалы қ көш ауд ";
/// Abbreviations that often stand last in a sentence: a capital letter after them decides.
const MAYBE_LAST: &str = " г гг тыс млн млрд трлн тг руб долл кг км м см га т др пр проч т.д т.п т.б т.с.с ж жж ғ мин сек ч час чел ед экз обл a.m p.m inc ltd co corp jr sr etc u.s u.k u.n e.u approx est ";

/// The sentences of a text as byte ranges, in order, without surrounding white space.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut i = 0;
    while i < chars.len() {
        let (at, c) = chars[i];
        if matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}') {
            push(text, start..at, &mut out);
            start = at + c.len_utf8();
            i += 1;
            continue;
        }
        if !is_end_mark(c) {
            i += 1;
            continue;
        }
        let last = end_of_marks(&chars, i);
        let end = chars.get(last + 1).map_or(text.len(), |&(at, _)| at);
        if ends_sentence(text, &chars, start, i, last) {
            push(text, start..end, &mut out);
            start = end;
        }
        i = last + 1;
    }
    push(text, start..text.len(), &mut out);
    out
}

fn is_end_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

fn is_closing(c: char) -> bool {
    matches!(c, '»' | '”' | '"' | ')' | ']' | '’' | '\'')
}

/// Index of the last character of a run of end marks and of the closing signs right after it.
fn end_of_marks(chars: &[(usize, char)], from: usize) -> usize {
    let mut last = from;
    while chars.get(last + 1).is_some_and(|&(_, c)| is_end_mark(c)) {
        last += 1;
    }
    while chars.get(last + 1).is_some_and(|&(_, c)| is_closing(c)) {
        last += 1;
    }
    last
}

fn ends_sentence(
    text: &str,
    chars: &[(usize, char)],
    start: usize,
    mark: usize,
    last: usize,
) -> bool {
    let mut next = last + 1;
    if chars.get(next).is_some_and(|&(_, c)| !c.is_whitespace()) {
        return false;
    }
    while chars
        .get(next)
        .is_some_and(|&(_, c)| c.is_whitespace() && c != '\n')
    {
        next += 1;
    }
    let Some(&(_, following)) = chars.get(next) else {
        return true;
    };
    if !begins(chars, next) {
        return following == '\n';
    }
    let (at, c) = chars[mark];
    if c != '.' || last > mark {
        return true;
    }
    !continues_after_stop(&text[start..at], following)
}

/// Whether a sentence can begin here: a capital letter, a digit, an opening quotation mark or a dash before one.
fn begins(chars: &[(usize, char)], at: usize) -> bool {
    let Some(&(_, c)) = chars.get(at) else {
        return false;
    };
    match c {
        '«' | '“' | '"' | '(' | '[' | '–' | '—' | '-' | '„' => {
            let next = if chars.get(at + 1).is_some_and(|&(_, c)| c == ' ') {
                at + 2
            } else {
                at + 1
            };
            chars.get(next).is_some_and(|&(_, c)| {
                c.is_uppercase() || c.is_ascii_digit() || matches!(c, '«' | '“' | '"')
            })
        }
        _ => c.is_uppercase() || c.is_ascii_digit() || c == '\n',
    }
}

/// Whether the full stop after `before` belongs to an abbreviation, an initial or a list number.
fn continues_after_stop(before: &str, following: char) -> bool {
    let word_start = before
        .char_indices()
        .rev()
        .take(16)
        .take_while(|(_, c)| !c.is_whitespace() && !matches!(c, '(' | '«' | '“' | '"' | '['))
        .last();
    let Some((at, _)) = word_start else {
        return false;
    };
    let word = &before[at..];
    let lower = word.to_lowercase();
    if is_initials(word) {
        // «ж.» and «г.» are initials only in capitals; a lone capital letter before a capital is one.
        return following.is_alphabetic() || following == '\n';
    }
    if listed(NEVER_LAST, &lower) {
        return true;
    }
    if matches!(lower.as_str(), "г" | "гг" | "ж" | "жж" | "ғ")
        && !before[..at]
            .trim_end()
            .ends_with(|c: char| c.is_ascii_digit())
    {
        // «г. Алматы» is a town; after a number it is a year.
        return true;
    }
    if listed(MAYBE_LAST, &lower) {
        return !following.is_uppercase() && !matches!(following, '«' | '“' | '"');
    }
    // «1. Общие положения»: a list number is alone on its side of the stop.
    word.len() == before.trim().len() && word.chars().all(|c| c.is_ascii_digit())
}

/// One capital letter, or capitals with stops between («А.Б», «U.S»).
fn is_initials(word: &str) -> bool {
    word.split('.').all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
    })
}

fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|entry| entry == word)
}

fn push(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    let end = range.start + piece.trim_end().len();
    if start < end {
        out.push(start..end);
    }
}

#[cfg(test)]
mod tests;
