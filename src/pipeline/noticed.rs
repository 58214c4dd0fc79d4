//! Takes from pages that were read what they say of their sources: when those publish and how often they change, what was brought
//! in which hour, when each page is visited next, and which hosts said "not modified" of what had changed.
//!
//! Only counts and moments, kept after the pages themselves: a kill in between loses a few of them and nothing else.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Workspace;
use crate::crawl::frontier;
use crate::model::rhythm::Canary;
use crate::model::{FrontierEntry, HourYield, Rhythm, SourceId, TargetKind};
use crate::store::{Pending, Recorded, Sighting};

/// A publication that is older than this when it is first read says nothing of what its source publishes now.
const FRESH: TimeDelta = TimeDelta::days(2);
/// Calendar days with an answer of its offers, the first and the one that goes on included, up to which the undated pages of a source
/// are taken for its archive; from the next day on they count as new.
const ARCHIVE_DAYS: u32 = 2;
/// An undated page of an archive is taken to be so old: not worth a visit every few minutes, nor forgotten.
const UNDATED_AGE: TimeDelta = TimeDelta::days(7);
/// Letters of a text that is one.
const LEAST_TEXT: usize = 40;

/// A page that was read, and what recording it came to.
pub(super) struct Read<'r> {
    /// Its capture with the entry it answered.
    pub(super) page: &'r Pending,
    /// What it says.
    pub(super) sighting: &'r Sighting,
    /// What recording it came to.
    pub(super) recorded: &'r Recorded,
}

