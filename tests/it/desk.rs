//! Fictional cases and users for tests of what people do about them.

use std::collections::BTreeSet;

use aigaq::language::Language;
use aigaq::model::{
    Case, CaseEvent, CaseId, CaseState, ClaimId, Copy, CopyState, Desk, Difference, Dismissal,
    Letter, ObservationId, Part, Quote, RevisionId, SlotName, SourceId, User, UserRole,
};
use chrono::{DateTime, TimeZone as _, Utc};

/// A moment in minutes after the first of March 2026, 9:00.
pub fn minute(minutes: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 9, 0, 0).unwrap() + chrono::TimeDelta::minutes(minutes)
}

/// A user who works for an agency.
pub fn user(id: &str, role: UserRole, agency: &str) -> User {
    User {
        agencies: BTreeSet::from([SourceId(agency.to_owned())]),
        ..User::new(id, role, minute(0))
    }
}

/// A publication that carries the claim.
pub fn copy(url: &str, state: CopyState) -> Copy {
    Copy {
        source: SourceId("outlet".to_owned()),
        url: url.to_owned(),
        revision: RevisionId(format!("{url}#1")),
        claim: ClaimId(format!("{url} claim")),
        sentence: "Some 90 thefts were registered.".to_owned(),
        language: Language::En,
        published: minute(-600),
        state,
        ended_at: (state != CopyState::Stands).then(|| minute(-1)),
        found_at: Some(minute(-500)),
        carriers: Vec::new(),
        looked_at: None,
        is_inferred: false,
        last_event: None,
        credits: Vec::new(),
        links: Vec::new(),
        alternates: Vec::new(),
    }
}

/// A proposed case of the police with three publications.
pub fn case(id: &str) -> Case {
    let urls = ["1", "2", "3"].map(|place| format!("https://outlet.example/{id}/{place}"));
    Case {
        id: CaseId(id.to_owned()),
        anchors: vec![format!("anchor of {id}")],
        state: CaseState::Proposed,
        differences: vec![Difference {
            slot: SlotName::Value,
            claimed: "90".to_owned(),
            official: "40".to_owned(),
        }],
        evidence: vec![Quote {
            observation: ObservationId("o-1".to_owned()),
            source: SourceId("police".to_owned()),
            url: "https://police.example/1".to_owned(),
            revision: RevisionId("r-1".to_owned()),
            part: Part::Text((0..1).into()),
            sentence: "40 thefts were registered.".to_owned(),
            published: minute(-700),
        }],
        explanation: "90 is not 40".to_owned(),
        copies: urls
            .iter()
            .map(|url| copy(url, CopyState::Stands))
            .collect(),
        opened_at: minute(-500),
        history: vec![CaseEvent {
            at: minute(-500),
            what: "opened".to_owned(),
            state: CaseState::Proposed,
            by: None,
            kind: None,
            url: None,
            deed: None,
            note: String::new(),
        }],
        version: 0,
        record: None,
        subjects: Vec::new(),
        follows: None,
        desk: Desk::default(),
    }
}

/// A case in a state, with all that belongs to the state and a letter in each stage, so that what a step needs is there.
pub fn case_in(id: &str, state: CaseState) -> Case {
    let mut case = case(id);
    case.state = state;
    let somebody = |minutes| Some(("zhanar".to_owned(), minute(minutes)));
    case.desk.confirmed = somebody(-400);
    let letter = |id: &str| Letter {
        id: id.to_owned(),
        proposed: ("zhanar".to_owned(), minute(-300)),
        approved: None,
        sent: None,
        withdrawn: None,
    };
    case.desk.letters = vec![
        letter("waiting"),
        Letter {
            approved: Some(("daniyar".to_owned(), minute(-200))),
            ..letter("approved")
        },
    ];
    let has_letter_out = !matches!(
        state,
        CaseState::Proposed
            | CaseState::Watching
            | CaseState::Confirmed
            | CaseState::Dismissed
            | CaseState::Duplicate
    );
    // A letter that is out forbids to dismiss; a regressed or partly corrected case may have none.
    if has_letter_out {
        case.desk.letters.push(Letter {
            approved: Some(("daniyar".to_owned(), minute(-200))),
            sent: somebody(-100),
            ..letter("out")
        });
    }
    match state {
        CaseState::Dismissed => case.desk.dismissal = Some(Dismissal::Agrees),
        CaseState::Duplicate => case.desk.duplicate_of = Some(CaseId("other".to_owned())),
        CaseState::Corrected | CaseState::Removed => {
            let ended = if state == CaseState::Corrected {
                CopyState::Corrected
            } else {
                CopyState::Dropped
            };
            for copy in &mut case.copies {
                copy.state = ended;
                copy.ended_at = Some(minute(-1));
            }
        }
        CaseState::PartlyCorrected => case.copies[0].state = CopyState::Corrected,
        _ => {}
    }
    case
}
