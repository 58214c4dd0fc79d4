//! The embedded engine: tantivy in a folder of its own. Nothing of tantivy is seen outside this file.
//!
//! Terms come ready made, so no tokenizer of the engine is used. The commit's payload holds the place in the store, so
//! content and place become durable in the same rename. One thread writes: the order of entries is that of the calls.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::collector::{Count, TopDocs};
use tantivy::columnar::{Column as Column64, StrColumn};
use tantivy::directory::error::LockError;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, InvertedIndexRangeQuery, Occur,
    PhraseQuery, Query, RangeQuery, TermQuery,
};
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
use super::engine::{Engine, Entry, Field, Found, Kind, Order, Plan, Row};
use crate::model::RevisionId;

/// Names the program and the format; written before anything else, so a folder without it is not ours.
const MARK: &str = "aigaq-index.json";
/// Format of the entries. A change of fields or of what stands in them counts it up, and old folders ask for a rebuild.
const FORMAT: u32 = 1;
/// Memory of the writer before it writes a segment.
const WRITER_BYTES: usize = 64 << 20;
/// A word in the title says more of a publication than the same word in its text.
const TITLE_BOOST: f32 = 2.0;
/// A prefix stands for at most this many terms, so that `а*` costs little.
const PREFIX_TERMS: u64 = 2_000;

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
    published: Column,
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
            source: schema.add_text_field("source", value()),
            language: schema.add_text_field("language", value()),
            role: schema.add_text_field("role", value()),
            url: schema.add_text_field("url", value()),
            state: schema.add_text_field("state", value()),
            author: schema.add_text_field("author", value()),
            published: schema.add_i64_field("published", INDEXED | FAST),
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
            Field::Revision => self.revision,
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

/// Removes an index folder, readable or not; one that this program did not make is refused.
pub(super) fn remove(path: &Path) -> Result<(), IndexError> {
    if !path.join(MARK).exists() && !is_empty(path)? {
        return Err(IndexError::Foreign {
            path: path.to_path_buf(),
        });
    }
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(failed(path, "be removed", cause.into()))
        }
        _ => Ok(()),
    }
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
            let made = self
                .folder
                .writer_with_num_threads(1, WRITER_BYTES)
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
        document.add_i64(columns.published, entry.published);
        document.add_u64(columns.group, entry.group);
        document
    }

    /// A plan as a query.
    fn query(&self, plan: &Plan) -> Box<dyn Query> {
        let columns = &self.columns;
        match plan {
            Plan::Kind(kind) => {
                let term = Term::from_field_text(columns.kind, kind.word());
                demanded(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
            }
            Plan::All(plans) => self.all(plans),
            Plan::Any(plans) => Box::new(BooleanQuery::union(
                plans.iter().map(|p| self.query(p)).collect(),
            )),
            Plan::Not(plan) => self.all(std::slice::from_ref(&Plan::Not(plan.clone()))),
            Plan::Ranked(demand, by) => {
                let mut clauses = vec![(Occur::Must, self.query(demand))];
                clauses.extend(by.iter().map(|plan| (Occur::Should, self.query(plan))));
                Box::new(BooleanQuery::new(clauses))
            }
            Plan::Is {
                field,
                value,
                worth,
            } => self.is(*field, value, *worth),
            Plan::Phrase { field, terms, slop } => self.phrase(*field, terms, *slop),
            Plan::Prefix { field, prefix } => {
                let column = columns.of(*field);
                let from = Term::from_field_text(column, prefix);
                let to = Term::from_field_text(column, &format!("{prefix}\u{10FFFF}"));
                let mut query = InvertedIndexRangeQuery::new(
                    std::ops::Bound::Included(from),
                    std::ops::Bound::Excluded(to),
                );
                query.limit(PREFIX_TERMS);
                Box::new(query)
            }
            Plan::Published { from, to } => {
                let term = |seconds: i64| {
                    std::ops::Bound::Included(Term::from_field_i64(columns.published, seconds))
                };
                let from = term(from.unwrap_or(i64::MIN));
                let to = term(to.unwrap_or(i64::MAX));
                demanded(Box::new(RangeQuery::new(from, to)))
            }
        }
    }

    /// Everything demanded by plans; where only exclusions stand, of all entries.
    fn all(&self, plans: &[Plan]) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = plans
            .iter()
            .map(|plan| match plan {
                Plan::Not(plan) => (Occur::MustNot, self.query(plan)),
                plan => (Occur::Must, self.query(plan)),
            })
            .collect();
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, demanded(Box::new(AllQuery))));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// A term or value.
    fn is(&self, field: Field, value: &str, worth: Option<u32>) -> Box<dyn Query> {
        let term = Term::from_field_text(self.columns.of(field), value);
        let has_frequencies = matches!(field, Field::Title | Field::Body);
        let detail = if has_frequencies && worth.is_none() {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::Basic
        };
        let query: Box<dyn Query> = Box::new(TermQuery::new(term, detail));
        match worth {
            Some(worth) => Box::new(ConstScoreQuery::new(query, worth as f32)),
            None if field == Field::Title => Box::new(BoostQuery::new(query, TITLE_BOOST)),
            None if field == Field::Body => query,
            None => demanded(query),
        }
    }

    /// A phrase; of one word it is that word.
    fn phrase(&self, field: Field, terms: &[(usize, String)], slop: u32) -> Box<dyn Query> {
        let column = self.columns.of(field);
        match terms {
            [] => demanded(Box::new(AllQuery)),
            [(_, term)] => self.is(field, term, None),
            _ => {
                let terms = terms
                    .iter()
                    .map(|(offset, term)| (*offset, Term::from_field_text(column, term)))
                    .collect();
                let query = PhraseQuery::new_with_offset_and_slop(terms, slop);
                let boost = if field == Field::Title {
                    TITLE_BOOST
                } else {
                    1.0
                };
                Box::new(BoostQuery::new(Box::new(query), boost))
            }
        }
    }
}

