//! What markers are found, and what only looks like one.

use super::super::{Language, terms};
use super::{CueKind, find};

fn kinds(language: Language, text: &str) -> Vec<CueKind> {
    let tokens = terms::tokens(text, 0..text.len(), language);
    find(text, &tokens, language)
        .into_iter()
        .map(|cue| cue.kind)
        .collect()
}

#[test]
fn markers_are_found_in_three_languages() {
    use CueKind::{
        Attribution, Denial, Forecast, Negation, Opinion, Plan, Possibility, Question, Quotation,
        Rumour,
    };
    use Language::{En, Kk, Ru};
    for (language, text, expected) in [
        (Ru, "Дело в суд не направлено.", vec![Negation]),
        (Ru, "По данным полиции, изъято 5 ружей.", vec![Attribution]),
        (Ru, "Якобы похитили ребёнка.", vec![Rumour]),
        (Ru, "Это не соответствует действительности.", vec![Denial]),
        (Ru, "Планируется открыть школу.", vec![Plan]),
        (Ru, "Ожидается рост.", vec![Forecast]),
        (Ru, "Кто виноват?", vec![Question]),
        (Ru, "Открыть могут и позже.", vec![Possibility]),
        (En, "The school may open later.", vec![Possibility]),
        (En, "The school opened on May 18.", vec![]),
        (En, "Since May the school is open.", vec![]),
        (Ru, "Проект постановления размещён на портале.", vec![Plan]),
        (
            Ru,
            "«Мы нашли всех до одного», – сказал он.",
            vec![Quotation, Attribution],
        ),
        (Ru, "По мнению экспертов, это много.", vec![Opinion]),
        (Kk, "Іс сотқа жолданбаған.", vec![Negation]),
        (Kk, "Ешкім ұсталған жоқ.", vec![Negation, Negation]),
        (
            Kk,
            "Полицияның мәліметінше, 5 мылтық тәркіленді.",
            vec![Attribution],
        ),
        (Kk, "Бұл шындыққа жанаспайды.", vec![Denial]),
        (Kk, "Бала ұрланды деген ақпарат тарады.", vec![Rumour]),
        (Kk, "Мектеп салу жоспарланған.", vec![Plan]),
        (En, "The case was not sent to court.", vec![Negation]),
        (
            En,
            "According to police, five guns were seized.",
            vec![Attribution],
        ),
        (En, "They didn't come.", vec![Negation]),
        (En, "The ministry denied it.", vec![Denial]),
    ] {
        assert_eq!(kinds(language, text), expected, "{text}");
    }
}

#[test]
fn bounds_and_double_negations_are_no_negations() {
    use Language::{En, Kk, Ru};
    for (language, text) in [
        (Ru, "Не менее 30 человек пришли."),
        (Kk, "Саны 30-дан аспайды."),
        (Kk, "Кемінде 30-дан кем емес адам."),
        (Kk, "Басқармада бөлмелер бар."),
        (En, "No fewer than 30 people came."),
    ] {
        assert!(
            !kinds(language, text).contains(&CueKind::Negation),
            "{text}"
        );
    }
}

#[test]
fn an_attribution_reaches_over_the_speaker() {
    for (language, text, expected) in [
        (
            Language::Ru,
            "По данным городской полиции, изъято 5 ружей.",
            "По данным городской полиции",
        ),
        (
            Language::Ru,
            "«Нашли всех до единого», – сообщили в полиции.",
            "сообщили в полиции",
        ),
        (
            Language::Kk,
            "Қала полициясының мәліметінше, іс қозғалды.",
            "Қала полициясының мәліметінше",
        ),
        (
            Language::En,
            "City police said five guns were seized.",
            "City police said",
        ),
    ] {
        let tokens = terms::tokens(text, 0..text.len(), language);
        let cue = find(text, &tokens, language)
            .into_iter()
            .find(|cue| cue.kind == CueKind::Attribution)
            .expect(text);
        assert_eq!(&text[cue.span], expected);
    }
}
