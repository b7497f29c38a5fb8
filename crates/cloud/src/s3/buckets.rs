//! Buckets: made, listed, described, removed.

use http::{Response, StatusCode};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::{Code, Error, Result};
use super::request::Request;
use super::versions::Versioning;
use super::xml::Writer;
use super::{OWNER_NAME, S3, dates, objects, respond};
use crate::answer::Body;
use crate::store::StoreError;

mod create;

/// Buckets one `ListBuckets` answers with at most (S3 API Reference, ListBuckets).
const LIST_MAX: usize = 10_000;

/// Where AWS makes buckets when no place is named; it does not name that place in answers either.
const CLASSIC_REGION: &str = "us-east-1";

/// A bucket and how much is in it, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketSnapshot {
    /// Its name.
    pub name: String,
    /// How many objects a listing shows.
    pub objects: u64,
    /// The sum of their sizes, in bytes.
    pub bytes: u64,
}

/// Why a bucket could not be provided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BucketError {
    /// The name breaks the rules.
    #[error(
        "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends"
    )]
    Name,
    /// Objects can't be kept for so short a time.
    #[error("objects can't expire within a day: use whole days, one or more")]
    Expiry,
    /// It could not be written.
    #[error("{0}")]
    Write(String),
}

/// A bucket as operations on its objects need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) id: i64,
    pub(super) versioning: Versioning,
    pub(super) locks: Locks,
}

/// Whether versions of a bucket can be locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Locks {
    Disabled,
    Enabled,
}

/// A bucket, or `NoSuchBucket`.
pub(super) fn find(db: &Connection, name: &str) -> Result<Bucket> {
    let sql = "SELECT id, versioning, locks FROM s3_bucket WHERE name = ?";
    let found = db.prepare_cached(sql)?.query_row([name], |row| {
        Ok(Bucket {
            id: row.get(0)?,
            versioning: Versioning::named(row.get::<_, Option<String>>(1)?.as_deref()),
            locks: if row.get(2)? { Locks::Enabled } else { Locks::Disabled },
        })
    });
    found.optional()?.ok_or_else(|| Error::no_such_bucket(name))
}

/// The number of a bucket, or `NoSuchBucket`.
pub(super) fn id(db: &Connection, name: &str) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT id FROM s3_bucket WHERE name = ?")?;
    let id = statement.query_row([name], |row| row.get(0)).optional()?;
    id.ok_or_else(|| Error::no_such_bucket(name))
}

