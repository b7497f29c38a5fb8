//! Queues, buckets, parameters, secrets, keys and registries (Service Authorization Reference, the page of each service).

use super::super::grant::{Grant, HERE, MARKED, OURS, Part};

pub(super) const BUCKET: &[Grant] = &[
    Grant::new(Part::Data, "Buckets", &["arn:aws:s3:::{bucket}"])
        .reads(&[
            "s3:GetAccelerateConfiguration",
            "s3:GetBucketAcl",
            "s3:GetBucketCORS",
            "s3:GetBucketLocation",
            "s3:GetBucketLogging",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetBucketOwnershipControls",
            "s3:GetBucketPolicy",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketRequestPayment",
            "s3:GetBucketTagging",
            "s3:GetBucketVersioning",
            "s3:GetBucketWebsite",
            "s3:GetEncryptionConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
        ])
        .writes(&[
            "s3:CreateBucket",
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:ListBucketVersions",
            "s3:PutBucketAcl",
            "s3:PutBucketLogging",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketPolicy",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
        ]),
    // A bucket that is not protected is emptied before it is deleted.
    Grant::new(Part::Data, "EmptyBuckets", &["arn:aws:s3:::{bucket}/*"])
        .writes(&["s3:DeleteObject", "s3:DeleteObjectVersion"]),
];

pub(super) const QUEUE: &[Grant] =
    &[Grant::new(Part::Data, "Queues", &["arn:aws:sqs:{region}:{account}:{prefix}-*"])
        .reads(&["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"])
        .writes(&[
            "sqs:CreateQueue",
            "sqs:DeleteQueue",
            "sqs:SetQueueAttributes",
            "sqs:TagQueue",
            "sqs:UntagQueue",
        ])];

/// Terraform's `aws_ssm_parameter` reads the value at every refresh, so `plan` has to be let: by the names of this
/// environment's own parameters, one by one. AWS's own key lets in whoever may read the parameter.
pub(super) const PARAMETER: &[Grant] = &[
    Grant::new(Part::Data, "FindParameters", &["*"]).when(HERE).reads(&["ssm:DescribeParameters"]),
    Grant::new(Part::Data, "Parameters", &["arn:aws:ssm:{region}:{account}:parameter/{parameter}"])
        .reads(&["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"])
        .writes(&[
            "ssm:AddTagsToResource",
            "ssm:DeleteParameter",
            "ssm:PutParameter",
            "ssm:RemoveTagsFromResource",
        ]),
];

/// Terraform's `aws_secretsmanager_secret_version` reads the placeholder's value at every refresh, so `plan` has to be
/// let: by the names of this environment's own secrets, one by one; the six characters behind a name are Secrets
/// Manager's. A secret with a key of its own is read through Secrets Manager alone.
pub(super) const SECRET: &[Grant] = &[
    Grant::new(Part::Data, "Secrets", &["arn:aws:secretsmanager:{region}:{account}:secret:{secret}-??????"])
        .reads(&[
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetResourcePolicy",
            "secretsmanager:GetSecretValue",
        ])
        .writes(&[
            "secretsmanager:CreateSecret",
            "secretsmanager:DeleteSecret",
            "secretsmanager:PutSecretValue",
            "secretsmanager:TagResource",
            "secretsmanager:UntagResource",
            "secretsmanager:UpdateSecret",
            "secretsmanager:UpdateSecretVersionStage",
        ]),
    Grant::new(Part::Data, "SecretKeys", &["arn:aws:kms:{region}:{account}:key/*"])
        .reads(&["kms:Decrypt"])
        .writes(&["kms:GenerateDataKey"])
        .when(&[
            ("StringEquals", "kms:ViaService", &["secretsmanager.{region}.amazonaws.com"]),
            (
                "StringLike",
                "kms:EncryptionContext:SecretARN",
                &["arn:aws:secretsmanager:{region}:{account}:secret:{secret}-??????"],
            ),
        ]),
];

/// A key's id is AWS's, so a key is known by its tags.
pub(super) const KEY: &[Grant] = &[
    Grant::new(Part::Data, "FindKeys", &["*"]).when(HERE).reads(&["kms:ListAliases"]),
    Grant::new(Part::Data, "MakeKeys", &["*"]).when(MARKED).writes(&["kms:CreateKey", "kms:TagResource"]),
    Grant::new(Part::Data, "Keys", &["arn:aws:kms:{region}:{account}:key/*"])
        .when(OURS)
        .reads(&["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"])
        .writes(&[
            "kms:CreateAlias",
            "kms:CreateGrant",
            "kms:DeleteAlias",
            "kms:EnableKeyRotation",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
            "kms:UpdateAlias",
            "kms:UpdateKeyDescription",
        ]),
    Grant::new(Part::Data, "KeyNames", &["arn:aws:kms:{region}:{account}:alias/{prefix}-*"]).writes(&[
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:UpdateAlias",
    ]),
];

pub(super) const REGISTRY: &[Grant] =
    &[Grant::new(Part::Data, "Registries", &["arn:aws:ecr:{region}:{account}:repository/{prefix}-*"])
        .reads(&["ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "ecr:ListTagsForResource"])
        .writes(&[
            "ecr:CreateRepository",
            "ecr:DeleteLifecyclePolicy",
            "ecr:DeleteRepository",
            "ecr:PutImageScanningConfiguration",
            "ecr:PutImageTagMutability",
            "ecr:PutLifecyclePolicy",
            "ecr:TagResource",
            "ecr:UntagResource",
        ])];
