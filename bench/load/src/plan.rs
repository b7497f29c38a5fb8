//! What is to be done, from the command line.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

const USAGE: &str = "taxiway-bench-load ADDRESS QUEUE_URL CONNECTIONS SECONDS BODY_BYTES BATCH";

/// One load of one queue.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// The queue, as the server named it.
    pub(crate) queue_url: String,
    /// Connections, each with one cycle at a time.
    pub(crate) connections: u16,
    /// How long new cycles begin.
    pub(crate) duration: Duration,
    /// Length of a message's body.
    pub(crate) body_bytes: usize,
    /// Messages in a cycle: 1 is sent, received and deleted by itself, 2 to 10 together.
    pub(crate) batch: usize,
}

/// An argument that makes no sense.
#[derive(Debug, Error)]
pub(crate) enum PlanError {
    /// It is not there.
    #[error("{0} is missing; usage: {USAGE}")]
    Missing(&'static str),
    /// It is something else.
    #[error("`{given}` is not a {name}; usage: {USAGE}")]
    Malformed { name: &'static str, given: String },
}

impl Plan {
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, PlanError> {
        Ok(Self {
            address: next(&mut arguments, "ADDRESS")?,
            queue_url: next(&mut arguments, "QUEUE_URL")?,
            connections: next(&mut arguments, "CONNECTIONS")?,
            duration: Duration::from_secs(next(&mut arguments, "SECONDS")?),
            body_bytes: next(&mut arguments, "BODY_BYTES")?,
            batch: next(&mut arguments, "BATCH")?,
        })
    }
}

fn next<T: FromStr>(
    arguments: &mut impl Iterator<Item = String>,
    name: &'static str,
) -> Result<T, PlanError> {
    let given = arguments.next().ok_or(PlanError::Missing(name))?;
    given.parse().map_err(|_| PlanError::Malformed { name, given })
}
