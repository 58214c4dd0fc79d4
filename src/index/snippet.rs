//! Chooses the passage of a hit that shows best why it was found, and says which words of it to highlight.

use std::collections::BTreeSet;
use std::ops::Range;

use super::names;
use super::query::Marks;
use super::words::{Word, distance, words};
use crate::language::Language;
use crate::model::Snippet;

/// Words of a snippet: two to three lines of a list.
const SNIPPET_WORDS: usize = 36;
/// Words shown before the first that was found.
const LEAD_WORDS: usize = 8;

/// Which words of a text were asked for, one answer for each.
fn marked(text: &str, language: Option<Language>, words: &[Word], marks: &Marks) -> Vec<bool> {
    let spans = names::spans(text, language, &marks.named);
    let is_name = |word: &Word| {
        let mut around = spans.iter();
        around.any(|span| span.start <= word.span.start && word.span.end <= span.end)
    };
    let each = words.iter();
    each.map(|word| is_asked(word, marks) || is_name(word))
        .collect()
}

/// Whether a word is one that was asked for.
fn is_asked(word: &Word, marks: &Marks) -> bool {
    let is_like = |(form, letters): &(String, u8)| {
        distance(form, &word.lower) <= usize::from(*letters)
            || distance(form, &word.term) <= usize::from(*letters)
    };
    marks.terms.contains(&word.term)
        || word.parts.iter().any(|part| marks.terms.contains(part))
        || marks.like.iter().any(is_like)
        || marks.forms.contains(&word.lower)
        || marks
            .prefixes
            .iter()
            .any(|prefix| word.lower.starts_with(prefix.as_str()))
}

/// The whole text with highlights, for titles.
pub(super) fn whole(text: &str, language: Option<Language>, marks: &Marks) -> Snippet {
    let words = words(text, language);
    let marked = marked(text, language, &words, marks);
    let highlights = words
        .iter()
        .zip(marked)
        .filter(|(_, is_marked)| *is_marked)
        .map(|(word, _)| (word.span.start, word.span.end))
        .collect();
    Snippet {
        text: text.to_owned(),
        highlights,
    }
}

/// The passage with the most different words that were asked for, the earliest of equals; the beginning where none is.
pub(super) fn best(text: &str, language: Option<Language>, marks: &Marks) -> Snippet {
    best_among(text, language, &words(text, language), marks)
}

/// The same of a text whose words are known, for those who choose many passages of one text.
pub(super) fn best_among(
    text: &str,
    language: Option<Language>,
    words: &[Word],
    marks: &Marks,
) -> Snippet {
    let is_marked = marked(text, language, words, marks);
    let marked: Vec<usize> = (0..words.len()).filter(|index| is_marked[*index]).collect();
    let start = marked
        .iter()
        .map(|first| {
            let window = marked
                .iter()
                .filter(|index| (*first..*first + SNIPPET_WORDS - LEAD_WORDS).contains(*index));
            let different: BTreeSet<&str> = window
                .clone()
                .map(|index| words[*index].term.as_str())
                .collect();
            (different.len(), window.count(), *first)
        })
        .max_by_key(|(different, count, first)| (*different, *count, std::cmp::Reverse(*first)))
        .map_or(0, |(_, _, first)| first.saturating_sub(LEAD_WORDS));
    let end = (start + SNIPPET_WORDS).min(words.len());
    cut(text, words, start..end, &marked)
}

/// The text from one word to another.
fn cut(text: &str, words: &[Word], range: Range<usize>, marked: &[usize]) -> Snippet {
    if range.is_empty() {
        return Snippet::default();
    }
    let begins = range.start == 0;
    let ends = range.end == words.len();
    let from = if begins {
        0
    } else {
        words[range.start].span.start
    };
    let to = if ends {
        text.len()
    } else {
        words[range.end - 1].span.end
    };
    let mut snippet = String::new();
    if !begins {
        snippet.push_str("… ");
    }
    let shift = snippet.len();
    // Line ends become spaces of the same length, so that ranges stay true.
    snippet.push_str(&text[from..to].replace(['\n', '\t'], " "));
    if !ends {
        snippet.push_str(" …");
    }
    let highlights = marked
        .iter()
        .filter(|index| range.contains(*index))
        .map(|index| {
            let span = &words[*index].span;
            (span.start - from + shift, span.end - from + shift)
        })
        .collect();
    Snippet {
        text: snippet,
        highlights,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Marks {
        Marks {
            terms: words(text, None)
                .into_iter()
                .map(|word| word.term)
                .collect(),
            ..Marks::default()
        }
    }

    #[test]
    fn snippets_hold_whole_words_and_highlight_whole_words() {
        let filler = "Ясный день стоял над городом. ".repeat(40);
        let text = format!("{filler}\nПрокуратура сообщила о пожаре.\n{filler}");
        let snippet = best(&text, None, &marks("пожаре прокуратура"));
        assert!(snippet.text.starts_with("… ") && snippet.text.ends_with(" …"));
        let shown: Vec<&str> = snippet
            .highlights
            .iter()
            .map(|(start, end)| &snippet.text[*start..*end])
            .collect();
        assert_eq!(shown, ["Прокуратура", "пожаре"]);
        let known: BTreeSet<&str> = text.split_whitespace().collect();
        for word in snippet.text.split_whitespace().filter(|word| *word != "…") {
            let is_whole = known
                .iter()
                .any(|k| k.trim_matches('.') == word.trim_matches('.'));
            assert!(is_whole, "{word}");
        }
    }

    #[test]
    fn a_text_without_the_words_shows_its_beginning() {
        let snippet = best("Қысқа мәтін.", None, &marks("пожар"));
        assert_eq!(snippet.text, "Қысқа мәтін.");
        assert!(snippet.highlights.is_empty());
        assert_eq!(best("", None, &marks("пожар")), Snippet::default());
    }
}
