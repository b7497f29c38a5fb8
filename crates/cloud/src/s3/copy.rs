//! Copying: an object to a key, or a range of one into a part. Bytes that need no new checksum are linked, not copied.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use http::Response;
use percent_encoding::percent_decode_str;
use rusqlite::Connection;

use super::attributes::Attributes;
use super::blobs::Blobs;
use super::checksum::{Algorithm, Coverage, Hashing};
use super::conditions::Conditions;
use super::error::{Code, Error, Result};
use super::notify::Happened;
use super::objects::{self, Bytes, Object};
use super::put::Draft;
use super::range::Span;
use super::receive::{INLINE_BYTES, MAX_BYTES, Placement, Received, Stored};
use super::request::Request;
use super::send::{self, Segment};
use super::versions::{self, Versioning};
use super::xml::Writer;
use super::{S3, buckets, dates, encryption, respond, restore};
use crate::answer::Body;

/// Bytes copied at a time.
const PIECE_BYTES: usize = 512 * 1024;

/// The object a copy is made of.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) object: Object,
    pub(super) versioning: Versioning,
    bytes: Bytes,
}

/// What a copy is made of, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceName {
    pub(super) bucket: String,
    pub(super) key: String,
    version: Option<String>,
}

/// Where attributes or tags of the copy come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directive {
    Copy,
    Replace,
}

impl S3 {
    pub(super) async fn copy_object(&self, request: &Request) -> Result<Response<Body>> {
        let lease = self.blobs().lease();
        let name = source_name(request)?;
        let mut draft = self.draft(&request.target, &request.headers)?;
        let directive = directive(request, "x-amz-metadata-directive")?;
        let same = is_same(&name, &draft) && directive == Directive::Copy && !changes(request);
        let source = self.copy_source(request, name).await?;
        if same && self.config(&draft.bucket).encryption.is_default_for(&source.object.attributes.headers) {
            return Err(Code::InvalidRequest.saying(
                "This copy request is illegal because it is trying to copy an object to itself without changing \
                 the object's metadata, storage class, website redirect location or encryption attributes.",
            ));
        }
        check_size(&source.object)?;
        if directive == Directive::Copy {
            draft.attributes = inherited(&source.object.attributes, draft.attributes);
        }
        if self::directive(request, "x-amz-tagging-directive")? == Directive::Copy {
            draft.tags.clone_from(&source.object.tags);
        }
        self.check_bucket(&draft.bucket).await?;
        let algorithm = checksum_algorithm(request)?;
        let (versioning, version) = (source.versioning, source.object.version.clone());
        let whole = Span { start: 0, length: source.object.size };
        let received = self.copy_bytes(source, whole, algorithm, Placement::Smallest).await?;
        drop(lease);
        let written = self.commit(draft, received).await?;
        let mut response = respond::document(result(&written.object));
        if versioning != Versioning::Never {
            respond::put(&mut response, "x-amz-copy-source-version-id", &version);
        }
        self.tell_written(&mut response, request.bucket(), &written);
        self.tell_created(request.bucket(), &request.id, Happened::Copy, &written).await;
        Ok(response)
    }

    /// The source a request names, if its conditions hold.
    pub(super) async fn copy_source(&self, request: &Request, name: SourceName) -> Result<Source> {
        let source = self.store().read(move |db| find(db, &name)).await?;
        encryption::check_read(&source.object.attributes.headers, &request.headers, encryption::SOURCE)?;
        Conditions::of_copy_source(&request.headers).for_copy(source.object.seen())?;
        restore::check_copy(&source.object)?;
        Ok(source)
    }

    /// Makes the bytes of `span` of a source its own, as if they had been received.
    pub(super) async fn copy_bytes(
        &self,
        source: Source,
        span: Span,
        algorithm: Option<Algorithm>,
        placement: Placement,
    ) -> Result<Received> {
        let blobs = self.blobs().clone();
        let job = move || copied(&blobs, source, span, algorithm, placement);
        let copied = tokio::task::spawn_blocking(job).await.map_err(|_| Code::InternalError)?;
        Ok(copied?)
    }
}

fn is_same(source: &SourceName, target: &Draft) -> bool {
    (&source.bucket, &source.key) == (&target.bucket, &target.key) && source.version.is_none()
}

fn check_size(source: &Object) -> Result<()> {
    if source.size <= MAX_BYTES {
        return Ok(());
    }
    Err(Code::InvalidRequest.saying(format!(
        "The specified copy source is larger than the maximum allowable size for a copy source: {MAX_BYTES}"
    )))
}

fn result(object: &Object) -> String {
    Writer::document("CopyObjectResult", |xml| {
        xml.text("LastModified", &dates::iso(object.modified));
        xml.text("ETag", &respond::quoted(&object.etag));
        if let Some(checksum) = &object.checksum {
            xml.text(checksum.algorithm.element(), &checksum.value);
            xml.text("ChecksumType", checksum.coverage.name());
        }
    })
}

/// Reads `x-amz-copy-source: /bucket/key?versionId=…`.
pub(super) fn source_name(request: &Request) -> Result<SourceName> {
    const NAME: &str = "x-amz-copy-source";
    let header = request.header(NAME).unwrap_or_default();
    let wrong = |message: &str| Error::argument(NAME, header, message);
    let (path, version) = match header.split_once("?versionId=") {
        Some((path, version)) => (path, Some(version.to_owned())),
        None => (header, None),
    };
    version.as_deref().map_or(Ok(()), versions::check_id)?;
    let path = percent_decode_str(path).decode_utf8().map_err(|_| wrong("Invalid copy source encoding"))?;
    let path = path.strip_prefix('/').unwrap_or(&path);
    match path.split_once('/') {
        Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
            Ok(SourceName { bucket: bucket.to_owned(), key: key.to_owned(), version })
        }
        _ => Err(wrong("Invalid copy source object key")),
    }
}

