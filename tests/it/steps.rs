//! Every step from every state by every role, against a table written a second time.

use std::collections::BTreeSet;

use aigaq::config::CaseConfig;
use aigaq::language::Lexicon;
use aigaq::model::desk::Step;
use aigaq::model::{
    Answer, Case, CaseId, CaseState, Dismissal, Order, SlotName, SlotResult, SourceId, StepKind,
    User, UserRole,
};
use aigaq::pursue::table::{Actor, Target, is_allowed, row};
use aigaq::pursue::{Around, Refusal, take};
use aigaq::serve::desk::{Stepped, take_step};
use aigaq::store::{self, CaseChange, Changed, Store};
use chrono::{DateTime, Utc};

use crate::desk::{case, case_in, minute, user};
use crate::readings::reading;

/// States by one letter each, in the order of [`CaseState::ALL`]:
/// Proposed, Watching, Confirmed, Dismissed, dUplicate, correction Asked, correctedX, partLy corrected, reFused, remoVed, reGressed, closedE.
const STATES: &str = "PWCDUAXLFVGE";

/// The table once more, as a person would tell it: step, states it is taken from, where it leads (`=` stays, `<` back),
/// roles (Analyst, Officer, aPprover, aDministrator).
const TOLD: &[(&str, &str, &str, &str)] = &[
    ("watch", "PCG", "W", "AOP"),
    ("confirm", "PWG", "C", "OP"),
    ("confirm", "LXV", "=", "OP"),
    ("dismiss", "PWCLG", "D", "OP"),
    ("merge", "PWCG", "U", "OP"),
    ("split", "PWCALFG", "=", "OP"),
    ("propose-letter", "CALFG", "=", "OP"),
    ("approve-letter", "CALFG", "=", "P"),
    ("return-letter", "CALFG", "=", "P"),
    ("send-letter", "CALFG", "A", "OP"),
    ("answer", "AXLFVG", "=", "OP"),
    ("refuse", "ALG", "F", "OP"),
    ("withdraw", "PWCAXLFVGE", "D", "OP"),
    ("reopen", "DUFE", "P", "OP"),
    ("close", "XV", "E", "OP"),
    ("close", "WALFG", "E", "OP"),
    ("assign", STATES, "=", "AOPD"),
    ("comment", STATES, "=", "AOPD"),
    ("tag", STATES, "=", "AOP"),
    ("untag", STATES, "=", "AOP"),
    ("add-item", STATES, "=", "AOP"),
    ("tick-item", STATES, "=", "AOP"),
    ("snooze", "PWCALFG", "=", "AOP"),
    ("wake", STATES, "=", "AOP"),
    ("add-duty", STATES, "=", "OP"),
    ("finish-duty", STATES, "=", "OP"),
    ("correct-reading", STATES, "=", "AOP"),
    ("drop-reading", STATES, "=", "AOP"),
    ("undo", STATES, "<", "AOPD"),
    ("seen-grown", "E", "P", ""),
    ("seen-partly", "PWCAXLFV", "L", ""),
    ("seen-corrected", "PWCAXLFVG", "X", ""),
    ("seen-removed", "PWCAXLFVG", "V", ""),
    ("seen-cleared", "PWCAXLFVG", "E", ""),
    ("seen-again", "PWCAXLFVGE", "G", ""),
];

fn letter_of(state: CaseState) -> char {
    let place = CaseState::ALL.iter().position(|one| *one == state).unwrap();
    STATES.chars().nth(place).unwrap()
}

fn role_letter(role: UserRole) -> char {
    match role {
        UserRole::Viewer => 'V',
        UserRole::Analyst => 'A',
        UserRole::Officer => 'O',
        UserRole::Approver => 'P',
        UserRole::Administrator => 'D',
    }
}

