//! What has been uploaded so far: the parts of an upload, the open uploads of a bucket.

use http::Response;
use rusqlite::{Connection, params};

use super::{Name, Upload, open};
use crate::answer::Body;
use crate::s3::checksum::{Algorithm, Coverage};
use crate::s3::error::{Error, Result};
use crate::s3::list::encoding;
use crate::s3::list::scan::{group, successor};
use crate::s3::request::Request;
use crate::s3::xml::Writer;
use crate::s3::{OWNER_NAME, S3, buckets, dates, respond};

/// Parts or uploads of one page at most (S3 API Reference, ListParts and ListMultipartUploads).
const PAGE_MAX: usize = 1000;

/// A part of `ListParts`.
struct Part {
    number: u16,
    modified: i64,
    etag: String,
    size: u64,
    checksum: Option<String>,
}

/// An entry of `ListMultipartUploads`.
enum Entry {
    Upload(Open),
    CommonPrefix(String),
}

/// An open upload.
struct Open {
    key: String,
    name: String,
    begun: i64,
    storage_class: String,
    algorithm: Option<String>,
    checksum_type: Option<String>,
}

/// What `ListMultipartUploads` asks for.
#[derive(Clone)]
struct Asked {
    prefix: String,
    delimiter: String,
    key_marker: String,
    upload_marker: String,
    limit: usize,
}

impl S3 {
    pub(in crate::s3) async fn list_parts(&self, request: &Request) -> Result<Response<Body>> {
        let name = Name::of(request);
        let limit = request.query.count("max-parts", PAGE_MAX)?;
        let marker = request.query.count("part-number-marker", usize::MAX)?;
        let marker = if request.query.given("part-number-marker").is_some() { marker } else { 0 };
        let asked = name.clone();
        let (upload, mut parts) = self.store().read(move |db| parts(db, &asked, marker, limit + 1)).await?;
        let more = parts.len() > limit && limit > 0;
        parts.truncate(limit);
        let account = &self.inner.owner;
        Ok(respond::document(Writer::document("ListPartsResult", |xml| {
            xml.text("Bucket", &name.bucket);
            xml.text("Key", &name.key);
            xml.text("UploadId", &name.upload);
            xml.value("PartNumberMarker", marker);
            xml.value("NextPartNumberMarker", parts.last().map_or(0, |part| part.number));
            xml.value("MaxParts", limit);
            xml.value("IsTruncated", more);
            person(xml, "Initiator", account);
            person(xml, "Owner", account);
            xml.text("StorageClass", &upload.storage_class);
            xml.optional("ChecksumAlgorithm", upload.algorithm.map(Algorithm::name));
            xml.optional("ChecksumType", upload.coverage.map(Coverage::name));
            for part in &parts {
                xml.group("Part", |xml| part.write(xml, &upload));
            }
        })))
    }

    pub(in crate::s3) async fn list_multipart_uploads(&self, request: &Request) -> Result<Response<Body>> {
        let query = &request.query;
        let (encoding, asked) = (encoding(query)?, Asked::of(request)?);
        let (bucket, scan) = (request.bucket().to_owned(), asked.clone());
        let mut entries = self.store().read(move |db| scan.run(db, buckets::id(db, &bucket)?)).await?;
        let more = entries.len() > asked.limit && asked.limit > 0;
        entries.truncate(asked.limit);
        let account = &self.inner.owner;
        Ok(respond::document(Writer::document("ListMultipartUploadsResult", |xml| {
            xml.text("Bucket", request.bucket());
            xml.text("KeyMarker", &encoding.text(&asked.key_marker));
            xml.text("UploadIdMarker", &asked.upload_marker);
            if more {
                let (key, name) = entries.last().map(Entry::marker).unwrap_or_default();
                xml.text("NextKeyMarker", &encoding.text(key));
                xml.text("NextUploadIdMarker", name);
            }
            xml.text("Prefix", &encoding.text(&asked.prefix));
            if !asked.delimiter.is_empty() {
                xml.text("Delimiter", &encoding.text(&asked.delimiter));
            }
            encoding.tell(xml);
            xml.value("MaxUploads", asked.limit);
            xml.value("IsTruncated", more);
            for entry in &entries {
                match entry {
                    Entry::Upload(open) => {
                        xml.group("Upload", |xml| open.write(xml, &encoding.text(&open.key), account));
                    }
                    Entry::CommonPrefix(prefix) => {
                        xml.group("CommonPrefixes", |xml| xml.text("Prefix", &encoding.text(prefix)));
                    }
                }
            }
        })))
    }
}

