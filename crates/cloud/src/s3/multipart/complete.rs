//! Completing an upload: the parts a client lists become one object, in one transaction and without copying a byte.

use http::Response;
use md5::{Digest as _, Md5};
use rusqlite::{Connection, params};

use super::{Name, Upload, find};
use crate::answer::Body;
use crate::s3::checksum::{self, Algorithm, Checksum, Coverage, Expected};
use crate::s3::conditions::Conditions;
use crate::s3::error::{Code, Error, Result};
use crate::s3::lock::DefaultRetention;
use crate::s3::notify::Happened;
use crate::s3::objects::{self, Content, Object, Residue, from_json};
use crate::s3::put::{self, Written};
use crate::s3::request::Request;
use crate::s3::versions::{self, NULL};
use crate::s3::xml::{self, Element, Writer};
use crate::s3::{S3, buckets, receive, respond};

/// The smallest part but the last, in bytes ("Amazon S3 multipart upload limits").
const PART_MIN: u64 = 5 * 1024 * 1024;

/// Ten thousand parts with their checksums stay below.
const DOCUMENT_LIMIT: usize = 4 * 1024 * 1024;

/// A part as the client lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    number: u16,
    etag: String,
    checksums: Vec<(Algorithm, String)>,
}

/// A part as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    number: u16,
    size: u64,
    etag: String,
    checksum: Option<String>,
}

/// What the client says about the whole.
#[derive(Debug, Clone)]
struct Claims {
    conditions: Conditions,
    size: Option<u64>,
    checksum: Option<(Algorithm, String)>,
}

impl S3 {
    pub(in crate::s3) async fn complete_multipart_upload(
        &self,
        request: &mut Request,
    ) -> Result<Response<Body>> {
        let name = Name::of(request);
        let claims = Claims::of(request);
        // Checksum headers are about the object here, not about the document.
        let length = Expected::length_of(&request.headers);
        let body = receive::document(&mut request.body, &length, DOCUMENT_LIMIT).await?;
        let parts = xml::read(&body, "CompleteMultipartUpload", read)?;
        let (bucket, key) = (name.bucket.clone(), name.key.clone());
        let retention = self.config(&bucket).retention;
        let job = move |db: &Connection| complete(db, &name, &parts, &claims, retention);
        let written = self.store().write(job).await?;
        self.sweep_all();
        let object = &written.object;
        let host = request.header("host").unwrap_or("localhost");
        let mut response = respond::document(Writer::document("CompleteMultipartUploadResult", |xml| {
            xml.text("Location", &format!("http://{host}/{bucket}/{key}"));
            xml.text("Bucket", &bucket);
            xml.text("Key", &key);
            xml.text("ETag", &respond::quoted(&object.etag));
            if let Some(checksum) = &object.checksum {
                xml.text(checksum.algorithm.element(), &checksum.value);
                xml.text("ChecksumType", checksum.coverage.name());
            }
        }));
        self.tell_written(&mut response, &bucket, &written);
        self.tell_created(&bucket, &request.id, Happened::CompleteMultipartUpload, &written).await;
        Ok(response)
    }
}

impl Claims {
    fn of(request: &Request) -> Self {
        let checksum =
            Algorithm::ALL.into_iter().find_map(|one| Some((one, request.header(one.header())?.to_owned())));
        Self {
            conditions: Conditions::of_request(&request.headers),
            size: request.header("x-amz-mp-object-size").and_then(|size| size.parse().ok()),
            checksum,
        }
    }
}

fn read(root: Element<'_, '_>) -> Result<Vec<Listed>> {
    let parts: Vec<Listed> =
        root.children().filter(|child| child.name() == "Part").map(listed).collect::<Result<_>>()?;
    if parts.is_empty() {
        return Err(Code::MalformedXML.into());
    }
    let ascending = parts.windows(2).all(|pair| matches!(pair, [one, next] if one.number < next.number));
    if ascending { Ok(parts) } else { Err(Code::InvalidPartOrder.into()) }
}

