//! Uploads in parts: begun, fed part by part, completed into one object or aborted.

use http::{Response, StatusCode};
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::checksum::{Algorithm, Coverage};
use super::error::{Code, Error, Result};
use super::objects::{self, to_json};
use super::put::Draft;
use super::request::Request;
use super::xml::Writer;
use super::{S3, buckets, dates, lock, respond};
use crate::answer::Body;

mod complete;
mod list;
mod part;

/// An upload as it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Upload {
    id: i64,
    bucket: i64,
    /// The object's entity tag, once completed.
    etag: Option<String>,
    storage_class: String,
    /// What the client chose; without a choice parts are still summed with CRC64NVME.
    algorithm: Option<Algorithm>,
    coverage: Option<Coverage>,
    attributes: String,
    tags: String,
    state: String,
    /// Milliseconds since 1970.
    begun: i64,
}

impl S3 {
    pub(super) async fn create_multipart_upload(&self, request: &Request) -> Result<Response<Body>> {
        let draft = self.draft(&request.target, &request.headers)?;
        let attributes = draft.attributes.clone();
        let (algorithm, coverage) = chosen_checksum(request)?;
        let name = Uuid::new_v4().simple().to_string();
        let (bucket, key, upload) = (draft.bucket.clone(), draft.key.clone(), name.clone());
        self.store().write(move |db| begin(db, &name, &draft, algorithm, coverage)).await?;
        let mut response = respond::document(Writer::document("InitiateMultipartUploadResult", |xml| {
            xml.text("Bucket", &bucket);
            xml.text("Key", &key);
            xml.text("UploadId", &upload);
        }));
        attributes.apply_encryption(&mut response);
        if let Some((algorithm, coverage)) = algorithm.zip(coverage) {
            respond::put(&mut response, "x-amz-checksum-algorithm", algorithm.name());
            respond::put(&mut response, "x-amz-checksum-type", coverage.name());
        }
        Ok(response)
    }

    pub(super) async fn abort_multipart_upload(&self, request: &Request) -> Result<Response<Body>> {
        let name = Name::of(request);
        let job = move |db: &Connection| objects::discard_upload(db, open(db, &name)?.id);
        self.store().write(job).await?;
        self.sweep_all();
        Ok(respond::empty(StatusCode::NO_CONTENT))
    }
}

/// What a request says about the upload it is for.
#[derive(Debug, Clone)]
struct Name {
    bucket: String,
    key: String,
    upload: String,
}

impl Name {
    fn of(request: &Request) -> Self {
        Self {
            bucket: request.bucket().to_owned(),
            key: request.key().to_owned(),
            upload: request.query.get("uploadId").unwrap_or_default().to_owned(),
        }
    }

    fn unknown(&self) -> Error {
        Error::from(Code::NoSuchUpload).with("UploadId", &self.upload)
    }
}

/// The upload, completed or not, if it is for this bucket and key.
fn find(db: &Connection, name: &Name) -> Result<Upload> {
    let bucket = buckets::id(db, &name.bucket)?;
    let sql = "SELECT id, etag, storage_class, algorithm, checksum_type, attributes, tags, state, begun FROM \
        s3_upload \
        WHERE name = ? AND bucket = ? AND key = ?";
    let mut statement = db.prepare_cached(sql)?;
    let upload = statement.query_row(params![name.upload, bucket, name.key.as_bytes()], |row| {
        Ok(Upload {
            id: row.get(0)?,
            bucket,
            etag: row.get(1)?,
            storage_class: row.get(2)?,
            algorithm: row.get::<_, Option<String>>(3)?.as_deref().and_then(Algorithm::named),
            coverage: row.get::<_, Option<String>>(4)?.as_deref().and_then(Coverage::named),
            attributes: row.get(5)?,
            tags: row.get(6)?,
            state: row.get(7)?,
            begun: row.get(8)?,
        })
    });
    upload.optional()?.ok_or_else(|| name.unknown())
}

/// The upload, if it is still open.
fn open(db: &Connection, name: &Name) -> Result<Upload> {
    let upload = find(db, name)?;
    if upload.etag.is_some() { Err(name.unknown()) } else { Ok(upload) }
}

fn begin(
    db: &Connection,
    name: &str,
    draft: &Draft,
    algorithm: Option<Algorithm>,
    coverage: Option<Coverage>,
) -> Result<()> {
    let bucket = buckets::find(db, &draft.bucket)?;
    lock::check_bucket(&bucket, &draft.state)?;
    let sql = "INSERT INTO s3_upload (name, bucket, key, begun, storage_class, algorithm, checksum_type, \
        attributes, tags, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    db.prepare_cached(sql)?.execute(params![
        name,
        bucket.id,
        draft.key.as_bytes(),
        dates::now(),
        draft.storage_class,
        algorithm.map(Algorithm::name),
        coverage.map(Coverage::name),
        to_json(&draft.attributes),
        to_json(&draft.tags),
        to_json(&draft.state),
    ])?;
    Ok(())
}

fn chosen_checksum(request: &Request) -> Result<(Option<Algorithm>, Option<Coverage>)> {
    let name = request.header("x-amz-checksum-algorithm");
    let kind = request.header("x-amz-checksum-type");
    let unsupported = || {
        Code::InvalidRequest.saying(
            "Checksum algorithm provided is unsupported. Please try again with \
            any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
        )
    };
    let algorithm = name.map(|name| Algorithm::named(name).ok_or_else(unsupported)).transpose()?;
    let unknown = |kind| {
        Error::argument("x-amz-checksum-type", kind, "Value for x-amz-checksum-type header is invalid.")
    };
    let coverage = kind.map(|kind| Coverage::named(kind).ok_or_else(|| unknown(kind))).transpose()?;
    let Some(algorithm) = algorithm else {
        return match kind {
            Some(_) => Err(Code::InvalidRequest.saying(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
            )),
            None => Ok((None, None)),
        };
    };
    let coverage = coverage.unwrap_or(algorithm.default_coverage());
    if algorithm.supports(coverage) {
        return Ok((Some(algorithm), Some(coverage)));
    }
    let (coverage, algorithm) = (coverage.name(), algorithm.name().to_ascii_lowercase());
    Err(Code::InvalidRequest.saying(format!(
        "The {coverage} checksum type cannot be used with the {algorithm} checksum algorithm."
    )))
}
