//! The local cloud: AWS-compatible queue, bucket and parameter over SQLite. Knows no manifest.
//!
//! ```ignore
//! let cloud = Cloud::open(settings)?;                       // recovers; one sentence where it cannot
//! let url = cloud.ensure_queue(&QueueSpec { .. }).await?;    // creates, or brings the attributes up to date
//! cloud.ensure_bucket("ingest-payloads").await?;
//! cloud.ensure_parameter(&ParameterSpec { .. }).await?;      // creates; an existing value is kept
//! cloud.serve(tcp_listener, shutdown_token).await?;          // any number of times
//! let queues = cloud.queues().await?;                        // name, visible, in flight, delayed, age of the oldest
//! cloud.close().await;                                       // checkpoints
//! ```

mod answer;
mod call;
mod clock;
mod cloud;
mod dispatch;
mod s3;
mod server;
pub mod settings;
mod sqs;
mod ssm;
pub mod store;
mod sts;

pub use cloud::{Cloud, CloudError};
pub use s3::{BucketError, BucketSnapshot};
pub use settings::{Data, Durability, Settings};
pub use sqs::{DeadLetter, QueueSnapshot, QueueSpec};
pub use ssm::{ParameterError, ParameterKind, ParameterSpec};
