//! Where documents are kept: a file (SQLite) or a server (Postgres), with the same answers.
//!
//! An engine keeps documents and says which of them hold a word with which impact; it ranks nothing. Words are taken
//! apart, impacts computed, results ordered and snippets made once, outside, so that the engines can't differ in it.
//!
//! A document has its tenant's number and, within that, its own: 1, 2, 3 … in the order of commits. Whoever has seen
//! document 7 will never see a document 6 appear later. A tenant's number is in every key of the index: the list of
//! documents that hold a word is one tenant's list.

mod batch;
mod postgres;
mod sqlite;

pub(crate) use batch::Writer;
pub(crate) use postgres::Postgres;
pub(crate) use sqlite::Sqlite;

use std::collections::{BTreeMap, HashMap};

use crate::document::{Addition, Document};
use crate::search::Postings;

/// One of the engines.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// A file on this machine.
    Sqlite(Sqlite),
    /// A server.
    Postgres(Postgres),
}

/// Why the store gave no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum StoreError {
    /// It can't be reached now; later it may.
    #[error("the database can't be used now: {0}")]
    Unavailable(String),
    /// There is no room.
    #[error("the database has no room left: {0}")]
    Full(String),
    /// It answered with an error that will not go away by itself.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The schema is that of another version of this program.
    #[error(
        "the database has schema version {found}, and this program knows none after {known}; start the newer program, \
         or restore a backup from before its migration"
    )]
    Newer {
        /// The schema's version.
        found: i64,
        /// The latest this program knows.
        known: usize,
    },
}

/// What became of one addition of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Added {
    /// It is kept.
    Kept,
    /// Its tenant has as many documents as it may have.
    OverQuota,
}

/// How far a bulk load has come: kept in the same commit as the documents it read.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    /// The load's name.
    pub(crate) name: String,
    /// Lines of its file that need not be read again.
    pub(crate) lines: u64,
}

/// A word whose documents are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The word.
    pub(crate) word: String,
    /// Documents up to this number are known already.
    pub(crate) after: u32,
}

/// What a tenant's index says.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// The tenant's number.
    pub(crate) tenant: u32,
    /// How many documents the tenant has, which is the number of its last one.
    pub(crate) documents: u32,
    /// For each wanted word, documents from its `after` up to the last one.
    pub(crate) postings: Vec<Postings>,
}

/// Does `$call` on whichever engine it is.
macro_rules! on_engine {
    ($store:expr, $engine:ident => $call:expr) => {
        match $store {
            Store::Sqlite($engine) => $call,
            Store::Postgres($engine) => $call,
        }
    };
}

impl Store {
    /// Brings the schema up to date. Two at once are safe: one waits for the other.
    ///
    /// # Errors
    /// Also when the schema is newer than this program.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        on_engine!(self, engine => engine.migrate().await)
    }

    /// Keeps all additions in one commit that survives a loss of power, each unless its tenant would then have more than
    /// `quota` documents. The answers are in the order of the additions.
    ///
    /// # Errors
    /// When none of them is kept, as far as anyone knows.
    pub(crate) async fn add(
        &self,
        additions: Vec<Addition>,
        quota: u32,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Vec<Added>, StoreError> {
        on_engine!(self, engine => engine.add(additions, quota, checkpoint).await)
    }

    /// Asks the index of one tenant; `None` when that has no documents.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn index(
        &self,
        tenant: &str,
        wanted: Vec<Wanted>,
    ) -> Result<Option<Answer>, StoreError> {
        on_engine!(self, engine => engine.index(tenant, wanted).await)
    }

    /// The documents of a tenant with these numbers.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn documents(
        &self,
        tenant: u32,
        numbers: &[u32],
    ) -> Result<HashMap<u32, Document>, StoreError> {
        on_engine!(self, engine => engine.documents(tenant, numbers).await)
    }

    /// How many documents each tenant has.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn counts(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        on_engine!(self, engine => engine.counts().await)
    }

    /// Lines of the load of this name that need not be read again.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn checkpoint(&self, name: &str) -> Result<u64, StoreError> {
        on_engine!(self, engine => engine.checkpoint(name).await)
    }
}

/// Where a document stands: its tenant's number and its own in one.
fn place(tenant: u32, number: u32) -> i64 {
    (i64::from(tenant) << 32) | i64::from(number)
}

/// The document's own number.
fn number(place: i64) -> u32 {
    u32::try_from(place & i64::from(u32::MAX)).unwrap_or(u32::MAX)
}

/// A word of a tenant, with its impact, as the engines index it: `12.7.word`.
fn key(tenant: u32, level: u8, word: &str) -> String {
    format!("{tenant}.{level}.{word}")
}

/// Additions by tenant, in the order of their names, with their places in the batch: every writer takes tenants in the same
/// order, so that two never wait for each other.
fn by_tenant(additions: Vec<Addition>) -> BTreeMap<String, Vec<(usize, Addition)>> {
    let mut tenants = BTreeMap::<_, Vec<_>>::new();
    for (index, addition) in additions.into_iter().enumerate() {
        tenants.entry(addition.tenant.clone()).or_default().push((index, addition));
    }
    tenants
}

fn tags_to_json(tags: &[String]) -> String {
    serde_json::to_string(tags).unwrap_or_else(|_| "[]".to_owned())
}

fn tags_from_json(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}