#[test]
fn the_table_allows_what_was_told_and_nothing_else() {
    let mut n_allowed = 0;
    for step in StepKind::ALL {
        for state in CaseState::ALL {
            let mut told = TOLD.iter().filter(|(word, from, _, _)| {
                *word == step.word() && from.contains(letter_of(state))
            });
            let told_row = told.next();
            assert!(
                told.next().is_none(),
                "{step:?} from {state:?} is told twice"
            );
            let target = row(step, state).map(|rule| match rule.target {
                Target::Same => '=',
                Target::Back => '<',
                Target::To(state) => letter_of(state),
            });
            let told_target = told_row.map(|(_, _, target, _)| target.chars().next().unwrap());
            assert_eq!(target, told_target, "{step:?} from {state:?}");
            for role in UserRole::ALL {
                let is_told =
                    told_row.is_some_and(|(_, _, _, who)| who.contains(role_letter(role)));
                let is_so = is_allowed(step, state, Actor::Person(role));
                assert_eq!(is_so, is_told, "{step:?} from {state:?} by {role:?}");
                n_allowed += usize::from(is_so);
            }
            let is_seen = told_row.is_some() && step.word().starts_with("seen-");
            assert_eq!(is_allowed(step, state, Actor::Program), is_seen);
        }
    }
    assert!(n_allowed > 300, "{n_allowed} of 1,980 are allowed");
}

/// A step of each kind that people take, such that nothing but state and role can be in its way in [`case_in`].
pub fn steps() -> Vec<Step> {
    let letter = |id: &str| id.to_owned();
    vec![
        Step::Watch,
        Step::Confirm,
        Step::Dismiss {
            reason: Dismissal::OtherFact,
        },
        Step::Merge {
            into: CaseId("other".to_owned()),
        },
        Step::Split {
            urls: BTreeSet::from(["https://outlet.example/one/2".to_owned()]),
        },
        Step::ProposeLetter {
            letter: letter("new"),
        },
        Step::ApproveLetter {
            letter: letter("waiting"),
        },
        Step::ReturnLetter {
            letter: letter("waiting"),
        },
        Step::SendLetter {
            letter: letter("approved"),
        },
        Step::Answer {
            answer: Answer::Promised,
        },
        Step::Refuse,
        Step::Withdraw,
        Step::Reopen,
        Step::Close,
        Step::Assign {
            to: Some("tester".to_owned()),
        },
        Step::Comment,
        Step::Tag {
            tag: "budget".to_owned(),
        },
        Step::Untag {
            tag: "known".to_owned(),
        },
        Step::AddItem {
            item: "call the editor".to_owned(),
        },
        Step::TickItem {
            item: "known".to_owned(),
            done: true,
        },
        Step::Snooze {
            until: None,
            worse: true,
        },
        Step::Wake,
        Step::AddDuty {
            duty: "new".to_owned(),
            deadline: None,
        },
        Step::FinishDuty {
            duty: "known".to_owned(),
        },
        Step::CorrectReading {
            slot: SlotName::Value,
            claimed: Some("40".to_owned()),
            official: None,
            result: SlotResult::Same,
            url: None,
        },
        Step::DropReading {
            slot: SlotName::Place,
        },
        Step::Undo,
    ]
}

/// A case in a state, with what the steps of [`steps`] ask for.
pub fn furnished(state: CaseState, step: &Step) -> Case {
    let mut case = case_in("one", state);
    case.version = 7;
    let desk = &mut case.desk;
    desk.tags.insert("known".to_owned());
    desk.checklist.push(aigaq::model::Item {
        what: "known".to_owned(),
        done: None,
    });
    desk.duties.push(aigaq::model::Duty {
        id: "known".to_owned(),
        deadline: None,
        done_at: None,
    });
    desk.readings.push(reading(SlotName::Place));
    desk.snooze = Some(aigaq::model::Snooze {
        until: None,
        n_copies: Some(1),
    });
    desk.last = Some(aigaq::model::desk::Last {
        by: "tester".to_owned(),
        step: StepKind::Tag,
        version: 6,
        other: None,
    });
    // A sent letter forbids to dismiss; whether it is out is another rule, with a test of its own.
    if matches!(step, Step::Dismiss { .. } | Step::Merge { .. }) {
        desk.letters.retain(|letter| letter.sent.is_none());
    }
    case
}

