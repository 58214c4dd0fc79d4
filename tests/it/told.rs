//! Steps that were stored in English words before they were kept in parts: read back where that is certain, and left otherwise.

use std::collections::BTreeSet;

use aigaq::config::CaseConfig;
use aigaq::language::Language;
use aigaq::model::desk::Step;
use aigaq::model::{
    Answer, Case, CaseEvent, CaseState, Deed, Dismissal, Order, SourceId, Undelivered, UserRole,
};
use aigaq::pursue::{Around, deed_of, take};
use aigaq::send::Fault;

use super::desk::{case, case_in, minute, user};
use super::desk_case::{desk_of, get, officer};
use super::steps::{furnished, steps};

/// An event as it was stored before.
fn before(event: &CaseEvent) -> CaseEvent {
    CaseEvent {
        deed: None,
        note: String::new(),
        ..event.clone()
    }
}

/// What a step on a case told, on it and on the other that it changed; with the words or without any.
fn events(case: &Case, step: &Step, note: &str) -> Vec<CaseEvent> {
    let official = BTreeSet::from([SourceId("police".to_owned())]);
    let find = |id: &aigaq::model::CaseId, version: Option<u64>| match (id.0.as_str(), version) {
        ("other", None) => Some(super::desk::case("other")),
        ("one", Some(6)) => Some(super::desk::case("one")),
        _ => None,
    };
    let by = user("tester", UserRole::Approver, "police");
    let users = [by.clone()];
    let around = Around {
        rules: &CaseConfig::default(),
        users: &users,
        case: &find,
        official: &official,
        lexicon: aigaq::language::Lexicon::shipped(),
    };
    let order = Order {
        step: step.clone(),
        note: note.to_owned(),
    };
    let cases = take(case, &order, &by, &around, minute(0)).unwrap();
    cases
        .iter()
        .map(|case| case.history.last().unwrap().clone())
        .collect()
}

#[test]
fn every_step_is_read_back_from_its_words_as_it_was_or_not_at_all() {
    let mut all = steps();
    all.extend(Answer::ALL.map(|answer| Step::Answer { answer }));
    all.extend(
        [
            Dismissal::NoStatement,
            Dismissal::Agrees,
            Dismissal::RecordWrong,
            Dismissal::Immaterial,
        ]
        .map(|reason| Step::Dismiss { reason }),
    );
    all.push(Step::Assign { to: None });
    all.push(Step::TickItem {
        item: "known".to_owned(),
        done: true,
    });
    all.push(Step::Snooze {
        until: Some(minute(600)),
        worse: true,
    });
    let (mut n_read, mut left) = (0, BTreeSet::new());
    for step in all {
        let states = CaseState::ALL.into_iter();
        let state = states.clone().find(|state| {
            aigaq::pursue::table::is_allowed(
                step.kind(),
                *state,
                aigaq::pursue::table::Actor::Person(UserRole::Approver),
            )
        });
        let case = furnished(state.unwrap(), &step);
        let needs = aigaq::pursue::table::row(step.kind(), case.state)
            .unwrap()
            .needs_note;
        for note in ["", "we spoke: they agree", "two\nlines"] {
            if needs && note.is_empty() {
                continue;
            }
            for event in events(&case, &step, note) {
                let stored = before(&event);
                let told = event.deed.clone().unwrap();
                match deed_of(&stored) {
                    None => drop(left.insert(step.kind().word())),
                    Some((deed, said)) => {
                        n_read += 1;
                        assert_eq!(deed, told, "{}", event.what);
                        // Tags and tasks were told without what was said to them.
                        assert!(said == event.note || said.is_empty(), "{}", event.what);
                        assert_eq!(event.what.contains(&event.note), said == event.note);
                    }
                }
                // What is kept in parts is not read again, nor what the program saw.
                assert_eq!(deed_of(&event), None);
                let by = None;
                assert_eq!(deed_of(&CaseEvent { by, ..stored }), None);
            }
        }
    }
    // The moment of a pause was not told, only its day; readings of slots were never told in words alone.
    let certain = BTreeSet::from(["correct-reading", "drop-reading", "snooze"]);
    assert_eq!(left, certain);
    assert!(n_read > 70, "{n_read}");
}

