//! Clocks: operators' files, mistakes by line, how a deadline stands, and what its arithmetic says in three languages.

use super::*;
use chrono::{DateTime, NaiveDate, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    files.iter().map(owned).collect()
}

/// The text with plain spaces.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn the_arithmetic_of_a_moved_day_is_told_in_every_language() {
    let deadline = Clocks::shipped()
        .deadline("reply", at("2026-03-03T06:00:00Z"))
        .unwrap();
    let expected = [
        "алынған күні – 2026 жылғы 3 наурыз + 5 күнтізбелік күн = 2026 жылғы 8 наурыз (жексенбі, Халықаралық әйелдер күні), жұмыс күні емес, келесі жұмыс күніне ауыстырылды: 2026 жылғы 10 наурыз (сейсенбі)",
        "получено 3 марта 2026 года + 5 календарных дней = 8 марта 2026 года (воскресенье, Международный женский день), нерабочий день, перенесено на 10 марта 2026 года (вторник)",
        "received on 3 March 2026 + 5 calendar days = 8 March 2026 (Sunday, International Women's Day), not a working day, moved to 10 March 2026 (Tuesday)",
    ];
    for (language, expected) in Language::ALL.into_iter().zip(expected) {
        assert_eq!(plain(&deadline.arithmetic(language)), expected);
    }
}

#[test]
fn working_days_name_the_days_they_pass_over_and_hours_name_the_hour() {
    let clocks = Clocks::shipped();
    let replaced = clocks
        .deadline("replacement", at("2026-03-05T06:00:00Z"))
        .unwrap();
    assert_eq!(
        plain(&replaced.arithmetic(Language::Ru)),
        "получено 5 марта 2026 года + 3 рабочих дня = 11 марта 2026 года (среда); не считаются: 7 марта 2026 года (суббота); 8 марта 2026 года (воскресенье, Международный женский день); 9 марта 2026 года (понедельник, перенесённый выходной)"
    );
    let told = clocks
        .deadline("official_message", at("2026-03-03T17:30:00Z"))
        .unwrap();
    assert_eq!(
        plain(&told.arithmetic(Language::Kk)),
        "басталған уақыты – 2026 жылғы 3 наурыз, 22:30 + 3 сағат = 2026 жылғы 4 наурыз, 01:30"
    );
    assert_eq!(told.due, date("2026-03-04"));
}

#[test]
fn a_clock_stands_by_the_days_of_the_country_and_reminds_when_its_rule_says() {
    let deadline = Clocks::shipped()
        .deadline("reply", at("2026-03-03T06:00:00Z"))
        .unwrap();
    for (now, standing, is_reminded) in [
        ("2026-03-08T06:00:00Z", Standing::Ahead { days: 2 }, false),
        ("2026-03-08T19:30:00Z", Standing::Ahead { days: 1 }, true),
        ("2026-03-10T18:59:00Z", Standing::Today, true),
        ("2026-03-10T19:01:00Z", Standing::Overdue { days: 1 }, true),
        ("2026-04-10T06:00:00Z", Standing::Overdue { days: 31 }, true),
    ] {
        assert_eq!(deadline.standing(at(now)), standing, "{now}");
        assert_eq!(deadline.is_reminded(at(now)), is_reminded, "{now}");
    }
}

#[test]
fn a_deadline_is_another_one_when_the_days_off_change() {
    let started = at("2026-03-03T06:00:00Z");
    let before = Clocks::shipped().deadline("reply", started).unwrap();
    let worked = "year = 2026\nsource = \"a decision\"\n[[working_day]]\ndate = \"2026-03-08\"\n";
    let after = Clocks::with(&files(&[("own.toml", worked)])).unwrap();
    let after = after.deadline("reply", started).unwrap();
    assert_eq!(
        (before.due, after.due),
        (date("2026-03-10"), date("2026-03-08"))
    );
    assert_ne!(before, after);
}

#[test]
fn a_year_without_a_file_is_said_to_be_unknown() {
    let deadline = Clocks::shipped()
        .deadline("limitation", at("2027-06-01T06:00:00Z"))
        .unwrap();
    assert_eq!(deadline.unknown_years, [2028]);
    assert!(
        deadline
            .arithmetic(Language::Ru)
            .ends_with("только субботы и воскресенья: 2028")
    );
}

