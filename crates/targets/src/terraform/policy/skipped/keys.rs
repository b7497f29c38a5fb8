//! Encryption: whose key it is.

use super::super::{Skipped, Topic};

/// Everything is encrypted; the question is only whose key it is.
pub(super) const KEYS: Topic = Topic {
    title: "Keys of one's own",
    skipped: &[
        Skipped {
            id: "CKV_AWS_119",
            also: &["AVD-AWS-0025"],
            wants: "A DynamoDB table is encrypted with a customer managed key",
            reason: "the table of locks holds no data and is encrypted with AWS's key for DynamoDB",
            change: "a patch sets `kms_key_arn` of the module `state`",
        },
        Skipped {
            id: "CKV_AWS_136",
            also: &["AVD-AWS-0033"],
            wants: "An image repository is encrypted with a customer managed key",
            reason: "ECR encrypts with keys of its own, who may pull is IAM's to say, and a key costs a dollar a month",
            change: "a patch sets `kms_key_arn` of the registry's module",
        },
        Skipped {
            id: "CKV_AWS_145",
            also: &["S3.17", "AVD-AWS-0132"],
            wants: "A bucket is encrypted with a KMS key",
            reason: "S3 encrypts with keys of its own and a KMS key costs for every call, and load balancers cannot deliver logs to a bucket with one",
            change: "a patch sets `kms_key_arn` of the module of a bucket or of `state`",
        },
        Skipped {
            id: "CKV_AWS_149",
            also: &["AVD-AWS-0098"],
            wants: "A secret is encrypted with a customer managed key",
            reason: "it is encrypted with AWS's key for Secrets Manager unless a key of its own is asked for, which costs a dollar a month",
            change: "set `key: own`, or a key's ARN, on the secret in the manifest",
        },
        Skipped {
            id: "CKV_AWS_158",
            also: &["AVD-AWS-0017"],
            wants: "A log group is encrypted with a KMS key",
            reason: "CloudWatch Logs encrypts every group with keys of its own, and a KMS key costs for every call",
            change: "a patch sets `kms_key_arn` of the module with the group",
        },
        Skipped {
            id: "CKV_AWS_173",
            also: &[],
            wants: "A function's environment is encrypted with a customer managed key",
            reason: "it holds names, ARNs and addresses, no secret, and Lambda encrypts it with a key of its own",
            change: "a patch of the module `hook` sets `kms_key_arn` of its function",
        },
        Skipped {
            id: "CKV_AWS_182",
            also: &[],
            wants: "A DocumentDB cluster is encrypted with a customer managed key",
            reason: "it is encrypted with AWS's key for RDS, and another key would make a new cluster",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
        Skipped {
            id: "CKV_AWS_191",
            also: &[],
            wants: "A Redis replication group is encrypted with a customer managed key",
            reason: "it is encrypted with ElastiCache's own key, and another key would make a new group",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
        Skipped {
            id: "CKV_AWS_327",
            also: &[],
            wants: "An Aurora cluster is encrypted with a customer managed key",
            reason: "it is encrypted with AWS's key for RDS, and another key would make a new cluster",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
        Skipped {
            id: "CKV_AWS_354",
            also: &["AVD-AWS-0078"],
            wants: "Performance Insights are encrypted with a customer managed key",
            reason: "they are encrypted with AWS's key for RDS, as the database is",
            change: "a patch sets `kms_key_arn` of the database's module before the first apply",
        },
    ],
};
