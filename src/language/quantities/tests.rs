//! Quantities as press texts write them.

use super::super::{Language, Lexicon, dates, terms};
use super::{Dimension, find};

/// Finds the quantities of a text as `value unit role mode direction`, in short.
fn read(language: Language, text: &str) -> Vec<String> {
    let tokens = terms::tokens(text, 0..text.len(), language);
    let written = chrono::NaiveDate::from_ymd_opt(2026, 5, 15);
    let periods = dates::find(text, &tokens, language, written);
    find(
        Lexicon::shipped(),
        text,
        &tokens,
        &periods,
        &[],
        &[],
        language,
    )
    .into_iter()
    .map(|quantity| {
        let unit = match quantity.unit.dimension {
            Dimension::Count | Dimension::Bare => String::new(),
            Dimension::Money(code) => code,
            other => format!("{other:?}"),
        };
        let high = quantity
            .best
            .hi
            .map(|hi| format!("..{hi}"))
            .unwrap_or_default();
        let direction = quantity
            .direction
            .map(|direction| format!("{direction:?}"))
            .unwrap_or_default();
        format!(
            "{}{high} {unit} {:?} {:?} {direction}",
            quantity.best.value, quantity.role, quantity.mode
        )
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
    })
    .collect()
}

fn check(language: Language, text: &str, expected: &[&str]) {
    assert_eq!(read(language, text), expected, "{text}");
}

#[test]
fn by_and_to_are_told_apart_in_russian() {
    for (text, expected) in [
        (
            "Число дел снизилось на 13%.",
            vec!["13 Percent ChangeBy Bare Down"],
        ),
        (
            "Краж на 7,8% меньше, чем прежде.",
            vec!["7.8 Percent ChangeBy Bare Down"],
        ),
        (
            "Число краж выросло до 1 300.",
            vec!["1300 ChangeTo Bare Up"],
        ),
        (
            "Кражи сократились на 11 фактов – с 75 до 64.",
            vec![
                "11 ChangeBy Bare Down",
                "75 Start Bare Down",
                "64 ChangeTo Bare Down",
            ],
        ),
        (
            "Снижение составило 6,1%.",
            vec!["6.1 Percent ChangeBy Bare Down"],
        ),
        (
            "Зарегистрировано 27,4 тысячи против 31,8 тысячи.",
            vec!["27400 Level Bare", "31800 Start Bare"],
        ),
        ("Доля женщин составила 38%.", vec!["38 Percent Share Bare"]),
        ("Ущерб вырос вдвое.", vec!["2 Times Ratio Bare Up"]),
        ("Ущерб вырос в 1,5 раза.", vec!["1.5 Times Ratio Bare Up"]),
        (
            "Поджогов зафиксировали на 1 046 меньше.",
            vec!["1046 ChangeBy Bare Down"],
        ),
        (
            "Оштрафован на 20 МРП.",
            vec!["20 CalculationIndex Level Bare"],
        ),
    ] {
        check(Language::Ru, text, &expected);
    }
}

#[test]
fn by_and_to_are_told_apart_in_kazakh() {
    for (text, expected) in [
        (
            "Қылмыс саны 13 пайызға азайды.",
            vec!["13 Percent ChangeBy Bare Down"],
        ),
        (
            "Қылмыс саны 13%-ға кеміді.",
            vec!["13 Percent ChangeBy Bare Down"],
        ),
        ("Ұрлық 1 300-ге дейін өсті.", vec!["1300 ChangeTo Bare Up"]),
        ("Ұрлық 1 300-ге жетті.", vec!["1300 ChangeTo Bare"]),
        (
            "Үлесі 20 пайыздан 25 пайызға өсті.",
            vec!["20 Percent Start Bare Up", "25 Percent ChangeTo Bare Up"],
        ),
        ("Ұрлық 17 фактіге азайды.", vec!["17 ChangeBy Bare Down"]),
        (
            "Ұрлық 18 пайызға артыпты.",
            vec!["18 Percent ChangeBy Bare Up"],
        ),
        (
            "Тіркелген іс 7,8 пайызға аз.",
            vec!["7.8 Percent ChangeBy Bare Down"],
        ),
        ("Үлесі 38 пайызды құрады.", vec!["38 Percent Share Bare"]),
        ("Шығын екі есе өсті.", vec!["2 Times Ratio Bare Up"]),
        ("Шарада 1000-нан астам адам болды.", vec!["1000 Level Gt"]),
        (
            "Залал 17 млн теңгеден асады.",
            vec!["17000000 KZT Level Gt"],
        ),
        ("Екі жүзге жуық қой өлді.", vec!["200 Level About"]),
        ("500 адамға дейін жиналды.", vec!["500 Level UpTo"]),
    ] {
        check(Language::Kk, text, &expected);
    }
}

#[test]
fn against_compares_numbers_and_not_people() {
    let found = read(Language::En, "386 crimes against 431");
    assert_eq!(found[1], "431 Start Bare");
    let found = read(Language::Ru, "386 дел против 431");
    assert_eq!(found[1], "431 Start Bare");
    // What is counted is known by its concept.
    for text in [
        "Criminal cases against 241 persons.",
        "They opened 12 cases against 41 officials.",
        "Возбуждены уголовные дела против 241 человека.",
    ] {
        let sentences = crate::language::analyze(Lexicon::shipped(), text, None, None);
        let mut found = sentences.iter().flat_map(|sentence| &sentence.quantities);
        assert!(found.all(|one| one.role != super::Role::Start), "{text}");
    }
}

