//! Buckets and objects: the S3 protocol over rows in the database and bytes in files.
//!
//! A request is read ([`request`]), its operation is found ([`route`]), the operation answers or fails ([`error`]).
//! The protocol is spoken here rather than through a framework, because any signature is accepted, `aws-chunked`
//! bodies come unsigned too, and errors carry the elements AWS gives them.

use std::sync::Arc;

use http::{Method, Response};
use hyper::body::Incoming;
use sha2::{Digest as _, Sha256};

use self::blobs::Blobs;
pub use self::buckets::BucketSnapshot;
use self::config::Configs;
use self::encryption::Place;
use self::error::{Code, Error};
pub(crate) use self::inbound::IDLE;
use self::inbound::{Drained, Inbound};
pub(crate) use self::names::KEY_MAX_BYTES;
pub(crate) use self::receive::MAX_BYTES;
use self::request::Request;
use self::route::Operation;
use crate::answer::Body;
use crate::auth::Keyring;
use crate::coverage;
use crate::metrics::Asked;
use crate::settings::Settings;
use crate::sqs::Sqs;
use crate::store::{Store, StoreError};

mod acl;
mod attributes;
mod blobs;
mod buckets;
mod checksum;
mod chunked;
mod conditions;
mod config;
mod copy;
mod cors;
mod dates;
mod delete;
mod documents;
mod encryption;
mod error;
mod form;
mod get;
mod inbound;
mod lifecycle;
mod list;
mod lock;
mod multipart;
mod names;
mod notify;
mod objects;
mod policy;
mod put;
mod range;
mod receive;
mod request;
mod reset;
mod respond;
mod restore;
mod route;
mod send;
mod signature;
mod state;
mod sweep;
mod tagging;
mod versions;
mod xml;

/// What the owner of everything is called where clients older than 2025 look for a name.
const OWNER_NAME: &str = "owner";

/// The bucket service.
#[derive(Debug, Clone)]
pub(crate) struct S3 {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    blobs: Blobs,
    region: String,
    account_id: String,
    /// The canonical user id that owns everything.
    owner: String,
    /// What the buckets' documents mean.
    configs: Configs,
    /// How long a lifecycle's day is.
    clock: lifecycle::Clock,
    /// Whose signatures are right.
    keyring: Keyring,
    /// Who is told of events.
    sqs: Sqs,
    sweeping: Arc<tokio::sync::Mutex<()>>,
}

impl S3 {
    /// Opens the folder of object bytes and settles what an earlier process left under way.
    pub(crate) fn open(store: &Store, settings: &Settings, sqs: &Sqs) -> Result<Self, StoreError> {
        let inner = Inner {
            blobs: sweep::open(store, settings)?,
            store: store.clone(),
            region: settings.region.clone(),
            account_id: settings.account_id.clone(),
            owner: hex::encode(Sha256::digest(settings.account_id.as_bytes())),
            configs: store.load(config::load)?,
            clock: lifecycle::Clock::new(settings.lifecycle_day),
            keyring: Keyring::new(&settings.credentials),
            sqs: sqs.clone(),
            sweeping: Arc::default(),
        };
        let s3 = Self { inner: Arc::new(inner) };
        s3.sweep_all();
        Ok(s3)
    }

    /// Answers one request, whose body it reads as it comes.
    pub(crate) async fn handle(&self, request: http::Request<Incoming>) -> Response<Body> {
        let head = request.method() == Method::HEAD;
        let id = respond::request_id();
        let mut response = Box::pin(self.answer(request, &id)).await;
        respond::put(&mut response, "x-amz-request-id", &id);
        respond::put(&mut response, "x-amz-id-2", &id);
        if head { respond::without_body(response) } else { response }
    }

