//! The requests of Secrets Manager, from its API model of 2017-10-17 (AWS Secrets Manager API Reference).

use crate::json::shape::{
    ANY, FLAG, Member, Operation, Secrecy, Shape, list, may, must, operation, pattern, secret, text, whole,
};

const ID: Shape = text(1, 2048);
const NAME: Shape = text(1, 512);
const TOKEN: Shape = text(32, 64);
const VERSION: Shape = text(32, 64);
const STAGE: Shape = text(1, 256);
const STAGES: Shape = list(1, 20, &STAGE);
const DESCRIPTION: Shape = text(0, 2048);
const KMS_KEY: Shape = text(0, 2048);
const KIND: Shape = text(0, 256);
const TEXT: Shape = secret(1, 65_536);
const BINARY: Shape = Shape::Blob { least: 1, most: 65_536 };
const TAG_KEY: Shape = text(1, 128);
const TAG_VALUE: Shape = text(0, 256);
const TAG: Shape = Shape::Structure(&[may("Key", &TAG_KEY), may("Value", &TAG_VALUE)]);
const TAGS: Shape = list(0, ANY, &TAG);
const TAG_KEYS: Shape = list(0, ANY, &TAG_KEY);
const REGION: Shape = pattern(1, 128, r"^([a-z]+-)+\d+$");
const REGIONS: Shape = list(1, ANY, &REGION);
const REPLICA: Shape = Shape::Structure(&[may("Region", &REGION), may("KmsKeyId", &KMS_KEY)]);
const REPLICAS: Shape = list(1, ANY, &REPLICA);
const POLICY: Shape = text(1, 20_480);
const NEXT: Shape = text(1, 4096);
const PAGE: Shape = whole(1, 100);
const BATCH: Shape = whole(1, 20);
const IDS: Shape = list(1, 20, &ID);
const DAYS: Shape = whole(i64::MIN, i64::MAX);
const LENGTH: Shape = whole(1, 4096);
const CHARACTERS: Shape = text(0, 4096);
const FILTER_KEY: Shape = Shape::Choice(&[
    "all",
    "name",
    "tag-key",
    "description",
    "tag-value",
    "primary-region",
    "owning-service",
]);
const FILTER_VALUE: Shape = pattern(0, 512, r"^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$");
const FILTER_VALUES: Shape = list(1, 10, &FILTER_VALUE);
const FILTER: Shape = Shape::Structure(&[may("Key", &FILTER_KEY), may("Values", &FILTER_VALUES)]);
const FILTERS: Shape = list(0, 10, &FILTER);
const ORDER: Shape = Shape::Choice(&["asc", "desc"]);
const SORT: Shape = Shape::Choice(&["created-date", "last-accessed-date", "last-changed-date", "name"]);
const AFTER_DAYS: Shape = whole(1, 1000);
const DURATION: Shape = pattern(2, 3, "[0-9]+h");
const SCHEDULE: Shape = pattern(1, 256, r"[0-9A-Za-z\(\)#\?\*\-\/, ]+");
const RULES: Shape = Shape::Structure(&[
    may("AutomaticallyAfterDays", &AFTER_DAYS),
    may("Duration", &DURATION),
    may("ScheduleExpression", &SCHEDULE),
]);
const LAMBDA: Shape = text(0, 2048);
const ROLE: Shape = text(20, 2048);
const METADATA_KEY: Shape = text(1, 256);
const METADATA_VALUE: Shape = text(1, 2048);
const METADATA: Shape = Shape::Structure(&[must("Key", &METADATA_KEY), must("Value", &METADATA_VALUE)]);
const METADATA_LIST: Shape = list(0, ANY, &METADATA);
const ROTATION_TOKEN: Shape =
    Shape::Text { least: 36, most: 256, pattern: Some(r"^[a-zA-Z0-9\-]+$"), secrecy: Secrecy::Secret };
const JUST_ID: &[Member] = &[must("SecretId", &ID)];