fn around<'a>(
    rules: &'a CaseConfig,
    users: &'a [User],
    find: &'a dyn Fn(&CaseId, Option<u64>) -> Option<Case>,
    official: &'a BTreeSet<SourceId>,
) -> Around<'a> {
    Around {
        rules,
        users,
        case: find,
        official,
        lexicon: Lexicon::shipped(),
    }
}

#[test]
fn every_step_from_every_state_by_every_role_is_taken_or_refused_as_the_table_says() {
    let rules = CaseConfig::default();
    let official = BTreeSet::from([SourceId("police".to_owned())]);
    let find = |id: &CaseId, version: Option<u64>| match (id.0.as_str(), version) {
        ("other", None) => Some(case("other")),
        // The case before the step that is taken back.
        ("one", Some(6)) => Some(case("one")),
        _ => None,
    };
    let (mut n_taken, mut n_refused) = (0, 0);
    for step in steps() {
        for state in CaseState::ALL {
            for role in UserRole::ALL {
                let by = user("tester", role, "police");
                let users = [by.clone()];
                let before = furnished(state, &step);
                let order = Order {
                    step: step.clone(),
                    note: "a reason".to_owned(),
                };
                let around = around(&rules, &users, &find, &official);
                let taken = take(&before, &order, &by, &around, minute(0));
                let kind = step.kind();
                let context = format!("{kind:?} from {state:?} by {role:?}: {taken:?}");
                if is_allowed(kind, state, Actor::Person(role)) {
                    n_taken += 1;
                    let after = &taken.unwrap_or_else(|_| panic!("{context}"))[0];
                    match row(kind, state).unwrap().target {
                        Target::Same => assert_eq!(after.state, state, "{context}"),
                        Target::To(target) => assert_eq!(after.state, target, "{context}"),
                        Target::Back => assert_eq!(after.state, CaseState::Proposed, "{context}"),
                    }
                    assert_eq!(after.history.len(), before.history.len() + 1, "{context}");
                    assert_eq!(after.history.last().unwrap().by.as_deref(), Some("tester"));
                } else {
                    n_refused += 1;
                    let is_by_state = row(kind, state).is_none();
                    match taken {
                        Err(Refusal::State { .. }) => assert!(is_by_state, "{context}"),
                        Err(Refusal::Role { .. }) => assert!(!is_by_state, "{context}"),
                        _ => panic!("{context}"),
                    }
                }
            }
        }
    }
    assert_eq!(n_taken + n_refused, 27 * 12 * 5);
    assert!(n_taken > 300 && n_refused > 300, "{n_taken} {n_refused}");
}

/// Takes a step in a store without anything around it.
pub fn taken(
    before: &Case,
    step: Step,
    by: &User,
    rules: &CaseConfig,
) -> Result<Vec<Case>, Refusal> {
    let find = |_: &CaseId, _: Option<u64>| None;
    let official = BTreeSet::new();
    let users = [by.clone()];
    let order = Order {
        step,
        note: "a reason".to_owned(),
    };
    take(
        before,
        &order,
        by,
        &around(rules, &users, &find, &official),
        minute(0),
    )
}

