//! The ground truth: what was captured, read, judged and decided, behind one face.
//!
//! [`Store`] is what the rest of the program knows. The embedded database stands behind it today
//! ([`open`]); a server database can stand behind it later. No SQL leaves this folder.
//! Captures and revisions are only ever added; of a capture that nobody cites a rule of the operator may let the bytes go. Each method that writes is one transaction, and
//! doing the same again changes nothing.

mod arrived;
mod audit;
mod connections;
mod crawled;
mod desk;
mod embedded;
mod error;
mod held;
mod judged;
mod leaning;
mod letters;
mod opening;
mod payload;
mod queue_views;
mod retained;
mod revised;
mod saved;
mod seen;
mod signed;
mod sql;
mod unsent;
mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

pub use audit::{AuditReport, HEAD_NAME};
pub use connections::FILE_NAME;
pub use embedded::{open, open_desk, open_read_only};
pub use error::StoreError;
pub use held::Held;
pub use opening::{lock_file, once_free};

use crate::model::{
    Alert, AuditEntry, AuditNote, Basis, BasisOf, Capture, CaptureId, Case, CaseId, Claim, ClaimId,
    Document, FetchOutcome, FrontierEntry, Gap, Health, HostRecord, HourYield, Label, LetterEntry,
    Link, Observation, ObservationId, QueueView, Revision, RevisionId, Rhythm, SavedSearch,
    Session, SiteMemory, Source, SourceId, Subscription, Token, Unsent, User, Verdict, ViewKept,
};

/// A case as somebody wants it, with who changed it and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseChange {
    /// The changed case; its version is the one that was seen before the change, 0 for a case that is new.
    pub case: Case,
    /// A user's id, or `program`.
    pub actor: String,
    /// The step, as it is entered in the audit log after `case.`.
    pub action: String,
    /// What else is to be entered.
    pub details: serde_json::Value,
}

/// What a change of cases came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// All are stored, with their new versions.
    Done(Vec<Case>),
    /// Nothing is stored: these were changed by others since they were seen.
    Stale(Vec<CaseId>),
}

/// What recording a document came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// The first revision of its address.
    New(RevisionId),
    /// A further revision; the one before is superseded.
    Changed {
        /// The revision before.
        before: RevisionId,
        /// The new one.
        now: RevisionId,
    },
    /// What readers see did not change, or the page was seen before what stands now.
    Unchanged(RevisionId),
}

/// A page as it was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Source that led to it; a document keeps the source that led to it first.
    pub source: SourceId,
    /// What it says.
    pub document: Document,
    /// Capture it was read from.
    pub capture: Option<CaptureId>,
    /// When it was seen: the moment of the capture.
    pub seen_at: DateTime<Utc>,
}

/// What the judge draws from one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derived {
    /// Observations of a record, in order of appearance.
    pub observations: Vec<Observation>,
    /// Claims, in order of appearance.
    pub claims: Vec<Claim>,
}

/// A capture whose body has not been read into a document yet, or was read but not yet judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The capture.
    pub capture: Capture,
    /// The frontier entry it answered.
    pub entry: FrontierEntry,
}

/// Counts for summaries and health.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Captures.
    pub captures: u64,
    /// Documents, that is addresses with at least one revision.
    pub documents: u64,
    /// Revisions.
    pub revisions: u64,
    /// Observations of current records.
    pub observations: u64,
    /// Claims of current publications.
    pub claims: u64,
    /// Cases.
    pub cases: u64,
}

/// One entry of the log of fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLog {
    /// Source.
    pub source: SourceId,
    /// Address.
    pub url: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What it came to.
    pub outcome: FetchOutcome,
}

/// What is never let go, whatever its age.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cited {
    /// Captures that a verdict or a current revision was read from, that wait to be read, or that were the newest of their address
    /// when the time of the rule began.
    pub captures: BTreeSet<CaptureId>,
    /// Addresses of which a case in any of its versions, or a letter, names a revision: all that was kept of them stays.
    pub urls: BTreeSet<String>,
    /// How many versions of cases and changes of letters there were then.
    pub as_of: (u64, u64),
}