/// Every operation there is here.
pub(super) const OPERATIONS: &[Operation] = &[
    operation(
        "BatchGetSecretValue",
        &[
            may("SecretIdList", &IDS),
            may("Filters", &FILTERS),
            may("MaxResults", &BATCH),
            may("NextToken", &NEXT),
        ],
    ),
    operation("CancelRotateSecret", JUST_ID),
    operation(
        "CreateSecret",
        &[
            must("Name", &NAME),
            may("ClientRequestToken", &TOKEN),
            may("Description", &DESCRIPTION),
            may("KmsKeyId", &KMS_KEY),
            may("SecretBinary", &BINARY),
            may("SecretString", &TEXT),
            may("Tags", &TAGS),
            may("AddReplicaRegions", &REPLICAS),
            may("ForceOverwriteReplicaSecret", &FLAG),
            may("Type", &KIND),
        ],
    ),
    operation("DeleteResourcePolicy", JUST_ID),
    operation(
        "DeleteSecret",
        &[
            must("SecretId", &ID),
            may("RecoveryWindowInDays", &DAYS),
            may("ForceDeleteWithoutRecovery", &FLAG),
        ],
    ),
    operation("DescribeSecret", JUST_ID),
    operation(
        "GetRandomPassword",
        &[
            may("PasswordLength", &LENGTH),
            may("ExcludeCharacters", &CHARACTERS),
            may("ExcludeNumbers", &FLAG),
            may("ExcludePunctuation", &FLAG),
            may("ExcludeUppercase", &FLAG),
            may("ExcludeLowercase", &FLAG),
            may("IncludeSpace", &FLAG),
            may("RequireEachIncludedType", &FLAG),
        ],
    ),
    operation("GetResourcePolicy", JUST_ID),
    operation(
        "GetSecretValue",
        &[must("SecretId", &ID), may("VersionId", &VERSION), may("VersionStage", &STAGE)],
    ),
    operation(
        "ListSecretVersionIds",
        &[
            must("SecretId", &ID),
            may("MaxResults", &PAGE),
            may("NextToken", &NEXT),
            may("IncludeDeprecated", &FLAG),
        ],
    ),
    operation(
        "ListSecrets",
        &[
            may("IncludePlannedDeletion", &FLAG),
            may("MaxResults", &PAGE),
            may("NextToken", &NEXT),
            may("Filters", &FILTERS),
            may("SortOrder", &ORDER),
            may("SortBy", &SORT),
        ],
    ),
    operation(
        "PutResourcePolicy",
        &[must("SecretId", &ID), must("ResourcePolicy", &POLICY), may("BlockPublicPolicy", &FLAG)],
    ),
    operation(
        "PutSecretValue",
        &[
            must("SecretId", &ID),
            may("ClientRequestToken", &TOKEN),
            may("SecretBinary", &BINARY),
            may("SecretString", &TEXT),
            may("VersionStages", &STAGES),
            may("RotationToken", &ROTATION_TOKEN),
        ],
    ),
    operation(
        "RemoveRegionsFromReplication",
        &[must("SecretId", &ID), must("RemoveReplicaRegions", &REGIONS)],
    ),
    operation(
        "ReplicateSecretToRegions",
        &[
            must("SecretId", &ID),
            must("AddReplicaRegions", &REPLICAS),
            may("ForceOverwriteReplicaSecret", &FLAG),
        ],
    ),
    operation("RestoreSecret", JUST_ID),
    operation(
        "RotateSecret",
        &[
            must("SecretId", &ID),
            may("ClientRequestToken", &TOKEN),
            may("RotationLambdaARN", &LAMBDA),
            may("RotationRules", &RULES),
            may("ExternalSecretRotationMetadata", &METADATA_LIST),
            may("ExternalSecretRotationRoleArn", &ROLE),
            may("RotateImmediately", &FLAG),
        ],
    ),
    operation("StopReplicationToReplica", JUST_ID),
    operation("TagResource", &[must("SecretId", &ID), must("Tags", &TAGS)]),
    operation("UntagResource", &[must("SecretId", &ID), must("TagKeys", &TAG_KEYS)]),
    operation(
        "UpdateSecret",
        &[
            must("SecretId", &ID),
            may("ClientRequestToken", &TOKEN),
            may("Description", &DESCRIPTION),
            may("KmsKeyId", &KMS_KEY),
            may("SecretBinary", &BINARY),
            may("SecretString", &TEXT),
            may("Type", &KIND),
        ],
    ),
    operation(
        "UpdateSecretVersionStage",
        &[
            must("SecretId", &ID),
            must("VersionStage", &STAGE),
            may("RemoveFromVersionId", &VERSION),
            may("MoveToVersionId", &VERSION),
        ],
    ),
    operation("ValidateResourcePolicy", &[may("SecretId", &ID), must("ResourcePolicy", &POLICY)]),
];
