//! Turns what is due into captures: asks politely, keeps what came as evidence, and remembers what did not come and why.
//!
//! Read in the order of a pass: [`frontier`] names what is due, [`robots`] and [`politeness`] say whether and when
//! it may be asked for, [`fetch`] asks, [`effective`] says what came in effect, [`discover`] finds further addresses in it, [`archive`] keeps it, [`pass`] ties them together, and
//! [`recovery`] mends what a killed one left.
//! What pages mean is not known here.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config::{Config, ConfigError};

pub mod archive;
pub mod courier;
pub mod decode;
pub mod discover;
pub mod effective;
pub mod fetch;
pub mod frontier;
pub mod health;
pub mod news;
pub mod pass;
pub mod politeness;
pub mod recovery;
pub mod robots;
pub mod schedule;

pub use pass::{CrawlError, Crawler, Event, Progress, Report, Sample, Selection, SourceReport};

/// The wall clock, handed in so that tests can move it.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Clock {
        Clock(Arc::new(Utc::now))
    }

    /// The moment it is now.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// Mistakes in a configuration that only a crawler can see: schedules and the selectors of listings.
pub fn check(config: &Config) -> Vec<ConfigError> {
    let mut errors = schedule::check(config);
    errors.extend(discover::listing::check(config));
    errors.sort();
    errors
}