/// What became of the captures of a file that was written anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// The file as it was called.
    pub file: String,
    /// The SHA-256 that it had.
    pub sha256: String,
    /// The file in which what is kept of it stands now; `None` where nothing is.
    pub successor: Option<String>,
    /// Captures that are kept, with their offsets in the successor.
    pub moved: Vec<(CaptureId, u64)>,
    /// Captures whose bytes stand nowhere any more.
    pub removed: Vec<Capture>,
    /// [`Cited::as_of`] of what was cited.
    pub as_of: (u64, u64),
    /// When.
    pub at: DateTime<Utc>,
}

/// Where the basis of a claim, or of a publication as a whole, is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BasisPlace {
    /// Place of the publication's revision in the order stored.
    pub revision: u64,
    /// Place of the claim in it; `None`, which comes first, for the publication as a whole.
    pub claim: Option<u32>,
}

/// Records that were weighed against every basis, as one transaction notes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weighing {
    /// Claims whose records must be found again, and which so wait for a verdict.
    pub affected: Vec<BasisPlace>,
    /// Place of the newest revision that was weighed.
    pub until: u64,
    /// Records that must be weighed again at a later moment, since they are dated after this one.
    pub waiting: Vec<(RevisionId, DateTime<Utc>)>,
    /// The moment as of which they were weighed: what waited for it waits no more.
    pub now: DateTime<Utc>,
}

/// The ground truth behind one face.
pub trait Store: Send + Sync {
    // Sources.

    /// Stores sources as the configuration has them now; one that left the configuration stays, for what it published.
    fn put_sources(&self, sources: &[Source]) -> Result<(), StoreError>;
    /// All sources ever configured, by id: names and roles for commands that read no configuration.
    fn sources(&self) -> Result<Vec<Source>, StoreError>;

    /// What repeats over the pages of a source, as far as it was learned.
    fn memory(&self, source: &SourceId) -> Result<SiteMemory, StoreError>;
    /// Keeps what was learned of a source's pages.
    fn put_memory(&self, source: &SourceId, memory: &SiteMemory) -> Result<(), StoreError>;

    // Frontier.

    /// Adds addresses that are not known yet; a known one keeps its state but takes a newer hint. Returns how many were new.
    fn discover(&self, entries: &[FrontierEntry]) -> Result<usize, StoreError>;
    /// Entries due at `now` of the given sources (all when empty), by due time then address; with `all`, every entry that is not retired.
    fn due(
        &self,
        sources: &[SourceId],
        now: DateTime<Utc>,
        all: bool,
    ) -> Result<Vec<FrontierEntry>, StoreError>;
    /// One entry.
    fn frontier_entry(
        &self,
        source: &SourceId,
        url: &str,
    ) -> Result<Option<FrontierEntry>, StoreError>;
    /// Notes what a visit came to, in one transaction: `after` makes the new state of an entry of the one that stands now, which others
    /// may have changed since it was read as `asked` (which stands for it where it is not known); the outcome is logged, and a
    /// capture stored as pending. A capture of the same id is stored once.
    fn visited(
        &self,
        asked: &FrontierEntry,
        outcome: &FetchOutcome,
        at: DateTime<Utc>,
        capture: Option<&Capture>,
        after: &dyn Fn(&FrontierEntry) -> FrontierEntry,
    ) -> Result<(), StoreError>;
    /// The same of a fetch that brought no body, where nobody else changes the entry.
    fn fetched(
        &self,
        entry: &FrontierEntry,
        outcome: &FetchOutcome,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.visited(entry, outcome, now, None, &|_| entry.clone())
    }
    /// The same of a fetch that brought a body.
    fn captured(&self, entry: &FrontierEntry, capture: &Capture) -> Result<(), StoreError> {
        let (outcome, at) = (FetchOutcome::Captured, capture.fetched_at);
        self.visited(entry, &outcome, at, Some(capture), &|_| entry.clone())
    }
    /// The newest outcomes of a source, newest first, at most `limit`.
    fn fetch_log(&self, source: &SourceId, limit: usize) -> Result<Vec<FetchLog>, StoreError>;

