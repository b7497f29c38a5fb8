//! Reading an object: whole, a range, a part, or only what it is.

use std::collections::VecDeque;

use http::{Response, StatusCode};
use rusqlite::Connection;

use self::attributes::Page;
use super::attributes::STANDARD;
use super::conditions::{Conditions, Read};
use super::error::{Code, Error, Result};
use super::objects::{self, Bytes, Content, Object};
use super::put::tell_checksum;
use super::range::{self, Selection, Span};
use super::request::Request;
use super::send::{self, Segment};
use super::versions::{self, Versioning};
use super::{S3, buckets, dates, encryption, lock, respond, restore};
use crate::answer::{self, Body};

mod attributes;

/// Query parameters that replace headers of the answer (S3 API Reference, GetObject).
const OVERRIDES: [(&str, &str); 6] = [
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
    ("response-content-language", "content-language"),
    ("response-content-type", "content-type"),
    ("response-expires", "expires"),
];

/// An object, and its parts where it has some: number and size in bytes.
struct Found {
    object: Object,
    parts: Vec<Part>,
    versioning: Versioning,
}

/// A part of an object that was uploaded in parts.
struct Part {
    number: u64,
    size: u64,
    checksum: Option<String>,
}

/// The bytes that were asked for.
struct Wanted {
    span: Span,
    status: StatusCode,
}

