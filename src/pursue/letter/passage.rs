//! Finds what differs inside a sentence, and writes values as each language prints them.

use std::ops::Range;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::language::names::laws;
use crate::language::{Language, Lexicon, analyze};
use crate::model::{Difference, SlotName};
use crate::pursue::wording::{self, pick};

/// Where a value of a difference stands in a sentence: as a number of that value, or as the words themselves.
pub(super) fn place_of(
    lexicon: &Lexicon,
    sentence: &str,
    value: &str,
    language: Language,
) -> Option<Range<usize>> {
    if let Ok(wanted) = value.parse::<Decimal>() {
        let read = analyze(lexicon, sentence, Some(language), None);
        let quantities = read.iter().flat_map(|sentence| &sentence.quantities);
        let mut found = quantities.filter(|quantity| quantity.best.value == wanted);
        return found.next().map(|quantity| quantity.span.clone());
    }
    let at = sentence.find(value).filter(|_| !value.is_empty())?;
    Some(at..at + value.len())
}

/// A sentence cut into what comes before, what differs, and what comes after.
pub(super) fn cut(sentence: &str, at: Option<Range<usize>>) -> (String, String, String) {
    match at {
        Some(at) => (
            sentence[..at.start].to_owned(),
            // A line never ends inside a number.
            sentence[at.clone()].replace(' ', &wording::NO_BREAK.to_string()),
            sentence[at.end..].to_owned(),
        ),
        None => (sentence.to_owned(), String::new(), String::new()),
    }
}

/// A value as a language prints it: numbers and days in its typography, known names and concepts in its words, and
/// anything else as it was written.
pub fn worded(lexicon: &Lexicon, value: &str, written: Language, language: Language) -> String {
    if let Ok(number) = value.parse::<Decimal>() {
        return wording::number(number, language);
    }
    let parts: Vec<&str> = value.split(" – ").collect();
    let days: Option<Vec<String>> = parts
        .iter()
        .map(|part| NaiveDate::parse_from_str(part, "%d.%m.%Y").ok())
        .map(|date| date.map(|date| wording::day(date, language)))
        .collect();
    if let Some(days) = days {
        return days.join(" – ");
    }
    let names: Vec<String> = value
        .split(", ")
        .map(|part| translated(lexicon, part, written, language).unwrap_or_else(|| part.to_owned()))
        .collect();
    names.join(", ")
}

/// The name in a language of what a text names as a whole.
fn translated(
    lexicon: &Lexicon,
    text: &str,
    written: Language,
    language: Language,
) -> Option<String> {
    if written == language {
        return None;
    }
    let read = analyze(lexicon, text, Some(written), None);
    let [sentence] = &read[..] else {
        return None;
    };
    let names = sentence.names.iter().map(|name| (&name.span, &name.id));
    let concepts = sentence
        .concepts
        .iter()
        .map(|concept| (&concept.span, &concept.id));
    let mut whole = names
        .chain(concepts)
        .filter(|(span, _)| **span == (0..text.len()));
    let (_, id) = whole.next()?;
    let name = lexicon.name(id, language);
    let is_known = name != id.as_str();
    laws::worded(lexicon, id, language).or_else(|| is_known.then(|| name.to_owned()))
}

/// By how much two numbers differ, in units and in percent of the record; empty where nothing can be reckoned.
pub(super) fn note(difference: &Difference, language: Language) -> String {
    let number = |text: &str| text.parse::<Decimal>().ok();
    let is_number = matches!(difference.slot, SlotName::Value | SlotName::Unit);
    let values = number(&difference.claimed).zip(number(&difference.official));
    let Some((claimed, official)) = values.filter(|_| is_number) else {
        return String::new();
    };
    let Some(by) = claimed.checked_sub(official) else {
        return String::new();
    };
    let sign = if by.is_sign_negative() { "" } else { "+" };
    let mut note = format!("{sign}{}", wording::number(by, language));
    let share = by.checked_mul(Decimal::ONE_HUNDRED);
    let share = share.and_then(|by| by.checked_div(official.abs()));
    if let Some(share) = share {
        let share = wording::percent(share.round_dp(1), language);
        note.push_str(&format!(" ({sign}{share})"));
    }
    note
}

/// What each side says, with how it is meant where both say the same of a plan: a number that the record plans, and that is
/// told as done.
pub(super) fn as_meant(
    slot: SlotName,
    claimed: String,
    official: String,
    language: Language,
) -> (String, String) {
    if slot != SlotName::Modality || claimed != official {
        return (claimed, official);
    }
    let [done, planned] = match language {
        Language::Kk => ["орындалған ретінде", "жоспарланған"],
        Language::Ru => ["как исполненное", "запланировано"],
        Language::En => ["given as done", "planned"],
    };
    (
        format!("{claimed} – {done}"),
        format!("{official} – {planned}"),
    )
}

/// The name of a slot, as the first column of the table shows it.
pub fn slot_name(slot: SlotName, language: Language) -> &'static str {
    let names = match slot {
        SlotName::Value => ["Сан", "Число", "Number"],
        SlotName::Unit => ["Өлшем бірлігі", "Единица измерения", "Unit"],
        SlotName::Change => ["Өзгеріс түрі", "Вид изменения", "Kind of change"],
        SlotName::Direction => [
            "Өзгеріс бағыты",
            "Направление изменения",
            "Direction of change",
        ],
        SlotName::Base => ["Не есептелген", "Что подсчитано", "What is counted"],
        SlotName::Period => ["Кезең", "Период", "Period"],
        SlotName::Date => ["Күні", "Дата", "Date"],
        SlotName::Place => ["Аумақ", "Территория", "Place"],
        SlotName::Body => ["Орган", "Орган", "Body"],
        SlotName::Person => [
            "Тұлға немесе лауазым",
            "Лицо или должность",
            "Person or office",
        ],
        SlotName::Status => ["Кезеңі (саты)", "Стадия", "Stage"],
        SlotName::Modality => [
            "Жоспар немесе орындалуы",
            "План или исполнение",
            "Planned or done",
        ],
        SlotName::Polarity => [
            "Болғаны немесе болмағаны",
            "Утверждение или отрицание",
            "Affirmed or denied",
        ],
        SlotName::Attribution => [
            "Мәлімет кімдікі",
            "Кому принадлежат сведения",
            "Who said it",
        ],
        SlotName::Reference => ["Құқықтық норма", "Правовая норма", "Legal reference"],
    };
    pick(&names, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_told_as_done_says_so_beside_a_number_that_is_the_same() {
        let row = |slot, official: &str| {
            as_meant(slot, "430".to_owned(), official.to_owned(), Language::Ru)
        };
        let (claimed, official) = row(SlotName::Modality, "430");
        assert_eq!(claimed, "430 – как исполненное");
        assert_eq!(official, "430 – запланировано");
        let apart = ("430".to_owned(), "287".to_owned());
        assert_eq!(row(SlotName::Value, "287"), apart);
        assert_eq!(row(SlotName::Modality, "287"), apart);
    }
}
