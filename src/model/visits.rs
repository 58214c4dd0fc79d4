//! What visits of an address came to, and why the next one is when it is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One reason why an address is visited when it is. In words for people: [`Reason::words`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// It was found and never asked for.
    New,
    /// An offer is looked at by the source's schedule.
    Schedule {
        /// Cron expression.
        cron: String,
        /// Time zone.
        timezone: String,
    },
    /// An offer is looked at between two runs of the schedule, because something new is likely.
    LikelyNew {
        /// Publications that are usual in an hour like this, in hundredths.
        hundredths_an_hour: u64,
    },
    /// A file or a sitemap below an index rests a quarter of the time it has stood unchanged.
    Unchanged {
        /// Minutes since it changed.
        minutes: i64,
    },
    /// A page rests longer the older it is.
    Age {
        /// Minutes since it was published, found or last changed for readers.
        minutes: i64,
        /// The pause that comes of it, in minutes.
        pause_minutes: i64,
        /// Whether it was counted from the last change.
        is_since_change: bool,
    },
    /// The source changes its pages more or less often than others do.
    Yield {
        /// Changes seen at this age.
        seen: u64,
        /// Changes that would have been usual, in hundredths.
        usual_hundredths: u64,
        /// The pause is multiplied by this, in hundredths.
        times_hundredths: u64,
    },
    /// The hours until then are ones in which the source publishes and changes more or less than on average.
    Hours {
        /// Minutes by which the visit is later (or, below 0, earlier) for this.
        later_minutes: i64,
    },
    /// A case about it is open.
    OpenCase {
        /// Longest pause, in minutes.
        pause_minutes: i64,
    },
    /// What led to it says it has changed.
    SaidToHaveChanged,
    /// A hub says that the feed has changed.
    Announced,
    /// It failed so many times in a row.
    Failed {
        /// Times.
        times: u32,
    },
    /// Its host asked to be left alone for so long.
    AskedToWait {
        /// Seconds.
        seconds: u64,
    },
    /// Nothing stood there so many times in a row; that is confirmed before it counts as gone.
    Missing {
        /// Times.
        times: u32,
    },
    /// It is gone; it may come back.
    Gone,
    /// It is one of the pages by which a change of the site's layout is noticed.
    Canary,
}

/// What visits of an address came to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visits {
    /// When it was asked for before the last time.
    pub before: Option<DateTime<Utc>>,
    /// When it was published, as the page itself says, or is taken to have been where it was found with its source's archive.
    pub published_at: Option<DateTime<Utc>>,
    /// When a reader would last have seen it change.
    pub revised_at: Option<DateTime<Utc>>,
    /// How often a reader would have seen it change.
    pub n_revised: u32,
    /// When a whole body was last asked for.
    pub full_at: Option<DateTime<Utc>>,
    /// Whether the host said "not modified" right before the last body came.
    pub is_denied: bool,
    /// Times in a row that it was said to have changed and had not.
    pub n_false_alarms: u32,
    /// Whether the last visit was made because it was said to have changed.
    pub is_said: bool,
    /// Since when nothing stands there.
    pub missing_since: Option<DateTime<Utc>>,
    /// Whether it is one of the pages by which a change of the site's layout is noticed.
    pub is_canary: bool,
    /// Until when a case about it is known to be open.
    pub hot_until: Option<DateTime<Utc>>,
    /// Why the next visit is when it is.
    pub why: Vec<Reason>,
}

impl Reason {
    /// The reason in words.
    pub fn words(&self) -> String {
        match self {
            Reason::New => "it was found and not asked for yet".to_owned(),
            Reason::Schedule { cron, timezone } => {
                format!("the schedule of the source: {cron} ({timezone})")
            }
            Reason::LikelyNew { hundredths_an_hour } => format!(
                "{} new publications are usual in an hour like this, so it is looked at between two runs of the schedule",
                hundredths(*hundredths_an_hour)
            ),
            Reason::Unchanged { minutes } => format!(
                "it has stood unchanged for {}; it rests a quarter of that",
                span(*minutes)
            ),
            Reason::Age {
                minutes,
                pause_minutes,
                is_since_change,
            } => {
                let since = match is_since_change {
                    true => "it last changed",
                    false => "it was published or found",
                };
                format!(
                    "{since} {} ago; pages of that age rest {}",
                    span(*minutes),
                    span(*pause_minutes)
                )
            }
            Reason::Yield {
                seen,
                usual_hundredths,
                times_hundredths,
            } => format!(
                "the source changed {seen} pages of about this age where {} are usual: {} times that pause",
                hundredths(*usual_hundredths),
                hundredths(*times_hundredths)
            ),
            Reason::Hours { later_minutes } if *later_minutes < 0 => format!(
                "{} earlier, because these are busy hours of the source",
                span(-later_minutes)
            ),
            Reason::Hours { later_minutes } => format!(
                "{} later, because these are quiet hours of the source",
                span(*later_minutes)
            ),
            Reason::OpenCase { pause_minutes } => format!(
                "a case about it is open: at least every {}",
                span(*pause_minutes)
            ),
            Reason::Announced => "a hub says that it has changed".to_owned(),
            Reason::SaidToHaveChanged => "the feed or list says that it has changed".to_owned(),
            Reason::Failed { times } => {
                format!("asking failed {times} times in a row; each pause is twice the one before")
            }
            Reason::AskedToWait { seconds } => format!(
                "its host asked to be left alone for {}",
                span(i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX))
            ),
            Reason::Missing { times } => format!(
                "nothing stood there {times} times in a row; this is confirmed before it counts as gone"
            ),
            Reason::Gone => "it is gone; it is looked at weekly in case it comes back".to_owned(),
            Reason::Canary => {
                "it is one of the pages by which a change of the site's layout is noticed: daily"
                    .to_owned()
            }
        }
    }
}

/// A count in hundredths as people write it.
fn hundredths(count: u64) -> String {
    match (count / 100, count % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}.{part:02}"),
    }
}

/// A span of time in words, in its largest unit and the next.
pub fn span(minutes: i64) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}
