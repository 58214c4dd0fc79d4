//! Carries what sites repeat between the store, which keeps it, and the extractor, which learns it from the sites' pages.

use std::collections::{BTreeMap, BTreeSet};

use super::{Workspace, apart};
use crate::extract;
use crate::model::{Document, SiteMemory, SourceId};
use crate::store::{Pending, Recorded, Sighting};

/// What repeats over the pages of the sources of a batch.
pub(super) struct Memories {
    by_source: BTreeMap<SourceId, SiteMemory>,
}

impl Memories {
    /// What was learned of the sources of a batch so far.
    pub(super) fn of(workspace: &Workspace, pending: &[Pending]) -> anyhow::Result<Memories> {
        let mut by_source = BTreeMap::new();
        for page in pending {
            let source = &page.capture.source;
            if !by_source.contains_key(source) {
                by_source.insert(source.clone(), workspace.store.memory(source)?);
            }
        }
        Ok(Memories { by_source })
    }

    /// Reads a page without the lines that are its site's.
    ///
    /// A page that was first read with such lines keeps them: it did not change because something was learned.
    pub(super) fn document(
        &self,
        workspace: &Workspace,
        page: &extract::Page<'_>,
        pending: &Pending,
    ) -> anyhow::Result<Document> {
        let memory = self.by_source.get(&pending.capture.source);
        let document = apart::document(&extract::Page { memory, ..*page })?;
        let Some(memory) = memory.filter(|memory| memory.knows_any()) else {
            return Ok(document);
        };
        let before = workspace.store.newest_revision(&document.url.0)?;
        let has_sites_lines = before.is_some_and(|before| {
            let blocks = &before.document.blocks;
            blocks.iter().any(|block| memory.knows(&block.text))
        });
        Ok(if has_sites_lines {
            apart::document(page)?
        } else {
            document
        })
    }

    /// Learns from the pages that were new; a page seen again teaches nothing.
    pub(super) fn learn(
        &mut self,
        workspace: &Workspace,
        sightings: &[Sighting],
        recorded: &[Recorded],
    ) -> anyhow::Result<()> {
        let mut changed = BTreeSet::new();
        for (sighting, recorded) in sightings.iter().zip(recorded) {
            let memory = self.by_source.get_mut(&sighting.source);
            if let (Some(memory), Recorded::New(_)) = (memory, recorded) {
                let blocks = &sighting.document.blocks;
                memory.learn(blocks.iter().map(|block| block.text.as_str()));
                changed.insert(&sighting.source);
            }
        }
        for source in changed {
            if let Some(memory) = self.by_source.get(source) {
                workspace.store.put_memory(source, memory)?;
            }
        }
        Ok(())
    }
}
