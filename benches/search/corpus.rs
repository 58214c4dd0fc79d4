//! Generates news-like publications in three languages: words by a Zipf-Mandelbrot law, names, figures, reprints.
//!
//! Each publication follows from its number alone, so any of them can be made again, and questions can be taken from one.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};

use aigaq::language::Language;
use aigaq::model::{
    About, Block, BlockKind, CanonicalUrl, DateOrigin, Dated, Document, Revision, Source, SourceId,
    SourceRole,
};
use aigaq::store::Sighting;

/// Words of each language.
const WORDS: usize = 40_000;
/// How steep the law is, and how flat its head.
const STEEPNESS: f64 = 1.02;
const FLATNESS: f64 = 2.7;
/// Words of a text, least and most.
const LENGTH: (usize, usize) = (60, 180);
/// Every so many publications one is a reprint of the one before.
const REPRINTS: usize = 20;
/// Sources.
pub const SOURCES: usize = 50;

/// The commonest words of each language, then syllables of which the others are made.
const LANGUAGES: [(Language, &[&str], &[&str]); 3] = [
    (
        Language::Ru,
        &[
            "в",
            "и",
            "на",
            "что",
            "по",
            "с",
            "года",
            "не",
            "для",
            "области",
            "из",
            "сообщили",
            "также",
            "управление",
            "жители",
            "город",
            "дорога",
            "суд",
            "пожар",
            "школа",
            "вода",
            "дом",
            "закон",
            "проверка",
            "зерно",
            "больница",
            "мост",
            "транспорт",
            "лес",
            "порт",
            "выставка",
            "спор",
        ],
        &[
            "ва", "гор", "де", "жи", "за", "кол", "лин", "мед", "не", "пус", "рам", "сан", "тор",
            "чес", "шо", "щи", "бар", "вет", "ний", "сть",
        ],
    ),
    (
        Language::Kk,
        &[
            "және",
            "мен",
            "бұл",
            "деп",
            "үшін",
            "жылы",
            "бойынша",
            "облысы",
            "болды",
            "хабарлады",
            "туралы",
            "басқарма",
            "тұрғындар",
            "қала",
            "жол",
            "сот",
            "өрт",
            "мектеп",
            "су",
            "үй",
            "заң",
            "тексеру",
            "астық",
            "аурухана",
            "көпір",
            "көлік",
            "орман",
            "порт",
            "көрме",
            "дау",
        ],
        &[
            "ай", "бұл", "ғар", "дық", "ең", "жүр", "зат", "қыл", "лік", "мән", "нан", "өң", "рық",
            "сіз", "тұр", "ұй", "шы", "іс", "кер", "дас",
        ],
    ),
    (
        Language::En,
        &[
            "the",
            "of",
            "in",
            "and",
            "to",
            "a",
            "year",
            "for",
            "region",
            "was",
            "reported",
            "said",
            "department",
            "residents",
            "city",
            "road",
            "court",
            "fire",
            "school",
            "water",
            "house",
            "law",
            "inspection",
            "grain",
            "hospital",
            "bridge",
            "transport",
            "forest",
            "port",
            "exhibition",
        ],
        &[
            "al", "ber", "con", "der", "en", "for", "gran", "hol", "in", "ket", "lan", "mer",
            "nor", "pol", "rin", "sta", "ter", "ul", "ver", "wick",
        ],
    ),
];

/// A publication.
pub struct Page {
    /// Number.
    pub number: usize,
    /// Language.
    pub language: Language,
    /// Source.
    pub source: String,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
}

/// Words of each language with their weights summed up.
pub struct Corpus {
    words: [Vec<String>; 3],
    sums: Vec<f64>,
}

impl Corpus {
    /// Makes the words.
    pub fn new() -> Corpus {
        let mut sum = 0.0;
        let sums = (0..WORDS).map(|rank| {
            sum += 1.0 / (rank as f64 + FLATNESS).powf(STEEPNESS);
            sum
        });
        Corpus {
            sums: sums.collect(),
            words: LANGUAGES.map(|(_, common, syllables)| {
                let mut words: Vec<String> = common.iter().map(|word| (*word).to_owned()).collect();
                words.extend((common.len()..WORDS).map(|rank| made_up(syllables, rank)));
                words
            }),
        }
    }

    /// A word of a language by the law.
    fn word(&self, language: usize, dice: &mut Dice) -> &str {
        let all = self.sums[WORDS - 1];
        let thrown = dice.below(1 << 30) as f64 / f64::from(1 << 30) * all;
        let rank = self.sums.partition_point(|sum| *sum < thrown);
        &self.words[language][rank.min(WORDS - 1)]
    }

    /// The publication of a number.
    pub fn page(&self, number: usize) -> Page {
        let told_by = match number % REPRINTS {
            0 if number > 0 => number - 3,
            _ => number,
        };
        let mut dice = Dice(told_by as u64 + 1);
        dice.below(2);
        let language = told_by % 3;
        let line = |n: usize, dice: &mut Dice| -> String {
            let words: Vec<&str> = (0..n).map(|_| self.word(language, dice)).collect();
            words.join(" ")
        };
        let n_title = 5 + dice.below(6);
        let title = line(n_title, &mut dice);
        let n_words = LENGTH.0 + dice.below(LENGTH.1 - LENGTH.0);
        let mut text = String::new();
        let mut done = 0;
        while done < n_words {
            let n = 8 + dice.below(12);
            text.push_str(&line(n, &mut dice));
            match dice.below(12) {
                0 => text.push_str(" МВД"),
                1 => text.push_str(&format!(" {}", dice.below(100_000))),
                _ => {}
            }
            text.push_str(". ");
            done += n;
        }
        Page {
            number,
            language: LANGUAGES[language].0,
            source: format!("outlet-{}", number % SOURCES),
            published: start() + TimeDelta::minutes(number as i64 % 500_000),
            title,
            text,
        }
    }
}

/// A word of two to four syllables; the number of the word in the base of the syllables.
fn made_up(syllables: &[&str], rank: usize) -> String {
    let mut word = String::new();
    let mut rest = rank;
    while rest > 0 {
        word.push_str(syllables[rest % syllables.len()]);
        rest /= syllables.len();
    }
    word
}

/// The first moment of all.
pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 7, 1, 0, 0, 0)
        .single()
        .expect("a moment")
}

/// A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere.
pub struct Dice(pub u64);

impl Dice {
    /// A number below another.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n as u64).expect("the remainder is below n")
    }
}

/// A publication as it was seen.
pub fn sighting(page: Page) -> Sighting {
    let url = format!("https://{}.example/{}", page.source, page.number);
    Sighting {
        source: SourceId(page.source),
        document: Document {
            title: page.title,
            language: Some(page.language),
            published: Some(Dated {
                at: page.published.fixed_offset(),
                origin: DateOrigin::JsonLd,
                is_day_only: false,
            }),
            blocks: vec![Block {
                kind: BlockKind::Paragraph,
                text: page.text,
            }],
            url: CanonicalUrl(url),
            authors: Vec::new(),
            modified: None,
            tables: Vec::new(),
            alternates: Vec::new(),
            warnings: Vec::new(),
            about: About::default(),
        },
        capture: None,
        seen_at: page.published,
    }
}

/// The outlet of a publication.
pub fn source(revision: &Revision) -> Source {
    outlet(revision.source.clone())
}

/// An outlet.
pub fn outlet(id: SourceId) -> Source {
    Source {
        id,
        name: Default::default(),
        url: "https://outlet.example/".to_owned(),
        role: SourceRole::Media,
        languages: Vec::new(),
        authority: Vec::new(),
    }
}