#[test]
fn a_step_is_refused_for_what_stands_around_it() {
    let rules = CaseConfig::default();
    let officer = user("aisha", UserRole::Officer, "police");
    let confirmed = case_in("one", CaseState::Confirmed);
    let letter = |id: &str| Step::SendLetter {
        letter: id.to_owned(),
    };

    let stranger = user("marat", UserRole::Approver, "customs");
    let refused = taken(&confirmed, Step::Watch, &stranger, &rules);
    assert!(
        matches!(refused, Err(Refusal::Agency { .. })),
        "{refused:?}"
    );

    let mut gone = officer.clone();
    gone.disabled_at = Some(minute(-5));
    assert!(taken(&confirmed, Step::Watch, &gone, &rules).is_err());

    // A letter leaves only after a second person approved it, unless the operator says otherwise.
    assert!(taken(&confirmed, letter("waiting"), &officer, &rules).is_err());
    assert!(taken(&confirmed, letter("approved"), &officer, &rules).is_ok());
    assert!(taken(&confirmed, letter("unknown"), &officer, &rules).is_err());
    let alone = CaseConfig {
        needs_second_person: false,
        ..rules.clone()
    };
    assert!(taken(&confirmed, letter("waiting"), &officer, &alone).is_ok());

    // Nobody approves a letter of their own.
    let approve = Step::ApproveLetter {
        letter: "waiting".to_owned(),
    };
    let author = user("zhanar", UserRole::Approver, "police");
    assert!(taken(&confirmed, approve.clone(), &author, &rules).is_err());
    assert!(
        taken(
            &confirmed,
            approve,
            &user("daniyar", UserRole::Approver, "police"),
            &rules
        )
        .is_ok()
    );

    // What has been sent is withdrawn, not dismissed.
    let asked = case_in("one", CaseState::Regressed);
    let dismiss = Step::Dismiss {
        reason: Dismissal::Agrees,
    };
    assert!(taken(&asked, dismiss, &officer, &rules).is_err());
    let withdrawn = &taken(&asked, Step::Withdraw, &officer, &rules).unwrap()[0];
    assert_eq!(withdrawn.state, CaseState::Dismissed);
    assert_eq!(withdrawn.desk.dismissal, Some(Dismissal::Withdrawn));
    assert!(withdrawn.desk.letters.iter().all(|letter| !letter.is_out()));
    assert!(
        withdrawn
            .history
            .last()
            .unwrap()
            .what
            .contains("we were wrong; 1 sent letters are withdrawn: a reason")
    );
}

#[test]
fn in_a_quiet_period_a_case_can_be_watched_and_not_decided() {
    let rules = CaseConfig {
        quiet_period: std::time::Duration::from_secs(24 * 3600),
        ..CaseConfig::default()
    };
    let officer = user("aisha", UserRole::Officer, "police");
    let fresh = case("one");
    let refused = taken(&fresh, Step::Confirm, &officer, &rules);
    assert_eq!(
        refused,
        Err(Refusal::Quiet {
            until: minute(-600 + 24 * 60)
        })
    );
    assert!(taken(&fresh, Step::Watch, &officer, &rules).is_ok());
    let mut old = fresh;
    for copy in &mut old.copies {
        copy.published = minute(-25 * 60);
    }
    assert!(taken(&old, Step::Confirm, &officer, &rules).is_ok());
}

#[test]
fn a_comment_mentions_whom_it_names() {
    let rules = CaseConfig::default();
    let official = BTreeSet::new();
    let find = |_: &CaseId, _: Option<u64>| None;
    let users = [
        user("aisha", UserRole::Officer, "police"),
        user("marat", UserRole::Analyst, "police"),
        user("dana.k", UserRole::Analyst, "police"),
    ];
    let order = Order {
        step: Step::Comment,
        note: "@marat, look with @dana.k. Not @nobody; mail me at me@aisha-mail".to_owned(),
    };
    let around = around(&rules, &users, &find, &official);
    let after = &take(&case("one"), &order, &users[0], &around, minute(0)).unwrap()[0];
    let mentions: Vec<&str> = after.desk.comments[0]
        .mentions
        .iter()
        .map(String::as_str)
        .collect();
    assert_eq!(mentions, ["dana.k", "marat"]);
}

/// A store with two cases.
fn opened(folder: &std::path::Path) -> Box<dyn Store> {
    let store = store::open(folder).unwrap();
    let changes: Vec<CaseChange> = ["case-one", "case-two"]
        .map(|id| CaseChange {
            case: case(id),
            actor: "program".to_owned(),
            action: "open".to_owned(),
            details: serde_json::Value::Null,
        })
        .into();
    assert!(matches!(
        store.change_cases(&changes, minute(0)).unwrap(),
        Changed::Done(_)
    ));
    store
}

