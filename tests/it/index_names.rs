//! Names and abbreviations in a query: found in every language and spelling, unless a word is quoted or marked.

use aigaq::language::Language;

use super::index::{Pair, page};

#[test]
fn names_are_found_in_every_language_unless_the_word_is_quoted_or_marked() {
    let pair = Pair::new();
    pair.add(&[
        page(
            "kk",
            "Хабарлама",
            "ІІМ жаңа бұйрық шығарды. Оны Серік Омарғалиев түсіндірді.",
            Language::Kk,
        ),
        page(
            "ru",
            "Сообщение",
            "Новый приказ издало МВД. Его пояснил Серик Омаргалиев.",
            Language::Ru,
        ),
        page(
            "en",
            "Statement",
            "The Ministry of Internal Affairs issued an order, Serik Omargaliyev said.",
            Language::En,
        ),
        page(
            "other",
            "Выставка",
            "В музее открылась выставка керамики.",
            Language::Ru,
        ),
    ]);
    let all = ["en", "kk", "ru"];
    for query in [
        "МВД",
        "мвд",
        "ІІМ",
        "Ministry of Internal Affairs",
        "body:mia",
        "body:ІІМ",
    ] {
        assert_eq!(pair.found(query), all, "{query}");
    }
    for query in [
        "Омаргалиев",
        "Омарғалиевтің",
        "Omargaliyev",
        "person:омаргалиев",
    ] {
        assert_eq!(pair.found(query), all, "{query}");
    }
    for query in ["\"МВД\"", "=МВД"] {
        assert_eq!(pair.found(query), ["ru"], "{query}");
    }
    let hits = pair.search("МВД");
    let expansion = &hits.expansions[0];
    assert_eq!(
        (expansion.written.as_str(), expansion.id.as_str()),
        ("МВД", "mia")
    );
    assert!(
        expansion
            .names
            .iter()
            .any(|name| name.contains("Internal Affairs"))
    );
    let english = hits
        .hits
        .iter()
        .find(|hit| hit.url.ends_with("/en"))
        .unwrap();
    assert!(
        !english.snippet.highlights.is_empty(),
        "{:?}",
        english.snippet
    );
}

#[test]
fn abbreviations_of_things_are_found_spelled_out_and_in_other_languages() {
    let pair = Pair::new();
    pair.add(&[
        page(
            "kk",
            "Хабарлама",
            "Жазда ЖКО-да екі жүргізуші зардап шекті.",
            Language::Kk,
        ),
        page(
            "ru",
            "Сводка",
            "В дорожно-транспортных происшествиях пострадали двое.",
            Language::Ru,
        ),
        page(
            "en",
            "Report",
            "Two drivers were hurt in a road traffic accident.",
            Language::En,
        ),
        page(
            "other",
            "Авария",
            "Авария на теплотрассе оставила город без тепла.",
            Language::Ru,
        ),
    ]);
    let all = ["en", "kk", "ru"];
    for query in [
        "ДТП",
        "дтп",
        "ЖКО",
        "RTA",
        "жол-көлік оқиғасы",
        "road traffic accidents",
    ] {
        assert_eq!(pair.found(query), all, "{query}");
    }
    assert_eq!(
        pair.found("ДТП пострадали"),
        ["ru"],
        "each word is still demanded"
    );
    assert_eq!(pair.found("=ДТП"), [""; 0], "nowhere as written");
    assert_eq!(pair.found("\"дорожно-транспортные происшествия\""), ["ru"]);
    let hits = pair.search("ДТП");
    let expansion = &hits.expansions[0];
    assert_eq!(
        (expansion.written.as_str(), expansion.id.as_str()),
        ("ДТП", "road_accident")
    );
    assert!(
        expansion.names.iter().any(|name| name == "ЖКО"),
        "{expansion:?}"
    );
    let kazakh = hits
        .hits
        .iter()
        .find(|hit| hit.url.ends_with("/kk"))
        .unwrap();
    assert!(
        !kazakh.snippet.highlights.is_empty(),
        "{:?}",
        kazakh.snippet
    );
}
