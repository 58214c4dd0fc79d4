//! Says when a message may be tried, and what follows from how that went. Pure: the caller keeps count and clock.
//!
//! Pauses double from one minute up to a day. After [`MAX_ATTEMPTS`], over two days, the channel is given up with a notice:
//! a receiver that is gone must not be asked for ever, and a person must hear that nothing arrives any more.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Delivery, Fault};
use crate::wire::pause::LONGEST_PAUSE;

/// Pause after the first failure.
pub const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// Failures in a row after which a channel is given up: pauses of 1, 2, 4 … 1,024 minutes and then one day.
pub const MAX_ATTEMPTS: u32 = 13;
/// The span in which messages to one recipient are counted.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// What to do after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it has arrived.
    Done,
    /// Try again, with the same key.
    Again {
        /// Not before this time.
        at: DateTime<Utc>,
        /// Failures so far, to be handed in the next time.
        n_failures: u32,
    },
    /// Leave the message; the channel must be put right by a person.
    Refused {
        /// What is wrong.
        why: Fault,
    },
    /// Give the channel up and tell its owner.
    Disabled {
        /// What happened the last time.
        why: Fault,
    },
}

/// What follows from a delivery. `n_failures` counts earlier failures of this message.
pub fn next(delivery: &Delivery, n_failures: u32, now: DateTime<Utc>) -> Next {
    match delivery {
        Delivery::Sent => Next::Done,
        Delivery::Later { after } => Next::Again {
            at: later(now, *after),
            n_failures,
        },
        Delivery::Refused { why } => Next::Refused { why: why.clone() },
        Delivery::Retry { why, .. } if n_failures + 1 >= MAX_ATTEMPTS => {
            Next::Disabled { why: why.clone() }
        }
        Delivery::Retry { after, .. } => {
            let n_failures = n_failures + 1;
            let asked = after.unwrap_or_default();
            Next::Again {
                at: later(now, pause(n_failures).max(asked).min(LONGEST_PAUSE)),
                n_failures,
            }
        }
    }
}

/// Pause after so many failures in a row.
pub fn pause(n_failures: u32) -> Duration {
    let doubled = 2_u32.checked_pow(n_failures.saturating_sub(1));
    let pause = doubled.and_then(|factor| FIRST_PAUSE.checked_mul(factor));
    pause.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
}

fn later(now: DateTime<Utc>, after: Duration) -> DateTime<Utc> {
    let after = TimeDelta::from_std(after).unwrap_or(TimeDelta::days(1));
    now.checked_add_signed(after).unwrap_or(now)
}

/// How many messages each recipient had in the last minute.
#[derive(Debug)]
pub struct Limits {
    max_per_minute: usize,
    sent: BTreeMap<String, VecDeque<DateTime<Utc>>>,
}

impl Limits {
    /// Limits under which nobody had anything yet.
    pub fn new(max_per_minute: usize) -> Limits {
        Limits {
            max_per_minute: max_per_minute.max(1),
            sent: BTreeMap::new(),
        }
    }

    /// Counts a message to a recipient, where it may have one more.
    ///
    /// # Errors
    /// How long to wait until it may.
    pub fn admit(&mut self, recipient: &str, now: DateTime<Utc>) -> Result<(), Duration> {
        // Times after `now` come from a clock that was set back: they must not block anybody.
        self.sent.retain(|_, times| {
            times.retain(|at| *at <= now && now - *at < WINDOW);
            !times.is_empty()
        });
        let times = self.sent.entry(recipient.to_owned()).or_default();
        if let Some(first) = times.front()
            && times.len() >= self.max_per_minute
        {
            return Err((*first + WINDOW - now).to_std().unwrap_or_default());
        }
        times.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn failure(after: Option<Duration>) -> Delivery {
        let why = Fault::Status(503);
        Delivery::Retry { why, after }
    }

    #[test]
    fn n07_pauses_grow_from_a_minute_to_a_day_and_then_the_channel_is_given_up() {
        let mut now = at("2026-06-01T00:00:00Z");
        let mut n_failures = 0;
        let mut pauses = Vec::new();
        let end = loop {
            match next(&failure(None), n_failures, now) {
                Next::Again { at, n_failures: n } => {
                    pauses.push((at - now).num_minutes());
                    (now, n_failures) = (at, n);
                }
                other => break other,
            }
        };
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440]);
        let why = Fault::Status(503);
        assert_eq!(end, Next::Disabled { why });
    }

    #[test]
    fn what_the_receiver_asks_for_is_granted_up_to_a_day() {
        let now = at("2026-06-01T00:00:00Z");
        for (asked_s, wanted_s) in [(0, 60), (30, 60), (600, 600), (10_000_000, 86_400)] {
            let found = next(&failure(Some(Duration::from_secs(asked_s))), 0, now);
            let at = now + TimeDelta::seconds(wanted_s);
            let n_failures = 1;
            assert_eq!(found, Next::Again { at, n_failures }, "{asked_s}");
        }
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
        assert_eq!(pause(0), FIRST_PAUSE);
    }

    #[test]
    fn waiting_for_a_turn_is_no_failure_and_a_refusal_is_final() {
        let now = at("2026-06-01T00:00:00Z");
        let after = Duration::from_secs(7);
        let at = now + TimeDelta::seconds(7);
        let n_failures = MAX_ATTEMPTS;
        let found = next(&Delivery::Later { after }, n_failures, now);
        assert_eq!(found, Next::Again { at, n_failures });
        assert_eq!(next(&Delivery::Sent, 3, now), Next::Done);
        let why = Fault::Recipient;
        let refused = Delivery::Refused { why: why.clone() };
        assert_eq!(next(&refused, 0, now), Next::Refused { why });
    }

    #[test]
    fn n12_a_storm_goes_out_twenty_a_minute_and_none_is_lost() {
        let start = at("2026-06-01T00:00:00Z");
        let mut limits = Limits::new(20);
        let mut now = start;
        let mut sent = Vec::new();
        for _ in 0..1000 {
            while let Err(after) = limits.admit("mail:a@b.example", now) {
                now = later(now, after);
            }
            sent.push(now);
        }
        assert_eq!((now - start).num_minutes(), 49);
        for span in sent.windows(21) {
            assert!(span[20] - span[0] >= WINDOW, "{span:?}");
        }
    }

    #[test]
    fn one_recipient_does_not_use_up_the_turns_of_another_and_a_clock_set_back_blocks_nobody() {
        let now = at("2026-06-01T00:00:00Z");
        let mut limits = Limits::new(1);
        assert_eq!(limits.admit("a", now), Ok(()));
        assert_eq!(limits.admit("b", now), Ok(()));
        assert_eq!(limits.admit("a", now), Err(Duration::from_secs(60)));
        assert_eq!(limits.admit("a", now - TimeDelta::days(1)), Ok(()));
        assert!(limits.sent.len() <= 2);
    }
}
