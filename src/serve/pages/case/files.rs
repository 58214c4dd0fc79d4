//! What the store keeps of the pages of a case: their revisions, and the captures those were read from.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::compare::Side;
use crate::language::Language;
use crate::model::{Capture, Case, Copy, Revision, RevisionId, SourceId};
use crate::report::text::name;
use crate::serve::Desk;
use crate::serve::error::Error;
use crate::serve::pages::document::publication_address;
use crate::serve::pages::is_web;
use crate::serve::words::Words;

/// One version of a page, with the capture it was read from where one is stored.
pub(super) type Version = (Revision, Option<Capture>);

/// Versions of the copy that is shown and of the records.
pub(super) struct Files<'a> {
    desk: &'a Desk,
    words: &'a Words,
    pages: BTreeMap<String, Vec<Version>>,
}

impl<'a> Files<'a> {
    /// Reads them.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn load(
        desk: &'a Desk,
        words: &'a Words,
        case: &Case,
        copy: Option<&Copy>,
    ) -> Result<Files<'a>, Error> {
        let records = case.evidence.iter().map(|quote| &quote.url);
        let mut pages: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for url in copy.map(|copy| &copy.url).into_iter().chain(records) {
            if pages.contains_key(url) {
                continue;
            }
            let mut versions = Vec::new();
            for revision in desk.store.revisions_of(url)? {
                let capture = match &revision.capture {
                    Some(id) => desk.store.capture(id)?,
                    None => None,
                };
                versions.push((revision, capture));
            }
            pages.insert(url.clone(), versions);
        }
        Ok(Files { desk, words, pages })
    }

    /// The versions of a page, first to last.
    pub(super) fn versions(&self, url: &str) -> &[Version] {
        self.pages.get(url).map_or(&[], Vec::as_slice)
    }

    /// A version by its id.
    pub(super) fn revision(&self, id: &RevisionId) -> Option<&Revision> {
        let mut all = self.pages.values().flatten();
        all.find(|(revision, _)| revision.id == *id)
            .map(|(revision, _)| revision)
    }

    /// The title of a copy's page, or else the sentence, with its language.
    pub(super) fn title(&self, copy: Option<&Copy>) -> (String, &'static str) {
        let Some(copy) = copy else {
            return (self.words.say("case-untitled"), self.words.language.code());
        };
        let title = self.revision(&copy.revision).map(|one| &one.document.title);
        let title = title.filter(|title| !title.trim().is_empty());
        (
            title.unwrap_or(&copy.sentence).clone(),
            copy.language.code(),
        )
    }

    /// One side of the comparison; `quote` is HTML.
    pub(super) fn side(
        &self,
        source: &SourceId,
        url: &str,
        published: DateTime<Utc>,
        language: Option<Language>,
        revision: Option<&Revision>,
        quote: String,
    ) -> Side {
        let words = self.words;
        let capture = revision.and_then(|one| {
            let mut versions = self.versions(url).iter();
            let version = versions.find(|(other, _)| other.id == one.id)?;
            version.1.as_ref()
        });
        let n_versions = self.versions(url).len();
        let saved = revision.map(|one| {
            let at = capture.map_or(one.first_seen, |capture| capture.fetched_at);
            let version = words.with_two(
                "case-version-of",
                ("number", &words.number(one.number)),
                ("all", &words.number(n_versions.max(1))),
            );
            words.with_two(
                "case-saved",
                ("at", &words.moment(at)),
                ("version", &version),
            )
        });
        let known = language.unwrap_or(words.language);
        Side {
            source: name(&self.desk.names, source, known).to_owned(),
            published: words.moment(published),
            quote,
            language: language.map_or("", Language::code),
            saved,
            hash: capture.map(|capture| capture.body_hash.0.clone()),
            url: url.to_owned(),
            is_web: is_web(url),
            article: publication_address(url),
            others: Vec::new(),
        }
    }
}
