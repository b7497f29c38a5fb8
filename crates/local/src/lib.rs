//! A System on this machine: supervise its processes, provision its resources, drive edge and cloud.
//!
//! ```ignore
//! // In main, first of all: a replica starts as this program and then becomes the service's own.
//! if let Some(ended) = local::shim::run_if_asked(std::env::args_os()) { return ended; }
//!
//! // The whole story: lock, orphans, edge, cloud, resources, prepare, services, watch, stop.
//! let stopped = local::up(options, events, interrupts).await?;
//!
//! // From another process; DIR is the folder of taxiway.yaml.
//! let status = local::client::status(dir).await?;
//! let outcome = local::down(dir, report).await?;   // works also when `up` is dead
//! ```

pub mod client;
pub mod daemon;
pub mod shim;

pub use self::down::{Down, DownError, down};
pub use self::event::Event;
pub use self::options::{Interrupt, Options, Shim, Stopped};
pub use self::status::{
    CloudStatus, EdgeStatus, Phase, ReplicaState, ReplicaStatus, ResourceStatus, ServiceStatus, Status,
};
pub use self::translate::cloud::embedded_resources;
pub use self::up::{UpError, up};

mod account;
mod board;
mod databases;
mod down;
mod environment;
mod event;
mod front;
mod jobs;
mod logs;
mod once;
mod options;
mod orphans;
mod ports;
mod prepare;
mod process;
mod processes;
mod programs;
mod project;
mod provision;
mod reporter;
mod secret;
mod socket;
mod spawn;
mod state;
mod status;
mod supervise;
mod translate;
mod up;
