//! The only place where stages meet: crawl, extract, record, index, judge, pursue, in that order.
//!
//! A pass is made of steps that each begin with what an earlier, killed pass left: captures that were not
//! read yet are read, revisions that the index has not seen are added, claims without a verdict are judged.
//! Each batch of pages is one transaction of the store, so a pass killed at any moment leaves all of a batch
//! or nothing of it. CPU work runs on rayon's threads, never on the async ones.

mod affected;
mod alerts;
pub mod apart;
pub mod bundle;
mod cases;
mod daemon;
pub mod health;
pub mod hubs;
mod import;
pub mod letters;
mod memories;
mod noticed;
pub mod provider;
pub mod retention;
pub mod secrets;
mod steady;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use tokio::sync::watch;

use memories::Memories;

pub use alerts::{Told, match_new, tell};
pub use daemon::{Daemon, Heard};
pub use import::{Import, Imported, import};
pub use trial::{Rehearsal, check, fetch, plain_document, rehearse};

use crate::config::{Config, SourceConfig};
use crate::crawl::{Clock, Crawler, Progress, Report, Selection};
use crate::index::{Index, IndexError, Retrieval, Retrieved};
use crate::language::Lexicon;
use crate::model::{
    Basis, BasisOf, Claim, ClaimId, Document, Evidence, Label, Observation, Revision, RevisionId,
    Source, SourceId, SourceRole, TargetKind, Verdict,
};
use crate::store::{self, Derived, Pending, Recorded, Sighting, Store};
use crate::{crawl, extract, judge};

/// Pages read, recorded and indexed in one transaction: large enough to keep all cores busy, small enough
/// that a killed pass repeats little work and memory stays flat.
const BATCH: usize = 256;

/// Claims judged before their verdicts are written: their records are read and laid out once for all of them.
const JUDGE_BATCH: usize = 2_048;

/// Records read whole for one claim, the best first: the judge finds the record that a publication reports on by all
/// that the two share, which a part of a record would hide.
const WHOLE_RECORDS: usize = 12;

/// Observations kept in memory from one batch of claims to the next (about 2 kB each).
const OBSERVATIONS_KEPT: usize = 50_000;

/// The folder of captures inside the data folder.
const CAPTURES: &str = "captures";

/// Everything a command works on: the configuration, the data folder and what stands in it.
pub struct Workspace {
    /// What `sources.toml` says.
    pub config: Config,
    /// The data folder.
    pub dir: PathBuf,
    /// The ground truth.
    pub store: Arc<dyn Store>,
    /// The search index, derived from the store.
    pub index: Index,
    /// The knowledge of words and names.
    pub lexicon: &'static Lexicon,
    /// Every source that is or was configured, by id.
    pub sources: BTreeMap<SourceId, Source>,
}

/// What a pass came to, for people.
#[derive(Debug, Default, Clone, serde::Serialize)]
pub struct Summary {
    /// Pages whose capture was read.
    pub read: usize,
    /// Pages seen for the first time.
    pub new: usize,
    /// Pages that changed for a reader.
    pub changed: usize,
    /// Captures that are not documents, with the reason.
    pub unreadable: Vec<(String, String)>,
    /// Claims judged.
    pub judged: usize,
    /// Claims by verdict now.
    pub verdicts: BTreeMap<Label, usize>,
    /// Cases that stand now.
    pub cases: usize,
    /// New publications that saved searches found.
    pub alerts: usize,
}

