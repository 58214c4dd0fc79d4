//! The rhythm of a source: when it publishes, and how often it changes its pages at which age, as far as visits showed.
//!
//! Whole numbers throughout, so that the same visits give the same rhythm everywhere.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::language::{local_day, local_hour};

/// Ages up to which changes are counted together; older pages are the last group.
const AGES: [TimeDelta; 4] = [
    TimeDelta::hours(3),
    TimeDelta::hours(24),
    TimeDelta::days(7),
    TimeDelta::days(30),
];
/// Changes for readers that are usual in the whole life of a page, in millionths. Only a start: what is seen of a source soon
/// outweighs it.
const USUAL_CHANGES: u128 = 400_000;
/// One, in the parts in which a root is taken.
const SHARE: u128 = 1_000_000;
/// How many changes what is usual counts for beside what was seen.
const TRUST_IN_USUAL: u64 = 5;
/// Days observed of a kind after which all counts of hours are halved, so that a new habit is soon known.
const MOST_DAYS: u32 = 60;
/// Changes seen or usual of an age after which both are halved.
const MOST_CHANGES: u64 = 400;
/// Events that every hour is credited with, so that little is made of little.
const HOUR_CREDIT: u64 = 2;
/// One, in millionths.
const MILLION: u64 = 1_000_000;

/// Changes of pages of an age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeRhythm {
    /// Changes that a reader would see.
    pub seen: u64,
    /// Changes that would have been usual in the time looked at, in millionths.
    pub usual_millionths: u64,
}

/// The rhythm of a source. Days are told by the calendar of the country; Saturdays and Sundays apart from the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rhythm {
    /// By age: under 3 hours, a day, a week, a month, older.
    pub ages: [AgeRhythm; 5],
    /// New publications by kind of day and hour.
    pub published: [[u32; 24]; 2],
    /// Changes by kind of day and hour.
    pub revised: [[u32; 24]; 2],
    /// Days on which its offers answered, by kind.
    pub days: [u32; 2],
    /// The last of them.
    pub last_day: Option<NaiveDate>,
    /// Pages by which a change of the site's layout is noticed.
    pub canaries: Vec<Canary>,
}

/// A page by which a change of the site's layout is noticed: it was read whole, and is visited daily.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canary {
    /// Address it is fetched from.
    pub fetched_from: String,
    /// Address it is known by.
    pub url: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Pages of a source by which a change of its layout is noticed.
pub const CANARIES: usize = 3;
/// How long a page serves for that: an old one may keep an old layout.
const CANARY_LASTS: TimeDelta = TimeDelta::days(30);

/// A third of the age by which a page has had half of its usual changes.
const THIRD_OF_HALF_LIFE: u128 = 20;

/// Changes that are usual between two ages of a page, in millionths: most in its first hours, with a long tail.
/// Of all changes the part √(t / (age + t)) is left at an age, t being a third of the age by which half has come.
pub fn usual_changes(from: TimeDelta, to: TimeDelta) -> u64 {
    let left = |age: TimeDelta| {
        let minutes = u128::try_from(age.num_minutes()).unwrap_or_default();
        let share = THIRD_OF_HALF_LIFE * SHARE * SHARE / (minutes + THIRD_OF_HALF_LIFE);
        USUAL_CHANGES * share.isqrt() / SHARE
    };
    u64::try_from(left(from).saturating_sub(left(to))).unwrap_or_default()
}

impl Rhythm {
    /// The group of an age.
    pub fn age_group(age: TimeDelta) -> usize {
        AGES.iter()
            .position(|limit| age < *limit)
            .unwrap_or(AGES.len())
    }

    /// Takes note that a page was looked at, after a time in which it could have changed.
    pub fn looked(&mut self, from: TimeDelta, to: TimeDelta) {
        // Each group gets its own part of a long pause.
        let mut from = from.max(TimeDelta::zero());
        while from < to {
            let group = Rhythm::age_group(from);
            let end = AGES.get(group).copied().unwrap_or(to).min(to);
            let age = &mut self.ages[group];
            age.usual_millionths += usual_changes(from, end);
            if age.usual_millionths > MOST_CHANGES * MILLION {
                *age = AgeRhythm {
                    seen: age.seen / 2,
                    usual_millionths: age.usual_millionths / 2,
                };
            }
            from = end;
        }
    }

