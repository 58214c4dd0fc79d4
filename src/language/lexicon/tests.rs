//! The shipped data hold together, phrases are found in any inflection, and an operator's files add to them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{Lexicon, PlaceLevel};
use crate::language::{ConceptKind, Language, concepts, terms};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn ids(text: &str, language: Language) -> Vec<String> {
    let tokens = terms::tokens(text, 0..text.len(), language);
    let mut found = concepts::together(Lexicon::shipped(), &tokens, language);
    concepts::add_apart(Lexicon::shipped(), &tokens, language, &mut found);
    found.into_iter().map(|concept| concept.id).collect()
}

#[test]
fn every_language_finds_the_same_concept_in_any_inflection() {
    let cases: [(&str, [&str; 3]); 14] = [
        (
            "offence",
            [
                "қылмыстық құқық бұзушылықтардың саны",
                "число уголовных правонарушений",
                "criminal offences",
            ],
        ),
        (
            "misdemeanour",
            [
                "қылмыстық теріс қылықтар",
                "уголовных проступков",
                "misdemeanours",
            ],
        ),
        (
            "crime",
            ["қылмыстар азайды", "совершено преступлений", "crimes fell"],
        ),
        (
            "internet_fraud",
            [
                "интернет-алаяқтықтың алдын алу",
                "интернет-мошенничества",
                "cases of internet fraud",
            ],
        ),
        (
            "livestock_theft",
            [
                "мал ұрлығы бойынша",
                "фактов скотокрадства",
                "livestock theft",
            ],
        ),
        (
            "in_production",
            [
                "өндірісінде болған",
                "находились в производстве",
                "in production",
            ],
        ),
        (
            "sent_to_court",
            [
                "істер сотқа жолданды",
                "дела направлены в суд",
                "cases were sent to court",
            ],
        ),
        (
            "electronic",
            [
                "электрондық форматта",
                "в электронном формате",
                "in electronic format",
            ],
        ),
        (
            "suspect",
            ["күдіктіні ұстады", "подозреваемого", "suspects"],
        ),
        (
            "road_accident",
            [
                "жол-көлік оқиғасында",
                "дорожно-транспортных происшествий",
                "road accidents",
            ],
        ),
        (
            "gas_poisoning",
            [
                "иіс газынан уланды",
                "отравления угарным газом",
                "carbon monoxide poisoning",
            ],
        ),
        (
            "flood",
            ["су тасқынынан кейін", "во время паводков", "floods"],
        ),
        (
            "deported",
            ["елден шығарылды", "выдворены за пределы", "were deported"],
        ),
        ("repealed", ["күші жойылды", "утратил силу", "was repealed"]),
    ];
    for (id, texts) in cases {
        for (text, language) in texts.into_iter().zip(Language::ALL) {
            let found = ids(text, language);
            assert!(
                found.iter().any(|other| other == id),
                "{id} in {text}: {found:?}"
            );
        }
    }
}

#[test]
fn the_longest_phrase_wins() {
    let found = ids("Зарегистрировано уголовных правонарушений", Language::Ru);
    assert_eq!(found[..2], ["registered", "offence"]);
    assert!(!ids("road accident", Language::En).contains(&"road".to_owned()));
}

#[test]
fn concepts_know_their_parents_antonyms_and_rungs() {
    let lexicon = Lexicon::shipped();
    assert_eq!(
        lexicon.ancestors("livestock_theft"),
        ["theft", "crime", "offence"]
    );
    assert!(lexicon.is_a("misdemeanour", "offence") && !lexicon.is_a("misdemeanour", "crime"));
    assert!(lexicon.are_antonyms("rose", "fell") && lexicon.are_antonyms("fell", "rose"));
    assert!(!lexicon.are_antonyms("rose", "opened"));
    let rung = |id| lexicon.rung(id).map(|rung| rung.rung).unwrap();
    assert!(rung("detained") < rung("suspect") && rung("suspect") < rung("convicted"));
    assert!(rung("bill") < rung("adopted") && rung("adopted") < rung("signed"));
    assert!(rung("bill") < rung("first_reading") && rung("first_reading") < rung("second_reading"));
    assert!(rung("envisaged") < rung("allocated") && rung("allocated") < rung("spent"));
    assert!(lexicon.rung("acquitted").unwrap().is_terminal);
    assert_eq!(lexicon.kind("rose"), Some(ConceptKind::Action));
}

#[test]
fn a_status_of_one_ladder_has_a_place_on_it() {
    let ladders: BTreeSet<&str> = Lexicon::shipped()
        .concepts()
        .filter_map(|concept| concept.rung.as_ref())
        .map(|rung| rung.ladder.as_str())
        .collect();
    let known = [
        "case",
        "construction",
        "legislation",
        "money",
        "personnel",
        "plan",
        "procedure",
    ];
    assert_eq!(ladders, BTreeSet::from(known));
}

