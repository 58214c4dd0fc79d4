//! Random walks of people and pages over two cases: none leads to an illegal state, and the audit log verifies after each.

use std::collections::BTreeSet;

use aigaq::language::Language;
use aigaq::model::desk::Step;
use aigaq::model::{CaseId, CopyState};
use aigaq::pursue::illegal;
use aigaq::pursue::table::{Actor, is_allowed};
use aigaq::serve::desk::Stepped;
use aigaq::store::{self, CaseChange, Changed, Store};
use chrono::{DateTime, Utc};
use proptest::prelude::*;

use crate::desk::minute;
use crate::following::{Page, World};
use crate::steps::{order, staff, steps};

/// What happens next in a walk.
#[derive(Debug, Clone)]
enum Move {
    /// A person's step on one of the cases.
    Person(usize, usize, Step),
    /// A copy of a case becomes so.
    Page(usize, usize, CopyState),
}

fn any_move() -> impl Strategy<Value = Move> {
    let letters = ["a", "b"].map(str::to_owned);
    let step =
        (0..steps().len() + 6, any::<bool>(), 0usize..2).prop_map(move |(n, flag, which)| {
            let letter = letters[which].clone();
            match n {
                0..3 => [
                    Step::Confirm,
                    Step::ProposeLetter {
                        letter: letter.clone(),
                    },
                    Step::ApproveLetter { letter },
                ][n]
                    .clone(),
                3..6 => [Step::SendLetter { letter }, Step::Undo, Step::Reopen][n - 3].clone(),
                n => match steps()[n - 6].clone() {
                    Step::Merge { .. } => Step::Merge {
                        into: CaseId(["case-one", "case-two"][which].to_owned()),
                    },
                    Step::Split { .. } => Step::Split {
                        urls: BTreeSet::from([format!(
                            "https://outlet.example/case-{}/2",
                            ["one", "two"][which]
                        )]),
                    },
                    Step::ProposeLetter { .. } => Step::ProposeLetter { letter },
                    Step::ApproveLetter { .. } => Step::ApproveLetter { letter },
                    Step::ReturnLetter { .. } => Step::ReturnLetter { letter },
                    Step::SendLetter { .. } => Step::SendLetter { letter },
                    Step::Snooze { .. } => Step::Snooze {
                        until: None,
                        worse: flag,
                    },
                    Step::Assign { .. } => Step::Assign {
                        to: flag.then(|| "officer".to_owned()),
                    },
                    other => other,
                },
            }
        });
    let state = prop_oneof![
        Just(CopyState::Stands),
        Just(CopyState::Corrected),
        Just(CopyState::Dropped),
        Just(CopyState::Gone),
        Just(CopyState::Cleared),
    ];
    prop_oneof![
        4 => (0usize..2, 0usize..6, step).prop_map(|(case, who, step)| Move::Person(case, who, step)),
        1 => (0usize..2, 0usize..3, state).prop_map(|(case, copy, state)| Move::Page(case, copy, state)),
    ]
}

/// A web of two contradicted facts with three publications each.
struct Walk {
    store: Box<dyn Store>,
    world: World,
    ids: Vec<CaseId>,
}

/// What a site of a case publishes: the wrong figure, the right one, nothing of the kind, or nothing at all.
fn page(case: usize, state: CopyState) -> Page {
    let (wrong, right) = [("8 465", "8 645"), ("1 203", "1 302")][case];
    let what = ["краж", "пожаров"][case];
    let says = |figure: &str| {
        Page::of(&format!(
            "За 2025 год в Кызылординской области зарегистрировано {figure} {what}."
        ))
    };
    match state {
        CopyState::Stands => says(wrong),
        CopyState::Corrected | CopyState::Cleared => says(right),
        CopyState::Dropped => Page::of("Погода была ясной."),
        CopyState::Gone => Page::gone(),
    }
}

impl Walk {
    fn begin(folder: &std::path::Path) -> Walk {
        let mut world = World::default();
        for case in 0..2 {
            world.put(
                &format!("agency{case}"),
                2,
                Language::Ru,
                &page(case, CopyState::Corrected),
            );
            for place in 0..3 {
                let site = format!("outlet{case}{place}");
                world.put(&site, 3, Language::Ru, &page(case, CopyState::Stands));
            }
        }
        let mut walk = Walk {
            store: store::open(folder).unwrap(),
            world,
            ids: Vec::new(),
        };
        walk.pass(minute(0));
        let cases = walk.store.cases().unwrap();
        walk.ids = cases.iter().map(|case| case.id.clone()).collect();
        assert_eq!(cases.len(), 2);
        walk
    }

    /// What a pass stores.
    fn pass(&self, now: DateTime<Utc>) {
        let before = self.store.cases().unwrap();
        let after = self.world.advance(&before, now);
        let changes: Vec<CaseChange> = after
            .into_iter()
            .filter(|case| !before.contains(case))
            .map(|case| CaseChange {
                case,
                actor: "program".to_owned(),
                action: "seen".to_owned(),
                details: serde_json::Value::Null,
            })
            .collect();
        let changed = self.store.change_cases(&changes, now).unwrap();
        assert!(matches!(changed, Changed::Done(_)));
    }

    /// A move with names that do not depend on the cases, as a step on them.
    fn step(&self, case: usize, step: Step) -> Step {
        match step {
            Step::Merge { into } => Step::Merge {
                into: self.ids[usize::from(into.0 == "case-two")].clone(),
            },
            Step::Split { .. } => Step::Split {
                urls: BTreeSet::from([format!("http://outlet{case}1.test/page")]),
            },
            other => other,
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(24))]

    #[test]
    fn random_walks_never_reach_an_illegal_state_and_the_log_verifies_after_each(
        moves in proptest::collection::vec(any_move(), 1..60)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut walk = Walk::begin(folder.path());
        let staff = staff(&*walk.store);
        for (at, one) in moves.into_iter().enumerate() {
            let now = minute(i64::try_from(at).unwrap() + 1);
            match one {
                Move::Person(place, who, step) => {
                    let before = walk.store.case(&walk.ids[place]).unwrap().unwrap();
                    let step = walk.step(place, step);
                    let kind = step.kind();
                    let stepped = order(&*walk.store, &before.id.0, before.version, step, &staff[who], now);
                    match stepped {
                        Stepped::Done(_) => {
                            prop_assert!(is_allowed(kind, before.state, Actor::Person(staff[who].role)));
                        }
                        Stepped::Refused(_) => {}
                        other => prop_assert!(false, "{:?}", other),
                    }
                }
                Move::Page(case, copy, state) => {
                    let site = format!("outlet{case}{copy}");
                    walk.world.put(&site, 4, Language::Ru, &page(case, state));
                    walk.pass(now);
                }
            }
            for case in &*walk.store.cases().unwrap() {
                prop_assert_eq!(illegal(case), None, "{:?} of {}: {:#?}", case.state, case.id, case.history);
            }
        }
        let report = walk.store.verify_audit().unwrap();
        prop_assert!(report.faults.is_empty(), "{:?}", report.faults);
    }
}
