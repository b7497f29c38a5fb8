//! The database, where there is one: a file (SQLite) or a server (Postgres). Both run the same SQL.
//!
//! A connection is made for each piece of work: migrations and hooks are few and far between.

mod postgres;
mod sqlite;

use std::path::PathBuf;

use kit::postgres::Address;

use crate::schema::{Newer, Schema};

/// Where the database is.
#[derive(Debug)]
pub(crate) enum Store {
    /// In a file.
    File(PathBuf),
    /// On a server.
    Server(Address),
}

/// That a hook ran.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Of which deployment.
    pub(crate) deployment: String,
    /// The hook's name.
    pub(crate) event: String,
    /// Where it ran.
    pub(crate) environment: String,
    /// The commit the program was built from.
    pub(crate) release: String,
}

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// It can't be opened, reached or logged in to.
    #[error("the database can't be reached: {why}; check {variable}")]
    Away {
        /// What the system or the server said.
        why: String,
        /// Where its address stands.
        variable: &'static str,
    },
    /// It answered with an error.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The schema is no longer for this program.
    #[error(transparent)]
    Newer(#[from] Newer),
}

/// Keeps a [`Record`]; a hook that is called again is kept once.
const RECORD: &str =
    "insert into deployments (deployment, event, environment, release) values ($1, $2, $3, $4)
    on conflict (deployment, event) do update
    set environment = excluded.environment, release = excluded.release, at = current_timestamp";

/// How often a record is kept.
const RECORDED: &str = "select count(*) from deployments where deployment = $1 and event = $2";

impl Store {
    /// What it is called in the log.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "sqlite",
            Self::Server(_) => "postgres",
        }
    }

    /// Brings the schema up to date in one transaction, and gives what was there before. Two at once are safe: one waits for
    /// the other.
    ///
    /// # Errors
    /// Also when the schema is no longer for this program.
    pub(crate) async fn migrate(&self) -> Result<Schema, StoreError> {
        match self {
            Self::File(path) => sqlite::work(path, sqlite::migrate).await,
            Self::Server(address) => postgres::migrate(&mut postgres::connect(address).await?).await,
        }
    }

    /// The schema as it is.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn schema(&self) -> Result<Schema, StoreError> {
        match self {
            Self::File(path) => sqlite::work(path, |connection| sqlite::schema(connection)).await,
            Self::Server(address) => postgres::schema(&postgres::connect(address).await?).await,
        }
    }

    /// Keeps a record, and says how often it stands there afterwards, which is once.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn record(&self, record: Record) -> Result<i64, StoreError> {
        match self {
            Self::File(path) => {
                sqlite::work(path, move |connection| sqlite::record(connection, &record)).await
            }
            Self::Server(address) => postgres::record(&postgres::connect(address).await?, &record).await,
        }
    }
}
