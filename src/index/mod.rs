//! Turns revisions and observations into a search index, and claims and queries into hits.
//!
//! The index is derived: delete it, and [`Index::catch_up`] rebuilds it from the store with the same answers. It holds
//! ready terms from [`crate::language`], never texts: what a hit says is read from the store. Five kinds of entries
//! stand in it: one for each publication revision, one for each claim in it and one for each case, to be read by people;
//! one for each record (a revision's observations taken together) and one for each observation, for the judge. [`Engine`] is all that is asked of the search engine, so a cluster can stand behind it.

mod affected;
mod bars;
mod bases;
mod engine;
mod entry;
mod evidence;
mod facets;
mod fold;
mod kinds;
mod likeness;
mod local;
mod names;
mod query;
mod search;
mod seen;
mod snippet;
mod watch;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use affected::Changed;
pub use engine::{Best, Engine, Entry, Field, Found, Kind, Number, Order, Plan, Row};
pub use evidence::{Retrieval, Retrieved};
pub use likeness::Likeness;
pub use query::{Filter, Judged, Parsed, Reader, filtered, filters, parse};
pub use search::{
    KAZAKHSTAN_OFFSET_S, MAX_COMPARED, MAX_LIMIT, PREVIEW_DAYS, SearchQuery, Sort, WINDOW,
};
pub use watch::{Matched, Watching};
pub use words::{Word, words};

use chrono::NaiveDate;

use crate::model::{Case, Claim, Hit, Hits, Observation, Repair, Revision, RevisionId, Source};
use crate::store::{Store, StoreError};

/// Folder of the index inside the data folder.
pub const FOLDER: &str = "search";
/// Folder in which it is built again, until it takes the place of the other. One that a kill left is begun anew.
const BESIDE: &str = "search-new";

/// Revisions read from the store and written between two commits: few enough to keep memory flat, enough that the
/// price of a commit (about a third of a second) does not show.
const CATCH_UP_BATCH: usize = 2_000;

/// Why the index could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The folder holds something that this program cannot read as its index.
    #[error(
        "the search index {path} cannot be read ({detail}): `aigaq reindex` rebuilds it from the store"
    )]
    Unreadable {
        /// Folder of the index.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The folder was not made by this program, so it is left alone.
    #[error(
        "{path} is not a search index of this program and is left as it is: move it away, then run `aigaq reindex`"
    )]
    Foreign {
        /// Folder of the index.
        path: PathBuf,
    },
    /// Another process writes to the index.
    #[error("another process is writing to the search index {path}: wait until it ends")]
    Locked {
        /// Folder of the index.
        path: PathBuf,
    },
    /// The index knows more than the store, so it belongs to another store or a later state of this one.
    #[error(
        "the search index {path} is ahead of the store ({indexed} against {stored}): `aigaq reindex` rebuilds it"
    )]
    Ahead {
        /// Folder of the index.
        path: PathBuf,
        /// Place up to which the index has read.
        indexed: u64,
        /// Place of the newest revision in the store.
        stored: u64,
    },
    /// The engine refused.
    #[error("the search index {path} could not {what}")]
    Engine {
        /// Folder of the index.
        path: PathBuf,
        /// What was being done.
        what: &'static str,
        /// Cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store refused while the index read from it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What catching up with the store came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// Revisions added.
    pub revisions: u64,
    /// Observations added.
    pub observations: u64,
}

/// The search index. A clone shares its engine: what one writes the other finds.
#[derive(Clone)]
pub struct Index {
    /// Folder, for messages.
    path: PathBuf,
    /// The engine that holds the entries.
    engine: Arc<dyn Engine>,
}

impl Index {
    /// Opens the index of a data folder, making an empty one where there is none.
    pub fn open(data: &Path) -> Result<Index, IndexError> {
        let path = data.join(FOLDER);
        let engine = Arc::new(local::Local::open(&path)?);
        Ok(Index { path, engine })
    }

    /// Builds the index of a data folder again from the store, beside the one that stands there, readable or not, and then
    /// takes its place: readers have the old one until then. A folder that this program did not make is left alone.
    pub fn rebuild(
        data: &Path,
        store: &dyn Store,
        source_of: &dyn Fn(&Revision) -> Source,
    ) -> Result<Index, IndexError> {
        let path = data.join(FOLDER);
        let beside = data.join(BESIDE);
        local::check_ours(&path)?;
        local::remove(&beside)?;
        let engine = Arc::new(local::Local::open(&beside)?);
        let index = Index {
            path: beside.clone(),
            engine,
        };
        index.catch_up(store, source_of)?;
        // The writer ends before its folder moves.
        drop(index);
        local::remove(&path)?;
        local::rename(&beside, &path)?;
        Index::open(data)
    }

