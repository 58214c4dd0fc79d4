//! Spans of Kazakh news: which of the marked numbers, dates and names are read, beside digits and capitals alone.
//!
//! A span counts as read when what is read shares at least half of its letters. Of organisations only state bodies are
//! in the lexicon, so their recall says little. Precision of numbers counts what is marked as any number, date or time.

use std::ops::Range;

use aigaq::language::{Language, Lexicon, NameKind, Sentence, analyze};
use chrono::NaiveDate;

/// Classes of spans that are measured together, by the labels of the set.
const CLASSES: [(&str, &[&str]); 5] = [
    ("numbers", &["CARDINAL", "PERCENTAGE", "MONEY", "QUANTITY"]),
    ("dates", &["DATE"]),
    ("places", &["GPE"]),
    ("persons", &["PERSON"]),
    ("bodies", &["ORGANISATION"]),
];
/// Beginnings of words that name a day or a period, for the baseline.
const DATE_WORDS: [&str; 17] = [
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
    "жыл",
    "бүгін",
    "кеше",
    "ертең",
    "биыл",
];

/// What one sentence was marked with: label and bytes.
type Marked = (String, Range<usize>);

/// Right answers, answers and wanted answers.
#[derive(Default, Clone, Copy)]
struct Tally {
    both: usize,
    got: usize,
    gold: usize,
    found: usize,
}

/// Figures by class, ours and the baseline's.
pub fn figures(text: &str) -> String {
    let mut ours = [Tally::default(); CLASSES.len()];
    let mut simple = ours;
    // The set does not say when its news were read; any day lets relative dates be found.
    let written = NaiveDate::from_ymd_opt(2020, 10, 15);
    for block in text.split("\n\n") {
        let (sentence, marks) = assembled(block);
        let read = analyze(Lexicon::shipped(), &sentence, Some(Language::Kk), written);
        for (number, (class, labels)) in CLASSES.iter().enumerate() {
            ours[number].add(&marks, labels, &read_spans(&read, class));
            simple[number].add(&marks, labels, &simple_spans(&sentence, class));
        }
    }
    let line = |name: &str, tally: &Tally| {
        let precision = tally.both as f64 / tally.got.max(1) as f64;
        let recall = tally.found as f64 / tally.gold.max(1) as f64;
        format!("{name} P {precision:.3} R {recall:.3}")
    };
    CLASSES
        .iter()
        .enumerate()
        .map(|(n, (class, _))| {
            format!(
                "  {class:8} {:5} marked: {} | {}\n",
                ours[n].gold,
                line("ours", &ours[n]),
                line("simple", &simple[n])
            )
        })
        .collect()
}

impl Tally {
    /// Counts one sentence.
    fn add(&mut self, marks: &[Marked], labels: &[&str], got: &[Range<usize>]) {
        const COUNTED: [&str; 7] = [
            "CARDINAL",
            "PERCENTAGE",
            "MONEY",
            "QUANTITY",
            "ORDINAL",
            "DATE",
            "TIME",
        ];
        let are_numbers = labels.contains(&"CARDINAL");
        let wanted =
            |label: &str| labels.contains(&label) || are_numbers && COUNTED.contains(&label);
        self.got += got.len();
        self.both += got
            .iter()
            .filter(|one| {
                marks
                    .iter()
                    .any(|(label, span)| wanted(label) && shared(span, one) > 0)
            })
            .count();
        for (_, span) in marks
            .iter()
            .filter(|(label, _)| labels.contains(&label.as_str()))
        {
            self.gold += 1;
            let covered: usize = got.iter().map(|one| shared(span, one)).sum();
            // A number is read when its figure is: the unit behind it is often marked with it.
            let enough = if are_numbers {
                1
            } else {
                span.len().div_ceil(2)
            };
            self.found += usize::from(covered >= enough);
        }
    }
}

/// Bytes that two spans share.
fn shared(left: &Range<usize>, right: &Range<usize>) -> usize {
    left.end
        .min(right.end)
        .saturating_sub(left.start.max(right.start))
}

/// The sentence of a block of `word label` lines, and its marks.
fn assembled(block: &str) -> (String, Vec<Marked>) {
    let mut sentence = String::new();
    let mut marks: Vec<Marked> = Vec::new();
    for line in block.lines() {
        let Some((word, label)) = line.rsplit_once([' ', '\t']) else {
            continue;
        };
        if !sentence.is_empty() && !matches!(word, "." | "," | "!" | "?" | "%" | ":" | ";") {
            sentence.push(' ');
        }
        let start = sentence.len();
        sentence.push_str(word);
        match label.split_once('-') {
            Some(("B", class)) => marks.push((class.to_owned(), start..sentence.len())),
            Some((_, _)) => {
                if let Some((_, span)) = marks.last_mut() {
                    span.end = sentence.len();
                }
            }
            None => {}
        }
    }
    (sentence, marks)
}

/// What we read of a class.
fn read_spans(sentences: &[Sentence], class: &str) -> Vec<Range<usize>> {
    let named = |kinds: &'static [NameKind]| {
        let names = sentences.iter().flat_map(|sentence| &sentence.names);
        names
            .filter(move |name| kinds.contains(&name.kind))
            .map(|name| name.span.clone())
            .collect()
    };
    match class {
        "numbers" => sentences
            .iter()
            .flat_map(|sentence| &sentence.quantities)
            .map(|one| one.span.clone())
            .collect(),
        "dates" => sentences
            .iter()
            .flat_map(|sentence| &sentence.periods)
            .map(|one| one.span.clone())
            .collect(),
        "places" => named(&[NameKind::Place]),
        "persons" => named(&[NameKind::Person]),
        _ => named(&[NameKind::Body]),
    }
}

/// What digits and capitals alone would give.
fn simple_spans(sentence: &str, class: &str) -> Vec<Range<usize>> {
    let words = sentence.split(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word))
    });
    let is_name = |start: usize, word: &str| start > 0 && word.starts_with(char::is_uppercase);
    let is_meant = |&(start, word): &(usize, &str)| match class {
        "numbers" => word.starts_with(|c: char| c.is_ascii_digit()),
        "dates" => DATE_WORDS
            .iter()
            .any(|begin| word.to_lowercase().starts_with(begin)),
        _ => is_name(start, word),
    };
    words
        .filter(is_meant)
        .map(|(start, word)| start..start + word.len())
        .collect()
}
