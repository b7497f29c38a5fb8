//! How much a server takes on, and how long it waits for anybody.

use std::time::Duration;

/// The bounds of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Connections that are served at the same time; one more is told so and closed.
    pub(crate) connections: usize,
    /// Connections that are being told so at the same time; further ones wait in the listener's backlog.
    pub(crate) refusals: usize,
    /// A request's head has to arrive within this, on a connection kept open too.
    pub(crate) head: Duration,
    /// Bytes of a connection that are buffered at most: what a head may be long.
    pub(crate) buffer: usize,
    /// A client may go without taking any of its answer for this long.
    pub(crate) stall: Duration,
    /// Requests under way get this long after the shutdown before they are cut.
    pub(crate) grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            refusals: 64,
            head: Duration::from_secs(30),
            buffer: 128 * 1024,
            stall: Duration::from_secs(60),
            grace: Duration::from_secs(5),
        }
    }
}