fn listed(element: Element<'_, '_>) -> Result<Listed> {
    let number = element.required("PartNumber")?.trim().parse().map_err(|_| Code::MalformedXML)?;
    let etag = element.required("ETag")?.trim().trim_matches('"').to_owned();
    let given = |algorithm: Algorithm| Some((algorithm, element.child_text(algorithm.element())?));
    Ok(Listed { number, etag, checksums: Algorithm::ALL.into_iter().filter_map(given).collect() })
}

fn complete(
    db: &Connection,
    name: &Name,
    listed: &[Listed],
    claims: &Claims,
    retention: Option<DefaultRetention>,
) -> Result<Written> {
    let upload = find(db, name)?;
    if upload.etag.is_some() {
        return completed_before(db, &upload, name);
    }
    let kept = chosen(name, &upload, listed, parts(db, upload.id)?)?;
    let object = assembled(&upload, &kept)?;
    verify(&object, claims)?;
    check_conflict(db, &upload, name, claims)?;
    drop_unlisted(db, upload.id, &kept)?;
    let sql = "UPDATE s3_upload SET etag = ? WHERE id = ?";
    db.prepare_cached(sql)?.execute(params![object.etag, upload.id])?;
    put::place(db, &name.bucket, name.key.clone(), &claims.conditions, retention, object)
}

/// An object written since the upload began is not the one that a condition was made for, even if it looks the same.
fn check_conflict(db: &Connection, upload: &Upload, name: &Name, claims: &Claims) -> Result<()> {
    if !claims.conditions.needs_match() {
        return Ok(());
    }
    let current = objects::find(db, upload.bucket, &name.key)?;
    claims.conditions.for_write(&name.key, current.as_ref().map(Object::seen))?;
    match current.filter(|current| current.modified > upload.begun) {
        Some(_) => Err(Error::from(Code::ConditionalRequestConflict)
            .with("Condition", "If-Match")
            .with("Key", &name.key)),
        None => Ok(()),
    }
}

/// Completing again what is completed succeeds while the object is still there.
fn completed_before(db: &Connection, upload: &Upload, name: &Name) -> Result<Written> {
    let bucket = buckets::find(db, &name.bucket)?;
    let current = objects::find(db, bucket.id, &name.key)?;
    let current = current.filter(|object| object.content == Content::Parts(upload.id));
    let object = match current {
        Some(object) => Some(object),
        None => versions::of_upload(db, bucket.id, &name.key, upload.id)?,
    };
    let object = object.ok_or_else(|| name.unknown())?;
    let (key, versioning) = (name.key.clone(), bucket.versioning);
    Ok(Written { key, object, versioning, residue: Residue::Nothing })
}

