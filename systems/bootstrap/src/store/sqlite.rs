//! The database in a file.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Row, TransactionBehavior};

use super::{RECORD, RECORDED, Record, StoreError};
use crate::schema::{self, Schema};

/// How long another process may keep the file locked.
const BUSY_LIMIT: Duration = Duration::from_secs(30);

/// Whether anything was migrated yet.
const IS_THERE: &str =
    "select count(*) from sqlite_master where type = 'table' and name = 'bootstrap_migrations'";

/// Works on the file at `path`, which is made where it is missing, on a thread that may wait for the disk.
pub(super) async fn work<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let path = path.to_owned();
    let worked = tokio::task::spawn_blocking(move || work(&mut open(&path)?)).await;
    worked.map_err(|_| StoreError::Refused("the program is stopping".to_owned()))?
}

pub(super) fn migrate(connection: &mut Connection) -> Result<Schema, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(schema::TABLE)?;
    let found = transaction.query_row(schema::FOUND, [], read)?;
    for migration in found.missing()? {
        transaction.execute_batch(migration.sql)?;
        transaction.execute(schema::DONE, (migration.version, migration.needs, migration.name))?;
    }
    transaction.commit()?;
    Ok(found)
}

pub(super) fn schema(connection: &Connection) -> Result<Schema, StoreError> {
    match connection.query_row(IS_THERE, [], |row| row.get(0))? {
        0_i64 => Ok(Schema::default()),
        _ => Ok(connection.query_row(schema::FOUND, [], read)?),
    }
}

fn read(row: &Row) -> rusqlite::Result<Schema> {
    Ok(Schema { version: row.get(0)?, needs: row.get(1)? })
}

pub(super) fn record(connection: &Connection, record: &Record) -> Result<i64, StoreError> {
    let Record { deployment, event, environment, release } = record;
    connection.execute(RECORD, (deployment, event, environment, release))?;
    Ok(connection.query_row(RECORDED, (deployment, event), |row| row.get(0))?)
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let away = |error| StoreError::Away {
            why: format!("can't make the folder {}: {error}", folder.display()),
            variable: "DB_PATH",
        };
        std::fs::create_dir_all(folder).map_err(away)?;
    }
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_LIMIT)?;
    Ok(connection)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::DatabaseBusy
                | ErrorCode::DiskFull
                | ErrorCode::NotADatabase
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure,
            ) => Self::Away { why, variable: "DB_PATH" },
            _ => Self::Refused(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("new/app.db")).unwrap();
        (folder, connection)
    }

    #[test]
    fn a_schema_is_made_once() {
        let (_folder, mut connection) = file();
        assert_eq!(schema(&connection).unwrap(), Schema::default());
        assert_eq!(migrate(&mut connection).unwrap(), Schema::default());
        assert_eq!(migrate(&mut connection).unwrap().version, schema::known());
        assert_eq!(schema(&connection).unwrap().version, schema::known());
    }

    #[test]
    fn a_newer_schema_is_left_alone() {
        let (_folder, mut connection) = file();
        migrate(&mut connection).unwrap();
        let later = schema::known() + 1;
        connection.execute(schema::DONE, (later, 0, "more")).unwrap();
        assert_eq!(migrate(&mut connection).unwrap(), Schema { version: later, needs: 0 });
        connection.execute(schema::DONE, (later + 1, later, "less")).unwrap();
        assert!(matches!(migrate(&mut connection), Err(StoreError::Newer(_))));
        assert_eq!(schema(&connection).unwrap(), Schema { version: later + 1, needs: later });
    }

    #[test]
    fn a_migration_that_fails_leaves_nothing() {
        let (_folder, mut connection) = file();
        connection.execute_batch("create table deployments (x)").unwrap();
        assert!(matches!(migrate(&mut connection), Err(StoreError::Refused(_))));
        assert_eq!(schema(&connection).unwrap(), Schema::default());
    }

    #[test]
    fn a_hook_that_is_called_again_is_kept_once() {
        let (_folder, mut connection) = file();
        migrate(&mut connection).unwrap();
        let [deployment, event, environment, release] =
            ["d-1", "before-traffic", "dev", "abc"].map(str::to_owned);
        let hook = Record { deployment, event, environment, release };
        assert_eq!(record(&connection, &hook).unwrap(), 1);
        assert_eq!(record(&connection, &hook).unwrap(), 1);
    }
}