    /// The entries of an address, by source. The address is not brought into canonical form.
    fn entries_at(&self, url: &str) -> Result<Vec<FrontierEntry>, StoreError>;
    /// Changes an entry as it stands now, in one transaction; nothing where there is none.
    fn change_entry(
        &self,
        source: &SourceId,
        url: &str,
        change: &mut dyn FnMut(&mut FrontierEntry),
    ) -> Result<(), StoreError>;
    /// The newest outcomes of one address of a source, newest first, at most `limit`. Looks through all of the source's.
    fn fetch_log_of(
        &self,
        source: &SourceId,
        url: &str,
        limit: usize,
    ) -> Result<Vec<FetchLog>, StoreError>;

    // Hubs.

    /// All subscriptions to the news of feeds, by source and feed.
    fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError>;
    /// Changes the subscription to a feed's news as it stands now, in one transaction; `None` is none.
    fn change_subscription(
        &self,
        source: &SourceId,
        feed: &str,
        change: &mut dyn FnMut(Option<Subscription>) -> Option<Subscription>,
    ) -> Result<(), StoreError>;

    // What visits taught.

    /// When a source publishes, and how often it changes its pages.
    fn rhythm(&self, source: &SourceId) -> Result<Rhythm, StoreError>;
    /// Changes the rhythm of a source as it stands now, in one transaction.
    fn change_rhythm(
        &self,
        source: &SourceId,
        change: &mut dyn FnMut(&mut Rhythm),
    ) -> Result<(), StoreError>;
    /// What is remembered of a host, by its host key.
    fn host(&self, host: &str) -> Result<HostRecord, StoreError>;
    /// Changes what is remembered of a host as it stands now, in one transaction.
    fn change_host(
        &self,
        host: &str,
        change: &mut dyn FnMut(&mut HostRecord),
    ) -> Result<(), StoreError>;
    /// Adds to what sources brought in their hours.
    fn add_yields(&self, yields: &[(SourceId, HourYield)]) -> Result<(), StoreError>;
    /// What a source brought from that hour (see [`HourYield::hour`]) on, by hour; hours without anything are left out.
    fn yields(&self, source: &SourceId, from_hour: i64) -> Result<Vec<HourYield>, StoreError>;
    /// How sources fared when it was last looked, by source.
    fn healths(&self) -> Result<Vec<Health>, StoreError>;
    /// Keeps how sources fare, in place of what was kept of the same sources.
    fn put_healths(&self, healths: &[Health]) -> Result<(), StoreError>;

    /// The times in which sources were not seen, those that last at `now` included, by source and time.
    fn gaps(&self, now: DateTime<Utc>) -> Result<Vec<Gap>, StoreError>;

    /// How many documents were first seen in each of `n_steps` spans of length `step` from a moment on, by source; a source
    /// without any is left out.
    fn arrivals(
        &self,
        from: DateTime<Utc>,
        step: TimeDelta,
        n_steps: usize,
    ) -> Result<BTreeMap<SourceId, Vec<u64>>, StoreError>;
    /// The newest captures of a source, newest first, at most `limit`.
    fn newest_captures(&self, source: &SourceId, limit: usize) -> Result<Vec<Capture>, StoreError>;
    /// The addresses of a source that are visited next, by due time then address, at most `limit`.
    fn next_visits(
        &self,
        source: &SourceId,
        limit: usize,
    ) -> Result<Vec<FrontierEntry>, StoreError>;

    // Captures.

    /// Captures not yet processed, oldest first, at most `limit`.
    fn pending(&self, limit: usize) -> Result<Vec<Pending>, StoreError>;
    /// Marks captures as processed.
    fn processed(&self, captures: &[CaptureId]) -> Result<(), StoreError>;
    /// One capture.
    fn capture(&self, id: &CaptureId) -> Result<Option<Capture>, StoreError>;
    /// Every capture, in the order stored.
    fn captures(&self) -> Result<Vec<Capture>, StoreError>;
    /// Where in a WARC file captures stand that the store knows.
    fn offsets_in(&self, warc_file: &str) -> Result<BTreeSet<u64>, StoreError>;
    /// The captures that stand in a WARC file, in the order stored.
    fn captures_in(&self, warc_file: &str) -> Result<Vec<Capture>, StoreError>;

