//! Reads what a form sent: its fields, and the step on a case that they order.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use crate::model::desk::Step;
use crate::model::{CaseId, StepKind};
use crate::pursue::wording;

/// How browsers write a moment of a field of date and time.
const LOCAL_MOMENT: &str = "%Y-%m-%dT%H:%M";
/// The hour of the evening, and of the morning, that a case comes back at.
const EVENING_HOUR: u32 = 18;
/// See [`EVENING_HOUR`].
const MORNING_HOUR: u32 = 9;

/// The fields of a form in the order sent; a name may come more than once.
#[derive(Debug, Clone, Default)]
pub(in crate::serve) struct Fields(Vec<(String, String)>);

/// A field that does not say what a step needs: its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::serve) struct Unread(pub(in crate::serve) &'static str);

impl Fields {
    /// The fields of a form's body.
    pub(in crate::serve) fn of(body: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a name without blanks around it; empty where there is none.
    pub(in crate::serve) fn get(&self, name: &str) -> &str {
        let named = self.0.iter().find(|(key, _)| key == name);
        named.map_or("", |(_, value)| value.trim())
    }

    /// All values of a name, without blanks around them.
    pub(in crate::serve) fn all(&self, name: &'static str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.trim())
    }

    /// Whether a box is ticked.
    pub(in crate::serve) fn is_on(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "off" | "false" | "no")
    }

    /// The step that the fields order; `now` is what pauses run from.
    ///
    /// # Errors
    /// Names the field that says nothing, or nothing that can be read.
    pub(in crate::serve) fn step(&self, now: DateTime<Utc>) -> Result<Step, Unread> {
        let kind = StepKind::ALL
            .into_iter()
            .find(|kind| kind.word() == self.get("step"));
        let letter = || self.need("letter");
        Ok(match kind.ok_or(Unread("step"))? {
            StepKind::Watch => Step::Watch,
            StepKind::Confirm => Step::Confirm,
            StepKind::Dismiss => Step::Dismiss {
                reason: word_of(self.get("reason")).ok_or(Unread("reason"))?,
            },
            StepKind::Merge => Step::Merge {
                into: CaseId(self.need("into")?),
            },
            StepKind::Split => {
                let urls: BTreeSet<String> = self.all("urls").map(str::to_owned).collect();
                if urls.is_empty() {
                    return Err(Unread("urls"));
                }
                Step::Split { urls }
            }
            StepKind::ProposeLetter => Step::ProposeLetter { letter: letter()? },
            StepKind::ApproveLetter => Step::ApproveLetter { letter: letter()? },
            StepKind::ReturnLetter => Step::ReturnLetter { letter: letter()? },
            StepKind::SendLetter => Step::SendLetter { letter: letter()? },
            StepKind::Answer => Step::Answer {
                answer: word_of(self.get("answer")).ok_or(Unread("answer"))?,
            },
            StepKind::Refuse => Step::Refuse,
            StepKind::Withdraw => Step::Withdraw,
            StepKind::Reopen => Step::Reopen,
            StepKind::Close => Step::Close,
            StepKind::Undo => Step::Undo,
            other => return self.note_only(other, now),
        })
    }

    /// The steps that only note something.
    fn note_only(&self, kind: StepKind, now: DateTime<Utc>) -> Result<Step, Unread> {
        let until = || match self.get("until") {
            "" => Ok(None),
            text => moment(text, now).map(Some).ok_or(Unread("until")),
        };
        Ok(match kind {
            StepKind::Assign => Step::Assign {
                to: Some(self.get("to").to_owned()).filter(|to| !to.is_empty()),
            },
            StepKind::Comment => Step::Comment,
            StepKind::Tag => Step::Tag {
                tag: self.need("tag")?,
            },
            StepKind::Untag => Step::Untag {
                tag: self.need("tag")?,
            },
            StepKind::AddItem => Step::AddItem {
                item: self.need("item")?,
            },
            StepKind::TickItem => Step::TickItem {
                item: self.need("item")?,
                done: self.is_on("done"),
            },
            // A list of moments can offer "until it gets worse" among them.
            StepKind::Snooze if self.get("until") == "worse" => Step::Snooze {
                until: None,
                worse: true,
            },
            StepKind::Snooze => Step::Snooze {
                until: until()?,
                worse: self.is_on("worse"),
            },
            StepKind::Wake => Step::Wake,
            StepKind::AddDuty => Step::AddDuty {
                duty: self.need("duty")?,
                deadline: until()?,
            },
            StepKind::FinishDuty => Step::FinishDuty {
                duty: self.need("duty")?,
            },
            StepKind::CorrectReading => {
                let typed = |name| Some(self.get(name).to_owned()).filter(|text| !text.is_empty());
                Step::CorrectReading {
                    slot: word_of(self.get("slot")).ok_or(Unread("slot"))?,
                    claimed: typed("claimed"),
                    official: typed("official"),
                    result: word_of(self.get("result")).ok_or(Unread("result"))?,
                    url: typed("url"),
                }
            }
            StepKind::DropReading => Step::DropReading {
                slot: word_of(self.get("slot")).ok_or(Unread("slot"))?,
            },
            // What only the program does is no step of a form.
            _ => return Err(Unread("step")),
        })
    }

