//! How the local cloud is set up.

use std::path::PathBuf;
use std::time::Duration;

/// Everything the cloud is told when it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where it keeps what it is given.
    pub data: Data,
    /// What an acknowledgement promises.
    pub durability: Durability,
    /// Region in names and URLs, `us-east-1`.
    pub region: String,
    /// Account id in names and URLs, twelve digits.
    pub account_id: String,
    /// How long a day of a bucket's lifecycle rules is: 24 hours, unless a test is in a hurry.
    pub lifecycle_day: Duration,
    /// Whether a client may empty it.
    pub reset: Reset,
    /// Whether queues make callers wait where AWS does.
    pub queue_waits: QueueWaits,
    /// Access keys whose signatures are checked. None: any signature is accepted, and none is needed. To the document
    /// service they are users of its database `admin`, the secret being the password.
    pub credentials: Vec<Credential>,
}

/// Whether queues make callers wait where AWS does: 60 seconds between two purges of a queue, and 60 seconds before the
/// name of a deleted queue can be used again (SQS API reference, PurgeQueue and DeleteQueue).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueueWaits {
    /// They do not: nothing has to settle here, and tests purge and delete all the time.
    #[default]
    None,
    /// They do, with AWS's errors, `PurgeQueueInProgress` and `QueueDeletedRecently`.
    AsAws,
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Its id, which requests name.
    pub access_key_id: String,
    /// What signs, which they never contain.
    pub secret: Secret,
}

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Where the cloud keeps what it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In this folder, which it creates and locks.
    Directory(PathBuf),
    /// In a temporary folder that goes away with it.
    Ephemeral,
}

/// What an acknowledgement promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Survives the end of any process, `kill -9` included.
    #[default]
    ProcessCrash,
    /// Survives the loss of power: on the disk before it is acknowledged.
    PowerLoss,
}

/// Whether a client may empty the cloud with `POST /_taxiway/reset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reset {
    /// A program on this machine may.
    #[default]
    Allowed,
    /// Nobody may: what is in it belongs to a system that runs.
    Refused,
}

impl Credential {
    /// An access key of these two parts.
    #[must_use]
    pub fn new(access_key_id: &str, secret: &str) -> Self {
        Self { access_key_id: access_key_id.to_owned(), secret: Secret(secret.to_owned()) }
    }
}

impl Secret {
    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: Data::Ephemeral,
            durability: Durability::default(),
            region: "us-east-1".to_owned(),
            account_id: "000000000000".to_owned(),
            lifecycle_day: Duration::from_secs(24 * 60 * 60),
            reset: Reset::default(),
            queue_waits: QueueWaits::default(),
            credentials: Vec::new(),
        }
    }
}