    /// Takes note that a reader would have seen a page of that age change.
    pub fn revised(&mut self, age: TimeDelta, at: DateTime<Utc>) {
        let group = &mut self.ages[Rhythm::age_group(age)];
        group.seen += 1;
        if group.seen > MOST_CHANGES {
            *group = AgeRhythm {
                seen: group.seen / 2,
                usual_millionths: group.usual_millionths / 2,
            };
        }
        let (kind, hour) = slot(at);
        self.revised[kind][hour] += 1;
    }

    /// Takes note of a new publication.
    pub fn published(&mut self, at: DateTime<Utc>) {
        let (kind, hour) = slot(at);
        self.published[kind][hour] += 1;
    }

    /// Takes note of a day on which the source was watched.
    pub fn watched(&mut self, at: DateTime<Utc>) {
        let day = local_day(at);
        if self.last_day.is_some_and(|last| last >= day) {
            return;
        }
        self.last_day = Some(day);
        let (kind, _) = slot(at);
        self.days[kind] += 1;
        if self.days[kind] > MOST_DAYS {
            self.days[kind] /= 2;
            let halve = |count: &mut u32| *count /= 2;
            self.published[kind].iter_mut().for_each(halve);
            self.revised[kind].iter_mut().for_each(halve);
        }
    }

    /// Takes a page that was read whole as a canary where one is wanted; says whether it was taken, and which one goes for it.
    pub fn take_canary(&mut self, canary: Canary) -> (bool, Option<Canary>) {
        if self.canaries.iter().any(|known| known.url == canary.url) {
            return (false, None);
        }
        if self.canaries.len() < CANARIES {
            self.canaries.push(canary);
            return (true, None);
        }
        let oldest = self.canaries.iter_mut().min_by_key(|known| known.since);
        match oldest {
            Some(oldest) if canary.since - oldest.since > CANARY_LASTS => {
                (true, Some(std::mem::replace(oldest, canary)))
            }
            _ => (false, None),
        }
    }

    /// How often pages of that age are changed compared with what is usual, as a fraction: seen (with what is usual
    /// weighed in) over usual, in millionths each.
    pub fn changes(&self, age: TimeDelta) -> (u64, u64) {
        let group = self.ages[Rhythm::age_group(age)];
        let seen = (TRUST_IN_USUAL + group.seen) * MILLION;
        let usual = TRUST_IN_USUAL * MILLION + group.usual_millionths;
        (seen, usual)
    }

    /// New publications that are usual in the hour of a moment, in hundredths; `None` before a day of that kind was watched whole.
    pub fn usual_new(&self, at: DateTime<Utc>) -> Option<u64> {
        let (kind, hour) = slot(at);
        // The day that goes on is not whole.
        let days = u64::from(self.days[kind].checked_sub(1).filter(|days| *days > 0)?);
        Some(u64::from(self.published[kind][hour]) * 100 / days)
    }

    /// How much the source does in the hour of a moment compared with its average hour, in hundredths: 100 is average.
    pub fn activity(&self, at: DateTime<Utc>) -> u64 {
        let (kind, hour) = slot(at);
        let days = |kind: usize| u64::from(self.days[kind]).max(1);
        let count = |kind: usize, hour: usize| {
            u64::from(self.published[kind][hour]) + u64::from(self.revised[kind][hour])
        };
        // An average week has five days of the one kind and two of the other.
        let in_week: u64 = [(0, 5), (1, 2)]
            .into_iter()
            .map(|(kind, n)| {
                (0..24).map(|hour| count(kind, hour)).sum::<u64>() * n * 1000 / days(kind)
            })
            .sum();
        let average = in_week / (7 * 24);
        let n_days = days(kind);
        let here = count(kind, hour) * 1000;
        let credit = HOUR_CREDIT * 1000;
        (here + credit) * 100 / (average * n_days + credit)
    }
}

/// Kind of day (0: Monday to Friday, 1: Saturday and Sunday) and hour of a moment, by the clocks of the country.
fn slot(at: DateTime<Utc>) -> (usize, usize) {
    let is_off = matches!(local_day(at).weekday(), Weekday::Sat | Weekday::Sun);
    let hour = usize::try_from(local_hour(at)).unwrap_or_default().min(23);
    (usize::from(is_off), hour)
}
