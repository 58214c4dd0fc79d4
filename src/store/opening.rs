//! How a database file is opened: the lock of who collects, the settings of a connection, whose file it is, and its migrations.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use super::error::{Cause, StoreError};
use super::{judged, sql};

/// Name of the file whose lock means that a process writes; it stays behind empty, which means nothing.
const LOCK_NAME: &str = "aigaq.lock";
/// How long a lock that another process holds is waited for. A program that is just being started holds every lock of the
/// one that starts it until it runs, and a command that was told to stop may be ending.
const LOCK_PATIENCE: Duration = Duration::from_secs(3);
/// How long to wait between two attempts to take a lock.
const LOCK_PAUSE: Duration = Duration::from_millis(10);
/// How long a statement waits for another process before it fails; a backup or a checkpoint is over sooner.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Memory for database pages per connection, in KiB (negative is the library's way to say KiB).
const CACHE_KIB: i64 = -16_384;
/// Prepared statements kept per connection: a few more than there are queries.
const N_STATEMENTS: usize = 120;

/// Attempts something until it does not fail for a lock that another process holds, at most `LOCK_PATIENCE` long.
///
/// # Errors
/// The last failure.
pub fn once_free<T, E>(
    is_held: impl Fn(&E) -> bool,
    mut attempt: impl FnMut() -> Result<T, E>,
) -> Result<T, E> {
    let begun = Instant::now();
    loop {
        match attempt() {
            Err(failure) if is_held(&failure) && begun.elapsed() < LOCK_PATIENCE => {
                std::thread::sleep(LOCK_PAUSE);
            }
            ended => return ended,
        }
    }
}

/// Takes the lock of a folder: that of an empty file in it, held until the file is closed.
///
/// # Errors
/// [`TryLockError::WouldBlock`] when another process holds it for longer than is waited; else what the disk said.
pub fn lock_file(path: &Path) -> Result<File, TryLockError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(TryLockError::Error)?;
    let is_held = |failure: &TryLockError| matches!(failure, TryLockError::WouldBlock);
    once_free(is_held, || file.try_lock())?;
    Ok(file)
}

/// Takes the folder's writing lock.
pub(super) fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join(LOCK_NAME);
    lock_file(&path).map_err(|failure| match failure {
        TryLockError::WouldBlock => StoreError::Locked {
            path: dir.to_path_buf(),
        },
        TryLockError::Error(cause) => StoreError::Open {
            path,
            source: cause.into(),
        },
    })
}

/// Sorts a cause met while opening.
pub(super) fn opening(path: &Path, cause: Cause) -> StoreError {
    match StoreError::sort(path, "be opened", cause) {
        StoreError::Database { path, source, .. } => StoreError::Open { path, source },
        sorted => sorted,
    }
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, Cause> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    Ok(connection)
}

/// Settings of every connection.
pub(super) fn settle(connection: &Connection) -> Result<(), Cause> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(N_STATEMENTS);
    Ok(())
}

/// The format this program writes.
pub(super) fn newest_format() -> u32 {
    u32::try_from(sql::MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The format of a database file, 0 when it is empty; refuses what is not ours or is newer than we know.
pub(super) fn format_of(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    let look = || -> Result<(i32, i64, u32), Cause> {
        let mark = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let n_tables =
            connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let format = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok((mark, n_tables, format))
    };
    let (mark, n_tables, found) = look().map_err(|cause| opening(path, cause))?;
    if mark != sql::APPLICATION_ID && (mark != 0 || n_tables > 0) {
        return Err(StoreError::Foreign {
            path: path.to_path_buf(),
            detail: format!("it is a database with {n_tables} tables and mark {mark:#x}"),
        });
    }
    let known = newest_format();
    if found > known {
        return Err(StoreError::TooNew {
            path: path.to_path_buf(),
            found,
            known,
        });
    }
    Ok(found)
}

/// Brings a store to the newest format, one transaction a migration, so that a kill leaves a whole format.
pub(super) fn migrate(writer: &mut Connection, found: u32) -> Result<(), Cause> {
    for (index, (name, statements)) in sql::MIGRATIONS.iter().enumerate() {
        let number = u32::try_from(index + 1)?;
        if number <= found {
            continue;
        }
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(sql::MIGRATIONS_TABLE)?;
        transaction.execute_batch(statements)?;
        if *name == sql::QUOTED {
            judged::note_all_quoted(&transaction)?;
        }
        transaction.execute(
            "INSERT INTO migrations (number, name, written_by) VALUES (?1, ?2, ?3)",
            params![number, name, env!("CARGO_PKG_VERSION")],
        )?;
        transaction.pragma_update(None, "application_id", sql::APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}
