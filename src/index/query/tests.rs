//! The query language as tables: what is understood, what is mended and how that is said.

use proptest::prelude::*;

use super::*;
use crate::index::engine::Number;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 10).unwrap()
}

fn read_at(text: &str, offset_s: i64) -> Parsed {
    let reader = Reader {
        today: day(),
        offset_s,
        kind: HitKind::Pages,
        n_holders: &|_, value| u64::from(value.starts_with("i:")),
        judged: &|_| Plan::OneOf {
            field: Field::Revision,
            values: vec!["rev-1".to_owned()],
        },
        saved: &|name| match name {
            "ports" => Some("(17 | 24".to_owned()),
            "loop" => Some("17 @loop".to_owned()),
            _ => None,
        },
    };
    parse(text, &reader)
}

fn read(text: &str) -> Parsed {
    read_at(text, 0)
}

fn plan(parsed: &Parsed) -> Option<Plan> {
    parsed.plan_without(None)
}

/// A plan in short: fields are left out, alternatives of one word are written as its first term.
fn short(plan: &Plan) -> String {
    let many = |plans: &[Plan], between: &str| {
        let parts: Vec<String> = plans.iter().map(short).collect();
        format!("({})", parts.join(between))
    };
    match plan {
        Plan::All(plans) => many(plans, " & "),
        Plan::Any(plans) => {
            let is_word = |plan: &Plan| {
                matches!(
                    plan,
                    Plan::Is {
                        field: Field::Title | Field::Body,
                        ..
                    } | Plan::Phrase { .. }
                        | Plan::Prefix { .. }
                )
            };
            match plans.first() {
                Some(first) if is_word(first) => short(first),
                Some(first) if plans.len() == 1 => short(first),
                _ => many(plans, " | "),
            }
        }
        Plan::Not(plan) => format!("-{}", short(plan)),
        Plan::Is {
            field: Field::Title | Field::Body,
            value,
            ..
        } => value.clone(),
        Plan::Is { field, value, .. } => format!("{field:?}:{value}"),
        Plan::Phrase { terms, .. } => {
            let terms: Vec<&str> = terms.iter().map(|(_, term)| term.as_str()).collect();
            format!("\"{}\"", terms.join(" "))
        }
        Plan::Prefix { prefix, .. } => format!("{prefix}*"),
        other => format!("{other:?}"),
    }
}

#[test]
fn queries_are_read_as_documented() {
    for (text, expected) in [
        ("17 24", "(17 & 24)"),
        ("17 | 24 35", "(17 | (24 & 35))"),
        ("17 OR 24", "(17 | 24)"),
        ("17 -24", "(17 & -24)"),
        ("17 NOT 24", "(17 & -24)"),
        ("-(17 | 24)", "-(17 | 24)"),
        ("\"17 24\"", "\"17 24\""),
        ("«17 24» 35", "(\"17 24\" & 35)"),
        ("=24", "=24"),
        ("court*", "=court*"),
        ("source:a,b", "(Source:a | Source:b)"),
        ("lang:kaz -lang:ru-RU", "(Language:kk & -Language:ru)"),
        ("role:Official", "Role:official"),
        ("url:Outlet.Example", "Url:outlet.example"),
        ("https://outlet.example/A", "Url:https://outlet.example/A"),
        ("changed:yes", "State:changed"),
        ("changed:no", "-State:changed"),
    ] {
        let parsed = read(text);
        assert_eq!(short(&plan(&parsed).unwrap()), expected, "{text}");
        assert!(parsed.repairs.is_empty(), "{text}: {:?}", parsed.repairs);
    }
}