#[test]
fn places_change_their_parent_on_a_day() {
    let lexicon = Lexicon::shipped();
    let (before, after) = (day(2022, 6, 7), day(2022, 6, 8));
    assert_eq!(
        lexicon.place_ancestors("semey", Some(before)),
        ["kz-63", "kz"]
    );
    assert_eq!(
        lexicon.place_ancestors("semey", Some(after)),
        ["kz-10", "kz"]
    );
    assert!(lexicon.are_places_related("zhezkazgan", "kz-35", Some(before)));
    assert!(!lexicon.are_places_related("zhezkazgan", "kz-35", Some(after)));
    assert!(
        !lexicon.are_places_related("kz-75", "kz-19", None),
        "Almaty is not in Almaty Region"
    );
    assert_eq!(lexicon.place_level("kz-75"), Some(PlaceLevel::Region));
    assert_eq!(
        lexicon.place_level("kz-11-esil"),
        Some(PlaceLevel::District)
    );
}

#[test]
fn bodies_have_parents_and_successors() {
    let lexicon = Lexicon::shipped();
    assert!(lexicon.are_bodies_related("police_dept", "mia"));
    assert!(lexicon.are_bodies_related("anticorruption_agency", "anticorruption_service"));
    assert!(lexicon.are_bodies_related("clssr", "gpo"));
    assert!(!lexicon.are_bodies_related("mia", "gpo"));
    assert!(lexicon.succeeds("kurultai", "mazhilis") && !lexicon.succeeds("mazhilis", "kurultai"));
    let agency = lexicon.body("anticorruption_agency").unwrap();
    assert!(agency.validity.holds_on(Some(day(2025, 7, 13))));
    assert!(!agency.validity.holds_on(Some(day(2025, 7, 14))));
}

#[test]
fn rates_hold_from_their_day() {
    let lexicon = Lexicon::shipped();
    let mci = |on| lexicon.rate("mci", on);
    assert_eq!(mci(day(2022, 3, 31)), Some(Decimal::from(3063)));
    assert_eq!(mci(day(2022, 4, 1)), Some(Decimal::from(3180)));
    assert_eq!(mci(day(2026, 11, 1)), Some(Decimal::from(4325)));
    assert_eq!(mci(day(1999, 1, 1)), None);
}

#[test]
fn names_are_shown_in_each_language() {
    let lexicon = Lexicon::shipped();
    assert_eq!(
        lexicon.name("mia", Language::Ru),
        "Министерство внутренних дел"
    );
    assert_eq!(
        lexicon.name("mia", Language::En),
        "Ministry of Internal Affairs"
    );
    assert_eq!(lexicon.name("kz-55", Language::Kk), "Павлодар облысы");
    assert_eq!(lexicon.name("kz-55", Language::Ru), "Павлодарская область");
    assert_eq!(lexicon.name("kz-55", Language::En), "Pavlodar Region");
    assert_eq!(lexicon.name("nothing", Language::En), "nothing");
}

#[test]
fn the_shipped_files_hold_and_an_operator_adds_concepts_bodies_and_phrases() {
    let extra = [
        (
            "concepts-own.psv",
            "beehive | measure | | | | ара ұясы | пасека | apiary",
        ),
        (
            "vocabulary-own.psv",
            "theft | қолды ету | умыкание | filching",
        ),
        (
            "bodies.psv",
            "bees | mia | 2020-01-01.. | | Ара комитеті | Комитет пчеловодства | Bee Committee",
        ),
    ];
    let lexicon = Lexicon::with(&extra).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lexicon.kind("beehive"), Some(ConceptKind::Measure));
    assert!(lexicon.are_bodies_related("bees", "mia"));
    let text = "факты умыкания пасек";
    let tokens = terms::tokens(text, 0..text.len(), Language::Ru);
    let found = concepts::together(&lexicon, &tokens, Language::Ru);
    let found: Vec<&str> = found.iter().map(|concept| concept.id.as_str()).collect();
    assert!(
        found.contains(&"theft") && found.contains(&"beehive"),
        "{found:?}"
    );
    assert_eq!(
        lexicon.kind("theft"),
        Some(ConceptKind::Measure),
        "a word adds phrases, not a kind"
    );
}

#[test]
fn mistakes_name_file_line_and_id() {
    let cases = [
        (
            "places.psv",
            "\n# a comment\nmoon | planet | | | Ай | Луна | Moon",
            "places.psv:3: moon: `planet` is not a level",
        ),
        (
            "concepts.psv",
            "x | measure | nowhere | | | а | б | c",
            "concepts.psv:1: x: there is no concept `nowhere`",
        ),
        (
            "concepts.psv",
            "x | measure | | | | а | б",
            "concepts.psv:1: x: the row has 7 cells",
        ),
        (
            "concepts.psv",
            "x | status | | | procedure | а | б | c",
            "concepts.psv:1: x: `procedure` is not LADDER RUNG",
        ),
        (
            "vocabulary.psv",
            "x | а | | c",
            "vocabulary.psv:1: x: there is no phrase in `ru`",
        ),
        (
            "bodies.psv",
            "x | | 2020 | | а | б | c",
            "bodies.psv:1: x: validity `2020`",
        ),
        (
            "rates.psv",
            "mci | 2020-13-01 | 5",
            "rates.psv:1: mci: `2020-13-01` is not a day",
        ),
        (
            "rates.psv",
            "mci | 2020-01-01 | much",
            "rates.psv:1: mci: `much` is not a number",
        ),
        (
            "planets.psv",
            "x | y",
            "planets.psv:1: x: nothing is known of files",
        ),
    ];
    for (file, text, expected) in cases {
        let error = super::build::of_files(&[(file, text)])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}
