//! Which operation a request is, from its method, its target, its parameters and two headers.
//!
//! The parameters that select an operation are those of the Amazon S3 API Reference.

use std::borrow::Cow;

use http::Method;

use super::documents::{Count, Kind};
use super::request::{Query, Target};

/// The operations of this store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    ListBuckets,
    CreateBucket,
    DeleteBucket,
    HeadBucket,
    GetBucketLocation,
    GetBucketVersioning,
    PutBucketVersioning,
    GetBucketTagging,
    PutBucketTagging,
    DeleteBucketTagging,
    GetBucketAcl,
    PutBucketAcl,
    GetBucketPolicy,
    PutBucketPolicy,
    DeleteBucketPolicy,
    GetBucketPolicyStatus,
    /// A sub-resource that is one document.
    GetDocument(Kind),
    PutDocument(Kind),
    DeleteDocument(Kind),
    ListDocuments(Kind),
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    DeleteObjects,
    PostObject,
    PutObject,
    CopyObject,
    GetObject,
    HeadObject,
    DeleteObject,
    GetObjectAttributes,
    GetObjectTagging,
    PutObjectTagging,
    DeleteObjectTagging,
    GetObjectAcl,
    PutObjectAcl,
    GetObjectRetention,
    PutObjectRetention,
    GetObjectLegalHold,
    PutObjectLegalHold,
    RestoreObject,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
    ListMultipartUploads,
    /// A browser asks before a request of another origin.
    Preflight,
    /// Known, and not done here.
    Absent(&'static str),
    /// The method makes no sense for the target.
    NotAllowed,
}

use Operation as Op;

/// A sub-resource: its parameter, and the operations for GET, PUT and DELETE.
type Resource = (&'static str, [Operation; 3]);

const NONE: Operation = Op::NotAllowed;

const OF_BUCKET: [Resource; 14] = [
    ("tagging", [Op::GetBucketTagging, Op::PutBucketTagging, Op::DeleteBucketTagging]),
    ("versioning", [Op::GetBucketVersioning, Op::PutBucketVersioning, NONE]),
    ("acl", [Op::GetBucketAcl, Op::PutBucketAcl, NONE]),
    ("policy", [Op::GetBucketPolicy, Op::PutBucketPolicy, Op::DeleteBucketPolicy]),
    ("policyStatus", [Op::GetBucketPolicyStatus, NONE, NONE]),
    ("location", [Op::GetBucketLocation, NONE, NONE]),
    ("versions", [Op::ListObjectVersions, NONE, NONE]),
    ("uploads", [Op::ListMultipartUploads, NONE, NONE]),
    ("session", [Op::Absent("CreateSession"), NONE, NONE]),
    ("abac", [Op::Absent("GetBucketAbac"), Op::Absent("PutBucketAbac"), NONE]),
    (
        "metadataConfiguration",
        [
            Op::Absent("GetBucketMetadataConfiguration"),
            Op::Absent("CreateBucketMetadataConfiguration"),
            Op::Absent("DeleteBucketMetadataConfiguration"),
        ],
    ),
    (
        "metadataTable",
        [
            Op::Absent("GetBucketMetadataTableConfiguration"),
            Op::Absent("CreateBucketMetadataTableConfiguration"),
            Op::Absent("DeleteBucketMetadataTableConfiguration"),
        ],
    ),
    ("metadataInventoryTable", [NONE, Op::Absent("UpdateBucketMetadataInventoryTableConfiguration"), NONE]),
    ("metadataJournalTable", [NONE, Op::Absent("UpdateBucketMetadataJournalTableConfiguration"), NONE]),
];

const OF_OBJECT: [Resource; 8] = [
    ("tagging", [Op::GetObjectTagging, Op::PutObjectTagging, Op::DeleteObjectTagging]),
    ("acl", [Op::GetObjectAcl, Op::PutObjectAcl, NONE]),
    ("retention", [Op::GetObjectRetention, Op::PutObjectRetention, NONE]),
    ("legal-hold", [Op::GetObjectLegalHold, Op::PutObjectLegalHold, NONE]),
    ("attributes", [Op::GetObjectAttributes, NONE, NONE]),
    ("torrent", [Op::Absent("GetObjectTorrent"), NONE, NONE]),
    ("renameObject", [NONE, Op::Absent("RenameObject"), NONE]),
    ("encryption", [NONE, Op::Absent("UpdateObjectEncryption"), NONE]),
];

/// Sub-resources that are documents, and those of them a DELETE is for.
const DOCUMENTS: [(Kind, bool); 16] = [
    (Kind::Accelerate, false),
    (Kind::Analytics, true),
    (Kind::Cors, true),
    (Kind::Encryption, true),
    (Kind::IntelligentTiering, true),
    (Kind::Inventory, true),
    (Kind::Lifecycle, true),
    (Kind::Logging, false),
    (Kind::Metrics, true),
    (Kind::Notification, false),
    (Kind::ObjectLock, false),
    (Kind::Ownership, true),
    (Kind::PublicAccessBlock, true),
    (Kind::Replication, true),
    (Kind::RequestPayment, false),
    (Kind::Website, true),
];

impl Operation {
    /// Its name in AWS's model.
    pub(super) fn name(self) -> Cow<'static, str> {
        match self {
            Self::GetDocument(kind) => kind.names().get.into(),
            Self::PutDocument(kind) => kind.names().put.into(),
            Self::DeleteDocument(kind) => kind.names().delete.into(),
            Self::ListDocuments(kind) => kind.names().list.into(),
            Self::Absent(name) => name.into(),
            other => format!("{other:?}").into(),
        }
    }
}

