//! Gives what was read from a text as JSON, for people who want to see how a sentence was understood.

use std::ops::Range;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Language, Lexicon, Sentence, analyze, detect};

/// Reads a text and gives everything found in it: each sentence and each mention with its own words beside its span.
pub fn analysis_json(
    lexicon: &Lexicon,
    text: &str,
    hint: Option<Language>,
    written: Option<NaiveDate>,
) -> Value {
    let sentences: Vec<Value> = analyze(lexicon, text, hint, written)
        .iter()
        .map(|sentence| sentence_json(text, sentence))
        .collect();
    json!({
        "language": detect::language(text).or(hint).map(Language::code),
        "written": written,
        "sentences": sentences,
    })
}

fn sentence_json(text: &str, sentence: &Sentence) -> Value {
    json!({
        "text": words(text, &sentence.span),
        "span": [sentence.span.start, sentence.span.end],
        "language": sentence.language,
        "tokens": mentions(text, &sentence.tokens, |token| &token.span),
        "quantities": mentions(text, &sentence.quantities, |quantity| &quantity.span),
        "periods": mentions(text, &sentence.periods, |period| &period.span),
        "names": mentions(text, &sentence.names, |name| &name.span),
        "concepts": mentions(text, &sentence.concepts, |concept| &concept.span),
        "cues": mentions(text, &sentence.cues, |cue| &cue.span),
    })
}

fn words<'t>(text: &'t str, span: &Range<usize>) -> &'t str {
    text.get(span.clone()).unwrap_or_default()
}

/// Each mention as its own JSON with the words it stands for and its span as a pair.
fn mentions<T: Serialize>(
    text: &str,
    found: &[T],
    span: impl Fn(&T) -> &Range<usize>,
) -> Vec<Value> {
    let one = |mention: &T| {
        let mut value = serde_json::to_value(mention).unwrap_or(Value::Null);
        if let Value::Object(fields) = &mut value {
            let range = span(mention);
            fields.insert("span".to_owned(), json!([range.start, range.end]));
            fields.insert("text".to_owned(), json!(words(text, range)));
        }
        value
    };
    found.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mention_shows_its_own_words() {
        let text = "В марте изъято 12 ружей. По данным полиции, их больше.";
        let written = NaiveDate::from_ymd_opt(2026, 5, 15);
        let json = analysis_json(Lexicon::shipped(), text, None, written);
        assert_eq!(json["language"], "ru");
        assert_eq!(json["sentences"][0]["periods"][0]["text"], "марте");
        assert_eq!(json["sentences"][0]["quantities"][0]["text"], "12");
        assert_eq!(json["sentences"][1]["cues"][0]["kind"], "attribution");
    }
}
