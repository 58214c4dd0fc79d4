//! What is said, and that all three languages say it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;

use super::*;

/// The text of every file below a folder that ends so.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if name.ends_with(ending) {
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// The messages of a language with the values that each takes.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve/locales");
    let value = Regex::new(r"\$([a-z]+)").unwrap();
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, text) in files(&folder.join(language.code()), ".ftl") {
        let mut id = String::new();
        for line in text.lines() {
            if let Some((before, _)) = line.split_once(" =")
                && line.starts_with(|c: char| c.is_ascii_lowercase())
            {
                id = before.to_owned();
                let is_new = messages.insert(id.clone(), BTreeSet::new()).is_none();
                assert!(is_new, "{file}: {id} stands twice");
            }
            // What chooses a form is not printed: a language without forms need not choose.
            let named = value.captures_iter(line).map(|found| found[1].to_owned());
            let printed = named.filter(|name| name != "n");
            messages.entry(id.clone()).or_default().extend(printed);
        }
    }
    messages
}

#[test]
fn the_three_languages_have_the_same_texts_with_the_same_values() {
    let [kk, ru, en] = Language::ALL.map(messages);
    assert!(kk.len() > 20, "{} texts", kk.len());
    assert_eq!(kk, ru);
    assert_eq!(ru, en);
}

#[test]
fn every_text_that_a_page_says_is_there_and_none_is_left_over() {
    let serve = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve");
    let mut sources = files(&serve.join("templates"), ".html");
    sources.extend(files(&serve, ".rs"));
    let said = Regex::new(r#"\b(?:say|count|with|with_two)\(\s*"([a-z0-9-]+)""#).unwrap();
    // A family of texts, such as the names of states, is said by the beginning of their ids.
    let family = Regex::new(r#"format!\("([a-z0-9-]+-)\{\}"#).unwrap();
    let named = Regex::new(r#""([a-z]+(?:-[a-z0-9]+)+)""#).unwrap();
    let known = messages(Language::Ru);
    let (mut used, mut families) = (BTreeSet::new(), BTreeSet::new());
    for (file, text) in &sources {
        for found in said.captures_iter(text) {
            assert!(
                known.contains_key(&found[1]),
                "{file} says {}, which is no text",
                &found[1]
            );
            used.insert(found[1].to_owned());
        }
        used.extend(named.captures_iter(text).map(|found| found[1].to_owned()));
        families.extend(family.captures_iter(text).map(|found| found[1].to_owned()));
    }
    let is_used = |id: &str| {
        used.contains(id)
            || families
                .iter()
                .any(|family| id.starts_with(family.as_str()))
            || id
                .strip_suffix("-advice")
                .is_some_and(|id| used.contains(id))
    };
    let left: Vec<&String> = known
        .keys()
        .filter(|id| !id.is_empty() && !is_used(id))
        .collect();
    assert_eq!(left, Vec::<&String>::new(), "nothing says these texts");
}

#[test]
fn numbers_choose_the_form_of_their_noun() {
    let days = |language: Language| {
        [1, 2, 5, 11, 21, 1000].map(|n| Words::of(language).count("span-days", n))
    };
    assert_eq!(
        days(Language::Ru),
        [
            "1 день",
            "2 дня",
            "5 дней",
            "11 дней",
            "21 день",
            "1\u{a0}000 дней"
        ]
    );
    assert_eq!(days(Language::En)[..3], ["1 day", "2 days", "5 days"]);
    assert_eq!(days(Language::Kk)[5], "1\u{a0}000 күн");
}

#[test]
fn moments_are_told_by_the_clocks_of_the_country() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let now = at("2026-03-04T20:30:00Z");
    let words = Words::of(Language::Ru);
    // It is past one in the night of the fifth.
    assert_eq!(words.briefly(at("2026-03-04T19:10:00Z"), now), "00:10");
    assert_eq!(
        words.briefly(at("2026-03-04T18:59:00Z"), now),
        "вчера, 23:59"
    );
    assert_eq!(
        words.briefly(at("2026-03-03T10:00:00Z"), now),
        "3\u{a0}марта 2026\u{a0}года"
    );
    assert_eq!(words.span(TimeDelta::minutes(125)), "2 часа");
    assert_eq!(words.span(TimeDelta::hours(-49)), "2 дня");
    assert_eq!(Words::of(Language::En).share(3, 8), "37.5%");
    assert_eq!(words.share(0, 0), "0\u{a0}%");
}
