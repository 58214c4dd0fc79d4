//! Cases as files, feeds and digests; the ledger of reprints and the parts of a priority.

use std::collections::BTreeMap;
use std::io::Cursor;

use aigaq::config::CaseConfig;
use aigaq::language::Language;
use aigaq::model::{
    Case, CaseId, CopyState, Dismissal, Dues, EventKind, Priority, SlotName, Source, SourceId,
    SourceRole,
};
use aigaq::pursue::due;
use aigaq::pursue::{ledger, priority};
use aigaq::report::case_tables::{CaseForm, write};
use aigaq::report::digest::{Span, Unseen, digest, text};
use calamine::{Data, Reader as _, Xlsx};
use serde_json::Value;

use crate::desk::{case, case_in, copy, minute};

fn named(id: &str, role: SourceRole, names: &[(&str, &str)], url: &str) -> Source {
    Source {
        name: names
            .iter()
            .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
            .collect(),
        url: url.to_owned(),
        ..crate::judged::source(id, role)
    }
}

fn sources() -> BTreeMap<SourceId, Source> {
    let all = [
        named(
            "dala",
            SourceRole::Media,
            &[("ru", "Дала News")],
            "https://dala.example/",
        ),
        named(
            "kurs",
            SourceRole::Media,
            &[("ru", "Курс дня")],
            "https://www.kurs.example/",
        ),
        named(
            "zhanalyk",
            SourceRole::Media,
            &[("kk", "Жаңалық айнасы")],
            "https://zh.example/",
        ),
        named(
            "police",
            SourceRole::Official,
            &[("ru", "Полиция области"), ("kk", "Облыс полициясы")],
            "https://police.example/",
        ),
    ];
    all.into_iter()
        .map(|source| (source.id.clone(), source))
        .collect()
}

/// A case with a formula and markup in what was published.
fn hostile() -> Case {
    let mut case = case_in("case-hostile", aigaq::model::CaseState::CorrectionRequested);
    case.copies[0].sentence =
        "=HYPERLINK(\"x\") <script>alert(1)</script> 90 краж & «90»".to_owned();
    case.copies[0].url = "https://outlet.example/a?b=1&c=2".to_owned();
    case.differences[0].claimed = "+90".to_owned();
    case
}

fn written(form: CaseForm, cases: &[Case]) -> Vec<u8> {
    let dues = due::deadlines(cases, &Dues::new());
    let (names, base) = (sources(), "https://desk.example/");
    write(form, cases, &names, &dues, base, minute(0)).unwrap()
}

#[test]
fn no_cell_of_an_export_is_a_formula_and_every_form_has_every_case() {
    let cases = [hostile(), case("case-two")];
    let bytes = written(CaseForm::Csv, &cases);
    let text = String::from_utf8(bytes).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let head = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    for cell in rows.iter().flatten() {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{cell}"
        );
    }
    let place = |name: &str| head.iter().position(|one| one == name).unwrap();
    assert!(rows[0][place("sentence")].starts_with("'=HYPERLINK"));
    assert_eq!(&rows[0][place("claimed")], "'+90");
    assert_eq!(&rows[0][place("confirmed_by")], "zhanar");

    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(written(CaseForm::Xlsx, &cases))).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    assert_eq!(sheet.height(), 3);
    assert!(
        sheet
            .rows()
            .flatten()
            .all(|cell| matches!(cell, Data::String(_) | Data::Empty))
    );

    let lines = String::from_utf8(written(CaseForm::Jsonl, &cases)).unwrap();
    let ids: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].clone())
        .collect();
    assert_eq!(ids, ["case-hostile", "case-two"]);

    let page = String::from_utf8(written(CaseForm::Html, &cases)).unwrap();
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;") && page.contains("b=1&amp;c=2"));
}

