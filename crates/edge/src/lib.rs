//! The HTTP data plane: listeners, routing, target groups, health and drain. Knows no manifest.
//!
//! ```ignore
//! let edge = Edge::start(config).await?;      // every listener is bound or none is
//! edge.swap(next).await?;                     // no request is dropped
//! edge.drain("api", "api-1", deadline).await; // no new claims; wait for zero or the deadline
//! edge.stop(deadline).await;                  // stop accepting, finish what is in flight
//! ```

pub mod config;
pub mod snapshot;

pub use config::Config;
pub use snapshot::{DrainOutcome, Snapshot, TargetSnapshot, TargetState};
