//! Translations of one sentence: how often two languages give the same numbers, beside comparing strings of digits.
//!
//! Faithful translations change digits themselves (units, «1.5» and «1½», words for figures), so neither reaches 1.

use std::collections::BTreeSet;

use aigaq::language::{Language, Lexicon, analyze};
use rust_decimal::Decimal;
use serde_json::Value;

/// The pairs of languages compared.
const PAIRS: [(Language, Language); 3] = [
    (Language::En, Language::Ru),
    (Language::En, Language::Kk),
    (Language::Ru, Language::Kk),
];

/// Share of sentences with numbers in which both languages have the same set.
pub fn figures(text: &str) -> Result<String, String> {
    let rows: Vec<Value> = text
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let mut out = String::new();
    for (left, right) in PAIRS {
        let (mut ours, mut digits, mut n_ours, mut n_digits) = (0, 0, 0, 0);
        for row in &rows {
            let (a, b) = (&row[left.code()], &row[right.code()]);
            let (a, b) = (
                a.as_str().unwrap_or_default(),
                b.as_str().unwrap_or_default(),
            );
            let (x, y) = (values(a, left), values(b, right));
            n_ours += usize::from(!x.is_empty() || !y.is_empty());
            ours += usize::from(!x.is_empty() && x == y);
            let (x, y) = (digit_strings(a), digit_strings(b));
            n_digits += usize::from(!x.is_empty() || !y.is_empty());
            digits += usize::from(!x.is_empty() && x == y);
        }
        let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
        out += &format!(
            "  same numbers {left}-{right}: ours {:.3} of {n_ours} | strings of digits {:.3} of {n_digits}\n",
            share(ours, n_ours),
            share(digits, n_digits),
        );
    }
    Ok(out)
}

/// The values of all quantities of a sentence.
fn values(text: &str, language: Language) -> BTreeSet<Decimal> {
    let read = analyze(Lexicon::shipped(), text, Some(language), None);
    let quantities = read.iter().flat_map(|sentence| &sentence.quantities);
    quantities.map(|one| one.best.value.normalize()).collect()
}

/// Runs of digits.
fn digit_strings(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .collect()
}
