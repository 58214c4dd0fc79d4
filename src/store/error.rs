//! Why the store could not do what was asked, named so that an operator knows which folder or file to look at.

use std::path::{Path, PathBuf};

/// The cause of a refusal, as the database or the machine said it.
pub(super) type Cause = Box<dyn std::error::Error + Send + Sync>;

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
    /// Nothing has been stored in this folder yet.
    #[error("there is no store in {path} yet: `aigaq crawl` makes one")]
    Missing {
        /// Folder looked into.
        path: PathBuf,
    },
    /// The file is a database, but of another program.
    #[error("{path} is not a store of this program: {detail}")]
    Foreign {
        /// File found.
        path: PathBuf,
        /// What gave it away.
        detail: String,
    },
    /// The file is damaged.
    #[error("the store {path} is damaged; restore it from a backup or set it aside")]
    Damaged {
        /// Store file.
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
    /// The store has an older format and was opened for reading only.
    #[error(
        "the store {path} has the older format {found}: any command that writes, such as `aigaq crawl`, brings it to {known}"
    )]
    TooOld {
        /// Store file.
        path: PathBuf,
        /// Format found.
        found: u32,
        /// Format needed.
        known: u32,
    },
    /// Another process writes to this store.
    #[error(
        "another process is writing to the store in {path}: wait until it ends, or give another folder with --data"
    )]
    Locked {
        /// Folder of the store.
        path: PathBuf,
    },
    /// The store was opened for reading only.
    #[error("the store {path} is open for reading only and could not {what}")]
    ReadOnly {
        /// Store file.
        path: PathBuf,
        /// What was being done.
        what: &'static str,
    },
    /// The disk of the store is full; nothing of the last step was kept.
    #[error("no space is left on the disk of the store {path} to {what}")]
    DiskFull {
        /// Store file.
        path: PathBuf,
        /// What was being done.
        what: &'static str,
    },
    /// The database refused.
    #[error("the store {path} could not {what}")]
    Database {
        /// Store file.
        path: PathBuf,
        /// What was being done.
        what: &'static str,
        /// Cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl StoreError {
    /// Sorts a cause met while doing `what` with the store file `path`.
    pub(super) fn sort(path: &Path, what: &'static str, cause: Cause) -> StoreError {
        use rusqlite::ErrorCode::{DatabaseCorrupt, DiskFull, NotADatabase};
        let code = cause
            .downcast_ref::<rusqlite::Error>()
            .and_then(rusqlite::Error::sqlite_error_code);
        let path = path.to_path_buf();
        match code {
            Some(DiskFull) => StoreError::DiskFull { path, what },
            Some(DatabaseCorrupt | NotADatabase) => StoreError::Damaged {
                path,
                source: cause,
            },
            _ => StoreError::Database {
                path,
                what,
                source: cause,
            },
        }
    }
}
