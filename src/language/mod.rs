//! Turns text into sentences, terms, quantities, periods, names, concepts and cues, in Kazakh, Russian and English.
//!
//! Everything that reads words lives here once, so the index and the judge cannot disagree
//! about a stem, a number or a date. The knowledge (concepts, bodies, places, rates, words)
//! is data in `data/`, compiled in and extendable by an operator; see [`Lexicon`].
//! Nothing here reads a disk, a clock or the network: the day a text was written is an argument.

pub mod concepts;
pub mod cues;
pub mod dates;
pub mod detect;
mod kazakh;
pub mod lexicon;
pub mod names;
pub mod numbers;
mod phrases;
pub mod quantities;
mod russian;
mod scripts;
pub mod sentences;
pub mod spellings;
pub mod terms;

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use concepts::{Concept, ConceptKind};
pub use cues::{Cue, CueKind};
pub use dates::{Period, PeriodKind, PeriodMention, local_day, local_hour, noon};
pub use lexicon::Lexicon;
pub use names::{Name, NameKind};
pub use quantities::{Dimension, Direction, Mode, Quantity, Reading, Role, Unit};
pub use terms::{Token, TokenKind};

/// A language the program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Kazakh, in any script.
    Kk,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Language {
    /// All three, in the order they are listed everywhere.
    pub const ALL: [Language; 3] = [Language::Kk, Language::Ru, Language::En];

    /// The two-letter code (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Language::Kk => "kk",
            Language::Ru => "ru",
            Language::En => "en",
        }
    }

    /// The language of a code such as `kk`, `kk-KZ` or `kaz`; `None` for any other language.
    pub fn from_code(code: &str) -> Option<Language> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "kk" | "kaz" | "kz" => Some(Language::Kk),
            "ru" | "rus" => Some(Language::Ru),
            "en" | "eng" => Some(Language::En),
            _ => None,
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// One sentence with everything that was read from it. Ranges are UTF-8 bytes of the analysed text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Where the sentence stands in the analysed text.
    pub span: Range<usize>,
    /// Language of the sentence.
    pub language: Language,
    /// Words, numbers and signs in order of appearance.
    pub tokens: Vec<Token>,
    /// Quantities in order of appearance; dates, identifiers and article numbers are not quantities.
    pub quantities: Vec<Quantity>,
    /// Periods and dates in order of appearance.
    pub periods: Vec<PeriodMention>,
    /// Bodies, places, persons, offices and law articles in order of appearance.
    pub names: Vec<Name>,
    /// Concepts of the lexicon (measures, statuses, actions, qualifiers, general words) in order of appearance.
    pub concepts: Vec<Concept>,
    /// Markers of negation, rumour, plan, attribution and the like, in order of appearance.
    pub cues: Vec<Cue>,
}

/// Reads a text sentence by sentence.
///
/// `hint` is the language the publication declares; a sentence whose letters say otherwise overrules it.
/// `written` is the day the text was written or published: relative dates are resolved against it.
pub fn analyze(
    lexicon: &Lexicon,
    text: &str,
    hint: Option<Language>,
    written: Option<NaiveDate>,
) -> Vec<Sentence> {
    let document = detect::language_within(text, hint)
        .or(hint)
        .unwrap_or(Language::Ru);
    sentences::split(text)
        .into_iter()
        .map(|span| sentence(lexicon, text, span, document, written))
        .collect()
}

/// Reads one sentence, whose place in `text` is known.
fn sentence(
    lexicon: &Lexicon,
    text: &str,
    span: Range<usize>,
    document: Language,
    written: Option<NaiveDate>,
) -> Sentence {
    let language = detect::sentence_language(&text[span.clone()], document);
    let tokens = terms::tokens(text, span.clone(), language);
    let names = names::find(lexicon, text, &tokens, language, written);
    let periods = dates::find(text, &tokens, language, written);
    let mut concepts = concepts::together(lexicon, &tokens, language);
    let mut cues = cues::find(text, &tokens, language);
    // «пропал без вести», "missing without trace": a negation inside a concept's own words negates nothing else.
    // The last word is not inside: a Kazakh verb carries its negation there («талап етілмейді»). Nor is a negation that
    // stands between words that are no phrase: «приговор в силу не вступил».
    cues.retain(|cue| {
        cue.kind != CueKind::Negation
            || !concepts.iter().any(|concept| {
                concept.span.start < cue.span.start && cue.span.end < concept.span.end
            })
    });
    concepts::add_apart(lexicon, &tokens, language, &mut concepts);
    let quantities = quantities::find(
        lexicon, text, &tokens, &periods, &names, &concepts, language,
    );
    Sentence {
        span,
        language,
        tokens,
        quantities,
        periods,
        names,
        concepts,
        cues,
    }
}

#[cfg(test)]
mod tests {
    use super::{CueKind, Language, Lexicon, analyze};

    #[test]
    fn a_negation_inside_a_phrase_is_the_phrase_s_own_but_not_at_its_end() {
        for (language, text, is_negated) in [
            (Language::Ru, "Восемь человек пропали без вести.", false),
            (Language::Ru, "Справка больше не требуется.", true),
            (Language::Ru, "Приговор в законную силу не вступил.", true),
            (
                Language::Ru,
                "В отношении директора дело не возбуждалось.",
                true,
            ),
            (Language::Kk, "Анықтама талап етілмейді.", true),
            (Language::Kk, "Анықтама талап етілмейтінін айтты.", true),
        ] {
            let read = analyze(Lexicon::shipped(), text, Some(language), None);
            let cues = read.iter().flat_map(|sentence| &sentence.cues);
            let negated = cues.filter(|cue| cue.kind == CueKind::Negation).count() > 0;
            assert_eq!(negated, is_negated, "{text}");
        }
    }
}
