//! Turns text into HTML that cannot carry markup of its own, and marks what differs in it.

use std::ops::Range;

/// Text with the characters that HTML gives a meaning replaced; fit for content and quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

/// A part of a text that a numbered row speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    /// Number of the row, shown behind the part and linked to.
    pub(super) number: usize,
    /// Class of the part.
    pub(super) class: &'static str,
}

/// Escaped text in which the first place that says `what` stands in an element of that class; nothing is marked where it is
/// not found.
pub(super) fn marked_once(text: &str, what: &str, tag: &str, class: &str) -> String {
    let Some(place) = place_of(text, what) else {
        return escaped(text);
    };
    format!(
        "{}<{tag} class=\"{class}\">{}</{tag}>{}",
        escaped(&text[..place.start]),
        escaped(&text[place.clone()]),
        escaped(&text[place.end..]),
    )
}

/// Escaped text in which each mark is a link to its row, `#s3`, with the row's number behind it.
///
/// Marks that overlap are one part with a number for each row; the class is that of the first. A mark that is no part of the
/// text is left out.
pub(super) fn marked(text: &str, marks: &[Mark]) -> String {
    let mut marks: Vec<&Mark> = marks
        .iter()
        .filter(|mark| !mark.at.is_empty() && text.get(mark.at.clone()).is_some())
        .collect();
    marks.sort_by_key(|mark| (mark.at.start, mark.at.end, mark.number));
    let mut out = String::with_capacity(text.len() + 64 * marks.len());
    let (mut shown, mut next) = (0, 0);
    while let Some(first) = marks.get(next) {
        let mut end = first.at.end;
        let mut numbers = Vec::new();
        while let Some(mark) = marks.get(next).filter(|mark| mark.at.start < end) {
            end = end.max(mark.at.end);
            if !numbers.contains(&mark.number) {
                numbers.push(mark.number);
            }
            next += 1;
        }
        let class = escaped(first.class);
        let part = escaped(&text[first.at.start..end]);
        out.push_str(&escaped(&text[shown..first.at.start]));
        for (place, number) in numbers.iter().enumerate() {
            let part = if place == 0 { part.as_str() } else { "" };
            out.push_str(&format!(
                "<a class=\"d {class}\" href=\"#s{number}\">{part}<sup>{number}</sup></a>"
            ));
        }
        shown = end;
    }
    out.push_str(&escaped(&text[shown..]));
    out
}

/// The first place of `what` in `text`, on the bounds of words.
pub(super) fn place_of(text: &str, what: &str) -> Option<Range<usize>> {
    let what = what.trim();
    if what.is_empty() {
        return None;
    }
    if what.contains(|letter: char| letter.is_ascii_digit())
        && what
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.')
    {
        return place_of_number(text, what);
    }
    let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(what)
        .map(|(start, found)| start..start + found.len())
        .find(|place| {
            !is_word(text[..place.start].chars().next_back())
                && !is_word(text[place.end..].chars().next())
        })
}

/// The first number in `text` with the digits of `what`, however its thousands and decimals are written.
fn place_of_number(text: &str, what: &str) -> Option<Range<usize>> {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let wanted = digits(what);
    let is_inner = |letter: char| matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | ',' | '.');
    let mut start = 0;
    while let Some(first) = text[start..].find(|letter: char| letter.is_ascii_digit()) {
        let from = start + first;
        let rest = &text[from..];
        let length = rest
            .find(|letter: char| !letter.is_ascii_digit() && !is_inner(letter))
            .unwrap_or(rest.len());
        let written = rest[..length].trim_end_matches(is_inner);
        if digits(written) == wanted {
            return Some(from..from + written.len());
        }
        start = from + length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_text_is_shown_and_not_obeyed() {
        assert_eq!(
            escaped("<b a='1'>\"&\"</b>"),
            "&lt;b a=&#39;1&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;"
        );
    }

    #[test]
    fn a_value_is_found_on_word_bounds_and_however_its_digits_are_grouped() {
        let cases = [
            ("of 90 <x>", "90", Some("90")),
            ("of 190 and 90", "90", Some("90")),
            ("of 190", "90", None),
            ("of 1 903, 2", "1903", None),
            ("some 1\u{a0}903 of", "1903", Some("1\u{a0}903")),
            ("by 12,4%", "12.4", Some("12,4")),
            ("of 190", "", None),
        ];
        for (text, what, expected) in cases {
            let found = place_of(text, what).map(|place| &text[place]);
            assert_eq!(found, expected, "{text}");
        }
    }

    fn mark(at: Range<usize>, number: usize) -> Mark {
        Mark {
            at,
            number,
            class: "d-pub",
        }
    }

    #[test]
    fn each_mark_leads_to_its_row_and_marks_that_overlap_are_one_part_with_both_numbers() {
        let text = "12 % <all> over from 1 May";
        let link = |number: usize, part: &str| {
            format!("<a class=\"d d-pub\" href=\"#s{number}\">{part}<sup>{number}</sup></a>")
        };
        let apart = marked(text, &[mark(21..26, 4), mark(0..4, 3)]);
        let expected = format!(
            "{} &lt;all&gt; over from {}",
            link(3, "12 %"),
            link(4, "1 May")
        );
        assert_eq!(apart, expected);
        let over = marked(text, &[mark(0..10, 5), mark(5..10, 3)]);
        let expected = format!(
            "{}{} over from 1 May",
            link(5, "12 % &lt;all&gt;"),
            link(3, "")
        );
        assert_eq!(over, expected);
    }

    /// The text of HTML that `marked` made: without its links and numbers, unescaped.
    fn read_back(html: &str) -> String {
        let numbers = regex::Regex::new("<sup>[0-9]+</sup>").unwrap();
        let links = regex::Regex::new("<a class=\"d d-pub\" href=\"#s[0-9]+\">|</a>").unwrap();
        let text = numbers.replace_all(html, "");
        let text = links.replace_all(&text, "");
        assert!(!text.contains(['<', '>', '"', '\'']), "{text}");
        [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(text.into_owned(), |text, (name, letter)| {
            text.replace(name, letter)
        })
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_marked_the_text_stays_whole_and_none_of_it_becomes_markup(
            text in "([<>&\"'a ]|ң|<a href=x>|</a>|<sup>|[0-9]|.){0,40}",
            places in proptest::collection::vec((0usize..60, 0usize..30, 1usize..9), 0..6),
        ) {
            let marks: Vec<Mark> = places
                .into_iter()
                .map(|(start, length, number)| mark(start..start + length, number))
                .collect();
            proptest::prop_assert_eq!(read_back(&marked(&text, &marks)), text);
        }
    }
}
