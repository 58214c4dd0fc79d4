//! Periods of the calendar: years, quarters, months, days, and which of them was the latest before a day.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Timelike as _, Utc};

use super::{Period, PeriodKind};

/// Noon in the country, in hours and minutes of universal time.
const NOON_UTC: (u32, u32) = (7, 0);

/// A period between two days, the second excluded.
pub fn period(start: NaiveDate, end: NaiveDate, kind: PeriodKind) -> Period {
    Period {
        start,
        end,
        kind,
        end_slack_days: 0,
    }
}

/// A day of the calendar.
pub fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The day after.
pub fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

/// The day that the calendar showed at a moment where most people of Kazakhstan live (the whole country since March 2024).
pub fn local_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Asia::Almaty).date_naive()
}

/// The moment that stands for a day without a time: noon there.
pub fn noon(day: NaiveDate) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(NOON_UTC.0, NOON_UTC.1, 0).unwrap_or_default();
    day.and_time(noon).and_utc()
}

/// The hour that the clocks showed there, from 0 to 23.
pub fn local_hour(at: DateTime<Utc>) -> u32 {
    at.with_timezone(&chrono_tz::Asia::Almaty).hour()
}

/// One day, as an event's date or as an instant.
pub fn one_day(date: NaiveDate, kind: PeriodKind) -> Period {
    period(date, next(date), kind)
}

/// Months `first..=last` of a year; from January on and shorter than a year it is cumulative when `running`.
pub fn months(year: i32, first: u32, last: u32, kind: PeriodKind) -> Option<Period> {
    let start = day(year, first, 1)?;
    let end = day(year, last, 1)?.checked_add_months(Months::new(1))?;
    (start < end).then(|| period(start, end, kind))
}

/// A whole year.
pub fn year(year: i32) -> Option<Period> {
    months(year, 1, 12, PeriodKind::Span)
}

/// Years `first..=last`.
pub fn years(first: i32, last: i32) -> Option<Period> {
    let (start, end) = (day(first, 1, 1)?, day(last.checked_add(1)?, 1, 1)?);
    (start < end).then(|| period(start, end, PeriodKind::Span))
}

/// The same period a number of years earlier or later.
pub fn shift_years(of: &Period, by: i32) -> Option<Period> {
    let start = shift_day(of.start, by)?;
    // The end is a day after; 29 February must not lose the last day of a month.
    let end = shift_day(of.end, by)?;
    Some(Period {
        start,
        end,
        ..of.clone()
    })
}

fn shift_day(date: NaiveDate, by: i32) -> Option<NaiveDate> {
    let months = Months::new(by.unsigned_abs().checked_mul(12)?);
    if by < 0 {
        date.checked_sub_months(months)
    } else {
        date.checked_add_months(months)
    }
}

/// The year in which the period that begins in `month` and ends in `last` had most lately ended by `written`; for a period still
/// running the year before is the other reading.
pub fn latest_year(written: NaiveDate, first: u32, last: u32) -> (i32, Option<i32>) {
    let year = written.year();
    if last < written.month() {
        (year, None)
    } else if first <= written.month() && first != last {
        (year - 1, Some(year))
    } else if first == written.month() {
        (year, Some(year - 1))
    } else {
        (year - 1, None)
    }
}

/// From 1 January of the year to the day of writing, which may have been counted up to the last full month.
pub fn year_to_date(written: NaiveDate, years_back: i32) -> Option<Period> {
    let year = written.year() - years_back;
    let start = day(year, 1, 1)?;
    let end = shift_day(next(written), -years_back)?;
    let slack = u16::try_from(end.day0()).unwrap_or(31).saturating_add(31);
    Some(Period {
        start,
        end,
        kind: PeriodKind::Cumulative,
        end_slack_days: slack.min(u16::try_from((end - start).num_days()).unwrap_or(0)),
    })
}

/// The last `count` days, months or years up to the day of writing.
pub fn rolling(written: NaiveDate, count: u32, unit: Unit) -> Option<Period> {
    let end = next(written);
    let start = match unit {
        Unit::Day => end.checked_sub_days(Days::new(u64::from(count)))?,
        Unit::Week => end.checked_sub_days(Days::new(u64::from(count) * 7))?,
        Unit::Month => end.checked_sub_months(Months::new(count))?,
        Unit::Year => end.checked_sub_months(Months::new(count.checked_mul(12)?))?,
    };
    // Such spans are counted to the last full unit.
    let slack = match unit {
        Unit::Day => 1,
        Unit::Week => 7,
        Unit::Month => 31,
        Unit::Year => 62,
    };
    Some(Period {
        start,
        end,
        kind: PeriodKind::Rolling,
        end_slack_days: slack,
    })
}

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Day.
    Day,
    /// Week.
    Week,
    /// Month.
    Month,
    /// Year.
    Year,
}
