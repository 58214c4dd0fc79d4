//! How each source fares, as passes and the daemon found it, with what came of it by the hour.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::language::Language;
use crate::model::{FetchOutcome, Health, HealthNote, HealthState, Source, SourceId, SourceRole};
use crate::serve::Desk;
use crate::store::{FetchLog, StoreError};

/// Hours of a day.
const DAY_HOURS: usize = 24;
/// Hours of the small drawing.
const SHOWN_HOURS: usize = 12;

/// The end of the ids of a state's texts.
pub(super) fn word(state: HealthState) -> &'static str {
    match state {
        HealthState::Disabled => "disabled",
        HealthState::New => "new",
        HealthState::Works => "works",
        HealthState::RulesChanged => "rules",
        HealthState::CertificateEnds => "certificate",
        HealthState::Slow => "slow",
        HealthState::LimitsRequests => "busy",
        HealthState::FieldsMissing => "fields",
        HealthState::Silent => "silent",
        HealthState::Walled => "walled",
        HealthState::LayoutChanged => "layout",
        HealthState::Unreadable => "unreadable",
        HealthState::RobotsForbids => "robots",
        HealthState::NotAsked => "unasked",
        HealthState::Down => "down",
    }
}

/// Whether somebody should look at a source in that state.
pub(in crate::serve::pages) fn is_troubled(state: HealthState) -> bool {
    !matches!(class(state), "ok" | "info")
}

/// The class of a state's tag.
pub(super) fn class(state: HealthState) -> &'static str {
    match state {
        HealthState::Works => "ok",
        HealthState::Disabled | HealthState::New => "info",
        HealthState::RulesChanged
        | HealthState::CertificateEnds
        | HealthState::Slow
        | HealthState::LimitsRequests
        | HealthState::FieldsMissing
        | HealthState::Silent => "mid",
        HealthState::Walled
        | HealthState::LayoutChanged
        | HealthState::Unreadable
        | HealthState::RobotsForbids
        | HealthState::NotAsked
        | HealthState::Down => "crit",
    }
}

/// All that a page shows of how a source fares.
#[derive(Debug, Clone)]
pub(in crate::serve::pages) struct SourceView {
    /// Source.
    pub(super) id: SourceId,
    /// Its names by language.
    names: BTreeMap<String, String>,
    /// Codes of its languages.
    pub(super) languages: Vec<&'static str>,
    /// The host of its site.
    pub(super) host: String,
    /// Whether it is an agency.
    pub(super) is_official: bool,
    /// How it fares.
    pub(super) state: HealthState,
    /// What was found of it, the worst first, in English as stored.
    pub(super) notes: Vec<HealthNote>,
    /// The last good answer.
    pub(super) last_success: Option<DateTime<Utc>>,
    /// Until when its host asked to be left alone.
    pub(super) paused_until: Option<DateTime<Utc>>,
    /// Publications that came in each of the last 24 hours, the newest last.
    hours: Vec<u64>,
    /// How many usually come in these hours of the week, in tenths; `None` while it has not been known for long enough.
    pub(super) usual_tenths: Option<u64>,
}

impl SourceView {
    /// Whether somebody should look at it.
    pub(in crate::serve::pages) fn is_troubled(&self) -> bool {
        is_troubled(self.state)
    }

    /// Its name in a language, else in any.
    pub(super) fn name_in(&self, language: Language) -> String {
        let name = self.names.get(language.code());
        let name = name.or_else(|| self.names.values().next());
        name.unwrap_or(&self.id.0).clone()
    }

    /// Publications of the last 24 hours.
    pub(super) fn n_day(&self) -> u64 {
        self.hours.iter().sum()
    }

    /// Those of the hours that are drawn.
    pub(super) fn recent_hours(&self) -> &[u64] {
        let start = self.hours.len().saturating_sub(SHOWN_HOURS);
        &self.hours[start..]
    }
}

/// Every known source as it fares at a moment, the worst first; of equals the one that has been without an answer longest.
///
/// # Errors
/// When the store fails.
pub(in crate::serve::pages) fn views(
    desk: &Desk,
    now: DateTime<Utc>,
) -> Result<Vec<SourceView>, StoreError> {
    let store = &*desk.store;
    let day_ago = now - TimeDelta::hours(DAY_HOURS as i64);
    let hours = store.arrivals(day_ago, TimeDelta::hours(1), DAY_HOURS)?;
    let healths = store.healths()?.into_iter();
    let mut healths: BTreeMap<SourceId, Health> = healths
        .map(|health| (health.source.clone(), health))
        .collect();
    let mut views = Vec::new();
    for source in desk.names.values() {
        let mut view = named(source);
        if let Some(hours) = hours.get(&source.id) {
            view.hours.clone_from(hours);
        }
        view.paused_until = paused_until(&store.fetch_log(&source.id, 1)?, now);
        if let Some(health) = healths.remove(&source.id) {
            view.state = health.state;
            view.notes = health.notes;
            view.last_success = health.answered_at;
            view.usual_tenths = health.usual_in_day.map(|hundredths| hundredths / 10);
        }
        views.push(view);
    }
    views.sort_by(|a, b| {
        let answered = |view: &SourceView| view.last_success;
        let worst = b.state.cmp(&a.state);
        worst
            .then_with(|| answered(a).cmp(&answered(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
    Ok(views)
}

/// A source of which nothing but its name is known yet.
fn named(source: &Source) -> SourceView {
    let url = url::Url::parse(&source.url);
    let host = url.ok().and_then(|url| url.host_str().map(str::to_owned));
    SourceView {
        id: source.id.clone(),
        names: source.name.clone(),
        languages: source.languages.iter().map(|one| one.code()).collect(),
        host: host.unwrap_or_default(),
        is_official: source.role == SourceRole::Official,
        state: HealthState::New,
        notes: Vec::new(),
        last_success: None,
        paused_until: None,
        hours: vec![0; DAY_HOURS],
        usual_tenths: None,
    }
}

/// Until when the host asked to be left alone, if that is not over.
fn paused_until(log: &[FetchLog], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let newest = log.first()?;
    let FetchOutcome::Busy { retry_after_s, .. } = newest.outcome else {
        return None;
    };
    let pause = TimeDelta::try_seconds(i64::try_from(retry_after_s?).ok()?)?;
    newest
        .at
        .checked_add_signed(pause)
        .filter(|until| *until > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_paused_while_it_asks_for_that_and_not_longer() {
        let at = "2026-03-01T09:00:00Z".parse::<DateTime<Utc>>().unwrap();
        let log = |outcome: FetchOutcome| FetchLog {
            source: SourceId("outlet".to_owned()),
            url: "https://outlet.example/".to_owned(),
            at,
            outcome,
        };
        let busy = FetchOutcome::Busy {
            status: 429,
            retry_after_s: Some(600),
        };
        let until = at + TimeDelta::minutes(10);
        let later = |minutes| at + TimeDelta::minutes(minutes);
        assert_eq!(paused_until(&[log(busy.clone())], later(5)), Some(until));
        assert_eq!(paused_until(&[log(busy.clone())], later(10)), None);
        let answered = [log(FetchOutcome::Captured), log(busy)];
        assert_eq!(paused_until(&answered, later(5)), None);
    }
}
