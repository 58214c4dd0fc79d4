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
        "  stems     ours {ours}\n  first 3 letters {}\n  first 5 letters {}\n",
        first(3),
        first(5)
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
