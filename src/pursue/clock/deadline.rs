//! Computes a deadline with its arithmetic, and tells how it stands at a moment.

use chrono::{DateTime, Datelike as _, Days, Duration, Months, NaiveDate, Utc};

use super::{Calendar, Clocks, DayOff, Rule};
use crate::language::{Language, local_day};
use crate::pursue::wording::{self, Unit, pick};

/// How a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It passed that many days ago.
    Overdue {
        /// Days since the last day.
        days: i64,
    },
    /// It ends today.
    Today,
    /// It ends in that many days.
    Ahead {
        /// Days until the last day.
        days: i64,
    },
}

/// A day by which something is due, and how it was reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The rule.
    pub rule: Rule,
    /// When the clock started.
    pub started: DateTime<Utc>,
    /// Where the sum ends before a day off moves it; the moment itself for a clock of hours.
    pub reckoned: DateTime<Utc>,
    /// The last day.
    pub due: NaiveDate,
    /// Days off that working days passed over, with their reasons.
    pub passed_over: Vec<(NaiveDate, DayOff)>,
    /// Why the reckoned day is off, where it is.
    pub off: Option<DayOff>,
    /// Years that the sum touches and whose holidays are not known.
    pub unknown_years: Vec<i32>,
}

impl Clocks {
    /// The deadline of a rule that a moment starts; `None` when no rule of that id held on that day.
    ///
    /// The day of the start does not count: five calendar days from the 3rd end with the 8th.
    pub fn deadline(&self, rule: &str, started: DateTime<Utc>) -> Option<Deadline> {
        let first = local_day(started);
        let rule = self.rules.rule(rule, first)?;
        let sum = sum(&self.calendar, rule, started)?;
        let reckoned = local_day(sum.end);
        let off = self.calendar.off(reckoned);
        let due = match rule.moves {
            true => self.calendar.working_from(reckoned)?,
            false => reckoned,
        };
        let touched = first.year()..=due.year();
        Some(Deadline {
            rule: rule.clone(),
            started,
            reckoned: sum.end,
            due,
            passed_over: sum.passed_over,
            off,
            unknown_years: touched.filter(|year| !self.calendar.knows(*year)).collect(),
        })
    }
}

/// Where a span ends, and what it passed over.
struct Sum {
    end: DateTime<Utc>,
    passed_over: Vec<(NaiveDate, DayOff)>,
}

/// Adds a rule's span to its start.
fn sum(calendar: &Calendar, rule: &Rule, started: DateTime<Utc>) -> Option<Sum> {
    let first = local_day(started);
    let mut passed_over = Vec::new();
    let last = match rule.unit {
        Unit::Hour => {
            let end = started.checked_add_signed(Duration::hours(rule.amount.into()))?;
            return Some(Sum { end, passed_over });
        }
        Unit::CalendarDay => first.checked_add_days(Days::new(rule.amount.into()))?,
        Unit::Month => first.checked_add_months(Months::new(rule.amount))?,
        Unit::Year => first.checked_add_months(Months::new(rule.amount.checked_mul(12)?))?,
        Unit::WorkingDay => {
            let mut left = rule.amount;
            let mut last = first;
            while left > 0 {
                last = last.succ_opt()?;
                match calendar.off(last) {
                    Some(off) => passed_over.push((last, off)),
                    None => left -= 1,
                }
            }
            last
        }
    };
    // The same time of day, so that a moment carries the day and nothing else is lost.
    let end = started.checked_add_signed(last - first)?;
    Some(Sum { end, passed_over })
}

impl Deadline {
    /// The moment from which it has passed: the end of its last day by the clocks of the country, and of a clock of hours where its
    /// sum ends.
    pub fn ends_at(&self) -> DateTime<Utc> {
        match self.rule.unit {
            Unit::Hour => self.reckoned,
            _ => wording::end_of(self.due).unwrap_or(self.reckoned),
        }
    }

