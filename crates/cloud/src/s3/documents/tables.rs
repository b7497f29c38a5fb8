//! The documents' elements, as the S3 API's published model has them.

use super::shape::{Field, Shape, any, maybe, one, some};

use Shape::{Flag, Grantee, Group, Integer, Moment, Text, Word};

const SWITCH: Shape = Word(&["Enabled", "Disabled"]);
const STATUS: Shape = Group(&[one("Status", SWITCH)]);
const TAG: Shape = Group(&[one("Key", Text), one("Value", Text)]);
const MINUTES: Shape = Group(&[maybe("Minutes", Integer)]);

/// Prefix, tag, or several of them: what most configurations choose objects by.
const FILTER: Shape = Group(&[
    maybe("Prefix", Text),
    maybe("Tag", TAG),
    maybe("And", Group(&[maybe("Prefix", Text), any("Tag", TAG)])),
]);

pub(super) const ACCELERATE: &[Field] = &[one("Status", Word(&["Enabled", "Suspended"]))];

pub(super) const ACL: &[Field] = &[
    maybe("Owner", Group(&[maybe("ID", Text), maybe("DisplayName", Text)])),
    maybe(
        "AccessControlList",
        Group(&[any(
            "Grant",
            Group(&[
                one("Grantee", Grantee),
                one("Permission", Word(&["FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP"])),
            ]),
        )]),
    ),
];

pub(super) const ANALYTICS: &[Field] = &[
    one("Id", Text),
    maybe("Filter", FILTER),
    one(
        "StorageClassAnalysis",
        Group(&[maybe(
            "DataExport",
            Group(&[
                one("OutputSchemaVersion", Word(&["V_1"])),
                one(
                    "Destination",
                    Group(&[one(
                        "S3BucketDestination",
                        Group(&[
                            one("Format", Word(&["CSV"])),
                            maybe("BucketAccountId", Text),
                            one("Bucket", Text),
                            maybe("Prefix", Text),
                        ]),
                    )]),
                ),
            ]),
        )]),
    ),
];

pub(super) const CORS: &[Field] = &[some(
    "CORSRule",
    Group(&[
        maybe("ID", Text),
        any("AllowedHeader", Text),
        some("AllowedMethod", Text),
        some("AllowedOrigin", Text),
        any("ExposeHeader", Text),
        maybe("MaxAgeSeconds", Integer),
    ]),
)];

pub(super) const ENCRYPTION: &[Field] = &[one(
    "Rule",
    Group(&[
        maybe(
            "ApplyServerSideEncryptionByDefault",
            Group(&[
                one("SSEAlgorithm", Word(&["AES256", "aws:kms", "aws:kms:dsse"])),
                maybe("KMSMasterKeyID", Text),
            ]),
        ),
        maybe("BucketKeyEnabled", Flag),
        maybe("BlockedEncryptionTypes", Group(&[any("EncryptionType", Word(&["NONE", "SSE-C"]))])),
    ]),
)];