impl Part {
    fn write(&self, xml: &mut Writer, upload: &Upload) {
        xml.value("PartNumber", self.number);
        xml.text("LastModified", &dates::iso(self.modified));
        xml.text("ETag", &respond::quoted(&self.etag));
        xml.value("Size", self.size);
        // What S3 sums of its own accord it tells with the whole object only.
        if let Some(algorithm) = upload.algorithm {
            xml.optional(algorithm.element(), self.checksum.as_deref());
        }
    }
}

impl Open {
    fn write(&self, xml: &mut Writer, key: &str, account: &str) {
        xml.text("Key", key);
        xml.text("UploadId", &self.name);
        person(xml, "Initiator", account);
        person(xml, "Owner", account);
        xml.text("StorageClass", &self.storage_class);
        xml.text("Initiated", &dates::iso(self.begun));
        xml.optional("ChecksumAlgorithm", self.algorithm.as_deref());
        xml.optional("ChecksumType", self.checksum_type.as_deref());
    }
}

impl Entry {
    fn marker(&self) -> (&str, &str) {
        match self {
            Self::Upload(open) => (&open.key, &open.name),
            Self::CommonPrefix(prefix) => (prefix, ""),
        }
    }
}

impl Asked {
    fn of(request: &Request) -> Result<Self> {
        let text = |name: &str| request.query.get(name).unwrap_or_default().to_owned();
        let limit = request.query.count("max-uploads", PAGE_MAX)?;
        if limit == 0 {
            let message = "Argument max-uploads must be an integer between 1 and 1000";
            return Err(Error::argument("max-uploads", "0", message));
        }
        Ok(Self {
            prefix: text("prefix"),
            delimiter: text("delimiter"),
            key_marker: text("key-marker"),
            upload_marker: text("upload-id-marker"),
            limit,
        })
    }

    /// One entry more than fits, so that the caller sees whether there is a next page.
    fn run(&self, db: &Connection, bucket: i64) -> Result<Vec<Entry>> {
        let sql = "SELECT key, name, begun, storage_class, algorithm, checksum_type FROM s3_upload WHERE \
            bucket = ?1 AND etag IS NULL AND (key, name) > (?2, ?3) ORDER BY key, name";
        let mut statement = db.prepare_cached(sql)?;
        let (mut key, mut name) = self.start();
        let mut entries = Vec::new();
        'jump: loop {
            let mut rows = statement.query(params![bucket, key, name])?;
            while let Some(row) = rows.next()? {
                let open = open_upload(row)?;
                if !open.key.starts_with(&self.prefix) || entries.len() > self.limit {
                    break;
                }
                if let Some(group) = group(&open.key, &self.prefix, &self.delimiter) {
                    (key, name) = (successor(group), String::new());
                    entries.push(Entry::CommonPrefix(group.to_owned()));
                    continue 'jump;
                }
                entries.push(Entry::Upload(open));
            }
            return Ok(entries);
        }
    }

    /// Uploads of the marked key follow only after the marked upload; without one, none of them does.
    fn start(&self) -> (Vec<u8>, String) {
        if self.key_marker.as_bytes() < self.prefix.as_bytes() {
            return (self.prefix.as_bytes().to_vec(), String::new());
        }
        if let Some(group) = group(&self.key_marker, &self.prefix, &self.delimiter) {
            return (successor(group), String::new());
        }
        // Names of uploads are hexadecimal: `~` is above all of them.
        let name = if self.upload_marker.is_empty() { "~" } else { &self.upload_marker };
        (self.key_marker.as_bytes().to_vec(), name.to_owned())
    }
}

fn open_upload(row: &rusqlite::Row<'_>) -> rusqlite::Result<Open> {
    let key: Vec<u8> = row.get(0)?;
    Ok(Open {
        key: String::from_utf8_lossy(&key).into_owned(),
        name: row.get(1)?,
        begun: row.get(2)?,
        storage_class: row.get(3)?,
        algorithm: row.get(4)?,
        checksum_type: row.get(5)?,
    })
}

fn parts(db: &Connection, name: &Name, after: usize, limit: usize) -> Result<(Upload, Vec<Part>)> {
    let upload = open(db, name)?;
    let sql = "SELECT number, modified, etag, size, checksum FROM s3_part WHERE upload = ? AND number > \
        ? ORDER BY number LIMIT ?";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![upload.id, after, limit], |row| {
        Ok(Part {
            number: row.get(0)?,
            modified: row.get(1)?,
            etag: row.get(2)?,
            size: row.get(3)?,
            checksum: row.get(4)?,
        })
    })?;
    let parts = rows.collect::<rusqlite::Result<_>>()?;
    Ok((upload, parts))
}

fn person(xml: &mut Writer, role: &str, account: &str) {
    xml.group(role, |xml| {
        xml.text("ID", account);
        xml.text("DisplayName", OWNER_NAME);
    });
}
