//! Letters' contents: proposals that are short enough, values in each language's typography, and the steps of the register.

use chrono::{DateTime, Utc};

use super::passage::{cut, note, place_of, worded};
use super::proposed::{Parts, proposed};
use super::*;
use crate::language::{Language, Lexicon};
use crate::model::letter::{DifferenceRow, LetterText};
use crate::model::{CaseId, Difference, LetterEntry, LetterStatus, Route, SlotName, SourceId};
use crate::pursue::clock::Clocks;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn rows() -> Vec<DifferenceRow> {
    vec![DifferenceRow {
        slot: "Число".to_owned(),
        claimed: "8 741".to_owned(),
        official: "8 417".to_owned(),
        note: String::new(),
        ..DifferenceRow::default()
    }]
}

fn parts<'a>(passage: &'a str, language: Language, differences: &'a [DifferenceRow]) -> Parts<'a> {
    Parts {
        language,
        passage,
        title: "Кражи за квартал",
        published: "11 апреля 2026 года",
        source: "Бюро правовой отчётности",
        recorded: "10 апреля 2026 года",
        differences,
    }
}

#[test]
fn a_proposed_text_is_always_shorter_than_twice_the_passage() {
    let rows = rows();
    let mut lengths = Vec::new();
    for n_chars in 1..=200 {
        let passage = "ы".repeat(n_chars);
        for language in Language::ALL {
            match proposed(&parts(&passage, language, &rows), None) {
                Ok(text) => {
                    assert_eq!(text.n_chars, text.text.chars().count());
                    assert!(text.n_chars < 2 * n_chars, "{n_chars}: {}", text.text);
                    assert!(text.text.contains("8 417") && text.text.contains("8 741"));
                    lengths.push(text.n_chars);
                }
                Err(error) => {
                    assert_eq!(
                        error,
                        ProposalError::NoneFits {
                            most_chars: 2 * n_chars - 1
                        }
                    );
                    assert!(n_chars < 30, "{n_chars}");
                }
            }
        }
    }
    lengths.sort_unstable();
    lengths.dedup();
    assert!(
        lengths.len() >= 9,
        "each language has a fuller wording for longer passages: {lengths:?}"
    );
}

#[test]
fn a_persons_own_wording_is_held_to_the_same_length() {
    let rows = rows();
    let parts = parts("Десять букв!", Language::Ru, &rows);
    assert_eq!(
        proposed(&parts, Some("Верно:\n  8 417.")).unwrap().text,
        "Верно: 8 417."
    );
    let long = "а".repeat(24);
    assert_eq!(
        proposed(&parts, Some(&long)),
        Err(ProposalError::TooLong {
            n_chars: 24,
            most_chars: 23
        })
    );
    assert!(proposed(&parts, Some(" ")).is_err());
}

#[test]
fn what_differs_is_found_in_a_sentence_however_the_number_is_written() {
    let lexicon = Lexicon::shipped();
    for (sentence, value, language, expected) in [
        (
            "Зарегистрирована 8 741 кража.",
            "8741",
            Language::Ru,
            "8\u{a0}741",
        ),
        (
            "Қазақстанда 8 741 ұрлық тіркелді.",
            "8741",
            Language::Kk,
            "8\u{a0}741",
        ),
        ("There were 8,741 thefts.", "8741", Language::En, "8,741"),
        ("В Алматы открыли мост.", "Алматы", Language::Ru, "Алматы"),
        ("В Алматы открыли мост.", "17", Language::Ru, ""),
        ("В Алматы открыли мост.", "", Language::Ru, ""),
    ] {
        let (before, differs, after) = cut(sentence, place_of(lexicon, sentence, value, language));
        assert_eq!(differs.trim(), expected, "{sentence}");
        let whole = format!("{before}{differs}{after}").replace('\u{a0}', " ");
        assert_eq!(whole, sentence);
    }
}

