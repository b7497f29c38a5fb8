//! What AWS calls the operations on each sub-resource. No rule covers them all.

use super::Kind;

/// The operations on a sub-resource; empty where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::s3) struct Names {
    pub(in crate::s3) get: &'static str,
    pub(in crate::s3) put: &'static str,
    pub(in crate::s3) delete: &'static str,
    pub(in crate::s3) list: &'static str,
}

impl Kind {
    /// What the operations on it are called.
    pub(in crate::s3) const fn names(self) -> Names {
        let [get, put, delete, list] = match self {
            Self::Accelerate => {
                ["GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration", "", ""]
            }
            Self::Analytics => [
                "GetBucketAnalyticsConfiguration",
                "PutBucketAnalyticsConfiguration",
                "DeleteBucketAnalyticsConfiguration",
                "ListBucketAnalyticsConfigurations",
            ],
            Self::Cors => ["GetBucketCors", "PutBucketCors", "DeleteBucketCors", ""],
            Self::Encryption => ["GetBucketEncryption", "PutBucketEncryption", "DeleteBucketEncryption", ""],
            Self::IntelligentTiering => [
                "GetBucketIntelligentTieringConfiguration",
                "PutBucketIntelligentTieringConfiguration",
                "DeleteBucketIntelligentTieringConfiguration",
                "ListBucketIntelligentTieringConfigurations",
            ],
            Self::Inventory => [
                "GetBucketInventoryConfiguration",
                "PutBucketInventoryConfiguration",
                "DeleteBucketInventoryConfiguration",
                "ListBucketInventoryConfigurations",
            ],
            Self::Lifecycle => [
                "GetBucketLifecycleConfiguration",
                "PutBucketLifecycleConfiguration",
                "DeleteBucketLifecycle",
                "",
            ],
            Self::Logging => ["GetBucketLogging", "PutBucketLogging", "", ""],
            Self::Metrics => [
                "GetBucketMetricsConfiguration",
                "PutBucketMetricsConfiguration",
                "DeleteBucketMetricsConfiguration",
                "ListBucketMetricsConfigurations",
            ],
            Self::Notification => {
                ["GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration", "", ""]
            }
            Self::ObjectLock => ["GetObjectLockConfiguration", "PutObjectLockConfiguration", "", ""],
            Self::Ownership => [
                "GetBucketOwnershipControls",
                "PutBucketOwnershipControls",
                "DeleteBucketOwnershipControls",
                "",
            ],
            Self::PublicAccessBlock => {
                ["GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock", ""]
            }
            Self::Replication => {
                ["GetBucketReplication", "PutBucketReplication", "DeleteBucketReplication", ""]
            }
            Self::RequestPayment => ["GetBucketRequestPayment", "PutBucketRequestPayment", "", ""],
            Self::Website => ["GetBucketWebsite", "PutBucketWebsite", "DeleteBucketWebsite", ""],
        };
        Names { get, put, delete, list }
    }
}
