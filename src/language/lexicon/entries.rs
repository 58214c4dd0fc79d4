//! The entries of the lexicon's files: concepts, bodies, places, offices, laws and rates, each read from one row.
//!
//! The columns of each kind are described at the head of its shipped file under `data/`.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::table::{Mistake, Row};
use crate::language::{ConceptKind, Language};

/// The days on which an entry holds: from the first day, up to but not including the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day; `None` when it always held.
    pub from: Option<NaiveDate>,
    /// The day after the last; `None` when it still holds.
    pub until: Option<NaiveDate>,
}

impl Validity {
    /// Whether it holds on `day`; without a day, everything holds.
    pub fn holds_on(&self, day: Option<NaiveDate>) -> bool {
        day.is_none_or(|day| {
            self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
        })
    }

    /// Reads `2022-06-08..2026-07-01`, `2022-06-08..`, `..2022-06-08` or nothing.
    fn read(cell: &str) -> Result<Validity, String> {
        if cell.is_empty() {
            return Ok(Validity::default());
        }
        let (from, until) = cell
            .split_once("..")
            .ok_or_else(|| format!("validity `{cell}` is not FROM..UNTIL"))?;
        Ok(Validity {
            from: day(from)?,
            until: day(until)?,
        })
    }
}

/// Reads a day as YYYY-MM-DD; nothing is no day.
fn day(text: &str) -> Result<Option<NaiveDate>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map(Some)
        .map_err(|_| format!("`{text}` is not a day as YYYY-MM-DD"))
}

/// Where a status stands on its ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Ladder: procedure (against a person), case, legislation, money, plan, construction, personnel.
    pub ladder: String,
    /// Height; a later step has a higher rung.
    pub rung: u8,
    /// Whether it ends the ladder on a branch of its own: acquitted, repealed, cancelled.
    pub is_terminal: bool,
}

impl Rung {
    /// Reads `procedure 4` or `procedure 9 end`.
    fn read(cell: &str) -> Result<Option<Rung>, String> {
        let mut words = cell.split_whitespace();
        let Some(ladder) = words.next() else {
            return Ok(None);
        };
        let rung = words
            .next()
            .and_then(|rung| rung.parse().ok())
            .ok_or_else(|| format!("`{cell}` is not LADDER RUNG"))?;
        let is_terminal = match words.next() {
            None => false,
            Some("end") => true,
            Some(other) => return Err(format!("`{other}` after the rung is not `end`")),
        };
        Ok(Some(Rung {
            ladder: ladder.to_owned(),
            rung,
            is_terminal,
        }))
    }
}

/// Phrases of an entry in each language, the first of each for display.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// Kazakh, Russian, English, in the order of [`Language::ALL`].
    phrases: [Vec<String>; 3],
}

impl Wording {
    /// Reads three columns of phrases.
    pub(super) fn read(row: Row<'_>, columns: [usize; 3]) -> Wording {
        Wording {
            phrases: columns.map(|column| row.list(column).map(str::to_owned).collect()),
        }
    }

    /// The phrases in a language.
    pub fn of(&self, language: Language) -> &[String] {
        &self.phrases[language as usize]
    }

    /// The name for display in a language; the next best language when there is none.
    pub fn name(&self, language: Language) -> &str {
        [language, Language::Ru, Language::En, Language::Kk]
            .iter()
            .find_map(|&language| self.of(language).first())
            .map_or("", |phrase| phrase.trim_start_matches('='))
    }

    /// Adds the phrases of `other`.
    pub(super) fn extend(&mut self, other: Wording) {
        for (mine, theirs) in self.phrases.iter_mut().zip(other.phrases) {
            for phrase in theirs {
                if !mine.contains(&phrase) {
                    mine.push(phrase);
                }
            }
        }
    }

    /// The first language without a phrase.
    pub(super) fn missing(&self) -> Option<Language> {
        Language::ALL
            .into_iter()
            .find(|&language| self.of(language).is_empty())
    }
}

/// A concept: a measure, qualifier, status, action or other word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptEntry {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: ConceptKind,
    /// Ids of broader concepts.
    pub parents: Vec<String>,
    /// Ids of opposites.
    pub antonyms: Vec<String>,
    /// Where a status stands.
    pub rung: Option<Rung>,
    /// How it is written.
    pub wording: Wording,
}

