//! Finds the times of day that a sentence gives: «21:05», "9:05 pm".

use crate::language::Sentence;

/// Prefix of the terms of times of day, `h:HH:MM`; they find nothing.
pub(in crate::judge) const PREFIX: &str = "h:";
/// Letters of a time in figures.
const CLOCK_LETTERS: usize = 5;
/// Hours of half a day.
const NOON: u32 = 12;

/// The times of day of a sentence as terms.
pub(super) fn times(text: &str, sentence: &Sentence) -> Vec<String> {
    let text = text.get(sentence.span.clone()).unwrap_or_default();
    let mut found = Vec::new();
    for (at, _) in text.match_indices(':') {
        let before: String = digits(text[..at].chars().rev());
        let after: String = digits(text[at + 1..].chars());
        let rest = &text[at + 1 + after.len()..];
        let is_longer = rest.starts_with(':') || text[..at - before.len()].ends_with(':');
        let hour: String = before.chars().rev().collect();
        if !(1..=2).contains(&hour.len()) || after.len() != 2 || is_longer {
            continue;
        }
        if let (Ok(hour), Ok(minute)) = (hour.parse::<u32>(), after.parse::<u32>()) {
            let half: String = rest
                .chars()
                .take(CLOCK_LETTERS)
                .filter(|c| c.is_alphabetic())
                .collect();
            let is_afternoon = half.to_lowercase().starts_with("pm") && hour < NOON;
            let hour = if is_afternoon { hour + NOON } else { hour };
            if hour < 2 * NOON && minute < 60 {
                found.push(format!("{PREFIX}{hour:02}:{minute:02}"));
            }
        }
    }
    found
}

/// The digits with which letters begin.
fn digits(letters: impl Iterator<Item = char>) -> String {
    letters.take_while(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::times;
    use crate::language::{Language, Lexicon, analyze};

    #[test]
    fn times_of_day_are_found_and_scores_and_ratios_are_not() {
        let cases = [
            ("Пожар потушен в 23:15.", vec!["h:23:15"]),
            ("It was put out at 9:05 pm.", vec!["h:21:05"]),
            ("Хоккей: 3:2, соотношение 1:10:100, счёт 99:99.", vec![]),
        ];
        let lexicon = Lexicon::shipped();
        for (text, expected) in cases {
            let sentences = analyze(lexicon, text, Some(Language::Ru), None);
            assert_eq!(times(text, &sentences[0]), expected, "{text}");
        }
    }
}