#[test]
fn malformed_queries_are_mended_and_the_mending_is_said() {
    for (text, expected, said) in [
        ("\"17 24", "\"17 24\"", "quotation"),
        ("(17 24", "(17 & 24)", "`(`"),
        ("17) 24", "(17 & 24)", "`)`"),
        ("17 |", "17", "`|`"),
        ("| 17", "17", "`|`"),
        ("17 -", "17", "`-`"),
        ("17 title:", "17", "title:"),
        ("17 published:soon", "17", "published:soon"),
        ("17 lang:fr", "17", "fr"),
        ("17 …", "17", "…"),
    ] {
        let parsed = read(text);
        let plan = plan(&parsed).map(|plan| short(&plan));
        let said_it = parsed
            .repairs
            .iter()
            .any(|repair| repair.to_string().contains(said));
        assert!(said_it, "{text}: {:?}", parsed.repairs);
        assert_eq!(plan.as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn an_unknown_field_is_named_with_the_nearest_and_read_as_words() {
    for (text, nearest) in [
        ("sorce:a", "`source:`"),
        ("titel:a", "`title:`"),
        ("langg:a", "`lang:`"),
    ] {
        let parsed = read(text);
        assert!(
            parsed.repairs[0].to_string().contains(nearest),
            "{:?}",
            parsed.repairs
        );
        assert!(plan(&parsed).is_some());
    }
}

#[test]
fn dates_cover_whole_days_months_and_years() {
    let at = |y, m, d| {
        let day = NaiveDate::from_ymd_opt(y, m, d).unwrap();
        day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
    };
    for (text, from, to) in [
        ("2026", Some(at(2026, 1, 1)), Some(at(2027, 1, 1) - 1)),
        ("2026-02", Some(at(2026, 2, 1)), Some(at(2026, 3, 1) - 1)),
        (
            "2026-02-28",
            Some(at(2026, 2, 28)),
            Some(at(2026, 3, 1) - 1),
        ),
        (
            "2025-12..2026-01",
            Some(at(2025, 12, 1)),
            Some(at(2026, 2, 1) - 1),
        ),
        ("..2026-01", None, Some(at(2026, 2, 1) - 1)),
        ("2026-01..", Some(at(2026, 1, 1)), None),
        ("-7d", Some(at(2026, 3, 3)), None),
        ("-2w", Some(at(2026, 2, 24)), None),
        ("-1m", Some(at(2026, 2, 10)), None),
    ] {
        let parsed = read(&format!("published:{text}"));
        let number = Number::Published;
        let expected = Plan::Within { number, from, to };
        assert_eq!(plan(&parsed), Some(expected), "{text}");
        let east = read_at(&format!("published:{text}"), 5 * 3600);
        let earlier = |seconds: i64| seconds - 5 * 3600;
        let shifted = Plan::Within {
            number,
            from: from.map(earlier),
            to: to.map(earlier),
        };
        assert_eq!(plan(&east), Some(shifted), "{text}");
    }
}

#[test]
fn a_filter_takes_the_place_of_its_like() {
    for (text, expected) in [
        ("порт", "порт lang:kk"),
        ("lang:ru порт LANG:en", "порт lang:kk"),
        (
            "\"порт lang:ru закрыт\" language",
            "\"порт lang:ru закрыт\" language lang:kk",
        ),
        ("  ", "lang:kk"),
    ] {
        assert_eq!(narrowed(text, "lang", "kk"), expected, "{text}");
    }
}

#[test]
fn a_saved_query_is_used_by_its_name_and_one_that_uses_itself_ends() {
    assert_eq!(
        short(&plan(&read("35 @ports")).unwrap()),
        "(35 & (17 | 24))"
    );
    assert!(read("@nobody").repairs[0].to_string().contains("@nobody"));
    let looped = read("@loop");
    assert!(
        looped
            .repairs
            .iter()
            .any(|repair| repair.to_string().contains("uses itself"))
    );
    assert!(plan(&looped).is_some());
}

#[test]
fn figures_are_read_with_their_bounds() {
    for (text, from, to) in [
        ("42", Some(42_000), Some(42_000)),
        (">1000", Some(1_000_001), None),
        (">=1_000", Some(1_000_000), None),
        ("<2,5", None, Some(2_499)),
        ("<=3", None, Some(3_000)),
        ("10..20", Some(10_000), Some(20_000)),
        ("..20", None, Some(20_000)),
    ] {
        let number = Number::Amount;
        let expected = Plan::Within { number, from, to };
        assert_eq!(
            plan(&read(&format!("amount:{text}"))),
            Some(expected),
            "{text}"
        );
    }
    for text in [
        "amount:many",
        "amount:>",
        "amount:99999999999999999999999999999999",
    ] {
        assert!(
            read(text).repairs[0].to_string().contains("figure"),
            "{text}"
        );
    }
}

#[test]
fn what_was_found_out_is_asked_for_by_its_words() {
    for text in [
        "verdict:contradicted",
        "verdict:no-record",
        "slot:period",
        "case:yes",
        "case:partly_corrected",
    ] {
        let parsed = read(text);
        assert!(parsed.repairs.is_empty(), "{text}: {:?}", parsed.repairs);
        assert!(
            matches!(
                plan(&parsed),
                Some(Plan::OneOf {
                    field: Field::Revision,
                    ..
                })
            ),
            "{text}"
        );
    }
    let either = plan(&read("slot:period,value"));
    assert!(matches!(either, Some(Plan::Any(plans)) if plans.len() == 2));
    assert!(matches!(plan(&read("case:no")), Some(Plan::Not(_))));
    assert!(
        read("verdict:wrong").repairs[0]
            .to_string()
            .contains("`wrong`")
    );
    assert!(
        read("place:Нигдеград").repairs[0]
            .to_string()
            .contains("Нигдеград")
    );
    assert!(read("суд NEAR/3").repairs[0].to_string().contains("NEAR"));
}

#[test]
fn excluded_words_are_not_highlighted() {
    let parsed = read("17 -24 -(35 | 46)");
    assert!(parsed.marks.terms.iter().eq(["17"]));
}

#[test]
fn long_and_deep_queries_are_cut() {
    let words = "слово ".repeat(300);
    assert!(
        read(&words)
            .repairs
            .iter()
            .any(|repair| repair.to_string().contains("words"))
    );
    assert!(!read(&"(".repeat(500)).repairs.is_empty());
    assert!(!read(&"x".repeat(5_000)).repairs.is_empty());
}

proptest! {
    #[test]
    fn no_input_breaks_the_parser(text in "[-a-zа-яә0-9 \"«»()|:*=.~,]{0,60}|\\PC{0,40}") {
        let _ = read(&text);
    }
}
