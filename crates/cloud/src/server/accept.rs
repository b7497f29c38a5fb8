//! Taking connections: each gets a place, or is told that there is none.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::limits::Limits;

/// The pause after the system refused a connection, usually for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// The places of one server.
pub(super) struct Places {
    served: Arc<Semaphore>,
    refused: Arc<Semaphore>,
}

/// A place, taken until it is dropped.
pub(super) struct Place {
    pub(super) reception: Reception,
    _taken: OwnedSemaphorePermit,
}

/// What a connection gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reception {
    /// Its requests are served.
    Served,
    /// Its request is told that there are too many.
    Refused,
}

impl Places {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            served: Arc::new(Semaphore::new(limits.connections)),
            refused: Arc::new(Semaphore::new(limits.refusals)),
        }
    }

    /// The next connection and its place; nothing once `shutdown` came.
    pub(super) async fn accept(
        &self,
        listener: &TcpListener,
        shutdown: &CancellationToken,
    ) -> Option<(TcpStream, Place)> {
        shutdown.run_until_cancelled(self.next(listener)).await?
    }

    async fn next(&self, listener: &TcpListener) -> Option<(TcpStream, Place)> {
        // Who comes when there is not even a place to be refused waits in the backlog.
        let refusal = Arc::clone(&self.refused).acquire_owned().await.ok()?;
        let stream = loop {
            match listener.accept().await {
                Ok((stream, _)) => break stream,
                Err(error) => {
                    tracing::debug!(%error, "a connection was not accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        let place = match Arc::clone(&self.served).try_acquire_owned() {
            Ok(taken) => Place { reception: Reception::Served, _taken: taken },
            Err(_) => Place { reception: Reception::Refused, _taken: refusal },
        };
        Some((stream, place))
    }
}
