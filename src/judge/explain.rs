//! Puts a verdict into sentences by which a reader can redo the comparison by hand, in the language of the claim.
//!
//! The sentences are templates filled with values, document and date; nothing is written freely.

use super::fact::Fact;
use super::knowledge;
use crate::language::{Language, Lexicon, Quantity};
use crate::model::{Claim, Difference, Label, Observation, SlotName};

/// The difference between a claim's figure and a record's in one slot.
pub(super) fn difference(claim: &Claim, fact: &Fact<'_>, slot: SlotName) -> Difference {
    let value = |quantity: &Quantity| quantity.best.value.normalize().to_string();
    let claimed = claim.frame.quantity.as_ref().map(value).unwrap_or_default();
    let ids = |list: &[crate::model::Slot<String>]| {
        list.iter()
            .map(|slot| slot.best.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (mine, theirs) = (&claim.frame, &fact.frame);
    let period = |frame: &crate::model::Frame| {
        frame.period.as_ref().map_or(String::new(), |slot| {
            format!("{} – {}", slot.best.start, slot.best.end)
        })
    };
    let (claimed, official) = match slot {
        SlotName::Place => (ids(&mine.places), ids(&theirs.places)),
        SlotName::Period => (period(mine), period(theirs)),
        SlotName::Base | SlotName::Status => (
            super::pair::profile(mine)
                .into_iter()
                .collect::<Vec<_>>()
                .join(", "),
            super::pair::profile(theirs)
                .into_iter()
                .collect::<Vec<_>>()
                .join(", "),
        ),
        SlotName::Direction => (
            format!("{:?}", mine.direction),
            format!("{:?}", theirs.direction),
        ),
        _ => (claimed, value(&fact.quantity)),
    };
    Difference {
        slot,
        claimed,
        official,
    }
}

/// The name of a slot in a language.
fn slot_name(slot: SlotName, language: Language) -> &'static str {
    let names = match slot {
        SlotName::Value => ["сан", "число", "number"],
        SlotName::Unit => ["өлшем бірлігі", "единица измерения", "unit"],
        SlotName::Change => [
            "өзгеріс мәні",
            "смысл изменения (на или до, доля или рост)",
            "kind of change",
        ],
        SlotName::Direction => ["бағыт", "направление", "direction"],
        SlotName::Base => ["есептеу негізі", "база подсчёта", "base"],
        SlotName::Period => ["кезең", "период", "period"],
        SlotName::Date => ["күні", "дата", "date"],
        SlotName::Place => ["орын", "место", "place"],
        SlotName::Body => ["орган", "орган", "body"],
        SlotName::Person => ["тұлға не лауазым", "лицо или должность", "person or office"],
        SlotName::Status => ["саты", "стадия", "step"],
        SlotName::Modality => [
            "жоспар мен орындалу",
            "план или исполнение",
            "planned or done",
        ],
        SlotName::Polarity => [
            "болымдылық",
            "утверждение или отрицание",
            "affirmed or denied",
        ],
        SlotName::Attribution => ["кім айтқаны", "кто сказал", "who said it"],
        SlotName::Reference => ["құқықтық сілтеме", "ссылка на норму", "reference to law"],
    };
    names[language as usize]
}

/// The sentence for a claim that no record settles.
pub(super) fn nothing(language: Language) -> String {
    let text = match language {
        Language::Kk => "Бұл тұжырымды растайтын не теріске шығаратын ресми жазба табылмады.",
        Language::Ru => {
            "Официальной записи, которая подтверждает это утверждение или расходится с ним, не найдено."
        }
        Language::En => {
            "No official record was found that bears this statement out or differs from it."
        }
    };
    text.to_owned()
}

/// The comparison in words.
pub(super) fn explanation(
    lexicon: &Lexicon,
    claim: &Claim,
    label: Label,
    differences: &[Difference],
    observation: &Observation,
) -> String {
    let language = claim.language;
    let day = observation.published_at.format("%d.%m.%Y");
    let quote = &observation.text;
    let head = match (label, language) {
        (Label::Supported, Language::Kk) => "Ресми жазбамен сәйкес келеді",
        (Label::Supported, Language::Ru) => "Совпадает с официальной записью",
        (Label::Supported, Language::En) => "Agrees with the official record",
        (Label::Outdated, Language::Kk) => {
            "Жарияланғаннан кейін немесе оған дейін жаңартылған жазбаға сүйенеді"
        }
        (Label::Outdated, Language::Ru) => "Соответствует записи, которая с тех пор обновлена",
        (Label::Outdated, Language::En) => "Agrees with a record that has since been updated",
        (_, Language::Kk) => "Ресми жазбадан айырмасы бар",
        (_, Language::Ru) => "Расходится с официальной записью",
        (_, Language::En) => "Differs from the official record",
    };
    let mut text = format!("{head} ({}, {day}): «{quote}».", observation.url);
    for difference in differences {
        let name = slot_name(difference.slot, language);
        let claimed = knowledge::name(lexicon, &difference.claimed, language);
        let official = knowledge::name(lexicon, &difference.official, language);
        let line = match language {
            Language::Kk => {
                format!(" Айырма – {name}: жарияланымда «{claimed}», жазбада «{official}».")
            }
            Language::Ru => {
                format!(" Различие – {name}: в публикации «{claimed}», в записи «{official}».")
            }
            Language::En => format!(
                " What differs – {name}: the publication has \"{claimed}\", the record \"{official}\"."
            ),
        };
        text.push_str(&line);
    }
    text
}
