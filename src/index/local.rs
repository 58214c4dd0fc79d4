//! The embedded engine: tantivy in a folder of its own. Nothing of tantivy is seen outside this file.
//!
//! Terms come ready made, so no tokenizer of the engine is used. The commit's payload holds the place in the store, so
//! content and place become durable in the same rename. One thread writes: the order of entries is that of the calls.

mod counts;
mod plan;
mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::error::LockError;
use tantivy::schema::{
    FAST, Field as Column, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{
    DocAddress, Index as Folder, IndexReader, IndexWriter, Order as Direction, ReloadPolicy,
    Searcher, TantivyDocument, TantivyError, Term,
};

use super::IndexError;
use super::engine::{Best, Engine, Entry, Field, Found, Kind, Order, Plan};
use crate::model::RevisionId;
use crate::store::once_free;

/// Names the program and the format; written before anything else, so a folder without it is not ours.
const MARK: &str = "aigaq-index.json";
/// Format of the entries. A change of fields or of what stands in them counts it up, and old folders ask for a rebuild.
const FORMAT: u32 = 6;
/// Memory of the writer before it writes a segment.
const WRITER_BYTES: usize = 64 << 20;

/// The engine in a folder.
pub(super) struct Local {
    /// Folder, for messages.
    path: PathBuf,
    /// Its contents.
    folder: Folder,
    /// Columns of the schema.
    columns: Columns,
    /// Snapshots for searches.
    reader: IndexReader,
    /// Made with the first write, so that those who only read take no lock.
    writer: Mutex<Option<IndexWriter>>,
}

/// Columns of the schema.
struct Columns {
    key: Column,
    kind: Column,
    revision: Column,
    title: Column,
    body: Column,
    anchor: Column,
    around: Column,
    source: Column,
    language: Column,
    role: Column,
    url: Column,
    state: Column,
    author: Column,
    named: Column,
    person: Column,
    claim: Column,
    published: Column,
    first_seen: Column,
    amount: Column,
    words: Column,
    figures: Column,
    group: Column,
}

impl Columns {
    /// The schema and its columns.
    fn new() -> (Schema, Columns) {
        let mut schema = Schema::builder();
        let text = || {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer("raw")
                    .set_index_option(IndexRecordOption::WithFreqsAndPositions),
            )
        };
        let value = || {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer("raw")
                    .set_fieldnorms(false)
                    .set_index_option(IndexRecordOption::Basic),
            )
        };
        let columns = Columns {
            key: schema.add_text_field("key", STRING | FAST),
            kind: schema.add_text_field("kind", value()),
            revision: schema.add_text_field("revision", STRING | FAST),
            title: schema.add_text_field("title", text()),
            body: schema.add_text_field("body", text()),
            anchor: schema.add_text_field("anchor", value()),
            around: schema.add_text_field("around", value()),
            source: schema.add_text_field("source", value().set_fast("raw")),
            language: schema.add_text_field("language", value().set_fast("raw")),
            role: schema.add_text_field("role", value().set_fast("raw")),
            url: schema.add_text_field("url", value()),
            state: schema.add_text_field("state", value()),
            author: schema.add_text_field("author", value()),
            named: schema.add_text_field("named", value().set_fast("raw")),
            person: schema.add_text_field("person", TextOptions::default().set_fast("raw")),
            claim: schema.add_text_field("claim", value()),
            published: schema.add_i64_field("published", INDEXED | FAST),
            first_seen: schema.add_i64_field("first_seen", INDEXED | FAST),
            amount: schema.add_i64_field("amount", INDEXED | FAST),
            words: schema.add_u64_field("words", FAST),
            figures: schema.add_u64_field("figures", FAST),
            group: schema.add_u64_field("group", FAST),
        };
        (schema.build(), columns)
    }

    fn of(&self, field: Field) -> Column {
        match field {
            Field::Title => self.title,
            Field::Body => self.body,
            Field::Anchor => self.anchor,
            Field::Around => self.around,
            Field::Source => self.source,
            Field::Language => self.language,
            Field::Role => self.role,
            Field::Url => self.url,
            Field::State => self.state,
            Field::Author => self.author,
            Field::Named => self.named,
            Field::Person => self.person,
            Field::Revision => self.revision,
            Field::Claim => self.claim,
        }
    }
}