fn parts(db: &Connection, upload: i64) -> Result<Vec<Kept>> {
    let sql = "SELECT number, size, etag, checksum FROM s3_part WHERE upload = ? ORDER BY number";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([upload], |row| {
        Ok(Kept { number: row.get(0)?, size: row.get(1)?, etag: row.get(2)?, checksum: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The kept parts the client lists, if each is what the client says and large enough.
fn chosen(name: &Name, upload: &Upload, listed: &[Listed], kept: Vec<Kept>) -> Result<Vec<Kept>> {
    let mut kept = kept.into_iter();
    let mut chosen = Vec::with_capacity(listed.len());
    for wanted in listed {
        let invalid = || invalid_part(name, wanted);
        let part = kept.find(|part| part.number == wanted.number).ok_or_else(invalid)?;
        if part.etag != wanted.etag || !agrees(upload, wanted, &part)? {
            return Err(invalid());
        }
        chosen.push(part);
    }
    let all_but_last = chosen.split_last().map(|(_, rest)| rest).unwrap_or_default();
    match all_but_last.iter().find(|part| part.size < PART_MIN) {
        Some(small) => Err(too_small(small)),
        None => Ok(chosen),
    }
}

/// Whether the checksum listed for a part is the part's. A composite checksum needs one for every part.
fn agrees(upload: &Upload, wanted: &Listed, part: &Kept) -> Result<bool> {
    let own = upload.algorithm.unwrap_or(Algorithm::Crc64Nvme);
    let given = wanted.checksums.iter().find(|(algorithm, _)| *algorithm == own);
    match (given, &part.checksum) {
        (Some((_, given)), Some(have)) => Ok(given == have),
        (None, _) if upload.algorithm.is_some() && upload.coverage == Some(Coverage::Composite) => {
            let (algorithm, number) = (own.name().to_ascii_lowercase(), wanted.number);
            Err(Code::InvalidRequest.saying(format!(
                "The upload was created using a {algorithm} \
                checksum. The complete request must include the checksum for each part. It was missing \
                for part {number} in the request."
            )))
        }
        _ => Ok(true),
    }
}

fn assembled(upload: &Upload, parts: &[Kept]) -> Result<Object> {
    Ok(Object {
        size: parts.iter().map(|part| part.size).sum(),
        etag: etag_of(parts),
        modified: 0,
        storage_class: upload.storage_class.clone(),
        checksum: checksum_of(upload, parts)?,
        attributes: from_json(&upload.attributes),
        tags: from_json(&upload.tags),
        content: Content::Parts(upload.id),
        version: NULL.to_owned(),
        number: 0,
        state: from_json(&upload.state),
    })
}

/// The MD5 of the parts' MD5s, and how many they are.
fn etag_of(parts: &[Kept]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(hex::decode(&part.etag).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(md5.finalize()), parts.len())
}

fn checksum_of(upload: &Upload, parts: &[Kept]) -> Result<Option<Checksum>> {
    let algorithm = upload.algorithm.unwrap_or(Algorithm::Crc64Nvme);
    let coverage = upload.coverage.unwrap_or(algorithm.default_coverage());
    let of_each: Option<Vec<_>> =
        parts.iter().map(|part| Some((part.checksum.clone()?, part.size))).collect();
    of_each.map(|parts| checksum::of_parts(algorithm, coverage, &parts)).transpose()
}

fn verify(object: &Object, claims: &Claims) -> Result<()> {
    if let Some(size) = claims.size.filter(|size| *size != object.size) {
        return Err(Code::InvalidRequest.saying(format!(
            "The provided 'x-amz-mp-object-size' header value {size} does not match what was computed: {}",
            object.size
        )));
    }
    match (&claims.checksum, &object.checksum) {
        (Some((algorithm, value)), Some(have)) if have.algorithm == *algorithm && have.value != *value => {
            Err(Code::BadDigest.saying(format!(
                "The {} you specified did not match the calculated checksum.",
                algorithm.name().to_ascii_lowercase()
            )))
        }
        _ => Ok(()),
    }
}

fn drop_unlisted(db: &Connection, upload: i64, chosen: &[Kept]) -> Result<()> {
    for part in parts(db, upload)? {
        if chosen.binary_search_by_key(&part.number, |kept| kept.number).is_err() {
            let sql = "INSERT OR IGNORE INTO s3_garbage (file) SELECT file FROM s3_part WHERE upload = ? \
                AND number = ?";
            db.prepare_cached(sql)?.execute(params![upload, part.number])?;
            let sql = "DELETE FROM s3_part WHERE upload = ? AND number = ?";
            db.prepare_cached(sql)?.execute(params![upload, part.number])?;
        }
    }
    Ok(())
}

fn invalid_part(name: &Name, wanted: &Listed) -> Error {
    Error::from(Code::InvalidPart)
        .with("UploadId", &name.upload)
        .with("PartNumber", wanted.number.to_string())
        .with("ETag", &wanted.etag)
}

fn too_small(part: &Kept) -> Error {
    Error::from(Code::EntityTooSmall)
        .with("ProposedSize", part.size.to_string())
        .with("MinSizeAllowed", PART_MIN.to_string())
        .with("PartNumber", part.number.to_string())
        .with("ETag", &part.etag)
}
