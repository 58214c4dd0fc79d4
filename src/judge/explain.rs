//! Puts a verdict into sentences by which a reader can redo the comparison by hand, in the language of the claim.
//!
//! The sentences are templates filled with values, document and date; nothing is written freely.

use super::fact::Fact;
use super::{knowledge, offices, slots};
use crate::language::names::laws;
use crate::language::{Direction, Language, Lexicon, Name, NameKind, Quantity, analyze, local_day};
use crate::model::{Claim, Difference, Frame, Label, Observation, SlotName};

/// The difference between a claim's figure and a record's in one slot. Names and periods keep their ids here, so that a
/// reader of any language can be shown them; [`worded`] turns them into words.
pub(super) fn difference(claim: &Claim, fact: &Fact<'_>, slot: SlotName) -> Difference {
    let value = |quantity: &Quantity| quantity.best.value.normalize().to_string();
    let claimed = claim.frame.quantity.as_ref().map(value).unwrap_or_default();
    let (mine, theirs) = (&claim.frame, &fact.frame);
    let (claimed, official) = match slot {
        SlotName::Place => (places(mine), places(theirs)),
        SlotName::Period => (period(mine), period(theirs)),
        SlotName::Base | SlotName::Status => (base(mine, theirs), base(theirs, mine)),
        SlotName::Direction => (direction(mine), direction(theirs)),
        _ => (claimed, value(&fact.quantity)),
    };
    Difference {
        slot,
        claimed,
        official,
    }
}

/// Ids of the places of a figure's clause, or else of all that it has.
fn places(frame: &Frame) -> String {
    let own = slots::in_clause(&frame.places);
    let all = frame.places.iter().map(|slot| slot.best.as_str());
    let ids: Vec<&str> = if own.is_empty() {
        all.collect()
    } else {
        own.into_iter().collect()
    };
    ids.join(", ")
}

/// What one figure's clause says it measures and the other's does not; all of it when nothing sets them apart.
fn base(frame: &Frame, other: &Frame) -> String {
    let (mine, theirs) = (super::pair::profile(frame), super::pair::profile(other));
    let only: Vec<&str> = mine.difference(&theirs).copied().collect();
    let ids = if only.is_empty() {
        mine.into_iter().collect()
    } else {
        only
    };
    ids.join(", ")
}

/// First and last day of a frame's period, as days are written here: `01.01.2026 – 31.03.2026`.
fn period(frame: &Frame) -> String {
    let Some(period) = frame.period.as_ref().map(|slot| &slot.best) else {
        return String::new();
    };
    let last = period
        .end
        .pred_opt()
        .unwrap_or(period.end)
        .max(period.start);
    let day = |date: chrono::NaiveDate| date.format("%d.%m.%Y").to_string();
    if last == period.start {
        day(last)
    } else {
        format!("{} – {}", day(period.start), day(last))
    }
}

/// The id of a frame's direction.
fn direction(frame: &Frame) -> String {
    let id = match frame.direction {
        Some(Direction::Up) => "rose",
        Some(Direction::Down) => "fell",
        Some(Direction::Flat) => "unchanged",
        None => "",
    };
    id.to_owned()
}

/// Differences with names, dates and words of the claim's language in place of ids; persons and offices as each text prints
/// them.
pub(super) fn worded(
    lexicon: &Lexicon,
    differences: &[Difference],
    claim: &Claim,
    observation: &Observation,
) -> Vec<Difference> {
    let words = |difference: &Difference| {
        let value = |ids: &str, text: &str, language: Language| match difference.slot {
            SlotName::Person | SlotName::Attribution => printed(lexicon, ids, text, language),
            _ => wording(lexicon, ids, claim.language),
        };
        Difference {
            slot: difference.slot,
            claimed: value(&difference.claimed, &claim.text, claim.language),
            official: value(
                &difference.official,
                &observation.text,
                observation.language,
            ),
        }
    };
    differences.iter().map(words).collect()
}

/// Persons, or the office of one, as a text prints them: «person:SURNAME.INITIAL» and the parts of an office are no words.
fn printed(lexicon: &Lexicon, ids: &str, text: &str, language: Language) -> String {
    let read = analyze(lexicon, text, Some(language), None);
    let names: Vec<&Name> = read.iter().flat_map(|sentence| &sentence.names).collect();
    let is_meant = |name: &&&Name, id: &str| match name.kind {
        NameKind::Person => name.id == id,
        NameKind::Office => offices::office_parts(
            lexicon,
            &name.id,
            name.qualifiers.iter().map(String::as_str),
        )
        .is_some_and(|parts| parts.join(" ") == id),
        _ => false,
    };
    let word = |id: &str| {
        let name = names.iter().find(|name| is_meant(name, id));
        let written = name.and_then(|name| text.get(name.span.clone()));
        written.map_or_else(|| wording(lexicon, id, language), str::to_owned)
    };
    ids.split(", ").map(word).collect::<Vec<_>>().join(", ")
}

/// Ids as words in a language; what is no id stays as it is.
fn wording(lexicon: &Lexicon, ids: &str, language: Language) -> String {
    let word = |id: &str| -> String {
        let day = |id: &str| id.parse::<chrono::NaiveDate>().ok();
        if let Some(date) = day(id) {
            return date.format("%d.%m.%Y").to_string();
        }
        let span = id
            .split_once('/')
            .and_then(|(first, end)| Some((day(first)?, day(end)?.pred_opt()?)));
        if let Some((first, last)) = span {
            return format!("{} – {}", first.format("%d.%m.%Y"), last.format("%d.%m.%Y"));
        }
        if let Some(article) = laws::worded(lexicon, id, language) {
            return article;
        }
        let parts = id.split('+').map(|part| {
            mood(part, language).unwrap_or_else(|| knowledge::name(lexicon, part, language))
        });
        parts.collect::<Vec<_>>().join(" ")
    };
    ids.split(", ").map(word).collect::<Vec<_>>().join(", ")
}

/// The word for how a statement is meant; `None` for anything else.
fn mood(id: &str, language: Language) -> Option<&'static str> {
    let words = match id {
        "Asserted" => ["орындалған", "сообщено как факт", "stated as done"],
        "Planned" => ["жоспарланған", "запланировано", "planned"],
        "Rumoured" => ["қауесет", "слух", "rumoured"],
        "Forecast" => ["болжам", "прогноз", "forecast"],
        "Positive" => ["айтылған", "утверждается", "affirmed"],
        "Negative" => ["жоққа шығарылған", "отрицается", "denied"],
        _ => return None,
    };
    Some(words[language as usize])
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
    claim: &Claim,
    label: Label,
    differences: &[Difference],
    observation: &Observation,
) -> String {
    let language = claim.language;
    let day = local_day(observation.published_at).format("%d.%m.%Y");
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
        let Difference {
            claimed, official, ..
        } = difference;
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