/// Whether a folder is absent or holds nothing.
fn is_empty(path: &Path) -> Result<bool, IndexError> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(cause) => Err(unreadable(path, &cause)),
    }
}

/// An error that says how to mend what cannot be read.
fn unreadable(path: &Path, cause: &dyn std::fmt::Display) -> IndexError {
    IndexError::Unreadable {
        path: path.to_path_buf(),
        detail: cause.to_string(),
    }
}

/// Refuses a folder that this program did not make.
pub(super) fn check_ours(path: &Path) -> Result<(), IndexError> {
    if !path.join(MARK).exists() && !is_empty(path)? {
        return Err(IndexError::Foreign {
            path: path.to_path_buf(),
        });
    }
    Ok(())
}

/// Removes an index folder, readable or not; one that this program did not make is refused.
pub(super) fn remove(path: &Path) -> Result<(), IndexError> {
    check_ours(path)?;
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(failed(path, "be removed", cause.into()))
        }
        _ => Ok(()),
    }
}

/// Gives an index folder another place.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), IndexError> {
    std::fs::rename(from, to)
        .map_err(|cause| failed(to, "take the place of the old one", cause.into()))
}

/// An error of the engine.
fn failed(path: &Path, what: &'static str, cause: TantivyError) -> IndexError {
    let path = path.to_path_buf();
    match cause {
        TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked { path },
        TantivyError::DataCorruption(_) | TantivyError::IncompatibleIndex(_) => {
            let detail = cause.to_string();
            IndexError::Unreadable { path, detail }
        }
        cause => IndexError::Engine {
            path,
            what,
            source: cause.into(),
        },
    }
}

/// Reads the mark of a folder, or writes it into an empty one.
fn check_mark(path: &Path) -> Result<(), IndexError> {
    let mark = path.join(MARK);
    if is_empty(path)? {
        std::fs::create_dir_all(path).map_err(|cause| unreadable(path, &cause))?;
        let text = format!("{{\"program\":\"aigaq\",\"format\":{FORMAT}}}\n");
        return std::fs::write(&mark, text).map_err(|cause| unreadable(path, &cause));
    }
    let text = std::fs::read_to_string(&mark)
        .map_err(|cause| unreadable(path, &format!("no readable {MARK}: {cause}")))?;
    let found = serde_json::from_str::<serde_json::Value>(&text)
        .ok()
        .and_then(|mark| mark.get("format")?.as_u64());
    match found {
        Some(format) if format == u64::from(FORMAT) => Ok(()),
        Some(format) => Err(unreadable(
            path,
            &format!("it has format {format}, this program writes {FORMAT}"),
        )),
        None => Err(unreadable(path, &format!("{MARK} is not readable"))),
    }
}

impl Local {
    /// Opens a folder, filling an empty one.
    pub(super) fn open(path: &Path) -> Result<Local, IndexError> {
        check_mark(path)?;
        let (schema, columns) = Columns::new();
        let open = || -> Result<(Folder, IndexReader), TantivyError> {
            let directory = tantivy::directory::MmapDirectory::open(path)?;
            // The mark stands before the first metadata, so a folder with the mark alone is one whose making was cut off.
            let folder = Folder::open_or_create(directory, schema)?;
            let reader = folder
                .reader_builder()
                .reload_policy(ReloadPolicy::OnCommitWithDelay)
                .try_into()?;
            Ok((folder, reader))
        };
        let (folder, reader) = open().map_err(|cause| unreadable(path, &cause))?;
        Ok(Local {
            path: path.to_path_buf(),
            folder,
            columns,
            reader,
            writer: Mutex::new(None),
        })
    }