#[test]
fn excess_stands_between_a_number_and_its_unit() {
    let found = read(Language::Ru, "на восемь с лишним процентов больше");
    assert_eq!(found, ["8 Percent ChangeBy Gt Up"]);
    let found = read(Language::Ru, "двадцать с лишним тонн зерна");
    assert_eq!(found, ["20000 Mass Level Gt"]);
}

#[test]
fn by_and_to_are_told_apart_in_english() {
    for (text, expected) in [
        (
            "Crime fell by 7.8 percent.",
            vec!["7.8 Percent ChangeBy Bare Down"],
        ),
        ("Thefts rose to 1,300.", vec!["1300 ChangeTo Bare Up"]),
        (
            "Thefts fell from 75 to 64.",
            vec!["75 Start Bare Down", "64 ChangeTo Bare Down"],
        ),
        (
            "It is down 7.8 percent.",
            vec!["7.8 Percent ChangeBy Bare Down"],
        ),
        (
            "There were 7.8% fewer thefts.",
            vec!["7.8 Percent ChangeBy Bare Down"],
        ),
        (
            "There were 64 thefts compared with 75.",
            vec!["64 Level Bare", "75 Start Bare"],
        ),
        ("Women made up 38 percent.", vec!["38 Percent Share Bare"]),
        ("It dropped by twenty-five.", vec!["25 ChangeBy Bare Down"]),
        // A score is a mark here, and twenty nowhere in the news.
        (
            "The average score fell to 71.4.",
            vec!["71.4 ChangeTo Bare Down"],
        ),
        ("More than 500 people came.", vec!["500 Level Gt"]),
        (
            "Nearly a third of the cases",
            vec!["33.33 Fraction Share Nearly"],
        ),
        ("Damage of $5.2m was done.", vec!["5200000 USD Level Bare"]),
    ] {
        check(Language::En, text, &expected);
    }
}

#[test]
fn hedges_and_ranges_are_read() {
    use Language::{En, Kk, Ru};
    for (language, text, expected) in [
        (Ru, "больше четырёхсот преступлений", "400 Level Gt"),
        (Ru, "не менее 30 человек", "30 Level Ge"),
        (Ru, "не более 30 человек", "30 Level Le"),
        (Ru, "человек двадцать пришло", "20 Level About"),
        (Ru, "10–12 тыс. тенге", "10000..12000 KZT Level Range"),
        (
            Ru,
            "от 10 до 12 лет",
            "315360000..378432000 Duration Level Range",
        ),
        (Ru, "почти 152 тысячи дел", "152000 Level Nearly"),
        (Ru, "до 500 человек", "500 Level UpTo"),
        (Ru, "каждый десятый ребёнок", "10 Fraction Share Nth"),
        (Kk, "кемінде 30 адам", "30 Level Ge"),
        (Kk, "шамамен 30 адам", "30 Level About"),
        (Kk, "жүздей адам", "100 Level About"),
        (Kk, "30-дан кем адам", "30 Level Lt"),
        (Kk, "төрт мыңнан астам әскери қызметші", "4000 Level Gt"),
        (En, "at least 30 people", "30 Level Ge"),
        (En, "fewer than 300 people", "300 Level Lt"),
        (En, "some 2,780 people", "2780 Level About"),
    ] {
        check(language, text, &[expected]);
    }
}

#[test]
fn what_counts_nothing_is_turned_away() {
    use Language::{En, Kk, Ru};
    for (language, text) in [
        (Ru, "по статье 274 Уголовного кодекса"),
        (Ru, "по части 3 статьи 254"),
        (Ru, "в автобусах № 38 и № 214"),
        (Ru, "позвонить по номеру 102"),
        (Ru, "на руднике «Жомарт-2»"),
        (Ru, "в 10:30"),
        (Ru, "в 10 часов утра"),
        (Ru, "5-й отдел"),
        (Ru, "2 марта 2026 года"),
        (Ru, "один из них"),
        (Kk, "274-баптың 2-бөлігі"),
        (Kk, "сағат оннан кейін"),
        (Kk, "бір күні"),
        (Kk, "2026 жылғы 2 наурызда"),
        (En, "Article 274 of the Code"),
        (En, "on the 21st floor"),
        (En, "at 10:30"),
        (En, "one of them"),
    ] {
        check(language, text, &[]);
    }
}

#[test]
fn figures_of_the_period_compared_with_are_the_start() {
    use Language::{En, Kk, Ru};
    for (language, text, expected) in [
        (
            Ru,
            "В 2025 году совершено 64 кражи, годом ранее – 75.",
            ["64 Level Bare", "75 Start Bare"],
        ),
        (
            Ru,
            "За I квартал 2026 года угнано 64 машины, за тот же период 2025 года – 75.",
            ["64 Level Bare", "75 Start Bare"],
        ),
        (
            Kk,
            "2026 жылғы I тоқсанда 64 көлік айдап кетілді, 2025 жылғы сәйкес кезеңде – 75.",
            ["64 Level Bare", "75 Start Bare"],
        ),
        (
            Kk,
            "Ұрлық тек бір ауданда өсті – 64-тен 75-ке дейін.",
            ["64 Start Bare Up", "75 ChangeTo Bare Up"],
        ),
        (
            En,
            "Last year 64 cars were stolen, 75 a year earlier.",
            ["64 Level Bare", "75 Start Bare"],
        ),
    ] {
        check(language, text, &expected);
    }
}
