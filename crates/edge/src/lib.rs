//! The HTTP data plane: listeners, routing, target groups, health and drain. Knows no manifest.
//!
//! ```ignore
//! let edge = Edge::start(config).await?;      // every listener is bound or none is
//! edge.swap(next).await?;                     // no request is dropped
//! edge.drain("api", "api-1", deadline).await; // no new claims; wait for zero or the deadline
//! edge.stop(deadline).await;                  // stop accepting, finish what is in flight
//! ```
//!
//! A request's way, one module per step: `listener` accepts, `connection` serves on a `worker`, `pipeline` takes the
//! request through `check` → `admit` → `route` → `claim` → `forward` → `respond`. `balance`, `health`, `pattern`,
//! `route` and `check` decide without touching anything; `compile` makes the `table` they read.
//!
//! Beyond an ALB: a target that refuses a connection gets no more requests until a probe passes, and a request that was
//! not answered is sent once more where that is safe (see `forward`).

pub mod config;
pub mod snapshot;

mod admit;
mod answer;
mod balance;
mod body;
mod check;
mod claim;
mod client;
mod compile;
mod connection;
mod control;
mod drain;
mod edge;
mod fault;
mod forward;
mod gate;
mod headers;
mod health;
mod identity;
mod listener;
mod pattern;
mod pipeline;
mod pool;
mod probe;
mod probes;
mod replay;
mod respond;
mod route;
mod sticky;
mod stream;
mod sweep;
mod table;
mod target;
mod upgrade;
mod upstream;
mod watch;
mod worker;

pub use compile::ConfigError;
pub use config::Config;
pub use edge::{Edge, StartError, SwapError};
pub use listener::BindError;
pub use snapshot::{DrainOutcome, Snapshot, StopOutcome, TargetSnapshot, TargetState};
