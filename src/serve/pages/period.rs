//! The period of an overview: the last so many days or two days of the address, and the time of the same length before.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::index::KAZAKHSTAN_OFFSET_S;
use crate::report::digest::Span;

/// Periods that are offered, in days.
pub(super) const OFFERED: [u64; 3] = [7, 30, 90];
/// The one that is shown unless another is asked for.
const USUAL: u64 = 30;
/// The longest that is shown, in days; a longer one ends when it was asked to and begins later.
const LONGEST: u64 = 1_100;

/// Whole days by the clocks of the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// First day.
    pub(super) from: NaiveDate,
    /// Last day.
    pub(super) to: NaiveDate,
    /// How many days back from today were chosen; `None` for two days of the address.
    pub(super) chosen: Option<u64>,
}

impl Period {
    /// What an address asks for: two days if it names both, else so many days back. What is neither is the usual period.
    pub(super) fn of(days: Option<u64>, from: &str, to: &str, today: NaiveDate) -> Period {
        if let (Ok(from), Ok(to)) = (from.parse::<NaiveDate>(), to.parse::<NaiveDate>()) {
            let (from, to) = (from.min(to), from.max(to).min(today));
            let earliest = back(to, LONGEST - 1);
            let from = from.min(to).max(earliest);
            return Period {
                from,
                to,
                chosen: None,
            };
        }
        let days = days.filter(|days| OFFERED.contains(days)).unwrap_or(USUAL);
        Period {
            from: back(today, days - 1),
            to: today,
            chosen: Some(days),
        }
    }

    /// How many days it has.
    pub(super) fn n_days(self) -> u64 {
        let days = self.to.signed_duration_since(self.from).num_days() + 1;
        days.unsigned_abs().max(1)
    }

    /// The period of the same length before it.
    pub(super) fn before(self) -> Period {
        let to = back(self.from, 1);
        Period {
            from: back(to, self.n_days() - 1),
            to,
            chosen: None,
        }
    }

    /// Its moments.
    pub(super) fn span(self) -> Span {
        Span {
            from: beginning(self.from),
            to: beginning(self.to.checked_add_days(Days::new(1)).unwrap_or(self.to)),
        }
    }

    /// Its days in spans of so many each, earliest first; the last ends with the period and the first may be shorter.
    pub(super) fn cut(self, length: u64) -> Vec<Period> {
        let length = length.max(1);
        let mut parts = Vec::new();
        let mut to = self.to;
        loop {
            let from = back(to, length - 1).max(self.from);
            parts.push(Period {
                from,
                to,
                chosen: None,
            });
            if from <= self.from {
                break;
            }
            to = back(from, 1);
        }
        parts.reverse();
        parts
    }

    /// Its days as a filter of the query language.
    pub(super) fn filter(self) -> String {
        format!("published:{}..{}", self.from, self.to)
    }
}

/// A day so many days earlier.
pub(super) fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// The moment at which a day begins in the country.
fn beginning(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    let offset = TimeDelta::seconds(KAZAKHSTAN_OFFSET_S);
    midnight.checked_sub_signed(offset).unwrap_or(midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_the_last_days_or_two_days_of_the_address_and_never_the_future() {
        let today = day("2026-03-31");
        let of = |days, from, to| {
            let period = Period::of(days, from, to, today);
            (
                period.from.to_string(),
                period.to.to_string(),
                period.n_days(),
            )
        };
        let whole = |from: &str, to: &str, n| (from.to_owned(), to.to_owned(), n);
        assert_eq!(of(None, "", ""), whole("2026-03-02", "2026-03-31", 30));
        assert_eq!(of(Some(7), "", ""), whole("2026-03-25", "2026-03-31", 7));
        assert_eq!(of(Some(8), "x", ""), whole("2026-03-02", "2026-03-31", 30));
        assert_eq!(
            of(Some(7), "2026-02-03", "2026-02-01"),
            whole("2026-02-01", "2026-02-03", 3)
        );
        assert_eq!(
            of(None, "2027-01-01", "2027-02-01"),
            whole("2026-03-31", "2026-03-31", 1)
        );
        assert_eq!(of(None, "1900-01-01", "2026-03-31").2, LONGEST);
    }

    #[test]
    fn the_time_before_is_as_long_and_parts_leave_no_day_out() {
        let period = Period::of(Some(30), "", "", day("2026-03-31"));
        let before = period.before();
        assert_eq!(
            (before.from, before.to),
            (day("2026-01-31"), day("2026-03-01"))
        );
        assert_eq!(before.span().to, period.span().from);
        assert_eq!(period.span().from.to_rfc3339(), "2026-03-01T19:00:00+00:00");
        let parts = period.cut(7);
        let lengths: Vec<u64> = parts.iter().map(|part| part.n_days()).collect();
        assert_eq!(lengths, [2, 7, 7, 7, 7]);
        assert_eq!(parts[0].from, period.from);
        assert!(
            parts
                .windows(2)
                .all(|two| back(two[1].from, 1) == two[0].to)
        );
    }
}
