//! Turns the data of the suite into claims: the templates of a kind filled with the slots of each of its records, in the
//! language of the template.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aigaq::language::Language;
use aigaq::model::SlotName;
use serde::Deserialize;

use super::forms::Number;

/// The files of the suite, one or several kinds each.
const FILES: [&str; 3] = [
    include_str!("../../accusations/figures.toml"),
    include_str!("../../accusations/shares.toml"),
    include_str!("../../accusations/statements.toml"),
];

/// What makes a true sentence untrue in one slot: the name in its template, the name that takes its place (with the form
/// of a number), the slot that is then wrong.
const SWAPS: [(&str, &str, SlotName); 12] = [
    ("where", "other_where", SlotName::Place),
    ("n", "n.swapped", SlotName::Value),
    ("when", "other_when", SlotName::Period),
    ("p", "p.swapped", SlotName::Value),
    ("rel", "other_when", SlotName::Period),
    ("up", "opp", SlotName::Direction),
    ("rank", "other_rank", SlotName::Value),
    ("region", "other_region", SlotName::Place),
    ("man", "other_man", SlotName::Person),
    ("place", "other_place", SlotName::Place),
    ("on", "other_on", SlotName::Date),
    ("post", "other_post", SlotName::Place),
];

/// Records of one kind with the ways to report them.
#[derive(Deserialize)]
struct Kind {
    /// What is common to its records.
    name: String,
    /// Ways that are true of each record.
    reworded: BTreeMap<String, Vec<String>>,
    /// Ways that are not: the slot that is changed, the language, the template.
    edited: Vec<(SlotName, String, String)>,
    /// The records.
    record: Vec<Given>,
}

/// One record with the words for its slots.
#[derive(Deserialize)]
struct Given {
    /// The record's own language.
    language: String,
    /// Day of publication; the suite's day when absent.
    #[serde(default)]
    day: Option<String>,
    /// The record, sentence by sentence.
    text: Vec<String>,
    /// Its table, header row first.
    #[serde(default)]
    table: Vec<Vec<String>>,
    /// Words and numbers that the templates name.
    #[serde(flatten)]
    slots: BTreeMap<String, Slot>,
}

/// What a template's `{name}` stands for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Slot {
    /// A number; its forms follow a point, as in `{n.over}`.
    Whole(i64),
    /// The same in every language; a number where it is one.
    Same(String),
    /// In Kazakh, Russian and English.
    Each([String; 3]),
}

#[derive(Deserialize)]
struct File {
    kind: Vec<Kind>,
}

/// A record of the suite.
pub struct Official {
    /// Kind and number.
    pub name: String,
    /// Language.
    pub language: Language,
    /// Day of publication.
    pub day: String,
    /// Sentences.
    pub text: Vec<String>,
    /// Table.
    pub table: Vec<Vec<String>>,
}

/// A sentence about a record.
#[derive(Clone)]
pub struct Told {
    /// Place of the record in [`Suite::records`].
    pub record: usize,
    /// Kind of the record.
    pub kind: String,
    /// Language.
    pub language: Language,
    /// The sentence.
    pub text: String,
}

/// Everything the suite holds.
pub struct Suite {
    /// The records.
    pub records: Vec<Official>,
    /// What is true of them.
    pub reworded: Vec<Told>,
    /// What is not, with the slot that was changed.
    pub edited: Vec<(SlotName, Told)>,
    /// True sentences with one slot swapped, with that slot.
    pub swapped: Vec<(SlotName, Told)>,
}

/// The suite, filled once.
pub static SUITE: LazyLock<Suite> = LazyLock::new(|| {
    let mut suite = Suite {
        records: Vec::new(),
        reworded: Vec::new(),
        edited: Vec::new(),
        swapped: Vec::new(),
    };
    for text in FILES {
        let file: File = toml::from_str(text).unwrap();
        for kind in &file.kind {
            kind.fill(&mut suite);
        }
    }
    suite
});

impl Kind {
    fn fill(&self, suite: &mut Suite) {
        for (place, given) in self.record.iter().enumerate() {
            let record = suite.records.len();
            let told = |code: &str, template: &str| {
                let language = Language::from_code(code).unwrap();
                let text = filled(template, &given.slots, language)
                    .unwrap_or_else(|what| panic!("{} {place}, {template}: {what}", self.name));
                Told {
                    record,
                    kind: self.name.clone(),
                    language,
                    text,
                }
            };
            for (code, templates) in &self.reworded {
                let all = templates.iter().map(|template| told(code, template));
                suite.reworded.extend(all);
                for (turn, template) in templates.iter().enumerate() {
                    let swaps = swaps(template, &given.slots);
                    // Each template takes another of its slots with each record.
                    if let Some((slot, template)) = swaps.get((turn + place) % swaps.len().max(1)) {
                        suite.swapped.push((*slot, told(code, template)));
                    }
                }
            }
            let edited = self.edited.iter();
            let edited = edited.map(|(slot, code, template)| (*slot, told(code, template)));
            suite.edited.extend(edited);
            suite.records.push(Official {
                name: format!("{} {}", self.name, place + 1),
                language: Language::from_code(&given.language).unwrap(),
                day: given.day.clone().unwrap_or("2026-02-02".to_owned()),
                text: given.text.clone(),
                table: given.table.clone(),
            });
        }
    }
}

/// A template with one slot swapped, in every way that the words of the record allow.
fn swaps(template: &str, slots: &BTreeMap<String, Slot>) -> Vec<(SlotName, String)> {
    let mut all = Vec::new();
    for (name, other, slot) in SWAPS {
        let capital = |name: &str| format!("{{{}}}", capital(name));
        let plain = |name: &str| format!("{{{name}}}");
        let (key, _) = other.split_once('.').unwrap_or((other, ""));
        if !slots.contains_key(key) {
            continue;
        }
        let swapped = template
            .replace(&plain(name), &plain(other))
            .replace(&capital(name), &capital(other));
        if swapped != template {
            all.push((slot, swapped));
        }
    }
    all
}

/// A template with its slots filled; a name with a capital gives a capital.
fn filled(
    template: &str,
    slots: &BTreeMap<String, Slot>,
    language: Language,
) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').ok_or("a brace stays open")?;
        text.push_str(before);
        let (key, form) = name.split_once('.').unwrap_or((name, ""));
        let slot = slots.get(&key.to_lowercase());
        let slot = slot.ok_or_else(|| format!("no slot {key}"))?;
        let word = match slot {
            Slot::Whole(number) => Number::parse(&number.to_string()).written(form, language),
            Slot::Same(word) if word.starts_with(|c: char| c.is_ascii_digit()) => {
                Number::parse(word).written(form, language)
            }
            Slot::Same(word) => word.clone(),
            Slot::Each(words) => words[place(language)].clone(),
        };
        let is_capital = key.starts_with(char::is_uppercase);
        text.push_str(&if is_capital { capital(&word) } else { word });
        rest = behind;
    }
    text.push_str(rest);
    Ok(text)
}

/// Place of a language among the words of a slot.
fn place(language: Language) -> usize {
    match language {
        Language::Kk => 0,
        Language::Ru => 1,
        Language::En => 2,
    }
}

/// A word with a capital at its head.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
