//! Starting over: no bucket, no object, no upload.

use std::sync::PoisonError;

use rusqlite::Connection;

use super::{Inner, S3};
use crate::store::StoreError;

/// Files of objects, of older versions and of parts are noted for removal; then nothing is left to name them.
const EMPTY: &str =
    "INSERT OR IGNORE INTO s3_garbage (file) SELECT file FROM s3_object WHERE file IS NOT NULL;
    INSERT OR IGNORE INTO s3_garbage (file) SELECT file FROM s3_version WHERE file IS NOT NULL;
    INSERT OR IGNORE INTO s3_garbage (file) SELECT file FROM s3_part;
    DELETE FROM s3_part;
    DELETE FROM s3_upload;
    DELETE FROM s3_version;
    DELETE FROM s3_object;
    DELETE FROM s3_content;
    DELETE FROM s3_bucket_document;
    DELETE FROM s3_bucket;";

impl S3 {
    /// Removes everything at once. Bytes on the disk go after it, when nobody reads them any more.
    pub(crate) async fn reset(&self) -> std::result::Result<(), StoreError> {
        let inner = self.inner.clone();
        let job = |db: &Connection| Ok::<_, StoreError>(db.execute_batch(EMPTY)?);
        self.store().write_then(job, move |()| inner.forget_configs()).await?;
        self.sweep_all();
        Ok(())
    }
}

impl Inner {
    fn forget_configs(&self) {
        self.configs.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