    /// An index over another engine.
    pub fn over(engine: Box<dyn Engine>, path: PathBuf) -> Index {
        let engine = Arc::from(engine);
        Index { path, engine }
    }

    /// Adds the text of a revision with the claims in it, or replaces what stands in the index for it.
    pub fn add_revision(
        &self,
        revision: &Revision,
        source: &Source,
        claims: &[Claim],
    ) -> Result<(), IndexError> {
        self.engine
            .put(&entry::publication(revision, source, claims))?;
        self.engine.remove(Kind::Claim, &revision.id)?;
        for claim in &entry::claims(revision, source, claims) {
            self.engine.put(claim)?;
        }
        Ok(())
    }

    /// Brings the cases in the index up to those of the store and commits that, if anything differs: a case grows, and ends,
    /// without a new revision.
    pub fn follow_cases(&self, store: &dyn Store) -> Result<(), IndexError> {
        let cases = store.cases()?;
        let all = Plan::Kind(Kind::Case);
        let n_known = self.engine.find(&all, Order::Newest, 0, 1)?.total;
        let known = self.engine.find(&all, Order::Newest, 0, n_known.max(1))?;
        let mut known: BTreeMap<String, u64> = known
            .rows
            .into_iter()
            .map(|row| (row.key, row.group))
            .collect();
        let mut changed: Vec<&Case> = Vec::new();
        for case in &*cases {
            if known.remove(&case.id.0) != Some(entry::case_group(case)) {
                changed.push(case);
            }
        }
        if changed.is_empty() && known.is_empty() {
            return Ok(());
        }
        let sources = store.sources()?.into_iter();
        let sources = sources.map(|source| (source.id.clone(), source)).collect();
        for case in changed {
            let mut parts = entry::CaseParts {
                titles: Vec::new(),
                claims: Vec::new(),
                sources: &sources,
            };
            for copy in &case.copies {
                let revision = store.revision(&copy.revision)?;
                parts
                    .titles
                    .extend(revision.map(|revision| revision.document.title));
                parts.claims.extend(store.claim(&copy.claim)?);
            }
            self.engine.put(&entry::case(case, &parts))?;
        }
        for gone in known.into_keys() {
            self.engine.remove(Kind::Case, &RevisionId(gone))?;
        }
        self.commit(self.committed_seq()?)
    }

    /// Adds observations. All observations of one revision are given together; they replace those it had.
    pub fn add_observations(&self, observations: &[Observation]) -> Result<(), IndexError> {
        for of_revision in observations.chunk_by(|a, b| a.revision == b.revision) {
            let Some(first) = of_revision.first() else {
                continue;
            };
            self.remove_observations(&first.revision)?;
            self.engine.put(&entry::record(of_revision))?;
            for observation in of_revision {
                self.engine.put(&entry::observation(observation))?;
            }
        }
        Ok(())
    }

    /// Removes the text of a revision and its claims.
    pub fn remove_revision(&self, revision: &RevisionId) -> Result<(), IndexError> {
        self.engine.remove(Kind::Claim, revision)?;
        self.engine.remove(Kind::Publication, revision)
    }

    /// Removes the observations of a revision. Those of superseded revisions may stay: the judge needs them to see that
    /// a claim agreed with a record that has since changed.
    pub fn remove_observations(&self, revision: &RevisionId) -> Result<(), IndexError> {
        self.engine.remove(Kind::Record, revision)?;
        self.engine.remove(Kind::Observation, revision)
    }

    /// Makes everything since the last commit durable and visible, together with the place in the store up to which the
    /// index has read. After a kill the index stands at its last commit.
    pub fn commit(&self, sequence: u64) -> Result<(), IndexError> {
        self.engine.commit(sequence)
    }

    /// Place in the store up to which the index has read.
    pub fn committed_seq(&self) -> Result<u64, IndexError> {
        self.engine.sequence()
    }

    /// Drops all entries.
    pub fn reset(&self) -> Result<(), IndexError> {
        self.engine.clear()
    }

    /// Adds what the store holds beyond [`Index::committed_seq`] and commits. Run after every batch and at every start,
    /// it heals whatever a kill left undone; on an empty index it is the rebuild.
    pub fn catch_up(
        &self,
        store: &dyn Store,
        source_of: &dyn Fn(&Revision) -> Source,
    ) -> Result<CaughtUp, IndexError> {
        let mut caught = CaughtUp::default();
        let mut sequence = self.committed_seq()?;
        let stored = store.last_sequence()?;
        if sequence > stored {
            return Err(IndexError::Ahead {
                path: self.path.clone(),
                indexed: sequence,
                stored,
            });
        }
        loop {
            let page = store.revisions_after(sequence, CATCH_UP_BATCH)?;
            let Some((last, _)) = page.last() else {
                break;
            };
            sequence = *last;
            for (_, revision) in &page {
                self.follow(store, revision, source_of, &mut caught)?;
            }
            self.commit(sequence)?;
        }
        self.follow_cases(store)?;
        Ok(caught)
    }

