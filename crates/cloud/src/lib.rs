//! The local cloud: AWS-compatible queue, bucket and parameter over SQLite. Knows no manifest.
//!
//! ```no_run
//! # async fn run(contents: cloud::init::Contents) -> Result<(), Box<dyn std::error::Error>> {
//! let cloud = cloud::Cloud::open(&cloud::Settings::default())?; // recovers; one sentence where it cannot
//! let provided = cloud.provide(&contents).await; // makes what is missing; existing values are kept
//! let input = serde_json::json!({ "Name": "/app/token" });
//! let parameter = cloud.ask("AmazonSSM.GetParameter", &input).await?; // as a client would
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:4566").await?;
//! let shutdown = tokio_util::sync::CancellationToken::new();
//! cloud.serve(listener, shutdown).await; // any number of times
//! let queues = cloud.queues().await?; // name, visible, in flight, delayed, age of the oldest
//! cloud.close().await; // checkpoints
//! # Ok(())
//! # }
//! ```

mod answer;
mod ask;
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

pub use ask::Refusal;
pub use cloud::Cloud;
pub use mongo::DocumentSnapshot;
pub use reset::ResetError;
pub use s3::BucketSnapshot;
pub use settings::{Credential, Data, Durability, QueueWaits, Reset, Settings};
pub use sqs::{MessageState, PeekedMessage, QueueSnapshot};
