//! The ground truth: what was captured, read, judged and decided, behind one face.
//!
//! [`Store`] is what the rest of the program knows. The embedded database stands behind it today
//! ([`open`]); a server database can stand behind it later. No SQL leaves this folder.
//! Captures and revisions are only ever added. Each method that writes is one transaction, and
//! doing the same again changes nothing.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::model::{
    Capture, CaptureId, Case, CaseId, Claim, ClaimId, Document, FetchOutcome, FrontierEntry,
    Observation, ObservationId, Revision, RevisionId, SourceId, Verdict,
};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or file cannot be opened or is not a store.
    #[error("cannot open the store {path}")]
    Open {
        /// What was opened.
        path: PathBuf,
        /// Cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store was written by a newer version of the program.
    #[error("the store {path} has format {found}, this program knows up to {known}")]
    TooNew {
        /// Store file.
        path: PathBuf,
        /// Format found.
        found: u32,
        /// Newest format known.
        known: u32,
    },
    /// The database refused.
    #[error("the store could not {what}")]
    Database {
        /// What was being done.
        what: &'static str,
        /// Cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
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
    /// What readers see did not change.
    Unchanged(RevisionId),
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

/// The ground truth behind one face.
pub trait Store: Send + Sync {
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
    /// Replaces the state of an entry after a fetch that brought no body, and logs the outcome.
    fn fetched(
        &self,
        entry: &FrontierEntry,
        outcome: &FetchOutcome,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Replaces the state of an entry after a fetch that brought a body, logs it, and stores the capture as pending, in one transaction.
    /// A capture of the same id is stored once.
    fn captured(&self, entry: &FrontierEntry, capture: &Capture) -> Result<(), StoreError>;
    /// The newest outcomes of a source, newest first, at most `limit`.
    fn fetch_log(&self, source: &SourceId, limit: usize) -> Result<Vec<FetchLog>, StoreError>;

    // Captures.

    /// Captures not yet processed, oldest first, at most `limit`.
    fn pending(&self, limit: usize) -> Result<Vec<Pending>, StoreError>;
    /// Marks captures as processed.
    fn processed(&self, captures: &[CaptureId]) -> Result<(), StoreError>;
    /// One capture.
    fn capture(&self, id: &CaptureId) -> Result<Option<Capture>, StoreError>;
    /// Every capture, in the order stored.
    fn captures(&self) -> Result<Vec<Capture>, StoreError>;
    /// The end (offset plus length is not known here, so the largest offset) of what the store knows of each WARC file.
    fn warc_offsets(&self) -> Result<Vec<(String, u64)>, StoreError>;

    // Revisions.

    /// Records what a page says: a new revision where a reader would see a change, else only a later `last_seen`.
    fn record(
        &self,
        source: &SourceId,
        document: &Document,
        capture: Option<&CaptureId>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, StoreError>;
    /// Adds the marker that a page is gone, unless it stands already; `None` when the address has no revision.
    fn mark_gone(&self, url: &str, now: DateTime<Utc>) -> Result<Option<RevisionId>, StoreError>;
    /// One revision.
    fn revision(&self, id: &RevisionId) -> Result<Option<Revision>, StoreError>;
    /// All revisions of an address, first to last.
    fn revisions_of(&self, url: &str) -> Result<Vec<Revision>, StoreError>;
    /// The revision that stands now for every address, by address; gone pages are left out.
    fn current_revisions(&self) -> Result<Vec<Revision>, StoreError>;
    /// Every revision in the order stored, handed to `each` one at a time so that memory stays flat.
    fn each_revision(&self, each: &mut dyn FnMut(Revision)) -> Result<(), StoreError>;

    // Observations and claims, derived from revisions and replaced with their rules.

    /// Replaces the observations of a revision.
    fn put_observations(
        &self,
        revision: &RevisionId,
        observations: &[Observation],
    ) -> Result<(), StoreError>;
    /// Observations by id, in the order asked for; unknown ids are left out. `superseded_at` is that of the revision.
    fn observations(&self, ids: &[ObservationId]) -> Result<Vec<Observation>, StoreError>;
    /// Every observation of every revision, in a stable order.
    fn each_observation(&self, each: &mut dyn FnMut(Observation)) -> Result<(), StoreError>;
    /// Replaces the claims of a revision.
    fn put_claims(&self, revision: &RevisionId, claims: &[Claim]) -> Result<(), StoreError>;
    /// Claims of a revision, in order of appearance.
    fn claims(&self, revision: &RevisionId) -> Result<Vec<Claim>, StoreError>;
    /// Claims of all revisions that stand now, with the revision's source and address order.
    fn current_claims(&self) -> Result<Vec<Claim>, StoreError>;
    /// One claim.
    fn claim(&self, id: &ClaimId) -> Result<Option<Claim>, StoreError>;

    // Verdicts and cases.

    /// Stores verdicts; the older ones of the same claims stay as history.
    fn put_verdicts(&self, verdicts: &[Verdict]) -> Result<(), StoreError>;
    /// The newest verdict of a claim.
    fn verdict(&self, claim: &ClaimId) -> Result<Option<Verdict>, StoreError>;
    /// Claims of revisions that stand now with their newest verdicts, by address and order of appearance.
    fn findings(&self) -> Result<Vec<(Claim, Verdict)>, StoreError>;
    /// Stores cases as they now stand.
    fn put_cases(&self, cases: &[Case]) -> Result<(), StoreError>;
    /// All cases, by id.
    fn cases(&self) -> Result<Vec<Case>, StoreError>;
    /// One case.
    fn case(&self, id: &CaseId) -> Result<Option<Case>, StoreError>;
    /// Totals.
    fn counts(&self) -> Result<Counts, StoreError>;
}