    /// How it stands at a moment.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        if self.rule.unit == Unit::Hour && now > self.reckoned {
            return Standing::Overdue {
                days: (local_day(now) - self.due).num_days(),
            };
        }
        match (self.due - local_day(now)).num_days() {
            0 => Standing::Today,
            days if days > 0 => Standing::Ahead { days },
            days => Standing::Overdue { days: -days },
        }
    }

    /// Whether people are to be reminded on the day of a moment: on the days that the rule names, and on every day once it passed.
    pub fn is_reminded(&self, now: DateTime<Utc>) -> bool {
        let reminds = |left: i64| {
            let days = self.rule.remind_days_before.iter();
            days.map(|days| i64::from(*days)).any(|days| days == left)
        };
        match self.standing(now) {
            Standing::Overdue { .. } => true,
            Standing::Today => reminds(0),
            Standing::Ahead { days } => reminds(days),
        }
    }

    /// The sum as text: start + span = end, with what moved it.
    pub fn arithmetic(&self, language: Language) -> String {
        let span = wording::span(self.rule.amount, self.rule.unit, language);
        let starts = self.rule.starts.words(language);
        let is_hours = self.rule.unit == Unit::Hour;
        let at = |moment: DateTime<Utc>| match is_hours {
            true => wording::moment(moment, language),
            false => wording::day(local_day(moment), language),
        };
        let mut text = format!(
            "{starts} {} + {span} = {}",
            at(self.started),
            at(self.reckoned)
        );
        if !is_hours {
            text.push_str(&format!(
                " ({})",
                described(local_day(self.reckoned), self.off.as_ref(), language)
            ));
        }
        if !self.passed_over.is_empty() {
            text.push_str(&self.passed_words(language));
        }
        if local_day(self.reckoned) != self.due {
            text.push_str(&self.moved_words(language));
        }
        if !self.unknown_years.is_empty() {
            text.push_str(&self.unknown_words(language));
        }
        text
    }

    /// That the last day is off and where it moves.
    fn moved_words(&self, language: Language) -> String {
        let day = wording::day(self.due, language);
        let weekday = wording::weekday(self.due.weekday(), language);
        match language {
            Language::Kk => {
                format!(", жұмыс күні емес, келесі жұмыс күніне ауыстырылды: {day} ({weekday})")
            }
            Language::Ru => format!(", нерабочий день, перенесено на {day} ({weekday})"),
            Language::En => format!(", not a working day, moved to {day} ({weekday})"),
        }
    }

    /// The days off that do not count.
    fn passed_words(&self, language: Language) -> String {
        let head = pick(
            &["; есептелмейді:", "; не считаются:", "; not counted:"],
            language,
        );
        let days: Vec<String> = self
            .passed_over
            .iter()
            .map(|(date, off)| {
                let day = wording::day(*date, language);
                format!("{day} ({})", described(*date, Some(off), language))
            })
            .collect();
        format!("{head} {}", days.join("; "))
    }

    /// That holidays of a year are not known.
    fn unknown_words(&self, language: Language) -> String {
        let head = pick(
            &[
                "; мына жылдың мереке күндері белгісіз, тек сенбі мен жексенбі ескерілді:",
                "; праздничные дни этого года не заданы, учтены только субботы и воскресенья:",
                "; the holidays of this year are not known, only weekends were considered:",
            ],
            language,
        );
        let years: Vec<String> = self.unknown_years.iter().map(ToString::to_string).collect();
        format!("{head} {}", years.join(", "))
    }
}

/// A day of the week, and why the day is off where that is more than a weekend.
fn described(date: NaiveDate, off: Option<&DayOff>, language: Language) -> String {
    let weekday = wording::weekday(date.weekday(), language);
    match off {
        None | Some(DayOff::Weekend) => weekday.to_owned(),
        Some(off) => format!("{weekday}, {}", off.words(language)),
    }
}