impl Workspace {
    /// Opens the data folder for reading and writing, and finishes what a killed command left of the index. An index that
    /// cannot be read, or that another version of the program wrote, is built again.
    ///
    /// # Errors
    /// When the folder cannot be made, is in use by another process, or holds something else.
    pub fn open(config: Config, dir: &Path) -> anyhow::Result<Workspace> {
        let store: Arc<dyn Store> = Arc::from(store::open(dir)?);
        match Index::open(dir) {
            Ok(index) => {
                let workspace = Workspace::over(config, dir, store, index)?;
                catch_up(&workspace)?;
                Ok(workspace)
            }
            Err(error @ IndexError::Unreadable { .. }) => {
                tracing::warn!(%error, "building the search index again: {error}");
                Workspace::rebuilt(config, dir, store)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A workspace whose index was built again from the store.
    fn rebuilt(config: Config, dir: &Path, store: Arc<dyn Store>) -> anyhow::Result<Workspace> {
        let sources = sources(&config, &*store)?;
        let source_of = |revision: &Revision| source_of(&sources, &revision.source);
        let index = Index::rebuild(dir, &*store, &source_of)?;
        Workspace::over(config, dir, store, index)
    }

    /// A workspace of opened parts; the sources of the configuration become known to the store.
    fn over(
        config: Config,
        dir: &Path,
        store: Arc<dyn Store>,
        index: Index,
    ) -> anyhow::Result<Workspace> {
        let sources = sources(&config, &*store)?;
        let lexicon = Lexicon::shipped();
        Ok(Workspace {
            config,
            dir: dir.to_owned(),
            store,
            index,
            lexicon,
            sources,
        })
    }

    /// A workspace over parts that others opened, which reads them and writes nothing: what a desk checks drafts with.
    ///
    /// # Errors
    /// When the store fails.
    pub fn beside(dir: &Path, store: Arc<dyn Store>, index: Index) -> anyhow::Result<Workspace> {
        let known = store.sources()?.into_iter();
        Ok(Workspace {
            config: Config::default(),
            dir: dir.to_owned(),
            sources: known.map(|source| (source.id.clone(), source)).collect(),
            store,
            index,
            lexicon: Lexicon::shipped(),
        })
    }

    /// The folder of captures.
    pub fn captures(&self) -> PathBuf {
        captures(&self.dir)
    }

    /// A source that is or was configured; one that never was counts as an outlet, so that nothing it says is a record.
    pub fn source_of(&self, id: &SourceId) -> Source {
        source_of(&self.sources, id)
    }
}

/// The folder of captures inside a data folder.
pub fn captures(dir: &Path) -> PathBuf {
    dir.join(CAPTURES)
}

/// Every source that is or was configured, by id; those of the configuration become known to the store.
fn sources(config: &Config, store: &dyn Store) -> anyhow::Result<BTreeMap<SourceId, Source>> {
    let configured = config.sources.iter();
    let configured: Vec<Source> = configured.map(|entry| entry.source.clone()).collect();
    store.put_sources(&configured)?;
    let known = store.sources()?.into_iter();
    Ok(known.map(|source| (source.id.clone(), source)).collect())
}

/// The source of an id; one that was never configured counts as an outlet.
fn source_of(sources: &BTreeMap<SourceId, Source>, id: &SourceId) -> Source {
    sources.get(id).cloned().unwrap_or_else(|| Source {
        id: id.clone(),
        name: BTreeMap::new(),
        url: String::new(),
        role: SourceRole::Media,
        languages: Vec::new(),
        authority: Vec::new(),
    })
}

/// Reads what was captured, brings the index up to the store, judges what changed and advances the cases.
///
/// Does nothing that is already done, so it is also how a killed pass is finished.
///
/// # Errors
/// When the store, the index or a capture file fails; a page that is no document is only counted.
pub fn settle(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<Summary> {
    let mut summary = Summary::default();
    read_pending(workspace, &mut summary)?;
    catch_up(workspace)?;
    judge_claims(workspace, now, &mut summary)?;
    summary.cases = cases::advance(workspace, now)?.len();
    summary.alerts = alerts::match_new(workspace, now)?;
    Ok(summary)
}

/// Judges every claim again, after a change of rules, and advances the cases.
///
/// # Errors
/// As [`settle`].
pub fn recheck(workspace: &Workspace, now: DateTime<Utc>) -> anyhow::Result<Summary> {
    let mut summary = Summary::default();
    rederive(workspace)?;
    workspace.index.reset()?;
    catch_up(workspace)?;
    judge_claims(workspace, now, &mut summary)?;
    summary.cases = cases::advance(workspace, now)?.len();
    Ok(summary)
}

/// Reads every capture that was not read yet, batch by batch.
fn read_pending(workspace: &Workspace, summary: &mut Summary) -> anyhow::Result<()> {
    while read_batch(workspace, BATCH, summary)? > 0 {}
    Ok(())
}

/// Reads at most `limit` of the captures that were not read yet; says how many there were.
fn read_batch(workspace: &Workspace, limit: usize, summary: &mut Summary) -> anyhow::Result<usize> {
    let pending = workspace.store.pending(limit)?;
    if pending.is_empty() {
        return Ok(0);
    }
    let mut memories = Memories::of(workspace, &pending)?;
    let read: Vec<Result<Sighting, Unread>> = pending
        .par_iter()
        .map(|page| read_one(workspace, &memories, page))
        .collect();
    let mut sightings = Vec::with_capacity(read.len());
    let mut pages = Vec::with_capacity(read.len());
    let mut lost = Vec::new();
    for (page, result) in pending.iter().zip(read) {
        match result {
            Ok(sighting) => {
                sightings.push(sighting);
                pages.push(page);
            }
            Err(Unread { reason, is_lost }) => {
                let url = page.capture.url.clone();
                tracing::warn!(url, reason, "no document at {url}: {reason}");
                summary.unreadable.push((url, reason));
                if is_lost {
                    lost.push((page.capture.source.clone(), page.capture.fetched_at));
                }
            }
        }
    }
    let processed: Vec<_> = pending.iter().map(|page| page.capture.id.clone()).collect();
    let recorded = workspace
        .store
        .record_batch(&sightings, &processed, &mut |revisions| {
            derive(workspace, revisions)
        })?;
    memories.learn(workspace, &sightings, &recorded)?;
    let read = pages.iter().zip(&sightings).zip(&recorded);
    let read: Vec<noticed::Read<'_>> = read
        .map(|((page, sighting), recorded)| noticed::Read {
            page,
            sighting,
            recorded,
        })
        .collect();
    noticed::learn(workspace, &read, &lost)?;
    summary.read += pending.len();
    for outcome in recorded {
        match outcome {
            Recorded::New(_) => summary.new += 1,
            Recorded::Changed { .. } => summary.changed += 1,
            Recorded::Unchanged(_) => {}
        }
    }
    Ok(pending.len())
}

/// Why a capture gave no document.
struct Unread {
    /// In words.
    reason: String,
    /// Whether what was read of it before still stands on the page.
    is_lost: bool,
}

/// One capture as a document; a page that cannot be read, or makes a stage panic, costs only itself.
/// One that is only read worse than before gives none either: nobody saw it change.
fn read_one(
    workspace: &Workspace,
    memories: &Memories,
    page: &Pending,
) -> Result<Sighting, Unread> {
    let unread = |reason: String| Unread {
        reason,
        is_lost: false,
    };
    let read = || -> anyhow::Result<(Document, Option<String>)> {
        let bytes = crawl::archive::read(&workspace.captures(), &page.capture)?;
        let config = workspace.config.source(&page.capture.source);
        let whole = page_of(config, page, &bytes);
        let document = memories.document(workspace, &whole, page)?;
        let lost = match page.entry.kind {
            TargetKind::Page => steady::lost_since(&*workspace.store, &document, &whole)?,
            _ => None,
        };
        Ok((document, lost))
    };
    let (document, lost) = catch_unwind(AssertUnwindSafe(read))
        .map_err(|_| unread("reading it failed unexpectedly".to_owned()))?
        .map_err(|error| unread(format!("{error:#}")))?;
    if let Some(reason) = lost {
        return Err(Unread {
            reason,
            is_lost: true,
        });
    }
    Ok(Sighting {
        source: page.capture.source.clone(),
        document,
        capture: Some(page.capture.id.clone()),
        seen_at: page.capture.fetched_at,
    })
}

/// A capture as the extractor takes it.
fn page_of<'a>(
    config: Option<&'a SourceConfig>,
    page: &'a Pending,
    bytes: &'a [u8],
) -> extract::Page<'a> {
    let is_item = page.entry.kind == TargetKind::ApiItem;
    extract::Page {
        url: &page.capture.url,
        content_type: page.capture.header("content-type"),
        headers: &page.capture.headers,
        bytes,
        selectors: config.map(|config| &config.selectors),
        api: config
            .filter(|_| is_item)
            .and_then(|config| config.api.as_ref()),
        hint: &page.entry.hint,
        languages: config.map_or(&[], |config| &config.source.languages),
        timezone: config.map(|config| config.crawl.timezone),
        fetched_at: Some(page.capture.fetched_at),
        memory: None,
    }
}

/// Observations and claims of new revisions, on all cores.
fn derive(workspace: &Workspace, revisions: &[Revision]) -> Vec<Derived> {
    let lexicon = workspace.lexicon;
    revisions
        .par_iter()
        .map(|revision| {
            let source = &workspace.source_of(&revision.source);
            let work = || {
                let (observations, claims) = judge::statements(lexicon, revision, source);
                Derived {
                    observations,
                    claims,
                }
            };
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
                let url = &revision.document.url;
                tracing::warn!(%url, "taking {url} apart failed unexpectedly; it is not judged");
                Derived::default()
            })
        })
        .collect()
}