pub(super) const INTELLIGENT_TIERING: &[Field] = &[
    one("Id", Text),
    maybe("Filter", FILTER),
    one("Status", SWITCH),
    some(
        "Tiering",
        Group(&[one("Days", Integer), one("AccessTier", Word(&["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]))]),
    ),
];

pub(super) const INVENTORY: &[Field] = &[
    one(
        "Destination",
        Group(&[one(
            "S3BucketDestination",
            Group(&[
                maybe("AccountId", Text),
                one("Bucket", Text),
                one("Format", Word(&["CSV", "ORC", "Parquet"])),
                maybe("Prefix", Text),
                maybe(
                    "Encryption",
                    Group(&[maybe("SSE-S3", Group(&[])), maybe("SSE-KMS", Group(&[one("KeyId", Text)]))]),
                ),
            ]),
        )]),
    ),
    one("IsEnabled", Flag),
    maybe("Filter", Group(&[one("Prefix", Text)])),
    one("Id", Text),
    one("IncludedObjectVersions", Word(&["All", "Current"])),
    maybe("OptionalFields", Group(&[any("Field", Word(INVENTORY_FIELDS))])),
    one("Schedule", Group(&[one("Frequency", Word(&["Daily", "Weekly"]))])),
];

const INVENTORY_FIELDS: &[&str] = &[
    "Size",
    "LastModifiedDate",
    "StorageClass",
    "ETag",
    "IsMultipartUploaded",
    "ReplicationStatus",
    "EncryptionStatus",
    "ObjectLockRetainUntilDate",
    "ObjectLockMode",
    "ObjectLockLegalHoldStatus",
    "IntelligentTieringAccessTier",
    "BucketKeyStatus",
    "ChecksumAlgorithm",
    "ObjectAccessControlList",
    "ObjectOwner",
    "LifecycleExpirationDate",
];

const COLDER: Shape =
    Word(&["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"]);

pub(super) const LIFECYCLE: &[Field] = &[some(
    "Rule",
    Group(&[
        maybe("ID", Text),
        maybe("Prefix", Text),
        maybe("Filter", LIFECYCLE_FILTER),
        one("Status", SWITCH),
        maybe(
            "Expiration",
            Group(&[maybe("Date", Moment), maybe("Days", Integer), maybe("ExpiredObjectDeleteMarker", Flag)]),
        ),
        any(
            "Transition",
            Group(&[maybe("Date", Moment), maybe("Days", Integer), one("StorageClass", COLDER)]),
        ),
        any(
            "NoncurrentVersionTransition",
            Group(&[
                maybe("NoncurrentDays", Integer),
                one("StorageClass", COLDER),
                maybe("NewerNoncurrentVersions", Integer),
            ]),
        ),
        maybe(
            "NoncurrentVersionExpiration",
            Group(&[maybe("NoncurrentDays", Integer), maybe("NewerNoncurrentVersions", Integer)]),
        ),
        maybe("AbortIncompleteMultipartUpload", Group(&[one("DaysAfterInitiation", Integer)])),
    ]),
)];

const LIFECYCLE_FILTER: Shape = Group(&[
    maybe("Prefix", Text),
    maybe("Tag", TAG),
    maybe("ObjectSizeGreaterThan", Integer),
    maybe("ObjectSizeLessThan", Integer),
    maybe(
        "And",
        Group(&[
            maybe("Prefix", Text),
            any("Tag", TAG),
            maybe("ObjectSizeGreaterThan", Integer),
            maybe("ObjectSizeLessThan", Integer),
        ]),
    ),
]);

pub(super) const LOGGING: &[Field] = &[maybe(
    "LoggingEnabled",
    Group(&[
        one("TargetBucket", Text),
        maybe(
            "TargetGrants",
            Group(&[any(
                "Grant",
                Group(&[
                    one("Grantee", Grantee),
                    one("Permission", Word(&["FULL_CONTROL", "READ", "WRITE"])),
                ]),
            )]),
        ),
        one("TargetPrefix", Text),
        maybe(
            "TargetObjectKeyFormat",
            Group(&[
                maybe("SimplePrefix", Group(&[])),
                maybe(
                    "PartitionedPrefix",
                    Group(&[maybe("PartitionDateSource", Word(&["EventTime", "DeliveryTime"]))]),
                ),
            ]),
        ),
    ]),
)];

pub(super) const METRICS: &[Field] = &[
    one("Id", Text),
    maybe(
        "Filter",
        Group(&[
            maybe("Prefix", Text),
            maybe("Tag", TAG),
            maybe("AccessPointArn", Text),
            maybe("And", Group(&[maybe("Prefix", Text), any("Tag", TAG), maybe("AccessPointArn", Text)])),
        ]),
    ),
];

const KEY_FILTER: Field = maybe(
    "Filter",
    Group(&[maybe("S3Key", Group(&[any("FilterRule", Group(&[one("Name", Text), one("Value", Text)]))]))]),
);

pub(super) const NOTIFICATION: &[Field] = &[
    any(
        "TopicConfiguration",
        Group(&[maybe("Id", Text), one("Topic", Text), some("Event", Text), KEY_FILTER]),
    ),
    any(
        "QueueConfiguration",
        Group(&[maybe("Id", Text), one("Queue", Text), some("Event", Text), KEY_FILTER]),
    ),
    any(
        "CloudFunctionConfiguration",
        Group(&[maybe("Id", Text), one("CloudFunction", Text), some("Event", Text), KEY_FILTER]),
    ),
    maybe("EventBridgeConfiguration", Group(&[])),
];

pub(super) const OBJECT_LOCK: &[Field] = &[
    maybe("ObjectLockEnabled", Word(&["Enabled"])),
    maybe(
        "Rule",
        Group(&[one(
            "DefaultRetention",
            Group(&[
                one("Mode", Word(&["GOVERNANCE", "COMPLIANCE"])),
                maybe("Days", Integer),
                maybe("Years", Integer),
            ]),
        )]),
    ),
];

pub(super) const OWNERSHIP: &[Field] = &[one(
    "Rule",
    Group(&[one("ObjectOwnership", Word(&["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"]))]),
)];

pub(super) const PUBLIC_ACCESS_BLOCK: &[Field] = &[
    maybe("BlockPublicAcls", Flag),
    maybe("IgnorePublicAcls", Flag),
    maybe("BlockPublicPolicy", Flag),
    maybe("RestrictPublicBuckets", Flag),
];

pub(super) const REPLICATION: &[Field] = &[
    one("Role", Text),
    some(
        "Rule",
        Group(&[
            maybe("ID", Text),
            maybe("Priority", Integer),
            maybe("Prefix", Text),
            maybe("Filter", FILTER),
            one("Status", SWITCH),
            maybe(
                "SourceSelectionCriteria",
                Group(&[maybe("SseKmsEncryptedObjects", STATUS), maybe("ReplicaModifications", STATUS)]),
            ),
            maybe("ExistingObjectReplication", STATUS),
            one(
                "Destination",
                Group(&[
                    one("Bucket", Text),
                    maybe("Account", Text),
                    maybe("StorageClass", Text),
                    maybe("AccessControlTranslation", Group(&[one("Owner", Word(&["Destination"]))])),
                    maybe("EncryptionConfiguration", Group(&[maybe("ReplicaKmsKeyID", Text)])),
                    maybe("ReplicationTime", Group(&[one("Status", SWITCH), one("Time", MINUTES)])),
                    maybe("Metrics", Group(&[one("Status", SWITCH), maybe("EventThreshold", MINUTES)])),
                ]),
            ),
            maybe("DeleteMarkerReplication", Group(&[maybe("Status", SWITCH)])),
        ]),
    ),
];

pub(super) const REQUEST_PAYMENT: &[Field] = &[one("Payer", Word(&["Requester", "BucketOwner"]))];

const PROTOCOL: Shape = Word(&["http", "https"]);

pub(super) const WEBSITE: &[Field] = &[
    maybe("ErrorDocument", Group(&[one("Key", Text)])),
    maybe("IndexDocument", Group(&[one("Suffix", Text)])),
    maybe("RedirectAllRequestsTo", Group(&[one("HostName", Text), maybe("Protocol", PROTOCOL)])),
    maybe(
        "RoutingRules",
        Group(&[some(
            "RoutingRule",
            Group(&[
                maybe(
                    "Condition",
                    Group(&[maybe("HttpErrorCodeReturnedEquals", Text), maybe("KeyPrefixEquals", Text)]),
                ),
                one(
                    "Redirect",
                    Group(&[
                        maybe("HostName", Text),
                        maybe("HttpRedirectCode", Text),
                        maybe("Protocol", PROTOCOL),
                        maybe("ReplaceKeyPrefixWith", Text),
                        maybe("ReplaceKeyWith", Text),
                    ]),
                ),
            ]),
        )]),
    ),
];
