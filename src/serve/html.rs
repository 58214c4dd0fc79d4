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

/// Escaped text in which the first place that says `what` is wrapped in an element of that class.
///
/// `what` is looked for as written, then in lower case; where it is not found, nothing is marked.
pub(super) fn marked(text: &str, what: &str, tag: &str, class: &str) -> String {
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

/// The first place of `what` in `text`, on the bounds of words.
fn place_of(text: &str, what: &str) -> Option<Range<usize>> {
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
    fn what_differs_is_marked_once_and_on_word_bounds() {
        let cases = [
            ("of 90 <x>", "90", "of <del class=\"d\">90</del> &lt;x&gt;"),
            (
                "of 190 and 90",
                "90",
                "of 190 and <del class=\"d\">90</del>",
            ),
            ("of 190", "90", "of 190"),
            ("of 1 903, 2", "1903", "of 1 903, 2"),
            (
                "some 1\u{a0}903 of",
                "1903",
                "some <del class=\"d\">1\u{a0}903</del> of",
            ),
            ("by 12,4%", "12.4", "by <del class=\"d\">12,4</del>%"),
            ("of 190", "", "of 190"),
        ];
        for (text, what, expected) in cases {
            assert_eq!(marked(text, what, "del", "d"), expected, "{text}");
        }
    }
}