    async fn answer(&self, request: http::Request<Incoming>, id: &str) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let body = Inbound::new(body, &parts.headers);
        let mut request = match Request::read(parts, body, id) {
            Ok(request) => request,
            Err(error) => return respond::last(respond::error(&error, id)),
        };
        let copies = request.headers.contains_key("x-amz-copy-source");
        let operation = route::operation(&request.method, &request.target, &request.query, copies);
        let mut response = match self.perform(&mut request, operation).await {
            Ok(response) => response,
            Err(error) => {
                let error = error.of_method(&request.method);
                let response = respond::error(&error, id);
                match request.body.drain().await {
                    Drained::Whole => response,
                    Drained::InPart => respond::last(response),
                }
            }
        };
        let operation = coverage::name("s3", &operation.name());
        response.extensions_mut().insert(Asked { service: "s3", operation });
        self.tell_origin(request.bucket(), &request.method, &request.headers, &mut response);
        response
    }

    async fn perform(&self, request: &mut Request, operation: Operation) -> error::Result<Response<Body>> {
        request.chain = self.authenticate(request, operation)?;
        self.admit(request)?;
        match operation {
            Operation::ListBuckets => self.list_buckets(request).await,
            Operation::CreateBucket => self.create_bucket(request).await,
            Operation::DeleteBucket => self.delete_bucket(request).await,
            Operation::HeadBucket => self.head_bucket(request).await,
            Operation::GetBucketLocation => self.get_bucket_location(request).await,
            Operation::GetBucketVersioning => self.get_bucket_versioning(request).await,
            Operation::PutBucketVersioning => self.put_bucket_versioning(request).await,
            Operation::GetBucketTagging => self.get_bucket_tagging(request).await,
            Operation::PutBucketTagging => self.put_bucket_tagging(request).await,
            Operation::DeleteBucketTagging => self.delete_bucket_tagging(request).await,
            Operation::GetBucketAcl => self.get_bucket_acl(request).await,
            Operation::PutBucketAcl => self.put_bucket_acl(request).await,
            Operation::GetBucketPolicy => self.get_bucket_policy(request).await,
            Operation::PutBucketPolicy => self.put_bucket_policy(request).await,
            Operation::DeleteBucketPolicy => self.delete_bucket_policy(request).await,
            Operation::GetBucketPolicyStatus => self.get_bucket_policy_status(request).await,
            Operation::GetDocument(kind) => self.get_document(request, kind).await,
            Operation::PutDocument(kind) => self.put_document(request, kind).await,
            Operation::DeleteDocument(kind) => self.delete_document(request, kind).await,
            Operation::ListDocuments(kind) => self.list_documents(request, kind).await,
            Operation::ListObjects => self.list_objects(request).await,
            Operation::ListObjectsV2 => self.list_objects_v2(request).await,
            Operation::ListObjectVersions => self.list_object_versions(request).await,
            Operation::DeleteObjects => self.delete_objects(request).await,
            Operation::PutObject => self.put_object(request).await,
            Operation::CopyObject => self.copy_object(request).await,
            Operation::GetObject => self.get_object(request).await,
            Operation::HeadObject => self.head_object(request).await,
            Operation::DeleteObject => self.delete_object(request).await,
            Operation::GetObjectAttributes => self.get_object_attributes(request).await,
            Operation::GetObjectTagging => self.get_object_tagging(request).await,
            Operation::PutObjectTagging => self.put_object_tagging(request).await,
            Operation::DeleteObjectTagging => self.delete_object_tagging(request).await,
            Operation::GetObjectAcl => self.get_object_acl(request).await,
            Operation::PutObjectAcl => self.put_object_acl(request).await,
            Operation::GetObjectRetention => self.get_object_retention(request).await,
            Operation::PutObjectRetention => self.put_object_retention(request).await,
            Operation::GetObjectLegalHold => self.get_object_legal_hold(request).await,
            Operation::PutObjectLegalHold => self.put_object_legal_hold(request).await,
            Operation::RestoreObject => self.restore_object(request).await,
            Operation::PostObject => self.post_object(request).await,
            Operation::Preflight => self.preflight(request).await,
            Operation::CreateMultipartUpload => self.create_multipart_upload(request).await,
            Operation::UploadPart => self.upload_part(request).await,
            Operation::UploadPartCopy => self.upload_part_copy(request).await,
            Operation::CompleteMultipartUpload => self.complete_multipart_upload(request).await,
            Operation::AbortMultipartUpload => self.abort_multipart_upload(request).await,
            Operation::ListParts => self.list_parts(request).await,
            Operation::ListMultipartUploads => self.list_multipart_uploads(request).await,
            Operation::Absent(name) => Err(Error::not_implemented(name)),
            Operation::NotAllowed => Err(Code::MethodNotAllowed.into()),
        }
    }

    /// What is checked for every operation: the key, the version, the owner the client expects.
    fn admit(&self, request: &Request) -> error::Result<()> {
        if !request.key().is_empty() {
            names::check_key(request.key())?;
        }
        let owner = request.header("x-amz-expected-bucket-owner");
        if owner.is_some_and(|owner| owner != self.inner.account_id) {
            return Err(Code::AccessDenied.into());
        }
        request.version().map_or(Ok(()), versions::check_id)
    }

    /// Where keys of KMS without a full name are.
    fn place(&self) -> Place<'_> {
        Place { region: &self.inner.region, account: &self.inner.account_id }
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }
}
