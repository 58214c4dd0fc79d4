//! Reads how cases are worked on: `[cases]` of `sources.toml`.

use std::time::Duration;

use super::table::Section;
use super::values::duration;

/// How cases are worked on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseConfig {
    /// How long after the first publication a case can only be watched: early figures of breaking news are mended by those who
    /// printed them. None unless the file says otherwise.
    pub quiet_period: Duration,
    /// Whether a letter leaves only after a second person approved it. It does unless the file says otherwise.
    pub needs_second_person: bool,
}

impl Default for CaseConfig {
    fn default() -> CaseConfig {
        CaseConfig {
            quiet_period: Duration::ZERO,
            needs_second_person: true,
        }
    }
}

/// Reads the table.
pub(super) fn read(root: &Section<'_, '_>) -> CaseConfig {
    let mut config = CaseConfig::default();
    let Some(section) = root.get("cases").and_then(|value| value.section()) else {
        return config;
    };
    if let Some(quiet) = section
        .get("quiet_period")
        .and_then(|value| duration(&value))
    {
        config.quiet_period = quiet;
    }
    let second = section.get("second_person");
    if let Some(second) = second.and_then(|value| value.switch()) {
        config.needs_second_person = second;
    }
    section.finish();
    config
}