/// Adds to the index what the store has and the index has not.
fn catch_up(workspace: &Workspace) -> anyhow::Result<()> {
    let source_of = |revision: &Revision| workspace.source_of(&revision.source);
    workspace.index.catch_up(&*workspace.store, &source_of)?;
    Ok(())
}

/// Judges the claims that wait for a verdict: those that are new, and those whose records changed.
fn judge_claims(
    workspace: &Workspace,
    now: DateTime<Utc>,
    summary: &mut Summary,
) -> anyhow::Result<()> {
    affected::forget(workspace, now)?;
    judge_waiting(workspace, now, summary)
}

/// Judges the claims that wait for a verdict.
///
/// Pages may be taken in meanwhile: what comes after records were last weighed is weighed against these verdicts too.
fn judge_waiting(
    workspace: &Workspace,
    now: DateTime<Utc>,
    summary: &mut Summary,
) -> anyhow::Result<()> {
    let mut records = Records::new(workspace);
    let mut after = 0;
    loop {
        let store = &workspace.store;
        let (last, claims) = store.unjudged_after(after, JUDGE_BATCH)?;
        if claims.is_empty() {
            break;
        }
        after = last;
        let judged = verdicts(workspace, &workspace.sources, &claims, &mut records, now)?;
        summary.judged += judged.verdicts.len();
        store.put_verdicts(&judged.verdicts)?;
        // After the verdicts: a kill between the two has these claims judged again, to the same end.
        store.put_bases(&judged.bases)?;
    }
    summary.verdicts = workspace.store.labels()?;
    Ok(())
}