    /// The writer, made where there is none yet.
    fn writer(&self) -> Result<MutexGuard<'_, Option<IndexWriter>>, IndexError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.is_none() {
            let is_held = |cause: &TantivyError| {
                matches!(cause, TantivyError::LockFailure(LockError::LockBusy, _))
            };
            let make = || self.folder.writer_with_num_threads(1, WRITER_BYTES);
            let made = once_free(is_held, make)
                .map_err(|cause| failed(&self.path, "be written", cause))?;
            *writer = Some(made);
        }
        Ok(writer)
    }

    /// Does something with the writer.
    fn write<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&mut IndexWriter) -> Result<T, TantivyError>,
    ) -> Result<T, IndexError> {
        let mut guard = self.writer()?;
        let writer = guard.as_mut().expect("the writer was just made");
        work(writer).map_err(|cause| failed(&self.path, what, cause))
    }

    /// Does something with the newest committed state.
    fn read<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Searcher) -> Result<T, TantivyError>,
    ) -> Result<T, IndexError> {
        work(&self.reader.searcher()).map_err(|cause| failed(&self.path, what, cause))
    }

    /// The term under which an entry of a kind is unique.
    fn key(&self, kind: Kind, key: &str) -> Term {
        Term::from_field_text(self.columns.key, &format!("{}:{key}", kind.word()))
    }

    /// The term under which the entries of a kind belong to a revision.
    fn belonging(&self, kind: Kind, revision: &RevisionId) -> Term {
        let value = format!("{}:{revision}", kind.word());
        Term::from_field_text(self.columns.kind, &value)
    }

    /// An entry as a document.
    fn document(&self, entry: &Entry) -> TantivyDocument {
        let columns = &self.columns;
        let mut document = TantivyDocument::new();
        let key = format!("{}:{}", entry.kind.word(), entry.key);
        document.add_text(columns.key, key);
        document.add_text(columns.kind, entry.kind.word());
        let belonging = format!("{}:{}", entry.kind.word(), entry.revision);
        document.add_text(columns.kind, belonging);
        document.add_text(columns.revision, &entry.revision.0);
        for (field, terms) in &entry.terms {
            let tokens = terms
                .iter()
                .map(|(position, term)| Token {
                    position: *position,
                    text: term.clone(),
                    ..Token::default()
                })
                .collect();
            let text = PreTokenizedString {
                text: String::new(),
                tokens,
            };
            document.add_pre_tokenized_text(columns.of(*field), text);
        }
        for (field, value) in &entry.values {
            document.add_text(columns.of(*field), value);
        }
        for amount in &entry.amounts {
            document.add_i64(columns.amount, *amount);
        }
        document.add_u64(columns.words, entry.likeness.words);
        document.add_u64(columns.figures, entry.likeness.figures);
        document.add_i64(columns.published, entry.published);
        document.add_i64(columns.first_seen, entry.first_seen);
        document.add_u64(columns.group, entry.group);
        document
    }
}

impl Engine for Local {
    fn put(&self, entry: &Entry) -> Result<(), IndexError> {
        let document = self.document(entry);
        let key = self.key(entry.kind, &entry.key);
        self.write("add an entry", |writer| {
            writer.delete_term(key);
            writer.add_document(document)?;
            Ok(())
        })
    }

    fn remove(&self, kind: Kind, revision: &RevisionId) -> Result<(), IndexError> {
        let belonging = self.belonging(kind, revision);
        self.write("remove entries", |writer| {
            writer.delete_term(belonging);
            Ok(())
        })
    }

