//! The connections of the embedded database: one writes, each read takes another one and so sees a whole committed state without
//! waiting for the writer, and each writing method is one transaction.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::audit;
use super::error::{Cause, StoreError};
use super::held::Held;
use super::opening::{format_of, lock, migrate, newest_format, opening, reader, settle};
use crate::model::Case;

/// Name of the database inside the data folder.
pub const FILE_NAME: &str = "aigaq.db";
/// Older versions of the database library can lose commits when a checkpoint meets a writer.
const OLDEST_LIBRARY: i32 = 3_051_003;
/// The write-ahead log is cut back to this many bytes after a checkpoint.
const JOURNAL_LIMIT_BYTES: i64 = 64 << 20;

/// The embedded database.
pub(super) struct Embedded {
    /// Database file.
    pub(super) path: PathBuf,
    /// The one writing connection; `None` when opened for reading only.
    writer: Option<Mutex<Connection>>,
    /// Held from planning revisions to writing them, so that nothing comes between.
    pub(super) recording: Mutex<()>,
    /// Reading connections that nobody uses at the moment.
    readers: Mutex<Vec<Connection>>,
    /// All cases, as they were last read.
    pub(super) cases: Held<Vec<Case>>,
    /// Keeps the lock for as long as the store is open; the system lets go of it however the process ends.
    _lock: Option<File>,
}

impl Embedded {
    /// See [`super::open`].
    pub(super) fn open(dir: &Path) -> Result<Embedded, StoreError> {
        let path = dir.join(FILE_NAME);
        let failed = |source: Cause| StoreError::Open {
            path: path.clone(),
            source,
        };
        if rusqlite::version_number() < OLDEST_LIBRARY {
            let found = rusqlite::version();
            return Err(failed(
                format!("SQLite {found} is too old: 3.51.3 mended a loss of commits").into(),
            ));
        }
        std::fs::create_dir_all(dir).map_err(|cause| failed(cause.into()))?;
        let lock = lock(dir)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut writer =
            Connection::open_with_flags(&path, flags).map_err(|cause| failed(cause.into()))?;
        let format = format_of(&writer, &path)?;
        let prepare = |writer: &mut Connection| -> Result<(), Cause> {
            writer.pragma_update(None, "journal_mode", "WAL")?;
            writer.pragma_update(None, "synchronous", "FULL")?;
            writer.pragma_update(None, "journal_size_limit", JOURNAL_LIMIT_BYTES)?;
            settle(writer)?;
            migrate(writer, format)
        };
        prepare(&mut writer).map_err(|cause| opening(&path, cause))?;
        Ok(Embedded {
            path,
            writer: Some(Mutex::new(writer)),
            recording: Mutex::new(()),
            readers: Mutex::new(Vec::new()),
            cases: Held::default(),
            _lock: Some(lock),
        })
    }

    /// See [`super::open_read_only`].
    pub(super) fn open_read_only(dir: &Path) -> Result<Embedded, StoreError> {
        let path = dir.join(FILE_NAME);
        if !path.exists() {
            return Err(StoreError::Missing {
                path: dir.to_path_buf(),
            });
        }
        let reader = reader(&path).map_err(|cause| opening(&path, cause))?;
        let found = format_of(&reader, &path)?;
        let known = newest_format();
        if found < known {
            return Err(StoreError::TooOld { path, found, known });
        }
        Ok(Embedded {
            path,
            writer: None,
            recording: Mutex::new(()),
            readers: Mutex::new(vec![reader]),
            cases: Held::default(),
            _lock: None,
        })
    }

    /// See [`super::open_desk`]. A change of a case is one transaction that looks at the version it changes, so it needs no lock
    /// against the process that collects.
    pub(super) fn open_desk(dir: &Path) -> Result<Embedded, StoreError> {
        let mut store = Embedded::open_read_only(dir)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || -> Result<Connection, Cause> {
            let writer = Connection::open_with_flags(&store.path, flags)?;
            writer.pragma_update(None, "synchronous", "FULL")?;
            settle(&writer)?;
            Ok(writer)
        };
        let writer = open().map_err(|cause| opening(&store.path, cause))?;
        store.writer = Some(Mutex::new(writer));
        Ok(store)
    }

    /// Writes what is entered in the audit log, then the head of the log beside the database.
    pub(super) fn enter(
        &self,
        what: &'static str,
        work: impl FnOnce(&Connection) -> Result<(u64, String), Cause>,
    ) -> Result<(), StoreError> {
        let head = self.write(what, work)?;
        self.keep_head(what, &head)
    }

    /// The same, for what may come to nothing.
    pub(super) fn enter_if<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Connection) -> Result<Option<(T, (u64, String))>, Cause>,
    ) -> Result<Option<T>, StoreError> {
        let Some((answer, head)) = self.write(what, work)? else {
            return Ok(None);
        };
        self.keep_head(what, &head)?;
        Ok(Some(answer))
    }

    /// Writes the head of the audit log beside the database.
    pub(super) fn keep_head(
        &self,
        what: &'static str,
        head: &(u64, String),
    ) -> Result<(), StoreError> {
        audit::write_head(self.dir(), head)
            .map_err(|cause| StoreError::sort(&self.path, what, cause.into()))
    }

    /// The data folder.
    pub(super) fn dir(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Reads with a connection of its own.
    pub(super) fn read<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Cause>,
    ) -> Result<T, StoreError> {
        let idle = hold(&self.readers).pop();
        let attempt = || -> Result<T, Cause> {
            let connection = match idle {
                Some(connection) => connection,
                None => reader(&self.path)?,
            };
            let answer = work(&connection);
            hold(&self.readers).push(connection);
            answer
        };
        attempt().map_err(|cause| StoreError::sort(&self.path, what, cause))
    }

    /// Writes in one transaction: all of it is kept or nothing.
    pub(super) fn write<T>(
        &self,
        what: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Cause>,
    ) -> Result<T, StoreError> {
        let Some(writer) = &self.writer else {
            return Err(StoreError::ReadOnly {
                path: self.path.clone(),
                what,
            });
        };
        let mut writer = hold(writer);
        let attempt = || -> Result<T, Cause> {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let answer = work(&transaction)?;
            transaction.commit()?;
            Ok(answer)
        };
        attempt().map_err(|cause| StoreError::sort(&self.path, what, cause))
    }
}

/// Takes a lock; a thread that panicked with it rolled its transaction back, so what it guards is whole.
pub(super) fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