/// A query that chooses and does not rank.
fn demanded(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// Columns of one segment that rows are read from; opening them costs more than reading a row.
struct RowColumns {
    revision: Option<StrColumn>,
    published: Column64<i64>,
}

/// Reads the rest of rows from the columns of their segments.
fn rows(
    searcher: &Searcher,
    scored: Vec<(f32, String, DocAddress)>,
) -> Result<Vec<Row>, TantivyError> {
    let mut opened: BTreeMap<u32, RowColumns> = BTreeMap::new();
    let mut rows = Vec::with_capacity(scored.len());
    for (score, key, address) in scored {
        let columns = match opened.entry(address.segment_ord) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(empty) => {
                let fields = searcher.segment_reader(address.segment_ord).fast_fields();
                empty.insert(RowColumns {
                    revision: fields.str("revision")?,
                    published: fields.i64("published")?,
                })
            }
        };
        let mut revision = String::new();
        if let Some(column) = &columns.revision
            && let Some(ord) = column.term_ords(address.doc_id).next()
        {
            column.ord_to_str(ord, &mut revision)?;
        }
        rows.push(Row {
            key: key.split_once(':').map_or("", |(_, key)| key).to_owned(),
            revision: RevisionId(revision),
            score: (score * 1000.0) as u32,
            published: columns.published.first(address.doc_id).unwrap_or_default(),
        });
    }
    Ok(rows)
}

/// The revisions of scored entries, each once, in the order of the entries.
fn revisions(
    searcher: &Searcher,
    scored: impl Iterator<Item = (f32, DocAddress)>,
    limit: usize,
) -> Result<Vec<(RevisionId, u32)>, TantivyError> {
    let mut columns: BTreeMap<u32, Option<StrColumn>> = BTreeMap::new();
    let mut known: BTreeSet<(u32, u64)> = BTreeSet::new();
    let mut found: Vec<(RevisionId, u32)> = Vec::new();
    for (score, at) in scored {
        if found.len() == limit {
            break;
        }
        let column = match columns.entry(at.segment_ord) {
            Slot::Occupied(opened) => opened.into_mut(),
            Slot::Vacant(empty) => {
                let fields = searcher.segment_reader(at.segment_ord).fast_fields();
                empty.insert(fields.str("revision")?)
            }
        };
        let Some(column) = column else { continue };
        let Some(ord) = column.term_ords(at.doc_id).next() else {
            continue;
        };
        if !known.insert((at.segment_ord, ord)) {
            continue;
        }
        let mut revision = String::new();
        column.ord_to_str(ord, &mut revision)?;
        // The entries of one revision may stand in two segments.
        if found.iter().all(|(other, _)| other.0 != revision) {
            found.push((RevisionId(revision), (score * 1000.0) as u32));
        }
    }
    Ok(found)
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
            let mut rows = rows(searcher, scored)?;
            rows.truncate(limit);
            Ok(Found { total, rows })
        })
    }

    fn revisions(
        &self,
        plan: &Plan,
        n_rows: usize,
        limit: usize,
    ) -> Result<Vec<(RevisionId, u32)>, IndexError> {
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
            let scored = scored.into_iter();
            revisions(searcher, scored.map(|((score, _), at)| (score, at)), limit)
        })
    }

    fn spread(&self, field: Field, value: &str) -> Result<(u64, u64), IndexError> {
        let term = Term::from_field_text(self.columns.of(field), value);
        self.read("count", |searcher| {
            Ok((searcher.doc_freq(&term)?, searcher.num_docs()))
        })
    }
}
