//! The audit log: whatever is altered, removed, moved or cut off in it, or in the cases it speaks of, is found.

use aigaq::model::{AuditNote, UserRole};
use aigaq::store::{self, CaseChange, FILE_NAME, HEAD_NAME};
use proptest::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::desk::{case, minute, user};

/// Entries of the log in these tests.
const N_ENTRIES: i64 = 12;

/// A folder whose log has [`N_ENTRIES`] entries, some of them of cases.
fn logged() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(folder.path()).unwrap();
    store
        .put_user(
            &user("aisha", UserRole::Officer, "police"),
            "operator",
            minute(0),
        )
        .unwrap();
    let mut cases = vec![case("case-one")];
    for at in 1..6 {
        let changes = cases.drain(..).map(|case| CaseChange {
            case,
            actor: "program".to_owned(),
            action: "seen".to_owned(),
            details: json!({ "at": at }),
        });
        let changes: Vec<CaseChange> = changes.collect();
        store.change_cases(&changes, minute(at)).unwrap();
        cases = store.cases().unwrap().to_vec();
    }
    for at in 6..12 {
        store
            .note(&AuditNote {
                at: minute(at),
                actor: "aisha".to_owned(),
                action: "export".to_owned(),
                subject: format!("cases-{at}.csv"),
                details: json!({ "rows": at, "form": "csv" }),
            })
            .unwrap();
    }
    let report = store.verify_audit().unwrap();
    assert_eq!(
        (report.n_entries, &report.faults),
        (N_ENTRIES.unsigned_abs(), &Vec::new())
    );
    folder
}

/// What a look finds.
fn faults(folder: &tempfile::TempDir) -> Vec<String> {
    let store = store::open_read_only(folder.path()).unwrap();
    store.verify_audit().unwrap().faults
}