/// Learns from a batch of pages. `lost` are sources of pages that still hold their text but could not be read.
pub(super) fn learn(
    workspace: &Workspace,
    read: &[Read<'_>],
    lost: &[(SourceId, DateTime<Utc>)],
) -> anyhow::Result<()> {
    let mut yields: BTreeMap<(SourceId, i64), HourYield> = BTreeMap::new();
    let mut add = |source: &SourceId, more: HourYield| {
        let known = yields.entry((source.clone(), more.hour));
        let known = known.or_insert(HourYield {
            hour: more.hour,
            ..HourYield::default()
        });
        *known = known.plus(&more);
    };
    for (source, at) in lost {
        let hour = HourYield::hour_of(*at);
        add(
            source,
            HourYield {
                hour,
                n_lost: 1,
                ..HourYield::default()
            },
        );
    }
    let mut by_source: BTreeMap<&SourceId, Vec<&Read<'_>>> = BTreeMap::new();
    for one in read {
        by_source.entry(&one.sighting.source).or_default().push(one);
    }
    for (source, read) in by_source {
        let rhythm = workspace.store.rhythm(source)?;
        for one in &read {
            add(source, brought(one, &rhythm));
        }
        workspace.store.change_rhythm(source, &mut |rhythm| {
            let known = rhythm.clone();
            for one in &read {
                beat(rhythm, one, &known);
            }
        })?;
        for one in read {
            follow(workspace, one)?;
            keep_canary(workspace, one)?;
        }
    }
    let yields: Vec<(SourceId, HourYield)> = yields
        .into_iter()
        .map(|((source, _), more)| (source, more))
        .collect();
    Ok(workspace.store.add_yields(&yields)?)
}

/// Whether a page that was read for the first time was published just now.
fn is_fresh(read: &Read<'_>, rhythm: &Rhythm) -> bool {
    match read.sighting.document.trusted_published() {
        Some(published) => read.sighting.seen_at - published.at.to_utc() < FRESH,
        None => rhythm.days.iter().sum::<u32>() > ARCHIVE_DAYS,
    }
}

/// What a page adds to its hour.
fn brought(read: &Read<'_>, rhythm: &Rhythm) -> HourYield {
    let nothing = HourYield {
        hour: HourYield::hour_of(read.sighting.seen_at),
        ..HourYield::default()
    };
    let document = &read.sighting.document;
    let n_letters: usize = document
        .lines()
        .skip(1)
        .map(|line| line.chars().count())
        .sum();
    match read.recorded {
        Recorded::New(_) => HourYield {
            n_new: u64::from(is_fresh(read, rhythm)),
            n_read: 1,
            n_titled: u64::from(!document.title.trim().is_empty()),
            n_dated: u64::from(document.trusted_published().is_some()),
            n_bodied: u64::from(n_letters >= LEAST_TEXT),
            ..nothing
        },
        Recorded::Changed { .. } => HourYield {
            n_changed: 1,
            ..nothing
        },
        Recorded::Unchanged(_) => nothing,
    }
}

/// What a page adds to the rhythm of its source.
fn beat(rhythm: &mut Rhythm, read: &Read<'_>, known: &Rhythm) {
    let at = read.sighting.seen_at;
    match read.recorded {
        Recorded::New(_) if is_fresh(read, known) => rhythm.published(at),
        Recorded::Changed { .. } => rhythm.revised(read.page.entry.felt_age(at).0, at),
        Recorded::New(_) | Recorded::Unchanged(_) => {}
    }
}

/// Whether a page that was read for the first time has all that a page should have.
fn is_whole(read: &Read<'_>) -> bool {
    let brought = brought(read, &Rhythm::default());
    read.page.entry.kind == TargetKind::Page
        && [brought.n_titled, brought.n_dated, brought.n_bodied] == [1, 1, 1]
}

/// Takes a page as one by which a change of layout is noticed, where one is wanted.
fn keep_canary(workspace: &Workspace, read: &Read<'_>) -> anyhow::Result<()> {
    if !matches!(read.recorded, Recorded::New(_)) || !is_whole(read) {
        return Ok(());
    }
    let (store, entry) = (&*workspace.store, &read.page.entry);
    let mut taken = (false, None);
    store.change_rhythm(&entry.source, &mut |rhythm| {
        taken = rhythm.take_canary(Canary {
            fetched_from: entry.url.clone(),
            url: read.sighting.document.url.0.clone(),
            since: read.sighting.seen_at,
        });
    })?;
    let (is_taken, replaced) = taken;
    if is_taken {
        let mark = &mut |entry: &mut FrontierEntry| entry.visits.is_canary = true;
        store.change_entry(&entry.source, &entry.url, mark)?;
    }
    if let Some(replaced) = replaced {
        let unmark = &mut |entry: &mut FrontierEntry| entry.visits.is_canary = false;
        store.change_entry(&entry.source, &replaced.fetched_from, unmark)?;
    }
    Ok(())
}

/// Plans the next visit of a page by what was read of it.
fn follow(workspace: &Workspace, read: &Read<'_>) -> anyhow::Result<()> {
    let (store, entry) = (&*workspace.store, &read.page.entry);
    let Some(config) = workspace.config.source(&entry.source) else {
        return Ok(());
    };
    let at = read.sighting.seen_at;
    match read.recorded {
        Recorded::New(_) => {
            let rhythm = store.rhythm(&entry.source)?;
            let published = match read.sighting.document.trusted_published() {
                Some(published) => published.at.to_utc(),
                None if is_fresh(read, &rhythm) => return Ok(()),
                None => at - UNDATED_AGE,
            };
            store.change_entry(&entry.source, &entry.url, &mut |entry| {
                *entry = frontier::after_publication(entry, published, config, &rhythm);
            })?;
        }
        Recorded::Changed { .. } => {
            if entry.visits.is_denied {
                store.change_host(&entry.host, &mut |host| host.denied(&entry.url, at))?;
            }
            let rhythm = store.rhythm(&entry.source)?;
            store.change_entry(&entry.source, &entry.url, &mut |entry| {
                *entry = frontier::after_revision(entry, config, &rhythm, at);
            })?;
        }
        Recorded::Unchanged(_) => {}
    }
    Ok(())
}