#[test]
fn values_are_written_in_the_language_of_the_letter() {
    let lexicon = Lexicon::shipped();
    for (value, written, language, expected) in [
        ("8741", Language::Ru, Language::Kk, "8\u{a0}741"),
        ("12.4", Language::En, Language::Ru, "12,4"),
        ("12.4", Language::Ru, Language::En, "12.4"),
        (
            "01.01.2026 – 31.03.2026",
            Language::Ru,
            Language::En,
            "1\u{a0}January 2026 – 31\u{a0}March 2026",
        ),
        (
            "05.02.2026",
            Language::Ru,
            Language::Kk,
            "2026\u{a0}жылғы 5\u{a0}ақпан",
        ),
        (
            "Павлодарская область",
            Language::Ru,
            Language::Kk,
            "Павлодар облысы",
        ),
        (
            "слово без имени",
            Language::Ru,
            Language::Kk,
            "слово без имени",
        ),
        ("Астана", Language::Ru, Language::Ru, "Астана"),
    ] {
        assert_eq!(worded(lexicon, value, written, language), expected);
    }
}

#[test]
fn a_difference_of_numbers_is_reckoned_and_others_are_not() {
    let of = |slot, claimed: &str, official: &str| Difference {
        slot,
        claimed: claimed.to_owned(),
        official: official.to_owned(),
    };
    let plain =
        |difference: &Difference, language| note(difference, language).replace('\u{a0}', " ");
    assert_eq!(
        plain(&of(SlotName::Value, "8741", "8417"), Language::Ru),
        "+324 (+3,8 %)"
    );
    assert_eq!(
        plain(&of(SlotName::Value, "4", "10"), Language::En),
        "−6 (−60%)"
    );
    assert_eq!(plain(&of(SlotName::Value, "5", "0"), Language::Kk), "+5");
    assert_eq!(
        plain(&of(SlotName::Period, "2025", "2026"), Language::Ru),
        ""
    );
    assert_eq!(
        plain(&of(SlotName::Place, "Астана", "Алматы"), Language::Ru),
        ""
    );
    let vast = "79228162514264337593543950335";
    assert_eq!(
        plain(
            &of(SlotName::Value, &format!("-{vast}"), vast),
            Language::Ru
        ),
        ""
    );
}

#[test]
fn every_route_has_its_words_in_every_language_and_known_clocks() {
    let clocks = Clocks::shipped();
    let routes = Routes::read(None, &clocks.rules).unwrap();
    for route in Route::ALL {
        for language in Language::ALL {
            let words = routes.of(route).words(route, language);
            assert!(
                !words.title.is_empty() && !words.basis.is_empty() && !words.request.is_empty()
            );
        }
    }
    let error = Routes::read(
        Some(("own.toml", "[reply]\nclocks = [\"replay\"]\n")),
        &clocks.rules,
    )
    .unwrap_err();
    assert_eq!(
        (error.file.as_str(), error.line),
        ("own.toml", 1),
        "{error}"
    );
    let shipped =
        include_str!("data/routes.toml").replace("\"reply\", \"court\"", "\"replay\", \"court\"");
    let error = Routes::read(Some(("own.toml", &shipped)), &clocks.rules).unwrap_err();
    assert!(
        error.message.contains("replay") && error.line > 10,
        "{error}"
    );
}

fn drafted() -> LetterEntry {
    let text = LetterText {
        language: Language::Ru,
        title: "Просьба".to_owned(),
        markup: String::new(),
    };
    draft(
        Draft {
            number: "2026-0001".to_owned(),
            case: &CaseId("case-1".to_owned()),
            route: Route::Reply,
            recipient: &SourceId("outlet".to_owned()),
            url: "https://outlet.example/1",
            published_at: at("2026-02-01T05:00:00Z"),
            texts: vec![text],
            deadlines: &[],
        },
        "analyst",
        at("2026-03-02T05:00:00Z"),
    )
}

