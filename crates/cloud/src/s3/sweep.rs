//! Removing the files of objects that are gone: after the commit, when nobody reads them any more.

use std::sync::Arc;

use rusqlite::OptionalExtension as _;

use super::blobs::Blobs;
use super::error::Result;
use super::objects::Residue;
use super::{Inner, S3};
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// Files removed between two looks at who is reading.
const BATCH: usize = 1000;

/// Opens the files: settles what was under way, removes what was to be removed.
pub(super) fn open(store: &Store, settings: &Settings) -> std::result::Result<Blobs, StoreError> {
    let refused = |problem: std::io::Error| StoreError::Folder {
        path: store.path().join("objects"),
        reason: problem.to_string(),
    };
    let is_named = |file: &str| store.load(|db| Ok::<_, StoreError>(is_named(db, file)?)).unwrap_or(true);
    Blobs::open(store.path(), settings.durability, is_named).map_err(refused)
}

impl S3 {
    /// Begins to remove what a change left, unless that is going on already.
    pub(super) fn sweep(&self, residue: Residue) {
        if residue == Residue::Files {
            self.sweep_all();
        }
    }

    /// Removes in the background all files noted for removal.
    pub(super) fn sweep_all(&self) {
        let inner = Arc::clone(&self.inner);
        if let Ok(turn) = Arc::clone(&inner.sweeping).try_lock_owned() {
            tokio::spawn(async move {
                while matches!(inner.sweep_once().await, Ok(count) if count > 0) {}
                drop(turn);
            });
        }
    }
}

impl Inner {
    async fn sweep_once(&self) -> Result<usize> {
        let files = self.store.read(garbage).await?;
        if files.is_empty() {
            return Ok(0);
        }
        self.blobs.leases_ended().await;
        let (blobs, count) = (self.blobs.clone(), files.len());
        let job = move || files.into_iter().filter(|file| blobs.remove(file).is_ok()).collect::<Vec<_>>();
        let removed = tokio::task::spawn_blocking(job).await.unwrap_or_default();
        if removed.len() < count {
            tracing::warn!("files of deleted objects could not be removed; the next delete tries again");
        }
        let gone = removed.len();
        self.store
            .write(move |db| {
                let mut statement = db.prepare_cached("DELETE FROM s3_garbage WHERE file = ?")?;
                removed.iter().try_for_each(|file| statement.execute([file]).map(drop))?;
                Ok::<_, super::error::Error>(())
            })
            .await?;
        Ok(gone)
    }
}

fn garbage(db: &rusqlite::Connection) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached("SELECT file FROM s3_garbage LIMIT ?")?;
    let rows = statement.query_map([BATCH], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether a row names a file. Only asked at a start, for the few files that were under way.
fn is_named(db: &rusqlite::Connection, file: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM s3_object WHERE file = ?1 UNION ALL SELECT 1 FROM s3_part WHERE file = ?1 UNION \
        ALL SELECT 1 FROM s3_version WHERE file = ?1 LIMIT 1";
    Ok(db.query_row(sql, [file], |_| Ok(())).optional()?.is_some())
}