/// Users of every role, two of those who decide.
pub fn staff(store: &dyn Store) -> Vec<User> {
    let staff = [
        ("viewer", UserRole::Viewer),
        ("analyst", UserRole::Analyst),
        ("officer", UserRole::Officer),
        ("approver", UserRole::Approver),
        ("second", UserRole::Approver),
        ("keeper", UserRole::Administrator),
    ];
    staff
        .map(|(id, role)| {
            let user = user(id, role, "police");
            store.put_user(&user, "operator", minute(0)).unwrap();
            user
        })
        .into()
}

pub fn order(
    store: &dyn Store,
    id: &str,
    seen: u64,
    step: Step,
    by: &User,
    at: DateTime<Utc>,
) -> Stepped {
    let order = Order {
        step,
        note: "a reason".to_owned(),
    };
    let rules = CaseConfig::default();
    take_step(store, &rules, &CaseId(id.to_owned()), seen, &order, by, at).unwrap()
}

#[test]
fn the_second_of_two_people_is_refused_and_told_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path());
    let staff = staff(&*store);
    let done = order(&*store, "case-one", 1, Step::Confirm, &staff[2], minute(1));
    let Stepped::Done(cases) = done else {
        panic!("{done:?}")
    };
    assert_eq!(
        (cases[0].version, cases[0].state),
        (2, CaseState::Confirmed)
    );
    let dismiss = Step::Dismiss {
        reason: Dismissal::Agrees,
    };
    let stale = order(&*store, "case-one", 1, dismiss, &staff[3], minute(2));
    let Stepped::Stale(case, since) = stale else {
        panic!("{stale:?}")
    };
    assert_eq!((case.version, case.state), (2, CaseState::Confirmed));
    assert_eq!(since.len(), 1);
    assert_eq!(since[0].by.as_deref(), Some("officer"));
    assert_eq!(since[0].what, "confirmed: a reason");
    assert_eq!(
        store.case(&case.id).unwrap().unwrap().version,
        2,
        "nothing was stored"
    );
    // What one of two changes has not seen stops the other too.
    let both = ["case-one", "case-two"].map(|id| {
        let mut case = store.case(&CaseId(id.to_owned())).unwrap().unwrap();
        case.version = 1;
        CaseChange {
            case,
            actor: "program".to_owned(),
            action: "seen".to_owned(),
            details: serde_json::Value::Null,
        }
    });
    let stale = store.change_cases(&both, minute(3)).unwrap();
    assert_eq!(stale, Changed::Stale(vec![CaseId("case-one".to_owned())]));
    assert_eq!(
        store
            .case(&CaseId("case-two".to_owned()))
            .unwrap()
            .unwrap()
            .version,
        1
    );
    assert!(store.verify_audit().unwrap().faults.is_empty());
}

#[test]
fn a_desk_takes_steps_while_another_process_collects() {
    let folder = tempfile::tempdir().unwrap();
    let collecting = opened(folder.path());
    let desk = store::open_desk(folder.path()).unwrap();
    let staff = staff(&*desk);
    let done = order(&*desk, "case-one", 1, Step::Confirm, &staff[2], minute(1));
    assert!(matches!(done, Stepped::Done(_)), "{done:?}");
    let seen = collecting
        .case(&CaseId("case-one".to_owned()))
        .unwrap()
        .unwrap();
    assert_eq!(seen.state, CaseState::Confirmed);
    assert!(collecting.verify_audit().unwrap().faults.is_empty());
}