#[test]
fn words_that_may_mean_something_else_are_left_as_they_are() {
    let event = |what: &str, state| CaseEvent {
        what: what.to_owned(),
        by: Some("aisha".to_owned()),
        ..CaseEvent {
            state,
            ..case("one").history[0].clone()
        }
    };
    for what in [
        "confirmed that it is late",
        "letter of thanks approved",
        "given to aisha and marat",
        "took over some publications of case-2",
        "3 publications are new",
        "taken back: dance",
        "dismissed",
        "",
    ] {
        assert_eq!(deed_of(&event(what, CaseState::Confirmed)), None, "{what}");
    }
    // No step confirms a case and leaves it closed.
    assert_eq!(deed_of(&event("confirmed", CaseState::Closed)), None);
    let read = event("confirmed", CaseState::Confirmed);
    assert_eq!(deed_of(&read), Some((Deed::Took(Step::Confirm), "")));
}

#[tokio::test]
async fn what_was_stored_before_is_told_in_the_readers_language() {
    let mut case = case_in("case-1", CaseState::Confirmed);
    let event = |what: &str| CaseEvent {
        what: what.to_owned(),
        state: CaseState::Confirmed,
        by: Some("zhanar".to_owned()),
        ..case.history[0].clone()
    };
    let told = [
        "confirmed: read both",
        "given to zhanar",
        "letter 2026-0007 approved",
        "put aside by hand",
    ];
    case.history = told.map(event).to_vec();
    let (_folder, router) = desk_of(&[case], &officer(), CaseConfig::default());
    for (language, words) in [
        (
            "ru",
            [
                "Расхождение подтверждено: read both",
                "Дело передано: zhanar",
                "Письмо одобрено: 2026-0007",
            ],
        ),
        (
            "kk",
            [
                "Айырмашылық расталды: read both",
                "Іс тапсырылды: zhanar",
                "Хат мақұлданды: 2026-0007",
            ],
        ),
        (
            "en",
            [
                "Confirmed the difference: read both",
                "Gave the case to zhanar",
                "Approved a letter: 2026-0007",
            ],
        ),
    ] {
        let (_, body) = get(&router, "/cases/case-1", language).await;
        let line = body.split("id=\"h-line\"").nth(1).unwrap();
        for what in words {
            assert!(line.contains(what), "{what} in {language}: {line}");
        }
        assert_eq!(line.matches("<span lang=\"en\">").count(), 1, "{line}");
        assert!(
            line.contains("<span lang=\"en\">put aside by hand"),
            "{line}"
        );
    }
    assert_eq!(Language::ALL.len(), 3);
}

#[test]
fn why_a_letter_was_not_sent_is_read_from_the_words_of_before() {
    for (fault, kind) in [
        (Fault::NotSetUp("mail"), Undelivered::NotSetUp),
        (Fault::Recipient, Undelivered::Recipient),
        (Fault::Login(535), Undelivered::Login),
        (Fault::NotProtected, Undelivered::NotProtected),
        (Fault::TimedOut, Undelivered::TimedOut),
        (Fault::Unreachable, Undelivered::Unreachable),
        (Fault::Unreadable, Undelivered::Unreadable),
        (Fault::Status(550), Undelivered::Status),
    ] {
        assert_eq!(Undelivered::told(&fault.to_string()), Some(kind));
    }
    assert_eq!(
        Undelivered::told("to be tried again in 30 s"),
        Some(Undelivered::Later)
    );
    for other in ["", "no connection", "the postman was ill"] {
        assert_eq!(Undelivered::told(other), None);
    }
}
