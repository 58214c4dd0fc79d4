//! What happened to a case in the reader's words: what the program saw, and what people did.

use super::case::dashed;
use super::steps::result_name;
use crate::model::desk::Step;
use crate::model::{CaseEvent, Deed};
use crate::pursue::{self, letter::slot_name};
use crate::serve::words::Words;

/// What happened, with the words that somebody added; `None` where only the stored words tell, in English: what was stored before
/// steps were kept in parts and cannot be read with certainty. `name` gives a person's name by id.
pub(in crate::serve) fn told(
    words: &Words,
    event: &CaseEvent,
    name: impl Fn(&str) -> String,
) -> Option<String> {
    if let Some(kind) = event.kind {
        return Some(words.say(&format!("case-event-{}", dashed(&kind))));
    }
    let (deed, note) = match &event.deed {
        Some(known) => (deed(words, known, name), event.note.as_str()),
        None => {
            let (read, note) = pursue::deed_of(event)?;
            (deed(words, &read, name), note)
        }
    };
    Some(match note {
        "" => deed,
        note => words.with_two("case-deed-said", ("deed", &deed), ("note", note)),
    })
}

/// What somebody did.
fn deed(words: &Words, deed: &Deed, name: impl Fn(&str) -> String) -> String {
    let case = |id: &str, n: usize, case: &str| {
        words.with_two(id, ("shown", &words.number(n)), ("case", case))
    };
    match deed {
        Deed::Took(step) => taken(words, step, name),
        Deed::SplitOff { n, into } => case("case-deed-split-off", *n, &into.0),
        Deed::SplitFrom { from } => words.with("case-deed-split-from", "case", &from.0),
        Deed::TookOver { n, from } => case("case-deed-took-over", *n, &from.0),
        Deed::Withdrew { n: 0 } => words.say("case-deed-withdraw"),
        Deed::Withdrew { n } => words.with("case-deed-withdrew", "shown", &words.number(*n)),
        Deed::TookBack { step } => {
            let step = words.say(&format!("step-name-{}", step.word()));
            words.with("case-deed-took-back", "step", &step)
        }
        Deed::TookBackAt { case } => words.with("case-deed-took-back-at", "case", &case.0),
    }
}