impl ConceptEntry {
    /// Reads `id | kind | parents | antonyms | ladder rung | kk | ru | en`.
    pub(super) fn read(row: Row<'_>) -> Result<ConceptEntry, Mistake> {
        let kind = match row.cell(1) {
            "measure" => ConceptKind::Measure,
            "qualifier" => ConceptKind::Qualifier,
            "status" => ConceptKind::Status,
            "action" => ConceptKind::Action,
            "word" => ConceptKind::Word,
            other => return Err(row.mistake(format!("`{other}` is not a kind of concept"))),
        };
        Ok(ConceptEntry {
            id: row.id().to_owned(),
            kind,
            parents: row.list(2).map(str::to_owned).collect(),
            antonyms: row.list(3).map(str::to_owned).collect(),
            rung: Rung::read(row.cell(4)).map_err(|problem| row.mistake(problem))?,
            wording: Wording::read(row, [5, 6, 7]),
        })
    }

    /// Reads `id | kk | ru | en` of the general vocabulary; a third of the columns may hold `antonym=id`.
    pub(super) fn read_word(row: Row<'_>) -> Result<ConceptEntry, Mistake> {
        Ok(ConceptEntry {
            id: row.id().to_owned(),
            kind: ConceptKind::Word,
            parents: Vec::new(),
            antonyms: row.list(4).map(str::to_owned).collect(),
            rung: None,
            wording: Wording::read(row, [1, 2, 3]),
        })
    }
}

/// A state body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyEntry {
    /// Id.
    pub id: String,
    /// Ids of the bodies it belongs to.
    pub parents: Vec<String>,
    /// When it existed under this name and parent.
    pub validity: Validity,
    /// Ids of the bodies that took over its work.
    pub successors: Vec<String>,
    /// How it is written.
    pub wording: Wording,
}

impl BodyEntry {
    /// Reads `id | parents | validity | successors | kk | ru | en`.
    pub(super) fn read(row: Row<'_>) -> Result<BodyEntry, Mistake> {
        Ok(BodyEntry {
            id: row.id().to_owned(),
            parents: row.list(1).map(str::to_owned).collect(),
            validity: Validity::read(row.cell(2)).map_err(|problem| row.mistake(problem))?,
            successors: row.list(3).map(str::to_owned).collect(),
            wording: Wording::read(row, [4, 5, 6]),
        })
    }
}

/// How large a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceLevel {
    /// A country.
    Country,
    /// A region, or a city of republican rank.
    Region,
    /// A city or town.
    City,
    /// A district of a region or of a city.
    District,
    /// A village, or anything smaller.
    Locality,
}

/// A parent of a place and the days on which it was the parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceParent {
    /// Id of the larger place.
    pub id: String,
    /// When.
    pub validity: Validity,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceEntry {
    /// Id: `kz`, `kz-` and the KATO code of a region, or a slug.
    pub id: String,
    /// How large it is.
    pub level: PlaceLevel,
    /// What it lies in, newest first.
    pub parents: Vec<PlaceParent>,
    /// When it existed.
    pub validity: Validity,
    /// How it is written, in all forms.
    pub wording: Wording,
}

impl PlaceEntry {
    /// Reads `id | level | parents | validity | kk | ru | en`; a parent may be followed by `@FROM..UNTIL`.
    pub(super) fn read(row: Row<'_>) -> Result<PlaceEntry, Mistake> {
        let (level, class) = match row.cell(1) {
            "country" => (PlaceLevel::Country, Class::Plain),
            "region" => (PlaceLevel::Region, Class::Region),
            "republican_city" => (PlaceLevel::Region, Class::City),
            "city" => (PlaceLevel::City, Class::City),
            "district" => (PlaceLevel::District, Class::District),
            "locality" => (PlaceLevel::Locality, Class::Plain),
            other => return Err(row.mistake(format!("`{other}` is not a level of place"))),
        };
        let parents = row
            .list(2)
            .map(|part| {
                let (id, days) = part.split_once('@').unwrap_or((part, ""));
                Ok(PlaceParent {
                    id: id.trim().to_owned(),
                    validity: Validity::read(days.trim())?,
                })
            })
            .collect::<Result<Vec<PlaceParent>, String>>()
            .map_err(|problem| row.mistake(problem))?;
        Ok(PlaceEntry {
            id: row.id().to_owned(),
            level,
            parents,
            validity: Validity::read(row.cell(3)).map_err(|problem| row.mistake(problem))?,
            wording: class.spelt_out(row),
        })
    }
}