    fn commit(&self, sequence: u64) -> Result<(), IndexError> {
        self.write("commit", |writer| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&sequence.to_string());
            commit.commit()?;
            Ok(())
        })?;
        self.reader
            .reload()
            .map_err(|cause| failed(&self.path, "be read anew", cause))
    }

    fn sequence(&self) -> Result<u64, IndexError> {
        let metas = self
            .folder
            .load_metas()
            .map_err(|cause| failed(&self.path, "be read", cause))?;
        match metas.payload {
            None => Ok(0),
            Some(payload) => payload
                .parse()
                .map_err(|_| unreadable(&self.path, &format!("payload {payload:?}"))),
        }
    }

    fn clear(&self) -> Result<(), IndexError> {
        self.write("be emptied", |writer| {
            writer.delete_all_documents()?;
            Ok(())
        })?;
        self.commit(0)
    }

    fn find(
        &self,
        plan: &Plan,
        order: Order,
        offset: usize,
        limit: usize,
    ) -> Result<Found, IndexError> {
        let query = self.query(plan);
        self.read("answer", |searcher| {
            let top = TopDocs::with_limit(limit.max(1)).and_offset(offset);
            let by_key = || (SortByString::for_field("key"), Direction::Asc);
            let (total, scored): (usize, Vec<(f32, String, DocAddress)>) = match order {
                Order::Score => {
                    let by_score = (SortBySimilarityScore, Direction::Desc);
                    let collector = (Count, top.order_by((by_score, by_key())));
                    let (total, rows) = searcher.search(&*query, &collector)?;
                    let rows = rows.into_iter();
                    (
                        total,
                        rows.map(|((score, key), address)| {
                            (score, key.unwrap_or_default(), address)
                        })
                        .collect(),
                    )
                }
                Order::Newest => {
                    let by_time = (
                        SortByStaticFastValue::<i64>::for_field("published"),
                        Direction::Desc,
                    );
                    let collector = (Count, top.order_by((by_time, by_key())));
                    let (total, rows) = searcher.search(&*query, &collector)?;
                    let rows = rows.into_iter();
                    (
                        total,
                        rows.map(|((_, key), address)| (0.0, key.unwrap_or_default(), address))
                            .collect(),
                    )
                }
            };
            let mut rows = rows::rows(searcher, scored)?;
            rows.truncate(limit);
            Ok(Found { total, rows })
        })
    }

    fn revisions(&self, plan: &Plan, n_rows: usize, limit: usize) -> Result<Best, IndexError> {
        let query = self.query(plan);
        self.read("answer", |searcher| {
            // Ordered by a number, not by the key: reading a text for every candidate costs more than finding it.
            let by_group = (
                SortByStaticFastValue::<u64>::for_field("group"),
                Direction::Asc,
            );
            let by_score = (SortBySimilarityScore, Direction::Desc);
            let top = TopDocs::with_limit(n_rows.max(1)).order_by((by_score, by_group));
            let scored = searcher.search(&*query, &top)?;
            let scored: Vec<_> = scored
                .into_iter()
                .map(|((score, _), at)| (score, at))
                .collect();
            rows::best(searcher, &scored, n_rows, limit)
        })
    }

    fn n_holders(&self, field: Field, value: &str) -> Result<u64, IndexError> {
        let column = self.columns.of(field);
        let term = Term::from_field_text(column, value);
        self.read("count", |searcher| {
            let mut n_holders = 0;
            for segment in searcher.segment_readers() {
                let inverted = segment.inverted_index(column)?;
                // Removed entries count in a segment until it is merged, which hangs on how entries came.
                n_holders += match segment.alive_bitset() {
                    None => inverted.doc_freq(&term)?,
                    Some(alive) => inverted
                        .read_postings(&term, IndexRecordOption::Basic)?
                        .map_or(0, |postings| postings.doc_freq_given_deletes(alive)),
                };
            }
            Ok(u64::from(n_holders))
        })
    }

    fn counts(
        &self,
        plan: &Plan,
        fields: &[Field],
    ) -> Result<Vec<BTreeMap<String, u64>>, IndexError> {
        let columns = fields.iter().map(|field| match field {
            Field::Source => "source",
            Field::Language => "language",
            Field::Role => "role",
            Field::Named => "named",
            _ => "person",
        });
        let values = counts::Values(columns.collect());
        let query = self.query(plan);
        self.read("count", |searcher| searcher.search(&*query, &values))
    }

    fn days(&self, plan: &Plan, offset_s: i64) -> Result<BTreeMap<i64, u64>, IndexError> {
        let query = self.query(plan);
        let days = counts::Days { offset_s };
        self.read("count", |searcher| searcher.search(&*query, &days))
    }
}