    /// Adds one revision of the store with its observations, and marks those before it as superseded.
    fn follow(
        &self,
        store: &dyn Store,
        revision: &Revision,
        source_of: &dyn Fn(&Revision) -> Source,
        caught: &mut CaughtUp,
    ) -> Result<(), IndexError> {
        let source = source_of(revision);
        let observations = store.observations_of(&revision.id)?;
        if revision.number > 1 {
            for earlier in store.revisions_of(&revision.document.url.0)? {
                if earlier.number < revision.number {
                    self.add_revision(&earlier, &source, &store.claims(&earlier.id)?)?;
                    self.keep_what_changed(store, &earlier.id, &observations)?;
                }
            }
        }
        self.add_revision(revision, &source, &store.claims(&revision.id)?)?;
        self.add_observations(&observations)?;
        caught.revisions += 1;
        caught.observations += observations.len() as u64;
        Ok(())
    }

    /// Takes from a superseded revision the observations that a newer one repeats word for word, so that evidence holds
    /// each sentence once; what the record no longer says stays, for claims that agreed with it.
    fn keep_what_changed(
        &self,
        store: &dyn Store,
        superseded: &RevisionId,
        newer: &[Observation],
    ) -> Result<(), IndexError> {
        let repeated: BTreeSet<&str> = newer.iter().map(|o| o.text.as_str()).collect();
        let mut kept = store.observations_of(superseded)?;
        let n_before = kept.len();
        kept.retain(|observation| !repeated.contains(observation.text.as_str()));
        if kept.len() < n_before {
            self.remove_observations(superseded)?;
            self.add_observations(&kept)?;
        }
        Ok(())
    }

    /// Begins retrieval of evidence over what is committed now.
    pub fn retrieval(&self) -> Retrieval<'_> {
        Retrieval::new(&*self.engine)
    }

    /// Lays out records that came, went or were revised, each with the observations that it has or had, to ask which claims
    /// they affect.
    pub fn changed(&self, records: &[Vec<Observation>]) -> Result<Changed, IndexError> {
        Changed::of(&*self.engine, records)
    }

    /// Answers a query of a reader; texts and verdicts are read from the store.
    pub fn search(&self, query: &SearchQuery, store: &dyn Store) -> Result<Hits, IndexError> {
        search::search(&*self.engine, query, store)
    }

    /// How many stories of the last [`PREVIEW_DAYS`] days a query finds among what whoever asks sees, and what of it had to be
    /// mended.
    pub fn preview(
        &self,
        query: &SearchQuery,
        store: &dyn Store,
    ) -> Result<(usize, Vec<Repair>), IndexError> {
        search::preview(&*self.engine, query, store)
    }

    /// Reads saved queries, to wait for publications; `today` anchors their `published:-7d`.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn watching(
        &self,
        queries: &[&str],
        store: &dyn Store,
        today: NaiveDate,
    ) -> Result<Watching, IndexError> {
        Watching::new(queries, &*self.engine, store, today)
    }

    /// Whether a query asks for what is judged of publications: verdicts, what differs, or cases. Such a query finds for each
    /// reader only what is of the reader's agencies; a saved search has no reader.
    pub fn asks_for_judged(
        &self,
        query: &SearchQuery,
        store: &dyn Store,
    ) -> Result<bool, IndexError> {
        search::asks_for_judged(&*self.engine, query, store)
    }

    /// How many hits [`Index::each_hit`] will hand over.
    pub fn count(&self, query: &SearchQuery, store: &dyn Store) -> Result<usize, IndexError> {
        search::count(&*self.engine, query, store)
    }

    /// How many hits of a query were published on which day, folded copies included.
    pub fn by_day(
        &self,
        query: &SearchQuery,
        store: &dyn Store,
    ) -> Result<BTreeMap<NaiveDate, u64>, IndexError> {
        search::by_day(&*self.engine, query, store)
    }

    /// In how many hits of a query each body, place and person is named: by the value that stands in the index, which is
    /// `b:`, `p:` or `i:` and an id.
    pub fn by_name(
        &self,
        query: &SearchQuery,
        store: &dyn Store,
    ) -> Result<BTreeMap<String, u64>, IndexError> {
        search::by_name(&*self.engine, query, store)
    }

    /// Hands every hit of a query to `each`, in the order asked for and without folding, until it returns `false`; says
    /// how many there were.
    pub fn each_hit(
        &self,
        query: &SearchQuery,
        store: &dyn Store,
        each: &mut dyn FnMut(Hit) -> bool,
    ) -> Result<usize, IndexError> {
        search::each(&*self.engine, query, store, each)
    }
}
