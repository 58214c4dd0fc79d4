//! Matches what is new with the saved searches, and tells those who asked to be told.
//!
//! Matching is part of settling a pass: each revision is looked at once, and the place up to which that was done moves in
//! the same transaction as the alerts. Telling comes after and needs the network; what was told is marked at once, so a
//! kill between the two can at worst tell one message twice, under the same key.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use super::Workspace;
use crate::canonical;
use crate::index::{Likeness, Watching};
use crate::language::{local_day, local_hour};
use crate::model::{Alert, AlertRule, Message, MessageItem, Pace, Paused, Revision, SavedSearch};
use crate::send::Sender;
use crate::send::retry::{Next, next};
use crate::store::Store;

/// Revisions matched in one transaction.
const BATCH: usize = 256;
/// A story is told again when so many others of the search came between.
const REMEMBERED: usize = 500;
/// The hour of the day, in Almaty, from which digests leave.
const DIGEST_HOUR: u32 = 8;

/// Matches the revisions that came since the last time with the saved searches; says how many alerts that made.
///
/// # Errors
/// When the store or the index refuses.
pub fn match_new(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<usize> {
    let store = &*workspace.store;
    let mut matched = store.matched()?;
    let last = store.last_sequence()?;
    if last <= matched {
        return Ok(0);
    }
    let searches = working(workspace, now)?;
    if searches.is_empty() {
        store.put_alerts(&[], Some(last))?;
        return Ok(0);
    }
    let queries: Vec<&str> = searches.iter().map(|one| one.query.as_str()).collect();
    let watching = workspace.index.watching(&queries, store, local_day(now))?;
    let mut known: BTreeMap<usize, Vec<Likeness>> = BTreeMap::new();
    let mut n_alerts = 0;
    loop {
        let page = store.revisions_after(matched, BATCH)?;
        let Some((last, _)) = page.last() else {
            return Ok(n_alerts);
        };
        matched = *last;
        let mut alerts = Vec::new();
        for (place, revision) in &page {
            for found in matches(workspace, &watching, revision)? {
                let search = &searches[found.query];
                if *place <= search.since {
                    continue;
                }
                let told = match known.entry(found.query) {
                    std::collections::btree_map::Entry::Occupied(told) => told.into_mut(),
                    std::collections::btree_map::Entry::Vacant(empty) => {
                        let before = store.alerts(&search.name, REMEMBERED)?.into_iter();
                        empty.insert(before.map(|alert| likeness(&alert)).collect())
                    }
                };
                let is_known = found.likeness.words != 0
                    && told.iter().any(|other| other.is_copy(found.likeness));
                if is_known {
                    continue;
                }
                told.push(found.likeness);
                alerts.push(Alert {
                    search: search.name.clone(),
                    revision: revision.id.clone(),
                    url: revision.document.url.0.clone(),
                    title: revision.document.title.clone(),
                    why: found.why,
                    likeness: (found.likeness.words, found.likeness.figures),
                    matched_at: now,
                    told_at: None,
                });
            }
        }
        n_alerts += alerts.len();
        store.put_alerts(&alerts, Some(matched))?;
    }
}

/// The saved queries that a revision matches; one that was superseded meanwhile matches none.
fn matches(
    workspace: &Workspace,
    watching: &Watching,
    revision: &Revision,
) -> anyhow::Result<Vec<crate::index::Matched>> {
    if revision.superseded_at.is_some() || revision.is_gone {
        return Ok(Vec::new());
    }
    let claims = workspace.store.claims(&revision.id)?;
    let source = workspace.source_of(&revision.source);
    Ok(watching.matches(revision, &source, &claims))
}

fn likeness(alert: &Alert) -> Likeness {
    let (words, figures) = alert.likeness;
    Likeness { words, figures }
}

/// The searches that are matched. One that can no longer be read as it was saved is paused and says so: it used a saved
/// query that is gone, or a name or field that the program no longer knows.
fn working(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<Vec<SavedSearch>> {
    let store = &*workspace.store;
    let searches = store.saved_searches()?;
    let queries: Vec<&str> = searches.iter().map(|one| one.query.as_str()).collect();
    let watching = workspace.index.watching(&queries, store, local_day(now))?;
    let mut working = Vec::new();
    for (number, mut search) in searches.iter().cloned().enumerate() {
        match watching.repairs(number) {
            [] if search.paused.is_none() => working.push(search),
            [] => {}
            [first, ..] if search.paused.is_none() => {
                search.paused = Some(Paused {
                    why: first.to_string(),
                    is_told: false,
                });
                // Somebody may have changed it meanwhile: then it is read again the next time.
                store.change_saved_search(&search.name, &mut |now| {
                    if now.query == search.query {
                        now.paused.clone_from(&search.paused);
                    }
                })?;
            }
            _ => {}
        }
    }
    Ok(working)
}

/// What telling came to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Told {
    /// Messages that were taken.
    pub sent: usize,
    /// Messages that will be tried again, with why.
    pub put_off: Vec<String>,
    /// Searches that were paused because nobody can be told, with why.
    pub paused: Vec<String>,
}

/// Tells what is due. A search that is told at once gets a message of all it found in the pass; a daily one gets its message
/// with the first pass after eight in the morning.
///
/// # Errors
/// When the store refuses; a channel that fails is in the answer.
pub async fn tell(
    store: &dyn Store,
    sender: &Sender,
    base_url: Option<&str>,
    now: DateTime<Utc>,
) -> anyhow::Result<Told> {
    let mut told = Told::default();
    for mut search in store.saved_searches()? {
        let Some(rule) = search.alert.clone() else {
            continue;
        };
        if rule.not_before.is_some_and(|moment| moment > now) {
            continue;
        }
        let alerts = due(store, &search, &rule, now)?;
        let notice = search.paused.as_ref().filter(|paused| !paused.is_told);
        if alerts.is_empty() && notice.is_none() {
            continue;
        }
        let most = rule.channel.most_items().max(1);
        let mut parts: Vec<&[Alert]> = alerts.chunks(most).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        for part in parts {
            let message = message(&search, part, base_url);
            let delivery = sender.send(&rule.channel, &message, now).await;
            if !settle(
                store,
                &mut search,
                part,
                &next(&delivery, rule.n_failed, now),
                now,
                &mut told,
            )? {
                break;
            }
        }
    }
    Ok(told)
}

/// Writes down what came of one message; says whether the next may follow.
fn settle(
    store: &dyn Store,
    search: &mut SavedSearch,
    part: &[Alert],
    next: &Next,
    now: DateTime<Utc>,
    told: &mut Told,
) -> anyhow::Result<bool> {
    let rule = search
        .alert
        .as_mut()
        .context("a search that is told has a rule")?;
    let goes_on = match next {
        Next::Done => {
            told.sent += 1;
            rule.n_failed = 0;
            rule.not_before = None;
            if let Some(paused) = &mut search.paused {
                paused.is_told = true;
            }
            let marked: Vec<Alert> = part
                .iter()
                .cloned()
                .map(|alert| Alert {
                    told_at: Some(now),
                    ..alert
                })
                .collect();
            store.put_alerts(&marked, None)?;
            true
        }
        Next::Again { at, n_failures } => {
            rule.n_failed = *n_failures;
            rule.not_before = Some(*at);
            told.put_off
                .push(format!("{}: not before {at}", search.name));
            false
        }
        Next::Refused { why } | Next::Disabled { why } => {
            search.paused = Some(Paused {
                why: why.to_string(),
                is_told: true,
            });
            told.paused.push(format!("{}: {why}", search.name));
            false
        }
    };
    // A search that was removed meanwhile stays removed, and one that tells somebody else now keeps its new rule.
    store.change_saved_search(&search.name, &mut |now| {
        let is_same = now.alert.as_ref().map(|rule| &rule.channel)
            == search.alert.as_ref().map(|rule| &rule.channel);
        if is_same && now.saved_at == search.saved_at {
            now.alert.clone_from(&search.alert);
            now.paused.clone_from(&search.paused);
        }
    })?;
    Ok(goes_on)
}

/// The alerts of a search that are due to be told, oldest first.
fn due(
    store: &dyn Store,
    search: &SavedSearch,
    rule: &AlertRule,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Alert>> {
    let alerts = store.alerts(&search.name, usize::MAX >> 1)?;
    if rule.pace == Pace::Daily {
        let today = local_day(now);
        let days: BTreeSet<_> = alerts
            .iter()
            .filter_map(|alert| alert.told_at)
            .map(local_day)
            .collect();
        if days.contains(&today) || local_hour(now) < DIGEST_HOUR {
            return Ok(Vec::new());
        }
    }
    let untold = alerts.into_iter().filter(|alert| alert.told_at.is_none());
    Ok(untold.rev().collect())
}

/// The message that tells of some alerts, or of why a search rests.
fn message(search: &SavedSearch, alerts: &[Alert], base_url: Option<&str>) -> Message {
    let mut keys = vec![search.name.as_str()];
    keys.extend(alerts.iter().map(|alert| alert.revision.0.as_str()));
    let (subject, text) = match (&search.paused, alerts) {
        (Some(paused), []) => (
            format!("Saved search «{}» is paused", search.name),
            format!("{}\nThe query is: {}", paused.why, search.query),
        ),
        (_, [only]) => (
            format!("{}: {}", search.name, only.title),
            format!(
                "Found by the saved search «{}»: {}",
                search.name, search.query
            ),
        ),
        _ => (
            format!("{}: {} new", search.name, alerts.len()),
            format!(
                "Found by the saved search «{}»: {}",
                search.name, search.query
            ),
        ),
    };
    Message {
        key: canonical::id("alert", &keys),
        subject,
        text,
        link: base_url.map(|base| {
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            pairs
                .append_pair("q", &search.query)
                .append_pair("sort", "date");
            format!("{}/search?{}", base.trim_end_matches('/'), pairs.finish())
        }),
        items: alerts
            .iter()
            .map(|alert| MessageItem {
                title: alert.title.clone(),
                url: Some(alert.url.clone()),
                why: alert.why.text.clone(),
                facts: Vec::new(),
            })
            .collect(),
    }
}
