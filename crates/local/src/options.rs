//! What `up` is told.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use model::System;

use crate::process::StopSignal;
use crate::shim::Orders;

/// Everything `up` is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of `taxiway.yaml`. Commands run in it; `.taxiway/` is made in it.
    pub directory: PathBuf,
    /// What to run.
    pub system: System,
    /// Port of the edge's shared listener on loopback; 0 takes a free one.
    pub port: u16,
    /// Port of the cloud on loopback. `None` takes the last run's, else 4566, else a free one.
    pub cloud_port: Option<u16>,
    /// Whether a client may empty the cloud.
    pub reset: cloud::Reset,
    /// How long a service may take to become healthy. `None` takes what its health check needs, at least 60 s.
    pub timeout: Option<Duration>,
    /// Services of these profiles start too.
    pub profiles: Vec<String>,
    /// The caller's environment, inherited by the services without what could reach a real account.
    pub environment: BTreeMap<String, String>,
    /// How a replica starts as a child that dies with `up`; [`Shim::default`] is this very program.
    pub shim: Shim,
}

/// The program that ties a replica's life to ours before it becomes the service's own program.
///
/// Its `main` must call [`crate::shim::run_if_asked`] before anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shim {
    /// Its path.
    pub program: OsString,
}

impl Shim {
    /// The words before a program that make it end (SIGTERM) when the thread that starts it does.
    #[must_use]
    pub fn words(&self) -> Vec<OsString> {
        let orders =
            Orders { parent: std::process::id(), stop_signal: StopSignal::Term, account: None, folder: None };
        [self.program.clone()].into_iter().chain(orders.to_arguments()).collect()
    }
}

impl Default for Shim {
    /// This very program, also after its file was replaced by a newer build.
    fn default() -> Self {
        Self { program: "/proc/self/exe".into() }
    }
}

/// A person wants it to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// Finish what is in flight first (Ctrl-C once, SIGTERM).
    Graceful,
    /// At once (Ctrl-C twice).
    Now,
}

/// Why a system that ran stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// An interrupt arrived through the channel given to `up`.
    Interrupted,
    /// `down` asked for it through the control socket.
    Asked,
}
