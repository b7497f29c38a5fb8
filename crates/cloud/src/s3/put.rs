//! Writing an object: its bytes are received first, then its row is committed, then it is acknowledged.

use std::sync::Arc;

use http::{Response, StatusCode};
use rusqlite::Connection;

use super::attributes::{self, Attributes};
use super::blobs::Staged;
use super::checksum::{Checksum, Coverage, Expected};
use super::conditions::Conditions;
use super::error::Result;
use super::objects::{self, Content, Object, Residue};
use super::receive::{self, Placement, Received, Stored};
use super::request::Request;
use super::tagging::{self, Tags};
use super::{S3, buckets, dates, respond};
use crate::answer::Body;

/// Above this many bytes a bucket is looked up before they are received, too.
const WORTH_ASKING_FIRST: u64 = 1024 * 1024;

/// An object about to be committed.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) conditions: Conditions,
    pub(super) attributes: Attributes,
    pub(super) storage_class: String,
    pub(super) tags: Tags,
}

/// What a committed write is answered with.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) etag: String,
    pub(super) modified: i64,
    pub(super) checksum: Option<Checksum>,
    residue: Residue,
}

impl Draft {
    /// Reads what an object will carry from the request that writes it.
    pub(super) fn of(request: &Request) -> Result<Self> {
        Ok(Self {
            bucket: request.bucket().to_owned(),
            key: request.key().to_owned(),
            conditions: Conditions::of_request(&request.headers),
            attributes: Attributes::of(&request.headers)?,
            storage_class: attributes::storage_class(&request.headers)?,
            tags: tagging::from_header(request.header("x-amz-tagging"))?,
        })
    }
}

impl S3 {
    pub(super) async fn put_object(&self, request: &mut Request) -> Result<Response<Body>> {
        let draft = Draft::of(request)?;
        let expected = Expected::of(&request.headers)?;
        if expected.length.is_some_and(|length| length > WORTH_ASKING_FIRST) {
            self.check_bucket(&draft.bucket).await?;
        }
        let received =
            receive::receive(self.blobs(), &mut request.body, &expected, Placement::Smallest).await?;
        let (size, encryption) = (received.size, draft.attributes.clone());
        let written = self.commit(draft, received).await?;
        let mut response = respond::empty(StatusCode::OK);
        respond::put(&mut response, "etag", &respond::quoted(&written.etag));
        tell_checksum(&mut response, written.checksum.as_ref());
        respond::put(&mut response, "x-amz-object-size", &size.to_string());
        encryption.apply_encryption(&mut response);
        Ok(response)
    }

    /// `NoSuchBucket` unless it is there.
    pub(super) async fn check_bucket(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.store().read(move |db| buckets::id(db, &name).map(drop)).await
    }

    /// Commits an object whose bytes are here.
    pub(super) async fn commit(&self, draft: Draft, received: Received) -> Result<Written> {
        let (content, staged) = match received.stored {
            Stored::Inline(bytes) if bytes.is_empty() => (Content::Empty, None),
            Stored::Inline(bytes) => (Content::New(Arc::from(&bytes[..])), None),
            Stored::File(staged) => (Content::File(staged.name().to_owned()), Some(staged)),
        };
        let object = Object {
            size: received.size,
            etag: received.etag,
            modified: 0,
            storage_class: draft.storage_class,
            checksum: Some(received.checksum),
            attributes: draft.attributes,
            tags: draft.tags,
            content,
        };
        let job = move |db: &Connection| place(db, &draft.bucket, &draft.key, &draft.conditions, object);
        let written =
            self.store().write_then(job, move |_| staged.into_iter().for_each(Staged::keep)).await?;
        self.sweep(written.residue);
        Ok(written)
    }
}

/// Puts the object where the conditions allow it.
fn place(
    db: &Connection,
    bucket: &str,
    key: &str,
    conditions: &Conditions,
    mut object: Object,
) -> Result<Written> {
    let bucket = buckets::id(db, bucket)?;
    let before = objects::find(db, bucket, key)?;
    conditions.for_write(key, before.as_ref().map(Object::seen))?;
    object.modified = dates::now();
    let residue = objects::put(db, bucket, key, before.as_ref(), &object)?;
    Ok(Written { etag: object.etag, modified: object.modified, checksum: object.checksum, residue })
}

/// Puts a checksum on an answer.
pub(super) fn tell_checksum(response: &mut Response<Body>, checksum: Option<&Checksum>) {
    if let Some(Checksum { algorithm, value, coverage }) = checksum {
        respond::put(response, algorithm.header(), value);
        respond::put(response, "x-amz-checksum-type", Coverage::name(*coverage));
    }
}