/// What kind of word follows a place's name, so that the data need not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Only what is written.
    Plain,
    /// «... облысы», «... область», "... Region".
    Region,
    /// «... қаласы», «город ...», "... city"; the bare name is the city too.
    City,
    /// «... ауданы», «... район», "... district".
    District,
}

impl Class {
    /// The phrases of a row, with the class word where a phrase ends in `~`, and for cities always as well.
    fn spelt_out(self, row: Row<'_>) -> Wording {
        let mut wording = Wording::default();
        for (language, column) in Language::ALL.into_iter().zip([4, 5, 6]) {
            for phrase in row.list(column) {
                let phrases = &mut wording.phrases[language as usize];
                match phrase.strip_suffix('~') {
                    Some(name) => phrases.extend(self.with_class_word(name.trim(), language)),
                    None => {
                        phrases.push(phrase.to_owned());
                        if self == Class::City {
                            phrases.extend(self.with_class_word(phrase, language));
                        }
                    }
                }
            }
        }
        wording
    }

    /// A name with the words that say what it is.
    fn with_class_word(self, name: &str, language: Language) -> Vec<String> {
        let patterns: &[&str] = match (self, language) {
            (Class::Plain, _) => &["{}"],
            (Class::Region, Language::Kk) => &["{} облысы", "{} обл."],
            (Class::Region, Language::Ru) => &["{} область", "{} обл."],
            (Class::Region, Language::En) => {
                &["{} Region", "{} region", "{} oblast", "{} province"]
            }
            (Class::City, Language::Kk) => &["{} қаласы", "{} қ."],
            (Class::City, Language::Ru) => &["город {}", "г. {}"],
            (Class::City, Language::En) => &["{} city", "city of {}"],
            (Class::District, Language::Kk) => &["{} ауданы"],
            (Class::District, Language::Ru) => &["{} район", "{} р-н", "район {}"],
            (Class::District, Language::En) => &["{} District", "{} district"],
        };
        patterns
            .iter()
            .map(|pattern| pattern.replace("{}", name))
            .collect()
    }
}

/// An office, a rank or a qualifier of offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeEntry {
    /// Id.
    pub id: String,
    /// What the entry is.
    pub kind: OfficeKind,
    /// How it is written.
    pub wording: Wording,
}

/// What an entry of the offices file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeKind {
    /// An office: minister, head of a department.
    Office,
    /// A rank: police colonel, general of justice.
    Rank,
    /// A qualifier of an office: former, acting, deputy.
    Qualifier,
}

impl OfficeEntry {
    /// Reads `id | kind | kk | ru | en`.
    pub(super) fn read(row: Row<'_>) -> Result<OfficeEntry, Mistake> {
        let kind = match row.cell(1) {
            "office" => OfficeKind::Office,
            "rank" => OfficeKind::Rank,
            "qualifier" => OfficeKind::Qualifier,
            other => return Err(row.mistake(format!("`{other}` is not office, rank or qualifier"))),
        };
        Ok(OfficeEntry {
            id: row.id().to_owned(),
            kind,
            wording: Wording::read(row, [2, 3, 4]),
        })
    }
}

/// A code or law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawEntry {
    /// Id, the first part of the id of an article.
    pub id: String,
    /// How it is written.
    pub wording: Wording,
}

impl LawEntry {
    /// Reads `id | kk | ru | en`.
    pub(super) fn read(row: Row<'_>) -> LawEntry {
        LawEntry {
            id: row.id().to_owned(),
            wording: Wording::read(row, [1, 2, 3]),
        }
    }
}

/// The value of a rate from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateEntry {
    /// Id of the rate: `mci`, `minimum_wage`.
    pub id: String,
    /// First day on which the value holds; it holds until the next row of the same rate.
    pub from: NaiveDate,
    /// Value in tenge.
    pub value: Decimal,
}

impl RateEntry {
    /// Reads `id | from | value`.
    pub(super) fn read(row: Row<'_>) -> Result<RateEntry, Mistake> {
        let from = day(row.cell(1))
            .map_err(|problem| row.mistake(problem))?
            .ok_or_else(|| row.mistake("a rate needs the day from which it holds"))?;
        let value = row
            .cell(2)
            .parse()
            .map_err(|_| row.mistake(format!("`{}` is not a number", row.cell(2))))?;
        Ok(RateEntry {
            id: row.id().to_owned(),
            from,
            value,
        })
    }
}
