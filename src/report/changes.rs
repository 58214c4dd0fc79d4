//! What a reader would see changed between two revisions: line by line, and in a changed line word by word.
//!
//! Lines are compared as they are seen ([`canonical::seen`]), so a new kind of quotation mark is no change. A line that
//! went and a line that came in its place are one changed line when they share enough words.

use std::collections::BTreeSet;

use chrono::SecondsFormat;
use serde_json::{Value, json};
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};

use crate::canonical;
use crate::model::{Document, Revision};

/// Share of common words from which two lines are one line before and after, in percent.
const ALIKE_PERCENT: usize = 40;
/// Longest line compared word by word, in words: the comparison grows with the square of what differs.
const MAX_WORDS: usize = 5_000;

/// Digits of each further group of a number.
const GROUP_DIGITS: usize = 3;
/// Longest run of groups taken as one number: a row of figures is no number.
const MAX_NUMBER_BYTES: usize = 16;

/// A run of words in a changed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// It stands in both.
    Kept(String),
    /// It stood before.
    Gone(String),
    /// It stands now.
    New(String),
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It came.
    Added(String),
    /// It went.
    Removed(String),
    /// It was reworded.
    Reworded(Vec<Run>),
}

/// A stretch of two revisions laid beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stretch {
    /// Lines that stand in both as they were, without empty ones.
    Kept(Vec<String>),
    /// A line that changed.
    Changed(Change),
}

/// What a reader would see changed, in the order of the later revision.
pub fn changes(before: &Document, after: &Document) -> Vec<Change> {
    let stretches = stretches(before, after).into_iter();
    let changed = stretches.filter_map(|stretch| match stretch {
        Stretch::Changed(change) => Some(change),
        Stretch::Kept(_) => None,
    });
    changed.collect()
}

/// All of two revisions beside each other, in the order of the later one: what stayed and what changed.
pub fn stretches(before: &Document, after: &Document) -> Vec<Stretch> {
    let old: Vec<String> = before.lines().map(|line| line.into_owned()).collect();
    let new: Vec<String> = after.lines().map(|line| line.into_owned()).collect();
    let seen = |lines: &[String]| -> Vec<String> {
        lines.iter().map(|line| canonical::seen(line)).collect()
    };
    let mut stretches = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &seen(&old), &seen(&new)) {
        let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
        if op.tag() == DiffTag::Equal {
            let kept: Vec<String> = new.iter().filter(|l| !l.is_empty()).cloned().collect();
            stretches.extend((!kept.is_empty()).then_some(Stretch::Kept(kept)));
        } else {
            let mut changes = Vec::new();
            pair(old, new, &mut changes);
            stretches.extend(changes.into_iter().map(Stretch::Changed));
        }
    }
    stretches
}

/// Lines that went and lines that came in their place: those alike are one line reworded, in order.
fn pair(old: &[String], new: &[String], changes: &mut Vec<Change>) {
    let mut old = old.iter().filter(|line| !line.is_empty()).peekable();
    for line in new.iter().filter(|line| !line.is_empty()) {
        let partner = old.clone().position(|other| are_alike(other, line));
        if let Some(n_before) = partner {
            for gone in old.by_ref().take(n_before) {
                changes.push(Change::Removed(gone.clone()));
            }
            if let Some(before) = old.next() {
                changes.push(Change::Reworded(runs(before, line)));
            }
        } else {
            changes.push(Change::Added(line.clone()));
        }
    }
    changes.extend(old.map(|gone| Change::Removed(gone.clone())));
}

/// Whether two lines share enough words to be one line before and after.
fn are_alike(a: &str, b: &str) -> bool {
    let words = |line: &str| -> BTreeSet<String> {
        canonical::seen(line)
            .split(' ')
            .map(str::to_lowercase)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let n_common = a.intersection(&b).count();
    n_common * 100 >= a.len().max(b.len()) * ALIKE_PERCENT
}

/// The runs of words in a line before and after.
fn runs(before: &str, after: &str) -> Vec<Run> {
    let (old, new) = (words(before), words(after));
    if old.len().max(new.len()) > MAX_WORDS {
        return vec![Run::Gone(before.to_owned()), Run::New(after.to_owned())];
    }
    let seen = |words: &[&str]| -> Vec<String> {
        words.iter().map(|word| canonical::seen(word)).collect()
    };
    let mut runs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &seen(&old), &seen(&new)) {
        let text = |words: &[&str]| words.join(" ");
        match op {
            DiffOp::Equal { new_index, len, .. } => {
                runs.push(Run::Kept(text(&new[new_index..new_index + len])));
            }
            _ => {
                let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
                runs.extend((!gone.is_empty()).then(|| Run::Gone(text(gone))));
                runs.extend((!come.is_empty()).then(|| Run::New(text(come))));
            }
        }
    }
    runs
}

/// The words of a line; the groups of digits of one number are one word, so that a number changes as a whole.
fn words(line: &str) -> Vec<&str> {
    let is_digits = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let start = |word: &str| word.as_ptr() as usize - line.as_ptr() as usize;
    let mut words: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        let digits = word.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_group = digits.len() == GROUP_DIGITS && is_digits(digits);
        match words.last_mut() {
            Some(before)
                if is_group
                    && before.split_whitespace().all(is_digits)
                    && before.len() <= MAX_NUMBER_BYTES =>
            {
                let from = start(before);
                *before = &line[from..start(word) + word.len()];
            }
            _ => words.push(word),
        }
    }
    words
}