#[test]
fn a_rule_holds_only_while_it_is_in_force() {
    let rules = "[[rule]]\nid = \"reply\"\nstarts = \"received\"\namount = 7\nunit = \"calendar_day\"\nmoves = false\nremind_days_before = []\nvalid_from = \"2020-01-01\"\nvalid_to = \"2024-08-19\"\nname = { kk = \"a\", ru = \"b\", en = \"c\" }\nbasis = { kk = \"a\", ru = \"b\", en = \"c\" }\n";
    let later = rules
        .replace("2020-01-01", "2024-08-20")
        .replace("valid_to = \"2024-08-19\"\n", "")
        .replace('7', "3");
    let clocks = Clocks::with(&files(&[("rules.toml", &format!("{rules}{later}"))])).unwrap();
    let due = |started: &str| {
        clocks
            .deadline("reply", at(started))
            .map(|deadline| deadline.due)
    };
    assert_eq!(due("2019-12-31T06:00:00Z"), None);
    assert_eq!(due("2024-08-19T06:00:00Z"), Some(date("2024-08-26")));
    assert_eq!(due("2024-08-20T06:00:00Z"), Some(date("2024-08-23")));
    assert!(
        Clocks::shipped()
            .deadline("reply", at("2024-08-19T06:00:00Z"))
            .is_none()
    );
}

#[test]
fn a_mistake_of_a_file_is_told_at_its_line() {
    let rule = "[[rule]]\nid = \"reply\"\nstarts = \"received\"\namount = 0\nunit = \"hour\"\nmoves = false\nremind_days_before = []\nvalid_from = \"2020-01-01\"\nname = { kk = \"a\", ru = \"b\", en = \"c\" }\nbasis = { kk = \"a\", ru = \"b\", en = \"c\" }\n";
    let twice = rule.replace("amount = 0", "amount = 1").repeat(2);
    for (text, line, words) in [
        (
            "year = 2026\nsource = \"s\"\n[[day_off]]\ndate = \"2026-13-01\"\nname = { kk = \"a\", ru = \"b\", en = \"c\" }\n",
            4,
            "is no day",
        ),
        (
            "year = 2026\nsource = \"s\"\n[[day_off]]\ndate = \"2025-01-01\"\nname = { kk = \"a\", ru = \"b\", en = \"c\" }\n",
            4,
            "does not lie in 2026",
        ),
        (
            "year = 2026\nsource = \"s\"\n[[day_off]]\ndate = \"2026-01-01\"\n",
            4,
            "either `name` or `instead_of`",
        ),
        (
            "year = 2026\nsource = \"s\"\n[[holiday]]\ndate = \"2026-01-01\"\n",
            3,
            "unknown field",
        ),
        ("year = 2026\n= 1\n", 2, ""),
        ("years = 2026\n", 1, "neither `year`"),
        (rule, 1, "`amount`"),
        (&twice, 11, "overlaps"),
    ] {
        let error = Clocks::with(&files(&[("own.toml", text)])).unwrap_err();
        assert_eq!(
            (error.file.as_str(), error.line),
            ("own.toml", line),
            "{error}"
        );
        assert!(error.message.contains(words), "{error}");
    }
}

#[test]
fn every_shipped_year_names_its_source_and_every_rule_its_basis() {
    let clocks = Clocks::shipped();
    for year in 2024..=2027 {
        assert!(
            clocks
                .calendar
                .source(year)
                .unwrap()
                .contains("Labour Code"),
            "{year}"
        );
        for holiday in ["01-01", "01-07", "03-22", "10-25", "12-16"] {
            let day = date(&format!("{year}-{holiday}"));
            assert!(
                matches!(clocks.calendar.off(day), Some(DayOff::Named(_))),
                "{day}"
            );
        }
    }
    for rule in clocks.rules.iter() {
        for language in Language::ALL {
            assert!(!rule.basis.of(language).is_empty() && !rule.name.of(language).is_empty());
        }
    }
}