#[test]
fn numbers_run_through_a_year_and_begin_again_with_the_next() {
    let letters = [
        drafted(),
        LetterEntry {
            number: "2026-0017".to_owned(),
            ..drafted()
        },
        LetterEntry {
            number: "2025-0099".to_owned(),
            ..drafted()
        },
    ];
    assert_eq!(
        next_number(&letters, at("2026-05-01T00:00:00Z")),
        "2026-0018"
    );
    // New Year comes here five hours before it does in London.
    assert_eq!(
        next_number(&letters, at("2026-12-31T20:00:00Z")),
        "2027-0001"
    );
    assert_eq!(next_number(&[], at("2026-05-01T00:00:00Z")), "2026-0001");
}

#[test]
fn a_letter_leaves_only_after_a_second_person_approved_it() {
    let now = at("2026-03-03T05:00:00Z");
    let letter = drafted();
    assert!(matches!(
        send(&letter, "officer", "post", true, now),
        Err(StepError::NotApproved(_))
    ));
    assert!(matches!(
        begin_send(&letter, "officer", "post", true, now),
        Err(StepError::NotApproved(_))
    ));
    assert!(matches!(
        approve(&letter, "analyst", now),
        Err(StepError::SamePerson { .. })
    ));
    let approved = approve(&letter, "officer", now).unwrap();
    assert!(matches!(
        approve(&approved, "other", now),
        Err(StepError::ApprovedBefore(_))
    ));
    let sent = send(&approved, "analyst", "post", true, now).unwrap();
    assert_eq!(sent.status, LetterStatus::Sent);
    assert!(matches!(
        send(&sent, "analyst", "post", true, now),
        Err(StepError::SentBefore(_))
    ));
    assert!(matches!(
        approve(&sent, "officer", now),
        Err(StepError::SentBefore(_))
    ));
    assert_eq!(sent.history.len(), 3);
    // An office may do without the second person.
    assert!(send(&letter, "analyst", "post", false, now).is_ok());
}

#[test]
fn a_doubt_whether_a_letter_left_stays_until_somebody_settles_it() {
    let now = at("2026-03-03T05:00:00Z");
    let approved = approve(&drafted(), "officer", now).unwrap();
    let begun = begin_send(&approved, "analyst", "mail:a@b.example", true, now).unwrap();
    assert_eq!(begun.status, LetterStatus::Sending);
    assert!(matches!(
        begin_send(&begun, "analyst", "mail:a@b.example", true, now),
        Err(StepError::Uncertain(_))
    ));
    assert!(matches!(
        approve(&begun, "other", now),
        Err(StepError::Uncertain(_))
    ));
    assert_eq!(
        fail(&begun, "analyst", ("no connection", None), now).status,
        LetterStatus::Approved
    );
    assert_eq!(
        send(&begun, "analyst", "seen in the outbox", true, now)
            .unwrap()
            .status,
        LetterStatus::Sent
    );
}

#[test]
fn clocks_start_on_the_day_of_receipt_and_never_before_the_letter_left() {
    let now = at("2026-03-05T05:00:00Z");
    let letter = drafted();
    assert!(matches!(
        receive(&letter, "analyst", now, now),
        Err(StepError::NotSent(_))
    ));
    let sent = send(
        &letter,
        "analyst",
        "post",
        false,
        at("2026-03-03T20:00:00Z"),
    )
    .unwrap();
    assert!(matches!(
        receive(&sent, "analyst", at("2026-03-03T06:00:00Z"), now),
        Err(StepError::ReceivedBeforeSent(_))
    ));
    let received = receive(&sent, "analyst", at("2026-03-04T07:00:00Z"), now).unwrap();
    assert_eq!(received.received_at, Some(at("2026-03-04T07:00:00Z")));
    let again = receive(&received, "analyst", at("2026-03-05T07:00:00Z"), now).unwrap();
    assert_eq!(
        (again.received_at, again.history.len()),
        (Some(at("2026-03-05T07:00:00Z")), 4)
    );
}
