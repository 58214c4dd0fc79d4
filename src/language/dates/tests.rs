//! Dates and periods as press texts write them, resolved from one day of writing.

use chrono::NaiveDate;

use super::super::{Language, terms};
use super::{PeriodKind, find};

/// Finds the periods of a text written on 15 May 2026, as `kind start..end`, with a `*` for one compared with.
fn check(language: Language, text: &str, expected: &[&str]) {
    let written = NaiveDate::from_ymd_opt(2026, 5, 15);
    let tokens = terms::tokens(text, 0..text.len(), language);
    let found: Vec<String> = find(text, &tokens, language, written)
        .into_iter()
        .map(|mention| {
            let kind = match mention.best.kind {
                PeriodKind::Day => "day",
                PeriodKind::Instant => "at",
                PeriodKind::Span => "span",
                PeriodKind::Cumulative => "cum",
                PeriodKind::Rolling => "roll",
                PeriodKind::Current => "now",
            };
            format!(
                "{kind} {}..{}{}",
                mention.best.start,
                mention.best.end,
                if mention.is_comparison { "*" } else { "" }
            )
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn written_out_dates_and_periods() {
    use Language::{En, Kk, Ru};
    for (language, text, expected) in [
        (
            Ru,
            "2 марта 2026 года задержан",
            "day 2026-03-02..2026-03-03",
        ),
        (Ru, "02.03.2026 подписан", "day 2026-03-02..2026-03-03"),
        (Ru, "на 1 октября 2025 года", "at 2025-10-01..2025-10-02"),
        (Ru, "за I квартал 2026 года", "cum 2026-01-01..2026-04-01"),
        (
            Ru,
            "в первом полугодии 2025 года",
            "cum 2025-01-01..2025-07-01",
        ),
        (Ru, "за 9 месяцев 2025 года", "cum 2025-01-01..2025-10-01"),
        (
            Ru,
            "в январе–сентябре 2025 года",
            "cum 2025-01-01..2025-10-01",
        ),
        (Ru, "в 2021–2023 годах", "span 2021-01-01..2024-01-01"),
        (Ru, "в 2025 году", "span 2025-01-01..2026-01-01"),
        (
            Ru,
            "с 1 по 5 марта 2026 года",
            "span 2026-03-01..2026-03-06",
        ),
        (Kk, "2026 жылғы 2 наурызда", "day 2026-03-02..2026-03-03"),
        (
            Kk,
            "2025 жылғы қаңтар–қыркүйекте",
            "cum 2025-01-01..2025-10-01",
        ),
        (Kk, "2025 жылдың тоғыз айында", "cum 2025-01-01..2025-10-01"),
        (Kk, "2026 жылғы I тоқсанда", "cum 2026-01-01..2026-04-01"),
        (Kk, "2025 жылы", "span 2025-01-01..2026-01-01"),
        (
            Kk,
            "2026 жылғы желтоқсанның 1-інен бастап",
            "day 2026-12-01..2026-12-02",
        ),
        (
            Kk,
            "2026 жылғы 1 мамырдағы жағдай бойынша",
            "at 2026-05-01..2026-05-02",
        ),
        (En, "on March 2, 2026", "day 2026-03-02..2026-03-03"),
        (En, "on 2 March 2026", "day 2026-03-02..2026-03-03"),
        (En, "as of 1 May 2026", "at 2026-05-01..2026-05-02"),
        (
            En,
            "in the first quarter of 2026",
            "cum 2026-01-01..2026-04-01",
        ),
        (En, "in nine months of 2025", "cum 2025-01-01..2025-10-01"),
        (En, "in January–April 2026", "cum 2026-01-01..2026-05-01"),
        (En, "In 2025 the police", "span 2025-01-01..2026-01-01"),
    ] {
        check(language, text, &[expected]);
    }
}

#[test]
fn times_told_from_the_day_of_writing() {
    use Language::{En, Kk, Ru};
    for (language, text, expected) in [
        (Ru, "с марта прошлого года", "span 2025-03-01..2026-05-16"),
        (Ru, "с марта 2024 года", "span 2024-03-01..2026-05-16"),
        (Ru, "летом 2025 года", "span 2025-06-01..2025-09-01"),
        (Ru, "прошлой зимой", "span 2025-12-01..2026-03-01"),
        (Kk, "2025 жылдың күзінде", "span 2025-09-01..2025-12-01"),
        (Kk, "өткен жазда", "span 2025-06-01..2025-09-01"),
        (En, "in the summer of 2025", "span 2025-06-01..2025-09-01"),
        (
            Ru,
            "в первой половине 2025 года",
            "cum 2025-01-01..2025-07-01",
        ),
        (
            Kk,
            "жылдың бірінші жартысында",
            "cum 2026-01-01..2026-07-01",
        ),
        (
            Ru,
            "в две тысячи двадцать пятом году",
            "span 2025-01-01..2026-01-01",
        ),
        (
            Kk,
            "екі мың жиырма бесінші жылы",
            "span 2025-01-01..2026-01-01",
        ),
        (Ru, "в 1990-х годах", "span 1990-01-01..2000-01-01"),
        (En, "in the 1990s", "span 1990-01-01..2000-01-01"),
        (En, "in Q3 2025", "span 2025-07-01..2025-10-01"),
        (Ru, "три года назад", "span 2023-01-01..2024-01-01"),
        (Kk, "үш жыл бұрын", "span 2023-01-01..2024-01-01"),
        (En, "three years ago", "span 2023-01-01..2024-01-01"),
        (Ru, "в минувшую среду", "day 2026-05-13..2026-05-14"),
        (Ru, "в марте изъято", "span 2026-03-01..2026-04-01"),
        (Ru, "в октябре изъято", "span 2025-10-01..2025-11-01"),
        (Ru, "27 марта", "day 2026-03-27..2026-03-28"),
        (Ru, "за три месяца", "cum 2026-01-01..2026-04-01"),
        (Ru, "за 9 месяцев", "cum 2025-01-01..2025-10-01"),
        (Ru, "в прошлом году", "span 2025-01-01..2026-01-01"),
        (Ru, "с начала года", "cum 2026-01-01..2026-05-16"),
        (Ru, "за последние 12 месяцев", "roll 2025-05-16..2026-05-16"),
        (Ru, "вчера", "day 2026-05-14..2026-05-15"),
        (Kk, "үш айда", "cum 2026-01-01..2026-04-01"),
        (Kk, "былтыр", "span 2025-01-01..2026-01-01"),
        (Kk, "биыл", "cum 2026-01-01..2026-05-16"),
        (Kk, "27 наурыздағы дерек", "day 2026-03-27..2026-03-28"),
        (Kk, "жыл басынан бері", "cum 2026-01-01..2026-05-16"),
        (Kk, "өткен жылы", "span 2025-01-01..2026-01-01"),
        (En, "last year", "span 2025-01-01..2026-01-01"),
        (En, "In four months", "cum 2026-01-01..2026-05-01"),
        (En, "so far this year", "cum 2026-01-01..2026-05-16"),
        (En, "by mid-May", "span 2026-05-10..2026-05-21"),
        (En, "currently", "now 2026-05-15..2026-05-16"),
        (
            En,
            "fell by more than 350 in 2024",
            "span 2024-01-01..2025-01-01",
        ),
    ] {
        check(language, text, &[expected]);
    }
}

#[test]
fn periods_compared_with_are_marked_and_shifted() {
    use Language::{En, Kk, Ru};
    for (language, text, expected) in [
        (
            Ru,
            "За I квартал 2026 года меньше, чем годом ранее",
            ["cum 2026-01-01..2026-04-01", "cum 2025-01-01..2025-04-01*"],
        ),
        (
            Ru,
            "В январе–апреле снизилось по сравнению с аналогичным периодом прошлого года",
            ["cum 2026-01-01..2026-05-01", "cum 2025-01-01..2025-05-01*"],
        ),
        (
            Ru,
            "В 2025 году снижение к 2024 году",
            [
                "span 2025-01-01..2026-01-01",
                "span 2024-01-01..2025-01-01*",
            ],
        ),
        (
            Kk,
            "Үш айда өткен жылдың сәйкес кезеңімен салыстырғанда азайды",
            ["cum 2026-01-01..2026-04-01", "cum 2025-01-01..2025-04-01*"],
        ),
        (
            En,
            "In 2025 there were fewer than a year earlier",
            [
                "span 2025-01-01..2026-01-01",
                "span 2024-01-01..2025-01-01*",
            ],
        ),
        (
            En,
            "In 2025 there were 6 percent fewer than 310 in 2024",
            [
                "span 2025-01-01..2026-01-01",
                "span 2024-01-01..2025-01-01*",
            ],
        ),
        (
            Kk,
            "Үш айда көбейді, былтыр осы кезеңде аз болған",
            ["cum 2026-01-01..2026-04-01", "cum 2025-01-01..2025-04-01*"],
        ),
        (
            En,
            "In 2025 it fell compared with 2024",
            [
                "span 2025-01-01..2026-01-01",
                "span 2024-01-01..2025-01-01*",
            ],
        ),
    ] {
        check(language, text, &expected);
    }
}

#[test]
fn what_is_no_date_is_left_alone() {
    use Language::{En, Kk, Ru};
    for (language, text) in [
        (Ru, "изъято 2025 патронов"),
        (En, "police may detain"),
        (En, "2000 people came"),
        (Kk, "12 адам"),
        (Ru, "срок 9 месяцев"),
        (Ru, "За тот же период приняли 40 дел"),
        (En, "They took 40 cases in the same period"),
    ] {
        check(language, text, &[]);
    }
}
