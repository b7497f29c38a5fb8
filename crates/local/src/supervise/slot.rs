//! A place for one replica: what is known of the run that holds it, or of the wait for the next.

use std::time::Duration;

use control::restart::History;
use tokio::sync::watch;

use crate::options::Interrupt;
use crate::status::{ReplicaState, ReplicaStatus};

/// A place for one replica.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) state: ReplicaState,
    pub(super) pid: Option<u32>,
    pub(super) port: Option<u16>,
    pub(super) reason: Option<String>,
    pub(super) restarts: u32,
    pub(super) history: History,
    /// When its process is due to start, where it waits for that. Since the supervisor began.
    pub(super) due: Option<Duration>,
    /// Tells the run that holds it to end; `None` while no run holds it.
    pub(super) stop: Option<watch::Sender<Option<Interrupt>>>,
    /// It is not started again when its run ends.
    pub(super) leaving: bool,
}

impl Slot {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            state: ReplicaState::Starting,
            pid: None,
            port: None,
            reason: None,
            restarts: 0,
            history: History::default(),
            due: None,
            stop: None,
            leaving: false,
        }
    }

    /// Tells its run to end, if there is one; gives whether there is.
    pub(super) fn leave(&mut self, how: Interrupt) -> bool {
        self.leaving = true;
        self.due = None;
        let Some(stop) = &self.stop else { return false };
        // A run that was told to end at once is not slowed down again.
        stop.send_modify(|asked| *asked = if *asked == Some(Interrupt::Now) { *asked } else { Some(how) });
        true
    }

    pub(super) fn status(&self) -> ReplicaStatus {
        ReplicaStatus {
            id: self.name.clone(),
            pid: self.pid,
            port: self.port,
            state: self.state,
            restarts: self.restarts,
            reason: self.reason.clone(),
        }
    }
}