/// Changes for people: `+` and `-` lines, and in a reworded line [-what went-] and {+what came+}.
pub fn text(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        match change {
            Change::Added(line) => out.push_str(&format!("+ {line}\n")),
            Change::Removed(line) => out.push_str(&format!("- {line}\n")),
            Change::Reworded(runs) => {
                let words = runs.iter().map(|run| match run {
                    Run::Kept(text) => text.clone(),
                    Run::Gone(text) => format!("[-{text}-]"),
                    Run::New(text) => format!("{{+{text}+}}"),
                });
                let words: Vec<String> = words.collect();
                out.push_str(&format!("~ {}\n", words.join(" ")));
            }
        }
    }
    out
}

/// A revision with its changes as JSON.
pub fn to_json(revision: &Revision, changes: &[Change]) -> Value {
    let first_seen = revision
        .first_seen
        .to_rfc3339_opts(SecondsFormat::Secs, true);
    let of = |change: &Change| match change {
        Change::Added(line) => json!({ "change": "added", "text": line }),
        Change::Removed(line) => json!({ "change": "removed", "text": line }),
        Change::Reworded(runs) => {
            let runs = runs.iter().map(|run| match run {
                Run::Kept(text) => json!({ "run": "kept", "text": text }),
                Run::Gone(text) => json!({ "run": "gone", "text": text }),
                Run::New(text) => json!({ "run": "new", "text": text }),
            });
            json!({ "change": "reworded", "runs": runs.collect::<Vec<_>>() })
        }
    };
    let changes: Vec<Value> = changes.iter().map(of).collect();
    json!({
        "revision": revision.id, "number": revision.number, "first_seen": first_seen,
        "is_gone": revision.is_gone, "changes": changes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{About, Block, BlockKind, CanonicalUrl, Table};
    use proptest::prelude::*;

    fn document(title: &str, blocks: &[&str], rows: &[&[&str]]) -> Document {
        let block = |text: &&str| Block {
            kind: BlockKind::Paragraph,
            text: (*text).to_owned(),
        };
        let row = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        Document {
            url: CanonicalUrl("https://a.example/1".to_owned()),
            title: title.to_owned(),
            authors: Vec::new(),
            published: None,
            modified: None,
            language: None,
            blocks: blocks.iter().map(block).collect(),
            tables: vec![Table {
                title: String::new(),
                n_header_rows: 1,
                rows: rows.iter().map(row).collect(),
                n_blocks_before: 0,
            }],
            alternates: Vec::new(),
            warnings: Vec::new(),
            about: About::default(),
        }
    }

    #[test]
    fn a_number_mended_in_a_sentence_is_shown_as_that_word() {
        let before = document(
            "Итоги",
            &["Раскрыто 417 краж.", "Старый абзац о погоде."],
            &[&["Область", "12"]],
        );
        let after = document(
            "Итоги",
            &["Раскрыто 471 краж.", "Совсем другое сообщение."],
            &[&["Область", "21"]],
        );
        let expected = "~ Раскрыто [-417-] {+471+} краж.\n+ Совсем другое сообщение.\n- Старый абзац о погоде.\n~ Область | [-12-] {+21+}\n";
        assert_eq!(text(&changes(&before, &after)), expected);
        assert_ne!(before.content_hash(), after.content_hash());
    }

    #[test]
    fn a_number_in_groups_changes_as_a_whole() {
        let before = document("Итоги", &["Было 8 741 кража, 12 граждан."], &[]);
        let after = document("Итоги", &["Было 8\u{A0}417 краж, 12 граждан."], &[]);
        let expected = "~ Было [-8 741 кража,-] {+8\u{A0}417 краж,+} 12 граждан.\n";
        assert_eq!(text(&changes(&before, &after)), expected);
    }

    #[test]
    fn what_stayed_stands_beside_what_changed() {
        let before = document("Итоги", &["Один.", "Два."], &[]);
        let after = document("Итоги", &["Один.", "Три четыре."], &[]);
        let kept = vec!["Итоги".to_owned(), "Один.".to_owned()];
        let stretches = stretches(&before, &after);
        assert_eq!(stretches[0], Stretch::Kept(kept));
        assert_eq!(stretches.len(), 3);
    }

    #[test]
    fn what_only_a_machine_tells_apart_is_no_change() {
        let before = document("«Итоги» – 2026", &["Рас\u{AD}крыто 5\u{A0}417 краж…"], &[]);
        let after = document("\"Итоги\" - 2026", &["Раскрыто  5 417 краж..."], &[]);
        assert!(changes(&before, &after).is_empty());
        assert_eq!(before.content_hash(), after.content_hash());
    }

    proptest! {
        #[test]
        fn a_change_is_shown_exactly_where_the_digest_differs(a in "[а-в «»\u{A0}–]{0,12}", b in "[а-в «»\u{A0}–]{0,12}") {
            let (before, after) = (document("т", &[&a], &[]), document("т", &[&b], &[]));
            let is_same = before.content_hash() == after.content_hash();
            prop_assert_eq!(changes(&before, &after).is_empty(), is_same);
        }

        #[test]
        fn the_later_text_can_be_read_from_the_runs(a in "[а-г ]{0,40}", b in "[а-г ]{0,40}") {
            let mut later = Vec::new();
            for run in runs(&a, &b) {
                if let Run::Kept(text) | Run::New(text) = run {
                    later.push(text);
                }
            }
            prop_assert_eq!(later.join(" "), b.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