/// Says which operation a request is. `copies`: it has an `x-amz-copy-source` header.
pub(super) fn operation(method: &Method, target: &Target, query: &Query, copies: bool) -> Operation {
    match target {
        Target::Service if *method == Method::GET => Op::ListBuckets,
        Target::Service => Op::NotAllowed,
        _ if *method == Method::OPTIONS => Op::Preflight,
        // Its path looks like a bucket's, which could not have such a name.
        Target::Bucket(name) if name == "WriteGetObjectResponse" => Op::Absent("WriteGetObjectResponse"),
        Target::Bucket(_) => resource(&OF_BUCKET, method, query)
            .or_else(|| document(method, query))
            .unwrap_or_else(|| of_bucket(method, query)),
        Target::Object(..) => {
            resource(&OF_OBJECT, method, query).unwrap_or_else(|| of_object(method, query, copies))
        }
    }
}

fn of_bucket(method: &Method, query: &Query) -> Operation {
    match *method {
        Method::GET if query.get("list-type") == Some("2") => Op::ListObjectsV2,
        Method::GET => Op::ListObjects,
        Method::HEAD => Op::HeadBucket,
        Method::PUT => Op::CreateBucket,
        Method::DELETE => Op::DeleteBucket,
        Method::POST if query.has("delete") => Op::DeleteObjects,
        Method::POST => Op::PostObject,
        _ => Op::NotAllowed,
    }
}

fn of_object(method: &Method, query: &Query, copies: bool) -> Operation {
    let upload = query.has("uploadId");
    match *method {
        Method::GET if upload => Op::ListParts,
        Method::GET => Op::GetObject,
        Method::HEAD => Op::HeadObject,
        Method::PUT if upload && copies => Op::UploadPartCopy,
        Method::PUT if upload => Op::UploadPart,
        Method::PUT if copies => Op::CopyObject,
        Method::PUT => Op::PutObject,
        Method::POST if query.has("uploads") => Op::CreateMultipartUpload,
        Method::POST if upload => Op::CompleteMultipartUpload,
        Method::POST if query.has("select") => Op::Absent("SelectObjectContent"),
        Method::POST if query.has("restore") => Op::RestoreObject,
        Method::DELETE if upload => Op::AbortMultipartUpload,
        Method::DELETE => Op::DeleteObject,
        _ => Op::NotAllowed,
    }
}

