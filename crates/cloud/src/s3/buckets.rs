//! Buckets: made, listed, described, removed.

use http::{Response, StatusCode};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::checksum::Expected;
use super::error::{Code, Error, Result};
use super::request::Request;
use super::xml::{self, Writer};
use super::{S3, dates, names, objects, receive, respond};
use crate::answer::Body;
use crate::store::StoreError;

/// Buckets one `ListBuckets` answers with at most (S3 API Reference, ListBuckets).
const LIST_MAX: usize = 10_000;

const DOCUMENT_LIMIT: usize = 64 * 1024;

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
pub enum BucketError {
    /// The name breaks the rules.
    #[error(
        "`{name}` can't be a bucket's name: use 3 to 63 lower-case letters, digits, dots and hyphens, \
            with a letter or digit at both ends"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether `make` made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    New,
    There,
}

/// The number of a bucket, or `NoSuchBucket`.
pub(super) fn id(db: &Connection, name: &str) -> Result<i64> {
    let mut statement = db.prepare_cached("SELECT id FROM s3_bucket WHERE name = ?")?;
    let id = statement.query_row([name], |row| row.get(0)).optional()?;
    id.ok_or_else(|| Error::no_such_bucket(name))
}

impl S3 {
    /// Makes the bucket unless it is there.
    ///
    /// # Errors
    /// The name breaks the rules for bucket names, or the store failed.
    pub(crate) async fn ensure_bucket(&self, name: &str) -> std::result::Result<(), BucketError> {
        names::check_bucket(name).map_err(|_| BucketError::Name { name: name.to_owned() })?;
        let (name, region) = (name.to_owned(), self.inner.region.clone());
        self.store().write(move |db| Ok::<_, StoreError>(make(db, &name, &region)?)).await?;
        Ok(())
    }

    /// All buckets and how much is in each, by name.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn buckets(&self) -> std::result::Result<Vec<BucketSnapshot>, StoreError> {
        self.store().read(|db| Ok(snapshots(db)?)).await
    }

    pub(super) async fn create_bucket(&self, request: &mut Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        names::check_bucket(&name)?;
        let locks = request.header("x-amz-bucket-object-lock-enabled");
        if locks.is_some_and(|locks| locks.eq_ignore_ascii_case("true")) {
            return Err(Error::from(Code::NotImplemented).with("Header", "x-amz-bucket-object-lock-enabled"));
        }
        let expected = Expected::of(&request.headers)?;
        let body = receive::document(&mut request.body, &expected, DOCUMENT_LIMIT).await?;
        let region = if body.is_empty() { None } else { location_constraint(&body)? };
        let region = region.unwrap_or_else(|| CLASSIC_REGION.to_owned());
        let classic = region == CLASSIC_REGION;
        let wanted = name.clone();
        match self.store().write(move |db| Ok::<_, Error>(make(db, &wanted, &region)?)).await? {
            // In us-east-1, and only there, making one's own bucket again succeeds.
            Made::There if !(classic && self.inner.region == CLASSIC_REGION) => {
                Err(Error::from(Code::BucketAlreadyOwnedByYou).with("BucketName", name))
            }
            _ => {
                let mut response = respond::empty(StatusCode::OK);
                respond::put(&mut response, "location", &format!("/{name}"));
                Ok(response)
            }
        }
    }

    pub(super) async fn delete_bucket(&self, request: &Request) -> Result<Response<Body>> {
        let name = request.bucket().to_owned();
        self.store().write(move |db| remove(db, &name)).await?;
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

    /// Versioning was never switched on, which S3 says with an empty document.
    pub(super) async fn get_bucket_versioning(&self, request: &Request) -> Result<Response<Body>> {
        self.region_of(request.bucket()).await?;
        Ok(respond::document(Writer::document("VersioningConfiguration", |_| ())))
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
                xml.text("ID", &self.inner.account_id);
                xml.text("DisplayName", &self.inner.account_id);
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

fn make(db: &Connection, name: &str, region: &str) -> rusqlite::Result<Made> {
    let sql = "INSERT INTO s3_bucket (name, region, created) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    let made = db.prepare_cached(sql)?.execute(params![name, region, dates::now()])?;
    Ok(if made == 1 { Made::New } else { Made::There })
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

/// Reads where the bucket is to be. Any place is as good as another here, if its name could be one.
fn location_constraint(body: &[u8]) -> Result<Option<String>> {
    let place =
        xml::read(body, "CreateBucketConfiguration", |root| Ok(root.child_text("LocationConstraint")))?;
    match place.as_deref() {
        None | Some("") => Ok(None),
        Some("EU") => Ok(Some("eu-west-1".to_owned())),
        Some(place) if is_region(place) && place != CLASSIC_REGION => Ok(Some(place.to_owned())),
        Some(place) => Err(Error::from(Code::InvalidLocationConstraint).with("LocationConstraint", place)),
    }
}

/// `eu-central-1`, `us-gov-west-1`: words and a number.
fn is_region(name: &str) -> bool {
    let Some((words, number)) = name.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && number.len() == 1
        && number.as_bytes().iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_region_s_name() {
        let place = |name: &str| {
            location_constraint(format!("\
                <CreateBucketConfiguration><LocationConstraint>{name}</LocationConstraint></CreateBucketConfiguration>").as_bytes())
        };
        assert_eq!(place("eu-central-1"), Ok(Some("eu-central-1".to_owned())));
        assert_eq!(place("us-gov-west-1"), Ok(Some("us-gov-west-1".to_owned())));
        assert_eq!(place("EU"), Ok(Some("eu-west-1".to_owned())));
        assert_eq!(place(""), Ok(None));
        for name in ["us-east-1", "mars", "eu-1", "Eu-west-1", "eu-west-12"] {
            assert_eq!(place(name).unwrap_err().code, Code::InvalidLocationConstraint, "{name}");
        }
    }
}