    fn need(&self, name: &'static str) -> Result<String, Unread> {
        match self.get(name) {
            "" => Err(Unread(name)),
            value => Ok(value.to_owned()),
        }
    }
}

/// A word of the model as it is written in JSON, with hyphens allowed.
pub(in crate::serve) fn word_of<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::from(word.replace('-', "_"))).ok()
}

/// A moment: of RFC 3339, or by the clocks of the country as a browser's field gives it, or one of the words `hour` (from now),
/// `evening` (the next one) and `morning` (tomorrow's).
fn moment(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let here = wording::local(now);
    let at = |day: chrono::NaiveDate, hour| {
        let local = day.and_hms_opt(hour, 0, 0)?;
        Some(here.offset().from_local_datetime(&local).single()?.to_utc())
    };
    let today = here.date_naive();
    match text {
        "hour" => now.checked_add_signed(TimeDelta::hours(1)),
        "evening" => at(today, EVENING_HOUR)
            .filter(|evening| *evening > now)
            .or_else(|| at(today.succ_opt()?, EVENING_HOUR)),
        "morning" => at(today.succ_opt()?, MORNING_HOUR),
        text => {
            let local = NaiveDateTime::parse_from_str(text, LOCAL_MOMENT).ok()?;
            Some(here.offset().from_local_datetime(&local).single()?.to_utc())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Dismissal, SlotName, SlotResult};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn step(body: &str) -> Result<Step, Unread> {
        Fields::of(body.as_bytes()).step(at("2026-03-04T06:00:00Z"))
    }

    #[test]
    fn a_form_orders_a_step_with_what_it_needs() {
        assert_eq!(step("step=confirm&note=+yes+"), Ok(Step::Confirm));
        assert_eq!(
            step("step=dismiss&reason=other-fact"),
            Ok(Step::Dismiss {
                reason: Dismissal::OtherFact
            })
        );
        assert_eq!(step("step=assign&to="), Ok(Step::Assign { to: None }));
        let urls = BTreeSet::from(["https://a.example/".to_owned(), "b".to_owned()]);
        assert_eq!(
            step("step=split&urls=https%3A%2F%2Fa.example%2F&urls=b"),
            Ok(Step::Split { urls })
        );
        let read = "step=correct-reading&slot=value&claimed=&official=1+309&result=left-out";
        assert_eq!(
            step(read),
            Ok(Step::CorrectReading {
                slot: SlotName::Value,
                claimed: None,
                official: Some("1 309".to_owned()),
                result: SlotResult::LeftOut,
                url: None,
            })
        );
        let tick = |done| {
            let item = "call".to_owned();
            Ok(Step::TickItem { item, done })
        };
        assert_eq!(step("step=tick-item&item=call&done=on"), tick(true));
        assert_eq!(step("step=tick-item&item=call"), tick(false));
    }

    #[test]
    fn a_form_that_lacks_something_names_the_field() {
        for (body, field) in [
            ("", "step"),
            ("step=seen-partly", "step"),
            ("step=dismiss&reason=mood", "reason"),
            ("step=merge&into=+", "into"),
            ("step=split", "urls"),
            ("step=snooze&until=soon", "until"),
            ("step=add-duty&until=hour", "duty"),
            ("step=correct-reading&slot=colour&result=same", "slot"),
            ("step=correct-reading&slot=value&result=", "result"),
            ("step=drop-reading", "slot"),
        ] {
            assert_eq!(step(body), Err(Unread(field)), "{body}");
        }
    }

    #[test]
    fn a_snooze_ends_at_a_moment_or_when_it_gets_worse() {
        let snooze = |until, worse| Ok(Step::Snooze { until, worse });
        let morning = Some(at("2026-03-05T04:00:00Z"));
        assert_eq!(step("step=snooze&until=worse"), snooze(None, true));
        assert_eq!(step("step=snooze&worse=on"), snooze(None, true));
        assert_eq!(step("step=snooze&until=morning"), snooze(morning, false));
    }

    #[test]
    fn moments_are_read_by_the_clocks_of_the_country() {
        // Eleven in the morning there.
        let now = at("2026-03-04T06:00:00Z");
        for (text, expected) in [
            ("2026-03-05T09:30", "2026-03-05T04:30:00Z"),
            ("2026-03-05T09:30:00+03:00", "2026-03-05T06:30:00Z"),
            ("hour", "2026-03-04T07:00:00Z"),
            ("evening", "2026-03-04T13:00:00Z"),
            ("morning", "2026-03-05T04:00:00Z"),
        ] {
            assert_eq!(moment(text, now), Some(at(expected)), "{text}");
        }
        // At seven in the evening the next evening is tomorrow's.
        let late = at("2026-03-04T14:00:00Z");
        assert_eq!(moment("evening", late), Some(at("2026-03-05T13:00:00Z")));
        assert_eq!(moment("2026-02-30T09:30", now), None);
    }
}
