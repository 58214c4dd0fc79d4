//! Names are found in any inflection and order, with the entry that holds on the day of writing.

use chrono::NaiveDate;

use super::{NameKind, find, may_be_same_person};
use crate::language::{Language, Lexicon, terms};

fn names(text: &str, language: Language, year: i32) -> Vec<(NameKind, String, Vec<String>)> {
    let tokens = terms::tokens(text, 0..text.len(), language);
    let written = NaiveDate::from_ymd_opt(year, 10, 1);
    find(Lexicon::shipped(), text, &tokens, language, written)
        .into_iter()
        .map(|name| (name.kind, name.id, name.qualifiers))
        .collect()
}

fn ids(text: &str, language: Language, kind: NameKind) -> Vec<String> {
    names(text, language, 2025)
        .into_iter()
        .filter(|name| name.0 == kind)
        .map(|name| name.1)
        .collect()
}

use Language::{En, Kk, Ru};

#[test]
fn regions_and_cities_are_told_apart_by_the_word_beside_them() {
    for (text, language, id) in [
        ("в Павлодарской области", Ru, "kz-55"),
        ("павлодарские полицейские", Ru, "kz-55"),
        ("в Павлодаре", Ru, "pavlodar_city"),
        ("в городе Павлодар", Ru, "pavlodar_city"),
        ("Павлодар облысында", Kk, "kz-55"),
        ("Павлодар қаласының", Kk, "pavlodar_city"),
        ("Павлодарда", Kk, "pavlodar_city"),
        ("in the Pavlodar region", En, "kz-55"),
        ("in Pavlodar Region", En, "kz-55"),
        ("in the city of Pavlodar", En, "pavlodar_city"),
        ("в Алматинской области", Ru, "kz-19"),
        ("в Алматы", Ru, "kz-75"),
        ("Алматы облысының", Kk, "kz-19"),
        ("Алматыда", Kk, "kz-75"),
        ("in Almaty Region", En, "kz-19"),
        ("ШҚО-да", Kk, "kz-63"),
        ("БҚО-ның", Kk, "kz-27"),
        ("в ВКО", Ru, "kz-63"),
        ("в столице", Ru, "kz-71"),
        ("елордада", Kk, "kz-71"),
        ("в Нур-Султане", Ru, "kz-71"),
        ("республика бойынша", Kk, "kz"),
        ("по стране", Ru, "kz"),
        ("nationwide", En, "kz"),
        ("Қарқаралы ауданында", Kk, "kz-35-karkaraly"),
        ("в Каркаралинском районе", Ru, "kz-35-karkaraly"),
        ("in Karkaraly district", En, "kz-35-karkaraly"),
        ("в Усть-Каменогорске", Ru, "oskemen"),
        ("Өскеменде", Kk, "oskemen"),
        ("из области Абай", Ru, "kz-10"),
        ("Абай облысында", Kk, "kz-10"),
    ] {
        assert_eq!(ids(text, language, NameKind::Place), [id], "{text}");
    }
}

#[test]
fn a_district_of_many_regions_is_that_of_the_region_named_beside_it() {
    assert_eq!(
        ids(
            "в Жамбылском районе Северо-Казахстанской области",
            Ru,
            NameKind::Place
        ),
        ["kz-59-zhambyl", "kz-59"]
    );
    let alone = names("в Жамбылском районе", Ru, 2025);
    assert_eq!(alone[0].2.len(), 2, "the other two are kept: {alone:?}");
}

