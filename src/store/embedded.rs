//! The embedded database behind [`Store`]: each method is one read, or one transaction.
//!
//! `synchronous=FULL`: what is acknowledged survives a loss of power; batches make up for its price.
//! Callbacks run between pages of rows, never while a statement is open, so they may call the store again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;

use super::connections::{Embedded, hold};
use super::error::StoreError;
use super::revised::Step;
use super::{
    AuditReport, BasisPlace, CaseChange, Changed, Cited, Counts, Derived, FetchLog, Pending,
    Recorded, Rewrite, Sighting, Store, Weighing, arrived, audit, crawled, desk, judged, leaning,
    letters, queue_views, retained, revised, saved, seen, signed, sql, unsent, watched,
};
use crate::model::{
    Alert, AuditEntry, AuditNote, Basis, BasisOf, Capture, CaptureId, Case, CaseId, Claim, ClaimId,
    Document, FetchOutcome, FrontierEntry, Gap, Health, HostRecord, HourYield, Label, LetterEntry,
    Link, Observation, ObservationId, QueueView, Revision, RevisionId, Rhythm, SavedSearch,
    Session, SiteMemory, Source, SourceId, Subscription, Token, Unsent, User, Verdict, ViewKept,
};

/// Rows held in memory while walking over everything.
const PAGE_ROWS: i64 = 256;

/// Opens the store of a data folder for writing, making folder and file where there are none, and migrates it.
pub fn open(dir: &Path) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(Embedded::open(dir)?))
}

/// Opens the store of a data folder for reading; a writer may be at work in another process.
pub fn open_read_only(dir: &Path) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(Embedded::open_read_only(dir)?))
}

/// Opens the store of a data folder for those who work with cases: reading, and the writing of cases, users, tokens and the
/// audit log, while another process may collect. Collecting itself needs [`open`].
pub fn open_desk(dir: &Path) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(Embedded::open_desk(dir)?))
}

impl Store for Embedded {
    fn discover(&self, entries: &[FrontierEntry]) -> Result<usize, StoreError> {
        self.write("add to the frontier", |db| crawled::discover(db, entries))
    }

    fn due(
        &self,
        sources: &[SourceId],
        now: DateTime<Utc>,
        all: bool,
    ) -> Result<Vec<FrontierEntry>, StoreError> {
        let until = (!all).then_some(now);
        self.read("read the frontier", |db| crawled::due(db, sources, until))
    }

    fn frontier_entry(
        &self,
        source: &SourceId,
        url: &str,
    ) -> Result<Option<FrontierEntry>, StoreError> {
        self.read("read the frontier", |db| {
            crawled::frontier_entry(db, source, url)
        })
    }

    fn visited(
        &self,
        asked: &FrontierEntry,
        outcome: &FetchOutcome,
        at: DateTime<Utc>,
        capture: Option<&Capture>,
        after: &dyn Fn(&FrontierEntry) -> FrontierEntry,
    ) -> Result<(), StoreError> {
        self.write("note a visit", |db| {
            let known = crawled::frontier_entry(db, &asked.source, &asked.url)?;
            let entry = after(known.as_ref().unwrap_or(asked));
            crawled::put_entry(db, &entry)?;
            crawled::log_fetch(db, &entry, outcome, at)?;
            match capture {
                Some(capture) => crawled::add_capture(db, &entry, capture),
                None => Ok(()),
            }
        })
    }

    fn fetch_log(&self, source: &SourceId, limit: usize) -> Result<Vec<FetchLog>, StoreError> {
        self.read("read the log of fetches", |db| {
            crawled::fetch_log(db, source, limit)
        })
    }

    fn arrivals(
        &self,
        from: DateTime<Utc>,
        step: TimeDelta,
        n_steps: usize,
    ) -> Result<BTreeMap<SourceId, Vec<u64>>, StoreError> {
        self.read("count what came", |db| {
            arrived::arrivals(db, from, step, n_steps)
        })
    }

    fn newest_captures(&self, source: &SourceId, limit: usize) -> Result<Vec<Capture>, StoreError> {
        self.read("read captures", |db| {
            arrived::newest_captures(db, source, limit)
        })
    }

