//! Sub-resources of a bucket that are one document each: checked against AWS's model, kept, told as they are.
//!
//! [`tables`] says what each may contain, [`rules`] what AWS checks beyond that. What S3 acts on here (CORS,
//! lifecycle, default encryption and retention, notifications) is read from the document by the module of that
//! name; logging, replication, accelerate, request payment, tiering, metrics, analytics and inventory are only kept.

use self::shape::{Field, Node};
use super::error::{Code, Error, Result};
use super::xml::{self, Writer};

mod handle;
mod names;
mod rules;
pub(super) mod shape;
mod tables;

pub(super) use self::handle::{find, replace};

/// A sub-resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Accelerate,
    Analytics,
    Cors,
    Encryption,
    IntelligentTiering,
    Inventory,
    Lifecycle,
    Logging,
    Metrics,
    Notification,
    ObjectLock,
    Ownership,
    PublicAccessBlock,
    Replication,
    RequestPayment,
    Website,
}

/// What a GET says where nothing was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unset {
    Fails(Code),
    /// A document with this content.
    Says(&'static str),
}

/// How many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    One,
    /// Several, each with an id; a list of them has this root.
    Many(&'static str),
}

impl Kind {
    /// The name its row has.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Accelerate => "accelerate",
            Self::Analytics => "analytics",
            Self::Cors => "cors",
            Self::Encryption => "encryption",
            Self::IntelligentTiering => "intelligent-tiering",
            Self::Inventory => "inventory",
            Self::Lifecycle => "lifecycle",
            Self::Logging => "logging",
            Self::Metrics => "metrics",
            Self::Notification => "notification",
            Self::ObjectLock => "object-lock",
            Self::Ownership => "ownershipControls",
            Self::PublicAccessBlock => "publicAccessBlock",
            Self::Replication => "replication",
            Self::RequestPayment => "requestPayment",
            Self::Website => "website",
        }
    }

    /// How many of it a bucket may have.
    pub(super) fn count(self) -> Count {
        match self {
            Self::Analytics => Count::Many("ListBucketAnalyticsConfigurationResult"),
            Self::IntelligentTiering => Count::Many("ListBucketIntelligentTieringConfigurationsOutput"),
            Self::Inventory => Count::Many("ListInventoryConfigurationsResult"),
            Self::Metrics => Count::Many("ListMetricsConfigurationsResult"),
            _ => Count::One,
        }
    }

    /// Its root element and what may be in it.
    fn shape(self) -> (&'static str, &'static [Field]) {
        match self {
            Self::Accelerate => ("AccelerateConfiguration", tables::ACCELERATE),
            Self::Analytics => ("AnalyticsConfiguration", tables::ANALYTICS),
            Self::Cors => ("CORSConfiguration", tables::CORS),
            Self::Encryption => ("ServerSideEncryptionConfiguration", tables::ENCRYPTION),
            Self::IntelligentTiering => ("IntelligentTieringConfiguration", tables::INTELLIGENT_TIERING),
            Self::Inventory => ("InventoryConfiguration", tables::INVENTORY),
            Self::Lifecycle => ("LifecycleConfiguration", tables::LIFECYCLE),
            Self::Logging => ("BucketLoggingStatus", tables::LOGGING),
            Self::Metrics => ("MetricsConfiguration", tables::METRICS),
            Self::Notification => ("NotificationConfiguration", tables::NOTIFICATION),
            Self::ObjectLock => ("ObjectLockConfiguration", tables::OBJECT_LOCK),
            Self::Ownership => ("OwnershipControls", tables::OWNERSHIP),
            Self::PublicAccessBlock => ("PublicAccessBlockConfiguration", tables::PUBLIC_ACCESS_BLOCK),
            Self::Replication => ("ReplicationConfiguration", tables::REPLICATION),
            Self::RequestPayment => ("RequestPaymentConfiguration", tables::REQUEST_PAYMENT),
            Self::Website => ("WebsiteConfiguration", tables::WEBSITE),
        }
    }

    fn unset(self) -> Unset {
        match self {
            Self::Accelerate | Self::Logging | Self::Notification => Unset::Says(""),
            Self::Encryption => Unset::Says(
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
                 </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
            ),
            Self::RequestPayment => Unset::Says("<Payer>BucketOwner</Payer>"),
            Self::Analytics | Self::IntelligentTiering | Self::Inventory | Self::Metrics => {
                Unset::Fails(Code::NoSuchConfiguration)
            }
            Self::Cors => Unset::Fails(Code::NoSuchCORSConfiguration),
            Self::Lifecycle => Unset::Fails(Code::NoSuchLifecycleConfiguration),
            Self::ObjectLock => Unset::Fails(Code::ObjectLockConfigurationNotFoundError),
            Self::Ownership => Unset::Fails(Code::OwnershipControlsNotFoundError),
            Self::PublicAccessBlock => Unset::Fails(Code::NoSuchPublicAccessBlockConfiguration),
            Self::Replication => Unset::Fails(Code::ReplicationConfigurationNotFoundError),
            Self::Website => Unset::Fails(Code::NoSuchWebsiteConfiguration),
        }
    }

    /// What a GET answers where nothing was put.
    fn absent(self, bucket: &str) -> Result<String> {
        match self.unset() {
            Unset::Says(content) => Ok(content.to_owned()),
            Unset::Fails(code @ Code::NoSuchConfiguration) => Err(code.into()),
            Unset::Fails(code) => Err(Error::from(code).with("BucketName", bucket)),
        }
    }
}

/// Reads a document that a client sent.
pub(super) fn read(kind: Kind, body: &[u8]) -> Result<Node> {
    let (root, fields) = kind.shape();
    xml::read(body, root, |element| shape::check(element, root, fields))
}

/// Reads the content of a document that is kept.
pub(super) fn read_kept(kind: Kind, content: &str) -> Result<Node> {
    let (root, fields) = kind.shape();
    let text = format!("<{root} xmlns:xsi=\"{}\">{content}</{root}>", xml::INSTANCE);
    xml::read(text.as_bytes(), root, |element| shape::check(element, root, fields))
}

/// A document's content as it is kept: without its root.
pub(super) fn content(node: &Node) -> String {
    Writer::fragment(|xml| node.write_children(xml))
}

/// Reads an access control list that a client sent.
pub(super) fn read_acl(body: &[u8]) -> Result<Node> {
    let root = "AccessControlPolicy";
    xml::read(body, root, |element| shape::check(element, root, tables::ACL))
}