#[test]
fn bodies_are_found_by_name_and_abbreviation() {
    for (text, language, id) in [
        ("Ішкі істер министрлігінің мәліметінше", Kk, "mia"),
        ("ІІМ-нің дерегінше", Kk, "mia"),
        ("по данным МВД", Ru, "mia"),
        ("в министерстве внутренних дел", Ru, "mia"),
        ("the Ministry of Internal Affairs", En, "mia"),
        ("Бас прокуратурадан", Kk, "gpo"),
        ("Генеральной прокуратурой", Ru, "gpo"),
        ("the Prosecutor General's Office", En, "gpo"),
        ("ҚСжАЕК деректері", Kk, "clssr"),
        ("КПСиСУ", Ru, "clssr"),
        ("департаментом полиции", Ru, "police_dept"),
        ("полиция департаментінде", Kk, "police_dept"),
        ("Қаржылық мониторинг агенттігі", Kk, "afm"),
        ("агентства по финансовому мониторингу", Ru, "afm"),
    ] {
        assert_eq!(ids(text, language, NameKind::Body), [id], "{text}");
    }
}

#[test]
fn an_article_has_one_id_in_any_order_and_language() {
    for (text, language, id) in [
        ("по ст. 274 ч. 2 УК", Ru, "crim:274:2"),
        ("по ч. 2 ст. 274 УК РК", Ru, "crim:274:2"),
        ("часть 2 статьи 254 Уголовного кодекса", Ru, "crim:254:2"),
        (
            "частью второй статьи 254 Уголовного кодекса",
            Ru,
            "crim:254:2",
        ),
        ("по статье 188 УК", Ru, "crim:188"),
        ("по п. 3 ч. 2 ст. 190 УК", Ru, "crim:190:2:3"),
        ("статьи 456-2 КоАП", Ru, "admin:456-2"),
        ("Қылмыстық кодекстің 274-бабының 2-бөлігі", Kk, "crim:274:2"),
        ("ҚК-нің 254-бабы 2-бөлігі бойынша", Kk, "crim:254:2"),
        ("274-баптың 2-бөлігі", Kk, "law:274:2"),
        ("ӘҚБтК-нің 434-бабы", Kk, "admin:434"),
        (
            "part 2 of Article 254 of the Criminal Code",
            En,
            "crim:254:2",
        ),
        ("Article 254(2) of the Criminal Code", En, "crim:254:2"),
        (
            "under Article 434 of the Code of Administrative Offences",
            En,
            "admin:434",
        ),
    ] {
        assert_eq!(ids(text, language, NameKind::Law), [id], "{text}");
    }
}

#[test]
fn a_person_has_one_id_in_every_language_and_case() {
    for (text, language) in [
        ("сообщил Асет Жумагулов на брифинге", Ru),
        ("сообщил А. Жумагулов", Ru),
        ("встретился с Асетом Жумагуловым", Ru),
        ("сообщил Жумагулов Асет Болатович", Ru),
        ("бұл туралы Әсет Жұмағұлов айтты", Kk),
        ("Әсет Жұмағұловтың айтуынша", Kk),
        ("said Aset Zhumagulov", En),
        ("A. Jumagulov said", En),
    ] {
        assert_eq!(
            ids(text, language, NameKind::Person),
            ["person:jomagolov.a"],
            "{text}"
        );
    }
    assert_eq!(
        ids("по словам Жумагулова", Ru, NameKind::Person),
        ["person:jomagolov"]
    );
    assert_ne!(
        ids("сообщил Асет Джумагалиев", Ru, NameKind::Person),
        ["person:jomagolov.a"]
    );
    assert!(may_be_same_person("person:jomagolov", "person:jomagolov.a"));
    assert!(!may_be_same_person(
        "person:jomagolov.b",
        "person:jomagolov.a"
    ));
}