fn resource(table: &[Resource], method: &Method, query: &Query) -> Option<Operation> {
    let (_, [get, put, delete]) = table.iter().find(|(name, _)| query.has(name))?;
    match *method {
        Method::GET => Some(*get),
        Method::PUT | Method::POST => Some(*put),
        Method::DELETE => Some(*delete),
        _ => None,
    }
}

fn document(method: &Method, query: &Query) -> Option<Operation> {
    let (kind, deletes) = DOCUMENTS.into_iter().find(|(kind, _)| query.has(kind.name()))?;
    match *method {
        Method::GET if kind.count() != Count::One && !query.has("id") => Some(Op::ListDocuments(kind)),
        Method::GET => Some(Op::GetDocument(kind)),
        Method::PUT => Some(Op::PutDocument(kind)),
        Method::DELETE if deletes => Some(Op::DeleteDocument(kind)),
        Method::DELETE => Some(Op::NotAllowed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(method: Method, target: &Target, query: &str, copies: bool, expected: Operation) {
        let query = Query::read(query).unwrap();
        assert_eq!(operation(&method, target, &query, copies), expected, "{method} {query:?}");
    }

    #[test]
    fn a_bucket_s_operations() {
        let bucket = Target::Bucket("b".into());
        check(Method::GET, &Target::Service, "x-id=ListBuckets", false, Op::ListBuckets);
        check(Method::GET, &bucket, "list-type=2&prefix=a", false, Op::ListObjectsV2);
        check(Method::GET, &bucket, "prefix=acl", false, Op::ListObjects);
        check(Method::GET, &bucket, "location", false, Op::GetBucketLocation);
        check(Method::GET, &bucket, "uploads", false, Op::ListMultipartUploads);
        check(Method::PUT, &bucket, "", false, Op::CreateBucket);
        check(Method::PUT, &bucket, "lifecycle", false, Op::PutDocument(Kind::Lifecycle));
        check(Method::GET, &bucket, "metrics", false, Op::ListDocuments(Kind::Metrics));
        check(Method::GET, &bucket, "metrics&id=a", false, Op::GetDocument(Kind::Metrics));
        check(Method::POST, &bucket, "delete", false, Op::DeleteObjects);
        check(Method::POST, &bucket, "", false, Op::PostObject);
        check(Method::DELETE, &bucket, "policy", false, Op::DeleteBucketPolicy);
        check(Method::DELETE, &bucket, "acl", false, Op::NotAllowed);
        check(Method::DELETE, &bucket, "logging", false, Op::NotAllowed);
        check(Method::DELETE, &Target::Service, "", false, Op::NotAllowed);
        check(Method::OPTIONS, &bucket, "", false, Op::Preflight);
    }

    #[test]
    fn an_object_s_operations() {
        let object = Target::Object("b".into(), "k".into());
        check(Method::PUT, &object, "x-id=PutObject", false, Op::PutObject);
        check(Method::PUT, &object, "", true, Op::CopyObject);
        check(Method::PUT, &object, "uploadId=a&partNumber=1", false, Op::UploadPart);
        check(Method::PUT, &object, "uploadId=a&partNumber=1", true, Op::UploadPartCopy);
        check(Method::POST, &object, "uploads", false, Op::CreateMultipartUpload);
        check(Method::POST, &object, "uploadId=a", false, Op::CompleteMultipartUpload);
        check(Method::POST, &object, "select&select-type=2", false, Op::Absent("SelectObjectContent"));
        check(Method::GET, &object, "acl", false, Op::GetObjectAcl);
        check(Method::DELETE, &object, "uploadId=a", false, Op::AbortMultipartUpload);
        check(Method::OPTIONS, &object, "", false, Op::Preflight);
    }
}