/// A step that was taken.
fn taken(words: &Words, step: &Step, name: impl Fn(&str) -> String) -> String {
    let bare = || words.say(&format!("case-deed-{}", step.kind().word()));
    match step {
        Step::Watch
        | Step::Confirm
        | Step::Refuse
        | Step::Withdraw
        | Step::Reopen
        | Step::Close
        | Step::Comment
        | Step::Wake
        | Step::Undo => bare(),
        Step::Dismiss { reason } => {
            let reason = words.say(&format!("step-reason-{}", dashed(reason)));
            words.with("case-deed-dismiss", "reason", &reason)
        }
        Step::Merge { into } => words.with("case-deed-merge", "case", &into.0),
        Step::Split { urls } => words.with("case-deed-split", "shown", &words.number(urls.len())),
        Step::ProposeLetter { letter } => words.with("case-deed-propose-letter", "letter", letter),
        Step::ApproveLetter { letter } => words.with("case-deed-approve-letter", "letter", letter),
        Step::ReturnLetter { letter } => words.with("case-deed-return-letter", "letter", letter),
        Step::SendLetter { letter } => words.with("case-deed-send-letter", "letter", letter),
        Step::Answer { answer } => {
            let answer = words.say(&format!("step-answer-{}", dashed(answer)));
            words.with("case-deed-answer", "answer", &answer)
        }
        Step::Assign { to: None } => words.say("case-deed-assign-nobody"),
        Step::Assign { to: Some(id) } => words.with("case-deed-assign", "who", &name(id)),
        Step::Tag { tag } => words.with("case-deed-tag", "tag", tag.trim()),
        Step::Untag { tag } => words.with("case-deed-untag", "tag", tag.trim()),
        Step::AddItem { item } => words.with("case-deed-add-item", "item", item.trim()),
        Step::TickItem { item, done } => {
            let id = match done {
                true => "case-deed-tick-item",
                false => "case-deed-untick-item",
            };
            words.with(id, "item", item.trim())
        }
        Step::Snooze { until, worse } => match until {
            Some(until) => {
                let id = match worse {
                    true => "case-deed-snooze-or-worse",
                    false => "case-deed-snooze",
                };
                words.with(id, "until", &words.moment(*until))
            }
            None => words.say("case-deed-snooze-worse"),
        },
        Step::AddDuty { duty, deadline } => match deadline {
            Some(at) => words.with_two(
                "case-deed-add-duty-until",
                ("duty", duty.trim()),
                ("until", &words.moment(*at)),
            ),
            None => words.with("case-deed-add-duty", "duty", duty.trim()),
        },
        Step::FinishDuty { duty } => words.with("case-deed-finish-duty", "duty", duty.trim()),
        Step::CorrectReading {
            slot,
            claimed,
            official,
            result,
            ..
        } => {
            let typed = |id: &str, value: &Option<String>| {
                value.as_ref().map(|value| match value.trim() {
                    "" => words.with(id, "value", &words.say("case-unsaid")),
                    value => words.with(id, "value", value),
                })
            };
            let sides = [
                typed("case-read-claimed", claimed),
                typed("case-read-official", official),
                Some(words.say(result_name(*result))),
            ];
            let read: Vec<String> = sides.into_iter().flatten().collect();
            words.with_two(
                "case-deed-correct-reading",
                ("slot", slot_name(*slot, words.language)),
                ("read", &read.join(", ")),
            )
        }
        Step::DropReading { slot } => {
            let slot = slot_name(*slot, words.language);
            words.with("case-deed-drop-reading", "slot", slot)
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;
    use crate::language::Language;
    use crate::model::{Answer, CaseId, CaseState, Dismissal, SlotName, SlotResult, StepKind};

    /// Every deed, and every step with each of its forms.
    fn deeds() -> Vec<Deed> {
        let id = || CaseId("case-77".to_owned());
        let text = || "text-88".to_owned();
        let at = || DateTime::<Utc>::from_timestamp(1_800_000_000, 0);
        let (reasons, answers) = (Dismissal::GIVEN, Answer::ALL);
        let mut steps = vec![
            Step::Watch,
            Step::Confirm,
            Step::Merge { into: id() },
            Step::Split {
                urls: [text()].into(),
            },
            Step::ProposeLetter { letter: text() },
            Step::ApproveLetter { letter: text() },
            Step::ReturnLetter { letter: text() },
            Step::SendLetter { letter: text() },
            Step::Refuse,
            Step::Withdraw,
            Step::Reopen,
            Step::Close,
            Step::Assign { to: None },
            Step::Assign { to: Some(text()) },
            Step::Comment,
            Step::Tag { tag: text() },
            Step::Untag { tag: text() },
            Step::AddItem { item: text() },
            Step::Wake,
            Step::AddDuty {
                duty: text(),
                deadline: None,
            },
            Step::AddDuty {
                duty: text(),
                deadline: at(),
            },
            Step::FinishDuty { duty: text() },
            Step::CorrectReading {
                slot: SlotName::Value,
                claimed: Some(text()),
                official: Some(String::new()),
                result: SlotResult::NotCompared,
                url: None,
            },
            Step::DropReading {
                slot: SlotName::Place,
            },
            Step::Undo,
        ];
        steps.extend(reasons.map(|reason| Step::Dismiss { reason }));
        steps.extend(answers.map(|answer| Step::Answer { answer }));
        steps.extend([true, false].map(|done| Step::TickItem { item: text(), done }));
        let snoozes = [(at(), true), (at(), false), (None, true)];
        steps.extend(snoozes.map(|(until, worse)| Step::Snooze { until, worse }));
        let kinds: std::collections::BTreeSet<StepKind> = steps.iter().map(Step::kind).collect();
        let of_people = StepKind::ALL.iter();
        let of_people = of_people.filter(|kind| !kind.word().starts_with("seen-"));
        assert!(
            kinds
                .iter()
                .eq(of_people.collect::<std::collections::BTreeSet<_>>())
        );
        let mut deeds: Vec<Deed> = steps.into_iter().map(Deed::Took).collect();
        deeds.extend([
            Deed::SplitOff { n: 2, into: id() },
            Deed::SplitFrom { from: id() },
            Deed::TookOver { n: 2, from: id() },
            Deed::Withdrew { n: 0 },
            Deed::Withdrew { n: 2 },
            Deed::TookBackAt { case: id() },
        ]);
        let kinds = StepKind::ALL
            .iter()
            .filter(|kind| !kind.word().starts_with("seen-"));
        deeds.extend(kinds.map(|step| Deed::TookBack { step: *step }));
        deeds
    }

    #[test]
    fn everything_that_people_do_is_told_in_each_language_and_nothing_in_anothers_words() {
        let event = |deed: Deed, note: &str| CaseEvent {
            at: DateTime::UNIX_EPOCH,
            what: "stored words".to_owned(),
            state: CaseState::Proposed,
            by: Some("aisha".to_owned()),
            kind: None,
            url: None,
            deed: Some(deed),
            note: note.to_owned(),
        };
        for deed in deeds() {
            let mut all = std::collections::BTreeSet::new();
            for language in Language::ALL {
                let words = Words::of(language);
                let bare = event(deed.clone(), "");
                let said = told(&words, &bare, |id| format!("name of {id}")).unwrap();
                let lost = ["Unknown", "localization", "stored words"];
                assert!(
                    !lost.iter().any(|one| said.contains(one)),
                    "{deed:?}: {said}"
                );
                if language != Language::En {
                    let own: String = said.replace("case-77", "").replace("text-88", "");
                    let own = own.replace("name of ", "");
                    let is_foreign = own.chars().any(|c| c.is_ascii_alphabetic());
                    assert!(!is_foreign, "{deed:?}: {said}");
                }
                // What it names stands in it.
                let parts = serde_json::to_string(&deed).unwrap();
                let counts = matches!(deed, Deed::Took(Step::Split { .. }));
                for part in ["case-77", "text-88"] {
                    assert_eq!(
                        said.contains(part),
                        parts.contains(part) && !counts,
                        "{said}"
                    );
                }
                let noted = event(deed.clone(), "held against the record");
                let with_note = told(&words, &noted, |id| id.to_owned()).unwrap();
                assert!(
                    with_note.ends_with("held against the record"),
                    "{with_note}"
                );
                all.insert(said);
            }
            assert_eq!(all.len(), 3, "{all:?}");
        }
    }
}
