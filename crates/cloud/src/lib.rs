//! The local cloud: AWS-compatible queue, bucket and parameter over SQLite. Knows no manifest.
//!
//! ```no_run
//! # async fn run(queue: cloud::QueueSpec, parameter: cloud::ParameterSpec) -> Result<(), Box<dyn std::error::Error>> {
//! let cloud = cloud::Cloud::open(&cloud::Settings::default())?; // recovers; one sentence where it cannot
//! cloud.ensure_queue(&queue).await?; // creates, or brings the attributes up to date
//! cloud.ensure_bucket("ingest-payloads", None).await?;
//! cloud.ensure_parameter(&parameter).await?; // creates; an existing value is kept
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:4566").await?;
//! let shutdown = tokio_util::sync::CancellationToken::new();
//! cloud.serve(listener, shutdown).await; // any number of times
//! let queues = cloud.queues().await?; // name, visible, in flight, delayed, age of the oldest
//! cloud.close().await; // checkpoints
//! # Ok(())
//! # }
//! ```

mod answer;
mod auth;
mod call;
mod clock;
mod cloud;
pub mod coverage;
mod dispatch;
pub mod init;
mod json;
mod kms;
pub mod limits;
mod metrics;
mod mongo;
mod own;
mod reset;
mod s3;
mod seal;
mod secrets;
mod server;
pub mod settings;
mod sqs;
mod ssm;
pub mod store;
mod sts;
mod vault;

pub use cloud::{Cloud, CloudError};
pub use mongo::DocumentSnapshot;
pub use reset::ResetError;
pub use s3::{BucketError, BucketSnapshot};
pub use secrets::{SecretError, SecretSpec};
pub use settings::{Credential, Data, Durability, QueueWaits, Reset, Settings};
pub use sqs::{DeadLetter, Deduplication, MessageState, PeekedMessage, QueueKind, QueueSnapshot, QueueSpec};
pub use ssm::{ParameterError, ParameterKind, ParameterSpec};
