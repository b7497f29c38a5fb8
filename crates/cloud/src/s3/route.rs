//! Which operation a request is, from its method, its target, its parameters and two headers.
//!
//! The parameters that select an operation are those of the Amazon S3 API Reference.

use http::Method;

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
    GetBucketTagging,
    PutBucketTagging,
    DeleteBucketTagging,
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    DeleteObjects,
    PutObject,
    CopyObject,
    GetObject,
    HeadObject,
    DeleteObject,
    GetObjectAttributes,
    GetObjectTagging,
    PutObjectTagging,
    DeleteObjectTagging,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
    ListMultipartUploads,
    /// Known, and not done here.
    Absent(&'static str),
    /// The method makes no sense for the target.
    NotAllowed,
}

use Operation as Op;

/// Sub-resources that are not done here: parameter, and the operations for GET, PUT and DELETE ("": none).
type Absent = (&'static str, [&'static str; 3]);

const ABSENT_OF_BUCKET: [Absent; 24] = [
    ("abac", ["GetBucketAbac", "PutBucketAbac", ""]),
    ("accelerate", ["GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration", ""]),
    ("acl", ["GetBucketAcl", "PutBucketAcl", ""]),
    (
        "analytics",
        [
            "GetBucketAnalyticsConfiguration",
            "PutBucketAnalyticsConfiguration",
            "DeleteBucketAnalyticsConfiguration",
        ],
    ),
    ("cors", ["GetBucketCors", "PutBucketCors", "DeleteBucketCors"]),
    ("encryption", ["GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption"]),
    (
        "intelligent-tiering",
        [
            "GetBucketIntelligentTieringConfiguration",
            "PutBucketIntelligentTieringConfiguration",
            "DeleteBucketIntelligentTieringConfiguration",
        ],
    ),
    (
        "inventory",
        [
            "GetBucketInventoryConfiguration",
            "PutBucketInventoryConfiguration",
            "DeleteBucketInventoryConfiguration",
        ],
    ),
    (
        "lifecycle",
        ["GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle"],
    ),
    ("logging", ["GetBucketLogging", "PutBucketLogging", ""]),
    (
        "metadataConfiguration",
        [
            "GetBucketMetadataConfiguration",
            "CreateBucketMetadataConfiguration",
            "DeleteBucketMetadataConfiguration",
        ],
    ),
    ("metadataInventoryTable", ["", "UpdateBucketMetadataInventoryTableConfiguration", ""]),
    ("metadataJournalTable", ["", "UpdateBucketMetadataJournalTableConfiguration", ""]),
    (
        "metadataTable",
        [
            "GetBucketMetadataTableConfiguration",
            "CreateBucketMetadataTableConfiguration",
            "DeleteBucketMetadataTableConfiguration",
        ],
    ),
    (
        "metrics",
        [
            "GetBucketMetricsConfiguration",
            "PutBucketMetricsConfiguration",
            "DeleteBucketMetricsConfiguration",
        ],
    ),
    ("notification", ["GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration", ""]),
    ("object-lock", ["GetObjectLockConfiguration", "PutObjectLockConfiguration", ""]),
    (
        "ownershipControls",
        ["GetBucketOwnershipControls", "PutBucketOwnershipControls", "DeleteBucketOwnershipControls"],
    ),
    ("policy", ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"]),
    ("policyStatus", ["GetBucketPolicyStatus", "", ""]),
    ("publicAccessBlock", ["GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock"]),
    ("replication", ["GetBucketReplication", "PutBucketReplication", "DeleteBucketReplication"]),
    ("requestPayment", ["GetBucketRequestPayment", "PutBucketRequestPayment", ""]),
    ("website", ["GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite"]),
];

const ABSENT_OF_OBJECT: [Absent; 6] = [
    ("acl", ["GetObjectAcl", "PutObjectAcl", ""]),
    ("encryption", ["", "UpdateObjectEncryption", ""]),
    ("legal-hold", ["GetObjectLegalHold", "PutObjectLegalHold", ""]),
    ("renameObject", ["", "RenameObject", ""]),
    ("retention", ["GetObjectRetention", "PutObjectRetention", ""]),
    ("torrent", ["GetObjectTorrent", "", ""]),
];

/// Says which operation a request is. `copies`: it has an `x-amz-copy-source` header.
pub(super) fn operation(method: &Method, target: &Target, query: &Query, copies: bool) -> Operation {
    match target {
        Target::Service if *method == Method::GET => Op::ListBuckets,
        Target::Service => Op::NotAllowed,
        Target::Bucket(_) => {
            absent(&ABSENT_OF_BUCKET, method, query).unwrap_or_else(|| of_bucket(method, query))
        }
        Target::Object(..) => {
            absent(&ABSENT_OF_OBJECT, method, query).unwrap_or_else(|| of_object(method, query, copies))
        }
    }
}

fn of_bucket(method: &Method, query: &Query) -> Operation {
    match *method {
        Method::GET => of_bucket_get(query),
        Method::HEAD => Op::HeadBucket,
        Method::PUT if query.has("tagging") => Op::PutBucketTagging,
        Method::PUT if query.has("versioning") => Op::Absent("PutBucketVersioning"),
        Method::PUT => Op::CreateBucket,
        Method::DELETE if query.has("tagging") => Op::DeleteBucketTagging,
        Method::DELETE => Op::DeleteBucket,
        Method::POST if query.has("delete") => Op::DeleteObjects,
        Method::POST => Op::Absent("PostObject"),
        Method::OPTIONS => Op::Absent("OPTIONS (cross-origin requests)"),
        _ => Op::NotAllowed,
    }
}

fn of_bucket_get(query: &Query) -> Operation {
    let selected = [
        ("location", Op::GetBucketLocation),
        ("tagging", Op::GetBucketTagging),
        ("versioning", Op::GetBucketVersioning),
        ("versions", Op::ListObjectVersions),
        ("uploads", Op::ListMultipartUploads),
        ("session", Op::Absent("CreateSession")),
    ];
    let selected = selected.into_iter().find(|(name, _)| query.has(name));
    match (selected, query.get("list-type")) {
        (Some((_, operation)), _) => operation,
        (None, Some("2")) => Op::ListObjectsV2,
        (None, _) => Op::ListObjects,
    }
}

fn of_object(method: &Method, query: &Query, copies: bool) -> Operation {
    let (tagging, upload) = (query.has("tagging"), query.has("uploadId"));
    match *method {
        Method::GET if tagging => Op::GetObjectTagging,
        Method::GET if upload => Op::ListParts,
        Method::GET if query.has("attributes") => Op::GetObjectAttributes,
        Method::GET => Op::GetObject,
        Method::HEAD => Op::HeadObject,
        Method::PUT if tagging => Op::PutObjectTagging,
        Method::PUT if upload && copies => Op::UploadPartCopy,
        Method::PUT if upload => Op::UploadPart,
        Method::PUT if copies => Op::CopyObject,
        Method::PUT => Op::PutObject,
        Method::POST if query.has("uploads") => Op::CreateMultipartUpload,
        Method::POST if upload => Op::CompleteMultipartUpload,
        Method::POST if query.has("select") => Op::Absent("SelectObjectContent"),
        Method::POST if query.has("restore") => Op::Absent("RestoreObject"),
        Method::DELETE if tagging => Op::DeleteObjectTagging,
        Method::DELETE if upload => Op::AbortMultipartUpload,
        Method::DELETE => Op::DeleteObject,
        Method::OPTIONS => Op::Absent("OPTIONS (cross-origin requests)"),
        _ => Op::NotAllowed,
    }
}

fn absent(table: &[Absent], method: &Method, query: &Query) -> Option<Operation> {
    let (_, [get, put, delete]) = table.iter().find(|(name, _)| query.has(name))?;
    let operation = match *method {
        Method::GET => get,
        Method::PUT | Method::POST => put,
        Method::DELETE => delete,
        _ => return None,
    };
    Some(if operation.is_empty() { Op::NotAllowed } else { Op::Absent(operation) })
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
        check(Method::PUT, &bucket, "lifecycle", false, Op::Absent("PutBucketLifecycleConfiguration"));
        check(Method::POST, &bucket, "delete", false, Op::DeleteObjects);
        check(Method::DELETE, &bucket, "policy", false, Op::Absent("DeleteBucketPolicy"));
        check(Method::DELETE, &bucket, "acl", false, Op::NotAllowed);
        check(Method::DELETE, &Target::Service, "", false, Op::NotAllowed);
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
        check(Method::GET, &object, "acl", false, Op::Absent("GetObjectAcl"));
        check(Method::DELETE, &object, "uploadId=a", false, Op::AbortMultipartUpload);
    }
}
