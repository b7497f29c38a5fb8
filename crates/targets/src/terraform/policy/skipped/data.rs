//! What keeps data, and who may have it.

use super::super::{Skipped, Topic};

pub(super) const LOGS: Topic = Topic {
    title: "Logs",
    skipped: &[
        Skipped {
            id: "CKV_AWS_18",
            also: &["S3.9", "AVD-AWS-0089"],
            wants: "A bucket logs who reads and writes it",
            reason: "only the system's own roles reach its buckets, and the bucket that keeps logs cannot log to itself",
            change: "a patch sets `access_log_bucket` of the module of a bucket or of `state`",
        },
        Skipped {
            id: "CKV_AWS_338",
            also: &["CloudWatch.16"],
            wants: "Logs are kept for a year",
            reason: "how long they are kept is a setting, and a year of it costs",
            change: "set `aws.log_retention: 365d`",
        },
    ],
};

pub(super) const PROTECTION: Topic = Topic {
    title: "What a protected environment has",
    skipped: &[
        Skipped {
            id: "CKV_AWS_150",
            also: &["ELB.6"],
            wants: "A load balancer cannot be deleted",
            reason: "that holds where the environment is protected; others have to come down in one step",
            change: "set `protect: true` on the environment",
        },
        Skipped {
            id: "CKV_AWS_157",
            also: &["RDS.5"],
            wants: "A database stands by in a second zone",
            reason: "it doubles the price of the instance, so it is a setting, for production above all",
            change: "set `multi_az: true` on the database",
        },
        Skipped {
            id: "CKV_AWS_293",
            also: &["RDS.8", "AVD-AWS-0177"],
            wants: "A database cannot be deleted",
            reason: "that holds where the environment is protected; others have to come down in one step",
            change: "set `protect: true` on the environment, or `deletion_protection: true` on the database",
        },
        Skipped {
            id: "CKV2_AWS_8",
            also: &[],
            wants: "An Aurora cluster is in a plan of AWS Backup",
            reason: "the cluster backs itself up, continuously and for `backup` days; AWS Backup would keep and charge a second copy",
            change: "a patch adds a plan and a vault, best in another account",
        },
    ],
};

pub(super) const BUCKETS: Topic = Topic {
    title: "Buckets",
    skipped: &[
        Skipped {
            id: "CKV_AWS_144",
            also: &["S3.7"],
            wants: "A bucket is copied to another region",
            reason: "S3 keeps every object in three zones already; a second region doubles the price and is a decision about disasters",
            change: "a patch adds a replica and `aws_s3_bucket_replication_configuration`",
        },
        Skipped {
            id: "CKV2_AWS_62",
            also: &["S3.11"],
            wants: "A bucket tells of its events",
            reason: "nobody listens: services that exchange work do it over a queue",
            change: "a patch adds `aws_s3_bucket_notification`",
        },
        Skipped {
            id: "CKV2_AWS_65",
            also: &["S3.12"],
            wants: "A bucket has no ACLs",
            reason: "CloudFront delivers its standard logs by an ACL that it sets; every other bucket has none",
            change: "without `edge.cdn` the bucket of logs has none either",
        },
    ],
};

pub(super) const ACCESS: Topic = Topic {
    title: "Secrets and who may connect",
    skipped: &[
        Skipped {
            id: "CKV_AWS_31",
            also: &["ElastiCache.6"],
            wants: "Redis asks for a token",
            reason: "Terraform would have to know it and keep it in its state; TLS is on, and only the services that use it may connect",
            change: "a patch of the module `redis` names a user group, whose passwords are set by hand",
        },
        Skipped {
            id: "CKV2_AWS_57",
            also: &["SecretsManager.1"],
            wants: "A secret is rotated by itself",
            reason: "these are other people's keys, which only they can exchange; what AWS can rotate, databases' passwords, it does",
            change: "a patch adds `aws_secretsmanager_secret_rotation` with a function for that key",
        },
    ],
};