#[test]
fn a_feed_of_cases_is_read_by_a_feed_reader() {
    let bytes = written(CaseForm::Atom, &[hostile(), case("case-two")]);
    let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap();
    assert_eq!(feed.entries.len(), 2);
    let entry = feed
        .entries
        .iter()
        .find(|entry| entry.id.contains("hostile"))
        .unwrap();
    assert!(
        entry.title.as_ref().unwrap().content.contains("<script>"),
        "text, not markup"
    );
    assert_eq!(
        entry.links[0].href,
        "https://desk.example/cases/case-hostile"
    );
}

/// Properties of a type, each with the types its value may have.
type Properties = &'static [(&'static str, &'static [&'static str])];

/// What schema.org allows of the types used: properties, each with the types its value may have.
const SCHEMA: &[(&str, Properties)] = &[
    (
        "ClaimReview",
        &[
            ("url", &["Text"]),
            ("datePublished", &["Text"]),
            ("author", &["Organization"]),
            ("claimReviewed", &["Text"]),
            ("reviewBody", &["Text"]),
            ("reviewRating", &["Rating"]),
            ("itemReviewed", &["Claim"]),
            ("citation", &["CreativeWork"]),
        ],
    ),
    (
        "Claim",
        &[
            ("text", &["Text"]),
            ("inLanguage", &["Text"]),
            ("datePublished", &["Text"]),
            ("author", &["Organization"]),
            ("firstAppearance", &["CreativeWork"]),
            ("appearance", &["CreativeWork"]),
        ],
    ),
    (
        "CreativeWork",
        &[
            ("url", &["Text"]),
            ("datePublished", &["Text"]),
            ("inLanguage", &["Text"]),
            ("publisher", &["Organization"]),
            ("text", &["Text"]),
        ],
    ),
    (
        "Rating",
        &[
            ("alternateName", &["Text"]),
            ("ratingExplanation", &["Text"]),
        ],
    ),
    ("Organization", &[("name", &["Text"])]),
];

/// The type of a node, after its properties were held against the schema.
fn checked(node: &Value) -> String {
    let Value::Object(fields) = node else {
        assert!(node.is_string(), "{node}");
        return "Text".to_owned();
    };
    let kind = fields["@type"].as_str().unwrap();
    let (_, known) = SCHEMA.iter().find(|(name, _)| *name == kind).unwrap();
    for (key, value) in fields.iter().filter(|(key, _)| !key.starts_with('@')) {
        let (_, types) = known
            .iter()
            .find(|(name, _)| name == key)
            .unwrap_or_else(|| panic!("{kind} has no {key}"));
        let values = value
            .as_array()
            .map_or_else(|| vec![value], |values| values.iter().collect());
        for value in values {
            let found = checked(value);
            assert!(types.contains(&found.as_str()), "{kind}.{key} is {found}");
        }
    }
    kind.to_owned()
}