impl S3 {
    pub(super) async fn get_object(&self, request: &Request) -> Result<Response<Body>> {
        let lease = self.blobs().lease();
        let (bucket, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        let read = self.store().look(move |db| {
            let found = find(db, &bucket, &key, version.as_deref())?;
            let bytes = objects::bytes(db, &found.object)?;
            Ok::<_, Error>((found, bytes))
        });
        let (found, bytes) = read.await?;
        let (mut response, wanted) = match self.head(request, &found)? {
            Head::Ready(response, wanted) => (response, wanted),
            Head::NotModified(response) => return Ok(response),
        };
        restore::check_read(&found.object)?;
        *response.body_mut() = match bytes {
            Bytes::Here(bytes) => answer::full(cut(bytes, wanted.span)),
            Bytes::Files(files) => {
                let segments: VecDeque<Segment> = send::cut(files, wanted.span);
                send::body(self.blobs(), lease, segments).await?
            }
        };
        Ok(response)
    }

    pub(super) async fn head_object(&self, request: &Request) -> Result<Response<Body>> {
        let found = self.find(request).await?;
        Ok(match self.head(request, &found)? {
            Head::Ready(response, _) | Head::NotModified(response) => response,
        })
    }

    pub(super) async fn get_object_attributes(&self, request: &Request) -> Result<Response<Body>> {
        let asked = request.header("x-amz-object-attributes").unwrap_or_default();
        let asked: Vec<_> = asked.split(',').map(str::trim).map(str::to_owned).collect();
        let found = self.find(request).await?;
        encryption::check_read(&found.object.attributes.headers, &request.headers, encryption::OWN)?;
        let document = attributes::document(&found, &asked, Page::of(request)?)?;
        let mut response = respond::document(document);
        respond::put(&mut response, "last-modified", &dates::http(found.object.modified));
        if found.versioning != Versioning::Never {
            respond::put(&mut response, "x-amz-version-id", &found.object.version);
        }
        Ok(response)
    }

    async fn find(&self, request: &Request) -> Result<Found> {
        let (bucket, key) = (request.bucket().to_owned(), request.key().to_owned());
        let version = request.version().map(str::to_owned);
        self.store().look(move |db| find(db, &bucket, &key, version.as_deref())).await
    }

    fn head(&self, request: &Request, found: &Found) -> Result<Head> {
        let object = &found.object;
        encryption::check_read(&object.attributes.headers, &request.headers, encryption::OWN)?;
        if Conditions::of_request(&request.headers).for_read(object.seen())? == Read::NotModified {
            let mut response = respond::empty(StatusCode::NOT_MODIFIED);
            respond::put(&mut response, "etag", &respond::quoted(&object.etag));
            respond::put(&mut response, "last-modified", &dates::http(object.modified));
            return Ok(Head::NotModified(response));
        }
        let wanted = wanted(request, found)?;
        let mut response = respond::empty(wanted.status);
        describe(&mut response, request, found);
        if request.version().is_none() {
            self.tell_expiry(&mut response, request.bucket(), request.key(), object);
        }
        respond::put(&mut response, "content-length", &wanted.span.length.to_string());
        let checksums = request.header("x-amz-checksum-mode");
        if wanted.status == StatusCode::PARTIAL_CONTENT && object.size > 0 {
            let Span { start, length } = wanted.span;
            let range = format!("bytes {start}-{}/{}", start + length.max(1) - 1, object.size);
            respond::put(&mut response, "content-range", &range);
        }
        if wanted.span.length == object.size
            && checksums.is_some_and(|mode| mode.eq_ignore_ascii_case("enabled"))
        {
            tell_checksum(&mut response, object.checksum.as_ref());
        }
        Ok(Head::Ready(response, wanted))
    }
}

fn find(db: &Connection, bucket: &str, key: &str, version: Option<&str>) -> Result<Found> {
    let bucket = buckets::find(db, bucket)?;
    let object = versions::select(db, &bucket, key, version)?;
    let parts = match object.content {
        Content::Parts(upload) => {
            let sql = "SELECT number, size, checksum FROM s3_part WHERE upload = ? ORDER BY number";
            let mut statement = db.prepare_cached(sql)?;
            let rows = statement.query_map([upload], |row| {
                Ok(Part { number: row.get(0)?, size: row.get(1)?, checksum: row.get(2)? })
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        }
        _ => Vec::new(),
    };
    Ok(Found { object, parts, versioning: bucket.versioning })
}

/// The head of the answer.
enum Head {
    Ready(Response<Body>, Wanted),
    NotModified(Response<Body>),
}

fn describe(response: &mut Response<Body>, request: &Request, found: &Found) {
    let object = &found.object;
    object.attributes.apply(response);
    respond::put(response, "etag", &respond::quoted(&object.etag));
    respond::put(response, "last-modified", &dates::http(object.modified));
    respond::put(response, "accept-ranges", "bytes");
    lock::tell(&object.state, response);
    restore::tell(object, response);
    if found.versioning != Versioning::Never {
        respond::put(response, "x-amz-version-id", &object.version);
    }
    if object.storage_class != STANDARD {
        respond::put(response, "x-amz-storage-class", &object.storage_class);
    }
    if !object.tags.is_empty() {
        respond::put(response, "x-amz-tagging-count", &object.tags.len().to_string());
    }
    if request.query.has("partNumber") && !found.parts.is_empty() {
        respond::put(response, "x-amz-mp-parts-count", &found.parts.len().to_string());
    }
    for (parameter, header) in OVERRIDES {
        if let Some(value) = request.query.get(parameter) {
            respond::put(response, header, value);
        }
    }
}

fn wanted(request: &Request, found: &Found) -> Result<Wanted> {
    let size = found.object.size;
    let header = request.header("range");
    if let Some(number) = request.query.given("partNumber") {
        if header.is_some() {
            return Err(Code::InvalidRequest
                .saying("Cannot specify both Range header and partNumber query parameter"));
        }
        let span = part(number, found)?;
        return Ok(Wanted { span, status: StatusCode::PARTIAL_CONTENT });
    }
    Ok(match range::select(header, size)? {
        Selection::Whole => Wanted { span: Span { start: 0, length: size }, status: StatusCode::OK },
        Selection::Part(span) => Wanted { span, status: StatusCode::PARTIAL_CONTENT },
    })
}

/// The bytes of one part. An object that was not uploaded in parts is its own first part.
fn part(text: &str, found: &Found) -> Result<Span> {
    let message = "Part number must be an integer between 1 and 10000, inclusive";
    let number = text.parse().ok().filter(|number| (1..=10_000_u64).contains(number));
    let number = number.ok_or_else(|| Error::argument("partNumber", text, message))?;
    if found.parts.is_empty() && number == 1 {
        return Ok(Span { start: 0, length: found.object.size });
    }
    let mut start = 0;
    for part in &found.parts {
        if part.number == number {
            return Ok(Span { start, length: part.size });
        }
        start += part.size;
    }
    Err(Error::from(Code::InvalidPartNumber)
        .with("PartNumberRequested", text)
        .with("ActualPartCount", found.parts.len().max(1).to_string()))
}

fn cut(bytes: Vec<u8>, span: Span) -> bytes::Bytes {
    let bytes = bytes::Bytes::from(bytes);
    let start = usize::try_from(span.start).unwrap_or(usize::MAX).min(bytes.len());
    let end = start.saturating_add(usize::try_from(span.length).unwrap_or(usize::MAX)).min(bytes.len());
    bytes.slice(start..end)
}