#[test]
fn of_many_who_saw_one_version_one_is_served_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path());
    let staff = staff(&*store);
    let officer = &staff[2];
    let outcomes: Vec<bool> = std::thread::scope(|scope| {
        let desks: Vec<_> = (0..6)
            .map(|number| {
                let folder = folder.path();
                scope.spawn(move || {
                    let desk = store::open_desk(folder).unwrap();
                    let tag = Step::Tag {
                        tag: format!("tag {number}"),
                    };
                    let stepped = order(&*desk, "case-one", 1, tag, officer, minute(number));
                    matches!(stepped, Stepped::Done(_))
                })
            })
            .collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    assert_eq!(
        outcomes.iter().filter(|done| **done).count(),
        1,
        "{outcomes:?}"
    );
    let case = store.case(&CaseId("case-one".to_owned())).unwrap().unwrap();
    assert_eq!((case.version, case.desk.tags.len()), (2, 1));
    let report = store.verify_audit().unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

#[test]
fn merge_split_and_any_step_are_taken_back_by_who_took_them_while_nothing_else_happened() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(folder.path());
    let staff = staff(&*store);
    let (officer, approver) = (&staff[2], &staff[3]);
    let get = |id: &str| store.case(&CaseId(id.to_owned())).unwrap().unwrap();
    let done = |stepped: Stepped| match stepped {
        Stepped::Done(cases) => cases,
        other => panic!("{other:?}"),
    };
    let merge = Step::Merge {
        into: CaseId("case-two".to_owned()),
    };
    done(order(&*store, "case-one", 1, merge, officer, minute(1)));
    assert_eq!(get("case-one").state, CaseState::Duplicate);
    assert_eq!(get("case-two").copies.len(), 6);
    let refused = order(&*store, "case-one", 2, Step::Undo, approver, minute(2));
    assert!(
        matches!(refused, Stepped::Refused(_)),
        "it was another's step"
    );
    done(order(
        &*store,
        "case-one",
        2,
        Step::Undo,
        officer,
        minute(3),
    ));
    assert_eq!(get("case-one").state, CaseState::Proposed);
    assert_eq!(get("case-two").copies.len(), 3);
    assert_eq!(
        get("case-two").version,
        3,
        "what was taken back is a version too"
    );

    let url = get("case-two").copies[1].url.clone();
    let split = Step::Split {
        urls: BTreeSet::from([url.clone()]),
    };
    let cases = done(order(&*store, "case-two", 3, split, officer, minute(4)));
    let part = cases[1].id.clone();
    assert_eq!((cases[0].copies.len(), cases[1].copies.len()), (2, 1));
    assert_eq!(get(&part.0).desk.own_urls, BTreeSet::from([url]));
    done(order(
        &*store,
        "case-two",
        4,
        Step::Undo,
        officer,
        minute(5),
    ));
    assert_eq!(get("case-two").copies.len(), 3);
    assert_eq!(
        get(&part.0).desk.duplicate_of,
        Some(CaseId("case-two".to_owned()))
    );

    let tag = |tag: &str| Step::Tag {
        tag: tag.to_owned(),
    };
    done(order(
        &*store,
        "case-one",
        3,
        tag("budget"),
        officer,
        minute(6),
    ));
    done(order(
        &*store,
        "case-one",
        4,
        tag("roads"),
        approver,
        minute(7),
    ));
    let refused = order(&*store, "case-one", 5, Step::Undo, officer, minute(8));
    assert!(
        matches!(refused, Stepped::Refused(_)),
        "something else happened since"
    );
    done(order(
        &*store,
        "case-one",
        5,
        Step::Undo,
        approver,
        minute(9),
    ));
    assert_eq!(
        get("case-one").desk.tags,
        BTreeSet::from(["budget".to_owned()])
    );
    assert!(store.verify_audit().unwrap().faults.is_empty());
}

#[test]
fn the_documentation_has_every_row_of_the_table() {
    let text = include_str!("../../docs/cases.md");
    for rule in aigaq::pursue::table::TABLE {
        let from: Vec<&str> = rule.from.iter().map(|state| state.words()).collect();
        let from = if from.len() == CaseState::ALL.len() {
            "any".to_owned()
        } else {
            from.join(", ")
        };
        let to = match rule.target {
            Target::Same => "stays",
            Target::Back => "back",
            Target::To(state) => state.words(),
        };
        let who: Vec<&str> = rule.who.iter().map(|role| role.word()).collect();
        let who = if rule.by_program {
            "the program".to_owned()
        } else {
            who.join(", ")
        };
        let note = if rule.needs_note { " (note)" } else { "" };
        let row = format!("| `{}`{note} | {from} | {to} | {who} |\n", rule.step.word());
        assert!(text.contains(&row), "missing in docs/cases.md: {row}");
    }
}
