//! Knows the phrases pages repeat around a text: heads of link lists, calls to share and subscribe, credits, rights.
//!
//! Whole classes of such phrases in Kazakh, Russian and English (and the commonest of other languages), matched at the
//! start of a short line. A long line is never dropped for its first words.

mod words;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use words::{CREDITS, HOUSE_LINES, RELATED_HEADS};

/// Longest line, in characters, that a phrase of this file can drop.
pub(super) const MAX_PHRASE_LINE_CHARS: usize = 220;

/// Phrases by their first letter, so that a line is compared with few of them.
type ByLetter = BTreeMap<char, Vec<&'static str>>;

static RELATED: LazyLock<ByLetter> = LazyLock::new(|| by_letter(RELATED_HEADS));
static HOUSE: LazyLock<ByLetter> = LazyLock::new(|| by_letter(HOUSE_LINES));
static CREDIT: LazyLock<ByLetter> = LazyLock::new(|| by_letter(CREDITS));

/// Sorts phrases by their first letter.
fn by_letter(phrases: &[&'static str]) -> ByLetter {
    let mut sorted = ByLetter::new();
    for phrase in phrases {
        if let Some(letter) = phrase.chars().next() {
            sorted.entry(letter).or_default().push(phrase);
        }
    }
    sorted
}

/// The phrases that start as a text does.
fn alike<'p>(phrases: &'p ByLetter, text: &str) -> &'p [&'static str] {
    text.chars()
        .next()
        .and_then(|letter| phrases.get(&letter))
        .map_or(&[], Vec::as_slice)
}

/// Words that make a short line after the text a note of the house, wherever in it they stand.
const HOUSE_MARKS: &[&str] = &[
    "contributed to this report",
    "contributed reporting",
    "contributed to this story",
    "contributed to this article",
    "subject to copyright",
    "all rights reserved",
    "may not be published, broadcast",
    "без письменного разрешения",
    "обязательна ссылка",
    "гиперссылка обязательна",
    "ссылка на источник обязательна",
    "активная ссылка",
    "все права защищены",
    "барлық құқықтары қорғалған",
    "сілтеме жасау міндетті",
    "гиперсілтеме міндетті",
    "follow us on",
    "sign up for our",
    "subscribe to our",
    "подписывайтесь на наш",
    "арнамызға жазылыңыз",
];

/// Whether a line after the text is a note of the house.
pub(super) fn is_house_note(line: &str) -> bool {
    let lower = line.to_lowercase();
    HOUSE_MARKS.iter().any(|mark| lower.contains(mark))
}

/// Heads of readers' comments: nothing after them is the article's.
const COMMENT_HEADS: &[&str] = &[
    "комментарии",
    "комментариев",
    "отзывы",
    "оставить комментарий",
    "добавить комментарий",
    "обсуждение",
    "пікірлер",
    "пікір қалдыру",
    "пікір жазу",
    "пікір қосу",
    "comments",
    "leave a comment",
    "leave a reply",
    "post a comment",
    "reader comments",
    "join the conversation",
    "kommentare",
    "commentaires",
    "comentarios",
    "komentarze",
    "коментарі",
];

/// Whether a line heads readers' comments: such a phrase with nothing but a count beside it.
pub(super) fn is_comment_head(line: &str) -> bool {
    let lower = start_of(line);
    let words = lower.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    COMMENT_HEADS.iter().any(|head| {
        starts_with_words(words, head)
            && words[head.len()..]
                .chars()
                .all(|letter| !letter.is_alphabetic())
    })
}

/// What a short line says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phrase {
    /// It heads a list of other texts.
    RelatedHead,
    /// It speaks of the page.
    House,
    /// It credits a picture or source.
    Credit,
}

/// Reads a short line; `None` for text proper.
pub(super) fn of(line: &str) -> Option<Phrase> {
    let lower = start_of(line);
    let starts = |phrases: &ByLetter| {
        alike(phrases, &lower)
            .iter()
            .any(|entry| starts_with_words(&lower, entry))
    };
    if starts(&RELATED) {
        return Some(Phrase::RelatedHead);
    }
    if tells_what_changed(line, &lower) {
        return None;
    }
    if starts(&HOUSE) {
        return Some(Phrase::House);
    }
    starts(&CREDIT).then_some(Phrase::Credit)
}

/// Words before the time of a page's last change, or before what was changed in it.
const CHANGED: &[&str] = &["обновлено:", "жаңартылды:", "updated:"];
/// Words from which on such a line says what was changed: a date has fewer.
const CHANGE_WORDS: usize = 4;

/// Whether a line that begins like the time of the last change is a note of the editors instead: a sentence about what changed.
fn tells_what_changed(line: &str, lower: &str) -> bool {
    let is_word = |word: &&str| word.chars().filter(|letter| letter.is_alphabetic()).count() > 2;
    CHANGED.iter().any(|label| lower.starts_with(label))
        && line.trim_end().ends_with(['.', '!'])
        && line.split_whitespace().skip(1).filter(is_word).count() >= CHANGE_WORDS
}

/// Whether the whole line is one of the phrases, but for punctuation: a line of which nothing else is left.
pub(super) fn is_only(line: &str) -> bool {
    let lower = start_of(line);
    let bare = lower.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let lists = [alike(&RELATED, bare), alike(&HOUSE, bare)];
    lists.into_iter().flatten().any(|entry| {
        entry.trim_end_matches(|letter: char| !letter.is_alphanumeric()) == bare && !bare.is_empty()
    })
}

/// The first characters in lower case, with leading signs taken off.
fn start_of(line: &str) -> String {
    line.trim_start_matches(|letter: char| {
        !letter.is_alphanumeric() && letter != '©' && letter != '('
    })
    .chars()
    .take(80)
    .flat_map(char::to_lowercase)
    .collect()
}

/// Whether a text starts with a phrase that ends where a word ends.
fn starts_with_words(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| {
        !phrase.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_the_last_change_is_the_houses_and_what_was_changed_is_the_editors() {
        for line in [
            "Обновлено: 12 мая 2026 года, 14:30",
            "Жаңартылды: 12.05.2026",
            "Жаңартылды: 2026 жылғы 12 мамыр, сағат 14:30.",
        ] {
            assert_eq!(of(line), Some(Phrase::House), "{line}");
        }
        for line in [
            "Обновлено: исправлена сумма ущерба во втором абзаце.",
            "Жаңартылды: кәсіпкерлер саны туралы сөйлем түзетілді.",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