/// Records as claims ask for them, kept from one batch of claims to the next: publications of a day speak of few.
struct Records<'w> {
    /// Which records could settle a claim.
    retrieval: Retrieval<'w>,
    /// Observations by revision.
    known: BTreeMap<RevisionId, Vec<Observation>>,
}

impl<'w> Records<'w> {
    fn new(workspace: &'w Workspace) -> Records<'w> {
        Records {
            retrieval: workspace.index.retrieval(),
            known: BTreeMap::new(),
        }
    }

    /// Makes known what is wanted, and forgets the rest once much is known.
    fn want(&mut self, store: &dyn Store, wanted: &BTreeSet<&RevisionId>) -> anyhow::Result<()> {
        let n_observations: usize = self.known.values().map(Vec::len).sum();
        if n_observations > OBSERVATIONS_KEPT {
            self.known.retain(|revision, _| wanted.contains(revision));
        }
        for revision in wanted {
            if !self.known.contains_key(*revision) {
                let observations = store.observations_of(revision)?;
                self.known.insert((*revision).clone(), observations);
            }
        }
        Ok(())
    }
}

/// Verdicts with what they rest on.
struct Judgement {
    /// One for each claim, in the order of the claims; none for a claim of a source that is not known.
    verdicts: Vec<Verdict>,
    /// Of each claim, and of each publication as a whole.
    bases: Vec<BasisOf>,
}

/// Verdicts of some claims, in their order; claims of one publication stand together.
fn verdicts(
    workspace: &Workspace,
    sources: &BTreeMap<SourceId, Source>,
    claims: &[Claim],
    records: &mut Records<'_>,
    now: DateTime<Utc>,
) -> anyhow::Result<Judgement> {
    let publications: Vec<&[Claim]> = claims.chunk_by(|a, b| a.revision == b.revision).collect();
    let retrieved: Vec<Retrieved> = publications
        .par_iter()
        .map(|claims| records.retrieval.evidence(claims, WHOLE_RECORDS))
        .collect::<Result<_, _>>()?;
    let mut evidence: Vec<Vec<Evidence>> = Vec::with_capacity(claims.len());
    let mut bases = Vec::with_capacity(claims.len() + publications.len());
    for (claims, retrieved) in publications.iter().zip(retrieved) {
        let of = |claim: Option<ClaimId>, basis: Basis| BasisOf {
            revision: claims[0].revision.clone(),
            claim,
            basis,
        };
        bases.push(of(None, retrieved.whole));
        let own = claims.iter().zip(retrieved.bases);
        bases.extend(own.map(|(claim, basis)| of(Some(claim.id.clone()), basis)));
        evidence.extend(retrieved.evidence);
    }
    let wanted: BTreeSet<&RevisionId> =
        evidence.iter().flatten().map(|one| &one.revision).collect();
    records.want(&*workspace.store, &wanted)?;
    let laid_out: BTreeMap<&RevisionId, judge::Record<'_>> = wanted
        .into_par_iter()
        .filter_map(|revision| {
            let record = judge::Record::of(&records.known[revision])?;
            Some((revision, record))
        })
        .collect();
    let verdicts = claims
        .par_iter()
        .zip(&evidence)
        .filter_map(|(claim, evidence)| {
            let source = sources.get(&claim.source)?;
            let records: Vec<&judge::Record<'_>> = evidence
                .iter()
                .filter_map(|one| laid_out.get(&one.revision))
                .collect();
            Some(judge::verdict(
                workspace.lexicon,
                claim,
                source,
                &records,
                now,
            ))
        })
        .collect();
    Ok(Judgement { verdicts, bases })
}

/// Takes every revision apart again, after a change of rules.
fn rederive(workspace: &Workspace) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let stored = workspace.store.revisions_after(after, BATCH)?;
        let Some((last, _)) = stored.last() else {
            return Ok(());
        };
        after = *last;
        let revisions: Vec<Revision> = stored.into_iter().map(|(_, revision)| revision).collect();
        let derived = derive(workspace, &revisions);
        for (revision, derived) in revisions.iter().zip(derived) {
            workspace
                .store
                .put_observations(&revision.id, &derived.observations)?;
            workspace.store.put_claims(&revision.id, &derived.claims)?;
        }
    }
}

/// Opens a data folder and builds its search index again from the store.
///
/// # Errors
/// When the store or the index fails.
pub fn reindex(config: Config, dir: &Path) -> anyhow::Result<Workspace> {
    let store: Arc<dyn Store> = Arc::from(store::open(dir)?);
    Workspace::rebuilt(config, dir, store)
}

/// One pass: fetches what the selection covers, then settles it.
///
/// # Errors
/// When captures cannot be kept, or as [`settle`]; what a site does is in the report instead.
pub async fn crawl(
    workspace: Arc<Workspace>,
    selection: &Selection,
    clock: Clock,
    progress: &dyn Progress,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<(Report, Summary)> {
    let config = Arc::new(workspace.config.clone());
    let store = Arc::clone(&workspace.store);
    let crawler = Crawler::open(config, store, &workspace.captures(), clock.clone())?;
    let report = crawler.pass(selection, progress, stop).await?;
    let now = clock.now();
    let summary = tokio::task::spawn_blocking(move || settle(&workspace, now)).await??;
    Ok((report, summary))
}