#[test]
fn offices_keep_their_qualifiers_and_their_body() {
    for (text, language, id, qualifiers) in [
        (
            "генеральный прокурор",
            Ru,
            "prosecutor_general@gpo",
            &[][..],
        ),
        (
            "заместитель генерального прокурора",
            Ru,
            "prosecutor_general@gpo",
            &["deputy"][..],
        ),
        (
            "первый заместитель Генерального прокурора",
            Ru,
            "prosecutor_general@gpo",
            &["first_deputy"][..],
        ),
        (
            "Бас прокурордың орынбасары",
            Kk,
            "prosecutor_general@gpo",
            &["deputy"][..],
        ),
        (
            "экс-министр внутренних дел",
            Ru,
            "minister@mia",
            &["former"][..],
        ),
        (
            "бұрынғы ішкі істер министрі",
            Kk,
            "minister@mia",
            &["former"][..],
        ),
        (
            "former interior minister",
            En,
            "minister@mia",
            &["former"][..],
        ),
        (
            "и.о. начальника департамента полиции",
            Ru,
            "chief@police_dept",
            &["acting"][..],
        ),
        (
            "полиция департаменті бастығының орынбасары",
            Kk,
            "chief@police_dept",
            &["deputy"][..],
        ),
        (
            "deputy head of the Police Department",
            En,
            "head@police_dept",
            &["deputy"][..],
        ),
        (
            "acting head of the Police Department",
            En,
            "head@police_dept",
            &["acting"][..],
        ),
        // A place in front of the body is no part of the office, and takes it from nobody.
        (
            "Аққулы ауданы жер қатынастары бөлімінің бұрынғы басшысы",
            Kk,
            "head@land_office",
            &["former"][..],
        ),
    ] {
        let found: Vec<_> = names(text, language, 2025)
            .into_iter()
            .filter(|name| name.0 == NameKind::Office)
            .map(|name| (name.1, name.2))
            .collect();
        let expected: Vec<String> = qualifiers.iter().map(|q| (*q).to_owned()).collect();
        assert_eq!(found, [(id.to_owned(), expected)], "{text}");
    }
}

#[test]
fn an_article_in_words_is_read_as_the_same_article() {
    let lexicon = Lexicon::shipped();
    for language in [Kk, Ru, En] {
        for id in ["admin:412-1", "crim:190:2:3", "civil:143", "land:92:1"] {
            let words = super::laws::worded(lexicon, id, language).unwrap();
            let tokens = terms::tokens(&words, 0..words.len(), language);
            let found = find(lexicon, &words, &tokens, language, None);
            let found: Vec<_> = found
                .iter()
                .map(|name| (name.kind, name.id.as_str(), name.span.clone()))
                .collect();
            assert_eq!(found, [(NameKind::Law, id, 0..words.len())], "{words}");
        }
    }
    assert_eq!(super::laws::worded(lexicon, "19:05", Ru), None);
    assert_eq!(super::laws::worded(lexicon, "crim", Ru), None);
}

#[test]
fn a_person_knows_the_office_beside_the_name() {
    let found = names("заместитель генпрокурора А. Сергалиев сообщил", Ru, 2025);
    let person = found
        .iter()
        .find(|name| name.0 == NameKind::Person)
        .unwrap();
    assert_eq!(person.2, ["office:prosecutor_general@gpo", "deputy"]);
}

#[test]
fn a_body_and_a_place_may_stand_between_an_office_and_its_holder() {
    for text in [
        "Начальник управления полиции города Конаев Арман Жумабеков выступил",
        "Решением министра юстиции начальником управления полиции города Конаев стал подполковник Арман Жумабеков",
    ] {
        let found = names(text, Ru, 2025);
        let person = found.iter().find(|name| name.0 == NameKind::Person);
        let office = person.and_then(|person| person.2.first());
        assert_eq!(
            office.map(String::as_str),
            Some("office:chief@police_office"),
            "{text}"
        );
    }
}

#[test]
fn common_words_are_no_persons() {
    for (text, language) in [
        ("Пожаров стало меньше", Ru),
        ("Полиция Астаны задержала мужчину", Ru),
        ("Қылмыстардың саны азайды", Kk),
        ("The Police Department reported", En),
        ("Road Accidents Rise in Almaty", En),
    ] {
        assert_eq!(
            ids(text, language, NameKind::Person),
            Vec::<String>::new(),
            "{text}"
        );
    }
}
