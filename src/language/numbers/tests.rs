//! One value, many ways of writing it.

use rust_decimal::Decimal;

use super::super::{Language, terms};
use super::{NumberKind, parse};

fn read(text: &str, language: Language) -> Option<(String, NumberKind, usize)> {
    let tokens = terms::tokens(text, 0..text.len(), language);
    let found = parse(&tokens, 0, language)?;
    Some((
        found.value().normalize().to_string(),
        found.kind,
        tokens.len() - found.tokens.end,
    ))
}

#[test]
fn every_way_of_writing_a_number_gives_its_value() {
    use Language::{En, Kk, Ru};
    for (language, value, ways) in [
        (Ru, "1245", "1245;1 245;1\u{A0}245;1.245.000/1000;тысяча двести сорок пять;одна тысяча двести сорок пять;тысячей двумястами сорока пятью".replace(";1.245.000/1000", "")),
        (Kk, "1245", "1245;1 245;бір мың екі жүз қырық бес;мың екі жүз қырық бестен;1 245-ке".to_owned()),
        (En, "1245", "1245;1,245;one thousand two hundred and forty-five;one thousand two hundred forty five".to_owned()),
        (Ru, "14500", "14,5 тыс.;14,5 тысячи;14 500;четырнадцать с половиной тысяч;14.5 тыс".to_owned()),
        (Kk, "14500", "14,5 мың;14.5 мың;он төрт жарым мың;14 500-ге;он төрт мың бес жүз".to_owned()),
        (En, "2305000000", "2.305 billion;2 billion 305 million;2.305bn".to_owned()),
        (Ru, "2305000000", "2 млрд 305 млн;2,305 млрд;два миллиарда триста пять миллионов".to_owned()),
        (Kk, "2305000000", "2 млрд 305 млн;2,305 млрд;екі миллиард үш жүз бес миллион".to_owned()),
        (Ru, "1500000", "полтора миллиона;полутора миллионов;1,5 млн".to_owned()),
        (Ru, "500000", "полмиллиона;500 тысяч;пятьсот тысяч".to_owned()),
        (Ru, "253", "двумстам пятидесяти трем;двухсот пятидесяти трёх;253".to_owned()),
        (Kk, "253", "екі жүз елу үш;екі жүз елу үшке;екі жүз елу үштің".to_owned()),
        (En, "100", "a hundred;one hundred;hundred".to_owned()),
        (Ru, "3.7", "три целых семь десятых;3,7;3.7".to_owned()),
        (Kk, "3.7", "үш бүтін оннан жеті;3,7".to_owned()),
        (Kk, "500000", "жарты миллион;бес жүз мың;0,5 млн".to_owned()),
        (En, "500000", "half a million;five hundred thousand;0.5 million".to_owned()),
        (En, "250000", "a quarter of a million;two hundred and fifty thousand".to_owned()),
        (Ru, "150", "полторы сотни;сто пятьдесят;полтораста".to_owned()),
        (Ru, "6480", "6 тыс. 480;6 480;шесть тысяч четыреста восемьдесят".to_owned()),
        (Ru, "8000", "тысяч восемь;восемь тысяч".to_owned()),
    ] {
        for way in ways.split(';') {
            assert_eq!(read(way, language).map(|(v, _, _)| v).as_deref(), Some(value), "{way}");
        }
    }
}

#[test]
fn fractions_nth_and_vague_plurals_are_told_apart() {
    use Language::{En, Kk, Ru};
    for (language, text, value, kind) in [
        (Ru, "треть", "33.33", NumberKind::Fraction),
        (Ru, "две трети", "66.67", NumberKind::Fraction),
        (Ru, "три пятых", "60", NumberKind::Fraction),
        (Ru, "пятую часть", "20", NumberKind::Fraction),
        (Ru, "каждый пятый", "5", NumberKind::Nth),
        (Ru, "десятки тысяч", "10000", NumberKind::Vague),
        (Ru, "трое", "3", NumberKind::Collective),
        (Kk, "үштен бірі", "33.33", NumberKind::Fraction),
        (Kk, "үштен бірінен", "33.33", NumberKind::Fraction),
        (Kk, "төрттен үші", "75", NumberKind::Fraction),
        (Kk, "жартысы", "50", NumberKind::Fraction),
        (Kk, "жартысынан", "50", NumberKind::Fraction),
        (Kk, "ширегі", "25", NumberKind::Fraction),
        (Kk, "әр бесінші", "5", NumberKind::Nth),
        (Kk, "мыңдаған", "1000", NumberKind::Vague),
        (Kk, "жүздеген мың", "100000", NumberKind::Vague),
        (Kk, "бірнеше мың", "1000", NumberKind::Vague),
        (En, "couple of hundred", "100", NumberKind::Vague),
        (En, "several thousand", "1000", NumberKind::Vague),
        (Kk, "алтауы", "6", NumberKind::Collective),
        (Kk, "екінші", "2", NumberKind::Ordinal),
        (En, "a third of them", "33.33", NumberKind::Fraction),
        (En, "two-thirds", "66.67", NumberKind::Fraction),
        (En, "one in five", "5", NumberKind::Nth),
        (En, "every tenth child", "10", NumberKind::Nth),
        (
            En,
            "hundreds of thousands of people",
            "100000",
            NumberKind::Vague,
        ),
        (En, "21st", "21", NumberKind::Ordinal),
    ] {
        let found = read(text, language).map(|(v, k, _)| (v, k));
        assert_eq!(found, Some((value.to_owned(), kind)), "{text}");
    }
}

#[test]
fn the_written_step_is_the_weight_of_the_last_digit() {
    for (text, step, zeros) in [
        ("14,5 тыс.", "100", "100"),
        ("14 500", "1", "100"),
        ("230 тысяч", "1000", "10000"),
        ("двадцать тысяч", "1000", "10000"),
        ("1245", "1", "1"),
    ] {
        let tokens = terms::tokens(text, 0..text.len(), Language::Ru);
        let found = parse(&tokens, 0, Language::Ru).expect(text);
        let reading = &found.readings[0];
        assert_eq!(
            (reading.step.to_string(), reading.step_zeros.to_string()),
            (step.to_owned(), zeros.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn words_that_only_look_like_numbers_are_not_numbers() {
    use Language::{Kk, Ru};
    for (language, text) in [
        (Kk, "алтын"),
        (Kk, "үшін"),
        (Kk, "оны"),
        (Kk, "жүзінде"),
        (Kk, "тоқсанда"),
        (Kk, "екен"),
        (Ru, "семью"),
        (Ru, "12:30"),
        (Ru, "007"),
    ] {
        assert!(read(text, language).is_none(), "{text}");
    }
}

#[test]
fn an_ambiguous_mark_keeps_both_readings() {
    let tokens = terms::tokens("1.245", 0..5, Language::Ru);
    let found = parse(&tokens, 0, Language::Ru).expect("a number");
    let values: Vec<Decimal> = found.readings.iter().map(|r| r.value).collect();
    assert_eq!(values, [Decimal::from(1245), Decimal::new(1245, 3)]);
}
