//! Stems: of two forms with one stem, how often have they one lemma, and the other way round.

use std::collections::{BTreeMap, BTreeSet};

use aigaq::language::{Language, terms};
use rust_stemmers::{Algorithm, Stemmer};

/// Pairs of forms that belong together.
type Pairs<'a> = BTreeSet<(&'a str, &'a str)>;

/// Figures of our stems and of the simple ones.
pub fn figures(text: &str, language: Language) -> String {
    let rows: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let gold = pairs(rows.iter().map(|&(form, lemma)| (form, lemma.to_owned())));
    let score = |stem: &dyn Fn(&str) -> String| {
        let got = pairs(rows.iter().map(|&(form, _)| (form, stem(form))));
        super::shares(gold.intersection(&got).count(), got.len(), gold.len())
    };
    let ours = score(&|form| terms::term(form, language));
    let first = |n: usize| score(&|form| form.chars().take(n).collect());
    let mut out = format!(
        "  stems     ours {ours}\n  no stemming     {}\n  first 3 letters {}\n  first 5 letters {}\n  one ending off  {}\n  endings off     {}\n",
        score(&str::to_owned),
        first(3),
        first(5),
        score(&|form| stripped(form, language, false)),
        score(&|form| stripped(form, language, true)),
    );
    let algorithm = match language {
        Language::Ru => Some(Algorithm::Russian),
        Language::En => Some(Algorithm::English),
        Language::Kk => None,
    };
    if let Some(algorithm) = algorithm {
        let snowball = Stemmer::create(algorithm);
        let figures = score(&|form| snowball.stem(form).into_owned());
        out += &format!("  Snowball        {figures}\n");
    }
    out
}

/// Endings that a simple rule takes off.
fn endings(language: Language) -> &'static [&'static str] {
    match language {
        Language::Kk => &[
            "лар", "лер", "дар", "дер", "тар", "тер", "ымыз", "іміз", "ыңыз", "іңіз", "мыз", "міз",
            "сы", "сі", "ның", "нің", "дың", "дің", "тың", "тің", "нда", "нде", "нан", "нен",
            "дан", "ден", "тан", "тен", "ға", "ге", "қа", "ке", "на", "не", "ны", "ні", "ды", "ді",
            "ты", "ті", "да", "де", "та", "те", "мен", "бен", "пен", "ым", "ім", "ың", "ің", "ы",
            "і", "н",
        ],
        Language::Ru => &[
            "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "ях", "ах",
            "ией", "ей", "ой", "ий", "ый", "ая", "яя", "ое", "ее", "ые", "ие", "ую", "юю", "ых",
            "их", "ым", "им", "ом", "ем", "ам", "ям", "ов", "ев", "ию", "ия", "ии", "ать", "ять",
            "ить", "еть", "ет", "ит", "ют", "ут", "ал", "ла", "ло", "ли", "а", "я", "о", "е", "ы",
            "и", "у", "ю", "ь", "й",
        ],
        Language::En => &["ing", "ies", "es", "ed", "s", "ly"],
    }
}

/// A form without its longest known ending, or without all that stand one before the other.
fn stripped(form: &str, language: Language, all: bool) -> String {
    let mut rest = form;
    loop {
        let known = endings(language)
            .iter()
            .filter_map(|ending| rest.strip_suffix(ending));
        let shorter = known
            .filter(|rest| rest.chars().count() >= 3)
            .min_by_key(|rest| rest.len());
        match shorter {
            Some(shorter) => rest = shorter,
            None => return rest.to_owned(),
        }
        if !all {
            return rest.to_owned();
        }
    }
}

/// Different forms with one key.
fn pairs<'a>(keyed: impl Iterator<Item = (&'a str, String)>) -> Pairs<'a> {
    let mut groups: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (form, key) in keyed {
        groups.entry(key).or_default().insert(form);
    }
    let mut pairs = Pairs::new();
    for group in groups.values() {
        for &left in group {
            pairs.extend(group.range(left..).skip(1).map(|&right| (left, right)));
        }
    }
    pairs
}