#[test]
fn claim_reviews_have_the_shape_of_schema_org_and_only_what_a_person_confirmed() {
    let proposed = case("case-proposed");
    let mut dismissed = case_in("case-dismissed", aigaq::model::CaseState::Dismissed);
    dismissed.desk.confirmed = Some(("zhanar".to_owned(), minute(-9)));
    let document: Value = serde_json::from_slice(&written(
        CaseForm::ClaimReview,
        &[hostile(), proposed, dismissed],
    ))
    .unwrap();
    assert_eq!(document["@context"], "https://schema.org");
    let reviews = document["@graph"].as_array().unwrap();
    assert_eq!(reviews.len(), 1);
    assert_eq!(checked(&reviews[0]), "ClaimReview");
    assert_eq!(reviews[0]["url"], "https://desk.example/cases/case-hostile");
    assert_eq!(
        reviews[0]["itemReviewed"]["appearance"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert!(
        reviews[0]["reviewRating"].get("ratingValue").is_none(),
        "no grade of truthfulness"
    );
}

#[test]
fn a_digest_counts_what_happened_in_its_days_and_how_long_it_took() {
    let mut asked = case_in("case-asked", aigaq::model::CaseState::CorrectionRequested);
    asked.copies[0].state = CopyState::Corrected;
    asked.copies[0].ended_at = Some(minute(-40));
    asked.copies[0].last_event = Some(EventKind::CorrectedSilently);
    asked.copies[1].source = SourceId("police".to_owned());
    asked.copies[2].published = minute(-900);
    let mut old = case("case-old");
    old.opened_at = minute(-50_000);
    for copy in &mut old.copies {
        copy.found_at = Some(minute(-50_000));
        copy.published = minute(-50_100);
    }
    let mut merged = case("case-merged");
    merged.desk.duplicate_of = Some(CaseId("case-asked".to_owned()));
    merged.desk.dismissal = Some(Dismissal::OtherFact);
    let span = Span {
        from: minute(-1_440),
        to: minute(1),
    };
    let gap = Unseen {
        source: SourceId("silent".to_owned()),
        what: "it was never visited".to_owned(),
    };
    let digest = digest(&[asked, old, merged], &sources(), vec![gap], span);
    let all = &digest.all;
    assert_eq!(
        (
            all.n_opened,
            all.n_found,
            all.n_asked,
            all.n_corrected,
            all.n_silently
        ),
        (1, 3, 1, 1, 1)
    );
    assert_eq!(
        all.n_standing, 5,
        "two of the new case, three of the old one"
    );
    assert_eq!(all.median_to_detection_min, Some(100));
    assert_eq!(all.median_to_letter_min, Some(400));
    assert_eq!(all.median_to_correction_min, Some(60));
    assert_eq!(digest.own_pages[&SourceId("police".to_owned())].n_found, 1);
    assert_eq!(digest.outlets[&SourceId("outlet".to_owned())].n_found, 2);
    assert_eq!(digest.agencies[&SourceId("police".to_owned())].n_opened, 1);
    assert_eq!(digest.dismissed[&Dismissal::OtherFact], 1);
    let text = text(&digest);
    assert!(text.contains("silent: it was never visited"), "{text}");
    assert!(
        text.contains("median time to detection 100 min, to the letter 6 h"),
        "{text}"
    );
}

#[test]
fn the_ledger_says_who_was_first_and_who_credits_whom_in_any_case_form() {
    let mut case = case("case-one");
    let mut first = copy("https://dala.example/1", CopyState::Corrected);
    first.source = SourceId("dala".to_owned());
    first.published = minute(-600);
    let mut second = copy("https://www.kurs.example/2", CopyState::Stands);
    second.source = SourceId("kurs".to_owned());
    second.language = Language::Ru;
    second.published = minute(-595);
    second.credits = vec![
        "издание «Дала News»".to_owned(),
        "пресс-службу ведомства".to_owned(),
    ];
    let mut third = copy("https://zh.example/3", CopyState::Stands);
    third.source = SourceId("zhanalyk".to_owned());
    third.language = Language::Kk;
    third.published = minute(-480);
    third.credits = vec![
        "kurs.example сайты".to_owned(),
        "Облыс полициясының".to_owned(),
    ];
    // A link tells the publication where the words name no source, and says so itself where there are no words.
    let mut fourth = copy("https://kurs.example/4", CopyState::Stands);
    fourth.source = SourceId("kurs".to_owned());
    fourth.published = minute(-300);
    fourth.credits = vec!["издание «Дала News»".to_owned()];
    fourth.links = vec![
        "https://encyclopedia.example/theft".to_owned(),
        "https://zh.example/3".to_owned(),
        "https://kurs.example/2".to_owned(),
        "https://www.police.example/release".to_owned(),
        "http://www.dala.example/1".to_owned(),
    ];
    case.copies = vec![third, fourth, second, first];
    let ledger = ledger(&case, &sources());
    let order: Vec<(&str, bool)> = ledger
        .entries
        .iter()
        .map(|entry| (entry.source.0.as_str(), entry.is_first))
        .collect();
    assert_eq!(
        order,
        [
            ("dala", true),
            ("kurs", false),
            ("zhanalyk", false),
            ("kurs", false)
        ]
    );
    let credits = |place: usize| -> Vec<(Option<&str>, Option<&str>)> {
        let credits = ledger.entries[place].credits.iter();
        credits
            .map(|credit| {
                (
                    credit.source.as_ref().map(|id| id.0.as_str()),
                    credit.url.as_deref(),
                )
            })
            .collect()
    };
    assert_eq!(
        credits(1),
        [(Some("dala"), Some("https://dala.example/1")), (None, None)]
    );
    assert_eq!(
        credits(2),
        [
            (Some("kurs"), Some("https://www.kurs.example/2")),
            (Some("police"), None)
        ]
    );
    assert_eq!(
        credits(3),
        [
            (Some("dala"), Some("https://dala.example/1")),
            (Some("zhanalyk"), Some("https://zh.example/3")),
            (Some("police"), None)
        ]
    );
    let hours: Vec<(usize, usize)> = ledger
        .by_hour
        .iter()
        .map(|hour| (hour.n, hour.total))
        .collect();
    assert_eq!(hours, [(2, 2), (1, 3), (1, 4)]);
    assert_eq!(ledger.languages, [Language::En, Language::Kk, Language::Ru]);
}

fn points(priority: &Priority, name: &str) -> u32 {
    priority
        .parts
        .iter()
        .find(|part| part.name == name)
        .unwrap()
        .points
}

/// A case of the small web whose publication says `claimed` where the record says 8 645.
fn judged(claimed: &str, in_title: bool) -> Case {
    let mut world = crate::following::World::default();
    let sentence = |figure: &str| {
        format!("За 2025 год в Кызылординской области зарегистрировано {figure} краж.")
    };
    world.put(
        "agency",
        2,
        Language::Ru,
        &crate::following::Page::of(&sentence("8 645")),
    );
    let mut page = crate::following::Page::of(&sentence(claimed));
    if in_title {
        page = page.headed(sentence(claimed).trim_end_matches('.'));
    }
    world.put("outlet", 3, Language::Ru, &page);
    world.advance(&[], minute(0)).remove(0)
}

#[test]
fn a_priority_is_the_sum_of_parts_that_say_why() {
    let rules = CaseConfig::default();
    let sources = sources();
    let near = judged("8 465", false);
    let far = judged("86 450", true);
    let (of_near, of_far) = (
        priority(&near, &sources, &rules, minute(0)),
        priority(&far, &sources, &rules, minute(0)),
    );
    for one in [&of_near, &of_far] {
        assert_eq!(
            one.score,
            one.parts.iter().map(|part| part.points).sum::<u32>()
        );
        assert_eq!(one.parts.iter().map(|part| part.most).sum::<u32>(), 1000);
        assert!(
            one.parts
                .iter()
                .all(|part| part.points <= part.most && !part.why.is_empty())
        );
    }
    assert_eq!(
        (
            points(&of_near, "difference"),
            points(&of_far, "difference")
        ),
        (30, 200)
    );
    assert_eq!(
        (points(&of_near, "headline"), points(&of_far, "headline")),
        (0, 100)
    );
    assert!(of_far.score > of_near.score);

    // It falls with time, grows with spread, and an agency's own page weighs more than the press.
    let later = priority(&near, &sources, &rules, minute(60 * 24 * 40));
    assert_eq!(points(&later, "freshness"), 0);
    let mut wide = near.clone();
    for place in 0..9 {
        let mut one = copy(
            &format!("https://outlet{place}.example/"),
            CopyState::Stands,
        );
        one.source = SourceId(format!("outlet{place}"));
        wide.copies.push(one);
    }
    assert_eq!(
        points(&priority(&wide, &sources, &rules, minute(0)), "spread"),
        200
    );
    let mut own = near.clone();
    own.copies[0].source = SourceId("police".to_owned());
    assert_eq!(
        points(&priority(&own, &sources, &rules, minute(0)), "own page"),
        100
    );
    let mut polarity = near;
    polarity.differences[0].slot = SlotName::Polarity;
    assert_eq!(
        points(&priority(&polarity, &sources, &rules, minute(0)), "slot"),
        150
    );
}