    fn next_visits(
        &self,
        source: &SourceId,
        limit: usize,
    ) -> Result<Vec<FrontierEntry>, StoreError> {
        self.read("read the frontier", |db| {
            arrived::next_visits(db, source, limit)
        })
    }

    fn entries_at(&self, url: &str) -> Result<Vec<FrontierEntry>, StoreError> {
        self.read("read the frontier", |db| {
            crawled::payloads(db, sql::ENTRIES_AT, params![url])
        })
    }

    fn change_entry(
        &self,
        source: &SourceId,
        url: &str,
        change: &mut dyn FnMut(&mut FrontierEntry),
    ) -> Result<(), StoreError> {
        self.write("change an entry of the frontier", |db| {
            seen::change_entry(db, source, url, change)
        })
    }

    fn fetch_log_of(
        &self,
        source: &SourceId,
        url: &str,
        limit: usize,
    ) -> Result<Vec<FetchLog>, StoreError> {
        self.read("read the log of fetches", |db| {
            crawled::fetch_log_of(db, source, url, limit)
        })
    }

    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.read("read subscriptions", |db| {
            crawled::payloads(db, sql::SUBSCRIPTIONS, [])
        })
    }

    fn change_subscription(
        &self,
        source: &SourceId,
        feed: &str,
        change: &mut dyn FnMut(Option<Subscription>) -> Option<Subscription>,
    ) -> Result<(), StoreError> {
        self.write("change a subscription", |db| {
            crawled::change_subscription(db, source, feed, change)
        })
    }

    fn rhythm(&self, source: &SourceId) -> Result<Rhythm, StoreError> {
        self.read("read the rhythm of a source", |db| seen::rhythm(db, source))
    }

    fn change_rhythm(
        &self,
        source: &SourceId,
        change: &mut dyn FnMut(&mut Rhythm),
    ) -> Result<(), StoreError> {
        self.write("change the rhythm of a source", |db| {
            seen::change_rhythm(db, source, change)
        })
    }

    fn host(&self, host: &str) -> Result<HostRecord, StoreError> {
        self.read("read what is remembered of a host", |db| {
            seen::host(db, host)
        })
    }

    fn change_host(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostRecord),
    ) -> Result<(), StoreError> {
        self.write("change what is remembered of a host", |db| {
            seen::change_host(db, host, change)
        })
    }

    fn add_yields(&self, yields: &[(SourceId, HourYield)]) -> Result<(), StoreError> {
        self.write("note what sources brought", |db| {
            seen::add_yields(db, yields)
        })
    }

    fn yields(&self, source: &SourceId, from_hour: i64) -> Result<Vec<HourYield>, StoreError> {
        self.read("read what a source brought", |db| {
            seen::yields(db, source, from_hour)
        })
    }

    fn healths(&self) -> Result<Vec<Health>, StoreError> {
        self.read("read how sources fare", seen::healths)
    }

    fn put_healths(&self, healths: &[Health]) -> Result<(), StoreError> {
        self.write("keep how sources fare", |db| seen::put_healths(db, healths))
    }

    fn gaps(&self, now: DateTime<Utc>) -> Result<Vec<Gap>, StoreError> {
        self.read("read when sources were seen", |db| watched::gaps(db, now))
    }

    fn pending(&self, limit: usize) -> Result<Vec<Pending>, StoreError> {
        self.read("read what is pending", |db| crawled::pending(db, limit))
    }

    fn processed(&self, captures: &[CaptureId]) -> Result<(), StoreError> {
        self.write("mark captures as processed", |db| {
            crawled::processed(db, captures)
        })
    }

    fn capture(&self, id: &CaptureId) -> Result<Option<Capture>, StoreError> {
        self.read("read a capture", |db| crawled::capture(db, id))
    }

    fn captures(&self) -> Result<Vec<Capture>, StoreError> {
        self.read("read the captures", |db| {
            retained::captures(db, sql::CAPTURES, [])
        })
    }

    fn captures_in(&self, warc_file: &str) -> Result<Vec<Capture>, StoreError> {
        self.read("read the captures", |db| {
            retained::captures(db, sql::CAPTURES_IN, params![warc_file])
        })
    }

    fn cited(&self, before: DateTime<Utc>) -> Result<Cited, StoreError> {
        self.read("read what is cited", |db| retained::cited(db, before))
    }

    fn rewritten(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.read("read which files were written anew", retained::rewritten)
    }

    fn rewrite(&self, rewrite: &Rewrite, note: &AuditNote) -> Result<bool, StoreError> {
        let done = self.enter_if("let captures go", |db| {
            let head = retained::rewrite(db, rewrite, note)?;
            Ok(head.map(|head| ((), head)))
        })?;
        Ok(done.is_some())
    }

    fn offsets_in(&self, warc_file: &str) -> Result<BTreeSet<u64>, StoreError> {
        self.read("read the captures", |db| crawled::offsets_in(db, warc_file))
    }

    fn record(
        &self,
        source: &SourceId,
        document: &Document,
        capture: Option<&CaptureId>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, StoreError> {
        let sighting = Sighting {
            source: source.clone(),
            document: document.clone(),
            capture: capture.cloned(),
            seen_at: now,
        };
        let _recording = hold(&self.recording);
        self.write("record a page", |db| {
            let steps = revised::plan(db, std::slice::from_ref(&sighting))?;
            let step = steps.first().ok_or("a page came to nothing")?;
            revised::apply(db, step)?;
            Ok(step.recorded())
        })
    }

    fn record_batch(
        &self,
        sightings: &[Sighting],
        processed: &[CaptureId],
        derive: &mut dyn FnMut(&[Revision]) -> Vec<Derived>,
    ) -> Result<Vec<Recorded>, StoreError> {
        let _recording = hold(&self.recording);
        let steps = self.read("plan a batch", |db| revised::plan(db, sightings))?;
        let added: Vec<Revision> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Added { revision, .. } => Some(Revision::clone(revision)),
                Step::Seen { .. } | Step::Known(_) => None,
            })
            .collect();
        let derived = derive(&added);
        self.write("record a batch", |db| {
            for step in &steps {
                revised::apply(db, step)?;
            }
            for (revision, derived) in added.iter().zip(&derived) {
                judged::put_observations(db, &revision.id, &derived.observations)?;
                judged::put_claims(db, &revision.id, &derived.claims)?;
            }
            crawled::processed(db, processed)
        })?;
        Ok(steps.iter().map(Step::recorded).collect())
    }

    fn mark_gone(&self, url: &str, now: DateTime<Utc>) -> Result<Option<RevisionId>, StoreError> {
        let _recording = hold(&self.recording);
        self.write("mark a page as gone", |db| revised::mark_gone(db, url, now))
    }

    fn revision(&self, id: &RevisionId) -> Result<Option<Revision>, StoreError> {
        self.read("read a revision", |db| {
            let found = revised::revisions(db, sql::REVISION, params![id.0])?.pop();
            Ok(found.map(|(_, revision)| revision))
        })
    }

    fn newest_revision(&self, url: &str) -> Result<Option<Revision>, StoreError> {
        self.read("read a revision", |db| {
            let found = revised::revisions(db, sql::NEWEST_OF, params![url])?;
            Ok(found.into_iter().next().map(|(_, revision)| revision))
        })
    }

    fn revisions_of(&self, url: &str) -> Result<Vec<Revision>, StoreError> {
        self.read("read revisions", |db| {
            let found = revised::revisions(db, sql::REVISIONS_OF, params![url])?;
            Ok(found.into_iter().map(|(_, revision)| revision).collect())
        })
    }

    fn current_revisions(&self) -> Result<Vec<Revision>, StoreError> {
        self.read("read revisions", |db| {
            let found = revised::revisions(db, sql::STANDING, [])?;
            Ok(found.into_iter().map(|(_, revision)| revision).collect())
        })
    }

    fn each_revision(&self, each: &mut dyn FnMut(Revision)) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let page = self.revisions_after(after, PAGE_ROWS.unsigned_abs() as usize)?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            page.into_iter().for_each(|(_, revision)| each(revision));
        }
    }

    fn revisions_after(
        &self,
        sequence: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Revision)>, StoreError> {
        self.read("read revisions", |db| {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            revised::revisions(
                db,
                sql::REVISIONS_AFTER,
                params![i64::try_from(sequence)?, limit],
            )
        })
    }

    fn last_sequence(&self) -> Result<u64, StoreError> {
        self.read("read revisions", |db| {
            let last: i64 = db
                .prepare_cached(sql::LAST_REVISION)?
                .query_row([], |row| row.get(0))?;
            Ok(last.unsigned_abs())
        })
    }

    fn put_observations(
        &self,
        revision: &RevisionId,
        observations: &[Observation],
    ) -> Result<(), StoreError> {
        self.write("store observations", |db| {
            judged::put_observations(db, revision, observations)
        })
    }

    fn observations(&self, ids: &[ObservationId]) -> Result<Vec<Observation>, StoreError> {
        self.read("read observations", |db| judged::observations(db, ids))
    }

    fn observations_of(&self, revision: &RevisionId) -> Result<Vec<Observation>, StoreError> {
        self.read("read observations", |db| {
            judged::observed(db, sql::OBSERVATIONS_OF, params![revision.0])
        })
    }

    fn each_observation(&self, each: &mut dyn FnMut(Observation)) -> Result<(), StoreError> {
        let mut after = (0, -1);
        loop {
            let page = self.read("read observations", |db| {
                judged::observations_after(db, after, PAGE_ROWS)
            })?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            page.into_iter()
                .for_each(|(_, observation)| each(observation));
        }
    }

    fn put_claims(&self, revision: &RevisionId, claims: &[Claim]) -> Result<(), StoreError> {
        self.write("store claims", |db| {
            judged::put_claims(db, revision, claims)
        })
    }

    fn claims(&self, revision: &RevisionId) -> Result<Vec<Claim>, StoreError> {
        self.read("read claims", |db| {
            judged::claims(db, sql::CLAIMS_OF, params![revision.0])
        })
    }

    fn unjudged_after(&self, sequence: u64, limit: usize) -> Result<(u64, Vec<Claim>), StoreError> {
        self.read("read claims", |db| {
            judged::claims_after(db, sql::UNJUDGED_CLAIMS, sequence, limit)
        })
    }

    fn put_bases(&self, bases: &[BasisOf]) -> Result<(), StoreError> {
        self.write("store what verdicts rest on", |db| leaning::put(db, bases))
    }

    fn bases_after(
        &self,
        place: Option<BasisPlace>,
        limit: usize,
    ) -> Result<Vec<(BasisPlace, Basis)>, StoreError> {
        self.read("read what verdicts rest on", |db| {
            leaning::after(db, place, limit)
        })
    }

    fn weighed(&self) -> Result<u64, StoreError> {
        self.read("read the place of weighing", leaning::weighed)
    }

    fn waiting(&self, now: DateTime<Utc>) -> Result<Vec<RevisionId>, StoreError> {
        self.read("read the records that wait", |db| leaning::waiting(db, now))
    }

    fn put_weighing(&self, weighing: &Weighing) -> Result<(), StoreError> {
        self.write("note what was weighed", |db| {
            leaning::put_weighing(db, weighing)
        })
    }

    fn claim(&self, id: &ClaimId) -> Result<Option<Claim>, StoreError> {
        self.read("read a claim", |db| {
            Ok(judged::claims(db, sql::CLAIM, params![id.0])?.pop())
        })
    }

    fn put_verdicts(&self, verdicts: &[Verdict]) -> Result<(), StoreError> {
        self.write("store verdicts", |db| judged::put_verdicts(db, verdicts))
    }

    fn verdict(&self, claim: &ClaimId) -> Result<Option<Verdict>, StoreError> {
        self.read("read a verdict", |db| judged::verdict(db, claim))
    }

    fn verdicts(&self, claim: &ClaimId) -> Result<Vec<Verdict>, StoreError> {
        self.read("read verdicts", |db| {
            crawled::payloads(db, sql::VERDICTS, params![claim.0])
        })
    }

    fn findings(&self) -> Result<Vec<(Claim, Verdict)>, StoreError> {
        self.read("read findings", |db| {
            judged::findings(db, sql::FINDINGS, [])
        })
    }

    fn findings_with(&self, label: Label) -> Result<Vec<(Claim, Verdict)>, StoreError> {
        self.read("read findings", |db| {
            judged::findings(db, sql::FINDINGS_WITH, params![judged::word(&label)?])
        })
    }

    fn revisions_with(&self, label: Label) -> Result<Vec<RevisionId>, StoreError> {
        self.read("read findings", |db| judged::revisions_with(db, label))
    }

    fn claims_with(&self, label: Label) -> Result<Vec<ClaimId>, StoreError> {
        self.read("read findings", |db| judged::claims_with(db, label))
    }

    fn findings_of(&self, url: &str) -> Result<Vec<(Claim, Verdict)>, StoreError> {
        self.read("read findings", |db| {
            judged::findings(db, sql::FINDINGS_OF, params![url])
        })
    }

    fn findings_quoting(
        &self,
        url: &str,
        limit: usize,
    ) -> Result<Vec<(Claim, Verdict)>, StoreError> {
        self.read("read findings", |db| {
            let limit = i64::try_from(limit)?;
            judged::findings(db, sql::FINDINGS_QUOTING, params![url, limit])
        })
    }

    fn labels(&self) -> Result<BTreeMap<Label, usize>, StoreError> {
        self.read("count verdicts", judged::labels)
    }

    fn letters(&self, case: Option<&CaseId>) -> Result<Vec<LetterEntry>, StoreError> {
        self.read("read letters", |db| letters::letters(db, case))
    }

    fn n_letter_changes(&self) -> Result<u64, StoreError> {
        self.read("read how often letters changed", letters::n_changes)
    }

    fn letter(&self, number: &str) -> Result<Option<LetterEntry>, StoreError> {
        self.read("read a letter", |db| letters::letter(db, number))
    }

    fn add_letter(&self, letter: &LetterEntry) -> Result<(), StoreError> {
        let notes: Vec<AuditNote> = letters::note(None, letter).into_iter().collect();
        self.enter("enter a letter", |db| {
            letters::add(db, letter)?;
            audit::append(db, &notes)
        })
    }

    fn change_letter(&self, before: &LetterEntry, after: &LetterEntry) -> Result<bool, StoreError> {
        let note = letters::note(Some(before), after);
        let what = "change a letter";
        let (is_changed, head) = self.write(what, |db| {
            let is_changed = letters::change(db, before, after)?;
            let entered = note.as_ref().filter(|_| is_changed);
            let head = entered.map(|note| audit::append(db, std::slice::from_ref(note)));
            Ok((is_changed, head.transpose()?))
        })?;
        if let Some(head) = &head {
            self.keep_head(what, head)?;
        }
        Ok(is_changed)
    }

    fn saved_searches(&self) -> Result<Vec<SavedSearch>, StoreError> {
        self.read("read saved searches", saved::searches)
    }

    fn put_saved_searches(&self, searches: &[SavedSearch]) -> Result<(), StoreError> {
        self.write("store saved searches", |db| saved::put(db, searches))
    }

    fn change_saved_search(
        &self,
        name: &str,
        change: &mut dyn FnMut(&mut SavedSearch),
    ) -> Result<bool, StoreError> {
        self.write("change a saved search", |db| {
            saved::change(db, name, change)
        })
    }

    fn remove_saved_search(&self, name: &str) -> Result<bool, StoreError> {
        self.write("remove a saved search", |db| saved::remove(db, name))
    }

    fn alerts(&self, search: &str, limit: usize) -> Result<Vec<Alert>, StoreError> {
        self.read("read alerts", |db| saved::alerts(db, search, limit))
    }

    fn put_alerts(&self, alerts: &[Alert], matched: Option<u64>) -> Result<(), StoreError> {
        self.write("store alerts", |db| {
            saved::put_alerts(db, alerts)?;
            matched.map_or(Ok(()), |place| saved::put_matched(db, place))
        })
    }

    fn matched(&self) -> Result<u64, StoreError> {
        self.read("read the place of matching", saved::matched)
    }

    fn put_sources(&self, sources: &[Source]) -> Result<(), StoreError> {
        self.write("store sources", |db| crawled::put_sources(db, sources))
    }

    fn sources(&self) -> Result<Vec<Source>, StoreError> {
        self.read("read sources", |db| crawled::payloads(db, sql::SOURCES, []))
    }

    fn memory(&self, source: &SourceId) -> Result<SiteMemory, StoreError> {
        self.read("read what a site repeats", |db| crawled::memory(db, source))
    }

    fn put_memory(&self, source: &SourceId, memory: &SiteMemory) -> Result<(), StoreError> {
        self.write("keep what a site repeats", |db| {
            crawled::put_memory(db, source, memory)
        })
    }

    fn change_cases(
        &self,
        changes: &[CaseChange],
        now: DateTime<Utc>,
    ) -> Result<Changed, StoreError> {
        const WHAT: &str = "store cases";
        let (changed, head) = self.write(WHAT, |db| desk::change_cases(db, changes, now))?;
        if let Some(head) = head {
            self.keep_head(WHAT, &head)?;
        }
        Ok(changed)
    }

    fn change_cases_and_letter(
        &self,
        changes: &[CaseChange],
        (before, after): (&LetterEntry, &LetterEntry),
        now: DateTime<Utc>,
    ) -> Result<Option<Changed>, StoreError> {
        const WHAT: &str = "store cases and a letter";
        let (changed, head) = self.write(WHAT, |db| {
            desk::change_cases_and_letter(db, changes, before, after, now)
        })?;
        if let Some(head) = head {
            self.keep_head(WHAT, &head)?;
        }
        Ok(changed)
    }

    fn case_version(&self, id: &CaseId, version: u64) -> Result<Option<Case>, StoreError> {
        self.read("read a case", |db| desk::case_version(db, id, version))
    }

    fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read("read users", |db| crawled::payloads(db, sql::USERS, []))
    }

    fn user(&self, id: &str) -> Result<Option<User>, StoreError> {
        self.read("read a user", |db| {
            Ok(crawled::payloads(db, sql::USER, params![id])?.pop())
        })
    }

    fn put_user(&self, user: &User, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.enter("store a user", |db| desk::put_user(db, user, by, now))
    }

    fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.read("read tokens", |db| crawled::payloads(db, sql::TOKENS, []))
    }

    fn token(&self, hash: &str) -> Result<Option<Token>, StoreError> {
        self.read("read a token", |db| {
            Ok(crawled::payloads(db, sql::TOKEN, params![hash])?.pop())
        })
    }

    fn put_token(&self, token: &Token, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.enter("store a token", |db| desk::put_token(db, token, by, now))
    }

    fn change_user(
        &self,
        id: &str,
        by: &str,
        action: &str,
        now: DateTime<Utc>,
        change: &mut dyn FnMut(&mut User),
    ) -> Result<Option<User>, StoreError> {
        self.enter_if("change a user", |db| {
            signed::change_user(db, id, by, action, now, change)
        })
    }

    fn decide_user(
        &self,
        by: &str,
        action: &str,
        now: DateTime<Utc>,
        decide: &mut dyn FnMut(&[User]) -> Option<User>,
    ) -> Result<Option<User>, StoreError> {
        self.enter_if("change a user", |db| {
            signed::decide_user(db, by, action, now, decide)
        })
    }

    fn set_password(
        &self,
        id: &str,
        hash: &str,
        but: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let set = self.enter_if("set a password", |db| {
            signed::set_password(db, id, hash, but, now)
        })?;
        Ok(set.is_some())
    }

    fn add_session(&self, session: &Session) -> Result<(), StoreError> {
        self.enter("keep a session", |db| signed::add_session(db, session))
    }

    fn session(&self, hash: &str) -> Result<Option<Session>, StoreError> {
        self.read("read a session", |db| signed::session(db, hash))
    }

    fn sessions(&self, user: &str) -> Result<Vec<Session>, StoreError> {
        self.read("read sessions", |db| {
            crawled::payloads(db, sql::SESSIONS_OF, params![user])
        })
    }

    fn seen_session(&self, session: &Session) -> Result<(), StoreError> {
        self.write("note a session", |db| signed::seen_session(db, session))
    }

    fn end_session(
        &self,
        hash: &str,
        by: &str,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let ended = self.enter_if("end a session", |db| {
            let head = signed::end_session(db, hash, by, why, now)?;
            Ok(head.map(|head| ((), head)))
        })?;
        Ok(ended.is_some())
    }

    fn end_sessions(
        &self,
        user: &str,
        but: Option<&str>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let ended = self.enter_if("end sessions", |db| {
            let note = signed::end_sessions(db, user, but, by, now)?;
            let head = note.map(|note| audit::append(db, &[note])).transpose()?;
            Ok(head.map(|head| ((), head)))
        });
        ended.map(|_| ())
    }

    fn add_link(&self, link: &Link, by: &str) -> Result<(), StoreError> {
        self.enter("keep a link", |db| signed::add_link(db, link, by))
    }

    fn link(&self, hash: &str) -> Result<Option<Link>, StoreError> {
        self.read("read a link", |db| signed::link(db, hash))
    }

    fn redeem_link(
        &self,
        hash: &str,
        now: DateTime<Utc>,
        change: &mut dyn FnMut(&Link, Option<User>) -> Option<User>,
    ) -> Result<Option<User>, StoreError> {
        self.enter_if("use a link", |db| {
            signed::redeem_link(db, hash, now, change)
        })
    }

    fn use_step(&self, user: &str, step: u64) -> Result<bool, StoreError> {
        self.write("use a code", |db| signed::use_step(db, user, step))
    }

    fn keep_unsent(
        &self,
        unsent: &Unsent,
        oldest: DateTime<Utc>,
        most: usize,
    ) -> Result<(), StoreError> {
        self.write("keep what was typed", |db| {
            unsent::keep(db, unsent, oldest, most)
        })
    }

    fn unsent(
        &self,
        user: &str,
        form: &str,
        oldest: DateTime<Utc>,
    ) -> Result<Option<Unsent>, StoreError> {
        self.read("read what was typed", |db| {
            unsent::one(db, user, form, oldest)
        })
    }

    fn all_unsent(&self, user: &str, oldest: DateTime<Utc>) -> Result<Vec<Unsent>, StoreError> {
        self.read("read what was typed", |db| unsent::all(db, user, oldest))
    }

    fn drop_unsent(&self, user: &str, form: &str) -> Result<bool, StoreError> {
        self.write("let go of what was typed", |db| {
            unsent::remove(db, user, form)
        })
    }

    fn queue_views(&self) -> Result<Vec<QueueView>, StoreError> {
        self.read("read views of the queue", queue_views::all)
    }

    fn keep_queue_view(&self, view: &QueueView) -> Result<ViewKept, StoreError> {
        self.write("keep a view of the queue", |db| queue_views::keep(db, view))
    }

    fn remove_queue_view(&self, id: &str) -> Result<bool, StoreError> {
        self.write("remove a view of the queue", |db| {
            queue_views::remove(db, id)
        })
    }

    fn note(&self, note: &AuditNote) -> Result<(), StoreError> {
        self.enter("write the audit log", |db| {
            audit::append(db, std::slice::from_ref(note))
        })
    }

    fn audit_after(&self, seq: u64) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("read the audit log", |db| {
            audit::after(db, seq, audit::PAGE)
        })
    }

    fn audit_before(&self, seq: u64) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("read the audit log", |db| {
            audit::before(db, seq, audit::PAGE)
        })
    }

    fn verify_audit(&self) -> Result<AuditReport, StoreError> {
        let dir = self.dir().to_owned();
        self.read("read the audit log", |db| audit::verify(db, &dir))
    }

    fn hasten(&self, revisions: &[RevisionId], due_at: DateTime<Utc>) -> Result<(), StoreError> {
        if revisions.is_empty() {
            return Ok(());
        }
        self.write("bring a visit forward", |db| {
            crawled::hasten(db, revisions, due_at)
        })
    }

    fn last_case_version(&self) -> Result<u64, StoreError> {
        self.read(
            "read the newest version of all cases",
            desk::last_case_version,
        )
    }

    fn cases_changed_after(&self, number: u64) -> Result<BTreeMap<CaseId, u64>, StoreError> {
        self.read("read which cases changed", |db| {
            desk::cases_changed_after(db, number)
        })
    }

    fn cases(&self) -> Result<Arc<Vec<Case>>, StoreError> {
        self.cases.newest([self.last_case_version()?], || {
            self.read("read cases", |db| crawled::payloads(db, sql::CASES, []))
        })
    }

    fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError> {
        self.read("read a case", |db| judged::case(db, id))
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.read("count", judged::counts)
    }
}