    // What stays of the captures.

    /// What a rule of retention that lets go what is older than `before` has to leave alone.
    fn cited(&self, before: DateTime<Utc>) -> Result<Cited, StoreError>;
    /// Files that were written anew without some of what stood in them, each with the SHA-256 that it had.
    fn rewritten(&self) -> Result<BTreeMap<String, String>, StoreError>;
    /// Notes that a file was written anew, and enters it in the audit log, in one transaction. False, and nothing noted, where a case
    /// or letter changed since it was asked what is cited.
    fn rewrite(&self, rewrite: &Rewrite, note: &AuditNote) -> Result<bool, StoreError>;

    // Revisions.

    /// Records what a page says: a new revision where a reader would see a change, else only a later `last_seen`.
    fn record(
        &self,
        source: &SourceId,
        document: &Document,
        capture: Option<&CaptureId>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, StoreError>;
    /// Records many pages at once: `derive` is asked once for what follows from the new revisions (one entry each,
    /// in their order), and revisions, observations, claims and the marks of the processed captures are written in one
    /// transaction, so that a kill leaves all of a batch or nothing. The database is not held while `derive` works;
    /// it may read the store, but must not record. One entry comes back for each sighting.
    fn record_batch(
        &self,
        sightings: &[Sighting],
        processed: &[CaptureId],
        derive: &mut dyn FnMut(&[Revision]) -> Vec<Derived>,
    ) -> Result<Vec<Recorded>, StoreError>;
    /// Brings the next visit of what these revisions were read from forward to a moment, and marks the addresses as having an
    /// open case for two days from then.
    fn hasten(&self, revisions: &[RevisionId], due_at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Adds the marker that a page is gone, unless it stands already; `None` when the address has no revision.
    fn mark_gone(&self, url: &str, now: DateTime<Utc>) -> Result<Option<RevisionId>, StoreError>;
    /// One revision.
    fn revision(&self, id: &RevisionId) -> Result<Option<Revision>, StoreError>;
    /// The newest revision of an address, the marker of a gone page included.
    fn newest_revision(&self, url: &str) -> Result<Option<Revision>, StoreError>;
    /// All revisions of an address, first to last.
    fn revisions_of(&self, url: &str) -> Result<Vec<Revision>, StoreError>;
    /// The revision that stands now for every address, by address; gone pages are left out.
    fn current_revisions(&self) -> Result<Vec<Revision>, StoreError>;
    /// Every revision in the order stored, handed to `each` one at a time so that memory stays flat.
    fn each_revision(&self, each: &mut dyn FnMut(Revision)) -> Result<(), StoreError>;

    /// Revisions stored after that place in the order stored, at most `limit`, each with its place: what an index catches up with.
    /// A revision that supersedes another always comes after it.
    fn revisions_after(
        &self,
        sequence: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Revision)>, StoreError>;
    /// The place of the newest revision; 0 when there is none.
    fn last_sequence(&self) -> Result<u64, StoreError>;

    // Observations and claims, derived from revisions and replaced with their rules.

    /// Replaces the observations of a revision.
    fn put_observations(
        &self,
        revision: &RevisionId,
        observations: &[Observation],
    ) -> Result<(), StoreError>;
    /// Observations by id, in the order asked for; unknown ids are left out. `superseded_at` is that of the revision.
    fn observations(&self, ids: &[ObservationId]) -> Result<Vec<Observation>, StoreError>;
    /// Observations of a revision, in order of appearance.
    fn observations_of(&self, revision: &RevisionId) -> Result<Vec<Observation>, StoreError>;
    /// Every observation of every revision, in a stable order.
    fn each_observation(&self, each: &mut dyn FnMut(Observation)) -> Result<(), StoreError>;
    /// Replaces the claims of a revision.
    fn put_claims(&self, revision: &RevisionId, claims: &[Claim]) -> Result<(), StoreError>;
    /// Claims of a revision, in order of appearance.
    fn claims(&self, revision: &RevisionId) -> Result<Vec<Claim>, StoreError>;
    /// Claims of revisions that stand now and were stored after that place, revision by revision in the order stored,
    /// until there are `limit` of them and the revision is whole; with the place of the last revision. Only those that
    /// wait for a verdict: they have no basis yet, or have none any more. Empty when none is left.
    fn unjudged_after(&self, sequence: u64, limit: usize) -> Result<(u64, Vec<Claim>), StoreError>;
    /// One claim, as its newest revision has it.
    fn claim(&self, id: &ClaimId) -> Result<Option<Claim>, StoreError>;

    // What verdicts rest on.

    /// Stores bases, in place of those that stood for the same claims: these claims no longer wait for a verdict.
    fn put_bases(&self, bases: &[BasisOf]) -> Result<(), StoreError>;
    /// Bases after a place, in the order of places, at most `limit`.
    fn bases_after(
        &self,
        place: Option<BasisPlace>,
        limit: usize,
    ) -> Result<Vec<(BasisPlace, Basis)>, StoreError>;
    /// Place of the newest revision that was weighed against the bases.
    fn weighed(&self) -> Result<u64, StoreError>;
    /// Records that waited for a moment up to this one, by id.
    fn waiting(&self, now: DateTime<Utc>) -> Result<Vec<RevisionId>, StoreError>;
    /// Notes what weighing records came to, in one transaction.
    fn put_weighing(&self, weighing: &Weighing) -> Result<(), StoreError>;

    // Verdicts and cases.

    /// Stores verdicts; the older ones of the same claims stay as history. A verdict that differs from the newest only in
    /// `as_of` moves that moment and adds no history.
    fn put_verdicts(&self, verdicts: &[Verdict]) -> Result<(), StoreError>;
    /// The newest verdict of a claim.
    fn verdict(&self, claim: &ClaimId) -> Result<Option<Verdict>, StoreError>;
    /// All verdicts a claim has had, oldest first.
    fn verdicts(&self, claim: &ClaimId) -> Result<Vec<Verdict>, StoreError>;
    /// Claims of revisions that stand now with their newest verdicts, by address and order of appearance.
    fn findings(&self) -> Result<Vec<(Claim, Verdict)>, StoreError>;
    /// Those of [`Store::findings`] whose newest verdict has this label.
    fn findings_with(&self, label: Label) -> Result<Vec<(Claim, Verdict)>, StoreError>;
    /// Revisions that stand now with a claim whose newest verdict has this label, by id.
    fn revisions_with(&self, label: Label) -> Result<Vec<RevisionId>, StoreError>;
    /// Claims of revisions that stand now whose newest verdict has this label, by id.
    fn claims_with(&self, label: Label) -> Result<Vec<ClaimId>, StoreError>;
    /// Those of [`Store::findings`] that stand at an address.
    fn findings_of(&self, url: &str) -> Result<Vec<(Claim, Verdict)>, StoreError>;
    /// Those of [`Store::findings`] whose verdict quotes the page at an address, in whatever revision; at most `limit`.
    fn findings_quoting(
        &self,
        url: &str,
        limit: usize,
    ) -> Result<Vec<(Claim, Verdict)>, StoreError>;
    /// How many of [`Store::findings`] have which label.
    fn labels(&self) -> Result<BTreeMap<Label, usize>, StoreError>;
    /// Stores changed cases and enters each change in the audit log; all of it, or nothing where another change came first.
    fn change_cases(
        &self,
        changes: &[CaseChange],
        now: DateTime<Utc>,
    ) -> Result<Changed, StoreError>;
    /// The same together with a letter, which is put in place of what it was before: both or neither. `None` where somebody else
    /// changed the letter meanwhile.
    fn change_cases_and_letter(
        &self,
        changes: &[CaseChange],
        letter: (&LetterEntry, &LetterEntry),
        now: DateTime<Utc>,
    ) -> Result<Option<Changed>, StoreError>;
    /// A version of a case, the newest included.
    fn case_version(&self, id: &CaseId, version: u64) -> Result<Option<Case>, StoreError>;
    /// A number that grows with every stored version of a case: whoever holds cases in memory asks whether they are the newest.
    fn last_case_version(&self) -> Result<u64, StoreError>;
    /// The cases of which a version was stored after such a number, each with the first of these versions: 1 where the case is new.
    fn cases_changed_after(&self, number: u64) -> Result<BTreeMap<CaseId, u64>, StoreError>;
    /// All cases, by id, read anew only after one of them changed.
    fn cases(&self) -> Result<Arc<Vec<Case>>, StoreError>;
    /// One case.
    fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError>;

    // Who works with cases, and the audit log.

    /// All users, disabled ones included, by id.
    fn users(&self) -> Result<Vec<User>, StoreError>;
    /// One user.
    fn user(&self, id: &str) -> Result<Option<User>, StoreError>;
    /// Adds or changes a user and enters who did so. Who is disabled has no session, link, token or unsent text from then on.
    fn put_user(&self, user: &User, by: &str, now: DateTime<Utc>) -> Result<(), StoreError>;
    /// All tokens, revoked ones included, by hash.
    fn tokens(&self) -> Result<Vec<Token>, StoreError>;
    /// The token of a hash.
    fn token(&self, hash: &str) -> Result<Option<Token>, StoreError>;
    /// Adds or changes a token and enters who did so.
    fn put_token(&self, token: &Token, by: &str, now: DateTime<Utc>) -> Result<(), StoreError>;
    /// Changes a user as stored, and enters it under an action such as `user.password`; the user as it then is, `None` where
    /// there is none.
    fn change_user(
        &self,
        id: &str,
        by: &str,
        action: &str,
        now: DateTime<Utc>,
        change: &mut dyn FnMut(&mut User),
    ) -> Result<Option<User>, StoreError>;

    /// Changes users by all that are stored, which nobody changes meanwhile: stores the user that `decide` makes of them, new or
    /// changed, and enters it under an action; `None` where it makes none.
    fn decide_user(
        &self,
        by: &str,
        action: &str,
        now: DateTime<Utc>,
        decide: &mut dyn FnMut(&[User]) -> Option<User>,
    ) -> Result<Option<User>, StoreError>;
    /// Sets the hash of a user's own password. With it end the user's sessions, all but the one of a hash, and a link that was not
    /// used yet; tokens stay, since administrators make and revoke them. False where there is no such user.
    fn set_password(
        &self,
        id: &str,
        hash: &str,
        but: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    // Who is signed in.

    /// Keeps a new session and enters the sign-in.
    fn add_session(&self, session: &Session) -> Result<(), StoreError>;
    /// The session of a hash, whether it still holds or not.
    fn session(&self, hash: &str) -> Result<Option<Session>, StoreError>;
    /// The sessions of a user, newest first.
    fn sessions(&self, user: &str) -> Result<Vec<Session>, StoreError>;
    /// Notes when a session was last seen; one that ended meanwhile stays ended.
    fn seen_session(&self, session: &Session) -> Result<(), StoreError>;
    /// Ends a session and enters why; says whether there was one.
    fn end_session(
        &self,
        hash: &str,
        by: &str,
        why: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError>;
    /// Ends the sessions of a user, all but the one of a hash, and enters it.
    fn end_sessions(
        &self,
        user: &str,
        but: Option<&str>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Keeps a link that sets a password once, and enters it; those that the same user had before no longer work.
    fn add_link(&self, link: &Link, by: &str) -> Result<(), StoreError>;
    /// The link of a hash, whether it may still be used or not.
    fn link(&self, hash: &str) -> Result<Option<Link>, StoreError>;
    /// Uses a link: stores the user that `change` makes of the one before, ends the user's sessions and enters it, all in one
    /// transaction. `None` where the link may not be used, where it is for a first administrator and there are users, or where
    /// `change` makes none.
    fn redeem_link(
        &self,
        hash: &str,
        now: DateTime<Utc>,
        change: &mut dyn FnMut(&Link, Option<User>) -> Option<User>,
    ) -> Result<Option<User>, StoreError>;
    /// Uses the code of a time step of a user's second step of sign-in; false where it, or a later one, was used before.
    fn use_step(&self, user: &str, step: u64) -> Result<bool, StoreError>;

    // What people have typed and not sent.

    /// Keeps what somebody has typed, in place of what was kept of the same person and form; of one person the `most` forms typed
    /// in last stay, and of nobody what is not newer than `oldest`.
    fn keep_unsent(
        &self,
        unsent: &Unsent,
        oldest: DateTime<Utc>,
        most: usize,
    ) -> Result<(), StoreError>;
    /// What a person has typed into a form since a moment. It is shown to nobody else.
    fn unsent(
        &self,
        user: &str,
        form: &str,
        oldest: DateTime<Utc>,
    ) -> Result<Option<Unsent>, StoreError>;
    /// All that a person has typed since a moment, the last first.
    fn all_unsent(&self, user: &str, oldest: DateTime<Utc>) -> Result<Vec<Unsent>, StoreError>;
    /// Lets go of what a person has typed into a form; says whether there was anything.
    fn drop_unsent(&self, user: &str, form: &str) -> Result<bool, StoreError>;

    // Views of the queue.

    /// All views that people keep, by name.
    fn queue_views(&self) -> Result<Vec<QueueView>, StoreError>;
    /// Keeps a view in place of the one of its id, unless its owner has another of its name, or has too many.
    fn keep_queue_view(&self, view: &QueueView) -> Result<ViewKept, StoreError>;
    /// Removes a view; says whether there was one.
    fn remove_queue_view(&self, id: &str) -> Result<bool, StoreError>;

    /// Enters in the audit log what changed nothing that is stored: an export, a look, a refusal.
    fn note(&self, note: &AuditNote) -> Result<(), StoreError>;
    /// Entries of the audit log after a number, a page of them; empty at the end.
    fn audit_after(&self, seq: u64) -> Result<Vec<AuditEntry>, StoreError>;
    /// Entries of the audit log before a number, the newest first, a page of them; empty at the beginning.
    fn audit_before(&self, seq: u64) -> Result<Vec<AuditEntry>, StoreError>;
    /// Follows the audit log from its first entry and finds what was altered, removed, moved or cut off.
    fn verify_audit(&self) -> Result<AuditReport, StoreError>;

    // Letters.

    /// All letters of the register, or those of a case, in the order entered.
    fn letters(&self, case: Option<&CaseId>) -> Result<Vec<LetterEntry>, StoreError>;
    /// How often the register changed: by this, what is reckoned from all letters is known to be the newest.
    fn n_letter_changes(&self) -> Result<u64, StoreError>;
    /// The letter of a number.
    fn letter(&self, number: &str) -> Result<Option<LetterEntry>, StoreError>;
    /// Enters a letter under its number, and that in the audit log; a number that is taken is an error.
    fn add_letter(&self, letter: &LetterEntry) -> Result<(), StoreError>;
    /// Puts a letter in place of what it was before, and enters its step in the audit log; false when somebody else changed it
    /// meanwhile.
    fn change_letter(&self, before: &LetterEntry, after: &LetterEntry) -> Result<bool, StoreError>;

    // Saved searches.

    /// All saved searches, by name.
    fn saved_searches(&self) -> Result<Vec<SavedSearch>, StoreError>;
    /// Stores searches under their names; one of the same name is replaced.
    fn put_saved_searches(&self, searches: &[SavedSearch]) -> Result<(), StoreError>;
    /// Changes the search of a name as it stands now, in one transaction; says whether there is one.
    fn change_saved_search(
        &self,
        name: &str,
        change: &mut dyn FnMut(&mut SavedSearch),
    ) -> Result<bool, StoreError>;
    /// Removes a search with its alerts; says whether there was one.
    fn remove_saved_search(&self, name: &str) -> Result<bool, StoreError>;
    /// What a search found since it was saved, newest first, at most `limit`.
    fn alerts(&self, search: &str, limit: usize) -> Result<Vec<Alert>, StoreError>;
    /// Stores alerts and the place up to which publications were matched, in one transaction.
    fn put_alerts(&self, alerts: &[Alert], matched: Option<u64>) -> Result<(), StoreError>;
    /// The place in the order stored up to which publications were matched with the saved searches.
    fn matched(&self) -> Result<u64, StoreError>;

    /// Totals.
    fn counts(&self) -> Result<Counts, StoreError>;
}