/// The database with its guards taken away, as somebody with the file in hand could.
fn unguarded(folder: &tempfile::TempDir) -> Connection {
    let db = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    let mut statement = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap();
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(statement);
    for name in names {
        db.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    db
}

#[test]
fn the_database_itself_refuses_to_change_or_delete_what_was_entered() {
    let folder = logged();
    let db = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for statement in [
        "UPDATE audit SET actor = 'nobody' WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 12",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 3",
        "UPDATE case_versions SET payload = x'6a'",
        "DELETE FROM case_versions",
        "DELETE FROM cases",
        "DELETE FROM users",
        "DELETE FROM tokens",
    ] {
        let outcome = db.execute(statement, []);
        let is_empty = statement.ends_with("tokens");
        assert!(
            outcome.is_err() || is_empty && outcome == Ok(0),
            "{statement}"
        );
    }
    assert_eq!(faults(&folder), Vec::<String>::new());
}

#[test]
fn entries_that_are_removed_moved_doubled_or_cut_off_are_found() {
    let tampered = [
        "DELETE FROM audit WHERE seq = 5",
        "DELETE FROM audit WHERE seq = 1",
        // The end is missing, in one entry and in three.
        "DELETE FROM audit WHERE seq = 12",
        "DELETE FROM audit WHERE seq >= 10",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 12; UPDATE audit_head SET seq = 11, hash = (SELECT hash FROM audit WHERE seq = 11)",
        "DELETE FROM audit; DELETE FROM audit_head",
        // Two entries change places.
        "UPDATE audit SET seq = 100 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 100",
        // One stands twice.
        "INSERT INTO audit SELECT 13, at, actor, action, subject, details, before, hash FROM audit WHERE seq = 12",
        // One is added at the end, with the digest before it in place.
        "INSERT INTO audit SELECT 13, at, actor, action, subject, details, hash, hash FROM audit WHERE seq = 12",
        // An older head.
        "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)",
        // Cases behind the log's back.
        "DELETE FROM case_versions WHERE version = 2",
        "UPDATE cases SET version = 4",
        "UPDATE cases SET payload = (SELECT payload FROM case_versions WHERE version = 1)",
        "DELETE FROM cases",
        // Rights behind the log's back.
        "DELETE FROM users",
        "INSERT INTO users SELECT 'mallory', payload FROM users",
    ];
    for statements in tampered {
        let folder = logged();
        let db = unguarded(&folder);
        db.execute_batch(statements).unwrap();
        drop(db);
        assert!(!faults(&folder).is_empty(), "{statements}");
    }
}

#[test]
fn a_head_that_was_noted_elsewhere_shows_a_log_that_was_written_anew() {
    let folder = logged();
    let head = {
        let store = store::open_read_only(folder.path()).unwrap();
        let report = store.verify_audit().unwrap();
        format!("{}:{}", report.n_entries, report.head)
    };
    let run = |folder: &std::path::Path, head: &str| {
        let folder = folder.to_str().unwrap();
        crate::cli::aigaq(
            std::path::Path::new("."),
            &["--data", folder, "verify-audit", "--head", head],
            "",
        )
    };
    assert_eq!(run(folder.path(), &head).status.code(), Some(0));
    // Somebody with all files in hand begins the log anew.
    let forged = logged();
    let store = store::open(forged.path()).unwrap();
    let note = AuditNote {
        at: minute(99),
        actor: "aisha".to_owned(),
        action: "export".to_owned(),
        subject: "nothing".to_owned(),
        details: json!(null),
    };
    store.note(&note).unwrap();
    drop(store);
    assert_eq!(
        run(forged.path(), &head).status.code(),
        Some(0),
        "what was noted is still there"
    );
    let db = unguarded(&forged);
    db.execute(
        "UPDATE audit SET hash = ?1 WHERE seq = 12",
        params!["0".repeat(64)],
    )
    .unwrap();
    drop(db);
    assert_eq!(run(forged.path(), &head).status.code(), Some(1));
}

#[test]
fn a_clock_that_went_back_is_told_and_is_no_fault() {
    let folder = logged();
    let store = store::open(folder.path()).unwrap();
    let note = AuditNote {
        at: minute(-100),
        actor: "aisha".to_owned(),
        action: "export".to_owned(),
        subject: "early".to_owned(),
        details: json!(null),
    };
    store.note(&note).unwrap();
    let report = store.verify_audit().unwrap();
    assert_eq!((report.n_clock_back, report.faults), (1, Vec::new()));
}

/// Columns of the rows that the log and the cases are made of.
const COLUMNS: &[(&str, &str)] = &[
    ("audit", "seq"),
    ("audit", "at"),
    ("audit", "actor"),
    ("audit", "action"),
    ("audit", "subject"),
    ("audit", "details"),
    ("audit", "before"),
    ("audit", "hash"),
    ("audit_head", "seq"),
    ("audit_head", "hash"),
    ("case_versions", "id"),
    ("case_versions", "version"),
    ("case_versions", "payload"),
    ("cases", "id"),
    ("cases", "version"),
    ("cases", "payload"),
    ("users", "id"),
    ("users", "payload"),
];

/// A value with one bit of one byte changed.
fn flipped(value: Value, place: usize, bit: u8) -> Value {
    let flip = |bytes: &mut [u8]| {
        let n = bytes.len();
        bytes[place % n] ^= 1 << bit;
    };
    match value {
        Value::Integer(number) => {
            let mut bytes = number.to_be_bytes();
            flip(&mut bytes);
            Value::Integer(i64::from_be_bytes(bytes))
        }
        Value::Text(text) => {
            let mut bytes = text.into_bytes();
            flip(&mut bytes);
            // Bytes that are no text are stored as they are.
            String::from_utf8(bytes)
                .map_or_else(|error| Value::Blob(error.into_bytes()), Value::Text)
        }
        Value::Blob(mut bytes) => {
            flip(&mut bytes);
            Value::Blob(bytes)
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(crate::cases(96))]

    #[test]
    fn any_byte_of_any_row_that_is_changed_is_found(
        column in 0..COLUMNS.len(), row in 0usize..12, place in 0usize..4096, bit in 0u8..8
    ) {
        let folder = logged();
        let (table, column) = COLUMNS[column];
        let db = unguarded(&folder);
        let rowids = {
            let mut statement = db.prepare(&format!("SELECT rowid FROM {table} ORDER BY rowid")).unwrap();
            let rows = statement.query_map([], |row| row.get::<_, i64>(0)).unwrap();
            rows.map(Result::unwrap).collect::<Vec<i64>>()
        };
        let rowid = rowids[row % rowids.len()];
        let query = format!("SELECT {column} FROM {table} WHERE rowid = ?1");
        let value: Value = db.query_row(&query, [rowid], |row| row.get(0)).unwrap();
        let change = format!("UPDATE {table} SET {column} = ?2 WHERE rowid = ?1");
        // A number that stands already cannot be taken twice.
        if db.execute(&change, params![rowid, flipped(value, place, bit)]).is_ok() {
            drop(db);
            prop_assert!(!faults(&folder).is_empty(), "{table}.{column} of row {rowid}");
        }
    }

    #[test]
    fn any_byte_of_the_head_beside_the_database_that_is_changed_is_found(place in 0usize..68, bit in 0u8..8) {
        let folder = logged();
        let path = folder.path().join(HEAD_NAME);
        let mut bytes = std::fs::read(&path).unwrap();
        let n = bytes.len();
        bytes[place % n] ^= 1 << bit;
        std::fs::write(&path, bytes).unwrap();
        prop_assert!(!faults(&folder).is_empty());
    }
}