fn find(db: &Connection, name: &SourceName) -> Result<Source> {
    let bucket = buckets::find(db, &name.bucket)?;
    let object = versions::select(db, &bucket, &name.key, name.version.as_deref()).map_err(as_source)?;
    let bytes = objects::bytes(db, &object)?;
    Ok(Source { object, versioning: bucket.versioning, bytes })
}

/// A delete marker has nothing to copy.
fn as_source(error: Error) -> Error {
    if error.code != Code::MethodNotAllowed {
        return error;
    }
    Code::InvalidRequest
        .saying("The source of a copy request may not specifically refer to a delete marker by version id.")
}

fn directive(request: &Request, name: &'static str) -> Result<Directive> {
    match request.header(name) {
        None | Some("COPY") => Ok(Directive::Copy),
        Some("REPLACE") => Ok(Directive::Replace),
        Some(other) => Err(Error::argument(name, other, format!("Unknown {name}."))),
    }
}

/// What the copy keeps of the source, with the redirect and encryption of the request.
fn inherited(source: &Attributes, given: Attributes) -> Attributes {
    let mut attributes = source.clone();
    attributes.headers.retain(|name, _| !name.starts_with("x-amz-"));
    attributes.headers.extend(given.headers.into_iter().filter(|(name, _)| name.starts_with("x-amz-")));
    attributes
}

/// Whether the request names something a self-copy may change. S3 does not ask whether that makes a difference.
fn changes(request: &Request) -> bool {
    let changing = [
        "x-amz-storage-class",
        "x-amz-website-redirect-location",
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-customer-algorithm",
        "x-amz-copy-source-server-side-encryption-customer-algorithm",
    ];
    changing.iter().any(|name| request.headers.contains_key(*name))
}

fn checksum_algorithm(request: &Request) -> Result<Option<Algorithm>> {
    let Some(name) = request.header("x-amz-checksum-algorithm") else { return Ok(None) };
    Algorithm::named(name)
        .map(Some)
        .ok_or_else(|| Error::argument("x-amz-checksum-algorithm", name, "Unknown checksum algorithm."))
}

fn copied(
    blobs: &Blobs,
    source: Source,
    span: Span,
    algorithm: Option<Algorithm>,
    placement: Placement,
) -> io::Result<Received> {
    if let Some(received) = linked(blobs, &source, span, algorithm)? {
        return Ok(received);
    }
    let kept = source.object.checksum.filter(|checksum| checksum.coverage == Coverage::FullObject);
    let algorithm = algorithm.or(kept.map(|checksum| checksum.algorithm)).unwrap_or(Algorithm::Crc64Nvme);
    let mut hashing = Hashing::new(algorithm, false);
    let stored = match source.bytes {
        Bytes::Here(bytes) => from_memory(blobs, &bytes, span, placement, &mut hashing)?,
        Bytes::Files(files) => from_files(blobs, send::cut(files, span), &mut hashing)?,
    };
    let digests = hashing.finish();
    Ok(Received { size: span.length, etag: hex::encode(digests.md5), checksum: digests.checksum, stored })
}

/// A whole file with the checksum that is wanted needs no second copy: files never change.
fn linked(
    blobs: &Blobs,
    source: &Source,
    span: Span,
    algorithm: Option<Algorithm>,
) -> io::Result<Option<Received>> {
    let whole = span.start == 0 && span.length == source.object.size;
    let (objects::Content::File(file), Some(checksum), true) =
        (&source.object.content, &source.object.checksum, whole)
    else {
        return Ok(None);
    };
    if algorithm.is_some_and(|algorithm| algorithm != checksum.algorithm) || source.object.etag.contains('-')
    {
        return Ok(None);
    }
    let stored = Stored::File(blobs.stage_link(file, source.object.size)?);
    let (size, etag) = (source.object.size, source.object.etag.clone());
    Ok(Some(Received { size, etag, checksum: checksum.clone(), stored }))
}

fn from_memory(
    blobs: &Blobs,
    bytes: &[u8],
    span: Span,
    placement: Placement,
    hashing: &mut Hashing,
) -> io::Result<Stored> {
    let skip = usize::try_from(span.start).unwrap_or(usize::MAX);
    let take = usize::try_from(span.length).unwrap_or(usize::MAX);
    let bytes: Vec<u8> = bytes.iter().skip(skip).take(take).copied().collect();
    hashing.update(&bytes);
    if placement == Placement::Smallest && span.length <= INLINE_BYTES {
        return Ok(Stored::Inline(bytes.into()));
    }
    let (staged, mut file) = blobs.stage()?;
    file.write_all(&bytes)?;
    staged.finish(&file)?;
    Ok(Stored::File(staged))
}

fn from_files(blobs: &Blobs, segments: VecDeque<Segment>, hashing: &mut Hashing) -> io::Result<Stored> {
    let (staged, mut target) = blobs.stage()?;
    let mut piece = vec![0; PIECE_BYTES];
    for Segment { file, size, span } in segments {
        let mut file = blobs.open_file(&file, size)?;
        file.seek(SeekFrom::Start(span.start))?;
        copy_piecewise(&mut file.take(span.length), &mut target, &mut piece, hashing)?;
    }
    staged.finish(&target)?;
    Ok(Stored::File(staged))
}

fn copy_piecewise(
    from: &mut io::Take<File>,
    to: &mut File,
    piece: &mut [u8],
    hashing: &mut Hashing,
) -> io::Result<()> {
    loop {
        let count = from.read(piece)?;
        let Some(bytes) = piece.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
        hashing.update(bytes);
        to.write_all(bytes)?;
    }
    if from.limit() > 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}
