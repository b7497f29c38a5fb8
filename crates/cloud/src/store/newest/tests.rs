//! The database is what the versions make: `UPDATE_GOLDEN=1 cargo test -p taxiway-cloud newest` makes it again.

use std::path::PathBuf;

use rusqlite::Connection;

use super::{DATABASE, provide};
use crate::store::schema;

fn made() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("made.db");
    let db = Connection::open(&file).unwrap();
    db.pragma_update(None, "journal_mode", "WAL").unwrap();
    schema::migrate(&db, &file).unwrap();
    db.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    (folder, db)
}

/// What was said to make each thing there is.
fn schema_of(db: &Connection) -> Vec<(String, Option<String>)> {
    let mut select = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
    select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

fn pragma(db: &Connection, name: &str) -> String {
    db.pragma_query_value(None, name, |row| row.get_ref(0).map(|value| format!("{value:?}"))).unwrap()
}

fn rows(db: &Connection) -> i64 {
    let tables = schema_of(db)
        .into_iter()
        .filter(|(_, sql)| sql.as_ref().is_some_and(|sql| sql.starts_with("CREATE TABLE")));
    tables
        .map(|(name, _)| {
            db.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get::<_, i64>(0)).unwrap()
        })
        .sum()
}

#[test]
fn the_newest_database_is_what_the_versions_make() {
    let (folder, made) = made();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store/newest.db");
        std::fs::copy(folder.path().join("made.db"), source).unwrap();
        return;
    }
    let file = folder.path().join("cloud.db");
    provide(&file).unwrap();
    let newest = Connection::open(&file).unwrap();
    assert!(schema_of(&newest) == schema_of(&made), "newest.db is stale: UPDATE_GOLDEN=1 makes it again");
    for name in ["user_version", "journal_mode", "page_size", "page_count", "encoding", "auto_vacuum"] {
        assert_eq!(pragma(&newest, name), pragma(&made, name), "{name}");
    }
    let found: String = newest.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(found, "ok");
    assert_eq!(rows(&newest), 0);
}

#[test]
fn a_database_that_is_there_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cloud.db");
    std::fs::write(&file, "something").unwrap();
    provide(&file).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"something");
}

#[test]
fn the_log_of_a_database_that_is_gone_goes_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cloud.db");
    let log = file.with_extension("db-wal");
    for is_there in [false, true] {
        if is_there {
            std::fs::write(&file, "").unwrap();
        }
        std::fs::write(&log, "of another").unwrap();
        provide(&file).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), DATABASE);
        assert!(!log.exists() && !file.with_extension("db-new").exists());
        std::fs::remove_file(&file).unwrap();
    }
}