impl S3 {
    /// All buckets and how much is in each, by name.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn buckets(&self) -> std::result::Result<Vec<BucketSnapshot>, StoreError> {
        self.store().read(|db| Ok(snapshots(db)?)).await
    }

    pub(super) async fn delete_bucket(&self, request: &Request) -> Result<Response<Body>> {
        let (name, s3) = (request.bucket().to_owned(), self.clone());
        let gone = name.clone();
        let job = move |db: &Connection| remove(db, &name);
        self.store().write_then(job, move |()| s3.forget_config(&gone)).await?;
        self.sweep_all();
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }

    pub(super) async fn head_bucket(&self, request: &Request) -> Result<Response<Body>> {
        let region = self.region_of(request.bucket()).await?;
        let mut response = respond::empty(StatusCode::OK);
        respond::put(&mut response, "x-amz-bucket-region", &region);
        respond::put(&mut response, "content-type", "application/xml");
        Ok(response)
    }

    pub(super) async fn get_bucket_location(&self, request: &Request) -> Result<Response<Body>> {
        let region = self.region_of(request.bucket()).await?;
        let shown = if region == CLASSIC_REGION { "" } else { &region };
        Ok(respond::document(Writer::document("LocationConstraint", |xml| xml.bare(shown))))
    }

    pub(super) async fn list_buckets(&self, request: &Request) -> Result<Response<Body>> {
        let query = &request.query;
        let limit = query.count("max-buckets", LIST_MAX)?;
        if limit == 0 {
            let message = "Argument max-buckets must be an integer between 1 and 10000";
            return Err(Error::argument("max-buckets", "0", message));
        }
        let prefix = query.get("prefix").unwrap_or_default().to_owned();
        let after = query.get("continuation-token").unwrap_or_default().to_owned();
        let region = query.given("bucket-region").map(str::to_owned);
        let shown = prefix.clone();
        let mut buckets =
            self.store().read(move |db| listed(db, &prefix, &after, region.as_deref(), limit + 1)).await?;
        let more = buckets.len() > limit;
        buckets.truncate(limit);
        Ok(respond::document(self.bucket_list(&buckets, &shown, more)))
    }

    fn bucket_list(&self, buckets: &[Listed], prefix: &str, more: bool) -> String {
        Writer::document("ListAllMyBucketsResult", |xml| {
            xml.group("Owner", |xml| {
                xml.text("ID", &self.inner.owner);
                xml.text("DisplayName", OWNER_NAME);
            });
            xml.group("Buckets", |xml| {
                for bucket in buckets {
                    xml.group("Bucket", |xml| {
                        xml.text("Name", &bucket.name);
                        xml.text("CreationDate", &dates::iso(bucket.created));
                        xml.text("BucketRegion", &bucket.region);
                    });
                }
            });
            if !prefix.is_empty() {
                xml.text("Prefix", prefix);
            }
            if more {
                xml.optional("ContinuationToken", buckets.last().map(|bucket| bucket.name.as_str()));
            }
        })
    }

    async fn region_of(&self, name: &str) -> Result<String> {
        let name = name.to_owned();
        self.store()
            .read(move |db| {
                let mut statement = db.prepare_cached("SELECT region FROM s3_bucket WHERE name = ?")?;
                let region = statement.query_row([&name], |row| row.get(0)).optional()?;
                region.ok_or_else(|| Error::no_such_bucket(&name))
            })
            .await
    }
}

fn snapshots(db: &Connection) -> rusqlite::Result<Vec<BucketSnapshot>> {
    let sql = "SELECT name, objects, bytes FROM s3_bucket ORDER BY name";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(BucketSnapshot { name: row.get(0)?, objects: row.get(1)?, bytes: row.get(2)? })
    })?;
    rows.collect()
}

/// A bucket of `ListBuckets`.
struct Listed {
    name: String,
    created: i64,
    region: String,
}

fn listed(
    db: &Connection,
    prefix: &str,
    after: &str,
    region: Option<&str>,
    limit: usize,
) -> Result<Vec<Listed>> {
    let sql = "SELECT name, created, region FROM s3_bucket WHERE name > ?1 AND substr(name, 1, \
        length(?2)) = ?2 AND (?3 IS NULL OR region = ?3) ORDER BY name LIMIT ?4";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, prefix, region, limit], |row| {
        Ok(Listed { name: row.get(0)?, created: row.get(1)?, region: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Removes an empty bucket, and the uploads that were never completed in it.
fn remove(db: &Connection, name: &str) -> Result<()> {
    let bucket = id(db, name)?;
    let occupied = db
        .prepare_cached("SELECT 1 FROM s3_object WHERE bucket = ? LIMIT 1")?
        .query_row([bucket], |_| Ok(()))
        .optional()?;
    if occupied.is_some() {
        return Err(Error::from(Code::BucketNotEmpty).with("BucketName", name));
    }
    let versions = db
        .prepare_cached("SELECT 1 FROM s3_version WHERE bucket = ? LIMIT 1")?
        .query_row([bucket], |_| Ok(()))
        .optional()?;
    if versions.is_some() {
        let message =
            "The bucket you tried to delete is not empty. You must delete all versions in the bucket.";
        return Err(Code::BucketNotEmpty.saying(message).with("BucketName", name));
    }
    let uploads = {
        let mut statement = db.prepare_cached("SELECT id FROM s3_upload WHERE bucket = ?")?;
        let rows = statement.query_map([bucket], |row| row.get::<_, i64>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    uploads.into_iter().try_for_each(|upload| objects::discard_upload(db, upload))?;
    db.prepare_cached("DELETE FROM s3_bucket_document WHERE bucket = ?")?.execute([bucket])?;
    db.prepare_cached("DELETE FROM s3_bucket WHERE id = ?")?.execute([bucket])?;
    Ok(())
}
