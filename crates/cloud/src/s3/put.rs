//! Writing an object: its bytes are received first, then its row is committed, then it is acknowledged.

use std::sync::Arc;

use http::{HeaderMap, Response, StatusCode};
use rusqlite::Connection;

use super::attributes::{self, Attributes};
use super::blobs::Staged;
use super::buckets::Locks;
use super::checksum::{Checksum, Coverage};
use super::conditions::Conditions;
use super::error::Result;
use super::lock::DefaultRetention;
use super::notify::{Event, Happened};
use super::objects::{self, Content, Object, Residue};
use super::receive::{self, Placement, Received, Stored};
use super::request::{Request, Target};
use super::state::State;
use super::tagging::{self, Tags};
use super::versions::{NULL, Versioning};
use super::{S3, acl, buckets, dates, lifecycle, lock, respond};
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
    pub(super) state: State,
    /// What it is retained for where the request does not say.
    pub(super) retention: Option<DefaultRetention>,
}

/// What was committed, for the answer.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) key: String,
    pub(super) object: Object,
    pub(super) versioning: Versioning,
    pub(super) residue: Residue,
}

impl Draft {
    /// Makes an object of it and of the bytes at `content`.
    fn object(self, received: (u64, String, Checksum), content: Content) -> Object {
        let (size, etag, checksum) = received;
        Object {
            size,
            etag,
            modified: 0,
            storage_class: self.storage_class,
            checksum: Some(checksum),
            attributes: self.attributes,
            tags: self.tags,
            content,
            version: NULL.to_owned(),
            number: 0,
            state: self.state,
        }
    }
}

impl S3 {
    pub(super) async fn put_object(&self, request: &mut Request) -> Result<Response<Body>> {
        let draft = self.draft(&request.target, &request.headers)?;
        let expected = request.expected()?;
        if expected.length.is_some_and(|length| length > WORTH_ASKING_FIRST) {
            self.check_bucket(&draft.bucket).await?;
        }
        let received =
            receive::receive(self.blobs(), &mut request.body, &expected, Placement::Smallest).await?;
        let written = self.commit(draft, received).await?;
        let mut response = respond::empty(StatusCode::OK);
        respond::put(&mut response, "etag", &respond::quoted(&written.object.etag));
        tell_checksum(&mut response, written.object.checksum.as_ref());
        self.tell_written(&mut response, request.bucket(), &written);
        self.tell_created(request.bucket(), &request.id, Happened::Put, &written).await;
        Ok(response)
    }

    /// Reads what an object will carry from the headers of the request that writes it.
    pub(super) fn draft(&self, target: &Target, headers: &HeaderMap) -> Result<Draft> {
        let config = self.config(target.bucket());
        let mut attributes = Attributes::of(headers)?;
        attributes.headers.extend(config.encryption.of_request(headers, self.place())?);
        let acl = acl::of_headers(headers, &self.inner.owner, &config)?;
        Ok(Draft {
            bucket: target.bucket().to_owned(),
            key: target.key().to_owned(),
            conditions: Conditions::of_request(headers),
            attributes,
            storage_class: attributes::storage_class(headers)?,
            tags: tagging::from_header(headers.get("x-amz-tagging").and_then(|tags| tags.to_str().ok()))?,
            state: State { acl, ..lock::of_request(headers)? },
            retention: config.retention,
        })
    }

    /// Puts on an answer what every write is told: version, encryption, expiry.
    pub(super) fn tell_written(&self, response: &mut Response<Body>, bucket: &str, written: &Written) {
        let Written { key, object, versioning, .. } = written;
        object.attributes.apply_encryption(response);
        if *versioning == Versioning::Enabled {
            respond::put(response, "x-amz-version-id", &object.version);
        }
        self.tell_expiry(response, bucket, key, object);
    }

    /// Puts on an answer when an object will expire.
    pub(super) fn tell_expiry(
        &self,
        response: &mut Response<Body>,
        bucket: &str,
        key: &str,
        object: &Object,
    ) {
        let config = self.config(bucket);
        if let Some(expiry) = lifecycle::header(&config.lifecycle, self.inner.clock, key, object) {
            respond::put(response, "x-amz-expiration", &expiry);
        }
    }

    /// Tells who wants to hear of it that an object was created.
    pub(super) async fn tell_created(&self, bucket: &str, id: &str, happened: Happened, written: &Written) {
        let Written { key, object, versioning, .. } = written;
        let version = (*versioning == Versioning::Enabled).then(|| object.version.clone());
        let (size, etag) = (Some(object.size), Some(object.etag.clone()));
        self.tell(bucket, id, Event { happened, key: key.clone(), size, etag, version }).await;
    }

    /// `NoSuchBucket` unless it is there.
    pub(super) async fn check_bucket(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.store().look(move |db| buckets::id(db, &name).map(drop)).await
    }

    /// Commits an object whose bytes are here.
    pub(super) async fn commit(&self, draft: Draft, received: Received) -> Result<Written> {
        let (content, staged) = match received.stored {
            Stored::Inline(bytes) if bytes.is_empty() => (Content::Empty, None),
            Stored::Inline(bytes) => (Content::New(Arc::from(&bytes[..])), None),
            Stored::File(staged) => (Content::File(staged.name().to_owned()), Some(staged)),
        };
        let (bucket, key) = (draft.bucket.clone(), draft.key.clone());
        let (conditions, retention) = (draft.conditions.clone(), draft.retention);
        let object = draft.object((received.size, received.etag, received.checksum), content);
        let job = move |db: &Connection| place(db, &bucket, key, &conditions, retention, object);
        let written =
            self.store().write_then(job, move |_| staged.into_iter().for_each(Staged::keep)).await?;
        self.sweep(written.residue);
        Ok(written)
    }
}

/// Puts the object where the conditions allow it.
pub(super) fn place(
    db: &Connection,
    bucket: &str,
    key: String,
    conditions: &Conditions,
    retention: Option<DefaultRetention>,
    mut object: Object,
) -> Result<Written> {
    let bucket = buckets::find(db, bucket)?;
    lock::check_bucket(&bucket, &object.state)?;
    let before = objects::find(db, bucket.id, &key)?;
    conditions.for_write(&key, before.as_ref().map(Object::seen))?;
    object.modified = dates::now();
    if bucket.locks == Locks::Enabled && object.state.retention.is_none() {
        object.state.retention = retention.map(|retention| retention.from(object.modified));
    }
    let residue = objects::put(db, &bucket, &key, before.as_ref(), &mut object)?;
    Ok(Written { key, object, versioning: bucket.versioning, residue })
}

/// Puts a checksum on an answer.
pub(super) fn tell_checksum(response: &mut Response<Body>, checksum: Option<&Checksum>) {
    if let Some(Checksum { algorithm, value, coverage }) = checksum {
        respond::put(response, algorithm.header(), value);
        respond::put(response, "x-amz-checksum-type", Coverage::name(*coverage));
    }
}
